use expect_test::{Expect, expect};
use money::{Atoms, Currency, Ratio};
use period::Period;
use proptest::prelude::*;

use super::{
    Answer, By, Limits, ListeningLog, ListeningLogError, Model, Question, WhatIfError, simulate,
    write_csv,
};

/// Ann plays much, Ben little; Ida plays what she asks for.
const LOG: &str = "listener,artist,recording,plays,searched\n\
    ann,Kim,Rain,70,0\nann,Kim,Snow,20,10\nann,Park,Hail,10,0\n\
    ben,Lee,Wind,10,10\nida,Kim,Rain,5,5\nida,Lee,Wind,15,15\n";

fn read(text: &str) -> Result<ListeningLog, ListeningLogError> {
    ListeningLog::read("log.csv", text.as_bytes(), None, Limits::default(), &mut |_| ())
}

fn question(revenue: i64) -> Question {
    let revenue = Some(Atoms::from_units(revenue));
    Question { revenue, ..Question::new(Currency::parse("EUR").unwrap()) }
}

/// Amounts of every model, a line each.
fn shown(answer: &Answer) -> String {
    let names: Vec<String> = answer
        .recipients
        .iter()
        .map(|it| format!("{}{} {}/{}", it.artist, it.recording, it.plays, it.listeners))
        .collect();
    let mut lines = vec![names.join(" | ")];
    for it in &answer.outcomes {
        let amounts = it.amounts.iter().flatten().map(ToString::to_string);
        lines.push(format!(
            "{}: {} (+{} -{} ={}; moved {}; Gini {})",
            it.model.as_str(),
            amounts.collect::<Vec<_>>().join(" | "),
            it.winners,
            it.losers,
            it.unchanged,
            it.moved,
            it.gini.map_or("-".to_owned(), |it| it.to_string()),
        ));
    }
    lines.join("\n")
}

fn check(text: &str, question: &Question, expected: Expect) {
    expected.assert_eq(&shown(&simulate(&read(text).unwrap(), question).unwrap()));
}

