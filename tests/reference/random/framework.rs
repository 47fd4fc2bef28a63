//! A random framework: rules and coefficients; and a random context.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::dice::Dice;
use super::words::otherwise;
use super::{AORS, GROUPS, Plan};
use crate::twin::Input;

impl Plan {
    pub(super) fn framework(&mut self, input: &mut Input) {
        let dice = &mut self.dice;
        self.aors = AORS.map(str::to_owned).to_vec();
        if dice.chance(40) {
            let one = dice.below(5);
            self.aors = self.aors.iter().enumerate().filter(|(at, _)| *at == one || dice.chance(60)).map(|(_, aor)| aor.clone()).collect();
        }
        let mut risks = String::from("format = 1\n");
        for number in 1..=dice.between(3, 6) {
            let code = format!("PR{number:02}");
            let first = dice.pick(&AORS);
            let second = dice.pick(&AORS);
            let aors = if dice.chance(30) && first != second { format!("\"{first}\", \"{second}\"") } else { format!("\"{first}\"") };
            writeln!(risks, "[[risk]]\ncode = \"{code}\"\naors = [{aors}]\nname = {{ en = \"Risk {number}\" }}").unwrap();
            self.risks.push(code);
        }
        input.framework.insert("risks.toml".into(), risks);

        let mut text = String::from(
            "format = 1\n[framework]\nid = \"random\"\nversion = \"1\"\nstatus = \"draft\"\ntitle = \"Random\"\nsource = \"dice\"\n[severity]\n",
        );
        let combine = |dice: &mut Dice, missing: &[&str]| {
            let name = dice.pick(&["worst", "worst", "worst", "mean-of-worst-half", "weighted-mean", "majority"]);
            let mut rule = format!("{{ combine = \"{name}\"");
            if name == "weighted-mean" {
                write!(rule, ", rounding = \"{}\"", dice.pick(&["half-up", "up", "down"])).unwrap();
            }
            if dice.chance(40) {
                write!(rule, ", missing = \"{}\"", dice.pick(missing)).unwrap();
            }
            if dice.chance(20) {
                write!(rule, ", least-known = {}", dice.between(1, 2)).unwrap();
            }
            rule + " }"
        };
        if dice.chance(60) {
            let order = dice.shuffled(&["given", "households", "shares", "area", "judgement"]);
            writeln!(text, "evidence-order = [\"{}\"]", order.join("\", \"")).unwrap();
        }
        for (step, missing) in [
            ("risk", &["any-known", "all-of-top-tier", "complete-only"][..]),
            ("aor", &["any-known", "all-of-top-tier", "any-known", "complete-only"][..]),
            ("overall", &["any-known", "all-of-top-tier", "any-known", "complete-only"][..]),
        ] {
            if dice.chance(50) {
                writeln!(text, "{step} = {}", combine(dice, missing)).unwrap();
            }
        }
        if dice.chance(60) {
            let share = dice.pick(&["20%", "20%", "25%", "12.5%"]);
            writeln!(
                text,
                "area-phase = {{ rule = \"share-at-or-above\", share = \"{share}\", comparator = \"{}\" }}",
                dice.pick(&["at-least", "more-than"])
            )
            .unwrap();
        }
        if dice.chance(60) {
            writeln!(text, "least-coverage = \"{}\"", dice.pick(&["50%", "0%", "34%", "100%", "66.7%"])).unwrap();
        }
        if dice.chance(30) {
            text += "above-the-unit = \"people-by-phase\"\n";
        }
        text += "[people-in-need]\n";
        let from = dice.pick(&["3", "3", "3", "2", "4"]);
        if dice.chance(40) {
            writeln!(text, "from-phase = {from}\naffected-from-phase = {}", dice.pick(&["2", "1"])).unwrap();
        }
        if dice.chance(70) {
            let rules = dice.shuffled(&["given", "shares", "coefficients"]);
            let count = dice.between(2, 3);
            writeln!(text, "rules = [\"{}\"]", rules[..count].join("\", \"")).unwrap();
        }
        writeln!(text, "across-aors = {}", across(dice)).unwrap();
        if dice.chance(35) {
            writeln!(text, "need-from-area-phase = {}", dice.pick(&["3", "3", "2", "4"])).unwrap();
        }
        for aor in AORS {
            if dice.chance(18) {
                let of = if dice.chance(60) {
                    "overall"
                } else {
                    dice.pick(&AORS.into_iter().filter(|other| *other != aor).collect::<Vec<_>>())
                };
                let rules =
                    dice.pick(&["\"derived\"", "\"given\", \"derived\"", "\"coefficients\", \"derived\"", "\"derived\", \"given\""]);
                if leads_back(&self.bases, aor, of) {
                    continue;
                }
                self.bases.insert(aor.to_owned(), of.to_owned());
                let share = dice.pick(&["32%", "35%", "100%", "12.345%"]);
                writeln!(
                    text,
                    "[people-in-need.aor.{aor}]\nrules = [{rules}]\nderived = {{ of = \"{of}\", share = \"{share}\" }}\nwhy = \"dice\""
                )
                .unwrap();
            }
        }
        text += "[intersectoral]\n";
        for (key, values) in [
            ("zero-or-missing-sectors", ["2", "3", "5"]),
            ("first-over-second", ["\"30%\"", "\"5%\"", "\"0%\""]),
            ("share-of-population", ["\"90%\"", "\"50%\"", "\"100%\""]),
            ("change-from-last-year", ["\"100%\"", "\"20%\"", "\"50%\""]),
            ("change-in-standard-deviations", ["2", "1.5", "1"]),
            ("target-in-phase-3", ["\"50%\"", "\"33.3%\"", "\"0%\""]),
            ("blank-muac", ["\"zero\"", "\"missing\"", "\"zero\""]),
        ] {
            if dice.chance(30) {
                writeln!(text, "{key} = {}", dice.pick(&values)).unwrap();
            }
        }
        input.framework.insert("framework.toml".into(), text);
        self.indicators(input);
        self.coefficients(input);
    }

