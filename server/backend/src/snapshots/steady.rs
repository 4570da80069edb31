//! When a sweep may believe the clock.
//!
//! A clock that was set a month ahead by mistake makes a month's snapshots expire. They are not shown then,
//! and are shown again when the clock is right; but what is swept is gone. So nothing is swept until
//! the clock has gone on for a day without a jump. A server that was off for days waits for a day too: from
//! the database alone the two look the same.

use holdfast_domain::Result;

use super::row::DAY_MS;
use crate::Backend;
use crate::backend::{meta, set_meta};

/// A clock that goes on by more than this between two sweeps has jumped, or nobody swept.
const JUMP_MS: i64 = 2 * DAY_MS;

/// In `meta`: when the last sweep was, and until when none removes anything.
const NAME: &str = "sweep";

/// What became of a sweep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sweep {
    /// So many snapshots were removed.
    Removed(u64),
    /// Nothing was, because the clock had jumped lately.
    Waits {
        /// By how many milliseconds, if it was since the sweep before.
        jumped_ms: Option<i64>,
    },
}

impl Backend {
    /// [`Backend::sweep`], where the clock can be believed.
    ///
    /// # Errors
    /// `StorageFull`, `Unavailable`.
    pub async fn sweep_when_steady(&self) -> Result<Sweep> {
        let now = self.now_ms();
        let mut write = self.store.database.write().await?;
        let before = meta(write.connection()?, NAME).await?.and_then(|text| parse(&text));
        // A first sweep finds nothing that is over, or a database of an older build.
        let (last, until) = before.unwrap_or((now, now));
        let jumped_ms = (!(0..=JUMP_MS).contains(&(now - last))).then_some(now - last);
        let until = if jumped_ms.is_some() { now + DAY_MS } else { until };
        set_meta(write.connection()?, NAME, &format!("{now} {until}")).await?;
        write.commit().await?;
        if now < until {
            return Ok(Sweep::Waits { jumped_ms });
        }
        Ok(Sweep::Removed(self.sweep().await?))
    }
}

fn parse(text: &str) -> Option<(i64, i64)> {
    let (last, until) = text.split_once(' ')?;
    Some((last.parse().ok()?, until.parse().ok()?))
}
