//! Random workbooks with a random framework and context, from a seed. Everything is written as the files that a
//! country would hand in: sheets of cells and texts of TOML.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::twin::{Input, Sheet};

/// A small generator of random numbers (xorshift64*).
pub struct Dice(u64);

impl Dice {
    /// One for each seed.
    pub const fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    /// 0 to `below` - 1.
    pub const fn below_u64(number: u64, below: u64) -> u64 {
        number % below
    }

    fn below(&mut self, below: usize) -> usize {
        usize::try_from(Self::below_u64(self.next(), below as u64)).unwrap()
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True in so many of a hundred.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// Some of these, in their order.
    fn some_of(&mut self, of: &[String], percent: usize) -> Vec<String> {
        of.iter().filter(|_| self.chance(percent)).cloned().collect()
    }

    fn shuffled<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let mut list = of.to_vec();
        for at in (1..list.len()).rev() {
            let other = self.below(at + 1);
            list.swap(at, other);
        }
        list
    }
}

const AORS: [&str; 5] = ["GP", "CP", "GBV", "HLP", "MA"];
const GROUPS: [&str; 4] = ["IDPs", "Host", "Refugees", "Returnees"];
const LEAVES: [(&str, &str); 4] = [("female", "0-17"), ("male", "0-17"), ("female", "18+"), ("male", "18+")];

/// A sheet being written: a column for each header that some row fills.
#[derive(Default)]
struct Writer {
    rows: Vec<BTreeMap<String, String>>,
}

impl Writer {
    fn finish(self, name: &str, always: &[&str], dice: &mut Dice) -> Sheet {
        let mut header: Vec<String> = always.iter().map(|&text| text.to_owned()).collect();
        for row in &self.rows {
            header.extend(row.keys().filter(|key| !header.contains(key)).cloned().collect::<Vec<_>>());
        }
        let header = dice.shuffled(&header);
        let rows = dice.shuffled(&self.rows);
        let rows = rows.iter().map(|row| header.iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect()).collect();
        Sheet { name: name.into(), header, rows }
    }
}

#[derive(Clone)]
struct Unit {
    pcode: String,
    pocket: String,
    group: String,
    leaves: Vec<(String, String)>,
    people: i64,
}

/// A question of a sheet: the columns that an indicator reads.
enum Question {
    Number { id: String, step: &'static [&'static str] },
    Answer { column: String, of: Vec<String>, several: bool },
    Shares(Vec<String>),
}

struct Plan {
    dice: Dice,
    provinces: Vec<String>,
    districts: Vec<String>,
    units: Vec<Unit>,
    /// Areas (and pockets) with groups, whose row without a group speaks for all.
    wholes: Vec<(String, String)>,
    aors: Vec<String>,
    risks: Vec<String>,
    indicators: Vec<String>,
    questions: Vec<Question>,
    sectors: Vec<String>,
    tiers: Vec<String>,
    /// Each derived AoR and what it is derived from.
    bases: BTreeMap<String, String>,
}

/// The workbook, framework and context of a seed.
pub fn input(seed: u64, shipped_risks: &str) -> Input {
    let mut plan = Plan {
        dice: Dice::new(seed),
        provinces: Vec::new(),
        districts: Vec::new(),
        units: Vec::new(),
        wholes: Vec::new(),
        aors: Vec::new(),
        risks: Vec::new(),
        indicators: Vec::new(),
        questions: Vec::new(),
        sectors: Vec::new(),
        tiers: Vec::new(),
        bases: BTreeMap::new(),
    };
    let mut input = Input { risks: shipped_risks.to_owned(), ..Input::default() };
    plan.places(&mut input);
    plan.framework(&mut input);
    plan.context(&mut input);
    plan.indicator_rows(&mut input);
    plan.share_rows(&mut input);
    plan.estimates(&mut input);
    plan.judgements(&mut input);
    plan.decisions(&mut input);
    plan.across(&mut input);
    plan.response(&mut input);
    input.sheets = plan.dice.shuffled(&input.sheets);
    input
}

