//! Creates `log_head`: the one row that gives out revisions and that every writer locks first.
//!
//! Owns this one change of the schema; what the columns mean stands with the table in `callboard-db`.

use sea_orm_migration::{prelude::*, schema};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("log_head")
                    .col(schema::integer("id"))
                    .col(schema::big_integer("revision"))
                    .col(schema::big_integer("sources_version"))
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        manager
            .get_connection()
            .execute_unprepared("INSERT INTO log_head (id, revision, sources_version) VALUES (1, 0, 0)")
            .await
            .map(|_| ())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("log_head").to_owned()).await
    }
}
