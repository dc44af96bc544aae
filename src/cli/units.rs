//! `cleanclaim units`: the units that a day's minutes support, worked out step by step, CMS and AMA side by side.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::checks::unit_time::allocation::{Allocation, TimedCode, units_for};
use crate::checks::unit_time::{billed_under, timed_code};
use crate::claim::{Claim, ProcedureCode, ServiceLine, Text};
use crate::rules::{Check, RuleSet, Subject};

/// What `cleanclaim units` was asked: one patient's day with one provider group, in one discipline.
#[derive(Clone, Debug)]
pub struct UnitsRequest {
    /// Codes with their minutes; a code that stands twice is added up.
    pub services: Vec<(ProcedureCode, u16)>,
    /// JSON instead of text.
    pub json: bool,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum UnitsError {
    /// Nothing was asked.
    #[error("name at least one timed code with its minutes, such as 97124=25")]
    Nothing,
    /// A code that no rule counts in quarters of an hour.
    #[error("{0} is not billed in 15-minute units, so minutes do not decide its units")]
    NotTimed(ProcedureCode),
    /// More than a day has.
    #[error("{0} minutes are more than the 1,440 of a day")]
    MoreThanADay(u32),
    /// Nothing could be written.
    #[error(transparent)]
    Write(#[from] io::Error),
}

const MINUTES_OF_A_DAY: u32 = 1_440;
const LISTED_WAYS: usize = 20;

/// Prints the counting of both methods.
///
/// Which codes are timed is what the rules on units and minutes are about.
///
/// # Errors
///
/// A [`UnitsError`] where the question makes no sense, or `out` fails.
pub fn units(request: &UnitsRequest, rules: &RuleSet, out: &mut dyn Write) -> Result<(), UnitsError> {
    let working = Working::of(request, rules)?;
    if request.json {
        serde_json::to_writer_pretty(&mut *out, &working.answer()).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        out.write_all(working.text().as_bytes())?;
    }
    Ok(())
}

struct Working {
    day: Vec<TimedCode>,
    minutes: u32,
    /// Every valid CMS allocation.
    by_total: Vec<Vec<u32>>,
    by_code: Vec<u32>,
}

#[derive(Serialize)]
struct Answer {
    minutes: u32,
    cms: Counted,
    ama: Counted,
    agree: bool,
}

#[derive(Serialize)]
struct Counted {
    units: u32,
    valid: Vec<Vec<CodeUnits>>,
}

#[derive(Serialize)]
struct CodeUnits {
    procedure_code: String,
    minutes: u32,
    units: u32,
}

impl Working {
    fn of(request: &UnitsRequest, rules: &RuleSet) -> Result<Working, UnitsError> {
        let mut day: Vec<TimedCode> = Vec::new();
        for &(stated, minutes) in &request.services {
            if !is_timed(stated, rules) {
                return Err(UnitsError::NotTimed(stated));
            }
            let code = timed_code(stated);
            match day.iter_mut().find(|one| one.code == code) {
                Some(one) => one.minutes += u32::from(minutes),
                None => day.push(TimedCode { code, minutes: u32::from(minutes), units: 0 }),
            }
        }
        let minutes = day.iter().map(|one| one.minutes).sum();
        if day.is_empty() {
            return Err(UnitsError::Nothing);
        }
        if minutes > MINUTES_OF_A_DAY {
            return Err(UnitsError::MoreThanADay(minutes));
        }
        Ok(Working {
            by_total: Allocation::of(&day).vectors().collect(),
            by_code: day.iter().map(|one| units_for(one.minutes)).collect(),
            day,
            minutes,
        })
    }

    fn answer(&self) -> Answer {
        let codes = |units: &Vec<u32>| {
            self.day.iter().zip(units).flat_map(|(one, units)| billed(one, *units)).collect()
        };
        Answer {
            minutes: self.minutes,
            cms: Counted { units: units_for(self.minutes), valid: self.by_total.iter().map(codes).collect() },
            ama: Counted { units: self.by_code.iter().sum(), valid: vec![codes(&self.by_code)] },
            agree: self.agree(),
        }
    }

    /// Whether the AMA's count is one that CMS accepts.
    fn agree(&self) -> bool {
        self.by_total.contains(&self.by_code)
    }

    fn text(&self) -> String {
        let mut text = String::new();
        self.write_total(&mut text);
        self.write_by_code(&mut text);
        text.push_str(if self.agree() {
            "\nBoth methods agree.\n"
        } else {
            "\nThe methods differ: find out how the payer counts.\n"
        });
        text.push_str("Units follow the minutes of the record. Do not change minutes to fit units.\n");
        text
    }

    fn write_total(&self, text: &mut String) {
        let supported = units_for(self.minutes);
        let mut line = |words: String| {
            text.push_str(&words);
            text.push('\n');
        };
        line("CMS: all timed minutes of the day together (Medicare and payers that follow it)".to_owned());
        line(format!("  {} in all ({})", minutes(self.minutes), step(self.minutes)));
        if self.day.iter().any(|one| one.code.as_bytes() == b"97129") {
            line("  97129 and its add-on 97130 count as one code: 97129 is the first unit, 97130 each further one".to_owned());
        }
        for one in &self.day {
            let (full, over) = (one.minutes / 15, one.minutes % 15);
            line(format!("  {}  {:>4} = {full} x 15 + {over:<2}  {}", one.code, one.minutes, units_of(full)));
        }
        let full: u32 = self.day.iter().map(|one| one.minutes / 15).sum();
        let left = supported - full.min(supported);
        if left > 0 {
            let mut over: Vec<&TimedCode> = self.day.iter().filter(|one| one.minutes % 15 > 0).collect();
            over.sort_by_key(|one| std::cmp::Reverse(one.minutes % 15));
            let over: Vec<String> =
                over.iter().map(|one| format!("{} ({})", one.code, one.minutes % 15)).collect();
            line(format!("  {} left, for the most minutes over: {}", units_of(left), over.join(", ")));
        }
        let valid = if self.by_total.len() > 1 { "any of these is valid:" } else { "valid:" };
        line(format!("  {}, {valid}", units_of(supported)));
        for way in self.by_total.iter().take(LISTED_WAYS) {
            line(format!("    {}", self.in_words(way)));
        }
        if self.by_total.len() > LISTED_WAYS {
            line(format!("    and {} more", self.by_total.len() - LISTED_WAYS));
        }
    }

    fn write_by_code(&self, text: &mut String) {
        text.push_str("\nAMA: each code alone, 8 of its 15 minutes at least (many commercial plans)\n");
        for (one, &count) in self.day.iter().zip(&self.by_code) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "  {}  {:>4} minutes  {}", one.code, one.minutes, units_of(count));
        }
        let _ = writeln!(text, "  {}: {}", units_of(self.by_code.iter().sum()), self.in_words(&self.by_code));
    }

