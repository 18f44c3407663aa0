//! How sure a match is: from how far it stands out of the noise to a probability, by what came true.
//!
//! A search looks at very many places, so the largest of many chance values has to be expected. What counts
//! is the **surprise**: minus the logarithm of how many places would by chance stand out so far. For a
//! normal deviate z and n places it is −ln(n·Q(z)), with Q(z) ≈ φ(z)/z (Mills' ratio), which is z²/2 +
//! ln(z·√2π) − ln n. That noise is not exactly normal does not matter: which surprise means which
//! probability is learnt from matches whose truth is known, by isotonic regression (pool adjacent
//! violators: Ayer and others 1955; for probabilities: Zadrozny and Elkan 2002).

use std::fmt;
use std::fmt::Write as _;

/// How surprising it is that something stands out so far, when so many places were looked at.
///
/// It grows with `z` and falls with `trials`. Values that are no numbers surprise nobody.
#[must_use]
pub fn surprise(z: f64, trials: f64) -> f64 {
    let z = if z.is_nan() { 0.0 } else { z.clamp(0.0, 1e6) };
    // Below 1 the approximation turns round; a straight line goes on from there.
    let tail = |z: f64| z * z / 2.0 + (z * (2.0 * std::f64::consts::PI).sqrt()).ln();
    let tail = if z >= 1.0 { tail(z) } else { tail(1.0) - 2.0 * (1.0 - z) };
    tail - if trials > 1.0 { trials.min(1e300).ln() } else { 0.0 }
}

/// A match whose truth is known.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Sample {
    /// How far it stood out.
    pub z: f64,
    /// How many places were looked at.
    pub trials: f64,
    /// Whether it was right.
    pub is_true: bool,
}

/// A rising table from surprise to probability.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Calibration {
    steps: Vec<Step>,
}

/// A step of the table: samples that were pooled.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Step {
    /// The least surprise in it.
    pub from: f64,
    /// The greatest.
    pub until: f64,
    /// How many samples.
    pub samples: u64,
    /// How many of them were right.
    pub right: u64,
}

impl Step {
    /// What part of the samples was right, less what is not known from so few: one right and one wrong one
    /// are added (Laplace), so nothing is ever said to be certain.
    #[must_use]
    pub fn probability(&self) -> f64 {
        (count(self.right) + 1.0) / (count(self.samples) + 2.0)
    }
}

/// Why a text is no table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the calibration: {what}")]
pub struct ParseCalibrationError {
    /// Which line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub what: &'static str,
}

const HEAD: &str = "leitmotif-calibration 1";

impl Calibration {
    /// Fits a table: the rising one that is nearest to the samples. Samples with numbers that are none are
    /// left out.
    #[must_use]
    pub fn fit(samples: &[Sample]) -> Self {
        let mut points: Vec<(f64, u64)> = samples
            .iter()
            .filter(|it| it.z.is_finite() && it.trials.is_finite())
            .map(|it| (surprise(it.z, it.trials), u64::from(it.is_true)))
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut steps: Vec<Step> = Vec::new();
        for (at, right) in points {
            let step = Step { from: at, until: at, samples: 1, right };
            match steps.last_mut() {
                // Equal surprises cannot be told apart.
                Some(last) if last.until.total_cmp(&at).is_eq() => last.pool(step),
                _ => steps.push(step),
            }
            while let [.., before, last] = steps.as_mut_slice()
                && !before.is_below(last)
            {
                before.pool(*last);
                steps.pop();
            }
        }
        // By few samples a higher step may be said to be less sure than a lower, larger one.
        let mut rising: Vec<Step> = Vec::new();
        for step in steps {
            rising.push(step);
            while let [.., before, last] = rising.as_mut_slice()
                && before.probability() >= last.probability()
            {
                before.pool(*last);
                rising.pop();
            }
        }
        Self { steps: rising }
    }

    /// The steps, the least surprise first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// How probable it is that a match is right; between steps on a straight line, and nothing without a
    /// table.
    #[must_use]
    pub fn probability(&self, z: f64, trials: f64) -> Option<f64> {
        let at = surprise(z, trials);
        let next = self.steps.partition_point(|it| it.from <= at);
        let (below, above) =
            (next.checked_sub(1).and_then(|it| self.steps.get(it)), self.steps.get(next));
        Some(match (below, above) {
            (Some(below), Some(above)) if at > below.until => {
                let part = (at - below.until) / (above.from - below.until);
                below.probability() + part * (above.probability() - below.probability())
            }
            (Some(step), _) | (None, Some(step)) => step.probability(),
            (None, None) => return None,
        })
    }

