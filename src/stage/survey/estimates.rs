//! What a survey says of an area, a group, or everybody: weighted shares by phase, their standard errors by Taylor's
//! linearisation inside the whole design, and intervals (method, section 10).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::SurveyTable;
use super::design::Design;
use super::interval::{Interval, Precision, interval};
use super::phases::HouseholdPhases;
use super::replicates::Likelihoods;
use super::sums::{Said, sums_by_slot};
use crate::domain::id::Id;
use crate::domain::{AreaId, AreaTree, CellId, Decimal, GroupId, Phase, PhaseShares, Scope};
use crate::framework::Framework;
use crate::framework::files::{FallBackName, LonelyPsuName};
use crate::framework::rules::{AreaPhaseRule, SurveyRules};
use crate::stage::cells::CellTable;

/// A share of the people or households, and how sure it is.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ShareEstimate {
    /// The share.
    pub share: f64,
    /// Its standard error.
    pub error: f64,
    /// Where it lies with the confidence that the framework asks for; `None` where nothing can be said of that.
    pub interval: Option<Interval>,
}

/// What the households of a domain say in one scope.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Households that were asked.
    pub asked: usize,
    /// Those with a known phase.
    pub known: usize,
    /// How many equally weighted households would say as much (Kish).
    pub effective: f64,
    /// Weights by phase, in units that only their ratios say something of.
    pub weights: PhaseShares,
    /// What the known households count together.
    pub weight: f64,
    /// Sampling units among the known.
    pub clusters: usize,
    /// Strata among the known.
    pub strata: usize,
    /// The share in each phase.
    pub in_phase: [ShareEstimate; 5],
    /// The share in each phase or worse, from phase 2.
    pub in_or_worse: [ShareEstimate; 4],
    /// How likely each phase is; `None` where the survey is not drawn again.
    pub likelihood: Option<[f64; 5]>,
}

/// A phase that is less likely is borderline (method, section 10).
const SURE: f64 = 0.8;

impl Estimate {
    /// Degrees of freedom: sampling units minus strata of the domain.
    pub const fn degrees(&self) -> usize {
        self.clusters.saturating_sub(self.strata)
    }

    /// The share that stands in a phase or worse; phase 1 is everybody and is not estimated.
    pub fn from(&self, phase: Phase) -> Option<&ShareEstimate> {
        self.in_or_worse.get(phase.index().checked_sub(1)?)
    }

    /// How likely the phase is in which it stands.
    pub fn sureness(&self, rule: AreaPhaseRule) -> Option<f64> {
        let phase = rule.phase_of(&self.weights)?;
        self.likelihood?.get(phase.index()).copied()
    }

    /// Whether its phase would be another one in more than one of five surveys.
    pub fn is_borderline(&self, rule: AreaPhaseRule) -> bool {
        self.sureness(rule).is_some_and(|sure| sure < SURE)
    }

    /// Variance of the share from a phase on, beside that of a simple random sample of as many (without replacement).
    #[expect(clippy::cast_precision_loss, reason = "a number of households")]
    pub fn design_effect(&self, from: Phase) -> Option<f64> {
        let of = self.from(from)?;
        let count = self.known as f64;
        let simple = of.share * (1.0 - of.share) / (count - 1.0) * (self.weight - count) / self.weight;
        (simple > 0.0).then(|| of.error * of.error / simple)
    }
}

/// Households of whom something is said together.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Domain {
    /// One area and group, or pocket.
    Cell(CellId),
    /// All of an area, or of one group in it.
    Area(AreaId, Option<GroupId>),
}

/// The estimates of a survey.
#[derive(Clone, Debug, Default)]
pub struct SurveyEstimates {
    /// By domain and scope; only where some household has a known phase.
    pub by_domain: BTreeMap<(Domain, Scope), Arc<Estimate>>,
    /// Households that were asked, by domain.
    pub asked: BTreeMap<Domain, usize>,
    /// The cells of each domain.
    cells: BTreeMap<Domain, BTreeSet<CellId>>,
    design: Design,
}

