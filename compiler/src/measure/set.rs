//! Which texts a value may have, and whether several such sets have one in common.

use std::collections::BTreeSet;

use super::texts::{EMPTY, Text, Texts, of_number};
use crate::ir::{Domain, Literal, Range, Scalar, Type};

/// A set of texts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Set {
    base: Base,
    /// What else: the values for the rest that `base` doesn't have anyway.
    also: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Base {
    /// These, in their order.
    Listed(Vec<Text>),
    /// The decimal texts of integers, both ends included.
    Integers(i64, i64),
    /// The texts of finite doubles, both ends included.
    Numbers(Number, Number),
    /// Every text, or every one of at most so many characters.
    Texts(Option<u32>),
    /// Every list of elements, the empty one too.
    Lists(Box<Base>),
    /// Numbers, but for these: their texts, in their order.
    Except(Box<Base>, Vec<Text>),
    /// Whatever there is.
    Anything,
}

/// A double that is equal to itself.
#[derive(Clone, Copy, Debug)]
struct Number(f64);

impl PartialEq for Number {
    fn eq(&self, other: &Number) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Eq for Number {}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.to_bits().hash(state);
    }
}

/// What several sets have in common: one of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Common {
    /// A text that is known.
    Known(Text),
    /// An integer.
    Integer(i64),
    /// A double.
    Number(f64),
    /// Any text.
    AnyText,
    /// The empty list.
    EmptyList,
}

impl Common {
    /// The text as people read it.
    pub(crate) fn shown(self, texts: &Texts<'_>) -> String {
        match self {
            Common::Known(text) => texts.shown(text),
            Common::Integer(number) => number.to_string(),
            Common::Number(number) => of_number(number),
            Common::AnyText => "x".to_owned(),
            Common::EmptyList => "[]".to_owned(),
        }
    }
}

/// How an index finds what has a text in common with a set.
pub(crate) enum Extent<'s> {
    /// By each of these.
    Listed(&'s [Text]),
    /// By the integers between these, both included.
    Integers(i64, i64),
    /// Only by looking.
    Wide,
}

impl Set {
    /// The texts of a domain's values. None for a family of keys, which has none.
    pub(crate) fn of<'m>(domain: &'m Domain, texts: &mut Texts<'m>) -> Option<Set> {
        Some(Set { base: Base::of(&domain.value, domain, texts)?, also: Vec::new() })
    }

    /// The set with a value more.
    pub(crate) fn and(mut self, literal: &Literal, texts: &mut Texts<'_>) -> Set {
        let text = texts.text(literal.value().to_string());
        if !self.contains(text, texts) {
            self.also.push(text);
            self.also.sort_unstable();
        }
        self
    }

    /// Whether a text is in it.
    pub(crate) fn contains(&self, text: Text, texts: &Texts<'_>) -> bool {
        self.base.contains(text, texts) || self.also.contains(&text)
    }

    /// How an index finds what has a text in common with it.
    pub(crate) fn extent(&self) -> Extent<'_> {
        match &self.base {
            _ if !self.also.is_empty() => Extent::Wide,
            base => base.extent(),
        }
    }

    /// One of the texts that all these sets have, which is the constant where there is one.
    pub(crate) fn common(sets: &[&Set], constant: Option<Text>, texts: &Texts<'_>) -> Option<Common> {
        let in_all = |text: &Text| sets.iter().all(|set| set.contains(*text, texts));
        if let Some(constant) = constant {
            return in_all(&constant).then_some(Common::Known(constant));
        }
        let listed = sets.iter().filter_map(|set| match &set.base {
            Base::Listed(list) => Some((list, &set.also)),
            _ => None,
        });
        if let Some((list, also)) = listed.min_by_key(|(list, also)| list.len() + also.len()) {
            return list.iter().chain(also).copied().find(in_all).map(Common::Known);
        }
        let unlisted = Unlisted::of(sets.iter().map(|set| &set.base)).and_then(|all| {
            let left_out: Vec<Text> = sets.iter().flat_map(|set| set.base.left_out()).copied().collect();
            all.one(&LeftOut::of(&left_out, texts))
        });
        let also = || sets.iter().flat_map(|set| &set.also).copied().find(in_all);
        unlisted.or_else(|| also().map(Common::Known))
    }
}

