//! Events that the derive makes of the program's own structs.

use slo_model::table::packed::Packed;

use super::unpacked::HasTable;
use crate::emit::Emitters;
use crate::event::Values;
use crate::{Event, Moment};

/// What the derive says of a struct. The rest is the same for all, and stands here once: the less an expansion says, the
/// sooner rustc is through with it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` records no event",
    label = "no `#[derive(SloAttributes)]` with `#[slo(event = \"…\")]`, and not generated from a contract"
)]
pub trait Derived: Sized + 'static {
    /// When it happened.
    type When: Into<Moment>;

    /// Its table as a text.
    const PACKED: Packed<'static>;

    /// Its table, which is read from the text where it is used: for a struct that records nothing that costs nothing.
    type Table: HasTable;

    /// Puts each value into its place.
    fn values<'a>(&'a self, values: &mut Values<'_, 'a>);

    /// Where its instruments are kept.
    fn emitters() -> &'static Emitters;
}

#[diagnostic::do_not_recommend]
impl<T: Derived> Event for T {
    type When = T::When;
    /// A struct says everything at once.
    type Later = ();
    const TABLE: &'static slo_model::event::Event<'static> = T::Table::TABLE;

    #[inline]
    fn values<'a>(&'a self, values: &mut Values<'_, 'a>) {
        Derived::values(self, values);
    }

    fn later(&self) -> &() {
        &()
    }

    fn later_mut(&mut self) -> &mut () {
        // A value without a size takes no memory.
        Box::leak(Box::new(()))
    }

    fn emitters() -> &'static Emitters {
        <T as Derived>::emitters()
    }
}

/// The table of an event about which a mistake was reported.
#[derive(Debug)]
pub struct NoTable;

impl NoTable {
    /// Nothing.
    pub const PACKED: Packed<'static> = Packed { text: "", meanings: &[], containers: &[] };
}

impl HasTable for NoTable {
    const TABLE: &'static slo_model::event::Event<'static> = super::NO_EVENT;
}
