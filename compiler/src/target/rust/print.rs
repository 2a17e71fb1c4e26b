//! The code of a contract.
//!
//! It depends on the runtime alone. Its tables are constants; it carries the contract's hash and the format's
//! number, so that whoever reads it knows what it was made of, and the compiler's version does not change it.

use proc_macro2::TokenStream;
use quote::quote;

use super::modules::{Module, Modules};
use super::own_enums::OwnEnum;
use super::table::{self, Paths, Tables};
use super::{container, docs, enumeration, event, meaning, observed};
use crate::CheckedContract;
use crate::ir::Contract;
use crate::plan::Layout;
use crate::target::File;

/// The number of the generated code's format: it changes when the code asks other things of the runtime.
pub const FORMAT: u32 = 2;

/// A file per package, and `mod.rs` that names them.
#[must_use]
pub fn print(contract: &CheckedContract) -> Vec<File> {
    let contract = contract.contract();
    let modules = Modules::of(contract);
    let header = header(contract);
    let mut files = Vec::new();
    let mut root = TokenStream::new();
    for module in &modules.list {
        let name = &module.name;
        let inner = docs::inner(&module.docs);
        let allows = allows();
        let items = items(&modules, module);
        let file = format!("{}.rs", name.to_string().trim_start_matches("r#"));
        files.push(File { path: file, text: formatted(&header, quote!(#inner #allows #items)) });
        root.extend(quote!(pub mod #name;));
    }
    let title = docs::inner(&format!("The code of the contract `{}`.", one_line(&contract.name)));
    let whole = contract_item(&modules);
    let root = formatted(&header, quote!(#title #root #whole));
    files.insert(0, File { path: "mod.rs".to_owned(), text: root });
    files
}

/// All packages in one text, for `include!`: each a module of its own.
#[must_use]
pub fn print_for_include(contract: &CheckedContract) -> String {
    let contract = contract.contract();
    let modules = Modules::of(contract);
    let mut all = TokenStream::new();
    for module in &modules.list {
        let name = &module.name;
        let docs = docs::outer(&module.docs);
        let allows = allows();
        let items = items(&modules, module);
        all.extend(quote!(#docs pub mod #name { #allows #items }));
    }
    all.extend(contract_item(&modules));
    formatted(&header(contract), all)
}

/// A program need not use all that its contract declares; names are a contract's, and told apart by numbers; and
/// contracts' docs are written for people, not in rustdoc's dialect.
fn allows() -> TokenStream {
    quote! {
        #![allow(dead_code, nonstandard_style, unreachable_pub)]
        #![allow(rustdoc::broken_intra_doc_links, rustdoc::invalid_html_tags, rustdoc::bare_urls)]
    }
}

/// What a module holds: enums, resources and scopes, meanings with their views, events, and observed metrics.
fn items(modules: &Modules<'_>, module: &Module<'_>) -> TokenStream {
    let slo = quote!(::slo);
    let contract = modules.contract;
    let package = module.package;
    // The tables of others stand where their types do.
    let face = |name: &str| path_of(modules.face(package, name), &quote!(#slo::Face), "TABLE");
    let scope = |name: &str| path_of(modules.scope(package, name), &quote!(#slo::SloAttributes), "CONTAINER");
    let tables = Tables {
        paths: Paths { slo: &slo, for_derive: false },
        read: table::tokens,
        contract,
        attributes: &modules.attributes,
        meaning: &face,
        scope: &scope,
    };
    let mut items = TokenStream::new();
    for (attribute, name) in module.attribute_enums() {
        let Some(domain) = &attribute.domain else { continue };
        let title = docs::text_of_item(&attribute.docs, &format!("The values of `{}`.", attribute.key));
        items.extend(enumeration::items(&slo, name, &title, domain));
    }
    for OwnEnum { name, domain, of } in module.own_enums() {
        items.extend(enumeration::items(&slo, name, &format!("The values of {of}."), domain));
    }
    for declared in module.containers(contract) {
        let Some(name) = module.name_of_container(&declared.name) else { continue };
        items.extend(container::items(&slo, modules, name, declared));
    }
    for declared in module.faces(contract) {
        let Some(name) = module.name_of_face(&declared.name) else { continue };
        let table = tables.meaning(declared);
        items.extend(match &declared.view {
            None => meaning::meaning(&slo, modules, name, declared, &table),
            Some(view) => {
                meaning::view(&slo, modules, name, declared, &contract.meaning(view.of).full_name(), &table)
                    .unwrap_or_default()
            }
        });
    }
    for declared in module.events(contract) {
        let Some(names) = module.names_of_event(&declared.name) else { continue };
        let layout = Layout::of(contract, &modules.attributes, declared);
        items.extend(event::items(&slo, modules, names, &layout, &tables.event(&layout)));
    }
    for declared in module.observed(contract) {
        let Some(name) = module.name_of_observed(declared) else { continue };
        items.extend(observed::items(&slo, modules, name, declared, &tables.observed(declared)));
    }
    items
}

/// The table of a type's, as an expression.
fn path_of(type_of: Option<TokenStream>, of_trait: &TokenStream, constant: &str) -> String {
    // What has no type is another root's mistake; the name says which.
    type_of.map_or_else(String::new, |type_of| format!("<{type_of} as {of_trait}>::{constant}"))
}

/// What a program needs to know of the contract as a whole.
fn contract_item(modules: &Modules<'_>) -> TokenStream {
    let slo = quote!(::slo);
    let none = |_: &str| String::new();
    let tables = Tables {
        paths: Paths { slo: &slo, for_derive: false },
        read: table::tokens,
        contract: modules.contract,
        attributes: &modules.attributes,
        meaning: &none,
        scope: &none,
    };
    let table = tables.contract();
    let docs = docs::outer(&format!(
        "What the SDK must be told of the contract `{}`, for `slo::view` and `slo::span_limits`.",
        one_line(&modules.contract.name)
    ));
    quote! {
        #docs
        #[allow(dead_code, unreachable_pub)]
        pub static CONTRACT: #slo::tables::Contract<'static> = #table;
    }
}

/// What the files begin with that are made of the contract of this name.
#[must_use]
pub fn mark(contract: &str) -> String {
    format!("{}contract `{}`;", crate::target::MARK, one_line(contract))
}

/// What the code was made of. The hash is one of the whole contract: it is worked out once for all files.
fn header(contract: &Contract) -> String {
    format!("{} do not edit. Format {FORMAT}, contract {}.\n\n", mark(&contract.name), contract.hash())
}

/// Formats the code, with the header above it.
fn formatted(header: &str, code: TokenStream) -> String {
    // The tokens are ours: that they don't parse would be this module's own mistake, which the tests of the
    // generated code see.
    let Ok(file) = syn::parse2::<syn::File>(code.clone()) else {
        return header.to_owned() + &code.to_string();
    };
    let text_of =
        |attrs, items| prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs, items });
    let mut pieces: Vec<String> = Vec::new();
    if !file.attrs.is_empty() {
        pieces.push(text_of(file.attrs, Vec::new()));
    }
    // A blank line between items, but for modules that are only named.
    let (named, others): (Vec<_>, Vec<_>) = file
        .items
        .into_iter()
        .partition(|item| matches!(item, syn::Item::Mod(module) if module.content.is_none()));
    if !named.is_empty() {
        pieces.push(text_of(Vec::new(), named));
    }
    pieces.extend(others.into_iter().map(|item| text_of(Vec::new(), vec![item])));
    header.to_owned() + &pieces.join("\n")
}

/// Whether two texts are the same code with the same first line, however each is formatted: a person's `rustfmt`
/// formats what it finds.
#[must_use]
pub fn is_same(left: &str, right: &str) -> bool {
    let first = |text: &str| text.lines().next().map(str::to_owned);
    let code = |text: &str| syn::parse_file(text).ok().map(|file| prettyplease::unparse(&file));
    left == right || (first(left) == first(right) && code(left).is_some() && code(left) == code(right))
}

fn one_line(text: &str) -> String {
    text.chars().map(|character| if character.is_control() { ' ' } else { character }).collect()
}
