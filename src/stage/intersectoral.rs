//! The step across sectors (method, section 8): preliminary severity, the highest, second and third PiN, flags,
//! targets. For teams that compile it, and for reviewers.

use super::decide::{Decision, Decisions, What, phase_of};
use super::population::PopulationTable;
use super::previous::PreviousTable;
use super::sectors::{FinalFigures, Outcomes, SectorTable};
use super::units::CellTable;
use crate::diag::Place;
use crate::domain::{CellId, Decimal, IdVec, People, Phase, Scope, SectorId, Share};
use crate::framework::files::{BlankMuac, Comparator};
use crate::framework::intersectoral::IntersectoralRules;
use crate::framework::rules::AreaPhaseRule;
use crate::table::stats::mean_and_deviation;

/// A place in the order of sectors' PiN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// How many people.
    pub people: People,
    /// The sectors tied for it.
    pub sectors: Vec<SectorId>,
}

/// Severities of the outcome indicators; epidemics and violations may be fractions.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct OutcomePhases {
    /// Deaths.
    pub mortality: Option<f64>,
    /// Wasting.
    pub malnutrition: Option<f64>,
    /// Epidemics.
    pub epidemics: Option<f64>,
    /// Coping with the loss of livelihoods.
    pub livelihood_coping: Option<f64>,
    /// Violations of human rights and humanitarian law.
    pub hr_ihl_violations: Option<f64>,
}

impl OutcomePhases {
    /// Those that are known.
    pub fn known(&self) -> impl Iterator<Item = f64> {
        [self.mortality, self.malnutrition, self.epidemics, self.livelihood_coping, self.hr_ihl_violations].into_iter().flatten()
    }
}

/// One unit of the intersectoral step.
#[derive(Clone, Debug)]
pub struct Unit {
    /// Area, pocket and group.
    pub cell: CellId,
    /// The population of the unit.
    pub population: Option<People>,
    /// Phases of the core sectors.
    pub phases: IdVec<SectorId, Option<Phase>>,
    /// How many of them are known.
    pub known: usize,
    /// The phase that the overlap of sectors gives.
    pub severity_preliminary: Option<Phase>,
    /// The phase after decisions, of the unit or of the area around it.
    pub severity_final: Option<Phase>,
    /// Fewer than four core phases are known: not assessed in summaries (method, section 14.4).
    pub low_coverage: bool,
    /// Outcome indicators.
    pub outcomes: OutcomePhases,
    /// Flags on severity.
    pub severity_flags: Vec<&'static str>,
    /// PiN of the core sectors.
    pub people: IdVec<SectorId, Option<People>>,
    /// Highest, second and third.
    pub places: Vec<Ranked>,
    /// Flags on PiN.
    pub in_need_flags: Vec<&'static str>,
    /// Divisions by nothing: no percentage and no flag.
    pub not_computable: bool,
    /// Highest PiN from severity 3, else 0.
    pub in_need_preliminary: Option<People>,
    /// After decisions.
    pub in_need_final: Option<People>,
    /// Targeted.
    pub targeted: Option<People>,
    /// In areas above phase 3.
    pub prioritised: Option<People>,
}

/// All units and the decisions found in the sheet itself.
#[derive(Clone, Debug, Default)]
pub struct IntersectoralTable {
    /// In cell order.
    pub units: Vec<Unit>,
    /// Final figures that depart from their rule (method, section 11).
    pub decisions: Vec<Decision>,
}

impl IntersectoralTable {
    /// The final severity of a cell; without a row of its own it stands in that of the area around it (section 15.3).
    pub fn severity_of(&self, cell: CellId, cells: &CellTable) -> Option<Phase> {
        self.get(cell).or_else(|| cells.around(cell).and_then(|whole| self.get(whole))).and_then(|unit| unit.severity_final)
    }

    /// The unit of a cell.
    pub fn get(&self, cell: CellId) -> Option<&Unit> {
        self.units.binary_search_by_key(&cell, |unit| unit.cell).ok().and_then(|at| self.units.get(at))
    }
}

