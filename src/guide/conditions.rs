//! What a segment or composite lacks: what the guide requires, and what a condition asks for.

use super::compiled::{Condition, Kind, Place};
use super::elements::{Judge, Spot, spot};
use crate::x12::Field;

/// Whether what is present breaks the condition (X12.6, section 3.7.2.2: relational conditions).
#[inline]
pub(super) fn broken(condition: &Condition, present: u64) -> bool {
    let here = condition.mask & present;
    let first = present >> condition.first & 1 != 0;
    match condition.letter {
        b'P' => here != 0 && here != condition.mask,
        b'R' => here == 0,
        b'E' => here.count_ones() > 1,
        b'C' => first && here != condition.mask,
        b'L' => first && here.count_ones() == 1,
        _ => false,
    }
}

impl Judge<'_, '_, '_> {
    /// What a segment lacks: required elements, then what its conditions ask for.
    #[cold]
    pub(super) fn absences(&mut self, mut missing: u64, conditions: &[Condition], present: u64) {
        let places = self.node.places.of(&self.guide.places);
        for index in bits(missing) {
            let element = places.get(index).map_or(0, |place| place.element);
            let what = vec![("what", self.node.name.to_owned())];
            self.fault("element-missing", spot(index), element, self.nothing_at(index), what, "missing");
        }
        for condition in conditions {
            let Some((name, index, other)) = blame(condition, present, places) else { continue };
            if missing >> index & 1 != 0 {
                continue;
            }
            missing |= 1 << index;
            let other = self.name(spot(other));
            let element = places.get(index).map_or(0, |place| place.element);
            let (field, label) = match name {
                "element-exclusion" => {
                    (self.segment.element(index + 1), format!("not together with {other}"))
                }
                _ => (self.nothing_at(index), format!("needed with {other}")),
            };
            self.fault(name, spot(index), element, field, vec![("other", other)], &label);
        }
    }

    #[cold]
    pub(super) fn missing_parts(
        &mut self,
        parts: &[Place],
        mut missing: u64,
        conditions: &[Condition],
        present: u64,
        spot: Spot,
        field: Field<'_>,
    ) {
        let mut all = Vec::new();
        for index in bits(missing) {
            all.push(("element-missing", index, ("what", self.node.name.to_owned()), "missing".to_owned()));
        }
        for condition in conditions {
            let Some((name, index, other)) = blame(condition, present, parts) else { continue };
            if missing >> index & 1 != 0 {
                continue;
            }
            missing |= 1 << index;
            let other = self.name(Spot { component: other as u8 + 1, ..spot });
            let label = match name {
                "element-exclusion" => format!("not together with {other}"),
                _ => format!("needed with {other}"),
            };
            all.push((name, index, ("other", other), label));
        }
        for (name, index, value, label) in all {
            let mut components = field.components(self.segment.delimiters().component);
            let mut place = components.take_next();
            for _ in 0..index {
                place = components.take_next();
            }
            if name != "element-exclusion" {
                place.bytes = &[];
            }
            let element = parts.get(index).map_or(0, |part| part.element);
            self.fault(
                name,
                Spot { component: index as u8 + 1, ..spot },
                element,
                place,
                vec![value],
                &label,
            );
        }
    }
}

/// What to report of a broken condition: the fault, the place it is about, and the place it depends on. `None` where
/// the condition holds, or asks for what the guide does not use.
fn blame(condition: &Condition, present: u64, places: &[Place]) -> Option<(&'static str, usize, usize)> {
    if !broken(condition, present) {
        return None;
    }
    let used = |index: &usize| places.get(*index).is_some_and(|place| place.kind != Kind::NotUsed);
    let here = condition.mask & present;
    if condition.letter == b'E' {
        let mut both = bits(here);
        let first = both.next()?;
        return Some(("element-exclusion", both.next()?, first));
    }
    let absent = bits(condition.mask & !present).find(used)?;
    let other = match condition.letter {
        b'P' => bits(here).next()?,
        b'R' => bits(condition.mask).find(|index| *index != absent).unwrap_or(absent),
        _ => usize::from(condition.first),
    };
    Some(("element-conditional", absent, other))
}

fn bits(mask: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |index| mask >> index & 1 != 0)
}
