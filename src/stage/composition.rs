//! Per cents of women, children and people with disabilities beside a population: they are checked, and no figure rests on
//! them. People by sex and age are those that a table counts (docs/formats.md, section 2).

use super::audit::Audit;
use super::read_row::RowReader;
use super::scale::{ScaleSeen, to_nine_places};
use super::units::KeyedSheets;
use crate::diag::shown::quoted;
use crate::diag::{Code, Findings, Place};
use crate::framework::files::{PercentScaleName, RoleName};

/// The columns.
const COLUMNS: [&str; 3] = ["female-percent", "children-percent", "disability-percent"];

/// Checks them in every table of people.
pub fn check_composition(sheets: &KeyedSheets<'_, '_>, audit: &mut Audit) -> Findings {
    let mut found = Findings::default();
    for keyed in sheets.of(RoleName::Population) {
        let mut reader = RowReader { table: keyed.table, found: &mut found, audit };
        let factor = if keyed.table.layout.percent_scale == Some(PercentScaleName::ZeroToOne) { 100.0 } else { 1.0 };
        let mut checked = Vec::new();
        for name in COLUMNS {
            let Some(column) = keyed.table.column(name) else { continue };
            let mut seen = ScaleSeen::default();
            for &(number, _) in &keyed.rows {
                let Some(row) = reader.row(number) else { continue };
                let Some(written) = reader.number(row, name) else { continue };
                let shown = row.marks(column).percent && keyed.table.layout.percent_scale.is_none();
                let percent = if shown { written * 100.0 } else { written * factor };
                if shown {
                    seen.see_shown(number);
                } else {
                    seen.see(written, number);
                }
                if !(0.0..=100.0).contains(&to_nine_places(percent)) {
                    let place = reader.place(number, name);
                    let message = format!("column {}: {percent} is not between 0 and 100 per cent", quoted(name));
                    reader.found.add(Code::NumberOutOfRange, place, message);
                }
            }
            reader.check_scale(name, column, seen);
            checked.push((reader.cell(keyed.table.frame.header_row, column), quoted(keyed.table.header(name))));
        }
        if let Some((first, _)) = checked.first() {
            let names: Vec<String> = checked.iter().map(|(cell, name)| format!("{name} ({})", cell.address())).collect();
            let message = format!("checked, and no figure rests on them: {}", names.join(", "));
            found.add(Code::CompositionUnused, Place::Cell(first.clone()), message);
        }
    }
    found
}
