//! A resource or a scope as a table.

use proc_macro2::TokenStream;
use quote::quote;

use super::code::{KeyOf, Paths, list, text, tokens};
use crate::ir::{Container, ContainerKind, Contract, Literal, Writer};

/// What a table needs to know besides the container.
#[derive(Debug)]
pub struct Table<'t> {
    /// The path of the runtime crate.
    pub slo: &'t TokenStream,
    /// The name by which violations call the container.
    pub name: &'t str,
    /// The name of a scope that doesn't give its own.
    pub scope_name: &'t str,
    /// The schema URL.
    pub schema_url: Option<&'t str>,
    /// What flattened structs bring: paths of their tables.
    pub flattened: &'t [TokenStream],
    /// Whether the code is for rustc alone, see [`Paths`].
    pub for_derive: bool,
    /// Reads code: [`tokens`], or what does it faster.
    pub read: fn(&str) -> TokenStream,
}

impl Table<'_> {
    /// The container as an expression of type `Container<'static>`. `place` gives a writer's file and line;
    /// `rust_type` the Rust type that says what a key's values are, where nothing else does.
    #[must_use]
    pub fn container(
        &self,
        container: &Container,
        place: &dyn Fn(&Writer) -> String,
        rust_type: &dyn Fn(&Writer) -> Option<TokenStream>,
    ) -> TokenStream {
        let Table { flattened, .. } = self;
        let paths = self.paths();
        // Text is read once for as many keys as can be: each reading has its price.
        let mut keys = TokenStream::new();
        let mut pending = String::new();
        for writer in &container.writers {
            match rust_type(writer) {
                None => {
                    pending.push_str(&paths.key(&KeyOf::of_writer(writer, &place(writer))));
                    pending.push(',');
                }
                Some(rust_type) => {
                    let place = place(writer);
                    let key = paths.key_of_type(&KeyOf::of_writer(writer, &place), &rust_type, self.read);
                    let before = (self.read)(&std::mem::take(&mut pending));
                    keys.extend(quote!(#before #key,));
                }
            }
        }
        let code = self.head(container);
        let container_type = paths.item("Container");
        if keys.is_empty() && flattened.is_empty() {
            return (self.read)(&format!("{container_type} {{ {code} keys: &[{pending}], flattened: &[] }}"));
        }
        let (container_type, code, last) =
            ((self.read)(&container_type), (self.read)(&code), (self.read)(&pending));
        quote!(#container_type { #code keys: &[#keys #last], flattened: &[#(#flattened),*] })
    }

    /// The same as text, of a container that nothing flattens and whose keys a contract declares, for where it stands in
    /// another table.
    #[must_use]
    pub fn container_text(&self, container: &Container, place: &dyn Fn(&Writer) -> String) -> String {
        let paths = self.paths();
        let keys = list(&container.writers, |writer| paths.key(&KeyOf::of_writer(writer, &place(writer))));
        let (of, head) = (paths.item("Container"), self.head(container));
        format!("{of} {{ {head} keys: {keys}, flattened: &[] }}")
    }

    /// The fields of a container before its keys.
    fn head(&self, container: &Container) -> String {
        let paths = self.paths();
        let kind = match container.kind {
            ContainerKind::Resource => "Resource",
            ContainerKind::Scope => "Scope",
        };
        format!(
            "name: {}, kind: {}::{kind}, scope_name: {}, schema_url: {}, closed: {},",
            text(self.name),
            paths.item("ContainerKind"),
            text(self.scope_name),
            paths.option(self.schema_url.map(text)),
            container.closed,
        )
    }

    fn paths(&self) -> Paths<'_> {
        Paths { slo: self.slo, for_derive: self.for_derive }
    }

    /// A literal as an expression of type `Literal<'static>`.
    #[must_use]
    pub fn literal(&self, literal: &Literal) -> TokenStream {
        (self.read)(&self.paths().literal(literal))
    }
}

/// The table of a contract's container, ready to use: its own names and places.
#[must_use]
pub fn of_contract(slo: &TokenStream, contract: &Contract, container: &Container) -> TokenStream {
    let name = container.full_name();
    let table = Table {
        slo,
        name: &name,
        scope_name: if container.kind == ContainerKind::Scope { &container.package } else { "" },
        schema_url: contract.schema_url.as_deref(),
        flattened: &[],
        for_derive: false,
        read: tokens,
    };
    table.container(container, &|writer| contract.places.shown(writer.node), &|_| None)
}
