//! Writes a sales report of any number of lines, with the recordings and right shares that fit it.
//!
//! `bench-data FOLDER LINES [RECORDINGS]`: writes `report.tsv`'s text under a name of the standard's form,
//! `recordings.csv` (isrc,recording,repertoire) and `shares.csv` (isrc,payee,share), and prints the
//! report's path.
//!
//! The report is of the profile UGC (revenue on every line): HEAD, comments, 60 summary records,
//! blocks of one AS02 (22 cells) and 1 to 28 SU03 (11 cells), FOOT. 100,000 recordings, or as many as
//! are asked for, with Zipf popularity, 60 territories, 4 commercial models, 4 use types, revenue with 8 decimals. One
//! recording in 20 is tagged `soundtrack`; one in 200 is not in the catalogue.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use bench::{Random, is_known, isrc};

const RECORDINGS: u64 = 100_000;
const PAYEES: u64 = 5_000;
const LINES_IN_BLOCK: u64 = 28;
const TERRITORIES: [&str; 60] = [
    "KR", "JP", "TW", "HK", "TH", "ID", "PH", "VN", "MY", "SG", "US", "CA", "MX", "BR", "AR", "CL",
    "PE", "CO", "GB", "IE", "FR", "DE", "AT", "CH", "IT", "ES", "PT", "NL", "BE", "LU", "DK", "SE",
    "NO", "FI", "IS", "PL", "CZ", "SK", "HU", "RO", "BG", "GR", "TR", "IL", "AE", "SA", "EG", "MA",
    "ZA", "NG", "KE", "IN", "PK", "BD", "LK", "NP", "KZ", "UA", "AU", "NZ",
];
const MODELS: [&str; 4] =
    ["SubscriptionModel", "AdvertisementSupportedModel", "PayAsYouGoModel", "FreeOfChargeModel"];
const USE_TYPES: [&str; 4] =
    ["OnDemandStream", "NonInteractiveStream", "UserMakeAvailableUserProvided", "PermanentDownload"];
const WORDS: [&str; 16] = [
    "Love", "비와 당신", "Start", "눈의 꽃", "Rain", "Always", "시작", "My Destiny", "Stay", "Winter",
    "그대라는 시", "Everytime", "First \"Snow\"", "이 사랑", "Breath", "You, Me & Us",
];

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let (folder, lines, recordings) = match words.as_slice() {
        [folder, lines] => (folder, lines, RECORDINGS),
        [folder, lines, it] => (folder, lines, it.parse().map_err(io::Error::other)?),
        _ => return Err(io::Error::other("bench-data FOLDER LINES [RECORDINGS]")),
    };
    let folder = Path::new(folder);
    let lines: u64 = lines.parse().map_err(io::Error::other)?;
    std::fs::create_dir_all(folder)?;
    write_recordings(&mut writer(&folder.join("recordings.csv"))?, recordings)?;
    shares(&mut writer(&folder.join("shares.csv"))?, recordings)?;
    let name = "DSR_PADPIDA0000000001L_PADPIDA0000000002S_Melody_2026-05_Worldwide_1of1_20260615T040506.tsv";
    let path = folder.join(name);
    report(&mut writer(&path)?, lines, recordings)?;
    println!("{}", path.display());
    Ok(())
}

fn writer(path: &Path) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(1 << 20, File::create(path)?))
}

fn write_recordings(out: &mut impl Write, recordings: u64) -> io::Result<()> {
    writeln!(out, "isrc,recording,repertoire")?;
    for number in (0..recordings).filter(|it| is_known(*it)) {
        let repertoire = if number % 20 == 3 { "soundtrack" } else { "" };
        writeln!(out, "{},r{number:05},{repertoire}", isrc(number))?;
    }
    out.flush()
}

/// Two to six payees of each recording; their shares have 6 decimals and add up to 1.
fn shares(out: &mut impl Write, recordings: u64) -> io::Result<()> {
    writeln!(out, "isrc,payee,share")?;
    let mut random = Random(2);
    for number in (0..recordings).filter(|it| is_known(*it)) {
        let payees = 2 + random.below(5);
        let first = random.below(PAYEES);
        let mut left = 1_000_000;
        for payee in 0..payees {
            let share = if payee + 1 == payees { left } else { 1 + random.below(left / 2) };
            left -= share;
            let name = (first + payee * 769) % PAYEES;
            writeln!(out, "{},payee-{name:04},0.{share:06}", isrc(number))?;
        }
    }
    out.flush()
}

/// One sales transaction.
struct Sale {
    summary: usize,
    usages: u64,
    /// In 10^-8.
    revenue: u64,
}

/// The report's numbers, drawn block by block; the same again from the same seed.
struct Draws {
    random: Random,
    popularity: Vec<u64>,
    left: u64,
}

impl Draws {
    fn new(lines: u64, recordings: u64) -> Self {
        let mut sum = 0;
        let weigh = |rank: u64| {
            sum += 1_000_000_000_000 / rank;
            sum
        };
        Self { random: Random(lines), popularity: (1..=recordings).map(weigh).collect(), left: lines }
    }

