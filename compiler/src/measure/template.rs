//! Which texts a template may be, and whether two of them have one in common.

use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::hash::HashMap;

/// How much is looked at over all comparisons of a contract.
pub(crate) struct Budget {
    /// Of templates whose holes may be of any length.
    plain: Effort,
    /// Of templates whose holes end after the most characters that they may have. Where it is spent, the others hold.
    counted: Effort,
    /// How many texts are held against another one.
    texts: usize,
}

/// What is left of it.
struct Effort {
    /// How many places of templates are laid out.
    places: usize,
    /// How many pairs of places are gone through.
    pairs: usize,
}

/// How many pairs of places of two templates are kept at once.
const MOST_KEPT: usize = 1 << 17;

/// How many characters of a hole are counted: a longer one is as one without an end.
const MOST_COUNTED: u32 = 256;

impl Default for Budget {
    fn default() -> Budget {
        Budget {
            plain: Effort { places: 1 << 20, pairs: 1 << 22 },
            counted: Effort { places: 1 << 18, pairs: 1 << 22 },
            texts: 400_000,
        }
    }
}

impl Budget {
    /// Whether nothing more is looked at.
    pub(crate) const fn is_spent(&self) -> bool {
        self.plain.places == 0 || self.plain.pairs == 0 || self.texts == 0
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
    plain: OnceCell<Option<Box<[Place]>>>,
    /// The same, where holes end after the most characters that they may have.
    counted: OnceCell<Option<Box<[Place]>>>,
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
    /// These characters, at most so many, or nothing.
    Of(Characters, Option<u32>),
    /// One of these.
    Listed(Arc<[String]>),
}

/// Of which characters a value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Characters {
    /// Any text.
    Any,
    /// A whole number that is not below zero.
    Digits,
    /// A whole number.
    Integer,
    /// A number with a fraction, as Rust and other languages write it: `1.5`, `-2e-7`, `1E+21`.
    Number,
    /// A length of time, as languages write it: `1.5`, Go's `1m2.5s`, .NET's `00:01:02.5`, Java's `PT1M2.5S`.
    Duration,
}

impl Characters {
    /// All that it may be, but for any text.
    const fn list(self) -> &'static str {
        match self {
            Characters::Any | Characters::Digits => "1023456789",
            Characters::Integer => "1023456789-",
            Characters::Number => "1023456789-+.eE",
            Characters::Duration => "1023456789-+.eE:hmsun\u{b5}\u{3bc}d PTDHMS",
        }
    }

    fn has(self, one: char) -> bool {
        self == Characters::Any || self.list().contains(one)
    }
}

impl Hole {
    /// Any text, none included.
    pub(crate) const ANY: Hole = Hole::Of(Characters::Any, None);

    /// Whether nothing may stand in it.
    fn may_be_empty(&self) -> bool {
        match self {
            Hole::Of(..) => true,
            Hole::Listed(listed) => listed.iter().any(String::is_empty),
        }
    }

    /// The most characters that it may have, where that is worth counting.
    fn most(&self) -> Option<u32> {
        match self {
            Hole::Of(_, most) => most.filter(|most| (1..=MOST_COUNTED).contains(most)),
            Hole::Listed(_) => None,
        }
    }
}

/// What one step of a template takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Takes {
    Character(char),
    Of(Characters),
}

impl Takes {
    /// A character that both take.
    fn both(self, other: Takes) -> Option<char> {
        match (self, other) {
            (Takes::Character(one), Takes::Character(two)) => (one == two).then_some(one),
            (Takes::Character(one), Takes::Of(characters))
            | (Takes::Of(characters), Takes::Character(one)) => characters.has(one).then_some(one),
            (Takes::Of(Characters::Any), Takes::Of(Characters::Any)) => Some('x'),
            // All of them have digits.
            (Takes::Of(_), Takes::Of(_)) => Some('1'),
        }
    }
}

