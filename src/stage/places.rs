//! Which sector has the highest people in need, the second and the third (method, sections 8 and 14.13).

use crate::domain::{IdVec, People, SectorId};

/// A place in the order of sectors' PiN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ranked {
    /// How many people.
    pub people: People,
    /// The sectors tied for it.
    pub sectors: Vec<SectorId>,
}

/// Distinct values from the highest; the sectors tied for each. All zero or blank: no place at all.
pub fn rank(people: &IdVec<SectorId, Option<People>>) -> Vec<Ranked> {
    let mut known: Vec<(People, SectorId)> = people.entries().filter_map(|(sector, people)| Some(((*people)?, sector))).collect();
    if known.iter().all(|(people, _)| *people == People::ZERO) {
        return Vec::new();
    }
    known.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut places: Vec<Ranked> = Vec::new();
    for (people, sector) in known {
        match places.last_mut() {
            Some(place) if place.people == people => place.sectors.push(sector),
            _ => places.push(Ranked { people, sectors: vec![sector] }),
        }
    }
    places.truncate(3);
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_distinct_and_ties_are_named() {
        let people: IdVec<SectorId, Option<People>> =
            [Some(5), Some(9), None, Some(9), Some(0)].into_iter().map(|number| number.map(People::whole)).collect();
        let places = rank(&people);
        assert_eq!(
            places.iter().map(|place| (place.people, place.sectors.len())).collect::<Vec<_>>(),
            [(People::whole(9), 2), (People::whole(5), 1), (People::ZERO, 1)]
        );
        let nothing: IdVec<SectorId, Option<People>> = [Some(People::ZERO), None].into_iter().collect();
        assert!(rank(&nothing).is_empty());
    }
}
