//! Bundles of receipts, and what erasing a payee does to them.

use std::fs;
use std::path::PathBuf;

use app::Silent;
use app::bundle::{BUNDLE_FILE, BundleError, BundleOutcome, make_bundle, open_bundle};
use app::erase::erase;
use envelope::Identity;
use ident::PartyId;

use crate::stage::{NOW, Stage};

fn identity(number: u8) -> Identity {
    Identity::from_bytes([number; 32].into())
}

/// Gives a party a key, or takes it.
fn set_key(stage: &mut Stage, party: &PartyId, identity: Option<&Identity>) {
    let mut catalogue = stage.home.store.catalogue().unwrap();
    let of = catalogue.parties.get_mut(party).unwrap();
    of.receipt_key = identity.map(Identity::recipient);
    stage.home.store.replace_catalogue(&catalogue, &[], NOW).unwrap();
}

fn make(stage: &Stage, settlement: &str) -> Result<BundleOutcome, BundleError> {
    make_bundle(&stage.home, settlement, None, &mut Silent)
}

/// The names of what an identity opens.
fn opened(bundle: &BundleOutcome, identity: Identity) -> Vec<PathBuf> {
    let folder = tempfile::tempdir().unwrap();
    let opened = open_bundle(&bundle.path, &[identity], folder.path(), &mut Silent).unwrap();
    assert_eq!((opened.settlement, opened.sealed), (bundle.settlement.clone(), bundle.receipts));
    for it in &opened.receipts {
        statement::Receipt::parse(&fs::read(it).unwrap()).unwrap();
    }
    opened.receipts
}

#[test]
fn an_erased_payee_is_in_no_bundle() {
    let mut stage = crate::payments::paid_out();
    let mut settlements = stage.home.store.settlements().unwrap();
    let open = settlements.pop().unwrap();
    assert!(!open.sealed);
    let settlement = settlements.remove(0).id;
    let refused = make(&stage, &open.id);
    assert!(matches!(refused, Err(BundleError::NotPublished { .. })), "{refused:?}");
    stage.publish(None);
    let refused = make(&stage, &settlement);
    assert!(matches!(refused, Err(BundleError::NoKeys { .. })), "{refused:?}");
    let rows = stage.home.store.statements(Some(&settlement)).unwrap();
    let parties = rows.iter().filter_map(|it| it.account.strip_prefix("payee:"));
    let mut parties: Vec<PartyId> =
        parties.filter_map(|it| PartyId::parse(it.split('@').next()?).ok()).collect();
    parties.dedup();
    let [party, other, ..] = parties.as_slice() else { panic!("two payees are needed") };
    let of_party = |it: &PartyId| {
        let names = [format!("payee:{it}"), format!("fee:{it}")];
        let is_its = |account: &str| {
            names.iter().any(|it| account == it || account.starts_with(&format!("{it}@")))
        };
        rows.iter().filter(|it| is_its(&it.account)).count()
    };
    set_key(&mut stage, party, Some(&identity(1)));
    set_key(&mut stage, other, Some(&identity(2)));
    let made = make(&stage, &settlement).unwrap();
    assert_eq!(made.receipts as usize, of_party(party) + of_party(other));
    assert!(!made.without_key.contains(&party.to_string()) && made.erased == 0, "{made:?}");
    assert_eq!(opened(&made, identity(1)).len(), of_party(party));
    assert_eq!(opened(&made, identity(2)).len(), of_party(other));
    assert!(opened(&made, identity(3)).is_empty());
    let folder = stage.home.statements_folder().join(&settlement);
    let own: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().path())
        .filter(|it| it.extension().is_some_and(|it| it == "receipt"))
        .map(|it| (it.clone(), fs::read(&it).unwrap()))
        .collect();
    let erased = erase(&mut stage.home, party).unwrap();
    assert!(erased.bundles.contains(&settlement) && !folder.join(BUNDLE_FILE).exists());
    // Even if a backup puts the files back.
    for (path, bytes) in own {
        fs::write(path, bytes).unwrap();
    }
    let made = make(&stage, &settlement).unwrap();
    assert_eq!(made.receipts as usize, of_party(other));
    assert_eq!(made.erased, of_party(party));
    assert!(opened(&made, identity(1)).is_empty());
    assert_eq!(opened(&made, identity(2)).len(), of_party(other));
}
