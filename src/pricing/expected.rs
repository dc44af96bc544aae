use crate::claim::Cents;
use crate::finding::Dollars;

/// A probability in parts per million, at most [`CERTAIN`].
pub type PartsPerMillion = u32;

/// What is denied without exception.
pub const CERTAIN: PartsPerMillion = 1_000_000;

/// What is expected to be lost of dollars that each of several findings may lose alone: `1 - Π(1 - p)` of them, each
/// basis rounded once, half up, to the cent. The order of `rates` does not matter.
pub fn expected_loss(dollars: Dollars, rates: &[PartsPerMillion]) -> Dollars {
    let lost = lost_share(rates);
    let part = |Cents(amount): Cents| {
        let exact = i128::from(amount) * i128::from(lost);
        Cents(i64::try_from((exact + WHOLE / 2).div_euclid(WHOLE)).unwrap_or(i64::MAX))
    };
    Dollars { net: part(dollars.net), gross: part(dollars.gross) }
}

/// A share of 1, in parts per 10^12: two rates multiply without a rest.
const WHOLE: i128 = 1_000_000_000_000;

fn lost_share(rates: &[PartsPerMillion]) -> u64 {
    let mut rates: Vec<u64> = rates.iter().map(|&rate| u64::from(rate.min(CERTAIN))).collect();
    // A third factor is rounded, so the order must be one.
    rates.sort_unstable();
    let certain = u64::from(CERTAIN);
    let kept = rates.iter().fold(certain * certain, |kept, rate| {
        let exact = u128::from(kept) * u128::from(certain - rate);
        ((exact + u128::from(certain) / 2) / u128::from(certain)) as u64
    });
    certain * certain - kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn net(cents: i64, rates: &[u32]) -> i64 {
        expected_loss(Dollars { net: Cents(cents), gross: Cents(2 * cents) }, rates).net.0
    }

    #[test]
    fn chances_of_several_findings_are_joined_and_not_added() {
        assert_eq!(net(2976, &[]), 0);
        assert_eq!(net(2976, &[0]), 0);
        assert_eq!(net(2976, &[350_000]), 1042, "10.416 rounds up");
        assert_eq!(net(2976, &[CERTAIN]), 2976);
        assert_eq!(net(2976, &[350_000, CERTAIN]), 2976);
        assert_eq!(net(10_000, &[500_000, 500_000]), 7_500);
        assert_eq!(net(10_000, &[350_000, 200_000]), 4_800, "1 - 0.65 x 0.8");
        assert_eq!(net(10_000, &[100_000, 200_000, 300_000]), 4_960);
    }

    #[test]
    fn half_a_cent_is_a_cent() {
        assert_eq!(net(1, &[500_000]), 1);
        assert_eq!(net(1, &[499_999]), 0);
        assert_eq!(net(3, &[500_000]), 2);
    }

    proptest! {
        #[test]
        fn no_more_is_expected_than_is_at_risk_and_no_less_for_another_finding(
            cents in 0..100_000_000_i64,
            mut rates in prop::collection::vec(0..=CERTAIN, 1..6),
        ) {
            let all = net(cents, &rates);
            prop_assert!((0..=cents).contains(&all));
            let reversed: Vec<u32> = rates.iter().rev().copied().collect();
            prop_assert_eq!(net(cents, &reversed), all);
            rates.pop();
            prop_assert!(net(cents, &rates) <= all);
        }
    }
}