/// The tables that the step reads.
#[derive(Copy, Clone)]
pub struct Across<'a> {
    /// Which cells there are.
    pub cells: &'a CellTable,
    /// Who lives where.
    pub population: &'a PopulationTable,
    /// What the sectors found.
    pub sectors: &'a SectorTable,
    /// Last year's figures.
    pub previous: &'a PreviousTable,
    /// Thresholds.
    pub rules: &'a IntersectoralRules,
}

/// Runs the step on every unit that stands in a sheet of sectors.
pub fn intersect(across: Across<'_>, decisions: &Decisions) -> IntersectoralTable {
    let mut table = IntersectoralTable::default();
    let spread = changes_spread(across);
    // A whole area stands before its groups, so that its severity is known when they ask for it.
    for &cell in across.sectors.listed.keys() {
        let unit = unit(cell, across, spread, decisions, &mut table);
        table.units.push(unit);
    }
    table
}

fn unit(cell: CellId, across: Across<'_>, spread: Option<(f64, f64)>, decisions: &Decisions, table: &mut IntersectoralTable) -> Unit {
    let rules = across.rules;
    let sectors = across.sectors;
    let ids: Vec<SectorId> = (0..sectors.in_need.len()).map(crate::domain::id::Id::from_index).collect();
    let phases: IdVec<SectorId, Option<Phase>> = ids.iter().map(|&sector| sectors.phase(cell, sector)).collect();
    let people: IdVec<SectorId, Option<People>> = ids.iter().map(|&sector| sectors.people(cell, sector)).collect();
    let known = phases.iter().flatten().count();
    let preliminary = preliminary_severity(phases.iter().copied().flatten());
    let no_finals = FinalFigures::default();
    let finals = sectors.finals.get(&cell).unwrap_or(&no_finals);
    let own_final = final_severity(cell, preliminary, finals, decisions, table);
    // A group without phases of its own stands in those of the area around it.
    let (around_preliminary, around_final) = across
        .cells
        .around(cell)
        .and_then(|whole| table.get(whole))
        .map_or((None, None), |unit| (unit.severity_preliminary, unit.severity_final));
    let severity = own_final.or(around_final);
    let outcomes = sectors.outcomes.get(&cell).map(|observed| outcome_phases(observed, rules)).unwrap_or_default();

    let population = across.population.of(cell).or_else(|| sectors.population.get(&cell).map(|(people, _)| *people));
    let places = rank(&people);
    let any_people = people.iter().any(Option::is_some);
    let highest = places.first().map(|place| place.people);
    let in_need_preliminary = match severity {
        Some(severity) if any_people => Some(if severity >= Phase::SEVERE { highest.unwrap_or_default() } else { People::ZERO }),
        _ => None,
    };
    let in_need_final = final_in_need(cell, in_need_preliminary, finals, decisions, table);
    let share = |from: Option<Share>| in_need_final.zip(from).map(|(people, share)| people.times(share));
    let target = severity.map(|severity| match severity.number() {
        3 => rules.target_in_phase_3,
        4 | 5 => rules.target_in_phase_4_or_5,
        _ => Share::ZERO,
    });
    let priority = severity.map(|severity| if severity > Phase::SEVERE { Share::ALL } else { Share::ZERO });
    let (in_need_flags, not_computable) = in_need_flags(cell, &people, &places, population, finals.manual_flag, spread, across);
    Unit {
        cell,
        population,
        known,
        severity_preliminary: preliminary.or(around_preliminary),
        severity_final: severity,
        low_coverage: known > 0 && known < 4,
        severity_flags: severity_flags(&phases, preliminary, &outcomes, finals.manual_flag && (known > 0 || !any_people), rules),
        outcomes,
        phases,
        people,
        places,
        in_need_flags,
        not_computable,
        in_need_preliminary,
        in_need_final,
        targeted: share(target),
        prioritised: share(priority),
    }
}

/// Overlap of the core sectors' phases (method, section 8).
pub fn preliminary_severity(phases: impl Iterator<Item = Phase>) -> Option<Phase> {
    let mut at_least = [0_u32; 6];
    let mut known = false;
    for phase in phases {
        known = true;
        for count in at_least.iter_mut().take(usize::from(phase.number()) + 1) {
            *count += 1;
        }
    }
    let [_, _, two, three, four, five] = at_least;
    let number = match () {
        () if five >= 2 && four >= 4 => 5,
        () if four >= 4 => 4,
        () if three >= 4 => 3,
        () if two >= 4 => 2,
        () => 1,
    };
    if known { Phase::new(number) } else { None }
}

