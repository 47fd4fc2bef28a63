//! What recorded decisions changed, and what rests on something that they changed (method, section 11): no output shows
//! either without its mark. Whether a decision moved a figure that rests on it is not asked, only whether it could.

use std::collections::{BTreeMap, BTreeSet};

use super::analysis::Analysis;
use super::decide::Decided;
use super::people::Method;
use crate::domain::id::Id;
use crate::domain::{AreaId, CellId, Evidence, GroupId, IndicatorId, LeafId, RiskId, Scope, Series};
use crate::framework::rules::{AcrossAors, PeopleRule};

/// What decisions have to do with a phase or a figure.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Touch {
    /// Nothing.
    #[default]
    None,
    /// It rests on something that a decision changed.
    Rests,
    /// A decision changed it.
    Changed,
}

impl Touch {
    /// Changed or not.
    pub const fn changed(is: bool) -> Self {
        if is { Self::Changed } else { Self::None }
    }

    /// Rests on something changed or not.
    const fn rests(is: bool) -> Self {
        if is { Self::Rests } else { Self::None }
    }

    /// The mark in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Rests => "rests-on-override",
            Self::Changed => "override",
        }
    }
}

/// What decisions changed and what rests on it. Only what is touched stands here.
#[derive(Clone, Debug, Default)]
pub struct Touched {
    phases: BTreeMap<(CellId, Scope), Touch>,
    /// Phase and people of a series.
    series: BTreeMap<(CellId, Series), Touch>,
    /// Scopes whose phase is touched in a unit.
    anywhere: BTreeSet<Scope>,
    /// Phases of areas and groups in them in a unit of which the phase is touched.
    above: BTreeSet<(AreaId, Option<GroupId>, Scope)>,
    /// Sums over units that are touched.
    sums: BTreeSet<(AreaId, Option<GroupId>, Option<LeafId>, Series)>,
    /// Units across sectors whose severity or people a decision changed.
    across: BTreeSet<CellId>,
    /// Units across sectors whose severity a decision changed, or that of the area around in which they stand.
    severity_across: BTreeSet<CellId>,
    /// Sums across sectors over such units.
    across_sums: BTreeSet<(AreaId, Option<GroupId>)>,
}

impl Touched {
    /// The phase of a unit in a scope.
    pub fn phase(&self, cell: CellId, scope: Scope) -> Touch {
        match scope {
            Scope::Intersectoral => Touch::changed(self.severity_across.contains(&cell)),
            scope => self.phases.get(&(cell, scope)).copied().unwrap_or_default(),
        }
    }

    /// What counts the units by their phase in a scope.
    pub fn phases_anywhere(&self, scope: Scope) -> Touch {
        Touch::rests(self.anywhere.contains(&scope))
    }

    /// The phase of an area, or of a group in it, that is made of the people of its units by phase.
    pub fn phase_above(&self, area: AreaId, group: Option<GroupId>, scope: Scope) -> Touch {
        Touch::rests(self.above.contains(&(area, group, scope)))
    }

    /// Phase and people of a unit.
    pub fn series(&self, cell: CellId, series: Series) -> Touch {
        self.series.get(&(cell, series)).copied().unwrap_or_default()
    }

    /// A sum over the units of an area.
    pub fn sum(&self, area: AreaId, group: Option<GroupId>, leaf: Option<LeafId>, series: Series) -> Touch {
        Touch::rests(self.sums.contains(&(area, group, leaf, series)))
    }

    /// Severity and people of a unit across sectors.
    pub fn across(&self, cell: CellId) -> Touch {
        Touch::changed(self.across.contains(&cell))
    }

    /// A sum across sectors.
    pub fn across_sum(&self, area: AreaId, group: Option<GroupId>) -> Touch {
        Touch::rests(self.across_sums.contains(&(area, group)))
    }
}

/// What decisions have to do with the people in need of all AoRs in the country, which the levels of the mosaic compare.
pub fn of_aors(analysis: &Analysis) -> Touch {
    let country = analysis.areas.country();
    let sum = |&aor| analysis.touched.sum(country, None, None, Series::Aor(aor));
    analysis.aors.iter().map(sum).max().unwrap_or_default()
}

