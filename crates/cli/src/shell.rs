//! Where a command gets its home and puts its answer.

use std::io::{self, BufWriter, Stdout, Write as _};
use std::path::{Path, PathBuf};

use app::{Config, Home};
use serde_json::Value;

use crate::progress::Line;
use crate::{Doors, Format};

/// What a command works with.
pub(crate) struct Shell {
    home: PathBuf,
    format: Format,
    doors: Doors,
    out: BufWriter<Stdout>,
}

impl Shell {
    pub(crate) fn new(home: PathBuf, format: Format, doors: Doors) -> Self {
        Self { home, format, doors, out: BufWriter::new(io::stdout()) }
    }

    /// The doors beside this one.
    pub(crate) const fn doors(&self) -> Doors {
        self.doors
    }

    /// Opens the home that the words name.
    pub(crate) fn home(&self) -> anyhow::Result<Home> {
        Self::home_at(&self.home)
    }

    /// Opens another home.
    pub(crate) fn home_at(folder: &Path) -> anyhow::Result<Home> {
        Ok(Home::open(folder, &Config::read(folder)?)?)
    }

    /// Returns the folder that the words name.
    pub(crate) fn folder(&self) -> &Path {
        &self.home
    }

    /// Says whether the answer is wanted as JSON.
    pub(crate) fn wants_json(&self) -> bool {
        self.format == Format::Json
    }

    /// How the answer is wanted.
    pub(crate) const fn format(&self) -> Format {
        self.format
    }

    /// Where the answer goes, byte by byte.
    pub(crate) fn out(&mut self) -> &mut dyn io::Write {
        &mut self.out
    }

    /// Prints a line of the answer.
    ///
    /// What reports say may hold orders to the terminal; they are shown, not obeyed.
    pub(crate) fn line(&mut self, text: impl AsRef<str>) -> io::Result<()> {
        writeln!(self.out, "{}", harmless(text.as_ref()))
    }

    /// Prints the answer as JSON.
    pub(crate) fn json(&mut self, value: &Value) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut self.out, value).map_err(io::Error::from)?;
        writeln!(self.out)
    }

    /// Prints one of many answers as JSON on a line of its own, at once.
    pub(crate) fn json_line(&mut self, value: &Value) -> anyhow::Result<()> {
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)?;
        writeln!(self.out)?;
        Ok(self.out.flush()?)
    }

    /// Prints bytes as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)
    }

    /// Says something beside the answer.
    pub(crate) fn talk(&mut self, text: impl AsRef<str>) {
        drop(writeln!(io::stderr(), "{}", harmless(text.as_ref())));
    }

    /// Begins to show progress.
    pub(crate) fn progress(&self) -> Line {
        Line::new()
    }

    /// Returns the present time, as it is written down.
    pub(crate) fn now(&self) -> String {
        jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// Sends out what is still held back.
    pub(crate) fn finish(&mut self) -> anyhow::Result<()> {
        Ok(self.out.flush()?)
    }
}

/// Escapes control and direction characters, but for the line feed.
pub(crate) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for it in text.chars() {
        let order = (it.is_control() && it != '\n')
            || matches!(it, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        match order {
            true => out.extend(it.escape_unicode()),
            false => out.push(it),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_gives_no_orders_to_the_terminal() {
        assert_eq!(harmless("a\u{1b}]0;x\u{7}\n비"), "a\\u{1b}]0;x\\u{7}\n비");
    }
}
