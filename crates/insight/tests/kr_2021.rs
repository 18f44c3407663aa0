//! The chart data that come with the project give the share that their provenance states.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use catalog::{Catalog, artist_key, title_key};
use ident::RepertoireId;
use insight::{Measure, Question, share};
use money::Atoms;
use period::{Month, Period};
use testkit::{Cell, table};
use usage::{Basis, CellKey, Context, RightsType, Target};

fn target(catalogue: &Catalog, title: &str, artist: &str) -> Target {
    let found = catalogue.recordings.values().find(|recording| {
        recording.spellings().any(|spelling| title_key(spelling) == title_key(title))
            && recording.artist_spellings().any(|name| artist_key(name) == artist_key(artist))
    });
    match found {
        Some(recording) => Target::Recording(recording.id.clone()),
        None => Target::Unmatched {
            isrc: String::new(),
            icpn: String::new(),
            title: title.to_owned(),
            artist: artist.to_owned(),
        },
    }
}

#[test]
fn the_share_of_drama_music_in_a_chart() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data/kr-2021");
    let mut files = BTreeMap::new();
    for file in fs::read_dir(root.join("catalog")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        files.insert(name, fs::read_to_string(&path).unwrap());
    }
    let (catalogue, _) = catalog::read_files(&files);
    let mut cells = Vec::new();
    for record in csv::Reader::from_path(root.join("daily.csv")).unwrap().records() {
        let record = record.unwrap();
        let context = Context {
            report: "chart".to_owned(),
            sender: "chart".to_owned(),
            service: "chart".to_owned(),
            territory: "KR".to_owned(),
            use_type: "OnDemandStream".to_owned(),
            commercial_model: String::new(),
            rights_type: RightsType::Unspecified,
            basis: Basis::NoMoney,
            month: Month::parse(&record[0][..7]).unwrap(),
            subscribed: None,
            currency: None,
            unit_price: None,
            price_category: String::new(),
        };
        let key = CellKey { context, target: target(&catalogue, &record[1], &record[2]) };
        let usages = Atoms::parse(&record[3]).unwrap();
        let amount = Atoms::ZERO;
        cells.push(Cell { key, usages, amount, lines: 1, first_line: 1, last_line: 1 });
    }
    let question = Question {
        catalog: &catalogue,
        repertoire: &catalogue.repertoires[&RepertoireId::parse("kdrama-ost").unwrap()],
        measure: Measure::Streams,
        territory: Some("KR".to_owned()),
        rights_type: None,
        period: Period::parse("2021-02..2021-10").unwrap(),
    };
    let found = share(&table(&cells), &question).unwrap();
    assert_eq!(found.numerator, Atoms::from_units(2_000_325));
    assert_eq!(found.unmatched, Atoms::from_units(27_695));
    assert_eq!(found.denominator, Atoms::from_units(130_617_741));
    assert_eq!(found.percents(2), Some(("1.53".to_owned(), "1.55".to_owned())));
}
