//! Codes of areas against a list of places that somebody else keeps: codes that it does not have, with the one that may be
//! meant, and areas that lie elsewhere in it. Levels of which the list has no places are passed over.

use std::collections::BTreeMap;

use crate::diag::place::with_more;
use crate::diag::shown::quoted;
use crate::diag::suggest::nearest;
use crate::diag::{Code, Findings, Place};
use crate::domain::gazetteer::Gazetteer;
use crate::domain::{AreaId, AreaTree};

/// So many codes are named.
const SHOWN: usize = 10;

/// Holds the tree against the list.
pub fn check_gazetteer(areas: &AreaTree, gazetteer: &Gazetteer, country: &str) -> Findings {
    let mut found = Findings::default();
    let Some(country) = country_of(areas, gazetteer, country) else {
        let message = format!("none of its {} places is of this country", gazetteer.len());
        found.add(Code::GazetteerWithoutCountry, Place::Input, message);
        return found;
    };
    let levels = gazetteer.levels_of(country);
    let known: Vec<&str> = gazetteer.of_country(country).map(|place| place.pcode.as_str()).collect();
    let of_levels = areas.in_code_order().filter(|area| *area != areas.country() && levels.contains(&areas.get(*area).level.0));
    let (mut absent, mut elsewhere) = (Vec::new(), Vec::new());
    for area in of_levels {
        let code = &areas.get(area).pcode;
        match gazetteer.find(code).filter(|place| place.country.eq_ignore_ascii_case(country)) {
            None => absent.push(area),
            Some(place) => {
                let parent = areas.get(area).parent.filter(|parent| *parent != areas.country()).map(|parent| &areas.get(parent).pcode);
                if let (Some(own), Some(stated)) = (parent, &place.parent)
                    && own.key() != stated.key()
                {
                    elsewhere.push(format!(
                        "{} lies in {} here and in {} there",
                        quoted(code.as_str()),
                        quoted(own.as_str()),
                        quoted(stated.as_str())
                    ));
                }
            }
        }
    }
    let said = |area: &AreaId| {
        let code = areas.get(*area).pcode.as_str();
        let meant = nearest(code, known.iter().copied()).map_or_else(String::new, |meant| format!(" (did you mean {}?)", quoted(meant)));
        format!("{}{meant}", quoted(code))
    };
    let shown: Vec<String> = absent.iter().take(SHOWN).map(said).collect();
    if !shown.is_empty() {
        let names = with_more(&shown.join(", "), absent.len() - shown.len());
        found.add(Code::NotInGazetteer, Place::Input, format!("the list of places does not have {names}"));
    }
    if !elsewhere.is_empty() {
        let shown: Vec<String> = elsewhere.iter().take(SHOWN).cloned().collect();
        found.add(Code::GazetteerParent, Place::Input, with_more(&shown.join("; "), elsewhere.len() - shown.len()));
    }
    found
}

/// The country by which the list calls these areas: the context's, if it has that, else the one of most of their codes.
fn country_of<'a>(areas: &AreaTree, gazetteer: &'a Gazetteer, country: &'a str) -> Option<&'a str> {
    if let Some(place) = gazetteer.of_country(country).next().filter(|_| !country.is_empty()) {
        return Some(&place.country);
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for place in areas.ids().filter_map(|area| gazetteer.find(&areas.get(area).pcode)) {
        *counts.entry(&place.country).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(name, count)| (*count, std::cmp::Reverse(*name))).map(|(name, _)| name)
}
