//! Seals a made-up settlement of many lines, and says what that cost.
//!
//! `seal-lines LINES PAYEES`: payees in groups of three share cells as 1/2, 1/3 and 1/6; the first group
//! has 10,000 cells, the others the rest. What is measured is what publishing does: statements are read from
//! their canonical bytes, committed to, and the trees are built; then a receipt's proofs are made and
//! checked for the payee with 10,000 lines.
#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::time::Instant;

use money::{Atoms, Currency, Ratio};
use sha2::{Digest as _, Sha256};
use statement::{
    AgreementNote, AgreementParts, AmountLine, ContextNote, Entry, EntryNote, Measure, PartNote,
    PathNote, Places, RECEIPT_FORMAT, Receipt, RecordingNote, Rounded, SealHead, Sealed, Sealer,
    SourceKey, SourceNote, SourcesNote, Statement, StatementBuilder, StatementKey, Subject,
    TermNote, Trust,
};
use tlog::{Checkpoint, MemoryTiles, SigningKey, leaf_hash, prove_inclusion};

/// Cells of the first group of payees.
const LARGE: u64 = 10_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [lines, payees] = words.as_slice() else { return Err("seal-lines LINES PAYEES".into()) };
    let (lines, payees): (u64, u64) = (lines.parse()?, payees.parse()?);
    let groups = payees / 3;
    let cells = (lines / 3).saturating_sub(LARGE) / groups.saturating_sub(1).max(1);
    let currency = Currency::parse("KRW")?;
    let mut sealer = Sealer::new(SourceKey::derive(&[7; 32], "2026-10", currency));
    let (mut wall, mut cpu, mut all) = (0.0, 0.0, 0_u64);
    let mut large = None;
    let mut first = 0;
    for group in 0..groups {
        let count = if group == 0 { LARGE } else { cells };
        for (member, share) in [(0, "1/2"), (1, "1/3"), (2, "1/6")] {
            let account = format!("payee:p{}", group * 3 + member);
            let statement =
                made_up(&account, first..first + count, Ratio::parse(share)?, currency)?;
            let bytes = statement.canonical();
            let nonce: [u8; 32] = Sha256::digest(&account).into();
            let (clock, work) = (Instant::now(), cpu_seconds());
            let key = StatementKey::derive(&[7; 32], &nonce, &account, "2026-10", currency);
            let statement = Statement::parse(&bytes)?;
            sealer.add_statement(&statement, &bytes, &key)?;
            wall += clock.elapsed().as_secs_f64();
            cpu += cpu_seconds() - work;
            all += statement.lines.len() as u64;
            large = large.or(Some(statement));
        }
        first += count;
    }
    let (clock, work) = (Instant::now(), cpu_seconds());
    // What every account has beside: what came in, so that the books close.
    let sum = Atoms::from_raw(i128::from(first) * 6_000_000_000_000_000_000);
    let nonce = [9; 32];
    let key = StatementKey::derive(&[7; 32], &nonce, "received:s", "2026-10", currency);
    sealer.add_account("received:s", Atoms::ZERO, sum.checked_neg().ok_or("too large")?, &key)?;
    let sealed = sealer.finish(SealHead {
        settlement: "2026-10".to_owned(),
        period: "2026-10".to_owned(),
        currency,
        engine: "bench".to_owned(),
        inputs: String::new(),
        previous: None,
        rates: Vec::new(),
        reports: vec![0],
    })?;
    sealed.seal().check()?;
    wall += clock.elapsed().as_secs_f64();
    cpu += cpu_seconds() - work;
    println!("lines {all}");
    println!("accounts {}", payees / 3 * 3 + 1);
    println!("sources {}", sealed.seal().sources.count);
    println!("seal_wall_s {wall:.2}");
    println!("seal_cpu_s {cpu:.2}");
    println!("peak_mib {}", peak_mib());
    prove(&sealed, large.ok_or("no payee")?, currency)
}

/// Opens the statement of the large payee, and checks its receipt.
fn prove(
    sealed: &Sealed,
    large: Statement,
    currency: Currency,
) -> Result<(), Box<dyn std::error::Error>> {
    let clock = Instant::now();
    let path = sealed.trees().path(&large.account).ok_or("no path")?;
    let sources = sealed.open_sources(&large).ok_or("no sources")?;
    println!("open_s {:.4}", clock.elapsed().as_secs_f64());
    println!("path_bytes {}", path.nodes.len() / 4 * 3);
    println!("large_lines {}", large.lines.len());
    println!("sources_proof_bytes {}", sources.nodes.len() / 4 * 3);
    let nonce: [u8; 32] = Sha256::digest(&large.account).into();
    let key = StatementKey::derive(&[7; 32], &nonce, &large.account, "2026-10", currency);
    let receipt = receipt(sealed, large, &key, path, sources)?;
    println!("receipt_bytes {}", receipt.len());
    let clock = Instant::now();
    let verdict = statement::verify(&receipt, &Trust::Nothing)?;
    println!("verify_s {:.4}", clock.elapsed().as_secs_f64());
    println!("verified_lines {}", verdict.statement.lines.len());
    Ok(())
}

