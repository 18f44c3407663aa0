//! What came in another currency: both amounts, the rate, its day, and who states it.

use ::statement::Statement;
use expect_test::expect;
use money::Currency;

use super::super::exchange::{origin, rate_text};
use super::super::{Look, Productions, statement_page};
use super::{atoms, check, ratio, sample, visible};
use crate::words::Language;

/// 1.25 dollars are a euro and 1,350 won are one: a dollar is 1,080 won.
fn exchanged() -> Statement {
    let mut it = sample(&["100"], "0");
    let source = &mut it.sources[0];
    source.currency = Currency::parse("USD").unwrap();
    source.rate = ratio("1080");
    source.rate_day = "2021-06-30".into();
    source.rate_over = "EUR".into();
    source.rate_source = "European Central Bank (ecb)".into();
    it.lines[0].amount = atoms("45900");
    it
}

#[test]
fn a_line_has_both_amounts_and_the_rate() {
    for (language, expected) in [
        (
            Language::En,
            expect![[r#"
        1 | &lt;script&gt;alert(1)&lt;/script&gt; | Singer &quot;S&quot; | , no ISRC, not matched | 2021-06 | KR | 1,200 | USD 100 | USD 100 | 45,900 | exact
        half of what is left (deal/t1): | 1/2 × 17/20 = 17/40 | OnDemandStream, SubscriptionModel; report 3f2a88c0, M1, lines 12–13 | USD 100 × 1080 = KRW 108,000 (rate of 2021-06-30 over EUR, European Central Bank (ecb))
        Earned, 1 line | 45,900
        Exchange rates | From, to | Day, or month of a mean | Stated by | Exchange rate

        rate of 2021-06-30 over EUR | European Central Bank (ecb) | 1080
    "#]],
        ),
        (
            Language::Ko,
            expect![[r#"
                1 | &lt;script&gt;alert(1)&lt;/script&gt; | Singer &quot;S&quot; | , ISRC 없음, 미확인 | 2021-06 | 대한민국 | 1,200 | USD 100 | USD 100 | 45,900 | 정확
                수수료와 로열티를 뺀 나머지(수령액의 85 %) 중 50 % (deal/t1): | 1/2 × 17/20 = 17/40 | 주문형 스트리밍, 정액제; 보고서 3f2a88c0, M1, 12–13행 | 환산 USD 100 × 1080 = KRW 108,000 (2021-06-30 환율 EUR 경유, European Central Bank (ecb))
                발생액, 1줄 | 45,900
                환율 | 환산 전·후 통화 | 환율 날짜(평균이면 해당 월) | 고시 기관 | 환율

                2021-06-30 환율 EUR 경유 | European Central Bank (ecb) | 1080
            "#]],
        ),
    ] {
        let productions = Productions::default();
        let page = statement_page(&exchanged(), &Look { language, productions: &productions });
        let lines = visible(&page, "<tbody class=\"line\">", "</tfoot>");
        let basis = page.split_once("class=\"basis\"").unwrap().1;
        let (caption, _) = basis.split_once("USD, KRW").unwrap();
        let rates = format!("<caption>{}", caption.rsplit("<caption>").next().unwrap());
        let row = visible(basis, "<tr><td>USD, KRW", "</tbody>");
        check(&format!("{lines}{}\n{row}", visible(&(rates + "|"), "<caption>", "|")), expected);
    }
}

#[test]
fn a_rate_is_a_decimal_or_a_fraction_with_its_picture() {
    let told = ["1128.8", "135/13", "3/3250", "1", "0.000746"].map(|it| rate_text(ratio(it)));
    check(
        &told.join("\n"),
        expect![[r#"
        1128.8
        135/13 ≈ 10.384615385
        3/3250 ≈ 0.000923077
        1
        0.000746"#]],
    );
    let mut source = exchanged().sources.remove(0);
    check(
        &origin(&source, Language::En.words()),
        expect!["rate of 2021-06-30 over EUR, European Central Bank (ecb)"],
    );
    (source.rate_day, source.rate_over) = ("2021-06".into(), String::new());
    check(
        &origin(&source, Language::En.words()),
        expect!["mean of the rates of 2021-06, European Central Bank (ecb)"],
    );
    check(
        &origin(&source, Language::Ko.words()),
        expect!["2021-06 평균 환율, European Central Bank (ecb)"],
    );
}
