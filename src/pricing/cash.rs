use crate::claim::{Cents, Date};
use crate::reference::Reference;

use super::unit::percent_of;

/// The patient's part of an allowed amount, in per cent; Medicare pays the rest. A deductible is not known here.
/// Source: Social Security Act s. 1833(a)(1).
const COINSURANCE_PERCENT: u32 = 20;

/// Who pays an allowed amount, and what is kept back. In cents, each part rounded half up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cash {
    /// The patient's coinsurance.
    pub coinsurance: Cents,
    /// Medicare's share, less the reduction for an assistant's service.
    pub medicare: Cents,
    /// What sequestration keeps back of Medicare's share.
    pub sequestered: Cents,
}

impl Cash {
    /// Of what Medicare allows on `date`; `assistant` says whether the line bears CQ or CO.
    pub fn of(reference: &Reference, allowed: Cents, date: Date, assistant: bool) -> Cash {
        let share = if assistant { reference.assistant_percent(date) } else { 100 };
        Cash::shared(allowed, share, reference.sequestration_percent(date).unwrap_or(0))
    }

    /// `share_percent` of Medicare's share is paid, less `sequestration_percent` of that.
    pub(super) fn shared(allowed: Cents, share_percent: u32, sequestration_percent: u32) -> Cash {
        let coinsurance = percent_of(allowed, COINSURANCE_PERCENT);
        let medicare = percent_of(allowed - coinsurance, share_percent);
        Cash { coinsurance, medicare, sequestered: percent_of(medicare, sequestration_percent) }
    }

    /// What reaches the practice.
    pub fn total(&self) -> Cents {
        self.coinsurance + self.medicare - self.sequestered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked unit of 97124: Medicare 23.33 and the patient 5.95 are 29.28; 20.24 of Medicare for an assistant's.
    #[test]
    fn one_unit_of_massage_in_2025() {
        let cash =
            |assistant| Cash::of(&Reference::builtin(), Cents(2976), Date::constant(2025, 3, 3), assistant);
        let whole = cash(false);
        assert_eq!(whole, Cash { coinsurance: Cents(595), medicare: Cents(2381), sequestered: Cents(48) });
        assert_eq!((whole.medicare - whole.sequestered, whole.total()), (Cents(2333), Cents(2928)));
        assert_eq!(cash(true).medicare, Cents(2024));
        let before = Cash::of(&Reference::builtin(), Cents(2976), Date::constant(2021, 3, 3), true);
        assert_eq!((before.medicare, before.sequestered), (Cents(2381), Cents::ZERO));
    }

    #[test]
    fn more_allowed_never_means_less_cash() {
        for (share, sequestration) in [(100, 0), (100, 2), (85, 0), (85, 2)] {
            let total = |cents| Cash::shared(Cents(cents), share, sequestration).total();
            assert!((0..20_000).all(|cents| total(cents) <= total(cents + 1)), "{share} {sequestration}");
        }
    }
}