/// A place of a template, with the steps from it to others. The last one is behind all of them.
#[derive(Debug)]
enum Place {
    /// To the next place by what it takes.
    Take(Takes),
    /// To itself by what it takes, or to the next place.
    Loop(Takes),
    /// To each of these.
    Fork(Vec<usize>),
    /// To this one.
    Jump(usize),
}

/// The places of a template, as they are laid out.
///
/// A hole at an end that is empty takes the blanks with it that stand between it and what is left. So the holes at the begin
/// stand twice: as what the text begins with, where all before them is empty, and as holes within the text; and after each part
/// that isn't empty the text may be over, if all behind that are holes and blanks.
struct Layout<'b> {
    places: Vec<Place>,
    effort: &'b mut Effort,
    /// The number of the first piece from which on all may be empty, where the last is a hole.
    tail: usize,
    /// The places that lead to the end.
    ends: Vec<usize>,
    /// Whether a hole ends after the most characters that it may have.
    counts: bool,
}

impl Layout<'_> {
    fn add(&mut self, place: Place) -> Option<usize> {
        self.effort.places = self.effort.places.checked_sub(1).filter(|left| *left > 0)?;
        self.places.push(place);
        Some(self.places.len() - 1)
    }

    /// A way to several places, the first of which is the next one.
    fn fork(&mut self) -> Option<usize> {
        let fork = self.add(Place::Fork(Vec::new()))?;
        self.lead(fork, fork + 1);
        Some(fork)
    }

    fn lead(&mut self, from: usize, to: usize) {
        match &mut self.places[from] {
            Place::Fork(ways) => ways.push(to),
            place => *place = Place::Jump(to),
        }
    }

    fn characters(&mut self, text: &str) -> Option<()> {
        text.chars().try_for_each(|one| self.add(Place::Take(Takes::Character(one))).map(|_| ()))
    }

    /// Where the text may be over, as nothing but holes and blanks is behind this piece.
    fn may_end(&mut self, piece: usize) -> Option<()> {
        if piece + 1 >= self.tail {
            let end = self.fork()?;
            self.ends.push(end);
        }
        Some(())
    }

    /// A text within the text, or what is left of one at its begin.
    fn text(&mut self, piece: usize, text: &str) -> Option<()> {
        let (kept, blank) = text.split_at(text.trim_end().len());
        self.characters(kept)?;
        if !kept.is_empty() {
            self.may_end(piece)?;
        }
        self.characters(blank)
    }

    /// A hole that has a text.
    fn filled(&mut self, piece: usize, hole: &Hole) -> Option<()> {
        match hole {
            Hole::Of(characters, _)
                if self.counts
                    && let Some(most) = hole.most() =>
            {
                let mut ends = Vec::new();
                for _ in 1..most {
                    self.add(Place::Take(Takes::Of(*characters)))?;
                    ends.push(self.fork()?);
                }
                self.add(Place::Take(Takes::Of(*characters)))?;
                let next = self.places.len();
                ends.into_iter().for_each(|end| self.lead(end, next));
            }
            Hole::Of(characters, _) => {
                self.add(Place::Take(Takes::Of(*characters)))?;
                self.add(Place::Loop(Takes::Of(*characters)))?;
            }
            Hole::Listed(listed) => {
                let fork = self.add(Place::Fork(Vec::new()))?;
                let mut ends = Vec::new();
                for text in listed.iter().filter(|text| !text.is_empty()) {
                    self.lead(fork, self.places.len());
                    self.characters(text)?;
                    ends.push(self.add(Place::Jump(0))?);
                }
                let next = self.places.len();
                ends.into_iter().for_each(|end| self.lead(end, next));
            }
        }
        self.may_end(piece)
    }

    fn lay_out(&mut self, pieces: &[Piece]) -> Option<()> {
        // What the text begins with: from each of these a way leads to the piece of its number.
        let mut begun: Vec<(usize, usize)> = Vec::new();
        let mut is_begun = false;
        for (number, piece) in pieces.iter().enumerate() {
            match piece {
                Piece::Text(text) => {
                    let text = if number == 0 { text.as_str() } else { text.trim_start() };
                    let is_over = number > 0 && text.is_empty();
                    if is_over {
                        continue;
                    }
                    if number == 0 && self.tail == 0 {
                        // All of it may be blank, and go with the hole at the end.
                        let end = self.fork()?;
                        self.ends.push(end);
                    }
                    self.text(number, text)?;
                    begun.push((self.add(Place::Jump(0))?, number + 1));
                    is_begun = true;
                    break;
                }
                Piece::Hole(hole) => {
                    let empty = self.add(Place::Fork(Vec::new()))?;
                    self.lead(empty, self.places.len());
                    self.filled(number, hole)?;
                    begun.push((self.add(Place::Jump(0))?, number + 1));
                    if !hole.may_be_empty() {
                        is_begun = true;
                        break;
                    }
                    self.lead(empty, self.places.len());
                }
            }
        }
        if !is_begun {
            // All of it was empty.
            let end = self.add(Place::Jump(0))?;
            self.ends.push(end);
        }
        let first = begun.iter().map(|(_, number)| *number).min().unwrap_or(pieces.len());
        for (number, piece) in pieces.iter().enumerate().skip(first) {
            let here = self.places.len();
            begun.iter().filter(|(_, to)| *to == number).for_each(|(from, _)| self.lead(*from, here));
            match piece {
                Piece::Text(text) => self.text(number, text)?,
                Piece::Hole(hole) => {
                    let empty = self.add(Place::Fork(Vec::new()))?;
                    self.lead(empty, self.places.len());
                    self.filled(number, hole)?;
                    // The last one being empty ends the text before it.
                    if hole.may_be_empty() && number + 1 < pieces.len() {
                        self.lead(empty, self.places.len());
                    }
                }
            }
        }
        let end = self.places.len();
        let ways = begun.iter().filter(|(_, to)| *to >= pieces.len()).map(|(from, _)| *from);
        for way in ways.chain(std::mem::take(&mut self.ends)) {
            self.lead(way, end);
        }
        Some(())
    }
}

