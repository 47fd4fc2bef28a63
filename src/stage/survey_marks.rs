//! What has to be known of households beside the phases and figures that rest on them: that they are few, that they are those
//! of the area around, that the phase may well be another one. What is combined or added up from such parts rests on them
//! (method, section 10).

use std::collections::BTreeMap;

use super::analysis::Analysis;
use super::evidence::HouseholdEvidence;
use super::people::Method;
use super::severity::ScopePhase;
use crate::domain::{AreaId, CellId, Evidence, GroupId, Scope, Series};

/// The marks of one phase or figure.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct SurveyMarks {
    /// Few households, a phase that may well be another one, households of the area around.
    holds: [bool; 3],
    is_sum: bool,
}

impl SurveyMarks {
    /// All words of units.
    pub const WORDS: [&'static str; 3] = ["low-precision", "borderline", "fallback"];
    /// The same for sums; of a sum no phase is meant.
    const OF_SUMS: [&'static str; 3] = ["rests-on-low-precision", "", "rests-on-fallback"];

    /// Of what a survey says by itself.
    pub const fn new(few: bool, borderline: bool) -> Self {
        Self { holds: [few, borderline, false], is_sum: false }
    }

    fn of(said: &HouseholdEvidence) -> Self {
        Self { holds: [said.few, said.borderline, said.from.is_some()], is_sum: false }
    }

    /// What rests on a part has its marks; of its phase only where that decides.
    fn rest_on(&mut self, part: Self, decides: bool) {
        let [few, borderline, fallback] = part.holds;
        self.holds = [self.holds[0] || few, self.holds[1] || (borderline && decides), self.holds[2] || fallback];
    }

    /// A word each.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let words = if self.is_sum { Self::OF_SUMS } else { Self::WORDS };
        words.into_iter().zip(self.holds).filter(|(_, holds)| *holds).map(|(word, _)| word)
    }
}

/// The marks of all phases and figures; only what has any stands here.
#[derive(Clone, Debug, Default)]
pub struct MarksTable {
    units: BTreeMap<(CellId, Scope), SurveyMarks>,
    sums: BTreeMap<(AreaId, Option<GroupId>, Series), SurveyMarks>,
}

impl MarksTable {
    /// Of a unit's phase, and of its people.
    pub fn unit(&self, cell: CellId, scope: Scope) -> SurveyMarks {
        self.units.get(&(cell, scope)).copied().unwrap_or_default()
    }

    /// Of a sum over the units of an area.
    pub fn sum(&self, area: AreaId, group: Option<GroupId>, series: Series) -> SurveyMarks {
        self.sums.get(&(area, group, series)).copied().unwrap_or_default()
    }
}

/// The households on which the phase of a unit rests, if it does.
pub fn speaking<'a>(analysis: &'a Analysis, cell: CellId, scope: Scope, judged: &ScopePhase) -> Option<&'a HouseholdEvidence> {
    let rests = judged.evidence == Some(Evidence::Households) && !judged.combined;
    analysis.evidence.household(cell, scope, &analysis.cells).filter(|_| rests)
}

/// Looks at every unit, from risks to overall, and adds up what the units say.
pub fn survey_marks(analysis: &Analysis) -> MarksTable {
    let mut table = MarksTable::default();
    if analysis.survey.is_empty() {
        return table;
    }
    for cell in analysis.cells.ids() {
        for risk in analysis.rules.risks.ids() {
            table.look(analysis, cell, Scope::Risk(risk), &[]);
        }
        for &aor in &analysis.aors {
            let risks: Vec<Scope> =
                analysis.rules.risks.entries().filter(|(_, risk)| risk.aors.contains(&aor)).map(|(id, _)| Scope::Risk(id)).collect();
            table.look(analysis, cell, Scope::Aor(aor), &risks);
        }
        let aors: Vec<Scope> = analysis.aors.iter().map(|&aor| Scope::Aor(aor)).collect();
        table.look(analysis, cell, Scope::Overall, &aors);
        if analysis.population.is_counted(cell) {
            for &series in &analysis.series {
                table.add(analysis, cell, series);
            }
        }
    }
    table
}

impl MarksTable {
    /// The marks of a phase: those of the households that speak, or those of the parts of which it is combined. Overall people
    /// that are the highest of the AoRs rest on these as well.
    fn look(&mut self, analysis: &Analysis, cell: CellId, scope: Scope, parts: &[Scope]) {
        let judged = analysis.severity.get(cell, scope);
        let mut marks = speaking(analysis, cell, scope, &judged).map(SurveyMarks::of).unwrap_or_default();
        let total = analysis.population.slots.total(cell);
        let is_highest = scope == Scope::Overall && analysis.in_need.method(total, Series::Overall) == Method::Highest;
        if (judged.combined && judged.phase.is_some() && !judged.decided) || is_highest {
            for &part in parts {
                let phase = analysis.severity.phase(cell, part);
                marks.rest_on(self.unit(cell, part), phase.is_some() && phase == judged.phase && judged.combined);
            }
        }
        if marks != SurveyMarks::default() {
            self.units.insert((cell, scope), marks);
        }
    }

    /// Adds a unit to the sums in which its people stand. Figures that were given rest on no households.
    fn add(&mut self, analysis: &Analysis, cell: CellId, series: Series) {
        let total = analysis.population.slots.total(cell);
        let marks = self.unit(cell, series.scope());
        let rests = analysis.in_need.in_need(total, series).is_some() && analysis.in_need.method(total, series) != Method::Given;
        if !rests || !(marks.holds[0] || marks.holds[2]) {
            return;
        }
        let key = analysis.cells.key(cell);
        for area in analysis.areas.path(key.area) {
            for group in std::iter::once(None).chain(key.group.map(Some)) {
                let sum = self.sums.entry((area, group, series)).or_default();
                sum.rest_on(marks, false);
                sum.is_sum = true;
            }
        }
    }
}
