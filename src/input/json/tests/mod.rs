mod again;
mod faults;
mod shown;
mod together;

use proptest::prelude::*;

use super::*;
use crate::claim::{Cents, Claim, Fact, MinutesSource, Role, Span};
use crate::finding::{Excerpt, Place, Window};
use crate::input::{ClaimSink, Cutter, Fault, Label, UnitSummary};

/// A fault by name and whether it is a claim's, with its span, values and place.
type Noted = (String, Span, Vec<(&'static str, String)>, Place);

/// What a reader found, in its order, written down.
#[derive(Default, PartialEq, Debug)]
struct Notes {
    claims: Vec<String>,
    faults: Vec<Noted>,
    /// Lines without a procedure code: most of those below, kept apart for that.
    missing: Vec<u64>,
    excerpts: Vec<Excerpt>,
    windows: Vec<Vec<Window>>,
    summary: UnitSummary,
}

impl ClaimSink for Notes {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        let places: Vec<Place> = claim
            .lines
            .iter()
            .flat_map(|line| [line.units.text.span(), line.procedure_code.span(), line.span])
            .map(|span| cutter.place(span))
            .collect();
        let whole = Claim { ordinal: 0, ..claim.clone() };
        self.claims.push(format!("{whole:?} {places:?}"));
        self.windows.push(cutter.segments(claim.span).iter().map(|one| one.window()).collect());
    }

    fn fault(&mut self, claim: u32, fault: Fault, cutter: &dyn Cutter) {
        let (_, known) = FAULTS.iter().find(|(name, _)| *name == fault.name).expect("every fault is listed");
        let stated: Vec<_> = fault.values.iter().map(|(name, _)| *name).collect();
        assert_eq!(stated, *known, "{}", fault.name);
        if fault.name == "json-missing" {
            self.missing.push(fault.span.offset);
            return;
        }
        let label = Label { span: fault.span, text: fault.label, primary: true };
        self.excerpts.push(cutter.excerpt(&[label]));
        let inside = if claim > 0 { "claim" } else { "outside" };
        self.faults.push((
            format!("{} {inside}", fault.name),
            fault.span,
            fault.values,
            cutter.place(fault.span),
        ));
    }
}

fn read_in_units_of(bytes: &[u8], target: usize) -> Notes {
    let mut notes = Notes::default();
    for unit in JsonCutter::new(bytes, 0, target) {
        let summary = read(&unit.unwrap(), &mut notes);
        notes.summary.claims += summary.claims;
        notes.summary.lines += summary.lines;
        notes.summary.claim_ids.extend(summary.claim_ids);
        for (name, count) in summary.unknown_fields {
            match notes.summary.unknown_fields.iter_mut().find(|(known, _)| *known == name) {
                Some((_, known)) => *known += count,
                None => notes.summary.unknown_fields.push((name, count)),
            }
        }
    }
    notes
}

fn notes(text: &str) -> Notes {
    let whole = read_in_units_of(text.as_bytes(), MOST_BYTES);
    for target in [1, 20, 64, 200] {
        assert_eq!(read_in_units_of(text.as_bytes(), target), whole, "in units of {target}: {text}");
    }
    whole
}

/// Runs `look` over each claim of `text`.
fn claims(text: &str, look: impl FnMut(&Claim<'_>, &dyn Cutter)) {
    struct Looking<F>(F);
    impl<F: FnMut(&Claim<'_>, &dyn Cutter)> ClaimSink for Looking<F> {
        fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
            (self.0)(claim, cutter);
        }
        fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
            assert_eq!(fault.name, "json-missing", "{fault:?}");
        }
    }
    notes(text);
    let mut looking = Looking(look);
    for unit in JsonCutter::new(text.as_bytes(), 0, 1) {
        read(&unit.unwrap(), &mut looking);
    }
}

fn fault_names(text: &str) -> Vec<String> {
    notes(text).faults.into_iter().map(|(name, ..)| name).collect()
}

