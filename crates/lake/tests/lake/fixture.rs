//! Lines, lakes and pictures of them.

use std::fs;
use std::path::Path;

use lake::{FileEntry, Lake, StagedReport};
use money::{Atoms, Currency};
use period::Date;
use tempfile::TempDir;
use usage::{Basis, Cells, Line, RightsType, Target};

pub(crate) const REPORT: &str = "00112233aabbccdd";

/// Line `number` of [`REPORT`]: one usage of recording `r1` for one won in June 2021.
pub(crate) fn line(number: u64) -> Line {
    Line {
        report: REPORT.to_owned(),
        line: number,
        file: 0,
        transaction: format!("T{number}"),
        sender: "PADPIDA2013021901W".to_owned(),
        service: "Melody".to_owned(),
        territory: "KR".to_owned(),
        use_type: "OnDemandStream".to_owned(),
        commercial_model: "SubscriptionModel".to_owned(),
        rights_type: RightsType::Master,
        basis: Basis::Received,
        from: Date::constant(2021, 6, 1),
        until: Date::constant(2021, 7, 1),
        isrc: "KRA012100001".to_owned(),
        icpn: String::new(),
        resource_id: "r1".to_owned(),
        title: "Over the River".to_owned(),
        artist: "Han".to_owned(),
        usages: Atoms::ONE,
        currency: Some(Currency::parse("KRW").unwrap()),
        amount: Atoms::ONE,
        subscribed: None,
        adjustment: String::new(),
        unit_price: None,
        price_category: String::new(),
        corrects: String::new(),
    }
}

pub(crate) fn lake() -> (TempDir, Lake) {
    let folder = tempfile::tempdir().unwrap();
    let lake = Lake::open(folder.path().join("lake")).unwrap();
    (folder, lake)
}

pub(crate) fn stage(lake: &Lake, lines: &[Line]) -> StagedReport {
    let report = lines.first().map_or(REPORT, |line| &line.report);
    let mut writer = lake.begin(report).unwrap();
    for line in lines {
        writer.push(line).unwrap();
    }
    writer.finish().unwrap()
}

pub(crate) fn import(lake: &Lake, lines: &[Line]) -> Vec<FileEntry> {
    let staged = stage(lake, lines);
    lake.commit(&staged).unwrap();
    staged.files
}

/// Every file and folder below the root, relative, folders with `/` at the end, in order.
pub(crate) fn tree(root: &Path) -> Vec<String> {
    fn visit(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                found.push(name + "/");
                visit(root, &path, found);
            } else {
                found.push(name);
            }
        }
    }
    let mut found = Vec::new();
    visit(root, root, &mut found);
    found.sort();
    found
}

/// One text line a cell.
pub(crate) fn picture(cells: &Cells) -> String {
    let mut picture = String::new();
    for cell in cells.iter() {
        let key = cell.context;
        let target = match cell.target {
            Target::Product(id) => id.to_string(),
            Target::Recording(id) => id.to_string(),
            Target::Unmatched { isrc, title, .. } => format!("?{isrc} {title}"),
        };
        let currency = key.currency.map_or("-".to_owned(), |c| c.as_str().to_owned());
        picture += &format!(
            "{} {} {} {} {} | {} usages, {} {} | {} lines {}..{}\n",
            key.month,
            key.territory,
            key.rights_type,
            key.basis,
            target,
            cell.usages,
            currency,
            cell.amount,
            cell.lines,
            cell.first_line,
            cell.last_line
        );
    }
    picture
}
