//! `leitmotif what-if`.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use app::whatif::{WhatIfRequest, what_if};
use clap::ValueEnum;
use insight::whatif::{self, ArtistCentric, Question, Threshold, write_csv};
use money::{Amount, Ratio};
use period::Period;

use super::report_statement::amount;
use super::what_if_show::{as_json, text};
use crate::exit;
use crate::shell::Shell;

/// Simulate other models of distribution on a listening log: who would win, who would lose.
///
/// The log is a table with a header line: listener, artist and recording (or isrc); if there are
/// any: plays, searched (those of them that the listener asked for), day, fee. What is divided is
/// --revenue, or what the listeners pay (fee, --fee) times --share. Each model divides exactly the
/// revenue, and is compared with pro rata. It is a simulation: no report tells what listeners play,
/// and nothing is posted. Exit code 3: a row could not be read.
/// Examples: leitmotif what-if log.csv --revenue "1000000 KRW"
///           leitmotif what-if year.csv.gz --period 2026-12 --fee "10.99 EUR" --share 65%
///           leitmotif what-if log.csv --revenue "50000 USD" --model user-centric,threshold \
///             --threshold 100 --by recording --to changes.csv
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The listening log: .csv, also with ; or tabs, also .gz.
    log: PathBuf,
    /// What is divided.
    #[arg(long, value_name = "AMOUNT CURRENCY", required_unless_present = "fee")]
    revenue: Option<String>,
    /// What a listener pays of whom the log does not say it.
    #[arg(long, value_name = "AMOUNT CURRENCY")]
    fee: Option<String>,
    /// The part of what listeners pay that is divided, where no revenue is given.
    #[arg(long, default_value = "100%", conflicts_with = "revenue")]
    share: Ratio,
    /// The models; pro rata is always there.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Model::ALL)]
    pub(crate) model: Vec<Model>,
    /// Among whom revenue is divided.
    #[arg(long, value_enum, default_value_t = By::Artist)]
    by: By,
    /// The days that are paid, of a log with days; rows before them count for the threshold only.
    #[arg(long)]
    period: Option<Period>,
    /// Threshold: plays that a recording needs in the log.
    #[arg(long, value_name = "PLAYS", default_value_t = Threshold::default().plays_min)]
    pub(crate) threshold: u64,
    /// Artist-centric: plays that make an artist professional …
    #[arg(long, value_name = "PLAYS", default_value_t = ArtistCentric::default().plays_min)]
    pub(crate) professional_plays: u64,
    /// … by this number of listeners.
    #[arg(long, value_name = "LISTENERS", default_value_t = ArtistCentric::default().listeners_min)]
    pub(crate) professional_listeners: u32,
    /// Artist-centric: what a play of a professional artist weighs.
    #[arg(long, value_name = "WEIGHT", default_value_t = ArtistCentric::default().professional)]
    pub(crate) professional_weight: Ratio,
    /// Artist-centric: what a searched play weighs.
    #[arg(long, value_name = "WEIGHT", default_value_t = ArtistCentric::default().active)]
    pub(crate) searched_weight: Ratio,
    /// Artist-centric: plays of one listener that count at the most.
    #[arg(long, value_name = "PLAYS", default_value_t = ArtistCentric::default().plays_max)]
    pub(crate) listener_plays: u32,
    /// How many changes to list for each model, largest first; all are counted.
    #[arg(long, default_value_t = 10)]
    pub(crate) most: usize,
    /// A file for all amounts of all models, as CSV.
    #[arg(long, value_name = "FILE")]
    to: Option<PathBuf>,
}

/// The models beside pro rata.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Model {
    /// What each listener pays, by what that listener plays; also called user-centric.
    #[value(alias = "user-centric")]
    ListenerCentric,
    /// Plays weigh more for professional artists and where they were searched for.
    ArtistCentric,
    /// Recordings below a number of plays get nothing.
    Threshold,
    /// What each listener pays, equally among those whom that listener plays.
    Shapley,
}

impl Model {
    const ALL: [Self; 4] =
        [Self::ListenerCentric, Self::ArtistCentric, Self::Threshold, Self::Shapley];

    const fn asked(self) -> whatif::Model {
        match self {
            Self::ListenerCentric => whatif::Model::ListenerCentric,
            Self::ArtistCentric => whatif::Model::ArtistCentric,
            Self::Threshold => whatif::Model::Threshold,
            Self::Shapley => whatif::Model::Shapley,
        }
    }
}

