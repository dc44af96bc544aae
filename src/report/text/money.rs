//! What a finding is worth, in a biller's words. Nothing here is ever added up.

use super::finding::is_json;
use crate::claim::parse_iso_date;
use crate::finding::Unpriced;
use crate::finding::{
    About, CodeElement, Finding, FlaggedClaim, FlaggedLine, Impact, MoneyClass, Severity, TableRelease,
};

use crate::report::grounds::FEE_SCHEDULE;
pub(super) use crate::report::worth::column;
use crate::report::worth::held;

/// The sentence, and the part of it to be seen at a glance.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::report) struct Words {
    pub(in crate::report) sentence: String,
    pub(in crate::report) amount: String,
}

/// What the figures of a finding rest on.
#[derive(Clone, Copy)]
pub(in crate::report) struct Grounds<'a> {
    /// The tables of the run.
    pub(in crate::report) tables: &'a [TableRelease],
    /// The finding's claim, if it is about one.
    pub(in crate::report) claim: Option<&'a FlaggedClaim>,
}

/// The `money:` line. `None` where a remark is worth nothing and nobody would ask.
pub(in crate::report) fn words(finding: &Finding, grounds: Grounds<'_>) -> Option<Words> {
    let impact = &finding.impact;
    // What is said of no claim, such as an entry of the suppressions, is nobody's compliance.
    if impact.class == MoneyClass::None && finding.claim == 0 && is_json(finding) {
        return None;
    }
    if impact.class == MoneyClass::None {
        let sentence = "no dollars: a matter of compliance".to_owned();
        return (finding.severity != Severity::Info).then_some(Words { sentence, amount: String::new() });
    }
    let subject = Subject::of(finding);
    let is_envelope = matches!(subject, Subject::Envelope(_));
    let grounds = if is_envelope { Grounds { claim: None, ..grounds } } else { grounds };
    let Some(amount) = impact.net.or(impact.gross).map(|amount| amount.to_string()) else {
        return impact.unpriced.then(|| unpriced(finding, subject, grounds));
    };
    let sentence = match impact.class {
        MoneyClass::Denial => format!("up to {amount} on {} may not be paid", subject.this()),
        MoneyClass::Recoupment => format!("{amount} likely to be paid, then recoverable in audit"),
        MoneyClass::Rejection => format!(
            "{} (allowed {amount}) will not enter adjudication: cash delayed, lost only past the filing limit",
            subject.whole()
        ),
        MoneyClass::LostRevenue if is_about_the_charge(finding) => {
            format!("{amount} allowed and not charged")
        }
        MoneyClass::LostRevenue | MoneyClass::None => {
            format!("{amount} unbilled, if the record confirms it")
        }
    };
    let elsewhere = elsewhere(finding);
    let partly = if impact.unpriced { "; lines without a fee are not in it" } else { "" };
    let basis = basis(impact, grounds);
    let amount = if impact.class == MoneyClass::Denial { format!("up to {amount}") } else { amount };
    Some(Words { sentence: format!("{sentence}{basis}{partly}{elsewhere}"), amount })
}

/// Where the totals have the dollars of a finding that does not count them.
fn elsewhere(finding: &Finding) -> String {
    let holder = match &finding.counted_in {
        _ if finding.impact.counted => return String::new(),
        None => return "; in no total".to_owned(),
        Some(holder) => holder.as_ref(),
    };
    let line = if holder.line > 0 { format!("line {}", holder.line) } else { String::new() };
    let place = match (holder.file == finding.file, holder.claim) {
        (true, claim) if claim == finding.claim || claim == 0 => line,
        (same_file, claim) => {
            let file = if same_file { "" } else { " of another file" };
            let line = if line.is_empty() { line } else { format!(", {line}") };
            format!("claim {claim}{file}{line}")
        }
    };
    let place = if place.is_empty() { place } else { format!("({place})") };
    format!("; {}", held(holder, &place))
}

/// Whether the charge is the fault: then no record has to confirm what is missing.
fn is_about_the_charge(finding: &Finding) -> bool {
    let element = &finding.place.element;
    element == "SV102" || element.ends_with("/charge_amount")
}

/// What the dollars are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    /// An envelope with every claim in it, named.
    Envelope(&'static str),
    Claim,
    Line,
    /// The line it stands on, and others.
    Lines,
}

impl Subject {
    fn of(finding: &Finding) -> Subject {
        let keeps_out = finding.impact.class == MoneyClass::Rejection && finding.severity == Severity::Error;
        let named = finding.acknowledgement.as_ref().filter(|_| keeps_out || finding.claim == 0);
        match (named.map(|named| named.element), finding.claim, finding.line) {
            (Some(CodeElement::Ta105), ..) => Subject::Envelope("the interchange with all its claims"),
            (Some(CodeElement::Ak905), ..) => Subject::Envelope("the functional group with all its claims"),
            (Some(_), ..) => Subject::Envelope("the transaction set with all its claims"),
            (None, 0, _) => Subject::Envelope("these claims"),
            (None, _, 0) => Subject::Claim,
            _ if finding.impact.lines > 1 => Subject::Lines,
            _ => Subject::Line,
        }
    }

