//! Decisions: figures that a person changed, with who, when, why and on what evidence. They apply where they
//! name their target, after the rule's result of that step and before the next (method, sections 11 and 14.8).

use std::collections::BTreeMap;
use std::fmt;

use super::audit::Audit;
use super::cells::CellTable;
use super::evidence::read_scope;
use super::population::PopulationTable;
use super::read_row::{Content, RowReader};
use super::sectors::SectorTable;
use super::units::{Keyed, KeyedSheets};
use crate::diag::shown::quoted;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::{Aor, AreaTree, CellId, Decimal, People, Phase, Scope, Series};
use crate::framework::Framework;
use crate::framework::files::RoleName;
use crate::table::folded;
use crate::table::sheet::Row;

/// What a decision changes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decided {
    /// A phase.
    Phase,
    /// People in need.
    InNeed,
    /// People affected.
    Affected,
}

impl Decided {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Phase => "phase",
            Self::InNeed => "in_need",
            Self::Affected => "affected",
        }
    }
}

/// The value that a decision changes; it may have been unknown.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct OldValue(pub Option<Decimal>);

impl OldValue {
    /// Whether two of them show the same whole number, or are both unknown.
    pub fn shows_as(self, other: Self) -> bool {
        self.0.map(Decimal::rounded_half_up) == other.0.map(Decimal::rounded_half_up)
    }
}

impl fmt::Display for OldValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(out),
            None => out.write_str("unknown"),
        }
    }
}

/// One recorded decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// For which area and group.
    pub cell: CellId,
    /// About what.
    pub scope: Scope,
    /// What it changes.
    pub what: Decided,
    /// The value before, as the decision says.
    pub old: OldValue,
    /// The value after.
    pub new: Decimal,
    /// Why.
    pub reason: String,
    /// On what evidence.
    pub evidence: String,
    /// Who.
    pub decided_by: String,
    /// When.
    pub date: String,
    /// Where it stands.
    pub place: Place,
}

/// All decisions, in the order of their targets.
#[derive(Clone, Debug, Default)]
pub struct Decisions {
    /// The list.
    pub list: Vec<Decision>,
}

impl Decisions {
    /// The decision on a target.
    pub fn on(&self, cell: CellId, scope: Scope, what: Decided) -> Option<&Decision> {
        // Sorted by target when they were read.
        let at = self.list.binary_search_by(|decision| (decision.cell, decision.scope, decision.what).cmp(&(cell, scope, what))).ok()?;
        self.list.get(at)
    }

    /// Decisions on people of one series, by cell.
    pub fn on_people(&self, series: Series, what: Decided) -> BTreeMap<CellId, People> {
        let of_series = self.list.iter().filter(|decision| decision.scope == series.scope() && decision.what == what);
        of_series.map(|decision| (decision.cell, People(decision.new))).collect()
    }
}

/// What a decision may refer to.
#[derive(Copy, Clone)]
pub struct Targets<'a> {
    /// Which cells there are.
    pub cells: &'a CellTable,
    /// The areas.
    pub areas: &'a AreaTree,
    /// Whose people are counted.
    pub population: &'a PopulationTable,
    /// Which units the step across sectors has.
    pub sectors: &'a SectorTable,
    /// AoRs in play.
    pub aors: &'a [Aor],
    /// The rules.
    pub rules: &'a Framework,
}

impl Targets<'_> {
    /// Whether the analysis has such a figure.
    fn have(&self, cell: CellId, scope: Scope, what: Decided) -> bool {
        let key = self.cells.key(cell);
        let counted = self.population.is_counted(cell);
        // A phase may be decided for a whole area, for the groups in it.
        let speaks = counted || (key.group.is_none() && self.cells.of_area(key.area).any(|cell| self.population.is_counted(cell)));
        match (scope, what) {
            (Scope::Intersectoral, Decided::Phase | Decided::InNeed) => self.sectors.listed.contains_key(&cell),
            (Scope::Indicator(_) | Scope::Risk(_), Decided::Phase) => speaks,
            (Scope::Overall, Decided::Phase) => speaks,
            (Scope::Aor(aor), Decided::Phase) => speaks && self.aors.contains(&aor),
            (Scope::Overall, _) => counted,
            (Scope::Aor(aor), _) => counted && self.aors.contains(&aor),
            _ => false,
        }
    }
}

