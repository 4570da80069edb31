//! What a person prefers, on every device.

use holdfast_domain::shared::Preferences;
use holdfast_domain::{Error, Result};
use sqlx::AnyConnection;

use crate::cipher::{FORMAT, Place};
use crate::column::column;
use crate::database::failure;
use crate::{Backend, Visitor};

fn place(account: &str) -> Place<'_> {
    Place { table: "preferences", owner: account, id: account }
}

impl Backend {
    /// The visitor's preferences; the defaults where none were set, or where they can no longer be
    /// read.
    ///
    /// # Errors
    /// `Unavailable`.
    pub async fn preferences(&self, visitor: &Visitor) -> Result<Preferences> {
        let mut connection = self.store.database.read().await?;
        let Some(account) = self.store.account(&mut connection, visitor).await? else {
            return Ok(Preferences::default());
        };
        let account = account.to_string();
        let row = sqlx::query("SELECT key, format, value FROM preferences WHERE account = $1")
            .bind(account.clone())
            .fetch_optional(&mut *connection)
            .await
            .map_err(failure)?;
        let Some(row) = row else { return Ok(Preferences::default()) };
        let key_id: String = column(&row, "key")?;
        let key = self.store.keyring.get(&mut connection, &key_id).await?;
        let sealed: Vec<u8> = column(&row, "value")?;
        let plain = key.open(column(&row, "format")?, place(&account), &sealed).ok();
        let preferences = plain.and_then(|plain| serde_json::from_slice(&plain).ok());
        Ok(preferences.unwrap_or_else(|| {
            self.store.damaged.report("preferences", &account);
            Preferences::default()
        }))
    }

    /// Sets the visitor's preferences.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`.
    pub async fn set_preferences(
        &self,
        visitor: &Visitor,
        preferences: &Preferences,
    ) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let account = self.store.ensure_account(write.connection()?, visitor).await?;
        let account = account.to_string();
        let key_id = key_of(write.connection()?, &account).await?;
        let key = self.store.keyring.get(write.connection()?, &key_id).await?;
        let plain = serde_json::to_vec(preferences).map_err(|_| Error::Internal)?;
        let value = key.seal(&*self.store.environment, place(&account), &plain)?;
        sqlx::query(
            "INSERT INTO preferences (account, key, format, value, updated_at) \
             VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (account) DO UPDATE SET key = excluded.key, format = excluded.format, \
             value = excluded.value, updated_at = excluded.updated_at",
        )
        .bind(account)
        .bind(key_id)
        .bind(FORMAT)
        .bind(value)
        .bind(self.store.environment.now_ms())
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.commit().await
    }
}

async fn key_of(connection: &mut AnyConnection, account: &str) -> Result<String> {
    let row = sqlx::query("SELECT key FROM accounts WHERE id = $1")
        .bind(account)
        .fetch_one(connection)
        .await
        .map_err(failure)?;
    column(&row, "key")
}