    /// Rows for any phase, then ever more specific ones; every row names another set of keys, or other values of them.
    pub(super) fn coefficients(&mut self, input: &mut Input) {
        let dice = &mut self.dice;
        let mut text = String::from("format = 1\n");
        let need = |dice: &mut Dice| -> String {
            let need = dice.between(0, 60);
            let affected = if dice.chance(70) { format!("affected = \"{}%\"\n", need + dice.between(0, 40)) } else { String::new() };
            format!("in-need = \"{need}%\"\n{affected}why = \"dice\"\n")
        };
        // One chain of keys, so that two rows that fit the same people never name equally many.
        let chains: [&[&str]; 4] = [
            &["phase", "aor", "group", "sex"],
            &["aor", "phase", "tier", "age"],
            &["phase", "tier", "aor"],
            &["phase", "sex", "age", "aor"],
        ];
        let chain = chains[dice.below(4)];
        let length = dice.between(1, chain.len());
        let series = ["GP", "CP", "GBV", "HLP", "MA", "overall"];
        let mut rows: Vec<Vec<(&str, String)>> = vec![Vec::new()];
        for key in &chain[..length] {
            let values: Vec<String> = match *key {
                "phase" => (1..=5).filter(|phase| *phase > 2 || dice.chance(30)).map(|phase: u8| phase.to_string()).collect(),
                "aor" => series.iter().filter(|_| dice.chance(60)).map(|code| format!("\"{code}\"")).collect(),
                "group" => GROUPS.iter().filter(|_| dice.chance(40)).map(|group| format!("\"{group}\"")).collect(),
                "sex" => vec!["\"female\"".into()],
                "age" => vec!["\"0-17\"".into()],
                // Two tiers may share an area, so only one can be named on a level.
                _ => vec!["\"front-line\"".into()],
            };
            let longest = rows.iter().map(Vec::len).max().unwrap_or(0);
            let mut more = Vec::new();
            for base in rows.iter().filter(|base| base.len() == longest) {
                for value in &values {
                    if dice.chance(85) {
                        let mut next = base.clone();
                        next.push((*key, value.clone()));
                        more.push(next);
                    }
                }
            }
            rows.extend(more);
        }
        // Without a row that fits everybody, now and then no coefficient is found.
        if dice.chance(50) {
            rows.remove(0);
        }
        if rows.iter().flatten().any(|(key, _)| *key == "tier") || dice.chance(30) {
            self.tiers.push("front-line".into());
        }
        rows.truncate(40);
        let spelled = dice.chance(50);
        for keys in rows {
            text += "[[coefficient]]\n";
            for (key, mut value) in keys {
                if spelled && ["group", "sex", "age", "tier"].contains(&key) && dice.chance(30) {
                    let word = otherwise(dice, value.trim_matches('"'));
                    value = format!("\"{word}\"");
                    self.drawn.insert("a coefficient's key spelled otherwise");
                }
                writeln!(text, "{key} = {value}").unwrap();
            }
            text += &need(dice);
        }
        input.framework.insert("coefficients.toml".into(), text);
    }

