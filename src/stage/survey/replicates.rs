//! How likely each phase of an area is (method, section 10): the survey is drawn again and again out of itself, sampling units
//! within their strata, and the area's phase found each time (bootstrap after Rao and Wu); or each sampling unit is left out
//! once, which tells how far the shares may be off (JKn); or the households bring replicate weights along.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::SurveyTable;
use super::design::{Design, counts};
use super::estimates::Domain;
use super::sums::{Said, sums_by_slot};
use crate::domain::id::Id;
use crate::domain::{CellId, Decimal, Phase, PhaseShares};
use crate::framework::Framework;
use crate::framework::files::{LonelyPsuName, ResamplingName, WeightName};
use crate::framework::rules::{AreaPhaseRule, SurveyRules};
use crate::table::random::Draws;
use crate::table::stats::t_probability;

/// Says how likely phases are, in the way that the framework asks for.
pub(super) struct Likelihoods<'a> {
    design: &'a Design,
    rules: &'a SurveyRules,
    /// How shares become a phase.
    rule: AreaPhaseRule,
    /// From replicate weights, for each column of phases.
    given: Vec<BTreeMap<Domain, [f64; 5]>>,
}

impl<'a> Likelihoods<'a> {
    /// For these columns of phases of all households.
    pub(super) fn new(
        design: &'a Design,
        survey: &SurveyTable,
        rules: &'a Framework,
        columns: &[&Arc<Vec<u8>>],
        domains: &BTreeMap<Domain, BTreeSet<CellId>>,
    ) -> Self {
        let (rule, rules) = (rules.severity.area_phase, &rules.survey);
        let asks = rules.resampling == ResamplingName::Given && rules.replicates > 0;
        let given = if asks { given(survey, rules.weights, columns, domains, rule) } else { Vec::new() };
        Self { design, rules, rule, given }
    }

    /// Of a domain, by what its households say in a column of phases.
    pub(super) fn of(&self, domain: Domain, column: usize, said: &[Said], degrees: usize) -> Option<[f64; 5]> {
        match self.rules.resampling {
            _ if self.rules.replicates == 0 => None,
            // Of a single sampling unit nobody knows how far another one would lie from it.
            ResamplingName::Bootstrap | ResamplingName::Jackknife if degrees == 0 => None,
            ResamplingName::Bootstrap => drawn_again(self.design, said, (self.rules.replicates, self.rules.seed), self.rule),
            ResamplingName::Jackknife => by_leaving_out(self.design, said, degrees, self.rules.lonely_psu, self.rule),
            ResamplingName::Given => self.given.get(column)?.get(&domain).copied(),
        }
    }
}

/// Units of one stratum in a domain that count alike, by phase.
struct Alike {
    counts: [i128; 5],
    units: u64,
}

/// The units of one stratum in a domain.
struct Drawn {
    units: Vec<Alike>,
    /// How many units the stratum has in the whole design.
    of: u64,
    /// The part of the population's units of the stratum that were not drawn.
    left: f64,
}

/// The share of the draws (bootstrap) in which the domain stands in each phase; `None` where nothing is drawn.
/// Each domain draws by itself, so that no other one changes what it gets.
fn drawn_again(design: &Design, said: &[Said], (times, seed): (u32, u64), rule: AreaPhaseRule) -> Option<[f64; 5]> {
    let strata = strata(design, said)?;
    let mut draws = Draws::new(seed);
    let mut found = [0_u32; 5];
    for _ in 0..times {
        let mut sums = [0_i128; 5];
        for stratum in &strata {
            // A draw has a unit less than the stratum, and weights as much.
            let (above, below) = match (strata.len(), stratum.of) {
                (1, _) => (1, 1),
                (_, 0 | 1) => (FINE, 1),
                _ => (i128::from(stratum.of) * FINE, i128::from(stratum.of - 1)),
            };
            // A stratum of one unit is there in every draw.
            let (mut tries, mut left) = (if stratum.of < 2 { 1 } else { stratum.of - 1 }, stratum.of);
            for alike in &stratum.units {
                let times = draws.hits(tries, alike.units, left);
                (tries, left) = (tries - times, left.saturating_sub(alike.units));
                if times > 0 {
                    let times = i128::from(times);
                    sums.iter_mut().zip(alike.counts).for_each(|(sum, count)| *sum += count * times * above / below);
                }
            }
        }
        let phase = rule.phase_of(&PhaseShares::new(sums.map(Decimal::from_units)));
        if let Some(found) = phase.and_then(|phase: Phase| found.get_mut(phase.index())) {
            *found += 1;
        }
    }
    shares(found)
}

