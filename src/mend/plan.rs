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
/// mended. Where two findings would change the same bytes in two ways, the first has its way.
pub fn plan(run: &Run) -> Vec<Patch> {
    let mut patches: BTreeMap<u32, (BTreeMap<u64, Edit>, Vec<usize>)> = BTreeMap::new();
    for (index, finding) in run.findings.iter().enumerate() {
        let Some(edits) = edits_of(finding, run) else { continue };
        let (taken, findings) = patches.entry(finding.file).or_default();
        if edits.iter().all(|edit| is_free(taken, edit)) {
            taken.extend(edits.iter().map(|edit| (edit.span.offset, edit.clone())));
            findings.push(index);
        }
    }
    let patch = |(file, (edits, findings)): (u32, (BTreeMap<u64, Edit>, Vec<usize>))| Patch {
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

/// Whether an edit touches none of those taken, or is one of them.
fn is_free(taken: &BTreeMap<u64, Edit>, edit: &Edit) -> bool {
    if taken.get(&edit.span.offset) == Some(edit) {
        return true;
    }
    let next = taken.range(edit.span.offset..).next();
    let before = taken.range(..edit.span.offset).next_back();
    let end = edit.span.end().max(edit.span.offset + 1);
    next.is_none_or(|(offset, _)| end <= *offset)
        && before.is_none_or(|(_, before)| before.span.end() <= edit.span.offset)
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
            finding(&[(12, 0, "z")]),
        ];
        let patches = planned(Verdict::Checked, findings);
        let places: Vec<_> = patches[0].edits.iter().map(|edit| edit.span.offset).collect();
        assert_eq!((places, &*patches[0].findings), (vec![5, 10, 12, 20], &[0, 1, 2, 5][..]));
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
