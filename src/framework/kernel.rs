//! The rules of a framework, compiled for whole columns: how the phases of several indicators become one for every row, with
//! nothing looked up and nothing allocated row by row. A row is described by how many of its indicators stand in each phase
//! or worse, which is all that the rules ask (see [`Tally`]).

use std::ops::Range;

use pulp::{Arch, NullaryFnOnce};

use super::combine::{CombineRule, Tally};
use crate::domain::Phase;

/// The phases of one indicator, as they are found row by row. A phase of 0 is unknown.
#[derive(Clone, Debug)]
pub enum Kernel<'a> {
    /// Numbers, and the value from which on each phase or a worse one begins.
    Bounds {
        /// A number a row; NaN is missing.
        values: &'a [f64],
        /// -1 where lower values are worse.
        sign: f64,
        /// For phases 1 to 5; NaN where none is reached.
        cuts: [f64; 5],
    },
    /// Answers, and the phase of each; that of code 0 is the phase of a blank.
    Codes {
        /// A code a row.
        codes: &'a [u32],
        /// By code.
        phases: Vec<u8>,
    },
    /// Phases that were found otherwise.
    Phases(Vec<u8>),
}

impl Kernel<'_> {
    /// How many rows there are.
    fn len(&self) -> usize {
        match self {
            Self::Bounds { values, .. } => values.len(),
            Self::Codes { codes, .. } => codes.len(),
            Self::Phases(phases) => phases.len(),
        }
    }

    /// The phase of every row.
    pub fn phases(self) -> Vec<u8> {
        if let Self::Phases(phases) = self {
            return phases;
        }
        let mut phases = Vec::with_capacity(self.len());
        self.each(&(0..self.len()), |_, phase| phases.push(phase));
        phases
    }

    /// The phase of each of these rows, with its place among them.
    pub fn each(&self, rows: &Range<usize>, mut take: impl FnMut(usize, u8)) {
        match self {
            Self::Bounds { values, sign, cuts } => {
                for (at, value) in values.get(rows.clone()).unwrap_or_default().iter().enumerate() {
                    // A comparison with NaN is false, so that missing never scores.
                    take(at, cuts.iter().map(|cut| u8::from(value * sign >= *cut)).sum());
                }
            }
            Self::Codes { codes, phases } => {
                let codes = codes.get(rows.clone()).unwrap_or_default();
                codes.iter().enumerate().for_each(|(at, code)| take(at, phases.get(*code as usize).copied().unwrap_or(0)));
            }
            Self::Phases(phases) => {
                phases.get(rows.clone()).unwrap_or_default().iter().enumerate().for_each(|(at, phase)| take(at, *phase));
            }
        }
    }
}

/// An indicator among those that are combined.
#[derive(Clone, Debug)]
pub struct KernelPart<'a> {
    /// Its phases.
    pub kernel: &'a Kernel<'a>,
    /// The worst phase that it can reach.
    pub tier: Phase,
    /// Its weight for a weighted mean, in thousandths.
    pub weight: u64,
    /// In phase 5 it decides alone.
    pub decisive: bool,
}

/// So many rows are looked at together: what is counted of them stays near the processor.
pub const BLOCK: usize = 1024;
/// So many rows are counted in registers.
const LANES: usize = 8;

