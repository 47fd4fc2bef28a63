//! People in need as a reader wants them: by area, and by AoR and group.

use std::collections::BTreeSet;

use super::figures::areas_by_code;
use super::model::{Column, Datum, Format, StreamedTable, Table};
use crate::domain::id::Id;
use crate::domain::{AdminLevel, AreaId, CellId, People, Series};
use crate::stage::Analysis;
use crate::stage::mosaic::MosaicLevel;
use crate::stage::people::Method;
use crate::stage::survey_marks::SurveyMarks;
use crate::stage::touched::Touch;

/// The columns that name a unit.
pub fn key_columns() -> Vec<Column> {
    vec![
        Column::new("P-code", Format::Text, 12),
        Column::new("Area", Format::Text, 24),
        Column::new("Pocket", Format::Text, 9),
        Column::new("Group", Format::Text, 18),
    ]
}

/// The cells that name a unit.
pub fn key_cells(analysis: &Analysis, cell: CellId) -> Vec<Datum> {
    let key = analysis.cells.key(cell);
    let area = analysis.areas.get(key.area);
    vec![
        Datum::text(area.pcode.as_str()),
        Datum::text(area.name.as_str()),
        Datum::text(key.pocket.as_str()),
        Datum::text(analysis.cells.group_code(key.group)),
    ]
}

/// The same where people are shown: beside pockets, the row of the area itself is of those outside them.
pub fn unit_cells(analysis: &Analysis, cell: CellId) -> Vec<Datum> {
    let mut cells = key_cells(analysis, cell);
    if let Some(pocket) = cells.get_mut(2) {
        *pocket = Datum::text(pocket_shown(analysis, cell));
    }
    cells
}

/// The pocket of a unit as tables of people show it.
pub fn pocket_shown(analysis: &Analysis, cell: CellId) -> &str {
    let key = analysis.cells.key(cell);
    let is_area = key.group.is_none() && key.pocket.is_empty() && analysis.population.is_counted(cell);
    let mut units = analysis.cells.of_area(key.area).filter(|&cell| analysis.population.is_counted(cell));
    if is_area && units.nth(1).is_some() { super::figures::OUTSIDE_POCKETS } else { key.pocket.as_str() }
}

fn people(people: Option<People>) -> Datum {
    Datum::rounded(people.map(|people| people.0))
}

/// A row per area, the country first within its code: population, overall and each AoR.
pub fn by_area(analysis: &Analysis) -> Table {
    let mut columns = vec![
        Column::new("P-code", Format::Text, 12),
        Column::new("Area", Format::Text, 24),
        Column::new("Level", Format::Whole, 7),
        Column::new("Population", Format::Whole, 13),
        Column::new("Assessed", Format::Percent, 10),
        Column::new("Affected", Format::Whole, 13),
        Column::new("Affected known for", Format::Percent, 10),
        Column::new("In need", Format::Whole, 13),
        Column::new("In need of assessed", Format::Percent, 12),
    ];
    for aor in &analysis.aors {
        columns.push(Column::new(&format!("{} in need", aor.code()), Format::Whole, 12));
    }
    for title in ["Targeted", "Reached"] {
        columns.push(Column::new(title, Format::Whole, 12));
        columns.push(Column::new(&format!("{title} known for"), Format::Percent, 10));
    }
    columns.push(Column::new("Mark", Format::Text, 18));
    let rows = areas_by_code(analysis)
        .into_iter()
        .filter(|&area| analysis.rolled.area(area, Series::Overall).population.is_some())
        .map(|at| {
            let area = analysis.areas.get(at);
            let overall = analysis.rolled.area(at, Series::Overall);
            let [affected_for, targeted_for, reached_for] = overall.known.map(|known| Datum::share(known.share(overall.population)));
            let share = overall.in_need.zip(overall.assessed).and_then(|(need, people)| need.share_of(people));
            let mut row = vec![
                Datum::text(area.pcode.as_str()),
                Datum::text(area.name.as_str()),
                Datum::Whole(area.level.0.into()),
                people(overall.population),
                Datum::share(overall.coverage()),
                people(overall.affected),
                affected_for,
                people(overall.in_need),
                Datum::share(share.map(|share| share.0)),
            ];
            row.extend(analysis.aors.iter().map(|&aor| people(analysis.rolled.area(at, Series::Aor(aor)).in_need)));
            row.extend([people(overall.targeted), targeted_for, people(overall.reached), reached_for]);
            let touch = analysis.series.iter().map(|&series| touch_of_area(analysis, at, series)).max().unwrap_or_default();
            let mut marks: Vec<&str> = Some(touch.word()).filter(|word| !word.is_empty()).into_iter().collect();
            for word in analysis.series.iter().flat_map(|&series| survey_marks_of_area(analysis, at, series).words()) {
                if !marks.contains(&word) {
                    marks.push(word);
                }
            }
            row.push(Datum::text(marks.join("|")));
            row
        })
        .collect();
    let notes = vec![
        format!("Overall protection across AoRs: {}. Every figure is rounded once, half up.", super::methods::across_in_words(analysis)),
        "Assessed: the share of the population for which people in need are known; in need of assessed: of these people. Blank: not known, which is not zero.".into(),
        "Known for: the share of the population living where the figure is known; a sum counts these people alone.".into(),
        "Mark: rests-on-low-precision, rests-on-fallback = some unit here rests on few households, or on those of the area around.".into(),
        "Mark: override = a decision changed a phase or people of this area; rests-on-override = a figure here rests on what a decision changed. Sheet Decisions says which."
            .into(),
    ];
    Table { name: "PiN by area".into(), notes, columns, rows, key_columns: 2 }
}

