use expect_test::expect;
use proptest::prelude::*;

use super::*;
use crate::{Limits, Reader};

fn header(profile: &str, file: &str, files: &str) -> Header {
    Header {
        message_version: "dsrf/1.1/1.4.1/1.3".to_owned(),
        profile_name: profile.to_owned(),
        profile_version: "1.3".to_owned(),
        message_id: "M1".to_owned(),
        created: "2026-02-03T04:05:06Z".to_owned(),
        file_number: file.to_owned(),
        number_of_files: files.to_owned(),
        usage_start: "2026-01-01".to_owned(),
        usage_end: "2026-01-31".to_owned(),
        sender_party_id: "PADPIDA0000000001A".to_owned(),
        sender_name: "Sender".to_owned(),
        represented_repertoire: vec!["One".to_owned(), "Two".to_owned()],
        ..Header::default()
    }
}

fn summary(total: &str) -> [(Field, Value<'_>); 7] {
    [
        (Field::SummaryRecordId, "S1".into()),
        (Field::CommercialModel, "SubscriptionModel".into()),
        (Field::Territory, "KR".into()),
        (Field::ServiceDescription, "Service".into()),
        (Field::TotalUsages, total.into()),
        (Field::CurrencyOfReporting, "KRW".into()),
        (Field::NetRevenue, "1000".into()),
    ]
}

fn block<W: Write>(writer: &mut Writer<W>, id: &str) -> Result<(), WriteError> {
    writer.record(
        "AS02.03",
        &[
            (Field::BlockId, id.into()),
            (Field::ResourceReference, "A1".into()),
            (Field::DspResourceId, "D1".into()),
            (Field::ResourceTitle, "Title".into()),
            (Field::ResourceDisplayArtistName, "Artist".into()),
            (Field::ResourceType, "SoundRecording".into()),
        ],
    )?;
    writer.record(
        "SU02.03",
        &[
            (Field::BlockId, id.into()),
            (Field::SummaryRecordId, "S1".into()),
            (Field::SalesTransactionId, id.into()),
            (Field::TransactedResource, "A1".into()),
            (Field::Usages, "7".into()),
        ],
    )?;
    Ok(())
}

fn findings(bytes: &[u8]) -> Vec<String> {
    let mut seen = Vec::new();
    crate::check("w.tsv", bytes, &mut |finding| seen.push(finding.to_string())).unwrap();
    seen
}

#[test]
fn a_written_report_has_no_finding() {
    let mut writer = Writer::new(Vec::new(), &header("BasicAudioProfile", "1", "1")).unwrap();
    writer.comment("hand-made").unwrap();
    writer.record("SY01.03", &summary("14")).unwrap();
    block(&mut writer, "1").unwrap();
    writer.deal(&["DE01".into(), Value::Many(&["a", "b"])]).unwrap();
    block(&mut writer, "2").unwrap();
    let (bytes, totals) = writer.finish().unwrap();
    assert_eq!(findings(&bytes), Vec::<String>::new());
    assert_eq!(totals, Totals { lines: 9, summary_records: 1, blocks: 2 });
    let last = bytes.rsplit(|byte| *byte == b'\n').nth(1).unwrap();
    expect!["FOOT\t9\t9\t1\t2\t2"].assert_eq(std::str::from_utf8(last).unwrap());
}

#[test]
fn a_split_report_counts_on() {
    let write = |file: &str, earlier: Totals| {
        let header = header("BasicAudioProfile", file, "2");
        let mut writer = Writer::new(Vec::new(), &header).unwrap().after(earlier);
        writer.record("SY01.03", &summary("14")).unwrap();
        block(&mut writer, file).unwrap();
        writer.finish().unwrap()
    };
    let (first, totals) = write("1", Totals::default());
    let (second, _) = write("2", totals);
    let foot = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().last().unwrap().to_owned();
    expect!["FOOT\t5\t\t1\t1\t\nFOOT\t5\t10\t1\t1\t2"].assert_eq(&format!(
        "{}\n{}",
        foot(&first),
        foot(&second)
    ));
    assert_eq!(findings(&first), Vec::<String>::new());
    assert_eq!(findings(&second), Vec::<String>::new());
}

#[test]
fn a_single_record_report_ends_in_srfo() {
    let mut writer = Writer::new(Vec::new(), &header("BasicAudioProfileSRB", "1", "1")).unwrap();
    writer.record("SY01.03", &summary("5")).unwrap();
    writer
        .record(
            "SR02.01",
            &[
                (Field::SummaryRecordId, "S1".into()),
                (Field::DspResourceId, "D1".into()),
                (Field::ResourceTitle, "Title".into()),
                (Field::ResourceDisplayArtistName, "Artist".into()),
                (Field::ResourceType, "SoundRecording".into()),
                (Field::DspReleaseId, "P1".into()),
                (Field::ReleaseTitle, "Release".into()),
                (Field::ReleaseDisplayArtistName, "Artist".into()),
                (Field::SalesTransactionId, "T1".into()),
                (Field::IsRoyaltyBearing, "TRUE".into()),
                (Field::Usages, "5".into()),
            ],
        )
        .unwrap();
    let (bytes, _) = writer.finish().unwrap();
    assert_eq!(findings(&bytes), Vec::<String>::new());
    assert!(bytes.ends_with(b"\nSRFO\t4\t1\n"));
}

#[test]
fn what_is_not_valid_is_refused() {
    let new = || Writer::new(Vec::new(), &header("BasicAudioProfile", "1", "1")).unwrap();
    let mut seen = String::new();
    let mut note = |result: Result<u64, WriteError>| seen += &format!("{}\n", result.unwrap_err());
    note(Writer::new(Vec::new(), &header("Basic", "1", "1")).map(|_| 0));
    note(new().record("SY99", &[]));
    note(new().record("FOOT", &[]));
    note(new().record("SR02.01", &[]));
    note(new().record("RE02", &[(Field::BlockId, "1".into())]));
    note(new().record("RE02", &[(Field::NetRevenue, "1".into())]));
    note(new().record("RE02", &[(Field::BlockId, Value::Many(&["1", "2"]))]));
    note(new().record("RE02", &[(Field::BlockId, "a|b".into())]));
    note(new().record("RE02", &[(Field::BlockId, "\"a\"".into())]));
    note(new().record("RE02", &[(Field::BlockId, "a\nb".into())]));
    note(new().deal(&["SU02".into()]));
    let mut writer = new();
    block(&mut writer, "1").unwrap();
    block(&mut writer, "2").unwrap();
    note(writer.record("SY01.03", &summary("1")));
    note(block(&mut writer, "1").map(|()| 0));
    expect![[r#"
        "Basic" is no profile
        no table of record "SY99"
        FOOT cannot come here
        SR02.01 cannot come here
        RE02 needs ReleaseReference
        RE02 has no cell NetRevenue
        RE02 BlockId holds one value only
        "a|b" needs an escape
        "\"a\"" needs an escape
        "a\nb" has a line break
        no table of record "SU02"
        SY01.03 cannot come here
        block "1" was left before
    "#]]
    .assert_eq(&seen);
}

proptest! {
    #[test]
    fn what_was_written_is_read(
        one in "[a-z\"|\\\\\t é]{0,12}",
        many in proptest::collection::vec("[a-z\"|\\\\\t é]{0,6}", 0..4),
    ) {
        let mut writer =
            Writer::with(Vec::new(), &header("BasicAudioProfile", "1", "1"), Ending::CrLf, Escape::Force)
                .unwrap();
        let texts: Vec<&str> = many.iter().map(String::as_str).collect();
        writer.deal(&["DE01".into(), Value::One(&one), Value::Many(&texts), "".into()]).unwrap();
        let (bytes, _) = writer.finish().unwrap();
        let record = Reader::new("w", &bytes[..], Limits::default()).nth(1).unwrap().unwrap();
        prop_assert_eq!(record.len(), 4);
        prop_assert_eq!(record.cell(1).text(), one.as_str());
        let values: Vec<_> = record.cell(2).values().collect();
        if texts != [""] {
            prop_assert_eq!(values, texts);
        }
    }
}
