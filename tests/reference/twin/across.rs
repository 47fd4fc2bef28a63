//! The step across sectors (method 8).

use std::collections::BTreeMap;

use toml::Value;

use super::combine::{five_shares, phase_past_the_cut};
use super::numbers::{divided, nine, percent, times};
use super::{ACROSS, Across, Key, ONE, Row, Twin, decimal_of, text_of, texts};

impl Twin {
    pub(super) fn limit(&self, name: &str, default: &str) -> i128 {
        percent(text_of(&self.across_rules, name).unwrap_or(default))
    }

    pub(super) fn count_limit(&self, name: &str, default: i64) -> usize {
        usize::try_from(self.across_rules.get(name).and_then(Value::as_integer).unwrap_or(default)).unwrap()
    }

    pub(super) fn intersect(&mut self) {
        let rows: BTreeMap<Key, Row> = self.rows("sectors").into_iter().map(|row| (row.key.clone(), row)).collect();
        let mut old: BTreeMap<(Key, String), i128> = BTreeMap::new();
        for row in self.rows("previous") {
            if let (false, Some(people)) = (row.get("sector").is_empty(), row.number("in_need")) {
                old.insert((row.key.clone(), row.get("sector").to_owned()), people);
            }
            for sector in &self.sectors {
                if let Some(people) = row.number(&format!("{sector}.in_need")) {
                    old.insert((row.key.clone(), sector.clone()), people);
                }
            }
        }
        let mut change: BTreeMap<(Key, usize), i128> = BTreeMap::new();
        for (key, row) in &rows {
            for (at, sector) in self.sectors.iter().enumerate() {
                let new = row.number(&format!("{sector}.in_need"));
                if let (Some(old), Some(new)) = (old.get(&(key.clone(), sector.clone())), new)
                    && *old != 0
                {
                    change.insert((key.clone(), at), divided(new - old, *old));
                }
            }
        }
        let mut all: BTreeMap<Key, Across> = BTreeMap::new();
        for (key, row) in &rows {
            let mut unit = Across {
                phases: self.sectors.iter().map(|sector| row.phase(&format!("{sector}.phase"))).collect(),
                people: self.sectors.iter().map(|sector| row.number(&format!("{sector}.in_need"))).collect(),
                // SETTLED: the population of sheet `population` goes before what the sectors write.
                population: self.stated.get(key).copied().or_else(|| row.number("population")),
                ..Across::default()
            };
            self.severity_across(key, row, &mut unit);
            all.insert(key.clone(), unit);
        }
        let mut of_areas = BTreeMap::new();
        for (key, unit) in &mut all {
            let row = &rows[key];
            let around = self.wholes_around(key).iter().find_map(|whole| of_areas.get(whole).cloned());
            // Rows of a group carry the severity of their area (method 8), whole pockets too.
            if let Some(area) = around.filter(|_| unit.known == 0) {
                let area: Across = area;
                // 15.15: the unit's own count stays 0; it rests on the phases of its area.
                unit.left_out = area.left_out;
                unit.preliminary = area.preliminary;
                // 15.12: a final severity that is the area's is no decision.
                let recorded = self.decided_phase(key, ACROSS).is_some();
                unit.decided = recorded || unit.severity.is_some_and(|own| Some(own) != area.severity);
                unit.severity = unit.severity.or(area.severity);
                unit.decided |= area.severity_decided;
                unit.severity_decided |= area.severity_decided || unit.decided;
            }
            self.places_across(key, row, unit, &change);
            of_areas.insert(key.clone(), unit.clone());
        }
        self.across = all;
    }

