//! The one use that every face shares: read inputs, make rules and context of them, analyse, lay out the outputs.

mod prepare;

pub use prepare::{first_context, layout_text, layouts};

use std::path::PathBuf;

use crate::diag::{Code, Findings, Level, Place};
use crate::framework::layout::TableLayout;
use crate::framework::source::Source;
use crate::framework::validate::{self, FrameworkFiles};
use crate::framework::{Context, Framework};
use crate::io::atomic::OutFile;
use crate::io::error::ReadError;
use crate::io::{read_framework, write_csv, write_json, write_xlsx};
use crate::report::{Provenance, Report};
use crate::stage::as_read::{TableRead, tables_as_read};
use crate::stage::{Analysis, analyse as analyse_workbook, try_case};

/// The framework used when neither the command line nor the context names one.
pub const DEFAULT_FRAMEWORK: &str = "area-coefficient";

/// What a run reads.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// A workbook, or a folder of CSV files.
    pub input: PathBuf,
    /// A shipped framework's id, or a folder.
    pub framework: Option<String>,
    /// A context; without one, `context.toml` beside the input, if there is one.
    pub context: Option<PathBuf>,
    /// A second input whose sheets replace those of the same name.
    pub population: Option<PathBuf>,
    /// The form behind an export of households, whose labels are read as its names.
    pub form: Option<PathBuf>,
    /// A list of places against which the codes of areas are held.
    pub gazetteer: Option<PathBuf>,
    /// The date the outputs carry.
    pub as_of: Option<String>,
    /// A single table as text is looked at by itself.
    pub one_table: bool,
    /// Columns that tell persons apart are left out of a sheet of households in place of refusing it.
    pub drop_identifiers: bool,
    /// A shipped layout by which the tables are read.
    pub layout: Option<String>,
    /// This program, which reads workbooks of old kinds in a process of its own.
    pub program: Option<PathBuf>,
}

use prepare::{Prepared, prepare};

/// What a run found and computed.
#[derive(Debug)]
pub struct Run {
    /// Everything that was found, the gravest first.
    pub findings: Findings,
    /// The analysis; `None` where an error stands among the findings.
    pub analysis: Option<Analysis>,
    /// The context; `None` where it cannot be used.
    pub context: Option<Context>,
    /// What the figures rest on.
    pub provenance: Provenance,
    /// The context file that was used, as the user knows it.
    pub context_file: Option<PathBuf>,
}

/// A format of the outputs.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutputFormat {
    /// `figures.csv`, `severity.csv`, `needs_wide.csv`, `audit.csv`.
    Csv,
    /// `analysis.json`.
    Json,
    /// `results.xlsx`.
    Xlsx,
}

/// Reads the inputs and analyses them. `step` is told what is being done.
///
/// # Errors
/// When a file cannot be read; what is wrong inside a readable file is a finding.
pub fn analyse(inputs: &Inputs, step: &dyn Fn(&str)) -> Result<Run, ReadError> {
    let Prepared { mut findings, rules, input, mut provenance, context_file } = prepare(inputs, step)?;
    let Some((context, framework)) = rules else {
        findings.sort();
        return Ok(Run { findings, analysis: None, context: None, provenance, context_file });
    };
    if input.workbook.is_one_table() && !inputs.one_table {
        let message = "this is a single table, and figures rest on several; put it into a folder with the others, and name the folder";
        findings.add(Code::MissingSheet, Place::Input, message);
    }
    step("analysing");
    let checked = analyse_workbook(&input.workbook, &context, &framework);
    findings.append(checked.findings);
    findings.sort();
    if let Some(analysis) = &checked.value {
        provenance.changes.clone_from(&analysis.rules.changes);
    }
    Ok(Run { findings, analysis: checked.value, context: Some(context), provenance, context_file })
}

/// The tables of an input as they were read, and what was found on the way. Rows of households only `with_households`.
///
/// # Errors
/// When a file cannot be read.
pub fn as_read(inputs: &Inputs, with_households: bool) -> Result<(Vec<TableRead>, Findings), ReadError> {
    let Prepared { mut findings, rules, input, .. } = prepare(inputs, &|_| ())?;
    let tables = rules
        .map(|(context, framework)| findings.keep(tables_as_read(&input.workbook, &context, &framework, with_households)))
        .unwrap_or_default();
    findings.sort();
    Ok((tables, findings))
}

impl Run {
    /// The report; `None` where there are no figures.
    pub fn report(&self) -> Option<Report<'_>> {
        Some(Report {
            analysis: self.analysis.as_ref()?,
            findings: &self.findings,
            context: self.context.as_ref()?,
            provenance: &self.provenance,
        })
    }
}

/// Every file that a run may write.
pub const OUTPUT_FILES: [&str; 6] = ["figures.csv", "severity.csv", "needs_wide.csv", "audit.csv", "analysis.json", "results.xlsx"];

/// The output files of a report, made as they are written.
pub fn outputs<'a>(report: Report<'a>, formats: &[OutputFormat]) -> Vec<OutFile<'a>> {
    let mut files = Vec::new();
    if formats.contains(&OutputFormat::Csv) {
        for file in report.files() {
            files.push(OutFile::new(file.name, move |out| write_csv::write_csv(file, out)));
        }
    }
    if formats.contains(&OutputFormat::Json) {
        files.push(OutFile::new("analysis.json", move |out| write_json::write_json(&report.document(), out)));
    }
    if formats.contains(&OutputFormat::Xlsx) {
        files.push(OutFile::new("results.xlsx", move |out| write_xlsx::write_xlsx(&report, out)));
    }
    files
}

/// Reads and checks a framework, and runs its worked examples if asked.
///
/// # Errors
/// When there is no such framework, or its files cannot be read.
pub fn check_framework(id_or_dir: &str, with_cases: bool) -> Result<(Option<Framework>, Findings), ReadError> {
    let files: FrameworkFiles = read_framework::framework_files(id_or_dir)?;
    let mut findings = Findings::default();
    let framework = findings.keep(validate::framework(&files));
    if let Some(framework) = framework.as_ref().filter(|_| with_cases) {
        findings.append(try_case::try_cases(framework, &own_layout()));
    }
    findings.sort();
    Ok((framework, findings))
}

/// Where the tables of the engine's own workbook stand.
pub fn own_layout() -> Vec<TableLayout> {
    let mut found = Findings::default();
    let source = Source::read("layout/workbook.toml", read_framework::own_layout_text(), &mut found);
    // The file is shipped; a test holds that nothing is found in it.
    debug_assert_eq!(found.count(Level::Error), 0);
    validate::table_list(&source, &mut found)
}
