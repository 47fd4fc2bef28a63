//! What stands beside a figure: whose severity a group stands in, what a decision changed, on how few sectors it rests,
//! and from where evidence comes (method, sections 3, 11, 14.4 and 15.12). The expected values are worked out by hand.

use pinpoint::diag::Code;
use pinpoint::domain::Decimal;
use pinpoint::report::model::Datum;
use pinpoint::report::{figures, sectors, severity, trend};
use pinpoint::stage::Analysis;

use crate::input::{Input, sound};
use crate::lines;

const SECTORS: &str = "pcode,population_group,cccm.phase,education.phase,health.phase,wash.phase,cccm.in_need,final_severity,final_severity_reason,final_in_need,final_in_need_reason";

fn across(rows: &str) -> Input {
    sound().sheet("sectors", &format!("{SECTORS}\n{rows}"))
}

fn analysis(input: &Input) -> Analysis {
    let (found, analysis) = input.run();
    analysis.unwrap_or_else(|| panic!("{}", lines(&found)))
}

/// Group, preliminary and final severity of every unit.
fn severities(analysis: &Analysis) -> Vec<(String, Option<u8>, Option<u8>)> {
    let number = |phase: Option<pinpoint::domain::Phase>| phase.map(pinpoint::domain::Phase::number);
    let group = |cell| analysis.cells.group_code(analysis.cells.key(cell).group).to_owned();
    let units = analysis.across.units.iter();
    units.map(|unit| (group(unit.cell), number(unit.severity_preliminary), number(unit.severity_final))).collect()
}

/// Group and mark of the units in sheet "Across sectors".
fn marks(analysis: &Analysis) -> Vec<(Datum, Datum)> {
    let table = sectors::table(analysis).unwrap();
    let column = |title: &str| table.columns.iter().position(|column| column.title == title).unwrap();
    let (group, mark) = (column("Group"), column("Mark"));
    table.rows.iter().map(|row| (row[group].clone(), row[mark].clone())).collect()
}

fn said(input: &Input, code: Code) -> Vec<String> {
    let found = input.findings();
    let of_code = found.iter().filter(|finding| finding.code == code);
    of_code.map(|finding| format!("{}: {}", finding.place.within(), finding.message)).collect()
}

#[test]
fn a_final_severity_that_is_the_areas_is_no_decision_of_its_group() {
    // Four sectors in phase 3 make the area's severity 3.
    let own = |phase: &str| across(&format!("XV0101,,3,3,3,3,,,,,\nXV0101,IDPs,,,,,200,{phase},why,,"));
    let same = own("3");
    assert_eq!(severities(&analysis(&same)), [(String::new(), Some(3), Some(3)), ("IDPs".into(), Some(3), Some(3))]);
    assert!(analysis(&same).across.decisions.is_empty());
    assert_eq!(said(&same, Code::DecisionUnsigned), [] as [String; 0]);
    // Any other changes the severity of the area, 3.
    let other = analysis(&own("4"));
    assert_eq!(severities(&other), [(String::new(), Some(3), Some(3)), ("IDPs".into(), Some(3), Some(4))]);
    let [decision] = other.across.decisions.as_slice() else { panic!("one decision") };
    assert_eq!((decision.old.0, decision.new), (Some(Decimal::whole(3)), Decimal::whole(4)));
}

#[test]
fn a_recorded_decision_on_a_group_changes_the_severity_of_its_area() {
    let decided = |old: &str| {
        let row = format!("XV0101,IDPs,intersectoral,phase,{old},4,why,report,the group,2025-11-03");
        across("XV0101,,3,3,3,3,,,,,\nXV0101,IDPs,,,,,200,,,,")
            .sheet("decisions", &format!("pcode,population_group,scope,what,old,new,reason,evidence,decided_by,date\n{row}"))
    };
    assert_eq!(said(&decided("3"), Code::DecisionOldDiffers), [] as [String; 0]);
    assert_eq!(said(&decided("unknown"), Code::DecisionOldDiffers).len(), 1);
    let analysis = analysis(&decided("3"));
    let decision = analysis.decisions.list.first().unwrap();
    assert_eq!(analysis.before(decision).and_then(|before| before.0), Some(Decimal::whole(3)));
}

#[test]
fn every_row_across_sectors_that_a_decision_changed_is_marked() {
    let text = |word: &str| Datum::text(word);
    // The area's severity is decided, and its group stands in it.
    let area = analysis(&across("XV0101,,3,3,3,3,,4,why,,\nXV0101,IDPs,,,,,200,,,,\nXV0102,IDPs,3,3,3,3,50,,,,"));
    assert_eq!(marks(&area), [(text(""), text("override")), (text("IDPs"), text("override")), (text("IDPs"), text(""))]);
    // The people of one group are decided.
    let people = analysis(&across("XV0101,,3,3,3,3,,,,,\nXV0101,IDPs,,,,,200,,,150,why"));
    assert_eq!(marks(&people), [(text(""), text("")), (text("IDPs"), text("override"))]);
}

