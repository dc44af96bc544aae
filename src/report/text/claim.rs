//! The head over the findings of one claim: the claim in its own words, its lines decoded and priced.

use super::flow::columns;
use super::look::{Look, Role};
use super::place;
use crate::finding::{About, Finding, FlaggedClaim, FlaggedLine, InputFile, Run, Severity};
use crate::report::masking::own_name;
use crate::report::plain::clip;
pub(super) use crate::report::plain::{grouped, plural};

/// A claim with more lines than this shows only those that have findings.
const FEW_LINES: usize = 6;
/// And of those at most this many.
const MOST_LINES: usize = 12;
const LONGEST_CELL: usize = 40;
/// The column that holds the charge.
const BILLED: usize = 5;
/// Columns left for the codes of a line's findings.
const CODES: usize = 5;

/// Draws the head of a group of findings, which are in order and share file and claim.
pub(super) fn draw_head(
    out: &mut String,
    findings: &[Finding],
    claim: Option<&FlaggedClaim>,
    files: &[InputFile],
    look: &Look,
) {
    let Some(first) = findings.first() else { return };
    let file = place::file_name(files, first.file, look);
    let mut title = Vec::new();
    if first.claim == 0 {
        title.push(look.paint(Role::Strong, &file));
    } else {
        let (id, claim_ref) =
            claim.map_or((&first.claim_id, &first.claim_ref), |one| (&one.id, &one.claim_ref));
        title.push(look.paint(Role::Strong, &place::claim(first.claim, &own_name(id, claim_ref), look)));
        if let Some(claim) = claim {
            title.push(clip(&claim.payer, LONGEST_CELL, look.glyphs.ellipsis).into_owned());
            title.extend(dates(&claim.lines));
        }
        if place::are_several(files) {
            title.push(file);
        }
    }
    title.retain(|part| !part.is_empty());
    let rule = look.paint(Role::Dim, &look.glyphs.rule.repeat(2));
    let title = title.join(&format!(" {} ", look.glyphs.separator));
    out.push_str(&format!("{rule} {title} {rule}\n"));
    if let Some(claim) = claim {
        draw_lines(out, findings, claim, look);
    }
}

/// The claim's dates of service, first and last; where dates are masked, its days.
pub(in crate::report) fn dates(lines: &[FlaggedLine]) -> Option<String> {
    let dates = || lines.iter().map(|line| line.about.date.as_str()).filter(|date| !date.is_empty());
    if let (Some(first), Some(last)) = (dates().min(), dates().max()) {
        return Some(if first == last { first.to_owned() } else { format!("{first} to {last}") });
    }
    let days = || lines.iter().filter_map(|line| line.about.day);
    let (first, last) = (days().min()?, days().max()?);
    Some(if first == last { format!("day {first}") } else { format!("days {first} to {last}") })
}

/// When it was: the date, or where that is masked, the day. Empty where neither is known.
pub(in crate::report) fn when(about: &About) -> String {
    match about.day {
        Some(day) if about.date.is_empty() => format!("day {day}"),
        _ => about.date.clone(),
    }
}

