//! Areas and the people who live there: groups, leaves, rows of sums beside them.

use std::collections::BTreeMap;

use super::dice::Writer;
use super::{GROUPS, LEAVES, Plan, Unit, row};
use crate::twin::Input;

/// A row of sheet `population`.
type Line = BTreeMap<String, String>;

impl Plan {
    pub(super) fn places(&mut self, input: &mut Input) {
        let dice = &mut self.dice;
        let mut areas = Writer::default();
        if dice.chance(60) {
            self.country = Some("XX".into());
        }
        self.provinces = (1..=dice.between(1, 2)).map(|number| format!("XX0{number}")).collect();
        for province in &self.provinces {
            areas.rows.push(row(&[("pcode", province), ("level", "1"), ("name", "P")]));
        }
        let mut inhabited = Vec::new();
        for number in 1..=dice.between(2, 6) {
            let province = dice.below(self.provinces.len());
            let pcode = format!("{}{number:02}", self.provinces[province]);
            // Now and then an area whose parent is not stated.
            let parent = if dice.chance(6) { String::new() } else { self.provinces[province].clone() };
            areas.rows.push(row(&[("pcode", &pcode), ("level", "2"), ("name", "D"), ("parent_pcode", &parent)]));
            let mut within = Vec::new();
            if dice.chance(12) {
                for part in 1..=dice.between(1, 2) {
                    let part = format!("{pcode}0{part}");
                    areas.rows.push(row(&[("pcode", &part), ("level", "3"), ("name", "S"), ("parent_pcode", &pcode)]));
                    within.push(part);
                }
            }
            let parents: Vec<String> = [pcode.clone(), parent].into_iter().filter(|code| !code.is_empty()).collect();
            if within.is_empty() {
                inhabited.push((pcode.clone(), parents[1..].to_vec(), true));
            }
            inhabited.extend(within.into_iter().map(|part| (part, parents.clone(), false)));
            self.districts.push(pcode);
        }
        self.affected_said = self.dice.chance(35);
        let mut population = Writer::default();
        for (pcode, above, may_have_pocket) in inhabited {
            let here = self.people_of(&pcode, may_have_pocket);
            // What an area and those above it have in all, in halves.
            let halves: i64 = here.1;
            for area in above.iter().chain(&self.country) {
                *self.halves.entry(area.clone()).or_default() += halves;
            }
            population.rows.extend(here.0);
        }
        population.rows.extend(self.sums());
        if self.affected_said {
            self.drawn.insert("affected people of the population sheet");
        }
        input.sheets.push(areas.finish("areas", &["pcode"], &mut self.dice));
        input.sheets.push(population.finish(
            "population",
            &["pcode", "pocket", "population_group", "sex", "age", "population"],
            &mut self.dice,
        ));
    }

    /// The rows of an area and of its pockets, and the halves of people in them.
    fn people_of(&mut self, pcode: &str, may_have_pocket: bool) -> (Vec<Line>, i64) {
        let groups = self.dice.shuffled(&GROUPS);
        let count = self.dice.below(5);
        let mut places = vec![String::new()];
        if may_have_pocket && count > 0 && self.dice.chance(15) {
            places.push("Camp A".into());
        }
        let mut rows = Vec::new();
        let mut all = 0;
        for pocket in places {
            let count = if pocket.is_empty() { count } else { self.dice.below(3) };
            let names: Vec<String> =
                if count == 0 { vec![String::new()] } else { groups.iter().take(count).map(|&group| group.to_owned()).collect() };
            let mut total = 0;
            for group in names {
                let absent = !group.is_empty() && total > 0 && self.dice.chance(5);
                let (lines, halves) = self.group(pcode, &pocket, &group, absent);
                rows.extend(lines);
                total += halves;
            }
            if count > 0 {
                self.wholes.push((pcode.to_owned(), pocket.clone()));
                if self.dice.chance(15) {
                    rows.push(row(&[("pcode", pcode), ("pocket", &pocket), ("population", &in_halves(total))]));
                }
            }
            all += total;
        }
        (rows, all)
    }