fn laid_out(pieces: &[Piece], counts: bool, effort: &mut Effort) -> Option<Box<[Place]>> {
    let may_be_nothing = |piece: &&Piece| match piece {
        Piece::Text(text) => text.trim().is_empty(),
        Piece::Hole(hole) => hole.may_be_empty(),
    };
    let tail = match pieces.last() {
        Some(Piece::Hole(_)) => pieces.len() - pieces.iter().rev().take_while(may_be_nothing).count(),
        _ => usize::MAX,
    };
    // One hole that can't be empty at the end lets nothing go.
    let tail = if tail == pieces.len() { usize::MAX } else { tail };
    let mut layout = Layout { places: Vec::new(), effort, tail, ends: Vec::new(), counts };
    layout.lay_out(pieces)?;
    Some(layout.places.into())
}

/// A step that takes a character, and where it leads.
fn takes(places: &[Place], at: usize) -> Option<(Takes, usize)> {
    match places.get(at)? {
        Place::Take(takes) => Some((*takes, at + 1)),
        Place::Loop(takes) => Some((*takes, at)),
        Place::Fork(_) | Place::Jump(_) => None,
    }
}

/// Where the steps lead that take nothing.
fn skips(places: &[Place], at: usize) -> impl Iterator<Item = usize> {
    let (one, several) = match places.get(at) {
        Some(Place::Loop(_)) => (Some(at + 1), &[][..]),
        Some(Place::Jump(to)) => (Some(*to), &[][..]),
        Some(Place::Fork(ways)) => (None, ways.as_slice()),
        Some(Place::Take(_)) | None => (None, &[][..]),
    };
    one.into_iter().chain(several.iter().copied())
}

