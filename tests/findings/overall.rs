//! On what overall, affected people and last year's comparison rest where only some things are known. The expected
//! values are worked out by hand from the method.

use pinpoint::diag::Code;
use pinpoint::domain::{Aor, People, Series};
use pinpoint::report::figures::figures;
use pinpoint::stage::Analysis;
use pinpoint::stage::change::Change;

use crate::input::{Input, said, sound};

const GBV: Series = Series::Aor(Aor::GenderBasedViolence);
const CP: Series = Series::Aor(Aor::ChildProtection);
const SHARES: &str = "pcode,population_group,scope,code,phase1,phase2,phase3,phase4,phase5";
const ESTIMATES: &str = "pcode,population_group,aor,affected,in_need,source";

fn analysed(input: &Input) -> Analysis {
    let (found, analysis) = input.run();
    analysis.unwrap_or_else(|| panic!("{:?}", found.iter().collect::<Vec<_>>()))
}

/// In need, affected, method and mosaic of a row of the figures.
fn shown(analysis: &Analysis, pcode: &str, pocket: &str, group: &str, code: &str) -> [String; 4] {
    let row = figures(analysis)
        .find(|row| {
            (row.pcode, row.pocket, row.group, row.code) == (pcode, pocket, group, code) && row.sex.is_empty() && row.age.is_empty()
        })
        .unwrap_or_else(|| panic!("no row {pcode} {pocket} {group} {code}"));
    let text = |people: Option<People>| people.map(|people| people.to_string()).unwrap_or_default();
    [text(row.in_need), text(row.affected), row.method.to_owned(), row.mosaic.to_owned()]
}

fn leaf_mosaic(input: Input) -> Input {
    input.rule("framework.toml", "from-phase = 3", "from-phase = 3\nacross-aors = { rule = \"highest\", cell = \"leaf\" }")
}

#[test]
fn one_part_that_is_given_is_not_everybody_in_the_leaf_mosaic() {
    // GBV in phase 4 is 50 % of 1,000 people; 90 women alone are given.
    let input = leaf_mosaic(sound())
        .without("indicators")
        .sheet("estimates", "pcode,population_group,sex,aor,phase,in_need,source\nXV0101,IDPs,female,GBV,,90,x\nXV0101,IDPs,,GBV,4,,x");
    let analysis = analysed(&input);
    assert_eq!(shown(&analysis, "XV0101", "", "IDPs", "GBV")[0], "500");
    assert_eq!(shown(&analysis, "XV0101", "", "IDPs", "PRO-OVE"), ["500", "800", "highest", "group"]);
    assert_eq!(said(&input, Code::PartsDiffer), [""; 0]);
}

#[test]
fn a_total_of_which_one_part_is_counted_is_estimated_as_a_whole() {
    // GP stands in phase 3, 20 % of 1,000; the 600 women are some of them.
    let input = sound().mend("population", "population_group,population", "population_group,population,sex").mend(
        "population",
        "XV0101,IDPs,1000",
        "XV0101,IDPs,1000\nXV0101,IDPs,600,female",
    );
    assert_eq!(shown(&analysed(&input), "XV0101", "", "IDPs", "GP")[0], "200");
}

#[test]
fn overall_rests_on_its_own_evidence_where_no_aor_has_a_figure() {
    let input = sound().without("indicators").sheet("shares", &format!("{SHARES}\nXV0101,IDPs,overall,,0.3,0.3,0.2,0.1,0.1"));
    let analysis = analysed(&input);
    assert_eq!(shown(&analysis, "XV0101", "", "IDPs", "PRO-OVE"), ["400", "700", "shares", "independent"]);
    assert_eq!(shown(&analysis, "XV01", "", "", "PRO-OVE")[0], "400");
    // Beside an AoR they are passed over, and that is said.
    let beside = input.sheet("estimates", &format!("{ESTIMATES}\nXV0101,IDPs,CP,,100,x"));
    assert_eq!(shown(&analysed(&beside), "XV0101", "", "IDPs", "PRO-OVE"), ["100", "", "highest", "group"]);
    assert_eq!(said(&beside, Code::PassedOver), ["`XV0101`, IDPs: people of overall: highest used, shares passed over"]);
}

