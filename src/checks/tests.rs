//! The acceptance scenarios at the level of checks: days and claims built by hand, what is seen, what it takes.
//! Dollars of the same scenarios are the rules' own examples.

use super::*;
use crate::claim::*;
use crate::finding::Severity;
use crate::pricing::{Basis, Terms};
use crate::reference::Reference as Tables;
use crate::rules::{Counting, ImpactSpec, PairFault, RuleSet, Tree, UnitTimeFlag, UnitTimeMethod};

pub(super) const DATE: Date = Date::constant(2025, 3, 3);

fn rule(check: Check) -> Rule {
    Rule {
        code: "T00".to_owned(),
        name: String::new(),
        since: String::new(),
        pack: String::new(),
        severity: Severity::Error,
        summary: String::new(),
        details: String::new(),
        message: String::new(),
        help: String::new(),
        appeal: String::new(),
        sources: Vec::new(),
        when: Tree::default(),
        check,
        at: Fact::ProcedureCode,
        outcomes: Vec::new(),
        impact: ImpactSpec::default(),
        carc: Vec::new(),
        rarc: Vec::new(),
        acknowledgement: None,
        claim_status: Vec::new(),
        snip: None,
        day_bit: Some(0),
        payers: Vec::new(),
    }
}

pub(super) fn medicare() -> Profile {
    Profile {
        name: "medicare".to_owned(),
        counting: Counting::Cms,
        counting_confirmed: true,
        ncci: true,
        mppr: true,
        medicare_rates: true,
        refused_taxonomies: vec!["225700000X".to_owned(), "2255A2300X".to_owned()],
        taxonomy_expected: true,
        chiropractor_codes: ["98940", "98941", "98942"].map(str::to_owned).to_vec(),
        therapist_evaluation_is_error: true,
        nonspecific_diagnoses: vec!["R52".to_owned()],
        ..Profile::default()
    }
}

pub(super) fn commercial() -> Profile {
    Profile {
        name: "commercial".to_owned(),
        counting: Counting::Ama,
        nonspecific_diagnoses: vec!["R52".to_owned()],
        ..Profile::default()
    }
}

fn unknown() -> Profile {
    Profile { counting: Counting::Unknown, ..commercial() }
}

pub(super) fn timed(code: &str, minutes: u16, units: i32) -> LineFact {
    let mut line = untimed(code, units);
    line.minutes = Some(minutes);
    line.minutes_source = MinutesSource::Field;
    line
}

pub(super) fn untimed(code: &str, units: i32) -> LineFact {
    LineFact {
        charge: Some(Cents(6000 * i64::from(units))),
        code: ProcedureCode::new(code.as_bytes()).unwrap(),
        modifiers: Modifiers::default(),
        units: Some(Units::whole(units)),
        date: DATE,
        claim: 0,
        line: 0,
        minutes: None,
        minutes_source: MinutesSource::Unknown,
        start: None,
        end: None,
        region: Resolved::default(),
        rendering: 7,
        billing: 9,
        discipline: Discipline::PhysicalTherapy,
        place_of_service: *b"11",
        locality: 0,
        days: 1,
    }
}

pub(super) trait With {
    fn modifier(self, modifier: &str) -> Self;
    fn region(self, name: &str) -> Self;
    fn linked(self, name: &str) -> Self;
    fn at(self, start: u16, end: u16) -> Self;
}

impl With for LineFact {
    fn modifier(mut self, modifier: &str) -> LineFact {
        let stated: Vec<Modifier> = self.modifiers.iter().chain(Modifier::new(modifier.as_bytes())).collect();
        self.modifiers = Modifiers::new(stated);
        self
    }

    fn region(mut self, name: &str) -> LineFact {
        let regions = Regions::named(name).unwrap();
        self.region = Resolved { regions, source: RegionSource::Explicit, ..Resolved::default() };
        self
    }

    fn linked(self, name: &str) -> LineFact {
        let mut line = self.region(name);
        line.region.source = RegionSource::Diagnosis;
        line
    }

    fn at(mut self, start: u16, end: u16) -> LineFact {
        (self.start, self.end) = (Some(TimeOfDay(start)), Some(TimeOfDay(end)));
        self
    }
}

