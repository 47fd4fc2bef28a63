//! The slow twin of the engine: the same figures with plain loops, from the documents alone (METHOD, docs/method.md,
//! docs/frameworks.md, docs/formats.md), with an arithmetic of its own: decimals of twelve places in an `i128`.
//!
//! Where the documents leave something open, `SETTLED` says what was chosen.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

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

// --- numbers --------------------------------------------------------------------------------------------------

/// A plain decimal text in units of 1e-12, half away from zero at the twelfth place.
pub fn decimal(text: &str) -> i128 {
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut units: i128 = 0;
    for digit in whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(12)) {
        assert!(digit.is_ascii_digit(), "`{text}` is no decimal");
        units = units * 10 + i128::from(digit - b'0');
    }
    if fraction.as_bytes().get(12).is_some_and(|digit| *digit >= b'5') {
        units += 1;
    }
    sign * units
}

fn number(text: &str) -> Option<i128> {
    (!text.is_empty()).then(|| decimal(text))
}

/// As the outputs write it: no trailing zeros; blank when not known.
pub fn written(value: Option<i128>) -> String {
    let Some(value) = value else { return String::new() };
    let sign = if value < 0 { "-" } else { "" };
    let (whole, rest) = (value.abs() / ONE, value.abs() % ONE);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:012}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

/// a x above / below, rounded half up once at the twelfth place.
fn times(a: i128, above: i128, below: i128) -> i128 {
    (2 * a * above + below).div_euclid(2 * below)
}

fn divided(a: i128, b: i128) -> i128 {
    times(a, ONE, b)
}

/// Rounded half up to nine places, for comparisons (method 14.2).
fn nine(value: i128) -> i128 {
    (value + 500).div_euclid(1000)
}

/// A share of a file, with its sign.
fn percent(text: &str) -> i128 {
    decimal(text.strip_suffix('%').unwrap().trim()) / 100
}

fn sum(values: impl IntoIterator<Item = Option<i128>>) -> Option<i128> {
    values.into_iter().flatten().fold(None, |all: Option<i128>, value| Some(all.unwrap_or(0) + value))
}

fn sum_if_all(values: &[Option<i128>]) -> Option<i128> {
    if values.is_empty() || values.contains(&None) { None } else { sum(values.iter().copied()) }
}

fn phase_text(phase: Option<u8>) -> String {
    phase.map_or_else(String::new, |phase| phase.to_string())
}

fn folded(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', '-'], " ")
}

// --- reading --------------------------------------------------------------------------------------------------

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
    leaves: BTreeMap<Leaf, i128>,
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
}

#[derive(Clone, Debug, Default)]
struct Figure {
    in_need: Option<i128>,
    affected: Option<i128>,
    method: String,
    leaves: BTreeMap<Leaf, (Option<i128>, Option<i128>)>,
    mosaic: String,
    decided: bool,
}

