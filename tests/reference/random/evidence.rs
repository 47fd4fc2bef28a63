//! Evidence, figures computed elsewhere, decisions.

use std::collections::BTreeMap;

use super::dice::Writer;
use super::{AORS, Key, Plan, keyed};
use crate::twin::Input;

impl Plan {
    /// Five shares that add up to 1, or nearly; a blank where a share is 0, now and then.
    pub(super) fn five(&mut self) -> [String; 5] {
        let dice = &mut self.dice;
        let mut left = 100;
        let mut parts = [0_usize; 5];
        for part in parts.iter_mut().take(4) {
            *part = if dice.chance(25) { 20.min(left) } else { dice.between(0, left) };
            left -= *part;
        }
        parts[4] = left;
        parts = dice.shuffled(&parts).try_into().unwrap();
        let mut texts = parts.map(|part| match part {
            100 => "1".to_owned(),
            part => format!("0.{part:02}"),
        });
        if dice.chance(20) {
            let at = dice.below(5);
            texts[at] = format!("{}{}", if texts[at] == "1" { "1.0" } else { &texts[at] }, dice.pick(&["01", "03", "0001", "004"]));
        }
        for text in &mut texts {
            if text == "0.00" {
                *text = if dice.chance(50) { String::new() } else { "0".into() };
            }
        }
        if dice.chance(4) {
            // The known ones do not add up: the distribution is unknown.
            for text in &mut texts {
                if !text.is_empty() && text != "0" {
                    text.clear();
                    break;
                }
            }
        }
        texts
    }

    /// A scope and code that evidence can be for.
    pub(super) fn scope(&mut self) -> (&'static str, String) {
        match self.dice.below(10) {
            0..=4 => ("aor", self.aors[self.dice.below(self.aors.len())].clone()),
            5..=7 => ("risk", self.risks[self.dice.below(self.risks.len())].clone()),
            _ => ("overall", String::new()),
        }
    }

    pub(super) fn share_rows(&mut self, input: &mut Input) {
        if self.dice.chance(25) {
            return;
        }
        let mut sheet = Writer::default();
        let mut seen = Vec::new();
        for _ in 0..self.dice.between(1, 12) {
            let (key, scope) = (self.some_key(), self.scope());
            if seen.contains(&(key.clone(), scope.clone())) {
                continue;
            }
            seen.push((key.clone(), scope.clone()));
            let mut line = keyed(&key);
            line.insert("scope".into(), scope.0.into());
            line.insert("code".into(), scope.1);
            for (phase, share) in self.five().into_iter().enumerate() {
                line.insert(format!("phase{}", phase + 1), share);
            }
            sheet.rows.push(line);
        }
        input.sheets.push(sheet.finish(
            "shares",
            &["pcode", "scope", "code", "phase1", "phase2", "phase3", "phase4", "phase5"],
            &mut self.dice,
        ));
    }

    pub(super) fn people(&mut self, most: i64) -> String {
        let people = self.dice.below(usize::try_from(most.max(1)).unwrap());
        let decimals = if self.dice.chance(20) { self.dice.pick(&[".5", ".25", ".123456"]) } else { "" };
        format!("{people}{decimals}")
    }

