//! What is shown of contracts, in each rendering.

mod hostile;
mod layout;
mod names;
mod sheets;

use super::{Found, find};
use crate::ir::Contract;
use crate::{Input, InputFile, Root, compile};

const MANIFEST: &str = r#"name = "payments"
version = "1.0.0"
slo = "0.1"

[vocabularies]
"std.otel" = "1.44.0"

[prometheus]
promote_resource_attributes = ["service.name"]
"#;

/// The contract of these files.
fn contract(files: &[(&str, &str)]) -> Contract {
    let files = files.iter().map(|(path, text)| InputFile::new(*path, *text)).collect();
    let root = Root::new(InputFile::new("slo.toml", MANIFEST), files);
    Contract::clone(&compile(&Input { roots: vec![root], ..Input::default() }).contract.unwrap())
}

/// The two reference contracts, and one with what these have nothing of.
fn reference() -> Contract {
    contract(&[
        ("jobs/jobs.slo", include_str!("jobs.slo")),
        ("pay.slo", include_str!("pay.slo")),
        ("web/web.slo", include_str!("web.slo")),
    ])
}

fn shown(name: &str) -> Found {
    find(&reference(), name).unwrap()
}
