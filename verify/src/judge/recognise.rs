//! Which event a record is of.

use crate::tally::Errors;

/// The best of several: the one with the fewest errors, the first of those that have as few. None of none.
pub(crate) fn best<T: Copy>(candidates: &[T], mut errors: impl FnMut(T, &mut Errors)) -> Option<T> {
    match candidates {
        [] => None,
        [one] => Some(*one),
        several => {
            let counted = several.iter().map(|one| {
                let mut counted = Errors::default();
                errors(*one, &mut counted);
                (counted.0, *one)
            });
            counted.min_by_key(|(count, _)| *count).map(|(_, one)| one)
        }
    }
}
