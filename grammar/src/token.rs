//! The tokens of a text. Each has a character for its kind, so that a text is also a short string of kinds: over that
//! the grammar (`slo.pest`) runs, and offsets into it are numbers of tokens.

use std::ops::Range;

/// The kinds of token, as the grammar writes them. A declaration's keyword is a capital letter, another word a small
/// one; what is its own sign in the language is its own sign here.
pub(crate) mod kind {
    /// The end of a line, where it may end something. Lines that hold nothing but blanks and comments have none.
    pub(crate) const LINE_END: u8 = b'\n';
    /// `/// …`
    pub(crate) const DOC: u8 = b'/';
    /// `//! …`
    pub(crate) const INNER_DOC: u8 = b'!';
    /// `_`, which stands where a log has no name.
    pub(crate) const NAMELESS: u8 = b'_';
    /// A word without a meaning of its own.
    pub(crate) const WORD: u8 = b'w';
    /// A key with dots, quoted parts included.
    pub(crate) const DOTTED: u8 = b'@';
    /// A text in quotes.
    pub(crate) const TEXT: u8 = b'"';
    /// A number with its unit.
    pub(crate) const NUMBER: u8 = b'0';
    /// `==`
    pub(crate) const SAME: u8 = b'#';
    /// `...`
    pub(crate) const ELLIPSIS: u8 = b'.';
    /// `..=`
    pub(crate) const DOTS: u8 = b'-';
    /// `|`, `->` or `=>`, which only later declarations have: a line that ends in one goes on.
    pub(crate) const GOES_ON: u8 = b'|';
    /// The value of a tag, raw up to the comma.
    pub(crate) const RAW: u8 = b'$';
    /// A bracket that nothing closes.
    pub(crate) const NOT_CLOSED: u8 = b'&';
    /// A bracket that closes nothing.
    pub(crate) const NOT_OPENED: u8 = b'*';
    /// A text in quotes that its line doesn't close.
    pub(crate) const TEXT_NOT_CLOSED: u8 = b'\'';
    /// What the language doesn't have.
    pub(crate) const UNKNOWN: u8 = b'%';

    pub(crate) const OF: u8 = b'i';
    pub(crate) const IN: u8 = b'j';
    pub(crate) const LOSSY: u8 = b'g';
    pub(crate) const ALLOW: u8 = b'e';
    pub(crate) const VIA: u8 = b'k';
    pub(crate) const AND: u8 = b'm';
    pub(crate) const METRIC: u8 = b'M';
    pub(crate) const LOG: u8 = b'L';
    pub(crate) const SPAN: u8 = b'B';
    pub(crate) const ENTITY: u8 = b'T';
    pub(crate) const PACKAGE: u8 = b'P';
    pub(crate) const USE: u8 = b'U';
    pub(crate) const ATTRIBUTE: u8 = b'A';
    pub(crate) const REFINE: u8 = b'R';
    pub(crate) const GROUP: u8 = b'G';
    pub(crate) const RESOURCE: u8 = b'C';
    pub(crate) const SCOPE: u8 = b'S';
    pub(crate) const POLICY: u8 = b'O';
    pub(crate) const MEANING: u8 = b'N';
    pub(crate) const VIEW: u8 = b'V';
    pub(crate) const EVENT: u8 = b'E';
}

/// The keywords of the declarations that this release compiles.
pub const DECLARATIONS: [&str; 15] = [
    "package",
    "use",
    "attribute",
    "refine",
    "group",
    "resource",
    "scope",
    "policy",
    "metric",
    "span",
    "log",
    "entity",
    "meaning",
    "view",
    "event",
];

/// The keywords of the declarations that the language has and a later release will compile.
pub const LATER_DECLARATIONS: [&str; 4] = ["classify", "normalize", "correlation", "objective"];

/// The kind of a word. `slo.pest` names the kinds that it asks for.
pub(crate) fn kind_of(word: &str) -> u8 {
    match word {
        "_" => kind::NAMELESS,
        "package" => kind::PACKAGE,
        "use" => kind::USE,
        "attribute" => kind::ATTRIBUTE,
        "refine" => kind::REFINE,
        "group" => kind::GROUP,
        "resource" => kind::RESOURCE,
        "scope" => kind::SCOPE,
        "policy" => kind::POLICY,
        "metric" => kind::METRIC,
        "meaning" => kind::MEANING,
        "view" => kind::VIEW,
        "event" => kind::EVENT,
        "span" => kind::SPAN,
        "log" => kind::LOG,
        "entity" => kind::ENTITY,
        "classify" => b'Y',
        "normalize" => b'Z',
        "correlation" => b'X',
        "objective" => b'J',
        "enum" => b'a',
        "map" => b'b',
        "timestamp" => b'c',
        "duration" => b'd',
        "object" => b'p',
        "allow" => kind::ALLOW,
        "current" => b'f',
        "every" => b'q',
        "lossy" => kind::LOSSY,
        "if" => b'h',
        "of" => kind::OF,
        "in" => kind::IN,
        "via" => kind::VIA,
        "as" => b'l',
        "and" => kind::AND,
        "not" => b'n',
        "present" => b'o',
        _ => kind::WORD,
    }
}

/// A stretch of a text's tokens: the number of the first one, and that behind the last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct TokenRange {
    /// The first token.
    pub start: u32,
    /// The token behind the last one.
    pub end: u32,
}

impl TokenRange {
    pub(crate) fn new(start: usize, end: usize) -> TokenRange {
        TokenRange { start: start as u32, end: end as u32 }
    }

