//! The list of protection risks (method, section 2) and the parts of the Protection Analysis Framework (section 3).

use std::collections::{BTreeMap, BTreeSet};

use super::section;
use crate::diag::{Code, Findings};
use crate::domain::{Aor, IdVec, PafPillar, RiskId};
use crate::framework::files::{PillarFile, RiskFile, SubPillarFile};
use crate::framework::rules::{PafPart, Risk};
use crate::framework::source::Source;

pub(super) fn risks(source: &Source, found: &mut Findings) -> IdVec<RiskId, Risk> {
    let files: Vec<RiskFile> = section(source, "risk", found).unwrap_or_default();
    let mut seen = BTreeSet::new();
    let mut risks = Vec::new();
    for (index, file) in files.into_iter().enumerate() {
        let at = index.to_string();
        if !seen.insert(file.code.clone()) {
            found.add(Code::DuplicateId, source.place(&["risk", &at, "code"]), format!("risk `{}` stands twice", file.code));
        }
        let mut aors = Vec::new();
        for (place, code) in file.aors.iter().enumerate() {
            match Aor::parse(code) {
                Some(aor) => aors.push(aor),
                None => found.add(
                    Code::UnknownReference,
                    source.place(&["risk", &at, "aors", &place.to_string()]),
                    format!("`{code}` is no area of responsibility"),
                ),
            }
        }
        if aors.is_empty() {
            found.add(Code::MissingKey, source.place(&["risk", &at]), format!("risk `{}` belongs to no area of responsibility", file.code));
        }
        if !file.name.contains_key("en") {
            found.add(Code::MissingKey, source.place(&["risk", &at, "name"]), format!("risk `{}` has no English name", file.code));
        }
        risks.push(Risk { code: file.code, aors, names: file.name, name_status: file.name_status, aliases: file.aliases });
    }
    risks.sort_by(|a, b| a.code.cmp(&b.code));
    risks.into_iter().collect()
}

/// The pillars and sub-pillars by code.
pub(super) fn paf(source: &Source, found: &mut Findings) -> BTreeMap<String, PafPart> {
    let pillars: Vec<PillarFile> = section(source, "pillar", found).unwrap_or_default();
    let sub_pillars: Vec<SubPillarFile> = section(source, "sub-pillar", found).unwrap_or_default();
    let mut parts = BTreeMap::new();
    let of_pillars =
        pillars.into_iter().enumerate().map(|(at, file)| (["pillar".to_owned(), at.to_string()], file.code, file.name, String::new()));
    let of_sub_pillars = sub_pillars.into_iter().enumerate().map(|(at, file)| {
        let place = ["sub-pillar".to_owned(), at.to_string()];
        if PafPillar::of_sub_pillar(&file.code).is_none_or(|pillar| pillar.letter() != file.pillar) {
            let message = format!("`{}` is no sub-pillar of `{}`", file.code, file.pillar);
            found.add(Code::UnknownReference, source.place(&["sub-pillar", &at.to_string(), "code"]), message);
        }
        (place, file.code, file.name, file.status.unwrap_or_default())
    });
    let all: Vec<_> = of_pillars.chain(of_sub_pillars).collect();
    for (place, code, names, status) in all {
        let path: Vec<&str> = place.iter().map(String::as_str).collect();
        if !names.contains_key("en") {
            found.add(Code::MissingKey, source.place(&path), format!("`{code}` has no English name"));
        }
        if parts.insert(code.clone(), PafPart { names, status }).is_some() {
            found.add(Code::DuplicateId, source.place(&path), format!("`{code}` stands twice"));
        }
    }
    parts
}
