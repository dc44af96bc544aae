//! The page of a rule as data: its heads, and what stands under each. Text and markdown are drawn from it.

use super::examples;
use crate::finding::MoneyClass;
use crate::rules::{
    Amount, Check, Example, ImpactSpec, Kind, Piece, Rule, Scope, Special, Tree, Whose, pieces,
};

/// What a page says of a rule, whatever it is written as.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// `T01 units-exceed-minutes`.
    pub title: String,
    /// Severity and pack.
    pub about: Vec<String>,
    /// The rule in one sentence.
    pub summary: String,
    /// Every head, in one order for all rules; what the configuration says of single payers only where it says something.
    pub sections: Vec<Section>,
}

/// One head of a page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// `What it checks`.
    pub head: &'static str,
    /// What stands under it; nothing, where the rule has nothing to say.
    pub blocks: Vec<Block>,
    /// What a page says that leaves no head out, where there are no blocks.
    pub otherwise: &'static str,
}

/// A piece of a section.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Block {
    /// Prose, in paragraphs that an empty line divides.
    Prose(String),
    /// One of several things.
    Item(String),
    /// A remark on the items before it.
    More(String),
}

impl Page {
    /// The page of a rule. `examples` are those of the rule, or of all rules.
    pub fn of(rule: &Rule, examples: &[Example]) -> Page {
        let own = |fires: bool| {
            let own = examples.iter().filter(|example| example.rule == rule.code && example.fires == fires);
            let (items, more) = examples::items(own);
            let mut blocks: Vec<Block> = items.into_iter().map(Block::Item).collect();
            if more > 0 {
                blocks.push(Block::More(format!("and {more} more that `rules test` runs")));
            }
            blocks
        };
        let mut checks = vec![Block::Prose(checks(rule))];
        checks.extend(outcomes(rule).into_iter().map(Block::Item));
        let section = |head, blocks, otherwise| Section { head, blocks, otherwise };
        let mut sections = vec![
            section("What it checks", checks, ""),
            section("Why", prose(&rule.details), "The rule says no more than what it checks."),
            section("It fires on", own(true), "No example is given."),
            section("It is silent on", own(false), "No example is given."),
            section("How it is priced", prose(&pricing(rule)), ""),
            section("What to do", prose(&readable(&rule.help)), ""),
            section("If it is denied anyway", prose(&readable(&rule.appeal)), "The rule gives no advice."),
            section("Likely codes", codes(rule), "The rule names none."),
            section(
                "Sources",
                rule.sources.iter().cloned().map(Block::Item).collect(),
                "The rule names none.",
            ),
            section("Configuration", prose(&configuration(rule)), ""),
            section("Since", prose(&rule.since), "The rule does not say."),
        ];
        if rule.payers.iter().any(|(whose, _)| *whose != Whose::Everybody) {
            sections.insert(1, section("For single payers", prose(&payers(rule)), ""));
        }
        Page {
            title: format!("{} {}", rule.code, rule.name),
            about: vec![rule.weight().to_owned(), format!("pack {}", rule.pack)],
            summary: rule.summary.clone(),
            sections,
        }
    }
}

fn prose(text: &str) -> Vec<Block> {
    if text.trim().is_empty() { Vec::new() } else { vec![Block::Prose(text.trim().to_owned())] }
}

fn checks(rule: &Rule) -> String {
    let kind = Kind::named(rule.check.kind()).map_or("", |kind| kind.doc);
    let mut letters = kind.chars();
    let first = letters.next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    let mut text = format!("{first}{} (the check `{}`).", letters.as_str(), rule.check.kind());
    match rule.scope() {
        Scope::Day => text.push_str(" The day is put together from all claims of the run."),
        Scope::PatientYear => text.push_str(" The year is put together from all claims of the run."),
        Scope::Course => text.push_str(
            " The course is put together from all claims of the run, by payer and billing provider.",
        ),
        Scope::ProviderDay => {
            text.push_str(" The provider's day is put together from all claims of the run.")
        }
        Scope::Line | Scope::Claim | Scope::File => {}
    }
    if !matches!(rule.when, Tree::Always) {
        text.push_str(&format!("\n\nIt is about lines of which this holds: {}.", rule.when.words()));
    }
    if let Check::Require(tree) = &rule.check {
        text.push_str(&format!("\n\nOf those this must hold too: {}.", tree.words()));
    }
    text.push_str(&format!("\n\nIt says: \"{}\"", readable(&rule.message)));
    text
}