impl Base {
    fn of<'m>(value: &Type, domain: &'m Domain, texts: &mut Texts<'m>) -> Option<Base> {
        let numbers = match value {
            Type::Map(_) | Type::Object(_) | Type::ObjectArray(_) => return None,
            Type::Any => return Some(Base::Anything),
            Type::Array(scalar) => {
                return Some(Base::Lists(Box::new(Base::of(&Type::Scalar(*scalar), domain, texts)?)));
            }
            Type::Scalar(Scalar::Bool) => {
                // Sorted as every list is, whichever of the two was met first.
                let mut list = vec![texts.text("false"), texts.text("true")];
                list.sort_unstable();
                return Some(Base::Listed(list));
            }
            // Bytes have no constants; as texts they meet nothing but other bytes.
            Type::Scalar(Scalar::String | Scalar::Bytes) => Base::Texts(domain.max_length),
            Type::Timestamp(unit) if unit == "rfc3339" => Base::Texts(domain.max_length),
            Type::Scalar(Scalar::Int) | Type::Timestamp(_) => match domain.range {
                None => Base::Integers(i64::MIN, i64::MAX),
                Some(Range::Int(low, high)) => Base::Integers(low, high),
                Some(Range::Double(low, high)) => Base::Integers(low.ceil() as i64, high.floor() as i64),
            },
            Type::Scalar(Scalar::Double) | Type::Duration(_) => match domain.range {
                None => Base::Numbers(Number(f64::MIN), Number(f64::MAX)),
                Some(Range::Int(low, high)) => Base::Numbers(Number(low as f64), Number(high as f64)),
                Some(Range::Double(low, high)) => Base::Numbers(Number(low), Number(high)),
            },
        };
        let mut except: Vec<Text> = domain.except.iter().map(|number| texts.literal(number)).collect();
        except.sort_unstable();
        except.dedup();
        let plain = if except.is_empty() { numbers } else { Base::Except(Box::new(numbers), except) };
        let Some(members) = domain.members.as_ref().filter(|_| !domain.open) else { return Some(plain) };
        let mut list: Vec<Text> = members.iter().map(|member| texts.literal(&member.wire)).collect();
        list.retain(|text| plain.contains(*text, texts));
        list.sort_unstable();
        list.dedup();
        Some(Base::Listed(list))
    }

    fn contains(&self, text: Text, texts: &Texts<'_>) -> bool {
        match self {
            Base::Listed(list) => list.binary_search(&text).is_ok(),
            Base::Integers(low, high) => {
                texts.integer(text).is_some_and(|number| (*low..=*high).contains(&number))
            }
            Base::Numbers(low, high) => {
                texts.number(text).is_some_and(|number| (low.0..=high.0).contains(&number))
            }
            Base::Texts(max) => {
                texts.length(text).is_some_and(|length| max.is_none_or(|max| length <= max as usize))
            }
            Base::Lists(base) => texts
                .elements(text)
                .is_some_and(|list| list.iter().all(|element| base.contains(*element, texts))),
            Base::Except(base, except) => except.binary_search(&text).is_err() && base.contains(text, texts),
            Base::Anything => true,
        }
    }

    fn extent(&self) -> Extent<'_> {
        match self {
            Base::Listed(list) => Extent::Listed(list),
            Base::Integers(low, high) => Extent::Integers(*low, *high),
            Base::Except(base, _) => base.extent(),
            _ => Extent::Wide,
        }
    }

    /// The numbers that are left out.
    fn left_out(&self) -> &[Text] {
        match self {
            Base::Except(_, except) => except,
            _ => &[],
        }
    }
}

/// The numbers that some set leaves out.
struct LeftOut {
    integers: BTreeSet<i64>,
    numbers: Vec<f64>,
}

impl LeftOut {
    fn of(texts_of: &[Text], texts: &Texts<'_>) -> LeftOut {
        LeftOut {
            integers: texts_of.iter().filter_map(|text| texts.integer(*text)).collect(),
            numbers: texts_of.iter().filter_map(|text| texts.number(*text)).collect(),
        }
    }
}

/// What bases that list nothing have in common. An integer's text is no double's, and neither is a list.
#[derive(Clone, Copy)]
struct Unlisted {
    kind: Kind,
    /// The greatest length in characters; of texts, and of numbers that are texts as well.
    max: Option<u32>,
}

