//! Reading one's own.

use std::collections::{BTreeMap, HashMap};

use futures::TryStreamExt;
use holdfast_domain::id::{AccountId, SessionId};
use holdfast_domain::statistics::{
    Day, SessionUse, Statistics, StatisticsQuery, Use, UseOfSession,
};
use holdfast_domain::{Error, Result};
use sqlx::{AnyConnection, AssertSqlSafe};

use super::days::Days;
use crate::column::{column, id, word};
use crate::database::failure;
use crate::sessions::{SELECT_SESSIONS, SessionRow};
use crate::{Backend, Visitor};

/// Pairs of a session and a day in one answer.
const ENTRIES: usize = 100_000;

/// Sessions used between two quarter hours.
const USED: &str =
    "SELECT session FROM activity WHERE account = $1 AND quarter >= $2 AND quarter < $3";

impl Backend {
    /// What the visitor did on some days, and what they have.
    ///
    /// # Errors
    /// `InvalidValue`, `LimitExceeded` (more sessions on these days than one answer holds), `NotSignedIn`,
    /// `Unavailable`.
    pub async fn statistics(
        &self,
        visitor: &Visitor,
        query: &StatisticsQuery,
    ) -> Result<Statistics> {
        let days = Days::of(query, self.now_ms())?;
        let between = days.quarters()?;
        let day = |date| Day { date, total: Use::default(), sessions: Vec::new() };
        let mut statistics =
            Statistics { days: days.names().map(day).collect(), ..Statistics::default() };
        let mut connection = self.store.database.read().await?;
        let Some(account) = self.store.account(&mut connection, visitor).await? else {
            return Ok(statistics);
        };
        for ((index, session), total) in used(&mut connection, account, between, &days).await? {
            if let Some(day) = statistics.days.get_mut(index) {
                day.total.add(total);
                day.sessions.push(UseOfSession { session, total });
            }
        }
        count(&mut connection, account, &mut statistics).await?;
        statistics.sessions =
            self.sessions_used(&mut connection, account, between, &statistics.days).await?;
        Ok(statistics)
    }

    /// The sessions that were used, the longest used one first.
    async fn sessions_used(
        &self,
        connection: &mut AnyConnection,
        account: AccountId,
        between: (i64, i64),
        days: &[Day],
    ) -> Result<Vec<SessionUse>> {
        let mut totals = HashMap::<SessionId, Use>::new();
        for of in days.iter().flat_map(|day| &day.sessions) {
            totals.entry(of.session).or_default().add(of.total);
        }
        let sql = format!("{SELECT_SESSIONS} WHERE s.account = $1 AND s.id IN ({USED})");
        let rows = bound(&sql, account, between).fetch_all(&mut *connection).await;
        let rows: Vec<SessionRow> =
            rows.map_err(failure)?.iter().map(SessionRow::read).collect::<Result<_>>()?;
        let bases = bases(connection, account, between).await?;
        self.store.keyring.load(connection, rows.iter().map(|row| row.key.as_str())).await?;
        let mut sessions = Vec::with_capacity(rows.len());
        for row in rows {
            let bytes = row.log_bytes + bases.get(&row.id).unwrap_or(&0);
            sessions.push(SessionUse {
                session: row.id,
                name: row.name(&self.store, connection).await?,
                state: row.state,
                total: totals.get(&row.id).copied().unwrap_or_default(),
                bytes: unsigned(bytes),
            });
        }
        sessions.sort_by_key(|of| std::cmp::Reverse((of.total.active_ms, of.total.edits)));
        Ok(sessions)
    }
}

/// What was done on which of the days in which session.
async fn used(
    connection: &mut AnyConnection,
    account: AccountId,
    between: (i64, i64),
    days: &Days,
) -> Result<BTreeMap<(usize, SessionId), Use>> {
    let sql = USED.replacen("session", "session, quarter, edits, active_ms", 1);
    let mut rows = bound(&sql, account, between).fetch(connection);
    let mut used = BTreeMap::<_, Use>::new();
    while let Some(row) = rows.try_next().await.map_err(failure)? {
        let Some(index) = days.index(column(&row, "quarter")?) else { continue };
        let (edits, active_ms) = (column(&row, "edits")?, column(&row, "active_ms")?);
        let more = Use { edits: unsigned(edits), active_ms: unsigned(active_ms) };
        used.entry((index, id(&row, "session")?)).or_default().add(more);
        if used.len() > ENTRIES {
            return Err(Error::limit("sessions on these days", ENTRIES, used.len()));
        }
    }
    Ok(used)
}

/// All sessions, by their states, and what they take.
async fn count(
    connection: &mut AnyConnection,
    account: AccountId,
    statistics: &mut Statistics,
) -> Result<()> {
    let rows = sqlx::query(
        "SELECT state, COUNT(*) AS number, CAST(SUM(log_bytes) AS BIGINT) AS bytes \
         FROM sessions WHERE account = $1 GROUP BY state",
    )
    .bind(account.to_string())
    .fetch_all(&mut *connection)
    .await
    .map_err(failure)?;
    for row in &rows {
        *statistics.states.of(word(row, "state")?) = unsigned(column(row, "number")?);
        statistics.bytes += unsigned(column(row, "bytes")?);
    }
    let row = sqlx::query(
        "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM context_bases \
         WHERE session IN (SELECT id FROM sessions WHERE account = $1)",
    )
    .bind(account.to_string())
    .fetch_one(connection)
    .await
    .map_err(failure)?;
    statistics.bytes += unsigned(column(&row, "bytes")?);
    Ok(())
}

/// What the bases of used sessions take.
async fn bases(
    connection: &mut AnyConnection,
    account: AccountId,
    between: (i64, i64),
) -> Result<HashMap<SessionId, i64>> {
    let sql = format!(
        "SELECT session, CAST(SUM(size) AS BIGINT) AS bytes FROM context_bases \
         WHERE session IN ({USED}) GROUP BY session"
    );
    let rows = bound(&sql, account, between).fetch_all(connection).await.map_err(failure)?;
    rows.iter().map(|row| Ok((id(row, "session")?, column(row, "bytes")?))).collect()
}

fn bound(
    sql: &str,
    account: AccountId,
    (from, until): (i64, i64),
) -> sqlx::query::Query<'static, sqlx::Any, sqlx::any::AnyArguments> {
    sqlx::query(AssertSqlSafe(sql.to_owned())).bind(account.to_string()).bind(from).bind(until)
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
