//! The list of a settlement's statements.

use std::collections::BTreeMap;

use money::{Atoms, Currency};

use super::document;
use super::text::{aligned, bar, count, decimals, escape, href, name, rounded, share};
use crate::words::{Language, Words, fill};

/// The settlement whose statements are listed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexHead<'a> {
    /// The settlement's id.
    pub(crate) settlement: &'a str,
    /// The period, as people write it.
    pub(crate) period: &'a str,
    /// Who issues the statements.
    pub(crate) operator: &'a str,
    /// The totals by currency and category: `received`, `exchanged`, `payees`, `fees`, `retained`, `suspense`.
    pub(crate) totals: &'a BTreeMap<(Currency, String), Atoms>,
}

/// One statement of the settlement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct IndexRow<'a> {
    /// The account, as `ledger::Account` prints it.
    pub(crate) account: &'a str,
    /// The account holder's name.
    pub(crate) name: &'a str,
    /// The currency of the statement.
    pub(crate) currency: Currency,
    /// What was earned.
    pub(crate) earned: Atoms,
    /// What is payable.
    pub(crate) payable: Atoms,
    /// The name of the statement's files, without `.html`, `.pdf` and the like.
    pub(crate) stem: &'a str,
}

/// The categories of money, in the order in which they are read, and what each is.
const fn categories(words: &Words) -> [(&'static str, &'static str, &'static str); 4] {
    [
        ("payees", words.payees, words.payees_words),
        ("fees", words.fees, words.fees_words),
        ("retained", words.retained, words.retained_words),
        ("suspense", words.suspense, words.suspense_words),
    ]
}

/// What came in: it is divided among the other categories.
const IN: [&str; 2] = ["received", "exchanged"];

/// The kinds of account, in the order in which they are listed.
const fn groups(words: &Words) -> [(&'static str, &'static str); 4] {
    [
        ("payee", words.payees),
        ("fee", words.fees),
        ("retained", words.retained),
        ("suspense", words.suspense),
    ]
}

/// Renders the list of a settlement's statements with its totals.
pub(crate) fn index_page(language: Language, row: &IndexHead<'_>, rows: &[IndexRow<'_>]) -> String {
    let words = language.words();
    let IndexHead { settlement: id, period, operator, totals } = *row;
    let mut currencies: Vec<Currency> = totals.keys().map(|(currency, _)| *currency).collect();
    currencies.dedup();
    let tables: String = currencies.into_iter().map(|it| total(it, totals, words)).collect();
    let body = format!(
        "<header>\n<p class=\"masthead\"><b>{by}</b><span>{settlement}</span></p>\n\
         <h1>{period}</h1>\n<dl>\n\
         <div><dt>{settlement}</dt><dd>{id}</dd></div>\n\
         <div><dt>{issued_by}</dt><dd>{by}</dd></div>\n\
         <div><dt>{statements}</dt><dd>{count}</dd></div>\n\
         </dl>\n</header>\n\
         <section>\n<h2>{money_went}</h2>\n{tables}</section>\n\
         <section>\n<h2>{statements}</h2>\n\
         <p class=\"note\">{rounded}</p>\n\
         {list}</section>\n\
         <section>\n<h2>{check_them}</h2>\n\
         <pre><code>leitmotif verify FILE.receipt</code></pre>\n\
         <p>{receipts}</p>\n</section>\n",
        settlement = escape(words.settlement),
        issued_by = escape(words.issued_by),
        statements = escape(words.statements),
        money_went = escape(words.money_went),
        rounded = escape(words.earned_rounded),
        check_them = escape(words.check_them),
        receipts = escape(&fill(words.check_them_words, &[operator])),
        by = name(operator),
        period = escape(period),
        id = escape(id),
        count = count(rows.len()),
        list = list(rows, language),
    );
    document(
        language,
        &fill(words.index_title, &[period, operator]),
        &fill(words.index_footer, &[operator, id]),
        &body,
    )
}

