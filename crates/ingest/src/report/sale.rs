//! A sales transaction: usages, money, identity.

use dsr::table::RecordSpec;
use dsr::{Field, Record};
use money::{Amount, Atoms, Currency};
use usage::{Basis, Subject};

use super::block::first;
use super::fault::{Fault, amount_of, usages_of};
use super::pool::{Pool, Usages};
use crate::rule::{AMOUNT, CURRENCY};

/// How a type of sales transaction carries its money.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It shares the revenue of its summary record by usages.
    Shared,
    /// It carries its own part of the service's net revenue.
    Own,
    /// It carries what the recipient gets.
    Allocated,
    /// The claims behind it add up to what the recipient gets; nothing without any claim.
    Claimed(Option<Atoms>),
    /// It carries usages that no revenue of the summary record is shared by.
    Bare,
}

impl Kind {
    /// Of a record type; `None` when it is no sales transaction.
    pub(super) const fn of(spec: &RecordSpec) -> Option<Self> {
        Some(match &spec.code {
            b"SU01" | b"SU02" | b"SU04" | b"SU06" => Self::Shared,
            b"SR01" | b"SR02" | b"SR04" | b"SR05" => Self::Shared,
            b"SU03" | b"SR03" => Self::Own,
            b"SR08" => Self::Allocated,
            // A broadcast is paid by its listeners and its length, which a count does not tell.
            b"SU05" | b"SR06" => Self::Bare,
            _ => return None,
        })
    }

    /// Whether it refers to releases and resources of a block.
    pub(super) const fn is_in_block(spec: &RecordSpec) -> bool {
        matches!(&spec.code, b"SU01" | b"SU02" | b"SU03" | b"SU04" | b"SU05" | b"SU06")
    }
}

/// The usages of a sales transaction, as they stand and with returns taken off.
pub(super) fn usages(record: &Record, spec: &RecordSpec) -> Result<Usages, Box<Fault>> {
    let read = |field: Field| {
        let cell = record.field(spec, field);
        if cell.is_empty() { Ok(None) } else { usages_of(cell, field).map(Some) }
    };
    let net = read(Field::NetUsage)?;
    let gross = match read(Field::Usages)? {
        Some(gross) => gross,
        // Optional in SU03; in a financial report the net usage says enough.
        None if spec.code == *b"SU03" => Atoms::ZERO,
        None => match net {
            Some(net) => net,
            None => {
                return usages_of(record.field(spec, Field::Usages), Field::Usages)
                    .map(|gross| Usages { gross, net: gross });
            }
        },
    };
    let returns = read(Field::Returns)?.unwrap_or_default();
    let too_large = || Fault::new(&crate::rule::USAGES, Field::Returns, "too many returns");
    let net = match net {
        Some(net) => net,
        None => gross.checked_sub(returns).ok_or_else(too_large)?,
    };
    Ok(Usages { gross, net })
}

/// The money of a sales transaction.
pub(super) struct Money {
    pub(super) basis: Basis,
    pub(super) currency: Option<Currency>,
    pub(super) amount: Atoms,
}

const NONE: Money = Money { basis: Basis::NoMoney, currency: None, amount: Atoms::ZERO };

pub(super) fn money(
    kind: Kind,
    record: &Record,
    spec: &RecordSpec,
    usages: Atoms,
    pool: &mut Pool,
) -> Result<Money, Box<Fault>> {
    let currency = pool.terms.currency;
    match kind {
        Kind::Bare | Kind::Claimed(None) => Ok(NONE),
        Kind::Claimed(Some(amount)) => {
            own(pool, Basis::Received, Field::AllocatedAmount, currency, amount)
        }
        Kind::Shared => Ok(match pool.share(usages)? {
            Some(amount) => Money { basis: Basis::ServiceNet, currency, amount },
            None => NONE,
        }),
        Kind::Own => {
            let cell = record.field(spec, Field::NetRevenue);
            if cell.is_empty() {
                return Ok(NONE);
            }
            let amount = amount_of(cell, Field::NetRevenue)?;
            own(pool, Basis::ServiceNet, Field::NetRevenue, currency, amount)
        }
        Kind::Allocated => {
            let field = Field::AllocatedNetRevenueInCurrencyOfAccounting;
            let cell = record.field(spec, field);
            if !cell.is_empty() {
                return own(pool, Basis::Received, field, currency, amount_of(cell, field)?);
            }
            let field = Field::AllocatedNetRevenueInCurrencyOfTransaction;
            let amount = amount_of(record.field(spec, field), field)?;
            own(pool, Basis::Received, field, pool.terms.currency_of_transaction, amount)
        }
    }
}

/// Money that the line itself states.
fn own(
    pool: &mut Pool,
    basis: Basis,
    field: Field,
    currency: Option<Currency>,
    amount: Atoms,
) -> Result<Money, Box<Fault>> {
    let Some(known) = currency else {
        if amount.is_zero() {
            return Ok(NONE);
        }
        return Err(Fault::new(&CURRENCY, field, "an amount without a known currency"));
    };
    // Only what is in the currency of the pool can be compared with its revenue.
    if currency == pool.terms.currency {
        let Some(attributed) = pool.attributed.checked_add(amount) else {
            let mut fault = Fault::new(&AMOUNT, field, "the sum of the amounts is too large");
            fault.amount = Some(Amount::new(amount, known));
            return Err(fault);
        };
        pool.attributed = attributed;
    }
    Ok(Money { basis, currency, amount })
}

/// What a sales transaction outside of blocks says of its recording.
pub(super) fn subject(record: &Record, spec: &RecordSpec) -> Subject {
    let text = |field| first(record, spec, field);
    let or = |field, other| {
        let text_of = text(field);
        if text_of.is_empty() { text(other) } else { text_of }
    };
    Subject {
        isrc: text(Field::Isrc),
        icpn: text(Field::Icpn),
        resource_id: or(Field::DspResourceId, Field::DspReleaseId),
        title: or(Field::ResourceTitle, Field::ReleaseTitle),
        artist: or(Field::ResourceDisplayArtistName, Field::ReleaseDisplayArtistName),
    }
}
