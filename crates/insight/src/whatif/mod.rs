//! What other models of distribution would divide, on a log of who listened to what: a simulation.
//!
//! # Purpose
//!
//! No service reports what single listeners play, so nobody can be paid by these figures. Given a
//! log, they show who would win and who would lose if a service divided otherwise.
//!
//! # Words
//!
//! * **log**: how often each listener played each recording; [`ListeningLog::read`].
//! * **recipient**: an artist, or a recording, that a model divides among.
//! * **model**: how the revenue is divided; [`Model`].
//! * **change**: what a model gives a recipient beyond what pro rata gives.
//!
//! # Example
//!
//! ```
//! use insight::whatif::{Limits, ListeningLog, Model, Question, simulate};
//! use money::{Atoms, Currency};
//!
//! let text = "listener,artist,plays\nann,Kim,90\nben,Lee,10\n";
//! let log = ListeningLog::read("log.csv", text.as_bytes(), None, Limits::default(), &mut |_| ())?;
//! let revenue = Some(Atoms::from_units(20));
//! let question = Question { revenue, ..Question::new(Currency::parse("EUR")?) };
//! let answer = simulate(&log, &question)?;
//! let paid = |model: Model| {
//!     let it = answer.outcomes.iter().find(|it| it.model == model).unwrap();
//!     it.amounts.as_ref().unwrap().iter().map(ToString::to_string).collect::<Vec<_>>()
//! };
//! assert_eq!(paid(Model::ProRata), ["18", "2"]);
//! assert_eq!(paid(Model::ListenerCentric), ["10", "10"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Invariants
//!
//! * What a model divides is the revenue, to the atom; where nobody counts under it, nothing is
//!   divided, and the outcome says so.
//! * The order of the log plays no part.
//! * Listener-centric is pro rata, to the atom, where all listeners pay and play the same.
//! * Memory depends on the pairs of listener and recording, within [`Limits`], not on the rows.
//!
//! # What it does not do
//!
//! It does not guess how listeners would behave under another model, which plays a service would
//! take for noise, or what part of a fee is revenue: the caller says what is divided.

mod artist;
mod cells;
mod compare;
mod ids;
mod listener;
mod log;
mod row;
mod shapley;
#[cfg(test)]
mod tests;
mod text;
mod threshold;
mod view;

use money::{Atoms, Currency, Ratio, Rounding, allocate};

pub use artist::ArtistCentric;
pub use compare::{Group, GroupChange, Outcome};
pub use log::{Limits, ListeningLog, ListeningLogError};
pub use text::{signed_percent, write_csv};
pub use threshold::Threshold;

use view::View;

/// What every form of output says of these figures.
pub const LABEL: &str = "SIMULATION: what other models would divide; no report tells what listeners play, and nobody is paid by it";

/// How revenue is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Model {
    /// By plays: all revenue is one pool, and a play is a play.
    ProRata,
    /// What each listener pays is divided by what that listener plays; the field calls it
    /// user-centric.
    ListenerCentric,
    /// Plays weigh more for artists whom many play and where the listener asked for them.
    ArtistCentric,
    /// By plays, but recordings below a number of plays count nothing.
    Threshold,
    /// What each listener pays is divided equally among those whom that listener plays: the Shapley
    /// value of the game in which a listener is there for all of them or not at all.
    Shapley,
}

impl Model {
    /// Every model, pro rata first.
    pub const ALL: [Self; 5] =
        [Self::ProRata, Self::ListenerCentric, Self::ArtistCentric, Self::Threshold, Self::Shapley];

    /// The name by which it is asked for.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProRata => "pro-rata",
            Self::ListenerCentric => "listener-centric",
            Self::ArtistCentric => "artist-centric",
            Self::Threshold => "threshold",
            Self::Shapley => "shapley",
        }
    }
}

/// Among whom revenue is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Artists; in a log without them, recordings.
    Artist,
    /// Recordings; in a log without them, artists.
    Recording,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Question {
    /// The currency of the revenue and of every fee.
    pub currency: Currency,
    /// What is divided; without it, what the listeners pay.
    pub revenue: Option<Atoms>,
    /// What a listener pays of whom the log does not say it.
    pub fee: Option<Atoms>,
    /// The part of the fees that is divided, where no revenue is given; rounded down to the atom.
    pub share: Ratio,
    /// Among whom.
    pub by: By,
    /// By which models; pro rata is always there.
    pub models: Vec<Model>,
    /// How artist-centric weighs.
    pub artist: ArtistCentric,
    /// Below which number of plays a recording counts nothing.
    pub threshold: Threshold,
}

