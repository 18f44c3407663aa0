//! A log, its witnesses, and a policy over both: asked, answered, judged.

use std::time::Duration;

use app::witness::{AskError, Evidence, add_log, ask_witnesses, evidence, key};
use tlog::policy::Policy;
use tlog::{
    AddCheckpoint, Checkpoint, Hash, MemoryTiles, Note, SigningKey, leaf_hash, prove_consistency,
    root,
};
use web::Limits;

use crate::visitors::{Served, ask, serve};

const ORIGIN: &str = "log.example/royalties";

struct Log {
    key: SigningKey,
    tiles: MemoryTiles,
}

impl Log {
    fn new(future: &str) -> Self {
        let mut tiles = MemoryTiles::new();
        let leaves: Vec<Hash> =
            (0..20).map(|it| leaf_hash(format!("{it}{future}").as_bytes())).collect();
        tiles.append(&leaves).unwrap();
        Self { key: SigningKey::from_seed(ORIGIN, [3; 32].into()).unwrap(), tiles }
    }

    fn note(&self, size: u64) -> Note {
        let root = root(size, &self.tiles).unwrap();
        Checkpoint::new(ORIGIN, size, root).unwrap().sign(&[&self.key]).unwrap()
    }

    fn request(&self, old: u64, new: u64) -> String {
        let proof =
            if old == 0 { Vec::new() } else { prove_consistency(old, new, &self.tiles).unwrap() };
        AddCheckpoint::new(old, proof, self.note(new)).unwrap().to_string()
    }

    fn prove(&self, new: u64) -> impl Fn(u64) -> Option<Vec<Hash>> + Sync {
        move |old| prove_consistency(old, new, &self.tiles).ok()
    }
}

fn policy(log: &Log, witnesses: &[&Served]) -> Policy {
    let mut text = format!("log {}\n", log.key.verifier_key());
    let mut names = String::new();
    for (number, it) in (1..).zip(witnesses) {
        let key = key(it.folder.path()).unwrap();
        text.push_str(&format!("witness w{number} {key} http://{}\n", it.address));
        names.push_str(&format!(" w{number}"));
    }
    Policy::parse(format!("{text}group g 2{names}\nquorum g\n")).unwrap()
}

#[test]
fn two_of_three_witnesses_make_a_quorum() {
    let log = Log::new("");
    let witnesses = [serve(Limits::default()), serve(Limits::default()), serve(Limits::default())];
    // The third does not know the log.
    for it in &witnesses[..2] {
        assert!(add_log(it.folder.path(), &log.key.verifier_key()).unwrap());
    }
    let policy = policy(&log, &witnesses.iter().collect::<Vec<_>>());
    let timeout = Duration::from_secs(10);
    for (size, old) in [(5, 0), (9, 5), (20, 0)] {
        let asked =
            ask_witnesses(&policy, &log.note(size), old, &log.prove(size), timeout).unwrap();
        let judged = policy.judge_bytes(asked.note.to_string()).unwrap();
        assert!(judged.quorum.met && judged.quorum.have == 2, "{judged:?}");
        assert_eq!(judged.checkpoint.size(), size);
        let third = asked.answers[2].1.as_ref().unwrap_err();
        assert!(matches!(third, AskError::Refused { status: 404, .. }), "{third}");
    }
    // A monitor sees what was cosigned.
    let hash = app::witness::origin_hash(ORIGIN);
    let (status, note) = ask(witnesses[0].address, "GET", &format!("/{hash}/checkpoint"), "");
    assert_eq!(status, 200);
    assert_eq!(policy.judge_bytes(&note).unwrap().witnesses[0].name, "w1");
}

#[test]
fn the_statuses_of_the_document_go_over_the_wire() {
    let (log, fork) = (Log::new(""), Log::new("*"));
    let served = serve(Limits::default());
    let post = |body: &str| ask(served.address, "POST", "/add-checkpoint", body);
    assert_eq!(post(&log.request(0, 5)).0, 404);
    add_log(served.folder.path(), &log.key.verifier_key()).unwrap();
    let (status, line) = post(&log.request(0, 5));
    assert!(
        status == 200 && line.starts_with("\u{2014} witness.example/w ") && line.ends_with('\n')
    );
    assert_eq!(post(&log.request(0, 9)), (409, "5\n".to_owned()));
    assert_eq!(post(&log.request(5, 9)).0, 200);
    assert_eq!(post(&log.request(9, 9)).0, 200);
    assert_eq!(post(&fork.request(9, 9)).0, 422);
    assert_eq!(post(&fork.request(9, 12)).0, 422);
    assert_eq!(post("old 0\n").0, 400);
    let body = log.request(9, 12);
    let spoiled = body.replacen("\n12\n", "\n13\n", 1);
    assert_eq!(post(&spoiled).0, 403);
    let kept = evidence(served.folder.path()).unwrap();
    let kinds: Vec<Evidence> = kept[0].1.iter().map(|it| it.evidence).collect();
    assert_eq!(kinds, [Evidence::Doubt, Evidence::Fork]);
    let told = served.told.lock().unwrap();
    assert!(told.iter().all(|it| it.failure.is_none()));
    assert_eq!(told.last().unwrap().answer.status, 403);
}

#[test]
fn a_failure_is_told_to_the_operator_alone() {
    let log = Log::new("");
    let served = serve(Limits::default());
    add_log(served.folder.path(), &log.key.verifier_key()).unwrap();
    std::fs::write(served.folder.path().join("logs"), "nonsense\n").unwrap();
    let (status, said) = ask(served.address, "POST", "/add-checkpoint", &log.request(0, 5));
    assert_eq!(
        (status, said.as_str()),
        (500, "the witness cannot sign at present; its operator was told why\n")
    );
    let failure = served.told.lock().unwrap().last().unwrap().failure.clone().unwrap();
    assert!(failure.contains("the file `logs` is refused: line 1"), "{failure}");
}
