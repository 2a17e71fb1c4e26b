//! Constraints: which values an attribute has, and how an entry narrows them.

use slo_grammar::{Expression, FileId, Place, Placed};

use super::literal::{literal, unraw};
use super::options::{Options, count_of, text_of, word_of, wrong_kind};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Bounded, Domain, Literal, Member, Range, Type};
use crate::syntax::syntax_diagnostic;
use crate::text::{some_of, with_article};

/// How constraints are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// They belong to the declaration itself.
    Declare,
    /// They narrow what was declared at this place, and may not widen it.
    Narrow(Option<Place>),
    /// They repeat what was declared at this place, and must be equal.
    Repeat(Option<Place>),
}

/// Applies constraints to a domain.
pub(crate) struct Constraints<'c> {
    pub(crate) key: &'c str,
    pub(crate) options: &'c Options<'c>,
    pub(crate) mode: Mode,
    /// Reads the list of `values="file"`.
    pub(crate) data: &'c dyn Fn(FileId, &str) -> Result<String, String>,
    pub(crate) diagnostics: &'c mut Vec<Diagnostic>,
}

impl Constraints<'_> {
    /// The domain with the constraints that the options state.
    pub(crate) fn apply(mut self, base: &Domain) -> Domain {
        let mut domain = base.clone();
        self.unit(&mut domain);
        self.range(&mut domain);
        self.max(&mut domain);
        self.only(&mut domain);
        self.values(&mut domain);
        if let Some(option) = self.options.get("open") {
            if domain.members.is_none() {
                self.misfit(option.place, "`open` is for an enum: other types are open anyway");
            } else {
                domain.open = true;
            }
        }
        self.bounded(&mut domain);
        domain
    }

    fn unit(&mut self, domain: &mut Domain) {
        let Some(value) = self.options.value("unit") else { return };
        let Some(unit) = text_of("unit", value, self.diagnostics) else { return };
        if unit.value.is_empty()
            || unit.value.chars().any(|character| character.is_control() || character == ' ')
        {
            self.diagnostics.push(
                wrong_kind("unit", unit.place, "a unit of UCUM")
                    .about(self.key)
                    .help("such as `s`, `By`, `1` or `{request}`"),
            );
            return;
        }
        if let Some(base) = domain.unit.as_ref().filter(|base| **base != unit.value) {
            let message = format!("`{}` has the unit `{base}` already", self.key);
            return self.misfit(unit.place, &message);
        }
        domain.unit = Some(unit.value);
    }

    fn range(&mut self, domain: &mut Domain) {
        let Some(value) = self.options.value("range") else { return };
        let value = match unraw(value) {
            Ok(value) => value,
            Err(error) => return self.diagnostics.push(syntax_diagnostic(&error)),
        };
        if !domain.value.is_number() {
            return self.misfit(
                value.place,
                &format!(
                    "a range is for numbers, and `{}` is {}",
                    self.key,
                    with_article(&domain.type_name())
                ),
            );
        }
        let Expression::Range(low, high) = &value.value else {
            let diagnostic = wrong_kind("range", value.place, "a range, both ends included");
            return self.diagnostics.push(diagnostic.about(self.key).help("such as `0..=100`"));
        };
        let ends = Domain::of(match &domain.value {
            Type::Array(scalar) => Type::Scalar(*scalar),
            Type::Map(inner) => (**inner).clone(),
            other => other.clone(),
        });
        let (low, high) = match (literal(self.key, low, &ends), literal(self.key, high, &ends)) {
            (Ok(low), Ok(high)) => (low, high),
            (low, high) => {
                let errors = [low.err(), high.err()].into_iter().flatten();
                return self.diagnostics.extend(errors.map(|error| *error));
            }
        };
        let (range, empty) = match (low, high) {
            (Literal::Int(low), Literal::Int(high)) => (Range::Int(low, high), low > high),
            (Literal::Double(low), Literal::Double(high)) => (Range::Double(low, high), low > high),
            _ => return,
        };
        if empty {
            let help = "write the smaller number first";
            return self.diagnostics.push(
                Diagnostic::new(Code::Constraint, value.place, "the range is empty")
                    .about(self.key)
                    .help(help),
            );
        }
        match domain.range {
            Some(base) => {
                let shown = format!("`{}`", slo_model::Range::from(base));
                self.narrows(value.place, "range", within(range, base), range == base, &shown);
            }
            None => self.narrows(value.place, "range", true, false, "nothing"),
        }
        domain.range = Some(range);
    }

    fn max(&mut self, domain: &mut Domain) {
        let Some(value) = self.options.value("max") else { return };
        let Some(max) = count_of("max", value, self.diagnostics) else { return };
        if !domain.value.is_text() {
            return self.misfit(
                value.place,
                &format!(
                    "`max` is a length of text, and `{}` is {}",
                    self.key,
                    with_article(&domain.type_name())
                ),
            );
        }
        match domain.max_length {
            Some(base) => self.narrows(value.place, "max", max <= base, max == base, &format!("`{base}`")),
            None => self.narrows(value.place, "max", true, false, "nothing"),
        }
        domain.max_length = Some(max);
    }

    fn only(&mut self, domain: &mut Domain) {
        let Some(value) = self.options.value("only") else { return };
        let value = match unraw(value) {
            Ok(value) => value,
            Err(error) => return self.diagnostics.push(syntax_diagnostic(&error)),
        };
        let single = std::slice::from_ref(&value);
        let elements = if let Expression::List(list) = &value.value { list.as_slice() } else { single };
        let of_one = Domain {
            value: match &domain.value {
                Type::Array(scalar) => Type::Scalar(*scalar),
                other => other.clone(),
            },
            ..domain.clone()
        };
        if !matches!(
            of_one.value.value_type(),
            Some(slo_model::ValueType::String | slo_model::ValueType::Int)
        ) {
            return self.misfit(
                value.place,
                &format!(
                    "`only` is for enums, strings and ints, and `{}` is {}",
                    self.key,
                    with_article(&domain.type_name())
                ),
            );
        }
        let mut members: Vec<Member> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for element in elements {
            let wire = match literal(self.key, element, &of_one) {
                Ok(wire) => wire,
                Err(error) => {
                    self.diagnostics.push(*error);
                    continue;
                }
            };
            let known = domain.members.iter().flatten().find(|member| member.wire == wire).cloned();
            let outside = known.is_none() && domain.members.is_some() && !domain.open;
            if outside {
                let members: Vec<String> =
                    domain.members.iter().flatten().map(|member| member.wire.value().to_string()).collect();
                if self.mode == Mode::Declare {
                    let message = format!("`{}` is no member of `{}`", wire.value(), self.key);
                    let help = format!("its members are {}", some_of(&members));
                    self.diagnostics.push(
                        Diagnostic::new(Code::NotAMember, element.place, message).about(self.key).help(help),
                    );
                } else {
                    self.narrows(element.place, "only", false, false, &some_of(&members));
                }
            }
            if !seen.insert(wire.value().to_string()) {
                let message = format!("`{}` stands twice in the list", wire.value());
                self.diagnostics.push(
                    Diagnostic::new(Code::BadEnum, element.place, message)
                        .about(self.key)
                        .help("take one of them out"),
                );
                continue;
            }
            let name = wire.value().to_string();
            members.push(known.unwrap_or(Member { name, wire, docs: String::new() }));
        }
        if members.is_empty() && !elements.is_empty() {
            return;
        }
        if members.is_empty() {
            let message = "a list of no values allows none";
            return self.diagnostics.push(
                Diagnostic::new(Code::Constraint, value.place, message)
                    .about(self.key)
                    .help("name at least one value"),
            );
        }
        if let Mode::Repeat(_) = self.mode {
            let same = domain.members.as_ref().is_some_and(|base| {
                base.len() == members.len()
                    && members.iter().all(|member| base.iter().any(|other| other.wire == member.wire))
            });
            self.narrows(value.place, "only", true, same && !domain.open, "another list");
        }
        domain.members = Some(members);
        domain.open = false;
    }

    fn values(&mut self, domain: &mut Domain) {
        let Some(value) = self.options.value("values") else { return };
        let Some(path) = text_of("values", value, self.diagnostics) else { return };
        if !matches!(domain.value.value_type(), Some(slo_model::ValueType::String))
            || domain.members.is_some()
        {
            return self.misfit(
                value.place,
                &format!(
                    "`values` is for strings, and `{}` is {}",
                    self.key,
                    with_article(&domain.type_name())
                ),
            );
        }
        let outside = path.value.starts_with('/')
            || path.value.contains('\\')
            || path.value.split('/').any(|part| part == "..");
        let text = if outside {
            Err("the path leads out of the contract root".to_owned())
        } else {
            (self.data)(path.place.file, &path.value)
        };
        let text = match text {
            Ok(text) => text,
            Err(why) => {
                let code = if outside { Code::OutsideRoot } else { Code::UnreadableFile };
                let message = format!("the list of `{}` can't be read: {why}", self.key);
                return self.diagnostics.push(
                    Diagnostic::new(code, path.place, message)
                        .about(self.key)
                        .help("the file stands in the contract root and holds a value a line"),
                );
            }
        };
        let mut members: Vec<Member> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if seen.insert(line) {
                let wire = Literal::String(line.to_owned());
                members.push(Member { name: line.to_owned(), wire, docs: String::new() });
            }
        }
        if members.is_empty() {
            let diagnostic =
                Diagnostic::new(Code::Constraint, path.place, format!("`{}` holds no value", path.value));
            return self.diagnostics.push(diagnostic.about(self.key).help("write a value a line into it"));
        }
        domain.members = Some(members);
    }

    fn bounded(&mut self, domain: &mut Domain) {
        let other = self.options.value("other");
        let Some(value) = self.options.value("bounded") else {
            match other {
                Some(other) if domain.open => match literal(self.key, other, domain) {
                    Ok(other) => domain.other = Some(other),
                    Err(error) => self.diagnostics.push(*error),
                },
                Some(other) if !self.options.may_have_meant(&["bounded"]) => self.misfit(
                    other.place,
                    "`other` stands for what `bounded` or an open enum leaves over, and this is neither",
                ),
                _ => {}
            }
            return;
        };
        let Some(values) = count_of("bounded", value, self.diagnostics) else { return };
        let Some(other_value) = other else {
            return self.diagnostics.push(
                Diagnostic::new(
                    Code::OtherMissing,
                    value.place,
                    format!("`bounded` of `{}` has no `other`", self.key),
                )
                .about(self.key)
                .help("say what stands for the rest: `other=\"_OTHER\"`"),
            );
        };
        match literal(self.key, other_value, domain) {
            Ok(other) => {
                if let Some(base) = &domain.bounded {
                    let base = base.values;
                    self.narrows(
                        value.place,
                        "bounded",
                        u64::from(values) <= base,
                        u64::from(values) == base,
                        &format!("`{base}`"),
                    );
                }
                domain.bounded = Some(Bounded { values: u64::from(values), other: Some(other) });
            }
            Err(error) => self.diagnostics.push(*error),
        }
    }

    /// Reports a constraint that allows more than it may, or, where it repeats, something else.
    fn narrows(&mut self, place: Place, option: &str, narrower: bool, equal: bool, base: &str) {
        let (code, message, declared) = match self.mode {
            Mode::Repeat(declared) if !equal => (
                Code::NotEqual,
                format!("`{option}` of `{}` is not what the contract says: {base}", self.key),
                declared,
            ),
            Mode::Narrow(declared) if !narrower => (
                Code::Widens,
                format!("`{option}` of `{}` allows more than its declaration: {base}", self.key),
                declared,
            ),
            _ => return,
        };
        let help = match self.mode {
            Mode::Repeat(_) => "take it out: what the contract says need not be repeated",
            _ => "a constraint may be narrowed here, never widened",
        };
        self.diagnostics.push(
            Diagnostic::new(code, place, message)
                .about(self.key)
                .and_maybe(declared, "declared here")
                .help(help),
        );
    }

    fn misfit(&mut self, place: Place, message: &str) {
        self.diagnostics
            .push(Diagnostic::new(Code::Constraint, place, message).about(self.key).help("take it out"));
    }
}

fn within(inner: Range, outer: Range) -> bool {
    match (inner, outer) {
        (Range::Int(low, high), Range::Int(least, most)) => least <= low && high <= most,
        (Range::Double(low, high), Range::Double(least, most)) => least <= low && high <= most,
        (Range::Int(low, high), Range::Double(least, most)) => least <= low as f64 && high as f64 <= most,
        (Range::Double(low, high), Range::Int(least, most)) => least as f64 <= low && high <= most as f64,
    }
}

/// The stability that an option names.
pub(crate) fn stability(
    value: Option<&Placed<Expression>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<String> {
    const LEVELS: [&str; 5] = ["stable", "release_candidate", "beta", "alpha", "development"];
    let word = word_of("stability", value?, diagnostics)?;
    if LEVELS.contains(&word.value.as_str()) {
        return Some(word.value);
    }
    let help = format!("the levels are {}", crate::text::list(&LEVELS));
    diagnostics.push(wrong_kind("stability", word.place, "a level").help(help));
    None
}
