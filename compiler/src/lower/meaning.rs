//! Meanings and views.

use crate::hash::{HashMap, HashSet};

use slo_grammar::{Item, MeaningEntry, NamedType, Place, Type as TypeSyntax};

use super::Lowering;
use crate::diagnostic::{Code, Diagnostic, Reported};
use crate::ir::draft::{Lossy, Meaning, MeaningId, Payload, Signal, Variant};
use crate::options::{Context, Options};
use crate::text::nearest;

/// How many meanings may take each other in, one by the other.
const MOST_STEPS: usize = 64;

/// The meanings and views of a run, each made once, when it is asked for.
#[derive(Default)]
pub(super) struct Faces {
    /// By the places of their names.
    made: HashMap<Place, Result<MeaningId, Reported>>,
    /// Those that are being made: one that asks for itself is circular.
    open: HashSet<Place>,
    /// Those of which something could not be read that shows on a signal.
    unread: HashMap<(MeaningId, Signal), Reported>,
}

/// The signals on which something could not be read.
pub(super) type Unread = HashMap<Signal, Reported>;

impl Faces {
    /// What could not be read that a meaning or a view shows on a signal.
    pub(super) fn unread(&self, face: MeaningId, signal: Signal) -> Option<Reported> {
        self.unread.get(&(face, signal)).copied()
    }

    /// What could not be read of one face could not be read of those that take it in, or are views of it.
    pub(super) fn inherit(&self, face: MeaningId, unread: &mut Unread) {
        unread
            .extend(Signal::ALL.into_iter().filter_map(|signal| Some((signal, self.unread(face, signal)?))));
    }
}

