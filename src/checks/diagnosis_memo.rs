//! Diagnosis codes looked up last: the same few dozen fill a file, and a look-up halves the table a dozen times.

use crate::claim::{Claim, Date, Diagnosis, DiagnosisCode};
use crate::reference::{BillableQuarters, DiagnosisStanding, Reference};

/// What is known of a code.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    code: DiagnosisCode,
    billable: BillableQuarters,
    /// Whether it is a heading on the last day of the table.
    heads: bool,
}

/// By slot of the code; an empty code stands where none has been looked up. Nothing is kept until the first look-up.
#[derive(Debug, Default)]
pub(super) struct DiagnosisMemo {
    known: Vec<Known>,
    /// The codes of the claim at hand.
    codes: Vec<Option<DiagnosisCode>>,
}

impl DiagnosisMemo {
    const SLOTS: usize = 256;

    /// Whether `code` is billable on `date`; `None` outside the days of the table.
    pub(super) fn is_billable(
        &mut self,
        code: DiagnosisCode,
        date: Date,
        reference: &Reference,
    ) -> Option<bool> {
        self.of(code, reference).billable.holds(date)
    }

    /// Whether `code` is a heading on the last day of the table.
    pub(super) fn heads(&mut self, code: DiagnosisCode, reference: &Reference) -> bool {
        self.of(code, reference).heads
    }

    /// The claim's codes cleaned of point and case, by their places; what cannot be read is no code.
    pub(super) fn codes_of(&mut self, claim: &Claim<'_>) -> &[Option<DiagnosisCode>] {
        self.codes.clear();
        let trimmed = |one: &Diagnosis<'_>| DiagnosisCode::new(one.code.bytes().trim_ascii());
        self.codes.extend(claim.diagnoses.iter().map(|one| one.value.or_else(|| trimmed(one))));
        &self.codes
    }

    fn of(&mut self, code: DiagnosisCode, reference: &Reference) -> Known {
        if self.known.is_empty() {
            self.known.resize(Self::SLOTS, Known::default());
        }
        let [a, b, c, d, e, f, g] = *code.as_bytes();
        let mixed = u64::from_le_bytes([a, b, c, d, e, f, g, 0]).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let slot = &mut self.known[(mixed >> 40) as usize % Self::SLOTS];
        if slot.code != code {
            let (_, last_day) = reference.diagnosis_days();
            let at_last = reference.diagnosis(code, last_day);
            *slot = Known {
                code,
                billable: reference.diagnosis_quarters(code),
                heads: matches!(at_last, DiagnosisStanding::Header { .. }),
            };
        }
        *slot
    }
}
