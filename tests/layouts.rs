//! Files in the layouts that are shipped: which layout is found, which rows are read, and what is said of the rest. The files
//! are invented (`fixtures/formats`); the expected values are added up by hand from them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use std::path::PathBuf;
use std::process::{Command, Output};

use common::root;
use serde_json::Value;

fn pinpoint(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_pinpoint")).args(arguments).current_dir(root()).output().unwrap()
}

fn shown(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn file(name: &str) -> String {
    format!("fixtures/formats/{name}")
}

/// The tables as they are read, and what is said.
fn dump(arguments: &[&str]) -> (Vec<Value>, String) {
    let output = pinpoint(&[&["dump", "--all"], arguments].concat());
    let dump: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output.stderr)));
    (dump["tables"].as_array().unwrap().clone(), shown(&output.stderr))
}

/// Rows of the tables of this role, and the sum of a column over them.
fn told(tables: &[Value], role: &str, column: &str) -> (usize, f64) {
    let rows: Vec<&Value> =
        tables.iter().filter(|table| table["role"] == role).flat_map(|table| table["rows"].as_array().unwrap()).collect();
    let of_column: Vec<f64> = rows.iter().filter_map(|row| row["values"].get(column)?.as_f64()).collect();
    (of_column.len(), of_column.iter().sum())
}

#[test]
fn people_by_area_sex_and_age() {
    let (tables, said) = dump(&[&file("cod-ps.csv")]);
    assert!(said.contains("layout `cod-ps`"), "{said}");
    // 4,325 + 4,373 + 4,421 + 4,469, and of girls under 5: 310 + 333 + 356 + 379.
    assert_eq!(told(&tables, "population", "population"), (4, 17_588.0));
    assert_eq!(told(&tables, "population", "0-4 - female"), (4, 1_378.0));
    assert_eq!(told(&tables, "population", "80+ - male"), (4, 130.0));
    // Sums of one sex are no part beside its ages.
    assert_eq!(told(&tables, "population", "female").0, 0);
}

#[test]
fn needs_by_area_and_sector() {
    let (tables, said) = dump(&[&file("hno.csv")]);
    assert!(said.contains("layout `hno-sectors`"), "{said}");
    assert_eq!(told(&tables, "population", "population"), (4, 17_800.0));
    assert_eq!(told(&tables, "estimates", "overall.in-need"), (4, 6_680.0));
    // Four AoRs in four areas: 1,440 + 1,210 + 980 + 750 each.
    assert_eq!(told(&tables, "estimates", "in-need"), (16, 17_520.0));
    assert_eq!(told(&tables, "response", "overall.targeted"), (4, 3_340.0));
    // The row of displaced girls is of a part, and no total is made of parts.
    assert!(said.contains("a row of another kind, as the layout says"), "{said}");
}

#[test]
fn needs_by_status_and_a_plan_as_json() {
    let (tables, said) = dump(&[&file("hapi.csv")]);
    assert!(said.contains("layout `hapi-needs`"), "{said}");
    assert!(told(&tables, "population", "population").0 > 0, "{said}");
    let (_, said) = dump(&[&file("plan.json")]);
    assert!(said.contains("layout `hpc-needs`") && said.contains("a plan of the humanitarian programme cycle"), "{said}");
}

