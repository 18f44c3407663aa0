//! The demonstration's input: real counts, carried in true DSR form.
//!
//! The counts are those of the South Korean chart of 2021 (`data/kr-2021`). The services, amounts,
//! parties and agreements are examples, and say so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dsr::{Field, Header, Value, WriteError, Writer};
use money::{Atoms, Ratio, Rounding};
use period::Month;

/// The name under which the demonstration's chart is imported.
pub const CHART_NAME: &str = "KR-daily-top-200";
/// The chart's file, within the demonstration's input.
pub const CHART_FILE: &str = "chart/kr-daily-2021.csv";

const DAILY: &str = include_str!("../../../data/kr-2021/daily.csv");
const CATALOGUE: [(&str, &str); 6] = [
    ("productions.toml", include_str!("../../../data/kr-2021/catalog/productions.toml")),
    ("recordings.toml", include_str!("../../../data/kr-2021/catalog/recordings.toml")),
    ("repertoires.toml", include_str!("../../../data/kr-2021/catalog/repertoires.toml")),
    ("parties.toml", include_str!("../../../data/kr-2021/catalog/parties.toml")),
    ("agreements.toml", include_str!("../../../data/demo/agreements.toml")),
    ("parties.toml", include_str!("../../../data/demo/parties.toml")),
];
const SERVICE: (&str, &str) = ("PADPIDA2021020100E", "Example Streaming");
const DISTRIBUTOR: (&str, &str) = ("PADPIDA2021020200E", "Example Distributor");
const LABEL: (&str, &str) = ("PADPIDA2021020300E", "Example OST Label");
/// From this month on the distributor accounts in US dollars.
const DOLLARS_FROM: &str = "2021-09";

/// Why the input could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// A file or folder refused.
    #[error("{path} cannot be written")]
    File {
        /// The path.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A report could not be written; this is a defect of the program.
    #[error("a sales report could not be written")]
    Report(#[from] WriteError),
    /// The shipped counts cannot be read; this is a defect of the program.
    #[error("the shipped counts cannot be read at line {line}")]
    Counts {
        /// The line.
        line: usize,
    },
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DemoInput {
    /// The folder with the catalogue's plain files.
    pub catalogue: PathBuf,
    /// The chart.
    pub chart: PathBuf,
    /// The sales reports.
    pub reports: Vec<PathBuf>,
}

/// The streams of one recording in one month; the folded remainders have a bracket before them.
#[derive(Clone, Debug)]
struct Streams<'a> {
    title: &'a str,
    artist: &'a str,
    streams: i64,
}

impl Streams<'_> {
    fn is_folded(&self) -> bool {
        self.title.starts_with('[')
    }
}

/// Writes the demonstration's input below a folder: catalogue, chart and two sales reports a month.
///
/// # Errors
/// [`DemoError`].
pub fn write_input(folder: &Path) -> Result<DemoInput, DemoError> {
    let catalogue = folder.join("catalogue");
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    for (name, text) in CATALOGUE {
        texts.entry(name).or_default().push_str(text);
        texts.entry(name).or_default().push('\n');
    }
    for (name, text) in texts {
        write(&catalogue.join(name), text.as_bytes())?;
    }
    let chart = folder.join(CHART_FILE);
    write(&chart, DAILY.as_bytes())?;
    let mut reports = Vec::new();
    for (month, counts) in &months()? {
        for (name, bytes) in [service_report(*month, counts)?, label_report(*month, counts)?] {
            let path = folder.join("reports").join(name);
            write(&path, &bytes)?;
            reports.push(path);
        }
    }
    Ok(DemoInput { catalogue, chart, reports })
}

/// Sums the daily counts to months; within a month, recordings stand in the order of their titles.
fn months() -> Result<BTreeMap<Month, Vec<Streams<'static>>>, DemoError> {
    let mut sums: BTreeMap<Month, BTreeMap<(&str, &str), i64>> = BTreeMap::new();
    for (line, text) in DAILY.lines().enumerate().skip(1) {
        let wrong = || DemoError::Counts { line: line + 1 };
        let (date, rest) = text.split_once(',').ok_or_else(wrong)?;
        let (rest, streams) = rest.rsplit_once(',').ok_or_else(wrong)?;
        let (title, artist) = title_and_artist(rest).ok_or_else(wrong)?;
        let month = period::parse_date(date).map(Month::of).map_err(|_| wrong())?;
        let streams: i64 = streams.parse().map_err(|_| wrong())?;
        *sums.entry(month).or_default().entry((title, artist)).or_default() += streams;
    }
    let row = |((title, artist), streams)| Streams { title, artist, streams };
    Ok(sums.into_iter().map(|(month, it)| (month, it.into_iter().map(row).collect())).collect())
}

