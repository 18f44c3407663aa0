//! Statements of sources: told, reconciled, taken, and looked into.

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use app::reports::{
    Import, ImportOutcome, ReportError, StatementOrder, Statements, import_statements, withdraw,
};
use app::sources::{Look, SourceError, Sources, look, raw_line, try_file};
use app::{Home, Silent};
use money::{Amount, Atoms, Currency};
use period::Period;
use store::ReportState;

use crate::stage::{NOW, Stage};

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../ingest/tests/statements").join(name)
}

fn amount(text: &str, currency: &str) -> Amount {
    Amount { atoms: Atoms::parse(text).unwrap(), currency: Currency::parse(currency).unwrap() }
}

fn import(home: &mut Home, order: &StatementOrder<'_>) -> Result<Statements, ReportError> {
    let sources = Sources::of(home.store.home()).unwrap();
    import_statements(home, &sources, order, NOW, &mut Silent)
}

fn import_one(stage: &mut Stage, path: &Path) -> ImportOutcome {
    let order = StatementOrder { paths: &[path.to_owned()], ..StatementOrder::default() };
    import(&mut stage.home, &order).unwrap().outcomes.remove(0)
}

#[test]
fn nothing_is_taken_until_the_control_total_agrees() {
    let mut stage = Stage::new();
    let paths = [fixture("orchard/statement.csv"), fixture("believe/believe_2024-08.csv")];
    let mut order = StatementOrder {
        paths: &paths,
        control_total: Some(amount("269.31", "EUR")),
        ..StatementOrder::default()
    };
    let wrong = import(&mut stage.home, &order).unwrap();
    let it = wrong.reconciled.unwrap();
    assert!(!it.agrees && wrong.outcomes.is_empty());
    assert_eq!(it.sum.to_string(), "269.301999999012");
    assert!(stage.home.store.reports().unwrap().is_empty());
    assert!(stage.home.store.usage_files().unwrap().is_empty());
    order.control_total = Some(amount("269.30", "EUR"));
    let right = import(&mut stage.home, &order).unwrap();
    assert!(right.reconciled.unwrap().agrees);
    assert_eq!(right.outcomes.len(), 2);
    for it in &right.outcomes {
        let source = stage.home.store.statement_source(&it.report.id).unwrap().unwrap();
        assert_eq!(source.control_total, Some(("269.3".to_owned(), "EUR".to_owned())));
    }
    let again = import(&mut stage.home, &order).unwrap();
    assert!(again.outcomes.iter().all(|it| it.import == Import::AlreadyHere));
    // Rows in quarantine are no money yet: the total tells that they are missing.
    let paths = [fixture("fuga/run77.csv")];
    let order = StatementOrder {
        paths: &paths,
        control_total: Some(amount("0.93", "EUR")),
        ..StatementOrder::default()
    };
    let it = import(&mut stage.home, &order).unwrap().reconciled.unwrap();
    assert_eq!((it.agrees, it.quarantined_rows), (false, 1));
}

#[test]
fn no_buyer_is_kept() {
    let mut stage = Stage::new();
    let outcome = import_one(&mut stage, &fixture("bandcamp/raw_data.csv"));
    assert_eq!((outcome.import, outcome.lines, outcome.quarantined), (Import::New, 6, 0));
    assert_eq!(outcome.counts["ingest-statement-personal"], 1);
    let mut files = vec![stage.home.store.home().to_owned()];
    let mut seen = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(fs::read_dir(&path).unwrap().map(|it| it.unwrap().path()));
            continue;
        }
        let mut bytes = Vec::new();
        File::open(&path).unwrap().read_to_end(&mut bytes).unwrap();
        for secret in ["Jo Doe", "jo.doe", "Secret Street", "+82-2", "Leave it", "label@example"] {
            let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let there = |it: &[u8]| bytes.windows(it.len()).any(|seen| seen == it);
            assert!(!there(secret.as_bytes()) && !there(&wide), "{secret} in {}", path.display());
        }
        seen += 1;
    }
    assert!(seen > 3, "the home was looked through");
    let report = stage.home.store.reports().unwrap().remove(0);
    let line = raw_line(&stage.home, &report, 1, 4).unwrap();
    assert!(line.text.contains("Limited Edition Vinyl LP"), "{line:?}");
    let (name, sha256) = line.origin.unwrap();
    assert_eq!(name, "raw_data.csv");
    assert_ne!(sha256, line.sha256);
}

