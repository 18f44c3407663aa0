//! `leitmotif why`.

mod words;

use anyhow::{Context as _, bail};
use app::why::{Why, why};
use money::{Atoms, Currency};
use serde_json::json;
use statement::Measure;

use crate::page::exchange::{origin, rate_text};
use crate::page::outside;
use crate::shell::Shell;
use crate::words::{Language, fill};
use words::{Words, sentences};

/// Say why a statement's line says what it says, from the report's bytes to the posted amount.
///
/// Every step is told: the lines of the report, how they were matched, the licence, how the whole was
/// divided term by term, what was rounded, and what was kept back or moved afterwards.
///
/// Examples: leitmotif why 2021-06 payee:lee-mujin 1
///           leitmotif why 2021-06 payee:lee-mujin 1 --language ko
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The settlement.
    settlement: String,
    /// The account, as `statement list` names it.
    account: String,
    /// The line of the statement, from 1.
    line: usize,
    /// The currency, if the account has several.
    #[arg(long)]
    currency: Option<Currency>,
    /// The language.
    #[arg(long, value_enum, default_value_t = Language::En)]
    language: Language,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    let rows = home.store.statements(Some(&args.settlement))?;
    let mut found = rows.iter().filter(|it| it.account == args.account);
    let currency = match (args.currency, found.next(), found.next()) {
        (Some(currency), ..) => currency,
        (None, Some(one), None) => one.currency,
        (None, None, _) => bail!(
            "no statement of {} in {}; see `leitmotif statement list`",
            args.account,
            args.settlement
        ),
        (None, Some(a), Some(b)) => {
            bail!("there is one in {} and one in {}; pick with --currency", a.currency, b.currency)
        }
    };
    let chain = why(&home, &args.settlement, &args.account, currency, args.line)
        .with_context(|| format!("line {} of {}", args.line, args.account))?;
    match shell.wants_json() {
        true => shell.json(&as_json(&chain))?,
        false => {
            for it in tell(&chain, args.language) {
                shell.line(it)?;
            }
        }
    }
    Ok(0)
}

fn tell(it: &Why, language: Language) -> Vec<String> {
    let words = sentences(language);
    let (line, source, used, context) = (&it.line, &it.source, &it.used, &it.context);
    let money = |amount: Atoms| format!("{} {amount}", source.currency);
    let mut out = Vec::new();
    let name = if used.id.is_empty() { &used.title } else { &used.id };
    let place = [
        name.as_str(),
        &context.month,
        language.token(&context.territory),
        &language.how(context),
        &source.service,
    ];
    out.push(fill(words.about, &place));
    out.push(fill(words.report, &[&source.report, &source.message_id, &source.sender]));
    for raw in &it.report_lines {
        let (number, raw_text) =
            (raw.raw.line.to_string(), raw.raw.text.escape_debug().to_string());
        let (usages, amount) = (raw.usages.to_string(), raw.amount.to_string());
        let read = [&raw.raw.file, &number, &raw.raw.sha256, &raw_text, &usages, &amount];
        out.push(fill(words.report_line, &read.map(String::as_str)));
        if let Some(found) = &raw.matching {
            let (evidence, confidence) = (found.evidence.to_string(), found.confidence.to_string());
            out.push(fill(words.matched, &[&evidence, &confidence]));
        }
    }
    let [all, shown] = [line.report_lines, it.report_lines.len() as u64];
    if all > shown {
        out.push(fill(words.more_lines, &[&all.to_string(), &shown.to_string()]));
    }
    let sum = Atoms::checked_sum(it.report_lines.iter().map(|it| it.amount));
    let whole = sum.filter(|_| all == shown);
    if let Some(whole) = whole.filter(|it| *it != line.reported && source.restated != "before") {
        out.push(fill(words.cut, &[&money(whole), &money(line.reported)]));
    }
    out.push(fill(words.reported, &[&money(line.reported), &line.usages.to_string()]));
    if !source.licence.is_empty() {
        let rate = source.licence_rate.printed();
        out.push(fill(words.licence, &[&source.licence, &rate, &money(line.received)]));
    }
    if source.is_exchanged() {
        let rate = rate_text(source.rate);
        let origin = origin(source, language.words());
        let whole = exchanged(it);
        out.push(fill(words.exchanged, &[&money(line.received), &rate, &origin, &whole]));
    }
    if !source.restates.is_empty() {
        let form = match source.restated.as_str() {
            "before" => words.taken_back,
            _ => words.given_anew,
        };
        out.push(fill(form, &[&source.restates, &language.because(source)]));
    }
    out.extend(division(it, words));
    for row in outside::rows(&it.statement, language.words()) {
        out.push(fill(words.outside, &row.each_ref().map(String::as_str)));
    }
    out
}

