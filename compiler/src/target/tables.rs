//! Static tables of a vocabulary's root, for the crate that carries the standard vocabularies.

use proc_macro2::TokenStream;
use quote::quote;

use super::File;
use crate::CheckedContract;
use crate::ir::{
    Attribute, Declaration, Deprecation, Domain, Entities, ListedKey, Literal, Metric, Node, Places, Scalar,
    Type,
};

/// The file `tables.rs`. `folder` is the path of the vocabulary's root from the file's own folder.
#[must_use]
pub fn print(contract: &CheckedContract, folder: &str) -> File {
    let contract = contract.contract();
    let (name, version) = (&contract.name, &contract.version);
    let owner = contract.owner.as_deref().unwrap_or_default();
    let schema_url = contract.schema_url.as_deref().unwrap_or_default();
    let mut packages: Vec<&str> = contract.packages.iter().map(|package| package.name.as_str()).collect();
    packages.sort_unstable();
    // The manifest is a file of the run as well, and holds no declaration.
    let paths: Vec<&String> = contract.places.files.iter().filter(|path| path.ends_with(".slo")).collect();
    let files = paths.iter().map(|path| {
        let from_here = format!("{folder}/{path}");
        quote!(File { path: #path, text: include_str!(#from_here) })
    });
    let numbers = Numbers { places: &contract.places, paths: &paths };
    let mut metrics: Vec<&Metric> = contract.metrics.iter().collect();
    metrics.sort_by(|left, right| left.name.cmp(&right.name));
    let attributes = contract.attributes.iter().map(|declared| attribute(declared, &numbers));
    let metrics = metrics.into_iter().map(|declared| metric(declared, &numbers));
    let sorted = |declared: &[Declaration]| -> Vec<TokenStream> {
        let mut declared: Vec<&Declaration> = declared.iter().collect();
        declared.sort_by(|left, right| left.name.cmp(&right.name));
        declared.into_iter().map(|declared| declaration(declared, &numbers)).collect()
    };
    let (spans, logs) = (sorted(&contract.declared_spans), sorted(&contract.declared_logs));
    let entities = sorted(&contract.entities);
    let code = quote! {
        use crate::*;

        pub(crate) static VOCABULARY: Vocabulary = Vocabulary {
            name: #name,
            version: #version,
            owner: #owner,
            schema_url: #schema_url,
            packages: &[#(#packages),*],
            files: &[#(#files),*],
            attributes: ATTRIBUTES,
            metrics: METRICS,
            spans: SPANS,
            logs: LOGS,
            entities: ENTITIES,
        };

        static ATTRIBUTES: &[Attribute] = &[#(#attributes),*];

        static METRICS: &[Metric] = &[#(#metrics),*];

        static SPANS: &[Declaration] = &[#(#spans),*];

        static LOGS: &[Declaration] = &[#(#logs),*];

        static ENTITIES: &[Declaration] = &[#(#entities),*];
    };
    let body = match syn::parse2::<syn::File>(code.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        Err(_) => code.to_string(),
    };
    let text = format!("{}vocabulary `{name}`; do not edit.\n\n{body}", crate::target::MARK);
    File { path: "tables.rs".to_owned(), text }
}

struct Numbers<'n> {
    places: &'n Places,
    paths: &'n [&'n String],
}

impl Numbers<'_> {
    fn place(&self, node: Option<Node>) -> TokenStream {
        let place = node.and_then(|node| self.places.nodes.get(node.0 as usize));
        let path = place.and_then(|place| self.places.files.get(place.file as usize));
        let number =
            path.and_then(|path| self.paths.iter().position(|other| *other == path)).unwrap_or_default();
        let (start, end) = place.map_or((0, 0), |place| (place.start, place.end));
        let (number, start, end) = (int(number as i64), int(start.into()), int(end.into()));
        quote!(Place(#number, #start, #end))
    }
}

fn attribute(attribute: &Attribute, numbers: &Numbers<'_>) -> TokenStream {
    let Attribute { package, key, docs, domain, .. } = attribute;
    let value = type_of(&domain.value);
    let members = option(members(domain));
    let open = domain.open;
    let unit = option(domain.unit.as_ref().map(|unit| quote!(#unit)));
    let stability = option(attribute.stability.as_ref().map(|stability| quote!(#stability)));
    let deprecated = option(attribute.deprecated.as_ref().map(deprecation));
    let examples = attribute.examples.iter().map(example);
    let place = numbers.place(attribute.node);
    quote! {
        Attribute {
            key: #key,
            package: #package,
            docs: #docs,
            value: #value,
            members: #members,
            open: #open,
            unit: #unit,
            stability: #stability,
            deprecated: #deprecated,
            examples: &[#(#examples),*],
            place: #place,
        }
    }
}

fn members(domain: &Domain) -> Option<TokenStream> {
    let members = domain.members.as_ref()?.iter().map(|member| {
        let (name, docs) = (&member.name, &member.docs);
        let wire = match &member.wire {
            Literal::Int(number) => {
                let number = int(*number);
                quote!(Wire::Int(#number))
            }
            other => {
                let text = other.value().to_string();
                quote!(Wire::String(#text))
            }
        };
        quote!(Member { name: #name, wire: #wire, docs: #docs })
    });
    Some(quote!(&[#(#members),*]))
}

fn metric(metric: &Metric, numbers: &Numbers<'_>) -> TokenStream {
    let Metric { package, name, docs, kind, unit, .. } = metric;
    let stability = option(metric.stability.as_ref().map(|stability| quote!(#stability)));
    let deprecated = option(metric.deprecated.as_ref().map(deprecation));
    let labels = metric.labels.iter().map(listed);
    let about = option(metric.entities.as_ref().map(entities));
    let place = numbers.place(Some(metric.node));
    quote! {
        Metric {
            name: #name,
            package: #package,
            docs: #docs,
            kind: #kind,
            unit: #unit,
            stability: #stability,
            deprecated: #deprecated,
            labels: &[#(#labels),*],
            entities: #about,
            place: #place,
        }
    }
}

fn declaration(declared: &Declaration, numbers: &Numbers<'_>) -> TokenStream {
    let Declaration { package, name, docs, closed, .. } = declared;
    let kind = option(declared.kind.as_ref().map(|kind| quote!(#kind)));
    let stability = option(declared.stability.as_ref().map(|stability| quote!(#stability)));
    let deprecated = option(declared.deprecated.as_ref().map(deprecation));
    let keys = declared.keys.iter().map(listed);
    let about = option(declared.entities.as_ref().map(entities));
    let place = numbers.place(Some(declared.node));
    quote! {
        Declaration {
            name: #name,
            package: #package,
            docs: #docs,
            kind: #kind,
            closed: #closed,
            stability: #stability,
            deprecated: #deprecated,
            keys: &[#(#keys),*],
            entities: #about,
            place: #place,
        }
    }
}

fn listed(listed: &ListedKey) -> TokenStream {
    let (key, level, condition) = (&listed.key, &listed.level, &listed.condition);
    quote!((#key, #level, #condition))
}

fn entities(about: &Entities) -> TokenStream {
    let all = |parts: &[Entities]| -> Vec<TokenStream> { parts.iter().map(entities).collect() };
    match about {
        Entities::Entity(name) => quote!(Entities::Entity(#name)),
        Entities::OneOf(parts) => {
            let parts = all(parts);
            quote!(Entities::OneOf(&[#(#parts),*]))
        }
        Entities::AllOf(parts) => {
            let parts = all(parts);
            quote!(Entities::AllOf(&[#(#parts),*]))
        }
    }
}

fn example(example: &Literal) -> TokenStream {
    match example {
        Literal::String(text) => quote!(Example::String(#text)),
        Literal::Int(number) => {
            let number = int(*number);
            quote!(Example::Int(#number))
        }
        Literal::Double(number) => {
            let number = double(*number);
            quote!(Example::Double(#number))
        }
        Literal::Bool(truth) => quote!(Example::Bool(#truth)),
        Literal::StringArray(texts) => quote!(Example::StringArray(&[#(#texts),*])),
        Literal::IntArray(numbers) => {
            let numbers = numbers.iter().map(|number| int(*number));
            quote!(Example::IntArray(&[#(#numbers),*]))
        }
        Literal::DoubleArray(numbers) => {
            let numbers = numbers.iter().map(|number| double(*number));
            quote!(Example::DoubleArray(&[#(#numbers),*]))
        }
        Literal::BoolArray(truths) => quote!(Example::BoolArray(&[#(#truths),*])),
    }
}

fn deprecation(deprecation: &Deprecation) -> TokenStream {
    match deprecation {
        Deprecation::Successor(key) => quote!(Deprecation::Successor(#key)),
        Deprecation::Reason(reason) => quote!(Deprecation::Reason(#reason)),
        Deprecation::NotYet { version, names } => {
            quote!(Deprecation::NotYet { version: #version, names: &[#(#names),*] })
        }
    }
}

fn type_of(value: &Type) -> TokenStream {
    match value {
        Type::Scalar(Scalar::String) => quote!(Type::String),
        Type::Scalar(Scalar::Int) => quote!(Type::Int),
        Type::Scalar(Scalar::Double) => quote!(Type::Double),
        Type::Scalar(Scalar::Bool) => quote!(Type::Bool),
        Type::Scalar(Scalar::Bytes) | Type::Array(Scalar::Bytes) => quote!(Type::Bytes),
        Type::Array(Scalar::String) => quote!(Type::StringArray),
        Type::Array(Scalar::Int) => quote!(Type::IntArray),
        Type::Array(Scalar::Double) => quote!(Type::DoubleArray),
        Type::Array(Scalar::Bool) => quote!(Type::BoolArray),
        // The conventions have no objects of members: what is one is a value of any kind to others.
        Type::Any | Type::Object(_) | Type::ObjectArray(_) => quote!(Type::Any),
        Type::Map(inner) => {
            let inner = type_of(inner);
            quote!(Type::Map(&#inner))
        }
        Type::Timestamp(unit) => quote!(Type::Timestamp(#unit)),
        Type::Duration(unit) => quote!(Type::Duration(#unit)),
    }
}

fn option(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

/// An integer as a literal of Rust, without the suffix that one of Rust's own has.
fn int(number: i64) -> TokenStream {
    number.to_string().parse().unwrap_or_default()
}

/// A number with a fraction as a literal of Rust, without the suffix that one of Rust's own has.
fn double(number: f64) -> TokenStream {
    format!("{number:?}").parse().unwrap_or_default()
}
