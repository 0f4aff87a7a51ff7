//! Where the values that most questions want stand in an entity's document.
//!
//! Owns one walk along the document, which parses nothing and stops where it knows enough.

use super::scan::{self, Scanner};

/// The places of values in one document.
#[derive(Debug, Default)]
pub(super) struct Outline {
    pub(super) api_version: Place,
    pub(super) kind: Place,
    pub(super) metadata: Place,
    pub(super) namespace: Place,
    pub(super) name: Place,
    pub(super) title: Place,
    pub(super) description: Place,
    pub(super) tags: Place,
    pub(super) annotations: Place,
    /// Where `spec` begins. Its end is looked for when all of it is wanted, for it may be long.
    spec: Option<u32>,
}

/// Where a value stands, if there is one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    start: u32,
    end: u32,
}

impl Place {
    /// Returns the value as written; nothing when there is none.
    pub(super) fn of(self, document: &str) -> Option<&str> {
        document.get(self.start as usize..self.end as usize).filter(|value| !value.is_empty())
    }

    /// Returns the value as written, with its quotes, when it is a text.
    pub(super) fn text_of(self, document: &str) -> Option<&str> {
        self.of(document).and_then(scan::text)
    }
}

impl Outline {
    /// Walks along a document.
    pub(super) fn of(document: &str) -> Self {
        let mut outline = Self::default();
        let mut scanner = Scanner::at(document, 0);
        if scanner.is_at_object() {
            // A document that can't be read to its end has what was found until there.
            let _ = outline.read(&mut scanner);
        }
        outline
    }

    /// Walks along a document until its kind and name are known, which stand at its beginning; the rest is left out.
    pub(super) fn brief(document: &str) -> Self {
        let mut outline = Self::default();
        let mut scanner = Scanner::at(document, 0);
        match scanner.is_at_object() && outline.read_briefly(&mut scanner).is_some() {
            true => outline,
            false => Self::of(document),
        }
    }

    /// Returns `spec`, when it is an object.
    pub(super) fn spec<'a>(&self, document: &'a str) -> Option<&'a str> {
        Scanner::at(document, self.spec? as usize).value()
    }

    /// Returns a value of `spec`.
    pub(super) fn spec_field<'a>(&self, document: &'a str, key: &str) -> Option<&'a str> {
        scan::pick_at(document, self.spec? as usize, key)
    }

    fn read_briefly(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        loop {
            match scanner.next_key()? {
                "kind" => self.kind = read_place(scanner)?,
                "metadata" if scanner.is_at_object() && self.kind.end > 0 => break,
                "metadata" => return None,
                _ => drop(scanner.value()?),
            }
        }
        loop {
            let is_name = scanner.next_key()? == "name";
            let place = read_place(scanner)?;
            if is_name {
                self.name = place;
                return Some(());
            }
        }
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        while let Some(key) = scanner.next_key() {
            match key {
                "apiVersion" => self.api_version = read_place(scanner)?,
                "kind" => self.kind = read_place(scanner)?,
                "metadata" if scanner.is_at_object() => self.metadata = self.read_metadata(scanner)?,
                "spec" if scanner.is_at_object() => {
                    self.spec = Some(u32::try_from(scanner.place()).ok()?);
                    if [self.api_version, self.kind, self.metadata].iter().all(|place| place.end > 0) {
                        return Some(());
                    }
                    scanner.value()?;
                }
                _ => drop(scanner.value()?),
            }
        }
        Some(())
    }

    fn read_metadata(&mut self, scanner: &mut Scanner<'_>) -> Option<Place> {
        let start = scanner.place();
        while let Some(key) = scanner.next_key() {
            let place = read_place(scanner)?;
            match key {
                "namespace" => self.namespace = place,
                "name" => self.name = place,
                "title" => self.title = place,
                "description" => self.description = place,
                "tags" => self.tags = place,
                "annotations" => self.annotations = place,
                _ => {}
            }
        }
        scanner.leave_object()?;
        place(start, scanner.place())
    }
}

fn read_place(scanner: &mut Scanner<'_>) -> Option<Place> {
    let start = scanner.place();
    scanner.value()?;
    place(start, scanner.place())
}

fn place(start: usize, end: usize) -> Option<Place> {
    Some(Place { start: u32::try_from(start).ok()?, end: u32::try_from(end).ok()? })
}

#[cfg(test)]
mod tests;
