//! `leitmotif report sources`.

use anyhow::bail;
use app::sources::{Known, Sources};
use serde_json::{Value, json};

use crate::shell::Shell;
use crate::table::table;

/// List the sources whose statements can be read, or show the spec of one to start from.
///
/// Specs of your own lie in the folder `sources` of the home.
/// Example: leitmotif report sources --show korean-distributor > my-distributor.toml
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print the spec of this source: NAME, or NAME/EDITION.
    #[arg(long, value_name = "SOURCE")]
    show: Option<String>,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let sources = Sources::of(shell.folder())?;
    if let Some(name) = &args.show {
        let found = sources.asked(Some(name))?;
        let [one] = found.list()[..] else {
            let ids: Vec<String> = found.list().iter().map(|it| it.spec.id()).collect();
            bail!("{name} has several editions: {}", ids.join(", "));
        };
        if shell.wants_json() {
            shell.json(&json!({ "source": one.spec.id(), "from": one.from, "spec": one.text }))?;
        } else {
            shell.bytes(one.text.as_bytes())?;
        }
        return Ok(0);
    }
    if shell.wants_json() {
        let row = |it: &&Known| -> Value {
            let head = &it.spec.source;
            json!({
                "source": it.spec.id(), "title": head.title, "version": head.version,
                "evidence": head.evidence.as_str(), "note": head.note, "from": it.from,
            })
        };
        shell.json(&sources.list().iter().map(row).collect())?;
        return Ok(0);
    }
    let rows = sources.list().into_iter().map(|it| {
        let head = &it.spec.source;
        let evidence = head.evidence.as_str().to_owned();
        [it.spec.id(), head.title.clone(), head.version.to_string(), evidence, it.from.clone()]
    });
    shell.line(table(["source", "title", "version", "columns", "from"], &[2], rows))?;
    Ok(0)
}
