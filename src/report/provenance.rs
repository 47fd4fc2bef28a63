//! What the figures rest on: inputs with their digests, framework, context, engine.

use super::model::{Column, Datum, Format, Table};

/// Where an analysis comes from. File names without folders: no path of a machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Name and version of the engine.
    pub engine: String,
    /// File name and SHA-256 of every input.
    pub inputs: Vec<(String, String)>,
    /// Name, version and SHA-256 of the framework.
    pub framework: (String, String, String),
    /// File name and SHA-256 of the context, if there is one.
    pub context: Option<(String, String)>,
    /// What a context changed in the framework: section and reason.
    pub changes: Vec<(String, String)>,
    /// The date the outputs carry, YYYY-MM-DD; empty if nobody gave one.
    pub as_of: String,
}

impl Provenance {
    /// Every line: what and which.
    pub fn lines(&self) -> Vec<(String, String)> {
        let mut lines = vec![("engine".to_owned(), self.engine.clone())];
        let (id, version, digest) = &self.framework;
        lines.push(("framework".into(), format!("{id} {version}")));
        lines.push(("framework SHA-256".into(), digest.clone()));
        for (name, digest) in self.inputs.iter().chain(&self.context) {
            lines.push((format!("{name} SHA-256"), digest.clone()));
        }
        for (section, why) in &self.changes {
            lines.push((format!("changed by the context: {section}"), why.clone()));
        }
        let date = if self.as_of.is_empty() { "not given" } else { &self.as_of };
        lines.push(("as of".into(), date.to_owned()));
        lines.push(("rounding".into(), "half up, once, where a figure is published".into()));
        lines.push(("release".into(), "internal: not cleared for publication".into()));
        lines
    }
}

/// The sheet.
pub fn table(provenance: &Provenance) -> Table {
    let rows = provenance.lines().into_iter().map(|(what, which)| vec![Datum::text(what), Datum::text(which)]).collect();
    let columns = vec![Column::new("What", Format::Text, 36), Column::new("Which", Format::Text, 80)];
    Table {
        name: "Provenance".into(),
        notes: vec!["The same inputs, framework and context give the same bytes.".into()],
        columns,
        rows,
        key_columns: 1,
    }
}
