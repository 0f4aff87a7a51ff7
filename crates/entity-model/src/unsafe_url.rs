//! Addresses that a browser would run instead of opening.
//!
//! Owns the recognition only; dropping what was recognised is `crate::entity`'s work. The rest of the world's schemes
//! is nobody's business here: `mailto:`, `slack:` and `ftp:` stay.

/// The schemes that make a browser run or render what the author of the address wrote.
const RUNNING_SCHEMES: [&str; 3] = ["javascript", "vbscript", "data"];
/// Those among them that no honest text begins with.
const SCRIPT_SCHEMES: [&str; 2] = ["javascript", "vbscript"];
/// Annotations that user interfaces show as links.
const LINK_ANNOTATIONS: [&str; 7] = [
    "backstage.io/view-url",
    "backstage.io/edit-url",
    "backstage.io/source-location",
    "backstage.io/managed-by-location",
    "backstage.io/managed-by-origin-location",
    "backstage.io/techdocs-ref",
    "backstage.io/source-template",
];

/// Returns the scheme when a browser would run this address.
pub(crate) fn running_scheme(address: &str) -> Option<&'static str> {
    find_scheme(address, &RUNNING_SCHEMES)
}

/// Returns the scheme when the value of that annotation is an address that a browser would run.
///
/// Annotations that are shown as links are also looked at behind a location type (`url:javascript:…`). Of the others
/// only scripts are refused: they may hold any text, and `data:` can begin one.
pub(crate) fn running_scheme_of_annotation(key: &str, value: &str) -> Option<&'static str> {
    if !LINK_ANNOTATIONS.contains(&key) {
        return find_scheme(value, &SCRIPT_SCHEMES);
    }
    running_scheme(value).or_else(|| value.split_once(':').and_then(|(_, target)| running_scheme(target)))
}

/// Reads the scheme as browsers do: leading control characters and spaces are skipped, tabs and line breaks are
/// ignored everywhere, case does not matter.
fn find_scheme(address: &str, schemes: &[&'static str]) -> Option<&'static str> {
    let mut letters =
        address.trim_start_matches(|c: char| c <= ' ').bytes().filter(|b| !matches!(b, b'\t' | b'\n' | b'\r'));
    let mut scheme = [0_u8; 10];
    let mut length = 0;
    loop {
        match letters.next()? {
            b':' => break,
            letter if length < scheme.len() => scheme[length] = letter.to_ascii_lowercase(),
            _ => return None,
        }
        length += 1;
    }
    schemes.iter().copied().find(|candidate| candidate.as_bytes() == &scheme[..length])
}

#[cfg(test)]
mod tests;
