use std::fmt;

/// The body regions that rules compare, as a set. Names are those of the project's region table.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct Regions(u16);

/// Every region with its bit and its name, in the order they are printed.
const NAMES: [(u16, &str); 12] = [
    (1 << 0, "head"),
    (1 << 1, "cervical"),
    (1 << 2, "thoracic"),
    (1 << 3, "lumbar"),
    (1 << 4, "sacral_pelvis"),
    (1 << 5, "shoulder_upperarm"),
    (1 << 6, "elbow_forearm"),
    (1 << 7, "wrist_hand"),
    (1 << 8, "hip_thigh"),
    (1 << 9, "knee_lowerleg"),
    (1 << 10, "ankle_foot"),
    (1 << 11, "abdomen"),
];

impl Regions {
    /// No region known.
    pub const NONE: Regions = Regions(0);

    /// The region of this name (`lumbar`, `knee_lowerleg` …).
    pub fn named(name: &str) -> Option<Regions> {
        NAMES.iter().find(|(_, known)| *known == name).map(|&(bit, _)| Regions(bit))
    }

    /// Every region name, in printing order.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|&(_, name)| name)
    }

    /// The set as bits, to be kept in a record.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// The set of these [`Self::bits`].
    pub const fn from_bits(bits: u16) -> Regions {
        Regions(bits)
    }

    /// Whether no region is known.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether just one region is known.
    pub const fn is_one(self) -> bool {
        self.0.is_power_of_two()
    }

    /// The regions in both sets.
    #[must_use]
    pub const fn intersection(self, other: Regions) -> Regions {
        Regions(self.0 & other.0)
    }

    /// The regions in either set.
    #[must_use]
    pub const fn union(self, other: Regions) -> Regions {
        Regions(self.0 | other.0)
    }

    /// Whether the sets share a region.
    pub const fn meets(self, other: Regions) -> bool {
        self.0 & other.0 != 0
    }
}

impl fmt::Display for Regions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for (bit, name) in NAMES {
            if self.0 & bit != 0 {
                if !first {
                    f.write_str(", ")?;
                }
                f.write_str(&name.replace('_', "/"))?;
                first = false;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Regions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{self}}}")
    }
}

/// One side of the body.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The patient's left.
    Left,
    /// The patient's right.
    Right,
}

/// The sides a service touched, as far as known. Empty means unknown or midline.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug, Hash)]
pub struct Sides(u8);

impl Sides {
    /// No side known.
    pub const NONE: Sides = Sides(0);

    /// The set as bits, to be kept in a record.
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// The set of these [`Self::bits`].
    pub const fn from_bits(bits: u8) -> Sides {
        Sides(bits)
    }

    /// The set with `side` in it.
    #[must_use]
    pub const fn with(self, side: Side) -> Sides {
        Sides(
            self.0
                | match side {
                    Side::Left => 1,
                    Side::Right => 2,
                },
        )
    }

    /// The sides in either set.
    #[must_use]
    pub const fn union(self, other: Sides) -> Sides {
        Sides(self.0 | other.0)
    }

    /// Whether both sets are known and share no side: a known left/right conflict.
    pub const fn conflicts(self, other: Sides) -> bool {
        self.0 != 0 && other.0 != 0 && self.0 & other.0 == 0
    }
}

/// Where a line's region was read from; the first that is known wins.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash)]
#[repr(u8)]
pub enum RegionSource {
    /// The `region` fact of the line.
    Explicit,
    /// Words in the line's note.
    Note,
    /// The diagnoses the line points to. Counts as unknown for severity.
    Diagnosis,
    /// A left or right modifier: a side without a region. Counts as unknown for severity.
    Modifier,
    /// Nothing says.
    #[default]
    Unknown,
}

/// What is known about where on the body a line's service was done.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Hash)]
pub struct Resolved {
    /// The regions.
    pub regions: Regions,
    /// The sides.
    pub sides: Sides,
    /// Who says so.
    pub source: RegionSource,
}

impl Resolved {
    /// Whether the record itself names the region (explicit or note), as severity asks.
    pub fn is_known(&self) -> bool {
        matches!(self.source, RegionSource::Explicit | RegionSource::Note) && !self.regions.is_empty()
    }

    /// Whether the two are one region: the sets meet and no left/right conflict is known.
    pub fn same_as(&self, other: &Resolved) -> bool {
        self.regions.meets(other.regions) && !self.sides.conflicts(other.sides)
    }
}
