//! Rows that add up others, remarks, and what sheets say of areas beside their codes. The sums are worked out by hand.

use pinpoint::diag::Code;
use pinpoint::domain::{PCode, People, Series};

use crate::input::{Input, said, sound};

fn people_of(input: &Input) -> Option<People> {
    let (found, analysis) = input.run();
    let analysis = analysis.unwrap_or_else(|| panic!("{:?}", found.iter().collect::<Vec<_>>()));
    analysis.rolled.area(analysis.areas.country(), Series::Overall).population
}

const TWO_LEVELS: &str = "admin1_pcode,admin2_pcode,population_group,population";

/// 1,000 and 4,000 people in XV0101, 500 in XV0102.
fn two_levels(rows: &str) -> Input {
    sound().sheet("population", &format!("{TWO_LEVELS}\nXV01,XV0101,IDPs,1000\nXV01,XV0101,Residents,4000\nXV01,XV0102,IDPs,500\n{rows}"))
}

#[test]
fn subtotals_and_totals_are_compared_with_what_they_add_up() {
    let rows = "Total XV0101,,,5000\nXV01,XV0102,IDPs,500\nSubtotal,,,500\nTOTAL,,,5500\nTotal,,IDPs,1500\nTotal,,IDPs,1600";
    let input = sound().sheet("population", &format!("{TWO_LEVELS}\nXV01,XV0101,IDPs,1000\nXV01,XV0101,Residents,4000\n{rows}"));
    assert_eq!(people_of(&input), Some(People::whole(5500)));
    assert_eq!(said(&input, Code::TotalAgrees), ["sheet `population`, cell D4: totals that are the sum of their rows: D4, D6, D7, D8"]);
    assert_eq!(
        said(&input, Code::TotalDiffers),
        ["sheet `population`, cell D9: column `population` of the total says 1600, the rows add up to 1500"]
    );
    let aside = "sheet `population`, cell A4: 5 rows set aside (a total): 4, 6-9";
    assert_eq!(said(&input, Code::RowSetAside), [aside]);
}

#[test]
fn a_row_of_an_upper_area_is_its_total_or_has_lost_its_code() {
    let total = two_levels("XV01,,,5500");
    assert_eq!(people_of(&total), Some(People::whole(5500)));
    assert_eq!(said(&total, Code::TotalAgrees), ["sheet `population`, cell A5: totals that are the sum of their rows: A5"]);
    let lost = two_levels("XV01,,,700");
    let expected =
        "sheet `population`, cell A5: the row names `XV01` and no area in it, and is not its total: 700 people, those in it are 5500";
    assert_eq!(said(&lost, Code::MissingPCode), [expected]);
    let lost = two_levels("XV01, ,Residents,700");
    assert_eq!(said(&lost, Code::MissingPCode), ["sheet `population`, cell B5: the row names `XV01` and no area in it"]);
    let mixed = "\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\narea-levels = \"mixed\"\n[table.columns]\nadmin1-pcode = [\"admin1_pcode\"]\nadmin2-pcode = [\"admin2_pcode\"]\ngroup = [\"population_group\"]\npopulation = [\"population\"]\n";
    let allowed = two_levels("XV01,,Residents,700").context(mixed);
    assert_eq!(said(&allowed, Code::MissingPCode), [""; 0]);
}

#[test]
fn remarks_below_a_table_are_set_aside_and_codes_that_nobody_knows_are_not() {
    let input = sound().mend(
        "indicators",
        "XV0102,IDPs,35,some closed",
        "XV0102,IDPs,35,some closed\nSource: monitoring of 2025,,,\n* provisional,,,",
    );
    assert_eq!(people_of(&input), Some(People::whole(5500)));
    let aside = "sheet `indicators`, cell A5: 2 rows set aside (a remark: words in place of a code, and no figure): 5-6";
    assert_eq!(said(&input, Code::RowSetAside), [aside]);
    // With a figure it is a row whose code is wrong.
    let coded = sound().mend("indicators", "XV0102,IDPs", "South Bay,IDPs");
    assert_eq!(said(&coded, Code::UnknownPCode), ["sheet `indicators`, cell A4: `South Bay` is not among the admin areas"]);
}

#[test]
fn every_sheet_is_held_against_the_tree_of_areas() {
    let head = "admin1_pcode,admin1_name,pcode,population_group,movement-fear,roads";
    let of = |first: &str| {
        sound().sheet("indicators", &format!("{head}\n{first},XV0101,IDPs,20,open\nXV01,Great Island,XV0101,Residents,10,open\nXV01,GREAT  island,XV0102,IDPs,35,some closed"))
    };
    assert_eq!(said(&of("XV01,Great Island"), Code::TwoNames), [""; 0]);
    let other = "sheet `indicators`, cell B2: `XV01` is called `Grand Island` here and `Great Island` elsewhere";
    assert_eq!(said(&of("XV01,Grand Island"), Code::TwoNames), [other]);
    let elsewhere = "sheet `indicators`, cell A2: `XV0101` lies in `XV02` here and in `XV01` elsewhere";
    assert_eq!(said(&of("XV02,Great Island"), Code::TwoParents), [elsewhere]);
}

