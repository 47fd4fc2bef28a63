//! How far people in need may lie from the figure where it rests on households: the ends of the share's interval times the
//! people, and for sums over several units the interval of their common share (method, sections 10 and 14.6).

use std::collections::{BTreeMap, BTreeSet};

use super::cells::CellTable;
use super::evidence::{EvidenceTable, HouseholdEvidence};
use super::people::{Method, PinTable};
use super::population::PopulationTable;
use super::rollup::{RollKey, RolledTable};
use super::survey::estimates::{Domain, Estimate, ShareEstimate, SumsOfPeople, SurveyEstimates};
use super::survey::interval::{Interval, Precision, interval};
use super::survey::phases::HouseholdPhases;
use crate::domain::{AreaId, AreaTree, CellId, Decimal, GroupId, People, Phase, Scope, Series, SlotId};
use crate::framework::Framework;
use crate::table::stats::t_quantile;

/// From how many people to how many.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PeopleRange {
    /// The lower end.
    pub low: People,
    /// The upper end.
    pub high: People,
}

/// The ranges of sums.
#[derive(Clone, Debug, Default)]
pub struct RangeTable {
    rolled: BTreeMap<(AreaId, Option<GroupId>, Series), PeopleRange>,
}

impl RangeTable {
    /// The range of the sum over an area, or over one group in it.
    pub fn of_sum(&self, area: AreaId, group: Option<GroupId>, series: Series) -> Option<PeopleRange> {
        self.rolled.get(&(area, group, series)).copied()
    }
}

/// What a range is made of.
#[derive(Copy, Clone)]
pub struct RangeBasis<'a> {
    /// The units.
    pub cells: &'a CellTable,
    /// The areas.
    pub areas: &'a AreaTree,
    /// Who lives where.
    pub population: &'a PopulationTable,
    /// Evidence.
    pub evidence: &'a EvidenceTable,
    /// The rules.
    pub rules: &'a Framework,
    /// People in need.
    pub in_need: &'a PinTable,
    /// Phases of households.
    pub households: &'a HouseholdPhases,
    /// What households say.
    pub estimates: &'a SurveyEstimates,
}

impl<'a> RangeBasis<'a> {
    /// The estimate on which the people in need of a unit rest, if households are what they rest on.
    pub fn estimate(&self, cell: CellId, slot: SlotId, series: Series) -> Option<(&'a HouseholdEvidence, &'a Estimate)> {
        if self.in_need.method(slot, series) != Method::Households || self.in_need.gated.contains(&cell) {
            return None;
        }
        self.speaking(cell, series.scope())
    }

    /// What households say of a unit in a scope.
    pub fn speaking(&self, cell: CellId, scope: Scope) -> Option<(&'a HouseholdEvidence, &'a Estimate)> {
        let said = self.evidence.household(cell, scope, self.cells)?;
        Some((said, self.estimates.get(said.domain, scope)?))
    }

    /// The range of a unit, or of a part of it by sex and age.
    pub fn of_unit(&self, cell: CellId, slot: SlotId, series: Series) -> Option<PeopleRange> {
        let (_, estimate) = self.estimate(cell, slot, series)?;
        let Interval { low, high } = estimate.from(self.need_from())?.interval?;
        let people = self.population.at(slot)?.to_f64();
        range(0.0, people, low, high)
    }

    fn need_from(&self) -> Phase {
        self.rules.people.from_phase
    }
}

fn range(beside: f64, people: f64, low: f64, high: f64) -> Option<PeopleRange> {
    // What is left of a difference of sums may be a hair below nobody.
    let end = |share: f64| Decimal::from_f64(people.mul_add(share, beside).max(0.0)).map(People);
    Some(PeopleRange { low: end(low)?, high: end(high)? })
}

/// People of the units in a row of sums that rest on households.
#[derive(Default)]
struct Asked {
    /// By the households on which they rest: those of several units are fully correlated.
    people: BTreeMap<Domain, f64>,
    in_need: f64,
}

/// The ranges of all sums of which some part rests on households.
pub fn ranges(on: RangeBasis<'_>, rolled: &RolledTable) -> RangeTable {
    let mut table = RangeTable::default();
    if on.evidence.households.is_empty() {
        return table;
    }
    for series in Series::ALL {
        let mut asked: BTreeMap<(AreaId, Option<GroupId>), Asked> = BTreeMap::new();
        for cell in on.cells.ids().filter(|&cell| on.population.is_counted(cell)) {
            let total = on.population.slots.total(cell);
            let Some((said, _)) = on.estimate(cell, total, series) else { continue };
            let (Some(people), Some(in_need)) = (on.population.at(total), on.in_need.in_need(total, series)) else { continue };
            let key = on.cells.key(cell);
            for area in on.areas.path(key.area) {
                for group in BTreeSet::from([None, key.group]) {
                    let asked = asked.entry((area, group)).or_default();
                    *asked.people.entry(said.domain).or_default() += people.to_f64();
                    asked.in_need += in_need.to_f64();
                }
            }
        }
        let Some(phases) = on.households.of(series.scope()) else { continue };
        let sums = SumsOfPeople::new(on.estimates, phases, on.rules.survey.lonely_psu);
        for ((area, group), asked) in asked {
            let row = rolled.find(RollKey { area, group, leaf: None });
            let sum = row.and_then(|row| rolled.get(row, series).in_need);
            if let Some(found) = sum.and_then(|sum| range_of_sum(on, series, &asked, &sums, sum)) {
                table.rolled.insert((area, group, series), found);
            }
        }
    }
    table
}

/// The standard error that the design does not show: of a share of 0 or 1 the one for which its bound stands.
fn unseen_error(estimate: &Estimate, share: &ShareEstimate, rules: &Framework) -> Option<f64> {
    if share.share > 0.0 && share.share < 1.0 {
        return Some(0.0);
    }
    let Interval { low, high } = share.interval?;
    #[expect(clippy::cast_precision_loss, reason = "degrees of freedom")]
    let far = t_quantile(rules.survey.confidence.0.to_f64(), estimate.degrees() as f64)?;
    Some((high - low) / far)
}

/// The interval of the share that all units have together; what rests on other evidence stands beside it as it is. Where a unit
/// leaves no degree of freedom, nothing can be said.
fn range_of_sum(on: RangeBasis<'_>, series: Series, asked: &Asked, sums: &SumsOfPeople<'_>, sum: People) -> Option<PeopleRange> {
    let people: f64 = asked.people.values().sum();
    if people <= 0.0 {
        return None;
    }
    let (error, degrees) = sums.error(&asked.people, on.need_from());
    let (mut variance, mut effective, mut known) = (error.powi(2), 0.0, 0);
    for (domain, of_domain) in &asked.people {
        let estimate = on.estimates.get(*domain, series.scope())?;
        let share = estimate.from(on.need_from())?;
        if estimate.degrees() == 0 {
            return None;
        }
        variance += (of_domain * unseen_error(estimate, share, on.rules)?).powi(2);
        effective += estimate.effective;
        known += estimate.known;
    }
    let rules = &on.rules.survey;
    let precision = Precision { confidence: rules.confidence.0.to_f64(), kind: rules.interval };
    let share = (asked.in_need / people).clamp(0.0, 1.0);
    let Interval { low, high } = interval(share, variance.sqrt() / people, effective, known, degrees, precision)?;
    range(sum.to_f64() - asked.in_need, people, low, high)
}
