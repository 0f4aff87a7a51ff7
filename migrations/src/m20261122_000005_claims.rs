//! Creates `claims`: what sources declare of entities that another source declared first.
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
                    .table("claims")
                    .col(schema::text("entity_ref"))
                    .col(schema::uuid("source_id"))
                    .col(schema::text("location"))
                    .col(schema::text("document"))
                    .col(schema::blob("hash"))
                    .col(schema::big_integer("since"))
                    .primary_key(Index::create().col("entity_ref").col("source_id").col("location"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("claims_source").table("claims").col("source_id").col("location").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("claims").to_owned()).await
    }
}
