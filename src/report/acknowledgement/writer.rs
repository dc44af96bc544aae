//! Segments of an acknowledgement: envelopes, counts, separators.

use super::envelope::{is_day, is_number, is_text, is_time};
use crate::finding::{Group, Interchange};

/// The implementation guide of what is written.
pub(super) const GUIDE: &str = "005010X231A1";

/// Stands for a party that the interchange does not name.
const NOBODY: &str = "UNKNOWN";

/// Writes one interchange.
pub(super) struct Writer {
    out: Vec<u8>,
    control: String,
    /// CCYYMMDD.
    date: String,
    groups: usize,
    /// Segments of the open set, ST counted.
    segments: usize,
}

impl Writer {
    /// Begins the answer to `answered`, numbered `control` (nine digits), on the run date (ISO).
    pub(super) fn answering(answered: &Interchange, control: String, as_of: &str) -> Writer {
        let date = as_of.replace('-', "");
        let mut writer = Writer { out: Vec::new(), control, date, groups: 0, segments: 0 };
        let fixed = |text: &str| {
            let stated = plain(text);
            format!("{:<15.15}", if stated.trim().is_empty() { NOBODY } else { &*stated })
        };
        let is_qualifier = |text: &&str| text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphanumeric());
        let qualifier = |text: &str| Some(text).filter(is_qualifier).unwrap_or("ZZ").to_owned();
        let usage = if answered.usage == "P" { "P" } else { "T" };
        let isa = format!(
            "ISA*00*          *00*          *{}*{}*{}*{}*{}*0000*^*00501*{}*0*{usage}*:~\n",
            qualifier(&answered.receiver.0),
            fixed(&answered.receiver.1),
            qualifier(&answered.sender.0),
            fixed(&answered.sender.1),
            writer.date.get(2..).unwrap_or_default(),
            writer.control,
        );
        writer.out.extend_from_slice(isa.as_bytes());
        writer
    }

    /// TA1, with TA104 and TA105. What of the interchange is no number, day or time is zeros or the run date.
    pub(super) fn interchange_acknowledgement(&mut self, answered: &Interchange, fate: &str, code: &str) {
        let own = self.date.get(2..).unwrap_or_default().to_owned();
        let control = if is_number(&answered.control, 9..=9) { &*answered.control } else { "000000000" };
        let date = if is_day(&answered.date) { &answered.date } else { &own };
        let time = if is_time(&answered.time) { &*answered.time } else { "0000" };
        self.put("TA1", &[control, date, time, fate, code]);
    }

    /// Begins the group and the set that answer `group`. A party that GS cannot name again is named as in ISA.
    pub(super) fn begin_group(&mut self, interchange: &Interchange, group: &Group) {
        let party = |own: &str, around: &str| {
            let stated = [own, around].into_iter().find(|text| is_text(text, 2..=15));
            stated.unwrap_or(NOBODY).to_owned()
        };
        let receiver = party(&group.receiver, &interchange.receiver.1);
        let sender = party(&group.sender, &interchange.sender.1);
        self.groups += 1;
        let date = self.date.clone();
        let number = self.groups.to_string();
        self.put("GS", &["FA", &receiver, &sender, &date, "0000", &number, "X", GUIDE]);
        self.segments = 0;
        self.segment("ST", &["999", "0001", GUIDE]);
    }

    /// A segment of the set.
    pub(super) fn segment(&mut self, id: &str, elements: &[&str]) {
        self.segments += 1;
        self.put(id, elements);
    }

    /// A segment of the set whose first element is a composite.
    pub(super) fn composite(&mut self, id: &str, components: &[&str], elements: &[&str]) {
        self.segments += 1;
        self.out.extend_from_slice(id.as_bytes());
        self.out.push(b'*');
        self.join(components, b':');
        for element in elements {
            self.out.push(b'*');
            self.out.extend_from_slice(plain(element).as_bytes());
        }
        self.end_segment();
    }

    /// Ends the set and the group.
    pub(super) fn end_group(&mut self) {
        let count = (self.segments + 1).to_string();
        self.segment("SE", &[&count, "0001"]);
        let number = self.groups.to_string();
        self.put("GE", &["1", &number]);
    }

    /// Ends the interchange.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let (groups, control) = (self.groups.to_string(), self.control.clone());
        self.put("IEA", &[&groups, &control]);
        self.out
    }

    fn put(&mut self, id: &str, elements: &[&str]) {
        self.out.extend_from_slice(id.as_bytes());
        self.out.push(b'*');
        self.join(elements, b'*');
        self.end_segment();
    }

    fn join(&mut self, parts: &[&str], separator: u8) {
        let last = parts.iter().rposition(|part| !part.is_empty()).map_or(0, |last| last + 1);
        for (index, part) in parts.iter().take(last).enumerate() {
            if index > 0 {
                self.out.push(separator);
            }
            self.out.extend_from_slice(plain(part).as_bytes());
        }
    }

    /// Separators at the end of a segment are left out.
    fn end_segment(&mut self) {
        while self.out.last() == Some(&b'*') {
            self.out.pop();
        }
        self.out.extend_from_slice(b"~\n");
    }
}

/// A value without this writer's separators.
fn plain(text: &str) -> String {
    text.chars()
        .map(
            |letter| {
                if matches!(letter, '*' | ':' | '^' | '~') || letter.is_control() { ' ' } else { letter }
            },
        )
        .collect()
}
