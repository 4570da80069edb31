//! A guest of Holdfast with a session: what a browser's leading tab sends.

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use holdfast_domain::id::{BatchId, SessionId, SnapshotId};
use holdfast_domain::session::SessionMeta;
use holdfast_domain::snapshot::{SnapshotKind, SnapshotRequest};
use holdfast_domain::wire::{self, News, Position, SaveItem, SaveOutcome, SaveReply, SaveRequest};
use http::header::{ACCEPT, SET_COOKIE};
use uuid::Uuid;

use crate::connection::Connection;

pub struct Guest {
    pub session: SessionId,
    connection: Connection,
    cookie: String,
    have: Option<Position>,
}

impl Guest {
    /// Visits and makes up a session, which the first save creates.
    pub async fn visit(address: &str) -> anyhow::Result<Self> {
        let mut connection = Connection::open(address).await?;
        let (headers, _) = connection.get("/", &[(ACCEPT.as_str(), "text/html")]).await?;
        let set = headers.get(SET_COOKIE).context("the visit sets a cookie")?.to_str()?;
        let cookie = set.split(';').next().unwrap_or_default().to_owned();
        Ok(Self { session: Uuid::now_v7().into(), connection, cookie, have: None })
    }

    /// Saves an update: returns when the server has acknowledged it.
    pub async fn save(&mut self, update: Vec<u8>) -> anyhow::Result<()> {
        self.exchange(vec![SaveItem::Update(update)]).await.map(drop)
    }

    /// Takes a snapshot.
    pub async fn snapshot(&mut self) -> anyhow::Result<()> {
        let request = SnapshotRequest {
            id: SnapshotId::from(Uuid::now_v7()),
            name: "Before the ferry".into(),
            kind: SnapshotKind::Manual,
            at_ms: 0,
        };
        self.exchange(vec![SaveItem::Snapshot(request)]).await.map(drop)
    }

    /// Opens the session as a browser that has nothing of it; how many bytes of updates came.
    pub async fn open(&mut self) -> anyhow::Result<usize> {
        let body = self.call("/fn/load_context", wire::seal(&self.session)).await?;
        let mut news: News = wire::open(&body)?;
        let mut bytes = bytes_of(&news);
        while news.more {
            self.have = Some(news.position);
            news = self.exchange(Vec::new()).await?;
            bytes += bytes_of(&news);
        }
        Ok(bytes)
    }

    async fn exchange(&mut self, items: Vec<SaveItem>) -> anyhow::Result<News> {
        let request = SaveRequest {
            session: self.session,
            batch: BatchId::from(Uuid::now_v7()),
            active: !items.is_empty(),
            items,
            have: self.have,
            create: Some(SessionMeta { name: "Lofoten".into(), created_at_ms: 0 }),
            rename: false,
            want_state_vector: false,
        };
        let reply: SaveReply =
            wire::open(&self.call("/fn/save_context", wire::seal(&request)).await?)?;
        ensure!(reply.outcome == SaveOutcome::Acked, "{:?}", reply.outcome);
        self.have = Some(reply.news.position);
        Ok(reply.news)
    }

    async fn call(&mut self, path: &str, body: Vec<u8>) -> anyhow::Result<Bytes> {
        let headers = [("cookie", &*self.cookie), ("sec-fetch-site", "same-origin")];
        self.connection.post(path, &headers, body.into()).await
    }
}

fn bytes_of(news: &News) -> usize {
    news.updates.iter().map(|of_log| of_log.update.len()).sum()
}