const LINE: &str = r#"{"claim_id":"A1","line_number":1,"patient_id":"P7","payer":"medicare","claim_filing_indicator":"MB","payer_id":"01112","service_date":"2025-03-03","service_date_end":"20250303","procedure_code":97124,"modifiers":["GP",59],"units":2.0,"charge_amount":90.5,"diagnosis_codes":["M54.50","M25.561"],"diagnosis_pointers":[2,"1"],"place_of_service":11,"billing_npi":1234567893,"billing_taxonomy":"261QP2000X","billing_entity_type":"2","rendering_npi":"1987654328","rendering_taxonomy":"225100000X","referring_npi":"1234567893","supervising_npi":"1234567893","ordering_npi":"1234567893","state":"AL","zip":"35004","claim_charge_amount":"90.50","claim_frequency":"1","prior_authorization":"PA1","referral_number":"R1","birth_date":"1950-01-31","death_date":"2025-03-31","initial_treatment_date":"2025-02-01","last_seen_date":"2025-02-02","onset_date":"2025-01-01","acute_manifestation_date":"2025-01-04","discharge_date":"2025-01-05","delay_reason":"7","minutes":25,"start":"09:00","end":"09:25","region":"lumbar","laterality":"left","note":"tissue \"work\"","visit":3,"assistant_minutes":"0","claim_purpose":"CH","payer_responsibility":"S","subscriber_relationship":"18","insurance_type":"12","member_id":"1QQ0QQ0QQ00","related_causes":["AA"],"accident_state":"AL","accident_date":"2025-01-02","admission_date":"2025-01-03","payer_control_number":"PCN1","line_control_number":"L1"}"#;

#[test]
fn every_native_fact_is_accepted() {
    let mut seen = 0;
    claims(LINE, |claim, cutter| {
        seen += 1;
        for &fact in Fact::ALL.iter().filter(|fact| fact.is_native()) {
            let line = &claim.lines[0];
            let text = claim.text(fact, if fact.level() == crate::claim::Level::Claim { 0 } else { 1 }, 0);
            assert!(text.is_present(), "{fact} is not read");
            let place = cutter.place(text.span());
            let list = matches!(
                fact,
                Fact::Modifiers | Fact::DiagnosisCodes | Fact::DiagnosisPointers | Fact::RelatedCauses
            );
            assert_eq!(place.element, format!("/{fact}{}", if list { "/0" } else { "" }));
            assert_eq!((place.number, place.segment.as_str()), (1, ""));
            let (start, end) = (text.span().offset as usize, text.span().end() as usize);
            if fact != Fact::Note {
                assert_eq!(text.bytes(), &LINE.as_bytes()[start..end], "{fact}");
            }
            assert_eq!(line.span, Span::new(0, LINE.len() as u32));
        }
    });
    assert_eq!(seen, 1);
    for fact in Fact::ALL.iter().filter(|fact| fact.is_native()) {
        assert!(LINE.contains(&format!("\"{fact}\":")), "{fact} is missing above");
    }
    assert_eq!(notes(LINE).summary.unknown_fields, []);
}

#[test]
fn values_mean_what_they_say() {
    claims(LINE, |claim, _| {
        let line = &claim.lines[0];
        assert_eq!(line.code().as_str(), "97124");
        assert!(line.modifier_set().has("59"));
        assert_eq!(line.units.value.and_then(|units| units.as_whole()), Some(2));
        assert_eq!((line.charge.value, claim.charge.value), (Some(Cents(9050)), Some(Cents(9050))));
        assert_eq!(line.service_date.value, line.service_date_end.value);
        assert_eq!(line.minutes.value, Some(25));
        assert_eq!(line.minutes_source, MinutesSource::Field);
        assert_eq!(claim.notes[0].text.bytes(), b"tissue \"work\"");
        let linked: Vec<_> = claim.linked_diagnoses(line).map(|one| one.code.str()).collect();
        assert_eq!(linked, ["M25.561", "M54.50"]);
        assert!(claim.rendering(1).is_some_and(|one| one.taxonomy == "225100000X"));
        assert!(claim.patient_key().is_some());
    });
    claims(
        r#"{"units":"1e2","charge_amount":1e2,"minutes":25.5,"service_date":"03/03/2025","visit":null}"#,
        |claim, _| {
            let line = &claim.lines[0];
            assert!(line.units.is_unreadable() && line.charge.is_unreadable());
            assert!(line.minutes.is_unreadable() && line.service_date.is_unreadable());
            assert!(line.visit.is_absent());
        },
    );
}