/// What decisions have to do with a series of an area: with its one unit, or with a sum over its units.
pub(super) fn touch_of_area(analysis: &Analysis, area: AreaId, series: Series) -> Touch {
    let mut units = analysis.cells.of_area(area).filter(|&cell| analysis.population.is_counted(cell));
    match (units.next(), units.next()) {
        (Some(cell), None) if analysis.cells.key(cell).group.is_none() && analysis.cells.key(cell).pocket.is_empty() => {
            analysis.touched.series(cell, series)
        }
        _ => analysis.touched.sum(area, None, None, series),
    }
}

/// What has to be known of households beside a series of an area: of its one unit, or of a sum over its units.
pub(super) fn survey_marks_of_area(analysis: &Analysis, area: AreaId, series: Series) -> SurveyMarks {
    let unit = analysis.cells.find(area, "", None).filter(|&cell| analysis.population.is_counted(cell));
    match unit {
        Some(cell) => analysis.marks.unit(cell, series.scope()),
        None => analysis.marks.sum(area, None, series),
    }
}

/// A row per unit and AoR: population, affected, in need, phase, how it came about.
pub fn by_aor(analysis: &Analysis) -> StreamedTable<'_> {
    let mut columns = key_columns();
    let with_households = !analysis.survey.is_empty();
    for (title, format, width) in [
        ("Scope", Format::Text, 32),
        ("Code", Format::Text, 10),
        ("Population", Format::Whole, 12),
        ("Affected", Format::Whole, 12),
        ("In need", Format::Whole, 12),
        ("Phase", Format::Phase, 8),
        ("Coverage", Format::Percent, 10),
        ("Method", Format::Text, 14),
        ("Highest AoR", Format::Text, 14),
        ("Highest taken by", Format::Text, 12),
        ("Targeted", Format::Whole, 12),
        ("Reached", Format::Whole, 12),
        ("Mark", Format::Text, 18),
        ("Source", Format::Text, 30),
    ] {
        columns.push(Column::new(title, format, width));
        if title == "In need" && with_households {
            columns.push(Column::new("Low", Format::Whole, 12));
            columns.push(Column::new("High", Format::Whole, 12));
        }
    }
    let units = || analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell));
    let rows = units().flat_map(move |cell| {
        let slot = analysis.population.slots.total(cell);
        analysis.series.iter().map(move |&series| {
            let judged = analysis.severity.get(cell, series.scope());
            let in_need = analysis.in_need.in_need(slot, series);
            let mosaic = if series == Series::Overall && in_need.is_some() { super::figures::mosaic_word(analysis, cell) } else { "" };
            let mut row = unit_cells(analysis, cell);
            row.extend([
                Datum::text(series.name()),
                Datum::text(series.code()),
                people(analysis.population.of(cell)),
                people(analysis.in_need.affected(slot, series)),
                people(in_need),
            ]);
            if with_households {
                let range = analysis.range_basis().of_unit(cell, slot, series);
                row.extend([people(range.map(|range| range.low)), people(range.map(|range| range.high))]);
            }
            let touch = Some(analysis.touched.series(cell, series).word()).filter(|word| !word.is_empty());
            let of_households = analysis.marks.unit(cell, series.scope()).words();
            let marks: Vec<&str> = touch.into_iter().chain(of_households).collect();
            row.extend([
                Datum::phase(judged.phase),
                Datum::share(judged.coverage()),
                Datum::text(match analysis.in_need.method(slot, series) {
                    Method::None if in_need.is_some() => super::figures::DECIDED,
                    method => method.word(),
                }),
                Datum::text(if series == Series::Overall { highest_aors(analysis, cell).join(", ") } else { String::new() }),
                Datum::text(mosaic),
                people(analysis.response.targeted(cell, series)),
                people(analysis.response.reached(cell, series)),
                Datum::text(marks.join("|")),
                Datum::text(source(analysis, cell, series)),
            ]);
            row
        })
    });
    let mut notes = vec!["AoRs are never added up: a person may be in need of several.".into()];
    if with_households {
        notes.push(
            "Low and high: how far people in need may lie where they rest on households. Mark: low-precision = few households; borderline = the phase is less than 80 % likely; fallback = households of the area around."
                .into(),
        );
    }
    let table = Table { name: "PiN by AoR".into(), notes, columns, rows: Vec::new(), key_columns: 4 };
    StreamedTable::new(table, units().count() * analysis.series.len(), rows)
}

