use serde::Serialize;

use crate::claim::Cents;
use crate::finding::{Finding, MoneyClass, Run};
use crate::report::worth::{is_reported, weight};

/// Which findings are written.
pub(super) struct Choice {
    /// For each finding of the run; empty where all are kept.
    kept: Vec<bool>,
    pub(super) left_out: LeftOut,
}

/// What the findings that are left out come to. An amount is at most what the totals count with them, column by column.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub(super) struct LeftOut {
    pub(super) results: u64,
    pub(super) at_risk_net_cents: Cents,
    pub(super) recoupment_net_cents: Cents,
    pub(super) delayed_net_cents: Cents,
    pub(super) unbilled_net_cents: Cents,
}

impl Choice {
    /// At most `limit`: what is accepted goes first, then what is worth least.
    pub(super) fn of(run: &Run, limit: usize) -> Choice {
        if run.findings.len() <= limit {
            return Choice { kept: Vec::new(), left_out: LeftOut::default() };
        }
        let mut order: Vec<usize> = (0..run.findings.len()).collect();
        order.sort_by_key(|&at| {
            let finding = &run.findings[at];
            std::cmp::Reverse((is_reported(finding), weight(finding)))
        });
        let mut kept = vec![false; run.findings.len()];
        order.iter().take(limit).for_each(|&at| kept[at] = true);
        let mut left_out = LeftOut::default();
        order.iter().skip(limit).for_each(|&at| left_out.add(&run.findings[at]));
        Choice { kept, left_out }
    }

    /// The findings that are written, in the order of the run.
    pub(super) fn kept<'r>(&self, run: &'r Run) -> impl Iterator<Item = &'r Finding> {
        let is_kept = |at: usize| self.kept.get(at).copied().unwrap_or(true);
        run.findings.iter().enumerate().filter(move |(at, _)| is_kept(*at)).map(|(_, finding)| finding)
    }
}

impl LeftOut {
    fn add(&mut self, finding: &Finding) {
        self.results += 1;
        let impact = &finding.impact;
        let column = match impact.class {
            MoneyClass::Denial => &mut self.at_risk_net_cents,
            MoneyClass::Recoupment => &mut self.recoupment_net_cents,
            MoneyClass::Rejection => &mut self.delayed_net_cents,
            MoneyClass::LostRevenue => &mut self.unbilled_net_cents,
            MoneyClass::None => return,
        };
        if impact.counted && is_reported(finding) {
            *column += impact.net.unwrap_or_default();
        }
    }

    /// The columns that hold dollars, each by itself: `$23.29 at risk, $20.70 recoupment`.
    pub(super) fn dollars(&self) -> String {
        let columns = [
            (self.at_risk_net_cents, "at risk"),
            (self.recoupment_net_cents, "recoupment"),
            (self.delayed_net_cents, "delayed"),
            (self.unbilled_net_cents, "unbilled"),
        ];
        let some = columns.iter().filter(|(amount, _)| *amount != Cents::ZERO);
        some.map(|(amount, name)| format!("{amount} {name}")).collect::<Vec<_>>().join(", ")
    }
}
