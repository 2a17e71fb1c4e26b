//! Writes a file down with other blanks, ends of lines and comments, wherever the language lets them stand.

use slo_grammar::TokenKind;

use crate::format::laws::{read, says};

/// Numbers by chance: the same of the same seed.
pub(crate) struct Chance(pub u64);

impl Chance {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    fn one_of<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn line_end(&mut self) -> &'static str {
        self.one_of(&["\n", "\n", "\r\n", "\r"])
    }

    /// An end of a line, with what may stand before and behind it.
    fn line(&mut self, out: &mut String) {
        if self.below(4) == 0 {
            self.comment(out);
        }
        out.push_str(self.line_end());
        for _ in 0..self.below(4).saturating_sub(1) {
            out.push_str(self.one_of(&["", " ", "\t  "]));
            if self.below(2) == 0 {
                self.comment(out);
            }
            out.push_str(self.line_end());
        }
    }

    fn comment(&mut self, out: &mut String) {
        out.push_str(self.one_of(&["", " ", "\t"]));
        out.push_str(self.one_of(&["//", "// a: b", "//// {", "// \"", "//\u{a0}ü, ", "//-  "]));
    }
}

pub(crate) fn scrambled(text: &str, chance: &mut Chance) -> String {
    let tree = read(text);
    let mut out = String::new();
    let (mut before, mut depth, mut ended, mut last) = ("", 0, false, 0);
    if chance.below(4) == 0 {
        chance.line(&mut out);
    }
    for token in 0..tree.tokens.len() {
        let place = tree.tokens.place(token);
        if tree.tokens.kind(token) == TokenKind::LineEnd {
            ended = true;
            continue;
        }
        let word = &text[place.clone()];
        let apart = last < place.start;
        let opens = [",", ":", "=", "==", "{", "[", "("].contains(&before);
        let may_end = opens || ["}", "]", ")"].contains(&word) || (word == "{" && before != "}");
        if before.starts_with("//") {
            out.push_str(chance.line_end());
            ended = true;
        }
        if ended || (may_end && chance.below(4) == 0) {
            chance.line(&mut out);
            // What begins a line begins a declaration, perhaps.
            if depth > 0 || !ended {
                out.push_str(chance.one_of(&[" ", "  ", "\t", "       "]));
            }
        } else if apart && !opens {
            out.push_str(chance.one_of(&[" ", "  ", "\t"]));
        } else if !before.is_empty() {
            out.push_str(chance.one_of(&["", "", "", " "]));
        }
        match word {
            "{" | "[" | "(" => depth += 1,
            "}" | "]" | ")" => depth -= 1,
            _ => {}
        }
        out.push_str(word);
        (before, ended, last) = (word, false, place.end);
    }
    match chance.below(3) {
        0 => {}
        1 => chance.line(&mut out),
        _ => chance.comment(&mut out),
    }
    let after = read(&out);
    assert!(after.errors.is_empty(), "{:?}\n{text}\n=>\n{out}", after.errors);
    assert!(says(&tree) == says(&after), "{text}\n=>\n{out}");
    out
}
