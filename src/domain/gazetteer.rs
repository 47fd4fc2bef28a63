//! A list of places that somebody else keeps, such as the global list of p-codes: codes are held against it, and it proposes
//! the code that may be meant. It decides nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::PCode;

/// A place of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its code.
    pub pcode: PCode,
    /// Its name; may be empty.
    pub name: String,
    /// Its level; 0 is the country.
    pub level: u8,
    /// The code of the place that it lies in.
    pub parent: Option<PCode>,
    /// The country's code, as the list writes it.
    pub country: String,
}

/// The list.
#[derive(Clone, Debug, Default)]
pub struct Gazetteer {
    places: BTreeMap<String, Place>,
}

impl Gazetteer {
    /// A list of these places; of two with one code the first stands.
    pub fn new(places: impl IntoIterator<Item = Place>) -> Self {
        let mut list = Self::default();
        for place in places {
            list.places.entry(place.pcode.key()).or_insert(place);
        }
        list
    }

    /// The place of this code.
    pub fn find(&self, code: &PCode) -> Option<&Place> {
        self.places.get(&code.key())
    }

    /// The places of a country.
    pub fn of_country<'a>(&'a self, country: &'a str) -> impl Iterator<Item = &'a Place> {
        self.places.values().filter(move |place| place.country.eq_ignore_ascii_case(country))
    }

    /// The levels on which a country has places.
    pub fn levels_of(&self, country: &str) -> BTreeSet<u8> {
        self.of_country(country).map(|place| place.level).collect()
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }
}
