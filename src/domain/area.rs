//! Admin areas and the tree they form. A p-code is text, never a number, and never guessed from.

use std::collections::BTreeMap;
use std::fmt;

use super::id::{AreaId, Id, IdVec};
use super::letter::is_unseen;

/// The official code of a place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PCode(Box<str>);

impl PCode {
    /// A code without blanks around it and without letters that cannot be seen; `None` if nothing is left.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim_matches(|letter: char| letter.is_whitespace() || is_unseen(letter));
        let code = if text.contains(is_unseen) { text.replace(is_unseen, "").into() } else { text.into() };
        (!text.is_empty()).then_some(Self(code))
    }

    /// As codes are compared: the case of letters does not count.
    pub fn key(&self) -> String {
        self.0.to_uppercase()
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl fmt::Debug for PCode {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// A level of the official division: 0 is the country.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AdminLevel(pub u8);

/// A place of the official division.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdminArea {
    /// Its code.
    pub pcode: PCode,
    /// Its name; may be empty.
    pub name: String,
    /// Its level.
    pub level: AdminLevel,
    /// The area it lies in; `None` for the country.
    pub parent: Option<AreaId>,
}

/// All areas of a country, sorted by p-code within each level; the country is the first.
#[derive(Clone, Debug, Default)]
pub struct AreaTree {
    areas: IdVec<AreaId, AdminArea>,
    children: IdVec<AreaId, Vec<AreaId>>,
    by_code: BTreeMap<PCode, AreaId>,
    /// The same, by codes as they are compared.
    by_key: BTreeMap<String, AreaId>,
}

/// What is known of an area before the tree stands: its parent by code.
#[derive(Clone, Debug)]
pub struct AreaRow {
    /// Its code.
    pub pcode: PCode,
    /// Its name; may be empty.
    pub name: String,
    /// Its level.
    pub level: AdminLevel,
    /// The code of the area it lies in; `None` hangs it under the country.
    pub parent: Option<PCode>,
}

impl AreaTree {
    /// Builds the tree. Rows must not repeat a code; a parent that is not among the rows is the country.
    pub fn new(country: PCode, name: &str, mut rows: Vec<AreaRow>) -> Self {
        rows.retain(|row| row.pcode != country);
        rows.sort_by(|a, b| a.level.cmp(&b.level).then_with(|| a.pcode.cmp(&b.pcode)));
        let root = AreaId::from_index(0);
        let mut by_code = BTreeMap::from([(country.clone(), root)]);
        for (index, row) in rows.iter().enumerate() {
            by_code.insert(row.pcode.clone(), AreaId::from_index(index + 1));
        }
        let mut areas = IdVec::default();
        areas.push(AdminArea { pcode: country, name: name.to_owned(), level: AdminLevel(0), parent: None });
        for row in rows {
            let parent = row.parent.as_ref().and_then(|code| by_code.get(code)).copied().unwrap_or(root);
            areas.push(AdminArea { pcode: row.pcode, name: row.name, level: row.level, parent: Some(parent) });
        }
        let mut children: IdVec<AreaId, Vec<AreaId>> = areas.ids().map(|_| Vec::new()).collect();
        for (area, of) in areas.entries() {
            if let Some(parent) = of.parent {
                children[parent].push(area);
            }
        }
        let by_key = by_code.iter().map(|(code, area)| (code.key(), *area)).collect();
        Self { areas, children, by_code, by_key }
    }

    /// The country.
    pub fn country(&self) -> AreaId {
        AreaId::from_index(0)
    }

    /// The area with this code; the case of letters does not count.
    pub fn find(&self, code: &PCode) -> Option<AreaId> {
        self.by_code.get(code).or_else(|| self.by_key.get(&code.key())).copied()
    }

    /// One area.
    pub fn get(&self, area: AreaId) -> &AdminArea {
        &self.areas[area]
    }

    /// The area and those it lies in, up to the country.
    pub fn path(&self, area: AreaId) -> impl Iterator<Item = AreaId> + '_ {
        // A parent stands on a smaller level, so the walk ends.
        std::iter::successors(Some(area), |&at| self.areas[at].parent)
    }

    /// The area and all that lie in it, each before those that lie in it.
    pub fn within(&self, area: AreaId) -> impl Iterator<Item = AreaId> + '_ {
        let mut open = vec![area];
        std::iter::from_fn(move || {
            let next = open.pop()?;
            open.extend(self.children[next].iter().rev());
            Some(next)
        })
    }

    /// The area on this level in which `area` lies, or is.
    pub fn ancestor(&self, area: AreaId, level: AdminLevel) -> Option<AreaId> {
        self.path(area).find(|&at| self.areas[at].level == level)
    }

    /// What areas are listed by: the country first, whatever its code, then p-code order.
    pub fn order(&self, area: AreaId) -> (bool, &PCode) {
        (area != self.country(), &self.get(area).pcode)
    }

    /// Every area, the country first, then level by level in p-code order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = AreaId> + ExactSizeIterator + use<> {
        self.areas.ids()
    }

    /// Every area as areas are listed.
    pub fn in_code_order(&self) -> impl Iterator<Item = AreaId> + '_ {
        let country = self.country();
        std::iter::once(country).chain(self.by_code.values().copied().filter(move |area| *area != country))
    }

    /// Number of areas, the country included.
    pub fn len(&self) -> usize {
        self.areas.len()
    }

    /// Whether there are no areas at all.
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty()
    }

    /// The codes in order, for suggestions.
    pub fn codes(&self) -> impl Iterator<Item = &PCode> {
        self.by_code.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_found_whatever_the_case_of_its_letters() {
        let code = |text: &str| PCode::new(text).unwrap();
        let row = AreaRow { pcode: code("XV01"), name: "Great Island".into(), level: AdminLevel(1), parent: None };
        let tree = AreaTree::new(code("XVA"), "Two Islands", vec![row]);
        assert_eq!(tree.find(&code("xv01")), tree.find(&code("XV01")));
        assert_eq!(tree.find(&code("xva")), Some(tree.country()));
        assert_eq!(tree.find(&code("XV02")), None);
    }
}
