//! The connections: so many, each with a bounded time to say what it wants.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::serve::Listener;
use http::Request;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use crate::http::Peer;

/// Connections at a time; the next ones wait until one ends. Each costs a file and some kilobytes.
const CONNECTIONS: u32 = 4096;
/// A connection that does not say for so long what it wants is closed; also one that is kept for a next
/// request that does not come.
const HEAD: Duration = Duration::from_secs(60);

/// Answers until `stop`, then finishes what is open.
pub(super) async fn serve(
    mut listener: impl Listener<Addr = SocketAddr>,
    router: Router,
    stop: impl Future,
) {
    let places = Arc::new(Semaphore::new(usize::try_from(CONNECTIONS).unwrap_or(usize::MAX)));
    let (closing, open) = watch::channel(());
    let mut stop = std::pin::pin!(stop);
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, (stream, peer)) = tokio::select! {
            next = next => next,
            _ = &mut stop => break,
        };
        let mut server = http1::Builder::new();
        server.timer(TokioTimer::new()).header_read_timeout(HEAD);
        let service =
            TowerToHyperService::new(router.clone().map_request(move |mut request: Request<_>| {
                request.extensions_mut().insert(Peer(peer));
                request
            }));
        let connection = server.serve_connection(TokioIo::new(stream), service);
        let mut open = open.clone();
        tokio::spawn(async move {
            let mut connection = std::pin::pin!(connection);
            metrics::gauge!("holdfast_connections").increment(1);
            // What is wrong with a connection is the other side's affair.
            tokio::select! {
                _ = &mut connection => {}
                _ = open.changed() => {
                    connection.as_mut().graceful_shutdown();
                    let _ = connection.await;
                }
            }
            metrics::gauge!("holdfast_connections").decrement(1);
            drop(place);
        });
    }
    // Nobody is let in any more, and those who are there are let go after what they asked for.
    drop(listener);
    let _ = closing.send(());
    let _ = places.acquire_many(CONNECTIONS).await;
}
