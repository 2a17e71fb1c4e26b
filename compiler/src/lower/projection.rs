//! How variants show: blocks of keys and values, and what a header says.

use crate::hash::HashMap;

use slo_grammar::{Expression, Name, Place, Placed, quote};

use super::Lowering;
use super::literal::{any_literal, literal};
use super::meaning::{Unread, unknown_signal};
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{
    Domain, Leaf, Literal, Meaning, Members, Pair, PairValue, Payload, Projection, Scalar, Severity, Shown,
    Signal, Status, Type, Variant, VariantText,
};
use crate::text::spelled;
use crate::text::{nearest, some_of, with_article};

/// What stands before a block: a signal, or all of them.
const BLOCKS: [&str; 4] = ["metric", "log", "span", "all"];

/// The conversions of payloads.
const CONVERSIONS: [&str; 1] = ["to_string"];

impl<'t> Lowering<'_, 't> {
    /// Reads how a variant shows. What it said before, as the meaning of a view, holds where nothing is said now. Gives
    /// the signals on which something could not be read.
    pub(super) fn projections(
        &mut self,
        tree: usize,
        projections: &'t [slo_grammar::Projection],
        variant: &mut Variant,
    ) -> Unread {
        let mut said: HashMap<&str, Place> = HashMap::default();
        let mut all = None;
        let mut own: Vec<(Signal, Projection)> = Vec::new();
        let mut unread = Unread::default();
        let mut bare = None;
        for (number, projection) in projections.iter().enumerate() {
            let word = projection.signal.value.as_str();
            let before = bare.take();
            if !BLOCKS.contains(&word) {
                if let Some(signal) =
                    before.filter(|signal| is_level(*signal, word)).or(signal_of_level(word))
                {
                    unread.insert(signal, level_alone(signal, projection).report(self.diagnostics));
                    continue;
                }
                let near = nearest(word, BLOCKS.into_iter());
                let meant = Signal::ALL.into_iter().find(|signal| near == Some(signal.name()));
                let reported = unknown_signal(&projection.signal, &BLOCKS).report(self.diagnostics);
                let meant = meant.map_or(Signal::ALL.to_vec(), |signal| vec![signal]);
                unread.extend(meant.into_iter().map(|signal| (signal, reported)));
                continue;
            }
            if let Some(first) = said.insert(word, projection.signal.place) {
                let message = format!("`{word}` stands twice in `{}`", variant.name);
                self.diagnostics.push(
                    Diagnostic::new(Code::DeclaredTwice, projection.signal.place, message)
                        .about(&variant.name)
                        .and(first, "the first one")
                        .help("write both into one"),
                );
                continue;
            }
            match Signal::ALL.into_iter().find(|signal| signal.name() == word) {
                Some(signal) => {
                    let says_nothing =
                        projection.word.is_none() && projection.text.is_none() && projection.pairs.is_none();
                    bare = says_nothing.then_some(signal);
                    let next = projections.get(number + 1).map_or("", |next| next.signal.value.as_str());
                    // `log, info { … }` is one mistake, which is reported where the severity stands.
                    if bare.is_some_and(|signal| is_level(signal, next)) {
                        continue;
                    }
                    let none = self.header(signal, projection, variant);
                    if let Err(reported) = none {
                        unread.insert(signal, reported);
                    }
                    let shown = match &projection.pairs {
                        _ if none == Ok(true) => Shown::None,
                        Some(pairs) => Shown::Pairs(self.pairs(tree, pairs, variant)),
                        None => continue,
                    };
                    let node = self.contract.places.add(projection.place);
                    own.push((signal, Projection { node, shown }));
                }
                None => {
                    let wrong = match (&projection.word, &projection.pairs) {
                        _ if let Some(text) = &projection.text => {
                            Some(text_alone(text, "`all` takes keys, and no text"))
                        }
                        (Some(word), _) => {
                            let message = format!("`all` takes keys, and no `{}`", word.value);
                            let help = "say it on its signal: `log warn`, `span error`, `metric none`";
                            let diagnostic = Diagnostic::new(Code::Misplaced, word.place, message);
                            Some(diagnostic.about(&variant.name).help(help))
                        }
                        (None, None) => Some(no_block(projection, "all { error.type = \"timeout\" }")),
                        (None, Some(_)) => None,
                    };
                    if let Some(wrong) = wrong {
                        let reported = wrong.report(self.diagnostics);
                        unread.extend(Signal::ALL.map(|signal| (signal, reported)));
                    }
                    let Some(pairs) = &projection.pairs else { continue };
                    let shown = Shown::Pairs(self.pairs(tree, pairs, variant));
                    let node = self.contract.places.add(projection.place);
                    all = Some(Projection { node, shown });
                }
            }
        }
        for signal in Signal::ALL {
            let said = own.iter().position(|(other, _)| *other == signal).map(|at| own.swap_remove(at).1);
            let Some(projection) = said.or_else(|| all.clone()) else { continue };
            match signal {
                Signal::Metric => variant.metric = Some(projection),
                Signal::Log => variant.log = Some(projection),
                Signal::Span => variant.span = Some(projection),
            }
        }
        unread
    }

    /// Reads the word between signal and block; gives whether it is `none`.
    fn header(
        &mut self,
        signal: Signal,
        projection: &slo_grammar::Projection,
        variant: &mut Variant,
    ) -> Result<bool, Reported> {
        let Some(word) = &projection.word else {
            if let Some(text) = &projection.text {
                let what = "a text follows the severity of a log, or the status of a span";
                return Err(text_alone(text, what).about(&variant.name).report(self.diagnostics));
            }
            if projection.pairs.is_none() {
                let help = match signal {
                    Signal::Metric => "metric { status = \"ok\" }",
                    Signal::Log => "log warn",
                    Signal::Span => "span error",
                };
                return Err(no_block(projection, help).report(self.diagnostics));
            }
            return Ok(false);
        };
        if word.value == "none" {
            if projection.pairs.is_some() {
                let message = format!("`none` shows nothing, and keys follow in `{}`", variant.name);
                return Err(Diagnostic::new(Code::Misplaced, word.place, message)
                    .about(&variant.name)
                    .help("keep one of the two")
                    .report(self.diagnostics));
            }
            if let Some(text) = &projection.text {
                let message = format!("`none` shows nothing, and a text follows in `{}`", variant.name);
                return Err(Diagnostic::new(Code::Misplaced, text.place, message)
                    .about(&variant.name)
                    .help("keep one of the two")
                    .report(self.diagnostics));
            }
            // What does not show has no severity and no status, whatever the meaning of a view says.
            match signal {
                Signal::Metric => {}
                Signal::Log => (variant.severity, variant.body) = (None, None),
                Signal::Span => (variant.status, variant.status_description) = (None, None),
            }
            return Ok(true);
        }
        let known: Vec<&str> = match signal {
            Signal::Metric => Vec::new(),
            Signal::Log => Severity::ALL.iter().map(|severity| severity.name()).collect(),
            Signal::Span => Status::ALL.iter().map(|status| status.name()).collect(),
        };
        match signal {
            Signal::Log if let Some(severity) = Severity::from_name(&word.value) => {
                variant.severity = Some(severity);
            }
            Signal::Span if let Some(status) = Status::from_name(&word.value) => {
                variant.status = Some(status);
                if status != Status::Error {
                    variant.status_description = None;
                }
            }
            _ => {
                let message = match signal {
                    Signal::Metric => format!("`{}` has no place before a metric's keys", word.value),
                    Signal::Log => format!("there is no severity `{}`", word.value),
                    Signal::Span => format!("there is no status `{}`", word.value),
                };
                let diagnostic = Diagnostic::new(Code::Misplaced, word.place, message).about(&variant.name);
                let near = nearest(&word.value, known.iter().copied());
                let diagnostic = match (near, known.as_slice()) {
                    (Some(near), _) => diagnostic.help(format!("did you mean `{near}`?")),
                    (None, []) => diagnostic.help("write `metric { … }` or `metric none`"),
                    (None, known) => {
                        diagnostic.help(format!("write one of {}, or `none`", crate::text::list(known)))
                    }
                };
                return Err(diagnostic.report(self.diagnostics));
            }
        }
        if let Some(text) = &projection.text {
            self.variant_text(signal, word, text, variant)?;
        }
        Ok(false)
    }

    /// The text after the severity of a log or the status of a span.
    fn variant_text(
        &mut self,
        signal: Signal,
        level: &Name,
        text: &Name,
        variant: &mut Variant,
    ) -> Result<(), Reported> {
        if signal == Signal::Span && variant.status != Some(Status::Error) {
            let message =
                format!("a description stands beside the status `error`, and this is `{}`", level.value);
            return Err(Diagnostic::new(Code::Misplaced, text.place, message)
                .about(&variant.name)
                .note("OpenTelemetry's specification has it ignored beside any other status")
                .help("take the text out, or write `span error`")
                .report(self.diagnostics));
        }
        let empty = "write what happened, or take the text out";
        let carrier: &Variant = variant;
        let made = self.text(&variant.name, empty, text, &mut |lowering, hole| {
            let carried: Vec<&str> = carrier.payload.iter().map(|payload| payload.name.as_str()).collect();
            let payload = carrier.payload_named(&hole.value);
            if payload.is_none() {
                let help = match carried.as_slice() {
                    [] => "it carries nothing: a brace itself is written `{{`".to_owned(),
                    carried => format!("it carries {}", some_of(carried)),
                };
                lowering.diagnostics.push(no_payload(hole, carrier, help));
            }
            payload
        });
        let made = made.map(|made| VariantText { node: self.contract.places.add(text.place), text: made });
        match signal {
            Signal::Log => variant.body = made,
            Signal::Span | Signal::Metric => variant.status_description = made,
        }
        Ok(())
    }

    fn pairs(&mut self, tree: usize, pairs: &'t [slo_grammar::Pair], variant: &Variant) -> Vec<Pair> {
        let mut made: Vec<Pair> = Vec::new();
        let mut seen: HashMap<String, Place> = HashMap::default();
        for pair in pairs {
            let one = self.pair(tree, pair, variant);
            if let Some(first) = seen.get(&one.key) {
                let message = format!("`{}` stands twice in `{}`", one.key, variant.name);
                self.diagnostics.push(
                    Diagnostic::new(Code::KeyTwice, pair.key.place, message)
                        .about(&one.key)
                        .and(*first, "the first one")
                        .help("take one of them out"),
                );
                continue;
            }
            seen.insert(one.key.clone(), pair.key.place);
            made.push(one);
        }
        made
    }

    fn pair(&mut self, tree: usize, pair: &'t slo_grammar::Pair, variant: &Variant) -> Pair {
        let local = !pair.key.value.contains('.');
        let bound = if local { None } else { Some(self.bound(tree, &pair.key)) };
        let written = || pair.key.value.as_str().to_owned();
        let (key, domain, value, declaration, sensitive) = match bound {
            Some(Ok(bound)) => {
                let declaration = self.contract.places.add(bound.place);
                let domain = bound.known();
                let value = bound.values.and_then(|values| {
                    self.pair_value(&bound.key, &pair.value, Some(&values.domain), variant)
                });
                (bound.key, domain, value, Some(declaration), bound.sensitive)
            }
            Some(Err(reported)) => (written(), Err(reported), Err(reported), None, None),
            None => {
                self.local_name(tree, &pair.key);
                let value = self.pair_value(&pair.key.value, &pair.value, None, variant);
                let domain = value.as_ref().map_err(|reported| *reported);
                let domain = domain.and_then(|value| type_of(&variant.payload, value)).map(Domain::of);
                (written(), domain, value, None, None)
            }
        };
        Pair {
            node: self.contract.places.add(pair.key.place),
            key,
            local,
            declaration,
            domain: domain.into(),
            sensitive: sensitive.is_some(),
            sensitive_node: sensitive.map(|place| self.contract.places.add(place)),
            value_node: self.contract.places.add(pair.value.place),
            value: value.into(),
        }
    }

    /// A value: a payload, a conversion of one, or a constant. A local key has no domain to read it by.
    fn pair_value(
        &mut self,
        key: &str,
        value: &Placed<Expression>,
        domain: Option<&Domain>,
        variant: &Variant,
    ) -> Result<PairValue, Reported> {
        let constant = |lowering: &mut Self| lowering.constant(key, value, domain).map(PairValue::Constant);
        match &value.value {
            Expression::Call(function, argument) => {
                if !CONVERSIONS.contains(&function.value.as_str()) {
                    return Err(unknown_conversion(function, "a payload").report(self.diagnostics));
                }
                let Some(payload) = variant.payload_named(&argument.value) else {
                    let carried: Vec<&str> =
                        variant.payload.iter().map(|payload| payload.name.as_str()).collect();
                    let help = match carried.as_slice() {
                        [] => format!("it carries nothing: write `{key} = {}`", quote(&argument.value)),
                        carried => format!("it carries {}", some_of(carried)),
                    };
                    return Err(no_payload(argument, variant, help).report(self.diagnostics));
                };
                Ok(PairValue::ToString(payload))
            }
            Expression::Key(word) => {
                let payload = variant.payload_named(word);
                let member = domain
                    .and_then(|domain| domain.members.as_ref())
                    .is_some_and(|members| members.iter().any(|member| member.name == *word));
                if let Some(payload) = payload {
                    if member {
                        let message =
                            format!("`{word}` is what `{}` carries and a member of `{key}`", variant.name);
                        return Err(Diagnostic::new(Code::AmbiguousWord, value.place, message)
                            .about(word)
                            .and(self.contract.places.place(variant.payload(payload).node), "carried")
                            .help("give the payload another name, or write the member's value in quotes")
                            .report(self.diagnostics));
                    }
                    return Ok(PairValue::Payload(payload));
                }
                let boolean = word == "true" || word == "false";
                let members = || domain.and_then(|domain| domain.members.as_ref());
                let near = || nearest_payload(word, variant, members());
                match domain {
                    Some(_) if member || boolean || !near() => constant(self),
                    None if boolean => constant(self),
                    _ => {
                        let help = format!("text is quoted: {}", quote(word));
                        let name = Placed::new(word.clone(), value.place);
                        let mut diagnostic = no_payload(&name, variant, help);
                        if diagnostic.fixes.is_empty() {
                            diagnostic = diagnostic.fix(value.place, quote(word));
                        }
                        Err(diagnostic.report(self.diagnostics))
                    }
                }
            }
            _ => constant(self),
        }
    }

    /// A constant of a declared key, or of a local one.
    pub(super) fn constant(
        &mut self,
        key: &str,
        value: &Placed<Expression>,
        domain: Option<&Domain>,
    ) -> Result<Literal, Reported> {
        let read = match domain {
            Some(domain) => literal(key, value, domain),
            None => any_literal(key, value),
        };
        read.map_err(|error| error.report(self.diagnostics))
    }

    /// A local name that is an attribute's key as well.
    pub(super) fn local_name(&mut self, tree: usize, name: &Name) {
        let found = self.resolved.vocabularies.attribute(tree, &name.value);
        // A deprecated one is nobody's meaning.
        let meant = found.first().filter(|attribute| !attribute.reference.is_deprecated());
        let Some(attribute) = meant else { return };
        // One note for a name of a file, however many variants write it.
        if !self.local_names.insert((tree, name.value.as_str().to_owned())) {
            return;
        }
        let place = self.declared_at(attribute.reference);
        let message = format!("`{}` is local here; the attribute of that name isn't meant", name.value);
        self.diagnostics.push(
        Diagnostic::new(Code::LocalName, name.place, message)
            .about(&name.value)
            .and(place, "the attribute")
            .help(format!(
                "a name without a dot means an attribute only as the type of a field, `name: {}`; give this one another name if they may be taken for one another",
                name.value
            )),
        );
    }

    /// Gives the local keys of a meaning the type of their values, one a signal.
    pub(super) fn local_types(&mut self, meaning: &mut Meaning) {
        for signal in Signal::ALL {
            let mut types: HashMap<String, (Type, Place)> = HashMap::default();
            for variant in &mut meaning.variants {
                let Variant { payload, metric, log, span, .. } = variant;
                let projection = match signal {
                    Signal::Metric => metric,
                    Signal::Log => log,
                    Signal::Span => span,
                };
                let Some(Projection { shown: Shown::Pairs(pairs), .. }) = projection else { continue };
                for pair in pairs.iter_mut().filter(|pair| pair.local) {
                    let value = pair.value.read();
                    let Ok(found) = value.and_then(|value| type_of(payload, value)) else { continue };
                    let place = self.contract.places.place(pair.value_node);
                    match types.get(&pair.key) {
                        Some((known, first)) if *known != found => {
                            let message = format!(
                                "`{}` is {} here and {} in another variant of `{}`",
                                pair.key,
                                with_article(&found.to_string()),
                                with_article(&known.to_string()),
                                meaning.name
                            );
                            let reported = Diagnostic::new(Code::TypeConflict, place, message)
                                .about(&pair.key)
                                .and(*first, with_article(&known.to_string()))
                                .help("one key has one type on one signal")
                                .report(self.diagnostics);
                            pair.domain = Leaf::Unknown(reported);
                        }
                        Some(_) => pair.domain = Leaf::Known(Domain::of(found)),
                        None => {
                            pair.domain = Leaf::Known(Domain::of(found.clone()));
                            types.insert(pair.key.clone(), (found, place));
                        }
                    }
                }
            }
        }
    }
}

