//! From a central bank's file to a statement in another currency, and back to the rate.

use std::fs;

use serde_json::Value;

use crate::door::{leitmotif, prepared, receipts, well};

/// Rates of the euro, newest day first, as the European Central Bank has them.
const HISTORY: &str = "Date,USD,JPY,KRW,\n2021-06-30,1.25,130,1350,\n2021-06-29,1.2,N/A,1300,\n";

#[test]
fn rates_come_from_a_file_and_stand_on_the_statement() {
    let folder = prepared("two-currencies");
    let at = folder.path();
    fs::write(at.join("history.csv"), HISTORY).unwrap();
    let add =
        ["catalog", "rates", "history.csv", "--table", "ecb", "--into", "catalogue/rates.toml"];
    let unnamed = leitmotif(at, &add);
    assert_eq!(unnamed.code, 1, "{unnamed:?}");
    assert!(unnamed.err.contains("--title") && unnamed.err.contains("--source"), "{unnamed:?}");
    let named = ["--title", "Euro reference rates", "--source", "European Central Bank"];
    let told = well(at, &[&add[..], &named].concat());
    assert!(told.contains("5 rates added"), "{told}");
    // The same file again changes nothing; a corrected one says what it changes.
    assert!(well(at, &add).contains("0 rates added"));
    fs::write(at.join("history.csv"), HISTORY.replace("1.2,", "1.21,")).unwrap();
    assert!(well(at, &add).contains("EUR to USD on 2021-06-29: 1.2 becomes 1.21"));
    fs::write(at.join("wrong.csv"), "Date,USD\nyesterday,1.2\n2021-06-28,1.19\n").unwrap();
    let wrong = leitmotif(
        at,
        &["catalog", "rates", "wrong.csv", "--table", "x", "--title", "X", "--source", "X"],
    );
    assert_eq!(wrong.code, 3, "{wrong:?}");
    assert!(wrong.out.contains("2021-06-28 1.19") && wrong.err.contains("ingest-rate-cell"));

    let path = at.join("catalogue/agreements.toml");
    let text = fs::read_to_string(&path).unwrap();
    let in_won =
        "rights_type = \"master\"\ncurrency = \"KRW\"\nrates = \"ecb\"\nrate_day = \"month-end\"";
    let text = text.replace("rights_type = \"master\"", in_won).replace("\"USD\"", "\"KRW\"");
    fs::write(&path, text).unwrap();
    well(at, &["catalog", "import", "catalogue"]);
    well(at, &["report", "import", "report.tsv"]);
    let settled = well(at, &["settle", "2021-06"]);
    assert!(settled.contains("+ exchanged") && settled.contains("-20.12345678"), "{settled}");
    let why = well(at, &["why", "2021-06", "payee:singer", "2"]);
    assert!(why.contains("USD 20 at 1080 (rate of 2021-06-30 over EUR, European Central Bank (ecb)) make KRW 21600"), "{why}");
    assert!(why.contains("KRW 21600 is divided"), "{why}");
    let why = well(at, &["why", "2021-06", "payee:singer", "2", "--language", "ko"]);
    assert!(why.contains("USD 20 × 환율 1080") && why.contains("KRW 21600"), "{why}");
    let words = ["why", "2021-06", "payee:singer", "2", "--format", "json"];
    let why: Value = serde_json::from_str(&well(at, &words)).unwrap();
    assert_eq!((why["received"].as_str(), why["exchanged"].as_str()), (Some("20"), Some("21600")));
    assert_eq!(why["source"]["rate_over"], "EUR");
    well(at, &["publish"]);
    for receipt in receipts(&at.join("leitmotif-data"), "2021-06") {
        well(at, &["verify", receipt.to_str().unwrap()]);
    }
}
