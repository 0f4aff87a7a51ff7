//! Words: what full text looks for.
//!
//! Owns where one word ends and the next begins, for entities and for what people type alike.

use crate::{EntityRecord, extract::collect};

/// Words are cut to this many characters: nobody types more.
const MAX_WORD_CHARS: usize = 64;

/// Calls `visit` with each word of a text, lower case: letters and digits, everything else stands between words.
pub(crate) fn split_words(text: &str, visit: &mut dyn FnMut(&str)) {
    for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let lower: String = word.to_lowercase().chars().take(MAX_WORD_CHARS).collect();
        visit(&lower);
    }
}

/// Calls `visit` with each word of an entity's name, title, description and tags.
pub(crate) fn words_of(record: &EntityRecord, visit: &mut dyn FnMut(&str)) {
    let paths = ["metadata.name", "metadata.title", "metadata.description", "metadata.tags"];
    let mut text = String::new();
    let outcome = collect(&record.document, &paths, false, &mut |_, value| {
        text.push_str(value.unwrap_or_default());
        text.push(' ');
    });
    if outcome.is_ok() {
        split_words(&text, visit);
    }
}
