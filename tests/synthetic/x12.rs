use std::io::{self, Write};

use super::claim::{
    CLINIC_CITY, CLINIC_NAME, CLINIC_STATE, CLINIC_STREET, CLINIC_TAX_ID, CLINIC_TAXONOMY, CLINIC_ZIP,
    SITE_CITY, SITE_STREET, SITE_ZIP, Visit, clinic_npi,
};
use super::json::dollars;
use super::style::{Scribe, Style, isa};
use super::{Made, Plan};

const DATE: &str = "20250630";

/// Writes the claims of `plan`, interchange by interchange.
pub fn write_837p(out: &mut impl Write, plan: &Plan, style: Style) -> io::Result<Made> {
    let mut writer =
        Writer { scribe: Scribe::new(out, style), style, made: Made::default(), clinic: clinic_npi() };
    let mut interchanges = 0;
    while interchanges == 0 || !plan.amount.is_reached(&writer.made) {
        interchanges += 1;
        writer.interchange(plan, interchanges)?;
    }
    Ok(writer.made)
}

struct Writer<'w, W> {
    scribe: Scribe<'w, W>,
    style: Style,
    made: Made,
    clinic: String,
}

impl<W: Write> Writer<'_, W> {
    fn put(&mut self, segment: &str) {
        self.scribe.put(segment);
    }

    fn flush(&mut self) -> io::Result<()> {
        self.scribe.flush()?;
        self.made.bytes = self.scribe.bytes;
        Ok(())
    }

    fn interchange(&mut self, plan: &Plan, number: u64) -> io::Result<()> {
        self.put(&isa(number));
        self.put(&format!("GS*HC*SYNTHETIC*NOBODY*{DATE}*1200*{number}*X*005010X222A1"));
        let before = self.made.claims;
        let mut transactions = 0;
        while transactions == 0
            || self.made.claims - before < self.style.claims_per_interchange
                && !plan.amount.is_reached(&self.made)
        {
            transactions += 1;
            let room = self.style.claims_per_interchange - (self.made.claims - before);
            self.transaction(
                plan,
                (number - 1) * 1000 + transactions,
                room.min(self.style.claims_per_transaction),
            )?;
        }
        self.put(&format!("GE*{transactions}*{number}"));
        self.put(&format!("IEA*1*{number:09}"));
        self.flush()
    }

    fn transaction(&mut self, plan: &Plan, number: u64, most: u64) -> io::Result<()> {
        self.scribe.count_from_here();
        self.put(&format!("ST*837*{number:04}*005010X222A1"));
        self.put(&format!("BHT*0019*00*B{number:06}*{DATE}*1200*CH"));
        self.put("NM1*41*2*SYNTHETIC SUBMITTER*****46*SYN001");
        self.put("PER*IC*NOBODY*TE*2055550100");
        self.put("NM1*40*2*SYNTHETIC RECEIVER*****46*SYN002");
        let (mut level, mut provider, mut claims) = (0, 0, 0);
        while claims < most && (claims == 0 || !plan.amount.is_reached(&self.made)) {
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
        let count = self.scribe.counted() + 1;
        self.put(&format!("SE*{count}*{number:04}"));
        Ok(())
    }

    fn billing_provider(&mut self, level: u64) {
        self.put(&format!("HL*{level}**20*1"));
        self.put(&format!("PRV*BI*PXC*{CLINIC_TAXONOMY}"));
        let clinic = format!("NM1*85*2*{CLINIC_NAME}*****XX*{}", self.clinic);
        self.put(&clinic);
        self.put(&format!("N3*{CLINIC_STREET}"));
        self.put(&format!("N4*{CLINIC_CITY}*{CLINIC_STATE}*{CLINIC_ZIP}"));
        self.put(&format!("REF*EI*{CLINIC_TAX_ID}"));
    }

    fn claim(&mut self, visit: &Visit, level: u64, provider: u64) {
        let (id, payer) = (&visit.claim_id, visit.payer);
        let work = payer.filing_indicator == "WC";
        self.put(&format!("HL*{level}*{provider}*22*0"));
        self.put(&format!("SBR*P*18*******{}", payer.filing_indicator));
        self.put(&format!("NM1*IL*1*{}*{}****MI*{}", visit.last_name, visit.first_name, visit.member_id));
        self.put("N3*2 NOWHERE LANE");
        self.put(&format!("N4*{CLINIC_CITY}*{CLINIC_STATE}*35203"));
        self.put(&format!("DMG*D8*{}*{}", visit.birth_date, visit.sex));
        if work {
            self.put(&format!("REF*Y4*W{id}"));
        }
        self.put(&format!("NM1*PR*2*{}*****PI*{}", payer.name, payer.id));
        self.put("N3*PO BOX 0");
        self.put("N4*NOWHERE*AL*352030000");
        let total = dollars(visit.charge_cents());
        let (cause, onset) = if work { ("**EM", "439") } else { ("", "431") };
        self.put(&format!("CLM*{id}*{total}***11:B:1*Y*A*Y*Y{cause}"));
        self.put(&format!("DTP*{onset}*D8*{}", visit.onset));
        self.put(&format!("DTP*454*D8*{}", visit.first_visit));
        self.put(&format!("REF*D9*SYN{id}"));
        let mut codes = "HI".to_owned();
        for (index, code) in visit.diagnoses.iter().enumerate() {
            let qualifier = if index == 0 { "ABK" } else { "ABF" };
            codes += &format!("*{qualifier}:{}", code.replace('.', ""));
        }
        self.put(&codes);
        self.put(&format!("NM1*DN*1*REFERRER*ANY****XX*{}", visit.referring_npi));
        self.put(&format!("NM1*82*1*THERAPIST*ANY****XX*{}", visit.rendering_npi));
        self.put(&format!("PRV*PE*PXC*{}", visit.rendering_taxonomy));
        self.put("NM1*77*2*EXAMPLE THERAPY CLINIC EAST");
        self.put(&format!("N3*{SITE_STREET}"));
        self.put(&format!("N4*{SITE_CITY}*{CLINIC_STATE}*{SITE_ZIP}"));
        for (index, service) in visit.services.iter().enumerate() {
            let number = index + 1;
            self.put(&format!("LX*{number}"));
            let charge = dollars(service.charge_cents);
            self.put(&format!(
                "SV1*HC:{}:GP*{charge}*UN*{}***{}",
                service.code, service.units, service.pointer
            ));
            self.put(&format!("DTP*472*D8*{}", visit.date));
            self.put(&format!("REF*6R*{id}-{number}"));
            self.put(&format!("NTE*ADD*{} MIN", service.minutes));
        }
    }
}
