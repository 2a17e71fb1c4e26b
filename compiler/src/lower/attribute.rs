//! Attributes, from text or from tables.

use crate::hash::{HashMap, HashSet};
use std::sync::Arc;

use slo_grammar::{Expression, FileId, NamedType, Place, Placed, Type as TypeSyntax};

use super::domain::{Constrained, Constraints, Mode, stability};
use super::examples::examples;
use super::literal::literal;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    Attribute, DURATIONS, Declared, Deprecation, Domain, Literal, Member, OBJECT_DEPTH, ObjectMember, Scalar,
    Type,
};
use crate::options::{Context, Options};
use crate::resolve::{AttributeRef, DeclarationId, Resolved};
use crate::session::Kept;
use crate::text::list;

/// How many keys may stand between a key and its type.
const MOST_STEPS: usize = 64;

/// The attributes of a run, each made once, when it is asked for.
pub(crate) struct Attributes<'l, 't> {
    resolved: &'l Resolved<'t>,
    root: usize,
    data: &'l dyn Fn(FileId, &str) -> Result<String, String>,
    made: HashMap<DeclarationId, Declared>,
    /// Those that the run of a session before made of declarations in which nothing has changed, if there is a session.
    kept: Option<Kept>,
    /// The declarations that are being made: one that asks for itself is circular.
    open: HashSet<Place>,
    /// The declarations with a constraint that could not be read, by the places of their keys.
    unsure: HashMap<Place, Reported>,
    /// The package of the last one that was made: most often the next one's too.
    package: Arc<str>,
    /// The declarations of which something was found, by the places of their keys.
    found: HashSet<Place>,
}

impl<'t> AttributeRef<'t> {
    pub(crate) fn key(&self) -> &'t str {
        match self {
            AttributeRef::Text(declaration) => &declaration.attribute.key.value,
            AttributeRef::Table(_, attribute) => attribute.key,
        }
    }
}

impl<'l, 't> Attributes<'l, 't> {
    pub(crate) fn new(
        resolved: &'l Resolved<'t>,
        root: usize,
        data: &'l dyn Fn(FileId, &str) -> Result<String, String>,
        kept: Option<Kept>,
    ) -> Attributes<'l, 't> {
        Attributes {
            resolved,
            root,
            data,
            made: HashMap::with_capacity_and_hasher(
                if kept.is_some() { 0 } else { resolved.vocabularies.declared_keys() },
                Default::default(),
            ),
            kept,
            open: HashSet::default(),
            unsure: HashMap::default(),
            package: Arc::default(),
            found: HashSet::default(),
        }
    }

    /// Lets go of what was made, so that whoever took it has it alone.
    pub(super) fn forget(&mut self) {
        self.made.clear();
        self.kept = None;
    }

    /// Whether a session may keep an attribute: it was made of its declaration alone, and nothing was found in it.
    pub(super) fn may_be_kept(&self, reference: AttributeRef<'_>) -> bool {
        let AttributeRef::Text(declaration) = reference else { return false };
        self.kept.is_some()
            && !self.found.contains(&declaration.attribute.key.place)
            && is_alone(declaration.attribute)
    }

    /// The attribute as the run before made it, where nothing of its declaration has changed.
    fn kept(&self, reference: AttributeRef<'_>) -> Option<&Arc<Attribute>> {
        let (AttributeRef::Text(declaration), Some(kept)) = (reference, &self.kept) else {
            return None;
        };
        let kept = kept.get(&declaration.attribute.key.place)?;
        (*kept.package == *declaration.package_name).then_some(kept)
    }

    /// The attribute; its mistakes are reported the first time, if it is the root's own.
    pub(crate) fn get(&mut self, reference: AttributeRef<'t>, diagnostics: &mut Vec<Diagnostic>) -> Declared {
        if let Some(kept) = self.kept(reference) {
            return Declared::Known(Arc::clone(kept));
        }
        if let Some(made) = self.made.get(&reference.id()) {
            return made.clone();
        }
        let made = match reference {
            AttributeRef::Table(_, attribute) => Declared::Known(Arc::new(attribute.into())),
            AttributeRef::Text(declaration) => {
                let mut found = Vec::new();
                let made = self.of_text(declaration.attribute, declaration.package_name, &mut found);
                if !found.is_empty() {
                    self.found.insert(declaration.attribute.key.place);
                }
                if self.resolved.packages.list[declaration.package].root == self.root {
                    diagnostics.append(&mut found);
                }
                made
            }
        };
        self.made.entry(reference.id()).or_insert(made).clone()
    }

