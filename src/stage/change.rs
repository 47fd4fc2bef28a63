//! Change from last year: joined by area, pocket and group, unrounded. From 0 it is "new", not a number (method,
//! section 8).

use std::collections::BTreeMap;

use super::audit::Audit;
use super::locate::is_wide;
use super::people::{Basis, PinTable};
use super::read_row::RowReader;
use super::rollup::RolledTable;
use super::sectors::SectorTable;
use super::units::{Keyed, KeyedSheets};
use crate::diag::render::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::{CellId, Decimal, People, Phase, SectorId, Series};
use crate::framework::Context;
use crate::framework::files::RoleName;

/// What a figure of last year was for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// Protection as a whole or an AoR.
    Series(Series),
    /// A core sector.
    Sector(SectorId),
}

/// Last year's figures.
#[derive(Clone, Debug, Default)]
pub struct PreviousTable {
    in_need: BTreeMap<(CellId, Of), (People, Place)>,
    phases: BTreeMap<(CellId, Of), (Phase, Place)>,
    /// Codes of the sectors, in the context's order.
    pub sector_codes: Vec<String>,
}

impl PreviousTable {
    /// Last year's PiN of a sector.
    pub fn sector(&self, cell: CellId, sector: SectorId) -> Option<People> {
        self.in_need.get(&(cell, Of::Sector(sector))).map(|(people, _)| *people)
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.in_need.is_empty() && self.phases.is_empty()
    }
}

/// How a figure compares with last year's.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum ChangeStatus {
    /// (new - old) / old.
    Compared,
    /// It was 0 and is not any more.
    New,
    /// It is not known this year.
    Gone,
    /// It was 0 and is 0.
    NotComputable,
}

impl ChangeStatus {
    /// The word in outputs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Compared => "compared",
            Self::New => "new",
            Self::Gone => "gone",
            Self::NotComputable => "not-computable",
        }
    }
}

/// One figure beside last year's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// For which area and group.
    pub cell: CellId,
    /// Of what.
    pub of: Of,
    /// Of the phase, not of the people.
    pub is_phase: bool,
    /// Last year's.
    pub old: Decimal,
    /// This year's.
    pub new: Option<Decimal>,
    /// (new - old) / old.
    pub change: Option<Decimal>,
    /// How it compares.
    pub status: ChangeStatus,
}

/// Reads last year's figures.
pub fn read_previous(sheets: &KeyedSheets<'_, '_>, context: &Context, audit: &mut Audit) -> Checked<PreviousTable> {
    let mut found = Findings::default();
    let mut table =
        PreviousTable { sector_codes: context.sectors.iter().map(|sector| sector.code.clone()).collect(), ..PreviousTable::default() };
    for keyed in sheets.of(RoleName::Previous) {
        read_table(keyed, context, &mut table, audit, &mut found);
    }
    found.with(table)
}

fn of_code(code: &str, context: &Context) -> Option<Of> {
    let plain = code.trim();
    Series::parse(plain).map(Of::Series).or_else(|| {
        context.sectors.find(|sector| sector.code.eq_ignore_ascii_case(plain) || sector.name.eq_ignore_ascii_case(plain)).map(Of::Sector)
    })
}

fn read_table(keyed: &Keyed<'_, '_>, context: &Context, table: &mut PreviousTable, audit: &mut Audit, found: &mut Findings) {
    let wide: Vec<(Of, String)> = keyed
        .table
        .names()
        .filter(|name| is_wide(name))
        .filter_map(|name| Some((of_code(name.split_once('.')?.0, context)?, name.to_owned())))
        .collect();
    let mut reader = RowReader { table: keyed.table, found, audit };
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let mut columns = wide.clone();
        for (name, unknown) in [("aor", Code::UnknownAor), ("sector", Code::UnknownSector)] {
            let Some(code) = reader.text(row, name) else { continue };
            match of_code(&code, context) {
                Some(of) => columns.extend(["phase", "in-need"].map(|figure| (of, figure.to_owned()))),
                None => {
                    let place = reader.place(number, name);
                    let message = if name == "aor" {
                        format!("{} is no area of responsibility", quoted(&code))
                    } else {
                        let hint = did_you_mean(&code, context.sectors.iter().map(|sector| sector.code.as_str()));
                        format!("{} is no core sector{hint}", quoted(&code))
                    };
                    reader.found.add(unknown, place, message);
                }
            }
        }
        for (of, column) in columns {
            let place = reader.place(number, &column);
            let twice = if column.ends_with("phase") {
                let Some(phase) = reader.phase(row, &column, Code::SectorPhase) else { continue };
                table.phases.insert((cell, of), (phase, place.clone())).map(|(_, first)| first)
            } else {
                let Some(people) = reader.people(row, &column, Code::NegativePeople) else { continue };
                table.in_need.insert((cell, of), (people, place.clone())).map(|(_, first)| first)
            };
            if let Some(first) = twice {
                reader.found.add(Code::DuplicateRow, place, format!("last year's figure stands here and in {first}"));
            }
        }
    }
}

/// Every figure of last year beside this year's.
pub fn compare_with_previous(
    previous: &PreviousTable,
    basis: Basis<'_>,
    in_need: &PinTable,
    rolled: &RolledTable,
    sectors: &SectorTable,
) -> Vec<Change> {
    let mut changes = Vec::new();
    for ((cell, of), (old, _)) in &previous.in_need {
        let new = match of {
            Of::Sector(sector) => sectors.people(*cell, *sector),
            Of::Series(series) if basis.population.is_counted(*cell) => in_need.in_need(basis.population.slots.total(*cell), *series),
            // A figure of a whole area is compared with the sum over its groups.
            Of::Series(series) if basis.cells.key(*cell).group.is_none() => rolled.area(basis.cells.key(*cell).area, *series).in_need,
            Of::Series(_) => None,
        };
        changes.push(change(*cell, *of, false, old.0, new.map(|people| people.0)));
    }
    for ((cell, of), (old, _)) in &previous.phases {
        let new = match of {
            Of::Sector(sector) => sectors.phase(*cell, *sector),
            Of::Series(series) => basis.severity.phase(*cell, series.scope()),
        };
        let number = |phase: Phase| Decimal::whole(phase.number().into());
        changes.push(change(*cell, *of, true, number(*old), new.map(number)));
    }
    changes.sort_by_key(|change| (change.cell, change.of, change.is_phase));
    changes
}

fn change(cell: CellId, of: Of, is_phase: bool, old: Decimal, new: Option<Decimal>) -> Change {
    let relative = new.and_then(|new| (new - old).divided_by(old));
    let status = match (new, old == Decimal::ZERO) {
        (None, _) => ChangeStatus::Gone,
        (Some(Decimal::ZERO), true) => ChangeStatus::NotComputable,
        (Some(_), true) => ChangeStatus::New,
        (Some(_), false) => ChangeStatus::Compared,
    };
    Change { cell, of, is_phase, old, new, change: relative, status }
}
