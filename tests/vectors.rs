//! Worked examples from published country figures and from hand calculations. Every expected value stands in a
//! published table or is worked out beside it; none comes from the engine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

mod common;

use common::{analysis, context, framework, in_need};
use pinpoint::domain::{Decimal, People, Phase, Scope};
use pinpoint::stage::Analysis;
use pinpoint::stage::intersectoral::Unit;

fn people(text: &str) -> Option<People> {
    Decimal::parse(text).map(People)
}

fn unit<'a>(analysis: &'a Analysis, group: &str) -> &'a Unit {
    analysis.across.units.iter().find(|unit| analysis.cells.group_code(analysis.cells.key(unit.cell).group) == group).unwrap()
}

/// Ancuabe, Mozambique 2026: three groups, four AoRs, eight sectors, phases of the whole district.
const ANCUABE: [(&str, &str); 4] = [
    ("areas", "pcode,name,level,parent_pcode\nMZ01,Cabo Delgado,1,\nMZ0101,Ancuabe,2,MZ01\n"),
    ("population", "pcode,population_group,population\nMZ0101,IDPs,40848\nMZ0101,Returnees,49618\nMZ0101,Non-Displaced,119176\n"),
    (
        "estimates",
        "pcode,population_group,CP_in_need,GBV_in_need,GP_in_need,HLP_in_need,CP_phase,GBV_phase,GP_phase,HLP_phase\n\
         MZ0101,IDPs,7750,4572,7141,7750,,,,\nMZ0101,Returnees,0,4662,13900,7902,,,,\nMZ0101,Non-Displaced,12396,7313,30851,12396,,,,\n\
         MZ0101,,,,,,4,2,4,3\n",
    ),
    (
        "sectors",
        "pcode,population_group,cccm_in_need,education_in_need,nutrition_in_need,food-security_in_need,health_in_need,protection_in_need,shelter_in_need,wash_in_need,\
         cccm_phase,education_phase,nutrition_phase,food-security_phase,health_phase,protection_phase,shelter_phase,wash_phase\n\
         MZ0101,,,,,,,,,,3,4,2,3,1,4,4,3\n\
         MZ0101,IDPs,40848,2711,3790,22467,236.5,7750,32707,33278,,,,,,,,\n\
         MZ0101,Returnees,,,,40170.5,,13900,,35894,,,,,,,,\n\
         MZ0101,Non-Displaced,,,,40170.5,,30851,,25204,,,,,,,,\n",
    ),
];

#[test]
fn ancuabe_takes_the_highest_aor_of_each_group() {
    let analysis = analysis(&ANCUABE, &context("aors = [\"GP\", \"CP\", \"GBV\", \"HLP\"]"), &framework("expert-convergence"));
    // 7,750 + 13,900 + 30,851; the district's own highest would be 51,892, the sum of AoRs 116,633.
    assert_eq!(in_need(&analysis, "MZ0101", "overall"), "52501");
    assert_eq!(analysis.mosaic_levels.area, People::whole(51_892));
    assert_eq!(analysis.mosaic_levels.sum, People::whole(116_633));
    for (aor, sum) in [("CP", "20146"), ("GBV", "16547"), ("GP", "51892"), ("HLP", "28048")] {
        assert_eq!(in_need(&analysis, "MZ0101", aor), sum, "{aor}");
    }
    for cell in analysis.cells.ids() {
        assert_eq!(analysis.severity.phase(cell, Scope::Overall), Phase::new(4), "CP 4, GBV 2, GP 4, HLP 3");
    }
}

#[test]
fn ancuabe_across_sectors() {
    let analysis = analysis(&ANCUABE, &context(""), &framework("expert-convergence"));
    assert_eq!(unit(&analysis, "").severity_preliminary, Phase::new(3), "four or more in 4: no; six in 3 or worse: yes");
    let idps = unit(&analysis, "IDPs");
    assert_eq!(idps.in_need_flags, ["share-of-population"], "22.75 % and 24.89 % raise no flag, 100 % of the population does");
    let returnees = unit(&analysis, "Returnees");
    assert!(!returnees.in_need_flags.contains(&"first-over-second"), "11.91 %");
    assert!(returnees.in_need_flags.contains(&"first-over-third"), "189.0 %");
    let residents = unit(&analysis, "Non-Displaced");
    assert!(residents.in_need_flags.contains(&"first-over-second"), "30.21 %");
    assert!(residents.in_need_flags.contains(&"first-over-third"), "59.38 %");
    let ancuabe = analysis.areas.ids().find(|&area| analysis.areas.get(area).pcode.as_str() == "MZ0101").unwrap();
    let sums = analysis.rolled_across.get(ancuabe, None);
    assert_eq!(sums.in_need, people("121189"), "40,848 + 40,170.5 + 40,170.5");
    assert_eq!(sums.targeted, people("60594.5"), "half of it in phase 3");
}

