//! The files of a report, block by block.

use std::io::{self, Write};

use dsr::{Field as F, Purpose};
use money::Atoms;

use crate::defect::{Block, Inject, Plan};
use crate::draw::{Draws, Pick, Sale};
use crate::pool::{Pool, pools};
use crate::row::Row;
use crate::shape::{Shape, find};
use crate::truth::{FileTruth, Injected, SummaryTruth, Truth};
use crate::value::{About, fill, head};
use crate::{ForgeError, Order};

/// Writes a report; `open` gives the target of each file by its name. What is kept in memory does
/// not grow with the report.
///
/// All numbers are drawn twice, because the summary records with their sums stand first. Give it
/// buffered targets.
///
/// # Errors
/// [`ForgeError`]: the order cannot be made, or a target failed.
pub fn write<W: Write>(
    order: &Order,
    open: &mut dyn FnMut(&str) -> io::Result<W>,
) -> Result<Truth, ForgeError> {
    order.validate()?;
    let shape = find(order.profile, &order.version)?;
    let mut pools = pools(order);
    let plan = Plan::new(order)?;
    count(order, &plan, &mut pools);
    let mut forging = Forging {
        order,
        shape,
        truth: Truth {
            profile: order.profile,
            version: order.version.clone(),
            seed: order.seed,
            message_id: order.message(),
            files: Vec::new(),
            summaries: pools
                .iter()
                .filter(|it| it.usages > 0)
                .map(|it| summary(order, it))
                .collect(),
            defects: Vec::new(),
        },
        pools,
        plan,
        draws: Draws::new(order),
        drawn: 0,
        sales: Vec::new(),
        next: None,
        block: Block::default(),
        blocks: 0,
        line: Vec::new(),
    };
    forging.draw();
    for file in 1..=order.files {
        forging.file(file, open)?;
    }
    forging.truth.defects.sort();
    Ok(forging.truth)
}

/// Writes a report of one file.
///
/// # Errors
/// [`ForgeError`]: the order cannot be made, is of several files, or the target failed.
///
/// ```
/// use dsr::Profile;
/// use forge::{Order, write_one};
///
/// let profile = Profile::parse("BasicAudioProfile").expect("a profile of the standard");
/// let order = Order::new(profile, 42, 100);
/// let mut bytes = Vec::new();
/// let truth = write_one(&order, &mut bytes)?;
/// assert_eq!((truth.sales(), truth.files[0].lines), (100, truth.lines()));
/// # Ok::<(), forge::ForgeError>(())
/// ```
pub fn write_one(order: &Order, out: &mut impl Write) -> Result<Truth, ForgeError> {
    let mut out = Some(out);
    let mut next = || out.take().ok_or_else(|| io::Error::other("the order is of several files"));
    write(order, &mut |_| next())
}

/// The first pass: what the summary records add up to.
fn count(order: &Order, plan: &Plan, pools: &mut [Pool]) {
    let mut draws = Draws::new(order);
    let mut sales = Vec::new();
    let mut number = 0;
    while draws.block(&mut sales).is_some() {
        for sale in &sales {
            if !plan.is_stray(number) {
                pools[sale.pool].usages += sale.usages;
            }
            number += 1;
        }
    }
}

fn summary(order: &Order, pool: &Pool) -> SummaryTruth {
    SummaryTruth {
        id: pool.id.clone(),
        territory: pool.territory,
        commercial_model: pool.model,
        use_type: pool.use_type,
        currency: pool.accounting,
        usages: pool.usages,
        net: if order.is_list() { Atoms::ZERO } else { pool.net() },
        received: match order.profile.purpose {
            Purpose::Financial => pool.net(),
            Purpose::RoyaltyReporting => pool.claims(),
            _ => Atoms::ZERO,
        },
    }
}

struct Forging<'a> {
    order: &'a Order,
    shape: &'static Shape,
    pools: Vec<Pool>,
    plan: Plan,
    truth: Truth,
    draws: Draws,
    /// Sales transactions before the block that comes next.
    drawn: u64,
    sales: Vec<Sale>,
    /// The block that comes next.
    next: Option<Pick>,
    block: Block,
    blocks: u64,
    line: Vec<u8>,
}

/// A file that is being written.
struct Target<W> {
    out: W,
    truth: FileTruth,
    summaries: u64,
}

