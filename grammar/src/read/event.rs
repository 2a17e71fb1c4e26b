//! Events, their fields and signals, and metrics.

use pest::iterators::Pair;

use super::{Read, Reader, docs};
use crate::parse::Rule;
use crate::tree::{
    Event, EventEntry, Expression, Field, Level, ListItem, Log, Metric, Passes, Span, Test, Type,
};
use crate::{Name, Placed};

impl Reader {
    pub(super) fn event(&self, pair: Pair<'_, Rule>) -> Read<Event> {
        let docs = docs(&pair);
        let place = self.place(&pair);
        let options = self.options_in(&pair)?;
        let (mut name, mut scope) = (None, None);
        let mut entries = Vec::new();
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => name = Some(self.name(inner)?),
                Rule::key => scope = Some(self.name(inner)?),
                Rule::event_block => {
                    for entry in inner.into_inner().filter(|inner| inner.as_rule() == Rule::event_entry) {
                        entries.push(self.event_entry(entry)?);
                    }
                }
                _ => {}
            }
        }
        Ok(Event { docs, name: self.found(name, place)?, scope: self.found(scope, place)?, options, entries })
    }

    fn event_entry(&self, pair: Pair<'_, Rule>) -> Read<EventEntry> {
        let place = self.place(&pair);
        let docs = docs(&pair);
        for inner in pair.into_inner() {
            return Ok(match inner.as_rule() {
                Rule::spread => EventEntry::Spread(self.only_key(inner)?),
                Rule::field => EventEntry::Field(self.field(docs, inner)?),
                Rule::metric_entry => EventEntry::Metric(self.metric_of(docs, inner)?),
                Rule::log_entry => EventEntry::Log(self.log(docs, inner)?),
                Rule::span_entry => EventEntry::Span(self.span(docs, inner)?),
                _ => continue,
            });
        }
        self.found(None, place)
    }

    pub(super) fn field(&self, docs: String, pair: Pair<'_, Rule>) -> Read<Field> {
        let place = self.place(&pair);
        let options = self.options_in(&pair)?;
        let mut keys = Vec::new();
        let (mut type_of, mut optional, mut value) = (None, None, None);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::key => keys.push(self.name(inner)?),
                Rule::type_of => type_of = Some(self.placed_type(inner)?),
                Rule::question => optional = Some(self.place(&inner)),
                Rule::value => value = Some(self.value(inner)?),
                _ => {}
            }
        }
        let mut keys = keys.into_iter();
        Ok(Field {
            docs,
            name: self.found(keys.next(), place)?,
            type_of: self.found(type_of, place)?,
            optional,
            value,
            via: keys.next(),
            options,
        })
    }

    pub(super) fn placed_type(&self, pair: Pair<'_, Rule>) -> Read<Placed<Type>> {
        let place = self.place(&pair);
        match pair.into_inner().next() {
            Some(inner) => Ok(Placed::new(self.type_of(inner)?, place)),
            None => self.found(None, place),
        }
    }

    pub(super) fn metric(&self, pair: Pair<'_, Rule>) -> Read<Metric> {
        let docs = docs(&pair);
        self.metric_of(docs, pair)
    }

    fn metric_of(&self, docs: String, pair: Pair<'_, Rule>) -> Read<Metric> {
        let place = self.place(&pair);
        let options = self.options_in(&pair)?;
        let list = self.list_in(&pair)?;
        let mut keys = self.keys_in(pair)?.into_iter();
        Ok(Metric { docs, name: self.found(keys.next(), place)?, scope: keys.next(), options, list })
    }

    fn log(&self, docs: String, pair: Pair<'_, Rule>) -> Read<Log> {
        let options = self.options_in(&pair)?;
        let list = self.list_in(&pair)?;
        Ok(Log { docs, name: self.only_key(pair)?, options, list })
    }

    fn span(&self, docs: String, pair: Pair<'_, Rule>) -> Read<Span> {
        let options = self.options_in(&pair)?;
        let list = self.list_in(&pair)?;
        let mut place = self.place(&pair);
        let mut name = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::current_keyword => place = self.place(&inner),
                Rule::string => {
                    place = self.place(&inner);
                    name = Some(self.string(inner)?);
                }
                _ => {}
            }
        }
        Ok(Span { docs, place, name, options, list })
    }

    fn keys_in(&self, pair: Pair<'_, Rule>) -> Read<Vec<Name>> {
        let keys = pair.into_inner().filter(|inner| inner.as_rule() == Rule::key);
        keys.map(|key| self.name(key)).collect()
    }

    fn list_in(&self, pair: &Pair<'_, Rule>) -> Read<Option<Vec<ListItem>>> {
        let Some(list) = pair.clone().into_inner().find(|inner| inner.as_rule() == Rule::list_block) else {
            return Ok(None);
        };
        let items = list.into_inner().filter(|inner| inner.as_rule() == Rule::list_item);
        items.map(|item| self.list_item(item)).collect::<Read<_>>().map(Some)
    }

    fn list_item(&self, pair: Pair<'_, Rule>) -> Read<ListItem> {
        let place = self.place(&pair);
        let (mut key, mut value, mut via, mut shown_as, mut level) = (None, None, None, None, None);
        // The word before a key says what the key is.
        let mut before = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::key => match before.take() {
                    Some(Rule::via_keyword) => via = Some(self.name(inner)?),
                    Some(_) => shown_as = Some(self.name(inner)?),
                    None => key = Some(self.name(inner)?),
                },
                Rule::value => value = Some(self.value(inner)?),
                Rule::level => level = Some(self.level(inner)?),
                Rule::via_keyword | Rule::as_keyword => before = Some(inner.as_rule()),
                _ => {}
            }
        }
        Ok(ListItem { key: self.found(key, place)?, value, via, shown_as, level })
    }

    fn level(&self, pair: Pair<'_, Rule>) -> Read<Placed<Level>> {
        let place = self.place(&pair);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::word => return Ok(Placed::new(Level::Word(inner.as_str().to_owned()), place)),
                Rule::string => return Ok(Placed::new(Level::If(self.string(inner)?.value), place)),
                _ => {}
            }
        }
        self.found(None, place)
    }

    pub(super) fn conditions(&self, pair: Pair<'_, Rule>) -> Read<Placed<Expression>> {
        let place = self.place(&pair);
        let tests = pair.into_inner().filter(|inner| inner.as_rule() == Rule::test);
        let tests = tests.map(|test| self.test(test)).collect::<Read<_>>()?;
        Ok(Placed::new(Expression::Conditions(tests), place))
    }

    fn test(&self, pair: Pair<'_, Rule>) -> Read<Test> {
        let place = self.place(&pair);
        let (mut field, mut values, mut present, mut not) = (None, None, false, false);
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::key => field = Some(self.name(inner)?),
                Rule::value => values = Some(vec![self.value(inner)?]),
                Rule::list => {
                    if let Expression::List(list) = self.expression(inner)?.value {
                        values = Some(list);
                    }
                }
                Rule::present_keyword => present = true,
                Rule::not_keyword => not = true,
                _ => {}
            }
        }
        let passes = if present {
            Passes::Present
        } else {
            let values = self.found(values, place)?;
            if not { Passes::NotIn(values) } else { Passes::In(values) }
        };
        Ok(Test { field: self.found(field, place)?, passes, place })
    }
}