/// Kabul 2024: five AoRs by sex and age, with the published totals beside.
fn kabul(cell: &str) -> Analysis {
    let leaves = [
        ("female", "18+", [560_479, 147_905, 654_208, 258_382, 30_398]),
        ("male", "18+", [503_384, 117_523, 58_756, 249_805, 29_160]),
        ("female", "0-17", [522_136, 388_009, 609_452, 248_957, 33_240]),
        ("male", "0-17", [526_108, 367_409, 61_409, 250_988, 32_002]),
        ("", "", [2_112_106, 1_020_846, 1_383_825, 1_008_131, 124_800]),
    ];
    let mut estimates = String::from("pcode,sex,age,GP_in_need,CP_in_need,GBV_in_need,HLP_in_need,MA_in_need\n");
    for (sex, age, figures) in leaves {
        estimates.push_str(&format!("AF0101,{sex},{age},{}\n", figures.map(|figure: i64| figure.to_string()).join(",")));
    }
    let across = format!("[people-in-need]\nacross-aors = {{ rule = \"highest\", cell = \"{cell}\" }}\nwhy = \"as published\"");
    let sheets = [("population", "pcode,population\nAF0101,5500000\n"), ("estimates", estimates.as_str())];
    analysis(&sheets, &context(&across), &framework("expert-convergence"))
}

#[test]
fn kabul_by_leaf_and_by_group() {
    // 654,208 + 503,384 + 609,452 + 526,108; published 2,293,151.
    assert_eq!(in_need(&kabul("leaf"), "AF0101", "overall"), "2293152");
    let by_group = kabul("group");
    assert_eq!(in_need(&by_group, "AF0101", "overall"), "2112106");
    assert_eq!(by_group.mosaic_levels.sum, People::whole(5_649_708));
}

fn two_communes(lines: &str) -> Analysis {
    let sheets = [
        ("population", "pcode,population\nHT0111,926906\nHT0112,500000\n"),
        (
            "sectors",
            "pcode,health_in_need,wash_in_need,protection_in_need,shelter_in_need,cccm_phase,education_phase,nutrition_phase,food-security_phase,health_phase,\
             protection_phase,shelter_phase,wash_phase,final_in_need,final_in_need_reason\n\
             HT0111,765508.09,353355,271807.02,,5,5,3,4,4,5,4,2,353355,2nd highest\n\
             HT0112,,115017,136209.016,174122,4,4,3,3,4,5,4,2,,\n",
        ),
    ];
    analysis(&sheets, &context(lines), &framework("expert-convergence"))
}

#[test]
fn port_au_prince_and_delmas() {
    let own = two_communes("[intersectoral]\nfirst-over-second = \"50%\"\nfirst-over-third = \"80%\"\nwhy = \"thresholds of the country\"");
    let (capital, delmas) = (&own.across.units[0], &own.across.units[1]);
    assert_eq!((capital.severity_preliminary, delmas.severity_preliminary), (Phase::new(5), Phase::new(4)));
    // 116.64 % and 181.64 %.
    assert!(capital.in_need_flags.contains(&"first-over-second") && capital.in_need_flags.contains(&"first-over-third"));
    assert!(!capital.in_need_flags.contains(&"share-of-population"), "82.59 % of the population");
    assert_eq!(capital.in_need_final, people("353355"));
    assert_eq!(own.across.decisions.len(), 1, "the second highest instead of the highest is a decision");
    // 27.83 % and 51.39 %: no flag at 50 % and 80 %, the second one at the default of 50 %.
    assert!(!delmas.in_need_flags.contains(&"first-over-second") && !delmas.in_need_flags.contains(&"first-over-third"));
    assert!(two_communes("").across.units[1].in_need_flags.contains(&"first-over-third"));
}

