//! A real node of one's own, ended with its value, and what it is asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::call::Call;
use super::workshop::Workshop;

/// How long a node may take to answer its first question.
const START_WAIT: Duration = Duration::from_secs(20);

/// The node.
pub(crate) struct Node {
    child: Child,
    port: u16,
}

impl Drop for Node {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait().map(drop));
        if let Err(error) = ended {
            println!("the node could not be ended: {error}");
        }
    }
}

/// What a transaction did.
pub(crate) struct Done {
    pub(crate) gas: u64,
    pub(crate) contract: Option<String>,
}

impl Node {
    /// Starts a node on a free port of this machine.
    pub(crate) fn start(workshop: &Workshop) -> Result<Self> {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let mut command = Command::new(workshop.program("anvil")?);
        command.args(["--silent", "--host", "127.0.0.1", "--port", &port.to_string()]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn()?;
        let node = Self { child, port };
        let begin = Instant::now();
        while node.ask("eth_chainId", json!([])).is_err() {
            ensure!(begin.elapsed() < START_WAIT, "the node does not answer");
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(node)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Asks one thing (JSON-RPC 2.0 over HTTP/1.0, so that an answer ends with its connection).
    pub(crate) fn ask(&self, method: &str, parameters: Value) -> Result<Value> {
        let asked = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": parameters });
        let body = asked.to_string();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        stream.set_read_timeout(Some(Duration::from_secs(30)))?;
        let head = "POST / HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length:";
        write!(stream, "{head} {}\r\n\r\n{body}", body.len())?;
        let mut text = String::new();
        stream.read_to_string(&mut text)?;
        let (_, body) = text.split_once("\r\n\r\n").context("no answer of HTTP")?;
        let answer: Value = serde_json::from_str(body)?;
        if let Some(error) = answer.get("error") {
            bail!("{method}: {error}");
        }
        answer.get("result").cloned().context("no result")
    }

    /// The accounts that the node has the keys of.
    pub(crate) fn accounts(&self) -> Result<Vec<String>> {
        let accounts = self.ask("eth_accounts", json!([]))?;
        let accounts = accounts.as_array().context("accounts")?.iter();
        Ok(accounts.filter_map(Value::as_str).map(str::to_owned).collect())
    }

    /// Sends a transaction as a wallet would, and fails if it fails.
    pub(crate) fn send(&self, from: &str, to: Option<&str>, data: &str) -> Result<Done> {
        let mut asked = json!({ "from": from, "data": data });
        if let Some(to) = to {
            asked["to"] = json!(to);
        }
        let hash = self.ask("eth_sendTransaction", json!([asked]))?;
        let begin = Instant::now();
        let receipt = loop {
            let receipt = self.ask("eth_getTransactionReceipt", json!([hash]))?;
            if !receipt.is_null() {
                break receipt;
            }
            ensure!(begin.elapsed() < START_WAIT, "no block is made");
            std::thread::sleep(Duration::from_millis(5));
        };
        ensure!(receipt["status"] == json!("0x1"), "a transaction failed: {receipt}");
        let contract = receipt["contractAddress"].as_str().map(str::to_owned);
        Ok(Done { gas: number(&receipt["gasUsed"]).context("gas")?, contract })
    }

    /// What a call that must fail is answered with.
    pub(crate) fn refusal(&self, from: &str, to: &str, data: &str) -> Result<String> {
        let asked = json!([{ "from": from, "to": to, "data": data }, "latest"]);
        match self.ask("eth_call", asked) {
            Ok(answer) => bail!("a call was taken that must be refused: {answer}"),
            Err(error) => Ok(error.to_string()),
        }
    }

    /// A token's balance.
    pub(crate) fn balance(&self, token: &str, of: &str) -> Result<u128> {
        let data = Call::of("70a08231").address(of).text();
        let answer = self.ask("eth_call", json!([{ "to": token, "data": data }, "latest"]))?;
        let digits = answer.as_str().and_then(|it| it.get(34..)).context("a balance")?;
        Ok(u128::from_str_radix(digits, 16)?)
    }

    /// Lets time pass, and makes a block.
    pub(crate) fn pass(&self, seconds: u64) -> Result<()> {
        self.ask("evm_increaseTime", json!([seconds]))?;
        self.ask("evm_mine", json!([])).map(drop)
    }

    /// Deploys the payout contract by hand, as its artifact has it.
    pub(crate) fn deploy(&self, code: &str, terms: [&str; 3], delay_s: u128) -> Result<Done> {
        let [token, publisher, guardian] = terms;
        let arguments = Call::of("").address(token).address(publisher).address(guardian);
        let arguments = arguments.number(delay_s).text();
        self.send(publisher, None, &format!("{code}{}", &arguments[2..]))
    }
}

fn number(value: &Value) -> Option<u64> {
    u64::from_str_radix(value.as_str()?.strip_prefix("0x")?, 16).ok()
}
