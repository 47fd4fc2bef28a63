//! From evidence to people: figures given in part, AoRs derived from overall, scopes, shares, and what decisions do to
//! phases. The expected values are worked out by hand from the method.

use pinpoint::diag::{Code, Findings};
use pinpoint::domain::{Aor, CellId, People, Phase, Scope, Series};
use pinpoint::report::model::Datum;
use pinpoint::report::{methods, pin, severity, summary};
use pinpoint::stage::Analysis;
use pinpoint::stage::audit::AuditKind;
use pinpoint::stage::people::Method;

use crate::input::{Input, said, sound};

fn cell(analysis: &Analysis, pcode: &str, group: &str) -> CellId {
    let of = |cell: &CellId| {
        let key = analysis.cells.key(*cell);
        analysis.areas.get(key.area).pcode.as_str() == pcode && analysis.cells.group_code(key.group) == group
    };
    analysis.cells.ids().find(of).unwrap()
}

/// People in need of a unit: its total, then its leaves in their order.
fn in_need(analysis: &Analysis, pcode: &str, group: &str, series: Series) -> Vec<Option<People>> {
    let (cell, slots) = (cell(analysis, pcode, group), &analysis.population.slots);
    let of_cell = std::iter::once(slots.total(cell)).chain(slots.leaves_of(cell).map(|(_, slot)| slot));
    of_cell.map(|slot| analysis.in_need.in_need(slot, series)).collect()
}

fn known(people: &[i64]) -> Vec<Option<People>> {
    people.iter().map(|&people| Some(People::whole(people))).collect()
}

const GBV: Series = Series::Aor(Aor::GenderBasedViolence);
const GP: Series = Series::Aor(Aor::GeneralProtection);

/// 520 women and 480 men; of the women some are given.
fn women_given(aor: &str, people: i64) -> Input {
    sound()
        .sheet(
            "population",
            "pcode,population_group,sex,population\nXV0101,IDPs,female,520\nXV0101,IDPs,male,480\nXV0101,Residents,,4000\nXV0102,IDPs,,500",
        )
        .sheet("estimates", &format!("pcode,population_group,sex,aor,in_need,source\nXV0101,IDPs,female,{aor},{people},survey"))
}

const SHARES: &str = "pcode,population_group,scope,code,phase1,phase2,phase3,phase4,phase5";

#[test]
fn figures_given_for_some_parts_are_kept_and_the_total_is_not_made_from_them() {
    let input = women_given("GBV", 300);
    let analysis = input.run().1.unwrap();
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", GBV), [None, Some(People::whole(300)), None]);
    // 20 % of 1,000 for GP, which is all that overall has.
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", Series::Overall).first(), Some(&Some(People::whole(200))));
    let part = "`XV0101`, IDPs: GBV: people in need are given for female (300) alone; the total is not known";
    assert_eq!(said(&input, Code::GivenInPart), [part]);
    let above = "`XV0101`, IDPs: GBV: 300 people in need in the parts given, overall 200";
    assert_eq!(said(&input, Code::AorAboveOverall), [above]);
}

#[test]
fn one_part_of_a_group_that_is_not_split_is_not_everybody() {
    let input = sound().sheet("estimates", "pcode,population_group,sex,aor,in_need,affected,source\nXV0101,IDPs,female,GBV,300,400,survey");
    let (_, analysis) = input.run();
    let analysis = analysis.unwrap();
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", GBV), [None, Some(People::whole(300))]);
    let slots = &analysis.population.slots;
    assert_eq!(analysis.in_need.affected(slots.total(cell(&analysis, "XV0101", "IDPs")), GBV), None);
    assert_eq!(
        said(&input, Code::GivenInPart),
        [
            "`XV0101`, IDPs: GBV: people affected are given for female (400) alone; the total is not known",
            "`XV0101`, IDPs: GBV: people in need are given for female (300) alone; the total is not known",
        ]
    );
}

#[test]
fn some_parts_alone_are_evidence() {
    let input = women_given("GBV", 300).mend("indicators", "XV0101,IDPs,20,open", "");
    assert_eq!(said(&input, Code::NoEvidence), [""; 0]);
    let analysis = input.run().1.unwrap();
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", GBV), [None, Some(People::whole(300)), None]);
}

