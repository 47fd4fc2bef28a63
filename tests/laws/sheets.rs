//! The workbook of a small country: its sheets, row by row.

use super::book::{Book, Cell, Page, number, text};
use super::rules::Scale;
use super::world::{Across, District, Evidence, LEAVES, People, SCALES, SECTORS, SERIES, Unit, World};

impl World {
    /// The workbook.
    pub fn book(&self, scales: &[Scale], risks: &[String]) -> Book {
        assert!(scales.len() <= SCALES);
        let mut sheets = Sheets::new(scales);
        for (province, districts) in &self.provinces {
            sheets.areas.rows.push(vec![text(province), text(&format!("Province {province}")), Cell::Number(1.0), text("XL")]);
            for district in districts {
                let name = format!("District {}", district.pcode);
                sheets.areas.rows.push(vec![text(&district.pcode), text(&name), Cell::Number(2.0), text(province)]);
                if let Some(whole) = &district.whole {
                    sheets.evidence(&[text(&district.pcode), Cell::Blank, Cell::Blank], whole, scales, risks);
                }
                for unit in &district.units {
                    sheets.unit(&district.pcode, unit, scales, risks);
                }
                sheets.sectors_of(district);
            }
            sheets.sums(province, districts, self.sums.get(province).copied());
        }
        let of_areas = [sheets.areas, sheets.population, sheets.indicators, sheets.estimates, sheets.shares, sheets.judgements];
        let pages = of_areas.into_iter().chain([sheets.response, sheets.sectors, sheets.decisions]);
        Book { pages: pages.filter(|page| page.rows.len() > 1).collect() }
    }
}

struct Sheets {
    areas: Page,
    population: Page,
    indicators: Page,
    estimates: Page,
    shares: Page,
    judgements: Page,
    response: Page,
    sectors: Page,
    decisions: Page,
}

/// A part of people, in hundredths.
fn part_of(people: u32, per_cent: u32) -> Cell {
    people_of((u64::from(people) * u64::from(per_cent) / 100) as u32)
}

/// A word in another spelling that is the same word.
fn spelled(word: &str, spelling: u8) -> String {
    match spelling {
        4 if !word.is_empty() => word.to_uppercase(),
        5 if !word.is_empty() => format!(" {} ", word.to_lowercase()),
        _ => word.to_owned(),
    }
}

fn people_of(hundredths: u32) -> Cell {
    Cell::Number(f64::from(hundredths) / 100.0)
}

impl Sheets {
    fn new(scales: &[Scale]) -> Self {
        let with = |name: &str, more: &[&str]| Page::new(name, &[&["pcode", "pocket", "population_group"], more].concat());
        let columns: Vec<&str> = scales.iter().map(|scale| scale.column.as_str()).collect();
        let of_sectors: Vec<String> =
            ["phase", "in_need"].iter().flat_map(|figure| SECTORS.map(|sector| format!("{sector}.{figure}"))).collect();
        let mut of_sectors: Vec<&str> = of_sectors.iter().map(String::as_str).collect();
        of_sectors.extend(["final_severity", "final_severity_reason"]);
        Self {
            areas: Page::new("areas", &["pcode", "name", "level", "parent_pcode"]),
            population: with("population", &["sex", "age", "population", "affected"]),
            indicators: with("indicators", &columns),
            estimates: with("estimates", &["aor", "sex", "age", "phase", "in_need"]),
            shares: with("shares", &["scope", "code", "phase1", "phase2", "phase3", "phase4", "phase5"]),
            judgements: with("judgements", &["risk", "aor", "phase", "reason", "evidence", "decided_by", "date"]),
            response: with("response", &["aor", "targeted", "reached"]),
            sectors: with("sectors", &of_sectors),
            decisions: with("decisions", &["scope", "code", "what", "old", "new", "reason", "evidence", "decided_by", "date"]),
        }
    }

