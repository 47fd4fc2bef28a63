//! How likely phases are: drawn again as the binomial distribution has it, by leaving out sampling units and from given replicate
//! weights as R's `survey` package has it (`fixtures/surveys/designs/likelihood.R`).

use super::{estimate, fixture, framework_with, input, number, overall, run_own, table};
use crate::common::{self, root, text};
use pinpoint::domain::{Phase, Scope};
use pinpoint::run::Inputs;
use pinpoint::stage::Analysis;

const PEOPLE: &str = "pcode,population\nXV0101,1000\nXV0102,1000\nXV0201,1000\nXV0202,1000\n";

#[test]
fn how_likely_a_phase_is_follows_the_binomial_distribution() {
    // 100 households drawn one by one, 25 of them in phase 3. A draw of 99 has phase 3 where 20 or more of them are in it.
    let log_factorial = |n: u32| (1..=n).map(|k| f64::from(k).ln()).sum::<f64>();
    let chance = |k: u32| {
        (log_factorial(99) - log_factorial(k) - log_factorial(99 - k) + f64::from(k) * 0.25_f64.ln() + f64::from(99 - k) * 0.75_f64.ln())
            .exp()
    };
    let expected: f64 = (20..=99).map(chance).sum();
    assert!(expected > 0.85 && expected < 0.95, "{expected}");
    let rows: String = (0..100).map(|at| format!("h{at},XV0101,1.5,{}\n", if at < 25 { 3 } else { 1 })).collect();
    let files = input(&[
        ("households.csv", format!("household_id,pcode,weight,severity\n{rows}")),
        ("population.csv", "pcode,population\nXV0101,1000\n".into()),
    ]);
    let rules = framework_with("household-phase", "\n[survey]\nreplicates = 20000\n");
    let found = estimate(&run_own(files.path(), rules.path()), "XV0101", "", None).likelihood.unwrap();
    // Four standard errors of 20,000 draws.
    let near = 4.0 * (expected * (1.0 - expected) / 20_000.0).sqrt();
    assert!((found[2] - expected).abs() < near && (found[0] + found[2] - 1.0).abs() < 1e-12, "{found:?} {expected}");
    // 21 of 100 are in phase 3 in two of three draws: borderline, and never sure.
    let rows = rows.replace("h21,XV0101,1.5,3", "h21,XV0101,1.5,1").replace("h22,XV0101,1.5,3", "h22,XV0101,1.5,1");
    let rows = rows.replace("h23,XV0101,1.5,3", "h23,XV0101,1.5,1").replace("h24,XV0101,1.5,3", "h24,XV0101,1.5,1");
    let files = input(&[
        ("households.csv", format!("household_id,pcode,weight,severity\n{rows}")),
        ("population.csv", "pcode,population\nXV0101,1000\n".into()),
    ]);
    let analysis = run_own(files.path(), &fixture("household-phase"));
    assert_eq!((overall(&analysis, "XV0101").marks().as_ref(), overall(&analysis, "XV0101").phase), ("borderline", Phase::new(3)));
    // The tables show it, and each domain stands once.
    let shown: Vec<_> = pinpoint::report::survey::domains(&analysis).map(|row| (row.pcode, row.scope, row.estimate.likelihood)).collect();
    let of_unit: Vec<_> = shown.iter().filter(|(pcode, scope, _)| *pcode == "XV0101" && *scope == Scope::Overall).collect();
    assert!(matches!(of_unit.as_slice(), [(_, _, Some(_))]), "{of_unit:?}");
}

