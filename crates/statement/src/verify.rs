//! Checking a receipt, with nothing at hand but the receipt and a key or a policy.
//!
//! One function a step, in the order of the specification; the first that fails is the answer.

use std::collections::{BTreeMap, BTreeSet};

use money::{Atoms, Ratio};
use sha2::{Digest as _, Sha256};
use tlog::checkpoint::CheckpointError;
use tlog::policy::{JudgeError, Policy};
use tlog::sum::{decode_nodes, root_of};
use tlog::{Checkpoint, Hash, Note, VerifierKey, leaf_hash, verify_inclusion};

use crate::commit::{
    AccountNode, AccountSums, CommitError, Mention, account_leaf, commit, gives_all, source_leaf,
};
use crate::entry::{Entry, attestation_text, part_leaf};
use crate::receipt::{AgreementNote, EntryNote, PathNote, PreviousNote, Receipt, parse_base64};
use crate::seal::{CheckedSeal, Seal, category};
use crate::secret::{StatementKey, parse_hex};
use crate::statement::{SourceNote, Statement, TermNote};
use crate::verdict::{Attested, Refusal, Verdict, Witnessing};

/// What the reader knows beforehand.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    /// Nothing: the key that the receipt names is used, and the verdict says so.
    #[default]
    Nothing,
    /// The log's key.
    Key(VerifierKey),
    /// Which logs and witnesses are trusted, and how many of them are enough.
    Policy(Policy),
}

/// Checks a receipt.
///
/// # Errors
/// [`Refusal`] names the first thing that does not hold.
pub fn verify(receipt: &[u8], trust: &Trust) -> Result<Verdict, Refusal> {
    let receipt = Receipt::parse(receipt).map_err(Refusal::Malformed)?;
    let log_key = log_key(&receipt, trust)?;
    let (checkpoint, witnessing) = signed(&receipt, &log_key, trust)?;
    let log = Log::read(&receipt, &checkpoint)?;
    let (seal, checked) = log.seal(&receipt.statement)?;
    let key = StatementKey::from_hex(&receipt.key).ok_or(Refusal::Field { what: "key" })?;
    receipt.statement.check().map_err(Refusal::Figures)?;
    let mentions = account(&receipt, &key, &checked)?;
    sources(&receipt, &mentions, &checked)?;
    let attested = log.reports(&receipt.statement, &seal)?;
    let less = log.agreements(&receipt)?;
    log.rates(&receipt.statement, &seal)?;
    log.previous(&receipt, &seal, &checked)?;
    Ok(Verdict {
        origin: checkpoint.origin().to_owned(),
        size: checkpoint.size(),
        seal: log.seal_index(),
        log_key: receipt.log_key,
        key_given: !matches!(trust, Trust::Nothing),
        witnessing,
        attested,
        less,
        settled: checked.sources,
        accounts: checked.accounts,
        continued: !receipt.previous.is_empty(),
        previous: seal.previous.first().copied(),
        statement: receipt.statement,
    })
}

fn log_key(receipt: &Receipt, trust: &Trust) -> Result<VerifierKey, Refusal> {
    let named =
        VerifierKey::parse(&receipt.log_key).map_err(|_| Refusal::Field { what: "log key" })?;
    let other = |given: String| Refusal::OtherKey { named: named.to_string(), given };
    match trust {
        Trust::Key(given) if *given != named => Err(other(given.to_string())),
        Trust::Policy(policy) if policy.logs().iter().all(|it| it.key != named) => {
            let logs: Vec<String> = policy.logs().iter().map(|it| it.key.to_string()).collect();
            Err(other(logs.join(", ")))
        }
        _ => Ok(named),
    }
}

