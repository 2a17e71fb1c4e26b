//! Small contracts, without their text.

use std::sync::atomic::{AtomicU32, Ordering};

use slo_grammar::{FileId, Place};

use crate::diagnostic::{Code, Reported};
use crate::ir::draft::{
    Contract, Domain, FORMAT, Leaf, Literal, Logs, Lossy, Meaning, MeaningId, Member, Node, NodePlace,
    Package, Pair, PairValue, Payload, Places, Projection, Prometheus, Range, Scalar, Shown, Signal, Target,
    Type, Variant, View,
};

static NODES: AtomicU32 = AtomicU32::new(0);

/// A finding that says why something can't be known.
pub(super) fn reported() -> Reported {
    Reported::elsewhere(Code::UnknownName, Place::new(FileId(0), 0, 0))
}

fn node() -> Node {
    Node(NODES.fetch_add(1, Ordering::Relaxed))
}

pub(super) fn text() -> Domain {
    Domain::of(Type::Scalar(Scalar::String))
}

pub(super) fn text_of(max: u32) -> Domain {
    Domain { max_length: Some(max), ..text() }
}

pub(super) fn int() -> Domain {
    Domain::of(Type::Scalar(Scalar::Int))
}

pub(super) fn range(low: i64, high: i64) -> Domain {
    Domain { range: Some(Range::Int(low, high)), ..int() }
}

pub(super) fn truth() -> Domain {
    Domain::of(Type::Scalar(Scalar::Bool))
}

pub(super) fn double(low: f64, high: f64) -> Domain {
    Domain { range: Some(Range::Double(low, high)), ..Domain::of(Type::Scalar(Scalar::Double)) }
}

/// These texts alone.
pub(super) fn only(texts: &[&str]) -> Domain {
    let member = |text: &&str| Member::of(Literal::String((*text).to_owned()));
    Domain { members: Some(texts.iter().map(member).collect()), ..text() }
}

/// What stands under a key.
pub(super) fn constant(literal: impl Into<Constant>) -> Written {
    Written::Constant(literal.into().0)
}

pub(super) fn payload(name: &str) -> Written {
    Written::Payload(name.to_owned())
}

pub(super) fn to_string(name: &str) -> Written {
    Written::ToString(name.to_owned())
}

/// The value of a pair, by the name of what its variant carries.
#[derive(Clone, Debug)]
pub(super) enum Written {
    Constant(Literal),
    Payload(String),
    ToString(String),
}

impl Written {
    /// What its variant carries, where it is that.
    pub(super) fn carried(&self) -> Option<&str> {
        match self {
            Written::Constant(_) => None,
            Written::Payload(name) | Written::ToString(name) => Some(name),
        }
    }

    fn by(self, variant: &Variant) -> PairValue {
        match self {
            Written::Constant(literal) => PairValue::Constant(literal),
            Written::Payload(name) => PairValue::Payload(variant.payload_named(&name).unwrap()),
            Written::ToString(name) => PairValue::ToString(variant.payload_named(&name).unwrap()),
        }
    }
}

pub(super) struct Constant(Literal);

impl From<&str> for Constant {
    fn from(text: &str) -> Constant {
        Constant(Literal::String(text.to_owned()))
    }
}

impl From<i64> for Constant {
    fn from(number: i64) -> Constant {
        Constant(Literal::Int(number))
    }
}

impl From<Literal> for Constant {
    fn from(literal: Literal) -> Constant {
        Constant(literal)
    }
}

pub(super) fn variant(name: &str) -> Variant {
    Variant {
        node: node(),
        name: name.to_owned(),
        description: String::new(),
        until: None,
        payload: Vec::new(),
        metric: None,
        log: None,
        span: None,
        severity: None,
        body: None,
        status: None,
        status_description: None,
    }
}

impl Variant {
    pub(super) fn carries(mut self, name: &str, domain: impl Into<Option<Domain>>) -> Variant {
        let domain = domain.into().map_or(Leaf::Unknown(reported()), Leaf::Known);
        let name = name.to_owned();
        self.payload.push(Payload {
            node: node(),
            name,
            key: String::new(),
            domain,
            sensitive: false,
            sensitive_node: None,
            clear: false,
        });
        self
    }

