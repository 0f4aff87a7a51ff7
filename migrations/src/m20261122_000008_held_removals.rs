//! Creates `held_removals`: removals that wait for somebody to confirm them.
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
                    .table("held_removals")
                    .col(schema::uuid("source_id"))
                    .col(schema::text("entity_ref"))
                    .col(schema::text("location"))
                    .col(schema::big_integer("since"))
                    .primary_key(Index::create().col("source_id").col("entity_ref"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("held_removals").to_owned()).await
    }
}
