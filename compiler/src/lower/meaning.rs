//! Meanings and views.

use std::collections::{HashMap, HashSet};

use slo_grammar::{Item, MeaningEntry, Place, Placed};

use super::Lowering;
use super::options::{Context, Options, text_of};
use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Lossy, Meaning, Payload, Signal, Variant, View};
use crate::resolve::Binding;
use crate::text::nearest;

/// How many meanings may take each other in, one by the other.
const MOST_STEPS: usize = 64;

/// The meanings and views of a run, each made once, when it is asked for.
#[derive(Default)]
pub(super) struct Faces {
    /// The index in the contract, by the place of the name. None where it can't be made: that was reported.
    made: HashMap<Place, Option<usize>>,
    /// Those that are being made: one that asks for itself is circular.
    open: HashSet<Place>,
}

impl<'t> Lowering<'_, 't> {
    /// The index of a meaning or a view in the contract.
    pub(super) fn face(&mut self, tree: usize, item: &'t Item) -> Option<usize> {
        let place = item.name().place;
        if let Some(made) = self.faces.made.get(&place) {
            return *made;
        }
        // What another root's meaning has to say is for its own run to say.
        let own = self.is_own(tree);
        self.capital(item);
        let before = self.diagnostics.len();
        self.faces.open.insert(place);
        let made = match item {
            Item::Meaning(meaning) => Some(self.meaning(tree, meaning)),
            Item::View(view) => self.view(tree, view),
            _ => None,
        };
        self.faces.open.remove(&place);
        if !own {
            self.diagnostics.truncate(before);
        }
        let index = made.map(|made| {
            self.contract.meanings.push(made);
            self.contract.meanings.len() - 1
        });
        self.faces.made.insert(place, index);
        index
    }

    fn meaning(&mut self, tree: usize, meaning: &'t slo_grammar::Meaning) -> Meaning {
        let mut variants: Vec<Variant> = Vec::new();
        let mut known: HashMap<String, Place> = HashMap::new();
        let mut lossy = Vec::new();
        for entry in &meaning.entries {
            match entry {
                MeaningEntry::Variant(declared) => {
                    let made = self.variant(tree, meaning, declared);
                    self.add_variant(made, declared.name.place, &mut known, &mut variants);
                }
                MeaningEntry::Spread(name) => {
                    let Some(other) = self.spread(name) else { continue };
                    let other = self.contract.meanings[other].clone();
                    for variant in other.variants {
                        self.add_variant(variant, name.place, &mut known, &mut variants);
                    }
                    lossy.extend(other.lossy.into_iter().map(|class| Lossy { inherited: true, ..class }));
                }
                MeaningEntry::Lossy(_) => {}
            }
        }
        if variants.is_empty() && meaning.entries.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Empty,
                    meaning.name.place,
                    format!("the meaning `{}` has no variants", meaning.name.value),
                )
                .about(&meaning.name.value)
                .help("name at least one: `Succeeded \"the customer was charged\" { … }`"),
            );
        }
        let mut made = Meaning {
            node: self.contract.places.add(meaning.name.place),
            package: self.package_name(tree).to_owned(),
            name: meaning.name.value.clone(),
            docs: meaning.docs.clone(),
            view: None,
            variants,
            lossy,
        };
        self.lossy(&meaning.entries, &mut made);
        self.local_types(&mut made);
        made
    }

    fn add_variant(
        &mut self,
        variant: Variant,
        place: Place,
        known: &mut HashMap<String, Place>,
        variants: &mut Vec<Variant>,
    ) {
        if let Some(first) = known.get(&variant.name) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::DeclaredTwice,
                    place,
                    format!("there are two variants `{}`", variant.name),
                )
                .about(&variant.name)
                .and(*first, "the first one")
                .help("take one of them out, or give it another name"),
            );
            return;
        }
        known.insert(variant.name.clone(), place);
        variants.push(variant);
    }

    /// The meaning that `...NAME` takes in.
    fn spread(&mut self, name: &Placed<String>) -> Option<usize> {
        let Some(Binding::Named(tree, item)) = self.resolved.bindings.get(&name.place).copied() else {
            return None;
        };
        if self.faces.open.contains(&item.name().place) {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Circular,
                    name.place,
                    format!("the meaning `{}` takes itself in", item.name().value),
                )
                .about(&item.name().value)
                .here("this closes the circle")
                .and(item.name().place, "the meaning")
                .help(format!("take out `...{}`", name.value)),
            );
            return None;
        }
        // Each step takes its share of the stack.
        if self.faces.open.len() > MOST_STEPS {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::TooDeep,
                    name.place,
                    format!("meanings take each other in more than {MOST_STEPS} deep"),
                )
                .about(&name.value)
                .help("write the variants out"),
            );
            return None;
        }
        self.face(tree, item)
    }

    fn variant(
        &mut self,
        tree: usize,
        meaning: &slo_grammar::Meaning,
        declared: &'t slo_grammar::Variant,
    ) -> Variant {
        let mut payload: Vec<Payload> = Vec::new();
        for field in &declared.payload {
            let made = self.payload(tree, field);
            if let Some(first) = payload.iter().find(|other| other.name == made.name) {
                let first = self.contract.places.place(first.node);
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::DeclaredTwice,
                        field.name.place,
                        format!("`{}` carries `{}` twice", declared.name.value, made.name),
                    )
                    .about(format!("{}.{}", meaning.name.value, declared.name.value))
                    .and(first, "the first one")
                    .help("take one of them out, or give it another name"),
                );
                continue;
            }
            payload.push(made);
        }
        let description = declared.description.as_ref().map(|text| text.value.clone());
        let mut made = Variant {
            node: self.contract.places.add(declared.name.place),
            name: declared.name.value.clone(),
            description: description.unwrap_or_else(|| declared.docs.clone()),
            payload,
            metric: None,
            log: None,
            span: None,
            severity: None,
            status: None,
        };
        self.projections(tree, &declared.projections, &mut made);
        made
    }

    fn payload(&mut self, tree: usize, field: &'t slo_grammar::PayloadField) -> Payload {
        let options = Options::read(&field.options, Context::Payload, self.diagnostics);
        let typed = self.typed(tree, &field.name, &field.type_of, &options);
        let clear = self.clear(&field.name, &options, typed.sensitive);
        let domain = typed.domain.filter(|domain| {
            let holds = domain.value.value_type().is_some();
            if !holds {
                self.diagnostics.push(
                    Diagnostic::new(
                        Code::NotAnAttribute,
                        field.type_of.place,
                        format!("no attribute can hold `{}`, which is {}", field.name.value, domain.value),
                    )
                    .about(&field.name.value)
                    .help("a payload is a string, a number, a boolean or a list of these"),
                );
            }
            holds
        });
        Payload {
            node: self.contract.places.add(field.name.place),
            name: field.name.value.clone(),
            domain,
            sensitive: typed.sensitive,
            clear,
        }
    }

    fn view(&mut self, tree: usize, view: &'t slo_grammar::View) -> Option<Meaning> {
        let options = Options::read(&view.options, Context::ViewHeader, self.diagnostics);
        let until = self.until(&options);
        let Some(Binding::Named(of_tree, of)) = self.resolved.bindings.get(&view.of.place).copied() else {
            return None;
        };
        let base = self.face(of_tree, of)?;
        let base = self.contract.meanings[base].clone();
        let mut made = Meaning {
            node: self.contract.places.add(view.name.place),
            package: self.package_name(tree).to_owned(),
            name: view.name.value.clone(),
            docs: view.docs.clone(),
            view: Some(View { of: base.full_name(), until }),
            variants: base.variants,
            lossy: base.lossy.into_iter().map(|class| Lossy { inherited: true, ..class }).collect(),
        };
        if view.entries.is_empty() {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Empty,
                    view.name.place,
                    format!("the view `{}` shows nothing otherwise", view.name.value),
                )
                .about(&view.name.value)
                .help("name the variants that show otherwise, or use the meaning itself"),
            );
        }
        let mut seen: HashMap<&str, Place> = HashMap::new();
        for entry in &view.entries {
            match entry {
                MeaningEntry::Variant(declared) => {
                    if let Some(first) = seen.insert(&declared.name.value, declared.name.place) {
                        self.diagnostics.push(
                            Diagnostic::new(
                                Code::DeclaredTwice,
                                declared.name.place,
                                format!("`{}` stands twice in the view", declared.name.value),
                            )
                            .about(&declared.name.value)
                            .and(first, "the first one")
                            .help("write both into one"),
                        );
                        continue;
                    }
                    self.shown_otherwise(tree, declared, &view.of.value, &mut made);
                }
                MeaningEntry::Spread(name) => self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, name.place, "a view takes no variants in")
                        .about(&view.name.value)
                        .help("a view has the variants of its meaning: take them in there"),
                ),
                MeaningEntry::Lossy(_) => {}
            }
        }
        self.lossy(&view.entries, &mut made);
        self.local_types(&mut made);
        Some(made)
    }

    /// A variant that a view shows otherwise.
    fn shown_otherwise(
        &mut self,
        tree: usize,
        declared: &'t slo_grammar::Variant,
        of: &str,
        view: &mut Meaning,
    ) {
        let name = &declared.name;
        let Some(index) = view.variants.iter().position(|variant| variant.name == name.value) else {
            let names = view.variants.iter().map(|variant| variant.name.as_str());
            self.diagnostics.push(unknown_variant(name, of, names));
            return;
        };
        for place in [
            declared.payload.first().map(|field| field.name.place),
            declared.description.as_ref().map(|text| text.place),
        ]
        .into_iter()
        .flatten()
        {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    place,
                    format!("what `{}` is and carries is for its meaning to say", name.value),
                )
                .about(&name.value)
                .and(self.contract.places.place(view.variants[index].node), "declared here")
                .help("take it out: a view says how a variant shows"),
            );
        }
        let mut variant = view.variants[index].clone();
        self.projections(tree, &declared.projections, &mut variant);
        view.variants[index] = variant;
    }

    /// Reads what is merged on purpose. What a view merges on a signal takes the place of what its meaning merges there.
    fn lossy(&mut self, entries: &[MeaningEntry], meaning: &mut Meaning) {
        let mut own: Vec<Lossy> = Vec::new();
        let mut taken: HashMap<(Signal, String), Place> = HashMap::new();
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
                if meaning.variant(&name.value).is_none() {
                    let known = meaning.variants.iter().map(|variant| variant.name.as_str());
                    self.diagnostics.push(unknown_variant(name, &meaning.name, known));
                    continue;
                }
                if let Some(first) = taken.get(&(signal, name.value.clone())) {
                    self.diagnostics.push(
                        Diagnostic::new(
                            Code::DeclaredTwice,
                            name.place,
                            format!("`{}` is merged twice on {}", name.value, with_article(signal)),
                        )
                        .about(&name.value)
                        .and(*first, "the first time")
                        .help("a variant belongs to one class: write all that is one into one `lossy`"),
                    );
                    continue;
                }
                taken.insert((signal, name.value.clone()), name.place);
                names.push(name.value.clone());
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
                reason: class.reason.as_ref().map_or(String::new(), |reason| reason.value.clone()),
                inherited: false,
            });
        }
        if meaning.view.is_some() {
            meaning.lossy.retain(|class| !own.iter().any(|other| other.signal == class.signal));
        }
        meaning.lossy.extend(own);
    }
}

