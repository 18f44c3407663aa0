//! `leitmotif payout`.

use std::path::PathBuf;
use std::time::Duration;

use app::payments::Order;
use app::payout::{
    Settings, check_claim, claim_files, claim_for, deploy, epoch_to_write, funding, note_veto,
    plan, publish, read_claim, status,
};
use chain::Rpc;
use ident::ChainAddress;
use money::Currency;
use period::Date;
use serde_json::json;

use crate::command::pay::{self, By};
use crate::command::payout_show as show;
use crate::exit;
use crate::shell::Shell;

/// What can be done about payouts on a chain.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make the payout contract, by the signer's account that will publish.
    ///
    /// Token, publisher, guardian and delay are fixed for ever; nobody can take money out of it.
    ///
    /// Example: leitmotif payout deploy --guardian 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC --delay-hours 72
    Deploy {
        /// The account that may veto a root while it waits: somebody else's than the publisher's.
        #[arg(long)]
        guardian: ChainAddressWord,
        /// How long a root waits, from 24 to 720 hours.
        #[arg(long, default_value_t = 72, value_parser = clap::value_parser!(u64).range(24..=720))]
        delay_hours: u64,
        #[command(flatten)]
        wait: Wait,
    },
    /// Plan an epoch: a batch of all that is due to payees who asked for the chain.
    ///
    /// Nothing is sent and nothing is posted. Shows what of each payee goes up and what money the
    /// contract still needs. `leitmotif pay cancel BATCH` undoes it.
    ///
    /// Example: leitmotif payout plan --currency KRW --by "Kim Sora"
    Plan {
        /// The currency, to be sure: the one that the settings pay on the chain.
        #[arg(long)]
        currency: Option<Currency>,
        /// The day of payment: tax, papers and bills of that day count. Today, if left out.
        #[arg(long)]
        day: Option<Date>,
        /// Pay fees, too: only if their parties did not keep them back themselves.
        #[arg(long)]
        fees: bool,
        #[command(flatten)]
        by: By,
    },
    /// Publish the planned epoch: its root is signed by the signer, sent, and waits its delay.
    ///
    /// The contract's code, terms, epoch and money are checked first. The batch is then sent, and a
    /// claim file for each payee lies in the home. Cut off, the same command goes on.
    ///
    /// Example: leitmotif payout publish --by "Lee Jun"
    Publish {
        #[command(flatten)]
        by: By,
        #[command(flatten)]
        wait: Wait,
    },
    /// Ask the contract how things stand, and hold it against what was planned here.
    ///
    /// Exits with 30 if the contract says what it must not: another root, another total, an epoch that
    /// nobody here published.
    Status,
    /// Note that an epoch was vetoed: its payments are due again.
    ///
    /// Example: leitmotif payout vetoed 7 --by "Lee Jun"
    Vetoed {
        /// The epoch.
        epoch: u64,
        #[command(flatten)]
        by: By,
    },
    /// Write the claim files of an epoch once more.
    ///
    /// Example: leitmotif payout claim-files --to claims
    ClaimFiles {
        /// The epoch; the newest that was published, if left out.
        #[arg(long)]
        epoch: Option<u64>,
        /// The folder; the home's own, if left out.
        #[arg(long)]
        to: Option<PathBuf>,
    },
    /// Look at a claim file, and send its payee what it is due; anybody may.
    ///
    /// Without --rpc only the file is checked; without --signer nothing is sent.
    ///
    /// Examples: leitmotif payout claim kim.claim.json
    ///           leitmotif payout claim kim.claim.json --rpc "$NODE"
    ///           leitmotif payout claim kim.claim.json --rpc "$NODE" --signer "$SIGNER" --from 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC
    Claim {
        /// The claim file.
        file: PathBuf,
        /// A node's JSON-RPC address.
        #[arg(long)]
        rpc: Option<String>,
        /// A signer's JSON-RPC address.
        #[arg(long, requires = "rpc", requires = "from")]
        signer: Option<String>,
        /// The account that sends it and pays for the gas.
        #[arg(long, requires = "signer")]
        from: Option<ChainAddressWord>,
        /// The most that is offered for gas, in 10^9 wei.
        #[arg(long, default_value_t = 100)]
        fee_gwei_max: u64,
        #[command(flatten)]
        wait: Wait,
    },
}

