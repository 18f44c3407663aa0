//! The sums are those of the usage lines: two ways, one answer.

use std::collections::BTreeMap;

use expect_test::{Expect, expect};
use money::{Atoms, Currency};
use proptest::prelude::*;

use super::{Sums, Tallied, Tally, Worth};
use crate::{Source, ingest_dsr};

const HEAD: &str =
    "HEAD|dsrf/1|UGCProfile|1.4|M1|2026-02-01T00:00:00Z|1|1|2026-01-01|2026-01-31|S\n";

/// Lines, usages and amounts by place, territory and currency.
type Found = BTreeMap<(u32, String, Option<Currency>), (Atoms, Atoms)>;

/// `ISRC…1` is place 1 and so on; others are not known.
fn place(isrc: &str) -> u32 {
    let known = isrc.strip_prefix("ZZLMB210000").and_then(|it| it.parse().ok());
    known.filter(|it| *it > 0).unwrap_or(0)
}

/// One pass, sums; given away all the time when `bytes` is small.
fn summed(text: &str, bytes: usize) -> (Found, Tallied) {
    let mut given: BTreeMap<(u32, usize), [i128; 2]> = BTreeMap::new();
    let mut sink = |place: u32, first: usize, sums: Sums<'_>| {
        let atoms = |it: &[i64; 2]| it.map(|nano| i128::from(nano) * 10_i128.pow(9));
        let sums = match sums {
            Sums::Nano(sums) => sums.iter().map(atoms).collect(),
            Sums::Atoms(sums) => sums.to_vec(),
        };
        for (at, sum) in sums.iter().enumerate().filter(|it| *it.1 != [0, 0]) {
            let cell = given.entry((place, first + at)).or_default();
            *cell = [cell[0] + sum[0], cell[1] + sum[1]];
        }
    };
    let mut tally = Tally::new(&place);
    tally.grid.hold(bytes);
    tally.take("DSR_x.tsv", text.as_bytes(), &mut sink).unwrap();
    let tallied = tally.finish(&mut sink).unwrap();
    let mut sums = Found::new();
    for ((place, at), [weight, usages]) in given {
        let Some(column) = &tallied.columns[at] else { continue };
        let amount = match column.worth {
            Worth::Nothing => Atoms::ZERO,
            Worth::Amounts => Atoms::from_raw(weight),
            Worth::Parts { revenue, whole } => {
                Atoms::from_raw(revenue.raw() / whole.raw() * weight)
            }
        };
        let sum = sums.entry((place, column.territory.clone(), column.currency)).or_default();
        sum.0 = sum.0.checked_add(Atoms::from_raw(usages)).unwrap();
        sum.1 = sum.1.checked_add(amount).unwrap();
    }
    (sums, tallied)
}

/// Two passes, usage lines.
fn by_lines(text: &str) -> (Found, BTreeMap<&'static str, u64>, u64) {
    let source = Source { report: "r", file: 0, name: "DSR_x.tsv" };
    let mut sums = Found::new();
    let mut take = |row: &usage::Row<'_>| {
        let line = row.to_line("r");
        let key = (place(&line.isrc), line.territory.clone(), line.currency);
        let sum = sums.entry(key).or_default();
        sum.0 = sum.0.checked_add(line.usages).unwrap();
        sum.1 = sum.1.checked_add(line.amount).unwrap();
    };
    let ingested =
        ingest_dsr(&source, &mut || Ok(text.as_bytes()), &mut take, &mut |_| {}).unwrap();
    let mut faults: BTreeMap<&'static str, u64> = BTreeMap::new();
    for it in &ingested.quarantined {
        *faults.entry(it.reason).or_default() += 1;
    }
    (sums, faults, ingested.lines)
}

/// Both ways say the same; lines without money have no currency in one way only.
fn agree(body: &str) -> Tallied {
    let text = format!("{HEAD}{body}").replace('|', "\t");
    let (lines, faults, count) = by_lines(&text);
    for bytes in [0, usize::MAX] {
        let (sums, tallied) = summed(&text, bytes);
        assert_eq!(together(&sums), together(&lines), "{text}");
        assert_eq!((&tallied.faults, tallied.lines), (&faults, count), "{text}");
    }
    summed(&text, usize::MAX).1
}

type Usages<'a> = BTreeMap<(u32, &'a str), i128>;
type Amounts<'a> = BTreeMap<(u32, &'a str, Currency), i128>;

/// What two ways must agree on: usages by place and territory, amounts where there are any.
fn together(sums: &Found) -> (Usages<'_>, Amounts<'_>) {
    let (mut usages, mut amounts) = (BTreeMap::new(), BTreeMap::new());
    for ((place, territory, currency), (used, amount)) in sums {
        *usages.entry((*place, territory.as_str())).or_default() += used.raw();
        if let Some(currency) = currency.filter(|_| !amount.is_zero()) {
            *amounts.entry((*place, territory.as_str(), currency)).or_default() += amount.raw();
        }
    }
    usages.retain(|_, it| *it != 0);
    (usages, amounts)
}

fn check(body: &str, expected: &Expect) {
    let tallied = agree(body);
    let columns = tallied.columns.iter().flatten().map(|it| {
        let currency = it.currency.map_or_else(|| "-".to_owned(), |it| it.to_string());
        format!("{} {currency} {} {:?} {} lines\n", it.territory, it.basis, it.worth, it.lines)
    });
    let faults = tallied.faults.iter().map(|(rule, lines)| format!("{rule} {lines}\n"));
    expected.assert_eq(&columns.chain(faults).collect::<String>());
}

