use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::stated::{InFile, Refused, Stated, Words};
use crate::rules::{Scalar, Weight};

/// From which severity on a run fails.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Errors.
    Error,
    /// Warnings and errors.
    Warning,
    /// Any finding.
    Info,
    /// No finding.
    Never,
}

/// What reports mask.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Redact {
    /// Names, addresses, ids, birth dates and notes.
    Default,
    /// Claim numbers and dates of service too.
    Full,
}

/// What is said of one payer.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Payer {
    /// Run only these of the rules in force on this payer's claims: codes, families, names or packs.
    pub select: Option<Stated<Words>>,
    /// Leave these rules out on this payer's claims.
    pub ignore: Option<Stated<Words>>,
    /// What rules weigh on this payer's claims: error, warning, info or off.
    pub severity: BTreeMap<Stated<String>, Stated<Weight>>,
}

impl InFile for Payer {
    fn set_file(&mut self, file: usize) {
        self.select.set_file(file);
        self.ignore.set_file(file);
        self.severity.set_file(file);
    }
}

impl Payer {
    fn over(self, base: Payer) -> Payer {
        Payer {
            select: self.select.or(base.select),
            ignore: self.ignore.or(base.ignore),
            severity: over(self.severity, base.severity),
        }
    }
}

/// A mapping of which each key of `own` stands for that of `base`.
fn over<T>(
    own: BTreeMap<Stated<String>, T>,
    base: BTreeMap<Stated<String>, T>,
) -> BTreeMap<Stated<String>, T> {
    let base = base.into_iter().filter(|(key, _)| !own.contains_key(key)).collect::<Vec<_>>();
    own.into_iter().chain(base).collect()
}

