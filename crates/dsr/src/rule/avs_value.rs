//! a value is in the list of allowed values.

use finding::{RuleDoc, Severity};
use money::Currency;

use crate::check::{Out, Seen};
use crate::table::{Kind, avs};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-avs-value",
    severity: Severity::Warning,
    title: "a value is in the list of allowed values",
    doc: "Territories, currencies, use types, commercial models, rights and the types of \
          releases and resources come from lists of allowed values. The lists grow, so a value \
          outside is doubtful and not wrong; but agreements are written with these values, and \
          one that nobody knows matches no term. Check its spelling.",
};

pub(super) fn check(seen: &Seen<'_>, at: usize, out: &mut Out<'_>) {
    let Some(spec) = seen.facts.spec() else { return };
    let (known, list): (fn(&str) -> bool, _) = match spec.cells[at].kind {
        Kind::CommercialModel => (|text| has(avs::COMMERCIAL_MODELS, text), "commercial model"),
        Kind::UseType => (|text| has(avs::USE_TYPES, text), "use type"),
        Kind::RightsType => (|text| has(avs::RIGHTS_TYPES, text), "type of right"),
        Kind::ResourceType => (|text| has(avs::RESOURCE_TYPES, text), "type of resource"),
        Kind::ReleaseType => (|text| has(avs::RELEASE_TYPES, text), "type of release"),
        Kind::VideoType => (|text| has(avs::VIDEO_TYPES, text), "type of video"),
        Kind::Territory => (|text| has(avs::TERRITORIES, text), "territory"),
        Kind::Currency => (|text| Currency::parse(text).is_ok(), "currency"),
        _ => return,
    };
    for value in seen.record.cell(at).values() {
        // A value with a namespace was agreed between the parties.
        if !known(&value) && !value.contains("::") {
            let finding = DOC.finding(format!("not a {list} of the allowed values"));
            out.report(finding.at(seen.at(at)).evidence(value));
        }
    }
}

fn has(list: &[&str], text: &str) -> bool {
    list.binary_search(&text).is_ok()
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use crate::rule::fixture::{check, report};

    #[test]
    fn fires() {
        let lines = "SY01.02→S2→→→Subscription→stream→Korea→Service→0→→WON→1000";
        check(
            &super::DOC,
            &report(lines),
            &expect![[r#"
            warning dsr-avs-value r.tsv:3 SY01.02 cell 5 CommercialModel: not a commercial model of the allowed values (Subscription)
            warning dsr-avs-value r.tsv:3 SY01.02 cell 6 UseType: not a use type of the allowed values (stream)
            warning dsr-avs-value r.tsv:3 SY01.02 cell 7 Territory: not a territory of the allowed values (Korea)
            warning dsr-avs-value r.tsv:3 SY01.02 cell 11 CurrencyOfReporting: not a currency of the allowed values (WON)
        "#]],
        );
        check(&super::DOC, &report("RE01.02→1→R2→→→→→→→→→mine::Tape"), &expect![]);
        check(&super::DOC, &report(""), &expect![]);
    }

    #[test]
    fn lists_are_sorted() {
        use crate::table::avs;
        for list in [
            avs::COMMERCIAL_MODELS,
            avs::USE_TYPES,
            avs::RIGHTS_TYPES,
            avs::RESOURCE_TYPES,
            avs::RELEASE_TYPES,
            avs::VIDEO_TYPES,
            avs::TERRITORIES,
        ] {
            assert!(list.is_sorted());
        }
    }
}
