//! What the figures of a run rest on, and what could not be judged, in the words that reports for people share.

use super::Masking;
use super::plain::{clean, grouped, plural};
use crate::finding::Run;

/// The name of the fee schedule's tables.
pub(super) const FEE_SCHEDULE: &str = "mpfs";
/// The name of the table of NCCI pairs.
const PAIRS: &str = "ncci-ptp";

/// What was missing, for which rules, on how many lines.
pub(super) struct Lacking {
    /// What was missing.
    pub(super) reason: String,
    /// The rules, separated by commas.
    pub(super) codes: String,
    /// `12 lines`, or `up to 12 lines` where the rules differ.
    pub(super) lines: String,
    /// The most lines of any of the rules.
    pub(super) most: u64,
}

/// What could not be judged, a line a reason.
pub(super) fn not_evaluated(run: &Run, masking: &Masking) -> Vec<String> {
    let words = |Lacking { reason, codes, lines, .. }: Lacking| format!("{codes}: {reason} on {lines}");
    lacking(run, masking).into_iter().map(words).collect()
}

/// What could not be judged, one for each reason: five rules that all lack minutes are one thing to mend.
pub(super) fn lacking(run: &Run, masking: &Masking) -> Vec<Lacking> {
    let mut lacking: Vec<(&str, u64, bool, Vec<&str>)> = Vec::new();
    for one in &run.not_evaluated {
        match lacking.iter_mut().find(|(reason, ..)| *reason == one.reason) {
            Some((_, lines, varies, codes)) => {
                *varies |= *lines != one.lines;
                *lines = one.lines.max(*lines);
                codes.push(&one.code);
            }
            None => lacking.push((&one.reason, one.lines, false, vec![&one.code])),
        }
    }
    let named = |(reason, most, varies, codes): (&str, u64, bool, Vec<&str>)| Lacking {
        reason: masking.note(reason),
        codes: clean(&codes.join(", ")).into_owned(),
        lines: format!("{}{} line{}", if varies { "up to " } else { "" }, grouped(most), plural(most)),
        most,
    };
    lacking.into_iter().map(named).collect()
}

/// The Medicare localities of the run's prices.
pub(super) fn localities(names: &[String]) -> String {
    match names {
        [] => "national rates (no locality)".to_owned(),
        [one] => format!("locality {}", clean(one)),
        [one, rest @ ..] => {
            format!("localities {} and {} other{}", clean(one), rest.len(), plural(rest.len() as u64))
        }
    }
}

/// The releases of a table that a price or a rule of the run rests on.
pub(super) fn releases(run: &Run, name: &str) -> String {
    let used = run.tables.iter().filter(|table| table.used && table.name == name);
    clean(&used.map(|table| table.release.as_str()).collect::<Vec<_>>().join(", ")).into_owned()
}

/// Whose rates the dollars are; `None` where nothing was priced.
pub(super) fn prices(run: &Run, separator: &str) -> Option<String> {
    let schedules = releases(run, FEE_SCHEDULE);
    let contracts = clean(&run.rates.contracts.join(", ")).into_owned();
    if schedules.is_empty() {
        return (!contracts.is_empty()).then(|| format!("{contracts} by contract{separator}estimates"));
    }
    let mut words = vec![format!("Medicare fee schedule {schedules}")];
    words.push(localities(&run.rates.localities));
    if run.rates.nonparticipating {
        words.push("provider does not take part".to_owned());
    }
    if run.rates.net_cash {
        words.push("net cash, after sequestration".to_owned());
    }
    if !run.rates.stand_in.is_empty() {
        let payers = clean(&run.rates.stand_in.join(", ")).into_owned();
        words.push(format!("{payers} at Medicare rates, for want of their own"));
    }
    if !contracts.is_empty() {
        words.push(format!("{contracts} by contract"));
    }
    words.push("estimates".to_owned());
    Some(words.join(separator))
}

/// The tables that rules ask and the day that was judged by, with a heading.
pub(super) fn tables(run: &Run, separator: &str) -> Option<(&'static str, String)> {
    if run.claims == 0 {
        return None;
    }
    let mut pairs = releases(run, PAIRS);
    if run.tables.iter().any(|table| table.used && table.name == PAIRS && table.subset) {
        pairs.push_str(" (therapy codes)");
    }
    let as_of = clean(&run.as_of);
    match (pairs.is_empty(), as_of.is_empty()) {
        (false, false) => Some(("tables", format!("NCCI pairs {pairs}{separator}as of {as_of}"))),
        (false, true) => Some(("tables", format!("NCCI pairs {pairs}"))),
        (true, false) => Some(("as of", as_of.into_owned())),
        (true, true) => None,
    }
}