#[test]
fn this_years_figure_in_the_trend_is_marked_where_a_decision_changed_it() {
    let analysis = analysis(
        &sound()
            .sheet("previous", "pcode,population_group,aor,in_need,phase\nXV0101,IDPs,GP,190,3\nXV0102,IDPs,GP,240,4")
            .sheet(
                "decisions",
                "pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\nXV0101,IDPs,aor,GP,in_need,200,210,why,report,the group,2025-11-03",
            ),
    );
    let shown: Vec<(bool, &str)> = analysis.changes.iter().map(|change| (change.is_phase, trend::mark(&analysis, change))).collect();
    // XV0101: people decided, phase not; XV0102: neither.
    assert_eq!(shown, [(false, "override"), (true, ""), (false, ""), (true, "")]);
    let table = trend::table(&analysis);
    assert_eq!(table.columns.last().unwrap().title, "Mark");
    assert_eq!(table.rows[0].last(), Some(&Datum::text("override")));
}

#[test]
fn few_sectors_are_marked_on_the_area_and_on_every_group_that_stands_in_it() {
    // Three known phases: no four sectors agree on anything, so the overlap gives 1.
    let input = across("XV0101,,3,3,3,,,,,,\nXV0101,IDPs,,,,,200,,,,\nXV0102,IDPs,3,3,3,3,50,,,,");
    let analysis = analysis(&input);
    assert_eq!(analysis.across.units.iter().map(|unit| unit.low_coverage).collect::<Vec<_>>(), [true, true, false]);
    // It is said once, of the area.
    assert_eq!(said(&input, Code::FewSectors), ["`XV0101`: 3 core sectors are known"]);
    let text = |word: &str| Datum::text(word);
    assert_eq!(marks(&analysis), [(text(""), text("low-coverage")), (text("IDPs"), text("low-coverage")), (text("IDPs"), text(""))]);

    let wanted = [("XV0101", "IDPs", "low-coverage"), ("XV0101", "Residents", "low-coverage"), ("XV0102", "IDPs", "")];
    let of_units: Vec<_> = figures::figures(&analysis)
        .filter(|row| row.scope == "intersectoral" && !row.group.is_empty() && row.level == 2)
        .map(|row| (row.pcode.to_owned(), row.group.to_owned(), row.marks().into_owned()))
        .collect();
    assert_eq!(of_units, wanted.map(|(pcode, group, mark)| (pcode.to_owned(), group.to_owned(), mark.to_owned())));
    let of_phases: Vec<String> = severity::units(&analysis)
        .flat_map(|cell| severity::rows_of(&analysis, cell))
        .filter(|row| row.scope == "intersectoral")
        .map(|row| row.marks().into_owned())
        .collect();
    assert_eq!(of_phases, ["low-coverage", "low-coverage", "low-coverage", ""]);
}

#[test]
fn what_two_sheets_say_of_one_final_figure_is_an_error() {
    let two = |first: &str, second: &str| {
        let columns = "pcode = [\"pcode\"]\ngroup = [\"population_group\"]\n";
        let finals = "final-severity = [\"final_severity\"]\nfinal-severity-reason = [\"final_severity_reason\"]\nfinal-in-need = [\"final_in_need\"]\nfinal-in-need-reason = [\"final_in_need_reason\"]\n";
        let table = |role: &str, sheet: &str, more: &str| {
            format!("\n[[table]]\nrole = \"{role}\"\nsheet = [\"{sheet}\"]\n\n[table.columns]\n{columns}{more}")
        };
        let header = "pcode,population_group,final_severity,final_severity_reason,final_in_need,final_in_need_reason";
        sound()
            .sheet("sectors", &format!("{header}\nXV0101,IDPs,{first}"))
            .sheet("more", &format!("{header}\nXV0101,IDPs,{second}"))
            .context(
                &(table("sectors", "sectors", finals)
                    + &table("sectors", "more", finals)
                    + &table("population", "population", "population = [\"population\"]\n")),
            )
    };
    // Each sheet may say what the other leaves blank.
    assert_eq!(said(&two("4,new arrivals,,", ",,300,counted again"), Code::DuplicateRow), [] as [String; 0]);
    assert_eq!(
        said(&two("4,new arrivals,200,counted", "5,more arrivals,300,counted again"), Code::DuplicateRow),
        [
            "C2: column `final-severity` of this area and group is filled in two sheets",
            "D2: column `final-severity-reason` of this area and group is filled in two sheets",
            "E2: column `final-in-need` of this area and group is filled in two sheets",
            "F2: column `final-in-need-reason` of this area and group is filled in two sheets",
        ]
    );
}

