//! Texts with holes, and whether a text that came is one of them.

use std::borrow::Cow;

use slo_model::event::TextPart;

/// The texts that a hole may be; none where nobody knows.
pub(crate) type Known<'f, 'k> = &'f dyn Fn(u16) -> Option<Vec<Cow<'k, str>>>;

/// Whether a text is made of these parts. `known` gives the texts that a hole may be; where it gives none, the hole is any text.
///
/// Every way of sharing the text out among the holes is tried, in time proportional to its length times the number of parts.
/// What is absent leaves a hole empty, and blanks go with it at the ends; so ends are compared without blanks where a hole stands
/// there.
pub(crate) fn matches<'k>(parts: &[TextPart<'_>], text: &str, known: Known<'_, 'k>) -> bool {
    if let [TextPart::Text(only)] = parts {
        return *only == text;
    }
    if is_plainly(parts, text, known) {
        return true;
    }
    runs(parts, text, known) || loosened(parts, text, known)
}

/// Whether a text is its parts one after the other, each hole filled by the one text that it may be: what most texts are.
fn is_plainly<'k>(parts: &[TextPart<'_>], text: &str, known: Known<'_, 'k>) -> bool {
    let mut rest = text;
    for part in parts {
        let after = match part {
            TextPart::Text(literal) => rest.strip_prefix(literal),
            TextPart::Value(number) => {
                known(*number).and_then(|texts| rest.strip_prefix(texts.first()?.as_ref()))
            }
        };
        let Some(after) = after else { return false };
        rest = after;
    }
    rest.is_empty()
}

/// The same where a hole at an end may be empty, and blanks beside it went with it.
fn loosened<'k>(parts: &[TextPart<'_>], text: &str, known: Known<'_, 'k>) -> bool {
    let may_be_empty = |part: Option<&TextPart<'_>>| match part {
        Some(TextPart::Value(number)) => {
            known(*number).is_none_or(|texts| texts.iter().any(|text| text.is_empty()))
        }
        _ => false,
    };
    let mut shorter: Vec<Vec<TextPart<'_>>> = Vec::new();
    if let Some((first, rest)) = parts.split_first()
        && may_be_empty(Some(first))
    {
        let mut rest = rest.to_vec();
        if let Some(TextPart::Text(text)) = rest.first_mut() {
            *text = text.trim_start();
        }
        shorter.push(rest);
    }
    if let Some((last, rest)) = parts.split_last()
        && may_be_empty(Some(last))
    {
        let mut rest = rest.to_vec();
        if let Some(TextPart::Text(text)) = rest.last_mut() {
            *text = text.trim_end();
        }
        shorter.push(rest);
    }
    shorter.into_iter().any(|mut parts| {
        parts.retain(|part| !matches!(part, TextPart::Text("")));
        if parts.is_empty() { text.is_empty() } else { matches(&parts, text, known) }
    })
}

fn runs<'k>(parts: &[TextPart<'_>], text: &str, known: Known<'_, 'k>) -> bool {
    // `reached[i]`: the parts so far are exactly the first `i` bytes of the text.
    let mut reached = vec![false; text.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    for part in parts {
        reached = match part {
            TextPart::Text(literal) => after(&reached, text, literal),
            TextPart::Value(number) => match known(*number) {
                Some(texts) => {
                    let mut next = vec![false; reached.len()];
                    for one in texts {
                        let after = after(&reached, text, &one);
                        next.iter_mut().zip(after).for_each(|(all, one)| *all |= one);
                    }
                    next
                }
                None => {
                    let mut running = false;
                    let reached = reached.iter().map(|reached| {
                        running |= *reached;
                        running
                    });
                    reached.collect()
                }
            },
        };
    }
    reached.last().copied().unwrap_or(false)
}

fn after(reached: &[bool], text: &str, literal: &str) -> Vec<bool> {
    let mut next = vec![false; reached.len()];
    for (index, _) in reached.iter().enumerate().filter(|(_, reached)| **reached) {
        if text.as_bytes().get(index..).is_some_and(|rest| rest.starts_with(literal.as_bytes()))
            && let Some(place) = next.get_mut(index + literal.len())
        {
            *place = true;
        }
    }
    next
}

/// Whether a text with holes says anything by itself: more than blanks and punctuation between its holes.
pub(crate) fn has_words(parts: &[TextPart<'_>]) -> bool {
    parts.iter().any(|part| matches!(part, TextPart::Text(text) if text.chars().any(char::is_alphanumeric)))
}

/// The text as the contract writes it, with the names of fields in its holes.
pub(crate) fn written<'n>(parts: &[TextPart<'_>], name: impl Fn(u16) -> &'n str) -> String {
    let part = |part: &TextPart<'_>| match part {
        TextPart::Text(text) => (*text).to_owned(),
        TextPart::Value(number) => format!("{{{}}}", name(*number)),
    };
    parts.iter().map(part).collect()
}
