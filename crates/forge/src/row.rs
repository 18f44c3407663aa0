//! One record, filled cell by cell by the tables of `dsr`.

use std::fmt::{Display, Write as _};
use std::io::{self, Write};

use dsr::Field;
use dsr::table::{Kind, Need, RecordSpec, spec};

/// A record whose cells are used over and over.
#[derive(Default)]
pub(crate) struct Row {
    name: &'static str,
    spec: Option<&'static RecordSpec>,
    pub(crate) cells: Vec<String>,
    /// How the line ends.
    pub(crate) ending: &'static [u8],
    /// A byte that is no UTF-8, behind the cell of this place.
    pub(crate) spoiled: Option<usize>,
}

impl Row {
    /// Empties all cells, and begins a record of this type and version.
    pub(crate) fn start(&mut self, name: &'static str) -> &'static RecordSpec {
        if self.name != name || self.spec.is_none() {
            (self.name, self.spec) = (name, spec(name));
        }
        let spec = self.spec.expect("the tables have every record that is written");
        self.cells.resize_with(spec.cells.len(), String::new);
        self.cells.iter_mut().for_each(String::clear);
        self.cells[0].push_str(name);
        (self.ending, self.spoiled) = (b"\n", None);
        spec
    }

    /// A record that no table knows, cell by cell.
    pub(crate) fn raw(cells: &[&str]) -> Self {
        let cells = cells.iter().map(|cell| (*cell).to_owned()).collect();
        Self { cells, ending: b"\n", ..Self::default() }
    }

    /// The record type without its version.
    pub(crate) fn code(&self) -> &str {
        self.cells[0].get(..4).unwrap_or_default()
    }

    /// The record type with its version.
    pub(crate) const fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) const fn spec(&self) -> Option<&'static RecordSpec> {
        self.spec
    }

    /// The place of a field.
    pub(crate) fn place(&self, field: Field) -> Option<usize> {
        self.spec?.index(field)
    }

    /// The text of a field; empty when the record has no such cell.
    pub(crate) fn get(&self, field: Field) -> &str {
        self.place(field).map_or("", |at| &self.cells[at])
    }

    /// Fills a cell, if the record has it; the value needs no escape.
    pub(crate) fn set(&mut self, field: Field, value: impl Display) -> Option<()> {
        let cell = &mut self.cells[self.spec?.index(field)?];
        cell.clear();
        write!(cell, "{value}").expect("a text takes everything");
        Some(())
    }

    /// Fills what must be filled and is still empty, by what it must hold.
    pub(crate) fn fill_required(&mut self) {
        let Some(spec) = self.spec else { return };
        for (text, cell) in self.cells.iter_mut().zip(spec.cells) {
            if cell.need != Need::May && text.is_empty() {
                text.push_str(match cell.kind {
                    Kind::Integer | Kind::Decimal => "0",
                    Kind::Boolean => "FALSE",
                    Kind::Duration => "PT3M",
                    Kind::ReleaseType => "Single",
                    Kind::ResourceType => "SoundRecording",
                    Kind::VideoType => "Episode",
                    Kind::RightsType => "PerformingRight",
                    Kind::UseType => "OnDemandStream",
                    _ => "made up",
                });
            }
        }
    }

    pub(crate) fn write(&self, line: &mut Vec<u8>, out: &mut impl Write) -> io::Result<()> {
        line.clear();
        for (at, cell) in self.cells.iter().enumerate() {
            if at > 0 {
                line.push(b'\t');
            }
            line.extend_from_slice(cell.as_bytes());
            if self.spoiled == Some(at) {
                line.push(0xff);
            }
        }
        line.extend_from_slice(self.ending);
        out.write_all(line)
    }
}
