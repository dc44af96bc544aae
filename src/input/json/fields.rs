use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::claim::Fact;

/// How many fields are known: the vocabulary and `lines`.
const COUNT: usize = Fact::ALL.len() + 1;

/// The slot of `lines`, the one field that is no fact.
const LINES: usize = Fact::ALL.len();

/// The name of each slot.
const NAMES: [&str; COUNT] = {
    let mut names = ["lines"; COUNT];
    let mut slot = 0;
    while slot < LINES {
        names[slot] = Fact::ALL[slot].name();
        slot += 1;
    }
    names
};

/// The fact that a field of this name states.
pub(super) fn fact_named(name: &str) -> Option<Fact> {
    slot_named(name).filter(|&slot| slot != LINES).map(|slot| Fact::ALL[slot])
}

/// Whether two texts are the same. Names and values are a word or two: to call for a comparison takes longer than to look.
#[inline]
pub(super) fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    if let (Some(last), Some(other_last)) = (one.last_chunk::<8>(), other.last_chunk::<8>()) {
        let (words, others) = (one.as_chunks::<8>().0, other.as_chunks::<8>().0);
        last == other_last && words.iter().zip(others).all(|(one, other)| one == other)
    } else if one.len() >= 4 {
        one.first_chunk::<4>() == other.first_chunk() && one.last_chunk::<4>() == other.last_chunk()
    } else {
        one.iter().zip(other).all(|(one, other)| one == other)
    }
}

fn slot_named(name: &str) -> Option<usize> {
    let slot = NAMES.iter().position(|known| *known == name)?;
    (slot == LINES || Fact::ALL[slot].is_native()).then_some(slot)
}

/// The raw values of one object's known fields.
#[derive(Clone)]
pub(super) struct Fields<'a> {
    raw: [Option<&'a str>; COUNT],
}

impl<'a> Fields<'a> {
    pub(super) const NONE: Fields<'static> = Fields { raw: [None; COUNT] };

    /// The raw JSON value of `fact`; a stated `null` is as good as nothing.
    pub(super) fn of(&self, fact: Fact) -> Option<&'a str> {
        self.raw[fact as usize]
    }

    /// Whether the object states nothing that a claim line can state.
    pub(super) fn is_foreign(&self) -> bool {
        // Nearly every object that states anything states a code.
        self.of(Fact::ProcedureCode).is_none() && self.is_empty()
    }

    // Apart: a compiler that sees both looks at every field, since that settles the code as well.
    #[cold]
    #[inline(never)]
    fn is_empty(&self) -> bool {
        self.raw.iter().all(Option::is_none)
    }

    /// The raw JSON value of `lines`.
    pub(super) fn lines(&self) -> Option<&'a str> {
        self.raw[LINES]
    }

    /// What a line of a claim object states: its own, and where it says nothing the claim's.
    pub(super) fn over(&self, claim: &Fields<'a>) -> Fields<'a> {
        let mut merged = self.clone();
        for (fact, (own, outer)) in Fact::ALL.iter().zip(merged.raw.iter_mut().zip(claim.raw)) {
            // A note of the claim is kept once, with the claim.
            if own.is_none() && !fact.is_of_one_line() && *fact != Fact::Note {
                *own = outer;
            }
        }
        merged.raw[LINES] = None;
        merged
    }

    /// Facts of one line alone that an object with `lines` states for itself, where they say nothing.
    pub(super) fn misplaced(&self) -> impl Iterator<Item = (Fact, &'a str)> {
        let of_one_line = Fact::ALL.iter().filter(|fact| fact.is_of_one_line());
        of_one_line.filter_map(|&fact| self.of(fact).map(|raw| (fact, raw)))
    }
}

