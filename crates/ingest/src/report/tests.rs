use expect_test::{Expect, expect};
use money::Atoms;
use proptest::prelude::*;
use usage::Line;

use super::*;

fn run(text: &str) -> (Vec<Line>, Vec<String>, Result<Ingested, IngestError>) {
    let text = text.replace('→', "\t");
    let source = Source { report: "r", file: 0, name: "in/x.tsv" };
    let (mut lines, mut faults) = (Vec::new(), Vec::new());
    let outcome = ingest_dsr(
        &source,
        &mut || Ok(text.as_bytes()),
        &mut |row| lines.push(row.to_line("r")),
        &mut |finding| faults.push(finding.to_string()),
    );
    (lines, faults, outcome)
}

fn check(text: &str, expected: &Expect) {
    let (lines, faults, outcome) = run(text);
    let mut seen = String::new();
    for line in lines {
        let currency = line.currency.map_or_else(String::new, |code| code.to_string());
        seen += &format!(
            "{} {} {}..{} {} {}/{}/{} {} {} {:?} {:?}: {} for {currency} {} {}\n",
            line.line,
            line.territory,
            line.from,
            line.until,
            line.use_type,
            line.isrc,
            line.icpn,
            line.resource_id,
            line.rights_type,
            line.transaction,
            line.title,
            line.artist,
            line.usages,
            line.amount,
            line.basis
        );
    }
    for fault in faults {
        seen += &format!("{fault}\n");
    }
    match outcome {
        Err(error) => seen += &error.to_string(),
        Ok(outcome) => {
            for pool in &outcome.pools {
                seen += &format!(
                    "pool {}: {} of {} for {}/{} usages\n",
                    pool.summary,
                    pool.attributed_revenue,
                    pool.net_revenue.map_or_else(|| "?".to_owned(), |sum| sum.to_string()),
                    pool.detailed_usages,
                    pool.total_usages.map_or_else(|| "?".to_owned(), |sum| sum.to_string())
                );
            }
            for aside in &outcome.quarantined {
                let usages = aside.usages.map_or_else(|| "?".to_owned(), |sum| sum.to_string());
                seen += &format!("aside {}: {} ({usages} usages)\n", aside.line, aside.reason);
            }
            for ((currency, basis), amount) in &outcome.amounts {
                seen += &format!("{currency} {basis} {amount}\n");
            }
            seen += &format!("{} lines, {} usages", outcome.lines, outcome.usages);
        }
    }
    expected.assert_eq(&seen);
}

fn head(profile: &str) -> String {
    format!(
        "HEAD→dsrf/1→{profile}→1.3→M1→2026-02-03T04:05:06Z→1→1→2026-01-01→2026-01-31→PADPIDA1→Name→Svc\n"
    )
}

