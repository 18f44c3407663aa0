//! Honest receipts with bytes flipped, cut, doubled and spliced: no panic, and nothing is accepted that
//! was not issued.

use std::collections::BTreeSet;

use statement::{Receipt, Trust, verify};
use tlog::{Note, Signature};

use crate::cases;
use crate::rng::Rng;
use crate::world::{World, code, log_key, witness};

fn changed(rng: &mut Rng, of: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = rng.pick(of).clone();
    for _ in 0..rng.within(1, 3) {
        let at = rng.below(bytes.len().max(1));
        let length = rng.within(1, 200).min(bytes.len() - at);
        match rng.below(9) {
            0 | 1 => bytes[at] ^= 1 << rng.below(8),
            2 => bytes[at] = *rng.pick(b"0123456789\"\\{}[],:-.aeE \n"),
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..at + length)),
            5 => {
                let part = bytes[at..at + length].to_vec();
                bytes.splice(at..at, part);
            }
            6 => {
                // The head of one and the tail of another.
                let other = rng.pick(of);
                let from = rng.below(other.len());
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            7 => {
                // The same stretch of another one, as fields of equal length stand.
                let other = rng.pick(of);
                let end = (at + length).min(other.len());
                if at < end {
                    bytes.splice(at..end.min(bytes.len()), other[at..end].iter().copied());
                }
            }
            _ => {
                let to = rng.below(bytes.len());
                bytes.swap(at, to);
            }
        }
        if bytes.is_empty() {
            break;
        }
    }
    bytes
}

/// The receipt without signature lines of keys that nobody knows, and each line once: signed-note has
/// readers pass over the former, so anybody may add them.
fn without_strangers(bytes: &[u8]) -> Vec<u8> {
    let mut receipt = Receipt::parse(bytes).unwrap();
    let note = Note::parse(&receipt.checkpoint).unwrap();
    let known = |it: &Signature| {
        let log = log_key();
        let witnesses = (1..=3).map(|it| witness(it).witness_key());
        (it.name() == log.name() && it.id() == log.id())
            || witnesses.into_iter().any(|key| key.is_named_by(it))
    };
    let mut lines: Vec<Signature> = Vec::new();
    for it in note.signatures() {
        if known(it) && !lines.contains(it) {
            lines.push(it.clone());
        }
    }
    receipt.checkpoint = note.with_signatures(lines).unwrap().to_string();
    receipt.canonical()
}

/// Where an input begins to differ from the receipt that it is most like.
fn difference(issued: &[Vec<u8>], bytes: &[u8]) -> String {
    let alike = |of: &Vec<u8>| of.iter().zip(bytes).take_while(|(a, b)| a == b).count();
    let near = issued.iter().max_by_key(|of| alike(of)).unwrap();
    let at = alike(near).saturating_sub(60);
    let part = |of: &[u8]| String::from_utf8_lossy(&of[at..(at + 300).min(of.len())]).into_owned();
    format!("issued …{}… accepted …{}…", part(near), part(bytes))
}

#[test]
fn nothing_is_accepted_that_was_not_issued() {
    let mut issued = Vec::new();
    for seed in 0..6 {
        let world = World::new(seed);
        let book = world.publish();
        for (at, draft) in world.drafts.iter().enumerate() {
            let receipts = draft.statements.iter().take(4);
            issued.extend(receipts.map(|it| book.receipt(&world, at, &it.account).canonical()));
        }
    }
    let known: BTreeSet<&[u8]> = issued.iter().map(Vec::as_slice).collect();
    let mut rng = Rng::new(5);
    let (mut refused, mut same, mut read) = (0, 0, 0);
    for number in 0..cases(3000) {
        let bytes = changed(&mut rng, &issued);
        match code(&bytes) {
            0 => {
                let is_known = known.contains(without_strangers(&bytes).as_slice());
                assert!(
                    is_known,
                    "input {number} was never issued: {}",
                    difference(&issued, &bytes)
                );
                same += 1;
            }
            it => {
                refused += 1;
                read += usize::from(it != 10);
            }
        }
        // Without a policy lines of witnesses are not looked at; nothing may panic.
        drop(verify(&bytes, &Trust::Nothing));
    }
    println!(
        "{refused} refused, {read} of them beyond their form; {same} came out as they were issued"
    );
    assert!(read > 0, "every input failed by its form");
}
