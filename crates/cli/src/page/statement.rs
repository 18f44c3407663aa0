//! The page of one statement.

use ::statement::{AdvanceNote, BalanceNote, Statement};
use money::Atoms;

use super::text::{aligned, counted, decimals, escape, exact, name};
use super::{basis, breakdown, document, lines};

/// Renders a statement as a page that can be read, printed and kept.
pub(crate) fn statement_page(statement: &Statement) -> String {
    let body = [
        head(statement),
        due(statement),
        balance(statement),
        advances(&statement.advances),
        breakdown::section(statement),
        lines::section(statement),
        basis::section(statement),
        basis::check(statement),
    ]
    .concat();
    let Statement { name, operator, period, currency, .. } = statement;
    document(
        &format!("Royalty statement, {name}, {period}, {currency}"),
        &format!("{operator} · {name} · {period} · {currency}"),
        &body,
    )
}

/// Who issues it, for whom, for when, in what.
fn head(it: &Statement) -> String {
    format!(
        "<header>\n<p class=\"masthead\"><b>{operator}</b><span>Royalty statement</span></p>\n\
         <h1>{name}</h1>\n\
         <dl>\n\
         <div><dt>Period</dt><dd>{period}</dd></div>\n\
         <div><dt>Currency</dt><dd>{currency}</dd></div>\n\
         <div><dt>Settlement</dt><dd>{settlement}</dd></div>\n\
         <div><dt>Issued by</dt><dd>{operator}</dd></div>\n\
         <div><dt>Account</dt><dd>{account}</dd></div>\n\
         </dl>\n</header>\n",
        operator = name(&it.operator),
        name = name(&it.name),
        period = escape(&it.period),
        currency = it.currency,
        account = escape(&it.account),
        settlement = escape(&it.settlement),
    )
}

/// What the large figure is called: only a payee's balance is paid out.
fn due_label(account: &str) -> &'static str {
    match account.split_once(':').map_or(account, |(kind, _)| kind) {
        "payee" => "Amount payable",
        "fee" => "Fee due",
        "retained" => "Retained",
        "suspense" => "Held in suspense",
        _ => "Balance",
    }
}

/// The one large figure.
fn due(it: &Statement) -> String {
    let BalanceNote { carried, payable, opening, .. } = it.balance;
    let before = match opening.is_zero() {
        true => String::new(),
        false => format!(
            "<small>The opening balance of {} is counted in. Payments are not booked here: take off \
             what was paid since.</small>",
            exact(opening)
        ),
    };
    let below = match (carried.is_zero(), carried.is_negative()) {
        (true, _) => String::new(),
        (false, false) => format!(
            "<small>{} is below the smallest unit of {} and is carried forward.</small>",
            exact(carried),
            it.currency
        ),
        (false, true) => format!(
            "<small>The balance is negative: {} is carried forward.</small>",
            exact(carried)
        ),
    };
    format!(
        "<section class=\"due\">\n<span>{}</span>\n<b><abbr>{}</abbr>{}</b>\n{below}{before}</section>\n",
        due_label(&it.account),
        it.currency,
        payable.grouped(it.currency.minor_digits()).to_string().replace('-', "−"),
    )
}

/// How the balance moved.
fn balance(it: &Statement) -> String {
    let note = &it.balance;
    let line_count = counted(it.lines.len(), "line", "lines");
    let last = if it.account.starts_with("payee:") { "Payable" } else { "In whole units" };
    let rows: [(&str, &str, &str, Atoms); 6] = [
        ("", "Opening balance", "due before this settlement", note.opening),
        ("", "Earned", &format!("the sum of {line_count}"), note.earned),
        ("", "Recouped", "kept back against advances: taken off", note.recouped),
        (" class=\"sum\"", "Closing balance", "opening + earned − recouped", note.closing),
        ("", last, "the closing balance, rounded down to what can be paid", note.payable),
        ("", "Carried forward", "closing − payable", note.carried),
    ];
    let places = decimals(rows.iter().map(|row| row.3));
    let rows: String = rows
        .iter()
        .map(|(class, label, words, amount)| {
            format!(
                "<tr{class}><th scope=\"row\">{label}</th><td class=\"soft\">{words}</td>\
                 <td class=\"n\">{}</td></tr>\n",
                aligned(*amount, places)
            )
        })
        .collect();
    format!(
        "<section>\n<table>\n\
         <thead><tr><th scope=\"col\" class=\"what\">Balance</th><th scope=\"col\"></th>\
         <th scope=\"col\" class=\"n\">{}, exact</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n",
        it.currency
    )
}

/// What was paid before it was earned.
fn advances(advances: &[AdvanceNote]) -> String {
    if advances.is_empty() {
        return String::new();
    }
    let place = |of: fn(&AdvanceNote) -> Atoms| decimals(advances.iter().map(of));
    let opening = place(|it| it.opening_unrecouped);
    let recouped = place(|it| it.recouped);
    let closing = place(|it| it.closing_unrecouped);
    let rows: String = advances
        .iter()
        .map(|it| {
            format!(
                "<tr><th scope=\"row\">{}<span class=\"soft\"> / {}</span></th>\
                 <td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
                escape(&it.agreement),
                escape(&it.advance),
                aligned(it.opening_unrecouped, opening),
                aligned(it.recouped, recouped),
                aligned(it.closing_unrecouped, closing),
            )
        })
        .collect();
    format!(
        "<section>\n<table>\n<thead><tr>\
         <th scope=\"col\" class=\"what\">Advances</th>\
         <th scope=\"col\" class=\"n\">Still to recoup before</th>\
         <th scope=\"col\" class=\"n\">Recouped now</th>\
         <th scope=\"col\" class=\"n\">Still to recoup after</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )
}
