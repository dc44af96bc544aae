//! What elements of an 837P are called at a billing desk.

/// The field's name for a place such as `SV101-02` or `/lines/0/units`; empty where there is no common one.
pub(super) fn words(element: &str) -> String {
    if let Some(pointer) = element.strip_prefix('/') {
        let field = pointer.rsplit('/').find(|part| !part.bytes().all(|byte| byte.is_ascii_digit()));
        let is_field = |field: &&str| field.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
        return field.filter(is_field).unwrap_or_default().replace('_', " ");
    }
    let known = NAMES.iter().find(|(name, _)| *name == element);
    let of_composite = || {
        let (composite, _) = element.split_once('-')?;
        NAMES.iter().find(|(name, _)| *name == composite)
    };
    known.or_else(of_composite).map_or_else(String::new, |(_, words)| (*words).to_owned())
}

const NAMES: &[(&str, &str)] = &[
    ("CLM01", "claim number"),
    ("CLM02", "total claim charge"),
    ("CLM05-01", "place of service"),
    ("CLM05-03", "claim frequency"),
    ("CLM05", "place of service and frequency"),
    ("CLM06", "provider signature on file"),
    ("CLM07", "assignment of benefits"),
    ("DTP02", "date format"),
    ("DTP03", "date"),
    ("HI", "diagnosis codes"),
    ("NM103", "last or organization name"),
    ("NM104", "first name"),
    ("NM108", "kind of identifier"),
    ("NM109", "identifier"),
    ("NTE02", "note"),
    ("N403", "ZIP code"),
    ("PRV03", "taxonomy code"),
    ("REF02", "reference number"),
    ("SBR01", "payer responsibility"),
    ("SBR09", "claim filing indicator"),
    ("SV101-01", "kind of procedure code"),
    ("SV101-02", "procedure code"),
    ("SV101-03", "first modifier"),
    ("SV101-04", "second modifier"),
    ("SV101-05", "third modifier"),
    ("SV101-06", "fourth modifier"),
    ("SV101", "procedure and modifiers"),
    ("SV102", "line charge"),
    ("SV103", "unit of measure"),
    ("SV104", "units"),
    ("SV105", "place of service"),
    ("SV107", "diagnosis pointer"),
    ("LX01", "line number"),
];

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn elements_have_the_fields_own_names() {
        assert_eq!(words("SV104"), "units");
        assert_eq!(words("SV101-02"), "procedure code");
        assert_eq!(words("SV107-01"), "diagnosis pointer");
        assert_eq!(words("/lines/0/procedure_code"), "procedure code");
        assert_eq!(words("/modifiers/1"), "modifiers");
        assert_eq!((words(""), words("ISA13"), words("/<b>")), Default::default());
    }
}
