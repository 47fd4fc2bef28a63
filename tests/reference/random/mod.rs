//! Random workbooks with a random framework and context, from a seed. Everything is written as the files that a
//! country would hand in: sheets of cells and texts of TOML.

mod across;
mod dice;
mod evidence;
mod framework;
mod indicators;
mod places;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use dice::Dice;

use super::twin::Input;

const AORS: [&str; 5] = ["GP", "CP", "GBV", "HLP", "MA"];
const GROUPS: [&str; 4] = ["IDPs", "Host", "Réfugiés", "Returnees"];
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
    /// The p-code of the country, where the context names one.
    country: Option<String>,
    /// The people in the areas above the units, in halves.
    halves: BTreeMap<String, i64>,
    /// Whether sheet `population` says who is affected.
    affected_said: bool,
    /// How sexes and ages are written in this workbook.
    leaf_words: BTreeMap<&'static str, String>,
    /// Rows of sheet `sectors`: their key, and whether they hold people.
    sector_rows: Vec<(Key, bool)>,
    drawn: Drawn,
}

/// Area, pocket, group.
type Key = (String, String, String);

/// What a workbook holds of what only some hold.
pub type Drawn = BTreeSet<&'static str>;

/// Everything of that kind.
pub const VARIANTS: [&str; 26] = [
    "a subtotal that is the sum",
    "a subtotal that is not the sum",
    "a subtotal by group",
    "blank leaves with a stated total",
    "every leaf blank",
    "a stated total beside all leaves",
    "affected people of the population sheet",
    "a blank AoR in estimates",
    "a blank AoR in response",
    "an AoR out of play in estimates",
    "an AoR out of play in judgements",
    "an AoR out of play in response",
    "figures given for some parts only",
    "people in need given for several rows",
    "overall given beside AoRs",
    "overall given alone",
    "a group spelled otherwise",
    "a sex or age spelled otherwise",
    "a tier spelled otherwise",
    "a coefficient's key spelled otherwise",
    "a decision on the severity across sectors",
    "a decision on the people across sectors",
    "a final severity in the sheet of sectors",
    "final people in the sheet of sectors",
    "sectors that count a whole area beside its groups",
    "sectors that count a whole area alone",
];

/// The workbook, framework and context of a seed, and what of the variants they hold.
pub fn input(seed: u64, shipped_risks: &str) -> (Input, Drawn) {
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
        country: None,
        halves: BTreeMap::new(),
        affected_said: false,
        leaf_words: BTreeMap::new(),
        sector_rows: Vec::new(),
        drawn: Drawn::new(),
    };
    let mut input = Input { risks: shipped_risks.to_owned(), ..Input::default() };
    plan.choose_words();
    plan.places(&mut input);
    plan.framework(&mut input);
    plan.context(&mut input);
    plan.indicator_rows(&mut input);
    plan.share_rows(&mut input);
    plan.estimates(&mut input);
    plan.judgements(&mut input);
    plan.across(&mut input);
    plan.decisions(&mut input);
    plan.response(&mut input);
    plan.spell_groups(&mut input);
    input.sheets = plan.dice.shuffled(&input.sheets);
    (input, plan.drawn)
}

fn row(fields: &[(&str, &str)]) -> BTreeMap<String, String> {
    fields.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn keyed(key: &Key) -> BTreeMap<String, String> {
    row(&[("pcode", &key.0), ("pocket", &key.1), ("population_group", &key.2)])
}
