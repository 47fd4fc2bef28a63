//! `coefficients.toml`, `risks.toml`, `paf.toml` and `cases/*.toml`, field for field.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::ShareText;

file_struct! {
    /// `coefficients.toml`.
    CoefficientsFile {
        /// Version of this file format: 1.
        format: u32,
        /// The rows.
        #[serde(default)]
        coefficient: Vec<CoefficientFile>,
    }
    /// One row of coefficients; a key left out means any.
    CoefficientFile {
        /// An AoR or `overall`.
        aor: Option<String>,
        /// 1 to 5.
        phase: Option<u8>,
        /// Population group.
        group: Option<String>,
        /// Sex.
        sex: Option<String>,
        /// Age band.
        age: Option<String>,
        /// A set of areas named in the context.
        tier: Option<String>,
        /// Share of the people in need.
        in_need: ShareText,
        /// Share of the people affected.
        affected: Option<ShareText>,
        /// Where the number comes from.
        source: Option<String>,
        /// Or why it is so.
        why: Option<String>,
    }
    /// `risks.toml`.
    RisksFile {
        /// Version of this file format: 1.
        format: u32,
        /// The risks.
        #[serde(default)]
        risk: Vec<RiskFile>,
    }
    /// One protection risk.
    RiskFile {
        /// `PR01` to `PR15`.
        code: String,
        /// AoRs it belongs to.
        aors: Vec<String>,
        /// Names by language.
        name: BTreeMap<String, String>,
        /// How sure each name is.
        #[serde(default)]
        name_status: BTreeMap<String, String>,
        /// Older wordings.
        #[serde(default)]
        aliases: Vec<String>,
    }
    /// `paf.toml`: the Protection Analysis Framework.
    PafFile {
        /// Version of this file format: 1.
        format: u32,
        /// Its pillars.
        #[serde(default)]
        pillar: Vec<PillarFile>,
        /// Its sub-pillars.
        #[serde(default)]
        sub_pillar: Vec<SubPillarFile>,
    }
    /// A pillar.
    PillarFile {
        /// `A` to `D`.
        code: String,
        /// Names by language.
        name: BTreeMap<String, String>,
    }
    /// A sub-pillar.
    SubPillarFile {
        /// As in `C2`.
        code: String,
        /// Its pillar's code.
        pillar: String,
        /// Names by language.
        name: BTreeMap<String, String>,
        /// How sure the wording is.
        status: Option<String>,
    }
    /// `cases/*.toml`.
    CasesFile {
        /// Version of this file format: 1.
        format: Option<u32>,
        /// The cases.
        #[serde(default, rename = "case")]
        cases: Vec<CaseFile>,
    }
}

/// A worked example. Its keys are ids, so they are checked by meaning, not by shape.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq)]
#[schemars(deny_unknown_fields)]
pub struct CaseFile {
    /// What it shows, in a sentence.
    pub name: String,
    /// People, values, answers.
    pub given: BTreeMap<String, serde_json::Value>,
    /// Phases and people that must come out.
    pub expect: BTreeMap<String, serde_json::Value>,
}
