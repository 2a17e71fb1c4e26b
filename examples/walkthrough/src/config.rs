//! The service's configuration, held to the contract's resource.

use slo::SloAttributes;

#[derive(SloAttributes)]
#[slo(resource = "fin.pay.PaymentService")]
pub struct Config {
    #[slo("service.name")]
    pub service: String,
    #[slo("service.version")]
    pub version: String,
    #[slo("deployment.environment.name")]
    pub environment: String,
    pub listen: String,
}