#[test]
fn affected_people_given_for_overall_stand_where_no_aor_has_any() {
    let input = sound().without("indicators").sheet(
        "estimates",
        &format!("{ESTIMATES}\nXV0101,IDPs,CP,,200,x\nXV0101,IDPs,overall,500,,x\nXV0102,IDPs,CP,90,50,x\nXV0102,IDPs,overall,120,,x"),
    );
    let analysis = analysed(&input);
    assert_eq!(shown(&analysis, "XV0101", "", "IDPs", "PRO-OVE"), ["200", "500", "highest", "group"]);
    assert_eq!(shown(&analysis, "XV0102", "", "IDPs", "PRO-OVE"), ["50", "90", "highest", "group"]);
    assert_eq!(said(&input, Code::PassedOver), ["`XV0102`, IDPs: people of overall: highest used, given affected people passed over"]);
}

#[test]
fn affected_people_of_some_parts_add_to_the_total_where_the_others_are_estimated() {
    // Of 520 women 300 are affected; by the shares 80 % of the 480 men are: 384.
    let split = sound()
        .without("indicators")
        .sheet(
            "population",
            "pcode,population_group,sex,population,affected\nXV0101,IDPs,female,520,300\nXV0101,IDPs,male,480,\nXV0101,Residents,,4000,\nXV0102,IDPs,,500,",
        )
        .sheet("shares", &format!("{SHARES}\nXV0101,IDPs,aor,CP,0.2,0.4,0.2,0.2,0"));
    let input = leaf_mosaic(split);
    assert_eq!(shown(&analysed(&input), "XV0101", "", "IDPs", "PRO-OVE")[1], "684");
    assert_eq!(
        said(&input, Code::GivenInPart),
        ["`XV0101`, IDPs: overall: people affected are given for female (300) alone; the total, 684, and the other parts are estimated"]
    );
}

#[test]
fn a_part_whose_people_are_given_needs_no_coefficient() {
    let rows = "[[coefficient]]\naor = \"GP\"\nsex = \"male\"\nphase = 3\nin-need = \"25%\"\nwhy = \"made up\"\n";
    let input = sound()
        .file("coefficients.toml", &format!("format = 1\n\n{rows}"))
        .mend("population", "population_group,population", "population_group,population,sex")
        .mend("population", "XV0101,IDPs,1000", "XV0101,IDPs,520,female\nXV0101,IDPs,480,male")
        .sheet("estimates", "pcode,population_group,sex,aor,in_need,source\nXV0101,IDPs,female,GP,300,x");
    // 300 women as given, and a quarter of 480 men.
    assert_eq!(shown(&analysed(&input), "XV0101", "", "IDPs", "GP")[0], "420");
    assert!(!said(&input, Code::NoCoefficient).iter().any(|said| said.contains("`XV0101`, IDPs")), "women need none");
}

