use super::*;
use crate::input::edi837p::{EnvelopeChecker, FAULTS, GuideCheck, Verdict, read};

/// The file's verdict, and its envelope faults as `name segment element: label`.
fn judge(text: &str) -> (Verdict, Vec<String>) {
    let mut sink = Each { claim: |_: &Claim<'_>, _: &dyn Cutter| {}, faults: Vec::new() };
    let summary = read(&whole(text.as_bytes()), GuideCheck::On, &mut sink);
    let mut seen = Vec::new();
    let mut emit = |fault: Fault, cutter: &dyn Cutter| {
        let known = FAULTS.iter().find(|(name, _)| *name == fault.name).expect("a listed fault");
        assert_eq!(known.1, fault.values.iter().map(|(name, _)| *name).collect::<Vec<_>>());
        let place = cutter.place(fault.span);
        let label = crate::input::Label { span: fault.span, text: fault.label.clone(), primary: true };
        let excerpt = cutter.excerpt(&[label]);
        assert_eq!((excerpt.windows.len(), excerpt.windows[0].number), (1, place.number));
        seen.push(format!("{} {}{}: {}", fault.name, place.number, place.element, fault.label));
    };
    let mut checker = EnvelopeChecker::new();
    checker.unit(&summary, &mut emit);
    let verdict = checker.finish(&mut emit);
    (verdict, seen)
}

#[test]
fn a_good_file_has_no_faults() {
    assert_eq!(judge(DAY), (Verdict::Professional, Vec::new()));
    assert_eq!(judge(&DAY.replace("~\n", "~")), (Verdict::Professional, Vec::new()));
}

#[test]
fn each_fault_has_its_name_and_place() {
    let edits = [
        ("SE*93", "SE*92", "se01-count 95SE01: 93 segments counted"),
        ("SE*93", "SE*0093", ""),
        ("SE*93*0001", "SE*93*0002", "st02-se02 95SE02: the header says 0001"),
        ("GE*1*7", "GE*2*7", "ge01-count 96GE01: 1 transactions counted"),
        ("GE*1*7", "GE*1*8", "gs06-ge02 96GE02: the header says 7"),
        ("IEA*1", "IEA*3", "iea01-count 97IEA01: 1 groups counted"),
        ("IEA*1*000000101", "IEA*1*000000102", "isa13-iea02 97IEA02: the header says 000000101"),
        ("IEA*1*000000101~\n", "", "iea-missing 1: no IEA ends this interchange"),
        ("GE*1*7~\n", "", "ge-missing 2: no GE ends this group"),
        ("SE*93*0001~\n", "", "se-missing 3: no SE ends this transaction"),
        ("ISA*00*          *00*          ", "ISA*00**00*", "isa-layout 1: not the fixed layout of 106 bytes"),
        (":~\nGS", "~\nGS", "isa16-component 1ISA16: no character that separates components"),
        (":~\nGS", "*~\nGS", "isa16-component 1ISA16: no character that separates components"),
        (":~\nGS", "A~\nGS", "isa16-component 1ISA16: no character that separates components"),
        ("*^*00501", "*U*00501", "isa11-u 1ISA11: what version 4010 has here"),
        ("*^*00501", "*:*00501", "isa11-separator 1ISA11: is another separator too"),
        ("GS*HC", "GS*HX", "gs01-code 2GS01: not HC"),
        ("HL*2*1*22", "HL*9*1*22", "hl01-sequence 17HL01: 2 comes next"),
        ("ST*837*0001*005010X222A1", "ST*837*0001*005010X222", "st03-gs08 3ST03: not what GS08 says"),
    ];
    for (from, to, expected) in edits {
        let (verdict, faults) = judge(&DAY.replace(from, to));
        assert_eq!(faults.join("; "), expected, "{from} -> {to}");
        assert_eq!(verdict, Verdict::Professional);
    }
}

#[test]
fn headers_that_are_not_there() {
    let without = |lines: &[usize]| -> Vec<String> {
        let text: String = DAY
            .lines()
            .enumerate()
            .filter(|(index, _)| !lines.contains(index))
            .map(|(_, line)| format!("{line}\n"))
            .collect();
        let (verdict, faults) = judge(&text);
        assert_eq!(verdict, Verdict::Professional, "{lines:?}");
        faults.iter().map(|fault| fault.split(' ').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(without(&[0]), ["isa-missing"]);
    assert_eq!(without(&[1]), ["gs-missing"]);
    assert_eq!(without(&[2]), ["st-missing"]);
    assert_eq!(without(&[0, 1]), ["isa-missing", "gs-missing"]);
}

/// What belongs to no set is named at the envelope segment before it, however the file is cut into units; a TA1 before the
/// groups may stand there.
#[test]
fn what_stands_outside_of_sets() {
    let added = |before: &str, what: &str| judge(&DAY.replace(before, &format!("{what}{before}"))).1;
    let claim = "CLM*X*1***11:B:1*Y*A*Y*Y~\nSV1*HC:97110*1*UN*1***1~\n";
    let outside = |place: &str| vec![format!("outside-set {place}: what follows stands in no transaction")];
    assert_eq!(added("GE*1", claim), outside("95"));
    assert_eq!(added("IEA*1", "NTE*ADD*X~\n"), outside("96"));
    assert_eq!(added("GS*HC", "TA1*000000101*250304*0915*A*000~\n"), [""; 0]);
    assert_eq!(added("GS*HC", claim), outside("1"));
    assert_eq!(judge(&format!("{DAY}{claim}")).1, outside("97"));
    assert_eq!(judge(&format!("{DAY}\n \n")).1, [""; 0]);
    let early = DAY.replace("SE*93*0001~\n", "").replace("CLM*", "SE*93*0001~\nCLM*");
    let first = early.find("SE*93").unwrap_or(0) + "SE*93*0001~\n".len();
    let early = format!("{}{}", &early[..first], early[first..].replace("SE*93*0001~\n", ""));
    let names: Vec<String> =
        judge(&early).1.iter().map(|fault| fault.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert!(
        names.contains(&"outside-set".to_owned()) && names.contains(&"se01-count".to_owned()),
        "{names:?}"
    );
    let payments = judge(&DAY.replace("GE*1*7", "ST*835*0002~\nBPR*I*0~\nSE*3*0002~\nGE*2*7")).1;
    assert_eq!(payments, ["st01-kind 96ST01: not 837, in a group of claims"]);
}

#[test]
fn a_guide_can_lie() {
    let (verdict, faults) = judge(&DAY.replace("005010X222A1", "005010X223A2"));
    assert_eq!(verdict, Verdict::Professional);
    assert_eq!(faults, ["guide-version 3ST03: but its lines are professional (SV1)"]);
}

#[test]
fn a_transaction_without_claims() {
    let start = DAY.find("HL*1").unwrap_or(0);
    let end = DAY.find("SE*93").unwrap_or(0);
    let text = format!("{}{}", &DAY[..start], DAY[end..].replace("SE*93", "SE*6"));
    assert_eq!(judge(&text).1, ["no-claim 3: no claim (CLM) in this transaction"]);
}

#[test]
fn other_files_are_named_for_what_they_are() {
    let sentence = |text: String| match judge(&text).0 {
        Verdict::WrongKind(sentence) | Verdict::BrokenOff(sentence) => sentence,
        Verdict::Professional => panic!("taken for professional claims"),
    };
    let checks = "cleanclaim checks professional claims (837P, 005010X222A1 or A2)";
    let institutional = DAY.replace("005010X222A1", "005010X223A2").replace("SV1*", "SV2*");
    assert_eq!(
        sentence(institutional),
        format!("this is an institutional claim file (837I, 005010X223A2); {checks}")
    );
    assert_eq!(
        sentence(DAY.replace("005010X222A1", "004010X098A1")),
        format!(
            "this is a professional claim file in an old version (837P, 004010X098A1) that payers no longer take; {checks}"
        )
    );
    assert_eq!(
        sentence(
            DAY.replace("005010X222A1", "005010X221A1").replace("ST*837", "ST*835").replace("SV1*", "SVC*")
        ),
        format!("this is a remittance advice (835, 005010X221A1); {checks}")
    );
    let (head, _) = DAY.split_once("GS*").unwrap_or_default();
    let breaks_off = format!("this X12 file breaks off before it says what it holds; {checks}");
    assert_eq!(sentence(head.to_owned()), breaks_off);
    let whole = format!("{head}IEA*0*000000101~");
    assert_eq!(sentence(whole), format!("this is an X12 file without a transaction set; {checks}"));
    let (head, _) = DAY.split_once("7*0001").unwrap_or_default();
    assert_eq!(sentence(head.to_owned()), breaks_off);
    // What it says of itself is known, though it ends too early.
    let (head, _) = DAY.split_once("SE*").unwrap_or_default();
    let old = head.replace("005010X222A1", "004010X098A1");
    assert!(sentence(old).contains("in an old version"));
}

#[test]
fn a_mixed_file_is_checked_for_its_professional_part() {
    let other = DAY.replace("005010X222A1", "005010X223A2").replace("SV1*", "SV2*");
    let other = other.replace("000000101", "000000100");
    assert_eq!(judge(&format!("{other}{DAY}")), (Verdict::Professional, Vec::new()));
}
