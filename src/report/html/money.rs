//! Dollars by class. The four classes are never added together: every figure here belongs to one of them.

use crate::claim::Cents;
use crate::finding::{Columns, Dollars, MoneyClass};
use crate::report::worth::column;

/// A figure of one class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Amount {
    pub(super) class: MoneyClass,
    pub(super) dollars: Dollars,
}

impl Amount {
    /// The column's name, for people.
    pub(super) fn label(&self) -> &'static str {
        column(self.class)
    }

    /// The column's name, for style and script.
    pub(super) fn slug(&self) -> &'static str {
        slug(self.class)
    }

    pub(super) fn net(&self) -> String {
        self.dollars.net.to_string()
    }

    pub(super) fn gross(&self) -> String {
        self.dollars.gross.to_string()
    }

    /// Whether the flat schedule gives another figure.
    pub(super) fn differs(&self) -> bool {
        self.dollars.net != self.dollars.gross
    }

    /// What the class means.
    pub(super) fn meaning(&self) -> &'static str {
        match self.class {
            MoneyClass::Denial => "The payer may not pay it.",
            MoneyClass::Recoupment => "Likely paid, then recoverable in audit.",
            MoneyClass::Rejection => "Waits until the claim or file is mended.",
            MoneyClass::LostRevenue => "Documented, not billed, if the record confirms it.",
            MoneyClass::None => "",
        }
    }
}

pub(super) const fn slug(class: MoneyClass) -> &'static str {
    match class {
        MoneyClass::Denial => "at-risk",
        MoneyClass::Recoupment => "recoupment",
        MoneyClass::Rejection => "delayed",
        MoneyClass::LostRevenue => "unbilled",
        MoneyClass::None => "none",
    }
}

/// All four columns.
pub(super) fn all(columns: &Columns) -> [Amount; 4] {
    MoneyClass::WITH_COLUMN.map(|class| Amount { class, dollars: columns.of(class) })
}

/// The columns that hold dollars.
pub(super) fn some(columns: &Columns) -> Vec<Amount> {
    all(columns).into_iter().filter(|amount| amount.dollars != Dollars::default()).collect()
}

/// The largest net figure of the four, by which things are put in order.
pub(super) fn largest(columns: &Columns) -> Cents {
    all(columns).iter().map(|amount| amount.dollars.net).max().unwrap_or_default()
}
