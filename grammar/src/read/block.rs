//! Declarations with a block: the head, and then each entry by itself, so that one that can't be read hides no other.

use pest::iterators::Pairs;

use super::{Part, Read, Reader};
use crate::around::Construct;
use crate::error::Errors;
use crate::rules::Rule;
use crate::split::{Entries, Piece};
use crate::text::Docs;
use crate::token::{TokenRange, is_word, kind};
use crate::tree::{
    Block, Entry, Event, EventEntry, Item, Meaning, MeaningEntry, Name, Opt, Package, Policy, PolicyEntry,
    Refine, Spread, Use, View,
};
use crate::{SyntaxErrorKind, split};

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
    pub(crate) fn item(&self, piece: &Piece, errors: &mut Errors) -> Option<Item> {
        let tokens = piece.tokens;
        let start = piece.declaration;
        let docs = self.docs(tokens.start as usize..start);
        let part = Part {
            start,
            parsed: start + 1,
            end: tokens.end as usize,
            construct: Construct::Header,
            in_full: errors.are_shown(),
        };
        let read = match self.tokens.at(start) {
            kind::PACKAGE => self.named(part).map(|name| Item::Package(Package { docs, name, tokens })),
            kind::USE => self.named(part).map(|name| Item::Use(Use { name, tokens })),
            kind::ATTRIBUTE => self.attribute(docs, part, tokens).map(|read| Item::Attribute(Box::new(read))),
            kind::REFINE => self.refine(docs, part, tokens).map(|read: Refine| Item::Refine(Box::new(read))),
            kind::METRIC => {
                self.metric(docs, part, tokens, Rule::metric).map(|read| Item::Metric(Box::new(read)))
            }
            _ => return self.item_with_block(docs, part, tokens, errors),
        };
        read.map_err(|error| errors.push(error)).ok()
    }

    fn item_with_block(
        &self,
        docs: Docs,
        part: Part,
        tokens: TokenRange,
        errors: &mut Errors,
    ) -> Option<Item> {
        let keyword = self.tokens.at(part.start);
        let rule = match keyword {
            kind::RESOURCE | kind::SCOPE => Rule::block_head,
            kind::VIEW => Rule::view_head,
            kind::EVENT => Rule::event_head,
            _ => Rule::plain_head,
        };
        let block = split::block(self.tokens, part.start..part.end);
        let head_ends = block.as_ref().map_or(part.end, |block| block.start);
        let head = self.head(rule, Part { end: head_ends, ..part });
        let head = head.map_err(|error| errors.push(error)).ok();
        // What stands in a block whose head can't be read may have mistakes of its own.
        let block = block?;
        let item = match keyword {
            kind::POLICY => {
                let Body { entries, broken } =
                    self.body(&block, Construct::Policy, errors, |_, part, tokens| {
                        self.policy_entry(part, tokens)
                    });
                head.map(|Head { name, .. }| {
                    Item::Policy(Box::new(Policy { docs, name, entries, broken, tokens }))
                })
            }
            kind::MEANING | kind::VIEW => {
                let Body { entries, broken } =
                    self.body(&block, Construct::Variants, errors, |docs, part, tokens| {
                        self.meaning_entry(docs, part, tokens)
                    });
                head.map(|Head { name, other, options }| match other {
                    Some(of) => {
                        Item::View(Box::new(View { docs, name, of, options, entries, broken, tokens }))
                    }
                    None => Item::Meaning(Box::new(Meaning { docs, name, entries, broken, tokens })),
                })
            }
            kind::EVENT => {
                let Body { entries, broken } =
                    self.body(&block, Construct::Fields, errors, |docs, part, tokens| {
                        self.event_entry(docs, part, tokens)
                    });
                head.and_then(|Head { name, other, options }| {
                    let scope = other?;
                    Some(Item::Event(Box::new(Event { docs, name, scope, options, entries, broken, tokens })))
                })
            }
            _ => {
                let group = keyword == kind::GROUP;
                let construct = if group { Construct::Group } else { Construct::Entries };
                let Body { entries, broken } =
                    self.body(&block, construct, errors, |docs, part, tokens| self.entry(docs, part, tokens));
                head.map(|Head { name, options, .. }| {
                    let block = Box::new(Block { docs, name, options, entries, broken, tokens });
                    match keyword {
                        kind::GROUP => Item::Group(block),
                        kind::RESOURCE => Item::Resource(block),
                        _ => Item::Scope(block),
                    }
                })
            }
        };
        if block.end + 1 < part.end {
            errors.push(self.error_at(part, block.end + 1, &[Rule::EOI]));
            return None;
        }
        item
    }

    fn head(&self, rule: Rule, part: Part) -> Read<Head> {
        let (reader, mut pairs) = self.parsed(rule, part)?;
        let name = reader.next_name(&mut pairs, TokenRange::new(part.start, part.end))?;
        let other = match pairs.peek() {
            Some(next) if matches!(next.as_rule(), Rule::of_keyword | Rule::in_keyword) => {
                pairs.next();
                Some(reader.next_name(&mut pairs, TokenRange::new(part.start, part.end))?)
            }
            _ => None,
        };
        Ok(Head { name, other, options: reader.options(pairs)? })
    }

    /// What stands between the brackets before `block` and at its end.
    fn body<E>(
        &self,
        block: &std::ops::Range<usize>,
        construct: Construct,
        errors: &mut Errors,
        read: impl Fn(Docs, Part, TokenRange) -> Read<E>,
    ) -> Body<E> {
        let mut body = Body { entries: Vec::new(), broken: Vec::new() };
        let commas = construct == Construct::Variants;
        for entry in Entries::new(self.tokens, block.start, block.end, commas) {
            let (first, end) = (entry.tokens.start as usize, entry.tokens.end as usize);
            let docs = self.docs(first..entry.start);
            let part =
                Part { start: entry.start, parsed: entry.start, end, construct, in_full: errors.are_shown() };
            let inner = (first..entry.start).find(|doc| self.tokens.at(*doc) == kind::INNER_DOC);
            let read = if let Some(inner) = inner {
                Err(self.error_at(Part { start: inner, ..part }, inner, &[]))
            } else if entry.start == end {
                let last = docs.last().unwrap_or(first);
                Err(self.error(SyntaxErrorKind::DocWithoutItem, TokenRange::new(last, last + 1)))
            } else {
                read(docs, part, entry.tokens)
            };
            match read {
                Ok(entry) => body.entries.push(entry),
                Err(error) => {
                    errors.push(error);
                    body.broken.push(entry.tokens);
                }
            }
        }
        body
    }

    /// `...NAME`, where that is what stands there.
    fn spread(&self, part: Part, tokens: TokenRange) -> Option<Read<Spread>> {
        (self.tokens.at(part.start) == kind::ELLIPSIS).then(|| {
            let (reader, mut pairs) = self.parsed(Rule::spread, part)?;
            pairs.next();
            Ok(Spread { name: reader.next_name(&mut pairs, tokens)?, tokens })
        })
    }

    /// Goes behind the word that chose the rule.
    fn behind_word(part: Part) -> Part {
        Part { parsed: part.start + 1, ..part }
    }

    fn entry(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Entry> {
        if let Some(spread) = self.spread(part, tokens) {
            return spread.map(Entry::Spread);
        }
        if part.construct == Construct::Group && self.is_field(part) {
            return Ok(Entry::Field(Box::new(self.field(docs, part, tokens)?)));
        }
        let (key, options) = self.key_with_options(part, tokens)?;
        Ok(Entry::Key { docs, key, options, tokens })
    }

    fn key_with_options(&self, part: Part, tokens: TokenRange) -> Read<(Name, Vec<Opt>)> {
        let (reader, mut pairs): (_, Pairs<'_, Rule>) = self.parsed(Rule::entry, part)?;
        let key = reader.next_name(&mut pairs, tokens)?;
        Ok((key, reader.options(pairs)?))
    }

    /// Whether an entry of a group is a field, for an event: a type stands behind its `:`, rather than an option.
    fn is_field(&self, part: Part) -> bool {
        let [colon, first, next] = [1, 2, 3].map(|behind| {
            if part.start + behind < part.end { self.tokens.at(part.start + behind) } else { kind::LINE_END }
        });
        let word = || self.text().get(self.tokens.place(part.start + 2)).unwrap_or("");
        colon == b':'
            && (first == kind::DOTTED
                || matches!(next, b'[' | b'{' | b'(' | b'<' | b'?' | kind::VIA)
                || (is_word(first) && is_type(word())))
    }

    fn policy_entry(&self, part: Part, tokens: TokenRange) -> Read<PolicyEntry> {
        let allows = self.tokens.at(part.start) == kind::ALLOW && self.tokens.at(part.start + 1) != b':';
        if !allows {
            let (name, options) = self.key_with_options(part, tokens)?;
            return Ok(PolicyEntry::Rule { name, options, tokens });
        }
        let (reader, mut pairs) = self.parsed(Rule::allow, Self::behind_word(part))?;
        let code = reader.next_name(&mut pairs, tokens)?;
        pairs.next();
        let name = reader.next_name(&mut pairs, tokens)?;
        pairs.next();
        let reason = reader.string(&reader.found(pairs.next(), tokens)?)?;
        Ok(PolicyEntry::Allow { code, name, reason, tokens })
    }

    fn event_entry(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<EventEntry> {
        if let Some(spread) = self.spread(part, tokens) {
            return spread.map(EventEntry::Spread);
        }
        let signal = Self::behind_word(part);
        // A field may be called as a signal is.
        let keyword =
            if self.tokens.at(part.start + 1) == b':' { kind::WORD } else { self.tokens.at(part.start) };
        match keyword {
            kind::METRIC => self.metric(docs, signal, tokens, Rule::signal_entry).map(EventEntry::Metric),
            kind::LOG => self.log(docs, signal, tokens).map(EventEntry::Log),
            kind::SPAN => self.span(docs, signal, tokens).map(EventEntry::Span),
            _ => self.field(docs, part, tokens).map(EventEntry::Field),
        }
    }

    fn meaning_entry(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<MeaningEntry> {
        if let Some(spread) = self.spread(part, tokens) {
            return spread.map(MeaningEntry::Spread);
        }
        // A variant may be called `lossy`: what follows its name is no word.
        if self.tokens.at(part.start) == kind::LOSSY && is_word(self.tokens.at(part.start + 1)) {
            return self.lossy(Self::behind_word(part), tokens).map(MeaningEntry::Lossy);
        }
        self.variant(docs, part, tokens).map(MeaningEntry::Variant)
    }
}

/// Whether a word by itself is a type rather than an option: a built-in one, or a declaration's name.
fn is_type(word: &str) -> bool {
    ["string", "int", "double", "bool", "bytes", "any"].contains(&word)
        || word.starts_with(|first: char| first.is_uppercase())
}
