use super::*;
use crate::claim::{Date, MinutesSource, Note, ServiceLine, Stated, Text, TimeOfDay};

fn log(text: &str) -> SessionLog {
    session_log("sessions.csv", text.as_bytes()).expect(text)
}

fn refused(text: &str) -> String {
    session_log("sessions.csv", text.as_bytes()).expect_err(text).to_string()
}

fn line(number: u16, code: &'static [u8], day: &'static [u8]) -> ServiceLine<'static> {
    ServiceLine {
        number,
        procedure_code: Text::new(code, 100 * u64::from(number)),
        service_date: Stated::read(
            Text::new(day, 100 * u64::from(number) + 10),
            crate::claim::parse_ccyymmdd,
        ),
        ..ServiceLine::default()
    }
}

fn claim(lines: &[ServiceLine<'static>]) -> Claim<'static> {
    Claim { id: Text::new(b"C-1", 1), lines: lines.to_vec(), ..Claim::default() }
}

/// What the log makes of the claims of a run, and what it says of its rows.
fn joined<'c>(log: &'c SessionLog, claims: &'c [Claim<'c>]) -> (Vec<Option<Joined<'c>>>, Vec<String>) {
    let mut matches = Matches::new(log);
    let mut seen = Vec::new();
    claims.iter().for_each(|claim| log.see(claim, &mut seen));
    seen.reverse();
    matches.add(&seen);
    let sessions: &'c Sessions<'c> = Box::leak(Box::new(matches.settle()));
    (claims.iter().map(|claim| sessions.join(claim)).collect(), sessions.notes().to_vec())
}

const MARCH_3: &[u8] = b"20250303";
const MARCH_5: &[u8] = b"20250305";

#[test]
fn a_line_is_found_by_number_control_number_or_code() {
    let mut lines = [line(1, b"97124", MARCH_3), line(2, b"97110", MARCH_3)];
    lines[1].control_number = Text::new(b"L-2", 230);
    let claims = [claim(&lines)];
    for (head, row) in [
        ("line", "2"),
        ("line_control_number", "L-2"),
        ("procedure_code", "97110"),
        ("line,procedure_code,service_date", "2,97110,2025-03-03"),
    ] {
        let log = log(&format!("claim_id,{head},minutes\nC-1,{row},25\n"));
        let (joined, notes) = joined(&log, &claims);
        let line = &joined[0].as_ref().expect("joined").claim.lines[1];
        assert_eq!(
            (line.minutes.value, line.minutes_source),
            (Some(25), MinutesSource::SessionLog),
            "{head}"
        );
        assert_eq!(notes, [] as [String; 0]);
    }
}

#[test]
fn a_row_that_fits_nothing_is_counted_by_number() {
    let claims = [claim(&[line(1, b"97124", MARCH_3)])];
    let log = log(
        "claim_id,line,procedure_code,service_date,minutes\nC-1,2,,,25\nC-2,1,,,25\nC-1,1,97110,,25\nC-1,1,,2025-03-04,25\n\
         C-1,,97110,2025-03-04,7\nC-1,,97110,,\nC-1,1,97124,2025-03-03,25\n",
    );
    let (joined, notes) = joined(&log, &claims);
    assert_eq!(joined[0].as_ref().expect("joined").claim.lines[0].minutes.value, Some(25));
    assert_eq!(
        notes,
        ["sessions.csv: 6 of 7 rows match no claim line of this run (rows 2, 3, 4, 5, 6 and 7)"]
    );
}

#[test]
fn a_code_that_is_not_billed_is_time_of_its_day() {
    let (one, two) = (line(1, b"97110", MARCH_3), line(2, b"97110", MARCH_5));
    let text = "claim_id,procedure_code,service_date,minutes\nC-1,97140,2025-03-05,7\n";
    let (log, claims) = (log(text), [claim(&[one, two])]);
    let (found, _) = joined(&log, &claims);
    let found = found[0].as_ref().expect("joined");
    let time = found.unbilled[0];
    assert_eq!(
        (time.code.to_string().as_str(), time.date, time.minutes),
        ("97140", Date::constant(2025, 3, 5), Some(7))
    );
    assert_eq!(found.claim.lines.len(), 2);
}