    fn this(self) -> &'static str {
        match self {
            Subject::Envelope(named) => named,
            Subject::Claim => "this claim",
            Subject::Line => "this line",
            Subject::Lines => "these lines",
        }
    }

    /// What a rejection keeps out: never a line alone.
    fn whole(self) -> &'static str {
        if let Subject::Envelope(named) = self { named } else { "this claim" }
    }
}

/// In brackets: the other figure, and whose rates these are.
fn basis(impact: &Impact, grounds: Grounds<'_>) -> String {
    let flat = match (impact.net, impact.gross) {
        (Some(net), Some(gross)) if net != gross => Some(format!("{gross} at the flat schedule")),
        (None, Some(_)) => Some("at the flat schedule".to_owned()),
        _ => None,
    };
    let stand_in = grounds.claim.is_some_and(|claim| claim.medicare_rates_stand_in);
    let stand_in = stand_in.then(|| "at Medicare rates".to_owned());
    let said: Vec<String> = stand_in.into_iter().chain(flat).collect();
    if said.is_empty() { String::new() } else { format!(" ({})", said.join("; ")) }
}

fn unpriced(finding: &Finding, subject: Subject, grounds: Grounds<'_>) -> Words {
    let amount = "unpriced".to_owned();
    let why = why_unpriced(finding, subject, grounds);
    let sentence = match finding.impact.class {
        MoneyClass::Rejection => {
            let whole = subject.whole();
            format!("{amount} ({why}); {whole} will not enter adjudication")
        }
        _ => format!("{amount} ({why})"),
    };
    Words { sentence, amount }
}

fn why_unpriced(finding: &Finding, subject: Subject, grounds: Grounds<'_>) -> String {
    if matches!(subject, Subject::Envelope(_)) {
        return "no fee is known for their codes and dates".to_owned();
    }
    // A claim's own figure is missing for the sake of the first line that has none.
    let is_it =
        |line: &&FlaggedLine| line.net.is_none() && (subject == Subject::Claim || line.line == finding.line);
    match grounds.claim.and_then(|claim| claim.lines.iter().find(is_it)) {
        Some(line) => no_fee(&line.about, line.unpriced, grounds.tables),
        None => no_fee(&finding.about, Unpriced::NoFee, grounds.tables),
    }
}

fn no_fee(about: &About, why: Unpriced, tables: &[TableRelease]) -> String {
    let code = if about.procedure_code.is_empty() { "this code" } else { about.procedure_code.as_str() };
    match why {
        Unpriced::NoFee | Unpriced::NoSchedule => not_in_schedule(about, tables),
        Unpriced::NotInContract => format!("{code} has no fee in this payer's own schedule on that day"),
        Unpriced::Modifier => {
            format!("no table says what {code} is paid with {}", about.modifiers.join(", "))
        }
        Unpriced::Units => "its units are not whole".to_owned(),
        Unpriced::NotLookedUp => "a void, or another claim stands for it".to_owned(),
    }
}

