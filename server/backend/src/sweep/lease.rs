//! Which node sweeps. Two at once would do no harm, as every statement asks again for what it relies on;
//! but they would do the same work twice.

use holdfast_domain::Result;
use sqlx::AnyConnection;

use crate::Backend;
use crate::backend::meta;
use crate::database::failure;

/// In `meta`: who sweeps, and until when that is believed.
const NAME: &str = "sweep_lease";

/// A node that was killed in the middle keeps the others from sweeping for so long.
const LEASE_MS: i64 = 10 * 60 * 1000;

impl Backend {
    /// Whether this node may sweep now.
    pub(super) async fn take_sweep_lease(&self) -> Result<bool> {
        let (node, now) = (self.store.node, self.now_ms());
        let mut write = self.store.database.write().await?;
        let held = meta(write.connection()?, NAME).await?;
        let other =
            held.as_deref().and_then(|text| text.split_once(' ')).filter(|(holder, until)| {
                // One that ends later than any would is of a clock that was ahead.
                let left_ms = until.parse().map_or(0, |until: i64| until.saturating_sub(now));
                *holder != node.to_string() && (1..=LEASE_MS).contains(&left_ms)
            });
        if other.is_some() {
            return Ok(false);
        }
        let lease = format!("{node} {}", now.saturating_add(LEASE_MS));
        let taken = replace(write.connection()?, held.as_deref(), &lease).await?;
        write.commit().await?;
        Ok(taken)
    }

    /// The next one need not wait until it ends.
    pub(super) async fn give_back_sweep_lease(&self) -> Result<()> {
        let mut write = self.store.database.write().await?;
        sqlx::query("DELETE FROM meta WHERE name = $1 AND value LIKE $2")
            .bind(NAME)
            .bind(format!("{} %", self.store.node))
            .execute(write.connection()?)
            .await
            .map_err(failure)?;
        write.commit().await
    }
}

/// Whether nobody else wrote since `before` was read: two that read the same on Postgres do not both win.
async fn replace(
    connection: &mut AnyConnection,
    before: Option<&str>,
    value: &str,
) -> Result<bool> {
    let query = match before {
        Some(before) => sqlx::query("UPDATE meta SET value = $2 WHERE name = $1 AND value = $3")
            .bind(NAME)
            .bind(value)
            .bind(before),
        None => sqlx::query(
            "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING",
        )
        .bind(NAME)
        .bind(value),
    };
    let done = query.execute(connection).await.map_err(failure)?;
    Ok(done.rows_affected() == 1)
}
