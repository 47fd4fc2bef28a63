//! The section `[people-in-need]` and the file of coefficients.

use std::collections::BTreeMap;

use super::{has_reason, section};
use crate::diag::{Code, Findings};
use crate::domain::{Aor, Phase, Series, Share};
use crate::framework::coefficients::{Coefficient, CoefficientTable};
use crate::framework::files::{AcrossName, AorPeopleFile, CoefficientFile, MosaicCell, PeopleFile, PeopleRuleName};
use crate::framework::rules::{AcrossAors, PeopleRule, PeopleRules};
use crate::framework::source::Source;
use crate::table::Word;

const SECTION: &str = "people-in-need";

pub(super) fn people(file: &PeopleFile, source: &Source, found: &mut Findings) -> PeopleRules {
    let mut phase = |key: &str, number: Option<u8>| {
        let read = number.map(Phase::new);
        if read == Some(None) {
            found.add(Code::WrongType, source.place(&[SECTION, key]), format!("`{key}` is no phase from 1 to 5"));
        }
        read.flatten()
    };
    let from_phase = phase("from-phase", file.from_phase).unwrap_or(Phase::SEVERE);
    let affected_from_phase = phase("affected-from-phase", file.affected_from_phase).unwrap_or(Phase::ALL[1]);
    let need_from_area_phase = phase("need-from-area-phase", file.need_from_area_phase);
    if affected_from_phase > from_phase {
        found.add(Code::WrongType, source.place(&[SECTION, "affected-from-phase"]), "people in need would not all be affected");
    }
    let common = file.rules.clone().unwrap_or_else(|| vec![PeopleRuleName::Given, PeopleRuleName::Shares, PeopleRuleName::Coefficients]);
    if common.contains(&PeopleRuleName::Derived) {
        found.add(
            Code::WrongType,
            source.place(&[SECTION, "rules"]),
            "`derived` can only stand under an area of responsibility, with its share",
        );
    }
    let mut ways = Series::ALL.map(|_| common.iter().filter_map(|name| way(*name, None)).collect::<Vec<_>>());
    for (code, rule) in &file.aor {
        let Some(aor) = Aor::parse(code) else {
            found.add(Code::UnknownReference, source.place(&[SECTION, "aor", code]), format!("`{code}` is no area of responsibility"));
            continue;
        };
        let own = own_ways(code, rule, &common, source, found);
        if let Some(slot) = ways.get_mut(Series::Aor(aor).index()) {
            *slot = own;
        }
    }
    let across = file.across_aors.clone().unwrap_or_default();
    let rules = PeopleRules {
        from_phase,
        affected_from_phase,
        ways,
        across: match across.rule.unwrap_or(AcrossName::Highest) {
            AcrossName::Highest => AcrossAors::Highest(across.cell.unwrap_or(MosaicCell::Group)),
            AcrossName::Independent => AcrossAors::Independent,
        },
        need_from_area_phase,
    };
    for series in Series::ALL.into_iter().filter(|&series| rests_on_itself(&rules, series)) {
        let place = source.place(&[SECTION, "aor", series.code(), "derived"]);
        found.add(Code::UnknownReference, place, format!("`{}` is derived from itself, by way of others", series.code()));
    }
    rules
}

/// Whether going from base to base comes back to where it began.
fn rests_on_itself(rules: &PeopleRules, series: Series) -> bool {
    let mut at = rules.base_of(series);
    for _ in Series::ALL {
        match at {
            Some(base) if base == series => return true,
            Some(base) => at = rules.base_of(base),
            None => return false,
        }
    }
    false
}

/// `over` where it is written, else `base`.
pub(super) fn laid_over(over: &PeopleFile, base: &PeopleFile) -> PeopleFile {
    let mut aor: BTreeMap<String, AorPeopleFile> = base.aor.clone();
    aor.extend(over.aor.clone());
    PeopleFile {
        from_phase: over.from_phase.or(base.from_phase),
        affected_from_phase: over.affected_from_phase.or(base.affected_from_phase),
        rules: over.rules.clone().or_else(|| base.rules.clone()),
        across_aors: over.across_aors.clone().or_else(|| base.across_aors.clone()),
        need_from_area_phase: over.need_from_area_phase.or(base.need_from_area_phase),
        rounding: over.rounding.or(base.rounding),
        aor,
        why: over.why.clone(),
    }
}