/// Sums of people who stand in a phase or worse, over domains that may share sampling units.
pub(in crate::stage) struct SumsOfPeople<'a> {
    estimates: &'a SurveyEstimates,
    said: Vec<Said>,
    lonely: LonelyPsuName,
}

impl<'a> SumsOfPeople<'a> {
    /// Over what households say in one scope, of which these are the phases.
    pub(in crate::stage) fn new(estimates: &'a SurveyEstimates, phases: &[u8], lonely: LonelyPsuName) -> Self {
        Self { said: said_by_slot(&estimates.design, phases), estimates, lonely }
    }

    /// The standard error of people in a phase or worse, each domain's people times its share, all of them in one design; and
    /// its degrees of freedom: sampling units minus strata of all domains together.
    #[expect(clippy::cast_precision_loss, reason = "an error is a floating-point number")]
    pub(in crate::stage) fn error(&self, people: &BTreeMap<Domain, f64>, from: Phase) -> (f64, usize) {
        let design = &self.estimates.design;
        let mut residuals: BTreeMap<usize, f64> = BTreeMap::new();
        for (domain, people) in people {
            let Some(cells) = self.estimates.cells.get(domain) else { continue };
            let said = gathered(design, &self.said, cells);
            let above = |said: &Said| said.counts.iter().skip(from.index()).sum::<i128>() as f64;
            let all = |said: &Said| said.counts.iter().sum::<i128>() as f64;
            let weight: f64 = said.iter().map(all).sum();
            let share = said.iter().map(above).sum::<f64>() / weight;
            for of_psu in &said {
                *residuals.entry(of_psu.psu).or_default() += people * (above(of_psu) - share * all(of_psu)) / weight;
            }
        }
        let stratum = |psu: usize| design.stratum_of.get(psu).copied().unwrap_or_default();
        let residuals: Vec<(usize, f64)> = residuals.into_iter().map(|(psu, residual)| (stratum(psu), residual)).collect();
        let strata: BTreeSet<usize> = residuals.iter().map(|(stratum, _)| *stratum).collect();
        let degrees = residuals.len() - strata.len();
        (variance_of(design, residuals, self.lonely).sqrt(), degrees)
    }
}

impl SurveyEstimates {
    /// What is known of a domain in a scope.
    pub fn get(&self, domain: Domain, scope: Scope) -> Option<&Estimate> {
        self.by_domain.get(&(domain, scope)).map(Arc::as_ref)
    }
}

/// Estimates every domain in every scope. Domains are independent of one another, so threads change nothing.
pub fn estimate_survey(
    survey: &SurveyTable,
    phases: &HouseholdPhases,
    cells: &CellTable,
    areas: &AreaTree,
    rules: &Framework,
) -> SurveyEstimates {
    if survey.is_empty() {
        return SurveyEstimates::default();
    }
    let framework = rules;
    let rules = &rules.survey;
    let precision = Precision { confidence: rules.confidence.0.to_f64(), kind: rules.interval };
    let design = Design::of(survey, rules.weights);
    let domains = domains(survey, cells, areas);
    let asked = asked(survey, cells, &domains);
    // Scopes of which the same is said share their estimates.
    let mut different: Vec<&Arc<Vec<u8>>> = Vec::new();
    for (_, phases) in &phases.of_scopes {
        if !different.iter().any(|known| Arc::ptr_eq(known, phases)) {
            different.push(phases);
        }
    }
    let likelihoods = Likelihoods::new(&design, survey, framework, &different, &domains);
    let mut by_domain = BTreeMap::new();
    for (at, column) in different.into_iter().enumerate() {
        let said = said_by_slot(&design, column);
        let of_domain = |(&domain, slots): (&Domain, &BTreeSet<CellId>)| {
            let of_domain = gathered(&design, &said, slots);
            let asked = asked.get(&domain).copied().unwrap_or_default();
            let mut found = estimate(&design, &of_domain, asked, rules.lonely_psu, precision)?;
            if speaks(domain, cells, rules) {
                found.likelihood = likelihoods.of(domain, at, &of_domain, found.degrees());
            }
            Some((domain, Arc::new(found)))
        };
        let domains: Vec<(&Domain, &BTreeSet<CellId>)> = domains.iter().collect();
        let estimates: Vec<(Domain, Arc<Estimate>)> = domains.into_par_iter().filter_map(of_domain).collect();
        for (scope, _) in phases.of_scopes.iter().filter(|(_, phases)| Arc::ptr_eq(column, phases)) {
            by_domain.extend(estimates.iter().map(|(domain, estimate)| ((*domain, *scope), Arc::clone(estimate))));
        }
    }
    SurveyEstimates { by_domain, asked, cells: domains, design }
}

