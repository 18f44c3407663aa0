//! Charts: rows of a CSV file to usage lines without money.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder};
use finding::{Finding, Position};
use money::Atoms;
use period::{Date, Period, parse_date};
use usage::{Basis, Line, RightsType};

use crate::rule::CHART_ROW;
use crate::{IngestError, Ingested, Quarantined};

/// What a chart does not say itself.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Chart<'a> {
    /// Report id, as [`usage::Line::report`] has it.
    pub report: &'a str,
    /// Index of the file within the report, from 0.
    pub file: u16,
    /// Name of the file.
    pub name: &'a str,
    /// Name of the chart; it stands as the sender.
    pub chart: &'a str,
    /// The service whose streams the chart counts.
    pub service: &'a str,
    /// Territory of the chart.
    pub territory: &'a str,
}

/// Where a shape of chart has what.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shape {
    width: usize,
    day: usize,
    title: usize,
    /// `None` where artist and title share a cell, `Artist - Title`.
    artist: Option<usize>,
    streams: usize,
    resource: Option<usize>,
    /// Days that end with the day of the row.
    days: i32,
}

impl Shape {
    fn of(header: &ByteRecord) -> Option<Self> {
        let names: Vec<String> = header
            .iter()
            .map(|name| {
                String::from_utf8_lossy(name).trim().trim_start_matches('\u{feff}').to_lowercase()
            })
            .collect();
        let at = |name: &str| names.iter().position(|known| known == name);
        let shape = |day: &str, title: &str, artist: Option<&str>, days| {
            Some(Self {
                width: names.len(),
                day: at(day)?,
                title: at(title)?,
                artist: match artist {
                    Some(name) => Some(at(name)?),
                    None => None,
                },
                streams: at("streams")?,
                resource: at("spotify_uri"),
                days,
            })
        };
        shape("date", "song", Some("artist"), 1)
            .or_else(|| shape("chart_date", "song", Some("performer"), 7))
            .or_else(|| shape("captured_date", "artist_and_title", None, 1))
    }
}

/// What a row says.
struct Row {
    period: Period,
    title: String,
    artist: String,
    streams: Atoms,
    resource: String,
}

/// Reads a chart into usage lines; its first line tells which of four shapes it has.
///
/// | columns | a row is |
/// |---|---|
/// | `Song,Artist,Date,Streams,…` | a day; streams may have thousands separators |
/// | `date,song,artist,streams` | a day |
/// | `…,chart_date,song,performer,streams,…` | the week that ends with the day |
/// | `captured_date,…,artist_and_title,…,streams,…` | the day of capture; `Artist - Title` |
///
/// # Errors
/// [`IngestError`] when the file cannot be read, or has the columns of no known chart.
pub fn ingest_chart<R: Read>(
    chart: &Chart<'_>,
    source: R,
    lines: &mut dyn FnMut(Line),
    findings: &mut dyn FnMut(Finding),
) -> Result<Ingested, IngestError> {
    let failed = |source| IngestError::Chart { file: chart.name.to_owned(), source };
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(source);
    let header = reader.byte_headers().map_err(failed)?;
    let Some(shape) = Shape::of(header) else {
        let columns: Vec<_> = header.iter().take(20).map(String::from_utf8_lossy).collect();
        let (file, columns) =
            (chart.name.to_owned(), columns.join(",").chars().take(200).collect());
        return Err(IngestError::Columns { file, columns });
    };
    let mut outcome = Ingested::default();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(failed)? {
        let at = record.position().map_or((0, 0), |at| (at.line(), at.byte()));
        let fault = match read(&record, &shape) {
            Ok(row) => {
                let line = compose(chart, at.0, row);
                if outcome.count(&line) {
                    lines(line);
                    continue;
                }
                "a sum beyond the range of numbers"
            }
            Err(fault) => fault,
        };
        let raw = joined(&record);
        let file = chart.name.rsplit(['/', '\\']).next().unwrap_or(chart.name).to_owned();
        let place = Position { file, line: at.0, byte: at.1, ..Position::default() };
        findings(CHART_ROW.finding(fault).at(place).evidence_bytes(&raw));
        outcome.quarantined.push(Quarantined {
            line: at.0,
            raw,
            reason: CHART_ROW.id,
            amount: None,
            usages: None,
        });
    }
    Ok(outcome)
}

fn read(record: &ByteRecord, shape: &Shape) -> Result<Row, &'static str> {
    if record.len() != shape.width {
        return Err("another number of columns than in the first line");
    }
    let text = |at: usize| {
        let bytes = record.get(at).unwrap_or_default();
        std::str::from_utf8(bytes).map_err(|_| "bytes that are not UTF-8")
    };
    let last = parse_date(text(shape.day)?.trim()).map_err(|_| "not a date")?;
    let period = ending(last, shape.days).ok_or("a date beyond the calendar")?;
    let (artist, title) = match shape.artist {
        Some(artist) => (text(artist)?, text(shape.title)?),
        None => text(shape.title)?.split_once(" - ").ok_or("no artist before the title")?,
    };
    if title.is_empty() {
        return Err("no title");
    }
    let streams = streams(text(shape.streams)?.trim()).ok_or("streams are not a whole number")?;
    let resource = shape.resource.map_or(Ok(""), text)?.to_owned();
    Ok(Row { period, title: title.to_owned(), artist: artist.to_owned(), streams, resource })
}

