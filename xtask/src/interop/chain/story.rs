//! Three payees, one contract, a real node: from the first root to a forged one.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::book::Book;
use super::call::Call;
use super::node::Node;
use super::workshop::Workshop;
use crate::shop::Shop;

/// The node's own first accounts (ERC-55), of which everybody knows the keys.
const PUBLISHER: &str = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const GUARDIAN: &str = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const KIM_AND_LEE: &str = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const HAN: &str = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
const ANYBODY: &str = "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65";
/// Where the first contract of the first account stands.
const TOKEN: &str = "0x5FbDB2315678afecb367f032d93F642f64180aa3";
const HOUR_S: u64 = 3600;

type Scene = fn(&mut Stage, &Workshop) -> Result<()>;

struct Stage {
    node: Node,
    book: Book,
    contract: String,
}

/// Plays everything; prints a line a scene.
pub(crate) fn play(shop: &Shop, workshop: &Workshop, binary: &Path) -> Result<()> {
    let node = Node::start(workshop)?;
    let book = Book::open(shop, binary, [KIM_AND_LEE, HAN])?;
    let mut stage = Stage { node, book, contract: String::new() };
    let scenes: [(&str, Scene); 9] = [
        ("a token and a contract are made", deploy),
        ("what is not funded is not published", unfunded),
        ("cut off, it goes on, and sends nothing twice", published_once),
        ("nothing is claimed before its time, then by anybody", claimed),
        ("wrong sums, proofs and files are refused", wrong),
        ("arrears of several epochs come in one claim", arrears),
        ("what is vetoed is due again", vetoed),
        ("a falling total and another publisher are refused", falling),
        ("a forged root, contract or chain is told", forged),
    ];
    for (name, scene) in scenes {
        scene(&mut stage, workshop).with_context(|| format!("scene: {name}"))?;
        println!("ok   {name}");
    }
    Ok(())
}

fn settings(url: &str, contract: &str) -> String {
    format!(
        "operator = \"An operator\"\norigin = \"log.example/royalties\"\n\n[payout]\nchain_id = 31337\n\
         contract = \"{contract}\"\ntoken = \"{TOKEN}\"\ncurrency = \"KRW\"\ndecimals = 6\nrpc = \
         \"{url}\"\nsigner = \"{url}\"\nfrom = \"{PUBLISHER}\"\nguardian = \"{GUARDIAN}\"\n\
         confirmations = 1\n"
    )
}

/// A field of an answer, as text.
fn text<'v>(value: &'v Value, at: &str) -> Result<&'v str> {
    value.pointer(at).and_then(Value::as_str).with_context(|| format!("no {at} in {value}"))
}

fn says(words: &str, expected: &str) -> Result<()> {
    ensure!(words.contains(expected), "expected `{expected}`, was told:\n{words}");
    Ok(())
}

impl Stage {
    fn words(&self, words: &[&str]) -> Result<String> {
        self.book.well(words)
    }

    /// Funds the contract with what the planned epoch misses.
    fn fund(&self, plan: &Value) -> Result<()> {
        let missing: u128 = text(plan, "/plan/funding/missing")?.parse()?;
        let mint = Call::mint(&self.contract, missing);
        self.node.send(ANYBODY, Some(TOKEN), &mint.text()).map(drop)
    }

    /// Earns, plans, funds, publishes, and lets the root wait.
    fn epoch(&self, month: &str, amount: &str) -> Result<Value> {
        self.book.earn(month, amount)?;
        let plan = self.book.json(&["payout", "plan", "--by", "Kim"])?;
        self.fund(&plan)?;
        self.book.json(&["payout", "publish", "--by", "Lee"])
    }

    fn ripen(&self) -> Result<()> {
        self.node.pass(25 * HOUR_S)?;
        self.words(&["payout", "status"]).map(drop)
    }

    /// A payee's claim file.
    fn file(&self, epoch: u64, payee: &str) -> Result<(PathBuf, Value)> {
        let folder = self.book.home().join(format!("payout/epoch-{epoch}"));
        let its = |path: &PathBuf| {
            let name = path.file_name().and_then(|it| it.to_str());
            name.is_some_and(|it| it.starts_with(&format!("payee-{payee}")))
        };
        let mut files = fs::read_dir(&folder)?.flatten().map(|it| it.path());
        let path = files.find(its).with_context(|| format!("no file of {payee}"))?;
        let value = serde_json::from_str(&fs::read_to_string(&path)?)?;
        Ok((path, value))
    }

