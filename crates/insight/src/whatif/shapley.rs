//! Shapley: `S_i = Σ_j f_j / n_j` over the listeners `j` who play recipient `i` at all, where `j`
//! plays `n_j` recipients.

use money::Atoms;

use super::view::View;
use super::{Model, WhatIfError, listener};

/// Divides what each listener pays equally among those whom that listener plays.
pub(super) fn divide(view: &View<'_>, revenue: Atoms) -> Result<Option<Vec<Atoms>>, WhatIfError> {
    listener::divide(view, revenue, Model::Shapley, |_| 1)
}
