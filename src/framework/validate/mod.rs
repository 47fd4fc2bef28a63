//! From what the TOML says to what the stages read. Reports every problem at once, each with its place; makes a
//! [`Framework`] or [`Context`](crate::framework::Context) only when nothing is wrong.

mod context;
mod indicators;
mod people;
mod risks;
mod severity;

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;

use super::cases::Case;
use super::files::{CaseFile, FrameworkHead, IntersectoralFile, PeopleFile, SeverityFile, Status, SurveyFile};
use super::intersectoral::IntersectoralRules;
use super::rules::{Framework, Written};
use super::schema::FileKind;
use super::shape;
use super::source::Source;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Checked, Code, Findings, Place};

pub use context::{context, layout, table_list};

/// The texts of one framework, as they lie in its folder.
#[derive(Clone, Debug, Default)]
pub struct FrameworkFiles {
    /// The folder as the user knows it; stands before each file's name in findings.
    pub folder: String,
    /// File name (with `/`) and text.
    pub texts: BTreeMap<String, String>,
    /// Shared indicator lists: name as in `indicators/2026.1`, and text.
    pub libraries: BTreeMap<String, String>,
    /// The risks that hold where the folder has none of its own.
    pub risks: String,
    /// The names of the parts of the Protection Analysis Framework; may be empty.
    pub paf: String,
}

/// Makes a framework of its files.
pub fn framework(files: &FrameworkFiles) -> Checked<Option<Framework>> {
    let mut found = Findings::default();
    let named = |name: &str| if files.folder.is_empty() { name.to_owned() } else { format!("{}/{name}", files.folder) };
    let read = |name: &str, kind: FileKind, found: &mut Findings| {
        let source = Source::read(&named(name), files.texts.get(name).map_or("", String::as_str), found);
        if files.texts.contains_key(name) && !source.table.is_empty() {
            check_shape(&source, kind, found);
        }
        source
    };
    if !files.texts.contains_key("framework.toml") {
        let place = Place::Text { file: files.folder.as_str().into(), line: 0, column: 0 };
        found.add(Code::MissingFile, place, "there is no `framework.toml`");
        return found.with(None);
    }
    for name in files.texts.keys() {
        let known = matches!(name.as_str(), "framework.toml" | "indicators.toml" | "coefficients.toml" | "risks.toml" | "CHANGES.md")
            || name.starts_with("cases/");
        if !known {
            let hint = did_you_mean(name, ["framework.toml", "indicators.toml", "coefficients.toml", "risks.toml"]);
            let place = Place::Text { file: named(name).into(), line: 0, column: 0 };
            found.add(Code::UnknownFile, place, format!("no file of a framework has this name{hint}"));
        }
    }
    let main = read("framework.toml", FileKind::Framework, &mut found);
    let head: FrameworkHead = section(&main, "framework", &mut found).unwrap_or_default();
    check_head(&head, &main, &mut found);

    let own_risks = files.texts.contains_key("risks.toml");
    let risk_source = if own_risks {
        read("risks.toml", FileKind::Risks, &mut found)
    } else {
        let source = Source::read("risks.toml", &files.risks, &mut found);
        check_shape(&source, FileKind::Risks, &mut found);
        source
    };
    let risks = risks::risks(&risk_source, &mut found);

    let paf_source = Source::read("paf.toml", &files.paf, &mut found);
    if !files.paf.is_empty() {
        check_shape(&paf_source, FileKind::Paf, &mut found);
    }
    let paf = risks::paf(&paf_source, &mut found);

    let own = read("indicators.toml", FileKind::Indicators, &mut found);
    let libraries: Vec<(String, Source)> = head
        .library
        .iter()
        .enumerate()
        .filter_map(|(index, name)| match files.libraries.get(name) {
            Some(text) => {
                let source = Source::read(&format!("library/{name}/indicators.toml"), text, &mut found);
                check_shape(&source, FileKind::Indicators, &mut found);
                Some((name.clone(), source))
            }
            None => {
                let place = main.place(&["framework", "library", &index.to_string()]);
                found.add(Code::UnknownReference, place, format!("there is no indicator list `{name}`"));
                None
            }
        })
        .collect();
    let indicators = indicators::indicators(&own, &libraries, &head.used, &main, &risks, &mut found);

    let severity_file: SeverityFile = section(&main, "severity", &mut found).unwrap_or_default();
    let severity = severity::severity(&severity_file, &main, &mut found);
    let people_file: PeopleFile = section(&main, "people-in-need", &mut found).unwrap_or_default();
    let people = people::people(&people_file, &main, &mut found);
    let survey_file: SurveyFile = section(&main, "survey", &mut found).unwrap_or_default();
    let across: IntersectoralFile = section(&main, "intersectoral", &mut found).unwrap_or_default();
    let coefficient_source = read("coefficients.toml", FileKind::Coefficients, &mut found);
    let coefficients = people::coefficients(&coefficient_source, &mut found);

    let mut cases = Vec::new();
    for name in files.texts.keys().filter(|name| name.starts_with("cases/")) {
        let source = read(name, FileKind::Cases, &mut found);
        cases.extend(read_cases(&source, &mut found));
    }

    let framework = Framework {
        id: head.id,
        version: head.version,
        status: head.status.unwrap_or(Status::Draft),
        title: head.title.unwrap_or_default(),
        source: head.source.unwrap_or_default(),
        risks,
        paf,
        indicators,
        severity,
        people,
        survey: severity::survey(&survey_file),
        intersectoral: IntersectoralRules::default().changed_by(&across),
        coefficients,
        cases,
        changes: Vec::new(),
        written: Written { severity: severity_file, people: people_file },
    };
    let sound = !found.any_error();
    found.with(sound.then_some(framework))
}

