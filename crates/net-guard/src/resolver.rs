//! Name resolution that refuses addresses nobody should reach through us.
//!
//! Owns the check of resolved addresses. The HTTP client connects only to what this returns, so that a name can't give
//! a harmless address to a check and another one to the connection.

use std::{io, net::SocketAddr, sync::Arc};

use futures::future::BoxFuture;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::{Refusal, is_public};

/// Asks for the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> + Send + Sync>;

/// Says whether a name, in lower case, may have an address that is not public.
type Exempt = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// Resolves names and refuses those with an address that is not public.
pub struct GuardedResolver {
    lookup: Lookup,
    is_exempt: Exempt,
}

/// A name has an address that may not be reached.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct RefusedAddress(pub Refusal);

impl GuardedResolver {
    /// Makes a resolver; names for which `is_exempt` says so may have any address.
    pub fn new(lookup: Lookup, is_exempt: impl Fn(&str) -> bool + Send + Sync + 'static) -> Self {
        Self { lookup, is_exempt: Box::new(is_exempt) }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_lowercase();
        let may_be_private = (self.is_exempt)(&name);
        let answer = (self.lookup)(name.clone());
        Box::pin(async move {
            let addresses = answer.await?;
            if let Some(refused) = addresses.iter().find(|address| !may_be_private && !is_public(address.ip())) {
                return Err(RefusedAddress(Refusal::NotPublic(format!("{name} ({})", refused.ip()))).into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// Returns the system's resolver.
#[must_use]
pub fn system_lookup() -> Lookup {
    Arc::new(|name| Box::pin(async move { Ok(tokio::net::lookup_host((name.as_str(), 0)).await?.collect()) }))
}
