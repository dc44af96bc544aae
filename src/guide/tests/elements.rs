//! Elements: each fault on both sides of its boundary.

use super::support::{CLEAN, file, found, mini};

#[track_caller]
fn gives(old: &str, new: &str, expected: &[&str]) {
    let text = file(CLEAN).replacen(&format!("\n{old}~"), &format!("\n{new}~"), 1);
    assert!(text.contains(new), "{old}");
    assert_eq!(found(mini(), &text), expected, "{new}");
}

const CLM: &str = "CLM*A1*100***11:B:1*Y";
const SV1: &str = "SV1*HC:97140*0*UN*1***2";
const DTP: &str = "DTP*472*RD8*20250303-20250304";
const NM1: &str = "NM1*IL*1*DOE*JANE****MI*M1";
const DMG: &str = "DMG*D8*19700101*F**:RET:1";

#[test]
fn required_and_not_used() {
    gives(CLM, "CLM**100***11:B:1*Y", &["element-missing 2300 CLM01 []"]);
    gives(CLM, "CLM*  *100***11:B:1*Y", &["element-missing 2300 CLM01 []"]);
    gives(CLM, "CLM*A1*100***11:B:1", &["element-missing 2300 CLM06 []"]);
    gives(CLM, "CLM*A1*100****Y", &["element-missing 2300 CLM05 []"]);
    gives(CLM, "CLM*A1*100***11::1*Y", &["element-missing 2300 CLM05-02 []"]);
    gives(CLM, "CLM*A1*100***11:B*Y", &["element-missing 2300 CLM05-03 []"]);
    gives(CLM, "CLM*A1*100*X**11:B:1*Y", &["element-not-used 2300 CLM03 [X]"]);
    gives(CLM, "CLM*A1*100*X:Y^Z**11:B:1*Y", &["element-not-used 2300 CLM03 [X:Y^Z]"]);
    gives(SV1, "SV1*HC:97140*0*UN*1**X*2", &["element-not-used 2400 SV106 [X]"]);
}

#[test]
fn too_many() {
    gives(CLM, "CLM*A1*100***11:B:1*Y*Z*Q", &["element-excess 2300 CLM07 [Z]"]);
    gives(CLM, "CLM*A1*100***11:B:1*Y**", &[]);
    gives(CLM, "CLM*A1*100***11:B:1:9*Y", &["element-excess 2300 CLM05-04 [9]"]);
    gives(CLM, "CLM*A1*100***11:B:1::*Y", &[]);
    gives(DMG, "DMG*D8*19700101*F**:RET:1^:RET:2", &[]);
    gives(
        DMG,
        "DMG*D8*19700101*F**:RET:1^:RET:2^:RET:3",
        &["element-repeat 2010BA DMG05 [:RET:1^:RET:2^:RET:3]"],
    );
    gives(DMG, "DMG*D8*19700101*F**:RET:1^:XX:2", &["element-code 2010BA DMG05-02 [XX]"]);
    gives(NM1, "NM1*IL*1*DOE^ROE*JANE****MI*M1", &["element-repeat 2010BA NM103 [DOE^ROE]"]);
}

#[test]
fn lengths() {
    gives(CLM, "CLM*12345678901234567890*100***11:B:1*Y", &[]);
    gives(
        CLM,
        "CLM*123456789012345678901*100***11:B:1*Y",
        &["element-long 2300 CLM01 [123456789012345678901]"],
    );
    gives(CLM, "CLM*ÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄÄ*100***11:B:1*Y", &[]);
    gives(CLM, "CLM*A1*-1234567890123456.78***11:B:1*Y", &[]);
    gives(CLM, "CLM*A1*12345678901234567.89***11:B:1*Y", &["element-long 2300 CLM02 [12345678901234567.89]"]);
    gives(NM1, "NM1*IL*1*DOE*JANE****MI*M", &["element-short 2010BA NM109 [M]"]);
    gives(
        "SV1*HC:97124:GP*100*UN*2***1:2",
        "SV1*HC:97124:G*100*UN*2***1:2",
        &["element-short 2400 SV101-03 [G]"],
    );
    gives("LX*2", "LX*-999999", &[]);
    gives("LX*2", "LX*1000000", &["element-long 2400 LX01 [1000000]"]);
}

