//! Declarations with a block: the head, and then each entry by itself, so that one that can't be read hides no other.

use super::cut::{AT_ONCE, Cut};
use super::{Part, Read, Reader};
use crate::SyntaxErrorKind;
use crate::error::Errors;
use crate::rules::Rule;
use crate::split;
use crate::text::Docs;
use crate::token::{TokenRange, kind};
use crate::tree::{
    Block, Entry, Event, EventEntry, Item, Meaning, MeaningEntry, Name, Opt, Package, Policy, PolicyEntry,
    Refine, Spread, Use, View,
};

/// What stands before a block.
struct Head {
    name: Name,
    /// What an event is in, or a view is of.
    other: Option<Name>,
    options: Vec<Opt>,
}

/// What stands in one.
struct Body<E> {
    entries: Vec<E>,
    broken: Vec<TokenRange>,
}

impl Reader<'_> {
    /// Reads an item whose keyword is a declaration's.
    pub(crate) fn item(
        &self,
        cut: &Cut,
        entries: &[(split::Entry, Part)],
        errors: &mut Errors,
    ) -> Option<Item> {
        let tokens = cut.tokens();
        let part = cut.head;
        let docs = self.docs(tokens.start as usize..part.start);
        let read = match self.tokens.at(part.start) {
            kind::PACKAGE => self.named(part).map(|name| Item::Package(Package { docs, name, tokens })),
            kind::USE => self.named(part).map(|name| Item::Use(Use { name, tokens })),
            kind::ATTRIBUTE => self.attribute(docs, part, tokens).map(|read| Item::Attribute(Box::new(read))),
            kind::REFINE => self.refine(docs, part, tokens).map(|read: Refine| Item::Refine(Box::new(read))),
            kind::METRIC => self.metric(docs, part, tokens).map(|read| Item::Metric(Box::new(read))),
            kind::SPAN => self.declared(docs, part, tokens).map(|read| Item::Span(Box::new(read))),
            kind::LOG => self.declared(docs, part, tokens).map(|read| Item::Log(Box::new(read))),
            kind::ENTITY => self.declared(docs, part, tokens).map(|read| Item::Entity(Box::new(read))),
            _ => return self.item_with_block(docs, cut, entries, errors),
        };
        read.map_err(|error| errors.push(error)).ok()
    }

    fn item_with_block(
        &self,
        docs: Docs,
        cut: &Cut,
        entries: &[(split::Entry, Part)],
        errors: &mut Errors,
    ) -> Option<Item> {
        let Cut { head, block, .. } = cut;
        let keyword = self.tokens.at(head.start);
        let tokens = cut.tokens();
        let head = self.head(*head).map_err(|error| errors.push(error)).ok();
        // What stands in a block whose head can't be read may have mistakes of its own.
        let block = block.as_ref()?;
        let entries = entries.get(cut.entries.clone()).unwrap_or_default();
        let item = match keyword {
            kind::POLICY => {
                let Body { entries, broken } =
                    self.body(entries, errors, |reader, _, part, tokens| reader.policy_entry(part, tokens));
                head.map(|Head { name, .. }| {
                    Item::Policy(Box::new(Policy { docs, name, entries, broken, tokens }))
                })
            }
            kind::MEANING | kind::VIEW => {
                let Body { entries, broken } = self.body(entries, errors, |reader, docs, part, tokens| {
                    reader.meaning_entry(docs, part, tokens)
                });
                head.map(|Head { name, other, options }| match other {
                    Some(of) => {
                        Item::View(Box::new(View { docs, name, of, options, entries, broken, tokens }))
                    }
                    None => Item::Meaning(Box::new(Meaning { docs, name, entries, broken, tokens })),
                })
            }
            kind::EVENT => {
                let Body { entries, broken } = self.body(entries, errors, |reader, docs, part, tokens| {
                    reader.event_entry(docs, part, tokens)
                });
                head.map(|Head { name, other: scope, options }| {
                    Item::Event(Box::new(Event { docs, name, scope, options, entries, broken, tokens }))
                })
            }
            _ => {
                let Body { entries, broken } =
                    self.body(entries, errors, |reader, docs, part, tokens| reader.entry(docs, part, tokens));
                head.map(|Head { name, other: of, options }| {
                    let block = Box::new(Block { docs, name, of, options, entries, broken, tokens });
                    match keyword {
                        kind::GROUP => Item::Group(block),
                        kind::RESOURCE => Item::Resource(block),
                        _ => Item::Scope(block),
                    }
                })
            }
        };
        if block.end + 1 < tokens.end as usize {
            let whole = Part { end: tokens.end as usize, ..cut.head };
            errors.push(self.error_at(whole, block.end + 1, &[Rule::end]));
            return None;
        }
        item
    }

    fn head(&self, part: Part) -> Read<Head> {
        let (reader, mut pairs) = self.parsed(part)?;
        let name = reader.next_name(&mut pairs, TokenRange::new(part.start, part.end))?;
        let other = match pairs.peek() {
            Some(next) if matches!(next.as_rule(), Rule::of_keyword | Rule::in_keyword) => {
                pairs.next();
                Some(reader.next_name(&mut pairs, TokenRange::new(part.start, part.end))?)
            }
            _ => None,
        };
        let options = reader.options(pairs)?;
        // What a program of this contract records comes from a scope.
        let is_external = options.iter().any(|option| option.name.value == "external");
        if part.rule == Rule::event_head && other.is_none() && !is_external {
            return Err(self.error_at(part, part.start + 2, &[Rule::in_keyword]));
        }
        Ok(Head { name, other, options })
    }

    /// Reads the entries of a block.
    fn body<E>(
        &self,
        entries: &[(split::Entry, Part)],
        errors: &mut Errors,
        read: impl Fn(&Reader<'_>, Docs, Part, TokenRange) -> Read<E>,
    ) -> Body<E> {
        let mut body = Body { entries: Vec::with_capacity(entries.len()), broken: Vec::new() };
        let mut of_some = |reader: &Reader<'_>, entries: &[(split::Entry, Part)]| {
            for (entry, part) in entries {
                let reader = Reader { in_full: errors.are_shown(), ..*reader };
                match reader.checked(entry, *part).and_then(|docs| read(&reader, docs, *part, entry.tokens)) {
                    Ok(entry) => body.entries.push(entry),
                    Err(error) => {
                        errors.push(error);
                        body.broken.push(entry.tokens);
                    }
                }
            }
        };
        if self.batch.is_some() {
            of_some(self, entries);
        } else {
            let mut tokens = 0;
            let together = entries.chunk_by(|_, (next, _)| {
                tokens += next.tokens.range().len();
                let fits = tokens <= AT_ONCE;
                tokens *= usize::from(fits);
                fits
            });
            for some in together {
                self.at_once(some.iter().map(|(_, part)| *part), |reader| of_some(reader, some));
            }
        }
        body
    }

    /// The docs of an entry, where it has what they may describe.
    fn checked(&self, entry: &split::Entry, part: Part) -> Read<Docs> {
        let (first, end) = (entry.tokens.start as usize, entry.tokens.end as usize);
        let docs = self.docs(first..entry.start);
        if let Some(inner) = (first..entry.start).find(|doc| self.tokens.at(*doc) == kind::INNER_DOC) {
            return Err(self.error_at(Part { start: inner, ..part }, inner, &[]));
        }
        if entry.start == end {
            let last = docs.last().unwrap_or(first);
            return Err(self.error(SyntaxErrorKind::DocWithoutItem, TokenRange::new(last, last + 1)));
        }
        Ok(docs)
    }

    fn spread(&self, part: Part, tokens: TokenRange) -> Read<Spread> {
        let (reader, mut pairs) = self.parsed(part)?;
        // The `...`.
        pairs.next();
        Ok(Spread { name: reader.next_name(&mut pairs, tokens)?, tokens })
    }

    fn entry(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Entry> {
        match part.rule {
            Rule::spread => self.spread(part, tokens).map(Entry::Spread),
            Rule::field => Ok(Entry::Field(Box::new(self.field(docs, part, tokens)?))),
            _ => {
                let (key, options) = self.key_with_options(part, tokens)?;
                Ok(Entry::Key { docs, key, options, tokens })
            }
        }
    }

    fn key_with_options(&self, part: Part, tokens: TokenRange) -> Read<(Name, Vec<Opt>)> {
        let (reader, mut pairs) = self.parsed(part)?;
        let key = reader.next_name(&mut pairs, tokens)?;
        Ok((key, reader.options(pairs)?))
    }

    fn policy_entry(&self, part: Part, tokens: TokenRange) -> Read<PolicyEntry> {
        if part.rule != Rule::allow {
            let (name, options) = self.key_with_options(part, tokens)?;
            return Ok(PolicyEntry::Rule { name, options, tokens });
        }
        let (reader, mut pairs) = self.parsed(part)?;
        let code = reader.next_name(&mut pairs, tokens)?;
        let (mut names, mut number, mut reason) = (Vec::new(), None, None);
        for pair in pairs {
            match pair.as_rule() {
                Rule::key | Rule::nameless => names.push(reader.name(&pair)?),
                Rule::number => number = Some(reader.number_at(&pair)),
                Rule::string => reason = Some(reader.string(&pair)?),
                _ => {}
            }
        }
        Ok(PolicyEntry::Allow { code, names, number, reason: reader.found(reason, tokens)?, tokens })
    }

    fn event_entry(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<EventEntry> {
        match part.rule {
            Rule::spread => self.spread(part, tokens).map(EventEntry::Spread),
            Rule::log_entry => self.log(docs, part, tokens).map(EventEntry::Log),
            Rule::signal_entry => self.metric(docs, part, tokens).map(EventEntry::Metric),
            Rule::span_entry => self.span(docs, part, tokens),
            _ => self.field(docs, part, tokens).map(EventEntry::Field),
        }
    }

    fn meaning_entry(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<MeaningEntry> {
        match part.rule {
            Rule::spread => self.spread(part, tokens).map(MeaningEntry::Spread),
            Rule::lossy => self.lossy(part, tokens).map(MeaningEntry::Lossy),
            _ => self.variant(docs, part, tokens).map(MeaningEntry::Variant),
        }
    }
}
