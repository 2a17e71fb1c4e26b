//! As JSON.

use serde::Serialize;

use crate::text::is_hostile;

/// Any data as JSON on lines for people, without a character that steers a terminal.
pub(in crate::show) fn json(data: &impl Serialize) -> String {
    // Strings, numbers and lists always serialise; a double is never NaN, the checks see to that.
    let text = serde_json::to_string_pretty(data).unwrap_or_default();
    let mut safe = String::with_capacity(text.len() + 1);
    for character in text.chars() {
        // Outside strings JSON has no such character but the line break; inside, serde_json has escaped that.
        if character != '\n' && is_hostile(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            safe.push(character);
        }
    }
    safe.push('\n');
    safe
}
