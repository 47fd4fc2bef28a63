//! A column as observed: numbers, or answers coded to small integers. Missing is its own code.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use crate::domain::is_unseen;

/// A column of values, one a row.
#[derive(Clone, Debug)]
pub enum Column {
    /// Numbers; NaN is missing.
    Numbers(Vec<f64>),
    /// Answers.
    Answers(Answers),
}

/// A column of answers. Each different answer is stored once; a row holds its code, 0 for missing.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    words: Vec<String>,
    known: HashMap<String, u32, RandomState>,
    codes: Vec<u32>,
}

impl Answers {
    /// A column of missing answers.
    pub fn missing(rows: usize) -> Self {
        Self { codes: vec![0; rows], ..Self::default() }
    }

    /// Sets the answer of a row; a row outside the column is ignored.
    pub fn set(&mut self, row: usize, answer: &str) {
        let code = self.code(answer);
        self.put(row, code);
    }

    /// The code of an answer, known or new.
    pub fn code(&mut self, answer: &str) -> u32 {
        if let Some(&code) = self.known.get(answer) {
            return code;
        }
        self.words.push(answer.to_owned());
        let code = u32::try_from(self.words.len()).unwrap_or(0);
        self.known.insert(answer.to_owned(), code);
        code
    }

    /// Sets the answer of a row by its code.
    pub fn put(&mut self, row: usize, code: u32) {
        if let Some(slot) = self.codes.get_mut(row) {
            *slot = code;
        }
    }

    /// The code of the answer of a row; 0 if missing.
    pub fn code_of(&self, row: usize) -> u32 {
        self.codes.get(row).copied().unwrap_or(0)
    }

    /// The codes of all rows; 0 where the answer is missing.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The different answers: that of code 1 first.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Sets the answer of a row if some row has had it before, and says whether.
    pub fn repeat(&mut self, row: usize, answer: &str) -> bool {
        let Some(&code) = self.known.get(answer) else { return false };
        self.put(row, code);
        true
    }

    /// What `of` says of each different answer, spread over the rows; `missing` where there is no answer.
    pub fn spread<T: Copy>(&self, missing: T, of: impl FnMut(&str) -> T) -> Vec<T> {
        let by_word: Vec<T> = self.words.iter().map(String::as_str).map(of).collect();
        self.codes.iter().map(|&code| code.checked_sub(1).and_then(|at| by_word.get(at as usize)).copied().unwrap_or(missing)).collect()
    }

    /// The answer of a row; `None` if missing.
    pub fn get(&self, row: usize) -> Option<&str> {
        let code = *self.codes.get(row)?;
        self.words.get(code.checked_sub(1)? as usize).map(String::as_str)
    }
}

impl Column {
    /// Whether the row holds a value.
    pub fn is_known(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => numbers.get(row).is_some_and(|number| !number.is_nan()),
            Self::Answers(answers) => answers.get(row).is_some(),
        }
    }

    /// The row's value as text, for explanations; `None` if missing.
    pub fn shown(&self, row: usize) -> Option<String> {
        match self {
            Self::Numbers(numbers) => numbers.get(row).filter(|number| !number.is_nan()).map(ToString::to_string),
            Self::Answers(answers) => answers.get(row).map(str::to_owned),
        }
    }
}

/// A text as names are compared: case, accents, outer blanks, and the kind of blank, hyphen or underscore
/// between words do not count.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    out.extend(folded_letters(text));
    out
}

/// Whether a text is one of these folded words. Asked of every cell, so it stores nothing.
pub fn is_one_of<'a>(text: &str, words: impl IntoIterator<Item = &'a str>) -> bool {
    // Most texts begin with a plain letter or digit, and with another one than the words.
    if let Some(byte) = text.as_bytes().first().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase) {
        let mut words = words.into_iter();
        return words.any(|word| word.as_bytes().first() == Some(&byte) && folded_letters(text).eq(word.chars()));
    }
    let first = first_letter(text);
    words.into_iter().any(|word| word.chars().next() == first && folded_letters(text).eq(word.chars()))
}

