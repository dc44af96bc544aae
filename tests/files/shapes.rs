//! No false accusation: claims of all shapes that the guide allows and billers write have no error and no warning.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::collections::{BTreeMap, BTreeSet};

use crate::support::request;
use crate::synthetic::{AS_OF, Shapes, Style, write_shapes};
use cleanclaim::claim::Cents;
use cleanclaim::engine;
use cleanclaim::finding::Severity;
use cleanclaim::source::Named;

const SEEDS: [u64; 4] = [1, 2, 3, 4];

/// Each seed alone.
const CLAIMS: u64 = 400;

/// What a clean claim may be told: that therapy states no minutes, or nothing states the therapist's taxonomy.
const HINTS: [&str; 2] = ["T04", "V01"];

fn shapes(seed: u64) -> String {
    let mut file = Vec::new();
    let made = write_shapes(&mut file, &Shapes { seed, claims: CLAIMS }, Style::default()).expect("a vector");
    assert!(made.claims >= CLAIMS && made.lines > made.claims);
    String::from_utf8(file).expect("text")
}

fn segments(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.split("~\n").filter(|segment| !segment.is_empty()).map(|segment| segment.split('*').collect())
}

fn cents(segment: &[&str], element: usize) -> i64 {
    Cents::parse(segment[element].as_bytes()).expect("an amount").0
}

#[test]
fn claims_of_all_shapes_are_clean() {
    for seed in SEEDS {
        let text = shapes(seed);
        let file = Named::memory("shapes.837", text.as_bytes());
        let run = engine::check(&request(AS_OF.parse().expect("a date")), &[file]);
        assert_eq!(run.claims, segments(&text).filter(|segment| segment[0] == "CLM").count() as u64);
        let accused: Vec<String> = run
            .findings
            .iter()
            .filter(|one| one.severity > Severity::Info || !HINTS.contains(&one.code.as_str()))
            .map(|one| {
                let place = (one.place.number, &one.place.element);
                format!(
                    "{} {} claim {} line {} {place:?}: {}",
                    one.code, one.outcome, one.claim_id, one.line, one.message
                )
            })
            .collect();
        assert!(accused.is_empty(), "seed {seed}:\n{}", accused.join("\n"));
        assert_eq!(run.clean_claims, run.claims);
    }
}

