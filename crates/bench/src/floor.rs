//! The floor: a bare axum handler that reads the request and answers the same bytes, always.
//!
//! Owns that handler and its process. It tells what HTTP itself costs on this machine, so that what is above it is
//! the server's own doing. Start reading at [`FloorServer::start`].

use std::{
    net::SocketAddr,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use axum::{Router, body::Bytes, http::header, routing::post, serve::ListenerExt as _};
use tokio::{
    net::{TcpListener, TcpStream},
    process::{Child, Command},
    time::sleep,
};

use crate::server::free_address;

/// A running bare handler; killed when dropped.
#[derive(Debug)]
pub(crate) struct FloorServer {
    // Held so that the process lives as long as this value.
    _child: Child,
    pub(crate) pid: u32,
    pub(crate) address: String,
}

impl FloorServer {
    /// Starts this very program again as a server of the bytes in `answer`.
    pub(crate) async fn start(answer: &Path) -> Result<Self> {
        let address = free_address()?;
        let program = std::env::current_exe().context("failed to find this program")?;
        let child = Command::new(program)
            .args(["floor", "--listen", &address, "--answer"])
            .arg(answer)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("failed to start the bare handler")?;
        let pid = child.id().context("the bare handler has ended at once")?;
        let start = Instant::now();
        while TcpStream::connect(&address).await.is_err() {
            if start.elapsed() > Duration::from_secs(10) {
                bail!("the bare handler does not listen on {address}");
            }
            sleep(Duration::from_millis(5)).await;
        }
        Ok(Self { _child: child, pid, address })
    }
}

/// Answers every `POST /graphql` with the same bytes until the process ends.
pub(crate) async fn serve_file(listen: SocketAddr, answer: &Path) -> Result<()> {
    let bytes = std::fs::read(answer).with_context(|| format!("failed to read {}", answer.display()))?;
    let listener = TcpListener::bind(listen).await.with_context(|| format!("failed to listen on {listen}"))?;
    serve(listener, Bytes::from(bytes)).await
}

/// Answers every `POST /graphql` on a listener with the same bytes.
pub(crate) async fn serve(listener: TcpListener, answer: Bytes) -> Result<()> {
    let handler = move |_request: Bytes| {
        let answer = answer.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], answer) }
    };
    let listener = listener.tap_io(|stream| {
        // Without it the figure would be worse in rare cases, never wrong.
        let _ = stream.set_nodelay(true);
    });
    axum::serve(listener, Router::new().route("/graphql", post(handler))).await.context("the bare handler failed")
}
