use std::io::{self, Write};

use super::claim::{CLINIC_STATE, CLINIC_TAXONOMY, SITE_ZIP, Visit, clinic_npi};
use super::json::{dashed, dollars};
use super::{Made, Plan};

const HEAD: &str = "claim_id,line_number,patient_id,claim_filing_indicator,payer_id,service_date,procedure_code,modifiers,\
    units,charge_amount,diagnosis_codes,diagnosis_pointers,place_of_service,billing_npi,billing_taxonomy,\
    billing_entity_type,rendering_npi,rendering_taxonomy,referring_npi,state,zip,claim_charge_amount,claim_frequency,\
    birth_date,initial_treatment_date,onset_date,accident_date,related_causes,minutes\n";

/// Writes the claims of `plan` as a table with the columns of native lines: what [`super::write_json_lines`] says.
pub fn write_csv(out: &mut impl Write, plan: &Plan) -> io::Result<Made> {
    let mut made = Made::default();
    let clinic = clinic_npi();
    let mut text = HEAD.to_owned();
    while !plan.amount.is_reached(&made) {
        let visit = Visit::new(plan.seed, made.claims, plan.flagged);
        push_rows(&mut text, &visit, &clinic);
        out.write_all(text.as_bytes())?;
        made.bytes += text.len() as u64;
        made.count(&visit);
        text.clear();
    }
    Ok(made)
}

fn push_rows(text: &mut String, visit: &Visit, clinic: &str) {
    let codes = visit.diagnoses.join("|");
    let total = dollars(visit.charge_cents());
    let (since, birth) = (dashed(visit.first_visit), dashed(&visit.birth_date));
    let (onset, accident, cause) = match visit.payer.filing_indicator {
        "WC" => (String::new(), dashed(&visit.onset), "EM"),
        _ => (dashed(&visit.onset), String::new(), ""),
    };
    for (index, service) in visit.services.iter().enumerate() {
        *text += &format!(
            "{},{},{},{},{},{},{},GP,{},{},{codes},{},11,{clinic},{CLINIC_TAXONOMY},2,{},{},{},{CLINIC_STATE},{SITE_ZIP},\
             {total},1,{birth},{since},{onset},{accident},{cause},{}\n",
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
            service.minutes,
        );
    }
}