/// Segments by how they begin; `~` ends one.
const SEGMENTS: &str = "\
    BHT*0019*00 | BHT*0019*18 | NM1*41*1 | NM1*41*2 | PER*IC*SUPPORT | NM1*40*2 | HL*1**20*1 | \
    PRV*BI*PXC | NM1*85*1 | NM1*85*2 | REF*EI | REF*SY | REF*0B | PER*IC**EM | NM1*87*1 | NM1*87*2 | \
    NM1*PE*2 | SBR*P*18 | SBR*P** | SBR*S*18 | SBR*S** | SBR*T*18 | SBR*S*18***12 | SBR*S*18***43 | \
    PAT*01 | PAT*19 | PAT*20 | PAT*53 | PAT*G8 | PAT*****D8 | PAT*******01 | PAT*********Y | NM1*IL*1 | \
    NM1*IL*2 | REF*Y4 | NM1*PR*2 | REF*2U | REF*FY | REF*NF | REF*G2 | REF*LU | NM1*QC*1 | DTP*431*D8 | \
    DTP*454*D8 | DTP*304*D8 | DTP*453*D8 | DTP*439*D8 | DTP*484*D8 | DTP*455*D8 | DTP*471*D8 | \
    DTP*314*RD8 | DTP*360*D8 | DTP*361*D8 | DTP*297*D8 | DTP*296*D8 | DTP*435*D8 | DTP*096*D8 | \
    DTP*090*D8 | DTP*091*D8 | DTP*444*D8 | DTP*050*D8 | PWK*OZ | PWK*OB*AA | PWK*CT*AD | PWK*CT*NS | \
    CN1*02 | CN1*03 | CN1*05 | CN1*09 | AMT*F5 | REF*4N | REF*F5 | REF*EW | REF*9F | REF*G1 | REF*F8 | \
    REF*X4 | REF*9A | REF*9C | REF*LX | REF*D9 | REF*EA | REF*P4 | REF*1J | K3*STATE | K3*LINE | \
    NTE*ADD*INVENTED REMARK | NTE*CER | NTE*DCP*INVENTED | NTE*DGN | NTE*TPO*INVENTED | CR1*LB | \
    CR1****A | CR2********A | CR2********M** | CRC*07*Y | CRC*07*N | CRC*E1 | CRC*E3 | CRC*75 | \
    CRC*ZZ*Y | CRC*ZZ*N | HI*ABK | HI*BP | HI*BG | HCP*10 | NM1*DN*1 | NM1*P3*1 | NM1*82*1 | NM1*82*2 | \
    PRV*PE*PXC | REF*1G | NM1*77*2 | NM1*DQ*1 | NM1*PW*2 | NM1*45*2 | SBR*P*18*******MB | SBR*P*01 | \
    CAS*CO*45 | CAS*CO*97 | CAS*PR*1* | CAS*PR*2* | CAS*PR*3* | CAS*OA*23 | CAS*OA*94 | AMT*D | \
    AMT*A8 | AMT*EAF | OI***Y*P**Y | OI***Y***Y | MOA***MA01*MA18 | REF*T4 | NM1*DN*1~ | NM1*82*1~ | \
    NM1*77*2~ | NM1*DQ*1~ | NM1*85*1~ | NM1*85*2~ | LX*1 | LX*12 | SV1*HC | SV5*HC | CR3*I | CR3*S | \
    CRC*70 | CRC*09*Y*ZV | CRC*09*N*38 | DTP*472*D8 | DTP*472*RD8 | DTP*607 | DTP*463 | DTP*461 | \
    DTP*738 | DTP*739 | DTP*011 | QTY*PT | QTY*FL | MEA*TR*R1 | MEA*TR*R4 | MEA*OG*HT | REF*9B | \
    REF*9D | REF*6R | REF*F4 | REF*BT | AMT*T | AMT*F4 | NTE*ADD*30 MIN | NTE*ADD*INVENTED LINE | \
    NTE*DCP*GOALS | NTE*TPO*REPRICED | PS1* | LIN**N4 | CTP****1*UN | CTP****0.4*ML | REF*XZ | REF*VY | \
    NM1*QB*2 | NM1*DK*1 | SVD* | DTP*573 | LQ*UT | LQ*AS | FRM*1A**56 | FRM*1B****88.5 | \
    FRM*1C***2024 | FRM*9*W";

