//! Worked examples that analysts write beside a framework: one area, one group, what is given and what must
//! come out. Run by `stage/try_case`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::files::CaseFile;
use crate::diag::Place;

/// A worked example.
#[derive(Clone, Debug)]
pub struct Case {
    /// What it shows.
    pub name: String,
    /// Where it stands.
    pub place: Place,
    /// Dotted key and value.
    pub given: BTreeMap<String, CaseValue>,
    /// Dotted key and value.
    pub expect: BTreeMap<String, CaseValue>,
}

/// A value in a case.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseValue {
    /// A number as written.
    Number(f64),
    /// A text.
    Text(String),
    /// Numbers in a list.
    List(Vec<f64>),
}

impl Case {
    /// The case as written, with nested keys joined by dots; the keys of values that no case can hold otherwise.
    pub fn new(file: &CaseFile, place: Place) -> Result<Self, Vec<String>> {
        let mut refused = Vec::new();
        let mut flat = |map: &BTreeMap<String, Value>| {
            let mut out = BTreeMap::new();
            for (key, value) in map {
                flatten(key, value, &mut out, &mut refused);
            }
            out
        };
        let given = flat(&file.given);
        let expect = flat(&file.expect);
        if refused.is_empty() { Ok(Self { name: file.name.clone(), place, given, expect }) } else { Err(refused) }
    }
}

fn flatten(key: &str, value: &Value, out: &mut BTreeMap<String, CaseValue>, refused: &mut Vec<String>) {
    let read = match value {
        Value::Object(map) => {
            for (inner, value) in map {
                flatten(&format!("{key}.{inner}"), value, out, refused);
            }
            return;
        }
        Value::Number(number) => number.as_f64().map(CaseValue::Number),
        Value::String(text) => Some(CaseValue::Text(text.clone())),
        Value::Array(items) => items.iter().map(Value::as_f64).collect::<Option<Vec<f64>>>().map(CaseValue::List),
        _ => None,
    };
    match read {
        Some(value) => {
            out.insert(key.to_owned(), value);
        }
        None => refused.push(key.to_owned()),
    }
}
