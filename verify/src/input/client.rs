//! The client that asks endpoints, and sends on.

use std::sync::Arc;
use std::time::Duration;

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::typestate::AgentScope;

/// A client's settings.
pub(super) fn config(timeout: Duration) -> ConfigBuilder<AgentScope> {
    // The system's own authorities, a company's among them.
    let trusted = rustls_native_certs::load_native_certs().certs;
    let trusted = trusted.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    Agent::config_builder()
        .tls_config(TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(trusted))).build())
        .timeout_global(Some(timeout))
        .user_agent(concat!("slo/", env!("CARGO_PKG_VERSION")))
}
