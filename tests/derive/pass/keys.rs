#![deny(warnings)]
use slo::SloAttributes;

/// Keys of one's own that only resemble those of the conventions, or each other.
#[derive(SloAttributes)]
struct Service {
    #[slo("service.tier")]
    tier: String,
    #[slo("service.names.all")]
    names: String,
    #[slo("acme.user.id")]
    id: String,
    #[slo("acme.user.id2")]
    id2: String,
    #[slo("acme.users")]
    users: String,
    #[slo("jobs")]
    jobs: String,
    #[slo("k8s.pod.label.app")]
    of_a_family: String,
}

fn main() {
    let _: fn(&Service) -> slo::resource::AttributesBuilder<'_, slo::resource::Resource> = Service::assemble;
}
