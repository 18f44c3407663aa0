//! The compiler of the page's library.
//!
//! A toolchain that has a standard library for wasm32 (`rustup target add wasm32-unknown-unknown`)
//! is used as it is. Debian has none for a compiler that knows this edition, but compiler and source
//! of the library (`rustc-web`, `rust-web-src`): then cargo builds the library, too. That compiler is
//! older than ours, so a few things that are stable today are switched on by name.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::interop::tools;
use crate::shop::Shop;

const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler, and the source of its library as it lies in its folder.
const DEBIAN: &str = "/usr/bin/rustc";
const DEBIAN_SOURCE: &str = "lib/rustlib/src/rust/library/Cargo.lock";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "rust-web-src", "lld"];

/// What our own crates use that the older compiler has under a name only.
const OURS: &str = "slice_as_chunks,unsigned_is_multiple_of,let_chains,const_vec_string_slice";
/// The crates that use such things, ours and others.
const NEWER: &[(&str, &str)] = &[
    ("ctutils", "const_black_box,integer_sign_cast"),
    ("ident", OURS),
    ("ledger", OURS),
    ("money", OURS),
    ("page", OURS),
    ("period", OURS),
    ("sha2", "slice_as_chunks"),
    ("statement", OURS),
    ("tlog", OURS),
];

/// A way to build for wasm32.
pub(crate) enum Compiler {
    /// The toolchain that runs us.
    Own,
    /// Debian's, with the library from source.
    Debian,
}

impl Compiler {
    /// Finds one, and installs Debian's if there is none; else says what is missing.
    pub(crate) fn find(shop: &Shop) -> Result<Self, String> {
        if own_library(shop).is_some_and(|it| it.is_dir()) {
            return Ok(Self::Own);
        }
        match tools::debian(DEBIAN_PACKAGES, debian) {
            None => Ok(Self::Debian),
            Some(why) => Err(format!("{TARGET} needs `rustup target add {TARGET}`, or {why}")),
        }
    }

    /// Builds the library and returns its file.
    pub(crate) fn build(&self, shop: &Shop, folder: &Path) -> Result<PathBuf> {
        let target = folder.join("build");
        let mut words = vec!["build", "--release", "--locked", "--target", TARGET];
        if matches!(self, Self::Debian) {
            words.extend(["--ignore-rust-version", "-Zprofile-rustflags"]);
            words.push("-Zbuild-std=std,panic_abort");
        }
        println!("$ cargo {} (in {})", words.join(" "), super::FOLDER);
        let mut cargo = shop.cargo(&words);
        cargo.current_dir(shop.root().join(super::FOLDER));
        cargo.arg("--target-dir").arg(&target).env("CARGO_ENCODED_RUSTFLAGS", flags(shop)?);
        if matches!(self, Self::Debian) {
            for (name, features) in NEWER {
                let flag = format!("[\"-Zcrate-attr=feature({features})\"]");
                cargo.args([
                    "--config",
                    &format!("profile.release.package.{name}.rustflags={flag}"),
                ]);
            }
            cargo
                .env("RUSTC", DEBIAN)
                // The library's source uses what no stable compiler lets others use.
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
        }
        let status = cargo.status().context("failed to start cargo")?;
        ensure!(status.success(), "the page's library does not build: see above");
        Ok(target.join(TARGET).join("release").join("page.wasm"))
    }
}

/// Flags that keep the places of this machine out of the library.
fn flags(shop: &Shop) -> Result<String> {
    let mut flags = vec![format!("--remap-path-prefix={}=leitmotif", shop.root().display())];
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|it| it.join(".cargo")));
    let home = home.context("failed to find cargo's folder")?;
    flags.push(format!("--remap-path-prefix={}=cargo", home.display()));
    Ok(flags.join("\u{1f}"))
}

/// Where our own toolchain would have its library.
fn own_library(shop: &Shop) -> Option<PathBuf> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let words = ["--print", "target-libdir", "--target", TARGET];
    let output = Command::new(rustc).args(words).current_dir(shop.root()).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}

/// Whether Debian's compiler, its source and a linker are here, and the compiler knows our edition.
fn debian() -> bool {
    let quiet = |program: &str, words: &[&str]| {
        let mut command = Command::new(program);
        command.args(words).stdin(Stdio::null()).stderr(Stdio::null());
        command.output().ok().filter(|it| it.status.success())
    };
    let Some(version) = quiet(DEBIAN, &["--version"]) else { return false };
    let minor = String::from_utf8_lossy(&version.stdout);
    let minor = minor.split('.').nth(1).and_then(|it| it.parse::<u32>().ok());
    let source = quiet(DEBIAN, &["--print", "sysroot"]).is_some_and(|it| {
        Path::new(String::from_utf8_lossy(&it.stdout).trim()).join(DEBIAN_SOURCE).is_file()
    });
    minor.is_some_and(|it| it >= 85) && source && quiet("wasm-ld", &["--version"]).is_some()
}
