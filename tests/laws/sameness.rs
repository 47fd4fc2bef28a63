//! P6: the order of rows, columns and sheets, the spelling of codes, and what nobody reads move no figure.

use std::collections::BTreeMap;

use pinpoint::domain::PCode;
use pinpoint::framework::Context;
use proptest::prelude::*;

use super::book::{Book, Cell, Dice, Page, text};
use super::cases;
use super::rules::any_rules;
use super::runs::{AREA_COEFFICIENT, Figure, ISLANDS, ISLANDS_CONTEXT, Key, Run, run_book, run_islands, run_world, world_book};
use super::world::{People, Unit, World, any_world, world};

/// The files whose bytes no order may move; `audit.csv` gives addresses, which move with their cells.
fn same_files(a: &Run, b: &Run) -> Result<(), TestCaseError> {
    let (a, b) = (a.text_files(), b.text_files());
    for name in ["figures.csv", "severity.csv", "needs_wide.csv"] {
        prop_assert!(a[name] == b[name], "{} differs", name);
    }
    Ok(())
}

/// Another code for each district and province, in another order.
fn new_codes(book: &Book, seed: u64) -> BTreeMap<String, String> {
    let areas = book.pages.iter().find(|page| page.name == "areas").unwrap();
    let pcode = areas.column("pcode").unwrap();
    let old: Vec<String> =
        areas.rows.iter().skip(1).filter_map(|row| if let Cell::Text(code) = &row[pcode] { Some(code.clone()) } else { None }).collect();
    let mut new: Vec<String> = (0..old.len()).map(|at| format!("Q{:03}", 7 * at + 1)).collect();
    Dice(seed).shuffle(&mut new);
    // The country is no code of the tables.
    old.into_iter().zip(new).filter(|(old, _)| old.len() > 2).collect()
}

fn rename_tiers(context: &Context, codes: &BTreeMap<String, String>) -> Context {
    let mut context = context.clone();
    for area in context.tiers.iter_mut().flat_map(|tier| &mut tier.areas) {
        if let Some(new) = codes.get(area.as_str()) {
            *area = PCode::new(new).unwrap();
        }
    }
    context
}

fn renamed(figures: &BTreeMap<Key, Figure>, codes: &BTreeMap<String, String>) -> BTreeMap<Key, Figure> {
    let rename = |key: &Key| {
        let mut key = key.clone();
        if let Some(new) = codes.get(&key[0]) {
            key[0].clone_from(new);
        }
        key
    };
    figures.iter().map(|(key, row)| (rename(key), row.clone())).collect()
}

/// A column nobody reads in every sheet, and a sheet nobody reads.
fn with_padding(book: &Book) -> Book {
    let mut book = book.clone();
    for page in &mut book.pages {
        for (at, row) in page.rows.iter_mut().enumerate() {
            row.insert(1, if at == 0 { text("remarks of the enumerator") } else { Cell::Number(1e9) });
            row.push(if at == 0 { text("phase of the moon") } else { text("5") });
        }
    }
    let mut notes = Page::new("notes", &["pcode", "population", "in_need"]);
    notes.rows.push(vec![text("XL0101"), Cell::Number(99.0), Cell::Number(99.0)]);
    book.pages.insert(0, notes);
    book
}

