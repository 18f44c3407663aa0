//! The log, its checkpoint and the witnesses.

use statement::{EntryNote, Receipt};
use tlog::{CosignerKey, Note, Signature, SigningKey};

use super::case::Case;
use super::{Cheat, operator, somebody};
use crate::world::{Book, ORIGIN, TIME, log_key, witness};
use crate::{base64, unbase64};

pub(super) const CHEATS: &[Cheat] = &[
    somebody("an entry's text changed", 12, |it| entry(it, text)),
    somebody("an entry at another index", 12, |it| entry(it, index)),
    somebody("an entry beyond the log", 12, |it| entry(it, beyond)),
    somebody("an entry's hash changed", 12, |it| entry(it, hash)),
    somebody("an entry's hash that is none", 10, |it| entry(it, no_hash)),
    somebody("an entry's proof too short", 12, |it| entry(it, shorter)),
    somebody("an entry's proof too long", 12, |it| entry(it, longer)),
    somebody("an entry's hashes swapped", 12, |it| entry(it, swapped)),
    somebody("an entry that the log does not have", 12, |it| {
        let mut receipt = it.receipt();
        let note = receipt.entries[0].clone();
        receipt.entries.push(EntryNote { text: "{}".into(), ..note });
        Some(receipt.canonical())
    }),
    somebody("the checkpoint's root changed", 13, |it| line(it, 2)),
    somebody("the checkpoint's size changed", 13, |it| line(it, 1)),
    somebody("the checkpoint's origin changed", 13, |it| line(it, 0)),
    somebody("a checkpoint that is no note", 10, |it| {
        let mut receipt = it.receipt();
        receipt.checkpoint = receipt.checkpoint.replace("\n\n", "\n");
        Some(receipt.canonical())
    }),
    somebody("the log's signature forged", 13, |it| signature(it, 0, 4)),
    somebody("the log's signature left out", 13, |it| {
        signatures(it, |note, _| note.signatures()[1..].to_vec())
    }),
    somebody("the log's signature cut", 13, |it| {
        let mut receipt = it.receipt();
        let (head, last) = signature_line(&receipt, 0);
        let mut bytes = unbase64(&last);
        bytes.truncate(4 + 1 + it.rng.below(63));
        receipt.checkpoint = receipt
            .checkpoint
            .replace(&format!("{head}{last}"), &format!("{head}{}", base64(&bytes)));
        Some(receipt.canonical())
    }),
    somebody("another key than the policy's", 13, other_key),
    somebody("another log than the policy's", 13, other_name),
    somebody("a log key that cannot be read", 10, |it| {
        let mut receipt = it.receipt();
        receipt.log_key = receipt.log_key.replacen('+', "+0", 1);
        Some(receipt.canonical())
    }),
    operator("a checkpoint under another origin", 12, other_origin),
    somebody("a witness's signature forged", 13, |it| {
        let which = 1 + it.rng.below(2);
        signature(it, which, 12)
    }),
    somebody("a witness's time changed", 13, |it| {
        let which = 1 + it.rng.below(2);
        signature_bytes(it, which, 4, 12)
    }),
    somebody("a witness left out", 16, |it| {
        signatures(it, |note, case| {
            let mut left = note.signatures().to_vec();
            left.remove(1 + case.rng.below(2));
            left
        })
    }),
    somebody("all witnesses left out", 16, |it| {
        signatures(it, |note, _| note.signatures()[..1].to_vec())
    }),
    operator("a stale cosignature", 13, stale),
    somebody("one witness twice", 16, |it| {
        signatures(it, |note, case| {
            let own = note.signatures();
            let which = 1 + case.rng.below(2);
            vec![own[0].clone(), own[which].clone(), own[which].clone()]
        })
    }),
    operator("one witness at two times", 16, |it| {
        signatures(it, |note, case| {
            let which = u8::from(case.rng.one_in(2)) + 1;
            let more =
                [TIME, TIME + 60].map(|time| witness(which).cosign(note.text(), time).unwrap());
            [&note.signatures()[..1], &more].concat()
        })
    }),
    operator("a witness that the policy does not know", 16, |it| {
        signatures(it, |note, case| {
            let stranger = CosignerKey::from_seed("witness-4.example", [77; 32].into()).unwrap();
            let which = 1 + case.rng.below(2);
            let more = stranger.cosign(note.text(), TIME).unwrap();
            vec![note.signatures()[0].clone(), note.signatures()[which].clone(), more]
        })
    }),
    operator("the log's key as a witness", 16, |it| {
        signatures(it, |note, case| {
            let name = format!("witness-{}.example", 1 + case.rng.below(3));
            let log = CosignerKey::from_seed(&name, [9; 32].into()).unwrap();
            let more = log.cosign(note.text(), TIME).unwrap();
            vec![note.signatures()[0].clone(), more.clone(), more]
        })
    }),
    operator("the log's signature under a witness's name", 16, |it| {
        signatures(it, |note, _| {
            let key = SigningKey::from_seed("witness-1.example", [9; 32].into()).unwrap();
            let more = Note::sign(note.text(), &[&key]).unwrap();
            [&note.signatures()[..2], more.signatures()].concat()
        })
    }),
    somebody("one witness under another's name", 16, |it| {
        let mut receipt = it.receipt();
        receipt.checkpoint = receipt.checkpoint.replace("witness-2.example", "witness-3.example");
        Some(receipt.canonical())
    }),
    operator("a fork, signed by the log alone", 16, |it| {
        fork(it, |_, fork| fork.note().to_string())
    }),
    operator("a fork, with the witnesses of the other history", 13, |it| {
        fork(it, |shown, fork| {
            let witnesses = Note::parse(&shown.checkpoint).unwrap().signatures()[1..].to_vec();
            let own = fork.note();
            let all = [own.signatures(), &witnesses].concat();
            own.with_signatures(all).unwrap().to_string()
        })
    }),
    operator("a seal that is not in the log", 12, not_logged),
    somebody("the seal of another settlement or currency", 17, |it| {
        let others: Vec<usize> = (0..it.world.drafts.len()).filter(|at| *at != it.at).collect();
        let book = it.world.publish();
        let mut receipt = it.receipt();
        receipt.entries[0] = book.proof(book.seals[*it.rng.pick(&others)]);
        Some(receipt.canonical())
    }),
    somebody("something else in the seal's place", 17, |it| {
        let book = it.world.publish();
        let mut receipt = it.receipt();
        receipt.entries[0] = book.proof(0);
        Some(receipt.canonical())
    }),
    somebody("no entries", 17, |it| {
        let mut receipt = it.receipt();
        receipt.entries.clear();
        Some(receipt.canonical())
    }),
];

