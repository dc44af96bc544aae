//! The report says which profile judged a claim: that of its payer, in its state.

#![allow(clippy::expect_used, reason = "a test that cannot be set up has failed")]

use std::process::Command;

use crate::support::line;
use serde_json::{Value, json};

const RULES: &str = "profiles:
  - {name: texas-workers-compensation, like: workers-compensation, states: [TX], counting: cms,
     counting-confirmed: true}
  - {name: state-fund, like: commercial, payer-ids: ['777']}
";

/// The profile that judged a claim of four units in 47 minutes, and the rules that spoke.
fn judged(name: &str, text: &str) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("rules.yaml"), RULES).expect("a writable folder");
    std::fs::write(folder.path().join(name), text).expect("a writable folder");
    let output = Command::new(env!("CARGO_BIN_EXE_cleanclaim"))
        .env("XDG_DATA_HOME", concat!(env!("CARGO_TARGET_TMPDIR"), "/no-tables"))
        .env_remove("CI")
        .current_dir(folder.path())
        .args(["check", name, "--rules", "rules.yaml", "--output", "json", "--as-of", "2025-04-02"])
        .output()
        .expect("the program runs");
    let run: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let codes = run["findings"].as_array().expect("findings").iter().map(|one| text(&one["code"])).collect();
    (text(&run["claims"][0]["payer"]), codes)
}

#[test]
fn in_json_lines_and_in_an_837p() {
    for (state, payer, profile, spoke) in [
        ("TX", "778", "texas-workers-compensation", true),
        ("AL", "778", "workers-compensation", false),
        ("TX", "777", "state-fund", false),
    ] {
        let lines: Vec<Value> = ["97112", "97110"]
            .map(|code| {
                line(json!({
                    "procedure_code": code, "minutes": if code == "97112" { 24 } else { 23 }, "units": 2,
                    "claim_filing_indicator": "WC", "payer_id": payer, "state": state, "zip": "350040001",
                    // Something is found in every claim, so that every claim is reported.
                    "diagnosis_codes": ["R52"],
                }))
            })
            .into();
        let (judge, codes) = judged("claims.jsonl", &crate::support::json_lines(&lines));
        assert_eq!(judge, profile, "{state} {payer}");
        assert_eq!(codes.iter().any(|code| code == "T01"), spoke, "{state} {payer}: {codes:?}");
        let lines: Vec<crate::synthetic::Line> =
            lines.iter().map(|line| line.as_object().expect("an object").clone()).collect();
        let (judge, _) = judged("claims.837", &crate::synthetic::written(&lines).x12);
        assert_eq!(judge, profile, "{state} {payer} in an 837P");
    }
}