/// What the configuration has the rule weigh for single payers.
fn payers(rule: &Rule) -> String {
    let said = rule.payers.iter().map(|(whose, special)| format!("{whose}: {}", special.weight()));
    said.collect::<Vec<_>>().join("; ")
}

fn outcomes(rule: &Rule) -> Vec<String> {
    let words = rule.outcomes.iter().map(|outcome| {
        let severity = outcome.severity.unwrap_or(rule.severity).as_str();
        let message = outcome.message.as_deref().unwrap_or(&rule.message);
        format!("{} ({severity}): \"{}\"", outcome.name, readable(message))
    });
    words.collect()
}

fn codes(rule: &Rule) -> Vec<Block> {
    let of_outcomes = rule.outcomes.iter().filter_map(|outcome| outcome.acknowledgement.as_ref());
    let acknowledged: Vec<String> =
        rule.acknowledgement.iter().chain(of_outcomes).map(ToString::to_string).collect();
    let codes = [
        ("acknowledgement (TA1, 999)", &acknowledged),
        ("claim status (277CA)", &rule.claim_status),
        ("claim adjustment (CARC)", &rule.carc),
        ("remark (RARC)", &rule.rarc),
    ];
    let stated = codes.iter().filter(|(_, codes)| !codes.is_empty());
    stated.map(|(name, codes)| Block::Item(format!("{name}: {}", codes.join(", ")))).collect()
}

/// By which words the rule is chosen, and what of it can be changed.
fn configuration(rule: &Rule) -> String {
    let family = rule.code.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let is_off = rule.payers == [(Whose::Everybody, Special::Off)];
    let off = if is_off {
        "It does not run here: the configuration, or what was typed beside its code, leaves it out.\n\n"
    } else {
        ""
    };
    let mut text = format!(
        "{off}`--select` and `--ignore` know it by its code (`{}`), its name (`{}`), its family (`{family}`) and its pack (`{}`).",
        rule.code, rule.name, rule.pack
    );
    if let Some(snip) = rule.snip {
        text.push_str(&format!(" It is of SNIP type {snip}: `--snip {snip}` keeps it."));
    }
    text.push_str(
        "\n\n`severity` in `cleanclaim.yaml` says what it weighs, for everybody or for one payer. What it asks of the payer is \
         the payer profile's to say, and lists and profiles can be replaced by your own; to change anything else, ignore it \
         and write your own under another code (`cleanclaim rules new`).",
    );
    text
}

/// A message with its placeholders as people write them: `<units>`.
fn readable(text: &str) -> String {
    let piece = |piece: Piece<'_>| match piece {
        Piece::Words(words) => words.to_owned(),
        Piece::Placeholder(name, _) => format!("<{name}>"),
    };
    pieces(text).map(piece).collect()
}

fn pricing(rule: &Rule) -> String {
    let mut text = worth(rule.impact);
    for outcome in &rule.outcomes {
        if let Some(impact) = outcome.impact.filter(|impact| *impact != rule.impact) {
            text.push_str(&format!("\n\n{}: {}", outcome.name, worth(impact)));
        }
    }
    if rule.impact.amount != Amount::None {
        text.push_str(
            "\n\nTwo figures are given: net follows the payer's profile, with the multiple-procedure reduction \
             where it applies; gross is the flat fee schedule. A dollar is counted once in the totals, however many \
             findings touch it.",
        );
    }
    text
}

fn worth(impact: ImpactSpec) -> String {
    if impact.amount == Amount::None {
        return "No dollars are attached.".to_owned();
    }
    let amount = impact.amount.words();
    let class = match impact.class {
        MoneyClass::Rejection => "Delayed cash: the claim does not enter adjudication until it is mended.",
        MoneyClass::Denial => "At risk: the payer may not pay.",
        MoneyClass::Recoupment => "Recoupment: likely to be paid, then recoverable in audit.",
        MoneyClass::LostRevenue if impact.amount == Amount::ChargeShortfall => {
            "Unbilled: allowed, and not charged."
        }
        MoneyClass::LostRevenue => "Unbilled: documented, if the record confirms it, and not billed.",
        MoneyClass::None => "No column of the totals.",
    };
    let certain = if impact.certain {
        " Payers deny it without exception: expected loss takes it whole, unless your denial rates name the rule."
    } else {
        ""
    };
    format!("{class} The amount is {amount}.{certain}")
}
