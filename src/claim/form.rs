//! Whether a value has the form of what belongs in its place. In a file that has slipped a column anything may stand
//! anywhere, a name among the codes too: only what has the form may be repeated on a screen.

use super::{Fact, FactKind, TimeOfDay};

/// Words of a region or a side, as the region lexicon of the checks reads them, and those that join them.
const BODY: &str = " head jaw tmj face facial temporalis masseter suboccipital suboccipitals neck cervical scalene \
    scalenes sternocleidomastoid scm thoracic midback rhomboid rhomboids rib ribs chest lumbar lumbosacral lowback lbp \
    multifidus sacral sacrum sacroiliac pelvis pelvic coccyx shoulder shoulders deltoid biceps triceps humerus upperarm \
    glenohumeral infraspinatus supraspinatus scapula scapular periscapular elbow elbows forearm forearms wrist wrists \
    thumb finger fingers carpal hip hips thigh thighs hamstring hamstrings quadriceps quads adductors piriformis \
    gluteal gluteals glute glutes buttock buttocks knee knees calf calves shin gastrocnemius patella patellar lowerleg \
    popliteal ankle ankles foot achilles heel toe toes abdomen abdominal hand hands arm arms leg legs feet back low \
    lower mid middle upper spine trapezius trap traps rotator cuff joint joints floor iliotibial band plantar fascia si \
    it c l t r b left right lt rt bilateral bilaterally both bil bilat and or of the not no region extremity ";

impl Fact {
    /// Whether whatever stands in its place has its form: free text, and numbers that stand for a person.
    pub const fn has_any_form(self) -> bool {
        matches!(self.kind(), FactKind::Words)
            || matches!(
                self,
                Fact::LineControlNumber
                    | Fact::PatientId
                    | Fact::MemberId
                    | Fact::PriorAuthorization
                    | Fact::ReferralNumber
                    | Fact::PayerControlNumber
                    | Fact::Zip
            )
    }

    /// Whether `bytes` may be repeated as this fact's value: they have the form of what belongs there. Nothing at all
    /// has it. Of free text and of numbers that stand for a person, nobody can tell: see [`Fact::is_unspoken`].
    pub fn has_form(self, bytes: &[u8]) -> bool {
        let bytes = bytes.trim_ascii();
        if bytes.is_empty() || self.has_any_form() {
            return true;
        }
        let code = |most: usize| bytes.len() <= most && is_code(bytes);
        match self {
            Fact::ProcedureCode => bytes.len() <= 5 && is_code(bytes),
            Fact::DiagnosisCodes | Fact::LinkedDiagnosisCodes => code(8),
            Fact::BillingNpi
            | Fact::RenderingNpi
            | Fact::ReferringNpi
            | Fact::SupervisingNpi
            | Fact::OrderingNpi
            | Fact::ServiceFacilityNpi
            | Fact::PurchasedServiceNpi => bytes.len() <= 10 && bytes.iter().all(u8::is_ascii_digit),
            Fact::BillingTaxonomy | Fact::RenderingTaxonomy => code(10),
            // Longer ones would have the form of a member's number.
            Fact::PayerId => {
                let all = |is: fn(&u8) -> bool| bytes.iter().all(is);
                code(8)
                    || bytes.len() <= 5 && all(u8::is_ascii_uppercase)
                    || bytes.len() == 10 && all(u8::is_ascii_digit)
            }
            // Names of payer profiles.
            Fact::Payer => {
                let is_of_name =
                    |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
                bytes.len() <= 40 && bytes.iter().all(is_of_name)
            }
            Fact::Region | Fact::Laterality => is_of_body(bytes),
            Fact::ClaimId => is_account_number(bytes),
            _ => match self.kind() {
                FactKind::Code | FactKind::Codes => code(3),
                FactKind::Number | FactKind::Amount => is_number(bytes),
                FactKind::Date => is_date(bytes),
                FactKind::Time => TimeOfDay::parse(bytes).is_some() || is_clock(bytes),
                FactKind::Words => true,
            },
        }
    }
}

/// Whether a name that no fact bears may be repeated: it reads like the name of a field, `patientName`, `note_2`. Where a
/// table was converted that had no header, the first row's values stand as names.
pub fn is_field_name(name: &str) -> bool {
    let is_of_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    Fact::ALL.iter().any(|fact| fact.name() == name)
        || name.len() <= 40
            && name.bytes().all(is_of_name)
            && name.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
}

