//! What the cells of a table look like beside their values, as far as it makes a value doubtful: cells that look blank and
//! are not, values that come from other workbooks, formulas that were never calculated, merged cells over figures.

use std::collections::BTreeSet;

use super::Located;
use super::rows::NAMES;
use crate::diag::place::{column_letters, listed};
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::is_unseen;
use crate::table::sheet::Row;
use crate::table::workbook::Block;
use crate::table::{CellValue, Memo};

/// Of so few formulas nobody can say that all of them are 0 because none was calculated.
const FEW: usize = 5;

/// Says what looks otherwise than it is.
pub(super) fn note_looks(table: &Located<'_>, found: &mut Findings) {
    let notes = &table.sheet.notes;
    let columns: BTreeSet<u32> =
        table.columns.values().map(|(column, _)| *column).chain(table.leaves.iter().map(|(_, column)| *column)).collect();
    let is_read = |at: &(u32, u32)| table.rows.binary_search(&at.0).is_ok() && columns.contains(&at.1);
    let value = |&(row, column): &(u32, u32)| table.sheet.row(row).map_or(CellValue::Blank, |row| row.get(column));
    let formulas: Vec<(u32, u32)> = notes.formulas.iter().copied().filter(is_read).collect();

    let blank = formulas.iter().copied().filter(|at| matches!(value(at), CellValue::Blank));
    let is_space = |letter: char| letter.is_whitespace() || is_unseen(letter);
    let spaces = columns.iter().flat_map(|&column| cells_that(table, column, |text| text.chars().all(is_space)));
    let mut looks_blank: Vec<(u32, u32)> = blank.chain(spaces).collect();
    looks_blank.sort_unstable();
    say(table, Code::LooksBlank, "blanks, or formulas that give nothing, are read as missing", &looks_blank, found);

    let unseen = |text: &str| text.contains(|letter| is_unseen(letter) || letter.is_control());
    let names = NAMES.iter().filter_map(|name| table.column(name));
    let mut cells: Vec<(u32, u32)> = names.flat_map(|column| cells_that(table, column, unseen)).collect();
    cells.sort_unstable();
    say(table, Code::NameCleaned, "names are read without characters that nobody sees", &cells, found);

    let external: Vec<(u32, u32)> = notes.external.iter().copied().filter(is_read).collect();
    say(table, Code::FromAnotherWorkbook, "values that were read from another workbook once, as they were stored", &external, found);

    let is_zero = |at: &(u32, u32)| matches!(value(at), CellValue::Number(number) if number == 0.0);
    if formulas.len() > FEW && formulas.iter().all(is_zero) {
        say(table, Code::FormulasAllZero, "every formula gives 0, as formulas do that were never calculated", &formulas, found);
    }
    if !notes.merges.is_empty() {
        note_merges(table, &columns, &table.rows.iter().copied().collect(), found);
    }
    if let Some(last) = table.rows.last().filter(|last| ROW_LIMITS.contains(*last)) {
        let message = format!("the data fill the sheet to row {last}, the last one that a workbook of its kind has");
        found.add(Code::RowLimit, Place::Sheet(table.sheet.name.clone()), message);
    }
}

/// The last rows of sheets: of old workbooks, and of new ones.
const ROW_LIMITS: [u32; 2] = [65_536, 1_048_576];

/// A figure that is merged over several rows or columns stands in the first of them alone. Texts count for all rows.
fn note_merges(table: &Located<'_>, columns: &BTreeSet<u32>, rows: &BTreeSet<u32>, found: &mut Findings) {
    let mut filled = Vec::new();
    for merge in &table.sheet.notes.merges {
        let of_rows = rows.range(merge.top..=merge.bottom).count();
        let of_columns = columns.range(merge.left..=merge.right).count();
        if of_rows == 0 || of_columns == 0 || of_rows * of_columns < 2 {
            continue;
        }
        let at = CellRef { sheet: table.sheet.name.clone(), row: merge.top, column: merge.left };
        let value = table.sheet.row(merge.top).map_or(CellValue::Blank, |row| row.get(merge.left));
        match value {
            CellValue::Blank => {}
            CellValue::Text(_) if merge.left == merge.right => {
                let below = rows.range(merge.top + 1..=merge.bottom);
                filled.extend(below.map(|&row| CellRef { row, ..at.clone() }));
            }
            _ => {
                let message = format!("{} are merged: nobody can say for which of its cells the value stands", block(*merge));
                found.add(Code::MergedValue, Place::Cell(at), message);
            }
        }
    }
    if let Some(first) = filled.first() {
        let message = format!("texts of merged cells are read in each of their rows: {}", listed(&filled));
        found.add(Code::MergeFilled, Place::Cell(first.clone()), message);
    }
}

fn block(block: Block) -> String {
    format!("{}{}:{}{}", column_letters(block.left), block.top, column_letters(block.right), block.bottom)
}

/// The cells of a column, in the rows that are read, whose texts are such.
fn cells_that(table: &Located<'_>, column: u32, is_such: impl Fn(&str) -> bool) -> Vec<(u32, u32)> {
    if !table.sheet.any_text(column, &is_such) {
        return Vec::new();
    }
    let mut memo = Memo::default();
    let such = |row: &Row<'_>| memo.of(*row, column, || matches!(row.get(column), CellValue::Text(text) if is_such(text)));
    table.rows.iter().filter_map(|&number| table.sheet.row(number)).filter(such).map(|row| (row.number, column)).collect()
}

fn say(table: &Located<'_>, code: Code, what: &str, cells: &[(u32, u32)], found: &mut Findings) {
    let cells: Vec<CellRef> = cells.iter().map(|&(row, column)| CellRef { sheet: table.sheet.name.clone(), row, column }).collect();
    if let Some(first) = cells.first() {
        found.add(code, Place::Cell(first.clone()), format!("{what}: {}", listed(&cells)));
    }
}
