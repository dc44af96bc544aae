//! A finding before its dollars are final.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::checks::{Cx, Hit, Pointer, Takes};
use crate::claim::{
    Claim, Date, Fact, LineRef, Provider, Role, ServiceLine, Span, Text, npi_of, provider_key,
};
use crate::finding::{
    About, AcceptedBy, Acknowledgement, Excerpt, Finding, FlaggedClaim, FlaggedLine, MoneyClass, Place,
    Related, Severity, Spot,
};
use crate::input::{Cutter, Fault, Label};
use crate::pricing::Basis;
use crate::rules::{self, Check, ImpactSpec, Outcome, Policy, Rule};

use super::wording::{Formless, text_of};
use super::{mend, wording};

/// A finding that still waits for the run to end.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    /// All of it but the dollars and the fingerprint.
    pub(super) finding: Finding,
    /// Index of its claim in the run; `None` for a finding about a file.
    pub(super) claim: Option<u32>,
    /// What it is worth, by its rule.
    pub(super) impact: ImpactSpec,
    /// The units it takes hold of.
    pub(super) takes: Takes,
    /// Set where a day check made it: settling may replace it.
    pub(super) day: Option<Date>,
    /// The reader's name for the fault, where it is one.
    pub(super) fault: Option<&'static str>,
    /// Entries of the suppressions that it meets.
    pub(super) met: Vec<u32>,
    /// The draft that has its dollars, where it does not count them.
    pub(super) holder: Option<usize>,
}

impl Draft {
    /// Whether the user says that it is no fault: it takes no dollars, and makes no other finding pointless.
    pub(super) fn is_suppressed(&self) -> bool {
        self.finding.accepted.as_ref().is_some_and(|accepted| accepted.by == AcceptedBy::Suppression)
    }

    /// Gives a fault to the claim it stands in.
    pub(super) fn in_claim(mut self, claim: &Claim<'_>, index: u32, line: u16) -> Draft {
        self.claim = Some(index);
        self.finding.line = line;
        let own = usize::from(line).checked_sub(1).and_then(|at| claim.lines.get(at));
        of_claim(&mut self.finding, claim, own);
        self
    }

    /// Lets the finding weigh what its claim's payer has it weigh.
    pub(super) fn weigh(&mut self, policy: Option<&Policy>) {
        let finding = &mut self.finding;
        let wished = policy.and_then(|policy| policy.severity(finding.rule, &finding.outcome));
        finding.severity = wished.unwrap_or(finding.severity);
    }

    /// Turns what counts within a unit into what counts in the run: `before` claims of the file stood in earlier
    /// units, `first` is the index in the run of the unit's first claim.
    pub(super) fn place_in_run(&mut self, file: u32, before: u32, first: u32) {
        self.finding.file = file;
        if self.finding.claim > 0 {
            self.finding.claim += before;
        }
        for related in &mut self.finding.related {
            related.file = file;
            related.claim += before;
        }
        if let Some(claim) = &mut self.claim {
            *claim += first;
        }
        match &mut self.takes {
            Takes::Lines(lines) => lines.iter_mut().for_each(|at| at.claim += first),
            Takes::Units(units) => units.iter_mut().for_each(|(at, _)| at.claim += first),
            Takes::Nothing | Takes::Claim => {}
        }
    }
}

/// The wording and weight of one outcome of a rule.
struct Worded<'r> {
    outcome: &'r str,
    severity: Severity,
    message: &'r str,
    help: &'r str,
    impact: ImpactSpec,
    acknowledgement: Option<&'r Acknowledgement>,
    claim_status: &'r [String],
}

fn worded<'r>(rule: &'r Rule, outcome: &'r str) -> Worded<'r> {
    let special: Option<&Outcome> =
        if outcome.is_empty() { None } else { rule.outcomes.iter().find(|one| one.name == outcome) };
    Worded {
        outcome,
        severity: special.and_then(|one| one.severity).unwrap_or(rule.severity),
        message: special.and_then(|one| one.message.as_deref()).unwrap_or(&rule.message),
        help: special.and_then(|one| one.help.as_deref()).unwrap_or(&rule.help),
        impact: special.and_then(|one| one.impact).unwrap_or(rule.impact),
        acknowledgement: special
            .and_then(|one| one.acknowledgement.as_ref())
            .or(rule.acknowledgement.as_ref()),
        claim_status: special.and_then(|one| one.claim_status.as_deref()).unwrap_or(&rule.claim_status),
    }
}

