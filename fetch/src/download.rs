//! Brings the bytes of an archive.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use slo_compiler::pinned::sha256;

use crate::error::FetchError;
use crate::unpack::ARCHIVE_BYTES;

/// The bytes of an archive with this hash, from its URL, or from a path that `folder` names it by.
pub(crate) fn archive(
    from: &str,
    hash: &str,
    folder: Option<&Path>,
    timeout: Duration,
) -> Result<Vec<u8>, FetchError> {
    let bytes = match from.split_once("://") {
        Some(("http" | "https", _)) => by_http(from, timeout)?,
        Some((_, path)) => of_file(from, Path::new(path))?,
        None => {
            let path = PathBuf::from(from);
            let path = match (path.is_absolute(), folder) {
                (true, _) => path,
                (false, Some(folder)) => folder.join(path),
                (false, None) => {
                    return Err(FetchError::new(
                        format!(
                            "the archive `{from}` is named by a path, and by a vocabulary that was fetched itself"
                        ),
                        "those who keep that vocabulary have to name it by a URL",
                    ));
                }
            };
            of_file(from, &path)?
        }
    };
    let found = sha256(&bytes);
    if found != hash {
        return Err(FetchError::new(
            format!("the archive `{from}` has the SHA-256 {found}, and `slo.toml` says {hash}"),
            "it isn't the one that was meant: ask those who keep it, and write the new hash only where they say that it changed",
        ));
    }
    Ok(bytes)
}

fn failed(from: &str, why: impl std::fmt::Display) -> FetchError {
    let why: String = why.to_string().chars().filter(|one| !one.is_control()).take(400).collect();
    FetchError::new(
        format!("the archive `{from}` can't be read: {why}"),
        "see whether it is there, and may be read",
    )
}

fn bounded(from: &str, stream: impl Read) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    stream.take(ARCHIVE_BYTES + 1).read_to_end(&mut bytes).map_err(|error| failed(from, error))?;
    match bytes.len() as u64 > ARCHIVE_BYTES {
        true => Err(failed(from, format!("it has more than {ARCHIVE_BYTES} bytes"))),
        false => Ok(bytes),
    }
}

fn of_file(from: &str, path: &Path) -> Result<Vec<u8>, FetchError> {
    // A pipe would never end: what a file is is asked before it is opened.
    let metadata = std::fs::metadata(path).map_err(|error| failed(from, error))?;
    if !metadata.is_file() {
        return Err(failed(from, io::Error::other("it is no file")));
    }
    bounded(from, File::open(path).map_err(|error| failed(from, error))?)
}

#[cfg(feature = "http")]
fn by_http(from: &str, timeout: Duration) -> Result<Vec<u8>, FetchError> {
    use std::sync::Arc;

    use ureq::Agent;
    use ureq::tls::{Certificate, RootCerts, TlsConfig};

    // The system's own authorities, a company's among them.
    let trusted = rustls_native_certs::load_native_certs().certs;
    let trusted = trusted.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    let tls = TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(trusted))).build();
    let agent: Agent = Agent::config_builder()
        .tls_config(tls)
        .timeout_global(Some(timeout))
        .user_agent(concat!("slo/", env!("CARGO_PKG_VERSION")))
        .build()
        .into();
    match agent.get(from).call() {
        Ok(mut answer) => bounded(from, answer.body_mut().as_reader()),
        Err(ureq::Error::StatusCode(status)) => Err(failed(from, format!("the server answers {status}"))),
        Err(error) => Err(failed(from, error)),
    }
}

#[cfg(not(feature = "http"))]
fn by_http(from: &str, _: Duration) -> Result<Vec<u8>, FetchError> {
    Err(failed(from, "this program was built without the feature `http`"))
}
