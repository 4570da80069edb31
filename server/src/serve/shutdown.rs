//! Ending in order: nothing new is taken, what came is answered, what was acknowledged is committed.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use holdfast_backend::Backend;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;

use super::{ServeError, connections};
use crate::{AppState, Config};

/// Answers until somebody asks to stop, then as long as requests are open and the time allows.
pub(super) async fn serve_until_asked(
    listener: impl Listener<Addr = SocketAddr>,
    router: Router,
    asked: impl Future<Output = ()>,
    state: &AppState,
    config: &Config,
) {
    let (stop, stopped) = oneshot::channel::<()>();
    let mut serving = std::pin::pin!(connections::serve(listener, router, stopped));
    tokio::select! {
        () = &mut serving => return,
        () = asked => {}
    }
    tracing::info!("asked to stop: finishing what is open");
    state.stop();
    // What streams would go on for ever.
    state.backend.end_watching();
    let _ = stop.send(());
    if tokio::time::timeout(patience(config), serving).await.is_err() {
        tracing::warn!("some requests did not end in time and are cut off");
    }
}

/// Commits what waits, then lets go of the database.
pub(super) async fn close(backend: &Backend, config: &Config) {
    match tokio::time::timeout(patience(config), backend.close()).await {
        Ok(()) => tracing::info!("stopped"),
        Err(_) => tracing::error!("the database did not take what waited in time"),
    }
}

/// Half of the time is for requests, half for the database.
fn patience(config: &Config) -> Duration {
    Duration::from_secs(config.shutdown_seconds.into()) / 2
}

/// SIGTERM or SIGINT, from now on.
pub(super) fn asked_to_stop() -> Result<impl Future<Output = ()>, ServeError> {
    let mut terminate = signal(SignalKind::terminate()).map_err(ServeError::Run)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeError::Run)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}