fn row(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn keyed(key: &(String, String, String)) -> BTreeMap<String, String> {
    row(&[("pcode", &key.0), ("pocket", &key.1), ("population_group", &key.2)])
}

impl Plan {
    // --- places and people ------------------------------------------------------------------------------------

    fn places(&mut self, input: &mut Input) {
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
    fn some_key(&mut self) -> (String, String, String) {
        if !self.wholes.is_empty() && self.dice.chance(35) {
            let at = self.dice.below(self.wholes.len());
            let (pcode, pocket) = self.wholes[at].clone();
            return (pcode, pocket, String::new());
        }
        let at = self.dice.below(self.units.len());
        let unit = &self.units[at];
        (unit.pcode.clone(), unit.pocket.clone(), unit.group.clone())
    }

    // --- the framework ----------------------------------------------------------------------------------------

    fn framework(&mut self, input: &mut Input) {
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
                let rules = dice.pick(&["\"derived\"", "\"given\", \"derived\"", "\"coefficients\", \"derived\""]);
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

    fn indicators(&mut self, input: &mut Input) {
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

    /// Rows for any phase, then ever more specific ones; every row names another set of keys, or other values of them.
    fn coefficients(&mut self, input: &mut Input) {
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
        for keys in rows {
            text += "[[coefficient]]\n";
            for (key, value) in keys {
                writeln!(text, "{key} = {value}").unwrap();
            }
            text += &need(dice);
        }
        input.framework.insert("coefficients.toml".into(), text);
    }

    fn context(&mut self, input: &mut Input) {
        let dice = &mut self.dice;
        let mut text = String::from("format = 1\n[context]\ncountry = \"XXX\"\n");
        if dice.chance(60) {
            text += "country-pcode = \"XX\"\n";
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
            writeln!(text, "[[tier]]\ncode = \"{tier}\"\nareas = [\"{}\"]", areas.join("\", \"")).unwrap();
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

    // --- evidence ---------------------------------------------------------------------------------------------

    /// Five shares that add up to 1, or nearly; a blank where a share is 0, now and then.
    fn five(&mut self) -> [String; 5] {
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

    fn indicator_rows(&mut self, input: &mut Input) {
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

    /// A scope and code that evidence can be for.
    fn scope(&mut self) -> (&'static str, String) {
        match self.dice.below(10) {
            0..=4 => ("aor", self.aors[self.dice.below(self.aors.len())].clone()),
            5..=7 => ("risk", self.risks[self.dice.below(self.risks.len())].clone()),
            _ => ("overall", String::new()),
        }
    }

    fn share_rows(&mut self, input: &mut Input) {
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

    fn people(&mut self, most: i64) -> String {
        let people = self.dice.below(usize::try_from(most.max(1)).unwrap());
        let decimals = if self.dice.chance(20) { self.dice.pick(&[".5", ".25", ".123456"]) } else { "" };
        format!("{people}{decimals}")
    }

    fn estimates(&mut self, input: &mut Input) {
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
                    if self.dice.chance(50) || (series != "overall" && !self.aors.contains(&series.to_owned())) {
                        continue;
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
            let series = if self.dice.chance(15) { "overall".to_owned() } else { self.aors[self.dice.below(self.aors.len())].clone() };
            if seen.contains(&(key.clone(), series.clone())) {
                continue;
            }
            seen.push((key.clone(), series.clone()));
            line.insert("aor".into(), series);
            let leaves = unit.map(|unit| unit.leaves).unwrap_or_default();
            let by_leaf = !leaves.is_empty() && self.dice.chance(50);
            if by_leaf {
                let affected = self.dice.chance(50);
                for (sex, age) in leaves {
                    let mut of_leaf = line.clone();
                    of_leaf.insert("sex".into(), sex);
                    of_leaf.insert("age".into(), age);
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
        let always: &[&str] = if wide { &["pcode", "GP.in_need"] } else { &["pcode", "aor", "phase", "in_need", "affected"] };
        input.sheets.push(sheet.finish("estimates", always, &mut self.dice));
    }

    fn judgements(&mut self, input: &mut Input) {
        if self.dice.chance(25) {
            return;
        }
        let mut sheet = Writer::default();
        let mut seen = Vec::new();
        for _ in 0..self.dice.between(1, 8) {
            let (key, (scope, code)) = (self.some_key(), self.scope());
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

    fn decisions(&mut self, input: &mut Input) {
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
        let always = ["pcode", "scope", "code", "what", "old", "new", "reason", "evidence", "decided_by", "date"];
        input.sheets.push(sheet.finish("decisions", &always, &mut self.dice));
    }

    // --- across sectors, last year, response -------------------------------------------------------------------

    fn across(&mut self, input: &mut Input) {
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
            }
        };
        if with_sectors {
            for (pcode, pocket) in self.wholes.clone() {
                if self.dice.chance(85) {
                    let mut line = keyed(&(pcode, pocket, String::new()));
                    phases(self, &mut line);
                    sectors.rows.push(line);
                }
            }
            for unit in self.units.clone() {
                if self.dice.chance(85) {
                    let mut line = keyed(&(unit.pcode, unit.pocket, unit.group.clone()));
                    if unit.group.is_empty() {
                        phases(self, &mut line);
                    } else if self.dice.chance(8) {
                        line.insert("manual_flag".into(), "x".into());
                    }
                    people(self, &mut line, unit.people.max(50), &mut last_year);
                    sectors.rows.push(line);
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

    fn response(&mut self, input: &mut Input) {
        if self.dice.chance(50) {
            return;
        }
        let mut sheet = Writer::default();
        for unit in self.units.clone() {
            if self.dice.chance(40) {
                let mut line = keyed(&(unit.pcode, unit.pocket, unit.group));
                line.insert(
                    "aor".into(),
                    if self.dice.chance(50) { "overall".into() } else { self.aors[self.dice.below(self.aors.len())].clone() },
                );
                line.insert("targeted".into(), self.people(2_000));
                if self.dice.chance(70) {
                    line.insert("reached".into(), self.people(1_000));
                }
                sheet.rows.push(line);
            }
        }
        input.sheets.push(sheet.finish("response", &["pcode", "pocket", "population_group", "aor", "targeted", "reached"], &mut self.dice));
    }
}

fn across(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "{ rule = \"highest\", cell = \"group\" }",
        "{ rule = \"highest\" }",
        "{ rule = \"highest\", cell = \"leaf\" }",
        "{ rule = \"highest\", cell = \"leaf\" }",
        "{ rule = \"independent\" }",
    ])
}

/// Whether an AoR derived from this base would be derived from itself: a circle says nothing.
fn leads_back(bases: &BTreeMap<String, String>, aor: &str, base: &str) -> bool {
    base == aor || bases.get(base).is_some_and(|next| leads_back(bases, aor, next))
}

fn with_token(mut of: Vec<String>, token: bool) -> Vec<String> {
    if token {
        of.push("dnk".into());
    }
    of
}

/// Whether an indicator of this file declares tokens for missing.
fn declares_token(text: &str, id: &str) -> bool {
    let table: toml::Table = text.parse().unwrap();
    table.get("indicator").and_then(|all| all.get(id)).is_some_and(|rule| rule.get("missing").is_some())
}
