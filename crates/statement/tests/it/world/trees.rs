//! Seals built from `docs/spec/seal-v1.md` alone, without the sealer: what an operator commits to may
//! be anything here.

use std::collections::BTreeMap;

use hmac::{Hmac, KeyInit as _, Mac as _};
use money::Atoms;
use sha2::Sha256;
use statement::{
    AccountNode, Branch, Category, ENTRY_FORMAT, PairNode, PathNote, Rounded, STATEMENT_FORMAT,
    Seal, SourcesNote, Statement, hex,
};
use tlog::SumTree;
use tlog::sum::encode_nodes;

use super::{Draft, sha256};
use crate::base64;

/// The leaves of a seal, before the trees are built over them.
#[derive(Clone)]
pub(crate) struct Leaves {
    pub(crate) cells: Vec<CellLeaf>,
    /// By category, in the order of the pseudonyms.
    pub(crate) accounts: BTreeMap<String, Vec<AccountLeaf>>,
}

#[derive(Clone)]
pub(crate) struct CellLeaf {
    pub(crate) key: CellKey,
    pub(crate) given: Atoms,
    pub(crate) salt: [u8; 32],
    pub(crate) node: PairNode,
}

/// First bytes of the source's and the recording's hash, and the cell.
pub(crate) type CellKey = ([u8; 8], [u8; 8], [u8; 32]);

/// How many lines an account has, and its pseudonym.
type Rarity = (usize, [u8; 32]);

#[derive(Clone)]
pub(crate) struct AccountLeaf {
    pub(crate) account: String,
    pub(crate) pseudonym: [u8; 32],
    pub(crate) node: AccountNode,
    pub(crate) lines: PairNode,
}

/// The trees of a seal.
pub(crate) struct Trees {
    pub(crate) leaves: Leaves,
    pub(crate) sources: SumTree<2>,
    pub(crate) accounts: BTreeMap<String, SumTree<8>>,
}

pub(crate) fn mac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    parts.iter().for_each(|it| mac.update(it));
    mac.finalize().into_bytes().into()
}

/// The nonce of an account; in a world it is not random.
pub(crate) fn nonce(settlement: &str, account: &str) -> [u8; 32] {
    sha256(&[b"nonce", settlement.as_bytes(), b"\0", account.as_bytes()])
}

fn place(draft: &Draft) -> Vec<u8> {
    [draft.currency.as_str().as_bytes(), b"\0", draft.settlement.as_bytes()].concat()
}

pub(crate) fn statement_key(secret: &[u8; 32], draft: &Draft, account: &str) -> [u8; 32] {
    let nonce = nonce(&draft.settlement, account);
    let key = mac(secret, &[b"leitmotif/account-key/v1\0", &nonce, account.as_bytes()]);
    mac(&key, &[b"leitmotif/statement-key/v1\0", &place(draft)])
}

pub(crate) fn category(account: &str) -> &str {
    match account.split_once(':') {
        Some((kind, _)) if kind != "suspense" => kind,
        _ => account,
    }
}

/// An amount as credit and debit.
pub(crate) fn sides(amount: Atoms) -> [u128; 2] {
    let raw = amount.raw();
    if raw < 0 { [0, raw.unsigned_abs()] } else { [raw.unsigned_abs(), 0] }
}

/// The cells of a statement's lines.
pub(crate) fn cells(statement: &Statement) -> Vec<CellKey> {
    let hash = |it: Vec<u8>| sha256(&[&it]);
    let json = |it: Result<Vec<u8>, serde_json::Error>| hash(it.unwrap());
    let sources: Vec<_> = statement.sources.iter().map(|it| json(serde_json::to_vec(it))).collect();
    let recordings: Vec<_> =
        statement.recordings.iter().map(|it| json(serde_json::to_vec(it))).collect();
    let contexts: Vec<_> =
        statement.contexts.iter().map(|it| json(serde_json::to_vec(it))).collect();
    let at = |it: u64| usize::try_from(it).unwrap();
    let cell = |it: &statement::Line| {
        let (source, recording) = (&sources[at(it.source)], &recordings[at(it.recording)]);
        let counts = [it.report_lines, it.first_line, it.last_line].map(u64::to_be_bytes);
        let amounts = [it.usages, it.reported, it.received].map(|atoms| atoms.raw().to_be_bytes());
        let id = sha256(&[
            b"leitmotif/cell/v1\0",
            source,
            recording,
            &contexts[at(it.context)],
            &counts.concat(),
            &amounts.concat(),
        ]);
        (*source.first_chunk().unwrap(), *recording.first_chunk().unwrap(), id)
    };
    statement.lines.iter().map(cell).collect()
}

