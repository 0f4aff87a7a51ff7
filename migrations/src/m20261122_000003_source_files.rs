//! Creates `source_files`: the files of each source and what they are remembered by.
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
                    .table("source_files")
                    .col(schema::uuid("source_id"))
                    .col(schema::text("location"))
                    .col(schema::text("state"))
                    .col(schema::text_null("known"))
                    .col(schema::big_integer("last_read_at"))
                    .primary_key(Index::create().col("source_id").col("location"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("source_files").to_owned()).await
    }
}