    pub(super) fn estimates(&mut self, input: &mut Input) {
        if self.dice.chance(25) {
            return;
        }
        let mut sheet = Writer::default();
        let wide = self.dice.chance(30);
        let mut seen = Vec::new();
        for _ in 0..self.dice.between(1, 10) {
            let key = self.some_key();
            let unit = self.units.iter().find(|unit| (&unit.pcode, &unit.pocket, &unit.group) == (&key.0, &key.1, &key.2)).cloned();
            let most = unit.as_ref().map_or(5_000, |unit| unit.people.max(10));
            let mut line = keyed(&key);
            line.insert("source".into(), "an AoR".into());
            if wide {
                if seen.contains(&(key.clone(), String::new())) {
                    continue;
                }
                seen.push((key.clone(), String::new()));
                for series in AORS.into_iter().chain(["overall"]) {
                    let in_play = series == "overall" || self.aors.contains(&series.to_owned());
                    if self.dice.chance(if in_play { 50 } else { 90 }) {
                        continue;
                    }
                    if !in_play {
                        self.drawn.insert("an AoR out of play in estimates");
                    }
                    for figure in ["phase", "in_need", "affected"] {
                        if self.dice.chance(50) {
                            let text = if figure == "phase" { self.dice.between(1, 5).to_string() } else { self.people(most) };
                            line.insert(format!("{series}.{figure}"), text);
                        }
                    }
                }
                sheet.rows.push(line);
                continue;
            }
            let series = if self.dice.chance(15) { "overall".to_owned() } else { self.some_aor("an AoR out of play in estimates") };
            if seen.contains(&(key.clone(), series.clone())) {
                continue;
            }
            seen.push((key.clone(), series.clone()));
            line.insert("aor".into(), series);
            let is_whole = unit.is_none();
            let leaves = unit.map(|unit| unit.leaves).unwrap_or_default();
            let by_leaf = !leaves.is_empty() && self.dice.chance(50);
            if by_leaf {
                let affected = self.dice.chance(50);
                // Now and then only some parts are given.
                let in_part = self.dice.chance(30);
                for (sex, age) in leaves {
                    if in_part && self.dice.chance(50) {
                        self.drawn.insert("figures given for some parts only");
                        continue;
                    }
                    let mut of_leaf = line.clone();
                    of_leaf.insert("sex".into(), self.age_or_sex(&sex));
                    of_leaf.insert("age".into(), self.age_or_sex(&age));
                    of_leaf.insert("in_need".into(), self.people(most / 8));
                    if affected {
                        of_leaf.insert("affected".into(), self.people(most / 4));
                    }
                    sheet.rows.push(of_leaf);
                }
            }
            let mut any = false;
            for figure in ["phase", "in_need", "affected"] {
                if self.dice.chance(if by_leaf { 20 } else { 60 }) {
                    any = true;
                    if is_whole && figure == "in_need" {
                        self.drawn.insert("people in need given for several rows");
                    }
                    let text = match figure {
                        "phase" if self.dice.chance(4) => "0".to_owned(),
                        "phase" => self.dice.between(1, 5).to_string(),
                        _ => self.people(most),
                    };
                    line.insert(figure.into(), text);
                }
            }
            if any {
                sheet.rows.push(line);
            }
        }
        if !wide {
            let rows = self.without_aor("a blank AoR in estimates");
            sheet.rows.extend(rows);
            self.overall_given(&mut sheet, &mut seen);
        }
        let always: &[&str] = if wide { &["pcode", "GP.in_need"] } else { &["pcode", "aor", "phase", "in_need", "affected"] };
        input.sheets.push(sheet.finish("estimates", always, &mut self.dice));
    }

    /// An AoR, now and then one that is not in play in the context.
    pub(super) fn some_aor(&mut self, variant: &'static str) -> String {
        let out: Vec<&str> = AORS.into_iter().filter(|aor| !self.aors.contains(&(*aor).to_owned())).collect();
        if !out.is_empty() && self.dice.chance(12) {
            self.drawn.insert(variant);
            return self.dice.pick(&out).to_owned();
        }
        self.aors[self.dice.below(self.aors.len())].clone()
    }

    /// Rows that name neither an AoR nor a figure, as forms that were not filled in have them.
    pub(super) fn without_aor(&mut self, variant: &'static str) -> Vec<BTreeMap<String, String>> {
        let mut rows = Vec::new();
        for unit in self.units.clone() {
            if self.dice.chance(4) {
                rows.push(keyed(&(unit.pcode, unit.pocket, unit.group)));
                self.drawn.insert(variant);
            }
        }
        for (pcode, pocket) in self.wholes.clone() {
            if self.dice.chance(4) {
                rows.push(keyed(&(pcode, pocket, String::new())));
                self.drawn.insert(variant);
            }
        }
        rows
    }

    /// Overall given for some of the units, beside what their AoRs are given, or alone.
    fn overall_given(&mut self, sheet: &mut Writer, seen: &mut Vec<(Key, String)>) {
        if self.dice.chance(60) {
            return;
        }
        for unit in self.units.clone() {
            let key = (unit.pcode, unit.pocket, unit.group);
            if self.dice.chance(70) || seen.contains(&(key.clone(), "overall".into())) {
                continue;
            }
            let beside = seen.iter().any(|(other, _)| *other == key);
            self.drawn.insert(if beside { "overall given beside AoRs" } else { "overall given alone" });
            let mut line = keyed(&key);
            line.insert("aor".into(), "overall".into());
            line.insert("in_need".into(), self.people(unit.people.max(10)));
            if self.dice.chance(40) {
                line.insert("affected".into(), self.people(unit.people.max(10)));
            }
            sheet.rows.push(line);
            seen.push((key, "overall".into()));
        }
    }

