//! The step across sectors as a sheet.

use super::model::{Column, Datum, Format, Table};
use crate::domain::People;
use crate::stage::Analysis;
use crate::stage::intersectoral::Unit;

/// What a reader has to know beside the figures of a unit.
pub fn marks(analysis: &Analysis, unit: &Unit) -> &'static str {
    super::decisions::marks(analysis.touched.across(unit.cell), unit.low_coverage)
}

/// The names of sectors, for outputs.
pub fn names(codes: &[String], sectors: &[crate::domain::SectorId]) -> Vec<String> {
    use crate::domain::id::Id;
    sectors.iter().filter_map(|sector| codes.get(sector.index()).cloned()).collect()
}

/// The sheet; `None` where no sheet of sectors was read.
pub fn table(analysis: &Analysis) -> Option<Table> {
    if analysis.across.units.is_empty() {
        return None;
    }
    let codes = &analysis.previous.sector_codes;
    let mut columns = super::pin::key_columns();
    for (title, format, width) in [
        ("Population", Format::Whole, 12),
        ("Known sectors", Format::Whole, 9),
        ("Preliminary severity", Format::Phase, 11),
        ("Final severity", Format::Phase, 11),
        ("Highest PiN", Format::Whole, 12),
        ("Highest sectors", Format::Text, 20),
        ("2nd PiN", Format::Whole, 12),
        ("2nd sectors", Format::Text, 20),
        ("3rd PiN", Format::Whole, 12),
        ("3rd sectors", Format::Text, 20),
        ("Preliminary PiN", Format::Whole, 12),
        ("Final PiN", Format::Whole, 12),
        ("Targeted", Format::Whole, 12),
        ("Prioritised", Format::Whole, 12),
        ("Flags on severity", Format::Text, 30),
        ("Flags on PiN", Format::Text, 30),
        ("Mark", Format::Text, 18),
    ] {
        columns.push(Column::new(title, format, width));
    }
    let people = |people: Option<People>| Datum::rounded(people.map(|people| people.0));
    let rows = analysis
        .across
        .units
        .iter()
        .map(|unit| {
            let mut row = super::pin::key_cells(analysis, unit.cell);
            row.push(people(unit.population));
            row.push(if unit.known == 0 { Datum::Empty } else { Datum::Whole(i128::try_from(unit.known).unwrap_or_default()) });
            row.push(Datum::phase(unit.severity_preliminary));
            row.push(Datum::phase(unit.severity_final));
            for at in 0..3 {
                let place = unit.places.get(at);
                row.push(people(place.map(|place| place.people)));
                row.push(Datum::text(place.map(|place| names(codes, &place.sectors).join(", ")).unwrap_or_default()));
            }
            row.extend([unit.in_need_preliminary, unit.in_need_final, unit.targeted, unit.prioritised].map(people));
            row.push(Datum::text(unit.severity_flags.join(", ")));
            row.push(Datum::text(unit.in_need_flags.join(", ")));
            row.push(Datum::text(marks(analysis, unit)));
            row
        })
        .collect();
    let notes = vec![
        "Rows without a group carry the severity of the area; rows with a group carry the people. Mark: override = a decision changed the severity or the people; low-coverage = fewer than four core phases are known, not assessed in sums."
            .into(),
    ];
    Some(Table { name: "Across sectors".into(), notes, columns, rows, key_columns: 4 })
}
