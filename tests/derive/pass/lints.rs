//! A crate that asks much of its code.
#![deny(warnings, unused, nonstandard_style, future_incompatible, rust_2018_idioms, missing_docs)]
#![deny(unused_qualifications, unused_lifetimes, single_use_lifetimes, unused_results, unreachable_pub)]
#![deny(let_underscore_drop, trivial_casts, trivial_numeric_casts, missing_debug_implementations)]
#![forbid(unsafe_code)]

/// A service.
mod service {
    use slo::SloAttributes;

    /// A region.
    #[derive(Debug, SloAttributes)]
    #[slo(transparent)]
    pub(crate) struct Region(pub(crate) String);

    /// What the service runs on.
    #[derive(Debug, SloAttributes)]
    pub(crate) struct Host<'a> {
        #[slo("host.name")]
        pub(crate) name: &'a str,
    }

    /// A service that was.
    #[deprecated]
    #[derive(Debug, SloAttributes)]
    pub(crate) struct Old {
        #[slo("service.name")]
        name: String,
    }

    /// A service.
    #[derive(Debug, SloAttributes)]
    #[slo(resource = "acme.shop.Service")]
    pub(crate) struct Service<'a, T> {
        #[slo("service.name")]
        #[deprecated]
        pub(crate) name: T,
        #[slo("acme.region")]
        pub(crate) region: Region,
        // Nothing reads it.
        #[slo("acme.tier")]
        tier: Box<str>,
        #[slo("acme.endpoint")]
        pub(crate) endpoint: &'a str,
    }

    #[allow(deprecated)]
    pub(crate) fn service(name: &'static str) -> Service<'static, &'static str> {
        drop(Old { name: String::new() });
        Service { name, region: Region("eu-north-1".into()), tier: "backend".into(), endpoint: "" }
    }
}

fn main() {
    use slo::SloAttributes;

    let host = service::Host { name: "a1" };
    drop((service::service("users").assemble(), host.assemble()));
}
