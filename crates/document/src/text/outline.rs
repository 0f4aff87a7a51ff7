//! The outline of a document: which selections stand in which, and how much there is to check at each.
//!
//! Owns a reader of tokens that knows just enough of the grammar. What it does not understand is for the real parser to
//! refuse. It recurses as deep as brackets nest, which is bounded before.

use std::collections::HashMap;

use super::lexer::Token;

/// A selection set, as an index into [`Outline::sets`].
pub(super) type SetId = usize;

/// A fragment, as an index into [`Outline::fragments`].
pub(super) type FragmentId = usize;

/// The outline of a document.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    pub(super) sets: Vec<Vec<Selection<'a>>>,
    pub(super) operations: Vec<Operation>,
    pub(super) fragments: Vec<Fragment<'a>>,
    /// Tokens that belong to no selection: what is checked once.
    pub(super) tokens: u64,
    /// The most directives in one place.
    pub(super) directives: u64,
}

/// An operation.
#[derive(Debug)]
pub(super) struct Operation {
    pub(super) set: SetId,
    /// How many variables it defines. Each use of a variable is looked up among them.
    pub(super) variables: u64,
}

/// A fragment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fragment<'a> {
    pub(super) on: &'a str,
    pub(super) set: SetId,
}

/// One selection.
#[derive(Debug)]
pub(super) struct Selection<'a> {
    pub(super) kind: Kind<'a>,
    /// How much there is to check: its tokens, and entries of input objects squared, as each is compared with each.
    pub(super) weight: u64,
    /// How often it uses a variable.
    pub(super) variables: u64,
}

/// What a selection is.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// A field: the name that it has in the answer, and what is selected below it.
    Field(&'a str, Option<SetId>),
    /// A fragment; none when there is none of that name.
    Spread(Option<FragmentId>),
    /// An inline fragment: its type, where it has one.
    Inline(Option<&'a str>, SetId),
}

/// Reads the outline; nothing when the tokens are no document of operations and fragments.
pub(super) fn outline<'a>(tokens: &[Token<'a>]) -> Option<Outline<'a>> {
    let (names, spreads) = (HashMap::new(), Vec::new());
    let mut reader = Reader { tokens, at: 0, outline: Outline::default(), names, spreads };
    while reader.at < tokens.len() {
        reader.definition()?;
    }
    // Fragments may be spread before they are defined.
    for (set, place, name) in reader.spreads {
        let known = reader.names.get(name).copied();
        reader.outline.sets[set][place].kind = Kind::Spread(known);
    }
    Some(reader.outline)
}

struct Reader<'a, 't> {
    tokens: &'t [Token<'a>],
    at: usize,
    outline: Outline<'a>,
    /// The fragments defined so far.
    names: HashMap<&'a str, FragmentId>,
    /// Where fragments are spread: the selection set, the place in it, and the fragment's name.
    spreads: Vec<(SetId, usize, &'a str)>,
}

/// What there is to check in values.
#[derive(Default)]
struct Values {
    squares: u64,
    variables: u64,
}