/// Whether nothing is left of a text when it is folded.
pub fn is_no_word(text: &str) -> bool {
    first_letter(text).is_none()
}

/// The first letter that is left of a text when it is folded. Most texts begin with a plain letter or digit.
fn first_letter(text: &str) -> Option<char> {
    match text.as_bytes().first() {
        Some(byte) if byte.is_ascii_alphanumeric() => Some(char::from(byte.to_ascii_lowercase())),
        _ => folded_letters(text).next(),
    }
}

fn folded_letters(text: &str) -> impl Iterator<Item = char> + '_ {
    let (mut begun, mut gap) = (false, false);
    text.chars().flat_map(move |character| {
        // What has no width is not there for a person.
        if is_unseen(character) {
            return None.into_iter().chain(None.into_iter().flatten());
        }
        if character.is_whitespace() || matches!(character, '_' | '-' | '\u{a0}') {
            gap = begun;
            return None.into_iter().chain(None.into_iter().flatten());
        }
        let letters = plain_letters(character);
        let space = std::mem::take(&mut gap).then_some(' ');
        begun |= letters.clone().next().is_some();
        space.into_iter().chain(Some(letters).into_iter().flatten())
    })
}

/// A character in small letters without accents.
fn plain_letters(character: char) -> impl Iterator<Item = char> + Clone {
    character.to_lowercase().filter_map(|lower| match without_accent(lower) {
        Some(plain) => Some(plain),
        // A combining mark stands for the accent of the letter before it.
        None => (!('\u{300}'..='\u{36f}').contains(&lower)).then_some(lower),
    })
}

/// A word of the rules, compared as words are everywhere: case, accents and the kind of gap do not count.
#[derive(Clone, Debug)]
pub struct Word {
    written: Box<str>,
    folded: Box<str>,
}

impl Word {
    /// The word as it is written.
    pub fn new(written: &str) -> Self {
        Self { written: written.into(), folded: folded(written).into() }
    }

    /// As it is written.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// Whether a text says the same.
    pub fn means(&self, text: &str) -> bool {
        *self.written == *text || folded_letters(text).eq(self.folded.chars())
    }
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.folded == other.folded
    }
}

impl Eq for Word {}

fn without_accent(letter: char) -> Option<char> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        'ý' | 'ÿ' => 'y',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_folded() {
        for text in ["Población 2026", " poblacion  2026", "POBLACIÓN_2026", "poblacio\u{301}n-2026"] {
            assert_eq!(folded(text), "poblacion 2026");
        }
        assert_ne!(folded("CP%"), folded("CP"));
        for (text, plain) in [(" - ", ""), ("\u{301}", ""), ("a -\u{301} b", "a  b"), ("İ_x", "i x"), ("-n/a-", "n/a")] {
            assert_eq!(folded(text), plain, "{text:?}");
        }
    }

    #[test]
    fn words_are_compared_as_they_are_folded() {
        let words = ["", "n/a", "sin dato"];
        for text in ["", " ", "-", "N/A", "n/a ", "SIN_DATO", "sin", "sin datos", "n", "é"] {
            assert_eq!(is_one_of(text, words), words.contains(&folded(text).as_str()), "{text:?}");
            assert_eq!(is_no_word(text), folded(text).is_empty(), "{text:?}");
            assert!(words.iter().all(|word| Word::new(word).means(text) == (folded(text) == folded(word))), "{text:?}");
        }
    }

    #[test]
    fn an_answer_is_judged_once() {
        let mut answers = Answers::missing(3);
        answers.set(0, "yes");
        answers.set(2, "yes");
        let mut judged = 0;
        let phases = answers.spread(0, |_| {
            judged += 1;
            4
        });
        assert_eq!((phases, judged), (vec![4, 0, 4], 1));
    }
}