/// The leaf of an account with a statement.
pub(crate) fn statement_leaf(statement: &Statement, key: &[u8; 32]) -> AccountLeaf {
    let mut lines = Vec::new();
    for (number, (line, cell)) in (0_u64..).zip(statement.lines.iter().zip(cells(statement))) {
        let term = &statement.terms[usize::try_from(line.term).unwrap()];
        let rounded = match line.rounded {
            Rounded::Exact => 0,
            Rounded::Down => 1,
            Rounded::Up => 2,
        };
        let payload = sha256(&[
            b"leitmotif/line/v1\0",
            &cell.2,
            &sha256(&[&serde_json::to_vec(term).unwrap()]),
            &line.amount.raw().to_be_bytes(),
            &[rounded],
        ]);
        let salt = mac(key, &[b"line", &number.to_be_bytes()]);
        lines.push(PairNode::leaf(&salt, &payload, sides(line.amount)).unwrap());
    }
    let lines = SumTree::new(lines).unwrap().root();
    let [mut credit, mut debit] = [0_u128; 2];
    for it in &statement.movements {
        let [more, less] = sides(it.amount);
        credit += more;
        debit += less;
    }
    let [opening_due, opening_owed] = sides(statement.balance.opening);
    let [closing_due, closing_owed] = sides(statement.balance.closing);
    let [earned, taken] = *lines.sums();
    let sums = [opening_due, opening_owed, earned, taken, credit, debit, closing_due, closing_owed];
    let hash = sha256(&[&statement.canonical()]);
    account_leaf(&statement.account, &hash, lines, sums, key)
}

pub(crate) fn account_leaf(
    account: &str,
    statement: &[u8; 32],
    lines: PairNode,
    sums: [u128; 8],
    key: &[u8; 32],
) -> AccountLeaf {
    let pseudonym = mac(key, &[b"pseudonym"]);
    let payload = sha256(&[
        b"leitmotif/account/v1\0",
        &pseudonym,
        &sha256(&[account.as_bytes()]),
        statement,
        lines.hash().as_bytes(),
        &lines.count().to_be_bytes(),
    ]);
    let node = AccountNode::leaf(&mac(key, &[b"salt"]), &payload, sums).unwrap();
    AccountLeaf { account: account.to_owned(), pseudonym, node, lines }
}

/// The leaf of an account without a statement.
pub(crate) fn bare_leaf(
    account: &str,
    [opening, closing]: [Atoms; 2],
    key: &[u8; 32],
) -> AccountLeaf {
    let [opening_due, opening_owed] = sides(opening);
    let [closing_due, closing_owed] = sides(closing);
    let [more, less] = sides(closing.checked_sub(opening).unwrap());
    let sums = [opening_due, opening_owed, 0, 0, more, less, closing_due, closing_owed];
    account_leaf(account, &[0; 32], SumTree::new(Vec::new()).unwrap().root(), sums, key)
}

impl Leaves {
    pub(crate) fn of(secret: &[u8; 32], draft: &Draft) -> Self {
        let mut accounts: BTreeMap<String, Vec<AccountLeaf>> = BTreeMap::new();
        // The order of the cells means nothing; this is the sealer's, so that seals can be compared.
        let mut given: BTreeMap<CellKey, (Atoms, Vec<Rarity>)> = BTreeMap::new();
        for it in &draft.statements {
            let key = statement_key(secret, draft, &it.account);
            let of = accounts.entry(category(&it.account).to_owned()).or_default();
            of.push(statement_leaf(it, &key));
            for (line, cell) in it.lines.iter().zip(cells(it)) {
                let (all, by) = given.entry(cell).or_default();
                *all = all.checked_add(line.amount).unwrap();
                by.push((it.lines.len(), mac(&key, &[b"pseudonym"])));
            }
        }
        for (account, balances) in &draft.bare {
            let key = statement_key(secret, draft, account);
            let of = accounts.entry(category(account).to_owned()).or_default();
            of.push(bare_leaf(account, *balances, &key));
        }
        accounts.values_mut().for_each(|it| it.sort_by_key(|it| it.pseudonym));
        let key = mac(secret, &[b"leitmotif/source-key/v1\0", &place(draft)]);
        let mut given: Vec<([u8; 32], CellKey, Atoms)> = given
            .into_iter()
            .map(|(cell, (given, by))| (by.into_iter().min().unwrap().1, cell, given))
            .collect();
        given.sort_unstable();
        let leaf = |(at, (_, cell, given)): (u64, ([u8; 32], CellKey, Atoms))| {
            let salt = mac(&key, &[&at.to_be_bytes()]);
            CellLeaf::new(cell, given, salt)
        };
        Self { cells: (0..).zip(given).map(leaf).collect(), accounts }
    }

