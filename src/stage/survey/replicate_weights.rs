//! Replicate weights that households bring along: columns `weight_1`, `weight_2` and so on, as statistical offices make them
//! (bootstrap or balanced repeated replication). Every household that counts has all of them.

use rayon::prelude::*;

use super::super::audit::Audit;
use super::super::read_row::RowReader;
use super::super::units::Keyed;
use super::rows::Members;
use crate::diag::{CellRef, Code, Findings, Place};
use crate::framework::files::ResamplingName;
use crate::table::Memo;

/// What each household counts in each replicate; none at all where the framework does not take them.
pub(super) fn read_replicate_weights(
    members: &[(&Keyed<'_, '_>, Members)],
    households: usize,
    resampling: ResamplingName,
    found: &mut Findings,
) -> Vec<Vec<f64>> {
    if resampling != ResamplingName::Given || households == 0 {
        return Vec::new();
    }
    let replicates = members.iter().map(|(keyed, _)| keyed.table.replicate_weights.len()).max().unwrap_or_default();
    for (keyed, _) in members {
        say_what_lacks(keyed, replicates, found);
    }
    if found.any_error() {
        return Vec::new();
    }
    let read = |at: usize| {
        let (mut of_households, mut found) = (vec![f64::NAN; households], Findings::default());
        for (keyed, Members { rows, .. }) in members {
            if let Some(&(number, column)) = keyed.table.replicate_weights.get(at) {
                read_column(keyed, rows, (number, column), &mut of_households, &mut found);
            }
        }
        (of_households, found)
    };
    // Each keeps what it finds to itself, so that threads change nothing.
    let columns: Vec<(Vec<f64>, Findings)> = (0..replicates).into_par_iter().map(read).collect();
    let said = |(weights, of_column): (Vec<f64>, Findings)| {
        found.append(of_column);
        weights
    };
    columns.into_iter().map(said).collect()
}

/// Whether a sheet has replicate weights at all, with every number up to the last, each once.
fn say_what_lacks(keyed: &Keyed<'_, '_>, replicates: usize, found: &mut Findings) {
    let table = keyed.table;
    let sheet = || table.sheet.name.clone();
    if table.replicate_weights.is_empty() {
        let message = "the framework asks for the likelihood of phases from replicate weights (`resampling = \"given\"`), and no column is \
             called `weight_1`";
        found.add(Code::MissingColumn, Place::Sheet(sheet()), message);
        return;
    }
    for ((number, column), wanted) in table.replicate_weights.iter().zip(1..) {
        let cell = || Place::Cell(CellRef { sheet: sheet(), row: table.frame.header_row, column: *column });
        if *number < wanted {
            found.add(Code::AmbiguousColumn, cell(), format!("two columns are the replicate weight {number}"));
            return;
        }
        if *number > wanted {
            found.add(Code::MissingColumn, cell(), format!("replicate weights go on with {number}, and there is no `weight_{wanted}`"));
            return;
        }
    }
    if table.replicate_weights.len() < replicates {
        let message = format!("{} replicate weights here and {replicates} in another sheet", table.replicate_weights.len());
        found.add(Code::MissingColumn, Place::Sheet(sheet()), message);
    }
}

/// The weights of one column: numbers that are not below 0.
fn read_column(keyed: &Keyed<'_, '_>, rows: &[(u32, u32)], of: (u32, u32), into: &mut [f64], found: &mut Findings) {
    let (number_of_column, column) = of;
    let name = format!("weight_{number_of_column}");
    let mut unnoted = Audit::of_no_cells();
    let mut reader = RowReader { table: keyed.table, found, audit: &mut unnoted };
    let (mut known, mut keys) = (Memo::default(), keyed.table.sheet.keys(column));
    for &(number, at) in rows {
        let Some(slot) = into.get_mut(at as usize) else { continue };
        let key = keys.of(number);
        if let Some(weight) = known.of_key(key) {
            *slot = weight;
            continue;
        }
        let before = reader.found.times();
        let Some(row) = reader.row(number) else { continue };
        let place = || Place::Cell(CellRef { sheet: keyed.table.sheet.name.clone(), row: number, column });
        match reader.number_at(row, column, &name, &[]) {
            Some(weight) if weight >= 0.0 => *slot = weight,
            Some(weight) => reader.found.add(Code::WeightBad, place(), format!("column `{name}`: weight {weight} is below 0")),
            // What is no number has been said.
            None if reader.says_something(row, column) => {}
            None => {
                let message = format!("column `{name}`: the household has no weight in this replicate; it is never taken as 0 or 1");
                reader.found.add(Code::WeightBad, place(), message);
            }
        }
        if before == reader.found.times() {
            known.learn_key(key, *slot);
        }
    }
}
