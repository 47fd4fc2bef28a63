//! Runs of the engine, and what they say, row by row.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use pinpoint::diag::{Findings, Level};
use pinpoint::domain::{People, Phase};
use pinpoint::framework::{Context, Framework, validate};
use pinpoint::io::read_framework::framework_files;
use pinpoint::report::figures::figures;
use pinpoint::report::{Provenance, Report};
use pinpoint::run::{self, OutputFormat, own_layout};
use pinpoint::stage::{Analysis, analyse};

use super::book::Book;
use super::rules::Rules;
use super::world::World;

/// P-code, pocket, group, sex, age, scope, code.
pub type Key = [String; 7];

/// A row of `figures.csv`.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub level: u8,
    pub population: Option<People>,
    pub affected: Option<People>,
    pub in_need: Option<People>,
    pub targeted: Option<People>,
    pub phase: Option<Phase>,
    pub coverage: Option<String>,
    pub method: &'static str,
    pub mosaic: &'static str,
}

/// A finished run.
pub struct Run {
    pub analysis: Analysis,
    pub findings: Findings,
    pub context: Context,
    pub figures: BTreeMap<Key, Figure>,
}

/// Runs a book that has to be sound.
pub fn run_book(book: &Book, framework: &Framework, context: &Context) -> Run {
    let checked = analyse(&book.workbook(), context, framework);
    let errors: Vec<_> = checked.findings.iter().filter(|finding| finding.level == Level::Error).collect();
    let analysis = checked.value.unwrap_or_else(|| panic!("no figures: {errors:?}"));
    let mut rows = BTreeMap::new();
    for row in figures(&analysis) {
        let key = [row.pcode, row.pocket, row.group, row.sex, row.age, row.scope, row.code].map(str::to_owned);
        let figure = Figure {
            level: row.level,
            population: row.population,
            affected: row.affected,
            in_need: row.in_need,
            targeted: row.targeted,
            phase: row.phase,
            coverage: row.coverage.map(|coverage| coverage.to_string()),
            method: row.method,
            mosaic: row.mosaic,
        };
        assert!(rows.insert(key.clone(), figure).is_none(), "two rows for {key:?}");
    }
    Run { analysis, findings: checked.findings, context: context.clone(), figures: rows }
}

/// Runs a country.
pub fn run_world(rules: &Rules, world: &World) -> Run {
    run_book(&world_book(rules, world), &rules.framework, &rules.context)
}

/// The workbook of a country.
pub fn world_book(rules: &Rules, world: &World) -> Book {
    let risks: Vec<String> = rules.framework.risks.iter().map(|risk| risk.code.clone()).collect();
    world.book(&rules.scales, &risks)
}

impl Run {
    /// The text files, by name.
    pub fn text_files(&self) -> BTreeMap<String, Vec<u8>> {
        let provenance = Provenance::default();
        let report = Report { analysis: &self.analysis, findings: &self.findings, context: &self.context, provenance: &provenance };
        bytes_of(report, &[OutputFormat::Csv])
    }

    /// The cells whose people are counted.
    pub fn counted(&self) -> impl Iterator<Item = pinpoint::domain::CellId> + '_ {
        self.analysis.cells.ids().filter(|&cell| self.analysis.population.is_counted(cell))
    }
}

/// The output files in memory.
pub fn bytes_of(report: Report<'_>, formats: &[OutputFormat]) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    for file in run::outputs(report, formats) {
        let mut bytes = Vec::new();
        (file.bytes)(&mut bytes).unwrap();
        assert!(all.insert(file.name, bytes).is_none());
    }
    all
}

/// The folder of Two Islands.
pub fn two_islands() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/two-islands")
}

/// The sheets of Two Islands.
pub static ISLANDS: LazyLock<Book> = LazyLock::new(|| Book::read(&two_islands().join("sheets")));

/// The context of Two Islands.
pub static ISLANDS_CONTEXT: LazyLock<Context> = LazyLock::new(|| {
    let text = std::fs::read_to_string(two_islands().join("context.toml")).unwrap();
    validate::context("context.toml", Some(&text), &own_layout()).value.unwrap()
});

/// The framework of Two Islands.
pub static AREA_COEFFICIENT: LazyLock<Framework> =
    LazyLock::new(|| validate::framework(&framework_files("area-coefficient").unwrap()).value.unwrap());

/// Runs the sheets of Two Islands, or what a law made of them.
pub fn run_islands(book: &Book) -> Run {
    run_book(book, &AREA_COEFFICIENT, &ISLANDS_CONTEXT)
}
