//! P5: overall protection is at least each of its AoRs, at every level, and the finer the cells the more people.

use pinpoint::domain::{CellId, People, Series};
use pinpoint::framework::files::{AcrossFile, AcrossName, MosaicCell};
use pinpoint::framework::rules::AcrossAors;
use pinpoint::stage::people::Method;
use proptest::prelude::*;

use super::cases;
use super::rules::any_rules;
use super::runs::{ISLANDS, Key, Run, run_islands, run_world};
use super::world::{any_world, world};

/// Whether a row is of a whole unit or area, not of a leaf.
fn is_whole(key: &Key) -> bool {
    key[3].is_empty() && key[4].is_empty()
}

/// Whether overall is a figure computed elsewhere, because no AoR can make it (method, section 15.9).
fn overall_is_given(run: &Run, cell: CellId) -> bool {
    run.analysis.in_need.method(run.analysis.population.slots.total(cell), Series::Overall) == Method::Given
}

/// Overall against each AoR, row by row.
fn check(run: &Run) -> Result<(), TestCaseError> {
    if run.analysis.rules.people.across == AcrossAors::Independent {
        return Ok(());
    }
    // Where a cell took the highest as a whole, or no AoR has a figure and overall is given, its leaves have no overall
    // figure to hold against.
    let leaves_too = run.analysis.in_need.fell_back.is_empty() && !run.counted().any(|cell| overall_is_given(run, cell));
    for (key, row) in run.figures.iter().filter(|(key, _)| key[5] == "aor" && (is_whole(key) || leaves_too)) {
        let mut above = key.clone();
        "overall".clone_into(&mut above[5]);
        "PRO-OVE".clone_into(&mut above[6]);
        let overall = run.figures[&above].in_need;
        if is_whole(key) {
            prop_assert!(row.in_need <= overall, "{:?}: {:?} of overall {:?}", key, row.in_need, overall);
        } else if let Some(overall) = overall {
            prop_assert!(row.in_need <= Some(overall), "{:?}: {:?} of overall {:?}", key, row.in_need, overall);
        }
    }
    let levels = run.analysis.mosaic_levels;
    prop_assert!(levels.sum >= levels.group && levels.group >= levels.area && levels.area >= levels.country, "{:?}", levels);
    Ok(())
}

/// Overall in need of the country, cell by cell: the highest of the AoRs that enter, or the highest in each leaf where
/// every AoR that has a figure has all leaves.
fn by_hand(run: &Run) -> People {
    let (table, slots) = (&run.analysis.in_need, &run.analysis.population.slots);
    let rules = &run.analysis.rules.people;
    let from_overall = |cell, series| table.after_overall.contains(&(cell, series));
    let mut sum = People::ZERO;
    for cell in run.counted() {
        let total = slots.total(cell);
        if overall_is_given(run, cell) {
            sum += run.analysis.evidence.given_in_need(total, Series::Overall).unwrap_or_else(|| given_leaves(run, cell));
            continue;
        }
        let entering = run.analysis.series.iter().copied().skip(1).filter(|&series| !from_overall(cell, series));
        let entering: Vec<_> = entering.filter(|&series| table.in_need(total, series).is_some()).collect();
        if entering.is_empty() {
            // Overall rests on what is said of overall itself; the slow twin looks into that.
            sum += table.in_need(total, Series::Overall).unwrap_or_default();
            continue;
        }
        let highest = |slot| entering.iter().filter_map(|&series| table.in_need(slot, series)).max().unwrap_or_default();
        let leaves: Vec<_> = slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        let has_any = |&series: &Series| leaves.iter().chain([&total]).any(|&slot| table.in_need(slot, series).is_some());
        let with_any: Vec<_> =
            run.analysis.series.iter().copied().skip(1).filter(has_any).filter(|&series| !from_overall(cell, series)).collect();
        let all = leaves.iter().all(|&slot| with_any.iter().all(|&series| table.in_need(slot, series).is_some()));
        let by_leaf = rules.across == AcrossAors::Highest(MosaicCell::Leaf) && !leaves.is_empty() && all;
        sum += if by_leaf { leaves.into_iter().map(highest).sum() } else { highest(total) };
    }
    sum
}

/// What the given leaves of overall add up to.
fn given_leaves(run: &Run, cell: CellId) -> People {
    let slots = &run.analysis.population.slots;
    slots.leaves_of(cell).filter_map(|(_, slot)| run.analysis.evidence.given_in_need(slot, Series::Overall)).sum()
}

proptest! {
    #![proptest_config(cases(80))]

    #[test]
    fn overall_is_at_least_each_aor_at_every_level((rules, world) in any_world()) {
        check(&run_world(&rules, &world))?;
    }

    #[test]
    fn the_highest_by_leaf_is_at_least_the_highest_by_group(rules in any_rules(), world in world()) {
        let with = |cell: MosaicCell| {
            let mut rules = rules.clone();
            rules.context.people.across_aors = Some(AcrossFile { rule: Some(AcrossName::Highest), cell: Some(cell) });
            run_world(&rules, &world)
        };
        let (by_group, by_leaf) = (with(MosaicCell::Group), with(MosaicCell::Leaf));
        check(&by_group)?;
        check(&by_leaf)?;
        for (key, row) in by_group.figures.iter().filter(|(key, _)| key[5] == "overall" && is_whole(key)) {
            let leaf = &by_leaf.figures[key];
            prop_assert_eq!(row.in_need.is_some(), leaf.in_need.is_some(), "{:?}", key);
            prop_assert!(leaf.in_need >= row.in_need, "{:?}: {:?} by leaf, {:?} by group", key, leaf.in_need, row.in_need);
        }
        // The comparison of levels says the same as the figure.
        let country = |run: &Run| run.analysis.rolled.area(run.analysis.areas.country(), run.analysis.series[0]).in_need.unwrap_or_default();
        let alone = |cell: CellId| {
            let (table, total) = (&by_group.analysis.in_need, by_group.analysis.population.slots.total(cell));
            table.method(total, Series::Overall) != Method::Highest && table.in_need(total, Series::Overall).is_some()
        };
        if !by_group.counted().any(alone) {
            prop_assert_eq!(by_group.analysis.mosaic_levels.group, country(&by_group));
        }
        prop_assert_eq!(country(&by_leaf), by_hand(&by_leaf));
        prop_assert_eq!(country(&by_group), by_hand(&by_group));
    }
}

#[test]
fn two_islands_keeps_overall_above_its_aors() {
    check(&run_islands(&ISLANDS)).unwrap();
}
