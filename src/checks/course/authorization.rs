//! Prior authorizations and referrals that a payer asks for, and how many visits they are good for (F03).

use super::super::hit::{Lack, Out};
use super::{Course, CourseLine, hit};
use crate::claim::{Date, ProcedureCode};
use crate::side::{Authorization, AuthorizationKind};

pub(super) fn check(rule: u16, bit: u16, course: &Course<'_>, out: &mut Out) {
    let rows: Vec<&Authorization> = course
        .authorized
        .unwrap_or_default()
        .iter()
        .filter(|row| row.kind == AuthorizationKind::Authorization)
        .collect();
    let profile = course.profile;
    let asks = |codes: &[ProcedureCode], line: &CourseLine| codes.contains(&line.fact.code);
    // Days on which each authorization has been used.
    let mut used: Vec<Vec<Date>> = vec![Vec::new(); rows.len()];
    for visit in course.visits(bit) {
        let mut found: [Vec<&CourseLine>; 5] = Default::default();
        let mut counted = 0;
        let mut at_most = 0;
        for line in visit.lines() {
            let quoted = line.course.authorization;
            let is_asked = asks(&profile.authorization_required, line);
            let own: Vec<usize> = (0..rows.len())
                .filter(|&at| rows[at].is_for(line.fact.code))
                .filter(|&at| quoted == 0 || rows[at].number == 0 || rows[at].number == quoted)
                .collect();
            let good: Vec<usize> = own.iter().copied().filter(|&at| rows[at].covers(visit.date)).collect();
            if quoted == 0 && is_asked {
                found[0].push(line);
            } else if asks(&profile.referral_required, line) && !line.course.is_referred {
                found[1].push(line);
            } else if !own.is_empty() && good.is_empty() && quoted != 0 {
                found[2].push(line);
            } else if quoted == 0 && good.iter().any(|&at| rows[at].number != 0) {
                found[3].push(line);
            } else if own.is_empty() && !is_asked && course.authorized.is_some() && !line.is_history {
                out.lack(rule, Lack::Authorization, 1);
            }
            // The visit uses up the first authorization that has visits left; if none has, it is one too many of the last.
            if good.iter().any(|&at| rows[at].visits.is_none()) {
                continue;
            }
            let Some(&last) = good.last() else { continue };
            let left = |at: usize| rows[at].visits.is_some_and(|visits| used[at].len() < usize::from(visits));
            let of_today = |at: usize| used[at].iter().position(|used| *used == visit.date);
            let at = good.iter().copied().find(|&at| of_today(at).is_some());
            let at = at.or_else(|| good.iter().copied().find(|&at| left(at))).unwrap_or(last);
            let place = of_today(at).unwrap_or_else(|| {
                used[at].push(visit.date);
                used[at].len() - 1
            });
            let visits = rows[at].visits.map_or(usize::MAX, usize::from);
            if place >= visits {
                (counted, at_most) = (place + 1, visits);
                found[4].push(line);
            }
        }
        let outcomes = ["absent", "referral-absent", "outside-dates", "not-quoted", ""];
        for (lines, outcome) in found.iter().zip(outcomes) {
            let values = vec![("visits", counted.to_string()), ("at_most", at_most.to_string())];
            let text = match outcome {
                "" => format!("visit {counted} of {at_most}"),
                "absent" | "not-quoted" => "no prior authorization".to_owned(),
                "referral-absent" => "no referral".to_owned(),
                _ => "outside the authorized days".to_owned(),
            };
            out.hits.extend(hit(rule, outcome, lines, text, values));
        }
    }
}
