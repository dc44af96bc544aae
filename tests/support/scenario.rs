//! The acceptance scenarios of the domain specification, section 5, in one table: what is billed and what must be said.
//!
//! The library is held to it from JSON lines, the command from JSON lines and from an 837P.

use serde_json::{Value, json};

use super::{Expected, line};

/// One row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Scenario {
    /// The number in section 5, and which of its cases.
    pub(crate) name: &'static str,
    /// Native claim lines, defaults filled in.
    pub(crate) lines: Vec<Value>,
    /// The run date.
    pub(crate) as_of: &'static str,
    /// A rule file of the user's.
    pub(crate) rules: Option<&'static str>,
    /// What was allowed earlier in the year, as CSV.
    pub(crate) ytd: Option<&'static str>,
    /// What payers have credentialed, as YAML.
    pub(crate) credentials: Option<&'static str>,
    /// Everything that must be found.
    pub(crate) expected: Vec<Expected<'static>>,
    /// What JSON lines are told besides: there a code that is not billed stands in a line without units.
    pub(crate) also_in_json: Vec<Expected<'static>>,
    /// What is at risk of denial in the run, net and gross, where the row says so.
    pub(crate) at_risk: Option<(i64, i64)>,
    /// Whether only an 837P can be wrong like this.
    pub(crate) only_837: bool,
}

impl Scenario {
    /// Claims without an error and a warning.
    pub(crate) fn clean_claims(&self) -> u64 {
        u64::from(self.expected.iter().all(|(_, severity, ..)| *severity == INFO))
    }

    /// Whether a log beside the 837P must say what was billed besides time: regions, clock times, notes.
    pub(crate) fn says_more_than_minutes(&self) -> bool {
        let facts = ["region", "laterality", "start", "end", "note", "assistant_minutes"];
        self.lines.iter().any(|line| facts.iter().any(|fact| line.get(fact).is_some()))
    }

    fn on(mut self, as_of: &'static str) -> Scenario {
        self.as_of = as_of;
        self
    }

    fn with_rules(mut self, rules: &'static str) -> Scenario {
        self.rules = Some(rules);
        self
    }

    fn with_ytd(mut self, ytd: &'static str) -> Scenario {
        self.ytd = Some(ytd);
        self
    }

    fn with_credentials(mut self, credentials: &'static str) -> Scenario {
        self.credentials = Some(credentials);
        self
    }

    fn also_in_json(mut self, told: Expected<'static>) -> Scenario {
        self.also_in_json.push(told);
        self
    }

    fn at_risk(mut self, net: i64, gross: i64) -> Scenario {
        self.at_risk = Some((net, gross));
        self
    }

    fn only_837(mut self) -> Scenario {
        self.only_837 = true;
        self
    }
}

pub(crate) const ERROR: &str = "error";
pub(crate) const WARNING: &str = "warning";
pub(crate) const INFO: &str = "info";

/// The patient of every scenario. The shape is that of a Medicare Beneficiary Identifier, and it is nobody's.
pub(crate) const PATIENT: &str = "1QQ0QQ0QQ00";

/// Counts as Medicare does, confirmed.
pub(crate) const COUNTED_AS_CMS: &str =
    "profiles:\n  - name: commercial\n    counting: cms\n    counting-confirmed: true\n";

pub(crate) fn dollars(code: &'static str, severity: &'static str, net: i64, gross: i64) -> Expected<'static> {
    (code, severity, Some(net), Some(gross))
}

pub(crate) fn massage(minutes: u32, units: u32) -> Value {
    timed("97124", minutes, units)
}

pub(crate) fn timed(code: &str, minutes: u32, units: u32) -> Value {
    json!({"procedure_code": code, "minutes": minutes, "units": units})
}

pub(crate) fn with(mut facts: Value, more: Value) -> Value {
    if let (Value::Object(facts), Value::Object(more)) = (&mut facts, more) {
        facts.extend(more);
    }
    facts
}

pub(crate) fn commercial(facts: Value) -> Value {
    with(facts, json!({"claim_filing_indicator": "CI"}))
}

