//! Creates `changes`: the log: one row a committed change, in commit order and without gaps.
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
                    .table("changes")
                    .col(schema::big_integer("revision"))
                    .col(schema::text("entity_ref"))
                    .col(schema::text("operation"))
                    .col(schema::text_null("document"))
                    .col(schema::blob_null("hash"))
                    .col(schema::big_integer_null("previous_revision"))
                    .col(schema::uuid("source_id"))
                    .col(schema::text("location"))
                    .col(schema::text("actor"))
                    .col(schema::text("cause"))
                    .col(schema::big_integer("committed_at"))
                    .col(schema::big_integer("entity_created_at"))
                    .primary_key(Index::create().col("revision"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("changes").to_owned()).await
    }
}
