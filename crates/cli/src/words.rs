//! What pages say, in each language: one table of texts for HTML, PDF and workbooks.

mod en;
mod ko;
mod tokens;

use clap::ValueEnum;
use money::Ratio;
use statement::{ContextNote, Measure, NO_RATE_WORDS, SourceNote, TermNote};

/// A language of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// English.
    #[default]
    En,
    /// Korean.
    Ko,
}

impl Language {
    /// Every language.
    pub(crate) const ALL: [Self; 2] = [Self::En, Self::Ko];

    /// The tag of BCP 47.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ko => "ko",
        }
    }

    /// The language of a tag, if pages know it.
    pub(crate) fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.code() == code)
    }

    /// What pages say in it.
    pub(crate) const fn words(self) -> &'static Words {
        match self {
            Self::En => &en::WORDS,
            Self::Ko => &ko::WORDS,
        }
    }

    /// A term in words. The statement has them in English; other languages tell them from its kind
    /// and figures, and repeat the statement where they do not know the kind.
    pub(crate) fn term(self, note: &TermNote) -> String {
        let words = self.words();
        let whole = note.of == Ratio::ONE;
        let template = match note.kind.as_str() {
            _ if self == Self::En => "",
            TermNote::PRICE_BORNE => words.term_price_borne,
            _ if note.measure == Measure::Price && whole => words.term_price,
            _ if note.measure == Measure::Price => words.term_price_of,
            "deduction" => words.term_deduction,
            "fee" if whole => words.term_fee,
            "fee" => words.term_fee_of,
            "royalty-rate" if whole => words.term_royalty,
            "royalty-rate" => words.term_royalty_of,
            "profit-share" => words.term_share,
            "retained" => words.term_retained,
            "suspense" if note.words == NO_RATE_WORDS => words.term_no_rate,
            "suspense" => words.term_suspense,
            _ => "",
        };
        match template {
            "" => note.words.clone(),
            it => fill(it, &[&note.rate.printed(), &note.of.printed()]),
        }
    }

    /// A use type, commercial model or territory in words; one without a word stands as it is.
    pub(crate) fn token(self, token: &str) -> &str {
        match self {
            Self::En => token,
            Self::Ko => tokens::korean(token).unwrap_or(token),
        }
    }

    /// How something was used: use type, commercial model and, where the report or the price list
    /// says so, price category and price.
    pub(crate) fn how(self, note: &ContextNote) -> String {
        let mut parts = vec![
            self.token(&note.use_type).to_owned(),
            self.token(&note.commercial_model).to_owned(),
        ];
        if !note.price_category.is_empty() {
            parts.push(note.price_category.clone());
        }
        if !note.unit_price.is_empty() {
            parts.push(fill(self.words().unit_price, &[&note.unit_price]));
        }
        parts.join(", ")
    }

    /// Why a line is restated.
    pub(crate) fn because(self, note: &SourceNote) -> String {
        self.reason(&note.because, &note.because_of)
    }

    /// A reason by its token, and what it is about; a token that pages do not know stands as it is.
    pub(crate) fn reason(self, because: &str, of: &str) -> String {
        let words = self.words();
        let template = match because {
            "agreement" => words.because_agreement,
            "licence" => words.because_licence,
            "price" => words.because_price,
            "pipe" => words.because_pipe,
            "rate" => words.because_rate,
            "rate-known" => words.because_rate_known,
            "matching" => words.because_matching,
            "sales" => words.because_sales,
            "catalogue" => words.because_catalogue,
            _ => return because.to_owned(),
        };
        fill(template, &[of])
    }

    /// The name of an account's holder: what waits and what is retained are named by us.
    pub(crate) fn holder<'a>(self, account: &str, name: &'a str) -> &'a str {
        let words = self.words();
        match account {
            _ if self == Self::En => name,
            "suspense:no-agreement" => words.no_agreement_covers,
            "suspense:no-price" => words.no_price,
            "suspense:no-rate" => words.no_rate,
            "suspense:over-claimed" => words.over_claimed,
            "suspense:paid-elsewhere" => words.paid_elsewhere,
            "suspense:too-fine" => words.too_fine,
            "suspense:unmatched" => words.unmatched,
            "suspense:disputed" => words.disputed,
            "suspense:lapsed" => words.lapsed,
            _ => name,
        }
    }
}

impl Words {
    /// The word for a kind of movement.
    pub(crate) fn movement(&self, kind: &str) -> &'static str {
        match kind {
            "cap" => self.moved_cap,
            "reserve-in" => self.moved_reserve_in,
            "reserve-out" => self.moved_reserve_out,
            "pool-cost" => self.moved_pool_cost,
            "recoup" => self.moved_recoup,
            "guarantee" => self.moved_guarantee,
            "members" => self.moved_members,
            "received-ahead" => self.moved_received_ahead,
            "kept-back" => self.moved_kept_back,
            "payment" => self.moved_payment,
            "tax" => self.moved_tax,
            "vat" => self.moved_vat,
            "returned" => self.moved_returned,
            _ => self.moved,
        }
    }
}

impl Words {
    /// The word for a right.
    pub(crate) fn right<'a>(&'a self, token: &'a str) -> &'a str {
        match token {
            "master" => self.right_master,
            "performer" => self.right_performer,
            "work" => self.right_work,
            other => other,
        }
    }
}

