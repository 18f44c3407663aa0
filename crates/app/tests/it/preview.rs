//! What reports would pay: from plain tables, from parts in any order, packed or not.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use app::Silent;
use app::preview::{PreviewError, PreviewOutcome, PreviewRequest, preview};
use expect_test::expect;

const SHARES: &str = "isrc,payee,share\nZZLMB2100001,kim,0.25\nZZLMB2100001,lee,0.5\n\
                      ZZLMB2100002,lee,1\n";
const RECORDINGS: &str = "isrc,recording,repertoire\nZZLMB2100001,rain,soundtrack\n";

/// A part of a report whose lines share what their summary record states.
fn part(number: u32, lines: &str) -> String {
    let head = format!(
        "HEAD|dsrf/1.1/1.4.1/1.3|BasicAudioProfile|1.4|M1|2026-02-01T00:00:00Z|{number}|2|2026-01-01|\
         2026-01-31|PADPIDA0000000002S|Melody|Melody\n\
         SY02.01|1|||SubscriptionModel|OnDemandStream|KR|Melody|10||EUR|100\n\
         AS01.02|B{number}|A1|t|ZZLMB210000{number}|Rain||Kim||PT3M|SoundRecording\n"
    );
    format!("{head}{lines}").replace('|', "\t")
}

fn request(folder: &Path, files: &[&str]) -> PreviewRequest {
    fs::write(folder.join("shares.csv"), SHARES).unwrap();
    fs::write(folder.join("recordings.csv"), RECORDINGS).unwrap();
    PreviewRequest {
        files: files.iter().map(|it| folder.join(it)).collect::<Vec<PathBuf>>(),
        catalogue: None,
        shares: Some(folder.join("shares.csv")),
        recordings: Some(folder.join("recordings.csv")),
        repertoire: Some("soundtrack".to_owned()),
    }
}

fn said(outcome: &PreviewOutcome) -> String {
    let dues = outcome.preview.dues(&outcome.holdings, true, true).unwrap();
    let dues = dues.iter().map(|it| {
        format!("{} {} {} {}\n", it.payee, it.territory, it.currency.as_str(), it.amount)
    });
    let reports = outcome.reports.iter().map(|it| {
        format!(
            "{}: {} files, {} lines, {:?}\n",
            it.header.message_id, it.files, it.lines, it.faults
        )
    });
    let money = outcome.preview.money.iter().map(|(currency, it)| {
        format!(
            "{currency} {} = {} + {} + {}; {}\n",
            it.revenue, it.shared_out, it.unshared, it.unmatched, it.tagged
        )
    });
    reports.chain(dues).chain(money).collect()
}

#[test]
fn parts_in_any_order_packed_or_not_are_one_report() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("1.tsv"), part(1, "SU02.03|B1|1|T1||A1|TRUE|4\n")).unwrap();
    let second = part(2, "SU02.03|B2|1|T2||A1|TRUE|x\nSU02.03|B2|1|T3||A1|TRUE|3\n");
    let packed = fs::File::create(at.join("2.tsv.gz")).unwrap();
    let mut packed = flate2::write::GzEncoder::new(packed, flate2::Compression::fast());
    packed.write_all(second.as_bytes()).unwrap();
    packed.finish().unwrap();
    let outcome = preview(&request(at, &["2.tsv.gz", "1.tsv"]), &mut Silent).unwrap();
    expect![[r#"
        M1: 2 files, 2 lines, {"ingest-usages": 1}
        kim KR EUR 10
        lee KR EUR 50
        EUR 70 = 60 + 10 + 0; 40
    "#]]
    .assert_eq(&said(&outcome));
    let one = preview(&request(at, &["1.tsv"]), &mut Silent).unwrap_err();
    assert!(matches!(one, PreviewError::Incomplete { expected: 2, given: 1, .. }), "{one}");
}

#[test]
fn what_is_not_there_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("none.tsv"), "SU02.03\tB1\t1\tT1\n").unwrap();
    let error = preview(&request(at, &["none.tsv"]), &mut Silent).unwrap_err();
    assert!(matches!(error, PreviewError::Report { .. }), "{error}");
    let mut wrong = request(at, &[]);
    wrong.repertoire = Some("winter".to_owned());
    let error = preview(&wrong, &mut Silent).unwrap_err();
    assert_eq!(error.to_string(), "no repertoire is called \"winter\"; there are: soundtrack");
}
