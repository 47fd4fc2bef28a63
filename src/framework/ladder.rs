//! A value becomes a phase here and nowhere else. A value on a bound belongs to the worse phase; values and
//! bounds are compared as decimals rounded to nine places (method, sections 4.1 and 14.2).

use super::files::WorseWhenName;
use crate::domain::Phase;

/// Lower bounds of the phases. A phase that the source does not fix has none and cannot be reached.
#[derive(Clone, Debug, PartialEq)]
pub struct ThresholdLadder {
    worse_when: WorseWhenName,
    /// Bounds as written, mildest phase first.
    bounds: Vec<(Phase, f64)>,
    /// For each phase the mildest value that belongs to it or to a worse one, turned so that greater is worse.
    cuts: Vec<(u8, f64)>,
}

impl ThresholdLadder {
    /// A ladder of bounds in the order of their phases; `None` unless each is strictly worse than the one before.
    pub fn new(worse_when: WorseWhenName, bounds: Vec<(Phase, f64)>) -> Option<Self> {
        let steps: Vec<(u8, f64)> = bounds.iter().map(|&(phase, bound)| (phase.number(), height(turned(worse_when, bound)))).collect();
        let rising = steps.is_sorted_by(|a, b| a.0 < b.0 && a.1 < b.1);
        let is_ladder = rising && !steps.is_empty() && steps.iter().all(|(_, bound)| bound.is_finite());
        let cuts = steps.into_iter().map(|(phase, bound)| (phase, least_of_height(bound))).collect();
        is_ladder.then_some(Self { worse_when, bounds, cuts })
    }

    /// The phase of a value; `None` for NaN and for a value milder than every bound.
    pub fn phase_of(&self, value: f64) -> Option<Phase> {
        Phase::new(self.number_of(value))
    }

    /// The phase's number, or 0 for none: the form in which a whole column is scored.
    #[inline]
    pub fn number_of(&self, value: f64) -> u8 {
        let value = turned(self.worse_when, value);
        let mut number = 0;
        for &(phase, cut) in &self.cuts {
            // A comparison with NaN is false, so that missing never scores.
            if value >= cut {
                number = phase;
            }
        }
        number
    }

    /// -1 where lower values are worse, and for phases 1 to 5 the value, times that, from which on a phase or a worse one
    /// begins; NaN where none does.
    pub fn cuts(&self) -> (f64, [f64; 5]) {
        let mut cuts = [f64::NAN; 5];
        for (phase, cut) in (1..).zip(&mut cuts) {
            *cut = self.cuts.iter().find(|(number, _)| *number >= phase).map_or(f64::NAN, |(_, cut)| *cut);
        }
        (turned(self.worse_when, 1.0), cuts)
    }

    /// The worst phase that a value can reach.
    pub fn tier(&self) -> Phase {
        self.bounds.last().map_or(Phase::MINIMAL, |(phase, _)| *phase)
    }

    /// The bounds as written, mildest first.
    pub fn bounds(&self) -> &[(Phase, f64)] {
        &self.bounds
    }

    /// Which direction is worse.
    pub const fn worse_when(&self) -> WorseWhenName {
        self.worse_when
    }
}

fn turned(worse_when: WorseWhenName, value: f64) -> f64 {
    match worse_when {
        WorseWhenName::Higher => value,
        WorseWhenName::Lower => -value,
    }
}

/// A value in whole units of 1e-9.
fn height(value: f64) -> f64 {
    (value * 1e9).round()
}

/// The least value that stands so high: heights rise with values, so that it is found by halving, and comparing with it is
/// comparing heights.
fn least_of_height(bound: f64) -> f64 {
    // The bits of numbers as whole numbers in the order of their values; done twice it undoes itself.
    let turned_bits = |bits: i64| bits ^ ((bits >> 63).cast_unsigned() >> 1).cast_signed();
    let value_of = |order: i64| f64::from_bits(turned_bits(order).cast_unsigned());
    let order_of = |value: f64| turned_bits(value.to_bits().cast_signed());
    let (mut below, mut reached) = (order_of(f64::MIN), order_of(f64::MAX));
    while below + 1 < reached {
        let middle = below.midpoint(reached);
        if height(value_of(middle)) >= bound { reached = middle } else { below = middle }
    }
    value_of(reached)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ladder(worse_when: WorseWhenName, bounds: [f64; 5]) -> ThresholdLadder {
        ThresholdLadder::new(worse_when, Phase::ALL.into_iter().zip(bounds).collect()).unwrap()
    }

    #[test]
    fn a_value_on_a_bound_belongs_to_the_worse_phase() {
        let higher = ladder(WorseWhenName::Higher, [0.0, 5.0, 15.0, 30.0, 50.0]);
        for (value, phase) in [
            (0.0, 1),
            (4.9, 1),
            (5.0, 2),
            (14.99, 2),
            (15.0, 3),
            (29.999_999_999_999_996, 4),
            (30.000_000_000_000_004, 4),
            (29.999_999_99, 3),
            (50.0, 5),
            (99.0, 5),
        ] {
            assert_eq!(higher.phase_of(value), Phase::new(phase), "value {value}");
        }
        let lower = ladder(WorseWhenName::Lower, [100.0, 80.0, 60.0, 40.0, 20.0]);
        for (value, phase) in [(100.0, 1), (81.0, 1), (80.0, 2), (60.0, 3), (59.0, 3), (20.0, 5), (0.0, 5)] {
            assert_eq!(lower.phase_of(value), Phase::new(phase), "value {value}");
        }
    }

    /// A cut is the least value whose height reaches the bound, whatever lies around it.
    #[test]
    fn cuts_stand_where_rounding_does() {
        for bound in [0.0, 0.05, 0.3, 5.0, 15.0, 30.0, 0.1 + 0.2, -2.5, 1e-9, 12_345.678_9, 1e15, 3e200] {
            let cut = least_of_height(height(bound));
            assert!(height(cut) >= height(bound) && height(cut.next_down()) < height(bound), "{bound} {cut}");
        }
    }

    #[test]
    fn no_data_is_not_phase_1() {
        assert_eq!(ladder(WorseWhenName::Higher, [0.0, 5.0, 15.0, 30.0, 50.0]).phase_of(f64::NAN), None);
    }

    #[test]
    fn below_every_bound_is_unknown() {
        let open = ThresholdLadder::new(WorseWhenName::Higher, vec![(Phase::SEVERE, 15.0)]).unwrap();
        assert_eq!(open.phase_of(14.0), None);
        assert_eq!(open.phase_of(15.0), Some(Phase::SEVERE));
        assert_eq!(open.tier(), Phase::SEVERE);
    }

    #[test]
    fn a_ladder_has_no_gap_and_no_overlap() {
        let two = |a, b| ThresholdLadder::new(WorseWhenName::Higher, vec![(Phase::MINIMAL, a), (Phase::SEVERE, b)]);
        assert!(two(5.0, 5.0).is_none());
        assert!(two(6.0, 5.0).is_none());
        assert!(two(5.0, 6.0).is_some());
    }
}
