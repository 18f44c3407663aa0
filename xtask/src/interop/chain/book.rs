//! A home with payees of a made-up recording, and the program that works on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::shop::Shop;

/// A home and the program.
pub(crate) struct Book {
    folder: PathBuf,
    binary: PathBuf,
    source: PathBuf,
    settings: String,
}

const PARTIES: &str = r#"
[[party]]
id = "kim"
kind = "person"
names = { en = "Kim" }
wallet = "KIM"

[[party]]
id = "lee"
kind = "person"
names = { en = "Lee" }
wallet = "KIM"

[[party]]
id = "han"
kind = "person"
names = { en = "Han" }
wallet = "HAN"

[[party]]
id = "studio"
kind = "organisation"
names = { en = "Studio" }
bank = { iban = "DE89370400440532013000" }
"#;

const RECORDING: &str = r#"
[[recording]]
id = "a"
isrc = "ZZAAA2100001"
titles = { en = "A" }
artist = "Kim"
"#;

const AGREEMENT: &str = r#"
[[agreement]]
id = "deal"
title = "deal"
rights_type = "master"
from = 2015-01-01
all = true
"#;

impl Book {
    /// Makes a home whose payees want to be paid at these addresses.
    pub(crate) fn open(shop: &Shop, binary: &Path, [kim, han]: [&str; 2]) -> Result<Self> {
        let folder = shop.target()?.join("interop/chain-home");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        let catalogue = folder.join("catalogue");
        fs::create_dir_all(&catalogue)?;
        let parties = PARTIES.replace("KIM", kim).replace("HAN", han);
        fs::write(catalogue.join("parties.toml"), parties)?;
        fs::write(catalogue.join("recordings.toml"), RECORDING)?;
        let term = |payee: &str| {
            format!(
                "\n[[agreement.term]]\nid = \"{payee}\"\nkind = \"profit-share\"\npayee = \"{payee}\"\n\
                 rate = \"25%\"\n"
            )
        };
        let terms: String = ["kim", "lee", "han", "studio"].map(term).concat();
        fs::write(catalogue.join("agreements.toml"), format!("{AGREEMENT}{terms}"))?;
        let source = shop.root().join("scenarios/_shared/plain.toml");
        let binary = binary.to_owned();
        let book = Self { folder, binary, source, settings: String::new() };
        book.well(&["catalog", "import", "catalogue"])?;
        Ok(book)
    }

    /// Writes `leitmotif.toml`.
    pub(crate) fn set(&mut self, settings: &str) -> Result<()> {
        self.settings = settings.to_owned();
        fs::create_dir_all(self.home())?;
        Ok(fs::write(self.home().join("leitmotif.toml"), settings)?)
    }

    /// Writes `leitmotif.toml` with a line changed, runs the words, and puts the line back.
    pub(crate) fn refused_with(&self, from: &str, to: &str, words: &[&str]) -> Result<String> {
        ensure!(self.settings.contains(from), "{from} is not in the settings");
        let path = self.home().join("leitmotif.toml");
        fs::write(&path, self.settings.replace(from, to))?;
        let answer = self.refused(words);
        fs::write(&path, &self.settings)?;
        answer
    }

    pub(crate) fn home(&self) -> PathBuf {
        self.folder.join("leitmotif-data")
    }

    /// Earns an amount in a month, and settles and publishes it.
    pub(crate) fn earn(&self, month: &str, amount: &str) -> Result<()> {
        let head = "month,service,territory,use,model,isrc,title,usages,amount,currency";
        let line = format!("{month},Melody,KR,stream,sub,ZZAAA2100001,A,1,{amount},KRW");
        let file = format!("{month}.csv");
        fs::write(self.folder.join(&file), format!("{head}\n{line}\n"))?;
        let source = self.source.to_str().context("a path of text")?;
        self.well(&["report", "import", &file, "--source", source])?;
        self.well(&["settle", month])?;
        self.well(&["publish"]).map(drop)
    }

    fn run(&self, words: &[&str]) -> Result<(Option<i32>, String, String)> {
        let mut command = Command::new(&self.binary);
        command.current_dir(&self.folder).args(words).stdin(Stdio::null());
        let output = command.output().context("failed to start leitmotif")?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.status.code(), text(&output.stdout), text(&output.stderr)))
    }

    /// Runs words that must end well.
    pub(crate) fn well(&self, words: &[&str]) -> Result<String> {
        self.code(0, words)
    }

    /// Runs words that must end with an exit code.
    pub(crate) fn code(&self, expected: i32, words: &[&str]) -> Result<String> {
        let (code, out, err) = self.run(words)?;
        if code != Some(expected) {
            bail!("leitmotif {words:?} ended with {code:?}, not {expected}:\n{out}{err}");
        }
        Ok(out)
    }

    /// Runs words that must be refused, and returns what is said about it.
    pub(crate) fn refused(&self, words: &[&str]) -> Result<String> {
        let (code, out, err) = self.run(words)?;
        if code != Some(1) {
            bail!("leitmotif {words:?} ended with {code:?}, and must be refused:\n{out}{err}");
        }
        Ok(err)
    }

    /// Runs words that must end well, and reads the answer.
    pub(crate) fn json(&self, words: &[&str]) -> Result<Value> {
        let words = [&["--format", "json"], words].concat();
        Ok(serde_json::from_str(&self.well(&words)?)?)
    }
}
