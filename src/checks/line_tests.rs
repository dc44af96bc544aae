//! The acceptance scenarios of single lines, at the level of checks.

use super::tests::*;
use super::*;
use crate::claim::*;
use crate::reference::Reference as Tables;
use crate::rules::{DiagnosisFault, ProviderFault};

#[test]
fn scenario_22_nonspecific_mislinked_and_excluded() {
    let nonspecific = Check::Diagnosis(DiagnosisFault::NonspecificOnly);
    let mislinked = Check::Diagnosis(DiagnosisFault::Mislinked);
    let conflict = Check::Diagnosis(DiagnosisFault::Conflict {
        code: "R52".to_owned(),
        with: ["M54", "M255", "M796", "G89"].map(str::to_owned).to_vec(),
    });
    let at = |check: &Check, claim: &Claim<'_>| on_lines(check, &medicare(), claim).0;

    let alone = claim(&["R52"], "225100000X", &[("97124", "GP", &[1])]);
    assert_eq!(at(&nonspecific, &alone), [(1, "")]);
    assert_eq!((at(&mislinked, &alone), at(&conflict, &alone)), (vec![], vec![]));

    let past = claim(&["R52", "M54.50"], "225100000X", &[("97124", "GP", &[1]), ("97110", "GP", &[2])]);
    assert_eq!(at(&nonspecific, &past), []);
    assert_eq!(at(&mislinked, &past), [(1, "")]);
    assert_eq!(at(&conflict, &past), [(0, "")]);
    let takes = &on_lines(&conflict, &medicare(), &past).1.hits[0].takes;
    assert_eq!(*takes, Takes::Lines(vec![LineRef { claim: 4, line: 1 }]));

    let no_pointer = claim(&["R52"], "", &[("97124", "GP", &[])]);
    let (hits, out) = on_lines(&nonspecific, &medicare(), &no_pointer);
    assert_eq!((hits, out.lacks[0][Lack::Pointers as usize]), (vec![], 1));
    let no_diagnosis = claim(&[], "", &[("97124", "GP", &[1])]);
    assert_eq!(on_lines(&nonspecific, &medicare(), &no_diagnosis).1.lacks[0][Lack::Diagnosis as usize], 1);
}

#[test]
fn scenario_24_types_of_provider() {
    let recognized = Check::ProviderType(ProviderFault::NotRecognized);
    let scope = Check::ProviderType(ProviderFault::ChiropractorScope);
    for (taxonomy, code, modifier, expected, out_of_scope) in [
        ("225700000X", "97124", "GP", &[(1, "")][..], &[][..]),
        ("111N00000X", "97124", "GP", &[], &[(1, "")]),
        ("111N00000X", "97124", "GY", &[], &[]),
        ("111N00000X", "98941", "AT", &[], &[]),
        ("225100000X", "97124", "GP", &[], &[]),
        ("225200000X", "97124", "GP", &[], &[]),
        ("225100000X", "99213", "", &[(1, "evaluation")], &[]),
        ("", "97124", "GP", &[(1, "no-taxonomy")], &[]),
    ] {
        let claim = claim(&["M5450"], taxonomy, &[(code, modifier, &[1])]);
        assert_eq!(on_lines(&recognized, &medicare(), &claim).0, expected, "{taxonomy} {code}");
        assert_eq!(on_lines(&scope, &medicare(), &claim).0, out_of_scope, "{taxonomy} {code} {modifier}");
        let elsewhere: Vec<_> = if code == "99213" { vec![(1, "evaluation-elsewhere")] } else { vec![] };
        assert_eq!(on_lines(&recognized, &commercial(), &claim).0, elsewhere);
        assert_eq!(on_lines(&scope, &commercial(), &claim).0, []);
    }
    let twice = claim(&["M5450"], "", &[("99213", "", &[1]), ("97124", "GP", &[1]), ("97110", "GP", &[1])]);
    assert_eq!(on_lines(&recognized, &medicare(), &twice).0, [(2, "no-taxonomy")], "once, on a therapy line");
}

#[test]
fn intervals_of_one_line() {
    let stated = |minutes: Option<u16>, start: u16, end: u16| {
        let mut claim = claim(&["M5450"], "225100000X", &[("97124", "GP", &[1])]);
        let line = &mut claim.lines[0];
        line.minutes.value = minutes;
        line.minutes_source = if minutes.is_some() { MinutesSource::Field } else { MinutesSource::Unknown };
        line.start.value = Some(TimeOfDay(start));
        line.end.value = Some(TimeOfDay(end));
        claim
    };
    for (minutes, start, end, expected) in [
        (Some(15), 540, 555, None),
        (Some(16), 540, 555, Some("")),
        (Some(14), 540, 555, Some("shorter")),
        (Some(15), 1430, 5, None),
        (Some(14), 1430, 5, Some("inverted")),
        (None, 555, 540, Some("inverted")),
        (None, 540, 555, None),
    ] {
        let expected: Vec<_> = expected.into_iter().map(|outcome| (1, outcome)).collect();
        let claim = stated(minutes, start, end);
        assert_eq!(on_lines(&Check::Interval, &medicare(), &claim).0, expected, "{minutes:?} {start} {end}");
    }
}

#[test]
fn regions_by_who_says_so() {
    let tables = Tables::builtin();
    let mut claim = claim(&["M25561"], "225100000X", &[("97124", "RT", &[1])]);
    let resolved = |claim: &Claim<'_>| region::resolve(claim, &claim.lines[0], &tables);
    let knee = Regions::named("knee_lowerleg").unwrap();
    let right = Sides::NONE.with(Side::Right);
    assert_eq!(resolved(&claim), Resolved { regions: knee, sides: right, source: RegionSource::Diagnosis });
    claim.notes.push(Note { line: 1, kind: Text::ABSENT, text: Text::new(b"STM to left calf", 1) });
    assert_eq!(resolved(&claim).source, RegionSource::Note);
    assert_eq!(resolved(&claim).sides, Sides::NONE.with(Side::Left));
    claim.lines[0].region = Text::new(b"neck", 1);
    assert_eq!(resolved(&claim).source, RegionSource::Explicit);
    assert!(resolved(&claim).is_known());
    claim.lines[0].region = Text::ABSENT;
    claim.notes.clear();
    claim.diagnoses.clear();
    assert_eq!(
        resolved(&claim),
        Resolved { regions: Regions::NONE, sides: right, source: RegionSource::Modifier }
    );
}
