//! Databases on a PostgreSQL server: made fresh for a run, measured, dropped.
//!
//! Owns the few statements that are sent, through `psql`: the benchmark looks at the server from outside and shares no
//! code with it. Start reading at [`PostgresServer`].

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use reqwest::Url;
use tokio::process::Command;

/// A PostgreSQL server on which databases may be made.
#[derive(Debug, Clone)]
pub(crate) struct PostgresServer {
    url: Url,
}

/// Rows inserted, updated and deleted since a database was made, by table.
pub(crate) type WrittenRows = BTreeMap<String, u64>;

impl PostgresServer {
    pub(crate) fn new(url: &str) -> Result<Self> {
        let url = Url::parse(url).context("the PostgreSQL connection string is no URL")?;
        ensure!(
            matches!(url.scheme(), "postgres" | "postgresql"),
            "the PostgreSQL connection string begins with `{}`, not with `postgres`",
            url.scheme()
        );
        Ok(Self { url })
    }

    /// Returns the connection string of one database.
    pub(crate) fn database_url(&self, name: &str) -> String {
        let mut url = self.url.clone();
        url.set_path(name);
        url.to_string()
    }

    /// Drops a database if it is there and makes it anew, empty.
    pub(crate) async fn recreate(&self, name: &str) -> Result<()> {
        self.drop_database(name).await?;
        self.run("postgres", &format!("create database \"{name}\"")).await?;
        Ok(())
    }

    /// Drops a database if it is there.
    pub(crate) async fn drop_database(&self, name: &str) -> Result<()> {
        self.run("postgres", &format!("drop database if exists \"{name}\" with (force)")).await?;
        Ok(())
    }

    /// Returns the bytes that a database takes on disk.
    pub(crate) async fn bytes(&self, name: &str) -> Result<u64> {
        let text = self.run("postgres", &format!("select pg_database_size('{name}')")).await?;
        text.trim().parse().with_context(|| format!("`{}` is no size", text.trim()))
    }

    /// Returns the rows written in a database so far. The server tells them some seconds late.
    pub(crate) async fn written_rows(&self, name: &str) -> Result<WrittenRows> {
        let statement = "select relname, n_tup_ins + n_tup_upd + n_tup_del from pg_stat_user_tables";
        parse_rows(&self.run(name, statement).await?)
    }

    async fn run(&self, database: &str, statement: &str) -> Result<String> {
        let output = Command::new("psql")
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1"])
            .args(["--dbname", &self.database_url(database), "--command", statement])
            .env("PGOPTIONS", "-c client_min_messages=warning")
            .output()
            .await
            .context("failed to run `psql` (Debian package postgresql-client)")?;
        ensure!(output.status.success(), "`psql` failed: {}", String::from_utf8_lossy(&output.stderr).trim_end());
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }
}

/// Returns what was written between two looks, only the tables with anything.
pub(crate) fn written_between(before: &WrittenRows, after: &WrittenRows) -> WrittenRows {
    let mut between = WrittenRows::new();
    for (table, rows) in after {
        let written = rows.saturating_sub(before.get(table).copied().unwrap_or(0));
        if written > 0 {
            between.insert(table.clone(), written);
        }
    }
    between
}

fn parse_rows(text: &str) -> Result<WrittenRows> {
    let mut rows = WrittenRows::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        let (table, count) = line.split_once('|').with_context(|| format!("`{line}` is no row"))?;
        rows.insert(table.to_owned(), count.parse().with_context(|| format!("`{count}` is no number"))?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests;
