//! The ways from phases to people, each for one area and group, as real numbers (method, section 6).

use super::decide::Decided;
use super::evidence::EvidenceTable;
use super::pin_table::{Method, PeopleBasis, PinTable};
use crate::domain::{CellId, Evidence, People, Phase, PhaseShares, Scope, Series, Share, SlotId};
use crate::framework::coefficients::{Asked, Coefficient};

/// 6.4: figures computed elsewhere, as they are. Without a total, the leaves add up to it if all are there.
pub(super) fn take_given(series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) -> bool {
    let given = |slot| basis.evidence.given_in_need(slot, series);
    let of_leaves: Vec<Option<People>> = leaves.iter().map(|&slot| given(slot)).collect();
    let sum = People::sum_if_all_known(of_leaves.iter().copied()).filter(|_| basis.population.is_split(total));
    let Some(people) = given(total).or(sum) else { return false };
    table.set_in_need(total, series, Some(people));
    table.set_method(total, series, Method::Given);
    for (&slot, people) in leaves.iter().zip(of_leaves) {
        table.set_in_need(slot, series, people);
        table.set_method(slot, series, if people.is_some() { Method::Given } else { Method::None });
    }
    true
}

/// What is given beside the way that was used: affected people, and figures of some parts only.
pub(super) fn keep_given(cell: CellId, series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) {
    keep_given_parts(Decided::InNeed, cell, series, total, leaves, basis, table);
    keep_given_affected(cell, series, total, leaves, basis, table);
}

/// Affected people as given, for everybody or for some parts.
pub(super) fn keep_given_affected(
    cell: CellId,
    series: Series,
    total: SlotId,
    leaves: &[SlotId],
    basis: PeopleBasis<'_>,
    table: &mut PinTable,
) {
    take_given_affected(series, total, leaves, basis, table);
    keep_given_parts(Decided::Affected, cell, series, total, leaves, basis, table);
}

/// Figures given for some parts by sex and age only are kept for these parts. A part that is missing is not nobody, so
/// the total follows only where another way gives the parts that are missing (method, section 15.22).
fn keep_given_parts(
    what: Decided,
    cell: CellId,
    series: Series,
    total: SlotId,
    leaves: &[SlotId],
    basis: PeopleBasis<'_>,
    table: &mut PinTable,
) {
    let parts = given_parts(what, series, total, leaves, basis.evidence);
    if parts.is_empty() || (parts.len() == leaves.len() && basis.population.is_split(total)) {
        return;
    }
    for (slot, people) in parts {
        table.set_people(what, slot, series, Some(people));
        if what == Decided::InNeed {
            table.set_method(slot, series, Method::Given);
        }
    }
    let sum = People::sum_if_all_known(leaves.iter().map(|&slot| table.people(what, slot, series)));
    if let Some(sum) = sum.filter(|_| basis.population.is_split(total)) {
        table.set_people(what, total, series, Some(sum));
    }
    table.in_part.insert((cell, series, what));
}

/// The figures given for the parts of a cell whose total is not given.
pub fn given_parts(what: Decided, series: Series, total: SlotId, leaves: &[SlotId], evidence: &EvidenceTable) -> Vec<(SlotId, People)> {
    let given = |slot| evidence.given_people(what, slot, series);
    if given(total).is_some() {
        return Vec::new();
    }
    leaves.iter().filter_map(|&slot| Some((slot, given(slot)?))).collect()
}

/// Affected people as given. Without a total, the leaves add up to it if all are there; a total without its leaves says
/// nothing of them.
fn take_given_affected(series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) {
    let given = |slot| basis.evidence.given_affected(slot, series);
    let of_leaves: Vec<Option<People>> = leaves.iter().map(|&slot| given(slot)).collect();
    let sum = People::sum_if_all_known(of_leaves.iter().copied()).filter(|_| basis.population.is_split(total));
    let Some(people) = given(total).or(sum) else { return };
    table.set_affected(total, series, Some(people));
    for (&slot, people) in leaves.iter().zip(of_leaves) {
        table.set_affected(slot, series, people);
    }
}

/// The shares of a cell, its own or the whole area's, and of what kind they are.
pub(super) fn shares_of(cell: CellId, scope: Scope, basis: PeopleBasis<'_>) -> Option<(Evidence, &PhaseShares)> {
    basis.evidence.shares_speaking(cell, scope, basis.cells, &basis.rules.severity)
}

/// 6.1: population x shares.
pub(super) fn take_shares(
    cell: CellId,
    series: Series,
    total: SlotId,
    leaves: &[SlotId],
    basis: PeopleBasis<'_>,
    table: &mut PinTable,
) -> bool {
    let Some((kind, shares)) = shares_of(cell, series.scope(), basis) else { return false };
    let method = if kind == Evidence::Households { Method::Households } else { Method::Shares };
    let rules = &basis.rules.people;
    let part = |people: People, from: Phase| people.0.times_ratio(shares.in_or_worse(from), shares.total()).map(People);
    spread(series, total, leaves, basis, table, method, |_, people| {
        (part(people, rules.from_phase), part(people, rules.affected_from_phase))
    });
    true
}

/// What else decides on the coefficients of a cell.
#[derive(Copy, Clone)]
pub(super) struct Asking<'a> {
    /// The tiers of its area.
    pub tiers: &'a [&'a str],
    /// Figures that are given go before the coefficients.
    pub given: bool,
}

