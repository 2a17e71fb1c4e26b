//! Log records that were made of lines, which say less of their origin than OTLP does.

use opentelemetry_proto::tonic::common::v1::any_value::Value as Any;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::logs::v1::ResourceLogs;
use slo_model::event::Signal;

use super::typed;
use super::verifier::Verifier;
use super::whose::Origin;
use crate::input::{LineForm, nested};
use crate::tables::Tables;

impl Verifier<'_> {
    /// Takes log records that were made of lines. A line rarely names its resource, and calls its scope as the logger does: those of the one
    /// contract are meant where there is one, and events are told by names, bodies and keys.
    pub fn log_lines(&mut self, form: LineForm, mut came: Vec<ResourceLogs>) {
        for resource in &mut came {
            let says = resource.resource.take().unwrap_or_default();
            let of = match self.contract_of(&says).0 {
                Some(of) => Some(of),
                None if self.current == 1 && says.attributes.is_empty() => Some((0, 0)),
                None => None,
            };
            let origin = Origin::of_text(&says, "line", of);
            for group in &mut resource.scope_logs {
                let name = group.scope.as_ref().map_or("", |scope| scope.name.as_str());
                for record in &mut group.log_records {
                    let is_own = of.is_some_and(|(contract, _)| {
                        let Some(tables) = self.contracts.get(contract) else { return false };
                        record.attributes = read(tables, form, std::mem::take(&mut record.attributes));
                        let named = tables.scopes_named(name).to_vec();
                        let scopes =
                            if named.is_empty() { (0..tables.scopes.len()).collect() } else { named };
                        self.log(&origin, contract, &scopes, name, record)
                    });
                    self.foreign.take(name, Signal::Log, is_own);
                }
            }
        }
        self.settle(false);
    }
}

/// Attributes of a line: keys of objects in each other with dots, and text as the types of the keys where the form has only text.
fn read(tables: &Tables<'_>, form: LineForm, attributes: Vec<KeyValue>) -> Vec<KeyValue> {
    let mut flat = nested::flatten(attributes, &|key| tables.log_with(key).is_some());
    if form == LineForm::Json {
        return flat;
    }
    for pair in &mut flat {
        if let Some(AnyValue { value: Some(any) }) = &mut pair.value
            && let Any::StringValue(text) = any
            && let Some(shape) = tables.log_with(&pair.key)
        {
            *any = typed::value(shape, &pair.key, text);
        }
    }
    flat
}
