//! What a sheet says of how households were drawn: the size of each, its stratum and cluster, and how many clusters the
//! stratum has.

use std::collections::{BTreeMap, BTreeSet};

use super::super::audit::Audit;
use super::super::locate::Located;
use super::super::read_row::RowReader;
use super::super::units::Keyed;
use super::SurveyTable;
use super::rows::Members;
use crate::diag::place::listed;
use crate::diag::shown::quoted;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::table::{Answers, Memo};

/// The clusters of a stratum as the sheet counts them: one whole number for all of it, and no fewer than were drawn.
pub(super) fn check_counts_of_strata(members: &[(&Keyed<'_, '_>, Members)], survey: &SurveyTable, found: &mut Findings) {
    if survey.clusters_in_stratum.iter().all(|count| count.is_nan()) {
        return;
    }
    let mut drawn: BTreeMap<Option<&str>, (BTreeSet<&str>, usize)> = BTreeMap::new();
    for at in 0..survey.len() {
        let (clusters, alone) = drawn.entry(survey.strata.get(at)).or_default();
        match survey.clusters.get(at) {
            Some(cluster) => drop(clusters.insert(cluster)),
            None => *alone += 1,
        }
    }
    let mut said: BTreeMap<Option<&str>, f64> = BTreeMap::new();
    for (keyed, Members { rows, .. }) in members {
        let Some(column) = keyed.table.column("fpc") else { continue };
        for &(row, at) in rows {
            let at = at as usize;
            let Some(&count) = survey.clusters_in_stratum.get(at).filter(|count| !count.is_nan()) else { continue };
            let stratum = survey.strata.get(at);
            let name = stratum.map_or_else(|| "the survey".to_owned(), |stratum| format!("stratum {}", quoted(stratum)));
            let units = drawn.get(&stratum).map_or(0, |(clusters, alone)| clusters.len() + alone);
            #[expect(clippy::cast_precision_loss, reason = "a number of clusters")]
            let too_few = count < units as f64;
            let first = *said.entry(stratum).or_insert(count);
            let what = if count.fract() != 0.0 {
                format!("{count} is no number of clusters")
            } else if too_few {
                format!("{name} has {count} clusters here, and {units} were drawn from it")
            } else if count.to_bits() != first.to_bits() {
                format!("{name} has {count} clusters here and {first} elsewhere")
            } else {
                continue;
            };
            let place = CellRef { sheet: keyed.table.sheet.name.clone(), row, column };
            found.add(Code::NumberOutOfRange, Place::Cell(place), format!("column `fpc`: {what}"));
        }
    }
}

/// Where each household counts by its size, one without a size counts nothing.
pub(super) fn say_without_size(table: &Located<'_>, rows: &[(u32, u32)], survey: &SurveyTable, found: &mut Findings) {
    let without = rows.iter().filter(|(_, at)| survey.sizes.get(*at as usize).is_none_or(|size| size.is_nan()));
    let column = table.column("household-size").or_else(|| table.column("weight")).unwrap_or(1);
    let cells: Vec<CellRef> = without.map(|&(row, _)| CellRef { sheet: table.sheet.name.clone(), row, column }).collect();
    if let Some(first) = cells.first() {
        let s = if cells.len() == 1 { "" } else { "s" };
        let message =
            format!("{} household{s} without a size, and households count by the people in them: {}", cells.len(), listed(&cells));
        found.add(Code::HouseholdWithoutSize, Place::Cell(first.clone()), message);
    }
}

/// Where most households say how they were drawn, one that leaves it blank was drawn by itself, or from a stratum of its own.
pub(super) fn say_blank_design(table: &Located<'_>, rows: &[(u32, u32)], survey: &SurveyTable, found: &mut Findings) {
    for (name, answers) in [("stratum", &survey.strata), ("cluster", &survey.clusters)] {
        let Some(column) = table.column(name) else { continue };
        let blank = rows.iter().filter(|(_, at)| answers.code_of(*at as usize) == 0);
        let cells: Vec<CellRef> = blank.map(|&(row, _)| CellRef { sheet: table.sheet.name.clone(), row, column }).collect();
        if let Some(first) = cells.first().filter(|_| cells.len() < rows.len()) {
            let s = if cells.len() == 1 { "" } else { "s" };
            let message = format!("{} household{s} without a {name}, and others have one: {}", cells.len(), listed(&cells));
            found.add(Code::DesignBlank, Place::Cell(first.clone()), message);
        }
    }
}

/// What tells how households were drawn, a row each.
pub(super) struct DesignColumns<'s> {
    pub(super) sizes: &'s mut [f64],
    pub(super) clusters_in_stratum: &'s mut [f64],
    pub(super) strata: &'s mut Answers,
    pub(super) clusters: &'s mut Answers,
}

/// Size, stratum and cluster of each household.
pub(super) fn read_design(table: &Located<'_>, rows: &[(u32, u32)], into: DesignColumns<'_>) -> Findings {
    let DesignColumns { sizes, clusters_in_stratum, strata, clusters } = into;
    let (mut found, mut unnoted) = (Findings::default(), Audit::of_no_cells());
    let mut reader = RowReader { table, found: &mut found, audit: &mut unnoted };
    if let Some(column) = table.column("household-size") {
        let (mut known_sizes, mut keys) = (Memo::default(), table.sheet.keys(column));
        for &(number, at) in rows {
            let Some(slot) = sizes.get_mut(at as usize) else { continue };
            let key = keys.of(number);
            if let Some(known) = known_sizes.of_key(key) {
                *slot = known;
                continue;
            }
            let before = reader.found.times();
            let Some(row) = reader.row(number) else { continue };
            let Some(size) = reader.number_at(row, column, "household-size", &[]) else { continue };
            if !(1.0..=MOST_PERSONS).contains(&size) || size.fract() != 0.0 {
                let message = format!("column `household-size`: {size} is no number of persons in a household");
                let place = reader.place(number, "household-size");
                reader.found.add(Code::NumberOutOfRange, place, message);
            }
            *slot = size;
            if before == reader.found.times() {
                known_sizes.learn_key(key, size);
            }
        }
    }
    for &(number, at) in rows.iter().filter(|_| table.column("fpc").is_some()) {
        let count = reader.row(number).and_then(|row| reader.not_negative(row, "fpc"));
        if let (Some(count), Some(slot)) = (count, clusters_in_stratum.get_mut(at as usize)) {
            *slot = count;
        }
    }
    for (name, into) in [("stratum", strata), ("cluster", clusters)] {
        let Some(column) = table.column(name) else { continue };
        let (mut codes, mut keys) = (Memo::default(), table.sheet.keys(column));
        for &(number, at) in rows {
            let key = keys.of(number);
            let code = match codes.of_key(key) {
                Some(code) => code,
                None => {
                    let before = reader.found.times();
                    let text = reader.row(number).and_then(|row| reader.text_at(row, column, name));
                    let code = text.map_or(0, |text| into.code(&text));
                    if before == reader.found.times() {
                        codes.learn_key(key, code);
                    }
                    code
                }
            };
            into.put(at as usize, code);
        }
    }
    found
}

/// More persons do not live in one household.
const MOST_PERSONS: f64 = 100_000.0;
