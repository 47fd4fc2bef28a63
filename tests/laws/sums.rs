//! P2: the country is the sum of its areas and of its groups, to the last place; and nobody is lost on the way.

use std::collections::BTreeMap;

use pinpoint::domain::people::split_by_largest_remainder;
use pinpoint::domain::{Decimal, People};
use pinpoint::report::summary::key_figures;
use proptest::prelude::*;

use super::cases;
use super::runs::{Figure, ISLANDS, Key, Run, run_islands, run_world};
use super::world::any_world;

#[derive(Clone, Debug, Default, PartialEq)]
struct Sums {
    population: Option<People>,
    affected: Option<People>,
    in_need: Option<People>,
    targeted: Option<People>,
    assessed: Option<People>,
}

fn add(sum: &mut Option<People>, people: Option<People>) {
    if let Some(people) = people {
        *sum = Some(sum.unwrap_or_default() + people);
    }
}

impl Sums {
    fn add(&mut self, row: &Figure) {
        add(&mut self.population, row.population);
        add(&mut self.affected, row.affected);
        add(&mut self.in_need, row.in_need);
        add(&mut self.targeted, row.targeted);
        add(&mut self.assessed, row.in_need.and(row.population));
    }
}

/// Adds up the rows of the units, without the engine, and holds every row above against the sums.
fn check(run: &Run) -> Result<(), TestCaseError> {
    let mut expected: BTreeMap<Key, Sums> = BTreeMap::new();
    let of_people = |key: &Key| matches!(key[5].as_str(), "overall" | "aor");
    let tree = &run.analysis.areas;
    for (key, row) in run.figures.iter().filter(|(key, row)| of_people(key) && row.method != "sum" && is_unit(run, key)) {
        let area = tree.find(&pinpoint::domain::PCode::new(&key[0]).unwrap()).unwrap();
        for at in tree.path(area) {
            let pcode = tree.get(at).pcode.as_str().to_owned();
            let mut to = |group: &str| {
                let mut above = key.clone();
                (above[0], above[1], above[2]) = (pcode.clone(), String::new(), group.to_owned());
                expected.entry(above).or_default().add(row);
            };
            to("");
            if !key[2].is_empty() && at != area {
                to(&key[2]);
            }
        }
    }
    for (key, sums) in &expected {
        let row = run.figures.get(key);
        prop_assert!(row.is_some(), "no row {:?}", key);
        let row = row.unwrap();
        let found = (row.population, row.affected, row.in_need, row.targeted);
        prop_assert_eq!(found, (sums.population, sums.affected, sums.in_need, sums.targeted), "{:?}", key);
        if row.method == "sum" {
            let coverage = sums.population.and_then(|people| sums.assessed.unwrap_or_default().share_of(people));
            prop_assert_eq!(&row.coverage, &coverage.map(|share| share.0.to_string()), "{:?}", key);
        }
    }
    // And no row stands above that no unit made.
    for (key, row) in run.figures.iter().filter(|(key, _)| of_people(key)) {
        prop_assert!(row.method != "sum" || expected.contains_key(key), "{:?} is a sum of nothing", key);
    }
    Ok(())
}

/// Whether a row is a unit's own and no sum: its cell is counted.
fn is_unit(run: &Run, key: &Key) -> bool {
    let area = run.analysis.areas.find(&pinpoint::domain::PCode::new(&key[0]).unwrap()).unwrap();
    let group = run.analysis.cells.groups().find(|group| group.code == key[2]);
    let cell = run.analysis.cells.find(area, &key[1], group.filter(|_| !key[2].is_empty()));
    cell.is_some_and(|cell| run.analysis.population.is_counted(cell))
}

/// A unit's leaves add up to it where we estimated them.
fn check_leaves(run: &Run) -> Result<(), TestCaseError> {
    let analysis = &run.analysis;
    for cell in run.counted() {
        let leaves: Vec<_> = analysis.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        for &series in analysis.series.iter().filter(|_| !leaves.is_empty()) {
            let parts: Option<Vec<People>> = leaves.iter().map(|&slot| analysis.in_need.in_need(slot, series)).collect();
            let total = analysis.in_need.in_need(analysis.population.slots.total(cell), series);
            // Shares of a share are rounded at the twelfth place, leaf by leaf.
            let off = parts.zip(total).map(|(parts, total)| (parts.into_iter().sum::<People>() - total).0.to_units().abs());
            prop_assert!(off.is_none_or(|units| units <= 4), "{}: {off:?}", series.code());
        }
    }
    Ok(())
}

