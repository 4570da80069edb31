//! A stream of server-sent events, as a client reads it.

use std::collections::VecDeque;
use std::time::Duration;

use reqwest::RequestBuilder;
use serde_json::Value;

/// How long the next event is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Sent {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

pub(crate) struct Stream {
    response: reqwest::Response,
    text: Vec<u8>,
    ready: VecDeque<Sent>,
    /// Bytes that came, in all.
    pub(crate) received: usize,
}

impl Stream {
    pub(crate) async fn open(request: RequestBuilder) -> Self {
        Self::of(request.send().await.unwrap())
    }

    pub(crate) fn of(response: reqwest::Response) -> Self {
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, text: Vec::new(), ready: VecDeque::new(), received: 0 }
    }

    /// The next event; `None` where the stream ends, or the line breaks.
    pub(crate) async fn next(&mut self) -> Option<Sent> {
        loop {
            if let Some(sent) = self.ready.pop_front() {
                return Some(sent);
            }
            let chunk = tokio::time::timeout(PATIENCE, self.response.chunk()).await;
            let chunk = chunk.expect("the next event comes").ok()??;
            self.received += chunk.len();
            self.text.extend_from_slice(&chunk);
            while let Some(end) = self.text.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.text.drain(..end + 2).collect();
                self.ready.extend(read(&String::from_utf8(block).unwrap()));
            }
        }
    }
}

/// One block; `None` for a comment.
fn read(block: &str) -> Option<Sent> {
    let field = |name: &str| {
        let line = block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.map(|value| value.trim_start().to_owned())
    };
    let data = field("data")?;
    let (name, id) = (field("event").unwrap_or_default(), field("id").unwrap_or_default());
    Some(Sent { name, id, data: serde_json::from_str(&data).unwrap() })
}
