//! `--output markdown`: a comment on a pull request, or the summary of a CI step.
//!
//! Every figure is that of the text report. It stays below GitHub's limit for a comment and says what it leaves out. What comes
//! from claims or from a user's rules is escaped, so that it is text and nothing else.

mod details;
mod escape;
mod summary;

use std::io::{self, Write};

use super::plain::{grouped, plural};
pub(super) use escape::text;

use super::worth::{reported, worst_first};
use super::{Masking, Redaction};
use crate::finding::Run;

/// Characters that GitHub takes in a comment.
const COMMENT_LIMIT: usize = 65_536;
/// Findings of the table at most: more are not read.
const MOST_FINDINGS: usize = 25;
/// Claims that are told in full at most.
const MOST_CLAIMS: usize = 50;

/// Writes the comment.
///
/// # Errors
/// Those of `out`, a broken pipe among them.
pub fn render(run: &Run, redaction: Redaction, out: &mut dyn Write) -> io::Result<()> {
    out.write_all(comment(run, redaction, COMMENT_LIMIT).as_bytes())
}

/// The comment in less than `limit` bytes, so in less characters too.
fn comment(run: &Run, redaction: Redaction, limit: usize) -> String {
    let masking = Masking::new(redaction);
    let mut head = String::new();
    summary::verdict(&mut head, run);
    summary::dollars(&mut head, run);
    summary::top_rules(&mut head, run);
    let mut foot = String::new();
    summary::not_evaluated(&mut foot, run, &masking);
    summary::notes(&mut foot, run, &masking);
    summary::grounds(&mut foot, run);

    // What is left goes to the findings: half of it at most to the table, the rest to the claims told in full.
    let room = limit.saturating_sub(head.len() + foot.len() + details::LONGEST_CLOSING);
    let worst = worst_first(run);
    let table =
        details::worst(run, &worst[..worst.len().min(MOST_FINDINGS)], worst.len(), room / 2, &masking);
    let claims = details::claims(run, MOST_CLAIMS, room.saturating_sub(table.len()), &masking);
    let mut text = head + &table + &claims + &foot;
    if text.len() >= limit {
        // Only a run with notes beyond measure comes here.
        let most = limit.saturating_sub(details::LONGEST_CLOSING);
        let end = (0..=most).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0);
        text.truncate(end);
        let all = reported(run).count() as u64;
        text.push_str(&format!("\n\nCut off here; {} finding{} in all.\n", grouped(all), plural(all)));
    }
    text
}

#[cfg(test)]
mod tests;
