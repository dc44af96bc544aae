use std::fmt::Write;

use serde_json::{Map, Value};

use super::claim::mbi;
use super::json::dollars;
use super::random::Random;
use super::style::{Scribe, Style, isa};

/// A claim line in the native JSON form.
pub type Line = Map<String, Value>;

/// The same claims in the two forms that a practice has them in.
#[derive(Clone, Debug)]
pub struct Written {
    /// An 837P.
    pub x12: String,
    /// CSV: what of the lines an 837P cannot carry.
    pub sessions: String,
}

/// The columns of a session log.
pub const SESSION_COLUMNS: &str =
    "claim_id,line,procedure_code,minutes,start,end,region,laterality,note,assistant_minutes";

const LAST_NAMES: [&str; 8] = ["ALPHA", "BRAVO", "CEDAR", "DELTA", "EMBER", "FJORD", "GROVE", "HARBOR"];
const FIRST_NAMES: [&str; 8] = ["TESTA", "TESTO", "SAMPLE", "EXAMPLE", "MOCK", "DUMMY", "NOBODY", "ANY"];

/// Writes native claim lines as an 837P with a session log beside it.
///
/// Consecutive lines with one `claim_id` are a claim. A line with `units: 0` stands for time of a code that is not
/// billed: the 837P leaves it out, and the log has a row that names the code instead of a line. What a claim needs and
/// its lines do not say (names, addresses) is invented; a claim's facts are its first line's.
pub fn written(lines: &[Line]) -> Written {
    written_as(lines, 1)
}

/// Likewise, as the interchange of this control number.
pub fn written_as(lines: &[Line], control: u64) -> Written {
    let mut out = Vec::new();
    let mut scribe = Scribe::new(&mut out, Style::default());
    let mut sessions = format!("{SESSION_COLUMNS}\n");
    // Claims are sent on the day of the last service.
    let day = lines.iter().map(|line| date(line, "service_date")).max().unwrap_or_default();
    scribe.put(&isa(control).replace("*250630*", &format!("*{}*", day.get(2..).unwrap_or("250630"))));
    scribe.put(&format!("GS*HC*SYNTHETIC*NOBODY*{day}*1200*1*X*005010X222A1"));
    scribe.count_from_here();
    scribe.put("ST*837*0001*005010X222A1");
    scribe.put(&format!("BHT*0019*00*B000001*{day}*1200*CH"));
    scribe.put("NM1*41*2*SYNTHETIC SUBMITTER*****46*SYN001");
    scribe.put("PER*IC*NOBODY*TE*2055550100");
    scribe.put("NM1*40*2*SYNTHETIC RECEIVER*****46*SYN002");
    let (mut level, mut parent, mut billing) = (0, 0, None);
    for claim in lines.chunk_by(|one, next| one["claim_id"] == next["claim_id"]) {
        let first = &claim[0];
        let by = (text(first, "billing_npi"), text(first, "billing_taxonomy"));
        if billing.as_ref() != Some(&by) {
            level += 1;
            parent = level;
            billing_provider(&mut scribe, first, level);
            billing = Some(by);
        }
        level += 1;
        subscriber(&mut scribe, first, level, parent);
        head(&mut scribe, claim);
        providers(&mut scribe, first);
        let billed = claim.iter().filter(|line| line.get("units") != Some(&Value::from(0)));
        for (index, line) in billed.enumerate() {
            service(&mut scribe, first, line, index + 1);
            record(&mut sessions, line, Some(index + 1));
        }
        for line in claim.iter().filter(|line| line.get("units") == Some(&Value::from(0))) {
            record(&mut sessions, line, None);
        }
    }
    let count = scribe.counted() + 1;
    scribe.put(&format!("SE*{count}*0001"));
    scribe.put("GE*1*1");
    scribe.put(&format!("IEA*1*{control:09}"));
    scribe.flush().expect("memory takes all");
    Written { x12: String::from_utf8(out).expect("written as text"), sessions }
}

