use super::*;
use crate::{DocumentFront, DocumentSettings, DocumentSource};

const SDL: &str =
    "type Query { some: Thing, must: Thing! } type Thing { some: Int, must: Int!, things: [Thing!], all: [Thing]! }";

#[test]
fn null_goes_to_the_nearest_place_that_may_be_null() {
    use PathStep::{Index, Key};
    let front = DocumentFront::new(SDL, DocumentSettings::default()).unwrap();
    let text = "{ some { some } some { ...T } must { ...T } } fragment T on Thing { some x: must things { must } all { must } }";
    let document = front.find(DocumentSource::Text(text)).unwrap();
    let place = |path: &[PathStep<'_>]| document.null_place(document.operation(None).unwrap(), path);
    assert_eq!(place(&[Key("some"), Key("some")]), 2);
    assert_eq!(place(&[Key("some"), Key("x")]), 1);
    assert_eq!(place(&[Key("must"), Key("x")]), 0);
    assert_eq!(place(&[Key("some"), Key("things"), Index(3), Key("must")]), 2);
    assert_eq!(place(&[Key("must"), Key("all"), Index(3), Key("must")]), 3);
}

#[test]
fn fragments_that_spread_each_other_are_looked_at_once() {
    let front = DocumentFront::new(SDL, DocumentSettings::default()).unwrap();
    let mut text = String::from("{ ...F0 }");
    for at in 0..40 {
        text.push_str(&format!(" fragment F{at} on Query {{ ...F{0} ...F{0} }}", at + 1));
    }
    text.push_str(" fragment F40 on Query { some { x: must } }");
    let document = front.find(DocumentSource::Text(&text)).unwrap();
    let path = [PathStep::Key("some"), PathStep::Key("x")];
    assert_eq!(document.null_place(document.operation(None).unwrap(), &path), 1);
}
