//! What can be wrong with a catalogue's files.

use finding::{RuleDoc, Severity};

const fn rule(
    id: &'static str,
    severity: Severity,
    title: &'static str,
    doc: &'static str,
) -> RuleDoc {
    RuleDoc { id, severity, title, doc }
}

pub(crate) const FILE_UNKNOWN: RuleDoc = rule(
    "catalog-file-unknown",
    Severity::Warning,
    "not a file of the catalogue",
    "The folder holds a TOML file with a name the catalogue does not know. It is not read.",
);
pub(crate) const SYNTAX: RuleDoc = rule(
    "catalog-toml-syntax",
    Severity::Error,
    "not TOML",
    "The file cannot be read as TOML. All of its entries are left out.",
);
pub(crate) const KEY_UNKNOWN: RuleDoc = rule(
    "catalog-key-unknown",
    Severity::Error,
    "a key nobody reads",
    "A key is not one of those this entry may have; most often a slip of the pen. The entry is left \
     out, because what the key was meant to say would be lost.",
);
pub(crate) const KEY_MISSING: RuleDoc = rule(
    "catalog-key-missing",
    Severity::Error,
    "a key is missing",
    "The entry lacks a key it must have. The entry is left out.",
);
pub(crate) const VALUE_MALFORMED: RuleDoc = rule(
    "catalog-value-malformed",
    Severity::Error,
    "a value cannot be read",
    "A value has the wrong type, a wrong form, a wrong check digit, or is out of range. The entry is \
     left out.",
);
pub(crate) const ID_DUPLICATE: RuleDoc = rule(
    "catalog-id-duplicate",
    Severity::Error,
    "an id is used twice",
    "Two entries of one kind have the same id: the first stays, the later one is left out. Or two terms, \
     advances, costs, reserves or guarantees of one agreement have: the agreement is left out whole.",
);
pub(crate) const LINK_DANGLING: RuleDoc = rule(
    "catalog-link-dangling",
    Severity::Error,
    "a link leads nowhere",
    "The entry names another one that is not in the catalogue, or that was left out. The entry is \
     left out as well.",
);
pub(crate) const ISRC_DUPLICATE: RuleDoc = rule(
    "catalog-isrc-duplicate",
    Severity::Error,
    "one ISRC on two recordings",
    "An ISRC names one recording. The first recording keeps it, the later one is left out.",
);
pub(crate) const NUMBER_DUPLICATE: RuleDoc = rule(
    "catalog-number-duplicate",
    Severity::Warning,
    "one number on two entries",
    "Two works share an ISWC, two releases an ICPN, or two parties an IPI, ISNI or DPID. Both stay; \
     usage that names only the number is tied to neither.",
);
pub(crate) const SHARES_OVER_WHOLE: RuleDoc = rule(
    "catalog-shares-over-whole",
    Severity::Error,
    "more promised than there is",
    "For some use the terms of one agreement promise more than there is, each at its highest rate: \
     deductions, fees and royalties together, or the profit shares, come to more than 100 %, or terms \
     take more out of another than it has. The agreement is left out.",
);
pub(crate) const LICENCES_OVER_WHOLE: RuleDoc = rule(
    "catalog-licences-over-whole",
    Severity::Warning,
    "one payer owes more than it earns",
    "For some use the licences of one payer for several rights come to more than 100 % of its revenue. A \
     report on all rights at once is divided among these licences, so nothing of such a use is given to \
     anybody: it waits as over-claimed. Correct a rate, or the days or uses that a licence is about. The \
     licences are kept.",
);
pub(crate) const BASE_FORWARD: RuleDoc = rule(
    "catalog-base-forward",
    Severity::Error,
    "a term builds on none before it",
    "The base or the out_of of a term names no term that stands before it in the agreement, or one that \
     is computed after it: deductions come first, then fees, royalties, profit shares, and last what is \
     taken out of another term. The agreement is left out.",
);
pub(crate) const PRICE_MIXED: RuleDoc = rule(
    "catalog-price-mixed",
    Severity::Error,
    "the price and what came in are mixed",
    "A term on the published price takes its money out of one that is a part of what came in, or the \
     other way round, or it builds on a deduction from the price, which is no money. What a unit costs \
     and what came in for it have no fixed ratio, so nobody could say beforehand whether there is \
     enough. The agreement is left out.",
);
pub(crate) const STEPS_UNORDERED: RuleDoc = rule(
    "catalog-steps-unordered",
    Severity::Error,
    "the steps of a ladder do not rise",
    "Each step of a ladder starts above the one before it, the first one above zero. The agreement is \
     left out.",
);
pub(crate) const RESERVE_PARTS: RuleDoc = rule(
    "catalog-reserve-parts",
    Severity::Error,
    "a reserve is not released whole",
    "The parts in which a reserve is released add up to less or more than what was held back. The \
     agreement is left out.",
);
pub(crate) const MEMBERS_CIRCLE: RuleDoc = rule(
    "catalog-members-circle",
    Severity::Error,
    "members go in a circle",
    "A party is a member of itself, directly or through others, so that its money would go round and \
     arrive nowhere. The parties of the circle are left out, and so is whatever names them.",
);
pub(crate) const TAX_CIRCLE: RuleDoc = rule(
    "catalog-tax-circle",
    Severity::Error,
    "a tax on itself",
    "The then of a rule by which tax is withheld leads back to that rule, directly or through others, \
     so that there would be no end of tax. The rules of the circle are left out, and so is whatever \
     names them.",
);
pub(crate) const ROLE_OTHER_PIPE: RuleDoc = rule(
    "catalog-role-other-pipe",
    Severity::Warning,
    "a role of works in an agreement on recordings",
    "A term of an agreement on masters pays a role that contributors have in works: authors, composers, \
     publishers. Their money usually comes through the pipe of the work, so they may be paid twice. The \
     term is kept.",
);
pub(crate) const TERM_NEVER_COUNTS: RuleDoc = rule(
    "catalog-term-never-counts",
    Severity::Warning,
    "a term never counts",
    "Of the terms of one kind, payee and slot the first that matches counts, and an earlier one has no \
     condition, so it always does. Put the exception before the rule, or name a slot if both shall \
     count. The term is kept.",
);
pub(crate) const SCOPE_MALFORMED: RuleDoc = rule(
    "catalog-scope-malformed",
    Severity::Error,
    "not exactly one scope",
    "An agreement names exactly one of recordings, releases, products, productions, works, or \
     all = true.",
);
pub(crate) const RATE_DUPLICATE: RuleDoc = rule(
    "catalog-rate-duplicate",
    Severity::Error,
    "two rates for one day",
    "A table states two rates from one currency to another for the same day. Which of them counts \
     nobody can tell, so the table is left out, and with it whatever agreement names it: take one of \
     them away.",
);
pub(crate) const CURRENCY_OTHER: RuleDoc = rule(
    "catalog-currency-other",
    Severity::Warning,
    "an amount in a currency that is not earned",
    "The agreement settles all that it divides in one currency, and has an advance, a cost, a guarantee \
     or a cap in another. Nothing is ever earned in that currency under it: the advance or cost is not \
     kept back, the cap is not reached, and the guarantee is topped up whole. Write the amount in the \
     agreement's currency, at the rate of the day on which it was paid. It is kept as written.",
);
pub(crate) const PRODUCT_UNTIED: RuleDoc = rule(
    "catalog-product-untied",
    Severity::Error,
    "a product of nobody",
    "A product names the production it belongs to, or the parties whose it is. Without either nobody's \
     income could show it. The product is left out.",
);
pub(crate) const ROLE_UNKNOWN: RuleDoc = rule(
    "catalog-role-unknown",
    Severity::Warning,
    "a role CISAC does not know",
    "A contributor to a work has a role outside the CISAC list. It is kept as written.",
);
pub(crate) const EPISODE_UNLISTED: RuleDoc = rule(
    "catalog-episode-unlisted",
    Severity::Warning,
    "a season or episode is not listed",
    "A recording names a season or episode its production does not list. The link is kept.",
);

/// Every rule of this crate, by id.
pub const RULES: &[RuleDoc] = &[
    BASE_FORWARD,
    CURRENCY_OTHER,
    EPISODE_UNLISTED,
    FILE_UNKNOWN,
    ID_DUPLICATE,
    ISRC_DUPLICATE,
    KEY_MISSING,
    KEY_UNKNOWN,
    LICENCES_OVER_WHOLE,
    LINK_DANGLING,
    MEMBERS_CIRCLE,
    NUMBER_DUPLICATE,
    PRICE_MIXED,
    PRODUCT_UNTIED,
    RATE_DUPLICATE,
    RESERVE_PARTS,
    ROLE_OTHER_PIPE,
    ROLE_UNKNOWN,
    SCOPE_MALFORMED,
    SHARES_OVER_WHOLE,
    STEPS_UNORDERED,
    TERM_NEVER_COUNTS,
    SYNTAX,
    TAX_CIRCLE,
    VALUE_MALFORMED,
];
