use clap::{Args, Subcommand};

/// How tables and JSON of other shapes are read.
#[derive(Args, Debug, Clone, Default)]
pub(in crate::cli) struct MapChoice {
    /// Read CSV, or JSON of another shape, by this map: a ready-made one (cleanclaim maps list) or a YAML file [default: the
    /// ready-made one whose columns or keys the input has]
    #[arg(long, value_name = "NAME|FILE", help_heading = "Inputs")]
    pub(in crate::cli) map: Option<String>,
}

/// List ready-made maps for CSV and JSON, or print one to start your own from
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub(in crate::cli) struct MapsArgs {
    #[command(subcommand)]
    pub(in crate::cli) job: MapsJob,
}

const EXAMPLES: &str = "\
Examples:
  cleanclaim maps list
  cleanclaim maps show native > ours.yaml
  cleanclaim check export.csv --map ours.yaml
  cleanclaim rules schema map > map.schema.json";

/// What to do with maps.
#[derive(Subcommand, Debug)]
pub(in crate::cli) enum MapsJob {
    /// List the ready-made maps: name, what it reads, what writes such files
    List,
    /// Print a ready-made map as YAML
    Show {
        /// Its name
        #[arg(value_name = "NAME")]
        name: String,
    },
}
