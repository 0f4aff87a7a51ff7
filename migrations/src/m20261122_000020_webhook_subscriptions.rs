//! Creates `webhook_subscriptions`: who is told of which changes, and how far they have been told.
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
                    .table("webhook_subscriptions")
                    .col(schema::uuid("id"))
                    .col(schema::text_null("name"))
                    .col(schema::text("target"))
                    .col(schema::text_null("filter"))
                    .col(schema::text_null("operations"))
                    .col(schema::text("secret"))
                    .col(schema::text_null("previous_secret"))
                    .col(schema::big_integer_null("previous_secret_until"))
                    .col(schema::text("state"))
                    .col(schema::big_integer("log_id"))
                    .col(schema::big_integer("position"))
                    .col(schema::integer("failures"))
                    .col(schema::big_integer_null("next_attempt_at"))
                    .col(schema::big_integer_null("last_success_at"))
                    .col(schema::big_integer_null("last_failure_at"))
                    .col(schema::text_null("last_failure"))
                    .col(schema::big_integer("fence"))
                    .col(schema::uuid_null("lease_holder"))
                    .col(schema::big_integer_null("lease_until"))
                    .col(schema::big_integer("created_at"))
                    .col(schema::text("created_by"))
                    .primary_key(Index::create().col("id"))
                    .to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.drop_table(Table::drop().table("webhook_subscriptions").to_owned()).await
    }
}
