//! The timeline in a terminal.

use crate::picture::{axis_ms, cut, step_ms};
use crate::{Cue, CueSheet, Level, clock::short};

/// Columns of the list beside its title, and the least that a title gets.
const LIST_COLUMNS: usize = 36;
const TITLE_COLUMNS_MIN: usize = 12;

/// A sheet as text of so many columns (40 at least): a lane for each cue that sounds at once with another,
/// marks of the time below, and the list. `█` is in front, `▒` behind, `░` unknown, `·` doubtful.
///
/// ```
/// use cue::{Cue, CueSheet, timeline_text};
///
/// let rain = Cue { start_ms: Some(30_000), length_ms: 60_000, title: "비".into(), ..Cue::default() };
/// let mut sheet = CueSheet { cues: vec![rain], ..CueSheet::default() };
/// sheet.head.length_ms = 120_000;
/// sheet.number();
/// assert!(timeline_text(&sheet, 60).contains("░1░"));
/// ```
#[must_use]
pub fn timeline_text(sheet: &CueSheet, columns: usize) -> String {
    let columns = columns.max(40);
    let axis = axis_ms(sheet);
    let mut out = head(sheet, columns);
    let sure = sheet.cues.iter().zip(sheet.lanes());
    let unsure = CueSheet { cues: sheet.doubtful.clone(), ..CueSheet::default() };
    let lanes = sure.clone().map(|it| it.1 + 1).max().unwrap_or(0);
    let doubts = unsure.lanes();
    let unsure = sheet.doubtful.iter().zip(doubts).map(|(it, lane)| (it, lane + lanes));
    let mut rows: Vec<Vec<char>> = Vec::new();
    for (at, (cue, lane)) in sure.chain(unsure).enumerate() {
        let mark = match cue.level {
            _ if at >= sheet.cues.len() => '·',
            Some(Level::Foreground) => '█',
            Some(Level::Background) => '▒',
            None => '░',
        };
        let Some((start, end)) = cue.span() else { continue };
        if rows.len() <= lane {
            rows.resize(lane + 1, vec![' '; columns]);
        }
        let place = |ms: u64| column(ms, axis, columns);
        let from = place(start).min(columns - 1);
        let until = place(end).clamp(from + 1, columns);
        let bar = &mut rows[lane][from..until];
        bar.fill(mark);
        let number = cue.id.to_string();
        if number.len() + 2 <= bar.len() {
            bar.iter_mut().skip(1).zip(number.chars()).for_each(|(cell, digit)| *cell = digit);
        }
    }
    for row in &rows {
        out += row.iter().collect::<String>().trim_end();
        out.push('\n');
    }
    out += &marks(axis, columns);
    let sure = sheet.cues.iter().map(|it| line(it, "", columns));
    out.extend(sure.chain(sheet.doubtful.iter().map(|it| line(it, "?", columns))));
    out
}

fn head(sheet: &CueSheet, columns: usize) -> String {
    let music = short(sheet.music_ms());
    let whole = if sheet.head.length_ms > 0 {
        format!("music {music} of {}", short(sheet.head.length_ms))
    } else {
        format!("music {music}")
    };
    let name = sheet.head.name();
    let name = if name.is_empty() { "cue sheet".to_owned() } else { name };
    cut(&format!("{name}: {} cues, {whole}", sheet.cues.len()), columns) + "\n"
}

/// The marks of the time: a line, and the times below it.
fn marks(axis: u64, columns: usize) -> String {
    let step = step_ms(axis, u64::try_from(columns / 10).unwrap_or(1));
    let mut line = vec!['─'; columns];
    let mut times = String::new();
    for at in (0..=axis).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        let place = column(at, axis, columns);
        let time = short(at);
        let wanted = place.max(times.len() + usize::from(!times.is_empty()));
        if wanted + time.len() <= columns && place < columns {
            line[place] = '┬';
            times += &" ".repeat(wanted - times.len());
            times += &time;
        }
    }
    format!("{}\n{times}\n", line.into_iter().collect::<String>())
}

fn line(cue: &Cue, sign: &str, columns: usize) -> String {
    let code = cue.code.map_or("--", |it| it.as_str());
    let time = match cue.span() {
        Some((start, end)) => format!("{}–{}", short(start), short(end)),
        None => format!("? +{}", short(cue.length_ms)),
    };
    let sure = cue.confidence_permille.map_or_else(String::new, |it| format!("{} %", it / 10));
    let told = if cue.is_confirmed() { "✓" } else { "" };
    let name = match cue.artist.is_empty() {
        true => cue.name().to_owned(),
        false => format!("{} — {}", cue.name(), cue.artist),
    };
    let room = columns.saturating_sub(LIST_COLUMNS).max(TITLE_COLUMNS_MIN);
    let id = format!("{sign}{}", cue.id);
    let line = format!("{id:>4}  {time:<17} {code:<2} {sure:>5} {told:1}  {}", cut(&name, room));
    line.trim_end().to_owned() + "\n"
}

fn column(ms: u64, axis: u64, columns: usize) -> usize {
    let columns = u64::try_from(columns).unwrap_or(u64::MAX);
    let place = u128::from(ms) * u128::from(columns) / u128::from(axis);
    usize::try_from(place).unwrap_or(usize::MAX)
}