/// Splits the two middle cells of a line of the shipped counts; they hold no doubled quotes.
fn title_and_artist(text: &'static str) -> Option<(&'static str, &'static str)> {
    let (title, artist) = match text.strip_prefix('"') {
        Some(rest) => rest.split_once("\",")?,
        None => text.split_once(',')?,
    };
    Some((title, artist.trim_matches('"')))
}

/// The service's whole usage of a month: what a society gets, and what a share needs.
fn service_report(month: Month, counts: &[Streams<'_>]) -> Result<(String, Vec<u8>), DemoError> {
    let total: i64 = counts.iter().map(|it| it.streams).sum();
    let revenue = Atoms::from_units(total * 7).to_string();
    let header = header(month, "BasicAudioProfile", "1.3", SERVICE, "whole-usage");
    let mut writer = Writer::new(Vec::new(), &header)?;
    writer.comment(" An example: real counts of a chart, in the form of a sales report.")?;
    writer.record(
        "SY01.02",
        &[
            (Field::SummaryRecordId, "S1".into()),
            (Field::DistributionChannel, SERVICE.1.into()),
            (Field::DistributionChannelDpid, SERVICE.0.into()),
            (Field::CommercialModel, "SubscriptionModel".into()),
            (Field::UseType, "OnDemandStream".into()),
            (Field::Territory, "KR".into()),
            (Field::ServiceDescription, "ExampleStreaming".into()),
            (Field::TotalUsages, total.to_string().as_str().into()),
            (Field::CurrencyOfReporting, "KRW".into()),
            (Field::NetRevenue, revenue.as_str().into()),
            (Field::CurrencyOfTransaction, "KRW".into()),
            (Field::ExchangeRate, "1".into()),
        ],
    )?;
    for (number, it) in (1..).zip(counts) {
        let (block, resource) = (number.to_string(), format!("A{number}"));
        let common: [(Field, Value<'_>); 2] = [
            (Field::BlockId, block.as_str().into()),
            (Field::DspResourceId, resource.as_str().into()),
        ];
        writer.record(
            "AS02.03",
            &[
                common[0],
                common[1],
                (Field::ResourceReference, resource.as_str().into()),
                (Field::ResourceTitle, it.title.into()),
                (Field::ResourceDisplayArtistName, it.artist.into()),
                (Field::ResourceType, "SoundRecording".into()),
            ],
        )?;
        writer.record(
            "SU02.02",
            &[
                common[0],
                (Field::SummaryRecordId, "S1".into()),
                (Field::SalesTransactionId, format!("{month}-{number}").as_str().into()),
                (Field::TransactedResource, resource.as_str().into()),
                (Field::IsRoyaltyBearing, "true".into()),
                (Field::Usages, it.streams.to_string().as_str().into()),
                (Field::UseType, "OnDemandStream".into()),
            ],
        )?;
    }
    Ok((name(month, "ExampleStreaming", SERVICE.0), writer.finish()?.0))
}

/// What the distributor accounts to the label: the soundtrack recordings, with the money.
fn label_report(month: Month, counts: &[Streams<'_>]) -> Result<(String, Vec<u8>), DemoError> {
    let dollars = month.to_string().as_str() >= DOLLARS_FROM;
    let (currency, rate) = if dollars { ("USD", "0.00087") } else { ("KRW", "1") };
    let sold: Vec<&Streams<'_>> = counts.iter().filter(|it| !it.is_folded()).collect();
    let total: i64 = sold.iter().map(|it| it.streams).sum();
    let profile = "FinancialReportingToRecordCompaniesProfileSRB";
    let header = header(month, profile, "1.0", DISTRIBUTOR, "accounting");
    let mut writer = Writer::new(Vec::new(), &header)?;
    let (first, last) = (month.first_day().to_string(), month.period().last_day().to_string());
    let [won, paid] = amounts(total, rate);
    writer.record(
        "SY10.01",
        &[
            (Field::SummaryRecordId, "S1".into()),
            (Field::DistributionChannel, SERVICE.1.into()),
            (Field::DistributionChannelDpid, SERVICE.0.into()),
            (Field::CommercialModel, "SubscriptionModel".into()),
            (Field::UseType, "OnDemandStream".into()),
            (Field::ReportingPeriodStartDate, first.as_str().into()),
            (Field::ReportingPeriodEndDate, last.as_str().into()),
            (Field::Territory, "KR".into()),
            (Field::ServiceDescription, "ExampleStreaming".into()),
            (Field::TotalUsages, total.to_string().as_str().into()),
            (Field::AllocatedUsages, total.to_string().as_str().into()),
            (Field::CurrencyOfTransaction, "KRW".into()),
            (Field::CurrencyOfAccounting, currency.into()),
            (Field::ExchangeRate, rate.into()),
            (Field::AllocatedNetRevenueInCurrencyOfTransaction, won.as_str().into()),
            (Field::AllocatedNetRevenueInCurrencyOfAccounting, paid.as_str().into()),
        ],
    )?;
    for (number, it) in (1..).zip(sold) {
        let [won, paid] = amounts(it.streams, rate);
        writer.record(
            "SR08.01",
            &[
                (Field::SalesTransactionId, format!("{month}-L{number}").as_str().into()),
                (Field::DspResourceId, format!("A{number}").as_str().into()),
                (Field::ResourceType, "SoundRecording".into()),
                (Field::ResourceTitle, as_reported(month, it.title).into()),
                (Field::ResourceDisplayArtistName, it.artist.into()),
                (Field::SummaryRecordId, "S1".into()),
                (Field::Usages, it.streams.to_string().as_str().into()),
                (Field::NetUsage, it.streams.to_string().as_str().into()),
                (Field::RightShare, "100".into()),
                (Field::AllocatedNetRevenueInCurrencyOfTransaction, won.as_str().into()),
                (Field::AllocatedNetRevenueInCurrencyOfAccounting, paid.as_str().into()),
            ],
        )?;
    }
    Ok((name(month, "Accounting", DISTRIBUTOR.0), writer.finish()?.0))
}

/// A title as the distributor writes it: once a month of its own, it is misspelt, as happens.
fn as_reported(month: Month, title: &str) -> &str {
    match (month.to_string().as_str(), title) {
        ("2021-07", "Superstar") => "Super Star HP2 (clean)",
        _ => title,
    }
}

/// The master side of a number of streams, in won and as accounted; both are exact.
fn amounts(streams: i64, rate: &str) -> [String; 2] {
    let part = |of: Atoms, rate: &str| {
        let rate = Ratio::parse(rate).unwrap_or(Ratio::ONE);
        of.mul_ratio(rate, Rounding::HalfEven).unwrap_or_default()
    };
    let won = part(Atoms::from_units(streams * 7), "48.25%");
    [won.to_string(), part(won, rate).to_string()]
}

fn header(month: Month, profile: &str, version: &str, sender: (&str, &str), what: &str) -> Header {
    let next = month.next().first_day();
    Header {
        message_version: "dsrf/1.1/1.4.1/1.3".to_owned(),
        profile_name: profile.to_owned(),
        profile_version: version.to_owned(),
        message_id: format!("example-{what}-{month}"),
        created: format!("{next}T09:00:00Z"),
        file_number: "1".to_owned(),
        number_of_files: "1".to_owned(),
        usage_start: month.first_day().to_string(),
        usage_end: month.period().last_day().to_string(),
        sender_party_id: sender.0.to_owned(),
        sender_name: sender.1.to_owned(),
        service_description: "ExampleStreaming".to_owned(),
        recipient_party_id: LABEL.0.to_owned(),
        recipient_name: LABEL.1.to_owned(),
        represented_repertoire: Vec::new(),
    }
}

/// A report's file name, by the standard's rule (DSR part 1, file naming).
fn name(month: Month, service: &str, sender: &str) -> String {
    let created = month.next().first_day().to_string().replace('-', "");
    format!("DSR_{}_{sender}_{service}_{month}_KR_1of1_{created}T090000.tsv", LABEL.0)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    let error = |source| DemoError::File { path: path.to_owned(), source };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(error)?;
    }
    std::fs::write(path, bytes).map_err(error)
}
