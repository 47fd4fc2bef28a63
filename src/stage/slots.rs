//! The slots in which people are counted: the total of each cell, then its leaves. A leaf (sex x age) has one name,
//! however the sheets spell it.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::CellTable;
use crate::domain::id::Id;
use crate::domain::{CellId, IdVec, Leaf, LeafId, SlotId};
use crate::table::folded;

/// The slots of every cell: its total, then its leaves, which are its neighbours.
#[derive(Clone, Debug, Default)]
pub struct SlotTable {
    /// All leaves, sorted.
    pub leaves: IdVec<LeafId, Leaf>,
    slots: IdVec<SlotId, (CellId, Option<LeafId>)>,
    totals: IdVec<CellId, SlotId>,
    names: LeafNames,
}

impl SlotTable {
    /// The slots of these cells and leaves; the leaves carry their one name.
    pub fn new(cells: &CellTable, used: &BTreeSet<(CellId, Leaf)>, names: LeafNames) -> Self {
        let leaves: IdVec<LeafId, Leaf> = used.iter().map(|(_, leaf)| leaf.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let mut table = Self { leaves, names, ..Self::default() };
        let mut pairs = used.iter().peekable();
        for cell in cells.ids() {
            let total = table.slots.push((cell, None));
            table.totals.push(total);
            while let Some((_, leaf)) = pairs.next_if(|(at, _)| *at == cell) {
                table.slots.push((cell, table.leaf_id(leaf)));
            }
        }
        table
    }

    /// The total of a cell.
    pub fn total(&self, cell: CellId) -> SlotId {
        self.totals[cell]
    }

    /// The leaves of a cell, in order.
    pub fn leaves_of(&self, cell: CellId) -> impl Iterator<Item = (LeafId, SlotId)> + '_ {
        let first = self.total(cell).index() + 1;
        let behind = self.slots.as_slice().iter().enumerate().skip(first).take_while(move |(_, (at, _))| *at == cell);
        behind.filter_map(|(slot, (_, leaf))| Some(((*leaf)?, SlotId::from_index(slot))))
    }

    /// The slot of a leaf of a cell, however the leaf is spelled.
    pub fn leaf(&self, cell: CellId, leaf: &Leaf) -> Option<SlotId> {
        let id = self.leaf_id(&self.names.one_name(leaf))?;
        self.leaves_of(cell).find(|(known, _)| *known == id).map(|(_, slot)| slot)
    }

    fn leaf_id(&self, leaf: &Leaf) -> Option<LeafId> {
        self.leaves.as_slice().binary_search(leaf).ok().map(LeafId::from_index)
    }

    /// Cell and leaf of a slot.
    pub fn get(&self, slot: SlotId) -> (CellId, Option<LeafId>) {
        self.slots[slot]
    }

    /// Every slot in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = SlotId> + ExactSizeIterator + use<> {
        self.slots.ids()
    }

    /// Number of slots.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.is_empty()
    }
}

/// The one name of each sex and age band. Spellings that are compared as the same word are one, under the spelling that
/// sorts first.
#[derive(Clone, Debug, Default)]
pub struct LeafNames {
    sexes: BTreeMap<String, String>,
    ages: BTreeMap<String, String>,
}

impl LeafNames {
    /// Takes note of a spelling.
    pub fn add(&mut self, leaf: &Leaf) {
        for (names, written) in [(&mut self.sexes, &leaf.sex), (&mut self.ages, &leaf.age)] {
            let name = names.entry(folded(written)).or_insert_with(|| written.clone());
            if written < name {
                name.clone_from(written);
            }
        }
    }

    /// The leaf under its one name; a leaf that was never seen keeps its own.
    pub fn one_name(&self, leaf: &Leaf) -> Leaf {
        let name = |names: &BTreeMap<String, String>, written: &String| names.get(&folded(written)).unwrap_or(written).clone();
        Leaf { sex: name(&self.sexes, &leaf.sex), age: name(&self.ages, &leaf.age) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leaf_has_one_name_however_it_is_spelled() {
        let leaf = |sex: &str, age: &str| Leaf { sex: sex.into(), age: age.into() };
        let mut names = LeafNames::default();
        for spelled in [leaf("female", "0-17"), leaf("Female", ""), leaf("", "0_17"), leaf("male", "18+")] {
            names.add(&spelled);
        }
        assert_eq!(names.one_name(&leaf("FEMALE", "0 17")), leaf("Female", "0-17"));
        assert_eq!(names.one_name(&leaf("other", "18+")), leaf("other", "18+"));
    }
}
