//! From YAML to a map whose names have a meaning. Every wrong name is noted, a wrong shape ends the file.

use std::ops::Range;

use regex::Regex;

use super::map::{Condition, Form, Lookup, Map, Reads, Source};
use super::path::Path;
use super::raw::{KeyedSource, RawCondition, RawForm, RawMap, RawReads};
use crate::claim::{Fact, FactKind};
use crate::rules::{Located, Mistake, RuleErrors, RuleFile, did_you_mean, read_yaml, shape_mistake};

/// Whether a map may say where a fact stands: those of native lines, and the codes that a line points to.
pub(super) fn is_mapped(fact: Fact) -> bool {
    fact.is_native() || fact == Fact::LinkedDiagnosisCodes
}

/// Reads a map. Its name is the stem of the file's.
///
/// # Errors
/// Everything wrong with it, at its place.
pub fn read(file: &RuleFile) -> Result<Map, RuleErrors> {
    let errors = |mistakes| RuleErrors { sources: vec![file.clone()], mistakes };
    if !is_a_map(&file.text) {
        // What stands in such a file may be a patient's.
        let message = "this is no map: a map is YAML that begins with `reads: csv` or `reads: json`";
        return Err(RuleErrors::of_file(&file.name, message));
    }
    let raw: RawMap =
        read_yaml(&file.text).map_err(|fault| errors(vec![shape_mistake(0, fault, &file.text)]))?;
    let mut resolving = Resolving { reads: reads(raw.reads), mistakes: Vec::new() };
    let mut map = resolving.map(raw);
    map.name = stem(&file.name);
    if resolving.mistakes.is_empty() {
        return Ok(map);
    }
    resolving.mistakes.sort_by_key(|mistake| mistake.at.as_ref().map(|at| at.start));
    Err(errors(resolving.mistakes))
}

/// Whether a key of a map stands at the margin of a line.
fn is_a_map(text: &str) -> bool {
    let keys = ["reads:", "facts:", "summary:", "detect:"];
    text.lines().any(|line| keys.iter().any(|key| line.trim_start_matches('\u{feff}').starts_with(key)))
}

fn stem(name: &str) -> String {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned()
}

fn reads(raw: RawReads) -> Reads {
    match raw {
        RawReads::Csv => Reads::Csv,
        RawReads::Json => Reads::Json,
    }
}

struct Resolving {
    reads: Reads,
    mistakes: Vec<Mistake>,
}

type At = Option<Range<usize>>;

impl Resolving {
    fn wrong(&mut self, at: &At, message: impl Into<String>, label: &str, help: Option<String>) {
        let (message, label) = (message.into(), label.to_owned());
        self.mistakes.push(Mistake { source: 0, at: at.clone(), message, label, help });
    }

    fn path(&mut self, text: &str, at: &At) -> Option<Path> {
        match self.reads {
            Reads::Csv if text.trim().is_empty() => {
                self.wrong(at, "a column has no name", "no name", None);
                None
            }
            Reads::Csv => Some(Path::column(text)),
            Reads::Json => match Path::json(text) {
                Ok(path) => Some(path),
                Err(why) => {
                    self.wrong(at, format!("`{text}` is no path: {why}"), "no path", None);
                    None
                }
            },
        }
    }

    fn paths(&mut self, texts: &[Located<String>], around: &At) -> Vec<Path> {
        let mut paths = Vec::new();
        for text in texts {
            let at = text.at.clone().or_else(|| around.clone());
            for one in Path::expanded(&text.value) {
                paths.extend(self.path(&one, &at));
            }
        }
        paths
    }

    fn condition(&mut self, raw: &RawCondition) -> Option<Condition> {
        let at = self.path(&raw.at.value, &raw.at.at)?;
        if raw.is.is_empty() {
            self.wrong(&raw.at.at, "`is` names no value", "of this", None);
        }
        Some(Condition { at, is: raw.is.iter().map(|one| one.trim().to_lowercase()).collect() })
    }