#[test]
fn the_next_way_gives_the_parts_that_are_missing() {
    // A quarter of the 480 men; the women are given.
    let input = women_given("GBV", 300).sheet("shares", &format!("{SHARES}\nXV0101,IDPs,aor,GBV,0.5,0.25,0.25,0,0"));
    let analysis = input.run().1.unwrap();
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", GBV), known(&[420, 300, 120]));
    let slots = &analysis.population.slots;
    let methods: Vec<Method> =
        slots.leaves_of(cell(&analysis, "XV0101", "IDPs")).map(|(_, slot)| analysis.in_need.method(slot, GBV)).collect();
    assert_eq!(methods, [Method::Given, Method::Shares]);
    assert_eq!(pin::source(&analysis, cell(&analysis, "XV0101", "IDPs"), GBV), "survey");
    let part = "`XV0101`, IDPs: GBV: people in need are given for female (300) alone; the total, 420, and the other parts are estimated";
    assert_eq!(said(&input, Code::GivenInPart), [part]);
}

#[test]
fn parts_given_are_passed_over_by_a_way_that_comes_first_and_that_is_said() {
    let shares = format!("{SHARES}\nXV0101,IDPs,aor,GBV,0.5,0.25,0.25,0,0");
    let input = women_given("GBV", 300).sheet("shares", &shares).rule(
        "framework.toml",
        "from-phase = 3",
        "from-phase = 3\nrules = [\"shares\", \"given\", \"coefficients\"]",
    );
    let analysis = input.run().1.unwrap();
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", GBV), known(&[250, 130, 120]));
    assert_eq!(said(&input, Code::PassedOver), ["`XV0101`, IDPs: people of GBV: shares used, given passed over"]);
}

#[test]
fn parts_that_are_known_and_already_more_than_a_given_total_are_said() {
    let input = women_given("GBV", 300);
    let rows = "pcode,population_group,sex,aor,in_need,source\nXV0101,IDPs,female,GBV,300,survey\nXV0101,IDPs,,GBV,210,survey";
    let input = input.sheet("estimates", rows);
    let differ = "`XV0101`, IDPs: GBV: the parts that are known add up to 300, the total says 210";
    assert_eq!(said(&input, Code::PartsDiffer), [differ]);
    assert_eq!(said(&input, Code::GivenInPart), [""; 0]);
}

#[test]
fn a_check_on_a_part_names_sex_and_age() {
    let input = women_given("GP", 600);
    assert_eq!(said(&input, Code::InNeedAbovePopulation), ["`XV0101`, IDPs: GP, female: 600 people in need of 520"]);
}

/// GBV is given, or else derived from overall.
fn derived() -> Input {
    sound().context(
        "\n[people-in-need]\nwhy = \"agreed\"\n[people-in-need.aor.GBV]\nrules = [\"given\", \"derived\"]\nderived = { of = \"overall\", share = \"35%\" }\nwhy = \"agreed\"\n",
    )
}

#[test]
fn an_aor_enters_overall_where_its_figure_does_not_come_from_overall() {
    let input = derived().sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0101,IDPs,GBV,600,survey");
    let analysis = input.run().1.unwrap();
    // GP has 20 % of 1,000 in phase 3 and 50 % of 500 in phase 4.
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", Series::Overall), known(&[600]));
    assert_eq!(in_need(&analysis, "XV0102", "IDPs", Series::Overall), known(&[250]));
    let of_gbv = in_need(&analysis, "XV0102", "IDPs", GBV);
    assert_eq!(of_gbv, [Some(People(pinpoint::domain::Decimal::parse("87.5").unwrap()))]);
    // What is derived is no figure of its own to compare.
    assert_eq!(analysis.mosaic_levels.group, People::whole(850));
    assert_eq!(analysis.mosaic_levels.sum, People::whole(200 + 250 + 600));
    assert_eq!(said(&input, Code::AorAboveOverall), [""; 0]);
}

