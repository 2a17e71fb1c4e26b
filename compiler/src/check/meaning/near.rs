//! Local names of one signal of one meaning that differ by a letter: most likely one of them is a mistake.

use crate::hash::HashMap;

use super::report::{Reported, SHOWN};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::draft::{Contract, Meaning, Node, Signal};

/// Shorter names differ by a letter on purpose.
const SHORTEST: usize = 5;

pub(super) fn check(
    contract: &Contract,
    face: &Meaning,
    signal: Signal,
    reported: &mut Reported,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut names: Vec<(&str, Node)> = Vec::new();
    let mut near = Near::default();
    let mut found = 0;
    let pairs = face.variants.iter().flat_map(|variant| variant.pairs(signal));
    for pair in pairs.filter(|pair| pair.local) {
        let Some(first) = near.add(&pair.key) else { continue };
        names.push((&pair.key, pair.node));
        let Some((other, other_node)) = first.and_then(|first| names.get(first)) else { continue };
        let places = [*other_node, pair.node].map(|node| contract.places.place(node));
        if reported.first(Code::NearMiss, None, places) {
            found += 1;
            if found <= SHOWN {
                diagnostics.push(finding(face, [*other, pair.key.as_str()], places));
            }
        }
    }
    if found > SHOWN
        && let Some(last) = diagnostics.last_mut()
    {
        last.number = Some((found - SHOWN) as u64);
        last.notes.push(format!("and {} more names of `{}` differ by a letter", found - SHOWN, face.name));
    }
}

fn finding(
    face: &Meaning,
    [first, second]: [&str; 2],
    [first_place, place]: [slo_grammar::Place; 2],
) -> Diagnostic {
    let message = format!("`{first}` and `{second}` of `{}` differ by one letter", face.name);
    Diagnostic::new(Code::NearMiss, place, message)
        .and(first_place, "the other name")
        .about(second)
        .about(first)
        .about(face.full_name())
        .help(format!("write `{first}` where it is meant; where both are, `allow` this with a reason"))
}

/// Names by what becomes of them when a letter is taken out. A digit is no letter: `p95` and `p99` are no mistake.
#[derive(Default)]
struct Near {
    /// How many names there are.
    count: usize,
    names: HashMap<String, usize>,
    /// The first name of which this is left, whichever letter is taken out.
    shorter: HashMap<String, usize>,
    /// The first name of which this is left when the letter at a place is taken out.
    gaps: HashMap<(usize, String), usize>,
}

impl Near {
    /// Adds a name that is new, and gives the number of the first one that differs from it by a letter. None for a name
    /// that is there already, or too short.
    fn add(&mut self, name: &str) -> Option<Option<usize>> {
        let letters: Vec<char> = name.chars().collect();
        if letters.len() < SHORTEST || self.names.contains_key(name) {
            return None;
        }
        let number = self.count;
        self.count += 1;
        let mut first = self.shorter.get(name).copied();
        for (place, letter) in letters.iter().enumerate().filter(|(_, letter)| !letter.is_numeric()) {
            let gap: String = letters.iter().take(place).chain(letters.iter().skip(place + 1)).collect();
            let swapped = letters.get(place + 1).filter(|next| !next.is_numeric()).map(|next| {
                let (before, after) = (letters.iter().take(place), letters.iter().skip(place + 2));
                before.chain([next, letter]).chain(after).collect::<String>()
            });
            let swapped = swapped.and_then(|swapped| self.names.get(&swapped).copied());
            let near = [first, swapped, self.names.get(&gap).copied()];
            if gap.chars().count() >= SHORTEST {
                self.shorter.entry(gap.clone()).or_insert(number);
            }
            let changed = *self.gaps.entry((place, gap)).or_insert(number);
            first = near.into_iter().flatten().chain((changed != number).then_some(changed)).min();
        }
        self.names.insert(name.to_owned(), number);
        Some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first_near(names: &[&str]) -> Option<usize> {
        let mut near = Near::default();
        names.iter().map(|name| near.add(name)).last().flatten().flatten()
    }

    #[test]
    fn a_letter_is_put_in_taken_out_changed_or_swapped() {
        for other in ["error_typ", "error_types", "error_tipe", "error_tpye", "rror_type", "eerror_type"] {
            assert_eq!(first_near(&["error_type", other]), Some(0), "{other}");
            assert_eq!(first_near(&[other, "error_type"]), Some(0), "{other}");
        }
        for other in ["error_kind", "eror_typ", "type_error", "error_epyt"] {
            assert_eq!(first_near(&["error_type", other]), None, "{other}");
        }
    }

    #[test]
    fn the_first_of_several_is_named() {
        assert_eq!(first_near(&["status", "reason", "reasan", "statvs", "stitus", "statos"]), Some(0));
    }

    #[test]
    fn digits_and_short_names_differ_on_purpose() {
        for (one, other) in
            [("error_1", "error_2"), ("error_a", "error_1"), ("error", "error2"), ("rate_12", "rate_21")]
        {
            assert_eq!(first_near(&[one, other]), None, "{one} {other}");
        }
        assert_eq!(first_near(&["code", "mode"]), None);
        assert_eq!(first_near(&["code", "codes"]), None);
    }

    /// The distance by its definition, over all words of a few letters.
    #[test]
    fn near_is_what_it_says() {
        let letters = ['a', 'b', '1'];
        let mut words = vec![String::new()];
        for _ in 0..5 {
            words = words.iter().flat_map(|word| letters.map(|letter| format!("{word}{letter}"))).collect();
        }
        words.extend(["aaaaaa", "aabaaa", "a1baaa", "bbbbbb", "ababab"].map(str::to_owned));
        let without = |word: &[char], place: usize| {
            let mut word = word.to_vec();
            let letter = word.remove(place);
            (!letter.is_numeric()).then_some(word)
        };
        let is_near = |one: &str, other: &str| {
            let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
            let out = |long: &[char], short: &[char]| {
                (0..long.len()).any(|place| without(long, place).as_deref() == Some(short))
            };
            let differing: Vec<usize> = if one.len() == other.len() {
                (0..one.len()).filter(|place| one[*place] != other[*place]).collect()
            } else {
                Vec::new()
            };
            let plain =
                differing.iter().all(|place| !one[*place].is_numeric() && !other[*place].is_numeric());
            match differing.as_slice() {
                [_] => plain,
                [left, right] => {
                    plain && right - left == 1 && one[*left] == other[*right] && one[*right] == other[*left]
                }
                _ => out(&one, &other) || out(&other, &one),
            }
        };
        let mut near = Near::default();
        for (number, word) in words.iter().enumerate() {
            let expected = words[..number].iter().position(|other| is_near(other, word));
            assert_eq!(near.add(word), Some(expected), "{word}");
        }
    }
}
