//! The page's style and script, and the policy that lets a browser run these and nothing else.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The style of the page.
pub const STYLE: &str = include_str!("templates/style.css");
/// The script of the page: filters, and nothing that reading or printing needs.
pub(super) const SCRIPT: &str = include_str!("templates/script.js");

/// The content security policy: no load from anywhere, no style and no script but the page's own.
pub fn policy() -> String {
    format!(
        "default-src 'none'; style-src {}; script-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(STYLE),
        hash(SCRIPT)
    )
}

/// How a policy names a style or a script that stands in its page.
pub fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_that_of_the_standard() {
        // Content Security Policy Level 3, section 8.3 uses this text.
        assert_eq!(hash("alert('Hello, world.');"), "'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
    }

    #[test]
    fn style_and_script_stand_in_the_page_as_they_are() {
        for text in [STYLE, SCRIPT] {
            assert!(!text.contains("</") && !text.contains('\r') && !text.contains("<!--"));
            for word in
                ["http:", "https:", "url(", "@import", "fetch(", "XMLHttpRequest", "innerHTML", "eval("]
            {
                assert!(!text.contains(word), "{word}");
            }
        }
    }
}
