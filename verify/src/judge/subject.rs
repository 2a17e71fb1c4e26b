//! What a record is judged as.

use slo_compiler::diagnostic::{Code, Severity};
use slo_compiler::ir::Node;
use slo_model::event::Signal;

use crate::tally::{Fault, Faults, Words};

/// What a record is judged as: an event's span, log or metric, a resource or a scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'s> {
    /// The number of the contract.
    pub(crate) contract: usize,
    /// The full name of the event, the resource or the scope.
    pub(crate) event: &'s str,
    /// The word before the record's name: `span`, `log`, `metric`; none for resources and scopes.
    pub(crate) kind: &'s str,
    /// The record's name as the contract writes it; empty for one without a name.
    pub(crate) record: &'s str,
    /// Where it stands.
    pub(crate) node: Node,
    /// The signal that it is of.
    pub(crate) signal: Signal,
    /// Whether it has no keys but the contract's.
    pub(crate) closed: bool,
}

impl Subject<'_> {
    /// The subject as messages have it.
    pub(crate) fn shown(&self) -> String {
        match (self.kind, self.record) {
            ("", _) => format!("`{}`", self.event),
            (kind, "") => format!("a {kind} of `{}`", self.event),
            (kind, record) => format!("{kind} `{record}` of `{}`", self.event),
        }
    }

    /// Takes a fault with the weight of its code.
    pub(crate) fn fault(&self, faults: &mut dyn Faults, code: Code, about: &str, say: &dyn Fn() -> Words) {
        self.fault_of(faults, code, code.severity(), about, say);
    }

    /// Takes a fault.
    pub(crate) fn fault_of(
        &self,
        faults: &mut dyn Faults,
        code: Code,
        severity: Severity,
        about: &str,
        say: &dyn Fn() -> Words,
    ) {
        let record = if self.record.is_empty() { self.kind } else { self.record };
        let names = [self.event, record, about];
        let fault = Fault { code, severity, contract: self.contract, names: &names, node: Some(self.node) };
        faults.take(fault, say);
    }
}
