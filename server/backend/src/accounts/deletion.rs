//! Deleting an account: asked for with the password, undone by signing in within the grace time, then for good.

use holdfast_domain::Result;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::AccountId;
use sqlx::AnyConnection;

use crate::audit::Entry;
use crate::column::{column, id};
use crate::database::failure;
use crate::events::Topic;
use crate::store::Store;
use crate::{Backend, Token, Visitor};

/// Milliseconds of a day.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

impl Backend {
    /// Has the visitor's account deleted when the grace time is over, and signs out every browser now. The
    /// answer is a token for whoever uses this one next.
    ///
    /// # Errors
    /// `NotSignedIn`, `InvalidValue` of `password`, `RateLimited`, `StorageFull`, `Unavailable`.
    pub async fn delete_account(&self, visitor: &Visitor, password: &str) -> Result<Token> {
        let row = self.confirm(visitor, "password", password).await?;
        let delete_at = self.now_ms() + i64::from(self.store.settings.grace_days) * DAY_MS;
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        self.own_account(connection, visitor).await?;
        sqlx::query("UPDATE accounts SET delete_at = $1 WHERE id = $2")
            .bind(delete_at)
            .bind(row.id.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        self.store.end_sign_ins(connection, row.id, None).await?;
        Entry::of(row.id, AuditKind::AccountDeleting).write(&self.store, connection).await?;
        write.ring(Topic::Account(row.id));
        write.commit().await?;
        Ok(self.issue_token())
    }
}

impl Backend {
    /// Destroys the accounts whose grace time is over, with all that was theirs; how many. Their entries of the audit
    /// log stay, and nothing in them can be read that was encrypted. To be called from time to time, where the clock
    /// can be believed; broken off, it goes on with the next call.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`.
    pub async fn destroy_deleted_accounts(&self) -> Result<u64> {
        let accounts = self.take_deleted().await?;
        let mut destroyed = 0;
        for account in accounts {
            self.destroy_account(account).await?;
            destroyed += 1;
        }
        Ok(destroyed)
    }

    /// Those that go now. From here on nobody signs in to them, and their addresses are free.
    async fn take_deleted(&self) -> Result<Vec<AccountId>> {
        let now = self.now_ms();
        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        sqlx::query(
            "UPDATE accounts SET email_hash = NULL, email = NULL, password = NULL, \
             registered_at = NULL WHERE delete_at <= $1",
        )
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        let rows = sqlx::query("SELECT id FROM accounts WHERE delete_at <= $1")
            .bind(now)
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
        write.commit().await?;
        rows.iter().map(|row| id(row, "id")).collect()
    }

    async fn destroy_account(&self, account: AccountId) -> Result<()> {
        let mut write = self.store.database.write().await?;
        // As deleted ones whose own grace is over: nothing brings them back.
        sqlx::query(
            "UPDATE sessions SET state = 'deleted', state_before = NULL, state_at = $1 \
             WHERE account = $2 AND (state <> 'deleted' OR state_before IS NOT NULL)",
        )
        .bind(self.now_ms())
        .bind(account.to_string())
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.commit().await?;
        self.destroy_deleted_sessions().await?;

        let mut write = self.store.database.write().await?;
        let connection = write.connection()?;
        // Its own, and those of guests whose work it got.
        let keys = sqlx::query("SELECT key FROM accounts WHERE id = $1 OR merged_into = $1")
            .bind(account.to_string())
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
        let gone = sqlx::query("DELETE FROM accounts WHERE id = $1 OR merged_into = $1")
            .bind(account.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        let keys: Vec<String> = keys.iter().map(|row| column(row, "key")).collect::<Result<_>>()?;
        for key in &keys {
            self.store.keyring.destroy(connection, key).await?;
        }
        // Another node was quicker otherwise.
        if gone.rows_affected() > 0 {
            Entry::of(account, AuditKind::AccountDeleted).write(&self.store, connection).await?;
        }
        write.commit().await?;
        keys.iter().for_each(|key| self.store.keyring.forget(key));
        Ok(())
    }
}

impl Store {
    /// An account that was to be deleted stays.
    pub(super) async fn keep_account(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
    ) -> Result<()> {
        sqlx::query("UPDATE accounts SET delete_at = NULL WHERE id = $1")
            .bind(account.to_string())
            .execute(&mut *connection)
            .await
            .map_err(failure)?;
        Entry::of(account, AuditKind::AccountKept).write(self, connection).await
    }
}
