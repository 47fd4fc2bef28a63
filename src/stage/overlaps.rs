//! Categories and areas that overlap, so that people would be counted twice (method, section 7): age bands that share years,
//! one sex under two names, groups that are the sum of the others, areas that are the sum of those whose codes begin alike.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::CellTable;
use super::population::PopulationTable;
use super::total_words::{FEMALE, MALE};
use crate::diag::shown::quoted;
use crate::diag::{Code, Findings, Place};
use crate::domain::{AreaId, AreaTree, CellId, GroupId, Leaf, People};
use crate::table::folded;

/// Two parts of a cell that count the same people, in words.
pub(super) fn overlapping_parts<'a>(leaves: impl Iterator<Item = &'a Leaf>) -> Option<String> {
    let mut by_sex: BTreeMap<String, Vec<(&str, (u32, u32))>> = BTreeMap::new();
    let mut sexes: BTreeMap<(String, String), &str> = BTreeMap::new();
    for leaf in leaves {
        let sex = sex_of(&leaf.sex);
        if let Some(other) = sexes.insert((sex.clone(), folded(&leaf.age)), &leaf.sex)
            && other != leaf.sex
        {
            return Some(format!("{} and {} are one sex", quoted(other), quoted(&leaf.sex)));
        }
        if let Some(years) = years_of(&leaf.age) {
            by_sex.entry(sex).or_default().push((&leaf.age, years));
        }
    }
    by_sex.into_values().find_map(|mut bands| {
        bands.sort_by_key(|(_, years)| *years);
        let pairs = bands.iter().zip(bands.iter().skip(1));
        let shared = pairs.into_iter().find(|((_, (_, last)), (_, (first, _)))| first <= last);
        shared.map(|((one, _), (other, _))| format!("the ages {} and {} overlap", quoted(one), quoted(other)))
    })
}

fn sex_of(name: &str) -> String {
    let name = folded(name);
    let is = |names: &[&str]| names.contains(&name.as_str());
    if is(&FEMALE) {
        "female".into()
    } else if is(&MALE) {
        "male".into()
    } else {
        name
    }
}

