/// What sets a claim apart from others: its own dates, certificates and numbers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    Office,
    Injection,
    Epsdt,
    FamilyPlanning,
    Immunization,
    Physical,
    Occupational,
    Speech,
    Chiropractic,
    Anesthesia,
    LaborAnesthesia,
    Surgery,
    Comanaged,
    Inpatient,
    Emergency,
    Nursing,
    Home,
    Telehealth,
    Behavioral,
    Laboratory,
    HomeLaboratory,
    Radiology,
    Mammography,
    Infusion,
    Dialysis,
    Maternity,
    Vision,
    Ambulance,
    Oxygen,
    Wheelchair,
    Hospice,
    Oversight,
}

/// Who can be the patient.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Patients {
    Anyone,
    Women,
    Children,
}

/// One service as this biller bills it.
#[derive(Clone, Copy, Debug)]
pub struct Item {
    pub code: &'static str,
    pub modifiers: &'static [&'static str],
    /// Units; minutes of anesthesia.
    pub quantity: &'static str,
    /// For all units, in cents.
    pub charge_cents: i64,
}

pub const fn item(
    code: &'static str,
    modifiers: &'static [&'static str],
    quantity: &'static str,
    charge_cents: i64,
) -> Item {
    Item { code, modifiers, quantity, charge_cents }
}

#[derive(Debug)]
pub struct Specialty {
    pub kind: Kind,
    /// Taxonomy of the group.
    pub group: &'static str,
    /// Taxonomy of the person who renders; empty where nobody in particular does.
    pub practitioner: &'static str,
    pub places: &'static [&'static str],
    pub diagnoses: &'static [&'static str],
    /// What is billed on one claim.
    pub bills: &'static [&'static [Item]],
    /// SBR09 of the payers.
    pub payers: &'static [&'static str],
    pub patients: Patients,
}

impl Specialty {
    /// Whether these are outpatient therapy services.
    pub fn is_therapy(&self) -> bool {
        matches!(self.kind, Kind::Physical | Kind::Occupational | Kind::Speech)
    }

    /// Whether the patient lies in a hospital.
    pub fn is_admission(&self, place: &str) -> bool {
        matches!(place, "21" | "51" | "61")
    }

    /// Whether it is billed on somebody else's order.
    pub fn is_ordered(&self) -> bool {
        self.is_therapy()
            || matches!(
                self.kind,
                Kind::Laboratory
                    | Kind::HomeLaboratory
                    | Kind::Radiology
                    | Kind::Mammography
                    | Kind::Oxygen
                    | Kind::Wheelchair
            )
    }

    /// Whether the group is a company rather than people: never billed by a person.
    pub fn is_supplier(&self) -> bool {
        self.practitioner.is_empty()
    }

    /// Whether a patient comes more than once in a few weeks.
    pub fn repeats(&self) -> bool {
        self.is_therapy()
            || matches!(
                self.kind,
                Kind::Office
                    | Kind::Chiropractic
                    | Kind::Behavioral
                    | Kind::Telehealth
                    | Kind::Laboratory
                    | Kind::Dialysis
                    | Kind::Nursing
                    | Kind::Home
            )
    }
}
