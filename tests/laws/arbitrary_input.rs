//! No input makes the engine panic: it gives figures, or it says what is wrong.

use std::sync::LazyLock;

use pinpoint::diag::Level;
use pinpoint::framework::layout::TableLayout;
use pinpoint::framework::validate::{self, FrameworkFiles};
use pinpoint::io::read_framework::framework_files;
use pinpoint::report::{Provenance, Report};
use pinpoint::run::{OutputFormat, own_layout};
use pinpoint::stage::analyse;
use proptest::prelude::*;

use super::book::{Book, Cell, Page};
use super::cases;
use super::rules::{Rules, any_rules};
use super::runs::{AREA_COEFFICIENT, ISLANDS, ISLANDS_CONTEXT, bytes_of, two_islands, world_book};
use super::world::world;

/// Anything a cell may hold, and what is worse than anything.
fn any_cell() -> impl Strategy<Value = Cell> {
    let words = [
        "XL01",
        "XL0101",
        "XL9999",
        "XL",
        "IDPs",
        "Residents",
        "Total",
        "all",
        "GP",
        "CP",
        "overall",
        "aor",
        "risk",
        "PR01",
        "PR08",
        "phase",
        "in_need",
        "intersectoral",
        "female",
        "18+",
        "-",
        "dnk",
        "1e3",
        "1,5",
        "٣",
        "12",
        " 7 ",
        "-0.5",
        "0.30",
        "=1+1",
        "2026-01-31",
        "\u{200b}",
        "\u{202e}abc",
        "answer 3",
        "yes",
        "100000000000000000000000000000000000000",
        "NaN",
        "true",
    ];
    let numbers = [
        0.0,
        -0.0,
        1.0,
        0.2,
        5.0,
        5.5,
        -1.0,
        1e9,
        1e14,
        1e15,
        1e16,
        -1e15,
        1e300,
        f64::MAX,
        f64::MIN_POSITIVE,
        1e-13,
        100.000_000_000_000_01,
        0.3,
    ];
    prop_oneof![
        3 => prop::sample::select(words.to_vec()).prop_map(|word| Cell::Text(word.to_owned())),
        3 => prop::sample::select(numbers.to_vec()).prop_map(Cell::Number),
        1 => any::<f64>().prop_map(Cell::Number),
        1 => (0.0..200.0_f64).prop_map(Cell::Number),
        1 => "\\PC{0,12}".prop_map(Cell::Text),
        1 => any::<bool>().prop_map(Cell::Truth),
        1 => prop::sample::select(vec!["#N/A", "#DIV/0!", ""]).prop_map(|error| Cell::Error(error.to_owned())),
        2 => Just(Cell::Blank),
    ]
}

/// Sheets of the right names and headers, with anything in them.
fn any_book() -> impl Strategy<Value = Book> {
    let headers: Vec<(String, Vec<Cell>)> = ISLANDS.pages.iter().map(|page| (page.name.clone(), page.rows[0].clone())).collect();
    let page = prop::sample::select(headers).prop_flat_map(|(name, header)| {
        let width = header.len().min(24);
        let row = prop::collection::vec(any_cell(), width);
        (prop::collection::vec(row, 0..6), prop::option::weighted(0.2, (0..width, any_cell()))).prop_map(move |(rows, spoilt)| {
            let mut header = header.clone();
            if let Some((at, cell)) = spoilt {
                header[at] = cell;
            }
            Page { name: name.clone(), rows: std::iter::once(header).chain(rows).collect() }
        })
    });
    prop::collection::vec(page, 1..6).prop_map(|pages| Book { pages })
}

