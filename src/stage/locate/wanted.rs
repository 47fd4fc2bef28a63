//! The columns that a table may have, and the headers that mean each of them: those that the layout declares, those that
//! indicators read, wide ones such as `CP.in-need`, and the HXL tags of what has one.

use std::collections::HashMap;

use super::leaf_columns::counts_people;
use crate::domain::Aor;
use crate::framework::Context;
use crate::framework::files::{HeaderPrefixesName, ResamplingName, RoleName};
use crate::framework::layout::TableLayout;
use crate::framework::rules::{Framework, Indicator};
use crate::table::folded;

/// A column that a table may have.
pub(super) struct WantedColumn {
    /// Our name.
    pub(super) name: String,
    /// The headers that mean it, as they are compared.
    pub(super) headers: Vec<String>,
    /// The same, as they are written.
    pub(super) written: Vec<String>,
    /// Nobody declared it: an indicator reads it, or it is a wide one.
    pub(super) implied: bool,
    /// Its HXL tag, as it is compared.
    pub(super) tag: Option<String>,
}

/// All columns that a table may have.
pub(super) struct Wanted {
    /// Once each.
    pub(super) columns: Vec<WantedColumn>,
    known: HashMap<String, usize>,
    /// Headers of people by sex and age.
    leaves: Vec<String>,
    /// Groups of a form stand before the headers.
    drops_prefixes: bool,
    /// Headers of people by sex and age are known by how they are made.
    made_alike: bool,
    /// Replicate weights stand beside the weight.
    replicate_weights: bool,
}

impl Wanted {
    pub(super) fn new(layout: &TableLayout, context: &Context, rules: &Framework) -> Self {
        let declared = layout.columns.iter().cloned().map(|column| (column, false));
        let implied = implied_columns(layout.role, context, rules).into_iter().map(|column| (column, true));
        let drops_prefixes = layout.header_prefixes == HeaderPrefixesName::Drop;
        let made_alike = layout.leaf_columns.is_some();
        let replicate_weights = layout.role == RoleName::Households && rules.survey.resampling == ResamplingName::Given;
        let mut wanted =
            Self { columns: Vec::new(), known: HashMap::new(), leaves: Vec::new(), drops_prefixes, made_alike, replicate_weights };
        for ((name, written), implied) in declared.chain(implied) {
            if wanted.columns.iter().any(|column| column.name == name) {
                continue;
            }
            let headers = written.iter().map(|header| compared(header)).collect();
            // A wide column that nobody declared is known by its name alone: the tag does not say of which AoR it is.
            let tag = tag_of(&name).filter(|_| !(implied && name.contains('.')));
            let column = WantedColumn { name, headers, written, implied, tag };
            let at = wanted.columns.len();
            for header in column.headers.iter().chain(&column.tag) {
                // Of `Band / Header` the header alone stands in the row of headers.
                let alone = header.rsplit_once(" / ").map_or(header.as_str(), |(_, alone)| alone);
                wanted.known.entry(header.clone()).or_insert(at);
                wanted.known.entry(alone.to_owned()).or_insert(at);
            }
            wanted.columns.push(column);
        }
        wanted.leaves.extend(layout.leaves.iter().map(|(header, _)| folded(header)));
        wanted
    }

    /// Our name of the column that a header means.
    pub(super) fn of_header(&self, text: &str) -> Option<&str> {
        self.of_compared(compared(text))
    }

    /// The same, for a text and the same text folded.
    pub(super) fn of_folded(&self, text: &str, folded: &str) -> Option<&str> {
        // Most texts mean nothing and are known as they are folded.
        if text.trim_start().starts_with('#') || self.drops_prefixes {
            return self.of_header(text);
        }
        self.named(folded)
    }

    fn of_compared(&self, text: String) -> Option<&str> {
        let text = self.without_groups(text);
        self.named(&text)
    }

    fn named(&self, text: &str) -> Option<&str> {
        let column = self.known.get(text).and_then(|&at| self.columns.get(at)).map(|column| column.name.as_str());
        column
            .or_else(|| self.leaves.iter().find(|leaf| leaf.as_str() == text).map(String::as_str))
            .or_else(|| (self.made_alike && counts_people(text)).then_some(PEOPLE_BY_SEX_AND_AGE))
    }

    /// The number of a replicate weight that a compared header means: that of the weight and a number behind it.
    pub(super) fn replicate_weight(&self, header: &str) -> Option<u32> {
        let number = self.replicate_weights.then(|| header.rsplit_once(' ')).flatten().and_then(|(before, number)| {
            let of_weight = self.columns.iter().find(|column| column.name == "weight")?;
            of_weight.headers.iter().any(|header| header == before).then_some(number)
        })?;
        number.parse().ok().filter(|number| *number > 0)
    }

