//! Writes the catalogue of a large label for the reports of `bench-data`.
//!
//! `bench-label FOLDER RECORDINGS AGREEMENTS`: parties, recordings, agreements and licences as the
//! folder of TOML files. Each agreement is about the same number of recordings. Of 20 agreements, 8
//! are a distributor's fee and an artist's royalty; 4 pay another royalty in Asia; 2 one by use type
//! and one by commercial model; 2 divide profit among four; 2 are an artist's royalty with a
//! producer's points out of it; 1 has a ladder; 1 an advance.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use bench::{Random, is_known, isrc};

const PAYEES: u64 = 50_000;
const DISTRIBUTORS: u64 = 200;

fn main() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, recordings, agreements] = words.as_slice() else {
        return Err(io::Error::other("bench-label FOLDER RECORDINGS AGREEMENTS"));
    };
    let folder = Path::new(folder);
    let recordings: u64 = recordings.parse().map_err(io::Error::other)?;
    let agreements: u64 = agreements.parse().map_err(io::Error::other)?;
    fs::create_dir_all(folder)?;
    let writer = |name: &str| -> io::Result<BufWriter<File>> {
        Ok(BufWriter::with_capacity(1 << 20, File::create(folder.join(name))?))
    };
    parties(&mut writer("parties.toml")?)?;
    let mut out = writer("recordings.toml")?;
    for number in (0..recordings).filter(|it| is_known(*it)) {
        writeln!(
            out,
            "[[recording]]\nid = \"r{number}\"\nisrc = \"{}\"\ntitles = {{ en = \"Song {number}\" }}\n\
             artist = \"Artist {}\"\n",
            isrc(number),
            number % 7_919
        )?;
    }
    out.flush()?;
    let mut out = writer("agreements.toml")?;
    writeln!(
        out,
        "[[licence]]\nid = \"melody\"\ntitle = \"Melody (made up)\"\npayer = \"PADPIDA0000000002S\"\n\
         rights_type = \"work\"\nrate = \"52.5%\"\nfrom = 2019-01-01\n"
    )?;
    let each = recordings / agreements;
    let mut random = Random(3);
    for number in 0..agreements {
        let of: Vec<String> = (number * each..(number + 1) * each)
            .filter(|it| is_known(*it))
            .map(|it| format!("\"r{it}\""))
            .collect();
        writeln!(
            out,
            "[[agreement]]\nid = \"a{number}\"\ntitle = \"Agreement {number}\"\nrights_type = \"work\"\n\
             from = 2019-01-01\nrecordings = [{}]\n",
            of.join(", ")
        )?;
        terms(&mut out, number, &mut random)?;
    }
    out.flush()
}

fn parties(out: &mut impl Write) -> io::Result<()> {
    for (kind, count) in [("payee", PAYEES), ("distributor", DISTRIBUTORS)] {
        for number in 0..count {
            writeln!(
                out,
                "[[party]]\nid = \"{kind}-{number}\"\nkind = \"person\"\nnames = {{ en = \"{kind} {number}\" }}\n"
            )?;
        }
    }
    out.flush()
}

fn terms(out: &mut impl Write, number: u64, random: &mut Random) -> io::Result<()> {
    let payee = format!("payee-{}", random.below(PAYEES));
    let other = format!("payee-{}", random.below(PAYEES));
    let rate = 10 + random.below(40);
    let mut term = |id: &str, kind: &str, payee: &str, rate: u64, more: &str| {
        let payee = match payee.is_empty() {
            true => String::new(),
            false => format!("payee = \"{payee}\"\n"),
        };
        writeln!(
            out,
            "[[agreement.term]]\nid = \"{id}\"\nkind = \"{kind}\"\n{payee}rate = \"{rate}%\"\n{more}"
        )
    };
    let distributor = format!("distributor-{}", number % DISTRIBUTORS);
    term("fee", "fee", &distributor, 10 + number % 11, "")?;
    let royalty = "royalty-rate";
    let net = "base = \"net-of-fees\"\n";
    match number % 20 {
        0..8 => term("artist", royalty, &payee, rate, net),
        8..12 => {
            let asia = format!("{net}territories = [\"KR\", \"JP\", \"TW\", \"HK\", \"TH\", \"VN\"]\n");
            term("asia", royalty, &payee, rate + 5, &asia)?;
            term("artist", royalty, &payee, rate, net)
        }
        12..14 => {
            let use_types = format!("{net}use_types = [\"PermanentDownload\"]\n");
            term("downloads", royalty, &payee, rate + 5, &use_types)?;
            let models = format!("{net}commercial_models = [\"AdvertisementSupportedModel\"]\n");
            term("free", royalty, &payee, rate.saturating_sub(5), &models)?;
            term("artist", royalty, &payee, rate, net)
        }
        14..16 => {
            let four: Vec<String> = (0..4)
                .map(|it| {
                    let payee = (number * 4 + it) * 769 % PAYEES;
                    format!("{{ payee = \"payee-{payee}\", weight = {} }}", 60_000 + it * 7_919)
                })
                .collect();
            let among = format!("among = [{}]\n", four.join(", "));
            term("team", "profit-share", "", 80, &among)
        }
        16..18 => {
            term("artist", royalty, &payee, rate, net)?;
            term("producer", royalty, &other, 3, "out_of = \"artist\"\n")
        }
        18 => term(
            "artist",
            royalty,
            &payee,
            rate,
            &format!(
                "{net}\n[agreement.term.ladder]\nmeter = \"units\"\nprior = \"95000\"\n\
                 steps = [{{ above = \"100000\", rate = \"{}%\" }}]\n",
                rate + 2
            ),
        ),
        _ => {
            term("artist", royalty, &payee, rate, net)?;
            writeln!(
                out,
                "[[agreement.advance]]\nid = \"signing\"\npayee = \"{payee}\"\namount = \"5000\"\n\
                 currency = \"EUR\"\npaid = 2021-02-15\n"
            )
        }
    }
}
