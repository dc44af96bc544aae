use std::io::{self, Write};

/// How an 837P is written.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Between elements.
    pub element: u8,
    /// Between components.
    pub component: u8,
    /// Between repetitions.
    pub repetition: u8,
    /// After a segment.
    pub terminator: u8,
    /// After a terminator: `""`, `"\n"`, `"\r\n"`, `"\n\n"` for a blank line.
    pub line_end: &'static str,
    /// Before every segment but the first: blanks.
    pub indent: &'static str,
    /// Whether the file begins with the byte order mark of UTF-8.
    pub byte_order_mark: bool,
    /// Digits that SE01, GE01 and IEA01 are filled up to with leading zeros.
    pub count_digits: usize,
    /// Whether the ISA carries authorization and security information instead of blanks.
    pub authorized: bool,
    /// Claims in one ST; `u64::MAX` puts all of them into one. [`super::write_shapes`] does not ask.
    pub claims_per_transaction: u64,
    /// Claims in one ISA, likewise.
    pub claims_per_interchange: u64,
    /// Whether each claim has a billing-provider loop of its own instead of one a transaction.
    pub provider_per_claim: bool,
}

impl Default for Style {
    /// One transaction, one billing provider, a segment a line.
    fn default() -> Style {
        Style {
            element: b'*',
            component: b':',
            repetition: b'^',
            terminator: b'~',
            line_end: "\n",
            indent: "",
            byte_order_mark: false,
            count_digits: 1,
            authorized: false,
            claims_per_transaction: u64::MAX,
            claims_per_interchange: u64::MAX,
            provider_per_claim: false,
        }
    }
}

impl Style {
    /// One segment, given with `*` and `:`, in this style.
    ///
    /// What a segment would end with but need not (empty elements, empty components) is left out. The ISA names its
    /// separators by being written with them.
    fn spell(&self, segment: &str, out: &mut Vec<u8>) {
        if out.is_empty() && self.byte_order_mark && segment.starts_with("ISA") {
            out.extend_from_slice("\u{feff}".as_bytes());
        } else if !segment.starts_with("ISA") {
            out.extend_from_slice(self.indent.as_bytes());
        }
        let separators = segment.starts_with("ISA");
        let start = out.len();
        for (index, element) in segment.split('*').enumerate() {
            if index > 0 {
                out.push(self.element);
            }
            let element = if separators { element } else { element.trim_end_matches(':') };
            let element = match (segment.get(..3), index) {
                (Some("SE*" | "GE*" | "IEA"), 1) => &format!("{element:0>0$}", self.count_digits),
                (Some("ISA"), 1 | 3) if self.authorized => {
                    if index == 1 {
                        "03"
                    } else {
                        "01"
                    }
                }
                (Some("ISA"), 2 | 4) if self.authorized => "INVENTED 1",
                _ => element,
            };
            out.extend(element.bytes().map(|byte| match byte {
                b':' => self.component,
                b'^' => self.repetition,
                other => other,
            }));
        }
        while !separators && out.len() > start && out.last() == Some(&self.element) {
            out.pop();
        }
        out.push(self.terminator);
        out.extend_from_slice(self.line_end.as_bytes());
    }
}

/// The same file in another style: every segment of `text`, which is written with `*`, `:`, `^` and `~`.
pub fn respell(text: &str, style: Style) -> Vec<u8> {
    let mut out = Vec::new();
    for segment in text.split('~').map(str::trim).filter(|segment| !segment.is_empty()) {
        style.spell(segment, &mut out);
    }
    out
}

/// Writes segments in a style and counts them.
pub struct Scribe<'w, W> {
    out: &'w mut W,
    style: Style,
    buffer: Vec<u8>,
    begun: bool,
    /// Segments since [`Scribe::count_from_here`].
    segments: u64,
    /// Bytes handed to the writer.
    pub bytes: u64,
}

impl<'w, W: Write> Scribe<'w, W> {
    pub fn new(out: &'w mut W, style: Style) -> Self {
        Scribe { out, style, buffer: Vec::new(), begun: false, segments: 0, bytes: 0 }
    }

    /// One segment, given with `*` between elements and `:` between components.
    pub fn put(&mut self, segment: &str) {
        let style = Style { byte_order_mark: self.style.byte_order_mark && !self.begun, ..self.style };
        style.spell(segment, &mut self.buffer);
        self.begun = true;
        self.segments += 1;
    }

    /// Begins to count anew, with the segment that is put next.
    pub fn count_from_here(&mut self) {
        self.segments = 0;
    }

    pub fn counted(&self) -> u64 {
        self.segments
    }

    pub fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

/// The ISA with this control number.
pub fn isa(control: u64) -> String {
    let blank = " ".repeat(10);
    format!(
        "ISA*00*{blank}*00*{blank}*ZZ*{:<15}*ZZ*{:<15}*250630*1200*^*00501*{control:09}*0*T*:",
        "SYNTHETIC", "NOBODY"
    )
}
