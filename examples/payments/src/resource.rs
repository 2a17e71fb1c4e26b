//! A payment service that says who it is: once by a struct of its own, held to the contract by the derive, and once
//! by the builder that was generated from the contract. Both give the same OTLP Resource. Then it states one request, from
//! which a metric, a log record and a span come out.
use std::error::Error;

use prost::Message;
use slo::testing::Recorder;
use slo::{Event, SloAttributes, Started};

use crate::contracts::CONTRACT;
use crate::contracts::fin_pay::{
    PaymentAttempt, PaymentMethod, PaymentOutcome, PaymentScope, PaymentService,
};
use crate::run::say;

/// The service's own configuration, as it may have had before there was a contract.
#[derive(SloAttributes)]
#[slo(resource = "fin.pay.PaymentService")]
struct UserService {
    #[slo("service.name", required)]
    name: String,
    #[slo("service.version", env = "SERVICE_VERSION")]
    version: String,
    #[slo("service.tier,static=backend")]
    tier: String,
}

/// Shows what the contract makes of a service of this name.
pub(crate) fn show(name: String) -> Result<(), Box<dyn Error>> {
    let service = UserService { name: name.clone(), version: String::new(), tier: String::new() };
    let built = service.assemble().build()?;
    for notice in built.notices() {
        say(&format_args!("notice: {notice}"));
    }

    // What the SDK takes, and what goes over the wire.
    let resource = built.to_resource();
    let encoded = built.to_otlp().encode_to_vec();
    say(&format_args!(
        "the struct gives an OTLP Resource of {} bytes, schema {}:",
        encoded.len(),
        built.schema_url().unwrap_or("none")
    ));
    for (key, value) in built.attributes() {
        say(&format_args!("  {key} = {value}"));
    }

    let payments = PaymentService::new(name);
    let same = payments.assemble().build()?.to_resource() == resource;
    say(&format_args!("the generated builder gives {}", if same { "the same" } else { "another one" }));

    let scope = PaymentScope::new();
    let scope = scope.assemble().build()?.to_scope();
    say(&format_args!("the scope is {} {}", scope.name(), scope.version().unwrap_or("without a version")));

    // Where a test looks at requests. A program hands its own providers over: `slo::Telemetry`.
    let recorder = Recorder::new(&CONTRACT);
    recorder.in_scope(|| {
        let started = Started::now();
        // The gateway does not answer: the recorder's clock stands still unless it is moved.
        recorder.clock().advance(std::time::Duration::from_secs(2));
        PaymentAttempt {
            outcome: PaymentOutcome::Timeout,
            method: PaymentMethod::Card,
            amount: 4_200,
            route: "/pay".into(),
        }
        .record(&started);
    });
    say(&format_args!("one call, three signals:"));
    for line in recorder.recorded().to_string().lines() {
        say(&format_args!("  {line}"));
    }
    Ok(())
}
