use std::io::Cursor;

use super::*;
use crate::input::edi837p::{EnvelopeChecker, GuideCheck, Verdict, read};
use crate::x12::X12Cutter;

/// Everything that reading a file gives, in order, whatever units it was cut into.
fn reading(units: impl Iterator<Item = Unit>) -> (Vec<String>, Verdict) {
    let mut checker = EnvelopeChecker::new();
    let mut seen = Vec::new();
    let (mut before, mut all_faults) = (0, Vec::new());
    for unit in units {
        let mut sink = Each {
            claim: |claim: &Claim<'_>, cutter: &dyn Cutter| {
                let windows = cutter.segments(claim.span);
                let place = cutter.place(claim.charge.text.span());
                let payer = cutter.place(claim.payer.id.span());
                seen.push(format!("{} {place:?} {payer:?} {windows:?}", describe(claim)));
            },
            faults: Vec::new(),
        };
        let summary = read(&unit, GuideCheck::On, &mut sink);
        all_faults.extend(sink.faults.into_iter().map(|(claim, mut fault)| {
            // It counts from where the unit was cut, until the engine counts from ST.
            fault.spot.iter_mut().for_each(|spot| spot.position = 0);
            format!("{} {fault:?}", if claim == 0 { 0 } else { claim + before })
        }));
        before += summary.claims;
        checker.unit(&summary, &mut |fault, cutter| {
            all_faults.push(format!("{fault:?} {:?}", cutter.place(fault.span)));
        });
    }
    let verdict = checker.finish(&mut |fault, cutter| {
        all_faults.push(format!("{fault:?} {:?}", cutter.place(fault.span)));
    });
    all_faults.sort();
    seen.extend(all_faults);
    (seen, verdict)
}

fn cut(text: &[u8], target: usize) -> impl Iterator<Item = Unit> {
    X12Cutter::new(Cursor::new(text.to_vec()), 0, target)
        .map(|unit| unit.expect("reading memory cannot fail"))
}

/// Files with whatever may stand in one: two interchanges with their own separators, no HL, junk, nothing at all.
fn samples() -> Vec<Vec<u8>> {
    let other = DAY.replace('~', "'").replace('*', "|").replace(':', ">").replace('\n', "");
    let no_hl: String = DAY.lines().filter(|line| !line.starts_with("HL*")).collect();
    let lines = DAY.replace('~', "");
    let junk = DAY.replace("LX*1~", "LX*1~~ ~oops~").replace("SBR*P**GRP88", "SBR~HL*9*9*77~SBR*P**GRP88");
    let headless = DAY.split_once('\n').map_or("", |(_, rest)| rest).to_owned();
    let unpadded = DAY.replacen("          ", "", 2);
    let missing = DAY.replace("SE*93*0001~\n", "").replace("ST*837*0001*005010X222A1~\n", "");
    // Groups behind others that are not held to the guide, each with something wrong in its GS.
    let (isa, rest) = DAY.split_once('\n').unwrap_or_default();
    let (group, iea) = rest.split_at(rest.find("IEA*").unwrap_or(0));
    let marred = group.replace("GS*HC*", "GS*ZZZZ*");
    let foreign = marred.replace("X222A1", "X223A2");
    let groups = format!("{isa}\n{foreign}{foreign}{foreign}{marred}{foreign}{iea}");
    [
        DAY.to_owned(),
        groups,
        format!("\u{feff}{DAY}{other}\r\n{DAY}"),
        no_hl,
        lines.clone(),
        lines.replace('\n', "\r\n"),
        junk,
        headless,
        unpadded,
        missing,
        format!("{DAY}{DAY}").replace("SE*93", "SE*92"),
        String::new(),
    ]
    .map(String::into_bytes)
    .into()
}

#[test]
fn any_unit_size_gives_the_same() {
    for (index, sample) in samples().iter().enumerate() {
        let (expected, verdict) = reading(std::iter::once(whole(sample)));
        if index < 9 {
            assert!(expected.iter().any(|one| one.contains("HT-1001")), "sample {index}");
        }
        for target in [1, 64, 100, 333, 1000, 4096, 1 << 20] {
            let (seen, same) = reading(cut(sample, target));
            assert_eq!(same, verdict, "sample {index}, target {target}");
            assert_eq!(seen.len(), expected.len(), "sample {index}, target {target}");
            for (one, other) in seen.iter().zip(&expected) {
                assert_eq!(one, other, "sample {index}, target {target}");
            }
        }
    }
}

#[test]
fn what_is_too_long_is_passed_over_at_any_unit_size() {
    let words = "X".repeat(5 << 20);
    let long_segment = DAY.replace("FREE WORDS", &words);
    let long_header = DAY.replace("NM1*IL*1*VANE*OSRIC", &format!("NM1*IL*1*{words}"));
    let note = format!("NTE*ADD*{}~\n", "Y".repeat(9000));
    let long_claim = DAY.replace("NTE*TPO*12 MIN~\n", &note.repeat(2000));
    for (text, name, claims) in [
        (long_segment, "segment-too-long", 2),
        (long_header, "segment-too-long", 3),
        (long_claim, "claim-too-long", 2),
    ] {
        let names = |seen: &[String]| seen.iter().filter(|one| one.contains(name)).count();
        let (expected, _) = reading(std::iter::once(whole(text.as_bytes())));
        assert_eq!(names(&expected), 1, "{name}");
        assert_eq!(expected.iter().filter(|one| one.starts_with("Claim")).count(), claims, "{name}");
        for target in [4 << 10, 1 << 20] {
            let (seen, _) = reading(cut(text.as_bytes(), target));
            assert!(seen == expected, "{name} at {target}");
        }
    }
}

#[test]
fn cut_off_anywhere_it_is_read_as_far_as_it_goes() {
    for end in 0..DAY.len() {
        let text = &DAY.as_bytes()[..end];
        let (_, verdict) = reading(std::iter::once(whole(text)));
        if end > DAY.find("CLM").unwrap_or(0) {
            assert_eq!(verdict, Verdict::Professional, "{end}");
        }
        if end % 97 == 0 {
            reading(cut(text, 64));
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig {
        cases: 256, failure_persistence: None, ..proptest::prelude::ProptestConfig::default()
    })]

    #[test]
    fn any_damage_is_read_alike_at_any_unit_size(
        hits in proptest::collection::vec((0..DAY.len(), proptest::prelude::any::<u8>()), 1..12),
        target in 1_usize..3000,
    ) {
        let mut text = DAY.as_bytes().to_vec();
        for (at, byte) in hits {
            // The ISA may be cut in more than one way; what it says is tested elsewhere.
            if at > 120 {
                text[at] = byte;
            }
        }
        let (expected, verdict) = reading(std::iter::once(whole(&text)));
        let (seen, same) = reading(cut(&text, target));
        proptest::prop_assert_eq!(verdict, same);
        proptest::prop_assert_eq!(seen, expected);
    }
}