/// Runs it and writes everything; figures stand exactly where no error does.
fn figures_or_findings(
    book: &Book,
    rules: &pinpoint::framework::Framework,
    context: &pinpoint::framework::Context,
) -> Result<bool, TestCaseError> {
    let checked = analyse(&book.workbook(), context, rules);
    let errors = checked.findings.count(Level::Error);
    prop_assert_eq!(checked.value.is_some(), errors == 0, "{:?}", checked.findings);
    let Some(analysis) = &checked.value else { return Ok(false) };
    let provenance = Provenance::default();
    let report = Report { analysis, findings: &checked.findings, context, provenance: &provenance };
    let files = bytes_of(report, &[OutputFormat::Csv, OutputFormat::Json, OutputFormat::Xlsx]);
    for (name, bytes) in files.iter().filter(|(name, _)| name.ends_with("csv") || name.ends_with("json")) {
        let text = std::str::from_utf8(bytes).unwrap();
        prop_assert!(!text.is_empty(), "{}", name);
    }
    // No figure of ours is negative or more than there are people, whatever stood in the sheets.
    for cell in analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)) {
        prop_assert!(analysis.population.of(cell).unwrap() >= pinpoint::domain::People::ZERO);
    }
    Ok(true)
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn sheets_full_of_anything_give_figures_or_findings(book in any_book()) {
        figures_or_findings(&book, &AREA_COEFFICIENT, &ISLANDS_CONTEXT)?;
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn a_sound_workbook_with_some_cells_spoilt_gives_figures_or_findings(
        rules in any_rules(),
        world in world(),
        spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_cell()), 1..6),
    ) {
        let mut book = world_book(&rules, &world);
        for (page, row, column, cell) in spoilt {
            let at = page.index(book.pages.len());
            let rows = &mut book.pages[at].rows;
            let at = row.index(rows.len());
            let width = rows[at].len();
            rows[at][column.index(width)] = cell;
        }
        let Rules { framework, context, .. } = &rules;
        figures_or_findings(&book, framework, context)?;
    }

    #[test]
    fn two_islands_with_some_cells_spoilt_gives_figures_or_findings(
        spoilt in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<prop::sample::Index>(), any_cell()), 1..4),
    ) {
        let mut book = ISLANDS.clone();
        for (page, row, column, cell) in spoilt {
            let at = page.index(book.pages.len());
            let rows = &mut book.pages[at].rows;
            let at = row.index(rows.len());
            let width = rows[at].len();
            rows[at][column.index(width)] = cell;
        }
        let checked = analyse(&book.workbook(), &ISLANDS_CONTEXT, &AREA_COEFFICIENT);
        prop_assert_eq!(checked.value.is_some(), checked.findings.count(Level::Error) == 0);
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn rules_with_a_slip_of_the_pen_are_read_or_refused(
        id in prop::sample::select(vec!["area-coefficient", "household-20pct", "expert-convergence"]),
        file in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec!["", "[", "\"", "= ", "5", "-1", "nan", "\n", "{", "'", "1e999", "é", "20%", "#"])), 1..4),
    ) {
        let mut files: FrameworkFiles = framework_files(id).unwrap();
        let names: Vec<String> = files.texts.keys().cloned().collect();
        let text = files.texts.get_mut(&names[file.index(names.len())]).unwrap();
        spoil(text, &edits);
        let checked = validate::framework(&files);
        prop_assert!(checked.value.is_some() != checked.findings.any_error());
    }

    #[test]
    fn a_context_with_a_slip_of_the_pen_is_read_or_refused(
        edits in prop::collection::vec((any::<prop::sample::Index>(), prop::sample::select(vec!["", "[", "\"", "= ", "5", "-1", "\n", "{", "é", "[[group]]\n", "[severity]\n"])), 1..4),
    ) {
        let mut text = std::fs::read_to_string(two_islands().join("context.toml")).unwrap();
        spoil(&mut text, &edits);
        let checked = validate::context("context.toml", Some(&text), &LAYOUT);
        prop_assert!(checked.value.is_some() != checked.findings.any_error());
        if let Some(context) = checked.value {
            figures_or_findings(&ISLANDS, &AREA_COEFFICIENT, &context)?;
        }
    }
}

static LAYOUT: LazyLock<Vec<TableLayout>> = LazyLock::new(own_layout);

/// Puts some words in the place of some letters.
fn spoil(text: &mut String, edits: &[(prop::sample::Index, &str)]) {
    for (at, with) in edits {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        if places.is_empty() {
            return;
        }
        let at = places[at.index(places.len())];
        let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
        text.replace_range(at..end, with);
    }
}
