use super::*;
use crate::claim::Span;
use crate::finding::{Edit, Excerpt, Fix, Mark};
use proptest::prelude::*;

fn window(text: &str, sensitive: &[(usize, usize, bool)], marks: &[(usize, usize)]) -> Window {
    Window {
        number: 1,
        offset: 0,
        text: text.to_owned(),
        sensitive: sensitive.iter().map(|&(start, end, always)| Sensitive { start, end, always }).collect(),
        marks: marks
            .iter()
            .map(|&(start, end)| Mark { start, end, text: "here".to_owned(), primary: true })
            .collect(),
    }
}

fn spans(window: &Window) -> Vec<&str> {
    window.marks.iter().map(|mark| &window.text[mark.start..mark.end]).collect()
}

#[test]
fn names_go_and_the_label_stays_on_its_element() {
    let nm1 =
        window("NM1*IL*1*DOE*JANE****MI*W99~", &[(9, 12, true), (13, 17, true), (24, 27, true)], &[(21, 23)]);
    let shown = Masking::new(Redaction::Default).window(&nm1);
    assert_eq!(shown.text, "NM1*IL*1*•••*•••****MI*•••~");
    assert_eq!(spans(&shown), ["MI"]);
    assert_eq!(Masking::new(Redaction::ShowPhi).window(&nm1).text, nm1.text);
}

#[test]
fn a_label_on_a_masked_element_covers_the_mask() {
    let nm1 = window("MI*W99999999~", &[(3, 12, true)], &[(3, 12), (5, 7), (12, 12), (6, 6)]);
    let shown = Masking::ascii(Redaction::Default).window(&nm1);
    assert_eq!(shown.text, "MI*###~");
    assert_eq!(spans(&shown), ["###", "###", "", ""]);
    assert_eq!(shown.marks[2].start, 6);
}

#[test]
fn claim_number_and_dates_go_at_the_full_level_only() {
    let clm = window("CLM*PCN-17*90~", &[(4, 10, false)], &[(11, 13)]);
    assert_eq!(Masking::new(Redaction::Default).window(&clm).text, "CLM*PCN-17*90~");
    let shown = Masking::new(Redaction::Full).window(&clm);
    assert_eq!(shown.text, "CLM*•••*90~");
    assert_eq!(spans(&shown), ["90"]);

    let finding = Finding {
        message: "PCN-17 repeats 2025-03-03 (20250303); PCN-170 does not, nor 97124 at 12345678".to_owned(),
        claim_id: "PCN-17".to_owned(),
        about: About { date: "2025-03-03".to_owned(), ..About::default() },
        ..super::super::sample::finding()
    };
    let shown = Masking::new(Redaction::Full).finding(&finding);
    assert_eq!(shown.message, "••• repeats ••• (•••); PCN-170 does not, nor 97124 at 12345678");
    assert_eq!((shown.claim_id.as_str(), shown.about.date.as_str()), ("", ""));
    assert_eq!(Masking::new(Redaction::Default).finding(&finding).message, finding.message);
}

#[test]
fn a_rule_that_repeats_a_masked_value_does_not_leak_it() {
    let mut finding = super::super::sample::finding();
    finding.message = "subscriber ROE: member id W123 is short".to_owned();
    let mut labelled = window(
        "NM1*IL*1*ROE*RICHARD****MI*W123~",
        &[(9, 12, true), (13, 20, true), (27, 31, true)],
        &[(27, 31)],
    );
    labelled.marks[0].text = "W123 has 4 characters".to_owned();
    finding.excerpt = Excerpt { windows: vec![labelled], ..Excerpt::default() };
    let shown = Masking::new(Redaction::Default).finding(&finding);
    assert_eq!(shown.message, "subscriber •••: member id ••• is short");
    assert_eq!(shown.excerpt.windows[0].marks[0].text, "••• has 4 characters");
}

#[test]
fn the_reason_of_a_suppression_goes_at_the_full_level_and_its_source_stays() {
    let finding = super::super::sample::suppressed();
    let accepted = |redaction| *Masking::new(redaction).finding(&finding).accepted.expect("accepted");
    let shown = accepted(Redaction::Default);
    assert_eq!(shown.reason, "second therapist, see the log of 2025-03-03");
    let shown = accepted(Redaction::Full);
    assert_eq!((shown.reason.as_str(), shown.source.as_str()), ("", "suppressions.yaml:4"));
}