const SUMMARIES: &str = "SY02.01|1|||SubscriptionModel|Stream|KR|Svc|6||EUR|60\n\
                         SY02.01|2|||SubscriptionModel|Stream|JP|Svc|6||JPY|60\n\
                         SY02.01|3|||SubscriptionModel|Stream|KR|Svc|6||EUR|60\n";
const RESOURCE: &str = "AS02.02|B1|A1|t1|ZZLMB2100001|Rain||Kim|||SoundRecording\n";

#[test]
fn stated_and_shared_money_side_by_side() {
    let body = format!(
        "{SUMMARIES}{RESOURCE}SU03.02|B1|T1|1|t1|1|2.5\nSU03.02|B1|T2|2|t1|2|-5.123456789012\n\
         SU03.02|B1|T3|2|t1|2|\nSU03.02|B1|T4|1|t1||0.00\nSU02.03|B1|3|T5||A1|TRUE|3\n"
    );
    check(
        &body,
        &expect![[r#"
        KR EUR service-net Amounts 1 lines
        JP JPY service-net Amounts 1 lines
        JP - none Nothing 1 lines
        KR - none Nothing 1 lines
        KR EUR service-net Parts { revenue: Atoms(60000000000000000000), whole: Atoms(6000000000000000000) } 1 lines
    "#]],
    );
}

#[test]
fn what_cannot_be_read_is_counted_under_its_rule() {
    let body = format!(
        "{SUMMARIES}SY02.01|5|||SubscriptionModel|Stream|KR|Svc|6||XQX|\n{RESOURCE}\
         SU03.02|B1|T1|9|t1|1|2.5\nSU03.02|B1|T2|1|t1|x|1\nSU03.02|B1|T3|1|t1|1|1e5\n\
         SU03.02|B1|T4|5|t1|1|1\nSU03.02|B1|T5|5|t1|1|0\nSU03.02|B1|T6|1|t1|1|0.1234567890123456789\n\
         SY02.01|4|||SubscriptionModel|Stream|KR|Svc|6|||1\nSU03.02|B1|T7|4|t1|1|1\n"
    );
    check(
        &body,
        &expect![[r#"
        KR - none Nothing 0 lines
        KR - none Nothing 1 lines
        ingest-amount 2
        ingest-currency 2
        ingest-summary 2
        ingest-usages 1
    "#]],
    );
}

#[test]
fn summary_records_may_come_late_and_twice() {
    let body = format!(
        "{RESOURCE}SU03.02|B1|T1|1|t1|1|2.5\nSU02.03|B1|2|T5||A1|TRUE|3\n{SUMMARIES}\
         SY02.01|1|||SubscriptionModel|Stream|KR|Svc|6||EUR|1\n"
    );
    check(
        &body,
        &expect![[r#"
        KR EUR service-net Amounts 1 lines
        JP JPY service-net Parts { revenue: Atoms(60000000000000000000), whole: Atoms(6000000000000000000) } 1 lines
    "#]],
    );
}

/// A block's records in any number and order, some of them wrong.
fn record() -> impl Strategy<Value = String> {
    let block = "B[12]";
    let resource = (block, "A[123]", "[tA][123]", "(ZZLMB210000[1-4]|ZZ-LMB-21-00002|x)").prop_map(
        |(block, reference, id, isrc)| {
            format!("AS02.02|{block}|{reference}|{id}|{isrc}|Rain||Kim|||SoundRecording")
        },
    );
    let release = (block, "R[12]")
        .prop_map(|(block, reference)| format!("RE01|{block}|{reference}|d|||||Kim||t"));
    let part = (block, "R[12]", "A[123]")
        .prop_map(|(block, reference, used)| format!("RE02.01|{block}|{reference}|d||{used}"));
    let own = (block, "[1259]", "[tA][123]", "([1-9]|x|)", "([0-9]{1,3}(\\.[0-9]{1,12})?|-1|1e5|)")
        .prop_map(|(block, summary, id, usages, revenue)| {
            format!("SU03.02|{block}|T|{summary}|{id}|{usages}|{revenue}")
        });
    let shared = (block, "[349]", "(R[12]|)", "(A[123]|)", "([1-9]|x)").prop_map(
        |(block, summary, release, resource, usages)| {
            format!("SU02.03|{block}|{summary}|T|{release}|{resource}|TRUE|{usages}")
        },
    );
    let returned = (block, "[34]", "A[123]", "[1-9]", "[0-9]").prop_map(
        |(block, summary, resource, usages, returns)| {
            format!("SU01.02|{block}|{summary}|T||{resource}|TRUE|FALSE|{usages}|{returns}")
        },
    );
    prop_oneof![3 => resource, 1 => release, 1 => part, 4 => own, 3 => shared, 1 => returned]
}

proptest! {
    #[test]
    fn one_pass_says_what_two_passes_say(
        records in proptest::collection::vec(record(), 0..40),
        late in any::<bool>(),
    ) {
        // Revenue that any number of usages divides evenly, so that no line is rounded.
        let summaries = "SY02.01|1|||SubscriptionModel|Stream|KR|Svc|1000||EUR|1000\n\
                         SY02.01|2|||SubscriptionModel|Stream|JP|Svc|1000||JPY|3000\n\
                         SY02.01|3|||SubscriptionModel|Stream|US|Svc|1000|||\n\
                         SY02.01|4|||SubscriptionModel|Stream|KR|Svc|1000||EUR|2000\n\
                         SY02.01|5|||SubscriptionModel|Stream|US|Svc|1000|||\n";
        let records = records.join("\n") + "\n";
        let body =
            if late { format!("{records}{summaries}") } else { format!("{summaries}{records}") };
        agree(&body);
    }
}
