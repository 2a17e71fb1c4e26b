//! Types, options and values, as they are written.

use super::Name;
use crate::text::{Docs, Text};
use crate::token::TokenRange;
use crate::{Place, Placed};

/// A type as it is written.
#[derive(Clone, Debug)]
pub enum Type {
    /// `enum { … }`
    Enum(Vec<Member>),
    /// `map<TYPE>`
    Map(NamedType),
    /// `timestamp(UNIT)`
    Timestamp(Name),
    /// `duration(UNIT)`
    Duration(Name),
    /// `object { NAME: TYPE, … }`, `object { … }[]`
    Object(ObjectType),
    /// `string`, `int[]`, `http.route`
    Named(NamedType),
}

/// An object as a type.
#[derive(Clone, Debug)]
pub struct ObjectType {
    /// Its members.
    pub members: Vec<ObjectMember>,
    /// Whether `[]` follows it.
    pub array: bool,
}

/// `NAME: TYPE?`
#[derive(Clone, Debug)]
pub struct ObjectMember {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// The type of its values.
    pub type_of: Placed<Type>,
    /// Whether it may be absent.
    pub optional: bool,
}

/// A type by its name.
#[derive(Clone, Debug)]
pub struct NamedType {
    /// The name.
    pub name: Name,
    /// Whether `[]` follows it.
    pub array: bool,
}

/// A member of an enum.
#[derive(Clone, Debug)]
pub struct Member {
    /// The `///` lines.
    pub docs: Docs,
    /// Its name.
    pub name: Name,
    /// What stands on the wire, where that isn't the name.
    pub wire: Option<Box<Placed<Expression>>>,
    /// What else is said of it: one option, since a comma stands before the next member.
    pub options: Vec<Opt>,
    /// Its tokens, docs included.
    pub tokens: TokenRange,
}

/// An option: `required`, `env=SERVICE_VERSION`, or a text that stands by itself.
#[derive(Clone, Debug)]
pub struct Opt {
    /// Its name; for a text that stands by itself, an empty one at the text's place.
    pub name: Name,
    /// What follows `=`, or the text.
    pub value: Option<Placed<Expression>>,
    /// The whole option.
    pub place: Place,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// `backend`, `service.name`
    Key(Text),
    /// `"text"`, with its escapes resolved
    String(Text),
    /// `5_000`, `30d`
    Number {
        /// The digits without `_`.
        digits: Text,
        /// The unit, or nothing.
        unit: Text,
    },
    /// `0..=5`: two numbers
    Range(Box<Placed<Expression>>, Box<Placed<Expression>>),
    /// `[a, b]`
    List(Vec<Placed<Expression>>),
    /// `to_string(code)`: a conversion of a payload
    Call(Name, Name),
    /// `one_of(a, all_of(b, c))`: names that are put together
    Combination(Name, Vec<Placed<Expression>>),
    /// `(outcome == Timeout and route present)`
    Conditions(Vec<Test>),
    /// A tag's value without quotes, up to the comma: it is read by its option, or by its key's type.
    Raw(Text),
}

/// A test of `when=(…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The field.
    pub field: Name,
    /// What passes.
    pub passes: Passes,
    /// The whole test.
    pub place: Place,
    /// Its tokens.
    pub tokens: TokenRange,
}

/// What passes a test.
#[derive(Clone, Debug, PartialEq)]
pub enum Passes {
    /// `== X`, `in [X, Y]`
    In(Vec<Placed<Expression>>),
    /// `not in [X, Y]`
    NotIn(Vec<Placed<Expression>>),
    /// `present`
    Present,
}

/// What `#[slo("…")]` says of a field.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The key.
    pub key: Name,
    /// What else is said.
    pub options: Vec<Opt>,
}