/// Distinct values from the highest; the sectors tied for each. All zero or blank: no place at all.
fn rank(people: &IdVec<SectorId, Option<People>>) -> Vec<Ranked> {
    let mut known: Vec<(People, SectorId)> = people.entries().filter_map(|(sector, people)| Some(((*people)?, sector))).collect();
    if known.iter().all(|(people, _)| *people == People::ZERO) {
        return Vec::new();
    }
    known.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut places: Vec<Ranked> = Vec::new();
    for (people, sector) in known {
        match places.last_mut() {
            Some(place) if place.people == people => place.sectors.push(sector),
            _ => places.push(Ranked { people, sectors: vec![sector] }),
        }
    }
    places.truncate(3);
    places
}

fn outcome_phases(observed: &Outcomes, rules: &IntersectoralRules) -> OutcomePhases {
    let coping = AreaPhaseRule { cut: Share::percent(20), comparator: Comparator::MoreThan };
    let of_shares = || observed.coping.as_ref().and_then(|shares| coping.phase_of(shares)).map(|phase| f64::from(phase.number()));
    OutcomePhases {
        mortality: observed.mortality.or_else(|| mortality(observed)),
        malnutrition: observed.malnutrition.or_else(|| malnutrition(observed, rules.blank_muac)),
        epidemics: observed.epidemics,
        livelihood_coping: observed.livelihood_coping.or_else(of_shares),
        hr_ihl_violations: observed.hr_ihl_violations,
    }
}

/// Bounds are compared as decimals rounded to nine places (method, section 14.2).
fn ninth(value: f64) -> f64 {
    (value * 1e9).round()
}

fn mortality(observed: &Outcomes) -> Option<f64> {
    let rates = [observed.civilian_casualties, observed.crude_death_rate, observed.under5_death_rate];
    rates.iter().any(Option::is_some).then_some(())?;
    let any = |bounds: [f64; 3]| rates.iter().zip(bounds).any(|(rate, bound)| rate.is_some_and(|rate| ninth(rate) >= ninth(bound)));
    Some(match () {
        () if any([2.0, 2.0, 4.0]) => 5.0,
        () if any([1.0, 1.0, 2.0]) => 4.0,
        () if any([0.5, 0.5, 1.0]) => 3.0,
        () => 2.0,
    })
}

fn malnutrition(observed: &Outcomes, blank_muac: BlankMuac) -> Option<f64> {
    (observed.whz.is_some() || observed.muac.is_some()).then_some(())?;
    let muac = observed.muac.or((blank_muac == BlankMuac::Zero).then_some(0.0));
    let whz_from = |bound: f64| observed.whz.is_some_and(|whz| ninth(whz) >= ninth(bound));
    let muac_above = |bound: f64| muac.is_some_and(|muac| ninth(muac) > ninth(bound));
    Some(match () {
        () if whz_from(30.0) || muac_above(15.0) => 5.0,
        () if whz_from(15.0) || muac_above(10.0) => 4.0,
        () if whz_from(10.0) || muac_above(5.0) => 3.0,
        () if whz_from(5.0) || muac.is_some() => 2.0,
        () => 1.0,
    })
}

fn severity_flags(
    phases: &IdVec<SectorId, Option<Phase>>,
    preliminary: Option<Phase>,
    outcomes: &OutcomePhases,
    manual: bool,
    rules: &IntersectoralRules,
) -> Vec<&'static str> {
    let mut flags = Vec::new();
    let from = |number: u8| u32::try_from(phases.iter().flatten().filter(|phase| phase.number() >= number).count()).unwrap_or(u32::MAX);
    let in_five = from(5);
    if in_five > 0 && in_five >= rules.sectors_in_phase_5 {
        flags.push("sectors-in-phase-5");
    }
    if let Some(preliminary) = preliminary {
        if preliminary.number() == 4 && from(4) >= rules.sectors_in_phase_4_or_5 {
            flags.push("sectors-in-phase-4-or-5");
        }
        let level = f64::from(preliminary.number());
        if outcomes.known().any(|outcome| outcome <= level - 2.0 || outcome >= level + 2.0) {
            flags.push("outcome-two-phases-away");
        }
        let below = outcomes.known().filter(|outcome| *outcome <= level - 1.0).count();
        let above = outcomes.known().filter(|outcome| *outcome >= level + 1.0).count();
        if below >= 2 || above >= 2 {
            flags.push("outcomes-one-phase-away");
        }
    }
    if manual {
        flags.push("manual");
    }
    flags
}