/// So many days, the last of them this one.
fn ending(last: Date, days: i32) -> Option<Period> {
    let mut first = last;
    for _ in 1..days {
        first = first.yesterday().ok()?;
    }
    Period::inclusive(first, last)
}

/// A whole number, its thousands perhaps set off by commas.
fn streams(text: &str) -> Option<Atoms> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits += group;
    }
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    dsr::value::decimal(&digits).ok()
}

fn compose(chart: &Chart<'_>, line: u64, row: Row) -> Line {
    Line {
        report: chart.report.to_owned(),
        line,
        file: chart.file,
        transaction: String::new(),
        sender: chart.chart.to_owned(),
        service: chart.service.to_owned(),
        territory: chart.territory.to_owned(),
        use_type: "OnDemandStream".to_owned(),
        commercial_model: String::new(),
        rights_type: RightsType::Unspecified,
        basis: Basis::NoMoney,
        from: row.period.start(),
        until: row.period.end(),
        isrc: String::new(),
        icpn: String::new(),
        resource_id: row.resource,
        title: row.title,
        artist: row.artist,
        usages: row.streams,
        currency: None,
        amount: Atoms::ZERO,
        subscribed: None,
        adjustment: String::new(),
        unit_price: None,
        price_category: String::new(),
        corrects: String::new(),
    }
}

/// The fields as one CSV line, without its end.
fn joined(record: &ByteRecord) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    let written = writer.write_byte_record(record);
    debug_assert!(written.is_ok(), "a vector takes every row");
    let mut raw = writer.into_inner().unwrap_or_default();
    raw.pop_if(|last| *last == b'\n');
    raw
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(text: &str, expected: &Expect) {
        let chart = Chart {
            report: "r",
            file: 0,
            name: "in/c.csv",
            chart: "Daily Top 200",
            service: "Streams",
            territory: "KR",
        };
        let (mut seen, mut faults) = (String::new(), String::new());
        let outcome = ingest_chart(
            &chart,
            text.as_bytes(),
            &mut |line| {
                seen += &format!(
                    "{} {}..{} {:?} {:?} {:?} {}\n",
                    line.line,
                    line.from,
                    line.until,
                    line.title,
                    line.artist,
                    line.resource_id,
                    line.usages
                );
            },
            &mut |finding| faults += &format!("{finding}\n"),
        );
        seen += &faults;
        seen += &match outcome {
            Ok(outcome) => format!(
                "{} lines, {} usages, {} aside",
                outcome.lines,
                outcome.usages,
                outcome.quarantined.len()
            ),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&seen);
    }

    #[test]
    fn daily() {
        check(
            "Song,Artist,Date,Streams,Rank,Country\n\
             Rain,Kim,2021-02-01,\"14,383\",1,\"Korea, Republic of\"\n\
             \"Rain, again\",Kim,2021-02-29,12,2,x\nRain,Kim,2021-02-01,\"1,43\",1,x\n\
             Rain,Kim,2021-02-01,12\n,Kim,2021-02-01,12,1,x\n",
            &expect![[r#"
                2 2021-02-01..2021-02-02 "Rain" "Kim" "" 14383
                error ingest-chart-row c.csv:3: not a date ("Rain, again",Kim,2021-02-29,12,2,x)
                error ingest-chart-row c.csv:4: streams are not a whole number (Rain,Kim,2021-02-01,"1,43",1,x)
                error ingest-chart-row c.csv:5: another number of columns than in the first line (Rain,Kim,2021-02-01,12)
                error ingest-chart-row c.csv:6: no title (,Kim,2021-02-01,12,1,x)
                1 lines, 14383 usages, 4 aside"#]],
        );
    }

    #[test]
    fn extract() {
        check(
            "date,song,artist,streams\n2021-02-01,비,\"V, JIN\",2587\n",
            &expect![[r#"
                2 2021-02-01..2021-02-02 "비" "V, JIN" "" 2587
                1 lines, 2587 usages, 0 aside"#]],
        );
    }

    #[test]
    fn weekly() {
        check(
            "chart_position,chart_date,song,performer,streams,spotify_uri,x\n\
             140,2021-12-09,\"+82\n(live)\",Kim,12980,2fDv,\n1,2021-03-04,Rain,Kim,-5,,\n",
            &expect![[r#"
                2 2021-12-03..2021-12-10 "+82\n(live)" "Kim" "2fDv" 12980
                error ingest-chart-row c.csv:4: streams are not a whole number (1,2021-03-04,Rain,Kim,-5,,)
                1 lines, 12980 usages, 1 aside"#]],
        );
    }

    #[test]
    fn kworb() {
        check(
            "captured_date,position,change,artist_and_title,days_on_chart,streams,streams_change\n\
             2026-01-26,1,=,Kim - Rain - Live,5,109589,804\n2026-01-26,2,=,Rain,5,1,1\n",
            &expect![[r#"
                2 2026-01-26..2026-01-27 "Rain - Live" "Kim" "" 109589
                error ingest-chart-row c.csv:3: no artist before the title (2026-01-26,2,=,Rain,5,1,1)
                1 lines, 109589 usages, 1 aside"#]],
        );
    }

    #[test]
    fn other() {
        check("a,b\n1,2\n", &expect!["in/c.csv: columns of no known chart: a,b"]);
        check("", &expect!["in/c.csv: columns of no known chart: "]);
    }
}
