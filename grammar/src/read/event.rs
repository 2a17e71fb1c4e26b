//! The parts of events: fields and signals, and what these list.

use pest::iterators::{Pair, Pairs};

use super::{Options, Part, Read, Reader};
use crate::Placed;
use crate::rules::Rule;
use crate::text::Docs;
use crate::token::TokenRange;
use crate::tree::{EventEntry, Field, Level, ListItem, Log, Name, Opt, Span, SpanEvent};

type AfterName = (Option<Name>, Vec<Opt>, Option<Vec<ListItem>>);

impl Reader<'_> {
    pub(super) fn field(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Field> {
        let (reader, mut pairs) = self.parsed(part)?;
        let name = reader.next_name(&mut pairs, tokens)?;
        let (mut type_of, mut optional, mut value, mut via) = (None, None, None, None);
        let mut options = Options(Vec::new());
        while let Some(inner) = pairs.next() {
            match inner.as_rule() {
                Rule::type_of => type_of = Some(reader.placed_type(inner)?),
                Rule::question => optional = Some(reader.place_of(&inner)),
                Rule::equals => value = Some(reader.value(&mut pairs, tokens)?),
                Rule::key => via = Some(reader.name(&inner)?),
                Rule::option => options.push(reader.option(inner)?, &pairs),
                _ => {}
            }
        }
        let type_of = reader.found(type_of, tokens)?;
        Ok(Field { docs, name, type_of, optional, value, via, options: options.0, tokens })
    }

    pub(super) fn log(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<Log> {
        let (reader, mut pairs) = self.parsed(part)?;
        let first = reader.found(pairs.next(), tokens)?;
        let name = if first.as_rule() == Rule::key { Some(reader.name(&first)?) } else { None };
        let place = reader.place_of(&first);
        let (scope, options, list) = reader.after_name(pairs)?;
        Ok(Log { docs, place, name, scope, options, list, tokens })
    }

    /// A span, or an event on one.
    pub(super) fn span(&self, docs: Docs, part: Part, tokens: TokenRange) -> Read<EventEntry> {
        let (reader, mut pairs) = self.parsed(part)?;
        let first = reader.found(pairs.next(), tokens)?;
        let named = match first.as_rule() {
            Rule::event_keyword => Some(reader.string(&reader.found(pairs.next(), tokens)?)?),
            _ => None,
        };
        let is_of = pairs.peek().is_some_and(|next| next.as_rule() == Rule::of_keyword);
        let of = match is_of {
            true => {
                pairs.next();
                Some(reader.next_name(&mut pairs, tokens)?)
            }
            false => None,
        };
        let (scope, options, list) = reader.after_name(pairs)?;
        if let Some(name) = named {
            return Ok(EventEntry::SpanEvent(SpanEvent { docs, name, scope, options, list, tokens }));
        }
        let place = reader.place_of(&first);
        let name = if first.as_rule() == Rule::string { Some(reader.string(&first)?) } else { None };
        let every = first.as_rule() == Rule::every_keyword;
        Ok(EventEntry::Span(Span { docs, place, name, every, of, scope, options, list, tokens }))
    }

    /// What stands after the name of a signal: its scope, its options and its list.
    pub(super) fn after_name(&self, mut pairs: Pairs<'_, Rule>) -> Read<AfterName> {
        let (mut scope, mut list) = (None, None);
        let mut options = Options(Vec::new());
        while let Some(inner) = pairs.next() {
            match inner.as_rule() {
                Rule::key => scope = Some(self.name(&inner)?),
                Rule::option => options.push(self.option(inner)?, &pairs),
                Rule::list_block => list = Some(self.list_block(inner)?),
                _ => {}
            }
        }
        Ok((scope, options.0, list))
    }

    fn list_block(&self, pair: Pair<'_, Rule>) -> Read<Vec<ListItem>> {
        let items = pair.into_inner().filter(|inner| inner.as_rule() == Rule::list_item);
        items.map(|item| self.list_item(item)).collect()
    }

    fn list_item(&self, pair: Pair<'_, Rule>) -> Read<ListItem> {
        let tokens = self.range(&pair);
        let mut pairs = pair.into_inner();
        let key = self.next_name(&mut pairs, tokens)?;
        let (mut value, mut via, mut shown_as, mut level) = (None, None, None, None);
        while let Some(inner) = pairs.next() {
            match inner.as_rule() {
                Rule::equals => value = Some(self.value(&mut pairs, tokens)?),
                Rule::via_keyword => via = Some(self.next_name(&mut pairs, tokens)?),
                Rule::as_keyword => shown_as = Some(self.next_name(&mut pairs, tokens)?),
                Rule::level => level = Some(self.level(inner)?),
                _ => {}
            }
        }
        Ok(ListItem { key, value, via, shown_as, level, tokens })
    }

    fn level(&self, pair: Pair<'_, Rule>) -> Read<Placed<Level>> {
        let tokens = self.range(&pair);
        let mut level = Level { word: None, condition: None };
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => level.word = Some(self.name(&inner)?),
                Rule::string => level.condition = Some(self.string(&inner)?),
                // The `if`.
                _ => {}
            }
        }
        Ok(Placed::new(level, self.place(tokens)))
    }
}
