//! Dollars by date of service, one row of columns for each class.

use std::collections::BTreeMap;

use super::chart::width;
use super::money::{self, Amount};
use crate::claim::{Cents, Date, parse_iso_date};
use crate::finding::{Columns, Dollars, MoneyClass, Run};
use crate::report::worth::column;

/// Columns that a chart has room for.
const MOST: i32 = 92;

/// What one column stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Unit {
    Day,
    Month,
    Year,
}

impl Unit {
    const fn as_str(self) -> &'static str {
        match self {
            Unit::Day => "day",
            Unit::Month => "month",
            Unit::Year => "year",
        }
    }
}

/// The chart of a run's days.
pub(super) struct Days {
    /// `day`, `month` or `year`.
    pub(super) unit: &'static str,
    pub(super) first: String,
    pub(super) last: String,
    /// One chart for each class with dollars.
    pub(super) panels: Vec<Panel>,
    /// The figures: each day with dollars, and its four columns.
    pub(super) figures: Vec<(String, [Amount; 4])>,
    /// How wide the charts are drawn.
    pub(super) width: i32,
}

/// One class over time.
pub(super) struct Panel {
    pub(super) slug: &'static str,
    pub(super) label: &'static str,
    pub(super) columns: Vec<Column>,
    /// What the chart shows, in a sentence.
    pub(super) words: String,
}

/// One column: its place, and its height of a hundred.
pub(super) struct Column {
    pub(super) x: i32,
    pub(super) y: String,
    pub(super) height: String,
}

/// The chart, if there are days with dollars.
pub(super) fn days(run: &Run) -> Option<Days> {
    let days: Vec<(Date, Columns)> = run
        .breakdown
        .days
        .iter()
        .filter(|day| day.share.columns != Columns::default())
        .filter_map(|day| Some((parse_iso_date(day.date.as_bytes())?, day.share.columns)))
        .collect();
    let (first, last) = (days.iter().map(|day| day.0).min()?, days.iter().map(|day| day.0).max()?);
    let unit = [Unit::Day, Unit::Month].into_iter().find(|unit| span(*unit, first, last) <= MOST);
    let unit = unit.unwrap_or(Unit::Year);
    let mut columns: BTreeMap<i32, (String, Columns)> = BTreeMap::new();
    for (date, share) in days {
        let (_, sum) = columns
            .entry(span(unit, first, date) - 1)
            .or_insert_with(|| (name(unit, date), Columns::default()));
        sum.add(&share);
    }
    let panels =
        MoneyClass::WITH_COLUMN.into_iter().filter_map(|class| panel(class, &columns, unit)).collect();
    Some(Days {
        unit: unit.as_str(),
        first: name(unit, first),
        last: name(unit, last),
        panels,
        figures: columns.into_values().map(|(name, columns)| (name, money::all(&columns))).collect(),
        width: span(unit, first, last).max(LEAST) * STEP,
    })
}

/// Columns for which there is room at least: a single day is no wall.
const LEAST: i32 = 31;
/// Width of a column with the gap beside it.
const STEP: i32 = 10;

/// How many units from one date to another, both counted.
fn span(unit: Unit, first: Date, last: Date) -> i32 {
    let years = i32::from(last.year()) - i32::from(first.year());
    match unit {
        Unit::Day => first.until(last).map_or(0, |span| span.get_days()) + 1,
        Unit::Month => years * 12 + i32::from(last.month()) - i32::from(first.month()) + 1,
        Unit::Year => years + 1,
    }
}

fn name(unit: Unit, date: Date) -> String {
    match unit {
        Unit::Day => date.to_string(),
        Unit::Month => format!("{:04}-{:02}", date.year(), date.month()),
        Unit::Year => format!("{:04}", date.year()),
    }
}