    fn in_words(&self, units: &[u32]) -> String {
        let billed = self.day.iter().zip(units).flat_map(|(one, units)| billed_under(one.code, *units));
        let parts: Vec<String> =
            billed.filter(|(_, units)| *units > 0).map(|(code, units)| format!("{code} x {units}")).collect();
        if parts.is_empty() { "nothing to bill".to_owned() } else { parts.join(", ") }
    }
}

/// A code's units as they are billed. Of a base code the first 15 minutes are its own, what goes beyond is its add-on's.
fn billed(one: &TimedCode, units: u32) -> Vec<CodeUnits> {
    let parts: Vec<(ProcedureCode, u32)> = billed_under(one.code, units).collect();
    let own = if parts.len() > 1 { one.minutes.min(15) } else { one.minutes };
    let minutes = std::iter::once(own).chain(std::iter::once(one.minutes - own));
    let codes = parts.into_iter().zip(minutes);
    codes
        .map(|((code, units), minutes)| CodeUnits { procedure_code: code.to_string(), minutes, units })
        .collect()
}

/// The step of the table that so many minutes stand on.
fn step(total: u32) -> String {
    match units_for(total) {
        0 => "fewer than 8 make no unit".to_owned(),
        units => format!("{} to {} make {}", units * 15 - 7, units * 15 + 7, units_of(units)),
    }
}

