//! What only formats for programs must be tried on, and a run of all there is.

use super::*;

/// X04: a fault of the envelope, which keeps out all claims of its file.
pub(in crate::report) fn of_the_file() -> Finding {
    let se = "SE*12*0001~";
    let at = place(99, "SE", "SE01", 4102, 2);
    Finding {
        code: "X04".to_owned(),
        name: "envelope-counts".to_owned(),
        message: "SE01 says 12 segments; 97 are there".to_owned(),
        help: "Write the segments that are there, ST and SE counted.".to_owned(),
        claim: 0,
        claim_id: String::new(),
        line: 0,
        about: About::default(),
        fix: Some(Box::new(Fix {
            summary: "write the count of segments into SE01".to_owned(),
            edits: vec![Edit { span: at.span, text: "97".to_owned() }],
        })),
        place: at,
        excerpt: Excerpt {
            form: Form::X12,
            windows: vec![window(99, 4099, se, vec![mark(se, "12", "97", true)])],
        },
        impact: impact(MoneyClass::Rejection, 123_456, 123_456),
        carc: Vec::new(),
        rarc: Vec::new(),
        acknowledgement: Acknowledgement::parse("IK502 4"),
        fingerprint: "e1c09b7733d4a612".to_owned(),
        ..finding()
    }
}

/// T01 that the user says is no fault.
pub(in crate::report) fn suppressed() -> Finding {
    Finding {
        claim: 8,
        claim_id: "MAPLE-1066".to_owned(),
        accepted: Some(Box::new(Accepted {
            by: AcceptedBy::Suppression,
            reason: "second therapist, see the log of 2025-03-03".to_owned(),
            source: "suppressions.yaml:4".to_owned(),
            until: "2025-12-31".to_owned(),
        })),
        impact: Impact { counted: false, ..impact(MoneyClass::Recoupment, 2070, 2976) },
        fingerprint: "4a1180aa02f7c3d9".to_owned(),
        ..finding()
    }
}

/// D02 that stood in the baseline.
pub(in crate::report) fn in_the_baseline() -> Finding {
    Finding {
        claim: 9,
        claim_id: "MAPLE-1070".to_owned(),
        accepted: Some(Box::new(Accepted {
            by: AcceptedBy::Baseline,
            reason: String::new(),
            source: "baseline.json".to_owned(),
            until: String::new(),
        })),
        counted_in: None,
        fingerprint: "b02c6641d85e9f07".to_owned(),
        ..warning()
    }
}

/// A rule of a user's, and a claim, that would say more than they may: to a terminal, a spreadsheet, HTML, a workflow, XML.
pub(in crate::report) fn hostile() -> Finding {
    Finding {
        code: "ZZ1".to_owned(),
        name: "=cmd|'/C calc'!A0".to_owned(),
        message: "100%\r\n::error file=x::pwned | `<script>alert(1)</script>` ]]> [x](1) @all {0} \u{1b}[31m\u{202e}\u{0}"
            .to_owned(),
        help: "=HYPERLINK(\"http://example.com\")\n| a | b |".to_owned(),
        claim: 10,
        claim_id: "=1+1,\"<b>|`:%\n@x".to_owned(),
        about: about("97124", &["-1", "@1"], "+2", -9000),
        place: place(120, "SV1", "SV1|<04", 5000, 1),
        excerpt: Excerpt::default(),
        impact: impact(MoneyClass::Denial, -1225, -1225),
        fingerprint: "00000000000000ff".to_owned(),
        ..finding()
    }
}

/// All that a format may meet: an 837P and JSON, whole files and none, every severity and class, what is accepted, unpriced
/// or hostile.
pub(in crate::report) fn everything() -> Run {
    let busy = busy_day();
    let mut unpriced = unpriced();
    unpriced.claim = 6;
    unpriced.claim_id = "MAPLE-1055".to_owned();
    let json = Finding { file: 4, fingerprint: "d3b07384d113edec".to_owned(), ..json_place() };
    let mut findings = vec![of_the_file()];
    findings.extend([
        finding(),
        pair(),
        warning(),
        unpriced,
        info(),
        suppressed(),
        in_the_baseline(),
        hostile(),
        json,
    ]);
    let mut flagged_claims = busy.flagged.clone();
    flagged_claims[0].payer_id = "60054".to_owned();
    flagged_claims[0].billing_npi = "1000000004".to_owned();
    flagged_claims[0].lines[0].provider_npi = "1000000228".to_owned();
    flagged_claims[1].payer_id = "ROWAN HAZEL".to_owned();
    flagged_claims[1].billing_npi = "ROWAN".to_owned();
    let visit = line(1, about("97124", &[], "1", 4500), Some(25), Some(2976), Some(2976));
    flagged_claims.push(FlaggedClaim { file: 4, ..flagged(4, "W-7", "medicare", vec![visit]) });
    let mut run = Run { findings, flagged: flagged_claims, claims: 21, lines: 44, clean_claims: 12, ..busy };
    run.files.push(InputFile {
        name: "out/web visits.jsonl".to_owned(),
        verdict: Verdict::Checked,
        claims: 5,
    });
    run.rules = vec![
        RuleNote {
            code: "P01".to_owned(),
            name: "unbundled-pair".to_owned(),
            severity: Severity::Error,
            summary: "Two codes that NCCI does not pay beside each other".to_owned(),
            class: MoneyClass::Denial,
            pack: "ncci".to_owned(),
            is_carried: true,
            ..RuleNote::default()
        },
        RuleNote {
            code: "T01".to_owned(),
            name: "units-exceed-minutes".to_owned(),
            severity: Severity::Error,
            summary: "More timed units than the minutes support".to_owned(),
            details: "A timed unit is 8 minutes\nand more.\n\nThe *day* counts as a whole.".to_owned(),
            help: "Bill <units> units, if the record shows <minutes> minutes.".to_owned(),
            worth: vec![Worth {
                class: MoneyClass::Recoupment,
                how: "the patient's day as billed, less the same day without the units in excess".to_owned(),
            }],
            appeal: "Send the log.".to_owned(),
            sources: vec!["CMS Pub. 100-04 ch. 5 s. 20.2".to_owned()],
            class: MoneyClass::Recoupment,
            pack: "therapy".to_owned(),
            is_carried: true,
            snip: Some(7),
        },
    ];
    run
}