#[test]
fn people_in_need_given_for_a_whole_area_stand_once_in_the_sums_of_the_aor() {
    let input = sound()
        .sheet("estimates", &format!("{ESTIMATES}\nXV0101,,CP,,900,x\nXV0102,IDPs,CP,,60,x"))
        .sheet("previous", "pcode,population_group,aor,in_need\nXV0101,,CP,450");
    let analysis = analysed(&input);
    assert_eq!(shown(&analysis, "XV0101", "", "", "CP"), ["900", "", "sum", ""]);
    assert_eq!(shown(&analysis, "XV01", "", "", "CP")[0], "960");
    assert_eq!(shown(&analysis, "XV0101", "", "IDPs", "CP")[0], "");
    // Known for all 5,000 people of the area; overall is asked group by group: 200 of the IDPs.
    assert_eq!(analysis.rolled.area(area(&analysis, "XV0101"), CP).coverage().map(|share| share.to_string()), Some("1".into()));
    assert_eq!(shown(&analysis, "XV0101", "", "", "PRO-OVE")[0], "200");
    let behind = "they stand in the sums of the AoR, not in those of overall, for which each unit is asked";
    assert_eq!(said(&input, Code::GivenForSeveral), [format!("`XV0101`: CP: 900 people in need are given for several units; {behind}")]);
    assert_eq!(changes(&analysis), [("900".into(), "1".into(), "compared")]);
    // Beside a group that has its own it is compared with the sum of the groups.
    let beside = sound().sheet("estimates", &format!("{ESTIMATES}\nXV0101,,CP,,900,x\nXV0101,IDPs,CP,,60,x"));
    assert_eq!(shown(&analysed(&beside), "XV0101", "", "", "CP")[0], "60");
    assert_eq!(said(&beside, Code::ChildrenDiffer), ["`XV0101`: CP: 900 people in need are given, the parts add up to 60"]);
}

fn area(analysis: &Analysis, pcode: &str) -> pinpoint::domain::AreaId {
    analysis.areas.ids().find(|&area| analysis.areas.get(area).pcode.as_str() == pcode).unwrap()
}

/// This year's, the change and the status of every comparison.
fn changes(analysis: &Analysis) -> Vec<(String, String, &'static str)> {
    let text = |number: Option<pinpoint::domain::Decimal>| number.map(|number| number.to_string()).unwrap_or_default();
    analysis.changes.iter().map(|change: &Change| (text(change.new), text(change.change), change.status.word())).collect()
}

#[test]
fn a_sum_of_which_some_people_are_not_known_is_not_compared_with_last_years() {
    let input = sound()
        .without("indicators")
        .sheet("estimates", &format!("{ESTIMATES}\nXV0101,IDPs,CP,,300,x"))
        .sheet("previous", "pcode,population_group,aor,in_need\nXV01,,CP,1000");
    assert_eq!(changes(&analysed(&input)), [("300".into(), String::new(), "partial")]);
}

#[test]
fn what_the_outputs_show_of_an_area_is_compared_with_last_years() {
    let input = sound()
        .rule("framework.toml", "least-coverage = \"50%\"", "least-coverage = \"50%\"\nabove-the-unit = \"people-by-phase\"")
        .sheet("previous", "pcode,population_group,aor,phase,education.in_need\nXV01,,GP,2,\nXV0101,,,,100")
        .sheet("sectors", "pcode,population_group,education.in_need\nXV0101,IDPs,100\nXV0101,Residents,50");
    // 4,000 of 5,500 in phase 2, 1,000 in phase 3, 500 in phase 4: 27 % in 3 or worse.
    assert_eq!(changes(&analysed(&input)), [("3".into(), "0.5".into(), "compared"), ("150".into(), "0.5".into(), "compared")]);
}

#[test]
fn one_area_on_level_0_is_the_country() {
    let areas = |rows: &str| sound().mend("areas", "XV01,Great Island,1,", &format!("{rows}XV01,Great Island,1,"));
    let analysis = analysed(&areas("XV,The Isles,0,\n").mend("areas", "XV01,Great Island,1,", "XV01,Great Island,1,XV"));
    let national: Vec<&str> =
        figures(&analysis).filter(|row| row.level == 0 && row.code == "GP" && row.group.is_empty()).map(|row| row.pcode).collect();
    assert_eq!(national, ["XV"]);
    let named = areas("XV,The Isles,0,\n").context("\ncountry-pcode = \"XX\"\n");
    assert_eq!(said(&named, Code::TwoCountries), ["sheet `areas`, cell A2: `XV`, `XX` would each be the country"]);
}

#[test]
fn sectors_that_count_a_whole_area_beside_its_groups_are_compared() {
    let input = sound().sheet(
        "sectors",
        "pcode,population_group,cccm.phase,education.phase,health.phase,wash.phase,cccm.in_need\nXV0101,,3,3,3,3,3000\nXV0101,IDPs,,,,,300",
    );
    assert_eq!(
        said(&input, Code::ChildrenDiffer),
        ["`XV0101`: across sectors: 3000 people in need are given, the parts that are counted add up to 300"]
    );
}

