//! *Estimate*: phases and shares become people affected and in need, per AoR, as real numbers (method, section 6).
//! Five ways, tried in the framework's order; the one used and those passed over are kept.

use std::collections::BTreeMap;

use super::decide::{Decided, Decisions};
use super::evidence::EvidenceTable;
use super::mosaic::{self, MosaicLevel};
use super::population::PopulationTable;
use super::severity::SeverityTable;
use super::units::CellTable;
use crate::domain::id::Id;
use crate::domain::people::PeopleColumn;
use crate::domain::{Aor, AreaId, AreaTree, CellId, People, Phase, PhaseShares, Scope, Series, SlotId};
use crate::framework::coefficients::{Asked, Coefficient};
use crate::framework::rules::{AcrossAors, PeopleRule};
use crate::framework::{Context, Framework};
use crate::table::Grid;

/// How a figure came about.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Default)]
pub enum Method {
    /// It did not.
    #[default]
    None,
    /// Computed elsewhere.
    Given,
    /// Population x shares.
    Shares,
    /// Base x coefficient.
    Coefficients,
    /// A share of another figure.
    Derived,
    /// The highest of the AoRs.
    Highest,
    /// Overall, estimated on its own.
    Independent,
}

impl Method {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Given => "given",
            Self::Shares => "shares",
            Self::Coefficients => "coefficients",
            Self::Derived => "derived",
            Self::Highest => "highest",
            Self::Independent => "independent",
        }
    }
}

/// People affected and in need, per slot and series.
#[derive(Clone, Debug)]
pub struct PinTable {
    in_need: [PeopleColumn; 6],
    affected: [PeopleColumn; 6],
    /// How each figure came about, slots x series.
    pub methods: Grid<Method>,
    /// At which level the highest was taken, by cell.
    pub levels: Vec<Option<MosaicLevel>>,
    /// Ways that had a figure and were passed over: cell, series.
    pub passed_over: BTreeMap<(CellId, Series), Vec<&'static str>>,
    /// Cells in a phase of need for which no coefficient speaks.
    pub no_coefficient: Vec<(CellId, Series)>,
    /// Cells whose leaves could not carry the highest.
    pub fell_back: Vec<CellId>,
    /// Figures changed by a decision, and what they were: slot, series, affected?
    pub before: BTreeMap<(CellId, Series, Decided), Option<People>>,
    /// Cells in which the area gate made in need 0.
    pub gated: Vec<CellId>,
}

impl PinTable {
    /// A table without figures.
    pub fn new(slots: usize, cells: usize) -> Self {
        Self {
            in_need: Series::ALL.map(|_| PeopleColumn::missing(slots)),
            affected: Series::ALL.map(|_| PeopleColumn::missing(slots)),
            methods: Grid::filled(slots, Series::ALL.len(), Method::None),
            levels: vec![None; cells],
            passed_over: BTreeMap::new(),
            no_coefficient: Vec::new(),
            fell_back: Vec::new(),
            before: BTreeMap::new(),
            gated: Vec::new(),
        }
    }

    /// People in need of a slot.
    pub fn in_need(&self, slot: SlotId, series: Series) -> Option<People> {
        self.in_need.get(series.index()).and_then(|column| column.get(slot.index()))
    }

    /// People affected of a slot.
    pub fn affected(&self, slot: SlotId, series: Series) -> Option<People> {
        self.affected.get(series.index()).and_then(|column| column.get(slot.index()))
    }

    /// Sets people in need of a slot.
    pub fn set_in_need(&mut self, slot: SlotId, series: Series, people: Option<People>) {
        if let Some(column) = self.in_need.get_mut(series.index()) {
            column.set(slot.index(), people);
        }
    }

    /// Sets people affected of a slot.
    pub fn set_affected(&mut self, slot: SlotId, series: Series, people: Option<People>) {
        if let Some(column) = self.affected.get_mut(series.index()) {
            column.set(slot.index(), people);
        }
    }

    /// How the figure of a slot came about.
    pub fn method(&self, slot: SlotId, series: Series) -> Method {
        self.methods.get(slot.index(), series.index()).unwrap_or_default()
    }

    /// Notes how the figure of a slot came about.
    pub fn set_method(&mut self, slot: SlotId, series: Series, method: Method) {
        self.methods.set(slot.index(), series.index(), method);
    }
}

/// The tables on which people rest.
#[derive(Copy, Clone)]
pub struct PeopleBasis<'a> {
    /// Which cells there are.
    pub cells: &'a CellTable,
    /// The areas.
    pub areas: &'a AreaTree,
    /// Who lives where.
    pub population: &'a PopulationTable,
    /// Figures and shares.
    pub evidence: &'a EvidenceTable,
    /// Phases.
    pub severity: &'a SeverityTable,
    /// The rules.
    pub rules: &'a Framework,
    /// AoRs in play, tiers.
    pub context: &'a Context,
}

