//! What generated Rust is made of, and text that would like to be code.

use proptest::prelude::*;
use syn::visit::Visit;

/// What a file of generated Rust is made of, by its names and texts.
#[derive(Default)]
pub(super) struct Contents {
    pub(super) items: Vec<String>,
    pub(super) texts: Vec<String>,
    pub(super) docs: Vec<String>,
    pub(super) macros: usize,
}

impl<'ast> Visit<'ast> for Contents {
    fn visit_item_struct(&mut self, item: &'ast syn::ItemStruct) {
        self.items.push(item.ident.to_string());
        syn::visit::visit_item_struct(self, item);
    }

    fn visit_item_enum(&mut self, item: &'ast syn::ItemEnum) {
        self.items.push(item.ident.to_string());
        syn::visit::visit_item_enum(self, item);
    }

    fn visit_item_static(&mut self, item: &'ast syn::ItemStatic) {
        self.items.push(item.ident.to_string());
        syn::visit::visit_item_static(self, item);
    }

    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.items.push(item.sig.ident.to_string());
    }

    fn visit_macro(&mut self, _: &'ast syn::Macro) {
        self.macros += 1;
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        if let syn::Meta::NameValue(meta) = &attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &meta.value
        {
            self.docs.push(text.value());
        }
    }

    fn visit_lit_str(&mut self, text: &'ast syn::LitStr) {
        self.texts.push(text.value());
    }
}

pub(super) fn contents(code: &str) -> Contents {
    let file = syn::parse_file(code).unwrap_or_else(|error| panic!("{error}\n{code}"));
    let mut contents = Contents::default();
    contents.visit_file(&file);
    contents
}

/// Text that would like to be code.
pub(super) fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("*/ fn evil() {} /*".to_owned()),
        Just("\"#; fn evil() {} //".to_owned()),
        Just("\" ); evil!(); (\"".to_owned()),
        Just("\n#[doc = \"\"] fn evil() {}".to_owned()),
        Just("```\nassert!(false)\n".to_owned()),
        Just("        assert!(false)".to_owned()),
        Just("{}{{}}\\u{0}\\".to_owned()),
        "\\PC{0,12}",
    ];
    proptest::collection::vec(piece, 1..4).prop_map(|pieces| pieces.concat())
}

/// The text as a file quotes it; without what no file may hold.
pub(super) fn quoted(text: &str) -> Option<String> {
    let forbidden = |character: char| {
        (character.is_control() && character != '\n' && character != '\t')
            || matches!(character, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    (!text.contains(forbidden)).then(|| {
        let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n").replace('\t', "\\t");
        format!("\"{text}\"")
    })
}

/// The first line of docs that opens code which rustdoc would run: indented, or fenced without a language.
pub(super) fn no_line_runs(docs: &[String]) -> Option<String> {
    let mut fenced = false;
    for line in docs {
        let fence = line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
        let opens = fence && !fenced && !line.ends_with("text");
        if line.contains('\n') || opens || (!fenced && line.starts_with("     ")) {
            return Some(line.clone());
        }
        fenced ^= fence;
    }
    None
}
