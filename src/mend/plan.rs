use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::finding::{Edit, Finding, Run, Verdict};

/// What is done to one input.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Patch {
    /// Index of the input in the run.
    pub file: u32,
    /// In the order of the input, apart from each other.
    pub edits: Vec<Edit>,
    /// Indices in the run of the findings that these edits mend, in its order.
    pub findings: Vec<usize>,
}

/// The edits of a run, by input. Of inputs that were not read to their end, and of what the user has accepted, nothing is
/// mended. Where two findings would change the same bytes in two ways, or what one puts there would not stand where the other
/// leaves it, the first has its way.
pub fn plan(run: &Run) -> Vec<Patch> {
    let mut patches: BTreeMap<u32, (Taken, Vec<usize>)> = BTreeMap::new();
    for (index, finding) in run.findings.iter().enumerate() {
        let Some(edits) = edits_of(finding, run) else { continue };
        let (taken, findings) = patches.entry(finding.file).or_default();
        if edits.iter().all(|edit| is_free(taken, edit)) {
            taken.extend(edits.iter().map(|edit| (place(edit), edit.clone())));
            findings.push(index);
        }
    }
    let patch = |(file, (edits, findings)): (u32, (Taken, Vec<usize>))| Patch {
        file,
        edits: edits.into_values().collect(),
        findings,
    };
    patches.into_iter().map(patch).collect()
}

fn edits_of<'f>(finding: &'f Finding, run: &Run) -> Option<&'f [Edit]> {
    let fix = finding.fix.as_ref().filter(|_| finding.is_standing())?;
    let is_whole = run.files.get(finding.file as usize)?.verdict == Verdict::Checked;
    (is_whole && !fix.edits.is_empty()).then_some(&fix.edits)
}

/// Edits by their place: what is put in stands before what is taken away behind it.
type Taken = BTreeMap<(u64, u64), Edit>;

fn place(edit: &Edit) -> (u64, u64) {
    (edit.span.offset, edit.span.end())
}

/// Whether an edit goes with all of those taken, or is one of them.
fn is_free(taken: &Taken, edit: &Edit) -> bool {
    if taken.get(&place(edit)) == Some(edit) {
        return true;
    }
    let next = taken.range(place(edit)..).next();
    let before = taken.range(..place(edit)).next_back();
    next.is_none_or(|(_, next)| goes_before(edit, next))
        && before.is_none_or(|(_, before)| goes_before(before, edit))
}

/// Whether two edits, the first of which does not begin behind the second, leave each other what they mean: they share no
/// byte, and where they meet, what is put there has one place. It has none behind something that is taken away: a number
/// whose separator is gone is part of another element. Nor has what is put in beside something else that is put there.
fn goes_before(first: &Edit, second: &Edit) -> bool {
    let is_put_in = |edit: &Edit| edit.span.length == 0;
    match first.span.end().cmp(&second.span.offset) {
        Ordering::Less => true,
        Ordering::Greater => false,
        Ordering::Equal if first.text.is_empty() => second.text.is_empty(),
        Ordering::Equal => second.text.is_empty() || !is_put_in(first) && !is_put_in(second),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Span;
    use crate::finding::{Accepted, AcceptedBy, Fix, InputFile};

    fn finding(edits: &[(u64, u32, &str)]) -> Finding {
        let edit = |&(offset, length, text): &(u64, u32, &str)| Edit {
            span: Span::new(offset, length),
            text: text.to_owned(),
        };
        let fix = Fix { summary: String::new(), edits: edits.iter().map(edit).collect() };
        Finding { fix: Some(Box::new(fix)), ..Finding::default() }
    }

    fn planned(verdict: Verdict, findings: Vec<Finding>) -> Vec<Patch> {
        let file = InputFile { name: "day.837".to_owned(), verdict, claims: 1 };
        plan(&Run { files: vec![file], findings, ..Run::default() })
    }

    #[test]
    fn edits_stand_in_order_and_apart() {
        let findings = vec![
            finding(&[(10, 2, ""), (20, 1, "")]),
            finding(&[(5, 3, "x")]),
            // The same once more, as a rule of the user's own may have it.
            finding(&[(5, 3, "x")]),
            finding(&[(11, 1, "y")]),
            finding(&[(9, 2, "y")]),
            finding(&[(13, 0, "z")]),
        ];
        let patches = planned(Verdict::Checked, findings);
        let places: Vec<_> = patches[0].edits.iter().map(|edit| edit.span.offset).collect();
        assert_eq!((places, &*patches[0].findings), (vec![5, 10, 13, 20], &[0, 1, 2, 5][..]));
    }

    /// Two edits that meet, in both orders of their findings; the offsets of those that are made.
    #[test]
    fn where_two_edits_meet_each_must_be_what_it_means() {
        type Place = (u64, u32, &'static str);
        let both = |one: Place, other: Place| {
            let made = |findings: Vec<Finding>| planned(Verdict::Checked, findings)[0].findings.len() == 2;
            let (first, second) = (finding(&[one]), finding(&[other]));
            let is_made = made(vec![first.clone(), second.clone()]);
            assert_eq!(is_made, made(vec![second, first]), "{one:?} {other:?}");
            is_made
        };
        // What is put in, before and behind what is taken away.
        assert!(both((10, 0, "n"), (10, 2, "")));
        assert!(!both((10, 2, ""), (12, 0, "n")));
        assert!(!both((10, 2, ""), (11, 0, "n")));
        assert!(both((10, 2, ""), (13, 0, "n")));
        // Something else in its place, before and behind what is taken away.
        assert!(both((8, 2, "n"), (10, 2, "")));
        assert!(!both((10, 2, ""), (12, 2, "n")));
        // What is put in beside what is put in, or in the place of something.
        assert!(!both((10, 0, "n"), (10, 0, "m")));
        assert!(!both((10, 0, "n"), (10, 2, "m")));
        assert!(!both((8, 2, "m"), (10, 0, "n")));
        assert!(both((8, 2, "m"), (10, 2, "n")));
        // Two stretches that are taken away.
        assert!(both((8, 2, ""), (10, 2, "")));
        assert!(!both((8, 3, ""), (10, 2, "")));
    }

    #[test]
    fn what_is_accepted_or_not_whole_is_left_alone() {
        let mut accepted = finding(&[(5, 3, "x")]);
        accepted.accepted = Some(Box::new(Accepted {
            by: AcceptedBy::Baseline,
            reason: String::new(),
            source: String::new(),
            until: String::new(),
        }));
        assert_eq!(planned(Verdict::Checked, vec![accepted, Finding::default()]), []);
        assert_eq!(planned(Verdict::Failed("cut off".to_owned()), vec![finding(&[(5, 3, "x")])]), []);
    }
}
