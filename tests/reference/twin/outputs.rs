//! The tables that come out.

use std::collections::{BTreeMap, BTreeSet};

use super::numbers::{divided, percent, phase_text, sum, times, written};
use super::wholes::{Response, Whole};
use super::{ACROSS, ALL_AORS, Across, Key, Leaf, ONE, OVERALL, Output, Row, Twin, joined, text_of};

impl Twin {
    /// Scope and code of every row of a unit.
    pub(super) fn scopes(&self) -> Vec<(&'static str, String)> {
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
    pub(super) fn across_of(&self, key: &Key) -> Across {
        self.across.get(key).cloned().unwrap_or_else(|| {
            let area = self.wholes_around(key).iter().find_map(|whole| self.across.get(whole).cloned()).unwrap_or_default();
            Across {
                severity: area.severity,
                decided: area.severity_decided,
                severity_decided: area.severity_decided,
                left_out: area.left_out,
                ..Across::default()
            }
        })
    }

    pub(super) fn write_figures(&mut self, output: &mut Output) {
        let mut response = Response::new();
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
                        mark: mark(unit.decided, false),
                        low: unit.left_out,
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
                    mark: mark(judged.decided, judged.rests),
                    counts: true,
                    ..base
                };
                if scope == "risk" || scope == "indicator" {
                    records.push(base);
                    continue;
                }
                let figure = &self.figures[key][&code];
                let rests = judged.touched() || figure.decided || figure.rests;
                let base = Record { mark: mark(judged.decided, rests), ..base };
                for (leaf, people) in &cell.leaves {
                    let (in_need, affected) = figure.leaves.get(leaf).copied().unwrap_or((None, None));
                    let known = in_need.is_some();
                    let method = if figure.given_leaves.contains(leaf) { "given" } else { figure.method.as_str() };
                    records.push(Record {
                        leaf: leaf.clone(),
                        population: *people,
                        in_need,
                        affected,
                        method: if known && !method.is_empty() { method.to_owned() } else { judged.method.clone() },
                        mosaic: if known { figure.mosaic.clone() } else { String::new() },
                        ..base.clone()
                    });
                }
                let (targeted, reached) = response.get(&(key.clone(), code.clone())).copied().unwrap_or((None, None));
                let known = figure.in_need.is_some();
                records.push(Record {
                    in_need: figure.in_need,
                    affected: figure.affected,
                    method: match figure.method.as_str() {
                        "" if known => "decision".into(),
                        method if known => method.into(),
                        _ => judged.method.clone(),
                    },
                    mosaic: if known { figure.mosaic.clone() } else { String::new() },
                    targeted,
                    reached,
                    mark: mark(judged.decided || figure.decided, rests),
                    ..base
                });
            }
        }
        let mut rows = records.clone();
        for row in rows.iter_mut().filter(|row| row.key.1.is_empty() && row.key.2.is_empty() && !self.is_alone(&row.key.0)) {
            // Beside pockets: the area's own row is the sum (method 15.20).
            row.key.1 = "(outside pockets)".into();
        }
        let wholes = self.wholes(&records, &response);
        self.in_need_of_wholes =
            wholes.iter().filter(|whole| whole.figure == 3).map(|whole| ((whole.key.clone(), whole.code.clone()), whole.people)).collect();
        records.extend(self.sectors_of_whole_areas());
        for area in &self.areas.keys().cloned().collect::<Vec<_>>() {
            rows.extend(self.sums_of(area, &records, &wholes));
        }
        for row in rows {
            let (sex, age) = &row.leaf;
            let mut marks = row.partial.clone();
            // 14.4: what rests on few sectors carries the mark.
            if row.low {
                marks.insert(0, "low-coverage");
            }
            if !row.mark.is_empty() {
                marks.insert(0, row.mark);
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

    /// Sectors that count a whole area where the population is split by group enter the area's sum once (method 15.15).
    /// SETTLED: only where no group of the area has a figure, for the people of the whole are never added to the people
    /// of its groups (method 15.3).
    fn sectors_of_whole_areas(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for (key, unit) in self.across.iter().filter(|(key, unit)| key.2.is_empty() && unit.in_need.is_some()) {
            let groups: Vec<&Key> = self.cells.keys().filter(|cell| !cell.2.is_empty() && cell.0 == key.0 && cell.1 == key.1).collect();
            let counted = groups.iter().any(|cell| self.across.get(*cell).is_some_and(|unit| unit.in_need.is_some()));
            if groups.is_empty() || counted {
                continue;
            }
            records.push(Record {
                key: key.clone(),
                scope: ACROSS,
                code: ACROSS.into(),
                in_need: unit.in_need,
                targeted: unit.targeted,
                counts: !unit.left_out,
                mark: mark(unit.decided, false),
                covers: groups.iter().map(|cell| self.cells[*cell].population).sum(),
                ..Record::default()
            });
        }
        records
    }

    /// The sums of an area: its total, and above the unit of analysis each group; with their leaves (method 14.6).
    /// Whether a unit without a group and a pocket is all there is of an area.
    fn is_alone(&self, area: &str) -> bool {
        let mut here = self.cells.keys().filter(|key| key.0 == area);
        here.next().is_some_and(|key| key.1.is_empty() && key.2.is_empty()) && here.next().is_none()
    }

    fn sums_of(&mut self, area: &str, records: &[Record], wholes: &[Whole]) -> Vec<Record> {
        // Then the unit is the area's own row.
        let alone = self.is_alone(area);
        let mut parts: BTreeMap<(String, Leaf, &str, &str), Vec<&Record>> = BTreeMap::new();
        for record in records.iter().filter(|record| record.scope != "risk" && record.scope != "indicator") {
            if !self.line(&record.key.0).iter().any(|known| known == area) {
                continue;
            }
            let mut groups = Vec::new();
            if !alone {
                groups.push(String::new());
            }
            if record.key.0 != area && !record.key.2.is_empty() {
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
            let mut population = sum(parts.iter().map(|part| part.population));
            // 15.5: of a sex and age with figures where nobody knows how many people it has, the people are not known.
            let unknown = |part: &&Record| {
                let figures = |record: &&Record| (&record.key, &record.leaf) == (&part.key, &part.leaf) && record.scope != ACROSS;
                let any = |record: &Record| record.in_need.is_some() || record.affected.is_some();
                part.population.is_none() && records.iter().filter(figures).any(any)
            };
            if leaf != Leaf::default() && parts.iter().any(unknown) {
                population = None;
            }
            let counted: Vec<&&Record> = parts.iter().filter(|part| part.counts && part.in_need.is_some()).collect();
            let covered = sum(counted.iter().map(|part| part.population.or(Some(part.covers)))).unwrap_or(0);
            let in_need = sum(counted.iter().map(|part| part.in_need));
            let mut row = Record {
                key: (area.to_owned(), String::new(), group.clone()),
                leaf: leaf.clone(),
                scope: parts[0].scope,
                code: code.to_owned(),
                population,
                affected: sum(parts.iter().map(|part| part.affected)),
                in_need,
                coverage: population.filter(|people| *people != 0).map(|people| divided(covered, people)),
                method: if in_need.is_some() { "sum".into() } else { String::new() },
                targeted: sum(parts.iter().filter(|part| part.counts).map(|part| part.targeted)),
                reached: sum(parts.iter().map(|part| part.reached)),
                ..Record::default()
            };
            // What was stated for several rows stands here once.
            let stands = |whole: &&Whole| {
                let reaches = self.line(&whole.key.0).iter().any(|known| known == area) && (group.is_empty() || group == whole.key.2);
                leaf == Leaf::default() && scope != ACROSS && whole.code == code && reaches
            };
            for whole in wholes.iter().filter(stands) {
                let sum = [&mut row.affected, &mut row.targeted, &mut row.reached, &mut row.in_need].into_iter().nth(whole.figure).unwrap();
                *sum = Some(sum.unwrap_or(0) + whole.people);
            }
            let spoken_for =
                |at: usize, key: &Key| wholes.iter().filter(stands).any(|whole| whole.figure == at && whole.parts.contains(key));
            // People in need stated for several rows are known for the people of these rows.
            let counted: Vec<&&Record> =
                parts.iter().filter(|part| part.counts && (part.in_need.is_some() || spoken_for(3, &part.key))).collect();
            let covered = sum(counted.iter().map(|part| part.population.or(Some(part.covers)))).unwrap_or(0);
            row.coverage = population.filter(|people| *people != 0).map(|people| divided(covered, people));
            if row.in_need.is_some() {
                row.method = "sum".into();
            }
            // A sum that leaves out people whose in need is known says so (method 15.5).
            let figures: [(&'static str, fn(&Record) -> Option<i128>); 3] = [
                ("partial-affected", |record| record.affected),
                ("partial-targeted", |record| record.targeted),
                ("partial-reached", |record| record.reached),
            ];
            for (at, (word, figure)) in figures.into_iter().enumerate() {
                let is_left_out =
                    |part: &&&&Record| figure(part).is_none() && part.population.unwrap_or(0) > 0 && !spoken_for(at, &part.key);
                if figure(&row).is_some() && counted.iter().filter(is_left_out).count() > 0 {
                    row.partial.push(word);
                }
            }
            if leaf == Leaf::default() && scope != ACROSS {
                self.sums_above.insert((row.key.clone(), code.to_owned()), (row.in_need, covered, population.unwrap_or(0)));
            }
            row.mark = mark(false, parts.iter().any(|part| part.counts && !part.mark.is_empty()));
            if let Some(unit) = self.across.get(&whole).filter(|_| scope == ACROSS && group.is_empty()) {
                row.phase = unit.severity;
                if unit.decided {
                    row.mark = mark(true, false);
                }
                row.low = unit.left_out;
                if row.method.is_empty() && row.phase.is_some() {
                    row.method = "combined".into();
                }
            }
            let of_whole = self
                .severity
                .get(&whole)
                .and_then(|found| found.get(code))
                .filter(|_| scope != ACROSS && group.is_empty() && leaf == Leaf::default() && !self.cells.contains_key(&whole));
            let has_units = self.cells.keys().any(|key| key.0 == area);
            let of_whole = of_whole.filter(|judged| has_units && (!by_phase || judged.decided)).cloned();
            if scope != ACROSS && by_phase && leaf == Leaf::default() {
                let mut people = [0; 5];
                let mut known = 0;
                for part in &parts {
                    let Some(phase) = part.phase else { continue };
                    let living = part.population.unwrap_or(0);
                    known += living;
                    let judged = &self.severity[&part.key][code];
                    let speakers = std::iter::once(part.key.clone()).chain(self.wholes_around(&part.key));
                    let shares = speakers.into_iter().find_map(|speaker| self.shares.get(&(speaker, code.to_owned())));
                    match shares.filter(|_| judged.method == "shares" && !judged.decided) {
                        // 14.6: the people by phase are those of the shares.
                        Some(shares) => {
                            for (sum, share) in people.iter_mut().zip(shares) {
                                *sum += times(living, *share, shares.iter().sum());
                            }
                        }
                        None => people[usize::from(phase) - 1] += living,
                    }
                }
                let least = percent(text_of(&self.severity_rules, "least-coverage").unwrap_or("50%"));
                let enough = known >= times(population.unwrap_or(0), least, ONE);
                row.phase = self.phase_of_shares(&people).filter(|_| enough);
                if let Some(phase) = row.phase {
                    self.phases_above.insert((row.key.clone(), code.to_owned()), phase);
                }
            }
            if let Some(judged) = of_whole.filter(|judged| judged.phase.is_some() || !by_phase) {
                // 14.6: evidence for the whole area speaks of the area; by phase of its people, a decision does.
                row.phase = judged.phase;
                if let Some(phase) = judged.phase {
                    self.phases_above.insert((row.key.clone(), code.to_owned()), phase);
                }
                let own = mark(judged.decided, judged.rests);
                row.mark = if own == "override" || row.mark.is_empty() { own } else { row.mark };
            }
            rows.push(row);
        }
        rows
    }

    pub(super) fn write_severity(&self, output: &mut Output) {
        for (key, found) in &self.severity {
            if !self.cells.contains_key(key) && !self.spoken_for.contains(key) {
                continue;
            }
            for (scope, code) in self.scopes() {
                let fields = if scope == ACROSS {
                    let unit = self.across_of(key);
                    let method = if unit.severity.is_some() { "combined" } else { "" };
                    let marks: Vec<&str> = [("override", unit.severity_decided), ("low-coverage", unit.left_out)]
                        .into_iter()
                        .filter_map(|(mark, holds)| holds.then_some(mark))
                        .collect();
                    vec![phase_text(unit.severity), String::new(), method.into(), marks.join("|")]
                } else {
                    let judged = &found[&code];
                    let mark = mark(judged.decided, judged.rests);
                    vec![phase_text(judged.phase), written(judged.coverage), judged.method.clone(), mark.into()]
                };
                output.severity.insert(joined(key, &[scope, &code]), fields);
            }
        }
    }

    pub(super) fn write_across(&self, output: &mut Output) {
        for (key, unit) in &self.across {
            let mut fields =
                vec![unit.known.to_string(), unit.left_out.to_string(), phase_text(unit.preliminary), phase_text(unit.severity)];
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

    pub(super) fn write_changes(&self, output: &mut Output) {
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
                    let partial = std::cell::Cell::new(false);
                    // The sum over the rows that it speaks for; where some are not known it is not compared.
                    let over_parts = |of: &dyn Fn(&Key) -> Option<i128>| {
                        let mut parts = self.parts_of(&row.key);
                        // The area as a whole holds its pockets too.
                        if row.key.1.is_empty() && row.key.2.is_empty() {
                            parts.extend(self.cells.keys().filter(|key| key.0 == row.key.0 && !key.1.is_empty()).cloned());
                        }
                        let sum = sum(parts.iter().map(of));
                        let left_out = |part: &Key| of(part).is_none() && self.cells[part].population > 0;
                        partial.set(sum.is_some() && parts.iter().any(left_out));
                        sum
                    };
                    let new = match (scope, is_phase) {
                        ("sector", true) => sectors.get(&row.key).and_then(|row| whole_phase(row.phase(&format!("{code}.phase")))),
                        ("sector", false) => match sectors.get(&row.key).and_then(|row| row.number(&format!("{code}.in_need"))) {
                            None if !self.cells.contains_key(&row.key) => {
                                over_parts(&|part| sectors.get(part).and_then(|row| row.number(&format!("{code}.in_need"))))
                            }
                            own => own,
                        },
                        (_, true) => {
                            let own = self.severity.get(&row.key).and_then(|found| found.get(&code)).and_then(|judged| judged.phase);
                            let above = self.phases_above.get(&(row.key.clone(), code.clone())).copied();
                            whole_phase(above.filter(|_| !self.cells.contains_key(&row.key)).or(own))
                        }
                        (_, false) => match self.figures.get(&row.key) {
                            Some(found) => found.get(&code).and_then(|figure| figure.in_need),
                            // The figure of the area's own row, whatever stands in it.
                            None if self.sums_above.contains_key(&(row.key.clone(), code.clone())) => {
                                let (in_need, covered, population) = self.sums_above[&(row.key.clone(), code.clone())];
                                partial.set(in_need.is_some() && covered < population);
                                in_need
                            }
                            // What it states for all its rows, where that stands (15.21), else the sum over them.
                            None if self.in_need_of_wholes.contains_key(&(row.key.clone(), code.clone())) => {
                                self.in_need_of_wholes.get(&(row.key.clone(), code.clone())).copied()
                            }
                            None => over_parts(&|part| self.figures.get(part)?.get(&code)?.in_need),
                        },
                    };
                    let partial = partial.get();
                    let (status, change) = match new {
                        None => ("gone", None),
                        Some(_) if partial => ("partial", None),
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

    pub(super) fn write_priorities(&self, output: &mut Output) {
        let mut ranked: Vec<(i128, i128, i128, String)> = Vec::new();
        for (risk, _) in &self.risks {
            let (mut in_4, mut in_3, mut assessed, mut areas) = (0, 0, 0, BTreeSet::new());
            for (key, cell) in &self.cells {
                let phase = self.severity[key][risk].phase.unwrap_or(0);
                if phase > 0 {
                    assessed += cell.population;
                }
                if phase >= 4 {
                    in_4 += cell.population;
                }
                if phase >= 3 {
                    in_3 += cell.population;
                    areas.insert(key.0.clone());
                }
            }
            // SETTLED: a risk that is assessed nowhere has no rank.
            if assessed == 0 {
                continue;
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

/// What decisions have to do with a figure (method 11).
const fn mark(decided: bool, rests: bool) -> &'static str {
    match (decided, rests) {
        (true, _) => "override",
        (_, true) => "rests-on-override",
        _ => "",
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) key: Key,
    pub(super) leaf: Leaf,
    pub(super) scope: &'static str,
    pub(super) code: String,
    population: Option<i128>,
    pub(super) affected: Option<i128>,
    pub(super) in_need: Option<i128>,
    phase: Option<u8>,
    coverage: Option<i128>,
    method: String,
    mosaic: String,
    pub(super) targeted: Option<i128>,
    pub(super) reached: Option<i128>,
    /// `override`, `rests-on-override` or nothing.
    mark: &'static str,
    low: bool,
    /// Sums that leave people out.
    partial: Vec<&'static str>,
    /// Enters the sums.
    counts: bool,
    /// The people for whom a row without a population of its own speaks.
    covers: i128,
}
