//! The traits by which a program hands over its attributes.

use slo_model::Container;

use crate::program::Program;
use crate::resource::{AttributesBuilder, Kind};
use crate::value::ToValue;

/// A struct whose fields are the attributes of a resource or an instrumentation scope of a contract.
///
/// Implemented by `#[derive(SloAttributes)]` and by generated code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` fills no resource or scope of a contract",
    note = "derive it: `#[derive(slo::SloAttributes)]`"
)]
pub trait SloAttributes {
    /// [`Resource`](crate::resource::Resource) or [`Scope`](crate::resource::Scope).
    type Kind: Kind;

    /// What the contract says of the keys.
    const CONTAINER: &'static Container<'static>;

    /// Hands every value that the program has to the visitor.
    ///
    /// A struct within this one is visited by `SloAttributes::visit(&self.inner, visitor)`.
    fn visit<'a, V: Visitor<'a>>(&'a self, visitor: &mut V);

    /// Takes the program's values, and goes on to where all others come from.
    fn assemble(&self) -> AttributesBuilder<'_, Self::Kind>
    where
        Self: Sized,
    {
        const {
            assert!(
                Self::CONTAINER.kind as u8 == <Self::Kind as Kind>::KIND as u8,
                "the container and `Kind` are not of one kind"
            );
        }
        let mut program = Program::default();
        self.visit(&mut program);
        AttributesBuilder::new(Self::CONTAINER, program)
    }
}

/// The receiver of a struct's attribute values.
pub trait Visitor<'a> {
    /// Receives the value of a key. Of two values under one key the first counts.
    fn value<T: ToValue + ?Sized>(&mut self, key: &'static str, value: &'a T);
}