/// What became of the money in one currency.
fn total(
    currency: Currency,
    totals: &BTreeMap<(Currency, String), Atoms>,
    words: &Words,
) -> String {
    let known = categories(words);
    let of = |category: &str| totals.get(&(currency, category.to_owned())).copied();
    let other = totals
        .iter()
        .filter(|((it, category), _)| {
            *it == currency
                && !IN.contains(&category.as_str())
                && known.iter().all(|(known, ..)| known != category)
        })
        .map(|((_, category), amount)| (escape(category), "", *amount));
    let mut rows: Vec<(String, &str, Atoms)> = known
        .iter()
        .filter_map(|(token, label, words)| Some((escape(label), *words, of(token)?)))
        .collect();
    rows.extend(other);
    let received = of("received");
    let exchanged = of("exchanged").filter(|it| !it.is_zero());
    let whole = received.and_then(|it| it.checked_add(exchanged.unwrap_or_default()));
    let figures = || rows.iter().map(|it| it.2).chain(received).chain(exchanged);
    let places = decimals(figures());
    let longest = figures().max_by_key(|it| it.raw().unsigned_abs());
    let body: String = rows
        .iter()
        .map(|(label, words, amount)| {
            format!(
                "<tr><th scope=\"row\" class=\"stack\">{label}<small>{}</small></th>\
                 <td class=\"graph\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n soft\">{}</td></tr>\n",
                escape(words),
                bar(Some(*amount), longest.unwrap_or_default()),
                aligned(*amount, places),
                share(Some(*amount), whole),
            )
        })
        .collect();
    let row = |(label, amount): (&str, Atoms)| {
        format!(
            "<tr><th scope=\"row\" colspan=\"2\">{}</th><td class=\"n\">{}</td><td></td></tr>\n",
            escape(label),
            aligned(amount, places)
        )
    };
    let into = exchanged.map(|amount| match amount.is_negative() {
        true => (words.exchanged_into, amount),
        false => (words.exchanged_from, amount),
    });
    let foot: String =
        received.map(|it| (words.received_head, it)).into_iter().chain(into).map(row).collect();
    let foot = if foot.is_empty() { foot } else { format!("<tfoot>{foot}</tfoot>\n") };
    format!(
        "<table class=\"bars\">\n<colgroup><col><col class=\"graph\"><col class=\"exact\">\
         <col class=\"share\"></colgroup>\n<thead><tr>\
         <th scope=\"col\" colspan=\"2\" class=\"what\">{currency}</th>\
         <th scope=\"col\" class=\"n\">{exact}</th>\
         <th scope=\"col\" class=\"n\">{share}</th></tr></thead>\n<tbody>\n{body}</tbody>\n\
         {foot}</table>\n",
        exact = escape(words.amount_exact),
        share = escape(words.share),
    )
}

/// All statements, by kind of account.
fn list(rows: &[IndexRow<'_>], language: Language) -> String {
    let words = language.words();
    let groups = groups(words);
    let kind = |row: &IndexRow<'_>| {
        let kind = row.account.split(':').next().unwrap_or_default();
        groups.iter().position(|(token, _)| *token == kind).unwrap_or(groups.len())
    };
    let mut body = String::new();
    for at in 0..=groups.len() {
        let label = groups.get(at).map_or(words.other_accounts, |(_, label)| label);
        let group: Vec<&IndexRow<'_>> = rows.iter().filter(|row| kind(row) == at).collect();
        if group.is_empty() {
            continue;
        }
        let items: String = group.iter().map(|row| item(row, language)).collect();
        let number = match group.len() {
            1 => words.count_statement,
            _ => words.count_statements,
        };
        let number = fill(number, &[&count(group.len())]);
        body.push_str(&format!(
            "<tbody class=\"group\"><tr><th scope=\"rowgroup\" colspan=\"5\">{}\
             <span class=\"soft\">, {}</span></th></tr></tbody>\n<tbody>\n{items}</tbody>\n",
            escape(label),
            escape(&number),
        ));
    }
    format!(
        "<div class=\"wide\">\n<table class=\"list\">\n<thead><tr>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th>\
         <th scope=\"col\" class=\"n\">{}</th><th scope=\"col\" class=\"n\">{}</th>\
         <th scope=\"col\" class=\"files\">{}</th></tr></thead>\n{body}</table>\n</div>\n",
        escape(words.name_account),
        escape(words.currency),
        escape(words.earned),
        escape(words.payable),
        escape(words.files),
    )
}

fn item(row: &IndexRow<'_>, language: Language) -> String {
    let IndexRow { account, currency, earned, payable, stem, .. } = *row;
    // Only a payee is paid; what others hold stays where it is.
    let payable = match account.starts_with("payee:") {
        true => rounded(payable, currency.minor_digits()),
        false => String::new(),
    };
    let link = |ending: &str, words: &str| {
        format!("<a href=\"{}\">{words}</a>", escape(&href(stem, ending)))
    };
    format!(
        "<tr><th scope=\"row\" class=\"stack\">{}<small>{}</small></th><td>{currency}</td>\
         <td class=\"n\">{}</td><td class=\"n\">{payable}</td>\
         <td class=\"files\">{} {} {} {} {}</td></tr>\n",
        link("html", &name(language.holder(account, row.name))),
        escape(account),
        rounded(earned, currency.minor_digits().max(2)),
        link("pdf", "PDF"),
        link("xlsx", "XLSX"),
        link("json", "JSON"),
        link("csv", "CSV"),
        link("receipt", &escape(language.words().receipt)),
    )
}
