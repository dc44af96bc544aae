//! The working for people.

use std::fmt::Write as _;

use crate::claim::Cents;
use crate::pricing::percent_of;
use crate::reference::Rate;

use super::working::{LISTED_UNITS, Medicare, Payable, Priced, Working};

impl Working<'_> {
    /// The working as a fee page shows it.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = self.write_text(&mut text);
        text
    }

    fn write_text(&self, text: &mut String) -> std::fmt::Result {
        let request = self.request;
        let setting = if self.facility { "facility" } else { "non-facility" };
        writeln!(
            text,
            "{}{} on {}, place of service {} ({setting})",
            self.code,
            request.modifiers.iter().map(|modifier| format!("-{}", modifier.as_str())).collect::<String>(),
            request.date,
            request.place_of_service
        )?;
        if let Payable::Contract(contract) = &self.payable {
            writeln!(text, "the fee schedule agreed with {}", contract.payer.escape_debug())?;
            writeln!(text, "\n  one unit           {:>9}", contract.unit)?;
            self.write_units(&contract.each, text)?;
            writeln!(text, "\n  net                {:>9}   {} pays", contract.net, request.payer)?;
            writeln!(text, "  gross              {:>9}   every unit in full", contract.gross)?;
            return writeln!(
                text,
                "\nAn estimate of the allowed amount, before what the patient's plan leaves to the patient."
            );
        }
        match self.locality {
            None => writeln!(text, "Medicare physician fee schedule {}, national rates", self.release)?,
            Some(place) => writeln!(
                text,
                "Medicare physician fee schedule {}, locality {place} {}, {}",
                self.release,
                self.reference.locality_name(place),
                self.reference.locality_state(place)
            )?,
        }
        let priced = match &self.payable {
            Payable::No(status) => {
                let worth = if request.basis.medicare_rates {
                    "$0.00".to_owned()
                } else {
                    format!("no schedule of {}'s own is loaded, so unpriced", request.payer)
                };
                let never = match *status {
                    None => "With GY the line is billed to be refused".to_owned(),
                    Some(status) => format!(
                        "Medicare never pays it separately (status {}: {})",
                        char::from(status),
                        status_meaning(status)
                    ),
                };
                return writeln!(text, "\n{never}: {worth}");
            }
            Payable::Yes(priced) => priced.as_ref(),
            Payable::Contract(_) => return Ok(()),
        };
        let Priced { rate, sides_percent, outside, inside, each, net, gross, medicare } = priced;
        let practice = rate.practice_in(self.facility);
        writeln!(text, "\n                        RVU     GPCI")?;
        for (name, rvu, gpci) in [
            ("work", rate.work, rate.gpci.work),
            ("practice expense", practice, rate.gpci.practice),
            ("malpractice", rate.malpractice, rate.gpci.malpractice),
        ] {
            writeln!(text, "  {name:<18} {:>6}    {}", decimal(rvu, 2), decimal(gpci, 3))?;
        }
        let unit = if self.facility { inside } else { outside };
        writeln!(
            text,
            "\n  {} = {} RVU × {} = {}",
            self.sum(rate, practice),
            total_rvu(rate, practice),
            decimal(rate.conversion_factor, 4),
            unit.full
        )?;
        writeln!(text, "\n  one unit           {:>9}", unit.full)?;
        writeln!(text, "    non-facility     {:>9}", outside.full)?;
        let marked = if rate.facility_not_applicable { "   the schedule marks this column NA" } else { "" };
        writeln!(text, "    facility         {:>9}{marked}", inside.full)?;
        if rate.therapy_reduction {
            writeln!(
                text,
                "    reduced          {:>9}   {} % of the practice expense, for every unit of the day but the highest",
                unit.reduced, rate.reduced_practice_percent
            )?;
        }
        if *sides_percent != 100 {
            writeln!(
                text,
                "    both sides       {:>9}   {sides_percent} %",
                percent_of(unit.full, *sides_percent)
            )?;
        }
        if let Some(medicare) = medicare {
            of_unit(medicare, text)?;
        }
        self.write_units(each, text)?;
        let basis = match (request.basis.mppr, rate.therapy_reduction) {
            (true, true) => "with the multiple-procedure reduction for therapy",
            (true, false) => "the reduction does not touch this code",
            (false, _) => "no multiple-procedure reduction",
        };
        writeln!(text, "\n  net                {net:>9}   {} pays: {basis}", request.payer)?;
        writeln!(text, "  gross              {gross:>9}   flat schedule")?;
        if let Some(Medicare { cash, .. }) = medicare {
            writeln!(
                text,
                "  net cash           {:>9}   Medicare {} less {} of sequestration, patient {}",
                cash.total(),
                cash.medicare,
                cash.sequestered,
                cash.coinsurance
            )?;
        }
        if !request.basis.medicare_rates {
            writeln!(text, "\nMedicare's rates stand in: no schedule of this payer's own is loaded.")?;
        }
        writeln!(
            text,
            "\nAn estimate of the allowed amount, before coinsurance, deductible and sequestration."
        )
    }

    /// What each unit adds to the day, where there is more than one.
    fn write_units(&self, each: &[(Cents, Cents)], text: &mut String) -> std::fmt::Result {
        let units = self.request.units;
        if units == 1 {
            return Ok(());
        }
        writeln!(text, "\n  each of {units:<9} {:>11} {:>10}", "net", "gross")?;
        for (index, (net, gross)) in each.iter().enumerate() {
            writeln!(text, "    unit {:<10} {net:>11} {gross:>10}", index + 1)?;
        }
        if units > LISTED_UNITS {
            writeln!(text, "    and {} more", units - LISTED_UNITS)?;
        }
        Ok(())
    }

    fn sum(&self, rate: &Rate, practice: u32) -> String {
        let parts = [
            (rate.work, rate.gpci.work),
            (practice, rate.gpci.practice),
            (rate.malpractice, rate.gpci.malpractice),
        ];
        let term = |(rvu, gpci): (u32, u32)| match self.locality {
            None => decimal(rvu, 2),
            Some(_) => format!("{} × {}", decimal(rvu, 2), decimal(gpci, 3)),
        };
        parts.map(term).join(" + ")
    }
}

