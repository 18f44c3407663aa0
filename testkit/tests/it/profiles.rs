//! Every profile comes in whole: sales transactions are lines, and sums are the truth's.

use forge::{Order, profiles, versions, write_one};
use ingest::{Source, ingest_dsr};
use money::Atoms;
use usage::Basis;

#[test]
fn every_profile_is_read_into_lines() {
    let mut seen = String::new();
    for profile in profiles() {
        for version in versions(profile) {
            let version = version.to_owned();
            let order = Order { version, models: 4, ..Order::new(profile, 5, 200) };
            let mut bytes = Vec::new();
            let truth = write_one(&order, &mut bytes).unwrap();
            let name = order.file_name(1);
            let source = Source { report: "00000000deadbeef", file: 0, name: &name };
            let (mut usages, mut findings) = (Atoms::ZERO, Vec::new());
            let ingested = ingest_dsr(
                &source,
                &mut || Ok(bytes.as_slice()),
                &mut |row| usages = usages.checked_add(row.usages).unwrap(),
                &mut |finding| findings.push(finding.rule),
            )
            .unwrap();
            assert_eq!((ingested.lines, ingested.quarantined.len()), (truth.sales(), 0));
            if truth.sales() > 0 {
                assert_eq!(usages, Atoms::from_units(i64::try_from(truth.usages()).unwrap()));
            }
            let net = truth.net();
            let bases: Vec<_> = ingested
                .amounts
                .iter()
                .map(|((currency, basis), sum)| {
                    let of = truth.summaries.iter().filter(|it| it.currency == *currency);
                    let received = Atoms::checked_sum(of.map(|it| it.received)).unwrap();
                    let expected =
                        if *basis == Basis::ServiceNet { net[currency] } else { received };
                    assert_eq!(*sum, expected, "{currency}");
                    format!("{basis} {currency} {sum}")
                })
                .collect();
            seen += &format!(
                "{} {}: {} lines, {}; {findings:?}\n",
                profile.name(),
                order.version,
                ingested.lines,
                bases.join(", ")
            );
        }
    }
    expect_test::expect![[r#"
        BasicAudioProfile 1.0: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        BasicAudioProfile 1.1: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        BasicAudioProfile 1.2: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        BasicAudioProfile 1.3: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        BasicAudioProfile 1.4: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        BasicAudioProfileSRB 1.2: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        BasicAudioProfileSRB 1.3: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        BasicAudioProfileSRB 1.4: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        UGCProfile 1.0: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        UGCProfile 1.1: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        UGCProfile 1.2: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        UGCProfile 1.3: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        UGCProfileSRB 1.2: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        UGCProfileSRB 1.3: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        AudioVisualProfile 1.0: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        AudioVisualProfile 1.1: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        AudioVisualProfile 1.3: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        AudioVisualProfileSRB 1.1: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        AudioVisualProfileSRB 1.3: 200 lines, service-net KRW 30885061.64303994, service-net USD 40374.74799813; []
        RoyaltyReportingProfile 1.0: 200 lines, received KRW 10295020.54767998, received USD 13458.24933271; []
        RoyaltyReportingProfile 1.1: 200 lines, received KRW 10295020.54767998, received USD 13458.24933271; []
        FinancialReportingToRecordCompaniesProfileSRB 1.0: 200 lines, received KRW 30885061.64303994, received USD 40374.74799813; []
        FinancialReportingToRecordCompaniesProfileSRB 1.1: 200 lines, received KRW 30885061.64303994, received USD 40374.74799813; []
        RadioBroadcastProfile 1.0: 200 lines, ; []
        RadioBroadcastProfile 1.1: 200 lines, ; []
        MasterListProfile 1.0: 0 lines, ; ["ingest-no-sales"]
        MasterListProfile 1.1: 0 lines, ; ["ingest-no-sales"]
        MasterListProfileSRB 1.0: 0 lines, ; ["ingest-no-sales"]
        MasterListProfileSRB 1.1: 0 lines, ; ["ingest-no-sales"]
    "#]].assert_eq(&seen);
}
