//! `leitmotif witness`.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context as _;
use app::witness::{Evidence, Exhibit, Kept, LogRow, Reply};
use clap::Subcommand;
use serde_json::{Value, json};
use tlog::VerifierKey;

use crate::exit;
use crate::shell::{Shell, harmless};

/// Where the witness lies.
#[derive(Debug, clap::Args)]
pub(crate) struct Place {
    /// The witness's folder; `witness` in the home if none is named.
    #[arg(long)]
    folder: Option<PathBuf>,
}

/// What a witness can be asked on the command line.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a witness: a new key in a new folder. Prints the public key.
    ///
    /// The name stands in every cosignature and cannot be changed later: take a host and a path that
    /// are yours. Never put the folder back from an older copy: a witness that forgot what it signed
    /// may sign two histories; make a new one instead.
    ///
    /// Example: leitmotif witness init --name example.org/witness
    Init {
        /// The key's name: no spaces, no plus sign.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        place: Place,
    },
    /// Print the witness's public key, for the policies of those who trust it.
    Key {
        #[command(flatten)]
        place: Place,
    },
    /// Have the witness know a log by its key, `NAME+ID+BASE64`; the name is the log's origin.
    ///
    /// A witness that serves knows it at once. A second key with the same name is a second key of
    /// the same log.
    ///
    /// Example: leitmotif witness add-log "$(cat log-key.txt)"
    AddLog {
        /// The log's key, as `leitmotif log key` prints it.
        key: String,
        #[command(flatten)]
        place: Place,
    },
    /// Answer logs and monitors over HTTP until it is stopped (c2sp.org/tlog-witness v1.0.0).
    ///
    /// It has no TLS: put a web server before it that does. It can be stopped and killed at any
    /// time. Each answer about a known log, and each failure, is a line on stderr.
    ///
    /// Example: leitmotif witness serve --listen 127.0.0.1:8085
    Serve {
        /// The address to listen on; port 0 takes any that is free.
        #[arg(long, default_value = "127.0.0.1:8085")]
        listen: SocketAddr,
        #[command(flatten)]
        place: Place,
    },
    /// List the known logs with what was cosigned last of each.
    List {
        #[command(flatten)]
        place: Place,
    },
    /// Show the checkpoints that were refused although the log had signed them.
    ///
    /// A fork is proof that the log signed two histories: two checkpoints of one size with two roots.
    /// A doubt is a larger checkpoint whose proof does not hold; anybody can send a wrong proof.
    /// Exit code 14: there is a fork.
    ///
    /// Example: leitmotif witness evidence --full
    Evidence {
        /// Print the signed checkpoints themselves, for others to check.
        #[arg(long)]
        full: bool,
        #[command(flatten)]
        place: Place,
    },
}

pub(crate) fn run(command: Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Init { name, place } => {
            let folder = place.of(shell);
            let key = app::witness::init(&folder, &name)?;
            show_key(&key.to_string(), shell)?;
            shell.talk(format!(
                "made a witness in {}; next: `leitmotif witness add-log`, `leitmotif witness serve`",
                folder.display()
            ));
        }
        Command::Key { place } => {
            show_key(&app::witness::key(&place.of(shell))?.to_string(), shell)?;
        }
        Command::AddLog { key, place } => {
            let key = VerifierKey::parse(key.trim()).context("that is not a key of a log")?;
            let added = app::witness::add_log(&place.of(shell), &key)?;
            let origin = key.name();
            if shell.wants_json() {
                shell.json(&json!({ "origin": origin, "key": key.to_string(), "added": added }))?;
            } else {
                let said = if added { "is known now" } else { "was known already" };
                shell.line(format!("{origin} {said}"))?;
            }
        }
        Command::Serve { listen, place } => serve(&place.of(shell), listen, shell)?,
        Command::List { place } => list(&app::witness::logs(&place.of(shell))?, shell)?,
        Command::Evidence { full, place } => {
            return evidence(&app::witness::evidence(&place.of(shell))?, full, shell);
        }
    }
    Ok(0)
}

impl Place {
    fn of(&self, shell: &Shell) -> PathBuf {
        self.folder.clone().unwrap_or_else(|| shell.folder().join("witness"))
    }
}

fn show_key(key: &str, shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        shell.json(&json!({ "key": key }))?;
    } else {
        shell.line(key)?;
    }
    Ok(())
}

