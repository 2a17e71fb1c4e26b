//! A Resource that is put together by hand.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;

pub struct Config {
    pub service: String,
    pub version: String,
    pub environment: String,
    pub listen: String,
}

pub fn resource(config: &Config) -> Resource {
    Resource::builder()
        .with_service_name(config.service.clone())
        .with_attributes([
            KeyValue::new("service.version", config.version.clone()),
            KeyValue::new("deployment.environment.name", config.environment.clone()),
            KeyValue::new("team", "payments"),
        ])
        .build()
}
