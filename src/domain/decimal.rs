//! Exact decimals with twelve places: the one number type in which people and shares are counted.
//! Sums do not depend on their order, and 0.18 + 0.02 is 0.2 (method, sections 5, 9 and 15.1).

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub};

const PLACES: usize = 12;
const ONE: i128 = 1_000_000_000_000;
const ONE_64: i64 = 1_000_000_000_000;

/// A decimal number with twelve places behind the point, up to about 1.7e26.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(ONE);
    /// The largest magnitude that a file may hold; far above any population, and a product with a share still fits.
    const LIMIT: f64 = 1e14;

    /// A whole number.
    pub const fn whole(number: i64) -> Self {
        Self(number as i128 * ONE)
    }

    /// The decimal that a person reads when the number is shown: the shortest one that stands for
    /// `number`, rounded half away from zero at the twelfth place. `None` if not finite or beyond 1e14.
    pub fn from_f64(number: f64) -> Option<Self> {
        if !Self::holds(number) {
            return None;
        }
        if number.fract() == 0.0 {
            #[expect(clippy::cast_possible_truncation, reason = "a whole number below 1e14 fits")]
            return Some(Self::whole(number as i64));
        }
        Self::parse(&number.to_string())
    }

    /// Whether [`Decimal::from_f64`] knows this number.
    pub fn holds(number: f64) -> bool {
        number.is_finite() && number.abs() <= Self::LIMIT
    }

    /// Reads plain decimal notation: an optional sign, digits, an optional point and digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut value: i128 = 0;
        for digit in whole.bytes() {
            value = value.checked_mul(10)?.checked_add(digit_of(digit)?)?;
        }
        value = value.checked_mul(ONE)?;
        let mut place = ONE;
        for (index, digit) in fraction.bytes().enumerate() {
            let digit = digit_of(digit)?;
            if index < PLACES {
                place /= 10;
                value = value.checked_add(digit.checked_mul(place)?)?;
            } else if index == PLACES && digit >= 5 {
                value = value.checked_add(1)?;
            }
        }
        Some(Self(if negative { -value } else { value }))
    }

    /// The product, rounded half up at the twelfth place.
    pub fn times(self, other: Self) -> Self {
        Self((self.0.saturating_mul(other.0).saturating_add(ONE / 2)).div_euclid(ONE))
    }

    /// The quotient, rounded half up at the twelfth place; `None` when dividing by zero.
    pub fn divided_by(self, other: Self) -> Option<Self> {
        if other.0 == 0 {
            return None;
        }
        let (above, below) = if other.0 < 0 { (-self.0, -other.0) } else { (self.0, other.0) };
        Some(Self((above.saturating_mul(ONE).saturating_add(below / 2)).div_euclid(below)))
    }

    /// Rounded half up to nine places, as values and bounds are before they are compared (method, section 14.2).
    pub fn to_nine_places(self) -> Self {
        const STEP: i128 = 1_000;
        Self((self.0.saturating_add(STEP / 2)).div_euclid(STEP) * STEP)
    }

    /// This number times `above` / `below` in one step, rounded half up once at the twelfth place; `None` when
    /// dividing by zero.
    pub fn times_ratio(self, above: Self, below: Self) -> Option<Self> {
        match self.0.checked_mul(above.0) {
            Some(product) if below.0 > 0 => Some(Self((product.saturating_add(below.0 / 2)).div_euclid(below.0))),
            _ => above.divided_by(below).map(|ratio| self.times(ratio)),
        }
    }

    /// How this number compares with the exact product of two others, without rounding.
    pub fn compare_with_product(self, a: Self, b: Self) -> Ordering {
        match (self.0.checked_mul(ONE), a.0.checked_mul(b.0)) {
            (Some(own), Some(product)) => own.cmp(&product),
            _ => self.cmp(&a.times(b)),
        }
    }

    /// The nearest whole number, half up. Thirds and sixths are kept to twelve places; what is a half to nine places, as all
    /// comparisons are made, is one.
    pub fn rounded_half_up(self) -> i128 {
        (self.to_nine_places().0.saturating_add(ONE / 2)).div_euclid(ONE)
    }

    /// The whole number below, and what remains above it.
    pub fn floor_and_rest(self) -> (i128, Self) {
        (self.0.div_euclid(ONE), Self(self.0.rem_euclid(ONE)))
    }

    /// Whether nothing stands behind the point.
    pub const fn is_whole(self) -> bool {
        self.0 % ONE == 0
    }

    /// The nearest binary number, for statistics and for programs that read our outputs.
    pub fn to_f64(self) -> f64 {
        if let Some(whole) = self.small_whole() {
            return f64::from(whole);
        }
        // By way of the text, because that conversion is rounded correctly and once.
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The whole number that this is, if it is one and small; most figures are.
    fn small_whole(self) -> Option<i32> {
        let units = i64::try_from(self.0).ok()?;
        (units % ONE_64 == 0).then_some(units / ONE_64).and_then(|whole| i32::try_from(whole).ok())
    }

    /// The count of 1e-12 units, for columns that store decimals densely.
    pub const fn to_units(self) -> i128 {
        self.0
    }

    /// The decimal of so many 1e-12 units.
    pub const fn from_units(units: i128) -> Self {
        Self(units)
    }
}

