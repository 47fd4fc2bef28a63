//! What the households of each slot say together: weights by phase, in whole units, so that the sums are exact and the same
//! whatever the threads and the order of rows.

use rayon::prelude::*;

/// What households of one sampling unit say, within a domain.
#[derive(Copy, Clone, Debug, Default)]
pub struct Said {
    pub(super) psu: usize,
    /// Weights by phase, in whole units.
    pub counts: [i128; 5],
    /// Sum of the squares of what each household counts.
    pub squares: i128,
    /// Households of known phase.
    pub known: usize,
}

impl Said {
    /// Adds what others say.
    pub(super) fn add(&mut self, other: &Self) {
        self.counts.iter_mut().zip(other.counts).for_each(|(sum, more)| *sum += more);
        self.squares = self.squares.saturating_add(other.squares);
        self.known += other.known;
    }
}

/// Sums of one slot while rows are added up: on one line of the processor's memory.
#[derive(Copy, Clone, Default)]
#[repr(align(64))]
struct Line {
    /// Households of known phase, and their weights by phase.
    counts: [i64; 6],
    squares: i128,
}

/// Sums over the households of each slot. `slot_of`, `counts` and `phases` have a row per household; a phase of 0 is unknown.
pub fn sums_by_slot(slots: usize, slot_of: &[u32], counts: &[i64], phases: &[u8]) -> Vec<Said> {
    let rows = slot_of.len().min(counts.len()).min(phases.len());
    let largest = counts.par_iter().copied().max().unwrap_or(0).max(1);
    // So many counts can be added without a look at the sum.
    let safe = usize::try_from(i64::MAX / largest).unwrap_or(usize::MAX);
    let in_lines = 8 * slots <= safe.min(rows);
    // Each thread has sums of its own, which is worth it only where many rows share a slot.
    let threads = if slots.saturating_mul(8) <= rows { rayon::current_num_threads() } else { 1 };
    let share = rows.div_ceil(threads).max(1);
    let of_share = |share_at: usize| {
        let end = rows.min(share_at + share);
        let mut said = vec![Said::default(); slots];
        let mut start = share_at;
        while start < end {
            let stop = if in_lines { end.min(start.saturating_add(safe)) } else { end };
            let parts = (slot_of.get(start..stop), counts.get(start..stop), phases.get(start..stop));
            if let (Some(slot_of), Some(counts), Some(phases)) = parts {
                // Sums of their own are worth it only where many rows share them.
                let adds = if in_lines { add_in_lines } else { add };
                adds(slot_of, counts, phases, &mut said);
            }
            start = stop;
        }
        said
    };
    let mut shares = (0..rows).into_par_iter().step_by(share).map(of_share).collect::<Vec<_>>().into_iter();
    let mut whole = shares.next().unwrap_or_else(|| vec![Said::default(); slots]);
    for share in shares {
        whole.iter_mut().zip(share).for_each(|(sum, more)| sum.add(&more));
    }
    whole
}

/// Adds rows one by one.
fn add(slot_of: &[u32], counts: &[i64], phases: &[u8], said: &mut [Said]) {
    for ((&slot, &count), &phase) in slot_of.iter().zip(counts).zip(phases) {
        let (Some(said), Some(at)) = (said.get_mut(slot as usize), usize::from(phase).checked_sub(1)) else { continue };
        if let (Some(sum), true) = (said.counts.get_mut(at), count > 0) {
            let count = i128::from(count);
            *sum += count;
            said.squares = said.squares.saturating_add(count.saturating_mul(count));
            said.known += 1;
        }
    }
}

/// Adds rows whose sums stay within 64 bits.
fn add_in_lines(slot_of: &[u32], counts: &[i64], phases: &[u8], said: &mut [Said]) {
    let mut lines = vec![Line::default(); said.len()];
    for ((&slot, &count), &phase) in slot_of.iter().zip(counts).zip(phases) {
        let Some(line) = lines.get_mut(slot as usize) else { continue };
        // What is unknown adds nothing.
        let counted = i64::from(phase > 0) * count;
        if let Some(sum) = line.counts.get_mut(usize::from(phase)) {
            *sum += counted;
        }
        line.squares += i128::from(counted) * i128::from(counted);
        line.counts[0] += i64::from(counted > 0);
    }
    for (said, line) in said.iter_mut().zip(lines) {
        let [known, counts @ ..] = line.counts;
        said.counts.iter_mut().zip(counts).for_each(|(sum, count)| *sum += i128::from(count));
        said.squares = said.squares.saturating_add(line.squares);
        said.known += usize::try_from(known).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By hand: two slots; unknown phases and counts of 0 are no household.
    #[test]
    fn weights_by_phase_are_added_up() {
        let said = sums_by_slot(2, &[0, 1, 0, 0, 1], &[5, 7, 2, 9, 0], &[3, 1, 3, 0, 5]);
        assert_eq!(
            said.iter().map(|said| (said.counts, said.squares, said.known)).collect::<Vec<_>>(),
            [([0, 0, 7, 0, 0], 29, 2), ([7, 0, 0, 0, 0], 49, 1)]
        );
    }

    /// Counts so large that sums of few leave 64 bits, and counts of which many can be added at once.
    #[test]
    fn large_counts_do_not_overflow() {
        for most in [i64::MAX - 1, i64::MAX / 8, i64::MAX / 9, 1 << 40, 3] {
            let said = sums_by_slot(1, &[0; 40], &[most; 40], &[2; 40]);
            assert_eq!((said[0].counts[1], said[0].known), (40 * i128::from(most), 40));
        }
    }
}
