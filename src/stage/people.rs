//! *Estimate*: phases and shares become people affected and in need, per AoR, as real numbers (method, section 6).
//! Five ways, tried in the framework's order; the one used and those passed over are kept.

use std::collections::{BTreeMap, BTreeSet};

use super::decide::{Decided, Decisions};
use super::mosaic::{self, MosaicLevel};
use super::ways;
use crate::domain::id::Id;
use crate::domain::{Aor, AreaId, CellId, Evidence, People, Scope, Series, SlotId};
use crate::framework::rules::{AcrossAors, PeopleRule};

pub use super::pin_table::{Method, PeopleBasis, PinTable};

/// Estimates every AoR, takes overall across them, and derives what is derived from overall.
pub fn estimate(basis: PeopleBasis<'_>, decisions: &Decisions) -> PinTable {
    let mut table = PinTable::new(basis.population.slots.len(), basis.cells.len());
    let rules = &basis.rules.people;
    let in_play: Vec<Series> = basis.context.aors.iter().map(|&aor: &Aor| Series::Aor(aor)).collect();
    let in_order = rules.bases_first(&in_play);
    let tiers = tiers_of_areas(basis);
    let cells: Vec<CellId> = basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)).collect();

    for &series in &in_order {
        for &cell in &cells {
            if estimate_cell(cell, series, When::BeforeOverall, &tiers, basis, &mut table) == Outcome::Waits {
                table.after_overall.insert((cell, series));
            }
        }
        decide_people(series, When::BeforeOverall, basis, decisions, &mut table);
    }
    match rules.across {
        AcrossAors::Independent => {
            for &cell in &cells {
                estimate_cell(cell, Series::Overall, When::AfterOverall, &tiers, basis, &mut table);
            }
            mosaic::mark_independent(basis, &mut table);
        }
        AcrossAors::Highest(level) => {
            let without: BTreeSet<CellId> = mosaic::highest(level, &in_play, basis, &mut table).into_iter().collect();
            for &cell in &cells {
                if without.contains(&cell) {
                    estimate_alone(cell, &in_play, &tiers, basis, &mut table);
                } else if households_say_overall(cell, basis) {
                    estimate_of_households(cell, &tiers, basis, &mut table);
                } else {
                    look_beside_the_aors(cell, basis, &mut table);
                }
            }
        }
    }
    take_affected_population(basis, &mut table);
    decide_people(Series::Overall, When::BeforeOverall, basis, decisions, &mut table);
    let waiting = table.after_overall.clone();
    for &series in &in_order {
        for &(cell, _) in waiting.iter().filter(|(_, waits)| *waits == series) {
            estimate_cell(cell, series, When::AfterOverall, &tiers, basis, &mut table);
        }
        decide_people(series, When::AfterOverall, basis, decisions, &mut table);
    }
    table
}

/// No AoR has a figure: overall rests on what is said of overall itself. Affected people of AoRs may be known alone.
fn estimate_alone(cell: CellId, aors: &[Series], tiers: &Tiers<'_>, basis: PeopleBasis<'_>, table: &mut PinTable) {
    let total = basis.population.slots.total(cell);
    estimate_cell(cell, Series::Overall, When::AfterOverall, tiers, basis, table);
    // What an AoR lacks is said of that AoR.
    if aors.iter().any(|&aor| table.no_coefficient.contains_key(&(cell, aor))) {
        table.no_coefficient.remove(&(cell, Series::Overall));
    }
    // The highest of the AoRs' affected people goes before evidence for overall (method, section 15.17).
    if let Some(affected) = aors.iter().filter_map(|&aor| table.affected(total, aor)).max() {
        table.set_affected(total, Series::Overall, Some(affected));
        for (_, slot) in basis.population.slots.leaves_of(cell) {
            table.set_affected(slot, Series::Overall, None);
        }
    }
    if matches!(table.method(total, Series::Overall), Method::Households | Method::Shares | Method::Coefficients)
        && let Some(level) = table.levels.get_mut(cell.index())
    {
        *level = Some(MosaicLevel::Independent);
    }
}

/// Whether overall rests on its own households: they know of each household how it fares overall, which the highest of the
/// AoRs only bounds (method, section 14.1). Figures given for overall are passed over where AoRs have some.
fn households_say_overall(cell: CellId, basis: PeopleBasis<'_>) -> bool {
    basis.rules.people.ways_of(Series::Overall).contains(&PeopleRule::Shares)
        && !is_given(cell, Series::Overall, basis)
        && ways::shares_of(cell, Scope::Overall, basis).is_some_and(|(kind, _)| kind == Evidence::Households)
}