    pub(super) fn shows<K: AsRef<str>>(
        self,
        signal: Signal,
        pairs: impl IntoIterator<Item = (K, Written)>,
    ) -> Variant {
        let pairs = pairs.into_iter().map(|(key, value)| {
            let key = key.as_ref().to_owned();
            let local = !key.contains('.');
            let domain = Leaf::Known(text());
            Pair {
                node: node(),
                key,
                local,
                declaration: None,
                domain,
                sensitive: false,
                sensitive_node: None,
                value_node: node(),
                value: Leaf::Known(value.by(&self)),
            }
        });
        let pairs = pairs.collect::<Vec<_>>();
        self.projected(signal, Shown::Pairs(pairs))
    }

    pub(super) fn shows_nothing(self, signal: Signal) -> Variant {
        self.projected(signal, Shown::None)
    }

    fn projected(mut self, signal: Signal, shown: Shown<Reported>) -> Variant {
        let projection = Some(Projection { node: node(), shown });
        match signal {
            Signal::Metric => self.metric = projection,
            Signal::Log => self.log = projection,
            Signal::Span => self.span = projection,
        }
        self
    }

    pub(super) fn pair_mut(&mut self, signal: Signal, key: &str) -> Option<&mut Pair> {
        let projection = match signal {
            Signal::Metric => self.metric.as_mut(),
            Signal::Log => self.log.as_mut(),
            Signal::Span => self.span.as_mut(),
        };
        match &mut projection?.shown {
            Shown::None => None,
            Shown::Pairs(pairs) => pairs.iter_mut().find(|pair| pair.key == key),
        }
    }
}

pub(super) fn meaning(name: &str, variants: Vec<Variant>) -> Meaning {
    Meaning {
        node: node(),
        package: "pay".to_owned(),
        name: name.to_owned(),
        docs: String::new(),
        view: None,
        variants,
        lossy: Vec::new(),
    }
}

impl Meaning {
    pub(super) fn merges(mut self, signal: Signal, variants: &[&str]) -> Meaning {
        let variants = variants.iter().map(|name| (*name).to_owned()).collect();
        let reason = "one label upstream".to_owned();
        self.lossy.push(Lossy { node: node(), signal, variants, reason, inherited: false });
        self
    }

    /// A view that changes nothing yet, of the first meaning of its contract.
    pub(super) fn view(&self, name: &str) -> Meaning {
        let mut view = Meaning { node: node(), name: name.to_owned(), ..self.clone() };
        view.view = Some(View { of: MeaningId::at(0), until: None });
        view.lossy.iter_mut().for_each(|lossy| lossy.inherited = true);
        view
    }
}

pub(super) fn contract(targets: &[Target], meanings: Vec<Meaning>) -> Contract {
    let places = (0..NODES.load(Ordering::Relaxed)).map(|number| NodePlace {
        file: 0,
        start: 2 * number,
        end: 2 * number + 1,
        line: 0,
    });
    Contract {
        format: FORMAT,
        name: "pay".to_owned(),
        version: "1.0.0".to_owned(),
        owner: None,
        schema_url: None,
        targets: targets.to_vec(),
        prometheus: Prometheus {
            translation_strategy: String::new(),
            promote_resource_attributes: Vec::new(),
            keep_identifying_resource_attributes: false,
            ways: std::collections::BTreeMap::new(),
        },
        logs: Logs::default(),
        traces: crate::ir::Traces::default(),
        packages: vec![Package { name: "pay".to_owned(), docs: String::new() }],
        attributes: Vec::new(),
        containers: Vec::new(),
        metrics: Vec::new(),
        declared_spans: Vec::new(),
        declared_logs: Vec::new(),
        entities: Vec::new(),
        meanings,
        events: Vec::new(),
        instruments: Vec::new(),
        places: Places { files: Vec::new(), nodes: places.collect() },
    }
}
