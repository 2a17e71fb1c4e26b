//! Over TLS.

use std::fs;
use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use slo_model::event::Signal;
use tempfile::TempDir;

use super::given::*;
use crate::Otlp;
use crate::delivery::answer::Answer;

/// An authority, and files with what it signed.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: String,
    folder: TempDir,
}

impl Authority {
    fn new() -> Authority {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        Authority { issuer: Issuer::new(params, key), certificate, folder: tempfile::tempdir().unwrap() }
    }

    /// A certificate for `127.0.0.1`, and its key.
    fn signed(&self) -> (String, String) {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        (params.signed_by(&key, &self.issuer).unwrap().pem(), key.serialize_pem())
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn certificate(&self) -> PathBuf {
        self.file("authority.pem", &self.certificate)
    }

    /// The files of a client's certificate and key.
    fn client(&self) -> (PathBuf, PathBuf) {
        let (certificate, key) = self.signed();
        (self.file("client.pem", &certificate), self.file("client-key.pem", &key))
    }
}

/// Asks for a client of the same authority.
#[cfg(feature = "otlp-http")]
fn http(authority: &Authority) -> super::http_server::Server {
    use std::net::TcpStream;
    use std::sync::Arc;

    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use rustls::server::WebPkiClientVerifier;
    use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

    let certificate = |pem: &str| CertificateDer::from_pem_slice(pem.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = RootCertStore::empty();
    roots.add(certificate(&authority.certificate)).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
    let (chain, key) = authority.signed();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(vec![certificate(&chain)], PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap());
    let config = Arc::new(config.unwrap());
    let handshake = move |stream: TcpStream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).ok()?, stream);
        stream.conn.complete_io(&mut stream.sock).ok()?;
        Some(stream)
    };
    super::http_server::Server::over([super::http_server::answer("200 OK", "", b"")], handshake)
}

/// Asks for a client of the same authority.
#[cfg(feature = "otlp-grpc")]
fn grpc(authority: &Authority) -> super::grpc::Server {
    use tonic::transport::{Certificate, Identity, Server, ServerTlsConfig};
    let (certificate, key) = authority.signed();
    let config = ServerTlsConfig::new()
        .identity(Identity::from_pem(certificate, key))
        .client_ca_root(Certificate::from_pem(&authority.certificate));
    super::grpc::Server::over(Server::builder().tls_config(config).unwrap())
}

/// Sends to both kinds of server of an authority.
fn to_each(servers: &Authority, clients: impl Fn(Otlp) -> Otlp) -> Vec<Answer> {
    let mut answers = Vec::new();
    #[cfg(feature = "otlp-http")]
    {
        let server = http(servers);
        let otlp = clients(Otlp::http().endpoint(format!("https://{}", server.address)));
        answers.push(sender(&otlp).send(&logs(&["one"]), LONG));
    }
    #[cfg(feature = "otlp-grpc")]
    {
        let server = grpc(servers);
        let otlp = clients(Otlp::grpc().endpoint(format!("https://{}", server.address)));
        answers.push(sender(&otlp).send(&logs(&["one"]), LONG));
    }
    answers
}

#[test]
fn each_knows_the_other_by_its_certificate() {
    let authority = Authority::new();
    let (certificate, key) = authority.client();
    for answer in
        to_each(&authority, |otlp| otlp.certificate(authority.certificate()).client(&certificate, &key))
    {
        assert_eq!(answer, taken());
    }
}

#[test]
fn a_receiver_that_is_not_trusted_has_nothing() {
    let (authority, other) = (Authority::new(), Authority::new());
    let (certificate, key) = authority.client();
    for answer in to_each(&authority, |otlp| otlp.certificate(other.certificate()).client(&certificate, &key))
    {
        let why = refused_for_now(answer, None);
        assert!(why.contains("not sent: ") && why.contains("certificate"), "{why}");
    }
}

#[test]
fn a_client_that_is_not_known_is_not_served() {
    let authority = Authority::new();
    for answer in to_each(&authority, |otlp| otlp.certificate(authority.certificate())) {
        // By TLS 1.3 a client does not wait until the server has looked at its certificate.
        assert!(!matches!(answer, Answer::Taken { .. }), "{answer:?}");
    }
}

fn errors(otlp: &Otlp, variables: &[(&str, &str)]) -> Vec<String> {
    let variable =
        |name: &str| variables.iter().find(|(other, _)| *other == name).map(|(_, text)| (*text).to_owned());
    let found = otlp.settings(&[Signal::Log, Signal::Span], &variable);
    found.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn files_that_can_not_be_used_are_errors() {
    let authority = Authority::new();
    let otlp = || Otlp::from_environment().endpoint("https://collector");
    let trusting = || otlp().certificate(authority.certificate());
    let (certificate, key) = authority.client();
    let (_, other_key) = authority.signed();
    let other_key = authority.file("other-key.pem", &other_key);
    let empty = authority.file("empty.pem", "");
    let broken =
        authority.file("broken.pem", "-----BEGIN CERTIFICATE-----\naGk=\n-----END CERTIFICATE-----\n");

    let [why] = errors(&otlp().certificate("/no/such/file"), &[]).try_into().unwrap();
    assert!(
        why.starts_with("`slo_export::Otlp::certificate` names a file that can't be read: \"/no/such/file\""),
        "{why}"
    );
    let [why] = errors(&otlp().certificate(&empty), &[]).try_into().unwrap();
    assert!(why.contains("names a file without certificates in PEM"), "{why}");
    let [why] = errors(&otlp().certificate(&broken), &[]).try_into().unwrap();
    assert!(why.contains("that nothing can be verified by"), "{why}");
    assert_eq!(errors(&trusting().client(&certificate, &key), &[]), [""; 0]);
    let [why] = errors(&trusting().client(&certificate, &other_key), &[]).try_into().unwrap();
    assert!(
        why.contains("`slo_export::Otlp::client` names a key that does not fit its certificate"),
        "{why}"
    );
    let [why] = errors(&trusting().client(&certificate, &empty), &[]).try_into().unwrap();
    assert!(why.contains("names a file without a key in PEM"), "{why}");
    let [why] = errors(&trusting().client(&broken, &key), &[]).try_into().unwrap();
    assert!(why.contains("names a key that does not fit its certificate"), "{why}");
}

#[test]
fn variables_name_files_as_well() {
    let authority = Authority::new();
    let (certificate, key) = authority.client();
    let (trusted, certificate, key) =
        (authority.certificate(), certificate.to_str().unwrap(), key.to_str().unwrap());
    let otlp = Otlp::from_environment().endpoint("https://collector");
    let mut variables = vec![
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", trusted.to_str().unwrap()),
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", certificate),
        ("OTEL_EXPORTER_OTLP_LOGS_CLIENT_KEY", key),
    ];
    let alone = "`OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` names a certificate, and nothing names its key";
    assert_eq!(errors(&otlp, &variables), [alone], "of spans");
    variables.push(("OTEL_EXPORTER_OTLP_CLIENT_KEY", key));
    assert_eq!(errors(&otlp, &variables), [""; 0]);
    // Where there is no TLS they are not asked for.
    let without = Otlp::from_environment().endpoint("http://collector");
    assert_eq!(errors(&without, &[("OTEL_EXPORTER_OTLP_CERTIFICATE", "/no/such/file")]), [""; 0]);
}

#[test]
fn a_host_that_no_certificate_can_name_is_an_error() {
    let [why] = errors(&Otlp::from_environment().endpoint("https://a..b"), &[]).try_into().unwrap();
    assert_eq!(why, "`slo_export::Otlp::endpoint` names a host that no certificate can name");
}
