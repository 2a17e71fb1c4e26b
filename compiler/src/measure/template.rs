//! Which texts a template may be, and whether two of them have one in common.

use std::collections::hash_map::Entry;

use crate::hash::HashMap;

/// How many places, and pairs of them, are looked at over all comparisons of a contract.
pub(crate) const MOST_PAIRS: usize = 1 << 24;

/// A text with holes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(pub(crate) Vec<Piece>);

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// What stands there as it is.
    Text(String),
    /// A hole.
    Hole(Hole),
}

/// What may stand in a hole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hole {
    /// Any text, none included.
    Any,
    /// Digits and a sign, or nothing.
    Digits,
    /// One of these.
    Listed(Vec<String>),
}

/// What one step of a template takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Character(char),
    Digit,
    Any,
}

impl Takes {
    /// A character that both take.
    fn both(self, other: Takes) -> Option<char> {
        match (self, other) {
            (Takes::Character(one), Takes::Character(two)) => (one == two).then_some(one),
            (Takes::Character(one), Takes::Any) | (Takes::Any, Takes::Character(one)) => Some(one),
            (Takes::Character(one), Takes::Digit) | (Takes::Digit, Takes::Character(one)) => {
                (one.is_ascii_digit() || one == '-').then_some(one)
            }
            (Takes::Digit, _) | (_, Takes::Digit) => Some('1'),
            (Takes::Any, Takes::Any) => Some('x'),
        }
    }
}

/// The places of a template, with the steps between them: the first place is 0, the last is behind all.
#[derive(Default)]
struct Steps {
    /// From each place, the steps that take a character, and those that take nothing.
    takes: Vec<Vec<(Takes, usize)>>,
    skips: Vec<Vec<usize>>,
}

impl Steps {
    fn place(&mut self) -> usize {
        self.takes.push(Vec::new());
        self.skips.push(Vec::new());
        self.takes.len() - 1
    }

    fn text(&mut self, from: usize, text: &str) -> usize {
        text.chars().fold(from, |from, character| {
            let next = self.place();
            self.takes[from].push((Takes::Character(character), next));
            next
        })
    }

    fn of(template: &Template) -> Steps {
        let mut steps = Steps::default();
        let mut at = steps.place();
        for piece in &template.0 {
            at = match piece {
                Piece::Text(text) => steps.text(at, text),
                Piece::Hole(Hole::Listed(listed)) => {
                    let ends: Vec<usize> = listed.iter().map(|text| steps.text(at, text)).collect();
                    let next = steps.place();
                    ends.into_iter().for_each(|end| steps.skips[end].push(next));
                    next
                }
                Piece::Hole(hole) => {
                    let takes = if *hole == Hole::Any { Takes::Any } else { Takes::Digit };
                    // A place of its own: what is before it is not gone back to.
                    let own = steps.place();
                    steps.skips[at].push(own);
                    steps.takes[own].push((takes, own));
                    let next = steps.place();
                    steps.skips[own].push(next);
                    next
                }
            };
        }
        steps
    }

    /// The places behind steps from here that take a blank.
    fn blanks(&self, at: usize) -> impl Iterator<Item = usize> {
        let is_blank = |takes: &Takes| matches!(takes, Takes::Character(one) if one.is_whitespace());
        self.takes[at].iter().filter(move |(takes, _)| is_blank(takes)).map(|(_, next)| *next)
    }
}

/// Blanks at the ends of a text go, of each template by itself: before the first character that both take, and after the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Phase {
    Before,
    Within,
    After,
}

/// Where two templates stand.
type At = (usize, usize, Phase);

impl Template {
    /// The text that it begins with, blanks at its begin left out.
    pub(crate) fn prefix(&self) -> &str {
        match self.0.first() {
            Some(Piece::Text(text)) => text.trim_start(),
            _ => "",
        }
    }

    /// What each of its texts ends with, blanks at the ends left out.
    fn suffix(&self) -> &str {
        match self.0.last() {
            Some(Piece::Text(text)) => text.trim(),
            _ => "",
        }
    }

    /// A text that both may be, if there is one: nothing of it where that took too long to find out. So many pairs of places
    /// are left to be looked at.
    pub(crate) fn meets(&self, other: &Template, left: &mut usize) -> Option<Option<String>> {
        let (first, second) = (self.suffix(), other.suffix());
        if !first.ends_with(second) && !second.ends_with(first) {
            return None;
        }
        let (one, two) = (Steps::of(self), Steps::of(other));
        *left = left.saturating_sub(one.takes.len() + two.takes.len());
        let end = (one.takes.len() - 1, two.takes.len() - 1);
        let begin = (0, 0, Phase::Before);
        let mut came: HashMap<At, (At, Option<char>)> = HashMap::default();
        let mut open = std::collections::VecDeque::from([begin]);
        came.insert(begin, (begin, None));
        while let Some(at) = open.pop_front() {
            let (first, second, phase) = at;
            if (first, second) == end {
                return Some(Some(path(&came, at)));
            }
            *left = left.saturating_sub(1);
            if *left == 0 {
                return Some(None);
            }
            let mut nexts: Vec<(At, Option<char>)> = Vec::new();
            nexts.extend(one.skips[first].iter().map(|next| ((*next, second, phase), None)));
            nexts.extend(two.skips[second].iter().map(|next| ((first, *next, phase), None)));
            if phase == Phase::Within {
                nexts.push(((first, second, Phase::After), None));
            } else {
                nexts.extend(one.blanks(first).map(|next| ((next, second, phase), None)));
                nexts.extend(two.blanks(second).map(|next| ((first, next, phase), None)));
            }
            if phase != Phase::After {
                for (takes, next) in &one.takes[first] {
                    nexts.extend(two.takes[second].iter().filter_map(|(other, other_next)| {
                        Some(((*next, *other_next, Phase::Within), Some(takes.both(*other)?)))
                    }));
                }
            }
            for (next, taken) in nexts {
                if let Entry::Vacant(way) = came.entry(next) {
                    way.insert((at, taken));
                    open.push_back(next);
                }
            }
        }
        None
    }
}