    /// Reads what `Display` writes.
    ///
    /// # Errors
    /// [`ParseCalibrationError`]: another head, a number that is none, or steps that do not rise.
    pub fn parse(text: &str) -> Result<Self, ParseCalibrationError> {
        let wrong = |line, what| ParseCalibrationError { line, what };
        let mut lines = (1_usize..).zip(text.lines());
        if lines.next().map(|it| it.1) != Some(HEAD) {
            return Err(wrong(1, "the head is another one; is it a calibration?"));
        }
        let mut steps: Vec<Step> = Vec::new();
        for (number, line) in lines {
            let words: Vec<&str> = line.split(' ').collect();
            let [from, until, samples, right] = words.as_slice() else {
                return Err(wrong(number, "a step has four numbers"));
            };
            let float = |it: &str| it.parse::<f64>().ok().filter(|it| it.is_finite());
            let whole = |it: &str| it.parse::<u64>().ok().filter(|it| *it < 1 << 52);
            let step = (|| {
                let (from, until) = (float(from)?, float(until)?);
                Some(Step { from, until, samples: whole(samples)?, right: whole(right)? })
            })()
            .ok_or(wrong(number, "a number that cannot be read"))?;
            let rises = steps
                .last()
                .is_none_or(|it| it.until < step.from && it.probability() < step.probability());
            if step.from > step.until || step.right > step.samples || !rises {
                return Err(wrong(number, "steps have to rise"));
            }
            steps.push(step);
        }
        Ok(Self { steps })
    }
}

/// A head, and a line for each step: least and greatest surprise, samples, right ones.
impl fmt::Display for Calibration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}")?;
        for Step { from, until, samples, right } in &self.steps {
            writeln!(f, "{from} {until} {samples} {right}")?;
        }
        Ok(())
    }
}

impl Step {
    fn pool(&mut self, next: Self) {
        self.until = next.until;
        self.samples += next.samples;
        self.right += next.right;
    }

    /// Whether a smaller part of it was right.
    fn is_below(&self, next: &Self) -> bool {
        u128::from(self.right) * u128::from(next.samples)
            < u128::from(next.right) * u128::from(self.samples)
    }
}

/// What was said against what came true, in tenths of probability.
#[derive(Clone, Debug, PartialEq)]
pub struct Reliability {
    /// For each tenth: how many, how many of them right, and the sum of what was said.
    pub tenths: [(u64, u64, f64); 10],
}

impl Reliability {
    /// Counts pairs of what was said, 0 to 1, and whether it came true.
    #[must_use]
    pub fn of(said: &[(f64, bool)]) -> Self {
        let mut tenths = [(0, 0, 0.0); 10];
        for (said, is_true) in said.iter().filter(|it| (0.0..=1.0).contains(&it.0)) {
            let edge = |at: &u32| *said < f64::from(*at + 1) / 10.0;
            let at = (0..9).find(edge).unwrap_or(9);
            let tenth = &mut tenths[usize::try_from(at).unwrap_or(9)];
            tenth.0 += 1;
            tenth.1 += u64::from(*is_true);
            tenth.2 += said;
        }
        Self { tenths }
    }

    /// The expected calibration error: how far what is said is from what comes true, weighed by how often
    /// it is said.
    #[must_use]
    pub fn error(&self) -> f64 {
        let all: u64 = self.tenths.iter().map(|it| it.0).sum();
        let off = |it: &(u64, u64, f64)| (it.2 - count(it.1)).abs();
        self.tenths.iter().map(off).sum::<f64>() / count(all).max(1.0)
    }

    /// The curve as a picture: said to the right, came true upwards, the diagonal is perfect; a circle's
    /// area is how often it was said.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let most = self.tenths.iter().map(|it| it.0).max().unwrap_or(0).max(1);
        let x = |it: f64| 60.0 + 340.0 * it;
        let y = |it: f64| 380.0 - 340.0 * it;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 440 440\" role=\"img\">\
             <title>What was said and what came true</title>{STYLE}\
             <rect class=\"page\" width=\"440\" height=\"440\"/>\n"
        );
        for at in 0..=5_u32 {
            let part = f64::from(at) / 5.0;
            let _ = writeln!(
                out,
                "<path class=\"rule\" d=\"M{0:.0} {1:.0}V{2:.0}M{3:.0} {4:.0}H{5:.0}\"/>\
                 <text x=\"{0:.0}\" y=\"398\" text-anchor=\"middle\">{part:.1}</text>\
                 <text x=\"52\" y=\"{6:.0}\" text-anchor=\"end\">{part:.1}</text>",
                x(part),
                y(0.0),
                y(1.0),
                x(0.0),
                y(part),
                x(1.0),
                y(part) + 4.0
            );
        }
        let _ = writeln!(
            out,
            "<path class=\"perfect\" d=\"M60 380L400 40\"/>\
             <text x=\"230\" y=\"425\" text-anchor=\"middle\">confidence that was said</text>\
             <text x=\"16\" y=\"210\" text-anchor=\"middle\" transform=\"rotate(-90 16 210)\">came true</text>\
             <text x=\"400\" y=\"28\" text-anchor=\"end\">expected calibration error {:.3}</text>",
            self.error()
        );
        for (count_all, right, said) in self.tenths.iter().filter(|it| it.0 > 0) {
            let (all, true_part) = (count(*count_all), count(*right) / count(*count_all));
            let radius = 3.0 + 11.0 * (all / count(most)).sqrt();
            let _ = writeln!(
                out,
                "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\"><title>{right} of \
                 {count_all} right, said {:.2}</title></circle>",
                x(said / all),
                y(true_part),
                said / all
            );
        }
        out + "</svg>\n"
    }
}

