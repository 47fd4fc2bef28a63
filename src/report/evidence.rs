//! On what findings rest: the risk register and the evidence matrix (method, section 3).

use super::model::{Column, Datum, Format, StreamedTable, Table};
use crate::domain::date::is_date;
use crate::domain::{CellId, Confidence, PafPillar, Scope};
use crate::stage::Analysis;
use crate::stage::evidence::Judgement;

/// The judgement that speaks for a cell: its own, else the whole pocket's or area's (method, section 15.3).
pub fn judgement_on(analysis: &Analysis, cell: CellId, scope: Scope) -> Option<&Judgement> {
    analysis.cells.speaking_for(cell).find_map(|cell| analysis.evidence.judgement(cell, scope))
}

/// The risk register: every risk with a known phase, per area and group.
pub fn register<'a>(analysis: &'a Analysis, language: &'a str) -> StreamedTable<'a> {
    let mut columns = super::pin::key_columns();
    for (title, format, width) in [
        ("Risk", Format::Text, 8),
        ("Name", Format::Text, 40),
        ("Phase", Format::Phase, 8),
        ("Vocabulary", Format::Text, 12),
        ("Method", Format::Text, 12),
        ("Coverage", Format::Percent, 10),
        ("Confidence", Format::Text, 12),
        ("Threat", Format::Text, 40),
        ("Effects", Format::Text, 40),
        ("Capacities", Format::Text, 40),
        ("Reason", Format::Text, 40),
        ("Evidence", Format::Text, 30),
        ("Decided by", Format::Text, 24),
        ("Date", Format::Text, 12),
        ("Mark", Format::Text, 18),
    ] {
        columns.push(Column::new(title, format, width));
    }
    let rows = analysis.register.iter().map(move |&(cell, risk)| {
        let scope = Scope::Risk(risk);
        let judged = analysis.severity.get(cell, scope);
        let rule = &analysis.rules.risks[risk];
        let judgement = judgement_on(analysis, cell, scope);
        let text = |of: fn(&Judgement) -> &String| Datum::text(judgement.map(of).cloned().unwrap_or_default());
        let mut row = super::pin::key_cells(analysis, cell);
        row.extend([
            Datum::text(rule.code.as_str()),
            Datum::text(rule.name(language)),
            Datum::phase(judged.phase),
            Datum::text("JIAF 1-5"),
            Datum::text(super::figures::evidence_word(&judged)),
            Datum::share(judged.coverage()),
            Datum::text(judgement.and_then(|judgement| judgement.confidence).map_or("", Confidence::word)),
            text(|judgement| &judgement.threat),
            text(|judgement| &judgement.effects),
            text(|judgement| &judgement.capacities),
            text(|judgement| &judgement.reason),
            text(|judgement| &judgement.evidence),
            text(|judgement| &judgement.decided_by),
            text(|judgement| &judgement.date),
            Datum::text(analysis.touched.phase(cell, scope).word()),
        ]);
        row
    });
    let notes = vec![
        "A row per risk with a known phase. Threat, effects and capacities are texts of those who judged; they are never multiplied."
            .into(),
    ];
    let table = Table { name: "Risk register".into(), notes, columns, rows: Vec::new(), key_columns: 4 };
    StreamedTable::new(table, analysis.register.len(), rows)
}

/// The evidence matrix: area x risk, how much stands on each pillar.
pub fn matrix(analysis: &Analysis) -> StreamedTable<'_> {
    let mut columns =
        vec![Column::new("P-code", Format::Text, 12), Column::new("Area", Format::Text, 24), Column::new("Risk", Format::Text, 8)];
    for pillar in PafPillar::ALL {
        columns.push(Column::new(&format!("{} indicators", pillar.letter()), Format::Whole, 11));
        columns.push(Column::new(&format!("{} missing", pillar.letter()), Format::Whole, 10));
    }
    columns.extend([
        Column::new("Judgements", Format::Whole, 11),
        Column::new("Shares", Format::Whole, 9),
        Column::new("Sources", Format::Text, 40),
        Column::new("Oldest", Format::Text, 12),
        Column::new("Newest", Format::Text, 12),
    ]);
    let count = |number: usize| Datum::Whole(i128::try_from(number).unwrap_or_default());
    let mut pairs: Vec<_> = analysis.matrix.keys().map(|(area, risk, _)| (*area, *risk)).collect();
    pairs.dedup();
    pairs.sort_by(|a, b| analysis.areas.order(a.0).cmp(&analysis.areas.order(b.0)).then(a.1.cmp(&b.1)));
    let many = pairs.len();
    let rows = pairs.into_iter().map(move |(area, risk)| {
        let place = analysis.areas.get(area);
        let mut row = vec![
            Datum::text(place.pcode.as_str()),
            Datum::text(place.name.as_str()),
            Datum::text(analysis.rules.risks[risk].code.as_str()),
        ];
        let counts: Vec<_> =
            PafPillar::ALL.iter().map(|pillar| analysis.matrix.get(&(area, risk, *pillar)).cloned().unwrap_or_default()).collect();
        row.extend(counts.iter().flat_map(|of_pillar| [count(of_pillar.indicators), count(of_pillar.missing)]));
        row.push(count(counts.iter().map(|of_pillar| of_pillar.judgements).sum()));
        row.push(count(counts.iter().map(|of_pillar| of_pillar.shares).sum()));
        let sources: std::collections::BTreeSet<&str> =
            counts.iter().flat_map(|of_pillar| of_pillar.sources.iter()).map(|word| &**word).collect();
        // Only dates that are written as such can be put in order.
        let dates = || counts.iter().flat_map(|of_pillar| of_pillar.dates.iter()).map(|word| &**word).filter(|word| is_date(word));
        row.push(Datum::text(sources.into_iter().collect::<Vec<_>>().join("; ")));
        row.push(Datum::text(dates().min().unwrap_or_default()));
        row.push(Datum::text(dates().max().unwrap_or_default()));
        row
    });
    let pillars: Vec<String> = PafPillar::ALL
        .iter()
        .map(|pillar| format!("{} {}", pillar.letter(), analysis.rules.paf_name(pillar.letter()).to_lowercase()))
        .collect();
    let notes = vec![format!("Pillars: {}. Judgements and shares by risk are counted beside.", pillars.join("; "))];
    let table = Table { name: "Evidence matrix".into(), notes, columns, rows: Vec::new(), key_columns: 3 };
    StreamedTable::new(table, many, rows)
}
