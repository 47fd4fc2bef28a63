//! A broken input for every code, in the order of `Code::ALL`.

use pinpoint::diag::Code;
use pinpoint::table::workbook::{Block, SheetNotes};

use crate::input::{Input, sound};

/// One thing broken, and what has to be found.
pub struct Case {
    /// The code that it shows.
    pub code: Code,
    /// Codes that cannot but come with it.
    pub beside: &'static [Code],
    /// The broken input.
    pub input: Input,
}

impl Case {
    fn new(code: Code, input: Input) -> Self {
        Self { code, beside: &[], input }
    }

    fn beside(self, beside: &'static [Code]) -> Self {
        Self { beside, ..self }
    }
}

/// Cases that belong together: a name for files, a heading, and the cases.
pub fn groups() -> Vec<(&'static str, &'static str, Vec<Case>)> {
    vec![
        ("tables", "Finding the tables", tables()),
        ("cells", "Reading the cells", cells()),
        ("households", "Households", households()),
        ("keys", "Areas, groups, codes", keys()),
        ("population", "Population and breakdowns", population()),
        ("evidence", "Evidence", evidence()),
        ("decisions", "Decisions", decisions()),
        ("checks", "Checks after computing", checks()),
        ("files", "Framework and context files", files()),
    ]
}

/// A layout of the country's own, in which all that is named has to be there.
const OWN_LAYOUT: &str = r#"
[[table]]
role = "areas"
sheet = ["areas"]
columns = { pcode = ["pcode"], name = ["name"], level = ["level"], parent-pcode = ["parent_pcode"] }

[[table]]
role = "indicators"
sheet = ["indicators"]
columns = { pcode = ["pcode"], group = ["population_group"] }
error-cells = "missing"
why = "made up for tests"

[[table]]
role = "population"
sheet = ["population"]
columns = { pcode = ["pcode"], group = ["population_group"], population = ["population"] }
"#;