fn draw_lines(out: &mut String, findings: &[Finding], claim: &FlaggedClaim, look: &Look) {
    let lines = claim.lines.as_slice();
    let has_findings = |line: &FlaggedLine| findings.iter().any(|finding| finding.line == line.line);
    let several_days = lines.windows(2).any(|pair| when(&pair[0].about) != when(&pair[1].about));
    let few = lines.len() <= FEW_LINES;
    let shown: Vec<&FlaggedLine> =
        lines.iter().filter(|line| few || has_findings(line)).take(MOST_LINES).collect();
    let cells: Vec<[String; 7]> = shown.iter().map(|line| cells(line, several_days, claim, look)).collect();
    let mut widths: Vec<usize> =
        (0..7).map(|column| cells.iter().map(|row| columns(&row[column])).max().unwrap_or(0)).collect();
    // In a narrow terminal what was billed goes first: the excerpt below shows it.
    if widths.iter().sum::<usize>() + 2 * widths.len() + CODES > look.width {
        widths[BILLED] = 0;
    }
    for (line, row) in shown.iter().zip(&cells) {
        let mut text = String::from("  ");
        for (column, (cell, &width)) in row.iter().zip(&widths).enumerate() {
            if width == 0 {
                continue;
            }
            let gap = " ".repeat(width - columns(cell));
            // Words to the left, figures to the right.
            text.push_str(&if column == 2 { format!(" {cell}{gap} ") } else { format!(" {gap}{cell} ") });
        }
        let mut codes: Vec<String> = Vec::new();
        for finding in findings.iter().filter(|finding| finding.line == line.line) {
            let code = look.paint(Role::from(finding.severity), &finding.code);
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        text.push_str(&format!("  {}", codes.join(" ")));
        out.push_str(text.trim_end());
        out.push('\n');
    }
    let rest = lines.len() - shown.len();
    if rest > 0 {
        let other = if shown.is_empty() { "" } else { " other" };
        let more = format!("   {rest}{other} line{}", plural(rest as u64));
        out.push_str(&look.paint(Role::Dim, &more));
        out.push('\n');
    }
}

fn cells(line: &FlaggedLine, dated: bool, claim: &FlaggedClaim, look: &Look) -> [String; 7] {
    let about = &line.about;
    [
        format!("line {}", line.line),
        if dated { when(about) } else { String::new() },
        procedure(about, look),
        units(about, look),
        line.minutes.map(|minutes| format!("{minutes} min")).unwrap_or_default(),
        about.charge.map(|charge| format!("{charge} billed")).unwrap_or_default(),
        match line.net {
            Some(net) if claim.medicare_rates_stand_in => format!("{net} at Medicare rates"),
            Some(net) if claim.net_cash => format!("{net} net cash"),
            Some(net) if is_by_assistant(about) => format!("{net} paid"),
            Some(net) => format!("{net} allowed"),
            None => "unpriced".to_owned(),
        },
    ]
}

/// Whether the payer pays less than it allows.
pub(in crate::report) fn is_by_assistant(about: &About) -> bool {
    about.modifiers.iter().any(|modifier| matches!(modifier.as_str(), "CQ" | "CO"))
}

/// A line in one breath: `97124-GP × 2, $90.00`.
pub(super) fn about(about: &About, look: &Look) -> String {
    let mut parts = vec![format!("{} {}", procedure(about, look), units(about, look)).trim().to_owned()];
    parts.extend(about.charge.map(|charge| format!("{charge} billed")));
    parts.push(when(about));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn procedure(about: &About, look: &Look) -> String {
    let mut words = about.procedure_code.clone();
    for modifier in &about.modifiers {
        words.push('-');
        words.push_str(modifier);
    }
    clip(&words, LONGEST_CELL, look.glyphs.ellipsis).into_owned()
}

fn units(about: &About, look: &Look) -> String {
    if about.units.is_empty() {
        return String::new();
    }
    format!("{} {}", look.glyphs.times, clip(&about.units, LONGEST_CELL / 2, look.glyphs.ellipsis))
}

/// How many of each severity, in words: `6 errors, 2 warnings`.
pub(super) fn counts(run: &Run, look: &Look) -> String {
    let counted: Vec<String> = [Severity::Error, Severity::Warning, Severity::Info]
        .into_iter()
        .filter_map(|severity| {
            let count = run.count(severity);
            let words = format!("{} {}{}", grouped(count as u64), severity.as_str(), plural(count as u64));
            (count > 0).then(|| look.paint(severity.into(), &words))
        })
        .collect();
    match (counted.as_slice(), run.accepted.known) {
        ([], 0) => "no findings".to_owned(),
        ([], _) => "no new findings".to_owned(),
        (counted, _) => counted.join(", "),
    }
}
