//! How fast a million lines become cells; run with `--release -- --ignored --nocapture speed`.

use std::time::Instant;

use ident::RecordingId;
use lake::Filter;
use money::Atoms;
use usage::{Line, Target};

use crate::fixture::{REPORT, lake, line};

const LINES: u64 = 1_000_000;
const RECORDINGS: u64 = 50_000;

fn synthetic(number: u64) -> Line {
    // a full-period generator: neighbours are far apart
    let mixed = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695) >> 20;
    let recording = mixed % RECORDINGS;
    let mut line = line(number);
    line.transaction = format!("20210601-{mixed:012x}");
    line.territory = ["KR", "JP", "US", "TW"][usize::try_from(mixed % 4).unwrap()].to_owned();
    line.commercial_model = ["SubscriptionModel", "AdvertisementSupportedModel"]
        [usize::from(mixed.is_multiple_of(7))]
    .to_owned();
    line.isrc = format!("KRA0121{recording:05}");
    line.icpn = format!("88091234{:05}", recording / 12);
    line.resource_id = format!("res-{recording}");
    line.title = format!("A title of usual length {recording}");
    line.artist = format!("Artist {}", recording / 40);
    line.usages = Atoms::from_units(i64::try_from(mixed % 1000).unwrap());
    line.amount = Atoms::from_raw(i128::from(mixed) << 20);
    line
}

#[test]
#[ignore = "a measurement, not a check"]
fn speed() {
    let (_folder, lake) = lake();
    let lines: Vec<Line> = (1..=LINES).map(synthetic).collect();
    let start = Instant::now();
    let mut writer = lake.begin(REPORT).unwrap();
    for line in &lines {
        writer.push(line).unwrap();
    }
    let staged = writer.finish().unwrap();
    lake.commit(&staged).unwrap();
    let written = start.elapsed();
    let bytes: u64 = staged.files.iter().map(|entry| entry.bytes).sum();

    let start = Instant::now();
    let mut asked = 0;
    let cells = lake
        .cells(&staged.files, &Filter::all(), &mut |identity| {
            asked += 1;
            Target::Recording(RecordingId::parse(&identity.isrc.to_lowercase()).unwrap())
        })
        .unwrap();
    let reduced = start.elapsed();

    let start = Instant::now();
    assert_eq!(lake.verify(&staged.files).unwrap(), []);
    let verified = start.elapsed();
    println!("{LINES} lines, {bytes} bytes, {asked} identities, {} cells", cells.len());
    println!("written {written:?}, reduced {reduced:?}, verified {verified:?}");
}
