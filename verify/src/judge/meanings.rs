//! Which variant of a meaning a record shows.

use slo_compiler::diagnostic::Code;
use slo_model::event::PairValue;
use slo_model::{Unfit, Value};
use smallvec::SmallVec;

use super::attributes::{Attributes, State, constant, fitting, instead, is_same, wrong};
use super::subject::Subject;
use super::values::{Meant, Values};
use crate::tables::shape::{Meant as Asked, Shape, Use, VariantUse};
use crate::tally::{Faults, Words};

/// Judges the meanings of a record.
pub(crate) fn judge<'v>(
    shape: &Shape<'_>,
    attributes: &Attributes<'v>,
    subject: &Subject<'_>,
    values: &mut Values<'v>,
    faults: &mut dyn Faults,
) {
    for asked in &shape.meanings {
        let meant = Judge { shape, attributes, subject, asked }.judge(values, faults);
        values.set_meaning(asked.field, meant);
    }
}

struct Judge<'j, 'v, 's> {
    shape: &'j Shape<'s>,
    attributes: &'j Attributes<'v>,
    subject: &'j Subject<'j>,
    asked: &'j Asked<'s>,
}

impl<'v> Judge<'_, 'v, '_> {
    fn value(&self, entry: usize) -> Option<&Value<'v>> {
        match self.attributes.states.get(entry) {
            Some(State::Value(value)) => Some(value),
            _ => None,
        }
    }

    fn is_empty(&self, entry: usize) -> bool {
        self.attributes.states.get(entry) == Some(&State::Empty)
    }

    fn key(&self, entry: usize) -> &str {
        self.shape.entries.get(entry).map_or("", |entry| entry.key)
    }

    fn judge(&self, values: &mut Values<'v>, faults: &mut dyn Faults) -> Meant {
        let asked = self.asked;
        let is_unclear = |entry: &usize| self.attributes.states.get(*entry) == Some(&State::Unclear);
        if asked.entries.iter().any(is_unclear) {
            return Meant::Unclear;
        }
        let shown: SmallVec<[usize; 8]> =
            asked.entries.iter().copied().filter(|entry| self.value(*entry).is_some()).collect();
        // Keys that something else may have written say nothing against a variant.
        let is_only_here = |entry: usize| {
            let uses = self.shape.entries.get(entry).map_or(&[][..], |entry| &entry.uses);
            uses.iter().filter(|one| !matches!(one, Use::Meaning(number) if self.shape.meanings.get(*number).is_some_and(|other| other.field == asked.field))).count() == 0
        };
        let mut exact: SmallVec<[&VariantUse<'_>; 4]> = SmallVec::new();
        let mut with_more: SmallVec<[(&VariantUse<'_>, usize); 4]> = SmallVec::new();
        for variant in &asked.variants {
            if !variant.pairs.iter().all(|(entry, pair)| {
                self.value(*entry).is_some_and(|value| self.is_one(variant, *pair, value))
            }) {
                continue;
            }
            let more = shown
                .iter()
                .find(|entry| is_only_here(**entry) && !variant.pairs.iter().any(|(own, _)| own == *entry));
            match more {
                None => exact.push(variant),
                Some(more) => with_more.push((variant, *more)),
            }
        }
        if !exact.is_empty() {
            // A variant that shows nothing is there beside others only where nothing is shown.
            let most = exact.iter().map(|variant| variant.pairs.len()).max().unwrap_or(0);
            exact.retain(|variant| variant.pairs.len() == most || most == 0);
            if let [one] = exact.as_slice() {
                self.carries(one, values);
            }
            return Meant::Variants(exact.iter().map(|variant| variant.number).collect());
        }
        with_more.retain(|(variant, _)| !variant.pairs.is_empty());
        if let Some((variant, more)) = with_more.first() {
            self.several(variant, *more, faults);
            return Meant::Unclear;
        }
        if shown.is_empty() {
            if !asked.required {
                return Meant::Absent;
            }
            // A key without a value is told by itself.
            if !asked.entries.iter().any(|entry| self.is_empty(*entry)) {
                self.nothing(faults);
            }
            return Meant::Unclear;
        }
        self.explain(&shown, faults);
        Meant::Unclear
    }

    /// Whether a value may stand where a variant writes a pair, without the reason.
    fn is_one(&self, variant: &VariantUse<'_>, pair: PairValue<'_>, value: &Value<'v>) -> bool {
        match pair {
            PairValue::Constant(literal) => is_same(&Value::from(literal), value),
            PairValue::Payload(_) | PairValue::Text(_) => self.fits(variant, pair, value).is_ok(),
        }
    }

    /// Whether a value may stand where a variant writes a pair.
    fn fits(
        &self,
        variant: &VariantUse<'_>,
        pair: PairValue<'_>,
        value: &Value<'v>,
    ) -> Result<Option<Value<'v>>, Unfit> {
        match pair {
            PairValue::Constant(literal) => constant(literal, value).map(|()| None),
            PairValue::Payload(number) | PairValue::Text(number) => {
                let as_text = matches!(pair, PairValue::Text(_));
                match variant.payload.get(usize::from(number)) {
                    Some(slot) => fitting(slot, as_text, self.subject.signal, value),
                    None => Ok(None),
                }
            }
        }
    }

    fn carries(&self, variant: &VariantUse<'_>, values: &mut Values<'v>) {
        for (entry, pair) in &variant.pairs {
            let (PairValue::Payload(number) | PairValue::Text(number)) = pair else { continue };
            if let Some(value) = self.value(*entry)
                && let Ok(Some(value)) = self.fits(variant, *pair, value)
            {
                values.set_payload((self.asked.field, variant.number, *number), value);
            }
        }
    }

    fn several(&self, variant: &VariantUse<'_>, more: usize, faults: &mut dyn Faults) {
        let (name, key) = (self.asked.meaning.name, self.key(more));
        self.subject.fault(faults, Code::TelemetryVariants, name, &|| {
            let has = |other: &&VariantUse<'_>| other.pairs.iter().any(|(entry, _)| *entry == more);
            let other = self.asked.variants.iter().find(has).map_or("", |other| other.name);
            let value = self.value(more).map_or_else(String::new, ToString::to_string);
            Words::new(format!(
                "{} shows `{}` of `{name}`, and with `{key}` = `{}` also `{other}`",
                self.subject.shown(),
                variant.name,
                super::attributes::shown(&value)
            ))
            .help("write the pairs of one variant, and none of another: a span that is written onto twice shows both")
        });
    }

    fn nothing(&self, faults: &mut dyn Faults) {
        let name = self.asked.meaning.name;
        // Where all variants write one key, that key is missing.
        if let [only] = self.asked.entries.as_slice() {
            let key = self.key(*only);
            self.subject.fault(faults, Code::TelemetryKeyMissing, key, &|| {
                Words::new(format!("{} lacks `{key}`, by which it shows `{name}`", self.subject.shown()))
                    .help_maybe(instead(self.shape, key, self.attributes))
            });
            return;
        }
        self.subject.fault(faults, Code::TelemetryNoVariant, name, &|| {
            let keys: Vec<String> =
                self.asked.entries.iter().map(|entry| format!("`{}`", self.key(*entry))).collect();
            let words = Words::new(format!(
                "{} shows no variant of `{name}`: none of {} came",
                self.subject.shown(),
                keys.join(", ")
            ));
            let mut keys = self.asked.entries.iter().map(|entry| self.key(*entry));
            words.help_maybe(keys.find_map(|key| instead(self.shape, key, self.attributes)))
        });
    }

    /// Tells why what came is no variant.
    fn explain(&self, shown: &[usize], faults: &mut dyn Faults) {
        for entry in shown {
            let Some(value) = self.value(*entry) else { continue };
            let reasons: Vec<Unfit> = self
                .of_key(*entry)
                .filter_map(|(variant, pair)| self.fits(variant, pair, value).err())
                .collect();
            if reasons.len() < self.of_key(*entry).count() {
                continue;
            }
            let is_type = |why: &&Unfit| matches!(why, Unfit::Type { .. });
            let why = match reasons.iter().find(|why| !is_type(why)) {
                None => reasons.first().cloned(),
                // All values that the key may have, whichever variant writes them.
                Some(why) => {
                    let constants = self.of_key(*entry).filter_map(|(_, pair)| match pair {
                        PairValue::Constant(literal) => Some(Value::from(literal).to_string()),
                        PairValue::Payload(_) | PairValue::Text(_) => None,
                    });
                    let mut members: Vec<String> = constants.collect();
                    members.dedup();
                    match members.is_empty() {
                        true => Some(why.clone()),
                        false => Some(Unfit::Members { value: value.to_string(), members }),
                    }
                }
            };
            if let Some(why) = why {
                wrong(self.key(*entry), value, &why, self.subject, faults);
                return;
            }
        }
        self.combination(shown, faults);
    }

    /// The values are each one that the key may have, and no variant has them together.
    fn combination(&self, shown: &[usize], faults: &mut dyn Faults) {
        let right = |variant: &VariantUse<'_>| {
            let pairs = variant.pairs.iter();
            pairs
                .filter(|(entry, pair)| {
                    self.value(*entry).is_some_and(|value| self.fits(variant, *pair, value).is_ok())
                })
                .count()
        };
        let most = self.asked.variants.iter().map(right).max().unwrap_or(0);
        let nearest: Vec<&VariantUse<'_>> =
            self.asked.variants.iter().filter(|variant| right(variant) == most && most > 0).collect();
        let name = self.asked.meaning.name;
        // One variant is meant, and a key of it is missing while nothing contradicts it.
        if let [variant] = nearest.as_slice() {
            let lacking: Vec<usize> = variant
                .pairs
                .iter()
                .map(|(entry, _)| *entry)
                .filter(|entry| self.value(*entry).is_none())
                .collect();
            let is_of_it = |entry: &usize| {
                variant.pairs.iter().any(|(own, pair)| {
                    own == entry
                        && self.value(*entry).is_some_and(|value| self.fits(variant, *pair, value).is_ok())
                })
            };
            if let ([lacking], true) = (lacking.as_slice(), shown.iter().all(is_of_it)) {
                if self.is_empty(*lacking) {
                    return;
                }
                let key = self.key(*lacking);
                self.subject.fault(faults, Code::TelemetryKeyMissing, key, &|| {
                    Words::new(format!(
                        "{} lacks `{key}`, which `{}` of `{name}` has",
                        self.subject.shown(),
                        variant.name
                    ))
                    .help_maybe(instead(self.shape, key, self.attributes))
                });
                return;
            }
        }
        self.subject.fault(faults, Code::TelemetryNoVariant, name, &|| {
            let pair = |entry: &usize| {
                let value = self.value(*entry).map_or_else(String::new, ToString::to_string);
                format!("`{}` = `{}`", self.key(*entry), super::attributes::shown(&value))
            };
            let pairs: Vec<String> = shown.iter().map(pair).collect();
            let words = Words::new(format!(
                "{} shows no variant of `{name}`: {} stand together in none",
                self.subject.shown(),
                pairs.join(", ")
            ));
            match nearest.first() {
                Some(variant) => {
                    let pairs: Vec<String> = variant
                        .pairs
                        .iter()
                        .map(|(entry, pair)| self.written(*entry, *pair, variant))
                        .collect();
                    words.help(format!("`{}`, which is nearest, has {}", variant.name, pairs.join(", ")))
                }
                None => words,
            }
        });
    }

    fn written(&self, entry: usize, pair: PairValue<'_>, variant: &VariantUse<'_>) -> String {
        let key = self.key(entry);
        match pair {
            PairValue::Constant(literal) => format!("`{key}` = `{}`", Value::from(literal)),
            PairValue::Payload(number) | PairValue::Text(number) => {
                let payload = variant.payload.get(usize::from(number)).map_or("", |slot| slot.key.name);
                format!("`{key}` = {{{payload}}}")
            }
        }
    }

    /// The variants that write a key, with what each writes there.
    fn of_key(&self, entry: usize) -> impl Iterator<Item = (&VariantUse<'_>, PairValue<'_>)> {
        self.asked.variants.iter().flat_map(move |variant| {
            variant.pairs.iter().filter(move |(own, _)| *own == entry).map(move |(_, pair)| (variant, *pair))
        })
    }
}