#[test]
fn an_aor_derived_from_one_that_is_given_enters_as_well() {
    let input = derived()
        .context("\n[people-in-need.aor.CP]\nrules = [\"derived\"]\nderived = { of = \"GBV\", share = \"90%\" }\nwhy = \"agreed\"\n")
        .sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0101,IDPs,GBV,400,survey");
    let (found, analysis) = input.run();
    let Some(analysis) = analysis else { panic!("{:?}", found.iter().collect::<Vec<_>>()) };
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", Series::Overall), known(&[400]));
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", Series::Aor(Aor::ChildProtection)), known(&[360]));
    assert_eq!(in_need(&analysis, "XV0102", "IDPs", Series::Overall), known(&[250]));
}

const DECISIONS: &str = "pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date";
const SIGNED: &str = "new arrivals,report 12,the group,2025-11-03";

fn decided(rows: &[&str]) -> String {
    let rows: String = rows.iter().map(|row| format!("\n{row},{SIGNED}")).collect();
    format!("{DECISIONS}{rows}")
}

#[test]
fn overall_has_no_code_but_its_own() {
    for code in ["", "overall", "PRO-OVE", "pro"] {
        let input = sound()
            .sheet("shares", &format!("{SHARES}\nXV0101,IDPs,overall,{code},0.5,0.25,0.25,0,0"))
            .sheet("decisions", &decided(&[&format!("XV0101,IDPs,overall,{code},in_need,200,250")]));
        assert_eq!(said(&input, Code::UnknownScope), [""; 0], "{code}");
    }
    let input = sound()
        .sheet("shares", &format!("{SHARES}\nXV0101,IDPs,overall,GP,0,0,0,0,1"))
        .sheet("decisions", &decided(&["XV0101,IDPs,overall,GBV,in_need,300,50", "XV0101,IDPs,intersectoral,CP,phase,3,4"]));
    let scopes = "the scopes are overall, aor, risk, indicator and intersectoral";
    assert_eq!(
        said(&input, Code::UnknownScope),
        [
            format!("sheet `decisions`, row 2: `overall` `GBV` is nothing that can be decided on; {scopes}"),
            format!("sheet `decisions`, row 3: `intersectoral` `CP` is nothing that can be decided on; {scopes}"),
            "sheet `shares`, cell C2: `overall` `GP` is nothing that shares can be given for; the scopes are overall, aor and risk".into(),
        ]
    );
}

#[test]
fn a_risk_is_known_by_its_name_in_shares_and_decisions() {
    let name = "Gender-based violence";
    let input = sound()
        .sheet("shares", &format!("{SHARES}\nXV0101,IDPs,risk,{name},0.5,0.25,0.25,0,0"))
        .sheet("decisions", &decided(&[&format!("XV0101,IDPs,risk,{name},phase,3,4")]));
    let analysis = input.run().1.unwrap();
    let risk = analysis.rules.risk("PR08").unwrap();
    let judged = analysis.severity.get(cell(&analysis, "XV0101", "IDPs"), Scope::Risk(risk));
    assert_eq!((judged.phase, judged.decided), (Phase::new(4), true));
    assert_eq!(said(&input, Code::DecisionOldDiffers), [""; 0]);
}

/// Both groups of the first area stand in the phase of the whole area, which is 3.
fn whole_area() -> Input {
    sound().sheet("indicators", "pcode,population_group,movement-fear,roads\nXV0101,,20,open\nXV0102,IDPs,35,some closed")
}

#[test]
fn a_decision_on_a_group_is_held_against_the_rule_and_not_against_that_on_its_area() {
    for (scope, code) in [("aor", "GP"), ("risk", "PR15"), ("indicator", "movement-fear")] {
        let rows = [format!("XV0101,,{scope},{code},phase,3,4"), format!("XV0101,IDPs,{scope},{code},phase,3,5")];
        let input = whole_area().sheet("decisions", &decided(&[&rows[0], &rows[1]]));
        assert_eq!(said(&input, Code::DecisionOldDiffers), [""; 0], "{scope}");
        let analysis = input.run().1.unwrap();
        let phase = |group| analysis.severity.phase(cell(&analysis, "XV0101", group), GP.scope()).map(Phase::number);
        assert_eq!((phase("Residents"), phase("IDPs")), (Some(4), Some(5)), "{scope}");
        assert_eq!(said(&input, Code::DecisionWithoutEffect), [""; 0], "{scope}");
    }
}