pub(super) fn run(check: Check, profile: &Profile, lines: &[LineFact]) -> Out {
    let mut lines = lines.to_vec();
    for (index, line) in lines.iter_mut().enumerate() {
        line.line = index as u16 + 1;
    }
    let about = vec![1; lines.len()];
    let date = lines.first().map_or(DATE, |line| line.date);
    let (rules, tables, terms) = (RuleSet::default(), Tables::builtin(), Terms::default());
    let basis = Basis::of(profile, &terms, 0);
    let day = Day { date, profile, basis, lines: &lines, about: &about, words: 1, repeats: &[] };
    let mut out = Out::new(1);
    let cx = Cx { rules: &rules, reference: &tables, terms: &terms, credentials: None, as_of: DATE };
    check_day(0, &rule(check), &day, &mut DayGlance::default(), cx, &mut out);
    out
}

/// What was seen: outcome, line, and signed units or whole lines.
pub(super) fn seen(check: Check, profile: &Profile, lines: &[LineFact]) -> Vec<(&'static str, u16, String)> {
    run(check, profile, lines)
        .hits
        .into_iter()
        .map(|hit| {
            let takes = match &hit.takes {
                Takes::Nothing => String::new(),
                Takes::Lines(lines) => {
                    format!("lines {:?}", lines.iter().map(|at| at.line).collect::<Vec<_>>())
                }
                Takes::Units(units) => units
                    .iter()
                    .map(|(at, delta)| format!("{}:{delta:+}", at.line))
                    .collect::<Vec<_>>()
                    .join(" "),
                Takes::Claim => "claim".to_owned(),
            };
            (hit.outcome, hit.primary.at.line, takes)
        })
        .collect()
}

fn units(flag: UnitTimeFlag) -> Check {
    Check::UnitTime { flag, method: UnitTimeMethod::Payer }
}

/// T01, T02 and T03 of a day, in one list.
fn time(profile: &Profile, lines: &[LineFact]) -> Vec<(&'static str, u16, String)> {
    let named =
        [("T01", UnitTimeFlag::Over), ("T02", UnitTimeFlag::Under), ("T03", UnitTimeFlag::Misallocated)];
    let mut all = Vec::new();
    for (code, flag) in named {
        for (outcome, line, takes) in seen(units(flag), profile, lines) {
            all.push((if outcome.is_empty() { code } else { outcome }, line, takes));
        }
    }
    all
}

pub(super) fn found(code: &'static str, line: u16, takes: &str) -> Vec<(&'static str, u16, String)> {
    vec![(code, line, takes.to_owned())]
}

#[test]
fn scenarios_1_to_8_and_10_one_code() {
    for (minutes, billed, expected) in [
        (7, 1, Some(("T01", "1:-1"))),
        (8, 1, None),
        (22, 1, None),
        (22, 2, Some(("T01", "1:-1"))),
        (23, 1, Some(("T02", "1:+1"))),
        (23, 2, None),
        (25, 1, Some(("T02", "1:+1"))),
        (37, 2, None),
        (37, 3, Some(("T01", "1:-1"))),
        (38, 2, Some(("T02", "1:+1"))),
        (52, 3, None),
        (52, 4, Some(("T01", "1:-1"))),
        (53, 3, Some(("T02", "1:+1"))),
        (67, 4, None),
        (67, 5, Some(("T01", "1:-1"))),
        (68, 4, Some(("at-mue", ""))),
    ] {
        let expected = expected.map_or(Vec::new(), |(code, takes)| found(code, 1, takes));
        assert_eq!(
            time(&medicare(), &[timed("97124", minutes, billed)]),
            expected,
            "{minutes} min {billed} units"
        );
    }
}

#[test]
fn scenarios_11_to_14_several_codes_by_both_methods() {
    let over = [timed("97112", 24, 2), timed("97110", 23, 2)];
    assert_eq!(time(&medicare(), &over), found("T01", 2, "2:-1"));
    assert_eq!(time(&commercial(), &over), []);
    assert_eq!(time(&unknown(), &over), []);

    let under = [timed("97112", 20, 1), timed("97110", 20, 1)];
    assert_eq!(time(&medicare(), &under), found("T02", 2, "2:+1"));
    assert_eq!(time(&commercial(), &under), []);

    let misallocated = [timed("97110", 33, 3), timed("97140", 7, 0)];
    assert_eq!(time(&medicare(), &misallocated), found("T03", 1, "1:-1 2:+1"));
    assert_eq!(time(&commercial(), &misallocated), found("T01", 1, "1:-1"));

    let short = [timed("97110", 18, 1), timed("97140", 13, 1), timed("97116", 10, 1), timed("97035", 8, 1)];
    assert_eq!(time(&medicare(), &short), found("T01", 4, "4:-1"));
    assert_eq!(time(&commercial(), &short), []);
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &short), []);
}

