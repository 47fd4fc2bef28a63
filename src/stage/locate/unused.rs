//! What stands in a sheet and is not read: headers that no table uses, columns without a header. A name that is nearly
//! one that was not found is likely that one, and what stands under it is lost.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::Located;
use super::headers::Header;
use super::wanted::Wanted;
use crate::diag::place::column_letters;
use crate::diag::shown::quoted;
use crate::diag::suggest::nearest;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::files::RoleName;
use crate::table::{CellValue, folded, is_no_word};

/// So many headers are compared with what was not found.
const MOST_COMPARED: usize = 500;

/// A name of so many letters means something wherever it stands; a shorter one, as `source`, stands in many headers.
const TELLING: usize = 10;

/// What a sheet has that no table uses, and what its tables lack.
struct Unused {
    of_indicators: bool,
    /// Headers by column.
    headers: BTreeMap<u32, Left>,
    /// Headers of columns that were not found.
    absent: Vec<Absent>,
}

/// A header that no table uses.
struct Left {
    text: String,
    is_no_name: bool,
}

/// A header of a column that was not found.
struct Absent {
    /// As it is compared.
    header: String,
    /// As it is written.
    written: String,
    /// An indicator reads it.
    of_indicator: bool,
}

/// The headers of each sheet that no table uses. Several tables may stand in one sheet.
#[derive(Default)]
pub(super) struct UnusedColumns {
    by_sheet: BTreeMap<(Arc<str>, u32), Unused>,
}

impl UnusedColumns {
    pub(super) fn keep(&mut self, table: &Located<'_>, wanted: &Wanted, headers: &[Header], taken: &BTreeSet<u32>) {
        let layout = table.layout;
        let ignored = |header: &Header| !layout.ignored.is_empty() && layout.ignored.contains(&folded(&header.text));
        let free: BTreeMap<u32, &Header> = headers
            .iter()
            .filter(|header| !taken.contains(&header.column) && !ignored(header))
            .map(|header| (header.column, header))
            .collect();
        let of_indicators = layout.role == RoleName::Indicators;
        let lacking = wanted.columns.iter().filter(|column| table.column(&column.name).is_none());
        // Wide columns are spelled out of codes that stand in other columns too.
        let absent = lacking.filter(|column| of_indicators || !column.implied).flat_map(|column| {
            let names = column.headers.iter().zip(&column.written);
            names.map(|(header, written)| Absent { header: header.clone(), written: written.clone(), of_indicator: column.implied })
        });
        match self.by_sheet.get_mut(&(Arc::clone(&table.sheet.name), table.frame.header_row)) {
            Some(unused) => {
                unused.headers.retain(|column, _| free.contains_key(column));
                unused.absent.extend(absent);
            }
            None => {
                let left = |header: &Header| (header.column, Left { text: header.text.clone(), is_no_name: header.is_no_name });
                let unused = Unused { of_indicators, headers: free.into_values().map(left).collect(), absent: absent.collect() };
                self.by_sheet.insert((Arc::clone(&table.sheet.name), table.frame.header_row), unused);
            }
        }
    }

    /// A header that is nearly one that was not found is likely that one, and what stands under it is lost. So is what
    /// stands under the name of an indicator and more, or under a number that was a name.
    pub(super) fn note(self, found: &mut Findings) {
        for ((sheet, row), unused) in self.by_sheet {
            let mut others = Vec::new();
            // Of so many unknown headers nobody reads what each may mean, and comparing takes long.
            let few = unused.headers.len() <= MOST_COMPARED;
            for (&column, left) in &unused.headers {
                let cell = CellRef { sheet: Arc::clone(&sheet), row, column };
                let text = quoted(&left.text);
                if unused.of_indicators && left.is_no_name {
                    let message = format!("the header {text} is a number or a date and names no indicator");
                    found.add(Code::HeaderNoName, Place::Cell(cell), message);
                } else if let Some(absent) = Some(&unused).filter(|_| few).and_then(|unused| unused.meant_by(&left.text)) {
                    let code = if absent.of_indicator { Code::IndicatorMisnamed } else { Code::ColumnMisnamed };
                    found.add(code, Place::Cell(cell), format!("{text} is not read; did you mean `{}`?", absent.written));
                } else {
                    others.push((cell, text));
                }
            }
            if let Some((first, _)) = others.first() {
                let code = if unused.of_indicators { Code::UnknownIndicator } else { Code::UnusedColumn };
                let names: Vec<String> = others.iter().map(|(cell, text)| format!("{text} ({})", cell.address())).collect();
                found.add(code, Place::Cell(first.clone()), format!("not used: {}", names.join(", ")));
            }
        }
    }
}