/// How bad what a check saw is, by its rule and the payer's `policy`.
pub(super) fn severity(hit: &Hit, rule: &Rule, policy: Option<&Policy>) -> Severity {
    let wished = policy.and_then(|policy| policy.severity(hit.rule, hit.outcome));
    wished.unwrap_or_else(|| worded(rule, hit.outcome).severity)
}

/// The lines that what a check saw denies as a whole and for certain, if it is of that severity.
pub(super) fn denied_lines<'h>(hit: &'h Hit, rule: &Rule, severity: Severity) -> &'h [LineRef] {
    match &hit.takes {
        Takes::Lines(lines)
            if severity == Severity::Error
                && worded(rule, hit.outcome).impact.class == MoneyClass::Denial =>
        {
            lines
        }
        _ => &[],
    }
}

/// Makes a finding of what a check saw in `claim`, whose index in line references is `own`. A pointer into another
/// claim keeps that claim's index and has no place yet: settling knows where it stands. `formless` is of the claim.
pub(super) fn from_hit(
    hit: &Hit,
    rule: &Rule,
    claim: &Claim<'_>,
    own: u32,
    formless: &Formless,
    cutter: &dyn Cutter,
) -> Draft {
    let worded = worded(rule, hit.outcome);
    let mut labels = Vec::with_capacity(1 + hit.related.len());
    let span_of = |at: LineRef, fact: Fact, item: usize| claim.place(fact, at.line, item);
    let primary = span_of(hit.primary.at, hit.primary.fact, hit.primary.item);
    labels.push(Label { span: primary, text: hit.primary.text.clone(), primary: true });
    let own_span = |pointer: &Pointer| {
        (pointer.at.claim == own).then(|| span_of(pointer.at, pointer.fact, pointer.item))
    };
    for pointer in &hit.related {
        if let Some(span) = own_span(pointer)
            && labels.iter().all(|label| label.span != span)
        {
            labels.push(Label { span, text: pointer.text.clone(), primary: false });
        }
    }
    let (places, excerpt) = cutter.shown(&labels);
    let place_of = |span: Span| places.iter().find(|place| place.span == span).cloned();
    let related = hit
        .related
        .iter()
        .map(|pointer| Related {
            file: 0,
            claim: if pointer.at.claim == own { claim.ordinal } else { pointer.at.claim },
            line: pointer.at.line,
            text: pointer.text.clone(),
            place: own_span(pointer).and_then(place_of).unwrap_or_default(),
        })
        .collect();
    let line = usize::from(hit.primary.at.line).checked_sub(1).and_then(|index| claim.lines.get(index));
    let look_up = |name: &str| wording::value(name, hit, claim);
    let mut draft = blank(hit.rule, rule, &worded, look_up, hit.primary.at.line, hit.takes.clone());
    draft.claim = Some(own);
    of_claim(&mut draft.finding, claim, line);
    draft.finding.place = place_of(primary).unwrap_or_default();
    draft.finding.related = related;
    draft.finding.excerpt = excerpt;
    draft.finding.fix = mend::of_hit(hit, rule, claim);
    speak_no_names(&mut draft.finding, &formless.with_lines_of(hit, claim, own));
    if matches!(rule.check, Check::Diagnosis(_)) {
        let is_of_table = |name: &str| matches!(name, "last_day" | "first_day");
        let days = hit.values.iter().filter(|(name, _)| is_of_table(name));
        draft.finding.public_dates = days.map(|(_, day)| day.clone()).collect();
    }
    draft
}

/// Takes what has not the form of its place out of everything that a rule says.
fn speak_no_names(finding: &mut Finding, odd: &[String]) {
    if odd.is_empty() {
        return;
    }
    wording::without(&mut finding.message, odd);
    wording::without(&mut finding.help, odd);
    finding.related.iter_mut().for_each(|related| wording::without(&mut related.text, odd));
    for window in &mut finding.excerpt.windows {
        window.marks.iter_mut().for_each(|mark| wording::without(&mut mark.text, odd));
    }
}

