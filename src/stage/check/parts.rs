//! Checks on figures by sex and age, each against its own people and all together against their total (method,
//! section 12 and 15.22).

use super::{Checks, called};
use crate::diag::Code;
use crate::domain::id::Id;
use crate::domain::{CellId, People, Series, SlotId};
use crate::framework::rules::AcrossAors;
use crate::stage::decide::Decided;
use crate::stage::pin_table::Method;
use crate::stage::ways::given_parts;

impl Checks<'_> {
    /// The figures of everybody, or of one sex and age, in a cell.
    pub(super) fn slot(&mut self, cell: CellId, slot: SlotId, series: Series) {
        let analysis = self.analysis;
        let code = format!("{}{}", called(series), self.part(slot));
        let (population, affected) = (analysis.population.at(slot), analysis.in_need.affected(slot, series));
        if let (Some(affected), Some(people)) = (affected, population)
            && affected > people
            && series != Series::Overall
        {
            self.say(Code::AffectedAbovePopulation, cell, format!("{code}: {affected} people affected of {people}"));
        }
        if let (Some(affected), Some(overall)) = (affected, analysis.in_need.affected(slot, Series::Overall))
            && affected > overall
        {
            self.say(Code::AorAboveOverall, cell, format!("{code}: {affected} people affected, overall {overall}"));
        }
        let Some(need) = analysis.in_need.in_need(slot, series) else { return };
        if let Some(people) = population.filter(|people| need > *people) {
            self.say(Code::InNeedAbovePopulation, cell, format!("{code}: {need} people in need of {people}"));
        }
        if let Some(affected) = affected.filter(|affected| need > *affected) {
            self.say(Code::InNeedAboveAffected, cell, format!("{code}: {need} people in need, {affected} affected"));
        }
        if let (Series::Aor(_), Some(overall)) = (series, analysis.in_need.in_need(slot, Series::Overall))
            && need > overall
        {
            let alone = match analysis.rules.people.across {
                AcrossAors::Independent => ", which is computed on its own",
                AcrossAors::Highest(_) => "",
            };
            self.say(Code::AorAboveOverall, cell, format!("{code}: {need} people in need, overall {overall}{alone}"));
        }
    }

    /// The sex and age that a slot is for, behind a comma; nothing for everybody.
    fn part(&self, slot: SlotId) -> String {
        let slots = &self.analysis.population.slots;
        slots.get(slot).1.map_or_else(String::new, |leaf| format!(", {}", slots.leaves[leaf]))
    }

    /// Given parts that do not add up to their total, or of which those that are known are more already.
    pub(super) fn parts(&mut self, cell: CellId, series: Series) {
        let analysis = self.analysis;
        let table = &analysis.in_need;
        let total = analysis.population.slots.total(cell);
        let leaves: Vec<SlotId> = analysis.population.slots.leaves_of(cell).map(|(_, slot)| slot).collect();
        let known = leaves.iter().filter_map(|&slot| table.in_need(slot, series));
        let (count, sum) = (known.clone().count(), known.sum::<People>());
        let is_given = |slot: &SlotId| table.method(*slot, series) == Method::Given && table.in_need(*slot, series).is_some();
        if count == 0 || !leaves.iter().chain([&total]).any(is_given) {
            return;
        }
        let called = called(series);
        let (words, people) = match (table.in_need(total, series), table.in_need(total, Series::Overall)) {
            (Some(people), _) if count == leaves.len() && analysis.population.is_split(total) && sum.rounded() != people.rounded() => {
                ("the parts", people)
            }
            (Some(people), _) if sum.rounded() > people.rounded() => ("the parts that are known", people),
            // Where the AoR has no total, its parts alone may be more than protection as a whole.
            (None, Some(overall)) if sum > overall => {
                self.say(Code::AorAboveOverall, cell, format!("{called}: {sum} people in need in the parts given, overall {overall}"));
                return;
            }
            _ => return,
        };
        self.say(Code::PartsDiffer, cell, format!("{called}: {words} add up to {sum}, the total says {people}"));
    }

    /// Figures given for some parts only: which, and where the total comes from.
    pub(super) fn given_in_part(&mut self) {
        let analysis = self.analysis;
        let (table, slots) = (&analysis.in_need, &analysis.population.slots);
        for &(cell, series, what) in &table.in_part {
            let total = slots.total(cell);
            let leaves: Vec<SlotId> = slots.leaves_of(cell).map(|(_, slot)| slot).collect();
            // Affected people of sheet `population` go before those of sheet `estimates`.
            let of_population = |slot: SlotId| Some((slot, analysis.population.affected.get(slot.index())?));
            let of_population: Vec<(SlotId, People)> = match (series, what) {
                (Series::Overall, Decided::Affected) => leaves.iter().filter_map(|&slot| of_population(slot)).collect(),
                _ => Vec::new(),
            };
            let given =
                if of_population.is_empty() { given_parts(what, series, total, &leaves, &analysis.evidence) } else { of_population };
            let given: Vec<String> =
                given.into_iter().filter_map(|(slot, people)| Some(format!("{} ({people})", slots.leaves[slots.get(slot).1?]))).collect();
            let behind = match (table.people(what, total, series), table.before.contains_key(&(cell, series, what))) {
                (None, _) => "the total is not known".to_owned(),
                (Some(people), true) => format!("the total, {people}, was decided"),
                (Some(people), false) if leaves.iter().all(|&slot| table.people(what, slot, series).is_some()) => {
                    format!("the total, {people}, and the other parts are estimated")
                }
                (Some(people), false) => format!("the total, {people}, comes from elsewhere, and the other parts are not known"),
            };
            let people = if what == Decided::InNeed { "people in need" } else { "people affected" };
            let message = format!("{}: {people} are given for {} alone; {behind}", called(series), given.join(", "));
            self.say(Code::GivenInPart, cell, message);
        }
    }
}
