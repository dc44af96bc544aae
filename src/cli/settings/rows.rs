use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Origin, Set, Settings};
use crate::cli::size::size_text;
use crate::config::Config;

/// One setting as `config show` lists it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::cli) struct Row {
    /// As a configuration names it; settings of payers and severities with their path: `payers.acme.ignore`.
    pub(in crate::cli) key: String,
    /// A switch, a number or a text; null where nothing is set.
    pub(in crate::cli) value: Value,
    pub(in crate::cli) origin: Origin,
}

/// Every setting, in the order of the documentation. A list has a row for each item.
pub(in crate::cli) fn rows(settings: &Settings, config: &Config) -> Vec<Row> {
    let mut rows = Rows(Vec::new());
    let Settings { rules, .. } = settings;
    let path = |path: &PathBuf| json!(path.display().to_string());
    let word = |word: &String| json!(word);
    let switch = |on: &bool| json!(on);
    rows.list("rules", &rules.paths, path);
    rows.list("select", &rules.select, word);
    rows.list_if_any("extend-select", &rules.also, word);
    rows.list("ignore", &rules.ignore, word);
    rows.option("snip", &rules.snip, |types| {
        json!(types.0.iter().map(u8::to_string).collect::<Vec<_>>().join(","))
    });
    for (word, weight) in &config.keys.severity {
        rows.stated(
            format!("severity.{}", word.value),
            weight.value.as_str().to_owned(),
            config.place(weight),
        );
    }
    for (name, payer) in &config.keys.payers {
        let name = &name.value;
        for (key, words) in [("select", &payer.select), ("ignore", &payer.ignore)] {
            let Some(words) = words else { continue };
            let texts: Vec<&str> = words.value.0.iter().map(|word| word.value.as_str()).collect();
            rows.stated(format!("payers.{name}.{key}"), texts.join(", "), config.place(words));
        }
        for (word, weight) in &payer.severity {
            let key = format!("payers.{name}.severity.{}", word.value);
            rows.stated(key, weight.value.as_str().to_owned(), config.place(weight));
        }
    }
    rows.one("fail-on", &settings.fail_on, |level| json!(level.as_str()));
    rows.option("max-at-risk", &settings.max_at_risk, |most| json!(most.to_string()));
    rows.option("locality", &settings.locality, word);
    rows.one("price-by-zip", &settings.price_by_zip, switch);
    rows.option("fees", &settings.fees, path);
    rows.one("nonparticipating", &settings.nonparticipating, switch);
    rows.one("net-cash", &settings.net_cash, switch);
    rows.one("carry-fees-forward", &settings.carry_fees_forward, switch);
    rows.option("denial-rates", &settings.denial_rates, path);
    rows.option("ytd", &settings.ytd, path);
    rows.option("sessions", &settings.sessions, path);
    rows.list("history", &settings.history, path);
    rows.option("authorizations", &settings.authorizations, path);
    rows.option("credentials", &settings.credentials, path);
    rows.option("data", &settings.data, path);
    rows.list("include", &settings.include, word);
    rows.list("exclude", &settings.exclude, word);
    rows.option("map", &settings.map, word);
    rows.list("suppressions", &settings.suppressions, path);
    rows.option("baseline", &settings.baseline, path);
    match settings.output.as_slice() {
        [] => rows.push("output", json!("text"), Origin::Default),
        outputs => rows.list("output", outputs, |output| json!(output.to_string())),
    }
    rows.one("limit", &settings.limit, |limit| json!(limit));
    rows.one("quiet", &settings.quiet, switch);
    rows.one("ascii", &settings.ascii, switch);
    rows.one("redact", &settings.redact, |level| json!(level.as_str()));
    rows.option("threads", &settings.threads, |threads| json!(threads));
    rows.one("memory", &settings.memory, |bytes| json!(size_text(*bytes)));
    rows.0
}

struct Rows(Vec<Row>);

impl Rows {
    fn push(&mut self, key: &str, value: Value, origin: Origin) {
        self.0.push(Row { key: key.to_owned(), value, origin });
    }

    fn one<T>(&mut self, key: &str, set: &Set<T>, show: impl Fn(&T) -> Value) {
        self.push(key, show(&set.value), set.origin.clone());
    }

    fn option<T>(&mut self, key: &str, set: &Option<Set<T>>, show: impl Fn(&T) -> Value) {
        match set {
            Some(set) => self.one(key, set, show),
            None => self.push(key, Value::Null, Origin::Default),
        }
    }

    fn list<T>(&mut self, key: &str, sets: &[Set<T>], show: impl Fn(&T) -> Value) {
        if sets.is_empty() {
            self.push(key, Value::Null, Origin::Default);
        }
        self.list_if_any(key, sets, show);
    }

    fn list_if_any<T>(&mut self, key: &str, sets: &[Set<T>], show: impl Fn(&T) -> Value) {
        for set in sets {
            self.one(key, set, &show);
        }
    }

    fn stated(&mut self, key: String, value: String, (name, line): (&str, usize)) {
        let origin = Origin::File { name: name.to_owned(), line, file: 0, at: None };
        self.0.push(Row { key, value: json!(value), origin });
    }
}

impl Origin {
    /// As people read it.
    pub(in crate::cli) fn words(&self) -> String {
        match self {
            Origin::Default => "default".to_owned(),
            Origin::Typed => "command line".to_owned(),
            Origin::Environment(name) => format!("{name} is set"),
            Origin::File { name, line, .. } => format!("{name}:{line}"),
        }
    }

    fn json(&self) -> Value {
        match self {
            Origin::Default => json!({"from": "default"}),
            Origin::Typed => json!({"from": "command-line"}),
            Origin::Environment(name) => json!({"from": "environment", "variable": name}),
            Origin::File { name, line, .. } => json!({"from": "file", "file": name, "line": line}),
        }
    }
}

impl Row {
    /// The value as people read it.
    pub(in crate::cli) fn words(&self) -> String {
        match &self.value {
            Value::Null => "-".to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// As programs read it.
    pub(in crate::cli) fn json(&self) -> Value {
        let mut row = json!({"key": self.key, "value": self.value});
        if let (Some(row), Value::Object(origin)) = (row.as_object_mut(), self.origin.json()) {
            row.extend(origin);
        }
        row
    }
}
