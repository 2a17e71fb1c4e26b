//! What the build script generated from contracts that several tests state events of.

/// A module of the code that was generated as `NAME.rs`.
macro_rules! generated {
    ($($name:ident)*) => {
        $(#[allow(clippy::module_inception, reason = "a package may be called what its contract is")]
        pub(crate) mod $name {
            include!(concat!(env!("OUT_DIR"), "/", stringify!($name), ".rs"));
        })*
    };
}

generated!(grpc_service http_server kafka_consumer payments scenarios);

#[deny(warnings)]
pub(crate) mod contracts {
    //! Of `contracts/`, as a program takes what its build script made.
    slo::include_contracts!();
}