/// The combined phase of these rows, which begin at `from` and are at most [`BLOCK`]; 0 is unknown.
pub fn combine_block(rule: &CombineRule, parts: &[KernelPart<'_>], from: usize, into: &mut [u8]) {
    let rows = from..from + into.len();
    if rule.is_plain_worst() && !parts.iter().any(|part| part.decisive) {
        return worst_of_block(parts, &rows, into);
    }
    let mut counts = Counts::default();
    counts.of_bounds(parts, &rows);
    counts.of_others(parts, &rows);
    counts.of_weights(rule, parts, &rows);
    counts.of_deciding(rule, parts, &rows);
    let all = u16::try_from(parts.len()).unwrap_or(u16::MAX);
    for (at, phase) in into.iter_mut().enumerate() {
        *phase = rule.decide(&counts.tally(at, all)).map_or(0, Phase::number);
    }
}

/// The worst phase in which any indicator stands, where nothing else is asked.
fn worst_of_block(parts: &[KernelPart<'_>], rows: &Range<usize>, into: &mut [u8]) {
    let mut ladders: Vec<Ladder<'_>> = Vec::new();
    into.fill(0);
    for part in parts {
        match *part.kernel {
            Kernel::Bounds { values, sign, cuts } => {
                let values = values.get(rows.clone()).unwrap_or_default();
                // Values are finite, so that every one of them passes a bound at minus infinity.
                let cuts = cuts.map(|cut| if cut == f64::NEG_INFINITY { f64::MIN } else { cut });
                let same = |ladder: &&mut Ladder<'_>| {
                    ladder.sign.to_bits() == sign.to_bits() && ladder.cuts.map(f64::to_bits) == cuts.map(f64::to_bits)
                };
                match ladders.iter_mut().find(same) {
                    Some(ladder) => ladder.more.push(values),
                    None => ladders.push(Ladder { sign, cuts, first: values, more: Vec::new() }),
                }
            }
            _ => part.kernel.each(rows, |at, phase| {
                if let Some(into) = into.get_mut(at) {
                    *into = phase.max(*into);
                }
            }),
        }
    }
    if !ladders.is_empty() {
        Arch::new().dispatch(WorstOfLadders { ladders: &ladders, into });
    }
}

/// Indicators of numbers with the same bounds: the worst of their phases is that of the largest of their values.
struct Ladder<'a> {
    sign: f64,
    cuts: [f64; 5],
    first: &'a [f64],
    more: Vec<&'a [f64]>,
}

/// Makes phases worse where a number of the row stands in a worse one.
struct WorstOfLadders<'a> {
    ladders: &'a [Ladder<'a>],
    into: &'a mut [u8],
}

impl WorstOfLadders<'_> {
    /// Of rows that lie side by side.
    #[expect(clippy::inline_always, reason = "only what is in one piece with the dispatch is made for the processor at hand")]
    #[inline(always)]
    fn lanes<const N: usize>(ladders: &[Ladder<'_>], at: usize) -> [u64; N] {
        let mut at_least = [[0_u64; N]; 5];
        for Ladder { sign, cuts, first, more } in ladders {
            let Some(first) = first.get(at..).and_then(|values| values.first_chunk::<N>()) else { continue };
            let mut largest = first.map(|value| value * sign);
            if !more.is_empty() {
                // A comparison with NaN is false, so that missing never scores.
                largest = largest.map(|value| if value > f64::NEG_INFINITY { value } else { f64::NEG_INFINITY });
                for values in more {
                    let Some(values) = values.get(at..).and_then(|values| values.first_chunk::<N>()) else { continue };
                    largest.iter_mut().zip(values).for_each(|(largest, value)| {
                        let value = value * sign;
                        *largest = if value > *largest { value } else { *largest };
                    });
                }
            }
            for (at_least, cut) in at_least.iter_mut().zip(cuts) {
                at_least.iter_mut().zip(largest).for_each(|(passes, value)| *passes += u64::from(value >= *cut));
            }
        }
        let mut phases = [0; N];
        for of_phase in at_least {
            phases.iter_mut().zip(of_phase).for_each(|(phase, passes)| *phase += u64::from(passes > 0));
        }
        phases
    }
}

impl NullaryFnOnce for WorstOfLadders<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "only what is in one piece with the dispatch is made for the processor at hand")]
    #[inline(always)]
    fn call(self) {
        let Self { ladders, into } = self;
        let whole = into.len() - into.len() % LANES;
        #[expect(clippy::cast_possible_truncation, reason = "phases are at most 5")]
        let worse = |(into, phase): (&mut u8, u64)| *into = (phase as u8).max(*into);
        for at in (0..whole).step_by(LANES) {
            let phases = Self::lanes::<LANES>(ladders, at);
            into.get_mut(at..at + LANES).unwrap_or_default().iter_mut().zip(phases).for_each(worse);
        }
        for at in whole..into.len() {
            let phases = Self::lanes::<1>(ladders, at);
            into.get_mut(at..=at).unwrap_or_default().iter_mut().zip(phases).for_each(worse);
        }
    }
}

/// What is counted of the rows of a block.
struct Counts {
    /// How many indicators stand in each phase or worse.
    at_least: [[u16; BLOCK]; 5],
    /// Of the indicators that can be worst, whether some is known; and whether a decisive one is in phase 5.
    top_known: Option<Vec<bool>>,
    decided: Option<Vec<bool>>,
    /// Sum of phases times weights, and of weights.
    weighted: Option<Vec<(u64, u64)>>,
}

