//! Short codes as numbers, and tables that tell them apart by one multiplication.

use serde::{Deserialize, Serialize};

/// Up to four characters as a number; 0 for none and for more, and for what ends in NUL: it is no shorter code.
#[inline]
pub(super) const fn pack(code: &[u8]) -> u32 {
    match *code {
        [.., 0] => 0,
        [a] => a as u32,
        [a, b] => u32::from_le_bytes([a, b, 0, 0]),
        [a, b, c] => u32::from_le_bytes([a, b, c, 0]),
        [a, b, c, d] => u32::from_le_bytes([a, b, c, d]),
        _ => 0,
    }
}

/// Likewise, of what stands in `bytes` from `start` to `end`: without a branch for each length.
#[inline]
pub(super) fn pack_at(bytes: &[u8], start: usize, end: usize) -> u32 {
    match (bytes.get(start..).and_then(<[u8]>::first_chunk), end.wrapping_sub(start)) {
        (Some(four), length @ 1..=4) => {
            let code = u32::from_le_bytes(*four) & (u32::MAX >> (32 - 8 * length));
            if code >> (8 * length - 8) == 0 { 0 } else { code }
        }
        (Some(_), _) => 0,
        (None, _) => pack_last(bytes, start, end),
    }
}

/// Likewise, where fewer than four bytes are left.
#[cold]
fn pack_last(bytes: &[u8], start: usize, end: usize) -> u32 {
    pack(bytes.get(start..end).unwrap_or_default())
}

/// Packed codes that one multiplication tells apart: a stretch of `Guide::slots` as long as a power of two.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(super) struct CodeTable {
    pub(super) start: u16,
    /// How much of the product is no slot; 0 for the table without codes.
    pub(super) shift: u8,
    pub(super) multiplier: u32,
}

impl CodeTable {
    /// Which of its slots the code can only stand in.
    #[inline]
    pub(super) fn slot(self, code: u32) -> usize {
        let product = code.wrapping_mul(self.multiplier);
        usize::from(self.start) + product.wrapping_shr(u32::from(self.shift)) as usize
    }
}

/// A code of a [`CodeTable`], or none: 0.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub(super) struct Slot {
    pub(super) code: u32,
    /// In the table of a `Cell`, its first row with this code; in that of the ids, the segment.
    pub(super) row: u16,
    /// The item of that row, if no other row of the cell can be meant.
    pub(super) sole: Option<u8>,
}

/// A table of these codes, with the first multiplier that tells them apart.
pub(super) fn code_table(slots: &mut Vec<Slot>, codes: &[Slot]) -> Option<CodeTable> {
    let start = slots.len();
    let start_slot = u16::try_from(start).ok()?;
    if codes.is_empty() {
        return Some(CodeTable::default());
    }
    let least = (codes.len().next_power_of_two() * 2).trailing_zeros();
    // Odd multiples of the golden ratio's bits: as good as chance, and the same every time.
    let multipliers = (0..64_u32).map(|turn| 0x9E37_79B1_u32.wrapping_mul(2 * turn + 1));
    for (bits, multiplier) in (least..16).flat_map(|bits| multipliers.clone().map(move |one| (bits, one))) {
        let table = CodeTable { start: start_slot, shift: (32 - bits) as u8, multiplier };
        slots.truncate(start);
        slots.resize(start + (1 << bits), Slot::default());
        let fits = codes.iter().all(|one| {
            let Some(slot) = slots.get_mut(table.slot(one.code)) else { return false };
            let is_free = slot.code == 0 || slot.code == one.code;
            *slot = *one;
            is_free
        });
        if fits {
            return Some(table);
        }
    }
    slots.truncate(start);
    None
}