#[test]
fn every_model_divides_the_revenue_its_own_way() {
    let mut question = question(300);
    question.artist.plays_min = 90;
    question.artist.listeners_min = 2;
    question.artist.plays_max = 50;
    question.threshold.plays_min = 20;
    check(
        LOG,
        &question,
        expect![[r#"
        Kim 95/2 | Lee 25/2 | Park 10/1
        pro-rata: 219.230769230769230769 | 57.692307692307692308 | 23.076923076923076923 (+0 -0 =3; moved 0; Gini 98076923076923076923/225000000000000000000)
        listener-centric: 115 | 175 | 10 (+1 -2 =0; moved 117.307692307692307692; Gini 11/30)
        artist-centric: 205.714285714285714286 | 85.714285714285714286 | 8.571428571428571428 (+1 -2 =0; moved 28.021978021978021978; Gini 10952380952380952381/25000000000000000000)
        threshold: 237.5 | 62.5 | 0 (+2 -1 =0; moved 23.076923076923076923; Gini 19/36)
        shapley: 100 | 150 | 50 (+2 -1 =0; moved 119.230769230769230769; Gini 2/9)"#]],
    );
    question.by = By::Recording;
    question.models = vec![Model::Threshold, Model::Shapley];
    check(
        LOG,
        &question,
        expect![[r#"
        KimRain 75/2 | KimSnow 20/1 | LeeWind 25/2 | ParkHail 10/1
        pro-rata: 173.076923076923076923 | 46.153846153846153846 | 57.692307692307692308 | 23.076923076923076923 (+0 -0 =4; moved 0; Gini 76923076923076923077/200000000000000000000)
        threshold: 187.5 | 50 | 62.5 | 0 (+3 -1 =0; moved 23.076923076923076923; Gini 23/48)
        shapley: 83.333333333333333334 | 33.333333333333333333 | 150 | 33.333333333333333333 (+2 -2 =0; moved 102.564102564102564102; Gini 66666666666666666667/200000000000000000000)"#]],
    );
}

#[test]
fn fees_weigh_listeners_and_may_be_the_revenue() {
    let text =
        "listener,artist,fee,plays\nann,Kim,10.99,1\nben,Lee,5.49,3\nben,Kim,,1\nida,Lee,,4\n";
    check(
        text,
        &question(1648),
        expect![[r#"
        Kim 2/2 | Lee 7/2
        pro-rata: 366.222222222222222222 | 1281.777777777777777778 (+0 -0 =2; moved 0; Gini 228888888888888888889/824000000000000000000)
        listener-centric: 1236.25 | 411.75 (+1 -1 =0; moved 870.027777777777777778; Gini 1649/6592)
        artist-centric: 366.222222222222222222 | 1281.777777777777777778 (+0 -0 =2; moved 0; Gini 228888888888888888889/824000000000000000000)
        threshold:  (+0 -0 =2; moved 0; Gini -)
        shapley: 1373.5 | 274.5 (+1 -1 =0; moved 1007.277777777777777778; Gini 1099/3296)"#]],
    );
    let mut of_fees =
        Question { revenue: None, share: Ratio::parse("65%").unwrap(), ..question(1) };
    check(
        text,
        &of_fees,
        expect![[r#"
        Kim 2/2 | Lee 7/2
        pro-rata: 2.380444444444444444 | 8.331555555555555556 (+0 -0 =2; moved 0; Gini 743888888888888889/2678000000000000000)
        listener-centric: 8.035625 | 2.676375 (+1 -1 =0; moved 5.655180555555555556; Gini 1649/6592)
        artist-centric: 2.380444444444444444 | 8.331555555555555556 (+0 -0 =2; moved 0; Gini 743888888888888889/2678000000000000000)
        threshold:  (+0 -0 =2; moved 0; Gini -)
        shapley: 8.92775 | 1.78425 (+1 -1 =0; moved 6.547305555555555556; Gini 1099/3296)"#]],
    );
    of_fees.fee = Some(Atoms::from_units(4));
    check(
        text,
        &of_fees,
        expect![[r#"
        Kim 2/2 | Lee 7/2
        pro-rata: 2.958222222222222222 | 10.353777777777777778 (+0 -0 =2; moved 0; Gini 1848888888888888889/6656000000000000000)
        listener-centric: 8.035625 | 5.276375 (+1 -1 =0; moved 5.077402777777777778; Gini 849/8192)
        artist-centric: 2.958222222222222222 | 10.353777777777777778 (+0 -0 =2; moved 0; Gini 1848888888888888889/6656000000000000000)
        threshold:  (+0 -0 =2; moved 0; Gini -)
        shapley: 8.92775 | 4.38425 (+1 -1 =0; moved 5.969527777777777778; Gini 699/4096)"#]],
    );
    let log = read(text).unwrap();
    assert_eq!(simulate(&log, &question(1)).unwrap().without_fee, 1);
    assert_eq!(simulate(&log, &of_fees).unwrap().without_fee, 0);
}

#[test]
fn a_period_is_paid_and_what_was_before_it_counts_for_the_threshold() {
    let text =
        "listener;recording;day\na;R;2026-05-31\na;R;2026-06-01\nb;S;2026-06-30\nb;S;2026-07-01\n";
    let period = Some(Period::parse("2026-06").unwrap());
    let log =
        ListeningLog::read("log.csv", text.as_bytes(), period, Limits::default(), &mut |_| ())
            .unwrap();
    let days = log.days.map(|it| [it.0.to_string(), it.1.to_string()]);
    assert_eq!((log.rows, log.rows_outside, log.pairs()), (4, 2, 2));
    assert_eq!(days, Some(["2026-06-01".to_owned(), "2026-06-30".to_owned()]));
    let mut question = question(10);
    question.threshold.plays_min = 2;
    question.models = vec![Model::Threshold];
    expect![[r#"
        R 1/1 | S 1/1
        pro-rata: 5 | 5 (+0 -0 =2; moved 0; Gini 0)
        threshold: 10 | 0 (+1 -1 =0; moved 5; Gini 1/2)"#]]
    .assert_eq(&shown(&simulate(&log, &question).unwrap()));
    let without_days =
        ListeningLog::read("x", LOG.as_bytes(), period, Limits::default(), &mut |_| ());
    assert!(matches!(without_days, Err(ListeningLogError::NoDay { .. })));
}

#[test]
fn bad_rows_are_told_and_left_out() {
    let text = "Listener,Artist,ISRC,Plays,Searched,Fee,Mood\n\
        ann,Kim,ZZLMB2100001,3,1,9,glad\n,Kim,ZZLMB2100001,3,1,9,\nann,,ZZLMB2100001,3,1,9,\n\
        ann,Kim,ZZ,3,1,9,\nann,Kim,,3,1,9,\nann,Kim,ZZLMB2100001,-3,1,9,\nann,Kim,ZZLMB2100001,1,2,9,\n\
        ann,Kim,ZZLMB2100001,1000000001,2,9,\nann,Kim,ZZLMB2100001,1,0,-9,\n\n\
        ann,Kim,ZZLMB2100001,1\nann,Kim,zz-lmb-21-00001,1,0,8,\nann,\"Kim,ZZLMB2100001,1,0,9,\n";
    let log = read(text).unwrap();
    assert_eq!((log.rows, log.rows_bad, log.pairs(), log.findings_count), (12, 10, 1, 12));
    let told: Vec<String> = log.findings.iter().map(ToString::to_string).collect();
    expect![[r#"
        note listening-column-unknown log.csv:1: a column that a log does not have (Mood)
        error listening-row-malformed log.csv:3: no listener (,Kim,ZZLMB2100001,3,1,9,)
        error listening-row-malformed log.csv:4: no artist (ann,,ZZLMB2100001,3,1,9,)
        error listening-row-malformed log.csv:5: not a valid ISRC: 2 characters, expected 12, or 15 with hyphens (ann,Kim,ZZ,3,1,9,)
        error listening-row-malformed log.csv:6: no isrc (ann,Kim,,3,1,9,)
        error listening-row-malformed log.csv:7: plays is no whole number from 0 to 1000000000 (ann,Kim,ZZLMB2100001,-3,1,9,)
        error listening-row-malformed log.csv:8: 2 searched plays of 1 plays (ann,Kim,ZZLMB2100001,1,2,9,)
        error listening-row-malformed log.csv:9: plays is no whole number from 0 to 1000000000 (ann,Kim,ZZLMB2100001,1000000001,2,9,)
        error listening-row-malformed log.csv:10: a fee below zero (ann,Kim,ZZLMB2100001,1,0,-9,)
        error listening-row-malformed log.csv:12: 4 cells, and the header has 7 (ann,Kim,ZZLMB2100001,1)
        warning listening-fee-unclear log.csv:13: a listener who pays 9 and 8; the larger counts (ann)
        error listening-row-malformed log.csv:14: a quote that is never closed (ann,"Kim,ZZLMB2100001,1,0,9,)"#]].assert_eq(&told.join("\n"));
    check(
        text,
        &question(1),
        expect![[r#"
        Kim 4/1
        pro-rata: 1 (+0 -0 =1; moved 0; Gini 0)
        listener-centric: 1 (+0 -0 =1; moved 0; Gini 0)
        artist-centric: 1 (+0 -0 =1; moved 0; Gini 0)
        threshold:  (+0 -0 =1; moved 0; Gini -)
        shapley: 1 (+0 -0 =1; moved 0; Gini 0)"#]],
    );
}

#[test]
fn hostile_logs_are_refused() {
    let said = |text: &str, limits: Limits| match ListeningLog::read(
        "log.csv",
        text.as_bytes(),
        None,
        limits,
        &mut |_| (),
    ) {
        Ok(log) => format!("{} rows, {} bad", log.rows, log.rows_bad),
        Err(error) => error.to_string(),
    };
    let small = Limits { listeners_max: 1, titles_max: 2, name_bytes_max: 20, ..Limits::default() };
    let usual = Limits::default();
    let long = format!("listener,artist\na,{}\nb,{}\n", "k".repeat(300), "k".repeat(9000));
    let many = "listener,artist\na,x\n".to_owned() + &"a,x,\n".repeat(2000);
    let lines = [
        said("", usual),
        said("a,b\n", usual),
        said("listener,plays\n", usual),
        said("listener,artist,artist\n", usual),
        said("\0\u{1}\u{2}", usual),
        said("listener,artist\na,x\nb,x\n", small),
        said("listener,artist\na,x\na,y\na,z\n", small),
        said("listener,artist\na,xxxxxxxxxxxxxxxxxxx\na,y\n", small),
        said(&long, usual),
        said(&many, usual),
    ];
    expect![[r#"
        log.csv: no header; a log begins with a line such as listener,artist,recording,plays
        log.csv: the header names no column listener; a log begins with a line such as listener,artist,recording,plays
        log.csv: the header names no column artist, recording or isrc; a log begins with a line such as listener,artist,recording,plays
        log.csv: the column artist stands there twice; a log begins with a line such as listener,artist,recording,plays
        log.csv: the header names no column listener; a log begins with a line such as listener,artist,recording,plays
        log.csv:3: more than 1 listeners
        log.csv:4: more than 2 recordings
        log.csv:2: more than 20 bytes of names
        2 rows, 2 bad
        2001 rows, 2000 bad"#]].assert_eq(&lines.join("\n"));
    assert_eq!(read(&many).unwrap().findings.len(), 1000);
    let pairs = Limits { cells_max: 1 << 16, ..usual };
    let mut text = "listener,artist\n".to_owned();
    (0..200_000).for_each(|it| text.push_str(&format!("a{},k\n", it % 140_000)));
    assert_eq!(
        said(&text, pairs),
        "log.csv:131073: more than 65536 pairs of listener and recording"
    );
}

#[test]
fn there_is_no_answer_without_plays_or_revenue() {
    let silent = read("listener,artist,plays\na,x,0\n").unwrap();
    assert_eq!(simulate(&silent, &question(1)).unwrap_err(), WhatIfError::NoPlay);
    let log = read(LOG).unwrap();
    let none = Question { revenue: None, ..question(1) };
    assert_eq!(simulate(&log, &none).unwrap_err(), WhatIfError::NoRevenue);
    // Nobody reaches the usual threshold of 1,000 plays, so nothing is divided.
    let answer = simulate(&log, &question(1)).unwrap();
    let threshold = answer.outcomes.iter().find(|it| it.model == Model::Threshold).unwrap();
    assert!(threshold.amounts.is_none() && threshold.groups.is_empty());
}

#[test]
fn every_row_of_the_table_says_that_it_is_a_simulation() {
    let mut question = question(300);
    question.models = vec![Model::ListenerCentric];
    let mut text = Vec::new();
    write_csv(&mut text, &simulate(&read(LOG).unwrap(), &question).unwrap()).unwrap();
    expect![[r#"
        kind,model,rank,artist,recording,plays,listeners,currency,pro_rata,amount,change,change_percent
        simulation,pro-rata,1,Kim,,95,2,EUR,219.230769230769230769,219.230769230769230769,0,0.0000
        simulation,pro-rata,2,Lee,,25,2,EUR,57.692307692307692308,57.692307692307692308,0,0.0000
        simulation,pro-rata,3,Park,,10,1,EUR,23.076923076923076923,23.076923076923076923,0,0.0000
        simulation,listener-centric,1,Kim,,95,2,EUR,219.230769230769230769,115,-104.230769230769230769,-47.5439
        simulation,listener-centric,2,Lee,,25,2,EUR,57.692307692307692308,175,117.307692307692307692,+203.3333
        simulation,listener-centric,3,Park,,10,1,EUR,23.076923076923076923,10,-13.076923076923076923,-56.6667
    "#]].assert_eq(&String::from_utf8(text).unwrap());
}

/// Listener, artist, recording, plays, searched plays, fee.
type Play = (u8, u8, u8, u32, u32, u8);

fn text_of(plays: &[Play]) -> String {
    let row = |(listener, artist, recording, plays, searched, fee): &Play| {
        let searched = searched % (plays + 1);
        format!("l{listener},a{artist},r{recording},{plays},{searched},{fee}\n")
    };
    let rows: String = plays.iter().map(row).collect();
    format!("listener,artist,recording,plays,searched,fee\n{rows}")
}

fn play() -> impl Strategy<Value = Play> {
    (0..9_u8, 0..5_u8, 0..4_u8, 0..3000_u32, any::<u32>(), 0..20_u8)
}

proptest! {
    #[test]
    fn every_model_divides_exactly_the_revenue_in_any_order(
        plays in proptest::collection::vec(play(), 1..60).prop_shuffle(),
        raw in 1..i128::MAX / 1000,
        by_recording: bool,
        least in 0..4000_u64,
    ) {
        let mut question = question(1);
        question.revenue = Some(Atoms::from_raw(raw));
        question.by = if by_recording { By::Recording } else { By::Artist };
        question.artist.plays_min = least;
        question.artist.listeners_min = 2;
        question.artist.active = Ratio::parse("3/2").unwrap();
        question.threshold.plays_min = least;
        let answer = simulate(&read(&text_of(&plays)).unwrap(), &question);
        let mut plays = plays;
        plays.sort_unstable();
        let again = simulate(&read(&text_of(&plays)).unwrap(), &question);
        match (answer, again) {
            (Ok(answer), Ok(again)) => {
                prop_assert_eq!(shown(&answer), shown(&again));
                for it in &answer.outcomes {
                    if let Some(amounts) = &it.amounts {
                        let sum = Atoms::checked_sum(amounts.iter().copied());
                        prop_assert_eq!(sum, question.revenue, "{}", it.model.as_str());
                        prop_assert!(amounts.iter().all(|it| !it.is_negative()));
                        let groups = it.groups.iter().map(|it| it.amount);
                        prop_assert_eq!(Atoms::checked_sum(groups), question.revenue);
                    }
                }
            }
            (answer, again) => prop_assert_eq!(answer.err(), again.err()),
        }
    }

    #[test]
    fn listener_centric_is_pro_rata_where_all_play_and_pay_the_same(
        artists in proptest::collection::vec(proptest::collection::vec(0..7_u8, 12), 1..30),
        raw in 1..i128::MAX / 1000,
        fee in 1..2000_u32,
    ) {
        let mut text = "listener,artist,fee\n".to_owned();
        for (listener, plays) in artists.iter().enumerate() {
            plays.iter().for_each(|it| text.push_str(&format!("l{listener},a{it},{fee}\n")));
        }
        let question = Question { revenue: Some(Atoms::from_raw(raw)), ..question(1) };
        let answer = simulate(&read(&text).unwrap(), &question).unwrap();
        let of = |model| answer.outcomes.iter().find(|it| it.model == model).unwrap();
        let (before, after) = (of(Model::ProRata), of(Model::ListenerCentric));
        prop_assert_eq!(&before.amounts, &after.amounts);
        prop_assert_eq!(after.winners + after.losers, 0);
    }

    /// Beside a slow model that adds up fractions, listener by listener.
    #[test]
    fn amounts_are_near_their_exact_values(
        plays in proptest::collection::vec(play(), 1..12),
        units in 1..1_000_000_i64,
    ) {
        let log = read(&text_of(&plays)).unwrap();
        let Ok(answer) = simulate(&log, &question(units)) else { return Ok(()) };
        for (model, per_artist) in [(Model::ListenerCentric, false), (Model::Shapley, true)] {
            let outcome = answer.outcomes.iter().find(|it| it.model == model).unwrap();
            let Some(amounts) = &outcome.amounts else { continue };
            for (at, it) in answer.recipients.iter().enumerate() {
                let Some(exact) = exact(&plays, &it.artist, per_artist, units) else { continue };
                let off = amounts[at].raw() - exact;
                prop_assert!(off.abs() <= 2 * 9, "{} is off by {off}", it.artist);
            }
        }
    }
}

/// `units * Σ_j f_j s_ij / Σ f_j` in atoms, rounded down, from the rows themselves; `None` where the
/// fractions need more than 128 bits.
fn exact(plays: &[Play], artist: &str, per_artist: bool, units: i64) -> Option<i128> {
    let mut sum = Ratio::ZERO;
    let mut fees = 0;
    for listener in 0..9 {
        let own: Vec<&Play> = plays.iter().filter(|it| it.0 == listener && it.3 > 0).collect();
        let Some(_) = own.first() else { continue };
        let rows = plays.iter().filter(|it| it.0 == listener);
        let fee = rows.map(|it| u128::from(it.5)).max()?;
        fees += fee;
        let of = |it: &&Play| format!("a{}", it.1) == artist;
        let (part, whole) = match per_artist {
            true => {
                let artists: std::collections::BTreeSet<u8> = own.iter().map(|it| it.1).collect();
                (u128::from(own.iter().copied().any(|it| of(&it))), artists.len() as u128)
            }
            false => {
                let sum = |of: &dyn Fn(&&Play) -> bool| {
                    own.iter().copied().filter(|it| of(it)).map(|it| u128::from(it.3)).sum::<u128>()
                };
                (sum(&of), sum(&|_| true))
            }
        };
        sum = sum.checked_add(Ratio::new(part.checked_mul(fee)?, whole)?)?;
    }
    let share = Ratio::new(sum.num(), sum.den().checked_mul(fees)?)?;
    Atoms::from_units(units).mul_ratio(share, money::Rounding::Down).map(Atoms::raw)
}
