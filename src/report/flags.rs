//! What a flag of the step across sectors rests on, in words: the figures and the threshold they were held against
//! (method, sections 8 and 12). Whether a unit is flagged is decided in `stage/flags.rs` alone.

use crate::domain::id::Id;
use crate::domain::{Decimal, People, Phase, SectorId, Share};
use crate::stage::Analysis;
use crate::stage::flags::changes_spread;
use crate::stage::intersectoral::Unit;
use crate::stage::sectors::Across;

/// Tells flags of one analysis.
pub struct FlagTexts<'a> {
    analysis: &'a Analysis,
    /// Mean and deviation of all changes from last year.
    spread: Option<(f64, f64)>,
}

impl<'a> FlagTexts<'a> {
    /// Looks at the changes of all units once.
    pub fn new(analysis: &'a Analysis) -> Self {
        let Analysis { cells, population, sectors, previous, .. } = analysis;
        let spread = changes_spread(Across { cells, population, sectors, previous, rules: &analysis.rules.intersectoral });
        Self { analysis, spread }
    }

    /// Figure and threshold of a flag of this unit.
    pub fn said(&self, unit: &Unit, flag: &str) -> String {
        let rules = &self.analysis.rules.intersectoral;
        let in_phase = |from: u8| unit.phases.iter().flatten().filter(|phase| phase.number() >= from).count();
        match flag {
            "zero-or-missing-sectors" => {
                let nothing = unit.people.iter().filter(|people| people.is_none_or(|people| people == People::ZERO)).count();
                format!("{} with nobody or nothing known in need; flagged from {}", sectors(nothing), rules.zero_or_missing_sectors)
            }
            "first-over-second" => Self::over(unit, 1, "second", rules.first_over_second),
            "first-over-third" => Self::over(unit, 2, "third", rules.first_over_third),
            "share-of-population" => {
                let (first, all) = (highest(unit), unit.population.unwrap_or_default());
                let share = first.share_of(all).map_or_else(String::new, |share| format!(", {}", in_percent(share.0)));
                format!("highest {} of {} people{share}; flagged from {}", first.rounded(), all.rounded(), rules.share_of_population)
            }
            "sub-population-sector" => {
                let named = unit.places.first().map(|place| self.codes(&place.sectors)).unwrap_or_default();
                let partial = rules.sub_population_sectors.join(", ");
                format!("highest {} in {named}; flagged for {partial}", highest(unit).rounded())
            }
            "change-from-last-year" => format!("{}; flagged from {} up or down", self.changes(unit), rules.change_from_last_year),
            "change-in-standard-deviations" => {
                let (mean, deviation) = self.spread.unwrap_or_default();
                let around =
                    format!("all changes {:+.1} % on average with a standard deviation of {:.1} %", mean * 100.0, deviation * 100.0);
                format!("{}; {around}; flagged beyond {} deviations", self.changes(unit), rules.change_in_standard_deviations)
            }
            "sectors-in-phase-5" => format!("{} in phase 5; flagged from {}", sectors(in_phase(5)), rules.sectors_in_phase_5),
            "sectors-in-phase-4-or-5" => {
                let severity = preliminary(unit);
                format!("{} in phase 4 or 5, {severity}; flagged from {}", sectors(in_phase(4)), rules.sectors_in_phase_4_or_5)
            }
            "outcome-two-phases-away" => format!("{}, {}; flagged from 2 phases away", outcomes(unit), preliminary(unit)),
            "outcomes-one-phase-away" => {
                format!("{}, {}; flagged from two that are 1 phase away in the same direction", outcomes(unit), preliminary(unit))
            }
            "manual" => "flagged by hand in the sheet of sectors".into(),
            _ => String::new(),
        }
    }

    fn over(unit: &Unit, at: usize, word: &str, threshold: Share) -> String {
        let (first, other) = (highest(unit), unit.places.get(at).map(|place| place.people).unwrap_or_default());
        let more = (first - other).share_of(other).map_or_else(String::new, |share| format!(", {} more", in_percent(share.0)));
        format!("highest {}, {word} {}{more}; flagged from {threshold}", first.rounded(), other.rounded())
    }

    fn codes(&self, sectors: &[SectorId]) -> String {
        super::sectors::names(&self.analysis.previous.sector_codes, sectors).join(", ")
    }

    /// The sectors in the first and second place with what they were last year.
    fn changes(&self, unit: &Unit) -> String {
        let places = unit.places.iter().take(2).flat_map(|place| place.sectors.iter().map(|sector| (place.people, *sector)));
        let known = places.filter_map(|(people, sector)| {
            let old = self.analysis.previous.sector(unit.cell, sector)?;
            let change = (people - old).0.divided_by(old.0)?;
            let code = self.analysis.previous.sector_codes.get(sector.index())?;
            Some(format!("{code} {} last year, {} now ({:+.1} %)", old.rounded(), people.rounded(), change.to_f64() * 100.0))
        });
        known.collect::<Vec<_>>().join(", ")
    }
}

fn sectors(count: usize) -> String {
    if count == 1 { "1 sector".into() } else { format!("{count} sectors") }
}

fn highest(unit: &Unit) -> People {
    unit.places.first().map(|place| place.people).unwrap_or_default()
}

fn in_percent(ratio: Decimal) -> String {
    format!("{:.1} %", ratio.to_f64() * 100.0)
}

fn preliminary(unit: &Unit) -> String {
    let severity = unit.severity_preliminary.map(Phase::number);
    severity.map_or_else(String::new, |severity| format!("preliminary severity {severity}"))
}

fn outcomes(unit: &Unit) -> String {
    let of = &unit.outcomes;
    let named = [
        ("mortality", of.mortality),
        ("malnutrition", of.malnutrition),
        ("epidemics", of.epidemics),
        ("livelihood coping", of.livelihood_coping),
        ("violations", of.hr_ihl_violations),
    ];
    let known = named.into_iter().filter_map(|(name, phase)| Some(format!("{name} {}", phase?)));
    known.collect::<Vec<_>>().join(", ")
}