#[test]
fn a_name_that_the_tree_lacks_is_taken_from_another_sheet() {
    let indicators = "admin2_pcode,admin2_name,population_group,movement-fear,roads\nXV0101,Cape Norte,IDPs,20,open\nXV0101,Cape Nord,Residents,10,open\nXV0102,South Bay,IDPs,35,some closed";
    let input = two_levels("").without("areas").sheet("indicators", indicators);
    let analysis = input.run().1.unwrap();
    let name = |code: &str| analysis.areas.get(analysis.areas.find(&PCode::new(code).unwrap()).unwrap()).name.clone();
    assert_eq!([name("XV0101"), name("XV0102")], ["Cape Nord", "South Bay"]);
    let two = "sheet `indicators`, cell B2: `XV0101` is called `Cape Norte` here and `Cape Nord` elsewhere";
    assert_eq!(said(&input, Code::TwoNames), [two]);
}

/// What the fifth review found: totals among groups, pockets and sexes, and rows that are no totals.
#[test]
fn totals_are_refused_where_groups_pockets_and_parts_are_named() {
    let group = |name: &str| {
        let input = sound().mend("population", "XV0102,IDPs,500", &format!("XV0102,IDPs,500\nXV0101,{name},5000"));
        said(&input, Code::TotalAsGroup)
    };
    for name in ["Total population", "All IDPs", "Population totale", "IDPs (total)"] {
        assert_eq!(group(name), [format!("sheet `population`, cell B5: `{name}` is a total")]);
    }
    let declared = "\n[[group]]\ncode = \"IDPs\"\n[[group]]\ncode = \"Residents\"\n[[group]]\ncode = \"All others\"\n";
    let input = sound().context(declared).mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\nXV0101,All others,70");
    assert_eq!(said(&input, Code::TotalAsGroup), [""; 0]);
    let pocket = sound().sheet(
        "population",
        "pcode,pocket,population_group,population\nXV0101,,IDPs,1000\nXV0101,Total,IDPs,1000\nXV0101,,Residents,4000\nXV0102,,IDPs,500",
    );
    assert_eq!(said(&pocket, Code::TotalAsGroup), ["sheet `population`, cell B3: `Total` is a total and no pocket"]);
    for sex in ["Total female", "M+F", "both genders"] {
        let rows = format!("pcode,population_group,sex,population\nXV0101,IDPs,female,600\nXV0101,IDPs,male,400\nXV0101,IDPs,{sex},1000");
        assert_eq!(
            said(&sound().sheet("population", &rows), Code::TotalAsPart),
            [format!("sheet `population`, cell C4: `{sex}` is a total")]
        );
    }
}

#[test]
fn an_area_whose_name_begins_like_a_total_is_an_area() {
    let input = sound().mend("areas", "XV0102,South Bay", "TOTA,Total City").mend("population", "XV0102", "TOTA").mend(
        "indicators",
        "XV0102",
        "TOTA",
    );
    assert_eq!(people_of(&input), Some(People::whole(5500)));
    assert_eq!(said(&input, Code::RowSetAside), [""; 0]);
}

#[test]
fn totals_and_ends_see_numbers_that_are_written_as_text() {
    let of = |total: &str| {
        sound().sheet(
            "population",
            &format!("pcode,population_group,population\nXV0101,IDPs,1000\nXV0101,Residents,4000\nXV0102,IDPs,'500\nTotal,,{total}"),
        )
    };
    assert_eq!(said(&of("5500"), Code::TotalAgrees).len(), 1);
    assert_eq!(
        said(&of("5000"), Code::TotalDiffers),
        ["sheet `population`, cell C5: column `population` of the total says 5000, the rows add up to 5500"]
    );
    let head = "pcode,population_group,movement-fear,roads";
    let behind = |row: &str| {
        let block = pinpoint::table::workbook::Block { top: 1, left: 1, bottom: 3, right: 4 };
        let tables = vec![pinpoint::table::workbook::ExcelTable { name: "T".into(), block, has_headers: true, totals_rows: 0 }];
        let notes = pinpoint::table::workbook::SheetNotes { tables, ..Default::default() };
        sound().sheet("indicators", &format!("{head}\nXV0101,IDPs,20,open\nXV0101,Residents,10,open\n{row}")).noted("indicators", notes)
    };
    for row in ["XV0102,IDPs,'35,", "XV0102,IDPs,,open", "XVSB,IDPs,35,"] {
        assert_eq!(said(&behind(row), Code::RowsBelowEnd).len(), 1, "{row}");
    }
    assert_eq!(said(&behind("Grand Total,,65,"), Code::RowsBelowEnd), [""; 0]);
}

#[test]
fn without_a_sheet_of_areas_not_every_text_is_a_code() {
    let of = |code: &str| {
        let input = sound().without("areas").mend("population", "XV0102,IDPs,500", &format!("XV0102,IDPs,500\n{code},IDPs,1500"));
        said(&input, Code::OddPCode)
    };
    for code in ["N/A", "-", "0", "unknown"] {
        assert!(of(code).iter().any(|said| said.contains("names no place")), "{code}: {:?}", of(code));
    }
    assert_eq!(of("North"), ["sheet `population`, cell A5: `North` does not begin like the other codes (`XV`)"]);
    assert_eq!(of("XV01 of which"), ["sheet `population`, cell A5: `XV01 of which` has a blank inside, and most other codes have none"]);
    assert_eq!(of("XV0103"), [""; 0]);
}
