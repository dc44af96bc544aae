use memchr::{memchr, memchr_iter, memmem};

use crate::source::Delimiters;

/// How far past its first byte an ISA is looked at. A padded one is 106 bytes long.
const ISA_REACH: usize = 512;

/// Where the element separators of a padded ISA stand.
const SEPARATORS: [usize; 16] = [3, 6, 17, 20, 31, 34, 50, 53, 69, 76, 81, 83, 89, 99, 101, 103];

/// What an ISA says about the segments after it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interchange {
    /// The separators in force from the ISA on.
    pub delimiters: Delimiters,
    /// Whether the ISA keeps the fixed layout of 106 bytes (X12.5, elements padded to their full lengths).
    pub padded: bool,
}

/// Reads the separators of the ISA at the start of `bytes`. `None` if no ISA starts there.
///
/// The fixed layout is used where it holds; an ISA whose elements are not padded is read by counting its sixteen
/// separators; one with too few or too many elements by what stands before the GS that follows. What is cut off is
/// guessed, so that the rest can be read.
pub fn interchange(bytes: &[u8]) -> Option<Interchange> {
    let reach = &bytes[..bytes.len().min(ISA_REACH)];
    let [b'I', b'S', b'A', element, ..] = *reach else { return None };
    if element.is_ascii_alphanumeric() || element == b' ' {
        return None;
    }
    let padded = reach.len() >= 106 && SEPARATORS.iter().all(|&at| reach[at] == element);
    if padded && let Some(delimiters) = checked(element, reach[104], reach[105], reach[82]) {
        return Some(Interchange { delimiters, padded: memchr_iter(element, &reach[..104]).count() == 16 });
    }
    let mut separators = memchr_iter(element, reach);
    let repetition_at = separators.nth(10).map_or(reach.len(), |at| at + 1);
    let repetition = match reach.get(repetition_at..repetition_at + 2) {
        Some(&[one, after]) if after == element => one,
        _ => b' ',
    };
    let counted = separators.nth(4).and_then(|last| {
        let (&component, &terminator) = (reach.get(last + 1)?, reach.get(last + 2)?);
        checked(element, component, terminator, repetition)
    });
    let delimiters = counted.unwrap_or_else(|| {
        let (terminator, component) = ends_before(reach, b"GS", element).unwrap_or((usual(reach), b':'));
        Delimiters { element, component, repetition: None, terminator }
    });
    Some(Interchange { delimiters, padded: false })
}

/// Separators of a file that begins without an ISA (GS or ST), guessed from its first segments.
pub fn guess_delimiters(bytes: &[u8]) -> Delimiters {
    let element = match *bytes {
        [_, _, element, ..] if !element.is_ascii_alphanumeric() => element,
        _ => b'*',
    };
    let reach = &bytes[..bytes.len().min(64 << 10)];
    let terminator = [b"ST".as_slice(), b"BHT", b"SE"]
        .into_iter()
        .find_map(|id| ends_before(&reach[2.min(reach.len())..], id, element))
        .map_or_else(|| usual(reach), |(terminator, _)| terminator);
    let qualifier = [b"SV1".as_slice(), &[element], b"HC"].concat();
    let component = memmem::find(reach, &qualifier)
        .and_then(|at| reach.get(at + qualifier.len()).copied())
        .filter(|byte| is_separator(*byte) && *byte != element && *byte != terminator);
    Delimiters { element, component: component.unwrap_or(b':'), repetition: None, terminator }
}

/// The four separators, if they can be told apart. A repetition separator that cannot is left out: older files
/// have `U` there, and one producer repeats its component separator.
fn checked(element: u8, component: u8, terminator: u8, repetition: u8) -> Option<Delimiters> {
    let apart = component != element && terminator != element && component != terminator;
    // A tilde and a line end are a terminator and its line end: the component separator is missing.
    let swallowed = component == b'~' && matches!(terminator, b'\r' | b'\n');
    if !apart || swallowed || !is_separator(component) || !is_separator(terminator) || terminator == b' ' {
        return None;
    }
    let usable = is_separator(repetition) && ![element, component, terminator, b' '].contains(&repetition);
    Some(Delimiters { element, component, repetition: usable.then_some(repetition), terminator })
}

