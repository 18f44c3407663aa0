//! the last line ends in a newline.

use finding::Position;
use finding::{RuleDoc, Severity};

use crate::Ending;
use crate::check::{Out, State};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-no-final-newline",
    severity: Severity::Warning,
    title: "the last line ends in a newline",
    doc: "A file whose last line has no end may have been cut in the middle of it. If the footer \
          is whole and its counts agree, nothing is missing.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let (line, byte, ending) = state.last;
    if state.lines > 0 && ending == Ending::None {
        let place = Position { line, byte, ..Position::default() };
        out.report(DOC.finding("the last line has no end").at(place));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        check(
            &super::DOC,
            report("").trim_end(),
            &expect![[r#"
            warning dsr-no-final-newline r.tsv:6: the last line has no end
        "#]],
        );
        check(&super::DOC, &report(""), &expect![]);
        check(&super::DOC, "", &expect![]);
    }
}
