//! The code of a contract.
//!
//! It depends on the runtime alone. Its tables are constants; it carries the format's number, and as files the
//! contract's hash, so that whoever reads it knows what it was made of, and the compiler's version does not change it.

use std::cell::RefCell;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use slo_model::Container;
use slo_model::event as tables;
use slo_model::table::Described;

use super::layout::Expression;
use super::modules::Modules;
use super::text::Text;
use super::{container, docs, enumeration, event, meaning, object, observed};
use crate::ir::Places;
use crate::plan::{Package, Plan};
#[cfg(feature = "json")]
use crate::target::File;

/// What the code of a package is written with.
pub(super) struct Code<'c> {
    pub(super) slo: TokenStream,
    pub(super) modules: &'c Modules<'c>,
    pub(super) places: &'c Places,
    /// The number of the package.
    pub(super) package: usize,
    pub(super) text: Text<'c>,
    pub(super) tables: &'c Tables,
}

/// Tables that are laid out apart from the code, where it names them by their numbers.
#[derive(Default)]
pub(super) struct Tables(RefCell<Vec<Expression>>);

/// What a table is called in the code until it is there, with its number behind.
const TABLE: &str = "__slo_table_";

impl Tables {
    fn add(&self, table: Expression) -> TokenStream {
        let mut tables = self.0.borrow_mut();
        let name = format_ident!("{TABLE}{}", tables.len());
        tables.push(table);
        quote!(#name)
    }

    /// Puts the tables where formatted code names them: each is a constant's, which ends with its line.
    fn put_into(&self, code: &str) -> String {
        let tables = self.0.borrow();
        let named = |line: &str| {
            let is_constant =
                ["const ", "pub static "].iter().any(|word| line.trim_start().starts_with(word));
            let (before, number) = line.strip_suffix(";\n").filter(|_| is_constant)?.rsplit_once(TABLE)?;
            Some((before.len(), tables.get(number.parse::<usize>().ok()?)?))
        };
        let mut text = String::new();
        for line in code.split_inclusive('\n') {
            let Some((before, table)) = named(line) else {
                text.push_str(line);
                continue;
            };
            text.push_str(line.get(..before).unwrap_or_default());
            table.lay_out(&mut text, line.len() - line.trim_start().len(), 1);
            text.push_str(";\n");
        }
        text
    }
}

impl Code<'_> {
    /// A table as the expression of a constant.
    pub(super) fn table(&self, table: &dyn Described) -> TokenStream {
        self.tables.add(self.text.expression(table, &[]))
    }
}

/// The number of the generated code's format: it changes when the code asks other things of the runtime.
pub const FORMAT: u32 = 8;

