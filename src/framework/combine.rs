//! Phases of the same people become one here and nowhere else (method, sections 5 and 14.5).

use super::files::{CombineName, MissingName, RoundingName};
use crate::domain::Phase;

/// One phase among those that are combined.
#[derive(Copy, Clone, Debug)]
pub struct Part {
    /// The phase; `None` if unknown.
    pub phase: Option<Phase>,
    /// The worst phase it could have.
    pub tier: Phase,
    /// Its weight for `weighted-mean`, in thousandths.
    pub weight: u64,
    /// In phase 5 it decides alone.
    pub decisive: bool,
}

/// How phases become one.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CombineRule {
    /// The rule for the known.
    pub combine: CombineName,
    /// What the missing do.
    pub missing: MissingName,
    /// Unknown below so many known.
    pub least_known: u32,
    /// How a mean becomes a phase.
    pub rounding: RoundingName,
}

impl Default for CombineRule {
    fn default() -> Self {
        Self { combine: CombineName::Worst, missing: MissingName::AnyKnown, least_known: 1, rounding: RoundingName::HalfUp }
    }
}

/// What the rules ask of the parts of one row.
#[derive(Copy, Clone, Debug, Default)]
pub struct Tally {
    /// How many stand in each phase or worse.
    pub at_least: [u16; 5],
    /// How many there are.
    pub all: u16,
    /// Of those whose worst phase is the worst of all, some is known.
    pub top_known: bool,
    /// A decisive one stands in phase 5.
    pub decided: bool,
    /// Of those that are known, the sum of phases times weights, and of weights.
    pub weighted: (u64, u64),
}

impl Tally {
    fn of(parts: &[Part]) -> Self {
        let top = parts.iter().map(|part| part.tier).max();
        let mut tally = Self { all: u16::try_from(parts.len()).unwrap_or(u16::MAX), ..Self::default() };
        for (part, phase) in parts.iter().filter_map(|part| Some((part, part.phase?))) {
            tally.at_least.iter_mut().take(phase.number().into()).for_each(|count| *count += 1);
            tally.top_known |= Some(part.tier) == top;
            tally.decided |= part.decisive && phase == Phase::CATASTROPHIC;
            tally.weighted.0 += u64::from(phase.number()) * part.weight;
            tally.weighted.1 += part.weight;
        }
        tally
    }

    fn known(&self) -> u16 {
        let [known, ..] = self.at_least;
        known
    }
}

impl CombineRule {
    /// The phase of all parts together; `None` if unknown.
    pub fn apply(&self, parts: &[Part]) -> Option<Phase> {
        self.decide(&Tally::of(parts))
    }

    /// The phase of parts of which this is known; `None` if unknown.
    #[inline]
    pub fn decide(&self, tally: &Tally) -> Option<Phase> {
        if tally.decided {
            return Some(Phase::CATASTROPHIC);
        }
        let known = tally.known();
        if known == 0 || u32::from(known) < self.least_known || self.missing_decides(tally) {
            return None;
        }
        match self.combine {
            CombineName::Worst => worst(tally),
            CombineName::MeanOfWorstHalf => mean_of_worst_half(tally),
            CombineName::WeightedMean => rounded(tally.weighted.0, tally.weighted.1, self.rounding),
            CombineName::Majority => majority(tally),
        }
    }

    /// Whether the rule asks for nothing but the worst of what is known.
    pub fn is_plain_worst(&self) -> bool {
        self.combine == CombineName::Worst && self.missing == MissingName::AnyKnown && self.least_known <= 1
    }

    /// Whether the rule asks if one of those whose worst phase is the worst of all is known.
    pub fn asks_for_the_top(&self) -> bool {
        self.missing == MissingName::AllOfTopTier
    }

    /// Whether the rule asks for the weights of the parts.
    pub fn asks_for_weights(&self) -> bool {
        self.combine == CombineName::WeightedMean
    }

    fn missing_decides(&self, tally: &Tally) -> bool {
        match self.missing {
            MissingName::AnyKnown => false,
            MissingName::CompleteOnly => tally.known() < tally.all,
            MissingName::AllOfTopTier => !tally.top_known,
        }
    }
}

fn worst(tally: &Tally) -> Option<Phase> {
    Phase::new(tally.at_least.iter().map(|count| u8::from(*count > 0)).sum())
}

