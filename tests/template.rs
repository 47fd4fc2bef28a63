//! The empty input workbook: the engine finds every column of it, says what is missing while it is empty, and takes
//! it with the rows of its own examples.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "what fails in a helper fails the test")]

mod common;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use common::framework;
use pinpoint::diag::{Code, Level, render};
use pinpoint::framework::files::RoleName;
use pinpoint::framework::validate;
use pinpoint::framework::{Context, Framework};
use pinpoint::io::embedded::embedded;
use pinpoint::io::read_framework;
use pinpoint::io::read_input::read_sheets;
use pinpoint::io::read_workbook::WorkbookSource;
use pinpoint::io::write_template::write_template;
use pinpoint::report::Datum;
use pinpoint::report::template::{EXAMPLE_PCODE, TemplateSheet, sheets};
use pinpoint::run;
use pinpoint::stage::analyse;
use pinpoint::table::workbook::CellMarks;
use pinpoint::table::{CellValue, Sheet, SheetBuilder, Workbook, folded};

/// Every shipped framework, and one with all indicators of the library and answers that are hard to write.
static FRAMEWORKS: LazyLock<Vec<Framework>> = LazyLock::new(|| {
    let mut frameworks: Vec<Framework> = read_framework::shipped().iter().map(|shipped| framework(shipped.id)).collect();
    let mut files = read_framework::framework_files("area-coefficient").expect("it is shipped");
    let library = embedded("library/indicators/2026.1/indicators.toml").expect("it is shipped");
    let own = r#"
[indicator.worded]
label = "Answers with blanks and commas"
risks = ["PR01"]
pillar = "B1"
measured-on = "key-informants"
unit = "answer"
answers = { 1 = ["Not at all", "0"], 3 = ["Yes, at times"], 5 = ["Très souvent"] }
why = "a test"
"#;
    files.texts.insert("indicators.toml".into(), format!("{library}{own}"));
    let checked = validate::framework(&files);
    frameworks.push(checked.value.unwrap_or_else(|| panic!("{}", render::list(&checked.findings, render::HowMany::All))));
    frameworks
});

/// No context: the engine's own layout.
static NO_CONTEXT: LazyLock<Context> =
    LazyLock::new(|| validate::context("context.toml", None, &run::own_layout()).value.expect("no context is one"));

fn bytes(framework: &Framework) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_template(&sheets(framework), &framework.name_and_version(), &mut bytes).expect("memory can be written");
    bytes
}

/// The template as the engine reads it; with `all`, also the sheets that it passes over.
fn read(framework: &Framework, all: bool) -> Workbook {
    let wanted: BTreeSet<String> = NO_CONTEXT.sheets().map(folded).collect();
    let bytes = bytes(framework);
    let mut source = WorkbookSource::open(Path::new("template.xlsx"), &bytes).expect("it is a workbook");
    read_sheets(&mut source, &|name| all || wanted.contains(&folded(name))).expect("its sheets can be read")
}

fn cell(datum: &Datum) -> (Option<f64>, String) {
    match datum {
        Datum::Empty => (None, String::new()),
        Datum::Text(text) => (None, text.clone()),
        Datum::Whole(number) => (number.to_string().parse().ok(), String::new()),
        Datum::Exact(number) | Datum::Share(number) => (Some(number.to_f64()), String::new()),
        Datum::Phase(phase) => (Some(f64::from(phase.number())), String::new()),
    }
}

fn push_row(builder: &mut SheetBuilder, row: u32, cells: impl Iterator<Item = (Option<f64>, String)>) {
    for (column, (number, text)) in (1..).zip(cells) {
        builder.push(row, column, number.map_or(CellValue::Text(&text), CellValue::Number), CellMarks::default());
    }
}

/// A template into which somebody copied the rows of its sheet `examples`.
fn filled(sheets: &[TemplateSheet]) -> Workbook {
    let fill = |sheet: &TemplateSheet| {
        let mut builder = SheetBuilder::default();
        push_row(&mut builder, 1, sheet.columns.iter().map(|column| (None, column.header.clone())));
        push_row(&mut builder, 2, sheet.example.iter().map(cell));
        builder.finish(&sheet.name, false)
    };
    let sheets = sheets.iter().filter(|sheet| !sheet.columns.is_empty()).map(fill).collect();
    Workbook { sheets, unread: vec!["read me".into(), "examples".into(), "lists".into()] }
}

