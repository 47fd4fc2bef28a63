//! Statistics. The only user of `statrs`.

use statrs::distribution::{Beta, ContinuousCDF, Normal, StudentsT};
use statrs::statistics::Statistics;

/// Beyond so many degrees of freedom Student's distribution is the normal one to all digits that matter here.
const FEW_DEGREES: f64 = 1e4;
/// Beyond so many cases the quantiles of the beta distribution are not computed any more exactly than for these.
const MOST_CASES: f64 = 1e5;

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

/// The quantile of the beta distribution, with closed forms where one of its two counts is 1 and bounds where they are so
/// large that the library's search would not end.
pub fn beta_quantile(probability: f64, a: f64, b: f64) -> Option<f64> {
    if !(a >= 0.0 && b >= 0.0 && (0.0..=1.0).contains(&probability)) {
        return None;
    }
    if a == 0.0 || b == 0.0 {
        return Some(if a == 0.0 { 0.0 } else { 1.0 });
    }
    let shrink = (MOST_CASES / (a + b)).min(1.0);
    let (a, b) = (a * shrink, b * shrink);
    if (a - 1.0).abs() < f64::EPSILON {
        return Some(1.0 - (1.0 - probability).powf(1.0 / b));
    }
    if (b - 1.0).abs() < f64::EPSILON {
        return Some(probability.powf(1.0 / a));
    }
    Some(polished(probability, &Beta::new(a, b).ok()?))
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

    #[test]
    fn deviation_of_a_sample() {
        // By hand: mean 5, squares 9+1+1+9 = 20, 20/3 under the root.
        let (mean, deviation) = mean_and_deviation(&[2.0, 4.0, 6.0, 8.0]).unwrap();
        assert!((mean - 5.0).abs() < 1e-12);
        assert!((deviation - (20.0_f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(mean_and_deviation(&[1.0]), None);
    }
}
