//! Random indicators, one of every form, and rows of values.

use std::fmt::Write as _;

use super::dice::Writer;
use super::{Plan, Question, keyed};
use crate::twin::Input;

impl Plan {
    pub(super) fn indicators(&mut self, input: &mut Input) {
        let mut text = String::from("format = 1\n");
        for number in 0..self.dice.between(2, 9) {
            let id = format!("ind-{number}");
            let form = self.dice.below(11);
            let risks = self.dice.some_of(&self.risks, 30);
            let risks = if risks.is_empty() { vec![self.risks[self.dice.below(self.risks.len())].clone()] } else { risks };
            let dice = &mut self.dice;
            let on = match form {
                9 => "judgement",
                10 => "households",
                _ => dice.pick(&["area", "area", "key-informants"]),
            };
            writeln!(
                text,
                "[indicator.{id}]\nlabel = \"Indicator {number}\"\nrisks = [\"{}\"]\npillar = \"{}\"",
                risks.join("\", \""),
                dice.pick(&["A1", "B1", "C2", "D3"])
            )
            .unwrap();
            writeln!(text, "measured-on = \"{on}\"\nwhy = \"dice\"").unwrap();
            if dice.chance(15) {
                text += "decisive = true\n";
            }
            if dice.chance(25) {
                writeln!(text, "weight = {}", dice.pick(&["2", "0.5", "3", "0.125"])).unwrap();
            }
            if dice.chance(15) {
                text += "expected = false\n";
            }
            let token = dice.chance(40);
            if token {
                text += "missing = [\"dnk\", \"pnta\"]\n";
            }
            match form {
                0..=2 | 10 => {
                    let (direction, bounds) = match dice.below(4) {
                        0 => ("lower", "{ 1 = 90, 2 = 70, 3 = 50, 4 = 30, 5 = 10 }"),
                        1 => ("higher", "{ 1 = 0, 2 = 5, 3 = 15.5, 4 = 30, 5 = 50 }"),
                        2 => ("higher", "{ 2 = 5, 3 = 10, 4 = 40 }"),
                        _ => ("higher", "{ 1 = 0, 3 = 20, 5 = 60 }"),
                    };
                    writeln!(text, "unit = \"{}\"\nworse-when = \"{direction}\"\nphase-from = {bounds}", dice.pick(&["count", "percent"]))
                        .unwrap();
                    if on != "households" {
                        self.questions.push(Question::Number {
                            id: id.clone(),
                            step: &[
                                "0",
                                "4.9",
                                "5",
                                "10",
                                "14.99",
                                "15.5",
                                "15.4999999999",
                                "20",
                                "30",
                                "29.9999999996",
                                "40",
                                "50",
                                "60",
                                "70",
                                "90",
                                "100",
                                "3",
                                "dnk",
                            ],
                        });
                    }
                }
                3 => {
                    text +=
                        "unit = \"answer\"\nanswers = { 1 = [\"no\"], 2 = [\"rarely\", \"Seldom\"], 4 = [\"often\"], 5 = [\"always\"] }\n";
                    if token && dice.chance(50) {
                        writeln!(text, "dont-know = {}", dice.pick(&["2", "3", "\"missing\""])).unwrap();
                    }
                    let of = ["no", "rarely", "seldom", "Often", "always"].map(str::to_owned).to_vec();
                    self.questions.push(Question::Answer { column: id.clone(), of: with_token(of, token), several: false });
                }
                4 => {
                    let conditions = dice.pick(&[
                        "{ phase = 5, when = [{ column = \"km-ID\", at-most = 1 }, { column = \"mines-ID\", is = \"confirmed\" }] }, { phase = 4, when = [{ column = \"km-ID\", less-than = 5 }] }, { phase = 2, when = [{ column = \"mines-ID\", any-of = [\"suspected\", \"confirmed\"] }] }",
                        "{ phase = 5, when = [{ column = \"mines-ID\", all-of = [\"confirmed\", \"suspected\"] }] }, { phase = 4, when = [{ column = \"km-ID\", more-than = 3 }, { area-in = [\"XX01\"] }] }, { phase = 3, when = [{ column = \"km-ID\", at-least = 1 }] }",
                        "{ phase = 4, when = [{ column = \"mines-ID\", at-least-n-of = { n = 2, of = [\"confirmed\", \"suspected\", \"old\"] } }] }, { phase = 3, when = [{ column = \"km-ID\", at-most = 3 }] }",
                    ]);
                    writeln!(text, "unit = \"answer\"\nconditions = [{}]", conditions.replace("ID", &id)).unwrap();
                    if dice.chance(60) {
                        writeln!(text, "otherwise = {}", dice.pick(&["1", "2"])).unwrap();
                    }
                    self.questions.push(Question::Number { id: format!("km-{id}"), step: &["0", "0.5", "1", "3", "5", "12"] });
                    let of = ["confirmed", "suspected", "old", "none"].map(str::to_owned).to_vec();
                    self.questions.push(Question::Answer { column: format!("mines-{id}"), of: with_token(of, token), several: true });
                }
                5 => {
                    let dont_know = if dice.chance(50) {
                        format!(", dont-know = \"{}\"", dice.pick(&["missing", "missing-unless-sum", "ignored"]))
                    } else {
                        String::new()
                    };
                    let cap = if dice.chance(50) { ", cap = 4" } else { "" };
                    writeln!(text, "unit = \"answer\"\nadditive = {{ options = {{ work = 1, water = 1.5, other = 2, nothing = 0 }}{cap}, exclusive = [\"nothing\"]{dont_know} }}").unwrap();
                    text += "phase-from = { 1 = 0, 2 = 1, 3 = 2, 4 = 3.5, 5 = 4.5 }\n";
                    let of = ["work", "water", "other", "nothing"].map(str::to_owned).to_vec();
                    self.questions.push(Question::Answer { column: id.clone(), of: with_token(of, token), several: true });
                }
                6 | 8 => {
                    let columns: Vec<String> = ["a", "b", "c"].iter().map(|letter| format!("{id}-{letter}")).collect();
                    let list = columns.join("\", \"");
                    if form == 6 {
                        writeln!(text, "unit = \"yes-no\"\ncount = {{ of = [\"{list}\"], is = [\"yes\", \"1\"] }}\nphase-from = {{ 1 = 0, 2 = 1, 4 = 2, 5 = 3 }}").unwrap();
                    } else {
                        writeln!(text, "unit = \"yes-no\"\nnon-critical = {{ of = [\"{list}\"], is = [\"no\"] }}").unwrap();
                    }
                    for column in columns {
                        self.questions.push(Question::Answer {
                            column,
                            of: with_token(vec!["yes".into(), "no".into()], token),
                            several: false,
                        });
                    }
                }
                7 => {
                    writeln!(text, "unit = \"fraction\"\nshares = {{ 1 = \"{id}-p1\", 2 = \"{id}-p2\", 3 = \"{id}-p3\", 4 = \"{id}-p4\", 5 = \"{id}-p5\" }}").unwrap();
                    self.questions.push(Question::Shares((1..=5).map(|phase| format!("{id}-p{phase}")).collect()));
                }
                _ => text += "unit = \"phase\"\njudgement = true\n",
            }
            if on == "area" || on == "key-informants" {
                self.indicators.push(id);
            }
        }
        input.framework.insert("indicators.toml".into(), text);
    }