#[test]
fn sources_and_dates_of_the_shares_of_a_risk_stand_in_the_evidence_matrix() {
    let input = sound().sheet(
        "shares",
        "pcode,population_group,scope,code,phase1,phase2,phase3,phase4,phase5,source,date\nXV0101,IDPs,risk,PR08,0.2,0.4,0.2,0.2,0,survey of 2025,2025-06-30",
    );
    let analysis = analysis(&input);
    let counts: Vec<_> = analysis.matrix.values().filter(|count| count.shares > 0).collect();
    let [count] = counts.as_slice() else { panic!("one risk has shares") };
    assert_eq!(count.sources.iter().map(|word| &**word).collect::<Vec<_>>(), ["survey of 2025"]);
    assert_eq!(count.dates.iter().map(|word| &**word).collect::<Vec<_>>(), ["2025-06-30"]);
}

/// The texts of the flags in sheet "Flags and findings", by flag.
fn flags(input: &Input) -> Vec<(String, String)> {
    let (found, analysis) = input.run();
    let table = pinpoint::report::findings::table(&analysis.unwrap(), &found);
    let text = |datum: &Datum| if let Datum::Text(text) = datum { text.clone() } else { String::new() };
    let flags = table.rows.iter().filter(|row| row[0] == Datum::text("flag"));
    flags.map(|row| (text(&row[1]), text(&row[4]))).collect()
}

#[test]
fn every_flag_tells_its_figures_and_its_threshold() {
    // Of 1,000 people 900 are 90 %; 900 over 500 is 80 %, over 300 is 200 %; four of eight sectors say nothing.
    let columns = "education.phase,health.phase,wash.phase,shelter.phase,protection.phase,education.in_need,health.in_need,wash.in_need,shelter.in_need,mortality,epidemics,manual_flag";
    let input = sound()
        .sheet("sectors", &format!("pcode,population_group,{columns}\nXV0101,IDPs,5,4,4,4,4,900,500,300,100,2,2.5,x"))
        .sheet("previous", "pcode,population_group,sector,in_need\nXV0101,IDPs,education,300");
    let expected = [
        ("sectors-in-phase-5", "1 sector in phase 5; flagged from 1"),
        ("sectors-in-phase-4-or-5", "5 sectors in phase 4 or 5, preliminary severity 4; flagged from 5"),
        ("outcome-two-phases-away", "mortality 2, epidemics 2.5, preliminary severity 4; flagged from 2 phases away"),
        (
            "outcomes-one-phase-away",
            "mortality 2, epidemics 2.5, preliminary severity 4; flagged from two that are 1 phase away in the same direction",
        ),
        ("manual", "flagged by hand in the sheet of sectors"),
        ("zero-or-missing-sectors", "4 sectors with nobody or nothing known in need; flagged from 2"),
        ("first-over-second", "highest 900, second 500, 80.0 % more; flagged from 30 %"),
        ("first-over-third", "highest 900, third 300, 200.0 % more; flagged from 50 %"),
        ("share-of-population", "highest 900 of 1000 people, 90.0 %; flagged from 90 %"),
        ("sub-population-sector", "highest 900 in education; flagged for education, nutrition"),
        ("change-from-last-year", "education 300 last year, 900 now (+200.0 %); flagged from 100 % up or down"),
        ("manual", "flagged by hand in the sheet of sectors"),
    ];
    assert_eq!(flags(&input), expected.map(|(flag, text)| (flag.to_owned(), text.to_owned())));
}

#[test]
fn a_change_beyond_the_deviations_tells_the_mean_and_the_deviation() {
    // Seven changes, six of them 0 and one 70 %: mean 10 %, deviation sqrt((6 x 10^2 + 60^2) / 6) = sqrt(700) = 26.46 %.
    let sectors = ["cccm", "food-security", "health", "nutrition", "protection", "shelter", "wash"];
    let header: Vec<String> = sectors.iter().map(|sector| format!("{sector}.in_need")).collect();
    let last_year: String =
        sectors.iter().zip([100, 90, 50, 40, 30, 20, 10]).map(|(sector, old)| format!("\nXV0101,IDPs,{sector},{old}")).collect();
    let input = sound()
        .sheet("sectors", &format!("pcode,population_group,{}\nXV0101,IDPs,170,90,50,40,30,20,10", header.join(",")))
        .sheet("previous", &format!("pcode,population_group,sector,in_need{last_year}"));
    let texts = flags(&input);
    let said = texts.iter().find(|(flag, _)| flag == "change-in-standard-deviations").map(|(_, text)| text.as_str());
    let changes = "cccm 100 last year, 170 now (+70.0 %), food-security 90 last year, 90 now (+0.0 %)";
    let around = "all changes +10.0 % on average with a standard deviation of 26.5 %";
    assert_eq!(said, Some(format!("{changes}; {around}; flagged beyond 2 deviations").as_str()));
}
