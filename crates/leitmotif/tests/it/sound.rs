//! Sound, from recordings to what is found in other files.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde_json::Value;
use tempfile::TempDir;

use crate::door::{leitmotif, well};
use crate::music::{faster, lay, noise, part, tune, write};

/// Four recordings of thirty seconds.
static TUNES: LazyLock<Vec<Vec<f32>>> = LazyLock::new(|| (1..=4).map(|it| tune(it, 30)).collect());

/// A folder whose home listens for the recordings in `masters`.
fn listening() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let masters = folder.path().join("masters");
    fs::create_dir(&masters).unwrap();
    for (number, sound) in (1..).zip(TUNES.iter()) {
        write(&masters.join(format!("tune-{number}.wav")), sound, "");
    }
    well(folder.path(), &["audio", "add", "masters"]);
    folder
}

fn parsed(at: &Path, words: &[&str]) -> Value {
    serde_json::from_str(&well(at, words)).unwrap()
}

/// What was found, in short: recording, start and end in seconds, where in the recording, tempo.
fn told(answer: &Value) -> Vec<String> {
    let seconds = |it: &Value| (it.as_f64().unwrap() / 1000.0).round() + 0.0;
    let tell = |it: &Value| {
        let [start, end, own] = ["start_ms", "end_ms", "in_ms"].map(|name| seconds(&it[name]));
        let tempo = it["tempo"].as_f64().unwrap();
        format!("{} {start}..{end} from {own} x{tempo:.2}", it["recording"].as_str().unwrap())
    };
    answer["matches"].as_array().unwrap().iter().map(tell).collect()
}

#[test]
fn sounds_are_added_once() {
    let folder = listening();
    let at = folder.path();
    write(&at.join("masters/copy.wav"), &TUNES[0], "a remark");
    write(&at.join("masters/silence.wav"), &[0.0; 32_000], "");
    fs::write(at.join("masters/cover.jpg"), "no sound").unwrap();
    let again = leitmotif(at, &["audio", "add", "masters", "--json"]);
    assert_eq!(again.code, 3, "{again:?}");
    let again: Value = serde_json::from_str(&again.out).unwrap();
    let outcome = |it: &Value| {
        let file = Path::new(it["file"].as_str().unwrap()).file_name().unwrap();
        format!("{} {}", file.to_string_lossy(), it["outcome"].as_str().unwrap())
    };
    let outcomes: Vec<String> = again.as_array().unwrap().iter().map(outcome).collect();
    let want = [
        "copy.wav same",
        "cover.jpg no-sound",
        "silence.wav refused",
        "tune-1.wav known",
        "tune-2.wav known",
        "tune-3.wav known",
        "tune-4.wav known",
    ];
    assert_eq!(outcomes, want);
    assert!(again[0]["findings"][0].as_str().unwrap().contains("sound-twice"));
    let list = parsed(at, &["audio", "list", "--json"]);
    assert_eq!(list.as_array().unwrap().len(), 4);
    assert_eq!(list[0]["files"].as_array().unwrap().len(), 2);
    assert_eq!(list[0]["seconds"], 30.0);
    let twice = parsed(at, &["audio", "duplicates", "--json"]);
    assert_eq!(twice[0]["sameness"], "files");
    well(at, &["audio", "remove", "tune-1"]);
    assert!(well(at, &["audio", "list"]).contains("3 sounds"));
    assert_eq!(leitmotif(at, &["audio", "show", "tune-1"]).code, 1);
    write(&at.join("new.wav"), &tune(9, 20), "");
    well(at, &["audio", "replace", "tune-2", "new.wav"]);
    assert!(well(at, &["audio", "show", "tune-2"]).contains("0:20"));
    let wrong = leitmotif(at, &["audio", "add", "new.wav", "--recording", "no-such"]);
    assert!(wrong.code == 1 && wrong.err.contains("catalogue has no recording"), "{wrong:?}");
}

