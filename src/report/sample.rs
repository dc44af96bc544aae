//! Runs built by hand, with invented people, for the tests of every format.

mod everything;

pub(super) use everything::*;

use crate::claim::{Cents, Span};
use crate::finding::*;

/// A mark under the first occurrence of `at` in `text`.
pub(super) fn mark(text: &str, at: &str, label: &str, primary: bool) -> Mark {
    let start = text.find(at).expect("the marked text is in the window");
    Mark { start, end: start + at.len(), text: label.to_owned(), primary }
}

pub(super) fn window(number: u64, offset: u64, text: &str, marks: Vec<Mark>) -> Window {
    Window { number, offset, text: text.to_owned(), sensitive: Vec::new(), marks }
}

/// Marks `value` as sensitive: `always`, or at the full level only.
pub(super) fn hide(mut window: Window, value: &str, always: bool) -> Window {
    let start = window.text.find(value).expect("the value is in the window");
    window.sensitive.push(Sensitive { start, end: start + value.len(), always });
    window
}

fn place(number: u64, segment: &str, element: &str, offset: u64, length: u32) -> Place {
    Place {
        span: Span::new(offset, length),
        number,
        segment: segment.to_owned(),
        element: element.to_owned(),
    }
}

fn about(code: &str, modifiers: &[&str], units: &str, charge: i64) -> About {
    About {
        procedure_code: code.to_owned(),
        modifiers: modifiers.iter().map(|&modifier| modifier.to_owned()).collect(),
        units: units.to_owned(),
        charge: Some(Cents(charge)),
        date: "2025-03-03".to_owned(),
        day: Some(0),
    }
}

fn line(line: u16, about: About, minutes: Option<u16>, net: Option<i64>, gross: Option<i64>) -> FlaggedLine {
    FlaggedLine {
        unpriced: Unpriced::NoFee,
        line,
        about,
        minutes,
        net: net.map(Cents),
        gross: gross.map(Cents),
        ..FlaggedLine::default()
    }
}

fn impact(class: MoneyClass, net: i64, gross: i64) -> Impact {
    Impact {
        class,
        net: Some(Cents(net)),
        gross: Some(Cents(gross)),
        counted: true,
        unpriced: false,
        lines: 1,
    }
}

/// T01: 22 minutes billed as two units, on a claim of one line.
pub(super) fn finding() -> Finding {
    let sv1 = "SV1*HC:97124:GP*90*UN*2*11**1~";
    Finding {
        code: "T01".to_owned(),
        name: "units-exceed-minutes".to_owned(),
        severity: Severity::Error,
        message: "2 units of 97124 billed; 22 minutes support 1".to_owned(),
        help: "Bill what the record supports. Do not change minutes to fit units.".to_owned(),
        transaction: "0001".to_owned(),
        claim: 3,
        claim_id: "MAPLE-1043".to_owned(),
        line: 1,
        about: about("97124", &["GP"], "2", 9000),
        place: place(41, "SV1", "SV104", 1893, 1),
        excerpt: Excerpt {
            form: Form::X12,
            windows: vec![window(41, 1871, sv1, vec![mark(sv1, "2*11", "", true)]).with_label(
                "2",
                22,
                "22 minutes support 1",
            )],
        },
        impact: impact(MoneyClass::Recoupment, 2070, 2976),
        carc: vec!["151".to_owned(), "150".to_owned()],
        rarc: vec!["N362".to_owned()],
        fingerprint: "9f3c0a6d41b7e825".to_owned(),
        ..Finding::default()
    }
}

trait Labelled {
    fn with_label(self, text: &str, start: usize, label: &str) -> Self;
}

impl Labelled for Window {
    fn with_label(mut self, text: &str, start: usize, label: &str) -> Window {
        assert_eq!(&self.text[start..start + text.len()], text);
        self.marks = vec![Mark { start, end: start + text.len(), text: label.to_owned(), primary: true }];
        self
    }
}

