//! Shares of the people by phase, with their source and date (method, sections 4.6 and 14.3).

use std::collections::BTreeMap;

use super::read_scope;
use crate::diag::shown::quoted;
use crate::diag::{Code, Findings, Place};
use crate::domain::{Aor, CellId, Decimal, PhaseShares, Scope};
use crate::framework::Framework;
use crate::framework::files::PercentScaleName;
use crate::stage::audit::Audit;
use crate::stage::evidence::series_of;
use crate::stage::figure_columns::{is_in_play, not_in_play};
use crate::stage::five_shares::five_shares;
use crate::stage::read_row::{NOTHING_HERE, RowReader};
use crate::stage::units::Keyed;

/// Shares by phase, and where they come from.
#[derive(Clone, Debug)]
pub struct SourcedShares {
    /// The five shares, as written.
    pub shares: PhaseShares,
    /// The source; may be empty.
    pub source: String,
    /// The date; may be empty.
    pub date: String,
    /// Where they stand.
    pub place: Place,
}

const PHASES: [&str; 5] = ["phase1", "phase2", "phase3", "phase4", "phase5"];

/// Reads a table of shares.
pub(super) fn read(
    keyed: &Keyed<'_, '_>,
    rules: &Framework,
    aors: &[Aor],
    shares: &mut BTreeMap<(CellId, Scope), SourcedShares>,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    let in_percent = keyed.table.layout.percent_scale == Some(PercentScaleName::ZeroToHundred);
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let scope = reader.text(row, "scope").unwrap_or_default();
        let code = reader.text(row, "code").unwrap_or_default();
        let Some(scope) = read_scope(&scope, &code, rules).filter(|scope| !matches!(scope, Scope::Intersectoral | Scope::Indicator(_)))
        else {
            let place = reader.place(number, "scope");
            reader.found.add(
                Code::UnknownScope,
                place,
                format!(
                    "{} {} is nothing that shares can be given for; the scopes are overall, aor and risk",
                    quoted(&scope),
                    quoted(&code)
                ),
            );
            continue;
        };
        if let Some(series) = series_of(scope).filter(|series| !is_in_play(*series, aors)) {
            let place = reader.place(number, "code");
            reader.found.add(Code::AorNotInPlay, place, not_in_play(series));
            reader.set_aside(number, NOTHING_HERE);
            continue;
        }
        let place = reader.place(number, "phase1");
        let mut parts = [None; 5];
        for (part, name) in parts.iter_mut().zip(PHASES) {
            *part = reader.number(row, name).and_then(Decimal::from_f64);
            if in_percent {
                *part = part.and_then(|share| share.divided_by(Decimal::whole(100)));
            }
        }
        let Some(whole) = five_shares(parts, PHASES, number, "", &mut reader) else {
            reader.set_aside(number, NOTHING_HERE);
            continue;
        };
        reader.used(number);
        let source = reader.text(row, "source").unwrap_or_default();
        let date = reader.date(row, "date");
        let sourced = SourcedShares { shares: whole, source, date, place: place.clone() };
        if let Some(first) = shares.insert((cell, scope), sourced) {
            reader.found.add(Code::DuplicateRow, place, format!("these shares stand here and in {}", first.place));
        }
    }
}
