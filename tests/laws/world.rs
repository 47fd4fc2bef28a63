//! Small countries: provinces, districts, groups and pockets with people and evidence, and the workbook they make.

use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;

use super::rules::{RISKS, Rules, any_rules};

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
    /// People affected by sheet `population`, in per cent of each part.
    pub affected: Option<u32>,
    /// The leaf whose people are blank; the total is then stated.
    pub blank_leaf: Option<usize>,
    /// A row of sheet `estimates` that was not filled in.
    pub unfilled: bool,
    /// How the sheets of evidence spell the group.
    pub spelling: u8,
    /// People in need of some sectors, in per cent of the population, and what was decided across sectors.
    pub sectors: Option<[u32; SECTORS.len()]>,
    pub decided: Option<u32>,
}

/// What the sectors say of a whole district.
#[derive(Clone, Debug)]
pub struct Across {
    pub phases: [Option<u8>; SECTORS.len()],
    /// People in need, where the sectors count the whole district.
    pub people: Option<[u32; SECTORS.len()]>,
    pub final_severity: Option<u8>,
    pub decided: Option<u8>,
}

/// A district: its units, and a row that speaks for all of it.
#[derive(Clone, Debug)]
pub struct District {
    pub pcode: String,
    pub units: Vec<Unit>,
    pub whole: Option<Evidence>,
    pub across: Option<Across>,
}

/// A country.
#[derive(Clone)]
pub struct World {
    pub provinces: Vec<(String, Vec<District>)>,
    /// Rows of sums: for a province, how many hundredths more than its districts have, and whether by group.
    pub sums: BTreeMap<String, (u32, bool)>,
}

/// The leaves, in the order of [`People::Leaves`].
pub const LEAVES: [(&str, &str); 4] = [("female", "0-17"), ("male", "0-17"), ("female", "18+"), ("male", "18+")];
/// Overall and the AoRs.
pub const SERIES: [&str; 6] = ["overall", "GP", "CP", "GBV", "HLP", "MA"];
/// At least as many columns as any rules have.
pub const SCALES: usize = 40;
/// The sectors of which something is known.
pub const SECTORS: [&str; 5] = ["education", "health", "protection", "shelter", "wash"];
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
    let sectors = (prop::option::weighted(0.4, prop::array::uniform5(0_u32..=100)), prop::option::weighted(0.2, 0_u32..=100));
    let sheet = (prop::option::weighted(0.25, 0_u32..=100), prop::option::weighted(0.2, 0_usize..4), prop::bool::weighted(0.1), 0_u8..6);
    let rest = (given, any::<bool>(), prop::option::weighted(0.3, 0_u32..10_000), sectors, sheet);
    (people, evidence, rest).prop_map(|(people, evidence, (given, given_by_leaf, targeted, sectors, sheet))| Unit {
        group: String::new(),
        pocket: String::new(),
        blank_leaf: sheet.1.filter(|_| matches!(people, People::Leaves(_))),
        people,
        evidence,
        given,
        given_by_leaf,
        targeted,
        affected: sheet.0,
        unfilled: sheet.2,
        spelling: sheet.3,
        sectors: sectors.0,
        decided: sectors.1,
    })
}

fn across() -> impl Strategy<Value = Across> {
    let phases = prop::array::uniform5(prop::option::weighted(0.85, 1_u8..=5));
    let people = prop::option::weighted(0.3, prop::array::uniform5(0_u32..=100));
    let decided = (prop::option::weighted(0.15, 1_u8..=5), prop::option::weighted(0.15, 1_u8..=5));
    (phases, people, decided).prop_map(|(phases, people, (final_severity, decided))| Across { phases, people, final_severity, decided })
}

fn district() -> impl Strategy<Value = District> {
    let whole = prop::option::weighted(0.5, evidence(0.7));
    let across = prop::option::weighted(0.4, across());
    let shape = (prop::bool::weighted(0.2), any::<bool>());
    (prop::collection::vec(unit(), 1..4), whole, across, shape).prop_map(|(mut units, whole, across, (alone, pocket))| {
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
        District { pcode: String::new(), units, whole: whole.filter(|_| !alone), across }
    })
}

/// A country. It has evidence for as many columns as any rules have; the others stay unwritten.
pub fn world() -> impl Strategy<Value = World> {
    let sums = prop::array::uniform3(prop::option::weighted(0.3, (prop_oneof![Just(0_u32), 0_u32..1_000_000], any::<bool>())));
    (prop::collection::vec(prop::collection::vec(district(), 1..3), 1..4), sums).prop_map(|(provinces, sums)| {
        let named = provinces.into_iter().enumerate().map(|(at, mut districts)| {
            let province = format!("XL{:02}", at + 1);
            for (at, district) in districts.iter_mut().enumerate() {
                district.pcode = format!("{province}{:02}", at + 1);
            }
            (province, districts)
        });
        let provinces: Vec<(String, Vec<District>)> = named.collect();
        let sums = provinces.iter().zip(sums).filter_map(|((province, _), sum)| Some((province.clone(), sum?))).collect();
        World { provinces, sums }
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
        write!(out, "\nsums {:?}", self.sums)?;
        for district in self.districts() {
            write!(out, "\n{}: whole {:?} across {:?}", district.pcode, district.whole, district.across)?;
            for unit in &district.units {
                let given: Vec<i64> = unit.given.iter().map(|given| given.map_or(-1, i64::from)).collect();
                write!(out, "\n  `{}` `{}` {:?} given {given:?} {}", unit.group, unit.pocket, unit.people, unit.given_by_leaf)?;
                write!(out, " targeted {:?} affected {:?} blank {:?}", unit.targeted, unit.affected, unit.blank_leaf)?;
                write!(out, " unfilled {} spelling {}", unit.unfilled, unit.spelling)?;
                write!(out, " sectors {:?} decided {:?} {:?}", unit.sectors, unit.decided, unit.evidence)?;
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
}

#[test]
fn the_countries_hold_everything_that_they_may_hold() {
    use proptest::strategy::ValueTree as _;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut held: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..100 {
        let world = world().new_tree(&mut runner).unwrap().current();
        let units: Vec<&Unit> = world.districts().flat_map(|district| &district.units).collect();
        let across: Vec<&Across> = world.districts().filter_map(|district| district.across.as_ref()).collect();
        for (what, holds) in [
            ("sums that are sums", world.sums.values().any(|sum| sum.0 == 0)),
            ("sums that are not", world.sums.values().any(|sum| sum.0 > 0)),
            ("sums by group", world.sums.values().any(|sum| sum.1)),
            ("a blank leaf", units.iter().any(|unit| unit.blank_leaf.is_some())),
            ("people affected", units.iter().any(|unit| unit.affected.is_some())),
            ("a row not filled in", units.iter().any(|unit| unit.unfilled)),
            ("another spelling", units.iter().any(|unit| unit.spelling > 3 && !unit.group.is_empty())),
            ("overall beside AoRs", units.iter().any(|unit| unit.given[0].is_some() && unit.given[1..].iter().any(Option::is_some))),
            ("sectors that count groups", units.iter().any(|unit| unit.sectors.is_some())),
            ("sectors that count a district", across.iter().any(|across| across.people.is_some())),
            ("people decided", units.iter().any(|unit| unit.sectors.is_some() && unit.decided.is_some())),
            ("severity decided", across.iter().any(|across| across.decided.is_some())),
            ("a final severity", across.iter().any(|across| across.final_severity.is_some())),
        ] {
            *held.entry(what).or_default() += usize::from(holds);
        }
    }
    assert!(held.values().all(|count| *count > 0), "{held:?}");
}
