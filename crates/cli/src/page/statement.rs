//! The page of one statement.

use ::statement::{BalanceNote, MovementNote, OpenNote, Statement};
use money::Atoms;

use super::text::{aligned, counted, decimals, escape, exact, name};
use super::{basis, breakdown, document, lines};

/// Renders a statement as a page that can be read, printed and kept.
pub(crate) fn statement_page(statement: &Statement) -> String {
    let body = [
        head(statement),
        due(statement),
        balance(statement),
        movements(&statement.movements),
        open(&statement.open),
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
    let BalanceNote { carried, minimum, payable, opening, .. } = it.balance;
    let before = match opening.is_zero() {
        true => String::new(),
        false => format!(
            "<small>The opening balance of {}, less what was paid since, is counted in.</small>",
            exact(opening)
        ),
    };
    let below = match (carried.is_zero(), carried.is_negative()) {
        (true, _) => String::new(),
        (false, false) if payable.is_zero() && carried < minimum => format!(
            "<small>Nothing is paid below {}: {} is carried forward.</small>",
            exact(minimum),
            exact(carried)
        ),
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
        ("", "Moved", "paid, kept back, held, released, passed on: see below", note.moved),
        (" class=\"sum\"", "Closing balance", "opening + earned + moved", note.closing),
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

/// What moved beside what was earned, and why.
fn movements(movements: &[MovementNote]) -> String {
    if movements.is_empty() {
        return String::new();
    }
    let places = decimals(movements.iter().map(|it| it.amount));
    let row = |it: &MovementNote| {
        let of = match it.agreement.is_empty() {
            true => escape(&it.reference),
            false => format!("{} / {}", escape(&it.agreement), escape(&it.reference)),
        };
        format!(
            "<tr><th scope=\"row\">{}<span class=\"soft\"> {of}</span></th>\
             <td class=\"soft\">{}</td><td class=\"soft\">{}</td><td class=\"n\">{}</td></tr>\n",
            movement_words(&it.kind),
            escape(&it.other),
            escape(&it.origin),
            aligned(it.amount, places),
        )
    };
    let rows: String = movements.iter().map(row).collect();
    format!(
        "<section>\n<table>\n<thead><tr>\
         <th scope=\"col\" class=\"what\">Movement</th>\
         <th scope=\"col\">From or to</th>\
         <th scope=\"col\">Of the period before, or paid on</th>\
         <th scope=\"col\" class=\"n\">Amount</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )
}

/// The words for a kind of movement.
fn movement_words(kind: &str) -> &'static str {
    match kind {
        "cap" => "Beyond the cap",
        "reserve-in" => "Held back in reserve",
        "reserve-out" => "Released from reserve",
        "pool-cost" => "Cost before profit is shared",
        "recoup" => "Kept back",
        "guarantee" => "Topped up to the guarantee",
        "members" => "To the members",
        "payment" => "Paid",
        "tax" => "Tax withheld",
        "vat" => "Value added tax, by our bill",
        _ => "Moved",
    }
}

/// What stands open: advances to be kept back, reserves to be released.
fn open(notes: &[OpenNote]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let opening = decimals(notes.iter().map(|it| it.opening));
    let closing = decimals(notes.iter().map(|it| it.closing));
    let row = |it: &OpenNote| {
        format!(
            "<tr><th scope=\"row\">{}</th><td class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
            escape(&it.account),
            aligned(it.opening, opening),
            aligned(it.closing, closing),
        )
    };
    let rows: String = notes.iter().map(row).collect();
    format!(
        "<section>\n<table>\n<thead><tr>\
         <th scope=\"col\" class=\"what\">Open</th>\
         <th scope=\"col\" class=\"n\">Before</th>\
         <th scope=\"col\" class=\"n\">After</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table>\n</section>\n"
    )
}
