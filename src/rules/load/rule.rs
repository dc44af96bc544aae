use super::Layer;
use super::condition::{number, tree};
use super::context::Context;
use super::located::Located;
use super::mistake::did_you_mean;
use super::names::plain_diagnosis;
use super::note;
use super::raw_rule::{RawCheck, RawDiagnosisFault, RawFaults, RawImpact, RawOutcome, RawRule};
use super::raw_tree::RawNames;
use crate::claim::{Fact, Level, ProcedureCode};
use crate::finding::Acknowledgement;
use crate::rules::kinds::Kind;
use crate::rules::template::{Piece, pieces};
use crate::rules::{
    Check, CourseCheck, DiagnosisFault, Edit, ImpactSpec, LimitOf, LimitOver, Outcome, ProviderCheck, Rule,
    Tree, UnitTimeMethod,
};

/// Whether a text has the form of a rule's code: letters of a family, then a number.
pub fn is_rule_code(code: &str) -> bool {
    let letters = code.bytes().take_while(u8::is_ascii_alphabetic).count();
    letters > 0 && letters < code.len() && code.bytes().skip(letters).all(|byte| byte.is_ascii_digit())
}

/// Whether a text has the form of a rule's name: lower-case words joined by hyphens.
pub fn is_rule_name(name: &str) -> bool {
    let kebab = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.bytes().all(kebab)
}

/// Resolves one rule of a layer; what is wrong is noted.
pub(super) fn rule(context: &mut Context, layer: &Layer, raw: &RawRule, text: &str) -> Option<Rule> {
    let code = &raw.code.value;
    if !is_rule_code(code) {
        let help = Some("such as T01: a family's letters, then a number".to_owned());
        context.wrong(&raw.code.at, format!("`{code}` is no code of a rule"), "not letters and digits", help);
    }
    if !is_rule_name(&raw.name.value) {
        let help = Some("lower-case words joined by hyphens: units-exceed-minutes".to_owned());
        let message = format!("`{}` is no name of a rule", raw.name.value);
        context.wrong(&raw.name.at, message, "not kebab-case", help);
    }
    let when = raw.when.as_ref().map(|raw| tree(context, raw)).unwrap_or_default();
    let check = check(context, &raw.check)?;
    let kind = Kind::named(check.kind())?;
    if let Check::Note(_) = check {
        note::weight(context, raw);
    }
    let at = match &raw.at {
        Some(name) => context.fact(name)?,
        None => telling_fact(&check, &when),
    };
    message(context, kind, &raw.message, text);
    message(context, kind, &raw.help, text);
    let impact = raw.impact.map(impact).unwrap_or_default();
    let outcomes = outcomes(context, kind, &outcome_names(&check, kind), raw, text);
    let denial = raw.denial.clone().unwrap_or_default();
    let acknowledgement = acknowledgement(context, denial.acknowledgement.as_ref());
    if let Some(snip) = &raw.snip
        && !(1..=7).contains(&snip.value)
    {
        context.wrong(&snip.at, "SNIP types are 1 to 7", "not one of them", None);
    }
    Some(Rule {
        code: code.clone(),
        name: raw.name.value.clone(),
        since: raw.since.clone(),
        pack: layer.pack.clone(),
        severity: raw.severity,
        summary: raw.summary.clone(),
        details: raw.details.clone(),
        message: raw.message.value.trim().to_owned(),
        help: raw.help.value.trim().to_owned(),
        appeal: raw.appeal.clone(),
        sources: raw.sources.clone(),
        when,
        check,
        at,
        outcomes,
        impact,
        carc: denial.carc,
        rarc: denial.rarc,
        acknowledgement,
        claim_status: denial.claim_status,
        snip: raw.snip.as_ref().map(|snip| snip.value),
        day_bit: None,
        payers: Vec::new(),
    })
}

fn acknowledgement(context: &mut Context, stated: Option<&Located<String>>) -> Option<Acknowledgement> {
    let stated = stated?;
    let read = Acknowledgement::parse(&stated.value);
    if read.is_none() {
        let help = Some("TA1 021, AK905 4, IK502 4, IK304 3 or IK403 1".to_owned());
        context.wrong(&stated.at, format!("no acknowledgement says `{}`", stated.value), "not known", help);
    }
    read
}