#[test]
fn sums_are_held_against_all_sectors_affected_people_and_those_living_there() {
    // Overall has 200 in XV0101 and 250 in XV0102; the sectors count 100 people in the whole of XV0101.
    let input = sound()
        .sheet("sectors", "pcode,population_group,cccm.phase,education.phase,health.phase,wash.phase,cccm.in_need\nXV0101,,3,3,3,3,100")
        .sheet(
            "population",
            "pcode,population_group,population,affected\nXV0101,IDPs,1000,\nXV0101,Residents,4000,\nXV0101,,,7000\nXV0102,IDPs,500,",
        );
    let above = said(&input, Code::OverallAboveAllSectors);
    assert_eq!(above.first().map(String::as_str), Some("`XV0101`: overall: 200 people in need, 100 in need across sectors"));
    let sound = said(&sound(), Code::AffectedAbovePopulation);
    assert_eq!(sound, [""; 0]);
}

#[test]
fn people_with_disabilities_may_be_counted_by_sex() {
    let rows = |yes: &str| {
        sound().sheet(
            "population",
            &format!(
                "pcode,population_group,sex,disability,population\nXV0101,IDPs,,,1000\nXV0101,Residents,,,4000\nXV0102,IDPs,,,500\n{yes}"
            ),
        )
    };
    assert_eq!(said(&rows("XV0101,IDPs,female,yes,80\nXV0101,IDPs,male,yes,70"), Code::DisabilityAboveTotal), [""; 0]);
    assert_eq!(
        said(&rows("XV0101,IDPs,female,yes,800\nXV0101,IDPs,male,yes,700"), Code::DisabilityAboveTotal),
        ["`XV0101`, IDPs: 1500 people with disabilities of 1000"]
    );
    // Of a whole area they are held against its groups.
    assert_eq!(said(&rows("XV0101,,,yes,5100"), Code::DisabilityAboveTotal), ["`XV0101`: 5100 people with disabilities of 5000"]);
}

#[test]
fn a_pocket_takes_what_is_said_of_its_area() {
    let input = sound()
        .sheet(
            "population",
            "pcode,pocket,population_group,population\nXV0101,,,3000\nXV0101,Camp A,,400\nXV0101,Camp B,IDPs,200\nXV0102,,IDPs,500",
        )
        .sheet(
            "indicators",
            "pcode,pocket,population_group,movement-fear,roads\nXV0101,,,35,open\nXV0101,Camp B,,5,open\nXV0102,,IDPs,20,open",
        );
    let analysis = analysed(&input);
    // The area stands in phase 4: half of its people, and half of those of Camp A, which says nothing itself.
    assert_eq!(shown(&analysis, "XV0101", "Camp A", "", "GP")[0], "200");
    assert_eq!(shown(&analysis, "XV0101", "(outside pockets)", "", "GP")[0], "1500");
    // Camp B says 5 %: phase 2, also for its IDPs.
    assert_eq!(shown(&analysis, "XV0101", "Camp B", "IDPs", "GP")[0], "0");
}

#[test]
fn a_sex_of_which_nobody_knows_the_people_has_no_population_above_the_units() {
    let input = sound()
        .mend("population", "population_group,population", "population_group,population,sex")
        .mend("population", "XV0101,IDPs,1000", "XV0101,IDPs,520,female\nXV0101,IDPs,480,male")
        .sheet("estimates", "pcode,population_group,sex,aor,in_need,source\nXV0101,IDPs,female,GBV,300,x\nXV0101,IDPs,male,GBV,20,x\nXV0102,IDPs,female,GBV,400,x");
    let analysis = analysed(&input);
    let women = figures(&analysis).find(|row| row.pcode == "XV01" && row.sex == "female" && row.code == GBV.code()).unwrap();
    assert_eq!((women.in_need, women.population, women.coverage), (Some(People::whole(700)), None, None));
    let men = figures(&analysis).find(|row| row.pcode == "XV01" && row.sex == "male" && row.code == GBV.code()).unwrap();
    assert_eq!(men.population, Some(People::whole(480)));
}

