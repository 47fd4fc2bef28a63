//! P8: a value on a bound belongs to the worse phase; values are compared as decimals of nine places (method, 14.2).

use pinpoint::domain::id::Id;
use pinpoint::domain::{Decimal, Phase, PhaseShares, Share};
use pinpoint::framework::files::{BlankAnswersName, Comparator, UnitName, WorseWhenName};
use pinpoint::framework::ladder::ThresholdLadder;
use pinpoint::framework::rules::{AreaPhaseRule, Indicator};
use pinpoint::framework::score_form::{Compare, ScoreForm, Surroundings, Test};
use pinpoint::table::Column;
use proptest::prelude::*;

use super::book::{Book, Cell, Page, text};
use super::cases;
use super::rules::shipped;
use super::runs::{Run, run_book};

/// The offsets at which each bound is tried, and whether the value still stands on the bound or beyond it on the
/// high side (1), on it (0), or below it (-1).
const OFFSETS: [(f64, i8); 5] = [(-1e-8, -1), (-1e-12, 0), (0.0, 0), (1e-12, 0), (1e-8, 1)];

/// Values at a bound, each with the phase that it must have. `next` is one step of the machine's numbers away.
fn around(ladder: &ThresholdLadder) -> Vec<(f64, Option<Phase>)> {
    let mut tried = Vec::new();
    let higher = ladder.worse_when() == WorseWhenName::Higher;
    for (at, &(phase, bound)) in ladder.bounds().iter().enumerate() {
        let milder = at.checked_sub(1).map(|at| ladder.bounds()[at].0);
        for (offset, side) in OFFSETS {
            let beyond = if higher { side >= 0 } else { side <= 0 };
            tried.push((bound + offset, if beyond { Some(phase) } else { milder }));
        }
        tried.extend([bound.next_down(), bound.next_up()].map(|value| (value, Some(phase))));
    }
    tried
}

/// One district for each value of one column.
fn run_column(indicator: &Indicator, values: &[f64], rules: &super::rules::Rules) -> Run {
    let mut population = Page::new("population", &["pcode", "population"]);
    let mut column = Page::new("indicators", &["pcode", &indicator.id]);
    for (at, value) in values.iter().enumerate() {
        let pcode = format!("XL{at:04}");
        population.rows.push(vec![text(&pcode), Cell::Number(100.0)]);
        column.rows.push(vec![text(&pcode), Cell::Number(*value)]);
    }
    run_book(&Book { pages: vec![population, column] }, &rules.framework, &rules.context)
}

#[test]
fn every_bound_of_every_shipped_ladder_stands_where_it_is_written() {
    let mut bounds = 0;
    for rules in shipped() {
        for indicator in rules.framework.indicators.iter() {
            let (ScoreForm::Ladder(ladder) | ScoreForm::Additive { ladder, .. } | ScoreForm::Count { ladder, .. }) = &indicator.form else {
                continue;
            };
            for (value, phase) in around(ladder) {
                assert_eq!(ladder.phase_of(value), phase, "{} at {value:?}", indicator.id);
            }
            bounds += ladder.bounds().len();
        }
    }
    assert!(bounds > 50);
}

#[test]
fn every_bound_of_every_shipped_ladder_stands_there_in_a_run_too() {
    for rules in shipped() {
        for (id, indicator) in rules.framework.indicators.entries().filter(|(_, indicator)| indicator.is_of_areas()) {
            let ScoreForm::Ladder(ladder) = &indicator.form else { continue };
            let top = if indicator.unit == UnitName::Percent { 100.0 } else { f64::MAX };
            // What lies outside the unit by more than the ninth place is refused, and not the ladder's business.
            let tried: Vec<(f64, Option<Phase>)> =
                around(ladder).into_iter().filter(|(value, _)| (-1e-10..=top + 1e-10).contains(value)).collect();
            let values: Vec<f64> = tried.iter().map(|(value, _)| *value).collect();
            let run = run_column(indicator, &values, rules);
            for (cell, (value, phase)) in run.analysis.cells.ids().zip(&tried) {
                assert_eq!(run.analysis.scored.phase(cell.index(), id), *phase, "{} at {value:?}", indicator.id);
            }
        }
    }
}

#[test]
fn every_number_of_every_shipped_condition_stands_where_it_is_written() {
    let mut bounds = 0;
    for indicator in shipped().iter().flat_map(|rules| rules.framework.indicators.iter()) {
        let ScoreForm::Conditions { list, .. } = &indicator.form else { continue };
        for test in list.iter().flat_map(|condition| &condition.tests) {
            let Test::Number { column, compare, bound } = test else { continue };
            let condition = pinpoint::framework::score_form::Condition { phase: Phase::SEVERE, tests: vec![test.clone()] };
            let form = ScoreForm::Conditions { list: vec![condition], otherwise: None };
            let values: Vec<f64> = OFFSETS.iter().map(|(offset, _)| bound + offset).chain([bound.next_down(), bound.next_up()]).collect();
            let sides = OFFSETS.iter().map(|(_, side)| *side).chain([0, 0]);
            let rule = AreaPhaseRule { cut: Share::percent(20), comparator: Comparator::AtLeast };
            let area_in = |_: &[String]| vec![true; values.len()];
            let scored = form.score(
                &[&Column::Numbers(values.clone())],
                &Surroundings { rows: values.len(), area_in: &area_in, area_phase: rule, blank_answers: BlankAnswersName::Missing },
            );
            for ((side, value), phase) in sides.zip(&values).zip(scored) {
                let holds = match compare {
                    Compare::AtLeast => side >= 0,
                    Compare::MoreThan => side > 0,
                    Compare::AtMost => side <= 0,
                    Compare::LessThan => side < 0,
                };
                assert_eq!(phase == 3, holds, "{column} {compare:?} {bound} at {value:?}");
            }
            bounds += 1;
        }
    }
    assert!(bounds >= 5);
}

