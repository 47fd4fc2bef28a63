//! The slow twin of the engine: the same figures with plain loops, from the documents alone (METHOD, docs/method.md,
//! docs/frameworks.md, docs/formats.md), with an arithmetic of its own: decimals of twelve places in an `i128`.
//!
//! Where the documents leave something open, `SETTLED` says what was chosen.

mod across;
mod combine;
mod estimate;
mod numbers;
mod outputs;
mod read;
mod score;
mod wholes;

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use numbers::{decimal, number};

/// One, in units of 1e-12.
const ONE: i128 = 1_000_000_000_000;
const OVERALL: &str = "PRO-OVE";
const ACROSS: &str = "intersectoral";
const ALL_AORS: [&str; 5] = ["GP", "CP", "GBV", "HLP", "MA"];
const CORE: [&str; 8] = ["cccm", "education", "nutrition", "food-security", "health", "protection", "shelter", "wash"];

/// A sheet: headers, and rows of cell texts. A blank text is a blank cell.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub name: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// Everything that goes in.
#[derive(Clone, Debug, Default)]
pub struct Input {
    pub sheets: Vec<Sheet>,
    /// File name and text of the framework's folder.
    pub framework: BTreeMap<String, String>,
    /// The risks that hold where the folder has none.
    pub risks: String,
    pub context: String,
}

/// Everything that comes out, each table by its key, the fields as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Output {
    /// `pcode|pocket|group|sex|age|scope|code`.
    pub figures: BTreeMap<String, Vec<String>>,
    /// `pcode|pocket|group|scope|code`.
    pub severity: BTreeMap<String, Vec<String>>,
    /// `pcode|pocket|group`.
    pub across: BTreeMap<String, Vec<String>>,
    /// `pcode|pocket|group|scope|code|figure`.
    pub changes: BTreeMap<String, Vec<String>>,
    /// By rank.
    pub priorities: BTreeMap<String, Vec<String>>,
}

/// Area, pocket, group. A blank group speaks for the whole area.
type Key = (String, String, String);
type Leaf = (String, String);

#[derive(Clone, Debug)]
struct Row {
    key: Key,
    cells: BTreeMap<String, String>,
}

impl Row {
    fn get(&self, header: &str) -> &str {
        self.cells.get(header).map_or("", |text| text.trim())
    }

    fn number(&self, header: &str) -> Option<i128> {
        number(self.get(header))
    }

    /// Sex and age, where the row is for a part of the people.
    fn leaf(&self) -> Option<Leaf> {
        Some((self.get("sex").to_owned(), self.get("age").to_owned())).filter(|leaf| *leaf != Leaf::default())
    }

    /// 0 is unknown.
    fn phase(&self, header: &str) -> Option<u8> {
        self.number(header).map(|value| u8::try_from(value / ONE).unwrap()).filter(|phase| *phase > 0)
    }
}

fn texts(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).map(|list| list.iter().map(|item| item.as_str().unwrap().to_owned()).collect()).unwrap_or_default()
}

fn text_of<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Value::as_str)
}

/// A number of a file as a decimal.
fn decimal_of(value: &Value) -> i128 {
    match value {
        Value::Integer(whole) => i128::from(*whole) * ONE,
        Value::Float(float) => decimal(&float.to_string()),
        other => panic!("{other} is no number"),
    }
}

fn small(value: &Value) -> u8 {
    u8::try_from(value.as_integer().unwrap()).unwrap()
}

fn section(table: &Table, key: &str) -> Table {
    table.get(key).and_then(Value::as_table).cloned().unwrap_or_default()
}

/// The framework's section with what the context writes laid over it.
fn laid_over(framework: &Table, context: &Table, key: &str) -> Table {
    let mut merged = section(framework, key);
    let aors = section(&merged, "aor");
    merged.extend(section(context, key));
    if key == "people-in-need" {
        let mut all = aors;
        all.extend(section(&section(context, key), "aor"));
        merged.insert("aor".into(), Value::Table(all));
    }
    merged
}

#[derive(Clone, Debug, Default)]
struct Cell {
    population: i128,
    /// People of each leaf; `None` where the sheet leaves them blank.
    leaves: BTreeMap<Leaf, Option<i128>>,
    /// The column `affected`, of the cell and of its leaves.
    affected: Option<i128>,
    affected_of: BTreeMap<Leaf, i128>,
}

