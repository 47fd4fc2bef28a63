//! Rows that speak for several others: of a whole area, of a pocket, of an area above the units.

use pinpoint::diag::Code;
use pinpoint::domain::{PCode, People, Series};
use pinpoint::stage::rollup::Rolled;

use crate::input::{Input, said, sound};

/// The sums of an area.
fn area(input: &Input, pcode: &str, series: Series) -> Rolled {
    let (found, analysis) = input.run();
    let analysis = analysis.unwrap_or_else(|| panic!("{:?}", found.iter().collect::<Vec<_>>()));
    analysis.rolled.area(analysis.areas.find(&PCode::new(pcode).unwrap()).unwrap(), series)
}

fn people(number: i64) -> People {
    People::whole(number)
}

const CP: Series = Series::ALL[2];

#[test]
fn a_row_of_another_sheet_does_not_change_who_is_counted() {
    let rows = "pcode,pocket,population_group,population\nXV0101,,IDPs,1000\nXV0102,,,500\nXV0102,Camp,IDPs,200";
    let alone = sound().sheet("population", rows).sheet("indicators", "pcode,movement-fear,roads\nXV0101,20,open\nXV0102,10,open");
    let beside = alone.clone().sheet("previous", "pcode,population_group,aor,in_need\nXV0102,IDPs,CP,50");
    for input in [alone, beside] {
        assert_eq!(area(&input, "XV0102", Series::Overall).population, Some(people(700)), "the pocket's people and the area's own");
        assert_eq!(area(&input, "XVA", Series::Overall).population, Some(people(1700)));
    }
}

#[test]
fn a_group_that_no_area_below_has_lives_in_the_area_above() {
    let of = |rows: &str| {
        sound().sheet("population", &format!("pcode,population_group,population\nXV0101,IDPs,1000\nXV0102,IDPs,500\n{rows}")).mend(
            "indicators",
            "XV0101,Residents,10,open\n",
            "",
        )
    };
    assert_eq!(area(&of("XV01,Refugees,300"), "XV01", Series::Overall).population, Some(people(1800)));
    assert_eq!(area(&of("XV01,IDPs,1500"), "XV01", Series::Overall).population, Some(people(1500)), "a sum of those below");
    let differs = "sheet `population`, cell C4: `XV01`, IDPs has 1600 people, those counted in it are 1500";
    assert_eq!(said(&of("XV01,IDPs,1600"), Code::ChildrenDiffer), [differs]);
    let without_groups = sound()
        .sheet("population", "pcode,population_group,population\nXV0101,,1000\nXV0102,,500\nXV01,IDPs,400\nXV01,Residents,1100")
        .sheet("indicators", "pcode,movement-fear,roads\nXV0101,20,open\nXV0102,10,open");
    assert_eq!(area(&without_groups, "XV01", Series::Overall).population, Some(people(1500)), "the same people by group");
}

#[test]
fn a_response_and_affected_people_of_a_whole_area_stand_in_its_sums() {
    let input = sound()
        .sheet("response", "pcode,population_group,aor,targeted,reached\nXV0101,,CP,50,20\nXV01,,CP,,90\nXV0102,IDPs,CP,7,")
        .sheet("estimates", "pcode,population_group,aor,affected,source\nXV0101,,MA,600,survey");
    let (small, large) = (area(&input, "XV0101", CP), area(&input, "XV01", CP));
    assert_eq!((small.targeted, small.reached), (Some(people(50)), Some(people(20))));
    // The province's 90 are held against the district's 20: some of its rows have a figure of their own.
    assert_eq!((large.targeted, large.reached), (Some(people(57)), Some(people(20))));
    assert_eq!(area(&input, "XV0101", Series::ALL[5]).affected, Some(people(600)));
    let held = "`XV01`: CP: 90 people reached are given, the parts add up to 20";
    assert_eq!(said(&input, Code::ChildrenDiffer), [held]);
    assert_eq!(
        small.known.map(|known| known.living),
        [None, Some(people(5000)), Some(people(5000))],
        "the response is known for everybody there"
    );
}

