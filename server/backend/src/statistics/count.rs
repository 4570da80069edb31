//! Counting, inside the writer's transaction.

use std::collections::BTreeMap;

use holdfast_domain::Result;
use holdfast_domain::statistics::Use;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::database::{failure, placeholders};
use crate::sessions::SessionRow;

/// No two time zones differ by less.
pub(super) const QUARTER_MS: i64 = 15 * 60 * 1000;

/// Who comes back later than this was away in between. As long as the longest interval in which a page saves.
const AWAY_MS: i64 = 10 * 60 * 1000;

/// Rows in one statement.
const CHUNK: usize = 32;

/// What is to be added for one session.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Activity {
    quarters: BTreeMap<i64, Use>,
}

impl Activity {
    /// So many edits came in.
    pub(crate) fn edited(&mut self, now: i64, edits: usize) {
        if edits > 0 {
            let edits = u64::try_from(edits).unwrap_or(u64::MAX);
            self.add(now.div_euclid(QUARTER_MS), Use { edits, active_ms: 0 });
        }
    }

    /// A person was there, and before at `before`.
    pub(crate) fn seen(&mut self, before: i64, now: i64) {
        let Ok(gap @ 1..) = u64::try_from(now.saturating_sub(before)) else { return };
        if gap > AWAY_MS.unsigned_abs() {
            return;
        }
        let quarter = now.div_euclid(QUARTER_MS);
        // At most the quarter before is touched too.
        let within = now.rem_euclid(QUARTER_MS).unsigned_abs().min(gap);
        for (quarter, active_ms) in [(quarter, within), (quarter - 1, gap - within)] {
            if active_ms > 0 {
                self.add(quarter, Use { edits: 0, active_ms });
            }
        }
    }

    fn add(&mut self, quarter: i64, more: Use) {
        self.quarters.entry(quarter).or_default().add(more);
    }
}

/// Writes what was counted.
pub(crate) async fn write<'a>(
    connection: &mut AnyConnection,
    counted: impl Iterator<Item = (&'a SessionRow, &'a Activity)>,
) -> Result<()> {
    let rows: Vec<_> = counted
        .flat_map(|(row, activity)| activity.quarters.iter().map(move |(at, add)| (row, at, add)))
        .collect();
    for chunk in rows.chunks(CHUNK) {
        let tuple = |row| format!("({})", placeholders(row * 5 + 1, 5));
        let tuples: Vec<String> = (0..chunk.len()).map(tuple).collect();
        let sql = format!(
            "INSERT INTO activity (session, account, quarter, edits, active_ms) VALUES {} \
             ON CONFLICT (session, account, quarter) DO UPDATE SET \
             edits = activity.edits + excluded.edits, \
             active_ms = activity.active_ms + excluded.active_ms",
            tuples.join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for (row, quarter, add) in chunk {
            query = query
                .bind(row.id.to_string())
                .bind(row.account.to_string())
                .bind(**quarter)
                .bind(i64::try_from(add.edits).unwrap_or(i64::MAX))
                .bind(i64::try_from(add.active_ms).unwrap_or(i64::MAX));
        }
        query.execute(&mut *connection).await.map_err(failure)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(before: i64, now: i64) -> Vec<(i64, u64)> {
        let mut activity = Activity::default();
        activity.seen(before, now);
        activity.quarters.into_iter().map(|(quarter, of)| (quarter, of.active_ms)).collect()
    }

    #[test]
    fn sess_6_time_is_what_lies_between_two_signs_of_a_person() {
        assert_eq!(seen(1_000, 31_000), [(0, 30_000)]);
        // The same moment, a clock that was put back, somebody who was away.
        assert_eq!(seen(1_000, 1_000), []);
        assert_eq!(seen(2_000, 1_000), []);
        assert_eq!(seen(i64::MIN, i64::MAX), []);
        assert_eq!(seen(0, AWAY_MS), [(0, 600_000)]);
        assert_eq!(seen(0, AWAY_MS + 1), []);
    }

    #[test]
    fn sess_6_time_over_the_end_of_a_quarter_hour_is_divided() {
        assert_eq!(seen(QUARTER_MS - 20_000, QUARTER_MS + 10_000), [(0, 20_000), (1, 10_000)]);
        assert_eq!(seen(QUARTER_MS - 20_000, QUARTER_MS), [(0, 20_000)]);
        assert_eq!(seen(-20_000, 10_000), [(-1, 20_000), (0, 10_000)]);
    }
}
