//! From what a database says to what anybody outside may know.

use holdfast_domain::Error;

/// Logs the cause and gives the coded error. Called exactly once for each failure.
// By value, as `map_err` hands it over.
#[allow(clippy::needless_pass_by_value)]
pub(crate) fn failure(cause: sqlx::Error) -> Error {
    let error = classify(&cause);
    tracing::error!(code = error.code(), %cause, "the database failed");
    metrics::counter!("holdfast_database_errors_total", "code" => error.code()).increment(1);
    error
}

fn classify(cause: &sqlx::Error) -> Error {
    match cause {
        sqlx::Error::Database(cause) => {
            cause.code().map_or(Error::Internal, |code| by_code(code.as_ref()))
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => Error::Unavailable,
        _ => Error::Internal,
    }
}

/// Never `Damaged`: that is said of one sealed value that does not open, and the others are read on. When
/// the database itself finds damage, its transaction is lost.
///
/// Codes are SQLSTATE (five characters) on Postgres and extended result codes (a number) on SQLite.
fn by_code(code: &str) -> Error {
    if let (true, Ok(number)) = (code.len() < 5, code.parse::<u32>()) {
        // The low byte is the primary code: https://sqlite.org/rescode.html
        return match number & 0xff {
            13 => Error::StorageFull,
            // BUSY, LOCKED, READONLY, IOERR, CANTOPEN, PROTOCOL
            5 | 6 | 8 | 10 | 14 | 15 => Error::Unavailable,
            _ => Error::Internal,
        };
    }
    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    match code {
        "53100" => Error::StorageFull,
        // Serialization, deadlock, lock not available, read-only.
        "40001" | "40P01" | "55P03" | "25006" => Error::Unavailable,
        // Connections, resources, operator's intervention, system errors.
        code if ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class)) => {
            Error::Unavailable
        }
        _ => Error::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sync_1_database_errors_become_codes() {
        let cases = [
            ("13", Error::StorageFull),
            ("5", Error::Unavailable),
            ("261", Error::Unavailable),
            ("778", Error::Unavailable),
            ("11", Error::Internal),
            ("XX001", Error::Internal),
            ("1555", Error::Internal),
            ("53100", Error::StorageFull),
            ("53300", Error::Unavailable),
            ("57P01", Error::Unavailable),
            ("40P01", Error::Unavailable),
            ("23505", Error::Internal),
        ];
        for (code, error) in cases {
            assert_eq!(by_code(code), error, "{code}");
        }
    }
}
