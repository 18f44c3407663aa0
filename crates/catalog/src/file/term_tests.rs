//! What can be wrong with the terms and sums of an agreement.

use expect_test::{Expect, expect};

use super::read_files;
use super::tests::{PARTIES, files};
use crate::Catalog;

/// Reads one agreement on masters with this body, and says what is wrong with it.
fn check(body: &str, expect: Expect) {
    let (catalog, lines) = read(body);
    let taken = if catalog.agreements.is_empty() { "left out" } else { "taken" };
    expect.assert_eq(&format!("{lines}{taken}\n"));
}

pub(super) fn read(body: &str) -> (Catalog, String) {
    let head = "[[agreement]]\nid = \"x\"\ntitle = \"X\"\nrights_type = \"master\"\n\
                from = 2020-01-01\nall = true\n";
    let agreements = format!("{head}{body}");
    let (catalog, findings) =
        read_files(&files(&[("agreements.toml", &agreements), ("parties.toml", PARTIES)]));
    (catalog, findings.iter().map(|f| format!("{f}\n")).collect())
}

/// A term of one line of keys, separated by `;`.
pub(super) fn term(keys: &str) -> String {
    format!("[[agreement.term]]\n{}\n", keys.replace("; ", "\n"))
}

pub(super) fn check_terms(terms: &[&str], expect: Expect) {
    check(&terms.iter().map(|keys| term(keys)).collect::<String>(), expect);
}

pub(super) const FEE: &str = r#"id = "fee"; kind = "fee"; payee = "studio"; rate = "20%""#;

