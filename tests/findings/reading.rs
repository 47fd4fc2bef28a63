//! What is read otherwise than one may think: ends of tables, codes in other spellings, cells shown in per cent, words
//! for missing and for yes and no. The expected values are worked out by hand from the method.

use pinpoint::diag::Code;
use pinpoint::domain::{Aor, Phase, Scope, Series};
use pinpoint::report::figures::figures;
use pinpoint::report::model::Datum;
use pinpoint::report::needs;
use pinpoint::stage::Analysis;

use crate::input::{Input, said, sound};

fn analysed(input: &Input) -> Analysis {
    let (found, analysis) = input.run();
    analysis.unwrap_or_else(|| panic!("{:?}", found.iter().collect::<Vec<_>>()))
}

/// The phase of a scope in an area and group.
fn phase(analysis: &Analysis, pcode: &str, group: &str, scope: Scope) -> Option<u8> {
    let cell = analysis.cells.ids().find(|&cell| {
        let key = analysis.cells.key(cell);
        analysis.areas.get(key.area).pcode.as_str() == pcode && analysis.cells.group_code(key.group) == group
    });
    analysis.severity.phase(cell.unwrap(), scope).map(Phase::number)
}

const GP: Scope = Scope::Aor(Aor::GeneralProtection);

#[test]
fn a_code_written_in_two_ways_is_one_area() {
    let input = sound().without("areas").sheet(
        "population",
        "admin1_pcode,admin2_pcode,population_group,population\nXV01,XV0101,IDPs,1000\nXV01,xv0101,Residents,4000\nXV01,XV\u{200b}0102,IDPs,500",
    );
    let analysis = analysed(&input);
    let codes: Vec<&str> = analysis.areas.ids().map(|area| analysis.areas.get(area).pcode.as_str()).collect();
    assert_eq!(codes, ["XVA", "XV01", "XV0101", "XV0102"]);
    let place = "sheet `population`, cell B3: p-codes that are written otherwise are read: B3 as `XV0101`, B4 as `XV0102`";
    assert_eq!(said(&input, Code::CodeCleaned), [place]);
    let twice = input.mend("population", "xv0101,Residents", "xv0101,IDPs");
    assert_eq!(
        said(&twice, Code::DuplicateRow),
        ["sheet `population`, cell B3: this area and group stand here and in sheet `population`, cell D2"]
    );
}

#[test]
fn a_total_is_no_group_where_the_groups_are_declared_either() {
    let groups = "\n[[group]]\ncode = \"IDPs\"\n\n[[group]]\ncode = \"Residents\"\n";
    let input = sound().context(groups).mend("population", "XV0102,", "XV0101,Total,5000\nXV0102,");
    assert_eq!(said(&input, Code::TotalAsGroup), ["sheet `population`, cell B4: `Total` is a total"]);
}

#[test]
fn cells_shown_in_per_cent_say_their_scale() {
    // 35 % and 20 % stand in phases 4 and 3; a plain 10 is 10 %.
    let input = sound().mend("indicators", "IDPs,20,", "IDPs,0.2%,").mend("indicators", "IDPs,35,", "IDPs,0.35%,");
    let analysis = analysed(&input);
    assert_eq!(
        [("XV0101", "IDPs"), ("XV0101", "Residents"), ("XV0102", "IDPs")].map(|(area, group)| phase(&analysis, area, group, GP)),
        [Some(3), Some(2), Some(4)]
    );
    let message =
        "sheet `indicators`, cell C2: 2 cells of column `movement-fear` are shown in per cent and read so, as 0.16 is shown as 16 %";
    assert_eq!(said(&input, Code::PercentFormat), [message]);
}

#[test]
fn two_scales_in_one_column_are_refused() {
    let areas: String = (1..=12).map(|at| format!("\nXV01{at:02},Place {at},2,XV01")).collect();
    let people: String = (1..=12).map(|at| format!("\nXV01{at:02},IDPs,100")).collect();
    let values = |of: &dyn Fn(usize) -> &'static str| (1..=12).map(|at| format!("\nXV01{at:02},IDPs,{},open", of(at))).collect::<String>();
    let input = |rows: String| {
        sound()
            .sheet("areas", &format!("pcode,name,level,parent_pcode\nXV01,Great Island,1,{areas}"))
            .sheet("population", &format!("pcode,population_group,population{people}"))
            .sheet("indicators", &format!("pcode,population_group,movement-fear,roads{rows}"))
    };
    let mixed = input(values(&|at| if at % 2 == 0 { "0.2" } else { "30" }));
    let message = "sheet `indicators`, cell C3: 6 values of column `movement-fear` lie between 0 and 1 and 6 above, the first in C3 and C2: are two scales mixed?";
    assert_eq!(said(&mixed, Code::PercentScale), [message]);
    // Low values all around 1 are one scale.
    let low = input(values(&|at| ["0.4", "0.9", "1.2", "2.5"][at % 4]));
    assert_eq!(said(&low, Code::PercentScale), [""; 0]);
}

