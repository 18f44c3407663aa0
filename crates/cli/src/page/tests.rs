//! Pages of sample statements, looked at piece by piece.

use std::collections::BTreeMap;

use ::statement::{
    AmountLine, ContextNote, Measure, MovementNote, OpenNote, Places, RecordingNote, Rounded,
    SourceNote, Statement, StatementBuilder, Subject, TermNote,
};
use expect_test::{Expect, expect};
use money::{Atoms, Currency, Ratio, Rounding};

use super::{IndexHead, IndexRow, Look, Productions, index_page, statement_page, text};
use crate::words::Language;

mod exchanged;
mod forms;

/// The page of a statement, in English, without a catalogue.
fn page(it: &Statement) -> String {
    let productions = Productions::default();
    statement_page(it, &Look { language: Language::En, productions: &productions })
}

fn atoms(text: &str) -> Atoms {
    Atoms::parse(text).unwrap()
}

fn ratio(text: &str) -> Ratio {
    Ratio::parse(text).unwrap()
}

fn won() -> Currency {
    Currency::parse("KRW").unwrap()
}

/// A statement with a line for each amount received; the term gives 17/40 of it.
fn sample(received: &[&str], opening: &str) -> Statement {
    let mut builder = StatementBuilder::new(Subject {
        account: "payee:singer".into(),
        name: "가수 & Co".into(),
        operator: "Sample Music".into(),
        period: "2021-06".into(),
        settlement: "2021-06".into(),
        currency: won(),
    });
    for (at, text) in received.iter().enumerate() {
        let reported = atoms(text);
        let share = |rounding| reported.mul_ratio(ratio("17/40"), rounding).unwrap();
        let amount = share(Rounding::Down);
        let exact = amount == share(Rounding::Floor) && amount == share(Rounding::Ceil);
        let line = u64::try_from(at).unwrap() * 3 + 12;
        let figures = AmountLine {
            report_lines: [2, line, line + 1],
            usages: atoms("1200"),
            reported,
            received: reported,
            amount,
            rounded: if exact { Rounded::Exact } else { Rounded::Down },
        };
        let places = Places { source: 0, recording: at % 20, term: 0, context: at % 2 };
        builder.line(places, &figures, source, || recording(at), term, || context(at));
    }
    let account = "advance:deal/a1/singer";
    let movement = MovementNote {
        agreement: "deal".into(),
        amount: atoms("-100"),
        kind: "recoup".into(),
        origin: "2021-07-01".into(),
        other: account.into(),
        reference: "a1".into(),
    };
    let open = OpenNote { account: account.into(), closing: atoms("900"), opening: atoms("1000") };
    builder.finish(atoms(opening), vec![movement], vec![open]).unwrap()
}

fn source() -> SourceNote {
    SourceNote {
        basis: "received".into(),
        because: String::new(),
        because_of: String::new(),
        currency: won(),
        licence: String::new(),
        licence_rate: Ratio::ONE,
        message_id: "M1".into(),
        rate: Ratio::ONE,
        rate_day: String::new(),
        rate_over: String::new(),
        rate_source: String::new(),
        report: "3f2a88c0d1e2f3a4".into(),
        restated: String::new(),
        restates: String::new(),
        sender: "PADPIDA2013020802I".into(),
        service: "Sample".into(),
        sha256: "ab".repeat(32),
    }
}

fn recording(at: usize) -> RecordingNote {
    RecordingNote {
        artist: "Singer \"S\"".into(),
        id: if at == 0 { String::new() } else { format!("song-{}", at % 20) },
        isrc: String::new(),
        title: if at == 0 {
            "<script>alert(1)</script>".into()
        } else {
            format!("비 {}", at % 20)
        },
    }
}

fn term() -> TermNote {
    TermNote {
        agreement: "deal".into(),
        fraction: ratio("17/40"),
        kind: "profit-share".into(),
        of: ratio("17/20"),
        rate: ratio("1/2"),
        term: "t1".into(),
        words: "half of what is left".into(),
        measure: Measure::Received,
    }
}

fn context(at: usize) -> ContextNote {
    ContextNote {
        commercial_model: "SubscriptionModel".into(),
        month: if at.is_multiple_of(2) { "2021-06" } else { "2021-05" }.into(),
        territory: if at.is_multiple_of(2) { "KR" } else { "US" }.into(),
        use_type: "OnDemandStream".into(),
        price_category: String::new(),
        unit_price: String::new(),
    }
}