/// The framework with a context's changes laid over it (method, section 8: "a parameter"; docs/frameworks.md 7).
pub fn adapted(framework: &Framework, context: &super::Context) -> Checked<Framework> {
    let mut found = Findings::default();
    // The context's own file has been checked when it was read; what could still be wrong is the combination.
    let nowhere = Source::read("context.toml", "", &mut Findings::default());
    let severity_file = severity::laid_over(&context.severity, &framework.written.severity);
    let people_file = people::laid_over(&context.people, &framework.written.people);
    let mut adapted = framework.clone();
    adapted.severity = severity::severity(&severity_file, &nowhere, &mut found);
    adapted.people = people::people(&people_file, &nowhere, &mut found);
    adapted.intersectoral = framework.intersectoral.clone().changed_by(&context.intersectoral);
    adapted.written = Written { severity: severity_file, people: people_file };
    for id in &context.not_used {
        match adapted.indicator(id) {
            Some(at) => adapted.indicators[at].expected = false,
            None => {
                let known: Vec<&str> = framework.indicators.iter().map(|indicator| indicator.id.as_str()).collect();
                let hint = crate::diag::suggest::did_you_mean(id, known);
                found.add(Code::UnknownReference, nowhere.place(&[]), format!("`not-used` names `{id}`, which is no indicator{hint}"));
            }
        }
    }
    let reasons =
        [("severity", &context.severity.why), ("people-in-need", &context.people.why), ("intersectoral", &context.intersectoral.why)];
    let of_sections = reasons.into_iter().filter_map(|(key, why)| Some((key.to_owned(), why.clone()?)));
    let of_aors = context.people.aor.iter();
    let of_aors =
        of_aors.filter_map(|(code, rule)| Some((format!("people-in-need.aor.{code}"), rule.why.clone().or_else(|| rule.source.clone())?)));
    adapted.changes = of_sections.chain(of_aors).collect();
    found.with(adapted)
}

fn read_cases(source: &Source, found: &mut Findings) -> Vec<Case> {
    let mut cases = Vec::new();
    let list: Vec<toml::Value> = section(source, "case", found).unwrap_or_default();
    for (index, value) in list.into_iter().enumerate() {
        let place = source.place(&["case", &index.to_string()]);
        // A case that does not read has been reported by its shape.
        let Ok(file) = value.try_into::<CaseFile>() else { continue };
        match Case::new(&file, place.clone()) {
            Ok(case) => cases.push(case),
            Err(keys) => {
                found.add(Code::WrongType, place, format!("case `{}`: `{}` is neither a number nor a text", file.name, keys.join("`, `")));
            }
        }
    }
    cases
}

fn check_head(head: &FrameworkHead, main: &Source, found: &mut Findings) {
    if !main.table.contains_key("framework") {
        return;
    }
    if !is_kebab(&head.id) {
        found.add(Code::BadId, main.place(&["framework", "id"]), format!("`{}` is no id", head.id));
    }
    if head.source.as_deref().is_none_or(|source| source.trim().is_empty()) {
        found.add(Code::NoSource, main.place(&["framework"]), "the framework does not say where its rules come from");
    }
}

/// Checks a file's shape and its `format`.
fn check_shape(source: &Source, kind: FileKind, found: &mut Findings) {
    shape::check(source, kind, found);
    if let Some(format) = source.table.get("format").and_then(toml::Value::as_integer)
        && format != 1
    {
        found.add(Code::FormatVersion, source.place(&["format"]), format!("the file says `format = {format}`"));
    }
}

/// One part of a file. What does not read has been reported by the shape; if it has not, it is reported here, so
/// that nothing a person wrote is passed over.
fn section<T: DeserializeOwned>(source: &Source, key: &str, found: &mut Findings) -> Option<T> {
    let value = source.table.get(key)?.clone();
    match readable(value) {
        Ok((part, _)) => Some(part),
        Err(error) => {
            report_unread(source, &[key], &error, found);
            None
        }
    }
}

/// A table as far as it can be read: keys of a wrong kind, which the shape has reported, are left out and named, so
/// that what stands beside them is checked in the same run.
fn readable<T: DeserializeOwned>(value: toml::Value) -> Result<(T, Vec<String>), toml::de::Error> {
    let error = match value.clone().try_into() {
        Ok(part) => return Ok((part, Vec::new())),
        Err(error) => error,
    };
    let toml::Value::Table(table) = value else { return Err(error) };
    let alone = |key: &String, value: &toml::Value| {
        let single: toml::Table = [(key.clone(), value.clone())].into_iter().collect();
        toml::Value::Table(single).try_into::<T>().is_ok()
    };
    let (kept, dropped): (Vec<_>, Vec<_>) = table.into_iter().partition(|(key, value)| alone(key, value));
    let kept: toml::Table = kept.into_iter().collect();
    toml::Value::Table(kept).try_into().map(|part| (part, dropped.into_iter().map(|(key, _)| key).collect())).map_err(|_| error)
}

fn report_unread(source: &Source, path: &[&str], error: &toml::de::Error, found: &mut Findings) {
    if !found.any_error() {
        found.add(Code::WrongType, source.place(path), error.message().trim());
    }
}

/// Small letters, digits and single hyphens, beginning with a letter.
fn is_kebab(text: &str) -> bool {
    let fits = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    fits && text.starts_with(|first: char| first.is_ascii_lowercase()) && !text.ends_with('-') && !text.contains("--")
}

/// Whether a source or a reason is written.
fn has_reason(reasons: [Option<&String>; 2]) -> bool {
    reasons.into_iter().flatten().any(|reason| !reason.trim().is_empty())
}