/// Whether a domain may speak for a unit, so that the likelihood of its phase is of use.
fn speaks(domain: Domain, cells: &CellTable, rules: &SurveyRules) -> bool {
    let stands_in = rules.fall_back == FallBackName::ParentArea;
    match domain {
        Domain::Cell(_) => true,
        Domain::Area(area, None) => stands_in || cells.find(area, "", None).is_some(),
        Domain::Area(_, Some(_)) => stands_in,
    }
}

/// The domains, and the cells of each.
fn domains(survey: &SurveyTable, cells: &CellTable, areas: &AreaTree) -> BTreeMap<Domain, BTreeSet<CellId>> {
    let mut domains: BTreeMap<Domain, BTreeSet<CellId>> = BTreeMap::new();
    for cell in survey.households_by_cell(cells).entries().filter(|(_, count)| **count > 0).map(|(cell, _)| cell) {
        domains.entry(Domain::Cell(cell)).or_default().insert(cell);
        let key = cells.key(cell);
        for area in areas.path(key.area) {
            domains.entry(Domain::Area(area, None)).or_default().insert(cell);
            if key.group.is_some() {
                domains.entry(Domain::Area(area, key.group)).or_default().insert(cell);
            }
        }
    }
    domains
}

fn asked(survey: &SurveyTable, cells: &CellTable, domains: &BTreeMap<Domain, BTreeSet<CellId>>) -> BTreeMap<Domain, usize> {
    let by_cell = survey.households_by_cell(cells);
    let count = |cells: &BTreeSet<CellId>| cells.iter().map(|cell| by_cell[*cell]).sum();
    domains.iter().map(|(domain, cells)| (*domain, count(cells))).collect()
}

/// Sums over the households of each slot.
fn said_by_slot(design: &Design, phases: &[u8]) -> Vec<Said> {
    let mut said = sums_by_slot(design.slots.len(), &design.slot_of, &design.counts, phases);
    said.iter_mut().zip(&design.slots).for_each(|(said, slot)| said.psu = slot.psu);
    said
}

/// What the sampling units say within some cells, each unit once.
fn gathered(design: &Design, said: &[Said], cells: &BTreeSet<CellId>) -> Vec<Said> {
    let mut of_domain: Vec<Said> = Vec::new();
    for &cell in cells {
        // The slots of a cell are neighbours.
        let first = design.slots.partition_point(|slot| slot.cell_index() < cell.index());
        let last = design.slots.partition_point(|slot| slot.cell_index() <= cell.index());
        of_domain.extend(said.get(first..last).unwrap_or_default().iter().filter(|said| said.known > 0));
    }
    of_domain.sort_by_key(|said| said.psu);
    of_domain.dedup_by(|next, kept| {
        let same = next.psu == kept.psu;
        if same {
            kept.add(next);
        }
        same
    });
    of_domain
}

