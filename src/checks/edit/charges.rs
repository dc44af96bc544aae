//! Charges that do not add up: the claim's total against its lines, and what other payers paid and adjusted.
//!
//! Sums are exact, in cents. Where one of the amounts is absent or cannot be read nothing is said: a guess would accuse
//! a claim that is right.

use super::{Edits, Seen};
use crate::checks::hit::{Lack, Pointer};
use crate::claim::{Adjudication, Cents, Claim, Fact, LineRef, OtherPayer, ServiceLine, Text};

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    if edits.wants("total") {
        total(edits);
    }
    zero(edits);
    if edits.wants("negative") {
        negative(edits);
    }
    if !edits.subject.claim.other_payers.is_empty() {
        other_payers(edits);
    }
}

/// Whether the claim charges something, its lines come to that, and no other payer has a say.
pub(in crate::checks) fn is_in_order(claim: &Claim<'_>) -> bool {
    let is_charge = |charge: &Cents| *charge >= Cents::ZERO;
    let sum = || {
        claim
            .lines
            .iter()
            .try_fold(Cents::ZERO, |sum, line| line.charge.value.filter(is_charge).map(|charge| sum + charge))
    };
    claim.other_payers.is_empty()
        && !claim.lines.is_empty()
        && claim.charge.value.is_some_and(|stated| stated > Cents::ZERO && sum() == Some(stated))
}

/// CLM02 is the sum of the SV102.
fn total(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    let (Some(stated), false) = (claim.charge.value, claim.lines.is_empty()) else { return };
    let mut sum = Cents::ZERO;
    for line in &claim.lines {
        let Some(charge) = line.charge.value else {
            return edits.out.lack(edits.rule, Lack::Fact, claim.lines.len());
        };
        sum += charge;
    }
    if sum == stated {
        return;
    }
    let mut seen = Seen::claim("total", Fact::ClaimChargeAmount, format!("the lines come to {sum}"));
    seen.values = vec![("stated", stated.to_string()), ("computed", sum.to_string())];
    let related = claim.lines.iter().map(|line| Pointer {
        at: LineRef { line: line.number, ..edits.subject.at },
        fact: Fact::ChargeAmount,
        item: 0,
        text: line.charge.value.unwrap_or_default().to_string(),
    });
    let related = related.collect();
    edits.report_with(seen, related);
}

/// A claim to be paid charges something.
fn zero(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    if claim.charge.value != Some(Cents::ZERO) || claim.submission.purpose != "CH" {
        return;
    }
    let reports_quality = !claim.lines.is_empty() && claim.lines.iter().all(is_quality_code);
    let fault = if reports_quality { "zero-quality" } else { "zero" };
    edits.report(Seen::claim(fault, Fact::ClaimChargeAmount, "nothing is charged"));
}

/// Codes that report a quality measure and are charged nothing: CPT category II, HCPCS G8 and G9, M1.
fn is_quality_code(line: &ServiceLine<'_>) -> bool {
    match *line.procedure_code.bytes() {
        [one, two, three, four, b'F'] => [one, two, three, four].iter().all(u8::is_ascii_digit),
        [b'G', b'8' | b'9', _, _, _] | [b'M', b'1', _, _, _] => true,
        _ => false,
    }
}

fn negative(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    let below = |charge: Option<Cents>| charge.is_some_and(|charge| charge < Cents::ZERO);
    if below(claim.charge.value) {
        edits.report(Seen::claim("negative", Fact::ClaimChargeAmount, "below zero"));
    }
    for line in claim.lines.iter().filter(|line| below(line.charge.value)) {
        edits.report(Seen::line("negative", line.number, Fact::ChargeAmount, "below zero"));
    }
}