impl Default for Counts {
    fn default() -> Self {
        Self { at_least: [[0; BLOCK]; 5], top_known: None, decided: None, weighted: None }
    }
}

impl Counts {
    fn tally(&self, at: usize, all: u16) -> Tally {
        let known = |list: &Option<Vec<bool>>| list.as_ref().and_then(|list| list.get(at)).copied().unwrap_or(false);
        Tally {
            at_least: self.at_least.each_ref().map(|of| of.get(at).copied().unwrap_or(0)),
            all,
            top_known: known(&self.top_known),
            decided: known(&self.decided),
            weighted: self.weighted.as_ref().and_then(|list| list.get(at)).copied().unwrap_or_default(),
        }
    }

    /// Indicators of numbers, all of them at once.
    fn of_bounds(&mut self, parts: &[KernelPart<'_>], rows: &Range<usize>) {
        let mut columns: Vec<(&[f64], f64, [f64; 5])> = Vec::with_capacity(parts.len());
        for part in parts {
            if let Kernel::Bounds { values, sign, cuts } = *part.kernel {
                columns.push((values.get(rows.clone()).unwrap_or_default(), sign, cuts));
            }
        }
        if !columns.is_empty() {
            Arch::new().dispatch(CountBounds { columns: &columns, rows: rows.len(), into: &mut self.at_least });
        }
    }

    /// All others, one after the other.
    fn of_others(&mut self, parts: &[KernelPart<'_>], rows: &Range<usize>) {
        for part in parts.iter().filter(|part| !matches!(part.kernel, Kernel::Bounds { .. })) {
            part.kernel.each(rows, |at, phase| {
                for (number, of) in (1..).zip(&mut self.at_least) {
                    if let Some(count) = of.get_mut(at) {
                        *count += u16::from(phase >= number);
                    }
                }
            });
        }
    }

    fn of_weights(&mut self, rule: &CombineRule, parts: &[KernelPart<'_>], rows: &Range<usize>) {
        if !rule.asks_for_weights() {
            return;
        }
        let mut sums = vec![(0_u64, 0_u64); rows.len()];
        for part in parts {
            part.kernel.each(rows, |at, phase| {
                if let (Some((sum, weight)), true) = (sums.get_mut(at), phase > 0) {
                    *sum += u64::from(phase) * part.weight;
                    *weight += part.weight;
                }
            });
        }
        self.weighted = Some(sums);
    }

    fn of_deciding(&mut self, rule: &CombineRule, parts: &[KernelPart<'_>], rows: &Range<usize>) {
        let among = |wanted: &dyn Fn(&KernelPart<'_>) -> bool, least: u8| {
            let mut holds = vec![false; rows.len()];
            for part in parts.iter().filter(|part| wanted(part)) {
                part.kernel.each(rows, |at, phase| {
                    if let Some(holds) = holds.get_mut(at) {
                        *holds |= phase >= least;
                    }
                });
            }
            holds
        };
        if rule.asks_for_the_top() {
            let top = parts.iter().map(|part| part.tier).max();
            self.top_known = Some(among(&|part| Some(part.tier) == top, 1));
        }
        if parts.iter().any(|part| part.decisive) {
            self.decided = Some(among(&|part| part.decisive, Phase::CATASTROPHIC.number()));
        }
    }
}

/// Counts, for rows of numbers, how many stand in each phase or worse; with what the processor has for that.
struct CountBounds<'a> {
    columns: &'a [(&'a [f64], f64, [f64; 5])],
    rows: usize,
    into: &'a mut [[u16; BLOCK]; 5],
}

impl NullaryFnOnce for CountBounds<'_> {
    type Output = ();