fn impact(raw: RawImpact) -> ImpactSpec {
    ImpactSpec { class: raw.class, amount: raw.amount, certain: raw.certain }
}

fn telling_fact(check: &Check, when: &Tree) -> Fact {
    let own = match check {
        Check::Limit { of: LimitOf::Units, .. } => Some(Fact::Units),
        Check::Limit { of: LimitOf::Minutes, .. } => Some(Fact::Minutes),
        Check::Limit { of: LimitOf::Charge, .. } => Some(Fact::ChargeAmount),
        Check::Require(tree) => tree.telling_fact().or_else(|| tree.facts().first().copied()),
        _ => None,
    };
    own.or_else(|| when.telling_fact()).unwrap_or(Fact::ProcedureCode)
}

/// The outcomes that a check can have: its kind's, or for `structure` the faults that the rule names.
fn outcome_names<'c>(check: &'c Check, kind: &'c Kind) -> Vec<&'c str> {
    match check {
        Check::Structure { faults } => faults.iter().map(String::as_str).collect(),
        Check::Edit { faults, .. } => faults.clone(),
        _ => kind.outcomes.to_vec(),
    }
}

fn outcomes(context: &mut Context, kind: &Kind, known: &[&str], raw: &RawRule, text: &str) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (name, raw) in &raw.outcomes {
        if !known.contains(&name.value.as_str()) {
            let help = did_you_mean(&name.value, known.iter().copied()).or_else(|| {
                Some(match known {
                    [] => format!("`{}` has no outcomes but the plain one", kind.name),
                    known => format!("its outcomes: {}", known.join(", ")),
                })
            });
            let message = format!("`{}` has no outcome `{}`", kind.name, name.value);
            context.wrong(&name.at, message, "unknown outcome", help);
        }
        let RawOutcome { severity, message: own, help, impact: worth, denial } = raw;
        for words in own.iter().chain(help) {
            message(context, kind, words, text);
        }
        outcomes.push(Outcome {
            name: name.value.clone(),
            severity: *severity,
            message: own.as_ref().map(|words| words.value.trim().to_owned()),
            help: help.as_ref().map(|words| words.value.trim().to_owned()),
            impact: worth.map(impact),
            acknowledgement: denial
                .as_ref()
                .and_then(|denial| acknowledgement(context, denial.acknowledgement.as_ref())),
            claim_status: denial
                .as_ref()
                .map(|denial| denial.claim_status.clone())
                .filter(|codes| !codes.is_empty()),
        });
    }
    outcomes
}

/// Notes placeholders that neither are facts nor are published by the kind.
fn message(context: &mut Context, kind: &Kind, words: &Located<String>, text: &str) {
    if kind.has_open_placeholders() {
        return;
    }
    for piece in pieces(&words.value) {
        let Piece::Placeholder(name, _) = piece else { continue };
        let known = Fact::ALL.iter().map(|fact| fact.name()).chain(kind.placeholders.iter().copied());
        if known.clone().any(|known| known == name) {
            continue;
        }
        let help = did_you_mean(name, known).or_else(|| {
            let own = kind.placeholders.join(", ");
            Some(match own.as_str() {
                "" => format!("`{}` knows the facts of the line and no more", kind.name),
                own => format!("besides the facts of the line `{}` knows {own}", kind.name),
            })
        });
        let at = words.at.clone().map(|at| {
            let written = format!("{{{name}}}");
            let found = text.get(at.clone()).and_then(|written_words| written_words.find(&written));
            found.map_or(at.clone(), |found| at.start + found..at.start + found + written.len())
        });
        context.wrong(&at, format!("nothing fills the placeholder `{name}`"), "unknown placeholder", help);
    }
}