impl Unused {
    /// What was not found and a header likely means: it is nearly the same, or its name and more.
    fn meant_by(&self, text: &str) -> Option<&Absent> {
        let is_share = text.contains('%');
        let text = folded(text);
        let holds = |name: &str| {
            let is_edge = |edge: Option<char>| edge.is_none_or(|edge| !edge.is_alphanumeric());
            text.match_indices(name).any(|(at, _)| {
                let (before, after) = (text.get(..at).unwrap_or_default(), text.get(at + name.len()..).unwrap_or_default());
                is_edge(before.chars().next_back()) && is_edge(after.chars().next())
            })
        };
        let nearest = nearest(&text, self.absent.iter().map(|absent| absent.header.as_str()));
        let near = nearest.and_then(|nearest| self.absent.iter().find(|absent| absent.header == nearest));
        let telling = |absent: &&Absent| absent.of_indicator || absent.header.chars().count() >= TELLING;
        // A column of shares beside one of people is no other spelling of it.
        let alike = |absent: &&Absent| !is_share || absent.written.contains('%') || absent.of_indicator;
        let near = near.filter(alike);
        let held = self.absent.iter().filter(telling).filter(alike).filter(|absent| holds(&absent.header));
        near.or_else(|| held.max_by_key(|absent| absent.header.len()))
    }
}

/// Columns that hold something in the table's rows and have no header: nobody can say what they mean. Among the columns of
/// the table one has lost its name.
pub(super) fn note_headless(table: &Located<'_>, headers: &[Header], found: &mut Findings) {
    let sheet = table.sheet;
    let named: BTreeSet<u32> = headers.iter().map(|header| header.column).collect();
    let mut headless: BTreeMap<u32, usize> = BTreeMap::new();
    let all_named = (1..=sheet.last_column()).all(|column| named.contains(&column));
    for row in table.rows.iter().filter(|_| !all_named).filter_map(|&number| sheet.row(number)) {
        let shows = |(column, value): (u32, CellValue<'_>)| (!named.contains(&column) && !is_blank(value)).then_some(column);
        for column in row.cells().filter_map(shows) {
            *headless.entry(column).or_default() += 1;
        }
    }
    headless.retain(|&column, _| !table.layout.ignored.contains(&folded(&column_letters(column))));
    let mut beside = Vec::new();
    for (&column, count) in &headless {
        let place = CellRef { sheet: sheet.name.clone(), row: table.frame.header_row, column };
        let is_inside = named.first().is_some_and(|first| *first < column) && named.last().is_some_and(|last| column < *last);
        if is_inside && table.layout.header_row.is_none() {
            let s = if *count == 1 { "" } else { "s" };
            let message = format!("column {} holds {count} value{s} and has no header", column_letters(column));
            found.add(Code::HeaderBlank, Place::Cell(place), message);
        } else {
            beside.push((place, column_letters(column)));
        }
    }
    if let Some((first, _)) = beside.first() {
        let letters: Vec<&str> = beside.iter().map(|(_, letters)| letters.as_str()).collect();
        let message = format!("not used, because they have no header: columns {}", letters.join(", "));
        found.add(Code::UnusedColumn, Place::Cell(first.clone()), message);
    }
}

fn is_blank(value: CellValue<'_>) -> bool {
    match value {
        CellValue::Blank => true,
        CellValue::Text(text) => is_no_word(text),
        _ => false,
    }
}