/// Everybody who came in is assessed or not assessed, in every area.
fn check_everybody(run: &Run, population: People) -> Result<(), TestCaseError> {
    let analysis = &run.analysis;
    let key = key_figures(analysis);
    prop_assert_eq!(key.population.unwrap_or_default(), population);
    for area in analysis.areas.ids() {
        for &series in &analysis.series {
            let rolled = analysis.rolled.area(area, series);
            let unknown = run.counted().filter(|&cell| {
                let inside = analysis.areas.path(analysis.cells.key(cell).area).any(|at| at == area);
                inside && analysis.in_need.in_need(analysis.population.slots.total(cell), series).is_none()
            });
            let unknown: People = unknown.map(|cell| analysis.population.of(cell).unwrap()).sum();
            prop_assert_eq!(rolled.assessed.unwrap_or_default() + unknown, rolled.population.unwrap_or_default());
        }
    }
    prop_assert_eq!(
        key.not_assessed.unwrap_or_default()
            + analysis.rolled.area(analysis.areas.country(), analysis.series[0]).assessed.unwrap_or_default(),
        population
    );
    Ok(())
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn every_area_and_group_is_the_exact_sum_of_its_units((rules, world) in any_world()) {
        let run = run_world(&rules, &world);
        check(&run)?;
        check_leaves(&run)?;
    }

    #[test]
    fn nobody_is_lost((rules, world) in any_world()) {
        let hundredths: i128 = world.districts().flat_map(|district| &district.units).map(|unit| i128::from(unit.people.total())).sum();
        check_everybody(&run_world(&rules, &world), People(Decimal::from_units(hundredths * 10_000_000_000)))?;
    }

    #[test]
    fn a_split_by_largest_remainder_adds_up_and_moves_nobody_by_more_than_one(
        units in prop::collection::vec(prop_oneof![0_i128..5_000_000_000_000_000, (0_i128..9000).prop_map(|half| half * 500_000_000_000)], 0..12),
    ) {
        let parts: Vec<People> = units.iter().map(|units| People(Decimal::from_units(*units))).collect();
        let split = split_by_largest_remainder(&parts);
        prop_assert_eq!(split.len(), parts.len());
        prop_assert_eq!(split.iter().sum::<i128>(), parts.iter().copied().sum::<People>().rounded());
        for (whole, units) in split.iter().zip(&units) {
            let below = units.div_euclid(1_000_000_000_000);
            prop_assert!(*whole == below || *whole == below + 1, "{units} became {whole}");
            prop_assert!(*units % 1_000_000_000_000 != 0 || *whole == below, "{units} is whole and became {whole}");
        }
        // Whoever has the larger remainder is rounded up first.
        let rest = |at: usize| units[at].rem_euclid(1_000_000_000_000);
        let raised = |at: usize| split[at] > units[at].div_euclid(1_000_000_000_000);
        for a in 0..split.len() {
            for b in 0..split.len() {
                prop_assert!(!(raised(b) && !raised(a) && rest(a) > rest(b)), "{:?} {:?}", units, split);
            }
        }
    }
}

#[test]
fn two_islands_adds_up() {
    let run = run_islands(&ISLANDS);
    check(&run).unwrap();
    check_leaves(&run).unwrap();
    let page = ISLANDS.pages.iter().find(|page| page.name == "population").unwrap();
    let (people, group) = (page.column("population").unwrap(), page.column("population_group").unwrap());
    let count = |row: &Vec<super::book::Cell>| match &row[people] {
        super::book::Cell::Number(number) => *number,
        _ => 0.0,
    };
    assert!(page.rows.len() > 20 && group > 0);
    let total: f64 = run.counted().map(|cell| run.analysis.population.of(cell).unwrap().to_f64()).sum();
    let read: f64 = page.rows.iter().skip(1).map(count).sum();
    assert!(total <= read && total > 0.0, "{total} {read}");
    check_everybody(&run, People(Decimal::from_f64(total).unwrap())).unwrap();
}