/// 6.2: base x coefficient of the phase.
pub(super) fn take_coefficients(
    cell: CellId,
    series: Series,
    total: SlotId,
    leaves: &[SlotId],
    asking: Asking<'_>,
    basis: PeopleBasis<'_>,
    table: &mut PinTable,
) -> bool {
    let Asking { tiers, given } = asking;
    if !basis.rules.coefficients.speaks_for(series) {
        return false;
    }
    let Some(phase) = basis.severity.phase(cell, series.scope()) else { return false };
    let from_phase = basis.rules.people.from_phase;
    let group = basis.cells.group_code(basis.cells.key(cell).group);
    let row_of = |slot: SlotId| -> Option<&Coefficient> {
        let (_, leaf) = basis.population.slots.get(slot);
        let leaf = leaf.map(|leaf| &basis.population.slots.leaves[leaf]);
        let (sex, age) = leaf.map_or(("", ""), |leaf| (leaf.sex.as_str(), leaf.age.as_str()));
        basis.rules.coefficients.find(&Asked { series, phase, group, sex, age, tiers }, from_phase)
    };
    // The slots that are estimated: the leaves where all of them have people, else the total.
    let by_leaf = !leaves.is_empty() && basis.population.is_split(total) && leaves.iter().all(|&slot| basis.population.at(slot).is_some());
    let asked: Vec<SlotId> = if by_leaf { leaves.to_vec() } else { vec![total] };
    // A part whose people are given needs no coefficient, nor does one without people (method, section 15.22).
    let is_given = |slot: SlotId| given && basis.evidence.given_in_need(slot, series).is_some();
    let is_nobody = |slot: SlotId| by_leaf && basis.population.at(slot) == Some(People::ZERO);
    let lacks = |slot: &&SlotId| row_of(**slot).is_none() && !is_given(**slot) && !is_nobody(**slot);
    if let Some(&slot) = asked.iter().find(lacks).filter(|_| phase >= from_phase) {
        table.no_coefficient.insert((cell, series), slot);
        return false;
    }
    spread(series, total, leaves, basis, table, Method::Coefficients, |slot, people| match row_of(slot) {
        Some(row) => (Some(people.times(row.in_need)), row.affected.map(|share| people.times(share))),
        // Below the phase of need the coefficient is 0 unless a row says otherwise.
        None if phase < from_phase => (Some(People::ZERO), None),
        None if is_nobody(slot) => (Some(People::ZERO), Some(People::ZERO)),
        None => (None, None),
    });
    true
}

/// 6.3: a share of another figure.
pub(super) fn take_derived(series: Series, of: Series, share: Share, total: SlotId, leaves: &[SlotId], table: &mut PinTable) -> bool {
    let Some(base) = table.in_need(total, of) else { return false };
    table.set_in_need(total, series, Some(base.times(share)));
    table.set_affected(total, series, table.affected(total, of).map(|people| people.times(share)));
    table.set_method(total, series, Method::Derived);
    for &slot in leaves {
        let people = table.in_need(slot, of).map(|people| people.times(share));
        table.set_in_need(slot, series, people);
        table.set_affected(slot, series, table.affected(slot, of).map(|people| people.times(share)));
        table.set_method(slot, series, if people.is_some() { Method::Derived } else { Method::None });
    }
    true
}

/// Estimates each leaf and adds them up; without leaves, the total itself.
fn spread(
    series: Series,
    total: SlotId,
    leaves: &[SlotId],
    basis: PeopleBasis<'_>,
    table: &mut PinTable,
    method: Method,
    of: impl Fn(SlotId, People) -> (Option<People>, Option<People>),
) {
    let leaves = if basis.population.is_split(total) { leaves } else { &[] };
    let known: Option<Vec<People>> = leaves.iter().map(|&slot| basis.population.at(slot)).collect();
    let parts: Vec<(SlotId, People)> = known.map(|people| leaves.iter().copied().zip(people).collect()).unwrap_or_default();
    let (mut in_need, mut affected) = (Some(People::ZERO), Some(People::ZERO));
    for &(slot, people) in &parts {
        let (need, touched) = of(slot, people);
        table.set_in_need(slot, series, need);
        table.set_affected(slot, series, touched);
        table.set_method(slot, series, method);
        in_need = in_need.zip(need).map(|(sum, part)| sum + part);
        affected = affected.zip(touched).map(|(sum, part)| sum + part);
    }
    if parts.is_empty() {
        (in_need, affected) = basis.population.at(total).map_or((None, None), |people| of(total, people));
    }
    table.set_in_need(total, series, in_need);
    table.set_affected(total, series, affected);
    table.set_method(total, series, method);
}

/// 6.5: where the overall phase is below the gate, what we estimate is 0; given figures are kept as given.
pub(super) fn gate(cell: CellId, series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) {
    let Some(least) = basis.rules.people.need_from_area_phase else { return };
    let below = basis.severity.phase(cell, Scope::Overall).is_some_and(|phase: Phase| phase < least);
    if !below || matches!(table.method(total, series), Method::Given | Method::None) {
        return;
    }
    for &slot in std::iter::once(&total).chain(leaves) {
        if let Some(people) = table.in_need(slot, series) {
            table.set_in_need(slot, series, Some(People::ZERO));
            if people > People::ZERO {
                table.gated.insert(cell);
            }
        }
    }
}
