//! What a browser calls a file, as reports may call it: a label and no path.

/// Characters of a label at most.
const LONGEST: usize = 120;

/// The label for a name. What leads to other folders is left out, as RFC 7578 section 4.2 advises, and so are characters
/// that a terminal or a reader's eye would obey; a long name loses its middle and keeps its ending.
pub(super) fn label(name: &str) -> String {
    // Browsers write these three so in the header of a part (HTML, "multipart/form-data encoding algorithm").
    let name = name.replace("%22", "\"").replace("%0D", "").replace("%0A", "");
    let last = name.rsplit(['/', '\\']).next().unwrap_or("");
    let shown: Vec<char> = last.chars().filter(|one| !one.is_control() && !is_unseen(*one)).collect();
    let text: String = match shown.len() {
        0..=LONGEST => shown.iter().collect(),
        long => {
            let (start, end) = (&shown[..LONGEST - 21], &shown[long - 20..]);
            start.iter().chain(&['…']).chain(end).collect()
        }
    };
    match text.trim() {
        "" | "." | ".." => "file".to_owned(),
        text => text.to_owned(),
    }
}

/// A label that none of `others` is.
pub(super) fn distinct<'o>(label: String, others: impl Iterator<Item = &'o str> + Clone) -> String {
    let is_taken = |name: &str| others.clone().any(|other| other == name);
    if !is_taken(&label) {
        return label;
    }
    let (stem, ending) = label.rsplit_once('.').map_or((label.as_str(), ""), |(stem, ending)| (stem, ending));
    let dot = if ending.is_empty() { "" } else { "." };
    let mut numbered = (2_u32..).map(|number| format!("{stem} ({number}){dot}{ending}"));
    numbered.find(|name| !is_taken(name)).unwrap_or(label)
}

/// Marks of direction, and what has no width.
const fn is_unseen(one: char) -> bool {
    matches!(one, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_label() {
        for (name, expected) in [
            ("day.837", "day.837"),
            ("../../etc/passwd", "passwd"),
            ("C:\\claims\\day.837", "day.837"),
            ("/", "file"),
            ("..", "file"),
            ("", "file"),
            ("a\0b\r\n\u{1b}[31m.837", "ab[31m.837"),
            ("txt.\u{202e}exe", "txt.exe"),
            ("<b>%22'&%2F.csv", "<b>\"'&%2F.csv"),
            ("päckchen 日.csv", "päckchen 日.csv"),
        ] {
            assert_eq!(label(name), expected, "{name:?}");
        }
        let long = label(&format!("{}.837", "é".repeat(500)));
        assert_eq!(long.chars().count(), LONGEST);
        assert!(long.ends_with("é.837") && long.contains('…'));
    }

    #[test]
    fn two_files_of_one_name_are_told_apart() {
        let taken = ["day.837", "day (2).837", "plain"];
        let name = |label: &str| distinct(label.to_owned(), taken.iter().copied());
        assert_eq!(name("day.837"), "day (3).837");
        assert_eq!(name("plain"), "plain (2)");
        assert_eq!(name("other"), "other");
    }
}
