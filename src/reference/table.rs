use crate::claim::Date;
use crate::store::TableText;

/// Sorted rows of one width, searched as they stand in the file: compiled in, or of an imported table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table<'t> {
    /// Empty for an imported table: what it says of itself stands in the store's manifest.
    head: &'static str,
    rows: &'t [u8],
    width: usize,
}

/// What a table of the program says about itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct BuiltinHead {
    /// `mpfs`, `ncci-ptp` …
    pub(super) name: &'static str,
    /// The publisher's name for the release, such as `RVU25D`.
    pub(super) release: &'static str,
    /// From when to when it holds.
    pub(super) effective: &'static str,
    /// Who published it, or how it was derived.
    pub(super) source: &'static str,
    /// Number of rows.
    pub(super) rows: usize,
}

impl<'t> From<TableText<'t>> for Table<'t> {
    fn from(text: TableText<'t>) -> Table<'t> {
        Table { head: "", rows: text.rows, width: text.width }
    }
}

impl Table<'static> {
    /// Splits a table file into head and rows. A row of another width fails the build.
    pub(super) const fn new(text: &'static str) -> Table<'static> {
        let bytes = text.as_bytes();
        let mut start = 0;
        while start < bytes.len() && bytes[start] == b'#' {
            while bytes[start] != b'\n' {
                start += 1;
            }
            start += 1;
        }
        let (head, _) = text.split_at(start);
        let (_, rows) = bytes.split_at(start);
        let mut width = 1;
        while rows[width - 1] != b'\n' {
            width += 1;
        }
        assert!(rows.len().is_multiple_of(width), "a table row has another width than the first");
        Table { head, rows, width }
    }

    /// What the `#` lines say.
    pub(super) fn head(&self) -> BuiltinHead {
        head_of(self.head, self.len())
    }
}

impl<'t> Table<'t> {
    /// The number of rows.
    pub(super) const fn len(&self) -> usize {
        self.rows.len() / self.width
    }

    /// The first two fields of row `index`, which are codes of five letters and digits.
    pub(super) const fn codes(&self, index: usize) -> [[u8; 5]; 2] {
        let mut codes = [[0; 5]; 2];
        let mut at = 0;
        while at < 10 {
            codes[at / 5][at % 5] = self.rows[index * self.width + at + at / 5];
            at += 1;
        }
        codes
    }

    /// Row `index`, or an empty row past the end.
    pub(super) fn row(&self, index: usize) -> Row<'t> {
        let start = index * self.width;
        Row(self.rows.get(start..start + self.width - 1).unwrap_or_default())
    }

    /// Every row, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = Row<'t>> + use<'t> {
        let table = *self;
        (0..table.len()).map(move |index| table.row(index))
    }

    /// The rows that begin with `key`, in order.
    pub(super) fn starting_with<'k>(&self, key: &'k [u8]) -> impl Iterator<Item = Row<'t>> + use<'k, 't> {
        let table = *self;
        (table.partition(|row| row < key)..table.len())
            .map(move |index| table.row(index))
            .take_while(move |row| row.0.starts_with(key))
    }

    /// The only row that begins with `key`, or the first of several; none for an empty key.
    pub(super) fn find(&self, key: &[u8]) -> Option<Row<'t>> {
        let row = self.row(self.partition(|row| row < key));
        (!key.is_empty() && row.0.starts_with(key)).then_some(row)
    }

    /// The last row whose first bytes are not after `key`.
    pub(super) fn last_up_to(&self, key: &[u8]) -> Option<Row<'t>> {
        self.partition(|row| row.get(..key.len()).is_some_and(|start| start <= key))
            .checked_sub(1)
            .map(|index| self.row(index))
    }

    fn partition(&self, before: impl Fn(&[u8]) -> bool) -> usize {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            if before(self.row(middle).0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

/// What the `#` lines of a table of so many rows say.
pub(super) fn head_of(head: &'static str, rows: usize) -> BuiltinHead {
    let stated = |name: &str| {
        head.lines()
            .find_map(|line| line.strip_prefix("# ")?.strip_prefix(name)?.strip_prefix(": "))
            .unwrap_or_default()
    };
    BuiltinHead {
        name: stated("table"),
        release: stated("release"),
        effective: stated("effective"),
        source: stated("source"),
        rows,
    }
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'t>(&'t [u8]);

impl<'t> Row<'t> {
    /// Field `index`, counted from 0, without the blanks that pad it.
    pub(super) fn field(self, index: usize) -> &'t [u8] {
        self.0.split(|&byte| byte == b'\t').nth(index).unwrap_or_default().trim_ascii()
    }

    /// The first fields, each as a row of its own: for who wants most of them, and looks at the row once.
    pub(super) fn apart<const N: usize>(self) -> [Row<'t>; N] {
        let mut fields = self.0.split(|&byte| byte == b'\t');
        [(); N].map(|()| Row(fields.next().unwrap_or_default()))
    }

    /// Whether the first two fields are these codes.
    pub(super) fn starts_with_codes(self, first: &[u8; 5], second: &[u8; 5]) -> bool {
        self.0.get(..5) == Some(first) && self.0.get(6..11) == Some(second)
    }

    /// Field `index` as text.
    pub(super) fn text(self, index: usize) -> &'t str {
        std::str::from_utf8(self.field(index)).unwrap_or_default()
    }

    /// The first byte of field `index`; 0 for an empty field.
    pub(super) fn letter(self, index: usize) -> u8 {
        self.field(index).first().copied().unwrap_or(0)
    }

    /// The digits of field `index` as one number, points passed over: `29.76` is 2976. `None` without digits.
    pub(super) fn digits(self, index: usize) -> Option<u32> {
        let field = self.field(index);
        field.iter().any(u8::is_ascii_digit).then(|| {
            field
                .iter()
                .filter(|byte| byte.is_ascii_digit())
                .fold(0, |number: u32, byte| number.saturating_mul(10).saturating_add(u32::from(byte - b'0')))
        })
    }
}

