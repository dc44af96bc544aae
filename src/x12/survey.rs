use memchr::memchr;

use super::interchange;
use super::lexer::{first_of_piece, is_blank};
use super::scan::{BLOCK, places_of};
use crate::source::Delimiters;

/// What of a stretch of X12 decides what is in force behind it, found in one pass over its terminators.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Survey {
    /// Where the stretch ends: before the first interchange that begins behind its first segment.
    pub(super) end: usize,
    /// Terminators before its end.
    pub(super) terminators: u64,
    /// The last GS.
    pub(super) gs: Option<Mark>,
    /// The last ST behind that, and the last SE behind both.
    pub(super) st: Option<Mark>,
    pub(super) se: Option<Mark>,
    /// The last HL of each kind that is in force behind GS and ST.
    pub(super) billing: Option<Mark>,
    pub(super) subscriber: Option<Mark>,
    pub(super) patient: Option<Mark>,
}

/// Where a segment starts, and how many terminators stand before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) at: usize,
    pub(super) terminators: u64,
}

impl Survey {
    /// Of `bytes` up to `end`. What stands behind that tells whether an interchange begins before it.
    pub(super) fn of(bytes: &[u8], end: usize, delimiters: Delimiters) -> Survey {
        let end = end.min(bytes.len());
        let mut survey = Survey { end, ..Survey::default() };
        let first = first_of_piece(bytes, 0, Some(delimiters));
        survey.note(bytes, first, delimiters);
        let line_end = is_blank(b'\n', delimiters) && delimiters.terminator != b'\n';
        let mut at = 0;
        while at < end {
            let [mut terminators] = places_of([delimiters.terminator], bytes, at);
            while terminators != 0 {
                let start = at + terminators.trailing_zeros() as usize + 1;
                if start > end {
                    break;
                }
                terminators &= terminators - 1;
                survey.terminators += 1;
                let start = match bytes.get(start) {
                    Some(b'A'..=b'Z') => start,
                    // Most often one line end.
                    Some(b'\n') if line_end => match bytes.get(start + 1) {
                        Some(b'A'..=b'Z') => start + 1,
                        _ => first_of_piece(bytes, start, Some(delimiters)),
                    },
                    _ => first_of_piece(bytes, start, Some(delimiters)),
                };
                match bytes.get(start) {
                    Some(b'I') if start < end && begins_interchange(bytes, start) => {
                        survey.end = start;
                        return survey;
                    }
                    Some(b'G' | b'H' | b'S') => survey.note(bytes, start, delimiters),
                    _ => {}
                }
            }
            at += BLOCK;
        }
        survey
    }

    /// Takes in the segment at `at`.
    #[inline]
    fn note(&mut self, bytes: &[u8], at: usize, delimiters: Delimiters) {
        let here = Some(Mark { at, terminators: self.terminators });
        let Some(&id) = bytes.get(at..).and_then(<[u8]>::first_chunk::<2>) else { return };
        if at >= self.end || !ends_id(bytes, at + 2, delimiters) {
            return;
        }
        match id {
            [b'H', b'L'] => match level(&bytes[at..], delimiters) {
                b"20" => (self.billing, self.subscriber, self.patient) = (here, None, None),
                b"23" => self.patient = here,
                // 22; an unreadable level ends what was known of a subscriber too.
                _ => (self.subscriber, self.patient) = (here, None),
            },
            [b'S', b'E'] => self.se = here,
            [b'S', b'T'] => {
                let Survey { end, terminators, gs, .. } = *self;
                *self = Survey { end, terminators, gs, st: here, ..Survey::default() };
            }
            [b'G', b'S'] => {
                let Survey { end, terminators, .. } = *self;
                *self = Survey { end, terminators, gs: here, ..Survey::default() };
            }
            _ => {}
        }
    }
}

/// Whether a segment's id ends at `at`: an element follows, or nothing but blanks.
#[inline]
fn ends_id(bytes: &[u8], at: usize, delimiters: Delimiters) -> bool {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.first() == Some(&delimiters.element) || {
        let behind =
            rest.iter().find(|byte| !is_blank(**byte, delimiters) || **byte == delimiters.terminator);
        behind.is_none_or(|byte| *byte == delimiters.terminator)
    }
}

/// Whether an interchange begins at `at`.
pub(super) fn begins_interchange(bytes: &[u8], at: usize) -> bool {
    bytes.get(at..).and_then(interchange).is_some()
}