    /// A package's name, shared by its attributes.
    fn package(&mut self, name: &str) -> Arc<str> {
        if *self.package != *name {
            self.package = name.into();
        }
        Arc::clone(&self.package)
    }

    fn of_text(
        &mut self,
        declared: &'t slo_grammar::Attribute,
        package: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Declared {
        let key = &declared.key.value;
        let options = Options::read(&declared.options, Context::Attribute, diagnostics);
        self.open.insert(declared.key.place);
        let base = self.type_of(key, &declared.type_of, diagnostics);
        self.open.remove(&declared.key.place);
        let sensitive = options.has("sensitive") || base.as_ref().is_ok_and(|base| base.sensitive);
        let domain = base.map(|base| {
            let Constrained { domain, unread } =
                Constraints { key, options: &options, mode: base.mode, data: self.data, diagnostics }
                    .apply(base.values);
            if let Some(unread) = unread {
                self.unsure.insert(declared.key.place, unread);
            }
            domain
        });
        let examples = match &domain {
            Ok(domain) => examples(key, &options, domain, diagnostics),
            Err(_) => Vec::new(),
        };
        let attribute = Attribute {
            node: None,
            package: self.package(package),
            key: key.as_str().to_owned(),
            docs: declared.docs.text(),
            domain: (),
            stability: stability(options.value("stability"), diagnostics),
            sensitive,
            deprecated: deprecation(&options, diagnostics),
            until: super::day::until(&options, diagnostics),
            examples,
        };
        match domain {
            Ok(domain) => Declared::Known(Arc::new(attribute.with(domain))),
            Err(reported) => Declared::Unknown(Arc::new(attribute.with(reported))),
        }
    }

    /// The values that a type has, as it is written behind `key`.
    pub(crate) fn type_of(
        &mut self,
        key: &str,
        type_of: &'t Placed<TypeSyntax>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Base, Reported> {
        let mut sensitive = false;
        let domain = match &type_of.value {
            TypeSyntax::Enum(members) => enum_of(key, type_of.place, members, diagnostics)?,
            TypeSyntax::Map(named) => {
                let inner = self.named(named, diagnostics)?;
                sensitive = inner.sensitive;
                match inner.values.domain.value {
                    Type::Map(_) => {
                        let message = "a family of families of keys has no keys";
                        return Err(Diagnostic::new(Code::Type, named.name.place, message)
                            .about(key)
                            .help("write `map<string>` or a map of another plain type")
                            .report(diagnostics));
                    }
                    value => Domain { value: Type::Map(Box::new(value)), ..inner.values.domain },
                }
            }
            TypeSyntax::Timestamp(unit) => {
                Domain::of(Type::Timestamp(one_of(unit, &["s", "ms", "us", "ns", "rfc3339"], diagnostics)?))
            }
            TypeSyntax::Duration(unit) => {
                let unit = one_of(unit, &DURATIONS, diagnostics)?;
                Domain { unit: Some(unit.clone()), ..Domain::of(Type::Duration(unit)) }
            }
            TypeSyntax::Object(object) => {
                let (members, found) = self.object(key, object, diagnostics)?;
                sensitive = found;
                let value = if object.array { Type::ObjectArray(members) } else { Type::Object(members) };
                if value.depth() > OBJECT_DEPTH {
                    let message = format!("objects in `{key}` stand more than {OBJECT_DEPTH} deep");
                    return Err(Diagnostic::new(Code::TooDeep, type_of.place, message)
                        .about(key)
                        .help("take the members of the inner ones up, under longer names")
                        .report(diagnostics));
                }
                Domain::of(value)
            }
            TypeSyntax::Named(named) => return self.named(named, diagnostics),
        };
        Ok(Base { values: domain.into(), mode: Mode::Declare, sensitive })
    }

    /// The members of an object, and whether one of them is sensitive.
    fn object(
        &mut self,
        key: &str,
        object: &'t slo_grammar::ObjectType,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<(Vec<ObjectMember>, bool), Reported> {
        let (mut members, mut sensitive): (Vec<ObjectMember>, bool) = (Vec::new(), false);
        let mut seen: HashMap<&str, Place> = HashMap::default();
        let mut unknown = None;
        for member in &object.members {
            let name = member.name.value.as_str();
            let own = format!("{key}.{name}");
            if name.is_empty() {
                unknown = Some(
                    Diagnostic::new(
                        Code::EmptyPart,
                        member.name.place,
                        format!("a member of the object `{key}` has no name"),
                    )
                    .about(key)
                    .help("name it: its key is the object's, a dot and this")
                    .report(diagnostics),
                );
                continue;
            }
            if let Some(first) = seen.insert(name, member.name.place) {
                let message = format!("the object `{key}` has two members `{name}`");
                let twice = Diagnostic::new(Code::DeclaredTwice, member.name.place, message);
                diagnostics.push(
                    twice
                        .about(&own)
                        .and(first, "the first one")
                        .help("take one of them out, or give it another name"),
                );
                continue;
            }
            let base = match self.type_of(&own, &member.type_of, diagnostics) {
                Ok(base) => base,
                Err(reported) => {
                    unknown = Some(reported);
                    continue;
                }
            };
            sensitive |= base.sensitive;
            let domain = match base.values.known() {
                Ok(domain) => domain,
                Err(reported) => {
                    unknown = Some(reported);
                    continue;
                }
            };
            if domain.value.value_type().is_none() && domain.value.object().is_none() {
                let message = format!("a log record can't hold `{own}`, which is {}", domain.value);
                unknown = Some(
                    Diagnostic::new(Code::NotAnAttribute, member.type_of.place, message)
                        .about(&own)
                        .help("a member is a string, a number, a boolean, an object, or a list of these")
                        .report(diagnostics),
                );
                continue;
            }
            let (name, docs) = (name.to_owned(), member.docs.text());
            let attribute = self.attribute_of(&member.type_of).unwrap_or_default();
            members.push(ObjectMember { name, docs, attribute, optional: member.optional, domain });
        }
        match unknown {
            Some(reported) => Err(reported),
            None => Ok((members, sensitive)),
        }
    }

    /// The key of the attribute that a type names.
    fn attribute_of(&self, type_of: &Placed<TypeSyntax>) -> Option<String> {
        let TypeSyntax::Named(named) = &type_of.value else { return None };
        let name = &named.name.value;
        if named.array || name == "any" || Scalar::from_name(name).is_some() {
            return None;
        }
        match self.resolved.attribute(&named.name).ok()? {
            (AttributeRef::Text(declaration), false) => {
                Some(declaration.attribute.key.value.as_str().to_owned())
            }
            (AttributeRef::Table(_, attribute), false) => Some(attribute.key.to_owned()),
            // One key of a family.
            (_, true) => Some(name.as_str().to_owned()),
        }
    }

    /// The values of a declared key, of which this is the attribute.
    pub(crate) fn values(
        &self,
        reference: AttributeRef<'_>,
        attribute: &Declared,
    ) -> Result<Constrained, Reported> {
        let unread = match reference {
            AttributeRef::Text(declaration) => self.unsure.get(&declaration.attribute.key.place).copied(),
            AttributeRef::Table(..) => None,
        };
        Ok(Constrained { domain: attribute.read()?.clone(), unread })
    }

    fn named(&mut self, named: &'t NamedType, diagnostics: &mut Vec<Diagnostic>) -> Result<Base, Reported> {
        let name = &named.name.value;
        if let Some(scalar) = Scalar::from_name(name) {
            let value = if named.array { Type::Array(scalar) } else { Type::Scalar(scalar) };
            return Ok(Base { values: Domain::of(value).into(), mode: Mode::Declare, sensitive: false });
        }
        if name == "any" && !named.array {
            return Ok(Base { values: Domain::of(Type::Any).into(), mode: Mode::Declare, sensitive: false });
        }
        let (reference, of_family) = self.resolved.attribute(&named.name)?;
        if let AttributeRef::Text(declaration) = reference
            && self.open.contains(&declaration.attribute.key.place)
        {
            let message = format!("the type of `{name}` is made of itself");
            return Err(Diagnostic::new(Code::Circular, named.name.place, message)
                .about(name)
                .here("this closes the circle")
                .and(declaration.attribute.key.place, "declared here")
                .help("give one of them a type of its own")
                .report(diagnostics));
        }
        // Each step takes its share of the stack.
        if self.open.len() > MOST_STEPS {
            let message = format!("the type of `{name}` is more than {MOST_STEPS} keys away");
            return Err(Diagnostic::new(Code::TooDeep, named.name.place, message)
                .about(name)
                .help("name the type itself")
                .report(diagnostics));
        }
        let attribute = self.get(reference, diagnostics);
        let Constrained { mut domain, unread } = self.values(reference, &attribute)?;
        if of_family {
            domain = domain.of_family();
        }
        if named.array {
            match domain.value {
                Type::Scalar(scalar) => domain.value = Type::Array(scalar),
                Type::Object(members) => domain.value = Type::ObjectArray(members),
                _ => {
                    let message = format!("there is no list of `{}`", domain.value);
                    return Err(Diagnostic::new(Code::Type, named.name.place, message)
                        .about(name)
                        .help("lists hold strings, ints, doubles or booleans")
                        .report(diagnostics));
                }
            }
        }
        let declared = match reference {
            AttributeRef::Text(declaration) => Some(declaration.attribute.key.place),
            AttributeRef::Table(..) => None,
        };
        let values = Constrained { domain, unread };
        Ok(Base { values, mode: Mode::Narrow(declared), sensitive: attribute.head().sensitive })
    }
}

/// Whether a declaration says all of its attribute: its type is no other attribute, and its values stand in no other file.
fn is_alone(declared: &slo_grammar::Attribute) -> bool {
    let by_itself = match &declared.type_of.value {
        TypeSyntax::Named(named) | TypeSyntax::Map(named) => {
            named.name.value == "any" || Scalar::from_name(&named.name.value).is_some()
        }
        TypeSyntax::Enum(_) | TypeSyntax::Timestamp(_) | TypeSyntax::Duration(_) => true,
        // A member may be of another attribute's type.
        TypeSyntax::Object(_) => false,
    };
    by_itself && declared.options.iter().all(|option| option.name.value != "values")
}

/// The values of a type.
pub(crate) struct Base {
    pub(crate) values: Constrained,
    /// Where the type is another attribute, its constraints may only be narrowed.
    pub(crate) mode: Mode,
    /// Whether the type is another attribute, or made of one, that must not be shown.
    pub(crate) sensitive: bool,
}

fn one_of(
    unit: &slo_grammar::Name,
    units: &[&str],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<String, Reported> {
    if units.contains(&unit.value.as_str()) {
        return Ok(unit.value.as_str().to_owned());
    }
    let message = format!("there is no unit `{}` here", unit.value);
    let diagnostic = Diagnostic::new(Code::OptionValue, unit.place, message);
    Err(diagnostic.help(format!("the units are {}", list(units))).report(diagnostics))
}

fn enum_of(
    key: &str,
    place: Place,
    members: &[slo_grammar::Member],
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<Domain, Reported> {
    let mut made: Vec<(Member, Place)> = Vec::new();
    let mut names: HashMap<&str, Place> = HashMap::default();
    let mut wires: HashMap<String, (Place, String)> = HashMap::default();
    let is_int = |member: &slo_grammar::Member| {
        matches!(member.wire.as_ref().map(|wire| &wire.value), Some(Expression::Number { .. }))
    };
    let scalar = if members.first().is_some_and(is_int) { Scalar::Int } else { Scalar::String };
    for (number, member) in members.iter().enumerate() {
        if let Some(day) = day_of(member) {
            let before = number.checked_sub(1).and_then(|number| members.get(number));
            let going = before.map_or("NAME", |before| before.name.value.as_str());
            let message = format!("`until` is no member of `{key}`: it says when a member goes");
            diagnostics.push(
                Diagnostic::new(Code::UnknownOption, member.name.place, message)
                    .about("until")
                    .about(key)
                    .help(format!("it stands behind a colon, at the member: `{going}: until=\"{day}\"`")),
            );
            continue;
        }
        let wire = match &member.wire {
            None if scalar == Scalar::Int => Err(Diagnostic::new(
                Code::BadEnum,
                member.name.place,
                format!("the members of `{key}` are numbers, and `{}` has none", member.name.value),
            )
            .help(format!("write `{} = {}`, say", member.name.value, unused(&made)))),
            None => Ok(Literal::String(member.name.value.as_str().to_owned())),
            Some(wire) => literal(key, wire, &Domain::of(Type::Scalar(scalar))).map_err(|error| *error),
        };
        let wire = match wire {
            Ok(wire) => wire,
            Err(diagnostic) => {
                diagnostics.push(diagnostic.about(key));
                continue;
            }
        };
        let shown = wire.value().to_string();
        if let Some(first) = names.get(member.name.value.as_str()) {
            let message = format!("`{key}` has two members `{}`", member.name.value);
            diagnostics.push(
                Diagnostic::new(Code::BadEnum, member.name.place, message)
                    .about(key)
                    .and(*first, "the first one")
                    .help("take one of them out, or give it another name"),
            );
            continue;
        }
        if let Some((first, name)) = wires.get(&shown) {
            let message =
                format!("`{name}` and `{}` of `{key}` are both `{shown}` on the wire", member.name.value);
            diagnostics.push(
                Diagnostic::new(Code::BadEnum, member.name.place, message)
                    .about(key)
                    .and(*first, "the first one")
                    .help("members that are one value are one member"),
            );
            continue;
        }
        let options = Options::read(&member.options, Context::Member, diagnostics);
        let until = super::day::until(&options, diagnostics);
        names.insert(&member.name.value, member.name.place);
        wires.insert(shown, (member.name.place, member.name.value.as_str().to_owned()));
        made.push((
            Member { name: member.name.value.as_str().to_owned(), wire, docs: member.docs.text(), until },
            member.name.place,
        ));
    }
    if members.is_empty() {
        let message = format!("the enum of `{key}` has no members");
        return Err(Diagnostic::new(Code::BadEnum, place, message)
            .about(key)
            .help("name at least one: `enum { card, wallet }`")
            .report(diagnostics));
    }
    let members = made.into_iter().map(|(member, _)| member).collect();
    Ok(Domain { members: Some(members), ..Domain::of(Type::Scalar(scalar)) })
}

/// The day that a member has for its value, where `until=` of another one was meant: `enum { card, until="2027-06-30" }`.
fn day_of(member: &slo_grammar::Member) -> Option<&str> {
    match member.wire.as_ref().map(|wire| &wire.value) {
        Some(Expression::String(text)) if member.name.value.as_str() == "until" => {
            Some(text.as_str()).filter(|text| crate::day::is_written_as_day(text))
        }
        _ => None,
    }
}

/// A number that no member has.
fn unused(members: &[(Member, Place)]) -> i64 {
    let numbers = members.iter().filter_map(|(member, _)| match member.wire {
        Literal::Int(number) => Some(number),
        _ => None,
    });
    numbers.max().map_or(0, |most| most.saturating_add(1))
}

/// What `deprecated`, `deprecated=KEY` and `deprecated="why"` say.
pub(crate) fn deprecation(options: &Options<'_>, diagnostics: &mut Vec<Diagnostic>) -> Option<Deprecation> {
    let option = options.get("deprecated")?;
    match option.value.as_ref().map(|value| (&value.value, value.place)) {
        None => Some(Deprecation::Reason(String::new())),
        Some((Expression::Key(key), _)) => Some(Deprecation::Successor(key.as_str().to_owned())),
        Some((Expression::String(reason), _)) => Some(Deprecation::Reason(reason.as_str().to_owned())),
        Some((_, place)) => {
            diagnostics.push(crate::options::wrong_kind(
                "deprecated",
                place,
                "the key that took its place, or a reason in quotes",
            ));
            None
        }
    }
}
