//! The timeline as a picture (SVG 1.1), light or dark as the reader's screen is.

use std::fmt::Write as _;

use crate::picture::{axis_ms, cut, step_ms};
use crate::{Cue, CueSheet, Level, clock::short};

/// Sizes, in pixels of the picture.
const WIDTH: u64 = 1200;
const EDGE: u64 = 16;
const LANE: u64 = 30;
const LINE: u64 = 20;
const LETTER: u64 = 7;
const LIST_COLUMNS: u64 = 3;

const STYLE: &str = "<style>\
:root{color-scheme:light dark}\
.page{fill:#fff}.ink{fill:#1c1e21}.faint{fill:#60656c}.rule{stroke:#c9ced6}\
.front{fill:#c2410c}.back{fill:#2f6db3}.some{fill:#6b7280}.doubt{fill:none;stroke:#6b7280;stroke-dasharray:4 3}\
.on{fill:#fff}text{font:13px Pretendard,'Noto Sans KR',system-ui,sans-serif}.big{font-size:17px;font-weight:600}\
@media(prefers-color-scheme:dark){.page{fill:#15181c}.ink{fill:#e8eaed}.faint{fill:#9aa1aa}.rule{stroke:#3a4048}\
.front{fill:#ea7a3d}.back{fill:#5b9be0}.some{fill:#8b929c}.on{fill:#101214}}\
</style>";

/// A sheet as a picture: lanes for what sounds at once, the time below, and the list with the numbers
/// that stand in the bars.
///
/// Cues in front are orange, those behind blue, those of unknown level grey,
/// doubtful ones dashed.
#[must_use]
pub fn timeline_svg(sheet: &CueSheet) -> String {
    let axis = axis_ms(sheet);
    let unsure = CueSheet { cues: sheet.doubtful.clone(), ..CueSheet::default() };
    let (sure, doubts) = (sheet.lanes(), unsure.lanes());
    let count = |lanes: &[usize]| lanes.iter().max().map_or(0, |it| it + 1);
    let lanes = as_px(count(&sure) + count(&doubts)).max(1);
    let top = 56;
    let below = top + lanes * LANE + 8;
    let listed = as_px(sheet.cues.len() + sheet.doubtful.len());
    let rows = listed.div_ceil(LIST_COLUMNS);
    let height = below + 48 + rows * LINE + EDGE;
    let name = escaped(&sheet.head.name());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\">\
         <title>{name}</title>{STYLE}<rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\"/>\n"
    );
    head(&mut out, sheet, &name);
    marks(&mut out, axis, top, below);
    let first_doubt = as_px(count(&sure));
    for (cues, lanes, first, is_doubtful) in
        [(&sheet.cues, sure, 0, false), (&sheet.doubtful, doubts, first_doubt, true)]
    {
        for (at, (cue, lane)) in cues.iter().zip(&lanes).enumerate() {
            // Up to where a number may stand beside its bar.
            let mut after = cues.iter().zip(&lanes).skip(at + 1).filter(|it| it.1 == lane);
            let next = after.find_map(|it| it.0.start_ms).map_or(WIDTH, |it| place(it, axis));
            let y = top + (first + as_px(*lane)) * LANE;
            bar(&mut out, cue, (axis, y, next), is_doubtful);
        }
    }
    list(&mut out, sheet, below + 56, rows.max(1));
    out + "</svg>\n"
}

fn head(out: &mut String, sheet: &CueSheet, name: &str) {
    let music = short(sheet.music_ms());
    let whole = match sheet.head.length_ms {
        0 => String::new(),
        length => format!(" of {}", short(length)),
    };
    let cues = sheet.cues.len();
    let _ = writeln!(
        out,
        "<text class=\"ink big\" x=\"{EDGE}\" y=\"26\">{name}</text>\
         <text class=\"faint\" x=\"{EDGE}\" y=\"46\">{cues} cues, music {music}{whole}</text>"
    );
    let legend = [("front", "in front"), ("back", "behind"), ("some", "level unknown")];
    for (at, (class, words)) in (0_u64..).zip(legend) {
        let x = WIDTH - EDGE - 400 + at * 100;
        let _ = writeln!(
            out,
            "<rect class=\"{class}\" x=\"{x}\" y=\"14\" width=\"12\" height=\"12\" rx=\"2\"/>\
             <text class=\"faint\" x=\"{}\" y=\"25\">{words}</text>",
            x + 17
        );
    }
    let x = WIDTH - EDGE - 72;
    let _ = writeln!(
        out,
        "<rect class=\"doubt\" x=\"{x}\" y=\"14\" width=\"12\" height=\"12\" rx=\"2\"/>\
         <text class=\"faint\" x=\"{}\" y=\"25\">doubtful</text>",
        x + 17
    );
}

