//! Creates `sources`: where entities are declared, and when that was last read.
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
                    .table("sources")
                    .col(schema::uuid("id"))
                    .col(schema::text("origin"))
                    .col(schema::text("kind"))
                    .col(schema::text("target"))
                    .col(schema::text("presence"))
                    .col(schema::text_null("rules"))
                    .col(schema::big_integer("version"))
                    .col(schema::big_integer("created_at"))
                    .col(schema::text("created_by"))
                    .col(schema::big_integer_null("last_read_at"))
                    .col(schema::big_integer_null("last_success_at"))
                    .col(schema::big_integer_null("removed_at"))
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("sources_location").table("sources").col("kind").col("target").unique().to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("sources").to_owned()).await
    }
}