    /// The recording of the next block; none when all lines are drawn.
    fn block(&mut self, sales: &mut Vec<Sale>) -> Option<u64> {
        sales.clear();
        let count = (1 + self.random.below(LINES_IN_BLOCK)).min(self.left.saturating_sub(1));
        if count == 0 {
            return None;
        }
        self.left -= count + 1;
        let at = self.random.below(*self.popularity.last()?);
        let number = self.popularity.partition_point(|sum| *sum <= at) as u64;
        for _ in 0..count {
            let summary = self.random.below(60).min(self.random.below(60)) as usize;
            let usages = 1 + self.random.below(1 + 400_000 / (number + 40));
            let revenue = usages * (100_000 + self.random.below(900_000));
            sales.push(Sale { summary, usages, revenue });
        }
        Some(number)
    }
}

fn report(out: &mut impl Write, lines: u64, recordings: u64) -> io::Result<()> {
    // HEAD, two comments, summary records and FOOT are lines too.
    let body = lines.saturating_sub(4 + TERRITORIES.len() as u64);
    let (mut sales, mut sums, mut blocks) = (Vec::new(), [(0_u64, 0_u128); 60], 0_u64);
    let (mut written, mut draws) = (0, Draws::new(body, recordings));
    while draws.block(&mut sales).is_some() {
        blocks += 1;
        written += 1 + sales.len() as u64;
        for sale in &sales {
            sums[sale.summary].0 += sale.usages;
            sums[sale.summary].1 += u128::from(sale.revenue);
        }
    }
    let summaries = sums.iter().filter(|it| it.0 > 0).count();
    let total = written + summaries as u64 + 4;
    writeln!(
        out,
        "HEAD\tdsrf/1.1/1.4.1/1.3\tUGCProfile\t1.4\tbench-{lines}\t2026-06-15T04:05:06Z\t1\t1\t\
         2026-05-01\t2026-05-31\tPADPIDA0000000002S\tMelody (made up)\tMelody\t\
         PADPIDA0000000001L\tA label (made up)\t"
    )?;
    writeln!(out, "#\tmade up for a bench; no service sent it")?;
    for (at, (usages, revenue)) in sums.iter().enumerate().filter(|(_, it)| it.0 > 0) {
        let (model, use_type) = (MODELS[at % 4], USE_TYPES[at / 4 % 4]);
        let territory = TERRITORIES[at];
        let (whole, rest) = (revenue / 100_000_000, revenue % 100_000_000);
        writeln!(
            out,
            "SY02.02\tS{at:02}\t\t\t{model}\t{use_type}\t{territory}\tMelody\t{usages}\t\tEUR\t\
             {whole}.{rest:08}\t\t\t\t\t\t\tMusic\t\t\t"
        )?;
    }
    writeln!(out, "#\tblocks")?;
    let (mut line, mut block, mut sold) = (Vec::with_capacity(1 << 13), 0, 0);
    let mut draws = Draws::new(body, recordings);
    while let Some(number) = draws.block(&mut sales) {
        block += 1;
        line.clear();
        resource(&mut line, block, number);
        for it in &sales {
            sold += 1;
            sale(&mut line, block, sold, number, it);
        }
        out.write_all(&line)?;
    }
    writeln!(out, "FOOT\t{total}\t{total}\t{summaries}\t{blocks}\t{blocks}")?;
    out.flush()
}

fn resource(line: &mut Vec<u8>, block: u64, number: u64) {
    let mut random = Random(number);
    let mut pick = || WORDS[random.below(16) as usize];
    let (title, second, artist, composer) = (pick(), pick(), pick(), pick());
    let work = 100_000_000 + number;
    let sum: u64 = (1..=9).map(|at| at * (work / 10_u64.pow(9 - at as u32) % 10)).sum();
    let check = (10 - (1 + sum) % 10) % 10;
    write!(
        line,
        "AS02.02\tB{block}\tA1\ttrk{number:013}\t{}\t{title} {second} {number}\t\
         From a drama\t{artist} {}\t\tPT3M{:02}S\tSoundRecording\tT{work}{check}\t\
         {composer} {}|Kim\t\tLee\t\tA publisher (made up) {}\t\t\t\tw{number}\tTRUE\n",
        isrc(number),
        number % 7_919,
        number % 60,
        number % 997,
        number % 83
    )
    .expect("a buffer takes everything");
}

fn sale(line: &mut Vec<u8>, block: u64, sold: u64, number: u64, it: &Sale) {
    line.extend_from_slice(b"SU03.02\tB");
    digits(line, block, 1);
    line.extend_from_slice(b"\tT");
    digits(line, sold, 10);
    line.extend_from_slice(b"\tS");
    digits(line, it.summary as u64, 2);
    line.extend_from_slice(b"\ttrk");
    digits(line, number, 13);
    line.push(b'\t');
    digits(line, it.usages, 1);
    line.push(b'\t');
    digits(line, it.revenue / 100_000_000, 1);
    line.push(b'.');
    digits(line, it.revenue % 100_000_000, 8);
    line.extend_from_slice(b"\t2026-05-01\t2026-05-31\tMusic\tTRUE\n");
}

/// Appends a number with at least so many digits.
fn digits(line: &mut Vec<u8>, number: u64, least: usize) {
    let mut text = [b'0'; 20];
    let (mut at, mut rest) = (20, number);
    while rest > 0 {
        at -= 1;
        text[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    line.extend_from_slice(&text[at.min(20 - least)..]);
}