/// Estimates every AoR, takes overall across them, and derives what is derived from overall.
pub fn estimate(basis: PeopleBasis<'_>, decisions: &Decisions) -> PinTable {
    let mut table = PinTable::new(basis.population.slots.len(), basis.cells.len());
    let rules = &basis.rules.people;
    let in_play: Vec<Series> = basis.context.aors.iter().map(|&aor: &Aor| Series::Aor(aor)).collect();
    let tiers = tiers_of_areas(basis);
    let derives = |series: Series| rules.ways_of(series).iter().any(|way| matches!(way, PeopleRule::Derived { .. }));
    let (last, first): (Vec<Series>, Vec<Series>) = in_play.iter().copied().partition(|&series| derives(series));
    let (from_overall, from_aor): (Vec<Series>, Vec<Series>) = last.into_iter().partition(|&series| rules.derives_from_overall(series));
    let (from_overall, from_aor) = (rules.bases_first(&from_overall), rules.bases_first(&from_aor));

    for &series in first.iter().chain(&from_aor) {
        estimate_series(series, &tiers, basis, &mut table);
        decide_people(series, basis, decisions, &mut table);
    }
    match rules.across {
        AcrossAors::Independent => {
            estimate_series(Series::Overall, &tiers, basis, &mut table);
            mosaic::mark_independent(basis, &mut table);
        }
        AcrossAors::Highest(cell) => {
            let entering: Vec<Series> = in_play.iter().copied().filter(|series| !from_overall.contains(series)).collect();
            mosaic::highest(cell, &entering, basis, &mut table);
        }
    }
    take_affected_population(basis, &mut table);
    decide_people(Series::Overall, basis, decisions, &mut table);
    for &series in &from_overall {
        estimate_series(series, &tiers, basis, &mut table);
        decide_people(series, basis, decisions, &mut table);
    }
    table
}

/// The tiers to which areas belong.
type Tiers<'a> = BTreeMap<AreaId, Vec<&'a str>>;

fn estimate_series(series: Series, tiers: &Tiers<'_>, basis: PeopleBasis<'_>, table: &mut PinTable) {
    for cell in basis.cells.ids().filter(|&cell| basis.population.is_counted(cell)) {
        let area_tiers = tiers.get(&basis.cells.key(cell).area).map_or(&[][..], Vec::as_slice);
        estimate_cell(cell, series, area_tiers, basis, table);
    }
}

fn estimate_cell(cell: CellId, series: Series, tiers: &[&str], basis: PeopleBasis<'_>, table: &mut PinTable) {
    let total = basis.population.slots.total(cell);
    let leaves: Vec<SlotId> = basis.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
    let mut used = false;
    // Affected people computed elsewhere stand where they are the first way, even where the people in need come from another.
    let mut affected_given = false;
    for way in basis.rules.people.ways_of(series) {
        if used {
            // Only whether this way has a figure of its own is asked; nothing is computed twice.
            if has_figure(*way, cell, series, basis) {
                table.passed_over.entry((cell, series)).or_default().push(way.word());
            }
            continue;
        }
        used = match way {
            PeopleRule::Given => {
                affected_given = true;
                take_given(series, total, &leaves, basis, table)
            }
            PeopleRule::Shares => take_shares(cell, series, total, &leaves, basis, table),
            PeopleRule::Coefficients => take_coefficients(cell, series, total, &leaves, tiers, basis, table),
            PeopleRule::Derived { of, share } => take_derived(series, *of, *share, total, &leaves, table),
        };
    }
    if affected_given {
        take_given_affected(series, total, &leaves, basis, table);
    }
    gate(cell, series, total, &leaves, basis, table);
}

fn has_figure(way: PeopleRule, cell: CellId, series: Series, basis: PeopleBasis<'_>) -> bool {
    match way {
        PeopleRule::Given => basis.evidence.given_in_need(basis.population.slots.total(cell), series).is_some(),
        PeopleRule::Shares => shares_of(cell, series.scope(), basis).is_some(),
        // A coefficient or a derivation is no evidence of its own, so nothing is lost by passing it over.
        PeopleRule::Coefficients | PeopleRule::Derived { .. } => false,
    }
}

/// 6.4: figures computed elsewhere, as they are. Without a total, the leaves add up to it if all are there.
pub(super) fn take_given(series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) -> bool {
    let given = |slot| basis.evidence.given_in_need(slot, series);
    let of_leaves: Vec<Option<People>> = leaves.iter().map(|&slot| given(slot)).collect();
    let sum = People::sum_if_all_known(of_leaves.iter().copied());
    let Some(people) = given(total).or(sum) else { return false };
    table.set_in_need(total, series, Some(people));
    table.set_method(total, series, Method::Given);
    for (&slot, people) in leaves.iter().zip(of_leaves) {
        table.set_in_need(slot, series, people);
        table.set_method(slot, series, if people.is_some() { Method::Given } else { Method::None });
    }
    true
}

