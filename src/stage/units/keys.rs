//! What each row of a table names: an area, a pocket in it, and a group. Most tables name the same few again and again, so
//! that what stands there is looked at once.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use foldhash::fast::RandomState;

use super::super::audit::{Audit, AuditKind};
use super::super::locate::{AREA_COLUMNS, Located};
use super::super::read_row::RowReader;
use super::super::total_words::names_a_total;
use super::cleaned::Cleaned;
use crate::diag::shown::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{CellRef, Code, Findings};
use crate::domain::{AreaId, AreaTree, PCode};
use crate::framework::files::{RoleName, RowsWithoutAreaName};
use crate::table::sheet::Keys;
use crate::table::{CellValue, is_no_word};

/// For so many unknown codes of a table a suggestion is looked for.
const SUGGESTED: usize = 20;

/// Area, pocket and group of rows, the texts as the sheet holds them.
pub(super) struct RowKey<'a> {
    pub(super) area: AreaId,
    pub(super) pocket: Cow<'a, str>,
    pub(super) group: Option<Cow<'a, str>>,
}

/// The rows of a table that name an area.
pub(super) struct RowKeys<'a> {
    /// What they name; the same may stand there more than once.
    pub(super) different: Vec<RowKey<'a>>,
    /// Number of each row, and the place of what it names.
    pub(super) rows: Vec<(u32, u32)>,
}