/// How long to wait.
#[derive(Debug, clap::Args)]
pub(crate) struct Wait {
    /// How long to wait for the block, in seconds.
    #[arg(long = "wait", value_name = "SECONDS", default_value_t = 300)]
    seconds: u64,
}

impl Wait {
    const fn patience(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

/// An address, as it is typed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChainAddressWord(ChainAddress);

impl std::str::FromStr for ChainAddressWord {
    type Err = ident::IdentError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        ChainAddress::parse(text).map(Self)
    }
}

pub(crate) fn run(command: &Command, shell: &mut Shell) -> anyhow::Result<u8> {
    match command {
        Command::Deploy { guardian, delay_hours, wait } => {
            let home = shell.home()?;
            let delay_s = delay_hours.saturating_mul(3600);
            show::deployment(&deploy(&home, guardian.0, delay_s, wait.patience())?, shell)?;
        }
        Command::Plan { currency, day, fees, by } => {
            plan_epoch((*currency, *day, *fees), by, shell)?;
        }
        Command::Publish { by, wait } => {
            let (mut home, now) = (shell.home()?, shell.now());
            let mut progress = shell.progress();
            let done = publish(&mut home, (&by.by, &now), wait.patience(), &mut progress)?;
            drop(progress);
            show::published(&done, shell)?;
        }
        Command::Status => {
            let mut home = shell.home()?;
            let found = status(&mut home)?;
            let settings = Settings::of(&home.config)?;
            show::status(&found, &settings, shell)?;
            return Ok(if found.alarms.is_empty() { 0 } else { exit::CHAIN });
        }
        Command::Vetoed { epoch, by } => {
            let (mut home, now) = (shell.home()?, shell.now());
            pay::show(&note_veto(&mut home, *epoch, &by.by, &now)?, shell)?;
            shell.talk("all of it is due again: leitmotif payout plan");
        }
        Command::ClaimFiles { epoch, to } => {
            let home = shell.home()?;
            let epoch = match epoch {
                Some(epoch) => *epoch,
                None => epoch_to_write(&home)?,
            };
            let files = claim_files(&home, epoch, to.as_deref())?;
            show::files(epoch, &files, shell)?;
        }
        Command::Claim { file, rpc, signer, from, fee_gwei_max, wait } => {
            let file = read_claim(file)?;
            let Some(rpc) = rpc else {
                show::claim_file(&file, shell)?;
                return Ok(0);
            };
            let node = Rpc::new(rpc)?;
            let claimed = match (signer, from) {
                (Some(signer), Some(from)) => {
                    let fee_wei_max = u128::from(*fee_gwei_max) * 1_000_000_000;
                    let signer = Rpc::new(signer)?;
                    claim_for(&file, (&node, signer), from.0, fee_wei_max, wait.patience())?
                }
                _ => check_claim(&file, &node)?,
            };
            show::claimed(&claimed, shell)?;
        }
    }
    Ok(0)
}

fn plan_epoch(
    (currency, day, fees): (Option<Currency>, Option<Date>, bool),
    by: &By,
    shell: &mut Shell,
) -> anyhow::Result<()> {
    let (mut home, now) = (shell.home()?, shell.now());
    let settings = Settings::of(&home.config)?;
    if let Some(other) = currency.filter(|it| *it != settings.currency) {
        let pays = settings.currency;
        anyhow::bail!("the settings pay {pays} on the chain, not {other}; nothing was planned");
    }
    let today = || period::parse_date(now.get(..10).unwrap_or_default());
    let day = day.map_or_else(today, Ok)?;
    let planned = plan(&mut home, &Order { day, fees, who: &by.by }, &now)?;
    // The plan stands without a node, too; publishing asks it again.
    let funded = match &planned.epoch {
        None => None,
        Some((_, epoch)) => match funding(&home, epoch) {
            Ok(funded) => Some(funded),
            Err(error) => {
                shell.talk(format!("the contract could not be asked what it needs: {error}"));
                None
            }
        },
    };
    if shell.wants_json() {
        let batch = planned.epoch.as_ref().map(|(batch, _)| pay::as_json(batch));
        let answer = json!({ "batch": batch, "plan": show::plan_json(&planned, funded.as_ref()) });
        return Ok(shell.json(&answer)?);
    }
    match &planned.epoch {
        Some((batch, _)) => pay::show(batch, shell)?,
        None => shell.line("there is nothing to pay on the chain")?,
    }
    show::plan(&planned, funded.as_ref(), &settings, shell)
}