/// A phase with what it rests on.
#[derive(Clone, Debug, Default)]
struct Judged {
    phase: Option<u8>,
    method: String,
    /// Place in the order of evidence; `None` where only a decision gave the phase.
    place: Option<usize>,
    coverage: Option<i128>,
    /// Some evidence of the unit's own entered.
    own: bool,
    decided: bool,
    /// It rests on something that was decided (method 11).
    rests: bool,
}

impl Judged {
    const fn touched(&self) -> bool {
        self.decided || self.rests
    }
}

#[derive(Clone, Debug, Default)]
struct Figure {
    in_need: Option<i128>,
    affected: Option<i128>,
    method: String,
    leaves: BTreeMap<Leaf, (Option<i128>, Option<i128>)>,
    /// Leaves whose people in need are given although the total is not (method 15.22).
    given_leaves: BTreeSet<Leaf>,
    mosaic: String,
    decided: bool,
    /// It rests on something that was decided (method 11).
    rests: bool,
    /// It would be derived from overall, which is not there yet (method 15.9).
    waits: bool,
}

#[derive(Clone, Debug, Default)]
struct Across {
    phases: Vec<Option<u8>>,
    people: Vec<Option<i128>>,
    population: Option<i128>,
    known: usize,
    preliminary: Option<u8>,
    severity: Option<u8>,
    /// Few sectors are known, of the unit or of the area in whose severity it stands: not assessed in sums.
    left_out: bool,
    decided: bool,
    /// What was decided is the severity, in which the groups of an area stand.
    severity_decided: bool,
    places: Vec<(i128, Vec<usize>)>,
    severity_flags: Vec<String>,
    in_need_flags: Vec<String>,
    in_need_preliminary: Option<i128>,
    in_need: Option<i128>,
    targeted: Option<i128>,
    prioritised: Option<i128>,
}

impl Across {
    /// Fewer than four core phases are known (method 14.4).
    const fn is_low(&self) -> bool {
        self.known > 0 && self.known < 4
    }
}

struct Twin {
    sheets: BTreeMap<String, Vec<Row>>,
    framework: Table,
    context: Table,
    country: String,
    /// p-code: level and parent.
    areas: BTreeMap<String, (u8, String)>,
    severity_rules: Table,
    people_rules: Table,
    across_rules: Table,
    aors: Vec<String>,
    /// Code and AoRs, in code order.
    risks: Vec<(String, Vec<String>)>,
    indicators: BTreeMap<String, Table>,
    not_used: Vec<String>,
    coefficients: Vec<Table>,
    sectors: Vec<String>,
    order: Vec<String>,
    /// The units whose people are counted.
    cells: BTreeMap<Key, Cell>,
    /// The population of each row, counted or not.
    stated: BTreeMap<Key, i128>,
    /// Every key that stands in some sheet.
    seen: BTreeSet<Key>,
    /// Whole areas with a row in a sheet of evidence or of sectors.
    spoken_for: BTreeSet<Key>,
    shares: BTreeMap<(Key, String), [i128; 5]>,
    given_phase: BTreeMap<(Key, String), u8>,
    judged: BTreeMap<(Key, String), u8>,
    given: BTreeMap<(Key, String, Option<Leaf>), (Option<i128>, Option<i128>)>,
    /// Column `affected` of sheet `population`, of every row without a sex and an age.
    stated_affected: BTreeMap<Key, i128>,
    decisions: BTreeMap<(Key, String, String), i128>,
    severity: BTreeMap<Key, BTreeMap<String, Judged>>,
    figures: BTreeMap<Key, BTreeMap<String, Figure>>,
    across: BTreeMap<Key, Across>,
    /// People in need stated for several rows that stand in the sums (method 15.21), by row and code.
    in_need_of_wholes: BTreeMap<(Key, String), i128>,
    /// In need, people for whom it is known, and people, of rows that are no units.
    sums_above: BTreeMap<(Key, String), (Option<i128>, i128, i128)>,
    /// Phases of areas by the people of their units, where the framework asks for them (method 14.6).
    phases_above: BTreeMap<(Key, String), u8>,
}

/// The figures of an input.
pub fn analyse(input: &Input) -> Output {
    let mut twin = Twin::read(input);
    twin.read_evidence();
    twin.combine();
    twin.estimate();
    twin.intersect();
    let mut output = Output::default();
    twin.write_figures(&mut output);
    twin.write_severity(&mut output);
    twin.write_across(&mut output);
    twin.write_changes(&mut output);
    twin.write_priorities(&mut output);
    output
}

fn joined(key: &Key, rest: &[&str]) -> String {
    let mut parts = vec![key.0.as_str(), key.1.as_str(), key.2.as_str()];
    parts.extend(rest);
    parts.join("|")
}
