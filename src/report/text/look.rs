use crate::finding::Severity;

/// What a stretch of the report is, which decides its colour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Role {
    Error,
    Warning,
    Info,
    Clean,
    /// Dollars.
    Money,
    /// What the eye should find: a claim's number, a code.
    Strong,
    /// A second place, a heading of an entry.
    Aside,
    /// Lines, margins, what is only there for order.
    Dim,
}

impl From<Severity> for Role {
    fn from(severity: Severity) -> Role {
        match severity {
            Severity::Error => Role::Error,
            Severity::Warning => Role::Warning,
            Severity::Info => Role::Info,
        }
    }
}

/// The characters that lines are drawn with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Glyphs {
    pub(super) bar: &'static str,
    pub(super) top: &'static str,
    pub(super) tee: &'static str,
    pub(super) foot: &'static str,
    pub(super) rule: &'static str,
    pub(super) separator: &'static str,
    pub(super) ellipsis: &'static str,
    pub(super) times: &'static str,
    /// Underline of the fault, and the same where a label hangs from it.
    pub(super) primary: (&'static str, &'static str),
    /// Underline of a second place, and the same where a label hangs from it.
    pub(super) secondary: (&'static str, &'static str),
    /// Where something is missing.
    pub(super) missing: &'static str,
    /// From a hanging label up to its underline, label on the right and on the left.
    pub(super) hook: (&'static str, &'static str),
}

const UNICODE: Glyphs = Glyphs {
    bar: "│",
    top: "╭─",
    tee: "├─",
    foot: "╰─",
    rule: "─",
    separator: "·",
    ellipsis: "…",
    times: "×",
    primary: ("━", "┯"),
    secondary: ("─", "┬"),
    missing: "▲",
    hook: ("╰─ ", " ─╯"),
};

const ASCII: Glyphs = Glyphs {
    bar: "|",
    top: ",-",
    tee: "|-",
    foot: "`-",
    rule: "-",
    separator: "-",
    ellipsis: "...",
    times: "x",
    primary: ("^", "^"),
    secondary: ("-", "-"),
    missing: "^",
    hook: ("`- ", " -'"),
};

/// Colour, characters and width, decided once by the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Look {
    pub(super) colour: bool,
    pub(super) width: usize,
    pub(super) glyphs: Glyphs,
}

impl Look {
    pub(super) fn new(colour: bool, unicode: bool, width: usize) -> Look {
        Look { colour, width: width.clamp(40, 1_000), glyphs: if unicode { UNICODE } else { ASCII } }
    }

    /// Prose is hard to read past this many columns, however wide the terminal.
    pub(super) fn prose_width(&self) -> usize {
        self.width.min(110)
    }

    pub(super) fn paint(&self, role: Role, text: &str) -> String {
        if !self.colour || text.is_empty() {
            return text.to_owned();
        }
        let code = match role {
            Role::Error => "1;31",
            Role::Warning => "1;33",
            Role::Info => "1;36",
            Role::Clean => "1;32",
            Role::Money | Role::Strong => "1",
            Role::Aside => "36",
            Role::Dim => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}
