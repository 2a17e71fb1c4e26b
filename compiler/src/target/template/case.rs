//! The cases of names. What comes out has ASCII letters, digits and `_` only, so that it is a part of a name in every language: another
//! letter stands as `u` and its number in hexadecimal.

/// The words of a name, in small letters: cut at what is no letter and no digit, and where a capital follows a small letter.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for character in name.chars() {
        if character.is_alphanumeric() {
            let begins = !before.is_alphanumeric()
                || ((before.is_lowercase() || before.is_numeric()) && character.is_uppercase());
            if begins || words.is_empty() {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                if character.is_ascii() {
                    word.push(character.to_ascii_lowercase());
                } else {
                    word.push_str(&format!("u{:04x}", u32::from(character)));
                }
            }
        }
        before = character;
    }
    if words.is_empty() {
        words.push("name".to_owned());
    }
    words
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// A name begins with no digit.
fn startable(name: String) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// `http.requestMethod` as `http_request_method`.
pub(super) fn snake(name: &str) -> String {
    startable(words(name).join("_"))
}

/// `http.requestMethod` as `HTTP_REQUEST_METHOD`.
pub(super) fn screaming_snake(name: &str) -> String {
    snake(name).to_ascii_uppercase()
}

/// `http.request_method` as `HttpRequestMethod`.
pub(super) fn pascal(name: &str) -> String {
    startable(words(name).iter().map(|word| capital(word)).collect())
}

/// `http.request_method` as `httpRequestMethod`.
pub(super) fn camel(name: &str) -> String {
    let words = words(name);
    let rest = words.iter().skip(1).map(|word| capital(word));
    startable(words.first().cloned().into_iter().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_four_cases() {
        for (name, expected) in [
            (
                "http.request.method",
                ["http_request_method", "HTTP_REQUEST_METHOD", "HttpRequestMethod", "httpRequestMethod"],
            ),
            ("PaymentOutcome", ["payment_outcome", "PAYMENT_OUTCOME", "PaymentOutcome", "paymentOutcome"]),
            ("HTTPServer2xx", ["httpserver2xx", "HTTPSERVER2XX", "Httpserver2xx", "httpserver2xx"]),
            ("2xx", ["_2xx", "_2XX", "_2xx", "_2xx"]),
            ("größe", ["gru00f6u00dfe", "GRU00F6U00DFE", "Gru00f6u00dfe", "gru00f6u00dfe"]),
            ("\"; exit()//", ["exit", "EXIT", "Exit", "exit"]),
            ("", ["name", "NAME", "Name", "name"]),
            ("__", ["name", "NAME", "Name", "name"]),
        ] {
            assert_eq!([snake(name), screaming_snake(name), pascal(name), camel(name)], expected, "{name}");
        }
    }
}
