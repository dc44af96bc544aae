use std::io::{self, Write};

use super::claim::{CLINIC_STATE, CLINIC_TAXONOMY, SITE_ZIP, Visit, clinic_npi};
use super::{Made, Plan};

/// Writes the claims of `plan` as native JSON lines.
pub fn write_json_lines(out: &mut impl Write, plan: &Plan) -> io::Result<Made> {
    let mut made = Made::default();
    let clinic = clinic_npi();
    let mut text = String::new();
    while !plan.amount.is_reached(&made) {
        let visit = Visit::new(plan.seed, made.claims, plan.flagged);
        text.clear();
        push_lines(&mut text, &visit, &clinic);
        out.write_all(text.as_bytes())?;
        made.bytes += text.len() as u64;
        made.count(&visit);
    }
    Ok(made)
}

/// One visit as native JSON lines, each ended by a line break.
pub fn json_lines_of(visit: &Visit) -> String {
    let mut text = String::new();
    push_lines(&mut text, visit, &clinic_npi());
    text
}

fn push_lines(text: &mut String, visit: &Visit, clinic: &str) {
    let codes: Vec<String> = visit.diagnoses.iter().map(|code| format!("\"{code}\"")).collect();
    let codes = codes.join(",");
    let total = dollars(visit.charge_cents());
    let onset = if visit.payer.filing_indicator == "WC" {
        "related_causes\":[\"EM\"],\"accident_date"
    } else {
        "onset_date"
    };
    for (index, service) in visit.services.iter().enumerate() {
        *text += &format!(
            "{{\"claim_id\":\"{}\",\"line_number\":{},\"patient_id\":\"{}\",\"claim_filing_indicator\":\"{}\",\
             \"payer_id\":\"{}\",\"service_date\":\"{}\",\"procedure_code\":\"{}\",\"modifiers\":[\"GP\"],\
             \"units\":{},\"charge_amount\":{},\"diagnosis_codes\":[{codes}],\"diagnosis_pointers\":[{}],\
             \"place_of_service\":\"11\",\"billing_npi\":\"{clinic}\",\"billing_taxonomy\":\"{CLINIC_TAXONOMY}\",\
             \"billing_entity_type\":\"2\",\"rendering_npi\":\"{}\",\"rendering_taxonomy\":\"{}\",\
             \"referring_npi\":\"{}\",\"state\":\"{CLINIC_STATE}\",\"zip\":\"{SITE_ZIP}\",\
             \"claim_charge_amount\":{total},\"claim_frequency\":\"1\",\"birth_date\":\"{}\",\
             \"initial_treatment_date\":\"{}\",\"{onset}\":\"{}\",\"minutes\":{}}}\n",
            visit.claim_id,
            index + 1,
            visit.member_id,
            visit.payer.filing_indicator,
            visit.payer.id,
            dashed(&visit.date),
            service.code,
            service.units,
            dollars(service.charge_cents),
            service.pointer,
            visit.rendering_npi,
            visit.rendering_taxonomy,
            visit.referring_npi,
            dashed(&visit.birth_date),
            dashed(visit.first_visit),
            dashed(&visit.onset),
            service.minutes,
        );
    }
}

/// An amount as claims write it: `90`, `90.5`, `90.05`.
pub fn dollars(cents: i64) -> String {
    match (cents / 100, cents % 100) {
        (dollars, 0) => dollars.to_string(),
        (dollars, part) => format!("{dollars}.{part:02}").trim_end_matches('0').to_owned(),
    }
}

pub(super) fn dashed(date: &str) -> String {
    format!("{}-{}-{}", &date[..4], &date[4..6], &date[6..])
}