#[test]
fn what_no_layout_knows_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let head = "Country ISO3,Description,Cluster,Category,Admin 1 PCode,Population,In Need,Targeted";
    let row = |description: &str, cluster: &str, people: &str| format!("XVI,{description},{cluster},,XV01,{people}");
    let rows = [
        head.to_owned(),
        row("Plan", "ALL", "1000,500,200"),
        row("Protection (total)", "PRO", ",400,100"),
        row("Protection générale", "PRO", ",300,90"),
        row("Protection (générale)", "PRO", ",200,80"),
        row("Protection de l'enfant", "PRO-CPN", ",150,70"),
        row("Santé", "HEA", ",140,60"),
        row("Genre", "PRO_GVB", ",130,50"),
    ];
    let (tables, said) = dump(&[&written(&folder, "needs.csv", &rows.join("\n"))]);
    assert_eq!(told(&tables, "estimates", "overall.in-need"), (1, 400.0), "{said}");
    // General protection and children: 300 + 150.
    assert_eq!(told(&tables, "estimates", "in-need").1 + told(&tables, "estimates", "GP.in-need").1, 450.0, "{said}");
    let unknown: Vec<&str> = said.lines().filter(|line| line.contains("unknown-kind-of-row")).collect();
    assert_eq!(unknown.len(), 2, "{said}");
    assert!(
        unknown[0].contains("cell B5: 1 row says `Protection (générale)`") && unknown[1].contains("cell C8: 1 row says `PRO_GVB`"),
        "{said}"
    );
    // Without the columns that part rows by sex, group and disability nothing is told apart by them.
    let (tables, said) =
        dump(&[&written(&folder, "short.csv", "Sector,Admin 1 PCode,Population,In Need\nALL,XV01,900,500\nPRO,XV01,,400")]);
    assert!(said.contains("layout `hno-sectors`"), "{said}");
    assert_eq!((told(&tables, "population", "population"), told(&tables, "estimates", "overall.in-need")), ((1, 900.0), (1, 400.0)));
}

#[test]
fn numbers_that_nobody_named_are_checked() {
    let said = shown(&pinpoint(&["check", &file("a2sit.xlsx")]).stdout);
    assert!(said.contains("layout `a2sit`") && said.contains("measures-not-used"), "{said}");
    assert!(said.contains("error[no-population]") && said.contains("--population FILE"), "{said}");
}

#[test]
fn households_of_a_form_come_without_what_tells_persons_apart() {
    let refused = shown(&pinpoint(&["check", &file("form.xlsx")]).stdout);
    assert!(refused.contains("error[identifier-columns]") && refused.contains("`hh/phone`"), "{refused}");
    let (tables, said) = dump(&[&file("form.xlsx"), "--drop-identifiers"]);
    assert!(said.contains("layout `msna`") && said.contains("identifiers-left-out"), "{said}");
    let table = tables.iter().find(|table| table["role"] == "households").unwrap();
    assert!(table["rows"].as_array().unwrap().is_empty() && table["rows_of_households_withheld"].as_u64().unwrap() > 0);
    let (tables, _) = dump(&[&file("form.xlsx"), "--drop-identifiers", "--households"]);
    let table = tables.iter().find(|table| table["role"] == "households").unwrap();
    assert!(table["rows"][0]["values"].get("weight").is_some());
    assert!(!table.to_string().contains("phone"), "{table}");
}

#[test]
fn a_layout_that_is_named_is_taken_and_one_that_is_not_there_is_said() {
    let said = shown(&pinpoint(&["check", &file("cod-ps.csv"), "--layout", "cod-ps"]).stdout);
    assert!(said.contains("layout `cod-ps`"), "{said}");
    let output = pinpoint(&["check", &file("cod-ps.csv"), "--layout", "cod-pp"]);
    let said = shown(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert!(said.contains("did you mean `cod-ps`?") && said.contains("`jiaf-tool3`"), "{said}");
}

/// A first context, with the country filled in.
fn first_context(input: &str, name: &str) -> (tempfile::TempDir, PathBuf, String) {
    let output = pinpoint(&["context", input]);
    let text = shown(&output.stdout);
    assert!(output.status.success(), "{}", shown(&output.stderr));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text.replace("country = \"XXX\"", "country = \"XVA\"")).unwrap();
    (folder, path, text)
}

#[test]
fn a_first_context_reads_the_file_that_it_was_made_of() {
    let (_folder, context, text) = first_context(&file("cod-ps.csv"), "context.toml");
    assert!(text.contains("`--layout cod-ps` reads as it is") && text.contains("leaf-columns = \"sex-and-age\""), "{text}");
    let (tables, said) = dump(&[&file("cod-ps.csv"), "--context", context.to_str().unwrap()]);
    assert_eq!(told(&tables, "population", "population"), (4, 17_588.0), "{said}");
    assert_eq!(told(&tables, "population", "0-4 - female"), (4, 1_378.0), "{said}");
}