/// Whether `part` is at least this share of `whole`; `None` where `whole` is nobody. Compared as decimals rounded to
/// nine places, because a figure computed in a spreadsheet may lie a hair below the bound it stands on.
fn is_at_least(part: Decimal, whole: People, share: Share) -> Option<bool> {
    part.divided_by(whole.0).map(|ratio| ratio.to_nine_places() >= share.0.to_nine_places())
}

/// Whether `first` exceeds `other` by at least this share of `other`.
fn exceeds(first: People, other: People, share: Share) -> Option<bool> {
    is_at_least((first - other).0, other, share)
}

fn in_need_flags(
    cell: CellId,
    people: &IdVec<SectorId, Option<People>>,
    places: &[Ranked],
    population: Option<People>,
    manual: bool,
    spread: Option<(f64, f64)>,
    across: Across<'_>,
) -> (Vec<&'static str>, bool) {
    let rules = across.rules;
    let mut flags = Vec::new();
    let mut not_computable = false;
    if let Some(first) = places.first() {
        let nothing = people.iter().filter(|people| people.is_none_or(|people| people == People::ZERO)).count();
        if nothing >= rules.zero_or_missing_sectors as usize {
            flags.push("zero-or-missing-sectors");
        }
        let gaps = [(1, rules.first_over_second, "first-over-second"), (2, rules.first_over_third, "first-over-third")];
        for (at, share, flag) in gaps {
            let Some(other) = places.get(at).filter(|_| first.sectors.len() == 1) else { continue };
            match exceeds(first.people, other.people, share) {
                Some(true) => flags.push(flag),
                Some(false) => {}
                None => not_computable = true,
            }
        }
        if population.and_then(|population| is_at_least(first.people.0, population, rules.share_of_population)) == Some(true) {
            flags.push("share-of-population");
        }
        let codes = &rules.sub_population_sectors;
        if first
            .sectors
            .iter()
            .any(|sector| across.previous.sector_codes.get(crate::domain::id::Id::index(*sector)).is_some_and(|code| codes.contains(code)))
        {
            flags.push("sub-population-sector");
        }
        let (mut change, mut beyond) = (false, false);
        for place in places.iter().take(2) {
            for &sector in &place.sectors {
                let Some(old) = across.previous.sector(cell, sector) else { continue };
                let difference = (place.people - old).0;
                let size = if difference < Decimal::ZERO { -difference } else { difference };
                change |= is_at_least(size, old, rules.change_from_last_year) == Some(true);
                if let (Some((mean, deviation)), Some(relative)) = (spread, difference.divided_by(old.0)) {
                    beyond |= (relative.to_f64() - mean).abs() > rules.change_in_standard_deviations * deviation;
                }
            }
        }
        if change {
            flags.push("change-from-last-year");
        }
        if beyond {
            flags.push("change-in-standard-deviations");
        }
    }
    if manual && people.iter().any(Option::is_some) {
        flags.push("manual");
    }
    (flags, not_computable)
}

/// Mean and sample deviation of every change of every sector that can be computed.
fn changes_spread(across: Across<'_>) -> Option<(f64, f64)> {
    let mut changes = Vec::new();
    for &cell in across.sectors.listed.keys() {
        for sector in 0..across.sectors.in_need.len() {
            let sector = crate::domain::id::Id::from_index(sector);
            if let (Some(new), Some(old)) = (across.sectors.people(cell, sector), across.previous.sector(cell, sector)) {
                changes.extend((new - old).0.divided_by(old.0).map(Decimal::to_f64));
            }
        }
    }
    mean_and_deviation(&changes)
}

