//! Cutting a stream into its documents, by its lines alone.
//!
//! YAML forbids `---` and `...` at the beginning of a line inside a document, even inside a quoted text, so that this
//! needs no parser, and a document that is broken can't spoil the next one. Parsing them is `crate::stream`'s work.

/// A part of a stream that holds one document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DocumentText<'a> {
    /// The text, with its directives and its `---`.
    pub(crate) text: &'a str,
    /// How many lines of the stream come before `text`.
    pub(crate) lines_before: usize,
    /// The line of its first content, counted from 1 in the stream.
    pub(crate) first_line: usize,
}

/// Returns the documents of a stream one after another; those with nothing but comments are left out.
pub(crate) fn documents(stream: &str) -> impl Iterator<Item = DocumentText<'_>> {
    let mut rest = Splitter { stream, position: 0, lines: 0 };
    std::iter::from_fn(move || rest.next_document())
}

struct Splitter<'a> {
    stream: &'a str,
    position: usize,
    lines: usize,
}

impl<'a> Splitter<'a> {
    fn next_document(&mut self) -> Option<DocumentText<'a>> {
        loop {
            let (start, lines_before) = (self.position, self.lines);
            let mut first_line = None;
            let mut has_begun = false;
            let end = loop {
                let Some(line) = self.peek_line() else { break self.position };
                let marker = Marker::of(line);
                if marker == Marker::Begin && (has_begun || first_line.is_some()) {
                    break self.position;
                }
                self.position += line.len();
                self.lines += 1;
                match marker {
                    Marker::End => break self.position,
                    Marker::Begin => has_begun = true,
                    Marker::None => {}
                }
                if first_line.is_none() && has_content(line, marker, has_begun) {
                    first_line = Some(self.lines);
                }
            };
            if let Some(first_line) = first_line {
                return Some(DocumentText { text: &self.stream[start..end], lines_before, first_line });
            }
            if self.position == self.stream.len() {
                return None;
            }
        }
    }

    /// Returns the next line with its line break, without moving on.
    fn peek_line(&self) -> Option<&'a str> {
        self.stream[self.position..].split_inclusive('\n').next()
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Marker {
    None,
    Begin,
    End,
}

impl Marker {
    fn of(line: &str) -> Self {
        let (marker, rest) = match (line.strip_prefix("---"), line.strip_prefix("...")) {
            (Some(rest), _) => (Self::Begin, rest),
            (_, Some(rest)) => (Self::End, rest),
            _ => return Self::None,
        };
        match rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']) {
            true => marker,
            false => Self::None,
        }
    }
}

/// Returns whether a line holds something of a document; a directive does so only where none is allowed.
fn has_content(line: &str, marker: Marker, has_begun: bool) -> bool {
    let text = if marker == Marker::None { line } else { &line[3..] };
    let text = text.trim_matches([' ', '\t', '\r', '\n', '\u{feff}']);
    let is_directive = line.starts_with('%') && !has_begun;
    !text.is_empty() && !text.starts_with('#') && !is_directive && marker != Marker::End
}

#[cfg(test)]
mod tests;
