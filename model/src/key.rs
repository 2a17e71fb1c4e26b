//! A key with its type, its constraints and the source of its value.

use std::borrow::Cow;
use std::fmt;

use crate::table::packed::packed;
use crate::{Literal, Object, Template, Unfit, Value, ValueType};

packed! {
    /// The numbers that a key allows, both ends included.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Range {
        /// From the first integer to the second.
        Int(low: i64, high: i64),
        /// From the first number to the second.
        Double(low: f64, high: f64),
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Range::Int(low, high) => write!(formatter, "{low}..={high}"),
            Range::Double(low, high) => write!(formatter, "{low:?}..={high:?}"),
        }
    }
}

packed! {
    /// A value that a key lists.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Member<'a> {
        /// Its name in the contract.
        pub name: &'a str,
        /// What stands on the wire: a text or an integer.
        pub wire: Literal<'a>,
    }

    /// Where the value of a resource's or a scope's key comes from.
    ///
    /// Whatever the source, a value is looked for in one order: the constant, the program, the variables of the
    /// environment, what was detected, the default.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub enum Source<'a> {
        /// The program gives it and must.
        Required,
        /// The program gives it if it can.
        Optional,
        /// It is a constant of the contract.
        Static(value: Literal<'a>),
        /// It stands in the first of these variables of the environment that is set.
        Environment(variables: &'a [&'a str]),
        /// The SDK's detectors give it.
        Auto,
    }

    /// A key of a resource or a scope. Built as `Key { source: …, ..Key::new(…) }`, in constants too.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct Key<'a> {
        /// The key, such as `service.name`.
        pub name: &'a str,
        /// The type of its values.
        pub value_type: ValueType,
        /// Where its value comes from.
        pub source: Source<'a>,
        /// The value if no source gives one.
        pub default: Option<Literal<'a>>,
        /// The values that are allowed; `None` where there is no list.
        pub members: Option<&'a [Member<'a>]>,
        /// Whether values beyond `members` occur.
        pub open: bool,
        /// The range of a number.
        pub range: Option<Range>,
        /// The numbers that are left out of the range, or of all numbers.
        pub except: &'a [Literal<'a>],
        /// The greatest length of a text, in characters.
        pub max_length: Option<u32>,
        /// The members of an object, or of each object of a list: those of a member that is an object itself stand behind it, one
        /// deeper.
        pub object: &'a [ObjectMember<'a>],
        /// The template that a text follows.
        pub matches: Option<Template<'a>>,
        /// Where the contract says all this, as `pay.slo:25`.
        pub place: &'a str,
    }
}

packed! {
    /// A member of an object.
    #[derive(Clone, Copy, Debug, PartialEq)]
    pub struct ObjectMember<'a> {
        /// How deep it stands: 0 in the object itself.
        pub depth: u16,
        /// Whether it may be absent.
        pub optional: bool,
        /// Its name and its values.
        pub key: Key<'a>,
    }
}