fn row<const LINES: usize, const FOUND: usize>(
    name: &'static str,
    lines: [Value; LINES],
    expected: [Expected<'static>; FOUND],
) -> Scenario {
    let of_patient = |facts| line(with(json!({"patient_id": PATIENT}), facts));
    Scenario {
        name,
        lines: lines.into_iter().map(of_patient).collect(),
        as_of: "2025-04-02",
        rules: None,
        ytd: None,
        credentials: None,
        expected: expected.into(),
        also_in_json: Vec::new(),
        at_risk: None,
        only_837: false,
    }
}

/// The table.
pub(crate) fn scenarios() -> Vec<Scenario> {
    [by_time(), by_pair(), by_diagnosis(), by_provider_and_claim()].concat()
}

/// 1 to 14: units against minutes.
fn by_time() -> Vec<Scenario> {
    let over = || dollars("T01", ERROR, 2070, 2976);
    let under = || dollars("T02", WARNING, 2070, 2976);
    let two = [timed("97112", 24, 2), timed("97110", 23, 2)];
    let tie = [timed("97112", 20, 1), timed("97110", 20, 1)];
    let logged = [timed("97110", 33, 3), timed("97140", 7, 0)];
    let four = [timed("97110", 18, 1), timed("97140", 13, 1), timed("97116", 10, 1), timed("97035", 8, 1)];
    vec![
        row("1", [massage(7, 1)], [dollars("T01", ERROR, 2976, 2976)]),
        row("2, 8 minutes", [massage(8, 1)], []),
        row("2, 22 minutes", [massage(22, 1)], []),
        row("3", [massage(22, 2)], [over()]),
        row("4, 1 unit", [massage(23, 1)], [under()]),
        row("4, 2 units", [massage(23, 2)], []),
        row("5", [massage(25, 1)], [under()]),
        row("6, 2 units", [massage(37, 2)], []),
        row("6, 3 units", [massage(37, 3)], [over()]),
        row("7, 38 minutes", [massage(38, 2)], [under()]),
        row("7, 52 minutes", [massage(52, 3)], []),
        row("8, 52 minutes", [massage(52, 4)], [over()]),
        row("8, 53 minutes", [massage(53, 3)], [under()]),
        row("9, 4 units", [massage(67, 4)], []),
        row("9, 5 units", [massage(67, 5)], [dollars("P07", ERROR, 11_256, 14_880), over()])
            .at_risk(11_256, 14_880),
        row("9, CI", [commercial(massage(67, 5))], [dollars("T01", ERROR, 2976, 2976)]),
        row("10", [massage(68, 4)], [("T02", INFO, None, None)]),
        row("11, CMS", two.clone(), [dollars("T01", ERROR, 2183, 2879)]),
        row("11, AMA", two.map(commercial), []),
        row("12, CMS", tie.clone(), [dollars("T02", WARNING, 2183, 2879)]),
        row("12, AMA", tie.map(commercial), []),
        row("13, CMS", logged.clone(), [dollars("T03", WARNING, 113, 162)])
            .also_in_json(dollars("T08", ERROR, 7245, 8637)),
        row("13, AMA", logged.map(commercial), [dollars("T01", ERROR, 2879, 2879)])
            .also_in_json(dollars("T08", ERROR, 8637, 8637)),
        row("14, CMS", four.clone(), [dollars("T01", ERROR, 1051, 1391)]),
        row("14, AMA", four.map(commercial), []),
    ]
}

/// 15 to 21: pairs.
fn by_pair() -> Vec<Scenario> {
    let ci = |lines: [Value; 2]| lines.map(commercial);
    let apart = [
        with(massage(22, 2), json!({"modifiers": ["GP", "XS"], "region": "neck"})),
        with(timed("97140", 16, 1), json!({"region": "low back"})),
    ];
    let bare = [massage(15, 1), timed("97140", 15, 1)];
    let same = bare.clone().map(|one| with(one, json!({"region": "lumbar"})));
    let marked = [with(same[0].clone(), json!({"modifiers": ["GP", "59"]})), same[1].clone()];
    let in_turn = [
        with(marked[0].clone(), json!({"start": "09:00", "end": "09:15"})),
        with(marked[1].clone(), json!({"start": "09:15", "end": "09:30"})),
    ];
    let traction = json!({"procedure_code": "97012", "modifiers": ["GP", "59"], "region": "neck"});
    let shoulder = with(timed("97140", 15, 1), json!({"region": "right shoulder"}));
    let early = json!({"service_date": "2019-06-30", "diagnosis_codes": ["M545"]});
    let pointed = |facts: Value, pointer: u8| {
        let own = json!({"diagnosis_codes": ["M542", "M5450"], "diagnosis_pointers": [pointer]});
        commercial(with(facts, own))
    };
    let of_three = [massage(15, 1), timed("97140", 15, 1), timed("97110", 15, 1)];
    let lost = || dollars("P01", ERROR, 2329, 2976);
    vec![
        row("15, CI", ci(apart.clone()), []).with_rules(COUNTED_AS_CMS),
        row("15, MB", apart, [dollars("P01", ERROR, 4399, 5952)]),
        row("16, MB", bare, [lost()]),
        row("16, CI", ci(same.clone()), [dollars("P02", ERROR, 2976, 2976)]).with_rules(COUNTED_AS_CMS),
        row("17, CI", ci(marked.clone()), [dollars("P04", WARNING, 2976, 2976)]).with_rules(COUNTED_AS_CMS),
        row("17, MB", marked, [lost()]),
        row("18", ci(in_turn), [("P04", INFO, None, None)]).with_rules(COUNTED_AS_CMS),
        row("19, 2025", [traction.clone(), shoulder.clone()], [("P03", INFO, None, None)]),
        row(
            "19, 2019",
            [with(traction.clone(), early.clone()), with(shoulder.clone(), early)],
            [("P03", ERROR, None, None)],
        )
        .on("2019-07-30"),
        row(
            "19, no modifier",
            [with(traction, json!({"modifiers": ["GP"]})), shoulder],
            [dollars("P01", ERROR, 2426, 2717)],
        ),
        row(
            "20",
            [
                pointed(with(massage(15, 1), json!({"modifiers": ["GP", "76"]})), 1),
                pointed(timed("97140", 15, 1), 2),
            ],
            [dollars("P02", ERROR, 2976, 2976)],
        ),
        row("21", of_three, [dollars("P01", ERROR, 2280, 2976)]),
    ]
}

/// 22 and 23: diagnoses.
fn by_diagnosis() -> Vec<Scenario> {
    let coded = |code: &str| with(massage(15, 1), json!({"diagnosis_codes": [code]}));
    let linked = json!({"diagnosis_codes": ["R52", "M5450"], "diagnosis_pointers": [1]});
    let whole = |code| dollars(code, ERROR, 2976, 2976);
    vec![
        row("22, R52 alone", [coded("R52")], [dollars("D01", WARNING, 2976, 2976)]).at_risk(2976, 2976),
        row(
            "22, R52 linked",
            [with(massage(15, 1), linked)],
            [dollars("D02", WARNING, 2976, 2976), dollars("D03", WARNING, 2976, 2976)],
        ),
        row("23, M545 in 2025", [coded("M545")], [whole("D04")]).at_risk(0, 0),
        row("23, M545 in 2021", [with(coded("M545"), json!({"service_date": "2021-09-30"}))], [])
            .on("2021-10-30"),
        row("23, M54.50 in HI", [coded("M54.50")], [whole("D06")]).only_837(),
        row("23, M54.5 in HI", [coded("M54.5")], [whole("D04"), whole("D06")]).only_837(),
        row("23, M791", [coded("M791")], [whole("D04")]),
        row("23, M628", [coded("M628")], [whole("D04")]),
    ]
}

/// 24 to 27: providers, the year, the claim as a whole.
fn by_provider_and_claim() -> Vec<Scenario> {
    let by = |taxonomy: &str| with(massage(15, 1), json!({"rendering_taxonomy": taxonomy}));
    let faulty = json!({"modifiers": [], "diagnosis_codes": ["R52"], "rendering_taxonomy": "225700000X"});
    let day = |total: &str| {
        [("97124", "45.00"), ("97110", "50.00")].map(|(code, charge)| {
            with(timed(code, 15, 1), json!({"charge_amount": charge, "claim_charge_amount": total}))
        })
    };
    let pointed = |pointer: u8| {
        let own = json!({"diagnosis_codes": ["M5450", "M542"], "diagnosis_pointers": [pointer]});
        with(massage(15, 1), own)
    };
    let on = |date: &str| with(massage(15, 1), json!({"service_date": date}));
    vec![
        row("24, LMT at MB", [by("225700000X")], [dollars("V01", ERROR, 2976, 2976)]),
        row("24, LMT at CI", [commercial(by("225700000X"))], [])
            .with_credentials("- {payer: commercial, taxonomy: 225700000X, code: 97124, decision: allow}\n"),
        row("24, DC at MB", [by("111N00000X")], [dollars("V02", ERROR, 2976, 2976)]),
        row(
            "25",
            [with(massage(15, 1), faulty)],
            [
                dollars("D01", WARNING, 2976, 2976),
                dollars("M01", ERROR, 2976, 2976),
                dollars("V01", ERROR, 2976, 2976),
            ],
        )
        .at_risk(2976, 2976),
        row("26, 2025", [massage(15, 1)], [dollars("M03", ERROR, 2976, 2976)])
            .with_ytd("patient_id,year,group,allowed\n1QQ0QQ0QQ00,2025,PT+SLP,2400.00\n"),
        row("26, 2026", [on("2026-03-02")], [])
            .with_ytd("patient_id,year,group,allowed\n1QQ0QQ0QQ00,2026,PT+SLP,2400.00\n")
            .on("2026-04-01"),
        row("27, totals", day("90.00"), [dollars("X06", ERROR, 5159, 5855)]).at_risk(0, 0),
        row("27, mended", day("95.00"), []),
        row("27, pointer 3 of 2", [pointed(3)], [dollars("D07", ERROR, 2976, 2976)]),
        row("27, pointer 2 of 2", [pointed(2)], []),
        row("27, a day late", [on("2025-11-19")], [dollars("X10", ERROR, 2976, 2976)]).on("2026-11-20"),
        row("27, the last day", [on("2025-11-20")], []).on("2026-11-20"),
        row("27, the last day was a Sunday", [on("2025-11-22")], []).on("2026-11-23"),
    ]
}
