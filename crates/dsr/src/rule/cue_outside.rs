//! a cue lies within the programme.

use finding::{RuleDoc, Severity};

use crate::check::{Out, Seen, State};
use crate::table::Field;
use crate::value::duration_ms;

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-cue-outside",
    severity: Severity::Error,
    title: "a cue lies within the programme it is in",
    doc: "A cue begins and ends within the episode or film of its block. One that runs over the \
          end has a wrong start, a wrong duration, or belongs to another programme; broadcast \
          money is shared by seconds, so the error takes money from all others. Ask the \
          provider of the cue sheet.",
};

pub(super) fn check(state: &State, seen: &Seen<'_>, out: &mut Out<'_>) {
    if !seen.record.is(b"CU01") {
        return;
    }
    let ms = |field| duration_ms(&seen.field(field).text());
    let Some(duration) = ms(Field::CueDuration) else { return };
    let start = ms(Field::CueStartTime).unwrap_or(0);
    let Some(whole) = state.duration_ms(seen.field(Field::ResourceReference)) else { return };
    if start.saturating_add(duration) > whole {
        let seconds = |ms: u64| format!("{}.{:03} s", ms / 1000, ms % 1000);
        let message = format!(
            "from {}, {} long, in a programme of {}",
            seconds(start),
            seconds(duration),
            seconds(whole)
        );
        let cell = seen.field(Field::CueDuration);
        out.report(
            DOC.finding(message).at(seen.at_field(Field::CueDuration)).evidence_bytes(cell.raw()),
        );
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let video = "AS03→2→A1→D→→→→Episode→Title→→→→→→PT60M";
        check(
            &super::DOC,
            &report(&format!(
                "{video}\nCU01→2→A1→PT59M30.5S→PT30S\nCU01→2→A1→PT59M→PT1M\nCU01→2→A1→→PT2H\n\
                 CU01→2→A9→→PT9H"
            )),
            &expect![[r#"
                error dsr-cue-outside r.tsv:7 CU01 cell 5 CueDuration: from 3570.500 s, 30.000 s long, in a programme of 3600.000 s (PT30S)
                error dsr-cue-outside r.tsv:9 CU01 cell 5 CueDuration: from 0.000 s, 7200.000 s long, in a programme of 3600.000 s (PT2H)
            "#]],
        );
    }
}