    fn claim(&self, path: &Path, sender: &str) -> Result<Value> {
        let url = self.node.url();
        let path = path.to_str().context("a path of text")?;
        let words = ["payout", "claim", path, "--rpc", &url, "--signer", &url, "--from", sender];
        self.book.json(&words)
    }
}

/// A claim as a wallet makes it from a claim file, without our code.
fn by_hand(file: &Value) -> Result<String> {
    let proof = file["proof"].as_array().context("a proof")?.iter().filter_map(Value::as_str);
    let proof: Vec<String> = proof.map(str::to_owned).collect();
    let sum = text(file, "/cumulative")?.parse()?;
    Ok(Call::claim(text(file, "/account")?, sum, &proof).text())
}

fn deploy(stage: &mut Stage, workshop: &Workshop) -> Result<()> {
    let tokens: Value = serde_json::from_str(&workshop.compile("test/Tokens.sol")?)?;
    let tokens = tokens.as_array().context("artifacts")?;
    let plain = tokens.iter().find(|it| it["contract"] == "PlainToken").context("the token")?;
    let token = stage.node.send(PUBLISHER, None, text(plain, "/bytecode")?)?.contract;
    ensure!(token == Some(TOKEN.to_lowercase()), "the token is elsewhere: {token:?}");
    let url = stage.node.url();
    stage.book.set(&settings(&url, ""))?;
    says(&stage.book.refused(&["payout", "plan"])?, "`leitmotif payout deploy` makes one")?;
    let words = ["payout", "deploy", "--guardian", PUBLISHER, "--delay-hours", "24"];
    says(&stage.book.refused(&words)?, "the publisher is its own guardian (BadSetting)")?;
    let words = ["payout", "deploy", "--guardian", GUARDIAN, "--delay-hours", "24"];
    let made = stage.book.json(&words)?;
    stage.contract = text(&made, "/contract")?.to_owned();
    stage.book.set(&settings(&url, &stage.contract))
}

fn unfunded(stage: &mut Stage, _: &Workshop) -> Result<()> {
    says(&stage.book.refused(&["payout", "publish"])?, "no epoch is planned")?;
    stage.book.earn("2021-06", "1000")?;
    let bank = stage.book.json(&["pay", "propose", "--by", "Kim"])?;
    ensure!(bank["batch"]["payments"].as_array().is_some_and(|it| it.len() == 1), "{bank}");
    let held = bank["held"].to_string();
    ensure!(held.matches("leitmotif payout plan").count() == 3, "{held}");
    let plan = stage.book.json(&["payout", "plan", "--currency", "KRW", "--by", "Kim"])?;
    // Kim and Lee share an address: one leaf of both sums.
    ensure!(plan["plan"]["rises"].as_array().is_some_and(|it| it.len() == 2), "{plan}");
    ensure!(text(&plan, "/plan/epoch/total")? == "750000000", "{plan}");
    ensure!(text(&plan, "/plan/funding/missing")? == "750000000", "{plan}");
    says(&stage.book.refused(&["payout", "publish"])?, "send 750000000 more")?;
    stage.fund(&plan)?;
    says(&stage.book.refused(&["payout", "plan"])?, "is planned: publish it, or cancel")
}

fn published_once(stage: &mut Stage, _: &Workshop) -> Result<()> {
    let words = ["payout", "publish", "--by", "Lee", "--wait", "0"];
    let told = stage.book.refused_with("confirmations = 1", "confirmations = 2", &words)?;
    says(&told, "sends nothing twice")?;
    let count =
        |stage: &Stage| stage.node.ask("eth_getTransactionCount", json!([PUBLISHER, "latest"]));
    let before = count(stage)?;
    let batch = stage.book.json(&["payout", "status"])?;
    let batch = text(&batch, "/epochs/0/batch")?;
    says(&stage.book.refused(&["pay", "cancel", batch])?, "its transaction is signed")?;
    says(&stage.book.refused(&["pay", "sent", batch])?, "is paid on the chain")?;
    let done = stage.book.json(&["payout", "publish", "--by", "Lee"])?;
    ensure!(count(stage)? == before, "a second transaction was sent");
    ensure!(done["files"].as_array().is_some_and(|it| it.len() == 3), "{done}");
    println!("     publish of the first epoch: {} gas", done["gas"]);
    says(&stage.book.refused(&["payout", "publish"])?, "no epoch is planned")
}