#[test]
fn a_word_that_is_neither_yes_nor_no_is_no_answer() {
    let count = "count = { of = [\"school\", \"market\"], is = [\"yes\", \"1\"] }\nphase-from = { 1 = 0, 3 = 1, 5 = 2 }";
    let answers = "answers = { 1 = [\"open\"], 3 = [\"some closed\"], 5 = [\"closed\"] }";
    let input = |second: &str| {
        sound().rule("indicators.toml", answers, count).sheet(
            "indicators",
            &format!(
                "pcode,population_group,movement-fear,school,market\nXV0101,IDPs,2,yes,{second}\nXV0101,Residents,2,no,0\nXV0102,IDPs,2,,"
            ),
        )
    };
    assert_eq!(phase(&analysed(&input("no")), "XV0101", "IDPs", GP), Some(3));
    let said = said(&input("oui"), Code::UnknownAnswer);
    assert!(said[0].starts_with("sheet `indicators`, cell E2: column `market`: `oui` is no accepted answer"), "{said:?}");
}

#[test]
fn dont_know_has_a_phase_among_answers_alone() {
    let with = |form: &str| sound().rule("indicators.toml", form, &format!("missing = [\"dnk\"]\ndont-know = 3\n{form}"));
    let answers = with("answers = { 1 = [\"open\"]").mend("indicators", "IDPs,20,open", "IDPs,2,dnk");
    assert_eq!(phase(&analysed(&answers), "XV0101", "IDPs", GP), Some(3));
    let ladder = with("phase-from = { 1 = 0, 2 = 5");
    assert_eq!(
        said(&ladder, Code::UnknownChoice),
        [
            "minimal/indicators.toml, line 11, column 13: indicator `movement-fear`: only an indicator with `answers` can give \"don't know\" a phase"
        ]
    );
}

#[test]
fn areas_take_their_phase_from_the_shares_of_their_people() {
    // A 1,000 with 19 % in phase 3, B 500 with 20 %: 290 of 1,500 are 19.3 %, below the cut; B alone is on it.
    let input = sound()
        .rule("framework.toml", "least-coverage = \"50%\"", "least-coverage = \"50%\"\nabove-the-unit = \"people-by-phase\"")
        .without("indicators")
        .sheet("population", "pcode,population_group,population\nXV0101,IDPs,1000\nXV0102,IDPs,500")
        .sheet(
            "shares",
            "pcode,population_group,scope,code,phase1,phase2,phase3,phase4,phase5\nXV0101,IDPs,aor,GP,0.5,0.31,0.19,0,0\nXV0102,IDPs,aor,GP,0.5,0.3,0.2,0,0",
        );
    let of_province = |analysis: &Analysis| {
        let row = figures(analysis).find(|row| row.pcode == "XV01" && row.code == "GP" && row.group.is_empty()).unwrap();
        row.phase.map(Phase::number)
    };
    let analysis = analysed(&input);
    assert_eq!(phase(&analysis, "XV0102", "IDPs", GP), Some(3));
    assert_eq!(of_province(&analysis), Some(2));
    // Known for 500 of 1,500 people, which is less than half: no phase.
    let few = input.mend("shares", "XV0101,IDPs,aor,GP,0.5,0.31,0.19,0,0", "");
    assert_eq!(of_province(&analysed(&few)), None);
}

