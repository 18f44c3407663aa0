//! `leitmotif statement`.

use anyhow::{Context as _, bail};
use clap::Subcommand;
use money::Currency;
use serde_json::json;
use statement::{Statement, write_csv};

use crate::command::suspense::money_of;
use crate::page;
use crate::shell::Shell;
use crate::table::table;

/// What can be done with statements.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List statements.
    ///
    /// Example: leitmotif statement list 2021-Q3
    List {
        /// The settlement; all if none is named.
        settlement: Option<String>,
    },
    /// Print one statement.
    ///
    /// Example: leitmotif statement show 2021-Q3 payee:lee-mujin --as csv
    Show {
        /// The settlement.
        settlement: String,
        /// The account, as `statement list` names it.
        account: String,
        /// The currency, if the account has several.
        #[arg(long)]
        currency: Option<Currency>,
        /// The form.
        #[arg(long = "as", value_enum, default_value_t = Form::Json)]
        form: Form,
    },
}

/// The forms of a statement.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Form {
    /// The canonical bytes.
    Json,
    /// A table for a spreadsheet.
    Csv,
    /// A page to print.
    Html,
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    match command {
        Command::List { settlement } => list(&home, settlement.as_deref(), shell),
        Command::Show { settlement, account, currency, form } => {
            let rows = home.store.statements(Some(settlement))?;
            let mut found = rows.iter().filter(|it| {
                it.account == *account && currency.is_none_or(|wanted| wanted == it.currency)
            });
            let row = found.next().with_context(|| {
                format!("no statement of {account} in {settlement}; see `leitmotif statement list`")
            })?;
            if let Some(other) = found.next() {
                bail!(
                    "there is one in {} and one in {}; pick with --currency",
                    row.currency,
                    other.currency
                );
            }
            let bytes = home
                .store
                .statement_bytes(settlement, account, row.currency)?
                .context("the statement is gone from the book")?;
            match form {
                Form::Json => shell.bytes(&bytes)?,
                Form::Csv => shell.bytes(write_csv(&Statement::parse(&bytes)?).as_bytes())?,
                Form::Html => {
                    let page = page::statement_page(&Statement::parse(&bytes)?);
                    shell.bytes(page.as_bytes())?;
                }
            }
            Ok(0)
        }
    }
}

fn list(home: &app::Home, settlement: Option<&str>, shell: &mut Shell) -> anyhow::Result<u8> {
    let rows = home.store.statements(settlement)?;
    if shell.wants_json() {
        let row = |it: &store::StatementRow| {
            json!({
                "settlement": it.settlement, "account": it.account, "name": it.name,
                "currency": it.currency.to_string(), "earned": it.earned.to_string(),
                "payable": it.payable.to_string(), "leaf": it.leaf,
            })
        };
        shell.json(&rows.iter().map(row).collect())?;
        return Ok(0);
    }
    let rows = rows.iter().map(|it| {
        let money = |amount| money_of(it.currency, amount);
        [
            it.settlement.clone(),
            it.account.clone(),
            it.name.clone(),
            money(it.earned),
            money(it.payable),
        ]
    });
    shell.line(table(
        ["settlement", "account", "name", "earned", "payable to date"],
        &[3, 4],
        rows,
    ))?;
    Ok(0)
}