/// First and last year of an age band: `0-17`, `18+`, `<5`, `60 plus`. `None` for what is no such band.
fn years_of(age: &str) -> Option<(u32, u32)> {
    let plain: String = age.to_lowercase().chars().filter(|letter| !letter.is_whitespace()).collect();
    let plain = plain.trim_end_matches(|letter: char| letter.is_alphabetic() && !plain.ends_with("plus"));
    let number = |text: &str| (1..=3).contains(&text.len()).then(|| text.parse::<u32>().ok()).flatten();
    if let Some(from) = plain.strip_suffix('+').or_else(|| plain.strip_suffix("plus")).or_else(|| plain.strip_prefix(">=")) {
        return Some((number(from.trim_end_matches('_'))?, u32::MAX));
    }
    if let Some(below) = plain.strip_prefix('<') {
        return Some((0, number(below)?.checked_sub(1)?));
    }
    let (first, last) = plain.split_once(['-', '_', '–'])?;
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

/// Says which groups and areas are the sum of others beside which they are counted.
pub(super) fn say_sums(table: &PopulationTable, cells: &CellTable, areas: &AreaTree, found: &mut Findings) {
    say_groups(table, cells, found);
    say_areas(table, cells, areas, found);
}

/// A group that has in every area as many people as all others there together, in more than one area and beside more than one
/// other group.
fn say_groups(table: &PopulationTable, cells: &CellTable, found: &mut Findings) {
    let mut by_area: BTreeMap<AreaId, Vec<(GroupId, People, CellId)>> = BTreeMap::new();
    for cell in cells.ids().filter(|&cell| table.is_counted(cell) && cells.key(cell).pocket.is_empty()) {
        if let (Some(group), Some(people)) = (cells.key(cell).group, table.of(cell)) {
            by_area.entry(cells.key(cell).area).or_default().push((group, people, cell));
        }
    }
    // Areas in which the group is the sum of at least two others; `None` once it is not.
    let mut sums: BTreeMap<GroupId, Option<(usize, CellId)>> = BTreeMap::new();
    for groups in by_area.values() {
        let all: People = groups.iter().map(|(_, people, _)| *people).sum();
        for &(group, people, cell) in groups {
            let is_sum = all - people == people;
            let lives = groups.iter().filter(|(_, people, _)| *people > People::ZERO).count();
            let known = sums.entry(group).or_insert(Some((0, cell)));
            *known = known.filter(|_| is_sum).map(|(times, first)| (times + usize::from(lives > 2), first));
        }
    }
    for (group, sum) in sums {
        if let Some((times, cell)) = sum.filter(|(times, _)| *times > 1) {
            let name = quoted(cells.groups()[group].code.as_str());
            let message =
                format!("the group {name} has as many people as all other groups together, in each of {times} areas: it is their sum");
            found.add(Code::SumAsGroup, table.places.get(&cell).cloned().unwrap_or(Place::Input), message);
        }
    }
}

/// An area that has as many people as those whose codes begin with its own, where nothing says that they lie in it.
fn say_areas(table: &PopulationTable, cells: &CellTable, areas: &AreaTree, found: &mut Findings) {
    let mut people: BTreeMap<&str, (AreaId, People, CellId)> = BTreeMap::new();
    for cell in cells.ids().filter(|&cell| table.is_counted(cell)) {
        let area = cells.key(cell).area;
        let of_area = people.entry(areas.get(area).pcode.as_str()).or_insert((area, People::ZERO, cell));
        of_area.1 += table.of(cell).unwrap_or_default();
    }
    for (code, &(area, own, cell)) in &people {
        let begins = || people.range(*code..).skip(1).take_while(|(other, _)| other.starts_with(code));
        // The lowest ones: no other code begins with theirs.
        let codes: Vec<&str> = begins().map(|(other, _)| *other).collect();
        let is_lowest = |other: &&str, next: Option<&&str>| next.is_none_or(|next| !next.starts_with(*other));
        let lowest: BTreeSet<&str> = codes
            .iter()
            .zip(codes.iter().skip(1).map(Some).chain([None]))
            .filter(|(other, next)| is_lowest(other, *next))
            .map(|(other, _)| *other)
            .collect();
        let inside = begins().any(|(_, (other, ..))| areas.path(*other).any(|above| above == area));
        let sum: People = begins().filter(|(other, _)| lowest.contains(*other)).map(|(_, (_, people, _))| *people).sum();
        if lowest.len() > 1 && !inside && own > People::ZERO && sum == own {
            let message =
                format!("{} has {own} people, as many as the {} areas together whose codes begin with it", quoted(code), lowest.len());
            found.add(Code::SumAsGroup, table.places.get(&cell).cloned().unwrap_or(Place::Input), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn overlap(leaves: &[(&str, &str)]) -> Option<String> {
        let leaves: Vec<Leaf> = leaves.iter().map(|(sex, age)| Leaf { sex: (*sex).into(), age: (*age).into() }).collect();
        overlapping_parts(leaves.iter())
    }

    #[test]
    fn ages_that_share_years_and_sexes_under_two_names_overlap() {
        assert_eq!(overlap(&[("", "0-17"), ("", "18-59"), ("", "18+")]).unwrap(), "the ages `18-59` and `18+` overlap");
        assert_eq!(overlap(&[("f", "<5"), ("f", "0-17"), ("m", "0-17")]).unwrap(), "the ages `<5` and `0-17` overlap");
        assert_eq!(overlap(&[("F", "0-4"), ("Female", "0-4")]).unwrap(), "`F` and `Female` are one sex");
        for sound in [
            &[("f", "0-4"), ("f", "5-17"), ("m", "0-17"), ("f", "18 +")][..],
            &[("female", ""), ("male", "")],
            &[("women", ""), ("girls", ""), ("men", ""), ("boys", "")],
            &[("", "children"), ("", "adults"), ("", "0-17")],
            &[("", "00_04"), ("", "05_09"), ("", "80plus")],
        ] {
            assert_eq!(overlap(sound), None, "{sound:?}");
        }
    }

    #[test]
    fn age_bands_are_first_and_last_years() {
        let years = ["0-17", "18+", "<5", "60 plus", "5 – 11", "18-59 years", ">=60", "old", "2026-11-05", "17-0"].map(years_of);
        let to_the_end = |first: u32| Some((first, u32::MAX));
        let bands = [Some((0, 17)), to_the_end(18), Some((0, 4)), to_the_end(60), Some((5, 11)), Some((18, 59)), to_the_end(60)];
        assert_eq!(years[..7], bands);
        assert_eq!(years[7..], [None; 3]);
    }
}
