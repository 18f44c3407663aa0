//! The program `age` opens what a bundle holds, and a bundle of what `age` sealed opens here. The vectors
//! of C2SP CCTV are judged as they say.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};

use super::tools::{debian, folder, output};
use crate::shop::{Profile, Shop};
use crate::test::Outcome;

/// Names the folder of the vectors; the tests of `envelope` read it too.
const VECTORS: &str = "LEITMOTIF_AGE_VECTORS";
/// The package with the vectors, for who has no checkout.
const PACKAGE: &str = "cctv-age@0.2.0";
/// Lays each vector of the package out as a file.
const LAY_OUT: &str = "
import { writeFileSync } from 'node:fs';
import * as all from './package/index.js';
for (const [name, bytes] of Object.entries(all)) writeFileSync('testdata/' + name, bytes);
";
/// The first sizes that receipts are padded to, in bytes.
const SIZES: [usize; 4] = [4096, 16_384, 65_536, 262_144];

/// Runs both directions, then the vectors.
pub(crate) fn run(shop: &Shop) -> Result<Outcome> {
    let there = || output(Command::new("age").arg("--version")).is_ok();
    if let Some(why) = debian(&["age"], there) {
        return Ok(Outcome::Skipped(why));
    }
    let played = Played::new(shop)?;
    played.theirs_opens_ours()?;
    played.ours_opens_theirs()?;
    vectors(shop)
}

/// A published settlement of three payees: the first has a key of ours, the second one of `age-keygen`.
struct Played {
    program: PathBuf,
    folder: PathBuf,
    statements: PathBuf,
}

impl Played {
    fn new(shop: &Shop) -> Result<Self> {
        let program = shop.leitmotif(Profile::Debug)?;
        let folder = folder(shop, "age")?;
        for it in
            ["home", "catalogue", "ours.key", "theirs.key", "opened"].map(|it| folder.join(it))
        {
            if it.is_dir() {
                fs::remove_dir_all(&it)?;
            } else if it.exists() {
                fs::remove_file(&it)?;
            }
        }
        let statements = folder.join("home/statements/2021-06");
        let played = Self { program, folder, statements };
        played.ours(&["bundle", "new-identity", "ours.key"])?;
        output(Command::new("age-keygen").args(["-o", "theirs.key"]).current_dir(&played.folder))?;
        let scenario = shop.root().join("scenarios/thirds");
        fs::create_dir(played.folder.join("catalogue"))?;
        for it in fs::read_dir(scenario.join("catalogue"))? {
            let path = it?.path();
            let mut text = fs::read_to_string(&path)?;
            for (party, key) in [("singer-1", "ours.key"), ("singer-2", "theirs.key")] {
                let id = format!("\nid = \"{party}\"\n");
                let recipient = played.recipient(key)?;
                text = text.replace(&id, &format!("{id}receipt_key = \"{recipient}\"\n"));
            }
            let name = path.file_name().context("a file of the catalogue has no name")?;
            fs::write(played.folder.join("catalogue").join(name), text)?;
        }
        let report = scenario.join("report.tsv");
        let report = report.to_str().context("the checkout's path is no text")?;
        for words in [
            &["catalog", "import", "catalogue"][..],
            &["report", "import", report],
            &["settle", "2021-06"],
            &["publish"],
            &["bundle", "2021-06"],
        ] {
            played.ours(words)?;
        }
        Ok(played)
    }

    fn ours(&self, words: &[&str]) -> Result<String> {
        let mut command = Command::new(&self.program);
        output(command.current_dir(&self.folder).args(["--home", "home"]).args(words))
    }

    /// The public half of a key, as the other program tells it.
    fn recipient(&self, key: &str) -> Result<String> {
        let told = output(Command::new("age-keygen").arg("-y").arg(self.folder.join(key)))?;
        Ok(told.trim().to_owned())
    }

    fn receipt(&self, party: &str) -> Result<Vec<u8>> {
        let path = self.statements.join(format!("payee-{party}.KRW.receipt"));
        fs::read(&path).with_context(|| format!("{} is not there", path.display()))
    }