    pub(crate) fn account_mut(&mut self, account: &str) -> &mut AccountLeaf {
        let of = self.accounts.get_mut(category(account)).unwrap();
        of.iter_mut().find(|it| it.account == account).unwrap()
    }

    pub(crate) fn build(self) -> Trees {
        let sources = SumTree::new(self.cells.iter().map(|it| it.node).collect()).unwrap();
        let tree = |(name, leaves): (&String, &Vec<AccountLeaf>)| {
            let leaves = leaves.iter().map(|it| it.node).collect();
            (name.clone(), SumTree::new(leaves).unwrap())
        };
        let accounts = self.accounts.iter().map(tree).collect();
        Trees { leaves: self, sources, accounts }
    }
}

impl CellLeaf {
    pub(crate) fn new(key: CellKey, given: Atoms, salt: [u8; 32]) -> Self {
        let node = PairNode::leaf(&salt, &key.2, sides(given)).unwrap();
        Self { key, given, salt, node }
    }
}

impl Trees {
    pub(crate) fn seal(&self, draft: &Draft, previous: Option<u64>, entry: Named<'_>) -> Seal {
        let accounts = |(name, it): (&String, &SumTree<8>)| Category {
            accounts: Branch::of(&it.root()).unwrap(),
            name: name.clone(),
        };
        let named = |names: &[String]| {
            let mut entries: Vec<u64> = names.iter().filter_map(|it| entry(it)).collect();
            entries.sort_unstable();
            entries
        };
        Seal {
            categories: self.accounts.iter().map(accounts).collect(),
            currency: draft.currency,
            engine: format!("world; {STATEMENT_FORMAT}"),
            format: ENTRY_FORMAT.to_owned(),
            inputs: hex(&[5; 32]),
            kind: "seal".to_owned(),
            period: draft.period.clone(),
            previous: previous.into_iter().collect(),
            rates: named(&draft.rates),
            reports: named(&draft.settles),
            settlement: draft.settlement.clone(),
            sources: Branch::of(&self.sources.root()).unwrap(),
            statements: draft.statements.len() as u64,
        }
    }

    pub(crate) fn leaf(&self, account: &str) -> Option<(u64, &AccountLeaf)> {
        let of = self.leaves.accounts.get(category(account))?;
        (0..).zip(of).find(|(_, it)| it.account == account)
    }

    pub(crate) fn path(&self, account: &str) -> Option<PathNote> {
        let (at, _) = self.leaf(account)?;
        let nodes = self.accounts[category(account)].prove(&[at]).unwrap();
        Some(PathNote { at, nodes: base64(&encode_nodes(&nodes)) })
    }

    /// Opens the cells of a statement, as far as they are there.
    pub(crate) fn open(&self, statement: &Statement) -> SourcesNote {
        let mut places = Vec::new();
        for cell in cells(statement) {
            let found = (0_u64..).zip(&self.leaves.cells).find(|(_, it)| it.key == cell);
            places.extend(found.map(|(at, _)| at).filter(|at| !places.contains(at)));
        }
        self.open_at(&places)
    }

    pub(crate) fn open_at(&self, places: &[u64]) -> SourcesNote {
        let cell = |at: &u64| {
            let it = &self.leaves.cells[usize::try_from(*at).unwrap()];
            (*at, it.given.to_string(), hex(&it.salt))
        };
        let mut sorted = places.to_vec();
        sorted.sort_unstable();
        let nodes = self.sources.prove(&sorted).unwrap();
        SourcesNote {
            cells: places.iter().map(cell).collect(),
            nodes: base64(&encode_nodes(&nodes)),
        }
    }
}

/// The number of an entry, by its name.
pub(crate) type Named<'a> = &'a dyn Fn(&str) -> Option<u64>;
