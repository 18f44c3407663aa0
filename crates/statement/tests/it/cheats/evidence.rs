//! What lines stand on: reports, attestations, agreements, tables of exchange rates.

use statement::{Entry, Receipt, SourceNote, Statement, TermNote, attestation_text};
use tlog::{Note, SigningKey};

use super::case::Case;
use super::{Cheat, operator, somebody};
use crate::world::agreement_entry;

pub(super) const CHEATS: &[Cheat] = &[
    somebody("a report's entry left out", 20, |it| {
        it.choose(|it| !it.sources.is_empty())?;
        blank(it, |entry| matches!(entry, Entry::Report { .. }))
    }),
    operator("a report changed after it came", 20, |it| {
        let report = any_report(it, |_| true)?;
        let digits = it.rng.below(10).to_string();
        it.each_source(|it| {
            if it.report == report {
                it.sha256.replace_range(0..1, &digits);
                it.sha256.replace_range(1..2, "e");
            }
        });
        it.bytes()
    }),
    operator("a report under another name", 20, |it| {
        let report = any_report(it, |_| true)?;
        it.each_source(|it| {
            if it.report == report {
                it.report.push('x');
            }
        });
        it.bytes()
    }),
    operator("a report that never came", 20, |it| {
        let report = any_report(it, |_| true)?;
        it.unlog(&format!("report {report}"))?;
        it.bytes()
    }),
    operator("a report that came after the seal", 20, |it| {
        let report = any_report(it, |_| true)?;
        it.log_after(&format!("report {report}"))?;
        it.bytes()
    }),
    operator("a report that the seal does not name", 20, |it| {
        let report = any_report(it, |it| it.restated.is_empty())?;
        it.draft().settles.retain(|it| *it != format!("report {report}"));
        it.bytes()
    }),
    operator("a first settlement told as a restatement", 20, |it| {
        let report = any_report(it, |it| it.restated.is_empty())?;
        let word = *it.rng.pick(&["now", "before"]);
        it.each_source(|it| {
            if it.report == report && it.restated.is_empty() {
                (it.restated, it.restates) = (word.into(), "2020-12".into());
            }
        });
        it.bytes()
    }),
    operator("restated, but no settlement is named", 20, |it| {
        any_report(it, |it| !it.restated.is_empty())?;
        it.each_source(|it| it.restates.clear());
        it.bytes()
    }),
    operator("an attestation with a forged signature", 24, |it| {
        attested(it, |case, key, text| {
            let note = Note::sign(text, &[key]).unwrap();
            let (head, last) = {
                let text = note.to_string();
                let (head, last) = text.trim_end().rsplit_once(' ').unwrap();
                (head.to_owned(), last.to_owned())
            };
            let mut bytes = crate::unbase64(&last);
            bytes[4 + case.rng.below(64)] ^= 1;
            (key.verifier_key().to_string(), format!("{head} {}\n", crate::base64(&bytes)))
        })
    }),
    operator("an attestation by another than it names", 24, |it| {
        attested(it, |case, key, text| {
            let other = SigningKey::from_seed(key.name(), case.rng.bytes().into()).unwrap();
            let note = Note::sign(text, &[&other]).unwrap().to_string();
            (key.verifier_key().to_string(), note)
        })
    }),
    operator("an attestation by a key that is none", 24, |it| {
        attested(it, |_, key, text| {
            let note = Note::sign(text, &[key]).unwrap().to_string();
            ("service.example".into(), note)
        })
    }),
    operator("an attestation that is no note", 24, |it| {
        attested(it, |_, key, text| (key.verifier_key().to_string(), text.to_owned()))
    }),
    somebody("an agreement's entry left out", 21, |it| {
        it.choose(|it| it.terms.iter().any(|it| !it.agreement.is_empty()))?;
        blank(it, |entry| matches!(entry, Entry::Agreement { .. }))
    }),
    somebody("an agreement's text changed", 21, |it| {
        part(it, |case, receipt, at, part| {
            let text = &mut receipt.agreements[at].parts[part].text;
            let place = case.rng.below(text.len() + 1);
            text.is_char_boundary(place).then(|| text.insert(place, '9'))
        })
    }),
    somebody("a rate in an agreement raised", 21, |it| {
        part(it, |_, receipt, at, part| {
            let text = &mut receipt.agreements[at].parts[part].text;
            text.contains("\nrates ").then(|| *text = text.replace("\nrates ", "\nrates 1 "))
        })
    }),
    somebody("an agreement's salt changed", 21, |it| {
        part(it, |case, receipt, at, part| {
            let by = *case.rng.pick(&["0", "f", "G"]);
            let salt = &mut receipt.agreements[at].parts[part].salt;
            let differs = !salt.starts_with(by);
            salt.replace_range(0..1, by);
            differs.then_some(())
        })
    }),
    somebody("a part of an agreement at another place", 21, |it| {
        part(it, |case, receipt, at, part| {
            receipt.agreements[at].parts[part].at += 1 + case.rng.below(9) as u64;
            Some(())
        })
    }),
    somebody("a part's hashes changed", 21, |it| {
        part(it, |_, receipt, at, part| receipt.agreements[at].parts[part].hashes.pop().map(drop))
    }),
    somebody("an agreement that points nowhere", 21, |it| {
        part(it, |case, receipt, at, _| {
            receipt.agreements[at].entry = *case.rng.pick(&[0, 999, u64::MAX]);
            Some(())
        })
    }),
    somebody("a term not opened", 21, |it| {
        let mut receipt = it.receipt();
        let wanted: Vec<String> =
            receipt.statement.terms.iter().flat_map(TermNote::committed_parts).collect();
        if wanted.is_empty() {
            return None;
        }
        let less = it.rng.pick(&wanted);
        for note in &mut receipt.agreements {
            note.parts.retain(|it| it.text.lines().next() != Some(less));
        }
        Some(receipt.canonical())
    }),
    operator("an agreement that the log does not have", 21, |it| {
        let name = any_agreement(it)?;
        it.unlog(&format!("agreement {name}"))?;
        if it.world.drafts[it.at].cites.len() > 1 {
            it.draft().cites.retain(|it| *it == name);
        }
        it.bytes()
    }),
    operator("an agreement logged after the seal", 21, |it| {
        let name = any_agreement(it)?;
        it.log_after(&format!("agreement {name}"))?;
        it.bytes()
    }),
    operator("a rate above the agreement's", 21, |it| {
        agreement(it, |text, term| {
            if text.lines().next() == Some(term) {
                let rest: Vec<&str> = text.lines().skip(2).collect();
                *text = format!("{term}\nrates 1/5000 1/1000\n{}\n", rest.join("\n"));
            }
        })
    }),
    operator("more of the price borne than the agreement's rate", 21, |it| {
        it.choose_last(|it| it.account.starts_with("payee:") && !it.terms.is_empty())?;
        let one = money::Ratio::ONE;
        // Some version of some agreement may give one payee all of it.
        let all = it.world.agreements.values().flatten();
        let states_all =
            |text: &String| text.lines().nth(1).is_some_and(|it| it.split(' ').any(|it| it == "1"));
        if all.into_iter().any(states_all) {
            return None;
        }
        let own = it.own_mut();
        let (kind, measure) = (TermNote::PRICE_BORNE.into(), statement::Measure::Price);
        let term = own.terms[0].clone();
        own.terms.push(TermNote { kind, measure, rate: one, of: one, fraction: one, ..term });
        it.bytes()
    }),
    operator("an agreement that states no rates", 21, |it| {
        agreement(it, |text, term| {
            if text.lines().next() == Some(term) {
                *text = text.replacen("\nrates ", "\nrate ", 1);
            }
        })
    }),
    operator("a term that the agreement does not have", 21, |it| {
        agreement(it, |text, term| {
            if text.lines().next() == Some(term) {
                *text = text.replacen(term, &format!("{term}x"), 1);
            }
        })
    }),
    operator("an agreement that says not what it covers", 21, |it| {
        agreement(it, |text, _| {
            if text.starts_with("agreement ") {
                text.insert(0, 'x');
            }
        })
    }),
    operator("a payee's line by no agreement", 21, |it| {
        without(it, |term| {
            term.agreement.clear();
            term.term.clear();
        })
    }),
    operator("a payee's line by no term", 21, |it| without(it, |term| term.term.clear())),
    somebody("a table of rates left out", 22, |it| {
        it.choose(|it| it.sources.iter().any(SourceNote::is_exchanged))?;
        blank(it, |entry| matches!(entry, Entry::Rates { .. }))
    }),
    operator("a table of rates that the log does not have", 22, |it| {
        it.choose(|it| it.sources.iter().any(SourceNote::is_exchanged))?;
        it.unlog("rates ecb")?;
        it.bytes()
    }),
    operator("a table of rates that came after the seal", 22, |it| {
        it.choose(|it| it.sources.iter().any(SourceNote::is_exchanged))?;
        it.log_after("rates ecb")?;
        it.bytes()
    }),
    operator("a table of rates that the seal does not name", 22, |it| {
        it.choose(|it| it.sources.iter().any(|it| it.is_exchanged() && it.restated.is_empty()))?;
        it.draft().rates.clear();
        it.bytes()
    }),
    operator("a rate of another table", 22, |it| {
        it.choose(|it| it.sources.iter().any(SourceNote::is_exchanged))?;
        it.each_source(|it| {
            if it.is_exchanged() {
                it.rate_source = "A bank (other)".into();
            }
        });
        it.bytes()
    }),
];

