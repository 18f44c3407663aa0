//! A document of sheets.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish as _, Name, Rect, Ref, Str, TextStr};

use crate::font::{Used, Weight};
use crate::text::{letters, width};

/// Red, green and blue, from 0 to 255 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// In which weight, size (points) and colour a text is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pen {
    /// How heavy.
    pub weight: Weight,
    /// How large, in points.
    pub size: f32,
    /// The colour.
    pub colour: Colour,
}

/// The form of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sheet {
    /// A4, higher than wide.
    Upright,
    /// A4, wider than high.
    Across,
}

impl Sheet {
    /// Width and height in points.
    #[must_use]
    pub const fn size(self) -> (f32, f32) {
        match self {
            Self::Upright => (595.0, 842.0),
            Self::Across => (842.0, 595.0),
        }
    }
}

/// What a document says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Head<'a> {
    /// The title.
    pub title: &'a str,
    /// Who issues it.
    pub author: &'a str,
    /// The language, a tag of BCP 47.
    pub language: &'a str,
    /// What tells this document from others: a hash of its content.
    pub id: [u8; 32],
    /// The pen of [`Pdf::total`].
    pub total: Pen,
}

/// A document in the making (ISO 32000-1). Each finished sheet is deflated at once.
pub struct Pdf {
    out: pdf_writer::Pdf,
    head: Words,
    total: Pen,
    content: Option<(Sheet, Content)>,
    colour: Option<Colour>,
    fonts: [Used; 2],
    sheets: Vec<Ref>,
    marks: Vec<(String, Ref)>,
    next: i32,
    boxed: bool,
}

impl std::fmt::Debug for Pdf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pdf").field("sheets", &self.sheets.len()).finish_non_exhaustive()
    }
}

struct Words {
    title: String,
    author: String,
    language: String,
}

