//! Whatever a file holds, the walker neither panics nor says anything that depends on where the file was cut.

use proptest::prelude::*;

use super::support::{CLEAN, ISA, file, mini, walk_in_units};
use crate::guide::{Guide, GuideFault, Walker};
use crate::x12::Lexer;

fn cut_anywhere(guide: &'static Guide, text: &[u8]) {
    let whole = walk_in_units(guide, text, usize::MAX);
    for target in [1, 300] {
        let cut = walk_in_units(guide, text, target);
        if cut == whole {
            continue;
        }
        let names = |faults: &[GuideFault]| {
            let all = faults.iter().map(|one| format!("{} {} {}", one.name, one.loop_id, one.span.offset));
            all.collect::<Vec<_>>()
        };
        assert_eq!(
            names(&cut),
            names(&whole),
            "cut at {target}:\n{}",
            text.escape_ascii().to_string().replace('~', "~\n")
        );
    }
}

#[test]
fn one_fault_anywhere_is_the_same_in_any_cut() {
    let twice: Vec<&str> = CLEAN[..CLEAN.len() - 2].iter().chain(&CLEAN[1..]).copied().collect();
    for at in 0..twice.len() {
        let mut dropped = twice.clone();
        dropped.remove(at);
        cut_anywhere(mini(), file(&dropped).as_bytes());
        let mut doubled = twice.clone();
        doubled.insert(at, twice[at]);
        cut_anywhere(mini(), file(&doubled).as_bytes());
        let mut odd = twice.clone();
        odd[at] = "ZZ*9";
        cut_anywhere(mini(), file(&odd).as_bytes());
    }
}

#[test]
fn a_dropped_segment_is_one_fault() {
    // Of a line's SV1 or a claim's CLM too: what follows from it is not said.
    for (at, segment) in CLEAN.iter().enumerate().skip(2) {
        let mut dropped = CLEAN.to_vec();
        dropped.remove(at);
        let faults = walk_in_units(mini(), file(&dropped).as_bytes(), usize::MAX);
        let names: Vec<String> =
            faults.iter().map(|one| format!("{} {}", one.name, one.values[0].1)).collect();
        assert!(faults.len() <= 1, "without {segment}: {names:?}");
    }
}

/// What stands in junk where a transaction's frame should.
const BROKEN: [&str; 13] = [
    "ST\0*837*0003*005010X222A1",
    "HL*8**20\0*1",
    "HL*8*1*22\0*1",
    "HL*8*1*9*1",
    "HL*8",
    "HL",
    "SE*1*0001",
    "SE",
    "ST*837*0002*005010X222A1",
    "ST",
    "GS",
    "GE*1*1",
    "LX*1",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn shuffled_segments_are_judged_alike_in_any_cut(
        picks in proptest::collection::vec((0..CLEAN.len() - 3, 1..8_usize), 1..30),
    ) {
        let body: Vec<&str> =
            picks.iter().flat_map(|(at, len)| CLEAN[2..CLEAN.len() - 3].iter().skip(*at).take(*len)).copied().collect();
        let mut all = vec![CLEAN[0], CLEAN[1]];
        all.extend(body);
        all.extend(&CLEAN[CLEAN.len() - 3..]);
        cut_anywhere(mini(), file(&all).as_bytes());
    }

    /// Among them levels of no kind, and transactions that end where more follows.
    #[test]
    fn what_stands_around_a_broken_frame_is_judged_alike_in_any_cut(
        picks in proptest::collection::vec((0..CLEAN.len() + BROKEN.len(), 1..6_usize), 1..24),
    ) {
        let pick = |(at, length): &(usize, usize)| match at.checked_sub(CLEAN.len()) {
            Some(broken) => BROKEN[broken..=broken].to_vec(),
            None => CLEAN[2..CLEAN.len() - 3].iter().skip(*at).take(*length).copied().collect(),
        };
        let mut all = vec![CLEAN[0], CLEAN[1]];
        all.extend(picks.iter().flat_map(pick));
        all.extend(&CLEAN[CLEAN.len() - 3..]);
        cut_anywhere(mini(), file(&all).as_bytes());
    }

    #[test]
    fn bytes_of_any_kind_do_no_harm(
        at in 0..1500_usize, junk in proptest::collection::vec(any::<u8>(), 0..40), length in 0..60_usize,
    ) {
        let mut text = file(CLEAN).into_bytes();
        let at = at.min(text.len());
        let end = (at + length).min(text.len());
        text.splice(at..end, junk.iter().copied());
        for guide in [mini(), Guide::professional()] {
            walk_in_units(guide, &text, usize::MAX);
            let mut soup = ISA.as_bytes().to_vec();
            soup.extend_from_slice(&junk);
            walk_in_units(guide, &soup, usize::MAX);
        }
    }

    #[test]
    fn element_soup_does_no_harm(
        soup in proptest::collection::vec(("(CLM|HL|NM1|SV1|DTP|HI|LX|SBR|REF|N3|CAS)", "[*:^A-Z0-9 ]{0,30}"), 0..40),
    ) {
        let mut text = format!("{ISA}ST*837*1~");
        for (id, rest) in soup {
            text.push_str(&format!("{id}*{rest}~"));
        }
        cut_anywhere(mini(), text.as_bytes());
        let mut walker = Walker::new(Guide::professional());
        let mut lexer = Lexer::new(text.as_bytes(), 0, 1, None);
        while let Some(segment) = lexer.next_segment() {
            walker.segment(&segment);
        }
        walker.end_of_unit();
    }
}
