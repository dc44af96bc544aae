//! How notes are read, by the word lists of the built-in rules; what holds of any bytes.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::find::{Found, affirms, characters, mentions, said};
use super::words::work;
use super::{has_objective_measure, likeness};
use crate::checks::region;
use crate::rules::{Check, NoteCategory, NoteFault, Phrases, RuleSet};

/// What a built-in rule looks for.
fn fault(code: &str) -> &'static NoteFault {
    static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);
    let rule = RULES.rules.iter().find(|rule| rule.code == code).expect("a built-in rule");
    let Check::Note(fault) = &rule.check else { panic!("{code} is no rule of notes") };
    fault
}

fn categories(code: &str) -> &'static [NoteCategory] {
    let NoteFault::WordsPresent { categories, .. } = fault(code) else { panic!("{code} looks for no words") };
    categories
}

fn words(code: &str) -> &'static Phrases {
    let NoteFault::WordsAbsent { words, .. } = fault(code) else { panic!("{code} misses no words") };
    words
}

fn found(note: &str) -> Option<Found<'static>> {
    said(note.as_bytes(), categories("N01"))
}

#[test]
fn the_place_is_that_of_the_whole_phrase() {
    let note = "Br\u{fc}gger position. Massage for stress  relief, pampering";
    let first = found(note).expect("wellness wording");
    assert_eq!(&note[first.start..first.end], "stress  relief");
    assert_eq!((first.category, first.places), ("wellness wording", 2));
    assert_eq!(characters(note.as_bytes(), first.start) + 1, 31);
    let comfort = found("Massage for comfort").expect("comfort wording");
    assert_eq!(comfort.category, "comfort wording");
}

#[test]
fn wellness_wording() {
    for note in [
        "Massage for relaxation",
        "RELAXING MASSAGE",
        "Full-body massage, 30 min",
        "full  body\nmassage",
        "Aromatherapy with lavender during massage",
        "spa-type massage",
        "Relaxation massage to muscles of the back.",
        "Massage muscles of the back, pt relaxed and fell asleep.",
        "Patient tolerated well without complaints, relaxation massage back.",
        "Patient requested and I gave a pampering full-body massage incl. back.",
        "relaxation massage to back",
        "massage to help the patient relax and unwind",
        "comfort measures provided",
        "Muscle pain. Massage for relaxation",
        "no pain, no swelling. Wellness massage",
        "relaxation massage with no adverse effects",
        "relaxation massage without complications",
        "Massage for relaxation \u{2014} \u{201c}less pain\u{201d}",
    ] {
        assert!(found(note).is_some(), "{note}");
    }
}

#[test]
fn wording_that_means_something_else() {
    for note in [
        "",
        "massage not for relaxation",
        "not intended for spa type relaxation or stress relief",
        "Massage is not a spa service, nor is it for general comfort or relaxation",
        "without any wellness, relaxation or comfort intent",
        "denies spa or wellness visits",
        "no cosmetic, relaxation or wellness services",
        "this wasn't relaxation massage",
        "w/o relaxation intent",
        "relaxation is explicitly not the goal",
        "spa or wellness services were not provided",
        "relaxation: no",
        "muscle relaxation",
        "relaxation of the upper trapezius",
        "relaxation of hypertonic muscle",
        "UT relaxation to reach overhead",
        "contract-relax stretching of hamstrings",
        "massage and relaxation in preparation for neuromuscular re-education",
        "instructed in relaxation techniques for the jaw",
        "patient in comfortable position",
        "pillow under knees for comfort",
        "patient positioned prone, bolster for patient's comfort",
        "stretch to patient comfort",
        "decreased discomfort",
        "muscle spasm",
        "axial SpA, STM to lumbar",
        "Patient states: feels relaxed, a spa day",
        "Pt. reports feeling relaxed after last visit",
        "Reports relaxation and comfort after massage",
        "She said the massage was relaxing",
        "\"so relaxing\" after STM",
        "\u{201c}so relaxing\u{201d} after STM",
        "'so relaxing' after STM",
        "S: felt relaxed. Comfort better. O: STM to neck",
        "c/o no relaxation at night",
        "Patient requests spa massage",
        "annual wellness visit scheduled",
        "relaxed stance calcaneal position 4 deg",
        "Petrissage to thoracic paraspinals; tissue relaxation noted, improved overhead reach.",
        "Pt instructed to relax and breathe",
        "Cues to relax jaw",
        "Verbal cues to relax during PROM",
        "Pt able to relax arm for PROM",
        "R QL relaxed after 3 passes",
        "Scalenes more relaxed post tx",
        "Patient unable to relax upper traps",
        "facilitate relaxation and pain relief prior to therapeutic exercise",
        "Reflexes: delayed relaxation phase",
        "reciprocal relaxation",
        "took time to relax pt before mobs",
        "patient more relaxed after session, able to bend to tie shoes",
        "pt relaxed in supine",
        "Pt works at a spa as a receptionist",
        "massage therapist at Serenity Spa",
        "hot tub/spa at gym",
        "licensed aromatherapist",
        "Employee wellness screening found HTN",
        "educated on stress reduction",
        "Rest breaks for comfort",
        "Goal: improved comfort and function with sleeping",
        "sleeps on a recliner for comfort",
        "Comfort, safety and body mechanics",
        "S/ spa massage felt nice O/ STM to neck",
        "S) enjoys massage for relaxation O) STM to neck",
        "Subjective - massage for relaxation at home. Objective - STM to neck",
        "Pt goal: to be able to relax and sleep",
        "Pt told me she relaxes on her sofa",
    ] {
        assert_eq!(found(note), None, "{note}");
    }
}

