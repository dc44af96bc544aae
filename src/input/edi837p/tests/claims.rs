use super::*;
use crate::claim::{Cents, Date, Discipline, MinutesSource, Role, Text, Units};

fn all(text: &str) -> (UnitSummary, Vec<(u32, Fault)>, Vec<String>) {
    let mut claims = Vec::new();
    let (summary, faults) = read_whole(text, |claim, _| claims.push(describe(claim)));
    (summary, faults, claims)
}

fn says(text: Text<'_>, expected: &str) {
    assert_eq!(text.str(), expected);
    let at = text.span().offset as usize;
    assert_eq!(&DAY[at..at + expected.len()], expected, "its place");
}

#[test]
fn a_service_that_came_back_says_what_it_says_when_read_anew() {
    // The same letters in claims of one interchange, in one whose components are separated otherwise, with and without
    // what stands between LX and SV1, and among more services than are kept.
    let again = |text: &str| {
        let (start, end) = (text.find("HL*2*").expect("a subscriber"), text.find("SE*").expect("an end"));
        [&text[..start], &text[start..end].repeat(3), &text[end..]].concat()
    };
    let day = again(DAY);
    let other = day.replacen("*T*:~", "*T*>~", 1);
    let between = day.replace("SV1*", "DTP*472*D8*20250303~\nREF*6R*EARLY~\nSV1*");
    let line = |charge| format!("LX*{charge}~\nSV1*HC:97124:GP*{charge}*UN*1***1~\n");
    let lines: String = (1..=700).map(line).collect();
    let long = again(&DAY.replacen("LX*1~\n", &(lines + "LX*1~\n"), 1));
    let text = [day, other, between, long].concat();
    let read = |guide| {
        let mut claims = Vec::new();
        let claim = |claim: &Claim<'_>, _: &dyn Cutter| claims.push(describe(claim));
        super::super::read(&whole(text.as_bytes()), guide, &mut Each { claim, faults: Vec::new() });
        claims
    };
    let remembered = read(GuideCheck::On);
    assert!(remembered.len() > 20);
    assert_eq!(remembered, read(GuideCheck::Off));
}

#[test]
fn a_day_is_read_whole() {
    let (summary, faults, claims) = all(DAY);
    assert_eq!((summary.claims, summary.lines, summary.institutional, summary.dental), (3, 3, 1, 0));
    assert_eq!(faults, []);
    assert_eq!(claims.len(), 3);
}

#[test]
fn everything_a_claim_says() {
    let mut seen = 0;
    read_whole(DAY, |claim, _| {
        seen += 1;
        if claim.ordinal != 1 {
            return;
        }
        says(claim.id, "HT-1001");
        assert_eq!(claim.charge.value, Some(Cents(18550)));
        says(claim.place_of_service, "11");
        says(claim.frequency, "1");
        says(claim.assignment, "A");
        says(claim.signature_source, "P");
        says(claim.related_causes[0], "AA");
        assert!(claim.related_causes[1].is_absent());
        says(claim.delay_reason, "7");
        says(claim.spinal_condition, "A");
        assert!(claim.has_attachments);
        says(claim.submission.control_number, "0001");
        says(claim.submission.guide, "005010X222A1");
        says(claim.submission.purpose, "CH");
        says(claim.submission.usage, "T");
        says(claim.submission.submitter_id, "SUB01");
        says(claim.submission.receiver_id, "CLR01");
        says(claim.payer.filing_indicator, "MB");
        says(claim.payer.id, "10212");
        says(claim.payer.name, "MEDICARE PART B");
        says(claim.payer.responsibility, "P");
        says(claim.payer.insurance_type, "MB");
        says(claim.subscriber.last_name, "QUILL");
        says(claim.subscriber.first_name, "TAMSIN");
        says(claim.subscriber.member_id, "1EG4TE5MK73");
        says(claim.subscriber.relationship, "18");
        says(claim.subscriber.zip, "30340");
        assert_eq!(claim.subscriber.birth_date.value, Some(Date::constant(1948, 2, 12)));
        assert!(claim.patient.is_none());
        let codes: Vec<&str> = claim.diagnoses.iter().map(|one| one.code.str()).collect();
        assert_eq!(codes, ["M5450", "R52", "M25.561"]);
        assert_eq!(claim.reference("G1", 1).map(|one| one.value.str()), Some("AUTH55"));
        assert_eq!(claim.reference("EA", 0).map(|one| one.value.str()), Some("MRN-77"));
        assert!(claim.reference("F8", 0).is_none() && claim.reference("0B", 0).is_none());
        assert_eq!(claim.date("454", 2).and_then(|one| one.date.value), Some(Date::constant(2025, 2, 3)));
        assert_eq!(claim.date("439", 0).and_then(|one| one.date.value), Some(Date::constant(2025, 1, 1)));
        assert_eq!(claim.dates.len(), 2);
        let notes: Vec<(u16, &str)> = claim.notes.iter().map(|note| (note.line, note.kind.str())).collect();
        assert_eq!(notes, [(0, "K3"), (0, "ADD"), (1, "ADD"), (2, "ADD"), (2, "TPO")]);
    });
    assert_eq!(seen, 3);
}

