//! Thresholds of the step across sectors (method, section 8). Every one has a default and may be changed by a
//! context, with the reason.

use super::files::{BlankMuac, IntersectoralFile};
use crate::domain::Share;

/// The thresholds in force.
#[derive(Clone, Debug, PartialEq)]
pub struct IntersectoralRules {
    /// So many sectors with zero or missing PiN raise a flag.
    pub zero_or_missing_sectors: u32,
    /// (1st - 2nd) / 2nd.
    pub first_over_second: Share,
    /// (1st - 3rd) / 3rd.
    pub first_over_third: Share,
    /// Highest PiN over population.
    pub share_of_population: Share,
    /// Codes of sectors that cover only a part of the population.
    pub sub_population_sectors: Vec<String>,
    /// Change of the first or second from last year.
    pub change_from_last_year: Share,
    /// Change beyond so many standard deviations of all changes.
    pub change_in_standard_deviations: f64,
    /// So many sectors in phase 5 raise a flag.
    pub sectors_in_phase_5: u32,
    /// So many in phase 4 or 5 while the preliminary phase is 4.
    pub sectors_in_phase_4_or_5: u32,
    /// Share of final PiN targeted in phase 3.
    pub target_in_phase_3: Share,
    /// Share of final PiN targeted in phases 4 and 5.
    pub target_in_phase_4_or_5: Share,
    /// What a blank MUAC means.
    pub blank_muac: BlankMuac,
}

impl Default for IntersectoralRules {
    fn default() -> Self {
        Self {
            zero_or_missing_sectors: 2,
            first_over_second: Share::percent(30),
            first_over_third: Share::percent(50),
            share_of_population: Share::percent(90),
            sub_population_sectors: vec!["education".into(), "nutrition".into()],
            change_from_last_year: Share::percent(100),
            change_in_standard_deviations: 2.0,
            sectors_in_phase_5: 1,
            sectors_in_phase_4_or_5: 5,
            target_in_phase_3: Share::percent(50),
            target_in_phase_4_or_5: Share::percent(100),
            blank_muac: BlankMuac::Missing,
        }
    }
}

impl IntersectoralRules {
    /// These rules with every key that the file writes. The shape of shares has been checked.
    pub fn changed_by(mut self, file: &IntersectoralFile) -> Self {
        fn put<T: Clone>(to: &mut T, from: Option<&T>) {
            if let Some(from) = from {
                *to = from.clone();
            }
        }
        let share = |text: &Option<super::files::ShareText>| text.as_ref().and_then(|text| Share::parse(&text.0));
        put(&mut self.zero_or_missing_sectors, file.zero_or_missing_sectors.as_ref());
        put(&mut self.first_over_second, share(&file.first_over_second).as_ref());
        put(&mut self.first_over_third, share(&file.first_over_third).as_ref());
        put(&mut self.share_of_population, share(&file.share_of_population).as_ref());
        put(&mut self.sub_population_sectors, file.sub_population_sectors.as_ref());
        put(&mut self.change_from_last_year, share(&file.change_from_last_year).as_ref());
        put(&mut self.change_in_standard_deviations, file.change_in_standard_deviations.as_ref());
        put(&mut self.sectors_in_phase_5, file.sectors_in_phase_5.as_ref());
        put(&mut self.sectors_in_phase_4_or_5, file.sectors_in_phase_4_or_5.as_ref());
        put(&mut self.target_in_phase_3, share(&file.target_in_phase_3).as_ref());
        put(&mut self.target_in_phase_4_or_5, share(&file.target_in_phase_4_or_5).as_ref());
        put(&mut self.blank_muac, file.blank_muac.as_ref());
        self
    }

    /// Each threshold in force beside its default, for the methods sheet: key, value, default.
    pub fn beside_defaults(&self) -> Vec<(&'static str, String, String)> {
        let default = Self::default();
        let rows = |rules: &Self| -> Vec<(&'static str, String)> {
            vec![
                ("zero-or-missing-sectors", rules.zero_or_missing_sectors.to_string()),
                ("first-over-second", rules.first_over_second.to_string()),
                ("first-over-third", rules.first_over_third.to_string()),
                ("share-of-population", rules.share_of_population.to_string()),
                ("sub-population-sectors", rules.sub_population_sectors.join(", ")),
                ("change-from-last-year", rules.change_from_last_year.to_string()),
                ("change-in-standard-deviations", rules.change_in_standard_deviations.to_string()),
                ("sectors-in-phase-5", rules.sectors_in_phase_5.to_string()),
                ("sectors-in-phase-4-or-5", rules.sectors_in_phase_4_or_5.to_string()),
                ("target-in-phase-3", rules.target_in_phase_3.to_string()),
                ("target-in-phase-4-or-5", rules.target_in_phase_4_or_5.to_string()),
                ("blank-muac", if rules.blank_muac == BlankMuac::Zero { "zero".into() } else { "missing".into() }),
            ]
        };
        rows(self).into_iter().zip(rows(&default)).map(|((key, value), (_, default))| (key, value, default)).collect()
    }
}
