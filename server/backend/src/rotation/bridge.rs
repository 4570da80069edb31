//! What servers do about a change that somebody else makes.

use holdfast_domain::Result;
use sqlx::Row;

use crate::Backend;
use crate::database::failure;

/// For so long after a change a server that knows the key before can still learn the next one. Each looks every few
/// minutes, see [`Backend::sweep`].
const BRIDGE_MS: i64 = 60 * 60 * 1000;

impl Backend {
    /// Gets to know the next master key while that can be had.
    pub(crate) async fn follow_rotation(&self) -> Result<()> {
        let mut connection = self.store.database.read().await?;
        self.store.keyring.follow(&mut connection).await
    }

    /// Ends that the key before opens the next one. The bytes are written over first, as those of a destroyed key
    /// are.
    pub(crate) async fn burn_bridges(&self) -> Result<()> {
        let mut write = self.store.database.write().await?;
        let before = self.now_ms().saturating_sub(BRIDGE_MS);
        let rows = sqlx::query(
            "SELECT master, wrapped FROM rotations WHERE wrapped IS NOT NULL AND finished_at <= $1",
        )
        .bind(before)
        .fetch_all(write.connection()?)
        .await
        .map_err(failure)?;
        for row in rows {
            let master: String = row.try_get("master").map_err(failure)?;
            let wrapped: Vec<u8> = row.try_get("wrapped").map_err(failure)?;
            for bytes in [Some(vec![0_u8; wrapped.len()]), None] {
                sqlx::query("UPDATE rotations SET wrapped = $1 WHERE master = $2")
                    .bind(bytes)
                    .bind(master.clone())
                    .execute(write.connection()?)
                    .await
                    .map_err(failure)?;
            }
        }
        write.commit().await
    }
}