/// P01: an NCCI pair; two windows, one of them the related line.
pub(super) fn pair() -> Finding {
    let (one, two) = ("SV1*HC:97140:GP*60*UN*1*11**1~", "SV1*HC:97124:GP:59*45*UN*1*11**1~");
    let second = place(44, "SV1", "SV101-02", 1960, 5);
    Finding {
        code: "P01".to_owned(),
        name: "ncci-pair".to_owned(),
        message: "97124 is not paid beside 97140 on one day: NCCI pair, indicator 0".to_owned(),
        help:
            "Indicator 0: no modifier separates these two on one day. 97140 is payable, 97124 is not; report \
               what was done, do not recode it."
                .to_owned(),
        claim: 3,
        line: 3,
        about: about("97124", &["GP", "59"], "1", 4500),
        place: place(47, "SV1", "SV101-02", 2033, 5),
        related: vec![Related {
            file: 0,
            claim: 3,
            line: 2,
            text: "column 1, paid".to_owned(),
            place: second,
        }],
        excerpt: Excerpt {
            form: Form::X12,
            windows: vec![
                window(44, 1952, one, vec![mark(one, "97140", "column 1, paid", false)]),
                window(
                    47,
                    2025,
                    two,
                    vec![
                        mark(two, "97124", "column 2, not paid on this day", true),
                        mark(two, "59", "does not bypass indicator 0", false),
                    ],
                ),
            ],
        },
        impact: impact(MoneyClass::Denial, 2329, 2976),
        counted_in: None,
        carc: vec!["236".to_owned()],
        rarc: Vec::new(),
        acknowledgement: None,
        spot: None,
        claim_status: Vec::new(),
        fingerprint: "51d20f7b9e3a4c60".to_owned(),
        public_dates: Vec::new(),
        ..finding()
    }
}

/// D02: a warning whose second place stands in another claim of another file; its dollars are counted elsewhere.
pub(super) fn warning() -> Finding {
    let (hi, sv1) = ("HI*ABK:R52*ABF:M5450~", "SV1*HC:97110:GP*75*UN*1*11**1~");
    Finding {
        code: "D02".to_owned(),
        name: "nonspecific-link".to_owned(),
        severity: Severity::Warning,
        message: "line 2 points to R52 only, while the claim holds M54.50".to_owned(),
        help: "Code what was documented; ask the clinician, do not substitute.".to_owned(),
        claim: 5,
        claim_id: "MAPLE-1051".to_owned(),
        line: 2,
        about: about("97110", &["GP"], "1", 7500),
        place: place(72, "SV1", "SV107-01", 3010, 1),
        related: vec![Related {
            file: 1,
            claim: 2,
            line: 1,
            text: "same patient and day".to_owned(),
            place: place(19, "SV1", "SV101-02", 811, 5),
        }],
        excerpt: Excerpt {
            form: Form::X12,
            windows: vec![
                window(
                    66,
                    2877,
                    hi,
                    vec![mark(hi, "R52", "nonspecific", false), mark(hi, "M5450", "specific", false)],
                ),
                window(72, 2982, sv1, vec![]).with_label("1", 28, "points to R52"),
            ],
        },
        impact: Impact { counted: false, ..impact(MoneyClass::Denial, 2245, 2245) },
        counted_in: Some(Box::new(CountedIn {
            code: "V01".to_owned(),
            claim: 5,
            line: 2,
            ..CountedIn::default()
        })),
        carc: vec!["11".to_owned()],
        rarc: Vec::new(),
        acknowledgement: None,
        spot: None,
        claim_status: Vec::new(),
        fingerprint: "0c77e1f02b9d5a48".to_owned(),
        public_dates: Vec::new(),
        ..finding()
    }
}

/// T04: an info on a claim as a whole.
pub(super) fn info() -> Finding {
    let clm = "CLM*MAPLE-1060*90***11:B:1*Y*A*Y*Y~";
    Finding {
        code: "T04".to_owned(),
        name: "minutes-absent".to_owned(),
        severity: Severity::Info,
        message: "2 timed lines without minutes: units were not checked against time".to_owned(),
        help: "Add a session log with --sessions, or minutes in the JSON lines.".to_owned(),
        claim: 7,
        claim_id: "MAPLE-1060".to_owned(),
        line: 0,
        about: About::default(),
        place: place(88, "CLM", "", 3790, 35),
        related: Vec::new(),
        excerpt: Excerpt {
            form: Form::X12,
            windows: vec![hide(window(88, 3790, clm, vec![mark(clm, "CLM", "", true)]), "MAPLE-1060", false)],
        },
        impact: Impact::NONE,
        counted_in: None,
        carc: Vec::new(),
        rarc: Vec::new(),
        acknowledgement: None,
        spot: None,
        claim_status: Vec::new(),
        fingerprint: "77aa01be93cd5f12".to_owned(),
        public_dates: Vec::new(),
        ..finding()
    }
}