fn own_ways(code: &str, rule: &AorPeopleFile, common: &[PeopleRuleName], source: &Source, found: &mut Findings) -> Vec<PeopleRule> {
    let place = |key: &str| source.place(&[SECTION, "aor", code, key]);
    if !has_reason([rule.why.as_ref(), rule.source.as_ref()]) {
        found.add(Code::NoSource, source.place(&[SECTION, "aor", code]), format!("the rules of `{code}` do not say why"));
    }
    let derived = rule.derived.as_ref().and_then(|derived| {
        let of = Series::parse(&derived.of);
        if of.is_none() || of == Aor::parse(code).map(Series::Aor) {
            found.add(Code::UnknownReference, place("derived"), format!("`{code}` cannot be derived from `{}`", derived.of));
        }
        if super::severity::share(Some(&derived.share.0), Share::ZERO) > Share::ALL {
            found.add(Code::WrongType, place("derived"), "a share above 100 % gives more people than there are");
        }
        Some(PeopleRule::Derived { of: of?, share: super::severity::share(Some(&derived.share.0), Share::ZERO) })
    });
    let names = rule.rules.as_deref().unwrap_or(common);
    if names.contains(&PeopleRuleName::Derived) && rule.derived.is_none() {
        found.add(Code::MissingKey, place("rules"), format!("`{code}` is to be derived, but `derived` does not say from what"));
    }
    names.iter().filter_map(|name| way(*name, derived)).collect()
}

fn way(name: PeopleRuleName, derived: Option<PeopleRule>) -> Option<PeopleRule> {
    match name {
        PeopleRuleName::Given => Some(PeopleRule::Given),
        PeopleRuleName::Shares => Some(PeopleRule::Shares),
        PeopleRuleName::Coefficients => Some(PeopleRule::Coefficients),
        PeopleRuleName::Derived => derived,
    }
}

pub(super) fn coefficients(source: &Source, found: &mut Findings) -> CoefficientTable {
    let files: Vec<CoefficientFile> = section(source, "coefficient", found).unwrap_or_default();
    let mut rows: Vec<(usize, Coefficient)> = Vec::new();
    for (index, file) in files.iter().enumerate() {
        let at = index.to_string();
        let place = |key: &str| source.place(&["coefficient", &at, key]);
        let series = file.aor.as_ref().map(|code| {
            let series = Series::parse(code);
            if series.is_none() {
                found.add(Code::UnknownReference, place("aor"), format!("`{code}` is no area of responsibility, nor `overall`"));
            }
            series
        });
        let phase = file.phase.map(|number| {
            let phase = Phase::new(number);
            if phase.is_none() {
                found.add(Code::WrongType, place("phase"), format!("{number} is no phase from 1 to 5"));
            }
            phase
        });
        let in_need = super::severity::share(Some(&file.in_need.0), Share::ZERO);
        let affected = file.affected.as_ref().map(|text| super::severity::share(Some(&text.0), Share::ZERO));
        if in_need > Share::ALL || affected.is_some_and(|affected| affected > Share::ALL) {
            found.add(Code::WrongType, place("in-need"), "a coefficient above 100 % gives more people than there are");
        } else if affected.is_some_and(|affected| affected < in_need) {
            found.add(Code::WrongType, place("affected"), "fewer people would be affected than are in need");
        }
        if !has_reason([file.why.as_ref(), file.source.as_ref()]) {
            found.add(Code::NoSource, source.place(&["coefficient", &at]), "the coefficient does not say where it comes from");
        }
        let row = Coefficient {
            series: series.flatten(),
            phase: phase.flatten(),
            group: file.group.as_deref().map(Word::new),
            sex: file.sex.as_deref().map(Word::new),
            age: file.age.as_deref().map(Word::new),
            tier: file.tier.as_deref().map(Word::new),
            in_need,
            affected,
        };
        for (other, earlier) in &rows {
            if earlier.keys_named() == row.keys_named() && earlier.may_meet(&row) {
                let message = format!("rows {} and {} name equally many keys and can fit the same people", other + 1, index + 1);
                found.add(Code::CoefficientConflict, source.place(&["coefficient", &at]), message);
            }
        }
        rows.push((index, row));
    }
    CoefficientTable::new(rows.into_iter().map(|(_, row)| row).collect())
}