/// Why a service has no price, as far as the line itself tells.
fn not_in_schedule(about: &About, tables: &[TableRelease]) -> String {
    let Some(date) = parse_iso_date(about.date.as_bytes()) else {
        return "no fee is known for this code and date".to_owned();
    };
    let holds = |table: &&TableRelease| {
        // A release may stand for the whole of its year.
        let year = |date: &str| date.get(..4).map(str::to_owned);
        table.effective.split_once(" to ").is_some_and(|(from, to)| {
            (year(from)..=year(to)).contains(&year(&about.date)) && table.name == FEE_SCHEDULE
        })
    };
    match tables.iter().find(holds) {
        None => format!("no {} fee schedule is loaded", date.year()),
        Some(table) if !about.procedure_code.is_empty() => {
            format!("{} has no fee in the loaded schedule {}", about.procedure_code, table.release)
        }
        Some(_) => "no fee is known for this code and date".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Cents;
    use crate::finding::Acknowledgement;
    use crate::finding::CountedIn;
    use crate::report::sample;

    fn sentence(finding: &Finding, claim: Option<&FlaggedClaim>) -> String {
        let run = sample::run(vec![]);
        words(finding, Grounds { tables: &run.tables, claim }).map_or_else(String::new, |words| {
            assert!(words.sentence.contains(&words.amount), "{words:?}");
            words.sentence
        })
    }

    fn worth(class: MoneyClass, net: Option<i64>, gross: Option<i64>, counted: bool) -> Finding {
        let impact = Impact {
            class,
            net: net.map(Cents),
            gross: gross.map(Cents),
            counted,
            unpriced: net.is_none(),
            lines: 1,
        };
        let counted_in = CountedIn { code: "V01".to_owned(), claim: 3, line: 2, ..CountedIn::default() };
        Finding { impact, counted_in: (!counted).then(|| Box::new(counted_in)), ..sample::finding() }
    }

    fn said(class: MoneyClass, net: Option<i64>, gross: Option<i64>, counted: bool, line: u16) -> String {
        sentence(&Finding { line, ..worth(class, net, gross, counted) }, None)
    }

    #[test]
    fn every_class_says_what_happens_to_the_money() {
        use MoneyClass::{Denial, LostRevenue, None as Compliance, Recoupment, Rejection};
        assert_eq!(
            said(Recoupment, Some(2070), Some(2976), true, 1),
            "$20.70 likely to be paid, then recoverable in audit ($29.76 at the flat schedule)"
        );
        assert_eq!(
            said(Denial, Some(2976), Some(2976), true, 1),
            "up to $29.76 on this line may not be paid"
        );
        assert_eq!(
            said(Denial, Some(5046), Some(5952), false, 0),
            "up to $50.46 on this claim may not be paid ($59.52 at the flat schedule); counted in V01 (line 2)"
        );
        assert_eq!(
            said(Rejection, Some(5046), Some(5046), true, 2),
            "this claim (allowed $50.46) will not enter adjudication: cash delayed, lost only past the filing limit"
        );
        assert_eq!(
            said(LostRevenue, Some(2070), None, true, 1),
            "$20.70 unbilled, if the record confirms it"
        );
        assert_eq!(said(Compliance, None, None, false, 1), "no dollars: a matter of compliance");
    }

    #[test]
    fn what_is_counted_elsewhere_says_where() {
        let with = |file, claim, line| {
            let holder = CountedIn { code: "P01".to_owned(), file, claim, line, is_known: false };
            let finding = worth(MoneyClass::Denial, Some(2976), Some(2976), false);
            let finding = Finding { counted_in: Some(Box::new(holder)), ..finding };
            sentence(&finding, None).rsplit("; ").next().unwrap_or_default().to_owned()
        };
        assert_eq!(with(0, 3, 1), "counted in P01 (line 1)");
        assert_eq!(with(0, 3, 0), "counted in P01");
        assert_eq!(with(0, 4, 1), "counted in P01 (claim 4, line 1)");
        assert_eq!(with(1, 3, 1), "counted in P01 (claim 3 of another file, line 1)");
        assert_eq!(with(0, 0, 0), "counted in P01");
        let holder = CountedIn { code: "P01".to_owned(), claim: 3, line: 1, is_known: true, file: 0 };
        let finding = worth(MoneyClass::Denial, Some(2976), Some(2976), false);
        let known = Finding { counted_in: Some(Box::new(holder)), ..finding };
        assert!(
            sentence(&known, None)
                .ends_with("; P01 (line 1) holds it, which the baseline knows: in no total")
        );
        let nowhere = Finding { counted_in: None, ..worth(MoneyClass::Denial, Some(1), Some(1), false) };
        assert!(sentence(&nowhere, None).ends_with("; in no total"));
    }

    #[test]
    fn a_claim_that_is_priced_in_part_says_so() {
        let mut finding = worth(MoneyClass::Rejection, Some(5046), Some(5046), true);
        finding.impact.unpriced = true;
        assert!(sentence(&finding, None).ends_with("filing limit; lines without a fee are not in it"));
    }

    #[test]
    fn a_file_keeps_all_its_claims_out() {
        let finding =
            Finding { claim: 0, line: 0, ..worth(MoneyClass::Rejection, Some(38_589), Some(41_404), true) };
        assert_eq!(
            sentence(&finding, None),
            "these claims (allowed $385.89) will not enter adjudication: cash delayed, lost only past the filing \
             limit ($414.04 at the flat schedule)"
        );
    }

    #[test]
    fn a_segment_keeps_its_whole_set_out() {
        let finding = Finding {
            acknowledgement: Acknowledgement::parse("IK304 3"),
            ..worth(MoneyClass::Rejection, Some(5046), Some(5046), true)
        };
        assert_eq!(
            sentence(&finding, None),
            "the transaction set with all its claims (allowed $50.46) will not enter adjudication: cash delayed, lost \
             only past the filing limit"
        );
    }

    #[test]
    fn another_payers_dollars_are_labelled() {
        let claim = FlaggedClaim { medicare_rates_stand_in: true, ..sample::claim_three() };
        assert_eq!(
            sentence(&worth(MoneyClass::Denial, Some(2976), Some(2976), true), Some(&claim)),
            "up to $29.76 on this line may not be paid (at Medicare rates)"
        );
    }

    #[test]
    fn what_has_no_price_says_why() {
        let unpriced = |date: &str, code: &str| {
            let mut finding = worth(MoneyClass::Denial, None, None, false);
            finding.about.date = date.to_owned();
            finding.about.procedure_code = code.to_owned();
            sentence(&finding, None)
        };
        assert_eq!(unpriced("2024-12-31", "97124"), "unpriced (no 2024 fee schedule is loaded)");
        assert_eq!(
            unpriced("2025-01-01", "97139"),
            "unpriced (97139 has no fee in the loaded schedule RVU25D)"
        );
        assert_eq!(unpriced("", "97124"), "unpriced (no fee is known for this code and date)");
    }
}
