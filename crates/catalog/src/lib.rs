//! Parties, works, recordings, releases, productions and agreements, and the plain files they live in.
//!
//! # Purpose
//!
//! A catalogue says who made what, which drama it sounds in, and what was promised for it. The types
//! here are plain data; [`read_files`] and [`write_files`] are the codec for a folder of TOML files
//! that a person can edit and compare line by line.
//!
//! # Words
//!
//! * **party**: a person, group or organisation; a **contributor** is a party with a role.
//! * **work**, **recording**, **release**: what ISWC, ISRC and ICPN identify.
//! * **production**: a drama, film or show, with seasons and episodes.
//! * **product**: what is sold or licensed and is no recording: a disc, a shirt, a whole score.
//! * **repertoire**: a named set of recordings, given by a rule.
//! * **agreement**, **term**: what was promised, to whom, under which condition.
//! * **withholding**: a rule by which tax is kept back from what is paid.
//! * **price**: what one unit of something costs by our price list.
//! * **licence**: what a service owes for its own net revenue.
//! * **rate table**: exchange rates by day, with who stated them; a **quote** is one that was found.
//! * **pipe**: the way on which a right is paid; an outside one is paid by somebody else, past us.
//! * **received advance**: what a distributor paid us ahead.
//!
//! # Drawing
//!
//! ```text
//! party <--- contributor --- work <--- recording <--- release
//!   ^                                   |    ^           |
//!   |                                   v    |           v
//!   |                        production (season, episode)
//!   |                                   ^    ^
//! payee --- term --- agreement --- scope+    +--- repertoire
//! ```
//!
//! # Example
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! let files = BTreeMap::from([(
//!     "parties.toml".to_owned(),
//!     "[[party]]\nid = \"iu\"\nkind = \"person\"\nnames = { ko = \"아이유\" }\n".to_owned(),
//! )]);
//! let (catalogue, findings) = catalog::read_files(&files);
//! assert!(findings.is_empty());
//! assert_eq!(catalogue.parties.len(), 1);
//! assert_eq!(catalog::write_files(&catalogue), files);
//! ```
//!
//! # Invariants
//!
//! * Reading what was written gives the same catalogue; writing it again gives the same bytes.
//! * A catalogue that was read holds no dangling link: an entry naming a missing entry is left out,
//!   with a finding.
//! * An entry is taken whole or not at all; what is left out is always named in a finding.
//! * Titles and names are kept as received; the keys of [`title`] are for comparison only.
//!
//! # What it does not do
//!
//! It opens no file, computes no money, and does not decide which usage belongs to which recording.

mod agreement;
mod change;
mod condition;
mod deal;
mod file;
mod licence;
mod party;
mod payment;
mod pipe;
mod price;
mod product;
mod production;
mod rates;
mod recording;
mod release;
mod repertoire;
mod rule;
mod term;
pub mod title;
mod work;

use std::collections::BTreeMap;

use ident::{
    AdvanceId, AgreementId, PartyId, PipeId, PriceId, ProductId, ProductionId, RateTableId,
    RecordingId, ReleaseId, RepertoireId, TaxId, WorkId,
};

pub use agreement::{Agreement, RightsType, Scope, SettledIn};
pub use change::{Change, ChangeKind, EntryKind, diff};
pub use condition::{Condition, Subject, Territories, Use, Validity};
pub use deal::{Advance, Cost, Guarantee, Reserve};
pub use file::{
    FILES, agreement_parts, exchange_rate, rate_table_text, read_files, read_files_over,
    write_files,
};
pub use licence::Licence;
pub use party::{Contributor, Member, Party, PartyKind, Role};
pub use payment::{Bank, BankAccount, Payment, Relief, SelfBill, Withholding};
pub use pipe::{OutsidePipe, ReceivedAdvance};
pub use price::{Price, Priced};
pub use product::Product;
pub use production::{Episode, Production, Season};
pub use rates::{DAYS_MAX, Quote, RateDay, RateTable, RateTime, Rates};
pub use recording::{LinkConfidence, ProductionUse, Recording};
pub use release::Release;
pub use repertoire::Repertoire;
pub use rule::RULES;
pub use term::{Base, Cap, Ladder, Meter, Payees, Term, TermKind};
pub use title::{artist_key, title_key, title_key_loose};
pub use work::Work;

/// Text by language tag: `ko`, `en`, `ko-Latn`.
pub type Texts = BTreeMap<String, String>;

/// Everything known about repertoire and what was promised for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// People, groups and organisations.
    pub parties: BTreeMap<PartyId, Party>,
    /// Compositions.
    pub works: BTreeMap<WorkId, Work>,
    /// Sound recordings.
    pub recordings: BTreeMap<RecordingId, Recording>,
    /// What recordings were published on.
    pub releases: BTreeMap<ReleaseId, Release>,
    /// Dramas, films and shows.
    pub productions: BTreeMap<ProductionId, Production>,
    /// What is sold or licensed beside recordings.
    pub products: BTreeMap<ProductId, Product>,
    /// Named sets of recordings.
    pub repertoires: BTreeMap<RepertoireId, Repertoire>,
    /// What we promised to payees.
    pub agreements: BTreeMap<AgreementId, Agreement>,
    /// What services promised to us.
    pub licences: BTreeMap<AgreementId, Licence>,
    /// What others pay past us.
    pub pipes: BTreeMap<PipeId, OutsidePipe>,
    /// What was paid to us ahead.
    pub received_advances: BTreeMap<AdvanceId, ReceivedAdvance>,
    /// By which rules tax is withheld from what is paid.
    pub withholdings: BTreeMap<TaxId, Withholding>,
    /// Exchange rates.
    pub rate_tables: BTreeMap<RateTableId, RateTable>,
    /// What one unit costs, where its report does not say.
    pub prices: BTreeMap<PriceId, Price>,
}

impl Catalog {
    /// Lays another catalogue over this one: an entry of `other` replaces the one of the same id.
    ///
    /// The changes say what that did; nothing is ever removed. Links are not checked again.
    pub fn merge(mut self, other: Self) -> (Self, Vec<Change>) {
        let before = self.clone();
        self.parties.extend(other.parties);
        self.works.extend(other.works);
        self.recordings.extend(other.recordings);
        self.releases.extend(other.releases);
        self.productions.extend(other.productions);
        self.products.extend(other.products);
        self.repertoires.extend(other.repertoires);
        self.agreements.extend(other.agreements);
        self.licences.extend(other.licences);
        self.pipes.extend(other.pipes);
        self.received_advances.extend(other.received_advances);
        self.withholdings.extend(other.withholdings);
        self.rate_tables.extend(other.rate_tables);
        self.prices.extend(other.prices);
        let changes = diff(&before, &self);
        (self, changes)
    }
}