/// Overall of its own households. The highest of the AoRs is passed over, and stands in the comparison of levels.
fn estimate_of_households(cell: CellId, tiers: &Tiers<'_>, basis: PeopleBasis<'_>, table: &mut PinTable) {
    let total = basis.population.slots.total(cell);
    let slots: Vec<SlotId> = basis.population.slots.leaves_of(cell).map(|(_, slot)| slot).chain([total]).collect();
    for slot in slots {
        table.set_in_need(slot, Series::Overall, None);
        table.set_affected(slot, Series::Overall, None);
        table.set_method(slot, Series::Overall, Method::None);
    }
    estimate_cell(cell, Series::Overall, When::AfterOverall, tiers, basis, table);
    if let Some(level) = table.levels.get_mut(cell.index()) {
        *level = Some(MosaicLevel::Independent);
    }
}

/// Overall was made of the AoRs: its own evidence is passed over. Affected people given for it stand where no AoR says how
/// many are affected (method, section 15.17).
fn look_beside_the_aors(cell: CellId, basis: PeopleBasis<'_>, table: &mut PinTable) {
    let total = basis.population.slots.total(cell);
    let ways = basis.rules.people.ways_of(Series::Overall);
    let mut passed_over: Vec<&str> =
        ways.iter().filter(|way| has_figure(**way, cell, Series::Overall, basis)).map(|way| way.word()).collect();
    if ways.contains(&PeopleRule::Given) {
        let leaves: Vec<SlotId> = basis.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        if table.affected(total, Series::Overall).is_none() {
            ways::keep_given_affected(cell, Series::Overall, total, &leaves, basis, table);
        } else if is_affected_given(cell, Series::Overall, basis) {
            passed_over.push(AFFECTED_ALONE);
        }
    }
    if !passed_over.is_empty() {
        table.passed_over.insert((cell, Series::Overall), passed_over);
    }
}

/// The tiers to which areas belong.
type Tiers<'a> = BTreeMap<AreaId, Vec<&'a str>>;

/// Whether overall is there already, so that an AoR can be derived from it.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum When {
    BeforeOverall,
    AfterOverall,
}

/// Whether a figure could be estimated or rests on overall, which comes later.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Outcome {
    Done,
    Waits,
}

fn estimate_cell(cell: CellId, series: Series, when: When, tiers: &Tiers<'_>, basis: PeopleBasis<'_>, table: &mut PinTable) -> Outcome {
    let area_tiers = tiers.get(&basis.cells.key(cell).area).map_or(&[][..], Vec::as_slice);
    let total = basis.population.slots.total(cell);
    let leaves: Vec<SlotId> = basis.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
    let (mut used, mut outcome) = (false, Outcome::Done);
    // What is given stands where that is the first way, even where the people in need come from another.
    let mut given = false;
    for way in basis.rules.people.ways_of(series) {
        if used {
            // Only whether this way has a figure of its own is asked; nothing is computed twice.
            if has_figure(*way, cell, series, basis) {
                table.passed_over.entry((cell, series)).or_default().push(way.word());
            } else if *way == PeopleRule::Given && is_affected_given(cell, series, basis) {
                table.passed_over.entry((cell, series)).or_default().push(AFFECTED_ALONE);
            }
            continue;
        }
        used = match way {
            PeopleRule::Given => {
                given = true;
                ways::take_given(series, total, &leaves, basis, table)
            }
            PeopleRule::Shares => ways::take_shares(cell, series, total, &leaves, basis, table),
            PeopleRule::Coefficients => {
                let asking = ways::Asking { tiers: area_tiers, given };
                ways::take_coefficients(cell, series, total, &leaves, asking, basis, table)
            }
            PeopleRule::Derived { of, .. }
                if when == When::BeforeOverall && (*of == Series::Overall || table.after_overall.contains(&(cell, *of))) =>
            {
                outcome = Outcome::Waits;
                break;
            }
            PeopleRule::Derived { of, share } => ways::take_derived(series, *of, *share, total, &leaves, table),
        };
    }
    ways::gate(cell, series, total, &leaves, basis, table);
    if given {
        ways::keep_given(cell, series, total, &leaves, basis, table);
    }
    outcome
}

