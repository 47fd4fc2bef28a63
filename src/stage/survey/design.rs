//! The design of a survey: which households were drawn together, and out of how many. Weights become whole numbers, so that
//! sums are exact and the same in every order (method, sections 10 and 14.16).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use foldhash::fast::RandomState;
use rayon::prelude::*;

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

impl Stratum {
    /// The part of its units that was not drawn: of a stratum that was drawn as a whole nothing is unsure.
    pub(super) fn left(&self) -> f64 {
        if self.of.is_nan() { 1.0 } else { ((self.of - f64::from(self.drawn)) / self.of).max(0.0) }
    }
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
/// The same with the persons of a household, where the least weight would have fewer units than that. Sums of such numbers are
/// slower, and squares of them still fit.
const LARGEST_WIDE: f64 = 1e16;
const FEW_UNITS: f64 = 1e7;

impl Design {
    pub(super) fn of(survey: &SurveyTable, weights: WeightName) -> Self {
        let ((drawn, drawn_of), (counts, unit)) = rayon::join(|| Drawn::of(survey), || counts(&survey.weights, &survey.sizes, weights));
        let Strata { mut strata, stratum_of: stratum_of_drawn } = Strata::of(&drawn, survey);
        let (psu_of_drawn, stratum_of) = sampling_units(&drawn, &stratum_of_drawn, survey);
        for stratum in &stratum_of {
            if let Some(stratum) = strata.get_mut(*stratum) {
                stratum.drawn += 1;
            }
        }
        for (&drawn, &of) in drawn_of.iter().zip(&survey.clusters_in_stratum).filter(|(_, of)| !of.is_nan()) {
            let stratum = stratum_of_drawn.get(drawn as usize).and_then(|&stratum| strata.get_mut(stratum));
            if let Some(stratum) = stratum {
                stratum.of = stratum.of.max(of);
            }
        }
        let all: Vec<Slot> = drawn.iter().zip(&psu_of_drawn).map(|(drawn, &psu)| Slot { cell: drawn.cell, psu }).collect();
        let mut slots = all.clone();
        slots.sort_unstable();
        slots.dedup();
        let place = |slot: &Slot| u32::try_from(slots.partition_point(|other| other < slot)).unwrap_or(u32::MAX);
        let slot_of_drawn: Vec<u32> = all.iter().map(place).collect();
        let slot_of = drawn_of.into_par_iter().map(|drawn| slot_of_drawn.get(drawn as usize).copied().unwrap_or_default()).collect();
        Self { slots, slot_of, stratum_of, strata, counts, unit }
    }
}

/// Households of one area and group that were drawn together, by the codes of their stratum and cluster.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
struct Drawn {
    stratum: u32,
    /// 0 for a household that was drawn by itself.
    cluster: u32,
    cell: CellId,
}

impl Drawn {
    /// The different ones as they come first, and which is that of each household. In a cluster are few areas and groups,
    /// neighbours mostly, so that the last ones of each cluster are tried before all others are looked through.
    fn of(survey: &SurveyTable) -> (Vec<Self>, Vec<u32>) {
        const NEIGHBOURS: usize = 4;
        let mut last: Vec<Option<(Self, u32)>> = vec![None; NEIGHBOURS * (survey.clusters.words().len() + 1)];
        let mut known: HashMap<Self, u32, RandomState> = HashMap::default();
        let mut different: Vec<Self> = Vec::new();
        let mut numbers = Vec::with_capacity(survey.len());
        let codes = survey.strata.codes().iter().zip(survey.clusters.codes());
        for ((&stratum, &cluster), &cell) in codes.zip(&survey.cells) {
            let drawn = Self { stratum, cluster, cell };
            let next = u32::try_from(different.len()).unwrap_or(u32::MAX);
            let near = last.get_mut(NEIGHBOURS * cluster as usize + cell.index() % NEIGHBOURS).filter(|_| cluster > 0);
            let number = match near.as_deref() {
                Some(Some((same, number))) if *same == drawn => *number,
                Some(_) => *known.entry(drawn).or_insert(next),
                None => next,
            };
            if number == next {
                different.push(drawn);
            }
            if let Some(near) = near {
                *near = Some((drawn, number));
            }
            numbers.push(number);
        }
        (different, numbers)
    }
}

/// The strata, and which is that of each of the drawn.
struct Strata {
    strata: Vec<Stratum>,
    stratum_of: Vec<usize>,
}

impl Strata {
    /// In the order of their names, which does not depend on that of the rows.
    fn of(drawn: &[Drawn], survey: &SurveyTable) -> Self {
        let names: BTreeSet<Option<&String>> = drawn.iter().map(|drawn| word(&survey.strata, drawn.stratum)).collect();
        let place: BTreeMap<Option<&String>, usize> = names.iter().copied().zip(0..).collect();
        let stratum_of = |drawn: &Drawn| place.get(&word(&survey.strata, drawn.stratum)).copied().unwrap_or_default();
        let strata = vec![Stratum { drawn: 0, of: f64::NAN }; names.len()];
        Self { strata, stratum_of: drawn.iter().map(stratum_of).collect() }
    }
}

fn word(answers: &Answers, code: u32) -> Option<&String> {
    answers.words().get((code as usize).checked_sub(1)?)
}

/// The sampling unit of each of the drawn, and the stratum of each unit: clusters in the order of their names within their
/// strata, then households without one, which were drawn by themselves.
fn sampling_units(drawn: &[Drawn], stratum_of_drawn: &[usize], survey: &SurveyTable) -> (Vec<usize>, Vec<usize>) {
    let key = |(drawn, &stratum): (&Drawn, &usize)| Some((stratum, word(&survey.clusters, drawn.cluster)?));
    let clusters: BTreeSet<(usize, &String)> = drawn.iter().zip(stratum_of_drawn).filter_map(key).collect();
    let place: BTreeMap<(usize, &String), usize> = clusters.iter().copied().zip(0..).collect();
    let mut stratum_of: Vec<usize> = clusters.iter().map(|(stratum, _)| *stratum).collect();
    let unit = |(drawn, stratum): (&Drawn, &usize)| {
        key((drawn, stratum)).and_then(|key| place.get(&key).copied()).unwrap_or_else(|| {
            stratum_of.push(*stratum);
            stratum_of.len() - 1
        })
    };
    let units = drawn.iter().zip(stratum_of_drawn).map(unit).collect();
    (units, stratum_of)
}

/// What each household counts, in whole units, and what a unit is. Weights by people are multiplied by the size, which is a
/// whole number; a household of unknown size counts nothing then.
pub(super) fn counts(weights: &[f64], sizes: &[f64], by: WeightName) -> (Vec<i64>, f64) {
    let largest = weights.par_iter().copied().reduce(|| 0.0, f64::max);
    let least = weights.par_iter().copied().filter(|weight| *weight > 0.0).reduce(|| f64::INFINITY, f64::min);
    let scale_to = |most: f64| if largest > 0.0 { 10_f64.powf((most / largest).log10().floor().clamp(-12.0, 300.0)) } else { 1.0 };
    let persons = match by {
        WeightName::Households => 1.0,
        WeightName::People => sizes.par_iter().copied().reduce(|| 1.0, f64::max),
    };
    let narrow = scale_to(LARGEST);
    let scale = if least * narrow < FEW_UNITS { scale_to((LARGEST_WIDE / persons).max(LARGEST)) } else { narrow };
    #[expect(clippy::cast_possible_truncation, reason = "at most 1e16 with its persons, or 1e13 and at most 100,000 persons")]
    let count = |(&weight, &size): (&f64, &f64)| {
        let count = (weight * scale).round() as i64;
        match by {
            WeightName::Households => count,
            WeightName::People => count.saturating_mul(if size.is_nan() { 0 } else { size as i64 }),
        }
    };
    (weights.par_iter().zip(sizes).map(count).collect(), 1.0 / scale)
}

impl Slot {
    /// For arrays by cell.
    pub(super) fn cell_index(self) -> usize {
        self.cell.index()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Weights a billion times apart keep seven digits; those of a usual survey stay in the fast range.
    #[test]
    fn small_weights_beside_large_ones_still_count() {
        let sizes = [f64::NAN; 3];
        let (units, _) = counts(&[1e-3, 1e6, 0.0], &sizes, WeightName::Households);
        assert_eq!(units, [10_000_000, 10_000_000_000_000_000, 0]);
        let (units, _) = counts(&[0.5, 20.0], &sizes, WeightName::Households);
        assert_eq!(units, [50_000_000_000, 2_000_000_000_000]);
        let (units, _) = counts(&[1e-3, 1e6], &[2.0, 100.0], WeightName::People);
        assert_eq!(units, [200_000, 10_000_000_000_000_000]);
    }
}
