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

impl CombineRule {
    /// The phase of all parts together; `None` if unknown.
    pub fn apply(&self, parts: &[Part]) -> Option<Phase> {
        if parts.iter().any(|part| part.decisive && part.phase == Some(Phase::CATASTROPHIC)) {
            return Some(Phase::CATASTROPHIC);
        }
        let known = parts.iter().filter(|part| part.phase.is_some()).count();
        if known == 0 || known < self.least_known as usize || self.missing_decides(parts) {
            return None;
        }
        match self.combine {
            CombineName::Worst => parts.iter().filter_map(|part| part.phase).max(),
            CombineName::MeanOfWorstHalf => mean_of_worst_half(parts),
            CombineName::WeightedMean => weighted_mean(parts, self.rounding),
            CombineName::Majority => majority(parts),
        }
    }

    fn missing_decides(&self, parts: &[Part]) -> bool {
        match self.missing {
            MissingName::AnyKnown => false,
            MissingName::CompleteOnly => parts.iter().any(|part| part.phase.is_none()),
            MissingName::AllOfTopTier => {
                let top = parts.iter().map(|part| part.tier).max();
                parts.iter().filter(|part| Some(part.tier) == top).all(|part| part.phase.is_none())
            }
        }
    }
}

/// How many stand in each phase, worst first.
fn counts(parts: &[Part]) -> [(u64, Phase); 5] {
    let mut phases = Phase::ALL;
    phases.reverse();
    phases.map(|phase| (parts.iter().filter(|part| part.phase == Some(phase)).count() as u64, phase))
}

fn mean_of_worst_half(parts: &[Part]) -> Option<Phase> {
    let counts = counts(parts);
    let known: u64 = counts.iter().map(|(count, _)| count).sum();
    let half = known.div_ceil(2);
    let mut left = half;
    let mut sum = 0;
    for (count, phase) in counts {
        let taken = count.min(left);
        sum += taken * u64::from(phase.number());
        left -= taken;
    }
    rounded(sum, half, RoundingName::HalfUp)
}

fn weighted_mean(parts: &[Part], rounding: RoundingName) -> Option<Phase> {
    let known = parts.iter().filter_map(|part| Some((part.phase?, part.weight)));
    let (sum, weight) = known.fold((0, 0), |(sum, all), (phase, weight)| (sum + u64::from(phase.number()) * weight, all + weight));
    rounded(sum, weight, rounding)
}

fn majority(parts: &[Part]) -> Option<Phase> {
    // Ties go to the worse phase, so that a count never hides the gravest need.
    counts(parts).into_iter().filter(|(count, _)| *count > 0).max().map(|(_, phase)| phase)
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