/// How often each phase was found, as a share of all times.
fn shares(found: [u32; 5]) -> Option<[f64; 5]> {
    let counted: u32 = found.iter().sum();
    (counted > 0).then(|| found.map(|found| f64::from(found) / f64::from(counted)))
}

/// Parts of a unit that are still told apart where strata weigh differently.
const FINE: i128 = 1 << 20;

/// The strata of a domain, in an order that shows neither that of the rows nor names.
fn strata(design: &Design, said: &[Said]) -> Option<Vec<Drawn>> {
    let mut strata: BTreeMap<usize, BTreeMap<[i128; 5], u64>> = BTreeMap::new();
    for of_psu in said {
        let stratum = *design.stratum_of.get(of_psu.psu)?;
        *strata.entry(stratum).or_default().entry(of_psu.counts).or_default() += 1;
    }
    let mut ordered: Vec<(u64, BTreeMap<[i128; 5], u64>, f64)> = Vec::new();
    for (stratum, units) in strata {
        let stratum = design.strata.get(stratum)?;
        ordered.push((stratum.drawn.into(), units, stratum.left()));
    }
    ordered.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)).then(a.2.total_cmp(&b.2)));
    let alike = |(counts, units)| Alike { counts, units };
    Some(ordered.into_iter().map(|(of, units, left)| Drawn { units: units.into_iter().map(alike).collect(), of, left }).collect())
}

/// How likely each phase is by the jackknife (JKn): each sampling unit is left out once and the others of its stratum weigh as
/// much more. How far the share in a phase or worse moves then is its standard error, about which Student's t says how likely
/// it passes the cut. `None` without degrees of freedom. Of a
/// stratum of one unit the framework says whether it is left out as a whole, or never.
#[expect(clippy::cast_precision_loss, reason = "a likelihood is a floating-point number")]
fn by_leaving_out(design: &Design, said: &[Said], degrees: usize, lonely: LonelyPsuName, rule: AreaPhaseRule) -> Option<[f64; 5]> {
    let strata = strata(design, said)?;
    let totals = strata.iter().flat_map(|stratum| &stratum.units).fold([0_i128; 5], |mut sums, alike| {
        sums.iter_mut().zip(alike.counts).for_each(|(sum, count)| *sum += count * i128::from(alike.units));
        sums
    });
    let phase = rule.phase_of(&PhaseShares::new(totals.map(Decimal::from_units)))?;
    let whole = in_or_worse(totals.map(|total| total as f64))?;
    let mut variances = [0.0_f64; 5];
    for Drawn { units, of, left } in &strata {
        let drawn = *of as f64;
        let there: u64 = units.iter().map(|alike| alike.units).sum();
        let of_stratum: [i128; 5] = std::array::from_fn(|at| {
            units.iter().map(|alike| alike.counts.get(at).copied().unwrap_or_default() * i128::from(alike.units)).sum()
        });
        // The others of the stratum make up for what is left out; where there are none, the other strata do, if at all.
        let (more, scale) = match (of, lonely) {
            (2.., _) => (drawn / (drawn - 1.0), left * (drawn - 1.0) / drawn),
            (_, LonelyPsuName::CentreAtGrandMean) => (1.0, (design.strata.len() as f64 - 1.0) / design.strata.len() as f64),
            _ => continue,
        };
        // Units of the stratum that are not in the domain are left out as well.
        let absent = Alike { counts: [0; 5], units: of.saturating_sub(there) };
        for alike in units.iter().chain([&absent]).filter(|alike| alike.units > 0) {
            let without = in_or_worse(std::array::from_fn(|at| {
                let all = |sums: &[i128; 5]| sums.get(at).copied().unwrap_or_default() as f64;
                all(&totals) - all(&of_stratum) + (all(&of_stratum) - all(&alike.counts)) * more
            }))?;
            for ((variance, without), whole) in variances.iter_mut().zip(without).zip(whole) {
                *variance += scale * alike.units as f64 * (without - whole) * (without - whole);
            }
        }
    }
    let cut = rule.cut.0.to_f64();
    // At or above phase 1 stands everybody.
    let mut at_least = [1.0_f64; 6];
    at_least[5] = 0.0;
    for at in 1..5 {
        let (share, variance) = (*whole.get(at)?, *variances.get(at)?);
        let sure = f64::from(u8::from(phase.index() >= at));
        let passes = if variance > 0.0 { t_probability((share - cut) / variance.sqrt(), degrees as f64)? } else { sure };
        let before = *at_least.get(at - 1)?;
        *at_least.get_mut(at)? = passes.min(before);
    }
    (degrees > 0).then(|| std::array::from_fn(|at| at_least.get(at).zip(at_least.get(at + 1)).map_or(0.0, |(this, next)| this - next)))
}

