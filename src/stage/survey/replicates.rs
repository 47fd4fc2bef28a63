//! How likely each phase of an area is: the survey is drawn again and again out of itself, sampling units within their
//! strata, and the area's phase found each time (bootstrap after Rao and Wu; method, section 10).

use std::collections::BTreeMap;

use super::design::Design;
use super::sums::Said;
use crate::domain::{Decimal, Phase, PhaseShares};
use crate::framework::rules::AreaPhaseRule;
use crate::table::random::Draws;

/// How a survey is drawn again.
#[derive(Copy, Clone, Debug)]
pub(super) struct Resampling {
    /// How often; 0: not at all.
    pub(super) times: u32,
    /// Where the draws begin; each domain draws by itself, so that no other one changes what it gets.
    pub(super) seed: u64,
    /// How shares become a phase.
    pub(super) rule: AreaPhaseRule,
}

/// Units of one stratum in a domain that count alike, by phase.
struct Alike {
    counts: [i128; 5],
    units: u64,
}

/// The units of one stratum in a domain.
struct Drawn {
    units: Vec<Alike>,
    /// How many units the stratum has in the whole design.
    of: u64,
}

/// The share of the draws in which the domain stands in each phase; `None` where nothing is drawn.
pub(super) fn likelihood(design: &Design, said: &[Said], resampling: Resampling) -> Option<[f64; 5]> {
    let strata = strata(design, said)?;
    let mut draws = Draws::new(resampling.seed);
    let mut found = [0_u32; 5];
    for _ in 0..resampling.times {
        let mut sums = [0_i128; 5];
        for stratum in &strata {
            // A draw has a unit less than the stratum, and weights as much.
            let (above, below) = match (strata.len(), stratum.of) {
                (1, _) | (_, 0 | 1) => (1, 1),
                _ => (i128::from(stratum.of) * FINE, i128::from(stratum.of - 1)),
            };
            // A stratum of one unit is there in every draw.
            let (mut tries, mut left) = (if stratum.of < 2 { 1 } else { stratum.of - 1 }, stratum.of);
            for alike in &stratum.units {
                let times = draws.hits(tries, alike.units, left);
                (tries, left) = (tries - times, left.saturating_sub(alike.units));
                if times > 0 {
                    let times = i128::from(times);
                    sums.iter_mut().zip(alike.counts).for_each(|(sum, count)| *sum += count * times * above / below);
                }
            }
        }
        let phase = resampling.rule.phase_of(&PhaseShares::new(sums.map(Decimal::from_units)));
        if let Some(found) = phase.and_then(|phase: Phase| found.get_mut(phase.index())) {
            *found += 1;
        }
    }
    let counted: u32 = found.iter().sum();
    (counted > 0).then(|| found.map(|found| f64::from(found) / f64::from(counted)))
}

/// Parts of a unit that are still told apart where strata weigh differently.
const FINE: i128 = 1 << 20;

/// The strata of a domain, in an order that shows neither that of the rows nor names.
fn strata(design: &Design, said: &[Said]) -> Option<Vec<Drawn>> {
    let mut strata: BTreeMap<usize, BTreeMap<[i128; 5], u64>> = BTreeMap::new();
    for of_psu in said {
        let stratum = *design.stratum_of.get(of_psu.psu)?;
        *strata.entry(stratum).or_default().entry(of_psu.counts).or_default() += 1;
    }
    let mut ordered: Vec<(u64, BTreeMap<[i128; 5], u64>)> = Vec::new();
    for (stratum, units) in strata {
        ordered.push((design.strata.get(stratum)?.drawn.into(), units));
    }
    ordered.sort();
    let alike = |(counts, units)| Alike { counts, units };
    Some(ordered.into_iter().map(|(of, units)| Drawn { units: units.into_iter().map(alike).collect(), of }).collect())
}
