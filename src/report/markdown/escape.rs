/// Text that Markdown and HTML leave alone, in a paragraph or in the cell of a table.
///
/// Besides what would be markup, `@` and `#` are broken up: they would call people and link to issues.
pub(in crate::report) fn text(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len() + 8);
    let mut before = ' ';
    for letter in plain.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\n' | '\r' | '\t' => out.push(' '),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' | '$' => {
                out.push('\\');
                out.push(letter);
            }
            // Inside a word an underscore is one.
            '_' if !before.is_alphanumeric() => out.push_str("\\_"),
            // A scheme would make a link of what follows.
            '/' if before == '/' => out.push_str("&#47;"),
            _ => out.push(letter),
        }
        before = letter;
    }
    out
}

/// Text inside of HTML, where Markdown means nothing.
pub(super) fn html(plain: &str) -> String {
    let mut out = String::with_capacity(plain.len() + 8);
    for letter in plain.chars() {
        match letter {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '@' => out.push_str("&#64;"),
            '#' => out.push_str("&#35;"),
            '\n' | '\r' | '\t' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

/// The same in code font: no markup but the backtick means anything there, and a bar would end a cell.
pub(super) fn code(plain: &str) -> String {
    let safe: String = plain
        .chars()
        .map(|letter| match letter {
            '`' => '\'',
            '\n' | '\r' | '\t' => ' ',
            other => other,
        })
        .collect();
    let safe = safe.trim();
    if safe.is_empty() { String::new() } else { format!("`{}`", safe.replace('|', "\\|")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_claim_is_markup() {
        assert_eq!(text("a|b `c` <img src=x> @all #1"), "a\\|b \\`c\\` &lt;img src=x&gt; &#64;all &#35;1");
        assert_eq!(text("[x](http://y) *z* __w__ a_b"), "\\[x\\](http:/&#47;y) \\*z\\* \\_\\_w_\\_ a_b");
        assert_eq!(text("two\nlines"), "two lines");
        assert_eq!(code("a`b|c"), "`a'b\\|c`");
        assert_eq!(code(" "), "");
    }
}
