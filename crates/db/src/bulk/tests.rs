use sea_orm::DbBackend;

use super::insert_sql;

fn check_sql(backend: DbBackend, rows: usize, expected: &str) {
    assert_eq!(insert_sql(backend, "t", &["a", "b"], "", rows), expected);
}

#[test]
fn sqlite_gets_question_marks() {
    check_sql(DbBackend::Sqlite, 2, "INSERT INTO t (a, b) VALUES (?, ?), (?, ?)");
}

#[test]
fn postgres_gets_numbered_parameters() {
    check_sql(DbBackend::Postgres, 2, "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4)");
}