#[test]
fn what_may_mean_two_lines_means_none() {
    let dated = |day| claim(&[line(1, b"97110", day)]);
    let two_days = [claim(&[line(1, b"97110", MARCH_3), line(2, b"97110", MARCH_5)])];
    let two_claims = [dated(MARCH_3), dated(MARCH_5)];
    let two_codes = [dated(MARCH_3), claim(&[line(1, b"97530", MARCH_3)])];
    let no_days = [dated(b""), dated(b"")];
    let unclear = "sessions.csv: 1 of 1 rows matches several claims or lines, and was used for none (row 2)";
    for (claims, row) in [
        (&two_days[..], "C-1,,97110,,20"),
        (&two_days[..], "C-1,,97140,,20"),
        (&two_claims[..], "C-1,1,,,20"),
        (&two_codes[..], "C-1,1,,2025-03-03,20"),
        (&two_codes[..], "C-1,,97110,2025-03-03,20"),
        (&no_days[..], "C-1,1,,,20"),
    ] {
        let log = log(&format!("claim_id,line,procedure_code,service_date,minutes\n{row}\n"));
        let (found, notes) = joined(&log, claims);
        for one in found.into_iter().flatten() {
            assert!(
                one.unbilled.iter().all(|time| time.minutes.is_none())
                    && one.claim.lines.iter().all(|line| line.minutes.value.is_none()),
                "{row}"
            );
        }
        assert_eq!(notes, [unclear], "{row}");
    }
    let mut lines = [line(1, b"97110", MARCH_3), line(2, b"97530", MARCH_3)];
    lines[0].modifiers[0] = Text::new(b"GP", 120);
    let in_two_disciplines = [claim(&lines)];
    let beside = log("claim_id,procedure_code,minutes\nC-1,97140,20\n");
    assert_eq!(joined(&beside, &in_two_disciplines).1, [unclear]);
    let log = log("claim_id,line,service_date,minutes\nC-1,1,2025-03-05,20\n");
    let (found, notes) = joined(&log, &two_claims);
    let minutes = |at: usize| found[at].as_ref().and_then(|one| one.claim.lines[0].minutes.value);
    assert_eq!((minutes(0), minutes(1), notes.len()), (None, Some(20), 0), "the date says which");
}

#[test]
fn an_original_and_its_replacement_tell_of_one_session() {
    let mut replacement = claim(&[line(1, b"97110", MARCH_3)]);
    replacement.frequency = Text::new(b"7", 5);
    let mut void = replacement.clone();
    void.frequency = Text::new(b"8", 5);
    let claims = [claim(&[line(1, b"97110", MARCH_3)]), replacement, void];
    let log = log("claim_id,line,minutes\nC-1,1,20\n");
    let (found, notes) = joined(&log, &claims);
    assert!(notes.is_empty());
    let minutes = |at: usize| found[at].as_ref().map(|one| one.claim.lines[0].minutes.value);
    assert_eq!((minutes(0), minutes(1), minutes(2)), (Some(Some(20)), Some(Some(20)), None));
    let (found, notes) = joined(&log, &claims[2..]);
    assert!(found[0].is_none(), "a void bills no session");
    assert_eq!(notes, ["sessions.csv: 1 of 1 rows matches no claim line of this run (row 2)"]);
}

#[test]
fn what_is_kept_of_claims_does_not_depend_on_their_order() {
    let of = |patient: &'static [u8]| {
        let mut one = claim(&[line(1, b"97110", MARCH_3)]);
        one.patient_id = Text::new(patient, 20);
        one
    };
    let log = log("claim_id,line,minutes\nC-1,1,20\n");
    let unclear = |patients: &[&'static [u8]]| {
        let claims: Vec<_> = patients.iter().map(|patient| of(patient)).collect();
        let (_, notes) = joined(&log, &claims);
        !notes.is_empty()
    };
    for (patients, is_unclear) in [
        ([&b"P-1"[..], b"P-1", b""], false),
        ([b"P-1", b"P-2", b""], true),
        ([b"P-1", b"", b"P-2"], true),
        ([b"", b"P-1", b"P-2"], true),
        ([b"", b"", b""], false),
    ] {
        assert_eq!(unclear(&patients), is_unclear, "{patients:?}");
    }
}