fn type_of(payload: &[Payload], value: &PairValue) -> Result<Type, Reported> {
    Ok(match value {
        PairValue::ToString(_) => Type::Scalar(Scalar::String),
        PairValue::Payload(id) => payload[id.index()].domain.read()?.value.clone(),
        PairValue::Constant(literal) => literal_type(literal),
    })
}

/// The type of a constant that no key gives one.
pub(super) fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::String(_) => Type::Scalar(Scalar::String),
        Literal::Int(_) => Type::Scalar(Scalar::Int),
        Literal::Double(_) => Type::Scalar(Scalar::Double),
        Literal::Bool(_) => Type::Scalar(Scalar::Bool),
        Literal::StringArray(_) => Type::Array(Scalar::String),
        Literal::IntArray(_) => Type::Array(Scalar::Int),
        Literal::DoubleArray(_) => Type::Array(Scalar::Double),
        Literal::BoolArray(_) => Type::Array(Scalar::Bool),
    }
}

fn no_block(projection: &slo_grammar::Projection, example: &str) -> Diagnostic {
    let word = &projection.signal.value;
    Diagnostic::new(Code::Misplaced, projection.signal.place, format!("`{word}` says nothing"))
        .about(word)
        .help(format!("write `{example}`, say, or take it out"))
}

