//! The model that every rule sees: one claim, its service lines, its people and its payer.
//!
//! Everything borrows from the unit of input it was read from, and every [`Text`] knows where it stood. This
//! module does no input or output and knows no file format: an 837P claim and a JSON claim look the same here.

mod code;
mod course;
mod date;
mod fact;
mod facts;
mod form;
mod lookup;
mod model;
mod money;
mod provider;
mod quantity;
mod region;
mod text;

pub use code::{DiagnosisCode, Modifier, Modifiers, ProcedureCode};
pub use course::{CourseFact, ProviderKey, UNKNOWN};
pub use date::{Date, TimeOfDay, parse_ccyymmdd, parse_iso_date};
pub use fact::{Fact, FactKind, Level};
pub use facts::{
    ClaimFact, DayKey, LineFact, MinutesSource, key_of, npi_of, provider_key, provider_of_claim,
};
pub use form::{is_control_number, is_field_name};
pub use lookup::{LineRef, Value};
pub use model::{
    Adjudication, Adjustments, Claim, DateFact, Diagnosis, MINUTES_BASIS, Money, Note, OtherPayer, Payer,
    Person, Reference, ServiceLine, Stated, Submission,
};
pub use money::Cents;
pub use provider::{Discipline, Provider, Role, TherapyGroup};
pub use quantity::{Minutes, Units};
pub use region::{RegionSource, Regions, Resolved, Side, Sides};
pub use text::{Span, Text};
