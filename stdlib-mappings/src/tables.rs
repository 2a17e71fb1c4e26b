use crate::*;
pub(crate) static VOCABULARY: Vocabulary = Vocabulary { name: "std.otel", version: "1.44.0", owner: "", schema_url: "", packages: &[], files: &[], attributes: &[], metrics: &[] };
