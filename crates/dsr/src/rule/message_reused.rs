//! a message id stands for one content.

use finding::{Finding, Position, RuleDoc, Severity};

/// The rule.
pub(crate) const DOC: RuleDoc = RuleDoc {
    id: "dsr-message-reused",
    severity: Severity::Warning,
    title: "a message id stands for one content",
    doc: "Sender and message id together name a report for ever. Another content under a name \
          that was received before is a restatement, or a mistake: nobody can say which of the \
          two is meant. The later one is kept aside and does not count; withdraw the earlier one \
          to let it count instead, and ask the sender for an id of its own.",
};

/// The finding about a report whose message id came before with another content.
#[must_use]
pub fn message_reused(file: &str, message_id: &str, earlier: &str) -> Finding {
    let message = format!("report {earlier} came with this message id and another content");
    DOC.finding(message).at(Position::of_file(file)).evidence(message_id)
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    #[test]
    fn fires() {
        let finding = super::message_reused("r.tsv", "M1", "3f2a");
        expect!["warning dsr-message-reused r.tsv: report 3f2a came with this message id and another content (M1)"]
            .assert_eq(&finding.to_string());
    }
}
