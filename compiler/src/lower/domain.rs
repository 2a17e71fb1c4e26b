//! Constraints: which values an attribute has, and how an entry narrows them.

use crate::hash::HashMap;

use slo_grammar::{Expression, FileId, Place, Placed};

use super::literal::{literal, unraw};
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::{Bounded, Domain, Literal, Member, Range, Type};
use crate::options::{Options, count_of, text_of, word_of, wrong_kind};
use crate::syntax::syntax_diagnostic;
use crate::text::{grouped, some_of, with_article};

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

/// How many numbers `except=` may leave out.
const MOST_EXCEPTED: usize = 1_000;

/// The options that say which values there are.
const OF_VALUES: [&str; 7] = ["only", "range", "except", "max", "values", "bounded", "other"];

/// A domain with its constraints.
#[derive(Clone)]
pub(crate) struct Constrained {
    /// As far as they could be read.
    pub(crate) domain: Domain,
    /// What could not be read of them: which values are meant is unknown then.
    pub(crate) unread: Option<Reported>,
}

impl Constrained {
    /// The values of one key of a family.
    pub(crate) fn of_family(self) -> Constrained {
        Constrained { domain: self.domain.of_family(), ..self }
    }

    /// The domain, where all its constraints could be read.
    pub(crate) fn known(self) -> Result<Domain, Reported> {
        self.unread.map_or(Ok(self.domain), Err)
    }
}

impl From<Domain> for Constrained {
    fn from(domain: Domain) -> Constrained {
        Constrained { domain, unread: None }
    }
}

/// What there is to say of a constraint: an error where the values are unknown behind it. What is to be taken out leaves
/// them as they were.
type Read = Result<(), Reported>;

