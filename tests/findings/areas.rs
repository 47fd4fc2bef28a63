//! Sums above the units against the bounds of the method (sections 1, 7 and 12). The figures are worked out by hand.

use pinpoint::diag::Code;

use crate::input::{Input, sound};

/// Place and message of the findings of these codes.
fn said(input: &Input, codes: &[Code]) -> Vec<String> {
    let found = input.findings();
    let of_codes = found.iter().filter(|finding| codes.contains(&finding.code));
    of_codes.map(|finding| format!("{}: {}", finding.place.within(), finding.message)).collect()
}

const ESTIMATES: &str = "pcode,population_group,aor,in_need,source";

#[test]
fn more_people_targeted_and_reached_than_in_need_are_said_of_the_areas_whose_sums_say_so() {
    // 1,000 IDPs in XV0101 have figures, the 500 of XV0102 only a target; both lie in XV01, which is the whole country.
    let input = sound()
        .sheet("estimates", &format!("{ESTIMATES}\nXV0101,IDPs,CP,100,survey"))
        .sheet("response", "pcode,population_group,aor,targeted,reached\nXV0101,IDPs,CP,50,20\nXV0102,IDPs,CP,450,400");
    let known = "is known where 1500 people live, in need where 1000";
    assert_eq!(
        said(&input, &[Code::TargetAboveInNeed, Code::ReachedAboveInNeed]),
        ["`XV01`", "`XV01`, IDPs", "`XVA`", "`XVA`, IDPs"]
            .iter()
            .flat_map(|of| {
                [
                    format!("{of}: CP: 500 people targeted, 100 in need; targeted {known}"),
                    format!("{of}: CP: 420 people reached, 100 in need; reached {known}"),
                ]
            })
            .collect::<Vec<_>>()
    );
}

#[test]
fn an_aor_above_overall_is_said_of_the_sums() {
    // Overall is given for XV0101 alone.
    let input = sound()
        .without("indicators")
        .rule("framework.toml", "from-phase = 3", "from-phase = 3\nacross-aors = { rule = \"independent\" }")
        .sheet("estimates", &format!("{ESTIMATES}\nXV0101,IDPs,overall,300,survey\nXV0101,IDPs,CP,200,survey\nXV0102,IDPs,CP,400,survey"));
    assert_eq!(
        said(&input, &[Code::AorAboveOverall]),
        ["`XV01`", "`XV01`, IDPs", "`XVA`", "`XVA`, IDPs"].map(|of| format!(
            "{of}: CP: 600 people in need, 300 in need overall; in need is known where 1500 people live, in need overall where 1000; overall is computed on its own"
        ))
    );
}

#[test]
fn the_country_is_looked_at_beside_its_areas_and_an_area_of_one_unit_says_it_once() {
    let input = sound()
        .mend("areas", "XV0102,South Bay,2,XV01", "XV02,Small Island,1,\nXV0201,South Bay,2,XV02")
        .mend("population", "XV0102", "XV0201")
        .mend("indicators", "XV0102", "XV0201")
        .sheet("estimates", &format!("{ESTIMATES}\nXV0201,IDPs,CP,5600,survey"));
    // Overall is the highest of the AoRs: 5,600 in this unit, and 200 of the 1,000 IDPs of XV0101 in phase 3. IDPs are 1,500.
    assert_eq!(
        said(&input, &[Code::InNeedAbovePopulation]),
        [
            "`XV0201`, IDPs: CP: 5600 people in need of 500",
            "`XV0201`, IDPs: overall: 5600 people in need of 500",
            "`XVA`: CP: 5600 people in need, 5500 living there",
            "`XVA`: overall: 5800 people in need, 5500 living there",
            "`XVA`, IDPs: CP: 5600 people in need, 1500 living there",
            "`XVA`, IDPs: overall: 5800 people in need, 1500 living there",
        ]
    );
}