const CATALOG: Ref = Ref::new(1);
const SHEETS: Ref = Ref::new(2);
const SELF: Ref = Ref::new(3);
const TOTAL: Ref = Ref::new(4);
const MARKS: Ref = Ref::new(5);
/// Each font has five objects, from here on.
const FONTS: i32 = 6;
const FREE: i32 = 16;
const FONT_NAMES: [Name<'_>; 2] = [Name(b"R"), Name(b"B")];
const TOTAL_NAME: Name<'_> = Name(b"N");

impl Pdf {
    /// Begins a document.
    #[must_use]
    pub fn new(head: &Head<'_>) -> Self {
        let mut out = pdf_writer::Pdf::new();
        out.set_version(1, 7);
        out.set_file_id((head.id.to_vec(), head.id.to_vec()));
        let Head { title, author, language, total, .. } = *head;
        Self {
            out,
            head: Words {
                title: title.to_owned(),
                author: author.to_owned(),
                language: language.to_owned(),
            },
            total,
            content: None,
            colour: None,
            fonts: [Used::new(), Used::new()],
            sheets: Vec::new(),
            marks: Vec::new(),
            next: FREE,
            boxed: false,
        }
    }

    /// Begins a sheet; the one before it is finished.
    pub fn sheet(&mut self, form: Sheet) {
        self.end_sheet();
        self.colour = None;
        self.content = Some((form, Content::new()));
        let id = self.id();
        self.sheets.push(id);
    }

    /// How many sheets there are so far.
    #[must_use]
    pub fn sheets(&self) -> usize {
        self.sheets.len()
    }

    /// Whether some letter is not in the font and was written as a box.
    #[must_use]
    pub fn boxed(&self) -> bool {
        self.boxed
    }

    /// Lets the reader's list of contents lead to this sheet.
    pub fn mark(&mut self, title: &str) {
        if let Some(sheet) = self.sheets.last() {
            self.marks.push((title.to_owned(), *sheet));
        }
    }

    /// Writes a text that begins at `x`.
    pub fn text(&mut self, x: f32, y: f32, pen: Pen, text: &str) {
        let shown = self.encode(pen, text);
        self.fill(pen.colour);
        let Some((form, content)) = &mut self.content else { return };
        show(content, x, form.size().1 - y, pen, &shown);
    }

    /// Writes a text that ends at `x`.
    pub fn text_before(&mut self, x: f32, y: f32, pen: Pen, text: &str) {
        self.text(x - width(text, pen), y, pen, text);
    }

    /// Writes at `x` how many sheets the document has in the end.
    pub fn total(&mut self, x: f32, y: f32) {
        let Some((form, content)) = &mut self.content else { return };
        content
            .save_state()
            .transform([1.0, 0.0, 0.0, 1.0, short(x), short(form.size().1 - y)])
            .x_object(TOTAL_NAME)
            .restore_state();
    }

    /// Fills a rectangle, or draws a rule: given by its upper left corner, width and height.
    pub fn bar(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        self.fill(colour);
        let Some((form, content)) = &mut self.content else { return };
        let below = form.size().1 - y - height;
        content.rect(short(x), short(below), short(width), short(height)).fill_nonzero();
    }

    /// Draws the outline of a rectangle, within it, with lines half a point wide.
    pub fn frame(&mut self, x: f32, y: f32, width: f32, height: f32, colour: Colour) {
        let Some((form, content)) = &mut self.content else { return };
        let below = form.size().1 - y - height;
        let [r, g, b] = parts(colour);
        content.save_state().set_stroke_rgb(r, g, b).set_line_width(0.5);
        let inner = |it: f32| short((it - 0.5).max(0.0));
        content.rect(short(x + 0.25), short(below + 0.25), inner(width), inner(height));
        content.stroke().restore_state();
    }

    /// Finishes the document and returns its bytes.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if self.sheets.is_empty() {
            self.sheet(Sheet::Upright);
        }
        self.end_sheet();
        self.write_total();
        for weight in Weight::ALL {
            self.write_font(weight);
        }
        self.write_marks();
        let count = i32::try_from(self.sheets.len()).unwrap_or(i32::MAX);
        let out = &mut self.out;
        out.pages(SHEETS).kids(self.sheets.iter().copied()).count(count);
        let mut info = out.document_info(SELF);
        info.title(TextStr(&self.head.title)).author(TextStr(&self.head.author));
        info.producer(TextStr("Leitmotif"));
        info.finish();
        let mut catalog = out.catalog(CATALOG);
        catalog.pages(SHEETS).lang(TextStr(&self.head.language));
        if !self.marks.is_empty() {
            catalog.outlines(MARKS);
        }
        catalog.viewer_preferences().display_doc_title(true);
        catalog.finish();
        self.out.finish()
    }

    fn id(&mut self) -> Ref {
        let id = Ref::new(self.next);
        self.next += 1;
        id
    }

    fn fill(&mut self, colour: Colour) {
        let Some((_, content)) = &mut self.content else { return };
        if self.colour != Some(colour) {
            let [r, g, b] = parts(colour);
            content.set_fill_rgb(r, g, b);
            self.colour = Some(colour);
        }
    }

    /// A text as the numbers of its glyphs, two bytes each.
    fn encode(&mut self, pen: Pen, text: &str) -> Vec<u8> {
        let used = &mut self.fonts[pen.weight.index()];
        let mut shown = Vec::with_capacity(text.len() * 2);
        for (letter, glyph) in letters(text, pen) {
            self.boxed |= glyph.id == 0;
            shown.extend(used.number(letter, glyph).to_be_bytes());
        }
        shown
    }

    fn end_sheet(&mut self) {
        let Some((form, content)) = self.content.take() else { return };
        let (Some(id), content_id) = (self.sheets.last().copied(), self.id()) else { return };
        let bytes = deflated(&content.finish());
        self.out.stream(content_id, &bytes).filter(Filter::FlateDecode);
        let (width, height) = form.size();
        let mut page = self.out.page(id);
        page.parent(SHEETS).media_box(Rect::new(0.0, 0.0, width, height)).contents(content_id);
        let mut resources = page.resources();
        resources.fonts().pairs(font_refs());
        resources.x_objects().pair(TOTAL_NAME, TOTAL);
    }

    fn write_total(&mut self) {
        let text = self.sheets.len().to_string();
        let shown = self.encode(self.total, &text);
        let [r, g, b] = parts(self.total.colour);
        let mut content = Content::new();
        content.set_fill_rgb(r, g, b);
        show(&mut content, 0.0, 0.0, self.total, &shown);
        let bytes = content.finish();
        let mut form = self.out.form_xobject(TOTAL, &bytes);
        let (size, wide) = (self.total.size, width(&text, self.total));
        form.bbox(Rect::new(0.0, short(-size), short(wide), short(size)));
        form.resources().fonts().pairs(font_refs());
    }

    fn write_font(&mut self, weight: Weight) {
        let (face, used) = (weight.face(), &self.fonts[weight.index()]);
        let [font, cid, descriptor, to_text, file] = font_ids(weight);
        let name = format!("{}+{}", tag(used), face.name);
        let name = Name(name.as_bytes());
        let system =
            SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
        let out = &mut self.out;
        out.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(to_text);
        let mut it = out.cid_font(cid);
        it.subtype(CidFontType::Type0).base_font(name).system_info(system);
        it.font_descriptor(descriptor).default_width(0.0);
        it.widths().consecutive(0, used.letters.iter().map(|it| f32::from(it.1)));
        it.finish();
        let [left, bottom, right, top] = face.bounds;
        out.font_descriptor(descriptor)
            .name(name)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(left, bottom, right, top))
            .italic_angle(0.0)
            .ascent(face.ascent)
            .descent(face.descent)
            .cap_height(face.cap_height)
            .stem_v(if weight == Weight::Bold { 140.0 } else { 80.0 })
            .font_file3(file);
        let mut map = UnicodeCmap::<u16>::new(Name(b"Leitmotif"), system);
        for (number, (letter, _)) in (0_u16..).zip(&used.letters) {
            map.pair(number, *letter);
        }
        let map = deflated(&map.finish());
        out.cmap(to_text, &map).filter(Filter::FlateDecode);
        let bytes = deflated(&outlines(face.bytes, used));
        let mut stream = out.stream(file, &bytes);
        stream.filter(Filter::FlateDecode).pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    }

    fn write_marks(&mut self) {
        let marks = std::mem::take(&mut self.marks);
        let ids: Vec<Ref> = marks.iter().map(|_| self.id()).collect();
        let (Some(first), Some(last)) = (ids.first(), ids.last()) else { return };
        let out = &mut self.out;
        let count = i32::try_from(ids.len()).unwrap_or(i32::MAX);
        out.outline(MARKS).first(*first).last(*last).count(count);
        for (at, (title, sheet)) in marks.iter().enumerate() {
            let Some(id) = ids.get(at) else { continue };
            let mut item = out.outline_item(*id);
            item.title(TextStr(title)).parent(MARKS);
            if let Some(before) = at.checked_sub(1).and_then(|at| ids.get(at)) {
                item.prev(*before);
            }
            if let Some(next) = ids.get(at + 1) {
                item.next(*next);
            }
            item.dest().page(*sheet).fit();
        }
        self.marks = marks;
    }
}

