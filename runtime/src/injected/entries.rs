//! The entries of `OTEL_RESOURCE_ATTRIBUTES`, and of other variables that are written like it.

use std::collections::BTreeMap;

/// How many bytes of the variable are read. An entry that reaches beyond them is left out.
const LENGTH: usize = 64 * 1024;

/// The variable's entries by key.
#[derive(Debug, Default)]
pub struct Entries {
    /// The last of each key.
    pub by_key: BTreeMap<String, Entry>,
    /// How many entries stand beyond the bytes that are read.
    pub beyond: usize,
}

/// The last value of a key, and how often the key stands there.
#[derive(Debug)]
pub struct Entry {
    /// The value.
    pub value: String,
    /// How often the key stands there.
    pub times: usize,
}

/// Reads `key1=value1,key2=value2`: keys and values are percent-encoded, with blanks around them if somebody likes.
///
/// In case of any error the whole variable is discarded and the error reported: so the specification says
/// ("Resource SDK", section "Specifying resource information via an environment variable"). Two leniences: nothing
/// between two commas is no entry, and a value may hold `=`, which other SDKs accept as well.
///
/// The error names entries by their position alone: what stands there may be a secret.
pub fn read(text: &str) -> Result<Entries, String> {
    let (text, rest) = split(text);
    let mut entries = Entries { beyond: pieces(rest).count(), ..Entries::default() };
    for (position, entry) in pieces(text) {
        let (key, value) = entry.split_once('=').ok_or_else(|| format!("entry {position} has no `=`"))?;
        let key = decoded(key.trim()).ok_or_else(|| undecodable("key", position))?;
        let value = decoded(value.trim()).ok_or_else(|| undecodable("value", position))?;
        if key.is_empty() {
            return Err(format!("entry {position} has no key"));
        }
        let times = entries.by_key.get(&key).map_or(1, |earlier| earlier.times + 1);
        entries.by_key.insert(key, Entry { value, times });
    }
    Ok(entries)
}

/// The text that is read, up to the last `,` within the limit, and the rest.
fn split(text: &str) -> (&str, &str) {
    if text.len() <= LENGTH {
        return (text, "");
    }
    let end = text.as_bytes()[..=LENGTH].iter().rposition(|byte| *byte == b',').unwrap_or(0);
    text.split_at(end)
}

/// The entries with their positions, counted from 1.
fn pieces(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..).zip(text.split(',').map(str::trim).filter(|entry| !entry.is_empty()))
}

fn undecodable(what: &str, position: usize) -> String {
    format!("the {what} of entry {position} is not percent-encoded UTF-8")
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first == b'%' {
            let [high, low, after @ ..] = after else { return None };
            bytes.push(digit(*high)? << 4 | digit(*low)?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        b'A'..=b'F' => Some(byte - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn entries(text: &str) -> Vec<(String, String)> {
        read(text).unwrap().by_key.into_iter().map(|(key, entry)| (key, entry.value)).collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn entries_stand_between_commas_percent_encoded() {
        assert_eq!(
            entries(" b = 2 ,a=%E5%90%8D%2c%3D%20, c=SGVsbG8=,d=,"),
            [pair("a", "名,= "), pair("b", "2"), pair("c", "SGVsbG8="), pair("d", "")]
        );
        assert_eq!(entries("a%2Eb=1"), [pair("a.b", "1")]);
        assert_eq!(entries(" , ,"), []);
    }

    #[test]
    fn the_last_of_one_key_counts() {
        let entries = read("a=1,b=2,a=3").unwrap().by_key;
        assert_eq!((entries["a"].value.as_str(), entries["a"].times), ("3", 2));
        assert_eq!(entries["b"].times, 1);
    }

    #[test]
    fn one_broken_entry_spoils_them_all() {
        assert_eq!(read("a=1,b").unwrap_err(), "entry 2 has no `=`");
        assert_eq!(read("a=1,,=2").unwrap_err(), "entry 2 has no key");
        assert_eq!(read("a=5%").unwrap_err(), "the value of entry 1 is not percent-encoded UTF-8");
        assert_eq!(read("a=%+1").unwrap_err(), "the value of entry 1 is not percent-encoded UTF-8");
        assert_eq!(read("%ff=1").unwrap_err(), "the key of entry 1 is not percent-encoded UTF-8");
    }

    #[test]
    fn what_stands_beyond_64_kib_is_counted() {
        let fits = format!("a={}", "x".repeat(LENGTH - 2));
        assert_eq!(read(&fits).unwrap().beyond, 0);
        let read_twice = read(&format!("{fits},b=1,c=2")).unwrap();
        assert_eq!((read_twice.by_key.len(), read_twice.beyond), (1, 2));
        let none = read(&format!("{fits}x,b=1")).unwrap();
        assert_eq!((none.by_key.len(), none.beyond), (0, 2));
        let many_bytes = read(&"名".repeat(LENGTH)).unwrap();
        assert_eq!(many_bytes.beyond, 1);
    }
}
