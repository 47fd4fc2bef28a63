//! A report: what a run publishes, gathered once; every format is laid out from here.

use super::document::{Document, document};
use super::model::{StreamedTable, TextFile};
use super::provenance::Provenance;
use super::{
    account, audit, decisions, evidence, figures, findings, judgements, methods, needs, pin, provenance, sectors, severity, summary,
    survey, trend,
};
use crate::diag::Findings;
use crate::framework::Context;
use crate::stage::Analysis;

/// Everything that a run publishes, except the formats.
#[derive(Copy, Clone)]
pub struct Report<'a> {
    /// What was read and computed.
    pub analysis: &'a Analysis,
    /// What was found.
    pub findings: &'a Findings,
    /// Whose year it is.
    pub context: &'a Context,
    /// What it rests on.
    pub provenance: &'a Provenance,
}

/// The date that files carry when nobody gives one, so that the same input gives the same bytes.
const FIXED_DATE: &str = "2000-01-01";

impl<'a> Report<'a> {
    /// The sheets of the workbook, in order, each made when it is asked for.
    pub fn sheets(&self) -> impl Iterator<Item = StreamedTable<'a>> + use<'a> {
        let report = *self;
        let makers: [fn(Self) -> Option<StreamedTable<'a>>; 16] = [
            |report| Some(summary::table(report.analysis, report.findings, &report.title(), &report.context.language).into()),
            |report| Some(summary::priorities(report.analysis, &report.context.language).into()),
            |report| Some(pin::by_area(report.analysis).into()),
            |report| Some(pin::by_aor(report.analysis)),
            |report| Some(severity::matrix(report.analysis)),
            |report| Some(evidence::register(report.analysis, &report.context.language)),
            |report| Some(evidence::matrix(report.analysis)),
            |report| judgements::table(report.analysis).map(Into::into),
            |report| sectors::table(report.analysis).map(Into::into),
            |report| survey::table(report.analysis).map(Into::into),
            |report| Some(account::table(&report.analysis.ledger).into()),
            |report| Some(findings::table(report.analysis, report.findings).into()),
            |report| Some(decisions::table(report.analysis).into()),
            |report| Some(trend::table(report.analysis).into()),
            |report| Some(methods::table(report.analysis).into()),
            |report| Some(provenance::table(report.provenance).into()),
        ];
        makers.into_iter().filter_map(move |make| make(report))
    }

    /// The text files, in the order in which they are written.
    pub fn files(&self) -> Vec<TextFile<'a>> {
        vec![
            figures::file(self.analysis),
            severity::file(self.analysis),
            needs::file(self.analysis, self.context),
            audit::file(self.analysis),
        ]
    }

    /// The whole analysis for programs.
    pub fn document(&'a self) -> Document<'a> {
        document(self)
    }

    /// The title of documents.
    pub fn title(&self) -> String {
        let parts: Vec<&str> =
            [self.context.name.as_str(), self.context.cycle.as_str()].into_iter().filter(|part| !part.is_empty()).collect();
        if parts.is_empty() { "People in need of protection".into() } else { format!("{}: people in need of protection", parts.join(" ")) }
    }

    /// The date that files carry, YYYY-MM-DD.
    pub fn date(&self) -> &str {
        if self.provenance.as_of.is_empty() { FIXED_DATE } else { &self.provenance.as_of }
    }
}
