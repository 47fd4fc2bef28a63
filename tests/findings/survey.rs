//! Sheets of households: which rows count, what each counts, and what is never shown.

use pinpoint::diag::{Code, render};
use pinpoint::stage::audit::AuditKind;
use pinpoint::table::Column;

use crate::input::{Input, said, sound};

const CASH: &str = "format = 1

[indicator.cash]
label = \"No cash\"
risks = [\"PR15\"]
pillar = \"C2\"
measured-on = \"households\"
unit = \"yes-no\"
answers = { 1 = [\"no\"], 3 = [\"yes\"] }
missing = [\"dnk\"]
source = \"made up for tests\"
";

fn asked(rows: &str) -> Input {
    sound().rule("indicators.toml", "format = 1\n", CASH).sheet("households", rows)
}

const ROWS: &str = "household_id,admin2_pcode,population_group,stratum,cluster,weight,household_size,cash
h1,XV0101,IDPs,north,c1,1.5,4,yes
h2,XV0101,IDPs,north,c2,0,5,no
h3,XV0102,IDPs,south,c3,'2.25,6,dnk
h4,XV0102,IDPs,south,c3,1,,no";

#[test]
fn what_counts_is_kept_and_the_rest_is_accounted_for() {
    let (findings, analysis) = asked(ROWS).run();
    let analysis = analysis.unwrap();
    let survey = &analysis.survey;
    let codes: Vec<&str> = survey.cells.iter().map(|cell| analysis.areas.get(analysis.cells.key(*cell).area).pcode.as_str()).collect();
    assert_eq!(codes, ["XV0101", "XV0102", "XV0102"]);
    assert_eq!(survey.weights, [1.5, 2.25, 1.0]);
    assert_eq!((survey.sizes[0], survey.sizes[1], survey.sizes[2].is_nan()), (4.0, 6.0, true));
    assert_eq!([0, 1, 2].map(|row| survey.strata.get(row)), [Some("north"), Some("south"), Some("south")]);
    assert_eq!([0, 1, 2].map(|row| survey.clusters.get(row)), [Some("c1"), Some("c3"), Some("c3")]);
    let Some((name, _, Column::Answers(cash))) = survey.columns.first() else { panic!("the question is there") };
    assert_eq!((name.as_str(), [0, 1, 2].map(|row| cash.get(row))), ("cash", [Some("yes"), None, Some("no")]));
    let aside: Vec<String> = analysis
        .audit
        .entries
        .iter()
        .filter(|entry| entry.kind == AuditKind::SetAside)
        .map(|entry| format!("{} {}", entry.cell.address(), entry.detail))
        .collect();
    assert_eq!(aside, ["A3 weight 0"]);
    assert!(!findings.any_error());
    // Which household did not answer is told nowhere.
    assert!(analysis.audit.entries.iter().all(|entry| &*entry.cell.sheet != "households" || entry.kind == AuditKind::SetAside));
}

#[test]
fn a_question_with_several_answers_is_read_in_three_spellings() {
    let told = |header: &str, cells: [&str; 3]| -> Vec<Option<String>> {
        let rows: Vec<String> = cells.iter().enumerate().map(|(at, cells)| format!("h{at},XV0101,IDPs,1,{cells}")).collect();
        let sheet = format!("household_id,pcode,population_group,weight,{header}\n{}", rows.join("\n"));
        let (found, analysis) = asked(&sheet).run();
        let analysis = analysis.unwrap_or_else(|| panic!("{}", crate::lines(&found)));
        (0..3).map(|row| analysis.survey.columns[0].2.shown(row)).collect()
    };
    let wanted = [Some("yes".to_owned()), Some("no".to_owned()), None];
    assert_eq!(told("cash", ["yes", "no", ""]), wanted);
    assert_eq!(told("cash/yes,cash/no", ["1,0", "0,TRUE", ","]), wanted);
    assert_eq!(told("cash.no,cash.yes", ["0,1", "1,0", ","]), wanted);
    // Where both stand, the question's own column counts.
    assert_eq!(told("cash,cash/yes,cash/no", ["yes,1,0", "no,1,1", ",,"]), wanted);
    let odd = asked("household_id,pcode,population_group,weight,cash/yes,cash/no\nh,XV0101,IDPs,1,perhaps,0");
    assert_eq!(
        said(&odd, Code::UnknownAnswer),
        ["sheet `households`, cell E2: option `yes` of column `cash`: the cell says neither 1 nor 0"]
    );
}

#[test]
fn weights_are_never_made_up() {
    let bad = asked(&ROWS.replace("1.5,4", ",4").replace("'2.25", "-2.25").replace("c3,1,", "c3,one,"));
    assert_eq!(
        said(&bad, Code::WeightBad),
        [
            "sheet `households`, cell F2: the household has no weight; it is never taken as 1",
            "sheet `households`, cell F4: weight -2.25 is below 0"
        ]
    );
    assert_eq!(said(&bad, Code::NotANumber).len(), 1);
    assert!(bad.run().1.is_none());
}

#[test]
fn one_household_that_outweighs_the_others_is_said() {
    // 30 of 32.25 is 93 %, and 30 is more than ten times the median of 1, 1.25, 30 (which is 1.25).
    let heavy = "household_id,pcode,population_group,weight\na,XV0101,IDPs,1\nb,XV0101,IDPs,30\nc,XV0101,IDPs,1.25";
    assert_eq!(
        said(&asked(heavy), Code::WeightDominates),
        ["sheet `households`, cell D3: `XV0101`, IDPs: one of 3 households has 93 % of the weight"]
    );
    // 12 is under ten times 1.25.
    assert!(said(&asked(&heavy.replace(",30", ",12")), Code::WeightDominates).is_empty());
}

#[test]
fn few_households_are_named_the_fewest_first() {
    let few = said(&asked(ROWS), Code::FewHouseholds);
    assert_eq!(few, ["sheet `households`, cell B2: fewer than 30 households: `XV0101`, IDPs 1, `XV0102`, IDPs 2"]);
}

#[test]
fn nothing_of_a_column_about_persons_is_ever_shown() {
    let secret = "household_id,pcode,population_group,weight,cash,respondent_name,phone\nh1,XV0101,IDPs,1,maybe,Canary Bird,0555 123 456\nh1,XV0101,IDPs,1,no,Canary Bird,=0555 123 456";
    let input = asked(secret);
    let text: String = input.findings().iter().map(render::line).collect();
    assert!(text.contains("identifier-columns") && text.contains("`respondent_name` (F1), `phone` (G1)"), "{text}");
    assert!(!text.contains("Canary") && !text.contains("0555"), "{text}");
}

#[test]
fn groups_of_a_form_do_not_count_where_the_context_says_so() {
    let form = "_id,hh/household_id,hh/admin2_pcode,hh/population_group,hh/weight,hh/q/cash\n7,h1,XV0101,IDPs,1,yes";
    let table = |keys: &str| {
        let rest = ["areas", "population", "indicators"].map(|name| {
            let columns = match name {
                "areas" => "name = [\"name\"], level = [\"level\"], parent-pcode = [\"parent_pcode\"]",
                "population" => "group = [\"population_group\"], population = [\"population\"]",
                _ => "group = [\"population_group\"]",
            };
            format!("\n[[table]]\nrole = \"{name}\"\nsheet = [\"{name}\"]\ncolumns = {{ pcode = [\"pcode\"], {columns} }}\n")
        });
        let columns =
            "household-id = [\"household_id\"], admin2-pcode = [\"admin2_pcode\"], group = [\"population_group\"], weight = [\"weight\"]";
        format!("{}\n[[table]]\nrole = \"households\"\nsheet = [\"households\"]\n{keys}columns = {{ {columns} }}\n", rest.concat())
    };
    let dropped = asked(form).context(&table("header-prefixes = \"drop\"\n"));
    let analysis = dropped.run().1.unwrap();
    assert_eq!((analysis.survey.len(), analysis.survey.columns[0].2.shown(0).as_deref()), (1, Some("yes")));
    // Without that leniency the headers are others.
    assert_eq!(said(&asked(form).context(&table("")), Code::MissingColumn).len(), 5);
}
