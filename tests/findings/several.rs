//! What one code says in several tables: no table is passed over.

use pinpoint::diag::Code;

use crate::input::{said, sound};

#[test]
fn an_aor_that_is_not_in_play_is_said_in_every_table() {
    let input = sound()
        .context("\naors = [\"GP\", \"CP\"]\n")
        .sheet("estimates", "pcode,population_group,CP.in-need,MA.in-need,MA.phase,source\nXV0101,IDPs,100,7,,x\nXV0101,Residents,100,9,,x")
        .sheet("shares", "pcode,population_group,scope,code,phase1,phase2,phase3,phase4,phase5\nXV0101,IDPs,aor,HLP,0.2,0.4,0.2,0.2,0")
        .sheet(
            "judgements",
            "pcode,population_group,aor,phase,reason,evidence,decided_by,date\nXV0101,IDPs,MA,4,why,report,the group,2025-11-03",
        )
        .sheet("previous", "pcode,population_group,aor,in_need,MA.in-need\nXV0101,IDPs,CP,10,5\nXV0102,IDPs,HLP,10,")
        .sheet("response", "pcode,population_group,aor,targeted,GBV.targeted\nXV0101,IDPs,CP,10,5\nXV0102,IDPs,HLP,10,");
    assert_eq!(
        said(&input, Code::AorNotInPlay),
        [
            "sheet `estimates`, cell D1: MA is not in play in this context; 2 cells of column `MA.in-need`",
            "sheet `judgements`, cell C2: MA is not in play in this context",
            "sheet `response`, cell E1: GBV is not in play in this context; 1 cell of column `GBV.targeted`",
            "sheet `response`, cell C3: HLP is not in play in this context",
            "sheet `shares`, cell D2: HLP is not in play in this context",
        ]
    );
    // Last year's figures are not dropped.
    assert_eq!(
        said(&input, Code::PreviousGone),
        [
            "sheet `previous`, cell E1: MA is not in play in this context; 1 cell of column `MA.in-need`",
            "sheet `previous`, cell C3: HLP is not in play in this context",
        ]
    );
}

#[test]
fn a_figure_of_nothing_is_said_in_every_table() {
    let input = sound()
        .sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0101,IDPs,,100,x")
        .sheet("previous", "pcode,population_group,aor,sector,in_need\nXV0101,IDPs,,,10\nXV0102,IDPs,,,")
        .sheet("response", "pcode,population_group,aor,targeted\nXV0101,IDPs,,10");
    assert_eq!(
        said(&input, Code::UnknownAor),
        [
            "sheet `estimates`, cell C2: the row has a figure in column `in-need` but names no area of responsibility",
            "sheet `previous`, cell C2: the row has a figure in column `in-need` but names neither an area of responsibility nor a sector",
            "sheet `response`, cell C2: the row has a figure in column `targeted` but names no area of responsibility",
        ]
    );
}

#[test]
fn the_old_value_of_a_decision_is_asked_for_and_held_against_the_rule_in_every_scope() {
    // By the rules: fear of movement 20 % is phase 3 (indicator), and none of the sectors' four phases is worse than 3.
    let decisions = |rows: &str| {
        sound()
            .sheet(
                "sectors",
                "pcode,population_group,health.phase,education.phase,wash.phase,shelter.phase,health.in_need\nXV0101,IDPs,3,3,3,3,100",
            )
            .sheet(
                "decisions",
                &format!("pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\n{rows}")
                    .replace('!', "why,report,the group,2025-11-03"),
            )
    };
    let right = decisions("XV0101,IDPs,intersectoral,,phase,3,4,!\nXV0101,IDPs,intersectoral,,in_need,100,90,!");
    assert_eq!(said(&right, Code::DecisionOldDiffers), [""; 0]);
    let wrong = decisions(
        "XV0101,IDPs,intersectoral,,phase,2,4,!\nXV0101,IDPs,intersectoral,,in_need,unknown,90,!\nXV0101,IDPs,indicator,movement-fear,phase,unknown,4,!\nXV0102,IDPs,risk,PR01,phase,2,4,!",
    );
    let said_of_wrong = said(&wrong, Code::DecisionOldDiffers);
    assert_eq!(
        said_of_wrong,
        [
            "sheet `decisions`, row 2: the decision says it changes 2, but the rule gives 3",
            "sheet `decisions`, row 3: the decision says it changes unknown, but the rule gives 100",
            "sheet `decisions`, row 4: the decision says it changes unknown, but the rule gives 3",
            "sheet `decisions`, row 5: the decision says it changes 2, but the rule gives unknown",
        ]
    );
    let blank = decisions("XV0101,IDPs,intersectoral,,phase,,4,!");
    assert_eq!(said(&blank, Code::DecisionIncomplete), ["sheet `decisions`, row 2: the decision lacks old"]);
}