/// An account's number as the claim's, and a row a day: each claim looks at its own day's rows, however many there are.
#[test]
fn a_claim_looks_at_rows_of_its_lines_and_days_alone() {
    let days: Vec<_> =
        (1..=28).flat_map(|day| (1..=12).map(move |month| Date::constant(2025, month, day))).collect();
    let mut rows = "claim_id,line,line_control_number,procedure_code,service_date,minutes\n".to_owned();
    for day in &days {
        rows.push_str(&format!(
            "C-1,1,,,{day},20\nC-1,,L-1,,{day},21\nC-1,,,97110,{day},22\nC-1,,,97140,{day},23\n"
        ));
    }
    rows.push_str(
        &(2..900).map(|number| format!("C-1,{number},,,,24\nC-1,,L-{number},,,25\n")).collect::<String>(),
    );
    rows.push_str("C-2,1,,,,26\nC-1,,,97530,,27\n");
    let log = log(&rows);
    let looked = |claim: &Claim<'_>| log.entries_of(claim).len();
    let mut own = claim(&[line(1, b"97110", MARCH_3)]);
    assert_eq!(looked(&own), 4, "line 1, two codes of the day and one of any");
    own.lines[0].control_number = Text::new(b"L-1", 130);
    assert_eq!(looked(&own), 5);
    own.lines[0].control_number = Text::new(b"L-5", 130);
    assert_eq!(looked(&own), 5);
    own.lines.push(line(7, b"97110", MARCH_3));
    assert_eq!(looked(&own), 6, "a day that comes back is looked at once");
    own.lines[1].service_date_end = Stated::read(Text::new(MARCH_5, 720), crate::claim::parse_ccyymmdd);
    assert_eq!(looked(&own), 10, "two more days");
    own.lines[1].service_date_end = Stated::read(Text::new(b"20240101", 720), crate::claim::parse_ccyymmdd);
    assert_eq!(looked(&own), 6, "an end before the beginning");
    own.frequency = Text::new(b"8", 5);
    assert_eq!(looked(&own), 0);
    let undated = claim(&[line(1, b"97110", b"")]);
    assert_eq!(looked(&undated), 1);
    let other = Claim { id: Text::new(b"C-3", 1), lines: undated.lines.clone(), ..Claim::default() };
    assert_eq!(looked(&other), 0);
}

#[test]
fn two_names_of_one_line_are_none() {
    let claims = [claim(&[line(1, b"97110", MARCH_3)])];
    let log = log("claim_id,line,procedure_code,minutes\nC-1,1,,20\nC-1,,97110,15\n");
    let (found, notes) = joined(&log, &claims);
    assert_eq!(found[0].as_ref().expect("joined").claim.lines[0].minutes.value, None);
    assert_eq!(
        notes,
        ["sessions.csv: 2 of 2 rows match several claims or lines, and were used for none (rows 2 and 3)"]
    );
}

#[test]
fn what_the_claim_states_counts() {
    let mut own = line(1, b"97110", MARCH_3);
    own.minutes = Stated { text: Text::new(b"30", 150), value: Some(30) };
    own.minutes_source = MinutesSource::Field;
    own.region = Text::new(b"Neck", 160);
    let claims = [claim(&[own])];
    let all = "claim_id,line,minutes,start,end,region,laterality,visit,assistant_minutes\n";
    let text = format!("{all}C-1,1,30,09:00,09:30,neck,,3,5\n");
    let (log_that_agrees, other) = (log(&text), log(&format!("{all}C-1,1,45,09:00,09:45,knee,left,3,5\n")));
    let (found, notes) = joined(&log_that_agrees, &claims);
    let line = &found[0].as_ref().expect("joined").claim.lines[0];
    assert_eq!((line.minutes.value, line.minutes_source), (Some(30), MinutesSource::Field));
    assert_eq!(
        (line.start.value, line.visit.str(), line.assistant_minutes.value),
        (Some(TimeOfDay(540)), "3", Some(5))
    );
    assert!(notes.is_empty());
    let (found, notes) = joined(&other, &claims);
    let line = &found[0].as_ref().expect("joined").claim.lines[0];
    assert_eq!(
        (line.minutes.value, line.start.value, line.region.str(), line.laterality.str()),
        (Some(30), None, "Neck", "")
    );
    assert_eq!(
        notes,
        ["sessions.csv: 1 of 1 rows contradicts what the claim itself says, which counts (row 2)"]
    );
}

#[test]
fn minutes_of_the_log_go_before_those_of_a_note() {
    let mut own = line(1, b"97110", MARCH_3);
    own.minutes = Stated { text: Text::new(b"25", 150), value: Some(25) };
    own.minutes_source = MinutesSource::Note;
    let mut claims = [claim(&[own])];
    claims[0].notes.push(Note { line: 1, kind: Text::new(b"ADD", 170), text: Text::new(b"25 MIN", 175) });
    let minutes = log("claim_id,line,minutes,note\nC-1,1,30,gait belt\n");
    let (found, notes) = joined(&minutes, &claims);
    let found = &found[0].as_ref().expect("joined").claim;
    assert_eq!(
        (found.lines[0].minutes.value, found.lines[0].minutes_source),
        (Some(30), MinutesSource::SessionLog)
    );
    assert!(notes.is_empty() && found.notes.len() == 2 && found.notes[1].kind.is_absent());
    let clock = log("claim_id,line,start,end\nC-1,1,09:00,09:30\n");
    let (found, _) = joined(&clock, &claims);
    assert_eq!(found[0].as_ref().expect("joined").claim.lines[0].minutes.value, None);
}

