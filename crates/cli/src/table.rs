//! Plain tables and bars for people, aligned by what a terminal shows: Hangul is two cells wide.

use unicode_width::UnicodeWidthStr as _;

/// Lays rows out under their heads; the columns named in `right` are set right, as figures are.
pub(crate) fn table<const N: usize>(
    head: [&str; N],
    right: &[usize],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let rows: Vec<[String; N]> = rows.into_iter().collect();
    let mut widths = head.map(|it| it.width());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let line = |cells: [&str; N]| {
        let mut line = String::new();
        for (index, (cell, width)) in cells.iter().zip(widths).enumerate() {
            let space = " ".repeat(width - cell.width());
            match right.contains(&index) {
                true => line.extend([&space, *cell, "  "]),
                false => line.extend([*cell, &space, "  "]),
            }
        }
        line.trim_end().to_owned()
    };
    let rule = "─".repeat(widths.iter().sum::<usize>() + 2 * (N - 1));
    let mut lines = vec![line(head), rule];
    lines.extend(rows.iter().map(|row| line(row.each_ref().map(String::as_str))));
    lines.join("\n")
}

/// Draws a share as a bar of at most `width` blocks, to an eighth of a block.
pub(crate) fn bar(part: u128, whole: u128, width: u128) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = part.saturating_mul(width * 8).checked_div(whole).unwrap_or(0).min(width * 8);
    let full = usize::try_from(eighths / 8).unwrap_or(0);
    let rest = usize::try_from(eighths % 8).unwrap_or(0);
    let mut text = "█".repeat(full);
    if let Some(part) = EIGHTHS.get(rest).filter(|_| rest > 0) {
        text.push(*part);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_in_hangul_too() {
        let rows =
            [["비와 당신".to_owned(), "7".to_owned()], ["Start".to_owned(), "12".to_owned()]];
        expect_test::expect![[r#"
            title       n
            ─────────────
            비와 당신   7
            Start      12"#]]
        .assert_eq(&table(["title", "n"], &[1], rows));
    }

    #[test]
    fn a_bar_is_exact_to_an_eighth() {
        assert_eq!(bar(1, 2, 4), "██");
        assert_eq!(bar(1, 8, 1), "▏");
        assert_eq!(bar(3, 0, 4), "");
    }
}
