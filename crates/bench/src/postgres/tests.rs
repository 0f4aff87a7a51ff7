use super::{PostgresServer, WrittenRows, parse_rows, written_between};

fn rows(list: &[(&str, u64)]) -> WrittenRows {
    list.iter().map(|(table, count)| ((*table).to_owned(), *count)).collect()
}

#[test]
fn the_database_takes_the_place_of_the_path() {
    let server = PostgresServer::new("postgres://someone@127.0.0.1:5432/other?sslmode=disable").expect("server");
    assert_eq!(server.database_url("bench"), "postgres://someone@127.0.0.1:5432/bench?sslmode=disable");
}

#[test]
fn another_kind_of_url_is_refused() {
    let error = PostgresServer::new("http://127.0.0.1").expect_err("refused");
    assert!(error.to_string().contains("http"), "{error}");
}

#[test]
fn rows_are_read_by_table() {
    assert_eq!(parse_rows("entities|5\nchanges|7\n").expect("rows"), rows(&[("entities", 5), ("changes", 7)]));
    parse_rows("entities").expect_err("refused");
}

#[test]
fn only_tables_that_were_written_to_are_shown() {
    let before = rows(&[("entities", 5), ("sources", 1)]);
    let after = rows(&[("entities", 5), ("sources", 3), ("problems", 1)]);
    assert_eq!(written_between(&before, &after), rows(&[("problems", 1), ("sources", 2)]));
}