/// What is remembered from object to object: the order of fields, and names that mean nothing here.
#[derive(Default)]
pub(super) struct Vocabulary {
    /// The slot that the field at this place had in an object before: exports repeat themselves. From [`COUNT`] on they are
    /// unknown names, in their order.
    expected: Vec<usize>,
    /// Unknown names and how many objects had them.
    pub(super) unknown: Vec<(String, u64)>,
    /// Known fields that the object at hand stated more than once.
    pub(super) repeated: Vec<&'static str>,
}

/// Of so many fields of an object the order is remembered.
const MOST_EXPECTED: usize = 256;

/// How many unknown names are told apart; what comes later is counted as one.
const MOST_UNKNOWN: usize = 64;

/// How many characters of an unknown name are kept.
const LONGEST_UNKNOWN: usize = 60;

impl Vocabulary {
    #[inline]
    fn slot(&mut self, place: usize, name: &str) -> Option<usize> {
        let Some(&slot) = self.expected.get(place) else { return self.slot_anew(place, name) };
        if let Some(known) = NAMES.get(slot) {
            if is_same(known, name) {
                return Some(slot);
            }
        } else if let Some((known, objects)) = self.unknown.get_mut(slot - COUNT)
            && is_same(known, name)
        {
            *objects += 1;
            return None;
        }
        self.slot_anew(place, name)
    }

    #[cold]
    #[inline(never)]
    fn slot_anew(&mut self, place: usize, name: &str) -> Option<usize> {
        let slot = slot_named(name);
        let here = slot.unwrap_or_else(|| COUNT + self.count_unknown(name));
        if let Some(expected) = self.expected.get_mut(place) {
            *expected = here;
        } else if place == self.expected.len() && place < MOST_EXPECTED {
            self.expected.push(here);
        }
        slot
    }

    /// Counts an object for an unknown name. Its place among them.
    fn count_unknown(&mut self, name: &str) -> usize {
        let end = name.char_indices().nth(LONGEST_UNKNOWN).map_or(name.len(), |(at, _)| at);
        let name = &name[..end];
        let place = self.unknown.iter().position(|(known, _)| known == name);
        let last = self.unknown.len().checked_sub(1).filter(|&last| last == MOST_UNKNOWN);
        if let Some(place) = place.or(last) {
            self.unknown[place].1 += 1;
            return place;
        }
        let name = if self.unknown.len() == MOST_UNKNOWN { "…" } else { name };
        self.unknown.push((name.to_owned(), 1));
        self.unknown.len() - 1
    }

    /// Reads the object that `text` begins with. `Ok(Some(error))` says that more stands behind it.
    ///
    /// # Errors
    ///
    /// Where `text` begins with no well-formed object; `fields` then holds nothing of use.
    pub(super) fn read<'a>(
        &mut self,
        text: &'a str,
        fields: &mut Fields<'a>,
    ) -> Result<Option<serde_json::Error>, serde_json::Error> {
        *fields = Fields::NONE;
        self.repeated.clear();
        let mut json = serde_json::Deserializer::from_str(text);
        json.deserialize_map(ObjectVisitor { vocabulary: self, fields })?;
        Ok(json.end().err())
    }
}

struct ObjectVisitor<'v, 'f, 'a> {
    vocabulary: &'v mut Vocabulary,
    fields: &'f mut Fields<'a>,
}

impl<'a> Visitor<'a> for ObjectVisitor<'_, '_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut map: M) -> Result<(), M::Error> {
        let mut place = 0;
        while let Some(slot) = map.next_key_seed(Name { vocabulary: self.vocabulary, place })? {
            place += 1;
            let Some(slot) = slot else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let raw = map.next_value::<&'a RawValue>()?.get();
            let known = &mut self.fields.raw[slot];
            if known.is_some() && !self.vocabulary.repeated.contains(&NAMES[slot]) {
                self.vocabulary.repeated.push(NAMES[slot]);
            }
            *known = (raw != "null").then_some(raw);
        }
        Ok(())
    }
}

struct Name<'v> {
    vocabulary: &'v mut Vocabulary,
    place: usize,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.vocabulary.slot(self.place, name))
    }
}

