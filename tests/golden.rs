//! The shipped example through the whole flow, against figures that the engine did not compute: `expected/` is
//! written by `tests/reference/twin.py`, an independent program made from the written method alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use common::{analyse, assert_same_rows, outputs, root, rows, text};
use pinpoint::report::{sectors, trend};
use pinpoint::run::{Inputs, Run};

fn two_islands(input: &str) -> Run {
    analyse(&Inputs { input: root().join("fixtures/two-islands").join(input), ..Inputs::default() })
}

fn expected(name: &str) -> Vec<Vec<String>> {
    rows(&text(&root().join("fixtures/two-islands/expected").join(name)))
}

fn written(run: &Run, name: &str) -> Vec<Vec<String>> {
    let (_, bytes) = outputs(run).into_iter().find(|(file, _)| file == name).unwrap();
    rows(&String::from_utf8(bytes).unwrap())
}

#[test]
fn every_figure_of_two_islands_is_that_of_the_second_hand() {
    let run = two_islands("workbook.xlsx");
    let expected = expected("figures.csv");
    assert!(expected.len() > 1_900, "the expected figures are all there");
    assert_same_rows("figures.csv", &expected, &written(&run, "figures.csv"));
}

#[test]
fn every_phase_of_two_islands_is_that_of_the_second_hand() {
    let run = two_islands("workbook.xlsx");
    assert_same_rows("severity.csv", &expected("severity.csv"), &written(&run, "severity.csv"));
}

#[test]
fn a_folder_of_csv_gives_the_same_tables_as_the_workbook() {
    let (book, folder) = (two_islands("workbook.xlsx"), two_islands("sheets"));
    for name in ["figures.csv", "severity.csv", "needs_wide.csv"] {
        assert_same_rows(name, &written(&book, name), &written(&folder, name));
    }
}

#[test]
fn the_step_across_sectors_is_that_of_the_second_hand() {
    let run = two_islands("workbook.xlsx");
    let analysis = run.analysis.as_ref().unwrap();
    let show = |people: Option<pinpoint::domain::People>| people.map(|people| people.to_string()).unwrap_or_default();
    let phase = |phase: Option<pinpoint::domain::Phase>| phase.map(|phase| phase.to_string()).unwrap_or_default();
    let mut actual = vec![expected("intersectoral.csv")[0].clone()];
    for unit in &analysis.across.units {
        let key = analysis.cells.key(unit.cell);
        let mut row =
            vec![analysis.areas.get(key.area).pcode.to_string(), key.pocket.clone(), analysis.cells.group_code(key.group).to_owned()];
        row.extend([phase(unit.severity_preliminary), phase(unit.severity_final)]);
        for at in 0..3 {
            let place = unit.places.get(at);
            row.push(show(place.map(|place| place.people)));
            row.push(place.map(|place| sectors::names(&analysis.previous.sector_codes, &place.sectors).join("|")).unwrap_or_default());
        }
        row.extend([unit.severity_flags.join("|"), unit.in_need_flags.join("|")]);
        row.extend([unit.in_need_preliminary, unit.in_need_final, unit.targeted, unit.prioritised].map(show));
        actual.push(row);
    }
    assert_same_rows("intersectoral", &expected("intersectoral.csv"), &actual);
}

#[test]
fn the_change_from_last_year_is_that_of_the_second_hand() {
    let run = two_islands("workbook.xlsx");
    let analysis = run.analysis.as_ref().unwrap();
    let mut actual: Vec<Vec<String>> = analysis
        .changes
        .iter()
        .map(|change| {
            let key = analysis.cells.key(change.cell);
            let (scope, code) = trend::scope_and_code(analysis, change);
            let figure = if change.is_phase { "phase" } else { "in-need" };
            let show = |number: Option<pinpoint::domain::Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
            let area = analysis.areas.get(key.area).pcode.to_string();
            let texts = [area.as_str(), &key.pocket, analysis.cells.group_code(key.group), scope, code, figure].map(str::to_owned);
            let numbers = [show(Some(change.old)), show(change.new), show(change.change), change.status.word().to_owned()];
            texts.into_iter().chain(numbers).collect()
        })
        .collect();
    // A figure that was blank last year is no figure of last year: the engine lists none, the second hand says so.
    let mut wanted: Vec<Vec<String>> = expected("changes.csv").into_iter().skip(1).filter(|row| !row[6].is_empty()).collect();
    actual.sort();
    wanted.sort();
    assert_same_rows("changes", &wanted, &actual);
}

#[test]
fn the_priority_list_is_that_of_the_second_hand() {
    let run = two_islands("workbook.xlsx");
    let analysis = run.analysis.as_ref().unwrap();
    let mut actual = vec![expected("priorities.csv")[0].clone()];
    for (at, priority) in analysis.priorities.iter().enumerate() {
        actual.push(vec![
            (at + 1).to_string(),
            analysis.rules.risks[priority.risk].code.clone(),
            priority.people_in_phase_4.to_string(),
            priority.people_in_phase_3.to_string(),
            priority.areas_in_phase_3.to_string(),
        ]);
    }
    assert_same_rows("priorities", &expected("priorities.csv"), &actual);
}