#[test]
fn all_forms_read_alike() {
    let lines = [
        r#"{"claim_id":"A","payer":"medicare","procedure_code":"97110","units":1}"#,
        r#"{"claim_id":"A","payer":"medicare","procedure_code":"97112","units":2}"#,
        r#"{"claim_id":"B","procedure_code":"97124"}"#,
        r#"{"procedure_code":"97140"}"#,
        r#"{"procedure_code":"97140"}"#,
    ];
    let nested = r#"{"claims":[{"claim_id":"A","payer":"medicare","lines":[{"procedure_code":"97110","units":1},
        {"procedure_code":"97112","units":2}]},{"claim_id":"B","lines":[{"procedure_code":"97124"}]},
        {"lines":[{"procedure_code":"97140"}]},{"procedure_code":"97140"}]}"#;
    let forms = [
        lines.join("\n"),
        format!("\u{FEFF}\n\n{}\r\n\r\n", lines.join("\r\n \r\n")),
        format!("[{}]", lines.join(",")),
        format!("[\n  {}\n]\n", lines.join(",\n  ").replace(',', " ,\n")),
        lines.join("\n").replace("{", "{\n").replace(",", ",\n  "),
        nested.to_owned(),
        nested.replace("{\"claims\"", "{\"version\": 1, \"claims\""),
    ];
    for form in forms {
        let mut seen = vec![];
        claims(&form, |claim, cutter| {
            let lines: Vec<_> = claim
                .lines
                .iter()
                .map(|line| {
                    let span = line.procedure_code.span();
                    assert_eq!(
                        &form.as_bytes()[span.offset as usize..span.end() as usize],
                        line.procedure_code.bytes()
                    );
                    let before =
                        form.as_bytes()[..span.offset as usize].iter().filter(|byte| **byte == b'\n');
                    assert_eq!(cutter.place(span).number, before.count() as u64 + 1);
                    (line.code().to_string(), line.units.text.str().to_owned())
                })
                .collect();
            seen.push(format!("{} {} {lines:?}", claim.id.str(), claim.payer.profile.str()));
        });
        assert_eq!(
            seen,
            [
                r#"A medicare [("97110", "1"), ("97112", "2")]"#,
                r#"B  [("97124", "")]"#,
                r#"  [("97140", "")]"#,
                r#"  [("97140", "")]"#
            ],
            "{form}"
        );
        assert_eq!(notes(&form).summary.lines, 5);
        assert_eq!(notes(&form).summary.claim_ids.len(), 2);
    }
}

#[test]
fn later_lines_add_what_the_claim_does_not_have() {
    let text = r#"{"claim_id":"1","diagnosis_codes":["M54.50","M54.2"],"diagnosis_pointers":[1],"rendering_npi":"1","state":"AL","prior_authorization":"P"}
{"claim_id":"1","diagnosis_codes":["M542"],"rendering_npi":"1","state":"AL","prior_authorization":"P"}
{"claim_id":"1","diagnosis_codes":["R52","M54.50"],"diagnosis_pointers":[1,2,3,0],"rendering_npi":"2","state":"GA","prior_authorization":"Q"}
{"claim_id":"1","rendering_npi":"1"}"#;
    let mut seen = false;
    claims(text, |claim, _| {
        seen = true;
        let codes: Vec<_> = claim.diagnoses.iter().map(|one| one.code.str()).collect();
        assert_eq!(codes, ["M54.50", "M54.2", "R52"]);
        let places: Vec<Vec<u8>> = claim
            .lines
            .iter()
            .map(|line| line.pointers.iter().filter_map(|one| one.value).collect())
            .collect();
        assert_eq!(places, [vec![1], vec![2], vec![3, 1, 255, 0], vec![]]);
        let rendering: Vec<_> = (1..5).map(|line| claim.rendering(line).unwrap().npi.str()).collect();
        assert_eq!(rendering, ["1", "1", "2", "1"]);
        let states: Vec<_> = (1..5).map(|line| claim.service_facility(line).unwrap().state.str()).collect();
        assert_eq!(states, ["AL", "AL", "GA", "AL"]);
        assert_eq!(claim.reference("G1", 2).unwrap().value.str(), "P");
        assert_eq!(claim.reference("G1", 3).unwrap().value.str(), "Q");
        assert_eq!(claim.providers.iter().filter(|one| one.role == Role::Billing).count(), 1);
    });
    assert!(seen);
}