/// A date as the tables write it: `20250303`.
pub(super) fn ccyymmdd(date: Date) -> u32 {
    u32::from(date.year().unsigned_abs()) * 10_000
        + u32::from(date.month().unsigned_abs()) * 100
        + u32::from(date.day().unsigned_abs())
}

/// A date as the bytes that tables write.
pub(super) fn day_key(date: Date) -> [u8; 8] {
    let day = ccyymmdd(date);
    [10_000_000, 1_000_000, 100_000, 10_000, 1000, 100, 10, 1].map(|place| b'0' + (day / place % 10) as u8)
}

/// A year as the tables write it.
pub(super) fn year_key(date: Date) -> [u8; 4] {
    let year = date.year().unsigned_abs();
    [1000, 100, 10, 1].map(|place| b'0' + (year / place % 10) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SMALL: Table<'static> =
        Table::new("# table: small\n# release: R1\n20200501\t 0.5\n20220401\t10.0\n20220701\t 2.0\n");

    #[test]
    fn rows_are_found_by_the_start_of_their_text() {
        assert_eq!(SMALL.len(), 3);
        assert_eq!(SMALL.find(b"20220401").and_then(|row| row.digits(1)), Some(100));
        assert_eq!(SMALL.find(b"2021").map(|row| row.field(0)), None);
        assert_eq!(SMALL.starting_with(b"2022").count(), 2);
        assert_eq!(SMALL.starting_with(b"2023").count(), 0);
        assert_eq!(SMALL.last_up_to(b"20220630").and_then(|row| row.digits(1)), Some(100));
        assert_eq!(SMALL.last_up_to(b"20990101").and_then(|row| row.digits(1)), Some(20));
        assert!(SMALL.last_up_to(b"20200430").is_none());
        let apart = SMALL.find(b"2020").map(|row| row.apart::<3>().map(|one| (one.field(0), one.digits(0))));
        assert_eq!(apart, Some([(&b"20200501"[..], Some(20_200_501)), (b"0.5", Some(5)), (b"", None)]));
        assert_eq!((SMALL.head().name, SMALL.head().release), ("small", "R1"));
    }

    #[test]
    fn dates_as_the_tables_write_them() {
        assert_eq!(ccyymmdd(Date::constant(2025, 3, 3)), 20_250_303);
        assert_eq!(&day_key(Date::constant(2025, 12, 3)), b"20251203");
        assert_eq!(&year_key(Date::constant(2025, 3, 3)), b"2025");
    }

    #[test]
    fn every_table_is_sorted_ends_its_lines_and_repeats_no_row() {
        let tables = [
            super::super::fee::TABLES.as_slice(),
            super::super::locality::TABLES.as_slice(),
            super::super::ncci::TABLES.as_slice(),
            super::super::mue::TABLES.as_slice(),
            super::super::diagnosis::TABLES.as_slice(),
            super::super::place::TABLES.as_slice(),
            super::super::policy::TABLES.as_slice(),
            super::super::payment_modifier::TABLES.as_slice(),
        ]
        .concat();
        for table in tables {
            let name = table.head().name;
            assert!(table.rows.chunks(table.width).all(|row| row.last() == Some(&b'\n')), "{name}");
            let tabs = |row: Row<'_>| row.0.iter().filter(|&&byte| byte == b'\t').count();
            assert!(table.iter().all(|row| tabs(row) == tabs(table.row(0))), "{name}");
            assert!(table.rows.chunks(table.width).is_sorted_by(|one, next| one < next), "{name}");
        }
    }
}
