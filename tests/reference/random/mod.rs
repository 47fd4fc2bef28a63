//! Random workbooks with a random framework and context, from a seed. Everything is written as the files that a
//! country would hand in: sheets of cells and texts of TOML.

mod across;
mod dice;
mod evidence;
mod framework;
mod indicators;
mod places;

use std::collections::BTreeMap;

use dice::Dice;

use super::twin::Input;

const AORS: [&str; 5] = ["GP", "CP", "GBV", "HLP", "MA"];
const GROUPS: [&str; 4] = ["IDPs", "Host", "Refugees", "Returnees"];
const LEAVES: [(&str, &str); 4] = [("female", "0-17"), ("male", "0-17"), ("female", "18+"), ("male", "18+")];

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