fn entry(case: &mut Case, change: fn(&mut Case, &mut EntryNote) -> Option<()>) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let at = case.rng.below(receipt.entries.len());
    change(case, &mut receipt.entries[at])?;
    Some(receipt.canonical())
}

fn text(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    let at = case.rng.below(note.text.len());
    note.text.is_char_boundary(at).then(|| note.text.insert(at, 'x'))
}

fn index(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    note.index =
        if note.index == 0 || case.rng.one_in(2) { note.index + 1 } else { note.index - 1 };
    Some(())
}

fn beyond(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    note.index = *case.rng.pick(&[1 << 20, 1 << 52]);
    Some(())
}

fn hash(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    let at = case.rng.below(note.hashes.len().max(1));
    let hash = note.hashes.get_mut(at)?;
    let mut bytes = unbase64(hash);
    bytes[case.rng.below(32)] ^= 1;
    *hash = base64(&bytes);
    Some(())
}

fn no_hash(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    let at = case.rng.below(note.hashes.len().max(1));
    let hash = note.hashes.get_mut(at)?;
    match case.rng.below(3) {
        0 => hash.truncate(40),
        1 => hash.push('='),
        _ => hash.insert(0, ' '),
    }
    Some(())
}

fn shorter(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    let at = case.rng.below(note.hashes.len().max(1));
    note.hashes.get(at)?;
    note.hashes.remove(at);
    Some(())
}

fn longer(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    let hash = note.hashes.first()?.clone();
    note.hashes.insert(case.rng.below(note.hashes.len() + 1), hash);
    Some(())
}

fn swapped(case: &mut Case, note: &mut EntryNote) -> Option<()> {
    let (a, b) = (case.rng.below(note.hashes.len().max(1)), note.hashes.len().checked_sub(1)?);
    note.hashes.swap(a, b);
    (a != b).then_some(())
}

/// Changes a line of the checkpoint's text: its origin, size or root.
fn line(case: &mut Case, number: usize) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let mut lines: Vec<String> = receipt.checkpoint.split('\n').map(str::to_owned).collect();
    lines[number] = match number {
        0 => "other.example/royalties".into(),
        1 => (lines[1].parse::<u64>().unwrap() + 1).to_string(),
        _ => base64(&case.rng.bytes()),
    };
    receipt.checkpoint = lines.join("\n");
    Some(receipt.canonical())
}

