//! Findings that are known: a file of fingerprints, written by one run and read by later ones. It names no claim.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::num::NonZeroU32;

use serde::Deserialize;
use serde_json::json;

/// What a baseline says it is. Adding a field is no new version; changing or dropping one is.
const SCHEMA: &str = "cleanclaim-baseline/1";

/// Why a baseline is refused: one sentence with the file and the place in it, and nothing of its contents.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct BaselineError(String);

/// The findings of an earlier run, by what equal ones have in common.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Baseline {
    source: String,
    /// By code of the rule and fingerprint of the first of equal ones, how many there were.
    known: BTreeMap<(String, u64), u64>,
}

#[derive(Deserialize)]
struct RawBaseline {
    schema: String,
    findings: Vec<RawKnown>,
}

#[derive(Deserialize)]
struct RawKnown {
    code: String,
    fingerprint: String,
    /// Bounded, so that sums of all that a file can hold stay far from their end.
    count: NonZeroU32,
}

impl Baseline {
    /// The baseline of these findings: code of the rule, and fingerprint of the first of equal ones.
    pub fn of<'f>(findings: impl IntoIterator<Item = (&'f str, u64)>) -> Baseline {
        let mut baseline = Baseline::default();
        for (code, fingerprint) in findings {
            *baseline.known.entry((code.to_owned(), fingerprint)).or_default() += 1;
        }
        baseline
    }

    /// Reads a baseline. `file` is the name that errors and reports give it.
    ///
    /// # Errors
    /// What is not the JSON that [`Baseline::write`] writes; one finding that stands there twice.
    pub fn read(file: &str, bytes: &[u8]) -> Result<Baseline, BaselineError> {
        let refused = |message: String| BaselineError(format!("{}: {message}", file.escape_debug()));
        let raw: RawBaseline = serde_json::from_slice(bytes).map_err(|error| {
            let what = if error.is_data() { "not what a baseline has there" } else { "not JSON" };
            let (line, column) = (error.line(), error.column());
            refused(format!("line {line}, column {column}: {what}; write it anew with --write-baseline"))
        })?;
        if raw.schema != SCHEMA {
            return Err(refused(format!("this is no {SCHEMA}; write it anew with --write-baseline")));
        }
        let mut known = BTreeMap::new();
        for (number, RawKnown { code, fingerprint, count }) in (1..).zip(raw.findings) {
            let is_form = fingerprint.len() == 16 && fingerprint.bytes().all(|byte| byte.is_ascii_hexdigit());
            let Some(fingerprint) = u64::from_str_radix(&fingerprint, 16).ok().filter(|_| is_form) else {
                return Err(refused(format!("finding {number}: a fingerprint has 16 hexadecimal digits")));
            };
            if known.insert((code, fingerprint), u64::from(count.get())).is_some() {
                return Err(refused(format!("finding {number} stands there twice")));
            }
        }
        Ok(Baseline { source: file.to_owned(), known })
    }

    /// The file, as named.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How many equal findings are known.
    pub fn count(&self, code: &str, fingerprint: u64) -> u64 {
        self.known.get(&(code.to_owned(), fingerprint)).copied().unwrap_or(0)
    }

    /// How many findings are known of the rules that `asked` names.
    pub fn total(&self, asked: impl Fn(&str) -> bool) -> u64 {
        self.known
            .iter()
            .filter(|((code, _), _)| asked(code))
            .fold(0, |sum, (_, count)| sum.saturating_add(*count))
    }

    /// Writes it, sorted, a finding a line. `version` is the program's, `as_of` the run date.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn write(&self, version: &str, as_of: &str, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"schema\": {}", json!(SCHEMA))?;
        write!(out, ",\n \"version\": {},\n \"as_of\": {},\n \"findings\": [", json!(version), json!(as_of))?;
        for (index, ((code, fingerprint), count)) in self.known.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            let code = json!(code);
            write!(
                out,
                "{comma}\n  {{\"code\": {code}, \"fingerprint\": \"{fingerprint:016x}\", \"count\": {count}}}"
            )?;
        }
        writeln!(out, "\n ]}}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(baseline: &Baseline) -> String {
        let mut out = Vec::new();
        baseline.write("0.9.0", "2025-04-02", &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn what_is_written_is_read_again() {
        let baseline = Baseline::of([("T01", 7), ("P01", u64::MAX), ("T01", 7), ("T01", 1)]);
        let text = written(&baseline);
        insta::assert_snapshot!(text, @r#"
        {"schema": "cleanclaim-baseline/1",
         "version": "0.9.0",
         "as_of": "2025-04-02",
         "findings": [
          {"code": "P01", "fingerprint": "ffffffffffffffff", "count": 1},
          {"code": "T01", "fingerprint": "0000000000000001", "count": 1},
          {"code": "T01", "fingerprint": "0000000000000007", "count": 2}
         ]}
        "#);
        let again = Baseline::read("b.json", text.as_bytes()).expect("a baseline");
        assert_eq!(again.known, baseline.known);
        assert_eq!((again.count("T01", 7), again.count("T01", 8), again.count("T02", 7)), (2, 0, 0));
        assert_eq!((again.total(|code| code == "T01"), again.total(|_| true)), (3, 4));
        let none = written(&Baseline::default());
        assert_eq!(Baseline::read("b.json", none.as_bytes()).expect("a baseline").total(|_| true), 0);
    }

    #[test]
    fn large_counts_are_bounded() {
        let of = |count: u64| {
            let finding = |print: u8| {
                format!("{{\"code\": \"T01\", \"fingerprint\": \"{print:016x}\", \"count\": {count}}}")
            };
            let text =
                format!("{{\"schema\": \"{SCHEMA}\", \"findings\": [\n{},\n{}]}}", finding(1), finding(2));
            Baseline::read("b.json", text.as_bytes()).map(|baseline| baseline.total(|_| true))
        };
        let most = u64::from(u32::MAX);
        assert_eq!(of(most), Ok(2 * most));
        for count in [most + 1, u64::MAX] {
            let error = of(count).expect_err("too many").to_string();
            assert!(error.starts_with("b.json: line 2, column "), "{error}");
            assert!(error.ends_with(": not what a baseline has there; write it anew with --write-baseline"));
        }
        let most = Baseline {
            known: [1, 2].map(|print| (("T01".to_owned(), print), u64::MAX)).into(),
            ..Baseline::default()
        };
        assert_eq!(most.total(|_| true), u64::MAX);
    }

    #[test]
    fn a_file_that_is_none_is_refused_without_its_contents() {
        for (text, said) in [
            ("", "line 1, column 0: not JSON; write it anew with --write-baseline"),
            (
                "{\"claim_id\": \"MAPLE\"}",
                "line 1, column 21: not what a baseline has there; write it anew with --write-baseline",
            ),
            (
                "{\"schema\": \"MAPLE\", \"findings\": []}",
                "this is no cleanclaim-baseline/1; write it anew with --write-baseline",
            ),
            (
                "{\"schema\": \"cleanclaim-baseline/1\", \"findings\": [\n\
                 {\"code\": \"T01\", \"fingerprint\": \"0000000000000001\", \"count\": 0}]}",
                "line 2, column 61: not what a baseline has there; write it anew with --write-baseline",
            ),
            (
                "{\"schema\": \"cleanclaim-baseline/1\", \"findings\": [\n\
                 {\"code\": \"T01\", \"fingerprint\": \"+000000000000001\", \"count\": 1}]}",
                "finding 1: a fingerprint has 16 hexadecimal digits",
            ),
            (
                "{\"schema\": \"cleanclaim-baseline/1\", \"findings\": [\n\
                 {\"code\": \"T01\", \"fingerprint\": \"0000000000000001\", \"count\": 1},\n\
                 {\"code\": \"T01\", \"fingerprint\": \"0000000000000001\", \"count\": 1}]}",
                "finding 2 stands there twice",
            ),
        ] {
            let error = Baseline::read("b.json", text.as_bytes()).expect_err(text).to_string();
            assert_eq!(error, format!("b.json: {said}"), "{text}");
        }
    }
}