const STYLE: &str = "<style>:root{color-scheme:light dark}.page{fill:#fff}text{fill:#1c1e21;\
font:12px system-ui,sans-serif}.rule{stroke:#d5d9df;fill:none}.perfect{stroke:#60656c;\
stroke-dasharray:5 4;fill:none}.dot{fill:#2f6db3;fill-opacity:.75}@media(prefers-color-scheme:dark){\
.page{fill:#15181c}text{fill:#e8eaed}.rule{stroke:#3a4048}.perfect{stroke:#9aa1aa}.dot{fill:#5b9be0}}</style>";

#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 samples are ever counted")]
fn count(it: u64) -> f64 {
    it as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Calibration, Reliability, Sample, surprise};

    fn sample(z: f64, is_true: bool) -> Sample {
        Sample { z, trials: 1e6, is_true }
    }

    #[test]
    fn violators_are_pooled() {
        // 0 0 1 0 1 1 1: the 1 and 0 in the middle become one step of a half.
        let truths = [false, false, true, false, true, true, true];
        let samples: Vec<_> =
            (5_u8..).zip(truths).map(|(z, it)| sample(f64::from(z), it)).collect();
        let table = Calibration::fit(&samples);
        let steps: Vec<_> = table.steps().iter().map(|it| (it.samples, it.right)).collect();
        assert_eq!(
            steps,
            [(1, 0), (1, 0), (2, 1), (1, 1), (1, 1), (1, 1)].into_iter().fold(
                Vec::<(u64, u64)>::new(),
                |mut all, it| {
                    // Equal parts are one step.
                    match all.last_mut() {
                        Some(last) if last.0 * it.1 == last.1 * it.0 => {
                            last.0 += it.0;
                            last.1 += it.1;
                        }
                        _ => all.push(it),
                    }
                    all
                }
            )
        );
        assert_eq!(table.probability(4.0, 1e6), Some(0.25));
        assert_eq!(table.probability(20.0, 1e6), Some(0.8));
        assert_eq!(Calibration::default().probability(9.0, 1.0), None);
    }

    #[test]
    fn more_places_make_less_sure() {
        assert!(surprise(8.0, 1e4) > surprise(8.0, 1e8));
        assert!(surprise(8.5, 1e4) > surprise(8.0, 1e4));
        assert!(surprise(f64::NAN, 0.0) < surprise(0.5, 0.0));
    }

    #[test]
    fn perfect_and_wrong_confidence() {
        let said: Vec<_> = (0..100).map(|it| (0.8, it % 5 != 0)).collect();
        assert!(Reliability::of(&said).error() < 1e-9);
        let sure: Vec<_> = (0..100).map(|it| (1.0, it % 2 == 0)).collect();
        assert!((Reliability::of(&sure).error() - 0.5).abs() < 1e-9);
        assert!(Reliability::of(&sure).to_svg().contains("50 of 100 right"));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        for text in [
            "",
            "x",
            "leitmotif-calibration 1\n1 2 3",
            "leitmotif-calibration 1\n2 1 3 1",
            "leitmotif-calibration 1\n1 2 3 4",
            "leitmotif-calibration 1\n1 2 3 3\n3 4 3 1",
            "leitmotif-calibration 1\n1 NaN 3 1",
        ] {
            assert!(Calibration::parse(text).is_err(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(crate::cases(64)))]

        #[test]
        fn a_table_rises_keeps_all_samples_and_is_read_back(
            samples in prop::collection::vec((0.0_f64..20.0, 1.0_f64..1e9, any::<bool>()), 0..60),
        ) {
            let samples: Vec<_> = samples
                .into_iter()
                .map(|(z, trials, is_true)| Sample { z, trials, is_true })
                .collect();
            let table = Calibration::fit(&samples);
            let total: u64 = table.steps().iter().map(|it| it.samples).sum();
            prop_assert_eq!(total, samples.len() as u64);
            let all: Vec<f64> =
                (0..200).filter_map(|it| table.probability(f64::from(it) / 10.0, 1e4)).collect();
            prop_assert!(all.is_sorted() && all.iter().all(|it| (0.0..1.0).contains(it)));
            prop_assert_eq!(Calibration::parse(&table.to_string()).unwrap(), table);
        }
    }
}
