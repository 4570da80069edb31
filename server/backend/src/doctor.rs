//! Looking at a database without changing it: is it there, whole, this program's and this key's?

mod stored;

use std::sync::Arc;

use holdfast_domain::Environment;
use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, ConnectOptions, Connection};

use crate::backend::meta;
use crate::backup::sqlite;
use crate::database::Dialect;
use crate::keyring::Keyring;
use crate::{MasterKey, OpenError};

/// By how much a clock may differ between two machines.
const CLOCK_MS: i64 = 60_000;

/// What one check found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// How it is.
    pub verdict: Verdict,
    /// What was found, and what to do.
    pub says: String,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// As it should be.
    Ok,
    /// It works, but somebody should look at it.
    Warning,
    /// Something cannot be used or read.
    Problem,
}

impl Finding {
    /// As it should be.
    pub fn ok(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Ok, says: says.into() }
    }

    /// Somebody should look at it.
    pub fn warning(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Warning, says: says.into() }
    }

    /// It cannot be used or read.
    pub fn problem(what: &'static str, says: impl Into<String>) -> Self {
        Self { what, verdict: Verdict::Problem, says: says.into() }
    }
}

/// Looks at everything that is stored; also while it is served. Nothing is made, migrated or written; where the
/// key is missing, what it would open is not looked at.
pub async fn examine(
    database_url: &str,
    master_key: Option<&MasterKey>,
    environment: Arc<dyn Environment>,
) -> Vec<Finding> {
    const WHAT: &str = "database";
    let mut found = Vec::new();
    let (mut rows, mut keys) = match connect(database_url).await {
        Ok(connections) => connections,
        Err(cause) => return vec![Finding::problem(WHAT, format!("{cause}"))],
    };
    let Some(dialect) = Dialect::of(database_url) else {
        return vec![Finding::problem(WHAT, OpenError::DatabaseAddress.to_string())];
    };
    found.push(soundness(database_url).await);
    let (tables, current) = migration(&mut rows, database_url).await;
    found.push(tables);
    if !current {
        return found;
    }
    found.push(clock(&mut rows, &*environment).await);
    let wanted = meta(&mut rows, "master_key").await.ok().flatten().unwrap_or_default();
    match master_key.map(|key| (key, key.id())) {
        Some((key, given)) if given == wanted => {
            found.push(Finding::ok("master key", "it is that of the database"));
            let keyring = Keyring::new(key, dialect, environment, Arc::default());
            found.extend(stored::examine(&mut rows, &mut keys, &keyring).await);
        }
        Some((_, given)) => {
            let wrong = OpenError::WrongMasterKey { wanted, given };
            found.push(Finding::problem("master key", wrong.to_string()));
        }
        None => found.push(Finding::problem(
            "stored",
            format!("nothing can be looked at without the master key {wanted}"),
        )),
    }
    found
}

/// Two connections that write nothing: one for rows, one for their keys. No database is made.
async fn connect(url: &str) -> Result<(AnyConnection, AnyConnection), OpenError> {
    sqlx::any::install_default_drivers();
    let dialect = Dialect::of(url).ok_or(OpenError::DatabaseAddress)?;
    let (url, quiet) = match dialect {
        Dialect::Sqlite => {
            let file = url.split_once('?').map_or(url, |(file, _)| file);
            (format!("{file}?mode=rw"), "PRAGMA query_only = ON; PRAGMA busy_timeout = 5000")
        }
        Dialect::Postgres => (url.to_owned(), "SET default_transaction_read_only = on"),
    };
    let open = async || {
        let options: AnyConnectOptions = url.parse().map_err(OpenError::Database)?;
        let options = options.disable_statement_logging();
        let connection = AnyConnection::connect_with(&options).await;
        let mut connection = connection.map_err(OpenError::Database)?;
        sqlx::raw_sql(quiet).execute(&mut connection).await.map_err(OpenError::Database)?;
        Ok(connection)
    };
    Ok((open().await?, open().await?))
}

/// What the database itself can say.
async fn soundness(url: &str) -> Finding {
    const WHAT: &str = "database";
    let Ok(file) = sqlite::file(url) else { return Finding::ok(WHAT, "it answers") };
    let checked = async {
        let mut connection = sqlite::connect(&file).await?;
        sqlite::check(&mut connection, &file).await
    };
    match checked.await {
        Ok(()) => Finding::ok(WHAT, format!("{} is sound", file.display())),
        Err(error) => Finding::problem(WHAT, format!("{error}. Bring back a copy")),
    }
}

/// Whether its tables are those of this program.
async fn migration(connection: &mut AnyConnection, url: &str) -> (Finding, bool) {
    const WHAT: &str = "tables";
    let newest = Dialect::of(url).map_or(0, Dialect::newest_migration);
    match crate::migrate::last(connection).await {
        Some(last) if last == newest => (Finding::ok(WHAT, format!("they are at {last}")), true),
        Some(last) if last < newest => {
            let says = format!("they are at {last}, this program's at {newest}: holdfast migrate");
            (Finding::warning(WHAT, says), false)
        }
        Some(last) => {
            let says = format!("they are at {last}, newer than this program, which has {newest}");
            (Finding::problem(WHAT, says), false)
        }
        None => (Finding::problem(WHAT, "there are none: holdfast migrate"), false),
    }
}

/// What was written in the future was written by another clock.
async fn clock(connection: &mut AnyConnection, environment: &dyn Environment) -> Finding {
    const WHAT: &str = "clock";
    let newest: Result<Option<i64>, _> =
        sqlx::query_scalar("SELECT MAX(updated_at) FROM sessions").fetch_one(connection).await;
    match newest {
        Ok(newest) => match newest.unwrap_or(0).saturating_sub(environment.now_ms()) {
            ahead if ahead > CLOCK_MS => {
                let says = format!("it is {} s behind the newest session: set it", ahead / 1000);
                Finding::warning(WHAT, says)
            }
            _ => Finding::ok(WHAT, "it is not behind what is stored"),
        },
        Err(cause) => Finding::problem(WHAT, cause.to_string()),
    }
}
