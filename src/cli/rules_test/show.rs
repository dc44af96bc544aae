//! How the examples fared, for people: failures with what differs, then a line that counts.

use std::io::{self, Write};

use super::{ExampleResult, Field, Tested};

/// Writes the failures, the rules that are shown on one side alone, and how many examples ran.
///
/// # Errors
/// Those of `out`.
pub fn show(tested: &Tested, colour: bool, out: &mut dyn Write) -> io::Result<()> {
    let paint = Paint { colour };
    let results = &tested.results;
    for result in results.iter().filter(|result| !result.passed()) {
        failure(result, paint, out)?;
    }
    for lack in &tested.one_sided {
        let head = paint.with("1;33", &format!("warning[{}]", lack.rule));
        let what = if lack.lacks == "invalid" { "where it fires" } else { "where it stays silent" };
        writeln!(out, "{head} no `{}` example shows {what}", lack.lacks)?;
    }
    let passed = results.iter().filter(|result| result.passed()).count();
    let failed = results.len() - passed;
    let mut rules: Vec<&str> = results.iter().map(|result| result.rule.as_str()).collect();
    rules.sort_unstable();
    rules.dedup();
    let verdict = match (results.len(), failed) {
        (0, _) => "no examples to run".to_owned(),
        (_, 0) => format!("{passed} {}", paint.with("1;32", "passed")),
        _ => format!("{passed} passed, {}", paint.with("1;31", &format!("{failed} failed"))),
    };
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let (examples, rules) = (results.len(), rules.len());
    writeln!(out, "{examples} example{} of {rules} rule{}: {verdict}", plural(examples), plural(rules))
}

/// Columns of a field's name.
const NAME: usize = 9;

fn failure(result: &ExampleResult, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    let name = if result.example.is_empty() { "(no name)" } else { &result.example };
    let head = paint.with("1;31", &format!("failed[{}]", result.rule));
    let place = if result.place.is_empty() { "built-in" } else { &result.place };
    writeln!(out, "{head} {place}, {}: {}", result.kind, paint.with("1", name))?;
    for Field { name, expected, found } in &result.fields {
        match (expected, found) {
            (Some(expected), Some(found)) if expected == found => {
                writeln!(out, "      {name:<NAME$} {found}")?;
            }
            (Some(expected), found) => {
                writeln!(out, "    {}", paint.with("31", &format!("- {name:<NAME$} {expected}")))?;
                if let Some(found) = found {
                    writeln!(out, "    {}", paint.with("32", &format!("+ {name:<NAME$} {found}")))?;
                }
            }
            (None, Some(found)) => {
                writeln!(out, "      {}", paint.with("2", &format!("{name:<NAME$} {found} (not asked)")))?;
            }
            (None, None) => {}
        }
    }
    writeln!(out)
}

#[derive(Clone, Copy)]
struct Paint {
    colour: bool,
}

impl Paint {
    fn with(self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::rules_test::{OneSided, run};
    use crate::reference::Reference;
    use crate::rules::{RuleFile, RuleSet};

    /// Rules with examples that are wrong in every field.
    const RULES: &str = "\
- code: ACME01
  name: massage-twice-a-day
  severity: warning
  summary: More massage than the plan pays for on one day
  when: {line.procedure_code: {is: 97124}}
  check: {limit: {sum: line.units, over: patient-day, at-most: 1}}
  impact: {class: denial, amount: excess-units}
  message: M
  help: H
  examples:
    invalid:
      - name: every field is another
        lines: [{procedure_code: 97124, units: 2}, {procedure_code: 97140}]
        expect: {claim: 2, line: 2, outcome: other, severity: error, net: 1.00, gross: 2.00, count: 2}
        also: [T04]
      - name: it does not fire
        lines: [{procedure_code: 97124}]
        expect: {line: 1}
      - name: it does
        lines: [{procedure_code: 97124, units: 2}]
    valid:
      - lines: [{procedure_code: 97124, units: 2}]
- code: ACME02
  name: nothing-shows-it
  severity: info
  summary: S
  when: {line.procedure_code: {is: 97124}}
  check: forbid
  message: M
  help: H
";

    #[test]
    fn failures_differ_field_by_field() {
        // An outcome that the kind does not have is a mistake of the file, so one that it has is asked for.
        let text = RULES.replace("outcome: other, ", "outcome: \"\", ");
        let file = RuleFile { name: "acme.yaml".to_owned(), text: text.into() };
        let rules = RuleSet::with(&[file]).unwrap_or_else(|errors| panic!("{errors}"));
        let mut rules = rules;
        rules.select(&["ACME".to_owned(), "P01".to_owned(), "T04".to_owned()], &[]).expect("rules");
        let mut tested = run(&rules, &Reference::builtin()).expect("examples");
        tested.results.retain(|result| result.rule == "ACME01");
        assert!(!tested.passed());
        let mut out = Vec::new();
        show(&tested, false, &mut out).expect("a vector takes everything");
        insta::assert_snapshot!("failures", String::from_utf8(out).expect("text"));
    }

    #[test]
    fn success_is_one_line() {
        let field =
            Field { name: "finding", expected: Some("T01".to_owned()), found: Some("T01".to_owned()) };
        let result = ExampleResult {
            rule: "T01".to_owned(),
            example: "23 minutes".to_owned(),
            place: String::new(),
            kind: "invalid",
            fields: vec![field],
        };
        let mut tested = Tested { results: vec![result], one_sided: Vec::new() };
        let shown = |tested: &Tested| {
            let mut out = Vec::new();
            show(tested, false, &mut out).expect("a vector takes everything");
            String::from_utf8(out).expect("text")
        };
        assert_eq!(shown(&tested), "1 example of 1 rule: 1 passed\n");
        tested.one_sided.push(OneSided { rule: "T01".to_owned(), lacks: "valid" });
        assert!(tested.passed());
        assert!(shown(&tested).starts_with("warning[T01] no `valid` example shows where it stays silent\n"));
    }
}
