//! What a client does not have yet.

use holdfast_domain::Result;
use holdfast_domain::id::SessionId;
use holdfast_domain::session::SessionState;
use holdfast_domain::wire::{LogUpdate, News, Position, WireBytes};
use sqlx::AnyConnection;

use crate::Backend;
use crate::column::column;
use crate::database::failure;
use crate::sessions::SessionRow;

/// Rows looked at for one reply.
const ROWS: i64 = 10_000;

/// The session as it stands for a reply.
pub(super) struct Here {
    pub(super) session: SessionId,
    pub(super) seq: i64,
    pub(super) name: String,
    pub(super) state: SessionState,
    /// Rows the request itself appended: not news.
    pub(super) own: Option<(i64, i64)>,
    pub(super) state_vector: Option<Vec<u8>>,
}

impl Here {
    pub(super) fn of(row: &SessionRow, name: String) -> Self {
        let (session, seq, state) = (row.id, row.seq, row.state);
        Self { session, seq, name, state, own: None, state_vector: None }
    }

    fn is_own(&self, seq: i64) -> bool {
        self.own.is_some_and(|(first, last)| (first..=last).contains(&seq))
    }
}

impl Backend {
    /// The log after what the client has; where that says nothing here, the newest base and the log
    /// after it. As much of it as a reply should hold.
    pub(super) async fn news(&self, have: Option<Position>, here: Here) -> Result<News> {
        let incarnation = self.store.incarnation();
        let known = have
            .filter(|have| have.incarnation == incarnation && (0..=here.seq).contains(&have.seq));
        let mut updates = Vec::new();
        let mut budget = self.store.settings.reply_bytes;
        let mut after = known.map_or(0, |have| have.seq);
        let only_own = here.own == Some((after + 1, here.seq));
        let mut upto = here.seq;
        if after < here.seq && !only_own {
            let mut connection = self.store.database.read().await?;
            if known.is_none() {
                let base = self.store.read_base(&mut connection, here.session, here.seq).await?;
                if let Some(base) = base {
                    after = base.mark.seq;
                    budget -= base.mark.size;
                    updates = base.updates.into_iter().map(LogUpdate::edited).collect();
                }
            }
            let all_from_base = after > 0 && known.is_none();
            upto = reach(&mut connection, &here, after, budget, !all_from_base).await?;
            for part in self.store.read_log(&mut connection, here.session, after, upto).await? {
                if !here.is_own(part.seq) {
                    let restored = part.restored;
                    let of_log = |update| LogUpdate { update, restored };
                    updates.extend(part.updates.into_iter().map(of_log));
                }
            }
        }
        Ok(News {
            updates,
            position: Position { incarnation, seq: upto },
            more: upto < here.seq,
            name: here.name,
            state: here.state,
            state_vector: here.state_vector.map(WireBytes),
        })
    }
}

/// The last row that fits into the budget. `at_least_one`: however large it is, so that a client
/// gets on.
async fn reach(
    connection: &mut AnyConnection,
    here: &Here,
    after: i64,
    mut budget: i64,
    at_least_one: bool,
) -> Result<i64> {
    let rows = sqlx::query(
        "SELECT seq, size FROM context_updates \
         WHERE session = $1 AND seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4",
    )
    .bind(here.session.to_string())
    .bind(after)
    .bind(here.seq)
    .bind(ROWS)
    .fetch_all(connection)
    .await
    .map_err(failure)?;
    let full = i64::try_from(rows.len()).unwrap_or(i64::MAX) < ROWS;
    let mut reached = after;
    for (index, row) in rows.iter().enumerate() {
        let (seq, size): (i64, i64) = (column(row, "seq")?, column(row, "size")?);
        if !here.is_own(seq) {
            budget -= size;
        }
        if budget < 0 && !(at_least_one && index == 0) {
            return Ok(reached);
        }
        reached = seq;
    }
    Ok(if full { here.seq } else { reached })
}
