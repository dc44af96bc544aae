use wide::u8x16;

/// Bytes looked at in one go.
pub(super) const BLOCK: usize = 64;

/// Where in the 64 bytes at `at` separators of either kind stand, and where terminators alone do, as bits from the
/// lowest.
#[inline]
pub(super) fn scan(bytes: &[u8], at: usize, element: u8, terminator: u8) -> (u64, u64) {
    let rest = bytes.get(at..).unwrap_or_default();
    if let Some(block) = rest.first_chunk::<BLOCK>() {
        return scan_block(block, element, terminator);
    }
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    let (separators, terminators) = scan_block(&block, element, terminator);
    let known = (1_u64 << rest.len()) - 1;
    (separators & known, terminators & known)
}

#[inline]
fn scan_block(block: &[u8; BLOCK], element: u8, terminator: u8) -> (u64, u64) {
    let (element, terminator) = (u8x16::splat(element), u8x16::splat(terminator));
    let (quarters, _) = block.as_chunks::<16>();
    let (mut elements, mut terminators) = (0, 0);
    for (index, quarter) in quarters.iter().enumerate() {
        let lane = u8x16::new(*quarter);
        elements |= u64::from(lane.simd_eq(element).to_bitmask()) << (index * 16);
        terminators |= u64::from(lane.simd_eq(terminator).to_bitmask()) << (index * 16);
    }
    (elements | terminators, terminators)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_every_separator_and_nothing_past_the_end() {
        let text = b"NM1*85*2*CLINIC*****XX*1234567893~".repeat(5);
        for length in 0..text.len() {
            let bytes = &text[..length];
            for at in [0, 1, 17, 64, 100, 300] {
                let (separators, terminators) = scan(bytes, at, b'*', b'~');
                for bit in 0..BLOCK {
                    let byte = bytes.get(at + bit).copied();
                    let is_separator = matches!(byte, Some(b'*' | b'~'));
                    assert_eq!(separators >> bit & 1 == 1, is_separator, "{length} {at} {bit}");
                    assert_eq!(terminators >> bit & 1 == 1, byte == Some(b'~'), "{length} {at} {bit}");
                }
            }
        }
    }
}