/// HL03 of the HL segment that `bytes` begin with.
fn level(bytes: &[u8], delimiters: Delimiters) -> &[u8] {
    let length = memchr(delimiters.terminator, bytes).unwrap_or(bytes.len());
    let segment = &bytes[..length];
    segment.split(|&byte| byte == delimiters.element).nth(3).unwrap_or_default().trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::x12::Lexer;

    const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250303*1200*^*00501*\
         000000001*0*P*:~";

    const LONG_LEVEL: &str =
        "HL*4*AN ID OF A PARENT LEVEL THAT IS LONGER THAN ANY THAT A PROGRAM GIVES OUT BY COUNTING*20*1~";

    const DELIMITERS: Delimiters =
        Delimiters { element: b'*', component: b':', repetition: Some(b'^'), terminator: b'~' };

    fn survey(text: &str) -> Survey {
        Survey::of(text.as_bytes(), text.len(), DELIMITERS)
    }

    /// The same by the words of the lexer, from one segment to the next.
    fn by_segments(bytes: &[u8], end: usize) -> Survey {
        let mut survey = Survey { end, ..Survey::default() };
        let mut lexer = Lexer::new(bytes, 0, 0, Some(DELIMITERS));
        let mut is_first = true;
        while let Some(segment) = lexer.next_segment() {
            let at = segment.offset() as usize;
            if at >= end {
                break;
            }
            survey.terminators = segment.number();
            // A terminator alone is no segment, and what stands behind it is not the first.
            let is_head = std::mem::take(&mut is_first) && !bytes[..at].contains(&b'~');
            if !is_head && begins_interchange(bytes, at) {
                return Survey { end: at, ..survey };
            }
            let here = Some(Mark { at, terminators: segment.number() });
            match (segment.id_bytes(), segment.element(3).bytes) {
                (b"GS", _) => {
                    (survey.gs, survey.st, survey.se) = (here, None, None);
                    (survey.billing, survey.subscriber, survey.patient) = (None, None, None);
                }
                (b"ST", _) => {
                    (survey.st, survey.se) = (here, None);
                    (survey.billing, survey.subscriber, survey.patient) = (None, None, None);
                }
                (b"SE", _) => survey.se = here,
                (b"HL", b"20") => {
                    (survey.billing, survey.subscriber, survey.patient) = (here, None, None);
                }
                (b"HL", b"23") => survey.patient = here,
                (b"HL", _) => (survey.subscriber, survey.patient) = (here, None),
                _ => {}
            }
        }
        survey.terminators = bytes[..end].iter().filter(|byte| **byte == b'~').count() as u64;
        survey
    }

    proptest::proptest! {
        #[test]
        fn it_is_what_its_segments_say(
            parts in proptest::collection::vec(0..16_usize, 0..30),
            pad in 0..70_usize,
            cut in 0..100_usize,
        ) {
            let parts: String = parts
                .into_iter()
                .map(|part| {
                    [
                        ISA, "GS*HC*ME~", "ST*837~", "HL*1**20*1~", "HL*2*1*22*0~\n", " HL*3*2*23~", "SE*1~", "~",
                        "\u{feff}", "\r\n", "HLX*1~", "SBR*P", "GS~", "ST \n~", "HL", LONG_LEVEL,
                    ][part]
                })
                .collect();
            let text = format!("{}{parts}", "X".repeat(pad));
            let end = text.len() * cut / 99;
            proptest::prop_assert_eq!(
                Survey::of(text.as_bytes(), end, DELIMITERS),
                by_segments(text.as_bytes(), end)
            );
        }
    }

    #[test]
    fn what_is_in_force_is_said_by_the_last_of_each() {
        let text = "ST*1~HL*1**20~HL*2*1*22~HL*3*2*23~HL*4*1*22~\nCLM*1~";
        let at = |text: &str, part: &str| text.find(part);
        let found = survey(text);
        assert_eq!(found.billing.map(|mark| mark.at), at(text, "HL*1"));
        assert_eq!(found.subscriber, Some(Mark { at: 34, terminators: 4 }));
        assert_eq!((found.patient, found.terminators), (None, 6));
        let text = format!("{text}GS*HC~HL*5**20~");
        let found = survey(&text);
        assert_eq!((found.gs.map(|mark| mark.at), found.st), (at(&text, "GS"), None));
        assert_eq!((found.billing.map(|mark| mark.at), found.subscriber), (at(&text, "HL*5"), None));
    }

    #[test]
    fn an_interchange_ends_it_and_is_told_by_what_stands_behind() {
        let text = format!("{ISA}ST*1~{ISA}ST*2~");
        let second = ISA.len() + "ST*1~".len();
        assert_eq!(survey(&text).end, second);
        assert_eq!(survey(&text).st.map(|mark| mark.at), Some(ISA.len()));
        // One byte of it is enough, and none is not.
        for (end, expected) in [(second + 1, second), (second, second)] {
            let found = Survey::of(text.as_bytes(), end, DELIMITERS);
            assert_eq!((found.end, found.terminators), (expected, 2));
        }
    }
}