#[test]
fn people_that_only_a_decision_gives_are_said_to_be_decided() {
    let input = sound().without("indicators").sheet(
        "decisions",
        "pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\nXV0101,IDPs,aor,CP,in_need,unknown,500,seen,report 12,the group,2025-11-03",
    );
    assert_eq!(shown(&analysed(&input), "XV0101", "", "IDPs", "CP"), ["500", "", "decision", ""]);
}

#[test]
fn figures_given_by_sex_for_a_whole_area_stand_in_its_sums() {
    let given =
        |rows: &str| sound().without("indicators").sheet("estimates", &format!("pcode,population_group,sex,aor,in_need,source{rows}"));
    let both = given("\nXV0101,,female,GBV,300,x\nXV0101,,male,GBV,50,x");
    let analysis = analysed(&both);
    assert_eq!(shown(&analysis, "XV0101", "", "", "GBV")[0], "350");
    assert_eq!(shown(&analysis, "XV01", "", "", "GBV")[0], "350");
    let women = given("\nXV0101,,female,GBV,300,x");
    assert_eq!(shown(&analysed(&women), "XV01", "", "", "GBV")[0], "");
    assert_eq!(
        said(&women, Code::GivenInPart),
        ["`XV0101`: GBV: people in need are given for female (300) alone, of several units together: they stand in no sum"]
    );
}

#[test]
fn figures_that_the_rules_do_not_use_are_said() {
    let input = sound()
        .context("\n[people-in-need.aor.GBV]\nrules = [\"derived\"]\nderived = { of = \"overall\", share = \"35%\" }\nwhy = \"agreed\"\n")
        .sheet("estimates", &format!("{ESTIMATES}\nXV0101,IDPs,GBV,,90,x"));
    assert_eq!(said(&input, Code::PassedOver), ["`XV0101`, IDPs: people of GBV: figures are given, which the rules do not use"]);
}

#[test]
fn last_years_area_is_compared_with_the_area_and_its_pockets() {
    let input = sound()
        .sheet("population", "pcode,pocket,population_group,population\nXV0101,,IDPs,1000\nXV0101,Camp A,IDPs,200\nXV0102,,IDPs,500")
        .sheet("indicators", "pcode,pocket,population_group,movement-fear,roads\nXV0101,,,35,open\nXV0102,,IDPs,20,open")
        .sheet("previous", "pcode,population_group,aor,in_need\nXV0101,,GP,600");
    // Half of 1,000 and of 200, as the area's own row shows.
    assert_eq!(changes(&analysed(&input)), [("600".into(), "0".into(), "compared")]);
}

#[test]
fn the_trend_shows_the_phase_of_an_area_that_its_own_row_shows() {
    // 1,000 of 5,000 people stand in phase 3: 20 % in 3 or worse. A judgement of the area says 4 and is not decided.
    let input = sound()
        .rule("framework.toml", "least-coverage = \"50%\"", "least-coverage = \"50%\"\nabove-the-unit = \"people-by-phase\"")
        .sheet(
            "judgements",
            "pcode,population_group,aor,phase,reason,evidence,decided_by,date\nXV0101,,GP,4,seen,report 12,the group,2025-11-03",
        )
        .sheet("previous", "pcode,population_group,aor,phase\nXV0101,,GP,2");
    let analysis = analysed(&input);
    let row = figures(&analysis).find(|row| row.pcode == "XV0101" && row.group.is_empty() && row.code == "GP").unwrap();
    assert_eq!(row.phase.map(pinpoint::domain::Phase::number), Some(3));
    assert_eq!(changes(&analysis), [("3".into(), "0.5".into(), "compared")]);
}
