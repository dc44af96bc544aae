//! Names claims by a keyed hash, for reports that may not show their numbers.
//!
//! Whoever has the key can tell which claim is meant, by hashing the numbers of their own; nobody else can, and the same
//! claim has the same name in every report made with one key.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::finding::Run;

/// Bytes of a key.
const KEY: usize = 32;

/// Bytes of the hash that are kept: of a million claims, two bear the same name once in some 37 million runs.
const KEPT: usize = 8;

/// What else is hashed before the number, so that the key may serve other ends without linking them.
const PURPOSE: &[u8] = b"cleanclaim claim ref 1\0";

/// 256 bits that turn a claim's number into a name that only their holder can trace back.
#[derive(Clone)]
pub struct ClaimKey {
    bytes: [u8; KEY],
}

impl ClaimKey {
    /// A key of these bytes, which must be random.
    pub const fn new(bytes: [u8; KEY]) -> ClaimKey {
        ClaimKey { bytes }
    }

    /// Reads 64 hexadecimal digits, with white space around them. `None` for anything else.
    pub fn from_hex(text: &[u8]) -> Option<ClaimKey> {
        let digits = text.trim_ascii();
        let mut bytes = [0; KEY];
        if digits.len() != 2 * KEY {
            return None;
        }
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let digit = |at: usize| char::from(pair[at]).to_digit(16);
            *byte = (digit(0)? << 4 | digit(1)?) as u8;
        }
        Some(ClaimKey { bytes })
    }

    /// The key as 64 hexadecimal digits, to be written to its file and nowhere else.
    pub fn to_hex(&self) -> String {
        hex(&self.bytes)
    }

    /// The name of the claim that has this number: the first 16 hexadecimal digits of HMAC-SHA-256 (RFC 2104) over
    /// a word for the purpose and the number without white space around it. `None` for no number.
    pub fn reference(&self, claim_id: &str) -> Option<String> {
        let number = claim_id.trim_ascii();
        if number.is_empty() {
            return None;
        }
        // A key of any length will do for HMAC, and this one has the length of half a block.
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.bytes).ok()?;
        mac.update(PURPOSE);
        mac.update(number.as_bytes());
        let hash = mac.finalize().into_bytes();
        Some(hex(&hash[..KEPT]))
    }

    /// Names every claim of a run.
    pub fn name_claims(&self, run: &mut Run) {
        for claim in &mut run.flagged {
            claim.claim_ref = self.reference(&claim.id).unwrap_or_default();
        }
        // Findings are in the order of their claims.
        let mut last = (String::new(), String::new());
        for finding in &mut run.findings {
            if finding.claim_id != last.0 {
                last = (finding.claim_id.clone(), self.reference(&finding.claim_id).unwrap_or_default());
            }
            finding.claim_ref.clone_from(&last.1);
        }
    }
}

impl fmt::Debug for ClaimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimKey(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Finding, FlaggedClaim};

    const HEX: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    fn key() -> ClaimKey {
        ClaimKey::from_hex(HEX.as_bytes()).expect("a key")
    }

    #[test]
    fn a_key_is_64_hexadecimal_digits() {
        assert_eq!(key().to_hex(), HEX);
        assert_eq!(
            ClaimKey::from_hex(format!("  {}\r\n", HEX.to_uppercase()).as_bytes()).expect("a key").to_hex(),
            HEX
        );
        let (short, long, odd) = (&HEX[2..], format!("{HEX}00"), HEX.replace('0', "g"));
        for wrong in ["", short, &long, &odd, "é".repeat(32).as_str()] {
            assert!(ClaimKey::from_hex(wrong.as_bytes()).is_none(), "{wrong}");
        }
        assert_eq!(format!("{:?}", key()), "ClaimKey(…)");
    }

    /// By another program:
    /// `printf 'cleanclaim claim ref 1\0MAPLE-1051' | openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY | cut -c1-16`.
    #[test]
    fn the_name_is_what_openssl_gives() {
        assert_eq!(key().reference("MAPLE-1051").as_deref(), Some("43d24de6eb314094"));
        assert_eq!(key().reference(" MAPLE-1051 "), key().reference("MAPLE-1051"));
        assert_ne!(key().reference("MAPLE-1052"), key().reference("MAPLE-1051"));
        assert_ne!(ClaimKey::new([7; KEY]).reference("MAPLE-1051"), key().reference("MAPLE-1051"));
        assert_eq!(key().reference("  "), None);
    }

    #[test]
    fn every_claim_of_a_run_is_named() {
        let finding = |id: &str| Finding { claim_id: id.to_owned(), ..Finding::default() };
        let mut run = Run {
            findings: vec![finding(""), finding("A-1"), finding("A-1"), finding("A-2"), finding("")],
            flagged: vec![FlaggedClaim { id: "A-1".to_owned(), ..FlaggedClaim::default() }],
            ..Run::default()
        };
        key().name_claims(&mut run);
        let names: Vec<&str> = run.findings.iter().map(|finding| finding.claim_ref.as_str()).collect();
        let (one, two) = (key().reference("A-1").expect("a name"), key().reference("A-2").expect("a name"));
        assert_eq!(names, ["", &one, &one, &two, ""]);
        assert_eq!(run.flagged[0].claim_ref, one);
    }
}
