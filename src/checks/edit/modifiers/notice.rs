//! What a line says of the advance beneficiary notice, and of whose bill the service is.
//!
//! GA: a required notice is on file. GX: a voluntary one. GY: the law excludes the service. GZ: a denial is expected and
//! no notice was given. One line draws one finding, the gravest. Sources: CMS Pub. 100-04 ch. 30 s. 50; CR 6563 (GX);
//! CR 7228 (GZ).

use super::super::{Edits, Seen};
use super::has;
use crate::checks::hit::Takes;
use crate::claim::{Fact, LineRef, ServiceLine};

/// Modifiers beside which a line with GX is returned.
const REFUSED_BESIDE_GX: [&str; 4] = ["GA", "GZ", "GL", "EY"];
/// Of these a line bears one at most: each says of whose bill the service is.
const LIABILITY: [&str; 3] = ["GA", "GY", "GZ"];

/// Whether there is anything to look at: GY alone, and no word of a notice, are in order.
pub(super) fn may_speak_of(line: &ServiceLine<'_>) -> bool {
    line.modifiers.iter().any(|modifier| matches!(modifier.bytes(), b"GA" | b"GX" | b"GZ"))
}

pub(super) fn check(edits: &mut Edits<'_, '_, '_>) {
    let claim = edits.subject.claim;
    for line in claim.lines.iter().filter(|line| may_speak_of(line)) {
        let Some((fault, modifier, label)) = fault(line) else { continue };
        if !edits.wants(fault) || !edits.is_about(line) {
            continue;
        }
        let item = line.modifiers.iter().position(|stated| *stated == modifier).unwrap_or(0);
        let at = LineRef { line: line.number, ..edits.subject.at };
        let values = vec![("stated", stated(line))];
        let seen = Seen::line(fault, line.number, Fact::Modifiers, label);
        edits.report(Seen { item, values, takes: Takes::Lines(vec![at]), ..seen });
    }
}

/// The gravest fault of a line, the modifier to point at, and what to say there.
fn fault(line: &ServiceLine<'_>) -> Option<(&'static str, &'static str, &'static str)> {
    let has = |modifier: &&str| has(line, modifier);
    if has(&"GX") && REFUSED_BESIDE_GX.iter().any(has) {
        return Some(("notice-refused", "GX", "not beside the others"));
    }
    if LIABILITY.iter().filter(|one| has(one)).count() > 1 {
        let second = LIABILITY.iter().rfind(|one| has(one)).copied().unwrap_or("GZ");
        return Some(("notice-several", second, "one of the three at most"));
    }
    if has(&"GZ") {
        return Some(("notice-absent", "GZ", "a denial is expected, no notice was given"));
    }
    if has(&"GA") && has(&"KX") {
        return Some(("notice-contradicted", "GA", "says the opposite of KX"));
    }
    if has(&"GX") && !has(&"GY") {
        return Some(("notice-of-covered", "GX", "without GY"));
    }
    None
}

/// The modifiers of the line that speak of a notice or against one, as stated.
fn stated(line: &ServiceLine<'_>) -> String {
    let speaks = |text: &&str| ["GA", "GX", "GY", "GZ", "GL", "EY", "KX"].contains(text);
    let names: Vec<&str> = line.modifiers.iter().map(|modifier| modifier.str()).filter(speaks).collect();
    crate::checks::lines::listed(&names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claim::Text;

    #[test]
    fn one_fault_a_line_the_gravest() {
        for (modifiers, expected) in [
            ("GP", None),
            ("GP GA", None),
            ("GP GY", None),
            ("GX GY", None),
            ("GP KX", None),
            ("GX", Some("notice-of-covered")),
            ("GX KX", Some("notice-of-covered")),
            ("GA KX", Some("notice-contradicted")),
            ("GZ", Some("notice-absent")),
            ("GZ KX", Some("notice-absent")),
            ("GY GZ", Some("notice-several")),
            ("GA GZ", Some("notice-several")),
            ("GA GY", Some("notice-several")),
            ("GA GY KX", Some("notice-several")),
            ("GA GX", Some("notice-refused")),
            ("GX GZ", Some("notice-refused")),
            ("GX GL", Some("notice-refused")),
            ("GX EY", Some("notice-refused")),
            ("GX GY GA", Some("notice-refused")),
            ("GA GA", None),
            ("EY", None),
        ] {
            let mut line = ServiceLine::default();
            for (slot, modifier) in line.modifiers.iter_mut().zip(modifiers.split(' ')) {
                *slot = Text::new(modifier.as_bytes(), 1);
            }
            assert_eq!(fault(&line).map(|(name, ..)| name), expected, "{modifiers}");
            assert!(expected.is_none() || may_speak_of(&line), "{modifiers}");
        }
    }
}