#[test]
fn the_needs_table_says_for_how_many_people_in_need_is_known() {
    let input = sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\nXV0102,Residents,5000");
    let (_, analysis) = input.run();
    let (analysis, context) = (analysis.unwrap(), crate::input::context_of(&input));
    let file = needs::file(&analysis, &context);
    let at = |title: &str| file.header.iter().position(|header| *header == title).unwrap();
    let (info, description, category) = (at("Info"), at("Description"), at("Category"));
    let text = |datum: &Datum| if let Datum::Text(text) = datum { text.clone() } else { String::new() };
    let rows: Vec<Vec<String>> = file.rows.map(|row| row.iter().map(text).collect()).collect();
    let national = rows.iter().find(|row| row[category].is_empty() && row[description] == Series::Overall.name()).unwrap();
    assert_eq!(national[info], "in need known for 5500 of 10500 people|affected known for 1500 of 10500 people");
}

#[test]
fn an_area_split_by_group_shows_the_phase_that_evidence_for_it_gives() {
    let input = sound().sheet(
        "judgements",
        "pcode,population_group,aor,phase,reason,evidence,decided_by,date\nXV0101,,HLP,4,seen,report 12,the group,2025-11-03",
    );
    let analysis = analysed(&input);
    let row = figures(&analysis).find(|row| row.pcode == "XV0101" && row.group.is_empty() && row.code == "HLP").unwrap();
    assert_eq!((row.phase.map(Phase::number), row.method), (Some(4), "sum"));
}

#[test]
fn a_row_under_the_table_that_lost_its_code_is_refused() {
    let layout = "\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\ndata-ends = \"first-row-without-pcode\"\ncolumns = { pcode = [\"pcode\"], group = [\"population_group\"], population = [\"population\"] }\n";
    let input = sound().context(layout).mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\n,IDPs,700\n,Total,6200");
    assert_eq!(
        said(&input, Code::RowsBelowEnd),
        ["sheet `population`, cell A5: the table ends at row 5, which has no p-code, but rows 5 below it have names and people"]
    );
}

#[test]
fn a_spreadsheet_program_makes_dates_of_age_bands() {
    let input = sound().sheet("population", "pcode,population_group,age,population\nXV0101,IDPs,2026-11-05,400\nXV0101,IDPs,12+,600");
    assert_eq!(
        said(&input, Code::UnknownAnswer),
        ["sheet `population`, cell C2: column `age`: `2026-11-05` is a date; a spreadsheet program has made it of an age band"]
    );
}

#[test]
fn areas_whose_codes_begin_alike_are_no_more_people() {
    let people = |country: &str| {
        let rows = format!("pcode,population_group,population\nXV,,{country}\nXV01,,3000\nXV0101,,1000\nXV0102,,2000\nXW0101,,50");
        sound().without("areas").without("indicators").sheet("population", &rows)
    };
    let said_of = |country: &str| said(&people(country), Code::SumAsGroup);
    let inner = "sheet `population`, cell C3: `XV01` has 3000 people, as many as the 2 areas together whose codes begin with it";
    let outer = "sheet `population`, cell C2: `XV` has 3000 people, as many as the 2 areas together whose codes begin with it";
    assert_eq!((said_of("3000"), said_of("3001")), (vec![outer.to_owned(), inner.to_owned()], vec![inner.to_owned()]));
}

#[test]
fn people_under_a_format_for_per_cents_are_people_where_they_are_whole() {
    let input = sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500%");
    assert!(said(&input, Code::PeopleAsShares).is_empty());
    let share = sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,0.5%");
    let message = "sheet `population`, cell C4: column `population`: people are wanted here, and per cents stand in C4";
    assert_eq!(said(&share, Code::PeopleAsShares), [message]);
}

#[test]
fn an_aor_with_phases_and_without_people_is_said_where_others_have_people() {
    let estimates = "pcode,population_group,aor,phase,in_need,source\nXV0101,IDPs,CP,3,,s\nXV0102,IDPs,CP,4,,s\nXV0101,IDPs,GBV,3,100,s";
    let of_gp = "format = 1\n\n[[coefficient]]\naor = \"GP\"\nphase = 3\nin-need = \"20%\"\nwhy = \"made up for tests\"\n";
    let input = sound().file("coefficients.toml", of_gp).sheet("estimates", estimates);
    let of_cp = said(&input, Code::PeopleUnknown);
    assert!(of_cp.contains(&"CP: 2 areas and groups have a phase, and none has people in need; other AoRs have".to_owned()), "{of_cp:?}");
}

#[test]
fn digits_that_are_turned_around_are_no_number() {
    let input = sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,\u{202e}5431");
    let message = "sheet `population`, cell C4: column `population`: the cell holds marks that turn digits around, so that a person sees another number";
    assert_eq!(said(&input, Code::NotANumber), [message]);
}
