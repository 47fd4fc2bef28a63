//! Small countries: provinces, districts, groups and pockets with people and evidence, and the workbook they make.

use std::fmt;

use proptest::prelude::*;

use super::book::{Book, Cell, Page, number, text};
use super::rules::{RISKS, Rules, Scale, any_rules};

/// Evidence of one row: values by scale (0 to 99, greater is worse), and what was found elsewhere.
#[derive(Clone, Default)]
pub struct Evidence {
    pub values: Vec<Option<u8>>,
    /// Phases given for overall and the AoRs.
    pub phases: [Option<u8>; 6],
    /// Shares by phase in thousandths: target, parts.
    pub shares: Vec<(usize, [u32; 5])>,
    /// Judgements: target, phase.
    pub judgements: Vec<(usize, u8)>,
}

/// The people of a unit: in all, or girls, boys, women, men; in hundredths.
#[derive(Clone, Debug)]
pub enum People {
    Total(u32),
    Leaves([u32; 4]),
}

/// An area's group, or its people in a pocket.
#[derive(Clone, Debug)]
pub struct Unit {
    pub group: String,
    pub pocket: String,
    pub people: People,
    pub evidence: Evidence,
    /// People in need given for overall and the AoRs, in per cent of the population; by leaf where there are leaves.
    pub given: [Option<u32>; 6],
    pub given_by_leaf: bool,
    pub targeted: Option<u32>,
}

/// A district: its units, and a row that speaks for all of it.
#[derive(Clone, Debug)]
pub struct District {
    pub pcode: String,
    pub units: Vec<Unit>,
    pub whole: Option<Evidence>,
}

/// A country.
#[derive(Clone)]
pub struct World {
    pub provinces: Vec<(String, Vec<District>)>,
}

/// The leaves, in the order of [`People::Leaves`].
pub const LEAVES: [(&str, &str); 4] = [("female", "0-17"), ("male", "0-17"), ("female", "18+"), ("male", "18+")];
const SERIES: [&str; 6] = ["overall", "GP", "CP", "GBV", "HLP", "MA"];
/// At least as many columns as any rules have.
const SCALES: usize = 40;
const GROUPS: [&str; 3] = ["IDPs", "Residents", "Returnees"];

/// What shares and judgements may be about: overall, the AoRs, the risks.
fn targets() -> usize {
    SERIES.len() + RISKS.len()
}

fn evidence(known: f64) -> impl Strategy<Value = Evidence> {
    let values = prop::collection::vec(prop::option::weighted(known, 0_u8..100), SCALES);
    let phases = prop::array::uniform6(prop::option::weighted(0.08, 1_u8..=5));
    let parts = prop::array::uniform4(0_u32..=1000).prop_map(|mut cuts| {
        cuts.sort_unstable();
        [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], cuts[3] - cuts[2], 1000 - cuts[3]]
    });
    let coarse = prop::array::uniform4(0_u32..=5).prop_map(|mut cuts| {
        cuts.sort_unstable();
        [cuts[0], cuts[1] - cuts[0], cuts[2] - cuts[1], cuts[3] - cuts[2], 5 - cuts[3]].map(|fifths| 200 * fifths)
    });
    let shares = prop::collection::btree_map(0..targets(), prop_oneof![parts, coarse], 0..3);
    let judgements = prop::collection::btree_map(0..targets(), 1_u8..=5, 0..3);
    (values, phases, shares, judgements).prop_map(|(values, phases, shares, judgements)| Evidence {
        values,
        phases,
        shares: shares.into_iter().collect(),
        judgements: judgements.into_iter().collect(),
    })
}

fn unit() -> impl Strategy<Value = Unit> {
    let count = || prop_oneof![1 => Just(0_u32), 6 => (0_u32..50_000).prop_map(|people| 100 * people), 1 => 0_u32..5_000_000];
    let people = prop_oneof![3 => count().prop_map(People::Total), 2 => prop::array::uniform4(count()).prop_map(People::Leaves)];
    let known = prop_oneof![1 => Just(0.0), 3 => Just(0.6), 2 => Just(0.9999)];
    let evidence = known.prop_flat_map(|known| if known > 0.0 { evidence(known).boxed() } else { Just(Evidence::blank()).boxed() });
    let given = prop::array::uniform6(prop::option::weighted(0.1, 0_u32..=100));
    (people, evidence, given, any::<bool>(), prop::option::weighted(0.3, 0_u32..10_000)).prop_map(
        |(people, evidence, given, given_by_leaf, targeted)| Unit {
            group: String::new(),
            pocket: String::new(),
            people,
            evidence,
            given,
            given_by_leaf,
            targeted,
        },
    )
}

fn district() -> impl Strategy<Value = District> {
    let whole = prop::option::weighted(0.5, evidence(0.7));
    (prop::collection::vec(unit(), 1..4), whole, prop::bool::weighted(0.2), any::<bool>()).prop_map(|(mut units, whole, alone, pocket)| {
        if alone {
            units.truncate(1);
        } else {
            for (unit, group) in units.iter_mut().zip(GROUPS) {
                group.clone_into(&mut unit.group);
            }
            if pocket && units.len() == 3 {
                "Camp".clone_into(&mut units[2].pocket);
            }
        }
        District { pcode: String::new(), units, whole: whole.filter(|_| !alone) }
    })
}

