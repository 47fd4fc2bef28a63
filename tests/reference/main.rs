//! The engine against its slow twin on random workbooks, and on the shipped example.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test says what it found and stops where something is wrong"
)]

mod random;
mod twin;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use pinpoint::diag::{Findings, Level};
use pinpoint::domain::Phase;
use pinpoint::domain::id::Id;
use pinpoint::framework::layout::TableLayout;
use pinpoint::framework::source::Source;
use pinpoint::framework::validate::{self, FrameworkFiles};
use pinpoint::stage::{Analysis, analyse};
use pinpoint::table::workbook::CellMarks;
use pinpoint::table::{CellValue, SheetBuilder, Workbook};
use twin::{Input, Output, Sheet};

const WORKBOOKS: u64 = 1000;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn own_layout() -> Vec<TableLayout> {
    let mut found = Findings::default();
    let source = Source::read("workbook.toml", &read("frameworks/layout/workbook.toml"), &mut found);
    let layout = validate::table_list(&source, &mut found);
    assert!(!found.any_error(), "{found:?}");
    layout
}

// --- the engine -------------------------------------------------------------------------------------------------

/// Columns that hold texts even where they look like numbers.
const TEXTS: [&str; 4] = ["pcode", "parent_pcode", "pocket", "code"];

fn workbook(sheets: &[Sheet]) -> Workbook {
    let mut workbook = Workbook::default();
    for sheet in sheets {
        let mut builder = SheetBuilder::default();
        let lines = std::iter::once(&sheet.header).chain(&sheet.rows);
        for (row, line) in (1..).zip(lines) {
            for ((column, text), header) in (1..).zip(line).zip(&sheet.header) {
                let as_number = text.parse::<f64>().ok().filter(|_| row > 1 && !TEXTS.contains(&header.as_str()));
                builder.push(row, column, as_number.map_or(CellValue::Text(text), CellValue::Number), CellMarks::default());
            }
        }
        workbook.sheets.push(builder.finish(&sheet.name, false));
    }
    workbook
}

/// The engine's analysis, or the errors that it found.
fn engine(input: &Input, layout: &[TableLayout]) -> Result<Analysis, String> {
    let mut found = Findings::default();
    let files = FrameworkFiles {
        folder: "random".into(),
        texts: input.framework.clone(),
        risks: input.risks.clone(),
        paf: read("frameworks/paf.toml"),
        ..FrameworkFiles::default()
    };
    let framework = found.keep(validate::framework(&files));
    let context = found.keep(validate::context("context.toml", Some(&input.context), layout));
    let mut analysis = None;
    if let (Some(framework), Some(context)) = (framework, context) {
        analysis = found.keep(analyse(&workbook(&input.sheets), &context, &framework));
    }
    let errors: Vec<String> = found
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .map(|finding| format!("{} {}: {}", finding.code, finding.place, finding.message))
        .collect();
    analysis.filter(|_| errors.is_empty()).ok_or_else(|| errors.join("; "))
}