/// P01 on a day for which no fees are loaded.
pub(super) fn unpriced() -> Finding {
    let mut finding = pair();
    finding.impact = Impact { net: None, gross: None, unpriced: true, counted: false, ..finding.impact };
    finding.about.date = "2019-06-30".to_owned();
    finding
}

/// X12 windows full of what names a person, with a date of service.
pub(super) fn personal() -> Finding {
    let nm1 = "NM1*IL*1*ROWAN*HAZEL*Q***MI*1EG4TE5MK73~";
    let dtp = "DTP*472*D8*20250303~";
    let clm = "CLM*MAPLE-1043*90***11:B:1*Y*A*Y*Y~";
    let nm1 = window(
        27,
        1300,
        nm1,
        vec![mark(nm1, "1EG4TE5MK73", "11 characters, not a member id of this payer", true)],
    );
    let nm1 = ["ROWAN", "HAZEL", "1EG4TE5MK73"].iter().fold(nm1, |window, value| hide(window, value, true));
    let clm =
        hide(window(35, 1700, clm, vec![mark(clm, "MAPLE-1043", "this claim", false)]), "MAPLE-1043", false);
    let dtp =
        hide(window(42, 1902, dtp, vec![mark(dtp, "20250303", "day of service", false)]), "20250303", false);
    Finding {
        code: "X11".to_owned(),
        name: "duplicate-claim".to_owned(),
        message: "claim MAPLE-1043 of 2025-03-03 repeats an earlier one for 1EG4TE5MK73".to_owned(),
        excerpt: Excerpt { form: Form::X12, windows: vec![nm1, clm, dtp] },
        ..finding()
    }
}

