//! Answers that stand as a column for each option: the options that are ticked become one text, as they would stand in one
//! column, so that every form of indicator reads them alike.

use super::super::audit::Audit;
use super::super::locate::Located;
use super::super::read_column::{shown_answer, unknown_answer};
use super::super::read_row::RowReader;
use super::super::units::Keyed;
use crate::diag::place::listed;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::rules::Indicator;
use crate::framework::score_form::{ColumnKind, options_of};
use crate::table::sheet::Row;
use crate::table::{CellValue, Column, is_no_word, is_one_of, without_zero_fraction};

/// What says that an option is ticked, and that it is not.
const TICKED: [&str; 4] = ["1", "true", "yes", "oui"];
const NOT_TICKED: [&str; 4] = ["0", "false", "no", "non"];

/// Reads the questions of a table that have a column for each option. Of a question that also has a column of its own that one
/// counts, and where the two say something else it is said.
pub(super) fn read(
    keyed: &Keyed<'_, '_>,
    rows: &[(u32, u32)],
    columns: &mut [(String, ColumnKind, Column)],
    askers: &[&Indicator],
    found: &mut Findings,
) {
    let table = keyed.table;
    for ((name, _, into), indicator) in columns.iter_mut().zip(askers) {
        let (Some(options), Column::Answers(answers)) = (table.options.get(name.as_str()), into) else { continue };
        let has_own = table.column(name).is_some();
        refuse_unknown(table, rows, name, options, indicator, found);
        let mut otherwise = Vec::new();
        for &(number, at) in rows {
            let at = at as usize;
            let Some(row) = table.sheet.row(number) else { continue };
            let Some(ticked) = ticked(table, row, name, options, found) else { continue };
            // A blank cell of the question says nothing that its options could contradict.
            if !has_own || answers.get(at).is_none() {
                answers.set(at, &ticked);
            } else if answers.get(at).is_some_and(|own| differ(own, &ticked)) {
                otherwise.push(CellRef { sheet: table.sheet.name.clone(), row: number, column: table.column(name).unwrap_or(1) });
            }
        }
        if let Some(first) = otherwise.first() {
            let message = format!("column {} and the columns of its options say something else: {}", quoted(name), listed(&otherwise));
            found.add(Code::OptionsDiffer, Place::Cell(first.clone()), message);
        }
    }
}

/// Options that the form of the indicator does not know, where some household ticks them: what they mean nobody can say.
fn refuse_unknown(
    table: &Located<'_>,
    rows: &[(u32, u32)],
    name: &str,
    options: &[(String, u32)],
    indicator: &Indicator,
    found: &mut Findings,
) {
    for (option, column) in options {
        let Some((unknown, _)) = unknown_answer(&indicator.form, &option.replace(char::is_whitespace, "-"), &indicator.missing) else {
            continue;
        };
        let is_ticked = |row: &u32| match table.sheet.row(*row).map(|row| row.get(*column)) {
            Some(CellValue::Text(text)) => tick(text) == Some(true),
            Some(CellValue::Number(number)) => tick(&number.to_string()) == Some(true),
            Some(CellValue::Truth(truth)) => truth,
            _ => false,
        };
        let ticked: Vec<u32> = rows.iter().map(|(row, _)| *row).filter(is_ticked).collect();
        if let Some(&row) = ticked.first() {
            let (count, s) = (ticked.len(), if ticked.len() == 1 { "" } else { "s" });
            let message = format!(
                "column {}: option {} is no accepted answer, and {count} household{s} ticked it",
                quoted(name),
                shown_answer(&unknown, indicator)
            );
            found.add(Code::UnknownAnswer, Place::Cell(CellRef { sheet: table.sheet.name.clone(), row, column: *column }), message);
        }
    }
}

/// The options that a row ticks, parted by blanks; `None` where nothing is said.
fn ticked(table: &Located<'_>, row: Row<'_>, name: &str, options: &[(String, u32)], found: &mut Findings) -> Option<String> {
    let mut ticked = String::new();
    let mut says_something = false;
    for (option, column) in options {
        let says = match row.get(*column) {
            CellValue::Blank => continue,
            CellValue::Text(text) if is_no_word(text) => continue,
            CellValue::Text(text) => tick(text),
            CellValue::Number(number) => tick(&number.to_string()),
            CellValue::Truth(truth) => Some(truth),
            CellValue::Error(_) => None,
        };
        let Some(is_ticked) = says else {
            // What an error cell or a token means is decided where all cells are read.
            let mut audit = Audit::default();
            let content = RowReader { table, found, audit: &mut audit }.content(row, *column, name, &[]);
            if content.is_some() {
                let place = CellRef { sheet: table.sheet.name.clone(), row: row.number, column: *column };
                let message = format!("option {} of column {}: the cell says neither 1 nor 0", quoted(option), quoted(name));
                found.add(Code::UnknownAnswer, Place::Cell(place), message);
            }
            continue;
        };
        says_something = true;
        if is_ticked {
            if !ticked.is_empty() {
                ticked.push(' ');
            }
            ticked.push_str(&option.replace(char::is_whitespace, "-"));
        }
    }
    says_something.then_some(ticked)
}

fn tick(text: &str) -> Option<bool> {
    let text = without_zero_fraction(text.trim());
    if is_one_of(text, TICKED) { Some(true) } else { is_one_of(text, NOT_TICKED).then_some(false) }
}

/// Whether two spellings of an answer tick other options.
fn differ(own: &str, ticked: &str) -> bool {
    let sorted = |text: &str| {
        let mut options: Vec<String> = options_of(text).collect();
        options.sort_unstable();
        options
    };
    sorted(own) != sorted(ticked)
}
