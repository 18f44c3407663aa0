//! `leitmotif suspense`.

use app::rulings::{Ruling, decide};
use app::suspense::{Waiting, waiting};
use ident::RecordingId;
use money::Currency;
use period::Month;
use serde_json::json;
use store::Decision;

use crate::shell::Shell;
use crate::table::table;

/// List what waits: money settled into suspense, and usage that no recording matches yet.
///
/// Largest first, money before usage. Mend the catalogue (a title, an alias, an ISRC, an agreement)
/// or decide here, and the next settlement gives out what waited, as of the period in which it was
/// used.
///
/// Examples: leitmotif suspense --money
///           leitmotif suspense --oldest
///           leitmotif suspense match moon-river-rain --title "MOON RIVER (RAIN)" --by Kim --because "same ISRC in their sheet"
///           leitmotif suspense dispute moon-river-rain --by Kim --because "letter of 2021-06-03"
///           leitmotif suspense resolve moon-river-rain --by Kim --because "settled in court"
///           leitmotif suspense lapse 2018-01 --by Kim --because "three years are over"
///           leitmotif suspense decisions
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Only what holds money that was received.
    #[arg(long)]
    money: bool,
    /// What was used first comes first.
    #[arg(long)]
    oldest: bool,
    /// How many to list.
    #[arg(long, default_value_t = 20)]
    most: usize,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Decide that what reports call so is this recording; it becomes an alias in the catalogue.
    Match {
        /// The recording.
        recording: RecordingId,
        /// The title, as `suspense` lists it.
        #[arg(long)]
        title: String,
        /// The artist, as `suspense` lists it, if it differs from the recording's.
        #[arg(long, default_value = "")]
        artist: String,
        #[command(flatten)]
        reason: Reason,
    },
    /// Open a dispute: what is settled from now on of this recording or product waits.
    Dispute {
        /// The recording or product.
        subject: String,
        #[command(flatten)]
        reason: Reason,
    },
    /// Close a dispute: the next settlement gives out what waited.
    Resolve {
        /// The recording or product.
        subject: String,
        #[command(flatten)]
        reason: Reason,
    },
    /// Let lapse what matches nothing and was used before a month; nothing is paid by that.
    Lapse {
        /// The month.
        before: Month,
        #[command(flatten)]
        reason: Reason,
    },
    /// List all decisions, with who, when and why.
    Decisions,
}

#[derive(Debug, clap::Args)]
struct Reason {
    /// Who decides.
    #[arg(long)]
    by: String,
    /// Why.
    #[arg(long)]
    because: String,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    match &args.command {
        None => list(args, shell),
        Some(Command::Decisions) => decisions(&shell.home()?.store.decisions()?, shell),
        Some(command) => {
            let (ruling, reason) = match command {
                Command::Match { recording, title, artist, reason } => {
                    let (title, artist) = (title.clone(), artist.clone());
                    (Ruling::Match { recording: recording.clone(), title, artist }, reason)
                }
                Command::Dispute { subject, reason } => (Ruling::Dispute(subject.clone()), reason),
                Command::Resolve { subject, reason } => (Ruling::Resolve(subject.clone()), reason),
                Command::Lapse { before, reason } => (Ruling::Lapse(*before), reason),
                Command::Decisions => return Ok(0),
            };
            let mut home = shell.home()?;
            let now = shell.now();
            let done = decide(&mut home, &ruling, &reason.by, &reason.because, &now)?;
            decisions(&[done], shell)
        }
    }
}

fn decisions(all: &[Decision], shell: &mut Shell) -> anyhow::Result<u8> {
    if shell.wants_json() {
        let row = |it: &Decision| {
            json!({
                "number": it.number, "at": it.at, "who": it.who, "kind": it.kind,
                "subject": it.subject, "because": it.because,
            })
        };
        shell.json(&all.iter().map(row).collect())?;
        return Ok(0);
    }
    let rows = all.iter().map(|it| {
        [&it.number.to_string(), &it.at, &it.who, &it.kind, &it.subject, &it.because]
            .map(String::clone)
    });
    shell.line(table(["number", "at", "who", "decision", "about", "because"], &[0], rows))?;
    Ok(0)
}

fn list(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut list = waiting(&shell.home()?, args.money)?;
    if args.oldest {
        list.sort_by_key(|it| it.since);
    }
    let today = shell.now();
    let months = |it: &Waiting| {
        let now = Month::parse(today.get(..7).unwrap_or_default()).unwrap_or(it.since);
        i32::from(now.year() - it.since.year()) * 12 + i32::from(now.month() - it.since.month())
    };
    if shell.wants_json() {
        let row = |it: &Waiting| {
            json!({
                "reason": it.reason, "settlement": it.settlement,
                "title": it.title, "artist": it.artist, "isrc": it.isrc,
                "currency": it.currency.map(|it| it.to_string()),
                "received": it.received.to_string(), "usages": it.usages.to_string(),
                "lines": it.lines, "candidates": it.candidates,
                "since": it.since.to_string(), "age_months": months(it),
            })
        };
        shell.json(&list.iter().take(args.most).map(row).collect())?;
        return Ok(0);
    }
    let rows = list.iter().take(args.most).map(|it| {
        let money = match it.currency {
            Some(currency) if !it.received.is_zero() => money_of(currency, it.received),
            _ => String::new(),
        };
        [
            it.title.clone(),
            it.artist.clone(),
            money,
            it.usages.grouped(0).to_string(),
            it.reason.clone(),
            it.since.to_string(),
            months(it).to_string(),
            it.settlement.clone().unwrap_or_else(|| "-".to_owned()),
            it.candidates.join(" or "),
        ]
    });
    let head = [
        "title",
        "artist",
        "received",
        "usages",
        "why",
        "since",
        "months",
        "settled in",
        "might be",
    ];
    shell.line(table(head, &[2, 3, 6], rows))?;
    if list.iter().any(|it| it.reason == "paid-elsewhere") {
        shell.line(
            "paid-elsewhere: somebody else pays this right for such uses, so nobody is given it twice; pass it \
             on to them, or, if they pay no longer, say so by `until` of the [[pipe]] in the catalogue",
        )?;
    }
    if list.len() > args.most {
        shell.line(format!("and {} more; --most N lists more", list.len() - args.most))?;
    }
    Ok(0)
}

/// Shows an amount for people: grouped, to the currency's minor unit.
pub(crate) fn money_of(currency: Currency, amount: money::Atoms) -> String {
    format!("{currency} {}", amount.grouped(currency.minor_digits()))
}