#[test]
fn maintenance_wording() {
    let found = |note: &str| said(note.as_bytes(), categories("N07")).map(|found| found.category);
    assert_eq!(found("Maintenance massage to low back"), Some("maintenance wording"));
    assert_eq!(found("Progress has plateaued."), Some("plateau wording"));
    assert_eq!(found("palliative massage"), Some("palliative wording"));
    for note in [
        "not maintenance",
        "has not plateaued",
        "tibial plateau ORIF",
        "fracture of the lateral plateau",
        "works in maintenance",
        "HEP for maintenance",
        "provocative and palliative factors",
        "patient asked for maintenance massage",
        "has not yet reached plateau",
        "Will d/c to maintenance program",
        "maintenance of neutral spine while lifting",
        "maintenance of ROM gains",
        "was previously at plateau, now improving",
        "hx of plateau w/ prior PT elsewhere",
        "plateau in ROM x2 visits; program changed",
        "Palliative: rest, heat. Provocative: sitting.",
    ] {
        assert_eq!(found(note), None, "{note}");
    }
    let NoteFault::WordsPresent { unless, .. } = fault("N07") else { panic!("words") };
    assert!(affirms(b"Skilled maintenance therapy", unless));
    assert!(affirms(b"requires the skills of a therapist", unless));
    for note in
        ["maintenance", "unskilled maintenance", "maintenance, not skilled", "skilled care not needed"]
    {
        assert!(!affirms(note.as_bytes(), unless), "{note}");
    }
}

#[test]
fn regions_as_clinicians_write_them() {
    let named = |note: &str| region::is_named(note.as_bytes()) || mentions(note.as_bytes(), words("N02"));
    for note in [
        "STM c/s",
        "STM l/s",
        "MFR to B UT",
        "B shoulders",
        "LBP",
        "L4-5",
        "C5/6 PA mobs",
        "hands",
        "low back",
        "R knee",
        "QL release",
        "ITB",
        "RTC",
        "suboccipitals",
        "BLE",
        "no neck pain",
        "hip.",
        "paraspinals",
        "PIRIFORMIS",
        "SI joint",
        "scar massage",
        "glutes",
        "plantar fascia",
        "lev scap",
        "thorax",
        "GH mobs",
        "R innominate",
        "MTP",
        "AC joint",
        "SIJ",
        "TMJ",
        "CMC",
        "PIP",
        "DIP",
        "MCP",
        "IT band",
        "QL",
        "UT",
        "SCM",
        "TFL",
        "ES",
    ] {
        assert!(named(note), "{note}");
    }
    for note in ["", "Massage, tolerated well", "15 min STM to reduce pain", "MFR and trigger point release"]
    {
        assert!(!named(note), "{note}");
    }
}

#[test]
fn techniques_as_clinicians_write_them() {
    for note in [
        "STM",
        "MFR",
        "DTM",
        "IASTM",
        "effleurage",
        "Petrissage",
        "TAPOTEMENT",
        "cross-friction",
        "x-friction massage",
        "soft tissue mobilization",
        "soft-tissue work",
        "trigger point release",
        "TrP",
        "kneading",
        "ischemic compression",
        "stroking",
        "percussion",
        "strain-counterstrain",
        "grade IV",
        "Gr. III",
        "traction",
        "MLD",
        "PROM",
        "stretching",
        "joint mobs",
        "MET",
        "PNF",
        "cupping",
        "PA glides",
    ] {
        assert!(mentions(note.as_bytes(), words("N03")), "{note}");
    }
    for note in ["", "massage", "manual therapy 15 min", "Massage to low back, tolerated well"] {
        assert!(!mentions(note.as_bytes(), words("N03")), "{note}");
    }
}