#[test]
fn what_is_stated_for_several_rows_is_held_against_these_rows_alone() {
    let rows =
        "pcode,pocket,population_group,population\nXV0101,,IDPs,1000\nXV0101,Camp,IDPs,200\nXV0101,Camp,Residents,100\nXV0102,,IDPs,500";
    let input = |given: &str| {
        sound()
            .sheet("population", rows)
            .mend("indicators", "XV0101,Residents,10,open\n", "")
            .sheet("estimates", &format!("pcode,pocket,population_group,aor,in_need,source\nXV0101,,IDPs,CP,500,x\nXV0101,Camp,IDPs,CP,20,x\nXV0101,Camp,Residents,CP,10,x\nXV0102,,IDPs,CP,100,x\n{given}"))
    };
    assert_eq!(said(&input("XV0101,Camp,,CP,30,x"), Code::ChildrenDiffer), [""; 0], "20 and 10 of the camp");
    assert_eq!(said(&input("XV01,,IDPs,CP,620,x"), Code::ChildrenDiffer), [""; 0], "500, 20 and 100 of the group");
    let differs = "`XV01`, IDPs: CP: 700 people in need are given, the parts add up to 620";
    assert_eq!(said(&input("XV01,,IDPs,CP,700,x"), Code::ChildrenDiffer), [differs]);
}

#[test]
fn a_figure_without_people_is_said_where_it_stands() {
    let input = sound().sheet("response", "pcode,population_group,aor,targeted\nXV0102,Residents,CP,50");
    assert_eq!(said(&input, Code::MissingPopulation), ["sheet `response`, cell D2: `XV0102`, Residents has figures but no population"]);
}

#[test]
fn a_pocket_of_an_area_above_lives_beside_the_areas_in_it() {
    let rows =
        "pcode,pocket,population_group,population\nXV0101,,IDPs,1000\nXV0101,,Residents,4000\nXV0102,,IDPs,500\nXV01,Border camp,IDPs,200";
    let input = sound().sheet("population", rows);
    assert_eq!(area(&input, "XV01", Series::Overall).population, Some(people(5700)));
    assert_eq!(said(&input, Code::ChildrenDiffer), [""; 0]);
}

#[test]
fn a_stated_total_is_held_against_all_that_is_counted_in_it() {
    let of = |total: u32| {
        let rows = format!(
            "pcode,population_group,population\nXV0101,IDPs,1000\nXV0101,Residents,4000\nXV0102,IDPs,500\nXV01,Nomads,300\nXV01,,{total}"
        );
        sound().sheet("population", &rows)
    };
    let differs = |input: &Input| [said(input, Code::ChildrenDiffer), said(input, Code::PopulationDiffers)].concat();
    assert_eq!(differs(&of(5800)), [""; 0], "1,000, 4,000, 500 and the 300 who live in none of the districts");
    assert_eq!(differs(&of(6000)), ["sheet `population`, cell C6: `XV01` has 6000 people, those counted in it are 5800"]);
}

#[test]
fn people_across_sectors_of_a_district_and_its_province_stand_once() {
    // Four sectors in phase 3: severity 3, so that the highest number of people is in need.
    let header = "pcode,pocket,population_group,health.phase,education.phase,wash.phase,shelter.phase,health.in_need";
    let sum = |province: &str, rows: &str| {
        let input = sound()
            .sheet("areas", &format!("pcode,name,level,parent_pcode\n{province},Great Island,1,\nXV0101,North Cape,2,{province}\nXV0102,South Bay,2,{province}"))
            .sheet("sectors", &format!("{header}\n{rows}"));
        let (_, analysis) = input.run();
        let analysis = analysis.unwrap();
        analysis.rolled_across.get(analysis.areas.country(), None)
    };
    for province in ["XV01", "ZZ01"] {
        let sum = sum(province, &format!("{province},,,3,3,3,3,700\nXV0101,,,3,3,3,3,400"));
        assert_eq!((sum.in_need, sum.assessed), (Some(people(400)), people(5000)), "the district's, of its 5,000 people");
    }
}