    /// Whether it holds no token.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.start >= self.end
    }

    /// The numbers of the tokens.
    #[must_use]
    pub const fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }
}

/// The classes of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// The end of a line, where it may end something.
    LineEnd,
    /// `/// …` or `//! …` up to the line's end.
    Doc,
    /// A word that has a meaning at some place.
    Keyword,
    /// Another word.
    Word,
    /// A key with dots, quoted parts included.
    Key,
    /// A text in quotes, closed or not.
    Text,
    /// A number with its unit.
    Number,
    /// A brace, a comma and their like.
    Punctuation,
    /// The value of a tag, raw up to the comma.
    Raw,
    /// What the language doesn't have.
    Unknown,
}

/// All tokens of a text. Between two of them stand blanks and comments only, and ends of lines that end nothing.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    kinds: Vec<u8>,
    places: Vec<[u32; 2]>,
    /// The comments that are no docs, in a list of their own: the grammar has none.
    comments: Vec<[u32; 2]>,
}

impl Tokens {
    pub(crate) fn push(&mut self, kind: u8, start: usize, end: usize) {
        self.kinds.push(kind);
        self.places.push([start as u32, end as u32]);
    }

    pub(crate) fn push_comment(&mut self, start: usize, end: usize) {
        self.comments.push([start as u32, end as u32]);
    }

    pub(crate) fn pop(&mut self) {
        self.kinds.pop();
        self.places.pop();
    }

    pub(crate) fn shrink(&mut self) {
        self.kinds.shrink_to_fit();
        self.places.shrink_to_fit();
        self.comments.shrink_to_fit();
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    /// The class of a token.
    #[must_use]
    pub fn kind(&self, number: usize) -> TokenKind {
        match self.at(number) {
            kind::LINE_END => TokenKind::LineEnd,
            kind::DOC | kind::INNER_DOC => TokenKind::Doc,
            kind::WORD => TokenKind::Word,
            kind::NAMELESS => TokenKind::Keyword,
            b'a'..=b'z' | b'A'..=b'Z' => TokenKind::Keyword,
            kind::DOTTED => TokenKind::Key,
            kind::TEXT | kind::TEXT_NOT_CLOSED => TokenKind::Text,
            kind::NUMBER => TokenKind::Number,
            kind::RAW => TokenKind::Raw,
            kind::UNKNOWN | kind::GOES_ON => TokenKind::Unknown,
            _ => TokenKind::Punctuation,
        }
    }

    /// Where a token stands, in bytes; behind the last one, nothing stands.
    #[must_use]
    pub fn place(&self, number: usize) -> Range<usize> {
        let end = self.places.last().map_or(0, |[_, end]| *end);
        let [start, end] = self.places.get(number).copied().unwrap_or([end, end]);
        start as usize..end as usize
    }

    /// Where the comments stand that are no docs, between the token before this one and this one: `// …` up to the
    /// line's end.
    pub fn comments_before(&self, number: usize) -> impl Iterator<Item = Range<usize>> {
        let before = number.checked_sub(1).map_or(0, |before| self.end(before));
        let behind = self.places.get(number).map_or(u32::MAX, |[start, _]| *start);
        let first = self.comments.partition_point(|[start, _]| *start < before);
        let comments = self.comments.get(first..).unwrap_or_default().iter();
        comments
            .take_while(move |[start, _]| *start < behind)
            .map(|[start, end]| *start as usize..*end as usize)
    }

    /// The tokens that a stretch of the text holds.
    #[must_use]
    pub fn within(&self, bytes: Range<usize>) -> TokenRange {
        let first = self.places.partition_point(|[_, end]| *end as usize <= bytes.start);
        let behind = self.places.partition_point(|[start, _]| (*start as usize) < bytes.end);
        TokenRange::new(first, behind.max(first))
    }

    /// The kind of a token as the grammar writes it; nothing stands behind the last one.
    pub(crate) fn at(&self, number: usize) -> u8 {
        self.kinds.get(number).copied().unwrap_or(0)
    }

    pub(crate) fn set(&mut self, number: usize, kind: u8) {
        if let Some(place) = self.kinds.get_mut(number) {
            *place = kind;
        }
    }

    /// The kinds from one token to another.
    pub(crate) fn kinds(&self, range: Range<usize>) -> &str {
        self.kinds.get(range).and_then(|kinds| std::str::from_utf8(kinds).ok()).unwrap_or("")
    }

    pub(crate) fn start(&self, number: usize) -> u32 {
        self.places
            .get(number)
            .map_or_else(|| self.places.last().map_or(0, |[_, end]| *end), |place| place[0])
    }

    pub(crate) fn end(&self, number: usize) -> u32 {
        self.places.get(number).or(self.places.last()).map_or(0, |place| place[1])
    }
}

/// Whether a kind is a word's.
pub(crate) const fn is_word(kind: u8) -> bool {
    kind.is_ascii_alphabetic()
}

/// Whether a kind is what a key is written as.
pub(crate) const fn is_key(kind: u8) -> bool {
    is_word(kind) || matches!(kind, kind::DOTTED | kind::TEXT)
}

/// Whether a kind is the keyword of a declaration.
pub(crate) const fn is_declaration(kind: u8) -> bool {
    kind.is_ascii_uppercase()
}

/// Whether a kind is a doc comment's.
pub(crate) const fn is_doc(kind: u8) -> bool {
    matches!(kind, kind::DOC | kind::INNER_DOC)
}
