//! The cells that are analysed: area, pocket and group, in one order; and which of them speaks for which others (method,
//! section 15.3).

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::{AreaId, AreaTree, CellId, GroupId, IdVec, PopulationGroup};

/// What a cell stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellKey {
    /// The area.
    pub area: AreaId,
    /// A named sub-place; empty for the area itself.
    pub pocket: String,
    /// The group; `None` when a row speaks for everybody in the area.
    pub group: Option<GroupId>,
}

/// All cells, in the order p-code, pocket, group.
#[derive(Clone, Debug, Default)]
pub struct CellTable {
    pub(super) keys: IdVec<CellId, CellKey>,
    groups: IdVec<GroupId, PopulationGroup>,
    /// The cell that speaks for the whole pocket, or the whole area, around each cell.
    around: IdVec<CellId, Option<CellId>>,
    /// First cell of each area, and how many there are: the cells of an area are neighbours.
    spans: IdVec<AreaId, (usize, usize)>,
}

impl CellTable {
    /// The cells of these areas.
    pub(super) fn new(areas: &AreaTree, groups: IdVec<GroupId, PopulationGroup>, named: &PocketsAndGroups<'_>) -> Self {
        let mut keys: IdVec<CellId, CellKey> = IdVec::default();
        let mut spans: IdVec<AreaId, (usize, usize)> = areas.ids().map(|_| (0, 0)).collect();
        for area in areas.in_code_order() {
            spans[area] = (keys.len(), named[area].len());
            for (pocket, group) in &named[area] {
                keys.push(CellKey { area, pocket: pocket.to_string(), group: *group });
            }
        }
        let mut table = Self { keys, groups, spans, ..Self::default() };
        let around: IdVec<CellId, Option<CellId>> = table
            .keys
            .iter()
            .map(|key| {
                let find = |pocket: &str| table.find(key.area, pocket, None);
                match (key.group, key.pocket.as_str()) {
                    (Some(_), "") => find(""),
                    (Some(_), pocket) => find(pocket).or_else(|| find("")),
                    (None, "") => None,
                    (None, _) => find(""),
                }
            })
            .collect();
        table.around = around;
        table
    }

    /// The cells of an area, in order.
    pub fn of_area(&self, area: AreaId) -> impl Iterator<Item = CellId> + use<> {
        let (first, count) = self.span(area);
        (first..first + count).map(CellId::from_index)
    }

    fn span(&self, area: AreaId) -> (usize, usize) {
        self.spans.as_slice().get(area.index()).copied().unwrap_or_default()
    }

    /// What a cell stands for.
    pub fn key(&self, cell: CellId) -> &CellKey {
        &self.keys[cell]
    }

    /// The cell that speaks for the whole pocket or area around this one: next to it, and before it in the order of the
    /// cells (method, section 15.3).
    pub fn around(&self, cell: CellId) -> Option<CellId> {
        self.around[cell]
    }

    /// The cells that speak for this one, the nearest first: itself, its whole pocket, its whole area.
    pub fn speaking_for(&self, cell: CellId) -> impl Iterator<Item = CellId> + '_ {
        std::iter::successors(Some(cell), |&cell| self.around(cell))
    }

    /// The cells in a whole area or pocket that take what is said of it: those around which nothing nearer speaks.
    pub fn taking_from(&self, whole: CellId, takes: impl Fn(CellId) -> bool) -> Vec<CellId> {
        let mut taking = vec![whole];
        for cell in self.of_area(self.key(whole).area) {
            if self.around(cell).is_some_and(|around| taking.contains(&around)) && takes(cell) {
                taking.push(cell);
            }
        }
        taking.split_off(1)
    }

    /// The cell that speaks for everybody in the area, or in the pocket, in which a group lives.
    pub fn whole_of(&self, cell: CellId) -> Option<CellId> {
        let pocket = &self.key(cell).pocket;
        self.around(cell).filter(|whole| self.key(*whole).pocket == *pocket)
    }

    /// The cell of a key.
    pub fn find(&self, area: AreaId, pocket: &str, group: Option<GroupId>) -> Option<CellId> {
        let (first, count) = self.span(area);
        let of_area = self.keys.as_slice().get(first..first + count)?;
        let at = of_area.binary_search_by(|key| key.pocket.as_str().cmp(pocket).then(key.group.cmp(&group))).ok()?;
        Some(CellId::from_index(first + at))
    }

    /// Every cell in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = CellId> + ExactSizeIterator + use<> {
        self.keys.ids()
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The groups in code order.
    pub fn groups(&self) -> &IdVec<GroupId, PopulationGroup> {
        &self.groups
    }

    /// Whether people are told apart by group anywhere.
    pub fn tell_groups(&self) -> bool {
        !self.groups.is_empty()
    }

    /// The code of a group; empty for everybody.
    pub fn group_code(&self, group: Option<GroupId>) -> &str {
        group.map_or("", |group| &self.groups[group].code)
    }

    /// The cell's name for findings.
    pub fn name(&self, areas: &AreaTree, cell: CellId) -> String {
        let key = self.key(cell);
        let mut name = format!("`{}`", areas.get(key.area).pcode);
        for part in [key.pocket.as_str(), self.group_code(key.group)] {
            if !part.is_empty() {
                name.push_str(", ");
                name.push_str(part);
            }
        }
        name
    }
}

/// The pockets and groups that rows name, area by area.
pub(super) type PocketsAndGroups<'a> = IdVec<AreaId, BTreeSet<(Cow<'a, str>, Option<GroupId>)>>;