/// A report of some statement; its draft and account are taken.
fn any_report(case: &mut Case, wanted: fn(&SourceNote) -> bool) -> Option<String> {
    case.choose_last(|it| it.sources.iter().any(wanted))?;
    let sources = case.own().sources.clone();
    let reports: Vec<String> = sources.into_iter().filter(wanted).map(|it| it.report).collect();
    Some(case.rng.pick(&reports).clone())
}

/// Puts the seal in the place of all entries of a kind.
fn blank(case: &mut Case, wanted: fn(&Entry) -> bool) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let seal = receipt.entries[0].clone();
    let found =
        |it: &statement::EntryNote| Entry::parse(it.text.as_bytes()).is_some_and(|it| wanted(&it));
    let places: Vec<usize> =
        (0..receipt.entries.len()).filter(|at| found(&receipt.entries[*at])).collect();
    if places.is_empty() {
        return None;
    }
    receipt.entries[*case.rng.pick(&places)] = seal;
    Some(receipt.canonical())
}

/// An attestation of a report of the statement, made otherwise: key and note.
fn attested(
    case: &mut Case,
    make: fn(&mut Case, &SigningKey, &str) -> (String, String),
) -> Option<Vec<u8>> {
    let report = any_report(case, |_| true)?;
    let name = format!("report {report}");
    let entries = case.world.drafts.iter().flat_map(|it| &it.before);
    let bytes = entries.into_iter().find(|it| it.name == name)?.bytes.clone();
    let Some(Entry::Report { control, lines, report, sha256 }) = Entry::parse(&bytes) else {
        return None;
    };
    let key = SigningKey::from_seed("service.example", [31; 32].into()).unwrap();
    let (key, note) = make(case, &key, &attestation_text(&report, &sha256, lines, &control));
    let name = format!("attestation {report}");
    case.unlog(&name);
    let bytes = Entry::Attestation { key, note }.bytes();
    case.world.drafts[0].before.push(crate::world::Logged { name, bytes });
    case.bytes()
}

