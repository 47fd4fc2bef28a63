//! Whether a data file has the shape of its schema: unknown keys, missing keys, wrong kinds, words that are
//! no choice. Reports all of them, each with its place; what the values mean is checked in `validate`.

use serde_json::Value as Json;
use toml::Value as Toml;

use super::schema::FileKind;
use super::source::Source;
use crate::diag::suggest::did_you_mean;
use crate::diag::{Code, Findings};

/// Checks a file against the schema of its kind.
pub fn check(source: &Source, kind: FileKind, found: &mut Findings) {
    let root = kind.schema();
    let mut problems = Vec::new();
    let value = Toml::Table(source.table.clone());
    Walk { root }.value(root, &value, &mut Vec::new(), &mut problems);
    for problem in problems {
        let path: Vec<&str> = problem.path.iter().map(String::as_str).collect();
        found.add(problem.code, source.place(&path), problem.message);
    }
}

struct Problem {
    code: Code,
    path: Vec<String>,
    message: String,
}

struct Walk<'a> {
    root: &'a Json,
}

impl<'a> Walk<'a> {
    fn resolve(&self, schema: &'a Json) -> &'a Json {
        let Some(reference) = schema.get("$ref").and_then(Json::as_str) else { return schema };
        let pointer = reference.trim_start_matches('#');
        self.root.pointer(pointer).unwrap_or(schema)
    }

    fn value(&self, schema: &'a Json, value: &Toml, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
        let schema = self.resolve(schema);
        if let Some(words) = words_of(schema) {
            check_word(&words, value, path, problems);
            return;
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(choices) = schema.get(key).and_then(Json::as_array) {
                self.choices(choices, value, path, problems);
                return;
            }
        }
        if !kind_fits(schema, value) {
            let is_share = schema.get("pattern").is_some();
            let code = if is_share { Code::BareShare } else { Code::WrongType };
            problems.push(Problem {
                code,
                path: path.clone(),
                message: format!("{} is {}, not {}", name_of(path), kind_of(value), wanted(schema)),
            });
            return;
        }
        match value {
            Toml::Table(table) => self.table(schema, table, path, problems),
            Toml::Array(items) => {
                if let Some(item_schema) = schema.get("items") {
                    for (index, item) in items.iter().enumerate() {
                        path.push(index.to_string());
                        self.value(item_schema, item, path, problems);
                        path.pop();
                    }
                }
            }
            Toml::String(text) if schema.get("pattern").is_some() && crate::domain::Share::parse(text).is_none() => {
                problems.push(Problem {
                    code: Code::BareShare,
                    path: path.clone(),
                    message: format!("{} is `{text}`, not a share", name_of(path)),
                });
            }
            _ => {}
        }
    }

    fn table(&self, schema: &'a Json, table: &toml::Table, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
        let properties = schema.get("properties").and_then(Json::as_object);
        let others = schema.get("additionalProperties");
        for (key, value) in table {
            path.push(key.clone());
            match (properties.and_then(|known| known.get(key)), others) {
                (Some(known), _) => self.value(known, value, path, problems),
                (None, Some(Json::Object(_))) => {
                    if let Some(other) = others {
                        self.value(other, value, path, problems);
                    }
                }
                (None, Some(Json::Bool(false))) => {
                    let known = properties.into_iter().flat_map(|known| known.keys().map(String::as_str));
                    let hint = did_you_mean(key, known);
                    problems.push(Problem {
                        code: Code::UnknownKey,
                        path: path.clone(),
                        message: format!("`{key}` is no key of {}{hint}", name_of(path.split_last().map_or(&[], |(_, above)| above))),
                    });
                }
                _ => {}
            }
            path.pop();
        }
        for key in schema.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str) {
            if !table.contains_key(key) {
                problems.push(Problem { code: Code::MissingKey, path: path.clone(), message: format!("{} lacks `{key}`", name_of(path)) });
            }
        }
    }