    pub(super) fn judgements(&mut self, input: &mut Input) {
        if self.dice.chance(25) {
            return;
        }
        let mut sheet = Writer::default();
        let mut seen = Vec::new();
        for _ in 0..self.dice.between(1, 8) {
            let (key, (scope, mut code)) = (self.some_key(), self.scope());
            if scope == "aor" {
                code = self.some_aor("an AoR out of play in judgements");
            }
            if seen.contains(&(key.clone(), code.clone())) {
                continue;
            }
            seen.push((key.clone(), code.clone()));
            let mut line = keyed(&key);
            let code = if code.is_empty() { "overall".to_owned() } else { code };
            line.insert(if scope == "risk" { "risk" } else { "aor" }.into(), code);
            line.insert("phase".into(), if self.dice.chance(4) { "0".into() } else { self.dice.between(1, 5).to_string() });
            for text in ["reason", "evidence", "decided_by", "date"] {
                line.insert(text.into(), "seen".into());
            }
            sheet.rows.push(line);
        }
        input.sheets.push(sheet.finish(
            "judgements",
            &["pcode", "risk", "phase", "reason", "evidence", "decided_by", "date"],
            &mut self.dice,
        ));
    }

    pub(super) fn decisions(&mut self, input: &mut Input) {
        if self.dice.chance(30) {
            return;
        }
        let mut sheet = Writer::default();
        let mut seen = Vec::new();
        for _ in 0..self.dice.between(1, 6) {
            let mut key = self.some_key();
            let mut what = self.dice.pick(&["phase", "phase", "in_need", "affected"]);
            let (mut scope, mut code) = self.scope();
            if self.dice.chance(15) && !self.indicators.is_empty() {
                (scope, code, what) = ("indicator", self.indicators[self.dice.below(self.indicators.len())].clone(), "phase");
            }
            if what != "phase" {
                let at = self.dice.below(self.units.len());
                let unit = &self.units[at];
                key = (unit.pcode.clone(), unit.pocket.clone(), unit.group.clone());
                if scope == "risk" {
                    (scope, code) = ("overall", String::new());
                }
            }
            if seen.contains(&(key.clone(), scope, code.clone(), what)) {
                continue;
            }
            seen.push((key.clone(), scope, code.clone(), what));
            let mut line = keyed(&key);
            let new = if what == "phase" { self.dice.between(1, 5).to_string() } else { self.people(9_000) };
            for (name, text) in [("scope", scope), ("code", &code), ("what", what), ("old", "3"), ("new", &new)] {
                line.insert(name.into(), text.to_owned());
            }
            for text in ["reason", "evidence", "decided_by", "date"] {
                line.insert(text.into(), format!("{text} {}", sheet.rows.len()));
            }
            sheet.rows.push(line);
        }
        for (key, with_people) in self.sector_rows.clone() {
            for (what, chance) in [("phase", 12), ("in_need", 12)] {
                if !self.dice.chance(chance) || (what == "in_need" && !with_people) {
                    continue;
                }
                let (variant, new) = if what == "phase" {
                    ("a decision on the severity across sectors", self.dice.between(1, 5).to_string())
                } else {
                    ("a decision on the people across sectors", self.people(9_000))
                };
                self.drawn.insert(variant);
                let mut line = keyed(&key);
                for (name, text) in [("scope", "intersectoral"), ("what", what), ("old", "3"), ("new", &new)] {
                    line.insert(name.into(), text.to_owned());
                }
                for text in ["reason", "evidence", "decided_by", "date"] {
                    line.insert(text.into(), format!("{text} {}", sheet.rows.len()));
                }
                sheet.rows.push(line);
            }
        }
        let always = ["pcode", "scope", "code", "what", "old", "new", "reason", "evidence", "decided_by", "date"];
        input.sheets.push(sheet.finish("decisions", &always, &mut self.dice));
    }
}
