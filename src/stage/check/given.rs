//! Figures stated for a whole area, or for an area above the units, beside the cells they speak for (method, sections 12 and
//! 15.21).

use std::collections::BTreeSet;

use super::{Checks, called};
use crate::diag::Code;
use crate::domain::{CellId, People, Series, SlotId};
use crate::framework::rules::PeopleRule;
use crate::stage::beside::Beside;
use crate::stage::decide::Decided;
use crate::stage::parts::parts_of;
use crate::stage::ways::given_parts;
use crate::stage::wholes::{Figure, Whole};

impl Checks<'_> {
    /// Figures stated for a whole area, or for an area above the units, beside the sum of the cells they speak for.
    pub(super) fn given_parents(&mut self) {
        let analysis = self.analysis;
        let tables = analysis.stated();
        for cell in analysis.cells.ids().filter(|&cell| !analysis.population.is_counted(cell)) {
            let mut parts: Option<Vec<CellId>> = None;
            self.parts_of_a_whole(cell);
            for (&series, figure) in analysis.series.iter().flat_map(|series| Figure::ALL.map(|figure| (series, figure))) {
                let Some(stated) = tables.of_whole(cell, series, figure) else { continue };
                if analysis.rolled.wholes.people.contains_key(&Whole { cell, series, figure }) {
                    self.stands_once(cell, series, figure, stated);
                    continue;
                }
                let parts = parts.get_or_insert_with(|| parts_of(cell, &analysis.cells, &analysis.areas, &analysis.population));
                let mut known: Vec<People> = parts.iter().filter_map(|&part| tables.of_unit(part, series, figure)).collect();
                known.extend(self.stated_within(cell, series, figure));
                let sum = (!known.is_empty()).then(|| known.into_iter().sum::<People>());
                if sum.map(People::rounded) != Some(stated.rounded()) {
                    let shown = sum.map_or_else(|| "unknown".to_owned(), |sum| sum.to_string());
                    let message = format!("{}: {stated} people {} are given, the parts add up to {shown}", called(series), figure.word());
                    self.say(Code::ChildrenDiffer, cell, message);
                }
            }
        }
    }

    /// Figures whose rules do not use what is given.
    pub(super) fn given_in_vain(&mut self) {
        let analysis = self.analysis;
        let slots = &analysis.population.slots;
        for &series in &analysis.series {
            if analysis.rules.people.ways_of(series).contains(&PeopleRule::Given) {
                continue;
            }
            let is_given = |slot: &SlotId| {
                [Decided::InNeed, Decided::Affected].into_iter().any(|what| analysis.evidence.given_people(what, *slot, series).is_some())
            };
            let cells: BTreeSet<CellId> = slots.ids().filter(is_given).map(|slot| slots.get(slot).0).collect();
            for cell in cells {
                self.say(Code::PassedOver, cell, format!("people of {}: figures are given, which the rules do not use", called(series)));
            }
        }
    }

    /// Figures given for some sexes or ages of a whole area: nobody can say how many its groups have.
    fn parts_of_a_whole(&mut self, cell: CellId) {
        let analysis = self.analysis;
        let slots = &analysis.population.slots;
        let leaves: Vec<SlotId> = slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        for &series in analysis.series.iter().filter(|_| !leaves.is_empty()) {
            for (what, figure) in [(Decided::InNeed, Figure::InNeed), (Decided::Affected, Figure::Beside(Beside::Affected))] {
                let given = given_parts(what, series, slots.total(cell), &leaves, &analysis.evidence);
                if given.is_empty() || analysis.stated().of_whole(cell, series, figure).is_some() {
                    continue;
                }
                let named: Vec<String> = given
                    .into_iter()
                    .filter_map(|(slot, people)| Some(format!("{} ({people})", slots.leaves[slots.get(slot).1?])))
                    .collect();
                let message = format!(
                    "{}: people {} are given for {} alone, of several units together: they stand in no sum",
                    called(series),
                    figure.word(),
                    named.join(", ")
                );
                self.say(Code::GivenInPart, cell, message);
            }
        }
    }

    /// People in need that are given for several units together cannot enter the highest over the AoRs of each of them.
    pub(super) fn stands_once(&mut self, cell: CellId, series: Series, figure: Figure, stated: People) {
        if figure == Figure::InNeed {
            let behind = match series {
                Series::Overall => "they stand in the sums, not in the rows of these units",
                Series::Aor(_) => "they stand in the sums of the AoR, not in those of overall, for which each unit is asked",
            };
            let analysis = self.analysis;
            let units = match parts_of(cell, &analysis.cells, &analysis.areas, &analysis.population).len() {
                1 => "the whole area and not for its unit",
                _ => "several units",
            };
            let message = format!("{}: {stated} people in need are given for {units}; {behind}", called(series));
            self.say(Code::GivenForSeveral, cell, message);
        }
    }

    /// Figures that stand for several of the cells that a row speaks for.
    pub(super) fn stated_within(&self, cell: CellId, series: Series, figure: Figure) -> Vec<People> {
        let (cells, areas) = (&self.analysis.cells, &self.analysis.areas);
        let key = cells.key(cell);
        let lies_in = |of: CellId| {
            let inner = cells.key(of);
            (inner.area != key.area || (key.group.is_none() && inner.group.is_some()))
                && areas.path(inner.area).any(|area| area == key.area)
                && (key.group.is_none() || key.group == inner.group)
        };
        let wholes = self.analysis.rolled.wholes.people.iter();
        let same = wholes.filter(|(whole, _)| whole.series == series && whole.figure == figure && lies_in(whole.cell));
        same.map(|(_, people)| *people).collect()
    }
}
