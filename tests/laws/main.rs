//! Laws: what holds for every input (RELIABILITY, section 1; method, sections 14 and 15). Each test's name is a
//! sentence. The inputs are small generated countries under generated or shipped rules, and the fixture of Two Islands.
//!
//! The cases are drawn from a fixed seed, so that green is green; `PROPTEST_RNG_SEED` and `PROPTEST_CASES` draw others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests may stop")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small generated numbers")]

mod arbitrary_input;
mod book;
mod bounds;
mod decimals;
mod missing;
mod monotone;
mod mosaic;
mod rules;
mod runs;
mod same_bytes;
mod sameness;
mod sheets;
mod sums;
mod thresholds;
mod world;

use proptest::test_runner::{Config, RngSeed};

/// So many cases of a fixed seed, unless the environment says otherwise.
fn cases(number: u32) -> Config {
    let mut config = Config { failure_persistence: None, ..Config::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = number;
    }
    if std::env::var_os("PROPTEST_MAX_SHRINK_ITERS").is_none() {
        config.max_shrink_iters = 400;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(20_260_131);
    }
    config
}
