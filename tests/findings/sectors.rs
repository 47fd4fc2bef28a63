//! What sheet `sectors` says that cannot be so: phases of outcomes, per cent, rates (method, sections 4, 8, 15.7 and
//! 15.14); and overall protection beside all sectors (section 12). The expected values are worked out by hand.

use pinpoint::diag::Code;
use pinpoint::stage::Analysis;
use pinpoint::stage::intersectoral::Unit;

use crate::input::{Input, sound};
use crate::lines;

/// Four sectors in phase 3, so that the preliminary severity is 3, and one outcome beside them.
fn outcome(header: &str, row: &str) -> Input {
    sound().sheet(
        "sectors",
        &format!(
            "pcode,population_group,cccm.phase,education.phase,health.phase,wash.phase,{header}\nXV0101,IDPs,3,3,3,3,{row}\nXV0102,IDPs,3,3,3,3,{}",
            row.replace(|letter: char| letter != ',', "")
        ),
    )
}

fn unit(analysis: &Analysis) -> &Unit {
    analysis.across.units.first().unwrap()
}

/// Code and cell of everything that was found.
fn said(input: &Input) -> Vec<(Code, String)> {
    let found = input.findings();
    found.iter().map(|finding| (finding.code, finding.place.within())).collect()
}

fn cells(code: Code, cells: &[&str]) -> Vec<(Code, String)> {
    cells.iter().map(|cell| (code, (*cell).to_owned())).collect()
}

#[test]
fn an_outcome_entered_as_0_is_unknown_and_not_two_phases_away() {
    let input = outcome("mortality,malnutrition,epidemics,livelihood_coping,hr_ihl_violations", "0,0,0,0,0");
    assert_eq!(said(&input), cells(Code::PhaseZero, &["G2", "H2", "I2", "J2", "K2"]));
    let (_, analysis) = input.run();
    let analysis = analysis.unwrap();
    assert_eq!(unit(&analysis).outcomes.known().count(), 0);
    // Five phases of 0 would each stand three phases away from severity 3.
    assert!(unit(&analysis).severity_flags.is_empty(), "{:?}", unit(&analysis).severity_flags);
}

#[test]
fn a_0_leaves_the_phase_that_the_rates_give() {
    let (_, analysis) = outcome("mortality,crude_death_rate", "0,1.2").run();
    // A crude death rate of 1 to below 2 is phase 4.
    assert_eq!(unit(&analysis.unwrap()).outcomes.mortality, Some(4.0));
}

#[test]
fn what_is_no_phase_of_an_outcome_is_unknown_and_epidemics_may_lie_between() {
    for (header, wrong, right) in [
        ("epidemics", &["5.5", "-1", "0.4"][..], &["1", "2.24", "5"][..]),
        ("hr_ihl_violations", &["6", "2.5", "-1"], &["1", "5"]),
        ("mortality", &["6", "2.5"], &["2"]),
        ("malnutrition", &["7", "1.5"], &["1"]),
        ("livelihood_coping", &["6", "3.2"], &["4"]),
    ] {
        for value in wrong {
            let input = outcome(header, value);
            assert_eq!(said(&input), cells(Code::SectorPhase, &["G2"]), "{header} {value}");
            assert_eq!(unit(&input.run().1.unwrap()).outcomes.known().count(), 0, "{header} {value}");
        }
        for value in right {
            let (found, analysis) = outcome(header, value).run();
            assert!(found.is_empty(), "{header} {value}: {}", lines(&found));
            let known: Vec<String> = unit(&analysis.unwrap()).outcomes.known().map(|phase| phase.to_string()).collect();
            assert_eq!(known, [*value], "{header}");
        }
    }
}

#[test]
fn wasting_between_0_and_1_is_refused_until_its_scale_is_declared() {
    // 0.12 can be 12 % (phase 3) or 0.12 % (phase 1).
    assert_eq!(said(&outcome("whz", "0.12")), cells(Code::PercentScale, &["G2"]));
    assert_eq!(said(&outcome("whz,muac", "7,0.3")), cells(Code::PercentScale, &["H2"]));
    // 0 and 1 alone are no fractions, and one value above 1 settles the scale.
    for row in ["0", "1", "12"] {
        assert_eq!(said(&outcome("whz", row)), [], "{row}");
    }
    let both = "pcode,population_group,cccm.phase,whz\nXV0101,IDPs,3,0.12\nXV0102,IDPs,3,8";
    assert!(!said(&sound().sheet("sectors", both)).iter().any(|(code, _)| *code == Code::PercentScale));

    let declared = "\n[[table]]\nrole = \"sectors\"\nsheet = [\"sectors\"]\npercent-scale = \"0-1\"\n\n[table.columns]\npcode = [\"pcode\"]\ngroup = [\"population_group\"]\nwhz = [\"whz\"]\nmuac = [\"muac\"]\n\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\n\n[table.columns]\npcode = [\"pcode\"]\ngroup = [\"population_group\"]\npopulation = [\"population\"]\n";
    let input = |row: &str| sound().sheet("sectors", &format!("pcode,population_group,whz,muac\nXV0101,IDPs,{row}")).context(declared);
    let (_, analysis) = input("0.12,").run();
    assert_eq!(unit(&analysis.unwrap()).outcomes.malnutrition, Some(3.0));
    let wrong = |row: &str| {
        let said = said(&input(row));
        said.into_iter().filter(|(code, _)| matches!(code, Code::NumberOutOfRange | Code::PercentAboveHundred)).collect::<Vec<_>>()
    };
    // 1.2 is 120 % once it is scaled; exactly 1 is 100 %.
    assert_eq!(wrong("1.2,"), cells(Code::PercentAboveHundred, &["C2"]));
    assert_eq!(wrong("1,-0.01"), cells(Code::NumberOutOfRange, &["D2"]));
}