fn is_separator(byte: u8) -> bool {
    !byte.is_ascii_alphanumeric()
}

/// The terminator before the next segment `id`, and the component separator if one stands before that.
fn ends_before(bytes: &[u8], id: &[u8], element: u8) -> Option<(u8, u8)> {
    let needle = [id, &[element]].concat();
    memmem::find_iter(bytes, &needle).find_map(|at| {
        let before = &bytes[..at];
        let last = before.iter().rposition(|byte| !matches!(byte, b' ' | b'\r' | b'\n' | b'\t'))?;
        let ends = if is_separator(before[last]) && before[last] != element {
            Some((before[last], last.checked_sub(1).map_or(b' ', |at| before[at])))
        } else {
            let line_end = before[last + 1..].iter().find(|byte| matches!(byte, b'\r' | b'\n'))?;
            Some((*line_end, before[last]))
        };
        let (terminator, component) = ends?;
        let usable =
            is_separator(component) && component != element && component != terminator && component > b' ';
        Some((terminator, if usable { component } else { b':' }))
    })
}

/// The terminator that most files use, if the bytes hold it.
fn usual(bytes: &[u8]) -> u8 {
    if memchr(b'~', bytes).is_none() && memchr(b'\n', bytes).is_some() { b'\n' } else { b'~' }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PADDED: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *250303*1200*^*00501*\
                          000000001*0*P*:~";

    fn read(text: &str) -> (u8, u8, Option<u8>, u8, bool) {
        let Interchange { delimiters: d, padded } = interchange(text.as_bytes()).expect("an ISA");
        (d.element, d.component, d.repetition, d.terminator, padded)
    }

    #[test]
    fn padded_and_not() {
        assert_eq!(PADDED.len(), 106);
        assert_eq!(read(PADDED), (b'*', b':', Some(b'^'), b'~', true));
        assert_eq!(
            read("ISA*00**00**ZZ*ME*ZZ*YOU*250303*1200*^*00501*1*0*P*:~GS*HC"),
            (b'*', b':', Some(b'^'), b'~', false)
        );
        assert_eq!(read(&PADDED.replace('~', "\n")), (b'*', b':', Some(b'^'), b'\n', true));
        assert_eq!(read(&PADDED.replace('~', "\r")), (b'*', b':', Some(b'^'), b'\r', true));
    }

    #[test]
    fn repetition_separators_that_are_none() {
        for bad in ["U", ":", "*", "~", " "] {
            let text = PADDED.replace('^', bad);
            assert_eq!(interchange(text.as_bytes()).and_then(|isa| isa.delimiters.repetition), None, "{bad}");
        }
    }

    #[test]
    fn an_element_too_few_is_read_by_the_gs() {
        let short =
            "ISA*00**00**ZZ*ME*ZZ*YOU*250303*1200*^*00501*1*0*:~\r\nGS*HC*ME*YOU*20250303*1200*1*X*V~";
        assert_eq!(read(short), (b'*', b':', None, b'~', false));
        let no_component = "ISA*00**00**ZZ*ME*ZZ*YOU*250303*1200*^*00501*1*0*P*~\nGS*HC*ME*YOU~";
        assert_eq!(read(no_component), (b'*', b':', None, b'~', false));
    }

    #[test]
    fn cut_off_or_no_isa() {
        assert_eq!(read("ISA*00*  "), (b'*', b':', None, b'~', false));
        assert_eq!(interchange(b"ISAAC*1"), None);
        assert_eq!(interchange(b"IS"), None);
    }

    #[test]
    fn files_without_an_isa() {
        let d = guess_delimiters(b"GS|HC|ME|YOU|20250303|1200|1|X|V'\nST|837|1'SV1|HC>97124|1'");
        assert_eq!((d.element, d.component, d.terminator), (b'|', b'>', b'\''));
        let d = guess_delimiters(b"ST*837*0001\nBHT*0019*00\n");
        assert_eq!((d.element, d.component, d.terminator), (b'*', b':', b'\n'));
    }
}
