use super::*;
use crate::finding::Finding;
use crate::report::sample;
use insta::assert_snapshot;

#[test]
fn the_whole() {
    assert_snapshot!(comment(&sample::everything(), Redaction::Default, COMMENT_LIMIT));
}

#[test]
fn a_clean_run_says_so() {
    let mut run = sample::run(vec![]);
    run.clean_claims = 12;
    assert_snapshot!(comment(&run, Redaction::Default, COMMENT_LIMIT));
}

#[test]
fn nothing_of_a_claim_is_html_or_calls_anybody() {
    let text = comment(&sample::everything(), Redaction::ShowPhi, COMMENT_LIMIT);
    assert!(!text.contains("<script") && !text.contains("<b>") && !text.contains("@all"), "{text}");
    // Every row of a table has as many cells as its head.
    for table in text.split("\n\n").filter(|block| block.starts_with('|')) {
        let cells = |row: &str| row.replace("\\|", "").matches('|').count();
        let head = table.lines().next().map(cells);
        for row in table.lines() {
            assert_eq!(Some(cells(row)), head, "{row}");
        }
    }
}

#[test]
fn a_large_run_stays_below_the_limit_and_says_what_is_left_out() {
    let many =
        (1..=3_000).map(|claim| Finding { claim, claim_id: format!("MAPLE-{claim}"), ..sample::finding() });
    let run = sample::run(many.collect());
    let text = comment(&run, Redaction::Default, COMMENT_LIMIT);
    assert!(text.len() < COMMENT_LIMIT && text.len() > 10_000, "{}", text.len());
    assert!(text.contains("And 2,975 more findings, worth no more than these."), "{text}");
    assert!(text.contains("And 2,950 more claims with findings, not told here."), "{text}");
}

#[test]
fn however_small_the_limit() {
    let run = sample::everything();
    for limit in [400, 1_000, 2_000, 3_000, 4_000, 6_000] {
        let text = comment(&run, Redaction::Default, limit);
        assert!(text.len() <= limit, "{limit}: {}", text.len());
    }
    let text = comment(&run, Redaction::Default, 1_000);
    assert!(text.ends_with("Cut off here; 8 findings in all.\n"), "{text}");
}
