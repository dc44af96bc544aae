//! The findings: those worth most in a table, then claim by claim in folded blocks.

use super::escape::{code, html, text};
use crate::finding::{Finding, Run, Severity};
use crate::report::Masking;
use crate::report::locate::{claim, file_name, whose};
use crate::report::plain::{clip, grouped, plural};
use crate::report::worth::{is_reported, worth};

/// Bytes that a line on what is left out takes at most.
pub(super) const LONGEST_CLOSING: usize = 200;
const LONGEST_MESSAGE: usize = 400;

/// The table of the findings worth most, in less than `room` bytes; `all` is how many there are.
pub(super) fn worst(run: &Run, findings: &[&Finding], all: usize, room: usize, masking: &Masking) -> String {
    let mut out = String::new();
    if findings.is_empty() {
        return out;
    }
    out.push_str("| | rule | where | what | worth |\n|---|---|---|---|---|\n");
    let mut shown = 0;
    for finding in findings {
        let row = row(run, &masking.finding(finding));
        if out.len() + row.len() + LONGEST_CLOSING > room {
            break;
        }
        out.push_str(&row);
        shown += 1;
    }
    if all > shown {
        let more = (all - shown) as u64;
        out.push_str(&format!(
            "\nAnd {} more finding{}, worth no more than these.\n",
            grouped(more),
            plural(more)
        ));
    }
    out.push('\n');
    out
}

fn row(run: &Run, finding: &Finding) -> String {
    let place = format!("{}:{}", file_name(&run.files, finding.file), finding.place.number.max(1));
    let whose = whose(finding);
    let whose = if whose.is_empty() { whose } else { format!("<br>{}", text(&whose)) };
    format!(
        "| {} | {} | {}{whose} | {} | {} |\n",
        sign(finding.severity),
        text(&finding.code),
        code(&place),
        text(&clip(&finding.message, LONGEST_MESSAGE, "…")),
        worth(finding).map(|worth| text(&worth)).unwrap_or_default()
    )
}

/// What a severity looks like, for eyes and for readers aloud.
const fn sign(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "❌ error",
        Severity::Warning => "⚠️ warning",
        Severity::Info => "ℹ️ info",
    }
}

/// The claims with errors or warnings, each folded, in less than `room` bytes.
pub(super) fn claims(run: &Run, most: usize, room: usize, masking: &Masking) -> String {
    let mut out = String::new();
    let groups = run.findings.chunk_by(|one, other| (one.file, one.claim) == (other.file, other.claim));
    let of_claims = groups.filter(|group| {
        group.iter().any(|finding| is_reported(finding) && finding.severity != Severity::Info)
    });
    let (mut shown, mut left) = (0, 0_u64);
    for group in of_claims {
        let block = if left == 0 && shown < most { block(run, group, masking) } else { String::new() };
        if block.is_empty() || out.len() + block.len() + LONGEST_CLOSING > room {
            left += 1;
            continue;
        }
        out.push_str(&block);
        shown += 1;
    }
    if left > 0 {
        let more = if shown == 0 { "" } else { " more" };
        out.push_str(&format!(
            "And {}{more} claim{} with findings, not told here.\n\n",
            grouped(left),
            plural(left)
        ));
    }
    out
}

/// All of a claim's reported findings, with what to do.
fn block(run: &Run, findings: &[Finding], masking: &Masking) -> String {
    let masked: Vec<Finding> = findings
        .iter()
        .filter(|finding| is_reported(finding))
        .map(|finding| masking.finding(finding))
        .collect();
    let Some(first) = masked.first() else { return String::new() };
    let file = file_name(&run.files, first.file);
    let title = match first.claim {
        0 => html(&file),
        _ => format!("{} · {}", html(&file), html(&claim(first))),
    };
    let codes: Vec<String> = masked.iter().map(|finding| html(&finding.code)).collect();
    let mut out = format!("<details><summary>{title}: {}</summary>\n\n", codes.join(", "));
    for finding in &masked {
        let line = if finding.line > 0 { format!(" line {}", finding.line) } else { String::new() };
        let worth = worth(finding).map(|worth| format!(" *({})*", text(&worth))).unwrap_or_default();
        out.push_str(&format!(
            "- **{} {}{line}**: {}{worth}\n",
            sign(finding.severity),
            text(&finding.code),
            text(&finding.message)
        ));
        if !finding.help.is_empty() {
            out.push_str(&format!("  {}\n", text(&finding.help)));
        }
    }
    out.push_str("\n</details>\n\n");
    out
}
