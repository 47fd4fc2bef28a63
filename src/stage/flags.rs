//! Flags of the step across sectors: what a person should look at again (method, section 8). Each threshold is a
//! parameter; a flag never changes a figure.

use super::outcomes::OutcomePhases;
use super::places::Ranked;
use super::sectors::Across;
use crate::domain::id::Id;
use crate::domain::{CellId, Decimal, IdVec, People, Phase, SectorId, Share};
use crate::framework::intersectoral::IntersectoralRules;
use crate::table::stats::mean_and_deviation;

/// Flags on a unit's severity.
pub fn severity_flags(
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

/// Flags on a unit's people in need; and whether a ratio could not be computed.
pub fn in_need_flags(
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
        if first.sectors.iter().any(|sector| across.previous.sector_codes.get(sector.index()).is_some_and(|code| codes.contains(code))) {
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
pub fn changes_spread(across: Across<'_>) -> Option<(f64, f64)> {
    let mut changes = Vec::new();
    for &cell in across.sectors.listed.keys() {
        for sector in 0..across.sectors.in_need.len() {
            let sector = Id::from_index(sector);
            if let (Some(new), Some(old)) = (across.sectors.people(cell, sector), across.previous.sector(cell, sector)) {
                changes.extend((new - old).0.divided_by(old.0).map(Decimal::to_f64));
            }
        }
    }
    mean_and_deviation(&changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_over_the_second_and_third() {
        // VECTORS 9.1: 40,848 over 33,278 is 22.75 %, and 30,851 under 40,170.5 is 30.21 %.
        let p = |text: &str| People(Decimal::parse(text).unwrap());
        assert_eq!(exceeds(p("40848"), p("33278"), Share::percent(30)), Some(false));
        assert_eq!(exceeds(p("40170.5"), p("30851"), Share::percent(30)), Some(true));
        assert_eq!(exceeds(p("1"), p("0"), Share::percent(30)), None);
    }
}
