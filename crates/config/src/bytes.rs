//! Sizes in bytes as people write them: `8 MiB`, `512kB`, `1048576`.
//!
//! Owns the form in both directions; limits themselves stand in `crate::keys`.

const UNITS: [(&str, u64); 7] = [
    ("gib", 1 << 30),
    ("mib", 1 << 20),
    ("kib", 1 << 10),
    ("gb", 1_000_000_000),
    ("mb", 1_000_000),
    ("kb", 1_000),
    ("b", 1),
];

/// Reads a size: a whole number, with or without a unit (`B`, `kB`, `MB`, `GB`, `KiB`, `MiB`, `GiB`; case is free).
#[must_use]
pub fn parse_bytes(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let (digits, factor) = UNITS
        .iter()
        .find_map(|(unit, factor)| text.strip_suffix(unit).map(|digits| (digits, *factor)))
        .unwrap_or((&text, 1));
    digits.trim_end().parse::<u64>().ok()?.checked_mul(factor)
}

/// Writes a size with the largest binary unit that keeps it whole: `8 MiB`, `1000 B`.
#[must_use]
pub fn format_bytes(bytes: u64) -> String {
    [("GiB", 1_u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        .into_iter()
        .find(|(_, factor)| bytes >= *factor && bytes.is_multiple_of(*factor))
        .map_or_else(|| format!("{bytes} B"), |(unit, factor)| format!("{} {unit}", bytes / factor))
}

#[cfg(test)]
mod tests;
