//! Visitors who are slow, loud or many.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use app::witness::{REQUEST_BYTES_MAX, Reply};
use tempfile::TempDir;
use web::{Limits, WitnessDoor};

pub(crate) struct Served {
    pub(crate) folder: TempDir,
    pub(crate) address: SocketAddr,
    pub(crate) told: Arc<Mutex<Vec<Reply>>>,
}

/// Serves a new witness until the test ends.
pub(crate) fn serve(limits: Limits) -> Served {
    let folder = tempfile::tempdir().unwrap();
    app::witness::init(folder.path(), "witness.example/w").unwrap();
    let witness = app::witness::open(folder.path()).unwrap();
    let door = WitnessDoor::bind(witness, "127.0.0.1:0".parse().unwrap()).unwrap();
    let door = door.with_limits(limits);
    let address = door.address();
    let told = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&told);
    std::thread::spawn(move || {
        door.serve(Arc::new(move |reply: &Reply| heard.lock().unwrap().push(reply.clone())))
    });
    Served { folder, address, told }
}

fn strict() -> Limits {
    let short = Duration::from_millis(300);
    Limits { connections_max: 4, head: short, body: short, connection: Duration::from_secs(20) }
}

/// Sends bytes and returns all that comes back until the other side closes.
pub(crate) fn send(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    // A door that has enough may close before all is sent.
    drop(stream.write_all(bytes));
    let mut answer = Vec::new();
    drop(stream.read_to_end(&mut answer));
    String::from_utf8(answer).unwrap()
}

pub(crate) fn ask(address: SocketAddr, method: &str, path: &str, body: &str) -> (u16, String) {
    let length = body.len();
    let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    let answer = send(address, format!("{head}Content-Length: {length}\r\n\r\n{body}").as_bytes());
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

#[test]
fn three_addresses_and_no_more() {
    let served = serve(strict());
    let status = |method, path| ask(served.address, method, path, "").0;
    assert_eq!(status("GET", "/"), 200);
    assert!(ask(served.address, "GET", "/", "").1.starts_with("This is a witness"));
    assert_eq!(status("GET", "/add-checkpoint"), 405);
    assert_eq!(status("POST", "/"), 405);
    assert_eq!(status("POST", "/add-checkpoint"), 400);
    let nobody = format!("/{}/checkpoint", "0".repeat(64));
    assert_eq!(status("GET", &nobody), 404);
    assert_eq!(status("DELETE", &nobody), 405);
    for path in [
        "/witness.seed",
        "/..%2fwitness.seed/checkpoint",
        "/../checkpoint",
        "/%00/checkpoint",
        "/%ff/checkpoint",
        "/a/b/checkpoint",
    ] {
        assert!([400, 404].contains(&status("GET", path)), "{path}");
    }
}

#[test]
fn bodies_have_an_end() {
    let served = serve(strict());
    let (status, said) =
        ask(served.address, "POST", "/add-checkpoint", &"x".repeat(REQUEST_BYTES_MAX + 1));
    assert_eq!(status, 413, "{said}");
    // A length that lies, and a body in endless chunks.
    let head = "POST /add-checkpoint HTTP/1.1\r\nHost: x\r\n";
    let start = Instant::now();
    let answer = send(served.address, format!("{head}Content-Length: 100\r\n\r\nold 0").as_bytes());
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(start.elapsed() < Duration::from_secs(5));
    let chunk = format!("10000\r\n{}\r\n", "y".repeat(0x10000));
    let endless = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(4));
    let answer = send(served.address, endless.as_bytes());
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    let statuses: Vec<u16> =
        served.told.lock().unwrap().iter().map(|it| it.answer.status).collect();
    assert_eq!(statuses, [413, 408, 413]);
}

#[test]
fn slow_visitors_keep_nobody_out() {
    let served = serve(strict());
    // More than there are seats: none says a word, then each says half of one.
    for word in ["", "GET / HT"] {
        let start = Instant::now();
        let idle: Vec<TcpStream> = (0..12)
            .map(|_| {
                let mut stream = TcpStream::connect(served.address).unwrap();
                stream.write_all(word.as_bytes()).unwrap();
                stream
            })
            .collect();
        let (status, _) = ask(served.address, "GET", "/", "");
        assert_eq!(status, 200, "{word:?}");
        assert!(start.elapsed() < Duration::from_secs(8), "{word:?}: {:?}", start.elapsed());
        drop(idle);
    }
    // A head without an end.
    let answer = send(
        served.address,
        &[b"GET / HTTP/1.1\r\n".as_slice(), &b"a: b\r\n".repeat(100_000)].concat(),
    );
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 4"), "{answer}");
}

#[test]
fn a_connection_serves_several_requests() {
    let served = serve(strict());
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    for _ in 0..3 {
        stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"checkpoint.\n") {
            let mut part = [0; 512];
            let read = stream.read(&mut part).unwrap();
            assert!(read > 0, "closed too soon");
            seen.extend_from_slice(&part[..read]);
        }
    }
    // Then it is idle for too long.
    let start = Instant::now();
    assert_eq!(stream.read(&mut [0; 16]).unwrap_or(0), 0);
    assert!(start.elapsed() < Duration::from_secs(5));
}
