//! What others say, as an answer repeats it.

/// How much of it, in characters: enough for a sentence that says what to do.
const LENGTH: usize = 300;

/// A text that somebody else wrote, cut to a length and without anything that could forge a line of a log.
pub(super) fn said(text: &str) -> String {
    let mut said: String = text.chars().take(LENGTH).flat_map(char::escape_debug).collect();
    if text.chars().nth(LENGTH).is_some() {
        said.push('…');
    }
    said
}

/// An error and what led to it, the outermost first.
#[cfg(feature = "otlp-grpc")]
pub(super) fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        let words = error.to_string();
        // Many an error repeats what led to it.
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = error.source();
    }
    said(&text)
}
