//! Cuts items into parts, and gives many of them to pest at once: what pest makes ready for a text costs as much as an
//! entry. A part in which it finds a mistake is read by itself, and so are those beside it.

use std::cell::Cell;
use std::ops::Range;

use pest::Parser;
use pest::iterators::{Pair, Pairs};

use super::{Part, Reader};
use crate::around::Construct;
use crate::rules::{PestParser, Rule};
use crate::split::{self, Entries, Entry, Piece};
use crate::token::{is_word, kind};
use crate::{SyntaxErrorKind, TokenRange, limits};

/// How many tokens pest is given at once, where a part has not more by itself. Each takes some 200 bytes of memory.
pub(crate) const AT_ONCE: usize = 2_048;

/// An item, cut into parts.
pub(crate) struct Cut {
    pub(crate) piece: Piece,
    /// Its head, or all of it where it has no block.
    pub(crate) head: Part,
    /// What stands in its block.
    pub(crate) block: Option<Range<usize>>,
    /// Its entries, among those of the items that were cut with it.
    pub(crate) entries: Range<usize>,
}

/// Parts that pest has read.
pub(crate) struct Batch<'b> {
    /// Where each begins: its token, and where its kind stands in what pest was given.
    starts: &'b [(usize, usize)],
    pairs: Vec<Pair<'b, Rule>>,
    next: Cell<usize>,
}

impl<'b> Batch<'b> {
    /// What pest made of a part, and where that stands in what it was given. Parts are asked for in their order.
    pub(super) fn take(&self, part: &Part) -> Option<(usize, Pairs<'b, Rule>)> {
        let behind = self.starts.get(self.next.get()..)?;
        let skipped = behind.iter().take_while(|(token, _)| *token < part.parsed).count();
        let number = self.next.get() + skipped;
        self.next.set(number);
        let (token, offset) = self.starts.get(number)?;
        let pair = self.pairs.get(number)?;
        (*token == part.parsed && pair.as_rule() == part.rule).then(|| (*offset, pair.clone().into_inner()))
    }
}