/// Looks at every unit in whose area something was decided.
pub fn touched(analysis: &Analysis) -> Touched {
    let mut touched = Touched::default();
    let decided: BTreeSet<AreaId> = analysis.decisions.list.iter().map(|decision| analysis.cells.key(decision.cell).area).collect();
    for cell in decided.into_iter().flat_map(|area| analysis.cells.of_area(area)) {
        let mut look = Look { analysis, cell, touched: &mut touched };
        look.phases();
        look.people();
    }
    across(analysis, &mut touched);
    let of_units = touched.phases.keys().filter(|(cell, _)| analysis.population.is_counted(*cell));
    for &(cell, scope) in of_units.collect::<Vec<_>>() {
        touched.anywhere.insert(scope);
        let key = analysis.cells.key(cell);
        for area in analysis.areas.path(key.area) {
            touched.above.insert((area, None, scope));
            touched.above.extend(key.group.map(|group| (area, Some(group), scope)));
        }
    }
    let units = touched.series.keys().filter(|(cell, _)| analysis.population.is_counted(*cell));
    for &(cell, series) in units {
        let key = analysis.cells.key(cell);
        let leaves: Vec<Option<LeafId>> = analysis.population.slots.leaves_of(cell).map(|(leaf, _)| Some(leaf)).chain([None]).collect();
        for area in analysis.areas.path(key.area) {
            for group in if key.group.is_some() { vec![None, key.group] } else { vec![None] } {
                touched.sums.extend(leaves.iter().map(|&leaf| (area, group, leaf, series)));
            }
        }
    }
    touched
}

/// One unit.
struct Look<'a> {
    analysis: &'a Analysis,
    cell: CellId,
    touched: &'a mut Touched,
}

impl Look<'_> {
    fn phases(&mut self) {
        let Self { analysis, cell, .. } = *self;
        let indicators: Vec<IndicatorId> = analysis.rules.indicators.ids().collect();
        let decided = |id: IndicatorId| analysis.scored.decided.get(cell.index(), id.index()) == Some(true);
        for &id in indicators.iter().filter(|&&id| decided(id)) {
            self.put(Scope::Indicator(id), Touch::Changed);
        }
        for (risk, _) in analysis.rules.risks.entries() {
            let judged = analysis.severity.get(cell, Scope::Risk(risk));
            let of_risk = |id: IndicatorId| {
                let indicator = &analysis.rules.indicators[id];
                indicator.is_of_areas() && indicator.risks.contains(&risk) && decided(id)
            };
            let rests = judged.evidence == Some(Evidence::Area) && indicators.iter().any(|&id| of_risk(id));
            self.put(Scope::Risk(risk), Touch::changed(judged.decided).max(Touch::rests(rests)));
        }
        for &aor in &analysis.aors {
            let risks: Vec<RiskId> =
                analysis.rules.risks.entries().filter(|(_, risk)| risk.aors.contains(&aor)).map(|(id, _)| id).collect();
            self.put_combined(Scope::Aor(aor), &risks.into_iter().map(Scope::Risk).collect::<Vec<_>>());
        }
        self.put_combined(Scope::Overall, &analysis.aors.iter().map(|&aor| Scope::Aor(aor)).collect::<Vec<_>>());
    }

    fn put_combined(&mut self, scope: Scope, below: &[Scope]) {
        let judged = self.analysis.severity.get(self.cell, scope);
        let rests = judged.combined && below.iter().any(|&part| self.touched.phase(self.cell, part) != Touch::None);
        self.put(scope, Touch::changed(judged.decided).max(Touch::rests(rests)));
    }

    fn put(&mut self, scope: Scope, touch: Touch) {
        if touch != Touch::None {
            self.touched.phases.insert((self.cell, scope), touch);
        }
    }

    fn people(&mut self) {
        for &series in &self.analysis.series {
            let touch = self.touched.phase(self.cell, series.scope()).max(self.of_people(series, 0));
            if touch != Touch::None {
                self.touched.series.insert((self.cell, series), touch);
            }
        }
    }

    /// The people of a series; `depth` ends a circle of derivations, which the rules do not have.
    fn of_people(&self, series: Series, depth: u8) -> Touch {
        let Self { analysis, cell, .. } = *self;
        let table = &analysis.in_need;
        let is_decided = [Decided::InNeed, Decided::Affected].into_iter().any(|what| table.before.contains_key(&(cell, series, what)));
        let method = table.method(analysis.population.slots.total(cell), series);
        let is_touched = |series: Series| depth < 8 && self.of_people(series, depth + 1) != Touch::None;
        let ways = analysis.rules.people.ways_of(series);
        let mut bases = ways.iter().filter_map(|way| if let PeopleRule::Derived { of, .. } = way { Some(*of) } else { None });
        let rests = match method {
            Method::None | Method::Given | Method::Households | Method::Shares | Method::Independent => false,
            Method::Coefficients => self.touched.phase(cell, series.scope()) != Touch::None,
            Method::Derived => bases.any(is_touched),
            Method::Highest => {
                let enters = |series: &Series| *series != Series::Overall && !table.after_overall.contains(&(cell, *series));
                analysis.series.iter().copied().filter(enters).any(is_touched)
            }
        };
        // What is estimated stands behind the area gate, which asks the overall phase (method, section 6.5).
        let gated = analysis.rules.people.need_from_area_phase.is_some()
            && !matches!(method, Method::None | Method::Given | Method::Highest)
            && self.touched.phase(cell, Scope::Overall) != Touch::None;
        let affected = series == Series::Overall && self.affected_rests(is_touched);
        Touch::changed(is_decided).max(Touch::rests(rests || gated || affected))
    }

    /// Whether overall affected is the highest of AoRs of which one is touched, where the AoRs make no people in need
    /// (method, section 15.17).
    fn affected_rests(&self, is_touched: impl Fn(Series) -> bool) -> bool {
        let Self { analysis, cell, .. } = *self;
        let (table, total) = (&analysis.in_need, analysis.population.slots.total(cell));
        let of_aors = matches!(analysis.rules.people.across, AcrossAors::Highest(_));
        let enters = |series: &Series| *series != Series::Overall && !table.after_overall.contains(&(cell, *series));
        let has_affected = |series: &Series| table.affected(total, *series).is_some();
        let mut aors = analysis.series.iter().copied().filter(enters).filter(has_affected);
        of_aors && analysis.population.affected.get(total.index()).is_none() && aors.any(is_touched)
    }
}

