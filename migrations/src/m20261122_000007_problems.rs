//! Creates `problems`: what is wrong with what sources declare.
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
                    .table("problems")
                    .col(schema::uuid("id"))
                    .col(schema::uuid("source_id"))
                    .col(schema::text("scope"))
                    .col(schema::text("location"))
                    .col(schema::text("code"))
                    .col(schema::text("severity"))
                    .col(schema::text("message"))
                    .col(schema::integer_null("document"))
                    .col(schema::integer_null("line"))
                    .col(schema::integer_null("position"))
                    .col(schema::text_null("field"))
                    .col(schema::text_null("entity_ref"))
                    .col(schema::big_integer("since"))
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("problems_source").table("problems").col("source_id").col("scope").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("problems").to_owned()).await
    }
}
