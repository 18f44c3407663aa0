//! One byte changed anywhere in what was published: refused, with the exit code of its kind.

use std::fs;
use std::path::{Path, PathBuf};

use testkit::SplitMix64;

use crate::door::{files_below, leitmotif, played, receipts, well};

const CHANGES_EACH: u64 = 40;

/// Changes one byte of a file, asks, and puts the byte back.
fn check(path: &Path, random: &mut SplitMix64, allowed: &[i32], ask: &dyn Fn() -> i32) {
    let whole = fs::read(path).unwrap();
    assert_eq!(ask(), 0, "{} holds before", path.display());
    for _ in 0..CHANGES_EACH {
        let at = random.place(whole.len());
        let mask = u8::try_from(1 + random.below(255)).unwrap();
        let mut changed = whole.clone();
        changed[at] ^= mask;
        fs::write(path, &changed).unwrap();
        let code = ask();
        assert!(
            allowed.contains(&code),
            "{} with byte {at} {:#04x} -> {:#04x}: exit code {code}",
            path.display(),
            whole[at],
            changed[at]
        );
    }
    fs::write(path, whole).unwrap();
}

#[test]
fn a_changed_byte_is_refused_wherever_it_is() {
    let folder = played("two-currencies");
    let at = folder.path();
    let home = at.join("leitmotif-data");
    let key = well(at, &["log", "key"]);
    let mut random = SplitMix64::new(2021);
    let receipt = receipts(&home, "2021-06").pop().unwrap();
    let statement = receipt.with_extension("json");
    let given = receipt.to_str().unwrap();
    let verify = || leitmotif(at, &["verify", given, "--key", &key]).code;
    check(&receipt, &mut random, &[10, 11, 12, 13, 17, 18, 19, 21, 23], &verify);
    let words = ["verify", given, "--statement", statement.to_str().unwrap()];
    check(&statement, &mut random, &[15], &|| leitmotif(at, &words).code);
    // The log's files, as a mirror has them: no home, no database.
    let mirror = at.join("mirror");
    let from = home.join("log");
    let mut kinds: Vec<PathBuf> = Vec::new();
    for path in files_below(&from) {
        let to = mirror.join(path.strip_prefix(&from).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(&path, &to).unwrap();
        kinds.push(to);
    }
    assert_eq!(kinds.len(), 3, "a checkpoint, a tile, a bundle of entries: {kinds:?}");
    for path in &kinds {
        let words = ["log", "verify", "mirror", "--key", &key];
        check(path, &mut random, &[14], &|| leitmotif(at, &words).code);
    }
    for path in &kinds {
        let whole = fs::read(path).unwrap();
        let shorter = &whole[..whole.len() - 1];
        let longer = [&whole[..], b"\n"].concat();
        for bytes in [&[][..], shorter, &longer] {
            fs::write(path, bytes).unwrap();
            let words = ["log", "verify", "mirror", "--key", &key];
            let answer = leitmotif(at, &words);
            assert_eq!(answer.code, 14, "{} {}: {answer:?}", path.display(), bytes.len());
        }
        fs::remove_file(path).unwrap();
        assert_eq!(leitmotif(at, &["log", "verify", "mirror", "--key", &key]).code, 14);
        fs::write(path, whole).unwrap();
    }
}