/// The AoRs whose people in need are overall's: the highest, all of them where several tie. By sex and age each part may
/// have another, and none is named.
fn highest_aors(analysis: &Analysis, cell: CellId) -> Vec<&'static str> {
    let slot = analysis.population.slots.total(cell);
    let overall = analysis.in_need.in_need(slot, Series::Overall);
    let is_group = analysis.in_need.levels.get(cell.index()).copied().flatten() == Some(MosaicLevel::Group);
    let enters = |series: &Series| *series != Series::Overall && !analysis.in_need.after_overall.contains(&(cell, *series));
    let aors = analysis.series.iter().copied().filter(|_| is_group && overall.is_some()).filter(enters);
    aors.filter(|&series| analysis.in_need.in_need(slot, series) == overall).map(Series::code).collect()
}

/// Where a figure that we did not compute, or the shares that it rests on, come from (method, section 6.4); and where
/// those of its parts that are given come from.
pub fn source(analysis: &Analysis, cell: CellId, series: Series) -> String {
    let (slots, table) = (&analysis.population.slots, &analysis.in_need);
    let method = table.method(slots.total(cell), series);
    let all = slots.leaves_of(cell).map(|(_, slot)| slot).chain([slots.total(cell)]);
    let given = all.filter(|&slot| method == Method::Given || table.method(slot, series) == Method::Given);
    let mut named: BTreeSet<String> = given.filter_map(|slot| analysis.evidence.given_source(slot, series)).map(str::to_owned).collect();
    if method == Method::Shares {
        let shares = analysis.cells.speaking_for(cell).find_map(|cell| analysis.evidence.shares.get(&(cell, series.scope())));
        let parts = shares.into_iter().flat_map(|shares| [shares.source.as_str(), &shares.date]).filter(|part| !part.is_empty());
        named.insert(parts.collect::<Vec<_>>().join(", "));
    }
    named.into_iter().filter(|source| !source.is_empty()).collect::<Vec<_>>().join("; ")
}

/// The areas of the first level below the country that there is, in p-code order.
pub fn first_level(analysis: &Analysis) -> Vec<AreaId> {
    let level = |&area: &AreaId| analysis.areas.get(area).level;
    let areas = areas_by_code(analysis);
    let first = areas.iter().map(level).filter(|level| *level > AdminLevel(0)).min();
    areas.into_iter().filter(|area| Some(level(area)) == first).collect()
}
