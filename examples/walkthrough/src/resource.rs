//! The service's OTLP Resource.
#![allow(clippy::print_stderr, reason = "the program has no log before it has a resource")]

use opentelemetry_sdk::Resource;
use slo::SloAttributes;

use crate::config::Config;

pub fn resource(config: &Config) -> Result<Resource, slo::resource::ContractError> {
    let built = config.assemble().build()?;
    for notice in built.notices() {
        eprintln!("telemetry: {notice}");
    }
    Ok(built.to_resource())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::before::resource as before;
    use crate::contracts::fin_pay::{DeploymentEnvironmentName, PaymentService};

    fn config() -> Config {
        Config {
            service: "fin-pay-prod".to_owned(),
            version: "1.4.0".to_owned(),
            environment: "production".to_owned(),
            listen: "127.0.0.1:0".to_owned(),
        }
    }

    fn resource_before(config: &Config) -> Resource {
        before::resource(&before::Config {
            service: config.service.clone(),
            version: config.version.clone(),
            environment: config.environment.clone(),
            listen: config.listen.clone(),
        })
    }

    #[test]
    fn the_resource_is_the_one_before() -> Result<(), slo::resource::ContractError> {
        let config = config();
        assert_eq!(resource(&config)?, resource_before(&config));
        Ok(())
    }

    #[test]
    fn the_generated_builder_gives_the_same() -> Result<(), slo::resource::ContractError> {
        let built = resource(&config())?;
        let config = PaymentService::new("fin-pay-prod", "1.4.0", DeploymentEnvironmentName::Production);
        assert_eq!(config.assemble().build()?.to_resource(), built);
        Ok(())
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let config = Config { service: String::new(), ..config() };
        let error = config.assemble().environment(|_| None).build().unwrap_err();
        let documented = include_str!("violations.txt");
        assert_eq!(error.to_string(), documented.trim_end());
    }

    #[test]
    fn what_fits_goes_out_in_any_case() {
        let config = Config { service: String::new(), ..config() };
        let (built, violations) = config.assemble().build_lenient();
        for violation in &violations {
            eprintln!("telemetry: {violation}");
        }
        let resource = built.to_resource();
        assert_eq!(violations.len(), 1);
        assert!(!resource.is_empty());
    }
}
