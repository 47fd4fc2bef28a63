//! The sheets of the template with what depends on the framework: the columns of its indicators, and the values to
//! choose from in each column.

use super::super::model::{Datum, Format};
use super::columns::{
    AREAS, DECISIONS, ESTIMATES, JUDGEMENTS, KEYS, LONG, OUTCOMES, POPULATION, PREVIOUS, RESPONSE, SHARES, SOURCE_AND_DATE, Standing,
};
use super::{Need, TemplateColumn, TemplateSheet, example_of, indicators};
use crate::domain::{Scope, Series};
use crate::framework::Framework;
use crate::framework::validate;

/// The sheets after the first.
pub(super) fn sheets(framework: &Framework) -> Vec<TemplateSheet> {
    let sheet = |name: &str, notes: &[&str], columns: &[&[Standing]]| {
        let mut sheet = TemplateSheet::new(name, notes);
        columns.iter().copied().flatten().for_each(|column| add(&mut sheet, column, framework));
        sheet
    };
    let mut indicators =
        sheet("indicators", &["A row is an area and group, with one column for each indicator of the framework."], &[&KEYS]);
    indicators.notes.extend(indicators::asked_elsewhere(framework));
    for (column, example) in indicators::columns(framework) {
        indicators.push(column, example);
    }
    for column in SOURCE_AND_DATE {
        add(&mut indicators, column, framework);
    }
    let mut sectors = sheet(
        "sectors",
        &[
            "For the step across sectors; a row is an area and group. Rows without a group carry the phases of the area, rows with a group the people in need; where there are no groups, one row carries both.",
        ],
        &[&KEYS],
    );
    add_sectors(&mut sectors);
    for column in OUTCOMES {
        add(&mut sectors, column, framework);
    }
    vec![
        sheet(
            "areas",
            &[
                "A row is an admin area, of every level; the country needs no row. The sheet may stay empty: then the areas are those of sheet `population`.",
            ],
            &[AREAS],
        ),
        sheet("population", &["Must be filled. A row is an area and group, or one sex and age band of it."], &[&KEYS, POPULATION]),
        indicators,
        sheet(
            "shares",
            &["How the people of an area and group are spread over the phases, where somebody measured it."],
            &[&KEYS, SHARES, SOURCE_AND_DATE],
        ),
        sheet(
            "estimates",
            &[
                "Figures that were worked out elsewhere, such as by an area of responsibility; a row is an area, group and area of responsibility. They are taken as they are.",
            ],
            &[&KEYS, ESTIMATES],
        ),
        sheet(
            "judgements",
            &[
                "A phase that people agreed on; a row is an area, group and risk (or area of responsibility). The texts make the risk register.",
            ],
            &[&KEYS, JUDGEMENTS],
        ),
        sheet(
            "decisions",
            &["One phase or figure changed by people after the rules have given theirs; a row is one change."],
            &[&KEYS, DECISIONS],
        ),
        sheet(
            "previous",
            &["The last cycle's figures, for the change since then; a row is an area, group and area of responsibility or core sector."],
            &[&KEYS, PREVIOUS],
        ),
        sectors,
        sheet("response", &["People targeted and reached; a row is an area, group and area of responsibility."], &[&KEYS, RESPONSE]),
    ]
}

fn add(sheet: &mut TemplateSheet, standing: &Standing, framework: &Framework) {
    let &(header, format, need, note, example) = standing;
    let mut column = TemplateColumn::new(header, format, need, note);
    if LONG.contains(&header) {
        column = column.long();
    }
    if let Some((list, meaning, closed)) = choices(&sheet.name, header, framework) {
        column = column.choosing(list, closed);
        if !meaning.is_empty() {
            column.note.push('\n');
            column.note.push_str(&meaning);
        }
    }
    // A framework with risks of its own may not have the risk of the example.
    let known = column.list.as_ref().is_none_or(|list| !column.closed || list.iter().any(|value| value == example));
    let instead = column.list.as_ref().and_then(|list| list.first()).map_or("", String::as_str);
    let example = example_of(if known || example.is_empty() { example } else { instead }, format);
    sheet.push(column, example);
}

