//! Outcome indicators beside the sectors: deaths, wasting, epidemics, coping, violations, each as a severity (method,
//! section 8).

use super::sectors::Outcomes;
use crate::domain::Share;
use crate::framework::files::{BlankMuac, Comparator};
use crate::framework::intersectoral::IntersectoralRules;
use crate::framework::rules::AreaPhaseRule;

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

/// The severities of a unit.
pub fn outcome_phases(observed: &Outcomes, rules: &IntersectoralRules) -> OutcomePhases {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_arm_circumference_is_not_zero() {
        let observed = Outcomes { whz: Some(2.4), ..Outcomes::default() };
        assert_eq!(malnutrition(&observed, BlankMuac::Missing), Some(1.0));
        assert_eq!(malnutrition(&observed, BlankMuac::Zero), Some(2.0));
        assert_eq!(malnutrition(&Outcomes::default(), BlankMuac::Zero), None);
        assert_eq!(malnutrition(&Outcomes { muac: Some(15.0), ..Outcomes::default() }, BlankMuac::Missing), Some(4.0));
    }
}
