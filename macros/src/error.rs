//! Findings as errors at the user's own tokens, with the contract's lines quoted.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use slo_compiler::derive::{Contracts, Structure};
use slo_compiler::diagnostic::{Diagnostic, Severity, render};
use slo_compiler::source::SourceMap;
use slo_grammar::Place;

pub(crate) struct Errors<'e> {
    structure: &'e Structure,
    contracts: Option<&'e Contracts>,
    sources: Option<SourceMap>,
    tokens: TokenStream,
}

impl<'e> Errors<'e> {
    pub(crate) fn new(structure: &'e Structure, contracts: Option<&'e Contracts>) -> Errors<'e> {
        Errors { structure, contracts, sources: None, tokens: TokenStream::new() }
    }

    /// What is wrong with the attributes, and with the tags' texts.
    pub(crate) fn attributes(&mut self) {
        for error in &self.structure.errors {
            self.tokens.extend(error.to_compile_error());
        }
        let structure = self.structure;
        self.findings(&structure.diagnostics);
    }

    pub(crate) fn no_contract(&mut self, place: Place, why: &str) {
        self.emit(place, Severity::Error, why);
    }

    pub(crate) fn findings(&mut self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            let Some(place) = diagnostic.place() else { continue };
            let text = self.text(diagnostic);
            self.emit(place, diagnostic.severity, &text);
        }
    }

    fn emit(&mut self, place: Place, severity: Severity, text: &str) {
        let span = self.structure.tags.span(place).unwrap_or_else(Span::call_site);
        match severity {
            Severity::Error => self.tokens.extend(quote_spanned!(span=> ::core::compile_error!(#text);)),
            // Stable macros have no warnings of their own; the use of something deprecated is one.
            Severity::Warning => self.tokens.extend(quote_spanned! {span=>
                const _: () = {
                    #[deprecated(note = #text)]
                    #[allow(non_upper_case_globals)]
                    const slo: () = ();
                    slo
                };
            }),
            Severity::Note => {}
        }
    }

    /// The finding in lines: what is wrong, the contract's lines, what to do.
    fn text(&mut self, diagnostic: &Diagnostic) -> String {
        let tags = &self.structure.tags;
        let mut text = format!("{} [{}]", diagnostic.message, diagnostic.code);
        // The whole literal is underlined: say which part of it is meant.
        if let Some((part, column)) = diagnostic.place().and_then(|place| tags.part(place)) {
            text.push_str(&format!("\n  at `{part}`, column {column} of the text"));
        }
        for label in diagnostic.labels.iter().skip(1).filter(|label| label.place.file == tags.file) {
            if let Some(part) = tags.text.get(label.place.range()) {
                text.push_str(&format!("\n  {}: `{part}`", label.text));
            }
        }
        let quoted = self.quoted(diagnostic);
        if !quoted.is_empty() {
            text.push('\n');
            text.push_str(&quoted);
        }
        let last = diagnostic.help.iter().map(|help| format!("\n  = help: {help}"));
        text.extend(last);
        text
    }

    /// The contract's lines that have a part in a finding.
    fn quoted(&mut self, diagnostic: &Diagnostic) -> String {
        let Some(contracts) = self.contracts else { return String::new() };
        let mut labels = diagnostic.labels.clone();
        labels.retain(|label| label.place.file != self.structure.tags.file);
        if labels.is_empty() {
            return String::new();
        }
        let sources = self.sources.get_or_insert_with(|| contracts.sources());
        let only = Diagnostic { labels, notes: Vec::new(), help: None, owner: None, ..diagnostic.clone() };
        let rendered = render::rustc(std::slice::from_ref(&only), sources);
        // The first line is the message again.
        rendered.lines().skip(1).map(str::trim_end).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn into_tokens(self) -> TokenStream {
        self.tokens
    }
}