/// How the whole was divided, and what became of the part.
fn division(it: &Why, words: &Words) -> Vec<String> {
    let (line, currency) = (&it.line, it.statement.currency);
    let money = |amount: Atoms| format!("{currency} {amount}");
    let mut out = Vec::new();
    out.push(fill(words.divided, &[&exchanged(it)]));
    for part in &it.parts {
        let term = &part.term;
        let own = part.account == it.statement.account && part.term == it.term;
        let form = if own { words.own_part } else { words.part };
        let of = (term.rate.printed(), term.of.printed(), term.fraction.printed());
        let name = match term.term.is_empty() {
            true => words.kind(&term.kind).to_owned(),
            false => format!("{} {}/{}", words.kind(&term.kind), term.agreement, term.term),
        };
        let measure = match term.measure {
            Measure::Received => words.whole,
            Measure::Price => words.price,
        };
        let amount = money(part.amount);
        out.push(fill(form, &[&part.account, &name, &of.0, &of.1, &of.2, &amount, measure]));
    }
    out.push(match line.rounded.as_str() {
        "exact" => words.exact.to_owned(),
        "up" => words.rounded_up.to_owned(),
        _ => words.rounded_down.to_owned(),
    });
    for moved in it.movements() {
        let told = [
            words.kind(&moved.kind),
            &moved.reference,
            &moved.other,
            &moved.origin,
            &money(moved.amount),
        ];
        out.push(fill(words.moved, &told));
    }
    let balance = &it.statement.balance;
    let told = [balance.opening, balance.earned, balance.moved, balance.closing, balance.payable];
    let told = told.map(money);
    out.push(fill(words.balance, &told.each_ref().map(String::as_str)));
    out
}

/// What was received, in the statement's currency.
fn exchanged(it: &Why) -> String {
    let whole = it.source.exchanged(it.line.received);
    whole.map_or_else(String::new, |whole| format!("{} {whole}", it.statement.currency))
}

fn as_json(it: &Why) -> serde_json::Value {
    let lines = it.report_lines.iter().map(|line| {
        json!({
            "file": line.raw.file, "sha256": line.raw.sha256, "line": line.raw.line,
            "byte": line.raw.byte, "text": line.raw.text, "usages": line.usages.to_string(),
            "amount": line.amount.to_string(),
            "evidence": line.matching.as_ref().map(|it| it.evidence.to_string()),
            "confidence": line.matching.as_ref().map(|it| it.confidence.per_mille()),
        })
    });
    let parts = it.parts.iter().map(|part| {
        json!({ "account": part.account, "term": part.term, "amount": part.amount.to_string() })
    });
    json!({
        "settlement": it.statement.settlement, "account": it.statement.account,
        "currency": it.statement.currency.to_string(), "source": it.source, "used": it.used,
        "context": it.context, "term": it.term, "report_lines": lines.collect::<Vec<_>>(),
        "lines": it.line.report_lines, "usages": it.line.usages.to_string(),
        "reported": it.line.reported.to_string(), "received": it.line.received.to_string(),
        "exchanged": it.source.exchanged(it.line.received).map(|it| it.to_string()),
        "amount": it.line.amount.to_string(), "rounded": it.line.rounded.as_str(),
        "parts": parts.collect::<Vec<_>>(), "movements": it.movements().collect::<Vec<_>>(),
        "balance": it.statement.balance, "outside": it.statement.outside,
    })
}
