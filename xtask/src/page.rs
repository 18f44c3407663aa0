//! `cargo xtask page`: the verifier as one HTML file, to be opened from a disk without a network.
//!
//! ```text
//! verifiers/page/src ── compiler for wasm32 ─▶ library ── base64 ─┐
//! verifiers/page/{page.html, page.css, *.js} ─────────────────────┴─▶ <target>/page/verify.html
//! ```
//!
//! Nothing but embedding is done here: what lies in the folder is what stands in the file.

mod compiler;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

pub(crate) use compiler::Compiler;

use crate::shop::Shop;

/// The folder of the page's sources.
pub(crate) const FOLDER: &str = "verifiers/page";

/// The scripts, in the order in which they stand in the page.
const SCRIPTS: &[&str] = &["verifier.js", "words.js", "page.js"];

/// What was built.
pub(crate) struct Page {
    /// The page, complete in itself.
    pub(crate) html: PathBuf,
    /// The library in it, as a file of its own.
    pub(crate) library: PathBuf,
}

/// Builds the page and says where it lies.
pub(crate) fn write(shop: &Shop) -> Result<ExitCode> {
    let compiler = Compiler::find(shop).map_err(anyhow::Error::msg)?;
    let page = build(shop, &compiler)?;
    let size = |path: &Path| fs::metadata(path).map(|it| it.len());
    println!(
        "{}: {} bytes, of which the library is {} before base64",
        page.html.display(),
        size(&page.html)?,
        size(&page.library)?
    );
    Ok(ExitCode::SUCCESS)
}

/// Builds the library and embeds it.
pub(crate) fn build(shop: &Shop, compiler: &Compiler) -> Result<Page> {
    let folder = shop.target()?.join("page");
    fs::create_dir_all(&folder).context("failed to make the page's folder")?;
    let library = compiler.build(shop, &folder)?;
    let bytes = fs::read(&library).context("the library was built, but cannot be read")?;
    let source = shop.root().join(FOLDER);
    let read = |name: &str| {
        fs::read_to_string(source.join(name)).with_context(|| format!("{FOLDER}/{name}"))
    };
    let mut script = String::new();
    for name in SCRIPTS {
        script.push_str(&read(name)?);
    }
    let html = embed(&read("page.html")?, &read("page.css")?, &script, &bytes)?;
    let path = folder.join("verify.html");
    fs::write(&path, html).context("failed to write the page")?;
    Ok(Page { html: path, library })
}

/// Puts style, script and library where the page names them, and the policy that allows these and
/// nothing else: no connection, no other script, not even an image (W3C CSP 3, "Directives").
fn embed(page: &str, style: &str, script: &str, library: &[u8]) -> Result<String> {
    // The first line of a script stands on a line of its own, so that it can be read in the page.
    let (style, script) = (format!("\n{style}"), format!("\n{script}"));
    ensure!(
        !script.contains("</script") && !style.contains("</style"),
        "an embedded text ends its own element"
    );
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let policy = format!(
        "default-src 'none'; script-src {} 'wasm-unsafe-eval'; style-src {}; base-uri 'none'; \
         form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
        hash(&script),
        hash(&style)
    );
    let library = STANDARD.encode(library);
    let places = [
        ("@POLICY@", &policy),
        ("@STYLE@", &style),
        ("@LIBRARY@", &library),
        ("@SCRIPT@", &script),
    ];
    // In one pass from front to back: what was put in is not looked at again.
    let (mut out, mut rest) = (String::new(), page);
    for (place, text) in places {
        let (before, after) =
            rest.split_once(place).with_context(|| format!("page.html has no {place} there"))?;
        out.push_str(before);
        out.push_str(text);
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::embed;

    const PAGE: &str =
        "<meta content=\"@POLICY@\"><style>@STYLE@</style>@LIBRARY@<script>@SCRIPT@</script>";

    // The hashes were computed by another program.
    #[test]
    fn the_policy_names_what_was_embedded_and_nothing_else() {
        let html = embed(PAGE, "a{}", "let x = '@STYLE@';", b"\0asm").unwrap();
        assert_eq!(
            html,
            "<meta content=\"default-src 'none'; script-src \
             'sha256-n68Z6BzCpx0zmljkUR/sYFMw6IngznHSBz64m7SSEb8=' 'wasm-unsafe-eval'; style-src \
             'sha256-Wos276ClB3DtmPV7ggY3FkrD5vJJA1QcT7vVWXT1dNk='; base-uri 'none'; form-action \
             'none'; require-trusted-types-for 'script'; trusted-types 'none'\"><style>\na{}</style>\
             AGFzbQ==<script>\nlet x = '@STYLE@';</script>"
        );
    }

    #[test]
    fn what_would_end_its_element_is_refused() {
        assert!(embed(PAGE, "", "'</script>'", b"").is_err());
        assert!(embed("no place", "", "", b"").is_err());
    }
}
