//! Where the headers of a table stand, and what stands under which of them.

use pinpoint::diag::Code;
use pinpoint::domain::Series;
use pinpoint::table::workbook::{Block, ExcelTable, SheetNotes};

use crate::input::{Input, said, sound};

const BELOW: &str = "XV0101,IDPs,20,open\nXV0101,Residents,10,open\nXV0102,IDPs,35,some closed";

/// The figures are those of the input with its headers in row 1.
fn gives_the_same(input: &Input) {
    let of = |input: &Input| {
        let (found, analysis) = input.run();
        let analysis = analysis.unwrap_or_else(|| panic!("{:?}", found.iter().collect::<Vec<_>>()));
        analysis.rolled.area(analysis.areas.country(), Series::Overall)
    };
    assert_eq!(of(input), of(&sound()));
}

fn indicators(head: &str) -> Input {
    sound().sheet("indicators", &format!("{head}\n{BELOW}"))
}

#[test]
fn headers_are_found_below_titles_and_totals() {
    let input = indicators("Protection monitoring,,,\n,,35,3 flagged\n,,,\npcode,population_group,movement-fear,roads");
    gives_the_same(&input);
    assert_eq!(said(&input, Code::HeaderFound), ["sheet `indicators`, cell A4: headers found in row 4: 4 of them are known"]);
}

#[test]
fn headers_in_two_rows_are_read_together() {
    let input = indicators("pcode,population_group,Indicators,\n,,movement-fear,roads");
    gives_the_same(&input);
    assert_eq!(said(&input, Code::HeaderFound), ["sheet `indicators`, cell A1: headers found in rows 1 and 2: 4 of them are known"]);
    // A cell that is merged over both rows stands in the lower one.
    let merge = |column| Block { top: 1, left: column, bottom: 2, right: column };
    let merged = input.noted("indicators", SheetNotes { merges: vec![merge(1), merge(2)], ..SheetNotes::default() });
    gives_the_same(&merged);
}

#[test]
fn tags_under_the_headers_are_no_data_and_speak_for_headers_that_are_not_known() {
    let input =
        indicators("Code of the district,population_group,movement-fear,roads\n'#adm2 +code,'#population+type,'#indicator,'#indicator");
    gives_the_same(&input);
    let alone = indicators("'#adm2+code,'#meta,'#indicator,'#indicator\npcode,population_group,movement-fear,roads");
    gives_the_same(&alone);
}

#[test]
fn an_excel_table_says_where_it_begins_and_ends() {
    let table = |bottom, totals_rows| {
        let block = Block { top: 2, left: 1, bottom, right: 4 };
        let tables = vec![ExcelTable { name: "Table1".into(), block, has_headers: true, totals_rows }];
        SheetNotes { tables, ..SheetNotes::default() }
    };
    let head = "pcode,population_group,movement-fear,roads";
    let input = indicators(&format!("{head}\n{head}"));
    let mut rows = format!("{head}\n{head}\n{BELOW}\nTotal,,65,");
    let with_totals = input.clone().sheet("indicators", &rows).noted("indicators", table(6, 1));
    gives_the_same(&with_totals);
    assert_eq!(said(&with_totals, Code::RowSetAside), ["sheet `indicators`, cell A6: 1 row set aside (below the table): 6"]);
    rows = format!("{head}\n{head}\n{BELOW}\n,,,\nRow Labels,,,\nSum of all,,,65");
    gives_the_same(&input.clone().sheet("indicators", &rows).noted("indicators", table(5, 0)));
    // Rows that were added under the table and are data.
    let below = input.sheet("indicators", &format!("{head}\n{head}\n{BELOW}")).noted("indicators", table(4, 0));
    assert_eq!(
        said(&below, Code::RowsBelowEnd),
        ["sheet `indicators`, cell A5: the Excel table ends at row 4, but rows 5 below it have p-codes and figures"]
    );
}

#[test]
fn what_stands_under_a_header_that_is_lost_is_no_note() {
    let both = indicators("pcode,population_group,movement-fear / roads,remarks");
    let expected = "sheet `indicators`, cell C1: `movement-fear / roads` is not read; did you mean `movement-fear`?";
    assert_eq!(said(&both, Code::IndicatorMisnamed), [expected]);
    assert_eq!(said(&both, Code::UnknownIndicator), ["sheet `indicators`, cell D1: not used: `remarks` (D1)"]);
    let dated = indicators("pcode,population_group,2025-01-02,roads");
    let expected = "sheet `indicators`, cell C1: the header `2025-01-02` is a number or a date and names no indicator";
    assert_eq!(said(&dated, Code::HeaderNoName), [expected]);
    let ignored = "\n[[table]]\nrole = \"indicators\"\nsheet = [\"indicators\"]\nignore-columns = [\"2025-01-02\"]\ncolumns = { pcode = [\"pcode\"], group = [\"population_group\"] }\n\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\ncolumns = { pcode = [\"pcode\"], group = [\"population_group\"], population = [\"population\"] }\n\n[[table]]\nrole = \"areas\"\nsheet = [\"areas\"]\ncolumns = { pcode = [\"pcode\"], name = [\"name\"], level = [\"level\"], parent-pcode = [\"parent_pcode\"] }\n";
    assert_eq!(said(&dated.context(ignored), Code::HeaderNoName), [""; 0]);
}

#[test]
fn a_column_without_a_header_among_others_is_an_error_and_beside_them_a_note() {
    let inside = indicators("pcode,population_group,,roads");
    assert_eq!(said(&inside, Code::HeaderBlank), ["sheet `indicators`, cell C1: column C holds 3 values and has no header"]);
    let beside = indicators("pcode,population_group,movement-fear,");
    assert_eq!(said(&beside, Code::HeaderBlank), [""; 0]);
    assert_eq!(said(&beside, Code::UnusedColumn), ["sheet `indicators`, cell D1: not used, because they have no header: columns D"]);
}