/// Whether `bytes` have the form of the control number, count or code of an envelope: no letter in them, or at most nine letters
/// and digits with a digit among them. The guide takes a word too, but a word may be a name.
pub fn is_control_number(bytes: &[u8]) -> bool {
    let bytes = bytes.trim_ascii();
    let has_letter = bytes.iter().any(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii());
    !has_letter || bytes.len() <= 9 && !bytes.contains(&b'.') && is_code(bytes)
}

/// Letters and digits, one of them a digit if there are more than two: a code and not a word.
fn is_code(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'.')
        && (bytes.len() <= 2 || bytes.iter().any(u8::is_ascii_digit))
}

/// A claim's own number may hold anything, and some systems put the patient's name there. One with a digit in every word
/// of more than two letters is taken for a number: `MAPLE-1051`, `A 1051`, but neither `ALDER` nor `ALDER 3`.
fn is_account_number(bytes: &[u8]) -> bool {
    let has_digit = |word: &[u8]| word.iter().any(u8::is_ascii_digit);
    let words = bytes.split(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b'^' | b'/' | b';'));
    bytes.len() <= 2 || has_digit(bytes) && words.filter(|word| word.len() > 2).all(has_digit)
}

fn is_number(bytes: &[u8]) -> bool {
    let digits = bytes.strip_prefix(b"-").unwrap_or(bytes);
    bytes.len() <= 18 && digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// Eight digits, or `2025-03-03`: whether there is such a day is another question.
fn is_date(bytes: &[u8]) -> bool {
    let is_digit_or = |at: usize, byte: u8| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    bytes.len() == 8 && bytes.iter().all(u8::is_ascii_digit)
        || bytes.len() == 10 && bytes.iter().enumerate().all(|(at, byte)| is_digit_or(at, *byte))
}

fn is_clock(bytes: &[u8]) -> bool {
    bytes.len() <= 8 && bytes.iter().all(|byte| byte.is_ascii_digit() || *byte == b':')
}

fn is_of_body(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| BODY.contains(&format!(" {} ", word.to_lowercase())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_the_form_of_no_code() {
        for fact in Fact::ALL.iter().filter(|fact| !fact.is_unspoken()) {
            assert!(!fact.has_form(b"ALDER WILLOW"), "{}", fact.name());
            assert!(fact.has_form(b" "), "{}", fact.name());
        }
    }

    #[test]
    fn a_name_of_a_person_or_a_date_is_no_name_of_a_field() {
        for name in ["note", "colour", "patientName", "note_2"] {
            assert!(is_field_name(name), "{name}");
        }
        for name in ["", "ALDER", "Alder", "alder willow", "1953-04-17", "9", "älder", "_x"] {
            assert!(!is_field_name(name), "{name}");
        }
    }

    #[test]
    fn what_belongs_there_has_it() {
        for (fact, text) in [
            (Fact::ProcedureCode, "97140"),
            (Fact::ProcedureCode, "G0283"),
            (Fact::ProcedureCode, "9714"),
            (Fact::Modifiers, "GP"),
            (Fact::DiagnosisCodes, "M54.50"),
            (Fact::Units, "-1.5"),
            (Fact::ServiceDate, "2025-02-30"),
            (Fact::ServiceDate, "20250303"),
            (Fact::Start, "09:15"),
            (Fact::Start, "25:99"),
            (Fact::PlaceOfService, "11"),
            (Fact::Region, "Low back, left"),
            (Fact::Laterality, "R"),
            (Fact::BillingNpi, "1000000111"),
            (Fact::RenderingTaxonomy, "225100000X"),
            (Fact::Payer, "medicare-b"),
            (Fact::ClaimId, "MAPLE-1051"),
            (Fact::ClaimId, "A 1051"),
            (Fact::ClaimId, "A"),
        ] {
            assert!(fact.has_form(text.as_bytes()), "{} {text}", fact.name());
        }
        for (fact, text) in [
            (Fact::ProcedureCode, "ALDER"),
            (Fact::Modifiers, "ALD"),
            (Fact::ServiceDate, "555-010-99"),
            (Fact::Region, "alder"),
            (Fact::Region, "left alder"),
            (Fact::Start, "alder"),
            (Fact::Payer, "Alder"),
            (Fact::ClaimId, "ALDER"),
            (Fact::ClaimId, "ALDER, WILLOW 3"),
            (Fact::ClaimId, "AL DO"),
        ] {
            assert!(!fact.has_form(text.as_bytes()), "{} {text}", fact.name());
        }
    }
}
