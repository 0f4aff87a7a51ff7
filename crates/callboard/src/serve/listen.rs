//! Taking the port.
//!
//! Owns what "every interface" means and what is said when the port is taken.

use std::io::{self, ErrorKind};

use callboard_config::{ConfigSource, Environment, ListenAddress};
use tokio::net::TcpListener;

use crate::failure::Failure;

/// Reads an address as `backend.listen` is read.
pub(super) fn parse(address: &str) -> Result<ListenAddress, Failure> {
    let environment = Environment::from([("APP_CONFIG_backend_listen".to_owned(), address.to_owned())]);
    let loaded = callboard_config::load(&[] as &[ConfigSource], &environment).map_err(|_| {
        Failure::usage(anyhow::anyhow!("--listen must be a port, `:port` or `host:port`, but is `{address}`"))
    })?;
    Ok(loaded.settings.backend.listen)
}

/// Takes the port. Without a host that is every interface, for IPv4 alone where the system has no IPv6.
pub(super) async fn bind(address: &ListenAddress) -> Result<TcpListener, Failure> {
    let bound = match &address.host {
        Some(host) => TcpListener::bind((host.as_str(), address.port)).await,
        None => match TcpListener::bind(("::", address.port)).await {
            Err(error) if error.kind() != ErrorKind::AddrInUse => TcpListener::bind(("0.0.0.0", address.port)).await,
            bound => bound,
        },
    };
    bound.map_err(|error| cannot_bind(address, error))
}

fn cannot_bind(address: &ListenAddress, error: io::Error) -> Failure {
    let shown = match &address.host {
        Some(host) => format!("{host}:{}", address.port),
        None => format!("port {}", address.port),
    };
    let hint = match error.kind() {
        ErrorKind::AddrInUse => "; another program uses it. Choose another with `backend.listen` or `--listen`",
        ErrorKind::PermissionDenied => "; ports below 1024 need a privilege",
        _ => "",
    };
    Failure::unavailable(error).context(format!("cannot listen on {shown}{hint}"))
}

#[cfg(test)]
mod tests;