/// T02 in JSON lines.
pub(super) fn json_place() -> Finding {
    let text = r#"{"claim_id":"W-7","procedure_code":"97124","minutes":25,"units":1,"patient_id":"p-00482"}"#;
    let marks =
        vec![mark(text, "25", "support 2 units", false), mark(text, r#""units":1"#, "1 billed", true)];
    let shown = hide(hide(window(12, 840, text, marks), "W-7", false), "p-00482", true);
    Finding {
        code: "T02".to_owned(),
        name: "units-below-minutes".to_owned(),
        severity: Severity::Warning,
        message: "1 unit of 97124 billed; 25 minutes support 2".to_owned(),
        help: "Bill the second unit if the record shows 25 minutes of one-on-one service.".to_owned(),
        transaction: String::new(),
        claim: 4,
        claim_id: "W-7".to_owned(),
        line: 1,
        about: about("97124", &[], "1", 4500),
        place: Place {
            span: Span::new(896, 9),
            number: 12,
            segment: String::new(),
            element: "/units".to_owned(),
        },
        excerpt: Excerpt { form: Form::Json, windows: vec![shown] },
        impact: impact(MoneyClass::LostRevenue, 2070, 2976),
        counted_in: None,
        carc: Vec::new(),
        rarc: Vec::new(),
        acknowledgement: None,
        spot: None,
        claim_status: Vec::new(),
        ..finding()
    }
}

fn flagged(ordinal: u32, id: &str, payer: &str, lines: Vec<FlaggedLine>) -> FlaggedClaim {
    let clm = format!("CLM*{id}*90***11:B:1*Y*A*Y*Y~");
    let segments = [hide(window(35, 1700, &clm, vec![]), id, false)].into_iter().collect();
    FlaggedClaim {
        file: 0,
        ordinal,
        id: id.to_owned(),
        payer: payer.to_owned(),
        medicare_rates_stand_in: payer != "medicare",
        segments,
        lines,
        ..FlaggedClaim::default()
    }
}

/// The claim of [`finding`] and [`pair`].
pub(super) fn claim_three() -> FlaggedClaim {
    let lines = vec![
        line(1, about("97124", &["GP"], "2", 9000), Some(22), Some(5046), Some(5952)),
        line(2, about("97140", &["GP"], "1", 6000), Some(16), Some(2426), Some(2717)),
        line(3, about("97124", &["GP", "59"], "1", 4500), None, Some(2329), Some(2976)),
    ];
    flagged(3, "MAPLE-1043", "medicare", lines)
}

fn table(name: &str, release: &str, effective: &str, used: bool) -> TableRelease {
    let text = str::to_owned;
    TableRelease { name: text(name), release: text(release), effective: text(effective), subset: true, used }
}

/// A run of these findings over one file of twelve claims.
pub(super) fn run(findings: Vec<Finding>) -> Run {
    Run {
        as_of: "2025-03-10".to_owned(),
        files: vec![InputFile { name: "day.837".to_owned(), verdict: Verdict::Checked, claims: 12 }],
        claims: 12,
        lines: 31,
        clean_claims: 11,
        findings,
        tables: vec![
            table("mpfs", "RVU25D", "2025-01-01 to 2025-12-31", true),
            table("mpfs", "RVU26A", "2026-01-01 to 2026-12-31", false),
            table("ncci-ptp", "2026Q2", "per row on", true),
            table("zip-locality", "2025Q4", "2025-10-01 on", false),
        ],
        ..Run::default()
    }
}

/// Three claims with findings of every severity, dollars in every column, and remarks.
pub(super) fn busy_day() -> Run {
    let few = vec![
        line(1, about("97140", &["GP"], "1", 6000), Some(15), Some(2717), Some(2717)),
        line(2, about("97110", &["GP"], "1", 7500), None, Some(2245), Some(2902)),
    ];
    let many: Vec<FlaggedLine> =
        (1..=9).map(|number| line(number, about("97530", &["GO"], "1", 8000), None, None, None)).collect();
    let dollars = |net, gross| Dollars { net: Cents(net), gross: Cents(gross) };
    let mut run = run(vec![finding(), pair(), warning(), info()]);
    run.files.push(InputFile { name: "late.837".to_owned(), verdict: Verdict::Checked, claims: 2 });
    run.files.push(InputFile {
        name: "readme.txt".to_owned(),
        verdict: Verdict::NotClaims("text".to_owned()),
        claims: 0,
    });
    let why = "this is a remittance (835); cleanclaim checks professional claims".to_owned();
    run.files.push(InputFile { name: "era.835".to_owned(), verdict: Verdict::Failed(why), claims: 0 });
    run.clean_claims = 10;
    run.flagged = vec![
        claim_three(),
        flagged(5, "MAPLE-1051", "commercial", few),
        flagged(7, "MAPLE-1060", "workers-compensation", many),
    ];
    run.columns = Columns {
        at_risk: dollars(2329, 2976),
        recoupment: dollars(2070, 2976),
        delayed: dollars(123_456, 123_456),
        unbilled: Dollars::default(),
    };
    let share = |columns| Share { columns, ..Share::default() };
    let by_rule = |code: &str, name: &str, columns| ByRule {
        code: code.to_owned(),
        name: name.to_owned(),
        findings: 1,
        share: share(columns),
    };
    let at_risk = Columns { at_risk: dollars(2329, 2976), ..Columns::default() };
    let recoupment = Columns { recoupment: dollars(2070, 2976), ..Columns::default() };
    let delayed = Columns { delayed: dollars(123_456, 123_456), ..Columns::default() };
    let by_payer = |payer: &str, id: Option<&str>, columns| ByPayer {
        payer: payer.to_owned(),
        payer_id: id.map(str::to_owned),
        share: share(columns),
    };
    run.breakdown = Breakdown {
        rules: vec![
            by_rule("P01", "unbundled-pair", at_risk),
            by_rule("T01", "units-exceed-minutes", recoupment),
            by_rule("X06", "charges-do-not-add-up", delayed),
        ],
        providers: vec![
            ByProvider {
                npi: Some(1_000_000_228),
                share: share(Columns { delayed: Dollars::default(), ..run.columns }),
            },
            ByProvider { npi: None, share: share(delayed) },
        ],
        payers: vec![
            by_payer("commercial", Some("60054"), Columns { at_risk: Dollars::default(), ..run.columns }),
            by_payer("medicare", None, at_risk),
        ],
        ..Breakdown::default()
    };
    let lacking = |code: &str, reason: &str, lines| NotEvaluated {
        code: code.to_owned(),
        reason: reason.to_owned(),
        lines,
    };
    run.not_evaluated = vec![
        lacking("P04", "no times", 1),
        lacking("T01", "no minutes", 1204),
        lacking("T02", "no minutes", 1204),
    ];
    run.rates.stand_in = vec!["commercial".to_owned()];
    run.notes = vec!["2 institutional claims were passed over".to_owned()];
    run
}