fn panel(class: MoneyClass, columns: &BTreeMap<i32, (String, Columns)>, unit: Unit) -> Option<Panel> {
    let net = |columns: &Columns| columns.of(class).net;
    let some: Vec<(i32, &str, Cents)> = columns
        .iter()
        .filter(|(_, (_, columns))| columns.of(class) != Dollars::default())
        .map(|(at, (name, columns))| (*at, name.as_str(), net(columns)))
        .collect();
    // Of equal ones the first is named.
    let (_, at, most) = *some.iter().rev().max_by_key(|(_, _, net)| *net)?;
    let unit = unit.as_str();
    let words = match some.len() {
        1 => format!("{most} on one {unit}, {at}"),
        many => format!("{many} {unit}s; most on {at}: {most}"),
    };
    let column = |&(at, _, net): &(i32, &str, Cents)| {
        let height = width(net, most);
        let tenths: i64 = height.replace('.', "").parse().unwrap_or(0);
        let y = format!("{}.{}", (1_000 - tenths) / 10, (1_000 - tenths) % 10);
        Column { x: at * STEP + 1, y, height }
    };
    Some(Panel {
        slug: money::slug(class),
        label: self::column(class),
        columns: some.iter().map(column).collect(),
        words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{ByDay, Share};

    fn run(days: &[(&str, i64)]) -> Run {
        let mut run = Run::default();
        run.breakdown.days = days
            .iter()
            .map(|&(date, net)| {
                let at_risk = Dollars { net: Cents(net), gross: Cents(net + 100) };
                let columns = Columns { at_risk, ..Columns::default() };
                ByDay { date: date.to_owned(), share: Share { columns, ..Share::default() } }
            })
            .collect();
        run
    }

    #[test]
    fn a_day_has_a_column_at_its_place() {
        let days =
            days(&run(&[("2025-02-27", 1_000), ("2025-03-01", 4_000), ("2025-03-02", 2_000)])).expect("days");
        assert_eq!((days.unit, days.first.as_str(), days.last.as_str()), ("day", "2025-02-27", "2025-03-02"));
        assert_eq!(days.width, 310);
        let columns: Vec<_> = days.panels[0]
            .columns
            .iter()
            .map(|column| (column.x, column.y.as_str(), column.height.as_str()))
            .collect();
        assert_eq!(columns, [(1, "75.0", "25.0"), (21, "0.0", "100.0"), (31, "50.0", "50.0")]);
        assert_eq!(days.panels[0].words, "3 days; most on 2025-03-01: $40.00");
        assert_eq!((days.panels.len(), days.panels[0].label), (1, "at risk"));
        let figures: Vec<_> = days
            .figures
            .iter()
            .map(|(day, all)| format!("{day} {} {}", all[0].net(), all[0].gross()))
            .collect();
        assert_eq!(
            figures,
            ["2025-02-27 $10.00 $11.00", "2025-03-01 $40.00 $41.00", "2025-03-02 $20.00 $21.00"]
        );
    }

    #[test]
    fn many_days_are_months_and_many_months_years() {
        let of = |last: &str| {
            let days =
                days(&run(&[("2025-01-15", 1_000), ("2025-01-16", 500), (last, 2_000)])).expect("days");
            let figures: Vec<_> =
                days.figures.iter().map(|(name, all)| format!("{name} {}", all[0].net())).collect();
            (days.unit, figures)
        };
        assert_eq!(of("2025-04-16").0, "day", "92 of them");
        assert_eq!(
            of("2025-04-17"),
            ("month", vec!["2025-01 $15.00".to_owned(), "2025-04 $20.00".to_owned()])
        );
        assert_eq!(of("2032-08-31").0, "month", "92 of them");
        assert_eq!(of("2032-09-01"), ("year", vec!["2025 $15.00".to_owned(), "2032 $20.00".to_owned()]));
    }

    #[test]
    fn without_dollars_there_is_no_chart() {
        assert!(days(&run(&[])).is_none() && days(&run(&[("soon", 7)])).is_none());
    }
}