    fn map(&mut self, raw: RawMap) -> Map {
        if self.reads == Reads::Csv {
            for of_json in raw.claims.iter().chain(&raw.lines) {
                let message = "a table has neither claims nor lines in its rows: each row is a line";
                self.wrong(&of_json.at, message, "of JSON alone", None);
            }
        }
        let mut facts: Vec<(Fact, Vec<Source>)> = Vec::new();
        for (name, sources) in &raw.facts {
            let Some(fact) = self.fact(name) else { continue };
            if facts.iter().any(|(known, _)| *known == fact) {
                self.wrong(&name.at, format!("`{fact}` stands twice"), "a second time", None);
            }
            let mut known: Vec<Source> = Vec::new();
            for one in &sources.0 {
                let Some(mut source) = self.source(fact, &one.value.keyed, &one.at) else { continue };
                if fact.kind() == FactKind::Codes {
                    self.once(fact, &mut source, &known, &one.value.keyed, &one.at);
                }
                if source.value.is_some() || !source.from.is_empty() {
                    known.push(source);
                }
            }
            facts.push((fact, known));
        }
        facts.sort_by_key(|(fact, _)| *fact);
        // Misspelt, it has been named already.
        if self.mistakes.is_empty() && !facts.iter().any(|(fact, _)| *fact == Fact::ProcedureCode) {
            let message = "the map does not say where the procedure_code stands";
            self.wrong(&None, message, "", None);
        }
        Map {
            name: String::new(),
            summary: raw.summary,
            reads: self.reads,
            detect: self.paths(&raw.detect, &None),
            claims: self.paths(&raw.claims, &None),
            lines: raw.lines.as_ref().and_then(|lines| self.path(&lines.value, &lines.at)),
            only: raw.only.iter().filter_map(|one| self.condition(one)).collect(),
            except: raw.except.iter().filter_map(|one| self.condition(one)).collect(),
            facts,
        }
    }

    fn fact(&mut self, name: &Located<String>) -> Option<Fact> {
        let fact = Fact::ALL.iter().copied().find(|fact| fact.name() == name.value && is_mapped(*fact));
        if fact.is_none() {
            let known = Fact::ALL.iter().filter(|fact| is_mapped(**fact)).map(|fact| fact.name());
            let help = did_you_mean(&name.value, known);
            self.wrong(&name.at, format!("no fact is called `{}`", name.value), "unknown fact", help);
        }
        fact
    }

    /// What stands at one place counts once in a list: further names of a place that is read in the same way fall away.
    fn once(&mut self, fact: Fact, source: &mut Source, known: &[Source], raw: &KeyedSource, around: &At) {
        for known in known {
            let Some(path) = source.from.iter().find(|path| known.from.iter().any(|one| one.is_at(path)))
            else {
                continue;
            };
            if !known.reads_as(source) && !known.is_apart_from(source) {
                let message = format!("`{}` is read into {fact} twice, in two ways", path.text);
                let names_it = |text: &&Located<String>| {
                    Path::expanded(&text.value).iter().any(|one| one.trim() == path.text)
                };
                let at = raw.from.0.iter().find(names_it).and_then(|text| text.at.clone());
                let at = at.or_else(|| around.clone());
                let help = "what stands at one place counts once in a list: name it once, or let the sources differ \
                            in `parts` or in what they ask of one place with `when`";
                self.wrong(&at, message, "a second time", Some(help.to_owned()));
            }
        }
        let alike: Vec<&Source> = known.iter().filter(|known| known.reads_as(source)).collect();
        let mut paths: Vec<Path> = Vec::new();
        for path in std::mem::take(&mut source.from) {
            let mut before = paths.iter().chain(alike.iter().flat_map(|known| &known.from));
            if !before.any(|one| one.is_at(&path)) {
                paths.push(path);
            }
        }
        source.from = paths;
    }