/// Puts texts in the places `{0}`, `{1}` … of a template.
pub(crate) fn fill(template: &str, texts: &[&str]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let place = after.split_once('}');
        let text = place.and_then(|(at, _)| texts.get(at.parse::<usize>().ok()?));
        match (place, text) {
            (Some((_, after)), Some(text)) => {
                out.push_str(text);
                rest = after;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {
        /// The texts of one language.
        #[derive(Debug)]
        pub(crate) struct Words {
            $($(#[$doc])* pub(crate) $name: &'static str,)*
        }

        #[cfg(test)]
        impl Words {
            /// Every text, by name.
            pub(crate) fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($name), self.$name)),*]
            }
        }
    };
}

words! {
    // The head.
    statement, title, period, currency, settlement, issued_by, account,
    // The large figure.
    amount_payable, fee_due, retained, in_suspense, opening_counted, below_unit, below_minimum, negative,
    no_agreement_covers, no_price, no_rate, over_claimed, paid_elsewhere, too_fine, unmatched, disputed,
    lapsed,
    // How the balance moved.
    balance, exact, opening, opening_words, earned, earned_words, moved, moved_words, closing,
    closing_words, payable, whole_units, payable_words, carried, carried_words,
    stands, stand_before, stand_now, stand_after, stands_left_out,
    moved_cap, moved_reserve_in, moved_reserve_out, moved_pool_cost, moved_recoup, moved_guarantee,
    moved_members, moved_received_ahead, moved_kept_back, moved_payment, moved_tax, moved_vat,
    moved_returned,
    // Where it came from.
    came_from, came_from_note, came_from_nowhere, by_production, by_recording, by_month, by_territory,
    by_service, share, other_productions, other_recordings, other_months, other_territories,
    other_services, no_production, productions_unknown, not_matched,
    // Every line.
    every_line, every_line_note, exchange_note, exchanged, rate_on_day, rate_mean, rate_over, paper_line_note, no_line, cut_one, cut_more, cut_rest, line, recording,
    artist_isrc, artist, term_use_source, use_and_why, month, territory, usages, reported, received,
    amount, rounding, rounded_exact, rounded_down, rounded_up, no_isrc, no_agreement, report_lines,
    restated_before, restated_now, because_agreement, because_licence, because_price, because_pipe,
    because_rate, because_rate_known, because_matching,
    because_sales, because_catalogue, unit_price,
    one_line, lines_from_to, lines_among, count_line, count_lines, earned_lines, earned_lines_cut,
    sum_to_here,
    // What others pay.
    outside, outside_note, outside_pipe, outside_paid_by, outside_about, outside_known, outside_every,
    outside_from, outside_until, outside_uses, outside_licensed, outside_unknown, right_master,
    right_performer, right_work,
    // What it rests on.
    rests_on, reports, service_sender, report_message, states, sha256, money_received, net_revenue,
    licences, licence, service, licence_rate, rounded_percent, exchange_rates, from_to, rate_day, rate_source,
    exchange_rate, terms, agreement_term, kind, in_words,
    rate_of, term_deduction, term_fee, term_fee_of, term_royalty, term_royalty_of, term_share, term_price,
    term_price_of, term_price_borne, term_retained, term_suspense, term_no_rate,
    // How to check it.
    check, check_words, boxes, cut_texts,
    // A workbook.
    summary_sheet, lines_sheet, isrc, use_type, commercial_model, report, first_line, last_line, lines,
    term, rate, fraction, amount_exact, received_exact, reported_exact, usages_exact, production,
    received_currency, exchanged_exact, workbook_note, price_category, unit_price_head,
    // The list of a settlement's statements.
    statements, index_title, index_footer, money_went, payees, payees_words, fees, fees_words,
    retained_words, suspense, suspense_words, received_head, exchanged_into, exchanged_from,
    earned_rounded, check_them, check_them_words,
    other_accounts, count_statement, count_statements, name_account, files, receipt,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Language, fill};

    #[test]
    fn every_text_is_there_and_has_the_same_places() {
        let places = |text: &str| -> BTreeSet<String> {
            text.split('{')
                .skip(1)
                .filter_map(|it| it.split_once('}'))
                .map(|it| it.0.into())
                .collect()
        };
        let english = Language::En.words().all();
        for language in Language::ALL {
            for ((name, text), (_, model)) in language.words().all().iter().zip(&english) {
                assert!(!text.trim().is_empty(), "{language:?} has no {name}");
                assert_eq!(places(text), places(model), "{language:?} {name}");
            }
            assert_eq!(Language::of(language.code()), Some(language));
        }
        let ours = Language::Ko.words().all();
        let hangul = |text: &str| text.chars().any(|it| ('가'..='힣').contains(&it));
        let foreign: Vec<&str> = ours.iter().filter(|it| !hangul(it.1)).map(|it| it.0).collect();
        assert_eq!(foreign, ["isrc"]);
    }

    #[test]
    fn places_are_filled_in_any_order() {
        assert_eq!(fill("{1} of {0}, {1}", &["a", "{0}"]), "{0} of a, {0}");
        assert_eq!(fill("{ {2} {x} }", &["a"]), "{ {2} {x} }");
    }
}