#[test]
fn who_is_who_line_over_claim() {
    read_whole(DAY, |claim, _| {
        if claim.ordinal != 1 {
            return;
        }
        let billing = claim.billing().expect("billing");
        says(billing.npi, "1234567893");
        says(billing.taxonomy, "261QP2000X");
        says(billing.entity_type, "2");
        says(billing.zip, "303400001");
        assert_eq!(claim.provider(Role::PayTo, 0).map(|one| one.zip.str()), Some("30030"));
        assert_eq!(claim.provider(Role::Referring, 2).map(|one| one.npi.str()), Some("1234567893"));
        assert_eq!(claim.service_facility(1).map(|one| one.zip.str()), Some("30601"));
        assert_eq!(claim.provider(Role::Ordering, 2).map(|one| one.npi.str()), Some("1467560003"));
        let one = claim.rendering(1).expect("rendering");
        assert_eq!((one.npi.str(), one.taxonomy.str(), one.line), ("1821086789", "225700000X", 1));
        let two = claim.rendering(2).expect("rendering");
        assert_eq!((two.npi.str(), two.taxonomy.str(), two.line), ("1932179120", "225100000X", 0));
        let renderings = claim.providers.iter().filter(|one| one.role == Role::Rendering).count();
        assert_eq!(renderings, 2, "the other payer's is not the claim's");
    });
}

#[test]
fn everything_a_line_says() {
    read_whole(DAY, |claim, _| {
        if claim.ordinal != 1 {
            return;
        }
        let [one, two] = claim.lines.as_slice() else { panic!("two lines") };
        says(one.assigned_number, "1");
        says(one.procedure_qualifier, "HC");
        says(one.procedure_code, "97124");
        says(one.modifiers[0], "GP");
        says(one.modifiers[1], "59");
        assert!(one.modifiers[2].is_absent() && one.modifiers[2].span().offset > 0);
        assert_eq!((one.charge.value, one.units.value), (Some(Cents(9000)), Some(Units::whole(2))));
        says(one.unit_basis, "UN");
        says(claim.place_of_service(one), "12");
        says(claim.place_of_service(two), "11");
        assert_eq!(one.pointers.map(|pointer| pointer.value), [Some(1), Some(3), None, None]);
        says(one.emergency, "Y");
        says(one.control_number, "LINE-1");
        assert_eq!(one.service_date.value, Some(Date::constant(2025, 3, 3)));
        assert!(one.service_date_end.text.is_absent());
        assert_eq!(two.service_date.value, Some(Date::constant(2025, 3, 3)));
        assert_eq!(two.service_date_end.value, Some(Date::constant(2025, 3, 4)));
        assert_eq!((one.minutes.value, one.minutes_source), (Some(25), MinutesSource::Note));
        says(one.minutes.text, "25");
        assert_eq!((two.minutes.value, two.minutes_source), (None, MinutesSource::Unknown));
        assert_eq!(claim.reference("9F", 1).map(|one| one.payer_id.str()), Some("99999"));
        assert!(claim.reference("XZ", 2).is_none());
        assert_eq!(claim.discipline(one), Discipline::PhysicalTherapy);
        let text = |span: crate::claim::Span| &DAY[span.offset as usize..span.end() as usize];
        assert!(text(one.span).starts_with("LX*1~") && text(one.span).ends_with("DTP*573*D8*20250305"));
        assert!(text(two.span).starts_with("LX*2~") && text(two.span).ends_with("FRM*1A**TEXT"));
        assert!(text(claim.span).starts_with("CLM*HT-1001") && text(claim.span).ends_with("FRM*1A**TEXT"));
    });
}

#[test]
fn a_patient_is_the_same_however_the_name_is_typed() {
    let keys = |text: &str| {
        let mut keys = Vec::new();
        read_whole(text, |claim, _| keys.push((claim.patient_key(), claim.person_key())));
        keys
    };
    assert!(DAY.contains("TAMSIN") && DAY.contains("PIPPA"));
    assert_eq!(keys(DAY), keys(&DAY.replace("TAMSIN", "Tamsin ").replace("PIPPA", "pippa")));
    assert_ne!(keys(DAY), keys(&DAY.replace("TAMSIN", "TAMSON")));
}

