//! How well something fits a text that people type.

use serde::Serialize;

use crate::text::{Distances, near_limit};

/// By what something was found, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// It is called so, or a series of it is under Prometheus.
    Name,
    /// Its name begins so.
    Prefix,
    /// A word of its name begins so.
    Word,
    /// It has this unit.
    Unit,
    /// It is called nearly so: a few letters differ.
    Near,
    /// It is called so in the middle of a word.
    Part,
    /// Its name and its description have the words.
    Description,
}

/// How well something fits: less is better.
pub(super) type Fit = (By, usize);

/// The shortest text that is looked for within words, and to which another may be near: of a shorter one almost every name has
/// the letters.
const LEAST_LETTERS: usize = 3;

/// How many words of a text are looked for in descriptions.
const MOST_WORDS: usize = 16;

/// What is looked for.
pub(super) struct Wanted {
    text: String,
    /// The text in small letters, with `.` between words, whatever stands between them.
    folded: String,
    words: Vec<String>,
    distances: Distances,
    dotted: bool,
}

impl Wanted {
    pub(super) fn new(text: &str) -> Wanted {
        let folded: String = text.trim().chars().map(fold).collect();
        let words = folded.split('.').filter(|word| !word.is_empty()).take(MOST_WORDS).map(str::to_owned);
        Wanted {
            text: text.trim().to_owned(),
            words: words.collect(),
            distances: Distances::new(&folded),
            dotted: folded.contains('.'),
            folded,
        }
    }

    /// The text without blanks around it.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How well a name fits, with the name in its package where there is one. Nothing is allocated.
    pub(super) fn name(&mut self, name: &str, bare: Option<&str>) -> Option<Fit> {
        let named = self.part_of(name);
        if let Some((By::Name | By::Prefix | By::Word, _)) = named {
            // The name in the package is what people say.
            let of_bare = bare.and_then(|bare| self.part_of(bare)).filter(|(by, _)| *by <= By::Prefix);
            return of_bare.into_iter().chain(named).min();
        }
        self.near(bare.unwrap_or(name)).into_iter().chain(self.near(name)).chain(named).min()
    }

    /// How well a unit fits.
    pub(super) fn unit(&self, unit: &str) -> Option<Fit> {
        (!unit.is_empty() && unit == self.text).then_some((By::Unit, 0))
    }

    /// How well a name and a description fit together: how many of the words stand in the description alone.
    pub(super) fn described(&self, name: &str, docs: &str) -> Option<Fit> {
        let mut in_docs = 0;
        for word in &self.words {
            if !begins_a_word(name, word) {
                if !begins_a_word(docs, word) {
                    return None;
                }
                in_docs += 1;
            }
        }
        (!self.words.is_empty()).then_some((By::Description, in_docs))
    }

    /// Whether a name may be a series of a metric of this name: their first words are the same.
    pub(super) fn may_be_series_of(&self, metric: &str) -> bool {
        let first = |name: &str| name.chars().map(fold).position(|one| one == '.').unwrap_or(usize::MAX);
        let length = first(metric).min(metric.chars().count());
        !self.text.contains('.') && metric.chars().map(fold).take(length).eq(self.folded.chars().take(length))
    }

    fn part_of(&self, name: &str) -> Option<Fit> {
        if self.folded.is_empty() {
            return None;
        }
        let mut found: Option<Fit> = None;
        let mut before: Option<char> = None;
        for (at, character) in name.char_indices() {
            let mut rest = name.get(at..).unwrap_or_default().chars().map(fold);
            if self.folded.chars().all(|one| rest.next() == Some(one)) {
                let by = match before {
                    None if rest.next().is_none() => By::Name,
                    None => By::Prefix,
                    Some(before) if is_boundary(before, character) => By::Word,
                    Some(_) => By::Part,
                };
                // What is spelled as the text comes before what differs in case or in what stands between words.
                let differs = by == By::Name && name != self.text;
                if by != By::Part || self.distances.len() >= LEAST_LETTERS {
                    found = found.into_iter().chain([(by, usize::from(differs))]).min();
                }
                if by <= By::Word {
                    break;
                }
            }
            before = Some(character);
        }
        found
    }

