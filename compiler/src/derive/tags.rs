//! The text of a struct's tags, and the token that each byte of it came from.

use proc_macro2::{Delimiter, Literal, Span, TokenStream, TokenTree};
use quote::ToTokens;
use slo_grammar::{FileId, Place, quote};

/// The text of all tags of a struct, one behind the other, with the tokens that they were made of.
#[derive(Clone, Debug)]
pub struct Tags {
    /// The number under which places point into the text.
    pub file: FileId,
    /// The text.
    pub text: String,
    pieces: Vec<Piece>,
}

#[derive(Clone, Debug)]
struct Piece {
    start: u32,
    end: u32,
    span: Span,
    /// Whether the piece stands letter for letter between a literal's quotes.
    #[cfg_attr(
        not(feature = "rust"),
        allow(dead_code, reason = "only the sources of crates have such places")
    )]
    verbatim: bool,
}

impl Tags {
    pub(super) fn new(file: FileId) -> Tags {
        Tags { file, text: String::new(), pieces: Vec::new() }
    }

    /// Where the next text will stand.
    pub(super) fn here(&self) -> Place {
        Place::new(self.file, self.text.len() as u32, self.text.len() as u32)
    }

    /// Adds text that came from one token.
    pub(super) fn push(&mut self, text: &str, span: Span, verbatim: bool) -> Place {
        let start = self.text.len() as u32;
        self.text.push_str(text);
        let end = self.text.len() as u32;
        self.pieces.push(Piece { start, end, span, verbatim });
        Place::new(self.file, start, end)
    }

    /// Adds a place for what has no text of its own.
    pub(super) fn push_blank(&mut self, span: Span) -> Place {
        self.push("\n", span, false)
    }

    /// Adds a type, of which only the first and the last token count.
    pub(super) fn push_type(&mut self, ty: &syn::Type) -> Place {
        let mut tokens = ty.to_token_stream().into_iter();
        let first = tokens.next().map_or_else(Span::call_site, |token| token.span());
        let place = self.push_blank(first);
        match tokens.last() {
            Some(last) => place.to(self.push_blank(last.span())),
            None => place,
        }
    }

    /// Adds the tokens that follow a tag's first literal, spelled as the option grammar spells them.
    pub(super) fn push_tokens(&mut self, tokens: TokenStream) -> Result<(), syn::Error> {
        let mut after_word = false;
        for token in tokens {
            let span = token.span();
            let word = matches!(&token, TokenTree::Ident(_) | TokenTree::Literal(_));
            if word && after_word {
                self.push(" ", span, false);
            }
            after_word = word;
            match token {
                TokenTree::Ident(ident) => {
                    self.push(ident.to_string().trim_start_matches("r#"), span, false);
                }
                TokenTree::Punct(punct) => {
                    self.push(punct.as_char().encode_utf8(&mut [0; 4]), span, false);
                }
                TokenTree::Literal(literal) => {
                    let text = spelled(&literal)?;
                    self.push(&text, span, false);
                }
                TokenTree::Group(group) => match group.delimiter() {
                    Delimiter::Bracket => {
                        self.push("[", group.span_open(), false);
                        self.push_tokens(group.stream())?;
                        self.push("]", group.span_close(), false);
                    }
                    Delimiter::None => self.push_tokens(group.stream())?,
                    _ => {
                        return Err(syn::Error::new(
                            span,
                            "an option's value is a word, a number, a text or a list",
                        ));
                    }
                },
            }
        }
        Ok(())
    }

    /// The first and the last token that the text at a place came from.
    #[must_use]
    pub fn spans(&self, place: Place) -> Option<(Span, Span)> {
        let (first, last) = self.ends(place)?;
        Some((first.span, last.span))
    }

    fn ends(&self, place: Place) -> Option<(&Piece, &Piece)> {
        let holds =
            |offset: u32| self.pieces.iter().find(move |piece| piece.start <= offset && offset < piece.end);
        // Where something is missing, it is missing behind a token.
        let behind = if place.start == place.end { place.start.saturating_sub(1) } else { place.start };
        let first = holds(behind).or_else(|| self.pieces.iter().rfind(|piece| piece.start <= place.start))?;
        let last = if place.end > first.end { holds(place.end - 1).unwrap_or(first) } else { first };
        Some((first, last))
    }

    /// The text at a place, and the column in its literal at which it stands, where it is a part of one.
    #[must_use]
    pub fn part(&self, place: Place) -> Option<(&str, usize)> {
        let piece = self.pieces.iter().find(|piece| piece.start <= place.start && place.start < piece.end)?;
        let whole = piece.start == place.start && piece.end == place.end;
        let before = self.text.get(piece.start as usize..place.start as usize)?;
        let text = self.text.get(place.range())?;
        (!whole && !text.is_empty() && place.end <= piece.end).then_some((text, before.chars().count() + 1))
    }

    /// The stretch of the Rust source that the text at a place came from, in bytes.
    #[cfg(feature = "rust")]
    #[must_use]
    pub fn source_range(&self, place: Place) -> Option<std::ops::Range<usize>> {
        let (piece, last) = self.ends(place)?;
        let range = piece.span.byte_range();
        // Inside a plain literal of one line the part itself can be shown.
        let inside =
            piece.verbatim && range.len() == (piece.end - piece.start) as usize + 2 && place.end <= piece.end;
        Some(if inside {
            let start = range.start + 1 + (place.start - piece.start) as usize;
            start..start + (place.end - place.start) as usize
        } else {
            range.start..last.span.byte_range().end.max(range.end)
        })
    }
}

/// A literal as the option grammar spells it.
fn spelled(literal: &Literal) -> Result<String, syn::Error> {
    match syn::Lit::new(literal.clone()) {
        syn::Lit::Str(text) => Ok(quote(&text.value())),
        syn::Lit::Int(number) if number.suffix().is_empty() => match number.base10_parse::<i128>() {
            Ok(number) => Ok(number.to_string()),
            Err(_) => Ok(number.base10_digits().to_owned()),
        },
        syn::Lit::Float(number) if number.suffix().is_empty() => Ok(number.base10_digits().to_owned()),
        syn::Lit::Bool(truth) => Ok(truth.value.to_string()),
        _ => Err(syn::Error::new(
            literal.span(),
            "an option's value is a word, a number without a suffix, a text or a list",
        )),
    }
}
