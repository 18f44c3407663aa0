//! The system's own packages, for chores that need more than Rust.

use std::process::{Command, Stdio};

/// Installs packages of Debian by name; says what is missing if that cannot be done here.
pub(crate) fn install(packages: &[&str]) -> Result<(), String> {
    let names = packages.join(" ");
    println!("installing {names} ...");
    let apt = |words: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(["-q", "-y", "-o", "DPkg::Lock::Timeout=300"]).args(words);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        quiet.status().is_ok_and(|it| it.success())
    };
    let words = [&["install", "--no-install-recommends"], packages].concat();
    // A fresh machine may have no list of packages yet, or an old one.
    match apt(&words) || (apt(&["update"]) && apt(&words)) {
        true => Ok(()),
        false => Err(format!("`apt-get install {names}`")),
    }
}

/// Whether a program can be started.
pub(crate) fn answers(program: &str, words: &[&str]) -> bool {
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|it| it.success())
}