    /// How many letters make the text of a name, or of its last words where the text is but one.
    fn near(&mut self, name: &str) -> Option<Fit> {
        let letters = self.distances.len();
        if letters < LEAST_LETTERS {
            return None;
        }
        let limit = near_limit(letters);
        let mut best = None;
        let last = name.rfind(['.', '_']).map(|at| at + 1);
        let parts = [Some(name), last.filter(|_| !self.dotted).and_then(|at| name.get(at..))];
        for part in parts.into_iter().flatten() {
            if part.len().abs_diff(self.folded.len()) > limit * 4 {
                continue;
            }
            let distance = self.distances.to(part.chars().map(fold), limit);
            best = best.into_iter().chain(distance).min();
        }
        best.map(|distance| (By::Near, distance))
    }
}

/// A character as names are compared: without case, and with one separator for all.
fn fold(character: char) -> char {
    match character {
        '_' | '-' | ' ' | '/' | ':' => '.',
        other => other.to_ascii_lowercase(),
    }
}

/// Whether a word begins between two characters.
fn is_boundary(before: char, next: char) -> bool {
    !before.is_alphanumeric() || (before.is_lowercase() && next.is_uppercase())
}

/// Whether a word of a text begins so; of a short one, whether it is one.
fn begins_a_word(text: &str, word: &str) -> bool {
    let mut before = ' ';
    for (at, character) in text.char_indices() {
        if is_boundary(before, character) {
            let mut rest = text.get(at..).unwrap_or_default().chars().map(fold);
            let begins = word.chars().all(|one| rest.next() == Some(one));
            let mut ends = || rest.next().is_none_or(|next| !next.is_alphanumeric());
            if begins && (word.len() > LEAST_LETTERS || ends()) {
                return true;
            }
        }
        before = character;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(wanted: &str, name: &str) -> Option<By> {
        Wanted::new(wanted).name(name, None).map(|(by, _)| by)
    }

    #[test]
    fn a_name_is_found_by_itself_by_a_part_and_by_what_is_nearly_it() {
        for (wanted, name, expected) in [
            ("http.route", "http.route", Some(By::Name)),
            ("HTTP route", "http.route", Some(By::Name)),
            ("http_route", "http.route", Some(By::Name)),
            ("http.r", "http.route", Some(By::Prefix)),
            ("route", "http.route", Some(By::Word)),
            ("outcome", "PaymentOutcome", Some(By::Word)),
            ("rotue", "http.route", Some(By::Near)),
            ("htp.route", "http.route", Some(By::Near)),
            ("out", "http.route", Some(By::Part)),
            ("ou", "http.route", None),
            ("tenant", "http.route", None),
            ("", "http.route", None),
            ("größe", "datei.größe", Some(By::Word)),
        ] {
            assert_eq!(by(wanted, name), expected, "{wanted} in {name}");
        }
    }

    #[test]
    fn a_description_has_all_words_beside_the_name() {
        let wanted = Wanted::new("matched template");
        assert_eq!(wanted.described("http.route", "The matched route template."), Some((By::Description, 2)));
        assert_eq!(wanted.described("http.template", "What matched."), Some((By::Description, 1)));
        assert_eq!(wanted.described("http.route", "The matched route."), None);
        assert_eq!(Wanted::new("id").described("a", "an idle client"), None, "a short word is a whole one");
    }

    #[test]
    fn a_unit_is_asked_for_as_it_is_written() {
        assert_eq!(Wanted::new("By").unit("By"), Some((By::Unit, 0)));
        assert_eq!(Wanted::new("by").unit("By"), None);
    }
}
