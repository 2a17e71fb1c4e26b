//! Words for messages: those of this crate, and of others that find things of contracts.

/// The name that `wanted` was most likely meant to be: the one with the fewest changed letters, at most a third of
/// them, the first of several in the alphabet.
#[must_use]
pub fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let mut distances = Distances::new(wanted);
    let limit = near_limit(distances.word.len());
    names
        .filter(|name| name.len().abs_diff(wanted.len()) <= limit * 4)
        .filter_map(|name| distances.to(name.chars(), limit).map(|distance| (distance, name)))
        .min()
        .map(|(_, name)| name)
}

/// How many letters of so many may differ where a name was most likely meant.
pub(crate) fn near_limit(letters: usize) -> usize {
    (letters / 3).clamp(1, 4)
}

/// A key as a file spells it, with parts that are no identifiers in quotes.
pub(crate) fn spelled(key: &str) -> String {
    let part = |part: &str| {
        let mut characters = part.chars();
        let plain = characters.next().is_some_and(|first| first.is_alphabetic() || first == '_')
            && characters.all(|character| character.is_alphanumeric() || character == '_');
        if plain { part.to_owned() } else { slo_grammar::quote(part) }
    };
    let parts: Vec<&str> = key.split('.').collect();
    // No part is empty, but a text in quotes may have dots at its ends.
    if parts.iter().any(|part| part.is_empty()) {
        let plain = parts.iter().take_while(|one| part(one) == **one && !one.is_empty()).count();
        let (plain, rest) = parts.split_at(plain.min(parts.len() - 1));
        let rest = slo_grammar::quote(&rest.join("."));
        return plain.iter().map(|part| (*part).to_owned()).chain([rest]).collect::<Vec<_>>().join(".");
    }
    parts.into_iter().map(part).collect::<Vec<_>>().join(".")
}

/// Whether two words differ by one letter: put in, taken out, changed or swapped with its neighbour.
pub(crate) fn differ_by_a_letter(one: &str, other: &str) -> bool {
    if one.len().abs_diff(other.len()) > 4 {
        return false;
    }
    // What is left of them between what both begin and end with.
    let same = one.bytes().zip(other.bytes()).take_while(|(left, right)| left == right).count();
    let start = one.floor_char_boundary(same);
    let (Some(one), Some(other)) = (one.get(start..), other.get(start..)) else { return false };
    let same = one.bytes().rev().zip(other.bytes().rev()).take_while(|(left, right)| left == right).count();
    let end = one.ceil_char_boundary(one.len() - same);
    let same = one.len() - end;
    let (Some(one), Some(other)) = (one.get(..end), other.get(..other.len() - same)) else { return false };
    let (mut left, mut right) = (one.chars(), other.chars());
    let letters = (left.next(), left.next(), left.next(), right.next(), right.next(), right.next());
    match letters {
        (Some(_), None, _, None, ..)
        | (None, _, _, Some(_), None, _)
        | (Some(_), None, _, Some(_), None, _) => true,
        (Some(a), Some(b), None, Some(c), Some(d), None) => a == d && b == c,
        _ => false,
    }
}

/// The distances of many words from one, with room that is made once.
pub(crate) struct Distances {
    word: Vec<char>,
    before_last: Vec<usize>,
    last: Vec<usize>,
    current: Vec<usize>,
}

impl Distances {
    pub(crate) fn new(word: &str) -> Distances {
        let word: Vec<char> = word.chars().collect();
        let row = || Vec::with_capacity(word.len() + 1);
        Distances { before_last: row(), last: row(), current: row(), word }
    }

    /// How many letters the word has.
    #[cfg(feature = "human")]
    pub(crate) fn len(&self) -> usize {
        self.word.len()
    }

