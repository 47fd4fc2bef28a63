//! Areas and the people who live there.

use super::dice::Writer;
use super::{GROUPS, LEAVES, Plan, Unit, row};
use crate::twin::Input;

impl Plan {
    pub(super) fn places(&mut self, input: &mut Input) {
        let dice = &mut self.dice;
        let mut areas = Writer::default();
        self.provinces = (1..=dice.between(1, 2)).map(|number| format!("XX0{number}")).collect();
        for province in &self.provinces {
            areas.rows.push(row(&[("pcode", province), ("level", "1"), ("name", "P")]));
        }
        for number in 1..=dice.between(2, 6) {
            let province = dice.below(self.provinces.len());
            let pcode = format!("{}{number:02}", self.provinces[province]);
            // Now and then an area whose parent is not stated.
            let parent = if dice.chance(6) { String::new() } else { self.provinces[province].clone() };
            areas.rows.push(row(&[("pcode", &pcode), ("level", "2"), ("name", "D"), ("parent_pcode", &parent)]));
            self.districts.push(pcode);
        }
        let mut population = Writer::default();
        for district in self.districts.clone() {
            let groups = dice.shuffled(&GROUPS);
            let count = dice.below(5);
            let mut places = vec![String::new()];
            if count > 0 && dice.chance(15) {
                places.push("Camp A".into());
            }
            for pocket in places {
                let count = if pocket.is_empty() { count } else { dice.below(3) };
                let names: Vec<String> =
                    if count == 0 { vec![String::new()] } else { groups.iter().take(count).map(|&group| group.to_owned()).collect() };
                let mut total = 0;
                for group in names {
                    if !group.is_empty() && total > 0 && dice.chance(5) {
                        // A group that is not present.
                        population.rows.push(row(&[("pcode", &district), ("pocket", &pocket), ("population_group", &group)]));
                        continue;
                    }
                    let mut unit =
                        Unit { pcode: district.clone(), pocket: pocket.clone(), group: group.clone(), leaves: Vec::new(), people: 0 };
                    let split = dice.below(10);
                    let leaves: Vec<(&str, &str)> = match split {
                        0..=2 => LEAVES.to_vec(),
                        3 => vec![("female", ""), ("male", "")],
                        _ => vec![("", "")],
                    };
                    for (sex, age) in leaves {
                        let people = dice.below(30_000);
                        let half = if dice.chance(10) { ".5" } else { "" };
                        population.rows.push(row(&[
                            ("pcode", &district),
                            ("pocket", &pocket),
                            ("population_group", &group),
                            ("sex", sex),
                            ("age", age),
                            ("population", &format!("{people}{half}")),
                        ]));
                        unit.people += i64::try_from(people).unwrap();
                        if !sex.is_empty() {
                            unit.leaves.push((sex.to_owned(), age.to_owned()));
                        }
                    }
                    if dice.chance(8) {
                        population.rows.push(row(&[
                            ("pcode", &district),
                            ("pocket", &pocket),
                            ("population_group", &group),
                            ("disability", "yes"),
                            ("population", "12"),
                        ]));
                    }
                    total += unit.people;
                    self.units.push(unit);
                }
                if count > 0 {
                    self.wholes.push((district.clone(), pocket.clone()));
                    if dice.chance(15) {
                        population.rows.push(row(&[("pcode", &district), ("pocket", &pocket), ("population", &total.to_string())]));
                    }
                }
            }
        }
        input.sheets.push(areas.finish("areas", &["pcode"], dice));
        input.sheets.push(population.finish("population", &["pcode", "pocket", "population_group", "sex", "age", "population"], dice));
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
