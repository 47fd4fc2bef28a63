//! Bounds of the sums in areas above the units and of groups in them, up to the country (method, sections 1, 7 and 12). A sum may break a
//! bound that none of its units breaks, because the two figures are known for different people; the finding says for
//! how many each is known.

use std::collections::{BTreeMap, BTreeSet};

use super::called;
use crate::diag::{Code, Findings, Place};
use crate::domain::{AreaId, CellId, GroupId, People, Series};
use crate::framework::rules::AcrossAors;
use crate::stage::analysis::Analysis;
use crate::stage::beside::Beside;
use crate::stage::rollup::{RollKey, Rolled};

/// A figure of an area: its word, how many, and for how many people living there it is known.
struct Sum {
    word: &'static str,
    people: Option<People>,
    living: People,
}

impl Sum {
    fn in_need(word: &'static str, sums: &Rolled) -> Self {
        Self { word, people: sums.in_need, living: sums.assessed.unwrap_or_default() }
    }

    fn beside(beside: Beside, people: Option<People>, sums: &Rolled) -> Self {
        Self { word: beside.word(), people, living: beside.of(sums.known).living.unwrap_or_default() }
    }
}

/// Looks at the sums of every area, and of every group in it, in which several units lie or for which something is stated
/// that its units do not say.
pub fn check_areas(analysis: &Analysis) -> Findings {
    let mut found = Findings::default();
    let said = said_of_units(analysis);
    for (row, key) in rows_of_several(analysis) {
        let of = (key.area, key.group);
        let overall = analysis.rolled.get(row, Series::Overall);
        let across = analysis.rolled_across.get(key.area, key.group);
        let all_sectors = Sum { word: "in need across sectors", people: across.in_need, living: across.assessed };
        let need = Sum::in_need("in need", &overall);
        // Where the sectors are known for fewer people, their sum may well be the smaller one.
        if all_sectors.living >= need.living && !said.contains(&of) {
            say(&mut found, analysis, of, Code::OverallAboveAllSectors, Series::Overall, &need, &all_sectors);
        }
        for &series in &analysis.series {
            let sums = analysis.rolled.get(row, series);
            let need = Sum::in_need("in need", &sums);
            let living = Sum { word: "living there", people: sums.population, living: need.living };
            say(&mut found, analysis, of, Code::InNeedAbovePopulation, series, &need, &living);
            let affected = Sum::beside(Beside::Affected, sums.affected, &sums);
            // A sum of affected people that leaves some out is marked as such.
            if Beside::Affected.of(sums.known).partial().is_none() {
                say(&mut found, analysis, of, Code::InNeedAboveAffected, series, &need, &affected);
            }
            let living = Sum { word: "living there", people: sums.population, living: affected.living };
            say(&mut found, analysis, of, Code::AffectedAbovePopulation, series, &affected, &living);
            if series != Series::Overall {
                say(&mut found, analysis, of, Code::AorAboveOverall, series, &need, &Sum::in_need("in need overall", &overall));
                let of_overall = Sum { word: "affected overall", ..Sum::beside(Beside::Affected, overall.affected, &overall) };
                say(&mut found, analysis, of, Code::AorAboveOverall, series, &affected, &of_overall);
            }
            let targeted = Sum::beside(Beside::Targeted, sums.targeted, &sums);
            say(&mut found, analysis, of, Code::TargetAboveInNeed, series, &targeted, &need);
            let reached = Sum::beside(Beside::Reached, sums.reached, &sums);
            say(&mut found, analysis, of, Code::ReachedAboveInNeed, series, &reached, &need);
        }
    }
    found
}

/// An area, or a group in it.
type Of = (AreaId, Option<GroupId>);

/// The rows of sums over several units. The sums over a single one are that unit's figures, which have been looked at, unless
/// something is stated for the row that the unit does not say (method, section 15.21).
fn rows_of_several(analysis: &Analysis) -> Vec<(usize, RollKey)> {
    let mut units: BTreeMap<Of, usize> = BTreeMap::new();
    let mut add = |cell: CellId, count: usize| {
        let key = analysis.cells.key(cell);
        for area in analysis.areas.path(key.area) {
            *units.entry((area, None)).or_default() += count;
            if key.group.is_some() {
                *units.entry((area, key.group)).or_default() += count;
            }
        }
    };
    analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)).for_each(|cell| add(cell, 1));
    analysis.rolled.wholes.people.keys().for_each(|whole| add(whole.cell, 2));
    let several = units.into_iter().filter(|(_, count)| *count > 1);
    let row = |((area, group), _): (Of, usize)| {
        let key = RollKey { area, group, leaf: None };
        Some((analysis.rolled.find(key)?, key))
    };
    several.filter_map(row).collect()
}

/// The areas and groups in which overall is above all sectors in some unit already, which is said of that unit.
fn said_of_units(analysis: &Analysis) -> BTreeSet<Of> {
    let units = analysis.across.units.iter().filter(|unit| analysis.population.is_counted(unit.cell));
    let said = units.filter(|unit| {
        let overall = analysis.in_need.in_need(analysis.population.slots.total(unit.cell), Series::Overall);
        overall.zip(unit.in_need_final).is_some_and(|(overall, all)| overall.rounded() > all.rounded())
    });
    let rows = |cell: CellId| {
        let key = analysis.cells.key(cell);
        analysis.areas.path(key.area).flat_map(move |area| [(area, None), (area, key.group)])
    };
    said.flat_map(|unit| rows(unit.cell)).collect()
}

fn say(found: &mut Findings, analysis: &Analysis, (area, group): Of, code: Code, series: Series, more: &Sum, bound: &Sum) {
    let (Some(people), Some(most)) = (more.people, bound.people) else { return };
    if people <= most {
        return;
    }
    let mut message = format!("{}: {people} people {}, {most} {}", called(series), more.word, bound.word);
    if more.living != bound.living {
        let (first, second) = (more.living, bound.living);
        message.push_str(&format!("; {} is known where {first} people live, {} where {second}", more.word, bound.word));
    }
    if code == Code::AorAboveOverall && analysis.rules.people.across == AcrossAors::Independent {
        message.push_str("; overall is computed on its own");
    }
    let group = if group.is_some() { format!(", {}", analysis.cells.group_code(group)) } else { String::new() };
    found.add(code, Place::Figure(format!("`{}`{group}", analysis.areas.get(area).pcode).into()), message);
}
