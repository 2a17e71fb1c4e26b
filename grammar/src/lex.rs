//! Makes the tokens of a text, in one pass over its bytes.

use crate::text::is_doc;
use crate::token::{Tokens, is_word, kind, kind_of};

/// Cuts a text into tokens, with the comments in a list of their own. Blanks are none.
pub(crate) fn lex(text: &str) -> Tokens {
    let mut lexer = Lexer::new(text);
    // An editor's mark of the encoding.
    lexer.at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    while lexer.token() {}
    lexer.finish()
}

/// Cuts a tag into tokens: its key, and then its options, whose values are raw up to the comma unless they begin with
/// `"` or `[`.
pub(crate) fn lex_tag(text: &str) -> Tokens {
    let mut lexer = Lexer::new(text);
    lexer.skip_space();
    lexer.tag_key();
    let mut open = 0_usize;
    while lexer.token() {
        match lexer.last() {
            b'[' => open += 1,
            b']' => open = open.saturating_sub(1),
            b'=' if open == 0 => lexer.tag_value(),
            _ => {}
        }
    }
    lexer.finish()
}

/// Signs of more than one character, of this language and of others.
const SIGNS: [(&str, u8); 9] = [
    ("==", kind::SAME),
    ("!=", kind::UNKNOWN),
    ("&&", kind::UNKNOWN),
    ("||", kind::UNKNOWN),
    ("<=", kind::UNKNOWN),
    (">=", kind::UNKNOWN),
    ("->", kind::GOES_ON),
    ("=>", kind::GOES_ON),
    ("|", kind::GOES_ON),
];

struct Lexer<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The first `\n` behind the last comment.
    newline: usize,
    tokens: Tokens,
}

impl<'t> Lexer<'t> {
    fn new(text: &'t str) -> Lexer<'t> {
        Lexer { text, bytes: text.as_bytes(), at: 0, newline: 0, tokens: Tokens::default() }
    }

    fn finish(mut self) -> Tokens {
        self.tokens.shrink();
        self.tokens
    }

    fn last(&self) -> u8 {
        self.last_but(0)
    }

    /// The kind of the token that so many stand behind.
    fn last_but(&self, behind: usize) -> u8 {
        self.tokens.len().checked_sub(behind + 1).map_or(kind::LINE_END, |number| self.tokens.at(number))
    }

    fn byte(&self, at: usize) -> u8 {
        self.bytes.get(at).copied().unwrap_or(0)
    }

    /// Adds the next token, if there is one.
    fn token(&mut self) -> bool {
        loop {
            let start = self.at;
            let Some(&byte) = self.bytes.get(start) else { return false };
            match byte {
                b' ' | b'\t' => {
                    let blanks = self.bytes[start..].iter().take_while(|byte| matches!(byte, b' ' | b'\t'));
                    self.at += blanks.count();
                }
                b'\n' | b'\r' => {
                    if self.line_end() {
                        return true;
                    }
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    self.word();
                    return true;
                }
                b'/' if self.byte(start + 1) == b'/' => {
                    self.at = self.line_stop(start);
                    if is_doc(&self.bytes[start..self.at]) {
                        let inner = self.bytes[start + 2] == b'!';
                        self.push(if inner { kind::INNER_DOC } else { kind::DOC }, start);
                        return true;
                    }
                    self.tokens.push_comment(start, self.at);
                }
                b'0'..=b'9' => {
                    self.number();
                    return true;
                }
                b'"' => {
                    let kind = self.quoted();
                    self.key_behind(kind, start);
                    return true;
                }
                b'.' => {
                    self.dots();
                    return true;
                }
                b'-' if self.begins_number() => {
                    self.number();
                    return true;
                }
                _ => {
                    self.sign(byte);
                    return true;
                }
            }
        }
    }

    fn push(&mut self, kind: u8, start: usize) {
        self.tokens.push(kind, start, self.at);
    }

    /// Passes a line's end; says whether it may end something there.
    fn line_end(&mut self) -> bool {
        let start = self.at;
        self.at += if self.bytes[start..].starts_with(b"\r\n") { 2 } else { 1 };
        let goes_on = matches!(
            self.last(),
            kind::LINE_END | b',' | b':' | b'=' | b'{' | b'[' | b'(' | kind::SAME | kind::GOES_ON
        );
        if !goes_on {
            self.push(kind::LINE_END, start);
        }
        !goes_on
    }

    /// Where the line ends that `at` stands on.
    fn line_stop(&mut self, at: usize) -> usize {
        // Found once for each `\n`, however many lines end in `\r`.
        if self.newline <= at {
            self.newline = self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline);
        }
        self.text[at..self.newline].find('\r').map_or(self.newline, |stop| at + stop)
    }

