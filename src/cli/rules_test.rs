//! `rules test`: how the examples of the rules fared, failures with what was expected and what was found.

use std::collections::HashSet;
use std::io::{self, Write};

use crate::claim::Cents;
use crate::engine::{self, Request};
use crate::finding::{Finding, Run, Severity};
use crate::reference::Reference;
use crate::rules::{Example, RuleErrors, RuleSet};
use crate::side::{self, Authorizations, RuleName, SideError, Suppressions, SuppressionsError};
use crate::source::Named;

/// The file that an example of a structural rule edits: one clean claim.
const BASE: &str = include_str!("../../rules/example-base.837");

/// What became of one example.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExampleResult {
    /// Code of the rule.
    pub rule: String,
    /// What the example shows.
    pub example: String,
    /// `invalid` (the rule must fire) or `valid` (it must not).
    pub kind: &'static str,
    /// Whether it came out as the rule says.
    pub passed: bool,
    /// What the rule says should come out, a finding a line.
    pub expected: String,
    /// What came out.
    pub found: String,
}

/// Runs the examples of every rule in force, each alone.
///
/// # Errors
/// If the examples that the program carries cannot be read, which a test rules out.
pub fn run(rules: &RuleSet, reference: &Reference) -> Result<Vec<ExampleResult>, RuleErrors> {
    let carried: HashSet<String> = RuleSet::builtin().rules.into_iter().map(|rule| rule.code).collect();
    Ok(rules.examples()?.iter().map(|example| run_one(example, rules, &carried, reference)).collect())
}

fn run_one(
    example: &Example,
    rules: &RuleSet,
    carried: &HashSet<String>,
    reference: &Reference,
) -> ExampleResult {
    let mut result = ExampleResult {
        rule: example.rule.clone(),
        example: example.name.clone(),
        kind: if example.fires { "invalid" } else { "valid" },
        passed: false,
        expected: expectation(example),
        found: String::new(),
    };
    let input = match input(example) {
        Ok(input) => input,
        Err(missing) => {
            result.found = format!("the base file does not hold {missing:?} exactly once");
            return result;
        }
    };
    let authorizations = match authorizations(example) {
        Ok(authorizations) => authorizations,
        Err(wrong) => {
            result.found = wrong.to_string();
            return result;
        }
    };
    let suppressions = match suppressions(example, rules) {
        Ok(suppressions) => suppressions,
        Err(wrong) => {
            result.found = wrong.to_string();
            return result;
        }
    };
    let request = Request {
        authorizations,
        suppressions,
        ..Request::new(rules.clone(), reference.clone(), example.as_of)
    };
    let mut run = engine::check(&request, &[input]);
    // What a user's own rules say of the claims of a carried example is nothing that its author could know.
    if carried.contains(&example.rule) {
        run.findings.retain(|finding| carried.contains(&finding.code));
    }
    let own: Vec<&Finding> = run.standing().filter(|finding| finding.code == example.rule).collect();
    let strangers = || {
        run.standing()
            .filter(|finding| finding.code != example.rule && finding.severity > Severity::Info)
            .filter(|finding| !example.also.contains(&finding.code))
    };
    // An example speaks for its own rule; with `also` it speaks for every rule.
    let alone = example.also.is_empty() || strangers().next().is_none();
    result.found = described(&run, &own, example);
    result.passed = alone
        && example.also.iter().all(|code| run.findings.iter().any(|finding| finding.code == *code))
        && if example.fires {
            example.expect.count.map_or(!own.is_empty(), |count| own.len() == count as usize)
                && own.iter().any(|finding| fits(finding, example))
        } else {
            own.is_empty()
        };
    result
}

/// What the example states beside the claims.
fn authorizations(example: &Example) -> Result<Authorizations, SideError> {
    match example.authorizations.as_str() {
        "" => Ok(Authorizations::default()),
        text => side::authorizations("authorizations", text.as_bytes()),
    }
}

/// The rules of a set, as a suppressions file may name them.
pub fn rule_names(rules: &RuleSet) -> Vec<RuleName> {
    let name = |(code, name, pack): (&String, &String, &String)| RuleName {
        code: code.clone(),
        name: name.clone(),
        pack: pack.clone(),
    };
    rules.rules.iter().map(|rule| name((&rule.code, &rule.name, &rule.pack))).collect()
}

