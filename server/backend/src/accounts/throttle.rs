//! Wrong passwords in a row: each makes the next try wait longer, on any node, and the same for an address that
//! is nobody's (SEC-4, SEC-6).

use holdfast_domain::{Error, Result};
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::Backend;
use crate::column::column;
use crate::database::failure;
use crate::store::Store;

/// So many are nobody's business: people mistype.
const FREE: i64 = 5;
/// The wait after the next one, doubled with each...
const FIRST_MS: i64 = 1_000;
/// ...up to this, so that nobody can be locked out for long by somebody else.
const LONGEST_MS: i64 = 15 * 60 * 1000;
/// After so long all is forgotten.
const FORGOTTEN_MS: i64 = 24 * 60 * 60 * 1000;

/// How long to wait after so many.
fn wait_ms(failures: i64) -> i64 {
    match failures - FREE {
        ..0 => 0,
        more => FIRST_MS.saturating_mul(1 << more.min(20)).min(LONGEST_MS),
    }
}

impl Store {
    /// Takes one try: it counts as a wrong one until [`Store::forget_failures`], so that many at once are many.
    ///
    /// # Errors
    /// `RateLimited` with the time to wait.
    pub(super) async fn take_try(
        &self,
        connection: &mut AnyConnection,
        email_hash: &str,
    ) -> Result<()> {
        let now = self.environment.now_ms();
        // There is a row to be locked, whoever comes first.
        sqlx::query(
            "INSERT INTO sign_in_failures (email_hash, failures, last_at) VALUES ($1, 0, $2) \
             ON CONFLICT (email_hash) DO NOTHING",
        )
        .bind(email_hash.to_owned())
        .bind(now)
        .execute(&mut *connection)
        .await
        .map_err(failure)?;
        let sql = format!(
            "SELECT failures, last_at FROM sign_in_failures WHERE email_hash = $1{}",
            self.database.dialect.lock()
        );
        let before = sqlx::query(AssertSqlSafe(sql))
            .bind(email_hash.to_owned())
            .fetch_one(&mut *connection)
            .await
            .map_err(failure)?;
        let gone = now - column::<i64>(&before, "last_at")?;
        let failures = if gone > FORGOTTEN_MS { 0 } else { column(&before, "failures")? };
        // A clock that was set back must not keep somebody out for ever.
        let left = if gone < 0 { 0 } else { wait_ms(failures) - gone };
        if let Ok(retry_after_ms @ 1..) = u64::try_from(left) {
            return Err(Error::RateLimited { retry_after_ms });
        }
        sqlx::query(
            "UPDATE sign_in_failures SET failures = $1, last_at = $2 WHERE email_hash = $3",
        )
        .bind(failures + 1)
        .bind(now)
        .bind(email_hash.to_owned())
        .execute(connection)
        .await
        .map_err(failure)?;
        Ok(())
    }

    /// It was the right one.
    pub(super) async fn forget_failures(
        &self,
        connection: &mut AnyConnection,
        email_hash: &str,
    ) -> Result<()> {
        sqlx::query("DELETE FROM sign_in_failures WHERE email_hash = $1")
            .bind(email_hash.to_owned())
            .execute(connection)
            .await
            .map_err(failure)?;
        Ok(())
    }
}

/// For so long what was answered is answered again.
const REPLIES_MS: i64 = 24 * 60 * 60 * 1000;

impl Backend {
    /// Takes away what is over: tries with addresses, links for new passwords, tokens and remembered answers of API clients; how many. To be called from time
    /// to time.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`.
    pub async fn sweep_sign_ins(&self) -> Result<u64> {
        let now = self.now_ms();
        let mut write = self.store.database.write().await?;
        let mut removed = 0;
        for (sql, before) in [
            ("DELETE FROM sign_in_failures WHERE last_at < $1", now - FORGOTTEN_MS),
            ("DELETE FROM password_resets WHERE expires_at < $1", now),
            ("DELETE FROM refresh_tokens WHERE expires_at <= $1", now),
            ("DELETE FROM replies WHERE at < $1", now - REPLIES_MS),
        ] {
            let query = sqlx::query(sql).bind(before);
            let done = query.execute(write.connection()?).await.map_err(failure)?;
            removed += done.rows_affected();
        }
        // A program that did not come back for as long as its tokens work.
        sqlx::query(
            "UPDATE sign_ins SET ended_at = $1 WHERE token_hash LIKE 'client:%' AND ended_at IS NULL \
             AND NOT EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.sign_in = sign_ins.id)",
        )
        .bind(now)
        .execute(write.connection()?)
        .await
        .map_err(failure)?;
        write.commit().await?;
        Ok(removed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sec_4_each_wrong_password_makes_the_next_try_wait_longer_up_to_a_bound() {
        assert_eq!((0..FREE).map(wait_ms).max(), Some(0));
        assert_eq!(wait_ms(FREE), 1_000);
        assert_eq!(wait_ms(FREE + 3), 8_000);
        assert_eq!(wait_ms(i64::MAX), LONGEST_MS);
    }
}
