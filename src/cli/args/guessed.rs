use clap::Args;

/// Flags that users of other linters reach for.
#[derive(Args, Debug, Default)]
pub(in crate::cli) struct GuessedArgs {
    /// Findings do not fail the run: the same as --fail-on never
    #[arg(long, conflicts_with = "fail_on", help_heading = "Verdict")]
    pub(in crate::cli) exit_zero: bool,

    /// List the files that would be opened, and check nothing
    #[arg(long, conflicts_with = "show_settings", help_heading = "Configuration", display_order = 901)]
    pub(in crate::cli) show_files: bool,

    /// Show every setting of this run and where it comes from, and check nothing
    #[arg(long, help_heading = "Configuration", display_order = 902)]
    pub(in crate::cli) show_settings: bool,
}
