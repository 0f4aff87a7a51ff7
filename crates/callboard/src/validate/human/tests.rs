use super::Excerpt;

const TEXT: &str = "kind: Component\nmetadata:\n  name: Größe # bad\nspec:\n  owner: team\n";

fn check_marked(line: u32, column: Option<u32>, first_line: usize, marked: &str) {
    let excerpt = Excerpt::of(TEXT, line, column).unwrap();
    assert_eq!((excerpt.first_line, &excerpt.text[excerpt.span.clone()]), (first_line, marked));
}

#[test]
fn a_key_is_marked_up_to_its_colon() {
    check_marked(1, Some(1), 1, "kind");
    check_marked(4, Some(1), 3, "spec");
    check_marked(5, Some(3), 4, "owner");
}

#[test]
fn a_value_is_marked_up_to_a_comment() {
    check_marked(3, Some(9), 2, "Größe");
}

#[test]
fn without_a_column_the_line_counts() {
    check_marked(5, None, 4, "owner");
}

#[test]
fn a_place_beyond_the_line_marks_its_end() {
    check_marked(1, Some(99), 1, "");
}

#[test]
fn a_line_that_does_not_exist_has_no_excerpt() {
    assert_eq!(Excerpt::of(TEXT, 99, None), None);
    assert_eq!(Excerpt::of(TEXT, 0, None), None);
    assert_eq!(Excerpt::of("", 1, None), None);
}

#[test]
fn windows_line_ends_are_not_shown() {
    let excerpt = Excerpt::of("a: 1\r\nb: 2\r\n", 1, Some(4)).unwrap();
    assert_eq!(&excerpt.text[excerpt.span.clone()], "1");
}