#[test]
fn a_first_context_of_our_own_workbook_gives_the_same_figures() {
    let workbook = "fixtures/two-islands/workbook.xlsx";
    let (folder, context, text) = first_context(workbook, "first.toml");
    assert!(text.contains("# column") && text.contains("by its name"), "{text}");
    let own = std::fs::read_to_string(root().join("fixtures/two-islands/context.toml")).unwrap();
    // What a country says beside its tables.
    let tables = std::fs::read_to_string(&context).unwrap();
    let tables = tables.split_once("[[table]]").map(|(_, tables)| format!("\n[[table]]{tables}")).unwrap();
    std::fs::write(&context, own + &tables).unwrap();
    let figures = |context: &str, out: &str| {
        let out = folder.path().join(out);
        let output = pinpoint(&["analyse", workbook, "--context", context, "--format", "csv", "--out", out.to_str().unwrap()]);
        assert!(output.status.success(), "{}", shown(&output.stderr));
        std::fs::read_to_string(out.join("figures.csv")).unwrap()
    };
    assert_eq!(figures("fixtures/two-islands/context.toml", "a"), figures(context.to_str().unwrap(), "b"));
}

#[test]
fn a_first_context_says_what_is_not_sure() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    std::fs::write(&path, "Populaton of the isles,,,\nadmin2_pcode,population_grop,population,wells\nXV0101,IDPs,10,3\n").unwrap();
    let (_folder, _, text) = first_context(path.to_str().unwrap(), "context.toml");
    assert!(text.contains("header-row = 2") && text.contains("role = \"population\""), "{text}");
    assert!(text.contains("# group = [\"population_grop\"]") && text.contains("nearly: is it this one?"), "{text}");
    assert!(text.contains("# column D: \"wells\" is not matched"), "{text}");
}