impl Constraints<'_> {
    /// The domain with the constraints that the options state.
    pub(crate) fn apply(mut self, base: Constrained) -> Constrained {
        let mut domain = base.domain;
        let mut unread = self.options.may_have_meant(&OF_VALUES);
        let constraints = [
            Self::unit,
            Self::range,
            Self::except,
            Self::max,
            Self::only,
            Self::values,
            Self::open,
            Self::bounded,
        ];
        for read in constraints {
            unread = unread.or(read(&mut self, &mut domain).err());
        }
        if unread.is_none() && self.options.value("other").is_none() {
            self.inherited_rest(&domain);
        }
        Constrained { domain, unread: base.unread.or(unread) }
    }

    /// A unit that can't be read leaves the values as they were.
    fn unit(&mut self, domain: &mut Domain) -> Read {
        let Some(value) = self.options.value("unit") else { return Ok(()) };
        let Ok(unit) = text_of("unit", value, self.diagnostics) else { return Ok(()) };
        if unit.value.is_empty()
            || unit.value.chars().any(|character| character.is_control() || character == ' ')
        {
            self.diagnostics.push(
                wrong_kind("unit", unit.place, "a unit of UCUM")
                    .about(self.key)
                    .help("such as `s`, `By`, `1` or `{request}`"),
            );
            return Ok(());
        }
        if let Some(base) = domain.unit.as_ref().filter(|base| **base != unit.value) {
            let message = format!("`{}` has the unit `{base}` already", self.key);
            return self.misfit(unit.place, &message);
        }
        domain.unit = Some(unit.value.as_str().to_owned());
        Ok(())
    }

    fn range(&mut self, domain: &mut Domain) -> Read {
        let Some(value) = self.options.value("range") else { return Ok(()) };
        let value = unraw(value).map_err(|error| syntax_diagnostic(&error).report(self.diagnostics))?;
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
            return self.unknown(diagnostic.about(self.key).help("such as `0..=100`"));
        };
        let ends = of_one(domain);
        let (low, high) = match (literal(self.key, low, &ends), literal(self.key, high, &ends)) {
            (Ok(low), Ok(high)) => (low, high),
            (low, high) => {
                let low = low.map_or_else(|error| self.unknown(*error), |_| Ok(()));
                return high.map_or_else(|error| self.unknown(*error), |_| Ok(())).and(low);
            }
        };
        let (range, empty) = match (low, high) {
            (Literal::Int(low), Literal::Int(high)) => (Range::Int(low, high), low > high),
            (Literal::Double(low), Literal::Double(high)) => (Range::Double(low, high), low > high),
            // One type has literals of one kind.
            _ => return Ok(()),
        };
        if empty {
            let help = "write the smaller number first";
            return self.unknown(
                Diagnostic::new(Code::Constraint, value.place, "the range is empty")
                    .about(self.key)
                    .help(help),
            );
        }
        let narrows = match domain.range {
            Some(base) => {
                let shown = format!("`{}`", slo_model::Range::from(base));
                self.narrows(value.place, "range", within(range, base), range == base, &shown)
            }
            None => self.narrows(value.place, "range", true, false, "nothing"),
        };
        domain.range = Some(range);
        narrows
    }

    /// Numbers that are left out, beside those that the declaration leaves out.
    fn except(&mut self, domain: &mut Domain) -> Read {
        let Some(value) = self.options.value("except") else { return Ok(()) };
        let value = unraw(value).map_err(|error| syntax_diagnostic(&error).report(self.diagnostics))?;
        if !domain.value.is_number() || domain.members.is_some() || self.options.has("only") {
            let what = match domain.value.is_number() {
                true => "lists its values: leave them out of the list".to_owned(),
                false => format!("is {}", with_article(&domain.type_name())),
            };
            return self.misfit(
                value.place,
                &format!("`except` is for a range of numbers, and `{}` {what}", self.key),
            );
        }
        let single = std::slice::from_ref(&value);
        let elements = if let Expression::List(list) = &value.value { list.as_slice() } else { single };
        if elements.is_empty() || elements.len() > MOST_EXCEPTED {
            let message = match elements.is_empty() {
                true => "a list of no values leaves none out".to_owned(),
                false => format!("`except` leaves out at most {} numbers", grouped(MOST_EXCEPTED as u64)),
            };
            let diagnostic = Diagnostic::new(Code::Constraint, value.place, message).about(self.key);
            return self.unknown(
                diagnostic.help("take it out, or say by `range` and `only` which values there are"),
            );
        }
        let of_one = Domain { range: domain.range, ..of_one(domain) };
        let mut read = Ok(());
        let mut except: Vec<Literal> = Vec::new();
        for element in elements {
            let number = match literal(self.key, element, &of_one) {
                Ok(number) => number,
                Err(error) => {
                    read = self.unknown(*error);
                    continue;
                }
            };
            let shown = number.value().to_string();
            let wrong = if except.contains(&number) {
                Some((Code::BadEnum, format!("`{shown}` stands twice in the list")))
            } else {
                let outside = of_one.fit(&number.value()).is_err();
                outside.then(|| (Code::Constraint, format!("`{shown}` is outside the range anyway")))
            };
            match wrong {
                Some((code, message)) => self
                    .diagnostics
                    .push(Diagnostic::new(code, element.place, message).about(self.key).help("take it out")),
                None => except.push(number),
            }
        }
        if let Mode::Repeat(_) = self.mode {
            let same = except.len() == domain.except.len()
                && except.iter().all(|number| domain.except.contains(number));
            return read.and(self.narrows(value.place, "except", true, same, "another list"));
        }
        domain
            .except
            .extend(except.into_iter().filter(|number| !domain.except.contains(number)).collect::<Vec<_>>());
        let left = domain.ends().is_none_or(|ends| match ends {
            Range::Int(low, high) => low < high || !domain.except.contains(&Literal::Int(low)),
            Range::Double(low, high) => low < high || !domain.except.contains(&Literal::Double(low)),
        });
        if !left {
            let diagnostic = Diagnostic::new(Code::Constraint, value.place, "no number of the range is left");
            return self.unknown(diagnostic.about(self.key).help("leave fewer out"));
        }
        read
    }

    fn max(&mut self, domain: &mut Domain) -> Read {
        let Some(value) = self.options.value("max") else { return Ok(()) };
        let max = count_of("max", value, self.diagnostics)?;
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
        let narrows = match domain.max_length {
            Some(base) => self.narrows(value.place, "max", max <= base, max == base, &format!("`{base}`")),
            None => self.narrows(value.place, "max", true, false, "nothing"),
        };
        domain.max_length = Some(max);
        narrows
    }

    fn only(&mut self, domain: &mut Domain) -> Read {
        let Some(value) = self.options.value("only") else { return Ok(()) };
        let value = unraw(value).map_err(|error| syntax_diagnostic(&error).report(self.diagnostics))?;
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
        let mut read = Ok(());
        let mut members: Vec<Member> = Vec::new();
        let mut seen: HashMap<String, Place> = HashMap::default();
        for element in elements {
            if let Expression::Range(low, high) = &element.value {
                read = self.unknown(range_among_values(self.key, element.place, low, high));
                continue;
            }
            let wire = match literal(self.key, element, &of_one) {
                Ok(wire) => wire,
                Err(error) => {
                    read = self.unknown(*error);
                    continue;
                }
            };
            let member = domain.members.iter().flatten().find(|member| member.wire == wire).cloned();
            let outside = member.is_none() && domain.members.is_some() && !domain.open;
            if outside {
                let members: Vec<String> =
                    domain.members.iter().flatten().map(|member| member.wire.value().to_string()).collect();
                read = if self.mode == Mode::Declare {
                    let message = format!("`{}` is no member of `{}`", wire.value(), self.key);
                    let help = format!("its members are {}", some_of(&members));
                    let diagnostic = Diagnostic::new(Code::NotAMember, element.place, message);
                    self.unknown(diagnostic.about(self.key).help(help))
                } else {
                    self.narrows(element.place, "only", false, false, &some_of(&members))
                };
            }
            let name = wire.value().to_string();
            if let Some(first) = seen.get(&name) {
                let message = format!("`{name}` stands twice in the list");
                self.diagnostics.push(
                    Diagnostic::new(Code::BadEnum, element.place, message)
                        .about(self.key)
                        .and(*first, "the first one")
                        .help("take one of them out"),
                );
                continue;
            }
            seen.insert(name.clone(), element.place);
            members.push(member.unwrap_or_else(|| Member::of(wire)));
        }
        if members.is_empty() && !elements.is_empty() {
            return read;
        }
        if members.is_empty() {
            let message = "a list of no values allows none";
            return self.unknown(
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
            read = read.and(self.narrows(value.place, "only", true, same && !domain.open, "another list"));
        }
        // An enum that is narrowed is an enum still.
        domain.listed = !domain.is_enum();
        domain.members = Some(members.into());
        domain.open = false;
        read
    }

    fn values(&mut self, domain: &mut Domain) -> Read {
        let Some(value) = self.options.value("values") else { return Ok(()) };
        let path = text_of("values", value, self.diagnostics)?;
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
                return self.unknown(
                    Diagnostic::new(code, path.place, message)
                        .about(self.key)
                        .help("the file stands in the contract root and holds a value a line"),
                );
            }
        };
        let mut members: Vec<Member> = Vec::new();
        let mut seen = crate::hash::HashSet::default();
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if seen.insert(line) {
                members.push(Member::of(Literal::String(line.to_owned())));
            }
        }
        if members.is_empty() {
            let diagnostic =
                Diagnostic::new(Code::Constraint, path.place, format!("`{}` holds no value", path.value));
            return self.unknown(diagnostic.about(self.key).help("write a value a line into it"));
        }
        domain.listed = true;
        domain.members = Some(members.into());
        Ok(())
    }

    fn open(&mut self, domain: &mut Domain) -> Read {
        let Some(option) = self.options.get("open") else { return Ok(()) };
        if domain.members.is_none() {
            return self.misfit(option.place, "`open` is for an enum: other types are open anyway");
        }
        domain.open = true;
        Ok(())
    }

    fn bounded(&mut self, domain: &mut Domain) -> Read {
        let Some(value) = self.options.value("bounded") else {
            let Some(value) = self.options.value("other") else { return Ok(()) };
            if domain.open {
                domain.other = Some(self.other(value, domain)?);
            } else if self.options.may_have_meant(&["bounded"]).is_none() {
                // A `bounded` may be what is missing.
                let message =
                    "`other` stands for what `bounded` or an open enum leaves over, and this is neither";
                let diagnostic = Diagnostic::new(Code::Constraint, value.place, message);
                return self.unknown(diagnostic.about(self.key).help("take it out"));
            }
            return Ok(());
        };
        let values = u64::from(count_of("bounded", value, self.diagnostics)?);
        // What stands for the rest need not be said again where the bound is narrowed.
        let other = match self.options.value("other") {
            Some(value) => Some(self.other(value, domain)?),
            None => domain.bounded.as_ref().map(|base| &base.other).or(domain.other.as_ref()).cloned(),
        };
        let base = domain.bounded.as_ref().map(|base| base.values);
        let Some(other) = other else {
            let help = format!("say what stands for the rest: `{}`", domain.rest_example());
            let diagnostic = Diagnostic::new(
                Code::OtherMissing,
                value.place,
                format!("`bounded` of `{}` has no `other`", self.key),
            );
            return self.unknown(diagnostic.about(self.key).help(help));
        };
        domain.bounded = Some(Bounded { values, other });
        base.map_or(Ok(()), |base| {
            self.narrows(value.place, "bounded", values <= base, values == base, &format!("`{base}`"))
        })
    }

    /// What stands on a label for the rest. Whoever reads the label takes it for a value of the key: it keeps the range
    /// and the length. A member it need not be.
    fn other(&mut self, value: &Placed<Expression>, domain: &Domain) -> Result<Literal, Reported> {
        let other = literal(self.key, value, domain).map_err(|error| error.report(self.diagnostics))?;
        let Err(unfit) = limits(domain).check(&other.value()) else { return Ok(other) };
        let (code, help) = match unfit {
            slo_model::Unfit::Length { .. } => (
                Code::TooLong,
                "shorten it, or let `max` allow it where it is declared: a label shows it as a value of the key",
            ),
            _ => (
                Code::OutOfRange,
                "choose a number that the range holds, or let it hold this one where it is declared: a label shows it as a value of the key",
            ),
        };
        let message = format!("`other` of `{}`: {unfit}", self.key);
        let mut diagnostic = Diagnostic::new(code, value.place, message).about(self.key);
        let (says, declared) = match code {
            Code::TooLong => (self.options.value("max"), "its length"),
            _ => (self.options.value("range"), "its range"),
        };
        diagnostic = match (says, self.mode) {
            (Some(says), _) => diagnostic.and(says.place, declared),
            (None, Mode::Narrow(Some(place))) => diagnostic.and(place, "declared here"),
            _ => diagnostic,
        };
        Err(diagnostic.help(help).report(self.diagnostics))
    }

    /// What stands for the rest without being said here keeps the range and the length that are said here.
    fn inherited_rest(&mut self, domain: &Domain) {
        let Some(rest) = domain.rest() else { return };
        let Err(unfit) = limits(domain).check(&rest.value()) else { return };
        let (code, option) = match unfit {
            slo_model::Unfit::Length { .. } => (Code::TooLong, "max"),
            _ => (Code::OutOfRange, "range"),
        };
        let Some(at) = self.options.value(option).map(|value| value.place) else { return };
        let message = format!("`{}` stands for the rest of `{}`: {unfit}", rest.value(), self.key);
        self.diagnostics.push(Diagnostic::new(code, at, message).about(self.key).help(
            match &domain.bounded {
                Some(bounded) => format!(
                    "say what else stands for it, `bounded={}, other=…`, or let `{option}` allow it",
                    bounded.values
                ),
                None => format!("say what else stands for it, `other=…`, or let `{option}` allow it"),
            },
        ));
    }

    /// Reports a constraint that allows more than it may, or, where it repeats, something else.
    fn narrows(&mut self, place: Place, option: &str, narrower: bool, equal: bool, base: &str) -> Read {
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
            _ => return Ok(()),
        };
        let help = match self.mode {
            Mode::Repeat(_) => "take it out: what the contract says need not be repeated",
            _ => "a constraint may be narrowed here, never widened",
        };
        self.unknown(
            Diagnostic::new(code, place, message)
                .about(self.key)
                .and_maybe(declared, "declared here")
                .help(help),
        )
    }

    /// Reports a constraint that is to be taken out: the values are those without it.
    fn misfit(&mut self, place: Place, message: &str) -> Read {
        self.diagnostics
            .push(Diagnostic::new(Code::Constraint, place, message).about(self.key).help("take it out"));
        Ok(())
    }

    /// Reports a constraint that could not be read.
    fn unknown(&mut self, diagnostic: Diagnostic) -> Read {
        Err(diagnostic.report(self.diagnostics))
    }
}

