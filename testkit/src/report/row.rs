//! One record, filled cell by cell by the tables of `dsr`.

use std::fmt::{Display, Write as _};
use std::io::{self, Write};

use dsr::Field;
use dsr::table::{RecordSpec, spec};

/// A record whose cells are used over and over.
#[derive(Default)]
pub(super) struct Row {
    name: &'static str,
    spec: Option<&'static RecordSpec>,
    cells: Vec<String>,
}

impl Row {
    /// Empties all cells, and begins a record of this type and version.
    pub(super) fn start(&mut self, name: &'static str) {
        if self.name != name {
            (self.name, self.spec) = (name, spec(name));
        }
        let len = self.spec.expect("the tables have every record that is written").cells.len();
        self.cells.resize_with(len, String::new);
        self.cells.iter_mut().for_each(String::clear);
        self.cells[0].push_str(name);
    }

    /// Fills a cell; the value needs no escape.
    pub(super) fn set(&mut self, field: Field, value: impl Display) {
        let at = self.spec.and_then(|it| it.index(field));
        let cell = &mut self.cells[at.expect("the record has that cell")];
        cell.clear();
        write!(cell, "{value}").expect("a text takes everything");
    }

    pub(super) fn write(&self, out: &mut impl Write) -> io::Result<()> {
        for (at, cell) in self.cells.iter().enumerate() {
            if at > 0 {
                out.write_all(b"\t")?;
            }
            out.write_all(cell.as_bytes())?;
        }
        out.write_all(b"\n")
    }
}
