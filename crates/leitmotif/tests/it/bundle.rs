//! Receipts in a bundle: two singers have a key, the third has none.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::door::{leitmotif, played, well};

/// Who has a key, with the file of it.
const KEYS: [(&str, &str); 2] = [("singer-1", "one.key"), ("singer-2", "two.key")];

/// A published settlement of three singers in equal parts, and the recipients of two of them.
fn with_keys() -> (TempDir, Vec<String>) {
    let folder = played("thirds");
    let at = folder.path();
    let parties = at.join("catalogue/parties.toml");
    let mut text = fs::read_to_string(&parties).unwrap();
    let mut recipients = Vec::new();
    for (party, file) in KEYS {
        let recipient = well(at, &["bundle", "new-identity", file]).trim().to_owned();
        let id = format!("id = \"{party}\"\n");
        assert!(text.contains(&id) && recipient.len() == 62, "{recipient}");
        text = text.replace(&id, &format!("{id}receipt_key = \"{recipient}\"\n"));
        recipients.push(recipient);
    }
    fs::write(&parties, text).unwrap();
    well(at, &["catalog", "import", "catalogue"]);
    (folder, recipients)
}

fn opened(folder: &Path) -> Vec<PathBuf> {
    let mut list: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().map(|it| it.unwrap().path()).collect();
    list.sort();
    list
}

fn published(at: &Path) -> PathBuf {
    at.join("leitmotif-data/statements/2021-06")
}

#[test]
fn each_payee_finds_the_own_receipt_and_no_other() {
    let (folder, _) = with_keys();
    let at = folder.path();
    let made = leitmotif(at, &["bundle", "2021-06"]);
    assert_eq!(made.code, 0, "{made:?}");
    assert!(made.out.starts_with("2021-06: 2 receipts, each sealed to its payee, in "), "{made:?}");
    assert!(made.err.contains("note: 1 payee has no receipt_key"), "{made:?}");
    let bundle = published(at).join("receipts.bundle");
    assert!(!published(at).join("receipts.bundle.spool").exists());
    // The payee has the bundle and the key, and no home.
    let away = tempfile::tempdir().unwrap();
    let key = well(at, &["log", "key"]);
    fs::copy(&bundle, away.path().join("june.bundle")).unwrap();
    for (party, file) in KEYS {
        fs::copy(at.join(file), away.path().join(file)).unwrap();
        let words =
            ["bundle", "open", "june.bundle", "--identity", file, "--to", party, "--key", &key];
        let answer = leitmotif(away.path(), &words);
        assert_eq!(answer.code, 0, "{answer:?}");
        assert!(answer.out.contains(&format!("(payee:{party})")), "{answer:?}");
        assert!(answer.out.contains("1 of the 2 receipts in june.bundle are yours"), "{answer:?}");
        let found = opened(&away.path().join(party));
        let receipt = published(at).join(format!("payee-{party}.KRW.receipt"));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(fs::read(&found[0]).unwrap(), fs::read(receipt).unwrap());
    }
    assert!(!away.path().join("leitmotif-data").exists(), "no home is made");
    well(away.path(), &["bundle", "new-identity", "stranger.key"]);
    let stranger = ["bundle", "open", "june.bundle", "--identity", "stranger.key", "--to", "none"];
    let answer = leitmotif(away.path(), &stranger);
    assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{answer:?}");
    assert!(answer.err.contains("none of the 2 receipts in june.bundle is sealed to age1"));
    assert!(!away.path().join("none").exists());
    // Another log's key is refused as `verify` refuses it, and the receipt is there all the same.
    let other = well(played("thirds").path(), &["log", "key"]);
    let words =
        ["bundle", "open", "june.bundle", "--identity", "one.key", "--to", "x", "--key", &other];
    assert_eq!(leitmotif(away.path(), &words).code, 13);
    assert_eq!(opened(&away.path().join("x")).len(), 1);
}

#[test]
fn a_bundle_shows_nobody_and_is_other_bytes_every_time() {
    let (folder, recipients) = with_keys();
    let at = folder.path();
    let make = |name: &str| {
        well(at, &["bundle", "2021-06", "--to", name]);
        fs::read(at.join(name)).unwrap()
    };
    let (one, two) = (make("1.bundle"), make("2.bundle"));
    assert_eq!(one.len(), two.len());
    // Length, version and kind of stanza are alike; a stanza's share and whatever follows are not.
    let items = |it: &[u8]| {
        let body = &it[b"leitmotif-bundle/v1\n2021-06\n2\n".len()..];
        body.chunks(body.len() / 2).map(|it| it[4 + 22 + 10..].to_vec()).collect::<Vec<_>>()
    };
    let alike = |a: &[u8], b: &[u8]| a.iter().zip(b).filter(|(a, b)| a == b).count() * 20 > a.len();
    for a in items(&one) {
        assert!(items(&two).iter().all(|b| !alike(&a, b)));
    }
    let names: Vec<&str> =
        recipients.iter().map(String::as_str).chain(["singer", "payee"]).collect();
    for it in [&one, &two] {
        let shows = |name: &&&str| it.windows(name.len()).any(|part| part == name.as_bytes());
        assert_eq!(names.iter().find(shows), None);
    }
}

#[test]
fn what_is_wrong_is_said() {
    let (folder, recipients) = with_keys();
    let at = folder.path();
    let said = |words: &[&str], text: &str| {
        let answer = leitmotif(at, words);
        assert_eq!((answer.code, answer.out.as_str()), (1, ""), "{answer:?}");
        assert!(answer.err.contains(text), "{answer:?}");
        assert!(!answer.err.contains("AGE-SECRET-KEY-1Q"), "no secret is repeated: {answer:?}");
    };
    said(&["bundle", "2021-05"], "no settlement is called");
    said(&["bundle", "new-identity", "one.key"], "a file that is there stays");
    well(at, &["bundle", "2021-06"]);
    let bundle = published(at).join("receipts.bundle");
    let name = bundle.to_str().unwrap();
    said(&["bundle", "open", name, "--identity", "none.key"], "none.key cannot be read");
    fs::write(at.join("public.key"), &recipients[0]).unwrap();
    said(&["bundle", "open", name, "--identity", "public.key"], "line 1 is no identity");
    said(&["bundle", "open", "report.tsv", "--identity", "one.key"], "no bundle of receipts");
    let mut bytes = fs::read(&bundle).unwrap();
    let middle = bytes.len() / 2;
    fs::write(at.join("short.bundle"), &bytes[..middle]).unwrap();
    said(&["bundle", "open", "short.bundle", "--identity", "one.key"], "fetch it again");
    bytes.truncate(bytes.len() - 1);
    fs::write(at.join("cut.bundle"), &bytes).unwrap();
    said(&["bundle", "open", "cut.bundle", "--identity", "one.key"], "ends after 1 of 2 receipts");
    // A receipt in the place of another's is not sealed to who it is not for.
    let path = |party: &str| published(at).join(format!("payee-{party}.KRW.receipt"));
    fs::copy(path("singer-1"), path("singer-2")).unwrap();
    said(&["bundle", "2021-06"], "is not the receipt of payee:singer-2");
    assert!(!published(at).join("receipts.bundle.spool").exists());
    well(at, &["publish", "2021-06"]);
    well(at, &["bundle", "2021-06"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(at.join("one.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
    let plain = played("thirds");
    let answer = leitmotif(plain.path(), &["bundle", "2021-06"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    assert!(answer.err.contains("no payee of 2021-06 has a receipt_key"), "{answer:?}");
    assert!(!published(plain.path()).join("receipts.bundle").exists());
}
