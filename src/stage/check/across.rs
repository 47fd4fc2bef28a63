//! The step across sectors against protection, and the populations of two sheets (method, sections 8 and 12).

use super::Checks;
use crate::diag::Code;
use crate::domain::People;
use crate::domain::Phase;
use crate::domain::Series;
use crate::stage::parts::parts_of;

impl Checks<'_> {
    /// Overall protection against all sectors together, and the populations of two sheets.
    pub(super) fn units(&mut self) {
        let analysis = self.analysis;
        for unit in &analysis.across.units {
            // A group that stands in its area's severity is not told again what is told of the area.
            if unit.low_coverage && unit.known > 0 {
                self.say(
                    Code::FewSectors,
                    unit.cell,
                    format!("{} core sector{} known", unit.known, if unit.known == 1 { " is" } else { "s are" }),
                );
            }
            if let (Some(need), Some(people)) = (unit.in_need_final, unit.population)
                && need > people
            {
                self.say(Code::InNeedAbovePopulation, unit.cell, format!("across sectors: {need} people in need of {people}"));
            }
            if unit.not_computable {
                self.say(Code::NotComputable, unit.cell, "the second or third highest PiN is 0".into());
            }
            if analysis.population.is_counted(unit.cell)
                && let Some(overall) = analysis.in_need.in_need(analysis.population.slots.total(unit.cell), Series::Overall)
                && let Some(all) = unit.in_need_final
                && overall.rounded() > all.rounded()
            {
                let mut message = format!("overall protection has {} people in need, all sectors {}", overall.rounded(), all.rounded());
                if let Some(severity) = unit.severity_final.filter(|severity| *severity < Phase::SEVERE && all == People::ZERO) {
                    message
                        .push_str(&format!(": the severity across sectors is {severity}, and below {} nobody is counted", Phase::SEVERE));
                }
                self.say(Code::OverallAboveAllSectors, unit.cell, message);
            }
        }
        for row in &analysis.rolled_across.compared {
            if row.counted.map(People::rounded) != Some(row.stated.rounded()) {
                let counted = row.counted.map_or_else(|| "unknown".to_owned(), |people| people.to_string());
                let message =
                    format!("across sectors: {} people in need are given, the parts that are counted add up to {counted}", row.stated);
                self.say(Code::ChildrenDiffer, row.cell, message);
            }
        }
        for (&cell, (people, place)) in &analysis.sectors.population {
            let own = if analysis.population.is_counted(cell) {
                analysis.population.of(cell)
            } else {
                let parts = parts_of(cell, &analysis.cells, &analysis.areas, &analysis.population);
                People::sum_if_all_known(parts.into_iter().map(|part| analysis.population.of(part)))
            };
            if let Some(own) = own.filter(|own| own != people) {
                let message = format!("{}: {people} people here, {own} in the population", self.name(cell));
                self.found.add(Code::PopulationDiffers, place.clone(), message);
            }
        }
    }
}