/// Where two templates stand.
type At = (usize, usize);

impl Template {
    /// A text of these pieces: those of text that stand beside each other are one.
    pub(crate) fn of(pieces: Vec<Piece>) -> Template {
        let mut joined: Vec<Piece> = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match (joined.last_mut(), piece) {
                (_, Piece::Text(text)) if text.is_empty() => {}
                (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
                (_, piece) => joined.push(piece),
            }
        }
        Template { pieces: joined, plain: OnceCell::new(), counted: OnceCell::new() }
    }

    /// What it is made of.
    pub(crate) fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// A text that each of its texts begins with: what stands at its begin, without the blanks that may go.
    pub(crate) fn prefix(&self) -> &str {
        match self.pieces.as_slice() {
            [Piece::Text(text)] => text,
            [Piece::Text(text), ..] => text.trim_end(),
            _ => "",
        }
    }

    /// A text that each of its texts ends with.
    fn suffix(&self) -> &str {
        match self.pieces.as_slice() {
            [Piece::Text(text)] => text,
            [.., Piece::Text(text)] => text.trim_start(),
            _ => "",
        }
    }

    /// Whether the length of a hole is bounded, so that counting may tell more.
    fn counts(&self) -> bool {
        self.pieces.iter().any(|piece| matches!(piece, Piece::Hole(hole) if hole.most().is_some()))
    }

    /// Its places, which are laid out once.
    fn places(&self, counts: bool, effort: &mut Effort) -> Option<&[Place]> {
        let places = if counts { &self.counted } else { &self.plain };
        places.get_or_init(|| laid_out(&self.pieces, counts, effort)).as_deref()
    }

    /// A text that both may be, if there is one: nothing of it where that took too long to find out.
    pub(crate) fn meets(&self, other: &Template, budget: &mut Budget) -> Option<Option<String>> {
        let (first, second) = (self.suffix(), other.suffix());
        if !first.ends_with(second) && !second.ends_with(first) {
            return None;
        }
        let found = self.meet(other, false, &mut budget.plain)?;
        match found {
            // Few pairs come this far, and to count costs more.
            Some(_) if self.counts() || other.counts() => self.meet(other, true, &mut budget.counted),
            found => Some(found),
        }
    }