#[test]
fn scenario_15_no_line_is_judged_alone() {
    let lines =
        [timed("97124", 22, 2).modifier("XS").region("cervical"), timed("97140", 16, 1).region("lumbar")];
    let set_to_cms = Profile { counting: Counting::Cms, counting_confirmed: true, ..commercial() };
    assert_eq!(time(&set_to_cms, &lines), []);
    for fault in
        [PairFault::Unbundled, PairFault::MissingModifier, PairFault::ColumnOneOnly, PairFault::Unsupported]
    {
        assert_eq!(seen(pair(fault), &set_to_cms, &lines), []);
    }
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &lines), found("indicator-0", 1, "lines [1]"));
}

#[test]
fn a_method_that_nobody_confirmed_makes_a_warning_unless_both_agree() {
    let only_by_code = [timed("97110", 33, 2), timed("97140", 7, 1)];
    assert_eq!(time(&commercial(), &only_by_code), found("unconfirmed-method", 2, "2:-1"));
    let by_both = [timed("97124", 22, 2)];
    assert_eq!(time(&commercial(), &by_both), found("T01", 1, "1:-1"));
    assert_eq!(time(&unknown(), &by_both), found("T01", 1, "1:-1"));
    let advantage = Profile { counting_confirmed: false, ..medicare() };
    let only_by_total = [timed("97112", 24, 2), timed("97110", 23, 2)];
    assert_eq!(time(&advantage, &only_by_total), found("unconfirmed-method", 2, "2:-1"));
}

#[test]
fn an_unknown_payer_is_judged_by_the_method_that_finds_less() {
    // By the total one unit is missing, by code two are.
    let lines = [timed("97110", 23, 1), timed("97112", 23, 1)];
    assert_eq!(time(&unknown(), &lines), found("T02", 1, "1:+1"));
}

#[test]
fn minutes_from_a_note_weigh_less() {
    let mut line = timed("97124", 22, 2);
    line.minutes_source = MinutesSource::Note;
    assert_eq!(time(&medicare(), &[line]), found("low-confidence", 1, "1:-1"));
}

#[test]
fn what_is_missing_is_counted_and_never_a_fault() {
    let lines = [timed("97124", 7, 1), untimed("97110", 1)];
    let out = run(units(UnitTimeFlag::Over), &medicare(), &lines);
    assert!(out.hits.is_empty());
    assert_eq!(out.lacks[0][Lack::Minutes as usize], 2);
    // Code by code the line with minutes is judged, and only the other is not.
    let out = run(units(UnitTimeFlag::Over), &commercial(), &lines);
    assert_eq!((out.hits.len(), out.lacks[0][Lack::Minutes as usize]), (1, 1));

    let mut unreadable = timed("97124", 22, 1);
    unreadable.units = Some(Units(1500));
    let out = run(units(UnitTimeFlag::Over), &medicare(), &[unreadable]);
    assert_eq!((out.hits.len(), out.lacks[0][Lack::Units as usize]), (0, 1));
}

#[test]
fn minutes_absent_is_said_once_for_a_claim() {
    let mut other_claim = untimed("97110", 1);
    other_claim.claim = 1;
    let lines = [untimed("97124", 1), untimed("97110", 1), timed("97112", 15, 1), other_claim];
    let out = run(units(UnitTimeFlag::Absent), &medicare(), &lines);
    let said: Vec<_> = out.hits.iter().map(|hit| (hit.primary.at.claim, hit.values[0].1.as_str())).collect();
    assert_eq!(said, [(0, "2 timed lines"), (1, "1 timed line")]);
}

#[test]
fn groups_are_billing_provider_and_discipline() {
    let mut occupational = timed("97530", 23, 2);
    occupational.discipline = Discipline::OccupationalTherapy;
    assert_eq!(time(&medicare(), &[timed("97110", 23, 2), occupational]), []);
    let mut elsewhere = timed("97110", 8, 1);
    elsewhere.billing = 10;
    assert_eq!(time(&medicare(), &[timed("97110", 8, 1), elsewhere]), []);
}