impl<'a> Key<'a> {
    /// A key whose value the program may give, without constraints.
    #[must_use]
    pub const fn new(name: &'a str, value_type: ValueType, place: &'a str) -> Key<'a> {
        Key {
            name,
            value_type,
            source: Source::Optional,
            default: None,
            members: None,
            open: false,
            range: None,
            except: &[],
            max_length: None,
            object: &[],
            matches: None,
            place,
        }
    }

    /// Whether the value has the key's type and keeps its members, range and length. In a list each element is
    /// checked. A template is not looked at: it needs the other keys' values, see [`Template::matches`].
    ///
    /// # Errors
    /// Says why the value doesn't fit.
    pub fn check(&self, value: &Value<'_>) -> Result<(), Unfit> {
        if !value.value_type().fits(self.value_type) {
            let found = value.value_type().with_article();
            return Err(Unfit::Type { expected: self.value_type, found });
        }
        match value {
            Value::String(text) => self.check_text(text),
            Value::Int(number) => self.check_int(*number),
            Value::Double(number) => self.check_double(*number),
            Value::Bool(_) | Value::BoolArray(_) => Ok(()),
            Value::StringArray(list) => list.iter().try_for_each(|text| self.check_text(text)),
            Value::IntArray(list) => list.iter().try_for_each(|number| self.check_int(*number)),
            Value::DoubleArray(list) => list.iter().try_for_each(|number| self.check_double(*number)),
            Value::Object(object) => check_object(self.object, 0, object),
            Value::ObjectArray(list) => {
                list.iter().try_for_each(|object| check_object(self.object, 0, object))
            }
        }
    }

    fn check_text(&self, text: &str) -> Result<(), Unfit> {
        self.check_member(
            |wire| matches!(wire, Literal::String(member) if *member == text),
            || text.to_owned(),
        )?;
        let length = text.chars().count();
        match self.max_length {
            Some(max) if length > max as usize => Err(Unfit::Length { length, max }),
            _ => Ok(()),
        }
    }

    fn check_int(&self, number: i64) -> Result<(), Unfit> {
        self.check_member(
            |wire| matches!(wire, Literal::Int(member) if *member == number),
            || number.to_string(),
        )?;
        let inside = match self.range {
            None => true,
            Some(Range::Int(low, high)) => (low..=high).contains(&number),
            Some(Range::Double(low, high)) => (low..=high).contains(&(number as f64)),
        };
        let excepted = |other: &Literal<'_>| matches!(other, Literal::Int(other) if *other == number);
        self.check_range(inside, excepted, || number.to_string())
    }

    fn check_double(&self, number: f64) -> Result<(), Unfit> {
        if !number.is_finite() {
            return Err(Unfit::NotFinite);
        }
        let inside = match self.range {
            None => true,
            Some(Range::Int(low, high)) => (low as f64..=high as f64).contains(&number),
            Some(Range::Double(low, high)) => (low..=high).contains(&number),
        };
        let excepted = |other: &Literal<'_>| matches!(other, Literal::Double(other) if *other == number);
        self.check_range(inside, excepted, || format!("{number:?}"))
    }

    fn check_range(
        &self,
        inside: bool,
        excepted: impl Fn(&Literal<'_>) -> bool,
        value: impl Fn() -> String,
    ) -> Result<(), Unfit> {
        match self.range {
            Some(range) if !inside => Err(Unfit::Range { value: value(), range }),
            _ if self.except.iter().any(excepted) => Err(Unfit::Excepted { value: value() }),
            _ => Ok(()),
        }
    }

    fn check_member(
        &self,
        is: impl Fn(&Literal<'_>) -> bool,
        value: impl Fn() -> String,
    ) -> Result<(), Unfit> {
        match self.members {
            Some(members) if !self.open && !members.iter().any(|member| is(&member.wire)) => {
                let members = members.iter().map(|member| Value::from(member.wire).to_string()).collect();
                Err(Unfit::Members { value: value(), members })
            }
            _ => Ok(()),
        }
    }

    /// Reads text, as a variable of the environment holds it, as a value of the key's type. A list's elements
    /// stand between commas. Constraints are not looked at, see [`Key::check`].
    ///
    /// # Errors
    /// Says why the text is no value of the type.
    pub fn parse<'t>(&self, text: &'t str) -> Result<Value<'t>, Unfit> {
        match self.value_type {
            ValueType::String | ValueType::Any => Ok(Value::String(Cow::Borrowed(text))),
            ValueType::Int => parse_int(text).map(Value::Int),
            ValueType::Double => parse_double(text).map(Value::Double),
            ValueType::Bool => parse_bool(text).map(Value::Bool),
            ValueType::StringArray => Ok(Value::StringArray(elements(text).map(Cow::Borrowed).collect())),
            ValueType::IntArray => {
                elements(text).map(parse_int).collect::<Result<_, _>>().map(Value::IntArray)
            }
            ValueType::DoubleArray => {
                elements(text).map(parse_double).collect::<Result<_, _>>().map(Value::DoubleArray)
            }
            ValueType::BoolArray => {
                elements(text).map(parse_bool).collect::<Result<_, _>>().map(Value::BoolArray)
            }
            object @ (ValueType::Object | ValueType::ObjectArray) => Err(unreadable(object, "text")),
        }
    }
}

