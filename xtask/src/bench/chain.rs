//! The payout contract on a real node at 131,072 payees, and the claim tree beside OpenZeppelin's.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use super::Wish;
use crate::interop::chain::call::Call;
use crate::interop::chain::node::Node;
use crate::interop::chain::workshop::{Missing, Workshop, output};
use crate::shop::Shop;

/// Payees: proofs of 17 hashes.
const PAYEES: u64 = 131_072;
const DAY: Duration = Duration::from_hours(25);

struct Bench<'a> {
    shop: &'a Shop,
    node: Node,
    publisher: String,
    guardian: String,
    token: String,
    contract: String,
    payees: u64,
    funded: u128,
}

pub(crate) fn run(shop: &Shop, wish: &Wish) -> Result<()> {
    println!("\n== chain ==");
    println!("command: cargo xtask bench chain");
    let workshop = match Workshop::open(shop)? {
        Ok(workshop) => workshop,
        Err(Missing(why)) => {
            println!("skipped: {why}");
            return Ok(());
        }
    };
    let payees = if wish.quick { 1024 } else { PAYEES };
    let mut bench = Bench::open(shop, &workshop, payees)?;
    println!("\n| operation, {payees} payees | gas |\n|---|--:|");
    bench.gas()?;
    println!("\n| claim tree | ours, CPU s | OpenZeppelin, CPU s | times |\n|---|--:|--:|--:|");
    for count in if wish.quick { vec![1024] } else { vec![10_000, 100_000, PAYEES] } {
        bench.race(&workshop, count)?;
    }
    Ok(())
}

fn text<'v>(value: &'v Value, at: &str) -> Result<&'v str> {
    value.get(at).and_then(Value::as_str).with_context(|| format!("no {at} in {value}"))
}

impl<'a> Bench<'a> {
    fn open(shop: &'a Shop, workshop: &Workshop, payees: u64) -> Result<Self> {
        let node = Node::start(workshop)?;
        let accounts = node.accounts()?;
        let [publisher, guardian, ..] = &accounts[..] else {
            anyhow::bail!("the node has no account")
        };
        let tokens: Value = serde_json::from_str(&workshop.compile("test/Tokens.sol")?)?;
        let tokens = tokens.as_array().context("artifacts")?;
        let plain = tokens.iter().find(|it| it["contract"] == "PlainToken").context("the token")?;
        let token = node.send(publisher, None, text(plain, "bytecode")?)?;
        let token = token.contract.context("a token")?;
        let artifact: Value = serde_json::from_str(&workshop.compile("src/RoyaltyPayout.sol")?)?;
        let terms = [&token, publisher, guardian].map(String::as_str);
        let made = node.deploy(text(&artifact, "bytecode")?, terms, 86_400)?;
        println!("\ndeploy: {} gas", made.gas);
        let (publisher, guardian) = (publisher.clone(), guardian.clone());
        let contract = made.contract.context("a contract")?;
        Ok(Self { shop, node, publisher, guardian, token, contract, payees, funded: 0 })
    }

    /// The tree of an epoch: each payee's sum grows by the same amount an epoch.
    fn tree(&self, count: u64, epoch: u64) -> Result<Value> {
        let (count, epoch) = (count.to_string(), epoch.to_string());
        let example = ["run", "--quiet", "--locked", "--release", "-p", "chain", "--example"];
        let words = ["claim_tree", "--", "time", &count, "31337", &self.contract, &epoch];
        let told = output(&mut self.shop.cargo(&[&example[..], &words].concat()), "")?;
        Ok(serde_json::from_str(&told)?)
    }

    fn publish(&mut self, epoch: u64, tree: &Value) -> Result<u64> {
        let total: u128 = text(tree, "total")?.parse()?;
        let mint = Call::mint(&self.contract, total - self.funded).text();
        self.node.send(&self.publisher, Some(&self.token), &mint)?;
        self.funded = total;
        let call = Call::publish(epoch.into(), text(tree, "root")?, total).text();
        Ok(self.node.send(&self.publisher, Some(&self.contract), &call)?.gas)
    }

    fn claim(&self, tree: &Value, which: usize) -> Result<u64> {
        let claim = &tree["claims"][which];
        let proof = claim["proof"].as_array().context("a proof")?.iter();
        let proof: Vec<String> = proof.filter_map(Value::as_str).map(str::to_owned).collect();
        let (account, sum) = (text(claim, "account")?, text(claim, "sum")?.parse()?);
        let before = self.node.balance(&self.token, account)?;
        let call = Call::claim(account, sum, &proof).text();
        let gas = self.node.send(&self.guardian, Some(&self.contract), &call)?.gas;
        let after = self.node.balance(&self.token, account)?;
        ensure!(after == sum && before < after, "{account} has {after}, not {sum}");
        Ok(gas)
    }

    fn pass(&self) -> Result<()> {
        self.node.pass(DAY.as_secs())
    }

    fn gas(&mut self) -> Result<()> {
        let say = |what: &str, gas: u64| println!("| {what} | {gas} |");
        let tree = self.tree(self.payees, 1)?;
        say("publish, the first epoch", self.publish(1, &tree)?);
        self.pass()?;
        say("claim, the first one of all", self.claim(&tree, 0)?);
        say("claim, address new to the token", self.claim(&tree, 1)?);
        let tree = self.tree(self.payees, 2)?;
        say("publish, the second epoch", self.publish(2, &tree)?);
        self.pass()?;
        say("claim that lets the root take effect (one an epoch)", self.claim(&tree, 1)?);
        say("claim, later epochs", self.claim(&tree, 0)?);
        let tree = self.tree(self.payees, 3)?;
        say("publish, later epochs", self.publish(3, &tree)?);
        self.pass()?;
        self.claim(&tree, 0)?;
        say("claim, later epochs, another payee", self.claim(&tree, 1)?);
        say("claim of three epochs, address new to the token", self.claim(&tree, 2)?);
        let tree = self.tree(self.payees, 4)?;
        self.publish(4, &tree)?;
        self.pass()?;
        let tree = self.tree(self.payees, 5)?;
        say("publish, later epochs, nobody claimed of the one before", self.publish(5, &tree)?);
        let veto = Call::veto(5).text();
        say("veto", self.node.send(&self.guardian, Some(&self.contract), &veto)?.gas);
        self.publish(6, &tree)?;
        self.pass()?;
        let settle = Call::of("11da60b4").text();
        let settled = self.node.send(&self.guardian, Some(&self.contract), &settle)?;
        say("settle: the root takes effect without a claim (nobody needs to)", settled.gas);
        say("claim of two epochs after that", self.claim(&tree, 2)?);
        Ok(())
    }

    /// The time of a tree beside OpenZeppelin's, which has to have the same root.
    fn race(&self, workshop: &Workshop, count: u64) -> Result<()> {
        let seconds = |value: &Value| value["tree_cpu_s"].as_f64().context("seconds");
        let mut ours = f64::INFINITY;
        let mut root = String::new();
        for _ in 0..3 {
            let tree = self.tree(count, 1)?;
            ours = ours.min(seconds(&tree)?);
            text(&tree, "root")?.clone_into(&mut root);
        }
        let words = ["test/tree.js", "time", &count.to_string(), "31337", &self.contract, "1"];
        let theirs: Value = serde_json::from_str(&workshop.node(&words, "")?)?;
        ensure!(text(&theirs, "root")? == root, "the roots of {count} leaves differ");
        let theirs = seconds(&theirs)?;
        println!("| {count} leaves | {ours:.3} | {theirs:.2} | {:.0} |", theirs / ours);
        Ok(())
    }
}
