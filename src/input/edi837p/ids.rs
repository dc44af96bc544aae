use crate::x12::Id;

macro_rules! ids {
    ($($name:ident)+) => {
        $(pub(super) const $name: Id = Id::new(stringify!($name).as_bytes());)+

        /// Every segment an 837P may hold.
        pub(super) const KNOWN: &[Id] = &[$($name,)+];
    };
}

ids! {
    ISA GS ST BHT NM1 N3 N4 PER REF HL PRV CUR SBR PAT DMG CLM DTP PWK CN1 AMT K3 NTE CR1 CR2 CR3 CRC HI HCP OI MOA
    MIA CAS LX SV1 SV2 SV3 SV5 QTY MEA PS1 LIN CTP SVD LQ FRM SE GE IEA TA1
}
