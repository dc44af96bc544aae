//! Where on the body a service was done, and who says so: the line's own words, its note, its diagnoses, its side
//! modifier, in that order. The first that knows anything wins, and its name stays with the answer.
//!
//! A diagnosis or a side modifier never makes a region "known": NCCI does not take different diagnoses as proof of
//! different sites (NCCI Policy Manual ch. I).

use crate::claim::{Claim, DiagnosisCode, RegionSource, Regions, Resolved, ServiceLine, Side, Sides, Text};
use crate::reference::Reference;

use super::note::{Folded, Word, Words, denial, ends_clause};

/// The regions and sides of a line.
pub fn resolve(claim: &Claim<'_>, line: &ServiceLine<'_>, reference: &Reference) -> Resolved {
    resolve_with(claim, line, |code| reference.diagnosis_region(code))
}

/// Likewise, with `region_of` to look up what [`Reference::diagnosis_region`] says of a diagnosis.
pub fn resolve_with(
    claim: &Claim<'_>,
    line: &ServiceLine<'_>,
    mut region_of: impl FnMut(DiagnosisCode) -> (Regions, Sides),
) -> Resolved {
    if line.region.is_present() {
        let stated = words_of(line.region.bytes(), Reading::Field);
        if !stated.regions.is_empty() {
            let sides = stated.sides.union(side_words(line.laterality.bytes()));
            // Of several regions on two sides nobody knows which is on which.
            if !stated.regions.is_one() && sides == BOTH {
                return Resolved::default();
            }
            return Resolved { regions: stated.regions, sides, source: RegionSource::Explicit };
        }
    }
    let mut noted = Found::default();
    for note in claim.notes.iter().filter(|note| note.line == line.number) {
        noted.add(words_of(note.text.bytes(), Reading::Note));
    }
    // A note that names several regions need not have treated them all ("neck pain improved; massage to low back").
    if noted.regions.is_one() {
        return Resolved { regions: noted.regions, sides: noted.sides, source: RegionSource::Note };
    }
    let mut linked = Found::default();
    for diagnosis in claim.linked_diagnoses(line) {
        if let Some(code) = diagnosis.value {
            let (regions, sides) = region_of(code);
            linked.add(Found { regions, sides });
        }
    }
    if !linked.regions.is_empty() {
        return Resolved { regions: linked.regions, sides: linked.sides, source: RegionSource::Diagnosis };
    }
    let sides = modifier_sides(&line.modifiers);
    if sides == Sides::NONE {
        return Resolved::default();
    }
    Resolved { regions: Regions::NONE, sides, source: RegionSource::Modifier }
}

fn modifier_sides(modifiers: &[Text<'_>]) -> Sides {
    modifiers.iter().fold(Sides::NONE, |sides, modifier| match modifier.bytes() {
        b"LT" => sides.with(Side::Left),
        b"RT" => sides.with(Side::Right),
        b"50" => sides.union(BOTH),
        _ => sides,
    })
}

const BOTH: Sides = Sides::NONE.with(Side::Left).with(Side::Right);

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Found {
    regions: Regions,
    sides: Sides,
}

impl Found {
    fn add(&mut self, other: Found) {
        self.regions = self.regions.union(other.regions);
        self.sides = self.sides.union(other.sides);
    }
}

/// How strictly words are taken: a field holds nothing but a region, a note is prose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Field,
    Note,
}

/// Words that a negation reaches over, and that a side may stand before its region.
const REACH: usize = 4;

/// Whether a text names a region at all, denied or not.
pub(super) fn is_named(text: &[u8]) -> bool {
    let mut before = Folded::NONE;
    Words::of(text).any(|word| {
        let folded = word.folded();
        let is_region = !region_of(before.as_bytes(), folded.as_bytes(), Reading::Note).is_empty();
        before = folded;
        is_region
    })
}

/// Reads regions and sides out of free words. Allocates nothing.
fn words_of(text: &[u8], reading: Reading) -> Found {
    let mut found = Found::default();
    let mut clause = Clause::default();
    for word in Words::of(text) {
        if ends_clause(&clause.before, &word) {
            clause = Clause::default();
        } else if reading == Reading::Note && word.gap.contains(&b',') {
            // In prose a negation does not reach over a comma; in a field a comma divides the items.
            clause.since_negation = None;
        }
        clause.push(&word, reading, &mut found);
    }
    found
}

/// What of a clause a region's own word is read together with: the word before it, a negation, a side.
struct Clause {
    before: Folded,
    since_negation: Option<usize>,
    since_region: Option<usize>,
    pending: Sides,
    since_side: usize,
}

impl Default for Clause {
    fn default() -> Clause {
        Clause {
            before: Folded::NONE,
            since_negation: None,
            since_region: None,
            pending: Sides::NONE,
            since_side: 0,
        }
    }
}