    fn source(&mut self, fact: Fact, raw: &KeyedSource, around: &At) -> Option<Source> {
        let from = self.paths(&raw.from.0, around);
        match (raw.from.0.is_empty(), &raw.value) {
            (true, None) => {
                self.wrong(around, format!("`{fact}` has neither `from` nor `value`"), "from where?", None)
            }
            (false, Some(value)) => {
                self.wrong(&value.at, "a source has `from` or `value`, not both", "beside `from`", None);
            }
            _ => {}
        }
        let form = self.form(fact, raw);
        let is_charge = matches!(fact, Fact::ChargeAmount);
        if let Some(per_unit) = raw.per_unit.as_ref().filter(|one| one.value && !is_charge) {
            self.wrong(&per_unit.at, "`per-unit` is a matter of charge_amount", "not here", None);
        }
        let is_diagnoses = matches!(fact, Fact::DiagnosisCodes);
        if let Some(principal) = raw.principal.as_ref().filter(|one| one.value && !is_diagnoses) {
            self.wrong(&principal.at, "`principal` is a matter of diagnosis_codes", "not here", None);
        }
        for part in raw.parts.iter().filter(|part| part.value == 0) {
            self.wrong(&part.at, "parts are counted from 1", "no such part", None);
        }
        for (at, part) in raw.parts.iter().enumerate() {
            if raw.parts.iter().take(at).any(|before| before.value == part.value) {
                self.wrong(&part.at, format!("part {} is named twice", part.value), "a second time", None);
            }
        }
        if let Some(first) = raw.parts.first().filter(|_| raw.split.is_none()) {
            self.wrong(&first.at, "`parts` needs `split`", "parts of what?", None);
        }
        let after = raw.after.as_ref().and_then(|after| {
            let mut letters = after.value.chars();
            let first = letters.next();
            if first.is_none() || letters.next().is_some() {
                self.wrong(&after.at, "`after` is one character", "not one character", None);
            }
            first
        });
        let like = raw.like.as_ref().and_then(|like| match Regex::new(&format!("^(?:{})$", like.value)) {
            Ok(like) => Some(like),
            Err(_) => {
                let message = format!("`{}` is no regular expression", like.value);
                self.wrong(&like.at, message, "cannot be read", None);
                None
            }
        });
        Some(Source {
            from,
            value: raw.value.as_ref().map(|value| value.value.trim().to_owned()),
            when: raw.when.as_ref().and_then(|when| self.condition(when)),
            split: raw.split.clone().filter(|split| !split.is_empty()),
            parts: raw.parts.iter().map(|part| part.value).collect(),
            after,
            words: raw.words.iter().map(|(word, code)| (word.trim().to_lowercase(), code.clone())).collect(),
            like,
            form,
            per_unit: raw.per_unit.as_ref().is_some_and(|one| one.value),
            principal: raw.principal.as_ref().is_some_and(|one| one.value),
            look_up: raw.look_up.as_ref().and_then(|look_up| {
                if self.reads == Reads::Csv {
                    let message = "a row has no lists: `look-up` is for JSON";
                    self.wrong(&look_up.within.at, message, "of JSON alone", None);
                    return None;
                }
                Some(Lookup {
                    within: self.path(&look_up.within.value, &look_up.within.at)?,
                    by: self.path(&look_up.by.value, &look_up.by.at)?,
                    take: self.path(&look_up.take.value, &look_up.take.at)?,
                })
            }),
        })
    }

    fn form(&mut self, fact: Fact, raw: &KeyedSource) -> Form {
        let kind = if fact == Fact::DiagnosisPointers { None } else { Some(fact.kind()) };
        let default = match kind {
            None => {
                let base = raw.base.as_ref().map_or(1, |base| base.value);
                if let Some(wrong) = raw.base.as_ref().filter(|base| base.value > 1) {
                    self.wrong(&wrong.at, "the first diagnosis is 0 or 1", "neither", None);
                }
                Form::Pointers { base }
            }
            Some(FactKind::Amount) => Form::Dollars,
            Some(FactKind::Date) => Form::Iso,
            Some(_) => Form::Native,
        };
        if let Some(base) = raw.base.as_ref().filter(|_| kind.is_some()) {
            self.wrong(&base.at, "`base` is a matter of diagnosis_pointers", "not here", None);
        }
        let Some(stated) = &raw.form else { return default };
        let form = match stated.value {
            RawForm::Dollars => Form::Dollars,
            RawForm::Cents => Form::Cents,
            RawForm::Iso => Form::Iso,
            RawForm::Us => Form::Us,
            RawForm::RangeStart => Form::RangeStart,
            RawForm::RangeEnd => Form::RangeEnd,
        };
        let fits = match stated.value {
            RawForm::Dollars | RawForm::Cents => kind == Some(FactKind::Amount),
            _ => kind == Some(FactKind::Date),
        };
        if !fits {
            let message = format!("`{fact}` cannot be written in this form");
            self.wrong(&stated.at, message, "of another sort of fact", None);
        }
        form
    }
}
