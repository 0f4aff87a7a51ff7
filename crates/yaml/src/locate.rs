//! Finding the place of a field in the text again.
//!
//! Owns the slow way, which is only gone when there is something to complain about: reading values keeps no places.
//! Nothing here recurses, so that no text can be too deep for it.

use std::borrow::Cow;

use serde_saphyr::granit_parser::{BorrowedInput, Event, Marker, Parser, ScalarStyle};

use crate::{
    split,
    stream::{decode, number},
};

/// Returns line and column, counted from 1, of a field of one document of a stream.
///
/// `document` counts as `ParsedDocument::index` does, and `path` goes down from its root: keys, and numbers for list
/// items. A scalar is shown at its value, anything else at its key. When the field is missing, the place is that of
/// the deepest one on the way that exists. Returns none when there is no such document or it can't be read at all.
#[must_use]
pub fn locate(text: &[u8], document: u32, path: &[String]) -> Option<(u32, u32)> {
    let position = usize::try_from(document).ok()?.checked_sub(1)?;
    let document = split::documents(decode(text).ok()?).filter(|document| !is_null(document.text)).nth(position)?;
    let mut nodes = Nodes(Parser::new_from_str(document.text));
    let place = find(&mut nodes, path)?;
    Some((number(place.line() + document.lines_before), number(place.col() + 1)))
}

/// Returns whether a document is one that reading leaves out, looking at its beginning only.
fn is_null(document: &str) -> bool {
    let first = Nodes(Parser::new_from_str(document)).next();
    matches!(first, Some((Node::Scalar(text, ScalarStyle::Plain), _)) if matches!(&*text, "" | "~" | "null" | "Null" | "NULL"))
}

fn find<'a, I: BorrowedInput<'a>>(nodes: &mut Nodes<'a, I>, path: &[String]) -> Option<Marker> {
    let (mut node, mut place) = nodes.next()?;
    let mut value_place = place;
    for segment in path {
        let found = match node {
            Node::MappingStart => nodes.find_entry(segment),
            Node::SequenceStart => nodes.find_item(segment),
            Node::Scalar(..) | Node::Alias | Node::End => None,
        };
        let Some((key_place, found_node, found_place)) = found else {
            return Some(place);
        };
        (node, place, value_place) = (found_node, key_place, found_place);
    }
    match node {
        Node::Scalar(text, _) if !text.is_empty() => Some(value_place),
        _ => Some(place),
    }
}

/// The part of the parser's events that matters here.
enum Node<'a> {
    Scalar(Cow<'a, str>, ScalarStyle),
    Alias,
    SequenceStart,
    MappingStart,
    /// The end of a list or of a mapping.
    End,
}

struct Nodes<'a, I: BorrowedInput<'a>>(Parser<'a, I>);

impl<'a, I: BorrowedInput<'a>> Nodes<'a, I> {
    /// Returns the next node and where it begins; none at the end of the text or where it is broken.
    fn next(&mut self) -> Option<(Node<'a>, Marker)> {
        loop {
            let (event, span) = self.0.next_event()?.ok()?;
            let node = match event {
                Event::Scalar(text, style, ..) => Node::Scalar(text, style),
                Event::Alias(..) | Event::UnresolvedAlias(..) => Node::Alias,
                Event::SequenceStart(..) => Node::SequenceStart,
                Event::MappingStart(..) => Node::MappingStart,
                Event::SequenceEnd | Event::MappingEnd => Node::End,
                Event::DocumentEnd | Event::StreamEnd => return None,
                _ => continue,
            };
            return Some((node, span.start));
        }
    }

    /// Goes to the entry of that key: the place of the key, the value, and the place of the value.
    fn find_entry(&mut self, wanted: &str) -> Option<(Marker, Node<'a>, Marker)> {
        loop {
            let (key, key_place) = self.next()?;
            let is_wanted = match &key {
                Node::End => return None,
                Node::Scalar(text, _) => text == wanted,
                _ => false,
            };
            self.skip(&key)?;
            let (value, value_place) = self.next()?;
            if is_wanted {
                return Some((key_place, value, value_place));
            }
            self.skip(&value)?;
        }
    }

    /// Goes to the item of that number, counted from 0.
    fn find_item(&mut self, wanted: &str) -> Option<(Marker, Node<'a>, Marker)> {
        let mut to_skip: usize = wanted.parse().ok()?;
        loop {
            let (item, place) = self.next()?;
            if matches!(item, Node::End) {
                return None;
            }
            if to_skip == 0 {
                return Some((place, item, place));
            }
            to_skip -= 1;
            self.skip(&item)?;
        }
    }

    /// Passes over what is inside of a node that has just begun.
    fn skip(&mut self, node: &Node<'a>) -> Option<()> {
        let mut open = usize::from(matches!(node, Node::SequenceStart | Node::MappingStart));
        while open > 0 {
            match self.next()?.0 {
                Node::SequenceStart | Node::MappingStart => open += 1,
                Node::End => open -= 1,
                Node::Scalar(..) | Node::Alias => {}
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests;