#[test]
fn the_patient_is_not_the_subscriber() {
    let mut seen = Vec::new();
    read_whole(DAY, |claim, _| {
        let patient = claim.patient.map(|one| (one.first_name.str(), one.relationship.str(), one.zip.str()));
        seen.push(format!("{} {patient:?} {}", claim.id.str(), claim.subscriber.first_name.str()));
        if claim.id == "HT-1002" {
            assert_eq!(claim.lines.len(), 1, "a line without LX");
            assert!(claim.patient_key().is_some());
            assert!(claim.billing().is_some() && claim.provider(Role::Rendering, 0).is_none());
        }
    });
    assert_eq!(
        seen,
        [
            "HT-1001 None TAMSIN",
            "HT-1002 Some((\"PIPPA\", \"19\", \"30030\")) OSRIC",
            "HT-1004 Some((\"PIPPA\", \"19\", \"30030\")) OSRIC"
        ]
    );
}

#[test]
fn files_without_hl_still_give_their_claims() {
    let text: String = DAY
        .lines()
        .filter(|line| !line.starts_with("HL*"))
        .fold(String::new(), |text, line| text + line + "\n");
    let mut seen = Vec::new();
    read_whole(&text, |claim, _| {
        seen.push((claim.subscriber.first_name.str().to_owned(), claim.billing().is_some()));
    });
    assert_eq!(seen.first(), Some(&("TAMSIN".to_owned(), true)));
    assert_eq!(seen.len(), 3);
}

#[test]
fn a_new_subscriber_forgets_the_one_before() {
    let text = DAY
        .replace("NM1*IL*1*VANE*OSRIC****MI*W100200~\n", "")
        .replace("NM1*PR*2*ACME HEALTH*****PI*60054~\n", "");
    let mut seen = 0;
    read_whole(&text, |claim, _| {
        if claim.id == "HT-1002" {
            assert!(claim.subscriber.member_id.is_absent() && claim.payer.id.is_absent());
            seen += 1;
        }
    });
    assert_eq!(seen, 1);
}

#[test]
fn junk_is_a_fault_and_reading_goes_on() {
    let text =
        DAY.replace("K3*FREE", "k3*FREE").replace("LX*2~", "*2~").replace("HI*ABK:M542~\nSV1", "HIJKL~\nSV1");
    let (summary, faults, _) = all(&text);
    assert_eq!((summary.claims, summary.lines), (3, 3));
    let seen: Vec<(u32, &str, u32)> =
        faults.iter().map(|(claim, fault)| (*claim, fault.name, fault.span.length)).collect();
    assert_eq!(seen, [(1, "segment-id", 2), (1, "segment-id", 0), (2, "segment-id", 5)]);
}

#[test]
fn other_versions_and_other_transactions_give_no_claims() {
    for (from, to) in [("005010X222A1", "004010X098A1"), ("ST*837", "ST*835"), ("GS*HC", "GS*HP")] {
        let text = DAY.replace(from, to);
        if from == "GS*HC" {
            // The transaction set says 837 all the same, and it is nearer.
            assert_eq!(all(&text).0.claims, 3);
        } else {
            assert_eq!(all(&text).0.claims, 0, "{to}");
        }
    }
}

#[test]
fn a_claim_can_be_read_again_alone() {
    let mut spans = Vec::new();
    read_whole(DAY, |claim, cutter| {
        spans.push((claim.span, cutter.place(claim.span).number, describe(claim)))
    });
    let delimiters = crate::x12::interchange(DAY.as_bytes()).expect("an ISA").delimiters;
    for (span, number, first) in spans {
        let bytes = DAY.as_bytes()[span.offset as usize..span.end() as usize].to_vec();
        let mut again = String::new();
        let mut sink = Each {
            claim: |claim: &Claim<'_>, cutter: &dyn Cutter| {
                assert_eq!(cutter.place(claim.id.span()).number, number);
                again = format!("{:#?}", claim.lines);
            },
            faults: Vec::new(),
        };
        crate::input::edi837p::reread(0, bytes, span.offset, number, delimiters, &mut sink);
        assert!(!again.is_empty() && indent_free(&first).contains(&indent_free(&again)));
    }
}

fn indent_free(text: &str) -> String {
    text.lines().map(str::trim).filter(|line| *line != "]" && *line != "],").collect()
}