impl Clause {
    fn push(&mut self, word: &Word<'_>, reading: Reading, found: &mut Found) {
        let folded = word.folded();
        let bytes = folded.as_bytes();
        if matches!(bytes, b"but" | b"however" | b"except") {
            *self = Clause::default();
            return;
        }
        // Notes are full of minutes and degrees, and no word that counts begins with a digit.
        let is_number = bytes.first().is_some_and(u8::is_ascii_digit);
        let (side, region) = match is_number {
            true => (Sides::NONE, Regions::NONE),
            false => (side_of(bytes), region_of(self.before.as_bytes(), bytes, reading)),
        };
        let negated = self.since_negation.is_some_and(|distance| distance < REACH);
        if !region.is_empty() && !negated {
            found.regions = found.regions.union(region);
            found.sides = found.sides.union(self.pending);
        }
        self.since_region = match (region.is_empty(), self.since_region) {
            (false, _) => Some(0),
            (true, since) => since.map(|distance| distance + 1).filter(|distance| *distance < 2),
        };
        if side != Sides::NONE {
            // "shoulder, right": a side may follow its region directly.
            if !negated && (reading == Reading::Field || self.since_region == Some(1)) {
                found.sides = found.sides.union(side);
            }
            self.pending = side;
            self.since_side = 0;
        } else {
            self.since_side += 1;
            if self.since_side >= REACH {
                self.pending = Sides::NONE;
            }
        }
        self.since_negation = match denial(&self.before, word, &folded) {
            Some(_) => Some(0),
            None => self.since_negation.map(|distance| distance + 1),
        };
        self.before = folded;
    }
}

fn side_words(text: &[u8]) -> Sides {
    Words::of(text).fold(Sides::NONE, |sides, word| sides.union(side_of(word.folded().as_bytes())))
}

fn side_of(word: &[u8]) -> Sides {
    match word {
        b"left" | b"lt" | b"l" => Sides::NONE.with(Side::Left),
        b"right" | b"rt" | b"r" => Sides::NONE.with(Side::Right),
        b"bilateral" | b"bilaterally" | b"both" | b"bil" | b"bilat" | b"b" => BOTH,
        _ => Sides::NONE,
    }
}

/// The region a word names, read with the word before it.
fn region_of(before: &[u8], word: &[u8], reading: Reading) -> Regions {
    let names: &[&str] = match (before, word) {
        (b"low" | b"lower", b"back") | (b"l", b"spine") => &["lumbar"],
        (b"mid" | b"middle" | b"upper", b"back") | (b"t", b"spine") => &["thoracic"],
        (b"c", b"spine") => &["cervical"],
        (b"upper", b"arm") => &["shoulder_upperarm"],
        (b"lower", b"arm") => &["elbow_forearm"],
        (b"upper", b"leg") => &["hip_thigh"],
        (b"lower", b"leg") => &["knee_lowerleg"],
        (b"upper", b"trapezius" | b"trap" | b"traps") => &["cervical", "shoulder_upperarm"],
        (b"rotator", b"cuff") => &["shoulder_upperarm"],
        (b"si", b"joint" | b"joints") => &["sacral_pelvis"],
        (b"pelvic", b"floor") => &["sacral_pelvis"],
        (b"it" | b"iliotibial", b"band") => &["hip_thigh"],
        (b"plantar", b"fascia") => &["ankle_foot"],
        _ => one_word(word, reading),
    };
    names.iter().filter_map(|name| Regions::named(name)).fold(Regions::NONE, Regions::union)
}

