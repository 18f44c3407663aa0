//! What a witness keeps, across restarts and against whoever asks at the same time.

use std::sync::Barrier;

use expect_test::expect;
use tempfile::TempDir;
use tlog::witness::Evidence;
use tlog::{Checkpoint, Note, SigningKey, cosignatures};
use witness::{
    KEPT_MAX, Kept, Witness, WitnessError, add_log, exhibits, init, known_logs, log_rows,
    origin_hash, witness_key,
};

use crate::log::Log;

const ORIGIN: &str = "log.example/royalties";

pub(crate) fn made() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    init(folder.path(), "witness.example/w", &[5; 32].into()).unwrap();
    assert!(add_log(folder.path(), &Log::new(ORIGIN, 0).key.verifier_key()).unwrap());
    folder
}

#[test]
fn a_witness_is_made_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("new/witness");
    let missing = witness_key(&place).unwrap_err().to_string();
    assert!(missing.ends_with("holds no witness; `leitmotif witness init` makes one"), "{missing}");
    let key = init(&place, "witness.example/w", &[5; 32].into()).unwrap();
    assert_eq!(witness_key(&place).unwrap(), key);
    let again = init(&place, "witness.example/w", &[6; 32].into());
    assert!(matches!(again, Err(WitnessError::Exists { .. })));
    assert_eq!(witness_key(&place).unwrap(), key);
    let other = folder.path().join("other");
    assert!(matches!(init(&other, "a b", &[6; 32].into()), Err(WitnessError::Key(_))));
    assert!(!other.exists());
    #[cfg(unix)]
    for name in ["witness.seed", "state", "."] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(place.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name}");
    }
}

