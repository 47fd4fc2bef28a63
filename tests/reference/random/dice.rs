//! A small generator of random numbers, and sheets being written.

use std::collections::BTreeMap;

use crate::twin::Sheet;

/// A small generator of random numbers (xorshift64*).
pub struct Dice(u64);

impl Dice {
    /// One for each seed.
    pub const fn new(seed: u64) -> Self {
        Self((seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 16
    }

    /// 0 to `below` - 1.
    pub const fn below_u64(number: u64, below: u64) -> u64 {
        number % below
    }

    pub(super) fn below(&mut self, below: usize) -> usize {
        usize::try_from(Self::below_u64(self.next(), below as u64)).unwrap()
    }

    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// True in so many of a hundred.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(super) fn pick<'a, T: ?Sized>(&mut self, of: &[&'a T]) -> &'a T {
        of[self.below(of.len())]
    }

    /// Some of these, in their order.
    pub(super) fn some_of(&mut self, of: &[String], percent: usize) -> Vec<String> {
        of.iter().filter(|_| self.chance(percent)).cloned().collect()
    }

    pub(super) fn shuffled<T: Clone>(&mut self, of: &[T]) -> Vec<T> {
        let mut list = of.to_vec();
        for at in (1..list.len()).rev() {
            let other = self.below(at + 1);
            list.swap(at, other);
        }
        list
    }
}

/// A sheet being written: a column for each header that some row fills.
#[derive(Default)]
pub(super) struct Writer {
    pub(super) rows: Vec<BTreeMap<String, String>>,
}

impl Writer {
    pub(super) fn finish(self, name: &str, always: &[&str], dice: &mut Dice) -> Sheet {
        let mut header: Vec<String> = always.iter().map(|&text| text.to_owned()).collect();
        for row in &self.rows {
            header.extend(row.keys().filter(|key| !header.contains(key)).cloned().collect::<Vec<_>>());
        }
        let header = dice.shuffled(&header);
        let rows = dice.shuffled(&self.rows);
        let rows = rows.iter().map(|row| header.iter().map(|key| row.get(key).cloned().unwrap_or_default()).collect()).collect();
        Sheet { name: name.into(), header, rows }
    }
}
