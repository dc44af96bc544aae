//! Prose for a terminal: paragraphs wrapped and indented, bold where there is colour.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

/// Where prose goes, and how wide it may be.
pub(super) struct Page<'o> {
    pub(super) out: &'o mut dyn Write,
    /// Columns.
    pub(super) width: usize,
    /// Whether headings are bold.
    pub(super) colour: bool,
}

impl Page<'_> {
    /// A heading, with an empty line before it.
    pub(super) fn heading(&mut self, text: &str) -> io::Result<()> {
        let text = self.bold(text);
        writeln!(self.out, "\n{text}")
    }

    /// Text in bold, where there is colour.
    pub(super) fn bold(&self, text: &str) -> String {
        if self.colour { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Paragraphs, divided by empty lines, each line after the first indented by `hanging` more.
    pub(super) fn paragraphs(&mut self, text: &str, indent: usize, hanging: usize) -> io::Result<()> {
        let mut first = true;
        for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
            if !first {
                writeln!(self.out)?;
            }
            first = false;
            for (index, line) in
                wrap(paragraph, self.width.saturating_sub(indent + hanging)).iter().enumerate()
            {
                let indent = if index == 0 { indent } else { indent + hanging };
                writeln!(self.out, "{:indent$}{line}", "")?;
            }
        }
        Ok(())
    }
}

/// Breaks text at its spaces; a word longer than a line has a line of its own.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(20);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Text in at most `room` columns; an ellipsis says that more follows.
pub(super) fn cut(text: &str, room: usize) -> String {
    if text.width() <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    for letter in text.chars() {
        if kept.width() + 2 > room {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}
