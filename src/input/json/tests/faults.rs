use super::*;

#[test]
fn what_is_broken_is_said_and_passed_over() {
    assert_eq!(fault_names("{\"units\":1}\n{\"units\":\n{\"units\":2}\n"), ["json-syntax outside"]);
    assert_eq!(notes("{\"units\":1}\n{\"units\":\n{\"units\":2}\n").summary.claims, 2);
    assert_eq!(fault_names("{\"units\":1},\n{\"units\":2}\n"), ["json-syntax outside"]);
    assert_eq!(
        fault_names("{\"units\":{\"a\":1}}\n7\n\"x\"\n[1]\nnull"),
        ["json-type claim", "json-type outside", "json-type outside", "json-type outside"]
    );
    assert_eq!(
        fault_names("[{\"units\":1} {\"units\":2},,{}]"),
        ["json-syntax outside", "json-syntax outside"]
    );
    assert_eq!(fault_names("[{\"units\":1},{\"units\":2},"), ["json-cut-off outside"]);
    assert_eq!(fault_names("[{\"units\":1}"), ["json-cut-off outside"]);
    assert_eq!(fault_names("[{\"units\":1},{\"units\":"), ["json-cut-off outside"]);
    assert_eq!(fault_names("[{\"units\":1},null"), ["json-cut-off outside"]);
    assert_eq!(fault_names("[{\"units\":1}]\n {}"), ["json-trailing outside"]);
    assert_eq!(fault_names("{\"claims\":[{\"units\":1}]"), ["json-cut-off outside"]);
    assert_eq!(fault_names("{\"claims\":[{}],\"x\":{\"a\":[1]}} \n"), [""; 0]);
    assert_eq!(fault_names("{\"claims\":[{}],\"x\":{\"a\":[1]}"), ["json-cut-off outside"]);
    assert_eq!(fault_names("{\"claims\":[{}]}\n{\"claims\":[{}]}\n"), ["json-trailing outside"]);
    assert_eq!(fault_names("{\"units\":1,\"units\":2,\"units\":3}"), ["json-repeated claim"]);
    assert_eq!(fault_names("{\"units\":1,\"lines\":[{},7]}"), ["json-misplaced claim", "json-type claim"]);
    assert_eq!(fault_names("{\"lines\":{}}"), ["json-type claim"]);
    assert_eq!(fault_names("{\"payer\":{},\"lines\":[{},{},{}]}"), ["json-type claim"]);
    assert_eq!(fault_names("{\"modifiers\":\"GP\"}"), ["json-type claim"]);
    assert_eq!(
        fault_names("{\"modifiers\":[\"GP\",\"59\",null,\"KX\",\"\",\"XS\"]}"),
        ["json-too-many claim"]
    );
    assert_eq!(fault_names("{\"note\":\"\\ud800\"}"), ["json-type claim"]);
    let conflict = "{\"claim_id\":1,\"member_id\":\"a\"}\n{\"claim_id\":\"1\",\"member_id\":\"b\"}\n";
    assert_eq!(fault_names(conflict), ["json-conflict claim"]);
}