fn claimed(stage: &mut Stage, _: &Workshop) -> Result<()> {
    let (path, file) = stage.file(1, "han")?;
    let words = path.to_str().context("a path of text")?;
    says(&stage.words(&["payout", "claim", words])?, "the proof leads to the root")?;
    let url = stage.node.url();
    let early = stage.book.refused(&["payout", "claim", words, "--rpc", &url])?;
    says(&early, "the contract has none in effect")?;
    let call = by_hand(&file)?;
    says(&stage.node.refusal(ANYBODY, &stage.contract, &call)?, "7ca55c77")?;
    says(&stage.words(&["payout", "status"])?, "epoch 1 until ")?;
    stage.ripen()?;
    let status = stage.book.json(&["payout", "status"])?;
    ensure!(text(&status, "/epochs/0/state")? == "effective", "{status}");
    let sent = stage.claim(&path, ANYBODY)?;
    ensure!(text(&sent, "/amount")? == "250000000", "{sent}");
    ensure!(stage.node.balance(TOKEN, HAN)? == 250_000_000, "Han got something else");
    Ok(())
}

fn wrong(stage: &mut Stage, _: &Workshop) -> Result<()> {
    let (path, file) = stage.file(1, "han")?;
    let url = stage.node.url();
    let path = path.to_str().context("a path of text")?;
    let again = ["payout", "claim", path, "--rpc", &url, "--signer", &url, "--from", HAN];
    says(&stage.book.refused(&again)?, "got all of this already (NothingDue)")?;
    let (kim_path, mut kim) = stage.file(1, "kim")?;
    let changed = fs::read_to_string(&kim_path)?.replace("500000000", "500000001");
    let forged = stage.book.home().join("forged.json");
    fs::write(&forged, changed)?;
    let forged = forged.to_str().context("a path of text")?;
    says(&stage.book.refused(&["payout", "claim", forged])?, "the proof does not lead")?;
    for (key, value) in [("cumulative", "500000001"), ("account", ANYBODY)] {
        let honest = std::mem::replace(&mut kim[key], json!(value));
        says(&stage.node.refusal(ANYBODY, &stage.contract, &by_hand(&kim)?)?, "7ca55c77")?;
        kim[key] = honest;
    }
    kim["proof"] = file["proof"].clone();
    says(&stage.node.refusal(ANYBODY, &stage.contract, &by_hand(&kim)?)?, "7ca55c77")
}

fn arrears(stage: &mut Stage, _: &Workshop) -> Result<()> {
    for (month, amount) in [("2021-07", "2000"), ("2021-08", "400.4")] {
        let done = stage.epoch(month, amount)?;
        println!("     publish of a later epoch: {} gas", done["gas"]);
        stage.ripen()?;
    }
    let (_, file) = stage.file(3, "kim")?;
    // Of 100.1 a whole won is paid; the rest waits in the balance.
    ensure!(text(&file, "/cumulative")? == "1700000000", "{file}");
    let done = stage.node.send(ANYBODY, Some(&stage.contract), &by_hand(&file)?)?;
    println!("     first claim of an epoch, address new to the token: {} gas", done.gas);
    let got = stage.node.balance(TOKEN, KIM_AND_LEE)?;
    ensure!(got == 1_700_000_000, "three epochs in one claim, got {got}");
    let (path, _) = stage.file(3, "han")?;
    let sent = stage.claim(&path, HAN)?;
    ensure!(text(&sent, "/amount")? == "600000000", "{sent}");
    let status = stage.book.json(&["payout", "status"])?;
    ensure!(
        text(&status, "/balance")? == "0" && text(&status, "/paid")? == "2550000000",
        "{status}"
    );
    let (old, _) = stage.file(1, "kim")?;
    let old = old.to_str().context("a path of text")?;
    let url = stage.node.url();
    says(&stage.book.refused(&["payout", "claim", old, "--rpc", &url])?, "ask the operator for")
}

