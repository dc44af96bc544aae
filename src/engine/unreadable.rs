//! What a claim states but nobody can read: a quantity in words, a day that no calendar has. Diagnosis pointers are not
//! among it: a rule of their own says where they lead.

use crate::claim::{Claim, Fact, Stated, Text};
use crate::input::Fault;

/// The faults of a claim whose values cannot be read, with their placeholders.
pub const FAULTS: &[(&str, &[&str])] = &[("value-unreadable", &["fact"]), ("fact-unreadable", &["fact"])];

/// Names every stated value of the claim that has no meaning, with its line. Facts that a payer never sees are named
/// apart.
pub(super) fn name(claim: &Claim<'_>, emit: &mut dyn FnMut(u16, Fault)) {
    let mut check = Check(emit);
    check.stated(&claim.charge, 0, Fact::ClaimChargeAmount);
    check.stated(&claim.treated().birth_date, 0, Fact::BirthDate);
    for line in &claim.lines {
        if line.procedure_code.is_absent() {
            (check.0)(
                line.number,
                fault(claim.text(Fact::ProcedureCode, line.number, 0), Fact::ProcedureCode),
            );
        }
        check.stated(&line.charge, line.number, Fact::ChargeAmount);
        check.stated(&line.units, line.number, Fact::Units);
        check.stated(&line.service_date, line.number, Fact::ServiceDate);
        check.stated(&line.service_date_end, line.number, Fact::ServiceDateEnd);
        check.stated(&line.minutes, line.number, Fact::Minutes);
        check.stated(&line.start, line.number, Fact::Start);
        check.stated(&line.end, line.number, Fact::End);
        check.stated(&line.assistant_minutes, line.number, Fact::AssistantMinutes);
    }
}

struct Check<'c>(&'c mut dyn FnMut(u16, Fault));

impl Check<'_> {
    #[inline]
    fn stated<T>(&mut self, stated: &Stated<'_, T>, line: u16, fact: Fact) {
        if stated.is_unreadable() {
            (self.0)(line, fault(stated.text, fact));
        }
    }
}

fn fault(stated: Text<'_>, fact: Fact) -> Fault {
    let name = match fact {
        Fact::Minutes | Fact::Start | Fact::End | Fact::AssistantMinutes => "fact-unreadable",
        _ => "value-unreadable",
    };
    let words = fact.name().replace('_', " ");
    Fault {
        name,
        span: stated.span(),
        label: format!("cannot be read as {words}"),
        values: vec![("fact", words)],
        spot: None,
        fix: None,
    }
}
