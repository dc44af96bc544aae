//! What the user's credentials file says of who rendered a line.
//!
//! Without a file, and where no row is about it, a massage therapist's line is worth a question, unless the payer refuses
//! the type altogether: whether one is paid is a matter of state law and of the payer's own credentialing.

use super::{Edits, Seen};
use crate::checks::hit::{Cx, Lack, Takes};
use crate::checks::provider_type::provider_type;
use crate::claim::{Claim, Fact, LineRef, ServiceLine, Units};
use crate::rules::Profile;
use crate::side::{Answer, Credential, Decision, Whom};

const MASSAGE_THERAPIST: &[u8] = b"225700000X";

/// Whether there is nothing to look up, and nobody to ask about.
pub(in crate::checks) fn is_in_order(claim: &Claim<'_>, cx: Cx<'_>) -> bool {
    cx.credentials.is_none() && !claim.providers.iter().any(|one| one.taxonomy.bytes() == MASSAGE_THERAPIST)
}

/// Whether the file says that the payer takes the service from whoever rendered it.
pub(in crate::checks) fn allows(
    claim: &Claim<'_>,
    line: &ServiceLine<'_>,
    profile: &Profile,
    cx: Cx<'_>,
) -> bool {
    let answer = cx.credentials.map(|known| known.look_up(claim, line, &profile.name, None));
    matches!(answer, Some(Answer::Decided(row)) if row.decision() == Decision::Allow)
}

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let (claim, profile) = (edits.subject.claim, edits.subject.profile);
    for line in claim.lines.iter().filter(|line| line.units.value != Some(Units(0))) {
        if !edits.is_about(line) {
            continue;
        }
        let used = Some(&mut edits.out.credentials);
        match edits.cx.credentials.map(|known| known.look_up(claim, line, &profile.name, used)) {
            Some(Answer::Decided(row)) => {
                decided(edits, line, row);
                continue;
            }
            Some(Answer::Open) => {
                edits.out.lack(edits.rule, Lack::Fact, 1);
                continue;
            }
            Some(Answer::Uncovered) => edits.out.credentials.uncovered += 1,
            None => {}
        }
        let is_massage_therapist =
            claim.rendering(line.number).is_some_and(|one| one.taxonomy.bytes() == MASSAGE_THERAPIST);
        if is_massage_therapist && !is_refused(profile) {
            let label = "whether the payer takes it from one is not known";
            let seen = Seen::line("unverified", line.number, Fact::RenderingTaxonomy, label);
            edits.report(Seen { takes: Takes::Nothing, ..seen });
        }
    }
}

/// Whether the payer does not take massage therapists at all, whatever anybody says.
fn is_refused(profile: &Profile) -> bool {
    profile.refused_taxonomies.iter().any(|prefix| MASSAGE_THERAPIST.starts_with(prefix.as_bytes()))
}

fn decided(edits: &mut Edits<'_, '_, '_>, line: &ServiceLine<'_>, row: &Credential) {
    let (fault, word) = match row.decision() {
        Decision::Allow => return,
        Decision::Deny => ("denied", "denied"),
        Decision::Unknown => ("unknown", "not known"),
    };
    let (fact, whom) = match row.whom() {
        Whom::Npi(npi) => (Fact::RenderingNpi, format!("the provider with NPI {npi}")),
        Whom::Taxonomy(taxonomy) => (Fact::RenderingTaxonomy, of_type(taxonomy)),
    };
    let at = LineRef { line: line.number, ..edits.subject.at };
    let values = vec![("whom", whom), ("row", row.place().to_owned())];
    let label = format!("{word}: {} of the credentials file", row.place());
    let seen = Seen::line(fault, line.number, fact, label);
    edits.report(Seen { values, takes: Takes::Lines(vec![at]), ..seen });
}

/// `a massage therapist`, `an athletic trainer`, `a provider with taxonomy 207Q00000X`.
fn of_type(taxonomy: &str) -> String {
    match provider_type(taxonomy.as_bytes()) {
        "provider of this type" => format!("a provider with taxonomy {taxonomy}"),
        known if known.starts_with(['a', 'e', 'o']) => format!("an {known}"),
        known => format!("a {known}"),
    }
}