#[derive(Clone, Debug, Default)]
struct Across {
    phases: Vec<Option<u8>>,
    people: Vec<Option<i128>>,
    population: Option<i128>,
    known: usize,
    preliminary: Option<u8>,
    severity: Option<u8>,
    low: bool,
    /// Not assessed in sums, because few sectors are known in its area.
    left_out: bool,
    decided: bool,
    places: Vec<(i128, Vec<usize>)>,
    severity_flags: Vec<String>,
    in_need_flags: Vec<String>,
    in_need_preliminary: Option<i128>,
    in_need: Option<i128>,
    targeted: Option<i128>,
    prioritised: Option<i128>,
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
    cells: BTreeMap<Key, Cell>,
    /// Every key that stands in some sheet.
    seen: BTreeSet<Key>,
    /// Whole areas with a row in a sheet of evidence or of sectors.
    spoken_for: BTreeSet<Key>,
    shares: BTreeMap<(Key, String), [i128; 5]>,
    given_phase: BTreeMap<(Key, String), u8>,
    judged: BTreeMap<(Key, String), u8>,
    given: BTreeMap<(Key, String, Option<Leaf>), (Option<i128>, Option<i128>)>,
    decisions: BTreeMap<(Key, String, String), i128>,
    severity: BTreeMap<Key, BTreeMap<String, Judged>>,
    figures: BTreeMap<Key, BTreeMap<String, Figure>>,
    across: BTreeMap<Key, Across>,
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

impl Twin {
    fn read(input: &Input) -> Self {
        let parse = |name: &str| -> Table { input.framework.get(name).map(|text| text.parse().unwrap()).unwrap_or_default() };
        let framework = parse("framework.toml");
        let context: Table = input.context.parse().unwrap();
        let head = section(&context, "context");
        let country = text_of(&head, "country-pcode").or_else(|| text_of(&head, "country")).unwrap_or("country").to_owned();
        let mut groups: BTreeMap<String, String> = BTreeMap::new();
        for group in context.get("group").and_then(Value::as_array).into_iter().flatten().map(|group| group.as_table().unwrap()) {
            let code = text_of(group, "code").unwrap();
            groups.insert(folded(code), code.to_owned());
            groups.extend(texts(group.get("aliases")).into_iter().map(|alias| (folded(&alias), code.to_owned())));
        }
        let mut sheets = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for sheet in &input.sheets {
            let mut rows = Vec::new();
            for texts in &sheet.rows {
                let cells: BTreeMap<String, String> = sheet.header.iter().cloned().zip(texts.iter().cloned()).collect();
                let get = |header: &str| cells.get(header).map_or("", |text| text.trim()).to_owned();
                let group = get("population_group");
                let group = groups.get(&folded(&group)).cloned().unwrap_or(group);
                rows.push(Row { key: (get("pcode"), get("pocket"), group), cells });
            }
            if sheet.name != "areas" {
                seen.extend(rows.iter().map(|row| row.key.clone()));
            }
            sheets.insert(sheet.name.clone(), rows);
        }
        let mut areas = BTreeMap::from([(country.clone(), (0, String::new()))]);
        for row in sheets.get("areas").into_iter().flatten() {
            if row.key.0 != country {
                let parent = row.get("parent_pcode");
                let parent = if parent.is_empty() { &country } else { parent };
                areas.insert(row.key.0.clone(), (row.get("level").parse().unwrap(), parent.to_owned()));
            }
        }
        let own_risks = parse("risks.toml");
        let risk_table: Table = if own_risks.is_empty() { input.risks.parse().unwrap() } else { own_risks };
        let mut risks: Vec<(String, Vec<String>)> = Vec::new();
        for risk in risk_table["risk"].as_array().unwrap() {
            risks.push((risk["code"].as_str().unwrap().to_owned(), texts(risk.get("aors"))));
        }
        risks.sort();
        let indicators = section(&parse("indicators.toml"), "indicator")
            .into_iter()
            .map(|(id, value)| (id, value.as_table().unwrap().clone()))
            .collect();
        let coefficients = parse("coefficients.toml");
        let coefficients = coefficients
            .get("coefficient")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|row| row.as_table().unwrap().clone())
            .collect();
        let severity_rules = laid_over(&framework, &context, "severity");
        let mut order = texts(severity_rules.get("evidence-order"));
        if order.is_empty() {
            order = ["given", "households", "shares", "area", "judgement"].map(str::to_owned).to_vec();
        }
        let mut aors = texts(head.get("aors"));
        if aors.is_empty() {
            aors = ALL_AORS.map(str::to_owned).to_vec();
        }
        let mut sectors: Vec<String> = context
            .get("sector")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|sector| sector["code"].as_str().unwrap().to_owned())
            .collect();
        if sectors.is_empty() {
            sectors = CORE.map(str::to_owned).to_vec();
        }
        let mut twin = Self {
            people_rules: laid_over(&framework, &context, "people-in-need"),
            across_rules: laid_over(&framework, &context, "intersectoral"),
            not_used: texts(section(&context, "indicators").get("not-used")),
            severity_rules,
            framework,
            context,
            country,
            areas,
            sheets,
            aors,
            risks,
            indicators,
            coefficients,
            sectors,
            order,
            seen,
            cells: BTreeMap::new(),
            spoken_for: BTreeSet::new(),
            shares: BTreeMap::new(),
            given_phase: BTreeMap::new(),
            judged: BTreeMap::new(),
            given: BTreeMap::new(),
            decisions: BTreeMap::new(),
            severity: BTreeMap::new(),
            figures: BTreeMap::new(),
            across: BTreeMap::new(),
        };
        twin.read_population();
        twin
    }

    fn rows(&self, sheet: &str) -> Vec<Row> {
        self.sheets.get(sheet).cloned().unwrap_or_default()
    }

    fn read_population(&mut self) {
        let mut cells: BTreeMap<Key, Cell> = BTreeMap::new();
        for row in self.rows("population") {
            let Some(people) = row.number("population") else { continue };
            if !row.get("disability").is_empty() {
                continue;
            }
            let cell = cells.entry(row.key.clone()).or_default();
            let leaf = (row.get("sex").to_owned(), row.get("age").to_owned());
            cell.population += people;
            if leaf != (String::new(), String::new()) {
                cell.leaves.insert(leaf, people);
            }
        }
        // A row of the whole area is never added to its groups (method 15.3).
        let with_groups: BTreeSet<(String, String)> =
            cells.keys().filter(|key| !key.2.is_empty()).map(|key| (key.0.clone(), key.1.clone())).collect();
        cells.retain(|key, _| !key.2.is_empty() || !with_groups.contains(&(key.0.clone(), key.1.clone())));
        self.cells = cells;
    }

    /// The row that speaks for the whole area around a group. SETTLED: in a pocket, the pocket's own row, else the area's.
    fn whole(&self, key: &Key) -> Option<Key> {
        if key.2.is_empty() {
            return None;
        }
        let of_pocket = (key.0.clone(), key.1.clone(), String::new());
        let of_area = (key.0.clone(), String::new(), String::new());
        [of_pocket, of_area].into_iter().find(|whole| self.seen.contains(whole))
    }

    /// The area and all above it.
    fn line(&self, pcode: &str) -> Vec<String> {
        let mut line = vec![pcode.to_owned()];
        while let Some((_, parent)) = self.areas.get(line.last().unwrap()).filter(|(_, parent)| !parent.is_empty()) {
            line.push(parent.clone());
        }
        line
    }

    fn series_code(text: &str) -> String {
        if text == "overall" { OVERALL.to_owned() } else { text.to_owned() }
    }

    fn read_evidence(&mut self) {
        for row in self.rows("decisions") {
            if row.key.2.is_empty() && row.get("what") == "phase" {
                self.spoken_for.insert(row.key.clone());
            }
        }
        // SETTLED: shares that do not add up and a blank estimate say nothing, so they are no row of the whole area.
        for sheet in ["indicators", "judgements", "sectors"] {
            for row in self.rows(sheet) {
                if row.key.2.is_empty() {
                    self.spoken_for.insert(row.key.clone());
                }
            }
        }
        for row in self.rows("shares") {
            let code = if row.get("scope") == "overall" { OVERALL } else { row.get("code") };
            if let Some(shares) = five_shares(["phase1", "phase2", "phase3", "phase4", "phase5"].map(|column| row.number(column))) {
                self.shares.insert((row.key.clone(), code.to_owned()), shares);
                self.spoken_for.extend(Some(row.key.clone()).filter(|key| key.2.is_empty()));
            }
        }
        for row in self.rows("estimates") {
            let leaf = (row.get("sex").to_owned(), row.get("age").to_owned());
            let leaf = (leaf != (String::new(), String::new())).then_some(leaf);
            let mut named: Vec<(String, String)> = Vec::new();
            if !row.get("aor").is_empty() {
                named.push((Self::series_code(row.get("aor")), String::new()));
            }
            for series in ALL_AORS.into_iter().chain(["overall"]) {
                named.push((Self::series_code(series), format!("{series}.")));
            }
            for (code, prefix) in named {
                let any = row.phase(&format!("{prefix}phase")).is_some()
                    || ["in_need", "affected"].iter().any(|figure| row.number(&format!("{prefix}{figure}")).is_some());
                self.spoken_for.extend(Some(row.key.clone()).filter(|key| any && key.2.is_empty()));
                if let Some(phase) = row.phase(&format!("{prefix}phase")) {
                    self.given_phase.insert((row.key.clone(), code.clone()), phase);
                }
                let (in_need, affected) = (row.number(&format!("{prefix}in_need")), row.number(&format!("{prefix}affected")));
                if in_need.is_some() || affected.is_some() {
                    self.given.insert((row.key.clone(), code, leaf.clone()), (in_need, affected));
                }
            }
        }
        for row in self.rows("judgements") {
            let code = if row.get("risk").is_empty() { Self::series_code(row.get("aor")) } else { row.get("risk").to_owned() };
            if let Some(phase) = row.phase("phase") {
                self.judged.insert((row.key.clone(), code), phase);
            }
        }
        for row in self.rows("decisions") {
            let code = match row.get("scope") {
                "overall" => OVERALL,
                ACROSS => ACROSS,
                _ => row.get("code"),
            };
            self.decisions.insert((row.key.clone(), code.to_owned(), row.get("what").to_owned()), row.number("new").unwrap());
        }
    }

    fn decided_phase(&self, key: &Key, code: &str) -> Option<u8> {
        self.decisions.get(&(key.clone(), code.to_owned(), "phase".to_owned())).map(|new| u8::try_from(new / ONE).unwrap())
    }

    /// A decision on a phase: for this very row, or for the whole area where the group's phase is inherited or unknown.
    fn decide(&self, key: &Key, code: &str, judged: &mut Judged) {
        let own = self.decided_phase(key, code);
        let of_area = self.whole(key).and_then(|whole| self.decided_phase(&whole, code)).filter(|_| !judged.own || judged.phase.is_none());
        if let Some(phase) = own.or(of_area) {
            judged.phase = Some(phase);
            judged.decided = true;
            judged.own = own.is_some();
            if judged.place.is_none() {
                // SETTLED: a phase that only a decision gives is a person's judgement.
                judged.place = self.place("judgement");
                judged.method = "judgement".into();
            }
        }
    }

    // --- score ------------------------------------------------------------------------------------------------

    /// The phase of an indicator in a row; and whether the row says anything of it.
    fn score(&self, id: &str, row: &Row) -> (Option<u8>, bool) {
        let rule = &self.indicators[id];
        let missing: Vec<String> = texts(rule.get("missing")).iter().map(|token| folded(token)).collect();
        let dont_know = rule.get("dont-know").and_then(Value::as_integer).map(|phase| u8::try_from(phase).unwrap());
        // The text of a cell; blank where it is a token for missing.
        let known = |column: &str| -> String {
            let text = row.get(column);
            if missing.contains(&folded(text)) { String::new() } else { text.to_owned() }
        };
        let ladder = |value: i128| -> Option<u8> {
            let worse_when = text_of(rule, "worse-when").unwrap_or("higher");
            let mut found = None;
            for phase in 1..=5u8 {
                let Some(bound) = rule["phase-from"].get(phase.to_string()) else { continue };
                let (value, bound) = (nine(value), nine(decimal_of(bound)));
                if (worse_when == "higher" && value >= bound) || (worse_when == "lower" && value <= bound) {
                    found = Some(phase);
                }
            }
            found
        };
        if let Some(columns) = rule.get("shares") {
            let parts = [1, 2, 3, 4, 5].map(|phase: u8| number(&known(columns[phase.to_string()].as_str().unwrap())));
            let says = parts.iter().any(Option::is_some);
            return (five_shares(parts).and_then(|shares| self.phase_of_shares(&shares)), says);
        }
        for form in ["count", "non-critical"] {
            let Some(block) = rule.get(form).and_then(Value::as_table) else { continue };
            let mut is: Vec<String> = texts(block.get("is")).iter().map(|answer| folded(answer)).collect();
            if is.is_empty() {
                is = ["yes", "1", "true"].map(str::to_owned).to_vec();
            }
            // SETTLED: the items that are known count; unknown when none is.
            let items: Vec<bool> = texts(block.get("of"))
                .iter()
                .map(|column| known(column))
                .filter(|text| !text.is_empty())
                .map(|text| is.contains(&folded(&text)))
                .collect();
            let held = i128::try_from(items.iter().filter(|held| **held).count()).unwrap();
            let count = i128::try_from(items.len()).unwrap();
            if count == 0 {
                return (None, false);
            }
            if form == "count" {
                return (ladder(held * ONE), true);
            }
            let phase = if 3 * held > 2 * count {
                3
            } else if 3 * held > count {
                2
            } else {
                1
            };
            return (Some(phase), true);
        }
        if let Some(conditions) = rule.get("conditions").and_then(Value::as_array) {
            let mut says = false;
            for condition in conditions {
                for test in condition["when"].as_array().unwrap() {
                    says |= test.get("column").is_some_and(|column| !known(column.as_str().unwrap()).is_empty());
                }
            }
            for condition in conditions {
                if condition["when"].as_array().unwrap().iter().all(|test| self.holds(test.as_table().unwrap(), row, &known)) {
                    return (Some(small(&condition["phase"])), says);
                }
            }
            // SETTLED: "otherwise" speaks only of rows that say something.
            return (rule.get("otherwise").filter(|_| says).map(small), says);
        }
        if let Some(form) = rule.get("additive").and_then(Value::as_table) {
            let text = row.get(id);
            // Method 4: "don't know" means missing, unless the form says that it is to be ignored.
            let only_unsure = missing.contains(&folded(text)) && text_of(form, "dont-know") != Some("ignored");
            if text.is_empty() || only_unsure {
                return (None, false);
            }
            let options: BTreeMap<String, i128> =
                section(form, "options").iter().map(|(option, weight)| (folded(option), decimal_of(weight))).collect();
            let ticked: Vec<String> = text.split_whitespace().map(folded).collect();
            let exclusive: Vec<String> = texts(form.get("exclusive")).iter().map(|option| folded(option)).collect();
            let unsure = ticked.iter().any(|option| missing.contains(option));
            let total: i128 = ticked.iter().filter_map(|option| options.get(option)).sum();
            let sum = if let Some(alone) = ticked.iter().find(|option| exclusive.contains(option)) {
                Some(options.get(alone).copied().unwrap_or(0))
            } else {
                match text_of(form, "dont-know").unwrap_or("missing") {
                    "missing" if unsure => None,
                    "missing-unless-sum" if unsure && total == 0 => None,
                    _ => Some(total),
                }
            };
            let cap = form.get("cap").map(decimal_of);
            // A sum of nothing but "don't know" says nothing of its own.
            return (sum.and_then(|sum| ladder(cap.map_or(sum, |cap| sum.min(cap)))), true);
        }
        if let Some(answers) = rule.get("answers").and_then(Value::as_table) {
            let text = folded(row.get(id));
            if text.is_empty() || (dont_know.is_none() && missing.contains(&text)) {
                return (None, false);
            }
            if missing.contains(&text) {
                return (dont_know, true);
            }
            for (phase, spellings) in answers {
                if texts(Some(spellings)).iter().any(|spelling| folded(spelling) == text) {
                    return (Some(phase.parse().unwrap()), true);
                }
            }
            panic!("{id}: `{text}` stands under no phase");
        }
        match number(&known(id)) {
            Some(value) => (ladder(value), true),
            None => (None, false),
        }
    }

    fn holds(&self, test: &Table, row: &Row, known: &dyn Fn(&str) -> String) -> bool {
        if let Some(areas) = test.get("area-in") {
            let line = self.line(&row.key.0);
            return texts(Some(areas)).iter().any(|area| line.contains(area));
        }
        let text = known(text_of(test, "column").unwrap());
        if text.is_empty() {
            return false;
        }
        for (name, bound) in test {
            let compare = |holds: fn(i128, i128) -> bool| holds(nine(decimal(&text)), nine(decimal_of(bound)));
            let ticked: Vec<String> = text.split_whitespace().map(folded).collect();
            let of = |list: Option<&Value>| -> Vec<String> { texts(list).iter().map(|option| folded(option)).collect() };
            return match name.as_str() {
                "column" => continue,
                "at-least" => compare(|value, bound| value >= bound),
                "more-than" => compare(|value, bound| value > bound),
                "at-most" => compare(|value, bound| value <= bound),
                "less-than" => compare(|value, bound| value < bound),
                "is" => ticked.contains(&folded(bound.as_str().unwrap())),
                "any-of" => of(Some(bound)).iter().any(|option| ticked.contains(option)),
                "all-of" => of(Some(bound)).iter().all(|option| ticked.contains(option)),
                "at-least-n-of" => {
                    let n = usize::from(small(&bound["n"]));
                    of(bound.get("of")).iter().filter(|option| ticked.contains(option)).count() >= n
                }
                other => panic!("no test `{other}`"),
            };
        }
        false
    }

    /// Cumulated from phase 5 downward (method 5).
    fn phase_of_shares(&self, shares: &[i128; 5]) -> Option<u8> {
        let rule = section(&self.severity_rules, "area-phase");
        phase_past_the_cut(shares, percent(text_of(&rule, "share").unwrap_or("20%")), text_of(&rule, "comparator") == Some("more-than"))
    }

    /// The highest phase that the form of an indicator can reach.
    fn tier(&self, id: &str) -> u8 {
        let rule = &self.indicators[id];
        let highest = |table: &Table| table.keys().map(|phase| phase.parse::<u8>().unwrap()).max().unwrap();
        if let Some(bounds) = rule.get("phase-from").and_then(Value::as_table) {
            return highest(bounds);
        }
        if let Some(answers) = rule.get("answers").and_then(Value::as_table) {
            return highest(answers);
        }
        if let Some(conditions) = rule.get("conditions").and_then(Value::as_array) {
            let phases = conditions.iter().map(|condition| small(&condition["phase"])).chain(rule.get("otherwise").map(small));
            return phases.max().unwrap();
        }
        if rule.contains_key("non-critical") { 3 } else { 5 }
    }

    // --- combine ----------------------------------------------------------------------------------------------

    fn combine(&mut self) {
        let keys: BTreeSet<Key> = self
            .cells
            .keys()
            .cloned()
            .chain(self.spoken_for.iter().cloned())
            .chain(self.decisions.keys().map(|(key, _, _)| key.clone()))
            .collect();
        let rows: BTreeMap<Key, Row> = self.rows("indicators").into_iter().map(|row| (row.key.clone(), row)).collect();
        for key in keys {
            let mut found: BTreeMap<String, Judged> = BTreeMap::new();
            for id in self.area_indicators() {
                let (own, says) = rows.get(&key).map_or((None, false), |row| self.score(&id, row));
                let of_area = || self.whole(&key).and_then(|whole| rows.get(&whole).cloned()).and_then(|row| self.score(&id, &row).0);
                let phase = if says { own } else { of_area() };
                let mut judged = Judged { phase, own: says, place: self.place("area"), ..Judged::default() };
                self.decide(&key, &id, &mut judged);
                judged.method = if judged.phase.is_some() { "area".into() } else { String::new() };
                found.insert(id, judged);
            }
            for (risk, _) in &self.risks {
                let judged = self.judge_risk(&key, risk, &found);
                found.insert(risk.clone(), judged);
            }
            for aor in &self.aors {
                let parts: Vec<Judged> =
                    self.risks.iter().filter(|(_, aors)| aors.contains(aor)).map(|(risk, _)| found[risk].clone()).collect();
                let judged = self.judge_parts(&key, aor, &parts, "aor");
                found.insert(aor.clone(), judged);
            }
            let parts: Vec<Judged> = self.aors.iter().map(|aor| found[aor].clone()).collect();
            let judged = self.judge_parts(&key, OVERALL, &parts, "overall");
            found.insert(OVERALL.into(), judged);
            self.severity.insert(key, found);
        }
    }

    fn area_indicators(&self) -> Vec<String> {
        let of_areas = |rule: &Table| matches!(text_of(rule, "measured-on"), Some("area" | "key-informants"));
        self.indicators.iter().filter(|(_, rule)| of_areas(rule)).map(|(id, _)| id.clone()).collect()
    }

    fn place(&self, kind: &str) -> Option<usize> {
        self.order.iter().position(|known| known == kind)
    }

    /// The evidence for this very scope: kind, phase, whether it is the row's own.
    fn direct(&self, key: &Key, code: &str) -> Vec<(&'static str, u8, bool)> {
        let mut direct = Vec::new();
        let whole = self.whole(key);
        let own_or_whole = |of: &dyn Fn(&Key) -> Option<u8>| {
            of(key).map(|phase| (phase, true)).or_else(|| whole.as_ref().and_then(of).map(|phase| (phase, false)))
        };
        let target = |key: &Key| (key.clone(), code.to_owned());
        for (kind, found) in [
            ("given", own_or_whole(&|key| self.given_phase.get(&target(key)).copied())),
            ("shares", own_or_whole(&|key| self.shares.get(&target(key)).and_then(|shares| self.phase_of_shares(shares)))),
            ("judgement", own_or_whole(&|key| self.judged.get(&target(key)).copied())),
        ] {
            direct.extend(found.map(|(phase, own)| (kind, phase, own)));
        }
        direct
    }

    fn judge_risk(&self, key: &Key, risk: &str, found: &BTreeMap<String, Judged>) -> Judged {
        let mut parts = Vec::new();
        let (mut expected, mut known) = (0, 0);
        let mut own = false;
        for id in self.area_indicators() {
            let rule = &self.indicators[&id];
            if !texts(rule.get("risks")).contains(&risk.to_owned()) {
                continue;
            }
            let judged = &found[&id];
            own |= judged.phase.is_some() && judged.own;
            parts.push(Part {
                phase: judged.phase,
                tier: self.tier(&id),
                weight: rule.get("weight").map_or(ONE, decimal_of),
                decisive: rule.get("decisive").and_then(Value::as_bool).unwrap_or(false),
            });
            if rule.get("expected").and_then(Value::as_bool).unwrap_or(true) && !self.not_used.contains(&id) {
                expected += 1;
                known += i128::from(judged.phase.is_some());
            }
        }
        let coverage = (expected > 0).then(|| divided(known * ONE, expected * ONE));
        let least = percent(text_of(&self.severity_rules, "least-coverage").unwrap_or("50%"));
        let enough = known * ONE >= least * expected || parts.iter().any(Part::decides_alone);
        let mut candidates: Vec<(usize, &str, u8, bool)> =
            self.direct(key, risk).into_iter().map(|(kind, phase, own)| (self.place(kind).unwrap(), kind, phase, own)).collect();
        if let Some(phase) = combined(&parts, &section(&self.severity_rules, "risk")).filter(|_| enough) {
            candidates.push((self.place("area").unwrap(), "area", phase, own));
        }
        let mut judged = Judged { coverage, ..Judged::default() };
        if let Some((place, kind, phase, own)) = candidates.into_iter().min_by_key(|candidate| candidate.0) {
            judged = Judged { phase: Some(phase), method: kind.into(), place: Some(place), own, ..judged };
        }
        self.decide(key, risk, &mut judged);
        judged
    }

    /// Risks into an AoR, AoRs into overall (method 15.2).
    fn judge_parts(&self, key: &Key, code: &str, parts: &[Judged], step: &str) -> Judged {
        let known: Vec<&Judged> = parts.iter().filter(|part| part.phase.is_some()).collect();
        let coverage =
            (!parts.is_empty()).then(|| divided(i128::try_from(known.len()).unwrap() * ONE, i128::try_from(parts.len()).unwrap() * ONE));
        let mut candidates: Vec<((usize, u8), &str, u8, bool)> =
            self.direct(key, code).into_iter().map(|(kind, phase, own)| ((self.place(kind).unwrap(), 0), kind, phase, own)).collect();
        // SETTLED: a risk or an AoR can reach any phase, and each counts the same.
        let all: Vec<Part> = parts.iter().map(|part| Part { phase: part.phase, tier: 5, weight: ONE, decisive: false }).collect();
        if let Some(phase) = combined(&all, &section(&self.severity_rules, step)) {
            let best = known.iter().filter_map(|part| part.place).min().unwrap_or(usize::MAX);
            candidates.push(((best, 1), "combined", phase, known.iter().any(|part| part.own)));
        }
        let mut judged = Judged { coverage, ..Judged::default() };
        if let Some(((place, _), kind, phase, own)) = candidates.into_iter().min_by_key(|candidate| candidate.0) {
            judged =
                Judged { phase: Some(phase), method: kind.into(), place: Some(place).filter(|place| *place != usize::MAX), own, ..judged };
        }
        self.decide(key, code, &mut judged);
        judged
    }

    // --- estimate ---------------------------------------------------------------------------------------------

    fn ways(&self, code: &str) -> (Vec<String>, Option<(String, i128)>) {
        let common = || {
            let rules = texts(self.people_rules.get("rules"));
            if rules.is_empty() { ["given", "shares", "coefficients"].map(str::to_owned).to_vec() } else { rules }
        };
        let Some(own) = self.people_rules.get("aor").and_then(|aors| aors.get(code)).and_then(Value::as_table) else {
            return (common(), None);
        };
        let rules = texts(own.get("rules"));
        let derived = own
            .get("derived")
            .map(|derived| (Self::series_code(derived["of"].as_str().unwrap()), percent(derived["share"].as_str().unwrap())));
        (if rules.is_empty() { common() } else { rules }, derived)
    }

    /// Whether an AoR rests on overall, so that it cannot enter the maximum that makes overall (method 15.9).
    fn rests_on_overall(&self, code: &str, depth: u8) -> bool {
        let (ways, derived) = self.ways(code);
        let Some((of, _)) = derived.filter(|_| ways.iter().any(|way| way == "derived")) else { return false };
        of == OVERALL || (depth < 6 && self.rests_on_overall(&of, depth + 1))
    }

    fn least_phase(&self, key: &str, default: u8) -> usize {
        usize::from(self.people_rules.get(key).map_or(default, small))
    }

    fn estimate(&mut self) {
        let independent =
            self.people_rules.get("across-aors").and_then(|across| across.get("rule")).and_then(Value::as_str) == Some("independent");
        let by_leaf = self.people_rules.get("across-aors").and_then(|across| across.get("cell")).and_then(Value::as_str) == Some("leaf");
        for (key, cell) in self.cells.clone() {
            let mut found: BTreeMap<String, Figure> = BTreeMap::new();
            let entering: Vec<String> = self.aors.iter().filter(|aor| !self.rests_on_overall(aor, 0)).cloned().collect();
            if independent {
                let mut overall = self.figure(&key, &cell, OVERALL, &mut found, 0);
                if overall.in_need.is_some() {
                    overall.mosaic = "independent".into();
                }
                found.insert(OVERALL.into(), self.decided(&key, OVERALL, overall));
            } else {
                for aor in &entering {
                    self.figure_of(&key, &cell, aor, &mut found, 0);
                }
                let figures: Vec<&Figure> = entering.iter().map(|aor| &found[aor]).collect();
                let mut overall = highest(&cell, &figures, by_leaf);
                if overall.in_need.is_none() {
                    // Method 15.9: where no AoR can make it, overall is given.
                    if let Some(given) = self.given_figure(&key, &cell, OVERALL) {
                        overall = Figure { affected: given.affected.or(overall.affected), ..given };
                    }
                }
                found.insert(OVERALL.into(), self.decided(&key, OVERALL, overall));
            }
            for aor in self.aors.clone() {
                self.figure_of(&key, &cell, &aor, &mut found, 0);
            }
            self.figures.insert(key, found);
        }
    }

    fn figure_of(&self, key: &Key, cell: &Cell, code: &str, found: &mut BTreeMap<String, Figure>, depth: u8) {
        if !found.contains_key(code) && depth < 8 {
            let figure = self.figure(key, cell, code, found, depth);
            found.insert(code.to_owned(), self.decided(key, code, figure));
        }
    }

    /// A decision on people. SETTLED: it says nothing of the leaves of the figure that it changes.
    fn decided(&self, key: &Key, code: &str, mut figure: Figure) -> Figure {
        for (what, is_need) in [("in_need", true), ("affected", false)] {
            let Some(new) = self.decisions.get(&(key.clone(), code.to_owned(), what.to_owned())) else { continue };
            figure.decided = true;
            *(if is_need { &mut figure.in_need } else { &mut figure.affected }) = Some(*new);
            for leaf in figure.leaves.values_mut() {
                *(if is_need { &mut leaf.0 } else { &mut leaf.1 }) = None;
            }
        }
        figure
    }

    fn given_figure(&self, key: &Key, cell: &Cell, code: &str) -> Option<Figure> {
        Some(self.given_people(key, cell, code))
            .filter(|figure| figure.in_need.is_some())
            .map(|figure| Figure { method: "given".into(), ..figure })
    }

    /// People as given. Without a total, the leaves add up to it if all are there.
    fn given_people(&self, key: &Key, cell: &Cell, code: &str) -> Figure {
        let of = |leaf: Option<Leaf>| self.given.get(&(key.clone(), code.to_owned(), leaf)).copied().unwrap_or((None, None));
        let leaves: BTreeMap<Leaf, (Option<i128>, Option<i128>)> =
            cell.leaves.keys().map(|leaf| (leaf.clone(), of(Some(leaf.clone())))).collect();
        let total = of(None);
        let in_need = total.0.or_else(|| sum_if_all(&leaves.values().map(|leaf| leaf.0).collect::<Vec<_>>()));
        let affected = total.1.or_else(|| sum_if_all(&leaves.values().map(|leaf| leaf.1).collect::<Vec<_>>()));
        Figure { in_need, affected, leaves, ..Figure::default() }
    }

    fn figure(&self, key: &Key, cell: &Cell, code: &str, found: &mut BTreeMap<String, Figure>, depth: u8) -> Figure {
        let phase = self.severity[key][code].phase;
        let overall = self.severity[key][OVERALL].phase;
        let (ways, derived) = self.ways(code);
        // SETTLED: affected people that are given alone stand where `given` comes before the way to the people in need.
        let mut affected_given: Option<Figure> = None;
        for way in ways {
            let figure = match way.as_str() {
                "given" => {
                    affected_given = Some(self.given_people(key, cell, code)).filter(|figure| figure.affected.is_some());
                    self.given_figure(key, cell, code)
                }
                "shares" => {
                    let whole = self.whole(key);
                    let shares = self.shares.get(&(key.clone(), code.to_owned())).or_else(|| self.shares.get(&(whole?, code.to_owned())));
                    shares.and_then(|shares| {
                        let part = |from: usize| shares[from - 1..].iter().sum::<i128>();
                        let (need, affected) = (part(self.least_phase("from-phase", 3)), part(self.least_phase("affected-from-phase", 2)));
                        leaf_by_leaf(cell, "shares", |people, _| {
                            let of = |part: i128| times(people, part, shares.iter().sum());
                            Some((of(need), Some(of(affected))))
                        })
                    })
                }
                "coefficients" => phase.and_then(|phase| {
                    leaf_by_leaf(cell, "coefficients", |people, leaf| {
                        let (need, affected) = self.coefficient(key, code, phase, leaf)?;
                        Some((times(people, need, ONE), affected.map(|affected| times(people, affected, ONE))))
                    })
                }),
                _ => derived.clone().and_then(|(of, share)| {
                    // An AoR that is not in play has no figure.
                    if of != OVERALL && self.aors.contains(&of) {
                        self.figure_of(key, cell, &of, found, depth + 1);
                    }
                    let base = found.get(&of)?;
                    let part = |people: Option<i128>| people.map(|people| times(people, share, ONE));
                    let leaves: BTreeMap<Leaf, (Option<i128>, Option<i128>)> =
                        base.leaves.iter().map(|(leaf, people)| (leaf.clone(), (part(people.0), part(people.1)))).collect();
                    Some(Figure {
                        in_need: Some(part(base.in_need)?),
                        affected: part(base.affected),
                        method: "derived".into(),
                        leaves,
                        ..Figure::default()
                    })
                }),
            };
            let Some(mut figure) = figure else { continue };
            let gate = self.people_rules.get("need-from-area-phase").map(small);
            // Given figures are kept as given (method 14.10); every estimate stands behind the gate (method 6.5).
            if way != "given" && gate.is_some_and(|gate| overall.is_some_and(|overall| overall < gate)) {
                figure.in_need = Some(0);
                for leaf in figure.leaves.values_mut().filter(|leaf| leaf.0.is_some()) {
                    leaf.0 = Some(0);
                }
            }
            if let Some(given) = affected_given {
                figure.affected = given.affected;
                for (leaf, people) in given.leaves {
                    figure.leaves.entry(leaf).or_default().1 = people.1;
                }
            }
            return figure;
        }
        affected_given.unwrap_or_default()
    }

    /// In need and affected; `None` where no row speaks although need has begun.
    fn coefficient(&self, key: &Key, code: &str, phase: u8, leaf: &Leaf) -> Option<(i128, Option<i128>)> {
        let line = self.line(&key.0);
        let mut tiers: Vec<String> = Vec::new();
        for tier in self.context.get("tier").and_then(Value::as_array).into_iter().flatten() {
            if texts(tier.get("areas")).iter().any(|area| line.contains(area)) {
                tiers.push(tier["code"].as_str().unwrap().to_owned());
            }
        }
        // SETTLED: a framework without any row for this AoR says nothing of it, not even that nobody is in need.
        let speaks = |row: &Table| text_of(row, "aor").is_none_or(|own| Self::series_code(own) == code);
        if !self.coefficients.iter().any(speaks) {
            return None;
        }
        let below = usize::from(phase) < self.least_phase("from-phase", 3);
        let mut best: Option<(usize, &Table)> = None;
        for row in &self.coefficients {
            let same = |name: &str, asked: &str| text_of(row, name).is_none_or(|own| own == asked);
            let series = text_of(row, "aor").map(Self::series_code);
            let fits = series.is_none_or(|series| series == code)
                && row.get("phase").map(small).is_none_or(|own| own == phase)
                && same("group", &key.2)
                && same("sex", &leaf.0)
                && same("age", &leaf.1)
                && text_of(row, "tier").is_none_or(|tier| tiers.iter().any(|known| known == tier))
                && (!below || row.contains_key("phase"));
            let named = ["aor", "phase", "group", "sex", "age", "tier"].iter().filter(|name| row.contains_key(**name)).count();
            if fits && best.is_none_or(|(most, _)| named > most) {
                best = Some((named, row));
            }
        }
        match best {
            Some((_, row)) => Some((percent(text_of(row, "in-need").unwrap()), text_of(row, "affected").map(percent))),
            None => below.then_some((0, None)),
        }
    }

    // --- across sectors ---------------------------------------------------------------------------------------

    fn limit(&self, name: &str, default: &str) -> i128 {
        percent(text_of(&self.across_rules, name).unwrap_or(default))
    }

    fn count_limit(&self, name: &str, default: i64) -> usize {
        usize::try_from(self.across_rules.get(name).and_then(Value::as_integer).unwrap_or(default)).unwrap()
    }

    fn intersect(&mut self) {
        let rows: BTreeMap<Key, Row> = self.rows("sectors").into_iter().map(|row| (row.key.clone(), row)).collect();
        let mut old: BTreeMap<(Key, String), i128> = BTreeMap::new();
        for row in self.rows("previous") {
            if let (false, Some(people)) = (row.get("sector").is_empty(), row.number("in_need")) {
                old.insert((row.key.clone(), row.get("sector").to_owned()), people);
            }
            for sector in &self.sectors {
                if let Some(people) = row.number(&format!("{sector}.in_need")) {
                    old.insert((row.key.clone(), sector.clone()), people);
                }
            }
        }
        let mut change: BTreeMap<(Key, usize), i128> = BTreeMap::new();
        for (key, row) in &rows {
            for (at, sector) in self.sectors.iter().enumerate() {
                let new = row.number(&format!("{sector}.in_need"));
                if let (Some(old), Some(new)) = (old.get(&(key.clone(), sector.clone())), new)
                    && *old != 0
                {
                    change.insert((key.clone(), at), divided(new - old, *old));
                }
            }
        }
        let mut all: BTreeMap<Key, Across> = BTreeMap::new();
        for (key, row) in &rows {
            let mut unit = Across {
                phases: self.sectors.iter().map(|sector| row.phase(&format!("{sector}.phase"))).collect(),
                people: self.sectors.iter().map(|sector| row.number(&format!("{sector}.in_need"))).collect(),
                // SETTLED: the population of sheet `population` goes before what the sectors write.
                population: self.cells.get(key).map(|cell| cell.population).or_else(|| row.number("population")),
                ..Across::default()
            };
            self.severity_across(key, row, &mut unit);
            all.insert(key.clone(), unit);
        }
        let of_areas = all.clone();
        for (key, unit) in &mut all {
            let row = &rows[key];
            // Rows of a group carry the severity of their area (method 8).
            if !key.2.is_empty() && unit.known == 0 {
                let own = unit.decided.then_some(unit.severity);
                let area = self.whole(key).and_then(|whole| of_areas.get(&whole).cloned()).unwrap_or_default();
                // SETTLED: the unit's own count stays 0; in sums the area's coverage counts.
                unit.left_out = area.low;
                unit.preliminary = area.preliminary;
                unit.severity = own.unwrap_or(area.severity);
                unit.decided |= area.decided;
            }
            self.places_across(key, row, unit, &change);
        }
        self.across = all;
    }

    fn severity_across(&self, key: &Key, row: &Row, unit: &mut Across) {
        let known: Vec<u8> = unit.phases.iter().copied().flatten().collect();
        let from = |phase: u8| known.iter().filter(|own| **own >= phase).count();
        unit.known = known.len();
        unit.low = !known.is_empty() && known.len() < 4;
        unit.left_out = unit.low;
        unit.preliminary = if known.is_empty() {
            None
        } else if from(5) >= 2 && from(4) >= 4 {
            Some(5)
        } else if from(4) >= 4 {
            Some(4)
        } else if from(3) >= 4 {
            Some(3)
        } else if from(2) >= 4 {
            Some(2)
        } else {
            Some(1)
        };
        unit.severity = unit.preliminary;
        if let Some(end) = row.phase("final_severity") {
            unit.decided = Some(end) != unit.preliminary;
            unit.severity = Some(end);
        }
        if let Some(phase) = self.decided_phase(key, ACROSS) {
            unit.decided = true;
            unit.severity = Some(phase);
        }
        if let Some(severity) = unit.preliminary {
            if from(5) >= self.count_limit("sectors-in-phase-5", 1) {
                unit.severity_flags.push("sectors-in-phase-5".into());
            }
            if severity == 4 && from(4) >= self.count_limit("sectors-in-phase-4-or-5", 5) {
                unit.severity_flags.push("sectors-in-phase-4-or-5".into());
            }
            let away: Vec<i128> = self.outcomes(row).into_iter().flatten().map(|outcome| outcome - i128::from(severity) * ONE).collect();
            if away.iter().any(|away| away.abs() >= 2 * ONE) {
                unit.severity_flags.push("outcome-two-phases-away".into());
            }
            if away.iter().filter(|away| **away >= ONE).count() >= 2 || away.iter().filter(|away| **away <= -ONE).count() >= 2 {
                unit.severity_flags.push("outcomes-one-phase-away".into());
            }
        }
        if !row.get("manual_flag").is_empty() && (!known.is_empty() || unit.people.iter().all(Option::is_none)) {
            unit.severity_flags.push("manual".into());
        }
    }

    fn outcomes(&self, row: &Row) -> Vec<Option<i128>> {
        let at_least = |column: &str, bound: i128| row.number(column).is_some_and(|value| nine(value) >= nine(bound));
        let above = |column: &str, bound: i128| row.number(column).is_some_and(|value| nine(value) > nine(bound));
        let mut mortality = None;
        for (phase, casualties, crude, under5) in [(5, 2 * ONE, 2 * ONE, 4 * ONE), (4, ONE, ONE, 2 * ONE), (3, ONE / 2, ONE / 2, ONE)] {
            let reached =
                at_least("civilian_casualties", casualties) || at_least("crude_death_rate", crude) || at_least("under5_death_rate", under5);
            if mortality.is_none() && reached {
                mortality = Some(phase);
            }
        }
        if mortality.is_none()
            && ["civilian_casualties", "crude_death_rate", "under5_death_rate"].iter().any(|column| row.number(column).is_some())
        {
            mortality = Some(2);
        }
        let zero = text_of(&self.across_rules, "blank-muac") == Some("zero");
        let muac_known = row.number("muac").is_some() || (zero && row.number("whz").is_some());
        let mut malnutrition = None;
        if row.number("whz").is_some() || muac_known {
            malnutrition = Some(1);
            if at_least("whz", 5 * ONE) || muac_known {
                malnutrition = Some(2);
            }
            for (phase, whz, muac) in [(3, 10, 5), (4, 15, 10), (5, 30, 15)] {
                if at_least("whz", whz * ONE) || above("muac", muac * ONE) {
                    malnutrition = Some(phase);
                }
            }
        }
        let coping = ["coping_phase1", "coping_phase2", "coping_phase3", "coping_phase4", "coping_phase5"].map(|column| row.number(column));
        let coping = five_shares(coping).and_then(|shares| phase_past_the_cut(&shares, ONE / 5, true)).map(i128::from);
        // 0 is unknown (method 4), and so is what is no phase (method 15.14); epidemics may lie between two phases.
        let entered = |column: &str, between: bool| {
            row.number(column).filter(|value| (ONE..=5 * ONE).contains(value) && (between || value % ONE == 0))
        };
        // SETTLED: a phase that is entered goes before the one that its values give.
        let phase = |computed: Option<i128>, column: &str| entered(column, false).or_else(|| computed.map(|phase| phase * ONE));
        vec![
            phase(mortality, "mortality"),
            phase(malnutrition, "malnutrition"),
            entered("epidemics", true),
            phase(coping, "livelihood_coping"),
            entered("hr_ihl_violations", false),
        ]
    }

    fn places_across(&self, key: &Key, row: &Row, unit: &mut Across, change: &BTreeMap<(Key, usize), i128>) {
        let mut values: Vec<i128> = unit.people.iter().copied().flatten().collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        values.dedup();
        // All zero or blank: no place at all (method 14.13).
        if values.iter().all(|value| *value == 0) {
            values.clear();
        }
        for value in values.into_iter().take(3) {
            let sectors = (0..self.sectors.len()).filter(|at| unit.people[*at] == Some(value)).collect();
            unit.places.push((value, sectors));
        }
        let mut flags: Vec<&str> = Vec::new();
        if let Some((first, first_sectors)) = unit.places.first().cloned() {
            if unit.people.iter().filter(|people| people.unwrap_or(0) == 0).count() >= self.count_limit("zero-or-missing-sectors", 2) {
                flags.push("zero-or-missing-sectors");
            }
            for (place, flag, default) in [(1, "first-over-second", "30%"), (2, "first-over-third", "50%")] {
                if let Some((other, _)) = unit.places.get(place)
                    && first_sectors.len() == 1
                    && *other != 0
                    && nine(divided(first - other, *other)) >= nine(self.limit(flag, default))
                {
                    flags.push(flag);
                }
            }
            if unit
                .population
                .is_some_and(|people| people != 0 && nine(divided(first, people)) >= nine(self.limit("share-of-population", "90%")))
            {
                flags.push("share-of-population");
            }
            let partial = self
                .across_rules
                .get("sub-population-sectors")
                .map_or_else(|| vec!["education".to_owned(), "nutrition".to_owned()], |list| texts(Some(list)));
            if first_sectors.iter().any(|at| partial.contains(&self.sectors[*at])) {
                flags.push("sub-population-sector");
            }
            // SETTLED: both flags on changes look at every sector in the first or the second place.
            let changes: Vec<i128> = unit
                .places
                .iter()
                .take(2)
                .flat_map(|(_, sectors)| sectors)
                .filter_map(|at| change.get(&(key.clone(), *at)).copied())
                .collect();
            if changes.iter().any(|change| nine(change.abs()) >= nine(self.limit("change-from-last-year", "100%"))) {
                flags.push("change-from-last-year");
            }
            if changes.iter().any(|one| self.is_outlier(*one, change)) {
                flags.push("change-in-standard-deviations");
            }
        }
        if !row.get("manual_flag").is_empty() && unit.people.iter().any(Option::is_some) {
            flags.push("manual");
        }
        unit.in_need_flags = flags.into_iter().map(str::to_owned).collect();
        if let (true, Some(severity)) = (unit.people.iter().any(Option::is_some), unit.severity) {
            // SETTLED: where all sectors are zero there is no place, and the preliminary PiN is 0.
            unit.in_need_preliminary = Some(if severity >= 3 { unit.places.first().map_or(0, |place| place.0) } else { 0 });
        }
        unit.in_need = unit.in_need_preliminary;
        if let Some(end) = row.number("final_in_need") {
            unit.decided |= Some(end) != unit.in_need_preliminary;
            unit.in_need = Some(end);
        }
        if let Some(new) = self.decisions.get(&(key.clone(), ACROSS.to_owned(), "in_need".to_owned())) {
            unit.decided = true;
            unit.in_need = Some(*new);
        }
        if let (Some(people), Some(severity)) = (unit.in_need, unit.severity) {
            let share = match severity {
                4 | 5 => self.limit("target-in-phase-4-or-5", "100%"),
                3 => self.limit("target-in-phase-3", "50%"),
                _ => 0,
            };
            unit.targeted = Some(times(people, share, ONE));
            unit.prioritised = Some(if severity > 3 { people } else { 0 });
        }
    }

    /// Beyond k sample standard deviations from the mean of all changes; as squares, so that it is exact.
    fn is_outlier(&self, one: i128, all: &BTreeMap<(Key, usize), i128>) -> bool {
        let count = i128::try_from(all.len()).unwrap();
        if count < 2 {
            return false;
        }
        let total: i128 = all.values().sum();
        let squares: i128 = all.values().map(|change| (change * count - total).pow(2) / ONE).sum();
        let k = self.across_rules.get("change-in-standard-deviations").map_or(2 * ONE, decimal_of);
        let twice = 2 * k / ONE;
        4 * ((one * count - total).pow(2) / ONE) * (count - 1) > twice * twice * squares
    }

    // --- the outputs ------------------------------------------------------------------------------------------

    /// Scope and code of every row of a unit.
    fn scopes(&self) -> Vec<(&'static str, String)> {
        let mut scopes = vec![("overall", OVERALL.to_owned())];
        scopes.extend(self.aors.iter().map(|aor| ("aor", aor.clone())));
        scopes.extend(self.risks.iter().map(|(risk, _)| ("risk", risk.clone())));
        scopes.extend(self.area_indicators().into_iter().map(|id| ("indicator", id)));
        if !self.across.is_empty() {
            scopes.push((ACROSS, ACROSS.to_owned()));
        }
        scopes
    }

    /// The step across sectors of a unit; where it has no row, the severity of its area and no people.
    fn across_of(&self, key: &Key) -> Across {
        self.across.get(key).cloned().unwrap_or_else(|| {
            let area = self.whole(key).and_then(|whole| self.across.get(&whole).cloned()).unwrap_or_default();
            Across { severity: area.severity, decided: area.decided, ..Across::default() }
        })
    }

    fn write_figures(&self, output: &mut Output) {
        let mut response: BTreeMap<(Key, String), (Option<i128>, Option<i128>)> = BTreeMap::new();
        for row in self.rows("response") {
            let mut named = vec![(row.get("aor").to_owned(), String::new())];
            named.extend(ALL_AORS.into_iter().chain(["overall"]).map(|series| (series.to_owned(), format!("{series}."))));
            for (series, prefix) in named {
                let entry = response.entry((row.key.clone(), Self::series_code(&series))).or_default();
                entry.0 = entry.0.or(row.number(&format!("{prefix}targeted")));
                entry.1 = entry.1.or(row.number(&format!("{prefix}reached")));
            }
        }
        let mut records: Vec<Record> = Vec::new();
        for (key, cell) in &self.cells {
            for (scope, code) in self.scopes() {
                let base = Record { key: key.clone(), scope, code: code.clone(), population: Some(cell.population), ..Record::default() };
                if scope == ACROSS {
                    let unit = self.across_of(key);
                    let method = match (unit.in_need, unit.severity) {
                        (Some(_), _) => "highest",
                        (None, Some(_)) => "combined",
                        (None, None) => "",
                    };
                    records.push(Record {
                        in_need: unit.in_need,
                        phase: unit.severity,
                        method: method.into(),
                        targeted: unit.targeted,
                        marked: unit.decided,
                        counts: !unit.left_out,
                        ..base
                    });
                    continue;
                }
                let judged = &self.severity[key][&code];
                let base = Record {
                    phase: judged.phase,
                    coverage: judged.coverage,
                    method: judged.method.clone(),
                    marked: judged.decided,
                    counts: true,
                    ..base
                };
                if scope == "risk" || scope == "indicator" {
                    records.push(base);
                    continue;
                }
                let figure = &self.figures[key][&code];
                for (leaf, people) in &cell.leaves {
                    let (in_need, affected) = figure.leaves.get(leaf).copied().unwrap_or((None, None));
                    let known = in_need.is_some();
                    records.push(Record {
                        leaf: leaf.clone(),
                        population: Some(*people),
                        in_need,
                        affected,
                        method: if known && !figure.method.is_empty() { figure.method.clone() } else { judged.method.clone() },
                        mosaic: if known { figure.mosaic.clone() } else { String::new() },
                        ..base.clone()
                    });
                }
                let (targeted, reached) = response.get(&(key.clone(), code.clone())).copied().unwrap_or((None, None));
                let known = figure.in_need.is_some();
                records.push(Record {
                    in_need: figure.in_need,
                    affected: figure.affected,
                    method: if known && !figure.method.is_empty() { figure.method.clone() } else { judged.method.clone() },
                    mosaic: if known { figure.mosaic.clone() } else { String::new() },
                    targeted,
                    reached,
                    marked: judged.decided || figure.decided,
                    ..base
                });
            }
        }
        let mut rows = records.clone();
        for area in self.areas.keys() {
            rows.extend(self.sums_of(area, &records));
        }
        for row in rows {
            let (sex, age) = &row.leaf;
            let mut marks = row.partial.clone();
            if row.marked {
                marks.insert(0, "override");
            }
            let fields = vec![
                self.areas[&row.key.0].0.to_string(),
                written(row.population),
                written(row.affected),
                written(row.in_need),
                phase_text(row.phase),
                written(row.coverage),
                row.method.clone(),
                row.mosaic.clone(),
                written(row.targeted),
                written(row.reached),
                marks.join("|"),
            ];
            let key = joined(&row.key, &[sex, age, row.scope, &row.code]);
            assert!(output.figures.insert(key.clone(), fields).is_none(), "{key} twice");
        }
    }

    /// The sums of an area: its total, and above the unit of analysis each group; with their leaves (method 14.6).
    fn sums_of(&self, area: &str, records: &[Record]) -> Vec<Record> {
        let is_unit = self.cells.keys().any(|key| key.0 == area);
        // A unit without a group and a pocket is the area's own row.
        let alone = self.cells.contains_key(&(area.to_owned(), String::new(), String::new()));
        let mut parts: BTreeMap<(String, Leaf, &str, &str), Vec<&Record>> = BTreeMap::new();
        for record in records.iter().filter(|record| record.scope != "risk" && record.scope != "indicator") {
            if !self.line(&record.key.0).iter().any(|known| known == area) {
                continue;
            }
            let mut groups = Vec::new();
            if !alone {
                groups.push(String::new());
            }
            if !is_unit && !record.key.2.is_empty() {
                groups.push(record.key.2.clone());
            }
            for group in groups {
                parts.entry((group, record.leaf.clone(), record.scope, &record.code)).or_default().push(record);
            }
        }
        let by_phase = text_of(&self.severity_rules, "above-the-unit") == Some("people-by-phase");
        let whole = (area.to_owned(), String::new(), String::new());
        let mut rows = Vec::new();
        for ((group, leaf, scope, code), parts) in parts {
            let population = sum(parts.iter().map(|part| part.population)).unwrap_or(0);
            let counted: Vec<&&Record> = parts.iter().filter(|part| part.counts && part.in_need.is_some()).collect();
            let covered = sum(counted.iter().map(|part| part.population)).unwrap_or(0);
            let in_need = sum(counted.iter().map(|part| part.in_need));
            let mut row = Record {
                key: (area.to_owned(), String::new(), group.clone()),
                leaf: leaf.clone(),
                scope: parts[0].scope,
                code: code.to_owned(),
                population: Some(population),
                affected: sum(parts.iter().map(|part| part.affected)),
                in_need,
                coverage: (population != 0).then(|| divided(covered, population)),
                method: if in_need.is_some() { "sum".into() } else { String::new() },
                targeted: sum(parts.iter().filter(|part| part.counts).map(|part| part.targeted)),
                reached: sum(parts.iter().map(|part| part.reached)),
                ..Record::default()
            };
            // A sum that leaves out people whose in need is known says so (method 15.5).
            let figures: [(&'static str, fn(&Record) -> Option<i128>); 3] = [
                ("partial-affected", |record| record.affected),
                ("partial-targeted", |record| record.targeted),
                ("partial-reached", |record| record.reached),
            ];
            for (word, figure) in figures {
                if figure(&row).is_some() && counted.iter().any(|part| figure(part).is_none() && part.population.unwrap_or(0) > 0) {
                    row.partial.push(word);
                }
            }
            if scope == ACROSS {
                if let Some(unit) = self.across.get(&whole).filter(|_| group.is_empty()) {
                    row.phase = unit.severity;
                    row.marked = unit.decided;
                    if row.method.is_empty() && row.phase.is_some() {
                        row.method = "combined".into();
                    }
                }
            } else if by_phase && leaf == Leaf::default() {
                let mut people = [0; 5];
                for part in &parts {
                    if let Some(phase) = part.phase {
                        people[usize::from(phase) - 1] += part.population.unwrap_or(0);
                    }
                }
                row.phase = self.phase_of_shares(&people);
            }
            rows.push(row);
        }
        rows
    }

    fn write_severity(&self, output: &mut Output) {
        for (key, found) in &self.severity {
            if !self.cells.contains_key(key) && !self.spoken_for.contains(key) {
                continue;
            }
            for (scope, code) in self.scopes() {
                let fields = if scope == ACROSS {
                    let unit = self.across_of(key);
                    let method = if unit.severity.is_some() { "combined" } else { "" };
                    vec![phase_text(unit.severity), String::new(), method.into(), unit.decided.to_string()]
                } else {
                    let judged = &found[&code];
                    vec![phase_text(judged.phase), written(judged.coverage), judged.method.clone(), judged.decided.to_string()]
                };
                output.severity.insert(joined(key, &[scope, &code]), fields);
            }
        }
    }

    fn write_across(&self, output: &mut Output) {
        for (key, unit) in &self.across {
            let mut fields = vec![unit.known.to_string(), unit.low.to_string(), phase_text(unit.preliminary), phase_text(unit.severity)];
            for (people, sectors) in &unit.places {
                let names: Vec<&str> = sectors.iter().map(|at| self.sectors[*at].as_str()).collect();
                fields.push(format!("{} {}", written(Some(*people)), names.join("+")));
            }
            fields.push(unit.severity_flags.join("+"));
            fields.push(unit.in_need_flags.join("+"));
            fields.extend([unit.in_need_preliminary, unit.in_need, unit.targeted, unit.prioritised].map(written));
            output.across.insert(joined(key, &[]), fields);
        }
    }

    fn write_changes(&self, output: &mut Output) {
        let sectors: BTreeMap<Key, Row> = self.rows("sectors").into_iter().map(|row| (row.key.clone(), row)).collect();
        for row in self.rows("previous") {
            let mut named: Vec<(&str, String, String)> = Vec::new();
            if !row.get("aor").is_empty() {
                let code = Self::series_code(row.get("aor"));
                named.push((if code == OVERALL { "overall" } else { "aor" }, code, String::new()));
            }
            if !row.get("sector").is_empty() {
                named.push(("sector", row.get("sector").to_owned(), String::new()));
            }
            named.extend(ALL_AORS.into_iter().map(|aor| ("aor", aor.to_owned(), format!("{aor}."))));
            named.push(("overall", OVERALL.to_owned(), "overall.".into()));
            named.extend(self.sectors.iter().map(|sector| ("sector", sector.clone(), format!("{sector}."))));
            for (scope, code, prefix) in named {
                for figure in ["in-need", "phase"] {
                    let is_phase = figure == "phase";
                    let column = if is_phase { format!("{prefix}phase") } else { format!("{prefix}in_need") };
                    // SETTLED: an entry for each figure that last year's sheet states. Phase 0 is unknown.
                    let Some(old) = row.number(&column).filter(|old| !is_phase || *old != 0) else { continue };
                    let whole_phase = |phase: Option<u8>| phase.map(|phase| i128::from(phase) * ONE);
                    let new = match (scope, is_phase) {
                        ("sector", true) => sectors.get(&row.key).and_then(|row| whole_phase(row.phase(&format!("{code}.phase")))),
                        ("sector", false) => sectors.get(&row.key).and_then(|row| row.number(&format!("{code}.in_need"))),
                        (_, true) => {
                            self.severity.get(&row.key).and_then(|found| found.get(&code)).and_then(|judged| whole_phase(judged.phase))
                        }
                        (_, false) => match self.figures.get(&row.key) {
                            Some(found) => found.get(&code).and_then(|figure| figure.in_need),
                            None => {
                                let text =
                                    output.figures.get(&joined(&row.key, &["", "", scope, &code])).map_or("", |fields| fields[3].as_str());
                                number(text)
                            }
                        },
                    };
                    let (status, change) = match new {
                        None => ("gone", None),
                        Some(0) if old == 0 => ("not-computable", None),
                        Some(_) if old == 0 => ("new", None),
                        Some(new) => ("compared", Some(divided(new - old, old))),
                    };
                    output.changes.insert(
                        joined(&row.key, &[scope, &code, figure]),
                        vec![written(Some(old)), written(new), written(change), status.into()],
                    );
                }
            }
        }
    }

    fn write_priorities(&self, output: &mut Output) {
        let mut ranked: Vec<(i128, i128, i128, String)> = Vec::new();
        for (risk, _) in &self.risks {
            let (mut in_4, mut in_3, mut areas) = (0, 0, BTreeSet::new());
            for (key, cell) in &self.cells {
                let phase = self.severity[key][risk].phase.unwrap_or(0);
                if phase >= 4 {
                    in_4 += cell.population;
                }
                if phase >= 3 {
                    in_3 += cell.population;
                    areas.insert(key.0.clone());
                }
            }
            ranked.push((-in_4, -in_3, -i128::try_from(areas.len()).unwrap(), risk.clone()));
        }
        ranked.sort();
        for (rank, (in_4, in_3, areas, risk)) in ranked.into_iter().enumerate() {
            output.priorities.insert(format!("{rank:02}"), vec![risk, written(Some(-in_4)), written(Some(-in_3)), (-areas).to_string()]);
        }
        let _ = (&self.country, &self.framework);
    }
}

