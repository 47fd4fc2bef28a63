//! P3: a worse value never gives a milder phase, nor fewer people in need, while the set of known values stays.

use pinpoint::domain::Phase;
use pinpoint::framework::combine::{CombineRule, Part};
use pinpoint::framework::files::{CombineName, MissingName, RoundingName, WorseWhenName};
use pinpoint::framework::ladder::ThresholdLadder;
use proptest::prelude::*;

use super::cases;
use super::rules::monotone_rules;
use super::runs::{Run, run_world};
use super::world::{Evidence, World, world};

/// The rows of evidence of a country, units first.
fn rows_of(world: &mut World) -> Vec<&mut Evidence> {
    world.districts_mut().flat_map(|district| district.units.iter_mut().map(|unit| &mut unit.evidence).chain(&mut district.whole)).collect()
}

/// Whatever was known stays known, and is at least as bad.
fn no_milder(before: &Run, after: &Run) -> Result<(), TestCaseError> {
    prop_assert_eq!(before.figures.len(), after.figures.len());
    for (key, old) in &before.figures {
        let new = &after.figures[key];
        prop_assert_eq!(old.phase.is_some(), new.phase.is_some(), "{:?}", key);
        prop_assert!(new.phase >= old.phase, "{:?}: {:?} became {:?}", key, old.phase, new.phase);
        prop_assert_eq!(old.in_need.is_some(), new.in_need.is_some(), "{:?}", key);
        prop_assert!(new.in_need >= old.in_need, "{:?}: {:?} became {:?}", key, old.in_need, new.in_need);
        prop_assert!(new.affected >= old.affected, "{:?}: {:?} became {:?}", key, old.affected, new.affected);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn a_worse_value_never_lowers_a_phase_or_the_people_in_need(
        rules in monotone_rules(),
        world in world(),
        picks in prop::array::uniform4((any::<prop::sample::Index>(), any::<prop::sample::Index>(), 1_u8..100)),
    ) {
        let before = run_world(&rules, &world);
        for (row, column, by) in picks {
            let mut worse = world.clone();
            let mut rows = rows_of(&mut worse);
            let at = row.index(rows.len());
            let known: Vec<&mut u8> = rows.swap_remove(at).values.iter_mut().take(rules.scales.len()).flatten().collect();
            if known.is_empty() {
                continue;
            }
            let at = column.index(known.len());
            let value = known.into_iter().nth(at).unwrap();
            *value = value.saturating_add(by).min(99);
            no_milder(&before, &run_world(&rules, &worse))?;
        }
    }

    #[test]
    fn everything_worse_at_once_lowers_nothing(rules in monotone_rules(), world in world(), by in 1_u8..60) {
        let mut worse = world.clone();
        for value in rows_of(&mut worse).into_iter().flat_map(|evidence| evidence.values.iter_mut().flatten()) {
            *value = value.saturating_add(by).min(99);
        }
        no_milder(&run_world(&rules, &world), &run_world(&rules, &worse))?;
    }

    #[test]
    fn a_worse_given_phase_or_judgement_lowers_nothing(rules in monotone_rules(), world in world()) {
        let mut worse = world.clone();
        for evidence in rows_of(&mut worse) {
            evidence.phases.iter_mut().flatten().for_each(|phase| *phase = (*phase + 1).min(5));
            evidence.judgements.iter_mut().for_each(|(_, phase)| *phase = (*phase + 1).min(5));
        }
        no_milder(&run_world(&rules, &world), &run_world(&rules, &worse))?;
    }

    #[test]
    fn people_who_move_to_a_worse_phase_lower_nothing(rules in monotone_rules(), world in world(), from in 0_usize..4) {
        let mut worse = world.clone();
        for (_, parts) in rows_of(&mut worse).into_iter().flat_map(|evidence| &mut evidence.shares) {
            let moved = parts[from] / 2;
            parts[from] -= moved;
            parts[from + 1] += moved;
        }
        no_milder(&run_world(&rules, &world), &run_world(&rules, &worse))?;
    }

    #[test]
    fn a_ladder_never_steps_back(bounds in prop::collection::btree_set(0_i64..200_000, 1..=5), a in 0_i64..220_000, b in 0_i64..220_000, higher in any::<bool>()) {
        let sign = if higher { 1.0 } else { -1.0 };
        let steps = Phase::ALL.into_iter().zip(bounds.iter().map(|bound| sign * *bound as f64 / 1e3)).collect();
        let ladder = ThresholdLadder::new(if higher { WorseWhenName::Higher } else { WorseWhenName::Lower }, steps).unwrap();
        let phase = |value: i64| ladder.phase_of(sign * value as f64 / 1e3);
        prop_assert!(phase(a.max(b)) >= phase(a.min(b)));
    }
}

/// Every list of up to four phases, unknown among them.
fn lists() -> impl Iterator<Item = Vec<u8>> {
    (1..=4_u32).flat_map(|length| (0..6_u32.pow(length)).map(move |code| (0..length).map(|at| (code / 6_u32.pow(at) % 6) as u8).collect()))
}

#[test]
fn no_combine_rule_gives_a_milder_phase_for_a_worse_part() {
    let combines = [CombineName::Worst, CombineName::MeanOfWorstHalf, CombineName::WeightedMean];
    let missings = [MissingName::AnyKnown, MissingName::AllOfTopTier, MissingName::CompleteOnly];
    let roundings = [RoundingName::HalfUp, RoundingName::Up, RoundingName::Down];
    let mut rules = Vec::new();
    for combine in combines {
        for missing in missings {
            for rounding in roundings {
                rules.extend([1, 2].map(|least_known| CombineRule { combine, missing, least_known, rounding }));
            }
        }
    }
    let parts = |phases: &[u8]| -> Vec<Part> {
        let weights = [1000, 3000, 500, 2000];
        let part = |(at, phase): (usize, &u8)| Part {
            phase: Phase::new(*phase),
            tier: Phase::ALL[4 - at],
            weight: weights[at],
            decisive: at == 1,
        };
        phases.iter().enumerate().map(part).collect()
    };
    let mut compared = 0;
    for list in lists() {
        for at in (0..list.len()).filter(|&at| (1..5).contains(&list[at])) {
            let mut worse = list.clone();
            worse[at] += 1;
            let (list, worse) = (parts(&list), parts(&worse));
            for rule in &rules {
                let (before, after) = (rule.apply(&list), rule.apply(&worse));
                assert!(after >= before, "{rule:?}: {list:?} gives {before:?}, {worse:?} gives {after:?}");
                // Between the mildest and the worst that is known, and the worst where that is the rule.
                let known = || list.iter().filter_map(|part| part.phase);
                assert!(before.is_none() || (before <= known().max() && before >= known().min()), "{rule:?}: {list:?} gives {before:?}");
                assert!(
                    rule.combine != CombineName::Worst || before.is_none() || before == known().max(),
                    "{rule:?}: {list:?} gives {before:?}"
                );
                compared += 1;
            }
        }
    }
    assert!(compared > 100_000);
}

/// Not a law but a limit, and the reason why the laws above leave this rule out (method, section 14.5).
#[test]
fn a_majority_may_become_milder_for_a_worse_part() {
    let rule = CombineRule { combine: CombineName::Majority, ..CombineRule::default() };
    let parts =
        |phases: [u8; 3]| phases.map(|phase| Part { phase: Phase::new(phase), tier: Phase::CATASTROPHIC, weight: 1000, decisive: false });
    assert_eq!(rule.apply(&parts([3, 2, 1])), Phase::new(3));
    assert_eq!(rule.apply(&parts([3, 2, 2])), Phase::new(2));
}
