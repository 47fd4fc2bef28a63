//! The program as an analyst runs it: exit codes, what is printed, what is written and what is left alone.

#![expect(clippy::expect_used, reason = "a helper of a test may fail the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

const FILES: [&str; 6] = ["analysis.json", "audit.csv", "figures.csv", "needs_wide.csv", "results.xlsx", "severity.csv"];

/// A folder of its own for one test; everything is run in it.
struct Place {
    folder: TempDir,
}

/// What a run gave back.
struct Done {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
        self
    }

    /// A small sound input in `in/`.
    fn sound() -> Self {
        let place = Self::new();
        place
            .write("in/areas.csv", "pcode,name,level,parent_pcode\nXV01,Great Island,1,\nXV0101,North Cape,2,XV01\n")
            .write("in/population.csv", "pcode,population_group,population\nXV0101,IDPs,1000\nXV0101,Residents,4000\n")
            .write("in/indicators.csv", "pcode,population_group,movement-fear\nXV0101,IDPs,20\nXV0101,Residents,35\n");
        place
    }

    /// The same, with the minimal framework beside it in `rules/`.
    fn with_rules() -> Self {
        let place = Self::sound();
        for name in ["framework.toml", "indicators.toml", "coefficients.toml"] {
            let text = fs::read_to_string(fixture("frameworks/valid/minimal").join(name)).expect("a file");
            place.write(&format!("rules/{name}"), &text);
        }
        place
    }

    fn run(&self, args: &[&str]) -> Done {
        self.command(args, &[])
    }

    fn command(&self, args: &[&str], env: &[(&str, &str)]) -> Done {
        let done = Command::new(env!("CARGO_BIN_EXE_pinpoint"))
            .args(args)
            .envs(env.iter().copied())
            .current_dir(self.folder.path())
            .output()
            .expect("the program runs");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Done { code: done.status.code().unwrap_or(-1), out: text(done.stdout), err: text(done.stderr) }
    }

    fn files(&self, folder: &str) -> Vec<String> {
        let entries = fs::read_dir(self.path(folder)).expect("the folder is there");
        let mut names: Vec<String> = entries.map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    /// Runs an input that must be refused with this finding, and looks that nothing was written.
    fn refuses(&self, args: &[&str], finding: &str) {
        let done = self.run(args);
        assert_eq!(done.code, 1, "{}{}", done.out, done.err);
        assert!(done.err.contains(finding), "`{finding}` is not in:\n{}", done.err);
        assert!(done.out.contains("nothing was written"), "{}", done.out);
        assert!(!self.path("out").exists(), "an output folder was made");
    }
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn shown(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// Analyses two islands into `out`.
fn two_islands(place: &Place, more: &[&str]) -> Done {
    let workbook = fixture("two-islands/workbook.xlsx");
    place.run(&[&["analyse", shown(&workbook)], more].concat())
}

#[test]
fn two_islands_is_analysed_and_six_files_are_written() {
    let place = Place::new();
    let done = two_islands(&place, &[]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert_eq!(place.files("out"), FILES);
    for part in
        ["in need of protection", "of the population", "Child Protection", "units by overall phase", "findings: 0 errors", "figures.csv"]
    {
        assert!(done.out.contains(part), "`{part}` is not in:\n{}", done.out);
    }
}

#[test]
fn no_colours_where_no_person_looks_or_none_are_wanted() {
    let place = Place::sound();
    let args = ["analyse", "in", "--out", "out"];
    for done in [place.run(&args), place.command(&args, &[("NO_COLOR", "1")])] {
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(!done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'), "{}{}", done.out, done.err);
    }
}

#[test]
fn json_is_valid_and_says_the_same() {
    let place = Place::new();
    let done = two_islands(&place, &["--json"]);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert!(value["key_figures"]["in_need"].as_f64().unwrap() > 1000.0);
    assert_eq!(value["written"].as_array().unwrap().len(), FILES.len());
    for finding in value["findings"].as_array().unwrap() {
        assert!(finding["help"].as_str().is_some_and(|help| !help.is_empty()), "{finding}");
    }
    place.write("bad/population.csv", "pcode,population\nXV01,many\n");
    let done = place.run(&["check", "bad", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!((done.code, value["findings"][0]["code"].as_str().unwrap()), (1, "not-a-number"));
    assert!(value["key_figures"].is_null());
}

#[test]
fn only_the_formats_that_are_asked_for_are_written() {
    for (format, files) in [
        ("csv", &["audit.csv", "figures.csv", "needs_wide.csv", "severity.csv"][..]),
        ("json", &["analysis.json"]),
        ("xlsx,json", &["analysis.json", "results.xlsx"]),
    ] {
        let place = Place::sound();
        assert_eq!(place.run(&["analyse", "in", "--format", format]).code, 0);
        assert_eq!(place.files("out"), files, "--format {format}");
    }
}

#[test]
fn the_account_says_of_which_area_and_figure_a_cell_speaks() {
    let place = Place::new();
    let _ = two_islands(&place, &["--format", "csv"]);
    let account = fs::read_to_string(place.path("out/audit.csv")).unwrap();
    // Sheet `decisions` of the example changes 66,735 people into 52,000 and a phase of 3 into one of 4; sheet `shares`
    // has five shares of XV0201 that add up to 1.0001; nothing is said of detentions for the displaced in XV0101.
    for line in [
        "overridden,decisions,row 3,XV0104,,Residents,GP,in_need 66735 became 52000",
        "overridden,decisions,row 2,XV0107,,IDPs,GBV,phase 3 became 4",
        "repaired,shares,F4,XV0201,,IDPs,,the five shares divided by their sum",
        "missing,indicators,D3,XV0101,,IDPs,detention-abduction-rate,\"nothing, or what counts as missing\"",
    ] {
        assert!(account.lines().any(|known| known == line), "{line}\n{account}");
    }
}

#[test]
fn no_output_names_a_folder_of_this_machine() {
    let place = Place::sound();
    let done = place.run(&["analyse", shown(&place.path("in")), "--out", shown(&place.path("out"))]);
    assert_eq!(done.code, 0, "{}", done.err);
    let here = place.folder.path().file_name().unwrap().to_string_lossy().into_owned();
    for name in place.files("out") {
        let bytes = fs::read(place.path("out").join(&name)).unwrap();
        for word in [here.as_str(), env!("CARGO_MANIFEST_DIR")] {
            assert!(!bytes.windows(word.len()).any(|part| part == word.as_bytes()), "{name} holds `{word}`");
        }
    }
    // A workbook is packed; its texts are looked at as cells.
    let read =
        pinpoint::io::read_input::read_input(&place.path("out/results.xlsx"), &|_| true, pinpoint::io::read_input::How::default()).unwrap();
    for sheet in &read.workbook.sheets {
        for (_, value) in sheet.rows().flat_map(|row| row.cells()) {
            assert!(!format!("{value:?}").contains(&here), "sheet {}: {value:?}", sheet.name);
        }
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let place = Place::sound();
    for out in ["a", "b"] {
        assert_eq!(place.run(&["analyse", "in", "--as-of", "2026-01-31", "--out", out]).code, 0);
    }
    for name in FILES {
        let [a, b] = ["a", "b"].map(|out| fs::read(place.path(out).join(name)).unwrap());
        assert!(a == b, "{name} differs");
    }
}

#[test]
fn check_says_what_is_wrong_and_writes_nothing() {
    let place = Place::sound();
    let done = place.run(&["check", "in"]);
    assert_eq!(done.code, 0, "{}{}", done.out, done.err);
    assert!(done.out.contains("findings: 0 errors"), "{}", done.out);
    place.write("in/indicators.csv", "pcode,population_group,movement-fear\nXV0101,IDPs,\"about, 20\"\nXV0109,,15\n");
    let done = place.run(&["check", "in"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("error[not-a-number] sheet `indicators`, cell C2"), "{}", done.out);
    assert!(done.out.contains("error[unknown-p-code] sheet `indicators`, cell A3"), "{}", done.out);
    assert_eq!(place.files("."), ["in"]);
}

#[test]
fn a_wrong_command_line_is_exit_2() {
    let place = Place::sound();
    for args in [
        &["analyse"][..],
        &["check"],
        &["check", "--json"],
        &["check", "in", "--cases"],
        &["analize", "in"],
        &["analyse", "in", "--fromat", "csv"],
        &["analyse", "in", "--format", "pdf"],
        &["analyse", "in", "--as-of", "31.12.2025"],
        &["analyse", "in", "--as-of", "2025-13-01"],
        &["analyse", "in", "--as-of", "2025-02-29"],
        &["schema", "nothing"],
        &[],
    ] {
        let done = place.run(args);
        assert_eq!(done.code, 2, "{args:?}: {}", done.err);
        assert!(done.err.contains("Usage") || done.err.contains("--help"), "{args:?}: {}", done.err);
        assert!(done.out.is_empty(), "{args:?}");
    }
    assert!(!place.path("out").exists());
}

#[test]
fn the_date_of_the_outputs_can_be_named() {
    let place = Place::sound();
    assert_eq!(place.run(&["analyse", "in", "--as-of", "2024-02-29"]).code, 0);
    assert!(fs::read_to_string(place.path("out/analysis.json")).unwrap().contains("2024-02-29"));
}

#[test]
fn a_file_that_is_not_there_or_not_a_workbook_is_exit_3() {
    let place = Place::sound();
    place.write("notes.xlsx", "these are notes, no workbook").write("page.xls", "<html></html>").write("empty/readme.txt", "");
    place.write("cut/population.csv", "pcode,population\nXV01,\"10\n");
    for (args, said) in [
        (&["analyse", "none.xlsx"][..], "cannot open `none.xlsx`"),
        (&["check", "none.xlsx"], "cannot open `none.xlsx`"),
        (&["analyse", "notes.xlsx"], "`notes.xlsx` is not an Excel workbook"),
        (&["analyse", "page.xls"], "`page.xls` is not an Excel workbook"),
        (&["analyse", "empty"], "the folder `empty` holds no .csv file"),
        (&["analyse", "cut"], "population.csv`, line"),
        (&["analyse", "in", "--context", "none.toml"], "cannot open `none.toml`"),
        (&["analyse", "in", "--population", "none.xlsx"], "cannot open `none.xlsx`"),
        (&["analyse", "in", "--framework", "area-coeficient"], "did you mean `area-coefficient`?"),
        (&["frameworks", "check", "none"], "there is no framework `none`"),
        (&["check", "--cases", "none"], "there is no framework `none`"),
        (&["analyse", "in", "--out", "notes.xlsx"], "cannot write `notes.xlsx`"),
    ] {
        let done = place.run(args);
        assert_eq!(done.code, 3, "{args:?}: {}{}", done.out, done.err);
        assert!(done.err.starts_with("error: ") && done.err.contains(said), "{args:?}: {}", done.err);
    }
    assert!(!place.path("out").exists());
}

#[test]
fn outputs_of_before_stay_as_they_are_when_an_error_is_found() {
    let place = Place::sound();
    assert_eq!(place.run(&["analyse", "in"]).code, 0);
    let before: Vec<Vec<u8>> = FILES.iter().map(|name| fs::read(place.path("out").join(name)).unwrap()).collect();
    place.write("in/population.csv", "pcode,population_group,population\nXV0101,IDPs,many\nXV0101,Residents,4000\n");
    let done = place.run(&["analyse", "in"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("nothing was written"), "{}", done.out);
    assert_eq!(place.files("out"), FILES);
    let after: Vec<Vec<u8>> = FILES.iter().map(|name| fs::read(place.path("out").join(name)).unwrap()).collect();
    assert!(before == after);
}

#[test]
fn what_is_wrong_in_a_table_is_said_with_its_cell_and_what_to_do() {
    for (file, text, finding) in [
        (
            "population.csv",
            "pcode,people_living_here\nXV0101,1000\n",
            "error[missing-column] sheet `population`: row 1 has no column `population`. Add the column",
        ),
        ("population.csv", "pcode,population\n", "error[empty-sheet] sheet `population`: no row holds data"),
        (
            "indicators.csv",
            "pcode,movement-fear\nXV0110,20\n",
            "error[unknown-p-code] sheet `indicators`, cell A2: `XV0110` is not among the admin areas; did you mean `XV0101`? Add the area",
        ),
        (
            "indicators.csv",
            "pcode,movement-fear\nXV0101,20\nXV0101,30\n",
            "error[duplicate-row] sheet `indicators`, cell A3: this area and group stand here and in sheet `indicators`, row 2. Keep one",
        ),
        (
            "indicators.csv",
            "pcode,movement-fear\nXV0101,a lot\n",
            "error[not-a-number] sheet `indicators`, cell B2: column `movement-fear`: `a lot` is not a number. Write a plain number",
        ),
    ] {
        Place::sound().write(&format!("in/{file}"), text).refuses(&["analyse", "in"], finding);
    }
}

#[test]
fn a_population_that_is_no_number_is_said_once_and_with_what_may_be_meant() {
    let place = Place::sound();
    place.write("in/population.csv", "pcode,population_group,population\nXV0101,IDPs,\"20,500\"\nXV0101,Residents,4000\n");
    let done = place.run(&["analyse", "in"]);
    assert_eq!(done.code, 1);
    let errors: Vec<&str> = done.err.lines().filter(|line| line.starts_with("error")).collect();
    let said =
        "error[not-a-number] sheet `population`, cell C2: column `population`: `20,500` is not a number; is `20500` or `20.500` meant?";
    assert!(matches!(errors.as_slice(), [one] if one.starts_with(said)), "{errors:?}");
}

#[test]
fn many_findings_of_a_kind_are_counted_or_all_shown() {
    let place = Place::sound();
    let rows: String = (1..=8).map(|at| format!("XV09{at:02},IDPs,20\n")).collect();
    place.write("in/indicators.csv", &format!("pcode,population_group,movement-fear\n{rows}"));
    let few = place.run(&["check", "in"]).out;
    assert_eq!(few.matches("error[unknown-p-code] sheet").count(), 5, "{few}");
    assert!(few.contains("error[unknown-p-code] … and 3 more like it; --all shows them"), "{few}");
    let all = place.run(&["check", "in", "--all"]).out;
    assert_eq!(all.matches("error[unknown-p-code] sheet").count(), 8, "{all}");
    assert!(!all.contains("more like it"), "{all}");
}

#[test]
fn files_of_an_earlier_run_are_replaced_and_it_is_said() {
    let place = Place::sound();
    let first = place.run(&["analyse", "in", "--format", "json"]).out;
    assert!(!first.contains("in place of"), "{first}");
    let second = place.run(&["analyse", "in", "--format", "json"]).out;
    assert!(second.contains("analysis.json (in place of the one that stood there)"), "{second}");
}

#[test]
fn a_single_table_can_be_checked_and_makes_no_figures() {
    let place = Place::sound();
    for name in ["population.csv", "indicators.csv"] {
        let done = place.run(&["check", &format!("in/{name}")]);
        assert_eq!(done.code, 0, "{}", done.out);
        place.refuses(&["analyse", &format!("in/{name}")], "error[missing-sheet] this is a single table, and figures rest on several");
    }
    // Under another name it is known by its headers.
    fs::rename(place.path("in/population.csv"), place.path("people of 2026.csv")).unwrap();
    let done = place.run(&["check", "in/indicators.csv", "--population", "people of 2026.csv"]);
    assert!(done.out.contains("read as the table `population`, of which it has"));
    assert_eq!(place.run(&["analyse", "in", "--population", "people of 2026.csv", "--out", "out"]).code, 0);
}

#[test]
fn what_was_read_is_printed_with_its_rows() {
    let place = Place::sound();
    let done = place.run(&["dump", "in"]);
    assert_eq!(done.code, 0, "{}", done.err);
    let read: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    let population = read["tables"].as_array().unwrap().iter().find(|table| table["table"] == "population").unwrap();
    let first = &population["rows"][0];
    assert_eq!((first["row"].as_u64(), &first["values"]["pcode"]), (Some(2), &serde_json::json!("XV0101")));
    assert!(first["values"]["population"].is_number(), "{first}");
}

/// Workbooks of old kinds are read by the program itself, started once more. There are none that we could write; what is no
/// such workbook is told all the same.
#[test]
fn a_workbook_of_an_old_kind_that_is_damaged_is_refused() {
    let place = Place::sound();
    let magic = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    fs::write(place.path("old.xls"), [&magic[..], &[7; 4000]].concat()).unwrap();
    let done = place.run(&["check", "old.xls"]);
    assert_eq!(done.code, 3);
    assert!(done.err.contains("it is damaged, or needs more memory than any workbook of its kind"), "{}", done.err);
}

#[test]
fn a_missing_sheet_is_said_with_those_that_are_there() {
    let place = Place::sound();
    fs::rename(place.path("in/population.csv"), place.path("in/populaton.csv")).unwrap();
    place.refuses(&["analyse", "in"], "error[no-population] no sheet holds the population; the workbook has `areas`, `indicators`, `populaton`; did you mean `populaton`?");
}

#[test]
fn what_is_wrong_in_a_context_is_said_with_line_and_column() {
    let place = Place::sound();
    place.write("context.toml", "format = 1\n\n[context]\ncountry = \"XVA\"\nlanguge = \"en\"\n\n[chekcs]\n");
    place.refuses(
        &["analyse", "in"],
        "error[unknown-key] context.toml, line 5, column 11: `languge` is no key of `context`; did you mean `language`? Take the key out",
    );
    place.refuses(&["analyse", "in"], "error[unknown-key] context.toml, line 7");
}

#[test]
fn what_is_wrong_in_a_framework_is_said_with_line_and_column() {
    let place = Place::with_rules();
    place.write("rules/coefficients.toml", "format = 1\n\n[[coefficient]]\nphase = 3\nin-need = 20\nwhy = \"a slip\"\n");
    place.write("rules/framework.toml", "format = 1\n[framework]\nid = \"Rules\"\nversion = \"1\"\nsource = \"a test\"\n");
    let args = ["analyse", "in", "--framework", "rules"];
    place.refuses(&args, "error[bare-share] rules/coefficients.toml, line 5, column 11");
    place.refuses(&args, "error[bad-id] rules/framework.toml, line 3, column 6");
    let done = place.run(&["frameworks", "check", "rules"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("error[bare-share]") && done.out.contains("error[bad-id]"), "{}", done.out);
}

#[test]
fn the_context_beside_the_input_is_taken() {
    let place = Place::with_rules();
    let context = "format = 1\n[context]\ncountry = \"XVA\"\nname = \"Two Islands\"\nframework = \"rules\"\n";
    for name in ["context.toml", "in/context.toml"] {
        place.write(name, context);
        let done = place.run(&["analyse", "in"]);
        assert_eq!(done.code, 0, "{}", done.err);
        assert!(done.out.contains("Two Islands") && done.out.contains("framework minimal 1"), "{}", done.out);
        fs::remove_file(place.path(name)).unwrap();
    }
    // One that is named goes before one that lies there.
    place.write("context.toml", context).write("other.toml", "format = 1\n[context]\ncountry = \"XVB\"\nname = \"Third Island\"\n");
    let done = place.run(&["analyse", "in", "--context", "other.toml"]);
    assert!(done.out.contains("Third Island") && done.out.contains("framework area-coefficient"), "{}", done.out);
}

#[test]
fn sheets_of_a_second_file_go_before_those_of_the_first() {
    let place = Place::sound();
    place.write("people/population.csv", "pcode,population_group,population\nXV0101,IDPs,7000\nXV0101,Residents,9000\n");
    let done = place.run(&["analyse", "in", "--population", "people"]);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.out.contains("16,000"), "{}", done.out);
    assert!(fs::read_to_string(place.path("out/analysis.json")).unwrap().matches("population.csv").count() >= 2, "both files are named");
}

#[test]
fn frameworks_are_listed_shown_and_checked() {
    let place = Place::with_rules();
    let done = place.run(&["frameworks", "list"]);
    assert_eq!(done.code, 0);
    for id in ["area-coefficient", "expert-convergence", "household-20pct"] {
        assert!(done.out.contains(id), "{}", done.out);
    }
    let done = place.run(&["frameworks", "show", "area-coefficient"]);
    assert!(done.code == 0 && done.out.contains("[framework]") && done.out.contains("coefficients.toml"), "{}", done.out);
    let done = place.run(&["frameworks", "check", "rules"]);
    assert!(done.code == 0 && done.out.contains("is sound: 2 indicators"), "{}", done.out);
    let done = place.run(&["frameworks", "show", "area-coefficient", "--out", "ours"]);
    assert!(done.code == 0 && place.path("ours/cases").is_dir(), "{}{}", done.out, done.err);
    let done = place.run(&["frameworks", "check", "ours"]);
    assert!(done.code == 0 && done.out.contains("area-coefficient 2026.1 is sound"), "{}{}", done.out, done.err);
    let done = place.run(&["frameworks", "show", "expert-convergence", "--out", "ours"]);
    assert!(done.code == 3 && done.err.contains("ours is there already"), "{}", done.err);
    let done = place.run(&["frameworks", "check", "area-coefficient"]);
    assert!(done.code == 0 && done.out.contains("is sound"), "{}", done.out);
}

#[test]
fn worked_examples_are_run_and_a_wrong_one_is_named() {
    let place = Place::with_rules();
    let done = place.run(&["check", "--cases"]);
    assert!(done.code == 0 && done.out.contains("area-coefficient") && done.out.contains(" cases, 0 findings"), "{}", done.out);
    place.write(
        "rules/cases/fear.toml",
        "[[case]]\nname = \"too mild\"\ngiven = { people = 1000, movement-fear = 15 }\nexpect = { indicator.movement-fear = 2 }\n",
    );
    let done = place.run(&["check", "--cases", "rules"]);
    assert_eq!(done.code, 1);
    assert!(done.out.contains("error[case-fails] rules/cases/fear.toml, line 1, column 1: case `too mild`"), "{}", done.out);
}

#[test]
fn schemas_are_json() {
    let place = Place::new();
    for kind in ["framework", "indicators", "coefficients", "risks", "cases", "context", "analysis"] {
        let done = place.run(&["schema", kind]);
        assert_eq!(done.code, 0);
        let value: serde_json::Value = serde_json::from_str(&done.out).unwrap();
        assert!(value["$schema"].is_string(), "{kind}");
    }
}

#[test]
fn completions_help_and_version_are_printed() {
    let place = Place::new();
    for (args, said) in [
        (&["completions", "bash"][..], "complete -F _pinpoint"),
        (&["completions", "fish"], "complete -c pinpoint"),
        (&["--help"], "Exit codes: 0 done"),
        (&["--version"], "pinpoint "),
    ] {
        let done = place.run(args);
        assert!(done.code == 0 && done.out.contains(said), "{args:?}: {}", done.out);
    }
}

#[test]
fn a_context_raises_a_warning_to_an_error() {
    let place = Place::sound();
    place.write("in/response.csv", "pcode,population_group,aor,targeted,reached\nXV0101,IDPs,GP,900,\n");
    let done = place.run(&["analyse", "in"]);
    assert!(done.code == 0 && done.err.contains("warning[target-above-in-need]"), "{}", done.err);
    fs::remove_dir_all(place.path("out")).unwrap();
    place.write("context.toml", "format = 1\n[context]\ncountry = \"XVA\"\n[checks]\nraise = [\"target-above-in-need\"]\n");
    place.refuses(&["analyse", "in"], "error[target-above-in-need]");
}

#[test]
fn the_country_comes_first_whatever_its_code() {
    // Without a context the country's code is `country`, and with one it may be its ISO3 code, which sorts after XV01.
    for context in ["", "format = 1\n\n[context]\ncountry = \"XVA\"\n"] {
        let place = Place::sound();
        let country = if context.is_empty() { "country" } else { "XVA" };
        if !context.is_empty() {
            place.write("in/context.toml", context);
        }
        // A judgement for the whole country makes a unit of it.
        place.write(
            "in/judgements.csv",
            &format!(
                "pcode,risk,phase,reason,evidence,decided_by,date\n{country},PR08,3,seen,report 12,the group,2025-11-03\nXV0101,PR08,4,seen,report 13,the group,2025-11-03\n"
            ),
        );
        let done = place.run(&["analyse", "in"]);
        assert_eq!(done.code, 0, "{}{}", done.out, done.err);
        let codes = |file: &str| {
            let text = fs::read_to_string(place.path("out").join(file)).unwrap();
            let mut codes: Vec<String> = text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect();
            codes.dedup();
            codes
        };
        assert_eq!(codes("figures.csv"), [country, "XV01", "XV0101"]);
        assert_eq!(codes("severity.csv"), [country, "XV0101"]);
        let read =
            pinpoint::io::read_input::read_input(&place.path("out/results.xlsx"), &|_| true, pinpoint::io::read_input::How::default())
                .unwrap();
        for (name, listed) in [("PiN by area", &[country, "XV01", "XV0101"][..]), ("Evidence matrix", &[country, "XV0101"])] {
            let sheet = read.workbook.sheets.iter().find(|sheet| *sheet.name == *name).unwrap();
            let first = |row: pinpoint::table::sheet::Row<'_>| format!("{:?}", row.get(1));
            let mut found: Vec<String> =
                sheet.rows().map(first).filter(|text| text.contains("XV") || text.contains("\"country\"")).collect();
            found.dedup();
            assert_eq!(found, listed.iter().map(|code| format!("Text({code:?})")).collect::<Vec<_>>(), "{name}");
        }
    }
}

#[test]
fn provenance_in_json_is_an_object_with_names() {
    use sha2::Digest as _;
    let place = Place::sound();
    let context = "format = 1\n\n[context]\ncountry = \"XVA\"\nas-of = \"2026-01-31\"\n\n[severity]\nleast-coverage = \"40%\"\nwhy = \"made up for tests\"\n";
    let population = fs::read(place.path("in/population.csv")).unwrap();
    let digest = |bytes: &[u8]| sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let read = |place: &Place| -> serde_json::Value {
        let done = place.run(&["analyse", "in", "--format", "json"]);
        assert_eq!(done.code, 0, "{}{}", done.out, done.err);
        serde_json::from_slice(&fs::read(place.path("out/analysis.json")).unwrap()).unwrap()
    };
    let bare = &read(&place)["provenance"];
    assert!(bare["context"].is_null() && bare["as_of"].is_null() && bare["changes"] == serde_json::json!([]), "{bare}");

    place.write("in/context.toml", context);
    let document = read(&place);
    let found = &document["provenance"];
    let keys: Vec<&str> = found.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys.len(), 6, "{keys:?}");
    assert_eq!(found["engine"], format!("pinpoint {}", env!("CARGO_PKG_VERSION")));
    assert_eq!((&found["framework"]["id"], &found["framework"]["version"]), (&"area-coefficient".into(), &"2026.1".into()));
    assert_eq!(found["framework"]["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(found["context"], serde_json::json!({ "file": "context.toml", "sha256": digest(context.as_bytes()) }));
    let inputs = found["inputs"].as_array().unwrap();
    assert!(inputs.contains(&serde_json::json!({ "file": "population.csv", "sha256": digest(&population) })), "{inputs:?}");
    assert_eq!(found["as_of"], "2026-01-31");
    assert_eq!(found["changes"], serde_json::json!([{ "part": "severity", "why": "made up for tests" }]));

    // Every key at the top is described.
    let formats = fs::read_to_string(fixture("../docs/formats.md")).unwrap();
    for key in document.as_object().unwrap().keys() {
        assert!(formats.contains(&format!("\n| `{key}` | ")), "docs/formats.md does not describe `{key}`");
    }
}
