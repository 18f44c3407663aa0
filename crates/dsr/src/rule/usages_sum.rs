//! the usages of the sales transactions add up to the summary record.

use finding::{RuleDoc, Severity};
use money::Atoms;

use crate::check::{Out, Pool, State};
use crate::{Header, Purpose};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-usages-sum",
    severity: Severity::Error,
    title: "the usages of the sales transactions add up to the summary record",
    doc: "The revenue of a summary record is shared out by usages, so the usages in detail and \
          in total must agree: usages missing in detail are money that goes to nobody. Returns \
          may or may not be taken off the total. In other profiles than Basic Audio a report may \
          show a part of the usages only, and where two summary records share an id only their \
          common total can be compared; there it is a warning. Reports of several files are \
          compared as a whole.",
};

pub(super) fn check(state: &State, out: &mut Out<'_>) {
    if !state.header.as_ref().is_none_or(Header::is_whole) {
        return;
    }
    let stray = state.pools.iter().map(|(_, pool)| pool).filter(|pool| pool.usage.declared == 0);
    let stray = Atoms::checked_sum(stray.map(|pool| pool.usage.detailed)).unwrap_or_default();
    let is_audio = state.profile.is_some_and(|profile| profile.purpose == Purpose::BasicAudio);
    for pool in state.pools.iter().map(|(_, pool)| pool) {
        let Some(message) = difference(pool, stray) else { continue };
        let mut finding = DOC.finding(message).at(pool.position.clone());
        if !is_audio || pool.usage.declared > 1 {
            finding.severity = Severity::Warning;
        }
        let announced = pool.usage.announced.map(|usages| usages.to_string());
        out.report(finding.evidence(announced.unwrap_or_default()));
    }
}

fn difference(pool: &Pool, stray: Atoms) -> Option<String> {
    let usage = &pool.usage;
    let announced = usage.announced?;
    let net = usage.detailed.checked_sub(usage.returned);
    if usage.unread == 0 && (usage.detailed == announced || net == Some(announced)) {
        return None;
    }
    let mut message =
        format!("{announced} usages announced, {} in the sales transactions", usage.detailed);
    if !usage.returned.is_zero() {
        message += &format!(", {} of them returned", usage.returned);
    }
    if usage.unread > 0 {
        message += &format!(", {} not readable", usage.unread);
    }
    if !stray.is_zero() {
        message += &format!("; {stray} more under ids that no summary record has");
    }
    Some(message)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        check(
            &super::DOC,
            &report("SU02.02→1→S1→T2→→A1→TRUE→3.5"),
            &expect![[r#"
            error dsr-usages-sum r.tsv:2 SY01.02 cell 9 TotalUsages: 10 usages announced, 13.5 in the sales transactions (10)
        "#]],
        );
        check(
            &super::DOC,
            &report("SU02.02→1→S1→T2→→A1→TRUE→x\nSU02.02→1→S9→T3→→A1→TRUE→5"),
            &expect![[r#"
                error dsr-usages-sum r.tsv:2 SY01.02 cell 9 TotalUsages: 10 usages announced, 10 in the sales transactions, 1 not readable; 5 more under ids that no summary record has (10)
            "#]],
        );
        let ugc = report("SU02.02→1→S1→T2→→A1→TRUE→3").replace("BasicAudio", "UGC");
        check(
            &super::DOC,
            &ugc,
            &expect![[r#"
            warning dsr-usages-sum r.tsv:2 SY01.02 cell 9 TotalUsages: 10 usages announced, 13 in the sales transactions (10)
        "#]],
        );
        check(&super::DOC, &report("SU01.02→1→S1→T2→→A1→TRUE→FALSE→4→4"), &expect![]);
        check(
            &super::DOC,
            &report("").replace("Z→1→1→", "Z→1→2→").replace("→10→", "→11→"),
            &expect![],
        );
        check(&super::DOC, &report(""), &expect![]);
    }
}
