//! The sheets, rule by rule of how they are read (method 14.3, 14.9, 15.3; formats 1 and 2).

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use super::combine::five_shares;
use super::numbers::{folded, sum_if_all};
use super::{ACROSS, ALL_AORS, CORE, Cell, Input, Key, Leaf, OVERALL, Row, Sheet, Twin, laid_over, section, text_of, texts};

impl Twin {
    pub(super) fn read(input: &Input) -> Self {
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
        if groups.is_empty() {
            // SETTLED: without declared groups, those of sheet `population`; spellings that are compared as the same word
            // are one group, under the spelling that sorts first.
            groups = spellings(&input.sheets, &["population"], "population_group");
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
            stated: BTreeMap::new(),
            spoken_for: BTreeSet::new(),
            shares: BTreeMap::new(),
            given_phase: BTreeMap::new(),
            judged: BTreeMap::new(),
            given: BTreeMap::new(),
            stated_affected: BTreeMap::new(),
            decisions: BTreeMap::new(),
            severity: BTreeMap::new(),
            figures: BTreeMap::new(),
            across: BTreeMap::new(),
            in_need_of_wholes: BTreeMap::new(),
            sums_above: BTreeMap::new(),
            phases_above: BTreeMap::new(),
        };
        twin.read_population();
        twin
    }

    pub(super) fn rows(&self, sheet: &str) -> Vec<Row> {
        self.sheets.get(sheet).cloned().unwrap_or_default()
    }

    /// Who lives where. SETTLED: where a total is stated it is the population, else the sum of the leaves; the sum of
    /// leaves some of which are blank is not known, so such a group without a stated total has no population.
    pub(super) fn read_population(&mut self) {
        let mut stated: BTreeMap<Key, Row> = BTreeMap::new();
        let mut split: BTreeMap<Key, BTreeMap<Leaf, Row>> = BTreeMap::new();
        for row in self.rows("population") {
            if !row.get("disability").is_empty() {
                continue;
            }
            match row.leaf() {
                Some(leaf) => drop(split.entry(row.key.clone()).or_default().insert(leaf, row)),
                None => drop(stated.insert(row.key.clone(), row)),
            }
        }
        for key in stated.keys().chain(split.keys()) {
            let parts: Vec<Option<i128>> =
                split.get(key).into_iter().flat_map(BTreeMap::values).map(|row| row.number("affected")).collect();
            let affected = stated.get(key).and_then(|row| row.number("affected")).or_else(|| sum_if_all(&parts));
            self.stated_affected.extend(affected.map(|people| (key.clone(), people)));
        }
        let mut cells: BTreeMap<Key, Cell> = BTreeMap::new();
        for key in stated.keys().chain(split.keys()) {
            let rows = split.get(key).cloned().unwrap_or_default();
            let leaves: BTreeMap<Leaf, Option<i128>> = rows.iter().map(|(leaf, row)| (leaf.clone(), row.number("population"))).collect();
            let total = stated.get(key).and_then(|row| row.number("population"));
            let parts = sum_if_all(&leaves.values().copied().collect::<Vec<_>>());
            let Some(population) = total.or(parts) else { continue };
            let affected: Vec<Option<i128>> = rows.values().map(|row| row.number("affected")).collect();
            let cell = Cell {
                population,
                leaves,
                affected: stated.get(key).and_then(|row| row.number("affected")).or_else(|| sum_if_all(&affected)),
                affected_of: rows.iter().filter_map(|(leaf, row)| Some((leaf.clone(), row.number("affected")?))).collect(),
            };
            cells.insert(key.clone(), cell);
        }
        self.stated = cells.iter().map(|(key, cell)| (key.clone(), cell.population)).collect();
        // A row of the whole area is never added to its groups (method 15.3).
        let with_groups: BTreeSet<(String, String)> =
            cells.keys().filter(|key| !key.2.is_empty()).map(|key| (key.0.clone(), key.1.clone())).collect();
        cells.retain(|key, _| !key.2.is_empty() || !with_groups.contains(&(key.0.clone(), key.1.clone())));
        // Of a population stated for an area and for areas in it, those in it are counted; and a group that none of them
        // has, where they tell groups apart (method 15.20).
        let mut below: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for key in cells.keys() {
            for area in self.line(&key.0).split_off(1) {
                below.entry(area).or_default().insert(key.2.clone());
            }
        }
        cells.retain(|key, _| below.get(&key.0).is_none_or(|groups| !key.2.is_empty() && !groups.contains(&key.2) && !groups.contains("")));
        self.cells = cells;
    }

    /// The rows that speak for the whole pocket and the whole area around a row, the nearest first (method 15.3).
    pub(super) fn wholes_around(&self, key: &Key) -> Vec<Key> {
        let of_pocket = (key.0.clone(), key.1.clone(), String::new());
        let of_area = (key.0.clone(), String::new(), String::new());
        let mut around = vec![of_pocket, of_area];
        around.dedup();
        around.retain(|whole| whole != key && self.seen.contains(whole));
        around
    }

    /// The area and all above it.
    pub(super) fn line(&self, pcode: &str) -> Vec<String> {
        let mut line = vec![pcode.to_owned()];
        while let Some((_, parent)) = self.areas.get(line.last().unwrap()).filter(|(_, parent)| !parent.is_empty()) {
            line.push(parent.clone());
        }
        line
    }

    pub(super) fn series_code(text: &str) -> String {
        if text == "overall" { OVERALL.to_owned() } else { text.to_owned() }
    }

    pub(super) fn read_evidence(&mut self) {
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
            let leaf = row.leaf();
            let mut named: Vec<(String, String)> = Vec::new();
            if !row.get("aor").is_empty() {
                named.push((Self::series_code(row.get("aor")), String::new()));
            }
            for series in ALL_AORS.into_iter().chain(["overall"]) {
                named.push((Self::series_code(series), format!("{series}.")));
            }
            for (code, prefix) in named {
                // Rows of an AoR that is not in play are not used.
                if code != OVERALL && !self.aors.contains(&code) {
                    continue;
                }
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
}

/// The spellings of the words of a column, folded, each with the one that sorts first.
fn spellings(sheets: &[Sheet], names: &[&str], column: &str) -> BTreeMap<String, String> {
    let mut words: BTreeMap<String, String> = BTreeMap::new();
    for sheet in sheets.iter().filter(|sheet| names.contains(&sheet.name.as_str())) {
        let Some(at) = sheet.header.iter().position(|header| header == column) else { continue };
        for text in sheet.rows.iter().map(|row| row[at].trim()).filter(|text| !text.is_empty()) {
            let word = words.entry(folded(text)).or_insert_with(|| text.to_owned());
            if text < word.as_str() {
                text.clone_into(word);
            }
        }
    }
    words
}
