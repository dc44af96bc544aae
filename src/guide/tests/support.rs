use std::io::Cursor;

use crate::guide::{FAULTS, Guide, GuideFault, Walker};
use crate::source::Unit;
use crate::x12::{Lexer, X12Cutter};

pub(super) const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250303*1200*^*00501*\
                   000000001*0*P*:~";

/// A transaction of the small guide without a fault: two claims, the second a patient's, with every kind of loop.
pub(super) const CLEAN: &[&str] = &[
    "GS*HC*ME*YOU*20250303*1200*1*X*005010X222A1",
    "ST*837*0001*005010X222A1",
    "BHT*0019*00*1*20250303*1200*CH",
    "NM1*41*2*BILLING CO*****46*S1",
    "PER*IC*ANN*TE*5551234567",
    "NM1*40*2*HEALTH PLAN*****46*R1",
    "HL*1**20*1",
    "NM1*85*2*CLINIC*****XX*1234567893",
    "N3*1 MAIN ST",
    "REF*EI*123456789",
    "REF*0B*A1",
    "NM1*87*2",
    "N3*PO BOX 1",
    "HL*2*1*22*0",
    "SBR*P**G1",
    "NM1*IL*1*DOE*JANE****MI*M1",
    "N3*2 OAK ST",
    "DMG*D8*19700101*F**:RET:1",
    "REF*SY*123456789",
    "NM1*PR*2*PLAN*****PI*P1",
    "REF*2U*X",
    "CLM*A1*100***11:B:1*Y",
    "DTP*431*D8*20250301",
    "DTP*435*RD8*20250301-20250302",
    "REF*G1*AUTH",
    "HI*ABK:M545*ABF:M546",
    "HI*BG:09",
    "NM1*DN*1*REFERRER*R****XX*1234567893",
    "NM1*82*1*RENDER*R****XX*1234567893",
    "REF*G2*N1",
    "SBR*S",
    "CAS*PR*1*10.5",
    "NM1*PR*2*OTHER PLAN*****PI*P2",
    "DTP*573*D8*20250305",
    "NM1*82*1",
    "REF*LU*N2",
    "LX*1",
    "SV1*HC:97124:GP*100*UN*2***1:2",
    "DTP*472*D8*20250303",
    "REF*G1*AUTH2",
    "NM1*82*1*LINE*L****XX*1234567893",
    "REF*0B*N3",
    "SVD*P2*80*HC:97124",
    "CAS*CO*45*20",
    "DTP*573*D8*20250305",
    "LX*2",
    "SV1*HC:97140*0*UN*1***2",
    "DTP*472*RD8*20250303-20250304",
    "HL*3*2*23*0",
    "NM1*QC*1*DOE*JACK",
    "CLM*A2*50***11:B:1*N",
    "HI*ABK:M545",
    "LX*1",
    "SV1*HC:97124*50*UN*2***1",
    "DTP*472*D8*20250303",
    "SE*53*0001",
    "GE*1*1",
    "IEA*1*000000001",
];

/// The small guide.
pub(super) fn mini() -> &'static Guide {
    static MINI: std::sync::OnceLock<Guide> = std::sync::OnceLock::new();
    MINI.get_or_init(|| Guide::of(include_str!("mini.txt")).0)
}

pub(super) fn file(segments: &[&str]) -> String {
    format!("{ISA}\n{}~\n", segments.join("~\n"))
}

/// Takes a file through the walker in units of about `target` bytes.
pub(super) fn walk_in_units(guide: &'static Guide, bytes: &[u8], target: usize) -> Vec<GuideFault> {
    let mut faults = walk_with(|| Walker::new(guide), bytes, target);
    faults.sort_by(|a, b| (a.span, a.at, a.name, &a.values).cmp(&(b.span, b.at, b.name, &b.values)));
    faults
}

/// Likewise, with a walker of one's own for each unit; faults in the order in which they are found.
pub(super) fn walk_with(walker: impl Fn() -> Walker, bytes: &[u8], target: usize) -> Vec<GuideFault> {
    let units = X12Cutter::new(Cursor::new(bytes), 0, target);
    units.flat_map(|unit| walk_unit(walker(), &unit.expect("memory"))).collect()
}

fn walk_unit(mut walker: Walker, unit: &Unit) -> Vec<GuideFault> {
    for piece in &unit.context {
        let mut lexer = Lexer::new(&piece.bytes, piece.offset, piece.number, unit.delimiters);
        while let Some(segment) = lexer.next_segment() {
            walker.replay(&segment);
        }
    }
    let mut lexer = Lexer::new(&unit.bytes, unit.offset, unit.number, unit.delimiters);
    while let Some(segment) = lexer.next_segment() {
        walker.segment(&segment);
    }
    walker.end_of_unit();
    walker.faults
}

/// What is found, one line a fault: its name, the loop, and what it is about.
pub(super) fn found(guide: &'static Guide, text: &str) -> Vec<String> {
    walk_in_units(guide, text.as_bytes(), usize::MAX)
        .iter()
        .map(|fault| {
            let row = FAULTS.iter().find(|(name, _)| *name == fault.name).expect("a listed fault");
            assert!(row.1.iter().eq(fault.values.iter().map(|(name, _)| name)), "{fault:?}");
            let element = fault.values.iter().find(|(name, _)| *name == "element");
            let about = element.map_or(&fault.segment, |(_, element)| element);
            let start = fault.span.offset as usize;
            let marked = &text[start..start + fault.span.length as usize];
            format!("{} {} {about} [{marked}]", fault.name, fault.loop_id)
        })
        .collect()
}