/// Affected people as given. Without a total, the leaves add up to it if all are there; a total without its leaves says
/// nothing of them.
pub(super) fn take_given_affected(series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) {
    let given = |slot| basis.evidence.given_affected(slot, series);
    let of_leaves: Vec<Option<People>> = leaves.iter().map(|&slot| given(slot)).collect();
    let sum = People::sum_if_all_known(of_leaves.iter().copied());
    let Some(people) = given(total).or(sum) else { return };
    table.set_affected(total, series, Some(people));
    for (&slot, people) in leaves.iter().zip(of_leaves) {
        table.set_affected(slot, series, people);
    }
}

/// People affected as sheet `population` counts them stand for protection as a whole (method, section 15.17).
fn take_affected_population(basis: PeopleBasis<'_>, table: &mut PinTable) {
    for slot in basis.population.slots.ids() {
        let (cell, _) = basis.population.slots.get(slot);
        if let Some(affected) = basis.population.affected.get(slot.index()).filter(|_| basis.population.is_counted(cell)) {
            table.set_affected(slot, Series::Overall, Some(affected));
        }
    }
}

/// The shares of a cell, its own or the whole area's.
fn shares_of(cell: CellId, scope: Scope, basis: PeopleBasis<'_>) -> Option<&PhaseShares> {
    let shares = |cell| basis.evidence.shares(cell, scope);
    shares(cell).or_else(|| basis.cells.around(cell).and_then(shares))
}

/// 6.1: population x shares.
fn take_shares(cell: CellId, series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) -> bool {
    let Some(shares) = shares_of(cell, series.scope(), basis) else { return false };
    let rules = &basis.rules.people;
    let part = |people: People, from: Phase| people.0.times_ratio(shares.in_or_worse(from), shares.total()).map(People);
    spread(series, total, leaves, basis, table, Method::Shares, |_, people| {
        (part(people, rules.from_phase), part(people, rules.affected_from_phase))
    });
    true
}

/// 6.2: base x coefficient of the phase.
fn take_coefficients(
    cell: CellId,
    series: Series,
    total: SlotId,
    leaves: &[SlotId],
    tiers: &[&str],
    basis: PeopleBasis<'_>,
    table: &mut PinTable,
) -> bool {
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
    let by_leaf = !leaves.is_empty() && leaves.iter().all(|&slot| basis.population.at(slot).is_some());
    let asked: Vec<SlotId> = if by_leaf { leaves.to_vec() } else { vec![total] };
    if phase >= from_phase && asked.iter().any(|&slot| row_of(slot).is_none()) {
        table.no_coefficient.push((cell, series));
        return false;
    }
    spread(series, total, leaves, basis, table, Method::Coefficients, |slot, people| match row_of(slot) {
        Some(row) => (Some(people.times(row.in_need)), row.affected.map(|share| people.times(share))),
        // Below the phase of need the coefficient is 0 unless a row says otherwise.
        None => (Some(People::ZERO), None),
    });
    true
}

/// 6.3: a share of another figure.
fn take_derived(series: Series, of: Series, share: crate::domain::Share, total: SlotId, leaves: &[SlotId], table: &mut PinTable) -> bool {
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
fn gate(cell: CellId, series: Series, total: SlotId, leaves: &[SlotId], basis: PeopleBasis<'_>, table: &mut PinTable) {
    let Some(least) = basis.rules.people.need_from_area_phase else { return };
    let below = basis.severity.phase(cell, Scope::Overall).is_some_and(|phase: Phase| phase < least);
    if !below || matches!(table.method(total, series), Method::Given | Method::None) {
        return;
    }
    for &slot in std::iter::once(&total).chain(leaves) {
        if table.in_need(slot, series).is_some() {
            table.set_in_need(slot, series, Some(People::ZERO));
        }
    }
    if table.gated.last() != Some(&cell) {
        table.gated.push(cell);
    }
}

/// Decisions on the figures of one series, before the next step uses them.
fn decide_people(series: Series, basis: PeopleBasis<'_>, decisions: &Decisions, table: &mut PinTable) {
    for what in [Decided::InNeed, Decided::Affected] {
        for (cell, people) in decisions.on_people(series, what) {
            let total = basis.population.slots.total(cell);
            let before = if what == Decided::InNeed { table.in_need(total, series) } else { table.affected(total, series) };
            table.before.insert((cell, series, what), before);
            let leaves: Vec<SlotId> = basis.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
            // The decision speaks of the total; its split by sex and age is not known any more.
            for slot in leaves {
                if what == Decided::InNeed { table.set_in_need(slot, series, None) } else { table.set_affected(slot, series, None) }
            }
            if what == Decided::InNeed {
                table.set_in_need(total, series, Some(people));
            } else {
                table.set_affected(total, series, Some(people));
            }
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
