//! Every judgement with its author, reason and evidence, whether it was used or passed over (method, sections 4.7 and 5).

use super::model::{Column, Datum, Format, Table};
use crate::domain::{Confidence, Evidence};
use crate::stage::Analysis;
use crate::stage::evidence::Judgement;

/// Whether the phase of its own area and group rests on a judgement.
pub fn is_used(analysis: &Analysis, judgement: &Judgement) -> bool {
    let judged = analysis.severity.get(judgement.cell, judgement.scope);
    judged.evidence == Some(Evidence::Judgement) && !judged.combined && !judged.decided
}

/// The sheet; `None` where nobody judged.
pub fn table(analysis: &Analysis) -> Option<Table> {
    let list = &analysis.evidence.judgements;
    if list.is_empty() {
        return None;
    }
    let mut columns = super::pin::key_columns();
    for (title, format, width) in [
        ("Scope", Format::Text, 10),
        ("Code", Format::Text, 10),
        ("Phase", Format::Phase, 8),
        ("Used", Format::Text, 8),
        ("Confidence", Format::Text, 12),
        ("Threat", Format::Text, 26),
        ("Effects", Format::Text, 26),
        ("Capacities", Format::Text, 26),
        ("Reason", Format::Text, 30),
        ("Evidence", Format::Text, 24),
        ("Decided by", Format::Text, 18),
        ("Date", Format::Text, 12),
        ("Where", Format::Text, 18),
    ] {
        columns.push(Column::new(title, format, width));
    }
    let rows = list.iter().map(|judgement| {
        let mut row = super::pin::key_cells(analysis, judgement.cell);
        row.extend([
            Datum::text(judgement.scope.word()),
            Datum::text(super::decisions::scope_code(analysis, judgement.scope)),
            Datum::phase(judgement.phase),
            Datum::text(if is_used(analysis, judgement) { "yes" } else { "no" }),
            Datum::text(judgement.confidence.map_or("", Confidence::word)),
            Datum::text(judgement.threat.as_str()),
            Datum::text(judgement.effects.as_str()),
            Datum::text(judgement.capacities.as_str()),
            Datum::text(judgement.reason.as_str()),
            Datum::text(judgement.evidence.as_str()),
            Datum::text(judgement.decided_by.as_str()),
            Datum::text(judgement.date.as_str()),
            Datum::text(judgement.place.to_string()),
        ]);
        row
    });
    let notes = vec!["Used: the phase of this area and group is that of the judgement. A row without a group speaks for the whole area; its groups take it where they have no evidence of their own.".into()];
    Some(Table { name: "Judgements".into(), notes, columns, rows: rows.collect(), key_columns: 4 })
}
