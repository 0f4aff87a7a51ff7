//! Gives the log an identity and a beginning, and makes it readable by entity and by time.
//!
//! Owns this one change of the schema; what the columns mean stands with the table in `callboard-db`.

use sea_orm_migration::{prelude::*, schema, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // SQLite adds one column a statement, and one that is never null only with a default.
        for column in
            [schema::big_integer("log_id").default(0).take(), schema::big_integer("oldest_revision").default(1).take()]
        {
            manager.alter_table(Table::alter().table("log_head").add_column(column).to_owned()).await?;
        }
        // Both give 64 random bits, or nearly so many: enough that no two logs are ever taken for each other.
        let random = match manager.get_database_backend() {
            DbBackend::Postgres => "('x' || substr(md5(gen_random_uuid()::text), 1, 16))::bit(64)::bigint",
            _ => "random()",
        };
        let sql = format!("UPDATE log_head SET log_id = {random} WHERE id = 1");
        manager.get_connection().execute_unprepared(&sql).await?;
        manager
            .create_index(
                Index::create()
                    .name("changes_entity")
                    .table("changes")
                    .col("entity_ref")
                    .col("revision")
                    .unique()
                    .to_owned(),
            )
            .await?;
        manager
            .create_index(
                Index::create().name("changes_time").table("changes").col("committed_at").col("revision").to_owned(),
            )
            .await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in ["changes_time", "changes_entity"] {
            manager.drop_index(Index::drop().name(index).table("changes").to_owned()).await?;
        }
        for column in ["oldest_revision", "log_id"] {
            manager.alter_table(Table::alter().table("log_head").drop_column(column).to_owned()).await?;
        }
        Ok(())
    }
}
