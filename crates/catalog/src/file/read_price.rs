//! Reads the price list.

use ident::{PriceId, ProductId, RecordingId, ReleaseId};

use super::fields::Fields;
use super::read_music::{Read, id, spelling};
use super::read_sums::amount;
use super::territory;
use crate::rule::SCOPE_MALFORMED;
use crate::{EntryKind, Price, Priced};

pub(super) fn price(mut f: Fields<'_, '_>) -> Read<Price> {
    f.require(&["id", "amount", "currency"]);
    let id = id(&mut f, EntryKind::Price, PriceId::parse);
    let of = priced(&mut f);
    let amount = amount(&mut f);
    let territories = territory::of_key(&mut f, "territories");
    let price_categories = f.set("price_categories", spelling);
    let period = f.days("from", "until");
    let note = f.text("note").unwrap_or_default();
    f.finish();
    let name = id.as_ref().map(ToString::to_string);
    let price = || {
        let (id, of, amount) = (id?, of?, amount?);
        Some(Price { id, of, amount, territories, price_categories, period, note })
    };
    (name, price())
}

/// Exactly one of `recordings`, `releases` and `products`.
fn priced(f: &mut Fields<'_, '_>) -> Option<Priced> {
    let recordings = f.set("recordings", RecordingId::parse);
    f.link("recordings", EntryKind::Recording, &recordings);
    let releases = f.set("releases", ReleaseId::parse);
    f.link("releases", EntryKind::Release, &releases);
    let products = f.set("products", ProductId::parse);
    f.link("products", EntryKind::Product, &products);
    let found = [
        (!recordings.is_empty()).then_some(Priced::Recordings(recordings)),
        (!releases.is_empty()).then_some(Priced::Releases(releases)),
        (!products.is_empty()).then_some(Priced::Products(products)),
    ];
    let mut found = found.into_iter().flatten();
    match (found.next(), found.next()) {
        (Some(of), None) => Some(of),
        _ => {
            let message = "a price names exactly one of recordings, releases and products";
            f.report(&SCOPE_MALFORMED, f.spot("recordings"), message.to_owned(), "");
            None
        }
    }
}