/// What stands between tags, a line for each table row, from `start` until `end`.
fn visible(page: &str, start: &str, end: &str) -> String {
    let page = page.split_once(start).unwrap().1.split_once(end).unwrap().0;
    let mut out = String::new();
    for row in page.split("</tr>").flat_map(|it| it.split("</p>")) {
        let pieces = row.split('<').map(|it| it.split_once('>').map_or(it, |(_, text)| text));
        let pieces: Vec<&str> = pieces.map(str::trim).filter(|it| !it.is_empty()).collect();
        if !pieces.is_empty() {
            out.push_str(&pieces.join(" | "));
            out.push('\n');
        }
    }
    out
}

fn check(actual: &str, expected: Expect) {
    expected.assert_eq(actual);
}

#[test]
fn text_from_outside_is_escaped_everywhere() {
    let mut hostile = sample(&["100", "-20"], "0");
    let evil = "\"><script>alert('x')</script></style><!--";
    for text in [&mut hostile.account, &mut hostile.name, &mut hostile.operator] {
        text.push_str(evil);
    }
    hostile.period = evil.into();
    hostile.settlement = evil.into();
    let it = &mut hostile.contexts[0];
    for text in [&mut it.month, &mut it.territory, &mut it.use_type, &mut it.commercial_model] {
        *text = evil.into();
    }
    let it = &mut hostile.sources[0];
    for text in [&mut it.basis, &mut it.licence, &mut it.message_id, &mut it.report] {
        *text = evil.into();
    }
    for text in [&mut it.sender, &mut it.service, &mut it.sha256] {
        *text = evil.into();
    }
    for text in [&mut it.rate_day, &mut it.rate_over, &mut it.rate_source] {
        *text = evil.into();
    }
    let it = &mut hostile.terms[0];
    for text in [&mut it.agreement, &mut it.kind, &mut it.term, &mut it.words] {
        *text = evil.into();
    }
    let it = &mut hostile.recordings[0];
    (it.artist, it.isrc) = (evil.into(), evil.into());
    let it = &mut hostile.movements[0];
    for text in [&mut it.agreement, &mut it.kind, &mut it.origin, &mut it.other] {
        *text = evil.into();
    }
    hostile.movements[0].reference = evil.into();
    hostile.open[0].account = evil.into();
    let page = page(&hostile);
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    let totals = BTreeMap::from([((won(), evil.to_owned()), atoms("1"))]);
    let head = IndexHead { settlement: evil, period: evil, operator: evil, totals: &totals };
    let row = IndexRow {
        account: evil,
        name: evil,
        currency: won(),
        earned: atoms("1"),
        payable: atoms("1"),
        stem: evil,
    };
    for page in [page, index_page(Language::En, &head, &[row])] {
        assert!(!page.contains("<script") && !page.contains("<!--"));
        assert_eq!(page.matches("</style>").count(), 1);
        assert!(!page.contains("http:") && !page.contains("https:") && !page.contains("url("));
    }
    assert_eq!(text::css_string("a\"\\"), r#""a\000022\00005c""#);
    assert_eq!(text::escape("a\0\u{1b}b"), "a\u{fffd}\u{fffd}b");
}

#[test]
fn the_large_figure_and_the_balance() {
    let page = page(&sample(&["2938000.2647058823529411", "0.5"], "0.5"));
    check(
        &visible(&page, "class=\"due\">", "Where it came from"),
        expect![[r#"
            Amount payable | KRW | 1,248,550 | 0.824999999999999967 is below the smallest unit of KRW and is carried forward. | The opening balance of 0.5, less what was paid since, is counted in. | Balance | KRW, exact
            Opening balance | due before this settlement | 0.5
            Earned | the sum of 2 lines | 1,248,650.324999999999999967
            Moved | paid, kept back, held, released or passed on: see below | −100
            Closing balance | opening + earned + moved | 1,248,550.824999999999999967
            Payable | the closing balance, rounded down to what can be paid | 1,248,550
            Carried forward | closing − payable | 0.824999999999999967
            What moved, and what stands open | Open before | Moved now | Open after
            advance:deal/a1/singer | 1,000 | −100 | 900
        "#]],
    );
}

#[test]
fn sums_are_ranked_and_negative_ones_stay_visible() {
    let mut received = vec!["10"; 20];
    received[3] = "-40";
    received[7] = "0.0001";
    let page = page(&sample(&received, "0"));
    assert!(page.contains("<svg class=\"below\""));
    check(
        &visible(&page, "Where it came from</h2>", "Every line</h2>"),
        expect![[r#"
            Amounts are rounded to 2 decimals for reading, and shares are of everything earned; an outlined bar is a negative amount. Every line below is exact.
            By service | KRW | Share
            Sample | , | PADPIDA2013020802I | 59.50 | 100.0 %
            Earned | 59.50
            The catalogue ties none of the recordings to a production.
            By recording | KRW | Share
            비 3 | , | Singer &quot;S&quot; | −17.00 | −28.6 %
            &lt;script&gt;alert(1)&lt;/script&gt; | , | Singer &quot;S&quot;, not matched | 4.25 | 7.1 %
            비 1 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 2 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 4 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 5 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 6 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 8 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 9 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 10 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 11 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            비 12 | , | Singer &quot;S&quot; | 4.25 | 7.1 %
            8 other recordings | 29.75 | 50.0 %
            Earned | 59.50
            By month of use | KRW | Share
            2021-05 | 17.00 | 28.6 %
            2021-06 | 42.50 | 71.4 %
            Earned | 59.50
            By territory | KRW | Share
            KR | 42.50 | 71.4 %
            US | 17.00 | 28.6 %
            Earned | 59.50
        "#]],
    );
}

#[test]
fn a_line_says_why() {
    let page = page(&sample(&["1000.2647058823529411"], "0"));
    check(
        &visible(&page, "<tbody class=\"line\">", "</tfoot>"),
        expect![[r#"
            1 | &lt;script&gt;alert(1)&lt;/script&gt; | Singer &quot;S&quot; | , no ISRC, not matched | 2021-06 | KR | 1,200 | 1,000.2647058823529411 | 1,000.2647058823529411 | 425.112499999999999967 | rounded down
            half of what is left (deal/t1): | 1/2 × 17/20 = 17/40 | OnDemandStream, SubscriptionModel; report 3f2a88c0, M1, lines 12–13
            Earned, 1 line | 425.112499999999999967
        "#]],
    );
    check(
        &visible(&page, "rests on</h2>", "How to check"),
        expect![[r#"
            Sales reports | Service, sender | Report, message id | States | SHA-256 of the report as received
            Sample | PADPIDA2013020802I | 3f2a88c0 | d1e2f3a4 | M1 | money received | abababababababababababababababababababababababababababababababab
            Terms | Agreement, term | Kind | In words | rate × of = fraction
            deal | t1 | profit-share | half of what is left | 1/2 × 17/20 = 17/40
        "#]],
    );
}

#[test]
fn a_sum_that_cannot_be_counted_is_a_dash() {
    let mut it = sample(&["10", "10"], "0");
    for line in &mut it.lines {
        line.amount = Atoms::from_raw(i128::MAX);
    }
    it.lines[1].recording = 7;
    it.lines[1].term = 7;
    let page = page(&it);
    assert!(page.contains("2 lines</th><td class=\"n\" colspan=\"2\">—</td>"));
}

#[test]
fn a_long_statement_says_what_is_left_out() {
    let received: Vec<String> = (0..2_500).map(|it| (it + 1).to_string()).collect();
    let received: Vec<&str> = received.iter().map(String::as_str).collect();
    let page = page(&sample(&received, "0"));
    assert_eq!(page.matches("<tbody class=\"line\">").count(), 2_000);
    check(
        &visible(&page, "Every line</h2>", "<div class=\"wide\">"),
        expect![[r#"
            Amounts are in KRW with all their decimals. What is received is the reported amount times the licence’s rate; the amount is what is received times the term’s fraction, rounded by less than one in its eighteenth decimal.
            This page shows the 2,000 lines with the largest amounts; 500 lines are left out, together KRW 53,231.25. | The CSV, JSON, PDF and XLSX files of this statement hold all 2,500 lines.
        "#]],
    );
    check(
        &visible(&page, "<tbody class=\"line\">", "</tbody>"),
        expect![[r#"
            2500 | 비 19 | Singer &quot;S&quot; | , no ISRC | 2021-05 | US | 1,200 | 2,500 | 2,500 | 1,062.5 | exact
            half of what is left (deal/t1): | 1/2 × 17/20 = 17/40 | OnDemandStream, SubscriptionModel; report 3f2a88c0, M1, lines 7509–7510
        "#]],
    );
}

#[test]
fn a_statement_without_lines_is_a_page_too() {
    let page = page(&sample(&[], "0"));
    check(
        &visible(&page, "class=\"due\">", "How to check"),
        expect![[r#"
            Amount payable | KRW | 0 | The balance is negative: −100 is carried forward. | Balance | KRW, exact
            Opening balance | due before this settlement | 0
            Earned | the sum of 0 lines | 0
            Moved | paid, kept back, held, released or passed on: see below | −100
            Closing balance | opening + earned + moved | −100
            Payable | the closing balance, rounded down to what can be paid | 0
            Carried forward | closing − payable | −100
            What moved, and what stands open | Open before | Moved now | Open after
            advance:deal/a1/singer | 1,000 | −100 | 900
            Every line | No usage brought this account anything in this period.
        "#]],
    );
}

#[test]
fn shares_and_roundings() {
    let share = |part: &str, whole: &str| text::share(Some(atoms(part)), Some(atoms(whole)));
    let shown = [
        share("1", "3"),
        share("-1", "3"),
        share("1", "0"),
        share("1", "-3"),
        share("0.0001", "3"),
        share("-0.0001", "3"),
        text::rounded(atoms("-1234567.895"), 2),
        text::rounded(atoms("0.00004"), 2),
        text::exact(atoms("-1234567.895")),
        text::exact(atoms("-0.000000000000000001")),
        text::exact(atoms("425.112499999999999967")),
        text::exact(atoms("100")),
        text::href("payee-a.KRW", "csv"),
        text::name("비와 <당신>"),
    ];
    check(
        &shown.join("\n"),
        expect![[r#"
            33.3 %
            −33.3 %
            —
            —
            < 0.1 %
            > −0.1 %
            −1,234,567.90
            0.00004
            −1,234,567.895
            −0.000000000000000001
            425.112499999999999967
            100
            ./payee-a.KRW.csv
            <bdi lang="ko">비와 &lt;당신&gt;</bdi>"#]],
    );
}

#[test]
fn the_list_of_statements() {
    let totals = [
        ("received", "1500.5"),
        ("exchanged", "-500"),
        ("payees", "800"),
        ("fees", "150.5"),
        ("retained", "50"),
    ];
    let totals: BTreeMap<(Currency, String), Atoms> = totals
        .into_iter()
        .map(|(category, amount)| ((won(), category.to_owned()), atoms(amount)))
        .collect();
    let head = IndexHead {
        settlement: "2021-06",
        period: "2021-06",
        operator: "Sample Music",
        totals: &totals,
    };
    let row = |account, name, stem| IndexRow {
        account,
        name,
        currency: won(),
        earned: atoms("1234567.125"),
        payable: atoms("1234567"),
        stem,
    };
    let rows = [
        row("fee:agent", "Agent", "fee-agent.KRW"),
        row("payee:singer", "가수", "payee-singer.KRW"),
    ];
    let page = index_page(Language::En, &head, &rows);
    let korean = index_page(Language::Ko, &head, &rows);
    assert!(korean.contains("정산서 1건") && !korean.contains("Statements"), "{korean}");
    for ending in ["html", "pdf", "xlsx", "json", "csv", "receipt"] {
        assert!(page.contains(&format!("href=\"./payee-singer.KRW.{ending}\"")));
    }
    check(
        &visible(&page, "<h1>", "How to check"),
        expect![[r#"
            2021-06 | Settlement | 2021-06 | Issued by | Sample Music | Statements | 2 | Where the money went | KRW | Amount, exact | Share
            Payees | due to those with a share | 800 | 80.0 %
            Fees | kept off the top by those who serve | 150.5 | 15.0 %
            Retained | given away by no term | 50 | 5.0 %
            Received | 1,500.5
            Exchanged into other currencies | −500
            Statements | Amounts earned are rounded for reading; the statements are exact.
            Name, account | Currency | Earned | Payable | Files
            Payees | , 1 statement
            가수 | payee:singer | KRW | 1,234,567.12 | 1,234,567 | PDF | XLSX | JSON | CSV | receipt
            Fees | , 1 statement
            Agent | fee:agent | KRW | 1,234,567.12 | PDF | XLSX | JSON | CSV | receipt
        "#]],
    );
}