impl<'t> Lowering<'_, 't> {
    /// The meaning or the view that the name at a place means.
    pub(super) fn face(&mut self, name: Place) -> Result<MeaningId, Reported> {
        let (tree, item) = self.resolved.named(name)?;
        self.face_of(tree, item)
    }

    /// Makes a meaning or a view part of the contract.
    pub(super) fn face_of(&mut self, tree: usize, item: &'t Item) -> Result<MeaningId, Reported> {
        let place = item.name().place;
        if let Some(made) = self.faces.made.get(&place) {
            return *made;
        }
        // What is wrong with another root's meaning is found where that root is judged.
        let own = self.is_own(tree);
        self.capital(item);
        let before = self.diagnostics.len();
        self.faces.open.insert(place);
        let made = match item {
            Item::Meaning(meaning) => Ok(self.meaning(tree, meaning)),
            Item::View(view) => self.view(tree, view),
            _ => Err(Reported::elsewhere(Code::OtherKind, place)),
        };
        self.faces.open.remove(&place);
        if !own {
            self.diagnostics.truncate(before);
        }
        let id = made.map(|(made, unread)| {
            let id = MeaningId::at(self.contract.meanings.len());
            self.contract.meanings.push(made);
            self.faces.unread.extend(unread.into_iter().map(|(signal, reported)| ((id, signal), reported)));
            id
        });
        self.faces.made.insert(place, id);
        id
    }

    /// A meaning, and the signals on which something of it could not be read.
    fn meaning(&mut self, tree: usize, meaning: &'t slo_grammar::Meaning) -> (Meaning, Unread) {
        let mut variants: Vec<Variant> = Vec::new();
        let mut known: HashMap<String, Place> = HashMap::default();
        let mut lossy = Vec::new();
        let mut unread = Unread::default();
        for entry in &meaning.entries {
            match entry {
                MeaningEntry::Variant(declared) => {
                    let made = self.variant(tree, meaning, declared, &mut unread);
                    self.add_variant(made, declared.name.place, &mut known, &mut variants);
                }
                MeaningEntry::Spread(slo_grammar::Spread { name, .. }) => {
                    let Ok(other) = self.spread(name) else { continue };
                    self.faces.inherit(other, &mut unread);
                    let other = self.contract.meaning(other).clone();
                    for variant in other.variants {
                        self.add_variant(variant, name.place, &mut known, &mut variants);
                    }
                    lossy.extend(other.lossy.into_iter().map(|class| Lossy { inherited: true, ..class }));
                }
                MeaningEntry::Lossy(_) => {}
            }
        }
        if variants.is_empty() && meaning.entries.is_empty() {
            let message = format!("the meaning `{}` has no variants", meaning.name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::Empty, meaning.name.place, message)
                    .about(&meaning.name.value)
                    .help("name at least one: `Succeeded \"the customer was charged\" { … }`"),
            );
        }
        let mut made = Meaning {
            node: self.contract.places.add(meaning.name.place),
            package: self.package_name(tree).to_owned(),
            name: meaning.name.value.as_str().to_owned(),
            docs: meaning.docs.text(),
            view: None,
            variants,
            lossy,
        };
        self.lossy(&meaning.entries, &mut made);
        self.local_types(&mut made);
        (made, unread)
    }

    fn add_variant(
        &mut self,
        variant: Variant,
        place: Place,
        known: &mut HashMap<String, Place>,
        variants: &mut Vec<Variant>,
    ) {
        if let Some(first) = known.get(&variant.name) {
            let own = self.contract.places.place(variant.node);
            let before = variants.iter().find(|other| other.name == variant.name);
            let before = before.map(|other| self.contract.places.place(other.node));
            let mut diagnostic = Diagnostic::new(
                Code::DeclaredTwice,
                place,
                format!("there are two variants `{}`", variant.name),
            )
            .about(&variant.name);
            diagnostic = match before {
                Some(declared) if declared != *first => diagnostic
                    .and(*first, format!("takes `{}` in", variant.name))
                    .and(declared, "declared here"),
                _ => diagnostic.and(*first, "the first one"),
            };
            if own != place {
                diagnostic = diagnostic.here("takes one in").and(own, "declared here");
            }
            self.diagnostics.push(diagnostic.help("take one of them out, or give it another name"));
            return;
        }
        known.insert(variant.name.clone(), place);
        variants.push(variant);
    }

    /// The meaning that `...NAME` takes in.
    fn spread(&mut self, name: &slo_grammar::Name) -> Result<MeaningId, Reported> {
        let (tree, item) = self.resolved.named(name.place)?;
        if self.faces.open.contains(&item.name().place) {
            let message = format!("the meaning `{}` takes itself in", item.name().value);
            return Err(Diagnostic::new(Code::Circular, name.place, message)
                .about(&item.name().value)
                .here("this closes the circle")
                .and(item.name().place, "the meaning")
                .help(format!("take out `...{}`", name.value))
                .report(self.diagnostics));
        }
        // Each step takes its share of the stack.
        if self.faces.open.len() > MOST_STEPS {
            let message = format!("meanings take each other in more than {MOST_STEPS} deep");
            return Err(Diagnostic::new(Code::TooDeep, name.place, message)
                .about(&name.value)
                .help("write the variants out")
                .report(self.diagnostics));
        }
        self.face_of(tree, item)
    }

    fn variant(
        &mut self,
        tree: usize,
        meaning: &slo_grammar::Meaning,
        declared: &'t slo_grammar::Variant,
        unread: &mut Unread,
    ) -> Variant {
        let mut payload: Vec<Payload> = Vec::new();
        for field in &declared.payload {
            let made = self.payload(tree, field);
            if let Some(first) = payload.iter().find(|other| other.name == made.name) {
                let first = self.contract.places.place(first.node);
                let message = format!("`{}` carries `{}` twice", declared.name.value, made.name);
                self.diagnostics.push(
                    Diagnostic::new(Code::DeclaredTwice, field.name.place, message)
                        .about(format!("{}.{}", meaning.name.value, declared.name.value))
                        .and(first, "the first one")
                        .help("take one of them out, or give it another name"),
                );
                continue;
            }
            payload.push(made);
        }
        let options = Options::read(&declared.options, Context::Variant, self.diagnostics);
        let description = declared.description.as_ref().map(|text| text.value.as_str().to_owned());
        let mut made = Variant {
            node: self.contract.places.add(declared.name.place),
            name: declared.name.value.as_str().to_owned(),
            description: description.unwrap_or_else(|| declared.docs.text()),
            until: super::day::until(&options, self.diagnostics),
            payload,
            metric: None,
            log: None,
            span: None,
            severity: None,
            body: None,
            status: None,
            status_description: None,
        };
        unread.extend(self.projections(tree, &declared.projections, &mut made));
        made
    }

    fn payload(&mut self, tree: usize, field: &'t slo_grammar::PayloadField) -> Payload {
        let options = Options::read(&field.options, Context::Payload, self.diagnostics);
        if let TypeSyntax::Named(NamedType { name, array: true }) = &field.type_of.value
            && name.value == "context"
        {
            let message =
                format!("no attribute can hold `{}`, which is a list of contexts", field.name.value);
            self.diagnostics.push(
                Diagnostic::new(Code::NotAnAttribute, field.type_of.place, message)
                    .about(&field.name.value)
                    .help("a span's links are a field of the event: `batch: context[]`, and `links=batch`"),
            );
        }
        let typed = self.typed(tree, &field.name, &field.type_of, &options);
        let clear = self.clear(&field.name, &options, typed.sensitive.is_some());
        let domain = typed.domain.and_then(|domain| match domain.value.value_type() {
            Some(_) => Ok(domain),
            None => {
                let message = format!("no attribute can hold `{}`, which is {}", field.name.value, domain.value);
                Err(Diagnostic::new(Code::NotAnAttribute, field.type_of.place, message)
                    .about(&field.name.value)
                    .and_maybe(typed.declaration, "declared here")
                    .help("a payload is a string, a number, a boolean or a list of these; of a family of keys name one")
                    .report(self.diagnostics))
            }
        });
        Payload {
            node: self.contract.places.add(field.name.place),
            name: field.name.value.as_str().to_owned(),
            key: typed.key.unwrap_or_default(),
            domain: domain.into(),
            sensitive: typed.sensitive.is_some(),
            sensitive_node: typed.sensitive.map(|place| self.contract.places.add(place)),
            clear,
        }
    }

    /// Reads what is merged on purpose; what a view inherits stays.
    pub(super) fn lossy(&mut self, entries: &[MeaningEntry], meaning: &mut Meaning) {
        let mut own: Vec<Lossy> = Vec::new();
        let mut taken: HashMap<(Signal, String), Place> = HashMap::default();
        for entry in entries {
            let MeaningEntry::Lossy(class) = entry else { continue };
            let Some(signal) = Signal::ALL.into_iter().find(|signal| signal.name() == class.signal.value)
            else {
                self.diagnostics.push(unknown_signal(&class.signal, &Signal::ALL.map(Signal::name)));
                continue;
            };
            if class.reason.as_ref().is_none_or(|reason| reason.value.trim().is_empty()) {
                self.diagnostics.push(
                    Diagnostic::new(Code::OptionValue, class.place, "a `lossy` says its reason")
                        .about(&meaning.name)
                        .help("write why its variants are merged, in quotes behind the list"),
                );
            }
            let mut names: Vec<String> = Vec::new();
            for name in &class.variants {
                // A name that was reported stays: without it the class would merge less than it says.
                if !names.iter().any(|other| *other == name.value) {
                    names.push(name.value.as_str().to_owned());
                }
                if meaning.variant(&name.value).is_none() {
                    let known = meaning.variants.iter().map(|variant| variant.name.as_str());
                    self.diagnostics.push(unknown_variant(name, &meaning.name, known));
                    continue;
                }
                if let Some(first) = taken.get(&(signal, name.value.as_str().to_owned())) {
                    let message = format!("`{}` is merged twice on {}", name.value, with_article(signal));
                    self.diagnostics.push(
                        Diagnostic::new(Code::DeclaredTwice, name.place, message)
                            .about(&name.value)
                            .and(*first, "the first time")
                            .help("a variant belongs to one class: write all that is one into one `lossy`"),
                    );
                    continue;
                }
                taken.insert((signal, name.value.as_str().to_owned()), name.place);
            }
            if class.variants.len() < 2 {
                self.diagnostics.push(
                    Diagnostic::new(Code::OptionValue, class.place, "a `lossy` names at least two variants")
                        .about(&meaning.name)
                        .help("name those that show alike, or take it out"),
                );
            }
            own.push(Lossy {
                node: self.contract.places.add(class.place),
                signal,
                variants: names,
                reason: class
                    .reason
                    .as_ref()
                    .map_or(String::new(), |reason| reason.value.as_str().to_owned()),
                inherited: false,
            });
        }
        meaning.lossy.extend(own);
    }
}

