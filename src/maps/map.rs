use std::sync::Arc;

use regex::Regex;

use super::Path;
use crate::claim::Fact;

/// Which files a map reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reads {
    /// Tables with a header.
    Csv,
    /// JSON records: one a line, in an array, or one behind the other.
    Json,
}

/// Where the facts of claims stand in records of one shape.
#[derive(Clone, Debug)]
pub struct Map {
    /// What the command line and the summary call it.
    pub name: String,
    /// What writes such records, in one sentence.
    pub summary: String,
    /// Which files it is for.
    pub reads: Reads,
    /// Columns or paths that must all be there for a file to be read by this map without being asked; with none it is
    /// never taken unasked.
    pub detect: Vec<Path>,
    /// Where the claims stand in a record; none: the record is one.
    pub claims: Vec<Path>,
    /// Where the lines of a claim stand; `None`: the record is a line.
    pub lines: Option<Path>,
    /// A record, a claim or a line that does not meet all of these is passed over.
    pub only: Vec<Condition>,
    /// One that meets any of these is passed over.
    pub except: Vec<Condition>,
    /// Facts with where they may stand, in the order of the vocabulary.
    pub facts: Vec<(Fact, Vec<Source>)>,
}

impl Map {
    /// Where `fact` may stand; nothing where the map does not speak of it.
    pub fn sources(&self, fact: Fact) -> &[Source] {
        self.facts.iter().find(|(known, _)| *known == fact).map_or(&[], |(_, sources)| sources)
    }

    /// The same for one table: `column` says where the column of a path stands. What looks at no column of it is left out.
    pub fn in_table(&self, column: impl Fn(&Path) -> Option<usize>) -> Map {
        let placed = |path: &Path| Path { column: column(path), ..path.clone() };
        let condition = |one: &Condition| Condition { at: placed(&one.at), is: one.is.clone() };
        let source = |one: &Source| {
            let from: Vec<Path> = one.from.iter().map(placed).filter(|path| path.column.is_some()).collect();
            let says_something = one.value.is_some() || !from.is_empty();
            says_something.then(|| Source { from, when: one.when.as_ref().map(condition), ..one.clone() })
        };
        let facts = self.facts.iter().filter_map(|(fact, sources)| {
            let sources: Vec<Source> = sources.iter().filter_map(source).collect();
            (!sources.is_empty()).then_some((*fact, sources))
        });
        Map {
            only: self.only.iter().map(condition).collect(),
            except: self.except.iter().map(condition).collect(),
            facts: facts.collect(),
            ..self.clone()
        }
    }

    /// Every path that the map looks at.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let conditions = self.only.iter().chain(&self.except).map(|condition| &condition.at);
        let sources = self.facts.iter().flat_map(|(_, sources)| sources).flat_map(|source| {
            let whens = source.when.iter().map(|when| &when.at);
            source.from.iter().chain(whens).chain(source.look_up.iter().map(|look_up| &look_up.within))
        });
        self.detect.iter().chain(&self.claims).chain(&self.lines).chain(conditions).chain(sources)
    }
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// As native JSON has it.
    Native,
    /// Dollars, perhaps with `$` and commas between thousands.
    Dollars,
    /// Whole cents.
    Cents,
    /// `CCYYMMDD`, `CCYY-MM-DD`, or the latter with a time behind it.
    Iso,
    /// `M/D/CCYY`, perhaps with a time behind it.
    Us,
    /// The first day of `CCYYMMDD-CCYYMMDD`, or the one day.
    RangeStart,
    /// The last day of `CCYYMMDD-CCYYMMDD`, or the one day.
    RangeEnd,
    /// Positions of diagnoses: numbers, or letters as on the paper form.
    Pointers {
        /// What the first diagnosis is called, 0 or 1.
        base: u8,
    },
}

/// One place where a fact may stand, and how it is read there.
#[derive(Clone, Debug)]
pub struct Source {
    /// Columns or paths; of several the first that says anything, for lists all of them.
    pub from: Vec<Path>,
    /// A value that is always the same.
    pub value: Option<String>,
    /// It counts only where this holds.
    pub when: Option<Condition>,
    /// Characters that divide the value.
    pub split: Option<String>,
    /// Which of the divided parts count, from 1; none: all.
    pub parts: Vec<usize>,
    /// What stands behind the last of this character counts, where there is one.
    pub after: Option<char>,
    /// Words and what they stand for, the words in lower case.
    pub words: Vec<(String, String)>,
    /// The value counts only if all of it is like this.
    pub like: Option<Regex>,
    /// How it is written.
    pub form: Form,
    /// It is a charge for one unit.
    pub per_unit: bool,
    /// It is the principal diagnosis: the first, unless another source has it in the list already.
    pub principal: bool,
    /// It names something that stands elsewhere in the record.
    pub look_up: Option<Lookup>,
}

impl Source {
    /// Whether it reads a whole list: a value that is divided, or several columns.
    pub fn is_list(&self) -> bool {
        self.split.is_some() || self.from.len() > 1
    }

    /// Whether it makes of a place what `other` makes of it.
    pub(super) fn reads_as(&self, other: &Source) -> bool {
        let like = |source: &Source| source.like.as_ref().map(|like| like.as_str().to_owned());
        self.when == other.when
            && (&self.split, &self.parts, self.after) == (&other.split, &other.parts, other.after)
            && (&self.words, like(self)) == (&other.words, like(other))
            && (self.form, self.per_unit, &self.look_up) == (other.form, other.per_unit, &other.look_up)
    }

    /// Whether of one place the two never take the same: they take other parts of it, or never count both.
    pub(super) fn is_apart_from(&self, other: &Source) -> bool {
        let has_none_of =
            |parts: &[usize]| !parts.is_empty() && !parts.iter().any(|part| self.parts.contains(part));
        let takes_other_parts =
            self.split == other.split && !self.parts.is_empty() && has_none_of(&other.parts);
        let is_never_both = match (&self.when, &other.when) {
            (Some(own), Some(when)) => {
                own.at.is_at(&when.at) && !own.is.iter().any(|one| when.is.contains(one))
            }
            _ => false,
        };
        takes_other_parts || is_never_both
    }
}

/// A number that names an element of a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lookup {
    /// The list.
    pub within: Path,
    /// From an element to its number.
    pub by: Path,
    /// From an element to what counts.
    pub take: Path,
}

/// A column or path, and what it may say.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Condition {
    /// Where.
    pub at: Path,
    /// One of these, in any case; an empty text stands for nothing at all.
    pub is: Vec<String>,
}

/// By which maps inputs are read.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The one that was asked for.
    pub asked: Option<Arc<Map>>,
}
