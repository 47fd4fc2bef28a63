//! Words written in other ways that are the same word: another case, blanks around, another gap.

use super::dice::Dice;
use super::{LEAVES, Plan};
use crate::twin::Input;

/// The same word, written otherwise.
pub(super) fn otherwise(dice: &mut Dice, word: &str) -> String {
    match dice.below(5) {
        0 => word.to_uppercase(),
        1 => word.to_lowercase(),
        2 => format!(" {word}"),
        3 => format!("{} ", word.to_uppercase()),
        _ => word.replace('é', "e"),
    }
}

impl Plan {
    /// How this workbook writes sexes and ages.
    pub(super) fn choose_words(&mut self) {
        let same = self.dice.chance(70);
        for word in LEAVES.into_iter().flat_map(|(sex, age)| [sex, age]) {
            let spelled = if same { word.to_owned() } else { otherwise(&mut self.dice, word).trim().to_owned() };
            self.leaf_words.insert(word, spelled);
        }
    }

    /// A sex or an age as this workbook writes it, now and then with blanks around.
    pub(super) fn age_or_sex(&mut self, word: &str) -> String {
        let Some(spelled) = self.leaf_words.get(word) else { return word.to_owned() };
        if spelled != word {
            self.drawn.insert("a sex or age spelled otherwise");
        }
        if self.dice.chance(3) {
            self.drawn.insert("a sex or age spelled otherwise");
            return format!(" {spelled} ");
        }
        spelled.clone()
    }

    /// Writes some of the groups of the sheets otherwise.
    pub(super) fn spell_groups(&mut self, input: &mut Input) {
        if self.dice.chance(60) {
            return;
        }
        for sheet in &mut input.sheets {
            let Some(at) = sheet.header.iter().position(|header| header == "population_group") else { continue };
            for cell in sheet.rows.iter_mut().map(|row| &mut row[at]).filter(|cell| !cell.is_empty()) {
                if self.dice.chance(15) {
                    *cell = otherwise(&mut self.dice, cell);
                    self.drawn.insert("a group spelled otherwise");
                }
            }
        }
    }
}