impl<'a> Reader<'a, '_> {
    fn peek(&self) -> Option<Token<'a>> {
        self.tokens.get(self.at).copied()
    }

    fn is_at(&self, mark: u8) -> bool {
        self.peek() == Some(Token::Mark(mark))
    }

    fn skip(&mut self, mark: u8) -> bool {
        let found = self.is_at(mark);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, mark: u8) -> Option<()> {
        self.skip(mark).then_some(())
    }

    fn name(&mut self) -> Option<&'a str> {
        match self.peek() {
            Some(Token::Name(name)) => {
                self.at += 1;
                Some(name)
            }
            _ => None,
        }
    }

    fn definition(&mut self) -> Option<()> {
        // A description: since September 2025 operations may have one.
        self.at += usize::from(self.peek() == Some(Token::Other));
        let start = self.at;
        if self.is_at(b'{') {
            let set = self.selection_set()?;
            self.outline.operations.push(Operation { set, variables: 0 });
            return Some(());
        }
        let mut values = Values::default();
        match self.name()? {
            "fragment" => {
                let name = self.name()?;
                (self.name()? == "on").then_some(())?;
                let on = self.name()?;
                self.directives(&mut values)?;
                let set = self.selection_set()?;
                self.names.insert(name, self.outline.fragments.len());
                self.outline.fragments.push(Fragment { on, set });
            }
            "query" | "mutation" | "subscription" => {
                let _ = self.name();
                let variables = if self.skip(b'(') { self.variable_definitions(&mut values)? } else { 0 };
                self.directives(&mut values)?;
                self.outline.tokens += (self.at - start) as u64 + values.squares;
                let set = self.selection_set()?;
                self.outline.operations.push(Operation { set, variables });
            }
            _ => return None,
        }
        Some(())
    }

    /// Skips definitions of variables up to the closing bracket and counts them.
    fn variable_definitions(&mut self, values: &mut Values) -> Option<u64> {
        let mut count = 0;
        while !self.skip(b')') {
            match self.peek()? {
                Token::Mark(b'@') => self.directives(values)?,
                Token::Mark(b'=') => {
                    self.at += 1;
                    self.value(values)?;
                }
                token => {
                    count += u64::from(token == Token::Mark(b'$'));
                    self.at += 1;
                }
            }
        }
        Some(count)
    }

    fn directives(&mut self, values: &mut Values) -> Option<()> {
        let mut count = 0;
        while self.skip(b'@') {
            count += 1;
            self.name()?;
            self.arguments(values)?;
        }
        self.outline.directives = self.outline.directives.max(count);
        Some(())
    }

    fn arguments(&mut self, values: &mut Values) -> Option<()> {
        if self.skip(b'(') {
            while !self.skip(b')') {
                self.name()?;
                self.expect(b':')?;
                self.value(values)?;
            }
        }
        Some(())
    }

    fn value(&mut self, values: &mut Values) -> Option<()> {
        match self.peek()? {
            Token::Mark(b'$') => {
                self.at += 1;
                values.variables += 1;
                self.name()?;
            }
            Token::Mark(b'[') => {
                self.at += 1;
                while !self.skip(b']') {
                    self.value(values)?;
                }
            }
            Token::Mark(b'{') => {
                self.at += 1;
                let mut entries = 0;
                while !self.skip(b'}') {
                    self.name()?;
                    self.expect(b':')?;
                    self.value(values)?;
                    entries += 1;
                }
                values.squares += entries * entries;
            }
            Token::Name(_) | Token::Other => self.at += 1,
            Token::Mark(_) | Token::Spread => return None,
        }
        Some(())
    }

    fn selection_set(&mut self) -> Option<SetId> {
        self.expect(b'{')?;
        let set = self.outline.sets.len();
        self.outline.sets.push(Vec::new());
        let mut selections = Vec::new();
        while !self.skip(b'}') {
            let (selection, spread) = self.selection()?;
            self.spreads.extend(spread.map(|name| (set, selections.len(), name)));
            selections.push(selection);
        }
        self.outline.sets[set] = selections;
        Some(set)
    }

    /// Reads a selection; besides, the name of the fragment that it spreads.
    fn selection(&mut self) -> Option<(Selection<'a>, Option<&'a str>)> {
        let start = self.at;
        let mut values = Values::default();
        let weigh = |reader: &Self, values: &Values| (reader.at - start) as u64 + values.squares;
        if self.peek()? == Token::Spread {
            self.at += 1;
            let name = match self.peek()? {
                Token::Name("on") => {
                    self.at += 1;
                    Some(self.name()?)
                }
                Token::Name(name) => {
                    self.at += 1;
                    self.directives(&mut values)?;
                    let weight = weigh(self, &values);
                    let selection = Selection { kind: Kind::Spread(None), weight, variables: values.variables };
                    return Some((selection, Some(name)));
                }
                _ => None,
            };
            self.directives(&mut values)?;
            let weight = weigh(self, &values);
            let kind = Kind::Inline(name, self.selection_set()?);
            return Some((Selection { kind, weight, variables: values.variables }, None));
        }
        let key = self.name()?;
        if self.skip(b':') {
            self.name()?;
        }
        self.arguments(&mut values)?;
        self.directives(&mut values)?;
        let weight = weigh(self, &values);
        let set = if self.is_at(b'{') { Some(self.selection_set()?) } else { None };
        Some((Selection { kind: Kind::Field(key, set), weight, variables: values.variables }, None))
    }
}
