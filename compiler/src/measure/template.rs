//! Which texts a template may be, and whether two of them have one in common.

use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::hash::HashMap;

/// How much is looked at over all comparisons of a contract.
pub(crate) struct Budget {
    /// How many places of templates are laid out.
    places: usize,
    /// How many pairs of places are gone through.
    pairs: usize,
    /// How many texts are held against another one.
    texts: usize,
}

/// How many pairs of places of two templates are kept at once.
const MOST_KEPT: usize = 1 << 17;

impl Default for Budget {
    fn default() -> Budget {
        Budget { places: 1 << 20, pairs: 1 << 22, texts: 400_000 }
    }
}

impl Budget {
    /// Whether nothing more is looked at.
    pub(crate) const fn is_spent(&self) -> bool {
        self.places == 0 || self.pairs == 0 || self.texts == 0
    }

    /// So many texts are held against each other.
    pub(crate) const fn compare(&mut self, texts: usize) {
        self.texts = self.texts.saturating_sub(texts);
    }
}

/// A text with holes.
#[derive(Debug)]
pub(crate) struct Template {
    pieces: Vec<Piece>,
    /// Its places, once they are asked for; none where there are too many.
    places: OnceCell<Option<Box<[Place]>>>,
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Piece {
    /// What stands there as it is.
    Text(String),
    /// A hole.
    Hole(Hole),
}

/// What may stand in a hole.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Hole {
    /// Any text, none included.
    Any,
    /// Digits and a sign, or nothing.
    Digits,
    /// One of these.
    Listed(Arc<[String]>),
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

/// A place of a template, with the steps from it to others. The last one is behind all of them.
#[derive(Debug)]
enum Place {
    /// To the next place by this character.
    Character(char),
    /// To itself by what it takes, or to the next place.
    Loop(Takes),
    /// To one of these.
    Fork(Box<[usize]>),
    /// To this one.
    Jump(usize),
}

fn laid_out(pieces: &[Piece], budget: &mut Budget) -> Option<Box<[Place]>> {
    let mut places = Vec::new();
    let mut add = |places: &mut Vec<Place>, new: &mut dyn Iterator<Item = Place>| {
        for place in new {
            budget.places = budget.places.checked_sub(1).filter(|left| *left > 0)?;
            places.push(place);
        }
        Some(())
    };
    for piece in pieces {
        match piece {
            Piece::Text(text) => add(&mut places, &mut text.chars().map(Place::Character))?,
            Piece::Hole(Hole::Any) => add(&mut places, &mut std::iter::once(Place::Loop(Takes::Any)))?,
            Piece::Hole(Hole::Digits) => add(&mut places, &mut std::iter::once(Place::Loop(Takes::Digit)))?,
            Piece::Hole(Hole::Listed(listed)) => {
                let fork = places.len();
                add(&mut places, &mut std::iter::once(Place::Fork(Box::default())))?;
                let (mut starts, mut ends) = (Vec::new(), Vec::new());
                for text in listed.iter() {
                    starts.push(places.len());
                    add(&mut places, &mut text.chars().map(Place::Character))?;
                    ends.push(places.len());
                    add(&mut places, &mut std::iter::once(Place::Jump(0)))?;
                }
                let next = places.len();
                ends.into_iter().for_each(|end| places[end] = Place::Jump(next));
                places[fork] = Place::Fork(starts.into());
            }
        }
    }
    Some(places.into())
}

/// A step that takes a character, and where it leads.
fn takes(places: &[Place], at: usize) -> Option<(Takes, usize)> {
    match places.get(at)? {
        Place::Character(one) => Some((Takes::Character(*one), at + 1)),
        Place::Loop(takes) => Some((*takes, at)),
        Place::Fork(_) | Place::Jump(_) => None,
    }
}

/// Where the steps lead that take nothing.
fn skips(places: &[Place], at: usize) -> impl Iterator<Item = usize> {
    let (one, several) = match places.get(at) {
        Some(Place::Loop(_)) => (Some(at + 1), &[][..]),
        Some(Place::Jump(to)) => (Some(*to), &[][..]),
        Some(Place::Fork(starts)) => (None, &**starts),
        Some(Place::Character(_)) | None => (None, &[][..]),
    };
    one.into_iter().chain(several.iter().copied())
}

/// The place after a step that takes a blank.
fn blank(places: &[Place], at: usize) -> Option<usize> {
    match places.get(at)? {
        Place::Character(one) if one.is_whitespace() => Some(at + 1),
        _ => None,
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
    pub(crate) const fn of(pieces: Vec<Piece>) -> Template {
        Template { pieces, places: OnceCell::new() }
    }

    /// What it is made of.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The text that it begins with, blanks at its begin left out.
    pub(crate) fn prefix(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text.trim_start(),
            _ => "",
        }
    }

    /// What each of its texts ends with, blanks at the ends left out.
    fn suffix(&self) -> &str {
        match self.pieces.last() {
            Some(Piece::Text(text)) => text.trim(),
            _ => "",
        }
    }

    /// Its places, which are laid out once.
    fn places(&self, budget: &mut Budget) -> Option<&[Place]> {
        self.places.get_or_init(|| laid_out(&self.pieces, budget)).as_deref()
    }

    /// A text that both may be, if there is one: nothing of it where that took too long to find out.
    pub(crate) fn meets(&self, other: &Template, budget: &mut Budget) -> Option<Option<String>> {
        let (first, second) = (self.suffix(), other.suffix());
        if !first.ends_with(second) && !second.ends_with(first) {
            return None;
        }
        let Some((one, two)) = self.places(budget).zip(other.places(budget)) else { return Some(None) };
        let end = (one.len(), two.len());
        let begin = (0, 0, Phase::Before);
        let mut came: HashMap<At, (At, Option<char>)> = HashMap::default();
        let mut open = std::collections::VecDeque::from([begin]);
        came.insert(begin, (begin, None));
        while let Some(at) = open.pop_front() {
            let (first, second, phase) = at;
            if (first, second) == end {
                return Some(Some(path(&came, at)));
            }
            let mut nexts: Vec<(At, Option<char>)> = Vec::new();
            nexts.extend(skips(one, first).map(|next| ((next, second, phase), None)));
            nexts.extend(skips(two, second).map(|next| ((first, next, phase), None)));
            if phase == Phase::Within {
                nexts.push(((first, second, Phase::After), None));
            } else {
                nexts.extend(blank(one, first).map(|next| ((next, second, phase), None)));
                nexts.extend(blank(two, second).map(|next| ((first, next, phase), None)));
            }
            if phase != Phase::After
                && let Some(((own, next), (other, other_next))) = takes(one, first).zip(takes(two, second))
                && let Some(taken) = own.both(other)
            {
                nexts.push(((next, other_next, Phase::Within), Some(taken)));
            }
            budget.pairs = budget.pairs.saturating_sub(1 + nexts.len());
            if budget.pairs == 0 || came.len() > MOST_KEPT {
                return Some(None);
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
        Template::of(pieces.iter().map(piece).collect())
    }

    #[track_caller]
    fn meet(one: &[&str], two: &[&str], common: Option<&str>) {
        let expected = common.map(|text| Some(text.to_owned()));
        assert_eq!(template(one).meets(&template(two), &mut Budget::default()), expected);
        assert_eq!(template(two).meets(&template(one), &mut Budget::default()).is_some(), common.is_some());
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

    /// Every text of up to six characters of an alphabet of four, tried: four that two pieces give, and two blanks at an end.
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
        for _ in 0..=6 {
            for text in &texts {
                for (found, template) in trimmed.iter_mut().zip([one, two]) {
                    if may_be(&template.pieces, text) {
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
            Just(Piece::Hole(Hole::Listed(["a".to_owned(), "b1".to_owned()].into()))),
        ];
        proptest::collection::vec(piece, 0..3).prop_map(Template::of)
    }

    proptest! {
        #[test]
        fn agrees_with_all_texts_tried(one in pieces(), two in pieces()) {
            prop_assert_eq!(one.meets(&two, &mut Budget::default()).is_some(), by_trying(&one, &two), "{:?} {:?}", one, two);
        }
    }
}
