//! Judgements: a person's phase with reason, evidence, author and date, and the texts of the risk register (method,
//! sections 3 and 4.7).

use super::find_risk;
use crate::diag::shown::quoted;
use crate::diag::{Code, Findings, Place};
use crate::domain::{Aor, CellId, Confidence, Phase, Scope, Series};
use crate::framework::Framework;
use crate::stage::audit::Audit;
use crate::stage::evidence::series_of;
use crate::stage::figure_columns::{is_in_play, not_in_play};
use crate::stage::read_row::{NOTHING_HERE, RowReader};
use crate::stage::units::Keyed;
use crate::table::folded;

/// A person's judgement.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// For which area and group.
    pub cell: CellId,
    /// A risk, an AoR or overall.
    pub scope: Scope,
    /// The phase.
    pub phase: Option<Phase>,
    /// Why.
    pub reason: String,
    /// How sure those are who judge; `None` if they do not say.
    pub confidence: Option<Confidence>,
    /// The threat.
    pub threat: String,
    /// Its effects.
    pub effects: String,
    /// Capacities to address it.
    pub capacities: String,
    /// Evidence ids or texts.
    pub evidence: String,
    /// Who decided.
    pub decided_by: String,
    /// When.
    pub date: String,
    /// Where it stands.
    pub place: Place,
}

/// Reads a table of judgements.
pub(super) fn read(
    keyed: &Keyed<'_, '_>,
    rules: &Framework,
    aors: &[Aor],
    judgements: &mut Vec<Judgement>,
    audit: &mut Audit,
    found: &mut Findings,
) {
    let mut reader = RowReader { table: keyed.table, found, audit };
    for &(number, cell) in &keyed.rows {
        let Some(row) = reader.row(number) else { continue };
        let Some(scope) = scope_of_row(&mut reader, number, rules) else { continue };
        if let Some(series) = series_of(scope).filter(|series| !is_in_play(*series, aors)) {
            let place = reader.place(number, "aor");
            reader.found.add(Code::AorNotInPlay, place, not_in_play(series));
            reader.set_aside(number, NOTHING_HERE);
            continue;
        }
        let has_phase = reader.table.column("phase").is_some_and(|column| reader.content(row, column, "phase", &[]).is_some());
        let phase = reader.phase(row, "phase", Code::PhaseOutside);
        let confidence = reader.text(row, "confidence").and_then(|text| {
            let confidence = Confidence::parse(&folded(&text));
            if confidence.is_none() {
                let place = reader.place(number, "confidence");
                reader.found.add(Code::UnknownConfidence, place, format!("{} is neither high, medium nor low", quoted(&text)));
            }
            confidence
        });
        let date = reader.date(row, "date");
        let mut text = |name: &str| reader.text(row, name).unwrap_or_default();
        let judgement = Judgement {
            cell,
            scope,
            phase,
            reason: text("reason"),
            confidence,
            threat: text("threat"),
            effects: text("effects"),
            capacities: text("capacities"),
            evidence: text("evidence"),
            decided_by: text("decided-by"),
            date,
            place: Place::Row(keyed.table.sheet.name.clone(), number),
        };
        let lacking: Vec<&str> = [
            ("reason", &judgement.reason),
            ("evidence", &judgement.evidence),
            ("decided_by", &judgement.decided_by),
            ("date", &judgement.date),
        ]
        .into_iter()
        .filter(|(_, text)| text.is_empty())
        .map(|(name, _)| name)
        .collect();
        // A 0 is unknown, with a warning of its own; nothing at all is no judgement.
        if !has_phase {
            reader.found.add(Code::JudgementIncomplete, judgement.place.clone(), "the judgement has no phase");
        } else if !lacking.is_empty() && judgement.phase.is_some() {
            reader.found.add(Code::JudgementIncomplete, judgement.place.clone(), format!("the judgement lacks {}", lacking.join(", ")));
        }
        reader.used(number);
        judgements.push(judgement);
    }
}

/// A risk or an AoR; a row that names both is about the risk, and the AoR has to be one of the risk's.
fn scope_of_row(reader: &mut RowReader<'_, '_>, number: u32, rules: &Framework) -> Option<Scope> {
    let row = reader.row(number)?;
    let (risk, aor) = (reader.text(row, "risk"), reader.text(row, "aor"));
    let (of_risk, of_aor) = (reader.place(number, "risk"), reader.place(number, "aor"));
    let found = &mut *reader.found;
    let series = aor.as_ref().map(|code| {
        let series = Series::parse(code);
        if series.is_none() {
            found.add(Code::UnknownAor, of_aor.clone(), format!("{} is no area of responsibility", quoted(code)));
        }
        series
    });
    let Some(code) = risk else {
        if series.is_none() {
            found.add(Code::JudgementIncomplete, of_risk, "the judgement names neither a risk nor an area of responsibility");
        }
        return series.flatten().map(Series::scope);
    };
    let Some(risk) = find_risk(&code, rules) else {
        found.add(Code::UnknownRisk, of_risk, format!("{} is no protection risk", quoted(&code)));
        return None;
    };
    if let Some(Some(series)) = series
        && !rules.risks[risk].aors.iter().any(|&aor| Series::Aor(aor) == series)
    {
        let message = format!(
            "the judgement names risk {} and {}, which is none of its areas of responsibility",
            rules.risks[risk].code,
            series.code()
        );
        found.add(Code::JudgementOfTwo, of_aor, message);
        return None;
    }
    Some(Scope::Risk(risk))
}
