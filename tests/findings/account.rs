//! The account of cells: every cell that was read as missing is in it, in every table, and every figure that the sheet
//! across sectors rounds (docs/formats.md, section 10). The expected lines are worked out by hand.

use pinpoint::diag::Findings;
use pinpoint::report::audit;
use pinpoint::report::model::Datum;
use pinpoint::stage::audit::{Audit, Fate};
use pinpoint::stage::ledger::{self, Counted};
use pinpoint::stage::locate::locate;

use crate::input::{Input, sound};
use crate::lines;

/// Kind, sheet, cell and code, or for rounded figures the detail, of the lines of one kind.
fn account(input: &Input, kind: &str) -> Vec<String> {
    let (found, analysis) = input.run();
    let analysis = analysis.unwrap_or_else(|| panic!("{}", lines(&found)));
    let text = |datum: &Datum| if let Datum::Text(text) = datum { text.clone() } else { String::new() };
    let rows = audit::file(&analysis).rows;
    let of_kind = rows.filter(|row| row[0] == Datum::text(kind));
    of_kind.map(|row| row.iter().skip(1).map(text).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ")).collect()
}

fn missing(input: &Input) -> Vec<String> {
    let told = account(input, "missing");
    told.into_iter().map(|line| line.trim_end_matches(" nothing, or what counts as missing").to_owned()).collect()
}

#[test]
fn every_table_tells_its_missing_cells() {
    let input = sound()
        .sheet("population", "pcode,population_group,population,affected\nXV0101,IDPs,1000,\nXV0101,Residents,4000,900\nXV0102,IDPs,500,50")
        .sheet("estimates", "pcode,population_group,aor,phase,in_need,affected,source\nXV0101,IDPs,CP,0,100,200,")
        .sheet("previous", "pcode,population_group,aor,in_need,phase\nXV0101,IDPs,GP,190,")
        .sheet("response", "pcode,population_group,aor,targeted,reached\nXV0101,IDPs,GP,100,")
        .sheet(
            "sectors",
            "pcode,population_group,cccm.phase,wash.phase,epidemics,final_severity,final_severity_reason\nXV0101,IDPs,3,2.5,0,,\nXV0102,IDPs,,3,2.2,0,",
        );
    assert_eq!(
        missing(&input),
        [
            // Phase 0; the blank source is a text, in which no value is expected.
            "estimates D2 XV0101 IDPs phase",
            "population D2 XV0101 IDPs affected",
            "previous E2 XV0101 IDPs phase",
            "response E2 XV0101 IDPs reached",
            // Half a phase, phase 0; a blank final severity changes nothing, one of 0 is unknown.
            "sectors D2 XV0101 IDPs wash.phase",
            "sectors E2 XV0101 IDPs epidemics",
            "sectors C3 XV0102 IDPs cccm.phase",
            "sectors F3 XV0102 IDPs final-severity",
        ]
    );
}

#[test]
fn a_token_for_missing_and_a_granted_error_cell_are_told() {
    let context = |role: &str, more: &str| {
        format!(
            "\n[[table]]\nrole = \"{role}\"\nsheet = [\"{role}\"]\nmissing = [\"NA\"]\nerror-cells = \"missing\"\nwhy = \"as their template has it\"\n\n[table.columns]\npcode = [\"pcode\"]\ngroup = [\"population_group\"]\n{more}"
        )
    };
    let input = sound()
        .sheet("population", "pcode,population_group,population,affected\nXV0101,IDPs,1000,NA\nXV0102,IDPs,500,#N/A")
        .sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0101,IDPs,CP,NA,NA\nXV0102,IDPs,CP,20,NA")
        .without("indicators")
        .context(
            &(context("population", "population = [\"population\"]\naffected = [\"affected\"]\n")
                + &context("estimates", "aor = [\"aor\"]\nin-need = [\"in_need\"]\nsource = [\"source\"]\n")),
        );
    assert_eq!(
        missing(&input),
        [
            "estimates D2 XV0101 IDPs in-need",
            "estimates E2 XV0101 IDPs source",
            "estimates E3 XV0102 IDPs source",
            "population D2 XV0101 IDPs affected",
            "population D3 XV0102 IDPs affected",
        ]
    );
}

#[test]
fn what_the_sheet_across_sectors_rounds_is_told() {
    // Severity 3: half of the 100.5 people are targeted, 50.25; nobody above phase 3 is prioritised.
    let sheet = "pcode,population_group,cccm.phase,education.phase,health.phase,wash.phase,cccm.in_need\nXV0101,IDPs,3,3,3,3,100.5";
    assert_eq!(
        account(&sound().sheet("sectors", sheet), "rounded"),
        [
            "XV0101 IDPs intersectoral highest 100.5 as 101; in_need_preliminary 100.5 as 101; in_need_final 100.5 as 101; targeted 50.25 as 50"
        ]
    );
}

/// Lines of the account of rows and people.
fn rows_and_people(input: &Input) -> Vec<String> {
    account(input, "account").into_iter().filter(|line| !line.contains("cells")).collect()
}

#[test]
fn every_row_and_all_people_are_accounted_for() {
    let input = sound()
        .sheet(
            "population",
            "people of the islands,,,,\npcode,population_group,sex,disability,population\nXV0101,IDPs,,,1000\nXV0101,IDPs,female,,520\nXV0101,IDPs,male,,480\nXV0101,Residents,,,4000\nXV0101,Residents,,yes,300\nXV0102,IDPs,,,500\nXV0101,,,,5000\nTotal,,,,5500",
        )
        .mend("indicators", "XV0102,IDPs,35,some closed", "XV0102,IDPs,35,some closed\nXV0102,IDPs,35,some closed\nthe roads were seen in October,,,")
        .sheet("response", "pcode,population_group,aor,targeted,reached\nXV0101,IDPs,GP,100,\nXV0102,IDPs,GP,,");
    assert_eq!(
        rows_and_people(&input),
        [
            "areas areas rows read: 4",
            "areas areas rows used: 3",
            "areas areas rows set aside: 1 (headers: 1)",
            "population population rows read: 10",
            "population population rows used: 7",
            "population population rows set aside: 1 (above the headers: 1)",
            "population population rows set aside: 1 (headers: 2)",
            "population population rows set aside: 1 (a total: 10)",
            "indicators indicators rows read: 6",
            "indicators indicators rows used: 3",
            "indicators indicators rows set aside: 1 (headers: 1)",
            "indicators indicators rows set aside: 1 (repeats another row cell for cell: 5)",
            "indicators indicators rows set aside: 1 (a remark: words in place of a code, and no figure: 6)",
            "response response rows read: 3",
            "response response rows used: 1",
            "response response rows set aside: 1 (headers: 1)",
            "response response rows set aside: 1 (no figure in it counts here: 3)",
            // 1,000 + 520 + 480 + 4,000 + 300 + 500 + 5,000 + 5,500.
            "population people read: 17300 (in every row that holds a number of people)",
            "population people assessed: 5500 (their people in need are known)",
            "population people not assessed: 0 (they count, and their people in need are not known)",
            "population people stated again: 5000 (of an area or group for whose parts people are stated too; the parts count)",
            "population people as parts of a total: 1000 (by sex and age beside a total; the total counts)",
            "population people with disabilities: 300 (among the others)",
            "population people set aside: 5500 (in rows that are set aside)",
        ]
    );
}

#[test]
fn an_account_that_lacks_a_row_does_not_add_up() {
    let (_, analysis) = sound().run();
    let analysis = analysis.unwrap();
    let (context, framework) = sound().rules(&mut Findings::default());
    let (context, framework) = (context.unwrap(), framework.unwrap());
    let workbook = sound().workbook(&context);
    let sheets = locate(&workbook, &context, &framework).value;
    let (cells, population, in_need) = (&analysis.cells, &analysis.population, &analysis.in_need);
    let told = |audit: &Audit| -> Vec<String> {
        let (_, found) = ledger::account(&sheets, &[], Counted { cells, population, in_need }, audit);
        found.iter().map(|finding| finding.message.clone()).collect()
    };
    assert!(told(&analysis.audit).is_empty());
    // The whole account taken away: every row of data is lost, and so are the people in them.
    assert_eq!(
        told(&Audit::default()),
        [
            "rows 2-4 were read and neither used nor set aside, or both",
            "rows 2-4 were read and neither used nor set aside, or both",
            "rows 2-4 were read and neither used nor set aside, or both",
            "0 people were read, and the account tells of 5500",
        ]
    );
    // One row told twice.
    let mut twice = analysis.audit.clone();
    let of_people = sheets.tables.iter().find(|table| &*table.sheet.name == "population").unwrap();
    twice.note_row(of_people.id, 3, Fate::SetAside("a total"));
    twice.sort_rows();
    assert_eq!(told(&twice)[0], "rows 3 were read and neither used nor set aside, or both");
}