/// The share in each phase or worse.
fn in_or_worse(weights: [f64; 5]) -> Option<[f64; 5]> {
    let all: f64 = weights.iter().sum();
    let from = |at: usize| weights.iter().skip(at).sum::<f64>() / all;
    (all > 0.0).then(|| std::array::from_fn(from))
}

/// The share of the replicates that households bring along in which each domain stands in each phase, for each of some columns
/// of phases of all households.
fn given(
    survey: &SurveyTable,
    weights: WeightName,
    columns: &[&Arc<Vec<u8>>],
    domains: &BTreeMap<Domain, BTreeSet<CellId>>,
    rule: AreaPhaseRule,
) -> Vec<BTreeMap<Domain, [f64; 5]>> {
    let cell_of: Vec<u32> = survey.cells.iter().map(|cell| u32::try_from(cell.index()).unwrap_or(u32::MAX)).collect();
    let cells = survey.cells.iter().map(|cell| cell.index() + 1).max().unwrap_or_default();
    let mut found: Vec<BTreeMap<Domain, [u32; 5]>> = vec![BTreeMap::new(); columns.len()];
    for replicate in &survey.replicate_weights {
        let (counts, _) = counts(replicate, &survey.sizes, weights);
        for (phases, found) in columns.iter().zip(&mut found) {
            let said = sums_by_slot(cells, &cell_of, &counts, phases);
            let phase_of = |(domain, cells): (&Domain, &BTreeSet<CellId>)| {
                let mut sums = [0_i128; 5];
                for of_cell in cells.iter().filter_map(|cell| said.get(cell.index())) {
                    sums.iter_mut().zip(of_cell.counts).for_each(|(sum, count)| *sum += count);
                }
                Some((*domain, rule.phase_of(&PhaseShares::new(sums.map(Decimal::from_units)))?))
            };
            for (domain, phase) in domains.par_iter().filter_map(phase_of).collect::<Vec<_>>() {
                if let Some(times) = found.entry(domain).or_default().get_mut(phase.index()) {
                    *times += 1;
                }
            }
        }
    }
    let shares = |found: BTreeMap<Domain, [u32; 5]>| found.into_iter().filter_map(|(domain, found)| Some((domain, shares(found)?)));
    found.into_iter().map(|found| shares(found).collect()).collect()
}
