//! A resource or a scope that keeps its contract.

use std::borrow::Cow;
use std::marker::PhantomData;

use slo_model::{Container, ContainerKind, Value};

use crate::held::Held;
use crate::resource::{Kind, Notice, Scope};

/// The attributes of a resource or an instrumentation scope, each of which fits the contract. It borrows from the
/// struct that gave the values.
#[derive(Clone, Debug)]
pub struct Attributes<'a, K> {
    container: &'static Container<'static>,
    /// Sorted by key.
    pub(crate) attributes: Vec<(Cow<'static, str>, Held<'a>)>,
    pub(crate) name: Cow<'static, str>,
    pub(crate) version: Option<Cow<'static, str>>,
    pub(crate) notices: Vec<Notice>,
    kind: PhantomData<K>,
}

impl<'a, K: Kind> Attributes<'a, K> {
    pub(crate) fn new(
        container: &'static Container<'static>,
        mut attributes: Vec<(Cow<'static, str>, Held<'a>)>,
        notices: Vec<Notice>,
    ) -> Attributes<'a, K> {
        attributes.sort_unstable_by(|(left, _), (right, _)| left.cmp(right));
        let mut field = |key: &str| match K::KIND {
            ContainerKind::Resource => None,
            ContainerKind::Scope => {
                let index = find(&attributes, key)?;
                Some(attributes.remove(index).1.into_text())
            }
        };
        let name = field("otel.scope.name").unwrap_or(Cow::Borrowed(container.scope_name));
        let version = field("otel.scope.version");
        Attributes { container, attributes, name, version, notices, kind: PhantomData }
    }

    /// The attributes, sorted by key. A scope's name and version are none.
    pub fn attributes(&self) -> impl ExactSizeIterator<Item = (&str, &Value<'_>)> {
        self.attributes.iter().map(|(key, value)| (&**key, value.value()))
    }

    /// The value of the attribute with this key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value<'_>> {
        find(&self.attributes, key).map(|index| self.attributes[index].1.value())
    }

    /// Notices: what is worth knowing, and is no violation.
    #[must_use]
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// The resource's or the scope's name in the contract, such as `fin.pay.PaymentService`.
    #[must_use]
    pub fn contract(&self) -> &'static str {
        self.container.name
    }

    /// The schema URL that the attributes follow. In OTLP it stands beside a resource and beside a scope: in
    /// `ResourceSpans` and `ScopeSpans`, and likewise for metrics and logs.
    #[must_use]
    pub fn schema_url(&self) -> Option<&'static str> {
        self.container.schema_url
    }

    /// The same attributes, with nothing borrowed.
    #[must_use]
    pub fn into_owned(self) -> Attributes<'static, K> {
        let attributes = self
            .attributes
            .into_iter()
            .map(|(key, value)| (key, Held::Static(value.into_static())))
            .collect();
        let Attributes { container, name, version, notices, .. } = self;
        Attributes { container, attributes, name, version, notices, kind: PhantomData }
    }
}

impl Attributes<'_, Scope> {
    /// The scope's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The scope's version.
    #[must_use]
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }
}

fn find(attributes: &[(Cow<'static, str>, Held<'_>)], key: &str) -> Option<usize> {
    attributes.binary_search_by(|(one, _)| (**one).cmp(key)).ok()
}