#[test]
fn parts_of_a_session_add_up() {
    let claims = [claim(&[line(1, b"97110", MARCH_3)])];
    let log = log(
        "claim_id,line,minutes,start,end,region,note\nC-1,1,,09:00,09:15,knee,first\nC-1,1,10,13:00,13:12,knee,second\n\
         C-1,1,8,13:12,13:20,knee,\n",
    );
    let (found, notes) = joined(&log, &claims);
    let found = &found[0].as_ref().expect("joined").claim;
    let line = &found.lines[0];
    assert_eq!((line.minutes.value, line.start.value, line.end.value), (Some(33), None, None));
    assert_eq!((line.minutes.text.str(), line.region.str(), found.notes.len()), ("33", "knee", 2));
    assert!(notes.is_empty());
}

#[test]
fn a_window_shared_with_time_that_is_not_billed_is_the_visit() {
    let claims = [claim(&[line(1, b"97110", MARCH_3)])];
    let log =
        log("claim_id,procedure_code,minutes,start,end\nC-1,97110,33,09:00,09:40\nC-1,97140,7,09:00,09:40\n");
    let (found, _) = joined(&log, &claims);
    let found = found[0].as_ref().expect("joined");
    assert_eq!((found.claim.lines[0].minutes.value, found.claim.lines[0].start.value), (Some(33), None));
    assert_eq!(found.unbilled.len(), 1);
}

#[test]
fn a_claim_that_no_row_names_is_left_alone() {
    let claims = [Claim { id: Text::new(b"C-9", 1), ..Claim::default() }, Claim::default()];
    let log = log("claim_id,line,minutes\nC-1,1,20\n");
    assert!(joined(&log, &claims).0.iter().all(Option::is_none));
    assert!(SessionLog::default().is_empty());
}

#[test]
fn a_fault_is_named_by_row_and_column_without_its_contents() {
    let head =
        "claim_id,line,line_control_number,procedure_code,service_date,minutes,start,end,laterality,visit\n";
    for (rows, said) in [
        (",1,,,,20,,,,", "row 2, column claim_id: empty"),
        ("C-1,,,,,20,,,,", "row 2: names no line: line, line_control_number or procedure_code does"),
        ("C-1,1,A,,,20,,,,", "row 2: names its line twice: by line and by line_control_number"),
        ("C-1,0,,,,20,,,,", "row 2, column line: a line of the claim is expected, counted from 1"),
        ("C-1,one,,,,20,,,,", "row 2, column line: a line of the claim is expected, counted from 1"),
        (
            "C-1,,,9712,,20,,,,",
            "row 2, column procedure_code: a procedure code has five letters or digits, like 97124",
        ),
        ("C-1,1,,,3/3/2025,20,,,,", "row 2, column service_date: a date is expected, like 2025-03-03"),
        ("C-1,1,,,,20.5,,,,", "row 2, column minutes: whole minutes are expected, from 0 to 1440"),
        ("C-1,1,,,,1441,,,,", "row 2, column minutes: whole minutes are expected, from 0 to 1440"),
        ("C-1,1,,,,+5,,,,", "row 2, column minutes: whole minutes are expected, from 0 to 1440"),
        ("C-1,1,,,,,9am,,,", "row 2, column start: a time of day is expected, like 09:15"),
        ("C-1,1,,,,,,24:00,,", "row 2, column end: a time of day is expected, like 09:15"),
        ("C-1,1,,,,,,,up,", "row 2, column laterality: left, right or bilateral is expected"),
        ("C-1,1,,,,,,,,1.5", "row 2, column visit: the number of the visit is expected, like 7"),
        (
            "C-1,1,,,,20,,,,\nC-1,1,,,,20,,,,",
            "row 3: a second row for the line of row 2; the parts of one session have each a start and an end, and do \
             not overlap",
        ),
        (
            "C-1,1,,,,20,09:00,09:20,,\nC-1,1,,,,20,09:19,09:40,,",
            "row 3: a second row for the line of row 2; the parts of one session have each a start and an end, and do \
             not overlap",
        ),
    ] {
        assert_eq!(refused(&format!("{head}{rows}\n")), format!("sessions.csv: {said}"), "{rows}");
    }
}

/// Spreadsheets write whole numbers with a point.
#[test]
fn whole_minutes_may_be_written_with_a_point() {
    let claims = [claim(&[line(1, b"97110", MARCH_3)])];
    for text in ["25", "25.0", "25.00"] {
        let log = log(&format!("claim_id,line,minutes\nC-1,1,{text}\n"));
        let (found, _) = joined(&log, &claims);
        assert_eq!(found[0].as_ref().expect("joined").claim.lines[0].minutes.value, Some(25), "{text}");
    }
    for text in ["25.5", "25.", ".0", "-1.0", "1441.0", "25.0.0"] {
        let said = refused(&format!("claim_id,line,minutes\nC-1,1,{text}\n"));
        assert!(
            said.ends_with("column minutes: whole minutes are expected, from 0 to 1440"),
            "{text}: {said}"
        );
    }
}