    /// The rows of a group, by leaf or in all, and the halves of people in them. Of one that is not present the people
    /// are blank.
    fn group(&mut self, pcode: &str, pocket: &str, group: &str, absent: bool) -> (Vec<Line>, i64) {
        let mut unit = Unit { pcode: pcode.to_owned(), pocket: pocket.to_owned(), group: group.to_owned(), leaves: Vec::new(), people: 0 };
        let leaves: Vec<(&str, &str)> = match self.dice.below(10) {
            0..=2 => LEAVES.to_vec(),
            3 => vec![("female", ""), ("male", "")],
            _ => vec![("", "")],
        };
        let split = leaves.len() > 1;
        let stated = split && !absent && self.dice.chance(25);
        let blank_leaves = split && stated && self.dice.chance(60);
        let one_is_blank = self.dice.below(leaves.len());
        let mut rows = Vec::new();
        let (mut halves, mut blank) = (0, 0);
        for (at, (sex, age)) in leaves.iter().enumerate() {
            let mut line = row(&[("pcode", pcode), ("pocket", pocket), ("population_group", group)]);
            line.insert("sex".into(), self.age_or_sex(sex));
            line.insert("age".into(), self.age_or_sex(age));
            let is_blank = absent || (blank_leaves && (at == one_is_blank || self.dice.chance(25)));
            blank += usize::from(is_blank);
            if !is_blank {
                let people = 2 * i64::try_from(self.dice.below(30_000)).unwrap() + i64::from(self.dice.chance(10));
                line.insert("population".into(), in_halves(people));
                halves += people;
                self.affected(&mut line, people);
            }
            rows.push(line);
            if !sex.is_empty() {
                unit.leaves.push(((*sex).to_owned(), (*age).to_owned()));
            }
        }
        if absent {
            if split {
                self.drawn.insert("every leaf blank");
            }
            return (rows, 0);
        }
        if stated {
            // With a leaf blank the total says more than the leaves; else it is their sum, or contradicts it.
            let more = if blank > 0 || self.dice.chance(40) { i64::try_from(self.dice.below(8_000)).unwrap() } else { 0 };
            halves += more;
            let mut line = row(&[("pcode", pcode), ("pocket", pocket), ("population_group", group), ("population", &in_halves(halves))]);
            self.affected(&mut line, halves);
            rows.push(line);
            self.drawn.insert(if blank > 0 { "blank leaves with a stated total" } else { "a stated total beside all leaves" });
        }
        if self.dice.chance(8) {
            let disability = [("disability", "yes"), ("population", "12")];
            rows.push(row(&[&[("pcode", pcode), ("pocket", pocket), ("population_group", group)], &disability[..]].concat()));
        }
        unit.people = halves / 2;
        self.units.push(unit);
        (rows, halves)
    }

    /// Now and then the people affected, in a workbook that says so.
    fn affected(&mut self, line: &mut Line, halves: i64) {
        if self.affected_said && self.dice.chance(70) {
            let people = self.dice.below(usize::try_from(halves).unwrap() + 1);
            line.insert("affected".into(), in_halves(i64::try_from(people).unwrap()));
        }
    }

    /// Rows of sums: the people of a province, of the country, or of a district in which the areas have people.
    fn sums(&mut self) -> Vec<Line> {
        let mut rows = Vec::new();
        for (area, halves) in self.halves.clone() {
            let chance = match area.len() {
                2 => 15,
                4 => 25,
                _ => 75,
            };
            if !self.dice.chance(chance) {
                continue;
            }
            let same = self.dice.chance(50);
            let halves = if same { halves } else { halves + 1 + i64::try_from(self.dice.below(9_000)).unwrap() };
            self.drawn.insert(if same { "a subtotal that is the sum" } else { "a subtotal that is not the sum" });
            if self.dice.chance(60) {
                let mut line = row(&[("pcode", &area), ("population", &in_halves(halves))]);
                self.affected(&mut line, halves);
                rows.push(line);
                continue;
            }
            // By group, and now and then by sex.
            self.drawn.insert("a subtotal by group");
            let part = halves / 2;
            for (group, halves) in [(GROUPS[0], part), (GROUPS[1], halves - part)] {
                let of_group = row(&[("pcode", &area), ("population_group", group)]);
                let by_sex =
                    if self.dice.chance(30) { vec![("female", halves / 2), ("male", halves - halves / 2)] } else { vec![("", halves)] };
                for (sex, halves) in by_sex {
                    let mut line = of_group.clone();
                    line.insert("sex".into(), self.age_or_sex(sex));
                    line.insert("population".into(), in_halves(halves));
                    rows.push(line);
                }
            }
        }
        rows
    }

    /// A key for evidence: mostly a unit, now and then a whole area.
    pub(super) fn some_key(&mut self) -> (String, String, String) {
        if !self.wholes.is_empty() && self.dice.chance(35) {
            let at = self.dice.below(self.wholes.len());
            let (pcode, pocket) = self.wholes[at].clone();
            return (pcode, pocket, String::new());
        }
        let at = self.dice.below(self.units.len());
        let unit = &self.units[at];
        (unit.pcode.clone(), unit.pocket.clone(), unit.group.clone())
    }
}

/// Halves of people as a decimal.
fn in_halves(halves: i64) -> String {
    format!("{}{}", halves / 2, if halves % 2 == 1 { ".5" } else { "" })
}
