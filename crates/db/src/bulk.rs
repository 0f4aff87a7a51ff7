//! Bulk writes: many rows in few statements, within what each database can bind.
//!
//! Owns chunking and the SQL of multi-row inserts, upserts and deletes. Table and column names come from our own
//! code, never from input; every value is bound.

use std::{fmt::Write as _, pin::Pin};

use sea_orm::{ConnectionTrait, DbBackend, Statement, Value};

use crate::DatabaseError;

/// SQLite binds at most 32,766 values in a statement and PostgreSQL 65,535; well below both is as fast as the maximum.
const MAX_BINDS: usize = 12_000;

/// A write on its way. The rows' own type does not show in it: a future that holds a mapped iterator can't be sent to
/// another thread from within an `async fn`, because the compiler forgets the lifetimes in its closure.
pub type Writing<'a> = Pin<Box<dyn Future<Output = Result<(), DatabaseError>> + Send + 'a>>;

/// A table with the columns that are written and those that identify a row.
#[derive(Debug, Clone, Copy)]
pub struct Upsert<'a> {
    /// The table.
    pub table: &'a str,
    /// Every column that is bound, in the order of the values.
    pub columns: &'a [&'a str],
    /// The columns of the key that may be there already.
    pub key: &'a [&'a str],
    /// The columns that are replaced when it is.
    pub replaced: &'a [&'a str],
}

/// Inserts rows; each has one value a column.
///
/// # Errors
/// When the database cannot be reached or refuses, for example because a key is there already.
pub fn insert_rows<'a>(
    connection: &'a impl ConnectionTrait,
    table: &'a str,
    columns: &'a [&'a str],
    rows: impl Iterator<Item = Vec<Value>> + Send + 'a,
) -> Writing<'a> {
    Box::pin(write_chunks(connection, table, columns, String::new(), rows))
}

/// Inserts rows, and replaces the named columns where the key is there already.
///
/// # Errors
/// When the database cannot be reached or refuses.
pub fn upsert_rows<'a>(
    connection: &'a impl ConnectionTrait,
    upsert: Upsert<'a>,
    rows: impl Iterator<Item = Vec<Value>> + Send + 'a,
) -> Writing<'a> {
    let replaced: Vec<String> = upsert.replaced.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    let suffix = format!(" ON CONFLICT ({}) DO UPDATE SET {}", upsert.key.join(", "), replaced.join(", "));
    Box::pin(write_chunks(connection, upsert.table, upsert.columns, suffix, rows))
}

/// Deletes the rows with these keys; each has one value a column of `key`.
///
/// # Errors
/// When the database cannot be reached or refuses.
pub fn delete_by_key<'a>(
    connection: &'a impl ConnectionTrait,
    table: &'a str,
    key: &'a [&'a str],
    keys: impl Iterator<Item = Vec<Value>> + Send + 'a,
) -> Writing<'a> {
    Box::pin(delete_chunks(connection, table, key, keys))
}

async fn delete_chunks(
    connection: &impl ConnectionTrait,
    table: &str,
    key: &[&str],
    mut keys: impl Iterator<Item = Vec<Value>> + Send,
) -> Result<(), DatabaseError> {
    let backend = connection.get_database_backend();
    loop {
        let values: Vec<Value> = keys.by_ref().take(1_000).flatten().collect();
        if values.is_empty() {
            return Ok(());
        }
        let mut sql = format!("DELETE FROM {table} WHERE ({}) IN (", key.join(", "));
        // SQLite takes a list of row values only from VALUES; PostgreSQL takes both.
        sql.push_str("VALUES ");
        push_tuples(&mut sql, backend, key.len(), values.len() / key.len());
        sql.push(')');
        connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    }
}

async fn write_chunks(
    connection: &impl ConnectionTrait,
    table: &str,
    columns: &[&str],
    suffix: String,
    mut rows: impl Iterator<Item = Vec<Value>> + Send,
) -> Result<(), DatabaseError> {
    let backend = connection.get_database_backend();
    let rows_per_statement = (MAX_BINDS / columns.len()).max(1);
    let mut full_chunk_sql = None;
    loop {
        let mut values = Vec::new();
        let mut count = 0;
        for row in rows.by_ref().take(rows_per_statement) {
            debug_assert_eq!(row.len(), columns.len());
            values.extend(row);
            count += 1;
        }
        if count == 0 {
            return Ok(());
        }
        // Chunks of the same size have the same text, which both drivers remember as a prepared statement.
        let sql = if count == rows_per_statement {
            full_chunk_sql.get_or_insert_with(|| insert_sql(backend, table, columns, &suffix, count)).clone()
        } else {
            insert_sql(backend, table, columns, &suffix, count)
        };
        connection.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
    }
}

fn insert_sql(backend: DbBackend, table: &str, columns: &[&str], suffix: &str, rows: usize) -> String {
    let mut sql = format!("INSERT INTO {table} ({}) VALUES ", columns.join(", "));
    push_tuples(&mut sql, backend, columns.len(), rows);
    sql.push_str(suffix);
    sql
}

fn push_tuples(sql: &mut String, backend: DbBackend, width: usize, count: usize) {
    let mut number = 0;
    for row in 0..count {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..width {
            if column > 0 {
                sql.push_str(", ");
            }
            number += 1;
            match backend {
                // Writing to a String cannot fail.
                DbBackend::Postgres => _ = write!(sql, "${number}"),
                _ => sql.push('?'),
            }
        }
        sql.push(')');
    }
}

#[cfg(test)]
mod tests;