fn tables() -> Vec<Case> {
    let people = |rows: &str| sound().sheet("population", rows);
    vec![
        Case::new(Code::MissingSheet, sound().context(OWN_LAYOUT).without("areas")),
        Case::new(
            Code::NoPopulation,
            sound().without("population").sheet("populaton", "pcode,population_group,population\nXV0101,IDPs,1000"),
        )
        .beside(&[Code::SheetMisnamed]),
        Case::new(Code::AmbiguousSheet, sound().sheet("Population", "pcode,population_group,population\nXV0101,IDPs,10")),
        Case::new(Code::EmptySheet, sound().without("indicators").sheet("population", "pcode,population_group,population")),
        Case::new(Code::MissingColumn, sound().mend("population", "population_group,population", "population_group,populaton"))
            .beside(&[Code::ColumnMisnamed]),
        Case::new(
            Code::AmbiguousColumn,
            people("pcode,population_group,population,people\nXV0101,IDPs,1000,1000\nXV0101,Residents,4000,4000\nXV0102,IDPs,500,500"),
        ),
        Case::new(
            Code::UnusedColumn,
            people("pcode,population_group,population,remarks\nXV0101,IDPs,1000,\nXV0101,Residents,4000,\nXV0102,IDPs,500,"),
        ),
        Case::new(Code::UnusedSheet, sound().sheet("notes", "made in October")),
        Case::new(
            Code::MeasuresUnused,
            sound()
                .context(&OWN_LAYOUT.replace("error-cells = \"missing\"", "other-columns = \"numbers\""))
                .mend("indicators", "movement-fear,roads", "movement-fear,roads,wells")
                .mend("indicators", "20,open", "20,open,7"),
        ),
        Case::new(Code::SheetMisnamed, sound().sheet("estimate", "pcode,population_group,aor,in_need,source\nXV0101,IDPs,CP,120,survey")),
        Case::new(
            Code::ColumnMisnamed,
            people("pcode,population_group,population,afected\nXV0101,IDPs,1000,\nXV0101,Residents,4000,\nXV0102,IDPs,500,"),
        ),
        Case::new(Code::TableAlone, sound().alone("indicators")),
        Case::new(Code::ReadAs, {
            let read_as = vec!["the fields are separated by tabs".into()];
            sound().noted("indicators", SheetNotes { read_as, ..SheetNotes::default() })
        }),
        Case::new(Code::IndicatorMisnamed, sound().mend("indicators", "movement-fear,roads", "movement-faer,roads")),
        Case::new(Code::HeaderNoName, sound().mend("indicators", "movement-fear,roads", "1.1,roads")),
        Case::new(Code::HeaderBlank, sound().mend("indicators", "movement-fear,roads", ",roads")),
        Case::new(
            Code::IndicatorLacking,
            sound().sheet("indicators", "pcode,population_group,roads\nXV0101,IDPs,open\nXV0101,Residents,open\nXV0102,IDPs,some closed"),
        ),
        Case::new(Code::HeaderFound, sound().mend("indicators", "pcode,", "Indicators of the islands\npcode,")),
        Case::new(Code::HeaderCleaned, sound().mend("indicators", "movement-fear,", "movement\u{a0}fear,")),
        Case::new(Code::Hidden, sound().mend("population", "XV0102,IDPs,500", "~XV0102,IDPs,500")),
        Case::new(Code::RowSetAside, sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\n,,,made in October")),
        Case::new(
            Code::OnlyOtherKinds,
            sound()
                .context(
                    &OWN_LAYOUT.replace(
                        "sheet = [\"population\"]",
                        "sheet = [\"population\"]\nrows-where = [{ header = [\"kind\"], is = [\"\"] }]",
                    ),
                )
                .sheet(
                    "population",
                    "pcode,population_group,population,kind\nXV0101,IDPs,1000,\nXV0101,Residents,4000,\nXV0102,IDPs,500,women",
                )
                .sheet("indicators", "pcode,population_group,movement-fear,roads\nXV0101,IDPs,20,open\nXV0101,Residents,10,open"),
        )
        .beside(&[Code::RowSetAside, Code::AreaWithoutPeople]),
        Case::new(
            Code::UnknownKind,
            sound()
                .context(&OWN_LAYOUT.replace(
                    "sheet = [\"population\"]",
                    "sheet = [\"population\"]\nrows-where = [{ header = [\"kind\"], is = [\"\"], others = [\"women\"] }]",
                ))
                .sheet(
                    "population",
                    "pcode,population_group,population,kind\nXV0101,IDPs,1000,\nXV0101,IDPs,500,women\nXV0101,Residents,4000,\nXV0102,IDPs,500,\nXV0102,IDPs,300,womem",
                ),
        )
        .beside(&[Code::RowSetAside]),
        Case::new(
            Code::RowsBelowEnd,
            sound()
                .context(&OWN_LAYOUT.replace(
                    "columns = { pcode = [\"pcode\"], group = [\"population_group\"], population",
                    "data-ends = \"first-row-without-pcode\"\ncolumns = { pcode = [\"pcode\"], group = [\"population_group\"], population",
                ))
                .mend("population", "XV0101,Residents,4000", ",Residents,4000"),
        )
        .beside(&[Code::RowSetAside]),
        Case::new(
            Code::RowsAboveHeaders,
            sound().mend("indicators", "pcode,", "pcode,population_group,movement-fear\nXV0101,IDPs,70\npcode,"),
        )
        .beside(&[Code::HeaderFound]),
    ]
}

fn cells() -> Vec<Case> {
    let people = |rows: &str| sound().sheet("population", rows);
    let value = |new: &str| sound().mend("indicators", "IDPs,20,", &format!("IDPs,{new},"));
    let sectors = |header: &str, row: &str| sound().sheet("sectors", &format!("pcode,population_group,{header}\nXV0101,IDPs,{row}"));
    let estimates =
        |row: &str| sound().sheet("estimates", &format!("pcode,population_group,aor,phase,affected,in_need\nXV0101,IDPs,{row}"));
    let counted = |count: &str| {
        let unit = "unit = \"percent\"\nworse-when = \"higher\"\nphase-from = { 1 = 0, 2 = 5, 3 = 15, 4 = 30, 5 = 50 }";
        let people = "unit = \"people\"\nworse-when = \"higher\"\nphase-from = { 1 = 0, 2 = 50, 3 = 100, 4 = 3000, 5 = 9000 }";
        value(count).rule("indicators.toml", unit, people)
    };
    let noted = |formulas: &[(u32, u32)], external: &[(u32, u32)]| SheetNotes {
        formulas: formulas.to_vec(),
        external: external.to_vec(),
        ..SheetNotes::default()
    };
    let merged = |left: u32, right: u32| SheetNotes { merges: vec![Block { top: 2, left, bottom: 3, right }], ..SheetNotes::default() };
    let all_zero = "pcode,population_group,GP.targeted,GP.reached\nXV0101,IDPs,0,0\nXV0101,Residents,0,0\nXV0102,IDPs,0,0";
    let six: Vec<(u32, u32)> = (2..=4).flat_map(|row| [(row, 3), (row, 4)]).collect();
    vec![
        Case::new(Code::RowLimit, sound().lowest("population", 65_536)),
        Case::new(Code::MergedValue, sound().noted("indicators", merged(3, 3))),
        Case::new(Code::MergeFilled, sound().noted("indicators", merged(4, 4))),
        Case::new(Code::LooksBlank, sound().mend("indicators", "XV0102,IDPs,35,", "XV0102,IDPs, ,")),
        Case::new(Code::NameCleaned, sound().mend("areas", "South Bay", "South\u{7} Bay")),
        Case::new(Code::FromAnotherWorkbook, sound().noted("indicators", noted(&[(2, 3)], &[(2, 3)]))),
        Case::new(Code::FormulasAllZero, sound().sheet("response", all_zero).noted("response", noted(&six, &[]))),
        Case::new(Code::ErrorCell, value("#DIV/0!")),
        Case::new(Code::ErrorCellMissing, value("#DIV/0!").context(OWN_LAYOUT)),
        Case::new(Code::NotCalculated, value("#NOT CALCULATED")),
        Case::new(Code::NotANumber, value("about 20")),
        Case::new(Code::ThousandsOrFraction, sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,'1.500")),
        Case::new(
            Code::PeopleAsShares,
            sound().sheet("response", "pcode,population_group,aor,targeted,reached\nXV0101,IDPs,GP,0.5,\nXV0101,Hosts,GP,0.25,\nXV0102,IDPs,GP,1,"),
        ),
        Case::new(Code::NumberAsText, value("'20")),
        Case::new(Code::NumberOutOfRange, value("-3")),
        Case::new(Code::NegativePeople, sound().sheet("response", "pcode,population_group,aor,targeted,reached\nXV0101,IDPs,GP,-50,")),
        Case::new(Code::PeopleNotWhole, sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500.5")),
        Case::new(Code::NobodyThere, sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,0")),
        Case::new(
            Code::CompositionUnused,
            people("pcode,population_group,population,female_pct\nXV0101,IDPs,1000,51\nXV0101,Residents,4000,52\nXV0102,IDPs,500,50"),
        ),
        Case::new(Code::NegativePopulation, sound().mend("population", "IDPs,1000", "IDPs,-1000")),
        Case::new(
            Code::PercentScale,
            value("0.2").mend("indicators", "Residents,10", "Residents,0.1").mend("indicators", "IDPs,35", "IDPs,0.35"),
        ),
        Case::new(Code::PercentFormat, value("0.2%")),
        Case::new(Code::PercentAboveHundred, value("120")),
        Case::new(Code::PhaseZero, estimates("CP,0,,")),
        Case::new(Code::PhaseOutside, estimates("CP,6,,")),
        Case::new(Code::SectorPhase, sectors("education.phase", "2.5")),
        Case::new(Code::SentinelValue, counted("999")),
        Case::new(Code::IndicatorEmpty, sound().sheet("indicators", "pcode,population_group,movement-fear,roads\nXV0101,IDPs,20,\nXV0101,Residents,10,\nXV0102,IDPs,35,")),
        Case::new(Code::RowEmpty, sound().mend("indicators", "XV0102,IDPs,35,some closed", "XV0102,IDPs,,")).beside(&[Code::NoEvidence]),
        Case::new(Code::CountAbovePopulation, counted("1200")),
        Case::new(Code::UnknownAnswer, sound().mend("indicators", "IDPs,20,open", "IDPs,20,opne")),
        Case::new(
            Code::Contradiction,
            sound()
                .rule(
                    "indicators.toml",
                    "answers = { 1 = [\"open\"], 3 = [\"some closed\"], 5 = [\"closed\"] }",
                    "additive = { options = { open = 0, blocked = 2, mined = 3 }, exclusive = [\"open\"] }\nphase-from = { 1 = 0, 3 = 2, 5 = 5 }",
                )
                .mend("indicators", "35,some closed", "35,open blocked"),
        ),
        Case::new(Code::ValueBelowLadder, value("3").rule("indicators.toml", "{ 1 = 0, 2 = 5,", "{ 2 = 5,")),
    ]
}

fn households() -> Vec<Case> {
    // Thirty households in each area and group but one row more, which a case changes.
    let asked = |header: &str, last: &str| {
        let mut sheet = format!("household_id,pcode,population_group,weight,cash{header}");
        let commas = ",".repeat(header.matches(',').count());
        for (group, of) in [("IDPs", "XV0101"), ("Residents", "XV0101"), ("IDPs", "XV0102")] {
            for number in 1..=30 {
                sheet.push_str(&format!("\n{of}-{group}-{number},{of},{group},1,no{commas}"));
            }
        }
        sheet.push_str(&format!("\n{last}"));
        sound()
            .rule("indicators.toml", "format = 1\n", concat!("format = 1\n\n[indicator.cash]\nlabel = \"No cash\"\nrisks = [\"PR15\"]\npillar = \"C2\"\nmeasured-on = \"households\"\n", "unit = \"yes-no\"\nanswers = { 1 = [\"no\"], 3 = [\"yes\"] }\nsource = \"made up for tests\"\n"))
            .sheet("households", &sheet)
    };
    let weighing = |weight: &str| asked("", &format!("h,XV0101,IDPs,{weight},no"));
    let beside: &'static [Code] = &[Code::PassedOver];
    let many: Vec<String> = (0..30).map(|at| format!("h{at},XV0101,IDPs,1")).collect();
    let many = format!("household_id,pcode,population_group,weight\n{}", many.join("\n"));
    vec![
        Case::new(Code::IdentifierColumns, asked(",phone", "h,XV0101,IDPs,1,no,0555 12")),
        Case::new(Code::IdentifiersLeftOut, asked(",_uuid", "h,XV0101,IDPs,1,no,u1")).beside(beside),
        Case::new(Code::HouseholdTwice, asked("", "XV0101-IDPs-7,XV0101,IDPs,1,no")),
        Case::new(Code::HouseholdWithoutGroup, asked("", "h,XV0101,,1,no")).beside(&[Code::FewHouseholds]),
        Case::new(Code::DesignBlank, asked(",cluster", "h,XV0101,IDPs,1,no,c1")).beside(beside),
        Case::new(
            Code::HouseholdWithoutSize,
            asked(",household_size", "h,XV0101,IDPs,1,no,4").rule("framework.toml", "[people-in-need]", "[survey]\nweights = \"people\"\n\n[people-in-need]"),
        )
        .beside(&[Code::PassedOver, Code::FewHouseholds]),
        Case::new(Code::WeightBad, weighing("-0.8")),
        Case::new(
            Code::WeightSetAside,
            weighing("").context(
                "\n[[table]]\nrole = \"areas\"\nsheet = [\"areas\"]\ncolumns = { pcode = [\"pcode\"], name = [\"name\"], level = [\"level\"], parent-pcode = [\"parent_pcode\"] }\n\n[[table]]\nrole = \"indicators\"\nsheet = [\"indicators\"]\ncolumns = { pcode = [\"pcode\"], group = [\"population_group\"] }\n\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\ncolumns = { pcode = [\"pcode\"], group = [\"population_group\"], population = [\"population\"] }\n\n[[table]]\nrole = \"households\"\nsheet = [\"households\"]\nbad-weights = \"set-aside\"\nwhy = \"made up for tests\"\ncolumns = { household-id = [\"household_id\"], pcode = [\"pcode\"], group = [\"population_group\"], weight = [\"weight\"] }\n",
            ),
        )
        .beside(beside),
        Case::new(Code::WeightZero, weighing("0")).beside(beside),
        Case::new(
            Code::NoWeight,
            sound().sheet("households", "household_id,pcode,population_group,weight\nh,XV0101,IDPs,0"),
        )
        .beside(&[Code::WeightZero]),
        Case::new(Code::WeightDominates, weighing("500")).beside(beside),
        Case::new(Code::FewHouseholds, sound().sheet("households", "household_id,pcode,population_group,weight\nh,XV0101,IDPs,1"))
            .beside(&[Code::HouseholdsNotScored]),
        Case::new(Code::OptionsDiffer, asked(",cash/no,cash/yes", "h,XV0101,IDPs,1,no,0,1")).beside(beside),
        Case::new(Code::HouseholdsNotScored, sound().sheet("households", &many)),
    ]
}

fn keys() -> Vec<Case> {
    let judgement = |row: &str| {
        sound().sheet(
            "judgements",
            &format!("pcode,population_group,risk,aor,phase,reason,evidence,decided_by,date\nXV0101,IDPs,{row},seen,report 12,the group,2025-11-03"),
        )
    };
    vec![
        Case::new(Code::MissingPCode, sound().mend("indicators", "XV0102,", ",")),
        Case::new(Code::UnknownPCode, sound().mend("indicators", "XV0102,", "XV01O2,")),
        Case::new(Code::CodeCleaned, sound().mend("indicators", "XV0102,", "xv0102,")),
        Case::new(Code::TwoParents, sound().mend("areas", "XV0102,", "XV02,Small Island,1,\nXV0101,North Cape,2,XV02\nXV0102,")),
        Case::new(Code::TwoCountries, sound().mend("areas", "XV01,Great Island,1,", "XV,Isles,0,\nXW,Other Isles,0,\nXV01,Great Island,1,")),
        Case::new(Code::OddPCode, sound().without("areas").mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\nNorth,IDPs,1500"))
            .beside(&[Code::AreaWithoutParent]),
        Case::new(
            Code::PlaceholderPCode,
            sound().mend("areas", "XV0102,", "XV01xx,Elsewhere,2,XV01\nXV0102,").mend("population", "XV0102,", "XV01xx,IDPs,10\nXV0102,"),
        )
        .beside(&[Code::NoEvidence]),
        Case::new(
            Code::PCodeOutside,
            sound()
                .mend("areas", "XV0102,South Bay,2,XV01", "XV02,Small Island,1,\nXV0102,South Bay,2,XV02")
                .sheet("population", "admin1_pcode,admin2_pcode,population_group,population\nXV01,XV0101,IDPs,1000\nXV01,XV0101,Residents,4000\nXV02,XV0102,IDPs,500"),
        ),
        Case::new(Code::NotInGazetteer, sound().listed(&[("XVA", 1, "XV01", ""), ("XVA", 2, "XV0101", "XV01"), ("XVA", 2, "XV102", "XV01")])),
        Case::new(
            Code::GazetteerParent,
            sound().listed(&[("XVA", 1, "XV01", ""), ("XVA", 2, "XV0101", "XV01"), ("XVA", 2, "XV0102", "XV02")]),
        ),
        Case::new(Code::GazetteerWithoutCountry, sound().listed(&[("XWB", 1, "XW01", "")])),
        Case::new(
            Code::NameOfAnother,
            sound().sheet("response", "admin2_pcode,admin2_name,population_group,aor,targeted,reached\nXV0101,South Bay,IDPs,GP,50,"),
        ),
        Case::new(Code::TwoNames, sound().mend("areas", "XV0102,", "XV0101,Cape of the North,2,XV01\nXV0102,")),
        Case::new(Code::AreaWithoutParent, sound().mend("areas", "South Bay,2,XV01", "South Bay,2,")),
        Case::new(Code::UnknownGroup, sound().mend("indicators", "Residents", "Residentes")),
        Case::new(Code::GroupsAlike, sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\nXV0102,Resident,70")).beside(&[Code::NoEvidence]),
        Case::new(Code::TotalAsGroup, sound().mend("population", "XV0102,", "XV0101,Total,5000\nXV0102,")),
        Case::new(Code::TotalAsArea, sound().mend("areas", "XV0102,", "Total,All districts,2,XV01\nXV0102,")),
        Case::new(Code::TotalDiffers, sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\nTotal,,5600")).beside(&[Code::RowSetAside]),
        Case::new(Code::TotalAgrees, sound().mend("population", "XV0102,IDPs,500", "XV0102,IDPs,500\nTotal,,5500")).beside(&[Code::RowSetAside]),
        Case::new(Code::RowRepeated, sound().mend("indicators", "XV0102,", "XV0101,IDPs,20,open\nXV0102,")),
        Case::new(Code::DuplicateRow, sound().mend("population", "XV0102,", "XV0101,IDPs,900\nXV0102,")),
        Case::new(Code::UnknownRisk, judgement("PR51,,3")),
        Case::new(Code::UnknownAor, judgement(",PRO,3")),
        Case::new(
            Code::AorNotInPlay,
            sound().context("\naors = [\"GP\"]\n").sheet("response", "pcode,population_group,aor,targeted\nXV0101,IDPs,HLP,10"),
        ),
        Case::new(
            Code::UnknownScope,
            sound().sheet(
                "shares",
                "pcode,population_group,scope,code,phase1,phase2,phase3,phase4,phase5\nXV0101,IDPs,sector,CP,0.2,0.4,0.2,0.2,0",
            ),
        ),
        Case::new(Code::UnknownSector, sound().sheet("previous", "pcode,population_group,sector,in_need\nXV0101,IDPs,educaton,100")),
        Case::new(
            Code::UnknownIndicator,
            sound().sheet(
                "indicators",
                "pcode,population_group,movement-fear,roads,hours of light\nXV0101,IDPs,20,open,3\nXV0101,Residents,10,open,3\nXV0102,IDPs,35,some closed,3",
            ),
        ),
    ]
}

fn population() -> Vec<Case> {
    let people = |row: &str| sound().mend("population", "XV0102,IDPs,500", &format!("XV0102,IDPs,500\n{row}"));
    let split = |rows: &str| {
        sound().sheet(
            "population",
            &format!("pcode,population_group,sex,age,disability,population\n{rows}\nXV0101,Residents,,,,4000\nXV0102,IDPs,,,,500"),
        )
    };
    vec![
        Case::new(
            Code::MissingPopulation,
            sound()
                .mend("population", "XV0102,IDPs,500", "XV0102,IDPs,")
                .sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0102,IDPs,CP,120,survey of 2025"),
        ),
        Case::new(Code::GroupNotPresent, people("XV0102,Residents,")),
        Case::new(Code::AreaWithoutPeople, sound().mend("areas", "XV0102,", "XV0103,Far Reef,2,XV01\nXV0102,")),
        Case::new(Code::EvidenceWithoutPopulation, sound().mend("indicators", "XV0102,", "XV0102,Residents,5,open\nXV0102,")),
        Case::new(Code::PreviousGone, sound().sheet("previous", "pcode,population_group,aor,in_need\nXV0102,Residents,CP,120")),
        Case::new(Code::NoEvidence, people("XV0102,Residents,700")),
        Case::new(
            Code::OverlappingCategories,
            split("XV0101,IDPs,female,,,520\nXV0101,IDPs,male,,,480\nXV0101,IDPs,,0-17,,450\nXV0101,IDPs,,18+,,550"),
        ),
        Case::new(Code::TotalAsPart, split("XV0101,IDPs,female,,,520\nXV0101,IDPs,male,,,480\nXV0101,IDPs,both sexes,,,1000")),
        Case::new(Code::SumAsGroup, sound().sheet(
                "population",
                "pcode,population_group,population\nXV0101,IDPs,1000\nXV0101,Residents,4000\nXV0101,Together,5000\nXV0102,IDPs,500\nXV0102,Residents,200\nXV0102,Together,700",
            )),
        Case::new(Code::PartsDiffer, split("XV0101,IDPs,,,,1000\nXV0101,IDPs,female,,,520\nXV0101,IDPs,male,,,470")),
        Case::new(Code::PopulationDiffers, people("XV0101,,5200")),
        Case::new(Code::DisabilityAboveTotal, split("XV0101,IDPs,,,,1000\nXV0101,IDPs,,,yes,1200")),
    ]
}

fn evidence() -> Vec<Case> {
    let shares = |row: &str| {
        sound().sheet("shares", &format!("pcode,population_group,scope,code,phase1,phase2,phase3,phase4,phase5\nXV0101,IDPs,aor,CP,{row}"))
    };
    let for_group = |group: &str| {
        let row = format!("[[coefficient]]\ngroup = \"{group}\"\naor = \"GP\"\nphase = 4\nin-need = \"40%\"\nwhy = \"agreed\"\n");
        let old = include_str!("../../fixtures/frameworks/valid/minimal/coefficients.toml");
        sound().file("coefficients.toml", &format!("{old}\n{row}"))
    };
    let judged = |row: &str| {
        sound().sheet(
            "judgements",
            &format!("pcode,population_group,risk,aor,confidence,phase,reason,evidence,decided_by,date\nXV0101,IDPs,{row}"),
        )
    };
    vec![
        Case::new(Code::SharesNotWhole, shares("0.2,0.4,0.2,0.1,0")),
        Case::new(Code::SharesRenormalised, shares("0.2,0.4,0.2,0.203,0")),
        Case::new(Code::BlankShare, shares("0.2,0.4,0.2,0.2,")),
        Case::new(Code::SharesUnknown, shares("0.2,0.4,0.2,,")),
        Case::new(Code::JudgementIncomplete, judged("PR08,,,4,,report 12,the group,")),
        Case::new(Code::JudgementOfTwo, judged("PR10,CP,,4,new arrivals,report 12,the group,2025-11-03")),
        Case::new(Code::UnknownConfidence, judged("PR08,,fairly sure,4,new arrivals,report 12,the group,2025-11-03")),
        Case::new(Code::DateUnclear, judged("PR08,,high,4,new arrivals,report 12,the group,03/11/2025")),
        Case::new(
            Code::GivenWithoutSource,
            sound()
                .sheet("estimates", "pcode,population_group,aor,phase,in_need,source\nXV0101,IDPs,CP,3,120,survey\nXV0102,IDPs,CP,3,60,"),
        ),
        Case::new(
            Code::GivenInPart,
            sound()
                .sheet(
                    "population",
                    "pcode,population_group,sex,population\nXV0101,IDPs,female,520\nXV0101,IDPs,male,480\nXV0101,Residents,,4000\nXV0102,IDPs,,500",
                )
                .sheet("estimates", "pcode,population_group,sex,aor,in_need,source\nXV0101,IDPs,female,CP,120,survey of 2025"),
        ),
        Case::new(
            Code::PhaseOfPart,
            sound()
                .mend("population", "population_group,population", "population_group,population,sex")
                .mend("population", "XV0101,IDPs,1000", "XV0101,IDPs,520,female\nXV0101,IDPs,480,male")
                .sheet("estimates", "pcode,population_group,sex,aor,phase,source\nXV0101,IDPs,female,CP,4,survey of 2025"),
        ),
        Case::new(
            Code::GivenForSeveral,
            sound().sheet("estimates", "pcode,population_group,aor,in_need,source\nXV0101,,CP,120,survey of 2025"),
        ),
        Case::new(Code::LowCoverage, sound().mend("indicators", "35,some closed", "35,").rule("framework.toml", "50%", "60%"))
            .beside(&[Code::NoEvidence]),
        Case::new(
            Code::RiskWithoutEvidence,
            sound()
                .rule("indicators.toml", "risks = [\"PR15\"]", "risks = [\"PR06\"]")
                .mend("indicators", "IDPs,20,open", "IDPs,,open")
                .mend("indicators", "Residents,10,open", "Residents,,open")
                .mend("indicators", "IDPs,35,some closed", "IDPs,,some closed"),
        )
        .beside(&[Code::IndicatorEmpty]),
        Case::new(Code::PassedOver, sound().sheet("estimates", "pcode,population_group,aor,phase,source\nXV0101,IDPs,GP,4,survey of 2025")),
        Case::new(Code::EvidenceAbove, sound().mend("indicators", "XV0102,", "XV01,,40,open\nXV0102,")),
        Case::new(
            Code::PeopleUnknown,
            sound().without("indicators").mend("areas", "XV0102,South Bay,2,XV01", "XV0102,South Bay,2,XV01").sheet(
                "judgements",
                "pcode,population_group,aor,phase,reason,evidence,decided_by,date\nXV0101,IDPs,overall,4,seen,report 12,the group,2025-11-03\nXV0101,Residents,overall,2,seen,report 12,the group,2025-11-03\nXV0102,IDPs,overall,1,seen,report 12,the group,2025-11-03",
            )
            .file("coefficients.toml", "format = 1\n\n[[coefficient]]\naor = \"GP\"\nphase = 3\nin-need = \"20%\"\nwhy = \"made up for tests\"\n"),
        ),
        Case::new(
            Code::AreaGate,
            sound().rule("framework.toml", "from-phase = 3", "from-phase = 3\nneed-from-area-phase = 4"),
        ),
        Case::new(
            Code::NoCoefficient,
            sound().mend("indicators", "IDPs,20,", "IDPs,60,").rule("coefficients.toml", "phase = 5", "aor = \"CP\"\nphase = 5"),
        ),
        Case::new(Code::RuleNameUnknown, for_group("IDP")),
        Case::new(Code::RuleNameUnused, for_group("Returnees")),
        Case::new(
            Code::NameWithoutRule,
            for_group("Returnees")
                .rule("coefficients.toml", "group = \"Returnees\"", "age = \"0-17\"")
                .mend("population", "population_group,population", "population_group,population,age")
                .mend("population", "XV0101,IDPs,1000", "XV0101,IDPs,520,0-17\nXV0101,IDPs,300,18-59\nXV0101,IDPs,180,60+"),
        ),
    ]
}

fn decisions() -> Vec<Case> {
    let decided = |row: &str| {
        sound().sheet(
            "decisions",
            &format!("pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\nXV0101,IDPs,{row}"),
        )
    };
    let finals = |reason: &str| {
        sound().sheet(
            "sectors",
            &format!("pcode,population_group,cccm.phase,education.phase,health.phase,wash.phase,final_severity,final_severity_reason\nXV0101,IDPs,3,3,3,3,4,{reason}"),
        )
    };
    let ten: Vec<String> = (1..=10)
        .map(|risk| format!("XV0101,IDPs,risk,PR{risk:02},phase,unknown,1,agreed in the workshop,minutes,the group,2025-11-03"))
        .collect();
    let repeated = format!("pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\n{}", ten.join("\n"));
    vec![
        Case::new(Code::DecisionIncomplete, decided("aor,GP,phase,3,4,,report 12,the group,")),
        Case::new(Code::DecisionUnsigned, finals("the road was cut")),
        Case::new(Code::DecisionUnknownTarget, decided("risk,PR15,in_need,200,300,new arrivals,report 12,the group,2025-11-03")),
        Case::new(
            Code::DecisionWithoutEffect,
            sound().sheet(
                "decisions",
                "pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\nXV0101,,aor,GP,phase,unknown,4,new arrivals,report 12,the group,2025-11-03",
            ),
        ),
        Case::new(
            Code::DecisionInPart,
            sound().mend("indicators", "XV0101,Residents,10,open", "XV0101,,10,open").sheet(
                "decisions",
                "pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\nXV0101,,aor,GP,phase,2,4,new arrivals,report 12,the group,2025-11-03",
            ),
        ),
        Case::new(Code::DecisionOldDiffers, decided("aor,GP,phase,2,4,new arrivals,report 12,the group,2025-11-03")),
        Case::new(
            Code::TwoDecisions,
            finals("the road was cut").sheet(
                "decisions",
                "pcode,population_group,scope,code,what,old,new,reason,evidence,decided_by,date\nXV0101,IDPs,intersectoral,,phase,3,5,new arrivals,report 12,the group,2025-11-03",
            ),
        ),
        Case::new(Code::RepeatedReason, sound().sheet("decisions", &repeated)),
        Case::new(Code::FinalWithoutReason, finals("")).beside(&[Code::DecisionUnsigned]),
    ]
}

fn checks() -> Vec<Case> {
    let estimates = |header: &str, row: &str| {
        sound().sheet("estimates", &format!("pcode,population_group,aor,{header},source\nXV0101,{row},survey of 2025"))
    };
    let decided = |row: &str| {
        sound().sheet(
            "decisions",
            &format!("pcode,population_group,scope,what,old,new,reason,evidence,decided_by,date\nXV0101,IDPs,overall,{row},new arrivals,report 12,the group,2025-11-03"),
        )
    };
    let response = |row: &str| sound().sheet("response", &format!("pcode,population_group,aor,targeted,reached\nXV0101,IDPs,GP,{row}"));
    let sectors = |header: &str, row: &str| sound().sheet("sectors", &format!("pcode,population_group,{header}\nXV0101,IDPs,{row}"));
    vec![
        Case::new(Code::InNeedAbovePopulation, estimates("in_need", "IDPs,GP,1500")),
        Case::new(Code::InNeedAboveAffected, estimates("affected,in_need", "IDPs,GP,250,300")),
        Case::new(Code::AffectedAbovePopulation, estimates("affected,in_need", "IDPs,GP,1200,300")),
        Case::new(Code::AorAboveOverall, decided("in_need,200,100")),
        Case::new(
            Code::OverallAboveAllSectors,
            sectors(
                "cccm.phase,education.phase,health.phase,wash.phase,cccm.in_need,education.in_need,health.in_need,wash.in_need",
                "3,3,3,3,120,100,90,80",
            ),
        ),
        Case::new(Code::ChildrenDiffer, estimates("in_need", ",GP,900")),
        Case::new(Code::OverallPhaseDiffers, estimates("phase", "IDPs,overall,4")).beside(&[Code::PassedOver]),
        Case::new(Code::NeedBelowPhase3, estimates("in_need", "Residents,GP,100")),
        Case::new(Code::TargetAboveInNeed, response("300,")),
        Case::new(
            Code::TargetBelowAor,
            sound()
                .sheet("response", "pcode,population_group,aor,targeted\nXV0101,IDPs,overall,100\nXV0101,IDPs,GP,150\nXV0102,IDPs,GP,90"),
        ),
        Case::new(Code::ReachedAboveInNeed, response(",300")),
        Case::new(Code::ChangeBeyondThreshold, sound().sheet("previous", "pcode,population_group,aor,in_need\nXV0101,IDPs,GP,50")),
        Case::new(Code::NotComputable, sectors("education.in_need,health.in_need", "100,0")),
        Case::new(
            Code::LeafMosaicFellBack,
            estimates("in_need", "IDPs,CP,120")
                .mend("population", "population_group,population", "population_group,population,sex")
                .mend("population", "XV0101,IDPs,1000", "XV0101,IDPs,520,female\nXV0101,IDPs,480,male")
                .rule("framework.toml", "from-phase = 3", "from-phase = 3\nacross-aors = { rule = \"highest\", cell = \"leaf\" }"),
        ),
        Case::new(Code::FewSectors, sectors("education.phase,health.phase", "2,3")),
    ]
}

fn files() -> Vec<Case> {
    let main = |old: &str, new: &str| sound().rule("framework.toml", old, new);
    let indicator = |old: &str, new: &str| sound().rule("indicators.toml", old, new);
    let coefficient = |old: &str, new: &str| sound().rule("coefficients.toml", old, new);
    let case = |expect: &str| {
        let text = format!(
            "[[case]]\nname = \"15 % is phase 3\"\ngiven = {{ people = 1000, movement-fear = 15, roads = \"open\" }}\nexpect = {{ {expect} }}\n"
        );
        sound().file("cases/movement.toml", &text)
    };
    vec![
        Case::new(Code::TomlSyntax, main("version = \"1\"", "version = \"1")),
        Case::new(Code::UnknownKey, main("title =", "titel =")),
        Case::new(Code::MissingKey, indicator("pillar = \"C2\"\n", "")),
        Case::new(Code::WrongType, main("from-phase = 3", "from-phase = \"three\"")),
        Case::new(Code::UnknownChoice, indicator("\"key-informants\"", "\"key-informant\"")),
        Case::new(Code::BareShare, coefficient("\"20%\"", "20")),
        Case::new(Code::LadderNotRising, indicator("4 = 30", "4 = 15")),
        Case::new(Code::NoForm, indicator("phase-from = { 1 = 0, 2 = 5, 3 = 15, 4 = 30, 5 = 50 }\n", "")),
        Case::new(Code::TwoForms, indicator("answers =", "judgement = true\nanswers =")),
        Case::new(Code::UnknownReference, indicator("[\"PR15\"]", "[\"PR51\"]")),
        Case::new(
            Code::DuplicateId,
            sound().context("\n[[group]]\ncode = \"IDPs\"\n\n[[group]]\ncode = \"Residents\"\naliases = [\"idps\"]\n"),
        ),
        Case::new(Code::BadId, main("id = \"minimal\"", "id = \"Minimal\"")),
        Case::new(Code::NoSource, indicator("source = \"made up for tests\"\n", "")),
        Case::new(Code::CoefficientConflict, coefficient("phase = 4", "phase = 3")),
        Case::new(Code::MissingWhy, sound().context("\n[severity]\nleast-coverage = \"40%\"\n")),
        Case::new(Code::CaseFails, case("indicator.movement-fear = 2")),
        Case::new(Code::FormatVersion, coefficient("format = 1", "format = 2")),
        Case::new(Code::MissingFile, sound().without_file("framework.toml")),
        Case::new(Code::UnknownFile, sound().file("indicator.toml", "format = 1\n")),
    ]
}
