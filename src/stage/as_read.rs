//! The tables as they were read, row by row: which rows count, under which code and group, with which values. For whoever
//! wants to see what the program makes of a sheet before any rule is applied.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::areas::read_areas;
use super::audit::Audit;
use super::locate::{Located, locate};
use super::measures::check_measures;
use super::observe::{IndicatorTable, observe};
use super::survey::read_survey;
use super::units::read_units;
use crate::diag::{Checked, Findings};
use crate::domain::id::Id;
use crate::domain::{CellId, PCode, visible};
use crate::framework::files::RoleName;
use crate::framework::{Context, Framework};
use crate::table::plain_number::number_in;
use crate::table::{CellValue, Column, Workbook};

/// A value as it counts.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueRead {
    /// A number.
    Number(f64),
    /// A text, a code, an answer.
    Text(String),
}

/// A row that counts: its number in the sheet, and the value of each column, `None` where it is missing.
pub type RowRead = (u32, Vec<Option<ValueRead>>);

/// A table as it was read.
#[derive(Clone, Debug)]
pub struct TableRead {
    /// The table: the first name that its sheet may have.
    pub table: String,
    /// What it holds.
    pub role: RoleName,
    /// Its sheet.
    pub sheet: Arc<str>,
    /// The columns in the order of the sheet: our name of those that are read, the header of others.
    pub columns: Vec<String>,
    /// The rows that count; none of a sheet of households, unless they are asked for.
    pub rows: Vec<RowRead>,
    /// How many rows of households count and are not given.
    pub withheld: usize,
    /// Rows that do not, with the reason.
    pub set_aside: Vec<(u32, &'static str)>,
}

/// Reads every table as the analysis does. What stands wrong in it is among the findings; the rows are given all the same.
/// Rows of households are given only if that is asked for: they are about persons.
pub fn tables_as_read(workbook: &Workbook, context: &Context, framework: &Framework, with_households: bool) -> Checked<Vec<TableRead>> {
    let mut found = Findings::default();
    let mut audit = Audit::default();
    let rules = found.keep(crate::framework::validate::adapted(framework, context));
    let sheets = found.keep(locate(workbook, context, &rules));
    let areas = found.keep(read_areas(&sheets, context, &mut audit));
    let (cells, keyed) = found.keep(read_units(&sheets, &areas, context, &mut audit));
    let observed = found.keep(observe(&keyed, &cells, &rules, &mut audit));
    found.append(check_measures(&keyed, &mut audit));
    found.keep(read_survey(&keyed, &cells, &areas, &rules, &mut audit));
    let codes: HashMap<String, &PCode> = areas.codes().map(|code| (code.key(), code)).collect();
    let mut tables = Vec::new();
    for of in keyed.all() {
        let reading = Reading { table: of.table, codes: &codes, observed: &observed };
        let columns = reading.columns();
        let group = |cell: CellId| cells.group_code(cells.key(cell).group);
        let row = |&(number, cell): &(u32, CellId)| {
            let row = of.table.sheet.row(number);
            let value = |(column, name): &(u32, String)| {
                reading.value(name, row.map_or(CellValue::Blank, |row| row.get(*column)), cell, group(cell))
            };
            (number, columns.iter().map(value).collect())
        };
        let is_withheld = of.table.layout.role == RoleName::Households && !with_households;
        tables.push(TableRead {
            table: if of.table.layout.in_any_sheet() {
                of.table.layout.role.word().to_owned()
            } else {
                of.table.layout.sheets.first().cloned().unwrap_or_default()
            },
            role: of.table.layout.role,
            sheet: Arc::clone(&of.table.sheet.name),
            rows: of.rows.iter().filter(|_| !is_withheld).map(row).collect(),
            withheld: if is_withheld { of.rows.len() } else { 0 },
            columns: columns.iter().map(|(_, name)| name.clone()).collect(),
            set_aside: of.table.set_aside.clone(),
        });
    }
    found.sort();
    found.with(tables)
}

/// One table, and what its values mean.
struct Reading<'a, 'b> {
    table: &'b Located<'a>,
    /// The codes of areas as they count, by how they are compared.
    codes: &'b HashMap<String, &'b PCode>,
    observed: &'b IndicatorTable,
}

impl Reading<'_, '_> {
    /// The columns of the sheet from left to right, under our names where they have one.
    fn columns(&self) -> Vec<(u32, String)> {
        let ours = self.table.names().filter_map(|name| Some((self.table.column(name)?, name.to_owned())));
        let mut columns: BTreeMap<u32, String> = ours.filter(|(column, _)| !self.table.personal.contains(column)).collect();
        columns.extend(self.table.leaves.iter().map(|(leaf, column)| (*column, leaf.to_string())));
        // Of households nothing is shown that no rule asks for.
        let of_households = self.table.layout.role == RoleName::Households;
        if let Some(row) = self.table.sheet.row(self.table.frame.header_row).filter(|_| !of_households) {
            // What tells persons apart is shown nowhere.
            for (column, value) in row.cells().filter(|(column, _)| !self.table.personal.contains(column)) {
                if let CellValue::Text(text) = value {
                    columns.entry(column).or_insert_with(|| visible(text).into_owned());
                }
            }
        }
        columns.into_iter().collect()
    }

    fn value(&self, name: &str, written: CellValue<'_>, cell: CellId, group: &str) -> Option<ValueRead> {
        let text = |text: &str| Some(ValueRead::Text(text.to_owned())).filter(|_| !text.is_empty());
        if name == "group" {
            return text(group);
        }
        // An indicator's value is the one that its rules see.
        if self.table.layout.role == RoleName::Indicators
            && let Some((_, _, values)) = self.observed.columns.iter().find(|(known, _, _)| known == name)
        {
            return match values {
                Column::Numbers(numbers) => numbers.get(cell.index()).copied().filter(|number| !number.is_nan()).map(ValueRead::Number),
                Column::Answers(answers) => answers.get(cell.index()).and_then(text),
            };
        }
        if name.ends_with("pcode") {
            let CellValue::Text(code) = written else { return self.number_or_text(written) };
            return self.codes.get(&PCode::new(code)?.key()).map_or_else(|| text(code), |known| text(known.as_str()));
        }
        self.number_or_text(written)
    }

    fn number_or_text(&self, written: CellValue<'_>) -> Option<ValueRead> {
        match written {
            CellValue::Blank => None,
            CellValue::Truth(truth) => Some(ValueRead::Text(truth.to_string())),
            CellValue::Error(error) => Some(ValueRead::Text(error.to_owned())),
            value => number_in(value, self.table.layout.decimal_comma()).map(ValueRead::Number).or_else(|| match value {
                CellValue::Text(text) => Some(visible(text).into_owned()).filter(|text| !text.is_empty()).map(ValueRead::Text),
                _ => None,
            }),
        }
    }
}
