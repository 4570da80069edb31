//! Writing an entry: the last thing of the transaction that does what it tells.

use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use super::chain::{self, Link};
use crate::cipher::{FORMAT, Place};
use crate::column::{column, to_word};
use crate::database::failure;
use crate::store::Store;

/// What is to be told.
pub(crate) struct Entry {
    account: Option<AccountId>,
    kind: AuditKind,
    session: Option<SessionId>,
    detail: String,
}

/// Where an entry's detail stands.
pub(super) fn place<'a>(account: &'a str, seq: &'a str) -> Place<'a> {
    Place { table: "audit", owner: account, id: seq }
}

impl Entry {
    /// Of an account, or of nobody's.
    pub(crate) fn of(account: impl Into<Option<AccountId>>, kind: AuditKind) -> Self {
        Self { account: account.into(), kind, session: None, detail: String::new() }
    }

    /// About one session.
    pub(crate) fn session(self, session: SessionId) -> Self {
        Self { session: Some(session), ..self }
    }

    /// More of it in words, encrypted for the account; left out where it is nobody's.
    pub(crate) fn detail(self, detail: &str) -> Self {
        Self { detail: detail.to_owned(), ..self }
    }

    /// Appends it to the chain. The chain's end is locked until the transaction ends, so nothing else should be
    /// locked after it.
    pub(crate) async fn write(self, store: &Store, connection: &mut AnyConnection) -> Result<()> {
        let before = chain::lock_head(store, connection).await?;
        let seq = before.seq + 1;
        let account = self.account.map(|account| account.to_string()).unwrap_or_default();
        let (key, detail) = match self.account.filter(|_| !self.detail.is_empty()) {
            Some(_) => {
                let row = sqlx::query("SELECT key FROM accounts WHERE id = $1")
                    .bind(account.clone())
                    .fetch_optional(&mut *connection)
                    .await
                    .map_err(failure)?
                    .ok_or(Error::Internal)?;
                let id: String = column(&row, "key")?;
                let key = store.keyring.get(connection, &id).await?;
                let place_id = seq.to_string();
                let place = place(&account, &place_id);
                let sealed = key.seal(&*store.environment, place, self.detail.as_bytes())?;
                (Some(id), Some(sealed))
            }
            None => (None, None),
        };
        let link = Link {
            seq,
            at: store.environment.now_ms(),
            account,
            session: self.session.map(|session| session.to_string()),
            kind: to_word(self.kind)?,
            key,
            format: FORMAT,
            detail,
        };
        let hash = link.hash(&store.audit_key, &before.hash);
        link.insert(connection, &hash).await?;
        chain::set_head(connection, seq, &hash).await
    }
}