/// What the example says is no fault.
fn suppressions(example: &Example, rules: &RuleSet) -> Result<Suppressions, SuppressionsError> {
    match example.suppressions.as_str() {
        "" => Ok(Suppressions::default()),
        text => side::suppressions("suppressions.yaml", text.as_bytes(), &rule_names(rules)),
    }
}

/// The example as an input; the text to replace that is not there once.
fn input(example: &Example) -> Result<Named, String> {
    if example.replace.is_empty() {
        return Ok(Named::memory("example.jsonl", example.json_lines().as_bytes()));
    }
    // On one line, so that an edit may reach from one segment into the next.
    let mut text = BASE.replace('\n', "");
    for (old, new) in &example.replace {
        if text.matches(old.as_str()).count() != 1 {
            return Err(old.clone());
        }
        text = text.replace(old.as_str(), new);
    }
    Ok(Named::memory("example.837", text.as_bytes()))
}

/// Whether a finding is the one that the example expects. What the example does not state is not asked.
fn fits(finding: &Finding, example: &Example) -> bool {
    let expect = &example.expect;
    expect.claim.is_none_or(|claim| claim == finding.claim)
        && expect.line.is_none_or(|line| line == finding.line)
        && expect.net.is_none_or(|net| Some(net) == finding.impact.net)
        && expect.gross.is_none_or(|gross| Some(gross) == finding.impact.gross)
        && expect.outcome.as_ref().is_none_or(|outcome| *outcome == finding.outcome)
        && expect.severity.is_none_or(|severity| severity == finding.severity)
}

fn expectation(example: &Example) -> String {
    if !example.fires {
        return format!("no {}", example.rule);
    }
    let expect = &example.expect;
    let mut words = vec![example.rule.clone()];
    words.extend(expect.severity.map(|severity| severity.as_str().to_owned()));
    words.extend(expect.outcome.as_ref().map(|outcome| format!("({outcome})")));
    words.extend(expect.claim.map(|claim| format!("claim {claim}")));
    words.extend(expect.line.map(|line| format!("line {line}")));
    words.extend(expect.net.map(|net| format!("net {net}")));
    words.extend(expect.gross.map(|gross| format!("gross {gross}")));
    words.extend(expect.count.map(|count| format!("{count} times")));
    let mut text = words.join(" ");
    for code in &example.also {
        text.push_str(&format!("\n{code}"));
    }
    text
}

/// What came out, said in as much detail as the example asks for.
fn described(run: &Run, own: &[&Finding], example: &Example) -> String {
    let expect = &example.expect;
    let mut lines: Vec<String> = own
        .iter()
        .map(|finding| {
            let mut words = vec![finding.code.clone()];
            words.extend(expect.severity.map(|_| finding.severity.as_str().to_owned()));
            words.extend(expect.outcome.as_ref().map(|_| format!("({})", finding.outcome)));
            words.extend(expect.claim.map(|_| format!("claim {}", finding.claim)));
            words.extend(expect.line.map(|_| format!("line {}", finding.line)));
            let amount =
                |amount: Option<Cents>| amount.map_or("unpriced".to_owned(), |amount| amount.to_string());
            words.extend(expect.net.map(|_| format!("net {}", amount(finding.impact.net))));
            words.extend(expect.gross.map(|_| format!("gross {}", amount(finding.impact.gross))));
            words.extend(expect.count.map(|_| format!("{} times", own.len())));
            words.join(" ")
        })
        .collect();
    lines.dedup();
    if lines.is_empty() {
        lines.push(format!("no {}", example.rule));
    }
    if !example.also.is_empty() {
        lines.extend(
            run.findings
                .iter()
                .filter(|finding| finding.code != example.rule && finding.severity > Severity::Info)
                .map(|finding| finding.code.clone()),
        );
    }
    lines.join("\n")
}

