//! What a cell says is decided here and nowhere else: blank, token for missing, error cell, number written as
//! text, zero that stands for an unknown phase. Missing is never zero and never phase 1 (method, section 4).

use std::borrow::Cow;
use std::sync::Arc;

use super::audit::{Audit, AuditEntry, AuditKind, Fate};
use super::locate::{AREA_COLUMNS, Located};
use super::scale::to_nine_places;
use super::total_words::{names_a_total, names_both_sexes};
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::date::{is_date, is_day};
use crate::domain::{Decimal, Leaf, People, Phase};
use crate::framework::files::ErrorCellsName;
use crate::table::plain_number::{is_blank, plain_digits};
use crate::table::sheet::Row;
use crate::table::workbook::NOT_CALCULATED;
use crate::table::{CellValue, folded, is_one_of};

/// Why a row is set aside that is read and says nothing.
pub const NOTHING_HERE: &str = "no figure in it counts here";

/// Reads the cells of one table and keeps account of what it found.
pub struct RowReader<'a, 'b> {
    /// The table.
    pub table: &'b Located<'a>,
    /// What was found.
    pub found: &'b mut Findings,
    /// The account of cells.
    pub audit: &'b mut Audit,
}

/// Words that mean both sexes or every age, beside those that mean everybody.
const ALL_PARTS: [&str; 20] = [
    "persons",
    "people",
    "mf",
    "fm",
    "les deux",
    "los dos",
    "both",
    "both sexes",
    "all sexes",
    "all genders",
    "all ages",
    "any",
    "t",
    "tl",
    "les deux sexes",
    "deux sexes",
    "tous ages",
    "ambos",
    "ambos sexos",
    "todas las edades",
];

/// A cell that holds something, after the rules for missing.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Content<'a> {
    /// A text, without outer blanks.
    Text(&'a str),
    /// A number.
    Number(f64),
}

