//! A world, and a receipt in it that somebody is going to cheat with.

use std::rc::Rc;

use money::Atoms;
use statement::{Receipt, Seal, SourceNote, Statement};

use crate::rng::Rng;
use crate::world::trees::Leaves;
use crate::world::{Draft, Logged, World};

pub(crate) struct Case {
    pub(crate) world: World,
    pub(crate) at: usize,
    pub(crate) account: String,
    pub(crate) rng: Rng,
}

impl Case {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = Rng::new(seed);
        let world = World::new(rng.next());
        let at = rng.below(world.drafts.len());
        let account = rng.pick(&world.drafts[at].statements).account.clone();
        Self { world, at, account, rng }
    }

    pub(crate) fn draft(&mut self) -> &mut Draft {
        &mut self.world.drafts[self.at]
    }

    pub(crate) fn own(&self) -> &Statement {
        self.world.drafts[self.at].statement(&self.account).unwrap()
    }

    pub(crate) fn own_mut(&mut self) -> &mut Statement {
        let account = self.account.clone();
        self.draft().statement_mut(&account)
    }

    /// The receipt, of whatever the operator made of the world.
    pub(crate) fn receipt(&self) -> Receipt {
        self.world.publish().receipt(&self.world, self.at, &self.account)
    }

    pub(crate) fn bytes(&self) -> Option<Vec<u8>> {
        Some(self.receipt().canonical())
    }

    /// Takes a statement that is as wanted, anywhere.
    pub(crate) fn choose(&mut self, wanted: impl Fn(&Statement) -> bool) -> Option<()> {
        let all = (0..self.world.drafts.len()).collect();
        self.choose_among(all, wanted)
    }

    /// Takes one that no later seal stands on.
    pub(crate) fn choose_last(&mut self, wanted: impl Fn(&Statement) -> bool) -> Option<()> {
        let last = self.world.last_drafts();
        self.choose_among(last, wanted)
    }

    fn choose_among(
        &mut self,
        drafts: Vec<usize>,
        wanted: impl Fn(&Statement) -> bool,
    ) -> Option<()> {
        let mut found = Vec::new();
        for at in drafts {
            let statements = self.world.drafts[at].statements.iter().filter(|it| wanted(it));
            found.extend(statements.map(|it| (at, it.account.clone())));
        }
        if found.is_empty() {
            return None;
        }
        (self.at, self.account) = self.rng.pick(&found).clone();
        Some(())
    }

    /// A few atoms, or many.
    pub(crate) fn some(&mut self) -> Atoms {
        let tens = (0..self.rng.below(15)).fold(1, |all, _| all * 10);
        Atoms::from_raw(tens + self.rng.below(9) as i128)
    }

    pub(crate) fn on_seal(&mut self, change: impl Fn(&mut Seal) + 'static) {
        self.draft().on_seal.push(Rc::new(change));
    }

    pub(crate) fn on_leaves(&mut self, change: impl Fn(&mut Leaves) + 'static) {
        self.draft().on_leaves.push(Rc::new(change));
    }

    /// Changes a note of a source wherever it stands in the draft.
    pub(crate) fn each_source(&mut self, change: impl Fn(&mut SourceNote)) {
        for it in &mut self.draft().statements {
            it.sources.iter_mut().for_each(&change);
        }
    }

    /// Takes an entry out of the log.
    pub(crate) fn unlog(&mut self, name: &str) -> Option<Logged> {
        let mut found = None;
        for it in &mut self.world.drafts {
            if let Some(at) = it.before.iter().position(|it| it.name == name) {
                found = Some(it.before.remove(at));
            }
        }
        found
    }

    /// Puts an entry into the log only after the seal.
    pub(crate) fn log_after(&mut self, name: &str) -> Option<()> {
        let logged = self.unlog(name)?;
        self.draft().after.push(logged);
        Some(())
    }

    /// Replaces the bytes of an entry.
    pub(crate) fn relog(&mut self, name: &str, bytes: &[u8]) {
        for it in self.world.drafts.iter_mut().flat_map(|it| &mut it.before) {
            if it.name == name {
                it.bytes = bytes.to_vec();
            }
        }
    }
}