impl Question {
    /// Every model with its usual figures, among artists; revenue and fee are not said yet.
    #[must_use]
    pub fn new(currency: Currency) -> Self {
        Self {
            currency,
            revenue: None,
            fee: None,
            share: Ratio::ONE,
            by: By::Artist,
            models: Model::ALL.to_vec(),
            artist: ArtistCentric::default(),
            threshold: Threshold::default(),
        }
    }
}

/// One among whom revenue is divided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The artist; empty in a log without artists.
    pub artist: String,
    /// The recording; empty where artists are asked for.
    pub recording: String,
    /// Plays that are paid.
    pub plays: u64,
    /// Listeners of them.
    pub listeners: u32,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The currency of all amounts.
    pub currency: Currency,
    /// What was divided.
    pub revenue: Atoms,
    /// All who have plays, in order of artist and recording.
    pub recipients: Vec<Recipient>,
    /// Places in `recipients`, most plays first; equals in their order.
    pub ranks: Vec<usize>,
    /// Plays that are paid.
    pub plays: u128,
    /// Listeners who play.
    pub listeners: u64,
    /// Listeners who play and of whom neither log nor question says what they pay; in a log of
    /// fees they count as paying nothing.
    pub without_fee: u64,
    /// What each model divides, in the order of [`Model::ALL`]; pro rata is the first.
    pub outcomes: Vec<Outcome>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WhatIfError {
    /// The log has no play that is paid.
    #[error("the log holds no play that is paid")]
    NoPlay,
    /// There is nothing to divide.
    #[error("there is no revenue above zero: say it, or what a listener pays")]
    NoRevenue,
    /// A sum needs more than 128 bits.
    #[error("a sum of {model} needs more than 128 bits; use smaller fees, boosts or logs")]
    Overflow {
        /// The model.
        model: &'static str,
    },
}

/// Divides the revenue by every model asked for, and compares each with pro rata.
///
/// # Errors
/// [`WhatIfError`].
pub fn simulate(log: &ListeningLog, question: &Question) -> Result<Answer, WhatIfError> {
    let view = View::new(log, question);
    if view.plays == 0 {
        return Err(WhatIfError::NoPlay);
    }
    let revenue = revenue(log, question)?;
    let whole = divide(revenue, &view.weights, Model::ProRata)?;
    let pro_rata = whole.clone().ok_or(WhatIfError::NoPlay)?;
    let ranks = view.ranks();
    let compare = |model, amounts| {
        compare::outcome(model, amounts, &pro_rata, &ranks, question.currency)
            .ok_or(WhatIfError::Overflow { model: model.as_str() })
    };
    let mut outcomes = vec![compare(Model::ProRata, whole)?];
    for model in Model::ALL.into_iter().skip(1).filter(|it| question.models.contains(it)) {
        let amounts = match model {
            Model::ProRata => Some(pro_rata.clone()),
            Model::ListenerCentric => listener::divide(&view, revenue, model, |cell| cell.plays)?,
            Model::ArtistCentric => {
                divide(revenue, &artist::weights(&view, question.artist)?, model)?
            }
            Model::Threshold => {
                divide(revenue, &threshold::weights(&view, question.threshold), model)?
            }
            Model::Shapley => shapley::divide(&view, revenue)?,
        };
        outcomes.push(compare(model, amounts)?);
    }
    Ok(Answer {
        currency: question.currency,
        revenue,
        recipients: view.recipients(),
        ranks,
        plays: view.plays,
        listeners: view.listeners,
        without_fee: view.without_fee,
        outcomes,
    })
}

/// What is divided: as given, or the part of all fees.
fn revenue(log: &ListeningLog, question: &Question) -> Result<Atoms, WhatIfError> {
    let given = question.revenue.or_else(|| {
        let fees = log.fees.iter().map(|it| it.or(question.fee).unwrap_or_default());
        Atoms::checked_sum(fees)?.mul_ratio(question.share, Rounding::Down)
    });
    given.filter(|it| *it > Atoms::ZERO).ok_or(WhatIfError::NoRevenue)
}

/// Revenue by weights; `None` if none is above zero.
fn divide(
    revenue: Atoms,
    weights: &[u128],
    model: Model,
) -> Result<Option<Vec<Atoms>>, WhatIfError> {
    match allocate(revenue, weights) {
        Ok(parts) => Ok(Some(parts)),
        Err(money::AllocateError::NoWeight) => Ok(None),
        Err(_) => Err(WhatIfError::Overflow { model: model.as_str() }),
    }
}
