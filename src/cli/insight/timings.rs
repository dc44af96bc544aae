//! How long a run took, as a table: its parts, then its rules, the slowest first.

use std::io::{self, Write};
use std::time::Duration;

use crate::engine::{RuleTime, Timings};
use crate::rules::Scope;

/// Writes the table. `before` and `after` are what surrounds the engine: loading, and writing reports.
///
/// # Errors
/// Those of `out`.
pub(super) fn write(
    timings: &Timings,
    before: Duration,
    after: Duration,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(
        out,
        "timings: {} from the first byte to the last finding, {} thread{}, {} lines",
        shown(timings.elapsed),
        timings.threads,
        if timings.threads == 1 { "" } else { "s" },
        timings.lines
    )?;
    writeln!(out, "\n{:>12}  part", "time")?;
    let own = [("loading rules, tables and inputs' names", before), ("reports", after)];
    let mut parts: Vec<(&str, Duration)> = timings.parts.iter().copied().chain(own).collect();
    parts.sort_by_key(|(_, time)| std::cmp::Reverse(*time));
    for (part, time) in &parts {
        writeln!(out, "{:>12}  {part}", shown(*time))?;
    }
    let sum: Duration = parts.iter().map(|(_, time)| *time).sum();
    writeln!(out, "{:>12}  all parts, the threads' time added up", shown(sum))?;
    writeln!(out, "\n{:>12}  {:>18}  rule", "time", "put to")?;
    let mut rules: Vec<&RuleTime> = timings.rules.iter().collect();
    rules.sort_by(|one, other| other.time.cmp(&one.time).then_with(|| one.code.cmp(&other.code)));
    for rule in &rules {
        let looks = format!("{} {}", rule.looks, of(rule.scope, rule.looks));
        writeln!(out, "{:>12}  {looks:>18}  {} {}", shown(rule.time), rule.code, rule.name)?;
    }
    writeln!(
        out,
        "{:>12}  {:>18}  shared: conditions of rules over days, facts for settling",
        shown(timings.shared),
        ""
    )?;
    let sum: Duration = rules.iter().map(|rule| rule.time).sum();
    writeln!(out, "{:>12}  {:>18}  all rules", shown(sum + timings.shared), "")?;
    writeln!(
        out,
        "\nRules of one kind share one look at a claim, and the first of them bears it. Rules over years, courses and\n\
         providers' days are put only to those that their keys do not settle. Reading the clock after each rule is in\n\
         every figure; what the reader finds (rules of the kind `structure`) is in reading and the guide."
    )
}

/// What a rule is put to.
const fn of(scope: Scope, looks: u64) -> &'static str {
    match (scope, looks) {
        (Scope::Line, 1) => "line",
        (Scope::Line, _) => "lines",
        (Scope::Claim | Scope::File, 1) => "claim",
        (Scope::Claim | Scope::File, _) => "claims",
        (Scope::Day, 1) => "day",
        (Scope::Day, _) => "days",
        (Scope::PatientYear, 1) => "year",
        (Scope::PatientYear, _) => "years",
        (Scope::Course, 1) => "course",
        (Scope::Course, _) => "courses",
        (Scope::ProviderDay, 1) => "provider's day",
        (Scope::ProviderDay, _) => "providers' days",
    }
}

/// Milliseconds with three digits behind the point: the last is a microsecond.
fn shown(time: Duration) -> String {
    let micros = time.as_micros();
    format!("{}.{:03} ms", micros / 1000, micros % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_are_those_of_the_rows() {
        let rule = |code: &str, micros, looks| RuleTime {
            code: code.to_owned(),
            name: format!("rule-{code}"),
            scope: Scope::Line,
            looks,
            time: Duration::from_micros(micros),
        };
        let timings = Timings {
            rules: vec![rule("A01", 10, 1), rule("B01", 2_500, 3)],
            shared: Duration::from_micros(5),
            parts: vec![("reading", Duration::from_micros(700)), ("rules", Duration::from_micros(2_515))],
            elapsed: Duration::from_micros(4_000),
            threads: 2,
            lines: 3,
        };
        let mut out = Vec::new();
        let (before, after) = (Duration::from_micros(1), Duration::from_micros(2));
        write(&timings, before, after, &mut out).expect("a vector takes everything");
        insta::assert_snapshot!("table", String::from_utf8(out).expect("text"));
    }
}