/// Defines the keys of a configuration, and how those of a file go over those of the files that it extends: `one` stands for
/// the other, `more` is added to it.
macro_rules! keys {
    ($($(#[$attribute:meta])* $manner:ident $key:ident: $kind:ty,)*) => {
        /// Keep what you would otherwise type for every run of `cleanclaim check`. Paths are relative to this file.
        #[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
        #[schemars(title = "cleanclaim.yaml")]
        pub struct Keys {
            $($(#[$attribute])* pub $key: Option<Stated<$kind>>,)*
            /// What rules weigh: a code, family, name or pack with error, warning, info or off. The closest word decides.
            pub severity: BTreeMap<Stated<String>, Stated<Weight>>,
            /// What is different for single payers, by the name of their profile or by payer id.
            pub payers: BTreeMap<Stated<String>, Payer>,
            #[schemars(skip)]
            pub(super) show_phi: Option<Stated<Refused>>,
            #[schemars(skip)]
            pub(super) show_phi_in_ci: Option<Stated<Refused>>,
            #[schemars(skip)]
            pub(super) as_of: Option<Stated<Refused>>,
        }

        impl InFile for Keys {
            fn set_file(&mut self, file: usize) {
                $(self.$key.set_file(file);)*
                self.severity.set_file(file);
                self.payers.set_file(file);
                self.show_phi.set_file(file);
                self.show_phi_in_ci.set_file(file);
                self.as_of.set_file(file);
            }
        }

        impl Keys {
            /// These over those of a file that is extended.
            pub(super) fn over(self, mut base: Keys) -> Keys {
                // Two words on one price: the one that is stated here displaces the other.
                if self.locality.is_some() {
                    base.price_by_zip = None;
                } else if self.price_by_zip.as_ref().is_some_and(|by_zip| by_zip.value) {
                    base.locality = None;
                }
                let mut payers = BTreeMap::new();
                for (name, own) in self.payers {
                    // Upper and lower case are one in profiles and in payer ids.
                    let is_same = |known: &&Stated<String>| known.value.eq_ignore_ascii_case(&name.value);
                    let known = base.payers.keys().find(is_same).cloned();
                    let payer = match known.and_then(|known| base.payers.remove(&known)) {
                        Some(base) => own.over(base),
                        None => own,
                    };
                    payers.insert(name, payer);
                }
                payers.extend(base.payers);
                Keys {
                    show_phi: None,
                    show_phi_in_ci: None,
                    as_of: None,
                    $($key: manner::$manner(self.$key, base.$key),)*
                    severity: over(self.severity, base.severity),
                    payers,
                }
            }
        }

        /// Every key, for telling a configuration from other files.
        pub(super) const NAMES: &[&str] = &[$(stringify!($key),)* "severity", "payers", "show_phi", "show_phi_in_ci", "as_of"];
    };
}

mod manner {
    use super::{Stated, Words};

    pub(super) fn one<T>(own: Option<Stated<T>>, base: Option<Stated<T>>) -> Option<Stated<T>> {
        own.or(base)
    }

    pub(super) fn more(own: Option<Stated<Words>>, base: Option<Stated<Words>>) -> Option<Stated<Words>> {
        match (own, base) {
            (Some(own), Some(mut base)) => {
                base.value.0.extend(own.value.0);
                Some(Stated { value: base.value, ..own_place(own.file, own.at) })
            }
            (own, base) => own.or(base),
        }
    }

    fn own_place(file: usize, at: Option<std::ops::Range<usize>>) -> Stated<Words> {
        Stated { value: Words::default(), file, at }
    }
}

keys! {
    /// Configurations that this one builds on: what it states itself goes before them, the later before the earlier.
    one extends: Words,
    /// Rule files and folders of them. Added to those of the command line and of what is extended.
    more rules: Words,
    /// Run only these rules: codes, families, names or packs.
    one select: Words,
    /// Leave these rules out.
    one ignore: Words,
    /// Rules to run besides `select`, of this file and of those it extends.
    more extend_select: Words,
    /// Rules to leave out besides `ignore`, of this file and of those it extends.
    more extend_ignore: Words,
    /// Run only rules of these SNIP types: 1-3, or 1,4,7.
    #[schemars(with = "Option<Scalar>")]
    one snip: String,
    /// Fail (exit 1) on findings of this severity and above.
    one fail_on: FailOn,
    /// Fail (exit 1) too if the net dollars at risk exceed this.
    #[schemars(with = "Option<Scalar>")]
    one max_at_risk: String,
    /// Errors and warnings shown as text; 0 shows every finding where it stands.
    one limit: u64,
    /// Findings only: no summary.
    one quiet: bool,
    /// Draw with ASCII only.
    one ascii: bool,
    /// What to write, and where: FORMAT or FORMAT=PATH.
    one output: Words,
    /// What reports mask. Always full where CI is set.
    one redact: Redact,
    /// Price at the rates of one Medicare locality: 10112-00.
    one locality: String,
    /// Price each service at the rates of the locality that its ZIP code lies in.
    one price_by_zip: bool,
    /// CSV of fee schedules agreed with payers.
    one fees: String,
    /// The provider does not take part in Medicare.
    one nonparticipating: bool,
    /// Show what reaches the practice instead of what is allowed.
    one net_cash: bool,
    /// Price dates after the last loaded fee schedule at that schedule.
    one carry_fees_forward: bool,
    /// CSV of how often payers deny what rules find.
    one denial_rates: String,
    /// CSV of what Medicare allowed patients for therapy earlier in the year.
    one ytd: String,
    /// CSV of minutes, times, regions and notes of sessions.
    one sessions: String,
    /// Earlier claims, files or folders.
    one history: Words,
    /// CSV of what payers authorized and physicians certified.
    one authorizations: String,
    /// YAML or CSV of what payers said about who may bill which service.
    one credentials: String,
    /// Folder of imported tables.
    one data: String,
    /// Units of work checked at a time, 1 to 1024.
    one threads: u64,
    /// Memory for day keys and line facts before they go to temporary files: 256MB.
    #[schemars(with = "Option<Scalar>")]
    one memory: String,
    /// Globs of files to take from folders.
    one include: Words,
    /// Globs of files and folders to leave out of folders.
    one exclude: Words,
    /// Files of findings that are accepted, each with a reason and an end.
    one suppressions: Words,
    /// File of findings that are known.
    one baseline: String,
    /// Column map for CSV and JSON of other shapes: a file, or the name of a ready-made one.
    one map: String,
}
