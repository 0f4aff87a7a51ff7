//! The order of tokens.
//!
//! Owns the productions of executable documents. Nothing is built: the parser only says whether the text is one. Definitions
//! of types are none of its business; they are never executed, and apollo-compiler says so.

use std::ops::Range;

use super::{
    Wrong,
    lexer::{Kind, Lexer, Token},
};

/// Words that begin a definition of the type system.
const TYPE_SYSTEM: [&str; 9] =
    ["schema", "scalar", "type", "interface", "union", "enum", "input", "directive", "extend"];

type Parsed = Result<(), Wrong>;

/// Reads a document.
pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    descriptions: Vec<Range<usize>>,
    nesting: usize,
    max_nesting: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(lexer: Lexer<'a>, max_nesting: usize) -> Self {
        let token = Token { kind: Kind::End, range: 0..0 };
        Self { lexer, token, descriptions: Vec::new(), nesting: 0, max_nesting }
    }

    /// Returns what means nothing to those who execute the document, in its order.
    pub(super) fn blanks(&self) -> Vec<Range<usize>> {
        let mut all: Vec<_> = self.lexer.ignored().iter().chain(&self.descriptions).cloned().collect();
        all.sort_by_key(|range| range.start);
        all
    }

    /// Document: Definition+
    pub(super) fn document(&mut self) -> Parsed {
        self.advance()?;
        loop {
            if !self.definition()? || self.token.kind == Kind::End {
                return Ok(());
            }
        }
    }

    /// Returns whether the grammar goes on: not after a definition of the type system.
    fn definition(&mut self) -> Result<bool, Wrong> {
        let described = self.description()?;
        match self.word() {
            Some("query" | "mutation" | "subscription") => {
                self.advance()?;
                if self.token.kind == Kind::Name {
                    self.advance()?;
                }
                if self.is(b'(') {
                    self.many(b'(', b')', Self::variable)?;
                }
                self.directives(false)?;
                self.selection_set()?;
            }
            Some("fragment") => {
                self.advance()?;
                self.fragment_name()?;
                self.expect_word("on")?;
                self.expect_name()?;
                self.directives(false)?;
                self.selection_set()?;
            }
            Some(word) if TYPE_SYSTEM.contains(&word) => {
                // Its description is its own.
                self.descriptions.truncate(self.descriptions.len() - usize::from(described));
                return Ok(false);
            }
            None if self.is(b'{') && !described => self.selection_set()?,
            _ => return Err(self.unexpected()),
        }
        Ok(true)
    }

    /// VariableDefinition: Description? Variable `:` Type DefaultValue? Directives?
    fn variable(&mut self) -> Parsed {
        self.description()?;
        self.expect(b'$')?;
        self.expect_name()?;
        self.expect(b':')?;
        self.type_reference()?;
        if self.is(b'=') {
            self.advance()?;
            self.value(true)?;
        }
        self.directives(true)
    }

    fn type_reference(&mut self) -> Parsed {
        if self.is(b'[') {
            self.nested(|parser| {
                parser.advance()?;
                parser.type_reference()?;
                parser.expect(b']')
            })?;
        } else {
            self.expect_name()?;
        }
        match self.is(b'!') {
            true => self.advance(),
            false => Ok(()),
        }
    }

    fn selection_set(&mut self) -> Parsed {
        self.many(b'{', b'}', Self::selection)
    }

    fn selection(&mut self) -> Parsed {
        if self.token.kind == Kind::Spread {
            self.advance()?;
            match self.word() {
                Some("on") => {
                    self.advance()?;
                    self.expect_name()?;
                }
                Some(_) => {
                    self.advance()?;
                    return self.directives(false);
                }
                None => {}
            }
            self.directives(false)?;
            return self.selection_set();
        }
        self.expect_name()?;
        if self.is(b':') {
            self.advance()?;
            self.expect_name()?;
        }
        self.arguments(false)?;
        self.directives(false)?;
        match self.is(b'{') {
            true => self.selection_set(),
            false => Ok(()),
        }
    }

    fn arguments(&mut self, is_constant: bool) -> Parsed {
        match self.is(b'(') {
            true => self.many(b'(', b')', |parser| parser.pair(is_constant)),
            false => Ok(()),
        }
    }

    fn directives(&mut self, is_constant: bool) -> Parsed {
        while self.is(b'@') {
            self.advance()?;
            self.expect_name()?;
            self.arguments(is_constant)?;
        }
        Ok(())
    }

    /// Argument or ObjectField: Name `:` Value
    fn pair(&mut self, is_constant: bool) -> Parsed {
        self.expect_name()?;
        self.expect(b':')?;
        self.value(is_constant)
    }

    fn value(&mut self, is_constant: bool) -> Parsed {
        match self.token.kind {
            Kind::Name | Kind::Number | Kind::Text => self.advance(),
            Kind::Mark(b'$') if !is_constant => {
                self.advance()?;
                self.expect_name()
            }
            Kind::Mark(b'[') => self.any(b']', |parser| parser.value(is_constant)),
            Kind::Mark(b'{') => self.any(b'}', |parser| parser.pair(is_constant)),
            _ => Err(self.unexpected()),
        }
    }

    /// Passes a description and returns whether there was one.
    fn description(&mut self) -> Result<bool, Wrong> {
        let is_there = self.token.kind == Kind::Text;
        if is_there {
            self.descriptions.push(self.token.range.clone());
            self.advance()?;
        }
        Ok(is_there)
    }

    /// Reads at least one item between two marks.
    fn many(&mut self, open: u8, close: u8, item: impl Fn(&mut Self) -> Parsed) -> Parsed {
        if !self.is(open) {
            return Err(self.unexpected());
        }
        self.nested(|parser| {
            parser.advance()?;
            item(parser)?;
            while !parser.is(close) {
                item(parser)?;
            }
            parser.advance()
        })
    }

    /// Reads any number of items up to a mark.
    fn any(&mut self, close: u8, item: impl Fn(&mut Self) -> Parsed) -> Parsed {
        self.nested(|parser| {
            parser.advance()?;
            while !parser.is(close) {
                item(parser)?;
            }
            parser.advance()
        })
    }

    /// Goes one level deeper, within bounds: each level takes a piece of the stack.
    fn nested(&mut self, inner: impl FnOnce(&mut Self) -> Parsed) -> Parsed {
        if self.nesting == self.max_nesting {
            let message = format!("the document nests brackets more than the {} levels allowed", self.max_nesting);
            return Err(Wrong { at: self.token.range.start, message });
        }
        self.nesting += 1;
        let parsed = inner(self);
        self.nesting -= 1;
        parsed
    }

    fn advance(&mut self) -> Parsed {
        self.token = self.lexer.next()?;
        Ok(())
    }

    fn is(&self, mark: u8) -> bool {
        self.token.kind == Kind::Mark(mark)
    }

    fn word(&self) -> Option<&'a str> {
        (self.token.kind == Kind::Name).then(|| self.lexer.text_of(&self.token))
    }

    fn fragment_name(&mut self) -> Parsed {
        match self.word() {
            Some("on") => Err(self.unexpected()),
            _ => self.expect_name(),
        }
    }

    fn expect(&mut self, mark: u8) -> Parsed {
        match self.is(mark) {
            true => self.advance(),
            false => Err(self.unexpected()),
        }
    }

    fn expect_name(&mut self) -> Parsed {
        match self.token.kind {
            Kind::Name => self.advance(),
            _ => Err(self.unexpected()),
        }
    }

    fn expect_word(&mut self, word: &str) -> Parsed {
        match self.word() == Some(word) {
            true => self.advance(),
            false => Err(self.unexpected()),
        }
    }

    fn unexpected(&self) -> Wrong {
        let found = match self.token.kind {
            Kind::End => "end of the document".to_owned(),
            // A token may be as long as the document.
            _ => format!("`{}`", self.lexer.text_of(&self.token).chars().take(40).collect::<String>()),
        };
        Wrong { at: self.token.range.start, message: format!("syntax error: unexpected {found}") }
    }
}
