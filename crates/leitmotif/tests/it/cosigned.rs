//! A log with three witnesses, of which two are enough: what its receipts say as witnesses come and go, and
//! what witnesses say to a log that was set back.

use std::fs;
use std::path::Path;

use crate::door::{leitmotif, played, prepared, receipts, well};
use crate::witness::Serving;

/// Makes a witness in a folder of its own that knows a log, and serves.
fn witness(folder: &Path, name: &str, log_key: &str) -> Serving {
    let at = folder.join(name);
    fs::create_dir_all(&at).unwrap();
    well(&at, &["witness", "init", "--name", &format!("{name}.example/w")]);
    well(&at, &["witness", "add-log", log_key]);
    Serving::start(&at)
}

fn policy(log_key: &str, witnesses: &[(&str, &Serving)], enough: usize) -> String {
    let mut text = format!("log {log_key}\n");
    for (name, it) in witnesses {
        text += &format!("witness {name} {} http://{}\n", it.key, it.address);
    }
    let names: Vec<&str> = witnesses.iter().map(|it| it.0).collect();
    text + &format!("group all {enough} {}\nquorum all\n", names.join(" "))
}

#[test]
fn a_receipt_says_who_saw_the_log() {
    let folder = prepared("thirds");
    let at = folder.path();
    let home = at.join("leitmotif-data");
    fs::create_dir_all(&home).unwrap();
    let settings = "origin = \"log.example/royalties\"\npolicy = \"policy.txt\"\n";
    fs::write(home.join("leitmotif.toml"), settings).unwrap();
    well(at, &["catalog", "import", "catalogue"]);
    well(at, &["report", "import", "report.tsv"]);
    well(at, &["settle", "2021-06"]);
    let log_key = well(at, &["log", "key"]);
    let log_key = log_key.trim();
    let [a, b, c] = ["a", "b", "c"].map(|it| witness(at, it, log_key));
    let policies = home.join("policy.txt");
    fs::write(&policies, policy(log_key, &[("a", &a), ("b", &b), ("c", &c)], 2)).unwrap();
    // One of them is away, and two are enough.
    drop(c);
    let answer = leitmotif(at, &["publish"]);
    assert!(answer.code == 0 && answer.err.contains("is witnessed: 2 of 3"), "{answer:?}");
    assert!(answer.err.contains("c: "), "who did not sign is told: {answer:?}");
    let receipt = receipts(&home, "2021-06").remove(0);
    let (receipt, policies) = (receipt.to_str().unwrap(), policies.to_str().unwrap());
    let told = well(at, &["verify", receipt, "--policy", policies]);
    assert!(told.contains("the checkpoint is witnessed by 2 of 3 (2 are enough), at 20"), "{told}");
    // Who asks for all three gets the same proof, and is told that it is not enough.
    let strict = at.join("strict.txt");
    let lines = fs::read_to_string(policies).unwrap().replace("group all 2", "group all 3");
    fs::write(&strict, lines).unwrap();
    let answer = leitmotif(at, &["verify", receipt, "--policy", strict.to_str().unwrap()]);
    assert_eq!(answer.code, 16, "{answer:?}");
    assert!(answer.out.starts_with("holds, but is not witnessed"), "{answer:?}");
    assert!(answer.out.contains("2 of 3 witnesses saw it, and 3 are needed"), "{answer:?}");
    // The checkpoint that anybody can fetch carries the same signatures.
    let checkpoint = fs::read_to_string(home.join("log/checkpoint")).unwrap();
    assert_eq!(checkpoint.matches("\n\u{2014} ").count(), 3, "{checkpoint}");
    let other = played("fee-then-share");
    let stranger = receipts(&other.path().join("leitmotif-data"), "2021-06").remove(0);
    let answer = leitmotif(at, &["verify", stranger.to_str().unwrap(), "--policy", policies]);
    assert_eq!(answer.code, 13, "{answer:?}");
}

#[test]
fn a_log_that_was_set_back_is_refused_by_its_witness() {
    let folder = prepared("thirds");
    let at = folder.path();
    let home = at.join("leitmotif-data");
    fs::create_dir_all(&home).unwrap();
    let settings = "origin = \"log.example/royalties\"\npolicy = \"policy.txt\"\n";
    fs::write(home.join("leitmotif.toml"), settings).unwrap();
    well(at, &["catalog", "import", "catalogue"]);
    well(at, &["report", "import", "report.tsv"]);
    let log_key = well(at, &["log", "key"]);
    let seen = witness(at, "w", log_key.trim());
    fs::write(home.join("policy.txt"), policy(log_key.trim(), &[("w", &seen)], 1)).unwrap();
    well(at, &["log", "cosign"]);
    // Everything that the operator has is set back, and another history is written with the same key.
    let copy = at.join("copy");
    copy_all(&home, &copy);
    well(at, &["settle", "2021-06"]);
    well(at, &["publish"]);
    fs::remove_dir_all(&home).unwrap();
    copy_all(&copy, &home);
    fs::write(home.join("leitmotif.toml"), settings.to_owned() + "operator = \"Other\"\n").unwrap();
    well(at, &["settle", "2021-06"]);
    let answer = leitmotif(at, &["publish"]);
    assert!(answer.err.contains("is NOT witnessed"), "{answer:?}");
    let receipt = receipts(&home, "2021-06").remove(0);
    let policies = home.join("policy.txt");
    let words = ["verify", receipt.to_str().unwrap(), "--policy", policies.to_str().unwrap()];
    assert_eq!(leitmotif(at, &words).code, 16);
    let evidence = leitmotif(&at.join("w"), &["witness", "evidence"]);
    assert_eq!(evidence.code, 14, "both histories are kept: {evidence:?}");
    assert!(evidence.out.contains("log.example/royalties: a fork"), "{evidence:?}");
}

fn copy_all(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for it in fs::read_dir(from).unwrap() {
        let path = it.unwrap().path();
        let into = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy_all(&path, &into),
            false => drop(fs::copy(&path, &into).unwrap()),
        }
    }
}
