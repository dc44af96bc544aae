use clap::Args;

use crate::claim::ProcedureCode;

/// Work out the units that minutes support, CMS and AMA side by side
#[derive(Args, Debug)]
#[command(after_help = "Example:\n  cleanclaim units 97124=25 97140=13")]
pub(in crate::cli) struct UnitsArgs {
    /// Timed codes of one patient's day, each with its minutes
    #[arg(required = true, value_name = "CODE=MINUTES", value_parser = code_minutes)]
    pub(in crate::cli) services: Vec<CodeMinutes>,

    /// Print JSON
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

/// A timed code and the minutes documented for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::cli) struct CodeMinutes {
    /// Procedure code.
    pub(in crate::cli) code: ProcedureCode,
    /// Minutes of the day, at most 1,440.
    pub(in crate::cli) minutes: u16,
}

fn code_minutes(text: &str) -> Result<CodeMinutes, String> {
    let (code, minutes) = text.split_once('=').ok_or("a service is written like 97124=25")?;
    let code = procedure_code(code)?;
    match minutes.parse() {
        Ok(minutes) if minutes <= 1_440 => Ok(CodeMinutes { code, minutes }),
        _ => Err("minutes are a whole number, at most the 1440 of a day".to_owned()),
    }
}

fn procedure_code(text: &str) -> Result<ProcedureCode, String> {
    ProcedureCode::new(text.to_ascii_uppercase().as_bytes())
        .ok_or_else(|| "a procedure code has five letters and digits, like 97124".to_owned())
}
