use super::*;
use crate::claim::{Span, Text};
use crate::finding::{Segments, Sensitive, Window};
use crate::input::Label;

fn label(text: Text<'_>, words: &str, primary: bool) -> Label {
    Label { span: text.span(), text: words.to_owned(), primary }
}

fn windows_of(segments: &Segments) -> Vec<Window> {
    segments.iter().map(|segment| segment.window()).collect()
}

/// The window's text, with `[]` around marks.
fn marked(window: &Window) -> String {
    let mut text = window.text.clone();
    for mark in window.marks.iter().rev() {
        text.insert(mark.end, ']');
        text.insert(mark.start, '[');
    }
    format!("{} {text}", window.number)
}

/// What a window masks, by level.
fn masked(window: &Window, always: bool) -> Vec<&str> {
    let at_level = |one: &&Sensitive| one.always == always;
    window.sensitive.iter().filter(at_level).map(|one| &window.text[one.start..one.end]).collect()
}

#[test]
fn marks_stand_where_the_facts_do() {
    let mut seen = false;
    read_whole(DAY, |claim, cutter| {
        if claim.ordinal > 1 {
            return;
        }
        seen = true;
        let line = &claim.lines[0];
        let excerpt = cutter.excerpt(&[
            label(line.units.text, "2 units billed", true),
            label(line.procedure_code, "timed", false),
            label(claim.rendering(1).expect("rendering").taxonomy, "a massage therapist", false),
            label(claim.payer.filing_indicator, "Medicare", false),
            label(line.modifiers[2], "nothing here", false),
        ]);
        let lines: Vec<String> = excerpt.windows.iter().map(marked).collect();
        assert_eq!(
            lines,
            [
                "18 SBR*P*18*GRP77**MB****[MB]",
                "53 SV1*HC:[97124]:GP:59[]*90*UN*[2]*12**1:3**Y",
                "59 PRV*PE*PXC*[225700000X]",
            ]
        );
        let name = |text: Text<'_>| cutter.place(text.span()).element;
        assert_eq!(name(line.units.text), "SV104");
        assert_eq!(name(line.modifiers[1]), "SV101-04");
        assert_eq!(name(line.pointers[1].text), "SV107-02");
        assert_eq!(name(claim.diagnoses[1].code), "HI02-02");
        assert_eq!(name(claim.id), "CLM01");
        assert_eq!(name(claim.payer.id), "NM109");
        let place = cutter.place(claim.payer.id.span());
        assert_eq!((place.number, place.segment.as_str()), (23, "NM1"));
    });
    assert!(seen);
}

#[test]
fn what_names_a_person_is_marked() {
    let mut windows = Vec::new();
    read_whole(DAY, |claim, cutter| {
        if claim.ordinal == 1 {
            windows = windows_of(&cutter.segments(Span::new(0, DAY.len() as u32)));
        }
    });
    let find = |start: &str| -> &Window {
        windows.iter().find(|window| window.text.starts_with(start)).expect(start)
    };
    for (start, always) in [
        ("NM1*IL*1*QUILL", vec!["QUILL", "TAMSIN", "1EG4TE5MK73"]),
        ("NM1*IL*1*OTHER", vec!["OTHER", "PERSON", "ZZZ999"]),
        ("NM1*QC", vec!["VANE", "PIPPA"]),
        ("N3*22 ELM", vec!["22 ELM ST"]),
        ("N4*DORAVILLE*GA*30340", vec!["DORAVILLE", "GA", "303400001"]),
        ("DMG", vec!["19480212"]),
        ("NTE*ADD*STM", vec!["STM LUMBAR 25 MIN"]),
        ("K3", vec!["FREE WORDS"]),
        ("REF*EA", vec!["MRN-77"]),
        ("REF*F8", vec!["OTHERS-CONTROL"]),
        ("REF*Y4", vec!["PROP-1"]),
        ("NM1*85", vec![]),
        ("NM1*82*1*FENN", vec![]),
        ("NM1*41", vec![]),
        ("PER*IC*ODA", vec![]),
        ("N3*1 MILL", vec!["1 MILL LANE"]),
        ("N3*5 SIDE", vec!["5 SIDE RD"]),
        ("SV1*HC:97124", vec![]),
        ("HI*ABK:M5450", vec![]),
        ("N4*ELSEWHERE", vec!["ELSEWHERE", "TX", "75001"]),
    ] {
        assert_eq!(masked(find(start), true), always, "{start}");
    }
    assert_eq!(
        masked(windows.iter().rfind(|window| window.text == "N4*DORAVILLE*GA*30340").expect("N4"), true)
            .len(),
        3
    );
    assert_eq!(masked(find("REF*6R"), true), ["LINE-1"]);
    for (start, full) in [("CLM*HT-1001", vec!["HT-1001"]), ("DTP*472", vec!["20250303"])] {
        assert_eq!(masked(find(start), false), full, "{start}");
        assert!(masked(find(start), true).is_empty());
    }
}

