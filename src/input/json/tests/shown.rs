use super::*;

#[test]
fn places_are_json_pointers() {
    let pointer = |text: &str, of: &str| {
        let mut found = vec![];
        claims(text, |claim, cutter| {
            for line in &claim.lines {
                if of == "units" {
                    found.push(cutter.place(line.units.text.span()).element);
                } else {
                    found.push(cutter.place(line.modifiers[1].span()).element);
                }
            }
        });
        found
    };
    let line = r#"{"modifiers":["GP","59"],"units":2}"#;
    assert_eq!(pointer(line, "units"), ["/units"]);
    assert_eq!(pointer(line, "modifiers"), ["/modifiers/1"]);
    assert_eq!(pointer(&format!("[{line},{line}]"), "units"), ["/0/units", "/1/units"]);
    assert_eq!(
        pointer(&format!(r#"{{"claims":[{{"lines":[{line}]}},{{"lines":[{line},{line}]}}]}}"#), "modifiers"),
        ["/claims/0/lines/0/modifiers/1", "/claims/1/lines/0/modifiers/1", "/claims/1/lines/1/modifiers/1"]
    );
}

#[test]
fn an_excerpt_is_one_line_with_marks_and_masks() {
    let mut shown = String::new();
    claims(LINE, |claim, cutter| {
        let line = &claim.lines[0];
        let labels = [
            Label { span: line.units.text.span(), text: "billed".into(), primary: true },
            Label { span: line.minutes.text.span(), text: "documented".into(), primary: false },
            Label { span: claim.patient_id.span(), text: "who".into(), primary: false },
        ];
        let excerpt = cutter.excerpt(&labels);
        let [window] = &excerpt.windows[..] else { panic!("{excerpt:?}") };
        assert!(window.text.chars().count() <= 180, "{}", window.text);
        let marked: Vec<_> = window
            .marks
            .iter()
            .map(|mark| (&window.text[mark.start..mark.end], mark.text.as_str()))
            .collect();
        assert_eq!(marked, [("P7", "who"), ("2.0", "billed"), ("25", "documented")]);
        let masked: Vec<_> =
            window.sensitive.iter().map(|one| (&window.text[one.start..one.end], one.always)).collect();
        assert_eq!(masked, [("A1", false), ("P7", true)]);
        shown = window.text.clone();
    });
    assert_eq!(
        shown,
        r#"{"claim_id":"A1", "line_number":1, "patient_id":"P7", … "procedure_code":97124, "modifiers":["GP",59], "units":2.0, "charge_amount":90.5, … "minutes":25, …}"#
    );
}

#[test]
fn long_notes_are_clipped_around_the_mark() {
    let text = format!(r#"{{"units":2,"note":"{}é KEY {}"}}"#, "a ".repeat(500), "b ".repeat(500));
    claims(&text, |claim, cutter| {
        let at = text.find("KEY").unwrap() as u64;
        let label = Label { span: Span::new(at, 3), text: "here".into(), primary: true };
        let window = &cutter.excerpt(&[label]).windows[0];
        let mark = &window.marks[0];
        assert_eq!(&window.text[mark.start..mark.end], "KEY");
        assert!(window.text.len() < 160 && window.sensitive[0].always, "{window:?}");
        assert!(window.sensitive[0].start < mark.start && mark.end < window.sensitive[0].end);
        assert_eq!(cutter.segments(claim.span).iter().count(), 1);
    });
}

#[test]
fn control_characters_never_reach_a_terminal() {
    let text = "{\"note\":\"\u{9B}31m\u{202E}\u{7F}\",\"units\":1}";
    claims(text, |claim, cutter| {
        let segments = cutter.segments(claim.span);
        assert_eq!(
            segments.iter().next().expect("its line").text,
            "{\"note\":\"\\xC2\\x9B31m\\xE2\\x80\\xAE\\x7F\", \"units\":1}"
        );
    });
}