fn one_word(word: &[u8], reading: Reading) -> &'static [&'static str] {
    match word {
        b"head" | b"jaw" | b"tmj" | b"face" | b"facial" | b"temporalis" | b"masseter" => &["head"],
        b"suboccipital" | b"suboccipitals" => &["head", "cervical"],
        b"neck" | b"cervical" | b"scalene" | b"scalenes" | b"sternocleidomastoid" | b"scm" => &["cervical"],
        b"thoracic" | b"midback" | b"rhomboid" | b"rhomboids" | b"rib" | b"ribs" | b"chest" => &["thoracic"],
        b"lumbar" | b"lumbosacral" | b"lowback" | b"lbp" | b"multifidus" => &["lumbar"],
        b"sacral" | b"sacrum" | b"sacroiliac" | b"pelvis" | b"pelvic" | b"coccyx" => &["sacral_pelvis"],
        b"shoulder" | b"shoulders" | b"deltoid" | b"biceps" | b"triceps" | b"humerus" | b"upperarm"
        | b"glenohumeral" | b"infraspinatus" | b"supraspinatus" => &["shoulder_upperarm"],
        b"scapula" | b"scapular" | b"periscapular" => &["thoracic", "shoulder_upperarm"],
        b"elbow" | b"elbows" | b"forearm" | b"forearms" => &["elbow_forearm"],
        b"wrist" | b"wrists" | b"thumb" | b"finger" | b"fingers" | b"carpal" => &["wrist_hand"],
        b"hip" | b"hips" | b"thigh" | b"thighs" | b"hamstring" | b"hamstrings" | b"quadriceps" | b"quads"
        | b"adductors" | b"piriformis" => &["hip_thigh"],
        b"gluteal" | b"gluteals" | b"glute" | b"glutes" | b"buttock" | b"buttocks" => {
            &["sacral_pelvis", "hip_thigh"]
        }
        b"knee" | b"knees" | b"calf" | b"calves" | b"shin" | b"gastrocnemius" | b"patella" | b"patellar"
        | b"lowerleg" | b"popliteal" => &["knee_lowerleg"],
        b"ankle" | b"ankles" | b"foot" | b"achilles" | b"heel" | b"toe" | b"toes" => &["ankle_foot"],
        b"abdomen" | b"abdominal" => &["abdomen"],
        _ if reading == Reading::Note => &[],
        // Too common in prose ("on the other hand", "leg press", "back to work") to count in a note.
        b"hand" | b"hands" => &["wrist_hand"],
        b"arm" | b"arms" => &["shoulder_upperarm", "elbow_forearm"],
        b"leg" | b"legs" => &["hip_thigh", "knee_lowerleg"],
        b"feet" => &["ankle_foot"],
        b"back" => &["thoracic", "lumbar"],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions(names: &[&str]) -> Regions {
        names.iter().filter_map(|name| Regions::named(name)).fold(Regions::NONE, Regions::union)
    }

    fn field(text: &str) -> Found {
        words_of(text.as_bytes(), Reading::Field)
    }

    fn note(text: &str) -> Found {
        words_of(text.as_bytes(), Reading::Note)
    }

    /// What this file reads as a region or a side may be shown; the list of such words stands in another room.
    #[test]
    fn every_word_of_the_lexicon_may_be_shown() {
        let source = include_str!("region.rs");
        let (_, lexicon) = source.split_once("fn side_of(").expect("the lexicon");
        let (lexicon, _) = lexicon.split_once("#[cfg(test)]").expect("the tests");
        let code = lexicon.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<String>();
        let words: Vec<&str> = code.split('"').skip(1).step_by(2).collect();
        assert!(words.len() > 100, "{}", words.len());
        for word in words {
            assert!(crate::claim::Fact::Region.has_form(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn the_words_of_a_region_field() {
        for (text, names) in [
            ("neck", &["cervical"][..]),
            ("Low Back", &["lumbar"]),
            ("low-back", &["lumbar"]),
            ("mid back", &["thoracic"]),
            ("lumbar", &["lumbar"]),
            ("knee_lowerleg", &["knee_lowerleg"]),
            ("shoulder_upperarm", &["shoulder_upperarm"]),
            ("sacral_pelvis", &["sacral_pelvis"]),
            ("neck and shoulder", &["cervical", "shoulder_upperarm"]),
            ("back", &["thoracic", "lumbar"]),
            ("whole body", &[]),
        ] {
            assert_eq!(field(text).regions, regions(names), "{text}");
        }
        for name in Regions::names() {
            assert!(field(name).regions.meets(regions(&[name])), "{name} names itself");
        }
        assert_eq!(field("right shoulder").sides, Sides::NONE.with(Side::Right));
        assert_eq!(field("shoulder (L)").sides, Sides::NONE.with(Side::Left));
        assert_eq!(field("bilateral knees").sides, BOTH);
    }

    #[test]
    fn the_prose_of_a_note() {
        let found = note("STM to left upper trapezius and lumbar paraspinals, 15 min.");
        assert_eq!(found.regions, regions(&["cervical", "shoulder_upperarm", "lumbar"]));
        assert_eq!(found.sides, Sides::NONE.with(Side::Left));
        assert_eq!(note("Denies neck pain. Massage to right knee").regions, regions(&["knee_lowerleg"]));
        assert_eq!(note("no pain in the neck; lumbar STM").regions, regions(&["lumbar"]));
        assert_eq!(note("no treatment to neck, lumbar STM performed").regions, regions(&["lumbar"]));
        assert_eq!(note("not the shoulder but the elbow").regions, regions(&["elbow_forearm"]));
        assert_eq!(note("hands-on work, leg press, back to work").regions, Regions::NONE);
        assert_eq!(note("knee, right: effleurage").sides, Sides::NONE.with(Side::Right));
        assert_eq!(note("\u{e9}paule \u{1f600} neck").regions, regions(&["cervical"]));
    }
}
