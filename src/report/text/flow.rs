use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns a text takes on a terminal.
pub(super) fn columns(text: &str) -> usize {
    text.width()
}

/// Columns a character takes; none for combining marks.
pub(super) fn columns_of(character: char) -> usize {
    character.width().unwrap_or(0)
}

/// Breaks prose at its spaces: `first` columns for the first line, `rest` for the others. A word that is longer
/// than its line is broken too, so that no line runs over.
pub(super) fn wrap(text: &str, first: usize, rest: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut used = 0;
    for word in text.split_whitespace() {
        let room = |lines: &Vec<String>| if lines.is_empty() { first.max(1) } else { rest.max(1) };
        let wide = columns(word);
        if !line.is_empty() && used + 1 + wide > room(&lines) {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        if !line.is_empty() {
            line.push(' ');
            used += 1;
        }
        if wide <= room(&lines) {
            line.push_str(word);
            used += wide;
            continue;
        }
        for character in word.chars() {
            let wide = columns_of(character);
            if used + wide > room(&lines) && !line.is_empty() {
                lines.push(std::mem::take(&mut line));
                used = 0;
            }
            line.push(character);
            used += wide;
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_keep_to_their_width() {
        assert_eq!(wrap("one two three four", 7, 10), ["one two", "three four"]);
        assert_eq!(wrap("abcdefghij kl", 4, 6), ["abcd", "efghij", "kl"]);
        assert_eq!(wrap("", 4, 4), [""]);
        assert_eq!(wrap("推拿 推拿", 5, 5), ["推拿", "推拿"]);
    }
}