#[test]
fn a_decision_on_an_area_that_no_group_takes_is_said() {
    let without = "each group has evidence or a decision of its own";
    for (scope, code) in [("aor", "GP"), ("risk", "PR15"), ("indicator", "movement-fear"), ("overall", "")] {
        let input = sound().sheet("decisions", &decided(&[&format!("XV0101,,{scope},{code},phase,unknown,5")]));
        let expected = format!("sheet `decisions`, row 2: `XV0101`: {without}");
        assert_eq!(said(&input, Code::DecisionWithoutEffect), [expected], "{scope}");
    }
    // The groups take another risk.
    let input = sound().sheet("decisions", &decided(&["XV0101,,risk,PR01,phase,unknown,5"]));
    assert_eq!(said(&input, Code::DecisionWithoutEffect), [""; 0]);
}

#[test]
fn the_old_value_of_a_phase_is_a_phase() {
    let old = |old: &str| sound().sheet("decisions", &decided(&[&format!("XV0101,IDPs,aor,GP,phase,{old},4")]));
    assert_eq!(said(&old("2.4"), Code::PhaseOutside), ["sheet `decisions`, cell F2: column `old`: 2.4 is no phase"]);
    assert_eq!(said(&old("2.4"), Code::DecisionIncomplete), [""; 0]);
    assert_eq!(said(&old("unknown"), Code::DecisionOldDiffers).len(), 1);
    assert!(old("3").findings().is_empty());
}

#[test]
fn an_area_with_a_decided_phase_is_marked() {
    let input = sound().sheet("decisions", &decided(&["XV0101,IDPs,risk,PR15,phase,3,5"]));
    let analysis = input.run().1.unwrap();
    // 80 % of 1,000 instead of 20 %.
    assert_eq!(in_need(&analysis, "XV0101", "IDPs", GP), known(&[800]));
    let table = pin::by_area(&analysis);
    let marked: Vec<&Datum> = table.rows.iter().filter(|row| row.last() != Some(&Datum::Empty)).filter_map(|row| row.first()).collect();
    assert_eq!(marked, [&Datum::text("XVA"), &Datum::text("XV01"), &Datum::text("XV0101")]);
    // What counts units by the phase of this risk rests on it, and so do the levels of the mosaic, which the only AoR enters.
    let (rests, none) = (Datum::text("rests-on-override"), Datum::Empty);
    for row in &summary::priorities(&analysis, "en").rows {
        assert_eq!(row.last(), Some(if row[1] == Datum::text("PR15") { &rests } else { &none }), "{row:?}");
    }
    let table = summary::table(&analysis, &Findings::default(), "Two Islands", "en");
    for row in &table.rows {
        let Datum::Text(what) = &row[0] else { panic!("{row:?}") };
        let (untouched, other) =
            (["Population", "Targeted", "Reached", "Units changed by decisions", "Findings"], row[1] != Datum::text(GP.name()));
        let none_here = untouched.contains(&what.as_str()) || (what == "In need by AoR" && other);
        assert_eq!(row.last(), Some(if none_here { &none } else { &rests }), "{row:?}");
    }
}

#[test]
fn a_share_below_0_is_named() {
    let input = sound().sheet("shares", &format!("{SHARES}\nXV0101,IDPs,aor,CP,-0.1,0.5,0.3,0.2,0.1"));
    assert_eq!(said(&input, Code::NumberOutOfRange), ["sheet `shares`, cell E2: the share in phase 1 is below 0: -0.1"]);
    assert_eq!(said(&input, Code::SharesNotWhole), [""; 0]);
}

