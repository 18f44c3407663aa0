//! The client, against a witness and against strangers.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use tlog::cosignatures;
use witness::{AskError, Endpoint, Witness, ask, witness_key};

use crate::folder::made;
use crate::log::Log;

const ORIGIN: &str = "log.example/royalties";

/// One connection after the other: the bytes of a body in, the whole answer out.
fn serve(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/below/", listener.local_addr().unwrap());
    let count = Arc::new(AtomicUsize::new(0));
    let asked = Arc::clone(&count);
    // Ends with the test program: it only answers.
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let body = read_request(&mut stream);
            asked.fetch_add(1, Ordering::SeqCst);
            drop(stream.write_all(&answer(&body)));
        }
    });
    (url, count)
}

fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let mut part = [0; 4096];
        let read = stream.read(&mut part).unwrap_or(0);
        bytes.extend_from_slice(&part[..read]);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        assert!(head.starts_with("POST /below/add-checkpoint HTTP/1.1\r\n"), "{head}");
        let length = head
            .lines()
            .find_map(|it| it.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
        if read == 0 || body.len() >= length.unwrap_or(0) {
            return body.as_bytes().to_vec();
        }
    }
}

fn reply(status: u16, media_type: &str, body: &str) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} x\r\nContent-Type: {media_type}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body.as_bytes()].concat()
}

#[test]
fn a_witness_that_saw_another_size_is_asked_again() {
    let folder = made();
    let key = witness_key(folder.path()).unwrap();
    let witness = Witness::open(folder.path()).unwrap();
    let log = Log::new(ORIGIN, 0);
    assert_eq!(witness.add_checkpoint(&log.request(0, 6), 100).unwrap().status, 200);
    let (url, count) = serve(move |body| {
        let answer = witness.add_checkpoint(body, 200).unwrap();
        reply(answer.status, answer.media_type, &answer.body)
    });
    let endpoint = Endpoint { url: &url, key: &key, timeout: Duration::from_secs(10) };
    let note = log.note(9);
    let given = ask(&endpoint, &note, 0, &|old| Some(log.prove(old, 9))).unwrap();
    assert_eq!((given.time, count.load(Ordering::SeqCst)), (200, 2));
    let mut lines = note.signatures().to_vec();
    lines.push(given.line);
    let note = note.with_signatures(lines).unwrap();
    assert_eq!(cosignatures(&note, std::slice::from_ref(&key)).unwrap().len(), 1);
    // With the right size at once; then about a smaller tree than it saw.
    assert!(ask(&endpoint, &log.note(12), 9, &|old| Some(log.prove(old, 12))).is_ok());
    assert_eq!(count.load(Ordering::SeqCst), 3);
    let behind = ask(&endpoint, &log.note(10), 9, &|old| Some(log.prove(old, 10)));
    assert!(matches!(behind, Err(AskError::Ahead { seen: 12, size: 10, .. })), "{behind:?}");
    let no_proof = ask(&endpoint, &log.note(20), 0, &|_| None);
    assert!(matches!(no_proof, Err(AskError::NoProof { seen: 12, .. })), "{no_proof:?}");
}

/// What is said of an answer, with the address cut out.
fn check(answer: impl Fn(&[u8]) -> Vec<u8> + Send + 'static, asked: usize, expected: Expect) {
    let folder = made();
    let key = witness_key(folder.path()).unwrap();
    let (url, count) = serve(answer);
    let endpoint = Endpoint { url: &url, key: &key, timeout: Duration::from_secs(10) };
    let log = Log::new(ORIGIN, 0);
    let error = ask(&endpoint, &log.note(9), 3, &|old| Some(log.prove(old, 9))).unwrap_err();
    let mut said = error.to_string().replace(&url, "URL/");
    if let Some(source) = std::error::Error::source(&error) {
        said.push_str(&format!(": {source}"));
    }
    expected.assert_eq(&said);
    assert_eq!(count.load(Ordering::SeqCst), asked);
}

#[test]
fn strangers_answers_are_refused() {
    let plain = "text/plain";
    check(
        move |_| reply(403, plain, "no\n"),
        1,
        expect!["URL/add-checkpoint refuses with status 403: no"],
    );
    check(
        move |_| reply(404, plain, &"long ".repeat(100)),
        1,
        expect![
            "URL/add-checkpoint refuses with status 404: long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long long "
        ],
    );
    check(
        move |_| reply(409, plain, "4\n"),
        1,
        expect!["URL/add-checkpoint refuses with status 409: 4"],
    );
    check(
        move |_| reply(409, "text/x.tlog.size", "four\n"),
        1,
        expect!["URL/add-checkpoint refuses with status 409: four"],
    );
    check(
        move |_| reply(409, "text/x.tlog.size", "4\n"),
        3,
        expect!["URL/add-checkpoint is asked by others at the same time; try again"],
    );
    check(
        move |_| reply(409, "text/x.tlog.size", "18446744073709551615\n"),
        1,
        expect![
            "URL/add-checkpoint saw 18446744073709551615 entries already, more than the 9 of this checkpoint"
        ],
    );
    check(
        move |_| reply(200, plain, ""),
        1,
        expect!["URL/add-checkpoint answers without a cosignature of witness.example/w that holds"],
    );
    check(
        move |_| reply(200, plain, "thanks\n"),
        1,
        expect!["URL/add-checkpoint answers without a cosignature of witness.example/w that holds"],
    );
    check(
        move |_| reply(200, plain, &"x".repeat(70_000)),
        1,
        expect![
            "URL/add-checkpoint gives no answer that can be read: the response body is larger than request limit: 65536"
        ],
    );
    check(
        |_| {
            b"HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()
        },
        1,
        expect!["URL/add-checkpoint refuses with status 302: "],
    );
    // Another witness's line, and one of ours that was made for another checkpoint.
    let line = |name: &str, seed: u8| {
        let key = tlog::CosignerKey::from_seed(name, [seed; 32].into()).unwrap();
        key.cosign(Log::new(ORIGIN, 0).note(8).text(), 5).unwrap().to_string()
    };
    let (other, moved) = (line("other", 6), line("witness.example/w", 5));
    check(
        move |_| reply(200, plain, &other),
        1,
        expect!["URL/add-checkpoint answers without a cosignature of witness.example/w that holds"],
    );
    check(
        move |_| reply(200, plain, &moved),
        1,
        expect!["URL/add-checkpoint answers without a cosignature of witness.example/w that holds"],
    );
}

#[test]
fn a_witness_that_is_slow_or_gone_keeps_nobody_waiting() {
    let folder = made();
    let key = witness_key(folder.path()).unwrap();
    let log = Log::new(ORIGIN, 0);
    let (url, _) = serve(|_| {
        std::thread::sleep(Duration::from_secs(5));
        Vec::new()
    });
    let start = Instant::now();
    let timeout = Duration::from_millis(200);
    let ask = |url: &str| {
        ask(&Endpoint { url, key: &key, timeout }, &log.note(9), 0, &|old| Some(log.prove(old, 9)))
    };
    assert!(matches!(ask(&url), Err(AskError::Unreachable { .. })));
    assert!(start.elapsed() < Duration::from_secs(4));
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    assert!(matches!(ask(&format!("http://{gone}")), Err(AskError::Unreachable { .. })));
    for url in ["", "ftp://a", "https://", "http:///x", "http://a:b@c", "http://a/?b", "http://a b"]
    {
        assert!(matches!(ask(url), Err(AskError::Url { .. })), "{url}");
    }
}