/// The step across sectors: decisions that are recorded, and those that stand in the sheets of sectors.
fn across(analysis: &Analysis, touched: &mut Touched) {
    let of_severity = |what: Decided| what == Decided::Phase;
    let recorded = analysis.decisions.list.iter().filter(|decision| decision.scope == Scope::Intersectoral);
    for decision in recorded.chain(&analysis.across.decisions) {
        touched.across.insert(decision.cell);
        if of_severity(decision.what) {
            touched.severity_across.insert(decision.cell);
        }
    }
    // Who has phases of their own does not stand in those around.
    let stands_alone = |cell: CellId| analysis.across.get(cell).is_some_and(|unit| unit.known > 0);
    let areas: BTreeSet<AreaId> = touched.severity_across.iter().map(|&cell| analysis.cells.key(cell).area).collect();
    // The cell around stands before the cells in it.
    for cell in areas.into_iter().flat_map(|area| analysis.cells.of_area(area)).filter(|&cell| !stands_alone(cell)) {
        let around =
            analysis.cells.speaking_for(cell).skip(1).find(|&whole| touched.severity_across.contains(&whole) || stands_alone(whole));
        if around.is_some_and(|whole| touched.severity_across.contains(&whole)) {
            touched.across.insert(cell);
            touched.severity_across.insert(cell);
        }
    }
    for &cell in &touched.across {
        let key = analysis.cells.key(cell);
        // Units of which few sectors are known are left out of sums.
        let is_unit = analysis.population.is_counted(cell) && !analysis.across.is_low(cell, &analysis.cells);
        let enters = is_unit || analysis.rolled_across.whole.contains(&cell);
        for area in analysis.areas.path(key.area).filter(|_| enters) {
            touched.across_sums.insert((area, None));
            touched.across_sums.extend(key.group.map(|group| (area, Some(group))));
        }
    }
}