/// The households of the fixture without some columns, with others behind them.
fn households(without: &[&str], more: Option<&[Vec<String>]>) -> String {
    let rows = common::rows(&text(&root().join("fixtures/surveys/designs/households.csv")));
    let kept: Vec<usize> = (0..rows[0].len()).filter(|&at| !without.contains(&rows[0][at].as_str())).collect();
    let line = |(at, row): (usize, &Vec<String>)| {
        let own = kept.iter().map(|&column| row[column].as_str());
        own.chain(more.into_iter().flat_map(|more| more[at].iter().skip(1).map(String::as_str))).collect::<Vec<_>>().join(",")
    };
    rows.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

fn run_with(households: String, rules: &str) -> Analysis {
    let files = input(&[("households.csv", households), ("population.csv", PEOPLE.to_owned())]);
    run_own(files.path(), framework_with("household-phase", rules).path())
}

/// How many areas of a design have the likelihoods of R.
fn compared(analysis: &Analysis, design: &str, near: f64) -> usize {
    let expected = table(&root().join("fixtures/surveys/designs/likelihood.csv"));
    let of_design = expected.iter().filter(|row| row["design"] == design);
    of_design
        .map(|row| {
            let found = estimate(analysis, &row["pcode"], "", Some("PR15")).likelihood.unwrap();
            for (phase, found) in (1..).zip(found) {
                let expected = number(row, &format!("phase{phase}"));
                assert!((found - expected).abs() < near, "{row:?} phase {phase}: {found}");
            }
        })
        .count()
}

#[test]
fn leaving_out_sampling_units_says_what_r_says() {
    for (design, without) in [
        ("strata_and_clusters", &["fpc"][..]),
        ("with_fpc", &[]),
        ("clusters", &["fpc", "stratum"]),
        ("weights", &["fpc", "stratum", "cluster"]),
    ] {
        let analysis = run_with(households(without, None), "\n[survey]\nresampling = \"jackknife\"\n");
        assert_eq!(compared(&analysis, design, 1e-9), 4, "{design}");
    }
}

fn replicate_weights() -> Vec<Vec<String>> {
    common::rows(&text(&root().join("fixtures/surveys/designs/replicate_weights.csv")))
}

const GIVEN: &str = "\n[survey]\nresampling = \"given\"\n";

#[test]
fn given_replicate_weights_say_how_often_each_phase_is_found() {
    let analysis = run_with(households(&[], Some(&replicate_weights())), GIVEN);
    assert_eq!(compared(&analysis, "given", 1e-12), 4);
    // With no replicates at all nothing is said.
    let none = run_with(households(&[], Some(&replicate_weights())), &format!("{GIVEN}replicates = 0\n"));
    assert!(estimate(&none, "XV0101", "", Some("PR15")).likelihood.is_none());
}

#[test]
fn replicate_weights_that_are_not_whole_are_refused() {
    let said = |change: &dyn Fn(&mut Vec<Vec<String>>)| {
        let mut weights = replicate_weights();
        change(&mut weights);
        let files = input(&[("households.csv", households(&[], Some(&weights))), ("population.csv", PEOPLE.to_owned())]);
        let framework = framework_with("household-phase", GIVEN);
        let inputs = Inputs {
            input: files.path().to_owned(),
            framework: Some(framework.path().to_string_lossy().into_owned()),
            ..Inputs::default()
        };
        let run = pinpoint::run::analyse(&inputs, &|_| {}).unwrap();
        assert!(run.analysis.is_none());
        run.findings.iter().map(pinpoint::diag::render::line).collect::<Vec<_>>().join("\n")
    };
    for (change, code, part) in [
        (
            &(|weights: &mut Vec<Vec<String>>| weights[0][3] = "weight_99".into()) as &dyn Fn(&mut Vec<Vec<String>>),
            "missing-column",
            "there is no `weight_3`",
        ),
        (&|weights| weights[0][3] = "weight_2".into(), "ambiguous-column", "two columns are the replicate weight 2"),
        (&|weights| weights[5][4] = String::new(), "weight-not-positive", "has no weight in this replicate"),
        (&|weights| weights[5][4] = "-1".into(), "weight-not-positive", "column `weight_4`: weight -1 is below 0"),
        (&|weights| weights[5][4] = "x".into(), "not-a-number", "weight_4"),
        (&|weights| weights.iter_mut().for_each(|row| row.truncate(1)), "missing-column", "no column is called `weight_1`"),
    ] {
        let found = said(change);
        assert!(found.lines().any(|line| line.contains(code) && line.contains(part)), "{code} {part}: {found}");
    }
}

/// Households of a stratum: cluster and phase of each.
fn of_stratum(stratum: &str, clusters: &[(&str, usize, u8)]) -> String {
    let of = |(cluster, count, phase): &(&str, usize, u8)| {
        (0..*count).map(|at| format!("{stratum}{cluster}{at},XV0101,{stratum},{cluster},1,{phase}\n")).collect::<String>()
    };
    clusters.iter().map(of).collect()
}

/// By hand: three of four households in phase 4, in a stratum of one unit that stands in every draw.
#[test]
fn a_stratum_of_one_unit_weighs_in_each_draw_what_it_weighs() {
    let others = of_stratum("B", &[("b1", 2, 1), ("b2", 2, 1), ("b3", 2, 1), ("b4", 2, 1), ("b5", 2, 1)]);
    let households = format!("household_id,pcode,stratum,cluster,weight,severity\n{}{others}", of_stratum("A", &[("a1", 30, 4)]));
    let analysis = run_with(households, "");
    assert_eq!(estimate(&analysis, "XV0101", "", None).likelihood, Some([0.0, 0.0, 0.0, 1.0, 0.0]));
}

#[test]
fn one_sampling_unit_says_nothing_of_how_sure_a_phase_is() {
    let households = format!("household_id,pcode,stratum,cluster,weight,severity\n{}", of_stratum("A", &[("a1", 40, 5)]));
    for rules in ["", "\n[survey]\nresampling = \"jackknife\"\n"] {
        let analysis = run_with(households.clone(), rules);
        assert_eq!(estimate(&analysis, "XV0101", "", None).likelihood, None, "{rules}");
    }
}