/// An indicator that is five shares.
fn share_indicator(row: &str) -> Input {
    let indicators = include_str!("../../fixtures/frameworks/valid/minimal/indicators.toml");
    let indicator = format!(
        "{indicators}\n[indicator.distress]\nlabel = \"Distress\"\nrisks = [\"PR11\"]\npillar = \"C2\"\nmeasured-on = \"area\"\nunit = \"percent\"\nexpected = false\nsource = \"ours\"\nshares = {{ 1 = \"d1\", 2 = \"d2\", 3 = \"d3\", 4 = \"d4\", 5 = \"d5\" }}\n"
    );
    sound().file("indicators.toml", &indicator).mend("indicators", "movement-fear,roads", "movement-fear,roads,d1,d2,d3,d4,d5").mend(
        "indicators",
        "XV0101,IDPs,20,open",
        &format!("XV0101,IDPs,20,open,{row}"),
    )
}

fn coping(row: &str) -> Input {
    let header = "cccm.phase,education.phase,health.phase,wash.phase,coping_phase1,coping_phase2,coping_phase3,coping_phase4,coping_phase5";
    sound().sheet("sectors", &format!("pcode,population_group,{header}\nXV0101,IDPs,3,3,3,3,{row}"))
}

#[test]
fn five_shares_are_read_alike_in_an_indicator_and_in_coping() {
    for (input, place, whose) in [
        (share_indicator as fn(&str) -> Input, "sheet `indicators`, cell E2", "indicator `distress`"),
        (coping, "sheet `sectors`, cell G2", "livelihood coping"),
    ] {
        let one = |row: &str, code: Code, message: &str| {
            assert_eq!(said(&input(row), code), [format!("{place}: {whose}: {message}")], "{row}");
        };
        one("0.5,0.3,0.2,,", Code::BlankShare, "the known shares add up to 1, so the blank ones are read as 0");
        one("0.5,0.3,0.203,0,0", Code::SharesRenormalised, "the shares add up to 1.003");
        one("0.5,0.3,,,", Code::SharesUnknown, "the known shares add up to 0.8, and others are blank");
        one("0.5,0.3,0.1,0,0", Code::SharesNotWhole, "the shares add up to 0.9");
        one("-0.1,0.5,0.6,0,0", Code::NumberOutOfRange, "the share in phase 1 is below 0: -0.1");
        let audited = input("0.5,0.3,0.203,0,0").run().1.unwrap();
        let lines = audited.audit.entries.iter().filter(|line| &*line.detail == "the five shares divided by their sum");
        assert_eq!(lines.count(), 1, "{whose}");
        let blank = input("0.5,0.3,0.2,,").run().1.unwrap();
        let missing = blank.audit.entries.iter().filter(|line| line.kind == AuditKind::Missing && line.detail.ends_with(['4', '5']));
        let of_row = missing.filter(|line| line.cell.row == 2);
        assert_eq!(of_row.count(), 2, "{whose}");
        assert!(input("0.5,0.3,0.2,0,0").findings().is_empty(), "{whose}");
    }
}

#[test]
fn overall_computed_on_its_own_is_called_so_where_an_aor_has_more() {
    let input = sound()
        .rule("framework.toml", "from-phase = 3", "from-phase = 3\nacross-aors = { rule = \"independent\" }")
        .sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0101,IDPs,GBV,300,survey");
    // Overall stands in phase 3, of which 20 % of 1,000 are in need.
    let above = "`XV0101`, IDPs: GBV: 300 people in need, overall 200, which is computed on its own";
    let of_area = "`XV0101`: GBV: 300 people in need, 200 in need overall; in need is known where 1000 people live, in need overall where 5000; overall is computed on its own";
    assert_eq!(said(&input, Code::AorAboveOverall), [of_area, above]);
}

#[test]
fn a_change_is_said_with_its_threshold() {
    let input = sound().sheet("previous", "pcode,population_group,aor,in_need\nXV0101,IDPs,GP,50");
    let change = "`XV0101`, IDPs: GP: 50 last year, 200 now (+300 %); the threshold is 100 %";
    assert_eq!(said(&input, Code::ChangeBeyondThreshold), [change]);
}

