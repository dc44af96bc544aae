/// Where something stands in a record: a column, or the way through JSON.
///
/// A path is keys with dots between them. It goes into every element of a list that it meets, so `[]` behind a key only
/// says that a list is there. `[0]` takes one element, `[key=one|other]` those whose `key` says so, `(key=one|other)` goes
/// on only if what stands here says so itself. `@claim` and `@line` at the front begin at the claim or line being read;
/// else the path begins at the record, and where it goes the way that led to the claim or line, it stays with that one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Path {
    /// As the map writes it.
    pub text: String,
    /// Where it begins.
    pub root: Root,
    /// Its steps.
    pub steps: Vec<Step>,
    /// The place of its column in the table that is being read, once that is known ([`super::Map::in_table`]).
    pub column: Option<usize>,
}

/// Where a path begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Root {
    /// At the record.
    Record,
    /// At the claim being read.
    Claim,
    /// At the line being read.
    Line,
}

/// One step of a path.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Step {
    /// The key; empty where the path goes nowhere and only tests.
    pub key: String,
    /// What is asked of what stands there.
    pub tests: Vec<Test>,
}

/// What a step asks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Test {
    /// The element of this place, from 0.
    Index(usize),
    /// Elements of which something says one of these.
    Elements(Vec<Step>, Vec<String>),
    /// That something says one of these of what stands here.
    Itself(Vec<Step>, Vec<String>),
}

/// A column's name without what does not matter: case, and what stands between its words.
pub fn folded(name: &str) -> String {
    let is_between = |letter: &char| letter.is_whitespace() || matches!(letter, '_' | '-');
    name.chars().filter(|letter| !is_between(letter)).collect::<String>().to_lowercase()
}

impl Path {
    /// A column. Its name is matched as [`folded`] has it.
    pub fn column(name: &str) -> Path {
        let step = Step { key: folded(name), tests: Vec::new() };
        Path { text: name.trim().to_owned(), root: Root::Record, steps: vec![step], column: None }
    }

    /// Whether it leads where `other` does, as they are written.
    pub(super) fn is_at(&self, other: &Path) -> bool {
        self.root == other.root && self.steps == other.steps
    }

    /// The way through JSON that `text` writes.
    ///
    /// # Errors
    /// What is wrong with it, in a few words.
    pub fn json(text: &str) -> Result<Path, String> {
        let trimmed = text.trim();
        let (root, rest) = match trimmed.strip_prefix('@') {
            None => (Root::Record, trimmed),
            Some(rest) => {
                let end = rest.find(['.', '(', '[']).unwrap_or(rest.len());
                let root = match &rest[..end] {
                    "claim" => Root::Claim,
                    "line" => Root::Line,
                    _ => return Err("a path begins with a key, with @claim or with @line".to_owned()),
                };
                (root, rest[end..].strip_prefix('.').unwrap_or(&rest[end..]))
            }
        };
        Ok(Path { text: trimmed.to_owned(), root, steps: steps(rest)?, column: None })
    }

    /// `name_1..4` as `name_1` to `name_4`; anything else as it is.
    pub(super) fn expanded(text: &str) -> Vec<String> {
        let whole = || vec![text.to_owned()];
        let Some((before, after)) = text.split_once("..") else { return whole() };
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let stem = before.trim_end_matches(|c: char| c.is_ascii_digit());
        let (first, length) = (&before[stem.len()..], digits(after));
        match (first.parse::<u32>(), after[..length].parse::<u32>()) {
            (Ok(first), Ok(last)) if first <= last && last - first < 100 => {
                (first..=last).map(|number| format!("{stem}{number}{}", &after[length..])).collect()
            }
            _ => whole(),
        }
    }

    /// Whether it stays with the line where one is being read: it begins there, or goes the way to `lines`.
    pub fn is_of_line(&self, lines: Option<&Path>) -> bool {
        match (self.root, lines) {
            (Root::Line, _) => true,
            (Root::Record, Some(lines)) if lines.root == Root::Record => {
                self.steps.len() > lines.steps.len()
                    && self.steps.iter().zip(&lines.steps).all(|(own, of_lines)| own.key == of_lines.key)
            }
            (Root::Claim, Some(lines)) if lines.root == Root::Claim => {
                self.steps.len() > lines.steps.len()
                    && self.steps.iter().zip(&lines.steps).all(|(own, of_lines)| own.key == of_lines.key)
            }
            _ => false,
        }
    }
}

