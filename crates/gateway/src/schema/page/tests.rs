use super::*;

const LETTERS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn cut_letters(page: Page) -> Cut<&'static str> {
    cut(page, LETTERS.to_vec(), |letter| (*letter).to_owned()).unwrap()
}

fn check_page(page: Page, expected: &str, has_previous_page: bool, has_next_page: bool) {
    let cut = cut_letters(page);
    assert_eq!(cut.items.iter().map(|(_, letter)| *letter).collect::<String>(), expected);
    assert_eq!((cut.info.has_previous_page, cut.info.has_next_page), (has_previous_page, has_next_page));
}

fn cursor_of(letter: &str) -> Option<String> {
    Some(encode(letter))
}

#[test]
fn the_first_page_starts_at_the_start() {
    check_page(Page::Forward(2, None), "ab", false, true);
}

#[test]
fn the_next_page_starts_after_the_cursor() {
    check_page(Page::Forward(2, cursor_of("b")), "cd", true, true);
    check_page(Page::Forward(2, cursor_of("d")), "e", true, false);
}

#[test]
fn a_cursor_whose_item_has_gone_still_marks_the_place() {
    check_page(Page::Forward(2, cursor_of("bb")), "cd", true, true);
}

#[test]
fn pages_go_backwards_too() {
    check_page(Page::Backward(2, None), "de", true, false);
    check_page(Page::Backward(2, cursor_of("d")), "bc", true, true);
    check_page(Page::Backward(9, cursor_of("c")), "ab", false, true);
}

#[test]
fn a_page_of_none_says_what_there_is() {
    check_page(Page::Forward(0, None), "", false, true);
}

#[test]
fn the_ends_of_a_page_have_cursors() {
    let cut = cut_letters(Page::Forward(3, None));
    assert_eq!((cut.info.start_cursor, cut.info.end_cursor), (cursor_of("a"), cursor_of("c")));
}

#[test]
fn a_foreign_cursor_is_refused() {
    let error = cut(Page::Forward(1, Some("zzz".to_owned())), vec!["a"], |letter| (*letter).to_owned()).unwrap_err();
    assert_eq!(error.code(), crate::AnswerCode::InvalidCursor);
}

fn check_arguments(
    first: Option<i32>,
    after: Option<&str>,
    last: Option<i32>,
    before: Option<&str>,
) -> Result<Page, String> {
    let arguments = PageArguments { first, after: after.map(str::to_owned), last, before: before.map(str::to_owned) };
    arguments.resolve(&GatewaySettings::default()).map_err(|error| error.code().as_str().to_owned())
}

#[test]
fn without_arguments_the_default_page_is_meant() {
    assert_eq!(check_arguments(None, None, None, None), Ok(Page::Forward(50, None)));
    assert_eq!(check_arguments(None, Some("x"), None, None), Ok(Page::Forward(50, Some("x".to_owned()))));
}

#[test]
fn a_page_larger_than_allowed_is_an_error_and_never_cut() {
    assert_eq!(check_arguments(Some(500), None, None, None), Ok(Page::Forward(500, None)));
    assert_eq!(check_arguments(Some(501), None, None, None), Err("PAGE_SIZE_EXCEEDED".to_owned()));
    assert_eq!(check_arguments(None, None, Some(501), None), Err("PAGE_SIZE_EXCEEDED".to_owned()));
}

#[test]
fn arguments_that_contradict_each_other_are_refused() {
    let bad = Err("BAD_USER_INPUT".to_owned());
    assert_eq!(check_arguments(Some(1), None, Some(1), None), bad);
    assert_eq!(check_arguments(Some(1), None, None, Some("x")), bad);
    assert_eq!(check_arguments(None, Some("x"), Some(1), None), bad);
    assert_eq!(check_arguments(Some(-1), None, None, None), bad);
}