/// The rows of one province, and of nothing else.
fn one_province(world: &World, at: usize) -> World {
    World { provinces: vec![world.provinces[at].clone()], ..world.clone() }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn the_order_of_rows_columns_and_sheets_moves_no_byte((rules, world) in any_world(), seed in any::<u64>()) {
        let book = world_book(&rules, &world);
        let run = |book: &Book| run_book(book, &rules.framework, &rules.context);
        same_files(&run(&book), &run(&book.shuffled(seed)))?;
    }

    #[test]
    fn columns_and_sheets_that_nobody_reads_move_no_byte((rules, world) in any_world()) {
        let book = world_book(&rules, &world);
        let run = |book: &Book| run_book(book, &rules.framework, &rules.context);
        same_files(&run(&book), &run(&with_padding(&book)))?;
    }

    #[test]
    fn other_p_codes_carry_the_same_figures((rules, world) in any_world(), seed in any::<u64>()) {
        let book = world_book(&rules, &world);
        let codes = new_codes(&book, seed);
        let before = run_book(&book, &rules.framework, &rules.context);
        let after = run_book(&book.renamed(|code| codes.get(code).cloned()), &rules.framework, &rename_tiers(&rules.context, &codes));
        prop_assert_eq!(renamed(&before.figures, &codes), after.figures);
        prop_assert_eq!(before.analysis.mosaic_levels, after.analysis.mosaic_levels);
        prop_assert_eq!(before.analysis.priorities, after.analysis.priorities);
    }

    #[test]
    fn a_group_split_in_two_alike_keeps_the_totals(rules in any_rules(), world in world(), pick in any::<prop::sample::Index>(), part in 0_u32..=100) {
        let mut split = world.clone();
        let mut districts: Vec<_> = split.districts_mut().filter(|district| !district.units[0].group.is_empty()).collect();
        prop_assume!(!districts.is_empty());
        let at = pick.index(districts.len());
        // Not the first: coefficients know that group by name.
        let units = &mut districts.swap_remove(at).units;
        prop_assume!(units.len() > 1);
        let mut other = units[1].clone();
        "Residents, other".clone_into(&mut other.group);
        // Figures that stand for the group as a whole are not split.
        let without_figures = |unit: &mut Unit| (unit.given, unit.affected, unit.sectors) = ([None; 6], None, None);
        without_figures(&mut other);
        other.targeted = None;
        let of = |people: u32| (u64::from(people) * u64::from(part) / 100) as u32;
        match (&mut units[1].people, &mut other.people) {
            (People::Total(whole), People::Total(part)) => {
                *part = of(*part);
                *whole -= *part;
            }
            (People::Leaves(whole), People::Leaves(parts)) => {
                for (whole, part) in whole.iter_mut().zip(parts) {
                    *part = of(*part);
                    *whole -= *part;
                }
            }
            _ => {}
        }
        let mut base = world.clone();
        base.districts_mut().flat_map(|district| &mut district.units).filter(|unit| unit.group == "Residents").for_each(without_figures);
        units.push(other);
        split.districts_mut().flat_map(|district| &mut district.units).filter(|unit| unit.group == "Residents").for_each(without_figures);
        let (before, after) = (run_world(&rules, &base), run_world(&rules, &split));
        for (key, row) in before.figures.iter().filter(|(key, row)| row.method == "sum" && key[2].is_empty()) {
            let new = &after.figures[key];
            let same = (row.population, row.in_need, row.affected, row.phase, &row.coverage) == (new.population, new.in_need, new.affected, new.phase, &new.coverage);
            prop_assert!(same, "{:?}: {:?} became {:?}", key, row, new);
        }
    }

    #[test]
    fn rows_of_sums_other_spellings_and_rows_not_filled_in_move_no_figure((rules, world) in any_world()) {
        let mut plain = world.clone();
        plain.sums.clear();
        for unit in plain.districts_mut().flat_map(|district| &mut district.units) {
            (unit.spelling, unit.unfilled) = (0, false);
        }
        let (with, without) = (run_world(&rules, &world), run_world(&rules, &plain));
        prop_assert_eq!(with.figures, without.figures);
    }

    #[test]
    fn a_province_alone_has_the_same_figures((rules, world) in any_world(), pick in any::<prop::sample::Index>()) {
        let at = pick.index(world.provinces.len());
        let province = &world.provinces[at].0;
        let (whole, alone) = (run_world(&rules, &world), run_world(&rules, &one_province(&world, at)));
        let of = |run: &Run| -> BTreeMap<Key, Figure> {
            run.figures.iter().filter(|(key, _)| key[0].starts_with(province)).map(|(key, row)| (key.clone(), row.clone())).collect()
        };
        let mut of_whole = of(&whole);
        if alone.analysis.across.units.is_empty() {
            // Where no sheet of sectors was read there are no rows across sectors; where others have one, they are blank.
            of_whole.retain(|key, row| key[5] != "intersectoral" || (row.phase, row.in_need, row.targeted) != (None, None, None));
        }
        prop_assert_eq!(of_whole, of(&alone));
    }
}

proptest! {
    #![proptest_config(cases(8))]

    #[test]
    fn two_islands_in_another_order_and_with_padding_gives_the_same_bytes(seed in any::<u64>()) {
        let run = run_islands(&ISLANDS);
        same_files(&run, &run_islands(&ISLANDS.shuffled(seed)))?;
        same_files(&run, &run_islands(&with_padding(&ISLANDS)))?;
    }

    #[test]
    fn two_islands_under_other_p_codes_gives_the_same_figures(seed in any::<u64>()) {
        let codes = new_codes(&ISLANDS, seed);
        let before = run_islands(&ISLANDS);
        let after = run_book(&ISLANDS.renamed(|code| codes.get(code).cloned()), &AREA_COEFFICIENT, &rename_tiers(&ISLANDS_CONTEXT, &codes));
        prop_assert_eq!(renamed(&before.figures, &codes), after.figures);
    }
}

#[test]
fn each_of_the_two_islands_alone_has_the_same_figures() {
    let whole = run_islands(&ISLANDS);
    for island in ["XV01", "XV02"] {
        let mut book = ISLANDS.clone();
        for page in &mut book.pages {
            let pcode = page.column("pcode").unwrap();
            let mut at = 0;
            page.rows.retain(|row| {
                at += 1;
                at == 1 || matches!(&row[pcode], Cell::Text(code) if code == "XV" || code.starts_with(island))
            });
        }
        let alone = run_islands(&book);
        let mut compared = 0;
        for (key, row) in alone.figures.iter().filter(|(key, _)| key[0].starts_with(island)) {
            assert_eq!(row, &whole.figures[key], "{key:?}");
            compared += 1;
        }
        assert_eq!(compared, whole.figures.keys().filter(|key| key[0].starts_with(island)).count());
    }
}