    fn meet(&self, other: &Template, counts: bool, effort: &mut Effort) -> Option<Option<String>> {
        let Some((one, two)) = self.places(counts, effort).zip(other.places(counts, effort)) else {
            return Some(None);
        };
        let end = (one.len(), two.len());
        let begin = (0, 0);
        let mut came: HashMap<At, (At, Option<char>)> = HashMap::default();
        let mut open = std::collections::VecDeque::from([begin]);
        came.insert(begin, (begin, None));
        while let Some(at) = open.pop_front() {
            let (first, second) = at;
            if at == end {
                return Some(Some(path(&came, at)));
            }
            let mut nexts: Vec<(At, Option<char>)> = Vec::new();
            nexts.extend(skips(one, first).map(|next| ((next, second), None)));
            nexts.extend(skips(two, second).map(|next| ((first, next), None)));
            if let Some(((own, next), (other, other_next))) = takes(one, first).zip(takes(two, second))
                && let Some(taken) = own.both(other)
            {
                nexts.push(((next, other_next), Some(taken)));
            }
            effort.pairs = effort.pairs.saturating_sub(1 + nexts.len());
            if effort.pairs == 0 || came.len() > MOST_KEPT {
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
    text.into_iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn template(pieces: &[&str]) -> Template {
        let piece = |text: &&str| match *text {
            "*" => Piece::Hole(Hole::ANY),
            "#" => Piece::Hole(Hole::Of(Characters::Integer, None)),
            "0..=99" => Piece::Hole(Hole::Of(Characters::Digits, Some(2))),
            "1.5" => Piece::Hole(Hole::Of(Characters::Number, None)),
            "max=4" => Piece::Hole(Hole::Of(Characters::Any, Some(4))),
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
    fn a_hole_has_the_characters_of_its_values_and_no_more_than_they_have() {
        meet(&["sent ", "0..=99"], &["sent -1"], None);
        meet(&["sent ", "0..=99"], &["sent 123"], None);
        meet(&["sent ", "0..=99"], &["sent 12"], Some("sent 12"));
        meet(&["took ", "1.5"], &["took too long"], None);
        meet(&["took ", "1.5"], &["took ", "#"], Some("took"));
        meet(&["took ", "1.5", " s"], &["took 1e-7 s"], Some("took 1e-7 s"));
        meet(&["max=4"], &["paid"], Some("paid"));
        meet(&["max=4"], &["order paid"], None);
        meet(&["max=4", " failed"], &["payment failed"], None);
        meet(&["max=4", ": ", "*"], &["order: paid"], None);
        meet(&["max=4", ": ", "*"], &["*", " paid"], Some(": paid"));
    }

    #[test]
    fn what_takes_too_long_to_count_is_said_to_meet() {
        let long = |length: usize| "x".repeat(length);
        let budget = || Budget { counted: Effort { places: 8, pairs: 8 }, ..Budget::default() };
        let found = template(&["max=4"]).meets(&template(&[&long(9)]), &mut budget());
        assert_eq!(found, Some(None));
    }

    #[test]
    fn blanks_go_with_an_empty_hole_at_their_end() {
        meet(&["*", " failed"], &["failed"], Some("failed"));
        meet(&["order ", "*"], &["order"], Some("order"));
        meet(&["*", " x ", "*"], &["x"], Some("x"));
        meet(&["*", " ", "*", " x"], &["x"], Some("x"));
        meet(&["x ", "#", " ", "*"], &["x"], Some("x"));
        meet(&[" ", "*"], &["*", "\n"], Some(""));
        meet(&["a b"], &["ab"], None);
    }

    #[test]
    fn other_blanks_stay() {
        meet(&[" order "], &["order"], None);
        meet(&["  hello"], &["hello"], None);
        meet(&["bye\n"], &["bye"], None);
        meet(&["bye\n"], &["bye\n"], Some("bye\n"));
        meet(&["card|", " x"], &[" x"], None);
        meet(&["x ", "#"], &["x "], None);
        meet(&["x", "*", " "], &["x "], Some("x "));
        meet(&["card|cash", " x"], &["x"], None);
        meet(&["*", "x"], &[" x"], Some(" x"));
    }

    /// What becomes of values in the holes: a hole at an end that is empty takes blanks beside it away.
    fn text_of(parts: &[(bool, String)]) -> String {
        fn trimmed<'t>(
            parts: impl Iterator<Item = (usize, &'t (bool, String))>,
            trim: impl Fn(&str) -> &str,
            into: &mut [String],
        ) {
            for (place, (number, (is_hole, _))) in parts.enumerate() {
                let left = trim(&into[number]).to_owned();
                match (is_hole, into[number].is_empty()) {
                    (true, true) => {}
                    (false, _) if place > 0 => into[number] = left,
                    _ => return,
                }
                if !into[number].is_empty() {
                    return;
                }
            }
        }
        let mut texts: Vec<String> = parts.iter().map(|(_, text)| text.clone()).collect();
        trimmed(parts.iter().enumerate(), str::trim_start, &mut texts);
        trimmed(parts.iter().enumerate().rev(), str::trim_end, &mut texts);
        texts.concat()
    }

    /// All texts of a template whose holes have up to two characters of an alphabet of four.
    fn tried(template: &Template) -> std::collections::HashSet<String> {
        let one = || ["a", "b", "1", " "].into_iter().map(str::to_owned);
        let any: Vec<String> = std::iter::once(String::new())
            .chain(one())
            .chain(one().flat_map(|first| one().map(move |second| format!("{first}{second}"))))
            .collect();
        let mut all: Vec<Vec<(bool, String)>> = vec![Vec::new()];
        for piece in template.pieces() {
            let values: Vec<(bool, String)> = match piece {
                Piece::Text(text) => vec![(false, text.clone())],
                Piece::Hole(Hole::Of(characters, most)) => any
                    .iter()
                    .filter(|text| text.chars().all(|one| characters.has(one)))
                    .filter(|text| most.is_none_or(|most| text.chars().count() <= most as usize))
                    .map(|text| (true, text.clone()))
                    .collect(),
                Piece::Hole(Hole::Listed(listed)) => listed.iter().map(|text| (true, text.clone())).collect(),
            };
            let with = |parts: Vec<(bool, String)>| {
                let values = values.clone().into_iter();
                values.map(move |value| parts.iter().cloned().chain([value]).collect()).collect::<Vec<_>>()
            };
            all = all.into_iter().flat_map(with).collect();
        }
        all.iter().map(|parts| text_of(parts)).collect()
    }

    /// Whether this text is one of a template: by all ways to cut it into what the pieces may be.
    fn may_be(template: &Template, text: &str) -> bool {
        fn cut(pieces: &[Piece], parts: &mut Vec<(bool, String)>, left: &str, wanted: &str) -> bool {
            let Some((first, rest)) = pieces.split_first() else {
                return left.is_empty() && text_of(parts) == wanted;
            };
            let mut with = |is_hole: bool, own: &str, left: &str| {
                parts.push((is_hole, own.to_owned()));
                let found = cut(rest, parts, left, wanted);
                parts.pop();
                found
            };
            let mut cuts = (0..=left.len()).map(|at| left.split_at(at));
            match first {
                // Blanks of it may have gone.
                Piece::Text(own) => {
                    let kept = [own.as_str(), own.trim_start(), own.trim_end(), own.trim()];
                    kept.into_iter()
                        .any(|kept| left.strip_prefix(kept).is_some_and(|left| with(false, own, left)))
                }
                Piece::Hole(Hole::Of(characters, most)) => cuts.any(|(own, left)| {
                    own.chars().all(|one| characters.has(one))
                        && most.is_none_or(|most| own.chars().count() <= most as usize)
                        && with(true, own, left)
                }),
                Piece::Hole(Hole::Listed(listed)) => listed
                    .iter()
                    .any(|own| left.strip_prefix(own.as_str()).is_some_and(|left| with(true, own, left))),
            }
        }
        cut(template.pieces(), &mut Vec::new(), text, text)
    }

    fn pieces() -> impl Strategy<Value = Template> {
        let piece = prop_oneof![
            "[ab1 ]{1,2}".prop_map(Piece::Text),
            Just(Piece::Hole(Hole::ANY)),
            Just(Piece::Hole(Hole::Of(Characters::Integer, None))),
            Just(Piece::Hole(Hole::Of(Characters::Any, Some(1)))),
            Just(Piece::Hole(Hole::Of(Characters::Digits, Some(2)))),
            Just(Piece::Hole(Hole::Listed(["a".to_owned(), "b1".to_owned()].into()))),
            Just(Piece::Hole(Hole::Listed([String::new(), "b ".to_owned()].into()))),
        ];
        proptest::collection::vec(piece, 0..4).prop_map(Template::of)
    }

    proptest! {
        #[test]
        fn agrees_with_all_texts_tried(one in pieces(), two in pieces()) {
            let found = one.meets(&two, &mut Budget::default());
            match &found {
                Some(Some(text)) => {
                    prop_assert!(may_be(&one, text) && may_be(&two, text), "{:?} {:?} {:?}", text, one, two);
                }
                Some(None) => prop_assert!(false, "too long"),
                None => {
                    let all = tried(&one);
                    let common = tried(&two).into_iter().find(|text| all.contains(text));
                    prop_assert_eq!(common, None, "{:?} {:?}", one, two);
                }
            }
        }
    }
}
