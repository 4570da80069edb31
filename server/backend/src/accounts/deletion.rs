//! Deleting an account: asked for with the password, undone by signing in within the grace time, then for good.

use holdfast_domain::Result;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::AccountId;
use sqlx::AnyConnection;

use crate::audit::Entry;
use crate::database::failure;
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
        write.commit().await?;
        Ok(self.issue_token())
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