#[test]
fn basic_audio() {
    let text = head("BasicAudioProfile")
        + "# a comment\n\
           SY01.02→S1→→→SubscriptionModel→OnDemandStream→KR→→10→→KRW→100\n\
           SY01.02→S2→→→SubscriptionModel→→JP→Other→→→JPY→1\n\
           SY01.02→S3→→→FreeOfChargeModel→→JP→Other→5\n\
           RE01.02→1→R1→P1→→→825646846917→Band→→Release\n\
           AS02.03→1→A1→D1→KRA302600001|KRA302600002→Song→→Singer→→PT3M→SoundRecording\n\
           SU02.02→1→S1→T1→→A1→TRUE→3→→→NonInteractiveStream\n\
           SU02.02→1→S1→T2→R1→→TRUE→3\n\
           SU02.02→1→S2→T3→→A2→TRUE→1\n\
           AS02.03→1→A2→D2→→\"Late \"\"one\"\"\"→→Singer→→→SoundRecording\n\
           SU02.02→1→S2→T4→→A9→TRUE→2\n\
           RE01.02→2→R1→P2→→→→Band→→Two songs\n\
           SU01.02→2→S2→T5→R1→→TRUE→FALSE→5→1\n\
           SU02.02→2→S3→T6→R1→→TRUE→5\n";
    check(
        &text,
        &expect![[r#"
        8 KR 2026-01-01..2026-02-01 NonInteractiveStream KRA302600001/825646846917/D1 work T1 "Song" "Singer": 3 for KRW 30 service-net
        9 KR 2026-01-01..2026-02-01 OnDemandStream KRA302600001/825646846917/D1 work T2 "Song" "Singer": 3 for KRW 30 service-net
        10 JP 2026-01-01..2026-02-01  /825646846917/D2 work T3 "Late \"one\"" "Singer": 1 for JPY 0.142857142857142857 service-net
        12 JP 2026-01-01..2026-02-01  //A9 work T4 "" "": 2 for JPY 0.285714285714285714 service-net
        14 JP 2026-01-01..2026-02-01  //R1 work T5 "Two songs" "Band": 4 for JPY 0.571428571428571429 service-net
        15 JP 2026-01-01..2026-02-01  //R1 work T6 "Two songs" "Band": 5 for  0 none
        note ingest-no-revenue x.tsv:5 SY01.02 cell 12 NetRevenue: no net revenue; its lines will carry no money
        pool S1: 60 of 100 for 6/10 usages
        pool S2: 1 of 1 for 7/? usages
        pool S3: 0 of ? for 5/5 usages
        JPY service-net 1
        KRW service-net 60
        6 lines, 18 usages"#]],
    );
}

#[test]
fn what_cannot_be_read_is_kept_aside() {
    let text = head("BasicAudioProfile")
        + "SY01.02→S1→→→SubscriptionModel→→KR→→10→→KRW→100\n\
           SY01.02→S2→→→SubscriptionModel→→JP→→10→→JPY→1e3\n\
           SY01.02→S3→→→SubscriptionModel→→KR→→10→→KRW→100\n\
           SY01.02→S3→→→SubscriptionModel→→JP→→10→→JPY→100\n\
           SY01.02→S4→→→SubscriptionModel→→KR→→10→→WON→100\n\
           SU02.02→1→S1→T1→→A1→TRUE→1,000\n\
           SU02.02→1→S1→T2→→A1→TRUE→\n\
           SU02.02→1→S2→T3→→A1→TRUE→1\n\
           SU02.02→1→S3→T4→→A1→TRUE→2\n\
           SU02.02→1→S4→T5→→A1→TRUE→3\n\
           SU02.02→1→S9→T6→→A1→TRUE→4\n\
           SU02.02→1→S1→T7→→A1→TRUE→0.0000000000000000001\n";
    check(
        &text,
        &expect![[r#"
            error ingest-amount x.tsv:3 SY01.02 cell 12 NetRevenue: not a decimal number at byte 1 (1e3)
            error ingest-currency x.tsv:6 SY01.02 cell 11 CurrencyOfReporting: revenue without a known currency (WON)
            error ingest-usages x.tsv:7 SU02.02 cell 8 NumberOfStreams: not a decimal number at byte 1 (1,000)
            error ingest-usages x.tsv:8 SU02.02 cell 8 NumberOfStreams: no digits
            error ingest-summary x.tsv:9 SU02.02 cell 3 SummaryRecordId: its summary record cannot be read (S2)
            error ingest-summary x.tsv:10 SU02.02 cell 3 SummaryRecordId: several summary records of this id, and they differ (S3)
            error ingest-summary x.tsv:11 SU02.02 cell 3 SummaryRecordId: its summary record cannot be read (S4)
            error ingest-summary x.tsv:12 SU02.02 cell 3 SummaryRecordId: no summary record of this id (S9)
            error ingest-usages x.tsv:13 SU02.02 cell 8 NumberOfStreams: 19 decimals, at most 18 can be held (0.0000000000000000001)
            pool S1: 0 of 100 for 0/10 usages
            pool S2: 0 of ? for 0/? usages
            pool S3: 0 of ? for 0/20 usages
            pool S4: 0 of ? for 0/? usages
            aside 3: ingest-amount (? usages)
            aside 6: ingest-currency (? usages)
            aside 7: ingest-usages (? usages)
            aside 8: ingest-usages (? usages)
            aside 9: ingest-summary (1 usages)
            aside 10: ingest-summary (2 usages)
            aside 11: ingest-summary (3 usages)
            aside 12: ingest-summary (4 usages)
            aside 13: ingest-usages (? usages)
            0 lines, 0 usages"#]],
    );
}

#[test]
fn user_generated_content() {
    let text = head("UGCProfile")
        + "SY02.01→1→→→AdvertisementSupportedModel→Stream→IS→Ads→100→→USD→40→PUB\n\
           SY02.01→1→→→AdvertisementSupportedModel→Stream→IS→Ads→50→→USD→2→SOC\n\
           AS01→1→A1→D1→USSM19803037→Song→→Singer→→PT3M→SoundRecording\n\
           RU01→1→1→v|w→3|4\n\
           SU03.01→1→U1→1→D1→7→2.5→20260101→20260131\n\
           LI01.01→1→1→PUB→→→1.0→PerformingRight→0.0→125.23\n\
           AS01→2→A2→D2→→Song 2→→Singer→→PT3M→SoundRecording\n\
           SU03.01→2→U1→1→other→→0.5\n\
           SU03.01→2→U2→1→D2→1→0.1234567890123456789\n";
    check(
        &text,
        &expect![[r#"
        6 IS 2026-01-01..2026-02-01 Stream USSM19803037//D1 work U1 "Song" "Singer": 7 for USD 2.5 service-net
        9 IS 2026-01-01..2026-02-01 Stream //D2 work U1 "Song 2" "Singer": 0 for USD 0.5 service-net
        error ingest-amount x.tsv:10 SU03.01 cell 7 NetRevenue: 19 decimals, at most 18 can be held (0.1234567890123456789)
        pool 1: 3 of 42 for 7/150 usages
        aside 10: ingest-amount (1 usages)
        USD service-net 3
        2 lines, 7 usages"#]],
    );
}

#[test]
fn financial() {
    let mut sy = vec![""; 46];
    for (at, text) in [
        (0, "SY10"),
        (1, "S1"),
        (4, "SubscriptionModel"),
        (5, "OnDemandStream"),
        (6, "2025-12-01"),
        (7, "2025-12-31"),
        (12, "US"),
        (13, "Svc"),
        (17, "10"),
        (20, "USD"),
        (21, "KRW"),
        (37, "1500"),
    ] {
        sy[at] = text;
    }
    let sale = |id, usages, returns, net, transaction, accounting| {
        let mut sr = vec![""; 48];
        for (at, text) in [
            (0, "SR08"),
            (1, id),
            (3, "825646846917"),
            (4, "P1"),
            (9, "Release"),
            (11, "Band"),
            (13, "KRA302600001"),
            (15, "D1"),
            (20, "Song"),
            (22, "Singer"),
            (24, "S1"),
            (26, usages),
            (27, returns),
            (28, net),
            (45, transaction),
            (46, accounting),
        ] {
            sr[at] = text;
        }
        sr.join("\t") + "\n"
    };
    let text = head("FinancialReportingToRecordCompaniesProfileSRB")
        + &sy.join("\t")
        + "\n"
        + &sale("T1", "7", "1", "6", "0.5", "700.25")
        + &sale("T2", "5", "1", "", "0.25", "")
        + &sale("T3", "5", "1", "4", "", "");
    check(
        &text,
        &expect![[r#"
        3 US 2025-12-01..2026-01-01 OnDemandStream KRA302600001/825646846917/D1 master T1 "Song" "Singer": 6 for KRW 700.25 received
        4 US 2025-12-01..2026-01-01 OnDemandStream KRA302600001/825646846917/D1 master T2 "Song" "Singer": 4 for USD 0.25 received
        error ingest-amount x.tsv:5 SR08 cell 46 AllocatedNetRevenueInCurrencyOfTransaction: no digits
        pool S1: 700.25 of 1500 for 10/10 usages
        aside 5: ingest-amount (4 usages)
        KRW received 700.25
        USD received 0.25
        2 lines, 10 usages"#]],
    );
}

#[test]
fn no_lines_without_a_header() {
    check("SY01.02→S1\n", &expect!["x.tsv: no header"]);
    check(
        &head("MasteringProfile"),
        &expect![[r#"x.tsv: "MasteringProfile" is no profile of the standard"#]],
    );
    check(
        &head("UGCProfile").replace("2026-01-31", "January"),
        &expect!["x.tsv: no usage period in the header"],
    );
}

#[test]
fn royalties_are_the_claims_behind_a_sales_transaction() {
    let claim = |block: u32, parent: &str, amount: &str| {
        format!("LI01.03→{block}→S1→Us→→W→100→MechanicalRight→→{amount}→→{parent}\n")
    };
    check(
        &(head("RoyaltyReportingProfile")
            + "SY07.01→S1→→→SubscriptionModel→OnDemandStream→KR→→→9→→KRW→→→→→100→90\n\
               AS01→1→A1→D1→KRA302600001→Song→→Singer→→PT3M→SoundRecording\n\
               SU03.02→1→T1→S1→D1→5→77\n"
            + &claim(1, "T1", "12.5")
            + &claim(1, "", "0.25")
            + &claim(1, "T9", "3")
            + "SU03.02→1→T2→S1→D1→4→77\nAS01→2→A1→D2→→Other→→Singer→→PT3M→SoundRecording\n"
            + &claim(2, "T2", "4")
            + "SU03.02→2→T3→S9→D2→1→77\n"
            + &claim(2, "T3", "x")),
        &expect![[r#"
            4 KR 2026-01-01..2026-02-01 OnDemandStream KRA302600001//D1 work T1 "Song" "Singer": 5 for KRW 12.75 received
            8 KR 2026-01-01..2026-02-01 OnDemandStream KRA302600001//D1 work T2 "Song" "Singer": 4 for  0 none
            error ingest-claim x.tsv:7 LI01.03 cell 12 ParentSalesTransactionId: not behind the sales transaction that it belongs to (T9)
            error ingest-claim x.tsv:10 LI01.03 cell 12 ParentSalesTransactionId: not behind the sales transaction that it belongs to (T2)
            error ingest-amount x.tsv:12 LI01.03 cell 10 AllocatedAmount: not a decimal number at byte 0 (x)
            error ingest-summary x.tsv:11 SU03.02 cell 4 SummaryRecordId: no summary record of this id (S9)
            pool S1: 12.75 of ? for 9/9 usages
            aside 7: ingest-claim (? usages)
            aside 10: ingest-claim (? usages)
            aside 12: ingest-amount (? usages)
            aside 11: ingest-summary (1 usages)
            KRW received 12.75
            2 lines, 9 usages"#]],
    );
}

#[test]
fn programmes_share_and_broadcasts_are_only_counted() {
    check(
        &(head("AudioVisualProfile")
            + "SY06.02→S1→→→SubscriptionModel→OnDemandStream→KR→→4→→KRW→→100\n\
               RE03.02→1→R1→D→→→드라마\nAS03.02→1→A1→V1→→→→Episode→제1회→→→→→→PT70M\n\
               CU01.01→1→A1→PT1M→PT30S→KRA302600001\nSU04.02→1→S1→T1→→A1→→→→→→→TRUE→FALSE→3→0\n\
               SU06→1→S1→T2→A1→1\n"),
        &expect![[r#"
            6 KR 2026-01-01..2026-02-01 OnDemandStream //V1 work T1 "제1회" "": 3 for KRW 75 service-net
            7 KR 2026-01-01..2026-02-01 OnDemandStream //V1 work T2 "제1회" "": 1 for KRW 25 service-net
            pool S1: 100 of 100 for 4/4 usages
            KRW service-net 100
            2 lines, 4 usages"#]],
    );
    check(
        &(head("RadioBroadcastProfile")
            + "SY08.02→S1→→→Station→→AdvertisementSupportedModel→Broadcast→KR→2→→10→KRW→500\n\
               AS02.03→1→A1→D1→KRA302600001→Song→→Singer→→PT3M→SoundRecording\n\
               SU05.01→1→S1→T1→A1→TRUE→2\n"),
        &expect![[r#"
            4 KR 2026-01-01..2026-02-01 Broadcast KRA302600001//D1 work T1 "Song" "Singer": 2 for  0 none
            pool S1: 0 of 500 for 2/2 usages
            1 lines, 2 usages"#]],
    );
    check(
        &(head("MasterListProfile")
            + "SY11→S1→→→SubscriptionModel→OnDemandStream→KR\n\
               AS02.03→1→A1→D1→KRA302600001→Song→→Singer→→PT3M→SoundRecording\nML01→1→S1→A1→5\n"),
        &expect![[r#"
            note ingest-no-sales x.tsv: a master list; no usage lines are made of it
            pool S1: 0 of ? for 0/? usages
            0 lines, 0 usages"#]],
    );
}

#[test]
fn several_files_share_one_pool() {
    let part = |number: u32, usages: &str| {
        head("BasicAudioProfile").replace("Z→1→1→", &format!("Z→{number}→2→"))
            + "SY01.02→S1→→→SubscriptionModel→→KR→→3→→KRW→100\n\
               AS01→1→A1→D1→→Song→→Singer→→PT3M→SoundRecording\n"
            + &format!("SU02.02→1→S1→T{number}→→A1→TRUE→{usages}\n")
    };
    let files = [part(1, "1"), part(2, "2")].map(|text| text.replace('→', "\t"));
    let mut survey = Survey::default();
    for text in &files {
        survey.take("x.tsv", text.as_bytes()).unwrap();
    }
    let mut amounts = Vec::new();
    let mut attributed = Vec::new();
    for (file, text) in (0..).zip(&files) {
        let source = Source { report: "r", file, name: "x.tsv" };
        let outcome = survey
            .lines(
                &source,
                text.as_bytes(),
                &mut |line| amounts.push(line.amount.to_string()),
                &mut |_| {},
            )
            .unwrap();
        attributed.push(outcome.pools[0].attributed_revenue.to_string());
    }
    assert_eq!(amounts, ["33.333333333333333333", "66.666666666666666667"]);
    assert_eq!(attributed, ["33.333333333333333333", "100"]);
}

fn audio(revenue: &str, total: &str, usages: &[u32]) -> String {
    let mut text = head("BasicAudioProfile")
        + &format!("SY01.02→S1→→→SubscriptionModel→→KR→→{total}→→KRW→{revenue}\n")
        + "AS01→1→A1→D1→→Song→→Singer→→PT3M→SoundRecording\n";
    for (at, count) in usages.iter().enumerate() {
        text += &format!("SU02.02→1→S1→T{at}→→A1→TRUE→{count}\n");
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn amounts_close(
        revenue in "-?[0-9]{1,12}(\\.[0-9]{1,18})?",
        usages in proptest::collection::vec(0..5_000_000_u32, 1..40),
        hidden in 0..1000_u32,
    ) {
        let sum: u64 = usages.iter().map(|count| u64::from(*count)).sum();
        let total = sum + u64::from(hidden);
        let (lines, faults, outcome) = run(&audio(&revenue, &total.to_string(), &usages));
        prop_assert_eq!(faults, Vec::<String>::new());
        prop_assert_eq!(lines.len(), usages.len());
        let revenue = Atoms::parse(&revenue).unwrap();
        let attributed = Atoms::checked_sum(lines.iter().map(|line| line.amount)).unwrap();
        let outcome = outcome.unwrap();
        prop_assert_eq!(outcome.pools[0].attributed_revenue, attributed);
        if hidden == 0 && sum > 0 {
            prop_assert_eq!(attributed, revenue);
        }
        // Every line is within one atom of its exact share.
        for line in lines.iter().filter(|_| total > 0) {
            let ratio = money::Ratio::new(
                line.usages.raw().unsigned_abs(),
                Atoms::from_units(i64::try_from(total).unwrap()).raw().unsigned_abs(),
            );
            let exact = revenue.mul_ratio(ratio.unwrap(), money::Rounding::Floor).unwrap();
            prop_assert!((line.amount.raw() - exact.raw()).abs() <= 1);
        }
    }

    #[test]
    fn any_cells_are_lines_or_kept_aside(
        cells in proptest::collection::vec(("[S|1-3]{0,2}", "[0-9,.eA1-]{0,6}"), 0..12),
    ) {
        let mut text = audio("100", "10", &[]);
        for (summary, usages) in &cells {
            text += &format!("SU02.02→1→{summary}→T→→A1→TRUE→{usages}\n");
        }
        let (lines, faults, outcome) = run(&text);
        let outcome = outcome.unwrap();
        prop_assert_eq!(lines.len() + outcome.quarantined.len(), cells.len());
        prop_assert_eq!(faults.len(), outcome.quarantined.len());
    }
}

#[test]
fn lines_with_money_of_their_own_do_not_lessen_what_others_share() {
    check(
        "HEAD→dsrf/1→UGCProfile→1.3→M1→2026-02-01T00:00:00Z→1→1→2026-01-01→2026-01-31→S\n\
         SY02.01→1→→→SubscriptionModel→Stream→KR→Svc→2→→KRW→2\n\
         AS02.02→1→A1→t1→KRA302600001→Rain→→Kim→→→SoundRecording\n\
         AS02.02→1→t1→t2→KRA302600002→Snow→→Lee→→→SoundRecording\n\
         SU03.02→1→T1→1→t1→1→0.1\n\
         SU02.02→1→1→T2→→A1→TRUE→1\n",
        &expect![[r#"
            5 KR 2026-01-01..2026-02-01 Stream KRA302600001//t1 work T1 "Rain" "Kim": 1 for KRW 0.1 service-net
            6 KR 2026-01-01..2026-02-01 Stream KRA302600001//t1 work T2 "Rain" "Kim": 1 for KRW 1 service-net
            pool 1: 1.1 of 2 for 2/2 usages
            KRW service-net 1.1
            2 lines, 2 usages"#]],
    );
}

#[test]
fn prices_are_kept_apart() {
    let text = head("BasicAudioProfile")
        + "SY01.02→S1→→→PayAsYouGoModel→PermanentDownload→KR→→→→KRW→\n\
           SY01.02→S2→→→PayAsYouGoModel→PermanentDownload→KR→→10→→KRW→100\n\
           RE01.02→1→R1→P1→→→825646846917→Band→→Release\n\
           SU01.02→1→S2→T1→R1→→TRUE→FALSE→5→1→990\n\
           SU01.02→1→S2→T2→R1→→TRUE→FALSE→2→0→690.50\n\
           SU01.02→1→S2→T3→R1→→TRUE→FALSE→1→0→990\n\
           SU01.02→1→S2→T4→R1→→TRUE→FALSE→1→0→\n\
           SU01.02→1→S2→T5→R1→→TRUE→FALSE→1→0→dear\n\
           SU01.02→1→S1→T6→R1→→TRUE→FALSE→1→0→990\n";
    let (lines, faults, _) = run(&text);
    let told: Vec<String> = lines
        .iter()
        .map(|it| format!("{} {:?}", it.transaction, it.unit_price.map(|it| it.to_string())))
        .collect();
    // What costs a unit without money on the line is of no use.
    expect![[r#"
        T1 Some("990")
        T2 Some("690.5")
        T3 Some("990")
        T4 None
        T5 None
        T6 None"#]]
    .assert_eq(&told.join("\n"));
    assert_eq!(faults.len(), 1);
}