/// A conversion that there is not.
pub(super) fn unknown_conversion(function: &Name, of: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownName, function.place, format!("there is no conversion `{}`", function.value))
        .about(&function.value)
        .help(format!("{of} becomes text by `to_string(NAME)`"))
}

/// A text where none may stand.
fn text_alone(text: &Name, message: &str) -> Diagnostic {
    Diagnostic::new(Code::Misplaced, text.place, message)
        .help("write it after the severity or the status: `log error \"…\"`, `span error \"…\"`")
}

/// Whether a severity or a status may stand behind a signal.
fn is_level(signal: Signal, word: &str) -> bool {
    match signal {
        Signal::Metric => false,
        Signal::Log => Severity::from_name(word).is_some(),
        Signal::Span => Status::from_name(word).is_some(),
    }
}

/// The signal behind which a severity or a status stands.
fn signal_of_level(word: &str) -> Option<Signal> {
    [Signal::Log, Signal::Span].into_iter().find(|signal| is_level(*signal, word))
}

/// A severity or a status where a signal was wanted.
fn level_alone(signal: Signal, projection: &slo_grammar::Projection) -> Diagnostic {
    let word = &projection.signal;
    let block = if projection.pairs.is_some() { " { … }" } else { "" };
    Diagnostic::new(Code::Misplaced, word.place, format!("there is no signal `{}`", word.value))
        .about(&word.value)
        .help(format!("write `{0}` after its signal: `{1} {0}{block}`", word.value, signal.name()))
}

/// Whether a word is a payload's name but for a few letters, rather than a member's.
fn nearest_payload(word: &str, variant: &Variant, members: Option<&Members>) -> bool {
    let payloads = variant.payload.iter().map(|payload| payload.name.as_str());
    let members = members.into_iter().flatten().map(|member| member.name.as_str());
    nearest(word, payloads.chain(members)).is_some_and(|near| variant.payload_named(near).is_some())
}

/// A payload that a variant doesn't carry; `help` is for where it carries none of a like name.
fn no_payload(name: &Name, variant: &Variant, help: String) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        name.place,
        format!("`{}` carries no `{}`", variant.name, name.value),
    )
    .about(&name.value);
    match nearest(&name.value, variant.payload.iter().map(|payload| payload.name.as_str())) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")).fix(name.place, spelled(near)),
        None => diagnostic.help(help),
    }
}
