//! A witness that others wrote, asked by our client, if there is one.
//!
//! `LEITMOTIF_WITNESS_URL` says where it is, `LEITMOTIF_WITNESS_KEY` which key it has; it knows the
//! log of these tests by [`KEY`] and has cosigned nothing of it. `cargo xtask interop witness`
//! arranges that.

use std::io::Write as _;
use std::time::Duration;

use tlog::policy::Policy;
use tlog::{Note, WitnessKey};
use witness::{AskError, Endpoint, Given, ask};

use crate::log::Log;

const ORIGIN: &str = "log.example/royalties";

/// What the witness is told about the log; `xtask` has it too.
const KEY: &str = "log.example/royalties+f0ddbbe1+Aess8Tv3rjpfYUFoofsJJy05dx7EuFI3J4FeRmyvjuFj";

#[test]
fn a_strangers_witness_cosigns_for_us() {
    let log = Log::new(ORIGIN, 0);
    assert_eq!(log.key.verifier_key().to_string(), KEY, "`xtask` has the same");
    let told = |name| std::env::var(name).ok();
    let (Some(url), Some(key)) = (told("LEITMOTIF_WITNESS_URL"), told("LEITMOTIF_WITNESS_KEY"))
    else {
        // Written past the test harness, which would keep it to itself.
        let text = "skipped: LEITMOTIF_WITNESS_URL and LEITMOTIF_WITNESS_KEY name no witness";
        writeln!(std::io::stderr(), "{text}").unwrap();
        return;
    };
    let key = WitnessKey::parse(&key).unwrap();
    let endpoint = Endpoint { url: &url, key: &key, timeout: Duration::from_secs(20) };
    let ask_of = |log: &Log, size: u64, old: u64| -> Result<Given, AskError> {
        ask(&endpoint, &log.note(size), old, &|old| Some(log.prove(old, size)))
    };
    let policy = format!("log {KEY}\nwitness w {key}\nquorum w\n");
    let policy = Policy::parse(policy).unwrap();
    // From nothing; from the right size; from a wrong one, which it corrects.
    for (size, old) in [(5, 0), (9, 5), (20, 3), (20, 20)] {
        let given = ask_of(&log, size, old).unwrap();
        let note: Note = log.note(size);
        let mut lines = note.signatures().to_vec();
        lines.push(given.line);
        let judged = policy.judge(&note.with_signatures(lines).unwrap()).unwrap();
        assert!(judged.quorum.met, "{size} from {old}");
        assert_eq!(judged.quorum.time, Some(given.time));
    }
    let behind = ask_of(&log, 12, 12);
    assert!(matches!(behind, Err(AskError::Ahead { seen: 20, size: 12, .. })), "{behind:?}");
    // Another history, of the same size and larger.
    let fork = Log::new(ORIGIN, 1);
    for size in [20, 30] {
        let refused = ask_of(&fork, size, 20);
        assert!(matches!(refused, Err(AskError::Refused { status: 422, .. })), "{refused:?}");
    }
    assert!(ask_of(&log, 30, 20).is_ok(), "the true history goes on");
}
