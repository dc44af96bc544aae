//! The floors that speed is held against: the least that a reader of the same bytes could do. Serve the benchmark of the parts
//! and `examples/yardstick.rs`, with which `bench/run` measures whole commands.
//!
//! `floor-tok` is a bare split of an 837P into segments, elements and components that sums the charges of each claim,
//! nothing more. `floor-tok-coarse` does not look for components, `floor-serde` deserializes native JSON lines into a
//! plain struct.

// Each of those who measure uses its own part of this.
#![allow(dead_code, unreachable_pub, reason = "shared by a bench and an example")]
#![allow(clippy::expect_used, reason = "a benchmark may panic")]

use std::hint::black_box;

/// The bare split, of a file at hand or block by block.
pub struct Split {
    element: u8,
    component: u8,
    terminator: u8,
    is_claim: bool,
    is_service: bool,
    charge: u64,
    /// Claims so far.
    pub claims: u64,
}

impl Split {
    /// By the delimiters of a file that begins with `isa`, the whole segment.
    pub fn of(isa: &[u8]) -> Split {
        let (element, component, terminator) = (isa[3], isa[104], isa[105]);
        Split { element, component, terminator, is_claim: false, is_service: false, charge: 0, claims: 0 }
    }

    /// Splits whole segments.
    pub fn feed(&mut self, block: &[u8]) {
        let ends = memchr::memchr3_iter(self.element, self.component, self.terminator, block);
        self.split(block, ends);
    }

    /// Likewise, without the components.
    pub fn feed_coarse(&mut self, block: &[u8]) {
        let ends = memchr::memchr2_iter(self.element, self.terminator, block);
        self.split(block, ends);
    }

    #[inline(always)]
    fn split(&mut self, block: &[u8], ends: impl Iterator<Item = usize>) {
        let (element, terminator) = (self.element, self.terminator);
        let (mut claims, mut charge) = (self.claims, self.charge);
        let (mut start, mut index) = (0, 0);
        let (mut is_claim, mut is_service) = (self.is_claim, self.is_service);
        for end in ends {
            let field = &block[start..end];
            match index {
                0 => {
                    is_claim = field.ends_with(b"CLM");
                    is_service = field.ends_with(b"SV1");
                    if is_claim {
                        claims += 1;
                        black_box(charge);
                        charge = 0;
                    }
                }
                2 if is_service => charge += cents(field),
                _ => {}
            }
            index = match block[end] {
                end if end == terminator => 0,
                end if end == element => index + 1,
                _ => index,
            };
            start = end + 1;
        }
        black_box((charge, is_claim));
        (self.claims, self.charge, self.is_claim, self.is_service) = (claims, charge, is_claim, is_service);
    }
}

/// The bare split of a file at hand. Gives its claims.
pub fn floor_tok(file: &[u8]) -> u64 {
    let mut split = Split::of(file);
    split.feed(file);
    split.claims
}

/// Likewise, without the components.
pub fn floor_tok_coarse(file: &[u8]) -> u64 {
    let mut split = Split::of(file);
    split.feed_coarse(file);
    split.claims
}

/// An amount of dollars as claims write it, in cents.
pub fn cents(field: &[u8]) -> u64 {
    let (mut value, mut places) = (0, None);
    for &byte in field {
        if byte == b'.' {
            places = Some(0);
        } else {
            value = value * 10 + u64::from(byte & 0x0F);
            places = places.map(|places| places + 1);
        }
    }
    value * 10_u64.pow(2_u32.saturating_sub(places.unwrap_or(0)))
}

/// The facts of a native line, for `floor-serde`.
#[derive(serde::Deserialize)]
#[allow(dead_code, reason = "the work is in filling it")]
struct PlainLine<'a> {
    claim_id: &'a str,
    line_number: u32,
    patient_id: &'a str,
    claim_filing_indicator: &'a str,
    payer_id: &'a str,
    service_date: &'a str,
    procedure_code: &'a str,
    modifiers: Vec<&'a str>,
    units: f64,
    charge_amount: f64,
    diagnosis_codes: Vec<&'a str>,
    diagnosis_pointers: Vec<u8>,
    place_of_service: &'a str,
    billing_npi: &'a str,
    billing_taxonomy: &'a str,
    billing_entity_type: &'a str,
    rendering_npi: &'a str,
    rendering_taxonomy: &'a str,
    referring_npi: &'a str,
    state: &'a str,
    zip: &'a str,
    claim_charge_amount: f64,
    claim_frequency: &'a str,
    birth_date: &'a str,
    initial_treatment_date: &'a str,
    minutes: u32,
}

/// Deserializes one native line into a plain struct. Gives its charge.
pub fn floor_serde_line(line: &[u8]) -> f64 {
    let line: PlainLine<'_> = serde_json::from_slice(line).expect("generated lines are well-formed");
    black_box(&line).charge_amount
}

/// Likewise every line of a file at hand. Gives the sum of their charges.
pub fn floor_serde(file: &[u8]) -> f64 {
    file.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).map(floor_serde_line).sum()
}
