//! What the checks look at: the text files of the checkout and the packages of the workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use cargo_metadata::DependencyKind;

use super::lexis;
use crate::shop::Shop;

/// A checkout, read once.
#[derive(Default)]
pub(crate) struct Tree {
    /// Text files that are kept under version control or could be; binary files are left out.
    pub(crate) files: Vec<TextFile>,
    /// The packages of the workspace.
    pub(crate) packages: Vec<Package>,
}

/// A text file.
pub(crate) struct TextFile {
    /// Path from the root, with `/`.
    pub(crate) path: String,
    /// Its content.
    pub(crate) text: String,
}

/// A package of the workspace.
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Path of its manifest from the root, with `/`.
    pub(crate) manifest: String,
    /// `[package.metadata.plan] floor`, if stated.
    pub(crate) floor: Option<u64>,
    /// What it depends on, in the manifest's order.
    pub(crate) needs: Vec<Need>,
}

/// A dependency as the manifest states it.
pub(crate) struct Need {
    /// The package it names.
    pub(crate) name: String,
    /// Whether it is a package of this workspace.
    pub(crate) inner: bool,
    /// Whether it serves tests and benches only.
    pub(crate) dev: bool,
}

impl Tree {
    /// Reads the checkout.
    pub(crate) fn read(shop: &Shop) -> Result<Self> {
        let root = shop.root();
        let mut paths = listed(root).unwrap_or_else(|| walked(root));
        paths.sort();
        paths.dedup();
        let mut files = Vec::new();
        for path in paths {
            // A listed file may be gone from the disk, and a binary one has no words.
            if let Ok(bytes) = fs::read(root.join(&path))
                && let Ok(text) = String::from_utf8(bytes)
            {
                files.push(TextFile { path, text });
            }
        }
        Ok(Self { files, packages: packages(root)? })
    }

    /// The file at a path, if there is one.
    pub(crate) fn file(&self, path: &str) -> Option<&TextFile> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The Rust sources of the workspace.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &TextFile> {
        self.files
            .iter()
            .filter(|file| Path::new(&file.path).extension().is_some_and(|it| it == "rs"))
    }

    /// The sources that are shipped: no integration tests, no benches, no module that is for tests only.
    pub(crate) fn shipped(&self) -> impl Iterator<Item = &TextFile> {
        let tests: BTreeSet<String> = self.sources().flat_map(test_modules).collect();
        self.sources().filter(move |file| {
            let outside = ["/tests/", "/benches/"].iter().any(|part| file.path.contains(part));
            let module = file.path.trim_end_matches(".rs");
            let tested = |test: &str| {
                module
                    .strip_prefix(test)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            !outside && !tests.iter().any(|test| tested(test))
        })
    }

    /// A tree of the given paths and texts, for tests.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let file = |(path, text): &(&str, &str)| TextFile {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self { files: files.iter().map(file).collect(), packages: Vec::new() }
    }
}

/// The modules that a source declares for tests only, as paths without `.rs`.
fn test_modules(file: &TextFile) -> Vec<String> {
    let (folder, name) = file.path.rsplit_once('/').unwrap_or(("", &file.path));
    let folder = match name {
        "lib.rs" | "main.rs" | "mod.rs" => folder.to_owned(),
        _ => format!("{folder}/{}", name.trim_end_matches(".rs")),
    };
    let code = lexis::code(&file.text);
    let after = code.split("#[cfg(test)]").skip(1);
    let modules = after.filter_map(|rest| {
        let (module, _) = rest.trim_start().strip_prefix("mod ")?.split_once([';', '{'])?;
        Some(format!("{folder}/{}", module.trim()))
    });
    modules.collect()
}

/// The files git knows or would take up; none without git.
fn listed(root: &Path) -> Option<Vec<String>> {
    let words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
    let output = Command::new("git").args(words).current_dir(root).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split_terminator('\0').map(ToOwned::to_owned).collect())
}

/// All files below the root but those the root's `.gitignore` names.
fn walked(root: &Path) -> Vec<String> {
    let ignored = fs::read_to_string(root.join(".gitignore")).unwrap_or_default();
    let ignored: Vec<&str> = ignored.lines().filter_map(|line| line.strip_prefix('/')).collect();
    let mut found = Vec::new();
    let mut open = vec![String::new()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(root.join(&folder)) else { continue };
        for entry in entries.flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if path == ".git" || ignored.contains(&path.as_str()) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => open.push(path),
                Ok(kind) if kind.is_file() => found.push(path),
                _ => {}
            }
        }
    }
    found
}

fn packages(root: &Path) -> Result<Vec<Package>> {
    let metadata = cargo_metadata::MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()
        .context("failed to read cargo's metadata")?;
    let mut packages: Vec<Package> = metadata
        .packages
        .iter()
        .map(|package| Package {
            name: package.name.to_string(),
            manifest: package
                .manifest_path
                .strip_prefix(&metadata.workspace_root)
                .map_or_else(|_| package.manifest_path.to_string(), ToString::to_string),
            floor: package.metadata.get("plan").and_then(|plan| plan.get("floor")?.as_u64()),
            needs: package
                .dependencies
                .iter()
                .map(|need| Need {
                    name: need.name.clone(),
                    inner: need.path.is_some(),
                    dev: need.kind == DependencyKind::Development,
                })
                .collect(),
        })
        .collect();
    packages.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(packages)
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn test_modules_are_not_shipped() {
        let tree = Tree::of(&[
            ("crates/a/src/lib.rs", "mod page;\n#[cfg(test)]\nmod tests;\n"),
            ("crates/a/src/page.rs", "#[cfg(test)]\nmod round_trip;\n"),
            ("crates/a/src/page/round_trip.rs", ""),
            ("crates/a/src/tests/mod.rs", ""),
            ("crates/a/src/testset.rs", ""),
            ("crates/a/tests/it/main.rs", ""),
        ]);
        let shipped: Vec<&str> = tree.shipped().map(|file| file.path.as_str()).collect();
        assert_eq!(
            shipped,
            ["lib.rs", "page.rs", "testset.rs"].map(|name| format!("crates/a/src/{name}"))
        );
    }
}