#[test]
fn shares_and_rates_outside_their_bounds_are_found() {
    assert_eq!(said(&outcome("whz,muac", "120,100")), cells(Code::PercentAboveHundred, &["G2"]));
    assert_eq!(said(&outcome("whz,muac", "-2,-0.5")), cells(Code::NumberOutOfRange, &["G2", "H2"]));
    let rates = "crude_death_rate,under5_death_rate,civilian_casualties";
    assert_eq!(said(&outcome(rates, "-0.1,-1,-2")), cells(Code::NumberOutOfRange, &["G2", "H2", "I2"]));
    assert_eq!(said(&outcome(rates, "0,0,0")), []);
}

#[test]
fn shares_of_coping_follow_the_scale_of_their_table() {
    let columns: String = (1..=5).map(|phase| format!("coping-phase{phase} = [\"coping_phase{phase}\"]\n")).collect();
    let context = format!(
        "\n[[table]]\nrole = \"sectors\"\nsheet = [\"sectors\"]\npercent-scale = \"0-100\"\n\n[table.columns]\npcode = [\"pcode\"]\ngroup = [\"population_group\"]\n{columns}\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\n\n[table.columns]\npcode = [\"pcode\"]\ngroup = [\"population_group\"]\npopulation = [\"population\"]\n"
    );
    let header = "coping_phase1,coping_phase2,coping_phase3,coping_phase4,coping_phase5";
    let sheet = |row: &str| sound().sheet("sectors", &format!("pcode,population_group,{header}\nXV0101,IDPs,{row}"));
    let coping = |input: &Input| unit(&input.run().1.unwrap()).outcomes.livelihood_coping;
    // 2, 9, 26 %: the first beyond 20 % is phase 3, in per cent as in shares.
    assert_eq!(coping(&sheet("41,33,17,7,2").context(&context)), Some(3.0));
    assert_eq!(coping(&sheet("0.41,0.33,0.17,0.07,0.02")), Some(3.0));
    // 41 of 1 is no share; a negative one is an error.
    assert_eq!(said(&sheet("41,33,17,7,2")), cells(Code::SharesNotWhole, &["C2"]));
    assert_eq!(said(&sheet("0.5,0.5,0.1,-0.1,0")), cells(Code::NumberOutOfRange, &["F2"]));
}

/// Health with 40 in need in an area of IDPs whose overall protection is 200: 20 % of 1,000.
fn beside_all_sectors(phase: u8, more: &str) -> Vec<String> {
    let columns = "cccm.phase,education.phase,health.phase,wash.phase,cccm.in_need,education.in_need,health.in_need,wash.in_need";
    let row = format!("{phase},{phase},{phase},{phase},30,20,40,10");
    let (header, value) = more.split_once('=').unwrap_or_default();
    let sheet = format!("pcode,population_group,{columns},{header}\nXV0101,IDPs,{row},{value}");
    let found = sound().sheet("sectors", &sheet).findings();
    found.iter().filter(|finding| finding.code == Code::OverallAboveAllSectors).map(|finding| finding.message.clone()).collect()
}

#[test]
fn overall_above_all_sectors_speaks_below_phase_3_too_and_says_why_the_total_is_0() {
    assert_eq!(beside_all_sectors(3, ""), ["overall protection has 200 people in need, all sectors 40"]);
    assert_eq!(
        beside_all_sectors(2, ""),
        ["overall protection has 200 people in need, all sectors 0: the severity across sectors is 2, and below 3 nobody is counted"]
    );
    // A total that a person wrote is held against as it is.
    assert_eq!(beside_all_sectors(2, "final_in_need=150"), ["overall protection has 200 people in need, all sectors 150"]);
    assert_eq!(beside_all_sectors(2, "final_in_need=200"), [] as [String; 0]);
}
