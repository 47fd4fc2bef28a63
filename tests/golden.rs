//! The shipped example through the whole flow, against figures that the engine did not compute: `expected/` is
//! written by `tests/reference/twin.py`, an independent program made from the written method alone.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use common::{analyse, assert_same_rows, outputs, root, rows, text};
use pinpoint::domain::Decimal;
use pinpoint::report::model::Datum;
use pinpoint::report::{sectors, trend};
use pinpoint::run::{Inputs, Run};

fn two_islands(input: &str) -> Run {
    analyse(&Inputs { input: root().join("fixtures/two-islands").join(input), ..Inputs::default() })
}

fn expected(name: &str) -> Vec<Vec<String>> {
    rows(&text(&root().join("fixtures/two-islands/expected").join(name)))
}

fn written_text(run: &Run, name: &str) -> String {
    let (_, bytes) = outputs(run).into_iter().find(|(file, _)| file == name).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn written(run: &Run, name: &str) -> Vec<Vec<String>> {
    rows(&written_text(run, name))
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

/// Sums that are known for few people, worked out from the sheets: overall is targeted for the IDPs, residents and
/// returnees of XV0101 (9,400 + 61,500 + 14,200), the IDPs of XV0102 (12,000), the residents of XV0104 (148,300), the
/// refugees of XV0202 (15,480) and the IDPs of XV0203 (17,350): 245,400 people of XV01, 278,230 of the country.
#[test]
fn a_sum_over_few_people_says_so_wherever_it_is_shown() {
    let run = two_islands("workbook.xlsx");
    let wide = written(&run, "needs_wide.csv");
    let info = |pcode: &str, description: &str| {
        let at = |row: &Vec<String>| row[1] == pcode && row[3].is_empty() && row[5] == description && ["", "total"].contains(&&*row[7]);
        wide.iter().skip(1).find(|row| at(row)).unwrap()[13].clone()
    };
    let overall = "Protection (overall)";
    assert_eq!(
        info("", overall),
        "rests-on-override|in need known for 843809 of 869239 people|targeted known for 278230 of 869239 people|reached known for 278230 of 869239 people"
    );
    assert_eq!(
        info("XV01", overall),
        "rests-on-override|in need known for 557673 of 583103 people|targeted known for 245400 of 583103 people|reached known for 245400 of 583103 people"
    );
    // Mine action targets the IDPs of XV0101 (9,400) and reaches nobody that is known. The returnees of XV0104 (11,275)
    // are in need without a figure of affected, and of XV0106 (25,430) nothing is known: 546,398 are left.
    assert_eq!(
        info("XV01", "Mine Action"),
        "in need known for 557673 of 583103 people|affected known for 546398 of 583103 people|targeted known for 9400 of 583103 people"
    );

    let analysis = run.analysis.as_ref().unwrap();
    let sheet = pinpoint::report::pin::by_area(analysis);
    let cell = |pcode: &str, title: &str| {
        let at = sheet.columns.iter().position(|column| column.title == title).unwrap();
        sheet.rows.iter().find(|row| row[0] == Datum::text(pcode)).unwrap()[at].clone()
    };
    let share = |text: &str| Datum::Share(Decimal::parse(text).unwrap());
    // 245,400 / 583,103 and 278,230 / 869,239.
    assert_eq!(cell("XV01", "Targeted known for"), share("0.420851890661"));
    assert_eq!(cell("XV", "Reached known for"), share("0.32008457973"));
    assert_eq!(cell("XV0106", "Targeted known for"), share("0"));
    // Affected is known for all but the 25,430 people of XV0106.
    assert_eq!(cell("XV", "Affected known for"), share("0.970744524808"));
}

/// Sheet `decisions` changes the phase of GBV in XV0107 and people of GP in XV0104, both in XV01.
#[test]
fn the_summary_marks_what_rests_on_the_two_decisions() {
    let run = two_islands("workbook.xlsx");
    let analysis = run.analysis.as_ref().unwrap();
    let sheet = pinpoint::report::summary::table(analysis, &run.findings, "Two Islands", "en");
    let marked = sheet.rows.iter().filter(|row| row.last() == Some(&Datum::text("rests-on-override")));
    let words: Vec<String> = marked
        .map(|row| match (&row[0], &row[1]) {
            (Datum::Text(what), Datum::Text(which)) => format!("{what}: {}", which.split([',', ' ']).next().unwrap()),
            (Datum::Text(what), _) => format!("{what}:"),
            _ => panic!("{row:?}"),
        })
        .collect();
    let by_phase = ["phase"; 5].map(|phase| format!("People living in units of overall: {phase}"));
    let mut expected =
        ["Affected: known", "In need: Protection", "Not assessed:", "In need by AoR: General", "In need by AoR: Gender-Based"]
            .map(str::to_owned)
            .to_vec();
    expected.push("In need by area: XV01".into());
    expected.extend(by_phase);
    expected.push("People living in units of overall: not".into());
    assert_eq!(words, expected);
    let document = serde_json::from_str::<serde_json::Value>(&written_text(&run, "analysis.json")).unwrap();
    assert_eq!(document["mosaic_levels"]["mark"], "rests-on-override");
    assert!(document["priorities"].as_array().unwrap().iter().all(|priority| priority["mark"] == ""));
}

/// What AoRs target, added up by hand from sheet `response`, beside overall in the same area.
#[test]
fn more_people_targeted_by_an_aor_than_overall_is_said_with_both_figures() {
    let run = two_islands("workbook.xlsx");
    let said: Vec<String> = run
        .findings
        .iter()
        .filter(|finding| finding.code == pinpoint::diag::Code::TargetBelowAor)
        .map(|finding| format!("{} {}", finding.place.within(), finding.message.split(';').next().unwrap()))
        .collect();
    let mut expected = [
        "`XV0102` CP: 19800 people targeted, overall 6500",  // 4,800 + 15,000
        "`XV0104` GP: 37000 people targeted, overall 30000", // 12,000 + 25,000
        "`XV0203` GP: 21000 people targeted, overall 9000",  // 9,000 + 12,000
        "`XV02` GP: 31200 people targeted, overall 19000",   // 10,000 + 21,000 + 200 beside 10,000 + 9,000
    ];
    expected.sort_unstable();
    let mut said: Vec<&str> = said.iter().map(String::as_str).collect();
    said.sort_unstable();
    assert_eq!(said, expected);
}

/// Lines in code blocks of a document that begin like a row of the shipped example.
fn example_lines(document: &str) -> Vec<String> {
    let text = text(&root().join(document));
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        if line.starts_with("```") {
            inside = !inside;
        } else if inside && (line.starts_with("XV") || line.starts_with("overridden,")) {
            found.push(line.to_owned());
        }
    }
    found
}

#[test]
fn the_rows_that_the_documents_show_are_rows_of_the_shipped_example() {
    let run = two_islands("workbook.xlsx");
    let mut known: Vec<String> = outputs(&run)
        .into_iter()
        .filter(|(name, _)| ["figures.csv", "severity.csv", "needs_wide.csv", "audit.csv"].contains(&name.as_str()))
        .flat_map(|(_, bytes)| String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .collect();
    for sheet in std::fs::read_dir(root().join("fixtures/two-islands/sheets")).unwrap() {
        known.extend(text(&sheet.unwrap().path()).lines().map(str::to_owned));
    }
    let shown = example_lines("docs/formats.md");
    assert!(shown.len() >= 8, "the document shows rows: {shown:?}");
    for line in shown {
        assert!(known.contains(&line), "docs/formats.md shows a row that is not there: {line}");
    }
    // What the README says the first command prints.
    let said = pinpoint::report::summary::key_figures(run.analysis.as_ref().unwrap());
    let readme = text(&root().join("README.md"));
    for people in
        [said.population, said.affected, said.in_need, said.not_assessed].into_iter().chain(said.by_aor.iter().map(|of| of.in_need))
    {
        let digits = people.unwrap().rounded().to_string();
        let shown = format!(" {},{}", &digits[..digits.len() - 3], &digits[digits.len() - 3..]);
        assert!(readme.contains(&shown), "README.md does not show {shown}");
    }
}
