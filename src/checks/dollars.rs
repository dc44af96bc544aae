//! Asks pricing what a change to a day is worth, where a check must choose between changes. Never decides a finding.

use super::hit::{Cx, Day};
use super::lines;
use crate::pricing::{Service, day_difference};

/// What the day as billed pays above the day with `moves` (line, units added or taken), net, in cents.
///
/// The day is that of the billing provider of line `of`, all disciplines. `None`: no fee is known.
pub(super) fn difference(day: &Day<'_>, of: usize, moves: &[(usize, i32)], cx: &Cx<'_>) -> Option<i64> {
    let own = day.lines.get(of)?;
    let mut services = Vec::with_capacity(day.lines.len());
    let mut deltas = Vec::with_capacity(moves.len());
    for (index, line) in day.lines.iter().enumerate() {
        if !lines::same_billing(own, line) {
            continue;
        }
        for (_, delta) in moves.iter().filter(|(place, _)| *place == index) {
            deltas.push((services.len(), *delta));
        }
        services.push(Service::of(line));
    }
    day_difference(cx.reference, &services, &deltas, day.basis).map(|dollars| dollars.net.0)
}

/// What the day loses without line `index`, net, in cents.
pub(super) fn loss_of_line(day: &Day<'_>, index: usize, cx: &Cx<'_>) -> Option<i64> {
    let units = day.lines.get(index)?.units?.as_whole()?;
    difference(day, index, &[(index, i32::try_from(units).ok()?.saturating_neg())], cx)
}
