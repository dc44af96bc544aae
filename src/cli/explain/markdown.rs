//! The page of a rule as markdown: `docs/rules/T01.md`, and what editors show.

use super::page::{Block, Page, Section};
use crate::cli::prose::wrap;

/// Columns of a line.
const WIDTH: usize = 120;

/// The whole page, with every head.
pub(super) fn page(page: &Page) -> String {
    let mut text = format!("# {}\n\n{}\n\n{}\n", page.title, plain(&page.summary), page.about.join(" · "));
    for section in &page.sections {
        text.push_str(&format!("\n## {}\n\n{}", section.head, under(section)));
    }
    text
}

/// What stands under a head.
pub(super) fn under(section: &Section) -> String {
    let mut text = String::new();
    let mut is_item_before = None;
    for block in &section.blocks {
        let is_item = matches!(block, Block::Item(_));
        if is_item_before.is_some_and(|before| !(before && is_item)) {
            text.push('\n');
        }
        is_item_before = Some(is_item);
        text.push_str(&match block {
            Block::Prose(prose) => paragraphs(prose),
            Block::Item(item) => lines(item, "- ", "  "),
            Block::More(more) => lines(more, "", ""),
        });
    }
    if section.blocks.is_empty() { format!("{}\n", section.otherwise) } else { text }
}

fn paragraphs(prose: &str) -> String {
    let parts = prose.split("\n\n").map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| lines(part, "", "")).collect::<Vec<_>>().join("\n")
}

/// A paragraph in lines, the first behind `first`, the others behind `rest`.
fn lines(paragraph: &str, first: &str, rest: &str) -> String {
    let wrapped = wrap(&plain(paragraph), WIDTH - first.len());
    let mut text = String::new();
    for (index, line) in wrapped.iter().enumerate() {
        let before = if index == 0 { first } else { rest };
        text.push_str(&format!("{before}{}\n", begun(line)));
    }
    text
}

/// A line whose first letter would make it a list, a head or a quotation says that it is none.
fn begun(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line.as_bytes().get(digits) {
        Some(b'.' | b')')
            if digits > 0 && line.as_bytes().get(digits + 1).is_none_or(|next| *next == b' ') =>
        {
            format!("{}\\{}", &line[..digits], &line[digits..])
        }
        Some(b'-' | b'+' | b'#' | b'=' | b':') if digits == 0 => format!("\\{line}"),
        _ => line.to_owned(),
    }
}

/// Text as it is: what markdown would read as a sign of its own is escaped, but for code between backticks.
pub(super) fn plain(text: &str) -> String {
    let is_paired = text.matches('`').count().is_multiple_of(2);
    let mut shown = String::with_capacity(text.len());
    let mut is_code = false;
    for letter in text.chars() {
        match letter {
            '`' if is_paired => is_code = !is_code,
            '`' | '<' | '>' | '*' | '[' | ']' | '~' | '\\' | '|' if !is_code => shown.push('\\'),
            _ => {}
        }
        shown.push(letter);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_rule_is_a_sign_of_markdown() {
        assert_eq!(plain("SV1*HC <units> `a*b` [x]"), "SV1\\*HC \\<units\\> `a*b` \\[x\\]");
        assert_eq!(plain("one ` tick"), "one \\` tick");
        assert_eq!(begun("- 97140"), "\\- 97140");
        assert_eq!(begun("+ 97140"), "\\+ 97140");
        assert_eq!(begun("7. chapter"), "7\\. chapter");
        assert_eq!(begun("7.5 minutes"), "7.5 minutes");
        assert_eq!(begun("97140 beside"), "97140 beside");
    }
}