impl Reader<'_> {
    /// Gives parts to pest, and then a reader that knows what it made of them.
    pub(crate) fn at_once(&self, parts: impl Iterator<Item = Part>, read: impl FnOnce(&Reader<'_>)) {
        let mut kinds = String::new();
        let mut starts = Vec::new();
        for part in parts {
            let of_part = self.tokens.kinds(part.parsed..part.end);
            if of_part.len() > limits::PART_TOKENS {
                continue;
            }
            kinds.push(sign(part.rule));
            starts.push((part.parsed, kinds.len()));
            kinds.push_str(of_part);
            kinds.push(';');
        }
        let read_by_pest = PestParser::parse(Rule::parts, &kinds).ok();
        match read_by_pest.and_then(|mut pairs| pairs.next()) {
            Some(parts) => {
                let pairs = parts.into_inner().collect();
                let batch = Batch { starts: &starts, pairs, next: Cell::new(0) };
                read(&Reader { batch: Some(&batch), ..*self });
            }
            None => read(self),
        }
    }

    /// Cuts a piece; its entries join `entries`.
    pub(crate) fn cut(&self, mut piece: Piece, entries: &mut Vec<(Entry, Part)>) -> Cut {
        let start = piece.declaration;
        let end = piece.tokens.end as usize;
        let keyword = self.tokens.at(start);
        let (rule, construct) = match keyword {
            kind::ATTRIBUTE => (Rule::attribute, Construct::Header),
            kind::REFINE => (Rule::refine, Construct::Header),
            kind::METRIC => (Rule::metric, Construct::Header),
            kind::SPAN | kind::LOG | kind::ENTITY => (Rule::declared, Construct::Header),
            kind::RESOURCE => (Rule::block_head, Construct::Entries),
            kind::SCOPE => (Rule::scope_head, Construct::Entries),
            kind::GROUP => (Rule::plain_head, Construct::Group),
            kind::POLICY => (Rule::plain_head, Construct::Policy),
            kind::MEANING => (Rule::plain_head, Construct::Variants),
            kind::VIEW => (Rule::view_head, Construct::Variants),
            kind::EVENT => (Rule::event_head, Construct::Fields),
            // `package`, `use`, and what is none of the language's.
            _ => (Rule::named, Construct::Header),
        };
        let has_block = construct != Construct::Header && piece.broken.is_none();
        let block = if has_block { split::block(self.tokens, start..end) } else { None };
        let first = entries.len();
        if let Some(block) = &block {
            let commas = construct == Construct::Variants;
            let of_block = Entries::new(self.tokens, block.start, block.end, commas);
            let most = limits::BLOCK_ENTRIES;
            let of_block = of_block.take(most + 1).map(|entry| (entry, self.entry_part(&entry, construct)));
            entries.extend(of_block);
            if entries.len() - first > most {
                entries.truncate(first);
                piece.broken = Some((SyntaxErrorKind::TooManyEntries, start));
            }
        }
        let head_ends = block.as_ref().map_or(end, |block| block.start);
        let head = Part { start, parsed: start + 1, end: head_ends, construct: Construct::Header, rule };
        Cut { piece, head, block, entries: first..entries.len() }
    }

    /// By which rule an entry is read, and from where.
    fn entry_part(&self, entry: &Entry, construct: Construct) -> Part {
        let start = entry.start;
        let (first, next) = (self.tokens.at(start), self.tokens.at(start + 1));
        let named = next == b':';
        let (rule, behind_word) = match (construct, first) {
            (
                Construct::Entries | Construct::Group | Construct::Variants | Construct::Fields,
                kind::ELLIPSIS,
            ) => (Rule::spread, false),
            (Construct::Group, _) if self.is_field(entry) => (Rule::field, false),
            (Construct::Policy, kind::ALLOW) if !named => (Rule::allow, true),
            // A field may be called as a signal is.
            (Construct::Fields, kind::METRIC) if !named => (Rule::signal_entry, true),
            (Construct::Fields, kind::LOG) if !named => (Rule::log_entry, true),
            (Construct::Fields, kind::SPAN) if !named => (Rule::span_entry, true),
            (Construct::Fields, _) => (Rule::field, false),
            // A variant may be called `lossy`: what follows its name is no word.
            (Construct::Variants, kind::LOSSY) if is_word(next) => (Rule::lossy, true),
            (Construct::Variants, _) => (Rule::variant, false),
            _ => (Rule::entry, false),
        };
        let end = entry.tokens.end as usize;
        Part { start, parsed: start + usize::from(behind_word), end, construct, rule }
    }

    /// Whether an entry of a group is a field, for an event: a type stands behind its `:`, rather than an option.
    fn is_field(&self, entry: &Entry) -> bool {
        let [colon, first, next] = [1, 2, 3].map(|behind| match entry.start + behind {
            at if at < entry.tokens.end as usize => self.tokens.at(at),
            _ => kind::LINE_END,
        });
        let word = || self.text().get(self.tokens.place(entry.start + 2)).unwrap_or("");
        colon == b':'
            && (first == kind::DOTTED
                || matches!(next, b'[' | b'{' | b'(' | b'<' | b'?' | kind::VIA)
                || (is_word(first) && is_type(word())))
    }
}

impl Cut {
    pub(crate) fn tokens(&self) -> TokenRange {
        self.piece.tokens
    }
}

/// Whether a word by itself is a type rather than an option: a built-in one, or a declaration's name.
fn is_type(word: &str) -> bool {
    ["string", "int", "double", "bool", "bytes", "any"].contains(&word)
        || word.starts_with(|first: char| first.is_uppercase())
}

/// What `slo.pest` knows a part's rule by among others.
fn sign(rule: Rule) -> char {
    match rule {
        Rule::attribute => 'a',
        Rule::field => 'f',
        Rule::signal_entry => 's',
        Rule::log_entry => 'o',
        Rule::variant => 'v',
        Rule::entry => 'e',
        Rule::plain_head => 'p',
        Rule::event_head => 'E',
        Rule::span_entry => 't',
        Rule::spread => '.',
        Rule::metric => 'm',
        Rule::refine => 'r',
        Rule::block_head => 'b',
        Rule::scope_head => 'S',
        Rule::view_head => 'V',
        Rule::lossy => 'l',
        Rule::allow => 'A',
        Rule::declared => 'D',
        _ => 'n',
    }
}
