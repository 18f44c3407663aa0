//! A log as the models look at it: plays of recipients by listeners, and what listeners pay.

use std::cmp::Reverse;

use money::Atoms;

use super::cells::Cell;
use super::{By, ListeningLog, Question, Recipient};

/// A log by recipient.
pub(super) struct View<'a> {
    pub(super) log: &'a ListeningLog,
    by: By,
    /// The first title of each recipient, in their order.
    titles: Vec<u32>,
    /// The recipient of each title; of one that has no paid plays it means nothing.
    pub(super) recipients: Vec<u32>,
    /// Cells by listener and recipient.
    pub(super) cells: Vec<Cell>,
    /// What each listener pays, in the largest unit that divides all fees.
    pub(super) fees: Vec<u128>,
    /// Paid plays of each recipient.
    pub(super) weights: Vec<u128>,
    listeners_of: Vec<u32>,
    pub(super) plays: u128,
    pub(super) listeners: u64,
    pub(super) without_fee: u64,
}

impl<'a> View<'a> {
    pub(super) fn new(log: &'a ListeningLog, question: &Question) -> Self {
        let mut paid = vec![false; log.titles.len()];
        for cell in &log.cells {
            paid[cell.title as usize] = true;
        }
        let (mut titles, mut recipients) = (Vec::new(), vec![0; log.titles.len()]);
        let mut last = None;
        for (at, title) in log.titles.iter().enumerate().filter(|(at, _)| paid[*at]) {
            if question.by == By::Recording || last != Some(title.artist) {
                titles.push(u32::try_from(at).unwrap_or(u32::MAX));
            }
            last = Some(title.artist);
            recipients[at] = u32::try_from(titles.len() - 1).unwrap_or(u32::MAX);
        }
        let cells = cells(&log.cells, &recipients);
        let mut weights = vec![0_u128; titles.len()];
        let mut listeners_of = vec![0; titles.len()];
        for cell in &cells {
            weights[cell.title as usize] += u128::from(cell.plays);
            listeners_of[cell.title as usize] += 1;
        }
        let mut it = Self {
            log,
            by: question.by,
            titles,
            recipients,
            cells,
            fees: Vec::new(),
            plays: weights.iter().sum(),
            weights,
            listeners_of,
            listeners: 0,
            without_fee: 0,
        };
        it.price(question.fee);
        it
    }

    /// The cells of each listener.
    pub(super) fn by_listener(&self) -> impl Iterator<Item = &[Cell]> {
        self.cells.chunk_by(|left, right| left.listener == right.listener)
    }

    /// The fees as weights: equal ones where the log has none.
    fn price(&mut self, fee: Option<Atoms>) {
        let stated = |it: &Option<Atoms>| it.or(fee);
        let raw = |it: &Option<Atoms>| stated(it).unwrap_or_default().raw().unsigned_abs();
        let mut fees = match self.log.has_fees {
            true => self.log.fees.iter().map(raw).collect(),
            false => vec![1; self.log.fees.len()],
        };
        let unit = fees.iter().fold(0, |unit, fee| divisor(unit, *fee));
        if unit > 1 {
            fees.iter_mut().for_each(|it| *it /= unit);
        }
        let mut playing = 0;
        let mut without = 0;
        for cells in self.by_listener() {
            let stated = cells.first().and_then(|it| stated(&self.log.fees[it.listener as usize]));
            playing += 1;
            without += u64::from(self.log.has_fees && stated.is_none());
        }
        (self.fees, self.listeners, self.without_fee) = (fees, playing, without);
    }

    /// Places of recipients, most plays first.
    pub(super) fn ranks(&self) -> Vec<usize> {
        let mut ranks: Vec<usize> = (0..self.weights.len()).collect();
        ranks.sort_by_key(|at| (Reverse(self.weights[*at]), *at));
        ranks
    }

    /// The recipients, by name.
    pub(super) fn recipients(&self) -> Vec<Recipient> {
        let recipient = |(at, title): (usize, &u32)| {
            let title = self.log.titles[*title as usize];
            let artist = self.log.artists[title.artist as usize].clone();
            let recording = &self.log.recordings[title.recording as usize];
            let whole = self.by == By::Recording && self.log.has_recordings;
            let (artist, recording) = match (self.log.has_artists, whole) {
                (true, true) => (artist, recording.clone()),
                (true, false) => (artist, String::new()),
                (false, _) => (String::new(), recording.clone()),
            };
            let plays = u64::try_from(self.weights[at]).unwrap_or(u64::MAX);
            Recipient { artist, recording, plays, listeners: self.listeners_of[at] }
        };
        self.titles.iter().enumerate().map(recipient).collect()
    }
}

/// Cells by recipient; titles are in order of artist, so those of one recipient stand together.
fn cells(all: &[Cell], recipients: &[u32]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::with_capacity(all.len());
    for cell in all {
        let title = recipients[cell.title as usize];
        match cells.last_mut() {
            Some(last) if (last.listener, last.title) == (cell.listener, title) => {
                last.plays = last.plays.saturating_add(cell.plays);
                last.searched = last.searched.saturating_add(cell.searched);
            }
            _ => cells.push(Cell { title, ..*cell }),
        }
    }
    cells
}

/// The greatest common divisor; the other number where one is zero.
const fn divisor(mut left: u128, mut right: u128) -> u128 {
    while let Some(rest) = left.checked_rem(right) {
        left = right;
        right = rest;
    }
    left
}
