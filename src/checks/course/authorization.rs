//! Prior authorizations and referrals that a payer asks for, and how many visits they are good for (F03).

use super::super::hit::{Lack, Out};
use super::{Course, CourseLine, Said, Visit};
use crate::claim::{Date, ProcedureCode};
use crate::side::{Authorization, AuthorizationKind};

pub(super) fn check(rule: u16, bit: u16, course: &Course<'_>, out: &mut Out) {
    let is_authorization = |row: &&Authorization| row.kind == AuthorizationKind::Authorization;
    let mut rows: Vec<&Authorization> =
        course.authorized.unwrap_or_default().iter().filter(is_authorization).collect();
    // What ends first, and is for the fewest services, is used up first: no visit is wasted that another day needs.
    rows.sort_by_key(|row| (row.to.is_none(), row.to, row.is_for_all(), row.from, row.row));
    let mut used = vec![Vec::new(); rows.len()];
    for visit in course.visits(bit) {
        let mut found = Found::default();
        for line in visit.lines() {
            found.judge(line, &visit, course, &rows, &mut used);
        }
        out.lack(rule, Lack::Authorization, found.unknown);
        found.say(rule, out);
    }
}

/// What is found on one day.
#[derive(Default)]
struct Found<'c> {
    absent: Vec<&'c CourseLine>,
    referral_absent: Vec<&'c CourseLine>,
    other_service: Vec<&'c CourseLine>,
    /// Likewise, of codes for which the profile asks for none.
    beside: Vec<&'c CourseLine>,
    outside_dates: Vec<&'c CourseLine>,
    not_quoted: Vec<&'c CourseLine>,
    used_up: Vec<&'c CourseLine>,
    /// The visit's number on what is authorized, and how many visits that are, where it is one too many.
    visit: usize,
    at_most: usize,
    /// Lines of which neither the profile nor the file says anything.
    unknown: usize,
}

impl<'c> Found<'c> {
    /// `used` holds the days on which each row has been used.
    fn judge(
        &mut self,
        line: &'c CourseLine,
        visit: &Visit<'_>,
        course: &Course<'_>,
        rows: &[&Authorization],
        used: &mut [Vec<Date>],
    ) {
        let quoted = line.course.authorization;
        let asks = |codes: &[ProcedureCode]| codes.contains(&line.fact.code);
        let is_asked = asks(&course.profile.authorization_required);
        let fits = |row: &&Authorization| quoted == 0 || row.number == 0 || row.number == quoted;
        let own = (0..rows.len()).filter(|&at| rows[at].is_for(line.fact.code) && fits(&rows[at]));
        let own: Vec<usize> = own.collect();
        let good: Vec<usize> = own.iter().copied().filter(|&at| rows[at].covers(visit.date)).collect();
        let is_used_up = self.is_used_up(visit.date, rows, &good, used);
        if quoted == 0 && is_asked {
            self.absent.push(line);
        } else if asks(&course.profile.referral_required) && !line.course.is_referred {
            self.referral_absent.push(line);
        } else if own.is_empty() && rows.iter().any(|row| quoted != 0 && row.number == quoted) {
            if is_asked { self.other_service.push(line) } else { self.beside.push(line) }
        } else if quoted != 0 && !own.is_empty() && good.is_empty() {
            self.outside_dates.push(line);
        } else if is_used_up {
            self.used_up.push(line);
        } else if quoted == 0 && good.iter().any(|&at| rows[at].number != 0) {
            self.not_quoted.push(line);
        } else if own.is_empty() && !is_asked && course.authorized.is_some() && !line.is_history {
            self.unknown += 1;
        }
    }

    /// Uses up the first row that is good for the day and has visits left; says whether none has.
    fn is_used_up(
        &mut self,
        date: Date,
        rows: &[&Authorization],
        good: &[usize],
        used: &mut [Vec<Date>],
    ) -> bool {
        let limited = |&at: &usize| rows[at].visits.map(usize::from);
        let (Some(&last), true) = (good.last(), good.iter().all(|at| limited(at).is_some())) else {
            return false;
        };
        let has_left = |at: &usize| limited(at).is_some_and(|visits| used[*at].len() < visits);
        let of_today = |at: &usize| used[*at].contains(&date);
        let at = good.iter().copied().find(of_today).or_else(|| good.iter().copied().find(has_left));
        let at = at.unwrap_or(last);
        if !used[at].contains(&date) {
            used[at].push(date);
        }
        let place = used[at].iter().position(|day| *day == date).unwrap_or(0);
        if limited(&at).is_none_or(|visits| place < visits) {
            return false;
        }
        self.visit = good.iter().map(|&at| used[at].len()).sum();
        self.at_most = good.iter().filter_map(limited).sum();
        true
    }

    fn say(&self, rule: u16, out: &mut Out) {
        let values = [("visits", self.visit.to_string()), ("at_most", self.at_most.to_string())];
        let past = format!("visit {} of {}", self.visit, self.at_most);
        for (outcome, lines, text) in [
            ("absent", &self.absent, "no prior authorization"),
            ("referral-absent", &self.referral_absent, "no referral"),
            ("other-service", &self.other_service, "not what the authorization is for"),
            ("beside", &self.beside, "not what the authorization is for"),
            ("outside-dates", &self.outside_dates, "outside the authorized days"),
            ("not-quoted", &self.not_quoted, "no prior authorization"),
            ("", &self.used_up, past.as_str()),
        ] {
            Said { rule, outcome, text, values: &values, takes: true }.of(lines, out);
        }
    }
}
