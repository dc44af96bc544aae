//! The rule book: rules, payer profiles and named lists, loaded from YAML and resolved once.
//!
//! Knows the vocabulary of [`crate::claim::Fact`] and nothing of files in or reports out: rule files come as
//! text, mistakes in them go as text.

mod bound;
mod builtin;
mod calls;
mod check;
mod choice;
mod codes;
mod demand;
mod example;
mod facets;
mod index;
mod kinds;
mod load;
mod note;
mod phrases;
mod profile;
mod rule;
mod schema;
mod selection;
mod set;
mod snip;
mod template;
#[cfg(test)]
mod tests;
mod tree;
mod weight;
mod words;

pub use bound::BoundRules;
pub use builtin::{Carried, carried, is_carried};
pub use calls::{Calls, LineCall, OpenDays};
pub use check::{
    Check, CourseCheck, DiagnosisFault, Edit, FeeFault, LimitOf, LimitOver, PairFault, ProviderCheck,
    ProviderFault, Scope, SuppressionFault, UnitTimeFlag, UnitTimeMethod,
};
pub use codes::CodeSet;
pub use example::{Example, ExamplePlace, Expect};
pub use facets::Facets;
pub use kinds::{KINDS, Kind};
// A configuration and a map of columns are YAML too, and their mistakes are shown as those of a rule file.
pub(crate) use load::{
    Located, Mistake, Nearly, Scalar, Written, did_you_mean, nearest, read_one, read_yaml, shape_mistake,
    why_foreign,
};
pub use load::{RuleErrors, RuleFile, is_rule_code, is_rule_name};
pub use note::{NoteCategory, NoteFault, NoteTechniques};
pub use phrases::Phrases;
pub use profile::{Counting, FilingLimit, MemberIdShape, Profile, VisitLimit, VisitPeriod};
pub use rule::{Amount, ImpactSpec, Outcome, Rule};
pub use schema::{claim_line_schema, rule_file_schema};
pub use selection::{Complaint, Selection, Word};
pub use set::{RuleSet, UnknownSelector};
pub use snip::{SnipType, SnipTypes};
pub use template::{Piece, fill, pieces};
pub use tree::{Pattern, Subject, Test, Tree};
pub use weight::{Policy, Said, Special, Weighed, Weight, Whose, Wish};
