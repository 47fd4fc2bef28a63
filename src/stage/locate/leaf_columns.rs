//! Columns of people by sex and age that no layout names one by one: their headers are made alike in the population tables of
//! many countries, `F_00_04` and `M_80Plus`, and the ages differ from one to the next (docs/formats.md, section 4.2).

use super::headers::Header;
use crate::domain::Leaf;

/// What a header of this kind counts.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Counts {
    /// One sex and age.
    Leaf(Leaf),
    /// One sex, all ages.
    Sex(Leaf),
}

/// The columns of people by sex and age.
#[derive(Default)]
pub(super) struct LeafColumns {
    /// The parts by sex and age; by sex alone where there are no ages. None where they are of one sex only.
    pub(super) leaves: Vec<(Leaf, u32)>,
    /// Those of one sex as a whole, where there are ages: their sums.
    pub(super) sexes: Vec<(Leaf, u32)>,
    /// Those of both sexes, which are sums too.
    pub(super) both: Vec<u32>,
}

/// Finds them.
pub(super) fn by_sex_and_age(headers: &[Header]) -> LeafColumns {
    let mut columns = LeafColumns::default();
    for header in headers {
        match counts(&header.text) {
            Some(Counts::Leaf(leaf)) => columns.leaves.push((leaf, header.column)),
            Some(Counts::Sex(leaf)) => columns.sexes.push((leaf, header.column)),
            None => columns.both.extend(is_of_both(&header.text).then_some(header.column)),
        }
    }
    if columns.leaves.is_empty() {
        columns.leaves = std::mem::take(&mut columns.sexes);
    }
    // Women alone are not everybody.
    let of = |sex: &str| columns.leaves.iter().any(|(leaf, _)| leaf.sex == sex);
    if !(of("female") && of("male")) {
        columns.leaves.clear();
    }
    columns
}

/// Whether a header is that of a sum over both sexes: `T_00_04`.
fn is_of_both(header: &str) -> bool {
    let rest = header.trim().to_lowercase();
    rest.strip_prefix("t_").is_some_and(|rest| counts(&format!("f_{rest}")).is_some())
}

/// Whether a header is one of people by sex and age.
pub(super) fn counts_people(header: &str) -> bool {
    counts(header).is_some()
}

fn counts(header: &str) -> Option<Counts> {
    let plain = header.trim().to_lowercase();
    let (sex, rest) = plain.split_once(['_', ' '])?;
    let sex = match sex {
        "f" | "female" => "female",
        "m" | "male" => "male",
        _ => return None,
    };
    let leaf = |age: String| Leaf { sex: sex.to_owned(), age };
    if ["tl", "t", "total"].contains(&rest) {
        return Some(Counts::Sex(leaf(String::new())));
    }
    let whole = |text: &str| text.parse::<u8>().ok().filter(|_| text.bytes().all(|digit| digit.is_ascii_digit()));
    if let Some(from) = rest.strip_suffix("plus").or_else(|| rest.strip_suffix('+')) {
        return Some(Counts::Leaf(leaf(format!("{}+", whole(from.trim_end_matches(['_', ' ']))?))));
    }
    let (from, to) = rest.split_once(['_', '-', ' '])?;
    Some(Counts::Leaf(leaf(format!("{}-{}", whole(from)?, whole(to)?))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_say_sex_and_age() {
        let leaf = |sex: &str, age: &str| Leaf { sex: sex.into(), age: age.into() };
        assert_eq!(counts("F_00_04"), Some(Counts::Leaf(leaf("female", "0-4"))));
        assert_eq!(counts(" M_80Plus "), Some(Counts::Leaf(leaf("male", "80+"))));
        assert_eq!(counts("f_100+"), Some(Counts::Leaf(leaf("female", "100+"))));
        assert_eq!(counts("M_TL"), Some(Counts::Sex(leaf("male", ""))));
        for other in ["T_TL", "T_00_04", "F", "F_x_04", "F_1e1_2", "Family", "m_n"] {
            assert_eq!(counts(other), None, "{other}");
        }
    }
}
