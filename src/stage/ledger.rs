//! The account of an input: what became of every row of every sheet that is read, and of the people in them. Rows read are
//! used or set aside with a reason; people read are assessed, not assessed, stated again elsewhere, or set aside. Each side
//! is counted by itself, so that what is dropped on the way shows (a row without a fate, people that do not add up).

use std::collections::BTreeMap;
use std::sync::Arc;

use super::audit::{Audit, AuditKind, Fate};
use super::cells::CellTable;
use super::locate::{Located, Sheets};
use super::people::PinTable;
use super::population::PopulationTable;
use crate::diag::place::ranges;
use crate::diag::{Code, Findings, Place};
use crate::domain::{Decimal, People, Series};
use crate::framework::files::RoleName;
use crate::table::plain_number::number_in;
use crate::table::sheet::Row;

/// What became of the rows of one table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableAccount {
    /// What it holds.
    pub table: &'static str,
    /// Its sheet.
    pub sheet: Arc<str>,
    /// Rows that hold anything.
    pub read: usize,
    /// Rows that count.
    pub used: usize,
    /// Rows that do not, by reason, in the order of the reasons' first rows.
    pub set_aside: Vec<(&'static str, Vec<u32>)>,
}

/// What became of the people of the tables of people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PeopleAccount {
    /// Those of every row that holds a number of people.
    pub read: People,
    /// Those whose people in need are known.
    pub assessed: People,
    /// Those who are counted and whose people in need are not known.
    pub not_assessed: People,
    /// Those who are stated for an area or group and again for those in it.
    pub stated_again: People,
    /// Parts by sex and age beside a total that is stated.
    pub parts_of_totals: People,
    /// People with disabilities, who are among the others.
    pub with_disabilities: People,
    /// Those of rows that are set aside.
    pub set_aside: People,
}

/// The account of an input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// A line for each table.
    pub tables: Vec<TableAccount>,
    /// Names of sheets that nothing reads.
    pub unread: Vec<String>,
    /// People.
    pub people: PeopleAccount,
    /// What was read without loss although it was written otherwise: sheet, what was done, how often, the first cell.
    pub cleaned: Vec<(Arc<str>, Arc<str>, usize, String)>,
    /// Cells that are missing where a value was expected, by sheet.
    pub missing: Vec<(Arc<str>, usize)>,
}

const HEAD: &str = "headers";
const ABOVE: &str = "above the headers";

/// What the account of people is made of.
#[derive(Copy, Clone)]
pub struct Counted<'a> {
    /// The units.
    pub cells: &'a CellTable,
    /// Who lives where.
    pub population: &'a PopulationTable,
    /// Whose need is known.
    pub in_need: &'a PinTable,
}

/// Makes the account. What does not add up is a fault of ours, and then no figure is given.
pub fn account(sheets: &Sheets<'_>, unread: &[String], of: Counted<'_>, audit: &Audit) -> (Ledger, Findings) {
    let mut found = Findings::default();
    let mut ledger = Ledger { unread: unread.iter().chain(&sheets.unused).cloned().collect(), ..Ledger::default() };
    for table in &sheets.tables {
        let (rows, lost) = rows_of(table, audit);
        if !lost.is_empty() {
            let message = format!("rows {} were read and neither used nor set aside, or both", ranges(&lost));
            found.add(Code::AccountBroken, Place::Sheet(Arc::clone(&table.sheet.name)), message);
        }
        ledger.tables.push(rows);
    }
    ledger.people = people(sheets, of, audit);
    let PeopleAccount { read, assessed, not_assessed, stated_again, parts_of_totals, with_disabilities, set_aside } = ledger.people;
    let told: People = [assessed, not_assessed, stated_again, parts_of_totals, with_disabilities, set_aside].into_iter().sum();
    if told != read {
        found.add(Code::AccountBroken, Place::Input, format!("{read} people were read, and the account tells of {told}"));
    }
    (ledger.cleaned, ledger.missing) = cells(audit);
    (ledger, found)
}