/// Writes the results, in the order given, and says whether all passed.
///
/// # Errors
/// Those of `out`.
pub fn show(results: &[ExampleResult], colour: bool, out: &mut dyn Write) -> io::Result<bool> {
    let paint = |code: &str, text: &str| {
        if colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    };
    for result in results.iter().filter(|result| !result.passed) {
        let name = if result.example.is_empty() { "(no name)" } else { &result.example };
        let head = paint("1;31", &format!("failed[{}]", result.rule));
        writeln!(out, "{head} {}: {}", result.kind, paint("1", name))?;
        for (sign, line) in difference(&result.expected, &result.found) {
            match sign {
                '-' => writeln!(out, "    {}", paint("31", &format!("- expected  {line}")))?,
                '+' => writeln!(out, "    {}", paint("32", &format!("+ found     {line}")))?,
                _ => writeln!(out, "                {line}")?,
            }
        }
        writeln!(out)?;
    }
    let passed = results.iter().filter(|result| result.passed).count();
    let failed = results.len() - passed;
    let mut rules: Vec<&str> = results.iter().map(|result| result.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let verdict = match (results.len(), failed) {
        (0, _) => "no examples to run".to_owned(),
        (_, 0) => format!("{} {}", passed, paint("1;32", "passed")),
        _ => format!("{passed} passed, {}", paint("1;31", &format!("{failed} failed"))),
    };
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (examples, rules) = (results.len(), rules.len());
    writeln!(out, "{examples} example{} of {rules} rule{}: {verdict}", plural(examples), plural(rules))?;
    Ok(failed == 0)
}

/// Lines of both texts in order: `-` only expected, `+` only found, ` ` in both.
fn difference<'a>(expected: &'a str, found: &'a str) -> Vec<(char, &'a str)> {
    let (old, new): (Vec<&str>, Vec<&str>) = (lines(expected), lines(found));
    // Length of the longest common rest from each pair of lines on.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (i, one) in old.iter().enumerate().rev() {
        for (j, other) in new.iter().enumerate().rev() {
            common[i][j] =
                if one == other { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut shown = Vec::new();
    while i < old.len() || j < new.len() {
        match (old.get(i), new.get(j)) {
            (Some(one), Some(other)) if one == other => {
                shown.push((' ', *one));
                (i, j) = (i + 1, j + 1);
            }
            (Some(one), other) if other.is_none() || common[i + 1][j] >= common[i][j + 1] => {
                shown.push(('-', one));
                i += 1;
            }
            (_, Some(other)) => {
                shown.push(('+', other));
                j += 1;
            }
            (_, None) => break,
        }
    }
    shown
}

/// An empty side says so: a rule that was silent is a result too.
fn lines(text: &str) -> Vec<&str> {
    if text.trim().is_empty() { vec!["nothing"] } else { text.lines().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(example: &str, passed: bool, expected: &str, found: &str) -> ExampleResult {
        ExampleResult {
            rule: "T01".to_owned(),
            example: example.to_owned(),
            kind: "invalid",
            passed,
            expected: expected.to_owned(),
            found: found.to_owned(),
        }
    }

    fn shown(results: &[ExampleResult]) -> (bool, String) {
        let mut out = Vec::new();
        let passed = show(results, false, &mut out).expect("a vector takes everything");
        (passed, String::from_utf8(out).expect("text is UTF-8"))
    }

    #[test]
    fn failures_show_both_sides() {
        let expected = "T01 line 1, net $20.70, gross $29.76\nM01 line 1";
        let found = "T01 line 1, net $29.76, gross $29.76\nM01 line 1";
        let results = [
            result("22 minutes billed as two units", false, expected, found),
            result("7 minutes", false, "T01 line 1", ""),
            result("23 minutes", true, "", ""),
        ];
        let (passed, text) = shown(&results);
        assert!(!passed);
        insta::assert_snapshot!(text, @"
        failed[T01] invalid: 22 minutes billed as two units
            - expected  T01 line 1, net $20.70, gross $29.76
            + found     T01 line 1, net $29.76, gross $29.76
                        M01 line 1

        failed[T01] invalid: 7 minutes
            - expected  T01 line 1
            + found     nothing

        3 examples of 1 rule: 1 passed, 2 failed
        ");
    }

    #[test]
    fn success_is_one_line() {
        let (passed, text) = shown(&[result("23 minutes", true, "", "")]);
        assert!(passed);
        assert_eq!(text, "1 example of 1 rule: 1 passed\n");
    }
}
