//! Words by which a row says that it adds up others.

use crate::table::{folded, is_one_of};

/// Words that mean everybody or everywhere, and so name neither a group nor an area.
const TOTAL_WORDS: [&str; 17] = [
    "total",
    "totals",
    "all",
    "all groups",
    "grand total",
    "subtotal",
    "sub total",
    "tous",
    "toutes",
    "ensemble",
    "total general",
    "total nacional",
    "total national",
    "todos",
    "todas",
    "overall",
    "suma",
];

/// Whether a text means everybody or everywhere.
pub(super) fn is_total_word(text: &str) -> bool {
    is_one_of(text, TOTAL_WORDS)
}

/// Whether a text is the name of a total, alone or before what it adds up, as in `Total North`.
pub(super) fn begins_a_total(text: &str) -> bool {
    let text = folded(text);
    is_total_word(&text) || ["total ", "subtotal ", "sub total ", "sous total ", "grand total "].iter().any(|word| text.starts_with(word))
}