    pub(super) fn context(&mut self, input: &mut Input) {
        let dice = &mut self.dice;
        let mut text = String::from("format = 1\n[context]\ncountry = \"XXX\"\n");
        if let Some(country) = &self.country {
            writeln!(text, "country-pcode = \"{country}\"").unwrap();
        }
        if self.aors.len() < 5 {
            writeln!(text, "aors = [\"{}\"]", self.aors.join("\", \"")).unwrap();
        }
        if dice.chance(60) {
            for group in GROUPS {
                writeln!(text, "[[group]]\ncode = \"{group}\"\naliases = [\"the {group}\"]").unwrap();
            }
        }
        for tier in &self.tiers {
            let mut areas: Vec<String> = self.districts.iter().filter(|_| dice.chance(40)).cloned().collect();
            if areas.is_empty() {
                areas.push(self.provinces[0].clone());
            }
            let code = if dice.chance(30) { otherwise(dice, tier) } else { tier.clone() };
            if code != *tier {
                self.drawn.insert("a tier spelled otherwise");
            }
            writeln!(text, "[[tier]]\ncode = \"{code}\"\nareas = [\"{}\"]", areas.join("\", \"")).unwrap();
        }
        self.sectors =
            ["cccm", "education", "nutrition", "food-security", "health", "protection", "shelter", "wash"].map(str::to_owned).to_vec();
        if dice.chance(25) {
            self.sectors = ["education", "nutrition", "protection", "food-security", "other-one"].map(str::to_owned).to_vec();
            for sector in &self.sectors {
                writeln!(text, "[[sector]]\ncode = \"{sector}\"").unwrap();
            }
        }
        if dice.chance(20) && !self.indicators.is_empty() {
            let at = dice.below(self.indicators.len());
            writeln!(text, "[indicators]\nnot-used = [\"{}\"]\nwhy = \"dice\"", self.indicators[at]).unwrap();
        }
        if dice.chance(20) {
            text += "[severity]\nleast-coverage = \"40%\"\naor = { combine = \"worst\" }\nwhy = \"dice\"\n";
        }
        if dice.chance(20) {
            writeln!(text, "[people-in-need]\nacross-aors = {}\nwhy = \"dice\"", across(dice)).unwrap();
            if dice.chance(30) && !leads_back(&self.bases, "MA", "GP") {
                text += "[people-in-need.aor.MA]\nrules = [\"derived\"]\nderived = { of = \"GP\", share = \"7%\" }\nwhy = \"dice\"\n";
            }
        }
        if dice.chance(20) {
            text += "[intersectoral]\nfirst-over-third = \"10%\"\nsectors-in-phase-4-or-5 = 4\nwhy = \"dice\"\n";
        }
        input.context = text;
    }
}

pub(super) fn across(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "{ rule = \"highest\", cell = \"group\" }",
        "{ rule = \"highest\" }",
        "{ rule = \"highest\", cell = \"leaf\" }",
        "{ rule = \"highest\", cell = \"leaf\" }",
        "{ rule = \"independent\" }",
    ])
}

/// Whether an AoR derived from this base would be derived from itself: a circle says nothing.
pub(super) fn leads_back(bases: &BTreeMap<String, String>, aor: &str, base: &str) -> bool {
    base == aor || bases.get(base).is_some_and(|next| leads_back(bases, aor, next))
}