#[test]
fn who_is_paid() {
    check_terms(
        &[
            r#"id = "a"; kind = "fee"; rate = "1%""#,
            r#"id = "b"; kind = "fee"; payee = "iu"; role = "Producer"; rate = "1%""#,
        ],
        expect![[r#"
            error catalog-key-missing agreements.toml:7 agreement x payee: one of payee, among and role is missing
            error catalog-value-malformed agreements.toml:15 agreement x role: stands beside payee; only one may ("Producer")
            left out
        "#]],
    );
    check_terms(
        &[
            r#"id = "a"; kind = "fee"; among = [{ payee = "iu", weight = 0 }]; rate = "1%""#,
            r#"id = "b"; kind = "fee"; among = [{ payee = "iu", weight = 1 }, { payee = "iu", weight = 2 }]; rate = "1%""#,
            r#"id = "c"; kind = "deduction"; rate = "1%"; roles = ["Producer"]"#,
            r#"id = "d"; kind = "fee"; payee = "nobody"; rate = "1%""#,
        ],
        expect![[r#"
            error catalog-value-malformed agreements.toml:10 agreement x weight: must be above zero (0)
            error catalog-value-malformed agreements.toml:15 agreement x among: names somebody twice ([{ payee = "iu", weight = 1 }, { payee = "iu", weight = 2 }])
            error catalog-value-malformed agreements.toml:21 agreement x roles: are asked of a payee or of those among whom it is shared (["Producer"])
            error catalog-link-dangling agreements.toml:25 agreement x payee: party nobody is not there (nobody)
            left out
        "#]],
    );
    check_terms(
        &[r#"id = "c"; kind = "fee"; among = []; rate = "1%""#],
        expect![[r#"
        error catalog-value-malformed agreements.toml:10 agreement x among: must not be empty ([])
        left out
    "#]],
    );
}

#[test]
fn bases() {
    check_terms(
        &[
            r#"id = "a"; kind = "deduction"; rate = "1%"; base = "net""#,
            r#"id = "b"; kind = "fee"; payee = "iu"; rate = "1%"; base = "net-of-fees""#,
            r#"id = "c"; kind = "profit-share"; payee = "iu"; rate = "1%"; base = "gross""#,
            r#"id = "d"; kind = "royalty-rate"; payee = "iu"; rate = "1%"; base = "list price""#,
        ],
        expect![[r#"
            error catalog-value-malformed agreements.toml:11 agreement x base: a deduction is a part of gross, rest, price or term:ID ("net")
            error catalog-value-malformed agreements.toml:17 agreement x base: a fee is a part of gross, net, rest or term:ID ("net-of-fees")
            error catalog-value-malformed agreements.toml:23 agreement x base: a profit-share is always one of what is left ("gross")
            error catalog-value-malformed agreements.toml:29 agreement x base: must be one of gross, net, net-of-fees, rest, price, price-net, term:ID ("list price")
            left out
        "#]],
    );
    check_terms(
        &[
            r#"id = "a"; kind = "royalty-rate"; payee = "iu"; rate = "1%"; base = "term:b""#,
            r#"id = "b"; kind = "royalty-rate"; payee = "studio"; rate = "1%"; out_of = "b""#,
            r#"id = "c"; kind = "fee"; payee = "studio"; rate = "1%"; base = "term:a""#,
            r#"id = "d"; kind = "royalty-rate"; payee = "studio"; slot = "2"; rate = "1%"; base = "term:a"; out_of = "a""#,
            r#"id = "e"; kind = "profit-share"; payee = "studio"; rate = "1%"; out_of = "d""#,
            r#"id = "f"; kind = "royalty-rate"; payee = "studio"; slot = "3"; rate = "1%"; base = "term:d""#,
        ],
        expect![[r#"
            error catalog-base-forward agreements.toml:7 agreement x base: a: base names b, which is no earlier term of this agreement (b)
            error catalog-base-forward agreements.toml:13 agreement x out_of: b: out_of names b, which is no earlier term of this agreement (b)
            error catalog-base-forward agreements.toml:19 agreement x base: c: base names a, which is computed later (a)
            error catalog-base-forward agreements.toml:39 agreement x base: f: base names d, which is computed later (d)
            left out
        "#]],
    );
}

#[test]
fn ladders_and_limits() {
    check(
        &format!(
            "{}{}",
            term(
                r#"id = "a"; kind = "fee"; payee = "iu"; rate = "1%"; works_max = 0; reduce = "101%"; cap = { amount = "0", currency = "KRW", per = "week" }"#
            ),
            "[agreement.term.ladder]\nmeter = \"plays\"\nper = \"day\"\nprior = \"-1\"\nsteps = [{ above = \"5\", rate = \"5%\" }, { above = \"5\", rate = \"6%\" }]\n"
        ),
        expect![[r#"
            error catalog-value-malformed agreements.toml:12 agreement x works_max: must be above zero (0)
            error catalog-value-malformed agreements.toml:13 agreement x reduce: must be at most 100 % ("101%")
            error catalog-value-malformed agreements.toml:14 agreement x amount: must be above zero ("0")
            error catalog-value-malformed agreements.toml:14 agreement x per: must be one of life, year ("week")
            error catalog-value-malformed agreements.toml:16 agreement x meter: must be one of units, revenue ("plays")
            error catalog-value-malformed agreements.toml:17 agreement x per: must be one of agreement, recording ("day")
            error catalog-value-malformed agreements.toml:18 agreement x prior: must not be below zero ("-1")
            error catalog-steps-unordered agreements.toml:19 agreement x steps: each step must lie above the one before it, the first above zero
            left out
        "#]],
    );
    check(
        &format!("{}[agreement.term.ladder]\nmeter = \"units\"\nsteps = []\n", term(FEE)),
        expect![[r#"
            error catalog-value-malformed agreements.toml:14 agreement x steps: must not be empty ([])
            left out
        "#]],
    );
}

#[test]
fn sums() {
    check(
        r#"
[[agreement.advance]]
id = "a"
payee = "iu"
amount = "1"
currency = "KRW"
paid = 2021-01-01
[[agreement.cost]]
id = "a"
amount = "1"
currency = "KRW"
paid = 2021-01-01
[[agreement.reserve]]
id = "b"
rate = "10%"
release = [{ after = 6, part = "1/2" }, { after = 12, part = "1/3" }]
[[agreement.guarantee]]
id = "c"
payee = "iu"
amount = "1"
currency = "KRW"
from = 2021-01-01
until = 2021-12-31
"#,
        expect![[r#"
            error catalog-id-duplicate agreements.toml:1 agreement x term: a names two things of this agreement (a)
            error catalog-reserve-parts agreements.toml:22 agreement x release: the parts come to 83.33 %, not to the whole
            left out
        "#]],
    );
    check(
        r#"group = "Two words"
[[agreement.reserve]]
id = "b"
rate = "10%"
release = [{ after = 6, part = "1/2" }, { after = 6, part = "1/2" }, { after = 0, part = "0" }]
[[agreement.guarantee]]
id = "c"
payee = "iu"
amount = "1"
currency = "KRW"
"#,
        expect![[r#"
            error catalog-value-malformed agreements.toml:7 agreement x group: must be a word of small letters, digits and hyphens ("Two words")
            error catalog-value-malformed agreements.toml:11 agreement x release: must have rising months ([{ after = 6, part = "1/2" }, { after = 6, part = "1/2" }, { after = 0, part = "0" }])
            error catalog-value-malformed agreements.toml:11 agreement x after: must be a number of months above zero (0)
            error catalog-key-missing agreements.toml:12 agreement x from: from is missing
            error catalog-key-missing agreements.toml:12 agreement x until: until is missing
            left out
        "#]],
    );
    check(
        "[[agreement.reserve]]\nid = \"b\"\nrate = \"10%\"\nrelease = []\n",
        expect![[r#"
        error catalog-reserve-parts agreements.toml:10 agreement x release: the parts come to 0.00 %, not to the whole
        left out
    "#]],
    );
}

#[test]
fn doubtful_terms() {
    check_terms(
        &[
            r#"id = "words"; kind = "royalty-rate"; role = "A"; rate = "5%""#,
            r#"id = "singer"; kind = "royalty-rate"; payee = "iu"; rate = "5%""#,
            r#"id = "singer-abroad"; kind = "royalty-rate"; payee = "iu"; rate = "6%"; territories = ["*", "!KR"]"#,
            r#"id = "singer-too"; kind = "royalty-rate"; payee = "iu"; slot = "producer"; rate = "6%""#,
        ],
        expect![[r#"
            warning catalog-role-other-pipe agreements.toml:7 agreement x role: words promises money of recordings to the role A (A)
            warning catalog-term-never-counts agreements.toml:17 agreement x: singer-abroad never counts, because singer always does (singer-abroad)
            taken
        "#]],
    );
}

#[test]
fn groups_of_territories() {
    let singer =
        r#"id = "a"; kind = "fee"; payee = "iu"; rate = "1%"; territories = ["*", "!@asia"]"#;
    let (catalog, findings) =
        read(&format!("territory_groups = {{ asia = [\"KR\", \"JP\"] }}\n{}", term(singer)));
    assert_eq!(findings, "");
    let agreement = catalog.agreements.values().next().unwrap();
    let asked = &agreement.terms[0].condition.territories;
    assert_eq!(["KR", "JP", "US"].map(|it| asked.contains(it)), [false, false, true]);
    check(
        &format!(
            "territory_groups = {{ asia = [\"KR\"], Far = [\"US\"], far = [] }}\n{}",
            term(FEE)
        ),
        expect![[r#"
            error catalog-value-malformed agreements.toml:7 agreement x territory_groups: "Far" is no word of small letters, digits and hyphens (["US"])
            left out
        "#]],
    );
    check(
        &format!("territory_groups = {{ asia = [\"KR\"] }}\n{}", term(FEE)),
        expect![[r#"
        error catalog-value-malformed agreements.toml:7 agreement x territory_groups: asia is named by no territories ({ asia = ["KR"] })
        left out
    "#]],
    );
    check_terms(
        &[singer],
        expect![[r#"
        error catalog-value-malformed agreements.toml:12 agreement x territories: is not one of the territory_groups ("!@asia")
        left out
    "#]],
    );
}
