//! Log records and spans: where the SDK hands them over, where they wait for each exporter, and the thread that sends them.

pub(crate) mod lane;
pub(crate) mod limits;
pub(crate) mod processors;
pub(crate) mod queue;
pub(crate) mod worker;