/// The steps of a path without its root.
fn steps(text: &str) -> Result<Vec<Step>, String> {
    let mut steps = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['.', '[', '(', ']', ')']).unwrap_or(rest.len());
        let mut step = Step { key: rest[..end].trim().to_owned(), tests: Vec::new() };
        rest = &rest[end..];
        while let Some(open) = rest.chars().next().filter(|open| matches!(open, '[' | '(')) {
            let close = if open == '[' { ']' } else { ')' };
            let length = closing(rest, open, close).ok_or_else(|| format!("a `{open}` is never closed"))?;
            let inside = rest[1..length].trim();
            rest = &rest[length + 1..];
            if let Some(test) = test(open, inside)? {
                step.tests.push(test);
            }
        }
        if step.key.is_empty() && (!steps.is_empty() || step.tests.is_empty()) {
            return Err("a key is missing".to_owned());
        }
        steps.push(step);
        match rest.strip_prefix('.') {
            Some("") => return Err("a key is missing at the end".to_owned()),
            Some(further) => rest = further,
            None if rest.is_empty() => {}
            None => return Err("a `.` is missing between two keys".to_owned()),
        }
    }
    Ok(steps)
}

fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

fn test(open: char, inside: &str) -> Result<Option<Test>, String> {
    if inside.is_empty() && open == '[' {
        return Ok(None);
    }
    if let Some((way, said)) = inside.split_once('=') {
        let way = steps(way.trim())?;
        let said = said.split('|').map(|one| one.trim().to_lowercase()).collect();
        return Ok(Some(if open == '[' { Test::Elements(way, said) } else { Test::Itself(way, said) }));
    }
    match inside.parse() {
        Ok(index) if open == '[' => Ok(Some(Test::Index(index))),
        _ => Err(format!("`{inside}` is neither a place nor a test like key=value")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<String> {
        Path::json(text).expect(text).steps.into_iter().map(|step| step.key).collect()
    }

    #[test]
    fn paths_are_keys_with_tests() {
        assert_eq!(keys("claimInformation.serviceLines[].serviceDate").len(), 3);
        let path = Path::json("@line.dtp_segment[q.code=472|473].date[0]").expect("a path");
        assert_eq!(path.root, Root::Line);
        let way = vec![Step { key: "q".into(), tests: vec![] }, Step { key: "code".into(), tests: vec![] }];
        assert_eq!(path.steps[0].tests, [Test::Elements(way, vec!["472".into(), "473".into()])]);
        assert_eq!(path.steps[1].tests, [Test::Index(0)]);
        let record = Path::json("(resourceType=Claim|ExplanationOfBenefit)").expect("a path");
        assert!(record.steps[0].key.is_empty() && matches!(record.steps[0].tests[0], Test::Itself(..)));
        assert!(Path::json("").expect("the record").steps.is_empty());
        for wrong in ["a..b", "a.", "a[b", "a[b]c", "@patient.x", "a[x]", ".a", "a)"] {
            assert!(Path::json(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_path_stays_with_its_line() {
        let lines = Path::json("claim.lines[]").expect("a path");
        let is_of_line = |text: &str| Path::json(text).expect(text).is_of_line(Some(&lines));
        assert!(is_of_line("claim.lines.code") && is_of_line("@line.code"));
        assert!(!is_of_line("claim.lines") && !is_of_line("claim.id") && !is_of_line("@claim.id"));
    }

    #[test]
    fn ranges_are_written_out() {
        assert_eq!(Path::expanded("mod1..3"), ["mod1", "mod2", "mod3"]);
        assert_eq!(Path::expanded("a.code_1..2[1]"), ["a.code_1[1]", "a.code_2[1]"]);
        assert_eq!(Path::expanded("a..b"), ["a..b"]);
        assert_eq!(Path::expanded("a9..3"), ["a9..3"]);
    }

    #[test]
    fn columns_are_matched_whatever_their_case_and_spaces() {
        assert_eq!(Path::column(" Submitted  CPT").steps[0].key, folded("submitted cpt "));
        for name in ["Claim Id", "CLAIM_ID", "ClaimId", "claim-id"] {
            assert_eq!(folded(name), folded("claim_id"), "{name}");
        }
        assert_ne!(folded("units"), folded("unit"));
    }
}
