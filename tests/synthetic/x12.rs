use std::io::{self, Write};

use super::claim::{
    CLINIC_CITY, CLINIC_NAME, CLINIC_STATE, CLINIC_STREET, CLINIC_TAX_ID, CLINIC_TAXONOMY, CLINIC_ZIP,
    SITE_CITY, SITE_STREET, SITE_ZIP, Visit, clinic_npi,
};
use super::json::dollars;
use super::{Made, Plan};

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
    /// After a terminator: `""`, `"\n"`, `"\r\n"`.
    pub line_end: &'static str,
    /// Claims in one ST; `u64::MAX` puts all of them into one.
    pub claims_per_transaction: u64,
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
            claims_per_transaction: u64::MAX,
            provider_per_claim: false,
        }
    }
}

const DATE: &str = "20250630";

/// Writes the claims of `plan` as one interchange.
pub fn write_837p(out: &mut impl Write, plan: &Plan, style: Style) -> io::Result<Made> {
    let mut writer =
        Writer { out, style, buffer: Vec::new(), segments: 0, made: Made::default(), clinic: clinic_npi() };
    writer.interchange(plan)?;
    Ok(writer.made)
}

struct Writer<'w, W> {
    out: &'w mut W,
    style: Style,
    buffer: Vec<u8>,
    /// Segments since the last ST, inclusive.
    segments: u64,
    made: Made,
    clinic: String,
}

