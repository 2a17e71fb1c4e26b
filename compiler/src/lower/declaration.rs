//! Spans, logs and entities that are declared for others.

use slo_grammar::{Declared, ListItem, Place};

use super::Lowering;
use super::attribute::deprecation;
use super::domain::stability;
use super::signal::place_of;
use crate::diagnostic::{Code, Diagnostic};
use crate::hash::HashMap;
use crate::ir::{Declaration, ListedKey, Severity, SpanKind, Type};
use crate::options::{Context, Options};
use crate::resolve::{DeclaredKind, DeclaredRef};
use crate::text::with_article;

/// The words of requirement levels; `if "…"` is one more.
pub(super) const LEVELS: [&str; 3] = ["required", "recommended", "opt_in"];

/// What tells one entity from another is a level of its own.
const ID: &str = "id";

impl<'t> Lowering<'_, 't> {
    /// What is declared under the name at a place, where it is bound: of a span its own `of`, of a log its name.
    pub(super) fn declared_at_name(&mut self, place: Place) -> Option<Declaration> {
        match self.resolved.declared(place)? {
            DeclaredRef::Text(named) => {
                let (kind, declared) = DeclaredKind::of(named.item)?;
                self.declaration(named.tree, kind, declared)
            }
            DeclaredRef::Table(table, declared) => {
                let place = self.table_place(table, declared.place);
                Some(Declaration::of_table(declared, self.contract.places.add(place)))
            }
        }
    }

    /// A declaration becomes part of the contract whose own it is.
    pub(super) fn own_declaration(&mut self, tree: usize, kind: DeclaredKind, declared: &'t Declared) {
        let Some(made) = self.declaration(tree, kind, declared) else { return };
        match kind {
            DeclaredKind::Span => self.contract.declared_spans.push(made),
            DeclaredKind::Log => self.contract.declared_logs.push(made),
            DeclaredKind::Entity => self.contract.entities.push(made),
        }
    }

    /// A declaration, made once. The mistakes of another root's are found where that root is judged.
    fn declaration(
        &mut self,
        tree: usize,
        kind: DeclaredKind,
        declared: &'t Declared,
    ) -> Option<Declaration> {
        if let Some(made) = self.declarations.get(&declared.name.place) {
            return made.clone();
        }
        let before = self.diagnostics.len();
        let made = self.new_declaration(tree, kind, declared);
        if !self.is_own(tree) {
            self.diagnostics.truncate(before);
        }
        self.declarations.insert(declared.name.place, made.clone());
        made
    }

    fn new_declaration(
        &mut self,
        tree: usize,
        kind: DeclaredKind,
        declared: &'t Declared,
    ) -> Option<Declaration> {
        let name = &declared.name.value;
        let context = match kind {
            DeclaredKind::Span => Context::DeclaredSpan,
            DeclaredKind::Log => Context::DeclaredLog,
            DeclaredKind::Entity => Context::Entity,
        };
        let options = Options::read(&declared.options, context, self.diagnostics);
        let said = match kind {
            DeclaredKind::Span => {
                self.one_of(name, &options, SpanKind::ALL, |kind| kind.name()).map(|kind| kind.name())
            }
            DeclaredKind::Log => self
                .one_of(name, &options, Severity::ALL, |severity| severity.name())
                .map(|severity| severity.name()),
            DeclaredKind::Entity => None,
        };
        let keys = self.listed_keys(declared.list.as_deref().unwrap_or_default(), kind, name);
        if kind == DeclaredKind::Entity && !keys.iter().any(|key| key.level == ID) {
            // One that could not be read may be it.
            let all = declared.list.as_ref().is_some_and(|list| list.len() > keys.len());
            if !all {
                self.diagnostics.push(without_id(declared, &keys));
            }
        }
        let entities = self.entities(name, &options);
        let stability = stability(options.value("stability"), self.diagnostics);
        let deprecated = deprecation(&options, self.diagnostics);
        Some(Declaration {
            node: self.contract.places.add(declared.name.place),
            package: self.package_name(tree).to_owned(),
            name: name.as_str().to_owned(),
            docs: declared.docs.text(),
            kind: said.map(str::to_owned),
            closed: place_of(&options, "closed").is_some(),
            stability,
            deprecated,
            keys,
            entities,
        })
    }

    /// The keys of a list, each once.
    fn listed_keys(&mut self, list: &'t [ListItem], kind: DeclaredKind, of: &str) -> Vec<ListedKey> {
        let mut seen = HashMap::default();
        let mut keys = Vec::with_capacity(list.len());
        for item in list {
            let is_entity = kind == DeclaredKind::Entity;
            let Some(key) = self.listed_key(item, is_entity, kind.name()) else { continue };
            if self.key_twice(item, &key.key, of, &mut seen) || !self.may_hold(item, &key, kind) {
                continue;
            }
            keys.push(key);
        }
        keys
    }

    /// Whether a key stands twice in a declaration, which is reported.
    pub(super) fn key_twice(
        &mut self,
        item: &ListItem,
        key: &str,
        of: &str,
        seen: &mut HashMap<String, Place>,
    ) -> bool {
        let Some(first) = seen.insert(key.to_owned(), item.key.place) else { return false };
        seen.insert(key.to_owned(), first);
        let message = format!("`{key}` stands twice in `{of}`");
        self.diagnostics.push(
            Diagnostic::new(Code::KeyTwice, item.key.place, message)
                .about(key)
                .and(first, "the first one")
                .help("take one of them out"),
        );
        true
    }

    /// A key with its level.
    pub(super) fn listed_key(&mut self, item: &ListItem, is_entity: bool, of: &str) -> Option<ListedKey> {
        let misplaced: Option<(Place, &str)> = match (&item.value, &item.via, &item.shown_as) {
            (Some(value), ..) => Some((value.place, "a constant")),
            (None, Some(via), _) => Some((via.place, "`via`")),
            (None, None, Some(other)) => Some((other.place, "`as`")),
            _ => None,
        };
        if let Some((place, what)) = misplaced {
            let (message, help) = match (of, is_entity) {
                ("metric", _) => (
                    format!("{what} is for who records the metric to say"),
                    "a declared metric lists the keys of its labels".to_owned(),
                ),
                (_, true) => (
                    format!("{what} is for a resource to say, and an entity only lists keys"),
                    "an entity lists its keys, each with its level".to_owned(),
                ),
                (of, false) => (
                    format!("{what} is for the event to say that writes the {of}"),
                    format!("a declared {of} lists its keys, each with its level"),
                ),
            };
            self.diagnostics
                .push(Diagnostic::new(Code::Misplaced, place, message).about(&item.key.value).help(help));
            return None;
        }
        let level = item.level.as_ref();
        let word = level.and_then(|level| level.value.word.as_ref());
        let condition = level.and_then(|level| level.value.condition.as_ref());
        let level = match (word, condition) {
            (None, None) => "recommended",
            (None, Some(_)) => "if",
            (Some(word), _) if word.value == ID && !is_entity => {
                let message = format!("`id` says what tells one entity from another, and this is a {of}");
                self.diagnostics.push(
                    Diagnostic::new(Code::Misplaced, word.place, message)
                        .about(&item.key.value)
                        .help("write `required` where every record has it, or take it out"),
                );
                return None;
            }
            (Some(word), _) if LEVELS.contains(&word.value.as_str()) || word.value == ID => {
                word.value.as_str()
            }
            (Some(word), _) => {
                let levels = match is_entity {
                    true => "the levels are `id`, `required`, `recommended`, `opt_in` and `if \"…\"`",
                    false => "the levels are `required`, `recommended`, `opt_in` and `if \"…\"`",
                };
                let message = format!("there is no requirement level `{}`", word.value);
                self.diagnostics.push(
                    Diagnostic::new(Code::OptionValue, word.place, message)
                        .about(&item.key.value)
                        .help(levels),
                );
                return None;
            }
        };
        if let (Some(condition), "required" | ID) = (condition, level) {
            let message = format!("what is `{level}` is there on no condition");
            self.diagnostics.push(
                Diagnostic::new(Code::Misplaced, condition.place, message).about(&item.key.value).help(
                    "take `if` and its text out, or the word before it: `if \"…\"` is a level by itself",
                ),
            );
        }
        // A family's key stands as it is written, and one behind its package as it is declared.
        let key = match self.resolved.attribute(&item.key) {
            Ok((reference, false)) => reference.key(),
            Ok((_, true)) | Err(_) => item.key.value.as_str(),
        };
        Some(ListedKey {
            key: key.to_owned(),
            level: level.to_owned(),
            condition: condition.map(|condition| condition.value.as_str().to_owned()).unwrap_or_default(),
        })
    }

    /// Whether a record of this kind can hold the key's values; what can't be known may be.
    fn may_hold(&mut self, item: &ListItem, listed: &ListedKey, kind: DeclaredKind) -> bool {
        let Ok((reference, of_family)) = self.resolved.attribute(&item.key) else { return true };
        let attribute = self.attributes.get(reference, self.diagnostics);
        let Ok(domain) = attribute.read() else { return true };
        let value = match &domain.value {
            Type::Map(inner) if of_family => inner,
            value => value,
        };
        let is_object = match value {
            Type::Map(inner) => inner.object().is_some(),
            value => value.object().is_some(),
        };
        let key = &listed.key;
        let finding = match kind {
            DeclaredKind::Span if is_object => Diagnostic::new(
                Code::Misplaced,
                item.key.place,
                format!("`{key}` is an object, which stands on logs only"),
            )
            .help("list its members by keys of their own"),
            DeclaredKind::Entity if is_object => Diagnostic::new(
                Code::NotAnAttribute,
                item.key.place,
                format!("a resource can't hold `{key}`, which is {}", with_article(&value.to_string())),
            )
            .help("an entity's keys are strings, numbers, booleans, or lists of these"),
            DeclaredKind::Entity if listed.level == ID && matches!(value, Type::Map(_)) => Diagnostic::new(
                Code::NotAnAttribute,
                item.key.place,
                format!("`{key}` is a family of keys, and no one value tells entities apart by it"),
            )
            .help(format!("name one of the family, such as `{key}.name`")),
            _ => return true,
        };
        let declared = self.declared_at(reference);
        self.diagnostics.push(finding.about(key).and(declared, "declared here"));
        false
    }
}

fn without_id(declared: &Declared, keys: &[ListedKey]) -> Diagnostic {
    let name = &declared.name.value;
    let message = format!("nothing tells one `{name}` from another");
    Diagnostic::new(Code::NoIdentity, declared.name.place, message).about(name).help(match keys.first() {
        Some(key) => format!("give a key the level `id`, such as `{} id`", crate::text::spelled(&key.key)),
        None => "list the keys by which one is known from another: `{ host.id id }`".to_owned(),
    })
}
