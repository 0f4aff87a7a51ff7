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
