//! "Did you mean": the nearest of a list of names, if one is near enough. A suggestion, never a repair.

/// The nearest candidate within a third of the length of `text`, at most two edits away; before all others one that
/// differs in zeros alone, which codes lose on their way through a spreadsheet.
pub fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let bare = |code: &str| code.replace('0', "");
    let own = bare(text);
    let of_zeros = candidates.iter().filter(|code| !own.is_empty() && bare(code) == own);
    if let Some(code) = of_zeros.min_by_key(|code| (code.len().abs_diff(text.len()), !code.ends_with(text), **code)) {
        return Some(code);
    }
    let allowed = (text.chars().count() / 3).clamp(1, 2);
    candidates
        .into_iter()
        .map(|candidate| (distance(text, candidate, allowed), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min()
        .map(|(_, candidate)| candidate)
}

/// A half-sentence with the suggestion, or nothing.
pub fn did_you_mean<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(text, candidates).map_or_else(String::new, |name| format!("; did you mean `{name}`?"))
}

/// Edits (insert, delete, replace, swap of neighbours) between two names, or more than `limit`.
fn distance(a: &str, b: &str, limit: usize) -> usize {
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > limit {
        return limit + 1;
    }
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = Vec::with_capacity(b.len() + 1);
        row.push(i + 1);
        for (j, y) in b.iter().enumerate() {
            let at = |cells: &[usize], index: usize| cells.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut best = (at(&above, j) + usize::from(x != y)).min(at(&above, j + 1) + 1).min(at(&row, j) + 1);
            let swapped = i > 0 && j > 0 && a.get(i - 1) == Some(y) && b.get(j - 1) == Some(x);
            if swapped {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = std::mem::replace(&mut above, row);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested() {
        let known = ["worst", "majority", "weighted-mean"];
        assert_eq!(nearest("wrost", known), Some("worst"));
        assert_eq!(nearest("majorty", known), Some("majority"));
        assert_eq!(nearest("sum", known), None);
        assert_eq!(did_you_mean("x", known), "");
        assert_eq!(nearest("101", ["01", "0101", "1001", "11"]), Some("0101"), "a zero was lost in front");
        assert_eq!(nearest("CO5", ["CO05", "CO6", "CO15"]), Some("CO05"));
    }
}
