//! `leitmotif erase`.

use anyhow::bail;
use app::erase::erase;
use ident::PartyId;
use serde_json::json;

use crate::shell::Shell;

/// Erase what opens a payee's commitments in the log, for good.
///
/// The keys of the payee's statements are destroyed and its published files removed; seals and totals stay
/// as they are and go on adding up. Nobody can open any more what they commit to about the payee, but for
/// who holds a receipt. The books themselves stay, as the law asks. A balance has to be paid out before.
///
/// Example: leitmotif erase lee-mujin --yes
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The payee, by its party id.
    party: String,
    /// Do it; this cannot be undone.
    #[arg(long)]
    yes: bool,
}

pub(crate) fn run(args: &Args, shell: &mut Shell) -> anyhow::Result<u8> {
    let party = PartyId::parse(&args.party)?;
    if !args.yes {
        bail!(
            "erasing cannot be undone: no receipt of {party} can be made again; say --yes to do it"
        );
    }
    let erased = erase(&mut shell.home()?, &party)?;
    if shell.wants_json() {
        shell.json(&json!({
            "accounts": erased.accounts, "statements": erased.statements,
            "bundles": erased.bundles,
        }))?;
    } else {
        shell.line(format!(
            "erased: what opens {} statements of {}",
            erased.statements,
            erased.accounts.join(", ")
        ))?;
        if !erased.bundles.is_empty() {
            shell.line(format!(
                "removed: the bundles of {}, which held receipts of it; make them again with `leitmotif \
                 bundle`, and put them in the place of those that you serve",
                erased.bundles.join(", ")
            ))?;
        }
    }
    Ok(0)
}