#[test]
fn a_claim_object_speaks_for_its_lines() {
    let text = r#"{"claim_id":"1","note":"whole","service_date":"2025-03-03","rendering_npi":"1","place_of_service":"11",
"diagnosis_codes":["M54.50"],"lines":[{"procedure_code":"97110","rendering_npi":"2"},{"procedure_code":"97112","note":"own"}]}"#;
    claims(text, |claim, _| {
        assert_eq!(claim.rendering(1).unwrap().npi.str(), "2");
        assert_eq!(claim.rendering(2).unwrap().npi.str(), "1");
        assert!(claim.lines.iter().all(|line| line.service_date.value.is_some()));
        assert!(claim.lines.iter().all(|line| claim.linked_diagnoses(line).count() == 1));
        let notes: Vec<_> = claim.notes.iter().map(|note| (note.line, note.text.str())).collect();
        assert_eq!(notes, [(0, "whole"), (2, "own")]);
        assert_eq!(claim.place_of_service.str(), "11");
    });
}

#[test]
fn minutes_in_a_note_are_a_weak_fact() {
    let lines = [
        (r#"{"note":"STM 25 MIN"}"#, Some(25), "25", MinutesSource::Note),
        (r#"{"note":"\"STM\" 25 MIN"}"#, Some(25), "\\\"", MinutesSource::Note),
        (r#"{"note":"STM 25 MIN","minutes":20}"#, Some(20), "20", MinutesSource::Field),
        (r#"{"note":"STM"}"#, None, "", MinutesSource::Unknown),
    ];
    for (text, minutes, at, source) in lines {
        claims(text, |claim, _| {
            let line = &claim.lines[0];
            assert_eq!((line.minutes.value, line.minutes_source), (minutes, source));
            let span = line.minutes.text.span();
            assert_eq!(&text[span.offset as usize..span.end() as usize], at);
        });
    }
}

/// Where the claims of a unit stand, and where their units do.
#[derive(Default)]
struct Spots(Vec<(Span, Vec<Place>)>);

impl ClaimSink for Spots {
    fn claim(&mut self, claim: &Claim<'_>, cutter: &dyn Cutter) {
        let places = claim.lines.iter().map(|line| cutter.place(line.units.text.span())).collect();
        self.0.push((claim.span, places));
    }
    fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
        assert_eq!(fault.name, "json-missing", "{fault:?}");
    }
}

#[test]
fn a_claim_read_again_stands_where_it_stood() {
    let lines: Vec<_> = (0..40).map(|n| format!("{{\"claim_id\":{},\"units\":{n}}}", n / 3)).collect();
    let nested = |n: u32| format!("{{\"claim_id\":{n},\"lines\":[{{\"units\":1}},\n{{\"units\":2}}]}}");
    let nested: Vec<_> = (0..20).map(nested).collect();
    for text in [
        lines.join("\n"),
        format!("[{}]", lines.join(",\n ")),
        format!("{{\"claims\":[{}]}}", nested.join(",\n")),
        nested.join("\n").replace("{\"claim_id", "{\n\"claim_id"),
    ] {
        for unit in JsonCutter::new(text.as_bytes(), 0, 200) {
            let unit = unit.unwrap();
            let mut spots = Spots::default();
            read(&unit, &mut spots);
            for (span, places) in spots.0 {
                let mut again = Spots::default();
                read(&narrow(unit.clone(), span), &mut again);
                assert_eq!(again.0, [(span, places)]);
            }
        }
    }
}

#[test]
fn an_id_that_comes_back_is_two_claims() {
    let text = "{\"claim_id\":1}\n{\"claim_id\":2}\n{\"claim_id\":1}\n";
    let ids = notes(text).summary.claim_ids;
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], ids[2]);
}

/// Pieces that make broken and whole JSON of every layout.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "{\"claim_id\":\"1\",\"units\":1}",
        "{\"claim_id\":2,\"diagnosis_codes\":[\"R52\"],\"note\":\"a\\nb\"}",
        "{\"units\":\"x\",\"payer\":[]}",
        "{\"claim_id\":\"1\",\"lines\":[{\"units\":1},{}]}",
        "{\"claims\":[",
        "\n",
        "\n",
        "\n",
        ",",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "\\",
        " ",
        "\r\n",
        "\u{FEFF}",
        "é",
        "null",
        "7",
        "\"units\":",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #[test]
    fn any_bytes_are_read_alike_in_any_units(bytes in prop_oneof![
        pieces(),
        prop::collection::vec(any::<u8>(), 0..200),
        (pieces(), any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut bytes, at, byte)| {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] = byte;
            }
            bytes
        }),
    ], target in 1_usize..100) {
        let whole = read_in_units_of(&bytes, MOST_BYTES);
        prop_assert_eq!(read_in_units_of(&bytes, target), whole);
    }
}

