//! Laws of the one number type in which people are counted, against whole numbers of 1e-12.

use pinpoint::domain::{Decimal, People, Share};
use proptest::prelude::*;

use super::cases;

const ONE: i128 = 1_000_000_000_000;

/// Rounded half up, as a ratio of whole numbers.
fn half_up(above: i128, below: i128) -> i128 {
    (2 * above + below).div_euclid(2 * below)
}

/// Up to a million million with twelve places, small ones among them.
fn units() -> impl Strategy<Value = i128> {
    prop_oneof![
        -1_000 * ONE..1_000 * ONE,
        -1_000_000_000_000 * ONE..1_000_000_000_000 * ONE,
        -50_i128..50,
        (-50_i128..50).prop_map(|half| half * ONE / 2)
    ]
}

proptest! {
    #![proptest_config(cases(2000))]

    #[test]
    fn a_decimal_reads_as_it_is_printed(units in units()) {
        let decimal = Decimal::from_units(units);
        prop_assert_eq!(Decimal::parse(&decimal.to_string()), Some(decimal));
        prop_assert_eq!(decimal.to_units(), units);
    }

    #[test]
    fn a_binary_number_reads_as_it_is_shown(number in -1e14..1e14_f64) {
        let decimal = Decimal::from_f64(number).unwrap();
        prop_assert!((decimal.to_f64() - number).abs() <= 5e-13_f64.max(number.abs() * f64::EPSILON));
        // What has twelve places or fewer goes there and back.
        let short: f64 = format!("{number:.3}").parse().unwrap();
        prop_assert_eq!(Decimal::from_f64(short).unwrap().to_f64(), short);
        prop_assert_eq!(Decimal::from_f64(short), Decimal::parse(&short.to_string()));
    }

    #[test]
    fn a_sum_does_not_depend_on_its_order(list in prop::collection::vec(units(), 1..20), turn in any::<prop::sample::Index>()) {
        let sum = |list: &[i128]| list.iter().map(|units| Decimal::from_units(*units)).sum::<Decimal>();
        let mut turned = list.clone();
        turned.rotate_left(turn.index(list.len()));
        turned.reverse();
        prop_assert_eq!(sum(&list), sum(&turned));
        let (left, right) = list.split_at(turn.index(list.len()));
        prop_assert_eq!(sum(left) + sum(right), sum(&list));
        prop_assert_eq!(sum(&list).to_units(), list.iter().sum::<i128>());
        prop_assert_eq!(sum(&list) - sum(left), sum(right));
    }

    #[test]
    fn products_and_quotients_are_rounded_half_up_once(a in -1_000_000_000 * ONE..1_000_000_000 * ONE, b in -1000 * ONE..1000 * ONE) {
        prop_assert_eq!(Decimal::from_units(a).times(Decimal::from_units(b)).to_units(), half_up(a * b, ONE));
        let quotient = Decimal::from_units(a).divided_by(Decimal::from_units(b)).map(Decimal::to_units);
        prop_assert_eq!(quotient, (b != 0).then(|| half_up(a * ONE * b.signum(), b.abs())));
    }

    #[test]
    fn a_ratio_is_taken_in_one_step(people in 0_i128..100_000_000_000 * ONE, above in 0_i128..=ONE, below in 1_i128..=2 * ONE) {
        let ratio = Decimal::from_units(people).times_ratio(Decimal::from_units(above), Decimal::from_units(below));
        prop_assert_eq!(ratio.map(Decimal::to_units), Some(half_up(people * above, below)));
        prop_assert_eq!(Decimal::from_units(people).times_ratio(Decimal::from_units(above), Decimal::ZERO), None);
        // A part of a whole is never more than the whole, and the parts of a whole lose nobody.
        if above <= below {
            prop_assert!(ratio.unwrap().to_units() <= people);
            let rest = Decimal::from_units(people).times_ratio(Decimal::from_units(below - above), Decimal::from_units(below)).unwrap();
            prop_assert!((ratio.unwrap() + rest).to_units().abs_diff(people) <= 1);
        }
    }

    #[test]
    fn a_comparison_with_a_product_rounds_nothing(a in 0_i128..2000, b in 0_i128..2000, off in -1_i128..=1, own in 0_i128..2 * ONE, far in any::<bool>()) {
        // Thousandths, so that the product has its twelve places and can be met exactly.
        let (a, b) = (a * ONE / 1000, b * ONE / 1000);
        let own = if far { own } else { a * b / ONE + off };
        let order = Decimal::from_units(own).compare_with_product(Decimal::from_units(a), Decimal::from_units(b));
        prop_assert_eq!(order, (own * ONE).cmp(&(a * b)));
    }

    #[test]
    fn whole_people_are_rounded_half_up(units in units()) {
        let rounded = Decimal::from_units(units).rounded_half_up();
        prop_assert_eq!(rounded, half_up(units, ONE));
        let (floor, rest) = Decimal::from_units(units).floor_and_rest();
        prop_assert_eq!(floor * ONE + rest.to_units(), units);
        prop_assert!((0..ONE).contains(&rest.to_units()));
        prop_assert_eq!(Decimal::from_units(units).is_whole(), rest == Decimal::ZERO);
    }

    #[test]
    fn a_share_of_people_is_never_more_people(people in 0_i128..100_000_000_000_000 * ONE, share in 0_i128..=ONE) {
        let people = People(Decimal::from_units(people));
        let part = people.times(Share(Decimal::from_units(share)));
        prop_assert!(People::ZERO <= part && part <= people, "{} of {}", part, people);
        prop_assert_eq!(people.times(Share::ALL), people);
    }

    #[test]
    fn no_text_and_no_number_makes_a_decimal_panic(text in "[-+.0-9eE ,]{0,45}", bits in any::<u64>(), near in -1e14..1e14_f64, small in any::<bool>()) {
        let parsed = Decimal::parse(&text);
        if let Some(decimal) = parsed {
            prop_assert_eq!(Decimal::parse(&decimal.to_string()), Some(decimal));
        }
        let number = if small { near } else { f64::from_bits(bits) };
        let read = Decimal::from_f64(number);
        prop_assert!(read.is_none() || (number.is_finite() && number.abs() <= 1e14));
        // Up to a hundred million million every finite number is read, and all of it is all of it.
        if number.abs() <= 1e14 {
            prop_assert_eq!(read.map(|decimal| decimal.times(Decimal::ONE)), read);
            prop_assert!(read.is_some());
        }
    }
}
