//! What was answered to requests that name themselves (`Idempotency-Key`): asked again, the same is answered and nothing
//! is done twice. <https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/>

use holdfast_domain::id::AccountId;
use holdfast_domain::{Error, Result};
use sha2::{Digest, Sha256};
use sqlx::{AnyConnection, Row};

use crate::cipher::{FORMAT, Place};
use crate::column::column;
use crate::database::failure;
use crate::{Backend, Visitor, hex};

/// One that was begun so long ago has died with its server, and is done again: by then it was either committed, and
/// finds what it made, or it was not.
const DEAD_MS: i64 = 2 * 60 * 1000;

/// A request that names itself, begun.
#[derive(Debug)]
pub struct Reply {
    account: AccountId,
    name: String,
}

/// What a request that names itself comes to.
#[derive(Debug)]
pub enum Replied {
    /// It is to be done; what is answered is to be kept with [`Backend::keep_reply`], or, where it came to nothing, to be
    /// dropped with [`Backend::drop_reply`].
    New(Reply),
    /// It was done: this was answered.
    Before(Vec<u8>),
}

fn hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        // Their lengths keep them apart.
        hasher.update(part.len().to_le_bytes());
        hasher.update(part);
    }
    hex::encode(&hasher.finalize())
}

impl Backend {
    /// Begins a request that the client calls `key`; `request` are the parts by which it is recognised.
    ///
    /// # Errors
    /// `KeyReused` where another request had this name, `InProgress` while it is being worked on, `NotSignedIn`,
    /// `StorageFull`, `Unavailable`.
    pub async fn begin_reply(
        &self,
        visitor: &Visitor,
        key: &str,
        request: &[&[u8]],
    ) -> Result<Replied> {
        let (name, request) = (hash(&[key.as_bytes()]), hash(request));
        let now = self.now_ms();
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let account = self.store.ensure_account(connection, visitor).await?;
        let done = sqlx::query(
            "INSERT INTO replies (account, name, request, format, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account, name) DO NOTHING",
        )
        .bind(account.to_string())
        .bind(name.clone())
        .bind(request.clone())
        .bind(FORMAT)
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        let begun = Reply { account, name };
        if done.rows_affected() == 1 {
            write.commit().await?;
            return Ok(Replied::New(begun));
        }
        let row = sqlx::query(
            "SELECT request, format, answer, at FROM replies WHERE account = $1 AND name = $2",
        )
        .bind(account.to_string())
        .bind(begun.name.clone())
        .fetch_one(&mut *connection)
        .await
        .map_err(failure)?;
        if column::<String>(&row, "request")? != request {
            return Err(Error::KeyReused);
        }
        let Some(sealed) = column::<Option<Vec<u8>>>(&row, "answer")? else {
            if now.abs_diff(column(&row, "at")?) < DEAD_MS.unsigned_abs() {
                return Err(Error::InProgress);
            }
            sqlx::query("UPDATE replies SET at = $1 WHERE account = $2 AND name = $3")
                .bind(now)
                .bind(account.to_string())
                .bind(begun.name.clone())
                .execute(&mut *connection)
                .await
                .map_err(failure)?;
            write.commit().await?;
            return Ok(Replied::New(begun));
        };
        let key = self.account_key(connection, account).await?;
        let owner = account.to_string();
        let answer = key.open(column(&row, "format")?, begun.place(&owner), &sealed)?;
        Ok(Replied::Before(answer))
    }

    /// Keeps what was answered, for a day.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`.
    pub async fn keep_reply(&self, reply: &Reply, answer: &[u8]) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let key = self.account_key(connection, reply.account).await?;
        let owner = reply.account.to_string();
        let sealed = key.seal(&*self.store.environment, reply.place(&owner), answer)?;
        sqlx::query("UPDATE replies SET answer = $1, format = $2 WHERE account = $3 AND name = $4")
            .bind(sealed)
            .bind(FORMAT)
            .bind(owner.clone())
            .bind(reply.name.clone())
            .execute(connection)
            .await
            .map_err(failure)?;
        write.commit().await
    }

    /// It came to nothing: asked again, it is done.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn drop_reply(&self, reply: &Reply) -> Result<()> {
        let mut write = self.store.database.write().await?;
        sqlx::query("DELETE FROM replies WHERE account = $1 AND name = $2 AND answer IS NULL")
            .bind(reply.account.to_string())
            .bind(reply.name.clone())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }

    async fn account_key(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<std::sync::Arc<crate::cipher::Key>> {
        let row = sqlx::query("SELECT key FROM accounts WHERE id = $1")
            .bind(account.to_string())
            .fetch_one(&mut *connection)
            .await
            .map_err(failure)?;
        let id: String = row.try_get("key").map_err(failure)?;
        self.store.keyring.get(connection, &id).await
    }
}

impl Reply {
    fn place<'a>(&'a self, owner: &'a str) -> Place<'a> {
        Place { table: "replies", owner, id: &self.name }
    }
}
