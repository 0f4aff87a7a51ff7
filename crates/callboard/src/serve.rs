//! `callboard serve`: the server, from the first line of the configuration to the last request.
//!
//! Owns the order in which things start and stop. The port is taken first, so that a second server on it ends before it
//! touches the database; requests are answered as soon as the view is loaded, while sources are read behind them.

mod listen;
mod signals;
mod welcome;

use std::{net::SocketAddr, path::PathBuf, sync::Arc};

use axum::serve::ListenerExt;
use callboard_catalog::Catalog;
use callboard_config::{LocationSetting, Settings};
use callboard_discovery::{Reader, Watcher};
use callboard_foundation::{Clock, ErrorCode};
use callboard_gateway::{OpenSockets, webhook_dialect};
use callboard_webhooks::Webhooks;
use sea_orm::DatabaseConnection;
use tokio::{net::TcpListener, sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    adapters::{self, ReaderAdapter},
    cli::ServeArguments,
    configuration::{Configuration, load_configuration},
    database, example,
    failure::{Failure, Status, chain},
    watch,
};

/// Runs the command.
pub(crate) async fn run(config: &[PathBuf], arguments: &ServeArguments) -> Result<Status, Failure> {
    let Configuration { mut settings, is_example } = load_configuration(config)?;
    if let Some(address) = &arguments.listen {
        settings.backend.listen = listen::parse(address)?;
    }
    let listener = listen::bind(&settings.backend.listen).await?;
    if is_example {
        settings.catalog.locations.push(example_location(&settings)?);
    }
    let shutdown = CancellationToken::new();
    let mut background = JoinSet::new();
    let db = database::open_migrated(&settings).await?;
    let catalog = open_catalog(db.clone(), &settings, &shutdown, &mut background).await?;
    let webhooks = open_webhooks(db, &catalog, &settings, &shutdown, &mut background)?;
    signals::listen(shutdown.clone())?;
    welcome::show(&listener, &settings, is_example)?;
    let served = serve(listener, &catalog, webhooks, &settings, &shutdown).await;
    shutdown.cancel();
    finish(background, &settings).await;
    served
}

/// Opens the catalog and starts what keeps it up to date.
async fn open_catalog(
    db: DatabaseConnection,
    settings: &Settings,
    shutdown: &CancellationToken,
    background: &mut JoinSet<()>,
) -> Result<Catalog, Failure> {
    let reader = Reader::new(adapters::reader_settings(settings), Clock::system())
        .map_err(|error| Failure::coded(error.code(), error))?;
    let (sender, changed) = mpsc::channel(watch::QUEUE);
    let reader = Arc::new(ReaderAdapter::new(reader, watcher(settings, sender)));
    let failed =
        |error: callboard_catalog::CatalogError| Failure::coded(error.code(), error).context("cannot open the catalog");
    let catalog =
        Catalog::open(db, reader, Clock::system(), adapters::catalog_settings(settings)).await.map_err(failed)?;
    catalog.sync_config_locations(adapters::configured_locations(settings)).await.map_err(failed)?;
    let running = catalog.clone();
    let token = shutdown.clone();
    background.spawn(async move { running.run(token).await });
    background.spawn(watch::run(catalog.clone(), changed, shutdown.clone()));
    Ok(catalog)
}

/// Opens the webhooks and starts delivering.
fn open_webhooks(
    db: DatabaseConnection,
    catalog: &Catalog,
    settings: &Settings,
    shutdown: &CancellationToken,
    background: &mut JoinSet<()>,
) -> Result<Webhooks, Failure> {
    let own = adapters::webhook_settings(settings);
    let webhooks = Webhooks::open(db, catalog.clone(), Clock::system(), own, webhook_dialect())
        .map_err(|error| Failure::coded(error.code(), error))?;
    let (running, token) = (webhooks.clone(), shutdown.clone());
    background.spawn(async move { running.run(token).await });
    Ok(webhooks)
}

/// Starts the watcher. Without one, changes are found on schedule, so that its failure is no reason not to start.
fn watcher(settings: &Settings, sender: mpsc::Sender<Arc<str>>) -> Option<Watcher> {
    if !settings.callboard.watches_files {
        return None;
    }
    Watcher::start(sender)
        .inspect_err(|error| {
            tracing::warn!(error = chain(error), "files are not watched; changes are found on schedule");
        })
        .ok()
}

/// Answers requests until told to stop, and then lets those that run finish, within bounds.
async fn serve(
    listener: TcpListener,
    catalog: &Catalog,
    webhooks: Webhooks,
    settings: &Settings,
    shutdown: &CancellationToken,
) -> Result<Status, Failure> {
    let sockets = OpenSockets::default();
    let untrusted = |error| Failure::coded(ErrorCode::BadInput, error);
    let mut gateway = adapters::gateway_settings(settings).map_err(untrusted)?;
    gateway.client_limit =
        adapters::client_limit(settings).map_err(|error| Failure::coded(ErrorCode::BadInput, error))?;
    let router = callboard_gateway::router(catalog.clone(), webhooks, gateway, Clock::system(), sockets.clone());
    let router = router.map_err(untrusted)?.into_make_service_with_connect_info::<SocketAddr>();
    let serving = async {
        let draining = shutdown.clone().cancelled_owned();
        let served = axum::serve(listener.tap_io(listen::prepare), router).with_graceful_shutdown(draining);
        // Told at once: what is sent for as long as somebody listens would never be drained.
        let closing = async {
            shutdown.cancelled().await;
            sockets.close().await;
        };
        tokio::join!(served.into_future(), closing).0
    };
    let out_of_time = async {
        shutdown.cancelled().await;
        tokio::time::sleep(settings.callboard.shutdown_timeout).await;
    };
    tokio::select! {
        result = serving => result.map_err(Failure::internal)?,
        () = out_of_time => tracing::warn!("requests that still run are cut off"),
    }
    tracing::info!("stopped");
    Ok(Status::Success)
}

/// Waits for the work in the background, as long as it may take.
async fn finish(mut background: JoinSet<()>, settings: &Settings) {
    let joined = async { while background.join_next().await.is_some() {} };
    if tokio::time::timeout(settings.callboard.shutdown_timeout, joined).await.is_err() {
        tracing::warn!("work in the background is cut off; nothing of a reading that was not finished was written");
    }
}

/// Unpacks the example organisation and returns its location.
fn example_location(settings: &Settings) -> Result<LocationSetting, Failure> {
    let folder = settings.callboard.data_directory.join("example");
    let root = example::unpack(&folder).map_err(|error| {
        Failure::unavailable(error).context(format!("cannot unpack the example organisation to `{}`", folder.display()))
    })?;
    let target = root.to_string_lossy().into_owned();
    Ok(LocationSetting { kind: "file".to_owned(), target, is_required: true, rules: None })
}
