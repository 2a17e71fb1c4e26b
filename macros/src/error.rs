//! Findings as errors at the user's own tokens, with the contract's lines quoted.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use slo_compiler::derive::{Contracts, Structure};
use slo_compiler::diagnostic::{Code, Diagnostic, Severity, render};
use slo_compiler::ir::Node;
use slo_grammar::Place;

pub(crate) struct Errors<'e> {
    structure: &'e Structure,
    contracts: Option<&'e Contracts>,
    tokens: TokenStream,
}

impl<'e> Errors<'e> {
    pub(crate) fn new(structure: &'e Structure, contracts: Option<&'e Contracts>) -> Errors<'e> {
        Errors { structure, contracts, tokens: TokenStream::new() }
    }

    pub(crate) fn no_contract(&mut self, place: Place, why: &str) {
        let mut lines = why.lines().map(str::trim_end).filter(|line| !line.is_empty());
        let mut text = format!("{} [{}]", lines.next().unwrap_or_default(), Code::NoContract);
        for line in lines {
            text.push('\n');
            text.push_str(line);
        }
        self.emit(place, Severity::Error, &text);
    }

    /// What was found, in the order of the text.
    pub(crate) fn findings<'d>(&mut self, diagnostics: impl Iterator<Item = &'d Diagnostic>) {
        let mut diagnostics: Vec<&Diagnostic> = diagnostics.collect();
        diagnostics.sort_by_key(|diagnostic| diagnostic.place());
        for diagnostic in diagnostics {
            let Some(place) = diagnostic.place() else { continue };
            let text = self.text(diagnostic);
            self.emit(place, diagnostic.severity, &text);
        }
    }

    fn emit(&mut self, place: Place, severity: Severity, text: &str) {
        let here = Span::call_site();
        let (span, end) = self.structure.tags.spans(place).unwrap_or((here, here));
        match severity {
            // From its first token to its last: that is how far the compiler underlines it.
            Severity::Error => {
                let text = quote_spanned!(end=> { #text });
                self.tokens.extend(quote_spanned!(span=> ::core::compile_error! #text));
            }
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

    /// The contract that the struct is held to.
    pub(crate) fn contracts(&self) -> Option<&'e Contracts> {
        self.contracts
    }

    /// Where the contract says something.
    pub(crate) fn place(&self, node: Node) -> Option<Place> {
        Some(self.contracts?.contract.places.place(node))
    }

    /// The finding in lines: what is wrong, the contract's lines, what to do.
    pub(crate) fn text(&self, diagnostic: &Diagnostic) -> String {
        let tags = &self.structure.tags;
        let mut text = format!("{} [{}]", diagnostic.message, diagnostic.code);
        // The whole literal is underlined: say which part of it is meant.
        if let Some((part, column)) = diagnostic.place().and_then(|place| tags.part(place)) {
            text.push_str(&format!("\n  at `{}`, column {column} of the text", visible(part)));
        }
        for label in diagnostic.labels.iter().skip(1).filter(|label| label.place.file == tags.file) {
            if let Some(part) = tags.text.get(label.place.range()) {
                text.push_str(&format!("\n  {}: `{}`", label.text, visible(part)));
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
    fn quoted(&self, diagnostic: &Diagnostic) -> String {
        let Some(contracts) = self.contracts else { return String::new() };
        let mut labels = diagnostic.labels.clone();
        labels.retain(|label| label.place.file != self.structure.tags.file);
        if labels.is_empty() {
            return String::new();
        }
        let mut only = diagnostic.clone();
        (only.labels, only.notes, only.help, only.owner) = (labels, Vec::new(), None, None);
        let rendered = render::rustc(std::slice::from_ref(&only), &contracts.sources);
        // The first line is the message again.
        rendered
            .lines()
            .skip(1)
            .map(str::trim_end)
            .filter(|line| !line.is_empty())
            .collect::<Vec<_>>()
            .join("\n")
    }

    pub(crate) fn into_tokens(self) -> TokenStream {
        self.tokens
    }
}

/// A text in which no character turns or hides what is read.
fn visible(text: &str) -> String {
    let shown = |character: char| match character {
        '"' | '\'' | '\\' => character.to_string(),
        _ => character.escape_debug().to_string(),
    };
    text.chars().map(shown).collect()
}