fn part(
    case: &mut Case,
    change: fn(&mut Case, &mut Receipt, usize, usize) -> Option<()>,
) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    if receipt.agreements.is_empty() {
        return None;
    }
    let at = case.rng.below(receipt.agreements.len());
    let part = case.rng.below(receipt.agreements[at].parts.len());
    change(case, &mut receipt, at, part)?;
    Some(receipt.canonical())
}

fn has_terms(statement: &Statement) -> bool {
    statement.terms.iter().any(|it| !it.agreement.is_empty())
}

/// A version of an agreement that the statement stands on, and on no other version of it.
fn any_agreement(case: &mut Case) -> Option<String> {
    case.choose(has_terms)?;
    let id = case.own().terms.iter().find(|it| !it.agreement.is_empty())?.agreement.clone();
    let cited = case.world.drafts[case.at].cites.iter();
    let own: Vec<String> = cited.filter(|it| it.split('#').next() == Some(&id)).cloned().collect();
    match own.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}

/// Every version of an agreement is another one: the text of each part, and the term that is meant.
fn agreement(case: &mut Case, change: fn(&mut String, &str)) -> Option<Vec<u8>> {
    let is_stated = |it: &&TermNote| {
        !it.term.is_empty() && it.kind != TermNote::PRICE_BORNE && !it.rate.is_zero()
    };
    case.choose(|it| it.terms.iter().any(|it| is_stated(&it)))?;
    let own = case.own().clone();
    let term = own.terms.iter().find(is_stated)?;
    let first = format!("term {} {}", term.agreement, term.term);
    let id = term.agreement.clone();
    let names: Vec<String> = case.world.agreements.keys().cloned().collect();
    for name in names.iter().filter(|it| it.split('#').next() == Some(&id)) {
        let parts = case.world.agreements.get_mut(name)?;
        parts.iter_mut().for_each(|it| change(it, &first));
        let bytes = agreement_entry(&case.world, name);
        case.relog(&format!("agreement {name}"), &bytes);
    }
    case.bytes()
}

/// A term of a payee says no longer where it comes from.
fn without(case: &mut Case, change: fn(&mut TermNote)) -> Option<Vec<u8>> {
    case.choose_last(|it| it.account.starts_with("payee:") && !it.terms.is_empty())?;
    let at = case.rng.below(case.own().terms.len());
    change(&mut case.own_mut().terms[at]);
    case.bytes()
}
