//! `leitmotif statement`.

use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::{Subcommand, ValueEnum as _};
use money::Currency;
use serde_json::json;
use statement::{Statement, write_csv};

use crate::command::publish::language_of;
use crate::command::suspense::money_of;
use crate::page::{Look, Productions, statement_page, statement_pdf, statement_workbook};
use crate::shell::Shell;
use crate::table::table;
use crate::words::Language;

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
    /// Write one statement to a file.
    ///
    /// The form is that of the file's ending, unless --form names another.
    /// Example: leitmotif statement export 2021-Q3 payee:lee-mujin --form pdf --to lee-mujin.pdf
    Export {
        /// The settlement.
        settlement: String,
        /// The account, as `statement list` names it.
        account: String,
        /// The currency, if the account has several.
        #[arg(long)]
        currency: Option<Currency>,
        /// The form.
        #[arg(long, value_enum)]
        form: Option<Form>,
        /// The language; that of the party in the catalogue, or English, if none is named.
        #[arg(long, value_enum)]
        language: Option<Language>,
        /// The file.
        #[arg(long)]
        to: PathBuf,
    },
}

/// The forms of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Form {
    /// The canonical bytes.
    Json,
    /// A table for a spreadsheet.
    Csv,
    /// A page for a browser.
    Html,
    /// A document to print.
    Pdf,
    /// A workbook.
    Xlsx,
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    let home = shell.home()?;
    match command {
        Command::List { settlement } => list(&home, settlement.as_deref(), shell),
        Command::Show { settlement, account, currency, form } => {
            let bytes = bytes(&home, settlement, account, *currency)?;
            shell.bytes(&render(&home, &bytes, *form, None)?)?;
            Ok(0)
        }
        Command::Export { settlement, account, currency, form, language, to } => {
            let ending = to.extension().and_then(|it| it.to_str()).unwrap_or_default();
            let form = form.or_else(|| Form::from_str(ending, true).ok()).with_context(|| {
                format!("{} does not say which form is wanted; pick with --form", to.display())
            })?;
            let bytes = bytes(&home, settlement, account, *currency)?;
            let rendered = render(&home, &bytes, form, *language)?;
            std::fs::write(to, &rendered)
                .with_context(|| format!("{} cannot be written", to.display()))?;
            match shell.wants_json() {
                true => shell.json(&json!({ "file": to, "bytes": rendered.len() }))?,
                false => shell.line(format!("{}: {} bytes", to.display(), rendered.len()))?,
            }
            Ok(0)
        }
    }
}

/// The canonical bytes of the statement that the words name.
fn bytes(
    home: &app::Home,
    settlement: &str,
    account: &str,
    currency: Option<Currency>,
) -> anyhow::Result<Vec<u8>> {
    let rows = home.store.statements(Some(settlement))?;
    let mut found = rows
        .iter()
        .filter(|it| it.account == *account && currency.is_none_or(|wanted| wanted == it.currency));
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
    let bytes = home.store.statement_bytes(settlement, account, row.currency)?;
    bytes.context("the statement is gone from the book")
}

/// A statement in a form; what the catalogue knows of it is looked up where the form shows it.
fn render(
    home: &app::Home,
    bytes: &[u8],
    form: Form,
    language: Option<Language>,
) -> anyhow::Result<Vec<u8>> {
    if form == Form::Json {
        return Ok(bytes.to_vec());
    }
    let it = Statement::parse(bytes)?;
    if form == Form::Csv {
        return Ok(write_csv(&it).into_bytes());
    }
    let catalog = home.store.catalogue()?;
    let language = language.or_else(|| language_of(&catalog, &it.account)).unwrap_or_default();
    let look = Look { language, productions: &Productions::of(&catalog) };
    Ok(match form {
        Form::Pdf => statement_pdf(&it, &look),
        Form::Xlsx => statement_workbook(&it, &look)?,
        _ => statement_page(&it, &look).into_bytes(),
    })
}

fn list(home: &app::Home, settlement: Option<&str>, shell: &mut Shell) -> anyhow::Result<u8> {
    let rows = home.store.statements(settlement)?;
    if shell.wants_json() {
        let row = |it: &store::StatementRow| {
            json!({
                "settlement": it.settlement, "account": it.account, "name": it.name,
                "currency": it.currency.to_string(), "earned": it.earned.to_string(),
                "payable": it.payable.to_string(),
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
