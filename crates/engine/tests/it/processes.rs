//! A scheduler and executors on this machine.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::stage::ENGINE;

/// A cluster; its processes end with it, also when a test fails.
pub(crate) struct Processes {
    pub(crate) url: String,
    scheduler: Running,
    executors: Vec<Running>,
    work: TempDir,
}

impl Processes {
    pub(crate) fn start(executors: usize) -> Self {
        let ports = Ports::take();
        let bind = format!("127.0.0.1:{}", ports.first);
        let scheduler = Running::start(
            Command::new(ENGINE).args(["scheduler", "--log", "off", "--bind", &bind]),
            ports,
        );
        let url = format!("df://{bind}");
        let work = tempfile::tempdir().unwrap();
        let mut processes = Self { url, scheduler, executors: Vec::new(), work };
        for number in 0..executors {
            processes.add(number);
        }
        processes
    }

    fn add(&mut self, number: usize) {
        let ports = Ports::take();
        let mut executor = Command::new(ENGINE);
        executor
            .args(["executor", "--cores", "1", "--log", "off"])
            .args(["--scheduler", &format!("127.0.0.1:{}", self.scheduler.ports.first)])
            .args(["--bind", &format!("127.0.0.1:{}", ports.first)])
            .arg("--work-dir")
            .arg(self.work.path().join(number.to_string()));
        self.executors.push(Running::start(&mut executor, ports));
    }

    /// The process id of an executor.
    pub(crate) fn executor(&self, number: usize) -> u32 {
        self.executors[number].child.id()
    }
}

struct Running {
    child: Child,
    ports: Ports,
}

impl Running {
    /// Starts a program and waits until it listens.
    fn start(command: &mut Command, ports: Ports) -> Self {
        let mut running = Self { child: command.spawn().unwrap(), ports };
        let end = Instant::now() + Duration::from_mins(1);
        while TcpStream::connect(("127.0.0.1", running.ports.first)).is_err() {
            assert!(Instant::now() < end, "{command:?} does not listen");
            assert!(running.child.try_wait().unwrap().is_none(), "{command:?} ended");
            sleep(Duration::from_millis(20));
        }
        running
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port, and the one after it, that nobody listens on and no other test takes meanwhile.
struct Ports {
    first: u16,
    _lock: File,
}

impl Ports {
    fn take() -> Self {
        // Below those that a system gives to whoever connects, and each test somewhere else.
        let pairs: u16 = 6_000;
        let from = u16::try_from(std::process::id() * 7 % u32::from(pairs)).unwrap();
        (from..pairs).chain(0..from).find_map(|pair| Self::try_take(20_000 + 2 * pair)).unwrap()
    }

    fn try_take(first: u16) -> Option<Self> {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("port-{first}"));
        let lock = File::create(path).unwrap();
        lock.try_lock().ok()?;
        let free = [first, first + 1].map(|port| TcpListener::bind(("127.0.0.1", port)).is_ok());
        (free == [true; 2]).then_some(Self { first, _lock: lock })
    }
}