    fn unit(&mut self, pcode: &str, unit: &Unit, scales: &[Scale], risks: &[String]) {
        let key = [text(pcode), text(&unit.pocket), text(&unit.group)];
        let affected = |people: u32| unit.affected.map_or(Cell::Blank, |per_cent| part_of(people, per_cent));
        let of_population = |sex: &str, age: &str, people: Option<u32>| {
            let figures = [people.map_or(Cell::Blank, people_of), people.map_or(Cell::Blank, affected)];
            [key.to_vec(), vec![text(sex), text(age)], figures.to_vec()].concat()
        };
        match &unit.people {
            People::Total(people) => self.population.rows.push(of_population("", "", Some(*people))),
            People::Leaves(leaves) => {
                for (at, ((sex, age), people)) in LEAVES.iter().zip(leaves).enumerate() {
                    let people = Some(*people).filter(|_| unit.blank_leaf != Some(at));
                    self.population.rows.push(of_population(sex, age, people));
                }
                if unit.blank_leaf.is_some() {
                    self.population.rows.push(of_population("", "", Some(unit.people.total())));
                }
            }
        }
        let key = [text(pcode), text(&unit.pocket), text(&spelled(&unit.group, unit.spelling))];
        let row = |more: Vec<Cell>| [key.to_vec(), more].concat();
        self.evidence(&key, &unit.evidence, scales, risks);
        if unit.unfilled {
            self.estimates.rows.push(row(vec![Cell::Blank; 5]));
        }
        let part = part_of;
        for (series, per_cent) in SERIES.iter().zip(unit.given) {
            let Some(per_cent) = per_cent else { continue };
            match &unit.people {
                People::Leaves(leaves) if unit.given_by_leaf && unit.blank_leaf.is_none() => {
                    for ((sex, age), people) in LEAVES.iter().zip(leaves) {
                        self.estimates.rows.push(row(vec![text(series), text(sex), text(age), Cell::Blank, part(*people, per_cent)]));
                    }
                }
                people => {
                    let need = part(people.total(), per_cent);
                    self.estimates.rows.push(row(vec![text(series), Cell::Blank, Cell::Blank, Cell::Blank, need]));
                }
            }
        }
        if let Some(targeted) = unit.targeted {
            self.response.rows.push(row(vec![text("overall"), Cell::Number(f64::from(targeted)), Cell::Number(f64::from(targeted / 2))]));
        }
    }

    /// The rows of a province's people, beside those of its districts.
    fn sums(&mut self, province: &str, districts: &[District], sum: Option<(u32, bool)>) {
        let Some((more, by_group)) = sum else { return };
        let mut groups: std::collections::BTreeMap<&str, u64> = std::collections::BTreeMap::new();
        for unit in districts.iter().flat_map(|district| &district.units) {
            *groups.entry(if by_group { &unit.group } else { "" }).or_default() += u64::from(unit.people.total());
        }
        for (at, (group, hundredths)) in groups.into_iter().enumerate() {
            let more = if at == 0 { u64::from(more) } else { 0 };
            let people = Cell::Number((hundredths + more) as f64 / 100.0);
            self.population.rows.push(vec![text(province), Cell::Blank, text(group), Cell::Blank, Cell::Blank, people, Cell::Blank]);
        }
    }