#[test]
fn a_judgement_may_name_the_aor_of_its_risk() {
    let judged = |row: &str| {
        let header = "pcode,population_group,risk,aor,confidence,phase,reason,evidence,decided_by,date";
        sound().sheet("judgements", &format!("{header}\nXV0101,IDPs,{row},4,why,report,the group,2025"))
    };
    let found = judged("PR08,GBV,élevée").findings();
    assert!(found.is_empty(), "{:?}", found.iter().collect::<Vec<_>>());
}

#[test]
fn areas_that_tiers_and_conditions_name_are_looked_for() {
    let conditions = "conditions = [{ phase = 4, when = [{ area-in = [\"XV0201\", \"XV01\"] }] }]\notherwise = 1\n";
    let indicators = include_str!("../../fixtures/frameworks/valid/minimal/indicators.toml");
    let indicator = format!(
        "{indicators}\n[indicator.front]\nlabel = \"At the front\"\nrisks = [\"PR02\"]\npillar = \"B1\"\nmeasured-on = \"area\"\nunit = \"answer\"\nexpected = false\nsource = \"ours\"\n{conditions}"
    );
    let input =
        sound().file("indicators.toml", &indicator).context("\n[[tier]]\ncode = \"front-line\"\nareas = [\"XV0101\", \"XV0105\"]\n");
    assert_eq!(
        said(&input, Code::RuleNameUnknown),
        [
            "context.toml: tier `front-line` names the area `XV0105`, which the input does not have; did you mean `XV0101`?",
            "indicators.toml: indicator `front` names the area `XV0201`, which the input does not have; did you mean `XV0101`?",
        ]
    );
}

#[test]
fn parts_of_which_some_are_blank_are_no_population() {
    let split = |total: &str| {
        let rows = format!("XV0101,IDPs,female,100\nXV0101,IDPs,male,\n{total}XV0101,Residents,,4000\nXV0102,IDPs,,500");
        sound().sheet("population", &format!("pcode,population_group,sex,population\n{rows}"))
    };
    let lost = "sheet `population`, cell D2: `XV0101`, IDPs: the people of some sexes or ages are blank, and no total is stated";
    assert_eq!(said(&split(""), Code::MissingPopulation), [lost]);
    assert_eq!(said(&split("XV0101,IDPs,,1000\n"), Code::MissingPopulation), [""; 0]);
}

#[test]
fn evidence_on_an_area_whose_people_are_the_sum_of_those_below_is_said_to_stay_there() {
    let input = sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\nXV01,,5500").mend(
        "indicators",
        "XV0102,IDPs,35",
        "XV01,,40,open\nXV0102,IDPs,35",
    );
    assert_eq!(said(&input, Code::EvidenceAbove), ["sheet `indicators`, row 4: `XV01` stands above the areas whose population is counted"]);
}

#[test]
fn sexes_and_ages_are_compared_as_words() {
    let rows = "XV0101,IDPs,female,100\nXV0101,IDPs,male,900\nXV0102,IDPs,Female,200\nXV0102,IDPs,MALE,300\nXV0101,Residents,,4000";
    let split = |rows: &str| sound().sheet("population", &format!("pcode,population_group,sex,population\n{rows}"));
    let given = "pcode,population_group,aor,sex,in_need,source\nXV0101,IDPs,CP,FEMALE,20,survey\nXV0101,IDPs,CP,Male,100,survey";
    let found = split(rows).sheet("estimates", given).findings();
    assert!(found.is_empty(), "{:?}", found.iter().collect::<Vec<_>>());
    let twice = split(&format!("{rows}\nXV0101,IDPs,FEMALE,7"));
    assert_eq!(
        said(&twice, Code::DuplicateRow),
        ["sheet `population`, cell A7: this area and group stand here and in sheet `population`, cell D2"]
    );
}
