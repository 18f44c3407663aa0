//! Reports that are clean are clean, and those that are not say exactly where.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

use std::collections::{BTreeMap, BTreeSet};

use dsr::{Limits, Profile, Reader, Summary};
use finding::Severity;
use forge::{DEFECTS, Defect, ForgeError, Order, Truth, profiles, versions, write};

/// A report: its files by name, and what is in them.
fn make(order: &Order) -> Result<(BTreeMap<String, Vec<u8>>, Truth), ForgeError> {
    let names = std::cell::RefCell::new(Vec::new());
    let mut parts = Vec::new();
    let mut files: Vec<Vec<u8>> = (0..order.files).map(|_| Vec::new()).collect();
    let truth = {
        let mut left = files.iter_mut();
        write(order, &mut |name| {
            names.borrow_mut().push(name.to_owned());
            Ok(left.next().unwrap())
        })?
    };
    parts.append(&mut files);
    Ok((names.into_inner().into_iter().zip(parts).collect(), truth))
}

type Found = BTreeSet<(String, u64, &'static str)>;

/// Every finding: file, line, rule.
fn findings(files: &BTreeMap<String, Vec<u8>>) -> (Found, Vec<String>, Vec<Summary>) {
    let (mut found, mut texts, mut summaries) = (Found::new(), Vec::new(), Vec::new());
    let mut take = |finding: finding::Finding| {
        texts.push(finding.to_string());
        found.insert((finding.position.file.clone(), finding.position.line, finding.rule));
    };
    for (name, bytes) in files {
        summaries.push(dsr::check(name, bytes.as_slice(), &mut take).unwrap());
    }
    dsr::check_parts(&summaries, &mut take);
    (found, texts, summaries)
}

fn shapes() -> Vec<Order> {
    let mut orders = Vec::new();
    for profile in profiles() {
        for version in versions(profile) {
            let version = version.to_owned();
            orders.push(Order { version, models: 4, ..Order::new(profile, 7, 80) });
        }
    }
    orders
}

#[test]
fn clean_reports_of_every_shape_have_no_finding() {
    for order in shapes() {
        let (files, truth) = make(&order).unwrap();
        let (_, texts, summaries) = findings(&files);
        let shape = format!("{} {}", order.profile.name(), order.version);
        assert_eq!(texts, Vec::<String>::new(), "{shape}");
        assert_eq!(summaries[0].lines, truth.lines(), "{shape}");
        assert_eq!(summaries[0].transactions, truth.sales(), "{shape}");
        assert_eq!(summaries[0].blocks, truth.blocks(), "{shape}");
        assert_eq!(truth.sales(), if order.profile.has_sales() { 80 } else { 0 }, "{shape}");
        assert_eq!(make(&order).unwrap().0, files, "{shape}");
    }
}

/// The same cells through the writer give the same bytes, and the records are the file.
#[test]
fn what_was_read_is_written_back() {
    for order in shapes() {
        let (files, _) = make(&order).unwrap();
        let bytes = files.into_values().next().unwrap();
        let mut writer: Option<dsr::Writer<Vec<u8>>> = None;
        let mut raw = Vec::new();
        for record in Reader::new("r", bytes.as_slice(), Limits::default()).map(Result::unwrap) {
            dsr::write_as_read(&mut raw, &record).unwrap();
            let spec = record.lookup().spec().unwrap();
            match &spec.code {
                b"HEAD" => {
                    let header = dsr::Header::read(&record, spec);
                    writer = Some(dsr::Writer::new(Vec::new(), &header).unwrap());
                }
                b"FOOT" | b"SRFO" => {}
                _ => {
                    let texts: Vec<_> = record.cells().map(|cell| cell.text()).collect();
                    let cells: Vec<_> = spec
                        .cells
                        .iter()
                        .zip(&texts)
                        .skip(1)
                        .filter(|(cell, _)| spec.index(cell.field).is_some())
                        .map(|(cell, text)| (cell.field, dsr::Value::One(text)))
                        .collect();
                    writer.as_mut().unwrap().record(&spec.name(), &cells).unwrap();
                }
            }
        }
        assert!(raw == bytes);
        let (written, _) = writer.unwrap().finish().unwrap();
        let shape = format!("{} {}", order.profile.name(), order.version);
        assert_eq!(String::from_utf8_lossy(&written), String::from_utf8_lossy(&bytes), "{shape}");
    }
}

/// Where a defect fits, its rule finds it in its line, and nothing else is found.
#[test]
fn every_defect_is_found_by_its_rule_in_its_line() {
    let mut fits: BTreeMap<&str, u32> = BTreeMap::new();
    let mut wrong = Vec::new();
    for shape in shapes() {
        for defect in DEFECTS {
            let count = if defect.once { 1 } else { 3 };
            let order = Order { defects: vec![(defect, count)], ..shape.clone() };
            let (files, truth) = match make(&order) {
                Ok(made) => made,
                Err(ForgeError::Defect { .. }) => continue,
                Err(fault) => panic!("{fault}"),
            };
            *fits.entry(defect.rule).or_default() += 1;
            assert_eq!(truth.defects.len() as u64, count);
            let (found, texts, _) = findings(&files);
            if found != expected(&truth) {
                wrong.push(format!(
                    "{} {} {}: {:?}, found {texts:#?}",
                    order.profile.name(),
                    order.version,
                    defect.rule,
                    expected(&truth),
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}: {}", wrong.len(), wrong.join("\n"));
    let never: Vec<_> = DEFECTS.iter().filter(|it| !fits.contains_key(it.rule)).collect();
    assert!(never.is_empty(), "{never:?}");
}

#[test]
fn every_rule_has_its_defect() {
    let rules = dsr::rule::RULES.iter().map(|it| it.doc.id);
    let without: Vec<_> = rules.filter(|id| Defect::find(id).is_none()).collect();
    // One wants more ids than a test can hold, the other one two reports.
    assert_eq!(without, ["dsr-transaction-unkept", "dsr-message-reused"]);
    let rule_of = |it: &Defect| dsr::rule::RULES.iter().any(|rule| rule.doc.id == it.rule);
    assert!(DEFECTS.iter().all(rule_of));
}

fn expected(truth: &Truth) -> Found {
    truth.defects.iter().map(|it| (it.file.clone(), it.line, it.rule)).collect()
}

/// Many defects together, in a report of several files.
#[test]
fn defects_do_not_hide_each_other() {
    let profile = Profile::parse("BasicAudioProfile").unwrap();
    let mut order = Order::new(profile, 3, 3_000);
    order.files = 3;
    order.defects = DEFECTS
        .iter()
        .filter(|it| !it.once)
        .map(|it| (it, 3))
        .filter(|one| make(&Order { defects: vec![*one], ..order.clone() }).is_ok())
        .filter(|(it, _)| !matches!(it.rule, "dsr-usages-sum" | "dsr-transaction-duplicate"))
        .collect();
    let (files, truth) = make(&order).unwrap();
    assert_eq!(files.len(), 3);
    let (found, texts, _) = findings(&files);
    assert_eq!(found, expected(&truth), "{texts:#?}");
    assert!(truth.defects.len() > 40, "{}", truth.defects.len());
}

#[test]
fn a_split_report_is_clean_in_any_order() {
    let profile = Profile::parse("UGCProfile").unwrap();
    let order = Order { files: 4, ..Order::new(profile, 5, 1_000) };
    let (files, truth) = make(&order).unwrap();
    let (_, texts, mut summaries) = findings(&files);
    assert_eq!(texts, Vec::<String>::new());
    assert_eq!(truth.sales(), 1_000);
    summaries.reverse();
    let mut doubts = Vec::new();
    dsr::check_parts(&summaries, &mut |finding| doubts.push(finding.to_string()));
    assert_eq!(doubts, Vec::<String>::new());
}

#[test]
fn an_empty_report_is_a_nil_report() {
    for order in shapes() {
        let (files, truth) = make(&Order { lines: 0, ..order }).unwrap();
        assert_eq!((findings(&files).1, truth.lines()), (Vec::new(), 2));
    }
}

#[test]
fn what_cannot_be_made_is_refused() {
    let profile = Profile::parse("BasicAudioProfileSRB").unwrap();
    let order = Order::new(profile, 1, 100);
    let refused = |order: Order| make(&order).unwrap_err().to_string();
    let defect = |rule| Defect::find(rule).unwrap();
    for (order, expected) in [
        (
            Order { version: "1.0".to_owned(), ..order.clone() },
            "BasicAudioProfileSRB has no version \"1.0\"; known are: 1.2, 1.3, 1.4",
        ),
        (Order { files: 2, ..order.clone() }, "files: 2 is not from 1 to 1"),
        (
            Order { territories: vec!["XX".to_owned()], ..order.clone() },
            "no made-up prices for territory \"XX\"",
        ),
        (
            Order { defects: vec![(defect("dsr-block-unique"), 1)], ..order.clone() },
            "dsr-block-unique cannot be put into a report of BasicAudioProfileSRB 1.4",
        ),
        (
            Order { defects: vec![(defect("dsr-isrc-syntax"), 50)], ..order },
            "50 defects in lines need at least 1000 of them, far from each other",
        ),
    ] {
        assert_eq!(refused(order), expected);
    }
}

#[test]
fn a_clean_report_stays_clean_for_many_seeds() {
    for seed in 0..40 {
        let profile = profiles()[usize::try_from(seed).unwrap() % profiles().len()];
        let order = Order { models: 1 + seed % 4, ..Order::new(profile, seed, 60 + seed) };
        let (files, _) = make(&order).unwrap();
        let mut worst = Vec::new();
        for (name, bytes) in &files {
            dsr::check(name, bytes.as_slice(), &mut |finding| {
                if finding.severity > Severity::Note {
                    worst.push(finding.to_string());
                }
            })
            .unwrap();
        }
        assert_eq!(worst, Vec::<String>::new(), "seed {seed}");
    }
}