fn minutes(count: u32) -> String {
    if count == 1 { "1 minute".to_owned() } else { format!("{count} minutes") }
}

fn units_of(count: u32) -> String {
    match count {
        0 => "no unit".to_owned(),
        1 => "1 unit".to_owned(),
        _ => format!("{count} units"),
    }
}

fn is_timed(code: ProcedureCode, rules: &RuleSet) -> bool {
    let Some(profile) = rules.profiles.last() else { return false };
    let claim = Claim::default();
    let line =
        ServiceLine { number: 1, procedure_code: Text::new(code.as_bytes(), 0), ..ServiceLine::default() };
    let subject = Subject { claim: &claim, line: Some(&line), profile };
    let mut counted = rules.rules.iter().filter(|rule| matches!(rule.check, Check::UnitTime { .. }));
    counted.any(|rule| rule.when.matches(&subject))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(services: &[(&str, u16)], json: bool) -> Result<String, UnitsError> {
        let services = services
            .iter()
            .map(|&(code, minutes)| (ProcedureCode::new(code.as_bytes()).unwrap(), minutes))
            .collect();
        let mut out = Vec::new();
        units(&UnitsRequest { services, json }, &RuleSet::builtin(), &mut out)?;
        Ok(String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_working_of_two_codes() {
        insta::assert_snapshot!(asked(&[("97124", 25), ("97140", 13)], false).unwrap());
    }

    #[test]
    fn a_tie_shows_every_choice() {
        insta::assert_snapshot!(asked(&[("97112", 20), ("97110", 20)], false).unwrap());
    }

    #[test]
    fn one_code_and_its_add_on_below_a_unit() {
        insta::assert_snapshot!(asked(&[("97130", 3), ("97129", 4)], false).unwrap());
    }

    #[test]
    fn a_code_and_its_add_on_above_a_unit() {
        insta::assert_snapshot!(asked(&[("97129", 20), ("97130", 10), ("97110", 15)], false).unwrap());
    }

    #[test]
    fn the_first_unit_is_the_base_codes_and_no_other() {
        let cms = |services: &[(&str, u16)]| {
            let answer: serde_json::Value = serde_json::from_str(&asked(services, true).unwrap()).unwrap();
            let all = answer["cms"]["valid"][0].as_array().unwrap().clone();
            all.iter()
                .map(|one| {
                    format!("{} {} {}", one["procedure_code"].as_str().unwrap(), one["minutes"], one["units"])
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(cms(&[("97129", 22)]), ["97129 22 1"]);
        assert_eq!(cms(&[("97129", 23)]), ["97129 15 1", "97130 8 1"]);
        assert_eq!(cms(&[("97130", 10), ("97129", 28)]), ["97129 15 1", "97130 23 2"]);
    }

    #[test]
    fn the_same_as_json() {
        insta::assert_snapshot!(asked(&[("97112", 24), ("97110", 23)], true).unwrap());
    }

    #[test]
    fn questions_that_make_no_sense() {
        for (services, words) in [
            (&[][..], "name at least one timed code"),
            (&[("97161", 30)], "97161 is not billed in 15-minute units"),
            (&[("97124", 1000), ("97110", 500)], "1500 minutes are more than the 1,440 of a day"),
        ] {
            let error = asked(services, false).unwrap_err().to_string();
            assert!(error.starts_with(words), "{error}");
        }
    }
}
