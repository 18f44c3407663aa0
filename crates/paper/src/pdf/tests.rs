use super::{Colour, Head, Pdf, Pen, Sheet, Weight};

const PEN: Pen = Pen { weight: Weight::Regular, size: 10.0, colour: Colour(20, 23, 28) };

fn sample(title: &str) -> Pdf {
    let head = Head { title, author: "Sample", language: "ko", id: [7; 32], total: PEN };
    let mut pdf = Pdf::new(&head);
    for number in 0..3 {
        pdf.sheet(if number == 0 { Sheet::Upright } else { Sheet::Across });
        pdf.mark(title);
        pdf.text(40.0, 60.0, PEN, title);
        pdf.text_before(400.0, 60.0, Pen { weight: Weight::Bold, ..PEN }, "1,234.5");
        pdf.bar(40.0, 80.0, 100.0, 5.0, Colour(47, 93, 124));
        pdf.frame(40.0, 90.0, 100.0, 5.0, Colour(47, 93, 124));
        pdf.total(500.0, 60.0);
    }
    pdf
}

#[test]
fn the_same_strokes_give_the_same_bytes() {
    let bytes = sample("비와 당신").finish();
    assert_eq!(bytes, sample("비와 당신").finish());
    assert!(bytes.len() < 12_000, "{}", bytes.len());
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains("/ID [<07070707") || text.contains("/ID [("), "{text}");
    assert!(text.contains("/Count 3"));
    assert!(!text.contains("CreationDate") && !text.contains("ModDate"));
}

#[test]
fn no_text_can_break_out() {
    let hostile = ") Tj ET Q /Launch (\\\u{0}\r\n\u{202e}🎵 漢";
    let mut pdf = sample("plain");
    assert!(!pdf.boxed());
    pdf.text(40.0, 100.0, PEN, hostile);
    assert!(pdf.boxed());
    let bytes = sample(hostile).finish();
    assert!(bytes.ends_with(b"%%EOF"));
    assert!(!bytes.windows(7).any(|it| it == b"/Launch"), "texts stand deflated or as UTF-16");
}

#[test]
fn an_empty_document_has_a_sheet() {
    let head = Head { title: "", author: "", language: "en", id: [0; 32], total: PEN };
    let bytes = Pdf::new(&head).finish();
    assert!(String::from_utf8_lossy(&bytes).contains("/Count 1"));
}