    /// A header without the groups of a form before it, where the layout says that they do not count: the longest part after
    /// a slash that is known, else the header as it is.
    pub(super) fn without_groups(&self, header: String) -> String {
        if !self.drops_prefixes || self.known.contains_key(&header) {
            return header;
        }
        let ends = header.match_indices('/').map(|(at, _)| header.get(at + 1..).unwrap_or_default().trim());
        ends.into_iter().find(|end| self.known.contains_key(*end)).map(str::to_owned).unwrap_or(header)
    }
}

/// What headers of people by sex and age mean together.
const PEOPLE_BY_SEX_AND_AGE: &str = "people by sex and age";

/// A header as it is compared: folded, or an HXL tag with its attributes in order.
pub(super) fn compared(text: &str) -> String {
    let Some(tag) = text.trim().strip_prefix('#') else { return folded(text) };
    let mut parts = tag.split('+').map(|part| part.trim().to_lowercase());
    let first = parts.next().unwrap_or_default();
    let mut attributes: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    attributes.sort_unstable();
    attributes.into_iter().fold(format!("#{first}"), |tag, attribute| format!("{tag}+{attribute}"))
}

/// The HXL tag of a column of ours.
fn tag_of(name: &str) -> Option<String> {
    if let Some((level, what)) = name.strip_prefix("admin").and_then(|rest| rest.split_once('-')) {
        return Some(format!("#adm{level}+{}", if what == "pcode" { "code" } else { what }));
    }
    let tag = match name.strip_prefix("overall.").unwrap_or(name) {
        "population" => "#population",
        "affected" => "#affected",
        "in-need" => "#inneed",
        "targeted" => "#targeted",
        "reached" => "#reached",
        _ => return None,
    };
    Some(tag.to_owned())
}

/// Columns that need no declaration: those that indicators read, and wide ones such as `CP.in-need`.
fn implied_columns(role: RoleName, context: &Context, rules: &Framework) -> Vec<(String, Vec<String>)> {
    let series: Vec<String> = std::iter::once("overall".to_owned()).chain(Aor::ALL.map(|aor| aor.code().to_owned())).collect();
    let sectors: Vec<String> = context.sectors.iter().map(|sector| sector.code.clone()).collect();
    match role {
        RoleName::Indicators => indicator_columns(rules, Indicator::is_of_areas),
        RoleName::Households => indicator_columns(rules, Indicator::is_of_households),
        RoleName::Estimates => wide(&series, &["phase", "in-need", "affected"]),
        RoleName::Response => wide(&series, &["targeted", "reached"]),
        RoleName::Previous => wide(&[series, sectors].concat(), &["phase", "in-need"]),
        RoleName::Sectors => wide(&sectors, &["phase", "in-need"]),
        _ => Vec::new(),
    }
}

fn wide(codes: &[String], figures: &[&str]) -> Vec<(String, Vec<String>)> {
    let pairs = codes.iter().flat_map(|code| figures.iter().map(move |figure| (code, figure)));
    pairs.map(|(code, figure)| (format!("{code}.{figure}"), vec![format!("{code}.{figure}"), format!("{code}_{figure}")])).collect()
}

/// By id, label and alias.
fn indicator_columns(rules: &Framework, is_asked: impl Fn(&Indicator) -> bool) -> Vec<(String, Vec<String>)> {
    let mut columns: Vec<(String, Vec<String>)> = Vec::new();
    for indicator in rules.indicators.iter().filter(|indicator| is_asked(indicator)) {
        for (column, _) in indicator.form.reads(&indicator.id) {
            let mut accepted = vec![column.clone()];
            if column == indicator.id {
                accepted.push(indicator.label.clone());
                accepted.extend(indicator.aliases.clone());
            }
            columns.push((column, accepted));
        }
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_compared_with_their_attributes_in_any_order() {
        assert_eq!(compared("#adm2 +code"), "#adm2+code");
        assert_eq!(compared(" #Population+type+f"), "#population+f+type");
        assert_eq!(compared("Admin 2\nP-Code"), "admin 2 p code");
        assert_eq!(tag_of("admin3-pcode").as_deref(), Some("#adm3+code"));
        assert_eq!(tag_of("admin1-name").as_deref(), Some("#adm1+name"));
        assert_eq!((tag_of("overall.in-need").as_deref(), tag_of("CP.in-need")), (Some("#inneed"), None));
    }
}
