//! Writes the price list.

use super::page::Page;
use super::territory;
use crate::{Price, Priced};

pub(super) fn price(p: &mut Page, price: &Price) {
    p.table("price");
    p.string("id", &price.id);
    match &price.of {
        Priced::Recordings(ids) => p.list("recordings", ids),
        Priced::Releases(ids) => p.list("releases", ids),
        Priced::Products(ids) => p.list("products", ids),
    }
    p.string("amount", price.amount.atoms);
    p.string("currency", price.amount.currency);
    territory::write_key(p, "territories", &price.territories);
    p.list("price_categories", &price.price_categories);
    p.days("from", "until", &price.period);
    p.note("note", &price.note);
}
