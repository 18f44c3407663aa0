//! The list of a settlement's statements.

use std::collections::BTreeMap;

use money::{Atoms, Currency};

use super::document;
use super::text::{aligned, bar, count, decimals, escape, href, name, rounded, share};
use crate::words::Language;

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
const CATEGORIES: [(&str, &str, &str); 6] = [
    ("payees", "Payees", "due to those with a share"),
    ("fees", "Fees", "kept off the top by those who serve"),
    ("retained", "Retained", "given away by no term"),
    ("suspense", "Suspense", "waits until it is known whom it is due to"),
    ("received", "Received", ""),
    ("exchanged", "Exchanged", ""),
];

/// What came in: it is divided among the other categories.
const IN: [&str; 2] = ["received", "exchanged"];

/// The kinds of account, in the order in which they are listed.
const GROUPS: [(&str, &str); 4] =
    [("payee", "Payees"), ("fee", "Fees"), ("retained", "Retained"), ("suspense", "Suspense")];

/// Renders the list of a settlement's statements with its totals.
pub(crate) fn index_page(row: &IndexHead<'_>, rows: &[IndexRow<'_>]) -> String {
    let IndexHead { settlement, period, operator, totals } = *row;
    let mut currencies: Vec<Currency> = totals.keys().map(|(currency, _)| *currency).collect();
    currencies.dedup();
    let tables: String = currencies.into_iter().map(|it| total(it, totals)).collect();
    let body = format!(
        "<header>\n<p class=\"masthead\"><b>{by}</b><span>Settlement</span></p>\n\
         <h1>{period}</h1>\n<dl>\n\
         <div><dt>Settlement</dt><dd>{id}</dd></div>\n\
         <div><dt>Issued by</dt><dd>{by}</dd></div>\n\
         <div><dt>Statements</dt><dd>{count}</dd></div>\n\
         </dl>\n</header>\n\
         <section>\n<h2>Where the money went</h2>\n{tables}</section>\n\
         <section>\n<h2>Statements</h2>\n\
         <p class=\"note\">Amounts earned are rounded for reading; the statements are exact.</p>\n\
         {list}</section>\n\
         <section>\n<h2>How to check them</h2>\n\
         <pre><code>leitmotif verify FILE.receipt</code></pre>\n\
         <p>Each receipt holds its statement and the proof that {by}’s log has signed for it, and \
         is checked without a network and without asking anybody.</p>\n</section>\n",
        by = name(operator),
        period = escape(period),
        id = escape(settlement),
        count = count(rows.len()),
        list = list(rows),
    );
    document(
        Language::En,
        &format!("Statements, {period}, {operator}"),
        &format!("{operator} · settlement {settlement}"),
        &body,
    )
}

/// What became of the money in one currency.
fn total(currency: Currency, totals: &BTreeMap<(Currency, String), Atoms>) -> String {
    let of = |category: &str| totals.get(&(currency, category.to_owned())).copied();
    let other = totals
        .iter()
        .filter(|((it, category), _)| {
            *it == currency && CATEGORIES.iter().all(|(known, ..)| known != category)
        })
        .map(|((_, category), amount)| (escape(category), "", *amount));
    let mut rows: Vec<(String, &str, Atoms)> = CATEGORIES
        .iter()
        .filter(|(token, ..)| !IN.contains(token))
        .filter_map(|(token, label, words)| Some(((*label).to_owned(), *words, of(token)?)))
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
                "<tr><th scope=\"row\" class=\"stack\">{label}<small>{words}</small></th>\
                 <td class=\"graph\">{}</td><td class=\"n\">{}</td>\
                 <td class=\"n soft\">{}</td></tr>\n",
                bar(Some(*amount), longest.unwrap_or_default()),
                aligned(*amount, places),
                share(Some(*amount), whole),
            )
        })
        .collect();
    let row = |(label, amount)| {
        format!(
            "<tr><th scope=\"row\" colspan=\"2\">{label}</th><td class=\"n\">{}</td><td></td></tr>\n",
            aligned(amount, places)
        )
    };
    let into = exchanged.map(|amount| match amount.is_negative() {
        true => ("Exchanged into other currencies", amount),
        false => ("Exchanged from other currencies", amount),
    });
    let foot: String =
        received.map(|it| ("Received", it)).into_iter().chain(into).map(row).collect();
    let foot = if foot.is_empty() { foot } else { format!("<tfoot>{foot}</tfoot>\n") };
    format!(
        "<table class=\"bars\">\n<colgroup><col><col class=\"graph\"><col class=\"exact\">\
         <col class=\"share\"></colgroup>\n<thead><tr>\
         <th scope=\"col\" colspan=\"2\" class=\"what\">{currency}</th>\
         <th scope=\"col\" class=\"n\">Amount, exact</th>\
         <th scope=\"col\" class=\"n\">Share</th></tr></thead>\n<tbody>\n{body}</tbody>\n\
         {foot}</table>\n"
    )
}

/// All statements, by kind of account.
fn list(rows: &[IndexRow<'_>]) -> String {
    let kind = |row: &IndexRow<'_>| {
        let kind = row.account.split(':').next().unwrap_or_default();
        GROUPS.iter().position(|(token, _)| *token == kind).unwrap_or(GROUPS.len())
    };
    let mut body = String::new();
    for at in 0..=GROUPS.len() {
        let label = GROUPS.get(at).map_or("Other accounts", |(_, label)| label);
        let group: Vec<&IndexRow<'_>> = rows.iter().filter(|row| kind(row) == at).collect();
        if group.is_empty() {
            continue;
        }
        let items: String = group.iter().map(|row| item(row)).collect();
        let number = match group.len() {
            1 => "1 statement".to_owned(),
            more => format!("{} statements", count(more)),
        };
        body.push_str(&format!(
            "<tbody class=\"group\"><tr><th scope=\"rowgroup\" colspan=\"5\">{label}\
             <span class=\"soft\">, {number}</span></th></tr></tbody>\n<tbody>\n{items}</tbody>\n"
        ));
    }
    format!(
        "<div class=\"wide\">\n<table class=\"list\">\n<thead><tr>\
         <th scope=\"col\">Name, account</th><th scope=\"col\">Currency</th>\
         <th scope=\"col\" class=\"n\">Earned</th><th scope=\"col\" class=\"n\">Payable</th>\
         <th scope=\"col\" class=\"files\">Files</th></tr></thead>\n{body}</table>\n</div>\n"
    )
}

fn item(row: &IndexRow<'_>) -> String {
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
        link("html", &name(row.name)),
        escape(account),
        rounded(earned, currency.minor_digits().max(2)),
        link("pdf", "PDF"),
        link("xlsx", "XLSX"),
        link("json", "JSON"),
        link("csv", "CSV"),
        link("receipt", "receipt"),
    )
}
