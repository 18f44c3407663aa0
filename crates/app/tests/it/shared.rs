//! Checks against data that may not be handed on, where it is at hand.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use app::reports::{ImportOutcome, check, import, import_chart};
use app::share::{ShareOutcome, ShareRequest, Sources, share_of_market};
use app::{Home, Silent, catalogue};
use flate2::read::GzDecoder;
use ident::RepertoireId;
use insight::Measure;
use period::Period;

use crate::stage::{NOW, Stage};

/// The reference data, if it lies beside the repository.
fn shared(below: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(below);
    if folder.exists() {
        return Some(folder);
    }
    eprintln!("skipped: no {}", folder.display());
    None
}

fn shipped(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../data").join(below)
}

const DAILY: &str = "charts/spotify_kr_daily_2021/korea_daily_top200.csv.gz";

fn share_of(chart: &Path) -> (ImportOutcome, ShareOutcome) {
    let mut stage = Stage::new();
    let folder = shipped("kr-2021/catalog");
    let learned = catalogue::import(&mut stage.home, &folder, false, NOW).unwrap();
    assert!(!catalogue::has_error(&learned.findings), "{:?}", learned.findings);
    let outcome = import_chart(&mut stage.home, chart, "KR", "daily", NOW).unwrap();
    let request = ShareRequest {
        rights_type: None,
        repertoire: RepertoireId::parse("kdrama-ost").unwrap(),
        measure: Measure::Streams,
        territory: Some("KR".to_owned()),
        period: Period::parse("2021").unwrap(),
        sources: Sources::Charts,
        sender: None,
        market: None,
    };
    (outcome, share_of_market(&stage.home, &request).unwrap())
}

#[test]
fn the_whole_chart_gives_the_shares_of_the_shipped_extract() {
    let Some(chart) = shared(DAILY) else { return };
    let (whole, of_whole) = share_of(&chart);
    let (extract, of_extract) = share_of(&shipped("kr-2021/daily.csv"));
    assert_eq!((whole.lines, whole.quarantined, extract.quarantined), (48_776, 0, 0));
    let months = |it: &ShareOutcome| {
        let month = |(month, share): &(period::Month, insight::Share)| {
            (*month, share.numerator, share.denominator, share.lower)
        };
        it.months.iter().map(month).collect::<Vec<_>>()
    };
    assert_eq!(months(&of_whole), months(&of_extract));
    assert_eq!(of_whole.months.len(), 9);
    assert_eq!(of_whole.productions, of_extract.productions);
    assert_eq!(of_whole.share.numerator, money::Atoms::from_units(2_000_325));
    assert_eq!(of_whole.share.denominator, money::Atoms::from_units(130_617_741));
}

/// Streams by day, title and artist.
type Counts = BTreeMap<(String, String, String), u64>;

fn counts(source: impl Read) -> Counts {
    let mut reader = csv::Reader::from_reader(source);
    let names = reader.headers().unwrap().clone();
    let at = |name: &str| names.iter().position(|it| it.eq_ignore_ascii_case(name)).unwrap();
    let [day, song, artist, streams] = ["date", "song", "artist", "streams"].map(at);
    let mut counts = Counts::new();
    for record in reader.records() {
        let record = record.unwrap();
        let key = [day, song, artist].map(|at| record[at].to_owned());
        let streams: u64 = record[streams].replace(',', "").parse().unwrap();
        *counts.entry(key.into()).or_default() += streams;
    }
    counts
}

#[test]
fn the_shipped_extract_is_that_of_the_chart() {
    let Some(chart) = shared(DAILY) else { return };
    let whole = counts(GzDecoder::new(File::open(chart).unwrap()));
    let extract = counts(File::open(shipped("kr-2021/daily.csv")).unwrap());
    let days = |counts: &Counts| {
        let mut days: BTreeMap<String, u64> = BTreeMap::new();
        for ((day, ..), streams) in counts {
            *days.entry(day.clone()).or_default() += streams;
        }
        days
    };
    assert_eq!(days(&whole), days(&extract));
    let mut songs = 0;
    for (key, streams) in extract.iter().filter(|((_, song, _), _)| !song.starts_with('[')) {
        assert_eq!(whole.get(key), Some(streams), "{key:?}");
        songs += 1;
    }
    // And the other way round: of those recordings, no day of the chart is left out.
    let kept: std::collections::BTreeSet<_> = extract.keys().map(|it| (&it.1, &it.2)).collect();
    let charted = whole.keys().filter(|it| kept.contains(&(&it.1, &it.2))).count();
    assert_eq!((songs, kept.len()), (charted, 23 + 2));
}

fn import_all(home: &mut Home, folder: &Path) -> Vec<ImportOutcome> {
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).collect();
    paths.sort();
    let chart = |path: &PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let territory = name[..2].to_uppercase();
        import_chart(home, path, &territory, "chart", NOW).unwrap()
    };
    paths.iter().map(chart).collect()
}

#[test]
fn the_other_charts_come_in_whole() {
    let mut stage = Stage::new();
    for (folder, files, lines) in [
        ("charts/spotify_kr_weekly_2021_2022", 1, 10_800),
        ("charts/kworb_daily_top50_2026", 7, 7 * 10_450),
    ] {
        let Some(folder) = shared(folder) else { return };
        let outcomes = import_all(&mut stage.home, &folder);
        assert_eq!(outcomes.len(), files);
        let mut total = 0;
        for it in &outcomes {
            // One row of one chart has a day, a rank and a title, and nothing else.
            let aside = usize::from(it.report.message_id.contains("sg_daily"));
            let kept = stage.home.store.quarantine(&it.report.id).unwrap();
            assert_eq!((it.quarantined, kept.len()), (aside, aside), "{:?}", it.report);
            assert_eq!(it.counts.values().sum::<u64>(), aside as u64, "{:?}", it.report);
            let bare = b"2026-07-19,36,,BTS - NORMAL,,,,,,,,";
            assert!(kept.iter().all(|it| it.raw == bare && it.line == 8_736), "{kept:?}");
            total += it.lines + aside as u64;
        }
        assert_eq!(total, lines, "{}", folder.display());
    }
}

#[test]
fn whatever_lies_among_the_samples_is_checked_without_a_panic() {
    let Some(folder) = shared("dsr") else { return };
    let mut open = vec![folder];
    let mut files = 0;
    while let Some(folder) = open.pop() {
        for it in fs::read_dir(folder).unwrap() {
            let path = it.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let outcome = check(&path).unwrap();
            files += 1;
            let base = path.file_name().unwrap().to_string_lossy();
            assert!(outcome.findings.iter().all(|it| it.position.file == base), "{base}");
            let is_report = base.contains(".tsv");
            assert!(is_report || !outcome.findings.is_empty(), "{base} passes for a report");
        }
    }
    assert!(files >= 14, "{files}");
}

#[test]
fn the_first_sample_comes_in_with_all_its_revenue() {
    let Some(folder) = shared("dsr/orfium_ddex_samples") else { return };
    let named = |it: &PathBuf| it.to_string_lossy().contains("UnlimitedMusicMonthly");
    let path = fs::read_dir(folder).unwrap().map(|it| it.unwrap().path()).find(named).unwrap();
    let mut stage = Stage::new();
    let outcome = import(&mut stage.home, &[path], NOW, &mut Silent).unwrap().remove(0);
    let amounts: Vec<_> = outcome
        .amounts
        .iter()
        .map(|((basis, currency), amount)| format!("{currency} {amount} {basis}"))
        .collect();
    assert_eq!(amounts, ["GBP 5000 service-net"]);
}
