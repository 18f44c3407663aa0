//! The table of currencies.

use expect_test::expect;

use crate::Currency;
use crate::currency_table::CURRENCIES;

/// The DDEX allowed value set `CurrencyCode`.
const DDEX: &str = "
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND
    BOB BOV BRL BSD BTN BWP BYR BZD CAD CDF CHF CLF CLP CNY COP COU CRC CUC
    CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES
    KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD
    MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR
    PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS
    UAH UGX USD UYI UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWL
    CYP EEK LTL LVL MTL MRO ROL SIT SKK STD VEF
";

#[test]
fn every_currency_of_ddex_is_known() {
    let unknown: Vec<_> =
        DDEX.split_whitespace().filter(|code| Currency::parse(code).is_err()).collect();
    assert_eq!(unknown, Vec::<&str>::new());
    assert_eq!(DDEX.split_whitespace().count(), 173);
}

#[test]
fn table_is_in_order_and_prints_what_it_reads() {
    assert!(CURRENCIES.is_sorted_by(|left, right| left.0 < right.0));
    for (code, digits) in CURRENCIES {
        let currency = Currency::parse(code).unwrap();
        assert_eq!(currency.as_str(), *code);
        assert_eq!(currency.to_string(), *code);
        assert_eq!(currency.minor_digits(), *digits);
    }
}

#[test]
fn decimals_other_than_two() {
    let list = |digits| {
        let of = |(code, here): &(&'static str, u32)| (*here == digits).then_some(*code);
        CURRENCIES.iter().filter_map(of).collect::<Vec<_>>().join(" ")
    };
    expect!["BIF BYR CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"]
        .assert_eq(&list(0));
    expect!["BHD IQD JOD KWD LYD OMR TND"].assert_eq(&list(3));
    expect!["CLF UYW"].assert_eq(&list(4));
}

#[test]
fn other_texts_are_refused() {
    let refused = ["krw", "KR", "KRWW", "", "K W", "₩", "XXX", "XAU", "ZZZ"].map(|text| {
        Currency::parse(text).map_or_else(|error| error.to_string(), |code| code.to_string())
    });
    expect![[r#"
        currency code is not three capital letters
        currency code is not three capital letters
        currency code is not three capital letters
        currency code is not three capital letters
        currency code is not three capital letters
        currency code is not three capital letters
        unknown currency XXX
        unknown currency XAU
        unknown currency ZZZ"#]]
    .assert_eq(&refused.join("\n"));
}
