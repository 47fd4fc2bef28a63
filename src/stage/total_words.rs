//! Words by which a row says that it adds up others.

use crate::table::{folded, is_one_of};

/// Words that mean everybody or everywhere, and so name neither a group nor an area.
const TOTAL_WORDS: [&str; 26] = [
    "overall population",
    "whole population",
    "entire population",
    "toda la poblacion",
    "toda a populacao",
    "toute la population",
    "everybody",
    "everyone",
    "conjunto",
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

/// Words that make a name the name of a total wherever they stand in it, as in `Total North` and `Population totale`.
const ANYWHERE: [&str; 21] = [
    "totais",
    "tot",
    "الإجمالي",
    "total",
    "totals",
    "totale",
    "totales",
    "totaux",
    "subtotal",
    "subtotals",
    "somme",
    "suma",
    "sum",
    "gesamt",
    "summe",
    "toplam",
    "итого",
    "всего",
    "المجموع",
    "الاجمالي",
    "اجمالي",
];

/// Words that make it one where they stand first, as in `All IDPs`.
const FIRST: [&str; 7] = ["all", "both", "tous", "toutes", "todos", "todas", "ensemble"];

/// Names of one sex, of any age.
pub(super) const FEMALE: [&str; 9] = ["f", "female", "females", "femme", "femmes", "feminin", "femenino", "feminino", "mujeres"];
/// The same of the other one.
pub(super) const MALE: [&str; 8] = ["m", "male", "males", "homme", "hommes", "masculin", "masculino", "hombres"];

/// Whether a text means everybody or everywhere.
pub(super) fn is_total_word(text: &str) -> bool {
    is_one_of(text, TOTAL_WORDS)
}

/// Whether a text is the name of a total, alone or with what it adds up.
pub(super) fn names_a_total(text: &str) -> bool {
    let text = folded(text);
    let mut words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some_and(|first| FIRST.contains(first)) || words.any(|word| ANYWHERE.contains(&word)) || is_total_word(&text)
}

/// Whether a text names both sexes, as in `M+F` and `male & female`.
pub(super) fn names_both_sexes(text: &str) -> bool {
    let text = folded(text);
    let words: Vec<&str> = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let any = |of: &[&str], adult: &str| words.iter().any(|word| of.contains(word) || *word == adult);
    any(&MALE, "men") && any(&FEMALE, "women")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_are_known_by_their_words_and_not_by_their_letters() {
        for text in ["Total", "TOTAL IDPs", "Population totale", "All IDPs", "Sub-total North", "0-17 total", "Total (all ages)", "المجموع"]
        {
            assert!(names_a_total(text), "{text}");
        }
        for text in ["IDPs", "Totality", "Allied hosts", "Rural", "Summerland"] {
            assert!(!names_a_total(text), "{text}");
        }
        assert!(["M+F", "male & female", "Femmes et hommes"].into_iter().all(names_both_sexes));
        assert!(!["female", "male", "men"].into_iter().any(names_both_sexes));
    }
}
