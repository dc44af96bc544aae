//! What Medicare allows a patient for therapy in a calendar year, against the threshold above which it asks for KX.
//!
//! Two sums are kept for each patient: physical therapy with speech-language pathology (GP, GN), and occupational
//! therapy (GO). Lines are added in the order of their days. What earlier claims came to is known only where the user
//! gives it: without it the sum of the run can be too low, never too high. Source: Social Security Act s. 1833(g); CMS
//! Therapy Services, KX modifier thresholds.

use super::hit::{Hit, Lack, Out, Pointer, Takes};
use crate::claim::{Cents, Date, Fact, LineRef, ProcedureCode, TherapyGroup};

/// A therapy line of a patient's year.
#[derive(Clone, Copy, Debug)]
pub struct YearLine {
    /// Which line of the run.
    pub at: LineRef,
    /// Day of service.
    pub date: Date,
    /// What was done.
    pub code: ProcedureCode,
    /// Whether KX is stated.
    pub has_kx: bool,
    /// What it is allowed in the day as billed; `None` where no fee is known.
    pub allowed: Option<Cents>,
}

/// One of a patient's two sums in one calendar year.
#[derive(Clone, Copy, Debug)]
pub struct YearSum {
    /// The calendar year.
    pub year: i16,
    /// Which of the two.
    pub group: TherapyGroup,
    /// Allowed before this run; `None` where nobody says.
    pub before: Option<Cents>,
    /// The year's threshold; `None` where no table has it.
    pub threshold: Option<Cents>,
}

/// Puts a rule to one sum of a patient's year, its lines in the order of their days.
pub fn check_year(rule: u16, sum: &YearSum, lines: &[YearLine], out: &mut Out) {
    let Some(threshold) = sum.threshold else {
        out.lack(rule, Lack::Table, lines.len());
        return;
    };
    let mut total = sum.before.unwrap_or(Cents::ZERO);
    for day in lines.chunk_by(|one, next| one.date == next.date) {
        let mut said_early = false;
        let of_day: Cents = day.iter().filter_map(|line| line.allowed).sum();
        // 80 per cent of the threshold, both sides times five.
        let is_early = sum.before.is_some() && (total + of_day).0 * 5 < threshold.0 * 4;
        for line in day {
            total += line.allowed.unwrap_or(Cents::ZERO);
            if !line.has_kx && total > threshold {
                out.hits.push(hit(rule, sum, line, total, threshold, ""));
            } else if line.has_kx && is_early && !said_early {
                said_early = true;
                out.hits.push(hit(rule, sum, line, total, threshold, "kx-early"));
            }
        }
    }
}

fn hit(
    rule: u16,
    sum: &YearSum,
    line: &YearLine,
    total: Cents,
    threshold: Cents,
    outcome: &'static str,
) -> Hit {
    let group = match sum.group {
        TherapyGroup::PhysicalAndSpeech => "physical therapy and speech-language pathology",
        TherapyGroup::Occupational => "occupational therapy",
    };
    let before = match sum.before {
        Some(before) => format!("{before} of it before this run"),
        None => "in the claims at hand alone".to_owned(),
    };
    Hit {
        rule,
        outcome,
        primary: Pointer {
            at: line.at,
            fact: Fact::Modifiers,
            item: 0,
            text: if outcome.is_empty() { "no KX".to_owned() } else { "KX".to_owned() },
        },
        related: Vec::new(),
        values: vec![
            ("procedure_code", line.code.to_string()),
            ("year", sum.year.to_string()),
            ("group", group.to_owned()),
            ("total", total.to_string()),
            ("before", before),
            ("threshold", threshold.to_string()),
        ],
        takes: if outcome.is_empty() { Takes::Lines(vec![line.at]) } else { Takes::Nothing },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const THRESHOLD: Cents = Cents(241_000);

    fn lines(of: &[(i8, i64, bool)]) -> Vec<YearLine> {
        let line = |(index, &(day, cents, has_kx)): (usize, &(i8, i64, bool))| YearLine {
            at: LineRef { claim: index as u32, line: 1 },
            date: Date::constant(2025, 3, day),
            code: ProcedureCode::new(b"97124").expect("a code"),
            has_kx,
            allowed: (cents >= 0).then_some(Cents(cents)),
        };
        of.iter().enumerate().map(line).collect()
    }

    fn seen(before: Option<i64>, of: &[(i8, i64, bool)]) -> Vec<(u32, &'static str)> {
        let sum = YearSum {
            year: 2025,
            group: TherapyGroup::PhysicalAndSpeech,
            before: before.map(Cents),
            threshold: Some(THRESHOLD),
        };
        let mut out = Out::new(1);
        check_year(0, &sum, &lines(of), &mut out);
        out.hits.iter().map(|hit| (hit.primary.at.claim, hit.outcome)).collect()
    }

    #[test]
    fn the_line_that_crosses_and_every_later_one() {
        assert_eq!(seen(Some(238_024), &[(3, 2976, false)]), [], "to the cent");
        assert_eq!(seen(Some(238_025), &[(3, 2976, false)]), [(0, "")]);
        let three = [(3, 2976, false), (3, 2976, false), (4, 2976, false)];
        assert_eq!(seen(Some(236_000), &three), [(1, ""), (2, "")]);
        assert_eq!(seen(Some(236_000), &[(3, 2976, false), (3, 2976, true), (4, 2976, false)]), [(2, "")]);
    }

    #[test]
    fn the_run_alone_can_only_be_too_low() {
        assert_eq!(seen(None, &[(3, 241_000, false)]), []);
        assert_eq!(seen(None, &[(3, 241_001, false)]), [(0, "")]);
        assert_eq!(seen(None, &[(3, 2976, true)]), [], "nobody knows what came before");
        assert_eq!(seen(Some(241_000), &[(3, -1, false)]), [], "a line without a fee adds nothing");
    }

    #[test]
    fn kx_far_below_the_threshold_is_worth_a_remark_a_day() {
        assert_eq!(
            seen(Some(0), &[(3, 2976, true), (3, 2976, true), (4, 2976, true)]),
            [(0, "kx-early"), (2, "kx-early")]
        );
        assert_eq!(seen(Some(189_823), &[(3, 2976, true)]), [(0, "kx-early")], "a cent below four fifths");
        assert_eq!(seen(Some(189_824), &[(3, 2976, true)]), []);
    }

    #[test]
    fn a_year_without_a_threshold_is_not_evaluated() {
        let sum = YearSum { year: 2027, group: TherapyGroup::Occupational, before: None, threshold: None };
        let mut out = Out::new(1);
        check_year(0, &sum, &lines(&[(3, 9_999_999, false)]), &mut out);
        assert!(out.hits.is_empty());
        assert_eq!(out.lacks[0].iter().sum::<u64>(), 1);
    }
}
