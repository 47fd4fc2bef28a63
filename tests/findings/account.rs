//! The account of cells: every cell that was read as missing is in it, in every table, and every figure that the sheet
//! across sectors rounds (docs/formats.md, section 10). The expected lines are worked out by hand.

use pinpoint::report::audit;
use pinpoint::report::model::Datum;

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
