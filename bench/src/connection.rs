//! One kept HTTP connection, one request at a time, as a browser's tab uses it.

use anyhow::ensure;
use bytes::Bytes;
use http::{HeaderMap, Request, header};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

pub struct Connection {
    host: String,
    send: SendRequest<Full<Bytes>>,
}

impl Connection {
    pub async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::spawn(async move {
            // Its end shows in the next request.
            let _ = connection.await;
        });
        Ok(Self { host: address.into(), send })
    }

    /// The answer's body and headers.
    ///
    /// # Errors
    /// Every answer but 200.
    pub async fn get(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
    ) -> anyhow::Result<(HeaderMap, Bytes)> {
        self.request("GET", path, headers, Bytes::new()).await
    }

    /// As [`Connection::get`].
    pub async fn post(
        &mut self,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> anyhow::Result<Bytes> {
        Ok(self.request("POST", path, headers, body).await?.1)
    }

    async fn request(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Bytes,
    ) -> anyhow::Result<(HeaderMap, Bytes)> {
        let mut request =
            Request::builder().method(method).uri(path).header(header::HOST, &self.host);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send.ready().await?;
        let answer = self.send.send_request(request.body(Full::new(body))?).await?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await?.to_bytes();
        ensure!(head.status == 200, "{path}: {} {}", head.status, String::from_utf8_lossy(&body));
        Ok((head.headers, body))
    }
}
