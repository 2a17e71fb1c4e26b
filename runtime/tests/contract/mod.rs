//! What the compiler's back end makes of
//!
//! ```slo
//! package fin.pay
//!
//! attribute service.tier: enum { frontend, backend, batch }
//! attribute deployment.zone: enum { eu = "eu-1", us = "us-1" }
//!
//! resource PaymentService {
//!     service.name: required, matches="{team}-{product}-{env}"
//!     service.version: env=SERVICE_VERSION
//!     service.tier: static=backend
//!     deployment.zone: optional
//!     telemetry.sdk.language: auto
//! }
//! ```

// Generated code is public, and used or not.
#![allow(dead_code, unreachable_pub)]

use std::borrow::Cow;

pub const SCHEMA_URL: &str = "https://opentelemetry.io/schemas/1.37.0";

pub struct PaymentService {
    pub service_name: Cow<'static, str>,
    pub service_version: Option<Cow<'static, str>>,
    pub deployment_zone: Option<DeploymentZone>,
}

impl slo::SloAttributes for PaymentService {
    type Kind = slo::Resource;

    const CONTAINER: &'static slo::Container<'static> = &slo::Container {
        name: "fin.pay.PaymentService",
        kind: slo::ContainerKind::Resource,
        scope_name: "",
        schema_url: Some(SCHEMA_URL),
        closed: false,
        keys: &[
            slo::Key {
                source: slo::Source::Required,
                matches: Some(slo::Template {
                    parts: &[
                        slo::Part::Hole("team"),
                        slo::Part::Text("-"),
                        slo::Part::Hole("product"),
                        slo::Part::Text("-"),
                        slo::Part::Hole("env"),
                    ],
                }),
                ..slo::Key::new("service.name", slo::ValueType::String, "slo/pay.slo:7")
            },
            slo::Key {
                source: slo::Source::Environment(&["SERVICE_VERSION"]),
                ..slo::Key::new("service.version", slo::ValueType::String, "slo/pay.slo:8")
            },
            slo::Key {
                source: slo::Source::Static(slo::Literal::String("backend")),
                members: Some(&[
                    slo::Member { name: "frontend", wire: slo::Literal::String("frontend") },
                    slo::Member { name: "backend", wire: slo::Literal::String("backend") },
                    slo::Member { name: "batch", wire: slo::Literal::String("batch") },
                ]),
                ..slo::Key::new("service.tier", slo::ValueType::String, "slo/pay.slo:9")
            },
            slo::Key {
                members: <DeploymentZone as slo::ToValue>::MEMBERS,
                ..slo::Key::new("deployment.zone", slo::ValueType::String, "slo/pay.slo:10")
            },
            slo::Key {
                source: slo::Source::Auto,
                ..slo::Key::new("telemetry.sdk.language", slo::ValueType::String, "slo/pay.slo:11")
            },
        ],
        flattened: &[],
    };

    fn visit<'a, V: slo::Visitor<'a>>(&'a self, visitor: &mut V) {
        visitor.value("service.name", &self.service_name);
        visitor.value("service.version", &self.service_version);
        visitor.value("deployment.zone", &self.deployment_zone);
    }
}

#[derive(Clone, Copy)]
pub enum DeploymentZone {
    Eu,
    Us,
}

impl slo::ToValue for DeploymentZone {
    const TYPE: slo::ValueType = slo::ValueType::String;
    const MEMBERS: Option<&'static [slo::Member<'static>]> = Some(&[
        slo::Member { name: "eu", wire: slo::Literal::String("eu-1") },
        slo::Member { name: "us", wire: slo::Literal::String("us-1") },
    ]);

    fn to_value(&self) -> Result<Option<slo::Value<'_>>, slo::Unfit> {
        let wire = match self {
            DeploymentZone::Eu => "eu-1",
            DeploymentZone::Us => "us-1",
        };
        Ok(Some(slo::Value::String(Cow::Borrowed(wire))))
    }
}

impl slo::Element for DeploymentZone {}
