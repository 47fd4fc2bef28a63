//! Household surveys against the outputs of other programs: scores, shares and people of a peer, estimates, standard errors
//! and intervals of R's `survey` package. Where their files are not beside the project, each test says that it is skipped.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

#[path = "../common/mod.rs"]
mod common;
mod likelihood;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use common::{analyse, root, text};
use pinpoint::domain::{Phase, Scope};
use pinpoint::io::read_input::How;
use pinpoint::run::Inputs;
use pinpoint::stage::Analysis;
use pinpoint::stage::survey::estimates::{Domain, Estimate};
use pinpoint::stage::survey::phases::phases_of_indicator;

type Row = BTreeMap<String, String>;

fn vectors(name: &str, test: &str) -> Option<PathBuf> {
    let folder = root().join("../shared/vectors").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    let _ = writeln!(std::io::stderr(), "skipped: {test}: no vectors beside the project");
    None
}

fn table(path: &Path) -> Vec<Row> {
    let rows = common::rows(&text(path));
    let (header, rows) = rows.split_first().unwrap();
    rows.iter().map(|row| header.iter().cloned().zip(row.iter().cloned()).collect()).collect()
}

fn number(row: &Row, column: &str) -> f64 {
    row[column].parse().unwrap_or(f64::NAN)
}

/// Whether two numbers are the same to a relative difference.
fn same(a: f64, b: f64, relative: f64) -> bool {
    (a - b).abs() <= relative * a.abs().max(b.abs()).max(1e-12)
}

fn run(input: &Path, framework: &Path, context: &str) -> Analysis {
    let inputs = Inputs {
        input: input.to_owned(),
        framework: Some(framework.to_string_lossy().into_owned()),
        context: Some(root().join("fixtures/contexts").join(context)),
        ..Inputs::default()
    };
    analyse(&inputs).analysis.unwrap()
}

/// The phases of every household, by the id of the indicator.
fn of_indicators(analysis: &Analysis) -> BTreeMap<String, Vec<u8>> {
    let Analysis { rules, survey, cells, areas, .. } = analysis;
    let asked = rules.indicators.entries().filter(|(id, _)| survey.is_asked(*id));
    asked.map(|(id, of)| (of.id.clone(), phases_of_indicator(id, survey, cells, areas, rules))).collect()
}

fn fixture(name: &str) -> PathBuf {
    root().join("fixtures/frameworks/valid").join(name)
}

/// A framework of the fixtures with more rules behind it.
fn framework_with(name: &str, rules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in ["framework.toml", "indicators.toml"] {
        std::fs::copy(fixture(name).join(file), folder.path().join(file)).unwrap();
    }
    let framework = folder.path().join("framework.toml");
    std::fs::write(&framework, text(&framework) + rules).unwrap();
    folder
}

fn domain(analysis: &Analysis, area: &str, group: &str) -> Domain {
    let areas = &analysis.areas;
    let area = areas.ids().find(|&id| areas.get(id).pcode.as_str() == area).unwrap_or_else(|| areas.country());
    let groups = analysis.cells.groups();
    Domain::Area(area, groups.ids().find(|&id| groups[id].code.eq_ignore_ascii_case(group)))
}

/// What households say of an area and group overall, or of a risk.
fn estimate<'a>(analysis: &'a Analysis, area: &str, group: &str, risk: Option<&str>) -> &'a Estimate {
    let scope = risk.map_or(Scope::Overall, |risk| Scope::Risk(analysis.rules.risk(risk).unwrap()));
    analysis.estimates.get(domain(analysis, area, group), scope).expect("there are households")
}

