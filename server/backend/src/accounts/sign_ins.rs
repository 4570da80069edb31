//! The signed-in browsers of an account.

use holdfast_domain::account::SignedIn;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::SignInId;
use holdfast_domain::{Error, Result};

use crate::audit::Entry;
use crate::cipher::Place;
use crate::column::{column, id};
use crate::database::failure;
use crate::events::Topic;
use crate::{Backend, Visitor};

/// That a sign-in is in use is written this often.
const USE_MS: i64 = 5 * 60 * 1000;

pub(super) fn place<'a>(account: &'a str, sign_in: &'a str) -> Place<'a> {
    Place { table: "sign_ins", owner: account, id: sign_in }
}

impl Backend {
    /// The browsers that are signed in to the visitor's account, most recently used first.
    ///
    /// # Errors
    /// `NotSignedIn`, `Unavailable`.
    pub async fn sign_ins(&self, visitor: &Visitor) -> Result<Vec<SignedIn>> {
        let mut connection = self.store.database.read().await?;
        let account = self.own_account(&mut connection, visitor).await?;
        let owner = account.id.to_string();
        let rows = sqlx::query(
            "SELECT token_hash, id, format, device, created_at, used_at FROM sign_ins \
             WHERE account = $1 AND ended_at IS NULL ORDER BY used_at DESC, id DESC",
        )
        .bind(owner.clone())
        .fetch_all(&mut *connection)
        .await
        .map_err(failure)?;
        let key = self.store.keyring.get(&mut connection, &account.key).await?;
        let mut sign_ins = Vec::with_capacity(rows.len());
        for row in &rows {
            let name: String = column(row, "id")?;
            let sealed: Option<Vec<u8>> = column(row, "device")?;
            let format = column(row, "format")?;
            let device = sealed.and_then(|sealed| {
                let plain = key.open(format, place(&owner, &name), &sealed).ok();
                let device = plain.and_then(|plain| String::from_utf8(plain).ok());
                if device.is_none() {
                    self.store.damaged.report("sign_ins", &name);
                }
                device
            });
            sign_ins.push(SignedIn {
                id: id(row, "id")?,
                device: device.unwrap_or_default(),
                created_at_ms: column(row, "created_at")?,
                used_at_ms: column(row, "used_at")?,
                current: column::<String>(row, "token_hash")? == visitor.token_hash()?,
            });
        }
        Ok(sign_ins)
    }

    /// Signs a browser of the visitor's account out.
    ///
    /// # Errors
    /// `NotSignedIn`, `NotFound`, `StorageFull`, `Unavailable`.
    pub async fn end_sign_in(&self, visitor: &Visitor, sign_in: SignInId) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let account = self.own_account(connection, visitor).await?;
        let done = sqlx::query(
            "UPDATE sign_ins SET ended_at = $1 WHERE account = $2 AND id = $3 AND ended_at IS NULL",
        )
        .bind(self.store.environment.now_ms())
        .bind(account.id.to_string())
        .bind(sign_in.to_string())
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        if done.rows_affected() == 0 {
            return Err(Error::NotFound);
        }
        Entry::of(account.id, AuditKind::SignInEnded).write(&self.store, connection).await?;
        write.ring(Topic::Account(account.id));
        write.commit().await
    }

    /// Signs all other browsers of the visitor's account out; how many.
    ///
    /// # Errors
    /// `NotSignedIn`, `StorageFull`, `Unavailable`.
    pub async fn end_other_sign_ins(&self, visitor: &Visitor) -> Result<u64> {
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        let account = self.own_account(connection, visitor).await?;
        let keep = visitor.token_hash()?;
        let ended = self.store.end_sign_ins(connection, account.id, Some(keep)).await?;
        if ended > 0 {
            let entry = Entry::of(account.id, AuditKind::SignInEnded).detail(&ended.to_string());
            entry.write(&self.store, connection).await?;
        }
        write.ring(Topic::Account(account.id));
        write.commit().await?;
        Ok(ended)
    }

    /// Notes now and then that a sign-in is in use. What fails is logged where it fails, and tried again with
    /// the next use.
    pub(super) async fn note_use(&self, visitor: &Visitor) {
        let _ = self.try_note_use(visitor).await;
    }

    async fn try_note_use(&self, visitor: &Visitor) -> Result<()> {
        let (hash, now) = (visitor.token_hash()?, self.now_ms());
        let mut connection = self.store.database.read().await?;
        let row = sqlx::query("SELECT used_at FROM sign_ins WHERE token_hash = $1")
            .bind(hash.to_owned())
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?;
        drop(connection);
        let Some(row) = row else { return Ok(()) };
        if now.abs_diff(column(&row, "used_at")?) < USE_MS.unsigned_abs() {
            return Ok(());
        }
        let mut write = self.store.database.write().await?;
        sqlx::query("UPDATE sign_ins SET used_at = $1 WHERE token_hash = $2")
            .bind(now)
            .bind(hash.to_owned())
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }
}
