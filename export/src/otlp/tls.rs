//! Certificates that receivers are verified by, and by which they know the program.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use slo_model::event::Signal;

use super::checked::keep;
use super::error::OtlpError;
use super::settings::Otlp;
use super::variables;
use crate::pipeline::variables::Lookup;

/// So many bytes of a file are read: far more than all certificates of a system.
const LENGTH: u64 = 8 * 1024 * 1024;

/// What a connection is secured by.
#[derive(Clone)]
pub(super) struct Tls {
    /// What receivers are verified by; at least one.
    trusted: Arc<[CertificateDer<'static>]>,
    client: Option<Client>,
}

/// By what receivers know the program: in PEM, and known to fit together.
#[derive(Clone)]
pub(super) struct Client {
    certificates: Vec<u8>,
    key: Vec<u8>,
}

/// Whether a certificate can name this host, an address of version 6 in brackets.
pub(super) fn can_be_named(host: &str) -> bool {
    ServerName::try_from(host.trim_matches(['[', ']'])).is_ok()
}

/// A file, and what named it.
struct Named {
    setting: &'static str,
    path: PathBuf,
}

impl Otlp {
    /// What a signal's connections are secured by. None where there are errors.
    pub(super) fn tls_of(
        &self,
        signal: Signal,
        lookup: Lookup<'_>,
        errors: &mut Vec<OtlpError>,
    ) -> Option<Tls> {
        let before = errors.len();
        let variable = |variable: &variables::Variable| {
            let said = variable.read(signal, lookup)?;
            Some(Named { setting: said.setting, path: said.text.into() })
        };
        let given = |setting, path: &PathBuf| Named { setting, path: path.clone() };

        let authority = self.certificate.as_ref().map(|path| given("slo_export::Otlp::certificate", path));
        let authority = authority.or_else(|| variable(&variables::CERTIFICATE));
        let client = match &self.client {
            Some((certificate, key)) => (
                Some(given("slo_export::Otlp::client", certificate)),
                Some(given("slo_export::Otlp::client", key)),
            ),
            None => (variable(&variables::CLIENT_CERTIFICATE), variable(&variables::CLIENT_KEY)),
        };

        let trusted = match &authority {
            Some(file) => keep(certificates(file).and_then(|(_, found)| trusted(file, found)), errors),
            None => keep(system(), errors),
        };
        let client = match client {
            (None, None) => None,
            (Some(certificate), Some(key)) => keep(identity(&certificate, &key), errors),
            (Some(Named { setting, .. }), None) => {
                errors.push(wrong(setting, "names a certificate, and nothing names its key"));
                None
            }
            (None, Some(Named { setting, .. })) => {
                errors.push(wrong(setting, "names a key, and nothing names its certificate"));
                None
            }
        };
        (errors.len() == before).then_some(Tls { trusted: trusted?.into(), client })
    }
}

fn wrong(setting: &'static str, why: impl Into<String>) -> OtlpError {
    OtlpError::new(setting, why)
}

fn read(file: &Named) -> Result<Vec<u8>, OtlpError> {
    let read = |path: &Path| {
        let mut bytes = Vec::new();
        File::open(path)?.take(LENGTH).read_to_end(&mut bytes)?;
        Ok::<_, std::io::Error>(bytes)
    };
    read(&file.path).map_err(|error| {
        wrong(file.setting, format!("names a file that can't be read: {:?}: {error}", file.path))
    })
}

/// A file's certificates, in PEM and one by one; at least one.
fn certificates(file: &Named) -> Result<(Vec<u8>, Vec<CertificateDer<'static>>), OtlpError> {
    let bytes = read(file)?;
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match found {
        Ok(found) if !found.is_empty() => Ok((bytes, found)),
        _ => Err(wrong(file.setting, format!("names a file without certificates in PEM: {:?}", file.path))),
    }
}

/// The certificates, where others can be verified by each.
fn trusted(
    file: &Named,
    found: Vec<CertificateDer<'static>>,
) -> Result<Vec<CertificateDer<'static>>, OtlpError> {
    let mut store = RootCertStore::empty();
    match found.iter().try_for_each(|certificate| store.add(certificate.clone())) {
        Ok(()) => Ok(found),
        Err(error) => Err(wrong(
            file.setting,
            format!(
                "names a file with a certificate that nothing can be verified by: {:?}: {error}",
                file.path
            ),
        )),
    }
}

/// The system's certificates. A few that can't be read are no error: systems have such.
fn system() -> Result<Vec<CertificateDer<'static>>, OtlpError> {
    let loaded = rustls_native_certs::load_native_certs();
    let (usable, _) = RootCertStore::empty().add_parsable_certificates(loaded.certs.iter().cloned());
    if usable > 0 {
        return Ok(loaded.certs);
    }
    let errors: String = loaded.errors.iter().take(1).map(|error| format!(": {error}")).collect();
    let why = format!("is not said, and the system has no certificates to trust{errors}");
    Err(wrong("slo_export::Otlp::certificate", why))
}

/// A certificate chain and its key, where they fit together.
fn identity(certificate: &Named, key: &Named) -> Result<Client, OtlpError> {
    let (pem, chain) = certificates(certificate)?;
    let bytes = read(key)?;
    let found = PrivateKeyDer::from_pem_slice(&bytes)
        .map_err(|_| wrong(key.setting, format!("names a file without a key in PEM: {:?}", key.path)))?;
    let provider = rustls::crypto::ring::default_provider();
    CertifiedKey::from_der(chain, found, &provider).map_err(|error| {
        let why = format!("names a key that does not fit its certificate: {:?}: {error}", key.path);
        wrong(key.setting, why)
    })?;
    Ok(Client { certificates: pem, key: bytes })
}

impl Tls {
    /// For ureq.
    #[cfg(feature = "otlp-http")]
    pub(super) fn for_http(&self) -> Result<ureq::tls::TlsConfig, OtlpError> {
        use ureq::tls::{Certificate, ClientCert, PrivateKey, RootCerts, TlsConfig};

        let trusted = self.trusted.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
        let mut config = TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(trusted)));
        if let Some(Client { certificates, key }) = &self.client {
            let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificates).collect();
            let (Ok(chain), Ok(key)) = (chain, PrivateKey::from_pem(key)) else {
                return Err(wrong("slo_export::Otlp::client", "names a key that can't be used"));
            };
            let chain: Vec<_> = chain.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
            config = config.client_cert(Some(ClientCert::new_with_certs(&chain, key)));
        }
        Ok(config.build())
    }

    /// For tonic.
    #[cfg(feature = "otlp-grpc")]
    pub(super) fn for_grpc(&self) -> tonic::transport::ClientTlsConfig {
        use tonic::transport::{ClientTlsConfig, Identity};

        let mut store = RootCertStore::empty();
        store.add_parsable_certificates(self.trusted.iter().cloned());
        let config = ClientTlsConfig::new().trust_anchors(store.roots);
        match &self.client {
            Some(Client { certificates, key }) => config.identity(Identity::from_pem(certificates, key)),
            None => config,
        }
    }
}