#[test]
fn a_line_needs_its_procedure_code_alone() {
    let whole = notes(r#"{"procedure_code":"97124"}"#);
    assert!(whole.missing.is_empty() && whole.faults.is_empty());
    assert_eq!(notes("{\"procedure_code\":\"\"}\n{}\n{\"lines\":[{\"units\":1}]}").missing, [0, 22, 35]);
}

#[test]
fn a_syntax_fault_says_where_and_nothing_else() {
    let notes = notes("{\"units\":1}\n{\"patient_id\":\"Jane Roe\" 7}\n");
    let (_, span, values, place) = &notes.faults[0];
    assert_eq!((span.offset, place.number), (37, 2));
    assert_eq!(values[..], [("line", "2".into()), ("column", "26".into()), ("category", "syntax".into())]);
    let window = &notes.excerpts[0].windows[0];
    assert_eq!((window.sensitive[0].start, window.sensitive[0].end), (0, window.text.len()));
    assert!(window.sensitive[0].always);
}

#[test]
fn bytes_that_are_no_utf8_are_said_and_the_line_is_read() {
    let text = b"{\"note\":\"caf\xE9\",\"units\":2}\n{\"units\":3}";
    let notes = read_in_units_of(text, 1);
    assert_eq!(notes.summary.claims, 2);
    assert_eq!((notes.faults[0].0.as_str(), notes.faults[0].1), ("json-encoding claim", Span::new(12, 1)));
    assert_eq!(notes.windows[0][0].text, r#"{"note": "caf\xE9", "units": 2}"#.replace(": ", ":"));
}

#[test]
fn unknown_fields_are_counted_by_name() {
    let text = "{\"units\":1,\"colour\":\"red\"}\n{\"colour\":{\"x\":[1]},\"linked_diagnosis_codes\":[]}\n";
    assert_eq!(
        notes(text).summary.unknown_fields,
        [("colour".to_owned(), 2), ("linked_diagnosis_codes".to_owned(), 1)]
    );
}

#[test]
fn a_deep_nest_is_passed_over() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let objects = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
    for nest in [&deep, &objects] {
        assert_eq!(notes(&format!("{{\"units\":{nest}}}\n{{\"units\":1}}")).summary.claims, 2);
        assert_eq!(notes(&format!("[{{\"units\":1,\"x\":{nest}}},{{\"units\":1}}]")).summary.claims, 2);
        assert!(notes(&format!("[{nest},{{\"units\":1}}]")).summary.claims >= 1);
    }
}

#[test]
fn what_is_too_large_is_passed_over() {
    let long = "x".repeat(MOST_BYTES);
    let run = format!("{{\"claim_id\":7,\"note\":\"{}\"}}", "y".repeat(1 << 20));
    let run = vec![run; 17];
    for (text, index) in [
        (format!("{{\"units\":1}}\n{{\"note\":\"{long}\"}}\n{{\"units\":2}}\n"), ""),
        (format!("[{{\"units\":1}},{{\"note\":\"{long}\"}},{{\"units\":2}}]"), "/1"),
        (format!("{{\"units\":1}}\n{}\n{{\"units\":2}}\n", run.join("\n")), ""),
        (format!("{{\"claims\":[{{\"units\":1}},{},{{\"units\":2}}]}}", run.join(",")), "/claims/1"),
    ] {
        for target in [4096, 1 << 20, MOST_BYTES] {
            let notes = read_in_units_of(text.as_bytes(), target);
            assert_eq!(notes.summary.claims, 2, "{target} {index}");
            assert_eq!(notes.faults.len(), 1);
            assert_eq!(
                (notes.faults[0].0.as_str(), notes.faults[0].3.element.as_str()),
                ("json-too-large outside", index)
            );
            if let Some(unclosed) = text.strip_suffix("}]") {
                assert!(read_in_units_of(unclosed.as_bytes(), target).faults.len() == 2);
            }
        }
    }
}

#[test]
fn a_flood_is_one_fault() {
    for field in ["lines", "modifiers", "diagnosis_pointers"] {
        let text =
            format!("{{\"procedure_code\":\"97124\",\"{field}\":[{}]}}", vec!["\"x\""; 100_000].join(","));
        let notes = read_in_units_of(text.as_bytes(), 4096);
        let too_many = notes.faults.iter().filter(|(name, ..)| name.starts_with("json-too-many"));
        assert_eq!((too_many.count(), notes.faults.len() <= MOST_LINES + 2), (1, true), "{field}");
    }
}

#[test]
fn a_claim_has_a_thousand_lines_at_most() {
    let text = "{\"claim_id\":\"1\"}\n".repeat(MOST_LINES + 5);
    let notes = read_in_units_of(text.as_bytes(), 4096);
    assert_eq!((notes.summary.claims, notes.summary.lines), (1, MOST_LINES as u32));
    assert_eq!(notes.faults.len(), 1);
}
