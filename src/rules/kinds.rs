use super::Scope;

/// One kind of check, as rule authors see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Kind {
    /// As YAML names it.
    pub name: &'static str,
    /// What it looks at as a whole; a `limit` says so itself (`over`), a `diagnosis` by its fault.
    pub scope: Scope,
    /// What can be set.
    pub parameters: &'static [&'static str],
    /// The ways it can report besides the plain one; a rule may word and weigh each. For `structure` they are
    /// the faults that the rule names.
    pub outcomes: &'static [&'static str],
    /// What its messages may name besides the facts of the line.
    pub placeholders: &'static [&'static str],
    /// One line for the documentation.
    pub doc: &'static str,
}

/// Every kind. Outcomes and placeholders are those that the kind's file in `checks` reports.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "unit-time",
        scope: Scope::Day,
        parameters: &["flag", "method"],
        outcomes: &["low-confidence", "unconfirmed-method", "at-mue", "pays-less"],
        placeholders: &[
            "billed",
            "codes",
            "total_minutes",
            "supported",
            "method",
            "allocation",
            "billed_allocation",
            "mue",
            "count",
        ],
        doc: "timed units against minutes of treatment, over a patient's day",
    },
    Kind {
        name: "interval",
        scope: Scope::Line,
        parameters: &[],
        outcomes: &["inverted", "shorter"],
        placeholders: &["length"],
        doc: "minutes against start and end of one line",
    },
    Kind {
        name: "code-pair",
        scope: Scope::Day,
        parameters: &["fault", "pairs", "modifiers"],
        outcomes: &[
            "indicator-0",
            "uncertain",
            "separate-regions",
            "region-unknown",
            "either-column",
            "before-july-2019",
            "separate-intervals",
        ],
        placeholders: &["column1", "column2", "regions"],
        doc: "two codes on one patient's day that are one service unless the record tells them apart",
    },
    Kind {
        name: "overlap",
        scope: Scope::Day,
        parameters: &[],
        outcomes: &["two-providers"],
        placeholders: &["other_code", "shared_minutes"],
        doc: "two timed services in the same minutes",
    },
    Kind {
        name: "diagnosis",
        scope: Scope::Line,
        parameters: &["fault", "code", "with"],
        outcomes: &[
            "split",
            "unknown",
            "after-table",
            "replaced",
            "not-yet",
            "decimal",
            "lower-case",
            "length",
            "icd-9",
            "not-principal",
            "repeated",
            "absent",
            "zero",
            "beyond",
            "unreadable",
        ],
        placeholders: &[
            "nonspecific",
            "specific",
            "code",
            "conflicting",
            "successors",
            "last_day",
            "first_day",
            "place",
            "plain",
            "qualifier",
            "pointer",
        ],
        doc: "the diagnoses of a claim, and those behind a line",
    },
    Kind {
        name: "provider-type",
        scope: Scope::Line,
        parameters: &["fault"],
        outcomes: &["evaluation", "evaluation-elsewhere", "no-taxonomy"],
        placeholders: &["provider", "count"],
        doc: "who rendered a line, against what the payer recognises",
    },
    Kind {
        name: "forbid",
        scope: Scope::Line,
        parameters: &[],
        outcomes: &[],
        placeholders: &[],
        doc: "what `when` matches is the fault",
    },
    Kind {
        name: "require",
        scope: Scope::Line,
        parameters: &["a condition"],
        outcomes: &[],
        placeholders: &[],
        doc: "what `when` matches must also match this condition",
    },
    Kind {
        name: "limit",
        scope: Scope::Line,
        parameters: &["count", "sum", "by", "over", "at-most"],
        outcomes: &[],
        placeholders: &["total", "at_most", "excess"],
        doc: "a ceiling on lines, units, minutes or charges of a line, a claim or a patient's day",
    },
    Kind {
        name: "charges",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &["total", "cob-line", "cob-claim", "zero", "zero-quality", "negative"],
        placeholders: &["stated", "computed", "payer", "paid", "adjusted"],
        doc: "charges that do not add up: the claim's total, and what other payers paid and adjusted",
    },
    Kind {
        name: "situation",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &[
            "two-patients",
            "no-patient",
            "subscriber-incomplete",
            "filing-indicator-absent",
            "payer-control-number-absent",
            "frequency-at-medicare",
            "insurance-type-absent",
            "accident-state-absent",
            "accident-date-absent",
            "accident-cause-absent",
            "admission-date-absent",
        ],
        placeholders: &["missing"],
        doc: "what one statement of the claim makes another require or forbid",
    },
    Kind {
        name: "dates",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &[
            "after-run-date",
            "end-after-run-date",
            "before-birth",
            "after-death",
            "end-before-start",
            "birth-in-future",
            "icd-10-too-early",
            "icd-9-too-late",
            "spans-icd-10-change",
            "spans-code-year",
            "before-admission",
            "after-discharge",
            "onset-after-service",
            "initial-treatment-after-service",
            "last-seen-after-service",
            "accident-after-service",
            "acute-manifestation-after-service",
        ],
        placeholders: &["count"],
        doc: "dates against each other, the calendar and the run date",
    },
    Kind {
        name: "filing",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &["late", "late-with-reason"],
        placeholders: &["limit", "last_day", "late_by"],
        doc: "the payer profile's filing limit, from the date of service to the run date",
    },
    Kind {
        name: "duplicate",
        scope: Scope::Day,
        parameters: &["faults"],
        outcomes: &["two-claims", "one-claim"],
        placeholders: &["first_line"],
        doc: "one service of a patient billed twice in the batch",
    },
    Kind {
        name: "place",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &["unknown", "not-yet-in-use", "telehealth"],
        placeholders: &["place", "count"],
        doc: "places of service: known, and likely for the service",
    },
    Kind {
        name: "code-form",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &[
            "procedure-shape",
            "procedure-case",
            "procedure-never-assigned",
            "taxonomy-shape",
            "state-unknown",
            "zip-shape",
            "zip-never-assigned",
            "zip-short",
            "filing-indicator-unknown",
            "modifier-shape",
            "modifier-case",
            "modifier-repeated",
            "modifier-gap",
        ],
        placeholders: &["code", "role"],
        doc: "the shape of codes, where no complete list is loaded",
    },
    Kind {
        name: "identifier",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &[
            "claim-id-too-long",
            "line-number-too-long",
            "line-number-repeated",
            "claim-number-repeated",
            "member-id-shape",
            "member-id-refused",
        ],
        placeholders: &["length", "at_most", "other_line", "numbers", "claims"],
        doc: "numbers that name a claim, a line or a member",
    },
    Kind {
        name: "provider",
        scope: Scope::Claim,
        parameters: &["faults"],
        outcomes: &["rendering-missing", "referring-missing", "npi-shape", "npi-start", "npi-check-digit"],
        placeholders: &["role", "npi"],
        doc: "who must be named, and by which number",
    },
    Kind {
        name: "structure",
        scope: Scope::File,
        parameters: &["faults"],
        outcomes: &[],
        placeholders: &[],
        doc: "faults of the envelope or of a segment, by the names that the readers give them",
    },
];

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<&'static Kind> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// Whether messages may name values that only the readers' fault tables list.
    pub(crate) fn has_open_placeholders(&self) -> bool {
        self.scope == Scope::File
    }
}
