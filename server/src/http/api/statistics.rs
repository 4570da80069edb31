//! What the account did, in figures, and as a table for other programs (SESS-6).

use axum::Json;
use axum::response::Response;
use holdfast_domain::Error;
use holdfast_domain::statistics::{DAYS, Statistics, StatisticsQuery};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::problem::Answer;
use super::query::Query;
use super::table::{self, harmless};
use crate::AppState;

/// Days, where it is not said how many.
const MONTH: u16 = 30;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(statistics)).routes(routes!(table))
}

/// Which days are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// So many, 1 to 366; without it 30.
    #[param(minimum = 1, maximum = 366)]
    days: Option<u16>,
    /// The last of them, as in `2026-11-23`; without it today.
    #[param(format = Date)]
    last: Option<String>,
    /// Where days begin: a name of the IANA time zone database, as `Europe/Oslo`; without it UTC.
    time_zone: Option<String>,
}

impl From<Wanted> for StatisticsQuery {
    fn from(wanted: Wanted) -> Self {
        let Wanted { days, last, time_zone } = wanted;
        let time_zone = time_zone.unwrap_or_else(|| "Etc/UTC".into());
        Self { days: days.unwrap_or(MONTH.min(DAYS)), last, time_zone }
    }
}

/// Lines of text with commas between the cells.
#[derive(ToSchema)]
#[schema(value_type = String)]
#[allow(dead_code)] // For the document.
struct Table(String);

/// Edits and time of use by day and session, sessions by state, and what they take in the database.
#[utoipa::path(
    get, path = "/api/me/statistics", tag = "account", params(Wanted),
    responses((status = OK, body = Statistics))
)]
async fn statistics(caller: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<Statistics>> {
    Ok(Json(caller.backend.statistics(&caller.visitor, &wanted.into()).await?))
}

/// Edits and seconds of use as a table: a line for each day and session.
///
/// The first line names the columns: `date`, `session`, `name`, `edits`, `active_seconds`. A name that a spreadsheet
/// would take for a formula begins with an apostrophe.
#[utoipa::path(
    get, path = "/api/me/statistics.csv", tag = "account", params(Wanted),
    responses((
        status = OK, content_type = "text/csv", body = Table, headers(("Content-Disposition" = String))
    ))
)]
async fn table(caller: Caller, Query(wanted): Query<Wanted>) -> Answer<Response> {
    let statistics = caller.backend.statistics(&caller.visitor, &wanted.into()).await?;
    Ok(table::file(lines(&statistics)?, table::CSV, "holdfast-statistics.csv"))
}

fn lines(statistics: &Statistics) -> Result<Vec<u8>, Error> {
    let mut rows = Vec::new();
    for day in &statistics.days {
        for of in &day.sessions {
            let session = statistics.sessions.iter().find(|session| session.session == of.session);
            rows.push([
                day.date.clone(),
                of.session.to_string(),
                harmless(session.map_or("", |session| &session.name)),
                of.total.edits.to_string(),
                (of.total.active_ms / 1000).to_string(),
            ]);
        }
    }
    let head = ["date", "session", "name", "edits", "active_seconds"];
    table::lines(
        std::iter::once(head).chain(rows.iter().map(|row| row.each_ref().map(String::as_str))),
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use holdfast_domain::id::SessionId;
    use holdfast_domain::session::SessionState;
    use holdfast_domain::statistics::{Day, SessionUse, Use, UseOfSession};

    use super::*;

    #[test]
    fn sess_6_a_name_breaks_no_table_and_runs_in_no_spreadsheet() {
        let session: SessionId = "019a2b3c-0000-7000-8000-000000000000".parse().unwrap();
        let total = Use { edits: 3, active_ms: 61_999 };
        let of = |name: &str| Statistics {
            days: vec![
                Day { date: "2026-11-22".into(), total: Use::default(), sessions: vec![] },
                Day {
                    date: "2026-11-23".into(),
                    total,
                    sessions: vec![UseOfSession { session, total }],
                },
            ],
            sessions: vec![SessionUse {
                session,
                name: name.into(),
                state: SessionState::Active,
                total,
                bytes: 1,
            }],
            ..Statistics::default()
        };
        for (name, cell) in [
            ("Lofoten", "Lofoten"),
            ("ferry, \"early\"", "\"ferry, \"\"early\"\"\""),
            ("=SUM(A1)", "'=SUM(A1)"),
            ("@home", "'@home"),
            ("a=b", "a=b"),
        ] {
            let text = String::from_utf8(lines(&of(name)).unwrap()).unwrap();
            let line = format!("2026-11-23,{session},{cell},3,61\n");
            assert_eq!(text, format!("date,session,name,edits,active_seconds\n{line}"));
        }
    }
}
