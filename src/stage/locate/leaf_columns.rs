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

/// The parts by sex and age; by sex alone where there are no ages. Columns of one sex as a whole beside those by age are
/// their sums, and so are those of both sexes.
pub(super) fn by_sex_and_age(headers: &[Header]) -> Vec<(Leaf, u32)> {
    let counted: Vec<(Counts, u32)> = headers.iter().filter_map(|header| Some((counts(&header.text)?, header.column))).collect();
    let of = |by_age: bool| {
        let leaf = move |(counts, column): &(Counts, u32)| match counts {
            Counts::Leaf(leaf) if by_age => Some((leaf.clone(), *column)),
            Counts::Sex(leaf) if !by_age => Some((leaf.clone(), *column)),
            _ => None,
        };
        counted.iter().filter_map(leaf).collect::<Vec<_>>()
    };
    let by_age = of(true);
    if by_age.is_empty() { of(false) } else { by_age }
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