    /// `age` opens both items of the bundle, each with its key alone, and nothing changed.
    fn theirs_opens_ours(&self) -> Result<()> {
        let bundle = fs::read(self.statements.join("receipts.bundle"))?;
        let mut rest =
            bundle.strip_prefix(b"leitmotif-bundle/v1\n2021-06\n2\n").context("the head")?;
        let mut opened = Vec::new();
        while let Some((length, after)) = rest.split_at_checked(4) {
            let length = u32::from_be_bytes(length.try_into()?);
            let (sealed, after) = after
                .split_at_checked(usize::try_from(length)?)
                .context("the bundle is cut off")?;
            rest = after;
            for (party, key) in [("singer-1", "ours.key"), ("singer-2", "theirs.key")] {
                let key = self.folder.join(key);
                let Some(mut text) = age(&["-d", "-i"], &key, sealed)? else { continue };
                let end = text.iter().rposition(|it| *it != 0).context("it is empty")?;
                text.truncate(end + 1);
                ensure!(text == self.receipt(party)?, "age opens another receipt for {party}");
                opened.push(party);
            }
            let mut changed = sealed.to_vec();
            *changed.last_mut().context("it is empty")? ^= 1;
            for key in ["ours.key", "theirs.key"] {
                let opened = age(&["-d", "-i"], &self.folder.join(key), &changed)?;
                ensure!(opened.is_none(), "age opens a changed item");
            }
        }
        opened.sort_unstable();
        ensure!(opened == ["singer-1", "singer-2"], "age opens the receipts of {opened:?}");
        println!(
            "age opens both receipts of a bundle, each with its key alone, and no changed one"
        );
        Ok(())
    }

    /// A bundle of what `age` sealed opens with either kind of key file, and verifies.
    fn ours_opens_theirs(&self) -> Result<()> {
        for (party, key) in [("singer-1", "ours.key"), ("singer-2", "theirs.key")] {
            let receipt = self.receipt(party)?;
            let size = SIZES.into_iter().find(|it| *it >= receipt.len());
            let mut padded = receipt.clone();
            padded.resize(size.context("the receipt is longer than was thought")?, 0);
            let recipient = self.recipient(key)?;
            let sealed =
                age(&["-r"], Path::new(&recipient), &padded)?.context("age seals nothing")?;
            let length = u32::try_from(sealed.len())?.to_be_bytes();
            let bundle =
                [b"leitmotif-bundle/v1\n2021-06\n1\n", length.as_slice(), &sealed].concat();
            fs::write(self.folder.join("theirs.bundle"), bundle)?;
            let to = format!("opened/{party}");
            let words = ["bundle", "open", "theirs.bundle", "--identity", key, "--to", &to];
            let said = self.ours(&words)?;
            ensure!(said.contains("holds: "), "the receipt does not verify:\n{said}");
            let found = fs::read_dir(self.folder.join(&to))?.next().context("nothing is there")?;
            ensure!(fs::read(found?.path())? == receipt, "what age sealed opens as something else");
        }
        println!("what age sealed opens here, to keys of either program");
        Ok(())
    }
}

/// Gives the other program bytes and takes what it makes of them; none if it refuses.
fn age(words: &[&str], key: &Path, bytes: &[u8]) -> Result<Option<Vec<u8>>> {
    let mut command = Command::new("age");
    command.args(words).arg(key).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().context("failed to start age")?;
    let mut stdin = child.stdin.take().context("age has no input")?;
    let bytes = bytes.to_vec();
    // It may refuse before it has read all.
    let writing = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
    let output = child.wait_with_output().context("age does not end")?;
    drop(writing.join());
    Ok(output.status.success().then_some(output.stdout))
}

/// The vectors, from the folder that is named, or from their package.
fn vectors(shop: &Shop) -> Result<Outcome> {
    let vectors = match std::env::var_os(VECTORS) {
        Some(folder) => PathBuf::from(folder),
        None => match fetched(&folder(shop, "age")?) {
            Ok(folder) => folder,
            Err(error) => {
                println!("the vectors are left out: npm cannot give {PACKAGE}: {error:#}");
                return Ok(Outcome::Passed);
            }
        },
    };
    let words = ["test", "--locked", "-p", "envelope", "--test", "it", "--quiet", "vectors", "--"];
    let mut command = shop.cargo(&[&words[..], &["--nocapture"]].concat());
    let status = command.env(VECTORS, vectors).status().context("failed to start cargo")?;
    Ok(match status.success() {
        true => Outcome::Passed,
        false => Outcome::Failed("A vector is judged otherwise: see above.".to_owned()),
    })
}

fn fetched(folder: &Path) -> Result<PathBuf> {
    let vectors = folder.join("testdata");
    if !vectors.join("x25519").exists() {
        println!("fetching {PACKAGE} with npm");
        fs::create_dir_all(&vectors)?;
        let name =
            output(Command::new("npm").args(["pack", "--silent", PACKAGE]).current_dir(folder))?;
        output(Command::new("tar").args(["-xzf", name.trim()]).current_dir(folder))?;
        fs::write(folder.join("lay-out.mjs"), LAY_OUT)?;
        output(Command::new("node").arg("lay-out.mjs").current_dir(folder))?;
    }
    Ok(vectors)
}
