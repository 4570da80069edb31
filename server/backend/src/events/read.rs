//! Reading a session's events.

use holdfast_domain::event::{EventCursor, EventKind, SessionEvent};
use holdfast_domain::id::{AccountId, JobId, SessionId};
use holdfast_domain::session::SessionState;
use holdfast_domain::{Error, Result};
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe};

use crate::cipher::Place;
use crate::column::{column, id, word};
use crate::database::{any_of, failure};
use crate::store::Store;

/// Events read at once.
const PAGE: i64 = 100;

/// How far a session is.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    pub(super) session: SessionId,
    pub(super) account: AccountId,
    pub(super) state: SessionState,
    /// Its newest event...
    pub(super) seq: i64,
    /// ...the newest one of those that are gone...
    pub(super) gone: i64,
    /// ...the version of its context, and when that came.
    pub(super) context: i64,
    pub(super) updated_at: i64,
}

impl Mark {
    fn read(row: &AnyRow) -> Result<Self> {
        Ok(Self {
            session: id(row, "id")?,
            account: id(row, "account")?,
            state: word(row, "state")?,
            seq: column(row, "event_seq")?,
            gone: column(row, "events_gone")?,
            context: column(row, "seq")?,
            updated_at: column(row, "updated_at")?,
        })
    }

    /// Those of these sessions that are there.
    pub(super) async fn of(
        connection: &mut AnyConnection,
        sessions: impl IntoIterator<Item = SessionId>,
    ) -> Result<Vec<Self>> {
        let (places, ids) = any_of(sessions);
        let sql = format!(
            "SELECT id, account, state, seq, event_seq, events_gone, updated_at FROM sessions \
             WHERE id IN ({places})"
        );
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for id in ids {
            query = query.bind(id.to_string());
        }
        let rows = query.fetch_all(connection).await.map_err(failure)?;
        rows.iter().map(Self::read).collect()
    }
}

/// Events of a session, or of one of its jobs, after one, at most a page of them. What cannot be read any more is set aside: whoever watches
/// hears of a gap in its place.
pub(super) async fn after(
    store: &Store,
    connection: &mut AnyConnection,
    session: SessionId,
    cursor: EventCursor,
    job: Option<JobId>,
) -> Result<Vec<SessionEvent>> {
    let of_job = if job.is_some() { "AND job = $4" } else { "" };
    let sql = format!(
        "SELECT seq, at, key, format, payload FROM session_events \
         WHERE session = $1 AND seq > $2 {of_job} ORDER BY seq LIMIT $3"
    );
    let mut query =
        sqlx::query(AssertSqlSafe(sql)).bind(session.to_string()).bind(cursor.seq).bind(PAGE);
    if let Some(job) = job {
        query = query.bind(job.to_string());
    }
    let rows = query.fetch_all(&mut *connection).await.map_err(failure)?;
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        let seq: i64 = column(row, "seq")?;
        let kind = match open(store, connection, session, seq, row).await {
            Err(Error::Damaged) => {
                store.set_aside(session, "session_events", &format!("{session} {seq}"));
                EventKind::Gap
            }
            kind => kind?,
        };
        let (cursor, at_ms) = (EventCursor { seq, ..cursor }, column(row, "at")?);
        events.push(SessionEvent { session, cursor, at_ms, kind });
    }
    Ok(events)
}

async fn open(
    store: &Store,
    connection: &mut AnyConnection,
    session: SessionId,
    seq: i64,
    row: &AnyRow,
) -> Result<EventKind> {
    let key = store.keyring.get(connection, &column::<String>(row, "key")?).await?;
    let (owner, id) = (session.to_string(), seq.to_string());
    let place = Place { table: "session_events", owner: &owner, id: &id };
    let payload: Vec<u8> = column(row, "payload")?;
    let payload = key.open(column(row, "format")?, place, &payload)?;
    serde_json::from_slice(&payload).map_err(|_| Error::Damaged)
}