fn vetoed(stage: &mut Stage, _: &Workshop) -> Result<()> {
    stage.epoch("2021-09", "4000")?;
    says(&stage.book.refused(&["payout", "vetoed", "4"])?, "nothing was noted")?;
    let veto = Call::veto(4).text();
    says(&stage.node.refusal(ANYBODY, &stage.contract, &veto)?, "ef6d0f02")?;
    stage.node.send(GUARDIAN, Some(&stage.contract), &veto)?;
    stage.node.pass(25 * HOUR_S)?;
    let told = stage.book.code(30, &["payout", "status"])?;
    says(&told, "ALARM: epoch 4 was vetoed")?;
    says(&stage.book.refused(&["payout", "plan"])?, "epoch 4")?;
    let (path, _) = stage.file(4, "han")?;
    let path = path.to_str().context("a path of text")?;
    let url = stage.node.url();
    let told = stage.book.refused(&["payout", "claim", path, "--rpc", &url])?;
    says(&told, "the contract has epoch 3 in effect")?;
    stage.words(&["payout", "vetoed", "4", "--by", "Lee"])?;
    stage.words(&["payout", "status"])?;
    // The money is there already, and the epoch's number is used up.
    let plan = stage.book.json(&["payout", "plan", "--by", "Kim"])?;
    ensure!(plan["plan"]["epoch"]["epoch"] == json!(5), "{plan}");
    ensure!(text(&plan, "/plan/funding/missing")? == "0", "{plan}");
    stage.words(&["payout", "publish", "--by", "Lee"])?;
    stage.ripen()?;
    let (path, _) = stage.file(5, "han")?;
    let sent = stage.claim(&path, HAN)?;
    ensure!(text(&sent, "/amount")? == "1000000000", "{sent}");
    Ok(())
}

fn falling(stage: &mut Stage, _: &Workshop) -> Result<()> {
    let root = "11".repeat(32);
    let less = Call::publish(6, &root, 5_549_999_999).text();
    says(&stage.node.refusal(PUBLISHER, &stage.contract, &less)?, "3a83b0b4")?;
    let same = Call::publish(6, &root, 5_550_000_000).text();
    says(&stage.node.refusal(ANYBODY, &stage.contract, &same)?, "6cc8883a")?;
    let more = Call::publish(6, &root, 5_550_000_001).text();
    says(&stage.node.refusal(PUBLISHER, &stage.contract, &more)?, "99141bca")
}

fn forged(stage: &mut Stage, _: &Workshop) -> Result<()> {
    stage.words(&["payout", "status"])?;
    // Somebody has the publisher's key.
    let forged = Call::publish(6, &"22".repeat(32), 5_550_000_000).text();
    stage.node.send(PUBLISHER, Some(&stage.contract), &forged)?;
    let told = stage.book.code(30, &["payout", "status"])?;
    says(&told, "ALARM: epoch 6 on the chain was not published from here")?;
    stage.node.send(GUARDIAN, Some(&stage.contract), &Call::veto(6).text())?;
    stage.words(&["payout", "status"])?;
    stage.epoch("2021-10", "40")?;
    stage.ripen()?;
    // The chain itself says another root than was sent: of the two slots, the one in effect.
    let status = stage.book.json(&["payout", "status"])?;
    let root = text(&status, "/live/root")?.to_owned();
    let mut forgeries = 0;
    for slot in ["0x2", "0x3"] {
        let at = json!([stage.contract, slot, "latest"]);
        if stage.node.ask("eth_getStorageAt", at)? == json!(root) {
            let word = format!("{:0>64}", slot.trim_start_matches("0x"));
            let other = format!("0x{}", "33".repeat(32));
            let to = |value: &str| json!([stage.contract, format!("0x{word}"), value]);
            stage.node.ask("anvil_setStorageAt", to(&other))?;
            let told = stage.book.code(30, &["payout", "status"])?;
            says(&told, "ALARM: the root of epoch 7 on the chain is 0x3333")?;
            stage.book.earn("2021-11", "40")?;
            stage.words(&["payout", "plan"])?;
            let told = stage.book.refused(&["payout", "publish"])?;
            says(&told, "the root of epoch 7 on the chain is not one of ours")?;
            stage.node.ask("anvil_setStorageAt", to(&root))?;
            stage.words(&["payout", "status"])?;
            forgeries += 1;
        }
    }
    ensure!(forgeries == 1, "the root in effect stands in {forgeries} slots");
    let told = stage.book.refused_with("31337", "1", &["payout", "publish"])?;
    says(&told, "no epoch is planned")?;
    let told = stage.book.refused_with("31337", "1", &["payout", "status"])?;
    says(&told, "is on chain 31337, and the settings say 1")?;
    let code = stage.node.ask("eth_getCode", json!([stage.contract, "latest"]))?;
    let changed = code.as_str().context("code")?.replacen("6080", "6081", 1);
    stage.node.ask("anvil_setCode", json!([stage.contract, changed]))?;
    let told = stage.book.refused(&["payout", "status"])?;
    says(&told, "is not that of our contract")?;
    stage.node.ask("anvil_setCode", json!([stage.contract, code]))?;
    stage.words(&["payout", "status"]).map(drop)
}
