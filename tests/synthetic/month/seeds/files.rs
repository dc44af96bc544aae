//! The bytes of an 837P.

use super::super::files;
use super::super::seed::{Plant, Seed, file};

pub const SEEDS: &[Seed] = &[
    file("X01", Plant::File(files::groups_miscounted)),
    file("X01", Plant::File(files::interchange_ends_as_another)),
    file("X02", Plant::File(files::segments_miscounted)),
    file("X02", Plant::File(files::sets_miscounted)),
    file("X03", Plant::File(files::a_level_left_out)),
    file("X03", Plant::File(files::a_level_of_nobody)),
    file("X04", Plant::FileOfClaim(files::a_date_twice, 1)),
    file("X04", Plant::File(files::no_address)),
    file("X05", Plant::FileOfClaim(files::an_assignment_of_no_kind, 0)),
    file("X05", Plant::File(files::a_name_missing)),
    file("X18", Plant::FileOfClaim(files::separators_behind_a_number, 1)),
    file("X18", Plant::File(files::a_separator_behind_an_address)),
    file("X15", Plant::FileOfClaim(files::a_wife_on_her_husbands_medicare, 0)),
    file("X15", Plant::FileOfClaim(files::a_wife_on_her_husbands_medicare, 0)),
];
