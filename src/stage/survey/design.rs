//! The design of a survey: which households were drawn together, and out of how many. Weights become whole numbers, so that
//! sums are exact and the same in every order (method, sections 10 and 14.16).

use std::collections::BTreeMap;

use super::SurveyTable;
use crate::domain::CellId;
use crate::domain::id::Id;
use crate::framework::files::WeightName;

/// Households of one area and group that were drawn together.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Slot {
    pub(super) cell: CellId,
    /// The primary sampling unit.
    pub(super) psu: usize,
}

/// A stratum of the whole survey.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Stratum {
    /// Primary sampling units drawn from it.
    pub(super) drawn: u32,
    /// How many it has; NaN where nobody says.
    pub(super) of: f64,
}

/// The design.
#[derive(Clone, Debug, Default)]
pub(super) struct Design {
    pub(super) slots: Vec<Slot>,
    /// The slot of each household.
    pub(super) slot_of: Vec<usize>,
    /// The stratum of each primary sampling unit.
    pub(super) stratum_of: Vec<usize>,
    pub(super) strata: Vec<Stratum>,
    /// What each household counts, in whole units.
    pub(super) counts: Vec<i128>,
    /// One unit in terms of the weights.
    pub(super) unit: f64,
}

/// Weights are taken as multiples of a power of ten of which the largest has at most so many.
const LARGEST: f64 = 1e13;

impl Design {
    pub(super) fn of(survey: &SurveyTable, weights: WeightName) -> Self {
        let (psu_of, stratum_of, strata) = sampling_units(survey);
        let slot = |(&cell, &psu): (&CellId, &usize)| Slot { cell, psu };
        let of_households: Vec<Slot> = survey.cells.iter().zip(&psu_of).map(slot).collect();
        let mut slots = of_households.clone();
        slots.sort_unstable();
        slots.dedup();
        let slot_of = of_households.iter().map(|slot| slots.binary_search(slot).unwrap_or_default()).collect();
        let (counts, unit) = counts(survey, weights);
        Self { slots, slot_of, stratum_of, strata, counts, unit }
    }
}

/// The sampling unit of each household, the stratum of each unit, and the strata; in an order that does not depend on that of
/// the rows. Without a cluster a household was drawn by itself; without a stratum all were drawn from one.
fn sampling_units(survey: &SurveyTable) -> (Vec<usize>, Vec<usize>, Vec<Stratum>) {
    let mut strata: BTreeMap<Option<&str>, Stratum> = BTreeMap::new();
    let mut clusters: BTreeMap<(Option<&str>, &str), usize> = BTreeMap::new();
    for row in 0..survey.len() {
        let stratum = survey.strata.get(row);
        strata.entry(stratum).or_insert(Stratum { drawn: 0, of: f64::NAN });
        if let Some(cluster) = survey.clusters.get(row) {
            clusters.entry((stratum, cluster)).or_default();
        }
    }
    let index: BTreeMap<Option<&str>, usize> = strata.keys().enumerate().map(|(at, stratum)| (*stratum, at)).collect();
    let stratum_at = |stratum: Option<&str>| index.get(&stratum).copied().unwrap_or_default();
    let mut stratum_of = Vec::new();
    for (psu, ((stratum, _), at)) in clusters.iter_mut().enumerate() {
        *at = psu;
        stratum_of.push(stratum_at(*stratum));
    }
    let mut psu_of = Vec::with_capacity(survey.len());
    for row in 0..survey.len() {
        let stratum = survey.strata.get(row);
        let known = survey.clusters.get(row).and_then(|cluster| clusters.get(&(stratum, cluster)).copied());
        psu_of.push(known.unwrap_or_else(|| {
            stratum_of.push(stratum_at(stratum));
            stratum_of.len() - 1
        }));
    }
    let mut list: Vec<Stratum> = strata.into_values().collect();
    for &stratum in &stratum_of {
        if let Some(stratum) = list.get_mut(stratum) {
            stratum.drawn += 1;
        }
    }
    for (row, &of) in survey.clusters_in_stratum.iter().enumerate().filter(|(_, of)| !of.is_nan()) {
        if let Some(stratum) = list.get_mut(stratum_at(survey.strata.get(row))) {
            stratum.of = stratum.of.max(of);
        }
    }
    (psu_of, stratum_of, list)
}

/// What each household counts, in whole units, and what a unit is. Weights by people are multiplied by the size, which is a
/// whole number; a household of unknown size counts nothing then.
fn counts(survey: &SurveyTable, weights: WeightName) -> (Vec<i128>, f64) {
    let largest = survey.weights.iter().copied().fold(0.0_f64, f64::max);
    let places = if largest > 0.0 { (LARGEST / largest).log10().floor().clamp(-12.0, 300.0) } else { 0.0 };
    let scale = 10_f64.powf(places);
    #[expect(clippy::cast_possible_truncation, reason = "at most 1e13, and sizes are small")]
    let count = |(&weight, &size): (&f64, &f64)| {
        let count = (weight * scale).round() as i128;
        match weights {
            WeightName::Households => count,
            WeightName::People => count * if size.is_nan() { 0 } else { size as i128 },
        }
    };
    (survey.weights.iter().zip(&survey.sizes).map(count).collect(), 1.0 / scale)
}

impl Slot {
    /// For arrays by cell.
    pub(super) fn cell_index(self) -> usize {
        self.cell.index()
    }
}