#[test]
fn el_encanto_by_a_fixed_percentage() {
    let coefficients = "format = 1\n[[coefficient]]\naor = \"GP\"\nphase = 3\nin-need = \"30%\"\nsource = \"published\"\n";
    let mut files = pinpoint::io::read_framework::framework_files("expert-convergence").unwrap();
    files.texts.retain(|name, _| !name.starts_with("cases/"));
    files.texts.insert("coefficients.toml".into(), coefficients.into());
    let rules = pinpoint::framework::validate::framework(&files).value.unwrap();
    let sheets = [("population", "pcode,population\nCO91263,2193\n"), ("estimates", "pcode,GP_phase\nCO91263,3\n")];
    let analysis = analysis(&sheets, &context("aors = [\"GP\"]"), &rules);
    assert_eq!(in_need(&analysis, "CO91263", "GP"), "657.9");
}

#[test]
fn el_encanto_across_six_sectors() {
    let six = ["food-security", "health", "education", "protection", "shelter", "wash"];
    let mut lines: String = six.iter().map(|code| format!("[[sector]]\ncode = \"{code}\"\n")).collect();
    lines.push_str(
        "[intersectoral]\nfirst-over-second = \"60%\"\nsub-population-sectors = [\"education\"]\nwhy = \"thresholds of the country\"",
    );
    let sheets = [
        ("population", "pcode,population\nCO91263,2193\n"),
        (
            "sectors",
            "pcode,food-security_phase,health_phase,education_phase,protection_phase,shelter_phase,wash_phase,food-security_in_need,health_in_need,protection_in_need\n\
             CO91263,4,3,2,3,2,3,1139.5035,1738,657.9\n",
        ),
    ];
    let analysis = analysis(&sheets, &context(&lines), &framework("expert-convergence"));
    let unit = &analysis.across.units[0];
    assert_eq!(unit.severity_preliminary, Phase::new(3));
    // 52.5 % and 164.17 %.
    assert!(!unit.in_need_flags.contains(&"first-over-second"));
    assert!(unit.in_need_flags.contains(&"first-over-third"));
}

#[test]
fn libertador_derives_child_protection_and_gbv_from_overall() {
    let lines = "[people-in-need]\nacross-aors = { rule = \"independent\" }\nwhy = \"as published\"\n\
                 [people-in-need.aor.CP]\nrules = [\"derived\"]\nderived = { of = \"overall\", share = \"32%\" }\nwhy = \"as published\"\n\
                 [people-in-need.aor.GBV]\nrules = [\"derived\"]\nderived = { of = \"overall\", share = \"35%\" }\nwhy = \"as published\"";
    let sheets = [("population", "pcode,population\nVE0101,2000000\n"), ("estimates", "pcode,overall_in_need\nVE0101,475623.18\n")];
    let analysis = analysis(&sheets, &context(lines), &framework("expert-convergence"));
    assert_eq!(in_need(&analysis, "VE0101", "CP"), "152199.4176");
    assert_eq!(in_need(&analysis, "VE0101", "GBV"), "166468.113");
    assert_eq!(in_need(&analysis, "VE0101", "overall"), "475623.18");
}

