//! Bounds of the sums in areas above the units, up to the country (method, sections 1, 7 and 12). A sum may break a
//! bound that none of its units breaks, because the two figures are known for different people; the finding says for
//! how many each is known.

use std::collections::{BTreeMap, BTreeSet};

use super::called;
use crate::diag::{Code, Findings, Place};
use crate::domain::{AreaId, People, Series};
use crate::framework::rules::AcrossAors;
use crate::stage::analysis::Analysis;
use crate::stage::beside::Beside;
use crate::stage::rollup::Rolled;

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

/// Looks at the sums of every area in which several units lie.
pub fn check_areas(analysis: &Analysis) -> Findings {
    let mut found = Findings::default();
    let said = said_of_units(analysis);
    for area in areas_of_several(analysis) {
        let overall = analysis.rolled.area(area, Series::Overall);
        let across = analysis.rolled_across.get(area, None);
        let all_sectors = Sum { word: "in need across sectors", people: across.in_need, living: across.assessed };
        let need = Sum::in_need("in need", &overall);
        // Where the sectors are known for fewer people, their sum may well be the smaller one.
        if all_sectors.living >= need.living && !said.contains(&area) {
            say(&mut found, analysis, area, Code::OverallAboveAllSectors, Series::Overall, &need, &all_sectors);
        }
        for &series in &analysis.series {
            let sums = analysis.rolled.area(area, series);
            let need = Sum::in_need("in need", &sums);
            let living = Sum { word: "living there", people: sums.population, living: need.living };
            say(&mut found, analysis, area, Code::InNeedAbovePopulation, series, &need, &living);
            let affected = Sum::beside(Beside::Affected, sums.affected, &sums);
            // A sum of affected people that leaves some out is marked as such.
            if Beside::Affected.of(sums.known).partial().is_none() {
                say(&mut found, analysis, area, Code::InNeedAboveAffected, series, &need, &affected);
            }
            let living = Sum { word: "living there", people: sums.population, living: affected.living };
            say(&mut found, analysis, area, Code::AffectedAbovePopulation, series, &affected, &living);
            if series != Series::Overall {
                say(&mut found, analysis, area, Code::AorAboveOverall, series, &need, &Sum::in_need("in need overall", &overall));
                let of_overall = Sum { word: "affected overall", ..Sum::beside(Beside::Affected, overall.affected, &overall) };
                say(&mut found, analysis, area, Code::AorAboveOverall, series, &affected, &of_overall);
            }
            let targeted = Sum::beside(Beside::Targeted, sums.targeted, &sums);
            say(&mut found, analysis, area, Code::TargetAboveInNeed, series, &targeted, &need);
            let reached = Sum::beside(Beside::Reached, sums.reached, &sums);
            say(&mut found, analysis, area, Code::ReachedAboveInNeed, series, &reached, &need);
        }
    }
    found
}

/// The areas with several units. The sums of one with a single unit are that unit's figures, which have been looked at.
fn areas_of_several(analysis: &Analysis) -> Vec<AreaId> {
    let mut units: BTreeMap<AreaId, usize> = BTreeMap::new();
    for cell in analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)) {
        for area in analysis.areas.path(analysis.cells.key(cell).area) {
            *units.entry(area).or_default() += 1;
        }
    }
    units.into_iter().filter(|(_, count)| *count > 1).map(|(area, _)| area).collect()
}

/// The areas in which overall is above all sectors in some unit already, which is said of that unit.
fn said_of_units(analysis: &Analysis) -> BTreeSet<AreaId> {
    let units = analysis.across.units.iter().filter(|unit| analysis.population.is_counted(unit.cell));
    let said = units.filter(|unit| {
        let overall = analysis.in_need.in_need(analysis.population.slots.total(unit.cell), Series::Overall);
        overall.zip(unit.in_need_final).is_some_and(|(overall, all)| overall.rounded() > all.rounded())
    });
    said.flat_map(|unit| analysis.areas.path(analysis.cells.key(unit.cell).area)).collect()
}

fn say(found: &mut Findings, analysis: &Analysis, area: AreaId, code: Code, series: Series, more: &Sum, bound: &Sum) {
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
    found.add(code, Place::Figure(format!("`{}`", analysis.areas.get(area).pcode).into()), message);
}
