//! Targets of an AoR beside those of protection as a whole (method, section 15.5).

use super::Checks;
use super::called;
use crate::diag::Code;
use crate::diag::Place;
use crate::domain::Series;
use crate::stage::beside::Beside;
use crate::stage::rollup::Rolled;

impl Checks<'_> {
    /// An AoR that targets more people than protection as a whole, in a unit or in the sums of an area.
    pub(super) fn targets(&mut self) {
        let analysis = self.analysis;
        let aors: Vec<Series> = analysis.series.iter().copied().filter(|series| *series != Series::Overall).collect();
        for cell in analysis.cells.ids().filter(|&cell| analysis.population.is_counted(cell)) {
            let Some(overall) = analysis.response.targeted(cell, Series::Overall) else { continue };
            for &series in &aors {
                if let Some(people) = analysis.response.targeted(cell, series).filter(|people| *people > overall) {
                    self.say(Code::TargetBelowAor, cell, format!("{}: {people} people targeted, overall {overall}", called(series)));
                }
            }
        }
        for area in analysis.areas.ids() {
            // Where a unit is the whole area, it has been looked at.
            if analysis.cells.find(area, "", None).is_some_and(|cell| analysis.population.is_counted(cell)) {
                continue;
            }
            let of_overall = analysis.rolled.area(area, Series::Overall);
            let Some(overall) = of_overall.targeted else { continue };
            for &series in &aors {
                let of_aor = analysis.rolled.area(area, series);
                let Some(people) = of_aor.targeted.filter(|people| *people > overall) else { continue };
                let living = |rolled: Rolled| Beside::Targeted.of(rolled.known).living.unwrap_or_default();
                let mut message = format!("{}: {people} people targeted, overall {overall}", called(series));
                if living(of_overall) < living(of_aor) {
                    let places = (living(of_overall), living(of_aor));
                    message.push_str(&format!("; overall is known where {} people live, {} where {}", places.0, called(series), places.1));
                }
                let place = Place::Figure(format!("`{}`", analysis.areas.get(area).pcode).into());
                self.found.add(Code::TargetBelowAor, place, message);
            }
        }
    }
}
