//! A line to the server that is slow and breaks: it delays every piece, and cuts a connection in the middle
//! of what is asked or of what is answered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use holdfast_backend::SystemEnvironment;
use holdfast_domain::Environment;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use super::address;

/// How long a piece is held up at most.
const DELAY_MS: u64 = 10;

/// Where a connection is cut: after so many bytes at most. A save asks with about 600 and is answered with
/// as many, so one of them is often the last of its connection, and cut in its middle.
const CUT_BYTES: u64 = 6_000;

#[derive(Default)]
struct Cuts {
    asked: AtomicUsize,
    answered: AtomicUsize,
}

pub(crate) struct Proxy {
    pub(crate) url: String,
    cuts: Arc<Cuts>,
    task: JoinHandle<()>,
}

impl Proxy {
    pub(crate) async fn before(url: &str) -> Self {
        let server = address(url);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let cuts = Arc::<Cuts>::default();
        let task = tokio::spawn(serve(listener, server, cuts.clone()));
        Self { url, cuts, task }
    }

    /// How often it was cut while something was asked, and while something was answered.
    pub(crate) fn cuts(&self) -> (usize, usize) {
        let Cuts { asked, answered } = &*self.cuts;
        (asked.load(Ordering::Relaxed), answered.load(Ordering::Relaxed))
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(listener: TcpListener, server: SocketAddr, cuts: Arc<Cuts>) {
    while let Ok((client, _)) = listener.accept().await {
        let cuts = cuts.clone();
        tokio::spawn(async move {
            let Ok(server) = TcpStream::connect(server).await else { return };
            let (from_client, to_client) = client.into_split();
            let (from_server, to_server) = server.into_split();
            // Whichever ends first ends both: the halves are dropped, and what is on its way is lost.
            tokio::select! {
                cut = carry(from_client, to_server, random(CUT_BYTES)) => {
                    cuts.asked.fetch_add(usize::from(cut), Ordering::Relaxed);
                }
                cut = carry(from_server, to_client, random(CUT_BYTES)) => {
                    cuts.answered.fetch_add(usize::from(cut), Ordering::Relaxed);
                }
            }
        });
    }
}

/// Carries so many bytes, in pieces. Whether there was more.
async fn carry(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, bytes: u64) -> bool {
    let mut left = usize::try_from(bytes).unwrap();
    let mut piece = [0; 400];
    loop {
        let Ok(read @ 1..) = from.read(&mut piece).await else { return false };
        tokio::time::sleep(Duration::from_millis(random(DELAY_MS))).await;
        let carried = read.min(left);
        if to.write_all(&piece[..carried]).await.is_err() {
            return false;
        }
        left -= carried;
        if carried < read {
            return true;
        }
    }
}

/// Less than `bound`.
fn random(bound: u64) -> u64 {
    let mut bytes = [0; 8];
    SystemEnvironment.fill_random(&mut bytes);
    u64::from_le_bytes(bytes) % bound
}
