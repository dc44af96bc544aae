//! Telling a file that is no rule file at all: what stands in it may be a patient's, and is not to be shown.

use super::mistake::nearest;

/// Keys of a mapping that is a rule file.
const BOOK: &[&str] = &["rules", "profiles", "lists", "snip-types"];

/// Keys of a rule, of which a list of rules shows one.
const RULE: &[&str] = &["code", "name", "check", "severity", "message", "summary", "kind"];

/// Why `text` is no rule file, in one sentence that holds nothing of it; `None` for what has the shape of one, whatever
/// is wrong inside.
pub(super) fn why(text: &str) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.trim_start();
    if first.starts_with(['{', '[']) {
        return (!is_flow_book(first)).then(|| looks_like("JSON claim lines"));
    }
    if is_block_book(text) {
        return None;
    }
    let what = if first.starts_with("ISA") || first.starts_with("GS*") || first.starts_with("ST*") {
        if first.contains("837") { "an 837P" } else { "an X12 file" }
    } else if first.starts_with("PK\u{3}\u{4}") {
        "an Excel workbook or another archive"
    } else if first.starts_with('<') {
        "XML or HTML"
    } else if first.lines().next().is_some_and(|line| line.contains([',', ';', '\t'])) {
        "CSV"
    } else {
        return Some(format!(
            "this is no rule file: a rule file is a list of rules, or a mapping with {}",
            BOOK.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
        ));
    };
    Some(looks_like(what))
}

fn looks_like(what: &str) -> String {
    format!("this is no rule file: it looks like {what}")
}

/// A mapping or a list in brackets whose first mapping begins with a key of a rule file.
fn is_flow_book(text: &str) -> bool {
    let in_list = text.starts_with('[');
    let inner = text.trim_start_matches(|c: char| c == '[' || c.is_whitespace());
    let Some(inner) = inner.strip_prefix('{') else { return false };
    let key = inner.trim_start().trim_start_matches('"').trim_start_matches('\'');
    let end = key.find(|c: char| !is_of_key(c)).unwrap_or(key.len());
    let is_key = key[end..].trim_start_matches(['"', '\'']).trim_start().starts_with(':');
    is_key && is_near(&key[..end], if in_list { RULE } else { BOOK })
}

/// Lines of block YAML: a key of a rule file at the margin, or a list with a key of a rule.
fn is_block_book(text: &str) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let is_list = lines().find(|line| !line.starts_with("---") && !line.starts_with('%'));
    if is_list.is_some_and(|line| line.trim_start() == "-" || line.trim_start().starts_with("- ")) {
        let item = |line: &str| {
            let inner = line.trim_start();
            key_of(inner.strip_prefix("- ").unwrap_or(inner).trim_start()).map(str::to_owned)
        };
        return lines().filter_map(item).any(|key| RULE.contains(&key.as_str()));
    }
    lines().filter_map(key_of).any(|key| is_near(key, BOOK))
}

/// `rules` of `rules:` and `"rules": []`.
fn key_of(line: &str) -> Option<&str> {
    let quoted = line.strip_prefix(['"', '\'']);
    let line = quoted.unwrap_or(line);
    let end = line.find(|c: char| !is_of_key(c))?;
    let rest = &line[end..];
    let rest = if quoted.is_some() { rest.strip_prefix(['"', '\''])? } else { rest };
    let after = rest.strip_prefix(':')?;
    (end > 0 && (after.is_empty() || after.starts_with([' ', '\t', '\r']))).then_some(&line[..end])
}

fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn is_near(key: &str, known: &[&'static str]) -> bool {
    !key.is_empty() && nearest(key, known.iter().copied()).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_hold_claims_are_told_by_their_shape() {
        for (text, what) in [
            ("claim_id,note\nXC,XN\n", "CSV"),
            ("\u{feff}claim_id;note\n", "CSV"),
            ("ISA*00*          *00*~GS*HC~ST*837*0001~", "an 837P"),
            ("ISA*00*          *00*~GS*HP~ST*835*0001~", "an X12 file"),
            ("{\"claim_id\":\"XC\",\"note\":\"XN\"}\n", "JSON claim lines"),
            ("[{\"claim_id\":\"XC\",\"note\":\"XN\"}]", "JSON claim lines"),
            ("[[\"code\", 1]]", "JSON claim lines"),
            ("<html>", "XML or HTML"),
        ] {
            assert_eq!(why(text), Some(looks_like(what)), "{text}");
        }
        for text in ["XN", "patient: XN\n", "- patient: XN\n", "- XN\n", "--- XN\n"] {
            let said = why(text).expect(text);
            assert!(
                said.starts_with("this is no rule file: a rule file is") && !said.contains("XN"),
                "{said}"
            );
        }
    }

    #[test]
    fn a_rule_file_with_a_mistake_is_still_one() {
        for text in [
            "- code: A1\n  nam: x\n",
            "# mine\n---\n-\n  code: A1\n",
            "rule:\n  - code: A1\n",
            "profiles:\n- name: x\n",
            "\"lists\": {}\n",
            "{rules: [{code: A1}]}",
            "{\"rules\": []}",
            "[{\"code\": \"A1\"}]",
            "colour: x\nrules: []\n",
        ] {
            assert_eq!(why(text), None, "{text}");
        }
    }
}
