//! Sheets as others deliver them, with what is wrong in them.

use cue::{FrameRate, Imported, clock, import};
use expect_test::{Expect, expect};

fn check(text: &str, expect: Expect) {
    let Imported { sheet, findings } = import("sheet", text.as_bytes(), FrameRate::F25);
    let mut out = format!("{} ({})\n", sheet.head.name(), clock(sheet.head.length_ms));
    for it in &sheet.cues {
        let time = it.start_ms.map_or_else(|| "?".to_owned(), clock);
        let code = it.code.map_or("--", cue::UsageCode::as_str);
        out += &format!(
            "{} {time} +{} {code} [{}] {} | {}\n",
            it.id,
            it.length_ms,
            it.recording,
            it.name(),
            it.note
        );
    }
    for it in findings {
        out += &format!("{it}\n");
    }
    expect.assert_eq(&out);
}

#[test]
fn a_sheet_for_a_society() {
    check(
        "Series/Film Title:;River\nEpisode #;;\nEpisode Number;4\nProgram Length;1:05:00\n\n\
         SEQ #;CUE NAME;COMPOSER;USE;DURATION;ISRC\n\
         1;River Theme;Kim;OT;0:45;\n\
         ;;Lee (writer);;;\n\
         2;\"Rain; soft\";Kim;Underscore;1:30;zz-aaa-21-00001\n\
         3;Loud;Kim;LOUD;2:00;\n\
         4;;Kim;BI;2:00;\n\
         5;Long;Kim;BI;;\n\
         6;Odd;Kim;BI;1:99;\n",
        expect![[r#"
            River 4 (1:05:00.000)
            1 ? +45000 MT [] River Theme | 
            2 ? +90000 BG [ZZAAA2100001] Rain; soft | 
            3 ? +120000 -- [] Loud | usage as delivered: LOUD
            warning cue-code sheet:10: an unknown usage code (LOUD)
            error cue-line sheet:11: neither a title nor a recording (4;;Kim;BI;2:00;)
            error cue-line sheet:12: it does not say how long it sounds (5;Long;Kim;BI;;)
            error cue-line sheet:13: length is no time (1:99)
        "#]],
    );
}

#[test]
fn a_korean_sheet() {
    check(
        "프로그램명,강\n회차,4회\n방송일,2021-13-40\n방송시간,1:05:00\n\
         순번,곡명,가수,사용구분,시작,종료,사용시간\n\
         1,비,김소라,배경음악,00:10:00,00:10:40,0:40\n\
         2,강의 테마,김소라,주제음악,01:04:00,01:06:00,0:30\n\
         3,바람,이준,삽입곡,00:20:00,00:19:00,\n",
        expect![[r#"
            강 4 (1:05:00.000)
            1 0:10:00.000 +40000 BG [] 비 | 
            2 1:04:00.000 +120000 TH [] 강의 테마 | 
            warning cue-cell sheet:3: day of first showing cannot be read (2021-13-40)
            warning cue-length sheet:7: another length than the times say (2,강의 테마,김소라,주제음악,01:04:00,01:06:00,0:30)
            warning cue-beyond sheet:7: it ends after its programme (2,강의 테마,김소라,주제음악,01:04:00,01:06:00,0:30)
            error cue-line sheet:8: it ends before it begins (3,바람,이준,삽입곡,00:20:00,00:19:00,)
        "#]],
    );
}

#[test]
fn subtitles_by_hand() {
    check(
        "WEBVTT Episode 4\n\nSTYLE\n::cue { color: red }\n\n00:10.000 --> 00:12.500 align:start\n[BV] <i>Rain</i>\nby Kim\n\n\
         00:20.000 -> 00:30.000\nno arrow\n\n00:40.000 --> 00:30.000\nbackwards\n\n\
         7\n01:00:00.000 --> 01:00:10.000\n[?] Wind &amp; Rain\n",
        expect![[r#"
             (0:00:00.000)
            1 0:00:10.000 +2500 BV [] Rain | 
            2 1:00:00.000 +10000 -- [] Wind & Rain | usage as delivered: ?
            error cue-line sheet:10: a cue of WebVTT has a line with its times (00:20.000 -> 00:30.000)
            error cue-line sheet:13: times that cannot be read, or an end before its begin (00:40.000 --> 00:30.000)
            warning cue-code sheet:17: an unknown usage code (?)
        "#]],
    );
}

#[test]
fn a_list_from_an_editing_system() {
    check(
        "TITLE: RIVER 104\nFCM: NON-DROP FRAME\n\n\
         001  TAPE1    V     C        00:00:00:00 00:00:05:00 01:00:00:00 01:00:05:00\n\
         002  RAIN     AA    C        00:00:10:00 00:00:20:12 01:00:05:00 01:00:15:12\n\
         * FROM CLIP NAME: RAIN.WAV\n\
         M2   RAIN     026.0                00:00:10:00\n\
         003  WIND     A2    C        00:00:10:00 00:00:20:12 01:00:05:00 01:00:15:30\n\
         004  SUN      A     C        00:00:00:00\n",
        expect![[r#"
            RIVER 104 (0:00:00.000)
            1 1:00:05.000 +10480 -- [] RAIN.WAV | 
            error cue-line sheet:8: no timecode of 25 (003  WIND     A2    C        00:00:10:00 00:00:20:12 01:00:05:00 01:00:15:30)
            error cue-line sheet:9: an event has at least eight columns (004  SUN      A     C        00:00:00:00)
        "#]],
    );
}

#[test]
fn what_is_no_sheet() {
    let texts = [
        "hello\nworld\n",
        "TITLE: x\n",
        "AS03\t1\tA1\n",
        "PK\u{3}\u{4}broken",
        "title,duration\n\"open,1:00\n",
    ];
    let told = texts.map(|it| {
        let findings = import("sheet", it.as_bytes(), FrameRate::F25).findings;
        findings.iter().map(|it| format!("{it}\n")).collect::<String>()
    });
    expect![[r#"
        error cue-form sheet: no line names the columns of a cue sheet
        error cue-form sheet: no event of an edit decision list
        error cue-form sheet: no cue record CU01
        error cue-form sheet: sheet: not a readable archive: invalid Zip archive: Could not find EOCD
        error cue-line sheet:2: a quote that is never closed ("open,1:00)
    "#]].assert_eq(&told.concat());
}
