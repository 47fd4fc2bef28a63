//! Small numbers that stand for rows, and vectors that only such a number can open.
//! An id is made by the table that owns the rows, so a lookup with it cannot miss.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

/// A number that names a row of one kind.
pub trait Id: Copy + Ord {
    /// The row's position.
    fn index(self) -> usize;
    /// The id of a position.
    fn from_index(index: usize) -> Self;
}

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name($inner);

        impl Id for $name {
            fn index(self) -> usize {
                self.0 as usize
            }
            #[expect(clippy::cast_possible_truncation, reason = "a table of more rows does not fit in memory, nor in a sheet")]
            fn from_index(index: usize) -> Self {
                Self(index as $inner)
            }
        }
    )*};
}

ids! {
    /// An admin area of the tree.
    AreaId(u32);
    /// A population group.
    GroupId(u32);
    /// A leaf: sex and age within a group.
    LeafId(u32);
    /// A cell: area x pocket x group, the unit of analysis.
    CellId(u32);
    /// A slot of a cell: its total or one of its leaves.
    SlotId(u32);
    /// A protection risk of the framework.
    RiskId(u32);
    /// An indicator of the framework.
    IndicatorId(u32);
    /// A core sector of the intersectoral step.
    SectorId(u32);
}

/// A vector opened by one kind of id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdVec<I, T> {
    rows: Vec<T>,
    kind: PhantomData<I>,
}

impl<I: Id, T> IdVec<I, T> {
    /// A vector of these rows.
    pub const fn new(rows: Vec<T>) -> Self {
        Self { rows, kind: PhantomData }
    }

    /// Appends a row and says its id.
    pub fn push(&mut self, row: T) -> I {
        let id = I::from_index(self.rows.len());
        self.rows.push(row);
        id
    }

    /// The number of rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The ids in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        (0..self.rows.len()).map(I::from_index)
    }

    /// The rows in order.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.rows.iter()
    }

    /// Ids and rows in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.rows.iter().enumerate().map(|(index, row)| (I::from_index(index), row))
    }

    /// The rows as a slice.
    pub fn as_slice(&self) -> &[T] {
        &self.rows
    }

    /// The id of the first row that fits.
    pub fn find(&self, fits: impl FnMut(&T) -> bool) -> Option<I> {
        self.rows.iter().position(fits).map(I::from_index)
    }
}

impl<I, T> Default for IdVec<I, T> {
    fn default() -> Self {
        Self { rows: Vec::new(), kind: PhantomData }
    }
}

impl<I: Id, T> FromIterator<T> for IdVec<I, T> {
    fn from_iter<R: IntoIterator<Item = T>>(rows: R) -> Self {
        Self::new(rows.into_iter().collect())
    }
}

impl<I: Id, T> Index<I> for IdVec<I, T> {
    type Output = T;
    #[expect(clippy::indexing_slicing, reason = "an id is only made from a row of this table")]
    fn index(&self, id: I) -> &T {
        &self.rows[id.index()]
    }
}

impl<I: Id, T> IndexMut<I> for IdVec<I, T> {
    #[expect(clippy::indexing_slicing, reason = "an id is only made from a row of this table")]
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.rows[id.index()]
    }
}
