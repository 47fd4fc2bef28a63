//! The numbers of short fields, found again by the field as one whole number: no text holds a NUL, so that fields of another
//! length are other numbers.

use std::hash::BuildHasher;

use foldhash::fast::RandomState;

/// A field as a whole number; 0 is none.
pub(super) trait Field: Copy + Eq + Default {
    /// All of it, in 64 bits.
    fn folded(self) -> u64;
}

impl Field for u64 {
    fn folded(self) -> u64 {
        self
    }
}

impl Field for u128 {
    #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
    fn folded(self) -> u64 {
        (self as u64) ^ ((self >> 64) as u64).rotate_left(29)
    }
}

/// Fields and their numbers. Looked up for every cell, so that they are kept small: fields stand by themselves, their numbers
/// are only fetched for the one that is found.
#[derive(Clone, Debug)]
pub(super) struct ShortFields<F> {
    /// As many places as a power of two, a quarter of them free.
    fields: Vec<F>,
    numbers: Vec<u16>,
    filled: usize,
    /// Drawn by chance, so that nobody can write a file whose fields all fall on one place.
    spread: u64,
}

impl<F: Field> Default for ShortFields<F> {
    fn default() -> Self {
        Self { fields: vec![F::default(); 16], numbers: vec![0; 16], filled: 0, spread: RandomState::default().hash_one(0_u64) | 1 }
    }
}

impl<F: Field> ShortFields<F> {
    fn place(&self, field: F) -> usize {
        let product = u128::from(field.folded()) * u128::from(self.spread);
        #[expect(clippy::cast_possible_truncation, reason = "both halves are wanted")]
        let mixed = (product as u64) ^ ((product >> 64) as u64);
        usize::try_from(mixed).unwrap_or_default()
    }

    /// The number of a field.
    #[inline]
    pub(super) fn find(&self, field: F) -> Option<u16> {
        let mask = self.fields.len() - 1;
        let mut at = self.place(field) & mask;
        loop {
            let known = *self.fields.get(at)?;
            if known == field {
                return self.numbers.get(at).copied();
            }
            if known == F::default() {
                return None;
            }
            at = (at + 1) & mask;
        }
    }

    /// Enters a field that is not there yet.
    pub(super) fn insert(&mut self, field: F, number: u16) {
        if 3 * self.fields.len() <= 4 * self.filled {
            let places = 2 * self.fields.len();
            let fields = std::mem::replace(&mut self.fields, vec![F::default(); places]);
            let numbers = std::mem::replace(&mut self.numbers, vec![0; places]);
            let full = fields.into_iter().zip(numbers).filter(|(field, _)| *field != F::default());
            full.for_each(|(field, number)| self.put(field, number));
        }
        self.filled += 1;
        self.put(field, number);
    }

    fn put(&mut self, field: F, number: u16) {
        let mask = self.fields.len() - 1;
        let mut at = self.place(field) & mask;
        while self.fields.get(at).is_some_and(|known| *known != F::default()) {
            at = (at + 1) & mask;
        }
        if let (Some(slot), Some(known)) = (self.fields.get_mut(at), self.numbers.get_mut(at)) {
            (*slot, *known) = (field, number);
        }
    }
}

/// A field of one to eight bytes. `text` begins with it and may go on behind it, which is quicker to take along than to leave
/// out.
#[inline]
pub(super) fn eight(text: &[u8], length: usize) -> u64 {
    match text.first_chunk::<8>() {
        Some(bytes) => u64::from_le_bytes(*bytes) & (u64::MAX >> (64 - 8 * length)),
        None => text.iter().take(length).rev().fold(0, |number, byte| number << 8 | u64::from(*byte)),
    }
}

/// A field of one to sixteen bytes, likewise.
#[inline]
pub(super) fn sixteen(text: &[u8], length: usize) -> u128 {
    match text.first_chunk::<16>() {
        Some(bytes) => u128::from_le_bytes(*bytes) & (u128::MAX >> (128 - 8 * length)),
        None => text.iter().take(length).rev().fold(0, |number, byte| number << 8 | u128::from(*byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_the_same_number_whatever_stands_behind_it() {
        for field in ["a", "ab", "abcdefgh", "é"] {
            let length = field.len();
            assert_eq!(eight(field.as_bytes(), length), eight(format!("{field},1234567890").as_bytes(), length));
            assert_eq!(sixteen(field.as_bytes(), length), sixteen(format!("{field},12345678901234567").as_bytes(), length));
        }
        assert_ne!(eight(b"ab", 2), eight(b"ab", 1));
    }

    #[test]
    fn fields_are_found_again() {
        let mut fields: ShortFields<u64> = ShortFields::default();
        let all: Vec<String> = (0..5000).map(|at| format!("{at}")).collect();
        for (number, field) in (0..).zip(&all) {
            assert_eq!(fields.find(eight(field.as_bytes(), field.len())), None);
            fields.insert(eight(field.as_bytes(), field.len()), number);
        }
        assert!((0..).zip(&all).all(|(number, field)| fields.find(eight(field.as_bytes(), field.len())) == Some(number)));
    }
}