/// Names the claim and the line in a finding.
fn of_claim(finding: &mut Finding, claim: &Claim<'_>, line: Option<&ServiceLine<'_>>) {
    finding.transaction = text_of(claim.submission.control_number.bytes());
    finding.claim = claim.ordinal;
    finding.claim_id = text_of(claim.id.bytes());
    finding.about = line.map(about).unwrap_or_default();
}

/// Makes a finding of what a check saw in a claim that cannot be read again: no excerpt, no place, no number.
///
/// `about` is its line, as the facts tell it.
pub(super) fn from_facts(hit: &Hit, rule: &Rule, about: Option<&About>) -> Draft {
    let worded = worded(rule, hit.outcome);
    let fact = |name: &str| {
        let about = about?;
        let known = match name {
            "procedure_code" => about.procedure_code.clone(),
            "units" => about.units.clone(),
            "service_date" => about.date.clone(),
            "modifiers" => about.modifiers.join(" "),
            "charge_amount" => about.charge?.to_string(),
            _ => return None,
        };
        (!known.is_empty()).then_some(Cow::Owned(known))
    };
    let look_up = |name: &str| wording::known(name, &hit.values).or_else(|| fact(name));
    blank(hit.rule, rule, &worded, look_up, hit.primary.at.line, hit.takes.clone())
}

/// What messages call a line that states no procedure code.
const UNCODED: &str = "a service without a code";

/// A message with what stands for its placeholders.
fn filled<'r>(text: &str, look_up: impl Fn(&str) -> Option<Cow<'r, str>>) -> String {
    let value = |name: &str| look_up(name).or_else(|| (name == "procedure_code").then(|| UNCODED.into()));
    let mut filled = rules::fill(text, value);
    if text.starts_with("{procedure_code}") && filled.starts_with(UNCODED) {
        filled.replace_range(..1, "A");
    }
    filled
}

/// A finding of a rule without claim, place or excerpt.
fn blank<'r>(
    index: u16,
    rule: &Rule,
    worded: &Worded<'_>,
    look_up: impl Fn(&str) -> Option<Cow<'r, str>>,
    line: u16,
    takes: Takes,
) -> Draft {
    Draft {
        finding: Finding {
            rule: index,
            code: rule.code.clone(),
            name: rule.name.clone(),
            outcome: worded.outcome.to_owned(),
            severity: worded.severity,
            message: filled(worded.message, &look_up),
            help: filled(worded.help, &look_up),
            line,
            carc: rule.carc.clone(),
            rarc: rule.rarc.clone(),
            acknowledgement: worded.acknowledgement.cloned(),
            claim_status: worded.claim_status.to_vec(),
            ..Finding::default()
        },
        claim: None,
        impact: worded.impact,
        takes,
        day: None,
        fault: None,
        met: Vec::new(),
        holder: None,
    }
}

/// Makes a finding of something malformed.
pub(super) fn from_fault(fault: &Fault, index: u16, rule: &Rule, place: Place, excerpt: Excerpt) -> Draft {
    let worded = worded(rule, fault.name);
    let look_up = |name: &str| wording::known(name, &fault.values);
    let mut draft = blank(index, rule, &worded, look_up, 0, Takes::Claim);
    draft.finding.spot = fault.spot.as_ref().map(|spot| Box::new(placed(spot, &place)));
    draft.finding.place = match &fault.spot {
        Some(spot) => missing(spot, place),
        None => place,
    };
    draft.finding.excerpt = excerpt;
    draft.finding.fix = fault.fix.clone();
    draft.fault = Some(fault.name);
    draft
}

/// Of an element that is not as the guide has it, the guide's word is enough: what other rules say of the same bytes
/// follows from it, unless they weigh it more.
pub(super) fn leave_elements_to_the_guide(drafts: &mut Vec<Draft>) {
    let is_of_guide = |finding: &Finding| finding.spot.as_ref().is_some_and(|spot| spot.element > 0);
    let place = |finding: &Finding| (finding.file, finding.place.span.offset);
    let mut judged: HashMap<(u32, u64), Severity> = HashMap::new();
    let standing = drafts.iter().filter(|draft| !draft.is_suppressed());
    for finding in standing.map(|draft| &draft.finding).filter(|one| is_of_guide(one)) {
        let severity = judged.entry(place(finding)).or_insert(finding.severity);
        *severity = finding.severity.max(*severity);
    }
    if !judged.is_empty() {
        drafts.retain(|Draft { finding, .. }| {
            is_of_guide(finding)
                || judged.get(&place(finding)).is_none_or(|severity| *severity < finding.severity)
        });
    }
}