#[test]
fn a_base_code_and_its_add_on_are_one_code() {
    assert_eq!(time(&medicare(), &[timed("97129", 15, 1), timed("97130", 15, 1)]), []);
    assert_eq!(time(&medicare(), &[timed("97129", 15, 1), timed("97130", 7, 1)]), found("T01", 2, "2:-1"));
    assert_eq!(time(&medicare(), &[timed("97129", 30, 1), timed("97130", 8, 1)]), found("T02", 2, "2:+1"));
    // A second unit would be the add-on's, which the claim does not hold: pricing knows it for one.
    assert_eq!(time(&medicare(), &[timed("97129", 30, 1)]), found("T02", 1, "1:+1"));
}

/// Words tell of the lines as they stand, and of what is supported by the codes that it is billed under.
#[test]
fn a_base_code_and_its_add_on_are_named_as_they_are_billed() {
    let words = |lines: &[LineFact]| {
        let hit = run(units(UnitTimeFlag::Over), &medicare(), lines).hits.remove(0);
        let value = |name: &str| hit.values.iter().find(|(known, _)| *known == name).unwrap().1.clone();
        [
            value("billed"),
            value("codes"),
            value("billed_allocation"),
            value("allocation"),
            hit.primary.text.clone(),
        ]
    };
    assert_eq!(
        words(&[timed("97129", 15, 1), timed("97130", 15, 2)]),
        [
            "3 units",
            "97129 and 97130",
            "97129 x 1, 97130 x 2",
            "97129 x 1, 97130 x 1",
            "3 units of 97129 and 97130 billed, 2 supported"
        ]
    );
    assert_eq!(
        words(&[timed("97129", 30, 3)]),
        ["3 units", "97129", "97129 x 3", "97129 x 1, 97130 x 1", "3 units billed, 2 supported"]
    );
    assert_eq!(
        words(&[timed("97130", 15, 1), timed("97110", 15, 1), timed("97129", 7, 1)])[1..3],
        ["97129, 97130 and 97110", "97129 x 1, 97130 x 1, 97110 x 1"]
    );
}

pub(super) fn code(text: &str) -> ProcedureCode {
    ProcedureCode::new(text.as_bytes()).unwrap()
}

fn pair(fault: PairFault) -> Check {
    Check::CodePair {
        fault,
        pairs: vec![(code("97140"), code("97124"))],
        modifiers: ["59", "XE", "XS", "XP", "XU"].map(str::to_owned).to_vec(),
        assessments: vec!["97164".to_owned()],
    }
}

#[test]
fn scenario_16_no_modifier() {
    let lines = [timed("97124", 15, 1), timed("97140", 15, 1)];
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &lines), found("indicator-0", 1, "lines [1]"));
    assert_eq!(seen(pair(PairFault::MissingModifier), &medicare(), &lines), []);
    assert_eq!(seen(pair(PairFault::Unbundled), &commercial(), &lines), []);
    assert_eq!(
        seen(pair(PairFault::MissingModifier), &commercial(), &lines),
        found("region-unknown", 1, "lines [1]")
    );
    let lumbar = lines.map(|line| line.region("lumbar"));
    assert_eq!(seen(pair(PairFault::MissingModifier), &commercial(), &lumbar), found("", 1, "lines [1]"));
    let apart = [lines[0].region("cervical"), lines[1].region("lumbar")];
    assert_eq!(
        seen(pair(PairFault::MissingModifier), &commercial(), &apart),
        found("separate-regions", 1, "lines [1]")
    );
}

#[test]
fn scenario_17_a_modifier_that_the_record_does_not_bear_out() {
    let lines =
        [timed("97124", 15, 1).modifier("59").region("lumbar"), timed("97140", 15, 1).region("lumbar")];
    assert_eq!(seen(pair(PairFault::MissingModifier), &commercial(), &lines), []);
    assert_eq!(seen(pair(PairFault::Unsupported), &commercial(), &lines), found("", 1, "lines [1]"));
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &lines), found("indicator-0", 1, "lines [1]"));
    assert_eq!(seen(pair(PairFault::Unsupported), &medicare(), &lines), []);
}

