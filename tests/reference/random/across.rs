//! The sectors, last year, the response.

use std::collections::BTreeMap;

use super::dice::Writer;
use super::{AORS, Plan, keyed};
use crate::twin::Input;

impl Plan {
    pub(super) fn across(&mut self, input: &mut Input) {
        let mut last_year = Writer::default();
        let with_sectors = self.dice.chance(70);
        let mut sectors = Writer::default();
        let sector_names = self.sectors.clone();
        let calm = self.dice.chance(30);
        let phases = |plan: &mut Self, line: &mut BTreeMap<String, String>| {
            let known = plan.dice.between(40, 100);
            for sector in &sector_names {
                if plan.dice.chance(known) {
                    let phase = if calm { plan.dice.between(1, 3) } else { plan.dice.between(2, 5) };
                    line.insert(format!("{sector}.phase"), phase.to_string());
                }
            }
            for (column, values) in [
                ("civilian_casualties", ["0.4", "0.5", "1", "2.1"]),
                ("crude_death_rate", ["0.4", "0.5", "1", "2"]),
                ("under5_death_rate", ["0.9", "1", "2", "4"]),
                ("whz", ["4.9", "5", "15", "30"]),
                ("muac", ["5", "5.1", "10", "15.1"]),
                ("epidemics", ["2.24", "0", "5", "3.5"]),
                ("hr_ihl_violations", ["1", "0", "5", "4.5"]),
                ("mortality", ["2", "3", "0", "6"]),
                ("malnutrition", ["1", "0", "3", "5"]),
                ("livelihood_coping", ["1", "2", "0", "4"]),
            ] {
                if plan.dice.chance(22) {
                    line.insert(column.into(), plan.dice.pick(&values).to_owned());
                }
            }
            if plan.dice.chance(25) {
                let five = plan.five();
                for (phase, share) in five.into_iter().enumerate() {
                    line.insert(format!("coping_phase{}", phase + 1), share);
                }
            }
            if plan.dice.chance(10) {
                line.insert("manual_flag".into(), "x".into());
            }
            if plan.dice.chance(12) {
                line.insert("final_severity".into(), plan.dice.between(1, 5).to_string());
                line.insert("final_severity_reason".into(), "seen".into());
                plan.drawn.insert("a final severity in the sheet of sectors");
            }
        };
        let people = |plan: &mut Self, line: &mut BTreeMap<String, String>, most: i64, last_year: &mut Writer| {
            let values: Vec<String> = (0..3).map(|_| plan.people(most)).collect();
            for sector in &sector_names {
                if !plan.dice.chance(75) {
                    continue;
                }
                let text = match plan.dice.below(10) {
                    0 => "0".to_owned(),
                    1..=3 => values[plan.dice.below(3)].clone(),
                    _ => plan.people(most),
                };
                line.insert(format!("{sector}.in_need"), text);
                if plan.dice.chance(40) {
                    let mut old = line
                        .iter()
                        .filter(|(key, _)| ["pcode", "pocket", "population_group"].contains(&key.as_str()))
                        .map(|(key, text)| (key.clone(), text.clone()))
                        .collect::<BTreeMap<_, _>>();
                    old.insert("sector".into(), sector.clone());
                    old.insert("in_need".into(), if plan.dice.chance(8) { "0".into() } else { (100 + plan.dice.below(9_000)).to_string() });
                    if plan.dice.chance(20) {
                        old.insert("phase".into(), plan.dice.between(1, 5).to_string());
                    }
                    last_year.rows.push(old);
                }
            }
            if plan.dice.chance(60) {
                line.insert("population".into(), most.to_string());
            }
            if plan.dice.chance(8) {
                line.insert("final_in_need".into(), plan.people(most));
                line.insert("final_in_need_reason".into(), "seen".into());
                plan.drawn.insert("final people in the sheet of sectors");
            }
        };
        // Now and then the sectors count whole areas, with or without their groups.
        let whole_areas = self.dice.chance(25);
        let groups_too = self.dice.chance(50);
        if with_sectors {
            for (pcode, pocket) in self.wholes.clone() {
                if self.dice.chance(85) {
                    let key = (pcode, pocket, String::new());
                    let mut line = keyed(&key);
                    phases(self, &mut line);
                    let counts = whole_areas && self.dice.chance(70);
                    if counts {
                        people(self, &mut line, 40_000, &mut last_year);
                        let beside = "sectors that count a whole area beside its groups";
                        self.drawn.insert(if groups_too { beside } else { "sectors that count a whole area alone" });
                    }
                    sectors.rows.push(line);
                    self.sector_rows.push((key, counts));
                }
            }
            for unit in self.units.clone() {
                let chance = if whole_areas && !groups_too && !unit.group.is_empty() { 10 } else { 85 };
                if self.dice.chance(chance) {
                    let mut line = keyed(&(unit.pcode.clone(), unit.pocket.clone(), unit.group.clone()));
                    if unit.group.is_empty() {
                        phases(self, &mut line);
                    } else if self.dice.chance(8) {
                        line.insert("manual_flag".into(), "x".into());
                    }
                    people(self, &mut line, unit.people.max(50), &mut last_year);
                    sectors.rows.push(line);
                    self.sector_rows.push(((unit.pcode, unit.pocket, unit.group), true));
                }
            }
            input.sheets.push(sectors.finish("sectors", &["pcode", "pocket", "population_group"], &mut self.dice));
        }
        for unit in self.units.clone() {
            for series in AORS.into_iter().chain(["overall"]) {
                if self.dice.chance(12) {
                    let mut line = keyed(&(unit.pcode.clone(), unit.pocket.clone(), unit.group.clone()));
                    line.insert("aor".into(), series.into());
                    if self.dice.chance(80) {
                        line.insert("in_need".into(), if self.dice.chance(10) { "0".into() } else { self.people(9_000) });
                    }
                    if self.dice.chance(50) {
                        line.insert("phase".into(), self.dice.between(1, 5).to_string());
                    }
                    last_year.rows.push(line);
                }
            }
        }
        for (pcode, pocket) in self.wholes.clone() {
            if pocket.is_empty() && self.dice.chance(10) {
                let mut line = keyed(&(pcode, pocket, String::new()));
                line.insert("aor".into(), "overall".into());
                line.insert("in_need".into(), self.people(9_000));
                last_year.rows.push(line);
            }
        }
        if !last_year.rows.is_empty() {
            input.sheets.push(last_year.finish(
                "previous",
                &["pcode", "pocket", "population_group", "aor", "sector", "phase", "in_need"],
                &mut self.dice,
            ));
        }
    }

    pub(super) fn response(&mut self, input: &mut Input) {
        if self.dice.chance(50) {
            return;
        }
        let mut sheet = Writer::default();
        for unit in self.units.clone() {
            if self.dice.chance(40) {
                let mut line = keyed(&(unit.pcode, unit.pocket, unit.group));
                let series = if self.dice.chance(50) { "overall".into() } else { self.some_aor("an AoR out of play in response") };
                line.insert("aor".into(), series);
                line.insert("targeted".into(), self.people(2_000));
                if self.dice.chance(70) {
                    line.insert("reached".into(), self.people(1_000));
                }
                sheet.rows.push(line);
            }
        }
        let rows = self.without_aor("a blank AoR in response");
        sheet.rows.extend(rows);
        input.sheets.push(sheet.finish("response", &["pcode", "pocket", "population_group", "aor", "targeted", "reached"], &mut self.dice));
    }
}
