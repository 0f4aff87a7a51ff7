//! Taking the port.
//!
//! Owns what "every interface" means, what is said when the port is taken, and what the system is told about connections.

use std::{
    io::{self, ErrorKind},
    time::Duration,
};

use callboard_config::{ConfigSource, Environment, ListenAddress};
#[cfg(target_os = "linux")]
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};

use crate::failure::Failure;

/// How long a client may take nothing of what was sent before its connection is closed.
const TAKEN_WITHIN: Duration = Duration::from_secs(60);

/// Tells the system how a connection is to be treated. What it does not know it does without.
pub(super) fn prepare(connection: &mut TcpStream) {
    // An event must not wait until the client has confirmed the one before.
    let at_once = connection.set_nodelay(true);
    // Whoever vanished, or stopped reading, would else keep a connection and what waits in it for a quarter of an hour.
    let given_up = give_up_after(connection, TAKEN_WITHIN);
    if let Err(error) = at_once.and(given_up) {
        tracing::debug!(%error, "a connection could not be prepared");
    }
}

#[cfg(target_os = "linux")]
fn give_up_after(connection: &TcpStream, limit: Duration) -> io::Result<()> {
    SockRef::from(connection).set_tcp_user_timeout(Some(limit))
}

#[cfg(not(target_os = "linux"))]
fn give_up_after(_: &TcpStream, _: Duration) -> io::Result<()> {
    Ok(())
}

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
