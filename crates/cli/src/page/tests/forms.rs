//! The printed document and the workbook of the sample statements.

use std::io::Cursor;

use ::statement::{OutsideNote, RecordingNote, Statement};
use expect_test::expect;
use money::Atoms;
use sheet::{Limits, Row, Rows as _};

use super::super::{Look, Productions, statement_page, statement_pdf, statement_workbook};
use super::{atoms, check, sample, visible};
use crate::words::Language;

fn pdf(it: &Statement, language: Language) -> Vec<u8> {
    statement_pdf(it, &Look { language, productions: &Productions::default() })
}

fn workbook(it: &Statement, language: Language) -> Vec<u8> {
    let productions = Productions::default();
    statement_workbook(it, &Look { language, productions: &productions }).unwrap()
}

/// How many sheets a document says it has.
fn sheets(pdf: &[u8]) -> usize {
    let text = String::from_utf8_lossy(pdf);
    let (_, rest) = text.split_once("/Type /Pages").unwrap();
    let count = rest.split_once("/Count ").unwrap().1;
    count.split(|it: char| !it.is_ascii_digit()).next().unwrap().parse().unwrap()
}

/// The worksheets of a workbook: name and rows of cells.
fn rows(bytes: Vec<u8>) -> Vec<(String, Vec<Vec<String>>)> {
    let limits = Limits::default();
    let mut book = sheet::Workbook::open("statement.xlsx", Cursor::new(bytes), limits).unwrap();
    let mut out = Vec::new();
    for name in book.sheets() {
        let mut rows = book.rows(&name).unwrap();
        let (mut row, mut all) = (Row::default(), Vec::new());
        while rows.read(&mut row).unwrap() {
            all.push(row.cells().map(str::to_owned).collect());
        }
        out.push((name, all));
    }
    out
}

#[test]
fn the_same_statement_gives_the_same_bytes() {
    let it = sample(&["1000.2647058823529411", "2000.5"], "0.5");
    let again = sample(&["1000.2647058823529411", "2000.5"], "0.5");
    for language in Language::ALL {
        assert_eq!(pdf(&it, language), pdf(&again, language));
        assert_eq!(workbook(&it, language), workbook(&again, language));
    }
    assert_ne!(pdf(&it, Language::En), pdf(&it, Language::Ko));
    assert_ne!(workbook(&it, Language::En), workbook(&it, Language::Ko));
}

#[test]
fn a_document_has_page_one_lines_and_basis() {
    let empty = sample(&[], "0");
    for language in Language::ALL {
        // Without a line, how to check it stands below the summary.
        assert_eq!(sheets(&pdf(&empty, language)), 1);
        let some = vec!["10"; 100];
        assert_eq!(sheets(&pdf(&sample(&some, "0"), language)), 7);
    }
}