#[test]
fn the_20_percent_rule_on_published_shares() {
    // Mozambique 2026: minimal, stress, severe, extreme, and the published severity.
    let districts = [
        ("Ancuabe", [".6182", ".1182", ".2045", ".0591"], 3),
        ("Macomia", [".3917", ".3021", ".2458", ".0604"], 3),
        ("Cidade de Pemba", [".6349", ".3029", ".0415", ".0207"], 2),
        ("Chiure", [".9604", ".0208", ".0063", ".0125"], 1),
        ("Meluco", [".4417", ".0521", ".3750", ".1313"], 3),
    ];
    let mut population = String::from("pcode,population\n");
    let mut shares = String::from("pcode,scope,code,phase1,phase2,phase3,phase4,phase5\n");
    let mut coping = String::from("pcode,coping_phase1,coping_phase2,coping_phase3,coping_phase4\n");
    for (name, parts, _) in &districts {
        let parts = parts.map(|part| format!("0{}", part.trim_end_matches('0'))).join(",");
        population.push_str(&format!("{name},1000\n"));
        shares.push_str(&format!("{name},aor,GP,{parts},0\n"));
        coping.push_str(&format!("{name},{parts}\n"));
    }
    let sheets = [("population", population.as_str()), ("shares", &shares), ("sectors", &coping)];
    let analysis = analysis(&sheets, &context(""), &framework("expert-convergence"));
    for (name, _, severity) in districts {
        let area = analysis.areas.find(&pinpoint::domain::PCode::new(name).unwrap()).unwrap();
        let cell = analysis.cells.find(area, "", None).unwrap();
        assert_eq!(analysis.severity.phase(cell, Scope::Aor(pinpoint::domain::Aor::GeneralProtection)), Phase::new(severity), "{name}");
        assert_eq!(analysis.across.get(cell).unwrap().outcomes.livelihood_coping, Some(f64::from(severity)), "{name}");
    }
}

#[test]
fn people_from_shares_in_khan_yunis() {
    // 438,557 x (0.3425009496 + 0.302548845 + 0.0234663474); published 293,182.433687.
    let sheets = [
        ("population", "pcode,population\nPS2580,438557\n"),
        (
            "shares",
            "pcode,scope,code,phase1,phase2,phase3,phase4,phase5\nPS2580,aor,GP,0.1314838580,0.2,0.3425009496,0.302548845,0.0234663474\n",
        ),
    ];
    let analysis = analysis(&sheets, &context("aors = [\"GP\"]"), &framework("household-20pct"));
    let in_need: f64 = in_need(&analysis, "PS2580", "GP").parse().unwrap();
    assert!((in_need - 293_182.433_687).abs() < 1e-6, "{in_need}");
}

#[test]
fn aors_are_never_added_up() {
    // 15,000, 10,000 and 5,000 in a district of 15,000: 15,000, not 30,000.
    let sheets = [
        ("population", "pcode,population\nXX01,15000\n"),
        ("estimates", "pcode,aor,in_need\nXX01,GP,15000\nXX01,CP,10000\nXX01,GBV,5000\n"),
    ];
    let analysis = analysis(&sheets, &context(""), &framework("expert-convergence"));
    assert_eq!(in_need(&analysis, "XX01", "overall"), "15000");
    assert_eq!(analysis.mosaic_levels.sum, People::whole(30_000));
}

#[test]
fn leaf_and_cell_mosaic_of_one_group() {
    let mut estimates = String::from("pcode,population_group,sex,age,GP_in_need,CP_in_need,GBV_in_need,HLP_in_need,MA_in_need\n");
    for (sex, age, figures) in [
        ("female", "0-17", "1560,2184,1716,780,624"),
        ("male", "0-17", "1500,2100,150,750,900"),
        ("female", "18+", "1620,648,2106,810,486"),
        ("male", "18+", "1584,264,132,660,924"),
    ] {
        estimates.push_str(&format!("XX01,IDPs,{sex},{age},{figures}\n"));
    }
    let population = "pcode,population_group,sex,age,population\nXX01,IDPs,female,0-17,3120\nXX01,IDPs,male,0-17,3000\nXX01,IDPs,female,18+,3240\nXX01,IDPs,male,18+,2640\n";
    for (cell, overall) in [("leaf", "7974"), ("group", "6264")] {
        let lines = format!("[people-in-need]\nacross-aors = {{ rule = \"highest\", cell = \"{cell}\" }}\nwhy = \"to compare\"");
        let analysis =
            analysis(&[("population", population), ("estimates", &estimates)], &context(&lines), &framework("expert-convergence"));
        assert_eq!(in_need(&analysis, "XX01", "overall"), overall, "{cell}");
        assert_eq!(analysis.mosaic_levels.sum, People::whole(21_498));
        assert_eq!(analysis.rolled.area(analysis.areas.country(), pinpoint::domain::Series::Overall).population, people("12000"));
        for (aor, total) in [("GP", "6264"), ("CP", "5196"), ("GBV", "4104"), ("HLP", "3000"), ("MA", "2934")] {
            assert_eq!(in_need(&analysis, "XX01", aor), total, "{aor}");
        }
    }
}