fn shown<T: ToString>(value: Option<T>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// What the engine found, in the twin's terms.
fn output(analysis: &Analysis) -> Output {
    let mut output = Output::default();
    for row in pinpoint::report::figures::figures(analysis) {
        let key = [row.pcode, row.pocket, row.group, row.sex, row.age, row.scope, row.code].join("|");
        let fields = vec![
            row.level.to_string(),
            shown(row.population),
            shown(row.affected),
            shown(row.in_need),
            shown(row.phase.map(Phase::number)),
            shown(row.coverage),
            row.method.to_owned(),
            row.mosaic.to_owned(),
            shown(row.targeted),
            shown(row.reached),
            row.marks().into_owned(),
        ];
        assert!(output.figures.insert(key.clone(), fields).is_none(), "{key} stands twice");
    }
    let name = |cell| {
        let key = analysis.cells.key(cell);
        [analysis.areas.get(key.area).pcode.as_str(), &key.pocket, analysis.cells.group_code(key.group)].join("|")
    };
    for cell in pinpoint::report::severity::units(analysis) {
        for row in pinpoint::report::severity::rows_of(analysis, cell) {
            let fields = vec![shown(row.phase.map(Phase::number)), shown(row.coverage), row.method.to_owned(), row.marks().into_owned()];
            output.severity.insert(format!("{}|{}|{}", name(cell), row.scope, row.code), fields);
        }
    }
    let codes = &analysis.previous.sector_codes;
    for unit in &analysis.across.units {
        let phase = |phase: Option<Phase>| shown(phase.map(Phase::number));
        let mut fields =
            vec![unit.known.to_string(), unit.low_coverage.to_string(), phase(unit.severity_preliminary), phase(unit.severity_final)];
        for place in &unit.places {
            let names: Vec<&str> = place.sectors.iter().map(|sector| codes[sector.index()].as_str()).collect();
            fields.push(format!("{} {}", place.people, names.join("+")));
        }
        fields.push(unit.severity_flags.join("+"));
        fields.push(unit.in_need_flags.join("+"));
        fields.extend([unit.in_need_preliminary, unit.in_need_final, unit.targeted, unit.prioritised].map(shown));
        output.across.insert(name(unit.cell), fields);
    }
    for change in &analysis.changes {
        let (scope, code) = pinpoint::report::trend::scope_and_code(analysis, change);
        let figure = if change.is_phase { "phase" } else { "in-need" };
        let fields = vec![change.old.to_string(), shown(change.new), shown(change.change), change.status.word().to_owned()];
        output.changes.insert(format!("{}|{scope}|{code}|{figure}", name(change.cell)), fields);
    }
    for (rank, risk) in analysis.priorities.iter().enumerate() {
        let code = analysis.rules.risks[risk.risk].code.clone();
        output.priorities.insert(
            format!("{rank:02}"),
            vec![code, risk.people_in_phase_4.to_string(), risk.people_in_phase_3.to_string(), risk.areas_in_phase_3.to_string()],
        );
    }
    output
}

// --- the comparison ---------------------------------------------------------------------------------------------

/// Every row in which the two differ.
fn differences(twin: &Output, engine: &Output) -> Vec<String> {
    let mut found = Vec::new();
    for (table, ours, theirs) in [
        ("figures", &twin.figures, &engine.figures),
        ("severity", &twin.severity, &engine.severity),
        ("across", &twin.across, &engine.across),
        ("changes", &twin.changes, &engine.changes),
        ("priorities", &twin.priorities, &engine.priorities),
    ] {
        let keys: std::collections::BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for key in keys {
            let (our, their) = (ours.get(key), theirs.get(key));
            if our != their {
                let show = |fields: Option<&Vec<String>>| fields.map_or_else(|| "no such row".to_owned(), |fields| fields.join(","));
                found.push(format!("{table} {key}\n      twin   {}\n      engine {}", show(our), show(their)));
            }
        }
    }
    found
}

/// What one accepted workbook gives.
struct Outcome {
    /// Rows compared.
    rows: usize,
    differences: Vec<String>,
    /// The variants that it holds.
    drawn: random::Drawn,
}

/// What one seed gives, or why the engine refused the workbook.
fn try_seed(seed: u64, risks: &str, layout: &[TableLayout]) -> Result<Outcome, String> {
    let (input, drawn) = random::input(seed, risks);
    let analysis = engine(&input, layout)?;
    let (theirs, ours) = (output(&analysis), twin::analyse(&input));
    let rows = ours.figures.len() + ours.severity.len() + ours.across.len() + ours.changes.len() + ours.priorities.len();
    Ok(Outcome { rows, differences: differences(&ours, &theirs), drawn })
}

#[test]
fn the_engine_and_its_slow_twin_agree_on_a_thousand_random_workbooks() {
    let risks = read("frameworks/risks.toml");
    let layout = own_layout();
    let seeds: Vec<u64> = match std::env::var("REFERENCE_SEED") {
        Ok(seed) => vec![seed.parse().unwrap()],
        Err(_) => (0..WORKBOOKS).collect(),
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let outcomes: Vec<(u64, Result<Outcome, String>)> = std::thread::scope(|scope| {
        let chunks: Vec<_> = seeds.chunks(seeds.len().div_ceil(threads)).collect();
        let running: Vec<_> = chunks
            .into_iter()
            .map(|chunk| {
                let (risks, layout) = (&risks, &layout);
                scope.spawn(move || chunk.iter().map(|&seed| (seed, try_seed(seed, risks, layout))).collect::<Vec<_>>())
            })
            .collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let (mut accepted, mut agreeing, mut compared) = (0, 0, 0);
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    let mut said = String::new();
    let shown = if seeds.len() == 1 { 1000 } else { std::env::var("REFERENCE_SHOWN").map_or(6, |shown| shown.parse().unwrap()) };
    for (seed, outcome) in &outcomes {
        match outcome {
            Err(why) => writeln!(said, "seed {seed}: refused: {why}").unwrap(),
            Ok(Outcome { rows, differences, drawn }) => {
                accepted += 1;
                for variant in drawn {
                    *held.entry(*variant).or_default() += 1;
                }
                compared += rows;
                agreeing += usize::from(differences.is_empty());
                if !differences.is_empty() {
                    writeln!(said, "seed {seed}: {} rows differ", differences.len()).unwrap();
                    for difference in differences.iter().take(shown) {
                        writeln!(said, "    {difference}").unwrap();
                    }
                }
            }
        }
    }
    println!("{accepted} of {} workbooks accepted, {agreeing} agree in every row, {compared} rows compared", seeds.len());
    for (variant, count) in &held {
        println!("{count} of them hold {variant}");
    }
    if seeds.len() == 1 {
        let (input, _) = random::input(seeds[0], &risks);
        for (name, text) in &input.framework {
            println!("--- {name}\n{text}");
        }
        println!("--- context\n{}", input.context);
        for sheet in &input.sheets {
            println!("--- {}\n{}", sheet.name, sheet.header.join(","));
            for row in &sheet.rows {
                println!("{}", row.join(","));
            }
        }
    }
    assert!(agreeing == accepted, "{said}");
    assert!(accepted * 100 >= seeds.len() * 95, "only {accepted} of {} workbooks were accepted:\n{said}", seeds.len());
    if seeds.len() > 1 {
        for variant in random::VARIANTS {
            assert!(held.get(variant).is_some_and(|count| *count > 0), "no accepted workbook holds {variant}");
        }
        assert!(held.keys().all(|variant| random::VARIANTS.contains(variant)), "{held:?}");
    }
}

// --- the shipped example ----------------------------------------------------------------------------------------

/// The rows of a CSV file by header.
fn table(path: &str) -> Vec<BTreeMap<String, String>> {
    let text = read(path);
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    reader.records().map(|record| header.iter().map(str::to_owned).zip(record.unwrap().iter().map(str::to_owned)).collect()).collect()
}

fn by_key(rows: &[BTreeMap<String, String>], key: &[&str], fields: &[&str]) -> BTreeMap<String, Vec<String>> {
    let pick = |row: &BTreeMap<String, String>, names: &[&str]| names.iter().map(|name| row[*name].clone()).collect::<Vec<_>>();
    rows.iter().map(|row| (pick(row, key).join("|"), pick(row, fields))).collect()
}

#[test]
fn the_twin_finds_the_expected_figures_of_two_islands() {
    let mut input = Input { risks: read("frameworks/risks.toml"), context: read("fixtures/two-islands/context.toml"), ..Input::default() };
    for name in ["framework.toml", "indicators.toml", "coefficients.toml"] {
        input.framework.insert(name.into(), read(&format!("frameworks/area-coefficient/2026.1/{name}")));
    }
    for name in ["areas", "population", "indicators", "shares", "estimates", "judgements", "decisions", "previous", "sectors", "response"] {
        let text = read(&format!("fixtures/two-islands/sheets/{name}.csv"));
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().iter().map(str::to_owned).collect();
        let rows = reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
        input.sheets.push(Sheet { name: name.into(), header, rows });
    }
    let found = twin::analyse(&input);
    let expected = |name: &str| table(&format!("fixtures/two-islands/expected/{name}.csv"));
    let cell = ["pcode", "pocket", "population_group"];
    let figures = by_key(
        &expected("figures"),
        &["pcode", "pocket", "population_group", "sex", "age", "scope", "code"],
        &["level", "population", "affected", "in_need", "phase", "coverage", "method", "mosaic", "targeted", "reached", "mark"],
    );
    let severity = by_key(&expected("severity"), &[cell[0], cell[1], cell[2], "scope", "code"], &["phase", "coverage", "method", "mark"]);
    // What last year's sheet leaves blank is no change (settled in the twin).
    let changes: Vec<BTreeMap<String, String>> = expected("changes").into_iter().filter(|row| !row["old"].is_empty()).collect();
    let changes = by_key(&changes, &[cell[0], cell[1], cell[2], "scope", "code", "figure"], &["old", "new", "change", "status"]);
    let mut priorities = BTreeMap::new();
    for (rank, row) in expected("priorities").iter().enumerate() {
        priorities.insert(
            format!("{rank:02}"),
            ["risk", "people_phase4", "people_phase3", "areas_phase3"].map(|name| row[name].clone()).to_vec(),
        );
    }
    // The table of the step across sectors is written another way: the same fields, without the counts in front.
    let across: BTreeMap<String, Vec<String>> = expected("intersectoral")
        .iter()
        .map(|row| {
            let mut fields = vec![row["severity_preliminary"].clone(), row["severity_final"].clone()];
            for place in 1..=3 {
                let people = &row[&format!("in_need_{place}")];
                if !people.is_empty() {
                    fields.push(format!("{people} {}", row[&format!("sectors_{place}")].replace('|', "+")));
                }
            }
            fields.extend(["severity_flags", "in_need_flags"].map(|name| row[name].replace('|', "+")));
            fields.extend(["in_need_preliminary", "in_need_final", "targeted", "prioritised"].map(|name| row[name].clone()));
            (cell.map(|name| row[name].clone()).join("|"), fields)
        })
        .collect();
    let found = Output { across: found.across.into_iter().map(|(key, fields)| (key, fields[2..].to_vec())).collect(), ..found };
    let expected = Output { figures, severity, across, changes, priorities };
    let differences = differences(&found, &expected);
    assert!(differences.is_empty(), "{} rows differ (here `engine` is the expected one):\n{}", differences.len(), differences.join("\n"));
}