/// A recorded decision, else the final figure of the sheet, else the preliminary one.
fn final_severity(
    cell: CellId,
    preliminary: Option<Phase>,
    finals: &FinalFigures,
    decisions: &Decisions,
    table: &mut IntersectoralTable,
) -> Option<Phase> {
    if let Some(decision) = decisions.on(cell, Scope::Intersectoral, What::Phase) {
        return phase_of(decision.new);
    }
    let Some((phase, place)) = &finals.severity else { return preliminary };
    if preliminary != Some(*phase) {
        let number = |phase: Phase| Decimal::whole(phase.number().into());
        table.decisions.push(found(cell, What::Phase, preliminary.map(number), number(*phase), &finals.severity_reason, place));
    }
    Some(*phase)
}

fn final_in_need(
    cell: CellId,
    preliminary: Option<People>,
    finals: &FinalFigures,
    decisions: &Decisions,
    table: &mut IntersectoralTable,
) -> Option<People> {
    if let Some(decision) = decisions.on(cell, Scope::Intersectoral, What::InNeed) {
        return Some(People(decision.new));
    }
    let Some((people, place)) = &finals.in_need else { return preliminary };
    if preliminary != Some(*people) {
        table.decisions.push(found(cell, What::InNeed, preliminary.map(|people| people.0), people.0, &finals.in_need_reason, place));
    }
    Some(*people)
}

fn found(cell: CellId, what: What, old: Option<Decimal>, new: Decimal, reason: &str, place: &Place) -> Decision {
    Decision {
        cell,
        scope: Scope::Intersectoral,
        what,
        old,
        new,
        reason: reason.to_owned(),
        evidence: String::new(),
        decided_by: String::new(),
        date: String::new(),
        place: place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_of_ancuabe_port_au_prince_and_delmas() {
        // VECTORS 9.1 and 9.3, as published; El Encanto (9.4) has six sectors.
        let table: [(&[u8], u8); 6] = [
            (&[3, 4, 2, 3, 1, 4, 4, 3], 3),
            (&[5, 5, 3, 4, 4, 5, 4, 2], 5),
            (&[4, 4, 3, 3, 4, 5, 4, 2], 4),
            (&[4, 3, 2, 3, 2, 3], 3),
            (&[5, 5, 5], 1),
            (&[], 0),
        ];
        for (phases, expected) in table {
            assert_eq!(preliminary_severity(phases.iter().filter_map(|&number| Phase::new(number))), Phase::new(expected), "{phases:?}");
        }
    }

    #[test]
    fn places_are_distinct_and_ties_are_named() {
        let people: IdVec<SectorId, Option<People>> =
            [Some(5), Some(9), None, Some(9), Some(0)].into_iter().map(|number| number.map(People::whole)).collect();
        let places = rank(&people);
        assert_eq!(
            places.iter().map(|place| (place.people, place.sectors.len())).collect::<Vec<_>>(),
            [(People::whole(9), 2), (People::whole(5), 1), (People::ZERO, 1)]
        );
        let nothing: IdVec<SectorId, Option<People>> = [Some(People::ZERO), None].into_iter().collect();
        assert!(rank(&nothing).is_empty());
    }

    #[test]
    fn a_blank_arm_circumference_is_not_zero() {
        let observed = Outcomes { whz: Some(2.4), ..Outcomes::default() };
        assert_eq!(malnutrition(&observed, BlankMuac::Missing), Some(1.0));
        assert_eq!(malnutrition(&observed, BlankMuac::Zero), Some(2.0));
        assert_eq!(malnutrition(&Outcomes::default(), BlankMuac::Zero), None);
        assert_eq!(malnutrition(&Outcomes { muac: Some(15.0), ..Outcomes::default() }, BlankMuac::Missing), Some(4.0));
    }

    #[test]
    fn differences_over_the_second_and_third() {
        // VECTORS 9.1: 40,848 over 33,278 is 22.75 %, and 30,851 under 40,170.5 is 30.21 %.
        let p = |text: &str| People(Decimal::parse(text).unwrap());
        assert_eq!(exceeds(p("40848"), p("33278"), Share::percent(30)), Some(false));
        assert_eq!(exceeds(p("40170.5"), p("30851"), Share::percent(30)), Some(true));
        assert_eq!(exceeds(p("1"), p("0"), Share::percent(30)), None);
    }
}
