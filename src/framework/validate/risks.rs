//! The list of protection risks (method, section 2).

use std::collections::BTreeSet;

use super::section;
use crate::diag::{Code, Findings};
use crate::domain::{Aor, IdVec, RiskId};
use crate::framework::files::RiskFile;
use crate::framework::rules::Risk;
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