pub(super) fn with_article(signal: Signal) -> String {
    crate::text::with_article(signal.name())
}

pub(super) fn unknown_variant<'n>(
    name: &Placed<String>,
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
pub(super) fn unknown_signal(word: &Placed<String>, known: &[&str]) -> Diagnostic {
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

    /// The day of `until=`.
    pub(super) fn until(&mut self, options: &Options<'_>) -> Option<String> {
        let day = text_of("until", options.value("until")?, self.diagnostics)?;
        if is_day(&day.value) {
            return Some(day.value);
        }
        self.diagnostics.push(
            Diagnostic::new(Code::BadDate, day.place, format!("`{}` is no day", day.value))
                .about("until")
                .help("a day is written as year, month and day: `2027-06-30`"),
        );
        None
    }

    /// Whether `clear` is said, which is for what is sensitive.
    pub(super) fn clear(&mut self, name: &Placed<String>, options: &Options<'_>, sensitive: bool) -> bool {
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

/// Whether a text is a day of the Gregorian calendar, as `2027-06-30` (RFC 3339, "full-date").
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let digits =
        |part: &str, count: usize| part.len() == count && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(digits(year, 4) && digits(month, 2) && digits(day, 2)) {
        return false;
    }
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u32>(), month.parse::<u32>(), day.parse::<u32>())
    else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::is_day;

    #[test]
    fn days_are_those_of_the_calendar() {
        for day in ["2027-06-30", "2028-02-29", "2000-02-29", "0001-01-01"] {
            assert!(is_day(day), "{day}");
        }
        for text in [
            "2027-06-31",
            "2027-02-29",
            "1900-02-29",
            "2027-13-01",
            "2027-6-30",
            "27-06-30",
            "2027-06-00",
            "soon",
            "",
        ] {
            assert!(!is_day(text), "{text}");
        }
    }
}