/// Hands the raw values of the array `text` to `each`, in order. `text` must be well-formed.
pub(super) fn each_element<'a>(text: &'a str, each: impl FnMut(&'a str)) -> Result<(), serde_json::Error> {
    serde_json::Deserializer::from_str(text).deserialize_seq(Elements(each))
}

struct Elements<F>(F);

impl<'a, F: FnMut(&'a str)> Visitor<'a> for Elements<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<S: SeqAccess<'a>>(mut self, mut seq: S) -> Result<(), S::Error> {
        while let Some(raw) = seq.next_element::<&'a RawValue>()? {
            (self.0)(raw.get());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_the_same_if_every_byte_is() {
        let text = "abcdefghijklmnopqrstuvwxyz";
        for length in 0..=text.len() {
            let one = &text[..length];
            assert!(is_same(one, one));
            assert!(length == text.len() || !is_same(one, &text[..=length]));
            for at in 0..length {
                let mut other = one.to_owned();
                other.replace_range(at..=at, "_");
                assert!(!is_same(one, &other), "{other}");
            }
        }
    }

    #[test]
    fn slots_are_the_vocabulary_in_its_order() {
        for fact in Fact::ALL {
            assert_eq!(Fact::ALL[*fact as usize], *fact);
            assert_eq!(fact_named(fact.name()), fact.is_native().then_some(*fact));
        }
        assert_eq!(fact_named("lines"), None);
    }

    #[test]
    fn fields_are_found_whatever_their_order() {
        let mut vocabulary = Vocabulary::default();
        let mut fields = Fields::NONE;
        for text in [
            r#"{"units": 2, "colour": {"a": [1]}, "procedure_code": "97124"}"#,
            r#"{"procedure_code": "97124", "units": 2, "colour": null}"#,
            r#"{"\u0075nits": 2, "procedure_code": "97124", "minutes": null}"#,
        ] {
            assert!(vocabulary.read(text, &mut fields).unwrap().is_none(), "{text}");
            assert_eq!(fields.of(Fact::Units), Some("2"));
            assert_eq!(fields.of(Fact::ProcedureCode), Some("\"97124\""));
            assert_eq!(fields.of(Fact::Minutes), None);
        }
        assert_eq!(vocabulary.unknown, [("colour".to_owned(), 2)]);
        // The unknown field keeps its place in the order, so that what stands behind it is expected there.
        assert_eq!(vocabulary.expected.len(), 3);
        let (one, other) =
            (r#"{"colour": 1, "shape": 2, "units": 3}"#, r#"{"colour": 1, "sharp": 2, "units": 4}"#);
        for (text, units) in [(one, "3"), (one, "3"), (other, "4"), (one, "3")] {
            assert!(vocabulary.read(text, &mut fields).unwrap().is_none());
            assert_eq!(fields.of(Fact::Units), Some(units));
        }
        let named = |name: &str, objects: u64| (name.to_owned(), objects);
        assert_eq!(vocabulary.unknown, [named("colour", 6), named("shape", 3), named("sharp", 1)]);
        assert!(vocabulary.read(r#"{"units": 1, "units": 2}"#, &mut fields).unwrap().is_none());
        assert_eq!((fields.of(Fact::Units), vocabulary.repeated.as_slice()), (Some("2"), &["units"][..]));
        assert!(vocabulary.read(r#"{"units": 1} x"#, &mut fields).unwrap().is_some());
        assert!(vocabulary.read(r#"{"units": 1"#, &mut fields).is_err());
        for name in 0..200 {
            let text = format!("{{\"{name}{}\":1}}", "é".repeat(100));
            assert!(vocabulary.read(&text, &mut fields.clone()).is_ok());
        }
        assert_eq!((vocabulary.unknown.len(), vocabulary.unknown[64].clone()), (65, ("…".to_owned(), 139)));
    }
}