fn check(context: &mut Context, raw: &Located<RawCheck>) -> Option<Check> {
    Some(match &raw.value {
        RawCheck::UnitTime { flag, method } => {
            Check::UnitTime { flag: *flag, method: method.unwrap_or(UnitTimeMethod::Payer) }
        }
        RawCheck::Interval => Check::Interval,
        RawCheck::CodePair { fault, pairs, modifiers, assessments } => {
            let mut names = |names: &Option<RawNames>| {
                names.as_ref().map(|names| context.names(&raw.with(names.clone()))).unwrap_or_default()
            };
            let (modifiers, assessments) = (names(modifiers), names(assessments));
            let pairs = pairs.iter().filter_map(|pair| code_pair(context, pair)).collect();
            Check::CodePair { fault: *fault, pairs, modifiers, assessments }
        }
        RawCheck::Overlap => Check::Overlap,
        RawCheck::TherapyThreshold => Check::TherapyThreshold,
        RawCheck::Visits { prompts } => Check::Course(CourseCheck::Visits { prompts: prompts.clone() }),
        RawCheck::Certification { after_days } => {
            Check::Course(CourseCheck::Certification { after_days: *after_days })
        }
        RawCheck::Authorization => Check::Course(CourseCheck::Authorization),
        RawCheck::Isolated { visits, active } => {
            let active = context.procedures(&raw.with(active.clone()));
            Check::Course(CourseCheck::Isolated { visits: *visits, active })
        }
        RawCheck::Progress { prompt_after, warn_after, notes } => Check::Course(CourseCheck::Progress {
            prompt_after: *prompt_after,
            warn_after: *warn_after,
            notes: *notes,
        }),
        RawCheck::ClonedNote { dates } => Check::Course(CourseCheck::ClonedNote { dates: *dates }),
        RawCheck::ProviderOverlap => Check::ProviderDay(ProviderCheck::Overlap),
        RawCheck::ProviderDay { at_most } => Check::ProviderDay(ProviderCheck::Day { at_most: *at_most }),
        RawCheck::DistinctModifier { visits } => {
            Check::DistinctModifier { visits: context.names(&raw.with(visits.clone())) }
        }
        RawCheck::UnitEdit => Check::UnitEdit,
        RawCheck::Fee { fault, unless } => {
            let unless = unless.as_ref().map(|names| context.names(&raw.with(names.clone())));
            Check::Fee { fault: *fault, unless: unless.unwrap_or_default() }
        }
        RawCheck::Diagnosis { fault, code, with } => {
            Check::Diagnosis(diagnosis(context, raw, *fault, code.as_ref(), with.as_ref())?)
        }
        RawCheck::ProviderType { fault } => Check::ProviderType(*fault),
        RawCheck::Note(own) => Check::Note(note::fault(context, &raw.with(own.clone()))?),
        RawCheck::Forbid => Check::Forbid,
        RawCheck::Require(condition) => Check::Require(tree(context, condition)),
        RawCheck::Limit { count, sum, by, over, at_most } => {
            limit(context, raw, count.is_some(), sum.as_ref(), by, *over, at_most)?
        }
        RawCheck::Charges(raw) => edit(context, Edit::Charges, raw),
        RawCheck::Situation(raw) => edit(context, Edit::Situation, raw),
        RawCheck::Dates(raw) => edit(context, Edit::Dates, raw),
        RawCheck::Filing(raw) => edit(context, Edit::Filing, raw),
        RawCheck::Duplicate(raw) => edit(context, Edit::Duplicate, raw),
        RawCheck::Place(raw) => edit(context, Edit::Place, raw),
        RawCheck::CodeForm(raw) => edit(context, Edit::CodeForm, raw),
        RawCheck::Identifier(raw) => edit(context, Edit::Identifier, raw),
        RawCheck::Provider(raw) => edit(context, Edit::Provider, raw),
        RawCheck::Modifiers(raw) => edit(context, Edit::Modifiers, raw),
        RawCheck::Quantity(raw) => edit(context, Edit::Quantity, raw),
        RawCheck::SplitLines(raw) => edit(context, Edit::SplitLines, raw),
        RawCheck::Assistant(raw) => edit(context, Edit::Assistant, raw),
        RawCheck::Credentials(raw) => edit(context, Edit::Credentials, raw),
        RawCheck::Structure { faults } => Check::Structure { faults: faults.clone() },
        RawCheck::Suppression { fault } => Check::Suppression(*fault),
    })
}

/// Resolves the faults that a rule names against those of its kind.
fn edit(context: &mut Context, edit: Edit, raw: &RawFaults) -> Check {
    let known = Kind::named(edit.kind()).map_or(&[][..], |kind| kind.outcomes);
    let mut faults = Vec::new();
    for name in &raw.faults {
        match known.iter().find(|known| **known == name.value) {
            Some(fault) => faults.push(*fault),
            None => {
                let help = did_you_mean(&name.value, known.iter().copied())
                    .or_else(|| Some(format!("its faults: {}", known.join(", "))));
                let message = format!("`{}` knows no fault `{}`", edit.kind(), name.value);
                context.wrong(&name.at, message, "unknown fault", help);
            }
        }
    }
    Check::Edit { edit, faults }
}

