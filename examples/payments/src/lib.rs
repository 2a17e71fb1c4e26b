//! A payment service in two instrumentations, and what can be joined of what each says: the program of this example, apart
//! from its command line, so that tests can run it.
//!
//! | what | where |
//! |---|---|
//! | the service, as usual and with the contract | `service` |
//! | who it asks and who asks it | `bank`, `load` |
//! | one run | `trial`, `process`, `intervals`, `interrupt` |
//! | what happened and what was received | `sent_request`, `received` |
//! | how much of the one is found in the other | `joins` |
//! | what is shown | `comparison`, `table`, `picture`, `machine` |
//! | what the contract makes of the service itself | `resource` |

mod arguments;
mod bank;
mod client;
mod comparison;
mod contracts;

mod interrupt;
mod intervals;
mod joins;
mod load;
mod machine;
mod picture;
mod process;
mod received;
mod resource;
mod run;
mod sent_request;
mod service;
mod table;
mod trial;

pub use arguments::{Arguments, Instrumentation};
pub use bank::Behaviour;
pub use comparison::{Comparison, Run};
pub use joins::{Evidence, Joined, Row, judge};
pub use load::{Load, Wish};
pub use machine::Machine;
pub use picture::picture;
pub use received::{Arrived, Received};
pub use run::{Tried, complain, run, trial};
pub use sent_request::{Answer, Began, SentRequest};
pub use table::table;

use run::note;
