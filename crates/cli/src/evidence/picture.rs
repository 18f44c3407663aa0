//! The picture of a match: the recording's spectrum above, the file's below, at shared times.

use std::fmt::Write as _;

use app::sound::{Answer, Match, PICTURE_BANDS, Spectra, Spectrum};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::shell::harmless;
use crate::sound_words::{changes, fine_clock};

/// Rows of the picture a band, and between the two spectra.
const ROWS: usize = 2;
const GAP_ROWS: usize = 8;
/// How far below the loudest the darkest lies, in natural logarithms of power: 60 dB.
const DEPTH: f32 = 13.8;
/// Space around the spectra, in units of the drawing.
const LEFT: usize = 70;
const TOP: usize = 64;
const BETWEEN: usize = 44;
const BOTTOM: usize = 46;

/// The picture in both forms.
pub(super) struct Drawn {
    /// With axes and words.
    pub(super) svg: String,
    /// The two spectra alone, the recording's above.
    pub(super) png: Vec<u8>,
}

/// Draws the picture of a match.
pub(super) fn draw(answer: &Answer, it: &Match, both: &Spectra) -> Drawn {
    let width = both.file.columns.len();
    let height = PICTURE_BANDS * ROWS;
    let recording = both.recording.as_ref().map(|it| points(it, width));
    let file = points(&both.file, width);
    let above = recording.unwrap_or_else(|| vec![0; width * height]);
    let palette = palette();
    let gap = vec![0; width * GAP_ROWS];
    let png = paper::png(width, &[&above[..], &gap, &file].concat(), &palette);
    let pictures = [paper::png(width, &above, &palette), paper::png(width, &file, &palette)];
    Drawn { svg: svg(answer, it, both, &pictures, (width, height)), png }
}

/// A spectrum as colours, the highest band at the top.
fn points(it: &Spectrum, width: usize) -> Vec<u8> {
    let loudest = it.columns.iter().flatten().copied().fold(f32::MIN, f32::max);
    let mut out = Vec::with_capacity(width * PICTURE_BANDS * ROWS);
    for band in (0..PICTURE_BANDS).rev() {
        let row = out.len();
        for column in &it.columns {
            let level = column.get(band).map_or(0.0, |it| 1.0 + (it - loudest) / DEPTH);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a float cast saturates"
            )]
            out.push((level.clamp(0.0, 1.0) * 255.0) as u8);
        }
        for _ in 1..ROWS {
            out.extend_from_within(row..row + it.columns.len());
        }
    }
    out
}

/// From night over violet and orange to light: told apart without colours, too, by how light they are.
fn palette() -> Vec<[u8; 3]> {
    const STOPS: [[u8; 3]; 5] =
        [[8, 8, 24], [68, 24, 112], [184, 56, 96], [248, 144, 56], [255, 250, 205]];
    let between = |from: u8, to: u8, part: usize| {
        let (from, to) = (usize::from(from), usize::from(to));
        u8::try_from((from * (64 - part) + to * part) / 64).unwrap_or(u8::MAX)
    };
    let colour = |at: usize| {
        let (stop, part) = (at / 64, at % 64);
        std::array::from_fn(|it| between(STOPS[stop][it], STOPS[stop + 1][it], part))
    };
    (0..256).map(colour).collect()
}

fn svg(
    answer: &Answer,
    it: &Match,
    both: &Spectra,
    pictures: &[Vec<u8>; 2],
    (width, height): (usize, usize),
) -> String {
    let (all_width, below) = (LEFT + width + 20, TOP + height + BETWEEN);
    let all_height = below + height + BOTTOM;
    let name = answer.path.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
    let title = if it.title.is_empty() { it.recording.clone() } else { format!("{} ({})", it.title, it.recording) };
    let changes = changes(it.tempo, it.pitch_cents);
    let changed = if changes.is_empty() { String::new() } else { format!(": {}", changes.join("; ")) };
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {all_width} {all_height}\" width=\"{all_width}\" \
         height=\"{all_height}\" font-family=\"sans-serif\" font-size=\"13\">\n\
         <title>{0} in {1}</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n\
         <text x=\"{LEFT}\" y=\"22\" font-size=\"16\">{0} in {1}{2}</text>\n",
        plain(&title),
        plain(&name),
        plain(&changed)
    );
    let missing = both.recording.is_none();
    let heads = ["the recording", "the file"];
    for (at, (top, picture)) in [TOP, below].into_iter().zip(pictures).enumerate() {
        let said = match (at, missing) {
            (0, true) => "the recording's file is not there any more",
            _ => heads[at],
        };
        let data = STANDARD.encode(picture);
        let _ = write!(
            out,
            "<text x=\"{LEFT}\" y=\"{}\">{said}</text>\n\
             <image x=\"{LEFT}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" \
             href=\"data:image/png;base64,{data}\"/>\n",
            top - 8,
        );
        pitches(&mut out, top, height);
    }
    times(&mut out, both, (width, height, below));
    bounds(&mut out, it, both, (width, height, below));
    out + "</svg>\n"
}

/// Marks 110 Hz and its octaves.
fn pitches(out: &mut String, top: usize, height: usize) {
    for octave in 0..=6_usize {
        let y = top + height - octave * height / 6;
        let hz = 110 << octave;
        let x = LEFT - 6;
        let _ = writeln!(
            out,
            "<text x=\"{x}\" y=\"{}\" text-anchor=\"end\" font-size=\"11\">{hz} Hz</text>",
            y + 4
        );
    }
}

/// Marks the same moments under both spectra, each with its own time.
fn times(out: &mut String, both: &Spectra, (width, height, below): (usize, usize, usize)) {
    for mark in 0..=5_usize {
        let x = LEFT + mark * width / 5;
        let at = |from: i64, to: i64| from + (to - from) * i64::try_from(mark).unwrap_or(0) / 5;
        let signed = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX);
        let recorded = fine_clock(at(both.recording_ms.0, both.recording_ms.1));
        let heard = fine_clock(at(signed(both.file_ms.0), signed(both.file_ms.1)));
        let anchor = match mark {
            0 => "start",
            5 => "end",
            _ => "middle",
        };
        for (y, text) in [(TOP + height + 16, recorded), (below + height + 16, heard)] {
            let _ = writeln!(
                out,
                "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-size=\"11\">{text}</text>"
            );
        }
    }
}

/// Draws where the match begins and ends, through both spectra.
fn bounds(
    out: &mut String,
    it: &Match,
    both: &Spectra,
    (width, height, below): (usize, usize, usize),
) {
    let (from, to) = both.file_ms;
    let span = to.saturating_sub(from).max(1);
    for at in [it.start_ms, it.end_ms].into_iter().filter(|at| (from..=to).contains(at)) {
        let place = at.saturating_sub(from) * u64::try_from(width).unwrap_or(0) / span;
        let x = LEFT + usize::try_from(place).unwrap_or(0);
        let _ = writeln!(
            out,
            "<line x1=\"{x}\" x2=\"{x}\" y1=\"{TOP}\" y2=\"{}\" stroke=\"#0aa\" stroke-width=\"1.5\" \
             stroke-dasharray=\"6 4\"/>",
            below + height
        );
    }
}

/// A text that cannot become mark-up or an order.
fn plain(text: &str) -> String {
    harmless(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