/// The spot of a fault, with the element that its place names where the reader gave none.
fn placed(spot: &Spot, place: &Place) -> Spot {
    let mut spot = spot.clone();
    if let Some(numbers) = place.element.strip_prefix(&place.segment)
        && spot.element == 0
    {
        let (element, component) = numbers.split_once('-').unwrap_or((numbers, "0"));
        spot.element = element.parse().unwrap_or(0);
        spot.component = component.parse().unwrap_or(0);
    }
    spot
}

/// The place of a fault, under the name of the element that is missing there: behind the last of its segment no other
/// tells.
fn missing(spot: &Spot, mut place: Place) -> Place {
    if place.span.length == 0 && spot.element > 0 && spot.segment == place.segment {
        place.element = format!("{}{:02}", spot.segment, spot.element);
        if spot.component > 0 {
            place.element.push_str(&format!("-{:02}", spot.component));
        }
    }
    place
}

/// What a line says, for somebody who does not read its format.
pub(super) fn about(line: &ServiceLine<'_>) -> About {
    About {
        procedure_code: text_of(line.procedure_code.bytes()),
        modifiers: line
            .modifiers
            .iter()
            .filter(|text| text.is_present())
            .map(|text| text_of(text.bytes()))
            .collect(),
        units: text_of(line.units.text.bytes()),
        charge: line.charge.value,
        date: line.service_date.value.map_or_else(String::new, |date| date.to_string()),
        day: None,
    }
}

/// The payer of a claim, as reports name it.
#[derive(Clone, Copy)]
pub(super) struct ShownPayer<'a> {
    name: &'a str,
    /// Whether it is priced by a schedule of its own, Medicare's or one agreed by contract.
    is_own: bool,
    net_cash: bool,
}

impl<'a> ShownPayer<'a> {
    /// Of the profile with this index, and the number of the payer's own fee schedule.
    pub(super) fn of(cx: Cx<'a>, profile: usize, contract: u16) -> ShownPayer<'a> {
        let profile = &cx.rules.profiles[profile];
        let basis = Basis::of(profile, cx.terms, contract);
        let net_cash = basis.net_cash && basis.contract.is_none();
        ShownPayer { name: &profile.name, is_own: basis.is_own(), net_cash }
    }

    /// A claim of this payer that has neither segments nor lines yet.
    pub(super) fn claim(&self) -> FlaggedClaim {
        FlaggedClaim {
            payer: self.name.to_owned(),
            medicare_rates_stand_in: !self.is_own,
            net_cash: self.net_cash,
            ..FlaggedClaim::default()
        }
    }
}

/// A claim with findings, as reports keep it. Prices are filled in when the run settles.
pub(super) fn flagged(claim: &Claim<'_>, payer: ShownPayer<'_>, cutter: &dyn Cutter) -> FlaggedClaim {
    FlaggedClaim {
        ordinal: claim.ordinal,
        id: text_of(claim.id.bytes()),
        payer_id: text_of(claim.payer.id.bytes()),
        billing_npi: npi(claim.provider(Role::Billing, 0)),
        segments: cutter.segments(claim.span),
        lines: claim
            .lines
            .iter()
            .map(|line| FlaggedLine {
                line: line.number,
                about: about(line),
                minutes: line.minutes.value,
                provider_npi: npi(claim
                    .rendering(line.number)
                    .or_else(|| claim.provider(Role::Billing, line.number))),
                ..FlaggedLine::default()
            })
            .collect(),
        ..payer.claim()
    }
}

/// The NPI of a provider, if it has the form of one: an export that is shifted by a column may hold anything there.
fn npi(provider: Option<&Provider<'_>>) -> String {
    let stated = provider.map_or(Text::ABSENT, |provider| provider.npi);
    npi_of(provider_key(stated.bytes())).map_or_else(String::new, |npi| npi.to_string())
}
