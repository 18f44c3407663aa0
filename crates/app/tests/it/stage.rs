//! A home on a stage: a temporary folder, a catalogue and reports.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use app::publish::{Pages, PublishOutcome, publish_statements};
use app::reports::{Import, ImportOutcome, import};
use app::settle::{SettleError, SettleOutcome, settle_period};
use app::{Config, Home, Silent, catalogue};
use flate2::Compression;
use flate2::write::GzEncoder;
use money::Currency;
use period::Period;
use tempfile::TempDir;
use testkit::report::{Form, Order, file_name, write_report};

/// When everything on the stage happens.
pub(crate) const NOW: &str = "2021-12-31T00:00:00Z";

/// The canonical bytes of statements by settlement, account and currency.
pub(crate) type Statements = BTreeMap<(String, String, Currency), Vec<u8>>;

pub(crate) struct Stage {
    pub(crate) folder: TempDir,
    pub(crate) home: Home,
}

impl Stage {
    /// An empty home.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(&folder.path().join("home"), &config()).unwrap();
        Self { folder, home }
    }

    /// A home with the catalogue of a scenario.
    pub(crate) fn of(scenario: &str) -> Self {
        let mut stage = Self::new();
        stage.learn(read_folder(&scenario_folder(scenario).join("catalogue")));
        stage
    }

    /// A home with the catalogue that fits a made-up report.
    pub(crate) fn made_up(order: &Order) -> Self {
        let mut stage = Self::new();
        stage.learn(testkit::report::catalogue_files(order));
        stage
    }

    pub(crate) fn learn(&mut self, files: BTreeMap<String, String>) {
        let outcome = catalogue::import_files(&mut self.home, files, false, NOW).unwrap();
        assert!(outcome.findings.is_empty(), "{:?}", outcome.findings);
    }

    /// Closes the home and opens it again, as a new start of the program does.
    pub(crate) fn reopened(self) -> Self {
        let Self { folder, home } = self;
        drop(home);
        let home = Home::open(&folder.path().join("home"), &config()).unwrap();
        Self { folder, home }
    }

    /// Writes a file beside the home.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Writes and imports a report of one file.
    pub(crate) fn import(&mut self, name: &str, bytes: impl AsRef<[u8]>) -> ImportOutcome {
        let path = self.file(name, bytes);
        let mut outcomes = import(&mut self.home, &[path], NOW, &mut Silent).unwrap();
        assert_eq!(outcomes.len(), 1);
        outcomes.remove(0)
    }

    /// Imports a made-up report.
    pub(crate) fn import_made_up(&mut self, form: Form, order: &Order) -> ImportOutcome {
        let outcome = self.import(&file_name(order), made_up(form, order));
        assert_eq!((outcome.import, outcome.quarantined), (Import::New, 0));
        outcome
    }

    pub(crate) fn settle(&mut self, period: &str) -> Result<SettleOutcome, SettleError> {
        let period = Period::parse(period).unwrap();
        settle_period(&mut self.home, period, false, NOW, &mut Silent)
    }

    pub(crate) fn publish(&mut self, settlement: Option<&str>) -> Vec<PublishOutcome> {
        let pages = Pages {
            forms: &[("html", &|it| Ok(format!("<p>{}</p>\n", it.account).into_bytes()))],
            index: &|row, list| format!("<p>{} {}</p>\n", row.id, list.len()),
        };
        publish_statements(&mut self.home, settlement, &pages, NOW, &mut Silent).unwrap()
    }

    pub(crate) fn statements(&self) -> Statements {
        let rows = self.home.store.statements(None).unwrap();
        let bytes = |it: store::StatementRow| {
            let of = self.home.store.statement_bytes(&it.settlement, &it.account, it.currency);
            ((it.settlement, it.account, it.currency), of.unwrap().unwrap())
        };
        rows.into_iter().map(bytes).collect()
    }
}

fn config() -> Config {
    let origin = "log.example/royalties".to_owned();
    let bank = app::PayingBank {
        account: "999-01".to_owned(),
        bank_code: "004".to_owned(),
        ..app::PayingBank::default()
    };
    Config { operator: "An operator".to_owned(), origin, bank: vec![bank], ..Config::default() }
}

/// The folder of all scenarios.
pub(crate) fn scenarios() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scenarios")
}

pub(crate) fn scenario_folder(name: &str) -> PathBuf {
    scenarios().join(name)
}

/// The text of a scenario's report.
pub(crate) fn report_of(scenario: &str) -> String {
    fs::read_to_string(scenario_folder(scenario).join("report.tsv")).unwrap()
}

/// The bytes of a made-up report.
pub(crate) fn made_up(form: Form, order: &Order) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_report(&mut bytes, form, order).unwrap();
    bytes
}

pub(crate) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    packer.write_all(bytes.as_ref()).unwrap();
    packer.finish().unwrap()
}

/// A small order: a few hundred recordings, so that lines share cells.
pub(crate) fn order(seed: u64, lines: u64) -> Order {
    Order { recordings: 200, payees: 15, agreements: 30, ..Order::new(seed, lines) }
}

pub(crate) fn read_folder(folder: &Path) -> BTreeMap<String, String> {
    let entries = fs::read_dir(folder).unwrap().map(|it| it.unwrap());
    let file = |it: fs::DirEntry| {
        let name = it.file_name().into_string().unwrap();
        (name, fs::read_to_string(it.path()).unwrap())
    };
    entries.map(file).collect()
}