fn written(folder: &tempfile::TempDir, name: &str, text: &str) -> String {
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn ages_are_held_against_the_sexes_and_one_sex_is_nobodys_population() {
    let folder = tempfile::tempdir().unwrap();
    let gap = written(&folder, "gap.csv", "ADM1_PCODE,F_TL,M_TL,F_00_04,F_10Plus,M_00_04,M_10Plus\nXV01,100,90,30,40,25,35\n");
    let (tables, said) = dump(&[&gap]);
    assert!(said.contains("layout `cod-ps`"), "{said}");
    assert_eq!(told(&tables, "population", "0-4 - female"), (1, 30.0));
    let said = shown(&pinpoint(&["check", &gap]).stdout);
    // 30 + 40 + 25 + 35, and 100 + 90.
    assert!(said.contains("the parts add up to 130, the total says 190"), "{said}");
    assert!(!said.contains("F_TL` is not read"), "{said}");
    let women = written(&folder, "women.csv", "ADM1_PCODE,ADM1_EN,F_15_49\nXV01,Isle,100\n");
    let (tables, _) = dump(&[&women]);
    assert_eq!(told(&tables, "population", "15-49 - female").0, 0);
}

#[test]
fn a_second_file_brings_the_people_and_the_first_keeps_its_layout() {
    let folder = tempfile::tempdir().unwrap();
    let people = written(&folder, "population.csv", "admin1_pcode,admin2_pcode,population_group,population\nXA01,XA0101,IDP,100\n");
    let (tables, said) = dump(&[&file("form.xlsx"), "--drop-identifiers", "--population", &people]);
    assert!(said.contains("layout `msna`"), "{said}");
    assert_eq!(told(&tables, "population", "population"), (1, 100.0));
    let households = tables.iter().find(|table| table["role"] == "households").unwrap();
    assert!(households["rows_of_households_withheld"].as_u64().unwrap() > 0, "{households}");
    // And the other way round: our own workbook with the people of a population table.
    let own = "fixtures/two-islands/workbook.xlsx";
    let (tables, said) = dump(&[
        own,
        "--population",
        &file("cod-ps.csv"),
        "--context",
        &written(&folder, "c.toml", "format = 1\n[context]\ncountry = \"XAA\"\n"),
    ]);
    assert!(said.contains("layout `cod-ps`"), "{said}");
    assert_eq!(told(&tables, "population", "population"), (4, 17_588.0));
}

#[test]
fn a_second_file_brings_people_and_no_rules() {
    let folder = tempfile::tempdir().unwrap();
    // People in need by shares, 20 % of 4,000; a layout of needs would take given figures alone.
    let own = folder.path().join("own");
    std::fs::create_dir(&own).unwrap();
    let shares = "pcode,scope,code,phase1,phase2,phase3,phase4,phase5,source,date\nXA0101,overall,,0.5,0.3,0.2,0,0,survey,2026-01-01\n";
    std::fs::write(own.join("shares.csv"), shares).unwrap();
    let input = own.to_str().unwrap();
    let context = written(&folder, "country.toml", "format = 1\n[context]\ncountry = \"XAA\"\n");
    let out = folder.path().join("out");
    let needs = file("hno.csv");
    let output = pinpoint(&[
        "analyse",
        input,
        "--population",
        &needs,
        "--context",
        &context,
        "--framework",
        "household-20pct",
        "--format",
        "csv",
        "--out",
        out.to_str().unwrap(),
    ]);
    let said = shown(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("people and areas of the second file are read by the layout `hno-sectors`"), "{said}");
    let figures = std::fs::read_to_string(out.join("figures.csv")).unwrap();
    let of_area = figures.lines().find(|line| line.starts_with("XA0101,") && line.contains(",overall,PRO-OVE,")).unwrap();
    assert!(of_area.contains(",4000,2000,800,"), "{of_area}");
}

#[test]
fn a_context_that_only_names_the_country_keeps_the_rules_of_the_layout() {
    let folder = tempfile::tempdir().unwrap();
    let context = written(&folder, "country.toml", "format = 1\n[context]\ncountry = \"XAA\"\n");
    let out = folder.path().join("out");
    let figures = |context: &[&str]| {
        let input = file("hno.csv");
        let output = pinpoint(&[&["analyse", &input, "--format", "csv", "--out", out.to_str().unwrap()], context].concat());
        assert!(output.status.success(), "{}", shown(&output.stderr));
        let figures = std::fs::read_to_string(out.join("figures.csv")).unwrap();
        let header: Vec<&str> = figures.lines().next().unwrap().split(',').collect();
        let at = |name: &str| header.iter().position(|column| *column == name).unwrap();
        let country = figures.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let overall = country.into_iter().find(|row| row[at("level")] == "0" && row[at("scope")] == "overall").unwrap();
        overall[at("in_need")].clone()
    };
    // 1,670 in each of four areas, as they are given.
    assert_eq!(figures(&[]), "6680");
    assert_eq!(figures(&["--context", &context]), "6680");
}

#[test]
fn sheets_that_nothing_reads_are_named() {
    let said = shown(&pinpoint(&["check", &file("tables.xlsx"), "--framework", "fixtures/corpus/framework", "--all"]).stdout);
    assert!(!said.contains("layout-chosen"), "{said}");
}

#[test]
fn a_column_of_conditions_under_another_name_is_no_column_to_leave_out() {
    let folder = tempfile::tempdir().unwrap();
    let own = std::fs::read_to_string(root().join(file("hno.csv"))).unwrap();
    let path = folder.path().join("hno.csv");
    let said = |from: &str, to: &str| {
        std::fs::write(&path, own.replacen(from, to, 1)).unwrap();
        shown(&pinpoint(&["check", "--all", "--layout", "hno-sectors", path.to_str().unwrap()]).stdout)
    };
    assert!(!said("Sector", "Sector").contains("words of `gender`"));
    let found = said("Gender", "Sexe");
    assert!(
        found.contains("error[missing-column] sheet `hno`, cell D1: `Sexe` holds nothing but words of `gender`, such as `f`"),
        "{found}"
    );
}

#[test]
fn headers_may_stand_a_row_lower_where_the_layout_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a2sit.xlsx");
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet().set_name("Data").unwrap();
    sheet.write_string(0, 0, "Guatemala").unwrap();
    for (row, cells) in [(5, ["admin2Pcode", "Name", "Conflict"]), (6, ["GT0101", "Guatemala", "3"]), (7, ["GT0102", "Mixco", "4"])] {
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    workbook.save(&path).unwrap();
    let people = folder.path().join("people.csv");
    std::fs::write(&people, "pcode,population\nGT0101,10\nGT0102,20\n").unwrap();
    let said = shown(&pinpoint(&["check", "--all", path.to_str().unwrap(), "--population", people.to_str().unwrap()]).stdout);
    let message = "cell A6: headers found in row 6, and not in row 5 as the layout has them";
    assert!(said.contains(message) && said.contains(" 0 errors"), "{said}");
}