#[derive(Clone, Copy)]
enum Kind {
    Anything,
    Texts,
    Integers(i64, i64),
    Numbers(f64, f64),
    Lists,
}

impl Unlisted {
    fn of<'s>(mut bases: impl Iterator<Item = &'s Base>) -> Option<Unlisted> {
        bases.try_fold(Unlisted { kind: Kind::Anything, max: None }, Unlisted::and)
    }

    fn and(self, base: &Base) -> Option<Unlisted> {
        let mut max = self.max;
        let kind = match base {
            Base::Listed(_) => return None,
            Base::Anything => return Some(self),
            Base::Texts(limit) => {
                max = [max, *limit].into_iter().flatten().min();
                Kind::Texts
            }
            Base::Integers(low, high) => Kind::Integers(*low, *high),
            Base::Numbers(low, high) => Kind::Numbers(low.0, high.0),
            Base::Lists(_) => Kind::Lists,
            Base::Except(base, _) => return self.and(base),
        };
        let kind = match (self.kind, kind) {
            (Kind::Anything, one) => one,
            (Kind::Texts, one @ (Kind::Texts | Kind::Integers(..) | Kind::Numbers(..))) => one,
            (one @ (Kind::Integers(..) | Kind::Numbers(..)), Kind::Texts) => one,
            (Kind::Integers(low, high), Kind::Integers(least, most)) => {
                Kind::Integers(low.max(least), high.min(most))
            }
            (Kind::Numbers(low, high), Kind::Numbers(least, most)) => {
                Kind::Numbers(low.max(least), high.min(most))
            }
            (Kind::Lists, Kind::Lists) => Kind::Lists,
            _ => return None,
        };
        Some(Unlisted { kind, max })
    }

    fn one(self, left_out: &LeftOut) -> Option<Common> {
        match self.kind {
            Kind::Texts | Kind::Anything if self.max == Some(0) => Some(Common::Known(EMPTY)),
            Kind::Texts | Kind::Anything => Some(Common::AnyText),
            Kind::Lists => Some(Common::EmptyList),
            Kind::Integers(low, high) => {
                let (least, most) = self.max.map_or((i64::MIN, i64::MAX), integers_of_length);
                let (low, high) = (low.max(least), high.min(most));
                let plain = if low == i64::MIN { high.min(0) } else { low };
                // As many are looked at as are left out, and one more.
                let up = (plain..=high).chain((low..plain).rev());
                let mut left = up.filter(|number| !left_out.integers.contains(number));
                left.next().map(Common::Integer)
            }
            Kind::Numbers(low, high) if low > high => None,
            Kind::Numbers(low, high) => {
                short_number(low, high, self.max, &left_out.numbers).map(Common::Number)
            }
        }
    }
}

/// The least and the greatest integer whose texts have at most so many characters; the least is greater than the
/// greatest where there is none.
fn integers_of_length(max: u32) -> (i64, i64) {
    let Some(digits) = max.checked_sub(1) else { return (1, 0) };
    let power = |digits: u32| 10_i64.checked_pow(digits);
    let least = power(digits).map_or(i64::MIN, |power| 1 - power);
    let most = power(max).map_or(i64::MAX, |power| power - 1);
    (least, most)
}

/// A double between two others whose text has at most `max` characters, looked for among those that round the ends to
/// fewer digits. Only a key of two types asks for a length, and that is an error by itself.
fn short_number(low: f64, high: f64, max: Option<u32>, left_out: &[f64]) -> Option<f64> {
    let rounded = |digits: i32| {
        let scale = 10_f64.powi(digits);
        let short = [low, high].map(|end| format!("{end:.*e}", digits as usize).parse().unwrap_or(end));
        [(low * scale).ceil() / scale, (high * scale).floor() / scale].into_iter().chain(short)
    };
    let plain = if low == f64::MIN { high.min(0.0) } else { low };
    // Where those are left out, one of the next is not.
    let next = std::iter::successors(Some(low), |number| Some(number.next_up())).take(left_out.len() + 1);
    let mut candidates = [plain, 0.0].into_iter().chain((0..=17).flat_map(rounded)).chain(next);
    let fits = |number: f64| {
        max.is_none_or(|max| of_number(number).len() <= max as usize) && !left_out.contains(&number)
    };
    candidates.find(|number| (low..=high).contains(number) && fits(*number))
}