/// Reads sheet `decisions`.
pub fn read_decisions(sheets: &KeyedSheets<'_, '_>, targets: Targets<'_>, audit: &mut Audit) -> Checked<Decisions> {
    let mut found = Findings::default();
    let mut list: Vec<Decision> = Vec::new();
    for keyed in sheets.of(RoleName::Decisions) {
        read_table(keyed, targets, &mut list, audit, &mut found);
    }
    list.sort_by(|a, b| (a.cell, a.scope, a.what).cmp(&(b.cell, b.scope, b.what)).then_with(|| a.place.cmp(&b.place)));
    for pair in list.windows(2) {
        if let [first, second] = pair
            && (first.cell, first.scope, first.what) == (second.cell, second.scope, second.what)
        {
            found.add(Code::DuplicateRow, second.place.clone(), format!("this figure is decided here and in {}", first.place));
        }
    }
    found.with(Decisions { list })
}

fn read_table(keyed: &Keyed<'_, '_>, targets: Targets<'_>, list: &mut Vec<Decision>, audit: &mut Audit, found: &mut Findings) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let place = Place::Row(keyed.table.sheet.name.clone(), number);
        let scope_text = reader.text(row, "scope").unwrap_or_default();
        let code = reader.text(row, "code").unwrap_or_default();
        let Some(scope) = read_scope(&scope_text, &code, targets.rules) else {
            let hint = if code.eq_ignore_ascii_case("PRO") { "; `PRO` can mean general protection, GP, or overall" } else { "" };
            let message = format!(
                "{} {} is nothing that can be decided on; the scopes are overall, aor, risk, indicator and intersectoral{hint}",
                quoted(&scope_text),
                quoted(&code)
            );
            reader.found.add(Code::UnknownScope, place, message);
            continue;
        };
        let what = match reader.text(row, "what").unwrap_or_default().replace('-', "_").to_ascii_lowercase().as_str() {
            "phase" => Decided::Phase,
            "in_need" | "pin" => Decided::InNeed,
            "affected" => Decided::Affected,
            other => {
                reader.found.add(
                    Code::UnknownScope,
                    reader.place(number, "what"),
                    format!("{} is neither phase, in_need nor affected", quoted(other)),
                );
                continue;
            }
        };
        let old = read_old(&mut reader, row, what);
        let new = if what == Decided::Phase {
            reader.phase(row, "new", Code::PhaseOutside).map(Phase::to_decimal)
        } else {
            reader.people(row, "new", Code::NegativePeople).map(|people| people.0)
        };
        let date = reader.date(row, "date");
        let mut text = |name: &str| reader.text(row, name).unwrap_or_default();
        let (reason, evidence, decided_by) = (text("reason"), text("evidence"), text("decided-by"));
        let lacking: Vec<&str> = [
            ("old", old.is_none()),
            ("new", new.is_none()),
            ("reason", reason.is_empty()),
            ("evidence", evidence.is_empty()),
            ("decided_by", decided_by.is_empty()),
            ("date", date.is_empty()),
        ]
        .into_iter()
        .filter(|(_, lacks)| *lacks)
        .map(|(name, _)| name)
        .collect();
        let (Some(old), Some(new), []) = (old, new, lacking.as_slice()) else {
            reader.found.add(Code::DecisionIncomplete, place, format!("the decision lacks {}", lacking.join(", ")));
            continue;
        };
        if !targets.have(cell, scope, what) {
            let message =
                format!("{} has no {} of {} {}", targets.cells.name(targets.areas, cell), what.word(), scope.word(), quoted(&code));
            reader.found.add(Code::DecisionUnknownTarget, place, message);
            continue;
        }
        reader.used(number);
        list.push(Decision { cell, scope, what, old, new, reason, evidence, decided_by, date, place });
    }
}

/// Words for a value that was not known.
const UNKNOWN_WORDS: [&str; 8] = ["unknown", "not known", "inconnu", "inconnue", "desconocido", "desconocida", "desconhecido", "غير معروف"];

/// The value before: a number, or a word for unknown. It must be stated (method, section 11); `None` where it is not.
/// A phase before is a phase: what is none is a finding of its own, and not a value that is lacking.
fn read_old<'a>(reader: &mut RowReader<'a, '_>, row: Row<'a>, what: Decided) -> Option<OldValue> {
    let column = reader.table.column("old")?;
    match reader.content(row, column, "old", &[])? {
        Content::Text(text) if UNKNOWN_WORDS.contains(&folded(text).as_str()) => Some(OldValue(None)),
        _ if what == Decided::Phase => Some(OldValue(reader.phase(row, "old", Code::PhaseOutside).map(Phase::to_decimal))),
        _ => reader.number(row, "old").and_then(Decimal::from_f64).map(|number| OldValue(Some(number))),
    }
}