#[test]
fn scenario_18_separate_intervals_and_the_visit_window() {
    let massage = timed("97124", 15, 1).modifier("59").region("lumbar");
    let manual = timed("97140", 15, 1).region("lumbar");
    let separate = [massage.at(540, 555), manual.at(555, 570)];
    assert_eq!(
        seen(pair(PairFault::Unsupported), &commercial(), &separate),
        found("separate-intervals", 1, "")
    );
    assert_eq!(seen(Check::Overlap, &commercial(), &separate), []);
    let window = [massage.at(540, 570), manual.at(540, 570)];
    assert_eq!(seen(pair(PairFault::Unsupported), &commercial(), &window), found("", 1, "lines [1]"));
    let out = run(Check::Overlap, &commercial(), &window);
    assert_eq!((out.hits.len(), out.lacks[0][Lack::VisitWindow as usize]), (0, 2));
    let nothing_given = [timed("97124", 15, 1).modifier("59"), timed("97140", 15, 1)];
    assert_eq!(
        seen(pair(PairFault::Unsupported), &commercial(), &nothing_given),
        found("region-unknown", 1, "")
    );
}

/// Where no regions are known, what is said of the times is what is given of them.
#[test]
fn the_times_of_a_modifier_that_is_not_borne_out() {
    let (massage, manual) = (timed("97124", 15, 1).modifier("59"), timed("97140", 15, 1));
    let said = |lines: &[LineFact]| {
        let hits = run(pair(PairFault::Unsupported), &commercial(), lines).hits;
        let times = |hit: &Hit| hit.values.iter().find(|(name, _)| *name == "times").unwrap().1.clone();
        hits.first().map(|hit| (hit.outcome, times(hit)))
    };
    let unknown = |times: &str| Some(("region-unknown", times.to_owned()));
    assert_eq!(said(&[massage, manual]), unknown("no start and end are given"));
    assert_eq!(said(&[massage.at(540, 555), manual]), unknown("no start and end are given for 97140"));
    assert_eq!(said(&[massage, manual.at(540, 555)]), unknown("no start and end are given for 97124"));
    assert_eq!(said(&[massage.at(540, 556), manual.at(555, 570)]), unknown("their times overlap"));
    assert_eq!(said(&[massage.at(540, 555), manual.at(555, 570)]), None);
    assert_eq!(
        said(&[massage.at(540, 570), manual.at(540, 570)]),
        unknown("their start and end are those of the visit")
    );
    // More minutes than the window has cannot share it.
    assert_eq!(said(&[massage.at(540, 569), manual.at(540, 569)]), unknown("their times overlap"));
    let exercise = timed("97110", 15, 1);
    assert_eq!(
        said(&[massage.at(540, 570), manual.at(570, 585), exercise.at(540, 570)]),
        unknown("start and end of 97124 are those of the visit")
    );
    assert_eq!(said(&[massage.at(555, 540), manual.at(600, 615)]), unknown("97124 ends before it starts"));
}

#[test]
fn scenario_19_a_modifier_on_column_1_only() {
    let traction = untimed("97012", 1).modifier("59").region("cervical");
    let manual = timed("97140", 15, 1).region("shoulder_upperarm");
    let lines = [traction, manual];
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &lines), []);
    assert_eq!(seen(pair(PairFault::ColumnOneOnly), &medicare(), &lines), found("either-column", 2, ""));
    let early = lines.map(|line| LineFact { date: Date::constant(2019, 6, 30), ..line });
    assert_eq!(
        seen(pair(PairFault::ColumnOneOnly), &medicare(), &early),
        found("before-july-2019", 2, "lines [2]")
    );
    let same_region_early = [early[0], early[1].region("cervical")];
    assert_eq!(seen(pair(PairFault::Unsupported), &medicare(), &same_region_early), []);
    let bare = [untimed("97012", 1), manual];
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &bare), found("", 2, "lines [2]"));
    let honoured = [timed("97124", 15, 1), timed("97140", 15, 1).modifier("59")];
    assert_eq!(seen(pair(PairFault::ColumnOneOnly), &commercial(), &honoured), found("", 1, "lines [1]"));
}

#[test]
fn scenario_20_neither_76_nor_a_pointer_will_do() {
    let lines =
        [timed("97124", 15, 1).modifier("76").linked("cervical"), timed("97140", 15, 1).linked("lumbar")];
    assert_eq!(
        seen(pair(PairFault::MissingModifier), &commercial(), &lines),
        found("region-unknown", 1, "lines [1]")
    );
}