fn serve(folder: &Path, listen: SocketAddr, shell: &mut Shell) -> anyhow::Result<()> {
    let witness = app::witness::open(folder)?;
    let key = witness.witness_key().to_string();
    let open = shell.doors().serve_witness;
    let mut ready = |address: SocketAddr| {
        let url = format!("http://{address}");
        if shell.wants_json() {
            shell.json(&json!({ "url": url, "key": key }))?;
        } else {
            shell.line(format!("{url} {key}"))?;
        }
        shell.finish().map_err(std::io::Error::other)
    };
    open(witness, listen, &mut ready, Arc::new(tell))
        .with_context(|| format!("the witness cannot listen on {listen}"))
}

/// One line for each answer that concerns a known log, and for each failure.
fn tell(reply: &Reply) {
    let answer = &reply.answer;
    let text = match (&reply.failure, &answer.origin) {
        (Some(failure), _) => format!("error: {failure}"),
        (None, Some(origin)) if answer.status != 404 => {
            let size = answer.size.map_or(String::new(), |size| format!(" size {size}"));
            let kept = match answer.evidence {
                Some((Evidence::Fork, kept)) => format!(", A FORK{}", kept_as(kept)),
                Some((Evidence::Doubt, kept)) => format!(", in doubt{}", kept_as(kept)),
                None => String::new(),
            };
            format!("{} {origin}{size}{kept}", answer.status)
        }
        _ => return,
    };
    drop(writeln!(std::io::stderr(), "{}", harmless(&text)));
}

const fn kept_as(kept: Kept) -> &'static str {
    match kept {
        Kept::Yes => ", kept: see `leitmotif witness evidence`",
        Kept::Full => ", not kept, since enough is kept of this log",
    }
}

fn list(rows: &[LogRow], shell: &mut Shell) -> anyhow::Result<()> {
    if shell.wants_json() {
        let row = |it: &LogRow| {
            let cosigned = it.cosigned.as_ref().map(|(checkpoint, time)| {
                json!({
                    "size": checkpoint.size(), "root": checkpoint.root().to_string(),
                    "time": written(*time),
                })
            });
            let keys: Vec<String> = it.keys.iter().map(ToString::to_string).collect();
            json!({ "origin": it.origin, "keys": keys, "cosigned": cosigned })
        };
        shell.json(&rows.iter().map(row).collect())?;
        return Ok(());
    }
    for it in rows {
        let cosigned = match &it.cosigned {
            Some((checkpoint, time)) => {
                format!("{} entries at {}", checkpoint.size(), written(*time))
            }
            None => "nothing cosigned yet".to_owned(),
        };
        shell.line(format!("{}: {cosigned}", it.origin))?;
        for key in &it.keys {
            shell.line(format!("  {key}"))?;
        }
    }
    if rows.is_empty() {
        shell.talk("no log is known yet: `leitmotif witness add-log`");
    }
    Ok(())
}

fn evidence(found: &[(String, Vec<Exhibit>)], full: bool, shell: &mut Shell) -> anyhow::Result<u8> {
    let mut forked = false;
    let mut values = Vec::new();
    for (origin, it) in
        found.iter().flat_map(|(origin, all)| all.iter().map(move |it| (origin, it)))
    {
        let is_fork = it.evidence == Evidence::Fork;
        forked |= is_fork;
        if shell.wants_json() {
            values.push(json!({
                "origin": origin, "name": it.name, "fork": is_fork,
                "refused": it.refused.note().to_string(),
                "cosigned": it.cosigned.as_ref().map(ToString::to_string),
            }));
            continue;
        }
        let word = if is_fork { "a fork" } else { "in doubt" };
        let (size, root) = (it.refused.size(), it.refused.root());
        shell.line(format!("{origin}: {word}, {size} entries with root {root} refused"))?;
        if full {
            let cosigned = it.cosigned.as_ref().map(ToString::to_string);
            let cosigned = cosigned.unwrap_or_else(|| "nothing\n".to_owned());
            shell.line(format!("refused:\n{}\ncosigned:\n{cosigned}", it.refused.note()))?;
        }
    }
    if shell.wants_json() {
        shell.json(&Value::Array(values))?;
    } else if found.iter().all(|(_, it)| it.is_empty()) {
        shell.line("nothing that a log signed was refused")?;
    }
    Ok(if forked { exit::LOG } else { 0 })
}

/// A time as it is written down.
fn written(time: u64) -> String {
    let stamp = i64::try_from(time).ok().and_then(|it| jiff::Timestamp::from_second(it).ok());
    stamp.map_or_else(|| time.to_string(), |it| it.strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
}
