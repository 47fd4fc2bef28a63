//! Statistics. The only user of `statrs`.

use statrs::statistics::Statistics;

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