#[test]
fn an_archive_is_taken_apart_by_source() {
    let mut stage = Stage::new();
    let path = stage.folder.path().join("80000000_0824.zip");
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for (name, from) in [
        ("in/S1_80000000_0824_KR.txt", "apple-music/S1_80000000_0824_KR.txt"),
        ("in/80000000_0824_KR.txt", "itunes/80000000_0824_KR.txt"),
        ("in/S2_80000000_0824.txt", "soundcloud/sc.csv"),
    ] {
        zip.start_file(name, options).unwrap();
        zip.write_all(&fs::read(fixture(from)).unwrap()).unwrap();
    }
    zip.start_file("in/Summary.txt", options).unwrap();
    zip.write_all(b"Summary\n").unwrap();
    zip.finish().unwrap();
    let order = StatementOrder {
        paths: &[path],
        source: None,
        control_total: Some(amount("9.44", "USD")),
        ..StatementOrder::default()
    };
    // The file called S2 has the header of another source; it is read as such, and told.
    let done = import(&mut stage.home, &order).unwrap();
    assert!(done.reconciled.unwrap().agrees);
    let seen: Vec<String> = done
        .outcomes
        .iter()
        .map(|it| format!("{} {} {}", it.report.sender, it.lines, it.report.message_id))
        .collect();
    assert_eq!(
        seen,
        [
            "Apple Music 3 80000000_0824.zip",
            "iTunes 3 80000000_0824.zip",
            "SoundCloud for Artists 2 80000000_0824.zip"
        ]
    );
    assert_eq!(done.outcomes[0].counts["ingest-statement-unread"], 1);
    let report = &done.outcomes[0].report;
    let line = raw_line(&stage.home, report, 1, 6).unwrap();
    assert!(line.text.starts_with("1000000001\tZZA012400001"), "{line:?}");
    let (archive, sha256) = line.origin.unwrap();
    assert_eq!(archive, "80000000_0824.zip");
    assert!(stage.home.store.received_path(&sha256).exists(), "the archive is kept too");
    assert!(!stage.home.store.home().join("received/taken-apart").exists());
}

#[test]
fn the_raw_line_is_one_call_away() {
    let mut stage = Stage::new();
    let it = import_one(&mut stage, &fixture("korean-distributor/settlement.csv"));
    let line = raw_line(&stage.home, &it.report, 1, 3).unwrap();
    assert_eq!((line.line, line.byte), (3, Some(84)));
    let whole = fs::read(fixture("korean-distributor/settlement.csv")).unwrap();
    let from = usize::try_from(line.byte.unwrap()).unwrap();
    assert_eq!(&whole[from..from + line.bytes.len()], line.bytes);
    assert!(line.text.contains("달의 강"), "{}", line.text);
    let it = import_one(&mut stage, &fixture("korean-distributor-xlsx/settlement.xlsx"));
    let line = raw_line(&stage.home, &it.report, 1, 33).unwrap();
    assert_eq!((line.line, line.byte), (33, None));
    assert!(line.text.contains("I100-X29"), "{}", line.text);
    let missing = raw_line(&stage.home, &it.report, 1, 35).unwrap_err();
    assert_eq!(missing.to_string(), "settlement.xlsx has no line 35");
    assert!(matches!(raw_line(&stage.home, &it.report, 2, 1), Err(SourceError::NoLine { .. })));
    // A DSR flat file, packed.
    let path = stage.file("report.tsv", crate::stage::report_of("returns"));
    let report = app::reports::import(&mut stage.home, &[path], NOW, &mut Silent).unwrap();
    let text = crate::stage::report_of("returns");
    for (number, expected) in (1..).zip(text.lines()) {
        let line = raw_line(&stage.home, &report[0].report, 1, number).unwrap();
        assert_eq!(line.text, expected);
        let from = usize::try_from(line.byte.unwrap()).unwrap();
        assert!(text[from..].starts_with(expected));
    }
}

