//! What therapists write. Each note names region, technique, finding and goal, and no two of a patient are alike.

/// A note on what `code` was on the patient's visit number `visit`, line number `line` (both from 0).
pub fn note(code: &str, region: &str, patient: usize, visit: usize, line: usize) -> String {
    let pick = |choices: &[&'static str], by: usize| choices[by % choices.len()];
    let technique = pick(techniques(code), patient + visit);
    let response = pick(&RESPONSES, visit + 5 * line + patient);
    let goal = pick(&GOALS, patient + visit / 3);
    let finding = findings(patient, visit);
    match (visit + line) % 3 {
        0 => format!("{technique} to the {region}. {finding}. Goal: {goal}. {response}."),
        1 => format!("{finding}. {technique}, {region}, working toward {goal}. {response}."),
        _ => format!("{response}. {technique} for the {region}; {finding}. Next goal is {goal}."),
    }
}

fn techniques(code: &str) -> &'static [&'static str] {
    match code {
        "97124" => &[
            "Effleurage and petrissage, deep, along the fibers",
            "Petrissage and cross-friction over the taut bands",
            "Soft tissue mobilization with kneading and stroking, petrissage at the insertions",
            "Effleurage from distal to proximal, then cross-friction at the tendon",
        ],
        "97140" => &[
            "Joint mobilization grade III",
            "Myofascial release, sustained hold",
            "Manual traction with mobilization grade II",
            "Joint mobilization with movement, grade IV at end range",
        ],
        "97112" => &[
            "Neuromuscular re-education, single-leg stance on foam",
            "Proprioceptive drills with verbal and tactile cueing",
            "Postural control against perturbation",
        ],
        "97116" => &["Gait training, step length and cadence", "Gait training on a ramp with a cane"],
        "97530" => &[
            "Lifting from floor to waist, graded load",
            "Reaching overhead, graded load",
            "Transfers from a low chair",
        ],
        "97535" => &["Dressing with adaptive equipment", "Kitchen tasks with joint protection"],
        "97035" => &["Ultrasound, continuous, 1 MHz, 1.2 W/cm2", "Ultrasound, pulsed, 3 MHz, 0.8 W/cm2"],
        "97161" | "97165" => &["Evaluation: history, tests and measures, plan of care written"],
        "97012" => &["Mechanical traction, intermittent"],
        "G0283" | "97014" => &["Unattended stimulation, four pads, supervised"],
        _ => &[
            "Strengthening, three sets of ten with resistance band",
            "Active range of motion, then eccentric loading",
            "Progressive resistive exercise, load raised",
            "Core stabilization with breathing control",
        ],
    }
}

/// Measures that get better from visit to visit.
fn findings(patient: usize, visit: usize) -> String {
    let (pain, degrees) = (7_usize.saturating_sub(visit / 2).max(1), 40 + 3 * visit + patient % 7);
    match (patient + visit) % 4 {
        0 => format!("ROM flexion {degrees} degrees, was {} at the start", 40 + patient % 7),
        1 => format!("Pain NPRS {pain}/10 before, {}/10 after", pain.saturating_sub(1)),
        2 => format!("MMT {}/5 on resisted testing, pain NPRS {pain}/10", 3 + visit / 6),
        _ => format!("ODI {} percent, down from 52; ROM extension {} degrees", 52 - 2 * visit, 10 + visit),
    }
}

const GOALS: [&str; 10] = [
    "return to lifting 20 lb at work",
    "climbing stairs without the rail",
    "dressing without help",
    "return to driving for an hour",
    "carrying groceries from the car",
    "standing to cook a meal",
    "reaching the upper shelf",
    "walking half a mile to the bus",
    "getting up from the floor",
    "sleeping through without waking from pain",
];

const RESPONSES: [&str; 17] = [
    "Tolerated well, no increase of symptoms",
    "Needed two rests and verbal cueing",
    "Load raised since the last time without complaint",
    "Sore afterward, gone by the end of the hour",
    "Compensates with the trunk when tired",
    "Form better than on the last day, fewer cues",
    "Guarding at end range, less with repetition",
    "Reports easier mornings since Monday",
    "Home program reviewed and changed",
    "Endurance improved by one set",
    "Asked for a slower pace, which was given",
    "Balance reactions quicker on the involved side",
    "Symptoms centralize with repeated movement",
    "Swelling less than at the start",
    "First time without a brace",
    "Carryover from the last session is good",
    "Reassessed against the plan, on track",
];
