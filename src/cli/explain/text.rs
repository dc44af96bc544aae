//! The page of a rule for a terminal.

use std::io::{self, Write};

use super::page::{Block, Page, Section};
use crate::cli::prose;

/// Columns beyond which prose is hard to read.
const WIDEST: usize = 100;

/// Writes a page; heads without anything under them are left out.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(page: &Page, width: usize, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut paper = prose::Page { out, width: width.clamp(40, WIDEST), colour };
    let title = paper.bold(&page.title);
    let since = page.sections.iter().find(|section| section.head == "Since").and_then(said);
    let since = since.map(|release| format!(", since {release}")).unwrap_or_default();
    writeln!(paper.out, "{title} · {}{since}", page.about.join(" · "))?;
    paper.heading("NAME")?;
    paper.paragraphs(&format!("{} — {}", page.title, page.summary), 4, 4)?;
    for section in &page.sections {
        if section.blocks.is_empty() || section.head == "Since" {
            continue;
        }
        paper.heading(&section.head.to_uppercase())?;
        let is_list = section.head.starts_with("It ");
        for (index, block) in section.blocks.iter().enumerate() {
            match block {
                Block::Prose(text) => paper.paragraphs(text, 4, 0)?,
                Block::Item(text) if is_list => paper.paragraphs(&format!("- {text}"), 4, 2)?,
                Block::Item(text) => {
                    // Outcomes stand apart from what is said of all of them.
                    if index > 0 && matches!(section.blocks[index - 1], Block::Prose(_)) {
                        writeln!(paper.out)?;
                    }
                    paper.paragraphs(text, 4, 4)?;
                }
                Block::More(text) => paper.paragraphs(text, 6, 0)?,
            }
        }
    }
    Ok(())
}

/// A section that is one word.
fn said(section: &Section) -> Option<&str> {
    match section.blocks.as_slice() {
        [Block::Prose(text)] => Some(text),
        _ => None,
    }
}