    pub(super) fn severity_across(&self, key: &Key, row: &Row, unit: &mut Across) {
        let known: Vec<u8> = unit.phases.iter().copied().flatten().collect();
        let from = |phase: u8| known.iter().filter(|own| **own >= phase).count();
        unit.known = known.len();
        unit.left_out = unit.is_low();
        unit.preliminary = if known.is_empty() {
            None
        } else if from(5) >= 2 && from(4) >= 4 {
            Some(5)
        } else if from(4) >= 4 {
            Some(4)
        } else if from(3) >= 4 {
            Some(3)
        } else if from(2) >= 4 {
            Some(2)
        } else {
            Some(1)
        };
        unit.severity = unit.preliminary;
        if let Some(end) = row.phase("final_severity") {
            unit.decided = Some(end) != unit.preliminary;
            unit.severity = Some(end);
        }
        if let Some(phase) = self.decided_phase(key, ACROSS) {
            unit.decided = true;
            unit.severity = Some(phase);
        }
        unit.severity_decided = unit.decided;
        if let Some(severity) = unit.preliminary {
            if from(5) >= self.count_limit("sectors-in-phase-5", 1) {
                unit.severity_flags.push("sectors-in-phase-5".into());
            }
            if severity == 4 && from(4) >= self.count_limit("sectors-in-phase-4-or-5", 5) {
                unit.severity_flags.push("sectors-in-phase-4-or-5".into());
            }
            let away: Vec<i128> = self.outcomes(row).into_iter().flatten().map(|outcome| outcome - i128::from(severity) * ONE).collect();
            if away.iter().any(|away| away.abs() >= 2 * ONE) {
                unit.severity_flags.push("outcome-two-phases-away".into());
            }
            if away.iter().filter(|away| **away >= ONE).count() >= 2 || away.iter().filter(|away| **away <= -ONE).count() >= 2 {
                unit.severity_flags.push("outcomes-one-phase-away".into());
            }
        }
        if !row.get("manual_flag").is_empty() && (!known.is_empty() || unit.people.iter().all(Option::is_none)) {
            unit.severity_flags.push("manual".into());
        }
    }

    pub(super) fn outcomes(&self, row: &Row) -> Vec<Option<i128>> {
        let at_least = |column: &str, bound: i128| row.number(column).is_some_and(|value| nine(value) >= nine(bound));
        let above = |column: &str, bound: i128| row.number(column).is_some_and(|value| nine(value) > nine(bound));
        let mut mortality = None;
        for (phase, casualties, crude, under5) in [(5, 2 * ONE, 2 * ONE, 4 * ONE), (4, ONE, ONE, 2 * ONE), (3, ONE / 2, ONE / 2, ONE)] {
            let reached =
                at_least("civilian_casualties", casualties) || at_least("crude_death_rate", crude) || at_least("under5_death_rate", under5);
            if mortality.is_none() && reached {
                mortality = Some(phase);
            }
        }
        if mortality.is_none()
            && ["civilian_casualties", "crude_death_rate", "under5_death_rate"].iter().any(|column| row.number(column).is_some())
        {
            mortality = Some(2);
        }
        let zero = text_of(&self.across_rules, "blank-muac") == Some("zero");
        let muac_known = row.number("muac").is_some() || (zero && row.number("whz").is_some());
        let mut malnutrition = None;
        if row.number("whz").is_some() || muac_known {
            malnutrition = Some(1);
            if at_least("whz", 5 * ONE) || muac_known {
                malnutrition = Some(2);
            }
            for (phase, whz, muac) in [(3, 10, 5), (4, 15, 10), (5, 30, 15)] {
                if at_least("whz", whz * ONE) || above("muac", muac * ONE) {
                    malnutrition = Some(phase);
                }
            }
        }
        let coping = ["coping_phase1", "coping_phase2", "coping_phase3", "coping_phase4", "coping_phase5"].map(|column| row.number(column));
        let coping = five_shares(coping).and_then(|shares| phase_past_the_cut(&shares, ONE / 5, true)).map(i128::from);
        // 0 is unknown (method 4), and so is what is no phase (method 15.14); epidemics may lie between two phases.
        let entered = |column: &str, between: bool| {
            row.number(column).filter(|value| (ONE..=5 * ONE).contains(value) && (between || value % ONE == 0))
        };
        // SETTLED: a phase that is entered goes before the one that its values give.
        let phase = |computed: Option<i128>, column: &str| entered(column, false).or_else(|| computed.map(|phase| phase * ONE));
        vec![
            phase(mortality, "mortality"),
            phase(malnutrition, "malnutrition"),
            entered("epidemics", true),
            phase(coping, "livelihood_coping"),
            entered("hr_ihl_violations", false),
        ]
    }

