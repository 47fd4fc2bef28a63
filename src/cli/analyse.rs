//! `pinpoint analyse`: from an input to the tables.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use super::summary::{self, Written};
use super::{Exit, complain, file_trouble, print};
use crate::diag::render::{self, HowMany};
use crate::domain::date::is_day;
use crate::io::atomic;
use crate::run::{self, Inputs, OutputFormat};

/// Arguments that name what is read.
#[derive(Debug, clap::Args)]
pub struct InputArgs {
    /// A workbook (.xlsx), a folder of .csv files, one per sheet, or for `check` a single .csv file
    pub input: PathBuf,
    /// A shipped framework's id, or a framework's folder
    #[arg(long, value_name = "ID|DIR")]
    pub framework: Option<String>,
    /// The country's context; without it, `context.toml` beside the input
    #[arg(long, value_name = "FILE")]
    pub context: Option<PathBuf>,
    /// The layout of the file, one of those that are shipped (`pinpoint context` lists them); without it and without a
    /// context that names tables it is found out and said
    #[arg(long, value_name = "ID")]
    pub layout: Option<String>,
    /// A second input whose sheets replace those of the same name
    #[arg(long, value_name = "FILE")]
    pub population: Option<PathBuf>,
    /// The form (XLSForm) behind an export of households: where the export has labels, they are read as the form's names
    #[arg(long, value_name = "FILE")]
    pub form: Option<PathBuf>,
    /// A list of places, as the global list of p-codes: a table with columns `P-Code`, `Name`, `Admin Level`, `Parent P-Code`,
    /// `Location`; the codes of areas are held against it
    #[arg(long, value_name = "FILE")]
    pub gazetteer: Option<PathBuf>,
    /// The date the outputs carry, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub as_of: Option<String>,
    /// Leave out the columns of households that tell persons apart, in place of refusing the sheet
    #[arg(long)]
    pub drop_identifiers: bool,
    /// Print every finding, not only the first few of each kind
    #[arg(long)]
    pub all: bool,
    /// Print for programs, as JSON
    #[arg(long)]
    pub json: bool,
}

impl InputArgs {
    pub(super) const fn how_many(&self) -> HowMany {
        if self.all { HowMany::All } else { HowMany::Few }
    }

    pub(super) fn inputs(&self) -> Inputs {
        Inputs {
            input: self.input.clone(),
            framework: self.framework.clone(),
            context: self.context.clone(),
            population: self.population.clone(),
            layout: self.layout.clone(),
            form: self.form.clone(),
            gazetteer: self.gazetteer.clone(),
            as_of: self.as_of.clone(),
            one_table: false,
            drop_identifiers: self.drop_identifiers,
            program: std::env::current_exe().ok(),
        }
    }
}

/// Arguments of the command.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    pub input: InputArgs,
    /// The folder for the outputs
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub out: PathBuf,
    /// Formats to write
    #[arg(long, value_name = "FORMAT", value_delimiter = ',', default_values_t = [Format::Csv, Format::Json, Format::Xlsx])]
    pub format: Vec<Format>,
}

/// A format on the command line.
#[derive(Copy, Clone, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// figures.csv, severity.csv, needs_wide.csv, audit.csv
    Csv,
    /// analysis.json
    Json,
    /// results.xlsx
    Xlsx,
}

impl std::fmt::Display for Format {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Xlsx => "xlsx",
        })
    }
}

pub(super) fn run(args: &Args) -> Exit {
    let progress = progress();
    let done = match run::analyse(&args.input.inputs(), &|step| advance(&progress, step)) {
        Ok(done) => done,
        Err(error) => {
            progress.finish_and_clear();
            return file_trouble(&error);
        }
    };
    let mut written = Vec::new();
    if let Some(report) = done.report() {
        advance(&progress, "writing");
        let formats: Vec<OutputFormat> = args
            .format
            .iter()
            .map(|format| match format {
                Format::Csv => OutputFormat::Csv,
                Format::Json => OutputFormat::Json,
                Format::Xlsx => OutputFormat::Xlsx,
            })
            .collect();
        let files = run::outputs(report, &formats);
        written = files.iter().map(|file| args.out.join(&file.name)).map(Written::new).collect();
        if let Err(error) = atomic::write_all(&args.out, files) {
            progress.finish_and_clear();
            return file_trouble(&error);
        }
    }
    progress.finish_and_clear();
    say_what_is_left(&args.out, &written);
    if args.input.json {
        print(&summary::json(&done, &written));
    } else {
        complain(&render::list(&done.findings, args.input.how_many()));
        print(&summary::text(&done, &written));
    }
    Exit::of(&done.findings)
}

/// Files of an earlier run that this one did not write: they stand beside others' figures.
fn say_what_is_left(out: &Path, written: &[Written]) {
    let is_new = |name: &str| written.iter().any(|file| file.path.file_name().is_some_and(|own| own == name));
    let left: Vec<&str> = run::OUTPUT_FILES.into_iter().filter(|name| !is_new(name) && out.join(name).is_file()).collect();
    if !left.is_empty() {
        complain(&format!("left from an earlier run in {}: {}\n", out.display(), left.join(", ")));
    }
}

/// The steps of a run, for the bar.
const STEPS: u64 = 4;

/// A bar that shows how far a run is and what is being done; nothing where no person looks.
pub(super) fn progress() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(STEPS);
    if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos}/{len} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// Moves the bar to the next step.
pub(super) fn advance(bar: &ProgressBar, step: &str) {
    bar.set_message(step.to_owned());
    bar.inc(1);
}

fn date(text: &str) -> Result<String, String> {
    if is_day(text) { Ok(text.to_owned()) } else { Err("write a day of the calendar as YYYY-MM-DD".into()) }
}