#[expect(clippy::cast_precision_loss, reason = "an estimate is a floating-point number")]
fn estimate(design: &Design, said: &[Said], asked: usize, lonely: LonelyPsuName, precision: Precision) -> Option<Estimate> {
    let mut totals = [0_i128; 5];
    let mut squares = 0_i128;
    for of_psu in said {
        totals.iter_mut().zip(of_psu.counts).for_each(|(sum, count)| *sum += count);
        squares = squares.saturating_add(of_psu.squares);
    }
    let all: i128 = totals.iter().sum();
    if all <= 0 {
        return None;
    }
    let known = said.iter().map(|of_psu| of_psu.known).sum();
    let effective = all as f64 * (all as f64 / squares as f64);
    let strata: BTreeSet<usize> = said.iter().filter_map(|of_psu| design.stratum_of.get(of_psu.psu)).copied().collect();
    let (clusters, strata) = (said.len(), strata.len());
    let share = |part: std::ops::Range<usize>| {
        let above: i128 = totals.get(part.clone()).unwrap_or_default().iter().sum();
        let share = above as f64 / all as f64;
        let error = variance(design, said, &part, share, all as f64, lonely).sqrt();
        (share, error)
    };
    let estimated = |part: std::ops::Range<usize>| {
        let (share, error) = share(part);
        let interval = interval(share, error, effective, known, clusters.saturating_sub(strata), precision);
        ShareEstimate { share, error, interval }
    };
    let in_phase = [0, 1, 2, 3, 4].map(|at| estimated(at..at + 1));
    let in_or_worse = [1, 2, 3, 4].map(|at| estimated(at..5));
    let weights = PhaseShares::new(totals.map(Decimal::from_units));
    let weight = all as f64 * design.unit;
    Some(Estimate { asked, known, effective, weights, weight, clusters, strata, in_phase, in_or_worse, likelihood: None })
}

/// Taylor's variance of a share: how much the residuals of sampling units spread within their strata. Units of the design
/// outside the domain count with a residual of 0; of strata with one unit the framework says what they count.
#[expect(clippy::cast_precision_loss, reason = "a variance is a floating-point number")]
fn variance(design: &Design, said: &[Said], part: &std::ops::Range<usize>, share: f64, all: f64, lonely: LonelyPsuName) -> f64 {
    let mut residuals: Vec<(usize, f64)> = Vec::with_capacity(said.len());
    for of_psu in said {
        let above: i128 = of_psu.counts.get(part.clone()).unwrap_or_default().iter().sum();
        let total: i128 = of_psu.counts.iter().sum();
        let stratum = design.stratum_of.get(of_psu.psu).copied().unwrap_or_default();
        residuals.push((stratum, (above as f64 - share * total as f64) / all));
    }
    variance_of(design, residuals, lonely)
}

/// The variance of a sum of residuals, each with its stratum.
fn variance_of(design: &Design, mut residuals: Vec<(usize, f64)>, lonely: LonelyPsuName) -> f64 {
    // Sums of floating-point numbers depend on their order, and the order of rows must not show.
    residuals.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let strata = residuals.chunk_by(|a, b| a.0 == b.0).map(|of_stratum| variance_in_stratum(design, of_stratum, lonely));
    // Nor must the names of strata.
    let mut variances: Vec<f64> = strata.collect();
    variances.sort_by(f64::total_cmp);
    variances.into_iter().sum()
}

#[expect(clippy::cast_precision_loss, reason = "a number of sampling units")]
fn variance_in_stratum(design: &Design, residuals: &[(usize, f64)], lonely: LonelyPsuName) -> f64 {
    let Some(stratum) = residuals.first().and_then(|(stratum, _)| design.strata.get(*stratum)) else { return 0.0 };
    let drawn = f64::from(stratum.drawn);
    let left = stratum.left();
    if stratum.drawn < 2 {
        // The grand mean of residuals is 0.
        let around_zero: f64 = residuals.iter().map(|(_, residual)| residual * residual).sum();
        return if lonely == LonelyPsuName::CentreAtGrandMean { left * around_zero } else { 0.0 };
    }
    let mean = residuals.iter().map(|(_, residual)| residual).sum::<f64>() / drawn;
    let there: f64 = residuals.iter().map(|(_, residual)| (residual - mean) * (residual - mean)).sum();
    let outside = (drawn - residuals.len() as f64) * mean * mean;
    left * drawn / (drawn - 1.0) * (there + outside)
}