fn digit_of(byte: u8) -> Option<i128> {
    byte.is_ascii_digit().then(|| i128::from(byte - b'0'))
}

impl fmt::Display for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        // Below 18 million the short division does; it is several times as fast.
        let (whole, fraction) = match u64::try_from(magnitude) {
            Ok(short) => (u128::from(short / ONE_64.unsigned_abs()), short % ONE_64.unsigned_abs()),
            Err(_) => (magnitude / ONE.unsigned_abs(), u64::try_from(magnitude % ONE.unsigned_abs()).unwrap_or(0)),
        };
        if self.0 < 0 {
            out.write_str("-")?;
        }
        match u64::try_from(whole) {
            Ok(short) => write!(out, "{short}")?,
            Err(_) => write!(out, "{whole}")?,
        }
        if fraction == 0 {
            return Ok(());
        }
        let (mut digits, mut places) = (fraction, PLACES);
        while digits.is_multiple_of(10) {
            digits /= 10;
            places -= 1;
        }
        write!(out, ".{digits:0places$}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Add for Decimal {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Decimal {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Decimal {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Decimal {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn eighteen_and_two_hundredths_are_twenty() {
        assert_eq!(Decimal::from_f64(0.18).unwrap() + Decimal::from_f64(0.02).unwrap(), d("0.2"));
    }

    #[test]
    fn a_number_reads_as_it_is_shown() {
        for (number, shown) in
            [(657.9, "657.9"), (1e-13, "0"), (-0.5, "-0.5"), (293_182.433_687, "293182.433687"), (1e14, "100000000000000")]
        {
            assert_eq!(Decimal::from_f64(number).unwrap().to_string(), shown);
        }
        assert_eq!(Decimal::from_f64(f64::NAN), None);
        assert_eq!(Decimal::from_f64(1e16), None);
    }

    #[test]
    fn products_are_exact_at_human_scale() {
        // VECTORS 9.4: 475,623.18 x 0.32 and x 0.35 as published for Libertador.
        assert_eq!(d("475623.18").times(d("0.32")), d("152199.4176"));
        assert_eq!(d("475623.18").times(d("0.35")), d("166468.113"));
        assert_eq!(d("2193").times(d("0.3")), d("657.9"));
    }

    #[test]
    fn halves_round_up() {
        for (text, whole) in
            [("0.5", 1), ("1.5", 2), ("2.4999999994", 2), ("2.499999999999", 3), ("-0.5", 0), ("-0.51", -1), ("2118298.5", 2_118_299)]
        {
            assert_eq!(d(text).rounded_half_up(), whole, "{text}");
        }
    }

    /// By hand: three times 101 x 1/6 is 50.5.
    #[test]
    fn a_half_made_of_sixths_is_a_half() {
        let sixths: Decimal = [101, 101, 101].into_iter().map(|people| Decimal::whole(people).divided_by(d("6")).unwrap()).sum();
        assert_eq!(sixths.to_string(), "50.499999999999");
        assert_eq!([sixths, d("50.4999"), d("50.5"), d("-0.5")].map(Decimal::rounded_half_up), [51, 50, 51, 0]);
    }

    #[test]
    fn a_value_a_hair_below_a_bound_stands_on_it() {
        // 7,073 x 70 % as a binary number is 4951.099999999999.
        let ratio = Decimal::from_f64(7073.0 * 0.7).unwrap().divided_by(d("7073")).unwrap();
        assert_eq!(ratio.to_nine_places(), d("0.7"));
        assert_eq!(d("-0.0000000015").to_nine_places(), d("-0.000000001"));
    }

    #[test]
    fn quotients() {
        assert_eq!(d("1").divided_by(d("4")), Some(d("0.25")));
        assert_eq!(d("-1").divided_by(d("4")), Some(d("-0.25")));
        assert_eq!(d("1").divided_by(Decimal::ZERO), None);
    }
}
