//! Creates `webhook_deliveries`: the newest attempts to deliver, for whoever wants to know what went wrong.
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
                    .table("webhook_deliveries")
                    .col(schema::uuid("subscription_id"))
                    .col(schema::uuid("id"))
                    .col(schema::text("event_id"))
                    .col(schema::text("event_type"))
                    .col(schema::big_integer("revision"))
                    .col(schema::integer("attempt"))
                    .col(schema::big_integer("attempted_at"))
                    .col(schema::big_integer("duration_us"))
                    .col(schema::integer_null("status"))
                    .col(schema::text_null("error"))
                    .col(schema::text_null("excerpt"))
                    .primary_key(Index::create().col("subscription_id").col("id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("webhook_deliveries").to_owned()).await
    }
}