    /// How many letters must be put in, taken out, changed or swapped with their neighbour to make one word of the
    /// other, if that is at most `limit` (the "optimal string alignment" distance).
    pub(crate) fn to(&mut self, left: impl Iterator<Item = char>, limit: usize) -> Option<usize> {
        let Distances { word, before_last, last, current } = self;
        before_last.clear();
        last.clear();
        last.extend(0..=word.len());
        let mut previous = None;
        for (row, left) in left.enumerate() {
            current.clear();
            current.push(row + 1);
            for (column, character) in word.iter().enumerate() {
                let mut cost = (last[column] + usize::from(left != *character))
                    .min(last[column + 1] + 1)
                    .min(current[column] + 1);
                if column > 0 && previous == Some(*character) && word.get(column - 1) == Some(&left) {
                    cost = cost.min(before_last[column - 1] + 1);
                }
                current.push(cost);
            }
            if current.iter().min().is_none_or(|least| *least > limit) {
                return None;
            }
            std::mem::swap(before_last, last);
            std::mem::swap(last, current);
            previous = Some(left);
        }
        last.last().copied().filter(|distance| *distance <= limit)
    }
}

/// Whether a character steers a terminal, changes the direction in which text is read, or can't be seen: what a contract
/// says is somebody else's text.
///
/// Source: Unicode, general categories Cc, Zl and Zp, and the default-ignorable format characters, but for the joiners of
/// U+200C and U+200D, which scripts and emoji need.
pub(crate) fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'
                | '\u{200e}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

/// A text with its hostile characters written as the language's escapes, on one line.
pub(crate) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => visible.push_str("\\n"),
            '\t' => visible.push_str("\\t"),
            hostile if is_hostile(hostile) => visible.push_str(&format!("\\u{{{:x}}}", hostile as u32)),
            other => visible.push(other),
        }
    }
    visible
}

/// The same, where there is anything to escape.
pub(crate) fn in_sight(text: impl Into<String>) -> String {
    let text = text.into();
    if text.chars().any(is_hostile) { visible(&text) } else { text }
}

/// Names as a sentence lists them: "`a`, `b` and `c`".
pub(crate) fn list(names: &[impl AsRef<str>]) -> String {
    list_with(names, " and ")
}

/// Names of which one is meant: "`a`, `b` or `c`".
pub(crate) fn either(names: &[impl AsRef<str>]) -> String {
    list_with(names, " or ")
}

fn list_with(names: &[impl AsRef<str>], last: &str) -> String {
    let mut text = String::new();
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            text.push_str(if index + 1 == names.len() { last } else { ", " });
        }
        text.push('`');
        text.push_str(name.as_ref());
        text.push('`');
    }
    text
}

/// The first few of many names, as a sentence lists them.
#[must_use]
pub fn some_of(names: &[impl AsRef<str>]) -> String {
    const SHOWN: usize = 8;
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => list(names),
        Some(more) => format!("{} and {more} more", list_with(&names[..SHOWN], ", ")),
    }
}

/// "a, b and c", of words that bring their own backticks.
pub(crate) fn list_of(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., last] => format!("{} and {last}", some.join(", ")),
    }
}

/// The first few of many alternatives, as a sentence lists them. They bring their own backticks.
pub(crate) fn some_alternatives(words: &[String]) -> String {
    const SHOWN: usize = 8;
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [some @ .., last] if words.len() <= SHOWN => format!("{} or {last}", some.join(", ")),
        many => format!("{} or one of {} more", many[..SHOWN].join(", "), many.len() - SHOWN),
    }
}

/// "a" or "an", as the word asks.
pub(crate) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// A type's name as a sentence says it: "an int", "a string".
pub(crate) fn with_article(name: &str) -> String {
    format!("{} {name}", article(name))
}

/// A number with its digits in groups of three: `5_000`, as the language writes it.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_has_the_fewest_changes() {
        let names = ["service.name", "service.version", "service.namespace"];
        assert_eq!(nearest("service.nmae", names.into_iter()), Some("service.name"));
        assert_eq!(nearest("servcie.version", names.into_iter()), Some("service.version"));
        assert_eq!(nearest("host.name", names.into_iter()), None);
        assert_eq!(nearest("", names.into_iter()), None);
    }

    proptest::proptest! {
        #[test]
        fn one_letter_is_a_distance_of_one(one in "[aé€b]{0,6}", other in "[aé€b]{0,6}") {
            proptest::prop_assert_eq!(differ_by_a_letter(&one, &other), Distances::new(&other).to(one.chars(), 1) == Some(1));
        }
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!([0, 12, 999, 1_000, 12_345_678].map(grouped), ["0", "12", "999", "1_000", "12_345_678"]);
    }

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