#[test]
fn what_nobody_knows_is_masked_whole() {
    let text = DAY.replace("NM1*IL*1*QUILL", "NM31*IL*1*QUILL");
    let (_, faults) = read_whole(&text, |_, _| {});
    assert_eq!(faults.len(), 1);
    let mut windows = Vec::new();
    read_whole(&text, |_, cutter| windows = windows_of(&cutter.segments(Span::new(0, text.len() as u32))));
    let window = windows.iter().find(|window| window.text.starts_with("NM31")).expect("the broken one");
    assert_eq!(masked(window, true), ["NM31", "IL", "1", "QUILL", "TAMSIN", "MI", "1EG4TE5MK73"]);
    let address = windows.iter().find(|window| window.text.starts_with("N3*22")).expect("its address");
    assert_eq!(masked(address, true), ["22 ELM ST"]);
}

#[test]
fn terminals_do_not_obey_files_and_long_segments_are_clipped() {
    let words = format!("{}\u{1b}[2J\u{202e}é{}", "A".repeat(300), "B".repeat(300));
    let text = DAY.replace("STM LUMBAR 25 MIN", &format!("{words}\\25 MIN {}", "C".repeat(400)));
    let mut bytes = text.into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'\\').expect("the mark");
    bytes[at] = 0xff;
    let mut sink = Each {
        claim: |claim: &Claim<'_>, cutter: &dyn Cutter| {
            if claim.ordinal > 1 {
                return;
            }
            let note = claim.notes.iter().find(|note| note.line == 1).expect("the note");
            let at = note.text.bytes().iter().position(|byte| *byte == 0xff).expect("the mark") + 1;
            let minutes = Text::new(&note.text.bytes()[at..at + 2], note.text.span().offset + at as u64);
            let window = &cutter.excerpt(&[label(minutes, "here", true)]).windows[0];
            assert!(window.text.starts_with("…BBBB") && window.text.ends_with("CCC…"), "{}", window.text);
            assert!(window.text.contains("\\xff25 MIN") && window.text.len() < 200);
            assert_eq!(&window.text[window.marks[0].start..window.marks[0].end], "25");
            let middle = Text::new(&note.text.bytes()[295..310], note.text.span().offset + 295);
            let window = &cutter.excerpt(&[label(middle, "there", true)]).windows[0];
            assert!(window.text.contains("AA\\x1b[2J\\xe2\\x80\\xaeéBB"), "{}", window.text);
            assert_eq!(
                &window.text[window.marks[0].start..window.marks[0].end],
                "AAAAA\\x1b[2J\\xe2\\x80\\xaeéB"
            );
            let start = &cutter.excerpt(&[label(note.kind, "start", true)]).windows[0];
            assert!(start.text.starts_with("NTE*ADD*AAA") && start.text.ends_with("A…"));
        },
        faults: Vec::new(),
    };
    super::super::read(&whole(&bytes), GuideCheck::On, &mut sink);
}
