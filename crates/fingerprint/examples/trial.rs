//! trial (temporary): raw f32 16k files -> search
use fingerprint::*;
use std::io::Read;
fn pcm(p: &str) -> Vec<f32> {
    let mut b = Vec::new();
    std::fs::File::open(p).unwrap().read_to_end(&mut b).unwrap();
    b.chunks_exact(4).map(|c| f32::from_le_bytes(c.try_into().unwrap())).collect()
}
fn hear(p: &str) -> Map {
    let mut e = Ear::new();
    e.push(&pcm(p), |_| ());
    e.finish(|_| ())
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let list = |d: &str| {
        let mut v: Vec<String> = std::fs::read_dir(d)
            .unwrap()
            .map(|e| e.unwrap().path().display().to_string())
            .filter(|p| p.ends_with(".f32"))
            .collect();
        v.sort();
        v
    };
    let t = std::time::Instant::now();
    let refs = list(&a[1]);
    let prints: Vec<(Print, landmark::Landmarks)> = refs
        .iter()
        .map(|r| {
            let m = hear(r);
            (Print::new(&m), landmark::Landmarks::new(&m))
        })
        .collect();
    let frames: usize = prints.iter().map(|p| p.0.view().frames()).sum();
    eprintln!("{} refs {:.2} h in {:.2?}", refs.len(), frames as f64 * 0.064 / 3600.0, t.elapsed());
    let t = std::time::Instant::now();
    let files = list(&a[2]);
    let queries: Vec<Query> = files.iter().map(|f| Query::new(&hear(f))).collect();
    let asked: Vec<&Query> = queries.iter().collect();
    eprintln!("{} queries heard in {:.2?}", files.len(), t.elapsed());
    let t = std::time::Instant::now();
    let s = Search::new(&prints[..]);
    let s = match std::env::var("EXH") {
        Ok(h) => s.exhaustive_to(h.parse().unwrap()),
        _ => s,
    };
    let least: f32 = a.get(3).map_or(0.05, |s| s.parse().unwrap());
    let ask = Ask { confidence: least, threads: 1 };
    let speed = match a.get(4).map(String::as_str) {
        Some("any") => Speed::Any,
        Some("broadcast") => Speed::Broadcast,
        _ => Speed::Recorded,
    };
    let found: Vec<Vec<Found>> = s.identify(&asked, speed, &ask);
    let secs: f64 = queries.iter().map(|q| q.frames() as f64 * 0.064).sum();
    eprintln!(
        "searched {:.1} min in {:.2?}: {:.0}x",
        secs / 60.0,
        t.elapsed(),
        secs / t.elapsed().as_secs_f64()
    );
    let stem =
        |p: &str| std::path::Path::new(p).file_stem().unwrap().to_string_lossy().into_owned();
    for (f, found) in files.iter().zip(&found) {
        let ms: Vec<String> = found.iter().map(|m| format!("{{\"recording\":{:?},\"start_ms\":{},\"end_ms\":{},\"in_ms\":{},\"tempo\":{:.4},\"pitch_cents\":{},\"z\":{:.2},\"b\":{:.4},\"confidence\":{:.3},\"alt\":{:?}}}", stem(&refs[m.slot as usize]), m.start_ms, m.end_ms, m.in_ms, m.tempo, m.pitch_cents, m.z, m.strength, m.confidence, m.alternatives.iter().map(|a| format!("{} {:.3}", stem(&refs[a.0 as usize]), a.1)).collect::<Vec<_>>())).collect();
        println!("{{\"file\":{:?},\"matches\":[{}]}}", stem(f), ms.join(","));
    }
}