/// A country. It has evidence for as many columns as any rules have; the others stay unwritten.
pub fn world() -> impl Strategy<Value = World> {
    prop::collection::vec(prop::collection::vec(district(), 1..3), 1..4).prop_map(|provinces| {
        let named = provinces.into_iter().enumerate().map(|(at, mut districts)| {
            let province = format!("XL{:02}", at + 1);
            for (at, district) in districts.iter_mut().enumerate() {
                district.pcode = format!("{province}{:02}", at + 1);
            }
            (province, districts)
        });
        World { provinces: named.collect() }
    })
}

/// Rules, and a country that fits them.
pub fn any_world() -> impl Strategy<Value = (Rules, World)> {
    (any_rules(), world())
}

impl fmt::Debug for Evidence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values: Vec<String> = self.values.iter().map(|value| value.map_or("-".into(), |value| value.to_string())).collect();
        let phases: Vec<u8> = self.phases.iter().map(|phase| phase.unwrap_or(0)).collect();
        write!(out, "values {} phases {phases:?} shares {:?} judgements {:?}", values.join(" "), self.shares, self.judgements)
    }
}

impl fmt::Debug for World {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for district in self.districts() {
            write!(out, "\n{}: whole {:?}", district.pcode, district.whole)?;
            for unit in &district.units {
                let given: Vec<i64> = unit.given.iter().map(|given| given.map_or(-1, i64::from)).collect();
                write!(out, "\n  `{}` `{}` {:?} given {given:?} {}", unit.group, unit.pocket, unit.people, unit.given_by_leaf)?;
                write!(out, " targeted {:?} {:?}", unit.targeted, unit.evidence)?;
            }
        }
        Ok(())
    }
}

impl Evidence {
    /// Nothing at all.
    pub fn blank() -> Self {
        Self { values: vec![None; SCALES], ..Self::default() }
    }
}

impl People {
    /// All of them, in hundredths.
    pub fn total(&self) -> u32 {
        match self {
            Self::Total(people) => *people,
            Self::Leaves(leaves) => leaves.iter().sum(),
        }
    }
}

impl World {
    /// Every district.
    pub fn districts(&self) -> impl Iterator<Item = &District> {
        self.provinces.iter().flat_map(|(_, districts)| districts)
    }

    /// Every district, to be changed.
    pub fn districts_mut(&mut self) -> impl Iterator<Item = &mut District> {
        self.provinces.iter_mut().flat_map(|(_, districts)| districts)
    }

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
            }
        }
        let pages =
            [sheets.areas, sheets.population, sheets.indicators, sheets.estimates, sheets.shares, sheets.judgements, sheets.response];
        Book { pages: pages.into_iter().filter(|page| page.rows.len() > 1).collect() }
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
}

fn people_of(hundredths: u32) -> Cell {
    Cell::Number(f64::from(hundredths) / 100.0)
}

impl Sheets {
    fn new(scales: &[Scale]) -> Self {
        let with = |name: &str, more: &[&str]| Page::new(name, &[&["pcode", "pocket", "population_group"], more].concat());
        let columns: Vec<&str> = scales.iter().map(|scale| scale.column.as_str()).collect();
        Self {
            areas: Page::new("areas", &["pcode", "name", "level", "parent_pcode"]),
            population: with("population", &["sex", "age", "population"]),
            indicators: with("indicators", &columns),
            estimates: with("estimates", &["aor", "sex", "age", "phase", "in_need"]),
            shares: with("shares", &["scope", "code", "phase1", "phase2", "phase3", "phase4", "phase5"]),
            judgements: with("judgements", &["risk", "aor", "phase", "reason", "evidence", "decided_by", "date"]),
            response: with("response", &["aor", "targeted", "reached"]),
        }
    }

    fn unit(&mut self, pcode: &str, unit: &Unit, scales: &[Scale], risks: &[String]) {
        let key = [text(pcode), text(&unit.pocket), text(&unit.group)];
        let row = |more: Vec<Cell>| [key.to_vec(), more].concat();
        match &unit.people {
            People::Total(people) => self.population.rows.push(row(vec![Cell::Blank, Cell::Blank, people_of(*people)])),
            People::Leaves(leaves) => {
                for ((sex, age), people) in LEAVES.iter().zip(leaves) {
                    self.population.rows.push(row(vec![text(sex), text(age), people_of(*people)]));
                }
            }
        }
        self.evidence(&key, &unit.evidence, scales, risks);
        let part = |people: u32, per_cent: u32| people_of((u64::from(people) * u64::from(per_cent) / 100) as u32);
        for (series, per_cent) in SERIES.iter().zip(unit.given) {
            let Some(per_cent) = per_cent else { continue };
            match &unit.people {
                People::Leaves(leaves) if unit.given_by_leaf => {
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
