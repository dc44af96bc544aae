//! The steps of a run: its inputs opened one after the other and cut into units, with marks between them.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::sync::Arc;

use crate::finding::Form;
use crate::input::json::JsonCutter;
use crate::input::mapped::{self, Again, MappedCutter, Mapping, Opened};
use crate::maps::Choice;
use crate::source::{Content, Input, Named, SourceError, Unit};
use crate::x12::X12Cutter;

use super::pool::Step;

/// Something about a file that must keep its place among the results.
pub(super) enum Mark {
    /// It is open and holds claims of this form.
    Opened(u32, Form),
    /// It is open and read by a map.
    Mapped(u32, Arc<Mapping>),
    /// It has been read to its end.
    Ended(u32),
    /// It is something else.
    NotClaims(u32, String),
    /// It could not be read, or not to its end.
    Failed(u32, String),
}

impl Mark {
    /// The file that nothing more is read of.
    pub(super) const fn ends(&self) -> Option<u32> {
        match self {
            Mark::Opened(..) | Mark::Mapped(..) => None,
            Mark::Ended(file) | Mark::NotClaims(file, _) | Mark::Failed(file, _) => Some(*file),
        }
    }
}

/// The units of all files in order, with marks between them: first those from `earlier` on, which hold earlier claims,
/// then the others. One file is open at a time. `maps` says by which map tables and JSON of other shapes are read.
pub(super) fn of_files<'a>(
    files: &'a [Named],
    earlier: usize,
    unit_size: usize,
    maps: &'a Choice,
) -> impl Iterator<Item = Step<Unit, Mark>> {
    let order = (earlier..files.len()).chain(0..earlier).map(|file| file as u32).collect();
    Steps { inputs: files, order, unit_size, maps, open: None }
}

struct Steps<'a> {
    inputs: &'a [Named],
    order: VecDeque<u32>,
    unit_size: usize,
    maps: &'a Choice,
    open: Option<(u32, Units)>,
}

/// The bytes of an input.
type Bytes = Box<dyn Read + Send>;

enum Units {
    X12(Box<X12Cutter<Bytes>>),
    Json(Box<JsonCutter<Again<Bytes>>>),
    Mapped(Box<MappedCutter<Again<Bytes>>>),
}

impl Steps<'_> {
    /// Takes JSON or a table as it was opened.
    fn opened(&mut self, file: u32, opened: io::Result<Opened<Bytes>>) -> Mark {
        match opened {
            Ok(Opened::Native(cutter)) => {
                self.open = Some((file, Units::Json(cutter)));
                Mark::Opened(file, Form::Json)
            }
            Ok(Opened::Mapped(cutter)) => {
                let mapping = Arc::clone(cutter.mapping());
                self.open = Some((file, Units::Mapped(cutter)));
                Mark::Mapped(file, mapping)
            }
            Ok(Opened::NotClaims(what)) => Mark::NotClaims(file, what),
            Err(error) => {
                let name = self.inputs.get(file as usize).map(Named::name).unwrap_or_default();
                Mark::Failed(file, SourceError::reading(&name, error).to_string())
            }
        }
    }
}

impl Iterator for Steps<'_> {
    type Item = Step<Unit, Mark>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((file, units)) = &mut self.open {
            let file = *file;
            let unit = match units {
                Units::X12(cutter) => cutter.next_unit(),
                Units::Json(cutter) => cutter.next_unit(),
                Units::Mapped(cutter) => cutter.next_unit(),
            };
            return Some(match unit {
                Ok(Some(unit)) => Step::Work(unit),
                Ok(None) => {
                    self.open = None;
                    Step::Mark(Mark::Ended(file))
                }
                Err(error) => {
                    self.open = None;
                    let name = self.inputs.get(file as usize).map(Named::name).unwrap_or_default();
                    Step::Mark(Mark::Failed(file, SourceError::reading(&name, error).to_string()))
                }
            });
        }
        let file = self.order.pop_front()?;
        let named = self.inputs.get(file as usize)?;
        Some(Step::Mark(match Input::open(named) {
            Err(error) => Mark::Failed(file, error.to_string()),
            Ok(input) => match input.content {
                Content::X12 => {
                    self.open = Some((
                        file,
                        Units::X12(Box::new(X12Cutter::new(input.into_reader(), file, self.unit_size))),
                    ));
                    Mark::Opened(file, Form::X12)
                }
                Content::JsonArray | Content::JsonObject | Content::JsonLines => {
                    self.opened(file, mapped::open_json(input.into_reader(), file, self.unit_size, self.maps))
                }
                Content::Csv => {
                    self.opened(file, mapped::open_csv(input.into_reader(), file, self.unit_size, self.maps))
                }
                Content::Empty => Mark::NotClaims(file, "the file is empty".to_owned()),
                Content::Other(what) => Mark::NotClaims(
                    file,
                    format!("this is {what}; cleanclaim checks 837P files, JSON claim lines and CSV tables"),
                ),
            },
        }))
    }
}