/// One number on the lines of several claims: an account number, or the claim to the second payer.
#[test]
fn lines_of_one_number_are_of_as_many_claims_as_they_say() {
    let lines = |lines: &[&str]| -> Vec<usize> {
        let text: String = lines
            .iter()
            .map(|facts| format!("{{\"claim_id\":\"A\",\"procedure_code\":\"97110\",{facts}}}\n"))
            .collect();
        let mut counts = Vec::new();
        claims(&text, |claim, _| counts.push(claim.lines.len()));
        counts
    };
    let [monday, friday] = ["\"service_date\":\"2025-03-03\"", "\"service_date\":\"2025-03-07\""];
    let on = |day: &str, facts: &str| format!("{day},{facts}");
    const FULL: &str = "\"charge_amount\":60,\"claim_charge_amount\":60";
    const HALF: &str = "\"charge_amount\":60,\"claim_charge_amount\":120";
    for (one, other, expected) in [
        ("\"patient_id\":\"P\"", "\"patient_id\":\"Q\"", vec![1, 1]),
        ("\"patient_id\":\"P\"", "\"patient_id\":\"\\u0050\"", vec![2]),
        ("\"patient_id\":\"P\"", "\"patient_id\":\"p \"", vec![2]),
        ("\"patient_id\":\"P\"", "\"units\":1", vec![2]),
        ("\"units\":1", "\"patient_id\":\"P\"", vec![2]),
        ("\"payer_id\":\"1\"", "\"payer_id\":\"2\"", vec![1, 1]),
        ("\"payer_responsibility\":\"P\"", "\"payer_responsibility\":\"S\"", vec![1, 1]),
        ("\"claim_frequency\":\"7\"", "\"claim_frequency\":\"7\"", vec![2]),
        ("\"units\":1", "\"claim_frequency\":\"1\"", vec![2]),
        ("\"units\":1", "\"claim_frequency\":\"8\"", vec![1, 1]),
        ("\"line_number\":1", "\"line_number\":2", vec![2]),
        ("\"line_number\":2", "\"line_number\":1", vec![2]),
        ("\"line_number\":1", "\"line_number\":1", vec![2]),
        (&on(monday, "\"line_number\":1"), &on(friday, "\"line_number\":1"), vec![1, 1]),
        (&on(monday, "\"line_number\":1"), &on(monday, "\"line_number\":1"), vec![2]),
        (&on(monday, "\"line_number\":1"), &on(friday, "\"line_number\":2"), vec![2]),
        (monday, friday, vec![2]),
        (&on(monday, "\"line_number\":2"), &on(friday, "\"line_number\":1"), vec![2]),
        (&on(monday, FULL), &on(friday, FULL), vec![1, 1]),
        (&on(monday, FULL), &on(monday, FULL), vec![2]),
        (&on(monday, HALF), &on(friday, HALF), vec![2]),
        (&on(monday, "\"claim_charge_amount\":1"), &on(friday, "\"claim_charge_amount\":2"), vec![1, 1]),
        (&on(monday, "\"claim_charge_amount\":1"), &on(friday, "\"claim_charge_amount\":\"1.00\""), vec![2]),
    ] {
        assert_eq!(lines(&[one, other]), expected, "{one} then {other}");
    }
    let numbered = |numbers: &[u32]| {
        let facts: Vec<String> = numbers.iter().map(|number| format!("\"line_number\":{number}")).collect();
        lines(&facts.iter().map(String::as_str).collect::<Vec<_>>())
    };
    assert_eq!(numbered(&[1, 2, 1, 2, 3]), [2, 3]);
    assert_eq!(numbered(&[3, 2, 1]), [3], "an export in another order");
}