/// What `line` says of `name` as an 837P would write it; empty where it says nothing.
pub fn text(line: &Line, name: &str) -> String {
    match line.get(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// An amount of money in cents.
pub fn cents(line: &Line, name: &str) -> i64 {
    let stated = text(line, name);
    let (whole, part) = stated.split_once('.').unwrap_or((&stated, ""));
    let part = format!("{part:0<2}");
    whole.parse::<i64>().expect("dollars") * 100 + part[..2].parse::<i64>().expect("cents")
}

fn date(line: &Line, name: &str) -> String {
    text(line, name).replace('-', "")
}

fn list(line: &Line, name: &str) -> Vec<String> {
    let Some(Value::Array(items)) = line.get(name) else { return Vec::new() };
    items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect()
}

type Out<'s, 'w> = &'s mut Scribe<'w, Vec<u8>>;

fn billing_provider(out: Out<'_, '_>, line: &Line, level: u64) {
    out.put(&format!("HL*{level}**20*1"));
    if line.contains_key("billing_taxonomy") {
        out.put(&format!("PRV*BI*PXC*{}", text(line, "billing_taxonomy")));
    }
    let name = if text(line, "billing_entity_type") == "1" {
        "1*SOLO*ANY***"
    } else {
        "2*EXAMPLE THERAPY CLINIC****"
    };
    out.put(&format!("NM1*85*{name}*XX*{}", text(line, "billing_npi")));
    out.put("N3*1 INVENTED WAY");
    out.put("N4*BIRMINGHAM*AL*352030001");
    out.put("REF*EI*990000001");
}

fn subscriber(out: Out<'_, '_>, line: &Line, level: u64, parent: u64) {
    let patient = text(line, "patient_id");
    let mut random = Random::new(5, patient.bytes().fold(7, |sum, byte| sum * 31 + u64::from(byte)));
    let (last, first) = (random.pick(&LAST_NAMES), random.pick(&FIRST_NAMES));
    let indicator = text(line, "claim_filing_indicator");
    let member = match text(line, "member_id") {
        stated if !stated.is_empty() => stated,
        _ if indicator == "MB" && patient.len() != 11 => mbi(random.below(1 << 40)),
        _ => patient,
    };
    let birth = match date(line, "birth_date") {
        stated if !stated.is_empty() => stated,
        _ => format!("{}{:02}{:02}", 1935 + random.below(50), 1 + random.below(12), 1 + random.below(28)),
    };
    out.put(&format!("HL*{level}*{parent}*22*0"));
    out.put(&format!("SBR*P*18*******{indicator}"));
    out.put(&format!("NM1*IL*1*{last}*{first}****MI*{member}"));
    out.put("N3*2 NOWHERE LANE");
    out.put("N4*BIRMINGHAM*AL*35203");
    out.put(&format!("DMG*D8*{birth}*{}", random.pick(&["F", "M"])));
    if matches!(indicator.as_str(), "WC" | "AM") {
        out.put(&format!("REF*Y4*Y{member}"));
    }
    let payer = match text(line, "payer_id") {
        stated if !stated.is_empty() => stated,
        _ => format!("PAYER{indicator}"),
    };
    out.put(&format!("NM1*PR*2*EXAMPLE PAYER {indicator}*****PI*{payer}"));
    out.put("N3*PO BOX 0");
    out.put("N4*NOWHERE*AL*352030000");
}

fn head(out: Out<'_, '_>, claim: &[Line]) {
    let first = &claim[0];
    let total = match text(first, "claim_charge_amount") {
        stated if !stated.is_empty() => cents(first, "claim_charge_amount"),
        _ => claim.iter().map(|line| cents(line, "charge_amount")).sum(),
    };
    let frequency = match text(first, "claim_frequency") {
        stated if !stated.is_empty() => stated,
        _ => "1".to_owned(),
    };
    let causes = list(first, "related_causes").join(":");
    let cause = match text(first, "accident_state").as_str() {
        "" if causes.is_empty() => String::new(),
        "" => format!("**{causes}"),
        state => format!("**{causes}:::{state}"),
    };
    out.put(&format!(
        "CLM*{}*{}***{}:B:{frequency}*Y*A*Y*Y{cause}",
        text(first, "claim_id"),
        dollars(total),
        text(first, "place_of_service")
    ));
    for (fact, qualifier) in
        [("onset_date", "431"), ("initial_treatment_date", "454"), ("accident_date", "439")]
    {
        if first.contains_key(fact) {
            out.put(&format!("DTP*{qualifier}*D8*{}", date(first, fact)));
        }
    }
    for (fact, qualifier) in
        [("referral_number", "9F"), ("prior_authorization", "G1"), ("payer_control_number", "F8")]
    {
        if first.contains_key(fact) {
            out.put(&format!("REF*{qualifier}*{}", text(first, fact)));
        }
    }
    let mut codes = "HI".to_owned();
    for (index, code) in list(first, "diagnosis_codes").iter().enumerate() {
        codes += &format!("*{}:{code}", if index == 0 { "ABK" } else { "ABF" });
    }
    if codes != "HI" {
        out.put(&codes);
    }
}

fn providers(out: Out<'_, '_>, first: &Line) {
    let person = |role: &str, name: &str, npi: String| format!("NM1*{role}*1*{name}*ANY****XX*{npi}");
    if first.contains_key("referring_npi") {
        out.put(&person("DN", "REFERRER", text(first, "referring_npi")));
    }
    rendering(out, first);
    if first.contains_key("state") {
        out.put("NM1*77*2*EXAMPLE THERAPY CLINIC EAST");
        out.put("N3*3 IMAGINARY ROAD");
        let zip = text(first, "zip");
        let zip = if zip.is_empty() { "350040001" } else { &zip };
        out.put(&format!("N4*MOODY*{}*{zip}", text(first, "state")));
    }
    if first.contains_key("supervising_npi") {
        out.put(&person("DQ", "SUPERVISOR", text(first, "supervising_npi")));
    }
}

fn rendering(out: Out<'_, '_>, line: &Line) {
    if line.contains_key("rendering_npi") {
        out.put(&format!("NM1*82*1*THERAPIST*ANY****XX*{}", text(line, "rendering_npi")));
        if line.contains_key("rendering_taxonomy") {
            out.put(&format!("PRV*PE*PXC*{}", text(line, "rendering_taxonomy")));
        }
    }
}

fn service(out: Out<'_, '_>, first: &Line, line: &Line, number: usize) {
    out.put(&format!("LX*{number}"));
    let mut procedure = format!("HC:{}", text(line, "procedure_code"));
    for modifier in list(line, "modifiers") {
        procedure += &format!(":{modifier}");
    }
    let place = match text(line, "place_of_service") {
        same if same == text(first, "place_of_service") => String::new(),
        other => other,
    };
    out.put(&format!(
        "SV1*{procedure}*{}*UN*{}*{place}**{}",
        dollars(cents(line, "charge_amount")),
        text(line, "units"),
        list(line, "diagnosis_pointers").join(":")
    ));
    match (date(line, "service_date"), date(line, "service_date_end")) {
        (day, last) if last.is_empty() => out.put(&format!("DTP*472*D8*{day}")),
        (day, last) => out.put(&format!("DTP*472*RD8*{day}-{last}")),
    }
    match text(line, "line_control_number") {
        own if own.is_empty() => out.put(&format!("REF*6R*{}-{number}", text(line, "claim_id"))),
        own => out.put(&format!("REF*6R*{own}")),
    }
    if line.get("rendering_npi") != first.get("rendering_npi") {
        rendering(out, line);
    }
}

/// A row of the session log, where there is anything to say.
fn record(sessions: &mut String, line: &Line, number: Option<usize>) {
    let facts = ["minutes", "start", "end", "region", "laterality", "note", "assistant_minutes"];
    if !facts.iter().any(|fact| line.contains_key(*fact)) {
        return;
    }
    let quoted = |cell: String| {
        if cell.contains([',', '"', '\n']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    };
    let (at, code) = match number {
        Some(number) => (number.to_string(), String::new()),
        None => (String::new(), text(line, "procedure_code")),
    };
    let _ = write!(sessions, "{},{at},{code}", text(line, "claim_id"));
    for fact in facts {
        let _ = write!(sessions, ",{}", quoted(text(line, fact)));
    }
    sessions.push('\n');
}