#[test]
fn copies_are_identified() {
    let folder = listening();
    let at = folder.path();
    write(&at.join("cropped.wav"), part(&TUNES[1], 8, 22), "");
    write(&at.join("faster.wav"), &faster(part(&TUNES[2], 4, 28), 25.0 / 23.976), "");
    write(&at.join("other.wav"), &tune(77, 15), "");
    assert_eq!(
        told(&parsed(at, &["identify", "cropped.wav", "--json"])),
        ["tune-2 0..14 from 8 x1.00"]
    );
    assert_eq!(
        told(&parsed(at, &["identify", "faster.wav", "--json"])),
        ["tune-3 0..23 from 4 x1.04"]
    );
    let text = well(at, &["identify", "faster.wav", "other.wav"]);
    assert!(text.contains("% faster and higher by as much") && text.contains("no match"), "{text}");
    fs::write(at.join("broken.wav"), "RIFF").unwrap();
    let broken = leitmotif(at, &["identify", "broken.wav", "cropped.wav", "--json"]);
    assert_eq!((broken.code, broken.out.lines().count()), (3, 2), "{broken:?}");
    let line: Value = serde_json::from_str(broken.out.lines().next().unwrap()).unwrap();
    assert!(line["error"].as_str().unwrap().contains("no sound file"), "{line}");
    let empty = tempfile::tempdir().unwrap();
    let nothing = leitmotif(empty.path(), &["identify", "x.wav"]);
    assert!(nothing.code == 1 && nothing.err.contains("audio add"), "{nothing:?}");
}

#[test]
fn evidence_can_be_checked() {
    let folder = listening();
    let at = folder.path();
    write(&at.join("cropped.wav"), part(&TUNES[1], 8, 22), "");
    well(at, &["identify", "cropped.wav", "--evidence", "case"]);
    well(at, &["identify", "cropped.wav", "--evidence", "case"]);
    let pack = at.join("case/cropped");
    let value: Value =
        serde_json::from_slice(&fs::read(pack.join("evidence.json")).unwrap()).unwrap();
    let letter = fs::read_to_string(pack.join("letter.txt")).unwrap();
    for hash in [&value["sha256"], &value["recordings"][0]["sha256"]] {
        let hash = hash.as_str().unwrap();
        assert!(hash.len() == 64 && letter.contains(hash), "{hash}: {letter}");
    }
    assert_eq!(value["recordings"][0]["file_is_unchanged"], true);
    assert!(fs::read(pack.join("match-1.png")).unwrap().starts_with(b"\x89PNG"));
    let picture = fs::read_to_string(pack.join("match-1.svg")).unwrap();
    assert_eq!(picture.matches("<image").count(), 2);
    assert!(at.join("case/cropped-2/letter.txt").exists(), "nothing is written over");
    fs::remove_file(at.join("masters/tune-2.wav")).unwrap();
    well(at, &["identify", "cropped.wav", "--evidence", "gone"]);
    let letter = fs::read_to_string(at.join("gone/cropped/letter.txt")).unwrap();
    assert!(letter.contains("not there any more"), "{letter}");
}

#[test]
fn a_watched_folder_is_heard_once() {
    let folder = listening();
    let at = folder.path();
    fs::create_dir(at.join("incoming")).unwrap();
    write(&at.join("incoming/a.wav"), part(&TUNES[0], 5, 20), "");
    fs::write(at.join("incoming/b.wav"), "RIFF").unwrap();
    let words = ["identify", "--watch", "incoming", "--once", "--every", "0.1"];
    let first = leitmotif(at, &words);
    assert_eq!((first.code, first.out.lines().count()), (0, 2), "{first:?}");
    let line: Value = serde_json::from_str(first.out.lines().next().unwrap()).unwrap();
    assert_eq!(told(&line), ["tune-1 0..15 from 5 x1.00"]);
    write(&at.join("incoming/c.wav"), &tune(78, 10), "");
    let second = leitmotif(at, &words);
    assert_eq!(second.out.lines().count(), 1, "{second:?}");
    assert!(second.out.contains("c.wav"), "{second:?}");
}

