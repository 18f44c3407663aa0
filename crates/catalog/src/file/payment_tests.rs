//! What is wrong with how parties are paid, and with rules of withholding.

use expect_test::{Expect, expect};

use super::tests::files;
use super::{read_files, write_files};

fn check(list: &[(&str, &str)], expect: Expect) {
    let (catalog, findings) = read_files(&files(list));
    let mut lines: String = findings.iter().map(|f| format!("{f}\n")).collect();
    write_files(&catalog).iter().for_each(|(name, text)| lines += &format!("--- {name}\n{text}"));
    expect.assert_eq(&lines);
}

#[test]
fn what_is_wrong_is_told_and_left_out() {
    check(
        &[
            (
                "parties.toml",
                r#"[[party]]
id = "iban"
kind = "person"
names = { en = "A" }
bank = { iban = "DE88370400440532013000" }
wallet = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed"

[[party]]
id = "both"
kind = "person"
names = { en = "B" }
wallet = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
bank = { iban = "DE89370400440532013000", account = "1", bank_code = "2" }

[[party]]
id = "twice"
kind = "person"
names = { en = "C" }
residence = "kr"
minimum_payout = [{ amount = "1", currency = "KRW" }, { amount = "2", currency = "KRW" }]

[[party]]
id = "endless"
kind = "person"
names = { en = "D" }
relief = [{ country = "KR", from = 2021-01-01, paper = "form" }]

[[party]]
id = "changed"
kind = "person"
names = { en = "E" }
receipt_key = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwk"

[[party]]
id = "secret"
kind = "person"
names = { en = "F" }
receipt_key = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"

[[party]]
id = "number"
kind = "person"
names = { en = "G" }
receipt_key = 1
"#,
            ),
            (
                "taxes.toml",
                r#"[[withholding]]
id = "one"
country = "KR"
rate = "3%"
then = "two"
source = "made up"

[[withholding]]
id = "two"
country = "KR"
rate = "10%"
then = "one"
source = "made up"

[[withholding]]
id = "cut"
country = "KR"
residence = ["KR", "!US"]
kinds = ["human"]
rate = "3%"
cut_to = "10"
source = "made up"

[[withholding]]
id = "on-nothing"
country = "KR"
rate = "103%"
then = "none"
source = "made up"
"#,
            ),
        ],
        expect![[r#"
            error catalog-value-malformed parties.toml:5 party iban iban: not a valid IBAN: check digit 88, expected 89 ("DE88370400440532013000")
            error catalog-value-malformed parties.toml:6 party iban wallet: not a valid chain address: check digit 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed, expected 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed ("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed")
            error catalog-value-malformed parties.toml:13 party both account: has either iban, or account and bank_code ("1")
            error catalog-value-malformed parties.toml:19 party twice residence: must be a country code such as KR ("kr")
            error catalog-value-malformed parties.toml:20 party twice minimum_payout: names a currency twice ([{ amount = "1", currency = "KRW" }, { amount = "2", currency = "KRW" }])
            error catalog-key-missing parties.toml:26 party endless until: until is missing
            error catalog-value-malformed parties.toml:32 party changed receipt_key: no key of age, or a letter of it was changed or lost: a recipient is `age1` and 58 letters and digits, an identity `AGE-SECRET-KEY-1` and 58
            error catalog-value-malformed parties.toml:38 party secret receipt_key: a secret key, which nobody but its holder may see: wanted is the `age1…` that belongs to it; if this one was sent to anybody, make another
            error catalog-value-malformed parties.toml:44 party number receipt_key: must be a string
            error catalog-tax-circle taxes.toml:1 withholding one then: one is a tax on itself, directly or through others (one)
            error catalog-tax-circle taxes.toml:8 withholding two then: two is a tax on itself, directly or through others (two)
            error catalog-value-malformed taxes.toml:18 withholding cut residence: either names territories, or starts from "*" and excludes some (["KR", "!US"])
            error catalog-value-malformed taxes.toml:19 withholding cut kinds: must be one of person, group, organisation ("human")
            error catalog-value-malformed taxes.toml:27 withholding on-nothing rate: must be at most 100 % ("103%")
            error catalog-link-dangling taxes.toml:28 withholding on-nothing then: withholding none is not there (none)
        "#]],
    );
}

#[test]
fn what_is_right_is_written_as_it_is_read() {
    check(
        &[
            (
                "parties.toml",
                r#"[[party]]
id = "kim"
kind = "person"
names = { en = "Kim" }
residence = "US"
minimum_payout = [{ amount = "10000", currency = "KRW" }]
bank = { account = "110-123-456789", bank_code = "088", bic = "SHBKKRSE", holder = "KIM" }
self_bill = [{ country = "KR", number = "123-45-67890", rate = "10%" }]
relief = [{ country = "KR", from = 2021-01-01, until = 2021-12-31, rate = "5%", paper = "A-1" }]
"#,
            ),
            (
                "taxes.toml",
                r#"[[withholding]]
id = "person"
country = "KR"
residence = ["KR"]
kinds = ["person"]
rate = "3%"
currency = "KRW"
cut_to = "10"
below = "1000"
then = "local"
from = 2021-01-01
source = "made up"

[[withholding]]
id = "local"
country = "KR"
rate = "10%"
source = "made up"
"#,
            ),
        ],
        expect![[r#"
            --- parties.toml
            [[party]]
            id = "kim"
            kind = "person"
            names = { en = "Kim" }
            residence = "US"
            minimum_payout = [{ amount = "10000", currency = "KRW" }]
            bank = { account = "110-123-456789", bank_code = "088", bic = "SHBKKRSE", holder = "KIM" }
            self_bill = [{ country = "KR", number = "123-45-67890", rate = "10%" }]
            relief = [{ country = "KR", from = 2021-01-01, until = 2021-12-31, rate = "5%", paper = "A-1" }]
            --- taxes.toml
            [[withholding]]
            id = "local"
            country = "KR"
            rate = "10%"
            source = "made up"

            [[withholding]]
            id = "person"
            country = "KR"
            residence = ["KR"]
            kinds = ["person"]
            rate = "3%"
            currency = "KRW"
            cut_to = "10"
            below = "1000"
            then = "local"
            from = 2021-01-01
            source = "made up"
        "#]],
    );
}