/// The receipt of a statement under a log of three entries.
fn receipt(
    sealed: &Sealed,
    statement: Statement,
    key: &StatementKey,
    path: PathNote,
    sources: SourcesNote,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    let parts = ["agreement deal\n", "term deal share\nrates 1/2 1/3 1/6\n"];
    let agreement = AgreementParts::new(&[7; 32], parts.map(str::to_owned).to_vec());
    let (control, report, sha256) = (String::new(), "3f2a".to_owned(), "00".to_owned());
    let report = Entry::Report { control, lines: 1, report, sha256 };
    let entries = [report.bytes(), agreement.entry().bytes(), sealed.seal().bytes()];
    let mut tiles = MemoryTiles::new();
    tiles.append(&entries.each_ref().map(|it| leaf_hash(it)))?;
    let log = SigningKey::from_seed("log.example/royalties", [5; 32].into())?;
    let checkpoint = Checkpoint::new(log.name(), 3, tlog::root(3, &tiles)?)?.sign(&[&log])?;
    let note = |index: u64| -> Result<EntryNote, Box<dyn std::error::Error>> {
        let hashes = prove_inclusion(index, 3, &tiles)?.iter().map(ToString::to_string).collect();
        let text = String::from_utf8(entries[usize::try_from(index)?].clone())?;
        Ok(EntryNote { hashes, index, text })
    };
    let part = |it: statement::OpenedPart| PartNote {
        at: it.at,
        hashes: it.hashes.iter().map(ToString::to_string).collect(),
        salt: statement::hex(&it.salt),
        text: it.text,
    };
    let parts = agreement.open(|_| true).into_iter().map(part).collect();
    Ok(Receipt {
        agreements: vec![AgreementNote { entry: 2, parts }],
        checkpoint: checkpoint.to_string(),
        entries: vec![note(2)?, note(0)?, note(1)?],
        format: RECEIPT_FORMAT.to_owned(),
        key: key.to_hex(),
        log_key: log.verifier_key().to_string(),
        path,
        previous: Vec::new(),
        sources,
        statement,
    }
    .canonical())
}

/// A statement with one line a cell; each brings six won.
fn made_up(
    account: &str,
    cells: std::ops::Range<u64>,
    share: Ratio,
    currency: Currency,
) -> Result<Statement, Box<dyn std::error::Error>> {
    let mut builder = StatementBuilder::new(Subject {
        account: account.to_owned(),
        name: account.to_owned(),
        operator: "Made up".to_owned(),
        period: "2026-10".to_owned(),
        settlement: "2026-10".to_owned(),
        currency,
    });
    let received = Atoms::from_units(6);
    let amount = received.mul_ratio(share, money::Rounding::Floor).ok_or("too large")?;
    for cell in cells {
        let figures = AmountLine {
            report_lines: [1, cell + 1, cell + 1],
            usages: Atoms::from_units(100),
            reported: received,
            received,
            amount,
            rounded: Rounded::Exact,
        };
        let recording = usize::try_from(cell)?;
        let places = Places { source: 0, recording, term: 0, context: 0 };
        let term = || term(share);
        builder.line(places, &figures, || source(currency), || recording_note(cell), term, context);
    }
    builder.finish(Atoms::ZERO, Vec::new(), Vec::new()).ok_or_else(|| "too large".into())
}

fn term(share: Ratio) -> TermNote {
    TermNote {
        agreement: "deal".to_owned(),
        fraction: share,
        kind: "profit-share".to_owned(),
        measure: Measure::Received,
        of: Ratio::ONE,
        rate: share,
        term: "share".to_owned(),
        words: format!("share of {share} in what is left after fees and royalties"),
    }
}

fn recording_note(cell: u64) -> RecordingNote {
    RecordingNote {
        artist: "Made up".to_owned(),
        id: format!("song-{cell}"),
        isrc: String::new(),
        title: format!("Song {cell}"),
    }
}

fn context() -> ContextNote {
    ContextNote {
        commercial_model: "SubscriptionModel".to_owned(),
        month: "2026-10".to_owned(),
        price_category: String::new(),
        territory: "KR".to_owned(),
        unit_price: String::new(),
        use_type: "OnDemandStream".to_owned(),
    }
}

fn source(currency: Currency) -> SourceNote {
    SourceNote {
        basis: "received".to_owned(),
        because: String::new(),
        because_of: String::new(),
        currency,
        licence: String::new(),
        licence_rate: Ratio::ONE,
        message_id: "M1".to_owned(),
        rate: Ratio::ONE,
        rate_day: String::new(),
        rate_over: String::new(),
        rate_source: String::new(),
        report: "3f2a".to_owned(),
        restated: String::new(),
        restates: String::new(),
        sender: "S".to_owned(),
        service: "Made up".to_owned(),
        sha256: "00".to_owned(),
    }
}

/// Processor seconds of this process so far, from what the kernel tells; 0 where it does not.
fn cpu_seconds() -> f64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds: f64 =
        text.split(' ').next().and_then(|it| it.parse().ok()).unwrap_or_default();
    nanoseconds / 1e9
}

/// The most memory that this process had, in MiB, made-up statements included; 0 where it is not told.
fn peak_mib() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|it| it.starts_with("VmHWM:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|it| it.parse::<u64>().ok()).unwrap_or_default() / 1024
}
