//! Policy files, and what they say of checkpoints.

use std::error::Error as _;

use expect_test::{Expect, expect};
use proptest::prelude::*;
use tlog::policy::{Policy, Quorum};
use tlog::{CosignerKey, VerifierKey};

use crate::cosign::{checkpoint, cosigned, log, witness};

/// Witness number `seed` from 1, called `w1` and so on.
fn key(seed: u8) -> CosignerKey {
    witness(&format!("witness.example/{seed}"), 100 + seed)
}

/// Replaces `<log>` and `<1>`, `<2>` … by keys.
fn policy(text: &str) -> String {
    let mut out = text.replace("<log>", &log("log.example", 1).verifier_key().to_string());
    for seed in (1..=40).rev() {
        out = out.replace(&format!("<{seed}>"), &key(seed).witness_key().to_string());
    }
    out
}

const TWO_LEVELS: &str = "\
log <log> https://log.example/

  # two of three here, one of three there
witness X1 <1>
witness X2 <2>\thttps://w2.example
witness X3 <3>
group X-witnesses 2 X1 X2 X3
witness Y1 <4>
witness Y2 <5>
witness Y3 <6>
group Y-witnesses any Y1 Y2 Y3
group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
";

#[test]
fn a_policy_prints_back() {
    let read = Policy::parse(policy(TWO_LEVELS)).unwrap();
    expect![[r#"
        log <log> https://log.example/
        witness X1 <1>
        witness X2 <2> https://w2.example
        witness X3 <3>
        witness Y1 <4>
        witness Y2 <5>
        witness Y3 <6>
        group X-witnesses 2 X1 X2 X3
        group Y-witnesses any Y1 Y2 Y3
        group X-and-Y all X-witnesses Y-witnesses
        quorum X-and-Y
    "#]]
    .assert_eq(&shown(&read.to_string()));
    assert_eq!(Policy::parse(read.to_string()), Ok(read));
    let alone = Policy::of_log(log("log.example", 1).verifier_key());
    assert_eq!(Policy::parse(policy("log <log>\nquorum none\n")), Ok(alone));
    assert!(Policy::parse(b"#\xff\xfe\nquorum none\n").unwrap().logs().is_empty());
}

/// Keys back to their short names.
fn shown(text: &str) -> String {
    let mut out = text.replace(&log("log.example", 1).verifier_key().to_string(), "<log>");
    for seed in 1..=40 {
        out = out.replace(&key(seed).witness_key().to_string(), &format!("<{seed}>"));
    }
    out
}

fn refused(text: &str, expected: Expect) {
    let error = Policy::parse(policy(text)).unwrap_err();
    let mut said = format!("{}: {}", error.line, error.fault);
    if let Some(source) = error.fault.source() {
        said.push_str(&format!(": {source}"));
    }
    expected.assert_eq(&shown(&said));
}

#[test]
fn what_no_policy_says() {
    refused(
        "",
        expect!["1: no quorum line in the file (`quorum none` says that no witness is needed)"],
    );
    refused(
        "log <log>\n\n",
        expect!["2: no quorum line in the file (`quorum none` says that no witness is needed)"],
    );
    refused("quorum none", expect!["1: the last line does not end with a line feed"]);
    refused(
        "quorum none\r\n",
        expect!["1: control character at byte 12 of the line (lines end with a line feed alone)"],
    );
    refused("quorum none\nquorum none\n", expect!["2: a second quorum line"]);
    refused("logs <log>\n", expect![[r#"1: "logs" is none of log, witness, group, quorum"#]]);
    refused("log\n", expect!["1: a log line is `log <vkey> [<url>]`"]);
    refused("log <log> a b\n", expect!["1: a log line is `log <vkey> [<url>]`"]);
    refused("witness a\n", expect!["1: a witness line is `witness <name> <vkey> [<url>]`"]);
    refused(
        "group a all\n",
        expect!["1: a group line is `group <name> all|any|<number> <member>...`"],
    );
    refused("quorum\n", expect!["1: a quorum line is `quorum <name>|none`"]);
    refused(
        "log <1>\n",
        expect![
            "1: not a key of a log: signature type 0x04 where 0x01 is wanted (0x01 signs as a log, 0x04 cosigns as a witness)"
        ],
    );
    refused(
        "witness a <log>\n",
        expect![
            "1: not a key of a witness: signature type 0x01 where 0x04 is wanted (0x01 signs as a log, 0x04 cosigns as a witness)"
        ],
    );
    refused("log <log>\nlog <log>\n", expect!["2: this public key stands on a line above already"]);
    refused(
        "witness a <1>\nwitness b <1>\n",
        expect!["2: this public key stands on a line above already"],
    );
    refused("witness a <1>\nwitness a <2>\n", expect![[r#"2: the name "a" is taken"#]]);
    refused("witness none <1>\n", expect![[r#"1: the name "none" is taken"#]]);
    refused("witness a <1>\ngroup a all a\n", expect![[r#"2: the name "a" is taken"#]]);
    refused("group g all a\nwitness a <1>\n", expect![[r#"1: no line above defines "a""#]]);
    refused("quorum a\nwitness a <1>\n", expect![[r#"1: no line above defines "a""#]]);
    refused("witness a <1>\ngroup g all g\n", expect![[r#"2: no line above defines "g""#]]);
    refused("witness a <1>\ngroup g all a none\n", expect![[r#"2: no line above defines "none""#]]);
    refused(
        "witness a <1>\ngroup g all a a\n",
        expect![[r#"2: "a" is a member of a group already"#]],
    );
    refused(
        "witness a <1>\ngroup g all a\ngroup h any a\n",
        expect![[r#"3: "a" is a member of a group already"#]],
    );
    for threshold in ["0", "2", "01", "-1", "some", "18446744073709551616"] {
        let text = format!("witness a <1>\ngroup g {threshold} a\nquorum g\n");
        let fault = Policy::parse(policy(&text)).unwrap_err().fault.to_string();
        assert_eq!(
            fault,
            format!("the threshold {threshold:?} is not all, any or a number from 1 to 1")
        );
    }
    // One public key as log and as witness would be one voice counted twice.
    let both = witness("w", 1).witness_key();
    let text = format!("log <log>\nwitness w {both}\nquorum w\n");
    refused(&text, expect!["2: this public key stands on a line above already"]);
    let error = Policy::parse(b"witness \xff x\n").unwrap_err();
    assert_eq!(error.fault.to_string(), "not UTF-8");
}

#[test]
fn forty_of_each_are_enough_for_anybody() {
    let mut text = String::from("log <log>\n");
    for seed in 2..=40 {
        let key: VerifierKey = log(&format!("log{seed}"), seed).verifier_key();
        text.push_str(&format!("log {key}\n"));
    }
    for seed in 1..=40 {
        text.push_str(&format!("witness w{seed} <{seed}>\ngroup g{seed} all w{seed}\n"));
    }
    let groups: Vec<String> = (1..=40).map(|it| format!("g{it}")).collect();
    text.push_str(&format!("group top 33 {}\nquorum top\n", groups.join(" ")));
    let policy = Policy::parse(policy(&text)).unwrap();
    assert_eq!(
        (policy.logs().len(), policy.witnesses().len(), policy.groups().len()),
        (40, 40, 41)
    );
    let keys: Vec<CosignerKey> = (1..=40).map(key).collect();
    let by: Vec<_> = keys.iter().zip(1000..).collect();
    let judged = policy.judge(&cosigned(&checkpoint(), &by)).unwrap();
    assert_eq!(judged.quorum.time, Some(1032), "the 33rd of forty");
    assert_eq!(judged.witnesses.len(), 40);
    let judged = policy.judge(&cosigned(&checkpoint(), &by[..32])).unwrap();
    assert!(!judged.quorum.met);
}

/// The numbers and times of cosignatures, and what the policy says.
fn judged(text: &str, by: &[(u8, u64)]) -> Quorum {
    let keys: Vec<(CosignerKey, u64)> = by.iter().map(|(seed, time)| (key(*seed), *time)).collect();
    let by: Vec<_> = keys.iter().map(|(key, time)| (key, *time)).collect();
    let policy = Policy::parse(policy(text)).unwrap();
    policy.judge(&cosigned(&checkpoint(), &by)).unwrap().quorum
}

fn check(text: &str, by: &[(u8, u64)], expected: Expect) {
    let Quorum { met, have, needed, members, time } = judged(text, by);
    let word = if met { "met" } else { "not met" };
    let time = time.map_or("never".to_owned(), |time| time.to_string());
    expected.assert_eq(&format!("{word}: {have} of {members}, {needed} needed, at {time}"));
}

#[test]
fn quorums() {
    let none = "log <log>\nwitness a <1>\nquorum none\n";
    check(none, &[], expect!["met: 0 of 0, 0 needed, at never"]);
    check(none, &[(1, 5)], expect!["met: 0 of 0, 0 needed, at never"]);
    let one = "log <log>\nwitness a <1>\nwitness b <2>\nquorum a\n";
    check(one, &[], expect!["not met: 0 of 1, 1 needed, at never"]);
    check(one, &[(2, 5)], expect!["not met: 0 of 1, 1 needed, at never"]);
    check(one, &[(2, 5), (1, 7)], expect!["met: 1 of 1, 1 needed, at 7"]);
    let two = "log <log>\nwitness a <1>\nwitness b <2>\nwitness c <3>\ngroup g 2 a b c\nquorum g\n";
    check(two, &[(1, 9)], expect!["not met: 1 of 3, 2 needed, at never"]);
    check(two, &[(1, 9), (3, 4)], expect!["met: 2 of 3, 2 needed, at 9"]);
    check(two, &[(1, 9), (3, 4), (2, 6)], expect!["met: 3 of 3, 2 needed, at 6"]);
    check(two, &[(1, 9), (1, 2), (3, 4)], expect!["met: 2 of 3, 2 needed, at 4"]);
    check(TWO_LEVELS, &[(1, 9), (2, 5), (3, 1)], expect!["not met: 1 of 2, 2 needed, at never"]);
    check(TWO_LEVELS, &[(1, 9), (2, 5), (3, 1), (6, 2)], expect!["met: 2 of 2, 2 needed, at 5"]);
    check(TWO_LEVELS, &[(1, 9), (2, 5), (3, 1), (6, 8)], expect!["met: 2 of 2, 2 needed, at 8"]);
    check(TWO_LEVELS, &[(1, 9), (4, 5)], expect!["not met: 1 of 2, 2 needed, at never"]);
}

#[test]
fn whom_a_policy_does_not_trust() {
    let said = |text: &str, note: &tlog::Note| {
        let error = Policy::parse(policy(text)).unwrap().judge(note).unwrap_err();
        match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        }
    };
    let note = checkpoint();
    let impostor = log("log.example", 7).verifier_key();
    let other = log("other.example", 8);
    let by_other = tlog::Note::sign(note.text(), &[&other]).unwrap();
    let mut lines = note.signatures().to_vec();
    lines.extend(key(1).cosign("another text\n", 5).ok());
    let spoiled = note.with_signatures(lines).unwrap();
    let no_checkpoint = tlog::Note::sign("hello\n", &[&log("log.example", 1)]).unwrap();
    let found = [
        said("quorum none\n", &note),
        said(&format!("log {impostor}\nquorum none\n"), &note),
        said(&format!("log <log>\nlog {}\nquorum none\n", other.verifier_key()), &by_other),
        said("log <log>\nwitness a <1>\nquorum none\n", &spoiled),
        said("log <log>\nquorum none\n", &no_checkpoint),
    ];
    expect![[r#"
        no log of the policy is called "log.example"
        the signed note was refused: no known key signed the note
        the signed note was refused: no known key signed the note
        the signed note was refused: bad signature of known key witness.example/1 (37474598)
        the note is no checkpoint: not the lines of a checkpoint"#]]
    .assert_eq(&found.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(crate::cases(256)))]

    #[test]
    fn bytes_never_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "((log|witness|group|quorum|none|all|any|2|a|b|#)?[ \t\n]){0,30}",
    ) {
        let _ = Policy::parse(bytes).is_ok();
        if let Ok(policy) = Policy::parse(&text) {
            prop_assert_eq!(Policy::parse(policy.to_string()), Ok(policy));
        }
    }

    /// A second count, over subsets: the quorum is met at the first time at which those who had
    /// cosigned by then are enough.
    #[test]
    fn the_time_of_a_quorum_is_when_it_was_first_met(
        times in prop::collection::vec((1_u8..7, 1_u64..50), 0..7),
    ) {
        let all = judged(TWO_LEVELS, &times);
        let mut moments: Vec<u64> = times.iter().map(|it| it.1).collect();
        moments.sort_unstable();
        let first = moments.into_iter().find(|moment| {
            let by: Vec<_> = times.iter().filter(|it| it.1 <= *moment).copied().collect();
            let has = |numbers: &[u8]| numbers.iter().filter(|it| by.iter().any(|by| by.0 == **it)).count();
            has(&[1, 2, 3]) >= 2 && has(&[4, 5, 6]) >= 1
        });
        prop_assert_eq!(all.time, first);
        prop_assert_eq!(all.met, first.is_some());
    }
}
