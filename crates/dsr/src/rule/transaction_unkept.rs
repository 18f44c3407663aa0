//! Sales transaction ids that were too many to be compared.

use finding::{RuleDoc, Severity};

use crate::check::{Out, State};

pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-transaction-unkept",
    severity: Severity::Note,
    title: "every sales transaction id was compared with all others",
    doc: "Ids that count up are compared however many they are. Ids without any order are kept in \
          memory, the first four million of them; whether one of the others stands twice was not \
          looked at. Nothing is wrong with the file; ask the sender for ids that count up, or cut \
          the report by territory.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    let unkept = state.transactions_unkept();
    if unkept > 0 {
        out.report(DOC.finding(format!("{unkept} ids were compared with the first ones only")));
    }
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn a_report_of_usual_size_is_compared_whole() {
        check(&super::DOC, &report("SU02.02→1→S1→xyz→→A1→TRUE→0"), &expect![]);
    }

    #[test]
    fn ids_beyond_the_limit_are_told() {
        let mut state = crate::check::State::new("r.tsv");
        state.transactions_seen = crate::check::Keys::with_room(1);
        for line in 1..=4 {
            let id = [b'x', b'0' + line, b'x'];
            state.transactions_seen.enter(&id, u64::from(line));
        }
        let (mut counts, mut seen) = (std::collections::BTreeMap::new(), String::new());
        let mut sink = |finding: finding::Finding| seen += &finding.message;
        super::check(&state, &mut crate::check::Out::new("r.tsv", &mut counts, &mut sink));
        expect!["3 ids were compared with the first ones only"].assert_eq(&seen);
    }
}