#[test]
fn a_statement_for_a_group_stands_before_one_for_everybody() {
    let input = sound().sheet("response", "pcode,population_group,aor,targeted,reached\nXV01,,CP,500,\nXV01,IDPs,CP,200,");
    // The 500 are held against the 200 of the displaced; they are not added to them.
    assert_eq!(area(&input, "XV01", CP).targeted, Some(people(200)));
    let held = "`XV01`: CP: 500 people targeted are given, the parts add up to 200";
    assert_eq!(said(&input, Code::ChildrenDiffer), [held]);
}

/// The fourth review found `changes` beside another figure than the one that `figures.csv` shows.
#[test]
fn last_year_of_a_whole_area_is_compared_with_the_figure_of_its_own_row() {
    let input = sound()
        .sheet(
            "population",
            "pcode,pocket,population_group,population\nXV0101,,IDPs,1000\nXV0101,,Residents,2000\nXV0101,Camp,IDPs,5000\nXV0102,,IDPs,500",
        )
        .sheet(
            "estimates",
            "pcode,pocket,population_group,aor,in_need,source\nXV0101,,,CP,1000,s\nXV0101,Camp,IDPs,CP,4000,s\nXV0102,,IDPs,CP,50,s",
        )
        .sheet("previous", "pcode,population_group,aor,in_need\nXV0101,,CP,4000\nXV01,,CP,5050\nXV01,IDPs,CP,4500");
    let (found, analysis) = input.run();
    let analysis = analysis.unwrap_or_else(|| panic!("{:?}", found.iter().collect::<Vec<_>>()));
    let seen: Vec<(String, Option<String>, &str)> = analysis
        .changes
        .iter()
        .map(|change| (change.new.unwrap().to_string(), change.change.map(|change| change.to_string()), change.status.word()))
        .collect();
    // 1,000 + 4,000; with XV0102 5,050; of the IDPs 4,050, known for 5,500 of 6,500 people.
    let some = |text: &str| Some(text.to_owned());
    let mut expected =
        [("5050".to_owned(), some("0"), "compared"), ("4050".to_owned(), None, "partial"), ("5000".to_owned(), some("0.25"), "compared")];
    let mut seen = seen;
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
}

#[test]
fn what_is_stated_for_a_group_of_an_upper_area_is_held_against_its_people() {
    let input = sound()
        .sheet("estimates", "pcode,population_group,aor,in_need,affected,source\nXV01,IDPs,CP,5000,6000,s")
        .sheet("response", "pcode,population_group,aor,targeted\nXV01,IDPs,CP,5500");
    let of = |code: Code| said(&input, code);
    // 1,500 IDPs live in XV01.
    assert!(of(Code::InNeedAbovePopulation).contains(&"`XV01`, IDPs: CP: 5000 people in need, 1500 living there".to_owned()));
    assert!(of(Code::AffectedAbovePopulation).contains(&"`XV01`, IDPs: CP: 6000 people affected, 1500 living there".to_owned()));
    assert!(of(Code::TargetAboveInNeed).contains(&"`XV01`, IDPs: CP: 5500 people targeted, 5000 in need".to_owned()));
    // An area with a single unit has such a row too.
    let single = sound().sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0102,,CP,5000,s");
    let expected = "`XV0102`: CP: 5000 people in need, 500 living there".to_owned();
    assert!(said(&single, Code::InNeedAbovePopulation).contains(&expected));
}

#[test]
fn pockets_that_differ_in_case_and_blanks_are_one() {
    let input = sound()
        .sheet("population", "pcode,pocket,population_group,population\nXV0101,Camp A,IDPs,1000\nXV0101,,Residents,4000\nXV0102,,IDPs,500")
        .sheet("indicators", "pcode,pocket,population_group,movement-fear,roads\nXV0101,camp  a,IDPs,20,open\nXV0101,,Residents,10,open\nXV0102,,IDPs,35,open");
    assert_eq!(area(&input, "XV0101", Series::Overall).population, Some(people(5000)));
    let expected = "sheet `indicators`, cell B2: pockets that are written otherwise are read: B2 as `Camp A`";
    assert_eq!(said(&input, Code::CodeCleaned), [expected]);
    assert_eq!(said(&input, Code::MissingPopulation), [""; 0]);
}
