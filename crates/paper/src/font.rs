//! The two faces that are built in, and the letters of a document that are used of them.

use std::sync::OnceLock;

use subsetter::GlyphRemapper;
use ttf_parser::gsub::{SingleSubstitution, SubstitutionSubtable};
use ttf_parser::{GlyphId, Tag};

/// How heavy letters are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// For reading.
    Regular,
    /// For heads and sums.
    Bold,
}

impl Weight {
    pub(crate) const ALL: [Self; 2] = [Self::Regular, Self::Bold];

    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::Bold => 1,
        }
    }

    /// The face of this weight, read once.
    pub(crate) fn face(self) -> &'static Face {
        static FACES: [OnceLock<Face>; 2] = [OnceLock::new(), OnceLock::new()];
        FACES[self.index()].get_or_init(|| {
            let (name, bytes): (_, &[u8]) = match self {
                Self::Regular => (
                    "Pretendard-Regular",
                    include_bytes!("../../../data/fonts/Pretendard-Regular.otf"),
                ),
                Self::Bold => {
                    ("Pretendard-Bold", include_bytes!("../../../data/fonts/Pretendard-Bold.otf"))
                }
            };
            Face::read(name, bytes).expect("the fonts that are built in can be read")
        })
    }
}

/// A glyph, and how far it moves the pen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Glyph {
    /// The glyph's number in the font; 0 is the box for what the font lacks.
    pub(crate) id: u16,
    /// In thousandths of the size.
    pub(crate) advance: u16,
}

/// What a document needs to know of a font.
#[derive(Debug)]
pub(crate) struct Face {
    /// The PostScript name.
    pub(crate) name: &'static str,
    /// The font file.
    pub(crate) bytes: &'static [u8],
    /// Glyphs by letter, for the letters of the basic plane.
    glyphs: Vec<Glyph>,
    /// Ascent, descent, height of capitals, and the box around all glyphs: thousandths of the size.
    pub(crate) ascent: f32,
    pub(crate) descent: f32,
    pub(crate) cap_height: f32,
    pub(crate) bounds: [f32; 4],
}

impl Face {
    fn read(name: &'static str, bytes: &'static [u8]) -> Option<Self> {
        let face = ttf_parser::Face::parse(bytes, 0).ok()?;
        let scale = 1000.0 / f32::from(face.units_per_em());
        let unit = |it: i16| f32::from(it) * scale;
        let glyph = |id: GlyphId| {
            let advance = f32::from(face.glyph_hor_advance(id).unwrap_or(0)) * scale;
            Glyph { id: id.0, advance: whole(advance) }
        };
        let mut glyphs = vec![glyph(GlyphId(0)); 1 << 16];
        for table in face.tables().cmap?.subtables.into_iter().filter(|it| it.is_unicode()) {
            table.codepoints(|letter| {
                let place = usize::try_from(letter).ok().and_then(|at| glyphs.get_mut(at));
                if let (Some(place), Some(id)) = (place, table.glyph_index(letter)) {
                    *place = glyph(id);
                }
            });
        }
        for digit in glyphs.get_mut(usize::from(b'0')..=usize::from(b'9'))? {
            if let Some(id) = tabular(&face, GlyphId(digit.id)) {
                *digit = glyph(id);
            }
        }
        let bounds = face.global_bounding_box();
        Some(Self {
            name,
            bytes,
            glyphs,
            ascent: unit(face.ascender()),
            descent: unit(face.descender()),
            cap_height: unit(face.capital_height().unwrap_or_else(|| face.ascender())),
            bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(unit),
        })
    }

    /// The glyph of a letter; the box if the font has none.
    pub(crate) fn glyph(&self, letter: char) -> Glyph {
        let at = usize::try_from(u32::from(letter)).ok();
        at.and_then(|at| self.glyphs.get(at)).or(self.glyphs.first()).copied().unwrap_or_default()
    }
}

/// The glyph of a figure that is as wide as all figures, if the font has one.
fn tabular(face: &ttf_parser::Face<'_>, figure: GlyphId) -> Option<GlyphId> {
    let table = face.tables().gsub?;
    let feature = table.features.find(Tag::from_bytes(b"tnum"))?;
    feature.lookup_indices.into_iter().find_map(|index| {
        let lookup = table.lookups.get(index)?;
        let mut rules = lookup.subtables.into_iter::<SubstitutionSubtable<'_>>();
        rules.find_map(|rule| match rule {
            SubstitutionSubtable::Single(SingleSubstitution::Format2 { coverage, substitutes }) => {
                substitutes.get(coverage.get(figure)?)
            }
            SubstitutionSubtable::Single(SingleSubstitution::Format1 { coverage, delta }) => {
                coverage.get(figure)?;
                Some(GlyphId(figure.0.wrapping_add_signed(delta)))
            }
            _ => None,
        })
    })
}

/// The nearest whole number of thousandths.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an advance is at most a few thousand, and a cast from float saturates"
)]
fn whole(advance: f32) -> u16 {
    advance.round() as u16
}

/// What a document uses of a face, in the order of first use.
#[derive(Debug)]
pub(crate) struct Used {
    /// The glyphs, numbered anew.
    pub(crate) glyphs: GlyphRemapper,
    /// By new number: the letter that it came from, and its advance.
    pub(crate) letters: Vec<(char, u16)>,
}

impl Used {
    pub(crate) fn new() -> Self {
        Self { glyphs: GlyphRemapper::new(), letters: vec![('\u{fffd}', 0)] }
    }

    /// The number that a glyph has in the document.
    pub(crate) fn number(&mut self, letter: char, glyph: Glyph) -> u16 {
        let number = self.glyphs.remap(glyph.id);
        match self.letters.get_mut(usize::from(number)) {
            None => self.letters.push((letter, glyph.advance)),
            Some(known) if number == 0 => known.1 = glyph.advance,
            Some(_) => {}
        }
        number
    }
}

#[cfg(test)]
mod tests {
    use super::Weight;

    #[test]
    fn both_faces_have_what_statements_say() {
        for weight in Weight::ALL {
            let face = weight.face();
            let letters = "비와 당신 가힣 かな カナ éñłőß Ω Ж €₩¥£ −–×÷≈½⅓ …·“”‘’→\u{a0}";
            let lacks: String = letters.chars().filter(|it| face.glyph(*it).id == 0).collect();
            assert_eq!(lacks, "");
            assert_eq!(face.glyph('\u{1f3b5}').id, 0);
        }
    }

    #[test]
    fn figures_are_equally_wide() {
        for weight in Weight::ALL {
            let widths: Vec<u16> = ('0'..='9').map(|it| weight.face().glyph(it).advance).collect();
            assert!(widths.iter().all(|it| *it == widths[0]), "{widths:?}");
        }
    }
}
