//! Statistics. The only user of `statrs`.

use statrs::distribution::{Beta, ContinuousCDF, Normal, StudentsT};
use statrs::statistics::Statistics;

/// Beyond so many degrees of freedom Student's distribution is the normal one to all digits that matter here.
const FEW_DEGREES: f64 = 1e4;
/// Beyond so many cases, of which not too few are on either side, the quantiles of the beta distribution come from its moments.
const MANY_CASES: f64 = 1e5;
const FEW_CASES: f64 = 50.0;

/// The quantile of Student's t distribution; `None` without degrees of freedom.
pub fn t_quantile(probability: f64, degrees: f64) -> Option<f64> {
    if degrees <= 0.0 || !(0.0..=1.0).contains(&probability) {
        return None;
    }
    let at = if degrees > FEW_DEGREES {
        Normal::new(0.0, 1.0).ok()?.inverse_cdf(probability)
    } else {
        StudentsT::new(0.0, 1.0, degrees).ok()?.inverse_cdf(probability)
    };
    at.is_finite().then_some(at)
}

/// How likely Student's t stays below this; the normal distribution where there are many degrees of freedom.
pub fn t_probability(below: f64, degrees: f64) -> Option<f64> {
    if degrees <= 0.0 || below.is_nan() {
        return None;
    }
    let many = degrees > FEW_DEGREES;
    Some(if many { Normal::new(0.0, 1.0).ok()?.cdf(below) } else { StudentsT::new(0.0, 1.0, degrees).ok()?.cdf(below) })
}

/// The quantile of the beta distribution, with closed forms where one of its two counts is 1, and from its moments where both
/// are so large that its distribution function takes long.
pub fn beta_quantile(probability: f64, a: f64, b: f64) -> Option<f64> {
    if !(a >= 0.0 && b >= 0.0 && (0.0..=1.0).contains(&probability)) {
        return None;
    }
    if a == 0.0 || b == 0.0 {
        return Some(if a == 0.0 { 0.0 } else { 1.0 });
    }
    if (a - 1.0).abs() < f64::EPSILON {
        return Some(1.0 - (1.0 - probability).powf(1.0 / b));
    }
    if (b - 1.0).abs() < f64::EPSILON {
        return Some(probability.powf(1.0 / a));
    }
    if a + b > MANY_CASES && a.min(b) >= FEW_CASES {
        return from_moments(probability, a, b);
    }
    Some(polished(probability, &Beta::new(a, b).ok()?))
}

/// The quantile of the beta distribution by Cornish and Fisher: off by less than 1e-7 from so many cases on.
fn from_moments(probability: f64, a: f64, b: f64) -> Option<f64> {
    let n = a + b;
    let deviation = (a * b / (n + 1.0)).sqrt() / n;
    let skew = 2.0 * (b - a) * (n + 1.0).sqrt() / ((n + 2.0) * (a * b).sqrt());
    let excess = 6.0 * ((a - b) * (a - b) * (n + 1.0) - a * b * (n + 2.0)) / (a * b * (n + 2.0) * (n + 3.0));
    let z = Normal::new(0.0, 1.0).ok()?.inverse_cdf(probability);
    let bent = z + (z * z - 1.0) * skew / 6.0 + (z * z - 3.0) * z * excess / 24.0 - (2.0 * z * z - 5.0) * z * skew * skew / 36.0;
    let at = deviation.mul_add(bent, a / n);
    at.is_finite().then(|| at.clamp(0.0, 1.0))
}

/// Bisection of the distribution function: slower than the library's own search, and it always ends.
fn polished(probability: f64, beta: &Beta) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            break;
        }
        if beta.cdf(middle) < probability { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// Mean and sample standard deviation; `None` below two values.
pub fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 {
        return None;
    }
    let deviation = values.std_dev();
    deviation.is_finite().then(|| (values.mean(), deviation))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R's `qbeta`.
    #[test]
    fn quantiles_of_many_cases() {
        for (probability, a, b, expected) in [
            (0.025, 50.0, 2e5, 0.000_185_514_881_826_158),
            (0.975, 3e5, 7e5, 0.300_898_546_494_965),
            (0.975, 1e7, 50.0, 0.999_996_288_919_604),
            (0.025, 3.0, 1e6, 6.186_713_128_471_59e-7),
            (0.975, 1.0, 5e5, 7.377_731_692_631_54e-6),
            (0.975, 8.5, 2e6, 7.547_709_644_311_7e-6),
            (0.95, 40.0, 9.9e4, 0.000_514_309_173_935_906),
        ] {
            let found = beta_quantile(probability, a, b).unwrap();
            assert!((found - expected).abs() < 2e-8, "{probability} {a} {b}: {found}");
        }
    }

    #[test]
    fn deviation_of_a_sample() {
        // By hand: mean 5, squares 9+1+1+9 = 20, 20/3 under the root.
        let (mean, deviation) = mean_and_deviation(&[2.0, 4.0, 6.0, 8.0]).unwrap();
        assert!((mean - 5.0).abs() < 1e-12);
        assert!((deviation - (20.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(mean_and_deviation(&[1.0]), None);
    }
}