    pub(super) fn indicator_rows(&mut self, input: &mut Input) {
        let mut sheet = Writer::default();
        let mut keys: Vec<(String, String, String)> =
            self.wholes.iter().map(|(pcode, pocket)| (pcode.clone(), pocket.clone(), String::new())).collect();
        let wholes = keys.len();
        keys.extend(self.units.iter().map(|unit| (unit.pcode.clone(), unit.pocket.clone(), unit.group.clone())));
        if self.dice.chance(10) {
            keys.push((self.provinces[0].clone(), String::new(), String::new()));
        }
        let questions = std::mem::take(&mut self.questions);
        for (at, key) in keys.iter().enumerate() {
            if self.dice.chance(if at < wholes { 30 } else { 35 }) {
                continue;
            }
            let known = if at < wholes { 75 } else { 45 };
            let mut line = keyed(key);
            for question in &questions {
                if !self.dice.chance(known) {
                    continue;
                }
                match question {
                    Question::Number { id, step } => {
                        let text = self.dice.pick(step);
                        let missing = text == "dnk" && !declares_token(&input.framework["indicators.toml"], id);
                        if !missing {
                            line.insert(id.clone(), text.to_owned());
                        }
                    }
                    Question::Answer { column, of, several } => {
                        let mut ticked = vec![of[self.dice.below(of.len())].clone()];
                        while *several && self.dice.chance(40) {
                            ticked.push(of[self.dice.below(of.len())].clone());
                        }
                        // A token for missing among other answers is a puzzle of its own.
                        if column.starts_with("mines") && ticked.len() > 1 {
                            ticked.retain(|option| option != "dnk");
                        }
                        ticked.sort();
                        ticked.dedup();
                        line.insert(column.clone(), ticked.join(" "));
                    }
                    Question::Shares(columns) => {
                        let five = self.five();
                        for (column, share) in columns.iter().zip(five) {
                            line.insert(column.clone(), share);
                        }
                    }
                }
            }
            sheet.rows.push(line);
        }
        input.sheets.push(sheet.finish("indicators", &["pcode", "pocket", "population_group"], &mut self.dice));
    }
}

pub(super) fn with_token(mut of: Vec<String>, token: bool) -> Vec<String> {
    if token {
        of.push("dnk".into());
    }
    of
}

/// Whether an indicator of this file declares tokens for missing.
pub(super) fn declares_token(text: &str, id: &str) -> bool {
    let table: toml::Table = text.parse().unwrap();
    table.get("indicator").and_then(|all| all.get(id)).is_some_and(|rule| rule.get("missing").is_some())
}
