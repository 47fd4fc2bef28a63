//! P1: nobody is in need twice, and nobody who is not there.

use pinpoint::domain::{People, Phase, PhaseShares, Scope, Series};
use pinpoint::report::summary::key_figures;
use proptest::prelude::*;

use super::cases;
use super::rules::any_shipped;
use super::runs::{ISLANDS, Run, run_islands, run_world};
use super::world::{any_world, world};

/// 0 <= figure <= population, unrounded and rounded.
fn within(figure: Option<People>, population: Option<People>) -> bool {
    let Some(figure) = figure else { return true };
    let population = population.unwrap_or_default();
    People::ZERO <= figure && figure <= population && 0 <= figure.rounded() && figure.rounded() <= population.rounded()
}

/// Every row of the figures: units, leaves, areas, country. The generated given figures never exceed the population.
fn check_rows(run: &Run) -> Result<(), TestCaseError> {
    for (key, row) in run.figures.iter().filter(|(key, _)| matches!(key[5].as_str(), "overall" | "aor")) {
        prop_assert!(within(row.in_need, row.population), "{key:?} {row:?}");
        prop_assert!(within(row.affected, row.population), "{key:?} {row:?}");
    }
    Ok(())
}

/// Every class of phases adds up to the people that it classes.
fn check_classes(run: &Run) -> Result<(), TestCaseError> {
    let analysis = &run.analysis;
    let population: People = run.counted().filter_map(|cell| analysis.population.of(cell)).sum();
    let key = key_figures(analysis);
    prop_assert_eq!(key.people_by_phase.into_iter().sum::<People>(), population);
    prop_assert_eq!(key.units_by_phase.iter().sum::<usize>(), run.counted().count());
    for priority in &analysis.priorities {
        let mut classes = [People::ZERO; 5];
        for cell in run.counted() {
            if let Some(phase) = analysis.severity.phase(cell, Scope::Risk(priority.risk)) {
                classes[phase.index()] += analysis.population.of(cell).unwrap();
            }
        }
        prop_assert_eq!(classes.into_iter().sum::<People>(), priority.people_assessed);
        prop_assert_eq!(classes[2] + classes[3] + classes[4], priority.people_in_phase_3);
        prop_assert_eq!(classes[3] + classes[4], priority.people_in_phase_4);
        prop_assert!(priority.people_assessed <= population);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn in_need_and_affected_lie_between_nobody_and_the_population((rules, world) in any_world()) {
        check_rows(&run_world(&rules, &world))?;
    }

    #[test]
    fn people_by_phase_add_up_to_the_people_classed((rules, world) in any_world()) {
        check_classes(&run_world(&rules, &world))?;
    }

    #[test]
    fn given_figures_are_kept_whatever_they_are(rules in any_shipped(), mut world in world(), per_cent in 101_u32..500) {
        for unit in world.districts_mut().flat_map(|district| &mut district.units) {
            unit.given = [None, Some(per_cent), None, None, None, None];
            unit.given_by_leaf = false;
            unit.evidence.shares.clear();
        }
        for district in world.districts_mut() {
            if let Some(whole) = &mut district.whole {
                whole.shares.clear();
            }
        }
        let run = run_world(&rules, &world);
        let gp = Series::ALL[1];
        for cell in run.counted() {
            let people = run.analysis.population.of(cell).unwrap();
            let need = run.analysis.in_need.in_need(run.analysis.population.slots.total(cell), gp).unwrap();
            prop_assert!(people == People::ZERO || need > people, "{need} of {people}");
            prop_assert!(people == People::ZERO || run.findings.iter().any(|finding| finding.code.id() == "in-need-above-population"));
        }
        // The others are ours, and stay within the population.
        for (key, row) in run.figures.iter().filter(|(key, _)| matches!(key[6].as_str(), "CP" | "GBV" | "HLP" | "MA")) {
            prop_assert!(within(row.in_need, row.population), "{:?} {:?}", key, row);
        }
    }

    #[test]
    fn shares_by_phase_class_everybody_once(parts in prop::array::uniform5(0_i128..400_000_000_000)) {
        let shares = PhaseShares::new(parts.map(pinpoint::domain::Decimal::from_units));
        prop_assert_eq!(shares.in_or_worse(Phase::MINIMAL), shares.total());
        let steps: Vec<_> = Phase::ALL.into_iter().map(|phase| shares.in_or_worse(phase)).collect();
        prop_assert!(steps.is_sorted_by(|a, b| a >= b), "{steps:?}");
        for (phase, part) in Phase::ALL.into_iter().zip(shares.parts()) {
            let above = steps.get(phase.index() + 1).copied().unwrap_or_default();
            prop_assert_eq!(steps[phase.index()], above + *part);
        }
    }
}

#[test]
fn two_islands_counts_everybody_once() {
    let run = run_islands(&ISLANDS);
    check_classes(&run).unwrap();
    for (key, row) in &run.figures {
        if row.method != "given" && key[5] != "intersectoral" {
            assert!(within(row.in_need, row.population), "{key:?} {row:?}");
        }
    }
}