/// The checkpoint, signed by the log, and who else saw it.
fn signed(
    receipt: &Receipt,
    key: &VerifierKey,
    trust: &Trust,
) -> Result<(Checkpoint, Witnessing), Refusal> {
    let malformed = |_| Refusal::Field { what: "checkpoint" };
    let note = Note::parse(&receipt.checkpoint).map_err(malformed)?;
    let keys = std::slice::from_ref(key);
    let checkpoint = Checkpoint::open(&receipt.checkpoint, key.name(), keys);
    let checkpoint = checkpoint.map_err(|error| match error {
        CheckpointError::Note(source) => Refusal::Signature { key: key.to_string(), source },
        CheckpointError::OtherLog { found, .. } => Refusal::OtherLog { found },
        _ => Refusal::Field { what: "checkpoint" },
    })?;
    let Trust::Policy(policy) = trust else { return Ok((checkpoint, Witnessing::NoPolicy)) };
    let judged = policy.judge(&note).map_err(|error| match error {
        JudgeError::Note(source) => Refusal::Signature { key: key.to_string(), source },
        _ => Refusal::Field { what: "checkpoint" },
    })?;
    Ok((checkpoint, Witnessing::Judged(judged.quorum)))
}

/// The entries of a receipt, each of them in the log, read once.
struct Log<'a> {
    entries: Vec<(u64, &'a str)>,
    /// What they say; none for seals, and for kinds that are not known.
    read: Vec<Option<Entry>>,
    /// The notes of attestations by their text, each with its key; none for a note that cannot be read.
    attestations: BTreeMap<Option<String>, (String, Option<Note>)>,
}

impl<'a> Log<'a> {
    fn read(receipt: &'a Receipt, checkpoint: &Checkpoint) -> Result<Self, Refusal> {
        let mut entries = Vec::new();
        for EntryNote { hashes, index, text } in &receipt.entries {
            let not_in = |source| Refusal::NotIncluded { entry: *index, source };
            let hashes = parse_hashes(hashes).ok_or(Refusal::Field { what: "inclusion proof" })?;
            let (size, root) = (checkpoint.size(), checkpoint.root());
            verify_inclusion(&leaf_hash(text.as_bytes()), *index, size, &hashes, &root)
                .map_err(not_in)?;
            entries.push((*index, text.as_str()));
        }
        let read: Vec<Option<Entry>> =
            entries.iter().map(|(_, text)| Entry::parse(text.as_bytes())).collect();
        let mut attestations = BTreeMap::new();
        for it in read.iter().flatten() {
            if let Entry::Attestation { key, note } = it {
                let note = Note::parse(note).ok();
                let text = note.as_ref().map(|it| it.text().to_owned());
                attestations.entry(text).or_insert_with(|| (key.clone(), note));
            }
        }
        Ok(Self { entries, read, attestations })
    }

    fn seal_index(&self) -> u64 {
        self.entries.first().map_or(0, |(index, _)| *index)
    }

    /// The entry at a place of the receipt.
    fn at(&self, place: u64) -> Option<(u64, &'a str)> {
        usize::try_from(place).ok().and_then(|it| self.entries.get(it)).copied()
    }

    /// The entry at a place of the receipt, if it stands before the seal and can be read.
    fn read_before(&self, place: u64) -> Option<&Entry> {
        self.at(place).filter(|(index, _)| *index < self.seal_index())?;
        usize::try_from(place).ok().and_then(|it| self.read.get(it))?.as_ref()
    }

    fn seal(&self, statement: &Statement) -> Result<(Seal, CheckedSeal), Refusal> {
        let other = Refusal::Seal(crate::SealError::Other { entry: self.seal_index() });
        let seal = self.at(0).and_then(|(_, text)| Seal::parse(text.as_bytes()));
        let seal = seal.filter(|it| {
            (&it.settlement, &it.period, it.currency)
                == (&statement.settlement, &statement.period, statement.currency)
        });
        let seal = seal.ok_or(other)?;
        let checked = seal.check().map_err(Refusal::Seal)?;
        Ok((seal, checked))
    }

