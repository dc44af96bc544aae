use super::super::json::dollars;
use super::super::random::Random;
use super::Segments;
use super::calendar::Day;
use super::coordination::Billed;
use super::encounter::{Encounter, pricing, put_attachments, put_contract, put_transport};
use super::people::Payer;
use super::providers::{LineTeam, Provider};
use super::specialty::{Item, Kind, Specialty};

/// One service line.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    pub item: &'static Item,
    pub from: Day,
    pub to: Day,
    /// The first diagnosis it points to (from 1), and how many.
    first: usize,
    pointers: usize,
}

impl Line {
    /// The lines of a bill whose services begin on `day`.
    pub fn of_bill(
        bill: &'static [Item],
        specialty: &Specialty,
        payer: &Payer,
        day: Day,
        diagnoses: usize,
        random: &mut Random,
    ) -> Vec<Line> {
        let mut from = day;
        let mut lines = Vec::new();
        for item in bill {
            let days = match specialty.kind {
                // Each visit of a stay on its day, from the admission on.
                Kind::Inpatient => item.quantity.parse().unwrap_or(1),
                Kind::Oversight => 28,
                Kind::Oxygen | Kind::Wheelchair if !payer.is_medicare() => 28,
                _ => 1,
            };
            let pointers = 1 + random.below(diagnoses.min(4) as u64) as usize;
            let first = 1 + random.below((diagnoses - pointers + 1) as u64) as usize;
            lines.push(Line { item, from, to: from.plus(days - 1), first, pointers });
            if specialty.kind == Kind::Inpatient {
                from = from.plus(days);
            }
        }
        lines
    }

    /// SV101 without its description.
    fn procedure(&self) -> String {
        let mut procedure = format!("HC:{}", self.item.code);
        for modifier in self.item.modifiers {
            procedure += &format!(":{modifier}");
        }
        procedure
    }

    fn is_drug(&self) -> bool {
        self.item.code.starts_with('J')
    }

    /// Of rented equipment: whether its certificate is a revised one.
    fn is_renewed(&self) -> bool {
        self.from.0.is_multiple_of(2)
    }

    /// Whether it is paid by the quarter of an hour.
    fn is_timed(&self) -> bool {
        matches!(self.item.code, "97110" | "97112" | "97116" | "97124" | "97140" | "97530")
    }
}