#[test]
fn every_segment_occurs() {
    let mut counts: BTreeMap<&str, usize> = SEGMENTS.split(" | ").map(|prefix| (prefix, 0)).collect();
    for seed in SEEDS {
        let text = shapes(seed);
        for segment in text.split_inclusive('~').map(|segment| segment.trim_start_matches('\n')) {
            for (prefix, count) in &mut counts {
                *count += usize::from(segment.starts_with(prefix));
            }
        }
    }
    let missing: Vec<_> = counts.iter().filter(|(_, count)| **count == 0).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// Shapes that are more than the beginning of one segment.
#[test]
fn every_shape_occurs() {
    let mut seen = BTreeSet::new();
    for seed in SEEDS {
        let text = shapes(seed);
        let mut line = false;
        let mut children = 0;
        let mut claims_of_patient = 0;
        let (mut groups, mut transactions, mut providers) = (0, 0, 0);
        for segment in segments(&text) {
            let element = |index: usize| segment.get(index).copied().unwrap_or_default();
            let mut see = |what: &str, that: String| seen.insert(format!("{what} {that}"));
            match segment[0] {
                "ISA" => (groups, line) = (0, false),
                "GS" => {
                    (groups, transactions) = (groups + 1, 0);
                    see("GS", groups.to_string());
                }
                "ST" => {
                    (transactions, providers) = (transactions + 1, 0);
                    see("ST", transactions.to_string());
                }
                "BHT" => _ = see("BHT06", element(6).to_owned()),
                "HL" => {
                    line = false;
                    claims_of_patient = 0;
                    match element(3) {
                        "20" => {
                            providers += 1;
                            see("HL*20", providers.to_string());
                        }
                        "22" => children = 0,
                        _ => {
                            children += 1;
                            see("HL*23", children.to_string());
                        }
                    }
                }
                "SBR" => _ = see("SBR09", element(9).to_owned()),
                "CLM" => {
                    line = false;
                    claims_of_patient += 1;
                    see("claims of one patient", claims_of_patient.to_string());
                    let mut place = element(5).split(':');
                    see("POS", place.next().unwrap_or_default().to_owned());
                    see("frequency", place.nth(1).unwrap_or_default().to_owned());
                    see("causes", element(11).split(':').take(2).collect::<Vec<_>>().join(":"));
                    see("delay reason", element(20).to_owned());
                    see("program", element(12).to_owned());
                    see("places of a charge", element(2).split('.').nth(1).map_or(0, str::len).to_string());
                }
                "HI" if element(1).starts_with("ABK") => {
                    _ = see("diagnoses", (segment.len() - 1).to_string())
                }
                "LX" => {
                    line = true;
                    see("line", element(1).to_owned());
                }
                "SV1" => {
                    let procedure: Vec<&str> = element(1).split(':').collect();
                    let modifiers = procedure[2..].iter().take(4).filter(|one| !one.is_empty()).count();
                    see("modifiers", modifiers.to_string());
                    see("description", procedure.get(6).is_some().to_string());
                    see("measure", element(3).to_owned());
                    see("fraction of a unit", element(4).contains('.').to_string());
                    see("POS of a line", element(5).to_owned());
                    see("pointers", element(7).split(':').count().to_string());
                    for (index, value) in [(9, "Y"), (11, "Y"), (12, "Y"), (15, "0")] {
                        if element(index) == value {
                            see("SV1", index.to_string());
                        }
                    }
                }
                "NM1" if line => _ = see("NM1 of a line", element(1).to_owned()),
                "REF" if line => {
                    see("REF of a line", element(1).to_owned());
                    see("REF04", element(4).split(':').next().unwrap_or_default().to_owned());
                }
                "PWK" | "CN1" | "HCP" | "CR1" if line => _ = see("of a line", segment[0].to_owned()),
                "PWK" => _ = see("PWK02", element(2).to_owned()),
                "N4" if segment.len() > 4 => _ = see("country", element(4).to_owned()),
                _ => {}
            }
        }
    }
    let mut missing = Vec::new();
    for (what, values) in [
        ("GS", "1 2 3"),
        ("ST", "1 2 3 4"),
        ("BHT06", "CH RP"),
        ("HL*20", "1 2 3 4 5"),
        ("HL*23", "1 2 3"),
        ("SBR09", "11 12 13 14 15 16 AM BL CH CI FI HM LM MB MC OF TV VA WC ZZ"),
        ("claims of one patient", "1 2 3"),
        (
            "POS",
            "01 02 03 04 05 06 07 08 09 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 31 32 33 34 41 42 49 50 \
             51 52 53 54 55 56 57 58 60 61 62 65 66 71 72 81 99",
        ),
        ("frequency", "1 7 8"),
        ("causes", "AA: EM EM:AA OA"),
        ("delay reason", "1 2 3 4 5 6 7 8 9 10 11 15"),
        ("program", "02 03 09"),
        ("places of a charge", "0 1 2"),
        ("diagnoses", "1 2 3 4 5 6 7 8 9 10 11 12"),
        ("line", "1 2 3 4 12"),
        ("modifiers", "0 1 2 3 4"),
        ("description", "true false"),
        ("measure", "UN MJ"),
        ("fraction of a unit", "true false"),
        ("POS of a line", "81"),
        ("pointers", "1 2 3 4"),
        ("SV1", "9 11 12 15"),
        ("NM1 of a line", "82 QB 77 DQ DK DN P3 PW 45"),
        ("REF of a line", "9B 9D G1 6R EW X4 F4 BT 9F XZ VY 0B 1G G2 LU"),
        ("REF04", "2U"),
        ("of a line", "PWK CN1 HCP CR1"),
        ("PWK02", "AA BM EL EM FT FX"),
        ("country", "GB CA"),
    ] {
        let wanted = values.split(' ').map(|value| format!("{what} {value}"));
        missing.extend(wanted.filter(|wanted| !seen.contains(wanted)));
    }
    assert!(missing.is_empty(), "{missing:?}");
}

/// What payers have paid and adjusted, reckoned anew: the linter's own rule must not be the only judge of it.
#[test]
fn charges_and_other_payers_balance() {
    struct Payer {
        id: String,
        paid: Option<i64>,
        adjusted: i64,
        lines_paid: i64,
        lines: usize,
    }
    let mut balanced = BTreeMap::new();
    for seed in SEEDS {
        let text = shapes(seed);
        let (mut charge, mut billed, mut lines) = (0, 0, 0);
        let mut payers: Vec<Payer> = Vec::new();
        // The line's charge, and what is left of it after the payer that is being read.
        let (mut line_charge, mut left, mut own) = (0, 0, true);
        let all: Vec<Vec<&str>> = segments(&text).collect();
        for (index, segment) in all.iter().enumerate() {
            match segment[0] {
                "CLM" => (charge, billed, lines, own) = (cents(segment, 2), 0, 0, true),
                "SBR" if all[index - 1][0] != "HL" => {
                    payers.push(Payer {
                        id: String::new(),
                        paid: None,
                        adjusted: 0,
                        lines_paid: 0,
                        lines: 0,
                    });
                }
                "NM1" if segment[1] == "PR" => {
                    if let Some(payer) = payers.last_mut() {
                        payer.id = segment[9].to_owned();
                    }
                }
                "AMT" if segment[1] == "D" => {
                    payers.last_mut().expect("an SBR").paid = Some(cents(segment, 2))
                }
                "CAS" => {
                    let sum: i64 = (3..segment.len()).step_by(3).map(|amount| cents(segment, amount)).sum();
                    match payers.last_mut() {
                        Some(payer) if own => payer.adjusted += sum,
                        _ => left -= sum,
                    }
                }
                "SV1" => {
                    (line_charge, own) = (cents(segment, 2), false);
                    billed += line_charge;
                    lines += 1;
                }
                "SVD" => {
                    left = line_charge - cents(segment, 2);
                    let payer = payers.iter_mut().find(|payer| payer.id == segment[1]).expect("its 2330B");
                    payer.lines_paid += cents(segment, 2);
                    payer.lines += 1;
                }
                "DTP" if segment[1] == "573" && !own => assert_eq!(left, 0, "segment {index}"),
                _ => {}
            }
            let next = all.get(index + 1).map_or("", |next| next[0]);
            if lines > 0 && matches!(next, "CLM" | "HL" | "SE") {
                assert_eq!(charge, billed, "segment {index}");
                *balanced.entry(payers.len()).or_insert(0) += 1;
                for payer in payers.drain(..) {
                    let paid = payer.paid.unwrap_or_default();
                    if payer.lines > 0 {
                        assert_eq!((payer.lines, paid), (lines, payer.lines_paid - payer.adjusted));
                    } else if payer.paid.is_some() {
                        assert_eq!(charge, paid + payer.adjusted);
                    }
                }
            }
        }
    }
    assert!((0..3).all(|payers| balanced.get(&payers).is_some_and(|claims| *claims > 50)), "{balanced:?}");
}

#[test]
fn a_seed_names_a_file() {
    assert_eq!(shapes(1), shapes(1));
    assert_ne!(shapes(1), shapes(2));
}
