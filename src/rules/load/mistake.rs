use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report, Severity,
    ThemeCharacters,
};

/// Something wrong in a rule file: where, and what was probably meant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Mistake {
    /// Index of the file among the sources.
    pub(crate) source: usize,
    /// Bytes of the file.
    pub(crate) at: Option<Range<usize>>,
    /// What is wrong, in one sentence.
    pub(crate) message: String,
    /// A few words at the place.
    pub(crate) label: String,
    /// What to do.
    pub(crate) help: Option<String>,
}

/// A rule file as text. Rule files hold no protected health information and are shown as they are.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleFile {
    /// As the user named it.
    pub name: String,
    /// Its YAML.
    pub text: Arc<str>,
}

/// Everything wrong with the rule files of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleErrors {
    pub(crate) sources: Vec<RuleFile>,
    pub(crate) mistakes: Vec<Mistake>,
}

/// The longest line that the renderer is trusted with; it fails past 65,535 columns.
const LONGEST_LINE: usize = 4_000;

impl RuleErrors {
    /// A fault of a file as a whole, such as one that cannot be read.
    pub fn of_file(name: &str, message: &str) -> RuleErrors {
        let source = RuleFile { name: name.to_owned(), text: "".into() };
        let mistake = Mistake {
            source: 0,
            at: None,
            message: format!("{name}: {message}"),
            label: String::new(),
            help: None,
        };
        RuleErrors { sources: vec![source], mistakes: vec![mistake] }
    }

    /// How many mistakes.
    pub fn len(&self) -> usize {
        self.mistakes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.mistakes.is_empty()
    }

    /// The mistakes as a terminal of `width` columns shows them, in the order of the files.
    pub fn render(&self, width: usize, colour: bool, unicode: bool) -> String {
        let theme = match (unicode, colour) {
            (true, true) => GraphicalTheme::unicode(),
            (true, false) => GraphicalTheme::unicode_nocolor(),
            (false, true) => {
                GraphicalTheme { characters: ThemeCharacters::ascii(), ..GraphicalTheme::unicode() }
            }
            (false, false) => GraphicalTheme::none(),
        };
        let handler =
            GraphicalReportHandler::new_themed(theme).with_width(width.max(40)).with_context_lines(1);
        let mut shown = String::new();
        for (index, mistake) in self.mistakes.iter().enumerate() {
            let mut drawn = String::new();
            if handler.render_report(&mut drawn, self.report(mistake).as_ref()).is_err() {
                drawn.clone_from(&mistake.message);
            }
            shown.push_str(if index > 0 { "\n" } else { "" });
            shown.push_str(drawn.trim_end());
            shown.push('\n');
        }
        shown
    }

    fn report(&self, mistake: &Mistake) -> Report {
        let source = self.sources.get(mistake.source);
        let at = source.zip(mistake.at.clone()).and_then(|(file, at)| one_line(&file.text, at));
        // Without an excerpt the sentence itself must say which file.
        let message = match source {
            Some(file) if at.is_none() && !mistake.message.starts_with(&file.name) => {
                format!("{}: {}", file.name, mistake.message)
            }
            _ => mistake.message.clone(),
        };
        let mut diagnostic = MietteDiagnostic::new(message).with_severity(Severity::Error);
        if let Some(help) = &mistake.help {
            diagnostic = diagnostic.with_help(help.clone());
        }
        let Some((source, at)) = source.zip(at) else { return Report::new(diagnostic) };
        let label = (!mistake.label.is_empty()).then(|| mistake.label.clone());
        diagnostic = diagnostic.with_label(LabeledSpan::new(label, at.start, at.len()));
        Report::new(diagnostic).with_source_code(NamedSource::new(&source.name, source.text.to_string()))
    }
}

/// The part of a span on its first line, on character boundaries; `None` where a line is too long to draw.
fn one_line(text: &str, at: Range<usize>) -> Option<Range<usize>> {
    let floor = |mut index: usize| {
        index = index.min(text.len());
        while !text.is_char_boundary(index) {
            index -= 1;
        }
        index
    };
    let start = floor(at.start);
    let end = floor(at.end.max(start));
    let first = text[start..end].find('\n').map_or(end, |length| start + length);
    let drawn = text[..start].lines().rev().take(2).chain(text[start..].lines().take(3));
    (drawn.map(str::len).max().unwrap_or(0) <= LONGEST_LINE).then_some(start..first)
}

impl fmt::Display for RuleErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(100, false, true))
    }
}

impl std::error::Error for RuleErrors {}

/// "did you mean `x`?", if a name much like it is known.
pub(crate) fn did_you_mean<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    nearest(name, known).map(|nearest| format!("did you mean `{nearest}`?"))
}

/// The known name that `name` most likely stands for.
pub(crate) fn nearest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let wanted = name.to_lowercase();
    known
        .into_iter()
        .map(|known| (strsim::damerau_levenshtein(&wanted, &known.to_lowercase()), known))
        .filter(|(distance, known)| {
            *distance <= (known.chars().count().max(wanted.chars().count()) / 3).max(1)
        })
        .min()
        .map(|(_, known)| known)
}