#[test]
fn goals_and_functions() {
    for note in [
        "to improve reaching overhead",
        "return to work",
        "ambulation",
        "gait",
        "stairs",
        "lifting",
        "dressing",
        "sleep",
        "ADLs",
        "unable to sit",
        "LTG 2",
        "can't turn head",
        "sit-to-stand",
        "driving",
        "functional mobility",
        "in preparation for ther ex",
        "squats for work tasks",
        "amb w/o limp",
        "amb w/o AD",
        "to chew",
        "don shoe",
        "donning",
        "shoe wear",
        "make a fist to hold a cup",
    ] {
        assert!(mentions(note.as_bytes(), words("N04")), "{note}");
    }
    for note in [
        "",
        "STM to lumbar paraspinals, tolerated well",
        "3 x 10 with red band",
        "pain 4/10, flexion 110 deg",
    ] {
        assert!(!mentions(note.as_bytes(), words("N04")), "{note}");
    }
}

/// Words of which N01 looks for some, and words that bear on them.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "relax",
        "Relaxation",
        "spa",
        "stress",
        "relief",
        "comfort",
        "full body massage",
        "not",
        "no",
        "without",
        "denies",
        "patient",
        "reports",
        "muscle",
        "and",
        "or",
        "for",
        "of",
        "the",
        ",",
        ".",
        ";",
        ":",
        "\n",
        "\"",
        "'",
        "\u{201c}",
        "\u{201d}",
        "\u{2019}",
        "S:",
        "O:",
        "5\"",
        "4/10",
        "110\u{b0}",
        "15",
        "min",
        "\u{e9}",
        "-",
        "/",
        "but",
    ])
}

fn prose() -> impl Strategy<Value = String> {
    prop::collection::vec((piece(), prop::sample::select(vec![" ", "", "  "])), 0..40)
        .prop_map(|pieces| pieces.into_iter().map(|(piece, blank)| format!("{piece}{blank}")).collect())
}

/// Puts everything that reads notes to one.
fn read_all(note: &[u8]) {
    for code in ["N01", "N07"] {
        if let Some(found) = said(note, categories(code)) {
            assert!(found.start < found.end && found.end <= note.len() && found.places > 0);
            assert!(characters(note, found.start) < characters(note, found.end));
        }
    }
    for code in ["N02", "N03", "N04"] {
        let _ = (mentions(note, words(code)), affirms(note, words(code)));
    }
    let _ = (region::is_named(note), has_objective_measure(note));
    assert_eq!(likeness(note), likeness(&note.to_ascii_uppercase()));
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    #[test]
    fn any_prose_is_read(note in prose(), cut in 0_usize..200) {
        // Also where a character is cut in two.
        read_all(&note.as_bytes()[..cut.min(note.len())]);
    }

    /// Whatever stands before and behind it in sentences of their own.
    #[test]
    fn a_denial_before_a_word_silences_it(
        before in prose(),
        behind in prose(),
        denial in prop::sample::select(vec!["not ", "no ", "without ", "never ", "not for ", "not for the purpose of ",
            "rather than ", "instead of ", "w/o ", "denies ", "isn't ", "avoid "]),
        word in prop::sample::select(vec!["relaxation massage", "spa massage", "wellness care", "stress relief",
            "pampering", "full body massage", "comfort measures", "aromatherapy", "for relaxation"]),
    ) {
        // Quotation marks and the patient's words, under a heading (`S:`, `S/`, `S)`, `S -`), would silence it anyway.
        let marks = ['"', '\'', '\u{201c}', '\u{201d}', '\u{2019}', ':', '/', ')', '-'];
        let quiet = |text: &str| text.replace(marks, " ");
        let (before, behind) = (quiet(&before), quiet(&behind));
        let places = |sentence: &str| {
            let note = format!("{before}. {sentence}; {behind}");
            said(note.as_bytes(), categories("N01")).map_or(0, |found| found.places)
        };
        let without = places("Massage");
        prop_assert_eq!(places(&format!("Massage {word}")), without + 1);
        prop_assert_eq!(places(&format!("Massage {denial}{word}")), without);
    }
}

/// Text that begins things and never ends them is the worst there is.
#[test]
fn work_grows_with_the_length_alone() {
    for piece in [
        "relax ",
        "spa, ",
        "'a ",
        "\" ' ",
        "\u{201c}a ",
        "stress ",
        "not spa ",
        "4/",
        "1.",
        "a'",
        " ",
        ".",
        "S: ",
    ] {
        let bytes = |times: usize| {
            work();
            read_all(piece.repeat(times).as_bytes());
            work()
        };
        let (short, long) = (bytes(200), bytes(3_200));
        assert!(long <= short * 17, "{piece:?}: {short} bytes looked at, of sixteen times the length {long}");
    }
}
