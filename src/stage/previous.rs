//! Last year's figures, by area, pocket and group: of protection, of its AoRs, of the core sectors.

use std::collections::BTreeMap;

use super::audit::Audit;
use super::locate::is_wide;
use super::read_row::RowReader;
use super::units::{Keyed, KeyedSheets};
use crate::diag::render::quoted;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Checked, Code, Findings, Place};
use crate::domain::{CellId, People, Phase, SectorId, Series};
use crate::framework::Context;
use crate::framework::files::RoleName;

/// What a figure of last year was for.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PreviousOf {
    /// Protection as a whole or an AoR.
    Series(Series),
    /// A core sector.
    Sector(SectorId),
}

/// Last year's figures.
#[derive(Clone, Debug, Default)]
pub struct PreviousTable {
    pub(super) in_need: BTreeMap<(CellId, PreviousOf), (People, Place)>,
    pub(super) phases: BTreeMap<(CellId, PreviousOf), (Phase, Place)>,
    /// Codes of the sectors, in the context's order.
    pub sector_codes: Vec<String>,
}

impl PreviousTable {
    /// Last year's PiN of a sector.
    pub fn sector(&self, cell: CellId, sector: SectorId) -> Option<People> {
        self.in_need.get(&(cell, PreviousOf::Sector(sector))).map(|(people, _)| *people)
    }

    /// Whether there are any.
    pub fn is_empty(&self) -> bool {
        self.in_need.is_empty() && self.phases.is_empty()
    }
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

fn of_code(code: &str, context: &Context) -> Option<PreviousOf> {
    let plain = code.trim();
    Series::parse(plain).map(PreviousOf::Series).or_else(|| {
        context
            .sectors
            .find(|sector| sector.code.eq_ignore_ascii_case(plain) || sector.name.eq_ignore_ascii_case(plain))
            .map(PreviousOf::Sector)
    })
}

fn read_table(keyed: &Keyed<'_, '_>, context: &Context, table: &mut PreviousTable, audit: &mut Audit, found: &mut Findings) {
    let wide: Vec<(PreviousOf, String)> = keyed
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
