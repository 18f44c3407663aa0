//! The sheet that ASCAP and BMI ask for.
//!
//! What they ask for is public: the programme's head; and of each cue its place, title, usage, length,
//! writers and publishers with their society and share. The names and order of the columns are ours,
//! after sheets that composers publish; it is not the upload template of `RapidCue`, which asks for
//! the same in its own cells. Time in and time out are ours too: they let the sheet be read back exactly.

use money::{Atoms, Ratio};

use crate::export::decimal;
use crate::table::{Column, Table, number, text};
use crate::{Credit, CueSheet, Lookup, clock, clock::short};

const COLUMNS: &[Column] = &[
    number("Seq #", 6),
    text("Cue Title", 28),
    text("Usage", 7),
    text("Duration", 10),
    text("Time In", 13),
    text("Time Out", 13),
    text("Composer", 24),
    text("Role", 6),
    text("Composer Affiliation", 12),
    text("Composer IPI", 14),
    text("Composer Share", 10),
    text("Publisher", 24),
    text("Publisher Affiliation", 12),
    text("Publisher IPI", 14),
    text("Publisher Share", 10),
    text("Artist", 22),
    text("ISRC", 14),
    text("ISWC", 14),
    text("Recording", 18),
];

/// A sheet as the societies of the United States ask for it.
///
/// A cue has a row, and one more for each further writer or publisher. Shares of writers and of publishers each add up to 100; where the
/// catalogue does not tell them, they are left empty, not guessed.
#[must_use]
pub fn pro_table(sheet: &CueSheet, lookup: &Lookup<'_>) -> Table {
    let head = &sheet.head;
    let count = |it: Option<u16>| it.map(|it| it.to_string()).unwrap_or_default();
    let mut rows = Vec::new();
    for (at, cue) in (1..).zip(&sheet.cues) {
        let at: u32 = at;
        let credits = lookup.credits(cue);
        let title = if cue.title.is_empty() { &credits.title } else { &cue.title };
        let artist = if cue.artist.is_empty() { &credits.artist } else { &cue.artist };
        let time = |it: Option<u64>| it.map(clock).unwrap_or_default();
        let lines = credits.writers.len().max(credits.publishers.len()).max(1);
        let shares = [percent(&credits.writers), percent(&credits.publishers)];
        for line in 0..lines {
            let first = |it: String| if line == 0 { it } else { String::new() };
            let writer = cells(credits.writers.get(line), shares[0].get(line));
            let publisher = cells(credits.publishers.get(line), shares[1].get(line));
            let [publisher, _, affiliation, ipi, share] = publisher;
            let mut row = vec![
                first(at.to_string()),
                first(title.clone()),
                first(cue.code.map(|it| it.to_string()).unwrap_or_default()),
                first(short(cue.length_ms)),
                first(time(cue.start_ms)),
                first(time(cue.end_ms())),
            ];
            row.extend(writer);
            row.extend([publisher, affiliation, ipi, share]);
            row.extend([
                first(artist.clone()),
                first(credits.isrc.clone()),
                first(credits.iswcs.join(" ")),
                first(cue.recording.clone()),
            ]);
            rows.push(row);
        }
    }
    let head = vec![
        ("Series / Film Title", head.title.clone()),
        ("Production Id", head.production.clone()),
        ("Season", count(head.season)),
        ("Episode Number", count(head.episode)),
        ("Episode Title", head.episode_title.clone()),
        ("Air Date", head.aired.map(|it| it.to_string()).unwrap_or_default()),
        ("Show Length", clock(head.length_ms)),
        ("Music Length", clock(sheet.music_ms())),
        ("Prepared By", head.provider.clone()),
    ];
    Table { head, columns: COLUMNS, rows, marked: true }
}

/// Name, role, society, IPI and share.
fn cells(credit: Option<&Credit>, share: Option<&String>) -> [String; 5] {
    let Some(Credit { name, role, society, ipi, .. }) = credit else { return Default::default() };
    let share = share.cloned().unwrap_or_default();
    [name.clone(), role.clone(), society.clone(), ipi.clone(), share]
}

/// What of a hundred each of one side has, with two decimals that add up to it; nothing where a share of
/// one of them is not known.
fn percent(side: &[Credit]) -> Vec<String> {
    let shares: Option<Vec<Ratio>> = side.iter().map(|it| it.share).collect();
    let Some(shares) = shares else { return Vec::new() };
    // One denominator for all, so that the numerators are weights.
    let whole = shares.iter().try_fold(1_u128, |whole, it| lcm(whole, it.den()));
    let weight = |it: &Ratio| it.num().checked_mul(whole? / it.den());
    let weights: Option<Vec<u128>> = shares.iter().map(weight).collect();
    let parts = weights.and_then(|it| money::allocate(Atoms::from_raw(10_000), &it).ok());
    let hundredths = parts.unwrap_or_default().into_iter().map(|it| i64::try_from(it.raw()));
    hundredths.map(|it| decimal(it.unwrap_or(0), 2)).collect()
}

fn lcm(a: u128, b: u128) -> Option<u128> {
    let (mut x, mut y) = (a, b);
    while y > 0 {
        (x, y) = (y, x % y);
    }
    (a / x.max(1)).checked_mul(b)
}

#[cfg(test)]
mod tests {
    use money::Ratio;

    use super::percent;
    use crate::Credit;

    #[test]
    fn a_side_adds_up_to_a_hundred() {
        let side = |shares: &[(u128, u128)]| -> Vec<Credit> {
            let share = |it: &(u128, u128)| Ratio::new(it.0, it.1);
            shares.iter().map(|it| Credit { share: share(it), ..Credit::default() }).collect()
        };
        assert_eq!(percent(&side(&[(1, 6), (1, 6), (1, 6)])), ["33.34", "33.33", "33.33"]);
        assert_eq!(percent(&side(&[(5, 12), (2, 12)])), ["71.43", "28.57"]);
        assert!(percent(&side(&[(1, 2), (1, 0)])).is_empty());
        assert!(percent(&[]).is_empty());
    }
}