fn add_sectors(sheet: &mut TemplateSheet) {
    let population = "Population as the sectors use it; it is compared with sheet `population`.";
    sheet.push(TemplateColumn::new("population", Format::Whole, Need::Optional, population), example_of("1560", Format::Whole));
    let sectors = core_sectors();
    for ((code, name), example) in sectors.iter().zip([400, 620, 350, 900, 810, 1040, 560, 730]) {
        let column = TemplateColumn::new(&format!("{code}.in_need"), Format::Whole, Need::Optional, &format!("People in need of {name}."));
        sheet.push(column, Datum::Whole(example));
    }
    for ((code, name), example) in sectors.iter().zip(["3", "3", "3", "4", "4", "4", "3", "3"]) {
        let column = TemplateColumn::new(&format!("{code}.phase"), Format::Phase, Need::Optional, &format!("Phase of {name}, 1 to 5."));
        sheet.push(column.choosing(words(&["1", "2", "3", "4", "5"]), true), example_of(example, Format::Phase));
    }
}

/// The values of a column, what they stand for, and whether no other may be written.
fn choices(sheet: &str, header: &str, framework: &Framework) -> Option<(Vec<String>, String, bool)> {
    let plain = |list: &[&str]| Some((words(list), String::new(), true));
    match (sheet, header) {
        (_, "aor") => Some((series(), series_in_words(), true)),
        (_, "risk") => Some((risks(framework), risks_in_words(framework), true)),
        (_, "sector") => Some((core_sectors().into_iter().map(|(code, _)| code).collect(), String::new(), true)),
        (_, "phase" | "final_severity") => plain(&["1", "2", "3", "4", "5"]),
        (_, "level") => plain(&["0", "1", "2", "3", "4", "5"]),
        (_, "confidence") => plain(&["high", "medium", "low"]),
        (_, "disability") => plain(&["yes"]),
        (_, "sex") => Some((words(&["female", "male"]), String::new(), false)),
        (_, "what") => plain(&["phase", "in_need", "affected"]),
        ("shares", "scope") => plain(&["overall", "aor", "risk"]),
        ("decisions", "scope") => plain(&["overall", "aor", "risk", "indicator", "intersectoral"]),
        (_, "code") => {
            let mut list: Vec<String> = series().into_iter().skip(1).chain(risks(framework)).collect();
            if sheet == "decisions" {
                list.extend(framework.indicators.iter().map(|indicator| indicator.id.clone()));
            }
            Some((list, "What the risks' codes stand for is said in sheet `judgements`, on the header of column `risk`.".into(), true))
        }
        _ => None,
    }
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

/// Overall protection first, then the areas of responsibility.
fn series() -> Vec<String> {
    Series::ALL
        .iter()
        .map(|series| if *series == Series::Overall { Scope::Overall.word().to_owned() } else { series.code().to_owned() })
        .collect()
}

fn series_in_words() -> String {
    let named = |(word, series): (String, Series)| if series == Series::Overall { word } else { format!("{word} {}", series.name()) };
    series().into_iter().zip(Series::ALL).map(named).collect::<Vec<_>>().join("; ")
}

fn risks(framework: &Framework) -> Vec<String> {
    framework.risks.iter().map(|risk| risk.code.clone()).collect()
}

fn risks_in_words(framework: &Framework) -> String {
    framework.risks.iter().map(|risk| format!("{} {}", risk.code, risk.name("en"))).collect::<Vec<_>>().join("\n")
}

/// Code and name of the core sectors that hold where a context names none.
fn core_sectors() -> Vec<(String, String)> {
    let context = validate::context("context.toml", None, &[]).value;
    context.iter().flat_map(|context| context.sectors.iter()).map(|sector| (sector.code.clone(), sector.name.clone())).collect()
}
