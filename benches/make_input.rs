//! An invented country of any size, the same on every machine: `areas` districts x 5 groups x 40 indicators, with
//! population (one district in ten split by sex and age), estimates, shares, judgements, decisions, response, last
//! year's figures and, if asked for, the other sectors. It is made row by row, so that a large one needs no memory.

#![allow(dead_code, reason = "each bench uses its own part of this module")]

use std::fmt::Write as _;
use std::fs;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use pinpoint::diag::Level;
use pinpoint::framework::validate;
use pinpoint::framework::{Context, Framework};
use pinpoint::io::read_framework;
use pinpoint::table::workbook::CellMarks;
use pinpoint::table::{CellValue, SheetBuilder, Workbook};

/// The population groups.
pub const GROUPS: [&str; 5] = ["IDPs", "Non-displaced", "Pastoralists", "Refugees", "Returnees"];
/// How many indicators.
pub const INDICATORS: usize = 40;
const AORS: [&str; 5] = ["GP", "CP", "GBV", "HLP", "MA"];
const SECTORS: [&str; 8] = ["cccm", "education", "nutrition", "food-security", "health", "protection", "shelter", "wash"];
const ANSWERS: [&str; 5] = ["never", "rare", "some-months", "every-month", "every-week"];
const OPTIONS: [&str; 4] = ["water", "school", "clinic", "market"];

/// What to make.
#[derive(Copy, Clone, Debug)]
pub struct Size {
    /// Districts, which are the units of analysis together with the groups.
    pub areas: usize,
    /// Whether the sheet of the other sectors is there.
    pub sectors: bool,
}

impl Size {
    /// So many areas, without the other sectors.
    pub const fn of(areas: usize) -> Self {
        Self { areas, sectors: false }
    }
}

/// A value of a made sheet.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing.
    Blank,
    /// A text without commas and quotation marks.
    Text(String),
    /// A number.
    Number(f64),
}

/// A sheet, made row by row.
pub struct MadeSheet {
    /// Its name.
    pub name: &'static str,
    /// Its headers.
    pub header: Vec<String>,
    /// Its rows.
    pub rows: Box<dyn Iterator<Item = Vec<Value>>>,
}

/// The sheets of a country of this size.
pub fn sheets(size: Size) -> Vec<MadeSheet> {
    let mut sheets = vec![areas(size), population(size), indicators(size)];
    sheets.extend([estimates(size), shares(size), judgements(size), decisions(size), response(size), previous(size)]);
    if size.sectors {
        sheets.push(other_sectors(size));
    }
    sheets
}

/// The country as a workbook in memory.
pub fn workbook(size: Size) -> Workbook {
    let mut workbook = Workbook::default();
    for sheet in sheets(size) {
        let mut builder = SheetBuilder::default();
        for (column, title) in (1..).zip(&sheet.header) {
            builder.push(1, column, CellValue::Text(title), CellMarks::default());
        }
        for (number, row) in (2..).zip(sheet.rows) {
            for (column, value) in (1..).zip(&row) {
                builder.push(number, column, cell(value), CellMarks::default());
            }
        }
        workbook.sheets.push(builder.finish(sheet.name, false));
    }
    workbook
}

fn cell(value: &Value) -> CellValue<'_> {
    match value {
        Value::Blank => CellValue::Blank,
        Value::Text(text) => CellValue::Text(text),
        Value::Number(number) => CellValue::Number(*number),
    }
}

/// Writes the country as a folder of CSV files, with its context beside the tables.
pub fn write_folder(size: Size, folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    fs::write(folder.join("context.toml"), CONTEXT)?;
    for sheet in sheets(size) {
        let mut out = BufWriter::with_capacity(1 << 20, fs::File::create(folder.join(format!("{}.csv", sheet.name)))?);
        writeln!(out, "{}", sheet.header.join(","))?;
        let mut line = String::new();
        for row in sheet.rows {
            line.clear();
            for (at, value) in row.iter().enumerate() {
                if at > 0 {
                    line.push(',');
                }
                let _ = match value {
                    Value::Blank => Ok(()),
                    Value::Text(text) => write!(line, "{text}"),
                    Value::Number(number) => write!(line, "{number}"),
                };
            }
            writeln!(out, "{line}")?;
        }
        out.flush()?;
    }
    Ok(())
}

