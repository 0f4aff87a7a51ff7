use callboard_db::DatabaseTarget;

use super::describe;

#[test]
fn a_description_shows_no_password() {
    let url = "postgres://callboard:S3CR3T@db.example.com:5432/portal?sslmode=require".to_owned();
    let text = describe(&DatabaseTarget::Postgres { url, max_connections: 2 });
    assert_eq!(text, "the PostgreSQL database `db.example.com/portal`");
}