#[test]
fn twenty_nine_and_all_the_nines_is_thirty() {
    let ladder = ThresholdLadder::new(WorseWhenName::Higher, Phase::ALL.into_iter().zip([0.0, 5.0, 15.0, 30.0, 50.0]).collect()).unwrap();
    for value in [29.999_999_999_999_996, 30.0, 30.000_000_000_000_004, 0.1 * 300.0, 3.0 / 0.1] {
        assert_eq!(ladder.phase_of(value), Phase::new(4), "{value:?}");
    }
}

/// Where the cumulated share stands exactly on the cut, a hair above it and a hair below it, whatever the total.
#[test]
fn a_share_on_the_cut_is_on_the_cut() {
    for cut in 1..100_i128 {
        for many in (1..=40).chain([333, 1137]) {
            // In thousandths: `cut` per cent of the total stand in phase 5, the others in phase 1.
            let (total, on_it) = (many * 100_000_000_000, many * cut * 1_000_000_000);
            for off in [-1, 0, 1] {
                let parts = [total - on_it - off, 0, 0, 0, on_it + off].map(Decimal::from_units);
                for comparator in [Comparator::AtLeast, Comparator::MoreThan] {
                    let rule = AreaPhaseRule { cut: Share(Decimal::from_units(cut * 10_000_000_000)), comparator };
                    let passes = if comparator == Comparator::AtLeast { off >= 0 } else { off > 0 };
                    let expected = if passes { Phase::CATASTROPHIC } else { Phase::MINIMAL };
                    assert_eq!(rule.phase_of(&PhaseShares::new(parts)), Some(expected), "{cut} % of {many}, {off} beside it");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn a_ladder_compares_as_whole_numbers_of_a_milliardth_do(
        bounds in prop::collection::btree_set(-5_000_000_000_000_i64..5_000_000_000_000, 1..=5),
        value in -5_000_000_000_000_i64..5_000_000_000_000,
        near in prop::option::of((any::<prop::sample::Index>(), -2_i64..=2)),
        higher in any::<bool>(),
    ) {
        let bounds: Vec<i64> = bounds.into_iter().collect();
        let value = near.map_or(value, |(at, by)| bounds[at.index(bounds.len())] + by);
        let sign = if higher { 1 } else { -1 };
        let number = |units: i64| Decimal::from_units(i128::from(sign * units) * 1000).to_f64();
        let steps = Phase::ALL.into_iter().zip(bounds.iter().map(|bound| number(*bound))).collect();
        let ladder = ThresholdLadder::new(if higher { WorseWhenName::Higher } else { WorseWhenName::Lower }, steps).unwrap();
        let passed = bounds.iter().filter(|bound| value >= **bound).count();
        prop_assert_eq!(ladder.phase_of(number(value)), passed.checked_sub(1).map(|at| Phase::ALL[at]));
    }

    #[test]
    fn the_share_rule_compares_exactly(parts in prop::array::uniform5(0_i128..=40), cut in 1_i128..=100, scale in prop_oneof![Just(1_i128), Just(3), Just(7)], at_least in any::<bool>()) {
        // The parts in fortieths or so: the cut is passed where 100 x cumulated stands above cut x total, in whole numbers.
        let shares = PhaseShares::new(parts.map(|part| Decimal::from_units(part * 1_000_000_000 * scale)));
        let rule = AreaPhaseRule {
            cut: Share(Decimal::from_units(cut * 10_000_000_000)),
            comparator: if at_least { Comparator::AtLeast } else { Comparator::MoreThan },
        };
        let total: i128 = parts.iter().sum();
        let passes = |phase: usize| {
            let cumulated = 100 * parts[phase - 1..].iter().sum::<i128>();
            if at_least { cumulated >= cut * total } else { cumulated > cut * total }
        };
        let expected = (1..=5).rev().find(|&phase| total > 0 && passes(phase)).and_then(|phase| Phase::new(phase as u8));
        prop_assert_eq!(rule.phase_of(&shares), expected);
    }

    #[test]
    fn shares_as_a_computer_writes_them_are_compared_as_they_read(hundredths in prop::array::uniform4(0_u32..=100)) {
        // 0.18 + 0.02 is 0.2, through a whole run; the cut of the shipped frameworks is 20 %.
        let mut cuts = hundredths;
        cuts.sort_unstable();
        let parts = [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], cuts[3] - cuts[2], 100 - cuts[3]];
        let mut population = Page::new("population", &["pcode", "population"]);
        population.rows.push(vec![text("XL01"), Cell::Number(1000.0)]);
        let mut shares = Page::new("shares", &["pcode", "scope", "code", "phase1", "phase2", "phase3", "phase4", "phase5"]);
        let row = [text("XL01"), text("aor"), text("GP")].into_iter().chain(parts.map(|part| Cell::Number(f64::from(part) / 100.0)));
        shares.rows.push(row.collect());
        let rules = &shipped()[1];
        let run = run_book(&Book { pages: vec![population, shares] }, &rules.framework, &rules.context);
        let expected = (1..=5_u8).rev().find(|&phase| parts[usize::from(phase) - 1..].iter().sum::<u32>() >= 20).unwrap();
        let row = &run.figures[&["XL01", "", "", "", "", "aor", "GP"].map(str::to_owned)];
        prop_assert_eq!(row.phase.unwrap().number(), expected);
        prop_assert_eq!(row.in_need.unwrap().to_string(), (10 * parts[2..].iter().sum::<u32>()).to_string());
        prop_assert_eq!(row.affected.unwrap().to_string(), (10 * parts[1..].iter().sum::<u32>()).to_string());
    }
}
