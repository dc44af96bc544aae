use super::nearest;
use super::sheet::{Column, Field, Sheet, SideError};

const COLUMNS: &[Column] = &[Column::required("rule"), Column::optional("payer"), Column::required("rate")];

/// How often a payer denies what a rule finds, in the practice's own experience: nobody else's figure would do.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DenialRates {
    source: String,
    rows: Vec<Row>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Row {
    cause: Cause,
    /// Name of a profile or a payer id, in capitals; empty for all payers.
    payer: String,
    /// Parts per million.
    rate: u32,
}

/// What a rate is of.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Cause {
    /// A rule, by its code in capitals.
    Rule(String),
    /// A claim adjustment reason code, without group.
    Carc(String),
}

/// The payer of a claim, as rows may name it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PayerName<'p> {
    /// Name of its profile.
    pub profile: &'p str,
    /// Payer id as the claim states it, if it does.
    pub id: Option<&'p str>,
}

impl DenialRates {
    /// Reads `rule,payer,rate` rows. `file` is the name that errors give the file, `rules` the codes of all rules there
    /// are.
    ///
    /// A `rule` is a code such as T01, or the reason code of a denial: `CARC 236`, `CO-236`. A `payer` is the name of a
    /// profile or a payer id; empty or `*` means all. A `rate` is 0.35 or 35%.
    ///
    /// # Errors
    /// A table that [`Sheet::read`] refuses, an unknown rule, a rate that is no share of 1, a row that says again what
    /// another one has said.
    pub fn read(file: &str, bytes: &[u8], rules: &[&str]) -> Result<DenialRates, SideError> {
        let sheet = Sheet::read(file, bytes, COLUMNS)?;
        let mut rows: Vec<(u64, Row)> = Vec::new();
        for row in sheet.rows() {
            let payer = match row.get("payer").text() {
                "*" => String::new(),
                named => named.to_uppercase(),
            };
            let cause = cause(row.get("rule"), rules)?;
            let rate = rate(row.get("rate"))?;
            if let Some((first, _)) =
                rows.iter().find(|(_, known)| known.cause == cause && known.payer == payer)
            {
                return Err(
                    row.wrong(format!("the rate of this rule and payer is given in row {first} already"))
                );
            }
            rows.push((row.number(), Row { cause, payer, rate }));
        }
        Ok(DenialRates { source: file.to_owned(), rows: rows.into_iter().map(|(_, row)| row).collect() })
    }

    /// The file they were read from, as named.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// How often `payer` denies what the rule finds, in parts per million. The row for the rule itself goes before one
    /// for a reason code, and of either the row that names the payer before the one for all; a payer id is nearer than
    /// the name of a profile.
    pub fn of_rule(&self, code: &str, payer: PayerName<'_>) -> Option<u32> {
        self.of(&|cause| matches!(cause, Cause::Rule(named) if named.eq_ignore_ascii_case(code)), payer)
    }

    /// The same for a claim adjustment reason code.
    pub fn of_carc(&self, carc: &str, payer: PayerName<'_>) -> Option<u32> {
        self.of(&|cause| matches!(cause, Cause::Carc(named) if named.eq_ignore_ascii_case(carc)), payer)
    }

    fn of(&self, is_it: &dyn Fn(&Cause) -> bool, payer: PayerName<'_>) -> Option<u32> {
        let names = [payer.id.unwrap_or_default().to_uppercase(), payer.profile.to_uppercase()];
        let named = names.iter().filter(|name| !name.is_empty()).map(String::as_str).chain([""]);
        let mut rates = named.filter_map(|name| {
            self.rows.iter().find(|row| row.payer == name && is_it(&row.cause)).map(|row| row.rate)
        });
        rates.next()
    }
}

fn cause(field: Field<'_>, rules: &[&str]) -> Result<Cause, SideError> {
    let stated = field.stated()?.to_uppercase();
    if let Some(code) = reason_code(&stated) {
        return Ok(Cause::Carc(code.to_owned()));
    }
    if rules.iter().any(|known| known.eq_ignore_ascii_case(&stated)) {
        return Ok(Cause::Rule(stated));
    }
    let help = if stated.bytes().all(|byte| byte.is_ascii_digit()) {
        "a rule's code like T01 is expected, or a reason code written CARC 236 or CO-236".to_owned()
    } else {
        match nearest(&stated, rules.iter().copied()) {
            Some(near) => format!("no rule has this code; did you mean {near}?"),
            None => "no rule has this code (cleanclaim rules list names them); a reason code is written CARC 236 or \
                     CO-236"
                .to_owned(),
        }
    };
    Err(field.wrong(help))
}

/// The reason code in `CARC 236`, `CO-236` or `PR 96`.
fn reason_code(stated: &str) -> Option<&str> {
    let code = ["CARC", "CO", "PR", "OA", "PI", "CR"].iter().find_map(|group| {
        let rest = stated.strip_prefix(group)?;
        rest.strip_prefix([' ', '-']).map(str::trim_start)
    })?;
    let digits = code.strip_prefix(['A', 'B', 'P', 'W', 'Y', 'D']).unwrap_or(code);
    let fits = (1..=3).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(code)
}