    /// Every report was in the log before the seal, with the text that the lines speak of. The seal names it
    /// if its lines are settled for the first time, and does not if they restate an earlier settlement.
    fn reports(&self, statement: &Statement, seal: &Seal) -> Result<Vec<Attested>, Refusal> {
        let mut logged: BTreeMap<(&str, &str), Vec<(u64, &Entry)>> = BTreeMap::new();
        for (index, entry) in self.before() {
            if let Entry::Report { report, sha256, .. } = entry {
                logged.entry((report, sha256)).or_default().push((index, entry));
            }
        }
        let mut attested: BTreeMap<&str, Attested> = BTreeMap::new();
        for it in &statement.sources {
            let first = it.restated.is_empty();
            let fits = |(index, _): &&(u64, &Entry)| seal.reports.contains(index) == first;
            let found = logged.get(&(it.report.as_str(), it.sha256.as_str()));
            let found = found.and_then(|all| all.iter().find(fits));
            let missing = || Refusal::Report { report: it.report.clone() };
            let (_, entry) = found.filter(|_| restates(it, statement)).ok_or_else(missing)?;
            let by = self.attestation(&it.report, entry)?;
            attested.entry(&it.report).or_insert(Attested { report: it.report.clone(), by });
        }
        Ok(attested.into_values().collect())
    }

    /// The key that attests a report, if one does; an attestation that does not hold is refused.
    fn attestation(&self, id: &str, report: &Entry) -> Result<Option<String>, Refusal> {
        let Entry::Report { control, lines, report, sha256 } = report else { return Ok(None) };
        let refused = || Refusal::Attestation { report: id.to_owned() };
        if self.attestations.contains_key(&None) {
            return Err(refused());
        }
        let text = attestation_text(report, sha256, *lines, control);
        let Some((key, Some(note))) = self.attestations.get(&Some(text)) else { return Ok(None) };
        let named = VerifierKey::parse(key).map_err(|_| refused())?;
        note.verify(std::slice::from_ref(&named)).map_err(|_| refused())?;
        Ok(Some(key.clone()))
    }

    /// The entries that stand before the seal, as far as they can be read.
    fn before(&self) -> impl Iterator<Item = (u64, &Entry)> {
        let seal = self.seal_index();
        let all = self.entries.iter().zip(&self.read);
        all.filter(move |((index, _), _)| *index < seal)
            .filter_map(|((index, _), entry)| Some((*index, entry.as_ref()?)))
    }

    /// Every agreement and term that is named is one that the log committed to before the seal, and none
    /// gives more than it states; returns the terms that give less.
    fn agreements(&self, receipt: &Receipt) -> Result<Vec<String>, Refusal> {
        let opened = self.opened(&receipt.agreements)?;
        let mut less = Vec::new();
        // Only what nobody is promised may be without a term: it is retained, or waits.
        let unpromised = matches!(
            category(&receipt.statement.account).split(':').next(),
            Some("retained" | "suspense")
        );
        for it in &receipt.statement.terms {
            if !unpromised && (it.agreement.is_empty() || it.term.is_empty()) {
                return Err(Refusal::Agreement {
                    what: format!("a term of {}", receipt.statement.account),
                });
            }
            if it.agreement.is_empty() {
                continue;
            }
            for what in it.committed_parts() {
                if opened.iter().all(|text| first_line(text) != what) {
                    return Err(Refusal::Agreement { what });
                }
            }
            if it.term.is_empty() {
                continue;
            }
            let what = format!("term {} {}", it.agreement, it.term);
            let texts = opened.iter().filter(|text| first_line(text) == what);
            let stated: Vec<Ratio> = texts.flat_map(|text| stated_rates(text)).collect();
            if stated.iter().all(|rate| *rate < it.rate) {
                return Err(Refusal::Agreement { what });
            }
            if !stated.contains(&it.rate) && it.kind != TermNote::PRICE_BORNE {
                less.push(format!("{what}, {}", it.rate));
            }
        }
        Ok(less)
    }

