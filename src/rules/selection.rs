//! Which rules are kept, by the words that name them.

use super::{Rule, RuleSet, UnknownSelector};

/// A word that names rules: a code (`T01`), a family (`T`), a name (`units-exceed-minutes`), a pack (`therapy`), or `ALL`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    /// The word.
    pub text: String,
    /// Whether it was typed for this run, and does not stand in a file.
    pub typed: bool,
}

impl Word {
    /// A word of the command line.
    pub fn typed(text: &str) -> Word {
        Word { text: text.to_owned(), typed: true }
    }

    /// A word of a configuration.
    pub fn kept(text: &str) -> Word {
        Word { text: text.to_owned(), typed: false }
    }
}

/// What is to be kept and left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Selection {
    /// These alone; empty: all.
    pub select: Vec<Word>,
    /// And these.
    pub also: Vec<Word>,
    /// Without these.
    pub ignore: Vec<Word>,
}

/// How closely a word names a rule. One rule's own word weighs more than that of many.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Aim {
    All,
    Pack,
    Family,
    Rule,
}

/// How the word names the rule, if it does. Upper and lower case are one in codes.
pub(super) fn aim(rule: &Rule, word: &str) -> Option<Aim> {
    let family = rule.code.trim_end_matches(|letter: char| letter.is_ascii_digit());
    if rule.code.eq_ignore_ascii_case(word) || rule.name == word {
        Some(Aim::Rule)
    } else if family.eq_ignore_ascii_case(word) {
        Some(Aim::Family)
    } else if rule.pack == word {
        Some(Aim::Pack)
    } else {
        word.eq_ignore_ascii_case("all").then_some(Aim::All)
    }
}

impl Selection {
    /// Whether the rule is kept.
    ///
    /// What is ignored is left out, with one exception: what was typed goes before what a file says. A rule that a typed
    /// word selects stays in, unless the word of a file that ignores it names it more closely than the typed one.
    fn keeps(&self, rule: &Rule) -> bool {
        let closest =
            |words: &mut dyn Iterator<Item = &Word>| words.filter_map(|word| aim(rule, &word.text)).max();
        let wanted = || self.select.iter().chain(&self.also);
        if !self.select.is_empty() && closest(&mut wanted()).is_none() {
            return false;
        }
        if closest(&mut self.ignore.iter().filter(|word| word.typed)).is_some() {
            return false;
        }
        closest(&mut self.ignore.iter()).is_none_or(|ignored| self.typed_aim(rule) >= Some(ignored))
    }

    /// How closely a typed word selects the rule, if one does.
    pub(super) fn typed_aim(&self, rule: &Rule) -> Option<Aim> {
        let typed = self.select.iter().chain(&self.also).filter(|word| word.typed);
        typed.filter_map(|word| aim(rule, &word.text)).max()
    }

    fn words(&self) -> impl Iterator<Item = &Word> {
        self.select.iter().chain(&self.also).chain(&self.ignore)
    }
}

/// Why a word cannot mean what is asked of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Complaint {
    /// One sentence.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

impl RuleSet {
    /// Keeps what a selection keeps.
    ///
    /// # Errors
    /// A word that names no rule.
    pub fn choose(&mut self, selection: &Selection) -> Result<(), UnknownSelector> {
        if let Some(word) = selection.words().find(|word| !self.names_some(&word.text)) {
            return Err(self.unknown(&word.text));
        }
        if selection.words().next().is_some() {
            self.rules.retain(|rule| selection.keeps(rule));
            self.reindex();
        }
        Ok(())
    }

    /// Whether some rule is named by the word.
    pub fn names_some(&self, word: &str) -> bool {
        self.rules.iter().any(|rule| aim(rule, word).is_some())
    }
}
