use serde_json::{Value, json};

use super::super::bills::{Line, cents, text};
use super::clinic::{UNTIMED, charge_of, clock, money};
use super::notes::note;
use super::seeds::minute_of;

/// One visit, which is one claim.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Native lines, without the charge of the claim.
    pub lines: Vec<Line>,
    /// 0-based patient, therapist and place in the therapist's day.
    pub patient: usize,
    pub therapist: usize,
    pub slot: usize,
    /// How often the patient was there before.
    pub number: usize,
    /// How its 837P is spoilt. Such a claim stands in a file of its own.
    pub edit: Option<fn(&str) -> String>,
}

impl Visit {
    /// The claim's lines as they are sent: each states the charge of the claim.
    pub fn stated(&self) -> impl Iterator<Item = Line> + '_ {
        let total: i64 = self.lines.iter().map(|line| cents(line, "charge_amount")).sum();
        self.lines.iter().cloned().map(move |mut line| {
            line.entry("claim_charge_amount").or_insert_with(|| json!(money(total)));
            line
        })
    }

    pub fn id(&self) -> String {
        text(&self.lines[0], "claim_id")
    }

    pub fn file_name(&self) -> String {
        format!("{}.837", self.id())
    }

    /// Its own file of an 837P, spoilt.
    pub fn edited(&self, x12: String) -> String {
        self.edit.map_or(x12.clone(), |edit| {
            let spoilt = edit(&x12);
            assert_ne!(spoilt, x12, "the seed of {} changes nothing", self.id());
            spoilt
        })
    }

    /// SBR09.
    pub fn payer(&self) -> String {
        text(&self.lines[0], "claim_filing_indicator")
    }

    pub fn is_at(&self, payers: &[&str]) -> bool {
        payers.contains(&self.payer().as_str())
    }

    /// Whether it is treatment by a therapist in person, below every threshold: no CQ, no KX, no evaluation.
    pub fn is_plain(&self) -> bool {
        let plain = |line: &Line| {
            line["modifiers"].as_array().is_some_and(|modifiers| modifiers.len() == 1)
                && !text(line, "procedure_code").starts_with("9716")
        };
        self.lines.iter().all(plain)
    }

    /// The 1-based line of this code.
    pub fn find(&self, code: &str) -> Option<u16> {
        let at = self.lines.iter().position(|line| line["procedure_code"] == code)?;
        u16::try_from(at + 1).ok()
    }

    pub fn has(&self, code: &str) -> bool {
        self.find(code).is_some()
    }

    pub fn units(&self, line: u16) -> u64 {
        self.lines[usize::from(line) - 1]["units"].as_u64().unwrap_or(0)
    }

    pub fn is_timed(&self, line: u16) -> bool {
        let code = text(&self.lines[usize::from(line) - 1], "procedure_code");
        !UNTIMED.contains(&code.as_str())
    }

    pub fn at(&mut self, line: u16) -> &mut Line {
        &mut self.lines[usize::from(line) - 1]
    }

    pub fn set(&mut self, line: u16, fact: &str, value: Value) {
        self.at(line).insert(fact.to_owned(), value);
    }

    pub fn unset(&mut self, line: u16, fact: &str) {
        self.at(line).remove(fact);
    }

    /// A fact of the claim: of every line.
    pub fn set_all(&mut self, fact: &str, value: &Value) {
        for line in &mut self.lines {
            line.insert(fact.to_owned(), value.clone());
        }
    }

    pub fn unset_all(&mut self, fact: &str) {
        for line in &mut self.lines {
            line.remove(fact);
        }
    }

    /// So many units at the clinic's charge.
    pub fn bill(&mut self, line: u16, units: u64) {
        let charge = charge_of(&text(self.at(line), "procedure_code")) * units as i64;
        self.set(line, "units", json!(units));
        self.set(line, "charge_amount", json!(money(charge)));
    }

    /// Another code for what the line says, at that code's charge and with its note.
    pub fn recode(&mut self, line: u16, code: &str) {
        let units = self.units(line);
        self.set(line, "procedure_code", json!(code));
        self.bill(line, units);
        let own = note(code, &self.region(line), self.patient, self.number, usize::from(line) - 1);
        self.set(line, "note", json!(own));
    }

    /// The first unit of a line of several, on a line by itself with its minutes. Gives the other line, at the end.
    pub fn split(&mut self, line: u16) -> u16 {
        let (units, minutes) = (self.units(line), self.at(line)["minutes"].as_u64().unwrap_or(0));
        let start = minute_of(self, line, "start");
        let other = self.lines.len() + 1;
        let copy = self.at(line).clone();
        self.lines.push(copy);
        let other = other as u16;
        self.set(other, "line_number", json!(other));
        for (line, units, from, to) in
            [(line, 1, start, start + 15), (other, units - 1, start + 15, start + minutes as u32)]
        {
            self.bill(line, units);
            self.set(line, "minutes", json!(to - from));
            self.set(line, "start", json!(clock(from)));
            self.set(line, "end", json!(clock(to)));
        }
        other
    }

    pub fn note(&self, line: u16) -> String {
        text(&self.lines[usize::from(line) - 1], "note")
    }

    pub fn region(&self, line: u16) -> String {
        text(&self.lines[usize::from(line) - 1], "region")
    }

    /// One more line, untimed, of one unit.
    pub fn add(&mut self, code: &str) -> u16 {
        let mut line = self.lines[0].clone();
        for fact in ["minutes", "start", "end", "note", "assistant_minutes"] {
            line.remove(fact);
        }
        let number = self.lines.len() + 1;
        line.insert("line_number".to_owned(), json!(number));
        line.insert("procedure_code".to_owned(), json!(code));
        line.insert("units".to_owned(), json!(1));
        line.insert("charge_amount".to_owned(), json!(money(charge_of(code))));
        self.lines.push(line);
        number as u16
    }

    /// Every line, as told of `code`.
    pub fn every(&self, code: &'static str) -> Vec<(&'static str, u16)> {
        (1..=self.lines.len()).map(|line| (code, line as u16)).collect()
    }
}
