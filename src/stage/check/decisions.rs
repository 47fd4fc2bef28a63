//! Decisions against what the rules give, and changes from last year (method, sections 11 and 12).

use std::collections::BTreeMap;

use super::Checks;
use super::called;
use crate::diag::Code;
use crate::diag::Place;
use crate::domain::CellId;
use crate::domain::Scope;
use crate::domain::id::Id;
use crate::stage::change::ChangeStatus;
use crate::stage::decide::Decided;
use crate::stage::decide::Decision;
use crate::stage::decide::OldValue;
use crate::stage::previous::PreviousOf;

/// Reasons used word for word on so many decisions are listed (method, section 11).
const REPEATED: usize = 10;

impl Checks<'_> {
    pub(super) fn decisions(&mut self) {
        let analysis = self.analysis;
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for decision in &analysis.decisions.list {
            *reasons.entry(decision.reason.as_str()).or_default() += 1;
            let before = analysis.before(decision);
            if let Some(before) = before
                && !before.shows_as(decision.old)
            {
                let message = format!("the decision says it changes {}, but the rule gives {before}", decision.old);
                self.found.add(Code::DecisionOldDiffers, decision.place.clone(), message);
            }
            self.without_effect(decision);
        }
        for decision in &analysis.across.decisions {
            *reasons.entry(decision.reason.as_str()).or_default() += 1;
            let what = decision.what.word();
            let old = decision.old;
            let mut message = format!("final {what} is {}, preliminary {old}", decision.new);
            if old.shows_as(OldValue(Some(decision.new))) {
                message.push_str("; the severity around it, in which it would stand, was changed");
            }
            self.found.add(Code::DecisionUnsigned, decision.place.clone(), message);
            if decision.reason.is_empty() {
                let message = format!("final {what} is {} instead of {old}, without a reason", decision.new);
                self.found.add(Code::FinalWithoutReason, decision.place.clone(), message);
            }
        }
        for overruled in &analysis.across.overruled {
            let message =
                format!("the final {} here is {}, a recorded decision says {}", overruled.what.word(), overruled.old, overruled.new);
            self.found.add(Code::TwoDecisions, overruled.place.clone(), message);
        }
        for (reason, count) in reasons.into_iter().filter(|(reason, count)| *count >= REPEATED && !reason.is_empty()) {
            let message = format!("{count} decisions have the reason {}", crate::diag::shown::quoted(reason));
            self.found.add(Code::RepeatedReason, Place::Input, message);
        }
    }

    /// A phase decided for a whole area that none of its groups takes.
    pub(super) fn without_effect(&mut self, decision: &Decision) {
        let analysis = self.analysis;
        if decision.what != Decided::Phase || decision.scope == Scope::Intersectoral || analysis.population.is_counted(decision.cell) {
            return;
        }
        let takes = |cell: CellId| {
            let decided = match decision.scope {
                Scope::Indicator(indicator) => analysis.scored.decided.get(cell.index(), indicator.index()) == Some(true),
                scope => analysis.severity.get(cell, scope).decided,
            };
            decided && analysis.decisions.on(cell, decision.scope, Decided::Phase).is_none()
        };
        let area = analysis.cells.key(decision.cell).area;
        let is_around = |cell: CellId| analysis.cells.speaking_for(cell).skip(1).any(|around| around == decision.cell);
        let groups = analysis.cells.of_area(area).filter(|&cell| is_around(cell) && analysis.population.is_counted(cell));
        let (taking, left): (Vec<CellId>, Vec<CellId>) = groups.partition(|&cell| takes(cell));
        let undecided = |cell: &CellId| analysis.decisions.on(*cell, decision.scope, Decided::Phase).is_none();
        let left: Vec<String> = left.into_iter().filter(undecided).map(|cell| self.name(cell)).collect();
        if taking.is_empty() {
            let message = format!("{}: each group has evidence or a decision of its own", self.name(decision.cell));
            self.found.add(Code::DecisionWithoutEffect, decision.place.clone(), message);
        } else if !left.is_empty() {
            let message = format!("evidence of their own keeps the phase of {}", left.join("; "));
            self.found.add(Code::DecisionInPart, decision.place.clone(), message);
        }
    }

    pub(super) fn changes(&mut self) {
        let threshold = self.analysis.rules.intersectoral.change_from_last_year.0;
        let beyond = self
            .analysis
            .changes
            .iter()
            .filter(|change| !change.is_phase && change.status == ChangeStatus::Compared && matches!(change.of, PreviousOf::Series(_)));
        for change in beyond.collect::<Vec<_>>() {
            let (Some(relative), PreviousOf::Series(series)) = (change.change, change.of) else { continue };
            if relative >= threshold || -relative >= threshold {
                let (old, new) = (change.old, change.new.unwrap_or_default());
                self.say(
                    Code::ChangeBeyondThreshold,
                    change.cell,
                    format!(
                        "{}: {old} last year, {new} now ({:+.0} %); the threshold is {}",
                        called(series),
                        relative.to_f64() * 100.0,
                        self.analysis.rules.intersectoral.change_from_last_year
                    ),
                );
            }
        }
    }
}