#[test]
fn an_episode_becomes_a_cue_sheet() {
    let folder = listening();
    let at = folder.path();
    let mut episode = noise(5, 90);
    lay(&mut episode, 10, part(&TUNES[0], 5, 25), 0.6);
    lay(&mut episode, 50, part(&TUNES[3], 0, 30), 0.6);
    write(&at.join("episode.wav"), &episode, "");
    let heard = parsed(at, &["cue", "detect", "episode.wav", "--json"]);
    assert_eq!(told(&heard), ["tune-1 10..30 from 5 x1.00", "tune-4 50..80 from 0 x1.00"]);
    let shown = well(at, &["cue", "confirm", "episode", "1", "--by", "Kim", "--because", "heard"]);
    assert!(shown.contains("confirmed") && shown.contains("suggested"), "{shown}");
    well(at, &["cue", "reject", "episode", "2", "--by", "Kim"]);
    well(at, &["cue", "detect", "episode.wav"]);
    let sheet = |at: &Path| parsed(at, &["cue", "show", "episode", "--json"]);
    assert_eq!(
        sheet(at)["now"]["cues"].as_array().unwrap().len(),
        1,
        "what was rejected stays away"
    );
    well(at, &["cue", "undo", "episode", "--by", "Kim"]);
    well(at, &["cue", "undo", "episode", "--by", "Kim"]);
    assert_eq!(sheet(at)["now"]["cues"].as_array().unwrap().len(), 2);
    let words = [
        "cue", "change", "episode", "2", "--code", "VV", "--start", "0:50", "--end", "1:20",
        "--by", "Lee",
    ];
    assert!(well(at, &words).contains("VV"));
    assert_eq!(leitmotif(at, &["cue", "confirm", "episode", "9", "--by", "Kim"]).code, 1);
    let history = well(at, &["cue", "show", "episode", "--history"]);
    assert!(history.contains("Lee") && history.contains("heard"), "{history}");
    for (form, begin) in
        [("vtt", "WEBVTT"), ("edl", "TITLE:"), ("svg", "<svg"), ("pro", ""), ("komca", "")]
    {
        let text = well(at, &["cue", "export", "episode", "--form", form]);
        assert!(text.starts_with(begin) && text.contains("tune-4"), "{form}: {text}");
    }
    let cu01 = ["cue", "export", "episode", "--form", "cu01"];
    assert!(leitmotif(at, &cu01).err.contains("--sender"));
    let cu01 = well(at, &[&cu01[..], &["--sender", "PADPIDA2014021001A"]].concat());
    assert!(cu01.starts_with("HEAD") && cu01.contains("CU01"), "{cu01}");
    well(at, &["cue", "export", "episode", "--out", "own.csv"]);
    let same = leitmotif(at, &["cue", "compare", "episode", "own.csv"]);
    assert_eq!(same.code, 0, "{same:?}");
    let text = fs::read_to_string(at.join("own.csv")).unwrap();
    let short: String =
        text.lines().filter(|it| !it.contains("tune-4")).map(|it| format!("{it}\n")).collect();
    fs::write(at.join("short.csv"), short).unwrap();
    well(at, &["cue", "import", "short.csv", "--by", "Kim"]);
    let differs = leitmotif(at, &["cue", "compare", "episode", "short"]);
    assert!(differs.code == 3 && differs.out.contains("tune-4"), "{differs:?}");
    assert!(well(at, &["cue", "list"]).contains("short"));
    let words = ["cue", "post", "episode", "--fee", "1000 KRW", "--licensee", "River"];
    let more = ["--period", "2021-06", "--out", "fee.csv", "--weight", "VV=200"];
    let posted = leitmotif(at, &[&words[..], &more].concat());
    assert!(posted.code == 0 && posted.out.contains("agrees"), "{posted:?}");
    assert!(posted.err.contains("tune-4"), "{posted:?}");
    let reports = parsed(at, &["report", "list", "--json"]);
    let report = reports[0]["report"].as_str().unwrap();
    assert!(well(at, &["report", "withdraw", report]).contains("withdrawn"));
}
