/// Reads a size: `4096`, `64KB`, `256MB` (powers of 1,000), `4KiB`, `1GiB` (powers of 1,024).
///
/// # Errors
/// What is expected, where the text is no size or one past 64 bits.
pub(super) fn byte_size(text: &str) -> Result<u64, String> {
    let wanted = || "a size is written like 256MB or 1GiB".to_owned();
    let digits = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "kb" | "k" => 1_000,
        "mb" | "m" => 1_000_000,
        "gb" | "g" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err(wanted()),
    };
    number.parse::<u64>().ok().and_then(|number| number.checked_mul(factor)).ok_or_else(wanted)
}

/// Writes a size so that [`byte_size`] reads it again: `256MB`, `1GiB`, `4097`.
pub(super) fn size_text(bytes: u64) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
    let whole = units.iter().find(|(factor, _)| bytes > 0 && bytes.is_multiple_of(*factor));
    whole.map_or_else(|| bytes.to_string(), |(factor, unit)| format!("{}{unit}", bytes / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_written_as_they_are_read() {
        for text in ["256MB", "1GiB", "64KB", "4097", "0", "3MiB"] {
            assert_eq!(byte_size(text).map(size_text).as_deref(), Ok(text));
        }
    }

    #[test]
    fn sizes() {
        for (text, bytes) in
            [("4096", 4096), ("256MB", 256_000_000), ("1GiB", 1 << 30), ("4 kib", 4096), ("0", 0)]
        {
            assert_eq!(byte_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "MB", "1.5GB", "-1", "1TB", "99999999999GiB"] {
            assert!(byte_size(text).is_err(), "{text}");
        }
    }
}
