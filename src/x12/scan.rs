use wide::u8x16;

/// Bytes looked at in one go.
pub(super) const BLOCK: usize = 64;

/// Where in the 64 bytes at `at` separators of either kind stand, and where terminators alone do, as bits from the
/// lowest.
#[inline]
pub(super) fn scan(bytes: &[u8], at: usize, element: u8, terminator: u8) -> (u64, u64) {
    let [elements, terminators] = places_of([element, terminator], bytes, at);
    (elements | terminators, terminators)
}

/// Where in the 64 bytes at `at` each of these stands, as bits from the lowest.
#[inline]
pub(super) fn places_of<const N: usize>(wanted: [u8; N], bytes: &[u8], at: usize) -> [u64; N] {
    let rest = bytes.get(at..).unwrap_or_default();
    if let Some(block) = rest.first_chunk::<BLOCK>() {
        return places_in(block, wanted);
    }
    let mut block = [0; BLOCK];
    block[..rest.len()].copy_from_slice(rest);
    let known = (1_u64 << rest.len()) - 1;
    places_in(&block, wanted).map(|places| places & known)
}

#[inline]
fn places_in<const N: usize>(block: &[u8; BLOCK], wanted: [u8; N]) -> [u64; N] {
    let wanted = wanted.map(u8x16::splat);
    let (quarters, _) = block.as_chunks::<16>();
    let mut places = [0; N];
    for (index, quarter) in quarters.iter().enumerate() {
        let lane = u8x16::new(*quarter);
        for (places, wanted) in places.iter_mut().zip(wanted) {
            *places |= u64::from(lane.simd_eq(wanted).to_bitmask()) << (index * 16);
        }
    }
    places
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
