//! What is wrong with tables of rates, and with agreements that settle in a currency.

use expect_test::{Expect, expect};

use super::tests::{PARTIES, files};
use super::{read_files, write_files};

fn check(list: &[(&str, &str)], expect: Expect) {
    let (catalog, findings) = read_files(&files(list));
    let mut lines: String = findings.iter().map(|f| format!("{f}\n")).collect();
    let pages = write_files(&catalog).into_iter().filter(|it| it.0 != "parties.toml");
    pages.for_each(|(name, text)| lines += &format!("--- {name}\n{text}"));
    expect.assert_eq(&lines);
}

fn table(id: &str, pairs: &str) -> String {
    format!("[[rate_table]]\nid = \"{id}\"\ntitle = \"T\"\nsource = \"S\"\n{pairs}\n")
}

fn pair(from: &str, to: &str, rates: &str) -> String {
    format!("[[rate_table.pair]]\nfrom = \"{from}\"\nto = \"{to}\"\nrates = [{rates}]\n")
}

#[test]
fn a_table_is_written_in_the_order_of_its_days() {
    let rates = r#""2021-06-30 1.18840", "2021-06-28 01.2""#;
    let pairs = pair("EUR", "USD", rates) + &pair("EUR", "KRW", r#""2021-06-30 1341""#);
    check(
        &[("rates.toml", &table("ecb", &pairs))],
        expect![[r#"
            --- rates.toml
            [[rate_table]]
            id = "ecb"
            title = "T"
            source = "S"

            [[rate_table.pair]]
            from = "EUR"
            to = "KRW"
            rates = [
                "2021-06-30 1341",
            ]

            [[rate_table.pair]]
            from = "EUR"
            to = "USD"
            rates = [
                "2021-06-28 1.2",
                "2021-06-30 1.1884",
            ]
        "#]],
    );
}

#[test]
fn a_table_with_a_wrong_rate_is_left_out() {
    let wrong = [
        pair("EUR", "USD", r#""2021-06-30 1.1", "2021-06-30 1.2""#),
        pair("EUR", "XXQ", r#""2021-06-30 1.1""#),
        pair("EUR", "EUR", r#""2021-06-30 1""#),
        pair("EUR", "USD", r#""2021-06-30 0", "2021-6-3 1", "1.1", "2021-06-30 12%""#),
        pair("EUR", "USD", r#""2021-06-30 1.1234567890123", "2021-06-30 1/3""#),
    ];
    let tables: String =
        wrong.iter().enumerate().map(|(at, pairs)| table(&format!("t{at}"), pairs)).collect();
    check(
        &[("rates.toml", &tables)],
        expect![[r#"
        error catalog-rate-duplicate rates.toml:5 rate_table t0 pair: EUR to USD has two rates for 2021-06-30 (2021-06-30)
        error catalog-value-malformed rates.toml:16 rate_table t1 to: unknown currency XXQ ("XXQ")
        error catalog-value-malformed rates.toml:25 rate_table t2 to: must be another currency than from ("EUR")
        error catalog-value-malformed rates.toml:35 rate_table t3 rates: a rate must be above zero ("2021-06-30 0")
        error catalog-value-malformed rates.toml:35 rate_table t3 rates: must begin with a day such as 2021-06-30 ("2021-6-3 1")
        error catalog-value-malformed rates.toml:35 rate_table t3 rates: must be a day and a rate, such as "2021-06-30 1.1884" ("1.1")
        error catalog-value-malformed rates.toml:35 rate_table t3 rates: a rate is a decimal such as 1.1884 ("2021-06-30 12%")
        error catalog-value-malformed rates.toml:44 rate_table t4 rates: a rate has at most twelve digits before its point, and twelve behind ("2021-06-30 1.1234567890123")
        error catalog-value-malformed rates.toml:44 rate_table t4 rates: a rate is a decimal such as 1.1884 ("2021-06-30 1/3")
    "#]],
    );
}

#[test]
fn a_currency_needs_its_rates_and_amounts_are_in_it() {
    let deal = |id: &str, keys: &str| {
        format!(
            "[[agreement]]\nid = \"{id}\"\ntitle = \"T\"\nrights_type = \"master\"\n\
             from = 2021-01-01\nall = true\n{keys}\n"
        )
    };
    let sums = "[[agreement.advance]]\nid = \"a\"\npayee = \"iu\"\namount = \"5\"\n\
                currency = \"USD\"\npaid = 2021-01-01\n";
    let all = "currency = \"KRW\"\nrates = \"ecb\"\nrate_day = \"month-end\"\n";
    let deals = [
        deal("alone", "currency = \"KRW\""),
        deal("without", "rate_day = \"period-end\""),
        deal("no-table", "currency = \"KRW\"\nrates = \"boe\"\nrate_day = \"month-end\""),
        deal("no-day", "currency = \"KRW\"\nrates = \"ecb\"\nrate_day = \"noon\""),
        deal("other", &format!("{all}{sums}")),
    ];
    check(
        &[
            ("parties.toml", PARTIES),
            ("rates.toml", &table("ecb", "days_max = 3\n")),
            ("agreements.toml", &deals.concat()),
        ],
        expect![[r#"
            error catalog-key-missing agreements.toml:1 agreement alone rate_day: rate_day is missing
            error catalog-key-missing agreements.toml:1 agreement alone rates: rates is missing
            error catalog-key-missing agreements.toml:8 agreement without currency: currency is missing
            error catalog-key-missing agreements.toml:8 agreement without rates: rates is missing
            error catalog-link-dangling agreements.toml:22 agreement no-table rates: rate_table boe is not there (boe)
            error catalog-value-malformed agreements.toml:32 agreement no-day rate_day: must be one of month-end, month-average, period-end ("noon")
            warning catalog-currency-other agreements.toml:39 agreement other currency: a has USD 5, and all is settled in KRW (a)
            --- agreements.toml
            [[agreement]]
            id = "other"
            title = "T"
            rights_type = "master"
            from = 2021-01-01
            all = true
            currency = "KRW"
            rates = "ecb"
            rate_day = "month-end"

            [[agreement.advance]]
            id = "a"
            payee = "iu"
            amount = "5"
            currency = "USD"
            paid = 2021-01-01
            --- rates.toml
            [[rate_table]]
            id = "ecb"
            title = "T"
            source = "S"
            days_max = 3
        "#]],
    );
}

/// Twenty years of thirty currencies.
#[test]
fn a_large_table_is_read_whole() {
    let codes = "AUD BRL CAD CHF CNY CZK DKK GBP HKD HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP \
                 PLN RON SEK SGD THB TRY USD ZAR BGN";
    let mut pairs = String::new();
    for (at, code) in codes.split_whitespace().enumerate() {
        let mut day = period::Date::constant(2001, 1, 1);
        let mut rates = String::new();
        for number in 0..5_000 {
            rates += &format!("\"{day} {}.{:04}\", ", at + 1, number);
            day = day.tomorrow().unwrap();
        }
        pairs += &pair("EUR", code, &rates);
    }
    let text = table("ecb", &pairs);
    let (catalog, findings) = read_files(&files(&[("rates.toml", &text)]));
    assert!(findings.is_empty());
    let rates = &catalog.rate_tables.values().next().unwrap().rates;
    assert_eq!(rates.len(), 150_000);
}