    /// Passes blanks and ends of lines.
    fn skip_space(&mut self) {
        while matches!(self.byte(self.at), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn word(&mut self) {
        let start = self.at;
        self.at = self.word_stop(start);
        let kind = kind_of(&self.text[start..self.at]);
        self.key_behind(kind, start);
    }

    /// The end of the word whose part stands at `at`.
    fn word_stop(&self, mut at: usize) -> usize {
        loop {
            match self.byte(at) {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' => at += 1,
                0x80.. => match self.text[at..].chars().next() {
                    Some(character) if pest::unicode::XID_CONTINUE(character) => at += character.len_utf8(),
                    _ => return at,
                },
                _ => return at,
            }
        }
    }

    /// Adds the word or the text that begins at `start`, with the parts of a key that follow it behind dots.
    fn key_behind(&mut self, first: u8, start: usize) {
        let mut kind = first;
        while kind != kind::TEXT_NOT_CLOSED && self.byte(self.at) == b'.' {
            let part = self.at + 1;
            match self.byte(part) {
                b'"' => {
                    self.at = part;
                    kind = if self.quoted() == kind::TEXT { kind::DOTTED } else { kind::TEXT_NOT_CLOSED };
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. if self.begins_word(part) => {
                    self.at = self.word_stop(part);
                    kind = kind::DOTTED;
                }
                _ => break,
            }
        }
        self.push(kind, start);
    }

    fn begins_word(&self, at: usize) -> bool {
        let first = self.text.get(at..).and_then(|rest| rest.chars().next());
        first.is_some_and(|first| {
            first.is_ascii_alphabetic() || first == '_' || pest::unicode::XID_START(first)
        })
    }

    /// Passes a text in quotes, or what there is of it on its line.
    fn quoted(&mut self) -> u8 {
        let mut at = self.at + 1;
        loop {
            match self.bytes.get(at) {
                Some(b'"') => {
                    self.at = at + 1;
                    return kind::TEXT;
                }
                None | Some(b'\n' | b'\r') => {
                    self.at = at;
                    return kind::TEXT_NOT_CLOSED;
                }
                Some(b'\\') if !matches!(self.bytes.get(at + 1), None | Some(b'\n' | b'\r')) => at += 2,
                Some(_) => at += 1,
            }
        }
    }

    /// Whether a `-` is the sign of a number: in `eu-1` it is none.
    fn begins_number(&self) -> bool {
        let attached = !self.tokens.is_empty()
            && self.tokens.end(self.tokens.len() - 1) as usize == self.at
            && (is_word(self.last()) || matches!(self.last(), kind::DOTTED | kind::TEXT | kind::NUMBER));
        !attached && self.byte(self.at + 1).is_ascii_digit()
    }

    /// A number with its unit; what else stands right behind it makes it none.
    fn number(&mut self) {
        let start = self.at;
        let digits = |mut at: usize| {
            while matches!(self.byte(at), b'0'..=b'9' | b'_') {
                at += 1;
            }
            at
        };
        let mut at = digits(start + usize::from(self.byte(start) == b'-'));
        if self.byte(at) == b'.' && self.byte(at + 1).is_ascii_digit() {
            at = digits(at + 1);
        }
        if matches!(self.byte(at), b'e' | b'E') {
            let exponent = at + 1 + usize::from(matches!(self.byte(at + 1), b'+' | b'-'));
            let end = exponent
                + self.bytes[exponent.min(self.bytes.len())..]
                    .iter()
                    .take_while(|byte| byte.is_ascii_digit())
                    .count();
            if end > exponent {
                at = end;
            }
        }
        if self.byte(at) == b'%' {
            at += 1;
        } else {
            while self.byte(at).is_ascii_alphabetic() {
                at += 1;
            }
        }
        self.at = self.word_stop(at);
        let kind = if self.at == at { kind::NUMBER } else { kind::UNKNOWN };
        self.push(kind, start);
    }

    fn dots(&mut self) {
        let start = self.at;
        let dots = self.bytes[start..].iter().take_while(|byte| **byte == b'.').count();
        self.at += dots;
        let kind = match dots {
            2 if self.byte(self.at) == b'=' => {
                self.at += 1;
                kind::DOTS
            }
            3 => kind::ELLIPSIS,
            _ => kind::UNKNOWN,
        };
        self.push(kind, start);
    }

    fn sign(&mut self, byte: u8) {
        let start = self.at;
        let rest = &self.text[start..];
        let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        // `map<T>=`
        let closes = byte == b'>' && self.last_but(1) == b'<';
        let (length, kind) = match (byte, sign) {
            (_, Some((sign, kind))) if !closes => (sign.len(), *kind),
            (b'{' | b'}' | b'[' | b']' | b'(' | b')' | b'<' | b'>' | b':' | b',' | b'=' | b'?', _) => {
                (1, byte)
            }
            _ => (rest.chars().next().map_or(1, char::len_utf8), kind::UNKNOWN),
        };
        if byte >= 0x80 && self.begins_word(start) {
            return self.word();
        }
        // The `{` that something waits for belongs to it.
        if byte == b'{' && self.last() == kind::LINE_END && self.last_but(1) != b'}' {
            self.tokens.pop();
        }
        self.at += length;
        self.push(kind, start);
    }

    /// The key of a tag: one of the language, or everything up to a blank or the comma.
    fn tag_key(&mut self) {
        let start = self.at;
        let ends = |lexer: &Lexer<'_>, at: usize| {
            let rest = lexer.text[at..].trim_start_matches([' ', '\t', '\n', '\r']);
            rest.is_empty() || rest.starts_with(',')
        };
        if self.begins_word(start) || self.byte(start) == b'"' {
            self.token();
            if ends(self, self.at) || self.byte(start) == b'"' {
                return;
            }
            self.tokens.pop();
        }
        let raw =
            self.text[start..].find([',', '"', ' ', '\t', '\n', '\r']).unwrap_or(self.text.len() - start);
        self.at = start + raw;
        if raw > 0 {
            self.push(kind::RAW, start);
        }
    }

    /// The value of a tag's option: raw up to the comma or the line's end, without the blanks before it.
    fn tag_value(&mut self) {
        self.skip_space();
        let start = self.at;
        if matches!(self.byte(start), 0 | b'"' | b'[' | b',') {
            return;
        }
        let rest = &self.text[start..];
        let raw = rest.find([',', '\n', '\r']).unwrap_or(rest.len());
        self.at = start + rest[..raw].trim_end_matches([' ', '\t']).len();
        self.push(kind::RAW, start);
    }
}
