//! Figures that stand for several rows (method 15.21).

use std::collections::{BTreeMap, BTreeSet};

use super::numbers::sum_if_all;
use super::outputs::Record;
use super::{ACROSS, Key, Leaf, OVERALL, Twin};

/// Targeted and reached, by row and series.
pub(super) type Response = BTreeMap<(Key, String), (Option<i128>, Option<i128>)>;

/// A figure that stands for several rows: of affected, targeted, reached, in need the one of this position.
pub(super) struct Whole {
    pub(super) key: Key,
    pub(super) code: String,
    pub(super) figure: usize,
    pub(super) people: i128,
    pub(super) parts: BTreeSet<Key>,
}

impl Twin {
    /// The counted rows of which a row speaks: of its area and pocket, or of the areas below, of its group if it has one.
    pub(super) fn parts_of(&self, key: &Key) -> BTreeSet<Key> {
        let speaks_of = |part: &&Key| {
            let here = part.0 == key.0 && part.1 == key.1;
            let below = key.1.is_empty() && part.0 != key.0 && self.line(&part.0).contains(&key.0);
            *part != key && (here || below) && (key.2.is_empty() || part.2 == key.2)
        };
        self.cells.keys().filter(speaks_of).cloned().collect()
    }

    pub(super) fn wholes(&self, records: &[Record], response: &Response) -> Vec<Whole> {
        let mut said: BTreeSet<(Key, String, usize)> = BTreeSet::new();
        for record in records.iter().filter(|record| record.leaf == Leaf::default() && record.scope != ACROSS) {
            for (at, people) in [record.affected, record.targeted, record.reached, record.in_need].into_iter().enumerate() {
                if people.is_some() {
                    said.insert((record.key.clone(), record.code.clone(), at));
                }
            }
        }
        let mut keys: BTreeSet<Key> = response.keys().map(|(key, _)| key.clone()).collect();
        keys.extend(self.given.keys().map(|(key, _, _)| key.clone()));
        keys.extend(self.stated_affected.keys().cloned());
        keys.retain(|key| !self.cells.contains_key(key));
        let mut keys: Vec<Key> = keys.into_iter().collect();
        keys.sort_by_key(|key| (std::cmp::Reverse(self.areas[&key.0].0), key.2.is_empty()));
        let mut wholes = Vec::new();
        for key in keys {
            let parts = self.parts_of(&key);
            for code in std::iter::once(OVERALL.to_owned()).chain(self.aors.iter().cloned()) {
                let is_way = self.ways(&code).0.iter().any(|way| way == "given");
                let of = |leaf: Option<Leaf>| self.given.get(&(key.clone(), code.clone(), leaf)).copied().unwrap_or((None, None));
                // Without a total, the sum over the parts where all of several are given.
                let named: BTreeSet<Leaf> =
                    self.given.keys().filter(|(own, _, _)| *own == key).filter_map(|(_, _, leaf)| leaf.clone()).collect();
                let by_leaf: Vec<(Option<i128>, Option<i128>)> = named.into_iter().map(|leaf| of(Some(leaf))).collect();
                let sums = |figure: fn(&(Option<i128>, Option<i128>)) -> Option<i128>| {
                    sum_if_all(&by_leaf.iter().map(figure).collect::<Vec<_>>()).filter(|_| by_leaf.len() > 1)
                };
                let given = (of(None).0.or_else(|| sums(|leaf| leaf.0)), of(None).1.or_else(|| sums(|leaf| leaf.1)));
                let given = if is_way { given } else { (None, None) };
                let of_population = self.stated_affected.get(&key).copied().filter(|_| code == OVERALL);
                let (targeted, reached) = response.get(&(key.clone(), code.clone())).copied().unwrap_or((None, None));
                for (figure, people) in [of_population.or(given.1), targeted, reached, given.0].into_iter().enumerate() {
                    let Some(people) = people.filter(|_| !parts.is_empty()) else { continue };
                    if parts.iter().any(|part| said.contains(&(part.clone(), code.clone(), figure))) {
                        continue;
                    }
                    said.extend(parts.iter().map(|part| (part.clone(), code.clone(), figure)));
                    wholes.push(Whole { key: key.clone(), code: code.clone(), figure, people, parts: parts.clone() });
                }
            }
        }
        wholes
    }
}
