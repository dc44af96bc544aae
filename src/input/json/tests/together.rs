//! Claims are handed over together, and nothing is told out of its order.

use super::*;
use crate::input::Read;

/// What came, in its order: claims as `1`, what is wrong in a claim as `1!`, outside of claims as `!`; and how many claims came
/// together each time, with their lines.
#[derive(Default)]
struct Order(Vec<String>, Vec<(usize, usize)>);

impl ClaimSink for Order {
    fn claim(&mut self, _: &Claim<'_>, _: &dyn Cutter) {
        unreachable!("claims come together");
    }

    fn claims(&mut self, claims: &mut [Read<'_, '_>]) {
        assert!(claims.iter().all(|read| read.faults.is_empty()));
        self.0.extend(claims.iter().map(|read| read.claim.id.str().to_owned()));
        self.1.push((claims.len(), claims.iter().map(|read| read.claim.lines.len()).sum()));
    }

    fn fault(&mut self, claim: u32, _: Fault, _: &dyn Cutter) {
        self.0.push(if claim > 0 { format!("{claim}!") } else { "!".to_owned() });
    }
}

fn order(lines: &[String]) -> Order {
    let mut order = Order::default();
    for unit in JsonCutter::new(lines.join("\n").as_bytes(), 0, MOST_BYTES) {
        read(&unit.unwrap(), &mut order);
    }
    order
}

fn line(id: usize, units: &str) -> String {
    format!("{{\"claim_id\":\"{id}\",\"procedure_code\":\"97124\",\"units\":{units}}}")
}

#[test]
fn what_is_wrong_is_told_behind_the_claims_before_it_and_before_its_own() {
    let lines: Vec<String> = (1..=40)
        .map(|id| match id {
            17 | 18 | 30 => line(id, "[]"),
            25 => line(id, "1") + "\nno JSON",
            _ => line(id, "1"),
        })
        .collect();
    let Order(order, together) = order(&lines);
    let expected = (1..=40).flat_map(|id| match id {
        17 | 18 | 30 => vec![format!("{id}!"), id.to_string()],
        // Its lines may go on behind what is broken.
        25 => vec!["!".to_owned(), id.to_string()],
        _ => vec![id.to_string()],
    });
    assert_eq!(order, expected.collect::<Vec<_>>());
    assert_eq!(together, [(16, 16), (1, 1), (7, 7), (5, 5), (11, 11)]);
}

#[test]
fn long_claims_do_not_wait_for_many_others() {
    let claim = |id: usize, lines: usize| std::iter::repeat_with(move || line(id, "1")).take(lines);
    let lines: Vec<String> =
        (1..=6).flat_map(|id| claim(id, 400)).chain(claim(7, 999)).chain(claim(8, 1)).collect();
    assert_eq!(order(&lines).1, [(3, 1200), (3, 1200), (2, 1000)]);
    let lines: Vec<String> = claim(1, 999).chain(claim(2, 2)).chain(claim(3, 1)).collect();
    assert_eq!(order(&lines).1, [(2, 1001), (1, 1)]);
}