/// The head of a signature line, and its base64.
fn signature_line(receipt: &Receipt, number: usize) -> (String, String) {
    let (_, lines) = receipt.checkpoint.rsplit_once("\n\n").unwrap();
    let line = lines.lines().nth(number).unwrap();
    let (head, last) = line.rsplit_once(' ').unwrap();
    (format!("{head} "), last.to_owned())
}

fn signature(case: &mut Case, number: usize, from: usize) -> Option<Vec<u8>> {
    signature_bytes(case, number, from, from + 64)
}

fn signature_bytes(case: &mut Case, number: usize, from: usize, to: usize) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let (head, last) = signature_line(&receipt, number);
    let mut bytes = unbase64(&last);
    bytes[from + case.rng.below(to - from)] ^= 1 << case.rng.below(8);
    let by = format!("{head}{}", base64(&bytes));
    receipt.checkpoint = receipt.checkpoint.replace(&format!("{head}{last}"), &by);
    Some(receipt.canonical())
}

fn signatures(case: &mut Case, change: fn(&Note, &mut Case) -> Vec<Signature>) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let note = Note::parse(&receipt.checkpoint).unwrap();
    let signatures = change(&note, case);
    receipt.checkpoint = note.with_signatures(signatures).unwrap().to_string();
    Some(receipt.canonical())
}

/// Signed anew, wholly, by a key of somebody's own under the log's name.
fn other_key(case: &mut Case) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let key = SigningKey::from_seed(ORIGIN, case.rng.bytes().into()).unwrap();
    let note = Note::parse(&receipt.checkpoint).unwrap();
    receipt.checkpoint = Note::sign(note.text(), &[&key]).unwrap().to_string();
    receipt.log_key = key.verifier_key().to_string();
    Some(receipt.canonical())
}

/// A whole log of somebody's own, under its own name.
fn other_name(case: &mut Case) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let key = SigningKey::from_seed("other.example/royalties", [9; 32].into()).unwrap();
    let note = Note::parse(&receipt.checkpoint).unwrap();
    let text = note.text().replace(ORIGIN, key.name());
    receipt.checkpoint = Note::sign(&text, &[&key]).unwrap().to_string();
    receipt.log_key = key.verifier_key().to_string();
    Some(receipt.canonical())
}

fn other_origin(case: &mut Case) -> Option<Vec<u8>> {
    let mut receipt = case.receipt();
    let note = Note::parse(&receipt.checkpoint).unwrap();
    let text = note.text().replace(ORIGIN, "log.example/other");
    receipt.checkpoint = Note::sign(&text, &[&log_key()]).unwrap().to_string();
    Some(receipt.canonical())
}

/// What a witness said of an earlier tree, under the newest checkpoint.
fn stale(case: &mut Case) -> Option<Vec<u8>> {
    let mut earlier = case.world.clone();
    earlier.drafts.pop();
    let old = Note::parse(&earlier.publish().checkpoint).unwrap();
    let mut receipt = case.receipt();
    let note = Note::parse(&receipt.checkpoint).unwrap();
    let which = 1 + case.rng.below(2);
    let mut all = note.signatures().to_vec();
    all[which] = old.signatures()[which].clone();
    receipt.checkpoint = note.with_signatures(all).unwrap().to_string();
    Some(receipt.canonical())
}

/// The operator shows the world one history, and the payee one in which it earned less.
fn other_history(case: &mut Case) -> Option<Book> {
    case.choose_last(|it| !it.lines.is_empty())?;
    let shown = case.world.publish();
    let own = case.own_mut();
    own.lines.pop();
    crate::world::close(own);
    case.draft().balance_books();
    Some(shown)
}

fn fork(case: &mut Case, checkpoint: fn(&Book, &Book) -> String) -> Option<Vec<u8>> {
    // Any other history will do: here an entry more stands before the first seal.
    let shown = case.world.publish();
    let mut more = case.world.drafts[0].before[0].clone();
    more.name.push('x');
    more.bytes = format!("{{\"note\":{}}}", case.rng.below(1000)).into_bytes();
    case.world.drafts[0].before.push(more);
    let fork = case.world.publish();
    let mut receipt = fork.receipt(&case.world, case.at, &case.account);
    receipt.checkpoint = checkpoint(&shown, &fork);
    Some(receipt.canonical())
}

/// A seal of another history under the checkpoint of the one that is shown.
fn not_logged(case: &mut Case) -> Option<Vec<u8>> {
    let shown = other_history(case)?;
    let book = case.world.publish();
    let mut receipt = book.receipt(&case.world, case.at, &case.account);
    receipt.checkpoint = shown.checkpoint.clone();
    for it in &mut receipt.entries {
        let honest = shown.proof(it.index);
        it.hashes = honest.hashes;
    }
    Some(receipt.canonical())
}
