//! The grammar's rules, as pest makes them of `slo.pest`.
//!
//! What pest makes stands in `pest_parser.in`, made by `cargo run -p slo-grammar-generator`, whose test holds it to the grammar: so
//! that neither a program nor the derive has to build pest's generator, and pest has no more features than are asked for.

// What is generated has no docs of its own.
#[allow(dead_code, missing_docs, unreachable_pub, clippy::all, clippy::pedantic)]
mod pest_parser {
    pub struct PestParser;

    include!("pest_parser.in");
}

pub(crate) use pest_parser::{PestParser, Rule};