#[test]
fn logs_are_added_while_a_witness_serves() {
    let folder = made();
    let witness = Witness::open(folder.path()).unwrap();
    let other = Log::new("other.example", 0);
    let ask = || witness.add_checkpoint(&other.request(0, 3), 100).unwrap();
    let answer = ask();
    expect![[r#"
        404 no log is known here as "other.example"
    "#]]
    .assert_eq(&format!("{} {}", answer.status, answer.body));
    assert!(add_log(folder.path(), &other.key.verifier_key()).unwrap());
    assert!(!add_log(folder.path(), &other.key.verifier_key()).unwrap(), "once is enough");
    assert_eq!(ask().status, 200);
    // A second key of the first log: either may sign.
    let second = SigningKey::from_seed(ORIGIN, [8; 32].into()).unwrap();
    assert!(add_log(folder.path(), &second.verifier_key()).unwrap());
    let rows = log_rows(folder.path()).unwrap();
    let shown: Vec<_> = rows
        .iter()
        .map(|it| {
            (it.origin.as_str(), it.keys.len(), it.cosigned.as_ref().map(|it| (it.0.size(), it.1)))
        })
        .collect();
    assert_eq!(shown, [(ORIGIN, 2, None), ("other.example", 1, Some((3, 100)))]);
    // One key under two names would be one log with two origins.
    let twin = SigningKey::from_seed("twin.example", [8; 32].into()).unwrap();
    assert!(matches!(add_log(folder.path(), &twin.verifier_key()), Err(WitnessError::Logs(_))));
    assert_eq!(known_logs(folder.path()).unwrap().len(), 3);
}

#[test]
fn what_was_cosigned_is_known_after_a_restart() {
    let folder = made();
    let log = Log::new(ORIGIN, 0);
    let witness = Witness::open(folder.path()).unwrap();
    assert!(matches!(Witness::open(folder.path()), Err(WitnessError::Busy { .. })));
    let hash = origin_hash(ORIGIN);
    assert_eq!(witness.checkpoint(&hash).unwrap(), None);
    assert_eq!(witness.add_checkpoint(&log.request(0, 6), 100).unwrap().status, 200);
    drop(witness);

    let witness = Witness::open(folder.path()).unwrap();
    let answer = witness.add_checkpoint(&log.request(0, 9), 101).unwrap();
    let shown = (answer.status, answer.media_type, answer.body.as_str());
    assert_eq!(shown, (409, "text/x.tlog.size", "6\n"));
    let answer = witness.add_checkpoint(&log.request(6, 9), 101).unwrap();
    assert_eq!(answer.status, 200);
    let shown = witness.checkpoint(&hash).unwrap().unwrap();
    let keys = [log.key.verifier_key()];
    assert_eq!(Checkpoint::open(&shown, ORIGIN, &keys).unwrap().size(), 9);
    let note = Note::parse(&shown).unwrap();
    assert_eq!(cosignatures(&note, &[witness.witness_key()]).unwrap()[0].time, 101);
    assert!(shown.ends_with(&answer.body), "what was answered is what is shown");
    // The same again: a new time, the same tree.
    assert_eq!(witness.add_checkpoint(&log.request(9, 9), 102).unwrap().status, 200);
    // No path is made of what is asked for.
    for hash in ["", "..", "../witness.seed", &hash.to_uppercase(), &origin_hash("else")] {
        assert_eq!(witness.checkpoint(hash).unwrap(), None, "{hash}");
    }
}

#[test]
fn a_clock_that_runs_back_signs_nothing() {
    let folder = made();
    let log = Log::new(ORIGIN, 0);
    let witness = Witness::open(folder.path()).unwrap();
    assert_eq!(witness.add_checkpoint(&log.request(0, 6), 100).unwrap().status, 200);
    let back = witness.add_checkpoint(&log.request(6, 9), 99);
    assert!(matches!(back, Err(WitnessError::Clock { now: 99, last: 100 })));
    assert_eq!(witness.add_checkpoint(&log.request(6, 9), 100).unwrap().status, 200);
}

#[test]
fn a_record_that_was_touched_is_no_beginning() {
    let folder = made();
    let log = Log::new(ORIGIN, 0);
    let witness = Witness::open(folder.path()).unwrap();
    assert_eq!(witness.add_checkpoint(&log.request(0, 6), 100).unwrap().status, 200);
    let path = folder.path().join("state").join(origin_hash(ORIGIN));
    let record = std::fs::read_to_string(&path).unwrap();
    // The log signs what it likes; only the witness's own line makes it a record.
    for bad in [String::new(), log.note(3).to_string(), record.replacen("\n6\n", "\n5\n", 1)] {
        std::fs::write(&path, bad).unwrap();
        let answer = witness.add_checkpoint(&log.request(0, 9), 100);
        assert!(matches!(answer, Err(WitnessError::Corrupt { .. })), "{answer:?}");
    }
}

#[test]
fn forks_are_kept_beside_what_they_contradict() {
    let folder = made();
    let (log, fork) = (Log::new(ORIGIN, 0), Log::new(ORIGIN, 1));
    let witness = Witness::open(folder.path()).unwrap();
    assert_eq!(witness.add_checkpoint(&log.request(0, 9), 100).unwrap().status, 200);
    let ask = |request: &[u8]| {
        let answer = witness.add_checkpoint(request, 101).unwrap();
        (answer.status, answer.evidence)
    };
    let fork_kept = Some((Evidence::Fork, Kept::Yes));
    assert_eq!(ask(&fork.request(9, 9)), (422, fork_kept));
    assert_eq!(ask(&fork.request(9, 9)), (422, fork_kept), "once is enough");
    assert_eq!(ask(&fork.request(9, 12)), (422, Some((Evidence::Doubt, Kept::Yes))));
    assert_eq!(ask(&fork.request(6, 9)), (409, fork_kept));
    assert_eq!(ask(&fork.request(6, 7)), (409, None));
    let found = exhibits(folder.path(), ORIGIN).unwrap();
    let kinds: Vec<_> = found.iter().map(|it| (it.evidence, it.refused.size())).collect();
    assert_eq!(kinds, [(Evidence::Doubt, 12), (Evidence::Fork, 9)]);
    // Both sides are the log's own word: whoever has its key can judge.
    let keys = [log.key.verifier_key()];
    let cosigned = found[1].cosigned.as_ref().unwrap();
    let sides = [found[1].refused.note(), cosigned]
        .map(|it| Checkpoint::open(it.to_string(), ORIGIN, &keys).unwrap());
    assert_eq!(sides[0].size(), sides[1].size());
    assert_ne!(sides[0].root(), sides[1].root());
    // It goes on: the fork is the log's affair.
    assert_eq!(ask(&log.request(9, 12)), (200, None));
}

#[test]
fn evidence_does_not_fill_the_disk() {
    let folder = made();
    let witness = Witness::open(folder.path()).unwrap();
    let request = Log::new(ORIGIN, 0).request(0, 9);
    assert_eq!(witness.add_checkpoint(&request, 100).unwrap().status, 200);
    let mut kept = Vec::new();
    for future in 1..=KEPT_MAX as u64 + 2 {
        let answer = witness.add_checkpoint(&Log::new(ORIGIN, future).request(9, 9), 100).unwrap();
        kept.extend(answer.evidence.map(|it| it.1));
    }
    assert_eq!(kept.iter().filter(|it| **it == Kept::Yes).count(), KEPT_MAX);
    assert_eq!(kept.len(), KEPT_MAX + 2);
    assert_eq!(exhibits(folder.path(), ORIGIN).unwrap().len(), KEPT_MAX);
}

/// The race of tlog-witness: of two requests from one size, the smaller must not undo the larger.
#[test]
fn requests_at_the_same_time_pass_one_by_one() {
    let folder = made();
    let log = Log::new(ORIGIN, 0);
    let witness = Witness::open(folder.path()).unwrap();
    assert_eq!(witness.add_checkpoint(&log.request(0, 6), 100).unwrap().status, 200);
    for round in 0..10 {
        let old = 6 + 3 * round;
        let requests =
            [log.request(old, old + 1), log.request(old, old + 2), log.request(old, old + 3)];
        let barrier = Barrier::new(requests.len());
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let ask = |request: &Vec<u8>| {
                barrier.wait();
                witness.add_checkpoint(request, 100).unwrap().status
            };
            let threads: Vec<_> = requests.iter().map(|it| scope.spawn(move || ask(it))).collect();
            threads.into_iter().map(|it| it.join().unwrap()).collect()
        });
        let passed = statuses.iter().position(|it| *it == 200).unwrap();
        assert_eq!(statuses.iter().filter(|it| **it == 409).count(), 2, "{statuses:?}");
        let size = log_rows(folder.path()).unwrap()[0].cosigned.as_ref().unwrap().0.size();
        assert_eq!(size, old + passed as u64 + 1);
        if size < old + 3 {
            let request = log.request(size, old + 3);
            assert_eq!(witness.add_checkpoint(&request, 100).unwrap().status, 200);
        }
    }
}