/// What Medicare's own rules make of one unit.
fn of_unit(medicare: &Medicare, text: &mut String) -> std::fmt::Result {
    if medicare.assistant_percent < 100 {
        writeln!(
            text,
            "    by an assistant  {:>9}   CQ or CO: {} % of Medicare's share",
            medicare.by_assistant, medicare.assistant_percent
        )?;
    }
    if let (Some(terms), Some((allowed, limit))) = (medicare.participation, medicare.nonparticipating) {
        writeln!(text, "    not taking part  {allowed:>9}   {} % of the schedule", terms.allowed_percent)?;
        writeln!(
            text,
            "    limiting charge  {limit:>9}   {} % of that, the most without assignment",
            terms.limiting_percent
        )?;
    }
    Ok(())
}

fn status_meaning(status: u8) -> &'static str {
    match status {
        b'B' => "bundled into other services",
        b'I' => "Medicare uses another code",
        b'N' => "not covered",
        _ => "not paid separately",
    }
}

/// The RVUs by their GPCIs, exact: five places, as few of them shown as are needed but two at least.
pub(super) fn total_rvu(rate: &Rate, practice: u32) -> String {
    let total =
        rate.work * rate.gpci.work + practice * rate.gpci.practice + rate.malpractice * rate.gpci.malpractice;
    let text = decimal(total, 5);
    let shown = text.trim_end_matches('0').len().max(text.len() - 3);
    text[..shown].to_owned()
}

pub(super) fn decimal(scaled: u32, places: u32) -> String {
    let unit = 10_u32.pow(places);
    format!("{}.{:0width$}", scaled / unit, scaled % unit, width = places as usize)
}
