//! The population groups that the tables name, and every spelling of them.

use std::collections::{BTreeMap, BTreeSet};

use super::super::audit::Audit;
use super::super::locate::{Located, Sheets};
use super::super::read_row::RowReader;
use super::super::total_words::names_a_total;
use crate::diag::shown::quoted;
use crate::diag::suggest::{did_you_mean, nearest};
use crate::diag::{CellRef, Code, Findings, Place};
use crate::domain::{GroupId, IdVec, PopulationGroup};
use crate::framework::Context;
use crate::framework::files::RoleName;
use crate::table::{Memo, folded};

/// Names of so many groups are compared with each other.
const MOST_COMPARED: usize = 500;

/// The groups, in the order of their codes.
pub(super) struct Groups {
    pub(super) all: IdVec<GroupId, PopulationGroup>,
    by_word: BTreeMap<String, GroupId>,
}

impl Groups {
    /// Those that the context declares, else those that the tables name.
    pub(super) fn of(sheets: &Sheets<'_>, context: &Context, audit: &mut Audit, found: &mut Findings) -> Self {
        let known = known_groups(sheets, context, audit);
        say_alike(&known, context, found);
        let all: IdVec<GroupId, PopulationGroup> =
            known.values().map(|code| PopulationGroup { code: code.clone() }).collect::<BTreeSet<_>>().into_iter().collect();
        let by_code: BTreeMap<&str, GroupId> = all.entries().map(|(id, group)| (group.code.as_str(), id)).collect();
        let by_word = known.iter().filter_map(|(word, code)| Some((word.clone(), *by_code.get(code.as_str())?))).collect();
        Self { all, by_word }
    }

    /// The group of this name.
    pub(super) fn find(&self, text: &str) -> Option<GroupId> {
        self.by_word.get(&folded(text)).copied()
    }

    /// Says that the text of a row names no group.
    pub(super) fn say_unknown(&self, table: &Located<'_>, number: u32, text: &str, found: &mut Findings) {
        let place = match table.column("group") {
            Some(column) => Place::Cell(CellRef { sheet: table.sheet.name.clone(), row: number, column }),
            None => Place::Row(table.sheet.name.clone(), number),
        };
        if names_a_total(text) {
            found.add(Code::TotalAsGroup, place, format!("{} is a total", quoted(text)));
            return;
        }
        let codes = self.all.iter().map(|group| group.code.as_str());
        let hint = if self.all.len() > MOST_COMPARED { String::new() } else { did_you_mean(text, codes) };
        found.add(Code::UnknownGroup, place, format!("{} is not among the population groups{hint}", quoted(text)));
    }
}

/// Every spelling of a group, folded, and the code it stands for.
fn known_groups(sheets: &Sheets<'_>, context: &Context, audit: &mut Audit) -> BTreeMap<String, String> {
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    for group in &context.groups {
        for name in std::iter::once(&group.code).chain(&group.aliases) {
            known.insert(folded(name), group.code.clone());
        }
    }
    if !known.is_empty() {
        return known;
    }
    // A table that is looked at by itself names its groups itself.
    let without_people = sheets.of(RoleName::Population).next().is_none();
    for table in sheets.tables.iter().filter(|table| without_people || table.layout.role == RoleName::Population) {
        let mut unsaid = Findings::default();
        let mut reader = RowReader { table, found: &mut unsaid, audit };
        let Some(column) = table.column("group") else { continue };
        let mut seen = Memo::default();
        for &number in &table.rows {
            let Some(row) = reader.row(number) else { continue };
            // The same text of another row says nothing new.
            let mut is_new = row.key(column).is_none();
            seen.of(row, column, || is_new = true);
            let Some(text) = Some(row).filter(|_| is_new).and_then(|row| reader.text(row, "group")) else { continue };
            let word = folded(&text);
            // That a total is no group is said where the rows find their cells.
            if names_a_total(&text) {
                continue;
            }
            // Spellings that differ in case or blanks are one group, under the spelling that sorts first.
            let code = known.entry(word).or_insert_with(|| text.clone());
            if text < *code {
                *code = text;
            }
        }
    }
    known
}

/// Groups that nobody declared and whose names are nearly the same: one of them may be misspelled.
fn say_alike(known: &BTreeMap<String, String>, context: &Context, found: &mut Findings) {
    let words: Vec<&String> = known.keys().filter(|word| context.groups.is_empty() && word.chars().count() > 3).collect();
    // Of so many nobody reads the pairs, and comparing each with each takes long.
    if words.len() > MOST_COMPARED {
        return;
    }
    for (at, word) in words.iter().enumerate() {
        let others = words.iter().skip(at + 1).map(|other| other.as_str());
        if let Some(other) = nearest(word, others)
            && let (Some(first), Some(second)) = (known.get(*word), known.get(other))
        {
            let message = format!("{} and {} count as two groups", quoted(first), quoted(second));
            found.add(Code::GroupsAlike, Place::Input, message);
        }
    }
}

/// Whether a group is written as it is declared, or by one of its aliases.
pub(super) fn is_spelling(text: &str, code: &str, context: &Context) -> bool {
    text == code || context.groups.iter().any(|group| group.code == code && group.aliases.iter().any(|alias| alias == text))
}