pub(super) fn with_article(signal: Signal) -> String {
    crate::text::with_article(signal.name())
}

pub(super) fn unknown_variant<'n>(
    name: &slo_grammar::Name,
    meaning: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownName,
        name.place,
        format!("`{meaning}` has no variant `{}`", name.value),
    )
    .about(&name.value);
    match nearest(&name.value, known.clone()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => {
            let names: Vec<&str> = known.collect();
            diagnostic.help(format!("its variants are {}", crate::text::some_of(&names)))
        }
    }
}

/// A word that is no signal, where one of these was wanted.
pub(super) fn unknown_signal(word: &slo_grammar::Name, known: &[&str]) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::Misplaced, word.place, format!("there is no signal `{}`", word.value))
            .about(&word.value);
    match nearest(&word.value, known.iter().copied()) {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help(format!("write one of {}", crate::text::list(known))),
    }
}

impl Lowering<'_, '_> {
    /// Where a type may stand, a name that begins with a capital is a declaration, and any other a key.
    pub(super) fn capital(&mut self, item: &Item) {
        let (name, keyword) = (item.name(), item.keyword());
        if crate::resolve::is_declaration(&name.value) {
            return;
        }
        let mut letters = name.value.chars();
        let capital: String =
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
        let message = format!("the name of {} begins with a capital", crate::text::with_article(keyword));
        let diagnostic = Diagnostic::new(Code::BadName, name.place, message).about(&name.value);
        self.diagnostics.push(match crate::resolve::is_declaration(&capital) {
            true => diagnostic.help(format!("write `{capital}`")).fix(name.place, capital),
            false => diagnostic.help("such as `Outcome`: other names are keys and types"),
        });
    }

    /// Whether `clear` is said, which is for what is sensitive.
    pub(super) fn clear(&mut self, name: &slo_grammar::Name, options: &Options<'_>, sensitive: bool) -> bool {
        let Some(clear) = options.get("clear") else { return false };
        if !sensitive {
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, clear.place, format!("`{}` is not sensitive", name.value))
                    .about(&name.value)
                    .help("take `clear` out: it is for what is `sensitive`"),
            );
        }
        true
    }
}
