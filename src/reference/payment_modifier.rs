use crate::claim::Modifier;

use super::Reference;
use super::table::Table;

const MODIFIERS: Table = Table::new(include_str!("../../reference/payment_modifiers.tsv"));

pub(super) const TABLES: [Table; 1] = [MODIFIERS];

/// What a modifier does to the payment under the fee schedule.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PaymentEffect {
    /// An assistant furnished the service: a part of Medicare's share is paid ([`Reference::assistant_percent`]).
    Assistant,
    /// Both sides were treated: the schedule's bilateral indicator decides.
    BothSides,
    /// The schedule has a row of its own for the code with this modifier.
    Component,
    /// The contractor sets the price from the report.
    ByReport,
    /// Billed to be refused: no benefit pays for it.
    Excluded,
}

impl Reference {
    /// What `modifier` does to the payment; `None` for one that changes nothing.
    pub fn payment_effect(&self, modifier: Modifier) -> Option<PaymentEffect> {
        match MODIFIERS.find(modifier.as_bytes())?.letter(1) {
            b'A' => Some(PaymentEffect::Assistant),
            b'B' => Some(PaymentEffect::BothSides),
            b'C' => Some(PaymentEffect::Component),
            b'X' => Some(PaymentEffect::Excluded),
            _ => Some(PaymentEffect::ByReport),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_modifiers_do_to_the_payment() {
        let effect = |text: &[u8]| Reference::builtin().payment_effect(Modifier::new(text).unwrap());
        for (modifier, expected) in [
            (b"CQ", Some(PaymentEffect::Assistant)),
            (b"CO", Some(PaymentEffect::Assistant)),
            (b"50", Some(PaymentEffect::BothSides)),
            (b"26", Some(PaymentEffect::Component)),
            (b"TC", Some(PaymentEffect::Component)),
            (b"52", Some(PaymentEffect::ByReport)),
            (b"GY", Some(PaymentEffect::Excluded)),
            (b"GP", None),
            (b"KX", None),
            (b"59", None),
        ] {
            assert_eq!(effect(modifier), expected);
        }
        assert!(MODIFIERS.iter().all(|row| b"ABCRX".contains(&row.letter(1))));
        assert_eq!(Reference::builtin().payment_effect(Modifier::default()), None);
    }
}