#[test]
fn characters() {
    for (amount, fine) in
        [("1.5", true), ("-.5", true), ("1,5", false), ("1.2.3", false), ("$5", false), ("1-", false)]
    {
        let expected = format!("element-character 2300 CLM02 [{amount}]");
        let expected: &[&str] = if fine { &[] } else { &[&expected] };
        gives(CLM, &format!("CLM*A1*{amount}***11:B:1*Y"), expected);
    }
    gives("LX*2", "LX*2.0", &["element-character 2400 LX01 [2.0]"]);
    gives(NM1, "NM1*IL*1*D\u{7}E*JANE****MI*M1", &["element-character 2010BA NM103 [D\u{7}E]"]);
    gives(NM1, "NM1*IL*1*D:E*JANE****MI*M1", &["element-character 2010BA NM103 [D:E]"]);
    gives(NM1, "NM1*IL*1*MUÑOZ*JANE****MI*M1", &[]);
}

#[test]
fn codes_dates_and_times() {
    gives(CLM, "CLM*A1*100***11:B:1*Q", &["element-code 2300 CLM06 [Q]"]);
    gives(CLM, "CLM*A1*100***11:A:1*Y", &["element-code 2300 CLM05-02 [A]"]);
    gives(CLM, "CLM*A1*100***11:B:1*YY", &["element-long 2300 CLM06 [YY]"]);
    gives(DTP, "DTP*472*D8*20250303", &[]);
    gives(DTP, "DTP*472*D8*20250230", &["element-date 2400 DTP03 [20250230]"]);
    gives(DTP, "DTP*472*RD8*20250303", &["element-date 2400 DTP03 [20250303]"]);
    gives(DTP, "DTP*472*XX*20250303", &["element-code 2400 DTP02 [XX]"]);
    gives("DTP*435*RD8*20250301-20250302", "DTP*435*DT*202503031200", &[]);
    gives(
        "DTP*435*RD8*20250301-20250302",
        "DTP*435*DT*202503032500",
        &["element-time 2300 DTP03 [202503032500]"],
    );
    let bht = CLEAN[2];
    gives(bht, "BHT*0019*00*1*20250303*2400*CH", &["element-time ST BHT05 [2400]"]);
    gives(bht, "BHT*0019*00*1*20251303*1200*CH", &["element-date ST BHT04 [20251303]"]);
    gives(bht, "BHT*0019*00*1*250303*1200*CH", &["element-date ST BHT04 [250303]"]);
    gives(bht, "BHT*0018*00*1*20250303*1200*CH", &["element-code ST BHT01 [0018]"]);
}

#[test]
fn conditions() {
    gives(NM1, "NM1*IL*1*DOE*JANE****MI", &["element-conditional 2010BA NM109 []"]);
    gives(NM1, "NM1*IL*1*DOE*JANE*****M1", &["element-conditional 2010BA NM108 []"]);
    gives(NM1, "NM1*IL*1*DOE*JANE", &[]);
    gives("CAS*PR*1*10.5", "CAS*PR*1*10.5**2*5", &[]);
    gives("CAS*PR*1*10.5", "CAS*PR*1*10.5***5", &["element-conditional 2320 CAS05 []"]);
    gives("HI*BG:09", "HI*BG:09:D8:20250303", &[]);
    gives("HI*BG:09", "HI*BG:09:D8", &["element-conditional 2300 HI01-04 []"]);
    gives("HI*BG:09", "HI*BG:09:D8:20250399", &["element-date 2300 HI01-04 [20250399]"]);
    // The guide asks for both; the condition says nothing more.
    gives(
        "NM1*40*2*HEALTH PLAN*****46*R1",
        "NM1*40*2*HEALTH PLAN*****46",
        &["element-missing 1000B NM109 []"],
    );
}
