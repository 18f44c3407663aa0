//! Claim trees for whoever compares or measures them.
//!
//! `claim_tree dump` reads a chain and a contract, then a line `account sum` for each leaf, and prints
//! the root and a line `account sibling,sibling…` for each. `claim_tree time COUNT CHAIN CONTRACT EPOCH`
//! makes up accounts and says how long their tree took, with some proofs of it.
#![expect(clippy::print_stdout, reason = "an example talks to whoever ran it")]

use std::io::Read as _;
use std::time::{SystemTime, UNIX_EPOCH};

use chain::{ClaimTree, Word, ident::ChainAddress};
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["dump"] => dump(),
        ["time", count, chain, contract, epoch] => {
            time(count.parse()?, chain.parse()?, contract, epoch.parse()?)
        }
        _ => Err("say `dump`, or `time COUNT CHAIN CONTRACT EPOCH`".into()),
    }
}

fn dump() -> Result<(), Failure> {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text)?;
    let mut lines = text.lines();
    let (chain, contract) =
        lines.next().and_then(|it| it.split_once(' ')).ok_or("no first line")?;
    let leaf = |line: &str| -> Result<(ChainAddress, u128), Failure> {
        let (account, sum) = line.split_once(' ').ok_or("no sum")?;
        Ok((ChainAddress::parse_bare(account)?, sum.parse()?))
    };
    let sums = lines.map(leaf).collect::<Result<Vec<_>, _>>()?;
    let contract = ChainAddress::parse_bare(contract)?;
    let tree = ClaimTree::new(chain.parse()?, contract, sums.iter().copied())?;
    println!("{}", tree.root());
    for (account, _) in sums {
        let proof = tree.proof(account).ok_or("no proof")?;
        println!("{account} {}", words(&proof).join(","));
    }
    Ok(())
}

fn words(proof: &[Word]) -> Vec<String> {
    proof.iter().map(ToString::to_string).collect()
}

/// The account and the sum that stand at a place.
fn made_up(at: u64, epoch: u64) -> Option<(ChainAddress, u128)> {
    let mut bytes = [1; 20];
    bytes[12..].copy_from_slice(&at.to_be_bytes());
    let sum = u128::from(at % 1000 + 1) * u128::from(epoch) * 10_000;
    ChainAddress::from_bytes(bytes).map(|it| (it, sum))
}

/// Seconds that this thread had a processor for, where the system tells; else those of the clock.
fn cpu_s() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let nanoseconds = told.split(' ').next().and_then(|it| it.parse::<f64>().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0.0, |it| it.as_secs_f64());
    nanoseconds.map_or_else(clock, |it| it / 1e9)
}

fn time(count: u64, chain: u64, contract: &str, epoch: u64) -> Result<(), Failure> {
    let contract = ChainAddress::parse_bare(contract)?;
    let sums: Vec<_> = (0..count).filter_map(|at| made_up(at, epoch)).collect();
    let total: u128 = sums.iter().map(|it| it.1).sum();
    let begin = cpu_s();
    let tree = ClaimTree::new(chain, contract, sums.iter().copied())?;
    let tree_cpu_s = cpu_s() - begin;
    let begin = cpu_s();
    let hashes: usize = sums.iter().filter_map(|it| tree.proof(it.0)).map(|it| it.len()).sum();
    let proofs_cpu_s = cpu_s() - begin;
    let some = sums.iter().step_by(sums.len().div_ceil(8)).map(|(account, sum)| {
        let proof = tree.proof(*account).unwrap_or_default();
        json!({ "account": account.to_string(), "sum": sum.to_string(), "proof": words(&proof) })
    });
    let answer = json!({
        "tree_cpu_s": tree_cpu_s, "proofs_cpu_s": proofs_cpu_s, "hashes": hashes, "root": tree.root().to_string(),
        "total": total.to_string(), "claims": some.collect::<Vec<_>>(),
    });
    println!("{answer}");
    Ok(())
}
