//! What can be said about an analyst's files. Knows no check: the codes stand in one flat list, and whoever
//! finds something names its code, its place and the text.

pub mod code;
pub mod finding;
pub mod place;
pub mod render;
pub mod shown;
pub mod suggest;

pub use code::{Code, Level};
pub use finding::{Checked, Finding, Findings};
pub use place::{CellRef, Place};