#[test]
fn a_spec_of_ones_own_stands_before_a_shipped_one() {
    let mut stage = Stage::new();
    let prs = fixture("prs/prs.csv");
    let order = StatementOrder { paths: std::slice::from_ref(&prs), ..StatementOrder::default() };
    let error = import(&mut stage.home, &order).unwrap_err();
    assert!(error.to_string().contains("give --period"), "{error}");
    let period = Period::parse("2024-Q2").ok();
    let taken = import(&mut stage.home, &StatementOrder { period, ..order.clone() }).unwrap();
    assert_eq!(taken.outcomes[0].report.end_day, "2024-07-01");
    withdraw(&mut stage.home, &taken.outcomes[0].report.id).unwrap();

    let folder = stage.home.store.home().join("sources");
    fs::create_dir(&folder).unwrap();
    let sources = Sources::of(stage.home.store.home()).unwrap();
    let text = sources.asked(Some("prs")).unwrap().list()[0].text.clone();
    let own = text.replace("title = \"PRS for Music\"", "title = \"Our Society\"");
    fs::write(folder.join("society.toml"), &own).unwrap();
    let taken = import(&mut stage.home, &StatementOrder { period, ..order.clone() }).unwrap();
    assert_eq!(taken.outcomes[0].report.sender, "Our Society");

    let named = folder.join("society.toml").display().to_string();
    let named = StatementOrder { source: Some(&named), period, ..order.clone() };
    let seen = import(&mut stage.home, &named).unwrap();
    assert_eq!(seen.outcomes[0].import, Import::AlreadyHere);
    let wrong = StatementOrder { source: Some("youtube"), ..order.clone() };
    let error = import(&mut stage.home, &wrong).unwrap_err().to_string();
    assert!(
        error.contains("no source that is known as \"youtube\"") && error.contains("report try"),
        "{error}"
    );
    let error =
        import(&mut stage.home, &StatementOrder { source: Some("nobody"), ..order }).unwrap_err();
    assert!(error.to_string().contains("report sources"), "{error}");
    fs::write(folder.join("second.toml"), own.replace("edition = \"1\"", "edition = \"2\""))
        .unwrap();
    let order = StatementOrder { paths: &[prs], period, ..StatementOrder::default() };
    let error = import(&mut stage.home, &order).unwrap_err().to_string();
    assert!(error.contains("could be of prs/1 or prs/2; say which with --source"), "{error}");
    let sources = Sources::of(stage.home.store.home()).unwrap();
    let dsr = stage.file("report.tsv", crate::stage::report_of("returns"));
    let other = stage.file("other.csv", "a,b\n1,2\n");
    assert_eq!(look(&sources, &dsr).unwrap(), Look::Dsr);
    assert_eq!(look(&sources, &other).unwrap(), Look::Unknown);
    assert_eq!(
        look(&sources, &fixture("youtube/made-up_revenue_20240801.csv")).unwrap(),
        Look::Statement
    );
}

#[test]
fn a_trial_keeps_nothing() {
    let stage = Stage::new();
    let sources = Sources::of(stage.home.store.home()).unwrap();
    let scratch = stage.folder.path().join("scratch");
    for name in ["bandcamp/raw_data.csv", "cd-baby/report.txt"] {
        let trial = try_file(&sources, None, &fixture(name), None, 2, &scratch).unwrap();
        let piece = &trial.pieces[0];
        assert_eq!(piece.lines.len(), 2);
        assert!(!format!("{piece:?}").contains("Doe"));
        assert!(!scratch.exists());
    }
    assert!(stage.home.store.reports().unwrap().is_empty());
    assert!(!stage.home.store.home().join("received").exists());
}

/// A statement that is sent once more under another name and with one row changed is not counted
/// twice.
#[test]
fn a_statement_that_comes_again_is_doubted() {
    let mut stage = Stage::new();
    let text = fs::read_to_string(fixture("youtube/made-up_revenue_20240801.csv")).unwrap();
    let path = stage.file("first.csv", &text);
    assert_eq!(import_one(&mut stage, &path).import, Import::New);
    let path = stage.file("again.csv", &text);
    assert_eq!(import_one(&mut stage, &path).import, Import::Conflict);
    let path = stage.file("first.csv", text.replace("1.2045", "1.3045"));
    let other = import_one(&mut stage, &path);
    assert_eq!((other.import, other.report.state), (Import::Conflict, ReportState::Conflict));
}
