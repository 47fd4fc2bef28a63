//! What a context leaves open: headers that it does not name, reasons that stand where they belong.

use pinpoint::diag::Code;
use pinpoint::framework::validate;
use pinpoint::run;

use crate::input::{Input, sound};

fn said(input: &Input, code: Code) -> Vec<String> {
    let found = input.findings();
    found.iter().filter(|finding| finding.code == code).map(|finding| finding.message.clone()).collect()
}

#[test]
fn a_header_that_the_context_does_not_name_is_not_called_missing_from_the_sheet() {
    let input = sound().context("\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\n");
    assert_eq!(
        said(&input, Code::MissingColumn),
        ["the context names no header for `pcode`; column A has it", "the context names no header for `population`; column C has it"]
    );
    let other = "\n[[table]]\nrole = \"population\"\nsheet = [\"population\"]\n\n[table.columns]\npcode = [\"code\"]\npopulation = [\"population\"]\n";
    assert_eq!(said(&sound().context(other), Code::MissingColumn), ["row 1 has no column `code`; did you mean `pcode`?"]);
}

#[test]
fn the_reason_of_an_aors_rules_stands_with_them() {
    let rules = "\n[people-in-need.aor.CP]\nrules = [\"given\"]\n";
    let own = sound().context(&format!("{rules}why = \"the AoR counts by itself\"\n"));
    assert_eq!(said(&own, Code::MissingWhy), [] as [String; 0]);
    let analysis = own.run().1.unwrap();
    assert_eq!(analysis.rules.changes, [("people-in-need.aor.CP".to_owned(), "the AoR counts by itself".to_owned())]);
    // Without any reason it is asked for where the rules stand.
    assert_eq!(said(&sound().context(rules), Code::NoSource), ["the rules of `CP` do not say why"]);
    // What else the section changes needs a reason of its own.
    let both = "\n[people-in-need]\nfrom-phase = 4\n\n[people-in-need.aor.CP]\nrules = [\"given\"]\nwhy = \"the AoR counts by itself\"\n";
    assert_eq!(said(&sound().context(both), Code::MissingWhy), ["`[people-in-need]` changes a rule without a reason"]);
}

#[test]
fn the_published_layout_ends_at_level_3() {
    // XV0101 of level 4 in XV0100 of level 3; XV0102 of level 3.
    let input = sound().sheet(
        "areas",
        "pcode,name,level,parent_pcode\nXV01,Great Island,1,\nXV0100,North,3,XV01\nXV0101,North Cape,4,XV0100\nXV0102,South Bay,3,XV01",
    );
    let analysis = input.run().1.unwrap();
    let head = "format = 1\n\n[context]\ncountry = \"XVA\"\nname = \"Two Islands\"\n";
    let context = validate::context("context.toml", Some(head), &run::own_layout()).value.unwrap();
    let rows: Vec<_> = pinpoint::report::needs::file(&analysis, &context).rows.collect();
    let text = pinpoint::report::model::Datum::text;
    let total =
        |code: &'static str| rows.iter().filter(|row| row.contains(&text(code)) && row.contains(&text("Protection (overall)"))).count();
    // Every row names an area, but for those of the country.
    let of_nowhere = rows.iter().filter(|row| row[1..7].iter().all(|cell| *cell == text("")));
    let of_country = pinpoint::report::figures::figures(&analysis).filter(|row| row.level == 0 && ["overall", "aor"].contains(&row.scope));
    assert_eq!(of_nowhere.count(), of_country.count());
    assert_eq!((total("XV0100") > 0, total("XV0101"), total("XV0102") > 0), (true, 0, true));
}
