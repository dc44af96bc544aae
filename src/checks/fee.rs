//! What the payer's own fee schedule says of a line: that the code is not paid separately (P09), or that more would be
//! allowed than is charged (X16). Where the fees are not the payer's own, nothing is said.
//!
//! Sources: CMS relative value file, status codes; Social Security Act s. 1833(a)(1), the lesser of charge and fee.

use super::hit::{Cx, Day, Hit, Lack, Out, Pointer, Takes};
use super::lines;
use crate::claim::{Cents, Fact, LineFact, Modifiers, Units};
use crate::pricing::{self, Basis, Service, UnitStanding};
use crate::rules::FeeFault;

/// What a `fee` rule asks.
pub(super) struct Ask<'r> {
    pub(super) rule: u16,
    pub(super) bit: u16,
    pub(super) fault: FeeFault,
    /// Modifiers with which less than the fee is rightly charged.
    pub(super) unless: &'r [String],
}

pub(super) fn check(ask: &Ask<'_>, day: &Day<'_>, cx: &Cx<'_>, out: &mut Out) {
    // A contract says what is allowed; what it leaves out may be paid for otherwise.
    let is_asked = match ask.fault {
        FeeFault::NotPayable => day.basis.medicare_rates && day.basis.contract.is_none(),
        FeeFault::ChargeBelow => day.basis.is_own(),
    };
    if !is_asked {
        return out.not_asked(ask.rule, "medicare-rates");
    }
    let mut short = Vec::new();
    for (index, line) in day.lines.iter().enumerate() {
        if !day.is_about(index, ask.bit) || !lines::is_billed(line) {
            continue;
        }
        match ask.fault {
            FeeFault::NotPayable => not_payable(ask.rule, line, day.basis, cx, out),
            FeeFault::ChargeBelow if may_be_short(ask, line, day.basis, cx, out) => short.push(index),
            FeeFault::ChargeBelow => {}
        }
    }
    // Few days have such a line: only then the whole day is priced.
    if !short.is_empty() {
        charge_below(ask.rule, day, &short, cx, out);
    }
}

fn not_payable(rule: u16, line: &LineFact, basis: Basis<'_>, cx: &Cx<'_>, out: &mut Out) {
    let (outcome, text) = match out.fees.of(line, Modifiers::default(), basis, cx.reference) {
        UnitStanding::NotPayable(b'I') => ("", "not a code this payer takes"),
        UnitStanding::NotPayable(b'B') => ("bundled", "paid inside another service"),
        UnitStanding::NotPayable(b'N') => ("not-covered", "not covered"),
        UnitStanding::NotPayable(_) | UnitStanding::Priced(_) => return,
        UnitStanding::Unknown => return out.lack(rule, Lack::Figure, 1),
    };
    out.hits.push(Hit {
        rule,
        outcome,
        primary: Pointer { at: lines::at(line), fact: Fact::ProcedureCode, item: 0, text: text.to_owned() },
        related: Vec::new(),
        values: vec![
            ("procedure_code", line.code.to_string()),
            ("instead", instead_of(line.code.as_bytes()).to_owned()),
        ],
        takes: Takes::Nothing,
    });
}

/// What the schedule takes instead of a code with status I, where it is known.
fn instead_of(code: &[u8; 5]) -> &'static str {
    match code {
        b"97014" => "G0283",
        _ => "another code",
    }
}

/// Whether the charge is below what all units are worth unreduced: only then a closer look is needed. Counts what cannot be
/// judged.
fn may_be_short(ask: &Ask<'_>, line: &LineFact, basis: Basis<'_>, cx: &Cx<'_>, out: &mut Out) -> bool {
    let Some(Cents(charge)) = line.charge else {
        out.lack(ask.rule, Lack::Fact, 1);
        return false;
    };
    let Some(units) = line.units.and_then(Units::as_whole) else {
        out.lack(ask.rule, Lack::Units, 1);
        return false;
    };
    if is_reduced(ask, line) {
        return false;
    }
    match out.fees.of(line, line.modifiers, basis, cx.reference) {
        // A charge of zero is another rule's business.
        UnitStanding::Priced(full) => charge > 0 && charge < full.0.saturating_mul(i64::from(units)),
        UnitStanding::NotPayable(_) => false,
        UnitStanding::Unknown => {
            out.lack(ask.rule, Lack::Figure, 1);
            false
        }
    }
}

/// Whether a modifier says why less is charged.
fn is_reduced(ask: &Ask<'_>, line: &LineFact) -> bool {
    line.modifiers.iter().any(|modifier| ask.unless.iter().any(|one| modifier.as_bytes() == one.as_bytes()))
}

/// Judges the lines of `short`, which may be charged below what they are allowed.
fn charge_below(rule: u16, day: &Day<'_>, short: &[usize], cx: &Cx<'_>, out: &mut Out) {
    for (at, &first) in short.iter().enumerate() {
        let of_one = |index: usize| lines::same_billing(&day.lines[first], &day.lines[index]);
        if short[..at].iter().any(|&before| of_one(before)) {
            continue;
        }
        let mut own: Vec<usize> = (0..day.lines.len()).filter(|&index| of_one(index)).collect();
        own.sort_by_key(|&index| day.lines[index].day_order());
        let services: Vec<Service> = own.iter().map(|&index| Service::of(&day.lines[index])).collect();
        for shortfall in pricing::shortfalls(cx.reference, &services, day.basis) {
            let index = own[shortfall.line];
            if short.contains(&index) {
                out.hits.push(short_hit(rule, &day.lines[index], &shortfall));
            }
        }
    }
}

fn short_hit(rule: u16, line: &LineFact, shortfall: &pricing::Shortfall) -> Hit {
    let charge = line.charge.unwrap_or_default();
    Hit {
        rule,
        outcome: if shortfall.everywhere { "" } else { "national-rates" },
        primary: Pointer {
            at: lines::at(line),
            fact: Fact::ChargeAmount,
            item: 0,
            text: format!("{charge} charged, {} allowed", shortfall.allowed),
        },
        related: Vec::new(),
        values: vec![
            ("procedure_code", line.code.to_string()),
            ("charge", charge.to_string()),
            ("allowed", shortfall.allowed.to_string()),
            ("billed", lines::counted(line.units.and_then(Units::as_whole).unwrap_or(0), "unit")),
        ],
        takes: Takes::Lines(vec![lines::at(line)]),
    }
}
