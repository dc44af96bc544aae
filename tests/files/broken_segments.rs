//! What a broken segment holds is shown nowhere: not in text, not in JSON, not in an acknowledgement.

#![allow(clippy::expect_used, clippy::panic, reason = "a test that cannot be set up has failed")]

use std::process::Command;

use cleanclaim::engine;
use cleanclaim::finding::Verdict;
use cleanclaim::source::Named;

use crate::support::request;

const FILE: &str = "\
ISA*00*          *00*          *ZZ*LAKESIDEREHAB  *ZZ*EXAMPLECLRHSE  *250304*0915*^*00501*000000900*0*T*:~
GS*HC*LAKESIDEREHAB*EXAMPLECLRHSE*20250304*0915*101*X*005010X222A1~
ST*837*0001*005010X222A1~
BHT*0019*00*000000900*20250304*0915*CH~
NM1*41*2*LAKESIDE REHAB EXAMPLE LLC*****46*LAKESIDE~
PER*IC*BILLING DESK*TE*5550100000~
NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*EXAMPLECH~
HL*1**20*1~
NM1*85*2*LAKESIDE REHAB EXAMPLE LLC*****XX*1000000111~
N3*1 INVENTED WAY~
N4*SAMPLETON*AL*352030000~
REF*EI*990000001~
HL*2*1*22*0~
SBR*P*18*******MB~
NM1*IL*1*TESTWELL*ADA****MI*1QQ0QQ0QQ00~
N3*10 MADEUP STREET~
N4*SAMPLETON*AL*352030000~
DMG*D8*19400110*F~
NM1*PR*2*MEDICARE PART B EXAMPLE*****PI*MB001~
CLM*EX-1*45***11:B:1*Y*A*Y*Y~
HI*ABK:M5450~
NM1*DN*1*REFERENCE*ORLA****XX*1000000558~
LX*1~
SV1*HC:97110:GP*45*UN*1***1~
DTP*472*D8*20250303~
NTE*ADD*15 MIN~
SE*25*0001~
GE*1*101~
IEA*1*000000900~
";

const SECRETS: &[&str] =
    &["TESTWELL", "1QQ0QQ0QQ00", "MADEUP", "19400110", "1940-01-10", "JANE", "JAN*", "DOEFULL", "123456789"];

#[test]
fn nothing_of_a_broken_segment_is_shown() {
    let folder = tempfile::tempdir().expect("a folder");
    let breaks = [
        ("QQ00~\nN3*10", "QQ00N3*10"),
        ("*TESTWELL*", "*TESTWELL*JANE*"),
        ("MB~\nNM1*IL", "MB\nNM1*IL"),
        ("MB~\nNM1*IL", "MBNM1*IL"),
        ("15 MIN~", "JANE*DOEFULL~"),
        ("HI*ABK", "K3*JANE*DOEFULL~\nHI*ABK"),
        ("NTE*ADD*15 MIN", "REF*G1*JANE*DOEFULL"),
        ("19400110*F", "1940-01-10*F*DOEFULL"),
        ("18*******MB", "18*JANE*DOEFULL*****MB*DOEFULL"),
        ("15 MIN~", "15~\nJANE DOEFULL~"),
        ("15 MIN~", "15~\nJANE~"),
        ("15 MIN~", "15~\nJANE*DOEFULL~"),
        ("1000000558", "123456789"),
        ("HC:97110", "HC:JANE"),
    ];
    for (right, wrong) in breaks {
        assert!(FILE.contains(right), "{right}");
        let path = folder.path().join("broken.837");
        std::fs::write(&path, FILE.replace(right, wrong)).expect("a writable folder");
        for output in ["text", "json", "999"] {
            for level in ["default", "full"] {
                let ended = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
                    .args(["check", "--as-of", "2025-03-10", "--output", output, "--redact", level])
                    .arg(&path)
                    .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
                    .output()
                    .expect("the program runs");
                let shown = String::from_utf8_lossy(&ended.stdout);
                assert!(!shown.is_empty(), "{wrong}: {output} says nothing");
                for secret in SECRETS {
                    assert!(!shown.contains(secret), "{wrong}, {output}, {level}: {secret} in\n{shown}");
                }
            }
        }
    }
}

/// What is found of claims that no transaction set encloses is found of a file that is checked, and they are counted.
#[test]
fn claims_before_another_transaction_set_are_claims_of_the_file() {
    let request = request(cleanclaim::claim::Date::constant(2025, 4, 2));
    let of_remittance = "ST*835*0002~\nBPR*I*0*C*NON~\nSE*3*0002~\nGE*1*101~";
    let too_many = FILE.replace("*45*UN*1*", "*45*UN*2*");
    for text in [
        too_many.clone(),
        too_many.replace("ST*837*0001*005010X222A1~\n", "").replace("GE*1*101~", of_remittance),
        too_many.replace("ST*837*0001*005010X222A1~\n", ""),
    ] {
        let run = engine::check(&request, &[Named::memory("input", text.as_bytes())]);
        assert_eq!(run.files[0].verdict, Verdict::Checked, "{text}");
        assert_eq!((run.claims, run.lines, run.clean_claims), (1, 1, 0), "{text}");
        assert!(run.findings.iter().any(|finding| finding.code == "T01"), "{text}");
    }
    // Where no claim is read, the file is something else.
    let remittance = FILE.split("ST*837").next().expect("a start").to_owned() + of_remittance;
    let run = engine::check(&request, &[Named::memory("input", remittance.as_bytes())]);
    assert!(matches!(run.files[0].verdict, Verdict::Failed(_)), "{:?}", run.files[0].verdict);
    assert_eq!((run.claims, run.findings.len()), (0, 0));
}