#[test]
fn the_levels_of_the_highest_say_what_they_do_not_hold() {
    let input = sound()
        .mend("indicators", "XV0102,IDPs,35,some closed", "")
        .sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0102,IDPs,overall,90,survey");
    let analysis = input.run().1.unwrap();
    assert_eq!(analysis.mosaic_levels.group, People::whole(200));
    let table = methods::table(&analysis);
    let line = table.rows.iter().find(|row| row.first() == Some(&Datum::text("In need by level of the highest"))).unwrap();
    let said = "of the figures of AoRs that enter overall: 200 by area and group; 200 by area; 200 for the country; the sum of AoRs would be 200; overall holds 90 people more, by evidence of its own where no AoR has a figure";
    assert_eq!(line.get(1), Some(&Datum::text(said)));
}

#[test]
fn given_people_that_are_not_used_are_said_also_without_people_in_need_and_for_overall() {
    let ways = |ways: &str| sound().context(&format!("\n[people-in-need]\nrules = [{ways}]\nwhy = \"made up\"\n"));
    let shares = format!("{SHARES}\nXV0101,IDPs,aor,GP,0.5,0.2,0.2,0.1,0");
    let estimates = "pcode,population_group,aor,in_need,affected,source\nXV0101,IDPs,GP,,950,s\nXV0101,Residents,overall,700,950,s";
    let first = ways("\"shares\", \"given\"").sheet("shares", &shares).sheet("estimates", estimates);
    let said_of = |input: &Input| said(input, Code::PassedOver).join("; ");
    let expected = "`XV0101`, IDPs: people of GP: shares used, given affected people passed over";
    assert!(said_of(&first).contains("people of GP: shares used, given affected people passed over"), "{expected}: {}", said_of(&first));
    let never = ways("\"shares\", \"coefficients\"").sheet("shares", &shares).sheet("estimates", estimates);
    assert!(said_of(&never).contains("`XV0101`, IDPs: people of GP: figures are given, which the rules do not use"), "{}", said_of(&never));
    assert!(
        said_of(&never).contains("`XV0101`, Residents: people of overall: figures are given, which the rules do not use"),
        "{}",
        said_of(&never)
    );
}

#[test]
fn overall_affected_and_phases_above_carry_the_mark_of_what_they_rest_on() {
    let input = sound()
        .sheet("indicators", "pcode,population_group,movement-fear,roads\nXV0101,Residents,10,open")
        .sheet("estimates", "pcode,population_group,aor,affected,source\nXV0101,IDPs,GP,400,s")
        .sheet("decisions", &decided(&["XV0101,IDPs,aor,GP,affected,400,900"]));
    let (found, analysis) = input.run();
    let analysis = analysis.unwrap_or_else(|| panic!("{:?}", found.iter().collect::<Vec<_>>()));
    let cell = cell(&analysis, "XV0101", "IDPs");
    assert_eq!(analysis.in_need.affected(analysis.population.slots.total(cell), Series::Overall), Some(People::whole(900)));
    assert_eq!(analysis.touched.series(cell, Series::Overall).word(), "rests-on-override");
    let key = analysis.cells.key(cell);
    assert_eq!(analysis.touched.sum(key.area, None, None, Series::Overall).word(), "rests-on-override");

    let by_people = sound()
        .context("\n[severity]\nabove-the-unit = \"people-by-phase\"\nwhy = \"made up\"\n")
        .sheet("decisions", &decided(&["XV0101,IDPs,aor,GP,phase,3,5"]))
        .sheet("previous", "pcode,population_group,aor,phase\nXV01,,GP,3\nXV0102,IDPs,GP,3");
    let analysis = by_people.run().1.unwrap();
    let marks: Vec<&str> = analysis.changes.iter().map(|change| pinpoint::report::trend::mark(&analysis, change)).collect();
    assert_eq!(marks, ["rests-on-override", ""]);
    let matrix = severity::matrix(&analysis);
    let marks: Vec<Datum> = matrix.rows.filter_map(|row| row.last().cloned()).collect();
    assert!(marks.contains(&Datum::text("override: GP; rests-on-override: PRO-OVE")), "{marks:?}");
}
