//! Flags, findings and the account of cells: what was said, and what happened to each cell.

use super::model::{Column, Datum, Format, Table, TextFile};
use crate::diag::{Findings, Level};
use crate::domain::Series;
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
    for unit in &analysis.across.units {
        for flag in unit.severity_flags.iter().chain(&unit.in_need_flags) {
            rows.push(vec![
                Datum::text("flag"),
                Datum::text(*flag),
                Datum::Empty,
                Datum::text(analysis.cells.name(&analysis.areas, unit.cell)),
                Datum::text("flagged in the step across sectors"),
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

/// `audit.csv`: every cell that was missing, repaired, set aside, overridden; every published figure that was rounded.
pub fn audit(analysis: &Analysis) -> TextFile<'_> {
    let of_cells = analysis.audit.entries.iter().map(|entry| {
        vec![
            Datum::text(entry.kind.word()),
            Datum::text(&*entry.cell.sheet),
            Datum::text(entry.cell.address()),
            Datum::Empty,
            Datum::Empty,
            Datum::Empty,
            Datum::text(&*entry.detail),
        ]
    });
    let rounded = super::figures::figures(analysis).filter(|row| Series::parse(row.code).is_some()).filter_map(|row| {
        let figures = [
            ("population", row.population),
            ("affected", row.affected),
            ("in need", row.in_need),
            ("targeted", row.targeted),
            ("reached", row.reached),
        ];
        let fractions: Vec<String> = figures
            .into_iter()
            .filter_map(|(name, people)| {
                people.filter(|people| !people.0.is_whole()).map(|people| format!("{name} {people} as {}", people.rounded()))
            })
            .collect();
        let group: Vec<&str> = [row.group, row.sex, row.age].into_iter().filter(|part| !part.is_empty()).collect();
        (!fractions.is_empty()).then(|| {
            vec![
                Datum::text("rounded"),
                Datum::Empty,
                Datum::Empty,
                Datum::text(row.pcode),
                Datum::text(group.join(" ")),
                Datum::text(row.code),
                Datum::text(fractions.join("; ")),
            ]
        })
    });
    TextFile {
        name: "audit.csv",
        header: vec!["kind", "sheet", "cell", "pcode", "population_group", "code", "detail"],
        rows: Box::new(of_cells.chain(rounded)),
    }
}
