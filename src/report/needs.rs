//! `needs_wide.csv`: the layout of the published HNO tables, rounded half up per figure (docs/formats.md). Overall
//! protection and General Protection share a cluster code; the description tells them apart.

use super::figures::{FigureRow, figures};
use super::model::{Datum, TextFile};
use crate::domain::{AdminLevel, AreaId, PCode, People, Series};
use crate::framework::Context;
use crate::stage::Analysis;
use crate::stage::beside::Beside;
use crate::stage::rollup::RollKey;
use crate::stage::touched::Touch;

const LEVELS: [(&str, &str); 3] = [("Admin 1 PCode", "Admin 1 Name"), ("Admin 2 PCode", "Admin 2 Name"), ("Admin 3 PCode", "Admin 3 Name")];

/// The file.
pub fn file<'a>(analysis: &'a Analysis, context: &'a Context) -> TextFile<'a> {
    let deepest = analysis.areas.ids().map(|area| analysis.areas.get(area).level.0).max().unwrap_or(0);
    let levels = LEVELS.get(..usize::from(deepest.clamp(2, 3))).unwrap_or_default();
    let mut header = vec!["Country ISO3"];
    header.extend(levels.iter().flat_map(|(code, name)| [*code, *name]));
    header.extend([
        "Description",
        "Cluster",
        "Category",
        "Population",
        "In Need",
        "Targeted",
        "Affected",
        "Reached",
        "Info",
        "Severity",
        "Population Group",
        "Method",
        "Mosaic Level",
        "In Need Low",
        "In Need High",
        "Framework",
    ]);
    let framework = analysis.rules.name_and_version();
    let mut last: Option<(&str, AreaId)> = None;
    let rows = figures(analysis).filter_map(move |row| {
        let series = analysis.series.iter().copied().find(|series| series.code() == row.code && series.scope().word() == row.scope)?;
        // The rows of an area follow one another.
        let area = match last {
            Some((pcode, area)) if pcode == row.pcode => area,
            _ => analysis.areas.find(&PCode::new(row.pcode)?)?,
        };
        last = Some((row.pcode, area));
        // The published layout ends at level 3; the people of deeper areas are in the sums of theirs.
        if usize::from(row.level) > LEVELS.len() {
            return None;
        }
        Some(wide_row(analysis, context, area, series, &row, levels.len(), &framework))
    });
    TextFile { name: "needs_wide.csv", header, rows: Box::new(rows) }
}

fn wide_row(
    analysis: &Analysis,
    context: &Context,
    area: AreaId,
    series: Series,
    row: &FigureRow<'_>,
    levels: usize,
    framework: &str,
) -> Vec<Datum> {
    let mut cells = vec![Datum::text(context.country.as_str())];
    let own = analysis.areas.get(area).level;
    for level in 1..=u8::try_from(levels).unwrap_or(3) {
        // A row fills only its own level's code and name, as in the published tables.
        let at = (AdminLevel(level) == own).then(|| analysis.areas.get(area));
        cells.push(Datum::text(at.map(|at| at.pcode.as_str()).unwrap_or_default()));
        cells.push(Datum::text(at.map(|at| at.name.as_str()).unwrap_or_default()));
    }
    let people = |people: Option<People>| Datum::rounded(people.map(|people| people.0));
    cells.extend([
        Datum::text(series.name()),
        Datum::text(series.hpc_code()),
        Datum::text(category(row)),
        people(row.population),
        people(row.in_need),
        people(row.targeted),
        people(row.affected),
        people(row.reached),
        Datum::text(info(analysis, area, row)),
        Datum::phase(row.phase),
        Datum::text(row.group),
        Datum::text(row.method),
        Datum::text(row.mosaic),
        people(row.range.map(|range| range.low)),
        people(row.range.map(|range| range.high)),
        Datum::text(framework),
    ]);
    cells
}

/// Marks, and for how many people a split by sex and age is known where that is not all of them.
fn info(analysis: &Analysis, area: AreaId, row: &FigureRow<'_>) -> String {
    let mut remarks: Vec<String> = Vec::new();
    if row.touch != Touch::None {
        remarks.push(row.touch.word().to_owned());
    }
    remarks.extend(row.survey.words().map(str::to_owned));
    let population = row.population.unwrap_or_default().rounded();
    if row.method == "sum" && row.sex.is_empty() && row.age.is_empty() {
        let group = analysis.cells.groups().find(|group| group.code == row.group);
        let series = analysis.series.iter().copied().find(|series| series.code() == row.code);
        let sums =
            analysis.rolled.find(RollKey { area, group, leaf: None }).zip(series).map(|(at, series)| analysis.rolled.get(at, series));
        let assessed = sums.and_then(|sums| sums.assessed).unwrap_or_default().rounded();
        if assessed < population {
            remarks.push(format!("in need known for {assessed} of {population} people"));
        }
    }
    for (beside, known) in Beside::ALL.into_iter().zip(row.partial) {
        remarks.extend(known.map(|known| format!("{} known for {} of {population} people", beside.word(), known.rounded())));
    }
    if row.method == "sum" || row.in_need.is_none() {
        let group = analysis.cells.groups().find(|group| group.code == row.group);
        let of = |leaf| analysis.rolled.find(RollKey { area, group, leaf }).and_then(|row| analysis.rolled.population.get(row));
        let split: People = analysis.population.slots.leaves.ids().filter_map(|leaf| of(Some(leaf))).sum();
        let is_leaf = !row.sex.is_empty() || !row.age.is_empty();
        if let Some(all) = of(None).filter(|all| is_leaf && split < *all) {
            remarks.push(format!("split by sex and age known for {} of {} people", split.rounded(), all.rounded()));
        }
        if is_leaf && row.in_need.is_none() && row.code == Series::Overall.code() {
            remarks.push("overall is not split by sex and age".into());
        }
    }
    remarks.join("|")
}

/// Empty for the country, `total` for an area, else what the row counts, as `0-17 - female - IDPs`.
fn category(row: &FigureRow<'_>) -> String {
    let parts: Vec<&str> = [row.age, row.sex, row.group, row.pocket].into_iter().filter(|part| !part.is_empty()).collect();
    match (parts.is_empty(), row.level) {
        (true, 0) => String::new(),
        (true, _) => "total".into(),
        (false, _) => parts.join(" - "),
    }
}