fn code_pair(context: &mut Context, pair: &Located<Vec<String>>) -> Option<(ProcedureCode, ProcedureCode)> {
    let code = |text: &String| ProcedureCode::new(text.as_bytes());
    if let [column1, column2] = pair.value.as_slice()
        && let (Some(column1), Some(column2)) = (code(column1), code(column2))
    {
        return Some((column1, column2));
    }
    let help = Some("a pair is [column 1, column 2], two procedure codes".to_owned());
    context.wrong(&pair.at, "a pair of codes has two codes", "not a pair", help);
    None
}

fn diagnosis(
    context: &mut Context,
    raw: &Located<RawCheck>,
    fault: RawDiagnosisFault,
    code: Option<&Located<String>>,
    with: Option<&RawNames>,
) -> Option<DiagnosisFault> {
    match (fault, code, with) {
        (RawDiagnosisFault::NonspecificOnly, None, None) => Some(DiagnosisFault::NonspecificOnly),
        (RawDiagnosisFault::Mislinked, None, None) => Some(DiagnosisFault::Mislinked),
        (RawDiagnosisFault::NotBillable, None, None) => Some(DiagnosisFault::NotBillable),
        (RawDiagnosisFault::NotValidOnDate, None, None) => Some(DiagnosisFault::NotValid),
        (RawDiagnosisFault::Format, None, None) => Some(DiagnosisFault::Format),
        (RawDiagnosisFault::Pointer, None, None) => Some(DiagnosisFault::Pointer),
        (RawDiagnosisFault::WellnessOnly, None, None) => Some(DiagnosisFault::WellnessOnly),
        (RawDiagnosisFault::Conflict, Some(code), Some(with)) => {
            let with = context.names(&raw.with(with.clone()));
            let with = with.iter().map(|code| plain_diagnosis(code)).collect();
            Some(DiagnosisFault::Conflict { code: plain_diagnosis(&code.value), with })
        }
        (RawDiagnosisFault::Conflict, ..) => {
            let help = Some("{fault: conflict, code: R52, with: [M54, G89]}".to_owned());
            context.wrong(&raw.at, "`conflict` asks for `code` and `with`", "one of them is missing", help);
            None
        }
        _ => {
            context.wrong(&raw.at, "`code` and `with` belong to `conflict` alone", "not used here", None);
            None
        }
    }
}

fn limit(
    context: &mut Context,
    raw: &Located<RawCheck>,
    counts: bool,
    sum: Option<&Located<String>>,
    by: &[Located<String>],
    over: LimitOver,
    at_most: &Located<String>,
) -> Option<Check> {
    let of = match (counts, sum) {
        (true, None) => LimitOf::Count,
        (false, Some(name)) => match context.fact(name)? {
            Fact::Units => LimitOf::Units,
            Fact::Minutes => LimitOf::Minutes,
            Fact::ChargeAmount => LimitOf::Charge,
            _ => {
                let help = Some("line.units, line.minutes and line.charge_amount can".to_owned());
                context.wrong(&name.at, format!("`{}` cannot be added up", name.value), "no sum", help);
                return None;
            }
        },
        _ => {
            let help = Some("{count: lines, ...} or {sum: line.units, ...}".to_owned());
            context.wrong(&raw.at, "`limit` has either `count` or `sum`", "exactly one of them", help);
            return None;
        }
    };
    let measured = if of == LimitOf::Charge { Fact::ChargeAmount } else { Fact::Units };
    let by = by.iter().filter_map(|name| {
        let fact = context.fact(name)?;
        if fact.level() == Level::Claim {
            let help =
                Some("facts of a claim are equal for all its lines; use a fact of the line".to_owned());
            context.wrong(
                &name.at,
                format!("`{}` cannot tell lines apart", name.value),
                "of the claim",
                help,
            );
        }
        Some(fact)
    });
    let by = by.collect();
    Some(Check::Limit { of, over, by, at_most: number(context, measured, at_most)? })
}