/// The text on the way to where two templates stand.
fn path(came: &HashMap<At, (At, Option<char>)>, end: At) -> String {
    let mut text = Vec::new();
    let mut at = end;
    while let Some((before, taken)) = came.get(&at).filter(|(before, _)| *before != at) {
        text.extend(*taken);
        at = *before;
    }
    let text: String = text.into_iter().rev().collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn template(pieces: &[&str]) -> Template {
        let piece = |text: &&str| match *text {
            "*" => Piece::Hole(Hole::Any),
            "#" => Piece::Hole(Hole::Digits),
            text => match text.split_once('|') {
                Some(_) => Piece::Hole(Hole::Listed(text.split('|').map(str::to_owned).collect())),
                None => Piece::Text(text.to_owned()),
            },
        };
        Template(pieces.iter().map(piece).collect())
    }

    #[track_caller]
    fn meet(one: &[&str], two: &[&str], common: Option<&str>) {
        let expected = common.map(|text| Some(text.to_owned()));
        assert_eq!(template(one).meets(&template(two), &mut { MOST_PAIRS }), expected);
        assert_eq!(template(two).meets(&template(one), &mut { MOST_PAIRS }).is_some(), common.is_some());
    }

    #[test]
    fn two_templates_meet_in_a_text_of_both() {
        meet(&["order placed"], &["order placed"], Some("order placed"));
        meet(&["order placed"], &["order charged"], None);
        meet(&["order ", "*"], &["order placed"], Some("order placed"));
        meet(&["*", " failed"], &["charge ", "*"], Some("charge failed"));
        meet(&["order ", "#"], &["order placed"], None);
        meet(&["order ", "#"], &["order 12"], Some("order 12"));
        meet(&["sent by ", "card|cash"], &["sent by ", "bank|"], None);
        meet(&["sent by ", "card|cash"], &["sent by ", "bank|cash"], Some("sent by cash"));
    }

    #[test]
    fn blanks_at_the_ends_are_none() {
        meet(&["*", " failed"], &["failed"], Some("failed"));
        meet(&["order ", "*"], &["order"], Some("order"));
        meet(&[" order "], &["order"], Some("order"));
        meet(&["*", " x ", "*"], &["x"], Some("x"));
        meet(&["a b"], &["ab"], None);
    }

    /// Every text of up to five characters of an alphabet of four, tried.
    fn by_trying(one: &Template, two: &Template) -> bool {
        fn may_be(pieces: &[Piece], text: &str) -> bool {
            let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
            let cuts = || (0..=text.len()).map(|at| text.split_at(at));
            match first {
                Piece::Text(own) => text.strip_prefix(own.as_str()).is_some_and(|text| may_be(rest, text)),
                Piece::Hole(Hole::Listed(listed)) => listed
                    .iter()
                    .any(|own| text.strip_prefix(own.as_str()).is_some_and(|text| may_be(rest, text))),
                Piece::Hole(Hole::Any) => cuts().any(|(_, text)| may_be(rest, text)),
                Piece::Hole(Hole::Digits) => cuts().any(|(own, text)| {
                    own.chars().all(|one| one.is_ascii_digit() || one == '-') && may_be(rest, text)
                }),
            }
        }
        let mut texts = vec![String::new()];
        let mut trimmed: [std::collections::HashSet<String>; 2] = Default::default();
        for _ in 0..=5 {
            for text in &texts {
                for (found, template) in trimmed.iter_mut().zip([one, two]) {
                    if may_be(&template.0, text) {
                        found.insert(text.trim().to_owned());
                    }
                }
            }
            texts = texts
                .iter()
                .flat_map(|text| ["a", "b", "1", " "].map(|one| format!("{text}{one}")))
                .collect();
        }
        !trimmed[0].is_disjoint(&trimmed[1])
    }

    fn pieces() -> impl Strategy<Value = Template> {
        let piece = prop_oneof![
            "[ab1 ]{1,2}".prop_map(Piece::Text),
            Just(Piece::Hole(Hole::Any)),
            Just(Piece::Hole(Hole::Digits)),
            Just(Piece::Hole(Hole::Listed(vec!["a".to_owned(), "b1".to_owned()]))),
        ];
        proptest::collection::vec(piece, 0..3).prop_map(Template)
    }

    proptest! {
        #[test]
        fn agrees_with_all_texts_tried(one in pieces(), two in pieces()) {
            prop_assert_eq!(one.meets(&two, &mut { MOST_PAIRS }).is_some(), by_trying(&one, &two), "{:?} {:?}", one, two);
        }
    }
}
