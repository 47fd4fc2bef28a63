//! The design of a survey: which households were drawn together, and out of how many. Weights become whole numbers, so that
//! sums are exact and the same in every order (method, sections 10 and 14.16).

use std::collections::HashMap;
use std::hash::Hash;

use foldhash::fast::RandomState;

use super::SurveyTable;
use crate::domain::CellId;
use crate::domain::id::Id;
use crate::framework::files::WeightName;
use crate::table::Answers;

/// Households of one area and group that were drawn together.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
    pub(super) slot_of: Vec<u32>,
    /// The stratum of each primary sampling unit.
    pub(super) stratum_of: Vec<usize>,
    pub(super) strata: Vec<Stratum>,
    /// What each household counts, in whole units.
    pub(super) counts: Vec<i64>,
    /// One unit in terms of the weights.
    pub(super) unit: f64,
}

/// Weights are taken as multiples of a power of ten of which the largest has at most so many.
const LARGEST: f64 = 1e13;

impl Design {
    pub(super) fn of(survey: &SurveyTable, weights: WeightName) -> Self {
        let (psu_of, stratum_of, strata) = sampling_units(survey);
        let cells = survey.cells.iter().zip(&psu_of);
        let (mut slots, mut slot_of) = numbered(cells.map(|(&cell, &psu)| Slot { cell, psu: psu as usize }));
        in_order(&mut slots, &mut slot_of);
        let (counts, unit) = counts(survey, weights);
        Self { slots, slot_of, stratum_of, strata, counts, unit }
    }
}

/// The different items, as they come first, and the number of each.
fn numbered<T: Copy + Eq + Hash>(items: impl Iterator<Item = T>) -> (Vec<T>, Vec<u32>) {
    let mut known: HashMap<T, u32, RandomState> = HashMap::default();
    let mut different = Vec::new();
    let number = |item: T| {
        *known.entry(item).or_insert_with(|| {
            different.push(item);
            u32::try_from(different.len() - 1).unwrap_or(u32::MAX)
        })
    };
    let numbers = items.map(number).collect();
    (different, numbers)
}

/// Puts different items in order, and their numbers with them.
fn in_order<T: Copy + Ord>(items: &mut [T], numbers: &mut [u32]) {
    let mut order: Vec<(T, usize)> = items.iter().copied().zip(0..).collect();
    order.sort_unstable();
    let mut new_of: Vec<u32> = vec![0; items.len()];
    for (new, (slot, (item, old))) in (0..).zip(items.iter_mut().zip(order)) {
        *slot = item;
        if let Some(number) = new_of.get_mut(old) {
            *number = new;
        }
    }
    numbers.iter_mut().for_each(|number| *number = new_of.get(*number as usize).copied().unwrap_or_default());
}

/// The sampling unit of each household, the stratum of each unit, and the strata; in an order that does not depend on that of
/// the rows. Without a cluster a household was drawn by itself; without a stratum all were drawn from one.
fn sampling_units<'s>(survey: &'s SurveyTable) -> (Vec<u32>, Vec<usize>, Vec<Stratum>) {
    let word = |answers: &'s Answers, code: u32| answers.words().get((code as usize).wrapping_sub(1));
    let (strata, mut stratum_of_row) = numbered(survey.strata.codes().iter().copied());
    let mut names: Vec<Option<&String>> = strata.iter().map(|code| word(&survey.strata, *code)).collect();
    in_order(&mut names, &mut stratum_of_row);
    let mut strata = vec![Stratum { drawn: 0, of: f64::NAN }; names.len()];
    let rows = || stratum_of_row.iter().zip(survey.clusters.codes()).map(|(&stratum, &cluster)| (stratum, cluster));
    let (clusters, mut of_clustered) = numbered(rows().filter(|(_, cluster)| *cluster > 0));
    let name = |(stratum, cluster): &(u32, u32)| (*stratum, word(&survey.clusters, *cluster));
    let mut named: Vec<(u32, Option<&String>)> = clusters.iter().map(name).collect();
    in_order(&mut named, &mut of_clustered);
    let mut stratum_of: Vec<usize> = named.iter().map(|(stratum, _)| *stratum as usize).collect();
    let mut of_clustered = of_clustered.into_iter();
    let mut psu_of = Vec::with_capacity(survey.len());
    for (stratum, cluster) in rows() {
        let known = if cluster > 0 { of_clustered.next() } else { None };
        psu_of.push(known.unwrap_or_else(|| {
            stratum_of.push(stratum as usize);
            u32::try_from(stratum_of.len() - 1).unwrap_or(u32::MAX)
        }));
    }
    for &stratum in &stratum_of {
        if let Some(stratum) = strata.get_mut(stratum) {
            stratum.drawn += 1;
        }
    }
    for (&stratum, &of) in stratum_of_row.iter().zip(&survey.clusters_in_stratum).filter(|(_, of)| !of.is_nan()) {
        if let Some(stratum) = strata.get_mut(stratum as usize) {
            stratum.of = stratum.of.max(of);
        }
    }
    (psu_of, stratum_of, strata)
}

/// What each household counts, in whole units, and what a unit is. Weights by people are multiplied by the size, which is a
/// whole number; a household of unknown size counts nothing then.
fn counts(survey: &SurveyTable, weights: WeightName) -> (Vec<i64>, f64) {
    let largest = survey.weights.iter().copied().fold(0.0_f64, f64::max);
    let places = if largest > 0.0 { (LARGEST / largest).log10().floor().clamp(-12.0, 300.0) } else { 0.0 };
    let scale = 10_f64.powf(places);
    #[expect(clippy::cast_possible_truncation, reason = "at most 1e13, and a household has at most 100,000 persons")]
    let count = |(&weight, &size): (&f64, &f64)| {
        let count = (weight * scale).round() as i64;
        match weights {
            WeightName::Households => count,
            WeightName::People => count.saturating_mul(if size.is_nan() { 0 } else { size as i64 }),
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
