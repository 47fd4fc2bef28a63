//! P4: what is missing is unknown: not zero, not phase 1, not in a sum, and no business of anybody else's rows.

use pinpoint::domain::People;
use proptest::prelude::*;

use super::book::{Cell, text};
use super::cases;
use super::rules::{any_rules, any_shipped};
use super::runs::{AREA_COEFFICIENT, ISLANDS, ISLANDS_CONTEXT, Run, run_book, run_world, world_book};
use super::world::{Evidence, World, world};

/// Takes everything that is known about a district away, except who lives there.
fn silence(world: &mut World, pcode: &str) {
    for district in world.districts_mut().filter(|district| district.pcode == pcode) {
        (district.whole, district.across) = (None, None);
        for unit in &mut district.units {
            unit.evidence = Evidence::blank();
            unit.given = [None; 6];
            (unit.affected, unit.sectors) = (None, None);
        }
    }
}

/// A column of a text file.
fn column(run: &Run, file: &str, header: &str) -> Vec<String> {
    let bytes = &run.text_files()[file];
    let mut reader = csv::ReaderBuilder::new().from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let at = reader.headers().unwrap().iter().position(|name| name == header).unwrap();
    reader.records().map(|record| record.unwrap()[at].to_owned()).collect()
}

proptest! {
    #![proptest_config(cases(56))]

    #[test]
    fn a_removed_value_changes_only_the_rows_that_rest_on_it(
        rules in any_rules(),
        world in world(),
        pick in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(),
    ) {
        let before = run_world(&rules, &world);
        let mut less = world.clone();
        let mut units: Vec<_> = less.districts_mut().flat_map(|district| {
            let (pcode, whole) = (district.pcode.clone(), district.whole.clone());
            district.units.iter_mut().map(move |unit| (pcode.clone(), whole.clone(), unit))
        }).collect();
        let at = pick.index(units.len());
        let (pcode, whole, unit) = units.swap_remove(at);
        let known: Vec<usize> = (0..rules.scales.len()).filter(|&at| unit.evidence.values[at].is_some()).collect();
        prop_assume!(!known.is_empty());
        let scale = known[which.index(known.len())];
        unit.evidence.values[scale] = None;
        let own = [pcode.clone(), unit.pocket.clone(), unit.group.clone()];
        let after = run_world(&rules, &less);
        for (key, row) in &before.figures {
            let above = row.method == "sum" || (key[1].is_empty() && key[2] != own[2] && pcode.starts_with(&key[0]));
            let above = above && pcode.starts_with(&key[0]);
            if key[..3] != own && !above {
                prop_assert_eq!(row, &after.figures[key], "{:?}", key);
            }
        }
        // Where the value was the indicator, the indicator is what the whole area says, or unknown; never 1 for that.
        let column = &rules.scales[scale].column;
        let key = [pcode.as_str(), &own[1], &own[2], "", "", "indicator", column.as_str()].map(str::to_owned);
        if let Some(row) = after.figures.get(&key) {
            let inherited = whole.as_ref().and_then(|whole| whole.values[scale]).is_some();
            prop_assert!(inherited || row.phase.is_none(), "{:?} {:?}", key, row);
        }
    }

    #[test]
    fn an_area_without_data_is_unknown_everywhere_and_in_no_sum(rules in any_rules(), world in world(), pick in any::<prop::sample::Index>()) {
        let pcodes: Vec<String> = world.districts().map(|district| district.pcode.clone()).collect();
        let silent = &pcodes[pick.index(pcodes.len())];
        let mut without = world.clone();
        silence(&mut without, silent);
        let run = run_world(&rules, &without);
        for (key, row) in run.figures.iter().filter(|(key, _)| key[0] == *silent) {
            prop_assert_eq!((row.phase, row.in_need, row.affected, row.method), (None, None, None, ""), "{:?}", key);
        }
        // The others are what they are when the area is not there at all.
        let mut gone = without.clone();
        for (_, districts) in &mut gone.provinces {
            districts.retain(|district| district.pcode != *silent);
        }
        gone.provinces.retain(|(_, districts)| !districts.is_empty());
        if gone.provinces.is_empty() {
            return Ok(());
        }
        let rest = run_world(&rules, &gone);
        for (key, row) in &rest.figures {
            let with = &run.figures[key];
            prop_assert_eq!((row.in_need, row.affected), (with.in_need, with.affected), "{:?}", key);
            // The phase of an area by the people of its units may be known for too few of them.
            prop_assert!(row.phase == with.phase || (with.phase.is_none() && with.method == "sum"), "{:?}", key);
        }
    }

    #[test]
    fn a_country_without_evidence_has_no_figure(rules in any_rules(), mut world in world()) {
        let pcodes: Vec<String> = world.districts().map(|district| district.pcode.clone()).collect();
        for pcode in &pcodes {
            silence(&mut world, pcode);
        }
        let run = run_world(&rules, &world);
        for (key, row) in &run.figures {
            prop_assert_eq!((row.phase, row.in_need, row.affected), (None, None, None), "{:?}", key);
            prop_assert!(row.coverage.as_deref().is_none_or(|coverage| coverage == "0"), "{:?}", key);
        }
        for (file, header) in [("figures.csv", "in_need"), ("figures.csv", "phase"), ("needs_wide.csv", "In Need"), ("needs_wide.csv", "Severity"), ("severity.csv", "phase")] {
            prop_assert!(column(&run, file, header).iter().all(String::is_empty), "{}", file);
        }
        prop_assert!(run.analysis.priorities.iter().all(|priority| priority.people_assessed == People::ZERO));
    }

    #[test]
    fn a_word_for_missing_is_a_blank(rules in any_shipped(), world in world()) {
        let book = world_book(&rules, &world);
        let mut worded = book.clone();
        let ids: Vec<&str> = rules.framework.indicators.iter().map(|indicator| indicator.id.as_str()).collect();
        if let Some(page) = worded.page("indicators") {
            let of_indicators: Vec<bool> = page.rows[0].iter().map(|cell| ids.iter().any(|id| *cell == text(id))).collect();
            for row in page.rows.iter_mut().skip(1) {
                for (cell, _) in row.iter_mut().zip(&of_indicators).filter(|(cell, of_one)| **of_one && **cell == Cell::Blank) {
                    *cell = text("dnk");
                }
            }
        }
        let (blank, worded) = (run_book(&book, &rules.framework, &rules.context), run_book(&worded, &rules.framework, &rules.context));
        prop_assert_eq!(blank.figures, worded.figures);
    }
}

