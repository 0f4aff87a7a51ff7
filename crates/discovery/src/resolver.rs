//! Name resolution that refuses addresses nobody should reach through us.
//!
//! Owns the check of resolved addresses. The HTTP client connects only to what this returns, so that a name can't give
//! a harmless address to a check and another one to the connection.

use std::{io, net::SocketAddr, sync::Arc};

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::guard::{Guard, is_public, private_refusal};

/// Asks for the addresses of a name.
pub(crate) type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Resolves names and refuses those with an address that is not public, unless the guard lets the name have one.
pub(crate) struct GuardedResolver {
    pub(crate) guard: Guard,
    pub(crate) lookup: Lookup,
}

/// A name has an address that may not be reached.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct RefusedAddress(String);

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_lowercase();
        let may_be_private = self.guard.name_may_be_private(&name);
        let answer = (self.lookup)(name.clone());
        Box::pin(async move {
            let addresses = answer.await?;
            if let Some(refused) = addresses.iter().find(|address| !may_be_private && !is_public(address.ip())) {
                return Err(RefusedAddress(private_refusal(&format!("{name} ({})", refused.ip()))).into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Returns the system's resolver.
pub(crate) fn system_lookup() -> Lookup {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) }))
}