#[test]
fn scenario_21_three_codes_one_pair() {
    let lines = [timed("97124", 15, 1), timed("97140", 15, 1), timed("97110", 15, 1)];
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &lines), found("indicator-0", 1, "lines [1]"));
    let twice = [timed("97124", 15, 1), timed("97140", 15, 1), timed("97140", 15, 1)];
    assert_eq!(
        seen(pair(PairFault::Unbundled), &medicare(), &twice).len(),
        1,
        "said once for a line and a code"
    );
}

#[test]
fn pairs_are_of_one_provider() {
    let mut other = timed("97140", 15, 1);
    other.rendering = 8;
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &[timed("97124", 15, 1), other]), []);
    let mut nobody = [timed("97124", 15, 1), timed("97140", 15, 1)];
    nobody[0].rendering = 0;
    nobody[1].rendering = 0;
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &nobody).len(), 1, "inside one claim");
    nobody[1].claim = 1;
    assert_eq!(seen(pair(PairFault::Unbundled), &medicare(), &nobody), [], "never across claims on a guess");
}

#[test]
fn overlapping_services_take_the_cheaper() {
    let lines = [timed("97110", 15, 1).at(540, 555), timed("97112", 15, 1).at(550, 565)];
    assert_eq!(seen(Check::Overlap, &medicare(), &lines), found("", 1, "lines [1]"));
    let touching = [timed("97110", 15, 1).at(540, 555), timed("97112", 15, 1).at(555, 570)];
    assert_eq!(seen(Check::Overlap, &medicare(), &touching), []);
    let mut two = lines;
    two[1].rendering = 8;
    assert_eq!(seen(Check::Overlap, &medicare(), &two), found("two-providers", 1, "lines [1]"));
}

#[test]
fn limits_of_a_day() {
    let limit = |at_most| Check::Limit {
        of: crate::rules::LimitOf::Units,
        over: LimitOver::PatientDay,
        by: vec![Fact::ProcedureCode],
        at_most,
    };
    let lines = [untimed("97110", 2), untimed("97124", 2), untimed("97110", 3)];
    assert_eq!(seen(limit(5000), &medicare(), &lines), []);
    assert_eq!(seen(limit(4000), &medicare(), &lines), found("", 3, "3:-1"));
    assert_eq!(seen(limit(1000), &medicare(), &lines).len(), 2);
    assert_eq!(seen(limit(1000), &medicare(), &lines[..1]), found("", 1, "1:-1"));
}

/// A claim as a reader would build it: diagnoses, a rendering taxonomy, lines of (code, modifier, pointers).
pub(super) fn claim<'a>(
    diagnoses: &[&'a str],
    taxonomy: &'a str,
    lines: &[(&'a str, &'a str, &[u8])],
) -> Claim<'a> {
    let text = |value: &'a str| Text::new(value.as_bytes(), 1);
    let diagnoses = diagnoses.iter().map(|&code| Diagnosis::new(Text::ABSENT, text(code)));
    let mut claim = Claim { diagnoses: diagnoses.collect(), ..Claim::default() };
    let mut rendering = Provider::new(Role::Rendering, 0);
    rendering.taxonomy = text(taxonomy);
    claim.providers.push(rendering);
    for (index, &(code, modifier, pointers)) in lines.iter().enumerate() {
        let mut line =
            ServiceLine { number: index as u16 + 1, procedure_code: text(code), ..ServiceLine::default() };
        line.modifiers[0] = text(modifier);
        line.units = Stated { text: text("1"), value: Some(Units::whole(1)) };
        for (slot, &pointer) in line.pointers.iter_mut().zip(pointers) {
            *slot = Stated { text: text("1"), value: Some(pointer) };
        }
        claim.lines.push(line);
    }
    claim
}

/// Lines (0 for the claim) and outcomes that a line rule reports on a claim.
pub(super) fn on_lines(
    check: &Check,
    profile: &Profile,
    claim: &Claim<'_>,
) -> (Vec<(u16, &'static str)>, Out) {
    let rules = RuleSet::default();
    let tables = Tables::builtin();
    let mut out = Out::new(1);
    let rule = rule(check.clone());
    for line in &claim.lines {
        let at = LineRef { claim: 4, line: line.number };
        let terms = Terms::default();
        let cx = Cx { rules: &rules, reference: &tables, terms: &terms, credentials: None, as_of: DATE };
        check_line(0, &rule, claim, line, at, profile, cx, &mut out);
    }
    (out.hits.iter().map(|hit| (hit.primary.at.line, hit.outcome)).collect(), out)
}