fn find<'a>(workbook: &'a Workbook, name: &str) -> &'a Sheet {
    workbook.find(|known| known == name).unwrap_or_else(|| panic!("there is no sheet `{name}`"))
}

#[test]
fn an_untouched_template_lacks_people_and_nothing_else() {
    for framework in &*FRAMEWORKS {
        let checked = analyse(&read(framework, false), &NO_CONTEXT, framework);
        assert!(checked.value.is_none());
        let said: Vec<(Code, &str)> = checked.findings.iter().map(|finding| (finding.code, finding.message.as_str())).collect();
        let (errors, notes): (Vec<_>, Vec<_>) = said.into_iter().partition(|(code, _)| code.level() == Level::Error);
        assert_eq!(errors, [(Code::EmptySheet, "no row holds data below the header")]);
        assert!(notes.iter().all(|(code, _)| *code == Code::UnusedSheet), "{notes:?}");
        let sheet = checked.findings.iter().find(|finding| finding.code == Code::EmptySheet).map(|finding| finding.place.sheet());
        assert_eq!(sheet, Some("population"));
    }
}

#[test]
fn the_example_rows_make_a_sound_workbook() {
    for framework in &*FRAMEWORKS {
        let checked = analyse(&filled(&sheets(framework)), &NO_CONTEXT, framework);
        let told: Vec<String> = checked.findings.iter().filter(|finding| finding.level > Level::Note).map(render::line).collect();
        assert!(told.is_empty(), "{}: {}", framework.id, told.join("\n"));
        let analysis = checked.value.expect("there is no error");
        assert_eq!(analysis.decisions.list.len(), 1);
        assert_eq!(analysis.evidence.judgements.len(), 1);
        let area_indicators = framework.indicators.iter().filter(|indicator| indicator.is_of_areas()).count();
        let known =
            framework.indicators.ids().filter(|&id| analysis.observed.columns_of(id).iter().any(|column| column.is_known(0))).count();
        assert_eq!(known, area_indicators, "every indicator has an example");
    }
}

/// Nothing of the template is passed over by the engine, and nothing that the engine reads is left out of it.
#[test]
fn the_columns_are_those_that_the_engine_reads() {
    let keys = ["admin1", "admin2", "admin3", "admin4", "admin5"];
    for framework in &*FRAMEWORKS {
        let checked = analyse(&filled(&sheets(framework)), &NO_CONTEXT, framework);
        let unused: Vec<String> = checked
            .findings
            .iter()
            .filter(|finding| matches!(finding.code, Code::UnusedColumn | Code::UnknownIndicator | Code::RowSetAside))
            .map(render::line)
            .collect();
        assert!(unused.is_empty(), "{}", unused.join("\n"));
        // Households come as an export of the form that asked them, not typed into a template.
        for table in run::own_layout().into_iter().filter(|table| table.role != RoleName::Households) {
            let name = table.sheets.first().expect("a table has a sheet");
            let template = sheets(framework);
            let sheet = template.iter().find(|sheet| sheet.name == *name).unwrap_or_else(|| panic!("`{name}` is left out"));
            let headers: BTreeSet<String> = sheet.columns.iter().map(|column| folded(&column.header)).collect();
            for (column, accepted) in table.columns.iter().filter(|(column, _)| !keys.iter().any(|key| column.starts_with(key))) {
                // An area has neither pocket nor group.
                // What is checked and not used is asked of nobody.
                let not_here = (name == "areas" && ["pocket", "group"].contains(&column.as_str())) || column.ends_with("-percent");
                assert!(not_here || accepted.iter().any(|header| headers.contains(&folded(header))), "sheet `{name}` lacks `{column}`");
            }
        }
        let template = sheets(framework);
        let indicators = template.iter().find(|sheet| sheet.name == "indicators").expect("it is there");
        for indicator in framework.indicators.iter().filter(|indicator| indicator.is_of_areas()) {
            for (column, _) in indicator.form.reads(&indicator.id) {
                let there =
                    indicators.columns.iter().find(|known| known.header == column).unwrap_or_else(|| panic!("`{column}` is left out"));
                assert!(there.note.contains(indicator.label.trim_end_matches('.')), "{}", there.note);
            }
        }
    }
}