    /// The texts of the parts of agreements that are opened.
    fn opened<'b>(&self, notes: &'b [AgreementNote]) -> Result<Vec<&'b str>, Refusal> {
        let mut opened = Vec::new();
        for note in notes {
            let Some(Entry::Agreement { parts, root }) = self.read_before(note.entry) else {
                return Err(Refusal::Agreement { what: format!("entry {}", note.entry) });
            };
            for it in &note.parts {
                let refused = || Refusal::Agreement { what: first_line(&it.text).to_owned() };
                let salt = parse_hex(&it.salt).ok_or_else(refused)?;
                let root = parse_hex(root).map(Hash).ok_or_else(refused)?;
                let hashes = parse_hashes(&it.hashes).ok_or_else(refused)?;
                verify_inclusion(&part_leaf(&salt, &it.text), it.at, *parts, &hashes, &root)
                    .map_err(|_| refused())?;
                opened.push(it.text.as_str());
            }
        }
        Ok(opened)
    }

    /// Every table of exchange rates that is named is one that the seal names.
    fn rates(&self, statement: &Statement, seal: &Seal) -> Result<(), Refusal> {
        for it in statement.sources.iter().filter(|it| it.is_exchanged()) {
            let named = it.rate_table().unwrap_or_default();
            let is_it = |(index, entry): (u64, &Entry)| match entry {
                Entry::Rates { table, .. } => {
                    table == named && (!it.restated.is_empty() || seal.rates.contains(&index))
                }
                _ => false,
            };
            if !self.before().any(is_it) {
                return Err(Refusal::Rates { table: named.to_owned() });
            }
        }
        Ok(())
    }

    /// What is due opens as it closed in the seal before.
    fn previous(
        &self,
        receipt: &Receipt,
        seal: &Seal,
        checked: &CheckedSeal,
    ) -> Result<(), Refusal> {
        let opening = receipt.statement.balance.opening;
        let before = match seal.previous.as_slice() {
            [] => {
                checked.check_first().map_err(Refusal::Seal)?;
                None
            }
            [index] => {
                // A seal that continued itself, or a later one, could open with anything.
                let earlier = self.entries.iter().filter(|(at, _)| *at < self.seal_index());
                let entry = earlier.into_iter().find(|(at, _)| at == index);
                let seal = entry.and_then(|(_, text)| Seal::parse(text.as_bytes()));
                let seal = seal.filter(|it| it.currency == receipt.statement.currency);
                let before = seal.ok_or(Refusal::Previous)?.check().map_err(Refusal::Seal)?;
                checked.check_previous(&before).map_err(Refusal::Seal)?;
                Some((*index, before))
            }
            _ => return Err(Refusal::Previous),
        };
        match (receipt.previous.as_slice(), before) {
            ([], _) if opening.is_zero() => Ok(()),
            ([note], Some((index, before)))
                if self.at(note.entry).is_some_and(|(at, _)| at == index) =>
            {
                let sums = previous_account(note, &receipt.statement.account, &before)
                    .ok_or(Refusal::Previous)?;
                let (due, owed) = crate::commit::sides(opening);
                match (sums.closing_due, sums.closing_owed) == (due, owed) {
                    true => Ok(()),
                    false => Err(Refusal::Previous),
                }
            }
            _ => Err(Refusal::Previous),
        }
    }
}

/// The account in the seal before, if it stood there as it is told.
fn previous_account(
    note: &PreviousNote,
    account: &str,
    before: &CheckedSeal,
) -> Option<AccountSums> {
    let key = StatementKey::from_hex(&note.key)?;
    let sum = |it: &String| {
        let atoms = Atoms::parse(it).ok().filter(|atoms| atoms.to_string() == *it)?;
        u128::try_from(atoms.raw()).ok()
    };
    let sums: Vec<u128> = note.sums.iter().map(sum).collect::<Option<_>>()?;
    let sums = AccountSums::of(&sums.try_into().ok()?);
    let (sha256, lines) = (parse_hex(&note.statement)?, note.lines.node()?);
    if *lines.sums() != [sums.earned_credit, sums.earned_debit] {
        return None;
    }
    let leaf = account_leaf(account, Some(&sha256), &lines, &sums, &key).ok()?;
    let root = *before.categories.get(category(account))?;
    leads_to(leaf, &note.path, &root).then_some(sums)
}