impl<W: Write> Target<W> {
    fn write(&mut self, row: &Row, line: &mut Vec<u8>) -> io::Result<()> {
        self.truth.lines += 1;
        row.write(line, &mut self.out)
    }
}

impl Forging<'_> {
    fn draw(&mut self) {
        self.next = self.draws.block(&mut self.sales);
    }

    fn file<W: Write>(
        &mut self,
        file: u32,
        open: &mut dyn FnMut(&str) -> io::Result<W>,
    ) -> Result<(), ForgeError> {
        let (is_first, is_last) = (file == 1, file == self.order.files);
        let mut first = Row::default();
        head(&mut first, self.order, file);
        let mut wrong = Vec::new();
        for defect in self.plan.whole.iter().filter(|_| is_first) {
            if let Inject::Head(inject) = defect.inject {
                inject(&mut first).ok_or_else(|| self.order.cannot(defect))?;
                wrong.push(*defect);
            }
        }
        let part = format!("{}of{}", first.get(F::FileNumber), first.get(F::NumberOfFiles));
        let mut name = self.order.name_of(&part, first.get(F::MessageCreatedDateTime));
        if is_first && let Some(defect) = self.plan.special(&Inject::Name) {
            name = name.replace(&format!("_{}_", self.order.month), "_1999-01_");
            self.found(&name, 0, defect);
        }
        let out = open(&name)?;
        let truth = FileTruth { name, ..FileTruth::default() };
        let mut to = Target { out, truth, summaries: 0 };
        if is_first && self.plan.special(&Inject::Bom).is_some() {
            to.out.write_all(b"\xef\xbb\xbf")?;
        }
        to.write(&first, &mut self.line)?;
        if is_first && let Some(defect) = self.plan.special(&Inject::Again) {
            to.write(&first, &mut self.line)?;
            self.found(&to.truth.name, 2, defect);
        }
        for defect in wrong {
            // A part that is missing has no place.
            let of_all = defect.rule == "dsr-report-parts";
            self.found(if of_all { "" } else { &to.truth.name }, u64::from(!of_all), defect);
        }
        if is_first && let Some(defect) = self.plan.special(&Inject::Bom) {
            self.found(&to.truth.name, 1, defect);
        }
        self.summaries(&mut to, is_first)?;
        let until = u128::from(self.order.lines) * u128::from(file) / u128::from(self.order.files);
        while let Some(pick) = self.next
            && (is_last || u128::from(self.drawn) < until)
        {
            self.block(&mut to, pick)?;
        }
        self.foot(&mut to, is_last)?;
        to.out.flush()?;
        self.truth.files.push(to.truth);
        Ok(())
    }

    fn found(&mut self, file: &str, line: u64, defect: &'static crate::Defect) {
        let (rule, what) = (defect.rule, defect.what);
        self.truth.defects.push(Injected { file: file.to_owned(), line, rule, what });
    }

    fn summaries<W: Write>(
        &mut self,
        to: &mut Target<W>,
        is_first: bool,
    ) -> Result<(), ForgeError> {
        let wrong = if is_first { self.plan.summaries.clone() } else { Vec::new() };
        let mut wrong = wrong.into_iter();
        for at in 0..self.pools.len() {
            let pool = &self.pools[at];
            if pool.usages == 0 {
                continue;
            }
            let about = About {
                order: self.order,
                pool,
                block: 0,
                number: 0,
                pick: Pick { number: 0, has_isrc: false },
                sale: None,
                repeat: 0,
            };
            let mut row = Row::default();
            fill(&mut row, self.shape.summary, &about);
            let defect = wrong.next();
            let mut second = None;
            match defect.map(|it| it.inject) {
                Some(Inject::Summary(inject)) => {
                    if let (None, Some(defect)) = (inject(&mut row), defect) {
                        return Err(self.order.cannot(defect));
                    }
                }
                Some(Inject::Twice(copy)) => second = Some(copy(&row)),
                _ => {}
            }
            for row in [Some(row), second].into_iter().flatten() {
                to.write(&row, &mut self.line)?;
                to.summaries += 1;
            }
            if let Some(defect) = defect {
                self.found(&to.truth.name, to.truth.lines, defect);
            }
        }
        match wrong.len() as u64 {
            0 => Ok(()),
            more => Err(ForgeError::Crowded {
                count: to.summaries + more,
                what: "in summary records",
                lines: to.summaries + more,
            }),
        }
    }

    /// Makes the rows of a block, spoils them where planned, writes them.
    fn block<W: Write>(&mut self, to: &mut Target<W>, pick: Pick) -> Result<(), ForgeError> {
        self.block.len = 0;
        self.block.blocks = i64::from(!self.order.profile.single_record);
        self.blocks += 1;
        let mut last = "";
        let mut repeat = 0;
        for name in self.shape.before {
            repeat = if *name == last { repeat + 1 } else { 0 };
            last = name;
            self.row(name, pick, 0, repeat);
        }
        for at in 0..self.sales.len() {
            let is_download = self.pools[self.sales[at].pool].is_download();
            self.row(if is_download { self.shape.download } else { self.shape.sale }, pick, at, 0);
            for name in self.shape.behind {
                self.row(name, pick, at, 0);
            }
        }
        let end = self.drawn + self.sales.len() as u64;
        let mut found = None;
        if let Some((near, defect)) = self.plan.block(self.drawn..end) {
            self.block.sale = usize::try_from(near - self.drawn).unwrap_or_default();
            let Inject::Block(inject) = defect.inject else {
                return Err(self.order.cannot(defect));
            };
            let at = inject(&mut self.block).ok_or_else(|| self.order.cannot(defect))?;
            found = Some((to.truth.lines + 1 + at as u64, defect));
        }
        for at in 0..self.block.len {
            let row = &self.block.rows[at];
            to.truth.sales += u64::from(row.spec().is_some_and(dsr::table::RecordSpec::is_sale));
            if self.order.profile.single_record {
                self.block.blocks += i64::from(row.code().starts_with("SR"));
            }
            to.write(row, &mut self.line)?;
        }
        if let Some((line, defect)) = found {
            self.found(&to.truth.name, line, defect);
        }
        to.truth.blocks = to.truth.blocks.saturating_add_signed(self.block.blocks);
        self.block.earlier = self.blocks.saturating_sub(1).to_string();
        self.drawn = end;
        self.draw();
        Ok(())
    }

    fn row(&mut self, name: &'static str, pick: Pick, at: usize, repeat: u64) {
        let sale = self.sales[at];
        let about = About {
            order: self.order,
            pool: &self.pools[sale.pool],
            // A record of its own is its own block.
            block: if self.order.profile.single_record {
                self.drawn + at as u64 + 1
            } else {
                self.blocks
            },
            number: self.drawn + at as u64 + 1,
            pick,
            sale: Some(sale),
            repeat,
        };
        fill(self.block.next(), name, &about);
    }

    fn foot<W: Write>(&mut self, to: &mut Target<W>, is_last: bool) -> Result<(), ForgeError> {
        let mut row = Row::default();
        let lines = to.truth.lines + 1;
        let blocks = to.truth.blocks;
        if self.order.profile.single_record {
            row.start("SRFO");
        } else {
            row.start("FOOT");
            row.set(F::NumberOfLinesInFile, lines);
            row.set(F::NumberOfBlocksInFile, blocks);
        }
        row.set(F::NumberOfSummaryRecords, to.summaries);
        if is_last {
            row.set(F::NumberOfLinesInReport, self.truth.lines() + lines);
            row.set(F::NumberOfBlocksInReport, self.truth.blocks() + blocks);
        }
        let mut wrong = Vec::new();
        let behind = self.plan.special(&Inject::Behind).filter(|_| is_last);
        if behind.is_some() {
            // The footer counts the record behind it, too.
            row.set(F::NumberOfLinesInFile, lines + 1);
            row.set(F::NumberOfLinesInReport, self.truth.lines() + lines + 1);
        }
        for defect in self.plan.whole.iter().filter(|_| is_last) {
            if let Inject::Foot(inject) = defect.inject {
                inject(&mut row).ok_or_else(|| self.order.cannot(defect))?;
                wrong.push((lines, *defect));
            }
        }
        let cut = self.plan.special(&Inject::NoNewline).filter(|_| is_last);
        let mut last = behind.map(|_| Row::raw(&["DE01", "made up"]));
        if cut.is_some() {
            last.as_mut().unwrap_or(&mut row).ending = b"";
        }
        to.write(&row, &mut self.line)?;
        if let Some(last) = last {
            to.write(&last, &mut self.line)?;
        }
        wrong.extend([behind, cut].into_iter().flatten().map(|it| (to.truth.lines, it)));
        for (line, defect) in wrong {
            self.found(&to.truth.name, line, defect);
        }
        Ok(())
    }
}