    /// The alternative that fits, or the complaints of the one that comes nearest.
    fn choices(&self, choices: &'a [Json], value: &Toml, path: &mut Vec<String>, problems: &mut Vec<Problem>) {
        let mut nearest: Option<Vec<Problem>> = None;
        for choice in choices {
            if choice.get("type").and_then(Json::as_str) == Some("null") {
                continue;
            }
            let mut tried = Vec::new();
            self.value(choice, value, path, &mut tried);
            if tried.is_empty() {
                return;
            }
            if nearest.as_ref().is_none_or(|best| tried.len() < best.len()) {
                nearest = Some(tried);
            }
        }
        problems.extend(nearest.unwrap_or_default());
    }
}

/// The words of a choice: a list of them, or one alternative for each, which can carry its description.
fn words_of(schema: &Json) -> Option<Vec<&str>> {
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return Some(words.iter().filter_map(Json::as_str).collect());
    }
    schema.get("oneOf")?.as_array()?.iter().map(|choice| choice.get("const")?.as_str()).collect()
}

fn check_word(known: &[&str], value: &Toml, path: &[String], problems: &mut Vec<Problem>) {
    let Toml::String(text) = value else {
        let message = format!("{} is {}, not one of `{}`", name_of(path), kind_of(value), known.join("`, `"));
        problems.push(Problem { code: Code::WrongType, path: path.to_vec(), message });
        return;
    };
    if !known.contains(&text.as_str()) {
        let hint = did_you_mean(text, known.iter().copied());
        let message = format!("{} is `{text}`; the choices are `{}`{hint}", name_of(path), known.join("`, `"));
        problems.push(Problem { code: Code::UnknownChoice, path: path.to_vec(), message });
    }
}

fn kind_fits(schema: &Json, value: &Toml) -> bool {
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Json::String(kind)) => vec![kind],
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).collect(),
        _ => return true,
    };
    kinds.iter().any(|kind| match (*kind, value) {
        ("string", Toml::String(_)) | ("boolean", Toml::Boolean(_)) | ("array", Toml::Array(_)) | ("object", Toml::Table(_)) => true,
        ("integer", Toml::Integer(number)) => {
            let least = schema.get("minimum").and_then(Json::as_f64);
            let most = schema.get("maximum").and_then(Json::as_f64);
            #[expect(clippy::cast_precision_loss, reason = "bounds of small integers")]
            let number = *number as f64;
            least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most)
        }
        ("number", Toml::Integer(_)) => true,
        ("number", Toml::Float(number)) => number.is_finite(),
        _ => false,
    })
}

fn wanted(schema: &Json) -> String {
    let kind = match schema.get("type") {
        Some(Json::String(kind)) => kind.as_str(),
        Some(Json::Array(kinds)) => kinds.iter().filter_map(Json::as_str).find(|kind| *kind != "null").unwrap_or("value"),
        _ => "value",
    };
    match kind {
        "string" if schema.get("pattern").is_some() => "a share".into(),
        "string" => "a text in quotes".into(),
        "boolean" => "true or false".into(),
        // Every number so small is a phase.
        "integer" if schema.get("format").and_then(Json::as_str) == Some("uint8") => "a phase from 1 to 5".into(),
        "integer" => match ["minimum", "maximum"].map(|bound| schema.get(bound).and_then(Json::as_u64)) {
            [Some(least), Some(most)] => format!("a whole number from {least} to {most}"),
            _ => "a whole number, not below 0".into(),
        },
        "number" => "a number".into(),
        "array" => "a list in square brackets".into(),
        "object" => "a table of keys".into(),
        _ => "what is wanted".into(),
    }
}

fn kind_of(value: &Toml) -> String {
    match value {
        Toml::String(text) => format!("the text `{text}`"),
        Toml::Integer(number) => format!("the number {number}"),
        Toml::Float(number) => format!("the number {number}"),
        Toml::Boolean(truth) => truth.to_string(),
        Toml::Datetime(date) => format!("the date {date}"),
        Toml::Array(_) => "a list".into(),
        Toml::Table(_) => "a table of keys".into(),
    }
}

/// The key as a person would say it: which entry of a list is meant is told by the line.
fn name_of(path: &[String]) -> String {
    let keys: Vec<&str> = path.iter().map(String::as_str).filter(|key| !key.bytes().all(|byte| byte.is_ascii_digit())).collect();
    if keys.is_empty() { "the file".into() } else { format!("`{}`", keys.join(".")) }
}
