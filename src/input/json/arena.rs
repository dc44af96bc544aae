use std::cell::{Cell, OnceCell};

/// Keeps what could not be borrowed from the unit (unescaped strings) for as long as the unit's claims.
///
/// A chain of cells, so that a new text can be added while earlier ones are borrowed.
#[derive(Default)]
pub(super) struct Arena {
    kept: OnceCell<Box<Kept>>,
}

struct Kept {
    bytes: Box<[u8]>,
    next: Arena,
}

impl Drop for Arena {
    /// Takes the chain apart link by link: dropping it as it stands would recurse once a text.
    fn drop(&mut self) {
        let mut link = self.kept.take();
        while let Some(mut kept) = link {
            link = kept.next.kept.take();
        }
    }
}

/// The end of an [`Arena`], where the next text goes.
pub(super) struct Shelf<'a> {
    end: Cell<&'a Arena>,
}

impl<'a> Shelf<'a> {
    pub(super) fn new(arena: &'a Arena) -> Shelf<'a> {
        Shelf { end: Cell::new(arena) }
    }

    /// Keeps `bytes` for the life of the arena.
    pub(super) fn keep(&self, bytes: Vec<u8>) -> &'a [u8] {
        let mut end = self.end.get();
        while let Some(kept) = end.kept.get() {
            end = &kept.next;
        }
        let kept = end.kept.get_or_init(|| Box::new(Kept { bytes: bytes.into(), next: Arena::default() }));
        self.end.set(&kept.next);
        &kept.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_texts_apart_and_lets_go_of_many() {
        let arena = Arena::default();
        let shelf = Shelf::new(&arena);
        let kept: Vec<&[u8]> = (0..200_000_u32).map(|n| shelf.keep(n.to_le_bytes().to_vec())).collect();
        assert!(kept.iter().zip(0_u32..).all(|(bytes, n)| *bytes == n.to_le_bytes()));
    }
}
