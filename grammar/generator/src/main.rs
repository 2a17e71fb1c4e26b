//! Makes the parser of `slo-grammar` of its grammar, `grammar/src/slo.pest`: `cargo run -p slo-grammar-generator`.
//!
//! It stands in the repository, so that who builds the compiler or the derive doesn't build pest's generator. This is no part of
//! `slo-grammar`, which may not compile until its parser is made.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a tool of the repository: what fails is told by its panic"
)]

use std::fs;

use quote::quote;

const GRAMMAR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/slo.pest");
const PARSER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../src/pest_parser.in");

fn main() {
    fs::write(PARSER, parser()).unwrap();
}

/// The parser as pest makes it of the grammar.
fn parser() -> String {
    let grammar = fs::read_to_string(GRAMMAR).unwrap();
    let derive = quote! {
        #[grammar_inline = #grammar]
        pub struct PestParser;
    };
    prettyplease::unparse(&syn::parse2(pest_generator::derive_parser(derive, false)).unwrap())
}

#[test]
fn the_parser_is_made_of_the_grammar() {
    let is_same = fs::read_to_string(PARSER).unwrap() == parser();
    assert!(is_same, "make the parser anew: `cargo run -p slo-grammar-generator`");
}
