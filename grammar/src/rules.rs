//! The grammar's rules, as pest makes them of `slo.pest`.

// The derive's `Rule` has no docs of its own.
#[allow(missing_docs, unreachable_pub)]
mod pest_parser {
    #[derive(pest_derive::Parser)]
    #[grammar = "slo.pest"]
    pub struct PestParser;
}

pub(crate) use pest_parser::{PestParser, Rule};