/// Writes the framework as a folder.
pub fn write_framework(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    for (name, text) in framework_texts() {
        fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// The framework: 40 area indicators over the 15 risks, and coefficients.
pub fn framework() -> Framework {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    write_framework(folder.path()).expect("the framework can be written");
    let files = read_framework::framework_files(&folder.path().to_string_lossy()).expect("the framework can be read");
    let checked = validate::framework(&files);
    sound(&checked.findings);
    checked.value.expect("the framework is sound")
}

/// The context.
pub fn context() -> Context {
    let checked = validate::context("context.toml", Some(CONTEXT), &pinpoint::run::own_layout());
    sound(&checked.findings);
    checked.value.expect("the context is sound")
}

fn sound(findings: &pinpoint::diag::Findings) {
    let errors: Vec<_> = findings.iter().filter(|finding| finding.level == Level::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

const CONTEXT: &str = r#"format = 1
[context]
country = "XVB"
name = "Bench"
cycle = "2026"
language = "en"
framework = "bench"
country-pcode = "XB"
as-of = "2026-01-31"
has-hrp = true
in-gho = true
aors = ["GP", "CP", "GBV", "HLP", "MA"]
reference-period = { start = "2026-01-01", end = "2026-12-31" }

[[tier]]
code = "front-line"
areas = ["XB01", "XB0201"]
"#;

fn framework_texts() -> [(&'static str, String); 3] {
    let framework = r#"format = 1
[framework]
id = "bench"
version = "1"
status = "draft"
title = "For timing"
source = "invented"
[severity]
evidence-order = ["given", "households", "shares", "area", "judgement"]
household = { combine = "worst", missing = "any-known" }
risk = { combine = "mean-of-worst-half", missing = "any-known" }
aor = { combine = "worst" }
overall = { combine = "worst" }
area-phase = { rule = "share-at-or-above", share = "20%", comparator = "at-least" }
least-coverage = "50%"
above-the-unit = "none"
[people-in-need]
from-phase = 3
affected-from-phase = 2
rules = ["given", "shares", "coefficients"]
across-aors = { rule = "highest", cell = "leaf" }
rounding = "half-up-at-the-end"
"#;
    let mut indicators = String::from("format = 1\n");
    for at in 0..INDICATORS {
        let (risk, second) = (at % 15 + 1, (at * 7 + 3) % 15 + 1);
        let risks = if at % 4 == 0 && risk != second { format!("\"PR{risk:02}\", \"PR{second:02}\"") } else { format!("\"PR{risk:02}\"") };
        let pillar = ["B1", "C2", "D1", "A1"].get(at % 4).copied().unwrap_or("B1");
        let (unit, form) = form_of(at);
        let _ = write!(
            indicators,
            "[indicator.{}]\nlabel = \"Indicator {at}\"\nrisks = [{risks}]\npillar = \"{pillar}\"\nmeasured-on = \"area\"\nunit = \"{unit}\"\n{form}\nsource = \"invented\"\n",
            indicator(at)
        );
    }
    let mut coefficients = String::from("format = 1\n");
    let mut row = |keys: &str, need: u32, affected: u32| {
        let _ = write!(coefficients, "[[coefficient]]\n{keys}\nin-need = \"{need}%\"\naffected = \"{affected}%\"\nwhy = \"invented\"\n");
    };
    for (phase, need, affected) in [(1, 0, 0), (2, 0, 10), (3, 20, 40), (4, 45, 70), (5, 80, 95)] {
        row(&format!("phase = {phase}"), need, affected);
        if phase >= 3 {
            row(&format!("aor = \"GP\"\nphase = {phase}\ngroup = \"IDPs\""), need + 7, affected);
            row(&format!("aor = \"CP\"\nphase = {phase}\nage = \"0-17\""), need + 11, affected);
            row(&format!("aor = \"GBV\"\nphase = {phase}\nsex = \"female\"\nage = \"18+\""), need + 13, affected);
            row(&format!("aor = \"MA\"\nphase = {phase}\ntier = \"front-line\""), need + 3, affected);
        }
    }
    [("framework.toml", framework.to_owned()), ("indicators.toml", indicators), ("coefficients.toml", coefficients)]
}

fn indicator(at: usize) -> String {
    format!("indicator-{at:02}")
}

fn form_of(at: usize) -> (&'static str, String) {
    match at % 10 {
        7 | 8 => ("answer", format!("answers = {{ 1 = [\"{}\"], 2 = [\"{}\"], 3 = [\"{}\"], 4 = [\"{}\"], 5 = [\"{}\"] }}", ANSWERS[0], ANSWERS[1], ANSWERS[2], ANSWERS[3], ANSWERS[4])),
        9 => (
            "answer",
            "additive = { options = { water = 1, school = 1, clinic = 2, market = 1 }, cap = 4, exclusive = [\"none\"], dont-know = \"missing\" }\nphase-from = { 1 = 0, 2 = 1, 3 = 2, 4 = 4 }".to_owned(),
        ),
        6 => ("rate-per-100000", "worse-when = \"higher\"\nphase-from = { 1 = 0, 2 = 2, 3 = 10, 4 = 50, 5 = 200 }".to_owned()),
        _ => ("percent", "worse-when = \"higher\"\nphase-from = { 1 = 0, 2 = 5, 3 = 15, 4 = 30, 5 = 50 }".to_owned()),
    }
}

/// A number that looks random and is always the same (splitmix64).
fn mixed(area: usize, group: usize, what: usize) -> u64 {
    let seed = ((area as u64) << 24) ^ ((group as u64) << 16) ^ what as u64;
    let mut x = seed.wrapping_add(0x9E37_79B9_7F4A_7C15).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

/// Below `bound`.
fn below(bound: u64, area: usize, group: usize, what: usize) -> u64 {
    mixed(area, group, what) % bound
}

/// From 0 to below 1, in thousandths; small numbers are likelier.
fn skewed(area: usize, group: usize, what: usize) -> f64 {
    let part = below(1000, area, group, what) as f64 / 1000.0;
    part * part * part
}

fn text(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.is_empty() { Value::Blank } else { Value::Text(text) }
}

fn number(number: impl TryInto<u32>) -> Value {
    number.try_into().map_or(Value::Blank, |number: u32| Value::Number(f64::from(number)))
}

fn province(area: usize) -> usize {
    area / 100
}

fn pcode(area: usize) -> String {
    let province = province(area);
    format!("XB{:02}{:03}{:02}", province % 20 + 1, province / 20 + 1, area % 100)
}

fn people(area: usize, group: usize) -> u64 {
    [4_000, 60_000, 9_000, 2_500, 7_000].get(group).copied().unwrap_or(1000) + below(5_000, area, group, 900)
}

/// Every district and group.
fn units(size: Size) -> impl Iterator<Item = (usize, usize)> {
    (0..size.areas).flat_map(|area| (0..GROUPS.len()).map(move |group| (area, group)))
}

fn key(area: usize, group: usize) -> Vec<Value> {
    vec![text(pcode(area)), text(GROUPS.get(group).copied().unwrap_or_default())]
}

fn header(titles: &[&str]) -> Vec<String> {
    ["pcode", "population_group"].iter().chain(titles).map(|title| (*title).to_owned()).collect()
}

fn areas(size: Size) -> MadeSheet {
    let provinces = size.areas.div_ceil(100);
    let regions = provinces.min(20);
    let row = |code: String, name: String, level: u32, parent: &str| vec![text(code), text(name), number(level), text(parent)];
    let country = std::iter::once(row("XB".into(), "Bench".into(), 0, ""));
    let first = (0..regions).map(move |at| row(format!("XB{:02}", at + 1), format!("Region {at}"), 1, "XB"));
    let second = (0..provinces).map(move |at| {
        let above = format!("XB{:02}", at % 20 + 1);
        row(format!("{above}{:03}", at / 20 + 1), format!("Province {at}"), 2, &above)
    });
    let third = (0..size.areas).map(move |at| {
        let above = format!("XB{:02}{:03}", province(at) % 20 + 1, province(at) / 20 + 1);
        row(pcode(at), format!("District {at}"), 3, &above)
    });
    let header = ["pcode", "name", "level", "parent_pcode"].map(str::to_owned).to_vec();
    MadeSheet { name: "areas", header, rows: Box::new(country.chain(first).chain(second).chain(third)) }
}

fn population(size: Size) -> MadeSheet {
    let rows = units(size).flat_map(|(area, group)| {
        let people = people(area, group);
        let parts: Vec<(&str, &str, u64)> = if area % 10 == 0 {
            let (girls, boys, women) = (people * 26 / 100, people * 25 / 100, people * 25 / 100);
            vec![
                ("female", "0-17", girls),
                ("male", "0-17", boys),
                ("female", "18+", women),
                ("male", "18+", people - girls - boys - women),
            ]
        } else {
            vec![("", "", people)]
        };
        parts.into_iter().map(move |(sex, age, people)| {
            let mut row = key(area, group);
            row.extend([text(sex), text(age), number(people)]);
            row
        })
    });
    MadeSheet { name: "population", header: header(&["sex", "age", "population"]), rows: Box::new(rows) }
}

fn indicators(size: Size) -> MadeSheet {
    let mut titles = header(&[]);
    titles.extend((0..INDICATORS).map(indicator));
    titles.extend(["source".to_owned(), "date".to_owned()]);
    let rows = units(size).map(|(area, group)| {
        let mut row = key(area, group);
        row.extend((0..INDICATORS).map(|at| value_of(area, group, at)));
        let sources = ["district profile", "protection monitoring", "household survey"];
        row.push(text(sources.get(group % 3).copied().unwrap_or_default()));
        row.push(text(format!("2025-{:02}-{:02}", below(12, area, group, 901) + 1, below(28, area, group, 902) + 1)));
        row
    });
    MadeSheet { name: "indicators", header: titles, rows: Box::new(rows) }
}

/// One value in twelve is missing.
fn value_of(area: usize, group: usize, at: usize) -> Value {
    if below(12, area, group, at + 100) == 0 {
        return Value::Blank;
    }
    let part = skewed(area, group, at);
    match at % 10 {
        7 | 8 => text(ANSWERS.iter().rev().nth((4.99 * (1.0 - part)) as usize).copied().unwrap_or("never")),
        9 => {
            let ticked: Vec<&str> = OPTIONS
                .iter()
                .enumerate()
                .filter(|(bit, _)| below(5, area, group, at + 200 + bit) == 0)
                .map(|(_, option)| *option)
                .collect();
            text(if ticked.is_empty() { "none".to_owned() } else { ticked.join(" ") })
        }
        6 => Value::Number((part * 20_000.0).round() / 100.0),
        _ => Value::Number((part * 600.0).round() / 10.0),
    }
}

/// One unit in four has a figure of one AoR computed elsewhere.
fn estimates(size: Size) -> MadeSheet {
    let rows = units(size).filter(|&(area, group)| below(4, area, group, 300) == 0).map(|(area, group)| {
        let mut row = key(area, group);
        let aor = AORS.get(below(5, area, group, 301) as usize).copied().unwrap_or("GP");
        let need = people(area, group) * (below(40, area, group, 302) + 1) / 100;
        row.extend([
            text(aor),
            number(below(5, area, group, 303) + 1),
            number(need * 3 / 2),
            Value::Number(need as f64 + 0.5),
            text("survey of the AoR"),
        ]);
        row
    });
    MadeSheet { name: "estimates", header: header(&["aor", "phase", "affected", "in_need", "source"]), rows: Box::new(rows) }
}

/// One unit in twenty has shares by phase.
fn shares(size: Size) -> MadeSheet {
    let rows = units(size).filter(|&(area, group)| below(20, area, group, 400) == 0).map(|(area, group)| {
        let mut row = key(area, group);
        let (scope, code) = if area % 2 == 0 {
            ("aor", AORS.get(area % 5).copied().unwrap_or("GP").to_owned())
        } else {
            ("risk", format!("PR{:02}", area % 15 + 1))
        };
        row.extend([text(scope), text(code)]);
        row.extend([0.2, 0.4, 0.2, 0.15, 0.05].map(Value::Number));
        row
    });
    MadeSheet { name: "shares", header: header(&["scope", "code", "phase1", "phase2", "phase3", "phase4", "phase5"]), rows: Box::new(rows) }
}

/// One unit in five has a judgement.
fn judgements(size: Size) -> MadeSheet {
    let rows = units(size).filter(|&(area, group)| below(5, area, group, 500) == 0).map(|(area, group)| {
        let mut row = key(area, group);
        row.extend([
            text(format!("PR{:02}", below(15, area, group, 501) + 1)),
            number(below(5, area, group, 502) + 1),
            text(format!("key informants of district {area} agree with the monitors")),
            text("medium"),
            text("Threats at the road block near the market"),
            text("Families keep to their homes after dark"),
            text("A committee meets every week"),
            text(format!("interviews {area}-{group}")),
            text("Protection working group"),
            text(format!("2025-11-{:02}", area % 28 + 1)),
        ]);
        row
    });
    let titles = ["risk", "phase", "reason", "confidence", "threat", "effects", "capacities", "evidence", "decided_by", "date"];
    MadeSheet { name: "judgements", header: header(&titles), rows: Box::new(rows) }
}

/// One unit in fifty has a figure that was decided.
fn decisions(size: Size) -> MadeSheet {
    let rows = units(size).filter(|&(area, group)| below(50, area, group, 600) == 0).map(|(area, group)| {
        let mut row = key(area, group);
        let phase = area % 2 == 0;
        let people = people(area, group);
        row.extend([
            text("aor"),
            text("GP"),
            text(if phase { "phase" } else { "in_need" }),
            number(if phase { 3 } else { people / 2 }),
            number(if phase { 4 } else { people / 3 }),
            text(format!("the figures of district {area} were collected before the camp opened")),
            text("site profiles"),
            text("Protection working group"),
            text("2025-12-09"),
        ]);
        row
    });
    let titles = ["scope", "code", "what", "old", "new", "reason", "evidence", "decided_by", "date"];
    MadeSheet { name: "decisions", header: header(&titles), rows: Box::new(rows) }
}

/// One unit in four is targeted.
fn response(size: Size) -> MadeSheet {
    let rows = units(size).filter(|&(area, group)| below(4, area, group, 700) == 0).map(|(area, group)| {
        let mut row = key(area, group);
        let people = people(area, group);
        row.extend([text("overall"), number(people / 4), number(people / 9)]);
        row
    });
    MadeSheet { name: "response", header: header(&["aor", "targeted", "reached"]), rows: Box::new(rows) }
}

/// One unit in four has a figure of last year.
fn previous(size: Size) -> MadeSheet {
    let rows = units(size).filter(|&(area, group)| below(4, area, group, 800) == 0).map(|(area, group)| {
        let mut row = key(area, group);
        row.extend([text("overall"), number(below(5, area, group, 801) + 1), number(people(area, group) / 3)]);
        row
    });
    MadeSheet { name: "previous", header: header(&["aor", "phase", "in_need"]), rows: Box::new(rows) }
}

/// A row for the district with the phases, one for each group with the people.
fn other_sectors(size: Size) -> MadeSheet {
    let mut titles = header(&["population"]);
    titles.extend(SECTORS.iter().map(|sector| format!("{sector}.in_need")));
    titles.extend(SECTORS.iter().map(|sector| format!("{sector}.phase")));
    titles.extend(["whz", "muac", "final_severity", "final_severity_reason"].map(str::to_owned));
    let rows =
        (0..size.areas).flat_map(|area| (0..=GROUPS.len()).map(move |row| (area, row))).map(|(area, row)| match row.checked_sub(1) {
            None => {
                let mut cells = vec![text(pcode(area)), Value::Blank, Value::Blank];
                cells.extend(SECTORS.iter().map(|_| Value::Blank));
                cells.extend((0..SECTORS.len()).map(|at| number(below(5, area, 9, 850 + at) + 1)));
                cells.extend([Value::Number(11.5), Value::Number(4.5)]);
                cells.extend(if area % 40 == 0 { [number(4_u32), text("the team moved it")] } else { [Value::Blank, Value::Blank] });
                cells
            }
            Some(group) => {
                let mut cells = key(area, group);
                let people = people(area, group);
                cells.push(number(people));
                cells.extend((0..SECTORS.len()).map(|at| number(people * (below(60, area, group, 860 + at) + 5) / 100)));
                cells.extend((0..SECTORS.len() + 4).map(|_| Value::Blank));
                cells
            }
        });
    MadeSheet { name: "sectors", header: titles, rows: Box::new(rows) }
}
