//! What a text is, told by how it begins.

use super::names::Names;

/// The layouts that are read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Layout {
    MpfsCsv,
    MpfsFixed,
    Gpci,
    Zip5,
    Ptp,
    Mue,
    Icd10cm,
    Taxonomy,
    ProcedureCodes,
    Modifiers,
}

/// What is seen at first sight.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Sight {
    Known(Layout),
    /// Known, and not imported: what it is, and what to take instead.
    Other(String),
    Unknown,
}

/// Lines that are looked at. Headers stand in the first ten; notices of several lines come before some.
const LINES: usize = 40;

pub(super) fn of(head: &[u8], names: &Names) -> Sight {
    let text = String::from_utf8_lossy(head).to_ascii_uppercase();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    // As a spreadsheet may write it again: cells in quotes, lines that end in a carriage return alone.
    let text = &text.replace("\r\n", "\n").replace('\r', "\n").replace('"', "");
    let start: String = text.lines().take(LINES).collect::<Vec<_>>().join("\n");
    let first = text.lines().next().unwrap_or_default();
    let other = |what: &str| Sight::Other(what.to_owned());
    if let Some(list) = own_list(first) {
        return Sight::Known(list);
    }
    if has_all(&start, &["COLUMN 1", "COLUMN 2"]) && start.contains('\t') {
        return pairs(names);
    }
    if start.contains("MUE VALUES") {
        return match () {
            () if start.contains("PRACTITIONER SERVICES MUE") => Sight::Known(Layout::Mue),
            () if start.contains("OUTPATIENT HOSPITAL SERVICES MUE") => other(
                "these are the MUE of outpatient hospitals; professional claims need \
                 MCR_MUE_PractitionerServices_*.csv",
            ),
            () => other(
                "these are the MUE of equipment suppliers; professional claims need \
                 MCR_MUE_PractitionerServices_*.csv",
            ),
        };
    }
    if let Some(header) = start.lines().find(|line| has_all(line, &["PE GPCI", "MP GPCI"])) {
        return match header.contains(',') {
            true => Sight::Known(Layout::Gpci),
            false => other("these are the GPCI as text of fixed width; import GPCI*.csv of the same zip"),
        };
    }
    if first.starts_with("HCPCS,MOD,PROCSTAT") {
        return other("this is the OPPS cap of the fee schedule, which is not used");
    }
    let is_header = |line: &str| line.starts_with("HCPCS,MOD,DESCRIPTION");
    if start.contains("RELATIVE VALUE FILE") || start.lines().any(is_header) {
        return Sight::Known(Layout::MpfsCsv);
    }
    if has_all(first, &["CODE,", "GROUPING,", "CLASSIFICATION,", "SPECIALIZATION,"]) {
        return Sight::Known(Layout::Taxonomy);
    }
    if first.contains("PROVIDER TAXONOMY CODE") {
        return other(
            "this is Medicare's crosswalk of specialties to taxonomy; the list of NUCC is imported",
        );
    }
    if first.starts_with("ADD:") || first.starts_with("DELETE:") || names.have("ADDENDA") {
        return other(
            "this is an addendum to the ICD-10-CM codes; import icd10cm_order_*.txt, the whole list",
        );
    }
    by_columns(text)
}

fn has_all(text: &str, words: &[&str]) -> bool {
    words.iter().all(|word| text.contains(word))
}

/// The project's own lists. A header that begins like one and goes on otherwise is told apart when it is read.
fn own_list(first: &str) -> Option<Layout> {
    if first.starts_with("PROCEDURE_CODE,") {
        Some(Layout::ProcedureCodes)
    } else if first.starts_with("MODIFIER,EFFECTIVE") {
        Some(Layout::Modifiers)
    } else {
        None
    }
}

/// The practitioner's and the hospital's pair tables have one layout; only their names tell them apart.
fn pairs(names: &Names) -> Sight {
    let hospital = names.have("CCIOPH") || names.have("HOSPITAL");
    match hospital {
        true => Sight::Other(
            "these are the NCCI edits of outpatient hospitals (ccioph); professional claims need the practitioner \
             files (ccipra-v*-f1.TXT to -f4.TXT)"
                .to_owned(),
        ),
        false if names.have("CCIPRA") || names.have("PRACTITIONER") => Sight::Known(Layout::Ptp),
        false => Sight::Other(
            "these are NCCI edits, and only the name tells the practitioner's from the hospital's: leave it as CMS \
             gave it (ccipra-v322r0-f4.TXT)"
                .to_owned(),
        ),
    }
}

/// Layouts without a header.
fn by_columns(text: &str) -> Sight {
    let line = text.lines().find(|line| !line.starts_with("HDR")).unwrap_or_default().as_bytes();
    let digits =
        |from: usize, to: usize| line.get(from..to).is_some_and(|field| field.iter().all(u8::is_ascii_digit));
    if (text.starts_with("HDR") || line.len() >= 190) && line.get(57).is_some_and(u8::is_ascii_uppercase) {
        return Sight::Known(Layout::MpfsFixed);
    }
    let is_state = line.len() >= 2 && line[..2].iter().all(u8::is_ascii_uppercase);
    if is_state && line.len() == 80 && digits(2, 12) {
        return match digits(21, 25) {
            true => {
                Sight::Other("this is the nine-digit ZIP file; import ZIP5*.txt of the same zip".to_owned())
            }
            false => Sight::Known(Layout::Zip5),
        };
    }
    let is_code = line.get(6).is_some_and(u8::is_ascii_uppercase);
    if digits(0, 5) && line.get(5) == Some(&b' ') && is_code && matches!(line.get(14), Some(b'0' | b'1')) {
        return Sight::Known(Layout::Icd10cm);
    }
    let is_list = |line: &str| {
        line.split_once(' ').is_some_and(|(code, rest)| {
            (3..=7).contains(&code.len())
                && code.starts_with(|one: char| one.is_ascii_uppercase())
                && code.as_bytes()[1..].iter().all(u8::is_ascii_alphanumeric)
                && code.bytes().skip(1).any(|one| one.is_ascii_digit())
                && !rest.trim().is_empty()
        })
    };
    let mut lines = text.lines().take(5).peekable();
    if lines.peek().is_some_and(|line| line.starts_with("A0")) && lines.all(is_list) {
        return Sight::Other(
            "this looks like the list of billable ICD-10-CM codes; import icd10cm_order_*.txt of the same zip, which \
             has the headings too"
                .to_owned(),
        );
    }
    if line.starts_with(b"\"20") && line.iter().filter(|&&byte| byte == b',').count() == 15 {
        return Sight::Other(
            "this is Medicare's carrier payment file; import the relative value file (PPRRVU*.csv) and GPCI*.csv, \
             from which every payment follows"
                .to_owned(),
        );
    }
    Sight::Unknown
}
