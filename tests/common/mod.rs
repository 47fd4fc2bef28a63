//! What several tests share: running the flow on files, and reading tables back.

#![allow(dead_code, reason = "each test target uses its own part")]

use std::path::{Path, PathBuf};

use pinpoint::diag::Level;
use pinpoint::diag::render::{HowMany, list};
use pinpoint::run::{self, Inputs, OutputFormat, Run};

/// The project's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Analyses an input with its own context; errors fail the test with what was found.
pub fn analyse(inputs: &Inputs) -> Run {
    let run = run::analyse(inputs, &|_| {}).expect("the input can be read");
    let errors: Vec<String> =
        run.findings.iter().filter(|finding| finding.level == Level::Error).map(pinpoint::diag::render::line).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
    run
}

/// Every output file of a run: name and bytes.
pub fn outputs(run: &Run) -> Vec<(String, Vec<u8>)> {
    let report = run.report().expect("there are figures");
    let formats = [OutputFormat::Csv, OutputFormat::Json, OutputFormat::Xlsx];
    run::outputs(report, &formats)
        .into_iter()
        .map(|file| {
            let mut bytes = Vec::new();
            (file.bytes)(&mut bytes).expect("memory can be written");
            (file.name, bytes)
        })
        .collect()
}

/// The rows of a CSV text, header first.
pub fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|record| record.expect("a CSV row").iter().map(str::to_owned).collect()).collect()
}

/// Fails with the first rows that differ.
pub fn assert_same_rows(name: &str, expected: &[Vec<String>], actual: &[Vec<String>]) {
    let differing: Vec<String> = expected
        .iter()
        .zip(actual)
        .enumerate()
        .filter(|(_, (a, b))| a != b)
        .take(10)
        .map(|(at, (a, b))| format!("row {}\n  expected {}\n  got      {}", at + 1, a.join(","), b.join(",")))
        .collect();
    assert!(differing.is_empty(), "{name}: \n{}", differing.join("\n"));
    assert_eq!(expected.len(), actual.len(), "{name}: number of rows");
}

/// Reads a text file of the project.
pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A workbook of sheets written as CSV texts; a plain number is a number, everything else a text.
pub fn workbook(sheets: &[(&str, &str)]) -> pinpoint::table::Workbook {
    use pinpoint::table::workbook::CellMarks;
    use pinpoint::table::{CellValue, SheetBuilder};
    let sheets = sheets
        .iter()
        .map(|(name, text)| {
            let mut builder = SheetBuilder::default();
            for (row, cells) in (1..).zip(rows(text)) {
                for (column, cell) in (1..).zip(&cells) {
                    let number = cell.parse::<f64>().ok().filter(|number| number.to_string() == *cell);
                    let value = number.map_or(CellValue::Text(cell), CellValue::Number);
                    builder.push(row, column, value, CellMarks::default());
                }
            }
            builder.finish(name, false)
        })
        .collect();
    pinpoint::table::Workbook { sheets, unread: Vec::new() }
}

/// A shipped framework.
pub fn framework(id: &str) -> pinpoint::framework::Framework {
    let (framework, findings) = run::check_framework(id, false).expect("it is shipped");
    framework.unwrap_or_else(|| panic!("{}", list(&findings, HowMany::All)))
}

/// A context of these lines after its head.
pub fn context(lines: &str) -> pinpoint::framework::Context {
    let text = format!("format = 1\n[context]\ncountry = \"XVA\"\n{lines}\n");
    let checked = pinpoint::framework::validate::context("context.toml", Some(&text), &run::own_layout());
    checked.value.unwrap_or_else(|| panic!("{}", list(&checked.findings, HowMany::All)))
}

/// The analysis of sheets in memory; an error among the findings fails the test.
pub fn analysis(
    sheets: &[(&str, &str)],
    context: &pinpoint::framework::Context,
    framework: &pinpoint::framework::Framework,
) -> pinpoint::stage::Analysis {
    let checked = pinpoint::stage::analyse(&workbook(sheets), context, framework);
    checked.value.unwrap_or_else(|| panic!("{}", list(&checked.findings, HowMany::All)))
}

/// People in need of an area's total, as text.
pub fn in_need(analysis: &pinpoint::stage::Analysis, pcode: &str, series: &str) -> String {
    let area = analysis.areas.find(&pinpoint::domain::PCode::new(pcode).unwrap()).unwrap();
    let series = pinpoint::domain::Series::parse(series).unwrap();
    analysis.rolled.area(area, series).in_need.map(|people| people.to_string()).unwrap_or_default()
}