#[derive(Clone, Debug, Default)]
struct Record {
    key: Key,
    leaf: Leaf,
    scope: &'static str,
    code: String,
    population: Option<i128>,
    affected: Option<i128>,
    in_need: Option<i128>,
    phase: Option<u8>,
    coverage: Option<i128>,
    method: String,
    mosaic: String,
    targeted: Option<i128>,
    reached: Option<i128>,
    marked: bool,
    /// Sums that leave people out.
    partial: Vec<&'static str>,
    /// Enters the sums.
    counts: bool,
}

struct Part {
    phase: Option<u8>,
    tier: u8,
    weight: i128,
    decisive: bool,
}

impl Part {
    fn decides_alone(&self) -> bool {
        self.decisive && self.phase == Some(5)
    }
}

/// Phases of the same people into one (method 5 and 14.5).
fn combined(parts: &[Part], rule: &Table) -> Option<u8> {
    if parts.iter().any(Part::decides_alone) {
        return Some(5);
    }
    let mut known: Vec<u8> = parts.iter().filter_map(|part| part.phase).collect();
    known.sort_unstable_by(|a, b| b.cmp(a));
    let least = rule.get("least-known").map_or(1, small);
    if known.is_empty() || known.len() < usize::from(least) {
        return None;
    }
    let missing = text_of(rule, "missing").unwrap_or("any-known");
    let top = parts.iter().map(|part| part.tier).max();
    if missing == "complete-only" && known.len() < parts.len() {
        return None;
    }
    if missing == "all-of-top-tier" && parts.iter().filter(|part| Some(part.tier) == top).all(|part| part.phase.is_none()) {
        return None;
    }
    match text_of(rule, "combine").unwrap_or("worst") {
        "worst" => known.first().copied(),
        "mean-of-worst-half" => {
            let half = known.len().div_ceil(2);
            let total: usize = known.iter().take(half).map(|phase| usize::from(*phase)).sum();
            u8::try_from((2 * total + half) / (2 * half)).ok()
        }
        "majority" => (1..=5u8).max_by_key(|phase| (known.iter().fold(0, |count, own| count + usize::from(own == phase)), *phase)),
        _ => {
            let (mut total, mut weight) = (0, 0);
            for part in parts {
                if let Some(phase) = part.phase {
                    total += i128::from(phase) * part.weight;
                    weight += part.weight;
                }
            }
            let rounded = match text_of(rule, "rounding").unwrap_or("half-up") {
                "up" => (total + weight - 1) / weight,
                "down" => total / weight,
                _ => (2 * total + weight) / (2 * weight),
            };
            u8::try_from(rounded).ok()
        }
    }
}

