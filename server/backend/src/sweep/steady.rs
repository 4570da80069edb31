//! When a sweep may believe the clock.
//!
//! A clock that was set a month ahead by mistake makes a month's snapshots expire. They are not shown then,
//! and are shown again when the clock is right; but what is swept is gone. So nothing is swept until
//! the clock has gone on for a day without a jump. A server that was off for days waits for a day too: from
//! the database alone the two look the same.
//!
//! The ageing of sessions waits with the rest. It can be taken back, but only by hand, one session after the
//! other: a wrong clock would close all of them to what devices wrote offline. A session that is active for
//! one more day disturbs nobody.

use holdfast_domain::Result;

use crate::Backend;
use crate::backend::{meta, set_meta};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// A clock that goes on by more than this between two sweeps has jumped, or nobody swept.
const JUMP_MS: i64 = 2 * DAY_MS;

/// In `meta`: when the last sweep was, and until when none does anything.
const NAME: &str = "sweep";

/// Whether the clock is believed.
pub(super) enum Steady {
    Believed,
    /// Not yet.
    Jumped {
        /// By how many milliseconds, if it was since the sweep before.
        jumped_ms: Option<i64>,
    },
}

impl Backend {
    /// Notes this sweep, and says whether it may do anything.
    pub(super) async fn believe_the_clock(&self) -> Result<Steady> {
        let now = self.now_ms();
        let mut write = self.store.database.write().await?;
        let before = meta(write.connection()?, NAME).await?.and_then(|text| parse(&text));
        // A first sweep finds nothing that is over, or a database of an older build.
        let (last, until) = before.unwrap_or((now, now));
        let jumped_ms = (!(0..=JUMP_MS).contains(&(now - last))).then_some(now - last);
        let until = if jumped_ms.is_some() { now + DAY_MS } else { until };
        set_meta(write.connection()?, NAME, &format!("{now} {until}")).await?;
        write.commit().await?;
        Ok(if now < until { Steady::Jumped { jumped_ms } } else { Steady::Believed })
    }
}

fn parse(text: &str) -> Option<(i64, i64)> {
    let (last, until) = text.split_once(' ')?;
    Some((last.parse().ok()?, until.parse().ok()?))
}