impl<'a> RowReader<'a, '_> {
    /// The row of this number.
    pub fn row(&self, number: u32) -> Option<Row<'a>> {
        self.table.sheet.row(number)
    }

    /// The cell's address.
    pub fn cell(&self, row: u32, column: u32) -> CellRef {
        CellRef { sheet: Arc::clone(&self.table.sheet.name), row, column }
    }

    /// The cell's place for a finding.
    pub fn place(&self, row: u32, name: &str) -> Place {
        match self.table.column(name) {
            Some(column) => Place::Cell(self.cell(row, column)),
            None => Place::Row(Arc::clone(&self.table.sheet.name), row),
        }
    }

    /// The place of the row's area: the cell of the deepest column that names one.
    pub fn key_place(&self, row: u32) -> Place {
        let deepest = AREA_COLUMNS.into_iter().skip(1).rev().chain(AREA_COLUMNS.first().copied());
        let of_table = AREA_COLUMNS.first().copied().filter(|name| self.table.column(name).is_some());
        match of_table.or_else(|| deepest.into_iter().find(|name| self.table.column(name).is_some())) {
            Some(name) => self.place(row, name),
            None => Place::Row(Arc::clone(&self.table.sheet.name), row),
        }
    }

    /// What the cell holds; `None` if it is missing. `tokens` mean missing beside those of the table.
    pub fn content(&mut self, row: Row<'a>, column: u32, name: &str, tokens: &[String]) -> Option<Content<'a>> {
        match row.get(column) {
            CellValue::Blank => None,
            CellValue::Number(number) => Some(Content::Number(number)),
            CellValue::Truth(truth) => Some(Content::Text(if truth { "true" } else { "false" })),
            CellValue::Error(NOT_CALCULATED) => {
                let place = Place::Cell(self.cell(row.number, column));
                self.found.add(Code::NotCalculated, place, format!("column {} holds a formula that was never calculated", quoted(name)));
                None
            }
            CellValue::Error(error) => {
                let place = Place::Cell(self.cell(row.number, column));
                let lenient = self.table.layout.error_cells == ErrorCellsName::Missing;
                let code = if lenient { Code::ErrorCellMissing } else { Code::ErrorCell };
                self.found.add(code, place, format!("column {} holds the error {}", quoted(name), quoted(error)));
                None
            }
            CellValue::Text(text) => {
                // Most texts begin and end with a letter, a digit or a sign.
                let is_tight = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
                let ends = text.as_bytes();
                let plain = if is_tight(ends.first()) && is_tight(ends.last()) { text } else { text.trim_matches(is_blank) };
                if plain.is_empty() {
                    return None;
                }
                if plain.len() != text.len() {
                    self.note(row.number, column, AuditKind::Repaired, "blanks around it left out");
                }
                (!self.means_missing(plain, tokens)).then_some(Content::Text(plain))
            }
        }
    }

    /// Whether a text is a token for missing.
    fn means_missing(&self, text: &str, tokens: &[String]) -> bool {
        is_one_of(text, self.table.layout.missing.iter().chain(tokens).map(String::as_str))
    }

    /// The text of a column; `None` if missing or if there is no such column. Numbers become their shortest text.
    pub fn text(&mut self, row: Row<'a>, name: &str) -> Option<String> {
        let column = self.table.column(name)?;
        self.text_at(row, column, name).map(Cow::into_owned)
    }

    /// The text in a cell, as the sheet holds it.
    pub fn text_at(&mut self, row: Row<'a>, column: u32, name: &str) -> Option<Cow<'a, str>> {
        match self.content(row, column, name, &[])? {
            Content::Text(text) => Some(text.into()),
            Content::Number(number) => {
                self.note(row.number, column, AuditKind::Repaired, "a number read as text");
                Some(number.to_string().into())
            }
        }
    }

    /// Whether the cell holds anything at all, readable or not.
    pub fn says_something(&self, row: Row<'a>, column: u32) -> bool {
        match row.get(column) {
            CellValue::Blank => false,
            CellValue::Text(text) => {
                let plain = text.trim_matches(is_blank);
                !plain.is_empty() && !self.means_missing(plain, &[])
            }
            _ => true,
        }
    }

    /// The date in a column, as written; one that cannot be compared with others is a finding.
    pub fn date(&mut self, row: Row<'a>, name: &str) -> String {
        let text = self.text(row, name).unwrap_or_default();
        if !text.is_empty() && !is_date(&text) {
            let place = self.place(row.number, name);
            self.found.add(Code::DateUnclear, place, format!("column {}: {} is not written as a date", quoted(name), quoted(&text)));
        }
        text
    }

    /// The sex and age that a row is for; `None` for everybody.
    pub fn leaf(&mut self, row: Row<'a>) -> Option<Leaf> {
        let leaf = Leaf { sex: self.text(row, "sex").unwrap_or_default(), age: self.text(row, "age").unwrap_or_default() };
        if is_day(&leaf.age) {
            let place = self.place(row.number, "age");
            let message = format!("column `age`: {} is a date; a spreadsheet program has made it of an age band", quoted(&leaf.age));
            self.found.add(Code::UnknownAnswer, place, message);
        }
        (!leaf.sex.is_empty() || !leaf.age.is_empty()).then_some(leaf)
    }

    /// Whether a row is a total over sexes or ages under a name of its own, which is a finding: it would be added to its
    /// parts.
    pub fn is_total_of_parts(&mut self, number: u32, leaf: Option<&Leaf>) -> bool {
        let Some(leaf) = leaf else { return false };
        let mut is_total = false;
        for (column, text) in [("sex", &leaf.sex), ("age", &leaf.age)] {
            if names_a_total(text) || names_both_sexes(text) || ALL_PARTS.contains(&folded(text).as_str()) {
                let place = self.place(number, column);
                self.found.add(Code::TotalAsPart, place, format!("{} is a total", quoted(text)));
                is_total = true;
            }
        }
        is_total
    }

    /// The number in a column; `None` if missing, or if it is no number, which is a finding.
    pub fn number(&mut self, row: Row<'a>, name: &str) -> Option<f64> {
        let column = self.table.column(name)?;
        self.number_at(row, column, name, &[])
    }

    /// The number in a cell.
    pub fn number_at(&mut self, row: Row<'a>, column: u32, name: &str, tokens: &[String]) -> Option<f64> {
        let content = self.content(row, column, name, tokens);
        let place = || Place::Cell(CellRef { sheet: Arc::clone(&self.table.sheet.name), row: row.number, column });
        if matches!(row.get(column), CellValue::Text(text) if text.contains(turns_around)) {
            let message =
                format!("column {}: the cell holds marks that turn digits around, so that a person sees another number", quoted(name));
            self.found.add(Code::NotANumber, place(), message);
            return None;
        }
        match content? {
            Content::Number(number) if Decimal::holds(number) => Some(number),
            Content::Number(number) => {
                self.found.add(Code::NumberOutOfRange, place(), format!("column {}: {number} is too large", quoted(name)));
                None
            }
            Content::Text(text) => {
                // Plain decimal notation can be read without loss; anything else would be a guess.
                let plain = plain_digits(text, self.table.layout.decimal_comma());
                let number =
                    Decimal::parse(&plain).and_then(|_| plain.parse::<f64>().ok()).filter(|number| Decimal::from_f64(*number).is_some());
                match number {
                    // In a table as text a number is written as a text.
                    Some(number) if self.table.sheet.notes.as_text => Some(number),
                    Some(number) => {
                        self.found.add(
                            Code::NumberAsText,
                            place(),
                            format!("column {}: the text {} is read as a number", quoted(name), quoted(text)),
                        );
                        self.note(row.number, column, AuditKind::Repaired, "a text read as a number");
                        Some(number)
                    }
                    None => {
                        let hint = numbers_meant(text);
                        self.found.add(
                            Code::NotANumber,
                            place(),
                            format!("column {}: {} is not a number{hint}", quoted(name), quoted(text)),
                        );
                        None
                    }
                }
            }
        }
    }

    /// People; a negative number is a finding of this code.
    pub fn people(&mut self, row: Row<'a>, name: &str, negative: Code) -> Option<People> {
        let column = self.table.column(name)?;
        self.people_at(row, column, name, negative)
    }

    /// People in a cell.
    pub fn people_at(&mut self, row: Row<'a>, column: u32, name: &str, negative: Code) -> Option<People> {
        let number = self.number_at(row, column, name, &[])?;
        let people = Decimal::from_f64(number).map(People)?;
        if people < People::ZERO {
            let place = Place::Cell(self.cell(row.number, column));
            self.found.add(negative, place, format!("column {}: {number} people", quoted(name)));
        }
        Some(people)
    }

    /// A phase; 0 is unknown with a warning, and anything else but 1 to 5 is a finding of code `outside`.
    pub fn phase(&mut self, row: Row<'a>, name: &str, outside: Code) -> Option<Phase> {
        self.on_phases(row, name, outside, |number| Phase::ALL.into_iter().find(|phase| f64::from(phase.number()) == number))
    }

    /// A number on the scale of phases that may lie between two of them; 0 and what lies outside are as for `phase`.
    pub fn between_phases(&mut self, row: Row<'a>, name: &str, outside: Code) -> Option<f64> {
        self.on_phases(row, name, outside, |number| (1.0..=5.0).contains(&to_nine_places(number)).then_some(number))
    }

    fn on_phases<T>(&mut self, row: Row<'a>, name: &str, outside: Code, of: impl Fn(f64) -> Option<T>) -> Option<T> {
        let number = self.number(row, name)?;
        let place = self.place(row.number, name);
        if number == 0.0 {
            self.found.add(Code::PhaseZero, place, format!("column {}: phase 0", quoted(name)));
            return None;
        }
        let phase = of(number);
        if phase.is_none() {
            self.found.add(outside, place, format!("column {}: {number} is no phase", quoted(name)));
        }
        phase
    }

    /// A number that cannot be below 0; one that is, is a finding.
    pub fn not_negative(&mut self, row: Row<'a>, name: &str) -> Option<f64> {
        let number = self.number(row, name)?;
        if to_nine_places(number) < 0.0 {
            let place = self.place(row.number, name);
            self.found.add(Code::NumberOutOfRange, place, format!("column {}: {number} is below 0", quoted(name)));
        }
        Some(number)
    }

    /// Something rests on this row.
    pub fn used(&mut self, row: u32) {
        self.audit.note_row(self.table.id, row, Fate::Used);
    }

    /// Something rests on this row if `any` figure of it counts.
    pub fn used_if(&mut self, any: bool, row: u32) {
        if any {
            self.used(row);
        } else {
            self.set_aside(row, NOTHING_HERE);
        }
    }

    /// Nothing rests on this row. The line of the account stands at its first cell.
    pub fn set_aside(&mut self, row: u32, why: &'static str) {
        set_aside(self.table, row, why, self.audit);
    }

    /// Writes a line of the account.
    pub fn note(&mut self, row: u32, column: u32, kind: AuditKind, detail: &str) {
        if !self.audit.is_of_cells() {
            return;
        }
        let cell = self.cell(row, column);
        // A column is read from top to bottom, so the words are mostly those of the line before.
        let detail = match self.audit.entries.last() {
            Some(last) if *last.detail == *detail => Arc::clone(&last.detail),
            _ => detail.into(),
        };
        self.audit.entries.push(AuditEntry { cell, kind, detail });
    }
}

/// Enters into the account that nothing rests on a row of a table.
pub fn set_aside(table: &Located<'_>, row: u32, why: &'static str, audit: &mut Audit) {
    audit.note_row(table.id, row, Fate::SetAside(why));
    let column = table.sheet.row(row).and_then(|row| row.cells().next()).map_or(1, |(column, _)| column);
    let cell = CellRef { sheet: Arc::clone(&table.sheet.name), row, column };
    audit.entries.push(AuditEntry { cell, kind: AuditKind::SetAside, detail: why.into() });
}

/// Marks that override the direction of what follows: of `5431` a person sees `1345`.
const fn turns_around(letter: char) -> bool {
    matches!(letter, '\u{202d}' | '\u{202e}')
}

/// What a text that is no number may mean, as a half-sentence; a suggestion, never a repair.
fn numbers_meant(text: &str) -> String {
    let plain = text.trim_end_matches('%').trim_end_matches(is_blank);
    let mut meant: Vec<String> = Vec::new();
    let is_gap = |letter: char| is_blank(letter) || matches!(letter, ',' | '.' | '\'' | '\u{2019}');
    let parts: Vec<&str> = plain.split(is_gap).collect();
    let grouped = parts.len() > 1
        && parts.first().is_some_and(|first| (1..=3).contains(&first.len()))
        && parts.iter().skip(1).all(|part| part.len() == 3);
    if grouped {
        meant.push(parts.concat());
    }
    meant.push(plain.replacen(',', ".", 1));
    meant.retain(|number| number != text && Decimal::parse(number).is_some());
    if meant.is_empty() { String::new() } else { format!("; is `{}` meant?", meant.join("` or `")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_mean_a_number_in_more_than_one_way() {
        for (text, meant) in [
            ("20,500", "; is `20500` or `20.500` meant?"),
            ("1 234 567", "; is `1234567` meant?"),
            ("35 %", "; is `35` meant?"),
            ("12,5", "; is `12.5` meant?"),
            ("1.234.567", "; is `1234567` meant?"),
            ("many", ""),
            ("2023-24", ""),
            ("1e5", ""),
        ] {
            assert_eq!(numbers_meant(text), meant, "{text}");
        }
    }
}