impl Encounter<'_> {
    /// 2400 to 2440 of the line at `index`. `noted`: whether the lines of therapy say their minutes.
    pub fn put_line(&self, index: usize, noted: bool, random: &mut Random, out: &mut Segments) {
        let line = &self.lines[index];
        let seller = self.sells_on(line).then(|| {
            Provider::organization("PURCHASED SAMPLES", 64_000_000 + random.below(50), "291U00000X", random)
        });
        out.push(format!("LX*{}", index + 1));
        self.put_service(line, random, out);
        self.put_equipment(line, random, out);
        self.put_line_dates(line, random, out);
        self.put_measures(line, random, out);
        put_contract(0.03, line.item.charge_cents, random, out);
        self.put_line_references(index, random, out);
        self.put_line_remarks(line, noted, random, out);
        if let Some(seller) = &seller {
            out.push(format!("PS1*{}*{}", seller.npi, dollars(line.item.charge_cents / 2)));
        }
        if self.repriced && line.item.charge_cents > 0 {
            let prices = pricing(line.item.charge_cents);
            out.push(format!("{prices}*****HC*{}*UN*{}", line.item.code, line.item.quantity));
        }
        if line.is_drug() {
            put_drug(line, random, out);
        }
        let around = LineTeam {
            billing: self.billing,
            team: &self.team,
            seller: seller.as_ref(),
            other_payer: self.coordination.payer_of_lines(),
        };
        around.put(random, out);
        let billed = Billed { procedure: &line.procedure(), quantity: line.item.quantity };
        self.coordination.put_line(index, &billed, random, out);
        self.put_forms(random, out);
    }

    /// Whether the service was bought from somebody else.
    fn sells_on(&self, line: &Line) -> bool {
        line.item.modifiers.contains(&"90") || self.kind() == Kind::Radiology && line.item.code == "73030"
    }

    fn put_service(&self, line: &Line, random: &mut Random, out: &mut Segments) {
        let (item, kind) = (line.item, self.kind());
        let mut procedure = line.procedure();
        if kind == Kind::Office && random.chance(0.1) {
            procedure += &":".repeat(5 - item.modifiers.len());
            procedure += "INVENTED WORDS";
        }
        let measure = if item.code.len() == 5 && item.code.starts_with('0') { "MJ" } else { "UN" };
        let pointers: Vec<String> =
            (line.first..line.first + line.pointers).map(|pointer| pointer.to_string()).collect();
        let place =
            if item.code == "80053" && kind == Kind::Office && random.chance(0.5) { "81" } else { "" };
        let urgent = matches!(kind, Kind::Emergency | Kind::Ambulance);
        let emergency = if urgent && random.chance(0.6) { "Y" } else { "" };
        let screening = if kind == Kind::Epsdt { "Y" } else { "" };
        let planning = if kind == Kind::FamilyPlanning { "Y" } else { "" };
        let copay = if kind == Kind::FamilyPlanning && random.chance(0.5) { "0" } else { "" };
        out.push(format!(
            "SV1*{procedure}*{}*{measure}*{}*{place}**{}**{emergency}**{screening}*{planning}***{copay}",
            self.money(item.charge_cents),
            item.quantity,
            pointers.join(":")
        ));
    }

    /// SV5, PWK, CR1, CR3 and CRC.
    fn put_equipment(&self, line: &Line, random: &mut Random, out: &mut Segments) {
        let code = line.item.code;
        let is_rented = matches!(self.kind(), Kind::Oxygen | Kind::Wheelchair);
        if is_rented && random.chance(0.5) {
            out.push(format!("SV5*HC:{code}*DA*30*{}*1500*4", dollars(line.item.charge_cents)));
        }
        put_attachments(0.04, random, out);
        if is_rented {
            out.push(random.pick(&["PWK*CT*AD", "PWK*CT*NS"]).to_owned());
        }
        if self.kind() == Kind::Ambulance && random.chance(0.2) {
            put_transport(random, out);
        }
        if is_rented {
            out.push(if line.is_renewed() { "CR3*S*MO*12" } else { "CR3*I*MO*99" }.to_owned());
            out.push(random.pick(&["CRC*09*Y*ZV", "CRC*09*N*38", "CRC*09*Y*38*ZV"]).to_owned());
        } else if self.kind() == Kind::Hospice {
            out.push("CRC*70*N*65".to_owned());
        }
    }

    fn put_line_dates(&self, line: &Line, random: &mut Random, out: &mut Segments) {
        out.push(if line.from == line.to && random.chance(0.95) {
            format!("DTP*472*D8*{}", line.from.text())
        } else {
            format!("DTP*472*RD8*{}-{}", line.from.text(), line.to.text())
        });
        let mut date = |qualifier: &str, day: Day| out.push(format!("DTP*{qualifier}*D8*{}", day.text()));
        match self.kind() {
            Kind::Oxygen | Kind::Wheelchair => {
                date("463", line.from.minus(60));
                date("461", line.from.minus(3));
                if line.is_renewed() {
                    date("607", line.from.minus(2));
                }
                if random.chance(0.3) {
                    date("011", line.from);
                }
            }
            Kind::Infusion if line.is_drug() => date("471", line.from.minus(5)),
            Kind::Dialysis if line.is_drug() => {
                date("738", line.from.minus(6));
                date("739", line.from.minus(8));
            }
            Kind::Physical if random.chance(0.2) => {
                date("304", line.from.minus(9));
                date("454", line.from.minus(12));
            }
            Kind::Chiropractic if random.chance(0.3) => date("455", line.from.minus(30)),
            _ => {}
        }
    }

    /// QTY and MEA.
    fn put_measures(&self, line: &Line, random: &mut Random, out: &mut Segments) {
        match self.kind() {
            Kind::Ambulance if random.chance(0.4) => out.push("QTY*PT*2".to_owned()),
            Kind::LaborAnesthesia => out.push("QTY*FL*3".to_owned()),
            Kind::Dialysis if line.is_drug() => {
                out.push("MEA*TR*R1*10.4".to_owned());
                out.push("MEA*TR*R4*6.1".to_owned());
            }
            Kind::Wheelchair => out.push("MEA*OG*HT*70".to_owned()),
            _ => {}
        }
    }

    fn put_line_references(&self, index: usize, random: &mut Random, out: &mut Segments) {
        let (line, id, kind) = (&self.lines[index], &self.id, self.kind());
        let number = index + 1;
        for (is_due, share, segment) in [
            (self.repriced, 1.0, format!("REF*9B*R{id}-{number}")),
            (self.repriced && self.frequency != "1", 1.0, format!("REF*9D*S{id}-{number}")),
            (true, 0.05, format!("REF*G1*L{id}")),
            (true, 0.8, format!("REF*6R*{id}-{number}")),
            (kind == Kind::Mammography, 0.5, "REF*EW*654321".to_owned()),
            (line.item.code == "85025", 0.5, "REF*X4*02D7654321".to_owned()),
            (line.item.modifiers.contains(&"90"), 1.0, "REF*F4*03D7654321".to_owned()),
            (kind == Kind::Immunization, 0.7, "REF*BT*LOT0042".to_owned()),
            (self.team.referring.is_some(), 0.05, format!("REF*9F*M{id}")),
        ] {
            if is_due && random.chance(share) {
                out.push(segment);
            }
        }
        if let (Some(payer), true) = (self.coordination.payer_of_lines(), random.chance(0.15)) {
            out.push(format!("REF*G1*N{id}**2U:{payer}"));
            out.push(format!("REF*9F*O{id}**2U:{payer}"));
        }
    }

    /// Tax and postage, which the charge includes; K3 and notes.
    fn put_line_remarks(&self, line: &Line, noted: bool, random: &mut Random, out: &mut Segments) {
        if matches!(self.kind(), Kind::Oxygen | Kind::Wheelchair | Kind::Vision) && random.chance(0.3) {
            out.push("AMT*T*4.5".to_owned());
            out.push("AMT*F4*7.25".to_owned());
        }
        if random.chance(0.02) {
            out.push("K3*LINE FIELD 0008".to_owned());
        }
        if line.is_timed() && noted {
            let units: u32 = line.item.quantity.parse().unwrap_or(1);
            out.push(format!("NTE*ADD*{} MIN", 15 * units));
        } else if !self.billing.specialty.is_therapy() && random.chance(0.08) {
            out.push(random.pick(&["NTE*ADD*INVENTED LINE REMARK", "NTE*DCP*GOALS IN CHART"]).to_owned());
        }
        if random.chance(0.04) {
            out.push("NTE*TPO*REPRICED BY NOBODY".to_owned());
        }
    }

    /// 2440: the answers of a certificate of medical necessity.
    fn put_forms(&self, random: &mut Random, out: &mut Segments) {
        let answers: &[&str] = match self.kind() {
            Kind::Oxygen => &[
                "LQ*UT*484.03",
                "FRM*1A**56",
                "FRM*1B****88.5",
                "FRM*1C***20241228",
                "FRM*2**1",
                "FRM*4*Y",
                "FRM*7*N",
            ],
            Kind::Wheelchair if random.chance(0.6) => {
                &["LQ*AS*02.03B", "FRM*1*Y", "FRM*2*N", "FRM*5**8", "FRM*9*W"]
            }
            _ => &[],
        };
        out.extend(answers.iter().map(|answer| (*answer).to_owned()));
    }
}

/// 2410.
fn put_drug(line: &Line, random: &mut Random, out: &mut Segments) {
    let (drug, quantity) = match line.item.code {
        "J3301" => ("00003029305", "1:ML"),
        "J1756" => ("00517234010", "10:ML"),
        "J0897" => ("55513071001", "1:UN"),
        "J0881" => ("55513002104", "0.4:ML"),
        "J7300" => ("51285020401", "1:UN"),
        _ => ("00009307301", "2.5:ML"),
    };
    let (amount, measure) = quantity.split_once(':').unwrap_or((quantity, "UN"));
    out.push(format!("LIN**N4*{drug}"));
    out.push(format!("CTP****{amount}*{measure}"));
    match random.below(4) {
        0 => out.push(format!("REF*XZ*RX{}", random.below(1_000_000))),
        1 => out.push("REF*VY*123456".to_owned()),
        _ => {}
    }
}