/// A share of 1 in parts per million.
fn rate(field: Field<'_>) -> Result<u32, SideError> {
    let stated = field.stated()?;
    let (digits, places) = match stated.strip_suffix('%') {
        Some(percent) => (percent.trim_end(), 4),
        None => (stated, 6),
    };
    parts(digits, places).filter(|rate| *rate <= 1_000_000).ok_or_else(|| {
        field.wrong("a rate is written 0.35 or 35%, from 0 to 1 (100%), with no more than six places (four of a percent)")
    })
}

/// Unsigned decimal digits as an integer scaled by 10^`places`.
fn parts(digits: &str, places: usize) -> Option<u32> {
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(whole) || !is_digits(rest) || (whole.is_empty() && rest.is_empty()) {
        return None;
    }
    let rest = rest.trim_end_matches('0');
    if rest.len() > places {
        return None;
    }
    format!("{whole}{rest:0<places$}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[&str] = &["T01", "T05", "P01", "V01"];

    fn read(rows: &str) -> Result<DenialRates, String> {
        let text = format!("rule,payer,rate\n{rows}\n");
        DenialRates::read("rates.csv", text.as_bytes(), RULES).map_err(|error| error.to_string())
    }

    const fn payer<'p>(profile: &'p str, id: Option<&'p str>) -> PayerName<'p> {
        PayerName { profile, id }
    }

    #[test]
    fn the_most_specific_row_wins() {
        let rates =
            read("P01,,10%\np01,medicare,0.2\nP01,60054,.3\nCARC 236,medicare,0.9\nCO-236,*,1\nPR-96,,0")
                .expect("rates");
        let of = |profile, id| rates.of_rule("P01", payer(profile, id));
        assert_eq!(of("aetna", None), Some(100_000));
        assert_eq!(of("medicare", None), Some(200_000));
        assert_eq!(of("Medicare", Some("60054")), Some(300_000), "the id is nearer than the profile");
        assert_eq!(of("aetna", Some("60055")), Some(100_000));
        assert_eq!(rates.of_carc("236", payer("medicare", None)), Some(900_000));
        assert_eq!(rates.of_carc("236", payer("aetna", None)), Some(1_000_000));
        assert_eq!(rates.of_carc("96", payer("aetna", None)), Some(0));
        assert_eq!(rates.of_rule("T01", payer("medicare", None)), None);
        assert_eq!(rates.source(), "rates.csv");
    }

    #[test]
    fn rates_are_shares_of_one() {
        let of =
            |rate: &str| read(&format!("T01,,{rate}")).map(|rates| rates.of_rule("T01", payer("any", None)));
        for (rate, parts) in [
            ("0", 0),
            ("0.35", 350_000),
            (".35", 350_000),
            ("35%", 350_000),
            ("35 %", 350_000),
            ("12.5%", 125_000),
            ("1", 1_000_000),
            ("100%", 1_000_000),
            ("1.000000", 1_000_000),
            ("0.000001", 1),
            ("0.0001%", 1),
        ] {
            assert_eq!(of(rate), Ok(Some(parts)), "{rate}");
        }
        for rate in ["35", "1.01", "101%", "-0.1", "0.0000001", "x", "%", ".", "+1", "1e-2", "0.1.2"] {
            let said = of(rate).expect_err(rate);
            assert!(
                said.starts_with("rates.csv: row 2, column rate: a rate is written 0.35 or 35%"),
                "{rate}: {said}"
            );
        }
        assert_eq!(of(""), Err("rates.csv: row 2, column rate: empty".to_owned()));
    }

    #[test]
    fn a_rule_that_is_none_is_named_by_its_place() {
        let said = |rule: &str| read(&format!("T01,,1\n{rule},,1")).expect_err(rule);
        assert_eq!(
            said("T02"),
            "rates.csv: row 3, column rule: no rule has this code; did you mean P01?".replace("P01", "T01")
        );
        assert_eq!(
            said("236"),
            "rates.csv: row 3, column rule: a rule's code like T01 is expected, or a reason code written CARC 236 or CO-236"
        );
        assert!(said("modifier").contains("no rule has this code (cleanclaim rules list names them)"));
        assert!(said("CO-ABC").contains("column rule"));
        assert_eq!(said(""), "rates.csv: row 3, column rule: empty");
    }

    #[test]
    fn two_rates_for_one_thing_are_refused() {
        let said = read("T01,*,0.1\nCARC 151,,0.1\nt01,,0.2").expect_err("twice");
        assert_eq!(said, "rates.csv: row 4: the rate of this rule and payer is given in row 2 already");
        let said = read("CO-236,medicare,0.1\nCARC 236,MEDICARE,0.2").expect_err("twice");
        assert_eq!(said, "rates.csv: row 3: the rate of this rule and payer is given in row 2 already");
    }
}
