//! Faults that only the bytes of an 837P can have.

/// The text with one thing replaced, which must be there once.
fn replaced(text: &str, old: &str, new: &str) -> String {
    assert_eq!(text.matches(old).count(), 1, "{old} in {text}");
    text.replace(old, new)
}

/// SE01 as it must be after segments came or went.
fn recounted(text: &str) -> String {
    let segments = text.split('~').map(str::trim);
    let count =
        segments.skip_while(|one| !one.starts_with("ST*")).take_while(|one| !one.starts_with("GE*")).count();
    let start = text.find("SE*").expect("a trailer") + 3;
    let end = start + text[start..].find('*').expect("a count");
    format!("{}{count}{}", &text[..start], &text[end..])
}

pub fn groups_miscounted(text: &str) -> String {
    replaced(text, "IEA*1*", "IEA*2*")
}

pub fn interchange_ends_as_another(text: &str) -> String {
    let start = text.find("IEA*1*").expect("a trailer") + 6;
    format!("{}000000999~\n", &text[..start])
}

pub fn segments_miscounted(text: &str) -> String {
    let start = text.find("SE*").expect("a trailer") + 3;
    format!("{}9{}", &text[..start], &text[start..])
}

pub fn sets_miscounted(text: &str) -> String {
    replaced(text, "GE*1*1", "GE*2*1")
}

pub fn a_level_left_out(text: &str) -> String {
    replaced(text, "HL*2*1*22", "HL*3*1*22")
}

pub fn a_level_of_nobody(text: &str) -> String {
    replaced(text, "HL*2*1*22", "HL*2*9*22")
}

pub fn a_date_twice(text: &str) -> String {
    let start = text.find("DTP*472").expect("a date of service");
    let end = start + text[start..].find('\n').expect("a line") + 1;
    recounted(&format!("{}{}{}", &text[..start], &text[start..end], &text[start..]))
}

pub fn no_address(text: &str) -> String {
    recounted(&replaced(text, "N3*1 INVENTED WAY~\n", ""))
}

pub fn separators_behind_a_number(text: &str) -> String {
    let start = text.find("REF*6R*").expect("the number of a line");
    let end = start + text[start..].find('~').expect("its end");
    format!("{}**{}", &text[..end], &text[end..])
}

pub fn a_separator_behind_an_address(text: &str) -> String {
    replaced(text, "N3*1 INVENTED WAY~", "N3*1 INVENTED WAY*~")
}

pub fn an_assignment_of_no_kind(text: &str) -> String {
    replaced(text, "*Y*A*Y*Y", "*Y*X*Y*Y")
}

pub fn a_name_missing(text: &str) -> String {
    let start = text.find("NM1*IL*1*").expect("a subscriber") + 9;
    let end = start + text[start..].find('*').expect("a name");
    format!("{}{}", &text[..start], &text[end..])
}

pub fn a_wife_on_her_husbands_medicare(text: &str) -> String {
    let text = replaced(text, "*22*0~", "*22*1~");
    let text = replaced(&text, "SBR*P*18*******MB~", "SBR*P********MB~");
    let patient = "HL*3*2*23*0~\nPAT*01~\nNM1*QC*1*ALPHA*BEA~\nN3*2 NOWHERE LANE~\nN4*BIRMINGHAM*AL*35203~\n\
                   DMG*D8*19420401*F~\nCLM*";
    recounted(&replaced(&text, "CLM*", patient))
}
