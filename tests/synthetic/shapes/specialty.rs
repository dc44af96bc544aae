//! What each kind of biller bills: services that go together, where, for what, and who pays for them.

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

const fn item(
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

/// Everybody who pays for health care; [`INJURY`] besides where the patient had an accident.
const HEALTH: &[&str] = &[
    "MB", "MB", "MB", "CI", "CI", "BL", "HM", "12", "13", "14", "15", "16", "MC", "CH", "VA", "OF", "ZZ",
    "FI", "11",
];
const INJURY: &[&str] =
    &["MB", "MB", "CI", "BL", "HM", "12", "13", "16", "MC", "CH", "VA", "WC", "WC", "AM", "AM", "LM"];
const YOUNG: &[&str] = &["CI", "BL", "HM", "12", "13", "MC", "CH"];
const MEDICAID: &[&str] = &["MC", "MC", "TV"];
const MEDICARE: &[&str] = &["MB", "MB", "16", "CI"];
const VISION: &[&str] = &["CI", "BL", "HM", "MC", "VA"];

const GENERAL: &[&str] = &[
    "I10", "E119", "E785", "J069", "K219", "N390", "F411", "G43909", "E039", "J45909", "I2510", "E559",
    "D509", "M810", "R0602", "H6123",
];
const MUSCLE: &[&str] = &["M5450", "M542", "M25561", "M25562", "M25511", "M6281", "M7541"];
const INJURIES: &[&str] = &["S39012A", "S161XXA", "S83511A", "S0990XA"];

pub const SPECIALTIES: [Specialty; 32] = [
    Specialty {
        kind: Kind::Office,
        group: "261QM1300X",
        practitioner: "207Q00000X",
        places: &[
            "11", "11", "11", "17", "20", "49", "50", "71", "72", "22", "19", "15", "18", "26", "27", "05",
            "06", "07", "08", "09", "01", "03", "04", "57", "58", "62", "66", "99",
        ],
        diagnoses: GENERAL,
        bills: &[
            &[item("99213", &["25"], "1", 14_550), item("93000", &[], "1", 4_200)],
            &[item("99214", &[], "1", 19_800)],
            &[item("99203", &[], "1", 21_025)],
            &[
                item("99213", &[], "1", 14_550),
                item("36415", &[], "1", 1_200),
                item("80053", &[], "1", 4_835),
                item("85025", &[], "1", 3_109),
            ],
            &[item("99212", &["25"], "1", 9_500), item("69210", &["RT"], "1", 8_775)],
            &[item("99214", &[], "1", 19_800), item("G8427", &[], "1", 0)],
        ],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Injection,
        group: "193400000X",
        practitioner: "207X00000X",
        places: &["11"],
        diagnoses: &["M1711", "M1712", "M7541", "M19011"],
        bills: &[
            &[
                item("99213", &["25"], "1", 14_550),
                item("20610", &["RT"], "1", 12_475),
                item("J3301", &[], "4", 3_296),
            ],
            &[item("20610", &["50"], "1", 18_700), item("J1030", &[], "2", 1_990)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Epsdt,
        group: "193400000X",
        practitioner: "208000000X",
        places: &["11", "50", "72"],
        diagnoses: &["Z00129"],
        bills: &[&[item("99392", &["EP"], "1", 15_600), item("96110", &["EP"], "1", 2_900)]],
        payers: MEDICAID,
        patients: Patients::Children,
    },
    Specialty {
        kind: Kind::FamilyPlanning,
        group: "261QM1300X",
        practitioner: "207V00000X",
        places: &["11", "71"],
        diagnoses: &["Z30430"],
        bills: &[&[item("58300", &["FP"], "1", 19_900), item("J7300", &["FP"], "1", 98_050)]],
        payers: MEDICAID,
        patients: Patients::Women,
    },
    Specialty {
        kind: Kind::Immunization,
        group: "193400000X",
        practitioner: "208000000X",
        places: &["11", "60", "01", "03"],
        diagnoses: &["Z23"],
        bills: &[&[item("90471", &[], "1", 3_400), item("90686", &[], "1", 2_795)]],
        payers: YOUNG,
        patients: Patients::Children,
    },
    Specialty {
        kind: Kind::Physical,
        group: "261QP2000X",
        practitioner: "225100000X",
        places: &["11", "11", "12"],
        diagnoses: MUSCLE,
        bills: &[
            &[item("97110", &["GP"], "2", 13_000), item("97140", &["GP"], "1", 6_800)],
            &[
                item("97110", &["GP"], "1", 6_500),
                item("97112", &["GP"], "2", 14_000),
                item("97140", &["GP"], "1", 6_850),
            ],
            &[item("97110", &["GP"], "1", 6_500), item("97116", &["GP"], "1", 6_205)],
            &[item("97112", &["GP"], "1", 7_000), item("97124", &["GP"], "1", 6_000)],
            &[item("97161", &["GP"], "1", 18_000), item("97110", &["GP"], "1", 6_500)],
            &[item("97110", &["GP", "CQ"], "2", 13_000), item("97530", &["GP", "CQ"], "1", 7_500)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Occupational,
        group: "193400000X",
        practitioner: "225X00000X",
        places: &["11"],
        diagnoses: &["G5601", "M25511", "M6281"],
        bills: &[
            &[item("97110", &["GO"], "1", 6_500), item("97530", &["GO"], "2", 15_000)],
            &[item("97165", &["GO"], "1", 18_250), item("97110", &["GO"], "1", 6_500)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Speech,
        group: "193400000X",
        practitioner: "235Z00000X",
        places: &["11", "12"],
        diagnoses: &["R4701", "R1310"],
        bills: &[&[item("92507", &["GN"], "1", 13_500)], &[item("92526", &["GN"], "1", 14_900)]],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Chiropractic,
        group: "193400000X",
        practitioner: "111N00000X",
        places: &["11"],
        diagnoses: &["M9903", "M5442", "M9901"],
        bills: &[&[item("98940", &["AT"], "1", 4_500)], &[item("98941", &["AT"], "1", 6_250)]],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Anesthesia,
        group: "193400000X",
        practitioner: "207L00000X",
        places: &["21", "22", "24", "19"],
        diagnoses: &["K3580", "M1711", "H25811"],
        bills: &[
            &[item("00840", &["AA", "P2"], "75", 112_500)],
            &[item("01402", &["AA", "P3"], "118", 184_375)],
            &[item("00142", &["AA", "QS", "P2", "G9"], "32", 48_000)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::LaborAnesthesia,
        group: "193400000X",
        practitioner: "367500000X",
        places: &["21", "25"],
        diagnoses: &["O80"],
        bills: &[&[item("01967", &["QZ", "P1"], "240", 210_000)]],
        payers: YOUNG,
        patients: Patients::Women,
    },
    Specialty {
        kind: Kind::Surgery,
        group: "193400000X",
        practitioner: "207X00000X",
        places: &["21", "22", "24"],
        diagnoses: &["M1711", "M1712", "I10", "E119", "S83511A"],
        bills: &[
            &[item("27447", &["RT"], "1", 485_000)],
            &[item("29881", &["LT"], "1", 215_000), item("20610", &["RT", "51"], "1", 12_475)],
            &[item("64721", &["50"], "1", 132_050)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Comanaged,
        group: "193400000X",
        practitioner: "207W00000X",
        places: &["24"],
        diagnoses: &["H25811"],
        bills: &[&[item("66984", &["RT", "54"], "1", 145_000)]],
        payers: MEDICARE,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Inpatient,
        group: "261QM1300X",
        practitioner: "207R00000X",
        places: &["21", "51", "61"],
        diagnoses: &["J189", "A419", "I10", "E119", "I5022", "R4182"],
        bills: &[
            &[
                item("99222", &["AI"], "1", 28_000),
                item("99232", &[], "3", 48_000),
                item("99238", &[], "1", 16_500),
            ],
            &[item("99223", &["AI"], "1", 39_975), item("99233", &[], "2", 42_000)],
        ],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Emergency,
        group: "193400000X",
        practitioner: "207P00000X",
        places: &["23"],
        diagnoses: INJURIES,
        bills: &[
            &[item("99283", &[], "1", 38_500)],
            &[item("99284", &["25"], "1", 61_200), item("12001", &[], "1", 29_900)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Nursing,
        group: "261QM1300X",
        practitioner: "363LF0000X",
        places: &["31", "32", "54"],
        diagnoses: &["I10", "E119", "J449", "I69351"],
        bills: &[&[item("99309", &[], "1", 15_750)], &[item("99308", &[], "1", 11_800)]],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Home,
        group: "261QM1300X",
        practitioner: "207Q00000X",
        places: &["12", "13", "14", "33", "16", "55"],
        diagnoses: &["I10", "J449", "I5022", "E119"],
        bills: &[&[item("99348", &[], "1", 14_900)], &[item("99349", &[], "1", 20_250)]],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Telehealth,
        group: "261QM1300X",
        practitioner: "363A00000X",
        places: &["10", "02"],
        diagnoses: GENERAL,
        bills: &[&[item("99213", &["95"], "1", 14_550)], &[item("99214", &["95", "CR"], "1", 19_800)]],
        payers: YOUNG,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Behavioral,
        group: "261QM0801X",
        practitioner: "1041C0700X",
        places: &["11", "53", "52", "56"],
        diagnoses: &["F331", "F411", "F4322"],
        bills: &[&[item("90834", &["AJ"], "1", 15_000)], &[item("90837", &["AJ"], "1", 20_500)]],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Laboratory,
        group: "291U00000X",
        practitioner: "",
        places: &["81"],
        diagnoses: GENERAL,
        bills: &[
            &[
                item("80053", &[], "1", 4_835),
                item("85025", &[], "1", 3_109),
                item("83036", &["QW"], "1", 3_700),
            ],
            &[item("80061", &[], "1", 5_150), item("84443", &["90"], "1", 6_900)],
            &[
                item("82306", &[], "1", 4_100),
                item("82607", &[], "1", 2_150),
                item("82728", &[], "1", 1_925),
                item("82746", &[], "1", 2_075),
                item("83540", &[], "1", 1_030),
                item("83550", &[], "1", 1_390),
                item("84153", &[], "1", 2_600),
                item("84439", &[], "1", 1_420),
                item("84480", &[], "1", 2_000),
                item("85651", &[], "1", 640),
                item("86140", &[], "1", 820),
                item("86803", &[], "1", 2_205),
            ],
        ],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::HomeLaboratory,
        group: "291U00000X",
        practitioner: "",
        places: &["12"],
        diagnoses: &["I10", "E119", "I5022"],
        bills: &[&[item("36415", &[], "1", 1_200), item("85025", &[], "1", 3_109)]],
        payers: MEDICARE,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Radiology,
        group: "261QR0200X",
        practitioner: "2085R0202X",
        places: &["11", "22", "23"],
        diagnoses: &["M25561", "M25511", "S83511A", "R0602"],
        bills: &[
            &[item("73562", &["26", "RT"], "1", 4_100), item("73030", &["26", "RT"], "1", 3_900)],
            &[item("71046", &["26"], "1", 3_650)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Mammography,
        group: "261QR0206X",
        practitioner: "2085R0202X",
        places: &["11", "15"],
        diagnoses: &["Z1231"],
        bills: &[&[item("77067", &[], "1", 29_900)]],
        payers: HEALTH,
        patients: Patients::Women,
    },
    Specialty {
        kind: Kind::Infusion,
        group: "261QI0500X",
        practitioner: "207R00000X",
        places: &["11", "12"],
        diagnoses: &["D509", "M810"],
        bills: &[
            &[item("96365", &[], "1", 21_000), item("J1756", &[], "200", 32_500)],
            &[item("96372", &[], "1", 4_400), item("J0897", &[], "60", 198_000)],
        ],
        payers: HEALTH,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Dialysis,
        group: "261QE0700X",
        practitioner: "207RN0300X",
        places: &["65"],
        diagnoses: &["N186", "D631"],
        bills: &[&[item("90935", &[], "1", 14_000), item("J0881", &["EA"], "40", 25_600)]],
        payers: MEDICARE,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Maternity,
        group: "193400000X",
        practitioner: "207V00000X",
        places: &["21", "25"],
        diagnoses: &["O80"],
        bills: &[&[item("59400", &[], "1", 452_000)], &[item("59409", &[], "1", 210_000)]],
        payers: YOUNG,
        patients: Patients::Women,
    },
    Specialty {
        kind: Kind::Vision,
        group: "193400000X",
        practitioner: "152W00000X",
        places: &["11"],
        diagnoses: &["H5213"],
        bills: &[&[
            item("92014", &[], "1", 13_800),
            item("V2020", &[], "1", 9_000),
            item("V2103", &["RT"], "1", 6_000),
            item("V2103", &["LT"], "1", 6_000),
        ]],
        payers: VISION,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Ambulance,
        group: "341600000X",
        practitioner: "",
        places: &["41", "42"],
        diagnoses: &["R0602", "R4182", "S0990XA", "I639"],
        bills: &[
            &[item("A0429", &["SH"], "1", 84_000), item("A0425", &["SH"], "12.4", 21_080)],
            &[item("A0427", &["RH"], "1", 112_500), item("A0425", &["RH"], "7.5", 12_750)],
        ],
        payers: INJURY,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Oxygen,
        group: "332B00000X",
        practitioner: "",
        places: &["12"],
        diagnoses: &["J449", "J9611"],
        bills: &[&[item("E1390", &["RR"], "1", 26_500), item("E0431", &["RR"], "1", 5_914)]],
        payers: MEDICARE,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Wheelchair,
        group: "332B00000X",
        practitioner: "",
        places: &["12", "13", "33"],
        diagnoses: &["G8220", "I69351"],
        bills: &[
            &[item("K0001", &["RR", "KH", "BR"], "1", 7_500)],
            &[item("K0001", &["RR", "KI", "BR", "KX"], "1", 7_550)],
        ],
        payers: MEDICARE,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Hospice,
        group: "261QM1300X",
        practitioner: "207Q00000X",
        places: &["34"],
        diagnoses: &["C3490", "I5022"],
        bills: &[&[item("99350", &["GV"], "1", 28_800)]],
        payers: MEDICARE,
        patients: Patients::Anyone,
    },
    Specialty {
        kind: Kind::Oversight,
        group: "261QM1300X",
        practitioner: "207Q00000X",
        places: &["11"],
        diagnoses: &["I5022", "J449", "E119"],
        bills: &[&[item("G0181", &[], "1", 16_400)]],
        payers: MEDICARE,
        patients: Patients::Anyone,
    },
];

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
