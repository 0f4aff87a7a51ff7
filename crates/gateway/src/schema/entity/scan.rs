//! Reading along a JSON text to find where its values stand, without parsing them.
//!
//! Owns that walk only. The texts are documents as stored, which are well-formed; of one that is not, nothing is found.

/// The ends of most texts are so near that they are found sooner byte by byte than by preparing to look at many at once.
const NEAR: usize = 24;

/// A place in a JSON text, and what stands after it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    /// Begins at a byte of a text.
    pub(super) fn at(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// Returns which byte it stands at.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Returns whether an object begins here.
    pub(super) fn is_at_object(&self) -> bool {
        self.peek() == Some(b'{')
    }

    /// Goes to the next member of an object and returns its key as written, without its quotes; nothing after the last.
    /// The place before the first call is the object's beginning, and later the end of the value before.
    pub(super) fn next_key(&mut self) -> Option<&'a str> {
        self.enter(b'{')?;
        let key = self.string()?;
        self.skip_space();
        self.expect(b':')?;
        self.skip_space();
        key.get(1..key.len() - 1)
    }

    /// Goes to the next item of a list and returns it as written; nothing after the last.
    pub(super) fn next_item(&mut self) -> Option<&'a str> {
        self.enter(b'[')?;
        self.value()
    }

    /// Goes behind the closing brace of an object whose last member was read.
    pub(super) fn leave_object(&mut self) -> Option<()> {
        self.skip_space();
        self.expect(b'}')
    }

    /// Reads a value and returns it as written.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        let start = self.at;
        match self.peek()? {
            b'"' => return self.string(),
            b'{' | b'[' => self.skip_nested()?,
            _ => {
                let rest = &self.text.as_bytes()[self.at..];
                let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']') || byte.is_ascii_whitespace();
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
            }
        }
        self.text.get(start..self.at).filter(|value| !value.is_empty())
    }

    /// Goes to the first member or item, or over the comma to the next; nothing when it is over.
    fn enter(&mut self, opening: u8) -> Option<()> {
        match self.peek()? {
            byte if byte == opening => {}
            b',' => {}
            _ => {
                self.skip_space();
                return match self.peek()? {
                    b',' => self.enter(opening),
                    _ => None,
                };
            }
        }
        self.at += 1;
        self.skip_space();
        (!matches!(self.peek()?, b'}' | b']')).then_some(())
    }

    fn skip_nested(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Some(());
            }
        }
    }

    /// Reads a string and returns it with its quotes.
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at;
        self.expect(b'"')?;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            self.at += match rest.iter().take(NEAR).position(|byte| matches!(byte, b'"' | b'\\')) {
                Some(near) => near,
                None => NEAR + memchr::memchr2(b'"', b'\\', rest.get(NEAR..)?)?,
            };
            match self.peek()? {
                b'"' => break,
                _ => self.at += 2,
            }
        }
        self.at += 1;
        self.text.get(start..self.at)
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        let is_there = self.peek() == Some(byte);
        self.at += usize::from(is_there);
        is_there.then_some(())
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// Returns the value that an object has under `key`, as written; nothing when there is none or the text is no object.
pub(super) fn pick<'a>(object: &'a str, key: &str) -> Option<&'a str> {
    pick_at(object, 0, key)
}

/// Returns what [`pick`] does, of the object that begins at a byte of a text.
pub(super) fn pick_at<'a>(text: &'a str, at: usize, key: &str) -> Option<&'a str> {
    let mut scanner = Scanner::at(text, at);
    if !scanner.is_at_object() {
        return None;
    }
    while let Some(found) = scanner.next_key() {
        let value = scanner.value()?;
        if is_key(found, key) {
            return Some(value);
        }
    }
    None
}

/// Returns the items of a list, as written; none when the text is no list.
pub(super) fn items(list: &str) -> impl Iterator<Item = &str> {
    let mut scanner = Scanner::at(list, 0);
    let is_list = list.starts_with('[');
    std::iter::from_fn(move || if is_list { scanner.next_item() } else { None })
}

/// Returns the value when it is a text.
pub(super) fn text(value: &str) -> Option<&str> {
    value.starts_with('"').then_some(value)
}

/// Returns what a text says, when the value is one.
pub(super) fn decoded(value: &str) -> Option<String> {
    serde_json::from_str(value).ok()
}

/// Returns whether a key as written, without its quotes, is this one.
fn is_key(written: &str, key: &str) -> bool {
    match written.contains('\\') {
        true => decoded(&format!("\"{written}\"")).is_some_and(|written| written == key),
        false => written == key,
    }
}

#[cfg(test)]
mod tests;