#[test]
fn nothing_is_left_of_what_stood_in_the_same_room_before() {
    use super::super::sample;
    let fix = Fix { summary: "writes 3".to_owned(), edits: vec![Edit::default()] };
    let findings = [
        sample::finding(),
        sample::pair(),
        sample::warning(),
        sample::unpriced(),
        sample::personal(),
        sample::json_place(),
        sample::suppressed(),
        Finding { fix: Some(Box::new(fix)), public_dates: vec!["2025-03-03".to_owned()], ..sample::info() },
        Finding::default(),
    ];
    let claims = [sample::claim_three(), FlaggedClaim::default()];
    for redaction in [Redaction::Default, Redaction::Full, Redaction::ShowPhi] {
        let masking = Masking::new(redaction);
        for (before, after) in findings.iter().flat_map(|one| findings.iter().map(move |other| (one, other)))
        {
            let mut shown = before.clone();
            masking.finding_into(after, &mut shown);
            assert_eq!(shown, masking.finding(after));
        }
        for (before, after) in claims.iter().flat_map(|one| claims.iter().map(move |other| (one, other))) {
            let mut shown = before.clone();
            masking.claim_into(after, &mut shown);
            assert_eq!(shown, masking.claim(after));
        }
    }
    let shown = Masking::new(Redaction::ShowPhi).finding(&findings[7]);
    assert_eq!(shown, findings[7], "what may be shown is all there");
}

#[test]
fn a_word_in_the_place_of_a_control_number_goes_and_a_number_stays() {
    let finding = |number: &str| Finding {
        transaction: number.to_owned(),
        message: format!("The ST is numbered {number}"),
        fix: Some(Box::new(Fix {
            summary: format!("writes {number} in SE02"),
            edits: vec![Edit { span: Span::new(7, 4), text: number.to_owned() }],
        })),
        ..super::super::sample::finding()
    };
    let hidden = ["MILLER", "Müller", "1EG4TE5MK73"];
    for number in hidden {
        for redaction in [Redaction::Default, Redaction::Full] {
            let shown = Masking::new(redaction).finding(&finding(number));
            let fix = shown.fix.expect("a fix");
            assert_eq!((shown.transaction.as_str(), fix.summary.as_str()), ("•••", "writes ••• in SE02"));
            assert_eq!((shown.message.as_str(), fix.edits.len()), ("The ST is numbered •••", 0));
        }
        assert_eq!(Masking::new(Redaction::ShowPhi).finding(&finding(number)), finding(number));
    }
    for number in ["0001", "000000102", "A17", "M5450", "42", ""] {
        let shown = Masking::new(Redaction::Full).finding(&finding(number));
        assert_eq!((&shown.fix, &shown.transaction), (&finding(number).fix, &number.to_owned()));
    }
}

#[test]
fn hostile_characters_are_written_out_and_labels_follow() {
    let hostile = window("A\u{202e}B\u{1b}C", &[], &[(4, 5), (6, 7), (0, 99)]);
    let shown = Masking::new(Redaction::ShowPhi).window(&hostile);
    assert_eq!(shown.text, "A\\u{202e}B\\x1bC");
    assert_eq!(spans(&shown), ["B", "C", "A\\u{202e}B\\x1bC"]);
}

#[test]
fn how_long_ago_is_a_date_at_the_full_level() {
    let number = Masking::new(Redaction::Full).note("The ISA is numbered 000000102, born 18991231");
    assert_eq!(number, "The ISA is numbered 000000102, born •••");
    let text = "late by 1,272 days: 272 days ago, or 1 day ago; days ago";
    let shown = Masking::new(Redaction::Full).note(text);
    assert_eq!(shown, "late by 1,272 days: ••• days ago, or ••• days ago; days ago");
    assert_eq!(Masking::new(Redaction::Default).note(text), text);
}

#[test]
fn a_date_of_a_table_stays_and_one_of_a_claim_goes() {
    let finding = Finding {
        message: "M54.5 ended on 2021-09-30, before 2025-03-03".to_owned(),
        public_dates: vec!["2021-09-30".to_owned()],
        ..super::super::sample::finding()
    };
    let shown = Masking::ascii(Redaction::Full).finding(&finding);
    assert_eq!(shown.message, "M54.5 ended on 2021-09-30, before ###");
}

/// Where each byte of a text goes, told character by character.
fn looked_up(old: &str, masked: &[(usize, usize)], mark: &str) -> (String, Vec<usize>, Vec<usize>) {
    let (mut text, mut starts, mut ends) = (String::new(), Vec::new(), Vec::new());
    let mut masked = masked.iter().copied().peekable();
    let mut at = 0;
    while let Some(character) = old[at..].chars().next() {
        let before = text.len();
        let next = match masked.next_if(|&(start, _)| start == at) {
            Some((_, end)) => {
                text.push_str(mark);
                end
            }
            None => {
                match is_hostile(character) {
                    true => push_escaped(&mut text, character),
                    false => text.push(character),
                }
                at + character.len_utf8()
            }
        };
        starts.resize(next, before);
        ends.push(before);
        ends.resize(next, text.len());
        at = next;
    }
    starts.push(text.len());
    ends.push(text.len());
    (text, starts, ends)
}

