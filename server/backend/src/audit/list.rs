//! Reading one's own entries.

use holdfast_domain::Result;
use holdfast_domain::audit::{AuditEntry, AuditKind};
use holdfast_domain::id::SessionId;
use sqlx::AnyConnection;

use super::chain::Link;
use super::entry::place;
use crate::column::{id, to_word};
use crate::database::failure;
use crate::{Backend, Visitor};

/// Entries in one answer.
const PAGE: i64 = 100;

/// Which entries are wanted; all of them by default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this kind only.
    pub kind: Option<AuditKind>,
    /// Of this session only.
    pub session: Option<SessionId>,
    /// Not before this time, server milliseconds since the Unix epoch.
    pub from_ms: Option<i64>,
    /// Before this time.
    pub until_ms: Option<i64>,
    /// Older than this entry: the next page.
    pub before: Option<i64>,
}

impl Backend {
    /// The visitor's own entries, newest first, a hundred at most; those of a guest whose work was brought along
    /// with them.
    ///
    /// # Errors
    /// `NotSignedIn`, `Unavailable`.
    pub async fn audit(&self, visitor: &Visitor, filter: &AuditFilter) -> Result<Vec<AuditEntry>> {
        let mut connection = self.store.database.read().await?;
        let Some(account) = self.store.account(&mut connection, visitor).await? else {
            return Ok(Vec::new());
        };
        let kind = filter.kind.map(to_word).transpose()?;
        // What is not asked for is not compared: both databases want to know a placeholder's type.
        let rows = sqlx::query(
            "SELECT seq, at, account, session, kind, key, format, detail FROM audit \
             WHERE account IN (SELECT id FROM accounts WHERE id = $1 OR merged_into = $1) \
             AND seq < $2 AND at >= $3 AND at < $4 \
             AND ($5 = '' OR kind = $5) AND ($6 = '' OR session = $6) ORDER BY seq DESC LIMIT $7",
        )
        .bind(account.to_string())
        .bind(filter.before.unwrap_or(i64::MAX))
        .bind(filter.from_ms.unwrap_or(0))
        .bind(filter.until_ms.unwrap_or(i64::MAX))
        .bind(kind.unwrap_or_default())
        .bind(filter.session.map(|session| session.to_string()).unwrap_or_default())
        .bind(PAGE)
        .fetch_all(&mut *connection)
        .await
        .map_err(failure)?;
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            let link = Link::read(row)?;
            // Perhaps of a newer build: told all the same, by its word.
            let kind = link.kind.clone().into();
            let session = link.session.as_ref().map(|_| id(row, "session")).transpose()?;
            let detail = self.detail(&mut connection, &link).await;
            entries.push(AuditEntry { seq: link.seq, at_ms: link.at, kind, session, detail });
        }
        Ok(entries)
    }

    /// The detail in the clear; empty where there is none, or none that can be read.
    async fn detail(&self, connection: &mut AnyConnection, link: &Link) -> String {
        let (Some(key), Some(sealed)) = (&link.key, &link.detail) else { return String::new() };
        let Ok(key) = self.store.keyring.get(connection, key).await else { return String::new() };
        let seq = link.seq.to_string();
        let plain = key.open(link.format, place(&link.account, &seq), sealed).ok();
        plain.and_then(|plain| String::from_utf8(plain).ok()).unwrap_or_else(|| {
            self.store.damaged.report("audit", &seq);
            String::new()
        })
    }
}
