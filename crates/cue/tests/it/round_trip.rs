//! What is written is read back: our own table whole, the other forms in all that they carry.

use catalog::Catalog;
use cue::{
    Cue, CueSheet, EdlOptions, FrameRate, Imported, Lookup, TEMPO_AS_RECORDED, import, import_dsr,
    import_table, komca_table, own_table, pro_table, write_dsr, write_edl, write_vtt,
};
use expect_test::expect;
use proptest::prelude::*;

use super::cases;
use super::made::sheet;

fn read(bytes: &[u8]) -> CueSheet {
    let Imported { sheet, findings } = import("sheet", bytes, FrameRate::F25);
    assert!(findings.is_empty(), "{findings:?}\n{}", String::from_utf8_lossy(bytes));
    sheet
}

/// What every form carries of a cue: its times, its music and, but for DSR, its code.
type Carried = (Option<u64>, u64, String, String, String, Option<cue::UsageCode>);

fn carried(it: &Cue) -> Carried {
    let names = [&it.recording, &it.title, &it.artist].map(|it| it.trim().to_owned());
    let [recording, title, artist] = names;
    (it.start_ms, it.length_ms, recording, title, artist, it.code)
}

fn all(cues: &[Cue]) -> Vec<Carried> {
    cues.iter().map(carried).collect()
}

fn head(sheet: &CueSheet) -> [String; 5] {
    let it = &sheet.head;
    let [a, b, c, d] = [&it.production, &it.title, &it.episode_title, &it.provider];
    let numbers = format!("{:?} {:?} {:?} {}", it.season, it.episode, it.aired, it.length_ms);
    [a, b, c, d, &numbers].map(|it| it.trim().to_owned())
}

fn placed(sheet: &CueSheet) -> Vec<&Cue> {
    sheet.cues.iter().filter(|it| it.start_ms.is_some()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(48)))]

    #[test]
    fn our_own_table_is_the_sheet(sheet in sheet()) {
        prop_assert_eq!(&read(own_table(&sheet).to_csv().as_bytes()), &sheet);
        let book = own_table(&sheet).to_workbook("Cues").unwrap();
        prop_assert_eq!(all(&import_table("b", &book).sheet.cues), all(&sheet.cues));
    }

    #[test]
    fn the_societies_tables_carry_times_music_and_code(sheet in sheet()) {
        let catalog = Catalog::default();
        let lookup = Lookup::new(&catalog, &["ko"]);
        for table in [pro_table(&sheet, &lookup), komca_table(&sheet, &lookup)] {
            let back = read(table.to_csv().as_bytes());
            prop_assert_eq!(head(&back), head(&sheet));
            // A start that is not told comes with a length to the second.
            prop_assert_eq!(placed(&back).len(), placed(&sheet).len());
            for (back, cue) in back.cues.iter().zip(&sheet.cues) {
                if cue.start_ms.is_some() {
                    prop_assert_eq!(carried(back), carried(cue));
                } else {
                    prop_assert!(back.length_ms.abs_diff(cue.length_ms) <= 500);
                }
            }
        }
    }

    #[test]
    fn subtitles_carry_times_music_and_code(sheet in sheet()) {
        let back = read(write_vtt(&sheet).as_bytes());
        prop_assert_eq!(head(&back), head(&sheet));
        let told: Vec<_> = placed(&sheet).into_iter().map(carried).collect();
        prop_assert_eq!(all(&back.cues), told);
    }

    #[test]
    fn an_edit_decision_list_is_within_half_a_frame(sheet in sheet()) {
        for rate in FrameRate::ALL {
            let text = write_edl(&sheet, EdlOptions { rate, first_frame: 0 }).unwrap();
            let Imported { sheet: back, findings } = import("edl", text.as_bytes(), rate);
            let told = placed(&sheet);
            prop_assert!(findings.is_empty() || told.is_empty(), "{:?}\n{}", findings, text);
            prop_assert_eq!(back.cues.len(), told.len());
            for cue in told {
                let back = back.cue(cue.id).unwrap();
                let near = |a: Option<u64>, b: Option<u64>| a.unwrap().abs_diff(b.unwrap()) <= 21;
                prop_assert!(near(back.start_ms, cue.start_ms) && near(back.end_ms(), cue.end_ms()));
                prop_assert!(back.tempo_ppm.abs_diff(cue.tempo_ppm) <= 50);
                prop_assert_eq!(back.tempo_ppm == TEMPO_AS_RECORDED, cue.tempo_ppm == TEMPO_AS_RECORDED);
                prop_assert_eq!(&back.title, cue.name().trim());
                prop_assert_eq!(&back.recording, cue.recording.trim());
                prop_assert_eq!(back.code, cue.code);
            }
        }
    }

    #[test]
    fn cue_records_carry_times_and_music(sheet in sheet()) {
        let catalog = Catalog::default();
        let lookup = Lookup::new(&catalog, &["ko"]);
        let bytes = write_dsr(std::slice::from_ref(&sheet), &header(), &lookup).unwrap();
        let (back, findings) = import_dsr("dsr", &bytes);
        prop_assert!(findings.is_empty() || sheet.cues.is_empty(), "{:?}", findings);
        for back in back {
            prop_assert_eq!(&back.head.production, &sheet.head.production);
            prop_assert_eq!(back.head.episode, sheet.head.episode);
            let times = |cues: &[Cue]| cues.iter().map(|it| (it.start_ms, it.length_ms)).collect::<Vec<_>>();
            prop_assert_eq!(times(&back.cues), times(&sheet.cues));
        }
    }

    #[test]
    fn whatever_the_bytes_are_they_are_read_or_told(bytes in prop::collection::vec(any::<u8>(), 0..300), start in 0_usize..6) {
        let starts: [&[u8]; 6] = [b"", b"WEBVTT\n\n", b"TITLE: x\n001 AX A C ", b"PK\x03\x04", b"title,duration\n", b"AS03\t1\tA1\n"];
        let Imported { sheet, findings } =
            import("any", &[starts[start], &bytes].concat(), FrameRate::F25);
        let ids: std::collections::BTreeSet<u32> = sheet.cues.iter().map(|it| it.id).collect();
        prop_assert_eq!(ids.len(), sheet.cues.len());
        prop_assert!(findings.iter().all(|it| it.rule.starts_with("cue-")));
        let again = import("again", own_table(&sheet).to_csv().as_bytes(), FrameRate::F25).sheet;
        prop_assert_eq!(all(&again.cues), all(&sheet.cues));
    }
}

