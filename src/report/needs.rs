//! `needs_wide.csv`: the layout of the published HNO tables, rounded half up per figure (docs/formats.md). Overall
//! protection and General Protection share a cluster code; the description tells them apart.

use super::figures::{FigureRow, figures};
use super::model::{Datum, TextFile};
use crate::domain::{AdminLevel, AreaId, PCode, People, Series};
use crate::framework::Context;
use crate::stage::Analysis;

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
        // A row fills only its own level's code and name and those above it.
        let at = (AdminLevel(level) <= own).then(|| analysis.areas.ancestor(area, AdminLevel(level))).flatten();
        cells.push(Datum::text(at.map(|at| analysis.areas.get(at).pcode.as_str()).unwrap_or_default()));
        cells.push(Datum::text(at.map(|at| analysis.areas.get(at).name.as_str()).unwrap_or_default()));
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
        Datum::text(row.mark),
        Datum::phase(row.phase),
        Datum::text(row.group),
        Datum::text(row.method),
        Datum::text(row.mosaic),
        Datum::Empty,
        Datum::Empty,
        Datum::text(framework),
    ]);
    cells
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
