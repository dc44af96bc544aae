use super::*;
use crate::finding::{Excerpt, Finding, Mark};
use crate::report::sample;
use insta::assert_snapshot;

fn shown(run: &Run, options: &TextOptions) -> String {
    let mut out = Vec::new();
    render(run, options, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("text is UTF-8")
}

fn plain(findings: Vec<Finding>) -> String {
    shown(&sample::run(findings), &TextOptions::default())
}

#[test]
fn an_error_on_one_segment() {
    assert_snapshot!(plain(vec![sample::finding()]));
}

#[test]
fn an_error_on_two_segments() {
    let mut run = sample::run(vec![sample::pair()]);
    run.flagged = vec![sample::claim_three()];
    assert_snapshot!(shown(&run, &TextOptions::default()));
}

#[test]
fn a_warning_with_a_place_in_another_file() {
    let mut run = sample::run(vec![sample::warning()]);
    run.files.push(run.files[0].clone());
    run.files[1].name = "late.837".to_owned();
    assert_snapshot!(shown(&run, &TextOptions::default()));
}

#[test]
fn an_info_leaves_a_run_clean() {
    let mut run = sample::run(vec![sample::info()]);
    run.clean_claims = 12;
    assert_snapshot!(shown(&run, &TextOptions::default()));
}

#[test]
fn a_clean_run() {
    let mut run = sample::run(vec![]);
    run.clean_claims = 12;
    assert_snapshot!(shown(&run, &TextOptions::default()));
}

#[test]
fn nothing_to_check() {
    let run = Run { as_of: "2025-03-10".to_owned(), ..Run::default() };
    assert_snapshot!(shown(&run, &TextOptions::default()));
}

#[test]
fn without_a_fee_there_is_no_amount() {
    let text = plain(vec![sample::unpriced()]);
    assert!(!text.contains('$') || !text.contains("$0"), "{text}");
    assert_snapshot!(text);
}

#[test]
fn three_claims_and_everything_in_the_summary() {
    assert_snapshot!(shown(&sample::busy_day(), &TextOptions::default()));
}

#[test]
fn the_same_in_ascii_on_a_narrow_terminal() {
    let options = TextOptions { unicode: false, width: 64, ..TextOptions::default() };
    let text = shown(&sample::busy_day(), &options);
    assert!(text.is_ascii(), "{text}");
    // A claim's head is never broken over two lines; everything else keeps to the width.
    let keeps = |line: &str| line.len() <= 64 || line.starts_with("-- claim");
    assert!(text.lines().all(keeps), "{text}");
    assert_snapshot!(text);
}

#[test]
fn a_place_in_json() {
    assert_snapshot!(plain(vec![sample::json_place()]));
}

#[test]
fn names_are_masked_by_default() {
    assert_snapshot!(plain(vec![sample::personal()]));
}

#[test]
fn full_redaction_names_a_claim_by_its_place() {
    let mut run = sample::run(vec![sample::finding(), sample::personal()]);
    run.flagged = vec![sample::claim_three()];
    let text = shown(&run, &TextOptions { redaction: Redaction::Full, ..TextOptions::default() });
    for secret in ["ROWAN", "HAZEL", "1EG4TE5MK73", "MAPLE", "2025-03-03", "20250303"] {
        assert!(!text.contains(secret), "{secret} in\n{text}");
    }
    assert_snapshot!(text);
}

#[test]
fn everything_is_shown_on_request() {
    let options = TextOptions { redaction: Redaction::ShowPhi, ..TextOptions::default() };
    let text = shown(&sample::run(vec![sample::personal()]), &options);
    assert!(text.contains("NM1*IL*1*ROWAN*HAZEL*Q***MI*1EG4TE5MK73~"), "{text}");
}

/// What the cutter hands over from the middle of a huge segment: clipped, and still wider than the terminal.
#[test]
fn the_middle_of_a_huge_segment() {
    let mut finding = sample::finding();
    let text = format!("…{}*NOT A CODE*{}…", "A1:".repeat(60), "B2:".repeat(60));
    let mut window = sample::window(2_500_041, 104_857_600, &text, vec![]);
    window.marks = vec![sample::mark(&text, "NOT A CODE", "9 to 10 characters of nothing known", true)];
    finding.excerpt = Excerpt { windows: vec![window], ..Excerpt::default() };
    finding.place.number = 2_500_041;
    finding.place.span.offset = 104_857_800;
    assert_snapshot!(plain(vec![finding]));
}

#[test]
fn a_label_at_the_end_of_a_wide_segment_goes_to_the_left() {
    let mut finding = sample::finding();
    let text = format!("HI*{}ABF:M5450~", "ABF:M62838*".repeat(7));
    let at = text.len() - 6;
    let mut window = sample::window(36, 1700, &text, vec![]);
    window.marks = vec![Mark {
        start: at,
        end: at + 5,
        text: "the same code twice in one claim".to_owned(),
        primary: true,
    }];
    finding.excerpt = Excerpt { windows: vec![window], ..Excerpt::default() };
    assert_snapshot!(plain(vec![finding]));
}

#[test]
fn something_missing_is_pointed_at() {
    let mut finding = sample::finding();
    let text = "SV1*HC:97124*90*UN**11**1~";
    let mut window = sample::window(41, 1871, text, vec![]);
    window.marks = vec![Mark { start: 19, end: 19, text: "no units".to_owned(), primary: true }];
    finding.excerpt = Excerpt { windows: vec![window], ..Excerpt::default() };
    assert!(plain(vec![finding]).contains("                   ▲ no units\n"));
}

#[test]
fn a_finding_made_from_a_pipe_shows_the_decoded_line() {
    let finding = Finding { excerpt: Excerpt::default(), ..sample::finding() };
    assert_snapshot!(plain(vec![finding]));
}

#[test]
fn a_terminal_never_obeys_a_claim() {
    let evil = "\u{1b}]0;owned\u{7}\u{202e}gnp\u{9b}2J\r\n".to_owned() + &"x".repeat(100_000);
    let mut run = sample::busy_day();
    for finding in &mut run.findings {
        finding.message = evil.clone();
        finding.help = evil.clone();
        finding.claim_id = evil.clone();
        finding.about.procedure_code = evil.clone();
        finding.name = evil.clone();
        finding.carc = vec![evil.clone()];
        finding.place.element = evil.clone();
        finding.excerpt.windows[0].text = evil.clone();
        finding.excerpt.windows[0].marks =
            vec![Mark { start: 4, end: 99_999, text: evil.clone(), primary: true }];
        for related in &mut finding.related {
            related.text = evil.clone();
        }
    }
    for claim in &mut run.flagged {
        claim.id = evil.clone();
        claim.payer = evil.clone();
        claim.lines.iter_mut().for_each(|line| line.about.procedure_code = evil.clone());
    }
    run.files.iter_mut().for_each(|file| file.name = evil.clone());
    run.notes = vec![evil.clone()];
    run.not_evaluated.iter_mut().for_each(|lacking| lacking.reason = evil.clone());
    for unicode in [true, false] {
        let text = shown(&run, &TextOptions { unicode, ..TextOptions::default() });
        assert!(!text.chars().any(|c| c != '\n' && crate::report::plain::is_hostile(c)));
        assert!(text.len() < 200_000, "{} bytes", text.len());
    }
}

#[test]
fn what_is_left_out_is_said() {
    let text = shown(&sample::busy_day(), &TextOptions { limit: 1, ..TextOptions::default() });
    assert!(text.contains("\n… and 2 more (--limit 0 shows all)\n"), "{text}");
    assert!(text.contains("\ninfo[T04]"), "a remark does not count towards the limit: {text}");
    let all = shown(&sample::busy_day(), &TextOptions { limit: 0, ..TextOptions::default() });
    assert!(!all.contains("more (--limit"));
}

#[test]
fn remarks_do_not_bury_findings() {
    let mut findings: Vec<Finding> =
        (1..=500).map(|claim| Finding { claim, claim_id: format!("A-{claim}"), ..sample::info() }).collect();
    findings.push(Finding { claim: 501, ..sample::finding() });
    let run = sample::run(findings);
    let text = shown(&run, &TextOptions { limit: 1, quiet: true, ..TextOptions::default() });
    assert_eq!(text.matches("info[T04]").count(), 3, "two where they stand, one for the rest: {text}");
    assert!(text.contains("error[T01]") && text.contains("the same in 498 more claims"), "{text}");
    let all = shown(&run, &TextOptions { limit: 0, quiet: true, ..TextOptions::default() });
    assert_eq!(all.matches("info[T04]").count(), 500);
}

#[test]
fn colour_changes_no_character() {
    let colour = shown(&sample::busy_day(), &TextOptions { colour: true, ..TextOptions::default() });
    let mut bare = String::new();
    let mut rest = colour.as_str();
    while let Some((before, code)) = rest.split_once("\x1b[") {
        bare.push_str(before);
        rest = code.split_once('m').expect("a colour code ends").1;
    }
    bare.push_str(rest);
    assert_eq!(bare, shown(&sample::busy_day(), &TextOptions::default()));
    assert_snapshot!("colour", colour.replace('\x1b', "␛"));
}

#[test]
fn quiet_leaves_the_summary_out() {
    let quiet = TextOptions { quiet: true, ..TextOptions::default() };
    assert_eq!(shown(&sample::run(vec![]), &quiet), "");
    assert!(!shown(&sample::busy_day(), &quiet).contains("recoupment "));
}