#[test]
fn every_answer_that_a_list_offers_is_accepted() {
    for framework in &*FRAMEWORKS {
        let template = sheets(framework);
        let longest = template
            .iter()
            .filter(|sheet| sheet.name == "indicators")
            .flat_map(|sheet| &sheet.columns)
            .filter_map(|column| Some(column.list.as_ref()?.len()))
            .max();
        // Each turn takes the next value of every list of sheet `indicators`.
        for turn in 0..longest.unwrap_or(0) {
            let mut changed = template.clone();
            let sheet = changed.iter_mut().find(|sheet| sheet.name == "indicators").expect("it is there");
            for (column, example) in sheet.columns.iter().zip(&mut sheet.example) {
                let offered = column.list.as_ref().and_then(|list| list.get(turn % list.len().max(1)));
                if let Some(value) = offered {
                    *example = Datum::text(value);
                }
            }
            let checked = analyse(&filled(&changed), &NO_CONTEXT, framework);
            let wrong: Vec<String> = checked.findings.iter().filter(|finding| finding.level == Level::Error).map(render::line).collect();
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    }
}

#[test]
fn what_is_written_reads_back_and_is_plainly_an_example() {
    for framework in &*FRAMEWORKS {
        let template = sheets(framework);
        let workbook = read(framework, true);
        let names: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).collect();
        let expected: Vec<&str> = template.iter().map(|sheet| sheet.name.as_str()).chain(["examples"]).collect();
        assert!(names == expected || names == [expected.as_slice(), &["lists"]].concat(), "{names:?}");
        assert!(!workbook.sheets.iter().any(|sheet| sheet.hidden));
        for sheet in template.iter().filter(|sheet| !sheet.columns.is_empty()) {
            let rows: Vec<u32> = find(&workbook, &sheet.name).rows().map(|row| row.number).collect();
            assert_eq!(rows, [1], "sheet `{}` holds its headers only", sheet.name);
            let row = find(&workbook, &sheet.name).row(1).expect("there are headers");
            let headers: Vec<CellValue<'_>> = row.cells().map(|(_, value)| value).collect();
            let expected: Vec<CellValue<'_>> = sheet.columns.iter().map(|column| CellValue::Text(&column.header)).collect();
            assert_eq!(headers, expected);
            assert_eq!(sheet.example.len(), sheet.columns.len());
            assert_eq!(sheet.example.first(), Some(&Datum::text(EXAMPLE_PCODE)));
            let examples = find(&workbook, "examples");
            let head = format!("Sheet {}", sheet.name);
            let block = examples.rows().find(|row| row.get(1) == CellValue::Text(&head)).expect("it has a block");
            for ((number, column), example) in (block.number + 1..).zip(&sheet.columns).zip(&sheet.example) {
                let line = examples.row(number).expect("it has a line");
                assert_eq!(line.get(1), CellValue::Text(&column.header));
                let (value, text) = cell(example);
                let expected = if text.is_empty() { value.map_or(CellValue::Blank, CellValue::Number) } else { CellValue::Text(&text) };
                assert_eq!(line.get(2), expected);
                assert_eq!(line.get(4), CellValue::Text(&column.note));
            }
        }
    }
}

/// A comma parts the values of a cell's own list, and such a list is short.
#[test]
fn lists_that_a_cell_cannot_hold_stand_on_a_sheet() {
    let framework = FRAMEWORKS.last().expect("there are some");
    let workbook = read(framework, true);
    let lists = find(&workbook, "lists");
    let column = |header: &str| {
        let (column, _) =
            lists.row(1).expect("there are headers").cells().find(|(_, value)| *value == CellValue::Text(header)).expect("it is there");
        let values = lists
            .rows()
            .skip(1)
            .filter_map(move |row| if let CellValue::Text(text) = row.get(column) { Some(text.to_owned()) } else { None });
        values.collect::<Vec<_>>()
    };
    assert_eq!(column("indicators.worded"), ["not-at-all", "0", "yes,-at-times", "tres-souvent"]);
    assert!(column("decisions.code").len() > 20);
}

#[test]
fn the_same_framework_gives_the_same_bytes() {
    for framework in &*FRAMEWORKS {
        assert_eq!(bytes(framework), bytes(framework));
    }
}
