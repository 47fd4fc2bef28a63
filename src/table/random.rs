//! Numbers drawn by chance, the same ones for the same seed on every machine. The only user of `rand_chacha` and of
//! `rand_distr`.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::{Binomial, Distribution};

/// A row of draws.
#[derive(Clone, Debug)]
pub struct Draws(ChaCha8Rng);

impl Draws {
    /// The row that begins with this seed.
    pub fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// How many of so many tries hit `some` out of `all` equally likely ones.
    pub fn hits(&mut self, tries: u64, some: u64, all: u64) -> u64 {
        if some >= all {
            return tries;
        }
        #[expect(clippy::cast_precision_loss, reason = "a probability")]
        let chance = some as f64 / all as f64;
        Binomial::new(tries, chance).map_or(0, |hits| hits.sample(&mut self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hits_are_the_same_for_the_same_seed_and_as_many_as_they_should_be() {
        let drawn = |seed| {
            let mut draws = Draws::new(seed);
            (0..4000).map(|_| draws.hits(60, 1, 6)).collect::<Vec<u64>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        // Mean 10, variance 50/6: the mean of 4,000 lies within 4 standard errors.
        let mean = f64::from(u32::try_from(drawn(1).iter().sum::<u64>()).unwrap()) / 4000.0;
        assert!((mean - 10.0).abs() < 4.0 * (50.0_f64 / 6.0 / 4000.0).sqrt(), "{mean}");
        assert_eq!([Draws::new(1).hits(7, 3, 3), Draws::new(1).hits(7, 0, 3), Draws::new(1).hits(0, 1, 3)], [7, 0, 0]);
    }
}