/// Five shares that add up to 1 within 0.005; a blank is 0 when the known ones do (method 4 form 6, 14.3).
fn five_shares(parts: [Option<i128>; 5]) -> Option<[i128; 5]> {
    let total = sum(parts)?;
    ((total - ONE).abs() <= ONE / 200).then(|| parts.map(|part| part.unwrap_or(0)))
}

fn phase_past_the_cut(parts: &[i128; 5], cut: i128, more_than: bool) -> Option<u8> {
    let total: i128 = parts.iter().sum();
    if total == 0 {
        return None;
    }
    let mut cumulated = 0;
    for phase in (1..=5u8).rev() {
        cumulated += parts[usize::from(phase) - 1];
        // Scaled by 1e6 on both sides, so that a nation's people fit.
        let (have, need) = (cumulated * 1_000_000, cut / 1_000_000 * total);
        if have > need || (have == need && !more_than) {
            return Some(phase);
        }
    }
    None
}

/// Leaf by leaf where there are leaves, and summed; else for the cell. `None` where some part has no figure.
fn leaf_by_leaf(cell: &Cell, method: &str, of: impl Fn(i128, &Leaf) -> Option<(i128, Option<i128>)>) -> Option<Figure> {
    let mut figure = Figure { method: method.into(), ..Figure::default() };
    if cell.leaves.is_empty() {
        let (in_need, affected) = of(cell.population, &Leaf::default())?;
        return Some(Figure { in_need: Some(in_need), affected, ..figure });
    }
    for (leaf, people) in &cell.leaves {
        let (in_need, affected) = of(*people, leaf)?;
        figure.leaves.insert(leaf.clone(), (Some(in_need), affected));
    }
    figure.in_need = sum_if_all(&figure.leaves.values().map(|leaf| leaf.0).collect::<Vec<_>>());
    figure.affected = sum_if_all(&figure.leaves.values().map(|leaf| leaf.1).collect::<Vec<_>>());
    Some(figure)
}

