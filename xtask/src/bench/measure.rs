//! A command's wall time, CPU time and peak memory, as the system counts them.

use std::fs;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

/// What one run of a command cost.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cost {
    /// Seconds on the clock.
    pub(crate) wall_s: f64,
    /// Seconds of processors, as last seen before the end; 0 where the system does not tell.
    pub(crate) cpu_s: f64,
    /// Peak of resident memory in MiB; 0 where the system does not tell.
    pub(crate) peak_mib: u64,
}

impl Cost {
    /// The better of two runs of the same; memory counts at its worst.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            wall_s: self.wall_s.min(other.wall_s),
            cpu_s: self.cpu_s.min(other.cpu_s),
            peak_mib: self.peak_mib.max(other.peak_mib),
        }
    }
}

/// Runs a command to its end and returns what it cost.
pub(crate) fn cost(command: &mut Command) -> Result<Cost> {
    cost_into(command, Stdio::null())
}

/// As [`cost`]; what the command says goes to `out`.
pub(crate) fn cost_into(command: &mut Command, out: Stdio) -> Result<Cost> {
    let shown = format!("{command:?}");
    let begin = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(out)
        .spawn()
        .with_context(|| format!("failed to start {shown}"))?;
    let mut cost = Cost::default();
    let status = loop {
        if let Some(status) = child.try_wait()? {
            break status;
        }
        look(child.id(), &mut cost);
        sleep(Duration::from_millis(5));
    };
    cost.wall_s = begin.elapsed().as_secs_f64();
    ensure!(status.success(), "{shown} failed: {status}");
    Ok(cost)
}

/// Reads what Linux tells about a running process; elsewhere nothing is told.
fn look(process: u32, cost: &mut Cost) {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = peak.and_then(|it| it.trim().trim_end_matches(" kB").parse::<u64>().ok());
    cost.peak_mib = cost.peak_mib.max(kib.unwrap_or(0) / 1024);
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Fields 14 and 15, counted behind the name in brackets: user and system time in ticks.
    let fields: Vec<u32> = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace().map(|it| it.parse().unwrap_or(0)).collect())
        .unwrap_or_default();
    if let (Some(user), Some(system)) = (fields.get(11), fields.get(12)) {
        cost.cpu_s = cost.cpu_s.max(f64::from(user + system) / 100.0);
    }
}

/// Prints what the figures were measured on.
pub(crate) fn machine() {
    let text = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("model name"));
    let name = name.map_or("unknown processor", |it| it.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    println!("machine: {name}, {cores} cores, {}", std::env::consts::OS);
}