/// Whether a way has evidence of its own for a cell.
fn has_figure(way: PeopleRule, cell: CellId, series: Series, basis: PeopleBasis<'_>) -> bool {
    match way {
        PeopleRule::Given => is_given(cell, series, basis),
        PeopleRule::Shares => ways::shares_of(cell, series.scope(), basis).is_some(),
        // A coefficient or a derivation is no evidence of its own, so nothing is lost by passing it over.
        PeopleRule::Coefficients | PeopleRule::Derived { .. } => false,
    }
}

/// What is passed over where affected people are given without people in need.
const AFFECTED_ALONE: &str = "given affected people";

/// Whether people in need are given for a cell or for some part of it.
fn is_given(cell: CellId, series: Series, basis: PeopleBasis<'_>) -> bool {
    slots_of(cell, basis).any(|slot| basis.evidence.given_in_need(slot, series).is_some())
}

/// Whether affected people are.
fn is_affected_given(cell: CellId, series: Series, basis: PeopleBasis<'_>) -> bool {
    slots_of(cell, basis).any(|slot| basis.evidence.given_affected(slot, series).is_some())
}

/// A cell as a whole, and its parts by sex and age.
fn slots_of(cell: CellId, basis: PeopleBasis<'_>) -> impl Iterator<Item = SlotId> + '_ {
    let slots = &basis.population.slots;
    std::iter::once(slots.total(cell)).chain(slots.leaves_of(cell).map(|(_, slot)| slot))
}

/// People affected as sheet `population` counts them stand for protection as a whole (method, section 15.17).
fn take_affected_population(basis: PeopleBasis<'_>, table: &mut PinTable) {
    let (slots, column) = (&basis.population.slots, &basis.population.affected);
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let total = slots.total(cell);
        let leaves: Vec<SlotId> = slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        let mut some = false;
        for &slot in std::iter::once(&total).chain(&leaves) {
            if let Some(affected) = column.get(slot.index()) {
                table.set_affected(slot, Series::Overall, Some(affected));
                some = true;
            }
        }
        // What is given for overall beside the column is passed over.
        if some
            && basis.rules.people.ways_of(Series::Overall).contains(&PeopleRule::Given)
            && is_affected_given(cell, Series::Overall, basis)
        {
            let passed_over = table.passed_over.entry((cell, Series::Overall)).or_default();
            if !passed_over.contains(&AFFECTED_ALONE) {
                passed_over.push(AFFECTED_ALONE);
            }
        }
        // Some parts without a total: as with figures given for some parts only (method, section 15.22).
        if some && column.get(total.index()).is_none() {
            let sum = People::sum_if_all_known(leaves.iter().map(|&slot| table.affected(slot, Series::Overall)));
            if let Some(sum) = sum {
                table.set_affected(total, Series::Overall, Some(sum));
            }
            table.in_part.insert((cell, Series::Overall, Decided::Affected));
        }
    }
}

/// Decisions on the figures of one series, before the next step uses them; those that wait for overall are changed once
/// they are there.
fn decide_people(series: Series, when: When, basis: PeopleBasis<'_>, decisions: &Decisions, table: &mut PinTable) {
    for what in [Decided::InNeed, Decided::Affected] {
        for (cell, people) in decisions.on_people(series, what) {
            if table.after_overall.contains(&(cell, series)) != (when == When::AfterOverall) {
                continue;
            }
            let total = basis.population.slots.total(cell);
            table.before.insert((cell, series, what), table.people(what, total, series));
            // The decision speaks of the total; its split by sex and age is not known any more.
            for (_, slot) in basis.population.slots.leaves_of(cell) {
                table.set_people(what, slot, series, None);
            }
            table.set_people(what, total, series, Some(people));
        }
    }
}

/// The tiers to which each area belongs, itself or by an area it lies in.
fn tiers_of_areas(basis: PeopleBasis<'_>) -> Tiers<'_> {
    let mut tiers = Tiers::new();
    for tier in &basis.context.tiers {
        let named: Vec<_> = tier.areas.iter().filter_map(|code| basis.areas.find(code)).collect();
        for area in basis.areas.ids() {
            if basis.areas.path(area).any(|at| named.contains(&at)) {
                tiers.entry(area).or_default().push(&tier.code);
            }
        }
    }
    tiers
}
