//! Guests of whom nothing is left and who do not come back (OPS-1): all of their sessions were destroyed, and nobody
//! used their browser for as long as is set. Whoever comes with such a cookie after all is a new guest.

use holdfast_domain::Result;
use holdfast_domain::audit::AuditKind;
use holdfast_domain::id::AccountId;
use sqlx::AssertSqlSafe;

use crate::Backend;
use crate::audit::Entry;
use crate::column::{column, id};
use crate::database::failure;

/// Guests in one transaction.
const AT_ONCE: i64 = 64;

/// What says of an account `a` that it is such a guest's.
const EMPTY: &str = "a.registered_at IS NULL AND a.merged_into IS NULL AND a.created_at < $1 \
     AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.account = a.id) \
     AND NOT EXISTS (SELECT 1 FROM shared_values v WHERE v.account = a.id) \
     AND NOT EXISTS (SELECT 1 FROM sign_ins i WHERE i.account = a.id AND i.used_at >= $1)";

impl Backend {
    /// Destroys them; how many.
    pub(crate) async fn destroy_empty_guests(&self) -> Result<u64> {
        let before = self.now_ms().saturating_sub(self.store.settings.empty_guest_ms());
        let mut destroyed = 0;
        loop {
            let (found, gone) = self.destroy_some(before).await?;
            destroyed += gone;
            // Those that somebody used just now are found again: the next sweep asks again.
            if found == 0 || gone == 0 {
                return Ok(destroyed);
            }
        }
    }

    /// How many were found, and destroyed.
    async fn destroy_some(&self, before: i64) -> Result<(usize, u64)> {
        let store = &self.store;
        let mut write = store.database.write().await?;
        let connection = write.connection()?;
        let lock = store.database.dialect.lock();
        let sql = format!("SELECT a.id FROM accounts a WHERE {EMPTY} ORDER BY a.id LIMIT $2{lock}");
        let found = sqlx::query(AssertSqlSafe(sql))
            .bind(before)
            .bind(AT_ONCE)
            .fetch_all(&mut *connection)
            .await
            .map_err(failure)?;
        let mut gone: Vec<(AccountId, String)> = Vec::new();
        for row in &found {
            // Asked again now that nobody can give it a session any more: one may have come before the lock.
            let sql =
                format!("DELETE FROM accounts AS a WHERE a.id = $2 AND {EMPTY} RETURNING key");
            let account: AccountId = id(row, "id")?;
            let deleted = sqlx::query(AssertSqlSafe(sql))
                .bind(before)
                .bind(account.to_string())
                .fetch_optional(&mut *connection)
                .await
                .map_err(failure)?;
            if let Some(row) = deleted {
                gone.push((account, column(&row, "key")?));
            }
        }
        for (_, key) in &gone {
            store.keyring.destroy(connection, key).await?;
        }
        for (account, _) in &gone {
            Entry::of(*account, AuditKind::AccountDeleted).write(store, connection).await?;
        }
        write.commit().await?;
        gone.iter().for_each(|(_, key)| store.keyring.forget(key));
        Ok((found.len(), u64::try_from(gone.len()).unwrap_or(u64::MAX)))
    }
}
