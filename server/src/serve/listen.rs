//! The listening socket.

use std::net::SocketAddr;

use axum::serve::ListenerExt;
use tokio::net::TcpListener;

use super::ServeError;

/// Listens; with port 0 the system chooses one, so the address is told back.
pub(super) async fn bind(
    addr: SocketAddr,
) -> Result<(impl axum::serve::Listener<Addr = SocketAddr>, SocketAddr), ServeError> {
    let failed = |cause| ServeError::Listen { addr, cause };
    let listener = TcpListener::bind(addr).await.map_err(failed)?;
    let addr = listener.local_addr().map_err(failed)?;
    // Answers are small and whole: waiting for more to send with them only delays them.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok((listener, addr))
}
