//! Five shares of people by phase, wherever they stand: in sheet `shares`, in an indicator, in the outcome of coping.
//! What a blank means and when they are divided by their sum is decided here (method, sections 4.6 and 14.3).

use super::audit::AuditKind;
use super::read_row::RowReader;
use crate::diag::Code;
use crate::domain::{Decimal, PhaseShares};

/// The shares of a row that read so from these columns, and what is to be said of them; `None` where the distribution
/// is not known. `whose` stands before every message.
pub fn five_shares(
    parts: [Option<Decimal>; 5],
    names: [&str; 5],
    row: u32,
    whose: &str,
    reader: &mut RowReader<'_, '_>,
) -> Option<PhaseShares> {
    for (_, name) in parts.iter().zip(names).filter(|(part, _)| part.is_none()) {
        if let Some(column) = reader.table.column(name) {
            reader.note(row, column, AuditKind::Missing, name);
        }
    }
    if parts.iter().all(Option::is_none) {
        return None;
    }
    let [first, ..] = names;
    let place = reader.place(row, first);
    let negative = (1..).zip(parts).zip(names).filter_map(|((phase, part), name)| Some((phase, part?, name)));
    let negative: Vec<(u8, Decimal, &str)> = negative.filter(|(_, part, _)| *part < Decimal::ZERO).collect();
    for (phase, part, name) in &negative {
        let place = reader.place(row, name);
        reader.found.add(Code::NumberOutOfRange, place, format!("{whose}the share in phase {phase} is below 0: {part}"));
    }
    if !negative.is_empty() {
        return None;
    }
    let blank = parts.iter().any(Option::is_none);
    let shares = PhaseShares::new(parts.map(Option::unwrap_or_default));
    let total = shares.total();
    match (shares.is_whole(), blank) {
        (false, true) => {
            let message = format!("{whose}the known shares add up to {total}, and others are blank");
            reader.found.add(Code::SharesUnknown, place, message);
            return None;
        }
        (false, false) => {
            let hundred = total - Decimal::whole(100);
            let is_percent = hundred <= Decimal::ONE && -hundred <= Decimal::ONE;
            let hint = if is_percent {
                ": in per cent? Then the context says `percent-scale = \"0-100\"`, or they are written as 0.2"
            } else {
                ""
            };
            reader.found.add(Code::SharesNotWhole, place, format!("{whose}the shares add up to {total}{hint}"));
            return None;
        }
        (true, true) => {
            let message = format!("{whose}the known shares add up to 1, so the blank ones are read as 0");
            reader.found.add(Code::BlankShare, place.clone(), message);
        }
        (true, false) => {}
    }
    if total != Decimal::ONE {
        reader.found.add(Code::SharesRenormalised, place, format!("{whose}the shares add up to {total}"));
        if let Some(column) = reader.table.column(first) {
            reader.note(row, column, AuditKind::Repaired, "the five shares divided by their sum");
        }
    }
    Some(shares)
}