/// Where the runtime has what the code names, whose format is in the path: a runtime that doesn't know it has nothing there, and rustc
/// says so once for each module instead of for each name.
fn names() -> TokenStream {
    let format = format_ident!("v{FORMAT}");
    quote!(#[allow(unused_imports)] use ::slo::__private::#format as __slo;)
}

/// A file per package, and `mod.rs` that names them. They carry the contract's hash, so that it is seen whether they are still
/// those of the contract.
#[cfg(feature = "json")]
#[must_use]
pub fn print(plan: &Plan<'_>) -> Vec<File> {
    let modules = Modules::of(plan);
    let header = header(plan, &format!(", contract {}", plan.hash()));
    let mut files = Vec::new();
    let mut root = TokenStream::new();
    for (number, (module, package)) in modules.list.iter().zip(&plan.packages).enumerate() {
        let name = &module.name;
        let inner = docs::inner(&package.docs);
        let (allows, names) = (allows(), names());
        let tables = Tables::default();
        let items = items(&modules, plan.places, &tables, number, package);
        let file = format!("{}.rs", name.to_string().trim_start_matches("r#"));
        files.push(File {
            path: file,
            text: formatted(&header, quote!(#inner #allows #names #items), &tables),
        });
        root.extend(quote!(pub mod #name;));
    }
    let title = docs::inner(&format!("The code of the contract `{}`.", one_line(plan.table.name)));
    let tables = Tables::default();
    let whole = whole(plan, &tables);
    let root = formatted(&header, quote!(#title #root #whole), &tables);
    files.insert(0, File { path: "mod.rs".to_owned(), text: root });
    files
}

/// All packages in one text, for `include!`: each a module of its own.
#[must_use]
pub fn print_for_include(plan: &Plan<'_>) -> String {
    let (modules, tables) = (Modules::of(plan), Tables::default());
    let mut all = TokenStream::new();
    for (number, (module, package)) in modules.list.iter().zip(&plan.packages).enumerate() {
        let name = &module.name;
        let docs = docs::outer(&package.docs);
        let (allows, names) = (allows(), names());
        let items = items(&modules, plan.places, &tables, number, package);
        all.extend(quote!(#docs pub mod #name { #allows #names #items }));
    }
    all.extend(whole(plan, &tables));
    formatted(&header(plan, ""), all, &tables)
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
fn items(
    modules: &Modules<'_>,
    places: &Places,
    tables: &Tables,
    number: usize,
    package: &Package<'_>,
) -> TokenStream {
    // The tables of others stand where their types do.
    let meaning_of = |meaning: &tables::Meaning<'_>| {
        format!("<{} as __slo::Projection>::TABLE", path(&modules.meaning(number, meaning.name)))
    };
    let container_of = |container: &Container<'_>| {
        format!("<{} as __slo::SloAttributes>::CONTAINER", path(&modules.container(number, container.name)))
    };
    let text =
        Text { slo: "__slo".to_owned(), for_derive: false, meaning: &meaning_of, container: &container_of };
    let code = Code { slo: quote!(__slo), modules, places, package: number, text, tables };
    let Some(names) = modules.list.get(number) else { return TokenStream::new() };
    let enums =
        names.enums.iter().zip(&package.enums).map(|(name, one)| enumeration::items(&code, name, one));
    let objects =
        names.objects.iter().zip(&package.objects).map(|(name, one)| object::items(&code, name, one));
    let containers = names.containers.iter().zip(&package.containers);
    let containers = containers.map(|(name, one)| container::items(&code, name, one));
    let meanings = names.meanings.iter().zip(&package.meanings);
    let meanings = meanings.map(|(name, one)| match one.view_of {
        None => meaning::meaning(&code, name, one),
        Some(of) => meaning::view(&code, name, one, of),
    });
    let events = names.events.iter().zip(&package.events).map(|(names, one)| event::items(&code, names, one));
    let observed = names.observed.iter().zip(&package.observed);
    let observed = observed.map(|(name, one)| observed::items(&code, name, one));
    enums.chain(objects).chain(containers).chain(meanings).chain(events).chain(observed).collect()
}

/// A path as people write it.
fn path(tokens: &TokenStream) -> String {
    tokens.to_string().replace(' ', "")
}

/// What a program needs to know of the contract as a whole.
fn whole(plan: &Plan<'_>, tables: &Tables) -> TokenStream {
    let slo = quote!(__slo);
    let known = names();
    let format = proc_macro2::Literal::u32_unsuffixed(FORMAT);
    let table = tables.add(Text::plain("__slo").expression(&plan.table, &[]));
    let docs = docs::outer(&format!(
        "What the SDK must be told of the contract `{}`, for `slo::view` and `slo::span_limits`.",
        one_line(plan.table.name)
    ));
    quote! {
        ::slo::__generated_code!(#format);
        #known
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

/// What the code was made of: asked once for all files.
fn header(plan: &Plan<'_>, hash: &str) -> String {
    format!("{} do not edit. Format {FORMAT}{hash}.\n\n", mark(plan.table.name))
}

/// Formats the code with its tables, and puts the header above it.
fn formatted(header: &str, code: TokenStream, tables: &Tables) -> String {
    let file = match syn::parse2::<syn::File>(code) {
        Ok(file) => file,
        // The tokens are ours: that they don't parse would be this module's own mistake, which the tests of the generated
        // code see.
        Err(error) => return format!("{header}compile_error!({:?});\n", error.to_string()),
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
    header.to_owned() + &tables.put_into(&pieces.join("\n"))
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
