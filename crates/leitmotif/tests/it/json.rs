//! `--format json` gives one JSON value, whatever is asked.

use serde_json::Value;

use crate::door::{leitmotif, prepared, receipts};

fn parsed(folder: &std::path::Path, words: &[&str]) -> Value {
    let mut line = words.to_vec();
    line.extend(["--format", "json"]);
    let answer = leitmotif(folder, &line);
    assert_eq!(answer.code, 0, "{line:?}: {answer:?}");
    serde_json::from_str(&answer.out).unwrap_or_else(|it| panic!("{line:?}: {it}\n{}", answer.out))
}

#[test]
fn every_answer_is_one_value() {
    let folder = prepared("two-currencies");
    let at = folder.path();
    assert_eq!(parsed(at, &["catalog", "import", "catalogue", "--dry-run"])["written"], false);
    assert_eq!(parsed(at, &["catalog", "import", "catalogue"])["written"], true);
    parsed(at, &["catalog", "export", "exported"]);
    parsed(at, &["report", "check", "report.tsv"]);
    let words = ["report", "preview", "report.tsv", "--catalog", "catalogue"];
    assert_eq!(parsed(at, &words)["reports"][0]["records"], 8);
    let imported = parsed(at, &["report", "import", "report.tsv"]);
    assert_eq!(imported[0]["import"], "new");
    let id = imported[0]["report"].as_str().unwrap().to_owned();
    assert_eq!(parsed(at, &["report", "list"])[0]["report"], id);
    assert_eq!(parsed(at, &["report", "show", &id])["state"], "standing");
    parsed(at, &["report", "explain", "dsr-crlf"]);
    assert!(parsed(at, &["report", "rules"]).as_array().unwrap().len() > 30);
    parsed(at, &["suspense"]);
    assert_eq!(parsed(at, &["settle", "2021-06", "--preview"])["posted"], false);
    let settled = parsed(at, &["settle", "2021-06"]);
    assert_eq!(settled["totals"][0]["received"], "1000");
    parsed(at, &["settle"]);
    assert!(parsed(at, &["statement", "list"]).as_array().unwrap().len() > 3);
    let words = ["statement", "show", "2021-06", "payee:singer", "--currency", "USD"];
    assert_eq!(parsed(at, &words)["currency"], "USD");
    assert_eq!(parsed(at, &["publish"])[0]["appended"], true);
    let receipts = receipts(&at.join("leitmotif-data"), "2021-06");
    assert_eq!(parsed(at, &["verify", receipts[0].to_str().unwrap()])["holds"], true);
    assert_eq!(parsed(at, &["log", "verify"])["holds"], true);
    parsed(at, &["log", "key"]);
    parsed(at, &["claim-check", "--share", "20%", "--of", "14.88bn USD"]);
    let chart = "date,song,artist,streams\n2021-06-01,Rain,Kim,2587\n";
    std::fs::write(at.join("chart.csv"), chart).unwrap();
    let words = ["chart", "import", "chart.csv", "--territory", "KR", "--name", "chart"];
    assert_eq!(parsed(at, &words)[0]["lines"], 1);
    let more = at.join("more");
    std::fs::create_dir(&more).unwrap();
    let all = "[[repertoire]]\nid = \"rain\"\ntitle = \"Rain\"\nrecordings = [\"rain\"]\n";
    std::fs::write(more.join("repertoires.toml"), all).unwrap();
    parsed(at, &["catalog", "import", "more"]);
    let words = ["share", "--repertoire", "rain", "--territory", "KR", "--period", "2021-06"];
    assert_eq!(parsed(at, &words)["share"]["lower"], "1");
}

#[test]
fn taking_back_answers_in_json_too() {
    let folder = prepared("two-currencies");
    let at = folder.path();
    let imported = parsed(at, &["report", "import", "report.tsv"]);
    parsed(at, &["report", "withdraw", imported[0]["report"].as_str().unwrap()]);
}
