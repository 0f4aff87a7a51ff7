//! Creates `entities`: the current state of every entity.
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
                    .table("entities")
                    .col(schema::text("entity_ref"))
                    .col(schema::uuid("source_id"))
                    .col(schema::text("location"))
                    .col(schema::text("document"))
                    .col(schema::blob("hash"))
                    .col(schema::big_integer("revision"))
                    .col(schema::big_integer("created_at"))
                    .col(schema::big_integer("updated_at"))
                    .primary_key(Index::create().col("entity_ref"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("entities_revision").table("entities").col("revision").unique().to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("entities_source").table("entities").col("source_id").col("location").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("entities").to_owned()).await
    }
}
