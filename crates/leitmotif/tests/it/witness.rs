//! A witness from the command line: made, asked over its socket, killed, asked again.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Stdio};

use crate::door::{leitmotif, program, well};

/// A serving witness, killed when dropped.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
    pub(crate) key: String,
}

impl Serving {
    pub(crate) fn start(folder: &Path) -> Self {
        let words = ["witness", "serve", "--listen", "127.0.0.1:0"];
        let mut command = program(folder, words);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (url, key) = line.trim_end().split_once(' ').unwrap();
        let address = url.strip_prefix("http://").unwrap().to_owned();
        Self { address, key: key.to_owned(), child }
    }

    /// Posts a body and returns status and answer.
    fn post(&self, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let head = "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
        write!(stream, "{head}Content-Length: {length}\r\n\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_witness_remembers_what_it_cosigned() {
    let folder = crate::door::played("thirds");
    let folder = folder.path();
    let key = well(folder, &["witness", "init", "--name", "witness.example/w"]);
    assert_eq!(well(folder, &["witness", "key"]), key);
    let log_key = well(folder, &["log", "key"]);
    well(folder, &["witness", "add-log", log_key.trim_end()]);
    let checkpoint = std::fs::read_to_string(folder.join("leitmotif-data/log/checkpoint")).unwrap();
    let size: u64 = checkpoint.lines().nth(1).unwrap().parse().unwrap();

    let serving = Serving::start(folder);
    assert_eq!(serving.key, key.trim_end());
    let (status, line) = serving.post(&format!("old 0\n\n{checkpoint}"));
    assert!(status == 200 && line.starts_with("\u{2014} witness.example/w "), "{status} {line}");
    let second = leitmotif(folder, &["witness", "serve", "--listen", "127.0.0.1:0"]);
    assert!(second.code == 1 && second.err.contains("one at a time may sign"), "{second:?}");
    drop(serving);

    let serving = Serving::start(folder);
    assert_eq!(serving.post(&format!("old 0\n\n{checkpoint}")), (409, format!("{size}\n")));
    assert_eq!(serving.post(&format!("old {size}\n\n{checkpoint}")).0, 200);
    // The log's keeper does as well while the witness serves.
    let list = well(folder, &["witness", "list"]);
    assert!(list.contains(&format!(": {size} entries at 20")), "{list}");
    assert_eq!(well(folder, &["witness", "evidence"]), "nothing that a log signed was refused\n");
    let shown: serde_json::Value =
        serde_json::from_str(&well(folder, &["--format", "json", "witness", "list"])).unwrap();
    assert_eq!(shown[0]["cosigned"]["size"], size);
}

#[test]
fn mistakes_are_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let refused = |words: &[&str]| {
        let answer = leitmotif(folder, words);
        assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{answer:?}");
        answer.err
    };
    for words in [["witness", "key"], ["witness", "list"], ["witness", "serve"]] {
        assert!(refused(&words).contains("`leitmotif witness init` makes one"), "{words:?}");
    }
    assert!(refused(&["witness", "init", "--name", "a b"]).contains("bad key name"));
    well(folder, &["witness", "init", "--name", "w"]);
    assert!(refused(&["witness", "init", "--name", "v"]).contains("holds a witness already"));
    let own = well(folder, &["witness", "key"]);
    let said = refused(&["witness", "add-log", own.trim_end()]);
    assert!(said.contains("0x04 cosigns as a witness"), "{said}");
}
