//! Periods and sizes an operator may change.

/// How the backend behaves. [`Settings::default`] is what `SPEC.md` describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Days a snapshot is kept unless it is pinned.
    pub snapshot_days: u32,
    /// Whether a session that changes gets an automatic snapshot every hour.
    pub hourly_snapshots: bool,
    /// Hours for which a link to set a new password works.
    pub reset_link_hours: u32,
    /// Hours without a person after which a session is abandoned.
    pub abandon_hours: u32,
    /// Days after which an abandoned session is archived.
    pub archive_days: u32,
    /// Days for which it can be read again what happened in a session.
    pub event_days: u32,
    /// How many an account may have who watch its sessions at the same time.
    pub watchers_per_account: usize,
    /// Jobs that this server works on at the same time.
    pub running_jobs: usize,
    /// Jobs of one account that all servers together work on at the same time.
    pub running_jobs_per_account: usize,
    /// Jobs of one account of which something may still come.
    pub live_jobs_per_account: usize,
    /// Hours for which each file that a job found or took back can be read, when it has come to its end.
    pub job_file_hours: u32,
    /// Days after which a job that has come to its end is removed.
    pub job_days: u32,
    /// Days in which a deleted session can be brought back, and a deleted account be kept.
    pub grace_days: u32,
    /// Days after which a guest who has nothing, and whom nobody used since, is forgotten.
    pub empty_guest_days: u32,
    /// How many sessions an account, and how many guests an address, may make in an hour.
    pub new_sessions_per_hour: u32,
    /// Bytes of documents kept in memory for reading.
    pub cache_bytes: u64,
    /// Sessions of which the server keeps in memory what their log contains.
    pub cached_sessions: usize,
    /// A base is written when the log after the newest one has this many rows...
    pub base_every_updates: i64,
    /// ...or this many bytes.
    pub base_every_bytes: i64,
    /// Saves that may wait for the writer; one more is answered `Unavailable`.
    pub queue_saves: usize,
    /// Bytes of saves that may wait for the writer; more is answered `Unavailable`.
    pub queue_bytes: usize,
    /// Bytes of updates in one reply, unless a single one is larger.
    pub reply_bytes: i64,
    /// Keys that are wrapped anew in one transaction, at most, when the master key changes.
    pub rotated_keys: i64,
    /// How large the SQLite database may become in bytes; then saves are answered `StorageFull`.
    /// On Postgres the server's own quotas decide.
    pub database_bytes: Option<u64>,
}

const HOUR_MS: i64 = 60 * 60 * 1000;
const DAY_MS: i64 = 24 * HOUR_MS;

impl Settings {
    pub(crate) fn abandon_ms(&self) -> i64 {
        HOUR_MS.saturating_mul(self.abandon_hours.into())
    }

    pub(crate) fn archive_ms(&self) -> i64 {
        DAY_MS.saturating_mul(self.archive_days.into())
    }

    pub(crate) fn job_files_ms(&self) -> i64 {
        HOUR_MS.saturating_mul(self.job_file_hours.into())
    }

    pub(crate) fn job_ms(&self) -> i64 {
        DAY_MS.saturating_mul(self.job_days.into())
    }

    pub(crate) fn grace_ms(&self) -> i64 {
        DAY_MS.saturating_mul(self.grace_days.into())
    }

    pub(crate) fn empty_guest_ms(&self) -> i64 {
        DAY_MS.saturating_mul(self.empty_guest_days.into())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            snapshot_days: 30,
            hourly_snapshots: true,
            reset_link_hours: 2,
            abandon_hours: 24,
            archive_days: 7,
            event_days: 30,
            watchers_per_account: 100,
            running_jobs: 8,
            running_jobs_per_account: 4,
            live_jobs_per_account: 1_000,
            job_file_hours: 24,
            job_days: 30,
            grace_days: 7,
            empty_guest_days: 30,
            new_sessions_per_hour: 1_000,
            cache_bytes: 256 << 20,
            cached_sessions: 10_000,
            base_every_updates: 1_000,
            base_every_bytes: 4 << 20,
            queue_saves: 4_096,
            queue_bytes: 256 << 20,
            reply_bytes: 8_000_000,
            rotated_keys: 100,
            database_bytes: None,
        }
    }
}
