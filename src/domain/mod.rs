//! The nouns of protection analysis and what they promise. Imports nothing from the rest of the crate.

pub mod area;
pub mod confidence;
pub mod date;
pub mod decimal;
pub mod gazetteer;
pub mod group;
pub mod id;
pub mod letter;
pub mod people;
pub mod phase;
pub mod risk;
pub mod scope;
pub mod share;

pub use area::{AdminArea, AdminLevel, AreaTree, PCode};
pub use confidence::Confidence;
pub use decimal::Decimal;
pub use group::{Leaf, PopulationGroup};
pub use id::{AreaId, CellId, GroupId, IdVec, IndicatorId, LeafId, RiskId, SectorId, SlotId};
pub use letter::{is_unseen, visible};
pub use people::People;
pub use phase::Phase;
pub use risk::{Aor, PafPillar};
pub use scope::{Evidence, Scope, Series};
pub use share::{PhaseShares, Share};
