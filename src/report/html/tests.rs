use insta::assert_snapshot;

use super::*;
use crate::claim::Cents;
use crate::finding::{
    Accepted, AcceptedBy, ByDay, Finding, Fix, Mark, RuleNote, Severity, Share, Verdict, Window, Worth,
};
use crate::finding::{MoneyClass, Segment, Sensitive};
use crate::report::{json, sample, saved};

fn page(run: &Run, redaction: Redaction) -> String {
    let mut out = Vec::new();
    render(run, redaction, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("a page is UTF-8")
}

/// The page of the run once it has been saved as JSON.
fn saved_page(run: &Run, redaction: Redaction) -> String {
    let (mut text, mut out) = (Vec::new(), Vec::new());
    json::render(run, redaction, &mut text).expect("a vector takes everything");
    render_saved(&saved::read(&text).expect("a saved run"), &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("a page is UTF-8")
}

/// A run with everything that a page shows.
fn busy() -> Run {
    let mut run = sample::busy_day();
    let note = |code: &str, name: &str, class| RuleNote {
        code: code.to_owned(),
        name: name.to_owned(),
        summary: format!("Summary of {code}"),
        details: "First paragraph.\n\nSecond paragraph.".to_owned(),
        help: String::new(),
        worth: vec![Worth { class, how: "what the line is paid on the day as billed".to_owned() }],
        appeal: format!("Appeal of {code}."),
        sources: vec!["CMS Pub. 100-04 ch. 5".to_owned()],
        ..RuleNote::default()
    };
    run.rules = vec![
        note("D02", "nonspecific-link", MoneyClass::Denial),
        note("P01", "ncci-pair", MoneyClass::Denial),
        note("T01", "units-exceed-minutes", MoneyClass::Recoupment),
        note("Z99", "of-another-run", MoneyClass::Denial),
    ];
    let share = Share { columns: run.columns, ..Share::default() };
    run.breakdown.days = vec![ByDay { date: "2025-03-03".to_owned(), share }];
    run.flagged[0].columns.at_risk = run.columns.at_risk;
    run.flagged[0].columns.recoupment = run.columns.recoupment;
    run.flagged[0].billing_npi = "1000000111".to_owned();
    run
}

fn accepted() -> Finding {
    let accepted = Accepted {
        by: AcceptedBy::Suppression,
        reason: "agreed with the payer".to_owned(),
        source: "cleanclaim.yaml:7".to_owned(),
        until: "2025-12-31".to_owned(),
    };
    Finding { accepted: Some(Box::new(accepted)), ..sample::warning() }
}

/// The words of a page, an element a line, without style and script.
fn words(page: &str) -> String {
    let body = page.split_once("<body>").map_or(page, |(_, body)| body);
    let body = body.split_once("<script>").map_or(body, |(body, _)| body);
    let mut out = String::new();
    let mut closing = ']';
    for piece in body.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap_or((piece, ""));
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if !matches!(name, "bdi" | "strong" | "span" | "code" | "mark" | "a" | "time" | "th" | "td") {
            out.push('\n');
        } else if matches!(name, "th" | "td" | "span") {
            out.push(' ');
        }
        if tag.starts_with("mark") {
            closing = if tag.contains("beside") { ')' } else { ']' };
            out.push(if tag.contains("beside") { '(' } else { '[' });
        }
        if tag == "/mark" {
            out.push(closing);
        }
        out.push_str(text);
    }
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_a_page_says() {
    let mut run = busy();
    run.findings.push(Finding { claim: 9, ..accepted() });
    assert_snapshot!(words(&page(&run, Redaction::Default)));
}

#[test]
fn a_clean_run_says_so() {
    let mut run = sample::run(vec![]);
    run.clean_claims = 12;
    assert_snapshot!(words(&page(&run, Redaction::Default)));
}

#[test]
fn the_page_of_a_saved_run_is_the_page_of_the_run() {
    let mut runs = vec![Run::default(), busy(), sample::everything()];
    let mut one = sample::run(vec![sample::personal(), sample::unpriced(), sample::json_place()]);
    one.flagged = vec![sample::claim_three()];
    runs.push(one);
    for run in &runs {
        for redaction in [Redaction::Default, Redaction::Full, Redaction::ShowPhi] {
            assert_eq!(page(run, redaction), saved_page(run, redaction), "{redaction:?}");
        }
    }
}

#[test]
fn full_redaction_names_nobody_and_no_day() {
    let mut run = busy();
    run.findings = vec![sample::personal()];
    run.flagged = vec![sample::claim_three()];
    let page = page(&run, Redaction::Full);
    for secret in ["ROWAN", "HAZEL", "1EG4TE5MK73", "MAPLE", "2025-03-03", "20250303"] {
        assert!(!page.contains(secret), "{secret}");
    }
    assert!(words(&page).contains("Dates of service are masked at this level"));
}

#[test]
fn only_who_shows_everything_is_warned() {
    let run = busy();
    let banner = "Contains protected health information";
    assert_eq!(
        page(&run, Redaction::ShowPhi).matches(banner).count(),
        2,
        "on the screen, and on every page of paper"
    );
    for redaction in [Redaction::Default, Redaction::Full] {
        assert!(!page(&run, redaction).contains(banner));
    }
}

/// Markup, quotes, control characters and marks of direction, one after the other.
const HOSTILE: &str = "</code><script>alert(1)</script><img src=x onerror=alert(1)>\"'`&amp;\u{202e}\u{1b}[31m\u{7}\u{0}{{7*7}}";

fn hostile() -> Run {
    let evil = || HOSTILE.to_owned();
    let mut run = busy();
    let mut finding = sample::pair();
    finding.severity = Severity::Error;
    for text in [
        &mut finding.code,
        &mut finding.name,
        &mut finding.message,
        &mut finding.help,
        &mut finding.transaction,
        &mut finding.claim_id,
        &mut finding.claim_ref,
        &mut finding.place.segment,
        &mut finding.place.element,
    ] {
        *text = evil();
    }
    let related = &mut finding.related[0];
    (related.claim, related.text, related.place.element) = (7, evil(), evil());
    (finding.carc, finding.rarc, finding.claim_status) = (vec![evil()], vec![evil()], vec![evil()]);
    finding.excerpt.windows = vec![Window {
        number: 47,
        offset: 2_025,
        text: evil(),
        sensitive: vec![Sensitive { start: 90, end: 91, always: true }],
        marks: vec![Mark { start: 2, end: 9, text: evil(), primary: true }],
    }];
    finding.fix = Some(Box::new(Fix { summary: evil(), ..Fix::default() }));
    let mut accepted = accepted();
    accepted.message = evil();
    if let Some(accepted) = accepted.accepted.as_deref_mut() {
        (accepted.reason, accepted.source, accepted.until) = (evil(), evil(), evil());
    }
    let claim = &mut run.flagged[0];
    (claim.id, claim.payer, claim.payer_id, claim.billing_npi) = (evil(), evil(), evil(), evil());
    claim.claim_ref = evil();
    let evil_text = |segment: Segment<'_>| Window { text: evil(), sensitive: Vec::new(), ..segment.window() };
    claim.segments = claim.segments.iter().map(evil_text).collect();
    for line in &mut claim.lines {
        line.provider_npi = evil();
        let about = &mut line.about;
        (about.procedure_code, about.units, about.date, about.modifiers) =
            (evil(), evil(), evil(), vec![evil()]);
    }
    run.findings = vec![finding, accepted];
    run.rules = vec![RuleNote {
        code: evil(),
        name: evil(),
        summary: evil(),
        details: evil(),
        help: evil(),
        worth: vec![Worth { class: MoneyClass::Denial, how: evil() }],
        appeal: evil(),
        sources: vec![evil()],
        ..RuleNote::default()
    }];
    for file in &mut run.files {
        file.name = evil();
    }
    run.files[3].verdict = Verdict::Failed(evil());
    run.as_of = evil();
    run.notes = vec![evil()];
    run.rates.localities = vec![evil()];
    run.rates.contracts = vec![evil()];
    run.rates.stand_in = vec![evil()];
    for table in &mut run.tables {
        (table.release, table.effective, table.used) = (evil(), evil(), true);
    }
    for lack in &mut run.not_evaluated {
        (lack.code, lack.reason) = (evil(), evil());
    }
    for rule in &mut run.breakdown.rules {
        (rule.code, rule.name) = (evil(), evil());
    }
    for payer in &mut run.breakdown.payers {
        (payer.payer, payer.payer_id) = (evil(), Some(evil()));
    }
    let source = evil();
    let without_rate = vec![evil()];
    run.expected_loss = Some(crate::finding::ExpectedLoss {
        source,
        without_rate,
        ..crate::finding::ExpectedLoss::default()
    });
    run
}

#[test]
fn hostile_content_is_text_everywhere() {
    let run = hostile();
    for redaction in [Redaction::Default, Redaction::Full, Redaction::ShowPhi] {
        let page = page(&run, redaction);
        assert_eq!(page, saved_page(&run, redaction), "{redaction:?}");
        assert_eq!(page.matches("<script").count(), 1, "the page's own");
        assert!(
            !page.contains("<img")
                && !page.contains("onerror=alert(1)>\"")
                && !page.contains("</code><script")
        );
        let strange = |c: char| crate::report::plain::is_hostile(c) && c != '\n';
        assert_eq!(page.chars().find(|c| strange(*c)), None);
        assert!(page.contains("\\u{202e}\\x1b[31m\\x07\\x00{{7*7}}"));
        // Every quote inside a tag is one of the page's own, so tags end where the page ends them.
        let body = page.split_once("<body>").map_or("", |(_, body)| body);
        let body = body.split_once("<script>").map_or("", |(body, _)| body);
        for tag in body.split('<').skip(1).filter_map(|piece| piece.split_once('>').map(|(tag, _)| tag)) {
            assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
            assert!(!tag.contains("alert(1)") || tag.contains("&#60;img"), "{tag}");
        }
    }
}

#[test]
fn nothing_is_loaded() {
    let page = page(&busy(), Redaction::Default);
    for word in ["http:", "https:", "//", "src=", "@import", "url("] {
        let body =
            page.replace("// Filters the work list. Nothing here is needed for reading or printing.", "");
        assert!(!body.contains(word), "{word}");
    }
    assert!(page.contains("content=\"default-src &#39;none&#39;; style-src &#39;sha256-"));
    assert!(!page.contains(" style=") && !page.contains(" onclick="), "the policy would refuse them");
}

/// Distinct anchors, and every link inside the page leads to one.
#[test]
fn links_lead_somewhere() {
    let page = page(&busy(), Redaction::Default);
    let ids = |before: &str| -> Vec<String> {
        let ends = page.split(before).skip(1).filter_map(|rest| rest.split_once('"'));
        ends.map(|(id, _)| id.to_owned()).collect()
    };
    let anchors = ids(" id=\"");
    let distinct: std::collections::BTreeSet<_> = anchors.iter().collect();
    assert_eq!(anchors.len(), distinct.len());
    for link in ids("href=\"#").iter().chain(&ids("aria-labelledby=\"")).chain(&ids(" for=\"")) {
        assert!(distinct.contains(link), "{link}");
    }
}

#[test]
fn a_hundred_thousand_findings_are_a_page_that_opens() {
    let mut run = busy();
    let (claim, finding) = (run.flagged[0].clone(), run.findings[0].clone());
    let segment = claim.segments.iter().next().expect("a segment").window();
    run.findings.clear();
    run.flagged.clear();
    for ordinal in 1..=50_000_u32 {
        let mut claim = claim.clone();
        claim.ordinal = ordinal;
        claim.columns.at_risk.net = Cents(i64::from(ordinal));
        claim.segments = (0..30).map(|at| Window { number: at + 30, ..segment.clone() }).collect();
        run.flagged.push(claim);
        for line in [1, 3] {
            run.findings.push(Finding { claim: ordinal, line, ..finding.clone() });
        }
    }
    let page = page(&run, Redaction::Default);
    assert!(page.len() < 30 << 20, "{} bytes", page.len());
    assert_eq!(page.matches("<li class=\"entry\"").count(), worklist::MOST_CLAIMS);
    let first = page.find("id=\"claim-1-50000\"").expect("the claim that is worth most");
    assert!(
        first < page.find("id=\"claim-1-49001\"").expect("the last that fits")
            && !page.contains("id=\"claim-1-49000\"")
    );
    let words = words(&page);
    assert!(
        words.contains("The 1,000 worth most are here, of 50,000. 49,000 more were left out"),
        "{}",
        &words[..4000]
    );
    assert!(words.contains("--output csv=findings.csv"));
}

#[test]
fn claims_too_large_for_a_page_are_counted() {
    let mut run = busy();
    let claim = run.flagged[0].clone();
    run.findings.clear();
    run.flagged = (1..=20)
        .map(|ordinal| {
            let mut claim = claim.clone();
            claim.ordinal = ordinal;
            let text = "N".repeat(1 << 20);
            claim.segments = [Window { number: 35, text, ..Window::default() }].into_iter().collect();
            claim
        })
        .collect();
    let page = page(&run, Redaction::Default);
    assert!(page.len() < 20 << 20, "{} bytes", page.len());
    assert!(words(&page).contains("The 15 worth most are here, of 20. 5 more were left out"));
}
