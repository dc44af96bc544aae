//! Telling a file that is not what it should be at all: what stands in it may be a patient's, and is not to be shown.

use super::mistake::nearest;

/// What a file should be, by how it is written.
pub(crate) struct Written {
    /// What messages call it: `rule file`.
    pub(crate) name: &'static str,
    /// What it is, in a few words.
    pub(crate) shape: fn() -> String,
    /// Keys of the mapping that it is.
    pub(crate) keys: &'static [&'static str],
    /// Keys of an item of the list that it may be.
    pub(crate) of_items: &'static [&'static str],
    /// Whether it may be written in brackets, as JSON is.
    pub(crate) in_brackets: bool,
    /// Which keys tell it though they are misspelt.
    pub(crate) nearly: Nearly,
}

/// What keys that are nearly known tell of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nearly {
    /// One is enough: the file was named as what it should be.
    One,
    /// Every key must be one: a file of something else has some key that is like none.
    Every,
}

impl Written {
    /// Whether keys tell it, all of one mapping.
    fn is_told_by<'t>(
        &self,
        mut keys: impl Iterator<Item = &'t str> + Clone,
        known: &[&'static str],
    ) -> bool {
        // Keys may be known by the names that Rust has for them.
        let known: Vec<String> = known.iter().map(|known| known.replace('_', "-")).collect();
        let is_near = |key: &str| {
            let key = key.replace('_', "-");
            !key.is_empty() && nearest(&key, known.iter().map(String::as_str)).is_some()
        };
        match self.nearly {
            Nearly::One => keys.any(is_near),
            Nearly::Every if keys.clone().any(|key| known.contains(&key.replace('_', "-"))) => true,
            Nearly::Every => keys.clone().next().is_some() && keys.all(is_near),
        }
    }
}

/// A rule file.
pub(super) const RULE_FILE: Written = Written {
    name: "rule file",
    shape: || {
        let keys: Vec<String> = RULE_FILE.keys.iter().map(|key| format!("`{key}`")).collect();
        format!("a rule file is a list of rules, or a mapping with {}", keys.join(", "))
    },
    keys: &["rules", "profiles", "lists", "snip-types"],
    of_items: &["code", "name", "check", "severity", "message", "summary", "kind"],
    in_brackets: true,
    nearly: Nearly::One,
};

/// Why `text` is not what it should be, in one sentence that holds nothing of it; `None` for what has the shape, whatever
/// is wrong inside.
pub(crate) fn why(text: &str, wanted: &Written) -> Option<String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.trim_start();
    if first.starts_with(['{', '[']) {
        return (!wanted.in_brackets || !is_flow_book(first, wanted))
            .then(|| looks_like("JSON claim lines", wanted));
    }
    if is_block_book(text, wanted) {
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
        return Some(format!("this is no {}: {}", wanted.name, (wanted.shape)()));
    };
    Some(looks_like(what, wanted))
}

fn looks_like(what: &str, wanted: &Written) -> String {
    format!("this is no {}: it looks like {what}", wanted.name)
}

/// A mapping or a list in brackets whose first mapping begins with a key of a rule file.
fn is_flow_book(text: &str, wanted: &Written) -> bool {
    let in_list = text.starts_with('[');
    let inner = text.trim_start_matches(|c: char| c == '[' || c.is_whitespace());
    let Some(inner) = inner.strip_prefix('{') else { return false };
    let key = inner.trim_start().trim_start_matches('"').trim_start_matches('\'');
    let end = key.find(|c: char| !is_of_key(c)).unwrap_or(key.len());
    let is_key = key[end..].trim_start_matches(['"', '\'']).trim_start().starts_with(':');
    let known = if in_list { wanted.of_items } else { wanted.keys };
    is_key && wanted.is_told_by([&key[..end]].into_iter(), known)
}

/// Lines of block YAML: a key of a rule file at the margin, or a list with a key of a rule.
fn is_block_book(text: &str, wanted: &Written) -> bool {
    let lines = || text.lines().filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let is_list = lines().find(|line| !line.starts_with("---") && !line.starts_with('%'));
    if is_list.is_some_and(|line| line.trim_start() == "-" || line.trim_start().starts_with("- ")) {
        let item = |line: &str| {
            let inner = line.trim_start();
            key_of(inner.strip_prefix("- ").unwrap_or(inner).trim_start()).map(str::to_owned)
        };
        return lines().filter_map(item).any(|key| wanted.of_items.contains(&key.as_str()));
    }
    // What stands at the margin and is no key is none that could be known.
    let at_margin = lines().filter(|line| !line.starts_with([' ', '\t', '%']) && !line.starts_with("---"));
    wanted.is_told_by(at_margin.map(|line| key_of(line).unwrap_or_default()), wanted.keys)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> Option<String> {
        super::why(text, &RULE_FILE)
    }

    fn looks_like(what: &str) -> String {
        super::looks_like(what, &RULE_FILE)
    }

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
