//! Real files of the families for which layouts are shipped: what `pinpoint dump` reads by them ties to rows and sums that an
//! independent script finds (`tests/real/tables.py`). Where the files are not there, each test says that it is skipped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::root;
use serde_json::Value;

/// The folder of real files; `None`, said aloud, where there is none.
fn real_files(test: &str) -> Option<PathBuf> {
    let folder = root().join("../shared/real");
    if folder.is_dir() {
        return Some(folder);
    }
    // A passing test's own output is swallowed, and a skip must not be.
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "skipped: {test}: no real files beside the project");
    None
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn pinpoint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pinpoint")).args(arguments).output().unwrap()
}

/// The file of this name, in whichever folder of the families it lies.
fn find(folder: &Path, name: &str) -> PathBuf {
    let families = std::fs::read_dir(folder).unwrap().map(|family| family.unwrap().path());
    families.map(|family| family.join(name)).find(|path| path.is_file()).unwrap_or_else(|| panic!("there is no {name}"))
}

/// Our role for a table of the script.
fn role(table: &str) -> &str {
    match table {
        "sectors 3.1" | "sectors 3.2" => "sectors",
        "overall" | "aors" => "estimates",
        "aors targeted" => "response",
        other => other,
    }
}

/// The script calls people by sex and age as the file does.
fn our_name(column: &str) -> String {
    let Some((sex, age)) = column.split_once('_').filter(|(sex, _)| ["F", "M"].contains(sex)) else { return column.to_owned() };
    let sex = if sex == "F" { "female" } else { "male" };
    if age == "TL" {
        return sex.to_owned();
    }
    let age = match (age.strip_suffix("Plus"), age.split_once('_')) {
        (Some(from), _) => format!("{from}+"),
        (None, Some((from, to))) => format!("{}-{}", from.parse::<u8>().unwrap(), to.parse::<u8>().unwrap()),
        (None, None) => return column.to_owned(),
    };
    format!("{age} - {sex}")
}

/// Whether a dumped table has so many rows and these sums.
fn ties(table: &Value, told: &Value) -> bool {
    let rows = table["rows"].as_array().unwrap();
    let sums = told["sums"].as_object().unwrap();
    let tied = |(column, sum): (&String, &Value)| {
        let name = our_name(column);
        let of: f64 = rows.iter().filter_map(|row| row["values"].get(&name)?.as_f64()).sum();
        (of - sum.as_f64().unwrap()).abs() <= 1e-9 * sum.as_f64().unwrap().abs().max(1.0)
    };
    table["role"] == role(told["table"].as_str().unwrap()) && rows.len() as u64 == told["rows"].as_u64().unwrap() && sums.iter().all(tied)
}

#[test]
fn rows_and_totals_tie_to_what_another_reader_finds() {
    let Some(folder) = real_files("tables of real files") else { return };
    let script = root().join("tests/real/tables.py");
    let told = Command::new("python3").args(["-W", "ignore"]).arg(script).arg(&folder).output().expect("python3 with openpyxl is needed");
    assert!(told.status.success(), "{}", shown(&told.stderr));
    let told: Vec<Value> = shown(&told.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(told.len() >= 30, "the script told of {} tables", told.len());
    let sudan = tempfile::tempdir().unwrap();
    let context = sudan.path().join("sudan.toml");
    std::fs::write(&context, "format = 1\n[context]\ncountry = \"SDN\"\n").unwrap();
    let mut dumps: std::collections::BTreeMap<String, Value> = std::collections::BTreeMap::new();
    for told in told.iter().filter(|told| told["table"] != "columns") {
        let name = told["file"].as_str().unwrap().to_owned();
        let dump = dumps.entry(name.clone()).or_insert_with(|| {
            let path = find(&folder, &name);
            let mut arguments = vec!["dump", path.to_str().unwrap(), "--households", "--drop-identifiers"];
            if path.parent().unwrap().ends_with("hpc") {
                arguments.extend(["--context", context.to_str().unwrap()]);
            }
            let output = pinpoint(&arguments);
            assert!(shown(&output.stderr).contains("layout-chosen"), "{name}: {}", shown(&output.stderr));
            serde_json::from_slice(&output.stdout).unwrap()
        });
        let tables = dump["tables"].as_array().unwrap();
        let of_role: Vec<String> = tables
            .iter()
            .filter(|table| table["role"] == role(told["table"].as_str().unwrap()))
            .map(|table| format!("{} rows of {}", table["rows"].as_array().unwrap().len(), table["sheet"]))
            .collect();
        assert!(tables.iter().any(|table| ties(table, told)), "{told}\n{}", of_role.join(", "));
    }
}

#[test]
fn the_indicators_of_340_municipalities_are_read_and_one_bad_cell_is_named() {
    let Some(folder) = real_files("area indicators") else { return };
    let sound = find(&folder, "A2SIT_data_input_template_GTM.xlsx");
    let dump: Value = serde_json::from_slice(&pinpoint(&["dump", sound.to_str().unwrap()]).stdout).unwrap();
    let table = dump["tables"].as_array().unwrap().iter().find(|table| table["role"] == "indicators").unwrap();
    let values = table["rows"][0]["values"].as_object().unwrap();
    assert_eq!((table["rows"].as_array().unwrap().len(), values.len() - 2), (340, 54));
    let broken = find(&folder, "A2SIT_data_input_template_GTM_error.xlsx");
    let said = shown(&pinpoint(&["check", broken.to_str().unwrap()]).stdout);
    let cells: Vec<&str> = said.lines().filter(|line| line.starts_with("error[not-a-number]")).collect();
    assert_eq!(cells.len(), 1, "{said}");
    assert!(cells[0].contains("sheet `Data`, cell D7: column `DesastresNat`: `DOG` is not a number"), "{said}");
}

#[test]
fn a_table_of_several_countries_needs_one() {
    let Some(folder) = real_files("needs of several countries") else { return };
    let said = shown(&pinpoint(&["check", find(&folder, "hpc_hno_2024.csv").to_str().unwrap()]).stdout);
    assert!(said.contains("error[several-countries]") && said.contains("rows of `AFG` and of `SDN`"), "{said}");
}

#[test]
fn codes_are_held_against_the_global_list() {
    let Some(folder) = real_files("the global list of p-codes") else { return };
    let list = find(&folder, "download-global-pcodes-adm-1-2.csv");
    let check =
        |name: &str| shown(&pinpoint(&["check", find(&folder, name).to_str().unwrap(), "--gazetteer", list.to_str().unwrap()]).stdout);
    // The list has all areas of Nigeria's table, and all but one of Mali's.
    assert!(!check("population_nga_nga_admpop_adm2_2020.csv").contains("p-code-not-in-list"));
    assert!(check("population_mli_mli_pop_adm2_v2.csv").contains("the list of places does not have `ML0704`"));
}