#[test]
fn every_byte_goes_where_it_went_character_by_character() {
    let text = "a\u{202e}bü-\u{1b}xyé";
    let edges: Vec<usize> = (0..=text.len()).filter(|at| text.is_char_boundary(*at)).collect();
    for (at, &one) in edges.iter().enumerate() {
        for (place, &two) in edges.iter().enumerate().skip(at + 1) {
            for &three in &edges[place..] {
                for &four in edges[place..].iter().filter(|four| **four >= three) {
                    // Nothing, one stretch, two apart, two that touch.
                    let masked = [(one, two), (three, four)];
                    let count = if three == four { usize::from(one > 0) } else { 2 };
                    let masked = &masked[..count];
                    let (shown, starts, ends) = looked_up(text, masked, "•••");
                    let mut rewritten = Rewritten::default();
                    rewritten.rewrite(text, masked, "•••");
                    assert_eq!(rewritten.text, shown, "{masked:?}");
                    for old in 0..text.len() + 3 {
                        let of = |places: &[usize]| places.get(old).copied().unwrap_or(shown.len());
                        let places = (rewritten.start(old), rewritten.end(old));
                        assert_eq!(places, (of(&starts), of(&ends)), "{masked:?} {old}");
                    }
                }
            }
        }
    }
}

proptest! {
    /// Secrets are drawn from an alphabet that nothing else uses, so finding one in the output is a leak.
    #[test]
    fn nothing_sensitive_survives_and_labels_stay_in_the_text(
        pieces in prop::collection::vec(("[A-Z*:ü\u{202e}]{0,6}", "[a-zé]{1,9}", any::<bool>()), 1..8),
        marks in prop::collection::vec((0_usize..120, 0_usize..120), 0..5),
        full in any::<bool>(),
    ) {
        let (mut text, mut sensitive) = (String::new(), Vec::new());
        for (open, secret, always) in &pieces {
            text.push_str(open);
            let start = text.len();
            text.push_str(secret);
            sensitive.push((start, text.len(), *always || !full));
        }
        let source = window(&text, &sensitive, &marks);
        let redaction = if full { Redaction::Full } else { Redaction::Default };
        let shown = Masking::new(redaction).window(&source);
        // An escape is the only small-letter text left.
        let bare = shown.text.replace("\\u{202e}", "");
        prop_assert!(!bare.chars().any(|c| c.is_lowercase() && c != 'ü'), "{}", shown.text);
        for mark in &shown.marks {
            prop_assert!(mark.start <= mark.end && shown.text.get(mark.start..mark.end).is_some());
        }
    }

    #[test]
    fn ranges_that_make_no_sense_are_no_danger(
        text in "\\PC{0,40}",
        sensitive in prop::collection::vec((0_usize..60, 0_usize..60, any::<bool>()), 0..6),
        marks in prop::collection::vec((0_usize..60, 0_usize..60), 0..6),
    ) {
        for redaction in [Redaction::Default, Redaction::Full, Redaction::ShowPhi] {
            let shown = Masking::new(redaction).window(&window(&text, &sensitive, &marks));
            for mark in &shown.marks {
                prop_assert!(shown.text.get(mark.start..mark.end).is_some());
            }
            for left in &shown.sensitive {
                prop_assert!(shown.text.get(left.start..left.end).is_some());
            }
        }
    }
}

#[test]
fn what_stands_where_a_number_of_payer_or_provider_belongs_is_masked() {
    let stated = |payer_id: &str, npi: &str| FlaggedClaim {
        payer_id: payer_id.to_owned(),
        billing_npi: npi.to_owned(),
        lines: vec![crate::finding::FlaggedLine { provider_npi: npi.to_owned(), ..Default::default() }],
        ..FlaggedClaim::default()
    };
    let shown = |redaction, payer_id, npi| {
        let claim = Masking::new(redaction).claim(&stated(payer_id, npi));
        [claim.payer_id, claim.billing_npi, claim.lines[0].provider_npi.clone()]
    };
    assert_eq!(shown(Redaction::Default, "MB001", "1000000228"), ["MB001", "1000000228", "1000000228"]);
    assert_eq!(shown(Redaction::Default, "", ""), ["", "", ""]);
    assert_eq!(shown(Redaction::Default, "rowan hazel of maple", "ROWAN"), ["•••", "•••", "•••"]);
    assert_eq!(shown(Redaction::ShowPhi, "MB001", "ROWAN"), ["MB001", "ROWAN", "ROWAN"]);
}
