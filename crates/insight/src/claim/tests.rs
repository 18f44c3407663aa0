use expect_test::{Expect, expect};
use money::Ratio;
use period::Period;
use proptest::prelude::*;

use super::{Claim, Verdict, check, read_anchors};
use crate::Quantity;

const US_2024: &str = include_str!("../../../../data/market/us-2024.toml");

fn claim(share: &str) -> Claim {
    Claim {
        repertoire: "kdrama-ost".to_owned(),
        share: Ratio::parse(share).unwrap(),
        of: Quantity { value: Ratio::new(14_880_000_000, 1).unwrap(), unit: "USD".to_owned() },
        what: "streaming revenue, estimated retail value".to_owned(),
        territory: "US".to_owned(),
        period: Period::parse("2024").unwrap(),
    }
}

fn check_text(claim: &Claim, expect: Expect) {
    let (anchors, findings) = read_anchors("us-2024.toml", US_2024);
    let findings: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{findings:#?}");
    expect.assert_eq(&check(claim, &anchors).unwrap().to_string());
}

#[test]
fn a_fifth_of_us_streaming() {
    check_text(
        &claim("20%"),
        expect![[r#"
            verdict  exceeds the tightest upper bound, 0.833 % (us-top-100-kpop-2023), 24.0 times; the bound assumes: K-drama soundtracks, by whomever they are sung, are streamed no more than the 100 most streamed K-pop artists together
            step     20.000 % of 14.88 bn USD (streaming revenue, estimated retail value, US, 2024) = 2.976 bn USD
            step     average retail value of a stream: 14.88 bn USD / 1.4 trillion streams = 0.01063 USD / streams
            step     2.976 bn USD at that average = 280 bn streams
            step     280 bn streams / 300 bn streams (streams of R&B and hip-hop, the largest genre; the source says more than, US, 2024) = 0.9333 times
            step     2.976 bn USD / 1.32 bn USD (the whole digital music market of Korea, KR, 2023) = 2.2545 times
            at most  0.833 % us-top-100-kpop-2023: streams of the 100 most streamed K-pop artists in the US, audio and video, in US on-demand streams
                     9.2 bn streams in 278 days (2023-01-01..2023-10-05), brought to 365 days = 12.0791 bn streams
                     12.0791 bn streams / 1.45 trillion streams = 0.833 %
                     but it assumes: K-drama soundtracks, by whomever they are sung, are streamed no more than the 100 most streamed K-pop artists together
                     but it is a share of streams, the claim one of USD
                     but it is of 2023, the claim of 2024
                     source: luminatedata.com/blog/mapping-out-k-pops-global-dominance
                     source: Luminate via cirrkus.com, US on-demand streams 2023 (wording ambiguous: may be audio and video)
            at most  0.900 % us-korean-language-2023-h1: streams of Korean-language tracks in the 10,000 most streamed tracks in the US
                     0.9 percent of streams / 100 percent of streams = 0.900 %
                     but it assumes: K-drama soundtracks, in whatever language and below the first 10,000 tracks too, have no larger share than Korean-language tracks have among the first 10,000
                     but it is a share of streams, the claim one of USD
                     but it is of 2023-01..2023-06, the claim of 2024
                     source: Luminate midyear 2023 via sayart.net (0.7 in 2022, 0.5 in 2021)
            at most  8.186 % world-top-100-kpop-2023: streams of the 100 most streamed K-pop artists in the whole world, audio and video, in US on-demand streams
                     90.4 bn streams in 278 days (2023-01-01..2023-10-05), brought to 365 days = 118.6906 bn streams
                     118.6906 bn streams / 1.45 trillion streams = 8.186 %
                     but it assumes: K-drama soundtracks are streamed in the US no more than the 100 most streamed K-pop artists together in the whole world
                     but it is a share of streams, the claim one of USD
                     but it is of 2023, the claim of 2024
                     but its numerator is of Worldwide, its denominator of US
                     source: luminatedata.com/blog/mapping-out-k-pops-global-dominance
                     source: Luminate via cirrkus.com, US on-demand streams 2023 (wording ambiguous: may be audio and video)
        "#]],
    );
}

#[test]
fn the_factor_is_exact() {
    let (anchors, _) = read_anchors("us-2024.toml", US_2024);
    let Verdict::Exceeds { factor, bound, .. } = check(&claim("20%"), &anchors).unwrap().verdict
    else {
        panic!("the claim is above the bound");
    };
    let bound_by_hand = Ratio::new(9_200_000_000 * 365, 278 * 1_450_000_000_000).unwrap();
    assert_eq!(bound, bound_by_hand);
    assert_eq!(factor.unwrap().checked_mul(bound).unwrap(), Ratio::parse("20%").unwrap());
}

#[test]
fn small_claims_and_others() {
    let verdict = |claim: &Claim| {
        let (anchors, _) = read_anchors("us-2024.toml", US_2024);
        format!("{}\n", check(claim, &anchors).unwrap().verdict)
    };
    let elsewhere = Claim { territory: "JP".to_owned(), ..claim("20%") };
    let flutes = Claim { repertoire: "flute".to_owned(), ..claim("20%") };
    let verdicts = [verdict(&claim("0.5%")), verdict(&elsewhere), verdict(&flutes)].concat();
    expect![[r#"
        within the tightest upper bound, 0.833 % (us-top-100-kpop-2023); not proved by that
        cannot be told: no bound applies
        cannot be told: no bound applies
    "#]]
    .assert_eq(&verdicts);
    assert!(check(&claim("101%"), &[]).is_err());
}

#[test]
fn bad_anchors() {
    let figure = |value| {
        format!(
            "{{ value = {value}, unit = \"s\", territory = \"US\", period = \"2024\", source = \"x\" }}"
        )
    };
    let anchor = |id, scope, above, below| {
        let (above, below) = (figure(above), figure(below));
        format!(
            "[[anchor]]\nid = \"{id}\"\nmetric = \"m\"\nscope = \"{scope}\"\nnumerator = {above}\ndenominator = {below}\n"
        )
    };
    let text = [
        "repertoire = \"r\"\n".to_owned(),
        anchor("a", "whole", "1", "0"),
        anchor("b", "half", "1", "2"),
        anchor("c", "whole-if", "1", "2"),
        anchor("d", "whole", "\"many\"", "2"),
        anchor("e", "part", "\"0.5\"", "2"),
        anchor("e", "part", "1", "2"),
    ]
    .concat();
    let (anchors, findings) = read_anchors("x.toml", &text);
    assert_eq!(anchors.len(), 1);
    let mut lines: String = findings.iter().map(|finding| format!("{finding}\n")).collect();
    let (none, findings) = read_anchors("y.toml", "repertoire = \"r\"\nanchors = []\n");
    assert!(none.is_empty());
    lines.extend(findings.iter().map(|finding| format!("{finding}\n")));
    expect![[r#"
        error anchor-malformed x.toml:2 anchor: the denominator is zero (a)
        error anchor-malformed x.toml:8 anchor: scope half is none of whole, whole-if, part, beside, average (b)
        error anchor-malformed x.toml:14 anchor: whole-if needs an assumption (c)
        error anchor-malformed x.toml:20 anchor: value: not a ratio at byte 0 (d)
        error anchor-malformed x.toml:32 anchor: id is used twice (e)
        error anchor-file-malformed y.toml:2 anchor: unknown field `anchors`, expected `repertoire` or `anchor`
    "#]].assert_eq(&lines);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_larger_claim_is_never_better_off(small in 0_u128..1000, more in 0_u128..1000) {
        let (anchors, _) = read_anchors("us-2024.toml", US_2024);
        let outcome = |per_2000: u128| {
            let share = Ratio::new(per_2000, 2000).unwrap();
            let verdict = check(&Claim { share, ..claim("1%") }, &anchors).unwrap().verdict;
            match verdict {
                Verdict::Exceeds { factor, .. } => factor.unwrap(),
                _ => Ratio::ZERO,
            }
        };
        prop_assert!(outcome(small) <= outcome(small + more));
    }
}