/// Among whom revenue is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// Artists; recordings where the log has no artists.
    Artist,
    /// Recordings; artists where the log has no recordings.
    Recording,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let request =
        WhatIfRequest { log: args.log.clone(), period: args.period, question: question(args)? };
    let outcome = what_if(&request, &mut shell.progress())?;
    if let Some(path) = &args.to {
        let cannot = || format!("{} cannot be written", path.display());
        let file = File::create(path).with_context(cannot)?;
        write_csv(BufWriter::with_capacity(1 << 18, file), &outcome.answer).with_context(cannot)?;
    }
    for it in outcome.log.findings.iter().take(20) {
        shell.talk(it.to_string());
    }
    let hidden = outcome.log.findings_count.saturating_sub(20);
    if hidden > 0 {
        shell.talk(format!("and {hidden} findings more"));
    }
    match shell.wants_json() {
        true => shell.json(&as_json(&outcome, args))?,
        false => shell.line(text(&outcome, args))?,
    }
    Ok(if outcome.log.rows_bad > 0 { exit::DATA } else { 0 })
}

fn question(args: &Args) -> anyhow::Result<Question> {
    let read = |it: &Option<String>, what| it.as_deref().map(|it| amount(it, what)).transpose();
    let (revenue, fee) = (read(&args.revenue, "revenue")?, read(&args.fee, "fee")?);
    let currency = match (revenue, fee) {
        (Some(Amount { currency, .. }), Some(fee)) if fee.currency != currency => {
            bail!("revenue in {currency} and a fee in {}", fee.currency);
        }
        (Some(it), _) | (None, Some(it)) => it.currency,
        (None, None) => bail!("neither --revenue nor --fee"),
    };
    if fee.is_some_and(|it| it.atoms.is_negative()) {
        bail!("a fee below zero");
    }
    Ok(Question {
        revenue: revenue.map(|it| it.atoms),
        fee: fee.map(|it| it.atoms),
        share: args.share,
        by: match args.by {
            By::Artist => whatif::By::Artist,
            By::Recording => whatif::By::Recording,
        },
        models: args.model.iter().map(|it| it.asked()).collect(),
        artist: ArtistCentric {
            plays_min: args.professional_plays,
            listeners_min: args.professional_listeners,
            professional: args.professional_weight,
            active: args.searched_weight,
            plays_max: args.listener_plays,
        },
        threshold: Threshold { plays_min: args.threshold },
        ..Question::new(currency)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::Parser as _;

    use insight::whatif::LABEL;

    use super::*;

    #[derive(clap::Parser)]
    struct Words {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn every_form_says_that_it_is_a_simulation() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log.csv");
        fs::write(&log, "listener,artist,plays\nann,Kim,2\nben,Lee,1\n").unwrap();
        let log = log.to_str().unwrap();
        let words = ["what-if", log, "--revenue", "1000 KRW", "--model", "user-centric,threshold"];
        let args = Words::try_parse_from(words).unwrap().args;
        let (period, question) = (args.period, question(&args).unwrap());
        let request = WhatIfRequest { log: args.log.clone(), period, question };
        let outcome = what_if(&request, &mut app::Silent).unwrap();
        let text = text(&outcome, &args);
        assert!(text.starts_with(LABEL) && text.ends_with(LABEL));
        expect_test::expect![[r#"
            KRW 1000 among 2 recipients, 3 plays by 2 listeners
              threshold: artists (the log has no recordings) of 1000 plays in the log and more
              winners and losers: by 1 and more

            model             winners  losers  unchanged  changes hands   of all     Gini
            ─────────────────────────────────────────────────────────────────────────────
            pro-rata                0       0          2              0   0.00 %  16.67 %
            listener-centric        1       1          0            167  16.67 %   0.00 %
            threshold               0       0          2              0   0.00 %        -

            ranks by plays  recipients  pro rata  listener-centric  change     %
            ────────────────────────────────────────────────────────────────────
            top 10                   2     1,000             1,000       0  0.00

            rank  the largest changes  plays  pro rata  listener-centric  change       %
            ────────────────────────────────────────────────────────────────────────────
               1  Kim                      2       667               500    -167  -25.00
               2  Lee                      1       333               500     167  +50.00

            threshold: nobody counts, so nothing is divided"#]]
        .assert_eq(text.split(LABEL).nth(1).unwrap().trim());
        let json = as_json(&outcome, &args);
        assert_eq!(json["simulation"], true);
        assert_eq!(json["models"][1]["simulation"], true);
        assert_eq!(json["models"][1]["largest"][0]["change"], "-166.666666666666666667");
        assert_eq!(json["models"][2]["divided"], false);
    }

    #[test]
    fn currencies_never_meet() {
        let words = ["what-if", "x", "--revenue", "1 KRW", "--fee", "1 EUR"];
        let args = Words::try_parse_from(words).unwrap().args;
        assert_eq!(question(&args).unwrap_err().to_string(), "revenue in KRW and a fee in EUR");
        assert!(Words::try_parse_from(["what-if", "x"]).is_err());
    }
}
