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
    type Kind = slo::resource::Resource;

    const CONTAINER: &'static slo::__private::v8::Container<'static> = &slo::__private::v8::Container {
        name: "fin.pay.PaymentService",
        kind: slo::__private::v8::ContainerKind::Resource,
        scope_name: "",
        schema_url: Some(SCHEMA_URL),
        closed: false,
        keys: &[
            slo::__private::v8::Key {
                source: slo::__private::v8::Source::Required,
                matches: Some(slo::__private::v8::Template {
                    parts: &[
                        slo::__private::v8::Part::Hole("team"),
                        slo::__private::v8::Part::Text("-"),
                        slo::__private::v8::Part::Hole("product"),
                        slo::__private::v8::Part::Text("-"),
                        slo::__private::v8::Part::Hole("env"),
                    ],
                }),
                ..slo::__private::v8::Key::new("service.name", slo::value::ValueType::String, "slo/pay.slo:7")
            },
            slo::__private::v8::Key {
                source: slo::__private::v8::Source::Environment(&["SERVICE_VERSION"]),
                ..slo::__private::v8::Key::new(
                    "service.version",
                    slo::value::ValueType::String,
                    "slo/pay.slo:8",
                )
            },
            slo::__private::v8::Key {
                source: slo::__private::v8::Source::Static(slo::value::Literal::String("backend")),
                members: Some(&[
                    slo::value::Member { name: "frontend", wire: slo::value::Literal::String("frontend") },
                    slo::value::Member { name: "backend", wire: slo::value::Literal::String("backend") },
                    slo::value::Member { name: "batch", wire: slo::value::Literal::String("batch") },
                ]),
                ..slo::__private::v8::Key::new("service.tier", slo::value::ValueType::String, "slo/pay.slo:9")
            },
            slo::__private::v8::Key {
                members: <DeploymentZone as slo::value::ToValue>::MEMBERS,
                ..slo::__private::v8::Key::new(
                    "deployment.zone",
                    slo::value::ValueType::String,
                    "slo/pay.slo:10",
                )
            },
            slo::__private::v8::Key {
                source: slo::__private::v8::Source::Auto,
                ..slo::__private::v8::Key::new(
                    "telemetry.sdk.language",
                    slo::value::ValueType::String,
                    "slo/pay.slo:11",
                )
            },
        ],
        flattened: &[],
    };

    fn visit<'a, V: slo::resource::Visitor<'a>>(&'a self, visitor: &mut V) {
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

impl slo::value::ToValue for DeploymentZone {
    const TYPE: slo::value::ValueType = slo::value::ValueType::String;
    const MEMBERS: Option<&'static [slo::value::Member<'static>]> = Some(&[
        slo::value::Member { name: "eu", wire: slo::value::Literal::String("eu-1") },
        slo::value::Member { name: "us", wire: slo::value::Literal::String("us-1") },
    ]);

    fn to_value(&self) -> Result<Option<slo::value::Value<'_>>, slo::value::Unfit> {
        let wire = match self {
            DeploymentZone::Eu => "eu-1",
            DeploymentZone::Us => "us-1",
        };
        Ok(Some(slo::value::Value::String(Cow::Borrowed(wire))))
    }
}

impl slo::value::Element for DeploymentZone {}
