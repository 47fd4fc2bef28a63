//! JSON Schemas (draft-07) of the data files, made from the structs that read them: editors complete with
//! them, and `shape` checks with them.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::files::{CasesFile, CoefficientsFile, ContextFile, FrameworkFile, IndicatorsFile, PafFile, RisksFile};

/// A kind of data file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// `framework.toml`.
    Framework,
    /// `indicators.toml`.
    Indicators,
    /// `coefficients.toml`.
    Coefficients,
    /// `risks.toml`.
    Risks,
    /// `paf.toml`.
    Paf,
    /// `cases/*.toml`.
    Cases,
    /// `context.toml`.
    Context,
}

impl FileKind {
    /// All kinds.
    pub const ALL: [Self; 7] = [Self::Framework, Self::Indicators, Self::Coefficients, Self::Risks, Self::Paf, Self::Cases, Self::Context];

    /// The name of its schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Framework => "framework",
            Self::Indicators => "indicators",
            Self::Coefficients => "coefficients",
            Self::Risks => "risks",
            Self::Paf => "paf",
            Self::Cases => "cases",
            Self::Context => "context",
        }
    }

    /// Its schema.
    pub fn schema(self) -> &'static Value {
        static SCHEMAS: LazyLock<[Value; 7]> = LazyLock::new(|| {
            [
                make::<FrameworkFile>(),
                make::<IndicatorsFile>(),
                make::<CoefficientsFile>(),
                make::<RisksFile>(),
                make::<PafFile>(),
                make::<CasesFile>(),
                make::<ContextFile>(),
            ]
        });
        let [framework, indicators, coefficients, risks, paf, cases, context] = &*SCHEMAS;
        match self {
            Self::Framework => framework,
            Self::Indicators => indicators,
            Self::Coefficients => coefficients,
            Self::Risks => risks,
            Self::Paf => paf,
            Self::Cases => cases,
            Self::Context => context,
        }
    }

    /// Its schema as the text that is shipped.
    pub fn schema_text(self) -> String {
        let mut text = serde_json::to_string_pretty(self.schema()).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn make<T: JsonSchema>() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<T>().to_value()
}
