//! `leitmotif publish`.

use app::cosign::Cosigned;
use app::publish::{Pages, publish_statements};
use catalog::Catalog;
use ident::PartyId;
use serde_json::{Value, json};
use statement::Statement;
use store::{SettlementRow, StatementRow};

use crate::page::{
    IndexHead, IndexRow, Look, Productions, index_page, statement_page, statement_pdf,
    statement_workbook,
};
use crate::shell::Shell;
use crate::words::Language;

/// Puts settlements into the transparency log and writes statements and receipts.
///
/// For every account: .json (the canonical bytes), .pdf (to print), .xlsx, .csv, .html and .receipt.
/// Example: leitmotif publish 2021-Q3
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The settlement; every one that is not yet published if none is named.
    settlement: Option<String>,
    /// The language of statements whose party states none in the catalogue, and of their list.
    #[arg(long, value_enum, default_value_t = Language::En)]
    language: Language,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut home = shell.home()?;
    if home.config == app::Config::default() {
        shell.talk(format!(
            "note: {} does not say who issues the statements (operator) and what the log is called \
             (origin); the log's name cannot be changed later",
            home.store.home().join("leitmotif.toml").display()
        ));
    }
    let now = shell.now();
    let outcomes = {
        let mut progress = shell.progress();
        publish(&mut home, args.settlement.as_deref(), args.language, &now, &mut progress)?
    };
    if shell.wants_json() {
        let row = |it: &app::publish::PublishOutcome| {
            json!({
                "settlement": it.settlement, "appended": it.appended, "folder": it.folder,
                "receipts": it.receipts, "witnesses": it.cosigned.as_ref().map(cosigned_as_json),
            })
        };
        shell.json(&outcomes.iter().map(row).collect())?;
        return Ok(0);
    }
    for it in &outcomes {
        let text = format!(
            "{}: {} statements with receipts in {}",
            it.settlement,
            it.receipts.len(),
            it.folder.display()
        );
        shell.line(text)?;
        if let Some(cosigned) = &it.cosigned {
            shell.talk(cosigned_words(cosigned));
        }
    }
    if outcomes.is_empty() {
        shell.line("every settlement is published already")?;
    }
    Ok(0)
}

/// What witnesses answered, in words.
pub(crate) fn cosigned_words(it: &Cosigned) -> String {
    let quorum = it.quorum;
    let mut words = format!(
        "the checkpoint is {}witnessed: {} of {} witnesses cosigned it, {} are enough",
        if quorum.met { "" } else { "NOT " },
        quorum.have,
        quorum.members,
        quorum.needed
    );
    for (name, answer) in &it.answers {
        if let Err(why) = answer {
            words.push_str(&format!("\n  {name}: {why}"));
        }
    }
    words
}

/// What witnesses answered, as JSON.
pub(crate) fn cosigned_as_json(it: &Cosigned) -> Value {
    let answer = |(name, answer): &(String, Result<u64, String>)| json!({ "name": name, "time": answer.as_ref().ok(), "refused": answer.as_ref().err() });
    json!({
        "met": it.quorum.met, "have": it.quorum.have, "members": it.quorum.members,
        "needed": it.quorum.needed, "time": it.quorum.time,
        "answers": it.answers.iter().map(answer).collect::<Vec<_>>(),
    })
}

/// Publishes with this door's pages.
pub(crate) fn publish(
    home: &mut app::Home,
    settlement: Option<&str>,
    language: Language,
    now: &str,
    progress: &mut dyn app::Progress,
) -> anyhow::Result<Vec<app::publish::PublishOutcome>> {
    let operator = home.config.operator.clone();
    let catalog = home.store.catalogue()?;
    let productions = Productions::of(&catalog);
    let look = |it: &Statement| Look {
        language: language_of(&catalog, &it.account).unwrap_or(language),
        productions: &productions,
    };
    let pages = Pages {
        forms: &[
            ("html", &|it| Ok(statement_page(it, &look(it)).into_bytes())),
            ("pdf", &|it| Ok(statement_pdf(it, &look(it)))),
            ("xlsx", &|it| Ok(statement_workbook(it, &look(it))?)),
        ],
        index: &|row, list| index(language, row, list, &operator),
    };
    Ok(publish_statements(home, settlement, &pages, now, progress)?)
}

/// The language in which the party of an account reads, if the catalogue has one that pages know.
pub(crate) fn language_of(catalog: &Catalog, account: &str) -> Option<Language> {
    let (_, party) = account.split_once(':')?;
    let party = catalog.parties.get(&PartyId::parse(party).ok()?)?;
    Language::of(party.language.as_deref()?)
}

fn index(
    language: Language,
    row: &SettlementRow,
    list: &[(StatementRow, String)],
    operator: &str,
) -> String {
    let head =
        IndexHead { settlement: &row.id, period: &row.period, operator, totals: &row.totals };
    let rows: Vec<IndexRow<'_>> = list
        .iter()
        .map(|(it, stem)| IndexRow {
            account: &it.account,
            name: &it.name,
            currency: it.currency,
            earned: it.earned,
            payable: it.payable,
            stem,
        })
        .collect();
    index_page(language, &head, &rows)
}
