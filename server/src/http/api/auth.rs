//! Tokens: getting, renewing and revoking them (SEC-2).

use axum::Json;
use axum::extract::State;
use holdfast_domain::Error;
use holdfast_domain::account::Tokens;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body::Body;
use super::caller::{Caller, Device};
use super::problem::Answer;
use super::rates::From;
use crate::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(sign_in, sign_out)).routes(routes!(register))
}

/// How a program shows who it is.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
enum Grant {
    Password(PasswordGrant),
    Refresh(RefreshGrant),
}

/// By an account's address and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordGrant {
    #[allow(dead_code)] // Tells the two apart.
    grant_type: ByPassword,
    /// The address.
    email: String,
    /// The password.
    password: String,
}

/// By the refresh token of the last answer.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshGrant {
    #[allow(dead_code)] // Tells the two apart.
    grant_type: ByRefreshToken,
    /// As it was answered.
    refresh_token: String,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ByPassword {
    Password,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ByRefreshToken {
    RefreshToken,
}

/// An account that is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    /// The address it signs in with.
    #[schema(format = Email)]
    email: String,
    /// 8 to 256 characters.
    #[schema(min_length = 8, max_length = 256)]
    password: String,
}

/// Sign in, or renew the tokens.
///
/// A refresh token is exchanged once. For 30 seconds after that it may be given again - two requests may have been on
/// their way, or the answer was lost; later it ends the sign-in, because somebody has a copy of it.
#[utoipa::path(
    post, path = "/api/auth/token", tag = "sign-in", request_body = Grant, security(()),
    responses((status = OK, body = Tokens))
)]
async fn sign_in(
    State(state): State<AppState>,
    From(from): From,
    Device(device): Device,
    Body(grant): Body<Grant>,
) -> Answer<Json<Tokens>> {
    let tokens = match grant {
        Grant::Password(PasswordGrant { email, password, .. }) => {
            from.map_or(Ok(()), |from| state.rates.entry(from))?;
            state.backend.sign_in_client(&email, &password, &device).await?
        }
        Grant::Refresh(RefreshGrant { refresh_token, .. }) => {
            state.backend.refresh_client(&refresh_token).await?
        }
    };
    Ok(Json(tokens))
}

/// Sign out: the access token and all refresh tokens of its sign-in count for nothing from now on.
#[utoipa::path(
    delete, path = "/api/auth/token", tag = "sign-in", responses((status = NO_CONTENT))
)]
async fn sign_out(caller: Caller, headers: HeaderMap) -> Answer<StatusCode> {
    // A browser's sign-out gives it another cookie, and clears what it keeps: that is its page's affair.
    if !caller.is_program || headers.contains_key(http::header::COOKIE) {
        return Err(Error::NotSignedIn.into());
    }
    caller.backend.sign_out(&caller.visitor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Make an account, and sign in to it.
#[utoipa::path(
    post, path = "/api/accounts", tag = "sign-in", request_body = NewAccount, security(()),
    responses((status = CREATED, body = Tokens))
)]
async fn register(
    State(state): State<AppState>,
    From(from): From,
    Device(device): Device,
    Body(new): Body<NewAccount>,
) -> Answer<(StatusCode, Json<Tokens>)> {
    from.map_or(Ok(()), |from| state.rates.entry(from))?;
    let tokens = state.backend.register_client(&new.email, &new.password, &device).await?;
    Ok((StatusCode::CREATED, Json(tokens)))
}
