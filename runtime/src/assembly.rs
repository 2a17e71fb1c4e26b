//! From a program's values to a resource or a scope.

use std::marker::PhantomData;

use slo_model::Container;

use crate::built::Attributes;
use crate::detected::Detected;
use crate::environment::Environment;
use crate::program::Program;
use crate::resolve::Sources;
use crate::resource::{ContractError, Kind, Violation};

/// The builder of a resource or an instrumentation scope: it looks each attribute's value up, and checks it against
/// the contract.
///
/// A declared key's value is the first that there is of: the contract's constant, the program's value, the key's own
/// variables of the environment, what was detected, the contract's default. "Detected" are, for a resource,
/// `OTEL_SERVICE_NAME`, then `OTEL_RESOURCE_ATTRIBUTES`, then what detectors find. An empty text or list is none.
///
/// A value that doesn't fit its key is a violation, whatever else there is.
///
/// What the environment and the program's own detectors say of keys that the contract doesn't declare goes into a
/// resource as well, unless it is `closed` or the key collides with a declared one.
#[must_use = "nothing is looked up before `build`"]
pub struct AttributesBuilder<'a, K> {
    container: &'static Container<'static>,
    program: Program<'a>,
    environment: Environment<'a>,
    #[cfg(feature = "sdk")]
    pub(crate) detectors: Vec<&'a dyn opentelemetry_sdk::resource::ResourceDetector>,
    kind: PhantomData<K>,
}

impl<'a, K: Kind> AttributesBuilder<'a, K> {
    pub(crate) fn new(
        container: &'static Container<'static>,
        program: Program<'a>,
    ) -> AttributesBuilder<'a, K> {
        AttributesBuilder {
            container,
            program,
            environment: Environment::Process,
            #[cfg(feature = "sdk")]
            detectors: Vec::new(),
            kind: PhantomData,
        }
    }

    /// Sets how environment variables are looked up, instead of in the process's environment.
    pub fn environment(mut self, lookup: impl Fn(&str) -> Option<String> + 'a) -> AttributesBuilder<'a, K> {
        self.environment = Environment::Given(Box::new(lookup));
        self
    }

    /// Builds the attributes, where each value fits its key.
    ///
    /// # Errors
    /// Names every value that is missing or doesn't fit.
    pub fn build(self) -> Result<Attributes<'a, K>, ContractError> {
        let contract = self.container.name;
        let (built, violations) = self.build_lenient();
        if violations.is_empty() {
            Ok(built)
        } else {
            Err(ContractError::new(contract, violations, built.notices))
        }
    }

    /// Builds the attributes whose values fit, and returns the violations of the others: for a program that would
    /// rather start with fewer attributes than not at all.
    #[must_use = "the violations say what is missing from the result"]
    pub fn build_lenient(self) -> (Attributes<'a, K>, Vec<Violation>) {
        let container = self.container;
        let detected = self.detect();
        let AttributesBuilder { program, environment, .. } = self;
        let resolution = Sources { container, kind: K::KIND, program, environment, detected }.resolve();
        let built = Attributes::new(container, resolution.attributes, resolution.notices);
        #[cfg(feature = "internal-logs")]
        crate::sdk::log(container.name, &built.notices);
        (built, resolution.violations)
    }

    #[cfg(not(feature = "sdk"))]
    fn detect(&self) -> Detected {
        Detected::default()
    }

    #[cfg(feature = "sdk")]
    fn detect(&self) -> Detected {
        crate::sdk::detect(self.container, &self.detectors)
    }
}