/// Whether an object has the members of this depth, at the begin of a list of members, and no other.
fn check_object(members: &[ObjectMember<'_>], depth: u16, object: &Object<'_>) -> Result<(), Unfit> {
    let in_member = |name: &str, why: Unfit| Unfit::Member { name: name.to_owned(), why: Box::new(why) };
    // What is deeper belongs to the member before it.
    let own = || members.iter().enumerate().filter(|(_, member)| member.depth == depth);
    for (at, member) in own() {
        let name = member.key.name;
        let Some((_, value)) = object.iter().find(|(other, _)| other == name) else {
            if member.optional {
                continue;
            }
            return Err(in_member(name, Unfit::Missing));
        };
        let within = members.get(at + 1..).unwrap_or_default();
        let count = within.iter().take_while(|inner| inner.depth > depth).count();
        let within = within.get(..count).unwrap_or_default();
        let checked = match value {
            Value::Object(inner) if member.key.value_type == ValueType::Object => {
                check_object(within, depth + 1, inner)
            }
            Value::ObjectArray(list) if member.key.value_type == ValueType::ObjectArray => {
                list.iter().try_for_each(|inner| check_object(within, depth + 1, inner))
            }
            value => member.key.check(value),
        };
        checked.map_err(|why| in_member(name, why))?;
    }
    let is_known = |name: &str| own().any(|(_, member)| member.key.name == name);
    match object.iter().find(|(name, _)| !is_known(name)) {
        Some((name, value)) => {
            let found = format!("{} that the contract does not have", value.value_type().with_article());
            Err(in_member(name, Unfit::Type { expected: ValueType::Object, found }))
        }
        None => Ok(()),
    }
}

fn elements(text: &str) -> impl Iterator<Item = &str> {
    text.split(',').map(str::trim).filter(|element| !element.is_empty())
}

fn parse_int(text: &str) -> Result<i64, Unfit> {
    let text = text.trim();
    text.parse().map_err(|_| {
        let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Unfit::TooLarge { value: text.to_owned() }
        } else {
            unreadable(ValueType::Int, "text that is no integer")
        }
    })
}

fn parse_double(text: &str) -> Result<f64, Unfit> {
    match text.trim().parse::<f64>() {
        Ok(number) if number.is_finite() => Ok(number),
        Ok(_) => Err(Unfit::NotFinite),
        Err(_) => Err(unreadable(ValueType::Double, "text that is no number")),
    }
}

fn parse_bool(text: &str) -> Result<bool, Unfit> {
    match text.trim() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(unreadable(ValueType::Bool, "text that is neither `true` nor `false`")),
    }
}