fn show(content: &mut Content, x: f32, y: f32, pen: Pen, shown: &[u8]) {
    content.begin_text();
    content.set_font(FONT_NAMES[pen.weight.index()], short(pen.size));
    content.next_line(short(x), short(y)).show(Str(shown)).end_text();
}

fn font_ids(weight: Weight) -> [Ref; 5] {
    let first = FONTS + if weight == Weight::Bold { 5 } else { 0 };
    [0, 1, 2, 3, 4].map(|it| Ref::new(first + it))
}

fn font_refs() -> [(Name<'static>, Ref); 2] {
    Weight::ALL.map(|it| (FONT_NAMES[it.index()], font_ids(it)[0]))
}

/// Six letters that tell this subset from others of the same font (ISO 32000-1 §9.6.4).
fn tag(used: &Used) -> String {
    // FNV-1a over the letters.
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for (letter, _) in &used.letters {
        hash = (hash ^ u64::from(u32::from(*letter))).wrapping_mul(0x0000_0100_0000_01b3);
    }
    let letter = |at: u32| char::from(b'A' + u8::try_from((hash >> (8 * at)) % 26).unwrap_or(0));
    (0..6).map(letter).collect()
}

/// The outlines of the glyphs in use: the CFF table of the subset.
fn outlines(font: &[u8], used: &Used) -> Vec<u8> {
    let subset = subsetter::subset(font, 0, &used.glyphs)
        .expect("the fonts that are built in can be cut, as the tests do");
    let table = ttf_parser::RawFace::parse(&subset, 0)
        .ok()
        .and_then(|face| face.table(ttf_parser::Tag::from_bytes(b"CFF ")))
        .map(<[u8]>::to_vec);
    table.unwrap_or(subset)
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut out = ZlibEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).expect("memory takes every byte");
    out.finish().expect("memory takes every byte")
}

/// Two decimals of a point are finer than any printer.
fn short(points: f32) -> f32 {
    (points * 100.0).round() / 100.0
}

fn parts(Colour(red, green, blue): Colour) -> [f32; 3] {
    [red, green, blue].map(|it| (f32::from(it) / 255.0 * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests;