/// Balances what other payers paid and adjusted (005010X222A1, 1.4.4).
fn other_payers(edits: &mut Edits<'_, '_, '_>) {
    let (of_line, of_claim) = (edits.wants("cob-line"), edits.wants("cob-claim"));
    if !of_line && !of_claim {
        return;
    }
    let claim = edits.subject.claim;
    let named = |id: Text<'_>| claim.other_payers.iter().filter(|one| one.id.bytes() == id.bytes()).count();
    let stray = claim.adjudications.iter().any(|one| named(one.payer_id) == 0);
    for (index, payer) in claim.other_payers.iter().enumerate() {
        let judged = claim.adjudications.iter().filter(|one| one.payer_id.bytes() == payer.id.bytes());
        let judged: Vec<&Adjudication<'_>> = judged.collect();
        // A payer named twice, or not at all, or judgements of nobody: whose an amount is cannot be told.
        if !claim.adjudications.is_empty() && (payer.id.is_absent() || named(payer.id) > 1) {
            continue;
        }
        if of_line {
            lines_of(edits, index, &judged);
        }
        if of_claim && !(judged.is_empty() && stray) {
            claim_of(edits, index, payer, &judged);
        }
    }
}

/// A line's charge is what the payer paid on it and what it adjusted there.
///
/// A line that the payer split (several SVD) or counted into another (SVD06) may balance in other ways.
fn lines_of(edits: &mut Edits<'_, '_, '_>, payer: usize, judged: &[&Adjudication<'_>]) {
    let claim = edits.subject.claim;
    if judged.iter().any(|one| one.bundled.is_present()) {
        return;
    }
    for one in judged {
        let is_split = judged.iter().filter(|other| other.line == one.line).count() > 1;
        let line = usize::from(one.line).checked_sub(1).and_then(|index| claim.lines.get(index));
        let charge = line.and_then(|line| line.charge.value);
        let (false, Some(charge), Some(paid), Some(adjusted)) =
            (is_split, charge, one.paid.value, one.adjustments.sum())
        else {
            continue;
        };
        if charge == paid + adjusted {
            continue;
        }
        let item = claim.adjudications.iter().take_while(|other| !std::ptr::eq(*other, *one));
        let item = item.filter(|other| other.line == one.line).count();
        let label = format!("paid {paid}, adjusted {adjusted}: {}", paid + adjusted);
        let mut seen = Seen::line("cob-line", one.line, Fact::ChargeAmount, "charged");
        seen.values = vec![
            ("payer", (payer + 1).to_string()),
            ("stated", charge.to_string()),
            ("paid", paid.to_string()),
            ("adjusted", adjusted.to_string()),
            ("computed", (paid + adjusted).to_string()),
        ];
        let at = LineRef { line: one.line, ..edits.subject.at };
        edits.report_with(seen, vec![Pointer { at, fact: Fact::AdjudicatedPaid, item, text: label }]);
    }
}

/// What a payer paid on the claim is what it paid on the lines less what it adjusted at the claim. Where it judged no
/// line, it is the claim's charge less that.
fn claim_of(
    edits: &mut Edits<'_, '_, '_>,
    index: usize,
    payer: &OtherPayer<'_>,
    judged: &[&Adjudication<'_>],
) {
    let claim = edits.subject.claim;
    let (Some(paid), Some(adjusted)) = (payer.paid.value, payer.adjustments.sum()) else { return };
    let whole = if judged.is_empty() {
        if !payer.adjustments.is_stated {
            return;
        }
        claim.charge.value
    } else {
        let every_line = claim.lines.iter().all(|line| judged.iter().any(|one| one.line == line.number));
        let paid: Option<Cents> = judged.iter().map(|one| one.paid.value).sum();
        paid.filter(|_| every_line)
    };
    let Some(whole) = whole.filter(|whole| *whole - adjusted != paid) else { return };
    let computed = whole - adjusted;
    let label = format!("its figures come to {computed}");
    let mut seen = Seen { item: index, ..Seen::claim("cob-claim", Fact::OtherPayerPaid, label) };
    seen.values = vec![
        ("payer", (index + 1).to_string()),
        ("stated", paid.to_string()),
        ("paid", whole.to_string()),
        ("adjusted", adjusted.to_string()),
        ("computed", computed.to_string()),
    ];
    edits.report(seen);
}
