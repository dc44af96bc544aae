//! Segments and loops: each fault, and its nearest neighbour that is none.

use super::support::{CLEAN, file, found, mini};

enum Edit {
    /// Replaces the first segment that begins so.
    Replace(&'static str, &'static str),
    /// Drops the first segment that begins so.
    Drop(&'static str),
    /// Puts segments (parted by `~`) before the first that begins so.
    Before(&'static str, &'static str),
    /// Drops the first segment that begins so and those after it, that many in all.
    DropMany(&'static str, usize),
}
use Edit::*;

fn edited(edits: &[Edit]) -> String {
    let mut segments = CLEAN.to_vec();
    for edit in edits {
        let (Replace(start, _) | Drop(start) | Before(start, _) | DropMany(start, _)) = edit;
        let at =
            segments.iter().position(|segment| segment.starts_with(start)).expect("a segment that begins so");
        match edit {
            Replace(_, new) => segments[at] = new,
            Drop(_) => _ = segments.remove(at),
            Before(_, new) => _ = segments.splice(at..at, new.split('~')),
            DropMany(_, count) => _ = segments.drain(at..at + count),
        }
    }
    file(&segments)
}

#[track_caller]
fn gives(edits: &[Edit], expected: &[&str]) {
    assert_eq!(found(mini(), &edited(edits)), expected, "{}", edited(edits));
}

#[test]
fn what_is_missing() {
    gives(&[Drop("HI*ABK"), Drop("HI*BG")], &["segment-missing 2300 HI []"]);
    gives(&[Drop("HI*ABK")], &["segment-missing 2300 HI []"]);
    gives(&[Drop("HI*BG")], &[]);
    gives(&[Drop("BHT")], &["segment-missing ST BHT []"]);
    gives(&[Drop("SBR*P")], &["segment-missing 2000B SBR []"]);
    gives(&[Drop("SV1*HC:97140")], &["segment-missing 2400 SV1 []"]);
    gives(&[Drop("DTP*472*RD8")], &["segment-missing 2400 DTP []"]);
    gives(&[Drop("REF*EI")], &["segment-missing 2010AA REF []"]);
    gives(&[Drop("REF*0B")], &[]);
    gives(&[DropMany("NM1*40", 1)], &["loop-missing 1000B NM1 []"]);
    gives(&[DropMany("NM1*41", 2)], &["loop-missing 1000A NM1 []"]);
    gives(&[DropMany("NM1*85", 4)], &["loop-missing 2010AA NM1 []"]);
    gives(&[DropMany("NM1*87", 2)], &[]);
    gives(&[DropMany("NM1*PR*2*PLAN", 2)], &["loop-missing 2010BB NM1 []"]);
    gives(&[DropMany("NM1*QC", 1)], &["loop-missing 2010CA NM1 []"]);
    gives(&[DropMany("NM1*PR*2*OTHER", 2)], &["loop-missing 2330B NM1 []"]);
    gives(&[Drop("REF*LU")], &["segment-missing 2330D REF []"]);
    gives(&[DropMany("LX*1", 12)], &["loop-missing 2400 LX []"]);
    gives(&[DropMany("HL*2", 42)], &["loop-missing 2000B HL []"]);
}

#[test]
fn a_missing_segment_is_shown_where_it_should_stand() {
    let text = edited(&[Drop("HI*ABK"), Drop("HI*BG")]);
    let faults = super::support::walk_in_units(mini(), text.as_bytes(), usize::MAX);
    let place = text.find("NM1*DN").expect("what follows") as u64;
    assert_eq!((faults[0].span.offset, faults[0].at.0), (place, place));
    let text = edited(&[Drop("NM1*QC")]);
    let faults = super::support::walk_in_units(mini(), text.as_bytes(), usize::MAX);
    let level = text.find("HL*3").expect("the level") as u64;
    assert_eq!((faults[0].span.offset, faults[0].at.0), (level + 11, level));
}

#[test]
fn what_is_too_many() {
    gives(&[Before("PER", "PER*IC*BO*TE*5551234567")], &[]);
    gives(
        &[Before("PER", "PER*IC*BO*TE*5551234567~PER*IC*CY*TE*5551234567~PER*IC*DI*TE*5551234567")],
        &["segment-repeat 1000A PER [PER]"],
    );
    gives(&[Before("REF*G1*AUTH", "REF*G1*OTHER")], &["segment-repeat 2300 REF [REF]"]);
    gives(&[Before("NM1*DN", "NM1*P3*1*SECOND")], &[]);
    gives(&[Before("NM1*DN", "NM1*P3*1*SECOND~NM1*DN*1*THIRD")], &["loop-repeat 2310A NM1 [NM1]"]);
    let lines = |count: usize| {
        let mut all = CLEAN.to_vec();
        let at = all.iter().position(|segment| *segment == "HL*3*2*23*0").expect("the patient");
        all.splice(at..at, ["LX*3", "SV1*HC:97140*0*UN*1***2", "DTP*472*D8*20250303"].repeat(count));
        file(&all)
    };
    assert_eq!(found(mini(), &lines(48)), Vec::<String>::new());
    assert_eq!(found(mini(), &lines(60)), ["loop-repeat 2400 LX [LX]"]);
}

#[test]
fn what_stands_too_late() {
    gives(&[Drop("BHT"), Before("PER", "BHT*0019*00*1*20250303*1200*CH")], &["segment-order ST BHT [BHT]"]);
    gives(&[Drop("HI*ABK"), Before("SBR*S", "HI*ABK:M545")], &["segment-order 2300 HI [HI]"]);
    gives(&[Drop("REF*G1"), Before("DTP*431", "REF*G1*AUTH")], &["segment-order 2300 DTP [DTP]"]);
    gives(
        &[Drop("DTP*472"), Before("NM1*82*1*LINE", "DTP*472*D8*20250303")],
        &["segment-order 2400 DTP [DTP]"],
    );
    gives(
        &[Drop("DTP*472"), Before("SVD", "DTP*472*D8*20250399")],
        &["segment-order 2400 DTP [DTP]", "element-date 2400 DTP03 [20250399]"],
    );
    gives(&[DropMany("NM1*DN", 1), Before("SBR*S", "NM1*DN*1*LATE")], &[]);
    gives(&[DropMany("NM1*DN", 1), Before("LX*1", "NM1*DN*1*LATE")], &["segment-order 2310A NM1 [NM1]"]);
}

#[test]
fn what_does_not_belong() {
    gives(&[Before("HI*ABK", "ZZZ*1")], &["segment-unknown 2300 ZZZ [ZZZ]"]);
    gives(&[Replace("HI*ABK", "HJ*ABK:M545")], &["segment-unknown 2300 HJ [HJ]"]);
    gives(&[Replace("NM1*PR*2*PLAN", "NMI*PR*2*PLAN*****PI*P1")], &["segment-unknown 2010BA NMI [NMI]"]);
    gives(&[Before("HI*ABK", "hi*1")], &[]);
    gives(&[Before("DTP*431", "DMG*D8*19700101*F")], &["segment-unexpected 2300 DMG [DMG]"]);
    gives(&[Before("DTP*431", "REF*SY*1")], &["segment-unexpected 2300 REF [REF]"]);
    gives(
        &[Before("NM1*DN", "NM1*IL*1*WRONG~N3*1 ST~DMG*D8*19700101*F")],
        &["segment-unexpected 2300 NM1 [NM1]"],
    );
}

#[test]
fn a_key_that_is_none() {
    gives(&[Before("REF*G1*AUTH", "REF*XX*1")], &["element-code 2300 REF01 [XX]"]);
    gives(&[Before("REF*G1*AUTH", "REF**1")], &["element-missing 2300 REF01 []"]);
    gives(&[Replace("HI*ABK", "HI*XX:M545")], &["element-code 2300 HI01-01 [XX]"]);
    gives(&[Replace("NM1*82*1*RENDER", "NM1*X2*1*RENDER")], &["element-code 2300 NM101 [X2]"]);
    gives(&[Replace("NM1*85", "NM1*8S*2*CLINIC*****XX*1")], &["element-code 2000A NM101 [8S]"]);
    gives(&[Replace("NM1*41", "NM1*14*2*CO*****46*1")], &["element-code ST NM101 [14]"]);
    gives(&[Replace("DTP*472*RD8", "DTP*427*D8*20250303")], &["element-code 2400 DTP01 [427]"]);
    gives(&[Replace("NM1*QC", "NM1*CQ*1*DOE*JACK")], &["element-code 2010CA NM101 [CQ]"]);
}

#[test]
fn parents_that_are_not_there() {
    gives(&[Drop("CLM*A1")], &["segment-unexpected 2010BB DTP [DTP]"]);
    gives(&[Drop("LX*2")], &["segment-repeat 2400 SV1 [SV1]"]);
    gives(&[Drop("LX*1")], &["segment-unexpected 2330D SV1 [SV1]"]);
    gives(&[Drop("HL*1*")], &["segment-unexpected 1000B NM1 [NM1]"]);
    gives(&[DropMany("HL*1*", 7)], &["segment-unexpected ST HL [HL]"]);
    gives(
        &[DropMany("HL*2*", 8)],
        &["segment-unexpected 2000A CLM [CLM]", "segment-unexpected 2000A HL [HL]"],
    );
    gives(&[Replace("HL*2*", "HL*2*1*99*0")], &["element-code 2000A HL03 [99]"]);
    gives(&[DropMany("CLM*A2", 2)], &["segment-unexpected 2010CA LX [LX]"]);
}

#[test]
fn loops_are_told_apart_although_they_share_qualifiers() {
    // A rendering provider's number counts in the loop it stands in: claim, other payer or line.
    let five = "REF*0B*1~REF*0B*2~REF*0B*3~REF*0B*4";
    gives(&[Before("REF*G2", five)], &["segment-repeat 2310B REF [REF]"]);
    gives(&[Before("REF*0B*N3", five)], &["segment-repeat 2420A REF [REF]"]);
    gives(&[Before("REF*LU", "REF*0B*1")], &["segment-unexpected 2330D REF [REF]"]);
    gives(&[Before("REF*LU", "REF*XX*1")], &["element-code 2330D REF01 [XX]"]);
    gives(&[Drop("DTP*573"), Drop("DTP*573")], &["segment-missing 2430 DTP []"]);
    gives(&[Replace("SBR*P", "SBR*T**G1")], &["element-code 2000B SBR01 [T]"]);
    gives(&[Replace("SBR*S", "SBR*T")], &[]);
}

#[test]
fn outside_of_transactions_nothing_is_said() {
    gives(&[Before("GE*", "ZZZ*1~REF*XX*1")], &[]);
    let all = CLEAN.join("~\n");
    let bare = &all[all.find("HL*1").expect("a level")..];
    assert_eq!(found(mini(), bare), Vec::<String>::new());
    gives(&[Replace("GS", "GS*HX*ME*YOU*20250303*1200*1*X*005010X222A1")], &["element-code  GS01 [HX]"]);
    gives(&[Replace("GE", "GE*X*1")], &["element-character  GE01 [X]"]);
    gives(&[Replace("IEA", "IEA**1")], &["element-missing  IEA01 []"]);
    gives(&[Replace("SE", "SE*5A*0001")], &["element-character ST SE01 [5A]"]);
    gives(&[Replace("ST", "ST*837*0001*X")], &["element-code ST ST03 [X]"]);
}
