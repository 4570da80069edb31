//! The account that asks: who it is, its password, its sign-ins, its preferences and its log.

use axum::Json;
use axum::extract::State;
use holdfast_backend::AuditFilter;
use holdfast_domain::account::{Account, SignedIn};
use holdfast_domain::audit::{AuditEntry, AuditKind};
use holdfast_domain::id::SignInId;
use holdfast_domain::shared::{Preferences, Theme};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Body;
use super::caller::Caller;
use super::named::{IdName, SessionName, Sub};
use super::problem::Answer;
use super::query::Query;
use super::rates::From;
use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(who))
        .routes(routes!(delete))
        .routes(routes!(change_password))
        .routes(routes!(sign_ins, end_other_sign_ins))
        .routes(routes!(end_sign_in))
        .routes(routes!(preferences, set_preferences))
        .routes(routes!(audit))
}

/// Who is asking.
#[derive(Serialize, ToSchema)]
struct Me {
    /// `null`: a guest, who is known by a browser's cookie only.
    account: Option<Account>,
}

/// Two passwords.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Passwords {
    /// The one there is.
    current: String,
    /// The next one, 8 to 256 characters.
    #[schema(min_length = 8, max_length = 256)]
    password: String,
}

/// A proof that it is the person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Proof {
    /// The account's password.
    password: String,
}

/// What is to change; the rest stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Preferred {
    /// Light, dark or as the system.
    theme: Option<Theme>,
}

/// How many.
#[derive(Serialize, ToSchema)]
struct Ended {
    /// Sign-ins that were ended.
    ended: u64,
}

/// Who is asking.
#[utoipa::path(get, path = "/api/me", tag = "account", responses((status = OK, body = Me)))]
async fn who(caller: Caller) -> Answer<Json<Me>> {
    Ok(Json(Me { account: caller.backend.who(&caller.visitor).await? }))
}

/// Delete the account.
///
/// It is signed out everywhere. For some days, which the operator sets, signing in on a page brings it back; then
/// everything of it is destroyed.
#[utoipa::path(
    post, path = "/api/me/deletion", tag = "account", request_body = Proof, responses((status = NO_CONTENT))
)]
async fn delete(caller: Caller, Body(proof): Body<Proof>) -> Answer<StatusCode> {
    caller.backend.delete_account(&caller.visitor, &proof.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Change the password. All other sign-ins end.
#[utoipa::path(
    put, path = "/api/me/password", tag = "account", request_body = Passwords,
    responses((status = NO_CONTENT))
)]
async fn change_password(
    State(state): State<AppState>,
    From(from): From,
    caller: Caller,
    Body(given): Body<Passwords>,
) -> Answer<StatusCode> {
    from.map_or(Ok(()), |from| state.rates.entry(from))?;
    caller.backend.change_password(&caller.visitor, &given.current, &given.password).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The browsers and programs that are signed in, most recently used first.
#[utoipa::path(
    get, path = "/api/me/sign-ins", tag = "account", responses((status = OK, body = Vec<SignedIn>))
)]
async fn sign_ins(caller: Caller) -> Answer<Json<Vec<SignedIn>>> {
    Ok(Json(caller.backend.sign_ins(&caller.visitor).await?))
}

/// Sign out everywhere else.
#[utoipa::path(
    delete, path = "/api/me/sign-ins", tag = "account", responses((status = OK, body = Ended))
)]
async fn end_other_sign_ins(caller: Caller) -> Answer<Json<Ended>> {
    Ok(Json(Ended { ended: caller.backend.end_other_sign_ins(&caller.visitor).await? }))
}

/// Sign one browser or program out.
#[utoipa::path(
    delete, path = "/api/me/sign-ins/{sid}", tag = "account", params(("sid" = IdName, Path)),
    responses((status = NO_CONTENT))
)]
async fn end_sign_in(caller: Caller, Sub(sign_in): Sub<SignInId>) -> Answer<StatusCode> {
    caller.backend.end_sign_in(&caller.visitor, sign_in).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What the account prefers, on every device.
#[utoipa::path(
    get, path = "/api/me/preferences", tag = "account", responses((status = OK, body = Preferences))
)]
async fn preferences(caller: Caller) -> Answer<Json<Preferences>> {
    Ok(Json(caller.backend.preferences(&caller.visitor).await?))
}

/// Change it.
#[utoipa::path(
    put, path = "/api/me/preferences", tag = "account", request_body = Preferred,
    responses((status = OK, body = Preferences))
)]
async fn set_preferences(
    caller: Caller,
    Body(preferred): Body<Preferred>,
) -> Answer<Json<Preferences>> {
    let mut preferences = caller.backend.preferences(&caller.visitor).await?;
    preferences.theme = preferred.theme.unwrap_or(preferences.theme);
    caller.backend.set_preferences(&caller.visitor, &preferences).await?;
    Ok(Json(preferences))
}

/// Which entries are wanted.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// Of this kind only.
    kind: Option<AuditKind>,
    /// Of this session only.
    #[param(value_type = Option<SessionName>)]
    session: Option<String>,
    /// Not before this time, milliseconds since the Unix epoch.
    from_ms: Option<i64>,
    /// Before this time.
    until_ms: Option<i64>,
    /// The next page: `next` of the one before.
    cursor: Option<i64>,
}

/// Some entries, newest first.
#[derive(Serialize, ToSchema)]
pub(super) struct Entries {
    /// The entries.
    entries: Vec<AuditEntry>,
    /// For the next page; `null`: there is none.
    next: Option<i64>,
}

/// What happened to the account and its sessions, newest first, a hundred entries at a time.
#[utoipa::path(
    get, path = "/api/me/audit", tag = "account", params(Wanted),
    responses((status = OK, body = Entries))
)]
async fn audit(caller: Caller, Query(wanted): Query<Wanted>) -> Answer<Json<Entries>> {
    let session = match wanted.session.as_deref() {
        Some("active") => Some(caller.backend.active_session(&caller.visitor).await?),
        Some(id) => Some(id.parse::<holdfast_domain::id::SessionId>()?),
        None => None,
    };
    let filter = AuditFilter {
        kind: wanted.kind,
        session,
        from_ms: wanted.from_ms,
        until_ms: wanted.until_ms,
        before: wanted.cursor,
    };
    entries(&caller, &filter).await
}

/// A page of entries.
pub(super) async fn entries(caller: &Caller, filter: &AuditFilter) -> Answer<Json<Entries>> {
    let entries = caller.backend.audit(&caller.visitor, filter).await?;
    // The page after the last one is empty: one call more, and nobody counts.
    let next = entries.last().map(|entry| entry.seq);
    Ok(Json(Entries { entries, next }))
}
