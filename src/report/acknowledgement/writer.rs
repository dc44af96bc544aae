//! Segments of an acknowledgement: envelopes, counts, separators.

use crate::finding::{Group, Interchange};

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
    /// Begins the answer to `answered`, the `ordinal`th of the run, on the run date (ISO).
    ///
    /// It bears the number of what it answers, where that is one.
    pub(super) fn answering(answered: &Interchange, ordinal: usize, as_of: &str) -> Writer {
        let own = &answered.control;
        let is_number = own.len() == 9 && own.bytes().all(|byte| byte.is_ascii_digit());
        let control = if is_number { own.clone() } else { format!("{ordinal:09}") };
        let date = as_of.replace('-', "");
        let mut writer = Writer { out: Vec::new(), control, date, groups: 0, segments: 0 };
        let fixed = |text: &str| format!("{:<15.15}", plain(text));
        let qualifier = |text: &str| if text.len() == 2 { plain(text) } else { "ZZ".to_owned() };
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

    /// A segment between ISA and the first GS.
    pub(super) fn interchange_segment(&mut self, id: &str, elements: &[&str]) {
        self.put(id, elements);
    }

    /// Begins the group and the set that answer `group`.
    pub(super) fn begin_group(&mut self, group: &Group) {
        self.groups += 1;
        let date = self.date.clone();
        let number = self.groups.to_string();
        self.put("GS", &["FA", &group.receiver, &group.sender, &date, "0000", &number, "X", "005010X231A1"]);
        self.segments = 0;
        self.segment("ST", &["999", "0001", "005010X231A1"]);
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