/// The maximum over the AoRs in each cell, or in each leaf where every AoR with a figure has all leaves (method 7, 14.7).
fn highest(cell: &Cell, figures: &[&Figure], by_leaf: bool) -> Figure {
    let with_figure: Vec<&&Figure> = figures.iter().filter(|figure| figure.in_need.is_some()).collect();
    let split = |figure: &Figure| cell.leaves.keys().all(|leaf| figure.leaves.get(leaf).is_some_and(|people| people.0.is_some()));
    let affected_split = |figure: &Figure| cell.leaves.keys().all(|leaf| figure.leaves.get(leaf).is_some_and(|people| people.1.is_some()));
    let affected_by_leaf = figures.iter().filter(|figure| figure.affected.is_some()).all(|figure| affected_split(figure));
    let mut overall = Figure { method: "highest".into(), mosaic: "group".into(), ..Figure::default() };
    if by_leaf && !cell.leaves.is_empty() && !with_figure.is_empty() && with_figure.iter().all(|figure| split(figure)) {
        for leaf in cell.leaves.keys() {
            let most = |of: fn(&(Option<i128>, Option<i128>)) -> Option<i128>| {
                figures.iter().filter_map(|figure| figure.leaves.get(leaf).and_then(of)).max()
            };
            // The same holds for affected: leaf by leaf where every AoR that has them has all leaves.
            let affected = most(|people| people.1).filter(|_| affected_by_leaf);
            overall.leaves.insert(leaf.clone(), (most(|people| people.0), affected));
        }
        overall.in_need = sum_if_all(&overall.leaves.values().map(|leaf| leaf.0).collect::<Vec<_>>());
        overall.affected = sum_if_all(&overall.leaves.values().map(|leaf| leaf.1).collect::<Vec<_>>());
        if overall.affected.is_none() {
            overall.affected = figures.iter().filter_map(|figure| figure.affected).max();
        }
        overall.mosaic = "leaf".into();
        return overall;
    }
    overall.in_need = figures.iter().filter_map(|figure| figure.in_need).max();
    overall.affected = figures.iter().filter_map(|figure| figure.affected).max();
    if overall.in_need.is_none() {
        (overall.method, overall.mosaic) = (String::new(), String::new());
    }
    overall
}