/// The statement, all its lines and its balance are one leaf of the seal.
fn account(
    receipt: &Receipt,
    key: &StatementKey,
    seal: &CheckedSeal,
) -> Result<Vec<Mention>, Refusal> {
    let statement = &receipt.statement;
    let mut mentions = Vec::new();
    let sha256 = Sha256::digest(statement.canonical()).into();
    let leaf = commit(statement, &sha256, key, |it| mentions.push(it));
    let (leaf, _) = leaf.map_err(|_: CommitError| Refusal::Account)?;
    let root = seal.categories.get(category(&statement.account)).ok_or(Refusal::Account)?;
    match leads_to(leaf, &receipt.path, root) {
        true => Ok(mentions),
        false => Err(Refusal::Account),
    }
}

fn leads_to(leaf: AccountNode, path: &PathNote, root: &AccountNode) -> bool {
    let nodes = parse_base64(&path.nodes).and_then(|it| decode_nodes(&it).ok());
    let found = nodes.and_then(|it| root_of(root.count(), &[(path.at, leaf)], &it).ok());
    found.as_ref() == Some(root)
}

/// Each cell of the statement is a leaf among the sources of the seal, and gives all it brings.
fn sources(receipt: &Receipt, mentions: &[Mention], seal: &CheckedSeal) -> Result<(), Refusal> {
    let refused = || Refusal::Sources;
    let mut given = receipt.sources.cells.iter();
    let mut leaves = BTreeMap::new();
    let mut known = BTreeSet::new();
    for it in mentions {
        if !known.insert(it.cell) {
            continue;
        }
        let (at, given, salt) = given.next().ok_or_else(refused)?;
        let salt = parse_hex(salt).ok_or_else(refused)?;
        let amount = Atoms::parse(given).ok().filter(|amount| amount.to_string() == *given);
        let amount = amount.ok_or_else(refused)?;
        if it.settled.is_some_and(|settled| !gives_all(settled, amount)) {
            return Err(refused());
        }
        let leaf = source_leaf(&it.cell.id, amount, &salt).map_err(|_| refused())?;
        if leaves.insert(*at, leaf).is_some() {
            return Err(refused());
        }
    }
    if given.next().is_some() {
        return Err(refused());
    }
    let nodes = parse_base64(&receipt.sources.nodes).and_then(|it| decode_nodes(&it).ok());
    let leaves: Vec<_> = leaves.into_iter().collect();
    let root = nodes.and_then(|it| root_of(seal.sources.count(), &leaves, &it).ok());
    match root.as_ref() == Some(&seal.sources) {
        true => Ok(()),
        false => Err(refused()),
    }
}

/// Whether a source says of its lines either that they are new, or which earlier settlement they restate.
fn restates(source: &SourceNote, statement: &Statement) -> bool {
    match source.restated.as_str() {
        "" => source.restates.is_empty(),
        "before" | "now" => !source.restates.is_empty() && source.restates != statement.settlement,
        _ => false,
    }
}

/// Lines end with LF alone, so that every reader sees the same ones.
fn first_line(text: &str) -> &str {
    text.split('\n').next().unwrap_or_default()
}

/// The rates that the text of a term states in its second line, canonical ratios with single spaces between;
/// none if one is not.
fn stated_rates(text: &str) -> Vec<Ratio> {
    let rates = text.split('\n').nth(1).and_then(|it| it.strip_prefix("rates "));
    let ratio = |it: &str| Ratio::parse(it).ok().filter(|ratio| ratio.to_string() == it);
    let rates = rates.and_then(|it| it.split(' ').map(ratio).collect::<Option<Vec<_>>>());
    rates.unwrap_or_default()
}

fn parse_hashes(hashes: &[String]) -> Option<Vec<Hash>> {
    hashes.iter().map(|it| Hash::parse(it).ok()).collect()
}