/// The rows of a table by fate, and those without one or with two.
fn rows_of(table: &Located<'_>, audit: &Audit) -> (TableAccount, Vec<u32>) {
    let mut fates = audit.fates_of(table.id).peekable();
    let (top, bottom) = (table.frame.top(), table.frame.bottom());
    let mut account =
        TableAccount { table: table.layout.role.word(), sheet: Arc::clone(&table.sheet.name), read: 0, used: 0, set_aside: Vec::new() };
    let mut by_reason: BTreeMap<&'static str, Vec<u32>> = BTreeMap::new();
    let mut lost = Vec::new();
    for row in table.sheet.rows().map(|row| row.number) {
        account.read += 1;
        if row <= bottom && table.frame.tags_row != Some(row) {
            by_reason.entry(if row < top { ABOVE } else { HEAD }).or_default().push(row);
            continue;
        }
        // Both stand in the order of the rows.
        while fates.next_if(|(number, _)| *number < row).is_some() {}
        let of_row = fates.next_if(|(number, _)| *number == row).map(|(_, fate)| fate);
        let is_twice = fates.next_if(|(number, _)| *number == row).is_some();
        match of_row.filter(|_| !is_twice) {
            Some(Fate::Used) => account.used += 1,
            Some(Fate::SetAside(why)) => by_reason.entry(why).or_default().push(row),
            _ => lost.push(row),
        }
    }
    account.set_aside = by_reason.into_iter().collect();
    account.set_aside.sort_by_key(|(_, rows)| rows.first().copied());
    (account, lost)
}

/// People as the sheets write them, and as they are counted.
fn people(sheets: &Sheets<'_>, of: Counted<'_>, audit: &Audit) -> PeopleAccount {
    let Counted { cells, population, in_need } = of;
    let mut account = PeopleAccount {
        parts_of_totals: population.parts_of_totals,
        with_disabilities: population.disability_read,
        ..PeopleAccount::default()
    };
    for table in sheets.of(RoleName::Population) {
        for (number, fate) in audit.fates_of(table.id) {
            let Some(row) = table.sheet.row(number) else { continue };
            let people = people_in(table, row);
            account.read += people;
            if let Fate::SetAside(_) = fate {
                account.set_aside += people;
            }
        }
    }
    for cell in cells.ids() {
        let Some(people) = population.of(cell) else { continue };
        let is_known = in_need.in_need(population.slots.total(cell), Series::Overall).is_some();
        let into = match (population.is_counted(cell), is_known) {
            (false, _) => &mut account.stated_again,
            (true, true) => &mut account.assessed,
            (true, false) => &mut account.not_assessed,
        };
        *into += people;
    }
    account
}

/// All people that a row of a table of people writes.
fn people_in(table: &Located<'_>, row: Row<'_>) -> People {
    let columns = table.column("population").into_iter().chain(table.leaves.iter().map(|(_, column)| *column));
    let number = |column: u32| number_in(row.get(column), table.layout.decimal_comma()).and_then(Decimal::from_f64);
    // Where no column states the total, the two sexes as a whole do.
    let of_sexes = table.sexes.iter().map(|(_, column)| number(*column).map(People));
    let of_sexes = People::sum_if_all_known(of_sexes).filter(|_| table.sexes.len() == 2 && table.column("population").is_none());
    columns.filter_map(number).map(People).chain(of_sexes).sum()
}

/// Clean-ups by sheet and kind, and missing cells by sheet.
#[expect(clippy::type_complexity, reason = "the two lists of the account, as its fields have them")]
fn cells(audit: &Audit) -> (Vec<(Arc<str>, Arc<str>, usize, String)>, Vec<(Arc<str>, usize)>) {
    let mut cleaned: BTreeMap<(&Arc<str>, &Arc<str>), (usize, &crate::diag::CellRef)> = BTreeMap::new();
    let mut missing: BTreeMap<&Arc<str>, usize> = BTreeMap::new();
    for entry in &audit.entries {
        match entry.kind {
            AuditKind::Missing => *missing.entry(&entry.cell.sheet).or_default() += 1,
            AuditKind::Repaired => {
                let (count, first) = cleaned.entry((&entry.cell.sheet, &entry.detail)).or_insert((0, &entry.cell));
                *count += 1;
                if entry.cell < **first {
                    *first = &entry.cell;
                }
            }
            AuditKind::SetAside => {}
        }
    }
    let cleaned = cleaned.into_iter().map(|((sheet, what), (count, first))| (Arc::clone(sheet), Arc::clone(what), count, first.address()));
    (cleaned.collect(), missing.into_iter().map(|(sheet, count)| (Arc::clone(sheet), count)).collect())
}
