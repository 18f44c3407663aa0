//! A witness on a disk that fails, at each step and in both forms: failed and not written, failed
//! but written; and what is left of it after the power went.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tlog::{
    AddCheckpoint, Checkpoint, Hash, MemoryTiles, Note, SigningKey, leaf_hash, prove_consistency,
    root,
};

use crate::disk::Disk;
use crate::error::WitnessError;
use crate::serve::Witness;

const ORIGIN: &str = "log.example";

/// How a step of the disk fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    NotWritten,
    Written,
}

/// What is left when the power goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Crash {
    /// Nothing that was not synced.
    Nothing,
    /// Every name, but no bytes that were not synced.
    Names,
    /// All of it.
    Everything,
}

/// A file's bytes as they are seen, and as they are at rest.
#[derive(Clone, Debug, Default)]
struct Bytes {
    seen: Vec<u8>,
    at_rest: Vec<u8>,
}

/// A disk that keeps apart what is seen and what is at rest.
#[derive(Clone, Debug, Default)]
struct Model {
    files: Vec<Bytes>,
    seen: BTreeMap<String, usize>,
    at_rest: BTreeMap<String, usize>,
    steps: usize,
    fault: Option<(usize, Form)>,
}

#[derive(Clone, Debug, Default)]
struct ModelDisk(Arc<Mutex<Model>>);

impl Model {
    fn step(&mut self, act: impl FnOnce(&mut Self) -> io::Result<()>) -> io::Result<()> {
        let at = self.steps;
        self.steps += 1;
        match self.fault {
            Some((step, Form::NotWritten)) if step == at => Err(io::Error::other("not written")),
            Some((step, Form::Written)) if step == at => {
                act(self)?;
                Err(io::Error::other("written all the same"))
            }
            _ => act(self),
        }
    }

    fn crash(&mut self, crash: Crash) {
        match crash {
            Crash::Everything => {}
            Crash::Names => self.files.iter_mut().for_each(|it| it.seen = it.at_rest.clone()),
            Crash::Nothing => {
                self.seen = self.at_rest.clone();
                self.files.iter_mut().for_each(|it| it.seen = it.at_rest.clone());
            }
        }
        for file in &mut self.files {
            file.at_rest = file.seen.clone();
        }
        self.at_rest = self.seen.clone();
        self.fault = None;
    }
}

impl Disk for ModelDisk {
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(name)
    }

    fn read(&self, name: &str) -> io::Result<Option<Vec<u8>>> {
        let model = self.0.lock().unwrap();
        Ok(model.seen.get(name).map(|file| model.files[*file].seen.clone()))
    }

    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let model = self.0.lock().unwrap();
        let names = model.seen.keys().filter_map(|it| it.strip_prefix(folder)?.strip_prefix('/'));
        Ok(names.map(str::to_owned).collect())
    }

    fn make_folder(&self, _: &str) -> io::Result<()> {
        self.0.lock().unwrap().step(|_| Ok(()))
    }

    fn write(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.0.lock().unwrap().step(|model| {
            let next = model.files.len();
            let file = *model.seen.entry(name.to_owned()).or_insert(next);
            if file == next {
                model.files.push(Bytes::default());
            }
            model.files[file].seen = bytes.to_vec();
            Ok(())
        })
    }

    fn sync(&self, name: &str) -> io::Result<()> {
        self.0.lock().unwrap().step(|model| {
            let file = model.seen[name];
            model.files[file].at_rest = model.files[file].seen.clone();
            Ok(())
        })
    }

    fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.0.lock().unwrap().step(|model| {
            let file = model.seen.remove(from).ok_or(io::ErrorKind::NotFound)?;
            model.seen.insert(to.to_owned(), file);
            Ok(())
        })
    }

    fn sync_folder(&self, folder: &str) -> io::Result<()> {
        self.0.lock().unwrap().step(|model| {
            let inside = |name: &String| name.rsplit_once('/').map_or("", |it| it.0) == folder;
            model.at_rest.retain(|name, _| !inside(name));
            let names = model.seen.iter().filter(|(name, _)| inside(name));
            model.at_rest.extend(names.map(|(name, file)| (name.clone(), *file)));
            Ok(())
        })
    }
}

/// A log with two futures from leaf 5 on.
struct Log {
    futures: [MemoryTiles; 2],
    key: SigningKey,
}

impl Log {
    fn new() -> Self {
        let future = |other: bool| {
            let leaf = |it: u64| leaf_hash(format!("{it} {}", other && it >= 5).as_bytes());
            let mut tiles = MemoryTiles::new();
            tiles.append(&(0..20).map(leaf).collect::<Vec<Hash>>()).unwrap();
            tiles
        };
        let key = SigningKey::from_seed(ORIGIN, [7; 32].into()).unwrap();
        Self { futures: [future(false), future(true)], key }
    }

    fn root(&self, future: usize, size: u64) -> Hash {
        root(size, &self.futures[future]).unwrap()
    }

    fn request(&self, future: usize, old: u64, new: u64) -> String {
        let tiles = &self.futures[future];
        let proof = if old == 0 { Vec::new() } else { prove_consistency(old, new, tiles).unwrap() };
        let checkpoint = Checkpoint::new(ORIGIN, new, self.root(future, new)).unwrap();
        let note = checkpoint.sign(&[&self.key]).unwrap();
        AddCheckpoint::new(old, proof, note).unwrap().to_string()
    }
}

