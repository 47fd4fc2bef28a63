//! Intervals of shares: on the logit scale with Student's t, or by the beta distribution (Korn and Graubard); one-sided where
//! the share is 0 or 1, and none where the design leaves no degree of freedom (method, section 10).

use crate::framework::files::IntervalName;
use crate::table::stats::{beta_quantile, t_quantile};

/// From where to where.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// What intervals are asked for.
#[derive(Copy, Clone, Debug)]
pub(in crate::stage) struct Precision {
    /// As in 0.95.
    pub(in crate::stage) confidence: f64,
    /// On which scale.
    pub(in crate::stage) kind: IntervalName,
}

/// The interval of a share with this standard error. `effective` is the effective number of households (Kish), `known` how
/// many there are.
pub(in crate::stage) fn interval(
    share: f64,
    error: f64,
    effective: f64,
    known: usize,
    degrees: usize,
    precision: Precision,
) -> Option<Interval> {
    #[expect(clippy::cast_precision_loss, reason = "numbers of households and of sampling units")]
    let (known, degrees) = (known as f64, degrees as f64);
    if degrees < 1.0 || precision.kind == IntervalName::None {
        return None;
    }
    let outside = 1.0 - precision.confidence;
    // Korn and Graubard: fewer degrees of freedom are worth fewer households.
    let shrink = || Some((t_quantile(outside / 2.0, known - 1.0)? / t_quantile(outside / 2.0, degrees)?).powi(2));
    if share <= 0.0 || share >= 1.0 {
        let count = effective * shrink()?;
        let bound = beta_quantile(1.0 - outside, 1.0, count)?;
        return Some(if share <= 0.0 { Interval { low: 0.0, high: bound } } else { Interval { low: 1.0 - bound, high: 1.0 } });
    }
    if error <= 0.0 {
        return Some(Interval { low: share, high: share });
    }
    match precision.kind {
        IntervalName::None => None,
        IntervalName::Xlogit => {
            let half = t_quantile(1.0 - outside / 2.0, degrees)? * error / (share * (1.0 - share));
            let middle = (share / (1.0 - share)).ln();
            let back = |at: f64| 1.0 / (1.0 + (-at).exp());
            Some(Interval { low: back(middle - half), high: back(middle + half) })
        }
        IntervalName::Beta => {
            let count = share * (1.0 - share) / (error * error) * shrink()?;
            let low = beta_quantile(outside / 2.0, count * share, count * (1.0 - share) + 1.0)?;
            let high = beta_quantile(1.0 - outside / 2.0, count * share + 1.0, count * (1.0 - share))?;
            Some(Interval { low, high })
        }
    }
}