fn marks(out: &mut String, axis: u64, top: u64, below: u64) {
    let step = usize::try_from(step_ms(axis, 16)).unwrap_or(usize::MAX);
    for at in (0..=axis).step_by(step) {
        let x = place(at, axis);
        let anchor = match x {
            EDGE => "start",
            x if x + 24 > WIDTH - EDGE => "end",
            _ => "middle",
        };
        let _ = writeln!(
            out,
            "<line class=\"rule\" x1=\"{x}\" x2=\"{x}\" y1=\"{top}\" y2=\"{below}\"/>\
             <text class=\"faint\" x=\"{x}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            below + 18,
            short(at)
        );
    }
}

fn bar(out: &mut String, cue: &Cue, (axis, y, next): (u64, u64, u64), is_doubtful: bool) {
    let Some((start, end)) = cue.span() else { return };
    let (from, until) = (place(start, axis), place(end, axis));
    let width = until.saturating_sub(from).max(2);
    let class = match cue.level {
        _ if is_doubtful => "doubt",
        Some(Level::Foreground) => "front",
        Some(Level::Background) => "back",
        None => "some",
    };
    let tip = escaped(&told(cue, is_doubtful));
    let _ = write!(
        out,
        "<g><title>{tip}</title><rect class=\"{class}\" x=\"{from}\" y=\"{y}\" width=\"{width}\" \
         height=\"{}\" rx=\"3\"/>",
        LANE - 6
    );
    let room = usize::try_from(width.saturating_sub(4) / LETTER).unwrap_or(0);
    let id = cue.id.to_string();
    if room >= id.len() {
        let label =
            if room >= id.len() + 4 { cut(&format!("{id} {}", cue.name()), room) } else { id };
        let ink = if is_doubtful { "faint" } else { "on" };
        let (x, y) = (from + 3, y + 17);
        let _ = write!(out, "<text class=\"{ink}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(&label));
    } else if from + width + as_px(id.len()) * (LETTER + 1) + 4 < next {
        let (x, y) = (from + width + 2, y + 17);
        let _ = write!(out, "<text class=\"faint\" x=\"{x}\" y=\"{y}\">{id}</text>");
    }
    out.push_str("</g>\n");
}

/// The list, in columns.
fn list(out: &mut String, sheet: &CueSheet, top: u64, rows: u64) {
    let wide = (WIDTH - 2 * EDGE) / LIST_COLUMNS;
    let room = usize::try_from((wide - 16) / LETTER).unwrap_or(0);
    let sure = sheet.cues.iter().map(|it| told(it, false));
    let all = sure.chain(sheet.doubtful.iter().map(|it| told(it, true)));
    for (at, told) in (0_u64..).zip(all) {
        let (x, y) = (EDGE + at / rows * wide, top + at % rows * LINE);
        let text = escaped(&cut(&told, room));
        let _ = writeln!(out, "<text class=\"ink\" x=\"{x}\" y=\"{y}\">{text}</text>");
    }
}

/// `3  10:00–10:40  BV  Rain — Kim`, with a question mark before a doubtful one.
fn told(cue: &Cue, is_doubtful: bool) -> String {
    let sign = if is_doubtful { "?" } else { "" };
    let time = match cue.span() {
        Some((start, end)) => format!("{}–{}", short(start), short(end)),
        None => format!("? +{}", short(cue.length_ms)),
    };
    let code = cue.code.map_or("--", |it| it.as_str());
    let artist = if cue.artist.is_empty() { "" } else { " — " };
    format!("{sign}{}  {time}  {code}  {}{artist}{}", cue.id, cue.name(), cue.artist)
}

fn place(ms: u64, axis: u64) -> u64 {
    let wide = u128::from(WIDTH - 2 * EDGE);
    EDGE + u64::try_from(u128::from(ms) * wide / u128::from(axis)).unwrap_or(0)
}

fn as_px(it: usize) -> u64 {
    u64::try_from(it).unwrap_or(u64::MAX)
}

/// Text as XML 1.0 holds it.
pub(crate) fn escaped(text: &str) -> String {
    let text = crate::table::plain(text).replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}");
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