    pub(super) fn places_across(&self, key: &Key, row: &Row, unit: &mut Across, change: &BTreeMap<(Key, usize), i128>) {
        let mut values: Vec<i128> = unit.people.iter().copied().flatten().collect();
        values.sort_unstable_by(|a, b| b.cmp(a));
        values.dedup();
        // All zero or blank: no place at all (method 14.13).
        if values.iter().all(|value| *value == 0) {
            values.clear();
        }
        for value in values.into_iter().take(3) {
            let sectors = (0..self.sectors.len()).filter(|at| unit.people[*at] == Some(value)).collect();
            unit.places.push((value, sectors));
        }
        let mut flags: Vec<&str> = Vec::new();
        if let Some((first, first_sectors)) = unit.places.first().cloned() {
            if unit.people.iter().filter(|people| people.unwrap_or(0) == 0).count() >= self.count_limit("zero-or-missing-sectors", 2) {
                flags.push("zero-or-missing-sectors");
            }
            for (place, flag, default) in [(1, "first-over-second", "30%"), (2, "first-over-third", "50%")] {
                if let Some((other, _)) = unit.places.get(place)
                    && first_sectors.len() == 1
                    && *other != 0
                    && nine(divided(first - other, *other)) >= nine(self.limit(flag, default))
                {
                    flags.push(flag);
                }
            }
            if unit
                .population
                .is_some_and(|people| people != 0 && nine(divided(first, people)) >= nine(self.limit("share-of-population", "90%")))
            {
                flags.push("share-of-population");
            }
            let partial = self
                .across_rules
                .get("sub-population-sectors")
                .map_or_else(|| vec!["education".to_owned(), "nutrition".to_owned()], |list| texts(Some(list)));
            if first_sectors.iter().any(|at| partial.contains(&self.sectors[*at])) {
                flags.push("sub-population-sector");
            }
            // SETTLED: both flags on changes look at every sector in the first or the second place.
            let changes: Vec<i128> = unit
                .places
                .iter()
                .take(2)
                .flat_map(|(_, sectors)| sectors)
                .filter_map(|at| change.get(&(key.clone(), *at)).copied())
                .collect();
            if changes.iter().any(|change| nine(change.abs()) >= nine(self.limit("change-from-last-year", "100%"))) {
                flags.push("change-from-last-year");
            }
            if changes.iter().any(|one| self.is_outlier(*one, change)) {
                flags.push("change-in-standard-deviations");
            }
        }
        if !row.get("manual_flag").is_empty() && unit.people.iter().any(Option::is_some) {
            flags.push("manual");
        }
        unit.in_need_flags = flags.into_iter().map(str::to_owned).collect();
        if let (true, Some(severity)) = (unit.people.iter().any(Option::is_some), unit.severity) {
            // SETTLED: where all sectors are zero there is no place, and the preliminary PiN is 0.
            unit.in_need_preliminary = Some(if severity >= 3 { unit.places.first().map_or(0, |place| place.0) } else { 0 });
        }
        unit.in_need = unit.in_need_preliminary;
        if let Some(end) = row.number("final_in_need") {
            unit.decided |= Some(end) != unit.in_need_preliminary;
            unit.in_need = Some(end);
        }
        if let Some(new) = self.decisions.get(&(key.clone(), ACROSS.to_owned(), "in_need".to_owned())) {
            unit.decided = true;
            unit.in_need = Some(*new);
        }
        if let (Some(people), Some(severity)) = (unit.in_need, unit.severity) {
            let share = match severity {
                4 | 5 => self.limit("target-in-phase-4-or-5", "100%"),
                3 => self.limit("target-in-phase-3", "50%"),
                _ => 0,
            };
            unit.targeted = Some(times(people, share, ONE));
            unit.prioritised = Some(if severity > 3 { people } else { 0 });
        }
    }

    /// Beyond k sample standard deviations from the mean of all changes; as squares, so that it is exact.
    pub(super) fn is_outlier(&self, one: i128, all: &BTreeMap<(Key, usize), i128>) -> bool {
        let count = i128::try_from(all.len()).unwrap();
        if count < 2 {
            return false;
        }
        let total: i128 = all.values().sum();
        let squares: i128 = all.values().map(|change| (change * count - total).pow(2) / ONE).sum();
        let k = self.across_rules.get("change-in-standard-deviations").map_or(2 * ONE, decimal_of);
        let twice = 2 * k / ONE;
        4 * ((one * count - total).pow(2) / ONE) * (count - 1) > twice * twice * squares
    }
}