    #[expect(clippy::inline_always, reason = "only what is in one piece with the dispatch is made for the processor at hand")]
    #[inline(always)]
    fn call(self) {
        let Self { columns, rows, into } = self;
        let whole = rows - rows % LANES;
        for at in (0..whole).step_by(LANES) {
            let mut counts = [[0_u64; LANES]; 5];
            for (values, sign, cuts) in columns {
                let Some(values) = values.get(at..).and_then(|values| values.first_chunk::<LANES>()) else { continue };
                // A comparison with NaN is false, so that missing never scores.
                let mut values = *values;
                if *sign < 0.0 {
                    values = values.map(|value| -value);
                }
                for (counts, cut) in counts.iter_mut().zip(cuts) {
                    counts.iter_mut().zip(values).for_each(|(count, value)| *count += u64::from(value >= *cut));
                }
            }
            for (into, counts) in into.iter_mut().zip(counts) {
                if let Some(into) = into.get_mut(at..at + LANES) {
                    #[expect(clippy::cast_possible_truncation, reason = "a framework has fewer indicators")]
                    into.iter_mut().zip(counts).for_each(|(into, count)| *into = count as u16);
                }
            }
        }
        for at in whole..rows {
            for (values, sign, cuts) in columns {
                let value = values.get(at).map_or(f64::NAN, |value| value * sign);
                for (into, cut) in into.iter_mut().zip(cuts) {
                    if let Some(into) = into.get_mut(at) {
                        *into += u16::from(value >= *cut);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::combine::Part;
    use super::super::files::{CombineName, MissingName, RoundingName};
    use super::*;

    /// Row by row and by columns the rules give the same.
    #[test]
    fn columns_and_rows_agree() {
        let rows = 2 * BLOCK + 13;
        let mut state = 1_u64;
        let mut drawn = move |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        };
        #[expect(clippy::cast_precision_loss, reason = "small numbers")]
        let mut numbers = || (0..rows).map(|_| if drawn(9) == 0 { f64::NAN } else { drawn(60) as f64 }).collect::<Vec<f64>>();
        let (first, second) = (numbers(), numbers());
        let codes: Vec<u32> = first.iter().zip(&second).map(|(a, b)| if a.is_nan() { 0 } else { 1 + u32::from(a > b) }).collect();
        let kernels = [
            Kernel::Bounds { values: &first, sign: 1.0, cuts: [f64::NEG_INFINITY, 10.0, 20.0, 30.0, 50.0] },
            Kernel::Bounds { values: &second, sign: 1.0, cuts: [f64::NEG_INFINITY, 10.0, 20.0, 30.0, 50.0] },
            Kernel::Bounds { values: &second, sign: -1.0, cuts: [-60.0, -40.0, -40.0, -5.0, f64::NAN] },
            Kernel::Codes { codes: &codes, phases: vec![0, 1, 5] },
            Kernel::Phases(Kernel::Bounds { values: &second, sign: 1.0, cuts: [3.0, f64::NAN, 9.0, 9.0, 40.0] }.phases()),
        ];
        for combine in [CombineName::Worst, CombineName::MeanOfWorstHalf, CombineName::WeightedMean, CombineName::Majority] {
            for missing in [MissingName::AnyKnown, MissingName::AllOfTopTier, MissingName::CompleteOnly] {
                for (decisive, least_known) in [(false, 1), (true, 3)] {
                    let rule = CombineRule { combine, missing, least_known, rounding: RoundingName::Up };
                    let parts: Vec<KernelPart<'_>> = (0_u8..)
                        .zip(&kernels)
                        .map(|(at, kernel)| KernelPart {
                            kernel,
                            tier: if at == 1 { Phase::new(4).unwrap() } else { Phase::CATASTROPHIC },
                            weight: 1000 + 500 * u64::from(at),
                            decisive: decisive && at == 2,
                        })
                        .collect();
                    let phases: Vec<Vec<u8>> = kernels.iter().cloned().map(Kernel::phases).collect();
                    let mut found = vec![9; rows];
                    for (at, block) in found.chunks_mut(BLOCK).enumerate() {
                        combine_block(&rule, &parts, at * BLOCK, block);
                    }
                    for (row, found) in found.into_iter().enumerate() {
                        let of_row: Vec<Part> = parts
                            .iter()
                            .zip(&phases)
                            .map(|(part, phases)| Part {
                                phase: Phase::new(phases[row]),
                                tier: part.tier,
                                weight: part.weight,
                                decisive: part.decisive,
                            })
                            .collect();
                        let expected = rule.apply(&of_row).map_or(0, Phase::number);
                        assert_eq!(found, expected, "{rule:?} row {row} {of_row:?}");
                    }
                }
            }
        }
    }
}
