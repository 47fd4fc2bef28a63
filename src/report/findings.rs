//! Flags and findings: what was said.

use super::model::{Column, Datum, Format, Table};
use crate::diag::{Findings, Level};
use crate::stage::Analysis;

/// The sheet of flags and findings.
pub fn table(analysis: &Analysis, findings: &Findings) -> Table {
    let columns = vec![
        Column::new("Level", Format::Text, 10),
        Column::new("Code", Format::Text, 26),
        Column::new("Sheet", Format::Text, 24),
        Column::new("Where", Format::Text, 26),
        Column::new("What", Format::Text, 70),
        Column::new("Help", Format::Text, 70),
        Column::new("Method section", Format::Text, 9),
    ];
    let mut rows: Vec<Vec<Datum>> = findings
        .iter()
        .map(|finding| {
            vec![
                Datum::text(finding.level.word()),
                Datum::text(finding.code.id()),
                Datum::text(finding.place.sheet()),
                Datum::text(finding.place.within()),
                Datum::text(finding.message.as_str()),
                Datum::text(finding.code.help()),
                Datum::text(finding.code.section()),
            ]
        })
        .collect();
    let texts = super::flags::FlagTexts::new(analysis);
    for unit in &analysis.across.units {
        for flag in unit.severity_flags.iter().chain(&unit.in_need_flags) {
            rows.push(vec![
                Datum::text("flag"),
                Datum::text(*flag),
                Datum::Empty,
                Datum::text(analysis.cells.name(&analysis.areas, unit.cell)),
                Datum::text(texts.said(unit, flag)),
                Datum::Empty,
                Datum::text("8"),
            ]);
        }
    }
    let notes = vec![format!(
        "{} warnings, {} notes, {} flags.",
        findings.count(Level::Warning),
        findings.count(Level::Note),
        rows.len() - findings.len()
    )];
    Table { name: "Flags and findings".into(), notes, columns, rows, key_columns: 2 }
}