/// One value of a list or of a family, without constraints.
fn of_one(domain: &Domain) -> Domain {
    Domain::of(match &domain.value {
        Type::Array(scalar) => Type::Scalar(*scalar),
        Type::Map(inner) => match &**inner {
            Type::Array(scalar) => Type::Scalar(*scalar),
            inner => inner.clone(),
        },
        other => other.clone(),
    })
}

/// A range where values are listed.
fn range_among_values(
    key: &str,
    place: Place,
    low: &Placed<Expression>,
    high: &Placed<Expression>,
) -> Diagnostic {
    let help = match (&low.value, &high.value) {
        (Expression::Number { digits: low, .. }, Expression::Number { digits: high, .. }) => {
            format!("write `range={low}..={high}`, with `except=[…]` for holes in it")
        }
        _ => "write `range=LOW..=HIGH`".to_owned(),
    };
    Diagnostic::new(Code::Type, place, "`only` lists values, and this is a range").about(key).help(help)
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
    const HELP: &str = "the levels are `stable`, `release_candidate`, `beta`, `alpha` and `development`";
    let word = word_of("stability", value?, "a level", HELP, diagnostics).ok()?;
    if LEVELS.contains(&word.value.as_str()) {
        return Some(word.value.as_str().to_owned());
    }
    diagnostics.push(wrong_kind("stability", word.place, "a level").help(HELP));
    None
}

/// The range and the length of a domain, as the model has them.
fn limits(domain: &Domain) -> slo_model::Key<'_> {
    slo_model::Key {
        range: domain.range.map(Into::into),
        max_length: domain.max_length,
        ..slo_model::Key::new("", slo_model::ValueType::Any, "")
    }
}
