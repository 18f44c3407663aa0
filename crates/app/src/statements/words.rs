//! A term, and how it is told.

use catalog::{Base, Catalog, Payees, Term};
use ledger::{Account, SuspenseReason};
use money::Ratio;
use settlement::{Claim, ClaimKind, Measure, Plan};
use statement::{NO_RATE_WORDS, TermNote};

pub(super) fn term_note(catalogue: &Catalog, plan: &Plan, claim: &Claim) -> TermNote {
    let agreement = plan.agreement.as_ref().and_then(|it| catalogue.agreements.get(it));
    let term = claim.term.as_ref();
    let term = agreement.and_then(|it| it.terms.iter().find(|t| Some(&t.id) == term));
    TermNote {
        agreement: plan.agreement.as_ref().map_or_else(String::new, ToString::to_string),
        fraction: claim.fraction,
        kind: claim.kind.as_str().to_owned(),
        measure: match claim.measure {
            Measure::Received => statement::Measure::Received,
            Measure::Price => statement::Measure::Price,
        },
        of: claim.of,
        rate: claim.rate,
        term: claim.term.as_ref().map_or_else(String::new, ToString::to_string),
        words: term_words(claim, term),
    }
}

/// A term in words.
fn term_words(claim: &Claim, term: Option<&Term>) -> String {
    let rate = claim.rate.printed();
    let whole = match claim.measure {
        Measure::Received => "what was received",
        Measure::Price => "the published price",
    };
    let of = match claim.of == Ratio::ONE {
        true => String::new(),
        false => format!(", {} of {whole}", claim.of.printed()),
    };
    let base = match term.map(|it| &it.base) {
        Some(Base::Net) => "what is left after deductions".to_owned(),
        Some(Base::NetOfFees) => "what is left after fees".to_owned(),
        Some(Base::Rest) => "what is left at this place".to_owned(),
        Some(Base::Term(id)) => format!("what {id} has"),
        Some(Base::Price) => "the published price".to_owned(),
        Some(Base::PriceNet) => "the published price less deductions".to_owned(),
        Some(Base::Gross | Base::Left) | None => "what was received".to_owned(),
    };
    let mut words = match claim.kind {
        ClaimKind::Deduction => format!("deduction of {rate} from {base}{of}"),
        ClaimKind::Fee if claim.of == Ratio::ONE => format!("fee of {rate} off the top"),
        ClaimKind::Fee => format!("fee of {rate} on {base}{of}"),
        ClaimKind::RoyaltyRate => format!("royalty of {rate} on {base}{of}"),
        ClaimKind::ProfitShare => {
            format!("share of {rate} in what is left after fees and royalties{of}")
        }
        ClaimKind::PriceBorne => {
            let paid = claim.of.printed();
            return format!(
                "bears {rate} of the royalties on the price, which are {paid} of the published price"
            );
        }
        ClaimKind::Retained => return "what no term gives away".to_owned(),
        ClaimKind::Suspense if claim.account == Account::Suspense(SuspenseReason::NoRate) => {
            return NO_RATE_WORDS.to_owned();
        }
        ClaimKind::Suspense => return "waits until it is known whom it is due to".to_owned(),
    };
    let Some(term) = term else { return words };
    if let Some(source) = &term.out_of {
        words.push_str(&format!(", taken out of {source}"));
    }
    match &term.payees {
        Payees::Among(all) => words.push_str(&format!(", divided among {}", all.len())),
        Payees::Role(role) => words.push_str(&format!(", divided among those in the role {role}")),
        Payees::Operator | Payees::One(_) => {}
    }
    words
}