impl<W: Write> Writer<'_, W> {
    /// One segment; the last part is followed by the terminator.
    fn segment(&mut self, parts: &[&str]) {
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                self.buffer.push(self.style.element);
            }
            self.buffer.extend_from_slice(part.as_bytes());
        }
        self.buffer.push(self.style.terminator);
        self.buffer.extend_from_slice(self.style.line_end.as_bytes());
        self.segments += 1;
    }

    fn composite(&self, parts: &[&str]) -> String {
        let mut joined = String::new();
        for (index, part) in parts.iter().enumerate() {
            if index > 0 {
                joined.push(char::from(self.style.component));
            }
            joined.push_str(part);
        }
        joined
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer)?;
        self.made.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    fn interchange(&mut self, plan: &Plan) -> io::Result<()> {
        let blank = " ".repeat(10);
        let (sender, receiver) = (format!("{:<15}", "SYNTHETIC"), format!("{:<15}", "NOBODY"));
        let repetition = char::from(self.style.repetition).to_string();
        let component = char::from(self.style.component).to_string();
        self.segment(&[
            "ISA",
            "00",
            &blank,
            "00",
            &blank,
            "ZZ",
            &sender,
            "ZZ",
            &receiver,
            "250630",
            "1200",
            &repetition,
            "00501",
            "000000001",
            "0",
            "T",
            &component,
        ]);
        self.segment(&["GS", "HC", "SYNTHETIC", "NOBODY", DATE, "1200", "1", "X", "005010X222A1"]);
        let mut transactions = 0;
        while transactions == 0 || !plan.amount.is_reached(&self.made) {
            transactions += 1;
            self.transaction(plan, transactions)?;
        }
        self.segment(&["GE", &transactions.to_string(), "1"]);
        self.segment(&["IEA", "1", "000000001"]);
        self.flush()
    }

    fn transaction(&mut self, plan: &Plan, number: u64) -> io::Result<()> {
        let control = format!("{number:04}");
        self.segments = 0;
        self.segment(&["ST", "837", &control, "005010X222A1"]);
        self.segment(&["BHT", "0019", "00", &format!("B{number:06}"), DATE, "1200", "CH"]);
        self.segment(&["NM1", "41", "2", "SYNTHETIC SUBMITTER", "", "", "", "", "46", "SYN001"]);
        self.segment(&["PER", "IC", "NOBODY", "TE", "2055550100"]);
        self.segment(&["NM1", "40", "2", "SYNTHETIC RECEIVER", "", "", "", "", "46", "SYN002"]);
        let (mut level, mut provider, mut claims) = (0, 0, 0);
        while claims < self.style.claims_per_transaction
            && (claims == 0 || !plan.amount.is_reached(&self.made))
        {
            if provider == 0 || self.style.provider_per_claim {
                level += 1;
                provider = level;
                self.billing_provider(level);
            }
            let visit = Visit::new(plan.seed, self.made.claims, plan.flagged);
            level += 1;
            self.claim(&visit, level, provider);
            self.made.count(&visit);
            claims += 1;
            self.flush()?;
        }
        let count = (self.segments + 1).to_string();
        self.segment(&["SE", &count, &control]);
        Ok(())
    }

    fn billing_provider(&mut self, level: u64) {
        self.segment(&["HL", &level.to_string(), "", "20", "1"]);
        self.segment(&["PRV", "BI", "PXC", CLINIC_TAXONOMY]);
        let clinic = self.clinic.clone();
        self.segment(&["NM1", "85", "2", CLINIC_NAME, "", "", "", "", "XX", &clinic]);
        self.segment(&["N3", CLINIC_STREET]);
        self.segment(&["N4", CLINIC_CITY, CLINIC_STATE, CLINIC_ZIP]);
        self.segment(&["REF", "EI", CLINIC_TAX_ID]);
    }

    fn claim(&mut self, visit: &Visit, level: u64, provider: u64) {
        let work = visit.payer.filing_indicator == "WC";
        self.segment(&["HL", &level.to_string(), &provider.to_string(), "22", "0"]);
        self.segment(&["SBR", "P", "18", "", "", "", "", "", "", visit.payer.filing_indicator]);
        self.segment(&[
            "NM1",
            "IL",
            "1",
            visit.last_name,
            visit.first_name,
            "",
            "",
            "",
            "MI",
            &visit.member_id,
        ]);
        self.segment(&["N3", "2 NOWHERE LANE"]);
        self.segment(&["N4", CLINIC_CITY, CLINIC_STATE, "35203"]);
        self.segment(&["DMG", "D8", &visit.birth_date, visit.sex]);
        if work {
            self.segment(&["REF", "Y4", &format!("W{}", visit.claim_id)]);
        }
        self.segment(&["NM1", "PR", "2", visit.payer.name, "", "", "", "", "PI", visit.payer.id]);
        self.segment(&["N3", "PO BOX 0"]);
        self.segment(&["N4", "NOWHERE", "AL", "352030000"]);
        let place = self.composite(&["11", "B", "1"]);
        let total = dollars(visit.charge_cents());
        if work {
            self.segment(&["CLM", &visit.claim_id, &total, "", "", &place, "Y", "A", "Y", "Y", "", "EM"]);
            self.segment(&["DTP", "439", "D8", &visit.onset]);
        } else {
            self.segment(&["CLM", &visit.claim_id, &total, "", "", &place, "Y", "A", "Y", "Y"]);
            self.segment(&["DTP", "431", "D8", &visit.onset]);
        }
        self.segment(&["DTP", "454", "D8", visit.first_visit]);
        self.segment(&["REF", "D9", &format!("SYN{}", visit.claim_id)]);
        let mut codes = vec!["HI".to_owned()];
        for (index, code) in visit.diagnoses.iter().enumerate() {
            codes.push(self.composite(&[if index == 0 { "ABK" } else { "ABF" }, &code.replace('.', "")]));
        }
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        self.segment(&codes);
        self.segment(&["NM1", "DN", "1", "REFERRER", "ANY", "", "", "", "XX", &visit.referring_npi]);
        self.segment(&["NM1", "82", "1", "THERAPIST", "ANY", "", "", "", "XX", &visit.rendering_npi]);
        self.segment(&["PRV", "PE", "PXC", visit.rendering_taxonomy]);
        self.segment(&["NM1", "77", "2", "EXAMPLE THERAPY CLINIC EAST"]);
        self.segment(&["N3", SITE_STREET]);
        self.segment(&["N4", SITE_CITY, CLINIC_STATE, SITE_ZIP]);
        for (index, service) in visit.services.iter().enumerate() {
            let number = (index + 1).to_string();
            self.segment(&["LX", &number]);
            let procedure = self.composite(&["HC", service.code, "GP"]);
            let (charge, units) = (dollars(service.charge_cents), service.units.to_string());
            let pointer = service.pointer.to_string();
            self.segment(&["SV1", &procedure, &charge, "UN", &units, "", "", &pointer]);
            self.segment(&["DTP", "472", "D8", &visit.date]);
            self.segment(&["REF", "6R", &format!("{}-{number}", visit.claim_id)]);
            self.segment(&["NTE", "ADD", &format!("{} MIN", service.minutes)]);
        }
    }
}