/// A witness's disk with a key and one log, all of it at rest.
fn made(log: &Log) -> ModelDisk {
    let disk = ModelDisk::default();
    let logs = format!("log {}\n", log.key.verifier_key());
    let files =
        [("witness.seed", vec![9; 32]), ("witness.name", b"w\n".to_vec()), ("logs", logs.into())];
    for (name, bytes) in files {
        disk.write(name, &bytes).unwrap();
    }
    disk.0.lock().unwrap().crash(Crash::Everything);
    disk
}

/// What the witness signed and answered.
#[derive(Default)]
struct Answered(Vec<(u64, Hash)>);

impl Answered {
    /// Sends the checkpoint of `new` leaves as a client does: told another size, it asks again.
    fn ask(&mut self, witness: &Witness, log: &Log, future: usize, new: u64) -> Option<u16> {
        let mut old = 0;
        loop {
            let answer =
                witness.add_checkpoint(log.request(future, old, new).as_bytes(), 50).ok()?;
            match answer.body.trim_end().parse() {
                Ok(told) if answer.status == 409 && told <= new => old = told,
                _ => {
                    if answer.status == 200 {
                        self.0.push((new, log.root(future, new)));
                    }
                    return Some(answer.status);
                }
            }
        }
    }

    fn lies_on_one_history(&self, log: &Log) -> bool {
        [0, 1].iter().any(|future| self.0.iter().all(|it| log.root(*future, it.0) == it.1))
    }
}

#[test]
fn a_write_that_fails_signs_no_second_history() {
    let log = Log::new();
    // A write takes four steps; the fifth plan is a run without a fault.
    let (mut faults, mut forked) = (0, 0);
    for (step, form, crash) in (0..5).flat_map(|step| {
        [Form::NotWritten, Form::Written].into_iter().flat_map(move |form| {
            [Crash::Nothing, Crash::Names, Crash::Everything].map(|crash| (step, form, crash))
        })
    }) {
        let plan = format!("{step} {form:?} {crash:?}");
        let disk = made(&log);
        let mut answered = Answered::default();
        let witness = Witness::on(Box::new(disk.clone())).unwrap();
        assert_eq!(answered.ask(&witness, &log, 0, 5), Some(200), "{plan}");
        {
            let mut model = disk.0.lock().unwrap();
            model.fault = Some((model.steps + step, form));
        }
        let status = answered.ask(&witness, &log, 0, 8);
        assert_eq!(status, (step == 4).then_some(200), "{plan}");
        if step < 4 {
            faults += 1;
            let again = witness.add_checkpoint(log.request(1, 5, 8).as_bytes(), 50);
            assert!(matches!(again, Err(WitnessError::Stopped)), "{plan}");
        }
        drop(witness);
        disk.0.lock().unwrap().crash(crash);

        let witness = Witness::on(Box::new(disk.clone())).unwrap();
        let hash = crate::origin_hash(ORIGIN);
        let record = witness.checkpoint(&hash).unwrap().expect("size 5 was answered");
        let record = Checkpoint::parse(Note::parse(record).unwrap().text()).unwrap();
        let last = answered.0.last().unwrap();
        assert!(record.size() >= last.0, "{plan}: answered before it was at rest");
        // The log now shows its other future; then the first again.
        let other = answered.ask(&witness, &log, 1, 8);
        let first = answered.ask(&witness, &log, 0, 9);
        assert!([other, first].contains(&Some(200)) && other != first, "{plan}: one of the two");
        forked += usize::from(other == Some(200));
        assert!(answered.lies_on_one_history(&log), "{plan}");
        disk.0.lock().unwrap().crash(Crash::Nothing);
        let record = Witness::on(Box::new(disk)).unwrap().checkpoint(&hash).unwrap().unwrap();
        let record = Checkpoint::parse(Note::parse(record).unwrap().text()).unwrap();
        assert_eq!(record.size(), answered.0.last().unwrap().0, "{plan}");
    }
    assert_eq!(faults, 24);
    assert!(forked > 0 && forked < 24, "both futures were met: {forked}");
}

#[test]
fn evidence_that_cannot_be_kept_is_asked_for_again() {
    let log = Log::new();
    let steps = 2 * 2 + 2 * 4;
    for (step, form) in (0..=steps).flat_map(|it| [(it, Form::NotWritten), (it, Form::Written)]) {
        let disk = made(&log);
        let witness = Witness::on(Box::new(disk.clone())).unwrap();
        let mut answered = Answered::default();
        assert_eq!(answered.ask(&witness, &log, 0, 8), Some(200));
        {
            let mut model = disk.0.lock().unwrap();
            model.fault = Some((model.steps + step, form));
        }
        let fork = log.request(1, 8, 8);
        let answer = witness.add_checkpoint(fork.as_bytes(), 50);
        assert_eq!(answer.is_ok(), step == steps, "{step} {form:?}");
        disk.0.lock().unwrap().fault = None;
        // Refusing needs no disk: the witness goes on, and keeps the fork when it comes again.
        let answer = witness.add_checkpoint(fork.as_bytes(), 50).unwrap();
        assert_eq!(answer.status, 422);
        let names = disk.list(&format!("evidence/{}", crate::origin_hash(ORIGIN))).unwrap();
        let whole = names.iter().filter(|it| it.ends_with(".refused")).count();
        assert_eq!(whole, 1, "{step} {form:?}");
        assert_eq!(answered.ask(&witness, &log, 0, 9), Some(200));
    }
}
