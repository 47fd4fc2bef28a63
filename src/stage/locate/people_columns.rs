//! Columns of people whose cells may not be what they look like: shares in place of people, and points that part thousands in
//! place of fractions. Each would make a figure a hundred or a thousand times too small, and look like a number.

use super::Located;
use crate::diag::place::listed;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::Decimal;
use crate::table::CellValue;

/// Figures of people, alone or behind the code of a series, as in `CP.in-need`.
const PEOPLE: [&str; 6] = ["population", "affected", "in-need", "targeted", "reached", "final-in-need"];

/// Of fewer cells nobody can say that they are shares because none is above 1.
const FEW: usize = 3;

/// Refuses columns of people that may be something else.
pub(super) fn refuse_doubtful(table: &Located<'_>, found: &mut Findings) {
    let is_people = |name: &str| PEOPLE.contains(&name.rsplit_once('.').map_or(name, |(_, figure)| figure));
    let named = table.columns.iter().filter(|(name, _)| is_people(name)).map(|(_, (column, header))| (*column, header.clone()));
    let parts = table.leaves.iter().chain(&table.sexes).map(|(leaf, column)| (*column, leaf.to_string()));
    for (column, header) in named.chain(parts) {
        let seen = Seen::of(table, column);
        let name = quoted(&header);
        let mut refuse = |code: Code, cells: &[CellRef], message: &dyn Fn(String) -> String| {
            if let Some(first) = cells.first() {
                found.add(code, Place::Cell(first.clone()), message(listed(cells)));
            }
        };
        refuse(Code::PeopleAsShares, &seen.in_per_cent, &|cells| {
            format!("column {name}: people are wanted here, and per cents stand in {cells}")
        });
        if seen.in_per_cent.is_empty() && seen.numbers >= FEW && seen.above_one == 0 {
            let message = |_| {
                format!(
                    "column {name}: none of {} numbers is above 1, and {} are fractions: shares and no people",
                    seen.numbers,
                    seen.fractions.len()
                )
            };
            refuse(Code::PeopleAsShares, &seen.fractions, &message);
        }
        if seen.other_fractions == 0 && table.layout.decimal_mark.is_none() {
            let message = |cells| format!("column {name}: the points may part thousands or fractions of people: {cells}");
            refuse(Code::ThousandsOrFraction, &seen.dotted, &message);
        }
    }
}

/// What the cells of a column look like.
#[derive(Default)]
struct Seen {
    numbers: usize,
    above_one: usize,
    /// Numbers between 0 and 1, both not among them.
    fractions: Vec<CellRef>,
    /// Numbers that are shown in per cent.
    in_per_cent: Vec<CellRef>,
    /// Texts as `6.764`.
    dotted: Vec<CellRef>,
    /// Texts with a fraction that parts no thousands.
    other_fractions: usize,
}

impl Seen {
    fn of(table: &Located<'_>, column: u32) -> Self {
        let mut seen = Self::default();
        for row in table.rows.iter().filter_map(|&number| table.sheet.row(number)) {
            let cell = || CellRef { sheet: table.sheet.name.clone(), row: row.number, column };
            match row.get(column) {
                CellValue::Number(number) => {
                    seen.numbers += 1;
                    seen.above_one += usize::from(number > 1.0);
                    if number > 0.0 && number < 1.0 {
                        seen.fractions.push(cell());
                    }
                    // A whole number above 1 under such a format is one of people all the same.
                    if row.marks(column).percent && (number <= 1.0 || number.fract() != 0.0) {
                        seen.in_per_cent.push(cell());
                    }
                    // In a table as text a number was a text.
                    if table.sheet.notes.as_text && number.fract() != 0.0 {
                        seen.see_text(&number.to_string(), cell);
                    }
                }
                CellValue::Text(text) if !table.layout.decimal_comma() => seen.see_text(text.trim(), cell),
                _ => {}
            }
        }
        seen
    }

    fn see_text(&mut self, text: &str, cell: impl Fn() -> CellRef) {
        if parts_thousands(text) {
            self.dotted.push(cell());
        } else if text.contains('.') && Decimal::parse(text).is_some() {
            self.other_fractions += 1;
        }
    }
}

/// Whether the point of a number may part thousands: up to three digits before it, and three behind it.
fn parts_thousands(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parted = text.split_once('.');
    parted.is_some_and(|(whole, rest)| {
        (1..=3).contains(&whole.len()) && !whole.starts_with('0') && rest.len() == 3 && digits(whole) && digits(rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_that_may_part_thousands() {
        let may = ["6.764", "14.496", "120.000"].map(parts_thousands);
        let may_not = ["0.764", "6.76", "6.7641", "1234.567", "-6.764", "6.7a4", "1.234.567", "6764"].map(parts_thousands);
        assert_eq!((may, may_not), ([true; 3], [false; 8]));
    }
}