/// The keys of the values in these columns; `None` where the sheet does not tell equal values from others.
fn signature(number: u32, columns: &mut [Keys<'_>]) -> Option<u128> {
    // At most eight columns: six of areas, a pocket and a group.
    columns.iter_mut().try_fold(0, |keys, column| Some(keys << 16 | u128::from(u16::try_from(column.of(number)?).ok()?)))
}

/// Area, pocket and group text of every row; a row whose area is not known is a finding.
pub(super) fn row_keys<'a>(
    table: &Located<'a>,
    areas: &AreaTree,
    area_of: &HashMap<String, AreaId>,
    above: &mut BTreeMap<(Arc<str>, u32), CellRef>,
    audit: &mut Audit,
    found: &mut Findings,
) -> RowKeys<'a> {
    let mut keys = RowKeys { different: Vec::new(), rows: Vec::with_capacity(table.rows.len()) };
    let mut known: HashMap<u128, u32, RandomState> = HashMap::default();
    let mut reader = RowReader { table, found, audit };
    let mut unknown = 0;
    let mut codes = Cleaned::default();
    // A column for areas of which no row says anything is none.
    let says_something = |column: u32| {
        let mut cells = table.rows.iter().filter_map(|&number| table.sheet.row(number)).map(|row| row.get(column));
        cells.any(|value| !matches!(value, CellValue::Blank) && !matches!(value, CellValue::Text(text) if is_no_word(text)))
    };
    let column_of = |name: &'static str| table.column(name).map(|column| (name, column));
    // The deepest area that is filled counts; `pcode` is deeper than all.
    let area_columns: Vec<(&str, u32)> =
        AREA_COLUMNS.into_iter().skip(1).rev().chain(AREA_COLUMNS.first().copied()).filter_map(column_of).collect();
    let filled: Vec<(&str, u32)> = area_columns.iter().copied().filter(|(_, column)| says_something(*column)).collect();
    let area_columns = if filled.is_empty() { area_columns } else { filled };
    let deepest_column =
        area_columns.iter().map(|(name, _)| *name).find(|name| *name == "pcode").or(area_columns.first().map(|(name, _)| *name));
    let (pocket_column, group_column) = (column_of("pocket"), column_of("group"));
    let of_units = area_columns.iter().copied().chain(pocket_column).chain(group_column);
    let mut key_columns: Vec<Keys<'_>> = of_units.map(|(_, column)| table.sheet.keys(column)).collect();
    for &number in &table.rows {
        // Rows that hold the same values as one about which there was nothing to say speak for the same unit.
        let signature = signature(number, &mut key_columns);
        if let Some(&unit) = signature.as_ref().and_then(|signature| known.get(signature)) {
            keys.rows.push((number, unit));
            continue;
        }
        let Some(row) = reader.row(number) else { continue };
        let before = (reader.found.times(), reader.audit.entries.len(), codes.count(), above.len());
        let mut deepest: Option<(&str, Cow<'a, str>)> = None;
        for &(name, column) in &area_columns {
            if deepest.is_none() || name == "pcode" {
                deepest = reader.text_at(row, column, name).map(|text| (name, text)).or(deepest);
            }
        }
        // The country is the area of a row that names none, where the layout says so.
        let of_country =
            || (area_columns.first().map_or("pcode", |(name, _)| *name), Cow::Owned(areas.get(areas.country()).pcode.as_str().to_owned()));
        // A row that says of which level it is speaks for the country only on level 0.
        let names_none = deepest.is_none() && table.layout.rows_without_area == RowsWithoutAreaName::Country;
        let speaks_for_country = names_none && reader.number(row, "level").is_none_or(|level| level == 0.0);
        let Some((column, text)) = deepest.or_else(|| speaks_for_country.then(of_country)) else {
            let place = reader.key_place(number);
            let cells: Vec<String> = area_columns.iter().rev().map(|(_, column)| reader.cell(number, *column).address()).collect();
            reader.found.add(Code::MissingPCode, place, format!("the row has no p-code ({})", cells.join(", ")));
            continue;
        };
        let Some(area) = PCode::new(&text).and_then(|code| area_of.get(&code.key()).copied()) else {
            // Comparing with every code takes long, and after the first few the reader knows what is wrong.
            unknown += 1;
            let hint = if unknown <= SUGGESTED { did_you_mean(&text, areas.codes().map(PCode::as_str)) } else { String::new() };
            let place = reader.place(number, column);
            reader.found.add(Code::UnknownPCode, place, format!("{} is not among the admin areas{hint}", quoted(&text)));
            continue;
        };
        if let Some(at) = table.column(column)
            && matches!(row.get(at), CellValue::Text(written) if written != areas.get(area).pcode.as_str())
        {
            codes.see(reader.cell(number, at), areas.get(area).pcode.as_str());
            reader.note(number, at, AuditKind::Repaired, "a p-code read without regard to its spelling");
        }
        let mut text_of = |column: Option<(&str, u32)>| column.and_then(|(name, column)| reader.text_at(row, column, name));
        let (pocket, group) = (text_of(pocket_column).unwrap_or_default(), text_of(group_column));
        if deepest_column.is_some_and(|deepest| deepest != column) && !table.layout.mixed_levels && !speaks_for_country {
            // Without a group it may be a total, which the population compares with what it adds up.
            if table.layout.role != RoleName::Population || group.is_some() {
                let place = reader.key_place(number);
                let message = format!("the row names {} and no area in it", quoted(areas.get(area).pcode.as_str()));
                reader.found.add(Code::MissingPCode, place, message);
                continue;
            }
            if let Some(at) = table.column(column) {
                above.insert((Arc::clone(&table.sheet.name), number), reader.cell(number, at));
            }
        }
        if names_a_total(&pocket) {
            let place = reader.place(number, "pocket");
            reader.found.add(Code::TotalAsGroup, place, format!("{} is a total and no pocket", quoted(&pocket)));
            continue;
        }
        let unit = u32::try_from(keys.different.len()).unwrap_or(u32::MAX);
        keys.different.push(RowKey { area, pocket, group });
        keys.rows.push((number, unit));
        let said_nothing = before == (reader.found.times(), reader.audit.entries.len(), codes.count(), above.len());
        if let Some(signature) = signature.filter(|_| said_nothing && !speaks_for_country) {
            known.insert(signature, unit);
        }
    }
    codes.say("p-codes", reader.found);
    keys
}
