//! The statement of one payee with some 50,000 lines, in every form: time, memory and size.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::Wish;
use super::measure::{Cost, cost};

/// Of so many usage lines, about 50,000 lines of one currency are left when they are summed to cells.
const LINES: u64 = 180_000;
const REPORTS: u64 = 2;
const ROUNDS: usize = 3;

/// One agreement on everything: the payee's statement has a line for each cell.
const AGREEMENT: &str = r#"
[[agreement]]
id = "everything"
title = "One payee for all"
rights_type = "master"
from = 2019-01-01
all = true

[[agreement.term]]
id = "fee"
kind = "fee"
payee = "party-0000"
rate = "15%"

[[agreement.term]]
id = "share"
kind = "profit-share"
payee = "party-0001"
rate = "1/3"

[[agreement.advance]]
id = "signing"
payee = "party-0001"
amount = "1000000"
currency = "KRW"
paid = 2021-01-15
"#;

/// The forms, by their endings and languages.
const FORMS: [(&str, &str); 6] =
    [("json", "en"), ("csv", "en"), ("html", "en"), ("xlsx", "en"), ("pdf", "en"), ("pdf", "ko")];

pub(super) fn run(binary: &Path, wish: &Wish) -> Result<()> {
    let lines = wish.lines.first().copied().unwrap_or(if wish.quick { 9_000 } else { LINES });
    let folder = binary.parent().context("a folder")?.join("bench-statement");
    let home = settled(binary, &folder, lines)?;
    let call = |words: &[&str]| {
        let mut command = Command::new(binary);
        command.arg("--home").arg(&home).args(words);
        command
    };

    let mut rows = Vec::new();
    for (ending, language) in FORMS {
        let mut best: Option<Cost> = None;
        let mut bytes = Vec::new();
        for round in 0..ROUNDS {
            let to = folder.join(format!("statement.{language}.{ending}"));
            let words = ["statement", "export", "2021-06", "payee:party-0001"];
            let more = ["--currency", "KRW", "--form", ending, "--language", language, "--to"];
            let one = cost(call(&words).args(more).arg(&to))?;
            best = Some(best.map_or(one, |it| it.or(one)));
            let again = fs::read(&to)?;
            ensure!(round == 0 || again == bytes, "two exports as {ending} differ");
            bytes = again;
        }
        rows.push((ending, language, best.context("a round")?, bytes));
    }
    let counted = rows.iter().find(|it| it.0 == "csv").map_or(&[][..], |it| &it.3);
    let counted = counted.iter().filter(|it| **it == b'\n').count().saturating_sub(1);
    println!("\n### A statement of {counted} lines, the same bytes in {ROUNDS} rounds\n");
    println!("| form | wall s | CPU s | peak MiB | MB | sheets |");
    println!("|---|--:|--:|--:|--:|--:|");
    for (ending, language, it, bytes) in rows {
        println!(
            "| {ending}, {language} | {:.2} | {:.2} | {} | {:.1} | {} |",
            it.wall_s,
            it.cpu_s,
            it.peak_mib,
            bytes.len() as f64 / 1e6,
            sheets(&bytes).map_or("–".to_owned(), |it| it.to_string()),
        );
    }
    println!();
    Ok(())
}

/// Makes a home in which one payee has a line for each cell of so many usage lines, and returns it.
pub(super) fn settled(binary: &Path, folder: &Path, lines: u64) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let writer = binary.with_file_name(format!("write-reports{}", std::env::consts::EXE_SUFFIX));
    let input = folder.join("input");
    let words = [lines.to_string(), REPORTS.to_string(), "7".to_owned()];
    cost(Command::new(&writer).arg(&input).args(words))?;
    fs::write(input.join("catalogue/agreements.toml"), AGREEMENT)?;
    let home = folder.join("home");
    let call = |words: &[&str]| {
        let mut command = Command::new(binary);
        command.arg("--home").arg(&home).args(words);
        command
    };
    cost(call(&["catalog", "import"]).arg(input.join("catalogue")))?;
    for report in fs::read_dir(input.join("reports"))? {
        for file in fs::read_dir(report?.path())? {
            cost(call(&["report", "import"]).arg(file?.path()))?;
        }
    }
    cost(&mut call(&["settle", "2021-06"]))?;
    Ok(home)
}

/// How many sheets a PDF says it has; nothing of other forms.
fn sheets(bytes: &[u8]) -> Option<usize> {
    let is_pdf = bytes.starts_with(b"%PDF");
    // The list of sheets is written near the end, behind what they hold.
    let tail = bytes.get(bytes.len().saturating_sub(2_000_000)..).filter(|_| is_pdf)?;
    let text = String::from_utf8_lossy(tail);
    let (_, rest) = text.split_once("/Type /Pages")?;
    let (_, rest) = rest.split_once("/Count ")?;
    rest.split(|it: char| !it.is_ascii_digit()).next()?.parse().ok()
}
