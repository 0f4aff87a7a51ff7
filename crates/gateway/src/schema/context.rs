//! What every resolver may reach: the settings, the catalog and the snapshot of its request.
//!
//! Owns the short names for them. They are put there by `crate::schema::build_schema` and `crate::executor`.

use std::sync::Arc;

use async_graphql::{Context, Data};
use callboard_catalog::{Catalog, CatalogSnapshot};

use crate::GatewaySettings;

/// Short names for what stands in the context.
pub(crate) trait ContextExt {
    /// Returns the settings.
    fn settings(&self) -> &GatewaySettings;
    /// Returns the catalog, for what writes and for subscriptions; reading goes through the snapshot.
    fn catalog(&self) -> &Catalog;
    /// Returns the snapshot that the whole answer is read from.
    fn snapshot(&self) -> &Arc<CatalogSnapshot>;
}

impl ContextExt for Context<'_> {
    fn settings(&self) -> &GatewaySettings {
        self.data_unchecked::<Arc<GatewaySettings>>()
    }

    fn catalog(&self) -> &Catalog {
        self.data_unchecked::<Catalog>()
    }

    fn snapshot(&self) -> &Arc<CatalogSnapshot> {
        self.data_unchecked::<Arc<CatalogSnapshot>>()
    }
}

/// Returns the data of one request: the snapshot that it is answered from.
pub(crate) fn request_data(snapshot: Arc<CatalogSnapshot>) -> Data {
    let mut data = Data::default();
    data.insert(snapshot);
    data
}
