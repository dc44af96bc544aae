use super::super::random::Random;
use super::Month;
use super::visit::Visit;

/// How claims are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    X12,
    Json,
}

/// What must be found: a rule, and the claim and line (0 for the claim) it speaks of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Told {
    pub code: String,
    /// The claim's number, or the file of an envelope's fault.
    pub claim: String,
    pub line: u16,
}

/// How a fault is planted.
#[derive(Clone, Copy, Debug)]
pub enum Plant {
    /// Into a visit. Gives what is told of it: rule and line, the seed's own first.
    Visit(fn(&mut Visit) -> Vec<(&'static str, u16)>),
    /// Into the visit at an index, and whatever hangs on it: a patient's course, a therapist's day.
    Month(fn(&mut Month, usize) -> Vec<Told>),
    /// Into the 837P of a visit that stands in a file of its own. One finding for each: what is told has no claim.
    File(fn(&str) -> String),
    /// Likewise, where the finding is about the claim, or a line of it.
    FileOfClaim(fn(&str) -> String, u16),
}

/// A fault that only its rule finds.
#[derive(Clone, Copy, Debug)]
pub struct Seed {
    pub code: &'static str,
    /// How many are planted.
    pub count: usize,
    /// The one form that can be wrong like this.
    pub only: Option<Form>,
    /// Which visits will do.
    pub wanted: fn(&Visit) -> bool,
    pub plant: Plant,
}

impl Seed {
    pub const fn only(mut self, form: Form) -> Seed {
        self.only = Some(form);
        self
    }
}

/// A seed in single visits.
pub const fn seed(
    code: &'static str,
    count: usize,
    wanted: fn(&Visit) -> bool,
    plant: fn(&mut Visit) -> Vec<(&'static str, u16)>,
) -> Seed {
    Seed { code, count, only: None, wanted, plant: Plant::Visit(plant) }
}

/// A seed that takes more than a visit.
pub const fn course(
    code: &'static str,
    count: usize,
    wanted: fn(&Visit) -> bool,
    plant: fn(&mut Month, usize) -> Vec<Told>,
) -> Seed {
    Seed { code, count, only: None, wanted, plant: Plant::Month(plant) }
}

/// A seed in the bytes of an 837P; twice.
pub const fn file(code: &'static str, plant: Plant) -> Seed {
    let wanted = |visit: &Visit| visit.is_plain() && visit.is_at(&["MB"]);
    Seed { code, count: 1, only: Some(Form::X12), wanted, plant }
}

/// Plants every seed that `form` can show and `asked` asks for. Visits are chosen the same way whatever is planted.
pub fn plant(month: &mut Month, form: Form, asked: impl Fn(&Seed) -> bool) {
    let mut order: Vec<usize> = (0..month.visits.len()).collect();
    let mut random = Random::new(23, 0);
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last as u64 + 1) as usize);
    }
    let mut added = 0;
    let mut chosen = Vec::new();
    for seed in super::seeds() {
        for _ in 0..seed.count {
            let place = order.iter().position(|&index| (seed.wanted)(&month.visits[index]));
            let place = place.unwrap_or_else(|| panic!("no visit is left for {}", seed.code));
            chosen.push((seed, order.remove(place)));
        }
    }
    for (seed, index) in chosen {
        if seed.only.is_some_and(|only| only != form) || !asked(seed) {
            continue;
        }
        let claim = month.visits[index].id();
        let of_claim = |(code, line): (&str, u16)| Told { code: code.to_owned(), claim: claim.clone(), line };
        let told = match seed.plant {
            Plant::Visit(plant) => plant(&mut month.visits[index]).into_iter().map(of_claim).collect(),
            Plant::Month(plant) => plant(month, index),
            Plant::File(edit) => {
                let visit = &mut month.visits[index];
                visit.edit = Some(edit);
                vec![Told { code: seed.code.to_owned(), claim: visit.file_name(), line: 0 }]
            }
            Plant::FileOfClaim(edit, line) => {
                month.visits[index].edit = Some(edit);
                vec![of_claim((seed.code, line))]
            }
        };
        assert_eq!(told.first().map(|one| one.code.as_str()), Some(seed.code));
        added += told.len();
        month.told.extend(told);
    }
    assert_eq!(month.told.len(), added);
    month.told.sort();
}
