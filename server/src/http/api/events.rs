//! What happens in sessions, as a stream of server-sent events (JOB-3): first what happened since the client was last
//! told something, then what happens.

use std::convert::Infallible;
use std::time::Duration;

use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::{Stream, stream};
use holdfast_backend::{JobWatch, Watch};
use holdfast_domain::Error;
use holdfast_domain::event::{EventCursor, SessionEvent, Watched};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::caller::Caller;
use super::named::{Named, SessionName};
use super::problem::Answer;
use super::query::Query;
use crate::AppState;

/// A line is kept from looking dead by a comment, which has no id.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// A client that lost the stream comes back after this.
const RETRY: Duration = Duration::from_secs(2);
/// What the client was told last, in its own words.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(of_one)).routes(routes!(of_several))
}

/// From where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct From {
    /// The `id` of the last event that is known; without one only what happens from now on. The header `Last-Event-ID`
    /// goes before it.
    after: Option<String>,
}

/// Which sessions, each from where on.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Several {
    /// Ids with commas between them, 64 at most, each followed by `@` and the `cursor` of the last event that is known,
    /// if there is one.
    sessions: String,
}

/// What happens in a session.
///
/// A stream of server-sent events that does not end by itself. Each is named by its kind; its data has the session, the
/// time, and what belongs to the kind. Connecting again with the id of the last one (`Last-Event-ID`) gives every missed
/// one exactly once. Events are kept for some days, which the operator sets; where some that were missed are gone, or the
/// server was brought back from an older copy, the first one is a `gap`: then read the session anew.
#[utoipa::path(
    get, path = "/api/sessions/{id}/events", tag = "events",
    params(("id" = SessionName, Path), From, ("Last-Event-ID" = Option<String>, Header)),
    responses((status = OK, body = SessionEvent, content_type = "text/event-stream"))
)]
async fn of_one(
    caller: Caller,
    session: Named,
    headers: HeaderMap,
    Query(from): Query<From>,
) -> Answer<Response> {
    let heard = last_heard(&headers, &from)?;
    let watched = Watched { session: session.id, heard };
    Ok(streamed(caller.backend.watch(&caller.visitor, watched).await?))
}

/// What the client was told last, as it says.
pub(super) fn last_heard(headers: &HeaderMap, from: &From) -> Result<Option<EventCursor>, Error> {
    let last = headers.get(LAST_EVENT_ID).map(HeaderValue::to_str).transpose();
    let last = last.map_err(|_| Error::malformed("Last-Event-ID"))?;
    // An empty one is what a client says who was told nothing yet.
    let heard = last.or(from.after.as_deref()).filter(|text| !text.is_empty());
    heard.map(str::parse).transpose()
}

/// What happens in several sessions, by one stream.
///
/// As `/api/sessions/{id}/events`. A session that is not there (any more) is told of by an `ended` event.
#[utoipa::path(
    get, path = "/api/events", tag = "events", params(Several),
    responses((status = OK, body = SessionEvent, content_type = "text/event-stream"))
)]
async fn of_several(caller: Caller, Query(several): Query<Several>) -> Answer<Response> {
    let watched =
        several.sessions.split(',').map(str::parse).collect::<Result<Vec<Watched>, _>>()?;
    Ok(streamed(caller.backend.watch_several(&caller.visitor, &watched).await?))
}

/// A stream that is counted as long as it is open.
struct Counted<W>(W);

impl<W> Counted<W> {
    fn of(watch: W) -> Self {
        metrics::gauge!("holdfast_streams").increment(1);
        Self(watch)
    }
}

impl<W> Drop for Counted<W> {
    fn drop(&mut self) {
        metrics::gauge!("holdfast_streams").decrement(1);
    }
}

fn streamed(watch: Watch) -> Response {
    let events = stream::unfold(Counted::of(watch), |mut watch| async move {
        let event = watch.0.next().await?;
        Some((Ok::<_, Infallible>(sent(&event)), watch))
    });
    sse(events)
}

/// The stream of one job.
pub(super) fn streamed_job(watch: JobWatch) -> Response {
    let events = stream::unfold(Counted::of(watch), |mut watch| async move {
        let event = watch.0.next().await?;
        Some((Ok::<_, Infallible>(sent(&event)), watch))
    });
    sse(events)
}

fn sse(events: impl Stream<Item = Result<Event, Infallible>> + Send + 'static) -> Response {
    let mut response =
        Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT)).into_response();
    // Proxies of the kind of nginx pass it on at once then.
    response
        .headers_mut()
        .insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    response
}

fn sent(event: &SessionEvent) -> Event {
    let sent = Event::default().event(event.kind.name()).id(event.cursor.to_string()).retry(RETRY);
    // Only a map whose keys are no texts is refused.
    sent.json_data(event).unwrap_or_default()
}