#[test]
fn a_workbook_is_read_back() {
    let all = rows(workbook(&sample(&["1000.2647058823529411"], "0.5"), Language::En));
    let names: Vec<&str> = all.iter().map(|it| it.0.as_str()).collect();
    assert_eq!(names, ["Summary", "Lines"]);
    let shown = |rows: &[Vec<String>]| {
        rows.iter().map(|it| it.join(" | ").trim_end_matches([' ', '|']).to_owned()).collect()
    };
    let summary: Vec<String> = shown(&all[0].1);
    check(
        &summary.join("\n"),
        expect![[r#"
            가수 & Co
            Royalty statement

            Issued by | Sample Music
            Period | 2021-06
            Currency | KRW
            Settlement | 2021-06
            Account | payee:singer
            Amount payable | 325 | 325

            Balance | KRW | Amount, exact
            Opening balance | 0.5 | 0.5 |  | due before this settlement
            Earned | 425.1125 | 425.112499999999999967 |  | the sum of 1 line
            Moved | -100 | -100 |  | paid, kept back, held, released or passed on: see below
            Closing balance | 325.6125 | 325.612499999999999967 |  | opening + earned + moved
            Payable | 325 | 325 |  | the closing balance, rounded down to what can be paid
            Carried forward | 0.6125 | 0.612499999999999967 |  | closing − payable

            advance:deal/a1/singer | KRW | Amount, exact
            Open before | 1000 | 1000
            Moved now | -100 | -100
            Open after | 900 | 900

            By service | KRW | Amount, exact | Share
            Sample | 425.1125 | 425.112499999999999967 | 100.0 % | PADPIDA2013020802I

            By recording | KRW | Amount, exact | Share
            <script>alert(1)</script> | 425.1125 | 425.112499999999999967 | 100.0 % | Singer "S", not matched

            By territory | KRW | Amount, exact | Share
            KR | 425.1125 | 425.112499999999999967 | 100.0 %

            By month of use | KRW | Amount, exact | Share
            2021-06 | 425.1125 | 425.112499999999999967 | 100.0 %

            A spreadsheet keeps some 15 digits of a number; the columns “exact” hold every digit, as text."#]],
    );
    let lines: Vec<String> = shown(&all[1].1);
    check(
        &lines.join("\n"),
        expect![[r#"
            Line | Production | Recording | Artist | ISRC | Month | Territory | Service | Use type | Commercial model | Price category | Price of a unit | Usages | Reported | Received | Amount | Amount, exact | Term | Rate | Fraction | In words | Rounding | Usages, exact | Reported, exact | Received, exact | Report | First line | Last line | Lines | Currency received | Exchange rate | Day, or month of a mean | Stated by | Exchanged, exact
            1 |  | <script>alert(1)</script> | Singer "S" |  | 2021-06 | KR | Sample | OnDemandStream | SubscriptionModel |  |  | 1200 | 1000.2647058823529 | 1000.2647058823529 | 425.1125 | 425.112499999999999967 | deal/t1 | 1/2 | 17/40 | half of what is left | rounded down | 1200 | 1000.2647058823529411 | 1000.2647058823529411 | 3f2a88c0d1e2f3a4 | 12 | 13 | 2 | KRW | 1 |  |  | 1000.2647058823529411"#]],
    );
}

#[test]
fn hostile_titles_are_safe() {
    let mut it = sample(&["10", "20", "30"], "0");
    let long = "가".repeat(100_000);
    let note = |title: &str| RecordingNote {
        artist: "@cmd|' /C calc'!A0".into(),
        id: "r".into(),
        isrc: String::new(),
        title: title.into(),
    };
    it.recordings = vec![note("=1+1"), note("\u{0}\u{1b}[2J</t></is>\u{202e}x"), note(&long)];
    for language in Language::ALL {
        assert_eq!(sheets(&pdf(&it, language)), 3);
    }
    let all = rows(workbook(&it, Language::En));
    let cell = |row: usize, column: usize| all[1].1[row][column].as_str();
    assert_eq!(cell(1, 2), "=1+1");
    assert_eq!(cell(1, 3), "@cmd|' /C calc'!A0");
    assert_eq!(cell(2, 2), "\u{fffd}\u{fffd}[2J</t></is>\u{202e}x");
    assert_eq!(cell(3, 2).encode_utf16().count(), 32_767);
    assert!(cell(3, 2).ends_with('…'));
}

#[test]
fn the_exact_columns_of_a_workbook_add_up() {
    let it = sample(&["0.123456789012345678", "1234567890123.000000000000000001", "-3"], "0");
    let all = rows(workbook(&it, Language::Ko));
    assert_eq!(all[1].0, "내역");
    let exact = all[1].1[1..].iter().map(|row| Atoms::parse(&row[16]).unwrap());
    assert_eq!(Atoms::checked_sum(exact), Some(it.balance.earned));
    // A number is a number: the nearest binary float of the same amount.
    let number: f64 = all[1].1[2][15].parse().unwrap();
    assert_eq!(number, all[1].1[2][16].parse::<f64>().unwrap());
}

#[test]
fn korean_pages_say_it_in_korean() {
    let it = sample(&["1000.2647058823529411"], "0.5");
    let productions = Productions::default();
    let page = statement_page(&it, &Look { language: Language::Ko, productions: &productions });
    assert!(page.contains("<html lang=\"ko\">"));
    check(
        &visible(&page, "class=\"due\">", "</section>\n<section>\n<h2>검증"),
        expect![[r#"
            지급할 금액 | KRW | 325 | 0.612499999999999967은(는) KRW의 최소 단위보다 작아 다음 정산으로 이월됩니다. | 이월된 기초 잔액 0.5에서 그 후 지급된 금액을 뺀 금액이 포함되어 있습니다. | 잔액 | KRW, 전체 자릿수
            기초 잔액 | 이번 정산 전의 잔액 | 0.5
            발생액 | 내역 1줄의 합계 | 425.112499999999999967
            이동 | 지급, 상계, 유보, 해제 또는 배분된 금액: 아래 참조 | −100
            기말 잔액 | 이월 + 발생 + 이동 | 325.612499999999999967
            지급액 | 기말 잔액에서 지급할 수 있는 단위 아래를 버린 금액 | 325
            이월액 | 기말 잔액 − 지급액 | 0.612499999999999967
            이동과 미결 잔액 | 이전 잔액 | 이번 이동 | 이후 잔액
            advance:deal/a1/singer | 1,000 | −100 | 900
            수익의 출처 | 금액은 읽기 쉽게 소수점 아래 2자리로 반올림했고, 비중은 발생액 전체에 대한 것입니다. 속이 빈 막대는 음수입니다. 아래 내역의 금액은 모두 정확합니다.
            서비스별 | KRW | 비중
            Sample | , | PADPIDA2013020802I | 425.11 | 100.0 %
            발생액 | 425.11
            카탈로그에서 작품과 이어진 녹음이 없습니다.
            녹음별 | KRW | 비중
            &lt;script&gt;alert(1)&lt;/script&gt; | , | Singer &quot;S&quot;, 미확인 | 425.11 | 100.0 %
            발생액 | 425.11
            이용 월별 | KRW | 비중
            2021-06 | 425.11 | 100.0 %
            발생액 | 425.11
            지역별 | KRW | 비중
            대한민국 | 425.11 | 100.0 %
            발생액 | 425.11
            전체 내역 | 금액은 KRW 단위이며 모든 자릿수를 적었습니다. 수령액은 보고액에 이용허락 요율을 곱한 값이고, 금액은 수령액에 조항의 비율을 곱한 값으로, 단수 처리의 차이는 소수점 아래 18번째 자리의 1보다 작습니다.
            번호 | 녹음 | 아티스트, ISRC | 조항, 이용, 출처 | 이용 월 | 지역 | 이용 횟수 | 보고액 | 수령액 | 금액 | 단수 처리
            1 | &lt;script&gt;alert(1)&lt;/script&gt; | Singer &quot;S&quot; | , ISRC 없음, 미확인 | 2021-06 | 대한민국 | 1,200 | 1,000.2647058823529411 | 1,000.2647058823529411 | 425.112499999999999967 | 버림
            수수료와 로열티를 뺀 나머지(수령액의 85 %) 중 50 % (deal/t1): | 1/2 × 17/20 = 17/40 | 주문형 스트리밍, 정액제; 보고서 3f2a88c0, M1, 12–13행
            발생액, 1줄 | 425.112499999999999967
            정산의 근거 | 판매 보고서 | 서비스, 보낸 곳 | 보고서, 메시지 번호 | 보고 내용 | 받은 보고서의 SHA-256
            Sample | PADPIDA2013020802I | 3f2a88c0 | d1e2f3a4 | M1 | 받은 금액 | abababababababababababababababababababababababababababababababab
            계약 조항 | 계약, 조항 | 종류 | 설명 | 요율 × 기준 = 비율
            deal | t1 | profit-share | 수수료와 로열티를 뺀 나머지(수령액의 85 %) 중 50 % | 1/2 × 17/20 = 17/40
        "#]],
    );
}

/// What others pay stands apart, in each language, and the same in page, document and workbook.
#[test]
fn what_others_pay_stands_apart() {
    let mut it = sample(&["1000"], "0");
    let note = OutsideNote {
        about: "KR · OnDemandStream".into(),
        from: "2019-01-01".into(),
        licensed: atoms("735"),
        paid_by: "KOMCA <i>".into(),
        pipe: "kr-works".into(),
        revenue: atoms("7000"),
        right: "work".into(),
        title: "Works, streamed in Korea".into(),
        until: String::new(),
        usages: atoms("1000"),
    };
    let nothing = Atoms::ZERO;
    let silent = OutsideNote {
        about: String::new(),
        until: "2021-12-31".into(),
        usages: nothing,
        revenue: nothing,
        licensed: nothing,
        right: "performer".into(),
        ..note.clone()
    };
    it.outside = vec![note, silent];
    let told = |language: Language| {
        let productions = Productions::default();
        let page = statement_page(&it, &Look { language, productions: &productions });
        let shown = visible(&page, &format!("<h2>{}</h2>", language.words().outside), "</section>");
        let summary = rows(workbook(&it, language)).remove(0).1;
        let begin = summary
            .iter()
            .position(|row| row.first().is_some_and(|it| it == language.words().outside));
        let begin = begin.unwrap();
        let same = super::super::outside::rows(&it, language.words());
        assert!(summary[begin + 3..].iter().map(|row| &row[..4]).zip(&same).all(|(a, b)| a == b));
        assert!(sheets(&pdf(&it, language)) >= 3);
        shown
    };
    check(
        &told(Language::En),
        expect![[r#"
        Others pay these rights, past the issuer of this statement: nothing of it is in the balance. The figures are what services reported; ask those who pay.
        What (right) | Paid by | For which uses | Known of this period
        Works, streamed in Korea (work) | KOMCA &lt;i&gt; | KR · OnDemandStream, from 2019-01-01 | 1,000 usages, KRW 7,000 of the services’ revenue; KRW 735 of it by licence
        Works, streamed in Korea (performance) | KOMCA &lt;i&gt; | every use, from 2019-01-01, until 2021-12-31 | no use with revenue in KRW was reported
    "#]],
    );
    check(
        &told(Language::Ko),
        expect![[r#"
        아래 권리는 이 정산서의 발행자를 거치지 않고 다른 곳에서 지급하므로 잔액에 들어 있지 않습니다. 수치는 서비스가 보고한 것이며, 지급 여부는 지급하는 곳에 확인하십시오.
        대상 (권리) | 지급하는 곳 | 이용 범위 | 이번 기간에 알려진 것
        Works, streamed in Korea (저작자) | KOMCA &lt;i&gt; | KR · OnDemandStream, 2019-01-01부터 | 이용 1,000회, 서비스 매출 KRW 7,000; 이용허락에 따른 몫 KRW 735
        Works, streamed in Korea (실연자) | KOMCA &lt;i&gt; | 모든 이용, 2019-01-01부터, 2021-12-31까지 | KRW 매출이 보고된 이용 없음
    "#]],
    );
}