/// Each of the worse half counts 1 for every phase that it reaches.
fn mean_of_worst_half(tally: &Tally) -> Option<Phase> {
    let half = tally.known().div_ceil(2);
    let sum: u64 = tally.at_least.iter().map(|count| u64::from(*count.min(&half))).sum();
    rounded(sum, half.into(), RoundingName::HalfUp)
}

fn majority(tally: &Tally) -> Option<Phase> {
    let [one, two, three, four, five] = tally.at_least;
    let counts = [one - two, two - three, three - four, four - five, five];
    // Ties go to the worse phase, so that a count never hides the gravest need.
    counts.into_iter().zip(Phase::ALL).filter(|(count, _)| *count > 0).max().map(|(_, phase)| phase)
}

fn rounded(sum: u64, count: u64, rounding: RoundingName) -> Option<Phase> {
    if count == 0 {
        return None;
    }
    let number = match rounding {
        RoundingName::HalfUp => (2 * sum + count) / (2 * count),
        RoundingName::Up => sum.div_ceil(count),
        RoundingName::Down => sum / count,
    };
    Phase::new(u8::try_from(number).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(phases: &[u8]) -> Vec<Part> {
        phases.iter().map(|&number| Part { phase: Phase::new(number), tier: Phase::CATASTROPHIC, weight: 1000, decisive: false }).collect()
    }

    fn rule(combine: CombineName) -> CombineRule {
        CombineRule { combine, ..CombineRule::default() }
    }

    #[test]
    fn the_rules_by_hand() {
        // 0 stands for unknown.
        let table: [(CombineName, &[u8], u8); 12] = [
            (CombineName::Worst, &[1, 4, 2], 4),
            (CombineName::Worst, &[0, 2, 0], 2),
            (CombineName::Worst, &[0, 0], 0),
            (CombineName::MeanOfWorstHalf, &[1, 2, 3, 4], 4),    // (4 + 3) / 2 = 3.5
            (CombineName::MeanOfWorstHalf, &[1, 2, 2, 4, 0], 3), // (4 + 2) / 2 = 3
            (CombineName::MeanOfWorstHalf, &[1, 1, 2], 2),       // (2 + 1) / 2 = 1.5
            (CombineName::MeanOfWorstHalf, &[5], 5),
            (CombineName::Majority, &[1, 1, 3, 3], 3),
            (CombineName::Majority, &[1, 1, 1, 5], 1),
            (CombineName::WeightedMean, &[1, 2], 2), // 1.5
            (CombineName::WeightedMean, &[1, 1, 2], 1),
            (CombineName::WeightedMean, &[0, 0], 0),
        ];
        for (name, phases, expected) in table {
            assert_eq!(rule(name).apply(&parts(phases)), Phase::new(expected), "{name:?} {phases:?}");
        }
    }

    #[test]
    fn weights_are_renormalised_over_the_known() {
        let mut three = parts(&[1, 4, 0]);
        three[1].weight = 3000;
        assert_eq!(rule(CombineName::WeightedMean).apply(&three), Phase::new(3)); // (1 + 12) / 4 = 3.25
        let up = CombineRule { rounding: RoundingName::Up, ..rule(CombineName::WeightedMean) };
        assert_eq!(up.apply(&three), Phase::new(4));
    }

    #[test]
    fn missing_rules() {
        let mut two = parts(&[0, 2]);
        two[1].tier = Phase::SEVERE;
        let with = |missing| CombineRule { missing, ..CombineRule::default() };
        assert_eq!(with(MissingName::AnyKnown).apply(&two), Phase::new(2));
        assert_eq!(with(MissingName::AllOfTopTier).apply(&two), None);
        assert_eq!(with(MissingName::CompleteOnly).apply(&two), None);
        assert_eq!(with(MissingName::CompleteOnly).apply(&parts(&[1, 2])), Phase::new(2));
        assert_eq!(CombineRule { least_known: 2, ..CombineRule::default() }.apply(&two), None);
    }

    #[test]
    fn a_decisive_indicator_decides_alone() {
        let mut two = parts(&[5, 0]);
        two[0].decisive = true;
        assert_eq!(CombineRule { missing: MissingName::CompleteOnly, ..CombineRule::default() }.apply(&two), Phase::new(5));
        two[0].phase = Phase::new(4);
        assert_eq!(CombineRule { missing: MissingName::CompleteOnly, ..CombineRule::default() }.apply(&two), None);
    }
}