    /// What the sectors say: phases of the district, people of its groups, or of the whole district; and decisions.
    fn sectors_of(&mut self, district: &District) {
        let alone = district.units.iter().all(|unit| unit.group.is_empty());
        let all: u32 = district.units.iter().map(|unit| unit.people.total()).sum();
        let phases = |across: Option<&Across>| {
            let phase = |(at, _)| number(across.and_then(|across| across.phases[at]).map(f64::from));
            SECTORS.iter().enumerate().map(phase).collect::<Vec<_>>()
        };
        let finals = |across: Option<&Across>| {
            let severity = across.and_then(|across| across.final_severity);
            [number(severity.map(f64::from)), severity.map_or(Cell::Blank, |_| text("a siege"))]
        };
        let in_need = |parts: Option<[u32; SECTORS.len()]>, people: u32| {
            SECTORS.iter().enumerate().map(move |(at, _)| parts.map_or(Cell::Blank, |parts| part_of(people, parts[at])))
        };
        let across = district.across.as_ref();
        let whole = [text(&district.pcode), Cell::Blank, Cell::Blank];
        let of_whole = if alone { district.units[0].sectors } else { across.and_then(|across| across.people) };
        if across.is_some() || of_whole.is_some() {
            let figures = phases(across).into_iter().chain(in_need(of_whole, all)).chain(finals(across));
            self.sectors.rows.push(whole.iter().cloned().chain(figures).collect());
        }
        if let Some(phase) = across.and_then(|across| across.decided) {
            self.decision(&whole, "phase", Cell::Number(f64::from(phase)));
        }
        for unit in &district.units {
            let Some(parts) = unit.sectors else { continue };
            let key = [text(&district.pcode), text(&unit.pocket), text(&spelled(&unit.group, unit.spelling))];
            if !alone {
                let figures = phases(None).into_iter().chain(in_need(Some(parts), unit.people.total())).chain(finals(None));
                self.sectors.rows.push(key.iter().cloned().chain(figures).collect());
            }
            if let Some(per_cent) = unit.decided {
                self.decision(&key, "in_need", part_of(unit.people.total(), per_cent));
            }
        }
    }

    /// A decision across sectors.
    fn decision(&mut self, key: &[Cell; 3], what: &str, new: Cell) {
        let why = ["as told", "notes", "a team", "2026-01-01"].map(text);
        let figures = [text("intersectoral"), Cell::Blank, text(what), Cell::Number(1.0), new];
        self.decisions.rows.push(key.iter().cloned().chain(figures).chain(why).collect());
    }

    fn evidence(&mut self, key: &[Cell; 3], evidence: &Evidence, scales: &[Scale], risks: &[String]) {
        let row = |more: Vec<Cell>| [key.to_vec(), more].concat();
        if evidence.values.iter().take(scales.len()).any(Option::is_some) {
            let cells =
                scales.iter().zip(&evidence.values).map(|(scale, value)| value.map_or(Cell::Blank, |value| scale.at(value).clone()));
            self.indicators.rows.push(row(cells.collect()));
        }
        for (series, phase) in SERIES.iter().zip(evidence.phases) {
            if phase.is_some() {
                self.estimates.rows.push(row(vec![text(series), Cell::Blank, Cell::Blank, number(phase.map(f64::from)), Cell::Blank]));
            }
        }
        let target = |at: usize| match at {
            0 => ("overall", String::new()),
            1..6 => ("aor", SERIES[at].to_owned()),
            at => ("risk", risks[(at - SERIES.len()) % risks.len()].clone()),
        };
        for (at, parts) in &evidence.shares {
            let (scope, code) = target(*at);
            let parts = parts.iter().map(|part| Cell::Number(f64::from(*part) / 1000.0));
            self.shares.rows.push(row([text(scope), text(&code)].into_iter().chain(parts).collect()));
        }
        for (at, phase) in &evidence.judgements {
            let (scope, code) = target(*at);
            let (risk, aor) = if scope == "risk" { (code, String::new()) } else { (String::new(), SERIES[*at].to_owned()) };
            let why = ["as told", "notes", "a team", "2026-01-01"].map(text);
            self.judgements.rows.push(row([text(&risk), text(&aor), Cell::Number(f64::from(*phase))].into_iter().chain(why).collect()));
        }
    }
}

impl Scale {
    /// The value of a badness from 0 to 99.
    pub fn at(&self, badness: u8) -> &Cell {
        &self.steps[usize::from(badness) * self.steps.len() / 100]
    }
}
