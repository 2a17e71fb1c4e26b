//! Sorts of lists of any type, by one sort of numbers.
//!
//! The standard library's sort is three thousand lines of LLVM's for each type and comparison; without optimization that was a
//! twelfth of this crate, which every service with the derive compiles.

use std::cmp::Ordering;

/// Sorts a list; what is equal keeps its order.
pub(crate) fn by<T>(list: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..list.len()).collect();
    numbers(&mut order, &|left, right| compare(&list[left], &list[right]));
    // Where each goes.
    let mut places = vec![0; order.len()];
    for (place, from) in order.into_iter().enumerate() {
        places[from] = place;
    }
    for at in 0..list.len() {
        while places[at] != at {
            let place = places[at];
            list.swap(at, place);
            places.swap(at, place);
        }
    }
}

/// The same by a key, which is asked for at each comparison.
pub(crate) fn by_key<T, K: Ord>(list: &mut [T], key: impl Fn(&T) -> K) {
    by(list, |left, right| key(left).cmp(&key(right)));
}

fn numbers(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    order.sort_by(|left, right| compare(*left, *right));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_list_is_sorted_as_the_standard_library_does_it(numbers in proptest::collection::vec(0_u8..20, 0..60)) {
            let mut sorted: Vec<(u8, usize)> = numbers.into_iter().zip(0..).collect();
            let mut expected = sorted.clone();
            by_key(&mut sorted, |(number, _)| *number);
            expected.sort_by_key(|(number, _)| *number);
            prop_assert_eq!(sorted, expected);
        }
    }
}
