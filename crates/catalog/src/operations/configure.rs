//! Bringing the sources in line with the configuration.
//!
//! Owns which sources appear and go at start. New ones are only noted; the schedule reads them, so that a start is not
//! held up by slow locations. Removing one is subject to the removal guard: a slip in a configuration file must not
//! empty the catalog.

use std::collections::HashSet;

use callboard_foundation::new_id;

use super::Fate;
use crate::{
    Actor, Catalog, CatalogError, Cause, ConfiguredLocation, Source, SourceOrigin, follow,
    reconcile::{Origin, Plan, plan_release},
    store::{source_files, sources},
};

impl Catalog {
    /// Makes the configured locations the sources of origin [`SourceOrigin::Config`]: adds those that are new, and lets
    /// go of those that are no longer named. New and changed ones are due at once ([`Catalog::refresh_due`]).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sync_config_locations(&self, locations: Vec<ConfiguredLocation>) -> Result<(), CatalogError> {
        let mut named = HashSet::new();
        for configured in locations {
            if named.insert(configured.location.reference()) {
                self.configure(configured).await?;
            }
        }
        for source in sources::load_all(&self.inner().db).await? {
            if source.origin == SourceOrigin::Config && !named.contains(&source.location.reference()) {
                self.release(source).await?;
            }
        }
        Ok(())
    }

    /// Adds a location, or takes over what changed about it.
    async fn configure(&self, configured: ConfiguredLocation) -> Result<(), CatalogError> {
        let inner = self.inner();
        let is_current = |source: &Source| {
            source.origin == SourceOrigin::Config
                && source.removed_at.is_none()
                && source.location == configured.location
                && source.rules == configured.rules
        };
        if sources::find_at(&inner.db, &configured.location).await?.is_some_and(|source| is_current(&source)) {
            return Ok(());
        }
        let origin = self.configuration_origin();
        let mut writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        let Some(mut source) = sources::find_at(connection, &configured.location).await? else {
            let source = Source {
                id: new_id(),
                location: configured.location,
                origin: SourceOrigin::Config,
                rules: configured.rules,
                created_at: origin.at,
                created_by: origin.actor.as_str().to_owned(),
                last_read_at: None,
                last_success_at: None,
                next_read_at: None,
                removed_at: None,
                version: 0,
            };
            self.commit(writing, source, Fate::Insert, Plan::default(), &origin).await?;
            return Ok(());
        };
        let id = source.id;
        source.origin = SourceOrigin::Config;
        source.location.presence = configured.location.presence;
        source.rules = configured.rules;
        source.removed_at = None;
        // What the files were remembered by was read under other rules.
        source_files::forget(connection, id).await?;
        writing.transaction.touch_sources();
        self.commit(writing, source, Fate::Keep, Plan::default(), &origin).await?;
        self.inner().known.forget(id);
        self.make_due(id);
        self.reload_sources().await
    }

    /// Lets go of a location that the configuration no longer names, as far as the removal guard lets it.
    async fn release(&self, source: Source) -> Result<(), CatalogError> {
        let id = source.id;
        let _turn = self.use_source(id).await;
        let origin = self.configuration_origin();
        let guard = self.inner().settings.removal_guard;
        let mut writing = self.begin_write().await?;
        let connection = writing.transaction.connection();
        let Some(mut source) = sources::find(connection, id).await? else { return Ok(()) };
        let plan = plan_release(connection, id, None, Some(guard), origin.at).await?;
        if plan.holding.is_empty() {
            self.commit(writing, source, Fate::Delete, plan, &origin).await?;
            return Ok(());
        }
        if plan.is_empty() && source.removed_at.is_some() {
            return Ok(writing.transaction.rollback().await?);
        }
        tracing::warn!(
            source.id = %id,
            source.location = %source.location.reference(),
            held = plan.holding.len(),
            "the configuration no longer names this location; removing its entities waits for confirmation"
        );
        source.removed_at.get_or_insert(origin.at);
        writing.transaction.touch_sources();
        self.commit(writing, source, Fate::Keep, plan, &origin).await?;
        self.reload_sources().await
    }

    fn configuration_origin(&self) -> Origin {
        Origin { actor: Actor::system(), cause: Cause::Configuration, at: self.inner().clock.now() }
    }

    /// Shows the sources as the database has them now.
    async fn reload_sources(&self) -> Result<(), CatalogError> {
        let sources = self.with_read_times(follow::load_sources(&self.inner().db).await?);
        let turn = self.inner().view.turn().await;
        if sources.version() >= turn.snapshot().sources.version() {
            turn.replace_sources(sources);
        }
        Ok(())
    }
}
