//! Requests written by hand: half of one, or with a path that a client would tidy up.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Guest;

pub(crate) fn address(url: &str) -> SocketAddr {
    url.strip_prefix("http://").unwrap().parse().unwrap()
}

/// Sends a request's head: `line` is method and path, `headers` come after `host`.
pub(crate) async fn by_hand(url: &str, line: &str, headers: &str) -> TcpStream {
    let address = address(url);
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("{line} HTTP/1.1\r\nhost: {address}\r\n{headers}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

impl Guest {
    /// The head of a call as our page makes it; the body is the caller's.
    pub(crate) async fn by_hand(&self, function: &str, headers: &str) -> TcpStream {
        let headers =
            format!("cookie: {}\r\nsec-fetch-site: same-origin\r\n{headers}", self.cookie);
        by_hand(&self.url, &format!("POST /fn/{function}"), &headers).await
    }
}

/// Everything that comes until the server closes.
pub(crate) async fn answer(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}