#[test]
fn every_household_scores_as_with_the_peer() {
    let Some(folder) = vectors("msna_r1", "every_household_scores_as_with_the_peer") else { return };
    let analysis = run(&folder, &fixture("household-scores"), "msna-r1.toml");
    let expected = table(&folder.join("expected_households.csv"));
    assert_eq!((expected.len(), analysis.survey.len()), (500, 500));
    let mut columns: Vec<(String, Vec<u8>)> =
        of_indicators(&analysis).into_iter().map(|(id, phases)| (format!("comp_prot_score_{id}"), phases)).collect();
    columns.push(("comp_prot_score".to_owned(), analysis.households.of(Scope::Overall).unwrap().to_vec()));
    assert_eq!(columns.len(), 4);
    let mut wrong = String::new();
    for (name, phases) in columns {
        for (row, phase) in expected.iter().zip(phases) {
            let said = if phase == 0 { String::new() } else { phase.to_string() };
            if row[&name] != said {
                let _ = writeln!(wrong, "{} {name}: expected {}, got {said}", row["uuid"], row[&name]);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn shares_and_people_are_those_of_the_peer() {
    let Some(folder) = vectors("msna_r1", "shares_and_people_are_those_of_the_peer") else { return };
    let by_people = framework_with("household-scores", "");
    let rules = text(&by_people.path().join("framework.toml")).replace("weights = \"households\"", "weights = \"people\"");
    std::fs::write(by_people.path().join("framework.toml"), rules).unwrap();
    let by_households = fixture("household-scores");
    for (framework, file) in [(by_households.as_path(), "weight"), (by_people.path(), "weight_people")] {
        let analysis = run(&folder, framework, "msna-r1.toml");
        for row in table(&folder.join(format!("expected_shares_comp_prot_{file}_by_admin2.csv"))) {
            let of = estimate(&analysis, &row["admin2"], "", None);
            assert_eq!((of.asked.to_string(), of.known.to_string()), (row["n_total"].clone(), row["n_valid"].clone()));
            assert!(same(of.weight, number(&row, "w_valid"), 1e-9), "{row:?}: {}", of.weight);
            for (phase, share) in of.in_phase.iter().enumerate() {
                assert!(same(share.share, number(&row, &format!("s{}", phase + 1)), 1e-9), "{row:?}: {share:?}");
            }
            assert!(same(of.in_or_worse[1].share, number(&row, "in_need"), 1e-9));
            assert!(same(of.in_or_worse[2].share, number(&row, "severe"), 1e-9));
        }
    }
    let analysis = run(&folder, &by_households, "msna-r1.toml");
    let figures: BTreeMap<(String, String), (f64, Option<Phase>)> = pinpoint::report::figures::figures(&analysis)
        .filter(|row| row.scope == "overall" && row.sex.is_empty())
        .filter_map(|row| Some(((row.pcode.to_owned(), row.group.to_owned()), (row.in_need?.to_f64(), row.phase))))
        .collect();
    let mut checked = 0;
    for file in ["expected_area_by_admin2_x_pop_group.csv", "expected_area_by_admin2_popweighted.csv"] {
        for row in table(&folder.join(file)) {
            let group = row.get("pop_group").cloned().unwrap_or_default();
            let (in_need, phase) = figures[&(row["admin2"].clone(), group)];
            assert!(same(in_need, number(&row, "pin"), 1e-9), "{row:?}: {in_need}");
            assert_eq!(phase.map(|phase| phase.to_string()).unwrap_or_default(), row["area_severity_20_exact"], "{row:?}");
            checked += 1;
        }
    }
    assert_eq!(checked, 24);
}

/// The survey with people for every area and group, so that there are figures.
fn survey_s1(folder: &Path) -> tempfile::TempDir {
    let input = tempfile::tempdir().unwrap();
    std::fs::copy(folder.join("s1_input.csv"), input.path().join("s1_input.csv")).unwrap();
    let mut population = String::from("admin1,admin2,pop_group,population\n");
    let mut cells: Vec<[String; 3]> =
        table(&folder.join("s1_input.csv")).iter().map(|row| ["admin1", "admin2", "pop_group"].map(|name| row[name].clone())).collect();
    cells.sort();
    cells.dedup();
    for [admin1, admin2, group] in cells {
        let _ = writeln!(population, "{admin1},{admin2},{group},1000");
    }
    std::fs::write(input.path().join("population.csv"), population).unwrap();
    input
}

#[test]
fn estimates_errors_and_intervals_are_those_of_r() {
    let Some(folder) = vectors("survey_s1", "estimates_errors_and_intervals_are_those_of_r") else { return };
    let input = survey_s1(&folder);
    let beta = framework_with("household-phase", "\n[survey]\ninterval = \"beta\"\n");
    let xlogit = run(input.path(), &fixture("household-phase"), "survey-s1.toml");
    let beta = run(input.path(), beta.path(), "survey-s1.toml");
    let (mut points, mut intervals) = (0, 0);
    for (what, risk, from) in [("in_need", "PR09", Phase::SEVERE), ("severe", "PR12", Phase::new(4).unwrap())] {
        for by in ["by_admin2", "by_pop_group", "by_admin2_x_pop_group", "overall"] {
            for row in table(&folder.join(format!("s1_expected_{what}_{by}.csv"))) {
                let (area, group) = (row.get("admin2").map_or("", String::as_str), row.get("pop_group").map_or("", String::as_str));
                let of = estimate(&xlogit, area, group, Some(risk));
                let share = of.from(from).unwrap();
                let said = format!("{what} {by}: {area} {group}");
                assert!(same(share.share, number(&row, "est"), 1e-9), "{said}: {} {}", share.share, row["est"]);
                // R gives 1e-17 where it is 0.
                let error = number(&row, "se");
                assert!(
                    same(share.error, error, 1e-9) || (error.is_nan() || error < 1e-15) && share.error < 1e-15,
                    "{said}: {} {error}",
                    share.error
                );
                assert_eq!(of.degrees().to_string(), row["degf_domain"], "{said}");
                assert_eq!(
                    (of.known.to_string(), of.clusters.to_string(), of.strata.to_string()),
                    (row["n"].clone(), row["n_psu"].clone(), row["n_strata"].clone())
                );
                if error > 1e-15 {
                    let effect = of.design_effect(from).unwrap();
                    assert!(same(effect, number(&row, "deff"), 1e-9), "{said}: {effect} {}", row["deff"]);
                }
                points += 1;
                for (analysis, kind) in [(&xlogit, "xlogit"), (&beta, "beta")] {
                    let interval = estimate(analysis, area, group, Some(risk)).from(from).unwrap().interval;
                    let (low, high) = (number(&row, &format!("{kind}_low")), number(&row, &format!("{kind}_high")));
                    if of.degrees() == 0 {
                        assert_eq!(interval, None, "{said}: nothing is left to judge by");
                    } else if !low.is_nan() && error > 1e-15 {
                        let interval = interval.unwrap();
                        assert!(
                            (interval.low - low).abs() < 1e-6 && (interval.high - high).abs() < 1e-6,
                            "{said} {kind}: {interval:?} {low} {high}"
                        );
                        intervals += 1;
                    }
                }
            }
        }
    }
    for row in table(&folder.join("s1_expected_severity_distribution_by_admin2.csv")) {
        for (at, share) in estimate(&xlogit, &row["admin2"], "", Some("PR15")).in_phase.iter().enumerate() {
            let (expected, error) = (number(&row, &format!("sevf{}", at + 1)), number(&row, &format!("se.sevf{}", at + 1)));
            assert!(
                same(share.share, expected, 1e-9) && (same(share.error, error, 1e-9) || share.error < 1e-15 && error < 1e-15),
                "{row:?} {share:?}"
            );
        }
    }
    assert_eq!(points, 2 * (18 + 2 + 36 + 1));
    assert!(intervals > 120, "{intervals}");
    // People in need of people: the ratio of weights by size.
    let by_people = framework_with("household-phase", "\n[survey]\nweights = \"people\"\n");
    let by_people = run(input.path(), by_people.path(), "survey-s1.toml");
    for row in table(&folder.join("s1_expected_people_ratio_by_admin2.csv")) {
        let share = *estimate(&by_people, &row["admin2"], "", Some("PR09")).from(Phase::SEVERE).unwrap();
        assert!(
            same(share.share, number(&row, "ratio_people_in_need"), 1e-9) && same(share.error, number(&row, "se"), 1e-9),
            "{row:?} {share:?}"
        );
    }
}

/// An input folder with these files.
fn input(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn run_own(input: &Path, framework: &Path) -> Analysis {
    let inputs = Inputs { input: input.to_owned(), framework: Some(framework.to_string_lossy().into_owned()), ..Inputs::default() };
    analyse(&inputs).analysis.unwrap()
}

#[test]
fn every_design_is_estimated_as_by_r() {
    let folder = root().join("fixtures/surveys/designs");
    let households = common::rows(&text(&folder.join("households.csv")));
    let people = "pcode,population\nXV0101,1000\nXV0102,1000\nXV0201,1000\nXV0202,1000\n".to_owned();
    let mut checked = 0;
    for (design, without) in [
        ("strata_and_clusters", vec!["fpc"]),
        ("with_fpc", vec![]),
        ("clusters", vec!["fpc", "stratum"]),
        ("strata", vec!["fpc", "cluster"]),
        ("weights", vec!["fpc", "stratum", "cluster"]),
    ] {
        let kept: Vec<usize> = (0..households[0].len()).filter(|&at| !without.contains(&households[0][at].as_str())).collect();
        let rows: Vec<String> =
            households.iter().map(|row| kept.iter().map(|&at| row[at].as_str()).collect::<Vec<_>>().join(",")).collect();
        let files = [("households.csv", rows.join("\n")), ("population.csv", people.clone())];
        let analysis = run_own(input(&files).path(), &fixture("household-phase"));
        for row in table(&folder.join("expected.csv")).iter().filter(|row| row["design"] == design) {
            let of = estimate(&analysis, &row["pcode"], "", Some("PR15"));
            let share = of.from(Phase::SEVERE).unwrap();
            assert!(same(share.share, number(row, "share"), 1e-9) && same(share.error, number(row, "error"), 1e-9), "{row:?} {share:?}");
            assert_eq!((of.known.to_string(), of.degrees().to_string()), (row["n"].clone(), row["degrees"].clone()), "{row:?}");
            let interval = share.interval.unwrap();
            if number(row, "low").is_nan() {
                // Nobody or everybody is in need: one bound is the share itself, the other one is well inside.
                let inner = if share.share == 0.0 { interval.high } else { 1.0 - interval.low };
                assert!(interval.low == 0.0 || interval.high == 1.0, "{row:?} {interval:?}");
                assert!(inner > 0.05 && inner < 1.0, "{row:?} {interval:?}");
            } else {
                assert!((interval.low - number(row, "low")).abs() < 1e-6 && (interval.high - number(row, "high")).abs() < 1e-6, "{row:?}");
            }
            checked += 1;
        }
    }
    assert_eq!(checked, 25);
}

#[test]
fn a_share_on_the_cut_passes_or_not_as_the_comparator_says() {
    let (mut households, mut population, mut areas) =
        (String::from("household_id,pcode,weight,severity\n"), String::from("pcode,population\n"), 0);
    // 20 per cent of the weight, to the last digit, in every area.
    for (worse, all) in [(2, 10), (4, 20), (5, 25), (1, 5), (7, 35), (13, 65)] {
        for weight in ["1", "0.1", "0.3", "2.7", "398.3571", "0.000123", "1.0000001"] {
            areas += 1;
            let _ = writeln!(population, "XV01{areas:02},1000");
            for household in 0..all {
                let phase = if household < worse { 3 } else { 1 };
                let _ = writeln!(households, "h{areas}-{household},XV01{areas:02},{weight},{phase}");
            }
        }
    }
    // And with weights of several sizes: 0.1 + 0.2 of 1.5, 0.18 + 0.02 of 1.
    for (weights, worse) in
        [(vec!["0.1", "0.2", "0.5", "0.7"], 2), (vec!["0.18", "0.02", "0.4", "0.4"], 2), (vec!["1.1", "2.2", "5.5", "7.7"], 2)]
    {
        areas += 1;
        let _ = writeln!(population, "XV01{areas:02},1000");
        for (household, weight) in weights.iter().enumerate() {
            let phase = if household < worse { 3 } else { 1 };
            let _ = writeln!(households, "h{areas}-{household},XV01{areas:02},{weight},{phase}");
        }
    }
    let files = input(&[("households.csv", households), ("population.csv", population)]);
    for (comparator, expected) in [("at-least", 3), ("more-than", 1)] {
        let rules = framework_with("household-phase", "");
        let framework = rules.path().join("framework.toml");
        let changed = text(&framework).replace(
            "[severity]\n",
            &format!("[severity]\narea-phase = {{ rule = \"share-at-or-above\", share = \"20%\", comparator = \"{comparator}\" }}\n"),
        );
        std::fs::write(&framework, changed).unwrap();
        let analysis = run_own(files.path(), rules.path());
        let phases: Vec<u8> =
            analysis.cells.ids().filter_map(|cell| analysis.severity.phase(cell, Scope::Overall)).map(Phase::number).collect();
        assert_eq!((phases.len(), areas), (45, 45));
        assert!(phases.iter().all(|phase| *phase == expected), "{comparator}: {phases:?}");
    }
}

#[test]
fn ten_households_as_worked_out_by_hand() {
    // VECTORS 9.8.
    let rows = [
        "H01,1.0,no_safety_concerns,no,no,no,no",
        "H02,1.0,women_girls_avoid_night,no,no,no,no",
        "H03,1.5,no_changes_feel_unsafe,yes_work,no,no,no",
        "H04,1.0,avoid_markets,no,dnk,no,no",
        "H05,0.5,women_girls_avoid_places women_girls_avoid_night,yes_water,yes_community_events,no,yes_identity_documents",
        "H06,1.5,pnta,no,no,yes_healthcare,no",
        "H07,1.0,no_safety_concerns,yes_other_activities,no,no,no",
        "H08,1.5,different_routes avoid_fields,yes_farm,no,no,yes_counselling_legal",
        "H09,0.5,dnk,dnk,dnk,pnta,dnk",
        "H10,1.0,other_safety_measures,no,no,no,no",
    ];
    let head = "household_id,weight,prot_needs_3_movement,prot_needs_2_activities,prot_needs_2_social,prot_needs_1_services,prot_needs_1_justice,pcode";
    let rows: Vec<String> = rows.iter().map(|row| format!("{row},XV0101")).collect();
    let files = input(&[
        ("households.csv", format!("{head}\n{}\n", rows.join("\n"))),
        ("population.csv", "pcode,population\nXV0101,12500\n".into()),
    ]);
    let analysis = run_own(files.path(), &fixture("household-scores"));
    let by_name = of_indicators(&analysis);
    assert_eq!(by_name["movement"], [1, 2, 2, 3, 4, 0, 1, 4, 0, 1]);
    assert_eq!(by_name["practices"], [1, 1, 2, 1, 3, 1, 3, 2, 0, 1]);
    assert_eq!(by_name["rights"], [1, 1, 1, 1, 3, 2, 1, 2, 0, 1]);
    let of = estimate(&analysis, "XV0101", "", None);
    assert_eq!((of.asked, of.known), (10, 9));
    let shares = of.in_phase.map(|share| share.share);
    assert!(shares.iter().zip([0.2, 0.4, 0.2, 0.2, 0.0]).all(|(a, b)| (a - b).abs() < 1e-12), "{shares:?}");
    let cell = analysis.cells.ids().next().unwrap();
    assert_eq!(analysis.severity.phase(cell, Scope::Overall), Phase::new(4));
    let in_need = pinpoint::report::figures::figures(&analysis).find(|row| row.pcode == "XV0101" && row.scope == "overall").unwrap();
    assert_eq!((in_need.in_need.unwrap().to_f64(), in_need.method), (5000.0, "households"));
}

/// Households of an area: so many of them in phase 3, the others in phase 1.
fn of_area(pcode: &str, cluster: &str, worse: usize, all: usize) -> String {
    let row = |at: usize| format!("{pcode}{cluster}-{at},{pcode},{cluster}{},2,{}\n", at % 5, if at < worse { 3 } else { 1 });
    (0..all).map(row).collect()
}

const HOUSEHOLDS: &str = "household_id,pcode,cluster,weight,severity\n";
const AREAS: &str =
    "pcode,name,level,parent_pcode\nXV01,North,1,\nXV0101,A,2,XV01\nXV0102,B,2,XV01\nXV0103,C,2,XV01\nXV02,South,1,\nXV0201,D,2,XV02\n";

fn overall<'a>(analysis: &'a Analysis, pcode: &str) -> pinpoint::report::figures::FigureRow<'a> {
    pinpoint::report::figures::figures(analysis).find(|row| row.pcode == pcode && row.scope == "overall").unwrap()
}

#[test]
fn the_area_around_stands_in_where_the_framework_says_so() {
    // 40 households in XV0101 (half of them in phase 3), 10 in XV0102 (all), none in XV0103: of XV01 30 of 50.
    let households = format!("{HOUSEHOLDS}{}{}", of_area("XV0101", "a", 20, 40), of_area("XV0102", "b", 10, 10));
    let files = input(&[
        ("areas.csv", AREAS.into()),
        ("households.csv", households),
        ("population.csv", "pcode,population\nXV0101,1000\nXV0102,500\nXV0103,200\n".into()),
    ]);
    let people = |analysis: &Analysis, pcode: &str| overall(analysis, pcode).in_need.map(pinpoint::domain::People::to_f64);
    let alone = run_own(files.path(), &fixture("household-phase"));
    assert_eq!(["XV0101", "XV0102", "XV0103"].map(|pcode| people(&alone, pcode)), [Some(500.0), Some(500.0), None]);
    assert_eq!((overall(&alone, "XV0102").marks().as_ref(), overall(&alone, "XV0102").households), ("low-precision", Some(10)));
    let rules = framework_with("household-phase", "\n[survey]\nfall-back = \"parent-area\"\n");
    let with_parent = run_own(files.path(), rules.path());
    // 60 % of 500 and of 200.
    assert_eq!(["XV0101", "XV0102", "XV0103"].map(|pcode| people(&with_parent, pcode)), [Some(500.0), Some(300.0), Some(120.0)]);
    for pcode in ["XV0102", "XV0103"] {
        let row = overall(&with_parent, pcode);
        assert_eq!((row.marks().as_ref(), row.households, row.method), ("fallback", Some(50), "households"), "{pcode}");
    }
    // Sums rest on what their parts rest on.
    assert_eq!(
        [&alone, &with_parent].map(|analysis| overall(analysis, "XV01").marks().into_owned()),
        ["rests-on-low-precision", "rests-on-fallback"]
    );
    // Units that rest on the same households vary together: XV0102 and XV0103 are 700 people of one share, and XV0101's own
    // households are among those of XV01. By R: svytotal of 1000 (y - 0.5) w / W of XV0101 and 700 (y - 0.6) w / W of all.
    let (people, in_need) = (1700.0, 920.0);
    let share: f64 = in_need / people;
    let error = 37.333_333_333_333_3 / people;
    // Ten clusters, one stratum.
    let degrees = 10 - 1;
    let half = pinpoint::table::stats::t_quantile(0.975, f64::from(degrees)).unwrap() * error / (share * (1.0 - share));
    let end = |side: f64| people / (1.0 + (-((share / (1.0 - share)).ln() + side * half)).exp());
    let range = overall(&with_parent, "XV01").range.unwrap();
    assert!(same(range.low.to_f64(), end(-1.0), 1e-9) && same(range.high.to_f64(), end(1.0), 1e-9), "{range:?} {} {}", end(-1.0), end(1.0));
}

#[test]
fn groups_in_areas_above_those_that_are_counted_have_rows_of_phases() {
    let rows: String = (0..40).map(|at| format!("h{at},XV01,IDPs,1,4\n")).collect();
    let files = input(&[
        ("areas.csv", AREAS.into()),
        ("households.csv", format!("household_id,pcode,population_group,weight,severity\n{rows}")),
        ("population.csv", "pcode,population_group,population\nXV0101,IDPs,1000\nXV0102,IDPs,500\n".into()),
    ]);
    let analysis = run_own(files.path(), &fixture("household-phase"));
    let rows = pinpoint::report::severity::units(&analysis).flat_map(|cell| pinpoint::report::severity::rows_of(&analysis, cell));
    let of_group: Vec<_> = rows
        .filter(|row| analysis.areas.get(analysis.cells.key(row.cell).area).pcode.as_str() == "XV01" && row.scope == "overall")
        .map(|row| (analysis.cells.group_code(analysis.cells.key(row.cell).group).to_owned(), row.phase))
        .collect();
    assert_eq!(of_group, [("IDPs".to_owned(), Phase::new(4))]);
}

#[test]
fn a_survey_of_wide_areas_speaks_for_the_areas_in_them() {
    let files = input(&[
        ("areas.csv", AREAS.into()),
        ("households.csv", format!("{HOUSEHOLDS}{}", of_area("XV01", "a", 10, 40))),
        ("population.csv", "pcode,population\nXV0101,1000\nXV0102,500\nXV0201,300\n".into()),
    ]);
    let rules = framework_with("household-phase", "\n[survey]\nfall-back = \"parent-area\"\n");
    let analysis = run_own(files.path(), rules.path());
    let people = |pcode: &str| overall(&analysis, pcode).in_need.map(pinpoint::domain::People::to_f64);
    assert_eq!(["XV0101", "XV0102", "XV0201"].map(people), [Some(250.0), Some(125.0), None]);
}

#[test]
fn each_area_rests_on_the_evidence_that_it_has() {
    let files = input(&[
        ("areas.csv", AREAS.into()),
        ("households.csv", format!("{HOUSEHOLDS}{}", of_area("XV0101", "a", 20, 40))),
        ("population.csv", "pcode,population\nXV0101,1000\nXV0102,500\nXV0103,200\nXV0201,100\n".into()),
        (
            "shares.csv",
            "pcode,scope,code,phase1,phase2,phase3,phase4,phase5,source,date\nXV0102,overall,,0.5,0.3,0.2,0,0,made up,2025-10-01\n".into(),
        ),
        (
            "judgements.csv",
            "pcode,risk,aor,phase,reason,evidence,decided_by,date\nXV0103,PR15,,4,seen,report 12,the group,2025-11-03\n".into(),
        ),
    ]);
    let analysis = run_own(files.path(), &fixture("household-phase"));
    let said = |pcode: &str| {
        let row = overall(&analysis, pcode);
        (row.method, row.phase.map(Phase::number), row.in_need.map(pinpoint::domain::People::to_f64), row.range.is_some())
    };
    assert_eq!(said("XV0101"), ("households", Some(3), Some(500.0), true));
    assert_eq!(said("XV0102"), ("shares", Some(3), Some(100.0), false));
    // A judgement gives a phase, and this framework makes no people of phases.
    assert_eq!(said("XV0103"), ("combined", Some(4), None, false));
    assert_eq!(said("XV0201"), ("", None, None, false));
}

#[test]
fn no_household_stands_in_any_output() {
    let households = format!("{HOUSEHOLDS}{}", of_area("XV0101", "cluster-canary-", 20, 40)).replace("XV0101cluster", "household-canary");
    let files = input(&[("households.csv", households), ("population.csv", "pcode,population\nXV0101,1000\n".into())]);
    let out = tempfile::tempdir().unwrap();
    let framework = fixture("household-phase");
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_pinpoint"))
        .args([
            "analyse",
            &files.path().to_string_lossy(),
            "--framework",
            &framework.to_string_lossy(),
            "--out",
            &out.path().to_string_lossy(),
        ])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut read = 0;
    for entry in std::fs::read_dir(out.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let mut parts = vec![bytes.clone()];
        if let Ok(mut archive) = zip::ZipArchive::new(std::io::Cursor::new(bytes)) {
            for at in 0..archive.len() {
                let mut part = Vec::new();
                std::io::Read::read_to_end(&mut archive.by_index(at).unwrap(), &mut part).unwrap();
                parts.push(part);
            }
        }
        for part in parts {
            read += 1;
            assert!(!part.windows(6).any(|window| window == b"canary"), "a household or a cluster is named");
        }
    }
    assert!(read > 10, "{read} parts were looked through");
    let printed = [output.stdout, output.stderr].concat();
    assert!(!printed.windows(6).any(|window| window == b"canary"));
}

#[test]
fn the_order_of_rows_and_their_number_of_threads_do_not_show() {
    let folder = root().join("fixtures/surveys/designs");
    let households = text(&folder.join("households.csv"));
    let (head, rows) = households.split_once('\n').unwrap();
    let mut reversed: Vec<&str> = rows.lines().collect();
    reversed.reverse();
    let people = "pcode,population\nXV0101,1000\nXV0102,1000\nXV0201,1000\nXV0202,1000\n".to_owned();
    let bytes = |text: String| {
        let files = input(&[("households.csv", text), ("population.csv", people.clone())]);
        let inputs = Inputs {
            input: files.path().to_owned(),
            framework: Some(fixture("household-phase").to_string_lossy().into_owned()),
            ..Inputs::default()
        };
        let run = analyse(&inputs);
        let outputs = common::outputs(&run);
        let named =
            |name: &str| outputs.iter().find(|(known, _)| known == name).map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
        let json: serde_json::Value = serde_json::from_str(&named("analysis.json").unwrap()).unwrap();
        (named("figures.csv").unwrap(), json["survey"].clone())
    };
    let first = bytes(households.clone());
    assert_eq!(first, bytes(format!("{head}\n{}\n", reversed.join("\n"))));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(first, pool.install(|| bytes(households.clone())));
    // Nor do the names of strata and clusters: others that sort the other way round.
    let renamed = |row: &str| {
        let mut fields: Vec<String> = row.split(',').map(str::to_owned).collect();
        for field in &mut fields[2..4] {
            *field = field
                .bytes()
                .map(|byte| {
                    char::from(match byte {
                        b'0'..=b'9' => b'0' + b'9' - byte,
                        b'a'..=b'z' => b'a' + b'z' - byte,
                        _ => b'A' + b'Z' - byte,
                    })
                })
                .collect();
        }
        fields.join(",")
    };
    let renamed: Vec<String> = rows.lines().map(renamed).collect();
    assert_eq!(first, bytes(format!("{head}\n{}\n", renamed.join("\n"))));
}

fn people_in(analysis: &Analysis, pcode: &str, group: &str, pocket: &str) -> Option<f64> {
    let mut rows = pinpoint::report::figures::figures(analysis).filter(|row| row.scope == "overall");
    let row = rows.find(|row| row.pcode == pcode && row.group == group && row.pocket == pocket)?;
    row.in_need.map(pinpoint::domain::People::to_f64)
}

#[test]
fn the_same_group_of_the_area_around_goes_before_other_groups_of_the_area() {
    let head = "household_id,pcode,population_group,weight,severity\n";
    let rows = |pcode: &str, group: &str, count: usize, phase: u8| -> String {
        (0..count).map(|at| format!("{pcode}{group}{at},{pcode},{group},1,{phase}\n")).collect()
    };
    // In XV0101 40 residents in phase 1 and 5 displaced households in phase 4; in XV0102 40 displaced ones in phase 4.
    let households =
        [head.to_owned(), rows("XV0101", "Residents", 40, 1), rows("XV0101", "IDPs", 5, 4), rows("XV0102", "IDPs", 40, 4)].concat();
    let files = input(&[
        ("areas.csv", AREAS.into()),
        ("households.csv", households),
        ("population.csv", "pcode,population_group,population\nXV0101,Residents,9000\nXV0101,IDPs,5000\nXV0102,IDPs,100\n".into()),
    ]);
    let rules = framework_with("household-phase", "\n[survey]\nfall-back = \"parent-area\"\n");
    let analysis = run_own(files.path(), rules.path());
    assert_eq!(people_in(&analysis, "XV0101", "IDPs", ""), Some(5000.0));
    assert_eq!(people_in(&analysis, "XV0101", "Residents", ""), Some(0.0));
}

#[test]
fn households_in_a_pocket_are_not_counted_outside_it() {
    let rows = |pocket: &str, count: usize, phase: u8| -> String {
        (0..count).map(|at| format!("{pocket}{at},XV0101,{pocket},1,{phase}\n")).collect()
    };
    let households = format!("household_id,pcode,pocket,weight,severity\n{}{}", rows("Camp", 35, 4), rows("", 35, 1));
    let files =
        input(&[("households.csv", households), ("population.csv", "pcode,pocket,population\nXV0101,,10000\nXV0101,Camp,500\n".into())]);
    let analysis = run_own(files.path(), &fixture("household-phase"));
    assert_eq!(people_in(&analysis, "XV0101", "", "Camp"), Some(500.0));
    assert_eq!(people_in(&analysis, "XV0101", "", "(outside pockets)"), Some(0.0));
}

#[test]
fn a_sum_of_which_a_part_is_unknown_is_unknown_and_a_tier_is_what_can_be_reached() {
    let additive = |rest: &str| {
        format!(
            "format = 1\n\n[indicator.lost]\nlabel = \"What was given up\"\nrisks = [\"PR11\"]\npillar = \"C2\"\nmeasured-on = \"households\"\nunit = \"answer\"\nmissing = [\"dnk\"]\nworse-when = \"higher\"\nphase-from = {{ 1 = 0, 2 = 1, 3 = 2, 5 = 9 }}\nadditive = {{ of = [\"q1\", \"q2\"], options = {{ a = 1, b = 2, no = 0 }}{rest} }}\nsource = \"made up for tests\"\n\n[indicator.fear]\nlabel = \"Fear\"\nrisks = [\"PR15\"]\npillar = \"C2\"\nmeasured-on = \"households\"\nunit = \"answer\"\nanswers = {{ 1 = [\"no\"], 4 = [\"yes\"] }}\nsource = \"made up for tests\"\n"
        )
    };
    let rows = ["dnk,no,no", "no,,no", "a b dnk,no,no", "b,dnk,no", "no,no,", "a,a,no"];
    let rows: Vec<String> = rows.iter().enumerate().map(|(at, row)| format!("h{at},XV0101,1,{row}")).collect();
    let files = input(&[
        ("households.csv", format!("household_id,pcode,weight,q1,q2,fear\n{}\n", rows.join("\n"))),
        ("population.csv", "pcode,population\nXV0101,1000\n".into()),
    ]);
    let rules = framework_with("household-phase", "");
    std::fs::write(rules.path().join("indicators.toml"), additive("")).unwrap();
    let analysis = run_own(files.path(), rules.path());
    assert_eq!(of_indicators(&analysis)["lost"], [0, 0, 0, 0, 1, 3]);
    // Who does not know is told from who did not answer: three of the answers to the two questions, none about fear.
    let dont_know: BTreeMap<&str, usize> = analysis
        .rules
        .indicators
        .entries()
        .map(|(id, of)| (of.id.as_str(), analysis.survey.dont_know(id, of)))
        .filter(|(id, _)| ["lost", "fear"].contains(id))
        .collect();
    assert_eq!(dont_know, [("fear", 0), ("lost", 3)].into());
    // Sums end at 6, so that the form reaches phase 3; only fear reaches 4, and where it is blank the household is unknown.
    let indicator = analysis.rules.indicators.iter().find(|indicator| indicator.id == "lost").unwrap();
    assert_eq!(indicator.form.tier(), Phase::SEVERE);
}

#[test]
fn clusters_of_a_stratum_and_options_are_held_against_what_is_there() {
    let said = |header: &str, rows: &[&str], framework: &Path| -> String {
        let files = input(&[
            ("households.csv", format!("{header}\n{}\n", rows.join("\n"))),
            ("population.csv", "pcode,population\nXV0101,1000\n".into()),
        ]);
        let inputs =
            Inputs { input: files.path().to_owned(), framework: Some(framework.to_string_lossy().into_owned()), ..Inputs::default() };
        let run = pinpoint::run::analyse(&inputs, &|_| {}).unwrap();
        run.findings.iter().map(|finding| pinpoint::diag::render::line(finding) + "\n").collect()
    };
    let head = "household_id,pcode,cluster,fpc,weight,severity";
    let clusters = |fpc: [&str; 3]| -> Vec<String> { (0..3).map(|at| format!("h{at},XV0101,c{at},{},1,3", fpc[at])).collect() };
    for (fpc, what) in [
        (["2", "2", "2"], "the survey has 2 clusters here, and 3 were drawn from it"),
        (["0.1", "0.1", "0.1"], "0.1 is no number of clusters"),
        (["40", "41", "40"], "the survey has 41 clusters here and 40 elsewhere"),
    ] {
        let rows = clusters(fpc);
        let found = said(head, &rows.iter().map(String::as_str).collect::<Vec<_>>(), &fixture("household-phase"));
        assert!(found.contains("error[number-out-of-range]") && found.contains(what), "{found}");
    }
    let head = "household_id,pcode,weight,prot_needs_3_movement/avoid_markets,prot_needs_3_movement/zz";
    let found = said(head, &["h1,XV0101,1,1,0", "h2,XV0101,1,0,1"], &fixture("household-scores"));
    assert!(
        found.contains("cell E3: column `prot_needs_3_movement`: option `zz` is no accepted answer, and 1 household ticked it"),
        "{found}"
    );
    assert!(found.contains("expected indicators without a column: `practices`, `rights`"), "{found}");
}

#[test]
fn a_sum_is_no_surer_than_a_part_of_which_nobody_is_in_need() {
    // XV0101: nobody of 10 households in 5 clusters; XV0102: half of 40.
    let households = format!("{HOUSEHOLDS}{}{}", of_area("XV0101", "a", 0, 10), of_area("XV0102", "b", 20, 40));
    let files = input(&[
        ("areas.csv", AREAS.into()),
        ("households.csv", households),
        ("population.csv", "pcode,population\nXV0101,100000\nXV0102,1000\n".into()),
    ]);
    let analysis = run_own(files.path(), &fixture("household-phase"));
    let part = overall(&analysis, "XV0101").range.unwrap().high.to_f64();
    let sum = overall(&analysis, "XV01").range.unwrap();
    assert!(part > 10_000.0 && sum.high.to_f64() > part / 2.0, "{part} {sum:?}");
    assert!(sum.low.to_f64() >= 0.0 && sum.low.to_f64() < 500.0, "{sum:?}");
}

#[test]
fn groups_that_share_clusters_are_summed_in_one_design() {
    // Eight clusters of ten households, half of them displaced: in four clusters everybody is in phase 3, in four nobody.
    let mut households = String::from("household_id,pcode,population_group,cluster,weight,severity\n");
    for cluster in 0..8 {
        for at in 0..10 {
            let (group, phase) = (if at % 2 == 0 { "Host" } else { "IDPs" }, if cluster < 4 { 3 } else { 1 });
            let _ = writeln!(households, "h{cluster}-{at},XV0101,{group},c{cluster},1,{phase}");
        }
    }
    let files = input(&[
        ("households.csv", households),
        ("population.csv", "pcode,population_group,population\nXV0101,Host,1000\nXV0101,IDPs,1000\n".into()),
    ]);
    let analysis = run_own(files.path(), &fixture("household-phase"));
    let of_all = *estimate(&analysis, "XV0101", "", None).from(Phase::SEVERE).unwrap();
    // By hand: residuals of clusters are +-1/16, their variance 8/7 x 8/256 = 1/28. Both groups are the same clusters.
    assert!(same(of_all.error, (1.0_f64 / 28.0).sqrt(), 1e-12), "{of_all:?}");
    let range = overall(&analysis, "XV0101").range.unwrap();
    // Eight clusters, one stratum.
    let half = pinpoint::table::stats::t_quantile(0.975, 7.0).unwrap() * of_all.error / 0.25;
    let end = |side: f64| 2000.0 / (1.0 + (-side * half).exp());
    assert!(same(range.low.to_f64(), end(-1.0), 1e-9) && same(range.high.to_f64(), end(1.0), 1e-9), "{range:?}");
}

#[test]
fn households_of_one_group_do_not_speak_for_another() {
    let rows: String = (0..40).map(|at| format!("h{at},XV0101,IDPs,1,3\n")).collect();
    let files = input(&[
        ("households.csv", format!("household_id,pcode,population_group,weight,severity\n{rows}")),
        // A row for the whole area, which is the sum of its groups.
        ("population.csv", "pcode,population_group,population\nXV0101,,3000\nXV0101,IDPs,1000\nXV0101,Residents,2000\n".into()),
    ]);
    let analysis = run_own(files.path(), &fixture("household-phase"));
    assert_eq!(people_in(&analysis, "XV0101", "IDPs", ""), Some(1000.0));
    assert_eq!(people_in(&analysis, "XV0101", "Residents", ""), None);
}

/// The rows of a single table, cell by cell.
fn cells_of(path: &Path) -> Vec<String> {
    let input = pinpoint::io::read_input::read_input(path, &|_| true, How::default()).unwrap();
    let sheet = &input.workbook.sheets[0];
    sheet.rows().map(|row| format!("{}: {:?}", row.number, row.cells().collect::<Vec<_>>())).collect()
}

/// The Parquet files were written by another program (polars) from the table as text beside them, in five ways of packing.
#[test]
fn a_table_as_parquet_is_the_table_that_it_was_made_of() {
    let folder = root().join("fixtures/surveys");
    let as_text = cells_of(&folder.join("designs/households.csv"));
    assert_eq!(as_text.len(), 62);
    for packed in ["zstd", "snappy", "uncompressed", "lz4", "gzip"] {
        assert_eq!(cells_of(&folder.join("parquet").join(packed).with_extension("parquet")), as_text, "{packed}");
    }
}

#[test]
fn values_of_a_table_as_parquet_are_those_of_a_sheet() {
    let folder = root().join("fixtures/surveys/parquet");
    let expected = [
        r#"1: [(1, Text("text")), (2, Text("float")), (3, Text("small")), (4, Text("whole")), (5, Text("truth")), (6, Text("day")), (7, Text("moment")), (8, Text("word"))]"#,
        r#"2: [(1, Text("é")), (2, Number(1.5)), (3, Number(0.1)), (4, Number(1.0)), (5, Truth(true)), (6, Text("2026-01-31")), (7, Text("2026-01-31")), (8, Text("a"))]"#,
        r#"3: [(3, Number(2.5)), (4, Number(-7.0)), (5, Truth(false)), (8, Text("b"))]"#,
        r#"4: [(6, Text("1969-12-31")), (7, Text("1969-12-31"))]"#,
        r#"5: [(1, Text("12")), (2, Number(-0.25)), (3, Number(3.0)), (4, Text("1152921504606846976")), (5, Truth(true)), (6, Text("2024-02-29")), (7, Text("2024-02-29")), (8, Text("a"))]"#,
    ];
    assert_eq!(cells_of(&folder.join("kinds.parquet")), expected);
    let read = |path: &Path| pinpoint::io::read_input::read_input(path, &|_| true, How::default()).map(drop);
    let said = read(&folder.with_file_name("parquet-refused").join("nested.parquet")).unwrap_err();
    let causes: Vec<String> =
        std::iter::successors(Some(&said as &dyn std::error::Error), |error| error.source()).map(ToString::to_string).collect();
    assert!(causes.join(" ").contains("column `list` is of type"), "{causes:?}");
    // Cut or damaged files are refused and not read in part.
    let whole = std::fs::read(folder.join("zstd.parquet")).unwrap();
    let broken = tempfile::tempdir().unwrap();
    let path = broken.path().join("households.parquet");
    std::fs::write(&path, &whole[..whole.len() - 9]).unwrap();
    assert!(read(&path).is_err());
}