fn unreadable(expected: ValueType, found: &str) -> Unfit {
    Unfit::Type { expected, found: found.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIERS: &[Member<'static>] = &[
        Member { name: "frontend", wire: Literal::String("frontend") },
        Member { name: "backend", wire: Literal::String("back-end") },
    ];

    fn why(key: &Key<'_>, value: Value<'_>) -> String {
        key.check(&value).map_or_else(|unfit| unfit.to_string(), |()| "fits".to_owned())
    }

    #[test]
    fn a_value_fits_its_type_members_range_and_length() {
        let tier = Key { members: Some(TIERS), ..Key::new("service.tier", ValueType::String, "") };
        assert_eq!(why(&tier, Value::String("back-end".into())), "fits");
        assert_eq!(why(&tier, Value::String("silver".into())), "`silver` is none of `frontend`, `back-end`");
        assert_eq!(why(&tier, Value::Int(1)), "expected `string`, found an `int`");
        assert_eq!(why(&Key { open: true, ..tier }, Value::String("silver".into())), "fits");

        let amount = Key { range: Some(Range::Int(0, 5)), ..Key::new("amount", ValueType::Int, "") };
        assert_eq!(why(&amount, Value::Int(5)), "fits");
        assert_eq!(why(&amount, Value::Int(6)), "`6` is outside the range `0..=5`");

        let ratio = Key { range: Some(Range::Double(0.0, 1.0)), ..Key::new("ratio", ValueType::Double, "") };
        assert_eq!(why(&ratio, Value::Double(1.5)), "`1.5` is outside the range `0.0..=1.0`");
        assert_eq!(why(&ratio, Value::Double(f64::NAN)), "the number is not finite");
        assert_eq!(why(&ratio, Value::Int(1)), "fits");

        let holes = [Literal::Int(404), Literal::Int(429)];
        let code = Key {
            range: Some(Range::Int(400, 499)),
            except: &holes,
            ..Key::new("code", ValueType::IntArray, "")
        };
        assert_eq!(code.check(&Value::IntArray(vec![400, 405])), Ok(()));
        assert_eq!(
            code.check(&Value::IntArray(vec![400, 404])),
            Err(Unfit::Excepted { value: "404".to_owned() })
        );
        let ratio = Key { except: &[Literal::Double(0.0)], ..Key::new("ratio", ValueType::Double, "") };
        assert!(ratio.check(&Value::Double(0.5)).is_ok() && ratio.check(&Value::Double(-0.0)).is_err());
        let short = Key { max_length: Some(2), ..Key::new("short", ValueType::StringArray, "") };
        assert_eq!(why(&short, Value::StringArray(vec!["éé".into()])), "fits");
        assert_eq!(
            why(&short, Value::StringArray(vec!["a".into(), "abc".into()])),
            "3 characters are more than the 2 that are allowed"
        );
    }

    #[test]
    fn an_object_has_its_members_and_no_other() {
        let member = |depth, optional, key| ObjectMember { depth, optional, key };
        let members = [
            member(0, false, Key::new("id", ValueType::String, "")),
            member(0, true, Key::new("items", ValueType::ObjectArray, "")),
            member(1, false, Key { range: Some(Range::Int(1, 9)), ..Key::new("count", ValueType::Int, "") }),
            member(0, true, Key::new("note", ValueType::String, "")),
        ];
        let order = Key { object: &members, ..Key::new("order", ValueType::Object, "") };
        let object = |members: &[(&'static str, Value<'static>)]| -> Object<'static> {
            members.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect()
        };
        let items = |count| Value::ObjectArray(vec![object(&[("count", Value::Int(count))])]);
        let id = ("id", Value::String("a".into()));
        let of = |members: &[(&'static str, Value<'static>)]| why(&order, Value::Object(object(members)));
        assert_eq!(of(std::slice::from_ref(&id)), "fits");
        assert_eq!(of(&[id.clone(), ("items", items(3))]), "fits");
        assert_eq!(of(&[("items", items(3))]), "`id`: there is no value");
        assert_eq!(
            of(&[id.clone(), ("items", items(10))]),
            "`items`: `count`: `10` is outside the range `1..=9`"
        );
        assert_eq!(
            of(&[id.clone(), ("noet", Value::Int(1))]),
            "`noet`: expected `object`, found an `int` that the contract does not have"
        );
        assert_eq!(why(&order, Value::Int(1)), "expected `object`, found an `int`");
        let any = Key::new("any", ValueType::Any, "");
        assert_eq!(why(&any, Value::Object(object(&[id]))), "expected `any`, found an `object`");
    }

    #[test]
    fn text_becomes_a_value_of_the_type() {
        let read =
            |value_type, text| Key::new("key", value_type, "").parse(text).map_err(|unfit| unfit.to_string());
        assert_eq!(read(ValueType::Int, " -12 "), Ok(Value::Int(-12)));
        assert_eq!(
            read(ValueType::Int, "9223372036854775808"),
            Err("`9223372036854775808` does not fit a signed integer of 64 bits".to_owned())
        );
        assert_eq!(
            read(ValueType::Int, "1.5"),
            Err("expected `int`, found text that is no integer".to_owned())
        );
        assert_eq!(read(ValueType::Double, "1.5"), Ok(Value::Double(1.5)));
        assert_eq!(read(ValueType::Double, "inf"), Err("the number is not finite".to_owned()));
        assert_eq!(read(ValueType::Bool, "true"), Ok(Value::Bool(true)));
        assert_eq!(
            read(ValueType::Bool, "yes"),
            Err("expected `bool`, found text that is neither `true` nor `false`".to_owned())
        );
        assert_eq!(read(ValueType::IntArray, "1, 2,"), Ok(Value::IntArray(vec![1, 2])));
        assert_eq!(
            read(ValueType::StringArray, "a, b"),
            Ok(Value::StringArray(vec!["a".into(), "b".into()]))
        );
    }
}