/// Every number of Two Islands' indicators, one at a time: never phase 1, never zero people for want of a value.
#[test]
fn blanking_a_row_of_two_islands_leaves_the_other_areas_alone() {
    let whole = run_book(&ISLANDS, &AREA_COEFFICIENT, &ISLANDS_CONTEXT);
    let indicators = ISLANDS.pages.iter().find(|page| page.name == "indicators").unwrap();
    for at in 1..indicators.rows.len() {
        let mut book = ISLANDS.clone();
        let row = &mut book.page("indicators").unwrap().rows[at];
        let Cell::Text(pcode) = row[0].clone() else { panic!("no p-code") };
        row[3..].fill(Cell::Blank);
        let less = run_book(&book, &AREA_COEFFICIENT, &ISLANDS_CONTEXT);
        for (key, row) in whole.figures.iter().filter(|(key, _)| !pcode.starts_with(&key[0])) {
            assert_eq!(row, &less.figures[key], "{key:?} without row {at} of {pcode}");
        }
        // Only a group with a phase of its own may lose it; none may come to phase 1.
        let milder = |key: &super::runs::Key| less.figures[key].phase.is_some_and(|phase| phase.number() == 1);
        for (key, row) in whole.figures.iter().filter(|(key, _)| key[5] == "indicator" && key[0] == pcode) {
            let new = less.figures[key].phase;
            assert!(row.phase.is_some() || new.is_none(), "{key:?} became known");
            assert!(!milder(key) || !key[2].is_empty() || row.phase == new, "{key:?} came to phase 1");
        }
    }
}