#[test]
fn cue_records_are_valid() {
    let catalog = Catalog::default();
    let cue = Cue {
        start_ms: Some(3_661_500),
        length_ms: 30_000,
        recording: "ZZAAA2100001".to_owned(),
        title: "비".to_owned(),
        ..Cue::default()
    };
    let mut sheet = CueSheet { cues: vec![cue], ..CueSheet::default() };
    sheet.head.title = "강".to_owned();
    sheet.head.length_ms = 3_900_000;
    let bytes = write_dsr(&[sheet], &header(), &Lookup::new(&catalog, &["ko"])).unwrap();
    let mut told = String::from_utf8_lossy(&bytes).replace('\t', "|");
    dsr::check("DSR.tsv", &bytes[..], &mut |it| told += &format!("{it}\n")).unwrap();
    expect![[r#"
        HEAD|dsrf/1.1/1.4.1/1.3|AudioVisualProfile|1.3|1|2021-07-01T00:00:00Z|1|1|2021-06-01|2021-06-30|PADPIDA0000000000A|Sender|Drama|PADPIDA0000000000B|Recipient|All
        AS03.02|1|A1|A1||||Episode|강||강||||PT1H5M0S|||||||||||||||||
        CU01.01|1|A1|PT1H1M1.5S|PT30S|ZZAAA2100001||비|||||||||
        FOOT|4|4|0|1|1
        warning dsr-block-grammar DSR.tsv:2 AS03: a block without sales transactions
    "#]].assert_eq(&told);
}

fn header() -> dsr::Header {
    let text = str::to_owned;
    dsr::Header {
        message_version: text("dsrf/1.1/1.4.1/1.3"),
        profile_name: text("AudioVisualProfile"),
        profile_version: text("1.3"),
        message_id: text("1"),
        created: text("2021-07-01T00:00:00Z"),
        file_number: text("1"),
        number_of_files: text("1"),
        usage_start: text("2021-06-01"),
        usage_end: text("2021-06-30"),
        sender_party_id: text("PADPIDA0000000000A"),
        sender_name: text("Sender"),
        service_description: text("Drama"),
        recipient_party_id: text("PADPIDA0000000000B"),
        recipient_name: text("Recipient"),
        represented_repertoire: vec![text("All")],
    }
}
