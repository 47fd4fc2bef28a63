//! The TOML files field for field. Nothing is checked here beyond the kind of each value; `shape` checks that
//! kind with the schemas made from these very structs, and `validate` checks the meaning.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! file_struct {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema, PartialEq)]
        #[serde(rename_all = "kebab-case")]
        #[schemars(deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    )*};
}

macro_rules! choice {
    ($($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident,)* })*) => {$(
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }
    )*};
}

mod choices;
mod context;
mod data;
mod indicators;
mod rules;

pub use choices::*;
pub use context::*;
pub use data::*;
pub use indicators::*;
pub use rules::*;

/// A share written with its sign, as in `"20%"`.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
pub struct ShareText(pub String);

/// What a share must look like.
pub const SHARE_PATTERN: &str = r"^\d+(\.\d+)?\s?%$";

impl JsonSchema for ShareText {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Share".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": SHARE_PATTERN, "description": "A share written with its sign, as in \"20%\"." })
    }
}
