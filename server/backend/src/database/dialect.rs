//! The true differences between the two databases. Everything else is one SQL text: `$1`
//! placeholders, text ids, integer milliseconds, blobs.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use sqlx::AnyConnection;
use sqlx::migrate::Migrator;

use crate::Settings;

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

/// Bytes of a SQLite page unless it was made otherwise.
const PAGE_BYTES: u64 = 4096;

/// Which database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// One file beside the program.
    Sqlite,
    /// A server.
    Postgres,
}

impl Dialect {
    /// By the address's scheme.
    pub(crate) fn of(url: &str) -> Option<Self> {
        match url.split_once(':')?.0 {
            "sqlite" => Some(Self::Sqlite),
            "postgres" | "postgresql" => Some(Self::Postgres),
            _ => None,
        }
    }

    /// That of a connection.
    pub(super) fn connected(connection: &AnyConnection) -> Self {
        match connection.backend_name() {
            "PostgreSQL" => Self::Postgres,
            _ => Self::Sqlite,
        }
    }

    /// Whether anything may be at this address: a file of SQLite is there or not.
    pub(super) fn may_be_there(self, url: &str) -> bool {
        let file = url.split_once(':').map_or(url, |(_, rest)| rest);
        let file = file.strip_prefix("//").unwrap_or(file);
        let file = file.split_once('?').map_or(file, |(file, _)| file);
        // One that cannot be looked at is no reason to begin anew.
        self == Self::Postgres || Path::new(file).try_exists().unwrap_or(true)
    }

    /// The address for the driver: a SQLite file is made where there is none.
    pub(super) fn address(self, url: &str) -> Cow<'_, str> {
        match self {
            Self::Sqlite if !url.contains('?') => Cow::Owned(format!("{url}?mode=rwc")),
            _ => Cow::Borrowed(url),
        }
    }

    /// Whether a connection may be gone without our doing.
    pub(super) fn remote(self) -> bool {
        self == Self::Postgres
    }

    pub(super) fn writers(self) -> u32 {
        match self {
            Self::Sqlite => 1,
            Self::Postgres => 4,
        }
    }

    pub(super) fn readers(self) -> u32 {
        match self {
            Self::Sqlite => 4,
            Self::Postgres => 8,
        }
    }

    /// How often it is asked what other processes wrote, while somebody watches. Whoever has the file to itself
    /// seldom has others.
    pub(crate) fn look_elsewhere(self) -> Duration {
        match self {
            Self::Sqlite => Duration::from_secs(2),
            Self::Postgres => Duration::from_millis(300),
        }
    }

    /// Whether whoever has the database serves it alone: what another one was at before is nobody's.
    pub(crate) fn serves_alone(self) -> bool {
        self == Self::Sqlite
    }

    /// What every connection says first. Full durability is not left to a server's default: an
    /// acknowledged save is on the disk.
    pub(super) fn prepare(self, settings: &Settings) -> String {
        match self {
            Self::Sqlite => {
                let quota = settings.database_bytes.map_or_else(String::new, |bytes| {
                    format!("PRAGMA max_page_count = {};", bytes / PAGE_BYTES)
                });
                format!(
                    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA busy_timeout = 5000; {quota}"
                )
            }
            // A node that is cut off in the middle of a transaction would keep its locks, and the
            // others from saving into the same sessions, until the network gives up: hours.
            Self::Postgres => "SELECT set_config('synchronous_commit', 'on', false) \
                 WHERE current_setting('synchronous_commit') = 'off'; \
                 SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '2min'"
                .into(),
        }
    }

    pub(super) fn migrations(self) -> &'static Migrator {
        match self {
            Self::Sqlite => &SQLITE,
            Self::Postgres => &POSTGRES,
        }
    }

    /// The newest migration of this program.
    pub(crate) fn newest_migration(self) -> i64 {
        self.migrations().iter().map(|migration| migration.version).max().unwrap_or(0)
    }

    /// Brings to the disk what a process that was killed has left. SQLite finds it in its log, which it
    /// reads without asking whether the disk has it; copied into the file, it is written anew and synced.
    pub(super) fn settle(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres => None,
        }
    }

    /// Begins a transaction that will write. SQLite takes its one lock at once: upgrading a reading
    /// transaction fails where somebody else wrote in between.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Commits the transaction. Postgres answers `COMMIT` with success where it rolled back, because a
    /// statement had failed before; the statement in front of it fails then.
    pub(super) fn commit(self) -> &'static str {
        match self {
            Self::Sqlite => "COMMIT",
            Self::Postgres => "SELECT 1; COMMIT",
        }
    }

    /// Ends a query whose rows are to be changed in the same transaction.
    pub(crate) fn lock(self) -> &'static str {
        match self {
            // The whole database is locked by its transaction.
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    /// As [`Dialect::lock`], without the rows that somebody else holds now; others may refer to them meanwhile.
    pub(crate) fn lock_free(self) -> &'static str {
        match self {
            // The whole database is locked by its transaction.
            Self::Sqlite => "",
            Self::Postgres => " FOR NO KEY UPDATE SKIP LOCKED",
        }
    }

    /// Ends a query whose rows are to stay as they are until the transaction ends.
    pub(crate) fn hold(self) -> &'static str {
        match self {
            // The whole database is locked by its transaction.
            Self::Sqlite => "",
            Self::Postgres => " FOR SHARE",
        }
    }

    /// Finds a table by its name, if it is there.
    pub(super) fn table(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name = $1",
            Self::Postgres => {
                "SELECT tablename::text AS name FROM pg_tables \
                 WHERE schemaname = current_schema() AND tablename = $1"
            }
        }
    }

    /// Ends a query whose rows of `sessions s` are to be changed in the same transaction.
    pub(crate) fn lock_sessions(self) -> &'static str {
        match self {
            // The whole database is locked by its transaction.
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE OF s",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hex;

    /// How the SHA-384 of each migration begins: a database refuses one that was changed after it ran.
    /// A new migration adds a line; no line is ever changed.
    const LANDED: &[(&str, &str)] = &[
        ("32c07221f173424e", "5ded18936efc4a33"),
        ("0bee17db7250e53d", "0bee17db7250e53d"),
        ("e1d26e9bf3524242", "e1d26e9bf3524242"),
        ("292172e68ee9a4fc", "0455a4f791adc34c"),
        ("735fc627c91a9ea4", "735fc627c91a9ea4"),
        ("535540d33d30518f", "99efaa8ad6c252c1"),
        ("4a5a9af24dcbaaa5", "16826b4c4d24676a"),
        ("6ba58b21910eef6f", "6ba58b21910eef6f"),
        ("d088e66b7d79a4dd", "7ba5741b45977db9"),
        ("24aa9e881b820911", "ce2224b54310e034"),
        ("5df745df8d531ead", "5df745df8d531ead"),
    ];

    #[test]
    fn ops_1_a_migration_that_landed_is_never_edited() {
        let begin = |migrations: &Migrator| {
            let sums = migrations.iter().map(|migration| &migration.checksum);
            sums.map(|sum| hex::encode(sum.get(..8).unwrap_or_default())).collect::<Vec<_>>()
        };
        let (sqlite, postgres): (Vec<&str>, Vec<&str>) = LANDED.iter().copied().unzip();
        assert_eq!(begin(&SQLITE), sqlite);
        assert_eq!(begin(&POSTGRES), postgres);
    }
}
